/* The data directory as a whole: one owner, what is in it after an end of any kind, room for many
 * tenants. */
#include "store_fixture.h"
#include "tenants/reader.h"

#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

static enum status add_to(struct fixture *fix, struct str tenant, const char *key)
{
    struct write write = fixture_submission(fix, str_of(key), STR("{\"a\":1}"));
    write.tenant = tenant;
    return write_wait(fix->tenants, &write);
}

/* ---- one owner */

static void a_second_owner_is_refused(void)
{
    struct fixture fix;
    struct tenants *second = NULL;
    fixture_begin(&fix);
    CHECK_STATUS(tenants_open(&fix.options, &second), ST_LOCKED);
    CHECK(second == NULL);
    pid_t child = fork();
    if (child == 0) _exit(tenants_open(&fix.options, &second) == ST_LOCKED ? 0 : 1);
    int how = 1;
    CHECK(waitpid(child, &how, 0) == child && how == 0);
    fixture_reopen(&fix);
    fixture_end(&fix);
}

static void a_directory_that_cannot_be_is_refused(void)
{
    struct fixture fix;
    struct tenants *tenants = NULL;
    char long_name[2000];
    memset(long_name, 'd', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    fixture_prepare(&fix);
    CHECK_STATUS(
        tenants_open(&(struct tenants_options){.mem = mem_heap(), .directory = long_name}, &tenants),
        ST_TOO_LARGE);
    CHECK_STATUS(tenants_open(&(struct tenants_options){.mem = mem_heap(),
                                                        .directory = fixture_path(&fix, "no/such")},
                              &tenants),
                 ST_IO);
    FILE *file = fopen(fixture_path(&fix, "file"), "wb");
    CHECK(file && fclose(file) == 0);
    CHECK_STATUS(tenants_open(&(struct tenants_options){.mem = mem_heap(),
                                                        .directory = fixture_path(&fix, "file")},
                              &tenants),
                 ST_IO);
    CHECK(tenants == NULL);
    fixture_end(&fix);
}

static void only_the_owner_can_look_into_the_directory(void)
{
    struct fixture fix;
    struct stat info;
    struct tenants *tenants;
    char path[256];
    fixture_prepare(&fix);
    (void)snprintf(path, sizeof path, "%s/data", fix.directory);
    CHECK_STATUS(
        tenants_open(&(struct tenants_options){.mem = mem_heap(), .directory = path}, &tenants), ST_OK);
    CHECK(stat(path, &info) == 0 && (info.st_mode & 0777) == 0700);
    tenants_close(tenants);
    fixture_end(&fix);
}

/* ---- what is there tomorrow */

static void what_was_stored_is_there_after_a_restart(void)
{
    struct fixture fix;
    struct tenant_record tenant;
    struct form_record form;
    struct submission_record submission;
    struct draft_record draft;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct write write = fixture_write(&fix, WRITE_DRAFT_PUT);
    write.draft_put = (struct draft_put){.form = STR("visa"), .source = STR("draft")};
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_STATUS(add_to(&fix, STR("acme"), "key"), ST_OK);
    fixture_reopen(&fix);
    CHECK_STATUS(tenant_find(fix.tenants, STR("acme"), &fix.arena, &tenant), ST_OK);
    CHECK_STR(tenant.name, STR("A tenant"));
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_OK);
    CHECK(form.state == FORM_OPEN && form.newest == 1 && form.submissions == 1 && form.has_draft);
    CHECK_STATUS(draft_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &draft), ST_OK);
    CHECK_STR(draft.source, STR("draft"));
    CHECK_STATUS(submission_find_by_key(fix.tenants, STR("acme"), STR("visa"), STR("key"), &fix.arena,
                                        &submission),
                 ST_OK);
    CHECK_STATUS(add_to(&fix, STR("acme"), "key"), ST_OK); /* still a replay */
    CHECK_NUMBER(fixture_number(&fix, "tenants/acme/data.db", "SELECT count(*) FROM submission"), 1);
    fixture_end(&fix);
}

/* In the child: submits until it is killed; each key that was answered goes up the pipe. */
struct runner {
    struct fixture *fix;
    int pipe, number;
};

enum { RUNNERS = 4, KEY_BYTES = 16, ROUNDS = 8 };

