#include "server/request.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "server/bearer.h"
#include "server/cors.h"
#include "server/exports.h"
#include "server/reply.h"

#include <assert.h>
#include <stdio.h>
#include <sys/socket.h>

/* ---------------------------------------------------------------- small things that all use */

struct str request_id(struct request *request)
{
    if (!request->id[0]) ident_new(&request->server->ids, "req", request->id);
    return str_of(request->id);
}

struct str request_param(const struct request *request, enum route_param param)
{
    return request->match.params[param];
}

void request_suspend(struct request *request)
{
    atomic_fetch_add(&request->server->away, 1);
    MHD_suspend_connection(request->connection);
}

void request_resume(struct request *request)
{
    struct server *server = request->server;
    MHD_resume_connection(request->connection);
    atomic_fetch_sub(&server->away, 1);
}

void request_return(struct request *request, bool more)
{
    struct server *server = request->server;
    if (!more) {
        request_resume(request);
        return;
    }
    request->returned_next = atomic_load(&server->returned);
    while (!atomic_compare_exchange_weak(&server->returned, &request->returned_next, request)) continue;
}

/* On an event thread. */
static void wake_returned(struct server *server)
{
    if (!atomic_load_explicit(&server->returned, memory_order_relaxed)) return;
    struct request *request = atomic_exchange(&server->returned, NULL), *next;
    for (; request; request = next) {
        next = request->returned_next; /* it may be gone once it is awake */
        request_resume(request);
    }
}

void request_continue(struct request *request, enum handled (*handle)(struct request *request))
{
    request->handle = handle;
    request->far = request->dear = false;
    request->state = REQUEST_AWAY;
}

struct worker *request_worker(struct request *request)
{
    struct server *server = request->server;
    struct worker *worker = pthread_getspecific(server->worker_key);
    if (worker) return worker;
    if (worker_new(server->engine, &worker) != ST_OK) return NULL;
    if (pthread_setspecific(server->worker_key, worker) == 0) return worker;
    worker_free(worker);
    return NULL;
}

/* What was entered for a judging is left, whatever came of it. The request may be another thread's
 * business already. */
static enum handled handle(struct request *request)
{
    struct server *server = request->server;
    enum handled handled = request->handle(request);
    struct worker *worker = pthread_getspecific(server->worker_key);
    if (worker) worker_leave(worker);
    return handled;
}

/* Behind a proxy that is believed it is not the peer's. */
static struct str place_of(struct request *request)
{
    char place[ORIGIN_PLACE_BYTES];
    const struct peer *peer = request->peer;
    if (memcmp(&request->origin, &peer->origin, sizeof request->origin) == 0)
        return str_of(peer->where);
    origin_place(&request->origin, place);
    struct str copy = arena_str(&request->arena, str_of(place));
    return copy.ptr ? copy : STR("unknown");
}

void request_call(struct request *request)
{
    struct call *call = &request->call;
    call_init(call, request->server->engine, &request->arena,
              request->has_token ? request->token->id : STR("public"));
    call->actor.where = place_of(request);
    call->actor.why = request->facts.header[HEADER_AUDIT_REASON];
    call->actor.request_id = request_id(request);
    if (!call->actor.why.ptr) call->actor.why = STR("");
}

/* ---------------------------------------------------------------- phases, for the reaper */

static void enter(struct peer *peer, enum peer_phase phase, int64_t now_ns)
{
    atomic_store_explicit(&peer->since_ns, now_ns, memory_order_relaxed);
    atomic_store_explicit(&peer->phase, (int)phase, memory_order_release);
}

void request_answering(struct request *request)
{
    enter(request->peer, PEER_ANSWER, request->begun_ns);
}

/* The first byte may have come before the first line was whole; the reaper has seen it then. */
static int64_t first_byte(struct peer *peer, int64_t now_ns)
{
    int64_t seen_ns = atomic_load_explicit(&peer->first_byte_ns, memory_order_relaxed);
    int64_t idle_ns = atomic_load_explicit(&peer->since_ns, memory_order_relaxed);
    return seen_ns > idle_ns && seen_ns < now_ns ? seen_ns : now_ns;
}

/* ---------------------------------------------------------------- a request begins and ends */

