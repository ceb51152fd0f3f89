#include "cli/site.h"

#include "base/json_value.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "engine/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct site {
    struct command *command;
    struct site_options options;
    struct server *server;
    struct log log, access_log;
    struct str control_path;
    struct site_address address;
    struct token_made token;
    atomic_bool stopped;
};

enum { ERRAND_MS = 10 * 60 * 1000 }; /* the longest errand */

/* What DIR/control says. */
struct control {
    struct str url, token, token_id;
};

static struct str control_path(struct command *command, const char *data)
{
    return arena_printf(&command->arena, "%s/control", data);
}

/* False when there is none, or it is not ours. */
static bool control_read(struct command *command, const char *path, struct control *ret_control)
{
    enum { CONTROL_BYTES_MAX = 4096 };
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    char *text = arena_alloc(&command->arena, CONTROL_BYTES_MAX);
    size_t len = text ? fread(text, 1, CONTROL_BYTES_MAX, file) : 0;
    fclose(file);
    struct json_value root;
    struct json_error error;
    return json_read(&command->arena, (struct str){text, len}, limit(JSON_DEPTH), &root, &error) ==
               ST_OK &&
           json_get_str(&root, STR("url"), &ret_control->url) &&
           json_get_str(&root, STR("token"), &ret_control->token) &&
           json_get_str(&root, STR("token_id"), &ret_control->token_id);
}

/* Whole or not at all: whoever reads it may come at any moment. */
static bool control_write(const struct site *site)
{
    struct str fresh = arena_printf(&site->command->arena, "%s.new", site->control_path.ptr);
    if (!fresh.ptr) return false;
    struct buf text;
    struct json_writer json;
    buf_init(&text, mem_heap(), limit(TEXT_BYTES));
    json_writer_init(&json, &text);
    json_object(&json);
    json_key_str(&json, STR("url"), site->address.url);
    json_key_str(&json, STR("token"), site->address.token);
    json_key_str(&json, STR("token_id"), site->token.id);
    json_object_end(&json);
    int fd = open(fresh.ptr, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    bool written = fd >= 0 && !buf_failed(&text) && write(fd, text.ptr, text.len) == (ssize_t)text.len;
    if (fd >= 0 && close(fd) != 0) written = false;
    buf_release(&text);
    return written && rename(fresh.ptr, site->control_path.ptr) == 0;
}

/* A data directory may lie in a folder that is not there yet, such as data/demo. One level is enough.
 */
static void make_parent(struct command *command, const char *data)
{
    struct str path = arena_str(&command->arena, str_of(data));
    if (!path.ptr) return;
    char *slash = strrchr((char *)(uintptr_t)path.ptr, '/');
    if (!slash || slash == path.ptr) return;
    *slash = '\0';
    (void)mkdir(path.ptr, S_IRWXU);
}

/* The data, while no server has it. */
static enum status engine_borrow(struct site *site, const char *why, struct engine **ret_engine,
                                 struct call *ret_call)
{
    struct engine_options options = {.mem = mem_heap(),
                                     .directory = site->options.server.directory,
                                     .log = &site->log,
                                     .writers = 1};
    enum status st = engine_open(&options, ret_engine);
    if (st) return st;
    call_init(ret_call, *ret_engine, &site->command->arena, STR("command line"));
    ret_call->actor.where = STR("cli");
    ret_call->actor.why = str_of(why);
    return ST_OK;
}

/* An operator's token for the command line, in place of the one that the last server left. The server
 * is not running yet. */
static enum status token_make(struct site *site, const struct control *old)
{
    struct engine *engine;
    struct call call;
    enum status st = engine_borrow(site, "a server starts", &engine, &call);
    if (st) return st;
    int64_t expires_ms = site->options.momentary ? call.actor.at_ms + ERRAND_MS : 0;
    if (old && engine_token_revoke(&call, STR(""), old->token_id) != ST_OK)
        log_line(&site->log, LOG_WARN, "the token of the last server was not found and not revoked");
    st = engine_token_create(&call,
                             &(struct token_create){.role = ROLE_OPERATOR,
                                                    .note = STR("the command line's own"),
                                                    .expires_ms = expires_ms},
                             &site->token);
    engine_close(engine);
    return st;
}

static enum exit_code refuse(struct command *command, enum status st,
                             const struct site_options *options)
{
    const char *admin = options->server.admin_listen ? options->server.admin_listen : "none";
    if (st == ST_LOCKED && options->momentary)
        return EXIT_REFUSED; /* site_reach() goes on from there */
    if (st == ST_LOCKED)
        return command_fail(command, EXIT_REFUSED, "%s: another server owns this data directory",
                            options->server.directory);
    if (st == ST_INPUT && !server_networks(options->server.trusted_proxies))
        return command_fail(command, EXIT_USAGE, "http.trusted_proxies: \"%s\" is no list of networks",
                            options->server.trusted_proxies);
    if (st == ST_INPUT) {
        bool is_listen = !server_address(options->server.listen);
        return command_fail(command, EXIT_USAGE, "http.%s: \"%s\" is not ADDRESS:PORT%s",
                            is_listen ? "listen" : "admin_listen",
                            is_listen ? options->server.listen : admin,
                            is_listen ? "" : ", unix:PATH or none");
    }
    if (st == ST_IO)
        return command_fail(command, EXIT_UNREACHABLE, "%s, %s or %s cannot be opened",
                            options->server.directory, options->server.listen, admin);
    return command_status(command, st, options->server.directory);
}

static struct str url_of(struct command *command, const char *listen, unsigned port)
{
    const char *colon = strrchr(listen, ':');
    return arena_printf(&command->arena, "http://%.*s:%u", (int)(colon ? colon - listen : 0), listen,
                        port);
}

static struct str admin_of(struct command *command, const char *listen, unsigned port)
{
    if (!listen) return STR("");
    return port ? url_of(command, listen, port) : str_of(listen);
}

enum exit_code site_start(struct command *command, const struct site_options *options,
                          struct site **ret_site)
{
    enum { HEAPS_BESIDE_CORES = 2 };
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    mem_heap_set_up((cores > 0 ? (unsigned)cores : 1) + HEAPS_BESIDE_CORES);
    struct site *site = ARENA_NEW(&command->arena, struct site);
    if (!site) return command_status(command, ST_NOMEM, options->server.directory);
    site->command = command;
    site->options = *options;
    site->control_path = control_path(command, options->server.directory);
    if (!site->control_path.ptr) return command_status(command, ST_NOMEM, options->server.directory);
    log_init(&site->log, clock_system(), STDERR_FILENO, options->log_level);
    log_init(&site->access_log, clock_system(), STDOUT_FILENO, LOG_INFO);
    make_parent(command, options->server.directory);

    struct control old;
    bool was_there = control_read(command, site->control_path.ptr, &old);
    enum status st = token_make(site, was_there ? &old : NULL);
    if (st) return refuse(command, st, options);
    struct server_options server = options->server;
    server.log = &site->log;
    server.version = COMMAND_VERSION;
    server.access_log = options->access_log ? &site->access_log : NULL;
    st = server_start(&server, &site->server);
    if (st) return refuse(command, st, options);
    site->address = (struct site_address){
        .url = url_of(command, options->server.listen, server_port(site->server)),
        .admin = admin_of(command, options->server.admin_listen, server_admin_port(site->server)),
        .token = site->token.text};
    if (!control_write(site)) {
        site_stop(site);
        return command_fail(command, EXIT_UNREACHABLE, "%s: %s", site->control_path.ptr,
                            strerror(errno));
    }
    *ret_site = site;
    return EXIT_OK;
}

struct site_address site_address(const struct site *site)
{
    return site->address;
}

static sigset_t ending_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
}

