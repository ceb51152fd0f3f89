#include "base/limits.h"
#include "base/utf8.h"
#include "dsl/automaton.h"
#include "dsl/pattern.h"
#include "tests/test.h"

static struct arena arena;
static struct categories categories;

static enum status parse(const char *text, const struct pattern **ret, struct pattern_fault *fault)
{
    return pattern_parse(&arena, &categories, str_of(text), ret, fault);
}

static bool takes(const char *text)
{
    const struct pattern *pattern;
    struct pattern_fault fault = {0};
    enum status st = parse(text, &pattern, &fault);
    if (st) fprintf(stderr, "%s: %.*s (at %u)\n", text, STR_ARG(fault.message), fault.offset);
    return st == ST_OK;
}

static void what_the_grammar_of_rfc_9485_makes_is_taken(void)
{
    static const char *const patterns[] = {
        "",
        "a",
        "ab|cd",
        "|",
        "a||b",
        "()",
        "(a|b)*c",
        "a?b+c*",
        "a{3}",
        "a{3,}",
        "a{3,5}",
        "a{0}",
        ".",
        "..",
        "[abc]",
        "[^abc]",
        "[a-z0-9]",
        "[-a]",
        "[a-]",
        "[^-a-]",
        "[\\-\\]\\\\]",
        "[^^]",
        "[a^]",
        "\\p{L}\\P{Lu}",
        "[\\p{Nd}_]",
        "\\(\\)\\*\\+\\-\\.\\?\\[\\\\\\]\\^\\n\\r\\t\\{\\|\\}",
        "-",
        ",",
        "a^b",
        "a$b",
        "é{2}",
        "[à-ÿ]",
        "[.]",
        "[ -~]",
        "[--]",
        "((((((((a))))))))",
        "[(]",
        "[a|b]",
        "[$]",
        "\"'",
        "#!/",
    };
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) CHECK(takes(patterns[i]));
}

/* A pattern, where it goes wrong, its code, words of the message and of the hint. */
static const struct {
    const char *pattern;
    uint32_t offset, len;
    const char *code, *message, *hint;
} refused[] = {
    {"\\d+", 0, 2, "E0171", "I-Regexp has no \\d", "write [0-9]"},
    {"[\\w]", 1, 2, "E0171", "I-Regexp has no \\w", "write [A-Za-z0-9_]"},
    {"ab\\s", 2, 2, "E0171", "no \\s", "write [ \\t"},
    {"a\\1", 1, 2, "E0171", "no \\1", "references"},
    {"\\é", 0, 3, "E0171", "no \\é", "may follow"},
    {"ab\\", 2, 1, "E0170", "ends in a backslash", "write \\\\"},
    {"^abc", 0, 1, "E0171", "no anchors", "leave it out, or write \\^"},
    {"abc$", 3, 1, "E0171", "no anchors", "[$]"},
    {"(ab|^c)", 4, 1, "E0171", "no anchors", "leave it out"},
    {"(ab$|c)", 3, 1, "E0171", "no anchors", "leave it out"},
    {"(?:ab)", 0, 3, "E0171", "no (?", "without ?:"},
    {"(?!ab)c", 0, 3, "E0171", "no (?", "look-around"},
    {"a*?", 1, 2, "E0171", "neither lazy", "leave the second sign out"},
    {"a{2}+", 1, 4, "E0171", "neither lazy", "leave the second sign out"},
    {"a**", 2, 1, "E0170", "nothing to stand behind", "backslash"},
    {"*a", 0, 1, "E0170", "nothing to stand behind", "backslash"},
    {"a|+", 2, 1, "E0170", "nothing to stand behind", "backslash"},
    {"a{2", 1, 2, "E0170", "{n}, {n,} or {n,m}", "write \\{"},
    {"a{,2}", 1, 3, "E0170", "{n}, {n,} or {n,m}", "write \\{"},
    {"a{x}", 1, 1, "E0170", "{n}, {n,} or {n,m}", "write \\{"},
    {"a{3,2}", 1, 5, "E0170", "most is less", NULL},
    {"a{1001}", 1, 6, "E0172", "too long", "length"},
    {"(a{40}){30}", 0, 11, "E0172", "inside repetitions", "length"},
    {"(a", 0, 2, "E0170", "not closed", NULL},
    {"a)b", 1, 1, "E0170", "closes nothing", "\\)"},
    {"a]", 1, 1, "E0170", "closes nothing", "backslash"},
    {"}", 0, 1, "E0170", "closes nothing", "backslash"},
    {"[]", 0, 1, "E0170", "empty", "\\]"},
    {"[^]a]", 0, 2, "E0170", "empty", "\\]"},
    {"[abc", 0, 4, "E0170", "not closed", NULL},
    {"[a-", 1, 2, "E0170", "not closed", NULL},
    {"[z-a]", 1, 3, "E0170", "wrong way round", "smaller"},
    {"[a-c-e]", 4, 1, "E0171", "\"-\" here", "\\-"},
    {"[---]", 2, 1, "E0171", "\"-\" here", "\\-"},
    {"[[a]]", 1, 1, "E0171", "\"[\" inside", "\\["},
    {"[[:alpha:]]", 1, 1, "E0171", "\"[\" inside", "[:names:]"},
    {"[a-\\p{L}]", 1, 2, "E0171", "one character", NULL},
    {"\\p{Latin}", 0, 9, "E0171", "no category \"Latin\"", "\\p{Lu}"},
    {"\\p{Lx}", 0, 6, "E0171", "no category \"Lx\"", "\\p{Lu}"},
    {"\\p{}", 0, 4, "E0171", "no category", "\\p{Lu}"},
    {"\\pL", 0, 2, "E0170", "in braces", "\\p{Lu}"},
    {"\\p{L", 0, 4, "E0170", "not closed", "\\p{Lu}"},
};

