/* Attacks by raw Lua, fed straight to a world: tests/attacks/raw/.
 *
 *     raw_test FOLDER              all of its *.lua; or some files
 *
 * No compiler of ours writes such rules. The second wall must hold if the first has a hole: every
 * attack is contained, ends as its head line says, ends the same way again, and the next judging by the
 * same judge, of another program, is right.
 *
 * The rules are the rest of the file, after a line that names every helper of dsl/helper.def; "bare" at
 * the end of the outcomes leaves that line away. S holds, for {"n": 7, "f": 0.5, "t": "text",
 * "c": "two", "s": ["one","three"], "rows": [{"x": "a"}, {"x": "b"}, {}]}:
 *     S[1] computed integer   S[2] computed number   S[3] computed text   S[4] computed boolean
 *     S[5] n  S[6] f  S[7] t  S[8] c  S[9] s
 *     S[10] computed date  S[11] time  S[12] datetime  S[13] choice  S[14] choices  S[15] decimal(2)
 *     S[16] column x  S[17] column y, computed text  S[18] column k, integer  S[19] 3, the
 *     number of rows
 * Check 0 is the form's, check 1 the rows'. */
#include "base/clock.h"
#include "base/json_value.h"
#include "base/limits.h"
#include "runtime/runtime.h"
#include "tests/attacks/attack.h"
#include "tests/unit/maker.h"

enum {
    FILES_MAX = 500,
    MS_MAX = 20, /* of one judging */
    LATE_MS_MAX =
        20 * 1000, /* one operation of Lua that looks at no clock; measured, see security.md */
    STEPS_MAX = 100 * 1000,
    OUTCOME_BYTES = 32
};

static const char answers[] =
    "{\"n\":7,\"f\":0.5,\"t\":\"text\",\"c\":\"two\",\"s\":[\"one\",\"three\"],"
    "\"rows\":[{\"x\":\"a\"},{\"x\":\"b\"},{}]}";

static struct judge *judge;
static struct maker good;

/* ---- programs */

static const enum program_helper all_helpers[] = {
#define HELPER(NAME, name, arity, base_cost, note) HELPER_##NAME,
#include "dsl/helper.def"
#undef HELPER
};

static const char all_names[] = "local _"
#define HELPER(NAME, name, arity, base_cost, note) "," #name
#include "dsl/helper.def"
#undef HELPER
                                " = nil, ... ";

static void make_attacked(struct maker *m, struct str lua)
{
    maker_open(m);
    uint32_t list = maker_list(m, "one", "two", "three", NULL);
    static const enum program_type types[] = {TYPE_INTEGER, TYPE_NUMBER, TYPE_TEXT,     TYPE_BOOLEAN,
                                              TYPE_DATE,    TYPE_TIME,   TYPE_DATETIME, TYPE_CHOICE,
                                              TYPE_CHOICES, TYPE_DECIMAL};
    static const char *const names[] = {"ci", "cn", "ct", "cb", "cd", "ch", "cm", "cc", "cs", "c2"};
    for (int i = 0; i < 4; i++) maker_computed(m, names[i], types[i]);
    maker_field(m, "n", TYPE_INTEGER);
    maker_field(m, "f", TYPE_NUMBER);
    maker_field(m, "t", TYPE_TEXT);
    maker_field(m, "c", TYPE_CHOICE)->target = list;
    maker_field(m, "s", TYPE_CHOICES)->target = list;
    maker_repeat(m, "rows", 0, 100);
    maker_field(m, "x", TYPE_TEXT);
    maker_computed(m, "y", TYPE_TEXT);
    maker_field(m, "k", TYPE_INTEGER);
    maker_close(m);
    for (int i = 4; i < 10; i++) maker_offer(maker_computed(m, names[i], types[i]), list);
    m->nodes[m->program.node_count - 1].scale = 2;
    maker_check(m, 1, 0, "whole", "no");
    maker_check(m, 12, 1, "row", "no");
    maker_pattern(m, "[a-z]+", NULL);
    *maker_chunk(m, "", 0) =
        (struct program_chunk){.lua = lua,
                               .helpers = all_helpers,
                               .helper_count = sizeof all_helpers / sizeof *all_helpers,
                               .base_steps = 1};
    maker_done(m);
}

static void make_good(void)
{
    maker_open(&good);
    maker_field(&good, "a", TYPE_INTEGER);
    maker_computed(&good, "sum", TYPE_INTEGER);
    maker_repeat(&good, "rows", 0, 100);
    maker_field(&good, "x", TYPE_TEXT);
    maker_computed(&good, "y", TYPE_TEXT);
    maker_chunk(&good,
                "local concat, charge = ... return function(S)\n"
                "  S[2] = S[1] and S[1] + 5 charge(S[5])\n"
                "  local x, y = S[3], S[4] for r = 1, S[5] do y[r] = concat(x[r], '!') end\n"
                "end",
                2, HELPER_CONCAT, HELPER_CHARGE);
    maker_done(&good);
}

/* ---- judging */

struct result {
    struct judge_outcome outcome;
    char name[OUTCOME_BYTES];
    struct buf verdict;
};

static void name_result(struct result *result)
{
    static const char *const names[] = {"judged",      "malformed", "over-steps",
                                        "over-memory", "over-time", "fault"};
    bool is_broken = result->outcome.state == JUDGE_FAULT && result->outcome.fault == FAULT_NONE;
    snprintf(result->name, sizeof result->name, "%s",
             is_broken ? "broken" : names[result->outcome.state]);
}

