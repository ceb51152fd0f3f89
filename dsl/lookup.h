/* Lookup: what a path means where it stands.
 *
 *     in the where of count(households.children where age < rent), inside repeat households:
 *     place {container children, cursor 1} → outside {container households, cursor 0}
 *     age is found in children; rent, since the aggregate's path began in the form, in the row outside
 *
 * Names are looked up among the items of the innermost group, row or form, then outwards; pages leave
 * no trace. */
#ifndef DSL_LOOKUP_H
#define DSL_LOOKUP_H

#include "dsl/checking.h"

#include <stdbool.h>

/* Where an expression stands. Lives on the stack of who checks it. */
struct arguments;
struct place {
    uint32_t container;          /* the form, group or repeat whose items are looked up first */
    uint32_t scope;              /* whose rows it is asked for */
    uint32_t cursor;             /* of that row (ir.h) */
    const struct place *outside; /* of a where: the place of the aggregate; else NULL */
    uint32_t stop;    /* of a where: the container in which the aggregate's path began; from there on
                         `outside` is asked */
    uint32_t options; /* of the where of choice(list where …): 1 + the list, whose columns are looked
                         up first; else 0 */
    const struct arguments *arguments; /* in the body of a function: what its parameters are */
};

/* Where the where of choice(list where …) stands: the columns, then what is around `outside`. */
struct place place_of_option(const struct place *outside, uint32_t list);

/* The place of what is written at `node`'s items (`inside`) or at the node itself. */
struct place place_inside(const struct ir *ir, uint32_t node);
struct place place_of(const struct ir *ir, uint32_t node);
/* Of a check that is a modifier of `owner`, or stands in it. */
struct place place_of_check(const struct ir *ir, uint32_t owner);

struct found {
    uint32_t node;
    uint32_t rows; /* the innermost repeat that the path goes into from outside: it means many rows. Or
                      IR_NONE */
    uint32_t from; /* the container in which its first name stood */
    const struct place *place; /* whose row `from` is seen from */
    uint32_t column;           /* of place->options: then there is no node. Or IR_NONE */
    uint32_t used;             /* how many names of the path it took: those behind are columns */
};

/* False: there is no such thing, and the user has been told. Of lookup_path() the whole path leads to a
 * node. */
bool lookup_path(struct checking *ck, const struct place *place, const struct expr *path,
                 struct found *ret_found);
/* What a value is looked for by: the path may go on behind it, or begin with a column. */
bool lookup_value(struct checking *ck, const struct place *place, const struct expr *path,
                  struct found *ret_found);
/* Of `prior.x`: a field or let of the row at hand. */
bool lookup_prior(struct checking *ck, const struct place *place, const struct expr *path,
                  struct found *ret_found);
/* Names of a path from `at` on stand behind a node that holds no items. */
void lookup_complain_inside(struct checking *ck, const struct expr *path, uint32_t at, uint32_t node);

/* Whether a path may begin with this name here. */
bool lookup_is_known(const struct checking *ck, const struct place *place, struct str name);

/* The item of that name in a form, group or repeat, or IR_NONE. */
uint32_t lookup_item(const struct checking *ck, uint32_t container, struct str name);
/* "did you mean" among the items of one container, or NULL. */
const char *lookup_suggest(struct checking *ck, uint32_t container, struct str name);

#endif
