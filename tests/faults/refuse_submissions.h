/* Scenes: answers judged, stored, read, explained and erased. */
#ifndef TESTS_FAULTS_REFUSE_SUBMISSIONS_H
#define TESTS_FAULTS_REFUSE_SUBMISSIONS_H

#include "tests/faults/refuse_scene.h"

/* ---------------------------------------------------------------- read */

static enum status explain(struct call *call, uint64_t *ret_told)
{
    struct buf out;
    buf_init(&out, refuse_mem(), 1 << 20);
    struct explaining explaining = {.tenant = acme,
                                    .form = trip,
                                    .version = 1,
                                    .answers = str_of(answers),
                                    .locale = STR(""),
                                    .wanted = STR(""),
                                    .out = &out};
    enum status st = engine_explain(call, &explaining);
    if (!st) st = out.failure;
    if (!st) *ret_told = out.len;
    buf_release(&out);
    return st;
}

static enum status explain_submission(struct call *call, uint64_t *ret_told)
{
    struct submission_record found;
    struct buf out;
    buf_init(&out, refuse_mem(), 1 << 20);
    struct explaining explaining = {.tenant = acme, .form = trip, .wanted = STR("name"), .out = &out};
    enum status st = engine_submission_by_key(call, acme, trip, STR("key-1"), &found);
    if (!st) st = engine_explain_submission(call, &explaining, found.id);
    if (!st) st = out.failure;
    if (!st) *ret_told = out.len;
    buf_release(&out);
    return st;
}

static enum status read_submissions(struct call *call, uint64_t *ret_told)
{
    struct submission_page page;
    struct submission_record found;
    struct submission_query query = {.form = trip};
    int64_t received_ms;
    uint64_t seq;
    enum status st = engine_submission_list(call, acme, &query, 10, &page);
    if (!st) CHECK(page.count >= 3);
    if (!st) st = engine_submission_find(call, acme, trip, page.items[0].id, &found);
    if (!st) st = engine_submission_place(call, acme, trip, page.items[0].id, &received_ms, &seq);
    if (!st) *ret_told = found.answers.len + seq;
    return st;
}

static enum status find_submissions(struct call *call, uint64_t *ret_told)
{
    struct definition *definition = NULL;
    struct submission_page page;
    struct submission_query query = {.form = trip};
    struct str detail;
    const struct filter_wish wishes[] = {{STR("ward"), STR("in"), STR("a1,a2")},
                                         {STR("size"), STR("gte"), STR("1.5")},
                                         {STR("size"), STR("lt"), STR("2")}};
    enum status st = engine_fetch(call->engine, acme, trip, 1, &definition);
    if (st) return st;
    st = engine_filter(definition->program, wishes, 3, false, call->arena, &query.filter, &detail);
    definition_release(definition);
    if (!st) st = engine_submission_list(call, acme, &query, 10, &page);
    *ret_told = 0;
    return st;
}

static enum status complain_of_filters(struct call *call, uint64_t *ret_told)
{
    struct definition *definition = NULL;
    struct submission_filter filter;
    struct str detail;
    const struct filter_wish wish = {STR("nothing"), STR("eq"), STR("1")};
    enum status st = engine_fetch(call->engine, acme, trip, 1, &definition);
    if (st) return st;
    st = engine_filter(definition->program, &wish, 1, false, call->arena, &filter, &detail);
    definition_release(definition);
    if (st == ST_INPUT) *ret_told = detail.len;
    return st == ST_INPUT ? ST_OK : st;
}

static enum status list_days(struct call *call, uint64_t *ret_told)
{
    struct day_page page;
    struct day_query query = {.form = trip};
    enum status st = engine_day_list(call, acme, &query, 10, &page);
    if (!st) CHECK(page.count >= 3);
    *ret_told = 0;
    return st;
}

