/* Door: one address on which HTTP is spoken: the public's, with the API, and the operator's, with
 * health, metrics and versions.
 *
 *     door_open(&server->doors[DOOR_PUBLIC], server, "127.0.0.1:8080")
 *     door_start(&server->doors[DOOR_PUBLIC])        libmicrohttpd answers from now on
 *     door_close(…)                                  takes nobody any more; who is inside stays
 *     door_stop(…)                                   all are out
 *
 * An address is HOST:PORT, [IPv6]:PORT or unix:PATH. */
#ifndef SERVER_DOOR_H
#define SERVER_DOOR_H

#include "base/status.h"
#include "base/str.h"

#include <microhttpd.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct server;

enum door_kind { DOOR_PUBLIC, DOOR_ADMIN, DOOR_COUNT };

struct door {
    struct server *server; /* NULL: never opened */
    enum door_kind kind;
    struct MHD_Daemon *daemon;
    const char *socket_path; /* of unix:PATH, to be removed; borrowed */
    int fd;
    uint16_t port; /* 0: none */
    atomic_bool closed; /* new connections are turned away */
};

/* Could it be one? Whether it can be listened on is another matter. */
bool door_address(const char *text);
/* ST_INPUT: no address; ST_IO: it cannot be listened on. `address` outlives the door. */
enum status door_open(struct door *door, enum door_kind kind, struct server *server,
                      const char *address) MUST_USE;
enum status door_start(struct door *door) MUST_USE;
void door_close(struct door *door);
/* Nobody may be suspended. */
void door_stop(struct door *door);

/* Is this path behind that door? /livez and /readyz are behind both. */
bool door_leads_to(enum door_kind kind, struct str path);

#endif
