#include "store_fixture.h"

#include <sys/stat.h>

#include "tenants/schema.h"

/* ---- the rules of the files, attacked by a hand with a shell */

struct attack {
    const char *sql;
    const char *because; /* a part of what the file answers */
};

static void check_attacks(const struct fixture *fix, const char *file, const struct attack *attacks,
                          size_t count)
{
    sqlite3 *raw = fixture_raw(fix, file);
    for (size_t i = 0; i < count; i++) {
        char *message = NULL;
        int code = sqlite3_exec(raw, attacks[i].sql, NULL, NULL, &message);
        if (code == SQLITE_OK || !message || !strstr(message, attacks[i].because)) {
            fprintf(stderr, "%s: %s: answered %d %s, not %s\n", file, attacks[i].sql, code,
                    message ? message : "(nothing)", attacks[i].because);
            test_failures++;
        }
        sqlite3_free(message);
    }
    (void)sqlite3_close(raw);
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The log of changes, which each file has. */
static const struct attack audit_attacks[] = {
    {"UPDATE audit SET who = 'me'", "only added to"},
    {"UPDATE audit SET at_ms = 0", "only added to"},
    {"DELETE FROM audit", "only added to"},
    {"DELETE FROM audit_end", "stays"},
    {"UPDATE audit_end SET seq = seq - 1", "moves on"},
    {"UPDATE audit_end SET seq = seq + 1", "moves on"},
    {"UPDATE audit_end SET hash = zeroblob(32)", "moves on"},
    {"INSERT INTO audit_end VALUES (1, 0, zeroblob(32))", "there is one"},
    {"INSERT OR REPLACE INTO audit_end VALUES (1, 0, zeroblob(32))", "there is one"},
    {"INSERT INTO audit VALUES (1, 1, 'w', 'a', '', '', '', '', '', zeroblob(32), zeroblob(32))",
     "at the end"},
    {"INSERT OR REPLACE INTO audit VALUES (1, 1, 'w', 'a', '', '', '', '', '', zeroblob(32), "
     "zeroblob(32))",
     "at the end"},
    {"INSERT INTO audit VALUES (99, 1, 'w', 'a', '', '', '', '', '', zeroblob(32), zeroblob(32))",
     "at the end"},
    {"INSERT INTO audit SELECT seq + 1, 1, 'w', 'a', '', '', '', '', '', zeroblob(32), "
     "zeroblob(32) FROM audit"
     " ORDER BY seq DESC LIMIT 1",
     "hash of the one before"},
    {"INSERT INTO audit SELECT seq + 1, 1, '', 'a', '', '', '', '', '', hash, zeroblob(32) FROM "
     "audit"
     " ORDER BY seq DESC LIMIT 1",
     "CHECK"},
};

/* The columns that a token is made with. */
#define TOKEN "(id, tenant, role, secret_hash, note, created_ms, expires_ms, revoked_ms, last_used_ms) "

static void a_shell_cannot_break_the_rules_of_the_system_file(void)
{
    static const struct attack attacks[] = {
        {"INSERT INTO tenant VALUES ('', 'n', 'active', 1)", "CHECK"},
        {"INSERT INTO tenant VALUES ('Big', 'n', 'active', 1)", "CHECK"},
        {"INSERT INTO tenant VALUES ('../up', 'n', 'active', 1)", "CHECK"},
        {"INSERT INTO tenant VALUES ('-x', 'n', 'active', 1)", "CHECK"},
        {"INSERT INTO tenant VALUES ('a' || char(0) || '/..', 'n', 'active', 1)", "CHECK"},
        {"INSERT INTO tenant VALUES (printf('%064d', 0), 'n', 'active', 1)", "CHECK"},
        {"INSERT INTO tenant VALUES (NULL, 'n', 'active', 1)", "NOT NULL"},
        {"INSERT INTO tenant VALUES ('b', '', 'active', 1)", "CHECK"},
        {"INSERT INTO tenant VALUES ('b', 'n', 'asleep', 1)", "begins active"},
        {"INSERT INTO tenant VALUES ('b', 'n', 'closed', 1)", "begins active"},
        {"INSERT INTO tenant VALUES ('b', 'n', 'active', -1)", "CHECK"},
        {"INSERT INTO tenant VALUES ('b', 'n', 'active', 'soon')", "cannot store TEXT"},
        {"INSERT INTO tenant VALUES ('acme', 'n', 'active', 1)", "is there already"},
        {"INSERT OR REPLACE INTO tenant VALUES ('acme', 'n', 'active', 1)", "is there already"},
        {"UPDATE tenant SET state = 'odd'", "CHECK"},
        {"UPDATE tenant SET id = 'b'", "never change"},
        {"UPDATE tenant SET created_ms = 5", "never change"},
        {"UPDATE tenant SET state = 'active' WHERE id = 'gone'", "closed is for good"},
        {"DELETE FROM tenant", "never deleted"},

        {"INSERT INTO token " TOKEN
         "VALUES ('t', 'nobody', 'reader', zeroblob(32), '', 1, NULL, NULL, NULL)",
         "FOREIGN KEY"},
        {"INSERT INTO token " TOKEN
         "VALUES ('t', NULL, 'reader', zeroblob(32), '', 1, NULL, NULL, NULL)",
         "CHECK"},
        {"INSERT INTO token " TOKEN
         "VALUES ('t', 'acme', 'operator', zeroblob(32), '', 1, NULL, NULL, NULL)",
         "CHECK"},
        {"INSERT INTO token " TOKEN
         "VALUES ('t', 'acme', 'king', zeroblob(32), '', 1, NULL, NULL, NULL)",
         "CHECK"},
        {"INSERT INTO token " TOKEN
         "VALUES ('t', 'acme', 'reader', zeroblob(31), '', 1, NULL, NULL, NULL)",
         "CHECK"},
        {"INSERT INTO token " TOKEN "VALUES ('t', 'acme', 'reader', 'text', '', 1, NULL, NULL, NULL)",
         "cannot store TEXT"},
        {"INSERT INTO token " TOKEN
         "VALUES ('t_1', 'acme', 'reader', zeroblob(32), '', 1, NULL, NULL, NULL)",
         "CHECK"},
        {"INSERT INTO token " TOKEN
         "VALUES ('t', 'acme', 'reader', zeroblob(32), '', 5, 5, NULL, NULL)",
         "CHECK"},
        {"INSERT INTO token " TOKEN
         "VALUES ('t', 'acme', 'reader', zeroblob(32), '', 1, NULL, 1, NULL)",
         "begins unused"},
        {"INSERT INTO token " TOKEN
         "SELECT 't', tenant, role, secret_hash, '', 1, NULL, NULL, NULL FROM token "
         "LIMIT 1",
         "is there already"},
        {"INSERT OR REPLACE INTO token " TOKEN
         "SELECT id, 'acme', 'reader', zeroblob(32), '', 1, NULL, NULL, "
         "NULL FROM token LIMIT 1",
         "is there already"},
        {"UPDATE token SET role = 'publisher'", "only its use"},
        {"UPDATE token SET tenant = NULL, role = 'operator'", "only its use"},
        {"UPDATE token SET secret_hash = zeroblob(32) WHERE revoked_ms IS NOT NULL",
         "revoked is for good"},
        {"UPDATE token SET scopes = 'forms.read'", "only its use"},
        {"UPDATE token SET networks = '::/0'", "only its use"},
        {"UPDATE token SET secret_hash = zeroblob(32) WHERE revoked_ms IS NULL",
         "keeps the one before"},
        {"UPDATE token SET old_until_ms = 99 WHERE revoked_ms IS NULL", "keeps the one before"},
        {"UPDATE token SET secret_hash = zeroblob(32), old_hash = zeroblob(32), rotated_ms = 1,"
         " old_until_ms = 2 WHERE revoked_ms IS NULL",
         "keeps the one before"},
        {"UPDATE token SET secret_hash = zeroblob(32), old_hash = secret_hash, rotated_ms = 1,"
         " old_until_ms = 2592000002 WHERE revoked_ms IS NULL",
         "keeps the one before"},
        {"INSERT INTO token (id, tenant, role, secret_hash, note, created_ms, old_hash)"
         " VALUES ('t', 'acme', 'reader', zeroblob(32), '', 1, zeroblob(32))",
         "begins with one secret"},
        {"UPDATE token SET expires_ms = NULL", "only its use"},
        {"UPDATE token SET revoked_ms = NULL", "revoked is for good"},
        {"UPDATE token SET last_used_ms = 99", "only moves on"},
        {"DELETE FROM token", "never deleted"},
    };
    struct fixture fix;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(fixture_tenant(&fix, STR("gone")), ST_OK);
    CHECK_STATUS(fixture_tenant_state(&fix, STR("gone"), TENANT_CLOSED), ST_OK);
    struct write write = fixture_write(&fix, WRITE_TOKEN_CREATE);
    write.token_create = (struct token_create){.tenant = STR("acme"), .role = ROLE_READER};
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    struct str id = write.token_create.ret_id;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK); /* another one, which lives on */
    write = fixture_write(&fix, WRITE_TOKEN_REVOKE);
    write.token_revoke = (struct token_revoke){.tenant = STR("acme"), .id = id};
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    tenants_close(fix.tenants);
    fix.tenants = NULL;
    check_attacks(&fix, "system.db", attacks, COUNT(attacks));
    check_attacks(&fix, "system.db", audit_attacks, COUNT(audit_attacks));
    fixture_end(&fix);
}

