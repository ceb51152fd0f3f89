/* formwright diff: what differs between two form definitions, and what it means for answers to the
 * first. */
#include "cli/command.h"

#include "base/limits.h"
#include "cli/form_file.h"
#include "cli/table_files.h"
#include "dsl/dsl.h"

struct wish {
    const char *from, *to;
    bool json;
    const char *fail_on; /* NULL: breaking */
};

static enum exit_code compare(struct command *command, const struct wish *wish,
                              const struct dsl_tables *tables, struct dsl_diff *ret_diff)
{
    struct form_file forms[2];
    struct diags diags[2];
    const char *paths[2] = {wish->from, wish->to};
    for (int i = 0; i < 2; i++) {
        enum exit_code code = form_file_read(command, paths[i], NULL, &forms[i]);
        if (code) return code;
        diags_init(&diags[i], &command->arena, limit(DIAGNOSTICS));
    }
    enum status st = dsl_diff(&command->arena, &(struct dsl_side){forms[0].source, tables, &diags[0]},
                              &(struct dsl_side){forms[1].source, tables, &diags[1]}, ret_diff);
    for (int i = 0; st == ST_INPUT && i < 2; i++) form_file_diagnostics(&forms[i], &diags[i]);
    if (st == ST_INPUT) return EXIT_FINDINGS;
    return st ? command_status(command, st, wish->to) : EXIT_OK;
}

static enum exit_code print(struct command *command, const struct wish *wish,
                            const struct dsl_tables *tables, enum dsl_diff_class fail_on)
{
    struct dsl_diff diff;
    struct buf out;
    enum exit_code code = compare(command, wish, tables, &diff);
    if (code) return code;
    buf_init(&out, mem_heap(), limit(COMPILE_ARENA_BYTES));
    if (wish->json) dsl_diff_put_json(&diff, &out);
    else dsl_diff_put_text(&diff, &out);
    if (wish->json) buf_putc(&out, '\n');
    if (out.failure) code = command_status(command, out.failure, wish->to);
    else if (!command_print(buf_str(&out))) code = EXIT_UNREACHABLE;
    else if (diff.diff_class >= fail_on) code = EXIT_FINDINGS;
    buf_release(&out);
    return code;
}

static enum exit_code take_class(const struct command *command, const char *text,
                                 enum dsl_diff_class *ret_class)
{
    *ret_class = DIFF_BREAKING;
    if (!text) return EXIT_OK;
    for (int i = DIFF_PRESENTATIONAL; i <= DIFF_BREAKING; i++) {
        *ret_class = (enum dsl_diff_class)i;
        if (str_eq(str_of(text), str_of(dsl_diff_class_name(*ret_class)))) return EXIT_OK;
    }
    return command_fail(command, EXIT_USAGE,
                        "--fail-on: \"%s\" is none of presentational, additive, narrowing, breaking",
                        text);
}

enum exit_code verb_diff(struct command *command)
{
    const char *paths[2] = {NULL, NULL}, *table = NULL;
    struct wish wish = {.json = false};
    struct table_files files;
    enum dsl_diff_class fail_on;
    bool done;
    int count;
    const struct option_spec options[] = {
        {"json", NULL, &wish.json, "the changes as one JSON object"},
        {"fail-on", &wish.fail_on, NULL,
         "the mildest class of change that ends with 1: presentational, additive, narrowing or "
         "breaking (the default)"},
        {"table", &table, NULL, TABLE_FILES_HELP},
    };
    enum exit_code code = table_files_take(command, &files);
    if (code) return code;
    code = command_options(command, options, 3, paths, 2, &count, &done);
    if (!code && !done && count != 2) code = command_usage(command);
    if (!code && !done) code = take_class(command, wish.fail_on, &fail_on);
    wish.from = paths[0];
    wish.to = paths[1];
    if (!code && !done) code = print(command, &wish, &files.tables, fail_on);
    table_files_release(&files);
    return code;
}
