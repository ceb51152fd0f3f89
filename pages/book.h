/* Book: a form seen as pages, made once for each compiled form: which items stand on which page, and
 * what of the render document the program does not have (matrices, places and files, defaults, simple
 * filters).
 *
 *     st = book_new(mem, program, render, &book);
 *     book->pages[0].name                                "who", the last part of its address
 *     json_get(book_item(book, node), STR("default"))
 *
 * Immutable. The program outlives it. */
#ifndef PAGES_BOOK_H
#define PAGES_BOOK_H

#include "pages/pages.h"

#include "base/arena.h"
#include "base/json_value.h"

struct book_page {
    struct str name;
    uint32_t node;   /* the page; PROGRAM_NONE: items that stand beside pages, or all of a form without
                        pages */
    uint32_t *items; /* nodes: what is in the page, or those items */
    uint32_t item_count, capacity;
};

struct book {
    struct mem *mem;
    struct arena arena;
    const struct program *program;
    struct json_value render;
    const struct json_value **items; /* by node; NULL for lets and the form */
    struct book_page *pages;         /* at least one */
    uint32_t page_count;
};

/* Of the render document; never NULL for what is drawn. */
static inline const struct json_value *book_item(const struct book *book, uint32_t node)
{
    return book->items[node];
}
/* Whether the item says `name`: `word`. */
bool book_says(const struct book *book, uint32_t node, const char *name, const char *word);
/* The page that a node stands on. */
uint32_t book_page_of(const struct book *book, uint32_t node);

#endif
