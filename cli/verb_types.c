/* formwright types: TypeScript types of a form's answers. */
#include "cli/target.h"

#include "dsl/dsl.h"

static void write_types(const struct program *program, const void *user, struct buf *out)
{
    (void)user;
    dsl_write_types(program, out);
}

enum exit_code verb_types(struct command *command)
{
    return target_print(command, NULL, 0, write_types, NULL);
}
