/* Many threads, one disk: the queue, the grouping of commits, the isolation of neighbours. */
#define _GNU_SOURCE /* SCHED_BATCH */
#include "faulty_disk.h"
#include "store_fixture.h"

#include "tenants/store.h"

#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A write of its own memory, and how it went. */
struct job {
    struct write write;
    struct arena arena;
    char key[24], answers[40];
    int calls;
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int done;
} tally = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};

static void note_done(struct write *write)
{
    struct job *job = write->user;
    pthread_mutex_lock(&tally.lock);
    job->calls++;
    tally.done++;
    pthread_cond_broadcast(&tally.changed);
    pthread_mutex_unlock(&tally.lock);
}

static void await(int done)
{
    pthread_mutex_lock(&tally.lock);
    while (tally.done < done) pthread_cond_wait(&tally.changed, &tally.lock);
    pthread_mutex_unlock(&tally.lock);
}

static struct job *new_jobs(struct fixture *fix, int count, int first)
{
    struct job *jobs = arena_zalloc(&fix->arena, (size_t)count, sizeof *jobs);
    tally.done = 0;
    for (int i = 0; i < count; i++) {
        struct job *job = &jobs[i];
        (void)snprintf(job->key, sizeof job->key, "key-%06d", first + i);
        (void)snprintf(job->answers, sizeof job->answers, "{\"number\":%d}", first + i);
        arena_init(&job->arena, mem_heap(), 1 << 20);
        job->write = fixture_submission(fix, str_of(job->key), str_of(job->answers));
        job->write.arena = &job->arena;
        job->write.done = note_done;
        job->write.user = job;
    }
    return jobs;
}

static void free_jobs(struct job *jobs, int count)
{
    for (int i = 0; i < count; i++) arena_release(&jobs[i].arena);
}

/* ---- each exactly once */

enum { THREADS = 8, EACH = 250, TENANTS = 3 };

struct sender {
    struct fixture *fix;
    struct job *jobs;
    pthread_t thread;
};

static void *send_all(void *user)
{
    struct sender *sender = user;
    for (int i = 0; i < EACH; i++)
        while (write_queue(sender->fix->tenants, &sender->jobs[i].write) == ST_OVERLOADED)
            (void)sched_yield();
    return NULL;
}

