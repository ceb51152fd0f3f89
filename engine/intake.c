/* Intake: a submission's way from the answers to the disk. engine/intake.c */
#include "engine/inside.h"
#include "engine/worker.h"

#include "base/civil.h"

#include <assert.h>

static void count(struct usage_row *usage, enum intake_state state)
{
    static const enum usage_kind kinds[INTAKE_REFUSED + 1] = {[INTAKE_STORED] = USAGE_STORED,
                                                              [INTAKE_REPLAYED] = USAGE_REPLAYED,
                                                              [INTAKE_INVALID] = USAGE_INVALID,
                                                              [INTAKE_UNJUDGED] = USAGE_UNJUDGED,
                                                              [INTAKE_REFUSED] = USAGE_REFUSED};
    if (state != INTAKE_READY && state != INTAKE_QUEUED) usage_add(usage, kinds[state], 1);
}

static enum intake_state end(struct intake *intake, struct engine *engine, enum intake_state state)
{
    intake->state = state;
    tally_add(&engine->tally.intakes[state], 1);
    count(intake->definition->usage, state);
    return state;
}

static enum intake_state refuse(struct intake *intake, struct engine *engine, enum status status,
                                enum refusal refusal)
{
    intake->status = status;
    intake->refusal = refusal;
    return end(intake, engine, INTAKE_REFUSED);
}

/* On a writer thread. */
static void stored(struct write *write)
{
    struct intake *intake = write->user;
    struct engine *engine = intake->engine;
    intake->more = write->more;
    if (write->status) {
        refuse(intake, engine, write->status, write->refusal);
    } else {
        intake->submission = &write->submission_add.ret_submission;
        end(intake, engine, write->submission_add.ret_replayed ? INTAKE_REPLAYED : INTAKE_STORED);
    }
    intake->done(intake);
}

static struct str moment_text(int64_t now_ms, struct arena *arena)
{
    char text[CIVIL_DATETIME_BYTES];
    return arena_str(arena, (struct str){text, civil_format_datetime(now_ms, 0, text)});
}

/* Who submits, by which invitation, or what was answered; false: nothing that somebody else could have
 * as well. */
static bool write_unique(struct worker *worker, const struct intake *intake, uint32_t rule,
                         struct buf *out)
{
    const struct program_unique *unique = &intake->definition->program->uniques[rule];
    buf_put(out, unique->text);
    buf_putc(out, '\n');
    if (unique->node_count) return worker_unique_write(worker, rule, out);
    if (unique->invited) {
        digest_put_hex(out, (struct str){(const char *)intake->invitation_hash.bytes, DIGEST_BYTES});
        return true;
    }
    buf_put(out, intake->submitter);
    return intake->submitter.len > 0;
}

/* The same rule has the same claims in every version. */
static enum status claim(struct worker *worker, struct intake *intake)
{
    const struct program *program = intake->definition->program;
    struct buf text;
    intake->claim_count = 0;
    if (program->unique_count == 0) return ST_OK;
    intake->claims = ARENA_ARRAY(intake->arena, struct digest, program->unique_count);
    if (!intake->claims) return ST_NOMEM;
    buf_init(&text, intake->engine->mem, limit(VERDICT_BYTES));
    for (uint32_t i = 0; i < program->unique_count && !buf_failed(&text); i++) {
        buf_reset(&text);
        if (write_unique(worker, intake, i, &text) && !buf_failed(&text))
            intake->claims[intake->claim_count++] = digest_of(buf_str(&text));
    }
    enum status st = text.failure;
    buf_release(&text);
    return st;
}

/* What it will be found by. */
static enum status find_by(struct worker *worker, struct intake *intake)
{
    const struct program *program = intake->definition->program;
    indexing_begin(&intake->values, program, intake->arena);
    if (program->indexed_count) worker_indexed_tell(worker, indexing_add, &intake->values);
    return intake->values.failure;
}

/* What an answer says around the verdict, of which it is a copy. Many are made at a time when a
 * transaction is through, and a verdict that is given back with this room is a block for the next. */
enum { ANSWER_AROUND_BYTES = 400 };

