/* Inspection: files looked at from outside, without a lock and without a server. The promises stand in
 * tenants.h. tenants/inspection.c */
#include "tenants/audit.h"
#include "tenants/directory.h"
#include "tenants/look.h"
#include "tenants/query.h"
#include "tenants/quota.h"
#include "tenants/reader.h"
#include "tenants/schema.h"
#include "tenants/slug.h"
#include "tenants/submission.h"
#include "tenants/tenant.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

enum {
    SCHEMA_WITH_END = 2,    /* the first that notes where the audit log ends */
    SCHEMA_WITH_QUOTAS = 3, /* system.db: the first that keeps quotas */
};

/* One file, open. */
struct inspection {
    char directory[DIRECTORY_PATH_BYTES]; /* the file's own */
    char path[DIRECTORY_PATH_BYTES];
    struct database db;
    bool is_system;
};

bool inspection_owned(const char *directory)
{
    char path[DIRECTORY_PATH_BYTES];
    return directory_find(directory, path) == ST_OK && directory_locked(path);
}

static enum status find_paths(struct inspection *inspection, const char *directory, struct str tenant)
{
    char below[sizeof "tenants/" + LIMIT_TENANT_ID_BYTES] = ".", root[DIRECTORY_PATH_BYTES];
    if (tenant.len && !slug_is_tenant_id(tenant)) return ST_ABSENT;
    if (tenant.len) (void)snprintf(below, sizeof below, "tenants/%.*s", STR_ARG(tenant));
    enum status st = directory_find(directory, root);
    if (!st) st = directory_join(root, below, inspection->directory);
    if (st) return st;
    st = directory_join(inspection->directory, tenant.len ? "data.db" : "system.db", inspection->path);
    if (st) return st;
    return directory_look(inspection->path);
}

static enum status begin(struct inspection *inspection, const char *directory, struct str tenant)
{
    *inspection = (struct inspection){.is_system = tenant.len == 0};
    enum status st = find_paths(inspection, directory, tenant);
    if (st) return st;
    database_set_up_library();
    return database_open_outside(inspection->path, !inspection_owned(directory), &inspection->db);
}

static enum status end(struct inspection *inspection, enum status st)
{
    database_close(&inspection->db, false);
    return st;
}

static enum status schema_of(struct inspection *inspection, int64_t *ret_version)
{
    int64_t mark = 0;
    enum status st = database_number(&inspection->db, "PRAGMA application_id", &mark);
    if (st) return st;
    if (mark != DATABASE_MARK) return ST_DEGRADED;
    return database_number(&inspection->db, "PRAGMA user_version", ret_version);
}

static enum status walk_audit(struct inspection *inspection, struct audit_finding *ret_finding)
{
    int64_t schema = 0;
    enum status st = schema_of(inspection, &schema);
    if (st) return st;
    return audit_walk(&inspection->db, schema >= SCHEMA_WITH_END, ret_finding);
}

enum status inspection_audit(const char *directory, struct str tenant,
                             struct audit_finding *ret_finding)
{
    struct inspection inspection;
    enum status st = begin(&inspection, directory, tenant);
    if (st) return st;
    return end(&inspection, walk_audit(&inspection, ret_finding));
}

enum status inspection_copy(const char *directory, struct str tenant, const char *to)
{
    struct inspection inspection;
    enum status st = begin(&inspection, directory, tenant);
    if (st) return st;
    return end(&inspection, database_copy(&inspection.db, to));
}

enum status inspection_audit_list(const char *directory, struct str tenant,
                                  const struct audit_filter *filter, uint64_t after_seq,
                                  uint32_t count_max, struct arena *arena, struct audit_page *ret_page)
{
    struct inspection inspection;
    enum status st = begin(&inspection, directory, tenant);
    if (st) return st;
    return end(&inspection, audit_page_read(&inspection.db, filter, after_seq, page_rows(count_max),
                                            arena, ret_page));
}

enum status inspection_tenants(const char *directory, struct str after, struct arena *arena,
                               struct tenant_page *ret_page)
{
    struct inspection inspection;
    enum status st = begin(&inspection, directory, STR(""));
    if (st) return st;
    int64_t schema = 0;
    st = schema_of(&inspection, &schema);
    if (!st) st = tenant_page_read(&inspection.db, after, limit(PAGE_ROWS), arena, ret_page);
    if (!st && schema >= SCHEMA_WITH_QUOTAS) st = quota_read_page(&inspection.db, ret_page);
    return end(&inspection, st);
}

