/* Carrying: stored submissions of one version become answers to a later one. engine/carrying.c
 *
 * Each is judged twice: by its own version and what the migration sets, at the moment, in the zone and
 * the language of its own judging; then, with what came of that, by the later version. */
#include "engine/inside.h"

#include "base/civil.h"

static void complain_version(struct diags *diags, uint32_t number)
{
    diag_addf(diags, DIAG_ERROR, "E0243", (struct span){0, 0}, NULL, "this form has no version %u",
              (unsigned)number);
}

enum status carrying_compile(struct call *call, struct str tenant, struct str form, uint32_t number,
                             struct str to, struct diags *diags, struct dsl_migration **ret_migration)
{
    struct version_record from;
    struct shelf shelf;
    enum status st = engine_version_find(call, tenant, form, number, &from);
    if (st == ST_ABSENT) {
        complain_version(diags, number);
        return ST_INPUT;
    }
    if (st) return st;
    struct dsl_migration_wish wish = {.number = number};
    st = call_caps(call, tenant, &wish.caps);
    if (!st)
        st = call_pay(call, tenant,
                      (uint64_t)(from.source.len + to.len) * 2 * limit(COMPILE_STEPS_PER_BYTE), false);
    if (st) return st;
    shelf_open(&shelf, call->engine, tenant, call->arena);
    wish.from = (struct dsl_side){from.source, &shelf.tables, NULL};
    wish.to = (struct dsl_side){to, &shelf.tables, diags};
    st = dsl_migration_new(call->engine->mem, &wish, ret_migration);
    shelf_close(&shelf);
    return st;
}

/* ---------------------------------------------------------------- one submission */

struct carrier {
    struct mem *mem;
    struct call *call; /* this and the next: of the present batch */
    struct carrying *carrying;
    struct dsl_migration *migration;
    struct arena zones;
    const struct zone *from_zone, *to_zone;
    const struct atlas *atlas; /* of forms with times in zones of their own */
    struct judge *judge;
    struct arena scratch; /* of one submission */
    struct buf
        text; /* the answers as they are judged by the later version: the judge reads them there */
    struct buf told, verdict;
    struct indexing values;
    uint64_t steps; /* of the batch */
};

static enum status open_zone(struct arena *arena, const struct program *program,
                             const struct zone **ret_zone)
{
    *ret_zone = zone_utc();
    if (program->timezone.len == 0 || str_eq(program->timezone, STR("UTC"))) return ST_OK;
    return zone_open(arena, program->timezone, ret_zone);
}

static enum status judge(struct carrier *carrier, const struct submission_record *submission,
                         const struct program *program, const struct zone *zone, struct str answers,
                         struct judge_outcome *ret_outcome)
{
    int32_t offset_minutes;
    struct judging judging = {.program = program,
                              .answers = answers,
                              .zone = zone,
                              .atlas = carrier->atlas,
                              .locale = submission->locale,
                              .steps_max = program->cost.steps_max,
                              .ms_max = (uint32_t)limit(REQUEST_MS)};
    if (judging.steps_max < (uint64_t)limit(COST_STEPS))
        judging.steps_max = (uint64_t)limit(COST_STEPS);
    if (!civil_parse_datetime(submission->now, &judging.now_ms, &offset_minutes)) return ST_FAULT;
    enum status st = judge_run(carrier->judge, &judging, ret_outcome);
    if (!st) carrier->steps += ret_outcome->steps;
    return st;
}

/* [{"pointer": "", "code": …}]: there is no verdict that could say more. */
static void put_reason(struct buf *out, const char *code)
{
    buf_reset(out);
    buf_printf(out, "[{\"pointer\":\"\",\"code\":\"%s\"}]", code);
}

/* NULL: it was judged. */
static const char *unjudged(const struct judge_outcome *outcome)
{
    static const char *const codes[] = {[JUDGE_JUDGED] = NULL,
                                        [JUDGE_OVER_STEPS] = "over-steps",
                                        [JUDGE_OVER_MEMORY] = "over-memory",
                                        [JUDGE_OVER_TIME] = "over-time",
                                        [JUDGE_FAULT] = "fault",
                                        [JUDGE_MALFORMED] = "malformed"};
    return codes[outcome->state];
}

/* The answers, and what they will be found by. */
static void write_good(struct carrier *carrier)
{
    verdict_write_answers(carrier->judge, &carrier->told);
    if (carrier->carrying->keep) verdict_tell_indexed(carrier->judge, indexing_add, &carrier->values);
    if (carrier->values.failure) carrier->told.failure = carrier->values.failure;
}

