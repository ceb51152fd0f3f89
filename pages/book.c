#include "pages/book.h"

#include "base/limits.h"
#include "base/word.h"

#include <assert.h>

/* ---------------------------------------------------------------- the render document beside the nodes
 */

/* Items stand in the order of the nodes, which have lets among them. */
static void map(struct book *book, const struct json_value *items, uint32_t first, uint32_t end)
{
    const struct program_node *nodes = book->program->nodes;
    uint32_t node = first;
    for (uint32_t i = 0; items && i < items->count; i++) {
        while (node < end && nodes[node].kind == NODE_LET) node = nodes[node].subtree_end;
        assert(node < end); /* the document is made from these nodes */
        const struct json_value *item = &items->items[i];
        book->items[node] = item;
        map(book, json_get(item, STR("items")), node + 1, nodes[node].subtree_end);
        node = nodes[node].subtree_end;
    }
}

bool book_says(const struct book *book, uint32_t node, const char *name, const char *word)
{
    struct str text;
    return json_get_str(book->items[node], str_of(name), &text) && str_eq(text, str_of(word));
}

/* ---------------------------------------------------------------- pages */

/* What a page's address ends in cannot be one of our own words, and is an id as routes have them. */
static bool may_name(struct str name)
{
    static const char *const ours[] = {"check", "done", "saved", NULL};
    size_t which;
    return name.len > 0 && name.len <= limit(ID_BYTES) && word_is_plain(name) && name.ptr[0] != '-' &&
           !word_among(name, ours, &which);
}

static struct str page_name(struct book *book, uint32_t node, uint32_t number)
{
    struct str name = node == PROGRAM_NONE ? STR("") : node_name(&book->program->nodes[node]);
    return may_name(name) ? name : arena_printf(&book->arena, "page-%u", (unsigned)number);
}

/* Has something that somebody does: fields that are asked for, or rows. */
static bool asks(const struct program *program, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++) {
        const struct program_node *node = &program->nodes[i];
        if (node->kind == NODE_REPEAT || (node->kind == NODE_FIELD && !node->computed && !node->hidden))
            return true;
    }
    return false;
}

static struct book_page *add_page(struct book *book, uint32_t node)
{
    struct book_page *page = &book->pages[book->page_count++];
    page->node = node;
    page->name = page_name(book, node, book->page_count);
    return page->name.ptr ? page : NULL;
}

static bool add_item(struct book *book, struct book_page *page, uint32_t node)
{
    if (page->item_count == page->capacity) {
        uint32_t more = page->capacity ? page->capacity * 2 : 8;
        uint32_t *items = arena_grow(&book->arena, page->items, page->capacity, more, sizeof *items);
        if (!items) return false;
        page->items = items;
        page->capacity = more;
    }
    page->items[page->item_count++] = node;
    return true;
}

static bool add_items(struct book *book, struct book_page *page, uint32_t first, uint32_t end)
{
    const struct program_node *nodes = book->program->nodes;
    if (!page) return false;
    for (uint32_t i = first; i < end; i = nodes[i].subtree_end)
        if (nodes[i].kind != NODE_LET && !add_item(book, page, i)) return false;
    return true;
}

/* Where the run of items that begins at `first` and stands beside pages ends. */
static uint32_t run_end(const struct program *program, uint32_t first)
{
    uint32_t at = first;
    while (at < program->node_count && program->nodes[at].kind != NODE_PAGE)
        at = program->nodes[at].subtree_end;
    return at;
}

/* A run that asks nothing (results, notes, hidden fields) goes to the page before it; at the start it
 * waits for the first page. */
static bool add_run(struct book *book, uint32_t first, uint32_t end, uint32_t *waiting)
{
    bool alone = asks(book->program, first, end) || end - first == book->program->node_count - 1;
    struct book_page *last = book->page_count ? &book->pages[book->page_count - 1] : NULL;
    if (!alone && !last) {
        *waiting = first;
        return true;
    }
    if (alone) last = add_page(book, PROGRAM_NONE);
    return add_items(book, last, first, end);
}

static bool add_whole_page(struct book *book, uint32_t node, uint32_t *waiting)
{
    struct book_page *page = add_page(book, node);
    bool fits = page && (*waiting == PROGRAM_NONE || add_items(book, page, *waiting, node));
    *waiting = PROGRAM_NONE;
    return fits && add_items(book, page, node + 1, book->program->nodes[node].subtree_end);
}