/* What is read by our own statements must have our own tables. */
static enum status begin_ours(struct inspection *inspection, const char *directory, struct str tenant)
{
    enum status st = begin(inspection, directory, tenant);
    if (st) return st;
    int64_t schema = 0, ours = schema_version(&schema_tenant);
    st = schema_of(inspection, &schema);
    if (!st && schema != ours) st = schema > ours ? ST_NEWER : ST_PRECONDITION;
    return st ? end(inspection, st) : ST_OK;
}

enum status inspection_forms(const char *directory, struct str tenant, struct str after,
                             struct arena *arena, struct form_page *ret_page)
{
    struct inspection inspection;
    enum status st = begin_ours(&inspection, directory, tenant);
    if (st) return st;
    return end(&inspection, form_list_in(&inspection.db, after, limit(PAGE_ROWS), arena, ret_page));
}

enum status inspection_version(const char *directory, struct str tenant, struct str form,
                               uint32_t number, struct arena *arena, struct version_record *ret_version)
{
    struct inspection inspection;
    enum status st = begin_ours(&inspection, directory, tenant);
    if (st) return st;
    return end(&inspection, version_find_in(&inspection.db, form, number, arena, ret_version));
}

enum status inspection_table(const char *directory, struct str tenant, struct str name, uint32_t number,
                             struct arena *arena, struct table_record *ret_table, struct str *ret_csv)
{
    struct inspection inspection;
    enum status st = begin_ours(&inspection, directory, tenant);
    if (st) return st;
    st = table_find_in(&inspection.db, name, number, arena, ret_table);
    if (!st) st = table_read_in(&inspection.db, &ret_table->hash, arena, ret_csv);
    return end(&inspection, st);
}

enum status inspection_submissions(const char *directory, struct str tenant,
                                   const struct submission_query *query, struct arena *arena,
                                   struct submission_page *ret_page)
{
    struct inspection inspection;
    enum status st = begin_ours(&inspection, directory, tenant);
    if (st) return st;
    return end(&inspection,
               submission_list_in(&inspection.db, query, INT64_MAX, limit(PAGE_ROWS), arena, ret_page));
}

static uint64_t size_of(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && info.st_size > 0 ? (uint64_t)info.st_size : 0;
}

static void measure(const struct inspection *inspection, struct file_report *report)
{
    char path[DIRECTORY_PATH_BYTES + sizeof "-wal"];
    if (!inspection->path[0]) return; /* there is no such place */
    report->bytes = size_of(inspection->path);
    (void)snprintf(path, sizeof path, "%s-wal", inspection->path);
    report->log_bytes = size_of(path);
    report->degraded = directory_join(inspection->directory, "degraded", path) == ST_OK &&
                       directory_look(path) == ST_OK;
}

static enum status examine(struct inspection *inspection, struct arena *arena,
                           struct file_report *report)
{
    char text[200];
    bool found = false;
    int64_t strays = 0;
    enum status st = schema_of(inspection, &report->schema);
    if (!st) st = database_first_fault(&inspection->db, text, &found);
    if (found) report->complaint = arena_str(arena, str_of(text));
    if (!report->complaint.ptr) return ST_NOMEM; /* it must not look as if nothing was found */
    if (st || found) return st;                  /* rows of a damaged file are not worth a look */
    st = database_number(&inspection->db, "SELECT count(*) FROM pragma_foreign_key_check", &strays);
    report->stray_references = (uint64_t)strays;
    return st ? st : audit_walk(&inspection->db, report->schema >= SCHEMA_WITH_END, &report->audit);
}

enum status inspection_file(const char *directory, struct str tenant, struct arena *arena,
                            struct file_report *ret_report)
{
    struct inspection inspection;
    struct file_report report = {.complaint = STR("")};
    report.schema_ours = schema_version(tenant.len ? &schema_tenant : &schema_system);
    report.status = begin(&inspection, directory, tenant);
    measure(&inspection, &report);
    if (!report.status) report.status = examine(&inspection, arena, &report);
    if (report.status == ST_NOMEM) return end(&inspection, ST_NOMEM);
    if (report.status && report.status != ST_ABSENT)
        report.complaint = arena_str(arena, str_of(database_complaint(&inspection.db)));
    *ret_report = report;
    return end(&inspection, ST_OK);
}
