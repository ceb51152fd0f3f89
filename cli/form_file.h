/* Form file: a definition with the translations that stand beside it, as one text.
 *
 *     visit.form  visit.de.lang  visit.fr.lang
 *
 *     form_given_take(command, &given)                  takes --translation de=FILE out of argv
 *     code = form_file_read(command, path, &given, &form);
 *     dsl_compile_with(mem, form.source, …, &diags, …)
 *     form_file_diagnostics(&form, &diags)              each in the file that it is about
 *
 * A file named by --translation takes the place of the one beside the form. */
#ifndef CLI_FORM_FILE_H
#define CLI_FORM_FILE_H

#include "base/limits.h"
#include "cli/command.h"
#include "dsl/dsl.h"

#define FORM_GIVEN_HELP                                                                                \
    "LANG=FILE.lang, entries of a translation; may be given several times; FILE.LANG.lang beside the " \
    "form is found by itself"

/* The translations that were named. Borrowed from argv. */
struct form_given {
    struct str languages[LIMIT_LANGUAGES];
    const char *paths[LIMIT_LANGUAGES];
    uint32_t count;
};
enum exit_code form_given_take(struct command *command, struct form_given *ret_given);

struct form_file {
    const char *path;
    struct str source;  /* the whole: what is compiled */
    struct str written; /* of the form's own file */
    struct dsl_entries entries[LIMIT_LANGUAGES];
    const char *paths[LIMIT_LANGUAGES];
    uint32_t count;
};
/* `given` NULL: none. All lives in the command's arena. */
enum exit_code form_file_read(struct command *command, const char *path, const struct form_given *given,
                              struct form_file *ret_form);

/* One file's share of what was found in the whole. Index 0 is the form, i the i-th translation. */
struct form_share {
    const char *path;
    struct str source;
    struct diags diags;
};
/* In the arena of `diags`. False: it is full. */
bool form_file_share(const struct form_file *form, const struct diags *diags, uint32_t index,
                     struct form_share *ret_share);
/* For people, each under its file's name and line. */
void form_file_put(const struct form_file *form, const struct diags *diags, struct buf *out);
/* The same on stderr. */
void form_file_diagnostics(const struct form_file *form, const struct diags *diags);

#endif
