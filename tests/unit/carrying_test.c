/* Carrying stored submissions to a later version: tried, kept, gone on with after a death. */
#include "engine_fixture.h"

#include "engine/inside.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

static struct bench bench;

static const char first[] = "edition 2027 form trip \"T\" {\n"
                            "  name: text \"Name\"  size: decimal(2) \"m\"  fax: text\n"
                            "  leaves: zoned(\"Europe/Berlin\") \"When?\"\n}\n";
static const char second[] = "edition 2027 form trip \"T\" {\n"
                             "  full_name: text \"Name\" length ..6  size: integer \"cm\"\n"
                             "  departs: zoned(\"Europe/Berlin\") \"When?\"\n"
                             "  migrate from 1 { rename name to full_name  drop fax  rename leaves to "
                             "departs\n"
                             "    set size = round(size * 100, 0) }\n}\n";

static enum status publish(const char *source, struct published *ret_published)
{
    struct publication publication = {
        .tenant = STR("acme"), .form = STR("trip"), .source = str_of(source)};
    return engine_publish(&bench.call, &publication, ret_published);
}

static void add_submission(unsigned number, const char *answers)
{
    struct write write = {.kind = WRITE_SUBMISSION_ADD,
                          .tenant = STR("acme"),
                          .submission_add = {.form = STR("trip"),
                                             .version = 1,
                                             .key = arena_printf(&bench.arena, "key-%u", number),
                                             .answers = str_of(answers),
                                             .received_ms = BENCH_NOW_MS,
                                             .now = STR("2026-01-15T10:00:00Z"),
                                             .zone = STR("UTC"),
                                             .locale = STR("en")}};
    CHECK_STATUS(call_write(&bench.call, &write), ST_OK);
}

static struct carrying carry(uint32_t to, bool keep, uint64_t after_seq)
{
    struct carrying carrying = {.tenant = STR("acme"),
                                .form = STR("trip"),
                                .from = 1,
                                .to = to,
                                .keep = keep,
                                .after_seq = after_seq};
    CHECK_STATUS(engine_carry(&bench.call, &carrying), ST_OK);
    return carrying;
}

static void a_clause_makes_a_breaking_change_publishable(void)
{
    struct published published;
    CHECK_STATUS(publish(first, &published), ST_OK);
    CHECK_STATUS(publish("edition 2027 form trip \"T\" { full_name: text size: integer }", &published),
                 ST_CONFLICT);
    CHECK(bench.call.refusal == REFUSAL_BREAKING_CHANGE);
    CHECK_STATUS(publish("edition 2027 form trip \"T\" { full_name: text migrate from 1 { rename name "
                         "to full_name  drop fax  drop leaves } }",
                         &published),
                 ST_INPUT);
    CHECK(published.check.diags.count == 1 &&
          strcmp(published.check.diags.items[0].code, "E0244") == 0);
    CHECK_STATUS(publish("edition 2027 form trip \"T\" { name: text migrate from 7 { } }", &published),
                 ST_INPUT);
    CHECK(strcmp(published.check.diags.items[0].code, "E0243") == 0);
    CHECK_STATUS(publish(second, &published), ST_OK);
    CHECK(published.version.number == 2 && published.diff.diff_class == DIFF_BREAKING);
}

static void a_trial_tells_and_keeps_nothing(void)
{
    add_submission(1, "{\"name\":\"Ada\",\"size\":\"1.83\",\"fax\":\"1\"}");
    add_submission(2, "{\"name\":\"Bartholomew\"}");
    struct carrying tried = carry(2, false, 0);
    CHECK(tried.count == 2 && tried.carried == 1 && !tried.more);
    CHECK(str_eq(tried.items[0].item.answers, STR("{\"full_name\":\"Ada\",\"size\":183}")));
    CHECK(tried.items[1].item.answers.len == 0);
    CHECK(str_starts(tried.items[1].item.errors,
                     STR("[{\"pointer\":\"/full_name\",\"code\":\"too_long\"")));
    CHECK(carry(2, false, tried.items[0].item.seq).count == 1);
    CHECK(carry(2, false, 0).carried == 1);
}

static struct carried_page lineage(const char *key)
{
    struct submission_record submission;
    struct carried_page page = {.count = 0};
    CHECK_STATUS(submission_find_by_key(bench.engine->tenants, STR("acme"), STR("trip"), str_of(key),
                                        &bench.arena, &submission),
                 ST_OK);
    CHECK_STATUS(engine_carried(&bench.call, STR("acme"), &submission, &page), ST_OK);
    return page;
}

