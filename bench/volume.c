/* Many submissions: what lists, exports, statistics and backups of them take, against the same rows
 * read by SQLite alone.
 *
 *     bench_volume DIRECTORY FORM TENANTS ROWS        makes the directory; prints one JSON object
 *     bench_volume DIRECTORY FORM TENANTS ROWS make   no more than that
 *
 * Ours is the engine with the JSON that an answer would be, without HTTP; theirs the plain query on the
 * same file, every column read, or .backup, alone and with SQLite's own checks of the copy. Both in
 * turn; times of this thread on the processor. With more than one tenant, one round goes over all of
 * them, and most files are not open at first on either side. */
#define _GNU_SOURCE
#include "base/arena.h"
#include "base/buf.h"
#include "bench/measure.h"
#include "engine/inside.h"
#include "server/submission_json.h"

#include <pthread.h>
#include <sqlite3.h>
#include <unistd.h>

enum { NAME_BYTES = 16, BATCH = 256, DAYS = 200, PAGE = 200 };
static const int64_t first_ms = INT64_C(1767225600000), day_ms = 86400000;

static struct world {
    const char *directory;
    struct engine *engine;
    struct arena arena;
    struct buf out; /* what would be sent */
    int tenants, rows;
} world;

static void need(enum status st, const char *what)
{
    if (!st) return;
    fprintf(stderr, "%s: %s\n", what, status_text(st));
    exit(EXIT_FAILURE);
}

static void need_sql(int result, const char *what)
{
    if (result == SQLITE_OK || result == SQLITE_DONE || result == SQLITE_ROW) return;
    fprintf(stderr, "%s: %s\n", what, sqlite3_errstr(result));
    exit(EXIT_FAILURE);
}

static struct str name_of(int number, char name[NAME_BYTES])
{
    return (struct str){name, (size_t)snprintf(name, NAME_BYTES, "t%05d", number)};
}

/* ---- making them */

static uint32_t state = 1;
static uint32_t below(uint32_t bound)
{
    state = state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)state * bound >> 32);
}

/* As a judging would leave them: 0.5 to 1 KiB. */
static uint32_t put_answers(struct buf *out, int number)
{
    static const char *const reasons[] = {"client", "fair", "course", "office", "talk", "other"};
    static const char *const means[] = {"[\"train\"]", "[\"train\",\"bus\"]", "[\"car\"]",
                                        "[\"plane\",\"bike\"]"};
    static const char *const grades[] = {"good", "fair", "poor"};
    uint32_t costs = below(6), total = 0;
    buf_printf(out,
               "{\"name\":\"Respondent "
               "%d\",\"email\":\"respondent%d@example.org\",\"day\":\"2026-0%u-1%u\",\"nights\":%u,"
               "\"reason\":\"%s\",\"means\":%s,\"grade\":\"%s\",\"alone\":%s,\"advance\":\"%u.%02u\","
               "\"distance\":\"%u.%u\","
               "\"note\":\"As agreed with the office on the telephone, including the return journey "
               "and %u stops on the way.\","
               "\"costs\":[",
               number, number, 1 + below(9), below(9), below(20), reasons[below(6)], means[below(4)],
               grades[below(3)], below(2) ? "true" : "false", below(500), below(100), below(2000),
               below(10), below(9));
    for (uint32_t i = 0; i < costs; i++) {
        uint32_t amount = below(100000);
        total += amount;
        buf_printf(
            out,
            "%s{\"what\":\"Ticket number %u, second class\",\"grade\":\"%s\",\"amount\":\"%u.%02u\"}",
            i ? "," : "", below(100000), grades[below(3)], amount / 100, amount % 100);
    }
    buf_printf(out, "],\"total\":\"%u.%02u\"}", total / 100, total % 100);
    return total;
}

/* What it is found by, in the order of its bytes. */
static struct str sortable(uint32_t number, char bytes[4])
{
    for (int i = 0; i < 4; i++) bytes[i] = (char)(number >> (24 - 8 * i) & 255u);
    return (struct str){bytes, 4};
}

