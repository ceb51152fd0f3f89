/* Diffs: every kind of change is told where it is met, and nothing else is. */
#include "base/limits.h"
#include "dsl/dsl.h"
#include "tests/file.h"
#include "tests/test.h"

#include <ctype.h>

static struct arena arena;
static bool met[CHANGE_COUNT];

#define HEAD "edition 2026\nform f \"F\" {\nlanguages en, de\n"

static struct str form_of(const char *items)
{
    return arena_printf(&arena, HEAD "%s\n}\n", items);
}

static enum status compare(struct str from, struct str to, struct dsl_diff *ret_diff)
{
    struct diags diags[2];
    for (int i = 0; i < 2; i++) diags_init(&diags[i], &arena, limit(DIAGNOSTICS));
    enum status st = dsl_diff(&arena, &(struct dsl_side){from, NULL, &diags[0]},
                              &(struct dsl_side){to, NULL, &diags[1]}, ret_diff);
    for (int i = 0; i < 2; i++)
        for (uint32_t k = 0; st && k < diags[i].count; k++)
            fprintf(stderr, "%s: %.*s\n", i ? "to" : "from", STR_ARG(diags[i].items[k].message));
    return st;
}

/* "code path(what) …" */
static struct str changes_of(const struct dsl_diff *diff)
{
    struct str all = STR("");
    for (uint32_t i = 0; i < diff->count; i++) {
        const struct dsl_change *change = &diff->changes[i];
        met[change->kind] = true;
        all = arena_printf(&arena, "%.*s%s%s%s%.*s", STR_ARG(all), i ? " " : "", change->code,
                           change->path.len ? ":" : "", STR_ARG(change->path));
        if (change->what.len)
            all = arena_printf(&arena, "%.*s(%.*s)", STR_ARG(all), STR_ARG(change->what));
    }
    return all;
}

struct row {
    const char *from, *to, *want;
};

static void try_row(const struct row *row)
{
    struct dsl_diff diff;
    arena_reset(&arena);
    enum status st = compare(form_of(row->from), form_of(row->to), &diff);
    struct str got = st ? str_of(status_name(st)) : changes_of(&diff);
    if (str_eq(got, str_of(row->want))) return;
    fprintf(stderr, "%s\n→ %s\ngives %.*s\nnot   %s\n", row->from, row->to, STR_ARG(got), row->want);
    test_failures++;
}

