/* Labour: operations worked off, a batch at a time. Nothing of it is kept in memory that is not in the
 * table too: whoever has died in the middle is gone on for by the next. */
#include "engine/inside.h"

#include <stdio.h>

enum {
    BUSY_WAIT_MS = 200,     /* for room in the queue of writes */
    AILING_WAIT_MS = 10000, /* for a tenant that takes no writes now */
};

struct labour {
    struct engine *engine;
    char tenant[LIMIT_TENANT_ID_BYTES + 1], id[IDENT_BYTES];
    struct arena arena;      /* of one turn */
    struct carrier *carrier; /* MIGRATE: NULL until the first batch */
    uint64_t last_seq;
    struct call call;
    struct operation_record operation;
};

enum status labour_new(struct engine *engine, struct str tenant, struct str id,
                       struct labour **ret_labour)
{
    struct labour *labour = mem_zalloc(engine->mem, sizeof *labour);
    if (!labour) return ST_NOMEM;
    labour->engine = engine;
    (void)snprintf(labour->tenant, sizeof labour->tenant, "%.*s", STR_ARG(tenant));
    (void)snprintf(labour->id, sizeof labour->id, "%.*s", STR_ARG(id));
    arena_init(&labour->arena, engine->mem,
               (size_t)limit(REQUEST_ARENA_BYTES) + 4 * (size_t)limit(PAGE_BYTES));
    *ret_labour = labour;
    return ST_OK;
}

void labour_free(struct labour *labour)
{
    if (!labour) return;
    carrier_free(labour->carrier);
    arena_release(&labour->arena);
    mem_free(labour->engine->mem, labour, sizeof *labour);
}

/* Whoever began it does it. */
static enum status look(struct labour *labour)
{
    arena_reset(&labour->arena);
    enum status st = operation_find(labour->engine->tenants, str_of(labour->tenant), str_of(labour->id),
                                    &labour->arena, &labour->operation);
    if (st) return st;
    call_init(&labour->call, labour->engine, &labour->arena, labour->operation.made_by);
    labour->call.actor.why = labour->operation.why;
    labour->call.actor.where = STR("operation");
    labour->call.actor.request_id = labour->operation.id;
    return ST_OK;
}

static enum status move(struct labour *labour, enum operation_state to, uint64_t total,
                        struct str fault)
{
    struct write write = {
        .kind = WRITE_OPERATION_MOVE,
        .tenant = str_of(labour->tenant),
        .operation_move = {.id = str_of(labour->id), .to = to, .total = total, .fault = fault}};
    enum status st = call_write(&labour->call, &write);
    if (!st) labour->operation = write.operation_move.ret_operation;
    return st;
}

static enum status begin(struct labour *labour)
{
    const struct operation_record *operation = &labour->operation;
    uint64_t total = 1;
    enum status st = ST_OK;
    if (operation->kind == OPERATION_MIGRATE)
        st = carry_total(labour->engine->tenants, str_of(labour->tenant), operation->form,
                         operation->from, operation->to, &total);
    return st ? st : move(labour, OPERATION_RUNNING, total, STR(""));
}

/* ---------------------------------------------------------------- a migration */

static enum status carry_batch(struct labour *labour, struct carrying *carrying)
{
    const struct operation_record *operation = &labour->operation;
    *carrying = (struct carrying){.tenant = str_of(labour->tenant),
                                  .form = operation->form,
                                  .from = operation->from,
                                  .to = operation->to,
                                  .keep = true,
                                  .operation = operation->id};
    enum status st = ST_OK;
    if (!labour->carrier) st = carrier_new(&labour->call, carrying, &labour->carrier);
    return st ? st : carrier_batch(labour->carrier, &labour->call, carrying);
}

/* Half of the tenant's steps a second are for what it asks for meanwhile. */
static int64_t pause_ms(const struct tenant_record *tenant, uint64_t steps)
{
    uint64_t a_second = (uint64_t)tenant->quotas.value[QUOTA_STEPS] / 2;
    uint64_t ms = a_second ? steps * 1000 / a_second : steps;
    return ms < AILING_WAIT_MS ? (int64_t)ms : AILING_WAIT_MS;
}

