/* Needs: puts declarations that use each other into an order in which each comes after what it uses.
 *
 *     needs_add(&needs, area, pi, span)   for each use     needs_order(&needs, "constant", order)
 *
 * Without recursion, since a chain of them is as long as the form. A circle is told with its path. */
#ifndef DSL_NEEDS_H
#define DSL_NEEDS_H

#include "dsl/checking.h"

struct need {
    uint32_t user, used;
    struct span span;
    uint32_t next; /* of the same user, or IR_NONE */
};

struct needs {
    struct checking *ck;
    const struct str *names; /* of the declarations */
    uint32_t count;
    struct need *needs;
    uint32_t need_count, need_room;
    uint32_t *first; /* by declaration: into needs, or IR_NONE */
};

/* `names` must outlive it. */
void needs_init(struct needs *needs, struct checking *ck, const struct str *names, uint32_t count);
void needs_add(struct needs *needs, uint32_t user, uint32_t used, struct span span);
/* False: they go round in a circle, or memory is out. `order` has room for all. */
bool needs_order(const struct needs *needs, const char *what, uint32_t *order);

#endif