static void run(const struct program *program, const char *text, struct result *ret_result)
{
    struct judging judging = {
        .program = program, .answers = str_of(text), .steps_max = STEPS_MAX, .ms_max = MS_MAX};
    buf_init(&ret_result->verdict, mem_heap(), limit(VERDICT_BYTES));
    CHECK_STATUS(judge_run(judge, &judging, &ret_result->outcome), ST_OK);
    if (ret_result->outcome.state == JUDGE_JUDGED) verdict_write(judge, 0, &ret_result->verdict);
    name_result(ret_result);
}

static void complain(const struct attack *attack, const char *what, const char *got)
{
    fprintf(stderr, "%s: %s: %s, not %.*s\n", attack->path, what, got,
            STR_ARG(attack->parts[0].outcomes));
    test_failures++;
}

static void the_next_judging_is_right(const struct attack *attack)
{
    static const char want[] =
        "\"answers\":{\"a\":4,\"sum\":9,\"rows\":[{\"x\":\"hi\",\"y\":\"hi!\"},{}]}";
    struct result result;
    run(&good.program, "{\"a\":4,\"rows\":[{\"x\":\"hi\"},{}]}", &result);
    buf_putc(&result.verdict, 0);
    bool is_right =
        result.outcome.valid && result.outcome.steps == 4 && strstr(result.verdict.ptr, want) != NULL;
    if (!is_right) complain(attack, "the next judging", result.name);
    buf_release(&result.verdict);
}

static void check_verdict(const struct attack *attack, const struct result *result)
{
    struct arena arena;
    struct json_value value;
    struct json_error error;
    arena_init(&arena, mem_heap(), (size_t)1 << 30);
    if (result->outcome.state == JUDGE_JUDGED && !buf_failed(&result->verdict) &&
        json_read(&arena, buf_str(&result->verdict), 64, &value, &error) != ST_OK)
        complain(attack, "the verdict", "no JSON");
    arena_release(&arena);
}

/* Once more in the world that is left, or a new one. What may end in several ways hangs on the clock or
 * on what was left there; what may end in one is the same to the byte. */
static void attack_again(const struct attack *attack, const struct program *program,
                         const struct result *first)
{
    struct result again;
    run(program, answers, &again);
    bool is_settled = str_eq(attack->parts[0].outcomes, str_of(first->name)) &&
                      first->outcome.state != JUDGE_OVER_TIME;
    if (!attack_allows(attack->parts[0].outcomes, again.name)) complain(attack, "again", again.name);
    if (is_settled &&
        (strcmp(first->name, again.name) != 0 || first->outcome.steps != again.outcome.steps ||
         !str_eq(buf_str(&first->verdict), buf_str(&again.verdict))))
        complain(attack, "again", "something else");
    buf_release(&again.verdict);
}

static struct str strip_bare(struct attack_part *part)
{
    struct str outcomes = part->outcomes, word = STR(" bare");
    if (outcomes.len < word.len ||
        !str_eq((struct str){outcomes.ptr + outcomes.len - word.len, word.len}, word))
        return str_of(all_names);
    part->outcomes.len -= word.len;
    return STR("");
}

/* What the judge may still hold a world of: until the end. */
static struct program_kept {
    struct maker maker;
    struct buf lua;
} * kept[FILES_MAX];
static size_t kept_count;

static void attack_with(const char *path)
{
    static struct attack attack;
    struct result result;
    attack_read(&attack, path);
    struct program_kept *one = kept[kept_count++] = mem_zalloc(mem_heap(), sizeof **kept);
    struct maker *m = &one->maker;
    buf_init(&one->lua, mem_heap(), ATTACK_BYTES_MAX);
    buf_put(&one->lua, strip_bare(&attack.parts[0]));
    buf_put(&one->lua, attack.parts[0].text);
    make_attacked(m, buf_str(&one->lua));
    int64_t began = clock_steady_ns(clock_system());
    run(&m->program, answers, &result);
    int64_t ms = (clock_steady_ns(clock_system()) - began) / 1000000;
    if (!attack_allows(attack.parts[0].outcomes, result.name))
        complain(&attack, "judging", result.name);
    if (ms > LATE_MS_MAX) complain(&attack, "judging", "too late");
    if (ms > 1000) fprintf(stderr, "%s: took %ld ms\n", path, (long)ms);
    check_verdict(&attack, &result);
    the_next_judging_is_right(&attack);
    if (ms < 2000) attack_again(&attack, &m->program, &result);
    the_next_judging_is_right(&attack);
    buf_release(&result.verdict);
    attack_release(&attack);
}

int main(int argc, char **argv)
{
    static char *paths[FILES_MAX];
    size_t count = argc == 2 && !strstr(argv[1], ".lua") ? file_list(argv[1], ".lua", paths, FILES_MAX)
                                                         : (size_t)argc - 1;
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    make_good();
    for (size_t i = 0; i < count; i++) attack_with(paths[i] ? paths[i] : argv[i + 1]);
    judge_free(judge);
    maker_release(&good);
    for (size_t i = 0; i < kept_count; i++) {
        maker_release(&kept[i]->maker);
        buf_release(&kept[i]->lua);
        mem_free(mem_heap(), kept[i], sizeof **kept);
    }
    fprintf(stderr, "%zu attacks\n", count);
    return TEST_RESULT();
}
