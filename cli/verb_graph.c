/* formwright graph: what depends on what in a form, for drawing programs and scripts. */
#include "cli/command.h"

#include "base/limits.h"
#include "cli/form_file.h"
#include "cli/table_files.h"
#include "dsl/dsl.h"

#include <string.h>

static enum exit_code print(struct command *command, const char *path, const struct dsl_tables *tables,
                            enum dsl_graph format)
{
    struct form_file form;
    struct diags diags;
    struct buf out;
    enum exit_code code = form_file_read(command, path, NULL, &form);
    if (code) return code;
    diags_init(&diags, &command->arena, limit(DIAGNOSTICS));
    buf_init(&out, mem_heap(), limit(COMPILE_ARENA_BYTES));
    enum status st = dsl_graph(form.source, tables, format, &diags, &out);
    if (st == ST_INPUT) form_file_diagnostics(&form, &diags); /* warnings are for `check` */
    if (st == ST_INPUT) code = EXIT_FINDINGS;
    else if (st) code = command_status(command, st, path);
    else if (!command_print(buf_str(&out))) code = EXIT_UNREACHABLE;
    buf_release(&out);
    return code;
}

static enum exit_code take_format(const struct command *command, const char *text,
                                  enum dsl_graph *ret_format)
{
    static const char *const names[] = {"dot", "mermaid", "json"};
    for (int i = 0; i <= DSL_GRAPH_JSON; i++) {
        if (text && strcmp(text, names[i]) != 0) continue;
        *ret_format = (enum dsl_graph)i;
        return EXIT_OK;
    }
    return command_fail(command, EXIT_USAGE, "--format: \"%s\" is none of dot, mermaid, json", text);
}

enum exit_code verb_graph(struct command *command)
{
    const char *path, *format_name = NULL, *table = NULL;
    struct table_files files;
    enum dsl_graph format = DSL_GRAPH_DOT;
    bool done;
    int count;
    const struct option_spec options[] = {
        {"format", &format_name, NULL, "dot (for Graphviz; the default), mermaid or json"},
        {"table", &table, NULL, TABLE_FILES_HELP},
    };
    enum exit_code code = table_files_take(command, &files);
    if (code) return code;
    code = command_options(command, options, 2, &path, 1, &count, &done);
    if (!code && !done && count != 1) code = command_usage(command);
    if (!code && !done) code = take_format(command, format_name, &format);
    if (!code && !done) code = print(command, path, &files.tables, format);
    table_files_release(&files);
    return code;
}
