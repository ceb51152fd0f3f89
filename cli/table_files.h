/* Table files: lookup tables from files, for verbs that compile a definition by themselves.
 *
 *     formwright check wards.form --table wards=wards.csv --table states=states.csv
 *
 *     code = table_files_take(command, &files);       before command_options(): takes --table out of
 * argv dsl_compile_with(mem, source, table_files_given(&files), …) table_files_release(&files);
 *
 * A file stands for every version of its table. */
#ifndef CLI_TABLE_FILES_H
#define CLI_TABLE_FILES_H

#include "base/limits.h"
#include "cli/command.h"
#include "dsl/dsl.h"

#define TABLE_FILES_HELP "a lookup table that the definition names; may be given several times"

struct table_files {
    struct dsl_tables tables;
    struct str names[LIMIT_TABLES];
    struct sheet *sheets[LIMIT_TABLES];
    uint32_t count;
};

enum exit_code table_files_take(struct command *command, struct table_files *ret_files);
/* NULL: none was given. */
const struct dsl_tables *table_files_given(const struct table_files *files);
void table_files_release(struct table_files *files);

#endif
