/* Draw: a page of a form, item by item. */
#include "pages/draw.h"

#include "pages/question.h"

#include "base/language.h"
#include "base/limits.h"

#include <stdio.h>

/* ---------------------------------------------------------------- beginning and end */

void drawing_begin(struct drawing *drawing, const struct view *view, struct buf *out)
{
    *drawing = (struct drawing){.view = view, .markup = {out}, .level = 2};
    if (view->book) drawing->program = view->book->program;
    drawing->tag = drawing->program ? drawing->program->languages[view->language] : STR("en");
    buf_init(&drawing->name, out->mem, (size_t)limit(PAGE_NAME_BYTES));
}

void drawing_end(struct drawing *drawing)
{
    struct buf *out = drawing->markup.out;
    if (buf_failed(&drawing->name) && !buf_failed(out)) out->failure = drawing->name.failure;
    if (drawing->view->arena->refused && !buf_failed(out)) out->failure = ST_LIMIT;
    buf_release(&drawing->name);
}

/* ---------------------------------------------------------------- texts */

struct str draw_phrase(const struct drawing *drawing, enum phrase phrase)
{
    return phrase_find(phrase, drawing->tag);
}

struct str draw_filled(const struct drawing *drawing, enum phrase phrase, struct str a, struct str b)
{
    struct str text = phrase_fill(phrase, drawing->tag, a, b, drawing->view->arena);
    return text.ptr ? text : STR("");
}

struct str draw_number(const struct drawing *drawing, uint32_t number)
{
    struct buf text;
    const struct view *view = drawing->view;
    const struct locale *locale =
        drawing->program ? drawing->program->locales[view->language] : locale_find(drawing->tag);
    buf_init(&text, view->arena->mem, LOCALE_TEXT_BYTES);
    locale_put_exact(locale, number, 0, &text);
    struct str copy = arena_str(view->arena, buf_failed(&text) ? STR("") : buf_str(&text));
    buf_release(&text);
    return copy.ptr ? copy : STR("");
}

/* What `put` puts, kept. */
static struct str keep(const struct drawing *drawing, struct buf *text)
{
    struct str copy =
        buf_failed(text) || !text->len ? STR("") : arena_str(drawing->view->arena, buf_str(text));
    buf_release(text);
    return copy.ptr ? copy : STR("");
}

struct str draw_text(const struct drawing *drawing, const struct program_message *text,
                     const struct seat *seat)
{
    struct buf filled;
    if (!text->bytes) return STR("");
    buf_init(&filled, drawing->view->arena->mem, (size_t)limit(VERDICT_BYTES));
    sight_put_text(drawing->view->judge, text, seat->scope, seat->row, &filled);
    return keep(drawing, &filled);
}

/* "full_name" as "Full name". */
static struct str readable(const struct drawing *drawing, struct str name)
{
    char *to = arena_alloc(drawing->view->arena, name.len + 1);
    if (!to || !name.len) return name;
    for (size_t i = 0; i < name.len; i++) to[i] = (char)(name.ptr[i] == '_' ? ' ' : name.ptr[i]);
    if (to[0] >= 'a' && to[0] <= 'z') to[0] = (char)(to[0] - 'a' + 'A');
    return (struct str){to, name.len};
}

/* Nobody labels the parts of a place. */
static bool part_of_place(const struct drawing *drawing, uint32_t node, enum phrase *ret_phrase)
{
    static const struct {
        const char *name;
        enum phrase phrase;
    } parts[] = {{"latitude", PHRASE_LATITUDE},
                 {"longitude", PHRASE_LONGITUDE},
                 {"altitude", PHRASE_ALTITUDE},
                 {"accuracy", PHRASE_ACCURACY}};
    const struct program_node *at = &drawing->program->nodes[node];
    if (at->parent == PROGRAM_NONE || !drawing->view->book->items[at->parent] ||
        !book_says(drawing->view->book, at->parent, "composite", "geopoint"))
        return false;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!str_eq(node_name(at), str_of(parts[i].name))) continue;
        *ret_phrase = parts[i].phrase;
        return true;
    }
    return false;
}