#define SUBMISSION(id, form, version, key, hash, answers, ms)                                          \
    "(seq, id, form_id, version, key, body_hash, answers, received_ms, judged_now, zone, locale, "     \
    "steps, verdict_hash,"                                                                             \
    " submitter, place) VALUES (NULL, " id ", " form ", " version ", " key ", " hash ", " answers      \
    ", " ms ", '', '', '', 1, zeroblob(32), '', '')"
#define ADD "INSERT INTO submission " SUBMISSION

static void a_shell_cannot_break_the_rules_of_a_tenants_file(void)
{
    static const struct attack attacks[] = {
        {"INSERT INTO form (name, title, state, created_ms, state_ms) VALUES ('A', 't', 'draft', 1, 1)",
         "CHECK"},
        {"INSERT INTO form (name, title, state, created_ms, state_ms) VALUES ('_a', 't', 'draft', 1, "
         "1)",
         "CHECK"},
        {"INSERT INTO form (name, title, state, created_ms, state_ms) VALUES ('a', '', 'draft', 1, 1)",
         "CHECK"},
        {"INSERT INTO form (name, title, state, created_ms, state_ms) VALUES ('a', 't', 'open', 1, 1)",
         "begins as a draft"},
        {"INSERT INTO form (name, title, state, created_ms, state_ms) VALUES ('visa', 't', 'draft', 1, "
         "1)",
         "is there already"},
        {"INSERT INTO form (name, title, state, created_ms, state_ms, newest) VALUES ('a', 't', "
         "'draft', 1, 1, 3)",
         "begins as a draft"},
        {"INSERT OR REPLACE INTO form (id, name, title, state, created_ms, state_ms) VALUES (1, 'a', "
         "'t', 'draft', 1, 1)",
         "is there already"},
        {"UPDATE form SET name = 'b'", "never change"},
        {"UPDATE form SET id = 7", "never change"},
        {"UPDATE form SET state = 'archived' WHERE name = 'visa'", "cannot follow"},
        {"UPDATE form SET state = 'odd' WHERE name = 'visa'", "cannot follow"},
        {"UPDATE form SET state = 'open' WHERE name = 'empty'", "without a version"},
        {"UPDATE form SET newest = 2 WHERE name = 'visa'", "newest"},
        {"UPDATE form SET submissions = 0", "only added to"},
        {"DELETE FROM form", "never deleted"},

        {"INSERT INTO draft VALUES (9, 's', zeroblob(32), 1, 1, 'w')", "FOREIGN KEY"},
        {"INSERT INTO draft VALUES (2, 's', zeroblob(3), 1, 1, 'w')", "CHECK"},
        {"INSERT INTO draft VALUES (2, 's', zeroblob(32), 2, 1, 'w')", "begins at revision 1"},
        {"INSERT OR REPLACE INTO draft VALUES (1, 's', zeroblob(32), 1, 1, 'w')", "is there already"},
        {"UPDATE draft SET revision = 9", "go up by one"},
        {"UPDATE draft SET source = 'other'", "go up by one"},

        {"UPDATE version SET source = 'other'", "never changes"},
        {"UPDATE version SET number = 9", "never changes"},
        {"DELETE FROM version", "never deleted"},
        {"INSERT INTO version VALUES (1, 3, 's', zeroblob(32), '2026', '1', 1, 'w')", "go up by one"},
        {"INSERT INTO version VALUES (1, 1, 's', zeroblob(32), '2026', '1', 1, 'w')", "go up by one"},
        {"INSERT INTO version VALUES (9, 1, 's', zeroblob(32), '2026', '1', 1, 'w')", "go up by one"},
        {"INSERT OR REPLACE INTO version VALUES (1, 1, 's', zeroblob(32), '2026', '1', 1, 'w')",
         "go up by one"},
        {"INSERT INTO version SELECT 1, 2, source, source_hash, '2026', '1', 1, 'w' FROM version",
         "published already"},
        {"INSERT INTO version VALUES (1, 2, 's', zeroblob(32), '', '1', 1, 'w')", "CHECK"},
        {"INSERT INTO version VALUES (1, 2, 's', 'abc', '2026', '1', 1, 'w')", "cannot store TEXT"},

        {"INSERT INTO artefact VALUES (1, 9, 'render', '1', x'00')", "FOREIGN KEY"},
        {"INSERT INTO artefact VALUES (1, 1, '', '1', x'00')", "CHECK"},

        {"UPDATE submission SET answers = '{}'", "never changes"},
        {"DELETE FROM submission", "goes only with a tombstone"},
        {"INSERT INTO tombstone VALUES (9, 'sub_x', 1, 1, zeroblob(32), 1, 1, 'w')",
         "is of a submission that is there"},
        {"INSERT INTO tombstone SELECT seq, id, form_id, 2, zeroblob(32), received_ms, 1, 'w' FROM "
         "submission",
         "is of a submission that is there"},
        {"INSERT INTO tombstone SELECT seq, id, form_id, version, zeroblob(3), received_ms, 1, 'w' "
         "FROM "
         "submission",
         "CHECK"},
        {"UPDATE form SET erased = 7", "number of its tombstones"},
        {ADD("'sub_2'", "1", "1", "'key-1'", "zeroblob(32)", "'{}'", "1"), "UNIQUE"},
        {ADD("(SELECT id FROM submission)", "1", "1", "'key-2'", "zeroblob(32)", "'{}'", "1"),
         "UNIQUE"},
        {ADD("'x_2'", "1", "1", "'key-2'", "zeroblob(32)", "'{}'", "1"), "CHECK"},
        {ADD("'sub_2'", "1", "2", "'key-2'", "zeroblob(32)", "'{}'", "1"), "FOREIGN KEY"},
        {ADD("'sub_2'", "2", "1", "'key-2'", "zeroblob(32)", "'{}'", "1"), "FOREIGN KEY"},
        {ADD("'sub_2'", "9", "1", "'key-2'", "zeroblob(32)", "'{}'", "1"), "FOREIGN KEY"},
        {ADD("'sub_2'", "1", "1", "''", "zeroblob(32)", "'{}'", "1"), "CHECK"},
        {ADD("'sub_2'", "1", "1", "'a b'", "zeroblob(32)", "'{}'", "1"), "CHECK"},
        {ADD("'sub_2'", "1", "1", "'key-2'", "zeroblob(3)", "'{}'", "1"), "CHECK"},
        {ADD("'sub_2'", "1", "1", "'key-2'", "zeroblob(32)", "''", "1"), "CHECK"},
        {ADD("'sub_2'", "1", "1", "'key-2'", "zeroblob(32)", "'{}'", "-1"), "CHECK"},
        {ADD("'sub_2'", "1", "1", "'key-2'", "zeroblob(32)", "'{}'", "1.5"), "cannot store REAL"},
    };
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("empty")), ST_OK);
    struct write write = fixture_submission(&fix, STR("key-1"), STR("{\"a\":1}"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    write = fixture_write(&fix, WRITE_DRAFT_PUT);
    write.draft_put = (struct draft_put){.form = STR("visa"), .source = STR("draft")};
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    tenants_close(fix.tenants);
    fix.tenants = NULL;
    check_attacks(&fix, "tenants/acme/data.db", attacks, COUNT(attacks));
    check_attacks(&fix, "tenants/acme/data.db", audit_attacks, COUNT(audit_attacks));
    fixture_open(&fix);
    struct submission_record found;
    CHECK_STATUS(
        submission_find_by_key(fix.tenants, STR("acme"), STR("visa"), STR("key-1"), &fix.arena, &found),
        ST_OK);
    CHECK_STR(found.answers, STR("{\"a\":1}"));
    fixture_end(&fix);
}

/* A REPLACE runs no DELETE trigger unless the connection asks for that. Ours does; so even a mistake of
 * our own cannot put one submission in the place of another. */
static void no_statement_of_ours_can_replace_a_submission(void)
{
    static const char *const attacks[] = {
        "INSERT OR REPLACE INTO submission " SUBMISSION("'sub_2'", "1", "1", "'key-1'", "zeroblob(32)",
                                                        "'{}'", "1"),
        "REPLACE INTO submission " SUBMISSION("(SELECT id FROM submission)", "1", "1", "'key-2'",
                                              "zeroblob(32)", "'{}'", "1"),
        "INSERT INTO submission " SUBMISSION(
            "'sub_2'", "1", "1", "'key-1'", "zeroblob(32)", "'{}'",
            "1") " ON CONFLICT DO UPDATE SET answers = excluded.answers",
    };
    struct fixture fix;
    struct database db = {0};
    int64_t number = 0;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct write write = fixture_submission(&fix, STR("key-1"), STR("{\"a\":1}"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    tenants_close(fix.tenants);
    fix.tenants = NULL;
    CHECK_STATUS(database_open_writer(fixture_path(&fix, "tenants/acme/data.db"), false, &db), ST_OK);
    for (size_t i = 0; i < COUNT(attacks); i++)
        CHECK_STATUS(database_run(&db, attacks[i]), ST_CONFLICT);
    CHECK_STATUS(
        database_number(&db, "SELECT count(*) FROM submission WHERE answers = '{\"a\":1}' AND seq = 1",
                        &number),
        ST_OK);
    CHECK_NUMBER(number, 1);
    database_close(&db, true);
    fixture_end(&fix);
}

static void every_table_is_strict(void)
{
    static const char *const files[] = {"system.db", "tenants/acme/data.db"};
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    for (size_t i = 0; i < COUNT(files); i++) {
        CHECK(fixture_number(
                  &fix, files[i],
                  "SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND strict") >= 3);
        CHECK_NUMBER(
            fixture_number(&fix, files[i],
                           "SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND NOT strict"
                           " AND name NOT LIKE 'sqlite%'"),
            0);
    }
    fixture_end(&fix);
}

static void the_files_settings_are_those_decided(void)
{
    struct fixture fix;
    struct database writer = {0}, reader = {0};
    int64_t number;
    fixture_prepare(&fix);
    CHECK_STATUS(database_open_writer(fixture_path(&fix, "a.db"), true, &writer), ST_OK);
    CHECK_STATUS(schema_migrate(&writer, &schema_tenant), ST_OK);
    CHECK_STATUS(database_open_reader(fixture_path(&fix, "a.db"), &reader), ST_OK);
    static const struct {
        const char *pragma;
        int64_t writer, reader;
    } settings[] = {
        {"PRAGMA synchronous", 2, 2},         {"PRAGMA foreign_keys", 1, -1},
        {"PRAGMA recursive_triggers", 1, -1}, {"PRAGMA trusted_schema", 0, 0},
        {"PRAGMA cell_size_check", 1, 1},     {"PRAGMA mmap_size", 0, 0},
        {"PRAGMA wal_autocheckpoint", 0, 0},  {"PRAGMA journal_size_limit", LIMIT_WAL_BYTES, -1},
        {"PRAGMA query_only", 0, 1},          {"PRAGMA temp_store", 2, 2},
        {"PRAGMA busy_timeout", 0, 1000},
    };
    for (size_t i = 0; i < COUNT(settings); i++) {
        CHECK_STATUS(database_number(&writer, settings[i].pragma, &number), ST_OK);
        CHECK_NUMBER(number, settings[i].writer);
        if (settings[i].reader < 0) continue;
        CHECK_STATUS(database_number(&reader, settings[i].pragma, &number), ST_OK);
        CHECK_NUMBER(number, settings[i].reader);
    }
    int on = 0;
    CHECK_NUMBER(sqlite3_db_config(writer.handle, SQLITE_DBCONFIG_DEFENSIVE, -1, &on), SQLITE_OK);
    CHECK_NUMBER(on, 1);
    CHECK_NUMBER(sqlite3_db_config(reader.handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, -1, &on),
                 SQLITE_OK);
    CHECK_NUMBER(on, 1);
    CHECK_NUMBER(sqlite3_db_config(writer.handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, -1, &on),
                 SQLITE_OK);
    CHECK_NUMBER(on, 0);
    CHECK(database_run(&reader, "INSERT INTO form (name, title, state, created_ms, state_ms) VALUES "
                                "('a','t','draft',1,1)") != ST_OK);
    CHECK(database_run(&writer, "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema") != ST_OK);
    CHECK(database_run(&writer, "ATTACH ':memory:' AS other") != ST_OK);
    database_close(&reader, false);
    database_close(&writer, true);
    fixture_end(&fix);
}

/* ---- from version to version */

static const struct migration steps[] = {
    {1, "CREATE TABLE a (x INTEGER) STRICT"},
    {2, "ALTER TABLE a ADD COLUMN y INTEGER"},
    {2, "INSERT INTO a VALUES (1, 2)"},
    {3, "CREATE TABLE b (z INTEGER) STRICT; INSERT INTO b SELECT y FROM a"},
};

static void a_file_is_brought_up_to_date_step_by_step(void)
{
    struct fixture fix;
    struct database db = {0};
    int64_t number = 0;
    fixture_prepare(&fix);
    /* From every older version. */
    for (size_t old = 0; old <= COUNT(steps); old++) {
        if (old == 2) continue; /* half a step is no version */
        char name[16];
        (void)snprintf(name, sizeof name, "%zu.db", old);
        CHECK_STATUS(database_open_writer(fixture_path(&fix, name), true, &db), ST_OK);
        if (old) CHECK_STATUS(schema_migrate(&db, &(struct schema){steps, old}), ST_OK);
        CHECK_STATUS(schema_migrate(&db, &(struct schema){steps, COUNT(steps)}), ST_OK);
        CHECK_STATUS(schema_migrate(&db, &(struct schema){steps, COUNT(steps)}),
                     ST_OK); /* nothing left to do */
        CHECK_STATUS(database_number(&db, "SELECT z FROM b", &number), ST_OK);
        CHECK_NUMBER(number, 2);
        CHECK_STATUS(database_number(&db, "PRAGMA user_version", &number), ST_OK);
        CHECK_NUMBER(number, 3);
        CHECK_STATUS(database_number(&db, "PRAGMA application_id", &number), ST_OK);
        CHECK_NUMBER(number, DATABASE_MARK);
        database_close(&db, true);
    }
    fixture_end(&fix);
}

static void a_step_that_fails_leaves_the_version_before(void)
{
    static const struct migration broken[] = {{1, "CREATE TABLE a (x INTEGER) STRICT"},
                                              {2, "CREATE TABLE b (x INTEGER) STRICT"},
                                              {2, "CREATE TABLE a (x INTEGER) STRICT"}};
    struct fixture fix;
    struct database db = {0};
    int64_t number = 0;
    fixture_prepare(&fix);
    CHECK_STATUS(database_open_writer(fixture_path(&fix, "a.db"), true, &db), ST_OK);
    CHECK(schema_migrate(&db, &(struct schema){broken, COUNT(broken)}) != ST_OK);
    CHECK(!database_in_transaction(&db));
    CHECK_STATUS(database_number(&db, "PRAGMA user_version", &number), ST_OK);
    CHECK_NUMBER(number, 1);
    CHECK_STATUS(database_number(&db, "SELECT count(*) FROM sqlite_schema", &number), ST_OK);
    CHECK_NUMBER(number, 1);
    database_close(&db, true);
    fixture_end(&fix);
}

static void a_newer_file_is_refused_and_left_as_it_is(void)
{
    struct fixture fix;
    struct tenants *tenants;
    struct form_record form;
    fixture_begin(&fix);
    fixture_acme(&fix);
    tenants_close(fix.tenants);
    fix.tenants = NULL;
    char sql[64];
    (void)snprintf(sql, sizeof sql, "PRAGMA user_version = %d", schema_version(&schema_tenant) + 1);
    CHECK_NUMBER(fixture_sql(&fix, "tenants/acme/data.db", sql), SQLITE_OK);
    fixture_open(&fix);
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_NEWER);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("other")), ST_NEWER);
    CHECK(!tenant_degraded(fix.tenants, STR("acme"))); /* nothing is wrong with it */
    tenants_close(fix.tenants);
    fix.tenants = NULL;
    CHECK_NUMBER(fixture_number(&fix, "tenants/acme/data.db", "SELECT count(*) FROM form"), 1);
    (void)snprintf(sql, sizeof sql, "PRAGMA user_version = %d", schema_version(&schema_system) + 1);
    CHECK_NUMBER(fixture_sql(&fix, "system.db", sql), SQLITE_OK);
    CHECK_STATUS(tenants_open(&fix.options, &tenants), ST_NEWER);
    fixture_end(&fix);
}

