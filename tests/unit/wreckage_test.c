/* Wreckage: files that a hand or a disk has changed, and backups that are not what their list says. Each
 * is told by its own words, and nothing is made of it. */
#include "store_fixture.h"

#include "tenants/schema.h"

#include <sys/stat.h>

static const char file[] = "tenants/acme/data.db";

static void stop(struct fixture *fix)
{
    tenants_close(fix->tenants);
    fix->tenants = NULL;
}

static void begin_stopped(struct fixture *fix)
{
    fixture_begin(fix);
    fixture_acme(fix);
    stop(fix);
}

/* Runs it by a hand that is the only one there: nothing is left beside the file. */
static void change(struct fixture *fix, const char *name, const char *sql)
{
    sqlite3 *handle = fixture_raw(fix, name);
    CHECK_NUMBER(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
    CHECK_NUMBER(sqlite3_close(handle), SQLITE_OK);
}

/* A row without what the table wants each row to have. */
static void forget_a_title(struct fixture *fix, const char *name)
{
    change(fix, name,
           "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql,"
           " 'title TEXT NOT NULL', 'title TEXT /*     */') WHERE name = 'form'");
    change(fix, name, "PRAGMA ignore_check_constraints = ON; UPDATE form SET title = NULL");
    change(fix, name,
           "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql,"
           " 'title TEXT /*     */', 'title TEXT NOT NULL') WHERE name = 'form'");
}

static const char stray[] =
    "PRAGMA foreign_keys = OFF; INSERT INTO form_term VALUES (77, 'grace_seconds', 1)";

/* ---------------------------------------------------------------- backups that are not made */

static const char *place(const struct fixture *fix, const char *name)
{
    static char paths[4][128];
    static unsigned turn;
    char *path = paths[turn++ % 4];
    (void)snprintf(path, sizeof paths[0], "%s/%s", fix->directory, name);
    return path;
}

static enum status make(struct fixture *fix, const char *to, struct backup *ret_backup)
{
    return backup_make(fix->directory, STR("acme"), to, FIXTURE_NOW_MS, &fix->arena, ret_backup);
}

static void what_its_own_table_would_not_take_is_not_backed_up(void)
{
    struct fixture fix;
    struct backup backup;
    begin_stopped(&fix);
    forget_a_title(&fix, file);
    CHECK_STATUS(make(&fix, place(&fix, "kept"), &backup), ST_DEGRADED);
    CHECK_STR(backup.where, STR("tenants/acme/data.db"));
    CHECK_STR(backup.fault, STR("it cannot be copied"));
    CHECK(access(place(&fix, "kept"), F_OK) != 0 && access(place(&fix, "kept.partial"), F_OK) != 0);
    fixture_end(&fix);
}

static void what_refers_to_nothing_is_not_backed_up(void)
{
    struct fixture fix;
    struct backup backup;
    begin_stopped(&fix);
    change(&fix, file, stray);
    CHECK_STATUS(make(&fix, place(&fix, "kept"), &backup), ST_DEGRADED);
    CHECK_STR(backup.fault, STR("rows refer to what is not there"));
    CHECK(access(place(&fix, "kept"), F_OK) != 0 && access(place(&fix, "kept.partial"), F_OK) != 0);
    fixture_end(&fix);
}

static void what_was_cut_off_is_left_to_the_operator(void)
{
    struct fixture fix;
    struct backup backup;
    begin_stopped(&fix);
    CHECK(mkdir(place(&fix, "kept.partial"), 0700) == 0);
    CHECK_STATUS(make(&fix, place(&fix, "kept"), &backup), ST_CONFLICT);
    CHECK_STR(backup.where, str_of(place(&fix, "kept.partial")));
    CHECK(str_starts(backup.fault, STR("is left from one that was cut off")));
    CHECK(rmdir(place(&fix, "kept.partial")) == 0);
    CHECK_STATUS(make(&fix, place(&fix, "kept"), &backup), ST_OK);
    fixture_end(&fix);
}

/* ---------------------------------------------------------------- lists that are not true */

static void put_list(struct fixture *fix, const char *text)
{
    FILE *list = fopen(fixture_path(fix, "kept/backup.json"), "wb");
    CHECK(list != NULL);
    if (!list) return;
    CHECK(fputs(text, list) >= 0);
    CHECK(fclose(list) == 0);
}

static char *get_list(struct fixture *fix)
{
    char *text = arena_zalloc(&fix->arena, 1, 4096);
    FILE *list = fopen(fixture_path(fix, "kept/backup.json"), "rb");
    CHECK(list && fread(text, 1, 4095, list) > 0);
    if (list) CHECK(fclose(list) == 0);
    return text;
}

static void a_list_that_is_none_is_told(void)
{
    static const char *const lists[] = {
        "",
        "[]",
        "{}",
        "{\"format\":1}",
        "{\"format\":1,\"made_at\":\"2026\"}",
        "{\"format\":1,\"made_at\":\"2026\",\"files\":{}}",
        "{\"format\":1,\"made_at\":\"2026\",\"files\":[]}",
        "{\"format\":1,\"made_at\":\"2026\",\"files\":[{}]}",
        "{\"format\":1,\"made_at\":\"2026\",\"files\":[{\"tenant\":\"..\",\"bytes\":1}]}"};
    struct fixture fix;
    struct backup backup;
    begin_stopped(&fix);
    CHECK_STATUS(make(&fix, place(&fix, "kept"), &backup), ST_OK);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        put_list(&fix, lists[i]);
        CHECK_STATUS(backup_verify(place(&fix, "kept"), &fix.arena, &backup), ST_DEGRADED);
        CHECK_STR(backup.where, STR("backup.json"));
        CHECK_STR(backup.fault, STR("this is not a list of a backup's files"));
    }
    fixture_end(&fix);
}

