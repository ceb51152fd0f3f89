/* Values as JSON and as people read them; what people are told. */
#include "tests/reference/plain.h"

#include "base/civil.h"
#include "base/decimal.h"
#include "base/json_writer.h"
#include "base/locale.h"
#include "base/utf8.h"

#include <assert.h>

/* ---- values */

/* As much of yyyymmdd as is known. */
static void put_known(int64_t value, struct buf *out)
{
    buf_printf(out, "%04d", (int)(value / 10000));
    if (value % 10000) buf_printf(out, "-%02d", (int)(value / 100 % 100));
    if (value % 100) buf_printf(out, "-%02d", (int)(value % 100));
}

static void put_moment(enum program_type kind, const struct plain_value *value, struct buf *out)
{
    char text[CIVIL_DATETIME_BYTES];
    size_t len = 0;
    if (kind == TYPE_DATE) len = civil_format_date((int32_t)value->exact, text);
    else if (kind == TYPE_YEAR_MONTH || kind == TYPE_PARTIAL_DATE) {
        put_known(value->exact, out);
        return;
    } else if (kind == TYPE_TIME) len = civil_format_time((int32_t)value->exact, text);
    else len = civil_format_datetime(value->exact, value->offset, text);
    buf_put(out, (struct str){text, len});
}

/* "-12.30": all the digits after the point that the type has. */
static void put_exact(int64_t value, uint32_t scale, struct buf *out)
{
    int64_t size = value < 0 ? -value : value, unit = (int64_t)plain_power((int)scale);
    if (scale == 0) buf_printf(out, "%lld", (long long)value);
    else
        buf_printf(out, "%s%lld.%0*lld", value < 0 ? "-" : "", (long long)(size / unit), (int)scale,
                   (long long)(size % unit));
}

static struct str code_of(const struct plain *plain, struct type type, uint32_t option)
{
    return ir_list_code(&plain->ir->lists[type.list], option);
}

/* The language that a text is there in: the wanted one, or the form's first. */
static uint32_t language_of(const struct ir_message *words, uint32_t wanted)
{
    return words->by_language[wanted].part_count ? wanted : 0;
}

static void put_label_of(const struct plain *plain, struct type type, uint32_t number,
                         uint32_t language, struct buf *out)
{
    const struct ir_list *list = &plain->ir->lists[type.list];
    if (list->sheet) {
        buf_put(out, sheet_cell(list->sheet, number, list->label));
        return;
    }
    const struct ir_option *option = &list->options[number];
    if (!option->label.by_language) {
        buf_put(out, option->code);
        return;
    }
    const struct ir_text *text = &option->label.by_language[language_of(&option->label, language)];
    for (uint32_t i = 0; i < text->part_count; i++) buf_put(out, text->parts[i].literal);
}

static void put_own(struct str text, bool json, struct buf *out)
{
    if (!json) {
        buf_put(out, text);
        return;
    }
    buf_puts(out, "{\"other\":");
    json_put_str(out, text);
    buf_putc(out, '}');
}

static bool is_own(const struct plain *plain, struct type type, const struct plain_value *value)
{
    return value->exact > plain->ir->lists[type.list].option_count;
}

/* The options chosen, from 1, in their order; the answer is their number. */
static uint32_t chosen_of(const struct plain *plain, struct type type, const struct plain_value *value,
                          uint32_t *ret_options)
{
    uint32_t count = 0, all = plain->ir->lists[type.list].option_count + type.open;
    if (type.kind == TYPE_RANKING) {
        for (; count < value->order_count; count++) ret_options[count] = (uint32_t)value->order[count];
        return count;
    }
    for (uint32_t i = 0; i < all; i++)
        if (value->chosen[i]) ret_options[count++] = i + 1;
    return count;
}

static void put_codes(struct plain *plain, struct type type, const struct plain_value *value,
                      struct buf *out)
{
    uint32_t last = plain->ir->lists[type.list].option_count;
    uint32_t *options = PLAIN_ARRAY(plain, uint32_t, last + 2);
    uint32_t count = chosen_of(plain, type, value, options);
    buf_putc(out, '[');
    for (uint32_t i = 0; i < count; i++) {
        if (i) buf_putc(out, ',');
        if (options[i] > last) put_own(value->text, true, out);
        else json_put_str(out, code_of(plain, type, options[i] - 1));
    }
    buf_putc(out, ']');
}