static enum status count_all(struct call *call, uint64_t *ret_told)
{
    struct stats stats;
    struct stats_query query = {.tenant = acme, .form = trip};
    enum status st = engine_stats(call, &query, &stats);
    if (!st && !stats.behind) CHECK(stats.unread == 0 && stats.day_count >= 3);
    if (!st && !stats.behind) *ret_told = 1000 * stats.submissions + stats.field_count;
    return st;
}

static enum status export_all(struct call *call, uint64_t *ret_told)
{
    struct submission_walk *walk;
    struct submission_record one;
    struct submission_query query = {.form = trip};
    uint64_t left;
    struct definition *definition = NULL;
    struct str detail;
    const struct filter_wish wish = {STR("name"), STR("in"), STR("Ada,Bartholomew")};
    enum status st = engine_fetch(call->engine, acme, trip, 1, &definition);
    if (st) return st;
    st = engine_filter(definition->program, &wish, 1, false, call->arena, &query.filter, &detail);
    definition_release(definition);
    if (!st) st = engine_export(call->engine, acme, &query, &walk);
    if (st) return st;
    st = engine_export_left(walk, &left);
    while (!st) {
        st = engine_export_next(walk, &one);
        *ret_told += !st;
    }
    engine_export_close(walk);
    return st == ST_ABSENT ? ST_OK : st;
}

static enum status mask(struct call *call, uint64_t *ret_told)
{
    struct masking masking = {.engine = call->engine, .tenant = acme, .form = trip};
    struct buf out;
    buf_init(&out, refuse_mem(), 1 << 16);
    masking_put(&masking, 1,
                STR("{\"name\":\"Ada\",\"pin\":\"4001\",\"wants\":[\"red\"],\"sure\":true,\"size\":1,"
                    "\"stops\":[{\"place\":\"U\",\"fee\":null}],\"ward\":{\"other\":\"x\"}}"),
                &out);
    enum status st = out.failure;
    if (out.len) CHECK(!memmem(out.ptr, out.len, "4001", 4)); /* whatever was refused */
    if (!st && str_eq(buf_str(&out), STR("null"))) st = ST_NOMEM;
    if (!st) *ret_told = out.len;
    masking_release(&masking);
    buf_release(&out);
    return st;
}

/* ---------------------------------------------------------------- stored */

static enum status submit_with(struct call *call, struct entry *entry, struct str key, struct str text)
{
    struct worker *worker = NULL;
    struct intake *intake = &entry->intake;
    struct definition *definition;
    *entry = (struct entry){.lock = PTHREAD_MUTEX_INITIALIZER, .over = PTHREAD_COND_INITIALIZER};
    arena_init(&entry->arena, refuse_mem(), 8 << 20);
    enum status st = engine_fetch(call->engine, acme, trip, 1, &definition);
    if (!st) intake->definition = definition;
    if (!st) st = worker_new(call->engine, &worker);
    if (st) return st;
    *intake = (struct intake){.arena = &entry->arena,
                              .definition = definition,
                              .key = key,
                              .body = text,
                              .answers = text,
                              .locale = STR(""),
                              .saved = STR("a key for what was saved"),
                              .actor = {.who = STR("public"), .at_ms = BENCH_NOW_MS},
                              .submitter = STR(""),
                              .where = STR(""),
                              .compares = true,
                              .done = entry_done,
                              .user = entry};
    enum intake_state state = engine_submit(worker, intake);
    if (state == INTAKE_READY) state = engine_store(intake);
    if (state == INTAKE_QUEUED) entry_wait(entry);
    worker_free(worker);
    if (intake->state == INTAKE_UNJUDGED) return ST_NOMEM;
    return intake->state == INTAKE_REFUSED ? intake->status ? intake->status : ST_FAULT : ST_OK;
}

static void entry_release(struct entry *entry)
{
    definition_release(entry->intake.definition);
    if (entry->intake.engine) intake_release(&entry->intake);
    arena_release(&entry->arena);
    pthread_mutex_destroy(&entry->lock);
    pthread_cond_destroy(&entry->over);
}

