/* Client: speaks the HTTP API for the verbs that manage a server.
 *
 *     client_open(command, data, &client)                      the server that owns the data directory,
 * or one of our own for the moment client_send(client, &(struct client_request){.method = "POST", .path
 * = "/v1/tenants", .body = body, .type = "application/json"}, &response) client_close(client)
 *
 * So every change, from wherever it comes, takes the one way through the API: same checks, same audit.
 * A running server leaves its address and a token for the command line in DIR/control, readable by its
 * owner only. */
#ifndef CLI_CLIENT_H
#define CLI_CLIENT_H

#include "cli/command.h"

struct client;

struct client_response {
    long status;     /* HTTP */
    struct str body; /* in the command's arena */
    struct str etag; /* as sent, with its quotes; empty: none */
};

/* Tells on stderr why not, and gives the exit code. */
enum exit_code client_open(struct command *command, const char *data, struct client **ret_client);
/* The server that owns the data directory, and none of our own. */
enum exit_code client_join(struct command *command, const char *data, struct client **ret_client);
void client_close(struct client *client);

struct client_request {
    const char *method, *path;
    struct str body;     /* ptr NULL: none */
    const char *type;    /* Content-Type; NULL: none */
    const char *why;     /* Audit-Reason; NULL: none */
    struct str if_match; /* an entity tag with its quotes; empty: none */
    struct str key;      /* Idempotency-Key; empty: none */
};

/* Speaks with this token from now on; empty: the operator's again. `token` outlives the client. */
void client_use_token(struct client *client, struct str token);

/* EXIT_OK whatever the HTTP status; EXIT_UNREACHABLE when there was no answer. */
enum exit_code client_send(struct client *client, const struct client_request *request,
                           struct client_response *ret_response);
/* The same, and anything but 2xx is told as client_problem() does. */
enum exit_code client_ask(struct client *client, const struct client_request *request,
                          struct client_response *ret_response);
/* EXIT_OK for 2xx; else tells the problem (RFC 9457) on stderr and gives the exit code that fits it. */
enum exit_code client_problem(struct client *client, const struct client_response *response);

#endif
