/* Control: a field's label, hint, errors, and what it is answered with. */
#include "pages/entry.h"
#include "pages/option.h"
#include "pages/spelling.h"

#include "base/civil.h"
#include "base/limits.h"
#include "base/zoned.h"

#include <stdio.h>

/* One field in one row, while it is drawn. */
struct control {
    struct drawing *drawing;
    struct markup *m;
    const struct program_node *node;
    uint32_t field;
    const struct seat *seat;
    const struct typed *answer; /* what is in it; NULL: nothing */
    struct described described;
};

/* ---------------------------------------------------------------- what is in it */

static struct typed *typed_text(struct arena *arena, struct str text)
{
    struct typed *typed = typed_new(arena);
    if (typed) typed_set_str(typed, text);
    return typed;
}

/* A default that hangs on the moment. */
static const struct typed *moment(const struct control *control)
{
    const struct view *view = control->drawing->view;
    const struct zone *zone = view->zone ? view->zone : zone_utc();
    int32_t offset = zone_offset_at(zone, view->now_ms / 1000), day, time_ms;
    char text[CIVIL_DATETIME_BYTES];
    size_t len = 0;
    if (!civil_split(view->now_ms, (int64_t)offset * 1000, &day, &time_ms)) return NULL;
    if (control->node->type == TYPE_DATE) len = civil_format_date(day, text);
    if (control->node->type == TYPE_TIME) len = civil_format_time(time_ms - time_ms % 60000, text);
    if (control->node->type == TYPE_DATETIME)
        len = civil_format_datetime(view->now_ms - view->now_ms % 60000, offset / 60, text);
    struct str copy = arena_str(view->arena, (struct str){text, len});
    return len && copy.ptr ? typed_text(view->arena, copy) : NULL;
}

static const struct typed *from_json(const struct control *control, const struct json_value *value)
{
    struct arena *arena = control->drawing->view->arena;
    struct typed *typed = value ? typed_new(arena) : NULL;
    if (!typed || !typed_copy(arena, value, typed)) return NULL;
    return typed;
}

static const struct typed *suggestion(const struct control *control)
{
    struct buf text;
    struct json_value value;
    struct json_error error;
    const struct view *view = control->drawing->view;
    const struct typed *typed = NULL;
    buf_init(&text, view->arena->mem, (size_t)limit(VERDICT_BYTES));
    if (sight_put_suggestion(view->judge, control->field, control->seat->row, &text) &&
        !buf_failed(&text)) {
        struct str copy = arena_str(view->arena, buf_str(&text));
        if (copy.ptr && !json_read(view->arena, copy, limit(ANSWERS_DEPTH), &value, &error))
            typed = from_json(control, &value);
    }
    buf_release(&text);
    return typed;
}

/* What was typed, be it nothing; before that what is suggested, or the default. */
static const struct typed *answer_of(const struct control *control)
{
    const struct typed *typed = typed_get(control->seat->object, control->node->key);
    if (typed) return typed_is_set(typed) ? typed : NULL;
    if (control->node->suggestion) return suggestion(control);
    const struct json_value *value =
        json_get(book_item(control->drawing->view->book, control->field), STR("default"));
    return value && value->kind == JSON_OBJECT ? moment(control) : from_json(control, value);
}

static struct str text_of(const struct typed *typed)
{
    if (!typed) return STR("");
    switch (typed->kind) {
    case JSON_STRING:
    case JSON_NUMBER:
        return typed->text;
    case JSON_TRUE:
        return STR("true");
    case JSON_FALSE:
        return STR("false");
    default:
        return STR("");
    }
}

static bool is_numeric(const struct program_node *node)
{
    return node->type == TYPE_INTEGER || node->type == TYPE_DECIMAL || node->type == TYPE_MONEY ||
           node->type == TYPE_NUMBER;
}

/* As it stands in a text control: numbers with the signs of the language, unless they are none. */
static struct str shown(const struct control *control)
{
    struct str text = text_of(control->answer);
    const struct view *view = control->drawing->view;
    const struct locale *locale = control->drawing->program->locales[view->language];
    if (!is_numeric(control->node) || !text.len) return text;
    struct str number = spelling_number(locale_find(STR("en")), text, view->arena);
    return number.ptr && str_eq(number, text) ? spelling_shown(locale, text, view->arena) : text;
}