static void *run(void *user)
{
    struct runner *runner = user;
    char key[32];
    for (int i = 0;; i++) {
        struct arena arena;
        arena_init(&arena, mem_heap(), 1 << 16);
        (void)snprintf(key, sizeof key, "key-%03d-%08d", runner->number, i);
        if (strlen(key) != KEY_BYTES) _exit(6); /* the pipe is read in pieces of that length */
        struct write one = fixture_submission(runner->fix, str_of(key), STR("{\"a\":1}"));
        one.arena = &arena;
        if (write_wait(runner->fix->tenants, &one) != ST_OK) _exit(2);
        if (write(runner->pipe, key, KEY_BYTES) != KEY_BYTES) _exit(3); /* small: never in pieces */
        arena_release(&arena);
    }
    return NULL;
}

static void submit_until_killed(struct fixture *fix, int pipe, int round)
{
    struct runner runners[RUNNERS];
    pthread_t threads[RUNNERS];
    fixture_open(fix);
    for (int i = 0; i < RUNNERS; i++) {
        runners[i] = (struct runner){fix, pipe, round * RUNNERS + i};
        if (pthread_create(&threads[i], NULL, run, &runners[i]) != 0) _exit(4);
    }
    (void)pthread_join(threads[0], NULL);
    _exit(5);
}

static void nothing_answered_is_lost_by_a_kill(void)
{
    struct fixture fix;
    size_t answered = 0, room = 1 << 20;
    fixture_begin(&fix);
    fixture_acme(&fix);
    char(*keys)[KEY_BYTES] = arena_alloc(&fix.arena, room * KEY_BYTES);
    for (int round = 0; round < ROUNDS; round++) {
        int ends[2];
        tenants_close(fix.tenants);
        fix.tenants = NULL;
        CHECK(pipe(ends) == 0);
        pid_t child = fork();
        if (child == 0) {
            (void)close(ends[0]);
            submit_until_killed(&fix, ends[1], round);
        }
        (void)close(ends[1]);
        /* Killed after a number of answers, so at another moment each time; what is in the pipe by then
         * counts too. */
        size_t until = answered + 20 + 37 * (size_t)round;
        for (ssize_t got = KEY_BYTES; got == KEY_BYTES && answered < room;
             answered += got == KEY_BYTES) {
            if (answered == until) CHECK(kill(child, SIGKILL) == 0);
            got = read(ends[0], keys[answered], KEY_BYTES);
        }
        int how = 0;
        CHECK(waitpid(child, &how, 0) == child && WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);
        (void)close(ends[0]);
        fixture_open(&fix);
        uint64_t rows = 0, broken_at = 1;
        struct form_record form;
        CHECK_STATUS(fixture_verify(fix.tenants, STR("acme"), &rows, &broken_at), ST_OK);
        CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_OK);
        CHECK(broken_at == 0 && rows == form.submissions + 3); /* never one without the other */
        CHECK(form.submissions >= answered);
    }
    CHECK(answered > 20 * ROUNDS);
    for (size_t i = 0; i < answered; i++) {
        struct submission_record found;
        CHECK_STATUS(submission_find_by_key(fix.tenants, STR("acme"), STR("visa"),
                                            str_n(keys[i], KEY_BYTES), &fix.arena, &found),
                     ST_OK);
    }
    tenants_close(fix.tenants);
    fix.tenants = NULL;
    CHECK_NUMBER(
        fixture_number(&fix, "tenants/acme/data.db",
                       "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"),
        1);
    fixture_end(&fix);
}

/* ---- tenants come and go */

static void tenants_are_listed_by_id(void)
{
    static const char *const names[] = {"c", "a", "b-2", "b-1", "d"};
    struct fixture fix;
    struct tenant_page page;
    fixture_begin(&fix);
    for (size_t i = 0; i < 5; i++) CHECK_STATUS(fixture_tenant(&fix, str_of(names[i])), ST_OK);
    CHECK_STATUS(tenant_list(fix.tenants, STR(""), 3, &fix.arena, &page), ST_OK);
    CHECK(page.count == 3 && page.more);
    CHECK_STR(page.items[0].id, STR("a"));
    CHECK_STR(page.items[2].id, STR("b-2"));
    CHECK_STATUS(tenant_list(fix.tenants, STR("b-2"), 3, &fix.arena, &page), ST_OK);
    CHECK(page.count == 2 && !page.more);
    fixture_end(&fix);
}

