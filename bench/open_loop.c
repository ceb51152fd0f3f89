/* Open loop: so many requests a second, each due at its own moment whether or not answers come. A
 * latency counts from the moment when a request was due, so that a server that stalls is charged for
 * everybody who would have come meanwhile.
 *
 *     bench_open_loop PORT RATE SECONDS CONNECTIONS BODY_FILE KIND=SHARE=PATH …        prints one JSON
 * object bench_open_loop hold PORT CONNECTIONS PATH      asks once on each connection, says "ready",
 * holds them until input ends
 *
 * KIND: get, post (200 expected) or submit (a POST under a new Idempotency-Key each, 201). SHARE: how
 * often, beside the others. One thread, no waiting for anything but the system; keep it on a core of
 * its own. */
#define _GNU_SOURCE
#include "bench/measure.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    KINDS_MAX = 8,
    CONNECTIONS_MAX = 20000,
    ANSWER_BYTES = 1 << 16,
    BODY_BYTES = 1 << 20,
    TIMES_MAX = 10 << 20
};

static struct kind {
    bool submits;
    int share, expected, credit;
    char *head, *tail; /* of the request; between them stands the key of a submission */
    size_t head_len, tail_len;
} kinds[KINDS_MAX];
static int kind_count, share_sum;

static struct connection {
    int fd;
    const struct kind *kind; /* of the request under way; NULL: free */
    double due_s;
    size_t sent, len; /* of the request */
    char *request;    /* of room_len bytes */
    size_t room_len;
    char answer[1024]; /* as much of its headers as is needed */
    size_t answer_len; /* what has come, headers included */
    size_t whole_len;  /* 0: not known yet */
} * connections;
static struct connection *spare[CONNECTIONS_MAX];
static int connection_count, spare_count, epoll;

static float *times_ms;
static size_t time_count, bad_count;
static char body[BODY_BYTES];
static size_t body_len;

static void stop(const char *what)
{
    fprintf(stderr, "bench_open_loop: %s: %s\n", what, strerror(errno));
    exit(EXIT_FAILURE);
}

static void *get(size_t size)
{
    void *memory = calloc(1, size);
    if (!memory) stop("memory");
    return memory;
}

static double now_s(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* ---- what is asked */

static void read_body(const char *path)
{
    FILE *file = fopen(path, "rb");
    body_len = file ? fread(body, 1, sizeof body, file) : 0;
    if (!file) stop(path);
    fclose(file);
}

static char *printed(size_t *ret_len, const char *method, const char *path, const char *rest)
{
    size_t room = strlen(path) + 512;
    char *text = get(room);
    *ret_len =
        (size_t)snprintf(text, room, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s", method, path, rest);
    return text;
}

static void make_tail(struct kind *kind, const char *before)
{
    kind->tail = get(body_len + 256);
    int len =
        snprintf(kind->tail, 256, "%sContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                 before, body_len);
    memcpy(kind->tail + len, body, body_len);
    kind->tail_len = (size_t)len + body_len;
}

static void add_kind(char *text)
{
    char *name = strtok(text, "="), *share = strtok(NULL, "="), *path = strtok(NULL, "");
    if (!name || !share || !path || kind_count == KINDS_MAX) stop("KIND=SHARE=PATH");
    struct kind *kind = &kinds[kind_count++];
    kind->share = atoi(share);
    kind->submits = strcmp(name, "submit") == 0;
    kind->expected = kind->submits ? 201 : 200;
    share_sum += kind->share;
    if (strcmp(name, "get") == 0) {
        kind->head = printed(&kind->head_len, "GET", path, "\r\n");
        return;
    }
    kind->head = printed(&kind->head_len, "POST", path, kind->submits ? "Idempotency-Key: " : "");
    make_tail(kind, kind->submits ? "\r\n" : "");
}

/* Each as often as its share says, evenly. */
static const struct kind *next_kind(void)
{
    struct kind *next = &kinds[0];
    for (int i = 0; i < kind_count; i++) {
        kinds[i].credit += kinds[i].share;
        if (kinds[i].credit > next->credit) next = &kinds[i];
    }
    next->credit -= share_sum;
    return next;
}

/* ---- connections */

static void open_connection(struct connection *connection, int port)
{
    int one = 1;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connection->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connection->fd < 0) stop("socket");
    if (connect(connection->fd, (struct sockaddr *)&to, sizeof to)) stop("connect");
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = connection}};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, connection->fd, &event)) stop("epoll");
}