struct str draw_label(const struct drawing *drawing, uint32_t node, const struct seat *seat)
{
    enum phrase phrase;
    const struct program_node *at = &drawing->program->nodes[node];
    struct str label = draw_text(drawing, &at->label, seat);
    if (label.len) return label;
    if (part_of_place(drawing, node, &phrase)) return draw_phrase(drawing, phrase);
    return readable(drawing, node_name(at));
}

struct str draw_tag(const struct drawing *drawing, struct str tag)
{
    char *to = arena_alloc(drawing->view->arena, tag.len + 1);
    if (!to) return tag;
    for (size_t i = 0; i < tag.len; i++) to[i] = (char)(tag.ptr[i] == '_' ? '-' : tag.ptr[i]);
    return (struct str){to, tag.len};
}

void draw_lang(struct drawing *drawing, const struct program_message *text)
{
    if (!text || !text->bytes) return;
    uint32_t own = passage_open(text, drawing->view->language).language;
    if (own == drawing->view->language) return;
    struct str tag = drawing->program->languages[own];
    markup_attr(&drawing->markup, "lang", draw_tag(drawing, tag));
    markup_attr(&drawing->markup, "dir", language_is_right_to_left(tag) ? STR("rtl") : STR("ltr"));
}

struct str draw_value(const struct drawing *drawing, uint32_t field, uint32_t row)
{
    struct buf text;
    buf_init(&text, drawing->view->arena->mem, (size_t)limit(VERDICT_BYTES));
    if (sight_put_value(drawing->view->judge, field, row, &text)) return keep(drawing, &text);
    buf_release(&text);
    return (struct str){NULL, 0};
}

/* ---------------------------------------------------------------- places */

size_t draw_enter(struct drawing *drawing, struct str key)
{
    size_t before = drawing->name.len;
    if (before) buf_putc(&drawing->name, '/');
    for (size_t i = 0; i < key.len; i++) {
        if (key.ptr[i] == '~') buf_puts(&drawing->name, "~0");
        else if (key.ptr[i] == '/') buf_puts(&drawing->name, "~1");
        else buf_putc(&drawing->name, key.ptr[i]);
    }
    return before;
}

size_t draw_enter_row(struct drawing *drawing, uint32_t row)
{
    size_t before = drawing->name.len;
    buf_printf(&drawing->name, "/%u", (unsigned)row);
    return before;
}

void draw_leave(struct drawing *drawing, size_t before)
{
    if (!buf_failed(&drawing->name)) drawing->name.len = before;
}

struct str draw_id(const struct drawing *drawing, const char *suffix)
{
    struct str name = buf_str(&drawing->name);
    size_t len = strlen(suffix);
    char *id = arena_alloc(drawing->view->arena, name.len + len + 3);
    if (!id) return STR("f");
    id[0] = 'f';
    id[1] = '-';
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.ptr[i];
        id[i + 2] = (char)(c == '/' ? '-' : c <= ' ' ? '_' : c);
    }
    memcpy(id + 2 + name.len, suffix, len);
    return (struct str){id, name.len + 2 + len};
}

void draw_pointer(struct drawing *drawing)
{
    struct str pointer = arena_printf(drawing->view->arena, "/%.*s", STR_ARG(buf_str(&drawing->name)));
    markup_attr(&drawing->markup, "data-pointer", pointer.ptr ? pointer : STR(""));
}

/* ---------------------------------------------------------------- errors */

static bool is_at(const struct sight_error *error, uint32_t node, uint32_t scope, uint32_t row)
{
    return error->node == node && error->scope == scope && error->row == row;
}

