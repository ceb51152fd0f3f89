/* Scenes: whole directories. */
#ifndef TESTS_FAULTS_REFUSE_FILES_H
#define TESTS_FAULTS_REFUSE_FILES_H

#include "tests/faults/refuse_scene.h"

#include "tenants/database.h"

static char data_path[64], data_partial[80], backup_path[64];

static void name_paths(void)
{
    (void)snprintf(data_path, sizeof data_path, "%s-data", bench.directory);
    (void)snprintf(data_partial, sizeof data_partial, "%s.partial", data_path);
    (void)snprintf(backup_path, sizeof backup_path, "%s-backup", bench.directory);
}

static enum status open_and_close(struct call *call, uint64_t *ret_told)
{
    struct engine *engine;
    struct engine_options options = bench.options;
    struct tenant_record tenant;
    options.directory = data_path;
    enum status st = engine_open(&options, &engine);
    if (st) return st;
    struct call other = *call;
    other.engine = engine;
    st = engine_tenant_create(&other, acme, STR("Acme"), &tenant);
    if (st == ST_CONFLICT) st = engine_tenant_find(&other, acme, &tenant);
    engine_close(engine);
    *ret_told = 1;
    return st;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info, (void)kind, (void)walk;
    return remove(path);
}

static void remove_data(void)
{
    (void)nftw(data_path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    (void)nftw(data_partial, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static enum status back_up(struct call *call, uint64_t *ret_told)
{
    struct backup backup;
    enum status st =
        backup_make(bench.directory, STR(""), data_path, BENCH_NOW_MS, call->arena, &backup);
    if (st) CHECK(__real_access(data_path, F_OK) != 0);
    if (!st) *ret_told = backup.count;
    return st;
}

static void remove_backup(void)
{
    (void)nftw(backup_path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void have_backup(void)
{
    struct backup backup;
    remove_backup();
    CHECK_STATUS(
        backup_make(bench.directory, STR(""), backup_path, BENCH_NOW_MS, &bench.arena, &backup), ST_OK);
}

/* Where one is already. */
static enum status back_up_again(struct call *call, uint64_t *ret_told)
{
    struct backup backup;
    enum status st =
        backup_make(bench.directory, STR(""), backup_path, BENCH_NOW_MS, call->arena, &backup);
    *ret_told = 1;
    return st == ST_CONFLICT ? ST_OK : st ? st : ST_FAULT;
}

/* Its audit log ends before the note of its end says so. */
static void have_shortened_backup(void)
{
    char path[120];
    sqlite3 *handle = NULL;
    have_backup();
    (void)snprintf(path, sizeof path, "%s/tenants/acme/data.db", backup_path);
    CHECK(sqlite3_open(path, &handle) == SQLITE_OK);
    CHECK(__real_sqlite3_exec(handle,
                              "DROP TRIGGER audit_stays;"
                              "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
                              NULL, NULL, NULL) == SQLITE_OK);
    CHECK(sqlite3_close(handle) == SQLITE_OK);
}

static enum status walk_shortened(struct call *call, uint64_t *ret_told)
{
    struct audit_finding finding;
    (void)call;
    enum status st = inspection_audit(backup_path, acme, &finding);
    if (!st) CHECK(finding.fault == AUDIT_REMOVED);
    *ret_told = 1;
    return st;
}

static void drop_kept(void)
{
    char path[120];
    (void)snprintf(path, sizeof path, "%s/system.db.kept", bench.directory);
    (void)remove(path);
}

/* As before a step of the schema. */
static enum status keep_file(struct call *call, uint64_t *ret_told)
{
    char path[120];
    struct database db;
    (void)call;
    (void)snprintf(path, sizeof path, "%s/system.db", bench.directory);
    enum status st = database_open_reader(path, &db);
    if (st) return st;
    st = database_snapshot(&db, ".kept");
    database_close(&db, false);
    *ret_told = 1;
    return st;
}

static enum status verify_backup(struct call *call, uint64_t *ret_told)
{
    struct backup backup;
    enum status st = backup_verify(backup_path, call->arena, &backup);
    if (!st) *ret_told = backup.count;
    return st;
}

static enum status restore(struct call *call, uint64_t *ret_told)
{
    struct backup backup;
    enum status st = backup_restore(backup_path, data_path, call->arena, &backup);
    if (st) CHECK(__real_access(data_path, F_OK) != 0);
    if (!st) *ret_told = backup.count;
    return st;
}

/* Another directory, that a tenant is restored into. */
static void have_data(void)
{
    struct tenants *tenants;
    remove_data();
    CHECK_STATUS(
        tenants_open(&(struct tenants_options){.mem = mem_heap(), .directory = data_path}, &tenants),
        ST_OK);
    tenants_close(tenants);
}

static enum status restore_tenant(struct call *call, uint64_t *ret_told)
{
    struct backup backup;
    struct backup_wish wish = {
        .tenant = acme, .as = STR("copied"), .actor = {.who = STR("cli"), .at_ms = BENCH_NOW_MS}};
    *ret_told = 1;
    return backup_restore_tenant(backup_path, data_path, &wish, call->arena, &backup);
}

static enum status inspect(struct call *call, uint64_t *ret_told)
{
    struct tenant_page tenants;
    struct file_report report = {.bytes = 0};
    struct audit_finding finding;
    struct audit_page page;
    struct audit_filter none = {.who = STR("")};
    enum status st = inspection_tenants(bench.directory, STR(""), call->arena, &tenants);
    for (uint32_t i = 0; !st && i < tenants.count; i++) {
        st = inspection_file(bench.directory, tenants.items[i].id, call->arena, &report);
        if (st) break;
        if (report.status) return report.status; /* it says so */
        CHECK(report.complaint.len == 0 && report.audit.fault == AUDIT_WHOLE &&
              !report.stray_references);
    }
    if (!st) st = inspection_audit(bench.directory, acme, &finding);
    if (!st) st = inspection_audit_list(bench.directory, acme, &none, 0, 5, call->arena, &page);
    if (!st) *ret_told = page.count;
    return st;
}

/* Judged again from outside: the same verdicts, but for those that nobody has judged before. */
static enum status replay(struct call *call, uint64_t *ret_told)
{
    struct replay replay = {.mem = refuse_mem(), .directory = bench.directory};
    (void)call;
    enum status st = engine_replay(&replay);
    for (int i = 0; !st && i < REPLAYED_COUNT; i++) *ret_told += replay.counts[i] * (uint64_t)(i + 1);
    return st;
}

static const struct scene files[] = {
    {"a directory is made", remove_data, open_and_close, false},
    {"a directory is opened", NULL, open_and_close, false},
    {"a backup is made", remove_data, back_up, false},
    {"a backup is made where one is", have_backup, back_up_again, false},
    {"a shortened log is walked", have_shortened_backup, walk_shortened, false},
    {"a file is kept as it was", drop_kept, keep_file, false},
    {"a directory is inspected", NULL, inspect, false},
    {"a directory is judged again", NULL, replay, false},
    {"a backup is verified", have_backup, verify_backup, false},
    {"a backup is restored", remove_data, restore, false},
    {"a tenant is restored", have_data, restore_tenant, false},
};

#endif
