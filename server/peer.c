/* Peer: the reaper, who cuts connections whose request takes too long. server/peer.c
 *
 * libmicrohttpd knows inactivity only, and a byte now and then keeps a connection open for ever. Each
 * phase has its time; what is asleep with the crew or a writer, and exports, are left alone (a slow
 * reader of an export meets the inactivity limit). Also the hand that writes the access log out, and
 * that tidies what workers keep. */
#include "server/core.h"
#include "server/request.h"

#include <sys/socket.h>
#include <time.h>

enum { TICK_MS = 100, TIDY_TICKS = LIMIT_POOL_IDLE_SECONDS * 1000 / TICK_MS };

static int64_t allowed_ns(const struct server_options *options, enum peer_phase phase)
{
    int64_t ms = 0;
    switch (phase) {
    /* Its first bytes count as idle: nobody tells us of them before the request line is whole. */
    case PEER_IDLE:
        ms = (int64_t)options->idle_seconds * 1000 + options->header_ms;
        break;
    case PEER_HEADERS:
        ms = options->header_ms;
        break;
    case PEER_BODY:
        ms = options->body_ms;
        break;
    case PEER_REQUEST:
        ms = options->request_ms;
        break;
    case PEER_FREE:
        return INT64_MAX;
    }
    return ms * 1000000;
}

static void look_at(struct server *server, struct peer *peer, int64_t now_ns)
{
    static const enum reap reaps[] = {[PEER_IDLE] = REAP_IDLE,
                                      [PEER_HEADERS] = REAP_HEADERS,
                                      [PEER_BODY] = REAP_BODY,
                                      [PEER_REQUEST] = REAP_REQUEST};
    enum peer_phase phase = (enum peer_phase)atomic_load_explicit(&peer->phase, memory_order_acquire);
    int64_t since_ns = atomic_load_explicit(&peer->since_ns, memory_order_relaxed);
    if (peer->cut || phase == PEER_FREE || now_ns - since_ns <= allowed_ns(&server->options, phase))
        return;
    shutdown(peer->fd, SHUT_RDWR); /* libmicrohttpd closes it when it next looks */
    peer->cut = true;
    atomic_fetch_add_explicit(&server->metrics.reaped[reaps[phase]], 1, memory_order_relaxed);
}

static void look_round(struct server *server)
{
    int64_t now_ns = clock_steady_ns(server->clock);
    pthread_mutex_lock(&server->peers_lock);
    for (struct peer *peer = server->peers; peer; peer = peer->next) look_at(server, peer, now_ns);
    pthread_mutex_unlock(&server->peers_lock);
}

void *peer_reap(void *user)
{
    struct server *server = user;
    for (uint32_t tick = 1; !atomic_load(&server->stop_reaper); tick++) {
        nanosleep(&(struct timespec){.tv_nsec = TICK_MS * 1000000L}, NULL);
        look_round(server);
        access_flush(&server->access);
        if (tick % TIDY_TICKS == 0) engine_tidy(server->engine);
    }
    return NULL;
}