static void what_many_threads_send_is_stored_exactly_once(void)
{
    static const char *const names[TENANTS] = {"acme", "beta", "gamma"};
    struct fixture fix;
    struct sender senders[THREADS];
    struct tenants_counters counters;
    fixture_begin(&fix);
    for (int i = 0; i < TENANTS; i++) fixture_acme_of(&fix, str_of(names[i]));
    struct job *jobs = new_jobs(&fix, THREADS * EACH, 0);
    for (int i = 0; i < THREADS * EACH; i++) jobs[i].write.tenant = str_of(names[i % TENANTS]);
    for (int i = 0; i < THREADS; i++) {
        senders[i] = (struct sender){.fix = &fix, .jobs = jobs + i * EACH};
        CHECK(pthread_create(&senders[i].thread, NULL, send_all, &senders[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) CHECK(pthread_join(senders[i].thread, NULL) == 0);
    await(THREADS * EACH);
    for (int i = 0; i < THREADS * EACH; i++) {
        struct submission_record found;
        struct job *job = &jobs[i];
        CHECK_NUMBER(job->calls, 1);
        CHECK_STATUS(job->write.status, ST_OK);
        CHECK(!job->write.submission_add.ret_replayed);
        CHECK_STATUS(submission_find_by_key(fix.tenants, job->write.tenant, STR("visa"),
                                            str_of(job->key), &fix.arena, &found),
                     ST_OK);
        CHECK_STR(found.answers, str_of(job->answers));
        CHECK_STR(found.id, job->write.submission_add.ret_submission.id);
    }
    int64_t rows = 0;
    for (int i = 0; i < TENANTS; i++) {
        struct form_record form;
        uint64_t audit_rows = 0, broken_at = 0;
        CHECK_STATUS(form_find(fix.tenants, str_of(names[i]), STR("visa"), &fix.arena, &form), ST_OK);
        rows += (int64_t)form.submissions;
        CHECK_STATUS(fixture_verify(fix.tenants, str_of(names[i]), &audit_rows, &broken_at), ST_OK);
        CHECK(broken_at == 0 && audit_rows == form.submissions + 3);
    }
    CHECK_NUMBER(rows, THREADS * EACH);
    tenants_counters(fix.tenants, &counters);
    CHECK_NUMBER(counters.queue_depth, 0);
    CHECK_NUMBER(counters.queue_bytes, 0);
    CHECK_NUMBER(counters.writes_done, counters.writes_queued);
    free_jobs(jobs, THREADS * EACH);
    fixture_end(&fix);
}

static void a_hundred_times_the_same_is_stored_once_and_told_to_all(void)
{
    enum { COUNT = 100 };
    struct fixture fix;
    int stored = 0;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct job *jobs = new_jobs(&fix, COUNT, 0);
    for (int i = 0; i < COUNT; i++) {
        jobs[i].write.submission_add.key = STR("same-key");
        jobs[i].write.submission_add.answers = STR("{\"same\":1}");
        jobs[i].write.submission_add.body_hash = digest_of(STR("{\"same\":1}"));
        CHECK_STATUS(write_queue(fix.tenants, &jobs[i].write), ST_OK);
    }
    await(COUNT);
    for (int i = 0; i < COUNT; i++) {
        CHECK_STATUS(jobs[i].write.status, ST_OK);
        stored += !jobs[i].write.submission_add.ret_replayed;
        CHECK_STR(jobs[i].write.submission_add.ret_submission.id,
                  jobs[0].write.submission_add.ret_submission.id);
    }
    CHECK_NUMBER(stored, 1);
    free_jobs(jobs, COUNT);
    fixture_end(&fix);
}

/* ---- grouping: the first commit is held at the disk while the others gather */

static void writes_that_wait_share_one_commit_and_one_sync(void)
{
    enum { COUNT = 100 };
    struct fixture fix;
    struct tenants_counters before, after;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct job *jobs = new_jobs(&fix, COUNT, 0);
    tenants_counters(fix.tenants, &before);
    (void)faulty_disk_count_syncs("data.db-wal");
    faulty_disk_hold("data.db-wal");
    CHECK_STATUS(write_queue(fix.tenants, &jobs[0].write), ST_OK);
    faulty_disk_await_held(1);
    for (int i = 1; i < COUNT; i++) CHECK_STATUS(write_queue(fix.tenants, &jobs[i].write), ST_OK);
    CHECK_NUMBER(tally.done, 0); /* nothing is told before the disk has it */
    faulty_disk_release();
    await(COUNT);
    tenants_counters(fix.tenants, &after);
    CHECK_NUMBER(after.transactions - before.transactions, 2);
    CHECK_NUMBER(after.largest_batch, COUNT - 1);
    CHECK_NUMBER(faulty_disk_count_syncs(NULL), 2);
    for (int i = 0; i < COUNT; i++) CHECK_STATUS(jobs[i].write.status, ST_OK);
    free_jobs(jobs, COUNT);
    fixture_end(&fix);
}

static int announced; /* told with more to come, since the last that was not */
static bool last_is_last;

static void note_more(struct write *write)
{
    announced = write->more ? announced + 1 : 0;
    last_is_last = last_is_last && (write->more || tally.done == 0 || tally.done == 9);
    note_done(write);
}

static void the_last_submission_of_a_transaction_is_told_as_the_last(void)
{
    enum { COUNT = 10 };
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct job *jobs = new_jobs(&fix, COUNT, 0);
    faulty_disk_hold("data.db-wal");
    announced = 0;
    last_is_last = true;
    jobs[5].write.submission_add.form = STR("no such form"); /* refused, and told like the others */
    for (int i = 0; i < COUNT; i++) {
        jobs[i].write.done = note_more;
        CHECK_STATUS(write_queue(fix.tenants, &jobs[i].write), ST_OK);
        if (i == 0) faulty_disk_await_held(1);
    }
    faulty_disk_release();
    await(COUNT);
    CHECK(last_is_last && announced == 0);
    free_jobs(jobs, COUNT);
    fixture_end(&fix);
}

static void several_files_are_written_at_once_but_never_one_by_two(void)
{
    enum { FILES = 3, COUNT = 4 * FILES };
    static const char *const names[FILES] = {"acme", "beta", "gamma"};
    struct fixture fix;
    fixture_begin(&fix); /* four writers */
    for (int i = 0; i < FILES; i++) fixture_acme_of(&fix, str_of(names[i]));
    struct job *jobs = new_jobs(&fix, COUNT, 0);
    for (int i = 0; i < COUNT; i++) jobs[i].write.tenant = str_of(names[i % FILES]);
    faulty_disk_hold("data.db-wal");
    for (int i = 0; i < FILES; i++) CHECK_STATUS(write_queue(fix.tenants, &jobs[i].write), ST_OK);
    faulty_disk_await_held(FILES); /* all three wait for the disk at the same time */
    for (int i = FILES; i < COUNT; i++) CHECK_STATUS(write_queue(fix.tenants, &jobs[i].write), ST_OK);
    CHECK_NUMBER(disk.waiting_most, FILES); /* the fourth writer has nothing that it may do */
    faulty_disk_release();
    await(COUNT);
    for (int i = 0; i < COUNT; i++) CHECK_STATUS(jobs[i].write.status, ST_OK);
    free_jobs(jobs, COUNT);
    fixture_end(&fix);
}

static pthread_t last_hand;
static int same_hand;

static void note_hand(struct write *write)
{
    same_hand += pthread_equal(last_hand, pthread_self()) != 0;
    last_hand = pthread_self();
    note_done(write);
}

/* What one thread can do is not handed round: each would come to have a heap and pages of its own. */
static void one_write_at_a_time_is_one_threads_work(void)
{
    enum { COUNT = 50 };
    struct fixture fix;
    fixture_begin(&fix); /* four writers */
    fixture_acme(&fix);
    struct job *jobs = new_jobs(&fix, COUNT, 0);
    for (int i = 0; i < COUNT; i++) {
        jobs[i].write.done = note_hand;
        CHECK_STATUS(write_queue(fix.tenants, &jobs[i].write), ST_OK);
        await(i + 1);
        nanosleep(&(struct timespec){.tv_nsec = 3000000}, NULL); /* it goes to its place again */
    }
    CHECK(same_hand > COUNT / 2); /* all but a few; on a crowded machine it may be late in its place */
    free_jobs(jobs, COUNT);
    fixture_end(&fix);
}

static void a_writer_goes_on_with_a_file_that_has_more(void)
{
    enum { COUNT = 2 * LIMIT_WRITER_BATCH_OPS + 10 };
    struct fixture fix;
    struct tenants_counters before, after;
    fixture_begin(&fix); /* four writers */
    fixture_acme(&fix);
    struct job *jobs = new_jobs(&fix, COUNT, 0);
    same_hand = 0;
    tenants_counters(fix.tenants, &before);
    faulty_disk_hold("data.db-wal");
    for (int i = 0; i < COUNT; i++) {
        jobs[i].write.done = note_hand;
        CHECK_STATUS(write_queue(fix.tenants, &jobs[i].write), ST_OK);
        if (i == 0) faulty_disk_await_held(1);
    }
    faulty_disk_release();
    await(COUNT);
    tenants_counters(fix.tenants, &after);
    CHECK_NUMBER(after.transactions - before.transactions, 4);
    CHECK(same_hand >= COUNT - 1); /* the first may be told by the hand that was the last before */
    free_jobs(jobs, COUNT);
    fixture_end(&fix);
}

static int eager, patient;

static void note_policy(struct write *write)
{
    int policy = -1;
    struct sched_param param;
    CHECK_NUMBER(pthread_getschedparam(pthread_self(), &policy, &param), 0);
    pthread_mutex_lock(&tally.lock);
    eager += policy == SCHED_OTHER;
    patient += policy == SCHED_BATCH;
    pthread_mutex_unlock(&tally.lock);
    note_done(write);
}

static void of_many_writers_at_work_two_are_eager_and_the_others_patient(void)
{
    enum { FILES = 4 };
    static const char *const names[FILES] = {"acme", "beta", "gamma", "delta"};
    struct fixture fix;
    fixture_begin(&fix); /* four writers */
    for (int i = 0; i < FILES; i++) fixture_acme_of(&fix, str_of(names[i]));
    struct job *jobs = new_jobs(&fix, FILES, 0);
    eager = patient = 0;
    faulty_disk_hold("data.db-wal");
    for (int i = 0; i < FILES; i++) {
        jobs[i].write.tenant = str_of(names[i]);
        jobs[i].write.done = note_policy;
        CHECK_STATUS(write_queue(fix.tenants, &jobs[i].write), ST_OK);
    }
    faulty_disk_await_held(FILES);
    faulty_disk_release();
    await(FILES);
    CHECK(eager == 2 && patient == 2);
    free_jobs(jobs, FILES);
    fixture_end(&fix);
}

/* ---- giving way: what is handed over while a writer gives way is in the same transaction */

static struct {
    struct fixture *fix;
    struct job *jobs;
    int count; /* to be queued the next time that a writer gives way */
} meanwhile;

/* Stands before the system's. */
int sched_yield(void)
{
    int count = meanwhile.count;
    if (count == 0) return (int)syscall(SYS_sched_yield);
    meanwhile.count = 0;
    for (int i = 0; i < count; i++)
        CHECK_STATUS(write_queue(meanwhile.fix->tenants, &meanwhile.jobs[i].write), ST_OK);
    return 0;
}

/* `first` are there when the writer comes, behind one that is held, and MORE come if it gives way. */
static void hand_over(int first, bool gives_way)
{
    enum { MORE = 5 };
    struct fixture fix;
    struct tenants_counters before, after;
    int batch = first + (gives_way ? MORE : 0);
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct job *jobs = new_jobs(&fix, 1 + first + MORE, 0);
    tenants_counters(fix.tenants, &before);
    faulty_disk_hold("data.db-wal");
    CHECK_STATUS(write_queue(fix.tenants, &jobs[0].write), ST_OK);
    faulty_disk_await_held(1);
    for (int i = 1; i <= first; i++) CHECK_STATUS(write_queue(fix.tenants, &jobs[i].write), ST_OK);
    meanwhile.fix = &fix;
    meanwhile.jobs = &jobs[1 + first];
    meanwhile.count = MORE;
    faulty_disk_release();
    await(1 + batch);
    tenants_counters(fix.tenants, &after);
    CHECK_NUMBER(meanwhile.count, gives_way ? 0 : MORE);
    CHECK_NUMBER(after.transactions - before.transactions, 2);
    CHECK_NUMBER(after.largest_batch, batch);
    meanwhile.count = 0;
    free_jobs(jobs, 1 + first + MORE);
    fixture_end(&fix);
}

static void a_writer_with_little_to_do_gives_way_to_those_who_bring_more(void)
{
    hand_over(1, true);
    hand_over(47, true);
}

static void a_writer_with_much_to_do_begins_at_once(void)
{
    hand_over(48, false);
}

static void a_slow_disk_makes_larger_batches_by_itself(void)
{
    enum { COUNT = 400 };
    struct fixture fix;
    struct tenants_counters before, after;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct job *jobs = new_jobs(&fix, COUNT, 0);
    tenants_counters(fix.tenants, &before);
    disk.sync_ms = 5;
    for (int i = 0; i < COUNT; i++) CHECK_STATUS(write_queue(fix.tenants, &jobs[i].write), ST_OK);
    await(COUNT);
    disk.sync_ms = 0;
    tenants_counters(fix.tenants, &after);
    CHECK(after.transactions - before.transactions < COUNT / 20);
    CHECK(after.commit_us - before.commit_us >= 5000 * (after.transactions - before.transactions));
    free_jobs(jobs, COUNT);
    fixture_end(&fix);
}

static void a_batch_has_at_most_its_limit_of_writes(void)
{
    enum {
        COUNT = LIMIT_WRITER_BATCH_OPS + 2
    }; /* one is held, then a full batch, then the one too many */
    struct fixture fix;
    struct tenants_counters before, after;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct job *jobs = new_jobs(&fix, COUNT, 0);
    tenants_counters(fix.tenants, &before);
    faulty_disk_hold("data.db-wal");
    CHECK_STATUS(write_queue(fix.tenants, &jobs[0].write), ST_OK);
    faulty_disk_await_held(1);
    for (int i = 1; i < COUNT; i++) CHECK_STATUS(write_queue(fix.tenants, &jobs[i].write), ST_OK);
    faulty_disk_release();
    await(COUNT);
    tenants_counters(fix.tenants, &after);
    CHECK_NUMBER(after.transactions - before.transactions, 3);
    CHECK_NUMBER(after.largest_batch, LIMIT_WRITER_BATCH_OPS);
    free_jobs(jobs, COUNT);
    fixture_end(&fix);
}

static void a_batch_has_at_most_its_limit_of_bytes(void)
{
    enum {
        COUNT = 6,
        LARGE = LIMIT_WRITER_BATCH_BYTES / 2 - 600
    }; /* two fit with their overhead, three do not */
    struct fixture fix;
    struct tenants_counters before, after;
    fixture_begin(&fix);
    fixture_acme(&fix);
    char *text = arena_alloc(&fix.arena, LIMIT_WRITER_BATCH_BYTES + 1);
    memset(text, ' ', LIMIT_WRITER_BATCH_BYTES + 1);
    struct job *jobs = new_jobs(&fix, COUNT, 0);
    tenants_counters(fix.tenants, &before);
    faulty_disk_hold("data.db-wal");
    CHECK_STATUS(write_queue(fix.tenants, &jobs[0].write), ST_OK);
    faulty_disk_await_held(1);
    for (int i = 1; i < COUNT; i++) {
        jobs[i].write.submission_add.answers = str_n(text, LARGE);
        if (i == COUNT - 1)
            jobs[i].write.submission_add.answers.len =
                LIMIT_WRITER_BATCH_BYTES + 1; /* alone, but taken */
        CHECK_STATUS(write_queue(fix.tenants, &jobs[i].write), ST_OK);
    }
    faulty_disk_release();
    await(COUNT);
    tenants_counters(fix.tenants, &after);
    CHECK_NUMBER(after.transactions - before.transactions, 4); /* 1, 2 + 2, 1 */
    CHECK_NUMBER(after.largest_batch, 2);
    for (int i = 0; i < COUNT; i++) CHECK_STATUS(jobs[i].write.status, ST_OK);
    free_jobs(jobs, COUNT);
    fixture_end(&fix);
}

/* ---- neighbours */

static void a_refused_write_leaves_its_neighbours_alone(void)
{
    enum { COUNT = 9 };
    struct fixture fix;
    struct tenants_counters before, after;
    uint64_t rows = 0, broken_at = 0;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct job *jobs = new_jobs(&fix, COUNT, 0);
    jobs[2].write.submission_add.key =
        jobs[1].write.submission_add.key; /* the same key for other content */
    jobs[3].write.submission_add.version = 9;
    jobs[4].write.submission_add.form = STR("nosuch");
    jobs[5].write.submission_add.received_ms = -1;
    tenants_counters(fix.tenants, &before);
    faulty_disk_hold("data.db-wal");
    CHECK_STATUS(write_queue(fix.tenants, &jobs[0].write), ST_OK);
    faulty_disk_await_held(1);
    for (int i = 1; i < COUNT; i++) CHECK_STATUS(write_queue(fix.tenants, &jobs[i].write), ST_OK);
    faulty_disk_release();
    await(COUNT);
    tenants_counters(fix.tenants, &after);
    CHECK_NUMBER(after.transactions - before.transactions, 2); /* all eight in one */
    static const enum refusal want[COUNT] = {
        0, 0, REFUSAL_KEY_REUSED, REFUSAL_VERSION_ABSENT, REFUSAL_FORM_ABSENT, REFUSAL_BAD_VALUE, 0,
        0, 0};
    for (int i = 0; i < COUNT; i++) {
        CHECK_NUMBER(jobs[i].write.refusal, want[i]);
        CHECK((jobs[i].write.status == ST_OK) == (want[i] == REFUSAL_NONE));
    }
    CHECK_NUMBER(fixture_number(&fix, "tenants/acme/data.db", "SELECT count(*) FROM submission"), 5);
    CHECK_STATUS(fixture_verify(fix.tenants, STR("acme"), &rows, &broken_at), ST_OK);
    CHECK(rows == 3 + 5 && broken_at == 0);
    free_jobs(jobs, COUNT);
    fixture_end(&fix);
}

static struct job other_write(struct fixture *fix, enum write_kind kind)
{
    struct job job = {.write = fixture_write(fix, kind)};
    job.write.done = note_done;
    return job;
}

/* What is known of the form of one submission is not known any more behind a write of another kind. */
static void what_changes_in_a_batch_is_seen_by_the_submissions_behind_it(void)
{
    enum { COUNT = 5 };
    static const enum form_state to[] = {FORM_CLOSING, FORM_CLOSED};
    struct fixture fix;
    struct tenants_counters before, after;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct job *jobs = new_jobs(&fix, COUNT, 0);
    struct job erase = other_write(&fix, WRITE_SUBMISSION_ERASE), close[2];
    CHECK_STATUS(write_wait(fix.tenants, &jobs[0].write), ST_OK);
    struct str erased = jobs[0].write.submission_add.ret_submission.id;
    erase.write.submission_erase = (struct submission_erase){.form = STR("visa"), .id = erased};
    erase.write.user = &erase;
    for (int i = 0; i < 2; i++) {
        close[i] = other_write(&fix, WRITE_FORM_SET_STATE);
        close[i].write.form_set_state = (struct form_set_state){.form = STR("visa"), .to = to[i]};
        close[i].write.user = &close[i];
    }
    jobs[3].write.submission_add.key = jobs[0].write.submission_add.key;
    struct write *in_order[] = {&jobs[2].write,  &erase.write,    &jobs[3].write,
                                &close[0].write, &close[1].write, &jobs[4].write};
    tenants_counters(fix.tenants, &before);
    faulty_disk_hold("data.db-wal");
    tally.done = 0;
    CHECK_STATUS(write_queue(fix.tenants, &jobs[1].write), ST_OK);
    faulty_disk_await_held(1);
    for (int i = 0; i < 6; i++) CHECK_STATUS(write_queue(fix.tenants, in_order[i]), ST_OK);
    faulty_disk_release();
    await(7);
    tenants_counters(fix.tenants, &after);
    CHECK_NUMBER(after.transactions - before.transactions, 2);
    CHECK_STATUS(jobs[2].write.status, ST_OK);
    CHECK_STATUS(erase.write.status, ST_OK);
    CHECK_NUMBER(jobs[3].write.refusal, REFUSAL_SUBMISSION_ERASED);
    CHECK_STATUS(close[1].write.status, ST_OK);
    CHECK_NUMBER(jobs[4].write.refusal, REFUSAL_FORM_CLOSED);
    free_jobs(jobs, COUNT);
    fixture_end(&fix);
}

static void the_submissions_of_many_forms_in_one_batch_are_counted_for_each(void)
{
    enum { FORMS = 20, COUNT = 1 + 5 * FORMS };
    struct fixture fix;
    char names[FORMS][16];
    fixture_begin(&fix);
    fixture_acme(&fix);
    for (int i = 0; i < FORMS; i++) {
        (void)snprintf(names[i], sizeof names[i], "form-%d", i);
        CHECK_STATUS(fixture_form(&fix, STR("acme"), str_of(names[i])), ST_OK);
        CHECK_STATUS(fixture_publish(&fix, STR("acme"), str_of(names[i]), STR("s")), ST_OK);
    }
    struct job *jobs = new_jobs(&fix, COUNT, 0);
    for (int i = 1; i < COUNT; i++) jobs[i].write.submission_add.form = str_of(names[(i - 1) % FORMS]);
    faulty_disk_hold("data.db-wal");
    CHECK_STATUS(write_queue(fix.tenants, &jobs[0].write), ST_OK);
    faulty_disk_await_held(1);
    for (int i = 1; i < COUNT; i++) CHECK_STATUS(write_queue(fix.tenants, &jobs[i].write), ST_OK);
    faulty_disk_release();
    await(COUNT);
    for (int i = 0; i < FORMS; i++) {
        struct form_record form;
        CHECK_STATUS(form_find(fix.tenants, STR("acme"), str_of(names[i]), &fix.arena, &form), ST_OK);
        CHECK_NUMBER(form.submissions, 5);
    }
    free_jobs(jobs, COUNT);
    fixture_end(&fix);
}

static void a_write_whose_memory_is_out_undoes_only_itself(void)
{
    enum { COUNT = 4 };
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct job *jobs = new_jobs(&fix, COUNT, 0);
    faulty_disk_hold("data.db-wal");
    CHECK_STATUS(write_queue(fix.tenants, &jobs[0].write), ST_OK);
    faulty_disk_await_held(1);
    arena_release(&jobs[2].arena);
    arena_init(&jobs[2].arena, mem_heap(), 8);
    for (int i = 1; i < COUNT; i++) CHECK_STATUS(write_queue(fix.tenants, &jobs[i].write), ST_OK);
    faulty_disk_release();
    await(COUNT);
    CHECK_STATUS(jobs[1].write.status, ST_OK);
    CHECK_STATUS(jobs[2].write.status, ST_LIMIT);
    CHECK_STATUS(jobs[3].write.status, ST_OK);
    CHECK_NUMBER(fixture_number(&fix, "tenants/acme/data.db", "SELECT count(*) FROM submission"), 3);
    free_jobs(jobs, COUNT);
    fixture_end(&fix);
}

static void a_publication_whose_memory_runs_out_anywhere_leaves_nothing(void)
{
    struct fixture fix;
    enum status st = ST_LIMIT;
    uint64_t rows = 0, broken_at = 0;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("tax")), ST_OK); /* row 4 */
    int failures = 0;
    for (size_t room = 8; st != ST_OK && room < 4096; room += 8) {
        struct arena arena;
        struct form_record form;
        arena_init(&arena, mem_heap(), room);
        struct write write = fixture_write(&fix, WRITE_VERSION_PUBLISH);
        write.arena = &arena;
        write.version_publish = (struct version_publish){.form = STR("tax"),
                                                         .source = STR("s"),
                                                         .edition = STR("2026"),
                                                         .compiler_version = STR("1"),
                                                         .title = STR("Renamed"),
                                                         .opens = true};
        st = write_wait(fix.tenants, &write);
        failures += st == ST_LIMIT;
        CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("tax"), &fix.arena, &form), ST_OK);
        CHECK(st == ST_OK ? form.newest == 1 && form.state == FORM_OPEN
                          : form.newest == 0 && form.state == FORM_DRAFT);
        CHECK_STR(form.title, st == ST_OK ? STR("Renamed") : STR("A form"));
        CHECK_STATUS(fixture_verify(fix.tenants, STR("acme"), &rows, &broken_at), ST_OK);
        CHECK(broken_at == 0);
        CHECK_NUMBER(rows, st == ST_OK ? 6 : 4);
        arena_release(&arena);
    }
    CHECK_STATUS(st, ST_OK);
    CHECK(failures > 3);
    fixture_end(&fix);
}

