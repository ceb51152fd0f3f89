/* Client: speaks the HTTP API for the verbs that manage a server.
 *
 *     client_open(command, data, &client)                      the server that owns the data directory, or one of our own for the moment
 *     client_request(client, "POST", "/v1/tenants", body, &response)
 *     client_close(client)
 *
 * So every change, from wherever it comes, takes the one way through the API: same checks, same audit. A running server
 * leaves its address and a token for the command line in DIR/control, readable by its owner only. */
#ifndef CLI_CLIENT_H
#define CLI_CLIENT_H

#include "cli/command.h"

struct client;

struct client_response {
    long status;      /* HTTP */
    struct str body;  /* in the command's arena */
    struct str etag;  /* as sent, with its quotes; empty: none */
};

/* Tells on stderr why not, and gives the exit code. */
enum exit_code client_open(struct command *command, const char *data, struct client **ret_client);
void client_close(struct client *client);

/* `content_type` and `why` may be NULL. EXIT_OK whatever the HTTP status; EXIT_UNREACHABLE when there was no answer. */
enum exit_code client_request(struct client *client, const char *method, const char *path, struct str body,
                              const char *content_type, const char *why, struct client_response *ret_response);
/* EXIT_OK for 2xx; else tells the problem (RFC 9457) on stderr and gives the exit code that fits it. */
enum exit_code client_problem(struct client *client, const struct client_response *response);

#endif
