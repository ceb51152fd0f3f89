/* Answers: what it costs to be found by some of them, and to hand out all of them as a table.
 *
 *     bench_answers DIRECTORY ROWS        makes the directory; prints one JSON object
 *
 * submit: judging and storing the same answers under a form with three indexed fields and under one
 * with none, batch by batch in turn: processor time of all threads. csv: the table of all submissions
 * against `sqlite3 -csv` of the same file's answers as they are, which takes nothing apart. found: a
 * page of those with one value among many, by the index, against the plain query that looks into every
 * row's JSON. */
#define _GNU_SOURCE
#include "base/arena.h"
#include "base/buf.h"
#include "bench/measure.h"
#include "engine/inside.h"
#include "server/flat.h"

#include <pthread.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <time.h>

enum { BATCH = 250 };

static const char fields[] =
    "  code: text \"Code\" length ..20 required%s\n"
    "  total: decimal(2) \"Total\" required%s\n"
    "  day: date \"Day\" required%s\n"
    "  name: text \"Name\" required\n"
    "  note: text \"Note\"\n"
    "  repeat costs \"Costs\" 0..10 { what: text \"What\" amount: decimal(2) \"Amount\" }\n"
    "  sum: decimal(2) \"Sum\" = sum(costs.amount)\n}\n";

static struct world {
    const char *directory;
    struct engine *engine;
    struct worker *worker;
    struct clock_fixed clock;
    struct arena arena;
} world;

static void need(enum status st, const char *what)
{
    if (!st) return;
    fprintf(stderr, "%s: %s\n", what, status_text(st));
    exit(EXIT_FAILURE);
}

static double of_process(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void publish(const char *form, const char *mark)
{
    struct call call;
    struct published published;
    struct buf source;
    buf_init(&source, mem_heap(), 1 << 16);
    buf_printf(&source, "edition 2027 form %s \"F\" {\n", form);
    for (const char *at = fields; *at; at++) {
        if (at[0] == '%' && at[1] == 's') buf_puts(&source, mark), at++;
        else buf_putc(&source, *at);
    }
    call_init(&call, world.engine, &world.arena, STR("bench"));
    struct publication publication = {
        .tenant = STR("bench"), .form = str_of(form), .source = buf_str(&source)};
    need(engine_publish(&call, &publication, &published), form);
    buf_release(&source);
}

/* ---- submitting */

static struct entry {
    struct arena arena;
    struct intake intake;
} entries[BATCH];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t over = PTHREAD_COND_INITIALIZER;
static int left;

static void landed(struct intake *intake)
{
    if (intake->state != INTAKE_STORED) exit(EXIT_FAILURE);
    pthread_mutex_lock(&lock);
    if (--left == 0) pthread_cond_signal(&over);
    pthread_mutex_unlock(&lock);
}

static struct str answers_of(int number, struct arena *arena)
{
    return arena_printf(
        arena,
        "{\"code\":\"C-%06d\",\"total\":\"%d.%02d\",\"day\":\"20%02d-0%d-1%d\",\"name\":"
        "\"Respondent %d\",\"note\":\"As agreed with the office on the telephone, "
        "including the return journey.\",\"costs\":[{\"what\":\"Ticket, second class\","
        "\"amount\":\"12.50\"},{\"what\":\"Hotel\",\"amount\":\"%d.00\"}]}",
        number / 10, number % 977, number % 100, 10 + number % 15, 1 + number % 9, number % 9, number,
        number % 300);
}

/* Microseconds of processor time for each. */
static double submit(const char *form, int first)
{
    struct definition *definition;
    need(engine_fetch(world.engine, STR("bench"), str_of(form), 0, &definition), form);
    for (int i = 0; i < BATCH; i++) {
        struct entry *entry = &entries[i];
        arena_init(&entry->arena, mem_heap(), 8 << 20);
        struct str answers = answers_of(first + i, &entry->arena);
        entry->intake = (struct intake){.arena = &entry->arena,
                                        .definition = definition,
                                        .key = arena_printf(&entry->arena, "bench-%012d", first + i),
                                        .body = answers,
                                        .answers = answers,
                                        .actor = {.who = STR("public")},
                                        .done = landed};
    }
    left = BATCH;
    world.clock.now_us += 1000;
    world.clock.now_steady_ns += INT64_C(10000000000);
    double start = of_process();
    for (int i = 0; i < BATCH; i++) {
        if (engine_submit(world.worker, &entries[i].intake) != INTAKE_READY ||
            engine_store(&entries[i].intake) != INTAKE_QUEUED)
            exit(EXIT_FAILURE);
    }
    pthread_mutex_lock(&lock);
    while (left) pthread_cond_wait(&over, &lock);
    pthread_mutex_unlock(&lock);
    double took = of_process() - start;
    for (int i = 0; i < BATCH; i++) {
        intake_release(&entries[i].intake);
        arena_release(&entries[i].arena);
    }
    definition_release(definition);
    return took / BATCH;
}

static void compare_submits(int rows)
{
    struct series plain = {.count = 0}, indexed = {.count = 0};
    for (int first = 0; first < rows; first += BATCH) {
        double with = submit("indexed", first), without = submit("plain", first);
        if (first < rows / 2 || plain.count == ROUNDS_MAX) continue; /* trees of some size */
        series_add(&indexed, with);
        series_add(&plain, without);
    }
    printf("{\"submit\": {");
    series_put_both(&indexed, &plain);
    printf("}");
    fflush(stdout);
}

/* ---- the table */

static double our_table(uint64_t *bytes)
{
    struct submission_walk *walk;
    struct submission_record submission;
    struct submission_query query = {.form = STR("indexed")};
    struct flat_wish wish = {.engine = world.engine,
                             .mem = mem_heap(),
                             .tenant = STR("bench"),
                             .form = STR("indexed"),
                             .table = STR(""),
                             .newest = 1};
    struct flat *flat;
    struct buf out;
    double start = measure_now_us();
    buf_init(&out, mem_heap(), 64 << 20);
    need(flat_new(&wish, &flat), "table");
    need(engine_export(world.engine, STR("bench"), &query, &walk), "export");
    for (*bytes = 0; engine_export_next(walk, &submission) == ST_OK;) {
        need(flat_put_rows(flat, &submission, NULL, &out), "row");
        *bytes += out.len;
        buf_reset(&out);
    }
    engine_export_close(walk);
    flat_free(flat);
    buf_release(&out);
    return measure_now_us() - start;
}

static double of_children(void)
{
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static double their_table(void)
{
    char command[700];
    snprintf(command, sizeof command,
             "sqlite3 -readonly -csv '%s/tenants/bench/data.db' \"SELECT id, version, received_ms, "
             "answers FROM"
             " submission WHERE form_id = (SELECT id FROM form WHERE name = 'indexed')"
             " ORDER BY received_ms, seq\" >/dev/null",
             world.directory);
    double start = of_children();
    if (system(command)) exit(EXIT_FAILURE);
    return of_children() - start;
}

static void compare_tables(void)
{
    struct series our_series = {.count = 0}, their_series = {.count = 0};
    uint64_t bytes = 0;
    for (int i = 0; i < 5; i++) {
        series_add(&our_series, our_table(&bytes));
        series_add(&their_series, their_table());
    }
    printf(", \"csv\": {");
    series_put_both(&our_series, &their_series);
    printf(",\"bytes\":%llu}", (unsigned long long)bytes);
    fflush(stdout);
}

/* ---- finding */

static double our_search(int rows, uint32_t *count)
{
    struct call call;
    struct definition *definition;
    struct submission_page page;
    struct str detail;
    struct submission_query query = {.form = STR("indexed")};
    double start = measure_now_us();
    arena_reset(&world.arena);
    struct filter_wish wish = {STR("code"), STR("eq"), arena_printf(&world.arena, "C-%06d", rows / 20)};
    need(engine_fetch(world.engine, STR("bench"), STR("indexed"), 0, &definition), "definition");
    need(engine_filter(definition->program, &wish, 1, true, &world.arena, &query.filter, &detail),
         "filter");
    call_init(&call, world.engine, &world.arena, STR("bench"));
    need(engine_submission_list(&call, STR("bench"), &query, 200, &page), "list");
    definition_release(definition);
    *count = page.count;
    return measure_now_us() - start;
}

static double their_search(sqlite3 *db, int rows, uint32_t *count)
{
    sqlite3_stmt *stmt;
    char sql[300];
    double start = measure_now_us();
    snprintf(sql, sizeof sql,
             "SELECT id, answers FROM submission WHERE form_id = (SELECT id FROM form WHERE name = "
             "'indexed')"
             " AND json_extract(answers, '$.code') = 'C-%06d' ORDER BY received_ms, seq LIMIT 200",
             rows / 20);
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL)) exit(EXIT_FAILURE);
    for (*count = 0; sqlite3_step(stmt) == SQLITE_ROW;) ++*count;
    sqlite3_finalize(stmt);
    return measure_now_us() - start;
}

