#include "engine_fixture.h"
#include "entry.h"

#include <pthread.h>

static struct bench bench;
static struct worker *worker;

/* A submission and a place to wait for its end. */
static void entry_begin(struct entry *entry, const char *key, const char *answers)
{
    memset(entry, 0, sizeof *entry);
    arena_init(&entry->arena, mem_heap(), 8 << 20);
    pthread_mutex_init(&entry->lock, NULL);
    pthread_cond_init(&entry->over, NULL);
    struct intake *intake = &entry->intake;
    intake->arena = &entry->arena;
    CHECK_STATUS(engine_fetch(bench.engine, STR("acme"), STR("contact"), 0, &intake->definition),
                 ST_OK);
    intake->key = str_of(key);
    intake->body = intake->answers = str_of(answers);
    intake->locale = STR("");
    intake->actor = (struct actor){.who = STR("public"), .at_ms = BENCH_NOW_MS};
    intake->submitter = intake->where = STR("");
    intake->done = entry_done;
    intake->user = entry;
}

static enum intake_state entry_run(struct entry *entry)
{
    enum intake_state state = engine_submit(worker, &entry->intake);
    if (state != INTAKE_READY) return state;
    state = engine_store(&entry->intake);
    if (state != INTAKE_QUEUED) return state;
    entry_wait(entry);
    return entry->intake.state;
}

static void entry_end(struct entry *entry)
{
    definition_release(entry->intake.definition);
    intake_release(&entry->intake);
    arena_release(&entry->arena);
    pthread_mutex_destroy(&entry->lock);
    pthread_cond_destroy(&entry->over);
}

static enum intake_state run(const char *key, const char *answers, enum refusal *ret_refusal)
{
    struct entry entry;
    entry_begin(&entry, key, answers);
    enum intake_state state = entry_run(&entry);
    *ret_refusal = entry.intake.refusal;
    entry_end(&entry);
    return state;
}

#define ADA "{\"name\":\"Ada\",\"age\":4}"

static void valid_answers_are_stored_with_their_verdict(void)
{
    struct entry entry;
    entry_begin(&entry, "key-0123456789abc", ADA);
    CHECK(entry_run(&entry) == INTAKE_STORED);
    const struct submission_record *submission = entry.intake.submission;
    CHECK(str_starts(submission->id, STR("sub_")) &&
          submission->version == entry.intake.definition->number);
    CHECK(submission->received_ms == BENCH_NOW_MS &&
          str_eq(submission->now, STR("2026-01-15T10:00:00Z")));
    CHECK(str_eq(submission->zone, STR("Europe/Berlin")));
    CHECK(str_eq(submission->answers,
                 STR("{\"name\":\"Ada\",\"age\":4,\"half\":25,\"day\":\"2026-01-15\"}")));
    CHECK(str_starts(buf_str(&entry.intake.verdict), STR("{\"valid\":true")));
    struct digest digest = digest_quick(buf_str(&entry.intake.verdict));
    CHECK(memcmp(&digest, &submission->verdict_hash, sizeof digest) == 0);
    entry_end(&entry);
}

static void the_same_again_is_a_replay_and_judged_to_the_same_verdict(void)
{
    struct entry first, again;
    struct buf verdict;
    entry_begin(&first, "key-again-0123456", ADA);
    CHECK(entry_run(&first) == INTAKE_STORED);
    bench.clock.now_us += INT64_C(3) * 86400 * 1000000; /* three days later: today() is another day */
    entry_begin(&again, "key-again-0123456", ADA);
    CHECK(entry_run(&again) == INTAKE_REPLAYED);
    CHECK(str_eq(again.intake.submission->id, first.intake.submission->id));
    CHECK_STATUS(engine_rejudge(worker, &again.intake, again.intake.definition), ST_OK);
    buf_init(&verdict, mem_heap(), 1 << 20);
    worker_verdict_write(worker, &verdict);
    CHECK(str_eq(buf_str(&verdict), buf_str(&first.intake.verdict)));
    buf_release(&verdict);
    entry_end(&first);
    entry_end(&again);
    bench.clock.now_us = BENCH_NOW_MS * 1000;
}

