#include "base/diag.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "tests/test.h"

static struct arena arena;
static struct buf out;

static const char *printed(const struct diags *diags, const char *source)
{
    buf_reset(&out);
    diags_print(diags, STR("f.form"), str_of(source), &out);
    buf_putc(&out, '\0');
    return out.ptr;
}

#define CHECK_TEXT(got, want)                                                                          \
    do {                                                                                               \
        const char *got_ = (got);                                                                      \
        if (strcmp(got_, want) != 0) {                                                                 \
            fprintf(stderr, "%s:%d: got\n%s\nwant\n%s\n", __FILE__, __LINE__, got_, want);             \
            test_failures++;                                                                           \
        }                                                                                              \
    } while (0)

static void people_see_line_caret_and_hint(void)
{
    const char *source = "edition 2026\n\n  when mariage = \"yes\"\r\nend\n";
    struct diags diags;
    diags_init(&diags, &arena, 10);
    diag_add(&diags, DIAG_ERROR, "E0203", (struct span){21, 7},
             STR("there is no field \"mariage\" here"), "did you mean \"marriage\"?");
    CHECK_TEXT(printed(&diags, source), "f.form:3:8: error[E0203]: there is no field \"mariage\" here\n"
                                        "    3 |   when mariage = \"yes\"\n"
                                        "      |        ^^^^^^^\n"
                                        "      = hint: did you mean \"marriage\"?\n");
}

static void a_point_at_the_end_of_the_source_has_one_caret(void)
{
    struct diags diags;
    diags_init(&diags, &arena, 10);
    diag_add(&diags, DIAG_WARNING, "W1", (struct span){4, 0}, STR("it ends here"), NULL);
    CHECK_TEXT(printed(&diags, "ab\nc"), "f.form:2:2: warning[W1]: it ends here\n"
                                         "    2 | c\n"
                                         "      |  ^\n");
    diags.items[0].span.offset = 99; /* past the end is the end */
    CHECK_TEXT(printed(&diags, ""), "f.form:1:1: warning[W1]: it ends here\n    1 | \n      | ^\n");
}

static void columns_count_code_points_and_tabs_stay_tabs(void)
{
    const char *source = "\t\"Zoë\" x";
    struct diags diags;
    diags_init(&diags, &arena, 10);
    diag_add(&diags, DIAG_ERROR, "E1", (struct span){8, 1}, STR("m"), NULL);
    CHECK_TEXT(printed(&diags, source),
               "f.form:1:8: error[E1]: m\n    1 | \t\"Zoë\" x\n      | \t      ^\n");
    struct line_column inside = line_column_of(str_of(source), 5); /* the second byte of ë */
    CHECK(inside.line == 1 && inside.column == 5);
    struct line_column broken = line_column_of(STR("\xff\xffx"), 2);
    CHECK(broken.column == 3);
}

static void a_span_over_several_lines_is_marked_on_its_first(void)
{
    struct diags diags;
    diags_init(&diags, &arena, 10);
    diag_add(&diags, DIAG_ERROR, "E1", (struct span){1, 5}, STR("m"), NULL);
    CHECK_TEXT(printed(&diags, "abc\ndef\n"), "f.form:1:2: error[E1]: m\n    1 | abc\n      |  ^^\n");
}

static void a_long_line_is_shown_around_the_place(void)
{
    char source[1001];
    memset(source, 'a', 1000);
    source[1000] = '\0';
    struct diags diags;
    diags_init(&diags, &arena, 10);
    diag_add(&diags, DIAG_ERROR, "E1", (struct span){500, 1}, STR("m"), NULL);
    const char *text = printed(&diags, source);
    CHECK(strlen(text) < 400);
    CHECK(strstr(text, "    1 | …aaaa") && strstr(text, "aaaa…\n"));
    const char *carets =
        strchr(strchr(text, '\n') + 1, '\n') + 1; /* 8 before the bar, 1 for the dots, 80 shown */
    CHECK((size_t)(strchr(carets, '^') - carets) == 8 + 1 + 80);
    for (size_t i = 0; i + 1 < sizeof source; i += 2)
        memcpy(source + i, "ë", 2); /* no code point is cut */
    diags.items[0].span.offset = 501;
    CHECK(utf8_valid(str_of(printed(&diags, source))));
}

static void nothing_in_the_source_steers_the_terminal(void)
{
    struct diags diags;
    diags_init(&diags, &arena, 10);
    diag_addf(&diags, DIAG_ERROR, "E1", (struct span){0, 1}, "\x1b[2J", "bad \"%s\"",
              "\x1b[31m\x7f\xc2\x9b");
    const char *text = printed(&diags, "\x1b]0;x\x07\xff");
    CHECK(!strchr(text, 0x1b) && !strchr(text, 0x07) && !strchr(text, 0x7f) &&
          !strstr(text, "\xc2\x9b"));
    CHECK(utf8_valid(str_of(text)));
}

