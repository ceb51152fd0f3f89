#include "tests/reference/comparison.h"

#include "base/json_value.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "dsl/dsl.h"

#include <assert.h>
#include <stdlib.h>

/* ---- a form */

static struct str print_diags(struct arena *arena, const struct diags *diags, struct str source)
{
    struct buf out;
    buf_init(&out, mem_heap(), 1 << 20);
    diags_print(diags, STR("generated"), source, &out);
    struct str text = arena_str(arena, buf_str(&out));
    buf_release(&out);
    return text;
}

static bool is_too_dear(const struct diags *diags)
{
    for (uint32_t i = 0; i < diags->count; i++)
        if (diags->items[i].severity == DIAG_ERROR && strcmp(diags->items[i].code, "E0402") != 0)
            return false;
    return diags->errors > 0;
}

enum comparison_state comparison_open(struct str source, const struct dsl_tables *tables,
                                      struct comparison *comparison)
{
    struct diags diags;
    *comparison = (struct comparison){.diagnostics = {"", 0}};
    arena_init(&comparison->arena, mem_heap(), (size_t)limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &comparison->arena, (uint32_t)limit(DIAGNOSTICS));
    struct price_caps caps = price_caps_default();
    struct price price;
    enum status st =
        dsl_compile_with(mem_heap(), source, tables, &caps, &diags, &price, &comparison->program);
    if (st == ST_INPUT && is_too_dear(&diags)) return COMPARISON_TOO_DEAR;
    if (st) {
        comparison->diagnostics = print_diags(&comparison->arena, &diags, source);
        return COMPARISON_REFUSED;
    }
    diags_init(&diags, &comparison->arena, (uint32_t)limit(DIAGNOSTICS));
    st = reference_new(&comparison->arena, source, tables, &diags, &comparison->reference);
    if (!st) st = judge_new(mem_heap(), &comparison->judge);
    assert(!st);
    return COMPARISON_READY;
}

void comparison_close(struct comparison *comparison)
{
    judge_free(comparison->judge);
    reference_free(comparison->reference);
    program_release(comparison->program);
    arena_release(&comparison->arena);
}

/* ---- one judging */

static const char *state_name(enum judge_state state)
{
    static const char *const names[] = {"judged",      "malformed", "over-steps",
                                        "over-memory", "over-time", "fault"};
    return names[state];
}

static const char *fault_name(enum fault_kind kind)
{
    static const char *const names[] = {"broken world", "overflow", "division by zero", "not finite",
                                        "date out of range"};
    return names[kind];
}

/* Read once, kept to the end. */
const struct atlas *comparison_zones(void)
{
    static struct atlas *atlas;
    if (atlas) return atlas;
    enum status st = atlas_new(mem_heap(), &atlas);
    assert(!st);
    return atlas;
}

static enum status run(struct comparison *comparison, const struct reference_judging *judging,
                       struct judge_outcome *outcome)
{
    struct judging run = {.program = comparison->program,
                          .answers = judging->answers,
                          .now_ms = judging->now_ms,
                          .zone = judging->zone,
                          .atlas = comparison_zones(),
                          .locale = judging->locale,
                          .steps_max = comparison->program->cost.steps_max,
                          .lenient = judging->lenient};
    return judge_run(comparison->judge, &run, outcome);
}

static struct str keep(struct arena *arena, struct buf *out)
{
    assert(!buf_failed(out));
    struct str text = arena_str(arena, buf_str(out));
    assert(text.ptr);
    buf_release(out);
    return text;
}

/* The verdict up to its "hidden", as the reference writes it. */
static struct str runtime_verdict(const struct comparison *comparison, struct arena *arena)
{
    struct buf out;
    buf_init(&out, mem_heap(), (size_t)limit(VERDICT_BYTES) * 2);
    verdict_write(comparison->judge, 0, &out);
    struct str whole = keep(arena, &out), form = STR(",\"form\":{\"name\":");
    size_t end = whole.len;
    for (size_t at = 0; at + form.len <= whole.len; at++)
        if (memcmp(whole.ptr + at, form.ptr, form.len) == 0) end = at;
    return arena_printf(arena, "%.*s}", (int)end, whole.ptr);
}

static struct str runtime_part(const struct comparison *comparison, struct arena *arena,
                               void (*write)(const struct judge *, struct buf *))
{
    struct buf out;
    buf_init(&out, mem_heap(), (size_t)limit(VERDICT_BYTES));
    write(comparison->judge, &out);
    return keep(arena, &out);
}

