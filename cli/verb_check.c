/* formwright check: compiles a definition and tells what is wrong with it, or what it costs at worst.
 */
#include "cli/command.h"

#include "base/limits.h"
#include "dsl/dsl.h"

#include <inttypes.h>

/* One JSON object: {"file", "valid", "diagnostics": […], "cost": {…} when valid}. */
static enum exit_code print_json(const char *path, struct str source, const struct diags *diags,
                                 const struct program *program)
{
    struct buf out;
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
    buf_printf(&out, "{\"valid\":%s,\"diagnostics\":", program ? "true" : "false");
    diags_print_json(diags, source, &out);
    if (program) {
        buf_printf(&out,
                   ",\"form\":{\"name\":\"%.*s\",\"hash\":\"%s\"},\"cost\":{\"steps_max\":%" PRIu64
                   ",\"memory_bytes_max\":%" PRIu64 ",\"verdict_bytes_max\":%" PRIu64 "}",
                   STR_ARG(program->name), program->source_hash, program->cost.steps_max,
                   program->cost.memory_bytes_max, program->cost.verdict_bytes_max);
    }
    buf_puts(&out, "}\n");
    bool written = !buf_failed(&out) && command_print(buf_str(&out));
    buf_release(&out);
    if (!written) fprintf(stderr, "formwright check: %s: the result could not be written\n", path);
    return written ? EXIT_OK : EXIT_UNREACHABLE;
}

static void print_cost(const char *path, const struct program *program)
{
    printf("%s: ok: form %.*s, at worst %" PRIu64 " steps, %" PRIu64 " bytes of memory, %" PRIu64
           " bytes of verdict for one submission\n",
           path, STR_ARG(program->name), program->cost.steps_max, program->cost.memory_bytes_max,
           program->cost.verdict_bytes_max);
}

enum exit_code verb_check(struct command *command)
{
    bool json = false, done;
    const struct option_spec options[] = {
        {"json", NULL, &json, "print diagnostics and cost as one JSON object"}};
    const char *path;
    int count;
    enum exit_code code = command_options(command, options, 1, &path, 1, &count, &done);
    if (code || done) return code;
    if (count != 1) return command_usage(command);

    struct str source;
    code = command_read(command, path, limit(SOURCE_BYTES), &source);
    if (code) return code;
    struct diags diags;
    diags_init(&diags, &command->arena, limit(DIAGNOSTICS));
    struct program *program = NULL;
    enum status st = dsl_compile(mem_heap(), source, &diags, &program);
    if (st && st != ST_INPUT) return command_status(command, st, path);

    if (json) code = print_json(path, source, &diags, program);
    else command_diagnostics(&diags, path, source);
    if (program && !json) print_cost(path, program);
    program_release(program);
    if (code) return code;
    return st ? EXIT_FINDINGS : EXIT_OK;
}
