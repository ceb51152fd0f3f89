/* formwright render: the document that frontends draw a form from. */
#include "cli/target.h"

static void write_render(const struct program *program, const void *user, struct buf *out)
{
    (void)user;
    buf_put(out, program->render);
    buf_putc(out, '\n');
}

enum exit_code verb_render(struct command *command)
{
    return target_print(command, NULL, 0, write_render, NULL);
}
