/* Pairs: names and values as a form's page sends them, application/x-www-form-urlencoded.
 *
 *     pairs_read(STR("name=Zo%C3%AB&age=36"), &arena, &pairs)      PAIRS_OK
 *     pairs_get(&pairs, STR("age"))                                STR("36")
 *
 * Strict: whole percent-escapes, UTF-8, no NUL, at most limit(PAGE_PAIRS). Names may repeat; the order
 * is that of the text. Line ends in values, which browsers send as CR LF, become LF. */
#ifndef PAGES_PAIRS_H
#define PAGES_PAIRS_H

#include "base/arena.h"
#include "base/str.h"

struct pair {
    struct str name, value; /* in the arena or the text */
};
struct pairs {
    struct pair *items;
    uint32_t count;
};

enum pairs_result { PAIRS_OK, PAIRS_MALFORMED, PAIRS_TOO_MANY, PAIRS_NOMEM };

/* `text` must outlive them. */
enum pairs_result pairs_read(struct str text, struct arena *arena, struct pairs *ret_pairs);
/* The last value under that name; ptr NULL: there is none. */
struct str pairs_get(const struct pairs *pairs, struct str name);

#endif