static enum status submit(struct call *call, uint64_t *ret_told)
{
    struct entry entry;
    char key[40], text[600];
    (void)snprintf(key, sizeof key, "key-of-%u", attempts);
    (void)snprintf(text, sizeof text, "{\"name\":\"Ada %u\",%s", attempts,
                   answers + sizeof "{\"name\":\"Ada\"");
    enum status st = submit_with(call, &entry, str_of(key), str_of(text));
    *ret_told = 0;
    if (!st) CHECK(entry.intake.state == INTAKE_STORED || entry.intake.state == INTAKE_REPLAYED);
    entry_release(&entry);
    return st;
}

static char kept_key[40], kept_text[600];

static void keep_one(void)
{
    struct entry entry;
    struct call call = bench.call;
    attempts++;
    (void)snprintf(kept_key, sizeof kept_key, "kept-%u", attempts);
    (void)snprintf(kept_text, sizeof kept_text, "{\"name\":\"Kept %u\",%s", attempts,
                   answers + sizeof "{\"name\":\"Ada\"");
    CHECK_STATUS(submit_with(&call, &entry, str_of(kept_key), str_of(kept_text)), ST_OK);
    CHECK(entry.intake.state == INTAKE_STORED);
    entry_release(&entry);
}

/* The same again: told what was stored, and judged to the same verdict. */
static enum status submit_again(struct call *call, uint64_t *ret_told)
{
    struct entry entry;
    struct worker *worker = NULL;
    enum status st = submit_with(call, &entry, str_of(kept_key), str_of(kept_text));
    if (!st) CHECK(entry.intake.state == INTAKE_REPLAYED);
    if (!st) st = worker_new(call->engine, &worker);
    if (!st) st = engine_rejudge(worker, &entry.intake, entry.intake.definition);
    worker_free(worker);
    entry_release(&entry);
    *ret_told = 0;
    return st;
}

/* Another with the same name, which is to be unique. */
static enum status submit_twin(struct call *call, uint64_t *ret_told)
{
    struct entry entry;
    char key[40];
    (void)snprintf(key, sizeof key, "twin-%u", attempts);
    enum status st = submit_with(call, &entry, str_of(key), str_of(kept_text));
    *ret_told = 0;
    if (st == ST_CONFLICT && entry.intake.refusal != REFUSAL_NONE) st = ST_OK;
    else if (!st) CHECK(false && "what is to be unique was stored twice");
    entry_release(&entry);
    return st;
}

static enum status tell(struct worker *worker, const struct judge_outcome *outcome, void *user)
{
    struct buf *out = user;
    CHECK(outcome->state == JUDGE_JUDGED);
    worker_verdict_write(worker, out);
    worker_texts_write(worker, out);
    worker_suggestions_write(worker, out);
    return out->failure;
}

static enum status evaluate(struct call *call, uint64_t *ret_told)
{
    struct worker *worker = NULL;
    struct definition *definition = NULL;
    struct judge_outcome outcome;
    struct buf out;
    buf_init(&out, refuse_mem(), 1 << 20);
    enum status st = engine_fetch(call->engine, acme, trip, 1, &definition);
    struct evaluation evaluation = {.definition = definition,
                                    .answers = str_of(answers),
                                    .locale = STR(""),
                                    .now_ms = BENCH_NOW_MS,
                                    .tell = tell,
                                    .user = &out};
    if (!st) st = worker_new(call->engine, &worker);
    if (!st) st = engine_evaluate(worker, &evaluation, &outcome);
    worker_free(worker);
    definition_release(definition);
    if (!st) *ret_told = out.len;
    buf_release(&out);
    return st;
}

static enum status save(struct call *call, uint64_t *ret_told)
{
    struct definition *definition = NULL;
    struct digest key = digest_of(STR("a key"));
    struct saved_record saved = {.answers = str_of(answers), .locale = STR("en")}, found;
    enum status st = engine_fetch(call->engine, acme, trip, 0, &definition);
    if (!st) st = engine_saved_put(call, definition, &key, &saved);
    if (!st) st = engine_saved_find(call, acme, trip, &key, &found);
    if (!st) *ret_told = found.answers.len;
    if (!st) st = engine_saved_drop(call, acme, trip, &key);
    definition_release(definition);
    return st;
}

