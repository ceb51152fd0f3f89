/* Exchange: requests handed to the server where libmicrohttpd would hand them over, and its answers.
 *
 *     struct exchange exchange = {.method = "GET", .target = "/v1/p/acme/visa"};
 *     exchange_header(&exchange, "Authorization", "Bearer …");
 *     exchange_all(&exchange, 1);                  several: at the same time
 *     … exchange.status, exchange.answer, exchange_told(&exchange, "ETag") …
 *     exchange_release(&exchange);
 *
 * This stands in libmicrohttpd's place: a request comes as parsed target, method, headers and pieces of
 * a body, through the callbacks that server/door.c has given, and what is queued is what was answered.
 */
#ifndef TESTS_SIMULATION_EXCHANGE_H
#define TESTS_SIMULATION_EXCHANGE_H

#include "base/str.h"
#include "tests/simulation/dice.h"

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EXCHANGE_HEADERS = 12, EXCHANGE_VALUE_BYTES = 320 };

struct exchange_header {
    char name[32], value[EXCHANGE_VALUE_BYTES];
};

struct exchange {
    const char *method;
    char target[512];
    struct exchange_header headers[EXCHANGE_HEADERS];
    uint32_t header_count;
    const char *body; /* with a Content-Length of its own; NULL: there is none */
    size_t body_len;
    uint32_t from; /* the address it comes from, 10.0.0.0 + from */

    unsigned status; /* 0: the connection was closed without an answer */
    struct exchange_header told[24];
    uint32_t told_count;
    char *answer; /* ends with 0 */
    size_t answer_len, answer_room;

    /* its own */
    struct MHD_Connection *connection;
    size_t sent;
    enum { EXCHANGE_HEAD, EXCHANGE_BODY, EXCHANGE_ANSWER, EXCHANGE_OVER } phase;
};

/* How bodies are cut into pieces. */
void exchange_seed(uint64_t seed);
void exchange_header(struct exchange *exchange, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void exchange_target(struct exchange *exchange, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Until all are answered. */
void exchange_all(struct exchange *exchanges, uint32_t count);
/* NULL: it does not say. */
const char *exchange_told(const struct exchange *exchange, const char *name);
void exchange_release(struct exchange *exchange);

#endif
