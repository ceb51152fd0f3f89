/* formwright restore: a data directory made of a backup, or one tenant of it put beside others, or a
 * look at whether either could be. */
#include "cli/backups.h"
#include "cli/setting.h"

#include "base/clock.h"

static enum exit_code restore_tenant(struct command *command, const char *from, const char *data,
                                     struct backup_wish *wish, bool json)
{
    struct backup backup;
    wish->actor = (struct actor){.who = STR("operator"),
                                 .where = STR("cli"),
                                 .why = arena_printf(&command->arena, "restored: %.*s as it was in %s",
                                                     STR_ARG(wish->tenant), from),
                                 .at_ms = clock_wall_ms(clock_system())};
    enum status st = backup_restore_tenant(from, data, wish, &command->arena, &backup);
    if (st == ST_LOCKED)
        return command_fail(command, EXIT_REFUSED, "%s is being served: stop its server first", data);
    return backups_tell(command, st, &backup, from, json);
}

enum exit_code verb_restore(struct command *command)
{
    const char *data = setting_data(), *from = NULL, *tenant = NULL, *as = NULL;
    bool json = false, verify = false, done;
    int count;
    struct backup backup;
    const struct option_spec options[] = {
        {"data", &data, NULL, "the data directory to make; default: $FORMWRIGHT_STORAGE_DATA or data"},
        {"verify", NULL, &verify,
         "make nothing; read the backup from end to end and say whether it is whole"},
        {"tenant", &tenant, NULL, "restore this tenant alone, into a data directory that may be there"},
        {"as", &as, NULL, "the new name of that tenant"},
        {"json", NULL, &json, "print the list of files as JSON"},
    };
    enum exit_code code = command_options(command, options, 5, &from, 1, &count, &done);
    if (code || done) return code;
    if (count != 1 || !tenant != !as || (tenant && verify)) return command_usage(command);
    for (int i = 0; tenant && !code && i < 2; i++) code = command_name(command, i ? as : tenant);
    if (code) return code;
    if (tenant) {
        struct backup_wish wish = {.tenant = str_of(tenant), .as = str_of(as)};
        return restore_tenant(command, from, data, &wish, json);
    }
    enum status st = verify ? backup_verify(from, &command->arena, &backup)
                            : backup_restore(from, data, &command->arena, &backup);
    return backups_tell(command, st, &backup, st == ST_CONFLICT ? data : from, json);
}
