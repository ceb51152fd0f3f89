/* Control: what a field is answered with, and a field as a whole. */
#include "pages/question.h"

#include "pages/entry.h"

/* ---------------------------------------------------------------- one line, or more */

static void put_common(struct control *control)
{
    struct markup *m = control->m;
    markup_attr(m, "class", STR("fw-input"));
    markup_attr(m, "id", draw_id(control->drawing, ""));
    markup_attr(m, "name", buf_str(&control->drawing->name));
    draw_described(control->drawing, control->described);
    if (control->described.wrong) markup_attr(m, "aria-invalid", STR("true"));
    if (control->node->rare->autocomplete.len)
        markup_attr(m, "autocomplete", control->node->rare->autocomplete);
    struct str placeholder =
        draw_text(control->drawing, &control->node->rare->placeholder, control->seat);
    if (placeholder.len) markup_attr(m, "placeholder", placeholder);
}

/* Number pads of telephones may have no minus. */
static const char *input_mode(const struct program_node *node)
{
    bool positive = node->has_min && (node->type == TYPE_NUMBER ? node->bounds->number_min >= 0
                                                                : node->bounds->min >= 0);
    if (node->format == FORMAT_URL) return "url";
    if (!positive || !question_is_numeric(node)) return NULL;
    return node->type == TYPE_INTEGER ? "numeric" : "decimal";
}

static const char *input_type(const struct program_node *node)
{
    if (node->format == FORMAT_EMAIL) return "email";
    if (node->format == FORMAT_PHONE) return "tel";
    return "text";
}

void control_put_input(struct control *control, const char *type, struct str value)
{
    struct markup *m = control->m;
    const char *mode = input_mode(control->node);
    markup_open(m, "input");
    markup_attr(m, "type", str_of(type));
    put_common(control);
    if (mode) markup_attr(m, "inputmode", str_of(mode));
    if (control->node->format == FORMAT_EMAIL || control->node->format == FORMAT_URL ||
        question_is_numeric(control->node))
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
    markup_text(m, question_shown(control));
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
    control_put_input(control, "text", question_shown(control));
    markup_close(m, "div");
}

static void draw_line(struct control *control)
{
    bool money = control->node->type == TYPE_MONEY;
    control->described.unit |= money;
    question_begin(control);
    question_put_label(control);
    question_put_notes(control);
    if (money) put_money(control);
    else if (control->node->multiline) put_lines(control);
    else control_put_input(control, input_type(control->node), question_shown(control));
    markup_close(control->m, "div");
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
    const struct typed *other = choosing_other(answer);
    if (answer->kind != JSON_ARRAY && answer->kind != JSON_OBJECT)
        put_hidden(control, question_text(answer));
    if (!other) return;
    put_hidden(control, ENTRY_OTHER);
    size_t before = control->drawing->name.len;
    buf_puts(&control->drawing->name, "/other");
    put_hidden(control, question_text(other));
    draw_leave(control->drawing, before);
}

/* A value to be read: worked out by the form, or fixed. */
static void draw_output(struct control *control, bool send)
{
    struct markup *m = control->m;
    struct drawing *drawing = control->drawing;
    struct str value = draw_value(drawing, control->field, control->seat->row);
    question_begin(control);
    markup_open(m, "p");
    markup_attr(m, "class", STR("fw-label"));
    markup_attr(m, "id", draw_id(drawing, "-label"));
    draw_lang(drawing, &control->node->label);
    markup_body(m);
    markup_text(m, draw_label(drawing, control->field, control->seat));
    markup_close(m, "p");
    question_put_notes(control);
    markup_open(m, "output");
    markup_attr(m, "class", STR("fw-output"));
    markup_attr(m, "id", draw_id(drawing, ""));
    markup_attr(m, "aria-labelledby", draw_id(drawing, "-label"));
    markup_body(m);
    markup_text(m, value.ptr ? value : send ? question_shown(control) : STR("–"));
    markup_close(m, "output");
    if (send) put_hidden_answer(control);
    markup_close(m, "div");
}

/* ---------------------------------------------------------------- one field */

struct control control_on(struct drawing *drawing, uint32_t field, const struct seat *seat)
{
    struct control control = {.drawing = drawing,
                              .m = &drawing->markup,
                              .node = &drawing->program->nodes[field],
                              .field = field,
                              .seat = seat};
    control.described.hint = control.node->rare->hint.bytes != NULL;
    control.described.wrong = draw_error_count(drawing, field, seat->scope, seat->row) > 0;
    if (!control.node->computed) control.answer = question_answer(&control);
    return control;
}

static void draw_control(struct control *control)
{
    switch (control->node->type) {
    case TYPE_BOOLEAN:
        choosing_draw_boolean(control);
        return;
    case TYPE_DATE:
    case TYPE_YEAR_MONTH:
    case TYPE_PARTIAL_DATE:
        calendar_draw_date(control);
        return;
    case TYPE_TIME:
        calendar_draw_time(control);
        return;
    case TYPE_DATETIME:
        calendar_draw_datetime(control);
        return;
    case TYPE_CHOICE:
    case TYPE_CHOICES:
        choosing_draw_choice(control);
        return;
    case TYPE_RANKING:
        choosing_draw_ranking(control);
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
    size_t before = draw_enter(drawing, node_key(&drawing->program->nodes[field]));
    struct control control = control_on(drawing, field, seat);
    bool fixed = sight_readonly(drawing->view->judge, field, seat->row);
    if (control.node->computed || fixed) draw_output(&control, fixed);
    else draw_control(&control);
    draw_leave(drawing, before);
}

void control_hide(struct drawing *drawing, uint32_t field, const struct seat *seat)
{
    size_t before = draw_enter(drawing, node_key(&drawing->program->nodes[field]));
    struct control control = control_on(drawing, field, seat);
    if (!control.node->computed) put_hidden_answer(&control);
    draw_leave(drawing, before);
}