/* The canonical text of what is no option. */
void plain_put_text(struct type type, const struct plain_value *value, struct buf *out)
{
    switch (type.kind) {
    case TYPE_TEXT:
        buf_put(out, value->text);
        return;
    case TYPE_BOOLEAN:
        buf_puts(out, value->truth ? "true" : "false");
        return;
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        put_exact(value->exact, type.scale, out);
        return;
    case TYPE_NUMBER:
        double_put(out, value->number);
        return;
    default:
        put_moment(type.kind, value, out);
        return;
    }
}

/* ---- values in texts: docs/language.md §9 */

/* How one is to be shown. */
struct showing {
    struct plain *plain;
    struct type type;
    uint32_t language;
    const struct ir_part *part;
    struct buf *out;
    const struct ir_node *node; /* whose value it is, or NULL */
};

static const struct locale *locale_of(const struct plain *plain, uint32_t language)
{
    return locale_find(plain->ir->languages[language]);
}

static void show_number(const struct showing *s, const struct plain_value *value)
{
    const struct locale *locale = locale_of(s->plain, s->language);
    bool exact = s->type.kind != TYPE_NUMBER;
    if (s->part->show == SHOW_PERCENT && exact)
        locale_put_percent(locale, value->exact, s->type.scale, s->out);
    else if (s->part->show == SHOW_PERCENT) locale_put_double_percent(locale, value->number, s->out);
    else if (s->part->show == SHOW_MONEY)
        locale_put_money(locale, value->exact, s->type.scale, s->part->digits,
                         str_of(s->part->currency), s->out);
    else if (s->type.kind == TYPE_MONEY)
        locale_put_money(locale, value->exact, s->type.scale, 0, str_of(s->type.currency), s->out);
    else if (exact) locale_put_exact(locale, value->exact, s->type.scale, s->out);
    else locale_put_double(locale, value->number, s->out);
}

static bool is_zoned(const struct showing *s)
{
    return s->node && s->node->format == FORMAT_ZONED;
}

static void show_moment(const struct showing *s, const struct plain_value *value)
{
    const struct locale *locale = locale_of(s->plain, s->language);
    enum locale_style style = s->part->show == SHOW_SHORT  ? LOCALE_SHORT
                              : s->part->show == SHOW_LONG ? LOCALE_LONG
                              : s->part->show == SHOW_FULL ? LOCALE_FULL
                                                           : LOCALE_USUAL;
    if (s->type.kind == TYPE_DATE) locale_put_date(locale, (int32_t)value->exact, style, s->out);
    else if (s->type.kind == TYPE_TIME) locale_put_time(locale, (int32_t)value->exact, style, s->out);
    else if (is_zoned(s)) plain_show_zoned(s->plain, s->node, value, locale, style, s->out);
    else if (s->type.kind == TYPE_DATETIME)
        locale_put_datetime(locale, value->exact, value->offset, style, s->out);
    else locale_put_partial(locale, (int32_t)value->exact, style, s->out);
}

static enum locale_list words_between(enum program_show show)
{
    return show == SHOW_AND ? LOCALE_AND : show == SHOW_OR ? LOCALE_OR : LOCALE_COMMA;
}

static void show_option(const struct showing *s, const struct plain_value *value, uint32_t option)
{
    if (option > s->plain->ir->lists[s->type.list].option_count) buf_put(s->out, value->text);
    else put_label_of(s->plain, s->type, option - 1, s->language, s->out);
}

static void show_options(const struct showing *s, const struct plain_value *value)
{
    uint32_t *options =
        PLAIN_ARRAY(s->plain, uint32_t, s->plain->ir->lists[s->type.list].option_count + 2);
    uint32_t count = chosen_of(s->plain, s->type, value, options);
    for (uint32_t i = 0; i < count; i++) {
        buf_put(s->out, locale_separator(locale_of(s->plain, s->language), words_between(s->part->show),
                                         i, count));
        show_option(s, value, options[i]);
    }
}

static void show(const struct showing *s, const struct plain_value *value)
{
    bool plain = s->part->show == SHOW_PLAIN;
    switch (s->type.kind) {
    case TYPE_TEXT:
        buf_put(s->out, value->text);
        return;
    case TYPE_BOOLEAN:
        if (plain) plain_put_text(s->type, value, s->out);
        else buf_put(s->out, locale_truth(locale_of(s->plain, s->language), value->truth));
        return;
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
    case TYPE_NUMBER:
        if (plain) plain_put_text(s->type, value, s->out);
        else show_number(s, value);
        return;
    case TYPE_CHOICE:
        show_option(s, value, (uint32_t)value->exact);
        return;
    case TYPE_CHOICES:
    case TYPE_RANKING:
        show_options(s, value);
        return;
    default:
        if (plain && is_zoned(s)) plain_put_zoned(s->plain, s->node, value, s->out);
        else if (plain) plain_put_text(s->type, value, s->out);
        else show_moment(s, value);
        return;
    }
}