/* What was typed at a place; NULL: nobody was asked. */
static const struct typed *typed_in(const struct drawing *drawing, struct str pointer)
{
    const struct typed *at = drawing->view->typed;
    while (at && pointer.len > 1) {
        struct str rest = {pointer.ptr + 1, pointer.len - 1};
        const char *slash = memchr(rest.ptr, '/', rest.len);
        struct str part = {rest.ptr, slash ? (size_t)(slash - rest.ptr) : rest.len};
        pointer = (struct str){rest.ptr + part.len, rest.len - part.len};
        at = typed_step(at, part);
    }
    return at;
}

bool draw_told(const struct drawing *drawing, uint32_t error)
{
    struct buf pointer;
    const struct view *view = drawing->view;
    struct sight_error at = sight_error_at(view->judge, error);
    if (!view->wrong || view->every) return view->wrong;
    if (drawing->program->nodes[at.node].kind != NODE_FIELD || at.unknown.len) return true;
    buf_init(&pointer, view->arena->mem, (size_t)limit(PAGE_NAME_BYTES));
    sight_put_pointer(view->judge, &at, &pointer);
    bool asked = buf_failed(&pointer) || typed_in(drawing, buf_str(&pointer));
    buf_release(&pointer);
    return asked;
}

bool draw_any_told(const struct drawing *drawing, uint32_t page)
{
    const struct view *view = drawing->view;
    for (uint32_t i = 0; i < sight_error_count(view->judge); i++) {
        uint32_t at = book_page_of(view->book, sight_error_at(view->judge, i).node);
        if ((page == BOOK_NONE || at == page) && draw_told(drawing, i)) return true;
    }
    return false;
}

uint32_t draw_error_count(const struct drawing *drawing, uint32_t node, uint32_t scope, uint32_t row)
{
    uint32_t count = 0;
    const struct judge *judge = drawing->view->judge;
    if (!drawing->view->wrong) return 0;
    for (uint32_t i = 0; i < sight_error_count(judge); i++) {
        struct sight_error error = sight_error_at(judge, i);
        count += is_at(&error, node, scope, row) && draw_told(drawing, i);
    }
    return count;
}

/* Dates are asked for in parts: "2026-01-31" in a message's example reads "31 1 2026". */
static struct str example_in_parts(const struct drawing *drawing, struct str message)
{
    static const struct str day = {"2026-01-31", 10}, month = {"2026-01", 7};
    bool turned = calendar_begins_with_year(drawing->tag);
    struct buf text;
    buf_init(&text, drawing->view->arena->mem, (size_t)limit(VERDICT_BYTES));
    for (size_t i = 0; i < message.len;) {
        struct str rest = {message.ptr + i, message.len - i};
        bool whole = str_starts(rest, day);
        if (whole) buf_puts(&text, turned ? "2026 1 31" : "31 1 2026");
        else if (str_starts(rest, month)) buf_puts(&text, turned ? "2026 1" : "1 2026");
        else buf_putc(&text, rest.ptr[0]);
        i += whole ? day.len : str_starts(rest, month) ? month.len : 1;
    }
    return keep(drawing, &text);
}

struct str draw_message(const struct drawing *drawing, uint32_t error)
{
    struct buf text;
    const struct judge *judge = drawing->view->judge;
    struct sight_error at = sight_error_at(judge, error);
    enum program_type type = drawing->program->nodes[at.node].type;
    buf_init(&text, drawing->view->arena->mem, (size_t)limit(VERDICT_BYTES));
    sight_put_error(judge, error, &text);
    struct str message = keep(drawing, &text);
    bool parts = type == TYPE_DATE || type == TYPE_YEAR_MONTH || type == TYPE_PARTIAL_DATE;
    return at.malformed && parts ? example_in_parts(drawing, message) : message;
}