static void another_programs_file_is_not_touched(void)
{
    struct fixture fix;
    struct database db = {0};
    fixture_prepare(&fix);
    CHECK_NUMBER(fixture_sql(&fix, "theirs.db", "CREATE TABLE t (x)"), SQLITE_OK);
    CHECK_STATUS(database_open_writer(fixture_path(&fix, "theirs.db"), false, &db), ST_DEGRADED);
    CHECK_NUMBER(
        fixture_number(&fix, "theirs.db",
                       "SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'delete'"),
        1);
    FILE *file = fopen(fixture_path(&fix, "text.db"), "wb");
    CHECK(file &&
          fputs("this is not a database, however long one looks at it, and it has to be long enough",
                file) >= 0);
    if (file) (void)fclose(file);
    CHECK_STATUS(database_open_writer(fixture_path(&fix, "text.db"), false, &db), ST_DEGRADED);
    CHECK_STATUS(database_open_writer(fixture_path(&fix, "absent.db"), false, &db), ST_IO);
    CHECK(db.handle == NULL && db.failure != 0);
    fixture_end(&fix);
}

/* Somebody may want to go back to the program that the file is from. */
static void a_file_that_cannot_be_kept_as_it_was_is_not_changed(void)
{
    struct fixture fix;
    struct database db = {0};
    int64_t number = 0;
    char partial[256];
    fixture_prepare(&fix);
    (void)snprintf(partial, sizeof partial, "%s/a.db.schema-1.partial", fix.directory);
    CHECK_STATUS(database_open_writer(fixture_path(&fix, "a.db"), true, &db), ST_OK);
    CHECK_STATUS(schema_migrate(&db, &(struct schema){steps, 1}), ST_OK);
    CHECK(mkdir(partial, 0700) == 0); /* in the way */
    CHECK(schema_migrate(&db, &(struct schema){steps, COUNT(steps)}) != ST_OK);
    CHECK_STATUS(database_number(&db, "PRAGMA user_version", &number), ST_OK);
    CHECK_NUMBER(number, 1);
    CHECK(rmdir(partial) == 0);
    CHECK_STATUS(schema_migrate(&db, &(struct schema){steps, COUNT(steps)}), ST_OK);
    database_close(&db, true);
    fixture_end(&fix);
}

int main(void)
{
    a_shell_cannot_break_the_rules_of_the_system_file();
    a_shell_cannot_break_the_rules_of_a_tenants_file();
    no_statement_of_ours_can_replace_a_submission();
    every_table_is_strict();
    the_files_settings_are_those_decided();
    a_file_is_brought_up_to_date_step_by_step();
    a_step_that_fails_leaves_the_version_before();
    a_newer_file_is_refused_and_left_as_it_is();
    another_programs_file_is_not_touched();
    a_file_that_cannot_be_kept_as_it_was_is_not_changed();
    return TEST_RESULT();
}