static void put_quoted(struct type type, const struct plain_value *value, struct buf *out)
{
    struct buf text;
    buf_init(&text, mem_heap(), (size_t)limit(VERDICT_BYTES));
    plain_put_text(type, value, &text);
    json_put_str(out, buf_str(&text));
    buf_release(&text);
}

void plain_put_node_json(struct plain *plain, const struct ir_node *node,
                         const struct plain_value *value, struct buf *out)
{
    if (node->format != FORMAT_ZONED) {
        plain_put_json(plain, node->type, value, out);
        return;
    }
    buf_putc(out, '"');
    plain_put_zoned(plain, node, value, out);
    buf_putc(out, '"');
}

/* Integers, numbers and booleans as themselves; all else as text. */
void plain_put_json(struct plain *plain, struct type type, const struct plain_value *value,
                    struct buf *out)
{
    switch (type.kind) {
    case TYPE_BOOLEAN:
    case TYPE_INTEGER:
    case TYPE_NUMBER:
        plain_put_text(type, value, out);
        return;
    case TYPE_CHOICE:
        if (is_own(plain, type, value)) put_own(value->text, true, out);
        else json_put_str(out, code_of(plain, type, (uint32_t)value->exact - 1));
        return;
    case TYPE_RANKING:
    case TYPE_CHOICES:
        put_codes(plain, type, value, out);
        return;
    default:
        put_quoted(type, value, out);
        return;
    }
}

/* ---- texts of the form */

static void put_value(const struct showing *s, const struct plain_row *row)
{
    const struct plain_row *own = plain_row_at(row, s->plain->ir->nodes[s->part->node].scope);
    struct plain_value value =
        plain_node_value(s->plain, s->part->node, (struct plain_row *)(size_t)own);
    if (value.state == PLAIN_PRESENT) show(s, &value);
}

/* Values in the first rows of a scope inside a row. */
struct values {
    struct plain_value present[LIMIT_TEXT_ROWS];
    uint32_t rows, count;
};

static void find_values(const struct showing *s, const struct plain_row *row, struct values *values)
{
    const struct ir *ir = s->plain->ir;
    uint32_t scope = ir->nodes[s->part->node].scope, child = scope;
    if (row->scope == scope) {
        if (values->rows++ >= (uint32_t)limit(TEXT_ROWS)) return;
        struct plain_value value =
            plain_node_value(s->plain, s->part->node, (struct plain_row *)(size_t)row);
        if (value.state == PLAIN_PRESENT) values->present[values->count++] = value;
        return;
    }
    while (ir->scopes[child].parent != row->scope) child = ir->scopes[child].parent;
    for (uint32_t i = 0; i < row->arrays[child].count; i++)
        find_values(s, row->arrays[child].rows[i], values);
}

static void put_values(const struct showing *s, const struct plain_row *row)
{
    struct values *values = plain_alloc(s->plain, 1, sizeof *values);
    const struct locale *locale = locale_of(s->plain, s->language);
    find_values(s, plain_row_at(row, s->part->base), values);
    bool more = values->rows > (uint32_t)limit(TEXT_ROWS);
    for (uint32_t i = 0; i < values->count; i++) {
        buf_put(s->out,
                locale_separator(locale, words_between(s->part->show), i, values->count + more));
        show(s, &values->present[i]);
    }
    if (!more) return;
    buf_put(s->out, locale_separator(locale, LOCALE_COMMA, values->count, values->count + 1));
    buf_puts(s->out, "…");
}

/* Held to the limit, at a whole code point. */
static void cut(struct buf *out, size_t start)
{
    if (out->len - start <= (size_t)limit(MESSAGE_BYTES)) return;
    struct str kept = {out->ptr + start, (size_t)limit(MESSAGE_BYTES) - strlen("…")};
    out->len = start + utf8_valid_len(kept);
    buf_puts(out, "…");
}