void request_said(struct request *request)
{
    if (request->intake) intake_release(request->intake);
    request->intake = NULL;
    buf_release(&request->body);
}

static void reset(struct request *request)
{
    if (request->state == REQUEST_NONE) return;
    request_said(request);
    if (request->reply.exports)
        exports_free(request->reply.exports); /* nobody was left to send it to */
    if (request->lent) ready_return(request->lent);
    definition_release(request->definition);
    buf_release(&request->out);
    arena_release(&request->arena);
    request->state = REQUEST_NONE;
}

/* NULL: this is no event thread, or none that has done anything yet. */
static struct request_spares *spares_here(struct server *server)
{
    int thread = pulse_thread_number();
    return thread < 0 ? NULL : &server->spares[thread];
}

static uint32_t spare_count(const struct request_spares *spares)
{
    return atomic_load_explicit(&spares->count, memory_order_relaxed);
}

/* Its own thread alone writes it: no need of more than a store. */
static void set_spare_count(struct request_spares *spares, uint32_t count)
{
    atomic_store_explicit(&spares->count, count, memory_order_relaxed);
}

/* Not cleared. NULL: no memory. */
static struct request *request_new(struct server *server)
{
    struct request_spares *spares = spares_here(server);
    struct request *request = spares ? spares->first : NULL;
    if (!request) return server->mem->resize(server->mem, NULL, 0, sizeof *request);
    spares->first = request->held_next;
    set_spare_count(spares, spare_count(spares) - 1);
    return request;
}

/* What it held is gone already. */
static void request_free(struct server *server, struct request *request)
{
    struct request_spares *spares = spares_here(server);
    if (!spares || spare_count(spares) >= limit(REQUEST_SPARES)) {
        mem_free(server->mem, request, sizeof *request);
        return;
    }
    request->held_next = spares->first;
    spares->first = request;
    set_spare_count(spares, spare_count(spares) + 1);
}

void request_free_spares(struct server *server)
{
    for (int i = 0; i < PULSE_THREADS; i++) {
        struct request *request = server->spares[i].first, *next;
        for (; request; request = next) {
            next = request->held_next;
            mem_free(server->mem, request, sizeof *request);
        }
        server->spares[i].first = NULL;
        set_spare_count(&server->spares[i], 0);
    }
}

static void drop_request(struct peer *peer)
{
    if (!peer->request) return;
    reset(peer->request);
    request_free(peer->server, peer->request);
    peer->request = NULL;
}

/* What a submission that waits for its commit needs of its arena, and little more. */
enum { FIRST_CHUNK_BYTES = 1792 };

/* False: no memory. */
static bool begin(struct peer *peer, struct MHD_Connection *connection)
{
    static const struct token_record no_token;
    struct server *server = peer->server;
    drop_request(peer); /* one that came to nothing */
    struct request *request = peer->request = request_new(server);
    if (!request) return false;
    *request = (struct request){.server = server,
                                .peer = peer,
                                .connection = connection,
                                .state = REQUEST_TARGET,
                                .token = &no_token,
                                .begun_ns = clock_steady_ns(server->clock)};
    arena_init_first(&request->arena, server->mem, limit(REQUEST_ARENA_BYTES), FIRST_CHUNK_BYTES);
    buf_init(&request->out, server->mem, limit(REPLY_BYTES));
    int64_t first_ns = first_byte(peer, request->begun_ns);
    atomic_store_explicit(&peer->request_ns, first_ns, memory_order_relaxed);
    atomic_store_explicit(&peer->body_bytes, 0, memory_order_relaxed);
    atomic_store_explicit(&peer->is_export, false, memory_order_relaxed);
    enter(peer, PEER_HEADERS, first_ns);
    return true;
}

/* Only as much as is looked at is kept: a byte past the limit is enough to refuse it. */
static void keep_target(struct request *request, const char *target)
{
    struct str text = {target, strnlen(target, (size_t)limit(TARGET_BYTES) + 1)};
    if (text.len > sizeof request->target_inline) {
        request->target = arena_str(&request->arena, text);
        return;
    }
    memcpy(request->target_inline, text.ptr, text.len);
    request->target = (struct str){request->target_inline, text.len};
}