static void a_key_serves_one_body_only(void)
{
    enum refusal refusal;
    CHECK(run("key-once-01234567", ADA, &refusal) == INTAKE_STORED);
    CHECK(run("key-once-01234567", "{\"name\":\"Bob\",\"age\":4}", &refusal) == INTAKE_REFUSED);
    CHECK(refusal == REFUSAL_KEY_REUSED);
    CHECK(run("key-once-01234567", "{}", &refusal) == INTAKE_REFUSED && refusal == REFUSAL_KEY_REUSED);
    CHECK(run("key-once-01234567", "{", &refusal) == INTAKE_REFUSED && refusal == REFUSAL_KEY_REUSED);
}

static void wrong_answers_are_judged_and_not_stored(void)
{
    struct entry entry;
    struct buf errors;
    entry_begin(&entry, "key-wrong-0123456", "{\"age\":-1}");
    CHECK(entry_run(&entry) == INTAKE_INVALID);
    CHECK(entry.intake.outcome.error_count == 2);
    buf_init(&errors, mem_heap(), 1 << 20);
    worker_errors_write(worker, &errors);
    CHECK(errors.len > 2 && errors.ptr[0] == '[');
    buf_release(&errors);
    entry_end(&entry);
    enum refusal refusal;
    CHECK(run("key-wrong-0123456", ADA, &refusal) == INTAKE_STORED); /* the key is still free */
}

static void what_cannot_be_judged_is_told_apart(void)
{
    struct entry entry;
    entry_begin(&entry, "key-broken-012345", "{\"name\":");
    CHECK(entry_run(&entry) == INTAKE_UNJUDGED && entry.intake.outcome.state == JUDGE_MALFORMED);
    entry_end(&entry);
    entry_begin(&entry, "key-faulty-012345", "{\"name\":\"Ada\",\"age\":0}");
    CHECK(entry_run(&entry) == INTAKE_UNJUDGED && entry.intake.outcome.state == JUDGE_FAULT);
    CHECK(entry.intake.outcome.fault == FAULT_DIVISION_BY_ZERO);
    entry_end(&entry);
}

static void a_closed_form_stores_nothing_but_still_replays(void)
{
    enum refusal refusal;
    CHECK(run("key-before-012345", ADA, &refusal) == INTAKE_STORED);
    CHECK_STATUS(engine_form_set_state(&bench.call, STR("acme"), STR("contact"), FORM_CLOSING), ST_OK);
    CHECK_STATUS(engine_form_set_state(&bench.call, STR("acme"), STR("contact"), FORM_CLOSED), ST_OK);
    CHECK(run("key-after-0123456", ADA, &refusal) == INTAKE_REFUSED && refusal == REFUSAL_FORM_CLOSED);
    CHECK(run("key-before-012345", ADA, &refusal) == INTAKE_REPLAYED);
    CHECK_STATUS(engine_form_set_state(&bench.call, STR("acme"), STR("contact"), FORM_OPEN), ST_OK);
}

/* The key had its submission; that there is none of it any more is told of it for ever. */
static void a_key_of_what_was_erased_is_refused_whatever_comes_with_it(void)
{
    struct submission_record found;
    enum refusal refusal;
    CHECK(run("key-erased-012345", ADA, &refusal) == INTAKE_STORED);
    CHECK_STATUS(engine_submission_by_key(&bench.call, STR("acme"), STR("contact"),
                                          STR("key-erased-012345"), &found),
                 ST_OK);
    CHECK_STATUS(engine_submission_erase(&bench.call, STR("acme"), STR("contact"), found.id), ST_OK);
    CHECK(run("key-erased-012345", ADA, &refusal) == INTAKE_REFUSED);
    CHECK(refusal == REFUSAL_SUBMISSION_ERASED);
    CHECK(run("key-erased-012345", "{}", &refusal) == INTAKE_REFUSED);
    CHECK(refusal == REFUSAL_SUBMISSION_ERASED);
    CHECK_STATUS(engine_submission_find(&bench.call, STR("acme"), STR("contact"), found.id, &found),
                 ST_GONE);
    CHECK_STATUS(engine_submission_find(&bench.call, STR("acme"), STR("other"), found.id, &found),
                 ST_ABSENT);
}