static void what_is_outside_the_grammar_is_refused_with_its_place_and_a_hint(void)
{
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        const struct pattern *pattern;
        struct pattern_fault fault = {0};
        CHECK_STATUS(parse(refused[i].pattern, &pattern, &fault), ST_INPUT);
        if (!fault.message.ptr) continue;
        bool same = fault.offset == refused[i].offset && fault.len == refused[i].len &&
                    strcmp(fault.code, refused[i].code) == 0 &&
                    strstr(fault.message.ptr, refused[i].message) &&
                    (refused[i].hint ? fault.hint && strstr(fault.hint, refused[i].hint) : !fault.hint);
        if (!same)
            fprintf(stderr, "%s: %s at %u, %u: %s | %s\n", refused[i].pattern, fault.code, fault.offset,
                    fault.len, fault.message.ptr, fault.hint ? fault.hint : "no hint");
        CHECK(same);
    }
}

static void nesting_length_and_repetitions_end_at_their_limits(void)
{
    char text[limit(PATTERN_BYTES) + 2];
    const struct pattern *pattern;
    struct pattern_fault fault = {0};
    for (int depth = limit(PATTERN_NESTING); depth <= limit(PATTERN_NESTING) + 1; depth++) {
        memset(text, '(', (size_t)depth);
        memset(text + depth, ')', (size_t)depth);
        text[2 * depth] = '\0';
        CHECK_STATUS(parse(text, &pattern, &fault), depth == limit(PATTERN_NESTING) ? ST_OK : ST_INPUT);
    }
    for (size_t len = limit(PATTERN_BYTES); len <= limit(PATTERN_BYTES) + 1; len++) {
        memset(text, 'a', len);
        text[len] = '\0';
        CHECK_STATUS(parse(text, &pattern, &fault), len == limit(PATTERN_BYTES) ? ST_OK : ST_INPUT);
    }
    CHECK_STATUS(parse("a{1000}", &pattern, &fault), ST_OK);
    CHECK_STATUS(parse("(a{10}){100}", &pattern, &fault), ST_OK);
    CHECK_STATUS(parse("((a{10}){0,100}){2}", &pattern, &fault), ST_INPUT);
    CHECK_STATUS(parse("(\\p{L}{1000})(\\p{L}{1000})", &pattern, &fault), ST_INPUT);
    CHECK(strcmp(fault.code, "E0172") == 0);
}

/* `letters` times any letter, then `more` times one character. */
static bool fits(int letters, int more)
{
    char text[80];
    const struct pattern *pattern;
    struct pattern_fault fault = {0};
    int half = more / 2;
    snprintf(text, sizeof text, "\\p{L}{%d}a{%d}b{%d}", letters, half, more - half);
    enum status st = parse(text, &pattern, &fault);
    CHECK(st == ST_OK || (st == ST_INPUT && strcmp(fault.code, "E0172") == 0));
    return st == ST_OK;
}

