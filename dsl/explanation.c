/* Explanation: what each diagnostic means, with an example of it and the same mended: diagnostic.def
 * and specimen.def, which the tests compile. */
#include "base/limits.h"
#include "base/sheet.h"
#include "base/word.h"
#include "dsl/dsl.h"

#include <assert.h>

static const struct dsl_code codes[] = {
#define DIAGNOSTIC(code, severity, title, explanation) {code, severity, title, explanation},
#include "dsl/diagnostic.def"
#undef DIAGNOSTIC
};

static const struct dsl_specimen specimens[] = {
#define SPECIMEN(code, wrong, right) {code, wrong, right, false, 0, 0},
#define SPECIMEN_WHOLE(code, wrong, right) {code, wrong, right, true, 0, 0},
#define SPECIMEN_WITHIN(code, memory, verdict, wrong, right)                                           \
    {code, wrong, right, false, memory, verdict},
#include "dsl/specimen.def"
#undef SPECIMEN
#undef SPECIMEN_WHOLE
#undef SPECIMEN_WITHIN
};

const struct dsl_code *dsl_codes(size_t *ret_count)
{
    *ret_count = sizeof codes / sizeof *codes;
    return codes;
}

const struct dsl_code *dsl_code_find(struct str code)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (str_eq(str_of(codes[i].code), code)) return &codes[i];
    return NULL;
}

const struct dsl_specimen *dsl_specimen_find(struct str code)
{
    for (size_t i = 0; i < sizeof specimens / sizeof *specimens; i++)
        if (str_eq(str_of(specimens[i].code), code)) return &specimens[i];
    return NULL;
}

/* ---- specimens written out */

#define OPENING "\xe2\x9f\xa8" /* ⟨ */
#define CLOSING "\xe2\x9f\xa9" /* ⟩ */
#define TIMES "\xc3\x97"       /* × */

static uint32_t hex_digit(char c)
{
    return (uint32_t)(c <= '9' ? c - '0' : c - 'A' + 10);
}

/* `text` so many times, with the number in place of each #. */
static void put_times(struct buf *out, struct str text, uint64_t times)
{
    for (uint64_t number = 1; number <= times; number++)
        for (size_t i = 0; i < text.len; i++)
            if (text.ptr[i] == '#') buf_put_int(out, (int64_t)number);
            else buf_putc(out, text.ptr[i]);
}

/* What stands between ⟨ and ⟩: "65×text" or "0xDF". */
static void put_marked(struct buf *out, struct str marked)
{
    size_t digits = 0;
    uint64_t times;
    if (str_starts(marked, STR("0x"))) {
        buf_putc(out, (char)(hex_digit(marked.ptr[2]) << 4 | hex_digit(marked.ptr[3])));
        return;
    }
    while (word_is_digit(marked.ptr[digits])) digits++;
    bool is_number = word_number((struct str){marked.ptr, digits}, UINT32_MAX, &times);
    size_t head = digits + strlen(TIMES);
    assert(is_number && marked.len > head);
    (void)is_number;
    put_times(out, (struct str){marked.ptr + head, marked.len - head}, times);
}

static void put_text(struct buf *out, const char *text)
{
    for (const char *end; (end = strstr(text, OPENING)); text = end + strlen(CLOSING)) {
        buf_put(out, (struct str){text, (size_t)(end - text)});
        const char *marked = end + strlen(OPENING);
        end = strstr(marked, CLOSING);
        assert(end);
        put_marked(out, (struct str){marked, (size_t)(end - marked)});
    }
    buf_puts(out, text);
}

void dsl_specimen_put(const struct dsl_specimen *specimen, const char *text, struct buf *out)
{
    if (!specimen->whole) buf_puts(out, "edition 2026\nform f \"F\" {\n");
    put_text(out, text);
    if (!specimen->whole) buf_puts(out, "}\n");
}

/* ---- specimens compiled */

static enum status find_table(void *user, struct str name, uint32_t version, struct sheet **ret_sheet,
                              uint32_t *ret_version)
{
    if (!str_eq(name, STR("wards"))) return ST_ABSENT;
    *ret_sheet = user;
    *ret_version = version ? version : 1;
    return ST_OK;
}

/* What migration clauses of specimens are about. */
static const char earlier[] = "edition 2026\nform f \"F\" {\n"
                              "name: text\nage: integer\nfax: text\n"
                              "repeat members 0..3 { first: text }\n}\n";

static enum status migrate(struct mem *mem, struct str source, const struct dsl_tables *tables,
                           struct diags *diags)
{
    uint32_t numbers[LIMIT_MIGRATIONS], count;
    struct dsl_migration *migration = NULL;
    enum status st = dsl_migration_versions(diags->arena, source, numbers, &count);
    if (st || count == 0) return st;
    struct dsl_migration_wish wish = {.number = numbers[0],
                                      .from = {str_of(earlier), NULL, NULL},
                                      .to = {source, tables, diags},
                                      .caps = price_caps_default()};
    st = dsl_migration_new(mem, &wish, &migration);
    dsl_migration_free(migration);
    return st;
}

static enum status compile(struct mem *mem, const struct dsl_specimen *specimen, struct str source,
                           struct sheet *wards, struct diags *diags)
{
    struct dsl_tables tables = {find_table, wards};
    struct price_caps caps = price_caps_default();
    if (specimen->memory_bytes_max) caps.memory_bytes_max = specimen->memory_bytes_max;
    if (specimen->verdict_bytes_max) caps.verdict_bytes_max = specimen->verdict_bytes_max;
    struct price price;
    struct program *program;
    enum status st = dsl_compile_with(mem, source, &tables, &caps, diags, &price, &program);
    if (!st) program_release(program);
    if (!st) st = migrate(mem, source, &tables, diags);
    return st ? st : dsl_lint(mem, source, &tables, diags);
}

enum status dsl_specimen_try(struct mem *mem, const struct dsl_specimen *specimen, struct str source,
                             struct diags *diags)
{
    struct arena arena;
    struct sheet *wards;
    struct sheet_fault fault;
    struct str laid_out;
    arena_init(&arena, mem, limit(COMPILE_ARENA_BYTES));
    enum status st = dsl_format(&arena, source, diags, &laid_out);
    arena_release(&arena);
    if (st) return st;
    diags_init(diags, diags->arena, diags->count_max);
    st = sheet_new(mem, STR("code,name\nNG-001,Abia\n"), &wards, &fault);
    if (st) return st;
    st = compile(mem, specimen, source, wards, diags);
    sheet_release(wards);
    return st;
}
