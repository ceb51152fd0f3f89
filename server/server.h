/* Server: HTTP in, HTTP out.                                                    the module's front door
 *
 *     struct server *server;
 *     struct server_options options = {.listen = "127.0.0.1:8080", .directory = "data"};
 *     st = server_start(&options, &server);
 *     … until SIGTERM …
 *     server_stop(server);             finishes what is under way, then closes the data directory
 *
 * The routes are in server/route.def and described at /v1/openapi.json. Event threads answer what is in
 * memory and judge submissions; what may wait for the disk is done by a crew of threads and by the
 * storage's writers while the connection is suspended. libmicrohttpd parses; server/guard.h decides
 * what of it is believed. */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct server;

/* 0 or NULL: the default, which is the limit of the same name. */
struct server_options {
    const char *listen; /* ADDRESS:PORT, "127.0.0.1:8080", "[::1]:0"; port 0: any free one. Needed */
    const char *admin_listen; /* for health, metrics and versions; also unix:PATH. NULL: nowhere */
    const char *directory;    /* the data. Needed */
    const char *version;      /* of the program, for /version */
    struct mem *mem;          /* NULL: the heap */
    struct clock *clock;      /* NULL: the system's */
    struct log *log;          /* what the server does; NULL: none */
    struct log *access_log;   /* a line per request; NULL: none */
    const char *cors_origins; /* of pages that may submit, with blanks between; NULL: none */
    uint32_t event_threads;
    uint32_t crew_threads;
    uint32_t judge_threads; /* for dear judgings and for compiling; 0: one for each core */
    uint32_t crew_queue_max;
    uint32_t writers;
    uint32_t writer_queue_max;
    uint32_t connections_max;
    uint32_t connections_per_address_max; /* but of trusted_proxies any number */
    uint32_t idle_seconds;                /* without a byte */
    uint32_t header_ms, body_ms, request_ms;
    uint32_t rate_bytes, grace_ms; /* a second, of a body that comes and an answer that waits */
    uint32_t drain_ms;
    uint32_t stuck_ms;      /* an event thread in one step for longer hangs */
    uint32_t tidy_ms; /* between two looks for Lua worlds that nobody uses; 0: POOL_IDLE_SECONDS */
    uint32_t disk_free_mib; /* with less the server is not ready */
    size_t cache_bytes_max;
    uint32_t metrics_tenants;   /* with series of their own; at most limit(METRICS_TENANTS); 0: none */
    uint64_t judging_steps_max; /* see engine_options */
    uint32_t judging_ms_max;
    /* From one source (server/throttle.def); 0: no such limit. */
    uint32_t address_per_second, network_per_second, submit_per_minute, token_per_minute,
        failures_per_minute;
    uint32_t refusals_held_max; /* 429s that wait for a moment; 0: limit(HELD_REFUSALS) */
    /* "10.0.0.0/8, ::1": proxies whose word on a client's address is taken; NULL: none. */
    const char *trusted_proxies;
    bool proxy_says_forwarded; /* they write Forwarded (RFC 7239), else X-Forwarded-For */
};

/* Could this be an address to listen on? */
bool server_address(const char *text);
/* Could these be cors_origins? */
bool server_origins(const char *text);
/* Could this be a list of networks? NULL: none, which is one. */
bool server_networks(const char *text);
/* ST_INPUT: `listen` or `admin_listen` is no address, or `trusted_proxies` no list of networks. ST_IO:
 * it cannot be listened on. ST_LOCKED, …: see tenants_open(). */
enum status server_start(const struct server_options *options, struct server **ret_server) MUST_USE;
uint16_t server_port(const struct server *server);
/* 0: there is none. */
uint16_t server_admin_port(const struct server *server);
/* /readyz says 503, no new connection is taken, requests under way get drain_ms to end. Once. */
void server_drain(struct server *server);
/* Drains, if that was not done yet; then all is closed and on disk. NULL is fine. */
void server_stop(struct server *server);
/* From a signal handler or another thread: server_drain() waits no longer for requests under way. */
void server_hurry(struct server *server);

#endif