void draw_errors(struct drawing *drawing, uint32_t node, uint32_t scope, uint32_t row)
{
    struct markup *m = &drawing->markup;
    const struct judge *judge = drawing->view->judge;
    if (!draw_error_count(drawing, node, scope, row)) return;
    markup_open(m, "p");
    markup_attr(m, "class", STR("fw-error"));
    markup_attr(m, "id", draw_id(drawing, "-error"));
    markup_body(m);
    bool first = true;
    for (uint32_t i = 0; i < sight_error_count(judge); i++) {
        struct sight_error error = sight_error_at(judge, i);
        if (!is_at(&error, node, scope, row)) continue;
        if (!first) buf_puts(m->out, "<br>");
        markup_begin(m, "span", "fw-hidden");
        markup_text(m, draw_phrase(drawing, PHRASE_ERROR));
        buf_puts(m->out, "</span> ");
        markup_text(m, draw_message(drawing, i));
        first = false;
    }
    markup_close(m, "p");
}

void draw_described(struct drawing *drawing, struct described described)
{
    const struct {
        bool there;
        const char *suffix;
    } parts[] = {{described.hint, "-hint"}, {described.unit, "-unit"}, {described.wrong, "-error"}};
    struct str ids = STR("");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!parts[i].there) continue;
        struct str id = draw_id(drawing, parts[i].suffix);
        ids = arena_printf(drawing->view->arena, "%.*s%s%.*s", STR_ARG(ids), ids.len ? " " : "",
                           STR_ARG(id));
        if (!ids.ptr) return;
    }
    if (ids.len) markup_attr(&drawing->markup, "aria-describedby", ids);
}

/* ---------------------------------------------------------------- headings */

void draw_heading(struct drawing *drawing, const char *class, struct str id, struct str text,
                  const struct program_message *language)
{
    char tag[3] = {'h', (char)('0' + (drawing->level < 6 ? drawing->level : 6)), '\0'};
    struct markup *m = &drawing->markup;
    markup_open(m, tag);
    markup_attr(m, "class", str_of(class));
    if (id.len) markup_attr(m, "id", id);
    draw_lang(drawing, language);
    markup_body(m);
    markup_text(m, text);
    markup_close(m, tag);
}

/* ---------------------------------------------------------------- items */

static void draw_items(struct drawing *drawing, uint32_t first, uint32_t end, const struct seat *seat);

bool draw_hint(struct drawing *drawing, uint32_t node, const struct seat *seat)
{
    const struct program_message *hint = &drawing->program->nodes[node].rare->hint;
    struct str text = draw_text(drawing, hint, seat);
    struct markup *m = &drawing->markup;
    if (!text.len) return false;
    markup_open(m, "p");
    markup_attr(m, "class", STR("fw-hint"));
    markup_attr(m, "id", draw_id(drawing, "-hint"));
    draw_lang(drawing, hint);
    markup_body(m);
    markup_lines(m, text);
    markup_close(m, "p");
    return true;
}

static void draw_note(struct drawing *drawing, uint32_t node, const struct seat *seat)
{
    struct markup *m = &drawing->markup;
    const struct program_message *label = &drawing->program->nodes[node].label;
    markup_begin(m, "div", "fw-note");
    markup_open(m, "p");
    draw_lang(drawing, label);
    markup_body(m);
    markup_lines(m, draw_text(drawing, label, seat));
    markup_close(m, "p");
    markup_close(m, "div");
}

/* Sections may be told apart by their names only: they have no place in the answers. */
static void draw_section(struct drawing *drawing, uint32_t node, const struct seat *seat)
{
    struct markup *m = &drawing->markup;
    const struct program_node *section = &drawing->program->nodes[node];
    size_t before = draw_enter(drawing, node_name(section));
    struct str id = draw_id(drawing, "-section"), hint = draw_id(drawing, "-section-hint");
    draw_leave(drawing, before);
    markup_open(m, "section");
    markup_attr(m, "class", STR("fw-section"));
    markup_attr(m, "aria-labelledby", id);
    markup_body(m);
    draw_heading(drawing, "fw-heading", id, draw_label(drawing, node, seat), &section->label);
    struct str text = draw_text(drawing, &section->rare->hint, seat);
    if (text.len) {
        markup_open(m, "p");
        markup_attr(m, "class", STR("fw-hint"));
        markup_attr(m, "id", hint);
        draw_lang(drawing, &section->rare->hint);
        markup_body(m);
        markup_lines(m, text);
        markup_close(m, "p");
    }
    drawing->level++;
    draw_items(drawing, node + 1, section->subtree_end, seat);
    drawing->level--;
    markup_close(m, "section");
}

