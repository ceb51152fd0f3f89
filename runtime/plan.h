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
    PLAN_KEEP = 256,     /* stored also while it is not relevant */
    PLAN_ANSWERED = 512, /* a FIELD, and not COMPUTED */
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
    uint16_t decider_scope,
        decider_slot; /* PLAN_CONDITIONAL: where it is said whether it is relevant */
    uint8_t kind, type, scale, format;
    uint16_t flags;
    uint16_t part; /* FIELD: the slot, within its row, of the other half of its answer; 0: none */
};

/* A slot that goes over to Lua or comes back. */
struct plan_port {
    uint32_t slot;   /* the number Lua knows it by */
    uint32_t offset; /* within its row */
    enum program_type type;
    bool flag;         /* a relevance or required slot: only true is true */
    int64_t low, high; /* exact kinds: what a value lies within; CHOICES: `high` options */
};

/* A field that may be demanded. */
struct plan_demand {
    uint32_t node;
    uint16_t slot;     /* within its row */
    uint16_t required; /* PLAN_REQUIRED_WHEN: the flag's, within its row; else its own slot */
};

struct plan_scope {
    uint32_t first_slot, width; /* slots a row */
    uint32_t first_child;       /* scopes right under it, a chain; PROGRAM_NONE ends it */
    uint32_t next_sibling;
    const struct plan_port *inputs; /* what rules read */
    uint32_t input_count;
    const struct plan_port *outputs; /* what rules write: first values, then flags */
    uint32_t output_count;
    uint32_t value_count; /* of them values */
    const struct plan_demand *demands;
    uint32_t demand_count;
};

/* The codes of a list. Short lists are looked through by a mark of each code, which beats any hash. */
struct plan_list {
    const uint64_t *marks;   /* [count]; NULL: a long list, ask `table` */
    const struct str *codes; /* [count] */
    uint32_t count;
    const struct name_table *table;
};

struct plan {
    const struct program *program;
    const struct plan_list *lists;
    const struct plan_node *nodes;
    const struct plan_scope *scopes;
    struct matcher **matchers; /* [program->pattern_count]; NULL where there is a dfa */
    bool direct;      /* the form's slots go to the rules as arguments and come back as results */
    bool conditional; /* some node has a `when` */
    bool keeps;       /* some node is kept */
};

/* Up to 7 bytes, all of it; of more, the first and the last 8 and something of the length. */
static inline uint64_t plan_mark(struct str code)
{
    size_t len = code.len;
    if (len >= 8)
        return hash_load(code.ptr, 8) + (hash_load(code.ptr + len - 8, 8) ^ len) * 0x9e3779b97f4a7c15u;
    uint64_t size = (uint64_t)len << 56;
    if (len >= 4)
        return size | hash_load(code.ptr, 4) | hash_load(code.ptr + len - 4, 4) << 8 * (len - 4);
    if (len == 0) return 0;
    return size | (unsigned char)code.ptr[0] |
           (uint64_t)(unsigned char)code.ptr[len / 2] << 8 * (len / 2) |
           (uint64_t)(unsigned char)code.ptr[len - 1] << 8 * (len - 1);
}

/* The same of a code with 8 bytes at its beginning, whatever they are behind it. */
static inline uint64_t plan_mark_roomy(struct str code)
{
    if (code.len >= 8) return plan_mark(code);
    uint64_t bytes = hash_load(code.ptr, 8), size = (uint64_t)code.len;
    return size << 56 | (bytes & ((UINT64_C(1) << 8 * size) - 1));
}

static inline uint32_t plan_find_mark(const struct plan_list *list, struct str code, uint64_t mark)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (list->marks[i] == mark && (code.len < 8 || str_eq(list->codes[i], code))) return i;
    return NAME_ABSENT;
}

/* The option's number from 0, or NAME_ABSENT. */
static inline uint32_t plan_find_option(const struct plan_list *list, struct str code)
{
    if (!list->marks) return name_table_find(list->table, code);
    return plan_find_mark(list, code, plan_mark(code));
}

/* Everything lives in the arena but the matchers: plan_release(). `program` outlives the plan. ST_LIMIT
 * when a pattern is too much for the matcher too. */
MUST_USE enum status plan_make(struct arena *arena, const struct program *program,
                               struct plan *ret_plan);
/* A zeroed plan is fine. */
void plan_release(struct plan *plan);

#endif
