#include "base/utf8.h"
#include "tests/test.h"

static struct arena arena;

static void every_scalar_value_makes_the_round_trip(void)
{
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        if (code >= 0xd800 && code <= 0xdfff) continue;
        char bytes[4];
        uint32_t back = 0;
        size_t len = utf8_encode(code, bytes);
        bool same = utf8_next((struct str){bytes, len}, &back) == len && back == code;
        bool whole = len == 1 || utf8_next((struct str){bytes, len - 1}, NULL) == 0;
        if (!same || !whole) CHECK(code == UINT32_MAX); /* prints; the loop is long */
    }
}

/* Table 3-7 of the Unicode standard, written the other way round: as ranges of code points. */
static bool valid_by_value(const unsigned char *at, size_t len)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t code = len == 2 ? at[0] & 0x1fu : len == 3 ? at[0] & 0xfu : at[0] & 7u;
    for (size_t i = 1; i < len; i++) {
        if (at[i] >> 6 != 2) return false;
        code = code << 6 | (at[i] & 0x3fu);
    }
    return code >= least[len] && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
}

static void every_pair_and_triple_of_bytes_is_judged_as_the_standard_says(void)
{
    long wrong = 0;
    for (uint32_t first = 0; first < 256; first++)
        for (uint32_t second = 0; second < 256; second++)
            for (uint32_t third = 0x70; third < 0xd0; third++) {
                const unsigned char at[4] = {(unsigned char)first, (unsigned char)second,
                                             (unsigned char)third, 0xbf};
                size_t len = first < 0x80   ? 1
                             : first < 0xc0 ? 0
                             : first < 0xe0 ? 2
                             : first < 0xf0 ? 3
                             : first < 0xf8 ? 4
                                            : 0;
                size_t want = len == 1 || (len > 1 && valid_by_value(at, len)) ? len : 0;
                wrong += utf8_next((struct str){(const char *)at, 4}, NULL) != want;
            }
    CHECK(wrong == 0);
}

static void the_valid_beginning_is_found_wherever_the_fault_lies(void)
{
    char text[41];
    for (size_t at = 0; at < 39; at++) {
        memset(text, 'a', 40);
        text[at] = (char)0xff;
        CHECK(utf8_valid_len((struct str){text, 40}) == at);
        struct str letter = STR("ë");
        memcpy(text + at, letter.ptr, letter.len);
        CHECK(utf8_valid((struct str){text, 40}));
        CHECK(utf8_valid_len((struct str){text, at + 1}) == at); /* cut in the middle of it */
    }
    CHECK(utf8_valid(STR("")) && utf8_valid((struct str){NULL, 0}));
}

static void lengths_count_code_points(void)
{
    CHECK(utf8_count(STR("")) == 0);
    CHECK(utf8_count(STR("abc")) == 3);
    CHECK(utf8_count(STR("Zoë")) == 3);
    CHECK(utf8_count(STR("日本語テキスト、長い")) == 10);
    CHECK(utf8_count(STR("😀😀😀😀😀😀😀😀😀")) == 9);
    CHECK(utf8_offset(STR("aë日😀b"), 0) == 0);
    CHECK(utf8_offset(STR("aë日😀b"), 1) == 1);
    CHECK(utf8_offset(STR("aë日😀b"), 2) == 3);
    CHECK(utf8_offset(STR("aë日😀b"), 4) == 10);
    CHECK(utf8_offset(STR("aë日😀b"), 5) == 11);
    CHECK(utf8_offset(STR("aë日😀b"), 99) == 11);
}

typedef enum status turn(struct arena *arena, struct str text, struct str *ret_text);

static void check_turn(turn *fn, const char *text, const char *want)
{
    struct str got;
    CHECK_STATUS(fn(&arena, str_of(text), &got), ST_OK);
    if (!str_eq(got, str_of(want))) {
        fprintf(stderr, "%s: got %.*s, not %s\n", text, STR_ARG(got), want);
        test_failures++;
    }
}

static void cases_change_one_code_point_for_one(void)
{
    check_turn(utf8_upper, "straße zoë ǆ", "STRAßE ZOË Ǆ");
    check_turn(utf8_lower, "STRASSE ZOË ΑΣ", "strasse zoë ασ");
    check_turn(utf8_upper, "", "");
    check_turn(utf8_lower, "ÀÉÎ ЖЩ", "àéî жщ");
    check_turn(utf8_upper, "ÿ", "Ÿ"); /* two bytes become two; dotless i shrinks */
    check_turn(utf8_upper, "ı", "I");
}

static void folding_is_full(void)
{
    check_turn(utf8_fold, "Straße", "strasse");
    check_turn(utf8_fold, "STRASSE", "strasse");
    check_turn(utf8_fold, "ΑΣΣ", "ασσ");
    check_turn(utf8_fold, "ας", "ασ");
    check_turn(utf8_fold, "ﬁ", "fi");
}

static void normal_form_c_composes(void)
{
    check_turn(utf8_nfc, "e\xcc\x81", "\xc3\xa9");
    check_turn(utf8_nfc, "\xe2\x84\xab", "\xc3\x85"); /* Ångström sign */
    check_turn(utf8_nfc, "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "\xed\x95\x9c");
    check_turn(utf8_nfc, "plain", "plain");
    check_turn(utf8_nfc, "", "");
}

static void categories_are_unicodes(void)
{
    CHECK(strcmp(utf8_category('a'), "Ll") == 0 && strcmp(utf8_category('A'), "Lu") == 0);
    CHECK(strcmp(utf8_category('7'), "Nd") == 0 && strcmp(utf8_category(0x2028), "Zl") == 0);
    CHECK(strcmp(utf8_category(0x10ffff), "Cn") == 0);
}

static void a_text_that_does_not_change_is_handed_back(void)
{
    struct arena none;
    arena_init(&none, mem_heap(), 0);
    struct str text = STR("ABC 123"), got;
    CHECK_STATUS(utf8_upper(&none, text, &got), ST_OK);
    CHECK(got.ptr == text.ptr);
    CHECK_STATUS(utf8_nfc(&none, text, &got), ST_OK);
    CHECK(got.ptr == text.ptr);
    CHECK_STATUS(utf8_lower(&none, text, &got), ST_LIMIT);
    CHECK_STATUS(utf8_nfc(&none, STR("\xc3\xa9"), &got), ST_LIMIT);
}

static void out_of_memory_is_told(void)
{
    struct test_mem tm = TEST_MEM(.fail_at = 1);
    struct arena poor;
    struct str got;
    arena_init(&poor, &tm.mem, 1 << 16);
    CHECK_STATUS(utf8_fold(&poor, STR("ß"), &got), ST_NOMEM);
    tm.fail_at = tm.requests + 1;
    CHECK_STATUS(utf8_upper(&poor, STR("é"), &got), ST_NOMEM);
    CHECK_STATUS(utf8_upper(&poor, STR("é"), &got), ST_OK);
    arena_release(&poor);
    CHECK(tm.held == 0);
}

int main(void)
{
    arena_init(&arena, mem_heap(), 1 << 20);
    every_scalar_value_makes_the_round_trip();
    every_pair_and_triple_of_bytes_is_judged_as_the_standard_says();
    the_valid_beginning_is_found_wherever_the_fault_lies();
    lengths_count_code_points();
    cases_change_one_code_point_for_one();
    folding_is_full();
    normal_form_c_composes();
    categories_are_unicodes();
    a_text_that_does_not_change_is_handed_back();
    out_of_memory_is_told();
    arena_release(&arena);
    return TEST_RESULT();
}
