/* Editions: what each reads, and that an upgraded source means what it meant. */
#include "base/limits.h"
#include "dsl/dsl.h"
#include "tests/file.h"
#include "tests/tables.h"
#include "tests/test.h"

static struct arena arena;

static struct str upgraded(struct str source)
{
    struct diags diags;
    struct str text = STR("");
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(dsl_upgrade(&arena, source, &diags, &text), ST_OK);
    return text;
}

static void check_upgrade(const char *from, const char *want)
{
    struct str text = upgraded(str_of(from));
    if (str_eq(text, str_of(want))) return;
    fprintf(stderr, "%s\nbecomes\n%.*s\nnot\n%s\n", from, STR_ARG(text), want);
    test_failures++;
}

static void words_are_exchanged_where_they_stand(void)
{
    check_upgrade("edition 2026 # the first\nform f \"F\" {\n"
                  "  a: integer  required  when b   # when?\n    check a > 1 else \"No.\" # its own\n"
                  "  b: boolean default true readonly unless a = 1\n"
                  "  note n \"check\"\n\n  check a > 2 unless b else \"check\" at b as x\n}\n",
                  "edition 2027 # the first\nform f \"F\" {\n"
                  "  a: integer  required  if b   # when?\n    check a > 1 else \"No.\" # its own\n"
                  "  b: boolean default true readonly except if a = 1\n"
                  "  note n \"check\"\n\n  ensure a > 2 unless b else \"check\" at b as x\n}\n");
    check_upgrade("edition 2026 form f \"F\" { b: boolean page p \"P\" when b { repeat r 0..3 required "
                  "when b { check true else \"No.\" x: text when b required } } }",
                  "edition 2027 form f \"F\" { b: boolean page p \"P\" when b { repeat r 0..3 required "
                  "if b { ensure true else \"No.\" x: text when b required } } }");
}

static void the_newest_edition_stays_as_it_is(void)
{
    const char *source = "edition 2027 form f \"F\" { a: text required   }";
    CHECK(dsl_edition() == 2027);
    check_upgrade(source, source);
}

static struct str codes(const char *items)
{
    struct diags diags;
    struct str all = STR(""), source = arena_printf(&arena, "edition %s\n}\n", items);
    struct program *program = NULL;
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    if (dsl_compile(mem_heap(), source, &diags, &program) == ST_OK) program_release(program);
    for (uint32_t i = 0; i < diags.count; i++)
        all = arena_printf(&arena, "%.*s%s ", STR_ARG(all), diags.items[i].code);
    return all;
}

#define CHECK_CODES(items, want)                                                                       \
    do {                                                                                               \
        struct str got_ = codes(items);                                                                \
        if (!str_eq(got_, str_of(want))) {                                                             \
            fprintf(stderr, "%s:%d: %s\ngives %.*s, not %s\n", __FILE__, __LINE__, items,              \
                    STR_ARG(got_), want);                                                              \
            test_failures++;                                                                           \
        }                                                                                              \
    } while (0)

static void each_edition_has_its_words(void)
{
    CHECK_CODES("2026 form f \"F\" { ensure: integer\n except: integer min ensure\n x: integer = "
                "ensure + except",
                "");
    CHECK_CODES("2027 form f \"F\" { ensure: integer\n except: integer min ensure\n x: integer = "
                "ensure + except",
                "");
    CHECK_CODES("2026 form f \"F\" { a: integer note n \"N\" check a > 1 else \"No.\"", "");
    CHECK_CODES("2027 form f \"F\" { a: integer note n \"N\" ensure a > 1 else \"No.\"", "");
    CHECK_CODES("2027 form f \"F\" { a: integer ensure a > 1 else \"No.\"", "");
    CHECK_CODES("2027 form f \"F\" { a: integer note n \"N\" check a > 1 else \"No.\"", "E0147 ");
    CHECK_CODES("2027 form f \"F\" { a: integer check a > 1 else \"No.\"", "");
    CHECK_CODES("2027 form f \"F\" { a: boolean b: text required when a", "E0148 ");
    CHECK_CODES("2027 form f \"F\" { a: boolean b: text required unless a", "E0148 ");
    CHECK_CODES("2027 form f \"F\" { a: boolean b: text default \"x\" readonly when a", "E0148 ");
    CHECK_CODES("2027 form f \"F\" { a: boolean b: text required if a c: text required except if a",
                "");
    CHECK_CODES("2027 form f \"F\" { a: boolean b: text required hint \"H\" when a", "");
    CHECK_CODES(
        "2025 form f \"F\" { a: boolean b: text required when a note n \"N\" check a else \"No.\"",
        "E0111 ");
}

/* ---- real forms */

static struct dsl_diff difference(struct str from, struct str to, const struct dsl_tables *tables)
{
    struct dsl_diff diff = {.count = UINT32_MAX};
    struct diags diags[2];
    for (int i = 0; i < 2; i++) diags_init(&diags[i], &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(dsl_diff(&arena, &(struct dsl_side){from, tables, &diags[0]},
                          &(struct dsl_side){to, tables, &diags[1]}, &diff),
                 ST_OK);
    return diff;
}

/* Only the edition differs; laid out anew it is still the same; and there is nothing left to do. */
static void try_form(const char *path)
{
    struct diags diags;
    struct test_tables tables;
    struct str laid_out = STR(""), source = file_read(path);
    arena_reset(&arena);
    test_tables_open(&tables, path);
    struct str text = upgraded(source);
    struct dsl_diff diff = difference(source, text, &tables.tables);
    bool old = !str_eq(source, text);
    if (diff.count != (old ? 1 : 0) || (old && diff.changes[0].kind != CHANGE_EDITION_CHANGED))
        fprintf(stderr, "%s: the upgraded form is another\n", path);
    CHECK(diff.count == (old ? 1 : 0) && (!old || diff.changes[0].kind == CHANGE_EDITION_CHANGED));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(dsl_format(&arena, text, &diags, &laid_out), ST_OK);
    CHECK(difference(text, laid_out, &tables.tables).count == 0);
    CHECK(str_eq(upgraded(text), text));
    test_tables_close(&tables);
    file_free(source);
}

int main(int argc, char **argv)
{
    arena_init(&arena, mem_heap(), (size_t)256 << 20);
    words_are_exchanged_where_they_stand();
    the_newest_edition_stays_as_it_is();
    each_edition_has_its_words();
    for (int i = 1; i < argc; i++) try_form(argv[i]);
    arena_release(&arena);
    return TEST_RESULT();
}