static void past_the_maximum_they_are_counted_not_kept(void)
{
    enum { MAX = limit(DIAGNOSTICS) };
    struct diags diags;
    diags_init(&diags, &arena, MAX);
    for (uint32_t i = 0; i < MAX; i++)
        CHECK(diag_addf(&diags, DIAG_ERROR, "E1", (struct span){i, 0}, NULL, "number %u", i));
    CHECK(diags.count == MAX && diags.errors == MAX);
    CHECK(!diag_add(&diags, DIAG_ERROR, "E1", (struct span){0, 0}, STR("one more"), NULL));
    CHECK(!diag_add(&diags, DIAG_WARNING, "W1", (struct span){0, 0}, STR("one more"), NULL));
    CHECK(diags.count == MAX && diags.errors == MAX + 1 && diags.warnings == 1);
    CHECK(strstr(printed(&diags, ""), "\n… and 1 error and 1 warning more; mend these first\n"));
}

static void an_error_takes_the_place_of_the_last_warning(void)
{
    struct diags diags;
    diags_init(&diags, &arena, 2);
    CHECK(diag_add(&diags, DIAG_WARNING, "W1", (struct span){0, 0}, STR("first"), NULL));
    CHECK(diag_add(&diags, DIAG_WARNING, "W2", (struct span){1, 0}, STR("second"), NULL));
    CHECK(diag_add(&diags, DIAG_ERROR, "E1", (struct span){2, 0}, STR("third"), NULL));
    CHECK(diags.count == 2 && diags.errors == 1 && diags.warnings == 2);
    CHECK(strcmp(diags.items[0].code, "W1") == 0 && strcmp(diags.items[1].code, "E1") == 0);
    CHECK(diag_add(&diags, DIAG_ERROR, "E2", (struct span){3, 0}, STR("fourth"), NULL));
    CHECK(!diag_add(&diags, DIAG_ERROR, "E3", (struct span){4, 0}, STR("fifth"), NULL));
    struct diags_more more = diags_more(&diags);
    CHECK(more.errors == 1 && more.warnings == 2);
}

static void what_was_added_is_replaced_by_another_list(void)
{
    struct diags diags, other;
    diags_init(&diags, &arena, 3);
    diags_init(&other, &arena, 2);
    diag_add(&diags, DIAG_WARNING, "W1", (struct span){0, 1}, STR("stays"), NULL);
    struct diags before = diags;
    diag_add(&diags, DIAG_ERROR, "E1", (struct span){1, 1}, STR("goes"), NULL);
    diag_add(&other, DIAG_ERROR, "E2", (struct span){2, 1}, STR("comes"), "with a hint")->related =
        (struct span){5, 1};
    diag_add(&other, DIAG_ERROR, "E3", (struct span){3, 1}, STR("comes too"), NULL);
    diag_add(&other, DIAG_ERROR, "E4", (struct span){4, 1}, STR("was not kept"), NULL);
    diags_replace(&diags, &before, &other);
    CHECK(diags.count == 3 && diags.errors == 3 && diags.warnings == 1);
    CHECK(strcmp(diags.items[1].code, "E2") == 0 && diags.items[1].related.offset == 5);
    CHECK(str_eq(diags.items[1].hint, STR("with a hint")) && diags.items[2].hint.len == 0);
}

static void they_are_sorted_by_place_then_code_and_keep_their_order_else(void)
{
    static const struct {
        uint32_t offset;
        const char *code, *message;
    } rows[] = {{9, "E2", "e"}, {3, "E9", "c"}, {9, "E1", "d"}, {3, "E1", "a"}, {3, "E1", "b"}};
    struct diags diags;
    diags_init(&diags, &arena, 10);
    for (size_t i = 0; i < 5; i++)
        diag_add(&diags, DIAG_ERROR, rows[i].code, (struct span){rows[i].offset, 0},
                 str_of(rows[i].message), NULL);
    diags_sort(&diags);
    for (size_t i = 0; i < 5; i++) CHECK(diags.items[i].message.ptr[0] == "abcde"[i]);
}

static void programs_get_json(void)
{
    struct diags diags;
    diags_init(&diags, &arena, 10);
    struct diag *diag =
        diag_add(&diags, DIAG_ERROR, "E7", (struct span){3, 1}, STR("a \"b\" \xff"), "h");
    diag->related = (struct span){0, 2};
    diag->related_message = STR("first here");
    diag_add(&diags, DIAG_WARNING, "W1", (struct span){0, 0}, STR("w"), NULL);
    buf_reset(&out);
    diags_print_json(&diags, STR("ab\nc"), &out);
    buf_putc(&out, '\0');
    CHECK_TEXT(out.ptr, "[{\"code\":\"E7\",\"severity\":\"error\",\"message\":\"a \\\"b\\\" "
                        "\xef\xbf\xbd\",\"hint\":\"h\",\"line\":2,"
                        "\"column\":1,\"offset\":3,\"length\":1,\"related\":{\"message\":\"first "
                        "here\",\"line\":1,\"column\":1,"
                        "\"offset\":0,\"length\":2}},{\"code\":\"W1\",\"severity\":\"warning\","
                        "\"message\":\"w\",\"line\":1,\"column\":1,"
                        "\"offset\":0,\"length\":0}]");
    CHECK(strstr(printed(&diags, "ab\nc"), "f.form:1:1: note: first here\n    1 | ab\n      | ^^\n"));
}

