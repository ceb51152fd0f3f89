#include "cli/target.h"

#include "base/limits.h"
#include "cli/form_file.h"
#include "cli/table_files.h"
#include "dsl/dsl.h"

#include <assert.h>

enum { OPTIONS_MAX = 4 };

struct target {
    void (*write)(const struct program *program, const void *user, struct buf *out);
    const void *user;
};

static enum exit_code print_program(struct command *command, const char *path,
                                    const struct target *target, const struct program *program)
{
    struct buf out;
    buf_init(&out, mem_heap(), limit(COMPILE_ARENA_BYTES));
    target->write(program, target->user, &out);
    enum exit_code code = EXIT_OK;
    if (buf_failed(&out)) code = command_status(command, out.failure, path);
    else if (!command_print(buf_str(&out))) code = EXIT_UNREACHABLE;
    buf_release(&out);
    return code;
}

static enum exit_code print_file(struct command *command, const char *path,
                                 const struct dsl_tables *tables, const struct target *target)
{
    struct form_file form;
    struct diags diags;
    struct program *program;
    struct price price;
    struct price_caps caps = price_caps_default();
    enum exit_code code = form_file_read(command, path, NULL, &form);
    if (code) return code;
    diags_init(&diags, &command->arena, limit(DIAGNOSTICS));
    enum status st = dsl_compile_with(mem_heap(), form.source, tables, &caps, &diags, &price, &program);
    form_file_diagnostics(&form, &diags);
    if (st == ST_INPUT) return EXIT_FINDINGS;
    if (st) return command_status(command, st, path);
    code = print_program(command, path, target, program);
    program_release(program);
    return code;
}

enum exit_code
target_print(struct command *command, const struct option_spec *options, size_t option_count,
             void (*write)(const struct program *program, const void *user, struct buf *out),
             const void *user)
{
    const char *path, *table = NULL;
    const struct target target = {write, user};
    struct option_spec all[OPTIONS_MAX] = {{"table", &table, NULL, TABLE_FILES_HELP}};
    struct table_files files;
    int count;
    bool done;
    assert(option_count < OPTIONS_MAX);
    for (size_t i = 0; i < option_count; i++) all[1 + i] = options[i];
    enum exit_code code = table_files_take(command, &files);
    if (code) return code;
    code = command_options(command, all, 1 + option_count, &path, 1, &count, &done);
    if (!code && !done && count != 1) code = command_usage(command);
    if (!code && !done) code = print_file(command, path, &files.tables, &target);
    table_files_release(&files);
    return code;
}