/* From a little before the byte where they part. */
static struct str window(struct str text, size_t at)
{
    enum { BEFORE = 120, LONGEST = 600 };
    size_t from = at > BEFORE ? at - BEFORE : 0, left = text.len - from;
    return (struct str){text.ptr + from, left < LONGEST ? left : LONGEST};
}

static const char *differ(struct arena *arena, const char *what, struct str runtime,
                          struct str reference)
{
    size_t at = 0;
    if (str_eq(runtime, reference)) return NULL;
    while (at < runtime.len && at < reference.len && runtime.ptr[at] == reference.ptr[at]) at++;
    struct str a = window(runtime, at), b = window(reference, at);
    return arena_printf(arena, "%s\n  runtime:   …%.*s\n  reference: …%.*s", what, STR_ARG(a),
                        STR_ARG(b))
        .ptr;
}

static bool is_known_fault(const struct reference_outcome *want, const struct judge_outcome *got)
{
    for (uint32_t i = 0; i < want->fault_count; i++)
        if (want->faults[i].rule == got->fault_rule && want->faults[i].kind == got->fault &&
            str_eq(want->faults[i].pointer, got->fault_pointer))
            return true;
    return false;
}

static const char *compare_faults(struct arena *arena, const struct judge_outcome *got,
                                  const struct reference_outcome *want)
{
    if (is_known_fault(want, got)) return NULL;
    return arena_printf(arena,
                        "faults differ: runtime has %s in rule %u at \"%.*s\", reference %s in rule %u "
                        "at \"%.*s\" first",
                        fault_name(got->fault), (unsigned)got->fault_rule, STR_ARG(got->fault_pointer),
                        fault_name(want->faults[0].kind), (unsigned)want->faults[0].rule,
                        STR_ARG(want->faults[0].pointer))
        .ptr;
}

static const char *compare_states(struct arena *arena, const struct judge_outcome *got,
                                  const struct reference_outcome *want)
{
    struct str fault = STR("");
    if (got->state == want->state) return NULL;
    if (got->state == JUDGE_FAULT)
        fault =
            arena_printf(arena, " (%s in rule %u)", fault_name(got->fault), (unsigned)got->fault_rule);
    if (want->state == JUDGE_FAULT)
        fault = arena_printf(arena, " (%s in rule %u)", fault_name(want->faults[0].kind),
                             (unsigned)want->faults[0].rule);
    return arena_printf(arena, "outcomes differ: runtime %s, reference %s%.*s", state_name(got->state),
                        state_name(want->state), STR_ARG(fault))
        .ptr;
}

static const char *compare_verdicts(struct comparison *comparison, struct arena *arena,
                                    const struct judge_outcome *got,
                                    const struct reference_outcome *want)
{
    if (got->error_count != want->error_count)
        return differ(arena, "counts-of-errors differ", runtime_verdict(comparison, arena),
                      want->verdict);
    const char *what =
        differ(arena, "verdicts differ", runtime_verdict(comparison, arena), want->verdict);
    if (!what)
        what = differ(arena, "texts differ", runtime_part(comparison, arena, verdict_write_texts),
                      want->texts);
    if (!what)
        what = differ(arena, "suggestions differ",
                      runtime_part(comparison, arena, verdict_write_suggestions), want->suggestions);
    if (!what)
        what = differ(arena, "what holds now differs",
                      runtime_part(comparison, arena, verdict_write_now), want->now);
    return what ? what
                : differ(arena, "what is withheld differs",
                         runtime_part(comparison, arena, verdict_write_withheld), want->withheld);
}

const char *comparison_judge(struct comparison *comparison, const struct reference_judging *judging,
                             struct arena *arena)
{
    struct judge_outcome got = {0};
    struct reference_outcome want;
    enum status st = run(comparison, judging, &got);
    comparison->outcome = got;
    if (st) return arena_printf(arena, "status of the runtime: %s", status_name(st)).ptr;
    struct reference_judging with_zones = *judging;
    with_zones.atlas = comparison_zones();
    st = reference_judge(comparison->reference, arena, &with_zones, &want);
    if (st) return arena_printf(arena, "status of the reference: %s", status_name(st)).ptr;
    if (want.broken_claim.len)
        return arena_printf(arena, "claim broken: %.*s", STR_ARG(want.broken_claim)).ptr;
    const char *what = compare_states(arena, &got, &want);
    if (what) return what;
    if (got.state == JUDGE_FAULT) return compare_faults(arena, &got, &want);
    return got.state == JUDGE_JUDGED ? compare_verdicts(comparison, arena, &got, &want) : NULL;
}

/* ---- again */