/* ---- the queue's ends */

/* `option`: what the tenants are opened with; `most`: what that must come to. */
static void fill_queue(uint32_t option, int most)
{
    struct fixture fix;
    struct tenants_counters counters;
    fixture_prepare(&fix);
    fix.options.queue_ops_max = option;
    fixture_open(&fix);
    fixture_acme(&fix);
    fixture_acme_of(&fix, STR("beta"));
    struct job *jobs = new_jobs(&fix, most + 3, 0);
    faulty_disk_hold("acme/data.db-wal");
    CHECK_STATUS(write_queue(fix.tenants, &jobs[0].write), ST_OK);
    faulty_disk_await_held(1); /* it is out of the queue */
    for (int i = 1; i <= most; i++) CHECK_STATUS(write_queue(fix.tenants, &jobs[i].write), ST_OK);
    tenants_counters(fix.tenants, &counters);
    CHECK_NUMBER(counters.queue_depth, (uint32_t)most);
    CHECK_NUMBER(counters.queue_fill_percent, 100);
    CHECK_STATUS(write_queue(fix.tenants, &jobs[most + 1].write), ST_OVERLOADED);
    CHECK(jobs[most + 1].write.refusal == REFUSAL_QUEUE_FULL);
    jobs[most + 2].write.tenant = STR("beta"); /* another tenant has a queue of its own */
    CHECK_STATUS(write_queue(fix.tenants, &jobs[most + 2].write), ST_OK);
    await(1);
    CHECK_STATUS(jobs[most + 2].write.status, ST_OK);
    faulty_disk_release();
    await(most + 2);
    CHECK_NUMBER(jobs[most + 1].calls, 0);
    CHECK_STATUS(write_queue(fix.tenants, &jobs[most + 1].write), ST_OK); /* there is room again */
    await(most + 3);
    tenants_counters(fix.tenants, &counters);
    CHECK_NUMBER(counters.writes_refused, 1);
    free_jobs(jobs, most + 3);
    fixture_end(&fix);
}

