/* Site: a server on a data directory, as `serve` runs it and as the managing verbs need one.
 *
 *     site_start(command, &options, &site)   … site_wait(site) …   site_stop(site)
 *
 * While it runs, DIR/control (mode 0600) holds its URL and an operator's token for the command line;
 * the token ends with the server, and one that was left behind by a crash is revoked at the next start.
 */
#ifndef CLI_SITE_H
#define CLI_SITE_H

#include "base/log.h"
#include "cli/command.h"
#include "server/server.h"

struct site;

struct site_options {
    struct server_options server; /* its logs are filled in here */
    enum log_level log_level;
    bool access_log; /* a line per request */
    bool momentary;  /* for one errand: say nothing when another server owns the directory */
};

struct site_address {
    struct str url;   /* "http://127.0.0.1:8080" */
    struct str admin; /* "http://127.0.0.1:9080", "unix:PATH"; empty: none */
    struct str token; /* an operator's */
};

/* EXIT_REFUSED when another server owns the directory (then DIR/control tells which). Complains on
 * stderr. */
enum exit_code site_start(struct command *command, const struct site_options *options,
                          struct site **ret_site);
/* Before any thread is made, so that all of them leave SIGINT and SIGTERM to site_wait(). */
void site_block_signals(void);
struct site_address site_address(const struct site *site);
/* Until SIGINT or SIGTERM. */
void site_wait(struct site *site);
/* Drains and ends it; a further signal cuts the draining short. NULL is fine. */
void site_stop(struct site *site);

/* The server that owns `data`. EXIT_UNREACHABLE after telling that it is no server. */
enum exit_code site_join(struct command *command, const char *data, struct site_address *ret_address);
/* The server that owns `data` (*ret_own NULL), or one of our own on a free port, for the moment
 * (*ret_own to be stopped). */
enum exit_code site_reach(struct command *command, const char *data, struct site **ret_own,
                          struct site_address *ret_address);

#endif