static struct str whole_verdict(const struct judge *judge, struct arena *arena)
{
    struct buf out;
    buf_init(&out, mem_heap(), (size_t)limit(VERDICT_BYTES) * 2);
    verdict_write(judge, 1, &out);
    verdict_write_texts(judge, &out);
    return keep(arena, &out);
}

const char *comparison_repeat(struct comparison *comparison, const struct reference_judging *judging,
                              struct arena *arena)
{
    struct judge *warm = comparison->judge, *cold = NULL;
    struct judge_outcome got = {0}, want = comparison->outcome;
    const char *what = NULL;
    enum status st = judge_new(mem_heap(), &cold);
    assert(!st);
    comparison->judge = cold;
    st = run(comparison, judging, &got);
    comparison->judge = warm;
    if (st || got.state != want.state || got.steps != want.steps || got.fault != want.fault ||
        got.fault_rule != want.fault_rule || got.malformed_offset != want.malformed_offset)
        what = "a new judge comes to another outcome";
    else if (got.state == JUDGE_JUDGED)
        what = differ(arena, "a new judge writes another verdict", whole_verdict(warm, arena),
                      whole_verdict(cold, arena));
    judge_free(cold);
    return what;
}

/* ---- without order */

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static struct str sorted_text(struct arena *arena, const struct json_value *value, bool sort_items);

static struct str joined(struct arena *arena, struct str *items, uint32_t count, const char *open,
                         const char *close, bool sort)
{
    struct buf out;
    buf_init(&out, mem_heap(), (size_t)limit(VERDICT_BYTES) * 2);
    if (sort && count) qsort(items, count, sizeof *items, by_bytes);
    buf_puts(&out, open);
    for (uint32_t i = 0; i < count; i++) {
        if (i) buf_putc(&out, ',');
        buf_put(&out, items[i]);
    }
    buf_puts(&out, close);
    return keep(arena, &out);
}

static struct str quoted(struct arena *arena, struct str text)
{
    struct buf out;
    buf_init(&out, mem_heap(), (size_t)limit(VERDICT_BYTES));
    json_put_str(&out, text);
    return keep(arena, &out);
}

static struct str sorted_object(struct arena *arena, const struct json_value *value, bool sort_items)
{
    struct str *items = ARENA_ARRAY(arena, struct str, value->count + 1);
    assert(items);
    for (uint32_t i = 0; i < value->count; i++)
        items[i] = arena_printf(arena, "%.*s:%.*s", STR_ARG(quoted(arena, value->members[i].name)),
                                STR_ARG(sorted_text(arena, &value->members[i].value, sort_items)));
    return joined(arena, items, value->count, "{", "}", true);
}

static struct str sorted_text(struct arena *arena, const struct json_value *value, bool sort_items)
{
    struct str *items;
    switch (value->kind) {
    case JSON_OBJECT:
        return sorted_object(arena, value, sort_items);
    case JSON_ARRAY:
        items = ARENA_ARRAY(arena, struct str, value->count + 1);
        assert(items);
        for (uint32_t i = 0; i < value->count; i++)
            items[i] = sorted_text(arena, &value->items[i], sort_items);
        return joined(arena, items, value->count, "[", "]", sort_items);
    case JSON_STRING:
        return quoted(arena, value->text);
    case JSON_NUMBER:
        return value->text;
    default:
        return value->kind == JSON_TRUE    ? STR("true")
               : value->kind == JSON_FALSE ? STR("false")
                                           : STR("null");
    }
}

struct str comparison_summary(struct comparison *comparison, const struct reference_judging *judging,
                              struct arena *arena)
{
    struct judge_outcome outcome;
    struct json_value root;
    struct json_error error;
    enum status st = run(comparison, judging, &outcome);
    if (st) return str_of(status_name(st));
    if (outcome.state != JUDGE_JUDGED) return str_of(state_name(outcome.state));
    if (outcome.error_count > (uint32_t)limit(ERRORS))
        return STR("too many errors to tell"); /* which ones are listed depends on the order */
    st = json_read(arena, runtime_verdict(comparison, arena), (uint32_t)limit(JSON_DEPTH), &root,
                   &error);
    assert(!st);
    struct str answers = sorted_text(arena, json_get(&root, STR("answers")), false);
    struct str errors = sorted_text(arena, json_get(&root, STR("errors")), true);
    struct str hidden = sorted_text(arena, json_get(&root, STR("hidden")), true);
    return arena_printf(arena, "%.*s %.*s %.*s", STR_ARG(answers), STR_ARG(errors), STR_ARG(hidden));
}
