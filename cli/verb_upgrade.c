/* formwright upgrade: definitions in the newest edition of the language, meaning the same. */
#include "cli/rewrite.h"

#include "dsl/dsl.h"

enum exit_code verb_upgrade(struct command *command)
{
    return rewrite_files(command, dsl_upgrade);
}
