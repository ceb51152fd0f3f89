/* Golden test of the syntax: every x.form of a folder gives, printed, the diagnostics in x.diag.
 *
 *     syntax_golden tests/golden/syntax              compares
 *     UPDATE_GOLDEN=1 syntax_golden …                writes the .diag files anew; read the difference
 * before you keep it
 *
 * Each form holds mistakes that authors make. All together they must show every code E01xx of
 * dsl/diagnostic.def but those of whole sizes, which tests/unit/parser_test.c and formatter_test.c go
 * to the limits of. */
#include "base/limits.h"
#include "dsl/parser.h"
#include "tests/golden/golden.h"

enum { FORMS_MAX = 1000, OUT_BYTES = 1 << 22 };

static void print_diagnostics(const char *path, struct str source, struct buf *out)
{
    struct arena arena;
    struct diags diags;
    struct tree *tree;
    arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(parser_parse(&arena, source, &diags, &tree), ST_OK);
    CHECK(diags.errors > 0);
    diags_sort(&diags);
    golden_note_shown(&diags);
    diags_print(&diags, str_of(golden_name(path)), source, out);
    arena_release(&arena);
}

/* Codes that need a source of a certain size; and those of patterns, which the checker shows. */
static int is_of_size(const char *code)
{
    static const char *const codes[] = {"E0100", "E0132", "E0133", "E0140",
                                        "E0143", "E0170", "E0171", "E0172"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (strcmp(code, codes[i]) == 0) return 1;
    return 0;
}

static int is_shown_here(const char *code)
{
    return strncmp(code, "E01", 3) == 0 && !is_of_size(code);
}

int main(int argc, char **argv)
{
    static char *forms[FORMS_MAX];
    if (argc != 2) return 2;
    size_t count = file_list(argv[1], ".form", forms, FORMS_MAX);
    CHECK(count >= 40);
    for (size_t i = 0; i < count; i++) {
        struct str source = file_read(forms[i]);
        struct buf out;
        buf_init(&out, mem_heap(), OUT_BYTES);
        print_diagnostics(forms[i], source, &out);
        CHECK(!buf_failed(&out));
        golden_compare(forms[i], ".form", ".diag", buf_str(&out));
        buf_release(&out);
        file_free(source);
    }
    golden_check_shown(is_shown_here);
    fprintf(stderr, "%zu forms\n", count);
    return TEST_RESULT();
}