static void a_queue_takes_its_limit_of_writes_and_no_more(void)
{
    fill_queue(5, 5);
    fill_queue(0, LIMIT_WRITER_QUEUE_OPS);
}

static void a_queue_takes_its_limit_of_bytes_and_no_more(void)
{
    enum { OVERHEAD = 512, LARGE = 1 << 20, FIT = LIMIT_WRITER_QUEUE_BYTES / (LARGE + OVERHEAD) };
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    char *text = arena_alloc(&fix.arena, LARGE);
    memset(text, ' ', LARGE);
    struct job *jobs = new_jobs(&fix, FIT + 2, 0);
    faulty_disk_hold("data.db-wal");
    CHECK_STATUS(write_queue(fix.tenants, &jobs[0].write), ST_OK);
    faulty_disk_await_held(1);
    for (int i = 1; i < FIT + 2; i++) jobs[i].write.submission_add.answers = str_n(text, LARGE);
    for (int i = 1; i <= FIT; i++) CHECK_STATUS(write_queue(fix.tenants, &jobs[i].write), ST_OK);
    CHECK_STATUS(write_queue(fix.tenants, &jobs[FIT + 1].write), ST_OVERLOADED);
    faulty_disk_release();
    await(FIT + 1);
    free_jobs(jobs, FIT + 2);
    fixture_end(&fix);
}