static void what_is_kept_stands_beside_what_was_submitted(void)
{
    struct carrying kept = carry(2, true, 0);
    CHECK(kept.count == 2 && kept.carried == 1 && !kept.more);
    struct carried_page ada = lineage("key-1"), bartholomew = lineage("key-2");
    CHECK(ada.count == 1 && ada.items[0].to == 2 && ada.items[0].from == 1);
    CHECK(str_eq(ada.items[0].answers, STR("{\"full_name\":\"Ada\",\"size\":183}")));
    CHECK(str_eq(ada.items[0].carried_by, STR("tok_test")) && ada.items[0].carried_ms == BENCH_NOW_MS &&
          ada.items[0].steps > 0);
    CHECK(bartholomew.count == 1 && bartholomew.items[0].answers.len == 0 &&
          bartholomew.items[0].errors.len);
    struct submission_record submission;
    CHECK_STATUS(submission_find_by_key(bench.engine->tenants, STR("acme"), STR("trip"), STR("key-1"),
                                        &bench.arena, &submission),
                 ST_OK);
    CHECK(submission.version == 1 &&
          str_eq(submission.answers, STR("{\"name\":\"Ada\",\"size\":\"1.83\",\"fax\":\"1\"}")));
}

/* The answers are judged where they were written, so the verdict must be written elsewhere. */
static void the_verdict_that_is_noted_is_that_of_the_carried_answers(void)
{
    struct definition *definition;
    struct judge *judge;
    struct judge_outcome outcome;
    struct buf out;
    struct carried_page ada = lineage("key-1");
    CHECK_STATUS(engine_fetch(bench.engine, STR("acme"), STR("trip"), 2, &definition), ST_OK);
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    struct judging judging = {.program = definition->program,
                              .answers = ada.items[0].answers,
                              .zone = zone_utc(),
                              .atlas = definition->atlas,
                              .locale = STR("en"),
                              .now_ms = BENCH_NOW_MS,
                              .steps_max = (uint64_t)limit(COST_STEPS),
                              .ms_max = 60000};
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
    verdict_write(judge, 2, &out);
    struct digest digest = digest_quick(buf_str(&out));
    CHECK(memcmp(&digest, &ada.items[0].verdict_hash, sizeof digest) == 0);
    buf_release(&out);
    judge_free(judge);
    definition_release(definition);
}

static void nothing_is_carried_twice(void)
{
    CHECK(carry(2, true, 0).count == 0);
    CHECK(lineage("key-1").count == 1);
    add_submission(3, "{\"name\":\"Cy\",\"leaves\":\"2026-07-01T10:00:00+02:00[Europe/Berlin]\"}");
    struct carrying late = carry(2, true, 0);
    CHECK(late.count == 1 && late.carried == 1);
    CHECK(
        str_eq(lineage("key-3").items[0].answers,
               STR("{\"full_name\":\"Cy\",\"departs\":\"2026-07-01T10:00:00+02:00[Europe/Berlin]\"}")));
}

static void what_is_not_there_is_told(void)
{
    struct carrying carrying = {.tenant = STR("acme"), .form = STR("trip"), .from = 9, .to = 2};
    CHECK_STATUS(engine_carry(&bench.call, &carrying), ST_ABSENT);
    carrying.from = 1, carrying.to = 9;
    CHECK_STATUS(engine_carry(&bench.call, &carrying), ST_ABSENT);
    carrying.to = 0; /* there is no draft */
    CHECK_STATUS(engine_carry(&bench.call, &carrying), ST_ABSENT);
}

/* Tells of each batch, until it is killed. */
static void carry_in_child(int told)
{
    bench_open(&bench);
    while (carry(2, true, 0).more)
        if (write(told, "b", 1) != 1) _exit(1);
    for (;;) pause();
}

static void begin_and_kill(unsigned batches)
{
    int ends[2];
    char byte;
    engine_close(bench.engine);
    if (pipe(ends) != 0) exit(EXIT_FAILURE);
    pid_t child = fork();
    if (child == 0) carry_in_child(ends[1]);
    close(ends[1]);
    for (unsigned i = 0; i < batches; i++) CHECK(read(ends[0], &byte, 1) == 1);
    CHECK(kill(child, SIGKILL) == 0);
    CHECK(waitpid(child, NULL, 0) == child);
    close(ends[0]);
    bench_open(&bench);
}

