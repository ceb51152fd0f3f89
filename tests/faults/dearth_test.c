/* Dearth: as refuse_test.c, for what happens rarely: nothing is kept in memory, a document has to be
 * made anew, counts are in many blocks of several versions of which some have lost submissions, an
 * operation fails while it fails. The N-th thing that is asked for is refused; then it can be asked
 * again.
 *
 * Every 13th thing by default, every REFUSE_STRIDE-th if that is in the environment. */
#define _GNU_SOURCE
#include "tests/faults/refuse.h"

#include "tests/unit/engine_fixture.h"
#include "tests/unit/entry.h"
#include "tests/unit/faulty_disk.h"

#include "tests/faults/short_presenter.h" /* behind the fixture, which has a presenter of its own */

#include "engine/inside.h"

#define DAY_MS INT64_C(86400000)

static struct bench bench;
static size_t stride = 13;
static unsigned attempts; /* also for names that are used once */

static const struct str acme = {"acme", 4}, trip = {"trip", 4};

static const char *const versions[] = {
    "edition 2027 form trip \"T\" { a: integer  hue: choice(hues)  leaves: zoned(\"Europe/Berlin\")\n"
    " choices hues { red \"Red\" blue \"Blue\" }\n ward: choice(wards)\n"
    " table wards { key code: text label name: text } }",
    "edition 2027 form trip \"T\" { a: integer  hue: choice(hues)  leaves: zoned(\"Europe/Berlin\")\n"
    " choices hues { blue \"Blue\" green \"Green\" red \"Red\" }\n ward: choice(wards)\n"
    " table wards { key code: text label name: text } }",
    "edition 2027 form trip \"T\" { a: integer  hue: choice(hues)  leaves: zoned(\"Europe/Berlin\")\n"
    " choices hues { green \"Green\" white \"White\" }\n ward: choice(wards)\n"
    " table wards { key code: text label name: text } }"};
enum { VERSIONS = sizeof versions / sizeof *versions };

/* ---------------------------------------------------------------- what is there */

static struct str add_to(struct str form, uint32_t version, struct str answers, int64_t received_ms)
{
    char key[40];
    (void)snprintf(key, sizeof key, "key-%u", ++attempts);
    struct write write = {.kind = WRITE_SUBMISSION_ADD,
                          .tenant = acme,
                          .submission_add = {.form = form,
                                             .version = version,
                                             .key = str_of(key),
                                             .answers = answers,
                                             .received_ms = received_ms,
                                             .now = STR("2026-01-15T10:00:00Z"),
                                             .zone = STR("UTC"),
                                             .locale = STR("en")}};
    CHECK_STATUS(call_write(&bench.call, &write), ST_OK);
    return write.submission_add.ret_submission.id;
}

static struct str add(uint32_t version, int64_t received_ms)
{
    static const char *const answers[] = {"{\"a\":1,\"hue\":\"red\"}", "{\"a\":2,\"hue\":\"blue\"}",
                                          "{\"a\":4,\"hue\":\"green\"}"};
    return add_to(trip, version, str_of(answers[version - 1]), received_ms);
}

static void erase(struct str id)
{
    CHECK_STATUS(engine_submission_erase(&bench.call, acme, trip, id), ST_OK);
}

/* Each look at the clock, as one pays for something, forgets what tenants may have: it is read again
 * for the next payment. */
static struct {
    struct clock clock;
    pthread_t thread; /* that of the calls */
    bool forgets;
} forgetful;

static int64_t forgetful_wall_us(struct clock *self)
{
    (void)self;
    return BENCH_NOW_MS * 1000;
}

static int64_t forgetful_steady_ns(struct clock *self)
{
    (void)self;
    if (pthread_equal(forgetful.thread, pthread_self()) && forgetful.forgets) {
        tenancies_release(&bench.engine->tenancies);
        tenancies_init(&bench.engine->tenancies, refuse_mem(), limit(TENANCIES));
    }
    return 0;
}

