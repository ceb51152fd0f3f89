#include "store_fixture.h"

#include <sys/stat.h>

static bool is_there(const struct fixture *fix, const char *file)
{
    return access(fixture_path(fix, file), F_OK) == 0;
}

static void stop(struct fixture *fix)
{
    tenants_close(fix->tenants);
    fix->tenants = NULL;
}

static struct file_report look(struct fixture *fix, struct str tenant)
{
    struct file_report report;
    CHECK_STATUS(inspection_file(fix->directory, tenant, &fix->arena, &report), ST_OK);
    return report;
}

static void a_stopped_directory_is_seen_and_not_touched(void)
{
    struct fixture fix;
    struct tenant_page page;
    struct audit_page rows;
    struct stat before, after;
    fixture_begin(&fix);
    fixture_acme(&fix);
    stop(&fix);
    CHECK(stat(fixture_path(&fix, "tenants/acme/data.db"), &before) == 0);
    CHECK(!inspection_owned(fix.directory));
    CHECK_STATUS(inspection_tenants(fix.directory, STR(""), &fix.arena, &page), ST_OK);
    CHECK(page.count == 1 && !page.more);
    CHECK_STR(page.items[0].id, STR("acme"));
    struct file_report report = look(&fix, STR("acme"));
    CHECK_STATUS(report.status, ST_OK);
    CHECK_NUMBER(report.schema, report.schema_ours);
    CHECK(report.complaint.len == 0 && report.stray_references == 0 && !report.degraded);
    CHECK(report.bytes > 0 && report.log_bytes == 0);
    CHECK(report.audit.fault == AUDIT_WHOLE && report.audit.rows == 3);
    CHECK(look(&fix, STR("")).audit.rows == 1);
    CHECK_STATUS(inspection_audit_list(fix.directory, STR("acme"),
                                       &(struct audit_filter){.who = STR("")}, 1, 1, &fix.arena, &rows),
                 ST_OK);
    CHECK(rows.count == 1 && rows.more && rows.items[0].seq == 2);
    CHECK(!is_there(&fix, "tenants/acme/data.db-shm") && !is_there(&fix, "tenants/acme/data.db-wal"));
    CHECK(!is_there(&fix, "system.db-shm") && !is_there(&fix, "system.db-wal"));
    CHECK(stat(fixture_path(&fix, "tenants/acme/data.db"), &after) == 0);
    CHECK(after.st_mtime == before.st_mtime && after.st_size == before.st_size);
    fixture_end(&fix);
}

static void beside_a_server_the_newest_rows_are_seen(void)
{
    struct fixture fix;
    struct audit_finding finding;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK(inspection_owned(fix.directory));
    for (uint64_t i = 1; i <= 20; i++) {
        struct write write = fixture_write(&fix, WRITE_DRAFT_PUT);
        write.draft_put = (struct draft_put){.form = STR("visa"), .source = STR("draft")};
        CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
        CHECK_STATUS(inspection_audit(fix.directory, STR("acme"), &finding), ST_OK);
        CHECK(finding.fault == AUDIT_WHOLE && finding.rows == 3 + i);
    }
    CHECK(look(&fix, STR("acme")).log_bytes > 0);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("tax")), ST_OK);
    fixture_end(&fix);
}

static void what_is_not_there_is_absent_and_nothing_is_made(void)
{
    struct fixture fix;
    struct tenant_page page;
    struct audit_finding finding;
    fixture_prepare(&fix);
    CHECK_STATUS(inspection_tenants(fix.directory, STR(""), &fix.arena, &page), ST_ABSENT);
    CHECK_STATUS(inspection_tenants("no/such/place", STR(""), &fix.arena, &page), ST_ABSENT);
    CHECK_STATUS(look(&fix, STR("")).status, ST_ABSENT);
    CHECK(!is_there(&fix, "system.db") && !is_there(&fix, "lock"));
    fixture_open(&fix);
    fixture_acme(&fix);
    static const char *const ids[] = {"nobody", "../acme", "ACME", "acme/", "."};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        CHECK_STATUS(inspection_audit(fix.directory, str_of(ids[i]), &finding), ST_ABSENT);
    CHECK(!is_there(&fix, "tenants/nobody"));
    fixture_end(&fix);
}

static void rows_that_refer_to_nothing_are_told(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    stop(&fix);
    CHECK_NUMBER(fixture_sql(&fix, "tenants/acme/data.db",
                             "PRAGMA foreign_keys = OFF; DROP TRIGGER draft_begins;"
                             "INSERT INTO draft VALUES (77, 's', zeroblob(32), 1, 1, 'x')"),
                 SQLITE_OK);
    CHECK(look(&fix, STR("acme")).stray_references == 1);
    fixture_end(&fix);
}