static enum status write_reason(struct carrier *carrier, const char *reason)
{
    put_reason(&carrier->told, reason);
    buf_put(&carrier->verdict, buf_str(&carrier->told));
    return carrier->told.failure ? carrier->told.failure : carrier->verdict.failure;
}

/* As the earlier version judges them, then as the later one will. */
static enum status move_answers(struct carrier *carrier)
{
    verdict_write_answers(carrier->judge, &carrier->told);
    if (buf_failed(&carrier->told)) return carrier->told.failure;
    return dsl_migration_carry(carrier->migration, &carrier->scratch, buf_str(&carrier->told),
                               &carrier->text);
}

/* What the answers are under the later version, in `told`; not *ret_valid: why they cannot be. */
static enum status carry_answers(struct carrier *carrier, const struct submission_record *submission,
                                 bool *ret_valid)
{
    struct judge_outcome outcome;
    const struct dsl_migration *migration = carrier->migration;
    *ret_valid = false;
    buf_reset(&carrier->told);
    buf_reset(&carrier->text);
    buf_reset(&carrier->verdict);
    enum status st =
        judge(carrier, submission, migration->from, carrier->from_zone, submission->answers, &outcome);
    if (st) return st;
    if (unjudged(&outcome)) return write_reason(carrier, unjudged(&outcome));
    st = move_answers(carrier);
    if (!st)
        st = judge(carrier, submission, migration->to, carrier->to_zone, buf_str(&carrier->text),
                   &outcome);
    if (st) return st;
    buf_reset(&carrier->told);
    if (unjudged(&outcome)) return write_reason(carrier, unjudged(&outcome));
    *ret_valid = outcome.valid;
    if (outcome.valid) write_good(carrier);
    else verdict_write_errors(carrier->judge, &carrier->told);
    verdict_write(carrier->judge, carrier->carrying->to, &carrier->verdict);
    return carrier->told.failure ? carrier->told.failure : carrier->verdict.failure;
}

static enum status carry_one(struct carrier *carrier, const struct submission_record *submission,
                             struct carried_try *item)
{
    bool valid;
    uint64_t before = carrier->steps;
    arena_reset(&carrier->scratch);
    indexing_begin(&carrier->values, carrier->migration->to, carrier->call->arena);
    enum status st = carry_answers(carrier, submission, &valid);
    if (st) return st;
    struct str told = arena_str(carrier->call->arena, buf_str(&carrier->told));
    if (!told.ptr) return ST_NOMEM;
    *item = (struct carried_try){.id = submission->id,
                                 .item = {.seq = submission->seq,
                                          .answers = valid ? told : STR(""),
                                          .errors = valid ? STR("") : told,
                                          .verdict_hash = digest_quick(buf_str(&carrier->verdict)),
                                          .steps = carrier->steps - before,
                                          .values = carrier->values.items,
                                          .value_count = carrier->values.count}};
    carrier->carrying->carried += valid;
    return ST_OK;
}

/* ---------------------------------------------------------------- a batch */

static enum status keep(struct call *call, struct carrying *carrying)
{
    struct carried_item *items = ARENA_ARRAY(call->arena, struct carried_item, carrying->count + 1);
    if (!items) return ST_NOMEM;
    for (uint32_t i = 0; i < carrying->count; i++) items[i] = carrying->items[i].item;
    struct write write = {.kind = WRITE_SUBMISSIONS_CARRY,
                          .tenant = carrying->tenant,
                          .submissions_carry = {.form = carrying->form,
                                                .from = carrying->from,
                                                .to = carrying->to,
                                                .operation = carrying->operation,
                                                .items = items,
                                                .count = carrying->count}};
    return carrying->count ? call_write(call, &write) : ST_OK;
}

static enum status try_page(struct carrier *carrier)
{
    struct carrying *carrying = carrier->carrying;
    struct call *call = carrier->call;
    struct submission_page page;
    enum status st = carry_list(call->engine->tenants, carrying->tenant, carrying->form, carrying->from,
                                carrying->last_seq, (uint32_t)limit(CARRY_ROWS), call->arena, &page);
    if (st) return st;
    carrying->items = ARENA_ARRAY(call->arena, struct carried_try, page.count + 1);
    if (!carrying->items) return ST_NOMEM;
    for (uint32_t i = 0; i < page.count; i++) {
        st = carry_one(carrier, &page.items[i], &carrying->items[carrying->count]);
        if (st) return st;
        carrying->count++;
        carrying->last_seq = page.items[i].seq;
    }
    carrying->more = page.more;
    return ST_OK;
}

