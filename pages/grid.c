/* Grid: choices with the same options as one table. */
#include "pages/question.h"

#include "pages/option.h"

#include "base/limits.h"

#include <stdio.h>

/* ---------------------------------------------------------------- matrices */

/* Every row chooses from one short list, without conditions that differ by row. */
static bool is_table(const struct drawing *drawing, uint32_t matrix)
{
    const struct program_node *nodes = drawing->program->nodes;
    if (!book_says(drawing->view->book, matrix, "kind", "matrix")) return false;
    const struct program_node *first = &nodes[matrix + 1];
    if (first->kind != NODE_FIELD || (first->type != TYPE_CHOICE && first->type != TYPE_CHOICES))
        return false;
    if (drawing->program->lists[node_list(first)].option_count > (uint32_t)limit(PAGE_COLUMNS))
        return false;
    for (uint32_t i = matrix + 1; i < nodes[matrix].subtree_end; i = nodes[i].subtree_end) {
        if (nodes[i].kind == NODE_LET) continue;
        if (nodes[i].kind != NODE_FIELD || nodes[i].open || nodes[i].filtered || nodes[i].computed ||
            nodes[i].readonly || nodes[i].rare->readonly_flag ||
            node_list(&nodes[i]) != node_list(first) || nodes[i].type != first->type)
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
        draw_lang(drawing, list->labels ? &list->labels[i] : NULL);
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
            choosing_option_id(control, number++), code, option_label(control->drawing, list, i),
            list->labels ? &list->labels[i] : NULL, choosing_holds(control->answer, code)};
        struct str both =
            arena_printf(control->drawing->view->arena, "%.*s %.*s", STR_ARG(row), STR_ARG(heads[i]));
        buf_puts(control->m->out, "<td>");
        choosing_put_tick(control, type, &ticked, both.ptr ? both : STR(""));
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
    question_put_label_text(control, true);
    markup_close(m, "span");
    question_put_notes(control);
    question_put_asked(control);
    markup_close(m, "th");
    put_cells(control, list, heads);
    markup_close(m, "tr");
}

bool control_draw_matrix(struct drawing *drawing, uint32_t matrix, const struct seat *seat)
{
    struct str heads[LIMIT_PAGE_COLUMNS];
    const struct program_node *nodes = drawing->program->nodes;
    if (!is_table(drawing, matrix)) return false;
    const struct program_list *list = &drawing->program->lists[node_list(&nodes[matrix + 1])];
    for (uint32_t i = 0; i < list->option_count; i++) heads[i] = column_id(drawing, i);
    markup_begin(&drawing->markup, "table", "fw-matrix");
    put_heads(drawing, list);
    buf_puts(drawing->markup.out, "<tbody>\n");
    for (uint32_t i = matrix + 1; i < nodes[matrix].subtree_end; i = nodes[i].subtree_end) {
        if (nodes[i].kind != NODE_FIELD || !sight_relevant(drawing->view->judge, i, seat->row))
            continue;
        size_t before = draw_enter(drawing, node_key(&nodes[i]));
        struct control control = control_on(drawing, i, seat);
        put_row(&control, list, heads);
        draw_leave(drawing, before);
    }
    buf_puts(drawing->markup.out, "</tbody>\n");
    markup_close(&drawing->markup, "table");
    return true;
}
