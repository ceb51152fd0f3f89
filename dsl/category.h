/* Category: which code points have which Unicode general category, for \p{…} in patterns.
 *
 *     struct categories categories = {0};
 *     categories_load(&categories, arena);      then look through categories.runs
 *
 * The runs are found once, when first asked for: a compilation without \p pays nothing. Surrogates are
 * left out. */
#ifndef DSL_CATEGORY_H
#define DSL_CATEGORY_H

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct category_run {
    uint32_t from, to;
    char name[2]; /* "Lu" */
};

/* Zeroed: not looked at yet. */
struct categories {
    struct category_run *runs; /* all code points in order */
    uint32_t count;
};

/* Whether I-Regexp has a category of this name: "L", "Lu". */
bool category_known(struct str name);

/* Makes the runs if they are not there. ST_LIMIT, ST_NOMEM: the arena is full. */
MUST_USE enum status categories_load(struct categories *categories, struct arena *arena);

/* Whether a run is of the category `name`, of one letter or two. */
bool category_run_has(const struct category_run *run, struct str name);

#endif