static void begin_fieldset(struct drawing *drawing, const char *class, bool hint, bool wrong)
{
    struct markup *m = &drawing->markup;
    markup_open(m, "fieldset");
    markup_attr(m, "class", str_of(class));
    markup_attr(m, "id", draw_id(drawing, ""));
    draw_pointer(drawing);
    markup_attr(m, "tabindex", STR("-1"));
    draw_described(drawing, (struct described){.hint = hint, .wrong = wrong});
    markup_body(m);
}

void draw_legend(struct drawing *drawing, const char *class, struct str text,
                 const struct program_message *label)
{
    struct markup *m = &drawing->markup;
    markup_open(m, "legend");
    markup_attr(m, "class", str_of(class));
    draw_lang(drawing, label);
    markup_body(m);
    markup_text(m, text);
    markup_close(m, "legend");
}

static bool is_file(const struct drawing *drawing, uint32_t node)
{
    const struct book *book = drawing->view->book;
    return book_says(book, node, "composite", "file") ||
           book_says(book, node, "composite", "signature");
}

/* What describes a file is made where the file is; without script it can be shown and sent along. */
static void draw_file(struct drawing *drawing, uint32_t node, const struct seat *seat)
{
    struct markup *m = &drawing->markup;
    const struct program_node *nodes = drawing->program->nodes;
    markup_element(m, "p", "fw-note", draw_phrase(drawing, PHRASE_FILE));
    for (uint32_t i = node + 1; i < nodes[node].subtree_end; i = nodes[i].subtree_end) {
        if (nodes[i].kind != NODE_FIELD) continue;
        struct str value = draw_value(drawing, i, seat->row);
        if (value.len && str_eq(node_name(&nodes[i]), STR("name"))) markup_element(m, "p", "fw-output", value);
        control_hide(drawing, i, seat);
        size_t before = draw_enter(drawing, node_key(&nodes[i]));
        draw_errors(drawing, i, seat->scope, seat->row);
        draw_leave(drawing, before);
    }
}

static void draw_group(struct drawing *drawing, uint32_t node, const struct seat *seat)
{
    struct markup *m = &drawing->markup;
    const struct program_node *group = &drawing->program->nodes[node];
    size_t before = draw_enter(drawing, node_key(group));
    struct seat inside = {seat->scope, seat->row, typed_get(seat->object, node_key(group))};
    bool hint = group->rare->hint.bytes,
         wrong = draw_error_count(drawing, node, seat->scope, seat->row);
    begin_fieldset(drawing, "fw-group", hint, wrong);
    draw_legend(drawing, "fw-legend", draw_label(drawing, node, seat), &group->label);
    draw_hint(drawing, node, seat);
    draw_errors(drawing, node, seat->scope, seat->row);
    if (is_file(drawing, node)) draw_file(drawing, node, &inside);
    else if (!control_draw_matrix(drawing, node, &inside))
        draw_items(drawing, node + 1, group->subtree_end, &inside);
    markup_close(m, "fieldset");
    draw_leave(drawing, before);
}

/* A submit button that does something besides going on. */
static void draw_button(struct drawing *drawing, const char *verb, struct str text)
{
    struct markup *m = &drawing->markup;
    struct str value =
        arena_printf(drawing->view->arena, "%s:%.*s", verb, STR_ARG(buf_str(&drawing->name)));
    markup_open(m, "button");
    markup_attr(m, "class", STR("fw-button fw-button-secondary"));
    markup_attr(m, "type", STR("submit"));
    markup_attr(m, "name", STR("_do"));
    markup_attr(m, "value", value.ptr ? value : STR(""));
    markup_body(m);
    markup_text(m, text);
    markup_close(m, "button");
}

