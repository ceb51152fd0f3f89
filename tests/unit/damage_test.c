/* Damage: what is stored is not what was stored any more. Only somebody who has the file can do that;
 * what the engine says of it is a fault of the storage, and nothing else stops working. */
#include "engine_fixture.h"
#include "entry.h"

#include "engine/inside.h"

#include <sqlite3.h>

static struct bench bench;

static const struct str acme = {"acme", 4}, trip = {"trip", 4};

static const char first[] = "edition 2027 form trip \"T\" {\n"
                            "  a: integer  pin: text sensitive  half: integer = divide(8, a, 0)\n"
                            "  ward: choice(wards)\n"
                            "  table wards { key code: text label name: text }\n}\n";
static const char second[] = "edition 2027 form trip \"T\" {\n"
                             "  b: integer  pin: text sensitive  ward: choice(wards)\n"
                             "  rest: integer = divide(8, b - 4, 0)\n"
                             "  table wards { key code: text label name: text }\n"
                             "  migrate from 1 { rename a to b }\n}\n";

/* ---------------------------------------------------------------- past the front door */

/* With what keeps the tables from being changed out of the way; the engine is closed meanwhile. */
static void damage(const char *sql)
{
    char path[64];
    sqlite3 *raw;
    engine_close(bench.engine);
    snprintf(path, sizeof path, "%s/tenants/acme/data.db", bench.directory);
    if (sqlite3_open(path, &raw) != SQLITE_OK) exit(EXIT_FAILURE);
    CHECK(sqlite3_exec(
              raw,
              "DROP TRIGGER IF EXISTS version_keeps; DROP TRIGGER IF EXISTS submission_keeps;"
              "DROP TRIGGER IF EXISTS table_content_keeps; DROP TRIGGER IF EXISTS version_is_kept;",
              NULL, NULL, NULL) == SQLITE_OK);
    if (sqlite3_exec(raw, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fprintf(stderr, "%s\n", sqlite3_errmsg(raw));
        test_failures++;
    }
    sqlite3_close(raw);
    bench_open(&bench);
}

static void set_source(unsigned version, const char *source)
{
    struct str sql = arena_printf(
        &bench.arena,
        "UPDATE version SET source = '%s' WHERE number = %u AND form_id = (SELECT id FROM form WHERE "
        "name = 'trip')",
        source, version);
    damage(sql.ptr);
}

static struct str add(const char *key, const char *answers, const char *now)
{
    struct write write = {.kind = WRITE_SUBMISSION_ADD,
                          .tenant = acme,
                          .submission_add = {.form = trip,
                                             .version = 1,
                                             .key = str_of(key),
                                             .answers = str_of(answers),
                                             .received_ms = BENCH_NOW_MS,
                                             .now = str_of(now),
                                             .zone = STR("UTC"),
                                             .locale = STR("en")}};
    CHECK_STATUS(call_write(&bench.call, &write), ST_OK);
    return write.submission_add.ret_submission.id;
}

static void erase(struct str id)
{
    CHECK_STATUS(engine_submission_erase(&bench.call, acme, trip, id), ST_OK);
}

static enum status carry(struct carrying *ret_carrying)
{
    *ret_carrying = (struct carrying){.tenant = acme, .form = trip, .from = 1, .to = 2};
    return engine_carry(&bench.call, ret_carrying);
}

static enum status explain(struct str id)
{
    struct buf out;
    struct explaining explaining = {.tenant = acme, .form = trip, .wanted = STR(""), .out = &out};
    buf_init(&out, mem_heap(), 1 << 20);
    enum status st = engine_explain_submission(&bench.call, &explaining, id);
    buf_release(&out);
    return st;
}

static enum status fetch(uint32_t version)
{
    struct definition *definition = NULL;
    enum status st = engine_fetch(bench.engine, acme, trip, version, &definition);
    definition_release(definition);
    return st;
}

static struct replay replay_all(enum status wanted)
{
    struct replay replay = {.mem = mem_heap(), .directory = bench.directory};
    engine_close(bench.engine);
    CHECK_STATUS(engine_replay(&replay), wanted);
    bench_open(&bench);
    return replay;
}

/* ---------------------------------------------------------------- submissions */

static void a_moment_that_is_none_is_a_fault_of_the_storage(void)
{
    struct carrying carrying;
    struct str id = add("key-1", "{\"a\":1}", "yesterday");
    CHECK_STATUS(carry(&carrying), ST_FAULT);
    CHECK_STATUS(explain(id), ST_FAULT);
    CHECK(replay_all(ST_OK).counts[REPLAYED_UNREADABLE] == 1);
    erase(id);
    CHECK_STATUS(carry(&carrying), ST_OK);
}

/* Told for each of them; the others are carried. */
static void answers_that_cannot_be_judged_are_not_carried(void)
{
    static const struct {
        const char *answers, *errors;
    } of[] = {{"{\"a\":", "[{\"pointer\":\"\",\"code\":\"malformed\"}]"},
              {"{\"a\":0}", "[{\"pointer\":\"\",\"code\":\"fault\"}]"},
              {"{\"a\":4}", "[{\"pointer\":\"\",\"code\":\"fault\"}]"}, /* by the later one */
              {"{\"a\":1}", ""}};
    struct carrying carrying;
    struct str ids[4];
    for (size_t i = 0; i < 4; i++)
        ids[i] =
            add(arena_printf(&bench.arena, "torn-%zu", i).ptr, of[i].answers, "2026-01-15T10:00:00Z");
    CHECK_STATUS(carry(&carrying), ST_OK);
    CHECK(carrying.count == 4 && carrying.carried == 1);
    for (size_t i = 0; i < carrying.count; i++)
        CHECK(str_eq(carrying.items[i].item.errors, str_of(of[i].errors)));
    CHECK(replay_all(ST_OK).counts[REPLAYED_UNJUDGED] == 2);
    for (size_t i = 0; i < 4; i++) erase(ids[i]);
}

static enum status rejudge(const char *answers, const char *now)
{
    struct worker *worker;
    const struct submission_record submission = {.now = str_of(now), .locale = STR("en")};
    struct intake intake = {.answers = str_of(answers), .submission = &submission};
    struct definition *definition;
    CHECK_STATUS(engine_fetch(bench.engine, acme, trip, 1, &definition), ST_OK);
    CHECK_STATUS(worker_new(bench.engine, &worker), ST_OK);
    enum status st = engine_rejudge(worker, &intake, definition);
    worker_free(worker);
    definition_release(definition);
    return st;
}

static void what_was_judged_once_and_cannot_be_judged_again_is_a_fault(void)
{
    CHECK_STATUS(rejudge("{\"a\":1}", "2026-01-15T10:00:00Z"), ST_OK);
    CHECK_STATUS(rejudge("{\"a\":", "2026-01-15T10:00:00Z"), ST_FAULT);
    CHECK_STATUS(rejudge("{\"a\":1}", "yesterday"), ST_FAULT);
}

/* ---------------------------------------------------------------- tables and versions */

static void a_table_that_is_none_any_more_is_a_fault_of_the_storage(void)
{
    struct published published;
    struct publication publication = {.tenant = acme, .form = trip, .source = str_of(first)};
    add("key-2", "{\"a\":2}", "2026-01-15T10:00:00Z");
    damage("UPDATE table_content SET csv = CAST('code,name' || char(10) || '\"' AS BLOB)");
    CHECK_STATUS(fetch(1), ST_FAULT);
    CHECK_STATUS(engine_publish(&bench.call, &publication, &published), ST_FAULT);
    CHECK(replay_all(ST_FAULT).counts[REPLAYED_SAME] == 0);
    damage(
        "UPDATE table_content SET csv = CAST('code,name' || char(10) || 'a1,One' || char(10) AS BLOB)");
    CHECK_STATUS(fetch(1), ST_OK);
}

static void check_masked(const char *wanted)
{
    struct masking masking = {.engine = bench.engine, .tenant = acme, .form = trip};
    struct buf out;
    buf_init(&out, mem_heap(), 1000);
    masking_put(&masking, 1, STR("{\"a\":2,\"pin\":\"4001\"}"), &out);
    CHECK(str_eq(buf_str(&out), str_of(wanted)));
    CHECK_STATUS(masking.failure, ST_OK); /* another look would tell the same */
    buf_release(&out);
    masking_release(&masking);
}

static void a_version_that_does_not_compile_any_more_is_a_fault_and_hides_all(void)
{
    struct submission_record found;
    struct definition *before;
    struct str text;
    CHECK_STATUS(engine_submission_by_key(&bench.call, acme, trip, STR("key-2"), &found), ST_OK);
    CHECK_STATUS(explain(found.id), ST_OK);
    check_masked("{\"a\":2,\"pin\":null}");
    set_source(1, "edition 2027 form trip \"T\" { a: nothing }");
    CHECK_STATUS(fetch(1), ST_FAULT);
    CHECK_STATUS(explain(found.id), ST_FAULT);
    check_masked("null");
    CHECK(replay_all(ST_OK).counts[REPLAYED_UNCOMPILED] == 1);
    CHECK_STATUS(engine_fetch(bench.engine, acme, trip, 2, &before), ST_OK);
    struct definition same = {.tenant = before->tenant, .form = before->form, .number = 1};
    CHECK_STATUS(engine_module(&bench.call, &same, &text), ST_FAULT);
    definition_release(before);
}

/* Nobody publishes so many. */
static void a_version_that_names_more_tables_than_may_be_does_not_compile(void)
{
    struct table_made made;
    struct str text = STR("edition 2027 form trip \"T\" { a: integer");
    for (int i = 1; i <= limit(TABLES) + 1; i++) {
        struct str name = arena_printf(&bench.arena, "t%d", i);
        CHECK_STATUS(engine_table_put(&bench.call, acme, name, STR("code,name\na1,One\n"), &made),
                     ST_OK);
        text = arena_printf(&bench.arena,
                            "%.*s  c%d: choice(t%d) table t%d { key code: text label name: text }",
                            STR_ARG(text), i, i, i);
        if (i < limit(TABLES)) continue;
        set_source(1, arena_printf(&bench.arena, "%.*s }", STR_ARG(text)).ptr);
        bool many = i > limit(TABLES);
        CHECK_STATUS(fetch(1), many ? ST_FAULT : ST_OK);
        CHECK((replay_all(ST_OK).counts[REPLAYED_UNCOMPILED] > 0) == many);
    }
}

/* The system's zones are not those of the day of its publication. */
static void a_version_in_a_zone_that_is_gone_is_not_served(void)
{
    set_source(1, "edition 2027 form trip \"T\" { a: integer  at: zoned(\"Mars/Base\") }");
    CHECK_STATUS(fetch(1), ST_ABSENT);
    set_source(1, "edition 2027 form trip \"T\" { a: integer  at: zoned(\"Europe/Berlin\") }");
    CHECK_STATUS(fetch(1), ST_OK);
    set_source(1, "edition 2027 form trip \"T\" { timezone \"Mars/Base\"  a: integer }");
    CHECK(fetch(1) != ST_OK);
}

int main(void)
{
    struct table_made made;
    bench_begin(&bench, NULL);
    CHECK_STATUS(engine_table_put(&bench.call, acme, STR("wards"), STR("code,name\na1,One\n"), &made),
                 ST_OK);
    CHECK(bench_publish(&bench, "trip", first) == 1);
    CHECK(bench_publish(&bench, "trip", second) == 2);
    a_moment_that_is_none_is_a_fault_of_the_storage();
    answers_that_cannot_be_judged_are_not_carried();
    what_was_judged_once_and_cannot_be_judged_again_is_a_fault();
    a_table_that_is_none_any_more_is_a_fault_of_the_storage();
    a_version_that_does_not_compile_any_more_is_a_fault_and_hides_all();
    a_version_that_names_more_tables_than_may_be_does_not_compile();
    a_version_in_a_zone_that_is_gone_is_not_served();
    bench_end(&bench);
    return TEST_RESULT();
}
