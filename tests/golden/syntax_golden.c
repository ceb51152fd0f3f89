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
#include "tests/file.h"
#include "tests/test.h"

enum { FORMS_MAX = 1000, OUT_BYTES = 1 << 22 };

static const struct {
    const char *code;
    enum diag_severity severity;
} diagnostics[] = {
#define DIAGNOSTIC(code, severity, title, explanation) {code, severity},
#include "dsl/diagnostic.def"
#undef DIAGNOSTIC
};

enum { DIAGNOSTICS = sizeof diagnostics / sizeof *diagnostics };

static int shown[DIAGNOSTICS];

static void note_shown(const struct diags *diags)
{
    for (uint32_t i = 0; i < diags->count; i++) {
        int known = 0;
        for (size_t k = 0; k < DIAGNOSTICS; k++) {
            if (strcmp(diagnostics[k].code, diags->items[i].code) != 0) continue;
            known = shown[k] = 1;
            CHECK(diagnostics[k].severity == diags->items[i].severity);
        }
        if (!known) fprintf(stderr, "%s is not in diagnostic.def\n", diags->items[i].code);
        CHECK(known);
    }
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

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
    note_shown(&diags);
    diags_print(&diags, str_of(base_name(path)), source, out);
    arena_release(&arena);
}

static void compare(const char *form_path, struct str got)
{
    char path[4096];
    snprintf(path, sizeof path, "%.*s.diag", (int)(strlen(form_path) - strlen(".form")), form_path);
    if (getenv("UPDATE_GOLDEN")) {
        file_write(path, got);
        return;
    }
    struct str want = file_exists(path) ? file_read(path) : STR("");
    if (!str_eq(got, want)) {
        fprintf(stderr, "%s\n---- got\n%.*s---- want\n%.*s", path, STR_ARG(got), STR_ARG(want));
        test_failures++;
    }
    if (want.len) file_free(want);
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

static void check_all_shown(void)
{
    for (size_t i = 0; i < DIAGNOSTICS; i++) {
        if (strncmp(diagnostics[i].code, "E01", 3) != 0 || shown[i] || is_of_size(diagnostics[i].code))
            continue;
        fprintf(stderr, "no form shows %s\n", diagnostics[i].code);
        test_failures++;
    }
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
        compare(forms[i], buf_str(&out));
        buf_release(&out);
        file_free(source);
    }
    check_all_shown();
    fprintf(stderr, "%zu forms\n", count);
    return TEST_RESULT();
}