void *request_target(void *user, const char *target, struct MHD_Connection *connection)
{
    (void)user;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct peer *peer = info ? info->socket_context : NULL;
    if (!peer || !begin(peer, connection)) return NULL;
    peer->request->target_at = target;
    keep_target(peer->request, target);
    return peer->request;
}

static void log_access(struct request *request, int64_t duration_us)
{
    struct server *server = request->server;
    if (!server->access.log) return;
    const struct route *route = request->match.route;
    access_add(&server->access, &(struct access_entry){
                                    .request_id = request_id(request),
                                    .trace_id = guard_trace(request->facts.header[HEADER_TRACEPARENT]),
                                    .tenant = request->match.params[ROUTE_TENANT],
                                    .actor = request->has_token ? request->token->id : STR(""),
                                    .method = method_name(request->facts.method),
                                    .route = route ? route->name : "none",
                                    .status = request->reply.status,
                                    .duration_us = duration_us,
                                });
}

void request_completed(void *user, struct MHD_Connection *connection, void **slot,
                       enum MHD_RequestTerminationCode code)
{
    (void)connection, (void)code;
    struct request *request = *slot;
    *slot = NULL;
    wake_returned(((struct door *)user)->server); /* its client may have gone before it was woken */
    if (!request || request->state == REQUEST_NONE) return;
    struct server *server = request->server;
    int64_t now_ns = clock_steady_ns(server->clock);
    if (request->counted) {
        const struct route *route = request->match.route;
        int64_t duration_us = (now_ns - request->begun_ns) / 1000;
        metrics_count(&server->metrics, route ? route->number : METRICS_NO_ROUTE,
                      request->facts.method == METHOD_HEAD, request->reply.status,
                      (uint64_t)duration_us);
        log_access(request, duration_us);
        atomic_fetch_sub(&server->metrics.in_flight, 1);
    }
    /* Ready-made answers cannot say "close": the end of the connection says it. */
    if (atomic_load_explicit(&server->draining, memory_order_relaxed))
        shutdown(request->peer->fd, SHUT_RDWR);
    enter(request->peer, PEER_IDLE, now_ns);
    drop_request(request->peer);
}

/* ---------------------------------------------------------------- dispatch */

/* False: answered. */
static bool enter_far(struct request *request)
{
    if (request->has_token) return true;
    enum problem problem = bearer_check(request);
    if (!problem) return ration_token(request) && ration_request_far(request);
    if (!request->reply.status) reply_problem(request, problem, NULL);
    return false;
}

static bool put_far(struct request *request);

static void run_far(struct crew_job *job)
{
    struct request *request = (struct request *)(void *)((char *)job - offsetof(struct request, job));
    enum handled handled = enter_far(request) ? handle(request) : HANDLED;
    if (handled == HANDLED_FAR) {
        assert(request->dear); /* it has turned out to be the judges' business */
        if (put_far(request)) return;
        handled = HANDLED;
    }
    if (handled == HANDLED) {
        request->state = REQUEST_REPLIED;
        request_resume(request);
    }
}

/* False: answered, since too much is waiting already. */
static bool put_far(struct request *request)
{
    struct server *server = request->server;
    struct str tenant = request_param(request, ROUTE_TENANT);
    request->job.run = run_far;
    request->job.lane = tenant.len ? digest_short(tenant) : 0;
    request->job.at_once = 0;
    if (request->dear && request->definition)
        request->job.at_once = (uint32_t)tenancy_far_judgings(request->definition->tenancy);
    switch (crew_put(request->dear ? &server->judges : &server->crew, &request->job)) {
    case CREW_TAKEN:
        return true;
    case CREW_LANE_FULL:
        ration_crowded(request);
        return false;
    case CREW_FULL:
        break;
    }
    bool stopping = atomic_load(&server->closing);
    reply_problem(request, stopping ? PROBLEM_STOPPING : PROBLEM_OVERLOADED, NULL);
    return false;
}

static enum MHD_Result go_far(struct request *request)
{
    request->far = true;
    request->state = REQUEST_AWAY;
    request_suspend(request);
    if (put_far(request)) return MHD_YES;
    request->state = REQUEST_REPLIED;
    request_resume(request);
    return MHD_YES;
}

/* Whoever asks too often at once gets his refusals a little later: otherwise the refusing itself would
 * be what holds up the others. Until the reaper next comes by. */
