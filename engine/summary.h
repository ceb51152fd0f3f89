/* Summary: what has been counted of a form's submissions so far, and counting what came in since.
 *
 *     summary = summaries_take(&engine->summaries, tenant, form);      its lock is held
 *     st = summary_catch_up(summary, call, &shelf);                    reads what it has not seen
 *     … summary->blocks …
 *     summaries_give(&engine->summaries, summary);
 *
 * In memory only, and off the write path: submissions are read as lists read them, some rows at a time,
 * by connections that only read. The order of time is cut into blocks that are counted apart, so that
 * the erasure of a submission costs counting its block again and not all of them: what it said is not
 * there any more to be taken away. Everything that is counted can be added up, so two blocks become one
 * when there are too many. Whoever is not asked for goes when room is short, and is counted anew. */
#ifndef ENGINE_SUMMARY_H
#define ENGINE_SUMMARY_H

#include "engine/census.h"
#include "engine/engine.h"

#include <pthread.h>

/* Zero: the limit of that name. */
struct summary_caps {
    uint32_t rows, options, counters, versions, days, block_rows, blocks;
    size_t form_bytes, bytes;
};

/* Of one version in one block. */
struct tally {
    struct tally *next; /* by version */
    size_t block_bytes;
    uint32_t version;
    uint64_t submissions, unread;
    int64_t first_ms, last_ms;
    uint32_t counter_count, sum_count; /* 0: too old, only the submissions are counted */
    uint64_t *counters;
    struct census_sum *sums;
};

struct block {
    struct survey_place after; /* its submissions come after that, up to the next block's `after` */
    struct survey_place last;  /* seen */
    uint64_t rows;
    bool dirty; /* empty, to be counted again */
    struct tally *tallies;
    struct day_count *days; /* by day and version */
    uint32_t day_count, day_room;
    uint64_t earlier; /* than those */
};

struct summary {
    struct summary *newer, *older; /* by last use; the store's */
    uint32_t users;
    bool stale; /* to be forgotten by the next user */
    size_t counted_bytes;
    char tenant[LIMIT_TENANT_ID_BYTES + 1], form[LIMIT_FORM_NAME_BYTES + 1];
    struct mem *mem;
    const struct summary_caps *caps;

    pthread_mutex_t lock; /* over what follows */
    bool forgotten;       /* begins anew */
    size_t bytes;
    struct survey_head head; /* as it was at the last look */
    uint64_t seen, erased;   /* of head.submissions and head.erased: they are in here */
    uint64_t seq;            /* seen are those up to it; */
    bool counting;           /* and going on with those up to goal_seq, up to `at` in time */
    uint64_t goal, goal_seq;
    struct survey_place at;
    struct block *blocks;
    uint32_t block_count, block_room;
    uint64_t block_rows; /* of a block that is full */
};

struct summaries {
    struct mem *mem;
    struct summary_caps caps;
    pthread_mutex_t lock;
    struct summary *newest, *oldest;
    size_t bytes;
};

/* The versions that one request has to do with. */
struct shelved {
    struct definition *definition;
    struct census census;
};
struct census_shelf {
    struct arena arena;
    struct shelved *items;
    uint32_t count, room;
};

void summaries_init(struct summaries *summaries, struct mem *mem, const struct summary_caps *caps);
void summaries_release(struct summaries *summaries);
/* Locked, for one caller at a time. NULL: no memory. */
struct summary *summaries_take(struct summaries *summaries, struct str tenant, struct str form);
void summaries_give(struct summaries *summaries, struct summary *summary);
/* What is known of the tenant is counted anew. */
void summaries_forget(struct summaries *summaries, struct str tenant);

void census_shelf_open(struct census_shelf *shelf, struct mem *mem);
void census_shelf_close(struct census_shelf *shelf);
/* NULL: not found before. */
const struct shelved *census_shelf_held(const struct census_shelf *shelf, uint32_t version);
/* NULL in *ret_shelved: so old a version that its answers are not counted. */
enum status census_shelf_find(struct census_shelf *shelf, struct call *call,
                              const struct summary *summary, uint32_t version,
                              const struct shelved **ret_shelved) MUST_USE;

/* ST_ABSENT: no such form. What it had no time for is left to the next call; what was erased before
 * this one began is not in the counts afterwards. */
enum status summary_catch_up(struct summary *summary, struct call *call,
                             struct census_shelf *shelf) MUST_USE;

/* Submissions in the counts. */
uint64_t summary_rows(const struct summary *summary);
/* Of the same version; `shelved` NULL: their answers do not matter. */
void tally_join(struct tally *into, const struct tally *more, const struct shelved *shelved);
void block_empty(struct summary *summary, struct block *block);
/* Added to those that `into` has; the newest caps->days are kept. */
enum status block_add_days(struct summary *summary, struct block *into, const struct day_count *days,
                           uint32_t count) MUST_USE;

#endif
