/* formwright module: a form's logic as an ES module, as browsers load it. */
#include "cli/command.h"

#include "base/limits.h"
#include "cli/form_file.h"
#include "cli/table_files.h"
#include "dsl/dsl.h"

static enum exit_code print(struct command *command, const char *path, const struct dsl_tables *tables)
{
    struct str text;
    struct form_file form;
    struct diags diags;
    enum exit_code code = form_file_read(command, path, NULL, &form);
    if (code) return code;
    diags_init(&diags, &command->arena, limit(DIAGNOSTICS));
    enum status st = dsl_print_module(&command->arena, form.source, tables, &diags, &text);
    form_file_diagnostics(&form, &diags);
    if (st == ST_INPUT) return EXIT_FINDINGS;
    if (st) return command_status(command, st, path);
    return command_print(text) ? EXIT_OK : EXIT_UNREACHABLE;
}

enum exit_code verb_module(struct command *command)
{
    const char *path, *table = NULL;
    const struct option_spec options[] = {{"table", &table, NULL, TABLE_FILES_HELP}};
    struct table_files files;
    int count;
    bool done;
    enum exit_code code = table_files_take(command, &files);
    if (code) return code;
    code = command_options(command, options, 1, &path, 1, &count, &done);
    if (!code && !done && count != 1) code = command_usage(command);
    if (!code && !done) code = print(command, path, table_files_given(&files));
    table_files_release(&files);
    return code;
}
