#include "dsl/program.h"
#include "tests/file.h"
#include "tests/unit/compiled.h"

#include <pthread.h>

static void a_program_lives_until_its_last_owner_lets_go(void)
{
    struct test_mem tm = TEST_MEM(.fail_at = 0);
    struct arena arena;
    struct diags diags;
    struct program *p = NULL;
    arena_init(&arena, mem_heap(), 1 << 20);
    diags_init(&diags, &arena, 10);
    CHECK_STATUS(dsl_compile(&tm.mem, STR(FORM("a: integer \"A\" b: integer = a + 1")), &diags, &p),
                 ST_OK);
    CHECK(program_bytes(p) == tm.held); /* the compilation's own memory is gone */
    CHECK(program_retain(p) == p);
    program_release(p);
    CHECK(tm.held > 0 && str_eq(p->name, STR("f")));
    program_release(p);
    CHECK(tm.held == 0);
    program_release(NULL);
    arena_release(&arena);
}

static void *hold_and_let_go(void *program)
{
    for (int i = 0; i < 10000; i++) program_release(program_retain(program));
    program_release(program);
    return NULL;
}

static void threads_may_share_a_program(void)
{
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    struct program *p = compiled(FORM("a: integer \"A\""));
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, hold_and_let_go, program_retain(p)) == 0);
    program_release(p); /* the last thread frees it */
    for (int i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
}

/* Patterns in tables and past the cap, rows in rows, texts, lists, functions of their own: all that
 * allocates. */
static const char everything[] =
    "edition 2026\nform f \"F\" {\n"
    "  choices l { a \"A\" = 1 b \"B\" = 2 }\n"
    "  t: text \"T\" pattern \"[a-z]{2}\" u: text \"U\" pattern \"\\\\p{L}{1,90}\" c: choice(l) \"C\"\n"
    "  repeat r \"R\" 0..3 when t = \"x\" { n: integer \"N {t}\" max m  m: integer = score(c) repeat s "
    "\"S\" 0..2 { d: date \"D\" min today() } }\n"
    "  let x = ((n_all > 3 and c = \"a\") = (t = \"y\" or n_all + 1 > 2)) and any(r where n > 1)\n"
    "  n_all: integer = sum(r.n)\n"
    "  check not x else \"{n_all} no\" at t as no\n"
    "}\n";

static void a_compilation_that_runs_out_of_memory_says_so_and_leaks_nothing(void)
{
    size_t at = 1;
    for (int done = 0; !done && at < 5000; at++) {
        struct test_mem tm = TEST_MEM(.fail_at = at);
        struct arena arena;
        struct diags diags;
        struct program *p = NULL;
        arena_init(&arena, mem_heap(), 1 << 20);
        diags_init(&diags, &arena, 10);
        enum status st = dsl_compile(&tm.mem, str_of(everything), &diags, &p);
        done = !tm.failed;
        if (st != (done ? ST_OK : ST_NOMEM)) {
            fprintf(stderr, "request %zu: %s\n", at, status_name(st));
            compiled_print(&diags, str_of(everything));
        }
        CHECK_STATUS(st, done ? ST_OK : ST_NOMEM);
        if (st == ST_OK) program_release(p);
        CHECK(tm.held == 0);
        arena_release(&arena);
        if (test_failures) return;
    }
    CHECK(at > 50 && at < 5000);
}

static void a_form_with_mistakes_gives_diagnostics_and_no_program(void)
{
    struct arena arena;
    struct diags diags;
    struct program *p = NULL;
    struct str text = STR("untouched");
    arena_init(&arena, mem_heap(), 1 << 20);
    diags_init(&diags, &arena, 10);
    CHECK_STATUS(dsl_compile(mem_heap(), STR(FORM("a: integer = bb b: text \"B\" pattern \"\\\\d\"")),
                             &diags, &p),
                 ST_INPUT);
    CHECK(p == NULL && diags.errors == 2);
    CHECK(diags.items[0].span.offset < diags.items[1].span.offset); /* in the order of the source */
    CHECK(strcmp(diags.items[1].code, "E0171") == 0 && strcmp(diags.items[0].code, "E0203") == 0);
    CHECK_STATUS(dsl_print_ir(&arena, STR("edition 2026 form"), &diags, &text), ST_INPUT);
    CHECK(str_eq(text, STR("untouched")));
    arena_release(&arena);
}

