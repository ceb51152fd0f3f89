/* JSONTestSuite as answers: by themselves, and as the value of a member nobody asked for, of a field of
 * every type, of a group and of a repeat. Whatever the form expects there, what is no JSON is refused
 * as such and what is JSON is judged. */
#include "base/limits.h"
#include "runtime/runtime.h"
#include "tests/conformance/corpus.h"
#include "tests/unit/maker.h"

static struct maker m;
static struct judge *judge;
static int refused, judged;

static const char *const members[] = {"text",    "email",    "boolean", "integer", "decimal",
                                      "number",  "date",     "time",    "moment",  "choice",
                                      "choices", "computed", "group",   "rows",    "unknown"};

static void make_form(void)
{
    maker_open(&m);
    m.objects[0].ignore_unknown = true;
    uint32_t list = maker_list(&m, "a", "", NULL);
    maker_field(&m, "text", TYPE_TEXT);
    maker_field(&m, "email", TYPE_TEXT)->format = FORMAT_EMAIL;
    maker_field(&m, "boolean", TYPE_BOOLEAN);
    maker_field(&m, "integer", TYPE_INTEGER);
    maker_field(&m, "decimal", TYPE_DECIMAL)->scale = 2;
    maker_field(&m, "number", TYPE_NUMBER);
    maker_field(&m, "date", TYPE_DATE);
    maker_field(&m, "time", TYPE_TIME);
    maker_field(&m, "moment", TYPE_DATETIME);
    maker_field(&m, "choice", TYPE_CHOICE)->target = list;
    maker_field(&m, "choices", TYPE_CHOICES)->target = list;
    maker_computed(&m, "computed", TYPE_TEXT);
    maker_group(&m, "group");
    maker_field(&m, "a", TYPE_TEXT);
    maker_close(&m);
    maker_repeat(&m, "rows", 0, 2);
    maker_field(&m, "a", TYPE_TEXT);
    maker_done(&m);
}

/* The body lies in a block of exactly its size, so that a sanitizer sees a step beyond its end. */
static enum judge_state state_of(struct str body)
{
    struct judge_outcome outcome;
    char *exact = malloc(body.len + !body.len);
    memcpy(exact, body.ptr, body.len);
    struct judging judging = {.program = &m.program, .answers = {exact, body.len}, .steps_max = 1000};
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    if (outcome.state == JUDGE_MALFORMED)
        CHECK(outcome.malformed_offset <= body.len && outcome.malformed_reason);
    free(exact);
    return outcome.state;
}

static void check(const char *path, const char *where, enum judge_state state, bool may_judge,
                  bool may_refuse)
{
    if (state == JUDGE_JUDGED) judged++;
    else refused++;
    if (state == JUDGE_JUDGED ? may_judge : state == JUDGE_MALFORMED && may_refuse) return;
    fprintf(stderr, "%s as %s: state %d\n", path, where, (int)state);
    test_failures++;
}

/* What I-JSON refuses and RFC 8259 leaves open. */
static bool is_i_json(const char *name)
{
    return !strstr(name, "duplicated_key");
}

static void visit(const char *path, const char *name)
{
    struct str text = corpus_read(path);
    CHECK(text.ptr);
    bool may_judge = *name != 'n', may_refuse = *name != 'y' || !is_i_json(name);
    check(path, "the answers", state_of(text), may_judge, true);
    char *body = malloc(text.len + 64);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        size_t len = (size_t)sprintf(body, "{\"%s\":", members[i]);
        memcpy(body + len, text.ptr, text.len);
        memcpy(body + len + text.len, "}", 1);
        check(path, members[i], state_of((struct str){body, len + text.len + 1}), may_judge,
              may_refuse);
    }
    free(body);
    free((char *)text.ptr);
}

int main(int argc, char **argv)
{
    if (!corpus_open(argc, argv, "conf-json-parsing")) return CORPUS_ABSENT;
    make_form();
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    CHECK(corpus_each("test_parsing", visit) > 300);
    CHECK(judged > 1000 && refused > 1000);
    judge_free(judge);
    maker_release(&m);
    return TEST_RESULT();
}
