/* Reference: what docs/language.md says, worked out the slow and obvious way, to hold the compiler and
 * the runtime to.
 *
 *     reference_new(&arena, source, &diags, &reference)
 *     reference_judge(reference, &arena, &judging, &outcome)      outcome.verdict: {"valid", "errors",
 * "answers", "hidden"} reference_free(reference)
 *
 * It takes the checked form (dsl/ir.h) and the answers as a JSON tree and asks for each value when it
 * is needed, keeping what it has worked out. It knows nothing of shapes, slots, Lua, the order of
 * rules, passes or steps, and takes from runtime/ only what names outcomes, and RE2. It is also where
 * the checker's claims are tried: an expression that is "proven" present, within a range or free of
 * faults, and turns out not to be, is told in outcome.broken_claim. */
#ifndef TESTS_REFERENCE_REFERENCE_H
#define TESTS_REFERENCE_REFERENCE_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/status.h"
#include "base/zone.h"
#include "dsl/dsl.h"
#include "runtime/runtime.h"

struct reference;
struct plain_row;

struct reference_judging {
    struct str answers; /* JSON text */
    int64_t now_ms;
    const struct zone *zone;   /* NULL: UTC */
    const struct atlas *atlas; /* NULL: UTC only. comparison_judge() has its own */
    struct str locale;
    bool lenient;
};

/* A fault that is not the consequence of another one. */
struct reference_fault {
    uint32_t rule; /* index into ir.rules */
    enum fault_kind kind;
    const struct plain_row *row; /* the reference's own */
    struct str pointer;          /* the place of the rule, in that row */
};

struct reference_outcome {
    enum judge_state state; /* JUDGED, MALFORMED, FAULT or OVER_MEMORY */
    uint32_t error_count;
    struct str verdict;                    /* JUDGED; lives in the arena */
    struct str texts;                      /* JUDGED; the texts with values filled in */
    struct str suggestions, now, withheld; /* JUDGED; what follows the answers */
    const struct reference_fault *faults;  /* FAULT: each rule and kind that could be met first */
    uint32_t fault_count;
    struct str broken_claim; /* len 0: all held */
};

/* Checks `source`. ST_INPUT: diags say why not. The reference lives in `arena`, which keeps `source`
 * too. */
enum status reference_new(struct arena *arena, struct str source, const struct dsl_tables *tables,
                          struct diags *diags, struct reference **ret_reference) MUST_USE;
void reference_free(struct reference *reference);

/* ST_OK whatever the outcome's state. */
enum status reference_judge(const struct reference *reference, struct arena *arena,
                            const struct reference_judging *judging,
                            struct reference_outcome *ret_outcome) MUST_USE;

#endif