/* What the list says of its only file is true, but for the log. */
static void put_true_list(struct fixture *fix)
{
    char text[500], hex[DIGEST_HEX_BYTES], *bytes = arena_alloc(&fix->arena, 4 << 20);
    FILE *kept = fopen(fixture_path(fix, "kept/tenants/acme/data.db"), "rb");
    size_t len = kept && bytes ? fread(bytes, 1, 4 << 20, kept) : 0;
    CHECK(len > 0);
    if (kept) CHECK(fclose(kept) == 0);
    struct digest hash = digest_of((struct str){bytes, len});
    digest_hex(&hash, hex);
    (void)snprintf(text, sizeof text,
                   "{\"format\":1,\"made_at\":\"2026\",\"files\":[{\"tenant\":\"acme\",\"bytes\":%zu,"
                   "\"sha256\":\"%s\",\"schema\":1,\"audit_rows\":3,\"audit_hash\":\"%s\"}]}",
                   len, hex, hex);
    put_list(fix, text);
}

static void a_file_that_was_damaged_before_it_was_listed_is_told(void)
{
    struct fixture fix;
    struct backup backup;
    begin_stopped(&fix);
    CHECK_STATUS(make(&fix, place(&fix, "kept"), &backup), ST_OK);
    forget_a_title(&fix, "kept/tenants/acme/data.db");
    put_true_list(&fix);
    CHECK_STATUS(backup_verify(place(&fix, "kept"), &fix.arena, &backup), ST_DEGRADED);
    CHECK_STR(backup.where, STR("tenants/acme/data.db"));
    CHECK_STR(backup.fault, STR("NULL value in form.title"));
    fixture_end(&fix);
}

static void a_list_that_tells_another_end_of_the_log_is_told(void)
{
    struct fixture fix;
    struct backup backup;
    begin_stopped(&fix);
    CHECK_STATUS(make(&fix, place(&fix, "kept"), &backup), ST_OK);
    char *text = get_list(&fix), *rows = strstr(text, "\"audit_rows\":3");
    CHECK(rows != NULL);
    if (rows) rows[sizeof "\"audit_rows\":" - 1] = '2';
    put_list(&fix, text);
    CHECK_STATUS(backup_verify(place(&fix, "kept"), &fix.arena, &backup), ST_DEGRADED);
    CHECK_STR(backup.where, STR("tenants/acme/data.db"));
    CHECK_STR(backup.fault, STR("its audit log ends elsewhere than the backup's list says"));
    fixture_end(&fix);
}

