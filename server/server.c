#include "server/server.h"

#include "base/limits.h"
#include "server/core.h"
#include "server/keyfile.h"
#include "server/presentation.h"
#include "server/request.h"

#include <assert.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* ---------------------------------------------------------------- options */

static uint32_t or_default(uint32_t value, uint32_t otherwise)
{
    return value ? value : otherwise;
}

static uint32_t event_threads(uint32_t asked)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t most = limit(EVENT_THREADS);
    uint32_t threads = asked ? asked : cores > 0 ? (uint32_t)cores : 1;
    return threads < most ? threads : most;
}

/* Half of the descriptors at most: the storage needs some, and so does the operator. */
static uint32_t connections(uint32_t asked)
{
    struct rlimit files;
    uint32_t most = or_default(asked, limit(CONNECTIONS));
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY) return most;
    return files.rlim_cur / 2 < most ? (uint32_t)(files.rlim_cur / 2) : most;
}

static void fill_options(struct server *server, const struct server_options *given)
{
    struct server_options *options = &server->options;
    *options = *given;
    options->event_threads = event_threads(given->event_threads);
    options->crew_threads = or_default(given->crew_threads, limit(CREW_THREADS));
    options->crew_queue_max = or_default(given->crew_queue_max, limit(CREW_QUEUE));
    options->connections_max = connections(given->connections_max);
    options->idle_seconds = or_default(given->idle_seconds, limit(CONNECTION_IDLE_SECONDS));
    options->header_ms = or_default(given->header_ms, limit(REQUEST_HEADER_MS));
    options->body_ms = or_default(given->body_ms, limit(REQUEST_BODY_MS));
    options->request_ms = or_default(given->request_ms, limit(REQUEST_MS));
    options->drain_ms = or_default(given->drain_ms, limit(DRAIN_MS));
    server->clock = given->clock ? given->clock : clock_system();
    server->parses_in_place = strncmp(MHD_get_version(), "0.9.", 4) == 0;
}

/* ---------------------------------------------------------------- listening */

/* "127.0.0.1:8080", "[::1]:0", "localhost:8080". */
static bool split_address(const char *listen, char host[256], const char **ret_port)
{
    const char *colon = strrchr(listen, ':');
    if (!colon || colon == listen || !colon[1]) return false;
    struct str name = {listen, (size_t)(colon - listen)};
    if (name.ptr[0] == '[') {
        if (name.len < 3 || name.ptr[name.len - 1] != ']') return false;
        name = (struct str){name.ptr + 1, name.len - 2};
    } else if (memchr(name.ptr, ':', name.len)) {
        return false; /* an IPv6 address stands in brackets */
    }
    if (name.len >= 256) return false;
    memcpy(host, name.ptr, name.len);
    host[name.len] = '\0';
    *ret_port = colon + 1;
    return strspn(*ret_port, "0123456789") == strlen(*ret_port) && strlen(*ret_port) <= 5;
}

static int open_socket(const struct addrinfo *address)
{
    int yes = 1;
    int fd = socket(address->ai_family, SOCK_STREAM, 0);
    if (fd < 0) return -1;
    bool open = fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
                setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
                bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0;
    if (open) return fd;
    close(fd);
    return -1;
}

static uint16_t port_of(int fd)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof address;
    char port[8] = "0";
    if (getsockname(fd, (struct sockaddr *)(void *)&address, &len) != 0 ||
        getnameinfo((struct sockaddr *)(void *)&address, len, NULL, 0, port, sizeof port,
                    NI_NUMERICSERV) != 0)
        return 0;
    uint16_t number = 0;
    for (const char *at = port; *at; at++) number = (uint16_t)(number * 10 + (*at - '0'));
    return number;
}

static enum status open_listener(struct server *server)
{
    char host[256];
    const char *port;
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM},
                    *addresses;
    if (!split_address(server->options.listen, host, &port)) return ST_INPUT;
    if (getaddrinfo(host, port, &hints, &addresses) != 0) return ST_INPUT;
    server->listen_fd = open_socket(addresses);
    freeaddrinfo(addresses);
    if (server->listen_fd < 0) return ST_IO;
    server->port = port_of(server->listen_fd);
    return ST_OK;
}

/* ---------------------------------------------------------------- parts */

/* The raw target is what the guard wants to see: nothing is decoded. */
static size_t leave_escaped(void *user, struct MHD_Connection *connection, char *text)
{
    (void)user, (void)connection;
    return strlen(text);
}

static void free_worker(void *worker)
{
    worker_free(worker);
}

static enum status open_engine(struct server *server)
{
    const struct server_options *options = &server->options;
    return engine_open(&(struct engine_options){.mem = server->mem,
                                                .directory = options->directory,
                                                .presenter = presentation_presenter(),
                                                .clock = server->clock,
                                                .log = options->log,
                                                .cache_bytes_max = options->cache_bytes_max,
                                                .writers = options->writers,
                                                .queue_ops_max = options->writer_queue_max},
                       &server->engine);
}