void plain_put_words(struct plain *plain, const struct ir_message *words, const struct plain_row *row,
                     struct buf *out)
{
    size_t start = out->len;
    if (!words->by_language) return;
    uint32_t language = language_of(words, plain->language);
    const struct ir_text *text = &words->by_language[language];
    for (uint32_t i = 0; i < text->part_count; i++) {
        const struct ir_part *part = &text->parts[i];
        struct showing showing = {plain, {0}, language, part, out, NULL};
        if (part->node != IR_NONE) showing.node = &plain->ir->nodes[part->node];
        if (showing.node) showing.type = showing.node->type;
        if (part->node == IR_NONE) buf_put(out, part->literal);
        else if (part->rows) put_values(&showing, row);
        else put_value(&showing, row);
    }
    cut(out, start);
}

/* ---- our own words */

static const struct {
    const char *name, *sentence;
} sentences[] = {
#define MESSAGE(NAME, sentence) {#NAME, sentence},
#include "runtime/message.def"
#undef MESSAGE
};

static const struct {
    const char *language, *name, *sentence;
} translated[] = {
#define TONGUE(language)
#define SPOKEN(language, tag)
#define TRANSLATED(language, NAME, sentence) {#language, #NAME, sentence},
#include "runtime/translated.def"
#undef TONGUE
#undef SPOKEN
#undef TRANSLATED
};

/* Whose sentences a form's language takes: by what stands before the first "_". */
static struct str tongue_of(const struct plain *plain)
{
    struct str tag = plain->ir->languages[plain->language];
    const char *end = memchr(tag.ptr, '_', tag.len);
    if (end) tag.len = (size_t)(end - tag.ptr);
    return str_eq(tag, STR("no")) || str_eq(tag, STR("nn")) ? STR("nb") : tag;
}

/* NULL: it is said in English. */
static const char *translated_sentence(const struct plain *plain, const char *name)
{
    for (size_t i = 0; i < sizeof translated / sizeof *translated; i++)
        if (str_eq(str_of(translated[i].language), tongue_of(plain)) &&
            strcmp(translated[i].name, name) == 0)
            return translated[i].sentence;
    return NULL;
}

static const char *sentence_of(const char *name)
{
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (strcmp(sentences[i].name, name) == 0) return sentences[i].sentence;
    assert(false && "there is a sentence for each finding");
    return "";
}

static bool is_moment(const struct ir_node *node)
{
    return node->type.kind == TYPE_DATE || node->type.kind == TYPE_TIME ||
           node->type.kind == TYPE_DATETIME || node->type.kind == TYPE_YEAR_MONTH;
}

static const char *type_sentence(const struct ir_node *node, bool is_row)
{
    if (node->kind == NODE_GROUP) return "TYPE_GROUP";
    if (node->kind == NODE_REPEAT) return is_row ? "TYPE_ROW" : "TYPE_REPEAT";
    if (is_moment(node) || node->type.kind == TYPE_PARTIAL_DATE) return "TYPE_MOMENT";
    switch (node->type.kind) {
    case TYPE_BOOLEAN:
        return "TYPE_BOOLEAN";
    case TYPE_INTEGER:
        return "TYPE_INTEGER";
    case TYPE_TEXT:
        return "TYPE_TEXT";
    case TYPE_CHOICE:
    case TYPE_CHOICES:
    case TYPE_RANKING:
        return "TYPE_CHOICE";
    default:
        return "TYPE_NUMBER";
    }
}

static const char *format_sentence(const struct ir_node *node)
{
    if (node->format == FORMAT_ZONED) return "FORMAT_ZONED";
    if (node->type.kind == TYPE_DATE) return "FORMAT_DATE";
    if (node->type.kind == TYPE_TIME) return "FORMAT_TIME";
    if (node->type.kind == TYPE_DATETIME) return "FORMAT_DATETIME";
    if (node->type.kind == TYPE_YEAR_MONTH) return "FORMAT_YEAR_MONTH";
    if (node->type.kind == TYPE_PARTIAL_DATE) return "FORMAT_PARTIAL_DATE";
    return node->format == FORMAT_EMAIL ? "FORMAT_EMAIL"
           : node->format == FORMAT_URL ? "FORMAT_URL"
                                        : "FORMAT_PHONE";
}

int64_t plain_length_broken(const struct ir_node *node, const struct plain_error *error)
{
    if (error->bound.state == PLAIN_PRESENT) return error->bound.exact;
    return strcmp(error->code, "too_short") == 0 ? node->length_min : plain_length_max(node);
}