static void compare_searches(int rows)
{
    struct series our_series = {.count = 0}, their_series = {.count = 0};
    uint32_t ours = 0, theirs = 0;
    sqlite3 *db;
    char path[512];
    snprintf(path, sizeof path, "%s/tenants/bench/data.db", world.directory);
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL)) exit(EXIT_FAILURE);
    for (int i = 0; i < 5; i++) {
        series_add(&our_series, our_search(rows, &ours));
        series_add(&their_series, their_search(db, rows, &theirs));
    }
    sqlite3_close(db);
    if (ours != theirs || ours == 0) exit(EXIT_FAILURE);
    printf(", \"found\": {");
    series_put_both(&our_series, &their_series);
    printf(",\"rows\":%u}}\n", ours);
}

int main(int argc, char **argv)
{
    struct call call;
    struct tenant_record tenant;
    if (argc < 3) {
        fprintf(stderr, "usage: bench_answers DIRECTORY ROWS\n");
        return EXIT_FAILURE;
    }
    int rows = atoi(argv[2]);
    world.directory = argv[1];
    arena_init(&world.arena, mem_heap(), 64 << 20);
    clock_fixed_init(&world.clock, INT64_C(1768471200000000));
    struct engine_options options = {
        .mem = mem_heap(), .directory = world.directory, .clock = &world.clock.clock};
    need(engine_open(&options, &world.engine), world.directory);
    need(worker_new(world.engine, &world.worker), "worker");
    call_init(&call, world.engine, &world.arena, STR("bench"));
    need(engine_tenant_create(&call, STR("bench"), STR("Bench"), &tenant), "tenant");
    publish("indexed", " indexed");
    publish("plain", "");
    compare_submits(rows);
    compare_tables();
    compare_searches(rows);
    worker_free(world.worker);
    engine_close(world.engine);
    arena_release(&world.arena);
    return EXIT_SUCCESS;
}