static void what_cannot_be_a_tenant_is_refused_with_its_reason(void)
{
    struct fixture fix;
    char long_id[LIMIT_TENANT_ID_BYTES + 1], long_name[LIMIT_TITLE_BYTES + 1];
    memset(long_id, 'a', sizeof long_id);
    memset(long_name, 'n', sizeof long_name);
    fixture_begin(&fix);
    const struct {
        struct str id, name;
        enum refusal refusal;
    } tries[] = {
        {str_n(long_id, LIMIT_TENANT_ID_BYTES), str_n(long_name, LIMIT_TITLE_BYTES), REFUSAL_NONE},
        {str_n(long_id, LIMIT_TENANT_ID_BYTES), STR("again"), REFUSAL_TENANT_EXISTS},
        {str_n(long_id, LIMIT_TENANT_ID_BYTES + 1), STR("n"), REFUSAL_BAD_NAME},
        {STR(""), STR("n"), REFUSAL_BAD_NAME},
        {STR(".."), STR("n"), REFUSAL_BAD_NAME},
        {STR("a/b"), STR("n"), REFUSAL_BAD_NAME},
        {STR("a_b"), STR("n"), REFUSAL_BAD_NAME},
        {STR("acme"), STR(""), REFUSAL_BAD_VALUE},
        {STR("acme"), str_n(long_name, LIMIT_TITLE_BYTES + 1), REFUSAL_BAD_VALUE},
    };
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        struct write write = fixture_write(&fix, WRITE_TENANT_CREATE);
        write.tenant_create = (struct tenant_create){.id = tries[i].id, .name = tries[i].name};
        CHECK((write_wait(fix.tenants, &write) == ST_OK) == (tries[i].refusal == REFUSAL_NONE));
        CHECK_NUMBER(write.refusal, tries[i].refusal);
    }
    fixture_end(&fix);
}

static void a_file_left_by_a_crash_before_its_tenant_was_is_used(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme_of(&fix, STR("full"));
    CHECK_STATUS(fixture_tenant(&fix, STR("half")), ST_OK);
    tenants_close(fix.tenants);
    /* As if the row in system.db had not come: the rules are lifted to take it out. */
    CHECK_NUMBER(fixture_sql(&fix, "system.db", "DROP TRIGGER tenant_stays; DELETE FROM tenant"),
                 SQLITE_OK);
    fixture_open(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("half")), ST_OK);
    CHECK_STATUS(fixture_form(&fix, STR("half"), STR("visa")), ST_OK);
    CHECK_STATUS(fixture_tenant(&fix, STR("full")), ST_CONFLICT); /* somebody's data is in it */
    fixture_end(&fix);
}

static void idle_tenants_make_room_and_come_back(void)
{
    enum { MAX = 3, COUNT = 8 };
    struct fixture fix;
    struct tenants_counters counters;
    char name[16];
    fixture_prepare(&fix);
    fix.options.open_tenants_max = MAX;
    fixture_open(&fix);
    for (int i = 0; i < COUNT; i++) {
        (void)snprintf(name, sizeof name, "t%d", i);
        fixture_acme_of(&fix, str_of(name));
        tenants_counters(fix.tenants, &counters);
        CHECK(counters.open_tenants <= MAX);
    }
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < COUNT; i++) {
            (void)snprintf(name, sizeof name, "t%d", i);
            char key[16];
            (void)snprintf(key, sizeof key, "key-%d", round);
            CHECK_STATUS(add_to(&fix, str_of(name), key), ST_OK);
        }
    }
    tenants_counters(fix.tenants, &counters);
    CHECK_NUMBER(counters.open_tenants, MAX);
    CHECK_NUMBER(counters.opened, counters.evicted + MAX + 1); /* and system.db */
    CHECK(counters.evicted >= 3 * COUNT);
    CHECK_NUMBER(counters.writes_done,
                 3 * COUNT + 3 * COUNT); /* those of files gone are still counted */
    fixture_end(&fix);
}