static const char *length_sentence(const struct ir_node *node, const struct plain_error *error)
{
    bool is_short = strcmp(error->code, "too_short") == 0, one = plain_length_broken(node, error) == 1;
    if (node->type.kind != TYPE_TEXT && !error->own_text)
        return is_short ? "TOO_FEW_CHOSEN" : "TOO_MANY_CHOSEN";
    if (is_short) return one ? "TOO_SHORT_ONE" : "TOO_SHORT";
    return one ? "TOO_LONG_ONE" : "TOO_LONG";
}

static const char *required_sentence(const struct ir_node *node)
{
    if (node->kind == NODE_REPEAT) return "REQUIRED_REPEAT";
    bool choice = node->type.kind == TYPE_CHOICE || node->type.kind == TYPE_RANKING ||
                  node->type.kind == TYPE_CHOICES || node->type.kind == TYPE_BOOLEAN;
    return choice ? "REQUIRED_CHOICE" : "REQUIRED";
}

static const char *sentence_for(const struct ir_node *node, const struct plain_error *error)
{
    struct str code = str_of(error->code);
    if (str_eq(code, STR("type"))) return type_sentence(node, error->is_row);
    if (str_eq(code, STR("range"))) return "RANGE";
    if (str_eq(code, STR("scale")))
        return node->type.scale == 0   ? "SCALE_NONE"
               : node->type.scale == 1 ? "SCALE_ONE"
                                       : "SCALE_MANY";
    if (str_eq(code, STR("format"))) return format_sentence(node);
    if (str_eq(code, STR("option"))) return "OPTION";
    if (str_eq(code, STR("duplicate"))) return error->repeated ? "REPEATED" : "DUPLICATE";
    if (str_eq(code, STR("too_short")) || str_eq(code, STR("too_long")))
        return length_sentence(node, error);
    if (str_eq(code, STR("skipped"))) return "WALL_SKIPPED";
    if (str_eq(code, STR("repeated"))) return "WALL_REPEATED";
    if (str_eq(code, STR("readonly"))) return "READONLY";
    if (str_eq(code, STR("pattern"))) return "PATTERN";
    if (str_eq(code, STR("min"))) return is_moment(node) ? "MIN_MOMENT" : "MIN";
    if (str_eq(code, STR("max"))) return is_moment(node) ? "MAX_MOMENT" : "MAX";
    if (str_eq(code, STR("too_few"))) return "TOO_FEW";
    if (str_eq(code, STR("too_many"))) return "TOO_MANY";
    if (str_eq(code, STR("required"))) return required_sentence(node);
    return "UNKNOWN";
}

/* ---- filling them in */

static bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* A place, a file or a signature, whose parts nobody has named. */
static bool is_whole(const struct ir_node *node)
{
    if (node->kind != NODE_GROUP || !node->item || node->item->matrix) return false;
    enum type_name type = node->item->type.name;
    return type == TYPE_NAME_GEOPOINT || type == TYPE_NAME_FILE || type == TYPE_NAME_SIGNATURE;
}

/* Where a part of a whole is asked for or has another form, the whole is spoken of. */
static const struct ir_node *spoken_of(const struct plain *plain, const struct plain_error *error)
{
    const struct ir_node *node = &plain->ir->nodes[error->node];
    bool asked = strcmp(error->code, "required") == 0, formed = strcmp(error->code, "pattern") == 0;
    if (node->kind != NODE_FIELD || (!asked && !formed)) return node;
    const struct ir_node *around = &plain->ir->nodes[node->parent];
    return is_whole(around) ? around : node;
}

/* Its label, or its name as words; without what ends a label. */
static struct str label_of(struct plain *plain, const struct plain_error *error)
{
    const struct ir_node *node = spoken_of(plain, error);
    struct buf out;
    buf_init(&out, mem_heap(), (size_t)limit(VERDICT_BYTES));
    plain_put_words(plain, &node->label, error->row, &out);
    if (out.len == 0) {
        for (size_t i = 0; i < node->name.len; i++)
            buf_putc(&out, node->name.ptr[i] == '_' ? ' ' : node->name.ptr[i]);
        if (out.len > 0 && is_small(out.ptr[0])) out.ptr[0] = (char)(out.ptr[0] - 32);
    }
    while (out.len > 0 && strchr(".: ", out.ptr[out.len - 1])) out.len--;
    struct str label = plain_concat(plain, buf_str(&out), STR(""));
    buf_release(&out);
    return label;
}