static const struct row rows[] = {
    /* what is gone, new, or something else */
    {"a: text\nb: text", "b: text", "field-removed:a"},
    {"group g { a: text b: text }\nc: text", "c: text", "group-removed:g"},
    {"repeat r 0..3 { a: text }\nc: text", "c: text", "repeat-removed:r"},
    {"a: text\nc: text", "c: text\ngroup g { a: text }", "field-moved:a group-added:g"},
    {"a: integer", "a: date", "type-changed:a(type)"},
    {"a: money(EUR)", "a: money(USD)", "type-changed:a(type)"},
    {"a: text", "a: text key \"b\"", "key-changed:a(key)"},
    {"group a { x: text }", "repeat a 0..2 { x: text }", "kind-changed:a"},
    {"a: integer\nb: integer", "a: integer\nb: integer = a", "now-computed:b"},
    {"a: integer\nb: integer = a", "a: integer\nb: integer", "now-asked:b"},
    {"a: text", "a: text\nb: text", "field-added:b"},
    {"a: text", "a: text\nb: text required", "required-field-added:b"},
    {"a: text", "a: text\nb: text required when a = \"x\"", "required-field-added:b"},
    {"a: text", "a: text\nrepeat r 0..2 { b: text required }", "repeat-added:r"},
    {"a: text", "a: text\nrepeat r 1..2 { b: text }", "required-field-added:r"},
    /* types */
    {"a: decimal(2)", "a: decimal(1)", "type-narrowed:a(type)"},
    {"a: integer between 0..100", "a: decimal(2) between 0..100", "type-widened:a(type)"},
    {"a: integer", "a: decimal(2)", "type-range:a(type)"},
    {"a: decimal(2) max 900.5", "a: decimal(3) max 900.5", "type-range:a(type)"},
    {"a: date", "a: partial_date", "type-widened:a(type)"},
    {"a: text", "a: email", "type-narrowed:a(type)"},
    {"a: phone", "a: text", "type-widened:a(type)"},
    {"choices c { x \"X\" }\na: choice(c)", "choices c { x \"X\" }\na: choice(c) other \"O\"",
     "type-widened:a(type)"},
    /* options */
    {"choices c { x \"X\" y \"Y\" }\na: choice(c)", "choices c { x \"X\" z \"Z\" }\na: choice(c)",
     "option-removed:a(y) option-added:a(z)"},
    {"choices c { x \"X\" y \"Y\" }\nn: boolean\na: choices(c)",
     "choices c { x \"X\" when n y \"Yes\" }\nn: boolean\na: choices(c)",
     "option-condition:a(x) text-changed:a(y)"},
    {"choices c { x \"X\" unless n }\nn: boolean\na: choice(c)",
     "choices c { x \"X\" }\nn: boolean\na: choice(c)", "option-freed:a(x)"},
    {"choices c { x \"X\" = 1 y \"Y\" = 2.5 }\na: choice(c)",
     "choices c { x \"X\" = 1.0 y \"Y\" = 3 }\na: choice(c)", "option-score:a(y)"},
    {"choices c with n: integer { x \"X\" (1) y \"Y\" (2) }\na: choice(c)",
     "choices c with n: integer { x \"X\" (1) y \"Y\" (3) }\na: choice(c)", "option-column:a(y)"},
    {"choices c with n: integer { x \"X\" (1) }\na: choice(c where n = 1)",
     "choices c with n: integer { x \"X\" (1) }\na: choice(c where n >= 1)", "filter-changed:a(where)"},
    {"choices c with n: integer { x \"X\" (1) }\na: choice(c where n = 1)",
     "choices c with n: integer { x \"X\" (1) }\na: choice(c)", "filter-removed:a(where)"},
    /* what is demanded */
    {"a: text", "a: text required", "required-added:a(required)"},
    {"a: text required", "a: text", "required-removed:a(required)"},
    {"n: boolean\na: text required when n", "n: boolean\na: text required unless n",
     "required-changed:a(required)"},
    {"n: boolean\na: text required", "n: boolean\na: text required when n",
     "required-removed:a(required)"},
    /* relevance, also by the frames around */
    {"n: boolean\na: text", "n: boolean\na: text when n", "condition-added:a(when)"},
    {"n: boolean\na: text when n", "n: boolean\na: text when not n", "condition-changed:a(when)"},
    {"n: boolean\na: text when n", "n: boolean\na: text", "condition-removed:a(when)"},
    {"n: boolean\na: integer = 1 when n", "n: boolean\na: integer = 1", "condition-changed:a(when)"},
    {"n: boolean\ngroup g when n { a: text check n else \"x\" }",
     "n: boolean\ngroup g { a: text check n else \"x\" }", "condition-changed:g(when)"},
    {"n: boolean\ngroup g when n { check n else \"x\" a: text }",
     "n: boolean\ngroup g { check n else \"x\" a: text }", "condition-changed:g(when)"},
    {"n: integer\nrepeat r 0..3 rows n.. when n > 0 { a: text }",
     "n: integer\nrepeat r 0..3 rows n.. { a: text }", "condition-changed:r(when)"},
    {"n: text\na: text = n + n", "n: text\na: text", "text-now-asked:a"},
    {"n: integer", "n: integer\na: integer = n + 1", "may-fail:a"},
    {"n: integer max 9 min 0", "n: integer max 9 min 0\na: integer = n + 1", "field-added:a"},
    {"n: integer\na: text", "n: integer\na: text\nlet b = n * n", "may-fail:b"},
    {"n: integer\na: integer", "n: integer\na: integer suggest n + 1",
     "may-fail:a(suggest) suggestion-changed:a(suggest)"},
    {"n: integer\na: text required", "n: integer\na: text required when n * n > 4",
     "may-fail:a(required) required-removed:a(required)"},
    {"choices c { a \"A\" b \"B\" }\nx: choice(c)", "choices c { b \"B\" a \"A\" }\nx: choice(c)",
     "options-moved:x(options)"},
    {"choices c { a \"A\" b \"B\" }\nx: choices(c)\ny: text = join(\"\", x)",
     "choices c { b \"B\" a \"A\" }\nx: choices(c)\ny: text = join(\"\", x)",
     "computation-changed:y options-moved:x(options)"},
    {"n: boolean\na: text when n required", "n: boolean\na: text required",
     "condition-changed:a(when)"},
    {"n: boolean\na: text when n", "n: boolean\nsection s when n { a: text }", "frame-added:s"},
    {"n: boolean\nsection s when n { a: text }", "n: boolean\na: text when n", "frame-removed:s"},
    {"n: boolean\nsection s when n { a: text }", "n: boolean\nsection s unless n { a: text }",
     "condition-changed:s(when)"},
    /* bounds, lengths, patterns, rows */
    {"a: integer max 5", "a: integer max 4", "bound-narrowed:a(max)"},
    {"a: decimal(1) min 1.5 max 9", "a: decimal(2) min 1.50 max 9", "type-widened:a(type)"},
    {"a: integer min 5", "a: integer min 4", "bound-widened:a(min)"},
    {"b: integer\na: integer min b", "b: integer\na: integer min b + 1", "bound-changed:a(min)"},
    {"a: text", "a: text length ..10000", ""},
    {"a: text", "a: text length 2..5", "bound-narrowed:a(longest) bound-narrowed:a(shortest)"},
    {"a: text length 2..5", "a: text length 1..6",
     "bound-widened:a(longest) bound-widened:a(shortest)"},
    {"a: text", "a: text pattern \"[a-z]\"", "pattern-changed:a(pattern)"},
    /* wall times */
    {"a: datetime", "a: zoned", "type-narrowed:a(type)"},
    {"a: zoned", "a: datetime", "type-changed:a(type)"},
    {"a: zoned", "a: zoned(\"Europe/Berlin\")", "wall-time-changed:a(wall time)"},
    {"a: zoned(\"UTC\")", "a: zoned", ""},
    {"a: zoned repeated second", "a: zoned skipped refuse", "wall-time-changed:a(wall time)"},
    {"a: zoned skipped refuse else \"No.\"", "a: zoned skipped refuse else \"None.\"",
     "text-changed:a(skipped)"},
    {"timezone \"Europe/Oslo\"\na: zoned", "timezone \"Europe/Rome\"\na: zoned",
     "timezone-changed wall-time-changed:a(wall time)"},
    {"a: text pattern \"[a-z]\"", "a: text", "pattern-removed:a(pattern)"},
    {"repeat r 1..4 { a: text }", "repeat r 0..5 { a: text }",
     "rows-widened:r(fewest rows) rows-widened:r(most rows)"},
    {"repeat r 0..4 { a: text }", "repeat r 1..3 { a: text }",
     "rows-narrowed:r(fewest rows) rows-narrowed:r(most rows)"},
    {"n: integer\nrepeat r 0..4 rows ..n { a: text }",
     "n: integer\nrepeat r 0..4 rows ..n + 1 { a: text }", "rows-changed:r(most rows)"},
    {"repeat r 0..4 { a: text }", "repeat r 0..4 { a: text unique }", "unique-added:r.a"},
    {"repeat r 0..4 { a: text unique }", "repeat r 0..4 { a: text }", "unique-removed:r.a"},
    {"a: text", "a: text\nunique on (a)", "unique-rule-added(on a)"},
    {"a: text\nunique on (a)\nunique per subject", "a: text\nunique on (a)",
     "unique-rule-removed(per subject)"},
    {"a: text\nunique per subject", "a: text\nunique per invitation",
     "unique-rule-added(per invitation) unique-rule-removed(per subject)"},
    {"a: text\nunique per invitation", "a: text", "unique-rule-removed(per invitation)"},
    {"a: text default \"x\"", "a: text default \"x\" readonly", "readonly-changed:a(readonly)"},
    {"a: text default \"x\" readonly", "a: text default \"x\"", "readonly-removed:a(readonly)"},
    {"n: boolean\na: text when n keep", "n: boolean\na: text when n", "keep-removed:a"},
    {"n: boolean\na: text when n", "n: boolean\na: text when n keep", "keep-added:a"},
    {"a: text", "a: text sensitive", "sensitive-added:a"},
    {"a: text sensitive", "a: text", "sensitive-removed:a"},
    {"a: integer", "a: integer indexed", "indexed-added:a"},
    {"a: integer indexed", "a: integer", "indexed-removed:a"},
    /* rules are compared by what they mean */
    {"n: integer\nlet big = n > 5\na: text when big", "n: integer\nlet big = n > 6\na: text when big",
     "computation-changed:big"},
    {"n: integer\nfunction up(x: integer): integer = x + 1\na: integer = up(n)",
     "n: integer\na: integer = n + 1", ""},
    {"n: integer\ncheck n > 2 else \"No.\" as two", "n: integer\ncheck n>2 else \"Never.\" as two",
     "text-changed:n(check)"},
    {"n: integer\ncheck n > 2 else \"No.\"", "n: integer", "check-removed:n"},
    {"n: integer", "n: integer check n > 2 else \"No.\"", "check-added:n"},
    {"unknown refuse\na: text", "unknown ignore\na: text", "unknown-ignored"},
    {"unknown ignore\na: text", "unknown refuse\na: text", "unknown-refused"},
    {"timezone \"Europe/Berlin\"\na: text", "timezone \"Europe/Paris\"\na: text", "timezone-changed"},
    /* what people read */
    {"a: text \"A\"", "a: text \"B\" hint \"C\"", "text-changed:a(hint) text-changed:a(label)"},
    {"a: text\nnote n \"Old\"", "a: text\nnote n \"New\"", "text-changed:n(note)"},
    {"a: text\nnote n \"Old\"", "a: text", "shown-changed(note)"},
    {"a: text", "a: text multiline", "shown-changed:a"},
    {"a: text\nb: text", "b: text\na: text", "order-changed:a"},
    {"n: text\na: text suggest n", "n: text\na: text", "suggestion-changed:a(suggest)"},
    {"a: text", "a: text default \"x\"", "default-changed:a(default)"},
    {"n: integer\nlet big = n > 5", "n: integer", "let-removed:big"},
    {"n: integer", "n: integer\nlet big = n > 5", "let-added:big"},
};