static void open_all(int port, int count)
{
    if (count < 1 || count > CONNECTIONS_MAX) stop("CONNECTIONS");
    epoll = epoll_create1(0);
    connections = get((size_t)count * sizeof *connections);
    for (connection_count = 0; connection_count < count; connection_count++) {
        open_connection(&connections[connection_count], port);
        spare[spare_count++] = &connections[connection_count];
    }
}

static void send_rest(struct connection *connection)
{
    while (connection->sent < connection->len) {
        ssize_t n = send(connection->fd, connection->request + connection->sent,
                         connection->len - connection->sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) break;
        if (n < 0) stop("send");
        connection->sent += (size_t)n;
    }
    struct epoll_event event = {.events =
                                    EPOLLIN | (connection->sent < connection->len ? EPOLLOUT : 0u),
                                .data = {.ptr = connection}};
    static bool waits[CONNECTIONS_MAX];
    bool must = connection->sent < connection->len;
    ptrdiff_t index = connection - connections;
    if (must != waits[index]) epoll_ctl(epoll, EPOLL_CTL_MOD, connection->fd, &event);
    waits[index] = must;
}

static void ask(struct connection *connection, const struct kind *kind, double due_s)
{
    static unsigned long long made;
    char key[64] = "";
    int key_len =
        kind->submits ? snprintf(key, sizeof key, "open-%d-%012llu", (int)getpid(), ++made) : 0;
    size_t len = kind->head_len + (size_t)key_len + kind->tail_len;
    if (len > connection->room_len) {
        free(connection->request);
        connection->request = get(len);
        connection->room_len = len;
    }
    memcpy(connection->request, kind->head, kind->head_len);
    memcpy(connection->request + kind->head_len, key, (size_t)key_len);
    if (kind->tail_len)
        memcpy(connection->request + kind->head_len + key_len, kind->tail, kind->tail_len);
    connection->kind = kind;
    connection->due_s = due_s;
    connection->sent = connection->answer_len = connection->whole_len = 0;
    connection->len = len;
    send_rest(connection);
}

static void look_for_length(struct connection *connection)
{
    size_t have = connection->answer_len < sizeof connection->answer ? connection->answer_len
                                                                     : sizeof connection->answer;
    char *end = memmem(connection->answer, have, "\r\n\r\n", 4);
    if (!end) {
        if (have == sizeof connection->answer) stop("an answer's headers are too long");
        return;
    }
    *end = '\0';
    const char *length = strcasestr(connection->answer, "content-length:");
    if (!length) stop("an answer without a length");
    connection->whole_len = (size_t)(end - connection->answer) + 4 + strtoull(length + 15, NULL, 10);
}

static void finish(struct connection *connection)
{
    int code = atoi(connection->answer + 9);
    if (code != connection->kind->expected) bad_count++;
    if (time_count < TIMES_MAX) times_ms[time_count++] = (float)((now_s() - connection->due_s) * 1e3);
    connection->kind = NULL;
    spare[spare_count++] = connection;
}

