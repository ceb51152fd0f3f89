/* Golden: what is printed of a form, against the file that stands beside it.
 *
 *     golden_compare("tests/golden/ir/rows.form", ".form", ".ir", got);
 *     UPDATE_GOLDEN=1 …              writes the files anew; read the difference before you keep it
 *
 * And which diagnostics the forms of a folder have shown. */
#ifndef TESTS_GOLDEN_H
#define TESTS_GOLDEN_H

#include "base/diag.h"
#include "tests/file.h"
#include "tests/test.h"

static inline const char *golden_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The file whose ending is `ending` where that of `path` is `from`. */
static inline void golden_compare(const char *path, const char *from, const char *ending,
                                  struct str got)
{
    char beside[4096];
    snprintf(beside, sizeof beside, "%.*s%s", (int)(strlen(path) - strlen(from)), path, ending);
    if (getenv("UPDATE_GOLDEN")) {
        file_write(beside, got);
        return;
    }
    int there = file_exists(beside);
    struct str want = there ? file_read(beside) : STR("");
    if (!str_eq(got, want)) {
        fprintf(stderr, "%s\n---- got\n%.*s---- want\n%.*s", beside, STR_ARG(got), STR_ARG(want));
        test_failures++;
    }
    if (there) file_free(want);
}

struct golden_code {
    const char *code;
    enum diag_severity severity;
    int shown;
};

static struct golden_code golden_codes[] = {
#define DIAGNOSTIC(code, severity, title, explanation) {code, severity, 0},
#include "dsl/diagnostic.def"
#undef DIAGNOSTIC
};

enum { GOLDEN_CODES = sizeof golden_codes / sizeof *golden_codes };

static inline void golden_note_one(const struct diag *diag)
{
    for (size_t i = 0; i < GOLDEN_CODES; i++) {
        if (strcmp(golden_codes[i].code, diag->code) != 0) continue;
        golden_codes[i].shown = 1;
        CHECK(golden_codes[i].severity == diag->severity);
        return;
    }
    fprintf(stderr, "%s is not in diagnostic.def\n", diag->code);
    test_failures++;
}

/* They are all in diagnostic.def, with their severity. */
static inline void golden_note_shown(const struct diags *diags)
{
    for (uint32_t i = 0; i < diags->count; i++) golden_note_one(&diags->items[i]);
}

/* Every code of which `wanted` says so has been shown. */
static inline void golden_check_shown(int (*wanted)(const char *code))
{
    for (size_t i = 0; i < GOLDEN_CODES; i++) {
        if (golden_codes[i].shown || !wanted(golden_codes[i].code)) continue;
        fprintf(stderr, "no form shows %s\n", golden_codes[i].code);
        test_failures++;
    }
}

#endif