enum { NARROW_LOW = 200000, NARROW_HIGH = 203000, WIDE_LOW = 100000, WIDE_HIGH = 10000000 };

static struct landing {
    pthread_mutex_t lock;
    pthread_cond_t landed;
    int left;
} landing = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};

static void landed(struct write *write)
{
    need(write->status, "submission");
    pthread_mutex_lock(&landing.lock);
    if (--landing.left == 0) pthread_cond_signal(&landing.landed);
    pthread_mutex_unlock(&landing.lock);
}

static void add_batch(struct str tenant, int first, int count, uint32_t version)
{
    struct buf answers;
    struct write writes[BATCH];
    arena_reset(&world.arena);
    buf_init(&answers, mem_heap(), 1 << 16);
    landing.left = count;
    for (int i = 0; i < count; i++) {
        buf_reset(&answers);
        char bytes[4];
        struct submission_value *total = ARENA_NEW(&world.arena, struct submission_value);
        struct str value = sortable(put_answers(&answers, first + i), bytes);
        if (!total) exit(EXIT_FAILURE);
        *total = (struct submission_value){STR("total"), STR("cents"), arena_str(&world.arena, value),
                                           false};
        struct submission_add add = {
            .form = STR("trip"),
            .version = version,
            .key = arena_printf(&world.arena, "bench-volume-%012d", first + i),
            .answers = arena_str(&world.arena, buf_str(&answers)),
            .received_ms =
                first_ms + (int64_t)((double)(first + i) / world.rows * DAYS * (double)day_ms),
            .now = STR("2026-01-15T10:00:00Z"),
            .zone = STR("UTC"),
            .locale = STR("en"),
            .values = total,
            .value_count = 1};
        writes[i] = (struct write){.kind = WRITE_SUBMISSION_ADD,
                                   .tenant = tenant,
                                   .actor = {.who = STR("public"), .at_ms = first_ms},
                                   .arena = &world.arena,
                                   .done = landed,
                                   .submission_add = add};
    }
    /* One arena, and results are written by one writer at a time: they are of one file. */
    for (int i = 0; i < count; i++) need(write_queue(world.engine->tenants, &writes[i]), "queue");
    pthread_mutex_lock(&landing.lock);
    while (landing.left) pthread_cond_wait(&landing.landed, &landing.lock);
    pthread_mutex_unlock(&landing.lock);
    buf_release(&answers);
}

static void publish(struct str tenant, struct str source, int version)
{
    struct call call;
    struct published published;
    struct str marked = arena_printf(&world.arena, "# %d\n%.*s", version, STR_ARG(source));
    struct publication publication = {.tenant = tenant, .form = STR("trip"), .source = marked};
    call_init(&call, world.engine, &world.arena, STR("bench"));
    need(engine_publish(&call, &publication, &published), "publish");
}

static void make_all(const char *form)
{
    static char text[1 << 16];
    FILE *file = fopen(form, "rb");
    struct str source = {text, file ? fread(text, 1, sizeof text, file) : 0};
    if (file) fclose(file);
    for (int i = 0; i < world.tenants; i++) {
        char name[NAME_BYTES];
        struct call call;
        struct tenant_record tenant;
        struct str id = name_of(i, name);
        arena_reset(&world.arena);
        call_init(&call, world.engine, &world.arena, STR("bench"));
        need(engine_tenant_create(&call, id, id, &tenant), "tenant");
        publish(id, source, 1);
        publish(id, source, 2);
        for (int row = 0; row < world.rows; row += BATCH)
            add_batch(id, row, world.rows - row < BATCH ? world.rows - row : BATCH,
                      row < world.rows / 2 ? 1 : 2);
    }
}

/* ---- theirs */

#define PLAIN_COLUMNS                                                                                  \
    "SELECT seq, id, version, key, body_hash, answers, received_ms, judged_now, zone, locale, steps,"  \
    " verdict_hash, submitter, place, definition_hash, edition, compiler_version FROM submission "