static void a_migration_that_is_killed_goes_on(unsigned count)
{
    struct carrying carrying;
    for (unsigned i = 4; i <= count; i++) add_submission(i, "{\"name\":\"Dora\",\"size\":\"0.50\"}");
    begin_and_kill(2);
    uint32_t rest = 0;
    do rest += (carrying = carry(2, true, 0)).carried;
    while (carrying.more);
    CHECK(rest > 0 && rest <= count - 3 - 2 * (uint32_t)limit(CARRY_ROWS));
    CHECK(carry(2, true, 0).count == 0);
    for (unsigned i = 4; i <= count; i++) {
        char key[32];
        snprintf(key, sizeof key, "key-%u", i);
        struct carried_page page = lineage(key);
        CHECK(page.count == 1 &&
              str_eq(page.items[0].answers, STR("{\"full_name\":\"Dora\",\"size\":50}")));
        arena_reset(&bench.arena);
    }
}

static void a_batch_has_so_many(unsigned count)
{
    struct carrying tried = carry(2, false, 0);
    CHECK(count > (unsigned)limit(CARRY_ROWS) && tried.count == (uint32_t)limit(CARRY_ROWS) &&
          tried.more);
    struct carried_item items[LIMIT_CARRY_ROWS + 1];
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        items[i] = (struct carried_item){.seq = i + 1, .answers = STR("{}")};
    struct write write = {.kind = WRITE_SUBMISSIONS_CARRY,
                          .tenant = STR("acme"),
                          .submissions_carry = {.form = STR("trip"),
                                                .from = 1,
                                                .to = 2,
                                                .items = items,
                                                .count = (uint32_t)limit(CARRY_ROWS) + 1}};
    CHECK_STATUS(call_write(&bench.call, &write), ST_INPUT);
    CHECK(bench.call.refusal == REFUSAL_BAD_VALUE);
}

static int change(const char *sql)
{
    char path[64];
    sqlite3 *raw;
    snprintf(path, sizeof path, "%s/tenants/acme/data.db", bench.directory);
    if (sqlite3_open(path, &raw) != SQLITE_OK) exit(EXIT_FAILURE);
    int code = sqlite3_exec(raw, sql, NULL, NULL, NULL);
    sqlite3_close(raw);
    return code;
}

static int count_of(const char *sql)
{
    char path[64];
    sqlite3 *raw;
    sqlite3_stmt *stmt = NULL;
    snprintf(path, sizeof path, "%s/tenants/acme/data.db", bench.directory);
    if (sqlite3_open(path, &raw) != SQLITE_OK) exit(EXIT_FAILURE);
    int count =
        sqlite3_prepare_v2(raw, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW
            ? sqlite3_column_int(stmt, 0)
            : -1;
    sqlite3_finalize(stmt);
    sqlite3_close(raw);
    return count;
}

static void what_was_carried_goes_only_with_its_submission(void)
{
    engine_close(bench.engine);
    CHECK(change("DELETE FROM carried WHERE seq = 1") == SQLITE_CONSTRAINT);
    CHECK(change("UPDATE carried SET answers = '{}' WHERE seq = 1") == SQLITE_CONSTRAINT);
    CHECK(change("UPDATE carried SET errors = '[]', answers = NULL WHERE seq = 1") ==
          SQLITE_CONSTRAINT);
    CHECK(
        change(
            "INSERT INTO tombstone SELECT seq, id, form_id, version, zeroblob(32), received_ms, 1, 'w'"
            " FROM submission WHERE seq = 1") == SQLITE_OK);
    CHECK(count_of("SELECT (SELECT count(*) FROM carried WHERE seq = 1) +"
                   " (SELECT count(*) FROM submission WHERE seq = 1)") == 0);
    bench_open(&bench);
    CHECK(carry(2, true, 0).count == 0);
}

int main(int argc, char **argv)
{
    unsigned count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 400;
    bench_begin(&bench, NULL);
    a_clause_makes_a_breaking_change_publishable();
    a_trial_tells_and_keeps_nothing();
    what_is_kept_stands_beside_what_was_submitted();
    the_verdict_that_is_noted_is_that_of_the_carried_answers();
    nothing_is_carried_twice();
    what_is_not_there_is_told();
    a_migration_that_is_killed_goes_on(count);
    a_batch_has_so_many(count);
    what_was_carried_goes_only_with_its_submission();
    bench_end(&bench);
    return TEST_RESULT();
}