/* ---------------------------------------------------------------- a snapshot */

static enum status take_snapshot(struct labour *labour)
{
    struct tenants *tenants = labour->engine->tenants;
    struct write write = {.kind = WRITE_SNAPSHOT_ADD, .tenant = str_of(labour->tenant)};
    enum status st =
        snapshot_make(tenants, str_of(labour->tenant), labour->operation.id, labour->call.actor.at_ms,
                      &labour->arena, &write.snapshot_add.snapshot);
    if (st) return st;
    st = call_write(&labour->call, &write);
    if (!st) labour->operation = write.snapshot_add.ret_operation;
    else snapshot_remove(tenants, str_of(labour->tenant), labour->operation.id);
    return st;
}

/* ---------------------------------------------------------------- one turn */

static enum status work(struct labour *labour, const struct tenant_record *tenant, int64_t *ret_wait_ms)
{
    struct carrying carrying;
    enum status st = labour->operation.state == OPERATION_QUEUED ? begin(labour) : ST_OK;
    if (!st && labour->operation.kind == OPERATION_SNAPSHOT) return take_snapshot(labour);
    if (!st) st = carry_batch(labour, &carrying);
    if (st) return st;
    *ret_wait_ms = pause_ms(tenant, carrying.steps);
    return carrying.more ? ST_OK : move(labour, OPERATION_DONE, 0, STR(""));
}

static bool give_up(struct labour *labour, struct str fault)
{
    log_event(labour->engine->log, LOG_WARN, "an operation has failed",
              LOG_STR("tenant", str_of(labour->tenant)), LOG_STR("operation", str_of(labour->id)),
              LOG_STR("fault", fault));
    /* It begins to fail from running; one that cannot even be begun has begun by failing. */
    enum status st = ST_OK;
    if (labour->operation.state == OPERATION_QUEUED) st = move(labour, OPERATION_RUNNING, 0, STR(""));
    if (!st) st = move(labour, OPERATION_FAILED, 0, fault);
    return st != ST_OK;
}

/* What passes is waited for. */
static bool after_failure(struct labour *labour, enum status st, int64_t *ret_wait_ms)
{
    enum refusal refusal = labour->call.refusal;
    *ret_wait_ms = AILING_WAIT_MS;
    if (refusal == REFUSAL_OPERATION_OVER || refusal == REFUSAL_ILLEGAL_TRANSITION) return false;
    if (labour->call.excess.exceeded || st == ST_OVERLOADED || st == ST_TIMEOUT) {
        *ret_wait_ms = BUSY_WAIT_MS;
        return true;
    }
    bool passes = st == ST_DENIED || st == ST_DEGRADED || st == ST_IO || st == ST_LOCKED ||
                  st == ST_NOMEM || (st == ST_FULL && refusal == REFUSAL_NONE);
    if (passes) return true;
    const char *word = refusal          ? refusal_code(refusal)
                       : st == ST_INPUT ? "definition-invalid"
                                        : status_name(st);
    return give_up(labour, str_of(word));
}

bool labour_turn(struct labour *labour, int64_t *ret_wait_ms)
{
    struct tenant_record tenant;
    *ret_wait_ms = AILING_WAIT_MS;
    enum status st = look(labour);
    if (st) return st != ST_ABSENT;
    if (operation_is_over(labour->operation.state)) return false;
    st = tenant_find(labour->engine->tenants, str_of(labour->tenant), &labour->arena, &tenant);
    if (st || tenant.state == TENANT_CLOSED) return st && st != ST_ABSENT;
    if (tenant.state != TENANT_ACTIVE) return true;
    *ret_wait_ms = 0;
    st = work(labour, &tenant, ret_wait_ms);
    if (st) return after_failure(labour, st, ret_wait_ms);
    return !operation_is_over(labour->operation.state);
}

/* ---------------------------------------------------------------- calls */