static bool hold(struct request *request)
{
    struct server *server = request->server;
    if (!request->ration.refused || request->held) return false;
    pthread_mutex_lock(&server->held_lock);
    bool room = server->held_count < server->options.refusals_held_max;
    if (room) {
        server->held_count++;
        atomic_fetch_add_explicit(&server->metrics.held, 1, memory_order_relaxed);
        request->held = true;
        request->held_next = server->held;
        server->held = request;
        request_suspend(request);
    }
    pthread_mutex_unlock(&server->held_lock);
    return room;
}

void request_release_held(struct server *server)
{
    pthread_mutex_lock(&server->held_lock);
    struct request *request = server->held;
    server->held = NULL;
    server->held_count = 0;
    pthread_mutex_unlock(&server->held_lock);
    while (request) {
        struct request *next = request->held_next;
        request_resume(request);
        request = next;
    }
}

static enum MHD_Result send_or_hold(struct request *request)
{
    request->state = REQUEST_REPLIED;
    return hold(request) ? MHD_YES : reply_send(request);
}

static enum MHD_Result dispatch(struct request *request)
{
    if (request->far) return go_far(request);
    switch (handle(request)) {
    case HANDLED:
        return send_or_hold(request);
    case HANDLED_FAR:
        return go_far(request);
    case HANDLED_LATER:
        break;
    }
    return MHD_YES;
}

/* ---------------------------------------------------------------- the first step: headers are there */

static enum MHD_Result each_header(void *user, enum MHD_ValueKind kind, const char *name,
                                   size_t name_len, const char *value, size_t value_len)
{
    (void)kind;
    guard_header(user, (struct str){name, name_len}, (struct str){value, value ? value_len : 0});
    return MHD_YES;
}

/* 0: this libmicrohttpd need not leave things in place. Those after 0.9 refuse by themselves what the
 * gaps tell. */
static size_t head_len(struct request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return request->server->parses_in_place && info ? info->header_size : 0;
}

static enum problem check(struct request *request, const char *method, const char *version)
{
    if (!request->target.ptr) return PROBLEM_OVERLOADED;
    struct guard_request asked = {str_of(method), str_of(version), request->target, request->target_at,
                                  head_len(request)};
    guard_begin(&asked, &request->facts);
    MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND, each_header, &request->facts);
    return guard_end(&asked, &request->facts);
}

/* "text/plain; charset=utf-8": the type alone, and no other charset. */
static bool is_type(struct str header, struct str wanted)
{
    if (header.len < wanted.len) return false;
    for (size_t i = 0; i < wanted.len; i++) {
        char c = header.ptr[i];
        if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != wanted.ptr[i]) return false;
    }
    if (header.len == wanted.len) return true;
    char next = header.ptr[wanted.len];
    return next == ';' || next == ' ' || next == '\t';
}

static enum problem check_body(const struct request *request)
{
    const struct route *route = request->match.route;
    const struct guard_facts *facts = &request->facts;
    if (route->body == ROUTE_BODY_NONE) return PROBLEM_NONE; /* the guard has refused one */
    if (facts->content_length > route_body_max(route)) return PROBLEM_TOO_LARGE;
    if (route->body == ROUTE_BODY_EMPTY) return PROBLEM_NONE;
    if (!guard_has(facts, HEADER_CONTENT_LENGTH)) return PROBLEM_LENGTH_REQUIRED;
    struct str type = route->body == ROUTE_BODY_SOURCE  ? STR("text/plain")
                      : route->body == ROUTE_BODY_CSV   ? STR("text/csv")
                      : route->body == ROUTE_BODY_PAIRS ? STR("application/x-www-form-urlencoded")
                                                        : STR("application/json");
    if (route->method == METHOD_PATCH &&
        is_type(facts->header[HEADER_CONTENT_TYPE], STR("application/merge-patch+json")))
        return PROBLEM_NONE;
    return is_type(facts->header[HEADER_CONTENT_TYPE], type) ? PROBLEM_NONE : PROBLEM_TYPE_UNSUPPORTED;
}

