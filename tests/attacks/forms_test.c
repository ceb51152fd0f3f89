/* Attacks by form source and by answers: tests/attacks/forms/.
 *
 *     forms_test FOLDER            all of its *.form; or some files
 *
 * A definition is refused with the diagnostic named or compiles; what compiles is judged with the
 * answers beside it. Whatever comes out, time and memory are bounded, diagnostics and verdicts are
 * JSON, a judging takes no more steps than its price, and the next judging by the same judge is right.
 */
#include "base/json_value.h"
#include "base/limits.h"
#include "base/zone.h"
#include "dsl/dsl.h"
#include "runtime/runtime.h"
#include "tests/attacks/attack.h"

#include <time.h>

enum {
    FILES_MAX = 1000,
    CPU_MS_MAX = 20000, /* of one part of an attack, under sanitizers */
    BYTES_MAX = LIMIT_COMPILE_ARENA_BYTES + LIMIT_JUDGE_ARENA_BYTES * 2 + LIMIT_JUDGE_LUA_BYTES
};

/* ---- what it costs */

struct meter {
    struct mem mem;
    size_t held, peak;
};

static void *meter_resize(struct mem *self, void *ptr, size_t old_size, size_t new_size)
{
    struct meter *meter = (struct meter *)(void *)self;
    void *block = mem_heap()->resize(mem_heap(), ptr, old_size, new_size);
    if (!block && new_size > 0) return NULL;
    meter->held = meter->held - (ptr ? old_size : 0) + new_size;
    if (meter->held > meter->peak) meter->peak = meter->held;
    return block;
}

static struct meter meter = {.mem = {meter_resize}};
static struct timespec began;
static long slowest_ms;
static const char *slowest;

static void cost_begin(void)
{
    meter.peak = meter.held;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &began);
}

static void cost_end(const struct attack *attack)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    long ms = (long)(now.tv_sec - began.tv_sec) * 1000 + (now.tv_nsec - began.tv_nsec) / 1000000;
    if (ms > CPU_MS_MAX || meter.peak > BYTES_MAX) {
        fprintf(stderr, "%s: took %ld ms and %zu bytes\n", attack->path, ms, meter.peak);
        test_failures++;
    }
    if (ms > slowest_ms) slowest_ms = ms, slowest = attack->path;
}

/* ---- how it ends */

static void complain(const struct attack *attack, int part, const char *what, const char *got)
{
    fprintf(stderr, "%s: part %d: %s: %s, not %.*s\n", attack->path, part, what, got,
            STR_ARG(attack->parts[part].outcomes));
    test_failures++;
}

static bool is_json(struct str text)
{
    struct arena arena;
    struct json_value value;
    struct json_error error;
    arena_init(&arena, mem_heap(), (size_t)1 << 30);
    bool ok = json_read(&arena, text, limit(JSON_DEPTH), &value, &error) == ST_OK;
    arena_release(&arena);
    return ok;
}

/* Text for people has no control characters that a terminal would obey. */
static bool is_printable(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ' && text.ptr[i] != '\n' && text.ptr[i] != '\t')
            return false;
    return true;
}

static void check_diagnostics(const struct attack *attack, const struct diags *diags)
{
    struct buf out;
    buf_init(&out, mem_heap(), 256 << 20);
    diags_print_json(diags, attack->parts[0].text, &out);
    if (!is_json(buf_str(&out))) complain(attack, 0, "diagnostics as JSON", "none");
    buf_reset(&out);
    diags_print(diags, STR("attack.form"), attack->parts[0].text, &out);
    if (!is_printable(buf_str(&out))) complain(attack, 0, "diagnostics as text", "control characters");
    if (diags->count > (uint32_t)limit(DIAGNOSTICS)) complain(attack, 0, "diagnostics", "too many");
    buf_release(&out);
}

static void check_refusal(const struct attack *attack, const struct diags *diags)
{
    char got[64] = "refused without a diagnostic";
    for (uint32_t i = 0; i < diags->count; i++) {
        if (diags->items[i].severity != DIAG_ERROR) continue;
        snprintf(got, sizeof got, "refused %s", diags->items[i].code);
        if (attack_allows(attack->parts[0].outcomes, got)) return;
    }
    complain(attack, 0, "compiling", got);
}

static struct program *compile(const struct attack *attack)
{
    struct arena arena;
    struct diags diags;
    struct program *program = NULL;
    arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    cost_begin();
    enum status st = dsl_compile(&meter.mem, attack->parts[0].text, &diags, &program);
    cost_end(attack);
    if (st == ST_INPUT) check_refusal(attack, &diags);
    else if (st) complain(attack, 0, "compiling", status_name(st));
    else if (!attack_allows(attack->parts[0].outcomes, "compiles"))
        complain(attack, 0, "compiling", "compiles");
    check_diagnostics(attack, &diags);
    arena_release(&arena);
    return st ? NULL : program;
}

