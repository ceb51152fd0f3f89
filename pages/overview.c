/* Overview: the page on which answers are checked before they are sent. */
#include "pages/draw.h"

/* The page that is shown: where its answers are changed. */
struct overview {
    struct drawing drawing;
    uint32_t page;
    bool open; /* a list is */
};

static void put_items(struct overview *overview, uint32_t first, uint32_t end, const struct seat *seat);

static void open_list(struct overview *overview)
{
    if (!overview->open) markup_begin(&overview->drawing.markup, "dl", "fw-summary-list");
    overview->open = true;
}

static void close_list(struct overview *overview)
{
    if (overview->open) markup_close(&overview->drawing.markup, "dl");
    overview->open = false;
}

static void put_change(struct overview *overview, struct str label)
{
    struct drawing *drawing = &overview->drawing;
    struct markup *m = &drawing->markup;
    struct view view = *drawing->view;
    view.from_check = true;
    struct str name = book_page_name(view.book, overview->page);
    struct str address = frame_address(&(struct drawing){.view = &view}, name, PAGES_CALM);
    struct str whole =
        arena_printf(view.arena, "%.*s#%.*s", STR_ARG(address), STR_ARG(draw_id(drawing, "")));
    markup_begin(m, "dd", "fw-summary-change");
    markup_open(m, "a");
    markup_attr(m, "href", whole.ptr ? whole : address);
    markup_body(m);
    markup_text(m, draw_phrase(drawing, PHRASE_CHANGE));
    markup_begin(m, "span", "fw-hidden");
    buf_putc(m->out, ' ');
    markup_text(m, label);
    buf_puts(m->out, "</span></a>");
    markup_close(m, "dd");
}

static void put_field(struct overview *overview, uint32_t field, const struct seat *seat)
{
    struct drawing *drawing = &overview->drawing;
    struct markup *m = &drawing->markup;
    const struct program_node *node = &drawing->program->nodes[field];
    size_t before = draw_enter(drawing, node_key(node));
    struct str value = draw_value(drawing, field, seat->row), label = draw_label(drawing, field, seat);
    open_list(overview);
    markup_open(m, "div");
    markup_attr(m, "class", STR("fw-summary-row"));
    draw_pointer(drawing);
    markup_body(m);
    markup_open(m, "dt");
    draw_lang(drawing, &node->label);
    markup_body(m);
    markup_text(m, label);
    markup_close(m, "dt");
    markup_begin(m, "dd", value.len ? NULL : "fw-summary-none");
    markup_lines(m, value.len ? value : draw_phrase(drawing, PHRASE_NO_ANSWER));
    markup_close(m, "dd");
    if (!node->computed) put_change(overview, label);
    markup_close(m, "div");
    draw_leave(drawing, before);
}

static void put_under(struct overview *overview, uint32_t node, const struct seat *seat,
                      struct str title, const struct program_message *language,
                      const struct seat *inside)
{
    struct drawing *drawing = &overview->drawing;
    (void)seat;
    close_list(overview);
    draw_heading(drawing, "fw-heading", STR(""), title, language);
    drawing->level++;
    put_items(overview, node + 1, drawing->program->nodes[node].subtree_end, inside);
    close_list(overview);
    drawing->level--;
}

static void put_group(struct overview *overview, uint32_t node, const struct seat *seat)
{
    struct drawing *drawing = &overview->drawing;
    const struct program_node *group = &drawing->program->nodes[node];
    struct seat inside = {seat->scope, seat->row, typed_get(seat->object, node_key(group))};
    size_t before = draw_enter(drawing, node_key(group));
    put_under(overview, node, seat, draw_label(drawing, node, seat), &group->label, &inside);
    draw_leave(drawing, before);
}

static void put_rows(struct overview *overview, uint32_t node, const struct seat *seat)
{
    struct drawing *drawing = &overview->drawing;
    const struct program_node *repeat = &drawing->program->nodes[node];
    struct sight_rows rows = sight_rows(drawing->view->judge, node, seat->row);
    size_t before = draw_enter(drawing, node_key(repeat));
    close_list(overview);
    draw_heading(drawing, "fw-heading", STR(""), draw_label(drawing, node, seat), &repeat->label);
    drawing->level++;
    for (uint32_t i = 0; i < rows.count; i++) {
        size_t row_before = draw_enter_row(drawing, i);
        struct seat inside = {repeat->rare->own_scope, rows.begin + i, NULL};
        put_under(overview, node, seat,
                  draw_filled(drawing, PHRASE_ENTRY, draw_number(drawing, i + 1), STR("")), NULL,
                  &inside);
        draw_leave(drawing, row_before);
    }
    if (!rows.count)
        markup_element(&drawing->markup, "p", "fw-summary-none",
                       draw_phrase(drawing, PHRASE_NO_ANSWER));
    drawing->level--;
    draw_leave(drawing, before);
}

