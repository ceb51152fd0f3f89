/* formwright limits: every cap of the program. docs/limits.md is this verb's output, held so by a test.
 */
#include "cli/command.h"

#include "base/limits.h"

static void print_json(void)
{
    printf("[");
    for (const struct limit_entry *entry = limit_entries; entry->name; entry++) {
        printf("%s{\"name\":\"%s\",\"value\":%ld,\"unit\":\"%s\",\"reason\":\"%s\"}",
               entry == limit_entries ? "" : ",", entry->name, entry->value, entry->unit,
               entry->reason);
    }
    printf("]\n");
}

static void print_table(void)
{
    printf("| limit | value | unit | why |\n| --- | --- | --- | --- |\n");
    for (const struct limit_entry *entry = limit_entries; entry->name; entry++)
        printf("| `%s` | %ld | %s | %s |\n", entry->name, entry->value, entry->unit, entry->reason);
}

enum exit_code verb_limits(struct command *command)
{
    bool json = false, done;
    const struct option_spec options[] = {{"json", NULL, &json, "print a JSON array"}};
    int count;
    enum exit_code code = command_options(command, options, 1, NULL, 0, &count, &done);
    if (code || done) return code;
    if (json) print_json();
    else print_table();
    return EXIT_OK;
}