static struct str kept_id;

static void keep_one_to_erase(void)
{
    struct submission_record found;
    keep_one();
    CHECK_STATUS(engine_submission_by_key(&bench.call, acme, trip, str_of(kept_key), &found), ST_OK);
    kept_id = found.id;
}

static enum status erase(struct call *call, uint64_t *ret_told)
{
    struct submission_record found;
    int64_t received_ms;
    uint64_t seq;
    enum status st = engine_submission_erase(call, acme, trip, kept_id);
    if (st) return st;
    st = engine_submission_find(call, acme, trip, kept_id, &found);
    if (st == ST_GONE) st = engine_submission_place(call, acme, trip, kept_id, &received_ms, &seq);
    if (!st) st = engine_submission_erase(call, acme, trip, kept_id);
    *ret_told = 1;
    return st;
}

static const atomic_bool go_on;

static void keep_what_is_old(void)
{
    char key[40];
    const struct term_change change = {TERM_RETENTION_DAYS, 30, false};
    struct write write = {.kind = WRITE_SUBMISSION_ADD, .tenant = acme};
    (void)bench_publish(&bench, "short", "edition 2027 form short \"S\" { a: text }");
    CHECK_STATUS(engine_term_set(&bench.call, acme, STR("short"), &change, 1, NULL), ST_OK);
    (void)snprintf(key, sizeof key, "old-%u", ++attempts);
    write.submission_add = (struct submission_add){.form = STR("short"),
                                                   .version = 1,
                                                   .key = str_of(key),
                                                   .answers = STR("{}"),
                                                   .received_ms = BENCH_NOW_MS - 40 * DAY_MS,
                                                   .edition = STR("2027")};
    CHECK_STATUS(call_write(&bench.call, &write), ST_OK);
    struct digest hash = digest_of(str_of(key));
    write = (struct write){.kind = WRITE_SAVED_PUT, .tenant = acme};
    write.saved_put = (struct saved_put){.form = STR("short"),
                                         .version = 1,
                                         .key_hash = hash,
                                         .answers = STR("{}"),
                                         .locale = STR("en"),
                                         .saved_ms = BENCH_NOW_MS - 400 * DAY_MS};
    CHECK_STATUS(call_write(&bench.call, &write), ST_OK);
}

/* It says nothing itself: what is too old is gone, or goes the next time. */
static enum status sweep(struct call *call, uint64_t *ret_told)
{
    struct submission_page page;
    struct submission_query query = {.form = STR("short")};
    bool any = false;
    engine_sweep(call->engine, &go_on);
    enum status st = engine_submission_list(call, acme, &query, 10, &page);
    if (!st) st = saved_is_over(call->engine->tenants, acme, BENCH_NOW_MS, &any);
    if (!st && (page.count > 0 || any)) return ST_IO; /* left to the next call */
    *ret_told = 1;
    return st;
}

static const struct scene submissions[] = {
    {"answers are explained", NULL, explain, false},
    {"a submission is explained", NULL, explain_submission, false},
    {"submissions are read", NULL, read_submissions, false},
    {"submissions are found by answers", keep_one, find_submissions, false},
    {"a filter is complained about", NULL, complain_of_filters, false},
    {"days are listed", NULL, list_days, false},
    {"all are counted", NULL, count_all, false},
    {"all are counted after a start", reopen, count_all, false},
    {"submissions are exported", NULL, export_all, false},
    {"what is sensitive is masked", NULL, mask, false},
    {"answers are judged", NULL, evaluate, false},
    {"answers are submitted", NULL, submit, false},
    {"answers are submitted again", keep_one, submit_again, false},
    {"answers that are there are submitted", keep_one, submit_twin, false},
    {"answers are saved", NULL, save, false},
    {"a submission is erased", keep_one_to_erase, erase, false},
    {"what is too old is erased", keep_what_is_old, sweep, false},
};

#endif
