/* Library: lookup tables in memory, each of its bytes once, for whichever definitions use it.
 *
 *     struct shelf shelf;                                       one compilation's
 *     shelf_open(&shelf, engine, tenant, &arena);
 *     dsl_compile_with(mem, source, &shelf.tables, …)
 *     shelf_close(&shelf);
 *
 * The library keeps the last LIBRARY_SHEETS that were asked for; a program keeps its own. */
#ifndef ENGINE_LIBRARY_H
#define ENGINE_LIBRARY_H

#include "base/limits.h"
#include "dsl/dsl.h"
#include "tenants/tenants.h"

#include <pthread.h>

enum { LIBRARY_SHEETS = 64 };

struct library {
    pthread_mutex_t lock;
    struct sheet *sheets[LIBRARY_SHEETS];
    uint32_t next; /* the place that is given up next */
};

void library_init(struct library *library);
void library_release(struct library *library);

struct engine;
struct shelf {
    struct dsl_tables tables;
    struct engine *engine;
    struct str tenant;
    struct arena *arena;
    struct sheet *held[LIMIT_TABLES];
    uint32_t held_count;
};
void shelf_open(struct shelf *shelf, struct engine *engine, struct str tenant, struct arena *arena);
void shelf_close(struct shelf *shelf);

#endif