static void put_item(struct overview *overview, uint32_t node, const struct seat *seat)
{
    struct drawing *drawing = &overview->drawing;
    const struct program_node *at = &drawing->program->nodes[node];
    if (!sight_relevant(drawing->view->judge, node, seat->row)) return;
    switch (at->kind) {
    case NODE_FIELD:
        if (!at->hidden) put_field(overview, node, seat);
        return;
    case NODE_GROUP:
        put_group(overview, node, seat);
        return;
    case NODE_REPEAT:
        put_rows(overview, node, seat);
        return;
    case NODE_PAGE:
    case NODE_SECTION:
        put_under(overview, node, seat, draw_label(drawing, node, seat), &at->label, seat);
        return;
    case NODE_FORM:
    case NODE_NOTE:
    case NODE_LET:
        return;
    }
}

static void put_items(struct overview *overview, uint32_t first, uint32_t end, const struct seat *seat)
{
    const struct program_node *nodes = overview->drawing.program->nodes;
    for (uint32_t i = first; i < end; i = nodes[i].subtree_end) put_item(overview, i, seat);
}

static void put_page(struct overview *overview, uint32_t number)
{
    static const struct seat form = {0, 0, NULL};
    struct drawing *drawing = &overview->drawing;
    const struct book_page *page = &drawing->view->book->pages[number];
    overview->page = number;
    if (page->node != PROGRAM_NONE) {
        drawing->level = 2;
        draw_heading(drawing, "fw-heading", STR(""), draw_label(drawing, page->node, &form),
                     &drawing->program->nodes[page->node].label);
    }
    drawing->level = page->node == PROGRAM_NONE ? 2 : 3;
    for (uint32_t i = 0; i < page->item_count; i++) put_item(overview, page->items[i], &form);
    close_list(overview);
}

static void put_back(struct drawing *drawing)
{
    const struct view *view = drawing->view;
    struct markup *m = &drawing->markup;
    uint32_t before = book_page_before(view->book, view->judge, book_page_count(view->book));
    if (before == BOOK_NONE) return;
    markup_open(m, "a");
    markup_attr(m, "class", STR("fw-back"));
    markup_attr(m, "href", frame_address(drawing, book_page_name(view->book, before), PAGES_CALM));
    markup_body(m);
    markup_text(m, draw_phrase(drawing, PHRASE_BACK));
    markup_close(m, "a");
}

static void put_send(struct drawing *drawing)
{
    const struct view *view = drawing->view;
    struct markup *m = &drawing->markup;
    draw_form_begin(drawing, STR("check"));
    markup_hidden(m, STR("_saved"), view->key);
    markup_hidden(m, STR("_lang"), drawing->tag);
    markup_begin(m, "div", "fw-actions");
    markup_open(m, "button");
    markup_attr(m, "class", STR("fw-button"));
    markup_attr(m, "type", STR("submit"));
    markup_attr(m, "name", STR("_do"));
    markup_attr(m, "value", STR("submit"));
    markup_body(m);
    markup_text(m, draw_phrase(drawing, PHRASE_SEND));
    markup_close(m, "button");
    markup_close(m, "div");
    markup_close(m, "form");
}

void pages_put_check(const struct view *view, struct buf *out)
{
    struct overview overview = {.open = false};
    struct drawing *drawing = &overview.drawing;
    drawing_begin(drawing, view, out);
    struct str title = draw_phrase(drawing, PHRASE_CHECK);
    bool wrong = draw_any_told(drawing, BOOK_NONE);
    frame_begin(drawing,
                &(struct framed){.title = title, .wrong = wrong, .form = true, .languages = true});
    put_back(drawing);
    if (wrong) frame_summary(drawing, BOOK_NONE);
    markup_element(&drawing->markup, "h1", "fw-page-title", title);
    for (uint32_t i = 0; i < book_page_count(view->book); i++)
        if (book_page_relevant(view->book, view->judge, i)) put_page(&overview, i);
    put_send(drawing);
    frame_end(drawing);
    drawing_end(drawing);
}