static void closing_finishes_what_was_queued_and_refuses_the_rest(void)
{
    enum { COUNT = 600 };
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct job *jobs = new_jobs(&fix, COUNT, 0);
    for (int i = 0; i < COUNT; i++) CHECK_STATUS(write_queue(fix.tenants, &jobs[i].write), ST_OK);
    tenants_close(fix.tenants);
    CHECK_NUMBER(tally.done, COUNT);
    for (int i = 0; i < COUNT; i++) CHECK_STATUS(jobs[i].write.status, ST_OK);
    CHECK(access(fixture_path(&fix, "tenants/acme/data.db-wal"), F_OK) != 0); /* folded in */
    fixture_open(&fix);
    CHECK_NUMBER(fixture_number(&fix, "tenants/acme/data.db", "SELECT count(*) FROM submission"),
                 COUNT);
    free_jobs(jobs, COUNT);
    fixture_end(&fix);
}

static struct {
    struct fixture *fix;
    struct job *next;
    enum status st;
} chain;

static void queue_next(struct write *write)
{
    chain.st = write_queue(chain.fix->tenants, &chain.next->write);
    note_done(write);
}

static void a_done_may_queue_the_next_write(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct job *jobs = new_jobs(&fix, 2, 0);
    chain.fix = &fix;
    chain.next = &jobs[1];
    jobs[0].write.done = queue_next;
    CHECK_STATUS(write_queue(fix.tenants, &jobs[0].write), ST_OK);
    await(2);
    CHECK_STATUS(chain.st, ST_OK);
    CHECK_STATUS(jobs[1].write.status, ST_OK);
    free_jobs(jobs, 2);
    fixture_end(&fix);
}

