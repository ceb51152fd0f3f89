/* What SQLite itself can do: the rows of submissions, put into a tenant's own file in batches, and
 * nothing else.
 *
 *     bench_batcher DATABASE ANSWERS BATCH      a line in, {"rate":rows a second} out: bench/turns.h
 *
 * The file is one that `formwright publish` has made, with its tables, indexes and triggers; a
 * submission and its row of the audit log each, the form's count once a batch. WAL, synchronous=FULL,
 * SQLite's own checkpoints. No HTTP, no judging, no queue, no hash: ids, keys and hashes are counters.
 * By the clock on the wall. */
#include "bench/measure.h"
#include "bench/turns.h"

#include <sqlite3.h>
#include <unistd.h>

enum { HASH_BYTES = 32, TEXT_MAX = 1 << 20 };

static struct state {
    sqlite3 *db;
    sqlite3_stmt *begin, *submission, *audit, *count, *commit;
    long long number; /* of submissions */
    long long audit_seq;
    unsigned char hash[HASH_BYTES]; /* of the last row of the audit log */
    char answers[TEXT_MAX];
    int answers_len;
} state;

static void need(int result, const char *what)
{
    if (result == SQLITE_OK || result == SQLITE_DONE || result == SQLITE_ROW) return;
    fprintf(stderr, "bench_batcher: %s: %s\n", what, sqlite3_errmsg(state.db));
    exit(EXIT_FAILURE);
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *stmt;
    need(sqlite3_prepare_v3(state.db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL), sql);
    return stmt;
}

static void run(sqlite3_stmt *stmt)
{
    need(sqlite3_step(stmt), sqlite3_sql(stmt));
    sqlite3_reset(stmt);
}

static void open_file(const char *path)
{
    need(sqlite3_open_v2(path, &state.db, SQLITE_OPEN_READWRITE, NULL), path);
    need(sqlite3_exec(state.db,
                      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000",
                      NULL, NULL, NULL),
         path);
    state.begin = prepare("BEGIN IMMEDIATE");
    state.commit = prepare("COMMIT");
    state.count = prepare("UPDATE form SET submissions = submissions + ? WHERE id = 1");
    state.submission =
        prepare("INSERT INTO submission (id, form_id, version, key, body_hash, answers, received_ms, "
                "judged_now, zone, locale, steps,"
                " verdict_hash, submitter, place, definition_hash, edition, compiler_version)"
                " VALUES (?1, 1, 1, ?2, ?3, ?4, ?5, '2026-11-21T12:00:00.000Z', 'UTC', '', 482, ?3, "
                "'', '127.0.0.0/24', ?3, '2026', '2')");
    state.audit = prepare("INSERT INTO audit (seq, at_ms, who, action, object, place, why, request_id, "
                          "detail, previous_hash, hash)"
                          " VALUES (?1, ?2, 'public', 'submission.add', ?3, '127.0.0.0/24', '', ?4, "
                          "'hsb_application', ?5, ?6)");
}

static void read_answers(const char *path)
{
    FILE *file = fopen(path, "rb");
    state.answers_len = file ? (int)fread(state.answers, 1, TEXT_MAX, file) : 0;
    if (!state.answers_len) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    fclose(file);
}

static void read_end_of_audit(void)
{
    sqlite3_stmt *stmt = prepare("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
    need(sqlite3_step(stmt), "audit");
    state.audit_seq = sqlite3_column_int64(stmt, 0);
    if (sqlite3_column_bytes(stmt, 1) == HASH_BYTES)
        memcpy(state.hash, sqlite3_column_blob(stmt, 1), HASH_BYTES);
    sqlite3_finalize(stmt);
}

static void put_text(sqlite3_stmt *stmt, int at, const char *text, int len)
{
    need(sqlite3_bind_text(stmt, at, text, len, SQLITE_STATIC), "bind");
}

static void add_one(void)
{
    char id[64], key[64], request[64];
    unsigned char hash[HASH_BYTES] = {0};
    long long now_ms = 1795297000000 + state.number;
    snprintf(id, sizeof id, "sub_01a20018-25e5-76a9-9273-%012llx", (unsigned long long)state.number);
    snprintf(request, sizeof request, "req_01a20018-25e5-76a9-9273-%012llx",
             (unsigned long long)state.number);
    snprintf(key, sizeof key, "batch-%d-%012llx", (int)getpid(), (unsigned long long)state.number);
    memcpy(hash, &state.number, sizeof state.number);
    put_text(state.submission, 1, id, -1);
    put_text(state.submission, 2, key, -1);
    need(sqlite3_bind_blob(state.submission, 3, hash, HASH_BYTES, SQLITE_STATIC), "bind");
    put_text(state.submission, 4, state.answers, state.answers_len);
    need(sqlite3_bind_int64(state.submission, 5, now_ms), "bind");
    run(state.submission);
    need(sqlite3_bind_int64(state.audit, 1, ++state.audit_seq), "bind");
    need(sqlite3_bind_int64(state.audit, 2, now_ms), "bind");
    put_text(state.audit, 3, id, -1);
    put_text(state.audit, 4, request, -1);
    need(sqlite3_bind_blob(state.audit, 5, state.hash, HASH_BYTES, SQLITE_STATIC), "bind");
    need(sqlite3_bind_blob(state.audit, 6, hash, HASH_BYTES, SQLITE_STATIC), "bind");
    run(state.audit);
    memcpy(state.hash, hash, HASH_BYTES);
    state.number++;
}

static void add_batch(int rows)
{
    run(state.begin);
    for (int i = 0; i < rows; i++) add_one();
    need(sqlite3_bind_int(state.count, 1, rows), "bind");
    run(state.count);
    run(state.commit);
}

static double wall_s(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    int batch = argc > 3 ? atoi(argv[3]) : 0;
    const char *text = getenv("ROUND_MS");
    double round_s = (text ? atof(text) : 1000) / 1e3;
    if (batch < 1 || batch > 100000) {
        fprintf(stderr, "usage: bench_batcher DATABASE ANSWERS BATCH\n");
        return 2;
    }
    read_answers(argv[2]);
    open_file(argv[1]);
    read_end_of_audit();
    while (turns_next()) {
        long long before = state.number;
        double start = wall_s();
        while (wall_s() - start < round_s) add_batch(batch);
        turns_put("rate", (double)(state.number - before) / (wall_s() - start));
        turns_end();
    }
    return EXIT_SUCCESS;
}
