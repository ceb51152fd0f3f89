/* formwright fmt: the one layout. */
#include "cli/rewrite.h"

#include "dsl/dsl.h"

enum exit_code verb_fmt(struct command *command)
{
    return rewrite_files(command, dsl_format);
}
