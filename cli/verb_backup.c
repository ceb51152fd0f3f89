/* formwright backup: a copy of a data directory, checked, whose server may go on working. */
#include "cli/backups.h"
#include "cli/setting.h"

#include "base/clock.h"

enum exit_code verb_backup(struct command *command)
{
    const char *data = setting_data(), *to = NULL, *tenant = NULL;
    bool json = false, done;
    int count;
    struct backup backup;
    const struct option_spec options[] = {
        {"data", &data, NULL, "the data directory; default: $FORMWRIGHT_STORAGE_DATA or data"},
        {"tenant", &tenant, NULL, "copy this tenant's file alone"},
        {"json", NULL, &json, "print the list of files as JSON"},
    };
    enum exit_code code = command_options(command, options, 3, &to, 1, &count, &done);
    if (code || done) return code;
    if (count != 1) return command_usage(command);
    enum status st = backup_make(data, str_of(tenant ? tenant : ""), to, clock_wall_ms(clock_system()),
                                 &command->arena, &backup);
    return backups_tell(command, st, &backup, st == ST_ABSENT ? data : to, json);
}
