#include "server/envelope.h"

#include "base/buf.h"
#include "base/limits.h"
#include "tests/test.h"

static struct arena arena;

static enum problem opened(const char *body, bool may_be_lenient, struct envelope *envelope)
{
    struct str detail = STR("");
    enum problem problem = envelope_read(str_of(body), may_be_lenient, &arena, envelope, &detail);
    CHECK((problem == PROBLEM_NONE) == (detail.len == 0) || problem == PROBLEM_TOO_LARGE);
    return problem;
}

static void the_parts_are_cut_out(void)
{
    struct envelope envelope;
    CHECK(opened(" { \"version\" : 4 , \"answers\" : {\"a\":[1,{\"b\":\"}\"}]} , "
                 "\"meta\":{\"locale\":\"de-AT\","
                 "\"started_at\":\"2026-01-15T10:00:00+01:00\"} } ",
                 false, &envelope) == PROBLEM_NONE);
    CHECK(str_eq(envelope.answers, STR("{\"a\":[1,{\"b\":\"}\"}]}")));
    CHECK(envelope.version == 4 && !envelope.lenient);
    CHECK(str_eq(envelope.locale, STR("de-AT")));
    CHECK(envelope.started_ms == INT64_C(1768467600000));
}

static void only_the_answers_are_needed(void)
{
    struct envelope envelope;
    CHECK(opened("{\"answers\":{}}", false, &envelope) == PROBLEM_NONE);
    CHECK(envelope.version == 0 && envelope.locale.len == 0 && envelope.started_ms == 0);
    CHECK(opened("{}", false, &envelope) == PROBLEM_BODY_MISFIT);
    CHECK(opened("{\"version\":1}", false, &envelope) == PROBLEM_BODY_MISFIT);
}

static void answers_are_cut_by_their_brackets_alone(void)
{
    static const struct {
        const char *body, *answers;
    } rows[] = {{"{\"answers\":{\"a\":\"\\\"}\"}}", "{\"a\":\"\\\"}\"}"},
                {"{\"answers\":{\"a\":\"\\\\\"}}", "{\"a\":\"\\\\\"}"},
                {"{\"answers\":{\"{\":1}}", "{\"{\":1}"},
                {"{\"answers\":{\"a\":[[[]]]}}", "{\"a\":[[[]]]}"},
                {"{\"answers\":{nonsense}}", "{nonsense}"}}; /* the judge will say so */
    struct envelope envelope;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK(opened(rows[i].body, false, &envelope) == PROBLEM_NONE);
        CHECK(str_eq(envelope.answers, str_of(rows[i].answers)));
    }
}

static void what_is_not_whole_is_malformed(void)
{
    static const char *const bodies[] = {
        "",
        " ",
        "{",
        "[",
        "null",
        "{\"answers\"",
        "{\"answers\":",
        "{\"answers\":{",
        "{\"answers\":{}",
        "{\"answers\":{\"",
        "{\"answers\":{\"\\",
        "{\"answers\":{},}",
        "{,\"answers\":{}}",
        "{\"answers\":{} \"version\":1}",
        "{\"answers\" {}}",
        "{answers:{}}",
        "{'answers':{}}",
        "{\"answers\":{}}{}",
        "{\"answers\":{}}\x01",
        "{\"answers\":{},\"answers\":{}}",
        "{\"version\":1,\"version\":1,\"answers\":{}}",
        "{\"version\":1.,\"answers\":{}}",
        "{\"version\":01,\"answers\":{}}",
        "{\"meta\":{,\"answers\":{}}",
        "{\"meta\":{\"locale\":\"a\",\"locale\":\"b\"},\"answers\":{}}",
        "{\"meta\":{]},\"answers\":{}}"};
    struct envelope envelope;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        enum problem problem = opened(bodies[i], false, &envelope);
        if (problem != PROBLEM_JSON_MALFORMED)
            fprintf(stderr, "%s: %s\n", bodies[i], problem_code(problem));
        CHECK(problem == PROBLEM_JSON_MALFORMED);
    }
}

static void what_does_not_fit_is_a_misfit(void)
{
    static const char *const bodies[] = {
        "{\"answers\":[]}",
        "{\"answers\":null}",
        "{\"answers\":\"{}\"}",
        "{\"answer\":{}}",
        "{\"\":{}}",
        "{\"answers\":{},\"Version\":1}",
        "{\"answers\":{},\"version\":\"1\"}",
        "{\"answers\":{},\"version\":0}",
        "{\"answers\":{},\"version\":1.5}",
        "{\"answers\":{},\"version\":1e0}",
        "{\"answers\":{},\"version\":1000000000}",
        "{\"answers\":{},\"version\":null}",
        "{\"answers\":{},\"meta\":[]}",
        "{\"answers\":{},\"meta\":{\"locale\":1}}",
        "{\"answers\":{},\"meta\":{\"locale\":\"\"}}",
        "{\"answers\":{},\"meta\":{\"locale\":\"a b\"}}",
        "{\"answers\":{},\"meta\":{\"locale\":\"123456789012345678901234567890123456\"}}",
        "{\"answers\":{},\"meta\":{\"started_at\":1}}",
        "{\"answers\":{},\"meta\":{\"started_at\":\"2026-01-15\"}}",
        "{\"answers\":{},\"meta\":{\"other\":1}}",
        "{\"answers\":{},\"lenient\":true}"};
    struct envelope envelope;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        enum problem problem = opened(bodies[i], false, &envelope);
        if (problem != PROBLEM_BODY_MISFIT)
            fprintf(stderr, "%s: %s\n", bodies[i], problem_code(problem));
        CHECK(problem == PROBLEM_BODY_MISFIT);
    }
}

