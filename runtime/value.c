#include "runtime/value.h"

#include "base/civil.h"
#include "base/decimal.h"
#include "base/json_writer.h"
#include "base/partial.h"

#include <assert.h>

struct value_range value_range(const struct program *program, const struct program_node *node)
{
    switch (node->type) {
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        return (struct value_range){-DECIMAL_MAX, DECIMAL_MAX};
    case TYPE_DATE:
        return (struct value_range){CIVIL_DAY_MIN, CIVIL_DAY_MAX};
    case TYPE_YEAR_MONTH:
        return (struct value_range){PARTIAL_MONTH_MIN, PARTIAL_MONTH_MAX};
    case TYPE_PARTIAL_DATE:
        return (struct value_range){PARTIAL_MIN, PARTIAL_MAX};
    case TYPE_TIME:
        return (struct value_range){0, CIVIL_MS_PER_DAY - 1};
    case TYPE_DATETIME:
        return (struct value_range){CIVIL_MS_MIN, CIVIL_MS_MAX};
    case TYPE_CHOICE:
        return (struct value_range){1,
                                    (int64_t)program->lists[node_list(node)].option_count + node->open};
    case TYPE_RANKING:
    case TYPE_CHOICES:
        return (struct value_range){0,
                                    (int64_t)program->lists[node_list(node)].option_count + node->open};
    case TYPE_NONE:
    case TYPE_TEXT:
    case TYPE_BOOLEAN:
    case TYPE_NUMBER:
        break;
    }
    return (struct value_range){0, 0};
}

/* A zone that is not there any more is UTC to us. */
static uint32_t zone_of(const struct answers *answers, const struct plan_node *node,
                        const struct slot *slot)
{
    struct str own = answers->plan->program->nodes[node->node].rare->zone;
    uint32_t number = slot->len ? slot->len - 1 : atlas_find(answers->atlas, own);
    return number == NAME_ABSENT ? atlas_find(answers->atlas, STR("UTC")) : number;
}

static void put_zoned(const struct answers *answers, const struct plan_node *node,
                      const struct slot *slot, struct buf *out)
{
    uint32_t number = zone_of(answers, node, slot);
    zoned_put(slot->value.exact, atlas_zone(answers->atlas, number), atlas_name(answers->atlas, number),
              out);
}

static void put_moment(const struct answers *answers, const struct plan_node *node,
                       const struct slot *slot, struct buf *out)
{
    enum program_type type = (enum program_type)node->type;
    if (node->format == FORMAT_ZONED) {
        put_zoned(answers, node, slot, out);
        return;
    }
    char text[CIVIL_DATETIME_BYTES];
    size_t len = 0;
    if (type == TYPE_DATE) len = civil_format_date((int32_t)slot->value.exact, text);
    else if (type == TYPE_YEAR_MONTH || type == TYPE_PARTIAL_DATE)
        len = partial_format((int32_t)slot->value.exact, text);
    else if (type == TYPE_TIME) len = civil_format_time((int32_t)slot->value.exact, text);
    else len = civil_format_datetime(slot->value.exact, slot->offset, text);
    buf_put(out, (struct str){text, len});
}

/* What was written in where no option fits; it stands in the same row. */
static struct str own_text(const struct plan_node *node, const struct slot *slot)
{
    const struct slot *part = slot + node->part - node->slot;
    return (struct str){part->value.text, part->len};
}

/* The options of a set one after the other, each with `put`. */
struct set_writer {
    const struct program_list *list;
    struct str own; /* behind the last option */
    uint32_t language;
    struct buf *out;
    const struct locale *locale; /* whose `words` stand between them; NULL: a bare comma */
    enum locale_list words;
    void (*put)(const struct set_writer *writer, uint32_t option);
};

static void put_between(const struct set_writer *writer, uint32_t index, uint32_t count)
{
    if (writer->locale)
        buf_put(writer->out, locale_separator(writer->locale, writer->words, index, count));
    else if (index > 0) buf_putc(writer->out, ',');
}

static bool is_chosen(const struct slot *slot, uint32_t option)
{
    return (unsigned char)slot->value.text[option / 8] >> option % 8 & 1;
}