static void add_allow(struct request *request)
{
    struct buf allow;
    buf_init(&allow, request->server->mem, 128);
    for (int i = 0; i < METHOD_COUNT; i++) {
        if (!(request->match.allowed & 1u << i)) continue;
        if (allow.len) buf_puts(&allow, ", ");
        buf_puts(&allow, method_name((enum method)i));
    }
    reply_header(request, MHD_HTTP_HEADER_ALLOW, buf_str(&allow));
    buf_release(&allow);
}

/* Everything that can be said before a byte of the body. PROBLEM_NONE with a status set: answered
 * otherwise. */
static enum problem admit(struct request *request)
{
    if (!door_leads_to(request->peer->door, request->facts.path)) return PROBLEM_NOT_FOUND;
    switch (route_find(request->facts.method, request->facts.path, &request->match)) {
    case ROUTE_ABSENT:
        return PROBLEM_NOT_FOUND;
    case ROUTE_WRONG_METHOD:
        add_allow(request);
        if (request->facts.method != METHOD_OPTIONS) return PROBLEM_METHOD_NOT_ALLOWED;
        cors_preflight(request);
        reply_empty(request, 204);
        return PROBLEM_NONE;
    case ROUTE_FOUND:
        break;
    }
    request->handle = request->match.route->handle;
    request->far = request->match.route->place != ROUTE_NEAR;
    request->dear = request->match.route->place == ROUTE_DEAR;
    enum problem problem = bearer_glance(request);
    if (!problem) problem = check_body(request);
    struct str why = request->facts.header[HEADER_AUDIT_REASON];
    if (!problem && why.ptr && !utf8_valid(why)) problem = PROBLEM_HEADER_MALFORMED;
    return problem;
}

/* An answer queued at the first step makes libmicrohttpd close the connection, which is right where a
 * body would have to be read and thrown away; otherwise it is queued at the next step. */
static enum MHD_Result reply_early(struct request *request)
{
    request->reply.close = request->facts.content_length > 0;
    if (request->reply.close) return reply_send(request);
    request->state = REQUEST_REPLIED;
    return MHD_YES;
}

static void find_origin(struct request *request)
{
    const struct server *server = request->server;
    bool forwarded = server->options.proxy_says_forwarded;
    request->origin = request->peer->origin;
    if (server->proxies.count)
        request->origin = origin_behind(
            &request->peer->origin, &server->proxies,
            request->facts.header[forwarded ? HEADER_FORWARDED : HEADER_X_FORWARDED_FOR], forwarded);
}

/* A small body of what is refused for being too much is read, so that the connection lives on: a new
 * one for each try would cost more. */
static bool may_go_on(const struct request *request)
{
    uint64_t body = request->facts.content_length;
    return request->ration.refused && body > 0 && body <= limit(REFUSED_BODY_BYTES);
}

static enum MHD_Result first_step(struct request *request, const char *method, const char *version)
{
    struct server *server = request->server;
    request->counted = true;
    atomic_fetch_add(&server->metrics.in_flight, 1);
    enum problem problem = check(request, method, version);
    if (problem) {
        request->reply.close = true;
        request->match.route = NULL;
        reply_problem(request, problem, NULL);
        return reply_send(request);
    }
    find_origin(request);
    problem = admit(request);
    if (problem) reply_problem(request, problem, NULL);
    else if (!request->reply.status) ration_enter(request);
    if (request->reply.status && !may_go_on(request)) return reply_early(request);
    request->state = REQUEST_BODY;
    if (request->facts.content_length > 0)
        buf_init(&request->body, server->mem, (size_t)request->facts.content_length);
    /* Nobody waits for what does not come: no need to ask the clock. */
    bool comes = request->facts.content_length > 0;
    enter(request->peer, PEER_BODY, comes ? clock_steady_ns(server->clock) : request->begun_ns);
    return MHD_YES;
}

/* Nobody reads the body of what is refused. */
static void take_body(struct request *request, struct str piece)
{
    struct peer *peer = request->peer;
    uint64_t before = atomic_load_explicit(&peer->body_bytes, memory_order_relaxed);
    if (!request->reply.status) buf_put(&request->body, piece);
    atomic_store_explicit(&peer->body_bytes, before + piece.len, memory_order_relaxed);
}