/* A single file stays open, as it does on our side. */
static sqlite3 *plain_open(int tenant)
{
    char path[512];
    static sqlite3 *kept;
    sqlite3 *db = kept;
    if (db) return db;
    snprintf(path, sizeof path, "%s/tenants/t%05d/data.db", world.directory, tenant);
    need_sql(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), path);
    if (world.tenants == 1) kept = db;
    return db;
}

static void plain_close(sqlite3 *db)
{
    if (world.tenants > 1) sqlite3_close(db);
}

/* Every column as text into the buffer: less than any answer needs. */
static uint64_t plain_rows(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt;
    uint64_t rows = 0;
    need_sql(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), sql);
    for (int result; (result = sqlite3_step(stmt)) != SQLITE_DONE; rows++) {
        need_sql(result, sql);
        if (world.out.len > (4 << 20)) buf_reset(&world.out);
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            const void *bytes = sqlite3_column_blob(stmt, i);
            buf_put(&world.out, (struct str){bytes, (size_t)sqlite3_column_bytes(stmt, i)});
        }
    }
    sqlite3_finalize(stmt);
    return rows;
}

static uint64_t plain_all(const char *const *sql, int count)
{
    uint64_t rows = 0;
    for (int i = 0; i < world.tenants; i++) {
        sqlite3 *db = plain_open(i);
        for (int j = 0; j < count; j++) rows += plain_rows(db, sql[j]);
        plain_close(db);
    }
    return rows;
}

#define GROUPED(path) "SELECT json_extract(answers, '$." path "'), count(*) FROM submission GROUP BY 1"
#define SUMMED(path)                                                                                   \
    "SELECT count(json_extract(answers, '$." path "')), sum(json_extract(answers, '$." path "')),"     \
    " min(json_extract(answers, '$." path "')), max(json_extract(answers, '$." path                    \
    "')) FROM submission"
static const char *const plain_stats_sql[] = {
    "SELECT received_ms / 86400000, version, count(*) FROM submission GROUP BY 1, 2",
    GROUPED("reason"),
    GROUPED("grade"),
    GROUPED("alone"),
    SUMMED("nights"),
    SUMMED("advance"),
    SUMMED("distance"),
    SUMMED("total"),
    "SELECT value, count(*) FROM submission, json_each(answers, '$.means') GROUP BY 1",
    "SELECT json_extract(value, '$.grade'), count(*), sum(json_extract(value, '$.amount')) FROM "
    "submission,"
    " json_each(answers, '$.costs') GROUP BY 1",
};

static void plain_backup(const char *to, bool checked)
{
    char path[640];
    for (int i = 0; i < world.tenants; i++) {
        sqlite3 *from = plain_open(i), *copy;
        snprintf(path, sizeof path, "%s-%05d.db", to, i);
        need_sql(sqlite3_open(path, &copy), path);
        sqlite3_backup *backup = sqlite3_backup_init(copy, "main", from, "main");
        need_sql(sqlite3_backup_step(backup, -1), path);
        sqlite3_backup_finish(backup);
        if (checked)
            plain_rows(copy, "PRAGMA integrity_check"), plain_rows(copy, "PRAGMA foreign_key_check");
        sqlite3_close(copy);
        plain_close(from);
        unlink(path);
    }
}

/* ---- ours */

static void put_one(const struct submission_record *submission)
{
    struct json_writer json;
    if (world.out.len > (4 << 20)) buf_reset(&world.out);
    json_writer_init(&json, &world.out);
    submission_json(&json, submission, NULL);
}

static uint64_t our_list(const struct submission_query *query)
{
    uint64_t rows = 0;
    for (int i = 0; i < world.tenants; i++) {
        char name[NAME_BYTES];
        struct call call;
        struct submission_page page;
        arena_reset(&world.arena);
        call_init(&call, world.engine, &world.arena, STR("bench"));
        need(engine_submission_list(&call, name_of(i, name), query, PAGE, &page), "list");
        for (uint32_t j = 0; j < page.count; j++) put_one(&page.items[j]);
        rows += page.count;
    }
    return rows;
}