static void put_set(const struct set_writer *writer, const struct slot *slot)
{
    uint32_t count = 0, index = 0;
    for (uint32_t i = 0; i < slot->len * 8; i++) count += is_chosen(slot, i);
    for (uint32_t i = 0; i < slot->len * 8; i++) {
        if (!is_chosen(slot, i)) continue;
        put_between(writer, index++, count);
        writer->put(writer, i);
    }
}

/* Those of a ranking, in its order. */
static void put_ranked(const struct set_writer *writer, const struct slot *slot)
{
    uint32_t count = slot->len / RANKED_BYTES;
    for (uint32_t i = 0; i < count; i++) {
        put_between(writer, i, count);
        writer->put(writer, ranked_option(slot->value.text, i));
    }
}

static void put_own(struct str text, struct buf *out)
{
    buf_puts(out, "{\"other\":");
    json_put_str(out, text);
    buf_putc(out, '}');
}

static void put_code(const struct set_writer *writer, uint32_t option)
{
    if (option == writer->list->option_count) put_own(writer->own, writer->out);
    else json_put_str(writer->out, program_option_code(writer->list, option));
}

/* Labels of options have no interpolation. */
static void put_label(const struct set_writer *writer, uint32_t option)
{
    const struct program_list *list = writer->list;
    if (option == list->option_count) {
        buf_put(writer->out, writer->own);
        return;
    }
    if (list->sheet) {
        buf_put(writer->out, sheet_cell(list->sheet, option, list->label));
        return;
    }
    const struct program_message *label = &list->labels[option];
    if (!label->bytes) {
        buf_put(writer->out, program_option_code(list, option));
        return;
    }
    passage_put_literals(passage_open(label, writer->language), writer->out);
}

static struct set_writer writer_of(const struct program *program, const struct plan_node *node,
                                   const struct slot *slot, struct buf *out)
{
    struct set_writer writer = {.list = &program->lists[node->target], .out = out};
    if (node->part) writer.own = own_text(node, slot);
    return writer;
}

static void put_codes(struct set_writer *writer, const struct slot *slot, bool ranked)
{
    writer->put = put_code;
    buf_putc(writer->out, '[');
    if (ranked) put_ranked(writer, slot);
    else put_set(writer, slot);
    buf_putc(writer->out, ']');
}

static void put_exact_json(const struct plan_node *node, const struct slot *slot, struct buf *out)
{
    buf_putc(out, '"');
    decimal_put(out, slot->value.exact, node->scale);
    buf_putc(out, '"');
}

void value_put_json(const struct answers *answers, const struct plan_node *node,
                    const struct slot *slot, struct buf *out)
{
    const struct program *program = answers->plan->program;
    struct set_writer writer;
    switch ((enum program_type)node->type) {
    case TYPE_TEXT:
        json_put_str(out, (struct str){slot->value.text, slot->len});
        return;
    case TYPE_BOOLEAN:
        buf_put(out, slot->value.exact ? STR("true") : STR("false"));
        return;
    case TYPE_INTEGER:
        buf_put_int(out, slot->value.exact);
        return;
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        put_exact_json(node, slot, out);
        return;
    case TYPE_NUMBER:
        double_put(out, slot->value.number);
        return;
    case TYPE_DATE:
    case TYPE_TIME:
    case TYPE_DATETIME:
    case TYPE_YEAR_MONTH:
    case TYPE_PARTIAL_DATE:
        buf_putc(out, '"');
        put_moment(answers, node, slot, out);
        buf_putc(out, '"');
        return;
    case TYPE_CHOICE:
        writer = writer_of(program, node, slot, out);
        put_code(&writer, (uint32_t)slot->value.exact - 1);
        return;
    case TYPE_RANKING:
    case TYPE_CHOICES:
        writer = writer_of(program, node, slot, out);
        put_codes(&writer, slot, node->type == TYPE_RANKING);
        return;
    case TYPE_NONE:
        break;
    }
    assert(false); /* a value has a type */
}

/* ---- for people */

static void put_exact(const struct program *program, const struct plan_node *node, int64_t value,
                      const struct locale *locale, const struct program_part *part, struct buf *out)
{
    const char *currency = program->nodes[node->node].currency;
    if (part->show == SHOW_PLAIN) decimal_put(out, value, node->scale);
    else if (part->show == SHOW_PERCENT) locale_put_percent(locale, value, node->scale, out);
    else if (part->show == SHOW_MONEY)
        locale_put_money(locale, value, node->scale, part->digits, str_of(part->currency), out);
    else if (node->type == TYPE_MONEY)
        locale_put_money(locale, value, node->scale, node->scale, str_of(currency), out);
    else locale_put_exact(locale, value, node->scale, out);
}

