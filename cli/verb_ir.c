/* formwright ir: what the compiler made of a definition, for those who want to look under the bonnet.
 */
#include "cli/command.h"

#include "base/limits.h"
#include "cli/form_file.h"
#include "cli/table_files.h"
#include "dsl/dsl.h"

static enum exit_code print_lua(struct command *command, const struct form_file *form,
                                const struct dsl_tables *tables, struct diags *diags)
{
    struct program *program;
    struct price_caps caps = price_caps_default();
    struct price price;
    enum status st = dsl_compile_with(mem_heap(), form->source, tables, &caps, diags, &price, &program);
    form_file_diagnostics(form, diags);
    if (st == ST_INPUT) return EXIT_FINDINGS;
    if (st) return command_status(command, st, form->path);
    struct buf out;
    buf_init(&out, mem_heap(), 2 * (size_t)limit(LUA_BYTES));
    dsl_write_lua(program, &out);
    bool written = !buf_failed(&out) && command_print(buf_str(&out));
    buf_release(&out);
    program_release(program);
    return written ? EXIT_OK : EXIT_UNREACHABLE;
}

static enum exit_code print(struct command *command, const char *path, const struct dsl_tables *tables,
                            bool lua)
{
    struct str text;
    struct form_file form;
    struct diags diags;
    enum exit_code code = form_file_read(command, path, NULL, &form);
    if (code) return code;
    diags_init(&diags, &command->arena, limit(DIAGNOSTICS));
    if (lua) return print_lua(command, &form, tables, &diags);
    enum status st = dsl_print_ir_with(&command->arena, form.source, tables, &diags, &text);
    form_file_diagnostics(&form, &diags);
    if (st == ST_INPUT) return EXIT_FINDINGS;
    if (st) return command_status(command, st, path);
    return command_print(text) ? EXIT_OK : EXIT_UNREACHABLE;
}

enum exit_code verb_ir(struct command *command)
{
    bool lua = false, done;
    const char *path, *table = NULL;
    const struct option_spec options[] = {{"lua", NULL, &lua, "print the generated Lua instead"},
                                          {"table", &table, NULL, TABLE_FILES_HELP}};
    struct table_files files;
    int count;
    enum exit_code code = table_files_take(command, &files);
    if (code) return code;
    code = command_options(command, options, 2, &path, 1, &count, &done);
    if (!code && !done && count != 1) code = command_usage(command);
    if (!code && !done) code = print(command, path, table_files_given(&files), lua);
    table_files_release(&files);
    return code;
}