static void begin(void)
{
    struct table_made made;
    const struct quota_change ample[] = {{.quota = QUOTA_SUBMISSIONS, .value = QUOTA_MAX},
                                         {.quota = QUOTA_STEPS, .value = QUOTA_MAX},
                                         {.quota = QUOTA_REQUESTS, .value = QUOTA_MAX}};
    bench_begin(&bench, NULL);
    engine_close(bench.engine);
    bench.options.mem = refuse_mem();
    bench.options.presenter = &presenter;
    bench.options.writers = 1;
    forgetful.clock = (struct clock){forgetful_wall_us, forgetful_steady_ns};
    forgetful.thread = pthread_self();
    bench.options.clock = &forgetful.clock;
    bench_open(&bench);
    CHECK_STATUS(engine_tenant_set_quota(&bench.call, acme, ample, 3), ST_OK);
    CHECK_STATUS(engine_table_put(&bench.call, acme, STR("wards"), STR("code,name\na1,One\n"), &made),
                 ST_OK);
    for (uint32_t i = 0; i < VERSIONS; i++) CHECK(bench_publish(&bench, "trip", versions[i]) == i + 1);
    for (uint32_t i = 0; i < 32; i++) (void)add(1 + i % VERSIONS, BENCH_NOW_MS + i * DAY_MS);
}

static void end(void)
{
    bench_end(&bench);
    CHECK(atomic_load(&refusal.held) == 0);
}

/* What an operator does when the disk is well again. */
static void mend(void)
{
    struct engine_counters counters;
    engine_counters(bench.engine, &counters);
    if (!counters.storage.degraded) return;
    CHECK_STATUS(engine_tenant_recover(&bench.call, STR("")), ST_OK);
    CHECK_STATUS(engine_tenant_recover(&bench.call, acme), ST_OK);
}

/* ---------------------------------------------------------------- a scene */

struct scene {
    const char *name;
    void (*prepare)(void); /* before each attempt */
    /* *ret_told: what it told in one number, the same each time. */
    enum status (*act)(struct call *call, uint64_t *ret_told);
};

static enum status act(const struct scene *scene, uint64_t *ret_told)
{
    struct arena arena;
    struct call call;
    *ret_told = 0;
    attempts++;
    arena_init(&arena, refuse_mem(), 64 << 20);
    call_init(&call, bench.engine, &arena, STR("tok_refused"));
    enum status st = scene->act(&call, ret_told);
    arena_release(&arena);
    return st;
}

/* Whether anything was refused. */
static bool play_once(const struct scene *scene, size_t number, enum refusing refusing, bool for_ever,
                      uint64_t told)
{
    uint64_t told_now;
    scene->prepare();
    atomic_store(&refusal.for_ever, for_ever);
    refuse_from(number, refusing);
    enum status st = act(scene, &told_now);
    bool refused = refuse_nothing();
    if (!refused) CHECK_STATUS(st, ST_OK);
    if (!st && told_now != told)
        fprintf(stderr, "told %llu, not %llu\n", (unsigned long long)told_now,
                (unsigned long long)told);
    if (!st) CHECK(told_now == told);
    mend();
    if (st && number % 3 == 0) {
        scene->prepare();
        CHECK_STATUS(act(scene, &told_now), ST_OK);
        CHECK(told_now == told);
    }
    arena_reset(&bench.arena);
    return refused;
}

static void play(const struct scene *scene)
{
    static const struct {
        const char *name;
        enum refusing refusing;
        bool for_ever;
        size_t strides;
    } ways[] = {{"memory", REFUSE_MEMORY, false, 1},
                {"room", REFUSE_ROOM, false, 1},
                {"room from then on", REFUSE_ROOM, true, 1},
                {"a failing disk", REFUSE_DISK, false, 3},
                {"a full disk", REFUSE_FULL, false, 3}};
    uint64_t told;
    int before = test_failures;
    scene->prepare();
    CHECK_STATUS(act(scene, &told), ST_OK);
    printf("%s:", scene->name);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        size_t number = 1;
        while (test_failures == before &&
               play_once(scene, number, ways[i].refusing, ways[i].for_ever, told))
            number += stride * ways[i].strides;
        printf(" %zu of %s", number, ways[i].name);
        if (test_failures > before)
            fprintf(stderr, "%s, %s, number %zu\n", scene->name, ways[i].name, number);
    }
    puts(" are refused no more");
}

