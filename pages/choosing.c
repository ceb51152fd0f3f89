/* Choosing: options: ticks, lists to choose from, codes, places of a ranking. */
#include "pages/question.h"

#include "pages/entry.h"
#include "pages/option.h"

#include "base/limits.h"

#include <stdio.h>

/* ---------------------------------------------------------------- choices */

bool choosing_holds(const struct typed *answer, struct str code)
{
    if (!answer) return false;
    if (answer->kind != JSON_ARRAY) return str_eq(question_text(answer), code);
    for (uint32_t i = 0; i < answer->count; i++)
        if (answer->items[i]->kind == JSON_STRING && str_eq(answer->items[i]->text, code)) return true;
    return false;
}

/* The text that was written in; NULL: none was. */
const struct typed *choosing_other(const struct typed *answer)
{
    if (answer && answer->kind == JSON_OBJECT) return typed_get(answer, STR("other"));
    for (uint32_t i = 0; answer && answer->kind == JSON_ARRAY && i < answer->count; i++)
        if (answer->items[i]->kind == JSON_OBJECT) return typed_get(answer->items[i], STR("other"));
    return NULL;
}

/* "f-colour", "f-colour-2" … */
struct str choosing_option_id(const struct control *control, uint32_t number)
{
    char suffix[16] = "";
    if (number > 1) snprintf(suffix, sizeof suffix, "-%u", (unsigned)number);
    return draw_id(control->drawing, suffix);
}

void choosing_put_tick(struct control *control, const char *type, const struct ticked *ticked,
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
    const struct program_node *part = &drawing->program->nodes[control->node->rare->part];
    const struct typed *text = choosing_other(control->answer);
    struct str label = draw_text(drawing, &part->label, control->seat);
    choosing_put_tick(control, type,
                      &(struct ticked){choosing_option_id(control, number), ENTRY_OTHER,
                                       label.len ? label : draw_phrase(drawing, PHRASE_OTHER),
                                       &part->label, text != NULL},
                      STR(""));
    size_t before = drawing->name.len;
    buf_puts(&drawing->name, "/other");
    struct str id = draw_id(drawing, "");
    markup_begin(m, "div", "fw-other");
    calendar_open_part(drawing, id, PHRASE_OTHER);
    if (text) markup_attr(m, "value", question_text(text));
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
    question_begin_set(control, "fw-choices");
    question_put_asked(control);
    for (uint32_t i = 0; i < offer->list->option_count; i++) {
        struct str code = program_option_code(offer->list, i);
        if (!offer_has(offer, i)) continue;
        struct ticked ticked = {choosing_option_id(control, number++), code,
                                option_label(control->drawing, offer->list, i),
                                offer->list->labels ? &offer->list->labels[i] : NULL,
                                choosing_holds(control->answer, code)};
        choosing_put_tick(control, type, &ticked, STR(""));
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
    if (control->node->rare->autocomplete.len)
        markup_attr(m, "autocomplete", control->node->rare->autocomplete);
    markup_body(m);
    put_option(control, STR(""), draw_phrase(control->drawing, PHRASE_CHOOSE), NULL, false);
    for (uint32_t i = 0; i < offer->list->option_count; i++) {
        struct str code = program_option_code(offer->list, i);
        if (!offer_has(offer, i)) continue;
        put_option(control, code, option_label(control->drawing, offer->list, i),
                   offer->list->labels ? &offer->list->labels[i] : NULL, str_eq(code, chosen));
    }
    markup_close(m, "select");
}

static void draw_select(struct control *control, const struct offer *offer)
{
    question_begin(control);
    question_put_label(control);
    question_put_notes(control);
    put_select(control, offer, draw_id(control->drawing, ""), question_text(control->answer));
    markup_close(control->m, "div");
}

/* More than a page can list. */
static void draw_code(struct control *control)
{
    control->described.unit = true;
    question_begin(control);
    question_put_label(control);
    question_put_notes(control);
    question_put_unit(control, draw_phrase(control->drawing, PHRASE_CODE));
    control_put_input(control, "text", question_text(control->answer));
    markup_close(control->m, "div");
}

void choosing_draw_choice(struct control *control)
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

void choosing_draw_boolean(struct control *control)
{
    struct str value = question_text(control->answer);
    const struct ticked yes = {choosing_option_id(control, 1), STR("true"),
                               draw_phrase(control->drawing, PHRASE_YES), NULL,
                               str_eq(value, STR("true"))};
    const struct ticked no = {choosing_option_id(control, 2), STR("false"),
                              draw_phrase(control->drawing, PHRASE_NO), NULL,
                              str_eq(value, STR("false"))};
    question_begin_set(control, "fw-choices");
    question_put_asked(control);
    choosing_put_tick(control, "radio", &yes, STR(""));
    choosing_put_tick(control, "radio", &no, STR(""));
    markup_close(control->m, "fieldset");
}

/* A select for each place, best first. */
void choosing_draw_ranking(struct control *control)
{
    struct offer offer;
    struct drawing *drawing = control->drawing;
    offer_begin(drawing, control->field, control->seat, &offer);
    uint32_t places = offer_count(&offer, (uint32_t)limit(PAGE_RANKS));
    if (places > (uint32_t)limit(PAGE_RANKS)) places = (uint32_t)limit(PAGE_RANKS);
    if (control->node->bounds->length_max >= 0 && places > control->node->bounds->length_max)
        places = (uint32_t)control->node->bounds->length_max;
    question_begin_set(control, "fw-ranking");
    question_put_asked(control);
    for (uint32_t i = 0; i < places; i++) {
        struct str id = choosing_option_id(control, i + 1);
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
        put_select(control, &offer, id, question_text(item));
        control->described = described;
        draw_leave(drawing, before);
        markup_close(control->m, "div");
    }
    markup_close(control->m, "fieldset");
}
