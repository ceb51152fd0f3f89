/* Question: what is in a field, and what stands around its control: label, hint, the end that asks for
 * nothing. */
#include "pages/question.h"

#include "pages/entry.h"
#include "pages/spelling.h"

#include "base/civil.h"
#include "base/limits.h"

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
const struct typed *question_answer(const struct control *control)
{
    const struct typed *typed = typed_get(control->seat->object, node_key(control->node));
    if (typed) return typed_is_set(typed) ? typed : NULL;
    if (control->node->rare->suggestion) return suggestion(control);
    const struct json_value *value =
        json_get(book_item(control->drawing->view->book, control->field), STR("default"));
    return value && value->kind == JSON_OBJECT ? moment(control) : from_json(control, value);
}

struct str question_text(const struct typed *typed)
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

bool question_is_numeric(const struct program_node *node)
{
    return node->type == TYPE_INTEGER || node->type == TYPE_DECIMAL || node->type == TYPE_MONEY ||
           node->type == TYPE_NUMBER;
}

/* As it stands in a text control: numbers with the signs of the language, unless they are none. */
struct str question_shown(const struct control *control)
{
    struct str text = question_text(control->answer);
    const struct view *view = control->drawing->view;
    const struct locale *locale = control->drawing->program->locales[view->language];
    if (!question_is_numeric(control->node) || !text.len) return text;
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

void question_put_label_text(struct control *control, bool optional)
{
    markup_text(control->m, draw_label(control->drawing, control->field, control->seat));
    if (optional && is_optional_alone(control)) put_optional(control);
}

void question_put_label(struct control *control)
{
    struct markup *m = control->m;
    markup_open(m, "label");
    markup_attr(m, "class", STR("fw-label"));
    markup_attr(m, "for", draw_id(control->drawing, ""));
    draw_lang(control->drawing, &control->node->label);
    markup_body(m);
    question_put_label_text(control, true);
    markup_close(m, "label");
}

void question_begin(struct control *control)
{
    struct markup *m = control->m;
    markup_open(m, "div");
    markup_attr(m, "class",
                control->described.wrong ? STR("fw-question fw-question-wrong") : STR("fw-question"));
    draw_pointer(control->drawing);
    markup_body(m);
}

/* The zone of a wall time, or the currency: known before the answer is given. */
void question_put_unit(struct control *control, struct str text)
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
    struct str zone = node->rare->zone.len ? node->rare->zone : control->drawing->program->timezone;
    return draw_filled(control->drawing, PHRASE_ZONE, zone.len ? zone : STR("UTC"), STR(""));
}

void question_put_notes(struct control *control)
{
    draw_hint(control->drawing, control->field, control->seat);
    if (control->node->type == TYPE_DATETIME) question_put_unit(control, zone_of(control));
    draw_errors(control->drawing, control->field, control->seat->scope, control->seat->row);
}

/* Around several controls: their question is the legend. */
void question_begin_set(struct control *control, const char *class)
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
    question_put_label_text(control, true);
    markup_close(m, "legend");
    question_put_notes(control);
}

void question_put_asked(struct control *control)
{
    markup_hidden(control->m, ENTRY_ASKED, buf_str(&control->drawing->name));
}
