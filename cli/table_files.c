#include "cli/table_files.h"

static enum status find(void *user, struct str name, uint32_t version, struct sheet **ret_sheet,
                        uint32_t *ret_version)
{
    const struct table_files *files = user;
    for (uint32_t i = 0; i < files->count; i++) {
        if (!str_eq(files->names[i], name)) continue;
        *ret_sheet = files->sheets[i];
        *ret_version = version ? version : 1;
        return ST_OK;
    }
    return ST_ABSENT;
}

/* NAME=FILE.csv */
static enum exit_code add(struct command *command, struct table_files *files, const char *word)
{
    const char *equals = strchr(word, '=');
    struct str csv;
    struct sheet_fault fault;
    if (!equals || equals == word)
        return command_fail(command, EXIT_USAGE, "--table: \"%s\" is not NAME=FILE.csv", word);
    if (files->count == limit(TABLES))
        return command_fail(command, EXIT_USAGE, "--table: at most %d tables", limit(TABLES));
    enum exit_code code = command_read(command, equals + 1, limit(TABLE_BYTES), &csv);
    if (code) return code;
    enum status st = sheet_new(mem_heap(), csv, &files->sheets[files->count], &fault);
    if (st == ST_INPUT)
        return command_fail(command, EXIT_FINDINGS, "%s:%u: %s", equals + 1, (unsigned)fault.line,
                            fault.reason);
    if (st) return command_status(command, st, equals + 1);
    files->names[files->count++] = (struct str){word, (size_t)(equals - word)};
    return EXIT_OK;
}

enum exit_code table_files_take(struct command *command, struct table_files *ret_files)
{
    int kept = 0;
    enum exit_code code = EXIT_OK;
    *ret_files = (struct table_files){.tables = {.find = find, .user = ret_files}};
    for (int i = 0; i < command->argc; i++) {
        char *word = command->argv[i];
        bool alone = strcmp(word, "--table") == 0 && i + 1 < command->argc;
        bool joined = strncmp(word, "--table=", 8) == 0;
        if (strcmp(word, "--") == 0) { /* all that follow are arguments */
            for (; i < command->argc; i++) command->argv[kept++] = command->argv[i];
        } else if (!alone && !joined) {
            command->argv[kept++] = word;
        } else if (!code) {
            code = add(command, ret_files, alone ? command->argv[i + 1] : word + 8);
        }
        i += alone;
    }
    command->argc = kept;
    if (code) table_files_release(ret_files);
    return code;
}

const struct dsl_tables *table_files_given(const struct table_files *files)
{
    return files->count ? &files->tables : NULL;
}

void table_files_release(struct table_files *files)
{
    for (uint32_t i = 0; i < files->count; i++) sheet_release(files->sheets[i]);
    files->count = 0;
}
