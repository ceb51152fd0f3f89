/* Golden test of the checker: every x.form of a folder gives, printed, what stands beside it.
 *
 *     check_golden diag tests/golden/check     x.diag: its diagnostics; together they show every code
 * E02xx to W0xxx check_golden ir tests/golden/ir          x.ir: the checked form, which has no errors
 *     check_golden lua tests/golden/ir         x.lua: the rules that are made of it
 *     UPDATE_GOLDEN=1 check_golden …           writes them anew; read the difference before you keep it
 */
#include "base/limits.h"
#include "dsl/check.h"
#include "dsl/dsl.h"
#include "dsl/ir_print.h"
#include "dsl/lint.h"
#include "dsl/parser.h"
#include "dsl/price.h"
#include "tests/golden/golden.h"

enum { FORMS_MAX = 1000, OUT_BYTES = 1 << 22 };

static void print_form(const char *path, struct str source, int as_ir, struct buf *out)
{
    struct arena arena;
    struct diags diags;
    struct tree *tree;
    struct ir *ir = NULL;
    arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(parser_parse(&arena, source, &diags, &tree), ST_OK);
    enum status st = check_tree(&arena, tree, &diags, &ir);
    const struct price_caps caps = price_caps_default();
    if (!st) st = price_judge_steps(&arena, ir, &caps, &diags);
    CHECK((st == ST_OK) == (diags.errors == 0));
    if (!st && strncmp(golden_name(path), "lints", 5) == 0) lint_find(ir, &diags); /* as `check` does */
    CHECK(as_ir ? st == ST_OK : diags.count > 0);
    diags_sort(&diags);
    golden_note_shown(&diags);
    if (st || !as_ir) diags_print(&diags, str_of(golden_name(path)), source, out);
    else ir_print(ir, out);
    arena_release(&arena);
}

static void print_lua(struct str source, struct buf *out)
{
    struct arena arena;
    struct diags diags;
    struct program *program = NULL;
    arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(dsl_compile(mem_heap(), source, &diags, &program), ST_OK);
    for (uint32_t i = 0; program && i < program->chunk_count; i++) {
        buf_printf(out, "-- chunk %u, %u steps\n", i + 1, program->chunks[i].base_steps);
        buf_put(out, program->chunks[i].lua);
    }
    program_release(program);
    arena_release(&arena);
}

/* Codes of the syntax are shown by syntax_golden.c; only smaller caps than the program's own refuse for
 * bytes (tests/unit/price_test.c), and what is said of a migration needs two versions
 * (tests/unit/migration_test.c). */
static int is_shown_here(const char *code)
{
    int is_syntax = strncmp(code, "E01", 3) == 0 && strncmp(code, "E017", 4) != 0;
    int is_bytes = strcmp(code, "E0405") == 0 || strcmp(code, "E0406") == 0;
    int is_migration =
        (strcmp(code, "E0241") >= 0 && strcmp(code, "E0245") <= 0) || strcmp(code, "W0208") == 0;
    return !is_syntax && !is_bytes && !is_migration;
}

int main(int argc, char **argv)
{
    static char *forms[FORMS_MAX];
    if (argc != 3) return 2;
    int as_lua = strcmp(argv[1], "lua") == 0, as_ir = as_lua || strcmp(argv[1], "ir") == 0;
    const char *ending = as_lua ? ".lua" : as_ir ? ".ir" : ".diag";
    size_t count = file_list(argv[2], ".form", forms, FORMS_MAX);
    CHECK(count >= (as_ir ? 8 : 30));
    for (size_t i = 0; i < count; i++) {
        struct str source = file_read(forms[i]);
        struct buf out;
        buf_init(&out, mem_heap(), OUT_BYTES);
        if (as_lua) print_lua(source, &out);
        else print_form(forms[i], source, as_ir, &out);
        CHECK(!buf_failed(&out));
        golden_compare(forms[i], ".form", ending, buf_str(&out));
        buf_release(&out);
        file_free(source);
    }
    if (!as_ir) golden_check_shown(is_shown_here);
    fprintf(stderr, "%zu forms\n", count);
    return TEST_RESULT();
}