static void a_long_message_is_cut_between_code_points(void)
{
    char name[2001];
    for (size_t i = 0; i < 2000; i += 2) memcpy(name + i, "ë", 2);
    name[2000] = '\0';
    struct diags diags;
    diags_init(&diags, &arena, 10);
    struct diag *diag = diag_addf(&diags, DIAG_ERROR, "E1", (struct span){0, 0}, NULL, "%s", name);
    CHECK(diag->message.len > 1000 && diag->message.len < 1024 && utf8_valid(diag->message));
}

static void without_memory_they_are_still_counted(void)
{
    for (size_t fail_at = 1; fail_at < 4; fail_at++) {
        struct test_mem tm = TEST_MEM(.fail_at = fail_at);
        struct arena poor;
        struct diags diags;
        arena_init(&poor, &tm.mem, 1 << 20);
        diags_init(&diags, &poor, 50);
        char big[3000];
        memset(big, 'x', sizeof big);
        for (int i = 0; i < 50; i++)
            diag_add(&diags, DIAG_ERROR, "E1", (struct span){0, 0}, (struct str){big, sizeof big},
                     NULL);
        CHECK(tm.failed && diags.errors == 50 && diags.count < 50);
        for (uint32_t i = 0; i < diags.count; i++) CHECK(diags.items[i].message.len == sizeof big);
        arena_release(&poor);
        CHECK(tm.held == 0);
    }
}

static void the_nearest_word_is_near_or_none(void)
{
    static const struct {
        const char *word, *want;
    } rows[] = {
        {"mariage", "marriage"},
        {"marraige", "marriage"},
        {"MARRIAGE", "marriage"},
        {"age", "age"},
        {"aeg", "age"},
        {"salry", "salary"},
        {"income", ""},
        {"x", ""},
        {"", ""},
        {"agee", "age"},
        {"spuose_nam", "spouse_name"},
    };
    const struct str candidates[] = {STR("marriage"), STR("age"), STR("ages_of_all"), STR("salary"),
                                     STR("spouse_name")};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str got = nearest_word(str_of(rows[i].word), candidates, 5);
        if (!str_eq(got, str_of(rows[i].want)))
            fprintf(stderr, "%s: %.*s\n", rows[i].word, STR_ARG(got));
        CHECK(str_eq(got, str_of(rows[i].want)));
    }
    CHECK(nearest_word(STR("a"), NULL, 0).len == 0);
}

static void of_two_equally_near_words_the_first_is_taken(void)
{
    const struct str candidates[] = {STR("pages"), STR("pared")};
    CHECK(str_eq(nearest_word(STR("pared_"), candidates, 2), STR("pared")));
    CHECK(str_eq(nearest_word(STR("paged"), candidates, 2), STR("pages")));
}

static void words_too_long_to_compare_are_let_be(void)
{
    char word[limit(NAME_BYTES) + 2];
    memset(word, 'a', sizeof word);
    const struct str same = {word, limit(NAME_BYTES)};
    word[5] = 'b';
    CHECK(nearest_word((struct str){word, limit(NAME_BYTES) - 1}, &same, 1).len == limit(NAME_BYTES));
    CHECK(nearest_word((struct str){word, limit(NAME_BYTES) + 1}, &same, 1).len == 0);
}

int main(void)
{
    arena_init(&arena, mem_heap(), 1 << 20);
    buf_init(&out, mem_heap(), 1 << 20);
    people_see_line_caret_and_hint();
    a_point_at_the_end_of_the_source_has_one_caret();
    columns_count_code_points_and_tabs_stay_tabs();
    a_span_over_several_lines_is_marked_on_its_first();
    a_long_line_is_shown_around_the_place();
    nothing_in_the_source_steers_the_terminal();
    past_the_maximum_they_are_counted_not_kept();
    an_error_takes_the_place_of_the_last_warning();
    what_was_added_is_replaced_by_another_list();
    they_are_sorted_by_place_then_code_and_keep_their_order_else();
    programs_get_json();
    a_long_message_is_cut_between_code_points();
    without_memory_they_are_still_counted();
    the_nearest_word_is_near_or_none();
    of_two_equally_near_words_the_first_is_taken();
    words_too_long_to_compare_are_let_be();
    buf_release(&out);
    arena_release(&arena);
    return TEST_RESULT();
}