/* The longest of what lives until the disk has it. */
static void write_both(struct worker *worker, struct intake *intake)
{
    struct buf *verdict = &intake->verdict;
    worker_both_write(worker, verdict, &intake->clean);
    if (buf_failed(verdict)) return;
    size_t before = (size_t)(intake->clean.ptr - verdict->ptr);
    buf_trim(verdict, ANSWER_AROUND_BYTES);
    intake->clean.ptr = verdict->ptr + before;
}

/* What is stored and told of a good submission, and told of a bad one. */
static enum status tell(struct worker *worker, const struct judge_outcome *outcome, void *user)
{
    struct intake *intake = user;
    if (intake->compares) worker_accord_write(worker, &intake->accord);
    if (intake->accord.failure) return intake->accord.failure;
    if (!outcome->valid) {
        worker_errors_write(worker, &intake->verdict);
        return intake->verdict.failure;
    }
    write_both(worker, intake);
    enum status st = claim(worker, intake);
    if (!st) st = find_by(worker, intake);
    return st ? st : intake->verdict.failure;
}

enum intake_state engine_store(struct intake *intake)
{
    assert(intake->state == INTAKE_READY);
    struct engine *engine = intake->engine;
    const struct definition *definition = intake->definition;
    struct str now = moment_text(intake->now_ms, intake->arena);
    struct str edition = arena_printf(intake->arena, "%u", (unsigned)definition->program->edition);
    if (intake->saved.len) intake->saved_hash = digest_of(intake->saved);
    if (!now.ptr || !edition.ptr) return refuse(intake, engine, ST_NOMEM, REFUSAL_NONE);
    intake->write = (struct write){
        .kind = WRITE_SUBMISSION_ADD,
        .tenant = definition->tenant,
        .actor = intake->actor,
        .arena = intake->arena,
        .done = stored,
        .user = intake,
        .submission_add = {.form = definition->form,
                           .version = definition->number,
                           .key = intake->key,
                           .body_hash = digest_quick(intake->body),
                           .answers = intake->clean,
                           .received_ms = intake->now_ms,
                           .started_ms = intake->started_ms,
                           .now = now,
                           .zone = definition->program->timezone,
                           .locale = intake->locale,
                           .steps = intake->outcome.steps,
                           .verdict_hash = digest_quick(buf_str(&intake->verdict)),
                           .submitter = intake->submitter,
                           .where = intake->where,
                           .definition_hash = definition->hash,
                           .edition = edition,
                           .compiler_version = STR(PROGRAM_COMPILER_VERSION),
                           .claims = intake->claims,
                           .claim_count = intake->claim_count,
                           .values = intake->values.items,
                           .value_count = intake->values.count,
                           .invitation = intake->invited ? &intake->invitation_hash : NULL,
                           .saved = intake->saved.len ? &intake->saved_hash : NULL},
    };
    end(intake, engine, INTAKE_QUEUED);
    enum status st = write_queue(engine->tenants, &intake->write);
    if (st) return refuse(intake, engine, st, intake->write.refusal);
    return INTAKE_QUEUED;
}

/* It will not be stored now; but was it once? Then the first answer stands, whatever the form says
 * today. `refusal`: why, when `otherwise` is REFUSED. */
static enum intake_state look_back(struct engine *engine, struct intake *intake,
                                   enum intake_state otherwise, enum refusal refusal)
{
    const struct definition *definition = intake->definition;
    struct submission_record *earlier = ARENA_NEW(intake->arena, struct submission_record);
    if (!earlier) return refuse(intake, engine, ST_NOMEM, REFUSAL_NONE);
    enum status st = submission_find_by_key(engine->tenants, definition->tenant, definition->form,
                                            intake->key, intake->arena, earlier);
    if (st == ST_ABSENT && otherwise == INTAKE_REFUSED)
        return refuse(intake, engine, refusal == REFUSAL_INVITATION_UNASKED ? ST_INPUT : ST_DENIED,
                      refusal);
    if (st == ST_ABSENT) return end(intake, engine, otherwise);
    if (st == ST_GONE) return refuse(intake, engine, st, REFUSAL_SUBMISSION_ERASED);
    if (st) return refuse(intake, engine, st, REFUSAL_NONE);
    struct digest body = digest_quick(intake->body);
    if (memcmp(body.bytes, earlier->body_hash.bytes, DIGEST_BYTES) != 0)
        return refuse(intake, engine, ST_CONFLICT, REFUSAL_KEY_REUSED);
    intake->submission = earlier;
    return end(intake, engine, INTAKE_REPLAYED);
}

