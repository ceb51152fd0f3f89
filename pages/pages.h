/* Pages: a form as HTML that needs no script. The module's front door.
 *
 *     st = book_new(mem, program, render, &book);                             once for each compiled
 * form pairs_read(body, &arena, &pairs);                                what a browser has posted
 *     typed_read(&arena, answers, &root);                              what was typed before
 *     entry_take(&entry, &pairs);                                      the one into the other
 *     … the answers are judged …
 *     pages_put_page(&view, &out);
 *
 * Pure but for the judging that it looks at: no HTTP, no storage, no clock. Every string of an author
 * or respondent goes through pages/markup.h as text. docs/pages.md tells what the markup is. */
#ifndef PAGES_PAGES_H
#define PAGES_PAGES_H

#include "base/zone.h"
#include "pages/heritage.h"
#include "pages/pairs.h"
#include "pages/theme.h"
#include "pages/typed.h"
#include "runtime/runtime.h"

/* ---------------------------------------------------------------- the form as pages */

struct book;
#define BOOK_NONE UINT32_MAX
#define BOOK_FORM (UINT32_MAX - 1) /* no page: the form as a whole */

/* `render` is its render document; both outlive the book. */
enum status book_new(struct mem *mem, const struct program *program, struct str render,
                     struct book **ret_book) MUST_USE;
/* NULL is fine. */
void book_free(struct book *book);
size_t book_bytes(const struct book *book);
uint32_t book_page_count(const struct book *book);
/* BOOK_NONE: there is none of that name. */
uint32_t book_page_find(const struct book *book, struct str name);
struct str book_page_name(const struct book *book, uint32_t page);
bool book_page_relevant(const struct book *book, const struct judge *judge, uint32_t page);
/* The nearest that is relevant; BOOK_NONE: there is none. */
uint32_t book_page_after(const struct book *book, const struct judge *judge, uint32_t page);
uint32_t book_page_before(const struct book *book, const struct judge *judge, uint32_t page);
/* The page of the first error; of those on `page` if that is not BOOK_NONE. BOOK_NONE: there is no
 * error. */
uint32_t book_page_wrong(const struct book *book, const struct judge *judge, uint32_t page);

/* ---------------------------------------------------------------- what was posted, into what was typed
 */

struct entry {
    const struct book *book;
    struct arena *arena;
    struct typed *root;
    uint32_t language;       /* whose separators numbers have */
    const struct zone *zone; /* of the form: of times that are typed without an offset */
};
/* Every name that does not begin with "_" is an answer's place, "members/0/age"; what is not named
 * stays as it was. A name that the form does not have is kept, for the verdict to tell of. False: the
 * arena is full. */
bool entry_take(struct entry *entry, const struct pairs *pairs);
/* The values for hidden fields that a link brings; other names count for nothing. */
bool entry_fill(struct entry *entry, const struct pairs *query);
/* A row more at the end of the repeat "members", or the row "members/2" less. False: there is none
 * such, or no room. */
bool entry_add_row(struct entry *entry, struct str name);
bool entry_remove_row(struct entry *entry, struct str name);
/* Repeats on the page get the rows that they must have at least. */
bool entry_pad(struct entry *entry, uint32_t page);

/* ---------------------------------------------------------------- pages */

enum { PAGES_SCRIPTS = 4 };

struct view {
    const struct book *book;
    const struct judge
        *judge; /* the judging of `typed`; NULL: none, for pages that are about no answers */
    const struct typed *typed;
    uint32_t language;
    const struct zone *zone;
    int64_t now_ms;
    struct arena *arena;
    struct str path;   /* "/f/acme/contact" */
    struct str style;  /* the style sheet's address */
    struct str theme;  /* and that of the tenant's; empty: none */
    struct str style_text, theme_text; /* what those two say, to stand in the page itself; empty: it links them */
    struct str brand;  /* the tenant's name, above every page; empty: none */
    struct str script; /* that keeps pages live; empty: none does */
    struct str scripts[PAGES_SCRIPTS]; /* that it will load for this form */
    uint32_t script_count;
    struct str logic;  /* where the version's module and texts are: "/v1/p/acme/contact/versions/3" */
    struct str key;    /* under which answers are saved; empty: there are none */
    struct str invitation; /* the code that the form asks for; empty: it asks for none */
    bool saved;        /* something is saved under it */
    uint32_t version;
    uint32_t page;
    bool wrong; /* errors are told of what was asked, */
    bool every; /* and of what nobody was asked yet: questions that only now are relevant, rows just
                   added */
    bool from_check; /* what follows is the check page again */
    const struct heritage
        *heritage;     /* what an earlier version asked is not what this one asks; NULL: it is */
    struct str notice; /* something went wrong that is not the respondent's fault; empty: nothing has */
};

void pages_put_page(const struct view *view, struct buf *out);
void pages_put_check(const struct view *view, struct buf *out);
/* `reference`: the receipt's number; `received`: "2026-01-31T10:00:00Z". */
void pages_put_done(const struct view *view, struct str reference, int64_t received_ms,
                    struct buf *out);
void pages_put_saved(const struct view *view, struct str link, int64_t until_ms, struct buf *out);

/* For `notice`: what was typed could not be kept. */
struct str pages_apology(const struct view *view);

/* Pages about no form that could be drawn; `view` may be all zeroes but for `style`. */
enum pages_problem {
    PAGES_NOT_FOUND,
    PAGES_CLOSED,
    PAGES_GONE,
    PAGES_SENT,
    PAGES_RETIRED,
    PAGES_TOO_MANY,
    PAGES_UNAVAILABLE,
    PAGES_BAD_REQUEST,
    PAGES_DUPLICATE,
    PAGES_UNINVITED,
    PAGES_UNJUDGED,
    PAGES_PROBLEM_COUNT,
};
void pages_put_problem(const struct view *view, enum pages_problem problem, struct str languages,
                       struct buf *out);

/* What scripts say that draw the same pages in a language, by the names of phrase.def, as a JSON
 * object. */
void pages_put_words(struct str language, struct buf *out);

enum pages_wrong { PAGES_CALM, PAGES_WRONG, PAGES_EVERY }; /* which errors the page will tell */
/* "/f/acme/contact/NAME?s=KEY" and what else an address of the form has, an invitation's code too;
 * without a key as long as nothing is saved under it. */
void pages_put_address(const struct view *view, struct str name, enum pages_wrong wrong,
                       struct buf *out);

#endif