static enum MHD_Result body_step(struct request *request, const char *upload, size_t *upload_len)
{
    if (*upload_len > 0) {
        take_body(request, (struct str){upload, *upload_len});
        *upload_len = 0;
        return MHD_YES;
    }
    if (request->match.route->number == ROUTE_submissions_export ||
        request->match.route->number == ROUTE_submissions_csv)
        atomic_store_explicit(&request->peer->is_export, true, memory_order_relaxed);
    enter(request->peer, PEER_REQUEST, request->begun_ns);
    uint64_t came = atomic_load_explicit(&request->peer->body_bytes, memory_order_relaxed);
    if (buf_failed(&request->body) || came != request->facts.content_length) {
        bool cut = !buf_failed(&request->body);
        request->reply.close = true;
        reply_problem(request, cut ? PROBLEM_BODY_CUT : PROBLEM_OVERLOADED, NULL);
        return reply_send(request);
    }
    return request->reply.status ? send_or_hold(request) : dispatch(request);
}

static enum MHD_Result step(struct request *request, const char *method, const char *version,
                            const char *upload, size_t *upload_len)
{
    switch (request->state) {
    case REQUEST_NONE:
        break;
    case REQUEST_TARGET:
        return first_step(request, method, version);
    case REQUEST_BODY:
        return body_step(request, upload, upload_len);
    case REQUEST_AWAY:
        return dispatch(request); /* a writer is done: request->handle goes on */
    case REQUEST_REPLIED:
        return send_or_hold(request);
    }
    return MHD_NO;
}

enum MHD_Result request_step(void *user, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *upload,
                             size_t *upload_len, void **slot)
{
    (void)connection, (void)url;
    struct door *door = user;
    if (!*slot) return MHD_NO; /* there was no memory for the connection */
    wake_returned(door->server);
    pulse_enter(&door->server->pulse);
    enum MHD_Result result = step(*slot, method, version, upload, upload_len);
    pulse_leave();
    return result;
}

/* ---------------------------------------------------------------- connections */

/* libmicrohttpd finds it closed, and answers nothing. */
static void turn_away(struct peer *peer)
{
    peer->address = 0; /* was not counted */
    peer->cut = true;
    shutdown(peer->fd, SHUT_RDWR);
    atomic_fetch_add_explicit(&peer->server->metrics.turned_away, 1, memory_order_relaxed);
}

static struct peer *peer_new(struct door *door, struct MHD_Connection *connection)
{
    struct server *server = door->server;
    struct peer *peer = mem_zalloc(server->mem, sizeof *peer);
    if (!peer) return NULL;
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *address =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    peer->server = server;
    peer->door = door->kind;
    peer->fd = fd ? fd->connect_fd : -1;
    const struct sockaddr *from = address ? address->client_addr : NULL;
    peer->origin = origin_of(from);
    origin_place(&peer->origin, peer->where);
    if (door->kind == DOOR_PUBLIC && !origin_in(&peer->origin, &server->proxies))
        peer->address = headcount_key(from);
    enter(peer, PEER_IDLE, clock_steady_ns(server->clock));
    pthread_mutex_lock(&server->peers_lock);
    peer->next = server->peers;
    if (peer->next) peer->next->previous = peer;
    server->peers = peer;
    bool enters =
        headcount_enter(&server->headcount, peer->address, server->options.connections_per_address_max);
    pthread_mutex_unlock(&server->peers_lock);
    atomic_fetch_add(&server->metrics.connections, 1);
    if (!enters) turn_away(peer);
    return peer;
}

static void peer_free(struct server *server, struct peer *peer)
{
    pthread_mutex_lock(&server->peers_lock);
    *(peer->previous ? &peer->previous->next : &server->peers) = peer->next;
    if (peer->next) peer->next->previous = peer->previous;
    headcount_leave(&server->headcount, peer->address);
    pthread_mutex_unlock(&server->peers_lock);
    atomic_fetch_sub(&server->metrics.connections, 1);
    drop_request(peer);
    mem_free(server->mem, peer, sizeof *peer);
}

void request_peer(void *user, struct MHD_Connection *connection, void **slot,
                  enum MHD_ConnectionNotificationCode code)
{
    struct door *door = user;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *slot = peer_new(door, connection);
    } else if (*slot) {
        peer_free(door->server, *slot);
        *slot = NULL;
    }
}
