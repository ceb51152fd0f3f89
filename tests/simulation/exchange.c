#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "tests/simulation/exchange.h"

#include "tests/simulation/fiber.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* ---- what the server was started with */

struct MHD_Daemon {
    MHD_AccessHandlerCallback step;
    void *step_user;
    void *(*target)(void *user, const char *target, struct MHD_Connection *connection);
    void *target_user;
    MHD_RequestCompletedCallback completed;
    void *completed_user;
    MHD_NotifyConnectionCallback notify;
    void *notify_user;
    int fd;
};

struct pair {
    char *name, *value;
    struct pair *next;
};

struct MHD_Response {
    uint32_t references;
    const char *bytes;
    size_t len;
    MHD_ContentReaderCallback read;
    void *user;
    MHD_ContentReaderFreeCallback free;
    uint64_t position;
    struct pair *headers, **end;
};

struct MHD_Connection {
    struct exchange *exchange;
    struct sockaddr_in address;
    union MHD_ConnectionInfo info;
    void *peer, *request;
    bool asleep;
    struct MHD_Response *response;
    unsigned status;
};

/* Of the public door; another is not opened here. */
static struct MHD_Daemon *daemon_now;
static struct dice dice;

const char *MHD_get_version(void)
{
    return "1.0.0"; /* whose parser need not be looked after by what it leaves in memory */
}

static void read_option(struct MHD_Daemon *made, enum MHD_OPTION option, va_list *more)
{
    switch (option) {
    case MHD_OPTION_LISTEN_SOCKET:
        made->fd = va_arg(*more, int);
        break;
    case MHD_OPTION_URI_LOG_CALLBACK:
        made->target = va_arg(*more, void *(*)(void *, const char *, struct MHD_Connection *));
        made->target_user = va_arg(*more, void *);
        break;
    case MHD_OPTION_UNESCAPE_CALLBACK:
        (void)va_arg(*more, size_t(*)(void *, struct MHD_Connection *, char *));
        (void)va_arg(*more, void *);
        break;
    case MHD_OPTION_NOTIFY_COMPLETED:
        made->completed = va_arg(*more, MHD_RequestCompletedCallback);
        made->completed_user = va_arg(*more, void *);
        break;
    case MHD_OPTION_NOTIFY_CONNECTION:
        made->notify = va_arg(*more, MHD_NotifyConnectionCallback);
        made->notify_user = va_arg(*more, void *);
        break;
    case MHD_OPTION_ARRAY: /* limits of the parser's, which is not here */
        (void)va_arg(*more, struct MHD_OptionItem *);
        break;
    default:
        (void)fprintf(stderr, "option %d is not known here\n", (int)option);
        abort();
    }
}

struct MHD_Daemon *MHD_start_daemon(unsigned int flags, uint16_t port, MHD_AcceptPolicyCallback admit,
                                    void *admit_user, MHD_AccessHandlerCallback step, void *step_user,
                                    ...)
{
    (void)flags, (void)port, (void)admit, (void)admit_user;
    struct MHD_Daemon *made = calloc(1, sizeof *made);
    va_list more;
    if (!made) abort();
    made->step = step;
    made->step_user = step_user;
    va_start(more, step_user);
    for (enum MHD_OPTION option; (option = va_arg(more, enum MHD_OPTION)) != MHD_OPTION_END;)
        read_option(made, option, &more);
    va_end(more);
    return daemon_now = made;
}

void MHD_stop_daemon(struct MHD_Daemon *stopped)
{
    (void)close(stopped->fd);
    fiber_end_thread(); /* the event thread's */
    free(stopped);
    daemon_now = NULL;
}

/* ---- responses */

static struct MHD_Response *response_new(const char *bytes, size_t len)
{
    struct MHD_Response *response = calloc(1, sizeof *response);
    if (!response) abort();
    *response = (struct MHD_Response){.references = 1, .bytes = bytes, .len = len};
    response->end = &response->headers;
    return response;
}

struct MHD_Response *MHD_create_response_from_buffer(size_t len, void *bytes,
                                                     enum MHD_ResponseMemoryMode mode)
{
    if (mode != MHD_RESPMEM_PERSISTENT) abort();
    return response_new(bytes, len);
}

struct MHD_Response *MHD_create_response_from_buffer_with_free_callback_cls(
    size_t len, void *bytes, MHD_ContentReaderFreeCallback release, void *user)
{
    struct MHD_Response *response = response_new(bytes, len);
    response->free = release;
    response->user = user;
    return response;
}

struct MHD_Response *MHD_create_response_from_callback(uint64_t size, size_t block_size,
                                                       MHD_ContentReaderCallback read, void *user,
                                                       MHD_ContentReaderFreeCallback release)
{
    (void)size, (void)block_size;
    struct MHD_Response *response = response_new("", 0);
    response->read = read;
    response->free = release;
    response->user = user;
    return response;
}

enum MHD_Result MHD_set_response_options(struct MHD_Response *response, enum MHD_ResponseFlags flags,
                                         ...)
{
    (void)response, (void)flags;
    return MHD_YES;
}