static void put_label(struct plain *plain, const struct plain_error *error, bool begins,
                      struct buf *out)
{
    struct str label = label_of(plain, error);
    bool english = str_starts(plain->ir->languages[plain->language], STR("en"));
    bool lower =
        !begins && english && label.len >= 2 && is_capital(label.ptr[0]) && is_small(label.ptr[1]);
    if (label.len > 0 && label.ptr[label.len - 1] == '?') {
        buf_printf(out, "%s“%.*s”", begins ? "The answer to " : "an answer to ", STR_ARG(label));
        return;
    }
    size_t at = out->len;
    buf_put(out, label);
    if (lower) out->ptr[at] = (char)(out->ptr[at] + 32);
}

static void put_bound(struct plain *plain, const struct plain_error *error, struct buf *out)
{
    static const struct ir_part usual = {.show = SHOW_USUAL};
    const struct ir_node *node = &plain->ir->nodes[error->node];
    const struct locale *locale = locale_of(plain, plain->language);
    struct str code = str_of(error->code);
    struct showing showing = {plain, node->type, plain->language, &usual, out, node};
    if (str_eq(code, STR("scale"))) locale_put_exact(locale, node->type.scale, 0, out);
    else if (str_eq(code, STR("too_short")) || str_eq(code, STR("too_long")))
        locale_put_exact(locale, plain_length_broken(node, error), 0, out);
    else if (str_eq(code, STR("too_few")) || str_eq(code, STR("too_many")))
        locale_put_exact(locale, error->bound.exact, 0, out);
    else show(&showing, &error->bound);
}

static void put_blank(struct plain *plain, const struct plain_error *error, struct str blank,
                      bool quotes, struct buf *out)
{
    enum program_type kind = plain->ir->nodes[error->node].type.kind;
    bool zoned = plain->ir->nodes[error->node].format == FORMAT_ZONED;
    if (str_eq(blank, STR("bound"))) put_bound(plain, error, out);
    else if (quotes && !str_eq(blank, STR("example"))) buf_put(out, label_of(plain, error));
    else if (str_eq(blank, STR("Label"))) put_label(plain, error, true, out);
    else if (str_eq(blank, STR("label"))) put_label(plain, error, false, out);
    else
        buf_puts(out, zoned                       ? "2026-01-31T14:30"
                      : kind == TYPE_YEAR_MONTH   ? "2026-01"
                      : kind == TYPE_PARTIAL_DATE ? "2026-01-31"
                      : kind == TYPE_DATE         ? "2026-01-31"
                      : kind == TYPE_TIME         ? "14:30"
                                                  : "2026-01-31T14:30:00Z");
}

static void put_sentence(struct plain *plain, const struct plain_error *error, const char *sentence,
                         bool quotes, struct buf *out)
{
    while (*sentence) {
        if (*sentence != '{') {
            buf_putc(out, *sentence++);
            continue;
        }
        size_t len = strcspn(sentence, "}");
        put_blank(plain, error, (struct str){sentence + 1, len - 1}, quotes, out);
        sentence += len + 1;
    }
}

/* The form's own words, if it has any for this. */
static const struct ir_message *own_words(const struct plain *plain, const struct plain_error *error)
{
    static const struct ir_message none = {NULL};
    const struct ir_node *node = &plain->ir->nodes[error->node];
    struct str code = str_of(error->code);
    if (str_eq(code, STR("check"))) return &plain->ir->checks[error->check].message;
    if (str_eq(code, STR("required"))) return &node->required_message;
    if (str_eq(code, STR("min"))) return &node->min_message;
    if (str_eq(code, STR("max"))) return &node->max_message;
    if (str_eq(code, STR("too_short")) || str_eq(code, STR("too_long")))
        return error->own_text ? &none : &node->length_message;
    if (str_eq(code, STR("skipped"))) return &node->skipped_message;
    if (str_eq(code, STR("repeated"))) return &node->repeated_message;
    return str_eq(code, STR("pattern")) ? &node->pattern_message : &none;
}

void plain_put_message(struct plain *plain, const struct plain_error *error, struct buf *out)
{
    const struct ir_message *own = own_words(plain, error);
    bool check = strcmp(error->code, "check") == 0;
    if (own->by_language) {
        plain_put_words(plain, own, check ? error->check_row : error->row, out);
        return;
    }
    const char *name = sentence_for(&plain->ir->nodes[error->node], error);
    const char *sentence = translated_sentence(plain, name);
    put_sentence(plain, error, sentence ? sentence : sentence_of(name), sentence != NULL, out);
    cut(out, 0);
}
