/* Inside: what the engine's own files share. */
#ifndef ENGINE_INSIDE_H
#define ENGINE_INSIDE_H

#include "engine/cache.h"
#include "engine/commons.h"
#include "engine/engine.h"
#include "engine/library.h"
#include "engine/summary.h"
#include "engine/tenancy.h"
#include "engine/usage.h"

struct engine_tally {
    atomic_uint_fast64_t definitions_loaded, evaluations, steps, malformed;
    atomic_uint_fast64_t limit_steps, limit_memory, limit_time, faults;
    atomic_uint_fast64_t intakes[INTAKE_REFUSED + 1];
};

struct engine {
    struct mem *mem;
    struct clock *clock;
    struct log *log;
    const struct presenter *presenter;
    struct tenants *tenants;
    struct cache cache;
    struct engine_tally tally;
    struct usage usage;
    struct library library;
    struct commons commons;
    struct summaries summaries;
    struct tenancies tenancies;
    pthread_mutex_t atlas_lock;
    struct atlas *atlas; /* NULL: nobody has asked yet. See engine_atlas() */
    pthread_mutex_t workers_lock;
    struct worker *workers;
    uint64_t judging_steps_max; /* as engine_options has them */
    uint32_t judging_ms_max;
    int64_t swept_apart_us; /* retention_apart_us() at the last sweep */
};

static inline void tally_add(atomic_uint_fast64_t *count, uint64_t more)
{
    atomic_fetch_add_explicit(count, more, memory_order_relaxed);
}

/* How far the time of day is ahead of the steady clock: it changes when somebody sets the former. */
int64_t retention_apart_us(struct clock *clk);

/* Waits for the write, with the call's arena and actor; leaves the refusal in the call. */
enum status call_write(struct call *call, struct write *write) MUST_USE;

/* All time zones, read when first asked for; they stay as long as the engine. */
enum status engine_atlas(struct engine *engine, const struct atlas **ret_atlas) MUST_USE;
/* Paid before it is done; `begun`: what goes before was paid for, so it is not refused any more. */
enum status call_pay(struct call *call, struct str tenant, uint64_t steps, bool begun) MUST_USE;
/* What the tenant may publish. What was published before is served whatever it may now. */
enum status call_caps(struct call *call, struct str tenant, struct price_caps *ret_caps) MUST_USE;
/* From version `number` of the form to the text; what is wrong goes to `diags`. */
enum status carrying_compile(struct call *call, struct str tenant, struct str form, uint32_t number,
                             struct str to, struct diags *diags,
                             struct dsl_migration **ret_migration) MUST_USE;

/* Carrying from one version to another, batch after batch. ST_INPUT: carrying->check says why not. */
struct carrier;
struct carrying;
enum status carrier_new(struct call *call, struct carrying *carrying,
                        struct carrier **ret_carrier) MUST_USE;
/* One; its steps are told, not charged. */
enum status carrier_batch(struct carrier *carrier, struct call *call,
                          struct carrying *carrying) MUST_USE;
/* NULL is fine. */
void carrier_free(struct carrier *carrier);
/* Then indexing_add() for each value, as verdict_tell_indexed() tells them; then indexing->failure. */
void indexing_begin(struct indexing *indexing, const struct program *program, struct arena *arena);
void indexing_add(void *indexing, uint32_t node, struct str key);

/* State or quotas of the tenant have changed, or its file came back: nothing that is kept of it in
 * memory holds any more. Called after the change is on disk and before it is answered. */
void tenant_changed(struct engine *engine, struct str tenant);

/* Its source, charged to its tenant; `whole`: with the render document, else what judging takes.
 * ST_FAULT: it does not compile any more, which is logged. */
enum status definition_compile(struct engine *engine, const struct definition *definition,
                               struct str source, bool whole, struct arena *arena,
                               struct program **ret_program) MUST_USE;
/* Reads the version and compiles it. */
enum status definition_load(struct engine *engine, struct str tenant, struct str form, uint32_t number,
                            struct definition **ret_definition) MUST_USE;

/* engine_version_find(), and what compiling it costs is taken from the tenant. */
enum status engine_version_open(struct call *call, struct str tenant, struct str form, uint32_t number,
                                struct version_record *ret_version) MUST_USE;

/* Every tenant by id, whatever its state, until *stop; those that come or go meanwhile may be missed.
 */
void engine_each_tenant(struct engine *engine, const atomic_bool *stop,
                        void (*visit)(const struct tenant_record *tenant, void *user), void *user);

/* The form's title in its first language, without interpolations, cut to limit(TITLE_BYTES). In the
 * arena. */
struct str program_title(const struct program *program, struct arena *arena);

#endif