static void leniency_is_for_who_may_ask_for_it(void)
{
    struct envelope envelope;
    CHECK(opened("{\"lenient\":true,\"answers\":{}}", true, &envelope) == PROBLEM_NONE &&
          envelope.lenient);
    CHECK(opened("{\"lenient\":false,\"answers\":{}}", true, &envelope) == PROBLEM_NONE &&
          !envelope.lenient);
    CHECK(opened("{\"lenient\":1,\"answers\":{}}", true, &envelope) == PROBLEM_BODY_MISFIT);
    CHECK(opened("{\"lenient\":tru,\"answers\":{}}", true, &envelope) == PROBLEM_JSON_MALFORMED);
}

static void answers_have_a_largest_size(void)
{
    struct buf body;
    struct envelope envelope;
    struct str detail;
    for (size_t more = 0; more <= 1; more++) {
        buf_init(&body, mem_heap(), 4 << 20);
        buf_puts(&body, "{\"answers\":{");
        for (size_t i = 0; i < (size_t)limit(ANSWERS_BYTES) - 2 + more; i++) buf_putc(&body, ' ');
        buf_puts(&body, "}}");
        CHECK(envelope_read(buf_str(&body), false, &arena, &envelope, &detail) ==
              (more ? PROBLEM_TOO_LARGE : PROBLEM_NONE));
        buf_release(&body);
    }
}

static void any_beginning_of_a_body_is_read_without_harm(void)
{
    static const char body[] =
        "{\"version\":12,\"answers\":{\"a\":\"\\u00e9\\\\\",\"b\":[1,2]},\"meta\":{\"locale\":\"de\"}}";
    for (size_t len = 0; len < sizeof body - 1; len++) {
        struct envelope envelope;
        struct str detail;
        char *copy = mem_zalloc(mem_heap(), len + 1); /* so that a step too far is seen */
        memcpy(copy, body, len);
        CHECK(envelope_read((struct str){copy, len}, false, &arena, &envelope, &detail) ==
              PROBLEM_JSON_MALFORMED);
        mem_free(mem_heap(), copy, len + 1);
    }
}

static void a_key_has_16_to_128_plain_characters_bare_or_quoted(void)
{
    char longest[limit(IDEMPOTENCY_KEY_BYTES) + 1];
    struct str key = STR("none");
    memset(longest, 'k', sizeof longest);
    CHECK(envelope_key((struct str){NULL, 0}, &key) == PROBLEM_KEY_MISSING);
    CHECK(envelope_key(STR(""), &key) == PROBLEM_KEY_MISSING);
    CHECK(envelope_key(STR("123456789-12345"), &key) == PROBLEM_KEY_MALFORMED);
    CHECK(envelope_key(STR("123456789-123 45"), &key) == PROBLEM_KEY_MALFORMED);
    CHECK(envelope_key(STR("\"123456789-12345"), &key) == PROBLEM_KEY_MALFORMED);
    CHECK(envelope_key(STR("\"\""), &key) == PROBLEM_KEY_MALFORMED && str_eq(key, STR("none")));
    CHECK(envelope_key(STR("\"123456789-12345_\""), &key) == PROBLEM_NONE);
    CHECK(str_eq(key, STR("123456789-12345_")));
    CHECK(envelope_key((struct str){longest, sizeof longest}, &key) == PROBLEM_KEY_MALFORMED);
    CHECK(envelope_key((struct str){longest, sizeof longest - 1}, &key) == PROBLEM_NONE);
}

int main(void)
{
    arena_init(&arena, mem_heap(), 1 << 20);
    the_parts_are_cut_out();
    only_the_answers_are_needed();
    answers_are_cut_by_their_brackets_alone();
    what_is_not_whole_is_malformed();
    what_does_not_fit_is_a_misfit();
    leniency_is_for_who_may_ask_for_it();
    answers_have_a_largest_size();
    any_beginning_of_a_body_is_read_without_harm();
    a_key_has_16_to_128_plain_characters_bare_or_quoted();
    arena_release(&arena);
    return TEST_RESULT();
}
