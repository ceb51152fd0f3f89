/* Scenes: what takes several turns. It needs those of submissions. */
#ifndef TESTS_FAULTS_REFUSE_OPERATIONS_H
#define TESTS_FAULTS_REFUSE_OPERATIONS_H

#include "tests/faults/refuse_submissions.h"

static enum status carry(struct call *call, uint64_t *ret_told)
{
    struct carrying carrying = {.tenant = acme, .form = trip, .from = 1, .to = 2};
    enum status st = engine_carry(call, &carrying);
    if (!st) *ret_told = 100 * carrying.count + carrying.carried;
    return st;
}

static enum status carry_and_keep(struct call *call, uint64_t *ret_told)
{
    struct submission_record found;
    struct carried_page page;
    struct carrying carrying = {.tenant = acme, .form = trip, .from = 1, .to = 2, .keep = true};
    enum status st = engine_carry(call, &carrying);
    if (!st) st = engine_submission_by_key(call, acme, trip, str_of(kept_key), &found);
    if (!st) st = engine_carried(call, acme, &found, &page);
    if (!st) *ret_told = page.count;
    return st;
}

static enum status labour_until_over(struct call *call, struct str id,
                                     struct operation_record *ret_operation)
{
    struct labour *labour = NULL;
    int64_t wait_ms;
    enum status st = labour_new(call->engine, acme, id, &labour);
    for (int turns = 0; !st && turns < 20 && labour_turn(labour, &wait_ms); turns++) mend();
    labour_free(labour);
    return st ? st : engine_operation_find(call, acme, id, ret_operation);
}

static void cancel_all(void)
{
    struct operation_page page;
    struct operation_record operation;
    CHECK_STATUS(engine_operation_list(&bench.call, acme, STR(""), 10, &page), ST_OK);
    for (uint32_t i = 0; i < page.count; i++)
        if (!operation_is_over(page.items[i].state))
            CHECK_STATUS(engine_operation_cancel(&bench.call, acme, page.items[i].id, &operation),
                         ST_OK);
}

/* One to be carried, and no others that are left from earlier. */
static void keep_one_to_carry(void)
{
    struct carrying carrying = {.tenant = acme, .form = trip, .from = 1, .to = 2, .keep = true};
    cancel_all();
    do CHECK_STATUS(engine_carry(&bench.call, &carrying), ST_OK);
    while (carrying.more);
    keep_one();
}

/* Turn by turn; what was refused is done by a later turn. */
static enum status migrate(struct call *call, uint64_t *ret_told)
{
    struct undertaking undertaking = {
        .begin = {.kind = OPERATION_MIGRATE, .form = trip, .from = 1, .to = 2}};
    struct operation_record operation;
    struct refused_page page;
    enum status st = engine_operation_begin(call, acme, &undertaking);
    if (!st) st = labour_until_over(call, undertaking.begin.ret_operation.id, &operation);
    if (!st) CHECK(operation.state != OPERATION_QUEUED && operation.state != OPERATION_CANCELLED);
    if (!st) st = engine_refused_list(call, acme, &operation, 0, 10, &page);
    if (!st) *ret_told = 1 + operation.kind;
    return st;
}

static enum status list_operations(struct call *call, uint64_t *ret_told)
{
    struct operation_page page;
    struct operation_record operation;
    enum status st = engine_operation_list(call, acme, STR(""), 5, &page);
    if (!st) CHECK(page.count > 0);
    if (!st) st = engine_operation_find(call, acme, page.items[0].id, &operation);
    *ret_told = 0;
    return st;
}

static enum status cancel(struct call *call, uint64_t *ret_told)
{
    struct undertaking undertaking = {
        .begin = {.kind = OPERATION_MIGRATE, .form = trip, .from = 1, .to = 2}};
    struct operation_record operation;
    enum status st = engine_operation_begin(call, acme, &undertaking);
    if (!st) st = engine_operation_cancel(call, acme, undertaking.begin.ret_operation.id, &operation);
    if (!st) *ret_told = 1 + operation.state;
    return st;
}

static unsigned told_of;

static void count_operation(void *user, struct str tenant, struct str id)
{
    (void)user;
    CHECK(str_eq(tenant, acme) && id.len > 0);
    told_of++;
}

static void begin_one(void)
{
    struct undertaking undertaking = {
        .begin = {.kind = OPERATION_MIGRATE, .form = trip, .from = 1, .to = 2}};
    cancel_all();
    CHECK_STATUS(engine_operation_begin(&bench.call, acme, &undertaking), ST_OK);
}

