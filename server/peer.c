/* Peer: the reaper, who cuts connections whose request or answer takes too long. server/peer.c
 *
 *   idle      without a byte                                            idle_seconds
 *             the client has gone and nobody has noticed                at the second look
 *   headers   from the first byte of a request to the end of its head   header_ms
 *   body      to the body's last byte                                   body_ms, and rate_bytes after
 *                                                                       grace_ms
 *   request   from the first byte to the end of the answer              request_ms, exports excepted
 *   answer    while bytes wait for the client to take them              rate_bytes after grace_ms
 *
 * libmicrohttpd knows inactivity only, and a byte now and then keeps a connection open for ever. It
 * does not tell of a request before its first line is whole either; the kernel does, by the bytes it
 * has received. Also the hand that writes the access log out. */
#include "server/core.h"
#include "server/request.h"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <time.h>

#define MS_NS INT64_C(1000000)

enum { TICK_MS = 100, TICKS_A_SECOND = 10, LOOK_MS_MAX = 1000 };

/* The kernel's TCP_CLOSE_WAIT: <netinet/tcp.h>, which has the name, cannot stand beside <linux/tcp.h>.
 */
enum { CLOSE_WAIT = 8 };

/* What the kernel knows of a connection: bytes received from, and brought to the other side, and
 * whether that will send nothing more. */
struct traffic {
    uint64_t received, brought;
    bool half_closed;
};

/* False: it does not say. */
static bool count_traffic(int fd, struct traffic *ret_traffic)
{
    struct tcp_info info;
    socklen_t len = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0) return false;
    if (len < offsetof(struct tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received)
        return false;
    *ret_traffic = (struct traffic){.received = info.tcpi_bytes_received,
                                    .brought = info.tcpi_bytes_acked,
                                    .half_closed = info.tcpi_state == CLOSE_WAIT};
    return true;
}

static void cut(struct server *server, struct peer *peer, enum reap reason)
{
    shutdown(peer->fd, SHUT_RDWR); /* libmicrohttpd closes it when it next looks */
    peer->cut = true;
    atomic_fetch_add_explicit(&server->metrics.reaped[reason], 1, memory_order_relaxed);
}

/* Less than the rate, on average, and the grace is over. */
static bool is_slow(const struct server_options *options, uint64_t bytes, int64_t elapsed_ns)
{
    int64_t elapsed_ms = elapsed_ns / MS_NS;
    return elapsed_ms > (int64_t)options->grace_ms &&
           bytes < (uint64_t)elapsed_ms * options->rate_bytes / 1000;
}

/* ---------------------------------------------------------------- between two requests */

/* Ten looks within the time for headers are exact enough; ten thousand idle connections want few. */
static bool is_time_to_look(const struct server_options *options, const struct peer *peer,
                            int64_t now_ns)
{
    int64_t every_ms = options->header_ms / 10 < LOOK_MS_MAX ? options->header_ms / 10 : LOOK_MS_MAX;
    return now_ns - peer->looked_ns >= every_ms * MS_NS;
}

/* libmicrohttpd misses it when a client closes its half at a bad moment, and would wait until the time
 * is over. What nobody has read yet may be a request; what was read and is none a look later is
 * nobody's any more. */
static void look_whether_gone(struct server *server, struct peer *peer, const struct traffic *traffic)
{
    int unread = 0;
    bool gone = traffic->half_closed && ioctl(peer->fd, SIOCINQ, &unread) == 0 && unread == 0;
    if (gone && peer->gone) cut(server, peer, REAP_IDLE);
    peer->gone = gone;
}

/* A request has begun when bytes have come since the last one ended. */
static bool has_begun(struct server *server, struct peer *peer, int64_t now_ns)
{
    struct traffic traffic;
    bool begun = atomic_load_explicit(&peer->first_byte_ns, memory_order_relaxed) != 0;
    if (!is_time_to_look(&server->options, peer, now_ns)) return begun;
    if (!count_traffic(peer->fd, &traffic)) return true; /* as if, to be on the safe side */
    peer->looked_ns = now_ns;
    look_whether_gone(server, peer, &traffic);
    if (begun || traffic.received <= peer->counted_bytes) return begun;
    atomic_store_explicit(&peer->first_byte_ns, now_ns, memory_order_relaxed);
    return true;
}

static void start_idling(struct peer *peer, int64_t since_ns)
{
    struct traffic traffic = {.received = 0};
    bool is_new = peer->watched_ns == 0; /* nothing has been received that was not this request's */
    if (!is_new) (void)count_traffic(peer->fd, &traffic);
    peer->counted_bytes = traffic.received;
    peer->looked_ns = 0;
    peer->gone = false;
    peer->watched_ns = since_ns;
    atomic_store_explicit(&peer->first_byte_ns, 0, memory_order_relaxed);
}

