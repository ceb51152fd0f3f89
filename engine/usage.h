/* Usage: what each form of each tenant was used for since the engine was opened.
 *
 *     definition->usage = usage_row(&usage, tenant, form);      once, when it is loaded
 *     usage_add(definition->usage, USAGE_STEPS, 482);           any thread, no lock
 *
 * Rows stay until the end; there are as many as forms that were published and used, and never more than
 * rows_max. Whatever comes later is counted in one row that belongs to nobody and shows only in the sum
 * over all. */
#ifndef ENGINE_USAGE_H
#define ENGINE_USAGE_H

#include "engine/engine.h"

#include <pthread.h>

enum { USAGE_BUCKETS = 1024 };

struct usage_tenant;

struct usage_row {
    struct usage_row *next; /* of the same tenant, by name */
    struct str form;        /* behind it, in the same block */
    size_t block_bytes;
    atomic_uint_fast64_t counts[USAGE_COUNT];
};

struct usage {
    struct mem *mem;
    pthread_mutex_t lock; /* over the chains; counts need none */
    struct usage_tenant *buckets[USAGE_BUCKETS];
    uint32_t rows, rows_max;
    int64_t since_ms;
    struct usage_row rest; /* what no row was left for */
};

void usage_init(struct usage *usage, struct mem *mem, uint32_t rows_max, int64_t now_ms);
/* A zeroed one is fine. */
void usage_release(struct usage *usage);

/* Never NULL: without memory or room it is `rest`. */
struct usage_row *usage_row(struct usage *usage, struct str tenant, struct str form);

static inline void usage_add(struct usage_row *row, enum usage_kind kind, uint64_t more)
{
    atomic_fetch_add_explicit(&row->counts[kind], more, memory_order_relaxed);
}

/* See engine_usage_list() and engine_usage_top(). */
enum status usage_list(struct usage *usage, struct str tenant, struct str after, uint32_t count_max,
                       struct arena *arena, struct usage_page *ret_page) MUST_USE;
enum status usage_top(struct usage *usage, uint32_t count_max, struct arena *arena,
                      struct usage_page *ret_page) MUST_USE;

#endif
