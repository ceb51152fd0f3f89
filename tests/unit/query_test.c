/* Memory that runs out anywhere, ours or the library's: an answer, and nothing half there. */
#include "store_fixture.h"

#include "tenants/database.h"

#include <pthread.h>

/* One count for all who ask for memory, from all threads. */
static struct {
    pthread_mutex_t lock;
    long requests, fail_at;
    bool failed;
    sqlite3_mem_methods real;
} supply = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool is_refused(void)
{
    pthread_mutex_lock(&supply.lock);
    bool refused = ++supply.requests == supply.fail_at;
    supply.failed |= refused;
    pthread_mutex_unlock(&supply.lock);
    return refused;
}

static void *library_malloc(int size)
{
    return is_refused() ? NULL : supply.real.xMalloc(size);
}

static void *library_realloc(void *ptr, int size)
{
    return is_refused() ? NULL : supply.real.xRealloc(ptr, size);
}

static void *our_resize(struct mem *self, void *ptr, size_t old_size, size_t new_size)
{
    (void)self;
    if (new_size > old_size && is_refused()) return NULL;
    return mem_heap()->resize(mem_heap(), ptr, old_size, new_size);
}

static struct mem scarce = {our_resize};

static void install(void)
{
    sqlite3_mem_methods methods;
    database_set_up_library(); /* or it would have its own memory back with the first file */
    CHECK_NUMBER(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &supply.real), SQLITE_OK);
    methods = supply.real;
    methods.xMalloc = library_malloc;
    methods.xRealloc = library_realloc;
    CHECK_NUMBER(sqlite3_config(SQLITE_CONFIG_MALLOC, &methods), SQLITE_OK);
}

static void fail_at(long request)
{
    pthread_mutex_lock(&supply.lock);
    supply.requests = 0;
    supply.fail_at = request;
    supply.failed = false;
    pthread_mutex_unlock(&supply.lock);
}

static bool heal(void)
{
    pthread_mutex_lock(&supply.lock);
    bool failed = supply.failed;
    supply.fail_at = 0;
    pthread_mutex_unlock(&supply.lock);
    return failed;
}

static bool is_answer(enum status st)
{
    return st == ST_OK || st == ST_NOMEM;
}

/* Opens, does a bit of everything, closes. Gives whether the submission was answered as stored. */
static bool use(struct fixture *fix, long round)
{
    char key[24], draft[24];
    struct submission_page page;
    struct form_record form;
    struct submission_query query = {.form = STR("visa")};
    enum status st = tenants_open(&fix->options, &fix->tenants);
    CHECK(is_answer(st));
    if (st) return false;
    (void)snprintf(key, sizeof key, "key-%ld", round);
    (void)snprintf(draft, sizeof draft, "draft %ld", round);
    struct write write = fixture_write(fix, WRITE_DRAFT_PUT);
    write.draft_put = (struct draft_put){.form = STR("visa"), .source = str_of(draft)};
    CHECK(is_answer(write_wait(fix->tenants, &write)));
    write = fixture_submission(fix, str_of(key), STR("{\"a\":1}"));
    enum status stored = write_wait(fix->tenants, &write);
    CHECK(is_answer(stored));
    CHECK(is_answer(form_find(fix->tenants, STR("acme"), STR("visa"), &fix->arena, &form)));
    CHECK(is_answer(submission_list(fix->tenants, STR("acme"), &query, 5, &fix->arena, &page)));
    CHECK(!tenant_degraded(fix->tenants, STR("acme"))); /* the disk did nothing wrong */
    tenants_close(fix->tenants);
    fix->tenants = NULL;
    return stored == ST_OK;
}

static void memory_that_runs_out_anywhere_is_told_and_nothing_is_lost(void)
{
    enum { ROUNDS = 1000 };
    struct fixture fix;
    static bool stored[ROUNDS];
    long request = 1;
    int round = 0;
    fixture_begin(&fix);
    fixture_acme(&fix);
    tenants_close(fix.tenants);
    fix.options.mem = &scarce;
    for (bool failed = true; failed && round < ROUNDS; round++) {
        arena_reset(&fix.arena);
        fail_at(request);
        stored[round] = use(&fix, round);
        failed = heal();
        request += 1 + request / 12; /* every one at first, then fewer */
    }
    CHECK(round > 50 && round < ROUNDS); /* the last one met no failure */
    CHECK(stored[round - 1]);
    fixture_open(&fix);
    uint64_t rows = 0, broken_at = 0;
    CHECK_STATUS(fixture_verify(fix.tenants, STR("acme"), &rows, &broken_at), ST_OK);
    CHECK_NUMBER(broken_at, 0);
    for (int i = 0; i < round; i++) {
        char key[24];
        struct submission_record found;
        (void)snprintf(key, sizeof key, "key-%d", i);
        if (!stored[i]) continue;
        CHECK_STATUS(submission_find_by_key(fix.tenants, STR("acme"), STR("visa"), str_of(key),
                                            &fix.arena, &found),
                     ST_OK);
    }
    fixture_end(&fix);
}

static void a_page_that_does_not_fit_its_arena_says_so(void)
{
    struct fixture fix;
    struct arena small;
    struct form_page page = {.count = 77};
    struct form_record form = {.id = 77};
    fixture_begin(&fix);
    fixture_acme(&fix);
    enum status st = ST_LIMIT;
    for (size_t room = 0; st && room < 1000; room += 16) {
        CHECK_NUMBER(page.count, 77); /* results are written on ST_OK only */
        arena_init(&small, mem_heap(), room);
        st = form_list(fix.tenants, STR("acme"), STR(""), 1, &small, &page);
        CHECK(st == ST_OK || st == ST_LIMIT);
        arena_release(&small);
    }
    CHECK_STATUS(st, ST_OK);
    arena_init(&small, mem_heap(), 8);
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &small, &form), ST_LIMIT);
    CHECK_NUMBER(form.id, 77);
    arena_release(&small);
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form),
                 ST_OK); /* the connection is fine */
    fixture_end(&fix);
}

int main(void)
{
    install();
    memory_that_runs_out_anywhere_is_told_and_nothing_is_lost();
    a_page_that_does_not_fit_its_arena_says_so();
    return TEST_RESULT();
}