static uint64_t our_export(void)
{
    uint64_t rows = 0;
    for (int i = 0; i < world.tenants; i++) {
        char name[NAME_BYTES];
        struct submission_walk *walk;
        struct submission_record submission;
        struct submission_query query = {.form = STR("trip")};
        need(engine_export(world.engine, name_of(i, name), &query, &walk), "export");
        for (; engine_export_next(walk, &submission) == ST_OK; rows++) put_one(&submission);
        engine_export_close(walk);
    }
    return rows;
}

static uint64_t our_stats(bool cold)
{
    uint64_t rows = 0;
    for (int i = 0; i < world.tenants; i++) {
        char name[NAME_BYTES];
        struct call call;
        struct stats stats;
        struct str id = name_of(i, name);
        arena_reset(&world.arena);
        if (cold) summaries_forget(&world.engine->summaries, id);
        call_init(&call, world.engine, &world.arena, STR("bench"));
        struct stats_query query = {.tenant = id, .form = STR("trip")};
        need(engine_stats(&call, &query, &stats), "stats");
        rows += stats.submissions;
    }
    return rows;
}

static void our_backup(const char *to)
{
    struct arena arena;
    struct backup backup;
    char command[600];
    arena_init(&arena, mem_heap(), 64 << 20);
    enum status st = backup_make(world.directory, STR(""), to, first_ms, &arena, &backup);
    if (st) fprintf(stderr, "backup: %.*s %.*s\n", STR_ARG(backup.where), STR_ARG(backup.fault));
    need(st, "backup");
    arena_release(&arena);
    snprintf(command, sizeof command, "rm -r '%s'", to);
    if (system(command)) exit(EXIT_FAILURE);
}

/* ---- in turn */

enum task {
    LIST,
    MIDDLE,
    FILTER,
    NARROW,
    WIDE,
    EXPORT,
    STATS_COLD,
    STATS_WARM,
    BACKUP,
    BACKUP_CHECKED,
    TASKS
};
static const char *const task_names[TASKS] = {"list",        "list_middle",   "filter", "filter_few",
                                              "filter_many", "export",        "stats",  "stats_again",
                                              "backup",      "backup_checked"};

static uint64_t our_filter(uint32_t low, uint32_t high)
{
    char bytes[2][4];
    struct filter_range range = {sortable(low, bytes[0]), sortable(high, bytes[1])};
    struct filter_condition condition = {STR("total"), STR("cents"), &range, 1};
    struct submission_query query = {
        .form = STR("trip"), .newest_first = true, .filter = {&condition, 1, false}};
    return our_list(&query);
}

static uint64_t ours(enum task task, const char *scratch)
{
    struct submission_query query = {.form = STR("trip"), .newest_first = true};
    switch (task) {
    case LIST:
        return our_list(&query);
    case MIDDLE:
        query.after_seq = 1;
        query.after_received_ms = first_ms + DAYS / 2 * day_ms;
        return our_list(&query);
    case FILTER:
        query.version = 2;
        query.since_ms = first_ms + DAYS * 6 / 10 * day_ms;
        query.until_ms = first_ms + DAYS * 7 / 10 * day_ms;
        return our_list(&query);
    case NARROW:
        return our_filter(NARROW_LOW, NARROW_HIGH);
    case WIDE:
        return our_filter(WIDE_LOW, WIDE_HIGH);
    case EXPORT:
        return our_export();
    case STATS_COLD:
    case STATS_WARM:
        return our_stats(task == STATS_COLD);
    default:
        our_backup(scratch);
        return 0;
    }
}

