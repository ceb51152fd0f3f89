/* Target: what the verbs share that print what a form is turned into: read, compile, print.
 *
 *     enum exit_code verb_types(struct command *command)
 *     {
 *         return target_print(command, NULL, 0, write_types, NULL);
 *     } */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include "cli/command.h"
#include "dsl/program.h"

/* `options` are the verb's own besides --table. `write` is called after they have been read; failures stay in `out`. */
enum exit_code target_print(struct command *command, const struct option_spec *options, size_t option_count,
                            void (*write)(const struct program *program, const void *user, struct buf *out),
                            const void *user);

#endif
