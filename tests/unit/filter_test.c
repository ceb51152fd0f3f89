/* Filters: which index finds what is asked for, and that nothing is looked through. */
#include "store_fixture.h"

#include "tenants/filter.h"
#include <pthread.h>

static const char file[] = "tenants/acme/data.db";

/* Many submissions at a time share a transaction. */
enum { BATCH = 250 };
static uint32_t done;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t over = PTHREAD_COND_INITIALIZER;

static void end(struct write *write)
{
    CHECK_STATUS(write->status, ST_OK);
    pthread_mutex_lock(&lock);
    done++;
    pthread_cond_signal(&over);
    pthread_mutex_unlock(&lock);
}

/* Each with the value "v" at "a", and its own number at "b". */
static void add(struct fixture *fix, uint32_t first, uint32_t count)
{
    static struct write writes[BATCH];
    static struct submission_value values[BATCH][2];
    static struct arena arenas[BATCH]; /* the writer uses them meanwhile */
    for (uint32_t i = 0; i < count; i++) {
        values[i][0] = (struct submission_value){STR("a"), STR("text"), STR("v"), false};
        values[i][1] = (struct submission_value){
            STR("b"), STR("text"), arena_printf(&fix->arena, "%05u", first + i), first % 2 == 1};
        writes[i] = fixture_submission(fix, arena_printf(&fix->arena, "key-%u", first + i), STR("{}"));
        writes[i].submission_add.values = values[i];
        writes[i].submission_add.value_count = 2;
        arena_init(&arenas[i], mem_heap(), 1 << 20);
        writes[i].arena = &arenas[i];
        writes[i].done = end;
    }
    done = 0;
    for (uint32_t i = 0; i < count; i++) CHECK_STATUS(write_queue(fix->tenants, &writes[i]), ST_OK);
    pthread_mutex_lock(&lock);
    while (done < count) pthread_cond_wait(&over, &lock);
    pthread_mutex_unlock(&lock);
    for (uint32_t i = 0; i < count; i++) arena_release(&arenas[i]);
}

struct asked {
    struct filter_range ranges[2];
    struct filter_condition conditions[2];
    struct submission_filter filter;
};

/* What is "v" at "a"; and, when `number` is not NULL, that number at "b". */
static void ask(struct asked *asked, const char *number)
{
    static char after[16];
    if (number) (void)snprintf(after, sizeof after, "%s!", number);
    *asked =
        (struct asked){.ranges = {{STR("v"), STR("w")}, {str_of(number ? number : ""), str_of(after)}}};
    asked->conditions[0] = (struct filter_condition){STR("a"), STR("text"), &asked->ranges[0], 1};
    asked->conditions[1] = (struct filter_condition){STR("b"), STR("text"), &asked->ranges[1], 1};
    asked->filter = (struct submission_filter){asked->conditions, number ? 2 : 1, false};
}

static bool seeks(struct fixture *fix, const struct asked *asked, uint32_t *ret_condition)
{
    struct database db = {0};
    struct filter_way way = {0};
    CHECK_STATUS(database_open_reader(fixture_path(fix, file), &db), ST_OK);
    CHECK_STATUS(filter_choose(&db, STR("visa"), &asked->filter, &way), ST_OK);
    database_close(&db, false);
    *ret_condition = way.condition;
    return way.seeks;
}

static void few_are_sought_and_many_are_walked_past(void)
{
    struct fixture fix;
    struct asked asked;
    uint32_t condition, most = (uint32_t)limit(FILTER_SEEK);
    fixture_begin(&fix);
    fixture_acme(&fix);
    for (uint32_t i = 0; i < most; i += BATCH) add(&fix, i, BATCH);
    ask(&asked, NULL);
    CHECK(most % BATCH == 0 && seeks(&fix, &asked, &condition)); /* limit(FILTER_SEEK) */
    add(&fix, most, 1);
    CHECK(!seeks(&fix, &asked, &condition));
    ask(&asked, "00500");
    CHECK(seeks(&fix, &asked, &condition) && condition == 1); /* the one that fits fewest */
    asked.conditions[0].range_count = 0;
    CHECK(seeks(&fix, &asked, &condition) && condition == 0);
    fixture_end(&fix);
}

/* The plan of the statement in one line, as SQLite tells it. */
static const char *plan_of(struct fixture *fix, enum sql sql, const struct asked *asked, bool sought)
{
    static char plan[4000];
    struct buf text;
    struct filter_way way = {.seeks = sought};
    sqlite3 *raw = fixture_raw(fix, file);
    sqlite3_stmt *stmt = NULL;
    size_t len = 0;
    buf_init(&text, mem_heap(), 1 << 16);
    buf_puts(&text, "EXPLAIN QUERY PLAN ");
    filter_put_sql(sql, &asked->filter, &way, &text);
    CHECK(sqlite3_prepare_v2(raw, text.ptr, (int)text.len, &stmt, NULL) == SQLITE_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW)
        len += (size_t)snprintf(plan + len, sizeof plan - len, "%s; ",
                                (const char *)sqlite3_column_text(stmt, 3));
    sqlite3_finalize(stmt);
    (void)sqlite3_close(raw);
    buf_release(&text);
    return plan;
}