static struct str nth_tenant(int number, char name[16])
{
    return (struct str){name, (size_t)snprintf(name, 16, "t%d", number)};
}

static uint64_t files_open(const struct fixture *fix)
{
    struct tenants_counters counters;
    tenants_counters(fix->tenants, &counters);
    return counters.open_tenants;
}

static void read_nth(struct fixture *fix, int number)
{
    char name[16];
    struct form_record form;
    CHECK_STATUS(form_find(fix->tenants, nth_tenant(number, name), STR("visa"), &fix->arena, &form),
                 ST_OK);
}

static void of_files_that_were_only_read_few_stay_open(void)
{
    enum { COUNT = limit(READ_FILES) + 3 };
    struct fixture fix;
    char name[16];
    fixture_begin(&fix);
    for (int i = 0; i < COUNT; i++) fixture_acme_of(&fix, nth_tenant(i, name));
    CHECK_NUMBER(files_open(&fix), COUNT); /* these were written to */
    tenants_close(fix.tenants);
    fixture_open(&fix);
    for (int i = 0; i < COUNT; i++) {
        read_nth(&fix, i);
        CHECK_NUMBER(files_open(&fix), i < limit(READ_FILES) ? i + 1 : limit(READ_FILES));
    }
    for (int i = 0; i < COUNT; i++) read_nth(&fix, i); /* those that went come back */
    CHECK_STATUS(add_to(&fix, nth_tenant(0, name), "k"), ST_OK);
    for (int i = 1; i < COUNT; i++) read_nth(&fix, i);
    CHECK_NUMBER(files_open(&fix), limit(READ_FILES) + 1); /* what is written to is none of them */
    CHECK_STATUS(add_to(&fix, nth_tenant(0, name), "l"), ST_OK);
    fixture_end(&fix);
}

static void files_that_nobody_uses_are_closed_after_a_while(void)
{
    struct fixture fix;
    struct clock_fixed fixed;
    struct reader held;
    char name[16];
    clock_fixed_init(&fixed, INT64_C(1768471200000000));
    fixture_prepare(&fix);
    fix.options.clock = &fixed.clock;
    fixture_open(&fix);
    for (int i = 0; i < 3; i++) fixture_acme_of(&fix, nth_tenant(i, name));
    CHECK_STATUS(reader_begin(fix.tenants, nth_tenant(1, name), &held), ST_OK);
    fixed.now_steady_ns += limit(FILE_IDLE_SECONDS) * INT64_C(1000000000) - 1;
    tenants_tidy(fix.tenants);
    CHECK_NUMBER(files_open(&fix), 3);
    read_nth(&fix, 2);
    fixed.now_steady_ns++;
    tenants_tidy(fix.tenants);
    CHECK_NUMBER(files_open(&fix), 2); /* one is read, one has just been */
    CHECK_STATUS(reader_end(&held, ST_OK), ST_OK);
    fixed.now_steady_ns += limit(FILE_IDLE_SECONDS) * INT64_C(1000000000);
    tenants_tidy(fix.tenants);
    CHECK_NUMBER(files_open(&fix), 0);
    for (int i = 0; i < 3; i++) CHECK_STATUS(add_to(&fix, nth_tenant(i, name), "again"), ST_OK);
    fixture_end(&fix);
}

static int pages_kib(const struct database *db)
{
    int bytes = 0, most = 0;
    CHECK_NUMBER(sqlite3_db_status(db->handle, SQLITE_DBSTATUS_CACHE_USED, &bytes, &most, 0),
                 SQLITE_OK);
    return bytes >> 10;
}