static void a_submission_has_its_place_under_its_form_only(void)
{
    struct submission_record one;
    enum refusal refusal;
    int64_t received_ms;
    uint64_t seq;
    const struct str acme = STR("acme"), contact = STR("contact");
    CHECK(run("key-placed-012345", ADA, &refusal) == INTAKE_STORED);
    CHECK_STATUS(engine_submission_by_key(&bench.call, acme, contact, STR("key-placed-012345"), &one),
                 ST_OK);
    CHECK_STATUS(engine_submission_place(&bench.call, acme, contact, one.id, &received_ms, &seq),
                 ST_OK);
    CHECK(received_ms == BENCH_NOW_MS && seq == one.seq);
    CHECK_STATUS(engine_submission_place(&bench.call, acme, STR("other"), one.id, &received_ms, &seq),
                 ST_ABSENT);
    CHECK_STATUS(engine_submission_erase(&bench.call, acme, contact, one.id), ST_OK);
    CHECK_STATUS(engine_submission_place(&bench.call, acme, contact, one.id, &received_ms, &seq),
                 ST_OK);
    CHECK(received_ms == BENCH_NOW_MS && seq == one.seq);
    CHECK_STATUS(engine_submission_place(&bench.call, acme, STR("other"), one.id, &received_ms, &seq),
                 ST_ABSENT);
}

static void a_tenant_that_takes_nothing_now_has_its_submissions_refused(void)
{
    struct entry entry;
    entry_begin(&entry, "key-late-01234567", ADA);
    CHECK(engine_submit(worker, &entry.intake) == INTAKE_READY);
    struct definition other = *entry.intake.definition, *mine = entry.intake.definition;
    other.tenant = STR("not a name"); /* as that of a tenant which is gone */
    entry.intake.definition = &other;
    CHECK(engine_store(&entry.intake) == INTAKE_REFUSED);
    CHECK(entry.intake.refusal == REFUSAL_TENANT_ABSENT && entry.intake.status == ST_ABSENT);
    entry.intake.definition = mine;
    entry_end(&entry);
}

