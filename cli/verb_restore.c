/* formwright restore: a data directory made of a backup, or a look at whether one could be. */
#include "cli/backups.h"
#include "cli/setting.h"

enum exit_code verb_restore(struct command *command)
{
    const char *data = setting_data(), *from = NULL;
    bool json = false, verify = false, done;
    int count;
    struct backup backup;
    const struct option_spec options[] = {
        {"data", &data, NULL, "the data directory to make; default: $FORMWRIGHT_STORAGE_DATA or data"},
        {"verify", NULL, &verify,
         "make nothing; read the backup from end to end and say whether it is whole"},
        {"json", NULL, &json, "print the list of files as JSON"},
    };
    enum exit_code code = command_options(command, options, 3, &from, 1, &count, &done);
    if (code || done) return code;
    if (count != 1) return command_usage(command);
    enum status st = verify ? backup_verify(from, &command->arena, &backup)
                            : backup_restore(from, data, &command->arena, &backup);
    return backups_tell(command, st, &backup, st == ST_CONFLICT ? data : from, json);
}
