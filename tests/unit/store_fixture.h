/* What the tests of tenants/ share: a data directory of their own, the usual writes, raw SQL past the
 * front door.
 *
 *     struct fixture fix;
 *     fixture_begin(&fix);           an empty directory under the present one, opened
 *     fixture_acme(&fix);            tenant acme with the open form "visa", version 1
 *     …
 *     fixture_end(&fix); */
#ifndef TESTS_UNIT_STORE_FIXTURE_H
#define TESTS_UNIT_STORE_FIXTURE_H

#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 700
#endif

#include "base/limits.h"
#include "tenants/tenants.h"

#include "../test.h"

#include <ftw.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

struct fixture {
    char directory[64];
    struct tenants_options options;
    struct tenants *tenants;
    struct arena arena;
};

#define FIXTURE_NOW_MS INT64_C(1768471200000)

/* A string by parts, where a macro's commas forbid a literal. */
static inline struct str str_n(const char *ptr, size_t len)
{
    return (struct str){ptr, len};
}

static inline int fixture_remove_one(const char *path, const struct stat *info, int kind,
                                     struct FTW *walk)
{
    (void)info;
    (void)kind;
    (void)walk;
    return remove(path);
}

static inline void fixture_remove(const char *directory)
{
    (void)nftw(directory, fixture_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The audit chain in short. *ret_broken_at 0: whole. */
static inline enum status fixture_verify(struct tenants *tenants, struct str tenant, uint64_t *ret_rows,
                                         uint64_t *ret_broken_at)
{
    struct audit_finding finding = {0};
    enum status st = audit_examine(tenants, tenant, &finding);
    if (st) return st;
    *ret_rows = finding.rows;
    *ret_broken_at = finding.broken_at;
    return ST_OK;
}

static inline void fixture_open(struct fixture *fix)
{
    enum status st = tenants_open(&fix->options, &fix->tenants);
    if (!st) return;
    fprintf(stderr, "cannot open %s: %s\n", fix->directory, status_name(st));
    exit(EXIT_FAILURE);
}

static inline void fixture_prepare(struct fixture *fix)
{
    *fix = (struct fixture){.directory = "store_test_XXXXXX"};
    if (!mkdtemp(fix->directory)) exit(EXIT_FAILURE);
    fix->options =
        (struct tenants_options){.mem = mem_heap(), .directory = fix->directory, .writers = 4};
    arena_init(&fix->arena, mem_heap(), 256 << 20);
}

static inline void fixture_begin(struct fixture *fix)
{
    fixture_prepare(fix);
    fixture_open(fix);
}

static inline void fixture_end(struct fixture *fix)
{
    tenants_close(fix->tenants);
    arena_release(&fix->arena);
    fixture_remove(fix->directory);
}

static inline void fixture_reopen(struct fixture *fix)
{
    tenants_close(fix->tenants);
    fixture_open(fix);
}

static inline struct write fixture_write(struct fixture *fix, enum write_kind kind)
{
    return (struct write){.kind = kind,
                          .tenant = kind <= WRITE_TOKEN_TOUCH ? STR("") : STR("acme"),
                          .arena = &fix->arena,
                          .actor = {.who = STR("tester"),
                                    .where = STR("here"),
                                    .why = STR("to see"),
                                    .request_id = STR("req_1"),
                                    .at_ms = FIXTURE_NOW_MS}};
}

static inline enum status fixture_tenant(struct fixture *fix, struct str id)
{
    struct write write = fixture_write(fix, WRITE_TENANT_CREATE);
    write.tenant_create = (struct tenant_create){.id = id, .name = STR("A tenant")};
    return write_wait(fix->tenants, &write);
}

static inline enum status fixture_form(struct fixture *fix, struct str tenant, struct str name)
{
    struct write write = fixture_write(fix, WRITE_FORM_CREATE);
    write.tenant = tenant;
    write.form_create = (struct form_create){.name = name, .title = STR("A form")};
    return write_wait(fix->tenants, &write);
}

static inline enum status fixture_publish(struct fixture *fix, struct str tenant, struct str form,
                                          struct str source)
{
    struct write write = fixture_write(fix, WRITE_VERSION_PUBLISH);
    write.tenant = tenant;
    write.version_publish = (struct version_publish){.form = form,
                                                     .source = source,
                                                     .edition = STR("2026"),
                                                     .compiler_version = STR("1"),
                                                     .opens = true};
    return write_wait(fix->tenants, &write);
}

static inline void fixture_acme_of(struct fixture *fix, struct str tenant)
{
    CHECK_STATUS(fixture_tenant(fix, tenant), ST_OK);
    CHECK_STATUS(fixture_form(fix, tenant, STR("visa")), ST_OK);
    CHECK_STATUS(fixture_publish(fix, tenant, STR("visa"), STR("edition 2026 form visa")), ST_OK);
}

static inline void fixture_acme(struct fixture *fix)
{
    fixture_acme_of(fix, STR("acme"));
}

static inline struct write fixture_submission(struct fixture *fix, struct str key, struct str answers)
{
    struct write write = fixture_write(fix, WRITE_SUBMISSION_ADD);
    write.submission_add = (struct submission_add){.form = STR("visa"),
                                                   .version = 1,
                                                   .key = key,
                                                   .body_hash = digest_of(answers),
                                                   .answers = answers,
                                                   .received_ms = FIXTURE_NOW_MS,
                                                   .now = STR("2026-01-15T10:00:00Z"),
                                                   .zone = STR("UTC"),
                                                   .locale = STR("en"),
                                                   .steps = 7,
                                                   .verdict_hash = digest_of(STR("verdict")),
                                                   .where = STR("192.0.2.0/24")};
    return write;
}

static inline enum status fixture_form_state(struct fixture *fix, enum form_state to)
{
    struct write write = fixture_write(fix, WRITE_FORM_SET_STATE);
    write.form_set_state = (struct form_set_state){.form = STR("visa"), .to = to};
    return write_wait(fix->tenants, &write);
}

static inline enum status fixture_tenant_state(struct fixture *fix, struct str id, enum tenant_state to)
{
    struct write write = fixture_write(fix, WRITE_TENANT_SET_STATE);
    write.tenant_set_state = (struct tenant_set_state){.id = id, .to = to};
    return write_wait(fix->tenants, &write);
}

static inline const char *fixture_path(const struct fixture *fix, const char *file)
{
    static char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", fix->directory, file);
    return path;
}

/* A connection such as a hand with a shell would have: none of our settings but foreign keys. */
static inline sqlite3 *fixture_raw(const struct fixture *fix, const char *file)
{
    sqlite3 *handle = NULL;
    if (sqlite3_open(fixture_path(fix, file), &handle) != SQLITE_OK) exit(EXIT_FAILURE);
    (void)sqlite3_busy_timeout(handle, 5000);
    (void)sqlite3_exec(handle, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
    return handle;
}

/* Runs it, and closes the connection without touching the log. */
static inline int fixture_sql(const struct fixture *fix, const char *file, const char *sql)
{
    sqlite3 *handle = fixture_raw(fix, file);
    (void)sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    int code = sqlite3_exec(handle, sql, NULL, NULL, NULL);
    (void)sqlite3_close(handle);
    return code;
}

static inline int64_t fixture_number(const struct fixture *fix, const char *file, const char *sql)
{
    sqlite3 *handle = fixture_raw(fix, file);
    sqlite3_stmt *stmt = NULL;
    int64_t number = -1;
    (void)sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        number = sqlite3_column_int64(stmt, 0);
    (void)sqlite3_finalize(stmt);
    (void)sqlite3_close(handle);
    return number;
}

#define CHECK_NUMBER(got, want)                                                                        \
    do {                                                                                               \
        long long got_ = (long long)(got), want_ = (long long)(want);                                  \
        if (got_ != want_) {                                                                           \
            fprintf(stderr, "%s:%d: %s: %lld, not %lld\n", __FILE__, __LINE__, #got, got_, want_);     \
            test_failures++;                                                                           \
        }                                                                                              \
    } while (0)

#define CHECK_STR(got, want)                                                                           \
    do {                                                                                               \
        struct str got_ = (got), want_ = (want);                                                       \
        if (!str_eq(got_, want_)) {                                                                    \
            fprintf(stderr, "%s:%d: %s: \"%.*s\", not \"%.*s\"\n", __FILE__, __LINE__, #got,           \
                    STR_ARG(got_), STR_ARG(want_));                                                    \
            test_failures++;                                                                           \
        }                                                                                              \
    } while (0)

#endif
