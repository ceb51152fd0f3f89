/* Wire: a client that sends exactly the bytes it is told and says exactly what came back.
 *
 *     struct wire wire;
 *     wire_open(&wire, port);
 *     wire_send(&wire, STR("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"));
 *     struct wire_reply reply;
 *     if (wire_receive(&wire, false, &reply)) … reply.status, reply.body …
 *     wire_reply_release(&reply);
 *     wire_close(&wire);
 *
 * Trusts nothing it receives: what is no HTTP answer is no answer. */
#ifndef TESTS_HTTP_WIRE_H
#define TESTS_HTTP_WIRE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

struct wire {
    int fd;
    struct buf in; /* received and not yet taken */
    bool ended;    /* the other side has closed */
};

struct wire_reply {
    unsigned status;
    struct buf head, body; /* head: status line and headers as they came */
};

bool wire_open(struct wire *wire, uint16_t port);
void wire_close(struct wire *wire);
bool wire_send(struct wire *wire, struct str bytes);
/* One answer; interim ones are left out. `is_head`: it has no body. False: there was none within ten
 * seconds. */
bool wire_receive(struct wire *wire, bool is_head, struct wire_reply *ret_reply);
void wire_reply_release(struct wire_reply *reply);
/* Nothing more comes and the other side closes within `ms`. */
bool wire_closes(struct wire *wire, int ms);
/* Nothing comes and nobody closes within `ms`. */
bool wire_quiet(struct wire *wire, int ms);
/* Waits for more bytes, or for the end. False: neither came within `ms`. */
bool wire_more(struct wire *wire, int ms);
/* A header's value; ptr NULL: not there. `name` in any case. */
struct str wire_header(const struct wire_reply *reply, const char *name);
/* How often. */
unsigned wire_header_count(const struct wire_reply *reply, const char *name);

#endif
