#include "tests/http/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BYTES_MAX = 64 << 20, PATIENCE_MS = 60000 };

bool wire_open(struct wire *wire, uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    wire->ended = false;
    buf_init(&wire->in, mem_heap(), BYTES_MAX);
    wire->fd = socket(AF_INET, SOCK_STREAM, 0);
    return wire->fd >= 0 && connect(wire->fd, (struct sockaddr *)(void *)&address, sizeof address) == 0;
}

void wire_close(struct wire *wire)
{
    if (wire->fd >= 0) close(wire->fd);
    wire->fd = -1;
    buf_release(&wire->in);
}

bool wire_send(struct wire *wire, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t sent = send(wire->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes = (struct str){bytes.ptr + sent, bytes.len - (size_t)sent};
    }
    return true;
}

bool wire_more(struct wire *wire, int ms)
{
    struct pollfd poller = {.fd = wire->fd, .events = POLLIN};
    if (wire->ended || poll(&poller, 1, ms) <= 0) return false;
    char *to = buf_reserve(&wire->in, 65536);
    ssize_t got = to ? recv(wire->fd, to, 65536, 0) : -1;
    if (got > 0) wire->in.len += (size_t)got;
    else wire->ended = true;
    return true;
}

static const char *find(struct str text, const char *what)
{
    size_t len = strlen(what);
    for (size_t i = 0; i + len <= text.len; i++) {
        if (memcmp(text.ptr + i, what, len) == 0) return text.ptr + i;
    }
    return NULL;
}

static void take(struct wire *wire, size_t len, struct buf *out)
{
    if (out) buf_put(out, (struct str){wire->in.ptr, len});
    memmove(wire->in.ptr, wire->in.ptr + len, wire->in.len - len);
    wire->in.len -= len;
}

static bool need(struct wire *wire, size_t len)
{
    while (wire->in.len < len) {
        if (!wire_more(wire, PATIENCE_MS)) return false;
    }
    return true;
}

static bool take_line(struct wire *wire, struct buf *out)
{
    const char *end;
    while (!(end = find(buf_str(&wire->in), "\r\n"))) {
        if (!wire_more(wire, PATIENCE_MS)) return false;
    }
    take(wire, (size_t)(end - wire->in.ptr) + 2, out);
    return true;
}

static bool take_head(struct wire *wire, struct wire_reply *reply)
{
    buf_reset(&reply->head);
    const char *end;
    while (!(end = find(buf_str(&wire->in), "\r\n\r\n"))) {
        if (!wire_more(wire, PATIENCE_MS)) return false;
    }
    take(wire, (size_t)(end - wire->in.ptr) + 4, &reply->head);
    struct str head = buf_str(&reply->head);
    if (head.len < 13 || memcmp(head.ptr, "HTTP/1.", 7) != 0) return false;
    reply->status = (unsigned)strtoul(head.ptr + 9, NULL, 10);
    return reply->status >= 100 && reply->status <= 599;
}

static bool take_chunks(struct wire *wire, struct buf *body)
{
    struct buf line;
    bool whole = false;
    buf_init(&line, mem_heap(), 256);
    while (take_line(wire, &line)) {
        buf_putc(&line, '\0');
        size_t len = strtoul(line.ptr, NULL, 16);
        buf_reset(&line);
        if (!need(wire, len + 2)) break;
        take(wire, len, body);
        take(wire, 2, NULL);
        if (len > 0) continue;
        whole = true;
        break;
    }
    buf_release(&line);
    return whole;
}

static bool take_body(struct wire *wire, struct wire_reply *reply)
{
    struct str length = wire_header(reply, "Content-Length");
    if (wire_header(reply, "Transfer-Encoding").ptr) return take_chunks(wire, &reply->body);
    if (length.ptr) {
        size_t len = strtoul(length.ptr, NULL, 10);
        if (!need(wire, len)) return false;
        take(wire, len, &reply->body);
        return true;
    }
    while (wire_more(wire, PATIENCE_MS)) continue;
    take(wire, wire->in.len, &reply->body);
    return wire->ended;
}

bool wire_receive(struct wire *wire, bool is_head, struct wire_reply *ret_reply)
{
    buf_init(&ret_reply->head, mem_heap(), BYTES_MAX);
    buf_init(&ret_reply->body, mem_heap(), BYTES_MAX);
    bool whole = false;
    do whole = take_head(wire, ret_reply);
    while (whole && ret_reply->status < 200);
    bool bodiless = is_head || ret_reply->status == 204 || ret_reply->status == 304;
    if (whole && !bodiless) whole = take_body(wire, ret_reply);
    if (!whole) wire_reply_release(ret_reply);
    return whole;
}

void wire_reply_release(struct wire_reply *reply)
{
    buf_release(&reply->head);
    buf_release(&reply->body);
}

bool wire_closes(struct wire *wire, int ms)
{
    while (!wire->ended && wire->in.len == 0) {
        if (!wire_more(wire, ms)) return false;
    }
    return wire->in.len == 0;
}

bool wire_quiet(struct wire *wire, int ms)
{
    return wire->in.len == 0 && !wire->ended && !wire_more(wire, ms);
}

/* The value that begins after `from`, and where to look on. */
static struct str header_after(struct str head, const char *name, size_t from, size_t *ret_next)
{
    size_t len = strlen(name);
    for (size_t i = from; i + len + 3 < head.len; i++) {
        if (head.ptr[i] != '\n' || strncasecmp(head.ptr + i + 1, name, len) != 0 ||
            head.ptr[i + 1 + len] != ':')
            continue;
        const char *value = head.ptr + i + len + 2;
        while (*value == ' ') value++;
        const char *end = strchr(value, '\r');
        *ret_next = (size_t)(end - head.ptr);
        return (struct str){value, (size_t)(end - value)};
    }
    return (struct str){NULL, 0};
}

struct str wire_header(const struct wire_reply *reply, const char *name)
{
    size_t next;
    return header_after(buf_str(&reply->head), name, 0, &next);
}

unsigned wire_header_count(const struct wire_reply *reply, const char *name)
{
    size_t next = 0;
    unsigned count = 0;
    while (header_after(buf_str(&reply->head), name, next, &next).ptr) count++;
    return count;
}