/* Of a file that is much larger. */
static void a_connection_keeps_so_many_pages(void)
{
    enum { BODY = 400 << 10, COUNT = 24, ALONGSIDE_KIB = 256 };
    struct fixture fix;
    struct reader held;
    char key[16];
    fixture_begin(&fix);
    fixture_acme(&fix);
    char *body = arena_alloc(&fix.arena, BODY);
    memset(body, 'x', BODY);
    memcpy(body, "{\"a\":\"", 6);
    memcpy(body + BODY - 2, "\"}", 2);
    for (int i = 0; i < COUNT; i++) {
        (void)snprintf(key, sizeof key, "key-%d", i);
        struct write write = fixture_submission(&fix, str_of(key), str_n(body, BODY));
        CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    }
    CHECK_STATUS(reader_begin(fix.tenants, STR("acme"), &held), ST_OK);
    int written = pages_kib(&held.vault->writer);
    CHECK(written > limit(WRITER_PAGES_KIB) / 2 && written <= limit(WRITER_PAGES_KIB) + ALONGSIDE_KIB);
    CHECK_STATUS(database_check(held.db), ST_OK); /* reads every page */
    int seen = pages_kib(held.db);
    CHECK(seen > limit(READER_PAGES_KIB) / 2 && seen <= limit(READER_PAGES_KIB) + ALONGSIDE_KIB);
    CHECK_STATUS(reader_end(&held, ST_OK), ST_OK);
    fixture_end(&fix);
}

static void a_name_that_nobody_has_takes_no_room_for_good(void)
{
    struct fixture fix;
    struct form_record form;
    struct tenants_counters counters;
    char name[16];
    fixture_prepare(&fix);
    fix.options.open_tenants_max = 4;
    fixture_open(&fix);
    fixture_acme(&fix);
    for (int i = 0; i < 50; i++) {
        (void)snprintf(name, sizeof name, "nobody-%d", i);
        CHECK_STATUS(form_find(fix.tenants, str_of(name), STR("visa"), &fix.arena, &form), ST_ABSENT);
    }
    tenants_counters(fix.tenants, &counters);
    CHECK(counters.open_tenants <= 4);
    CHECK(access(fixture_path(&fix, "tenants/nobody-1"), F_OK) != 0);
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_OK);
    fixture_end(&fix);
}

/* Held from a `done`: the writer thread is in the vault's hands until it returns. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int held;
    bool go;
} gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, false};

static void hold(struct write *write)
{
    (void)write;
    pthread_mutex_lock(&gate.lock);
    gate.held++;
    pthread_cond_broadcast(&gate.changed);
    while (!gate.go) pthread_cond_wait(&gate.changed, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
}

static void more_tenants_at_work_than_there_is_room_for_are_told_to_wait(void)
{
    enum { MAX = 2 };
    static const char *const names[MAX + 1] = {"a", "b", "c"};
    struct fixture fix;
    struct write writes[MAX];
    struct arena arenas[MAX];
    struct form_record form;
    fixture_prepare(&fix);
    fix.options.open_tenants_max = MAX;
    fixture_open(&fix);
    for (int i = 0; i <= MAX; i++) fixture_acme_of(&fix, str_of(names[i]));
    for (int i = 0; i < MAX; i++) {
        arena_init(&arenas[i], mem_heap(), 1 << 16);
        writes[i] = fixture_submission(&fix, STR("key"), STR("{}"));
        writes[i].tenant = str_of(names[i]);
        writes[i].arena = &arenas[i];
        writes[i].done = hold;
        CHECK_STATUS(write_queue(fix.tenants, &writes[i]), ST_OK);
    }
    pthread_mutex_lock(&gate.lock);
    while (gate.held < MAX) pthread_cond_wait(&gate.changed, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
    CHECK_STATUS(form_find(fix.tenants, STR("c"), STR("visa"), &fix.arena, &form), ST_OVERLOADED);
    CHECK_STATUS(add_to(&fix, STR("c"), "key"), ST_OVERLOADED);
    CHECK_STATUS(form_find(fix.tenants, STR("a"), STR("visa"), &fix.arena, &form), ST_OK);
    pthread_mutex_lock(&gate.lock);
    gate.go = true;
    pthread_cond_broadcast(&gate.changed);
    pthread_mutex_unlock(&gate.lock);
    enum status st;
    while ((st = form_find(fix.tenants, STR("c"), STR("visa"), &fix.arena, &form)) == ST_OVERLOADED)
        continue;
    CHECK_STATUS(st, ST_OK);
    for (int i = 0; i < MAX; i++) arena_release(&arenas[i]);
    fixture_end(&fix);
}

/* ---- readers */

struct looker {
    struct fixture *fix;
    pthread_t thread;
    int met;
};

