#include "server/server.h"

#include "base/limits.h"
#include "server/core.h"
#include "server/cors.h"
#include "server/keyfile.h"
#include "server/presentation.h"
#include "server/request.h"

#include <assert.h>
#include <sys/resource.h>
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

/* What the system gives, as much of it as may be had. */
static rlim_t descriptors(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return RLIM_INFINITY;
    rlim_t before = files.rlim_cur;
    files.rlim_cur = files.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &files) == 0 ? files.rlim_cur : before;
}

/* The storage, the logs and the operator need descriptors too: half of few, or a fixed number of many.
 */
static uint32_t connections(uint32_t asked)
{
    rlim_t have = descriptors(), reserve = limit(DESCRIPTORS_RESERVED);
    uint32_t most = or_default(asked, limit(CONNECTIONS));
    if (have == RLIM_INFINITY) return most;
    rlim_t spare = have > 2 * reserve ? have - reserve : have / 2;
    return spare < most ? (uint32_t)spare : most;
}

static void fill_options(struct server *server, const struct server_options *given)
{
    struct server_options *options = &server->options;
    *options = *given;
    options->event_threads = event_threads(given->event_threads);
    options->crew_threads = or_default(given->crew_threads, limit(CREW_THREADS));
    options->judge_threads = event_threads(given->judge_threads);
    options->refusals_held_max = or_default(given->refusals_held_max, limit(HELD_REFUSALS));
    options->crew_queue_max = or_default(given->crew_queue_max, limit(CREW_QUEUE));
    options->connections_max = connections(given->connections_max);
    options->connections_per_address_max =
        or_default(given->connections_per_address_max, limit(CONNECTIONS_PER_ADDRESS));
    options->idle_seconds = or_default(given->idle_seconds, limit(CONNECTION_IDLE_SECONDS));
    options->header_ms = or_default(given->header_ms, limit(REQUEST_HEADER_MS));
    options->body_ms = or_default(given->body_ms, limit(REQUEST_BODY_MS));
    options->request_ms = or_default(given->request_ms, limit(REQUEST_MS));
    options->rate_bytes = or_default(given->rate_bytes, limit(TRANSFER_RATE));
    options->grace_ms = or_default(given->grace_ms, limit(TRANSFER_GRACE_MS));
    options->stuck_ms = or_default(given->stuck_ms, limit(EVENT_STUCK_MS));
    options->tidy_ms = or_default(given->tidy_ms, limit(POOL_IDLE_SECONDS) * 1000);
    options->disk_free_mib = or_default(given->disk_free_mib, limit(DISK_FREE_MIB));
    options->drain_ms = or_default(given->drain_ms, limit(DRAIN_MS));
    if (!options->version) options->version = "unknown";
    server->clock = given->clock ? given->clock : clock_system();
    server->parses_in_place = strncmp(MHD_get_version(), "0.9.", 4) == 0;
}

/* ---------------------------------------------------------------- parts */

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
                                                .queue_ops_max = options->writer_queue_max,
                                                .judging_steps_max = options->judging_steps_max,
                                                .judging_ms_max = options->judging_ms_max},
                       &server->engine);
}

static enum status start_reaper(struct server *server)
{
    if (pthread_create(&server->reaper, NULL, peer_reap, server) != 0) return ST_NOMEM;
    server->has_reaper = true;
    return ST_OK;
}

enum {
    SWEEPER_TICK_MS = 100,
    FIRST_SWEEP_TICKS = 600 /* a start has more urgent business */
};

static void tidy(struct server *server, int64_t *tidied_ns)
{
    int64_t now_ns = clock_steady_ns(server->clock);
    engine_close_idle(server->engine);
    if (now_ns - *tidied_ns >= (int64_t)server->options.tidy_ms * 1000000) {
        engine_tidy(server->engine);
        *tidied_ns = now_ns;
    }
    mem_heap_trim();
}

/* Erases what forms no longer keep; gives back memory that nobody uses. */
static void *sweep(void *user)
{
    struct server *server = user;
    unsigned period = (unsigned)limit(SWEEP_SECONDS) * 1000 / SWEEPER_TICK_MS;
    bool often = server->options.tidy_ms < (uint32_t)limit(TRIM_SECONDS) * 1000;
    unsigned every = often ? 1 : limit(TRIM_SECONDS) * 1000 / SWEEPER_TICK_MS;
    int64_t tidied_ns = clock_steady_ns(server->clock);
    for (unsigned tick = 0; !atomic_load(&server->stop_reaper); tick++) {
        if (tick % period == FIRST_SWEEP_TICKS) engine_sweep(server->engine, &server->stop_reaper);
        if (tick % every == every - 1) tidy(server, &tidied_ns);
        nanosleep(&(struct timespec){.tv_nsec = SWEEPER_TICK_MS * 1000000L}, NULL);
    }
    return NULL;
}

static enum status start_sweeper(struct server *server)
{
    if (pthread_create(&server->sweeper, NULL, sweep, server) != 0) return ST_NOMEM;
    server->has_sweeper = true;
    return ST_OK;
}

/* Both can be listened on before anybody is answered. */
static enum status open_doors(struct server *server)
{
    const struct server_options *options = &server->options;
    struct door *doors = server->doors;
    enum status st = door_open(&doors[DOOR_PUBLIC], DOOR_PUBLIC, server, options->listen);
    if (!st && options->admin_listen)
        st = door_open(&doors[DOOR_ADMIN], DOOR_ADMIN, server, options->admin_listen);
    if (!st && options->admin_listen) st = door_start(&doors[DOOR_ADMIN]);
    if (!st) st = door_start(&doors[DOOR_PUBLIC]);
    return st;
}

