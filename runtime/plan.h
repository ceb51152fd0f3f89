/* Plan: a program's shape once more, cut down to what judging touches, one cache line a node.
 *
 *     plan_make(&arena, program, &plan)      →  plan.nodes[i] goes with program->nodes[i]
 *
 * The pass and the walk for errors run over it; what is wrong or asked for seldom is looked up in the
 * program. Immutable once made. */
#ifndef RUNTIME_PLAN_H
#define RUNTIME_PLAN_H

#include "base/arena.h"
#include "base/status.h"
#include "dsl/program.h"
#include "runtime/matcher.h"

enum plan_flag {
    PLAN_REQUIRED = 1,      /* always */
    PLAN_REQUIRED_WHEN = 2, /* has a required slot */
    PLAN_COMPUTED = 4,
    PLAN_HAS_MIN = 8,
    PLAN_HAS_MAX = 16,
    PLAN_CONDITIONAL = 32, /* it or something around it has a `when` */
    PLAN_LENGTH = 64,      /* has bounds of length */
    PLAN_PATTERN = 128,
};

union plan_bound {
    int64_t exact;
    double number;
};

struct plan_node {
    const char *key_json;  /* "key": */
    const struct dfa *dfa; /* PLAN_PATTERN: the pattern's, or NULL: ask plan.matchers */
    union plan_bound min, max;
    uint32_t length_min, length_max; /* 0 and UINT32_MAX: open */
    uint32_t target;    /* CHOICE, CHOICES: list; TEXT: pattern; GROUP: object; REPEAT: own scope */
    uint32_t node;      /* its own number */
    uint16_t key_bytes; /* of key_json */
    uint16_t slot;      /* FIELD, LET: within its row */
    uint8_t kind, type, scale, format;
    uint8_t flags;
};

/* A slot that goes over to Lua or comes back. */
struct plan_port {
    uint32_t slot;   /* the number Lua knows it by */
    uint32_t offset; /* within its row */
    enum program_type type;
};

struct plan_scope {
    uint32_t first_slot, width; /* slots a row */
    uint32_t first_child;       /* scopes right under it, a chain; PROGRAM_NONE ends it */
    uint32_t next_sibling;
    const struct plan_port *inputs; /* what rules read */
    uint32_t input_count;
    const struct plan_port
        *outputs; /* what rules write: first what is read back, then what only they read */
    uint32_t output_count;
    uint32_t cleared_count; /* of both */
};

struct plan {
    const struct program *program;
    const struct plan_node *nodes;
    const struct plan_scope *scopes;
    struct matcher **matchers; /* [program->pattern_count]; NULL where there is a dfa */
    bool conditional;          /* some node has a `when` */
};

/* Everything lives in the arena but the matchers: plan_release(). `program` outlives the plan. ST_LIMIT
 * when a pattern is too much for the matcher too. */
MUST_USE enum status plan_make(struct arena *arena, const struct program *program,
                               struct plan *ret_plan);
/* A zeroed plan is fine. */
void plan_release(struct plan *plan);

#endif