/* ---------------------------------------------------------------- label and hint */

static void put_optional(struct control *control)
{
    struct markup *m = control->m;
    if (sight_required(control->drawing->view->judge, control->field, control->seat->row)) return;
    buf_putc(m->out, ' ');
    markup_begin(m, "span", "fw-optional");
    markup_text(m, draw_phrase(control->drawing, PHRASE_OPTIONAL));
    buf_puts(m->out, "</span>");
}

/* Members of a place or file are asked for with it. */
static bool is_optional_alone(const struct control *control)
{
    return !control->node->member;
}

static void put_label_text(struct control *control, bool optional)
{
    markup_text(control->m, draw_label(control->drawing, control->field, control->seat));
    if (optional && is_optional_alone(control)) put_optional(control);
}

static void put_label(struct control *control)
{
    struct markup *m = control->m;
    markup_open(m, "label");
    markup_attr(m, "class", STR("fw-label"));
    markup_attr(m, "for", draw_id(control->drawing, ""));
    draw_lang(control->drawing, &control->node->label);
    markup_body(m);
    put_label_text(control, true);
    markup_close(m, "label");
}

static void begin_question(struct control *control)
{
    struct markup *m = control->m;
    markup_open(m, "div");
    markup_attr(m, "class",
                control->described.wrong ? STR("fw-question fw-question-wrong") : STR("fw-question"));
    draw_pointer(control->drawing);
    markup_body(m);
}

/* The zone of a wall time, or the currency: known before the answer is given. */
static void put_unit(struct control *control, struct str text)
{
    struct markup *m = control->m;
    markup_open(m, "p");
    markup_attr(m, "class", STR("fw-hint"));
    markup_attr(m, "id", draw_id(control->drawing, "-unit"));
    markup_body(m);
    markup_text(m, text);
    markup_close(m, "p");
}

static struct str zone_of(const struct control *control)
{
    const struct program_node *node = control->node;
    struct str zone = node->zone.len ? node->zone : control->drawing->program->timezone;
    return draw_filled(control->drawing, PHRASE_ZONE, zone.len ? zone : STR("UTC"), STR(""));
}

static void put_notes(struct control *control)
{
    draw_hint(control->drawing, control->field, control->seat);
    if (control->node->type == TYPE_DATETIME) put_unit(control, zone_of(control));
    draw_errors(control->drawing, control->field, control->seat->scope, control->seat->row);
}

/* Around several controls: their question is the legend. */
static void begin_set(struct control *control, const char *class)
{
    struct drawing *drawing = control->drawing;
    struct markup *m = control->m;
    markup_open(m, "fieldset");
    struct str all = arena_printf(drawing->view->arena, "fw-question %s%s", class,
                                  control->described.wrong ? " fw-question-wrong" : "");
    markup_attr(m, "class", all.ptr ? all : STR("fw-question"));
    draw_pointer(drawing);
    draw_described(drawing, control->described);
    markup_body(m);
    markup_open(m, "legend");
    markup_attr(m, "class", STR("fw-label"));
    draw_lang(drawing, &control->node->label);
    markup_body(m);
    put_label_text(control, true);
    markup_close(m, "legend");
    put_notes(control);
}

static void put_asked(struct control *control)
{
    markup_hidden(control->m, ENTRY_ASKED, buf_str(&control->drawing->name));
}

/* ---------------------------------------------------------------- one line, or more */

static void put_common(struct control *control)
{
    struct markup *m = control->m;
    markup_attr(m, "class", STR("fw-input"));
    markup_attr(m, "id", draw_id(control->drawing, ""));
    markup_attr(m, "name", buf_str(&control->drawing->name));
    draw_described(control->drawing, control->described);
    if (control->described.wrong) markup_attr(m, "aria-invalid", STR("true"));
    if (control->node->autocomplete.len) markup_attr(m, "autocomplete", control->node->autocomplete);
    struct str placeholder = draw_text(control->drawing, &control->node->placeholder, control->seat);
    if (placeholder.len) markup_attr(m, "placeholder", placeholder);
}

/* Number pads of telephones may have no minus. */
static const char *input_mode(const struct program_node *node)
{
    bool positive =
        node->has_min && (node->type == TYPE_NUMBER ? node->number_min >= 0 : node->min >= 0);
    if (node->format == FORMAT_URL) return "url";
    if (!positive || !is_numeric(node)) return NULL;
    return node->type == TYPE_INTEGER ? "numeric" : "decimal";
}

