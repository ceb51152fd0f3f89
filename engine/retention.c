/* Retention: submissions that are older than their form keeps them are erased, behind everybody's back
 * and a batch at a time. */
#include "engine/inside.h"

/* False: there is nothing more to do in this tenant now. */
static bool erase_some(struct engine *engine, struct str tenant)
{
    struct arena arena;
    struct call call;
    struct write write = {.kind = WRITE_SUBMISSIONS_EXPIRE, .tenant = tenant};
    arena_init(&arena, engine->mem, limit(REQUEST_ARENA_BYTES));
    call_init(&call, engine, &arena, STR("retention"));
    call.actor.why = STR("the form's retention_days");
    enum status st = submissions_expired(engine->tenants, tenant, call.actor.at_ms, &arena,
                                         &write.submissions_expire.form);
    if (!st) st = call_write(&call, &write);
    if (st && st != ST_ABSENT)
        log_event(engine->log, LOG_WARN, "what is too old is not erased", LOG_STR("tenant", tenant),
                  LOG_STR("status", str_of(status_name(st))));
    arena_release(&arena);
    return !st && write.submissions_expire.ret_erased > 0;
}

/* Answers that were saved to go on with, and nobody has. Nobody's name is in the audit log for it: they
 * were the respondent's alone. */
static bool drop_some(struct engine *engine, struct str tenant)
{
    struct arena arena;
    struct call call;
    bool any = false;
    struct write write = {.kind = WRITE_SAVED_EXPIRE, .tenant = tenant};
    arena_init(&arena, engine->mem, limit(REQUEST_ARENA_BYTES));
    call_init(&call, engine, &arena, STR("retention"));
    enum status st = saved_is_over(engine->tenants, tenant, call.actor.at_ms, &any);
    if (!st && any) st = call_write(&call, &write);
    if (st)
        log_event(engine->log, LOG_WARN, "what was saved and is over is not erased",
                  LOG_STR("tenant", tenant), LOG_STR("status", str_of(status_name(st))));
    arena_release(&arena);
    return !st && any && write.saved_expire.ret_erased > 0;
}

/* Invitations that nobody has used, or may use any more. */
static bool end_some(struct engine *engine, struct str tenant)
{
    struct arena arena;
    struct call call;
    struct write write = {.kind = WRITE_INVITATIONS_EXPIRE, .tenant = tenant};
    arena_init(&arena, engine->mem, limit(REQUEST_ARENA_BYTES));
    call_init(&call, engine, &arena, STR("retention"));
    enum status st = invitations_over(engine->tenants, tenant, call.actor.at_ms, &arena,
                                      &write.invitations_expire.form);
    if (!st) st = call_write(&call, &write);
    if (st && st != ST_ABSENT)
        log_event(engine->log, LOG_WARN, "invitations that are over are not ended",
                  LOG_STR("tenant", tenant), LOG_STR("status", str_of(status_name(st))));
    arena_release(&arena);
    return !st && write.invitations_expire.ret_changed > 0;
}

struct sweeping {
    struct engine *engine;
    const atomic_bool *stop;
};

static void sweep(const struct tenant_record *tenant, void *user)
{
    const struct sweeping *sweeping = user;
    if (tenant->state != TENANT_ACTIVE) return;
    while (!atomic_load(sweeping->stop) && erase_some(sweeping->engine, tenant->id)) continue;
    while (!atomic_load(sweeping->stop) && drop_some(sweeping->engine, tenant->id)) continue;
    while (!atomic_load(sweeping->stop) && end_some(sweeping->engine, tenant->id)) continue;
}

int64_t retention_apart_us(struct clock *clk)
{
    return clk->wall_us(clk) - clock_steady_ns(clk) / 1000;
}

/* What is erased does not come back, and to a clock that was set ahead by mistake everything is old:
 * the next look believes it, if it still says so. */
static bool was_set_ahead(struct engine *engine)
{
    int64_t apart_us = retention_apart_us(engine->clock), ahead_us = apart_us - engine->swept_apart_us;
    engine->swept_apart_us = apart_us;
    if (ahead_us <= limit(SWEEP_JUMP_SECONDS) * INT64_C(1000000)) return false;
    log_event(engine->log, LOG_WARN, "the clock was set ahead: nothing is erased before the next look",
              LOG_INT("seconds", ahead_us / 1000000));
    return true;
}

void engine_sweep(struct engine *engine, const atomic_bool *stop)
{
    struct sweeping sweeping = {engine, stop};
    if (was_set_ahead(engine)) return;
    engine_each_tenant(engine, stop, sweep, &sweeping);
}

void engine_close_idle(struct engine *engine)
{
    tenants_tidy(engine->tenants);
}
