#include "runtime/matcher.h"

#include "tests/test.h"

static struct matcher *matcher_of(const char *pattern)
{
    struct matcher *matcher = NULL;
    CHECK_STATUS(matcher_new(str_of(pattern), &matcher), ST_OK);
    return matcher;
}

static void the_whole_text_must_match(void)
{
    struct matcher *matcher = matcher_of("[a-z]{2,900}|\\x{1f600}");
    CHECK(matcher_match(matcher, STR("ab")));
    CHECK(matcher_match(matcher, STR("😀")));
    CHECK(!matcher_match(matcher, STR("a")));
    CHECK(!matcher_match(matcher, STR("ab1")));
    CHECK(!matcher_match(matcher, STR("1ab")));
    CHECK(!matcher_match(matcher, STR("ab\n")));
    CHECK(!matcher_match(matcher, STR("")));
    CHECK(!matcher_match(matcher, (struct str){"ab\0", 3}));
    matcher_free(matcher);
}

static void the_time_it_takes_grows_with_the_text_only(void)
{
    static char text[100001];
    memset(text, 'a', sizeof text - 1);
    struct matcher *matcher = matcher_of("(a?){900}a{900}.*b");
    CHECK(!matcher_match(matcher, (struct str){text, sizeof text - 1}));
    matcher_free(matcher);
}

static void what_the_matcher_cannot_take_is_a_limit(void)
{
    struct matcher *matcher = NULL;
    CHECK_STATUS(matcher_new(STR("a{1001}"), &matcher), ST_LIMIT);
    CHECK_STATUS(matcher_new(STR("("), &matcher), ST_LIMIT);
    CHECK(matcher == NULL);
    matcher_free(NULL);
}

int main(void)
{
    the_whole_text_must_match();
    the_time_it_takes_grows_with_the_text_only();
    what_the_matcher_cannot_take_is_a_limit();
    return TEST_RESULT();
}