/* Laying it out is an attack of its own: it ends, and what it gives is laid out already. */
static void lay_out(const struct attack *attack)
{
    struct arena arena;
    struct diags diags;
    struct str once, twice;
    arena_init(&arena, &meter.mem, limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    cost_begin();
    enum status st = dsl_format(&arena, attack->parts[0].text, &diags, &once);
    if (!st && dsl_format(&arena, once, &diags, &twice) != ST_INPUT) {
        if (!str_eq(once, twice)) complain(attack, 0, "layout", "not stable");
    }
    cost_end(attack);
    CHECK(st == ST_OK || st == ST_INPUT || st == ST_LIMIT);
    arena_release(&arena);
}

/* ---- answers */

static struct judge *judge;
static struct program *good;

static void the_next_judging_is_right(const struct attack *attack)
{
    static const char want[] = "{\"a\":4,\"sum\":9,\"rows\":[{\"x\":\"hi\",\"y\":\"hi!\"}]}";
    struct judging judging = {.program = good,
                              .answers = STR("{\"a\":4,\"rows\":[{\"x\":\"hi\"}]}"),
                              .steps_max = limit(COST_STEPS)};
    struct judge_outcome outcome;
    struct buf out;
    static uint64_t steps;
    buf_init(&out, mem_heap(), 1 << 20);
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    if (outcome.state == JUDGE_JUDGED) verdict_write_answers(judge, &out);
    if (!steps) steps = outcome.steps;
    if (!str_eq(buf_str(&out), str_of(want)) || !outcome.valid || outcome.steps != steps)
        complain(attack, 0, "the next judging", "wrong");
    buf_release(&out);
}

static void open_good(void)
{
    struct arena arena;
    struct diags diags;
    arena_init(&arena, mem_heap(), 64 << 20);
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(dsl_compile(mem_heap(),
                             STR("edition 2026 form good \"G\" { a: integer sum: integer = a + 5\n"
                                 "repeat rows 0..9 { x: text y: text = x + \"!\" } }"),
                             &diags, &good),
                 ST_OK);
    arena_release(&arena);
}

static void check_verdict(const struct attack *attack, int part, const struct program *program,
                          const struct judge_outcome *outcome)
{
    struct buf out;
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES) * 4);
    verdict_write(judge, 1, &out);
    if (!is_json(buf_str(&out))) complain(attack, part, "the verdict", "no JSON");
    if (out.len > program->cost.verdict_bytes_max)
        complain(attack, part, "the verdict", "past its price");
    buf_reset(&out);
    verdict_write_texts(judge, &out);
    if (!is_json(buf_str(&out))) complain(attack, part, "the texts", "no JSON");
    buf_release(&out);
    if (outcome->steps > program->cost.steps_max) complain(attack, part, "steps", "past their price");
}

/* "invalid CODE" is fine when one of the errors has the code. */
static bool has_error(struct str outcomes)
{
    struct arena arena;
    struct json_value errors;
    struct json_error error;
    struct buf out;
    bool found = false;
    arena_init(&arena, mem_heap(), (size_t)1 << 30);
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
    verdict_write_errors(judge, &out);
    CHECK_STATUS(json_read(&arena, buf_str(&out), limit(JSON_DEPTH), &errors, &error), ST_OK);
    CHECK(errors.count <= (uint32_t)limit(ERRORS));
    for (uint32_t i = 0; i < errors.count && !found; i++) {
        char got[64];
        struct str code = STR("?");
        CHECK(json_get_str(&errors.items[i], STR("code"), &code));
        snprintf(got, sizeof got, "invalid %.*s", STR_ARG(code));
        found = attack_allows(outcomes, got);
    }
    buf_release(&out);
    arena_release(&arena);
    return found;
}

static void check_outcome(const struct attack *attack, int part, const struct judge_outcome *outcome)
{
    static const char *const names[] = {"judged",      "malformed", "over-steps",
                                        "over-memory", "over-time", "fault"};
    struct str outcomes = attack->parts[part].outcomes;
    bool was_judged = outcome->state == JUDGE_JUDGED;
    if (attack_allows(outcomes, names[outcome->state])) return;
    if (was_judged && attack_allows(outcomes, outcome->valid ? "valid" : "invalid")) return;
    if (was_judged && !outcome->valid && has_error(outcomes)) return;
    complain(attack, part, "judging",
             was_judged ? outcome->valid ? "valid" : "invalid" : names[outcome->state]);
}

static void answer(const struct attack *attack, int part, const struct program *program)
{
    struct judging judging = {.program = program,
                              .answers = attack->parts[part].text,
                              .steps_max = limit(COST_STEPS),
                              .now_ms = INT64_C(1768471200000),
                              .ms_max = CPU_MS_MAX};
    struct judge_outcome outcome;
    cost_begin();
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    cost_end(attack);
    check_outcome(attack, part, &outcome);
    if (outcome.state == JUDGE_JUDGED) check_verdict(attack, part, program, &outcome);
    if (outcome.state == JUDGE_FAULT) CHECK(outcome.fault != FAULT_NONE);
}

/* Without answers of its own it is asked for nothing. */
static const struct attack_part nothing = {.outcomes = {"judged or fault", 15}, .text = {"{}", 2}};

static void attack_with(const char *path)
{
    static struct attack attack;
    attack_read(&attack, path);
    struct program *program = compile(&attack);
    lay_out(&attack);
    if (attack.part_count == 1 && program) attack.parts[attack.part_count++] = nothing;
    if (!program && attack.part_count > 1) complain(&attack, 0, "compiling", "refused");
    for (int i = 1; i < attack.part_count && program; i++) answer(&attack, i, program);
    the_next_judging_is_right(&attack);
    program_release(program);
    attack_release(&attack);
}

int main(int argc, char **argv)
{
    static char *paths[FILES_MAX];
    size_t count = argc == 2 && !strstr(argv[1], ".form")
                       ? file_list(argv[1], ".form", paths, FILES_MAX)
                       : (size_t)argc - 1;
    CHECK_STATUS(judge_new(&meter.mem, &judge), ST_OK);
    open_good();
    for (size_t i = 0; i < count; i++) attack_with(paths[i] ? paths[i] : argv[i + 1]);
    judge_free(judge);
    program_release(good);
    CHECK(meter.held == 0);
    fprintf(stderr, "%zu attacks; the slowest part took %ld ms: %s\n", count, slowest_ms,
            slowest ? slowest : "");
    return TEST_RESULT();
}
