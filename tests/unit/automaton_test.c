#include "base/json_value.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "dsl/automaton.h"
#include "runtime/matcher.h"
#include "tests/test.h"

static struct arena arena, scratch;
static struct categories categories;

static struct automaton_budget full_budget(void)
{
    return (struct automaton_budget){limit(PATTERN_WORK), limit(PATTERN_TABLE_BYTES)};
}

static const struct pattern *parsed(const char *text)
{
    const struct pattern *pattern = NULL;
    struct pattern_fault fault = {0};
    CHECK_STATUS(pattern_parse(&arena, &categories, str_of(text), &pattern, &fault), ST_OK);
    if (!pattern) fprintf(stderr, "%s: %.*s\n", text, STR_ARG(fault.message));
    return pattern;
}

static const struct dfa *built(const char *text)
{
    struct automaton_budget budget = full_budget();
    const struct dfa *dfa = NULL;
    arena_reset(&scratch);
    CHECK_STATUS(automaton_build(&scratch, &arena, parsed(text), &budget, &dfa), ST_OK);
    return dfa;
}

static void patterns_match_whole_texts(void)
{
    static const struct {
        const char *pattern, *yes[4], *no[4];
    } cases[] = {
        {"", {""}, {"a", " "}},
        {"a", {"a"}, {"", "aa", "b"}},
        {"a|bc|", {"a", "bc", ""}, {"b", "c", "abc"}},
        {"(a|b)*c", {"c", "abbac"}, {"", "ab", "cc", "cab"}},
        {"(a*)*", {"", "aaa"}, {"b"}},
        {"(|a)+b", {"b", "aab"}, {"a"}},
        {"a{2,3}", {"aa", "aaa"}, {"a", "aaaa", ""}},
        {"a{0}", {""}, {"a"}},
        {"(ab){2,}", {"abab", "ababab"}, {"ab", "aba"}},
        {"[A-Z]{2}[0-9]{6}[A-D]", {"AB123456C"}, {"AB12345C", "ab123456c", "AB123456E"}},
        {".", {"x", "é", "😀", "\xe2\x80\xa8"}, {"\n", "\r", "", "xx"}},
        {"[^a]", {"b", "é", "\n", "😀"}, {"a", "", "\xc3", "\xed\xa0\x80"}},
        {"[à-ÿ]+", {"é", "àÿ"}, {"e", "Ā", "\xc3"}},
        {"[߿-ࠀ]", {"߿", "ࠀ"}, {"ߞ", "ࠁ"}},
        {"[\xef\xbf\xbf-𐀀]", {"\xef\xbf\xbf", "𐀀"}, {"\xef\xbf\xbe", "𐀁"}},
        {"\\p{L}+", {"Zoë", "Жук", "漢字"}, {"", "a1", "a b"}},
        {"[^\\p{L}\\P{L}]", {NULL}, {"", "a", "1"}},
        {"[^\\p{L}\\P{L}]|x", {"x"}, {"", "a", "1"}},
        {"\\P{Lu}{2}", {"ab", "12"}, {"aB", "a"}},
        {"[\\-a\\]]+", {"-a]"}, {"\\"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct dfa *dfa = built(cases[i].pattern);
        CHECK(dfa && dfa_valid(dfa));
        for (int k = 0; dfa && k < 4 && cases[i].yes[k]; k++)
            CHECK(dfa_match(dfa, str_of(cases[i].yes[k])));
        for (int k = 0; dfa && k < 4 && cases[i].no[k]; k++)
            CHECK(!dfa_match(dfa, str_of(cases[i].no[k])));
    }
}

static void tables_are_as_small_as_can_be(void)
{
    /* Pattern and its number of states, dead one included, counted by hand. */
    static const struct {
        const char *pattern;
        uint16_t states, classes;
    } cases[] = {
        {"a", 3, 2},
        {"", 2, 1},
        {"a*", 2, 2},
        {"(a|b)(a|b)", 4, 2},
        {"ab|cb", 4, 3},
        {"a{3}", 5, 2},
        {"(a|aa)*", 2, 2},
        {"(ab|ac|ad)", 4, 3},
        {"[0-9]|[0-8]|9", 3, 2},
        {"é", 4, 3},
        {"[^\\p{L}\\P{L}]", 2, 1},
        {"x(ab|cd)|y(ab|cd)", 6, 6},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct dfa *dfa = built(cases[i].pattern);
        if (dfa && (dfa->states != cases[i].states || dfa->nclasses != cases[i].classes))
            fprintf(stderr, "%s: %u states, %u classes\n", cases[i].pattern, dfa->states,
                    dfa->nclasses);
        CHECK(dfa && dfa->states == cases[i].states && dfa->nclasses == cases[i].classes);
    }
}

/* (a|b)*a(a|b){n} needs 2^(n + 1) states: the textbook's example. */
static void a_table_past_the_cap_is_not_made(void)
{
    CHECK(built("(a|b)*a(a|b){9}") && built("(a|b)*a(a|b){9}")->states == 1025);
    CHECK(!built("(a|b)*a(a|b){10}"));
    CHECK(!built("(a|b)*a(a|b){900}"));
    CHECK(!built("\\p{L}{1,100}"));
    CHECK(built("[a-z]{998}") && built("a{1000}a{997}")->states == limit(PATTERN_STATES) - 1);
    CHECK(built("a{1000}a{998}") && built("a{1000}a{998}")->states == limit(PATTERN_STATES));
    CHECK(!built("a{1000}a{999}"));
}

static void patterns_share_one_budget(void)
{
    struct automaton_budget budget = full_budget();
    const struct dfa *dfa = NULL;
    const struct pattern *pattern = parsed("[a-z]{1,100}");
    int made = 0;
    for (int i = 0; i < 10000; i++) {
        arena_reset(&scratch);
        CHECK_STATUS(automaton_build(&scratch, &arena, pattern, &budget, &dfa), ST_OK);
        if (!dfa) break;
        made++;
    }
    CHECK(made > 100 && !dfa);
    budget = (struct automaton_budget){limit(PATTERN_WORK), 404};
    CHECK_STATUS(automaton_build(&scratch, &arena, parsed("a{99}"), &budget, &dfa), ST_OK);
    CHECK(dfa && budget.table_bytes == 0);
    CHECK_STATUS(automaton_build(&scratch, &arena, parsed("a"), &budget, &dfa), ST_OK);
    CHECK(!dfa);
}

static void a_full_arena_is_told_unless_it_is_the_scratch_one(void)
{
    struct arena small;
    struct automaton_budget budget = full_budget();
    const struct dfa *dfa = NULL;
    arena_init(&small, mem_heap(), 64);
    CHECK_STATUS(automaton_build(&scratch, &small, parsed("[a-z]+"), &budget, &dfa), ST_LIMIT);
    CHECK_STATUS(automaton_build(&small, &arena, parsed("[a-z]+"), &budget, &dfa), ST_OK);
    CHECK(!dfa);
    arena_release(&small);
    for (size_t fail = 1; fail < 8; fail++) {
        struct test_mem tm = TEST_MEM(.fail_at = fail);
        arena_init(&small, &tm.mem, 64 << 20);
        CHECK_STATUS(automaton_build(&small, &arena, parsed("[a-z]{2,50}|\\p{Lu}"), &budget, &dfa),
                     tm.failed ? ST_NOMEM : ST_OK);
        arena_release(&small);
        CHECK(tm.held == 0);
    }
}

/* ---- against RE2 */

static uint64_t seed = 1;

static uint32_t draw(uint32_t below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % below;
}

static void draw_atom(struct buf *out, int depth);

static void draw_pattern(struct buf *out, int depth)
{
    uint32_t pieces = 1 + draw(3);
    for (uint32_t i = 0; i < pieces; i++) {
        draw_atom(out, depth);
        static const char *const quantifiers[] = {"",  "",    "",      "*",    "+",
                                                  "?", "{2}", "{1,3}", "{2,}", "{0,2}"};
        buf_puts(out, quantifiers[draw(sizeof quantifiers / sizeof quantifiers[0])]);
    }
    if (depth > 0 && draw(3) == 0) {
        buf_putc(out, '|');
        draw_pattern(out, depth - 1);
    }
}

static void draw_atom(struct buf *out, int depth)
{
    static const char *const atoms[] = {"a",    "b",       "é",       "😀",     ".",      "[ab]",
                                        "[^a]", "[a-é]",   "\\p{Lu}", "[^é😀]", "\\P{L}", "[\\p{Nd}a]",
                                        "\\.",  "[.\\-a]", "ࠀ",       "[à-𐀀]"};
    if (depth > 0 && draw(4) == 0) {
        buf_putc(out, '(');
        draw_pattern(out, depth - 1);
        buf_putc(out, ')');
        return;
    }
    buf_puts(out, atoms[draw(sizeof atoms / sizeof atoms[0])]);
}

static void draw_text(struct buf *out)
{
    static const char *const parts[] = {"a", "b", "é", "😀", "A", "7", ".", "\n", "ࠀ", "-", "à", "c"};
    uint32_t count = draw(8);
    for (uint32_t i = 0; i < count; i++)
        buf_puts(out, parts[draw(draw(2) ? 4 : sizeof parts / sizeof parts[0])]);
}

static long disagreements(const struct dfa *dfa, const struct matcher *oracle, const char *pattern)
{
    long wrong = 0;
    struct buf text;
    buf_init(&text, mem_heap(), 1000);
    for (int i = 0; i < 200; i++) {
        buf_reset(&text);
        draw_text(&text);
        bool want = matcher_match(oracle, buf_str(&text));
        if (dfa_match(dfa, buf_str(&text)) == want) continue;
        if (!wrong++)
            fprintf(stderr, "%s: %.*s: RE2 says %d\n", pattern, STR_ARG(buf_str(&text)), want);
    }
    buf_release(&text);
    return wrong;
}

static struct matcher *oracle_of(const struct pattern *pattern)
{
    struct buf re2;
    struct matcher *oracle = NULL;
    buf_init(&re2, mem_heap(), 1 << 20);
    pattern_put_re2(&re2, pattern);
    CHECK_STATUS(matcher_new(buf_str(&re2), &oracle), ST_OK);
    buf_release(&re2);
    return oracle;
}

static void random_patterns_mean_the_same_to_re2(void)
{
    long made = 0;
    struct buf text;
    buf_init(&text, mem_heap(), 10000);
    for (int i = 0; i < 250; i++) {
        buf_reset(&text);
        draw_pattern(&text, 3);
        buf_putc(&text, '\0');
        const struct dfa *dfa = built(text.ptr);
        if (!dfa) continue;
        made++;
        struct matcher *oracle = oracle_of(parsed(text.ptr));
        if (oracle) CHECK(disagreements(dfa, oracle, text.ptr) == 0);
        matcher_free(oracle);
    }
    CHECK(made > 200);
    buf_release(&text);
}

/* ---- patterns of real forms */

/* What an author does by hand: anchors go, shorthands are spelt out. */
static void translate(struct str line, struct buf *out)
{
    if (line.len && line.ptr[0] == '^') line.ptr++, line.len--;
    bool anchored =
        line.len && line.ptr[line.len - 1] == '$' && !(line.len > 1 && line.ptr[line.len - 2] == '\\');
    if (anchored) line.len--;
    bool in_class = false;
    for (size_t i = 0; i < line.len; i++) {
        char c = line.ptr[i], next = i + 1 < line.len ? line.ptr[i + 1] : '\0';
        const char *spelt = NULL;
        if (c == '\\' && next == 'd') spelt = in_class ? "0-9" : "[0-9]";
        else if (c == '\\' && next == 'D') spelt = "[^0-9]";
        else if (c == '\\' && next == 's') spelt = in_class ? " \\t\\n\\r" : "[ \\t\\n\\r]";
        else if (c == '\\' && next == 'S') spelt = "[^ \\t\\n\\r]";
        else if (c == '\\' && next == 'w') spelt = in_class ? "A-Za-z0-9_" : "[A-Za-z0-9_]";
        else if (c == '\\' && next == 'W') spelt = "[^A-Za-z0-9_]";
        else if (c == '\\' && next && strchr("/\"'@:;,!#%&=<>~ _`", next)) spelt = "";
        else if (c == '(' && next == '?' && i + 2 < line.len && line.ptr[i + 2] == ':') spelt = "(";
        bool quantified =
            i > 0 && strchr("*+?}", line.ptr[i - 1]) && (i < 2 || line.ptr[i - 2] != '\\');
        if (c == '?' && quantified && !in_class)
            continue; /* how much is taken first is all the same to a whole match */
        if (c == '[' && !spelt) in_class = true;
        if (c == ']') in_class = false;
        if (!spelt) {
            buf_putc(out, c);
            if (c == '\\' && next) buf_putc(out, line.ptr[++i]);
            continue;
        }
        buf_puts(out, spelt);
        i += spelt[0] == '(' ? 2 : spelt[0] != '\0';
    }
    buf_putc(out, '\0');
}

static const char corpus[] = "../shared/corpus/conf-regex/patterns-in-real-forms.txt";

static void patterns_of_real_forms_fit_a_table_once_translated(const char *root)
{
    char path[1000], line[1000];
    snprintf(path, sizeof path, "%s/%s", root, corpus);
    FILE *file = fopen(path, "r");
    if (!file) {
        fprintf(stderr, "SKIPPED: %s is not there\n", path);
        return;
    }
    int made = 0, other = 0;
    struct buf text;
    buf_init(&text, mem_heap(), 10000);
    while (fgets(line, sizeof line, file)) {
        buf_reset(&text);
        translate((struct str){line, strcspn(line, "\n")}, &text);
        const struct pattern *pattern;
        struct pattern_fault fault;
        enum status st = pattern_parse(&arena, &categories, str_of(text.ptr), &pattern, &fault);
        if (st) {
            other++; /* look-around, mostly, and lines that are no patterns */
            CHECK(strcmp(fault.code, "E0171") == 0 || strcmp(fault.code, "E0170") == 0);
            continue;
        }
        const struct dfa *dfa = built(text.ptr);
        CHECK(dfa);
        struct matcher *oracle = oracle_of(pattern);
        if (dfa && oracle) CHECK(disagreements(dfa, oracle, text.ptr) == 0);
        matcher_free(oracle);
        made++;
    }
    fprintf(stderr, "%d patterns of real forms in tables, %d not I-Regexp\n", made, other);
    CHECK(made >= 68 && other <= 13);
    buf_release(&text);
    fclose(file);
}

/* ---- attacks: a pattern, and a text on which a backtracking matcher takes for ever */

/* `"pre"+"pump"*5000+"suf"`, each quoted as JSON quotes. */
static bool spell_attack(struct str attack, struct buf *out)
{
    size_t at = 0;
    while (at < attack.len) {
        size_t end = at + 1;
        while (end < attack.len && attack.ptr[end] != '"') end += attack.ptr[end] == '\\' ? 2 : 1;
        if (attack.ptr[at] != '"' || end >= attack.len) return false;
        struct json_value text;
        struct json_error error;
        if (json_read(&scratch, (struct str){attack.ptr + at, end + 1 - at}, 4, &text, &error) != ST_OK)
            return false;
        long times = 1;
        at = end + 1;
        if (at < attack.len && attack.ptr[at] == '*') times = strtol(attack.ptr + at + 1, NULL, 10);
        for (long i = 0; i < times; i++) buf_put(out, text.text);
        while (at < attack.len && attack.ptr[at] != '+') at++;
        at += at < attack.len;
    }
    return !buf_failed(out);
}

struct attacks {
    int read, tables, large, other;
};

/* By a table, or past the cap on its states by RE2, as the product does; where there are both they
 * agree. */
static void attack_one(const struct json_value *line, struct attacks *attacks)
{
    struct str regex, attack;
    struct buf pattern_text, text;
    const struct pattern *pattern;
    struct pattern_fault fault;
    buf_init(&pattern_text, mem_heap(), 1 << 16);
    buf_init(&text, mem_heap(), 1 << 22);
    bool spelt = json_get_str(line, STR("regex"), &regex) &&
                 json_get_str(line, STR("attack"), &attack) && spell_attack(attack, &text);
    attacks->read += spelt;
    if (spelt) translate(regex, &pattern_text);
    bool ours = spelt &&
                pattern_parse(&arena, &categories, str_of(pattern_text.ptr), &pattern, &fault) == ST_OK;
    if (ours) {
        struct automaton_budget budget = full_budget();
        const struct dfa *dfa = NULL;
        arena_reset(&scratch);
        CHECK_STATUS(automaton_build(&scratch, &arena, pattern, &budget, &dfa), ST_OK);
        struct matcher *oracle = oracle_of(pattern);
        CHECK(dfa || oracle);
        bool by_table = dfa && dfa_match(dfa, buf_str(&text));
        if (oracle) CHECK(!dfa || by_table == matcher_match(oracle, buf_str(&text)));
        attacks->tables += dfa != NULL;
        attacks->large += !dfa;
        matcher_free(oracle);
    }
    attacks->other += spelt && !ours;
    buf_release(&text);
    buf_release(&pattern_text);
}

/* A matcher that backtracks would not come to the end of this in a day. */
static void every_attack_on_a_pattern_is_answered(const char *root)
{
    char path[1000], line[8000];
    struct attacks attacks = {0};
    snprintf(path, sizeof path, "%s/../shared/corpus/conf-regex/regexlib-redos.jsonl", root);
    FILE *file = fopen(path, "r");
    if (!file) {
        fprintf(stderr, "SKIPPED: %s is not there\n", path);
        return;
    }
    while (fgets(line, sizeof line, file)) {
        struct json_value value;
        struct json_error error;
        struct arena lines;
        arena_init(&lines, mem_heap(), 1 << 20);
        if (json_read(&lines, (struct str){line, strcspn(line, "\n")}, 8, &value, &error) == ST_OK)
            attack_one(&value, &attacks);
        arena_release(&lines);
        arena_reset(&arena);
    }
    fclose(file);
    fprintf(stderr, "%d attacks: %d answered by tables, %d by RE2, %d on what is not I-Regexp\n",
            attacks.read, attacks.tables, attacks.large, attacks.other);
    CHECK(attacks.read == 701 && attacks.tables + attacks.large >= 300);
}

int main(int argc, char **argv)
{
    arena_init(&arena, mem_heap(), 512 << 20);
    arena_init(&scratch, mem_heap(), 512 << 20);
    patterns_match_whole_texts();
    tables_are_as_small_as_can_be();
    a_table_past_the_cap_is_not_made();
    patterns_share_one_budget();
    a_full_arena_is_told_unless_it_is_the_scratch_one();
    random_patterns_mean_the_same_to_re2();
    patterns_of_real_forms_fit_a_table_once_translated(argc > 1 ? argv[1] : ".");
    every_attack_on_a_pattern_is_answered(argc > 1 ? argv[1] : ".");
    arena_release(&scratch);
    arena_release(&arena);
    return TEST_RESULT();
}
