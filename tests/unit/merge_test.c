#include "dsl/dsl.h"

#include "base/limits.h"
#include "tests/test.h"

static struct arena arena;

static const char form[] =
    "edition 2026 form f \"F\" { languages en, de, fr a: text \"A\" # }\n} # end }\n";

static void without_files_nothing_is_copied(void)
{
    struct str whole;
    CHECK_STATUS(dsl_merge(&arena, str_of(form), NULL, 0, &whole), ST_OK);
    CHECK(whole.ptr == form && whole.len == sizeof form - 1);
}

static void each_file_becomes_a_block_before_the_end(void)
{
    struct str whole;
    struct dsl_entries files[] = {{.language = STR("de"), .text = STR("a \"B\" # }")},
                                  {.language = STR("fr"), .text = STR("title \"{x}\"\n")}};
    CHECK_STATUS(dsl_merge(&arena, str_of(form), files, 2, &whole), ST_OK);
    CHECK(str_eq(whole, STR("edition 2026 form f \"F\" { languages en, de, fr a: text \"A\" # }\n"
                            "\ntranslate de {\na \"B\" # }\n}\n"
                            "\ntranslate fr {\ntitle \"{x}\"\n\n}\n"
                            "} # end }\n")));
    for (size_t i = 0; i < 2; i++)
        CHECK(str_eq((struct str){whole.ptr + files[i].at, files[i].text.len}, files[i].text));
}

static void a_brace_would_end_the_block_and_is_refused(void)
{
    struct str whole;
    struct dsl_entries files[] = {
        {.language = STR("de"), .text = STR("a \"B\"")},
        {.language = STR("fr"), .text = STR("a \"C\" } b: text translate fr {")}};
    CHECK_STATUS(dsl_merge(&arena, str_of(form), files, 2, &whole), ST_INPUT);
    CHECK(files[1].brace == 6);
    CHECK(whole.ptr == form);
}

static void the_whole_compiles_as_if_written_so(void)
{
    struct str whole, text;
    struct diags diags;
    struct program *program;
    struct dsl_entries files[] = {{.language = STR("de"), .text = STR("a \"Ah\"")}};
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(dsl_merge(&arena, str_of(form), files, 1, &whole), ST_OK);
    CHECK_STATUS(dsl_format(&arena, whole, &diags, &text), ST_OK);
    CHECK_STATUS(dsl_compile(mem_heap(), text, &diags, &program), ST_OK);
    struct program_part part;
    struct passage label = passage_open(&program->nodes[1].label, 1);
    CHECK(label.language == 1 && passage_next(&label, &part) && str_eq(part.literal, STR("Ah")));
    CHECK(passage_open(&program->nodes[1].label, 2).language == 0);
    program_release(program);
}

static void what_has_no_end_is_left_to_the_parser(void)
{
    struct str whole;
    struct dsl_entries files[] = {{.language = STR("de"), .text = STR("a \"B\"")}};
    CHECK_STATUS(dsl_merge(&arena, STR("form"), files, 1, &whole), ST_OK);
    CHECK(str_eq(whole, STR("form\ntranslate de {\na \"B\"\n}\n")));
    CHECK_STATUS(dsl_merge(&arena, STR(""), files, 1, &whole), ST_OK);
    CHECK(str_eq(whole, STR("\ntranslate de {\na \"B\"\n}\n")));
}

static bool laid_out(const char *entries, const char *want)
{
    struct str text;
    struct diags diags;
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(dsl_format_entries(&arena, str_of(entries), &diags, &text), ST_OK);
    bool same = str_eq(text, str_of(want));
    if (!same) fprintf(stderr, "got %.*s\n", STR_ARG(text));
    return same;
}

static void entries_are_laid_out_as_in_their_block(void)
{
    static const char tidy[] = "# by hand\ntitle \"T\"\na.b \"x\" of \"y\" # why\n";
    CHECK(laid_out("  # by hand\ntitle   \"T\" a . b \"x\" of\n\"y\" # why", tidy));
    CHECK(laid_out(tidy, tidy));
    CHECK(laid_out("", ""));
    CHECK(laid_out("# nothing yet", "# nothing yet\n"));
}

static void what_is_wrong_in_entries_is_told_where_it_stands(void)
{
    struct str text;
    struct diags diags;
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(dsl_format_entries(&arena, STR("title 5"), &diags, &text), ST_INPUT);
    CHECK(diags.count == 1 && diags.items[0].span.offset == 6);
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(dsl_format_entries(&arena, STR("title \"T\" }"), &diags, &text), ST_INPUT);
    CHECK(diags.count == 1 && diags.items[0].span.offset == 10);
}

int main(void)
{
    arena_init(&arena, mem_heap(), 1 << 20);
    without_files_nothing_is_copied();
    each_file_becomes_a_block_before_the_end();
    a_brace_would_end_the_block_and_is_refused();
    the_whole_compiles_as_if_written_so();
    what_has_no_end_is_left_to_the_parser();
    entries_are_laid_out_as_in_their_block();
    what_is_wrong_in_entries_is_told_where_it_stands();
    arena_release(&arena);
    return TEST_RESULT();
}
