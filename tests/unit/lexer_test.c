#include "dsl/lexer.h"

#include "tests/test.h"

/* Spells the token kinds of `source`, separated by blanks. A test then reads as a sentence. */
static const char *kinds_of(struct str source)
{
    static const char *const names[] = {
#define TOKEN(kind, description) [TOKEN_##kind] = #kind,
#define KEYWORD(kind, spelling) [TOKEN_##kind] = #kind,
#define RESERVED(kind, spelling) [TOKEN_##kind] = #kind,
#define SIGN(kind, spelling) [TOKEN_##kind] = #kind,
#define FOREIGN(spelling, kind, advice)
#include "dsl/token.def"
#undef TOKEN
#undef KEYWORD
#undef RESERVED
#undef SIGN
#undef FOREIGN
    };
    static char line[1024];
    line[0] = '\0';
    struct lexer lexer;
    lexer_init(&lexer, source);
    for (;;) {
        struct token token = lexer_next(&lexer);
        size_t used = strlen(line);
        snprintf(line + used, sizeof line - used, "%s%s", used ? " " : "", names[token.kind]);
        if (token.kind == TOKEN_END) return line;
    }
}

static int check_kinds(struct str source, const char *want, int line)
{
    const char *got = kinds_of(source);
    if (strcmp(got, want) == 0) return 0;
    fprintf(stderr, "%s:%d: %.*s\n   got  %s\n   want %s\n", __FILE__, line, STR_ARG(source), got,
            want);
    return 1;
}

#define CHECK_KINDS(source, want) (test_failures += check_kinds(STR(source), want, __LINE__))

static void words_are_names_keywords_or_reserved(void)
{
    CHECK_KINDS("", "END");
    CHECK_KINDS("age: integer required", "NAME COLON NAME REQUIRED END");
    CHECK_KINDS("requireds required_ Required", "NAME NAME NAME END");
    CHECK_KINDS("_ a1 A_b", "NAME NAME NAME END");
    CHECK_KINDS("and or not in if then else true false where outer",
                "AND OR NOT IN IF THEN ELSE TRUE FALSE WHERE OUTER END");
    CHECK_KINDS("text choices days", "NAME CHOICES NAME END");
}

