#include "base/json_scan.h"
#include "base/utf8.h"
#include "tests/test.h"

static struct json_cursor over(struct str text)
{
    return (struct json_cursor){text.ptr, text.ptr + text.len};
}

static void the_end_of_a_plain_run_is_found_at_every_place(void)
{
    static const char ends[] = {'"', '\\', '\n', '\0', '\x1f', (char)0x80, (char)0xff};
    char text[64];
    for (size_t e = 0; e < sizeof ends; e++)
        for (size_t len = 0; len < 40; len++)
            for (size_t at = 0; at <= len; at++) {
                memset(text, at % 2 ? 0x7f : 0x20, sizeof text);
                if (at < len) text[at] = ends[e];
                CHECK(json_plain_end(text, text + len) == text + at);
            }
}

static void every_byte_of_a_word_is_looked_at_alone(void)
{
    char text[8];
    for (int first = 0; first < 256; first++)
        for (int second = 0; second < 256; second++) {
            memset(text, 'x', sizeof text);
            text[3] = (char)first;
            text[4] = (char)second;
            bool first_ends = first < 0x20 || first >= 0x80 || first == '"' || first == '\\';
            bool second_ends = second < 0x20 || second >= 0x80 || second == '"' || second == '\\';
            const char *want = text + (first_ends ? 3 : second_ends ? 4 : 8);
            if (json_plain_end(text, text + 8) != want) CHECK(first == -1); /* prints */
        }
}

static void check_string(struct str text, struct str want, uint32_t chars)
{
    struct json_cursor cur = over(text);
    struct json_string string = {.chars = 77};
    enum json_fault fault = json_scan_string(&cur, &string);
    char decoded[256];
    CHECK(fault == JSON_FAULT_NONE && cur.at == cur.end);
    CHECK(string.chars == chars);
    CHECK(string.escaped == (memchr(text.ptr, '\\', text.len) != NULL));
    size_t len = json_unescape(string.raw, decoded);
    CHECK(len <= string.raw.len);
    CHECK(str_eq((struct str){decoded, len}, want));
    CHECK(string.has_nul == (memchr(want.ptr, '\0', want.len) != NULL));
}

