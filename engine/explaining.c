/* Explaining: answers judged once more so that it can be told why they are hidden, required, computed
 * so, or wrong. engine/explaining.c
 *
 * A program that can be told rule by rule is compiled for it and not kept: whoever asks is a person. */
#include "engine/inside.h"

#include "base/civil.h"

static enum status compile(struct call *call, struct arena *arena, const struct explaining *explaining,
                           struct program_steps *ret_steps, struct program **ret_program)
{
    struct version_record version;
    struct diags diags;
    struct shelf shelf;
    enum status st =
        engine_version_open(call, explaining->tenant, explaining->form, explaining->version, &version);
    if (st) return st;
    diags_init(&diags, arena, limit(DIAGNOSTICS));
    shelf_open(&shelf, call->engine, explaining->tenant, arena);
    st = dsl_compile_traced(arena, version.source, &shelf.tables, &diags, ret_steps, ret_program);
    shelf_close(&shelf);
    return st == ST_INPUT ? ST_FAULT : st; /* what was published compiles for ever */
}

static enum status open_zones(struct call *call, struct arena *arena, const struct program *program,
                              struct judging *judging)
{
    judging->zone = zone_utc();
    enum status st = ST_OK;
    if (program->timezone.len && !str_eq(program->timezone, STR("UTC")))
        st = zone_open(arena, program->timezone, &judging->zone);
    if (!st && program->zoned) st = engine_atlas(call->engine, &judging->atlas);
    return st;
}

static enum status tell_fault(struct call *call, struct explaining *explaining,
                              const struct program *program)
{
    const struct judge_outcome *outcome = &explaining->outcome;
    explaining->fault_pointer = STR("");
    if (outcome->state != JUDGE_FAULT || outcome->fault == FAULT_NONE) return ST_OK;
    explaining->fault_line = program->rules[outcome->fault_rule].line;
    explaining->fault_column = program->rules[outcome->fault_rule].column;
    explaining->fault_pointer = arena_str(call->arena, outcome->fault_pointer);
    return explaining->fault_pointer.ptr ? ST_OK : ST_NOMEM;
}

static enum status judge(struct call *call, const struct judging *judging,
                         const struct program_steps *steps, struct explaining *explaining)
{
    struct judge *judge;
    enum status st = judge_new(call->engine->mem, &judge);
    if (st) return st;
    st = judge_run(judge, judging, &explaining->outcome);
    if (!st)
        st = call_pay(call, explaining->tenant,
                      explaining->outcome.steps +
                          (uint64_t)explaining->answers.len * limit(READ_STEPS_PER_BYTE),
                      true);
    if (!st && explaining->outcome.state == JUDGE_JUDGED)
        explaining->known =
            verdict_write_reasons(judge, steps, explaining->wanted, explaining->masks, explaining->out);
    if (!st) st = tell_fault(call, explaining, judging->program);
    judge_free(judge);
    return st;
}

/* As much as the form was published for; as a second wall, since no judging takes more. */
static uint64_t steps_max(const struct program *program)
{
    uint64_t price = program->cost.steps_max, usual = (uint64_t)limit(COST_STEPS);
    return price > usual ? price : usual;
}

enum status engine_explain(struct call *call, struct explaining *explaining)
{
    struct arena arena;
    struct program *program = NULL;
    struct program_steps steps;
    explaining->known = false;
    arena_init(&arena, call->engine->mem, 2 * (size_t)limit(COMPILE_ARENA_BYTES));
    enum status st = compile(call, &arena, explaining, &steps, &program);
    struct judging judging = {.program = program,
                              .answers = explaining->answers,
                              .now_ms = explaining->now_ms ? explaining->now_ms
                                                           : clock_wall_ms(call->engine->clock),
                              .locale = explaining->locale,
                              .ms_max = (uint32_t)limit(REQUEST_MS),
                              .lenient = explaining->lenient};
    if (!st) judging.steps_max = steps_max(program);
    if (!st) st = open_zones(call, &arena, program, &judging);
    if (!st) st = judge(call, &judging, &steps, explaining);
    program_release(program);
    arena_release(&arena);
    return st;
}

enum status engine_explain_submission(struct call *call, struct explaining *explaining, struct str id)
{
    int32_t offset_minutes;
    struct submission_record submission;
    enum status st =
        engine_submission_find(call, explaining->tenant, explaining->form, id, &submission);
    if (st) return st;
    explaining->version = submission.version;
    explaining->answers = submission.answers;
    explaining->locale = submission.locale;
    if (!civil_parse_datetime(submission.now, &explaining->now_ms, &offset_minutes)) return ST_FAULT;
    return engine_explain(call, explaining);
}