static void each_change_is_told(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) try_row(&rows[i]);
}

static void a_form_is_told_as_a_whole(void)
{
    struct dsl_diff diff;
    arena_reset(&arena);
    CHECK_STATUS(compare(STR("edition 2026\nform f \"F\" { languages en, de\n a: text }"),
                         STR("edition 2026\nform g \"G\" { languages en, fr\n a: text }"), &diff),
                 ST_OK);
    struct str got = changes_of(&diff);
    CHECK(
        str_eq(got, STR("name-changed language-added(fr) language-removed(de) text-changed(title)")) ||
        str_eq(got, STR("text-changed(title) name-changed language-added(fr) language-removed(de)")));
    CHECK(diff.diff_class == DIFF_PRESENTATIONAL);
}

static void the_class_is_the_worst(void)
{
    struct dsl_diff diff;
    arena_reset(&arena);
    CHECK_STATUS(
        compare(form_of("a: text\nb: integer"), form_of("a: text \"A\"\nb: date\nc: text"), &diff),
        ST_OK);
    CHECK(diff.diff_class == DIFF_BREAKING && diff.count == 3);
    CHECK(diff.changes[0].diff_class == DIFF_BREAKING && diff.changes[0].to_line == 5);
    CHECK(str_eq(diff.changes[0].from, STR("integer")) && str_eq(diff.changes[0].to, STR("date")));
    CHECK(diff.changes[2].diff_class == DIFF_PRESENTATIONAL);
    CHECK_STATUS(compare(form_of("a: text"), form_of("\n\na:text # the same"), &diff), ST_OK);
    CHECK(diff.diff_class == DIFF_IDENTICAL && diff.count == 0);
}