static void strings_are_decoded(void)
{
    check_string(STR("\"\""), STR(""), 0);
    check_string(STR("\"abc\""), STR("abc"), 3);
    check_string(STR("\"a longer text of plain bytes\""), STR("a longer text of plain bytes"), 28);
    check_string(STR("\"Zo\xc3\xab and more text, in \xf0\x9f\x98\x80\""),
                 STR("Zo\xc3\xab and more text, in \xf0\x9f\x98\x80"), 23);
    check_string(STR("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), STR("\"\\/\b\f\n\r\t"), 8);
    check_string(STR("\"\\u0041\\u00e9\\u20AC\\uD83D\\uDE00\""),
                 STR("A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), 4);
    check_string(STR("\"\\uFFFF\\u0000x\""), STR("\xef\xbf\xbf\0x"), 3);
    check_string(STR("\"\\uDBFF\\uDFFF\""), STR("\xf4\x8f\xbf\xbf"), 1);
    check_string(STR("\"\x7f\""), STR("\x7f"), 1);
}

static void check_bad_string(struct str text, enum json_fault want, size_t offset)
{
    struct json_cursor cur = over(text);
    struct json_string string = {.chars = 77};
    enum json_fault fault = json_scan_string(&cur, &string);
    if (fault != want || cur.at != text.ptr + offset)
        fprintf(stderr, "%.*s: %s at %zu\n", STR_ARG(text), json_fault_text(fault),
                (size_t)(cur.at - text.ptr));
    CHECK(fault == want && cur.at == text.ptr + offset);
    CHECK(string.chars == 77); /* nothing was written */
}

static void bad_strings_stop_at_the_bad_byte(void)
{
    check_bad_string(STR("\""), JSON_FAULT_EARLY_END, 1);
    check_bad_string(STR("\"abc"), JSON_FAULT_EARLY_END, 4);
    check_bad_string(STR("\"abc\\"), JSON_FAULT_EARLY_END, 4);
    check_bad_string(STR("\"abc\\x\""), JSON_FAULT_ESCAPE, 4);
    check_bad_string(STR("\"ab\\u12\""), JSON_FAULT_ESCAPE, 3);
    check_bad_string(STR("\"ab\\u12g4\""), JSON_FAULT_ESCAPE, 3);
    check_bad_string(STR("\"a\nb\""), JSON_FAULT_STRING_CONTROL, 2);
    check_bad_string(STR("\"a\0b\""), JSON_FAULT_STRING_CONTROL, 2);
    check_bad_string(STR("\"\\uD83D\""), JSON_FAULT_SURROGATE, 1);
    check_bad_string(STR("\"\\uD83D\\n\""), JSON_FAULT_SURROGATE, 1);
    check_bad_string(STR("\"\\uD83D\\u0041\""), JSON_FAULT_SURROGATE, 1);
    check_bad_string(STR("\"\\uDE00\\uD83D\""), JSON_FAULT_SURROGATE, 1);
    check_bad_string(STR("\"a\xff\""), JSON_FAULT_UTF8, 2);
    check_bad_string(STR("\"\xc0\xaf\""), JSON_FAULT_UTF8, 1);
    check_bad_string(STR("\"\xed\xa0\x80\""), JSON_FAULT_UTF8, 1);
    check_bad_string(STR("\"\xc3\xab\xc3"), JSON_FAULT_UTF8, 3);
}

static void an_unescaped_text_never_outgrows_its_source(void)
{
    char text[80], decoded[80];
    for (uint32_t code = 0; code < 0x10000; code++) {
        if (code >= 0xd800 && code <= 0xdfff) continue;
        int len = snprintf(text, sizeof text, "\"\\u%04x\\u%04X\"", code, code);
        struct json_cursor cur = over((struct str){text, (size_t)len});
        struct json_string string;
        char want[8];
        size_t one = utf8_encode(code, want);
        bool right = !json_scan_string(&cur, &string) &&
                     json_unescape(string.raw, decoded) == 2 * one && memcmp(decoded, want, one) == 0 &&
                     memcmp(decoded + one, want, one) == 0 && string.has_nul == (code == 0);
        if (!right) CHECK(code == UINT32_MAX); /* prints */
    }
}

struct number_row {
    const char *text;
    size_t len;
    uint64_t digits;
    int32_t exponent;
    uint32_t fraction;
    bool negative, integer, long_digits;
};

static void numbers_come_with_their_digits(void)
{
    static const struct number_row rows[] = {
        {"0", 1, 0, 0, 0, false, true, false},
        {"-0", 2, 0, 0, 0, true, true, false},
        {"12,", 2, 12, 0, 0, false, true, false},
        {"-12.30]", 6, 1230, 0, 2, true, false, false},
        {"0.001", 5, 1, 0, 3, false, false, false},
        {"1e3", 3, 1, 3, 0, false, false, false},
        {"1E+3 ", 4, 1, 3, 0, false, false, false},
        {"1.5e-07", 7, 15, -7, 1, false, false, false},
        {"1e999999999999", 14, 1, 100000000, 0, false, false, false},
        {"1e-999999999999", 15, 1, -100000000, 0, false, false, false},
        {"9999999999999999999", 19, 9999999999999999999u, 0, 0, false, true, false},
        {"18446744073709551609", 20, 18446744073709551609u, 0, 0, false, true, false},
        {"18446744073709551610", 20, 0, 0, 0, false, true, true},
        {"10000000000000000000", 20, 10000000000000000000u, 0, 0, false, true, false},
        {"123456789012345678901234567890", 30, 0, 0, 0, false, true, true},
        {"0.00000000000000000000000000001", 31, 1, 0, 29, false, false, false},
        {"1.0000000000000000000000000000", 30, 0, 0, 28, false, false, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct number_row *row = &rows[i];
        struct json_cursor cur = over(str_of(row->text));
        struct json_number number;
        CHECK(json_scan_number(&cur, &number) == JSON_FAULT_NONE);
        CHECK(cur.at == row->text + row->len && number.raw.ptr == row->text &&
              number.raw.len == row->len);
        CHECK(number.long_digits == row->long_digits &&
              (row->long_digits || number.digits == row->digits));
        CHECK(number.exponent == row->exponent && number.fraction == row->fraction);
        CHECK(number.negative == row->negative && number.integer == row->integer);
    }
}

static void bad_numbers_are_refused(void)
{
    static const char *const rows[] = {"-",
                                       "-x",
                                       ".5",
                                       "1.",
                                       "1.e3",
                                       "01",
                                       "-01",
                                       "00",
                                       "1e",
                                       "1e+",
                                       "1e-x",
                                       "+1",
                                       "x",
                                       "",
                                       "-.5",
                                       "1.x",
                                       "0123456789012345678901",
                                       "-a",
                                       "00.5",
                                       "1.5e",
                                       "--1"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct json_cursor cur = over(str_of(rows[i]));
        struct json_number number = {.digits = 77};
        enum json_fault fault = json_scan_number(&cur, &number);
        if (!fault) fprintf(stderr, "%s\n", rows[i]);
        CHECK(fault == JSON_FAULT_NUMBER || (fault == JSON_FAULT_EARLY_END && cur.at == cur.end));
        CHECK(number.digits == 77);
    }
}

static void words_and_blanks_are_taken_whole(void)
{
    struct json_cursor cur = over(STR(" \t\r\n true!"));
    json_skip_blanks(&cur);
    CHECK(json_peek(&cur) == 't');
    CHECK(json_scan_word(&cur, STR("true")) == JSON_FAULT_NONE);
    CHECK(json_take(&cur, '!') && !json_take(&cur, '!') && json_peek(&cur) == '\0');
    cur = over(STR("tru"));
    CHECK(json_scan_word(&cur, STR("true")) == JSON_FAULT_WORD);
    CHECK(json_peek(&cur) == 't');
}

/* What json_cut() promises, a byte at a time. */
static size_t cut_of(struct str text)
{
    size_t depth = 0;
    for (size_t at = 0; at < text.len; at++) {
        char c = text.ptr[at];
        if (c == '"') {
            for (at++; at < text.len && text.ptr[at] != '"'; at++) at += text.ptr[at] == '\\';
        } else if (c == '{' || c == '[') {
            depth++;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return at + 1;
        }
    }
    return 0;
}

static bool is_cut_well(struct str text)
{
    struct json_cursor cur = over(text);
    struct str cut = {NULL, 0};
    size_t want = cut_of(text);
    bool closed = json_cut(&cur, &cut);
    if (!want) return !closed && cur.at == text.ptr;
    return closed && str_eq(cut, (struct str){text.ptr, want}) && cur.at == text.ptr + want;
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Blocks with and without escapes, strings and brackets across their ends, and what is never closed. */
static void a_cut_ends_where_the_first_bracket_is_closed(void)
{
    static const char marks[] = "{[}]}]\"\"\\\\";
    uint64_t state = 7;
    char text[300];
    for (int round = 0; round < 60000; round++) {
        size_t len = 1 + next_random(&state) % sizeof text;
        unsigned plain = (unsigned)(next_random(&state) % 64), kinds = round % 2 ? 10 : 8;
        for (size_t i = 0; i < len; i++) {
            bool marked = next_random(&state) % 64 >= plain;
            text[i] = marked ? marks[next_random(&state) % kinds] : (char)next_random(&state);
        }
        text[0] = round % 3 ? '{' : '[';
        CHECK(is_cut_well((struct str){text, len}));
    }
}

static void a_cut_sees_each_byte_for_what_it_is(void)
{
    char text[200];
    for (int byte = 0; byte < 256; byte++)
        for (size_t at = 1; at < sizeof text; at += 7) {
            memset(text, ' ', sizeof text);
            text[0] = '{';
            text[at] = (char)byte;
            text[sizeof text - 1] = '}';
            CHECK(is_cut_well((struct str){text, sizeof text}));
        }
}

static void every_fault_has_its_words(void)
{
#define JSON_FAULT(name, text)                                                                         \
    CHECK(strcmp(json_fault_text(JSON_FAULT_##name), text) == 0 && sizeof(text) > 5);
#include "base/json_fault.def"
#undef JSON_FAULT
}

int main(void)
{
    the_end_of_a_plain_run_is_found_at_every_place();
    every_byte_of_a_word_is_looked_at_alone();
    strings_are_decoded();
    bad_strings_stop_at_the_bad_byte();
    an_unescaped_text_never_outgrows_its_source();
    numbers_come_with_their_digits();
    bad_numbers_are_refused();
    words_and_blanks_are_taken_whole();
    a_cut_ends_where_the_first_bracket_is_closed();
    a_cut_sees_each_byte_for_what_it_is();
    every_fault_has_its_words();
    return TEST_RESULT();
}
