/* Rewrite: verbs that replace files by a changed text of theirs.
 *
 *     return rewrite_files(command, dsl_format);
 *
 * Files are replaced only when they change, through a file beside them, so a crash loses nothing. */
#ifndef CLI_REWRITE_H
#define CLI_REWRITE_H

#include "cli/command.h"

#include "base/diag.h"

/* Reads the command's options and files, "-" for the standard input; --check, --stdout. */
enum exit_code rewrite_files(struct command *command,
                             enum status (*change)(struct arena *arena, struct str source,
                                                   struct diags *diags, struct str *ret_text));

#endif
