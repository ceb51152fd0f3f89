#include "base/dfa.h"
#include "tests/test.h"

/* a(b|c)*d : classes 0 other, 1 a, 2 b or c, 3 d; states 0 dead, 1 start, 2 inside, 3 accepting. */
static const uint16_t next[] = {0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 3, 0, 0, 0, 0};
static const uint8_t accept[] = {1 << 3};

static struct dfa sample(void)
{
    struct dfa dfa = {.next = next, .accept = accept, .states = 4, .nclasses = 4};
    dfa.classes['a'] = 1;
    dfa.classes['b'] = dfa.classes['c'] = 2;
    dfa.classes['d'] = 3;
    return dfa;
}

static void the_whole_text_is_matched(void)
{
    static const struct {
        const char *text;
        bool matches;
    } rows[] = {{"ad", true},   {"abcbcd", true}, {"abcbc", false}, {"abcdd", false}, {"xad", false},
                {"adx", false}, {"", false},      {"a", false},     {"abxcd", false}};
    struct dfa dfa = sample();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(dfa_match(&dfa, str_of(rows[i].text)) == rows[i].matches);
    CHECK(!dfa_match(&dfa, STR("a\xff"
                               "d")) &&
          !dfa_match(&dfa, STR("a\0d")));
}

static void the_empty_text_is_matched_where_the_start_accepts(void)
{
    static const uint8_t start_accepts[] = {1 << 1};
    struct dfa dfa = sample();
    dfa.accept = start_accepts;
    CHECK(dfa_match(&dfa, STR("")) && dfa_match(&dfa, (struct str){NULL, 0}));
}

static void a_table_that_breaks_a_promise_is_known(void)
{
    struct dfa dfa = sample();
    CHECK(dfa_valid(&dfa));
    dfa.states = 3; /* a transition leads to state 3 */
    CHECK(!dfa_valid(&dfa));
    dfa = sample();
    dfa.classes[200] = 4;
    CHECK(!dfa_valid(&dfa));
    dfa = sample();
    dfa.states = 1;
    CHECK(!dfa_valid(&dfa));
    dfa = sample();
    dfa.nclasses = 0;
    CHECK(!dfa_valid(&dfa));
    dfa.nclasses = 257;
    CHECK(!dfa_valid(&dfa));
    dfa = sample();
    static const uint8_t dead_accepts[] = {1 | 1 << 3};
    dfa.accept = dead_accepts;
    CHECK(!dfa_valid(&dfa));
    uint16_t risen[16];
    memcpy(risen, next, sizeof risen);
    risen[2] = 1; /* out of the dead state */
    dfa = sample();
    dfa.next = risen;
    CHECK(!dfa_valid(&dfa));
}

int main(void)
{
    the_whole_text_is_matched();
    the_empty_text_is_matched_where_the_start_accepts();
    a_table_that_breaks_a_promise_is_known();
    return TEST_RESULT();
}
