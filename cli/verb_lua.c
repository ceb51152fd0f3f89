/* formwright lua: the rules of a form, as they run. */
#include "cli/target.h"

#include "dsl/dsl.h"

static void write_lua(const struct program *program, const void *user, struct buf *out)
{
    (void)user;
    dsl_write_lua(program, out);
}

enum exit_code verb_lua(struct command *command)
{
    return target_print(command, NULL, 0, write_lua, NULL);
}