static void draw_row(struct drawing *drawing, uint32_t node, const struct sight_rows *rows,
                     uint32_t index, const struct typed *array)
{
    const struct program_node *repeat = &drawing->program->nodes[node];
    struct seat seat = {repeat->rare->own_scope, rows->begin + index, typed_at(array, index)};
    struct str number = draw_number(drawing, index + 1);
    size_t before = draw_enter_row(drawing, index);
    bool wrong = draw_error_count(drawing, node, seat.scope, seat.row);
    begin_fieldset(drawing, "fw-row", false, wrong);
    draw_legend(drawing, "fw-legend", draw_filled(drawing, PHRASE_ENTRY, number, STR("")), NULL);
    draw_errors(drawing, node, seat.scope, seat.row);
    draw_items(drawing, node + 1, repeat->subtree_end, &seat);
    if (rows->count > rows->least)
        draw_button(drawing, "remove", draw_filled(drawing, PHRASE_REMOVE, number, STR("")));
    markup_close(&drawing->markup, "fieldset");
    draw_leave(drawing, before);
}

/* Behind the first rows come blocks of as many: where one changes a browser looks at the others of its
 * block and at the blocks, not at a thousand rows. */
static void draw_rows(struct drawing *drawing, uint32_t node, const struct sight_rows *rows,
                      const struct typed *array)
{
    const uint32_t each = (uint32_t)limit(PAGE_BLOCK_ROWS);
    for (uint32_t i = 0; i < rows->count; i++) {
        if (i >= each && i % each == 0) markup_begin(&drawing->markup, "div", "fw-rows");
        draw_row(drawing, node, rows, i, array);
        if (i >= each && (i % each == each - 1 || i == rows->count - 1))
            markup_close(&drawing->markup, "div");
    }
}

static void draw_repeat(struct drawing *drawing, uint32_t node, const struct seat *seat)
{
    struct markup *m = &drawing->markup;
    const struct program_node *repeat = &drawing->program->nodes[node];
    struct sight_rows rows = sight_rows(drawing->view->judge, node, seat->row);
    const struct typed *array = typed_get(seat->object, node_key(repeat));
    size_t before = draw_enter(drawing, node_key(repeat));
    bool wrong = draw_error_count(drawing, node, seat->scope, seat->row);
    begin_fieldset(drawing, "fw-repeat", repeat->rare->hint.bytes, wrong);
    draw_legend(drawing, "fw-legend", draw_label(drawing, node, seat), &repeat->label);
    draw_hint(drawing, node, seat);
    draw_errors(drawing, node, seat->scope, seat->row);
    draw_rows(drawing, node, &rows, array);
    if (rows.count < rows.most) draw_button(drawing, "add", draw_phrase(drawing, PHRASE_ADD));
    markup_close(m, "fieldset");
    draw_leave(drawing, before);
}

static void draw_field(struct drawing *drawing, uint32_t node, const struct seat *seat)
{
    if (drawing->program->nodes[node].hidden) control_hide(drawing, node, seat);
    else control_draw(drawing, node, seat);
}

static void draw_item(struct drawing *drawing, uint32_t node, const struct seat *seat)
{
    if (!sight_relevant(drawing->view->judge, node, seat->row)) return;
    switch (drawing->program->nodes[node].kind) {
    case NODE_FIELD:
        draw_field(drawing, node, seat);
        return;
    case NODE_NOTE:
        draw_note(drawing, node, seat);
        return;
    case NODE_PAGE:
    case NODE_SECTION:
        draw_section(drawing, node, seat);
        return;
    case NODE_GROUP:
        draw_group(drawing, node, seat);
        return;
    case NODE_REPEAT:
        draw_repeat(drawing, node, seat);
        return;
    case NODE_FORM:
    case NODE_LET:
        return;
    }
}

