/* formwright ir: what the compiler made of a definition, for those who want to look under the bonnet.
 */
#include "cli/command.h"

#include "base/limits.h"
#include "dsl/dsl.h"

static enum exit_code print_lua(struct command *command, const char *path, struct str source,
                                struct diags *diags)
{
    struct program *program;
    enum status st = dsl_compile(mem_heap(), source, diags, &program);
    command_diagnostics(diags, path, source);
    if (st == ST_INPUT) return EXIT_FINDINGS;
    if (st) return command_status(command, st, path);
    for (uint32_t i = 0; i < program->chunk_count; i++) {
        printf("-- chunk %u, %u steps\n", i + 1, program->chunks[i].base_steps);
        if (!command_print(program->chunks[i].lua)) break;
    }
    program_release(program);
    return EXIT_OK;
}

enum exit_code verb_ir(struct command *command)
{
    bool lua = false, done;
    const struct option_spec options[] = {{"lua", NULL, &lua, "print the generated Lua instead"}};
    const char *path;
    int count;
    enum exit_code code = command_options(command, options, 1, &path, 1, &count, &done);
    if (code || done) return code;
    if (count != 1) return command_usage(command);

    struct str source, text;
    code = command_read(command, path, limit(SOURCE_BYTES), &source);
    if (code) return code;
    struct diags diags;
    diags_init(&diags, &command->arena, limit(DIAGNOSTICS));
    if (lua) return print_lua(command, path, source, &diags);

    enum status st = dsl_print_ir(&command->arena, source, &diags, &text);
    command_diagnostics(&diags, path, source);
    if (st == ST_INPUT) return EXIT_FINDINGS;
    if (st) return command_status(command, st, path);
    return command_print(text) ? EXIT_OK : EXIT_UNREACHABLE;
}
