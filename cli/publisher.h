/* Publisher: a publisher's token for the moment, so that what a verb does is done by one.
 *
 *     struct publisher publisher = {.command = command, .client = client, .tenant = "acme"};
 *     code = publisher_begin(&publisher, "formwright publish");      the client speaks with it from
 * here … code = publisher_end(&publisher);                              … to here, where it is revoked
 */
#ifndef CLI_PUBLISHER_H
#define CLI_PUBLISHER_H

#include "cli/client.h"

struct publisher {
    struct command *command;
    struct client *client;
    const char *tenant;
    const char *what; /* of publisher_begin() */
    struct str token, token_id;
};

/* `what` is for the token's note and the audit log; static. */
enum exit_code publisher_begin(struct publisher *publisher, const char *what);
enum exit_code publisher_end(struct publisher *publisher);

#endif