static enum status check_migration(struct call *call, struct str tenant,
                                   struct undertaking *undertaking)
{
    struct carrier *carrier = NULL;
    struct carrying carrying = {.tenant = tenant,
                                .form = undertaking->begin.form,
                                .from = undertaking->begin.from,
                                .to = undertaking->begin.to};
    enum status st = carrier_new(call, &carrying, &carrier);
    carrier_free(carrier);
    undertaking->check = carrying.check;
    undertaking->to_source = carrying.to_source;
    return st;
}

enum status engine_operation_begin(struct call *call, struct str tenant,
                                   struct undertaking *undertaking)
{
    enum status st = ST_OK;
    if (undertaking->begin.kind == OPERATION_MIGRATE) st = check_migration(call, tenant, undertaking);
    if (st) return st;
    struct write write = {
        .kind = WRITE_OPERATION_BEGIN, .tenant = tenant, .operation_begin = undertaking->begin};
    st = call_write(call, &write);
    if (!st) undertaking->begin = write.operation_begin;
    return st;
}

enum status engine_snapshot_list(struct call *call, struct str tenant, struct snapshot_page *ret_page)
{
    return snapshot_list(call->engine->tenants, tenant, call->arena, ret_page);
}

enum status engine_snapshot_drop(struct call *call, struct str tenant, struct str id)
{
    struct write write = {.kind = WRITE_SNAPSHOT_DROP, .tenant = tenant, .snapshot_drop = {.id = id}};
    enum status st = call_write(call, &write);
    if (!st) snapshot_remove(call->engine->tenants, tenant, id);
    return st;
}

enum status engine_operation_find(struct call *call, struct str tenant, struct str id,
                                  struct operation_record *ret_operation)
{
    return operation_find(call->engine->tenants, tenant, id, call->arena, ret_operation);
}

enum status engine_operation_list(struct call *call, struct str tenant, struct str before,
                                  uint32_t count_max, struct operation_page *ret_page)
{
    return operation_list(call->engine->tenants, tenant, before, count_max, call->arena, ret_page);
}

enum status engine_operation_cancel(struct call *call, struct str tenant, struct str id,
                                    struct operation_record *ret_operation)
{
    struct write write = {.kind = WRITE_OPERATION_MOVE,
                          .tenant = tenant,
                          .operation_move = {.id = id, .to = OPERATION_CANCELLED}};
    enum status st = call_write(call, &write);
    if (!st) *ret_operation = write.operation_move.ret_operation;
    return st;
}

enum status engine_refused_list(struct call *call, struct str tenant,
                                const struct operation_record *operation, uint64_t after_seq,
                                uint32_t count_max, struct refused_page *ret_page)
{
    return carried_refused(call->engine->tenants, tenant, operation->form, operation->from,
                           operation->to, after_seq, count_max, call->arena, ret_page);
}

/* ---------------------------------------------------------------- after a start */

struct telling {
    struct engine *engine;
    void (*tell)(void *user, struct str tenant, struct str id);
    void *user;
};

static void tell_of(const struct tenant_record *item, void *user)
{
    const struct telling *telling = user;
    struct str tenant = item->id;
    struct arena arena;
    struct operation_page page = {.count = 0};
    if (item->state == TENANT_CLOSED) return;
    arena_init(&arena, telling->engine->mem, limit(REQUEST_ARENA_BYTES));
    enum status st = operation_open(telling->engine->tenants, tenant, &arena, &page);
    if (st)
        log_event(telling->engine->log, LOG_WARN, "operations of a tenant are not gone on with",
                  LOG_STR("tenant", tenant), LOG_STR("status", str_of(status_name(st))));
    for (uint32_t i = 0; !st && i < page.count; i++)
        telling->tell(telling->user, tenant, page.items[i].id);
    arena_release(&arena);
}

void engine_operations_open(struct engine *engine, const atomic_bool *stop,
                            void (*tell)(void *user, struct str tenant, struct str id), void *user)
{
    struct telling telling = {engine, tell, user};
    engine_each_tenant(engine, stop, tell_of, &telling);
}