static void draw_items(struct drawing *drawing, uint32_t first, uint32_t end, const struct seat *seat)
{
    for (uint32_t i = first; i < end; i = drawing->program->nodes[i].subtree_end)
        draw_item(drawing, i, seat);
}

/* ---------------------------------------------------------------- a page */

static void draw_progress(struct drawing *drawing)
{
    uint32_t number = 1, count = 0;
    const struct view *view = drawing->view;
    for (uint32_t i = 0; i < book_page_count(view->book); i++) {
        bool relevant = book_page_relevant(view->book, view->judge, i);
        count += relevant;
        number += relevant && i < view->page;
    }
    if (count < 2) return;
    markup_element(
        &drawing->markup, "p", "fw-progress",
        draw_filled(drawing, PHRASE_STEP, draw_number(drawing, number), draw_number(drawing, count)));
}

static void draw_back(struct drawing *drawing)
{
    const struct view *view = drawing->view;
    struct markup *m = &drawing->markup;
    uint32_t before = book_page_before(view->book, view->judge, view->page);
    if ((before == BOOK_NONE && !view->from_check) || !view->saved) return;
    struct str name = view->from_check ? STR("check") : book_page_name(view->book, before);
    markup_open(m, "a");
    markup_attr(m, "class", STR("fw-back"));
    markup_attr(m, "href", frame_address(drawing, name, PAGES_CALM));
    markup_body(m);
    markup_text(m, draw_phrase(drawing, PHRASE_BACK));
    markup_close(m, "a");
}

static struct str page_label(struct drawing *drawing)
{
    const struct view *view = drawing->view;
    static const struct seat form = {0, 0, NULL};
    uint32_t node = view->book->pages[view->page].node;
    return node == PROGRAM_NONE ? frame_title(drawing) : draw_label(drawing, node, &form);
}

static void draw_submit(struct drawing *drawing, const char *class, const char *verb,
                        enum phrase phrase)
{
    struct markup *m = &drawing->markup;
    markup_open(m, "button");
    markup_attr(m, "class", str_of(class));
    markup_attr(m, "type", STR("submit"));
    markup_attr(m, "name", STR("_do"));
    markup_attr(m, "value", str_of(verb));
    markup_body(m);
    markup_text(m, draw_phrase(drawing, phrase));
    markup_close(m, "button");
}

/* The first button of a form is what the Enter key presses: it must be the one that goes on, not one
 * that adds or removes a row. */
static void draw_default_button(struct drawing *drawing, const char *verb)
{
    struct markup *m = &drawing->markup;
    markup_open(m, "button");
    markup_attr(m, "class", STR("fw-hidden"));
    markup_attr(m, "type", STR("submit"));
    markup_attr(m, "name", STR("_do"));
    markup_attr(m, "value", str_of(verb));
    markup_attr(m, "tabindex", STR("-1"));
    markup_attr(m, "aria-hidden", STR("true"));
    markup_body(m);
    markup_close(m, "button");
}

/* What a link brought for hidden fields of later pages rides along until it is saved. */
static void draw_other_hidden(struct drawing *drawing)
{
    static const struct seat none = {0, 0, NULL};
    struct seat form = none;
    const struct view *view = drawing->view;
    form.object = view->typed;
    if (view->saved) return;
    for (uint32_t i = 1; i < drawing->program->node_count; i++) {
        const struct program_node *node = &drawing->program->nodes[i];
        bool here = book_page_of(view->book, i) == view->page;
        bool plain =
            node->kind == NODE_FIELD && node->hidden && !node->computed && node->parent != PROGRAM_NONE;
        bool top =
            plain && (node->parent == 0 || node_is_frame(drawing->program->nodes[node->parent].kind));
        if (top && node->scope == 0 && !here && typed_is_set(typed_get(form.object, node_key(node))))
            control_hide(drawing, i, &form);
    }
}