static void check_plan(const char *plan, bool sought)
{
    static const char finds[] =
        "SEARCH submission_value USING PRIMARY KEY (form_id=? AND path=? AND kind=? "
        "AND value>? AND value<?)";
    static const char tests[] = "SEARCH submission_value USING COVERING INDEX submission_value_by_seq "
                                "(seq=? AND path=? AND kind=? AND value>? AND value<?)";
    static const char walks[] = "SEARCH submission USING INDEX submission_by_time (form_id=?";
    static const char rows[] = "SEARCH submission USING INTEGER PRIMARY KEY (rowid=?)";
    bool good = strstr(plan, tests) && !strstr(plan, "SCAN submission") &&
                (strstr(plan, finds) != NULL) == sought && (strstr(plan, rows) != NULL) == sought &&
                (strstr(plan, walks) != NULL) != sought &&
                (strstr(plan, "TEMP B-TREE FOR ORDER BY") == NULL || sought);
    if (!good) fprintf(stderr, "%s\n", plan);
    CHECK(good);
}

static void indexes_find_and_test_whatever_is_asked(void)
{
    static const enum sql statements[] = {SQL_SUBMISSION_SEQS_UP, SQL_SUBMISSION_SEQS_DOWN,
                                          SQL_SUBMISSION_COUNT_UP, SQL_SUBMISSION_COUNT_DOWN};
    struct fixture fix;
    struct asked asked;
    fixture_begin(&fix);
    fixture_acme(&fix);
    add(&fix, 0, 1);
    ask(&asked, "00000");
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        check_plan(plan_of(&fix, statements[i], &asked, true), true);
        check_plan(plan_of(&fix, statements[i], &asked, false), false);
    }
    fixture_end(&fix);
}

static uint32_t found(struct fixture *fix, const struct asked *asked, bool sensitive)
{
    struct submission_page page;
    struct submission_query query = {.form = STR("visa"), .filter = asked->filter};
    query.filter.sensitive = sensitive;
    CHECK_STATUS(submission_list(fix->tenants, STR("acme"), &query, 100, &fix->arena, &page), ST_OK);
    return page.count;
}

static void what_is_sensitive_or_of_another_kind_is_not_found(void)
{
    struct fixture fix;
    struct asked asked;
    fixture_begin(&fix);
    fixture_acme(&fix);
    add(&fix, 1, 1);
    ask(&asked, "00001");
    CHECK(found(&fix, &asked, true) == 1 && found(&fix, &asked, false) == 0);
    ask(&asked, NULL);
    CHECK(found(&fix, &asked, false) == 1);
    asked.conditions[0].kind = STR("code");
    CHECK(found(&fix, &asked, true) == 0);
    fixture_end(&fix);
}

static void an_erased_submission_takes_its_values_along(void)
{
    struct fixture fix;
    struct asked asked;
    fixture_begin(&fix);
    fixture_acme(&fix);
    add(&fix, 0, 2);
    CHECK_NUMBER(fixture_sql(&fix, file, "DELETE FROM submission_value"), SQLITE_CONSTRAINT);
    CHECK_NUMBER(fixture_sql(&fix, file, "UPDATE submission_value SET value = x'00'"),
                 SQLITE_CONSTRAINT);
    struct submission_record one;
    CHECK_STATUS(
        submission_find_by_key(fix.tenants, STR("acme"), STR("visa"), STR("key-0"), &fix.arena, &one),
        ST_OK);
    struct write write = fixture_write(&fix, WRITE_SUBMISSION_ERASE);
    write.submission_erase = (struct submission_erase){.form = STR("visa"), .id = one.id};
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    ask(&asked, NULL);
    CHECK(found(&fix, &asked, false) == 1);
    CHECK_NUMBER(fixture_number(&fix, file, "SELECT count(*) FROM submission_value WHERE seq = 1"), 0);
    CHECK_NUMBER(fixture_number(&fix, file, "SELECT count(*) FROM submission_value WHERE seq = 2"), 2);
    fixture_end(&fix);
}

int main(void)
{
    few_are_sought_and_many_are_walked_past();
    indexes_find_and_test_whatever_is_asked();
    what_is_sensitive_or_of_another_kind_is_not_found();
    an_erased_submission_takes_its_values_along();
    return TEST_RESULT();
}
