#include "dsl/answers_types.h"
#include "tests/unit/compiled.h"

static void put_flat_comment(struct str text, struct buf *out)
{
    answers_types_put_comment(text, 0, out);
}

static bool gives(void (*put)(struct str text, struct buf *out), struct str text, const char *want)
{
    struct buf out;
    buf_init(&out, mem_heap(), 1000);
    put(text, &out);
    bool same = str_eq(buf_str(&out), str_of(want));
    if (!same) fprintf(stderr, "%.*s: %.*s, not %s\n", STR_ARG(text), STR_ARG(buf_str(&out)), want);
    buf_release(&out);
    return same;
}

static void no_text_ends_its_comment(void)
{
    CHECK(gives(put_flat_comment, STR("a */ b"), " * a *\\/ b\n"));
    CHECK(gives(put_flat_comment, STR("*/"), " * *\\/\n"));
    CHECK(gives(put_flat_comment, STR("*\x01/"), " * * /\n"));
    CHECK(gives(put_flat_comment, STR("*\n/"), " * *\n * /\n"));
    CHECK(gives(put_flat_comment, STR(""), ""));
}

static void no_text_begins_a_tag(void)
{
    CHECK(gives(put_flat_comment, STR("@deprecated"), " * \\@deprecated\n"));
    CHECK(gives(put_flat_comment, STR("x\n@see {@link y}"), " * x\n * \\@see {\\@link y}\n"));
    CHECK(gives(put_flat_comment, STR("ada@example.org"), " * ada@example.org\n"));
    CHECK(gives(put_flat_comment, STR("\xe2\x80\xa8@ts-ignore"), " *  \\@ts-ignore\n"));
}

static void no_text_turns_its_direction(void)
{
    CHECK(gives(put_flat_comment,
                STR("a\xe2\x80\xae"
                    "b\xe2\x81\xa6"),
                " * a b \n"));
    CHECK(gives(answers_types_put_literal,
                STR("a\xe2\x80\xae"
                    "b"),
                "\"a\\u202eb\""));
    CHECK(gives(put_flat_comment, STR("שלום é"), " * שלום é\n"));
}

static void a_literal_says_what_the_text_says(void)
{
    CHECK(gives(answers_types_put_literal, STR("a\"b\\c\n"), "\"a\\\"b\\\\c\\n\""));
    CHECK(gives(answers_types_put_literal, STR("\xe2\x80\xa8"), "\"\\u2028\""));
    CHECK(gives(answers_types_put_literal, STR("é"), "\"é\""));
}

static bool types_say(const char *source, const char *want)
{
    struct buf out;
    struct program *program = compiled(source);
    buf_init(&out, mem_heap(), 1 << 20);
    dsl_write_types(program, &out);
    buf_putc(&out, '\0');
    bool found = !buf_failed(&out) && strstr(out.ptr, want);
    if (!found) fprintf(stderr, "no %s in %s\n", want, out.ptr);
    buf_release(&out);
    program_release(program);
    return found;
}

static void the_forms_name_becomes_one_of_a_type(void)
{
    CHECK(types_say("edition 2026 form contact_us \"C\" { a: text }", "interface ContactUsSent {"));
    CHECK(types_say("edition 2026 form _9 \"C\" { a: text }", "interface Form9Stored {"));
    CHECK(types_say("edition 2026 form __ \"C\" { a: text }", "interface FormSent {"));
}

static void what_may_be_missing_may_be_null_and_is_not_stored(void)
{
    CHECK(types_say(FORM("a: decimal(2)"), "a?: string | number | null;"));
    CHECK(types_say(FORM("a: decimal(2)"), "a?: string;"));
    CHECK(types_say(FORM("a: boolean required"), "a: boolean;"));
    CHECK(types_say(FORM("a: integer = 1"), "a?: unknown;"));
    CHECK(types_say(FORM("a: choice(l) choices l { x \"X\" y \"Y\" }"),
                    "a?: FLists[\"l\"] | \"\" | null;"));
    CHECK(types_say(FORM("a: choices(l) required choices l { x \"X\" }"), "a: FLists[\"l\"][];"));
    CHECK(types_say(FORM("repeat r 1..2 { b: integer required }"), "  }[];"));
    CHECK(types_say(FORM("unknown ignore a: text"), "[name: string]: unknown;"));
}

int main(void)
{
    no_text_ends_its_comment();
    no_text_begins_a_tag();
    no_text_turns_its_direction();
    a_literal_says_what_the_text_says();
    the_forms_name_becomes_one_of_a_type();
    what_may_be_missing_may_be_null_and_is_not_stored();
    return TEST_RESULT();
}