static void a_tenant_is_restored_to_a_name_and_over_nothing(void)
{
    struct fixture fix;
    struct backup backup;
    struct tenant_record tenant;
    struct backup_wish wish = {.tenant = STR("acme"), .as = STR("No Name")};
    begin_stopped(&fix);
    CHECK_STATUS(make(&fix, place(&fix, "kept"), &backup), ST_OK);
    const char *kept = place(&fix, "kept");
    CHECK_STATUS(backup_restore_tenant(kept, fix.directory, &wish, &fix.arena, &backup), ST_INPUT);
    wish.as = STR("copied");
    CHECK(mkdir(place(&fix, "tenants/copied"), 0700) == 0);
    CHECK(mkdir(place(&fix, "tenants/copied/data.db"), 0700) == 0); /* which is no file of ours */
    CHECK_STATUS(backup_restore_tenant(kept, fix.directory, &wish, &fix.arena, &backup), ST_CONFLICT);
    CHECK(rmdir(place(&fix, "tenants/copied/data.db")) == 0);
    fixture_open(&fix);
    CHECK_STATUS(tenant_find(fix.tenants, wish.as, &fix.arena, &tenant), ST_ABSENT);
    stop(&fix);
    CHECK_STATUS(backup_restore_tenant(kept, fix.directory, &wish, &fix.arena, &backup), ST_OK);
    fixture_end(&fix);
}

/* ---------------------------------------------------------------- looking */

static void a_complaint_that_there_is_no_memory_for_is_no_sound_file(void)
{
    struct fixture fix;
    struct arena small;
    struct file_report report;
    begin_stopped(&fix);
    forget_a_title(&fix, file);
    arena_init(&small, mem_heap(), 8);
    CHECK_STATUS(inspection_file(fix.directory, STR("acme"), &small, &report), ST_NOMEM);
    arena_release(&small);
    CHECK_STATUS(inspection_file(fix.directory, STR("acme"), &fix.arena, &report), ST_OK);
    CHECK(report.complaint.len > 0);
    fixture_end(&fix);
}

static void the_rows_of_another_schema_are_not_read_from_outside(void)
{
    struct fixture fix;
    struct form_page page;
    char sql[40];
    begin_stopped(&fix);
    CHECK_STATUS(inspection_forms(fix.directory, STR("acme"), STR(""), &fix.arena, &page), ST_OK);
    (void)snprintf(sql, sizeof sql, "PRAGMA user_version = %d", schema_version(&schema_tenant) - 1);
    change(&fix, file, sql);
    CHECK_STATUS(inspection_forms(fix.directory, STR("acme"), STR(""), &fix.arena, &page),
                 ST_PRECONDITION);
    (void)snprintf(sql, sizeof sql, "PRAGMA user_version = %d", schema_version(&schema_tenant) + 1);
    change(&fix, file, sql);
    CHECK_STATUS(inspection_forms(fix.directory, STR("acme"), STR(""), &fix.arena, &page), ST_NEWER);
    fixture_open(&fix); /* by the first to read it, without a log that would have it opened before */
    CHECK_STATUS(form_list(fix.tenants, STR("acme"), STR(""), 5, &fix.arena, &page), ST_NEWER);
    CHECK(!tenant_degraded(fix.tenants, STR("acme")));
    fixture_end(&fix);
}

static void an_operation_of_no_known_kind_degrades_its_file(void)
{
    struct fixture fix;
    struct operation_page page;
    struct operation_record found;
    fixture_begin(&fix);
    fixture_acme(&fix);
    stop(&fix);
    change(&fix, file,
           "PRAGMA ignore_check_constraints = ON; INSERT INTO operation (id, kind, state,"
           " made_ms, made_by, why) VALUES ('op_dream', 'dream', 'queued', 1, 'x', '')");
    fixture_open(&fix);
    CHECK_STATUS(operation_find(fix.tenants, STR("acme"), STR("op_dream"), &fix.arena, &found),
                 ST_DEGRADED);
    CHECK(tenant_degraded(fix.tenants, STR("acme")));
    CHECK_STATUS(operation_list(fix.tenants, STR("acme"), STR(""), 5, &fix.arena, &page), ST_DEGRADED);
    CHECK_STATUS(operation_open(fix.tenants, STR("acme"), &fix.arena, &page), ST_DEGRADED);
    fixture_end(&fix);
}

int main(void)
{
    what_its_own_table_would_not_take_is_not_backed_up();
    what_refers_to_nothing_is_not_backed_up();
    what_was_cut_off_is_left_to_the_operator();
    a_list_that_is_none_is_told();
    a_file_that_was_damaged_before_it_was_listed_is_told();
    a_list_that_tells_another_end_of_the_log_is_told();
    a_tenant_is_restored_to_a_name_and_over_nothing();
    a_complaint_that_there_is_no_memory_for_is_no_sound_file();
    the_rows_of_another_schema_are_not_read_from_outside();
    an_operation_of_no_known_kind_degrades_its_file();
    return TEST_RESULT();
}
