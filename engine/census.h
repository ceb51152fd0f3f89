/* Census: what is counted of the answers to one version of a form, and counting it.
 *
 *     st = census_plan(&arena, program, options_max, counters_max, &census);
 *     counters = zeroes[census.counter_count]; sums = zeroes[census.sum_count];
 *     census_add(&census, answers, counters, sums);            once for each submission
 *
 * Two censuses of the same program have the same places, so counts may be kept longer than the plan,
 * and added up. Answers are those that are stored: normalised. What is no answer of the version is
 * passed over. */
#ifndef ENGINE_CENSUS_H
#define ENGINE_CENSUS_H

#include "base/arena.h"
#include "base/buf.h"
#include "dsl/program.h"

__extension__ typedef __int128 census_wide;

enum census_kind {
    CENSUS_NOTHING, /* no answer of people, or too many before it */
    CENSUS_ROWS,    /* of a repeat */
    CENSUS_ANSWERED,
    CENSUS_BOOLEAN, /* options: false, true */
    CENSUS_CHOICE,
    CENSUS_CHOICES, /* each that is chosen */
    CENSUS_RANKING, /* the first */
    CENSUS_EXACT,   /* has a sum */
};

/* Of a node. Its counters: how often it is answered (rows there are), then each of its options, then
 * the options after those, then what no option says. */
struct census_place {
    enum census_kind kind;
    uint32_t counter, options;
    uint32_t sum;
};

/* How often is what its counter says. */
struct census_sum {
    census_wide sum;
    int64_t least, most; /* in units of the field's scale */
};

struct census {
    const struct program *program;
    const struct census_place *places; /* of all nodes */
    uint32_t counter_count, sum_count;
};

static inline bool census_has_options(enum census_kind kind)
{
    return kind == CENSUS_BOOLEAN || kind == CENSUS_CHOICE || kind == CENSUS_CHOICES ||
           kind == CENSUS_RANKING;
}

/* The census lives in the arena, the program must outlive it. */
enum status census_plan(struct arena *arena, const struct program *program, uint32_t options_max,
                        uint32_t counters_max, struct census *ret_census) MUST_USE;

/* False: that is no JSON from some place on; what stands before it has been counted. */
bool census_add(const struct census *census, struct str answers, uint64_t *counters,
                struct census_sum *sums);

/* `counted`, `more_counted`: how many numbers each is the sum of. */
void census_sum_add(struct census_sum *sum, uint64_t counted, const struct census_sum *more,
                    uint64_t more_counted);

/* "-12.30" */
void census_put_wide(struct buf *out, census_wide value, unsigned scale);

#endif