static bool read_networks(const char *text, struct origin_nets *ret_nets)
{
    return origin_nets_read(text ? str_of(text) : STR(""), ret_nets);
}

bool server_networks(const char *text)
{
    struct origin_nets nets;
    return read_networks(text, &nets);
}

static enum status start_throttle(struct server *server)
{
    const struct server_options *options = &server->options;
    struct throttle_rates rates = {{[POLICY_ADDRESS] = options->address_per_second,
                                    [POLICY_NETWORK] = options->network_per_second,
                                    [POLICY_SUBMIT] = options->submit_per_minute,
                                    [POLICY_TOKEN] = options->token_per_minute,
                                    [POLICY_FAILURES] = options->failures_per_minute}};
    if (!read_networks(options->trusted_proxies, &server->proxies)) return ST_INPUT;
    return throttle_init(&server->throttle, server->mem, &rates, limit(THROTTLE_KEYS));
}

/* A tenant may have half of the threads, and an eighth of the room to wait. */
static enum status start_crews(struct server *server)
{
    enum { NICENESS = 10 };
    const struct server_options *options = &server->options;
    struct crew_options crew = {.threads = options->crew_threads,
                                .queue_max = options->crew_queue_max,
                                .lane_queue_max = (options->crew_queue_max + 7) / 8,
                                .lane_threads_max = (options->crew_threads + 1) / 2};
    enum status st = crew_start(&server->crew, server->mem, &crew);
    if (st) return st;
    crew.threads = options->judge_threads;
    crew.lane_threads_max = (options->judge_threads + 1) / 2;
    crew.niceness = NICENESS;
    return crew_start(&server->judges, server->mem, &crew);
}

static enum status start_parts(struct server *server)
{
    const struct server_options *options = &server->options;
    enum status st = start_throttle(server);
    if (!st) st = open_engine(server);
    if (!st)
        st = keyfile_load(options->directory, "cursor.key", server->cursor_key.bytes,
                          sizeof server->cursor_key.bytes);
    if (!st) st = openapi_present(server);
    if (!st) st = assets_open(&server->assets, server->mem);
    if (!st) st = pthread_key_create(&server->worker_key, free_worker) == 0 ? ST_OK : ST_NOMEM;
    if (st) return st;
    server->has_worker_key = true;
    st = start_crews(server);
    if (!st) st = runner_start(&server->runner, server->mem, server->clock, server->engine);
    if (!st) st = open_doors(server);
    if (!st) st = start_reaper(server);
    if (!st) st = start_sweeper(server);
    return st;
}

static void log_start(const struct server *server)
{
    struct storage_library storage = storage_library();
    log_event(
        server->options.log, LOG_INFO, "listening", LOG_STR("listen", str_of(server->options.listen)),
        LOG_INT("port", server->doors[DOOR_PUBLIC].port),
        LOG_STR("admin", str_of(server->options.admin_listen ? server->options.admin_listen : "none")),
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
    fill_options(server, options);
    pthread_mutex_init(&server->peers_lock, NULL);
    pthread_mutex_init(&server->held_lock, NULL);
    atomic_init(&server->disk_free_mib, -1);
    ident_source_init(&server->ids, server->clock, NULL);
    enum status st = access_init(&server->access, mem, options->access_log);
    if (!st) st = headcount_init(&server->headcount, mem, server->options.connections_max);
    if (!st) st = start_parts(server);
    if (st) {
        server_stop(server);
        return st;
    }
    log_start(server);
    *ret_server = server;
    return ST_OK;
}

bool server_address(const char *text)
{
    return door_address(text);
}

bool server_origins(const char *text)
{
    return cors_origins(text);
}

uint16_t server_port(const struct server *server)
{
    return server->doors[DOOR_PUBLIC].port;
}

uint16_t server_admin_port(const struct server *server)
{
    return server->doors[DOOR_ADMIN].port;
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
    crew_stop(&server->crew); /* which may hand something on to the judges */
    crew_stop(&server->judges);
    runner_stop(&server->runner);
    while (atomic_load(&server->away) > 0) nap();
}

void server_drain(struct server *server)
{
    if (atomic_exchange(&server->draining, true) || !server->doors[DOOR_PUBLIC].daemon) return;
    log_line(server->options.log, LOG_INFO, "draining");
    door_close(&server->doors[DOOR_PUBLIC]);
    runner_hush(&server->runner);
    wait_for_requests(server);
}

static void stop_http(struct server *server)
{
    server_drain(server);
    wait_for_sleepers(server);
    for (int i = 0; i < DOOR_COUNT; i++) door_stop(&server->doors[i]);
}

void server_stop(struct server *server)
{
    if (!server) return;
    stop_http(server);
    atomic_store(&server->stop_reaper, true);
    if (server->has_reaper) pthread_join(server->reaper, NULL);
    if (server->has_sweeper) pthread_join(server->sweeper, NULL);
    if (server->has_worker_key) pthread_key_delete(server->worker_key);
    ready_free(server->openapi);
    ready_free(server->openapi_same);
    assets_close(&server->assets);
    engine_close(server->engine);
    throttle_release(&server->throttle);
    access_release(&server->access);
    log_line(server->options.log, LOG_INFO, "stopped");
    request_free_spares(server);
    pthread_mutex_destroy(&server->peers_lock);
    pthread_mutex_destroy(&server->held_lock);
    headcount_release(&server->headcount);
    mem_free(server->mem, server, sizeof *server);
}