static void put_double(double value, const struct locale *locale, const struct program_part *part,
                       struct buf *out)
{
    if (part->show == SHOW_PLAIN) double_put(out, value);
    else if (part->show == SHOW_PERCENT) locale_put_double_percent(locale, value, out);
    else locale_put_double(locale, value, out);
}

static enum locale_style style_of(const struct program_part *part)
{
    if (part->show == SHOW_SHORT) return LOCALE_SHORT;
    if (part->show == SHOW_LONG) return LOCALE_LONG;
    return part->show == SHOW_FULL ? LOCALE_FULL : LOCALE_USUAL;
}

/* With the offset of its zone then. */
static void put_wall(const struct answers *answers, const struct plan_node *node,
                     const struct slot *slot, const struct locale *locale, enum locale_style style,
                     struct buf *out)
{
    int64_t ms = slot->value.exact;
    int32_t minutes = zoned_minutes(atlas_zone(answers->atlas, zone_of(answers, node, slot)), &ms);
    locale_put_datetime(locale, ms, (int16_t)minutes, style, out);
}

static void put_moment_of(const struct answers *answers, const struct plan_node *node,
                          const struct slot *slot, const struct locale *locale,
                          const struct program_part *part, struct buf *out)
{
    enum program_type type = (enum program_type)node->type;
    enum locale_style style = style_of(part);
    int32_t value = (int32_t)slot->value.exact;
    if (part->show == SHOW_PLAIN) put_moment(answers, node, slot, out);
    else if (node->format == FORMAT_ZONED) put_wall(answers, node, slot, locale, style, out);
    else if (type == TYPE_DATE) locale_put_date(locale, value, style, out);
    else if (type == TYPE_TIME) locale_put_time(locale, value, style, out);
    else if (type == TYPE_DATETIME)
        locale_put_datetime(locale, slot->value.exact, slot->offset, style, out);
    else locale_put_partial(locale, value, style, out);
}

static void put_labels(struct set_writer *writer, const struct slot *slot, enum program_type type,
                       const struct program_part *part)
{
    writer->words = part->show == SHOW_AND  ? LOCALE_AND
                    : part->show == SHOW_OR ? LOCALE_OR
                                            : LOCALE_COMMA;
    writer->put = put_label;
    if (type == TYPE_RANKING) put_ranked(writer, slot);
    else put_set(writer, slot);
}

void value_put_text(const struct answers *answers, const struct plan_node *node,
                    const struct slot *slot, uint32_t language, const struct program_part *part,
                    struct buf *out)
{
    const struct program *program = answers->plan->program;
    const struct locale *locale = program->locales[language];
    struct set_writer writer;
    switch ((enum program_type)node->type) {
    case TYPE_TEXT:
        buf_put(out, (struct str){slot->value.text, slot->len});
        return;
    case TYPE_BOOLEAN:
        if (part->show == SHOW_PLAIN) buf_put(out, slot->value.exact ? STR("true") : STR("false"));
        else buf_put(out, locale_truth(locale, slot->value.exact != 0));
        return;
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        put_exact(program, node, slot->value.exact, locale, part, out);
        return;
    case TYPE_NUMBER:
        put_double(slot->value.number, locale, part, out);
        return;
    case TYPE_DATE:
    case TYPE_TIME:
    case TYPE_DATETIME:
    case TYPE_YEAR_MONTH:
    case TYPE_PARTIAL_DATE:
        put_moment_of(answers, node, slot, locale, part, out);
        return;
    case TYPE_CHOICE:
        writer = writer_of(program, node, slot, out);
        writer.language = language;
        put_label(&writer, (uint32_t)slot->value.exact - 1);
        return;
    case TYPE_RANKING:
    case TYPE_CHOICES:
        writer = writer_of(program, node, slot, out);
        writer.language = language;
        writer.locale = locale;
        put_labels(&writer, slot, (enum program_type)node->type, part);
        return;
    case TYPE_NONE:
        break;
    }
    assert(false); /* a value has a type */
}