static void an_evaluation_counts_and_stores_nothing(void)
{
    struct engine_counters before, after;
    struct judge_outcome outcome;
    struct definition *definition;
    engine_counters(bench.engine, &before);
    CHECK_STATUS(engine_fetch(bench.engine, STR("acme"), STR("contact"), 0, &definition), ST_OK);
    struct evaluation evaluation = {.definition = definition, .answers = STR("{}"), .locale = STR("")};
    CHECK_STATUS(engine_evaluate(worker, &evaluation, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_JUDGED && !outcome.valid);
    evaluation.lenient = true;
    CHECK_STATUS(engine_evaluate(worker, &evaluation, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_JUDGED && outcome.valid);
    evaluation.answers = STR("{\"age\":0}");
    CHECK_STATUS(engine_evaluate(worker, &evaluation, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_FAULT);
    engine_counters(bench.engine, &after);
    CHECK(after.evaluations == before.evaluations + 3 && after.faults == before.faults + 1);
    CHECK(after.storage.writes_done == before.storage.writes_done);
    definition_release(definition);
}

static void an_invitation_that_is_over_lets_nobody_in(void)
{
    const struct str acme = STR("acme"), form = STR("invited");
    const struct str references[] = {STR("one"), STR("two")};
    struct invitations_made made;
    struct invitation_wish wish = {.form = form,
                                   .key = STR("key-invited-01234"),
                                   .body = STR("{}"),
                                   .expires_ms = BENCH_NOW_MS + 1000,
                                   .references = references,
                                   .count = 2};
    bench_publish(&bench, "invited",
                  "edition 2027 form invited \"I\" { a: text  unique per invitation }");
    CHECK_STATUS(engine_invitations_issue(&bench.call, acme, &wish, &made), ST_OK);
    CHECK_STATUS(engine_invitation_revoke(&bench.call, acme, form, made.page.items[0].id), ST_OK);
    CHECK_STATUS(engine_invitation_look(&bench.call, acme, form, made.codes[0]), ST_ABSENT);
    CHECK_STATUS(engine_invitation_look(&bench.call, acme, form, made.codes[1]), ST_OK);
    bench.clock.now_us += INT64_C(2) * 1000000;
    CHECK_STATUS(engine_invitation_look(&bench.call, acme, form, made.codes[1]), ST_ABSENT);
    bench.clock.now_us = BENCH_NOW_MS * 1000;
}

static void submissions_are_found_only_under_their_form(void)
{
    struct submission_page page;
    struct submission_record one;
    struct submission_query query = {.form = STR("contact")};
    CHECK_STATUS(engine_submission_list(&bench.call, STR("acme"), &query, 10, &page), ST_OK);
    CHECK(page.count > 0);
    CHECK_STATUS(
        engine_submission_find(&bench.call, STR("acme"), STR("contact"), page.items[0].id, &one),
        ST_OK);
    CHECK_STATUS(engine_submission_find(&bench.call, STR("acme"), STR("other"), page.items[0].id, &one),
                 ST_ABSENT);
    CHECK_STATUS(engine_submission_find(&bench.call, STR("acme"), STR("contact"), STR("sub_x"), &one),
                 ST_ABSENT);
}

static void an_export_walks_over_all(void)
{
    struct submission_walk *walk;
    struct submission_record one;
    struct submission_page page;
    struct submission_query query = {.form = STR("contact")};
    uint32_t count = 0;
    CHECK_STATUS(engine_submission_list(&bench.call, STR("acme"), &query, 200, &page), ST_OK);
    CHECK_STATUS(engine_export(bench.engine, STR("acme"), &query, &walk), ST_OK);
    while (engine_export_next(walk, &one) == ST_OK) count++;
    CHECK(count == page.count);
    engine_export_close(walk);
}

/* ---- memory that runs out */

static struct {
    struct mem mem;
    atomic_long left; /* requests that are granted still; below 0: all are */
} scarce;

static void *scarce_resize(struct mem *self, void *ptr, size_t old_size, size_t new_size)
{
    (void)self;
    bool more = !ptr || new_size > old_size;
    if (more && atomic_load(&scarce.left) == 0) return NULL;
    if (more && atomic_load(&scarce.left) > 0) atomic_fetch_sub(&scarce.left, 1);
    return mem_heap()->resize(mem_heap(), ptr, old_size, new_size);
}

static uint64_t stored_count(void)
{
    struct engine_counters counters;
    engine_counters(bench.engine, &counters);
    return counters.intakes[INTAKE_STORED];
}

/* From its first request on, from its second, and so on, until there is enough. */
static void memory_that_runs_out_stores_nothing_and_the_next_try_is_stored(void)
{
    bool enough = false;
    uint64_t stored = 1;
    enum refusal refusal;
    scarce.mem.resize = scarce_resize;
    atomic_store(&scarce.left, -1);
    bench.options.mem = &scarce.mem;
    bench_reopen(&bench);
    CHECK_STATUS(worker_new(bench.engine, &worker), ST_OK);
    CHECK(run("scarce-before", ADA, &refusal) == INTAKE_STORED); /* the rules are loaded */
    for (long granted = 0; !enough; granted++) {
        struct entry entry;
        char key[32];
        (void)snprintf(key, sizeof key, "scarce-%09ld", granted);
        entry_begin(&entry, key, ADA);
        atomic_store(&scarce.left, granted);
        enum intake_state state = entry_run(&entry);
        atomic_store(&scarce.left, -1);
        enough = state == INTAKE_STORED;
        stored += enough;
        if (!enough) CHECK(state == INTAKE_REFUSED && entry.intake.status == ST_NOMEM);
        entry_end(&entry);
        CHECK(stored_count() == stored);
        CHECK(run(key, ADA, &refusal) == (enough ? INTAKE_REPLAYED : INTAKE_STORED));
        stored += !enough;
    }
    CHECK(stored > 2);
    worker_free(worker);
}

int main(void)
{
    bench_begin(&bench, NULL);
    bench_publish(&bench, "contact", bench_form);
    CHECK_STATUS(worker_new(bench.engine, &worker), ST_OK);
    valid_answers_are_stored_with_their_verdict();
    the_same_again_is_a_replay_and_judged_to_the_same_verdict();
    a_key_serves_one_body_only();
    wrong_answers_are_judged_and_not_stored();
    what_cannot_be_judged_is_told_apart();
    a_closed_form_stores_nothing_but_still_replays();
    a_key_of_what_was_erased_is_refused_whatever_comes_with_it();
    a_submission_has_its_place_under_its_form_only();
    a_tenant_that_takes_nothing_now_has_its_submissions_refused();
    an_evaluation_counts_and_stores_nothing();
    an_invitation_that_is_over_lets_nobody_in();
    submissions_are_found_only_under_their_form();
    an_export_walks_over_all();
    worker_free(worker);
    worker_free(NULL);
    memory_that_runs_out_stores_nothing_and_the_next_try_is_stored();
    bench_end(&bench);
    return TEST_RESULT();
}