enum intake_state engine_submit(struct worker *worker, struct intake *intake)
{
    assert(intake->definition && intake->done && intake->arena);
    struct engine *engine = worker_engine(worker);
    intake->engine = engine;
    intake->status = ST_OK;
    intake->refusal = REFUSAL_NONE;
    intake->excess = (struct excess){.exceeded = false};
    buf_init(&intake->verdict, engine->mem, limit(VERDICT_BYTES));
    buf_init(&intake->accord, engine->mem, limit(VERDICT_BYTES));
    intake->now_ms = clock_wall_ms(engine->clock);
    intake->invited = engine_wants_invitation(intake->definition->program);
    if (intake->invited) intake->invitation_hash = digest_of(intake->invitation);
    if (!tenancy_take(intake->definition->tenancy, QUOTA_SUBMISSIONS,
                      clock_steady_ns(engine->clock) / 1000, &intake->excess))
        return refuse(intake, engine, ST_LIMIT, REFUSAL_NONE);
    if (intake->invited != (intake->invitation.len > 0))
        return look_back(engine, intake, INTAKE_REFUSED,
                         intake->invited ? REFUSAL_INVITATION_INVALID : REFUSAL_INVITATION_UNASKED);
    struct evaluation evaluation = {.definition = intake->definition,
                                    .answers = intake->answers,
                                    .locale = intake->locale,
                                    .now_ms = intake->now_ms,
                                    .tell = tell,
                                    .user = intake};
    enum status st = engine_evaluate(worker, &evaluation, &intake->outcome);
    if (st == ST_LIMIT) intake->excess = *worker_excess(worker);
    if (st) return refuse(intake, engine, st, REFUSAL_NONE);
    if (intake->outcome.state != JUDGE_JUDGED)
        return look_back(engine, intake, INTAKE_UNJUDGED, REFUSAL_NONE);
    if (!intake->outcome.valid) return look_back(engine, intake, INTAKE_INVALID, REFUSAL_NONE);
    return end(intake, engine, INTAKE_READY);
}

enum status engine_rejudge(struct worker *worker, const struct intake *intake,
                           const struct definition *definition)
{
    const struct submission_record *submission = intake->submission;
    int64_t now_ms;
    int32_t offset_minutes;
    if (!civil_parse_datetime(submission->now, &now_ms, &offset_minutes)) return ST_FAULT;
    struct evaluation evaluation = {.definition = definition,
                                    .answers = intake->answers,
                                    .locale = submission->locale,
                                    .now_ms = now_ms};
    struct judge_outcome outcome;
    enum status st = engine_evaluate(worker, &evaluation, &outcome);
    if (st) return st;
    return outcome.state == JUDGE_JUDGED ? ST_OK : ST_FAULT;
}

/* ---------------------------------------------------------------- to go on with later */

enum status engine_saved_put(struct call *call, const struct definition *definition,
                             const struct digest *key_hash, struct saved_record *saved)
{
    struct write write = {.kind = WRITE_SAVED_PUT,
                          .tenant = definition->tenant,
                          .saved_put = {.form = definition->form,
                                        .version = definition->number,
                                        .key_hash = *key_hash,
                                        .answers = saved->answers,
                                        .locale = saved->locale,
                                        .saved_ms = clock_wall_ms(call->engine->clock)}};
    enum status st = call_write(call, &write);
    if (st) return st;
    saved->version = definition->number;
    saved->saved_ms = write.saved_put.saved_ms;
    saved->until_ms = write.saved_put.ret_until_ms;
    return ST_OK;
}

enum status engine_saved_find(struct call *call, struct str tenant, struct str form,
                              const struct digest *key_hash, struct saved_record *ret_saved)
{
    return saved_find(call->engine->tenants, tenant, form, key_hash, clock_wall_ms(call->engine->clock),
                      call->arena, ret_saved);
}

enum status engine_saved_drop(struct call *call, struct str tenant, struct str form,
                              const struct digest *key_hash)
{
    struct write write = {.kind = WRITE_SAVED_DROP,
                          .tenant = tenant,
                          .saved_drop = {.form = form, .key_hash = *key_hash}};
    return call_write(call, &write);
}

void intake_release(struct intake *intake)
{
    buf_release(&intake->verdict);
    buf_release(&intake->accord);
}