static void *look(void *user)
{
    struct looker *looker = user;
    for (int i = 0; i < 200; i++) {
        struct arena arena;
        struct submission_page page;
        struct submission_query query = {.form = STR("visa"), .newest_first = i % 2};
        arena_init(&arena, mem_heap(), 16 << 20);
        looker->met +=
            submission_list(looker->fix->tenants, STR("acme"), &query, 10, &arena, &page) == ST_OK &&
            page.count == 10;
        arena_release(&arena);
    }
    return NULL;
}

static void many_readers_share_few_connections_beside_the_writer(void)
{
    enum { LOOKERS = 8 };
    struct fixture fix;
    struct looker lookers[LOOKERS];
    struct tenants_counters counters;
    char key[24];
    fixture_prepare(&fix);
    fix.options.readers_max = 2;
    fixture_open(&fix);
    fixture_acme(&fix);
    for (int i = 0; i < 10; i++) {
        (void)snprintf(key, sizeof key, "key-%d", i);
        CHECK_STATUS(add_to(&fix, STR("acme"), key), ST_OK);
    }
    for (int i = 0; i < LOOKERS; i++) {
        lookers[i] = (struct looker){.fix = &fix};
        CHECK(pthread_create(&lookers[i].thread, NULL, look, &lookers[i]) == 0);
    }
    for (int i = 10; i < 150; i++) {
        (void)snprintf(key, sizeof key, "key-%d", i);
        CHECK_STATUS(add_to(&fix, STR("acme"), key), ST_OK);
    }
    for (int i = 0; i < LOOKERS; i++) {
        CHECK(pthread_join(lookers[i].thread, NULL) == 0);
        CHECK_NUMBER(lookers[i].met, 200);
    }
    tenants_counters(fix.tenants, &counters);
    CHECK(counters.reads >= LOOKERS * 200);
    fixture_end(&fix);
}

static void *read_later(void *user)
{
    struct reader *held = user;
    nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
    return reader_end(held, ST_OK) == ST_OK ? held : NULL;
}

/* What comes free in that time is waited for; what does not is not. */
static void a_read_waits_so_long_for_a_connection(void)
{
    struct fixture fix;
    struct reader held, next;
    struct form_record form;
    pthread_t thread;
    void *gave = NULL;
    fixture_prepare(&fix);
    fix.options.readers_max = 1;
    fixture_open(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(reader_begin(fix.tenants, STR("acme"), &held), ST_OK);
    CHECK(pthread_create(&thread, NULL, read_later, &held) == 0);
    CHECK_STATUS(reader_begin(fix.tenants, STR("acme"), &next), ST_OK);
    CHECK(pthread_join(thread, &gave) == 0 && gave == &held);
    int64_t began_ns = clock_steady_ns(clock_system());
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_OVERLOADED);
    CHECK(clock_steady_ns(clock_system()) - began_ns >= (int64_t)limit(READER_WAIT_MS) * 1000000);
    CHECK_STATUS(reader_end(&next, ST_OK), ST_OK);
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_OK);
    fixture_end(&fix);
}

static void the_library_is_named_and_judged(void)
{
    struct storage_library library = storage_library();
    CHECK_STR(str_of(library.name), STR("SQLite"));
    CHECK_STR(str_of(library.version), str_of(sqlite3_libversion()));
    CHECK(library.wal_reset_race == (sqlite3_libversion_number() < 3051003));
}

int main(void)
{
    a_second_owner_is_refused();
    a_directory_that_cannot_be_is_refused();
    only_the_owner_can_look_into_the_directory();
    what_was_stored_is_there_after_a_restart();
    nothing_answered_is_lost_by_a_kill();
    tenants_are_listed_by_id();
    what_cannot_be_a_tenant_is_refused_with_its_reason();
    a_file_left_by_a_crash_before_its_tenant_was_is_used();
    idle_tenants_make_room_and_come_back();
    of_files_that_were_only_read_few_stay_open();
    files_that_nobody_uses_are_closed_after_a_while();
    a_connection_keeps_so_many_pages();
    a_name_that_nobody_has_takes_no_room_for_good();
    more_tenants_at_work_than_there_is_room_for_are_told_to_wait();
    many_readers_share_few_connections_beside_the_writer();
    a_read_waits_so_long_for_a_connection();
    the_library_is_named_and_judged();
    return TEST_RESULT();
}
