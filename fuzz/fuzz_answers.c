/* Any bytes as answers to one form with every type, conditions, checks and nested rows. Whatever they
 * are: the judging ends, a verdict is JSON, is the same again, and its answers, sent once more, come
 * back as they are. */
#include "base/json_value.h"
#include "base/limits.h"
#include "runtime/runtime.h"
#include "tests/unit/maker.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct maker m;
static struct judge *judge, *other;

static void make_fields(void)
{
    uint32_t list = maker_list(&m, "a", "b", "c", "d", "e", "f", "g", "h", "i/~", NULL);
    maker_field(&m, "t", TYPE_TEXT)->pattern = maker_pattern(&m, "[^x]*", NULL);
    maker_field(&m, "mail", TYPE_TEXT)->format = FORMAT_EMAIL;
    maker_field(&m, "url", TYPE_TEXT)->format = FORMAT_URL;
    maker_field(&m, "tel", TYPE_TEXT)->format = FORMAT_PHONE;
    maker_field(&m, "b", TYPE_BOOLEAN)->required = true;
    struct program_node *node = maker_field(&m, "i", TYPE_INTEGER);
    node->has_min = true, node->min = 0;
    maker_field(&m, "dec", TYPE_DECIMAL)->scale = 2;
    maker_field(&m, "num", TYPE_NUMBER);
    maker_field(&m, "day", TYPE_DATE);
    maker_field(&m, "time", TYPE_TIME);
    maker_field(&m, "at", TYPE_DATETIME);
    maker_field(&m, "c", TYPE_CHOICE)->list = list;
    node = maker_field(&m, "cs", TYPE_CHOICES);
    node->list = list, node->length_max = 3;
    node = maker_field(&m, "when", TYPE_TEXT);
    node->relevance_slot = 1, node->length_max = 2;
    node->length_message = maker_message(&m, "{1}: {2} {6} {7} {8} {9} {10} {11} {12} {13}");
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
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    CHECK_STATUS(judge_new(mem_heap(), &other), ST_OK);
}

static struct str copy_of(struct arena *arena, const struct buf *buf)
{
    struct str copy = arena_str(arena, buf_str(buf));
    if (!copy.ptr) abort();
    return copy;
}

static void must(bool condition)
{
    if (!condition) abort();
}

/* The verdict, its texts and its answers, in the arena. */
static enum judge_state judge_all(struct arena *arena, struct judge *by, struct str answers,
                                  struct str *ret_verdict, struct str *ret_answers)
{
    struct judging judging = {.program = &m.program,
                              .answers = answers,
                              .now_ms = 0,
                              .locale = STR("en"),
                              .steps_max = 100000};
    struct judge_outcome outcome;
    struct buf buf;
    must(judge_run(by, &judging, &outcome) == ST_OK);
    must(outcome.state != JUDGE_MALFORMED || outcome.malformed_offset <= answers.len);
    if (outcome.state != JUDGE_JUDGED) return outcome.state;
    must(outcome.valid == (outcome.error_count == 0));
    buf_init(&buf, mem_heap(), 64 << 20);
    verdict_write(by, 1, &buf);
    verdict_write_texts(by, &buf);
    *ret_verdict = copy_of(arena, &buf);
    buf_reset(&buf);
    verdict_write_answers(by, &buf);
    must(!buf_failed(&buf));
    *ret_answers = copy_of(arena, &buf);
    buf_release(&buf);
    return outcome.state;
}

static void must_be_json(struct arena *arena, struct str text)
{
    struct json_value value;
    struct json_error error;
    must(json_read(arena, text, 64, &value, &error) == ST_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str first, second, answers, again;
    struct arena arena;
    if (!judge) make_form();
    arena_init(&arena, mem_heap(), 256 << 20);
    struct str body = {(const char *)data, size};
    if (judge_all(&arena, judge, body, &first, &answers) == JUDGE_JUDGED) {
        must(judge_all(&arena, other, body, &second, &again) == JUDGE_JUDGED && str_eq(first, second));
        must_be_json(&arena, answers);
        must(judge_all(&arena, other, answers, &second, &again) == JUDGE_JUDGED &&
             str_eq(answers, again));
    }
    arena_release(&arena);
    return 0;
}