static const char *input_type(const struct program_node *node)
{
    if (node->format == FORMAT_EMAIL) return "email";
    if (node->format == FORMAT_PHONE) return "tel";
    return "text";
}

static void put_input(struct control *control, const char *type, struct str value)
{
    struct markup *m = control->m;
    const char *mode = input_mode(control->node);
    markup_open(m, "input");
    markup_attr(m, "type", str_of(type));
    put_common(control);
    if (mode) markup_attr(m, "inputmode", str_of(mode));
    if (control->node->format == FORMAT_EMAIL || control->node->format == FORMAT_URL ||
        is_numeric(control->node))
        markup_attr(m, "spellcheck", STR("false"));
    if (value.len) markup_attr(m, "value", value);
    markup_body(m);
    buf_putc(m->out, '\n');
}

static void put_lines(struct control *control)
{
    struct markup *m = control->m;
    markup_open(m, "textarea");
    put_common(control);
    markup_attr(m, "rows", STR("5"));
    markup_body(m);
    buf_putc(m->out, '\n'); /* the first line end is dropped by who reads it */
    markup_text(m, shown(control));
    markup_close(m, "textarea");
}

static void put_money(struct control *control)
{
    struct markup *m = control->m;
    markup_begin(m, "div", "fw-amount");
    markup_open(m, "span");
    markup_attr(m, "class", STR("fw-unit"));
    markup_attr(m, "id", draw_id(control->drawing, "-unit"));
    markup_body(m);
    markup_text(m, str_of(control->node->currency));
    markup_close(m, "span");
    put_input(control, "text", shown(control));
    markup_close(m, "div");
}

static void draw_line(struct control *control)
{
    bool money = control->node->type == TYPE_MONEY;
    control->described.unit |= money;
    begin_question(control);
    put_label(control);
    put_notes(control);
    if (money) put_money(control);
    else if (control->node->multiline) put_lines(control);
    else put_input(control, input_type(control->node), shown(control));
    markup_close(control->m, "div");
}

/* ---------------------------------------------------------------- dates and times */

/* A label, and the input under the name at hand; its tag is still open. */
static void open_part(struct drawing *drawing, struct str id, enum phrase phrase)
{
    struct markup *m = &drawing->markup;
    markup_open(m, "label");
    markup_attr(m, "class", STR("fw-part-label"));
    markup_attr(m, "for", id);
    markup_body(m);
    markup_text(m, draw_phrase(drawing, phrase));
    markup_close(m, "label");
    markup_open(m, "input");
    markup_attr(m, "type", STR("text"));
    markup_attr(m, "class", STR("fw-input"));
    markup_attr(m, "id", id);
    markup_attr(m, "name", buf_str(&drawing->name));
}

static void put_part(struct control *control, const char *name, enum phrase phrase, struct str value,
                     bool first, bool wide)
{
    struct drawing *drawing = control->drawing;
    struct markup *m = control->m;
    size_t before = drawing->name.len;
    struct str id = first ? draw_id(drawing, "") : STR("");
    buf_printf(&drawing->name, "/%s", name);
    if (!first) id = draw_id(drawing, "");
    markup_begin(m, "div", wide ? "fw-part fw-part-wide" : "fw-part");
    open_part(drawing, id, phrase);
    markup_attr(m, "inputmode", STR("numeric"));
    if (control->described.wrong) markup_attr(m, "aria-invalid", STR("true"));
    if (str_eq(control->node->autocomplete, STR("bday"))) {
        struct str token = arena_printf(drawing->view->arena, "bday-%s", name);
        if (token.ptr) markup_attr(m, "autocomplete", token);
    }
    if (value.len) markup_attr(m, "value", value);
    markup_body(m);
    markup_close(m, "div");
    draw_leave(drawing, before);
}

