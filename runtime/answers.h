/* Answers: what was sent, typed and in rows, and what the rules made of it.
 *
 *     answers_begin(&answers, plan, &arena)               the form's own row, all missing
 *     answers_add_row(&answers, scope, parent_row, &row)
 *     struct slot *slot = answers_slot(&answers, scope, row, plan_node->slot);
 *
 * Each scope has one table, row after row in document order. Everything lives in the arena of the
 * judging. */
#ifndef RUNTIME_ANSWERS_H
#define RUNTIME_ANSWERS_H

#include "base/atlas.h"
#include "runtime/finding.h"
#include "runtime/plan.h"

enum slot_state { SLOT_MISSING, SLOT_SET, SLOT_BROKEN };

struct slot {
    union {
        int64_t
            exact; /* exact kinds, DATE, TIME, DATETIME, BOOLEAN, CHOICE as dsl/program.h has them */
        double number;    /* NUMBER */
        const char *text; /* TEXT, CHOICES (bits) */
    } value;              /* BROKEN with `bound`: the min or max that it breaks */
    uint32_t len;   /* of `text`, in bytes. ZONED: 1 + the zone's number in the atlas, 0: the type's */
    int16_t offset; /* DATETIME: minutes east of UTC, as it was written. CHOICE, CHOICES, BROKEN:
                       1 when what was written in is what is too short or too long */
    uint8_t state;  /* enum slot_state */
    uint8_t code : 7;  /* BROKEN: enum finding_code */
    uint8_t bound : 1; /* BROKEN by what a rule worked out: MIN and MAX have it in `value` */
};

/* The rows of one repeat inside one row around it. */
struct brood {
    uint32_t begin;        /* its first row, among all of the scope */
    uint32_t count;        /* rows kept */
    uint32_t sent;         /* rows in the array; more than `count` when some are past the most */
    enum slot_state state; /* MISSING: no array; BROKEN: something that is none */
};

struct table {
    struct slot *slots;   /* [count * width] */
    uint32_t *parents;    /* per row: its row of the scope around */
    struct brood *broods; /* per row of the scope around */
    uint32_t width;
    uint32_t count, capacity;
    uint32_t brood_count, brood_capacity;
};

struct answers {
    const struct plan *plan;
    const struct atlas *atlas; /* of ZONED answers; may be NULL */
    struct arena *arena;
    struct table *tables;     /* per scope */
    uint32_t broken;          /* slots that are */
    struct findings findings; /* UNKNOWN, and TYPE of groups, repeats and rows; CHECK from the rules */
};

/* These return false when the arena is full. */
MUST_USE bool answers_begin(struct answers *answers, const struct plan *plan, struct arena *arena);
/* A row at the end of the scope, all missing, under `parent` of the scope around. */
MUST_USE bool answers_add_row(struct answers *answers, uint32_t scope, uint32_t parent,
                              uint32_t *ret_row);

static inline struct slot *answers_slot(const struct answers *answers, uint32_t scope, uint32_t row,
                                        uint32_t slot)
{
    const struct table *table = &answers->tables[scope];
    return &table->slots[(size_t)row * table->width + slot];
}

/* The value of a FIELD or LET in a row of its scope. */
struct slot *answers_of(const struct answers *answers, uint32_t node, uint32_t row);
/* The row of `outer` that holds row `row` of `scope`; `outer` is `scope` or around it. */
uint32_t answers_row_in(const struct answers *answers, uint32_t scope, uint32_t row, uint32_t outer);
struct answers_span {
    int64_t least, most;
};

/* How many rows the array of a repeat may have, whose place is in `row` of the scope it lies in: as
 * declared, and within that as other answers say. */
struct answers_span answers_rows(const struct answers *answers, uint32_t repeat, uint32_t row);
/* The value of a LET that is an INTEGER and worked out for another node, or `missing`. */
int64_t answers_let(const struct answers *answers, uint32_t let, uint32_t row, int64_t missing);
/* Whether the node is relevant in a row of its scope (a row of a repeat as a whole: in that scope). */
bool answers_relevant(const struct answers *answers, uint32_t node, uint32_t scope, uint32_t row);

#endif