static uint32_t count_pages(const struct program *program)
{
    uint32_t count = 1;
    for (uint32_t i = 1; i < program->node_count; i++)
        count += program->nodes[i].kind == NODE_PAGE ? 2 : 0;
    return count;
}

static bool cut_pages(struct book *book)
{
    const struct program *program = book->program;
    uint32_t waiting = PROGRAM_NONE;
    book->pages = ARENA_ARRAY(&book->arena, struct book_page, count_pages(program) + 1);
    if (!book->pages) return false;
    for (uint32_t i = 1; i < program->node_count;) {
        bool page = program->nodes[i].kind == NODE_PAGE;
        uint32_t end = page ? program->nodes[i].subtree_end : run_end(program, i);
        if (page ? !add_whole_page(book, i, &waiting) : !add_run(book, i, end, &waiting)) return false;
        i = end;
    }
    return book->page_count > 0 || add_page(book, PROGRAM_NONE) != NULL;
}

/* ---------------------------------------------------------------- the front door */

enum status book_new(struct mem *mem, const struct program *program, struct str render,
                     struct book **ret_book)
{
    struct json_error error;
    struct book *book = mem_zalloc(mem, sizeof *book);
    if (!book) return ST_NOMEM;
    book->mem = mem;
    book->program = program;
    /* As a tree the document takes five times its room. */
    arena_init_lean(&book->arena, mem, (size_t)limit(RENDER_BYTES) * 8);
    book->items = ARENA_ARRAY(&book->arena, const struct json_value *, program->node_count);
    enum status st = book->items
                         ? json_read(&book->arena, render, limit(JSON_DEPTH), &book->render, &error)
                         : ST_NOMEM;
    if (!st) map(book, json_get(&book->render, STR("items")), 1, program->node_count);
    if (!st && !cut_pages(book)) st = book->arena.refused ? ST_LIMIT : ST_NOMEM;
    if (st) book_free(book);
    else *ret_book = book;
    return st;
}

void book_free(struct book *book)
{
    if (!book) return;
    arena_release(&book->arena);
    mem_free(book->mem, book, sizeof *book);
}

size_t book_bytes(const struct book *book)
{
    return sizeof *book + book->arena.held_bytes;
}

uint32_t book_page_count(const struct book *book)
{
    return book->page_count;
}

uint32_t book_page_find(const struct book *book, struct str name)
{
    for (uint32_t i = 0; i < book->page_count; i++)
        if (str_eq(book->pages[i].name, name)) return i;
    return BOOK_NONE;
}

struct str book_page_name(const struct book *book, uint32_t page)
{
    return book->pages[page].name;
}

bool book_page_relevant(const struct book *book, const struct judge *judge, uint32_t page)
{
    const struct book_page *at = &book->pages[page];
    if (at->node != PROGRAM_NONE) return sight_relevant(judge, at->node, 0);
    for (uint32_t i = 0; i < at->item_count; i++)
        if (sight_relevant(judge, at->items[i], 0)) return true;
    return book->page_count == 1;
}

uint32_t book_page_after(const struct book *book, const struct judge *judge, uint32_t page)
{
    for (uint32_t i = page + 1; i < book->page_count; i++)
        if (book_page_relevant(book, judge, i)) return i;
    return BOOK_NONE;
}

uint32_t book_page_before(const struct book *book, const struct judge *judge, uint32_t page)
{
    while (page-- > 0)
        if (book_page_relevant(book, judge, page)) return page;
    return BOOK_NONE;
}

uint32_t book_page_of(const struct book *book, uint32_t node)
{
    const struct program_node *nodes = book->program->nodes;
    if (book->page_count == 1) return 0; /* what is wrong with the form as a whole, too */
    for (uint32_t i = 0; i < book->page_count; i++) {
        const struct book_page *page = &book->pages[i];
        if (node == page->node) return i;
        for (uint32_t k = 0; k < page->item_count; k++)
            if (node >= page->items[k] && node < nodes[page->items[k]].subtree_end) return i;
    }
    return BOOK_NONE;
}

uint32_t book_page_wrong(const struct book *book, const struct judge *judge, uint32_t page)
{
    for (uint32_t i = 0; i < sight_error_count(judge); i++) {
        uint32_t at = book_page_of(book, sight_error_at(judge, i).node);
        if (page == BOOK_NONE || at == page) return at == BOOK_NONE ? BOOK_FORM : at;
    }
    return BOOK_NONE;
}