/* ---------------------------------------------------------------- nothing is kept */

static void reopen(void)
{
    forgetful.forgets = false;
    bench_reopen(&bench);
}

static void keep_nothing(void)
{
    reopen();
    forgetful.forgets = true;
}

static enum status check(struct call *call, uint64_t *ret_told)
{
    struct check check;
    enum status st = engine_check(call, acme, str_of(versions[0]), &check);
    if (!st) *ret_told = 1 + check.field_count;
    return st;
}

static enum status compare(struct call *call, uint64_t *ret_told)
{
    struct comparison comparison = {.tenant = acme, .form = trip, .from = 1, .to = 3};
    enum status st = engine_compare(call, &comparison);
    if (!st) *ret_told = 1 + comparison.diff.diff_class;
    return st;
}

static enum status publish(struct call *call, uint64_t *ret_told)
{
    char source[200];
    struct published published;
    (void)snprintf(source, sizeof source,
                   "edition 2027 form more \"More\" { a: text \"A %u\"  b: zoned(\"Europe/Berlin\") }",
                   attempts);
    struct publication publication = {.tenant = acme, .form = STR("more"), .source = str_of(source)};
    enum status st = engine_publish(call, &publication, &published);
    if (!st) *ret_told = published.check.field_count;
    return st;
}

static enum status carry(struct call *call, uint64_t *ret_told)
{
    struct carrying carrying = {.tenant = acme, .form = trip, .from = 1, .to = 2};
    enum status st = engine_carry(call, &carrying);
    if (!st) *ret_told = 100 * carrying.count + carrying.carried;
    return st;
}

/* What comes of each of them is why it cannot be carried. */
static enum status carry_faulty(struct call *call, uint64_t *ret_told)
{
    struct carrying carrying = {.tenant = acme, .form = STR("faulty"), .from = 1, .to = 2};
    enum status st = engine_carry(call, &carrying);
    if (!st) CHECK(carrying.count == 2 && carrying.carried == 0);
    if (!st) *ret_told = carrying.items[1].item.errors.len;
    return st;
}

/* ---------------------------------------------------------------- documents */

/* An older compiler made them. */
static void forget_documents(void)
{
    char path[64];
    sqlite3 *raw;
    forgetful.forgets = false;
    engine_close(bench.engine);
    snprintf(path, sizeof path, "%s/tenants/acme/data.db", bench.directory);
    if (sqlite3_open(path, &raw) != SQLITE_OK) exit(EXIT_FAILURE);
    CHECK(sqlite3_exec(raw, "UPDATE artefact SET compiler_version = '0.0'", NULL, NULL, NULL) ==
          SQLITE_OK);
    sqlite3_close(raw);
    bench_open(&bench);
}

static enum status dress(struct call *call, uint64_t *ret_told)
{
    struct definition *definition = NULL;
    enum status st = engine_fetch(call->engine, acme, trip, 1, &definition);
    if (st) return st;
    st = engine_dress(call->engine, definition);
    CHECK((definition_kept(definition) != NULL) == !st);
    definition_release(definition);
    *ret_told = 1;
    return st;
}

/* ---------------------------------------------------------------- counts */

static enum status count(struct call *call, uint64_t *ret_told)
{
    struct stats stats = {.behind = 1};
    struct stats_query query = {.tenant = acme, .form = trip};
    enum status st = ST_OK;
    for (int asked = 0; !st && stats.behind && asked < 20; asked++)
        st = engine_stats(call, &query, &stats);
    if (!st) CHECK(!stats.behind && stats.unread == 0 && stats.version_count == VERSIONS);
    if (!st) *ret_told = 1000 * stats.submissions + stats.field_count;
    return st;
}

static void set_caps(struct summary_caps caps)
{
    summaries_release(&bench.engine->summaries);
    summaries_init(&bench.engine->summaries, refuse_mem(), &caps);
}