enum status carrier_batch(struct carrier *carrier, struct call *call, struct carrying *carrying)
{
    carrier->call = call;
    carrier->carrying = carrying;
    carrier->steps = 0;
    carrying->count = carrying->carried = 0;
    carrying->last_seq = carrying->after_seq;
    enum status st = ST_OK;
    if (carrying->keep)
        st = carried_last(call->engine->tenants, carrying->tenant, carrying->form, carrying->from,
                          carrying->to, &carrying->last_seq);
    if (!st) st = try_page(carrier);
    if (!st && carrying->keep) st = keep(call, carrying);
    carrying->steps = carrier->steps;
    return st;
}

/* ---------------------------------------------------------------- from one version to another */

void carrier_free(struct carrier *carrier)
{
    if (!carrier) return;
    arena_release(&carrier->zones);
    buf_release(&carrier->verdict);
    buf_release(&carrier->told);
    buf_release(&carrier->text);
    arena_release(&carrier->scratch);
    judge_free(carrier->judge);
    dsl_migration_free(carrier->migration);
    mem_free(carrier->mem, carrier, sizeof *carrier);
}

static enum status get_ready(struct carrier *carrier, struct call *call)
{
    const struct dsl_migration *migration = carrier->migration;
    enum status st = judge_new(carrier->mem, &carrier->judge);
    if (!st) st = open_zone(&carrier->zones, migration->from, &carrier->from_zone);
    if (!st) st = open_zone(&carrier->zones, migration->to, &carrier->to_zone);
    if (!st && (migration->from->zoned || migration->to->zoned))
        st = engine_atlas(call->engine, &carrier->atlas);
    return st;
}

static enum status find_to(struct call *call, struct carrying *carrying)
{
    struct draft_record draft;
    struct version_record version;
    enum status st;
    if (carrying->to == 0) st = engine_draft_find(call, carrying->tenant, carrying->form, &draft);
    else st = engine_version_find(call, carrying->tenant, carrying->form, carrying->to, &version);
    if (!st) carrying->to_source = carrying->to ? version.source : draft.source;
    return st;
}

/* A version that is there: what is not, the caller asked for in vain. */
static enum status find_from(struct call *call, struct carrying *carrying)
{
    struct version_record version;
    return engine_version_find(call, carrying->tenant, carrying->form, carrying->from, &version);
}

enum status carrier_new(struct call *call, struct carrying *carrying, struct carrier **ret_carrier)
{
    struct mem *mem = call->engine->mem;
    carrying->check = (struct check){.ok = false};
    diags_init(&carrying->check.diags, call->arena, limit(DIAGNOSTICS));
    enum status st = find_to(call, carrying);
    if (!st) st = find_from(call, carrying);
    if (st) return st;
    struct carrier *carrier = mem_zalloc(mem, sizeof *carrier);
    if (!carrier) return ST_NOMEM;
    carrier->mem = mem;
    arena_init(&carrier->scratch, mem, limit(DEFINITION_ARENA_BYTES));
    arena_init(&carrier->zones, mem, 2 * (size_t)limit(ZONE_ARENA_BYTES));
    buf_init(&carrier->text, mem, limit(VERDICT_BYTES));
    buf_init(&carrier->told, mem, limit(VERDICT_BYTES));
    buf_init(&carrier->verdict, mem, limit(VERDICT_BYTES));
    st = carrying_compile(call, carrying->tenant, carrying->form, carrying->from, carrying->to_source,
                          &carrying->check.diags, &carrier->migration);
    if (!st) st = get_ready(carrier, call);
    if (st) {
        carrier_free(carrier);
        return st;
    }
    carrying->check.ok = true;
    *ret_carrier = carrier;
    return ST_OK;
}

enum status engine_carry(struct call *call, struct carrying *carrying)
{
    struct carrier *carrier;
    enum status st = carrier_new(call, carrying, &carrier);
    if (st) return st;
    st = carrier_batch(carrier, call, carrying);
    enum status paid = call_pay(call, carrying->tenant, carrying->steps, true);
    carrier_free(carrier);
    return st ? st : paid;
}

enum status engine_carried(struct call *call, struct str tenant,
                           const struct submission_record *submission, struct carried_page *ret_page)
{
    return carried_list(call->engine->tenants, tenant, submission->seq, call->arena, ret_page);
}
