/* Any bytes as answers to one form with every type, conditions, checks and nested rows. Whatever they
 * are: the judging ends; a judge that has seen many answers and one that has seen none come to the same
 * outcome, verdict bytes and steps; a verdict is JSON; and its answers, sent once more, come back as
 * they are. */
#include "base/json_value.h"
#include "base/limits.h"
#include "fuzz/holds.h"
#include "runtime/runtime.h"
#include "tests/unit/maker.h"

static struct maker m;
static struct judge *warm;

static void make_fields(void)
{
    uint32_t list = maker_list(&m, "a", "b", "c", "d", "e", "f", "g", "h", "i/~", NULL);
    maker_field(&m, "t", TYPE_TEXT)->target = maker_pattern(&m, "[^x]*", NULL);
    maker_field(&m, "mail", TYPE_TEXT)->format = FORMAT_EMAIL;
    maker_field(&m, "url", TYPE_TEXT)->format = FORMAT_URL;
    maker_field(&m, "tel", TYPE_TEXT)->format = FORMAT_PHONE;
    maker_field(&m, "b", TYPE_BOOLEAN)->required = true;
    struct program_node *node = maker_field(&m, "i", TYPE_INTEGER);
    node->has_min = true, maker_bounds(node)->min = 0;
    maker_field(&m, "dec", TYPE_DECIMAL)->scale = 2;
    maker_field(&m, "num", TYPE_NUMBER);
    maker_field(&m, "day", TYPE_DATE);
    maker_field(&m, "time", TYPE_TIME);
    maker_field(&m, "at", TYPE_DATETIME);
    maker_field(&m, "c", TYPE_CHOICE)->target = list;
    node = maker_field(&m, "cs", TYPE_CHOICES);
    node->target = list, maker_bounds(node)->length_max = 3;
    node = maker_field(&m, "when", TYPE_TEXT);
    node->relevance_slot = 1, maker_bounds(node)->length_max = 2;
    maker_rare(node)->length_message =
        maker_message(&m, "{1}: {2} {6} {7} {8} {9} {10} {11} {12} {13}");
    maker_computed(&m, "comp", TYPE_TEXT);
}

/* S[1] to S[13] are the fields, S[14] and S[15] `when`, S[16] `comp`; then the rows. */
static void make_form(void)
{
    maker_open(&m);
    make_fields();
    maker_group(&m, "g");
    m.objects[m.program.object_count - 1].ignore_unknown = true;
    maker_field(&m, "x", TYPE_TEXT);
    maker_close(&m);
    maker_repeat(&m, "rows", 1, 3);
    maker_field(&m, "n", TYPE_INTEGER);
    maker_repeat(&m, "sub", 0, 2);
    maker_field(&m, "m", TYPE_INTEGER);
    maker_close(&m);
    maker_close(&m);
    maker_check(&m, 19, 1, "same", "{19} of {1}");
    maker_chunk(&m,
                "local fail, charge, replace, text, add_ms = ... return function(S)\n"
                "S[15] = S[5] == true if not S[15] then S[14] = nil end\n"
                "S[16] = replace(S[1], 'a', 'bb') or text(10, 0, S[11] and add_ms(0, S[11], 1))\n"
                "charge(S[19])\n"
                "for r = 1, S[19] do if S[18][r] and S[18][r] ~= r then fail(0, r) end end end",
                5, HELPER_FAIL, HELPER_CHARGE, HELPER_REPLACE, HELPER_TEXT_OF, HELPER_ADD_MS);
    maker_done(&m);
    HOLDS(judge_new(mem_heap(), &warm) == ST_OK);
}

static struct str copy_of(struct arena *arena, const struct buf *buf)
{
    struct str copy = arena_str(arena, buf_str(buf));
    if (!copy.ptr) abort();
    return copy;
}

/* What came of one judging; the texts are in the arena, and empty unless JUDGED. */
struct made {
    struct judge_outcome outcome;
    struct str verdict, answers;
};

static struct made judge_all(struct arena *arena, struct judge *by, struct str answers)
{
    struct judging judging = {.program = &m.program,
                              .answers = answers,
                              .now_ms = 0,
                              .locale = STR("en"),
                              .steps_max = 100000,
                              .ms_max = 600000}; /* steps bound it; a crowded machine is no find */
    struct made made = {.verdict = STR(""), .answers = STR("")};
    struct buf buf;
    HOLDS(judge_run(by, &judging, &made.outcome) == ST_OK);
    HOLDS(made.outcome.state != JUDGE_MALFORMED || made.outcome.malformed_offset <= answers.len);
    HOLDS(made.outcome.steps <= (uint64_t)judging.steps_max || made.outcome.state == JUDGE_OVER_STEPS);
    if (made.outcome.state != JUDGE_JUDGED) return made;
    HOLDS(made.outcome.valid == (made.outcome.error_count == 0));
    buf_init(&buf, mem_heap(), 64 << 20);
    verdict_write(by, 1, &buf);
    verdict_write_texts(by, &buf);
    made.verdict = copy_of(arena, &buf);
    buf_reset(&buf);
    verdict_write_answers(by, &buf);
    HOLDS(!buf_failed(&buf));
    made.answers = copy_of(arena, &buf);
    buf_release(&buf);
    return made;
}

static void must_be_json(struct arena *arena, struct str text)
{
    struct json_value value;
    struct json_error error;
    HOLDS(json_read(arena, text, 64, &value, &error) == ST_OK);
}

static void must_be_same(const struct made *a, const struct made *b)
{
    HOLDS(a->outcome.state == b->outcome.state && a->outcome.steps == b->outcome.steps);
    HOLDS(a->outcome.malformed_offset == b->outcome.malformed_offset);
    HOLDS(a->outcome.fault == b->outcome.fault && a->outcome.fault_rule == b->outcome.fault_rule);
    HOLDS(str_eq(a->verdict, b->verdict) && str_eq(a->answers, b->answers));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct judge *cold;
    if (!warm) make_form();
    arena_init(&arena, mem_heap(), 256 << 20);
    HOLDS(judge_new(mem_heap(), &cold) == ST_OK);
    struct str body = {(const char *)data, size};
    struct made first = judge_all(&arena, warm, body), second = judge_all(&arena, cold, body);
    must_be_same(&first, &second);
    if (first.outcome.state == JUDGE_JUDGED) {
        must_be_json(&arena, first.answers);
        struct made again = judge_all(&arena, warm, first.answers);
        HOLDS(again.outcome.state == JUDGE_JUDGED && str_eq(again.answers, first.answers));
    }
    judge_free(cold);
    arena_release(&arena);
    return 0;
}