/* Two blocks of two when it begins; then they are joined, again and again. */
static void count_from_the_start(void)
{
    reopen();
    set_caps((struct summary_caps){.rows = 5, .block_rows = 1, .blocks = 3, .days = 4});
}

static struct str newest;

/* Four blocks of eight, all full: the next one that is counted makes them two. */
static void count_all_but_one(void)
{
    uint64_t told;
    reopen();
    if (newest.len) erase(newest);
    set_caps((struct summary_caps){.block_rows = 1, .blocks = 4});
    CHECK_STATUS(count(&bench.call, &told), ST_OK);
    static char kept[IDENT_BYTES + 1];
    struct str id = add(1, BENCH_NOW_MS + 100 * DAY_MS);
    (void)snprintf(kept, sizeof kept, "%.*s", STR_ARG(id));
    newest = str_of(kept);
}

static void erase_newest(void)
{
    if (newest.len) erase(newest);
    newest = STR("");
}

/* All is counted, and then some come and as many go; counting them has begun. */
static void count_and_lose_some(void)
{
    uint64_t told;
    struct str ids[4];
    reopen();
    erase_newest();
    for (uint32_t i = 0; i < 4; i++) ids[i] = add(1 + i % VERSIONS, BENCH_NOW_MS + 2 * i * DAY_MS);
    set_caps((struct summary_caps){.rows = 3, .block_rows = 2, .blocks = 20, .versions = 9});
    CHECK_STATUS(count(&bench.call, &told), ST_OK);
    for (uint32_t i = 0; i < 4; i++) {
        erase(ids[i]);
        ids[i] = add(1 + i % VERSIONS, BENCH_NOW_MS);
    }
    struct stats stats;
    CHECK_STATUS(engine_stats(&bench.call, &(struct stats_query){.tenant = acme, .form = trip}, &stats),
                 ST_OK);
    for (uint32_t i = 0; i < 4; i++) erase(ids[i]);
    erase(add(1, BENCH_NOW_MS));
}

/* ---------------------------------------------------------------- submissions */

static enum status end_of(struct entry *entry)
{
    const struct intake *intake = &entry->intake;
    enum status st = intake->state == INTAKE_REFUSED   ? intake->status
                     : intake->state == INTAKE_INVALID ? ST_OK
                                                       : ST_FAULT;
    definition_release(intake->definition);
    if (intake->engine) intake_release(&entry->intake);
    arena_release(&entry->arena);
    return st;
}

/* What cannot be stored was perhaps stored once: that is looked up, and may fail. */
static enum status submit_nonsense(struct call *call, uint64_t *ret_told)
{
    struct entry entry = {.lock = PTHREAD_MUTEX_INITIALIZER, .over = PTHREAD_COND_INITIALIZER};
    struct intake *intake = &entry.intake;
    struct worker *worker = NULL;
    arena_init(&entry.arena, refuse_mem(), 8 << 20);
    enum status st = worker_new(call->engine, &worker);
    struct definition *definition = NULL;
    if (!st) st = engine_fetch(call->engine, acme, trip, 1, &definition);
    *intake = (struct intake){.arena = &entry.arena,
                              .definition = definition,
                              .key = STR("nonsense"),
                              .body = STR("{\"a\":true}"),
                              .answers = STR("{\"a\":true}"),
                              .locale = STR(""),
                              .actor = {.who = STR("public"), .at_ms = BENCH_NOW_MS},
                              .submitter = STR(""),
                              .where = STR(""),
                              .done = entry_done,
                              .user = &entry};
    if (!st) CHECK(engine_submit(worker, intake) == intake->state);
    *ret_told = 1;
    enum status told = end_of(&entry);
    worker_free(worker);
    return st ? st : told;
}

