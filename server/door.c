#include "server/door.h"

#include "base/limits.h"
#include "server/core.h"
#include "server/request.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* ---------------------------------------------------------------- addresses */

/* "127.0.0.1:8080", "[::1]:0", "localhost:8080". */
static bool split_address(const char *address, char host[256], const char **ret_port)
{
    const char *colon = strrchr(address, ':');
    if (!colon || colon == address || !colon[1]) return false;
    struct str name = {address, (size_t)(colon - address)};
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

/* Connections have it from the socket that they come in by. Without it the system takes megabytes of
 * answers for each client that does not read, and a thousand of those leave no memory for anybody's. */
static void bound_unsent(int fd)
{
    int most = limit(UNSENT_BYTES);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most, sizeof most);
}

static int open_socket(const struct sockaddr *address, socklen_t len)
{
    int yes = 1;
    int fd = socket(address->sa_family, SOCK_STREAM, 0);
    if (fd < 0) return -1;
    bool open = fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
                setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
                bind(fd, address, len) == 0 && listen(fd, SOMAXCONN) == 0;
    if (open && address->sa_family != AF_UNIX) bound_unsent(fd);
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

static enum status open_network(struct door *door, const char *address)
{
    char host[256];
    const char *port;
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM},
                    *addresses;
    if (!split_address(address, host, &port) || getaddrinfo(host, port, &hints, &addresses) != 0)
        return ST_INPUT;
    door->fd = open_socket(addresses->ai_addr, addresses->ai_addrlen);
    freeaddrinfo(addresses);
    if (door->fd < 0) return ST_IO;
    door->port = port_of(door->fd);
    return ST_OK;
}

/* A socket that nobody listens on any more was left by a server that was killed. */
static void remove_abandoned(const struct sockaddr_un *address)
{
    struct stat info;
    if (lstat(address->sun_path, &info) != 0 || !S_ISSOCK(info.st_mode)) return;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    bool answers =
        fd >= 0 && connect(fd, (const struct sockaddr *)(const void *)address, sizeof *address) == 0;
    if (fd >= 0) close(fd);
    if (!answers) (void)unlink(address->sun_path);
}

/* Only its owner may connect: the mode is set before anybody can. */
static enum status open_unix(struct door *door, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, path, strlen(path));
    remove_abandoned(&address);
    mode_t before = umask(S_IRWXG | S_IRWXO);
    door->fd = open_socket((const struct sockaddr *)(const void *)&address, sizeof address);
    umask(before);
    if (door->fd < 0) return ST_IO;
    door->socket_path = path;
    return ST_OK;
}

/* NULL: it is a network's. */
static const char *path_of(const char *address)
{
    static const char prefix[] = "unix:";
    return strncmp(address, prefix, sizeof prefix - 1) == 0 ? address + sizeof prefix - 1 : NULL;
}

bool door_address(const char *text)
{
    char host[256];
    const char *port, *path = path_of(text);
    size_t room = sizeof((struct sockaddr_un *)NULL)->sun_path;
    return path ? path[0] && strlen(path) < room : split_address(text, host, &port);
}

enum status door_open(struct door *door, enum door_kind kind, struct server *server,
                      const char *address)
{
    *door = (struct door){.server = server, .kind = kind, .fd = -1};
    if (!door_address(address)) return ST_INPUT;
    const char *path = path_of(address);
    return path ? open_unix(door, path) : open_network(door, address);
}

bool door_leads_to(enum door_kind kind, struct str path)
{
    bool is_health = str_eq(path, STR("/livez")) || str_eq(path, STR("/readyz"));
    bool is_api = str_starts(path, STR("/v1/")) || str_starts(path, STR("/f/")) ||
                  str_starts(path, STR("/assets/"));
    return is_health || is_api == (kind == DOOR_PUBLIC);
}

/* ---------------------------------------------------------------- libmicrohttpd */

/* The raw target is what the guard wants to see: nothing is decoded. */
static size_t leave_escaped(void *user, struct MHD_Connection *connection, char *text)
{
    (void)user, (void)connection;
    return strlen(text);
}

static enum MHD_Result admit(void *door, const struct sockaddr *address, socklen_t len)
{
    (void)address, (void)len;
    return atomic_load(&((struct door *)door)->closed) ? MHD_NO : MHD_YES;
}

enum status door_start(struct door *door)
{
    const struct server_options *options = &door->server->options;
    bool is_public = door->kind == DOOR_PUBLIC;
    uint32_t threads = is_public ? options->event_threads : 1;
    uint32_t connections = is_public ? options->connections_max : limit(ADMIN_CONNECTIONS);
    struct MHD_OptionItem items[] = {
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, limit(CONNECTION_BYTES), NULL},
        {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)connections, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, (intptr_t)options->idle_seconds, NULL},
        /* A pool of one is no pool. */
        {threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (intptr_t)threads, NULL},
        {MHD_OPTION_END, 0, NULL}};
    door->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, admit, door, request_step, door,
        MHD_OPTION_LISTEN_SOCKET, door->fd, MHD_OPTION_URI_LOG_CALLBACK, request_target, door,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL, MHD_OPTION_NOTIFY_COMPLETED,
        request_completed, door, MHD_OPTION_NOTIFY_CONNECTION, request_peer, door, MHD_OPTION_ARRAY,
        items, MHD_OPTION_END);
    return door->daemon ? ST_OK : ST_IO;
}

/* Not MHD_quiesce_daemon(): it takes the socket out of an event thread's epoll set while the thread may
 * be doing the same, and libmicrohttpd 0.9.75 aborts the process when one of the two finds it gone. */
void door_close(struct door *door)
{
    atomic_store(&door->closed, true);
}

void door_stop(struct door *door)
{
    if (!door->server) return;
    if (door->daemon) MHD_stop_daemon(door->daemon); /* closes the socket */
    else if (door->fd >= 0) close(door->fd);
    if (door->socket_path) (void)unlink(door->socket_path);
    door->server = NULL;
}