static void a_suspended_tenant_takes_no_changes_and_is_still_read(void)
{
    struct fixture fix;
    struct form_record form;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(fixture_tenant_state(&fix, STR("acme"), TENANT_SUSPENDED), ST_OK);
    struct write write = fixture_submission(&fix, STR("key"), STR("{}"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_DENIED);
    CHECK(write.refusal == REFUSAL_TENANT_SUSPENDED);
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_OK);
    CHECK_STATUS(fixture_tenant_state(&fix, STR("acme"), TENANT_ACTIVE), ST_OK);
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_STATUS(fixture_tenant_state(&fix, STR("acme"), TENANT_CLOSED), ST_OK);
    write = fixture_submission(&fix, STR("key-2"), STR("{}"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_DENIED);
    CHECK(write.refusal == REFUSAL_TENANT_CLOSED);
    CHECK_STATUS(fixture_tenant_state(&fix, STR("acme"), TENANT_ACTIVE), ST_CONFLICT);
    CHECK_STATUS(fixture_tenant_state(&fix, STR("nobody"), TENANT_CLOSED), ST_ABSENT);
    fixture_end(&fix);
}

static void a_write_for_no_tenant_is_refused(void)
{
    static const char *const names[] = {"nobody", "", "..", "a/b", "ACME"};
    struct fixture fix;
    fixture_begin(&fix);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct write write = fixture_submission(&fix, STR("key"), STR("{}"));
        write.tenant = str_of(names[i]);
        CHECK_STATUS(write_wait(fix.tenants, &write), ST_ABSENT);
        CHECK(write.refusal == REFUSAL_TENANT_ABSENT);
    }
    fixture_end(&fix);
}

