/* Backups: what the verbs that make and read them have to say. */
#ifndef CLI_BACKUPS_H
#define CLI_BACKUPS_H

#include "cli/command.h"

#include "engine/engine.h"

/* Prints the files, or complains; `place` is the folder to blame where no file is. */
enum exit_code backups_tell(struct command *command, enum status st, const struct backup *backup,
                            const char *place, bool json);

#endif