static uint32_t ranges_of_letters(void)
{
    const struct pattern *pattern;
    struct pattern_fault fault = {0};
    CHECK_STATUS(parse("\\p{L}", &pattern, &fault), ST_OK);
    while (pattern->first) pattern = pattern->first;
    return pattern->range_count;
}

/* A repetition and what it repeats count one each beside the ranges, the sequence one: so a letter more
 * is its ranges and 2, an a more is 3. */
static void written_out_it_has_so_many_ranges_and_no_more(void)
{
    int letters = 1, more = 2, each = (int)ranges_of_letters() + 2;
    while (fits(letters + 1, more)) letters++;
    while (fits(letters, more + 1)) more++;
    int size = letters * each + more * 3 + 1;
    CHECK(each > 100 && letters > 100);
    CHECK(size <= limit(PATTERN_SIZE) && size + 3 > limit(PATTERN_SIZE));
}

static void a_full_arena_is_told_and_not_a_fault_of_the_pattern(void)
{
    for (size_t bytes = 0; bytes < 6000; bytes += 500) {
        struct arena small;
        const struct pattern *pattern;
        struct pattern_fault fault = {0};
        struct categories none = {0};
        arena_init(&small, mem_heap(), bytes);
        CHECK_STATUS(
            pattern_parse(&small, &none, STR("([a-z]{2,5}[\\p{L}]|(c|d)*)+"), &pattern, &fault),
            ST_LIMIT);
        arena_release(&small);
    }
}

/* By hand: whether code points have a category is asked of the table itself in category's own loop,
 * here of known ones. */
static void categories_hold_the_characters_that_unicode_says(void)
{
    static const struct {
        const char *pattern, *in, *out;
    } cases[] = {
        {"\\p{Lu}", "A\0Ä\0Ж\0𝐀", "a"},
        {"\\p{Ll}", "a", "A"},
        {"\\p{Nd}", "7", "x"},
        {"\\p{N}", "Ⅷ", "x"},
        {"\\P{L}", "-", "q"},
        {"\\p{Zs}", " ", "_"},
        {"\\p{Sc}", "€", "E"},
        {"\\p{Co}", "\xee\x80\x80", "e"},
        {"\\p{Cn}", "\xf3\xa1\x80\x80", "e"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct pattern *pattern;
        struct pattern_fault fault;
        uint32_t in, out;
        bool has_in = false, has_out = false;
        CHECK_STATUS(parse(cases[i].pattern, &pattern, &fault), ST_OK);
        utf8_next(str_of(cases[i].in), &in);
        utf8_next(str_of(cases[i].out), &out);
        const struct pattern *class = pattern->first->first;
        for (uint32_t k = 0; k < class->range_count; k++) {
            has_in |= class->ranges[k].from <= in && in <= class->ranges[k].to;
            has_out |= class->ranges[k].from <= out && out <= class->ranges[k].to;
        }
        CHECK(has_in && !has_out);
    }
}

static void re2_text(const char *text, const char *want)
{
    struct buf out;
    const struct pattern *pattern;
    struct pattern_fault fault;
    buf_init(&out, mem_heap(), 100000);
    CHECK_STATUS(parse(text, &pattern, &fault), ST_OK);
    pattern_put_re2(&out, pattern);
    if (!str_eq(buf_str(&out), str_of(want))) fprintf(stderr, "%.*s\n", STR_ARG(buf_str(&out)));
    CHECK(str_eq(buf_str(&out), str_of(want)));
    buf_release(&out);
}

static void a_pattern_can_be_written_for_re2(void)
{
    re2_text("ab?", "(?:(?:[\\x{61}-\\x{61}](?:[\\x{62}-\\x{62}]){0,1}))");
    re2_text("[a-z]{2,}|", "(?:(?:(?:[\\x{61}-\\x{7A}]){2,})|(?:))");
    re2_text("[^\\p{L}\\P{L}]", "(?:(?:[^\\x{0}-\\x{10FFFF}]))");
}

int main(void)
{
    arena_init(&arena, mem_heap(), 64 << 20);
    what_the_grammar_of_rfc_9485_makes_is_taken();
    what_is_outside_the_grammar_is_refused_with_its_place_and_a_hint();
    nesting_length_and_repetitions_end_at_their_limits();
    written_out_it_has_so_many_ranges_and_no_more();
    a_full_arena_is_told_and_not_a_fault_of_the_pattern();
    categories_hold_the_characters_that_unicode_says();
    a_pattern_can_be_written_for_re2();
    arena_release(&arena);
    return TEST_RESULT();
}