static void look_at_idle(struct server *server, struct peer *peer, int64_t since_ns, int64_t now_ns)
{
    int64_t idle_ns = (int64_t)server->options.idle_seconds * 1000 * MS_NS;
    if (peer->watched_ns != since_ns) start_idling(peer, since_ns);
    bool begun = has_begun(server, peer, now_ns);
    if (peer->cut) return;
    if (!begun) {
        if (now_ns - since_ns > idle_ns) cut(server, peer, REAP_IDLE);
        return;
    }
    int64_t first_ns = atomic_load_explicit(&peer->first_byte_ns, memory_order_relaxed);
    int64_t until_ns = (first_ns ? first_ns : since_ns + idle_ns) + server->options.header_ms * MS_NS;
    if (now_ns > until_ns) cut(server, peer, REAP_HEADERS);
}

/* ---------------------------------------------------------------- a request and its answer */

static void look_at_body(struct server *server, struct peer *peer, int64_t since_ns, int64_t now_ns)
{
    uint64_t bytes = atomic_load_explicit(&peer->body_bytes, memory_order_relaxed);
    if (now_ns - since_ns > server->options.body_ms * MS_NS ||
        is_slow(&server->options, bytes, now_ns - since_ns))
        cut(server, peer, REAP_BODY);
}

/* Counts only while bytes wait: it may be us who are slow. */
static void look_at_answer(struct server *server, struct peer *peer, int64_t since_ns, int64_t now_ns)
{
    int waiting = 0;
    struct traffic traffic;
    if (ioctl(peer->fd, SIOCOUTQ, &waiting) != 0 || !count_traffic(peer->fd, &traffic)) return;
    if (waiting == 0 || peer->answer_ns != since_ns) {
        peer->answer_ns = waiting ? since_ns : 0;
        peer->looked_ns = now_ns;
        peer->counted_bytes = traffic.brought;
    } else if (is_slow(&server->options, traffic.brought - peer->counted_bytes,
                       now_ns - peer->looked_ns)) {
        cut(server, peer, REAP_ANSWER);
    }
}

static void look_at_request(struct server *server, struct peer *peer, int64_t now_ns)
{
    int64_t begun_ns = atomic_load_explicit(&peer->request_ns, memory_order_relaxed);
    if (now_ns - begun_ns > server->options.request_ms * MS_NS) cut(server, peer, REAP_REQUEST);
}

static void look_at(struct server *server, struct peer *peer, int64_t now_ns)
{
    enum peer_phase phase = (enum peer_phase)atomic_load_explicit(&peer->phase, memory_order_acquire);
    int64_t since_ns = atomic_load_explicit(&peer->since_ns, memory_order_relaxed);
    if (peer->cut) return;
    switch (phase) {
    case PEER_IDLE:
        look_at_idle(server, peer, since_ns, now_ns);
        break;
    case PEER_HEADERS:
        if (now_ns - since_ns > server->options.header_ms * MS_NS) cut(server, peer, REAP_HEADERS);
        break;
    case PEER_BODY:
        look_at_body(server, peer, since_ns, now_ns);
        break;
    case PEER_ANSWER:
        look_at_answer(server, peer, since_ns, now_ns);
        break;
    case PEER_REQUEST:
        break;
    }
    bool may_last = atomic_load_explicit(&peer->is_export, memory_order_relaxed);
    if (phase != PEER_IDLE && !may_last && !peer->cut) look_at_request(server, peer, now_ns);
}

static void look_round(struct server *server)
{
    int64_t now_ns = clock_steady_ns(server->clock);
    pthread_mutex_lock(&server->peers_lock);
    for (struct peer *peer = server->peers; peer; peer = peer->next) look_at(server, peer, now_ns);
    pthread_mutex_unlock(&server->peers_lock);
}

static void look_at_disk(struct server *server)
{
    struct statvfs disk;
    int64_t free_mib = -1;
    if (statvfs(server->options.directory, &disk) == 0)
        free_mib = (int64_t)((uint64_t)disk.f_bavail * disk.f_frsize >> 20);
    atomic_store(&server->disk_free_mib, free_mib);
}

void *peer_reap(void *user)
{
    struct server *server = user;
    for (unsigned tick = 0; !atomic_load(&server->stop_reaper); tick++) {
        if (tick % TICKS_A_SECOND == 0) look_at_disk(server);
        nanosleep(&(struct timespec){.tv_nsec = TICK_MS * 1000000L}, NULL);
        look_round(server);
        pulse_look(&server->pulse, clock_steady_ns(server->clock), server->options.stuck_ms);
        request_release_held(server);
        access_flush(&server->access);
    }
    return NULL;
}
