/* The order in which a form is written does not matter. Its items are shuffled within the form and each
 * page, section, group and repeat; of every case the verdict must stay: the same answers, the same
 * errors with their messages and params and the same hidden places. Of errors and hidden places the
 * order follows the document, so they are compared as sets.
 *
 *     order_test ROOT [FORMS]          the examples and tests/language with their cases, then generated
 *
 * And chains: values and conditions that stand a thousand deep in the wrong order are worked out;
 * circles of any kind are refused with their path. */
#include "base/limits.h"
#include "dsl/parser.h"
#include "tests/file.h"
#include "tests/reference/choices.h"
#include "tests/reference/comparison.h"
#include "tests/reference/generator.h"
#include "tests/reference/submissions.h"
#include "tests/tables.h"
#include "tests/test.h"

#include <assert.h>

enum { SHUFFLES = 4, FORM_BYTES = 16384, ANSWER_BYTES = 4096, ANSWERS = 4, DEEP = 1000 };

static int forms, verdicts;

/* ---- shuffling: the text between the items stays, the items change places */

struct shuffle {
    struct str source;
    struct buf *out;
    uint64_t seed;
};

static uint32_t draw(struct shuffle *shuffle, uint32_t below)
{
    shuffle->seed = shuffle->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(shuffle->seed >> 33) % below;
}

static void put_between(struct shuffle *shuffle, uint32_t from, uint32_t to)
{
    buf_put(shuffle->out, (struct str){shuffle->source.ptr + from, to - from});
    buf_putc(shuffle->out, '\n');
}

static uint32_t end_of(const struct item *item)
{
    return item->span.offset + item->span.len;
}

static int by_offset(const void *a, const void *b)
{
    uint32_t x = ((const struct item *)a)->span.offset, y = ((const struct item *)b)->span.offset;
    return x < y ? -1 : x > y;
}

/* Checks stand first: behind a field they would be the field's. */
static void mix(struct shuffle *shuffle, struct item *items, uint32_t count)
{
    uint32_t checks = 0;
    for (uint32_t i = count; i > 1; i--) {
        uint32_t other = draw(shuffle, i);
        struct item item = items[i - 1];
        items[i - 1] = items[other];
        items[other] = item;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (items[i].kind != ITEM_CHECK) continue;
        struct item item = items[i];
        items[i] = items[checks];
        items[checks++] = item;
    }
}

/* [from, to) of the source with its items in another order. */
static void put_shuffled(struct shuffle *shuffle, const struct item *items, uint32_t count,
                         uint32_t from, uint32_t to)
{
    struct item *sorted = calloc(count + 1, sizeof *sorted), *mixed = calloc(count + 1, sizeof *mixed);
    assert(sorted && mixed);
    if (count) memcpy(sorted, items, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_offset);
    memcpy(mixed, sorted, (count + 1) * sizeof *sorted);
    mix(shuffle, mixed, count);
    for (uint32_t i = 0; i < count; i++) {
        put_between(shuffle, from, sorted[i].span.offset);
        put_shuffled(shuffle, mixed[i].children, mixed[i].child_count, mixed[i].span.offset,
                     end_of(&mixed[i]));
        from = end_of(&sorted[i]);
    }
    put_between(shuffle, from, to);
    free(sorted);
    free(mixed);
}

static struct str shuffled(struct arena *arena, struct str source, uint64_t seed)
{
    struct diags diags;
    struct tree *tree;
    struct buf out;
    diags_init(&diags, arena, 10);
    enum status st = parser_parse(arena, source, &diags, &tree);
    assert(!st && diags.errors == 0);
    buf_init(&out, mem_heap(), 8u << 20);
    struct shuffle shuffle = {source, &out, seed};
    put_shuffled(&shuffle, tree->items, tree->item_count, 0, (uint32_t)source.len);
    assert(!buf_failed(&out));
    struct str text = arena_str(arena, buf_str(&out));
    buf_release(&out);
    return text;
}

/* ---- the same verdict */

static struct str summary(struct comparison *comparison, struct str answers, int64_t now_ms,
                          struct arena *arena)
{
    struct reference_judging judging = {.answers = answers, .now_ms = now_ms, .locale = STR("en")};
    if (zone_open(arena, comparison->program->timezone, &judging.zone) != ST_OK)
        judging.zone = zone_utc();
    return comparison_summary(comparison, &judging, arena);
}

static void compare(const char *name, struct comparison *as_it_is, struct comparison *other,
                    struct str answers, int64_t now_ms)
{
    struct arena arena;
    arena_init(&arena, mem_heap(), 256u << 20);
    struct str a = summary(as_it_is, answers, now_ms, &arena),
               b = summary(other, answers, now_ms, &arena);
    verdicts++;
    if (!str_eq(a, b)) {
        fprintf(stderr, "%s, shuffled: %.*s\n  as it is: %.*s\n  shuffled: %.*s\n", name,
                STR_ARG(answers), STR_ARG(a), STR_ARG(b));
        test_failures++;
    }
    arena_release(&arena);
}

