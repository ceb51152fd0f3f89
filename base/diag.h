/* Diagnostics: what a user did wrong in a definition, told so that they can mend it.
 *
 *     diag_add(diags, DIAG_ERROR, "E0203", span, "there is no field \"mariage\" here",
 *              "did you mean \"marriage\"?");
 *
 * A list with a maximum: past it, diagnostics are counted, not kept, and an error takes the place of a
 * warning. Codes are stable and live in dsl/diagnostic.def. A span is bytes of the source; line and
 * column are found when it is printed. */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

struct span {
    uint32_t offset; /* bytes from the start of the source */
    uint32_t len;    /* bytes; 0 marks a point */
};

enum diag_severity { DIAG_ERROR, DIAG_WARNING };

struct diag {
    enum diag_severity severity;
    const char *code; /* static: "E0203" */
    struct span span;
    struct str message;  /* lower case, no full stop at the end */
    struct str hint;     /* len 0: none */
    struct span related; /* another place that matters; len 0: none */
    struct str related_message;
};

struct diags {
    struct arena *arena; /* keeps the texts alive */
    struct diag *items;
    uint32_t count; /* kept */
    uint32_t capacity;
    uint32_t count_max; /* limit DIAGNOSTICS_MAX */
    uint32_t errors;    /* all errors met, kept or not */
    uint32_t warnings;
};

void diags_init(struct diags *diags, struct arena *arena, uint32_t count_max);
/* Adds one; texts are copied into the arena. NULL hint: none. Returns the kept diagnostic, to add
 * `related` to, or NULL. */
struct diag *diag_add(struct diags *diags, enum diag_severity severity, const char *code,
                      struct span span, struct str message, const char *hint);
/* The same with a printf message. */
struct diag *diag_addf(struct diags *diags, enum diag_severity severity, const char *code,
                       struct span span, const char *hint, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
/* What was met and is not kept. */
struct diags_more {
    uint32_t errors, warnings;
};
struct diags_more diags_more(const struct diags *diags);

/* What was added since `before`, a copy of the list then, is taken back, and all of `other` is added.
 */
void diags_replace(struct diags *diags, const struct diags *before, const struct diags *other);

/* Sorted by offset, then code, stable: the order users see and goldens hold. */
void diags_sort(struct diags *diags);

struct line_column {
    uint32_t line;   /* from 1 */
    uint32_t column; /* from 1, in code points */
};
struct line_column line_column_of(struct str source, uint32_t offset);

/* For people; the last line says how many more there are:
 *     file:4:12: error[E0203]: there is no field "mariage" here
 *       4 |     when mariage = "yes"
 *         |          ^^^^^^^
 *         = hint: did you mean "marriage"? */
void diags_print(const struct diags *diags, struct str file, struct str source, struct buf *out);
/* For programs: a JSON array of {code, severity, message, hint?, line, column, offset, length,
 * related?}. */
void diags_print_json(const struct diags *diags, struct str source, struct buf *out);

/* The candidate nearest to `word` by edit distance, or len 0 when none is near enough (a third of its
 * length). For "did you mean". */
struct str nearest_word(struct str word, const struct str *candidates, size_t count);

#endif
