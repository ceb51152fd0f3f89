/* Finding: one thing that is wrong with the answers, and where.
 *
 *     findings_add(&findings, (struct finding){.code = FINDING_CHECK, .node = …, .scope = …, .row = …,
 * .detail = check});
 *
 * A place is a node in a row. A REPEAT with its own scope is one of its rows as a whole; with the scope
 * it lies in, the array. */
#ifndef RUNTIME_FINDING_H
#define RUNTIME_FINDING_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum finding_code {
#define FINDING(NAME, name) FINDING_##NAME,
#include "runtime/finding.def"
#undef FINDING
};

/* "too_short". Static. */
struct str finding_name(enum finding_code code);

struct finding {
    uint32_t node, scope, row; /* the place; rows from 0 */
    uint32_t detail;           /* CHECK: which one */
    uint32_t detail_row;       /* CHECK: the row it ran for, of the check's scope */
    enum finding_code code;
    struct str name; /* UNKNOWN: the member's */
};

/* Findings in the order in which they were made. */
struct findings {
    struct arena *arena;
    struct finding *items;
    uint32_t count, capacity;
};

void findings_init(struct findings *findings, struct arena *arena);
/* False when the arena is full. */
bool findings_add(struct findings *findings, struct finding finding);
/* By scope, row and node; those of one place stay in the order in which they were made, but for checks, which come in the order of the
 * form and its rows. False when the arena is full. */
bool findings_sort(struct findings *findings);

#endif