/* Submissions to one form. */
static void try_order(const char *name, struct comparison *as_it_is, struct str source, uint64_t seed,
                      const struct dsl_tables *tables, const struct submissions *submissions)
{
    struct arena arena;
    struct comparison other;
    arena_init(&arena, mem_heap(), 256u << 20);
    struct str text = shuffled(&arena, source, seed);
    enum comparison_state state = comparison_open(text, tables, &other);
    CHECK(state != COMPARISON_REFUSED);
    if (state == COMPARISON_REFUSED)
        fprintf(stderr, "%s, shuffled, does not compile: %.*s\n%.*s\n", name,
                STR_ARG(other.diagnostics), STR_ARG(text));
    for (uint32_t i = 0; state == COMPARISON_READY && i < submissions->count; i++)
        compare(name, as_it_is, &other, submissions->answers[i], submissions->now_ms[i]);
    comparison_close(&other);
    arena_release(&arena);
}

/* False: the form cannot be judged here. */
static bool try_form(const char *name, struct str source, const struct dsl_tables *tables,
                     const struct submissions *submissions)
{
    struct comparison as_it_is;
    bool ready = comparison_open(source, tables, &as_it_is) == COMPARISON_READY;
    for (uint64_t seed = 1; ready && seed <= SHUFFLES; seed++)
        try_order(name, &as_it_is, source, seed, tables, submissions);
    comparison_close(&as_it_is);
    forms += ready;
    return ready;
}

/* ---- forms with cases */

static void try_cases(const char *cases_path)
{
    static struct submissions submissions;
    static struct test_tables tables;
    struct arena arena;
    arena_init(&arena, mem_heap(), 256u << 20);
    struct str form = arena_printf(&arena, "%.*s.form",
                                   (int)(strlen(cases_path) - strlen(".cases.json")), cases_path);
    struct str source = file_read(form.ptr), cases = file_read(cases_path);
    test_tables_open(&tables, form.ptr);
    submissions_read(&arena, cases, &submissions);
    if (!try_form(form.ptr, source, &tables.tables, &submissions)) {
        if (!tables.missing) test_failures++;
        fprintf(stderr, "%s %s\n",
                tables.missing ? "SKIPPED, a table is not here:" : "not judged:", form.ptr);
    }
    test_tables_close(&tables);
    file_free(source);
    file_free(cases);
    arena_release(&arena);
}

static void try_folder(const char *root, const char *folder)
{
    char path[4096], *paths[200];
    snprintf(path, sizeof path, "%s/%s", root, folder);
    size_t count = file_list(path, ".cases.json", paths, 200);
    CHECK(count > 0);
    for (size_t i = 0; i < count; i++) {
        try_cases(paths[i]);
        free(paths[i]);
    }
}

static void the_order_of_a_form_does_not_matter(const char *root)
{
    try_folder(root, "examples");
    try_folder(root, "tests/language");
    printf("%d forms, %d verdicts\n", forms, verdicts);
    CHECK(forms > 20 && verdicts > 1000);
}

/* ---- generated forms */

static void try_seed(uint64_t seed)
{
    static uint8_t bytes[FORM_BYTES], more[ANSWER_BYTES];
    static struct submissions submissions;
    struct arena arena;
    char name[32];
    arena_init(&arena, mem_heap(), 256u << 20);
    choices_fill(seed, bytes, sizeof bytes);
    struct choices choices = choices_of_bytes(bytes, sizeof bytes);
    struct generator *generator = generator_new(&arena, &choices);
    struct str source = generator_source(generator, 0);
    submissions.count = 0;
    for (uint64_t i = 0; i < ANSWERS; i++) {
        choices_fill(seed * ANSWERS + i, more, sizeof more);
        choices = choices_of_bytes(more, sizeof more);
        submissions.now_ms[submissions.count] = generator_now(&choices);
        submissions.answers[submissions.count++] = generator_answers(generator, &choices);
    }
    snprintf(name, sizeof name, "seed %llu", (unsigned long long)seed);
    try_form(name, source, NULL, &submissions); /* one that is too dear is not judged */
    arena_release(&arena);
}

static void nor_does_that_of_generated_forms(uint64_t count)
{
    forms = verdicts = 0;
    for (uint64_t seed = 1; seed <= count; seed++) try_seed(UINT64_C(900000) + seed);
    printf("%d generated forms, %d verdicts\n", forms, verdicts);
    CHECK((uint64_t)forms > count / 2);
}

/* ---- chains */