static uint64_t theirs(enum task task, const char *scratch)
{
    char sql[1024];
    const char *one = sql;
    long long middle = first_ms + DAYS / 2 * day_ms, since = first_ms + DAYS * 6 / 10 * day_ms,
              until = first_ms + DAYS * 7 / 10 * day_ms;
    switch (task) {
    case LIST:
        snprintf(sql, sizeof sql,
                 PLAIN_COLUMNS "WHERE form_id = 1 ORDER BY received_ms DESC, seq DESC LIMIT %d", PAGE);
        return plain_all(&one, 1);
    case MIDDLE:
        snprintf(sql, sizeof sql,
                 PLAIN_COLUMNS "WHERE form_id = 1 AND (received_ms, seq) < (%lld, 1) ORDER BY "
                               "received_ms DESC, seq DESC LIMIT %d",
                 middle, PAGE);
        return plain_all(&one, 1);
    case FILTER:
        snprintf(sql, sizeof sql,
                 PLAIN_COLUMNS
                 "WHERE form_id = 1 AND version = 2 AND received_ms >= %lld AND received_ms < %lld"
                 " ORDER BY received_ms DESC, seq DESC LIMIT %d",
                 since, until, PAGE);
        return plain_all(&one, 1);
    case NARROW:
    case WIDE:
        snprintf(sql, sizeof sql,
                 PLAIN_COLUMNS
                 "WHERE form_id = 1 AND %sseq IN (SELECT seq FROM submission_value WHERE form_id = 1"
                 " AND path = 'total' AND kind = 'cents' AND value >= x'%08x' AND value < x'%08x')"
                 " ORDER BY received_ms DESC, seq DESC LIMIT %d",
                 task == WIDE ? "+" : "", (unsigned)(task == WIDE ? WIDE_LOW : NARROW_LOW),
                 (unsigned)(task == WIDE ? WIDE_HIGH : NARROW_HIGH), PAGE);
        return plain_all(&one, 1);
    case EXPORT:
        snprintf(sql, sizeof sql, PLAIN_COLUMNS "WHERE form_id = 1 ORDER BY received_ms, seq");
        return plain_all(&one, 1);
    case STATS_COLD:
    case STATS_WARM:
        plain_all(plain_stats_sql, sizeof plain_stats_sql / sizeof *plain_stats_sql);
        return (uint64_t)world.tenants * (uint64_t)world.rows;
    default:
        plain_backup(scratch, task == BACKUP_CHECKED);
        return 0;
    }
}

static double timed(uint64_t (*what)(enum task task, const char *scratch), enum task task, int times,
                    uint64_t *ret_rows)
{
    char scratch[512];
    snprintf(scratch, sizeof scratch, "%s-copy", world.directory);
    double start = measure_now_us();
    for (int i = 0; i < times; i++) *ret_rows = what(task, scratch);
    return (measure_now_us() - start) / times;
}

static void compare_task(enum task task)
{
    bool small = task <= WIDE && world.tenants == 1;
    int rounds = small ? 21 : 3, times = small ? 20 : 1;
    struct series our_series = {.count = 0}, their_series = {.count = 0};
    uint64_t our_rows, their_rows;
    (void)timed(ours, task, 1, &our_rows);
    (void)timed(theirs, task, 1, &their_rows);
    for (int i = 0; i < rounds; i++) {
        series_add(&our_series, timed(ours, task, times, &our_rows));
        series_add(&their_series, timed(theirs, task, times, &their_rows));
    }
    if (our_rows != their_rows) {
        fprintf(stderr, "%s: %llu rows, theirs %llu\n", task_names[task], (unsigned long long)our_rows,
                (unsigned long long)their_rows);
        exit(EXIT_FAILURE);
    }
    printf("%s\"%s\": {", task ? ", " : "{", task_names[task]);
    series_put_both(&our_series, &their_series);
    printf("}");
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "usage: bench_volume DIRECTORY FORM TENANTS ROWS\n");
        return EXIT_FAILURE;
    }
    world.directory = argv[1];
    world.tenants = atoi(argv[3]);
    world.rows = atoi(argv[4]);
    arena_init(&world.arena, mem_heap(), 64 << 20);
    buf_init(&world.out, mem_heap(), 16 << 20);
    struct engine_options options = {.mem = mem_heap(), .directory = world.directory};
    need(engine_open(&options, &world.engine), world.directory);
    make_all(argv[2]);
    for (enum task task = 0; task < TASKS && argc == 5; task++) {
        if (world.tenants > 1 && (task == MIDDLE || task == WIDE || task == BACKUP))
            continue; /* they say no more there */
        compare_task(task);
        fflush(stdout);
    }
    if (argc == 5) printf("}\n");
    engine_close(world.engine);
    buf_release(&world.out);
    arena_release(&world.arena);
    return EXIT_SUCCESS;
}