static void every_keyword_is_itself(void)
{
#define TOKEN(kind, description)
#define SIGN(kind, spelling) CHECK_KINDS(spelling, #kind " END");
#define KEYWORD(kind, spelling)                                                                        \
    CHECK_KINDS(spelling, #kind " END");                                                               \
    CHECK(token_is_word(TOKEN_##kind) && !token_is_reserved(TOKEN_##kind));
#define RESERVED(kind, spelling)                                                                       \
    CHECK_KINDS(spelling, #kind " END");                                                               \
    CHECK(token_is_word(TOKEN_##kind) && token_is_reserved(TOKEN_##kind));
#define FOREIGN(spelling, kind, advice) CHECK_KINDS(spelling, "FOREIGN END");
#include "dsl/token.def"
#undef TOKEN
#undef KEYWORD
#undef RESERVED
#undef SIGN
#undef FOREIGN
}

static void numbers_have_digits_and_single_underscores(void)
{
    CHECK_KINDS("12 0.5 50_000.00 1_2_3", "NUMBER NUMBER NUMBER NUMBER END");
    CHECK_KINDS("1.5 1. .5", "NUMBER NUMBER DOT DOT NUMBER END");
    CHECK_KINDS("0..120 ..20 5.. 1.5..2.5",
                "NUMBER DOT_DOT NUMBER DOT_DOT NUMBER NUMBER DOT_DOT NUMBER DOT_DOT NUMBER END");
    CHECK_KINDS("1_ 1__0 1e5 18years 0x1F 1.5e3",
                "BAD_NUMBER BAD_NUMBER BAD_NUMBER BAD_NUMBER BAD_NUMBER BAD_NUMBER END");
    CHECK_KINDS("-1", "MINUS NUMBER END");
}

static void texts_end_with_their_line(void)
{
    CHECK_KINDS("\"\" \"a\" \"a \\\" b\" c", "TEXT TEXT TEXT NAME END");
    CHECK_KINDS("\"open\nrequired", "BAD_TEXT REQUIRED END");
    CHECK_KINDS("\"open\r\nrequired", "BAD_TEXT REQUIRED END");
    CHECK_KINDS("\"ends in a backslash \\", "BAD_TEXT END");
    CHECK_KINDS("\"backslash \\\nrequired", "BAD_TEXT REQUIRED END");
    CHECK_KINDS("\"\\{ \\u{1F600} {a.b} \\q\"", "TEXT END"); /* escapes are the parser's business */
    CHECK_KINDS("\"a\" \"b\"", "TEXT TEXT END");
    CHECK_KINDS("\"# no comment\" # one", "TEXT END");
}

static void texts_hold_utf8_without_control_characters(void)
{
    CHECK_KINDS("\"Zo\xc3\xab \xf0\x9f\x98\x80\"", "TEXT END");
    CHECK_KINDS("\"tab\tis fine\"", "TEXT END");
    CHECK_KINDS("\"a\x01\" b", "BAD_TEXT NAME END");
    CHECK_KINDS("\"a\x7f\" b", "BAD_TEXT NAME END");
    CHECK_KINDS("\"Stra\xdf"
                "e\" b",
                "BAD_TEXT NAME END");
    CHECK_KINDS("\"\xed\xa0\x80\" b", "BAD_TEXT NAME END"); /* a surrogate */
    CHECK_KINDS("\"\\\xc3\xab\"", "TEXT END"); /* a backslash before a letter of two bytes */
}

static void other_quotes_make_one_bad_text(void)
{
    CHECK_KINDS("'Your name' a", "BAD_TEXT NAME END");
    CHECK_KINDS("\u201cYour name\u201d a", "BAD_TEXT NAME END");
    CHECK_KINDS("\u201eIhr Name\u201c a", "BAD_TEXT NAME END");
    CHECK_KINDS("\u00abVotre nom\u00bb a", "BAD_TEXT NAME END");
    CHECK_KINDS("\u201cYour name\" a", "BAD_TEXT NAME END");
    CHECK_KINDS("don't", "NAME BAD NAME END");
    CHECK_KINDS("'open\nb'", "BAD NAME NAME BAD END");
}

static void other_letters_make_one_bad_word(void)
{
    CHECK_KINDS("stra\u00dfe: text", "BAD_WORD COLON NAME END");
    CHECK_KINDS("\u00e9tat \u0438\u043c\u044f", "BAD_WORD BAD_WORD END");
    CHECK_KINDS("a\u2264b", "NAME FOREIGN NAME END");
    CHECK_KINDS("a\u00a0b", "NAME BAD NAME END");
    CHECK(token_is_word(TOKEN_BAD_WORD));
}

static void longer_signs_win(void)
{
    CHECK_KINDS("a <= b < c", "NAME LESS_EQUAL NAME LESS NAME END");
    CHECK_KINDS("!= ! = ??", "NOT_EQUAL FOREIGN EQUAL COALESCE END");
    CHECK_KINDS("== === => =< <> && || & |",
                "FOREIGN FOREIGN FOREIGN FOREIGN FOREIGN FOREIGN FOREIGN FOREIGN FOREIGN END");
    CHECK_KINDS("a.b..c", "NAME DOT NAME DOT_DOT NAME END");
    CHECK_KINDS("1...5", "NUMBER FOREIGN NUMBER END");
}

static void foreign_signs_know_what_they_mean(void)
{
    struct lexer lexer;
    const char *advice = NULL;
    lexer_init(&lexer, STR("&& <>"));
    CHECK(token_meant(lexer_next(&lexer), &advice) == TOKEN_AND);
    CHECK(strcmp(advice, "write the word and") == 0);
    CHECK(token_meant(lexer_next(&lexer), &advice) == TOKEN_NOT_EQUAL);
}

static void any_bytes_become_tokens(void)
{
    CHECK_KINDS("\xff\x01@", "BAD BAD BAD END");
    test_failures += check_kinds((struct str){"a\0b", 3}, "NAME BAD NAME END", __LINE__);
    CHECK_KINDS("\xe2\x82", "BAD BAD END"); /* cut short */
    CHECK_KINDS("# all comment \xff", "END");
    CHECK_KINDS("a # one\r\n b", "NAME NAME END");
    CHECK_KINDS("\xef\xbb\xbf"
                "form",
                "FORM END");
    CHECK_KINDS("form\xef\xbb\xbf", "FORM BAD END");
}

static void tokens_know_their_place(void)
{
    struct lexer lexer;
    lexer_init(&lexer, STR("a\n  b \"c\"\n\n# x\n\td"));
    struct token a = lexer_next(&lexer), b = lexer_next(&lexer), c = lexer_next(&lexer),
                 d = lexer_next(&lexer);
    struct token end = lexer_next(&lexer), again = lexer_next(&lexer);
    CHECK(a.line == 0 && a.column == 0 && a.offset == 0 && token_end(a) == 1);
    CHECK(b.line == 1 && b.column == 2 && b.offset == 4);
    CHECK(c.line == 1 && c.column == 4 && str_eq(c.text, STR("\"c\"")));
    CHECK(d.line == 4 && d.column == 1);
    CHECK(end.kind == TOKEN_END && again.kind == TOKEN_END && end.offset == again.offset);
}

static void a_copy_looks_ahead(void)
{
    struct lexer lexer;
    lexer_init(&lexer, STR("a b c"));
    lexer_next(&lexer);
    struct lexer ahead = lexer;
    CHECK(str_eq(lexer_next(&ahead).text, STR("b")));
    CHECK(str_eq(lexer_next(&ahead).text, STR("c")));
    CHECK(str_eq(lexer_next(&lexer).text, STR("b")));
}

static void every_kind_has_a_name_for_messages(void)
{
    for (enum token_kind kind = 0; kind < TOKEN_COUNT; kind++)
        CHECK(token_spelling(kind) && *token_spelling(kind));
    CHECK(strcmp(token_spelling(TOKEN_DOT_DOT), "..") == 0);
    CHECK(strcmp(token_spelling(TOKEN_REQUIRED), "required") == 0);
}

int main(void)
{
    words_are_names_keywords_or_reserved();
    every_keyword_is_itself();
    numbers_have_digits_and_single_underscores();
    texts_end_with_their_line();
    texts_hold_utf8_without_control_characters();
    other_quotes_make_one_bad_text();
    other_letters_make_one_bad_word();
    longer_signs_win();
    foreign_signs_know_what_they_mean();
    any_bytes_become_tokens();
    tokens_know_their_place();
    a_copy_looks_ahead();
    every_kind_has_a_name_for_messages();
    return TEST_RESULT();
}
