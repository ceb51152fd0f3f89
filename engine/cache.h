/* Cache: definitions in memory, by tenant, form and what is aimed at, the least lately used going
 * first.
 *
 *     definition = cache_find(cache, tenant, form, aim);          retained, or NULL
 *     epoch = cache_epoch(cache, tenant);                         before reading the storage
 *     … read, compile …
 *     cache_put(cache, tenant, form, aim, definition, epoch);     not kept if forgotten meanwhile
 *     cache_forget_channels(cache, tenant, form);                 after a channel was moved
 *     cache_forget(cache, tenant, form);                          after the form has changed
 *
 * A definition is kept once, under several names when it was aimed at in several ways (by its number,
 * by channels that stand for it): with any of them it stays, with the last it goes. The bytes counted
 * never exceed the maximum, except while cache_put() makes room. */
#ifndef ENGINE_CACHE_H
#define ENGINE_CACHE_H

#include "engine/engine.h"

#include <pthread.h>

struct cache_entry;
struct cache_name;
struct cache_load;

enum { CACHE_BUCKETS = 4096, CACHE_EPOCHS = 256 };

struct cache {
    struct mem *mem;
    pthread_mutex_t lock;
    pthread_cond_t loaded;
    struct cache_name **buckets;         /* CACHE_BUCKETS */
    struct cache_entry *newest, *oldest; /* by last use */
    struct cache_load *loads;            /* going on */
    uint64_t epochs[CACHE_EPOCHS];       /* by tenant: counts what was forgotten */
    size_t bytes, bytes_max;
    uint64_t entries; /* definitions */
    uint64_t hits, misses, evictions;
};

enum status cache_init(struct cache *cache, struct mem *mem, size_t bytes_max) MUST_USE;
/* A zeroed cache is fine. */
void cache_release(struct cache *cache);

/* Retained for the caller, or NULL. */
struct definition *cache_find(struct cache *cache, struct str tenant, struct str form, struct aim aim);
uint64_t cache_epoch(struct cache *cache, struct str tenant);
/* Keeps it (one more owner), unless something of the tenant was forgotten since `epoch` or it is larger
 * than the whole cache may be. Another that had this name has it no more. */
void cache_put(struct cache *cache, struct str tenant, struct str form, struct aim aim,
               struct definition *definition, uint64_t epoch);
/* It weighs `more` from now on, there or not; then others may have to go, or itself. */
void cache_grow(struct cache *cache, struct definition *definition, size_t more);
/* Everything of the form; `form` empty: of the tenant. */
void cache_forget(struct cache *cache, struct str tenant, struct str form);
/* What its channels stand for; versions by their numbers stay. */
void cache_forget_channels(struct cache *cache, struct str tenant, struct str form);

/* One load at a time for each key: true, the caller loads and then calls cache_load_end(); false,
 * someone else did it meanwhile and cache_find() is worth another look. */
struct cache_load {
    struct str tenant, form;
    struct aim aim;
    struct cache_load *next;
};
bool cache_load_begin(struct cache *cache, struct cache_load *load);
void cache_load_end(struct cache *cache, struct cache_load *load);

#endif