/* What a diagnostic says of another place must outlive the compilation. */
static void diagnostics_can_be_printed_after_the_compilation(void)
{
    struct arena arena;
    struct diags diags;
    struct program *p = NULL;
    struct str source = STR(FORM("a: integer \"A\" min 5 max 3"));
    struct buf out;
    arena_init(&arena, mem_heap(), 1 << 20);
    diags_init(&diags, &arena, 10);
    CHECK_STATUS(dsl_compile(mem_heap(), source, &diags, &p), ST_INPUT);
    CHECK(diags.count == 1 && diags.items[0].related.len > 0 && diags.items[0].related_message.len > 0);
    buf_init(&out, mem_heap(), 10000);
    diags_print(&diags, STR("f"), source, &out);
    buf_putc(&out, '\0');
    CHECK(strstr(out.ptr, "note: min is larger"));
    buf_release(&out);
    arena_release(&arena);
}

static void the_same_source_gives_the_same_program(void)
{
    struct str source = file_read("examples/child_vaccination.form");
    struct program *a = compiled_str(source), *b = compiled_str(source);
    CHECK(a->chunk_count == b->chunk_count && a->slot_count == b->slot_count &&
          strcmp(a->source_hash, b->source_hash) == 0);
    for (uint32_t i = 0; i < a->chunk_count; i++) CHECK(str_eq(a->chunks[i].lua, b->chunks[i].lua));
    CHECK(str_eq(a->render, b->render) && a->cost.steps_max == b->cost.steps_max);
    program_release(a);
    program_release(b);
    file_free(source);
}

/* Known by its hash, which is not worked out again: here it is another one's. */
static void what_was_published_is_compiled_to_be_judged_by(void)
{
    struct str source = file_read("examples/child_vaccination.form");
    struct digest hash = digest_of(STR("another"));
    char hex[DIGEST_HEX_BYTES];
    struct arena arena;
    struct diags diags;
    struct program *a = compiled_str(source), *b = NULL;
    arena_init(&arena, mem_heap(), 1 << 20);
    diags_init(&diags, &arena, 10);
    CHECK_STATUS(dsl_compile_published(mem_heap(), source, &hash, NULL, &diags, &b), ST_OK);
    digest_hex(&hash, hex);
    CHECK(strcmp(b->source_hash, hex) == 0 && b->render.len == 0 && a->render.len > 0);
    CHECK(a->chunk_count == b->chunk_count && a->slot_count == b->slot_count &&
          a->pattern_count == b->pattern_count && a->cost.steps_max == b->cost.steps_max);
    for (uint32_t i = 0; i < a->chunk_count; i++) CHECK(str_eq(a->chunks[i].lua, b->chunks[i].lua));
    CHECK(program_bytes(b) < program_bytes(a) - a->render.len);
    program_release(a);
    program_release(b);
    CHECK_STATUS(dsl_compile_published(mem_heap(), STR("form"), &hash, NULL, &diags, &b), ST_INPUT);
    CHECK(diags.count > 0);
    arena_release(&arena);
    file_free(source);
}

static void patterns_become_tables_or_texts_for_re2(void)
{
    struct program *p = compiled(everything);
    CHECK(p->pattern_count == 2);
    CHECK(p->patterns[0].dfa && p->patterns[0].re2.len == 0 &&
          dfa_match(p->patterns[0].dfa, STR("ab")));
    CHECK(!p->patterns[1].dfa && p->patterns[1].re2.len > 0 &&
          str_eq(p->patterns[1].text, STR("\\p{L}{1,90}")));
    program_release(p);
}

/* Two letters each: aa, ab, … */
static enum status compile_languages(int count)
{
    struct buf source;
    struct arena arena;
    struct diags diags;
    struct program *program = NULL;
    buf_init(&source, mem_heap(), 1 << 16);
    arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    buf_puts(&source, "edition 2026\nform f \"F\" {\n  languages ");
    for (int i = 0; i < count; i++)
        buf_printf(&source, "%s%c%c", i ? ", " : "", 'a' + i / 26, 'a' + i % 26);
    buf_puts(&source, "\n  a: integer \"A\"\n}\n");
    enum status st = dsl_compile(mem_heap(), buf_str(&source), &diags, &program);
    program_release(program);
    arena_release(&arena);
    buf_release(&source);
    return st;
}

static void a_form_has_so_many_languages_and_no_more(void)
{
    CHECK_STATUS(compile_languages(limit(LANGUAGES)), ST_OK);
    CHECK(compile_languages(limit(LANGUAGES) + 1) != ST_OK);
}