static void take(struct connection *connection)
{
    static char bytes[ANSWER_BYTES];
    for (;;) {
        ssize_t n = recv(connection->fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (n <= 0 || !connection->kind) stop("a connection was closed");
        if (connection->answer_len < sizeof connection->answer) {
            size_t room = sizeof connection->answer - connection->answer_len;
            memcpy(connection->answer + connection->answer_len, bytes,
                   (size_t)n < room ? (size_t)n : room);
        }
        connection->answer_len += (size_t)n;
        if (!connection->whole_len) look_for_length(connection);
        if (connection->whole_len && connection->answer_len >= connection->whole_len) {
            finish(connection);
            return;
        }
    }
}

static void serve_events(int wait_ms)
{
    struct epoll_event events[256];
    int count = epoll_wait(epoll, events, 256, wait_ms);
    for (int i = 0; i < count; i++) {
        struct connection *connection = events[i].data.ptr;
        if (events[i].events & EPOLLOUT) send_rest(connection);
        if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) take(connection);
    }
}

/* ---- the two ways */

static int compare_floats(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static double at(double part)
{
    if (time_count == 0) return 0;
    return (double)times_ms[(size_t)((double)(time_count - 1) * part)];
}

/* What was due and is not answered when the time is over counts with how late it is by then. */
static size_t count_unanswered(double begun_s, double rate, size_t made, size_t all)
{
    double end_s = now_s();
    size_t left = 0;
    for (int i = 0; i < connection_count; i++)
        if (connections[i].kind && time_count < TIMES_MAX) {
            times_ms[time_count++] = (float)((end_s - connections[i].due_s) * 1e3);
            left++;
        }
    for (; made < all && time_count < TIMES_MAX; made++, left++)
        times_ms[time_count++] = (float)((end_s - begun_s - (double)made / rate) * 1e3);
    return left;
}

static void load(int port, double rate, double seconds, int count)
{
    size_t made = 0, all = (size_t)(rate * seconds);
    open_all(port, count);
    times_ms = get(TIMES_MAX * sizeof *times_ms);
    double begun_s = now_s(), end_s = begun_s + seconds + 2;
    for (double now = begun_s; now < end_s && (made < all || spare_count < connection_count);
         now = now_s()) {
        while (made < all && spare_count && begun_s + (double)made / rate <= now) {
            ask(spare[--spare_count], next_kind(), begun_s + (double)made / rate);
            made++;
        }
        double wait_s = made < all && spare_count ? begun_s + (double)made / rate - now_s() : 0.01;
        serve_events(wait_s > 0.002 ? (int)(wait_s * 1e3) - 1 : 0);
    }
    size_t answered = time_count, left = count_unanswered(begun_s, rate, made, all);
    qsort(times_ms, time_count, sizeof *times_ms, compare_floats);
    printf("{\"p50\":%.4f,\"p90\":%.4f,\"p99\":%.4f,\"p999\":%.4f,\"max\":%.4f,\"count\":%zu,"
           "\"answered\":%zu,\"left\":%zu,\"bad\":%zu}\n",
           at(0.5), at(0.9), at(0.99), at(0.999), at(1), time_count, answered, left, bad_count);
}

static void hold(int port, int count, const char *path)
{
    struct kind *kind = &kinds[0];
    kind->head = printed(&kind->head_len, "GET", path, "\r\n");
    kind->expected = 200;
    times_ms = get(TIMES_MAX * sizeof *times_ms);
    open_all(port, count);
    for (int i = 0; i < count; i++) {
        ask(&connections[i], kind, now_s());
        while (connections[i].kind) serve_events(1000);
        spare_count = 0;
    }
    printf("{\"held\":%d,\"bad\":%zu}\n", count, bad_count);
    fflush(stdout);
    while (getchar() != EOF) {
    }
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "hold") == 0) {
        hold(atoi(argv[2]), atoi(argv[3]), argv[4]);
        return EXIT_SUCCESS;
    }
    if (argc < 7) {
        fprintf(stderr,
                "usage: bench_open_loop PORT RATE SECONDS CONNECTIONS BODY_FILE KIND=SHARE=PATH...\n"
                "       bench_open_loop hold PORT CONNECTIONS PATH\n");
        return 2;
    }
    read_body(argv[5]);
    for (int i = 6; i < argc; i++) add_kind(argv[i]);
    load(atoi(argv[1]), atof(argv[2]), atof(argv[3]), atoi(argv[4]));
    return EXIT_SUCCESS;
}