static enum status start_daemon(struct server *server)
{
    const struct server_options *options = &server->options;
    struct MHD_OptionItem items[] = {
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, limit(CONNECTION_BYTES), NULL},
        {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)options->connections_max, NULL},
        {MHD_OPTION_PER_IP_CONNECTION_LIMIT, (intptr_t)options->connections_per_address_max, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, (intptr_t)options->idle_seconds, NULL},
        /* A pool of one is no pool. */
        {options->event_threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END,
         (intptr_t)options->event_threads, NULL},
        {MHD_OPTION_END, 0, NULL}};
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, request_step, server,
        MHD_OPTION_LISTEN_SOCKET, server->listen_fd, MHD_OPTION_URI_LOG_CALLBACK, request_target,
        server, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL, MHD_OPTION_NOTIFY_COMPLETED,
        request_completed, server, MHD_OPTION_NOTIFY_CONNECTION, request_peer, server, MHD_OPTION_ARRAY,
        items, MHD_OPTION_END);
    return server->daemon ? ST_OK : ST_IO;
}

static enum status start_reaper(struct server *server)
{
    if (pthread_create(&server->reaper, NULL, peer_reap, server) != 0) return ST_NOMEM;
    server->has_reaper = true;
    return ST_OK;
}

static enum status start_parts(struct server *server)
{
    const struct server_options *options = &server->options;
    enum status st = open_engine(server);
    if (!st)
        st = keyfile_load(options->directory, "cursor.key", server->cursor_key.bytes,
                          sizeof server->cursor_key.bytes);
    if (!st) st = openapi_present(server);
    if (!st) st = pthread_key_create(&server->worker_key, free_worker) == 0 ? ST_OK : ST_NOMEM;
    if (st) return st;
    server->has_worker_key = true;
    st = crew_start(&server->crew, server->mem, options->crew_threads, options->crew_queue_max);
    if (!st) st = open_listener(server);
    if (!st) st = start_daemon(server);
    if (!st) st = start_reaper(server);
    return st;
}

static void log_start(const struct server *server)
{
    struct storage_library storage = storage_library();
    log_event(server->options.log, LOG_INFO, "listening",
              LOG_STR("listen", str_of(server->options.listen)), LOG_INT("port", server->port),
              LOG_INT("event_threads", server->options.event_threads),
              LOG_INT("connections", server->options.connections_max),
              LOG_STR("http", str_of(MHD_get_version())), LOG_STR("storage", str_of(storage.name)),
              LOG_STR("storage_version", str_of(storage.version)),
              LOG_BOOL("wal_reset_race", storage.wal_reset_race));
}

enum status server_start(const struct server_options *options, struct server **ret_server)
{
    assert(options->listen && options->directory);
    struct mem *mem = options->mem ? options->mem : mem_heap();
    struct server *server = mem_zalloc(mem, sizeof *server);
    if (!server) return ST_NOMEM;
    server->mem = mem;
    server->listen_fd = -1;
    fill_options(server, options);
    pthread_mutex_init(&server->peers_lock, NULL);
    access_init(&server->access, mem, options->access_log);
    ident_source_init(&server->ids, server->clock, NULL);
    enum status st = start_parts(server);
    if (st) {
        server_stop(server);
        return st;
    }
    log_start(server);
    *ret_server = server;
    return ST_OK;
}

uint16_t server_port(const struct server *server)
{
    return server->port;
}

/* ---------------------------------------------------------------- stopping */

void server_hurry(struct server *server)
{
    atomic_store(&server->hurry, true);
}

static void nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 5 * 1000000L}, NULL);
}

static void wait_for_requests(struct server *server)
{
    int64_t until_ns = clock_steady_ns(server->clock) + (int64_t)server->options.drain_ms * 1000000;
    while (atomic_load(&server->metrics.in_flight) > 0 && !atomic_load(&server->hurry) &&
           clock_steady_ns(server->clock) < until_ns)
        nap();
    atomic_store(&server->hurry, true); /* exports end */
}

/* libmicrohttpd must not be stopped while a connection is suspended. The crew finishes what it has;
 * then the writers do. */
static void wait_for_sleepers(struct server *server)
{
    atomic_store(&server->closing, true);
    crew_stop(&server->crew);
    while (atomic_load(&server->away) > 0) nap();
}

void server_drain(struct server *server)
{
    if (atomic_exchange(&server->draining, true) || !server->daemon) return;
    log_line(server->options.log, LOG_INFO, "draining");
    MHD_quiesce_daemon(server->daemon);
    wait_for_requests(server);
}

static void stop_http(struct server *server)
{
    server_drain(server);
    wait_for_sleepers(server);
    if (server->daemon) MHD_stop_daemon(server->daemon);
    if (server->listen_fd >= 0) close(server->listen_fd);
}

void server_stop(struct server *server)
{
    if (!server) return;
    stop_http(server);
    atomic_store(&server->stop_reaper, true);
    if (server->has_reaper) pthread_join(server->reaper, NULL);
    if (server->has_worker_key) pthread_key_delete(server->worker_key);
    if (server->openapi) MHD_destroy_response(server->openapi);
    if (server->openapi_same) MHD_destroy_response(server->openapi_same);
    engine_close(server->engine);
    access_release(&server->access);
    log_line(server->options.log, LOG_INFO, "stopped");
    pthread_mutex_destroy(&server->peers_lock);
    mem_free(server->mem, server, sizeof *server);
}