static void pair_free(struct pair *pair)
{
    free(pair->name);
    free(pair->value);
    free(pair);
}

void MHD_destroy_response(struct MHD_Response *response)
{
    if (--response->references > 0) return;
    while (response->headers) {
        struct pair *pair = response->headers;
        response->headers = pair->next;
        pair_free(pair);
    }
    if (response->free) response->free(response->user);
    free(response);
}

enum MHD_Result MHD_add_response_header(struct MHD_Response *response, const char *name,
                                        const char *value)
{
    struct pair *pair = calloc(1, sizeof *pair);
    if (!pair || strpbrk(name, "\r\n\t ") || strpbrk(value, "\r\n\t")) abort();
    *pair = (struct pair){.name = strdup(name), .value = strdup(value)};
    if (!pair->name || !pair->value) abort();
    *response->end = pair;
    response->end = &pair->next;
    return MHD_YES;
}

enum MHD_Result MHD_del_response_header(struct MHD_Response *response, const char *name,
                                        const char *value)
{
    for (struct pair **link = &response->headers; *link; link = &(*link)->next) {
        struct pair *pair = *link;
        if (strcmp(pair->name, name) != 0 || strcmp(pair->value, value) != 0) continue;
        if (response->end == &pair->next) response->end = link;
        *link = pair->next;
        pair_free(pair);
        return MHD_YES;
    }
    return MHD_NO;
}

const char *MHD_get_response_header(struct MHD_Response *response, const char *name)
{
    for (struct pair *pair = response->headers; pair; pair = pair->next)
        if (strcasecmp(pair->name, name) == 0) return pair->value;
    return NULL;
}

int MHD_get_response_headers(struct MHD_Response *response, MHD_KeyValueIterator each, void *user)
{
    int count = 0;
    for (const struct pair *pair = response->headers; pair; pair = pair->next, count++)
        if (each && each(user, MHD_HEADER_KIND, pair->name, pair->value) != MHD_YES) break;
    return count;
}

/* ---- connections */

const union MHD_ConnectionInfo *MHD_get_connection_info(struct MHD_Connection *connection,
                                                        enum MHD_ConnectionInfoType kind, ...)
{
    switch (kind) {
    case MHD_CONNECTION_INFO_SOCKET_CONTEXT:
        connection->info.socket_context = connection->peer;
        return &connection->info;
    case MHD_CONNECTION_INFO_CONNECTION_FD:
        connection->info.connect_fd = -1;
        return &connection->info;
    case MHD_CONNECTION_INFO_CLIENT_ADDRESS:
        connection->info.client_addr = (struct sockaddr *)(void *)&connection->address;
        return &connection->info;
    default:
        return NULL;
    }
}

int MHD_get_connection_values_n(struct MHD_Connection *connection, enum MHD_ValueKind kind,
                                MHD_KeyValueIteratorN each, void *user)
{
    const struct exchange *exchange = connection->exchange;
    if (kind != MHD_HEADER_KIND) abort();
    for (uint32_t i = 0; i < exchange->header_count; i++) {
        const struct exchange_header *header = &exchange->headers[i];
        (void)each(user, kind, header->name, strlen(header->name), header->value,
                   strlen(header->value));
    }
    return (int)exchange->header_count;
}

enum MHD_Result MHD_queue_response(struct MHD_Connection *connection, unsigned int status,
                                   struct MHD_Response *response)
{
    if (connection->response || connection->asleep) abort();
    response->references++;
    connection->response = response;
    connection->status = status;
    return MHD_YES;
}

void MHD_suspend_connection(struct MHD_Connection *connection)
{
    if (connection->asleep) abort();
    connection->asleep = true;
}

void MHD_resume_connection(struct MHD_Connection *connection)
{
    if (!connection->asleep) abort();
    connection->asleep = false;
}

/* ---- requests */

void exchange_seed(uint64_t seed)
{
    dice_init(&dice, seed);
}

void exchange_header(struct exchange *exchange, const char *name, const char *format, ...)
{
    struct exchange_header *header = &exchange->headers[exchange->header_count++];
    va_list more;
    if (exchange->header_count > EXCHANGE_HEADERS) abort();
    (void)snprintf(header->name, sizeof header->name, "%s", name);
    va_start(more, format);
    if (vsnprintf(header->value, sizeof header->value, format, more) >= (int)sizeof header->value)
        abort();
    va_end(more);
}

void exchange_target(struct exchange *exchange, const char *format, ...)
{
    va_list more;
    va_start(more, format);
    if (vsnprintf(exchange->target, sizeof exchange->target, format, more) >=
        (int)sizeof exchange->target)
        abort();
    va_end(more);
}

const char *exchange_told(const struct exchange *exchange, const char *name)
{
    for (uint32_t i = 0; i < exchange->told_count; i++)
        if (strcasecmp(exchange->told[i].name, name) == 0) return exchange->told[i].value;
    return NULL;
}