static void damaged_pages_are_told(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    stop(&fix);
    FILE *file = fopen(fixture_path(&fix, "tenants/acme/data.db"), "r+b");
    CHECK(file && fseek(file, 3 * 4096, SEEK_SET) == 0 &&
          fputs("something else altogether", file) >= 0);
    if (file) (void)fclose(file);
    CHECK(look(&fix, STR("acme")).complaint.len > 0);
    file = fopen(fixture_path(&fix, "tenants/acme/data.db"), "r+b");
    CHECK(file && fputs("no database at all", file) >= 0);
    if (file) (void)fclose(file);
    struct file_report report = look(&fix, STR("acme"));
    CHECK_STATUS(report.status, ST_DEGRADED);
    CHECK_STR(report.complaint, STR("file is not a database"));
    fixture_end(&fix);
}

static void marks_and_versions_are_told(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    stop(&fix);
    CHECK_NUMBER(fixture_sql(&fix, "tenants/acme/data.db", "PRAGMA user_version = 99"), SQLITE_OK);
    struct file_report report = look(&fix, STR("acme"));
    CHECK(report.schema == 99 && report.schema_ours < 99);
    FILE *mark = fopen(fixture_path(&fix, "tenants/acme/degraded"), "w");
    CHECK(mark != NULL);
    if (mark) (void)fclose(mark);
    CHECK(look(&fix, STR("acme")).degraded);
    CHECK(!look(&fix, STR("")).degraded);
    CHECK_NUMBER(fixture_sql(&fix, "tenants/acme/data.db", "PRAGMA application_id = 7"), SQLITE_OK);
    CHECK_STATUS(look(&fix, STR("acme")).status, ST_DEGRADED);
    fixture_end(&fix);
}

/* Schema 1 had no note of where the log ends. */
static void an_older_file_is_walked_without_the_note(void)
{
    struct fixture fix;
    struct audit_finding finding;
    fixture_begin(&fix);
    fixture_acme(&fix);
    stop(&fix);
    CHECK_NUMBER(
        fixture_sql(
            &fix, "tenants/acme/data.db",
            "DROP TABLE invitation; DROP TABLE theme; DROP TABLE form_word;"
            "DROP TRIGGER submission_value_stays; DROP TABLE submission_value;"
            "DROP TRIGGER form_erases; DROP TRIGGER submission_stays; DROP TRIGGER carried_stays;"
            "DROP TRIGGER submission_unique_stays; DROP TABLE tombstone;"
            "ALTER TABLE form DROP COLUMN erased;"
            "CREATE TRIGGER submission_stays BEFORE DELETE ON submission BEGIN SELECT 1; END;"
            "DROP TABLE audit_end; DROP TABLE table_version; DROP TABLE table_content;"
            "DROP TABLE channel; DROP TABLE retirement; DROP TABLE form_term;"
            "DROP TABLE submission_unique; DROP TABLE saved;"
            "DROP TABLE snapshot; DROP TABLE operation; DROP TABLE carried;"
            "ALTER TABLE submission DROP COLUMN definition_hash;"
            "ALTER TABLE submission DROP COLUMN edition;"
            "ALTER TABLE submission DROP COLUMN compiler_version;"
            "PRAGMA user_version = 1"),
        SQLITE_OK);
    CHECK_STATUS(inspection_audit(fix.directory, STR("acme"), &finding), ST_OK);
    CHECK(finding.fault == AUDIT_WHOLE && finding.rows == 3);
    fixture_open(&fix); /* which brings it up to date */
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("tax")), ST_OK);
    CHECK_STATUS(audit_examine(fix.tenants, STR("acme"), &finding), ST_OK);
    CHECK(finding.fault == AUDIT_WHOLE && finding.rows == 4);
    struct channel_record live; /* what was published goes on being served */
    CHECK_STATUS(channel_find(fix.tenants, STR("acme"), STR("visa"), STR(""), &fix.arena, &live),
                 ST_OK);
    CHECK(live.version == 1 && live.candidate == 0 && live.revision == 1);
    CHECK_STATUS(channel_find(fix.tenants, STR("acme"), STR("tax"), STR(""), &fix.arena, &live),
                 ST_ABSENT);
    fixture_end(&fix);
}

static void a_directory_with_signs_in_its_name_is_found(void)
{
    struct fixture fix;
    struct audit_finding finding;
    fixture_prepare(&fix);
    char directory[128];
    (void)snprintf(directory, sizeof directory, "%s/a ?b#c%%41&d=é", fix.directory);
    fix.options.directory = directory;
    fixture_open(&fix);
    fixture_acme(&fix);
    stop(&fix);
    CHECK_STATUS(inspection_audit(directory, STR("acme"), &finding), ST_OK);
    CHECK_NUMBER(finding.rows, 3);
    fixture_end(&fix);
}

int main(void)
{
    a_stopped_directory_is_seen_and_not_touched();
    beside_a_server_the_newest_rows_are_seen();
    what_is_not_there_is_absent_and_nothing_is_made();
    rows_that_refer_to_nothing_are_told();
    damaged_pages_are_told();
    marks_and_versions_are_told();
    an_older_file_is_walked_without_the_note();
    a_directory_with_signs_in_its_name_is_found();
    return TEST_RESULT();
}