/* `each` is printed for i from 0 to DEEP - 1, with i and i + 1; `last` behind. */
static struct str chain(struct arena *arena, const char *each, const char *last, bool backwards)
{
    struct buf out;
    buf_init(&out, mem_heap(), 1 << 20);
    for (int k = 0; k < DEEP; k++) {
        int i = backwards ? DEEP - 1 - k : k;
        for (const char *at = each; *at; at++) {
            char number[16];
            snprintf(number, sizeof number, "%d", *at == '$' ? i : i + 1);
            if (*at == '$' || *at == '%') buf_puts(&out, number);
            else buf_putc(&out, *at);
        }
        buf_putc(&out, '\n');
    }
    buf_puts(&out, last);
    struct str text = arena_str(arena, buf_str(&out));
    buf_release(&out);
    return text;
}

static void expect_chain(const char *each, const char *expression, const char *answers,
                         const char *want)
{
    for (int backwards = 0; backwards < 2; backwards++) {
        struct arena arena;
        arena_init(&arena, mem_heap(), 256u << 20);
        struct vector vector = {.declare = chain(&arena, each, "v1000: integer", backwards),
                                .type = STR("integer"),
                                .expression = str_of(expression),
                                .answers = str_of(answers)};
        struct str got = vector_outcome(&vector, &arena);
        if (!str_eq(got, str_of(want))) {
            fprintf(stderr, "%s: %.*s, not %s\n", each, (int)(got.len < 500 ? got.len : 500), got.ptr,
                    want);
            test_failures++;
        }
        arena_release(&arena);
    }
}

static void chains_in_any_order_are_a_thousand_deep(void)
{
    expect_chain("let v$ = v% + 1", "v0", "{\"v1000\": 5}", "1005");
    expect_chain("let v$ = v% + 1", "v0", "{}", "missing");
    expect_chain("v$: integer = v% + 1", "v0 - v999", "{\"v1000\": 5}", "999");
    expect_chain(
        "let r$ = count(rows$)\nrepeat rows$ 0..1 when v% > 0 { x: integer }\nv$: integer = v% + r$",
        "v0", "{\"v1000\": 5, \"rows0\": [{}], \"rows999\": [{}]}", "7");
    expect_chain("group g$ when v% > 0 { w$: integer = v% + 1 }\nlet v$ = g$.w$ ?? 0", "v0",
                 "{\"v1000\": 1}", "1001");
    expect_chain("group g$ when v% > 0 { w$: integer = v% + 1 }\nlet v$ = g$.w$ ?? 0", "v0",
                 "{\"v1000\": -1}", "0");
}

/* ---- circles */

static void expect_circle(struct str items, const char *path)
{
    struct comparison comparison;
    struct arena arena;
    arena_init(&arena, mem_heap(), 256u << 20);
    struct str source = arena_printf(&arena, "edition 2026\nform f \"F\" {\n%.*s\n}\n", STR_ARG(items));
    CHECK(comparison_open(source, NULL, &comparison) == COMPARISON_REFUSED);
    struct str diagnostics = arena_str(&arena, comparison.diagnostics);
    if (!memmem(diagnostics.ptr, diagnostics.len, path, strlen(path)) ||
        !memmem(diagnostics.ptr, diagnostics.len, "E0401", 5)) {
        fprintf(stderr, "%s is not in: %.*s\n", path,
                (int)(diagnostics.len < 800 ? diagnostics.len : 800), diagnostics.ptr);
        test_failures++;
    }
    comparison_close(&comparison);
    arena_release(&arena);
}

static void circles_are_refused_with_their_path(void)
{
    struct arena arena;
    arena_init(&arena, mem_heap(), 64u << 20);
    expect_circle(STR("a: integer when b > 0\nb: integer when a > 0"),
                  "a \xe2\x86\x92 b \xe2\x86\x92 a");
    expect_circle(STR("group g when many { x: integer }\nlet many = g.x > 1"),
                  "g \xe2\x86\x92 many \xe2\x86\x92 g");
    expect_circle(STR("repeat r 0..3 { x: integer = total }\nlet total = sum(r.x)"),
                  "r.x \xe2\x86\x92 total \xe2\x86\x92 r.x");
    expect_circle(STR("repeat r 0..3 when total > 0 { x: integer }\nlet total = count(r)"),
                  "r \xe2\x86\x92 total \xe2\x86\x92 r");
    expect_circle(STR("repeat r 0..3 { x: integer\ny: boolean = any(r where y) }"),
                  "r.y \xe2\x86\x92 r.y");
    expect_circle(STR("a: integer min b\nb: integer max a"), "a \xe2\x86\x92 b \xe2\x86\x92 a");
    expect_circle(chain(&arena, "let v$ = v% + 1", "let v1000 = v0", true), "v0 \xe2\x86\x92 v1");
    arena_release(&arena);
}

int main(int argc, char **argv)
{
    const char *root = argc > 1 ? argv[1] : ".";
    circles_are_refused_with_their_path();
    chains_in_any_order_are_a_thousand_deep();
    the_order_of_a_form_does_not_matter(root);
    nor_does_that_of_generated_forms(argc > 2 ? strtoull(argv[2], NULL, 10) : 60);
    return TEST_RESULT();
}