void site_block_signals(void)
{
    sigset_t signals = ending_signals();
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

void site_wait(struct site *site)
{
    sigset_t signals = ending_signals();
    int number;
    sigwait(&signals, &number);
    log_event(&site->log, LOG_INFO, "stopping",
              LOG_STR("signal", str_of(number == SIGINT ? "INT" : "TERM")));
}

/* It is of no use to anybody any more. An errand's ends by itself, soon. */
static void token_end(struct site *site)
{
    struct engine *engine;
    struct call call;
    if (site->options.momentary ||
        engine_borrow(site, "the server has stopped", &engine, &call) != ST_OK)
        return;
    if (engine_token_revoke(&call, STR(""), site->token.id) != ST_OK)
        log_line(&site->log, LOG_WARN, "the command line's token could not be revoked");
    engine_close(engine);
}

/* Another signal while the server drains: it waits no longer. */
static void *listen_for_haste(void *user)
{
    struct site *site = user;
    sigset_t signals = ending_signals();
    struct timespec tick = {.tv_nsec = 50 * 1000000L};
    while (!atomic_load(&site->stopped))
        if (sigtimedwait(&signals, NULL, &tick) > 0) server_hurry(site->server);
    return NULL;
}

static void drain(struct site *site)
{
    pthread_t thread;
    bool listens =
        !site->options.momentary && pthread_create(&thread, NULL, listen_for_haste, site) == 0;
    server_drain(site->server);
    atomic_store(&site->stopped, true);
    if (listens) pthread_join(thread, NULL);
}

void site_stop(struct site *site)
{
    if (!site) return;
    drain(site);
    unlink(site->control_path.ptr); /* while the directory is ours, and so is the file */
    server_stop(site->server);
    token_end(site);
}

enum exit_code site_join(struct command *command, const char *data, struct site_address *ret_address)
{
    struct control control;
    struct str path = control_path(command, data);
    if (!path.ptr) return command_status(command, ST_NOMEM, data);
    if (!control_read(command, path.ptr, &control))
        return command_fail(
            command, EXIT_UNREACHABLE,
            "%s: another program owns this data directory; it is no server, or just starts or stops",
            data);
    *ret_address = (struct site_address){.url = control.url, .token = control.token};
    return EXIT_OK;
}

enum exit_code site_reach(struct command *command, const char *data, struct site **ret_own,
                          struct site_address *ret_address)
{
    struct site_options options = {
        .server = {.directory = data, .listen = "127.0.0.1:0", .event_threads = 1},
        .log_level = LOG_ERROR,
        .momentary = true};
    *ret_own = NULL;
    enum exit_code code = site_start(command, &options, ret_own);
    if (code == EXIT_REFUSED) return site_join(command, data, ret_address);
    if (code) return code;
    *ret_address = site_address(*ret_own);
    return EXIT_OK;
}