/* The year comes first where people write it so. */
static bool year_first(struct str tag)
{
    static const char *const tags[] = {"zh", "ja", "ko", "hu", "lt"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (str_starts(tag, str_of(tags[i]))) return true;
    return false;
}

static void draw_date(struct control *control)
{
    static const struct {
        const char *name;
        enum phrase phrase;
    } parts[] = {{"day", PHRASE_DAY}, {"month", PHRASE_MONTH}, {"year", PHRASE_YEAR}};
    struct str text = text_of(control->answer);
    bool turned = year_first(control->drawing->tag);
    int from = control->node->type == TYPE_YEAR_MONTH ? SPELLING_MONTH : SPELLING_DAY;
    begin_set(control, "fw-date");
    markup_begin(control->m, "div", "fw-parts");
    for (int i = from; i < SPELLING_PARTS; i++) {
        int part = turned ? SPELLING_YEAR - (i - from) : i;
        put_part(control, parts[part].name, parts[part].phrase,
                 spelling_date_part(text, (enum spelling_part)part), i == from, part == SPELLING_YEAR);
    }
    markup_close(control->m, "div");
    markup_close(control->m, "fieldset");
}

/* What a native control takes: without seconds when there are none. */
static struct str without_seconds(struct str text, size_t whole)
{
    bool zero = text.len == whole + 3 && str_eq((struct str){text.ptr + whole, 3}, STR(":00"));
    return zero ? (struct str){text.ptr, whole} : text;
}

static bool is_time(struct str text)
{
    int32_t ms;
    return !text.len || civil_parse_time(text, &ms);
}

static void draw_native(struct control *control, const char *type, struct str value)
{
    begin_question(control);
    put_label(control);
    put_notes(control);
    put_input(control, type, value);
    markup_close(control->m, "div");
}

static void draw_time(struct control *control)
{
    struct str text = text_of(control->answer);
    draw_native(control, is_time(text) ? "time" : "text", without_seconds(text, 5));
}

/* The wall time of an answer in the zone that the field is about; `text` itself when it is another
 * zone's, or no time. */
static struct str wall_of(const struct control *control, struct str text)
{
    int64_t ms;
    int32_t offset, day, time_ms;
    struct zoned zoned;
    const struct view *view = control->drawing->view;
    if (control->node->format == FORMAT_ZONED) {
        if (!zoned_parse(text, &zoned) || zoned.utc) return text;
        if (zoned.zone.len && !str_eq(zoned.zone, control->node->zone)) return text;
        ms = zoned.wall_ms;
        offset = 0;
    } else {
        if (!civil_parse_datetime(text, &ms, &offset)) return text;
        offset = zone_offset_at(view->zone ? view->zone : zone_utc(), ms / 1000);
    }
    char date[CIVIL_DATE_BYTES], time[CIVIL_TIME_BYTES];
    if (!civil_split(ms, (int64_t)offset * 1000, &day, &time_ms) || time_ms % 1000) return text;
    size_t date_len = civil_format_date(day, date), time_len = civil_format_time(time_ms, time);
    struct str wall = arena_printf(view->arena, "%.*sT%.*s", (int)date_len, date, (int)time_len, time);
    return wall.ptr ? without_seconds(wall, 16) : text;
}

static void draw_datetime(struct control *control)
{
    struct str text = text_of(control->answer);
    struct str wall = text.len ? wall_of(control, text) : text;
    control->described.unit = true;
    draw_native(control, !wall.len || spelling_is_wall(wall) ? "datetime-local" : "text", wall);
}

/* ---------------------------------------------------------------- choices */

static bool holds(const struct typed *answer, struct str code)
{
    if (!answer) return false;
    if (answer->kind != JSON_ARRAY) return str_eq(text_of(answer), code);
    for (uint32_t i = 0; i < answer->count; i++)
        if (answer->items[i]->kind == JSON_STRING && str_eq(answer->items[i]->text, code)) return true;
    return false;
}

/* The text that was written in; NULL: none was. */
static const struct typed *other_of(const struct typed *answer)
{
    if (answer && answer->kind == JSON_OBJECT) return typed_get(answer, STR("other"));
    for (uint32_t i = 0; answer && answer->kind == JSON_ARRAY && i < answer->count; i++)
        if (answer->items[i]->kind == JSON_OBJECT) return typed_get(answer->items[i], STR("other"));
    return NULL;
}

/* "f-colour", "f-colour-2" … */
static struct str option_id(const struct control *control, uint32_t number)
{
    char suffix[16] = "";
    if (number > 1) snprintf(suffix, sizeof suffix, "-%u", (unsigned)number);
    return draw_id(control->drawing, suffix);
}

struct ticked {
    struct str id, code, label;
    const struct program_message *language; /* of the label; NULL: the page's */
    bool on;
};

static void put_tick(struct control *control, const char *type, const struct ticked *ticked,
                     struct str labelled)
{
    struct markup *m = control->m;
    markup_begin(m, "div", "fw-choice");
    markup_open(m, "input");
    markup_attr(m, "type", str_of(type));
    markup_attr(m, "class", STR("fw-tick"));
    markup_attr(m, "id", ticked->id);
    markup_attr(m, "name", buf_str(&control->drawing->name));
    markup_attr(m, "value", ticked->code);
    if (labelled.len) markup_attr(m, "aria-labelledby", labelled);
    markup_flag(m, "checked", ticked->on);
    markup_body(m);
    markup_open(m, "label");
    markup_attr(m, "class", STR("fw-choice-label"));
    markup_attr(m, "for", ticked->id);
    draw_lang(control->drawing, ticked->language);
    markup_body(m);
    markup_text(m, ticked->label);
    markup_close(m, "label");
    markup_close(m, "div");
}

/* Where no option fits: a text beside the last one. */
static void put_other(struct control *control, const char *type, uint32_t number)
{
    struct drawing *drawing = control->drawing;
    struct markup *m = control->m;
    const struct program_node *part = &drawing->program->nodes[control->node->part];
    const struct typed *text = other_of(control->answer);
    struct str label = draw_text(drawing, &part->label, control->seat);
    put_tick(control, type,
             &(struct ticked){option_id(control, number), ENTRY_OTHER,
                              label.len ? label : draw_phrase(drawing, PHRASE_OTHER), &part->label,
                              text != NULL},
             STR(""));
    size_t before = drawing->name.len;
    buf_puts(&drawing->name, "/other");
    struct str id = draw_id(drawing, "");
    markup_begin(m, "div", "fw-other");
    open_part(drawing, id, PHRASE_OTHER);
    if (text) markup_attr(m, "value", text_of(text));
    markup_body(m);
    markup_close(m, "div");
    draw_leave(drawing, before);
}

/* The page that follows has options, if something is answered that a filter asks for. */
static void put_nothing(struct control *control)
{
    struct markup *m = control->m;
    markup_open(m, "p");
    markup_attr(m, "class", STR("fw-summary-none"));
    markup_attr(m, "id", draw_id(control->drawing, ""));
    markup_attr(m, "tabindex", STR("-1"));
    markup_body(m);
    markup_text(m, draw_phrase(control->drawing, PHRASE_NO_OPTIONS));
    markup_close(m, "p");
}

static void draw_ticks(struct control *control, const struct offer *offer, const char *type)
{
    uint32_t number = 1;
    begin_set(control, "fw-choices");
    put_asked(control);
    for (uint32_t i = 0; i < offer->list->option_count; i++) {
        struct str code = program_option_code(offer->list, i);
        if (!offer_has(offer, i)) continue;
        struct ticked ticked = {
            option_id(control, number++), code, option_label(control->drawing, offer->list, i),
            offer->list->options ? &offer->list->options[i].label : NULL, holds(control->answer, code)};
        put_tick(control, type, &ticked, STR(""));
    }
    if (control->node->open) put_other(control, type, number);
    else if (number == 1) put_nothing(control);
    markup_close(control->m, "fieldset");
}

static void put_option(struct control *control, struct str code, struct str label,
                       const struct program_message *language, bool on)
{
    struct markup *m = control->m;
    markup_open(m, "option");
    markup_attr(m, "value", code);
    draw_lang(control->drawing, language);
    markup_flag(m, "selected", on);
    markup_body(m);
    markup_text(m, label);
    markup_close(m, "option");
}

/* `chosen`: the code that is, empty: none. */
static void put_select(struct control *control, const struct offer *offer, struct str id,
                       struct str chosen)
{
    struct markup *m = control->m;
    markup_open(m, "select");
    markup_attr(m, "class", STR("fw-input"));
    markup_attr(m, "id", id);
    markup_attr(m, "name", buf_str(&control->drawing->name));
    draw_described(control->drawing, control->described);
    if (control->described.wrong) markup_attr(m, "aria-invalid", STR("true"));
    if (control->node->autocomplete.len) markup_attr(m, "autocomplete", control->node->autocomplete);
    markup_body(m);
    put_option(control, STR(""), draw_phrase(control->drawing, PHRASE_CHOOSE), NULL, false);
    for (uint32_t i = 0; i < offer->list->option_count; i++) {
        struct str code = program_option_code(offer->list, i);
        if (!offer_has(offer, i)) continue;
        put_option(control, code, option_label(control->drawing, offer->list, i),
                   offer->list->options ? &offer->list->options[i].label : NULL, str_eq(code, chosen));
    }
    markup_close(m, "select");
}

static void draw_select(struct control *control, const struct offer *offer)
{
    begin_question(control);
    put_label(control);
    put_notes(control);
    put_select(control, offer, draw_id(control->drawing, ""), text_of(control->answer));
    markup_close(control->m, "div");
}

/* More than a page can list. */
static void draw_code(struct control *control)
{
    control->described.unit = true;
    begin_question(control);
    put_label(control);
    put_notes(control);
    put_unit(control, draw_phrase(control->drawing, PHRASE_CODE));
    put_input(control, "text", text_of(control->answer));
    markup_close(control->m, "div");
}

static void draw_choice(struct control *control)
{
    struct offer offer;
    offer_begin(control->drawing, control->field, control->seat, &offer);
    uint32_t count = offer_count(&offer, (uint32_t)limit(PAGE_OPTIONS));
    bool many = control->node->type == TYPE_CHOICES;
    if (count > (uint32_t)limit(PAGE_OPTIONS)) draw_code(control);
    else if (many || control->node->open || count <= (uint32_t)limit(PAGE_RADIOS))
        draw_ticks(control, &offer, many ? "checkbox" : "radio");
    else draw_select(control, &offer);
}

static void draw_boolean(struct control *control)
{
    struct str value = text_of(control->answer);
    const struct ticked yes = {option_id(control, 1), STR("true"),
                               draw_phrase(control->drawing, PHRASE_YES), NULL,
                               str_eq(value, STR("true"))};
    const struct ticked no = {option_id(control, 2), STR("false"),
                              draw_phrase(control->drawing, PHRASE_NO), NULL,
                              str_eq(value, STR("false"))};
    begin_set(control, "fw-choices");
    put_asked(control);
    put_tick(control, "radio", &yes, STR(""));
    put_tick(control, "radio", &no, STR(""));
    markup_close(control->m, "fieldset");
}

/* A select for each place, best first. */
static void draw_ranking(struct control *control)
{
    struct offer offer;
    struct drawing *drawing = control->drawing;
    offer_begin(drawing, control->field, control->seat, &offer);
    uint32_t places = offer_count(&offer, (uint32_t)limit(PAGE_RANKS));
    if (places > (uint32_t)limit(PAGE_RANKS)) places = (uint32_t)limit(PAGE_RANKS);
    if (control->node->length_max >= 0 && places > control->node->length_max)
        places = (uint32_t)control->node->length_max;
    begin_set(control, "fw-ranking");
    put_asked(control);
    for (uint32_t i = 0; i < places; i++) {
        struct str id = option_id(control, i + 1);
        const struct typed *item = typed_at(control->answer, i);
        markup_begin(control->m, "div", "fw-part");
        markup_open(control->m, "label");
        markup_attr(control->m, "class", STR("fw-part-label"));
        markup_attr(control->m, "for", id);
        markup_body(control->m);
        markup_text(control->m,
                    draw_filled(drawing, PHRASE_PLACE, draw_number(drawing, i + 1), STR("")));
        markup_close(control->m, "label");
        size_t before = draw_enter_row(drawing, i);
        struct described described = control->described;
        control->described = (struct described){.wrong = described.wrong};
        control->described.wrong = false;
        put_select(control, &offer, id, text_of(item));
        control->described = described;
        draw_leave(drawing, before);
        markup_close(control->m, "div");
    }
    markup_close(control->m, "fieldset");
}

/* ---------------------------------------------------------------- what is not asked */

static void put_hidden(struct control *control, struct str value)
{
    markup_hidden(control->m, buf_str(&control->drawing->name), value);
}

static void put_hidden_answer(struct control *control)
{
    const struct typed *answer = control->answer;
    if (!answer) return;
    for (uint32_t i = 0; answer->kind == JSON_ARRAY && i < answer->count; i++)
        if (answer->items[i]->kind == JSON_STRING) put_hidden(control, answer->items[i]->text);
    const struct typed *other = other_of(answer);
    if (answer->kind != JSON_ARRAY && answer->kind != JSON_OBJECT) put_hidden(control, text_of(answer));
    if (!other) return;
    put_hidden(control, ENTRY_OTHER);
    size_t before = control->drawing->name.len;
    buf_puts(&control->drawing->name, "/other");
    put_hidden(control, text_of(other));
    draw_leave(control->drawing, before);
}

/* A value to be read: worked out by the form, or fixed. */
static void draw_output(struct control *control, bool send)
{
    struct markup *m = control->m;
    struct drawing *drawing = control->drawing;
    struct str value = draw_value(drawing, control->field, control->seat->row);
    begin_question(control);
    markup_open(m, "p");
    markup_attr(m, "class", STR("fw-label"));
    markup_attr(m, "id", draw_id(drawing, "-label"));
    draw_lang(drawing, &control->node->label);
    markup_body(m);
    markup_text(m, draw_label(drawing, control->field, control->seat));
    markup_close(m, "p");
    put_notes(control);
    markup_open(m, "output");
    markup_attr(m, "class", STR("fw-output"));
    markup_attr(m, "id", draw_id(drawing, ""));
    markup_attr(m, "aria-labelledby", draw_id(drawing, "-label"));
    markup_body(m);
    markup_text(m, value.ptr ? value : send ? shown(control) : STR("–"));
    markup_close(m, "output");
    if (send) put_hidden_answer(control);
    markup_close(m, "div");
}

/* ---------------------------------------------------------------- one field */

static struct control control_on(struct drawing *drawing, uint32_t field, const struct seat *seat)
{
    struct control control = {.drawing = drawing,
                              .m = &drawing->markup,
                              .node = &drawing->program->nodes[field],
                              .field = field,
                              .seat = seat};
    control.described.hint = control.node->hint.by_language != NULL;
    control.described.wrong = draw_error_count(drawing, field, seat->scope, seat->row) > 0;
    if (!control.node->computed) control.answer = answer_of(&control);
    return control;
}

static void draw_control(struct control *control)
{
    switch (control->node->type) {
    case TYPE_BOOLEAN:
        draw_boolean(control);
        return;
    case TYPE_DATE:
    case TYPE_YEAR_MONTH:
    case TYPE_PARTIAL_DATE:
        draw_date(control);
        return;
    case TYPE_TIME:
        draw_time(control);
        return;
    case TYPE_DATETIME:
        draw_datetime(control);
        return;
    case TYPE_CHOICE:
    case TYPE_CHOICES:
        draw_choice(control);
        return;
    case TYPE_RANKING:
        draw_ranking(control);
        return;
    case TYPE_NONE:
    case TYPE_TEXT:
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
    case TYPE_NUMBER:
        draw_line(control);
        return;
    }
}

void control_draw(struct drawing *drawing, uint32_t field, const struct seat *seat)
{
    size_t before = draw_enter(drawing, drawing->program->nodes[field].key);
    struct control control = control_on(drawing, field, seat);
    bool fixed = sight_readonly(drawing->view->judge, field, seat->row);
    if (control.node->computed || fixed) draw_output(&control, fixed);
    else draw_control(&control);
    draw_leave(drawing, before);
}

void control_hide(struct drawing *drawing, uint32_t field, const struct seat *seat)
{
    size_t before = draw_enter(drawing, drawing->program->nodes[field].key);
    struct control control = control_on(drawing, field, seat);
    if (!control.node->computed) put_hidden_answer(&control);
    draw_leave(drawing, before);
}

/* ---------------------------------------------------------------- matrices */

/* Every row chooses from one short list, without conditions that differ by row. */
static bool is_table(const struct drawing *drawing, uint32_t matrix)
{
    const struct program_node *nodes = drawing->program->nodes;
    if (!book_says(drawing->view->book, matrix, "kind", "matrix")) return false;
    const struct program_node *first = &nodes[matrix + 1];
    if (first->kind != NODE_FIELD || (first->type != TYPE_CHOICE && first->type != TYPE_CHOICES))
        return false;
    if (drawing->program->lists[first->list].option_count > (uint32_t)limit(PAGE_COLUMNS)) return false;
    for (uint32_t i = matrix + 1; i < nodes[matrix].subtree_end; i = nodes[i].subtree_end) {
        if (nodes[i].kind == NODE_LET) continue;
        if (nodes[i].kind != NODE_FIELD || nodes[i].open || nodes[i].filtered || nodes[i].computed ||
            nodes[i].readonly || nodes[i].readonly_flag || nodes[i].list != first->list ||
            nodes[i].type != first->type)
            return false;
    }
    return true;
}

static struct str column_id(struct drawing *drawing, uint32_t option)
{
    char suffix[24];
    snprintf(suffix, sizeof suffix, "-column-%u", (unsigned)option + 1);
    return draw_id(drawing, suffix);
}

static void put_heads(struct drawing *drawing, const struct program_list *list)
{
    struct markup *m = &drawing->markup;
    buf_puts(m->out, "<thead><tr><td></td>");
    for (uint32_t i = 0; i < list->option_count; i++) {
        if (!sight_offered(drawing->view->judge, list, i)) continue;
        markup_open(m, "th");
        markup_attr(m, "scope", STR("col"));
        markup_attr(m, "id", column_id(drawing, i));
        draw_lang(drawing, list->options ? &list->options[i].label : NULL);
        markup_body(m);
        markup_text(m, option_label(drawing, list, i));
        markup_close(m, "th");
    }
    buf_puts(m->out, "</tr></thead>\n");
}

/* `heads`: the ids of the columns, told before the row is entered. */
static void put_cells(struct control *control, const struct program_list *list, const struct str *heads)
{
    uint32_t number = 1;
    const char *type = control->node->type == TYPE_CHOICE ? "radio" : "checkbox";
    struct str row = draw_id(control->drawing, "-label");
    for (uint32_t i = 0; i < list->option_count; i++) {
        if (!sight_offered(control->drawing->view->judge, list, i)) continue;
        struct str code = program_option_code(list, i);
        struct ticked ticked = {
            option_id(control, number++), code, option_label(control->drawing, list, i),
            list->options ? &list->options[i].label : NULL, holds(control->answer, code)};
        struct str both =
            arena_printf(control->drawing->view->arena, "%.*s %.*s", STR_ARG(row), STR_ARG(heads[i]));
        buf_puts(control->m->out, "<td>");
        put_tick(control, type, &ticked, both.ptr ? both : STR(""));
        markup_close(control->m, "td");
    }
}

static void put_row(struct control *control, const struct program_list *list, const struct str *heads)
{
    struct markup *m = control->m;
    markup_open(m, "tr");
    markup_attr(m, "class",
                control->described.wrong ? STR("fw-question fw-question-wrong") : STR("fw-question"));
    draw_pointer(control->drawing);
    markup_body(m);
    markup_open(m, "th");
    markup_attr(m, "scope", STR("row"));
    markup_body(m);
    markup_open(m, "span");
    markup_attr(m, "id", draw_id(control->drawing, "-label"));
    draw_lang(control->drawing, &control->node->label);
    markup_body(m);
    put_label_text(control, true);
    markup_close(m, "span");
    put_notes(control);
    put_asked(control);
    markup_close(m, "th");
    put_cells(control, list, heads);
    markup_close(m, "tr");
}

bool control_draw_matrix(struct drawing *drawing, uint32_t matrix, const struct seat *seat)
{
    struct str heads[LIMIT_PAGE_COLUMNS];
    const struct program_node *nodes = drawing->program->nodes;
    if (!is_table(drawing, matrix)) return false;
    const struct program_list *list = &drawing->program->lists[nodes[matrix + 1].list];
    for (uint32_t i = 0; i < list->option_count; i++) heads[i] = column_id(drawing, i);
    markup_begin(&drawing->markup, "table", "fw-matrix");
    put_heads(drawing, list);
    buf_puts(drawing->markup.out, "<tbody>\n");
    for (uint32_t i = matrix + 1; i < nodes[matrix].subtree_end; i = nodes[i].subtree_end) {
        if (nodes[i].kind != NODE_FIELD || !sight_relevant(drawing->view->judge, i, seat->row))
            continue;
        size_t before = draw_enter(drawing, nodes[i].key);
        struct control control = control_on(drawing, i, seat);
        put_row(&control, list, heads);
        draw_leave(drawing, before);
    }
    buf_puts(drawing->markup.out, "</tbody>\n");
    markup_close(&drawing->markup, "table");
    return true;
}
