/* formwright schema: the JSON Schema of a form's answers. */
#include "cli/target.h"

#include "dsl/dsl.h"

static void write_schema(const struct program *program, const void *user, struct buf *out)
{
    const bool *stored = user;
    dsl_write_schema(program, *stored, out);
    buf_putc(out, '\n');
}

enum exit_code verb_schema(struct command *command)
{
    bool stored = false;
    const struct option_spec options[] = {
        {"stored", NULL, &stored, "of answers as they are stored, not as they are sent"}};
    return target_print(command, options, 1, write_schema, &stored);
}