static void a_field_that_was_renamed_is_guessed(void)
{
    struct dsl_diff diff;
    arena_reset(&arena);
    CHECK_STATUS(compare(form_of("fname: text \"First name\"\nx: text"),
                         form_of("first_name: text \"First name\"\nx: text"), &diff),
                 ST_OK);
    CHECK(diff.count == 2 && diff.changes[0].kind == CHANGE_FIELD_REMOVED);
    CHECK(str_eq(diff.changes[0].similar, STR("first_name")));
}

static void a_form_with_errors_is_no_side(void)
{
    struct diags diags[2];
    struct dsl_diff diff;
    arena_reset(&arena);
    for (int i = 0; i < 2; i++) diags_init(&diags[i], &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(dsl_diff(&arena, &(struct dsl_side){form_of("a: text"), NULL, &diags[0]},
                          &(struct dsl_side){form_of("a: txet"), NULL, &diags[1]}, &diff),
                 ST_INPUT);
    CHECK(diags[0].errors == 0 && diags[1].errors == 1);
}

/* Memory that is out at any point is told, and nothing is lost. */
static void no_memory_is_told(void)
{
    const struct row *row = &rows[20];
    struct test_mem mem = TEST_MEM(.held = 0);
    enum status st = ST_NOMEM;
    for (size_t i = 1; st == ST_NOMEM && i < 10000; i++) {
        struct arena small;
        struct dsl_diff diff;
        struct diags diags[2];
        arena_reset(&arena);
        struct str from = form_of(row->from), to = form_of(row->to);
        mem.requests = 0;
        mem.fail_at = i;
        arena_init(&small, &mem.mem, 1 << 20);
        for (int k = 0; k < 2; k++) diags_init(&diags[k], &arena, limit(DIAGNOSTICS));
        st = dsl_diff(&small, &(struct dsl_side){from, NULL, &diags[0]},
                      &(struct dsl_side){to, NULL, &diags[1]}, &diff);
        arena_release(&small);
        CHECK(mem.held == 0);
    }
    CHECK_STATUS(st, ST_OK);
}

/* The document has the classes in small letters. */
static bool is_row(struct str text, const char *row)
{
    size_t len = strlen(row);
    if (text.len < len) return false;
    for (size_t i = 0; i < len; i++)
        if (tolower((unsigned char)text.ptr[i]) != tolower((unsigned char)row[i])) return false;
    return true;
}

/* A kind of change that no row meets, or that the document does not tell of, is a fault of ours. */
static void every_kind_is_met_and_documented(void)
{
    static const char *const codes[] = {
#define CHANGE(NAME, code, diff_class, reason) "| " #diff_class " | `" code "` | " reason " |",
#include "dsl/change.def"
#undef CHANGE
    };
    struct str document = file_read("docs/life.md");
    met[CHANGE_EDITION_CHANGED] = true; /* there is one edition */
    for (int i = 0; i < CHANGE_COUNT; i++) {
        bool told = false;
        for (size_t at = 0; !told && at + 20 < document.len; at++)
            told = document.ptr[at] == '|' &&
                   is_row((struct str){document.ptr + at, document.len - at}, codes[i]);
        if (!met[i] || !told)
            fprintf(stderr, "%s: %s\n", codes[i], met[i] ? "not in docs/life.md" : "no row meets it");
        CHECK(met[i] && told);
    }
    file_free(document);
}

int main(void)
{
    arena_init(&arena, mem_heap(), 16 << 20);
    each_change_is_told();
    a_form_is_told_as_a_whole();
    the_class_is_the_worst();
    a_field_that_was_renamed_is_guessed();
    a_form_with_errors_is_no_side();
    no_memory_is_told();
    every_kind_is_met_and_documented();
    arena_release(&arena);
    return TEST_RESULT();
}