static void draw_state(struct drawing *drawing)
{
    const struct view *view = drawing->view;
    struct markup *m = &drawing->markup;
    char version[16];
    snprintf(version, sizeof version, "%u", (unsigned)view->version);
    if (view->key.len) markup_hidden(m, STR("_saved"), view->key);
    if (view->invitation.len) markup_hidden(m, STR("_invitation"), view->invitation);
    markup_hidden(m, STR("_version"), str_of(version));
    markup_hidden(m, STR("_lang"), drawing->tag);
    if (view->from_check) markup_hidden(m, STR("_from"), STR("check"));
}

void draw_form_begin(struct drawing *drawing, struct str name)
{
    struct markup *m = &drawing->markup;
    struct str action =
        arena_printf(drawing->view->arena, "%.*s/%.*s", STR_ARG(drawing->view->path), STR_ARG(name));
    markup_open(m, "form");
    markup_attr(m, "class", STR("fw-form"));
    markup_attr(m, "method", STR("post"));
    markup_attr(m, "action", action.ptr ? action : STR(""));
    markup_flag(m, "novalidate", true);
    markup_body(m);
    buf_putc(m->out, '\n');
}

static void draw_body(struct drawing *drawing)
{
    const struct view *view = drawing->view;
    const struct book_page *page = &view->book->pages[view->page];
    const struct seat form = {0, 0, view->typed};
    struct markup *m = &drawing->markup;
    bool single = book_page_count(view->book) == 1;
    const char *verb = single ? "submit" : "next";
    draw_form_begin(drawing, page->name);
    draw_default_button(drawing, verb);
    draw_state(drawing);
    markup_open(m, "div");
    markup_attr(m, "class", STR("fw-page"));
    markup_attr(m, "data-page", page->name);
    markup_body(m);
    for (uint32_t i = 0; i < page->item_count; i++) draw_item(drawing, page->items[i], &form);
    markup_close(m, "div");
    draw_other_hidden(drawing);
    markup_begin(m, "div", "fw-actions");
    draw_submit(drawing, "fw-button", verb, single ? PHRASE_SEND : PHRASE_CONTINUE);
    draw_submit(drawing, "fw-button fw-button-secondary", "save", PHRASE_SAVE);
    markup_close(m, "div");
    markup_close(m, "form");
}

/* What the script takes over; to all else it is nothing. */
static void begin_live(struct drawing *drawing)
{
    struct markup *m = &drawing->markup;
    if (!drawing->view->script.len) return;
    markup_open(m, "formwright-form");
    markup_flag(m, "hosted", true);
    markup_attr(m, "src", drawing->view->logic);
    markup_attr(m, "lang", draw_tag(drawing, drawing->tag));
    markup_body(m);
    buf_putc(m->out, '\n');
}

void pages_put_page(const struct view *view, struct buf *out)
{
    struct drawing drawing;
    drawing_begin(&drawing, view, out);
    struct str label = page_label(&drawing);
    bool wrong = draw_any_told(&drawing, view->page);
    frame_begin(&drawing,
                &(struct framed){
                    .title = label, .wrong = wrong, .form = true, .live = true, .languages = true});
    begin_live(&drawing);
    draw_back(&drawing);
    if (wrong) frame_summary(&drawing, view->page);
    draw_progress(&drawing);
    drawing.level = 1;
    uint32_t node = view->book->pages[view->page].node;
    draw_heading(&drawing, "fw-page-title", STR(""), label,
                 node == PROGRAM_NONE ? &drawing.program->title : &drawing.program->nodes[node].label);
    drawing.level = 2;
    draw_body(&drawing);
    if (view->script.len) markup_close(&drawing.markup, "formwright-form");
    frame_end(&drawing);
    drawing_end(&drawing);
}