/* A form with `rules` rules of uniqueness, each about another field. */
static enum status compile_uniques(int rules)
{
    struct buf source;
    struct arena arena;
    struct diags diags;
    struct program *program = NULL;
    buf_init(&source, mem_heap(), 1 << 16);
    arena_init(&arena, mem_heap(), 1 << 24);
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    buf_puts(&source, "edition 2027 form f \"F\" {\n");
    for (int i = 0; i < rules; i++) buf_printf(&source, "f%d: text\nunique on (f%d)\n", i, i);
    buf_puts(&source, "}\n");
    enum status st = dsl_compile(mem_heap(), buf_str(&source), &diags, &program);
    if (program) CHECK(program->unique_count == (uint32_t)rules);
    if (st) CHECK(diags.count == 1 && strcmp(diags.items[0].code, "E0238") == 0);
    program_release(program);
    arena_release(&arena);
    buf_release(&source);
    return st;
}

static void a_form_has_so_many_rules_of_uniqueness_and_no_more(void)
{
    CHECK_STATUS(compile_uniques(limit(UNIQUE_RULES)), ST_OK);
    CHECK_STATUS(compile_uniques(limit(UNIQUE_RULES) + 1), ST_INPUT);
}

/* `fields` of the text, in which # is the field's number and @ is `count`. */
static enum status compile_indexed(const char *field, int count, int fields)
{
    struct buf source;
    struct arena arena;
    struct diags diags;
    struct program *program = NULL;
    buf_init(&source, mem_heap(), 1 << 16);
    arena_init(&arena, mem_heap(), 1 << 24);
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    buf_puts(&source, "edition 2027 form f \"F\" {\n");
    for (int i = 0; i < fields; i++) {
        for (const char *at = field; *at; at++) {
            if (*at == '#' || *at == '@') buf_put_int(&source, *at == '#' ? i : count);
            else buf_putc(&source, *at);
        }
    }
    buf_puts(&source, "}\n");
    enum status st = dsl_compile(mem_heap(), buf_str(&source), &diags, &program);
    if (st) CHECK(diags.count == 1 && strcmp(diags.items[0].code, "E0246") == 0);
    if (!st) CHECK(program->nodes[program->node_count - 1].indexed);
    program_release(program);
    arena_release(&arena);
    buf_release(&source);
    return st;
}

static void a_form_has_so_many_indexed_fields_values_and_characters_and_no_more(void)
{
    CHECK_STATUS(compile_indexed("f#: integer max @ indexed\n", 9, limit(INDEXED_FIELDS)), ST_OK);
    CHECK_STATUS(compile_indexed("f#: integer max @ indexed\n", 9, limit(INDEXED_FIELDS) + 1),
                 ST_INPUT);
    CHECK_STATUS(compile_indexed("f#: text length ..@ indexed\n", limit(INDEXED_CHARS), 2), ST_OK);
    CHECK_STATUS(compile_indexed("f#: text length ..@ indexed\n", limit(INDEXED_CHARS) + 1, 1),
                 ST_INPUT);
    CHECK_STATUS(
        compile_indexed("repeat r# 0..@ { n: integer indexed }\n", limit(INDEXED_VALUES) / 2, 2),
        ST_OK);
    CHECK_STATUS(
        compile_indexed("repeat r# 0..@ { n: integer indexed }\n", limit(INDEXED_VALUES) / 2 + 1, 2),
        ST_INPUT);
}

static void what_has_no_order_or_length_is_not_indexed(void)
{
    static const char *const fields[] = {"a#: text = \"@\" indexed\n", "a#: text indexed hint \"@\"\n"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        CHECK_STATUS(compile_indexed(fields[i], 1, 1), ST_INPUT);
}

int main(void)
{
    a_program_lives_until_its_last_owner_lets_go();
    threads_may_share_a_program();
    a_compilation_that_runs_out_of_memory_says_so_and_leaks_nothing();
    a_form_with_mistakes_gives_diagnostics_and_no_program();
    diagnostics_can_be_printed_after_the_compilation();
    the_same_source_gives_the_same_program();
    what_was_published_is_compiled_to_be_judged_by();
    patterns_become_tables_or_texts_for_re2();
    a_form_has_so_many_languages_and_no_more();
    a_form_has_so_many_rules_of_uniqueness_and_no_more();
    a_form_has_so_many_indexed_fields_values_and_characters_and_no_more();
    what_has_no_order_or_length_is_not_indexed();
    return TEST_RESULT();
}