static enum status tell_of_operations(struct call *call, uint64_t *ret_told)
{
    told_of = 0;
    engine_operations_open(call->engine, &go_on, count_operation, NULL);
    *ret_told = told_of;
    return told_of ? ST_OK : ST_IO;
}

static struct str snapshot_id;

static void drop_snapshots(void)
{
    struct snapshot_page page;
    cancel_all();
    CHECK_STATUS(engine_snapshot_list(&bench.call, acme, &page), ST_OK);
    for (uint32_t i = 0; i < page.count; i++)
        CHECK_STATUS(engine_snapshot_drop(&bench.call, acme, page.items[i].id), ST_OK);
}

static enum status take_snapshot(struct call *call, uint64_t *ret_told)
{
    struct undertaking undertaking = {.begin = {.kind = OPERATION_SNAPSHOT}};
    struct operation_record operation;
    struct snapshot_page page;
    enum status st = engine_operation_begin(call, acme, &undertaking);
    if (!st) st = labour_until_over(call, undertaking.begin.ret_operation.id, &operation);
    if (!st) st = engine_snapshot_list(call, acme, &page);
    if (st) return st;
    if (operation.state != OPERATION_DONE) return ST_IO; /* it failed, and says so */
    CHECK(page.count == 1);
    *ret_told = 1;
    return engine_snapshot_drop(call, acme, page.items[0].id);
}

/* Its row and its files. */
static void have_one_to_drop(void)
{
    struct undertaking undertaking = {.begin = {.kind = OPERATION_SNAPSHOT}};
    struct operation_record operation;
    drop_snapshots();
    CHECK_STATUS(engine_operation_begin(&bench.call, acme, &undertaking), ST_OK);
    CHECK_STATUS(labour_until_over(&bench.call, undertaking.begin.ret_operation.id, &operation), ST_OK);
    CHECK(operation.state == OPERATION_DONE);
    snapshot_id = operation.id;
}

static enum status drop_snapshot(struct call *call, uint64_t *ret_told)
{
    *ret_told = 1;
    return engine_snapshot_drop(call, acme, snapshot_id);
}

static enum status begin_snapshot(struct call *call, uint64_t *ret_told)
{
    struct undertaking undertaking = {.begin = {.kind = OPERATION_SNAPSHOT}};
    *ret_told = 1;
    return engine_operation_begin(call, acme, &undertaking);
}

/* Its row alone, without the files. */
static struct write snapshot_write;

static void have_snapshot(void)
{
    struct undertaking undertaking = {.begin = {.kind = OPERATION_SNAPSHOT}};
    drop_snapshots();
    CHECK_STATUS(engine_operation_begin(&bench.call, acme, &undertaking), ST_OK);
    struct str id = undertaking.begin.ret_operation.id;
    struct write move = {.kind = WRITE_OPERATION_MOVE,
                         .tenant = acme,
                         .operation_move = {.id = id, .to = OPERATION_RUNNING, .total = 1}};
    CHECK_STATUS(call_write(&bench.call, &move), ST_OK);
    snapshot_write = (struct write){.kind = WRITE_SNAPSHOT_ADD,
                                    .tenant = acme,
                                    .snapshot_add = {.snapshot = {.id = id, .bytes = 1, .schema = 1}}};
}

static enum status keep_snapshot(struct call *call, uint64_t *ret_told)
{
    struct write write = snapshot_write;
    enum status st = call_write(call, &write);
    if (!st) *ret_told = 1 + write.snapshot_add.ret_operation.state;
    return st;
}

static const struct scene operations[] = {
    {"a snapshot is taken", drop_snapshots, take_snapshot, true},
    {"a snapshot is kept", have_snapshot, keep_snapshot, false},
    {"a snapshot is begun", cancel_all, begin_snapshot, false},
    {"a snapshot is dropped", have_one_to_drop, drop_snapshot, false},
    {"a migration is tried", NULL, carry, false},
    {"a migration is kept", keep_one_to_carry, carry_and_keep, false},
    {"a migration goes on by itself", keep_one_to_carry, migrate, false},
    {"operations are listed", NULL, list_operations, false},
    {"an operation is cancelled", cancel_all, cancel, false},
    {"operations are told of", begin_one, tell_of_operations, false},
};

#endif