/* Which rule it was, and where. */
static enum status explain_fault(struct call *call, uint64_t *ret_told)
{
    struct buf out;
    buf_init(&out, refuse_mem(), 1 << 20);
    struct explaining explaining = {.tenant = acme,
                                    .form = STR("faulty"),
                                    .version = 1,
                                    .answers = STR("{\"a\":0}"),
                                    .locale = STR(""),
                                    .wanted = STR(""),
                                    .out = &out};
    enum status st = engine_explain(call, &explaining);
    if (!st) st = out.failure;
    if (!st) CHECK(explaining.outcome.state == JUDGE_FAULT);
    if (!st) *ret_told = 1 + explaining.fault_pointer.len;
    buf_release(&out);
    return st;
}

/* ---------------------------------------------------------------- operations */

static struct str operation_id;

/* A migration that is none: past the door that would say so. */
static void begin_hopeless(void)
{
    struct operation_page page;
    struct operation_record operation;
    reopen();
    CHECK_STATUS(engine_operation_list(&bench.call, acme, STR(""), 10, &page), ST_OK);
    for (uint32_t i = 0; i < page.count; i++)
        if (!operation_is_over(page.items[i].state))
            CHECK_STATUS(engine_operation_cancel(&bench.call, acme, page.items[i].id, &operation),
                         ST_OK);
    struct write write = {
        .kind = WRITE_OPERATION_BEGIN,
        .tenant = acme,
        .operation_begin = {.kind = OPERATION_MIGRATE, .form = STR("bare"), .from = 1, .to = 2}};
    CHECK_STATUS(call_write(&bench.call, &write), ST_OK);
    static char kept[IDENT_BYTES + 1];
    (void)snprintf(kept, sizeof kept, "%.*s", STR_ARG(write.operation_begin.ret_operation.id));
    operation_id = str_of(kept);
}

static enum status labour_in_vain(struct call *call, uint64_t *ret_told)
{
    struct labour *labour = NULL;
    struct operation_record operation;
    int64_t wait_ms;
    enum status st = labour_new(call->engine, acme, operation_id, &labour);
    for (int turns = 0; !st && turns < 9 && labour_turn(labour, &wait_ms); turns++) mend();
    labour_free(labour);
    if (!st) st = engine_operation_find(call, acme, operation_id, &operation);
    if (!st) *ret_told = 1 + operation.state;
    return st;
}

/* ---------------------------------------------------------------- all of them */

int main(void)
{
    static const struct scene scenes[] = {
        {"a source is checked", keep_nothing, check},
        {"versions are compared", keep_nothing, compare},
        {"a form is published", keep_nothing, publish},
        {"a migration is tried", keep_nothing, carry},
        {"what cannot be judged is tried", keep_nothing, carry_faulty},
        {"documents are made anew", forget_documents, dress},
        {"blocks of counts are joined", count_from_the_start, count},
        {"all blocks of counts are joined at once", count_all_but_one, count},
        {"what is erased is counted no more", count_and_lose_some, count},
        {"what is no submission is looked for", keep_nothing, submit_nonsense},
        {"a fault is explained", keep_nothing, explain_fault},
        {"an operation fails", begin_hopeless, labour_in_vain},
    };
    const char *wanted = getenv("REFUSE_STRIDE");
    if (wanted) stride = strtoul(wanted, NULL, 10);
    faulty_disk_install();
    disk.unsynced = true;
    begin();
    CHECK(bench_publish(&bench, "bare", "edition 2027 form bare \"B\" { a: text }") == 1);
    CHECK(bench_publish(&bench, "bare", "edition 2027 form bare \"B\" { b: integer }") == 2);
    static const char *const faulty[] = {
        "edition 2027 form faulty \"F\" { a: integer  b: integer = divide(8, a, 0) }",
        "edition 2027 form faulty \"F\" { a: integer  c: integer = divide(8, a - 1, 0) }"};
    for (uint32_t i = 0; i < 2; i++) CHECK(bench_publish(&bench, "faulty", faulty[i]) == i + 1);
    for (int i = 0; i < 2; i++)
        (void)add_to(STR("faulty"), 1, i ? STR("{\"a\":1}") : STR("{\"a\":0}"), 0);
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) play(&scenes[i]);
    end();
    return TEST_RESULT();
}