static void what_comes_while_all_is_closed_is_refused(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    pthread_mutex_lock(&fix.tenants->lock);
    fix.tenants->stopping = true; /* as tenants_close() begins */
    pthread_mutex_unlock(&fix.tenants->lock);
    struct write write = fixture_submission(&fix, STR("key-1"), STR("{}"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OVERLOADED);
    CHECK(write.refusal == REFUSAL_STOPPING);
    fixture_reopen(&fix);
    CHECK_NUMBER(fixture_number(&fix, "tenants/acme/data.db", "SELECT count(*) FROM submission"), 0);
    fixture_end(&fix);
}

int main(void)
{
    faulty_disk_install();
    what_many_threads_send_is_stored_exactly_once();
    a_hundred_times_the_same_is_stored_once_and_told_to_all();
    writes_that_wait_share_one_commit_and_one_sync();
    the_last_submission_of_a_transaction_is_told_as_the_last();
    several_files_are_written_at_once_but_never_one_by_two();
    one_write_at_a_time_is_one_threads_work();
    a_writer_goes_on_with_a_file_that_has_more();
    of_many_writers_at_work_two_are_eager_and_the_others_patient();
    a_writer_with_little_to_do_gives_way_to_those_who_bring_more();
    a_writer_with_much_to_do_begins_at_once();
    a_slow_disk_makes_larger_batches_by_itself();
    a_batch_has_at_most_its_limit_of_writes();
    a_batch_has_at_most_its_limit_of_bytes();
    a_refused_write_leaves_its_neighbours_alone();
    what_changes_in_a_batch_is_seen_by_the_submissions_behind_it();
    the_submissions_of_many_forms_in_one_batch_are_counted_for_each();
    a_write_whose_memory_is_out_undoes_only_itself();
    a_publication_whose_memory_runs_out_anywhere_leaves_nothing();
    a_queue_takes_its_limit_of_writes_and_no_more();
    a_queue_takes_its_limit_of_bytes_and_no_more();
    closing_finishes_what_was_queued_and_refuses_the_rest();
    a_done_may_queue_the_next_write();
    a_suspended_tenant_takes_no_changes_and_is_still_read();
    a_write_for_no_tenant_is_refused();
    what_comes_while_all_is_closed_is_refused();
    return TEST_RESULT();
}
