/* formwright version: of the program and of what it stands on. */
#include "cli/command.h"

#include "dsl/program.h"
#include "engine/engine.h"

enum exit_code verb_version(struct command *command)
{
    bool json = false, done;
    const struct option_spec options[] = {{"json", NULL, &json, "print one JSON object"}};
    int count;
    enum exit_code code = command_options(command, options, 1, NULL, 0, &count, &done);
    if (code || done) return code;
    struct storage_library storage = storage_library();
    if (json) {
        printf("{\"version\":\"%s\",\"compiler\":\"%s\",\"edition\":%u,\"storage\":{\"name\":\"%s\","
               "\"version\":\"%s\",\"wal_reset_race\":%s}}\n",
               COMMAND_VERSION, PROGRAM_COMPILER_VERSION, dsl_edition(), storage.name, storage.version,
               storage.wal_reset_race ? "true" : "false");
        return EXIT_OK;
    }
    printf("formwright %s, compiler %s, language edition %u\n%s %s%s\n", COMMAND_VERSION,
           PROGRAM_COMPILER_VERSION, dsl_edition(), storage.name, storage.version,
           storage.wal_reset_race ? COMMAND_RACE_NOTE : "");
    return EXIT_OK;
}