static void begin(struct exchange *exchange)
{
    struct MHD_Connection *connection = calloc(1, sizeof *connection);
    if (!connection) abort();
    exchange_header(exchange, "Host", "localhost");
    if (exchange->body) exchange_header(exchange, "Content-Length", "%zu", exchange->body_len);
    connection->exchange = exchange;
    connection->address = (struct sockaddr_in){.sin_family = AF_INET,
                                               .sin_addr.s_addr = htonl(0x0a000000u + exchange->from)};
    exchange->connection = connection;
    exchange->phase = EXCHANGE_HEAD;
    daemon_now->notify(daemon_now->notify_user, connection, &connection->peer,
                       MHD_CONNECTION_NOTIFY_STARTED);
    connection->request = daemon_now->target(daemon_now->target_user, exchange->target, connection);
}

static void add_answer(struct exchange *exchange, const char *bytes, size_t len)
{
    if (exchange->answer_len + len + 1 > exchange->answer_room) {
        exchange->answer_room = 2 * (exchange->answer_len + len + 1);
        exchange->answer = realloc(exchange->answer, exchange->answer_room);
        if (!exchange->answer) abort();
    }
    if (len) memcpy(exchange->answer + exchange->answer_len, bytes, len);
    exchange->answer_len += len;
    exchange->answer[exchange->answer_len] = '\0';
}

/* False: there will be more. */
static bool take_answer(struct exchange *exchange)
{
    struct MHD_Response *response = exchange->connection->response;
    char piece[4096];
    if (!response->read) {
        add_answer(exchange, response->bytes, response->len);
        return true;
    }
    while (!exchange->connection->asleep) {
        ssize_t len = response->read(response->user, response->position, piece, sizeof piece);
        if (len == MHD_CONTENT_READER_END_OF_STREAM) return true;
        if (len == MHD_CONTENT_READER_END_WITH_ERROR) {
            exchange->status = 0;
            return true;
        }
        add_answer(exchange, piece, (size_t)len);
        response->position += (uint64_t)len;
    }
    return false;
}

static void end(struct exchange *exchange)
{
    struct MHD_Connection *connection = exchange->connection;
    daemon_now->completed(daemon_now->completed_user, connection, &connection->request,
                          connection->response ? MHD_REQUEST_TERMINATED_COMPLETED_OK
                                               : MHD_REQUEST_TERMINATED_WITH_ERROR);
    if (connection->response) MHD_destroy_response(connection->response);
    daemon_now->notify(daemon_now->notify_user, connection, &connection->peer,
                       MHD_CONNECTION_NOTIFY_CLOSED);
    free(connection);
    exchange->connection = NULL;
    exchange->phase = EXCHANGE_OVER;
}

static void take_head(struct exchange *exchange)
{
    exchange->status = exchange->connection->status;
    for (const struct pair *pair = exchange->connection->response->headers; pair; pair = pair->next) {
        if (exchange->told_count == sizeof exchange->told / sizeof exchange->told[0]) abort();
        struct exchange_header *told = &exchange->told[exchange->told_count++];
        (void)snprintf(told->name, sizeof told->name, "%s", pair->name);
        (void)snprintf(told->value, sizeof told->value, "%s", pair->value);
    }
    exchange->phase = EXCHANGE_ANSWER;
}

/* One call of the server's; a body comes in pieces. */
static enum MHD_Result step(struct exchange *exchange)
{
    size_t len = 0;
    if (exchange->phase == EXCHANGE_BODY && exchange->sent < exchange->body_len) {
        len = exchange->body_len - exchange->sent;
        if (dice_in(&dice, 8)) len = 1 + dice_below(&dice, (uint32_t)len);
    }
    size_t left = len;
    enum MHD_Result result = daemon_now->step(
        daemon_now->step_user, exchange->connection, exchange->target, exchange->method, "HTTP/1.1",
        exchange->body ? exchange->body + exchange->sent : NULL, &left, &exchange->connection->request);
    if (left) abort(); /* the server takes all of it */
    exchange->sent += len;
    exchange->phase = EXCHANGE_BODY;
    return result;
}

/* False: it waits for somebody else. */
static bool push(struct exchange *exchange)
{
    while (!exchange->connection->asleep) {
        if (exchange->phase == EXCHANGE_ANSWER || exchange->connection->response) {
            if (exchange->phase != EXCHANGE_ANSWER) take_head(exchange);
            if (!take_answer(exchange)) return false;
            end(exchange);
            return true;
        }
        if (step(exchange) == MHD_YES) continue;
        end(exchange);
        return true;
    }
    return false;
}

void exchange_all(struct exchange *exchanges, uint32_t count)
{
    uint32_t over = 0;
    for (uint32_t i = 0; i < count; i++) begin(&exchanges[i]);
    while (over < count) {
        bool moved = false;
        over = 0;
        for (uint32_t i = 0; i < count; i++) {
            if (exchanges[i].phase != EXCHANGE_OVER) moved |= push(&exchanges[i]);
            over += exchanges[i].phase == EXCHANGE_OVER;
        }
        if (!moved && over < count) fiber_turn();
    }
}

void exchange_release(struct exchange *exchange)
{
    free(exchange->answer);
    *exchange = (struct exchange){.method = NULL};
}
