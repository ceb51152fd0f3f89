/* Ident: names for things we make: UUIDv7 (RFC 9562) as text behind a type prefix.
 *
 *     struct ident_source ids;
 *     ident_source_init(&ids, clock_system(), NULL);
 *     ident_new(&ids, "sub", text);                         "sub_019bc1f2-…"
 *
 * Idents of one source sort as bytes in the order they were made, also within a millisecond and when
 * the clock is set back. One source may be shared by threads. */
#ifndef BASE_IDENT_H
#define BASE_IDENT_H

#include "base/clock.h"
#include "base/str.h"

#include <pthread.h>
#include <stdint.h>

#define IDENT_PREFIX_BYTES 8u
#define IDENT_BYTES (IDENT_PREFIX_BYTES + 1 + 36 + 1) /* prefix, '_', UUID, NUL */

/* Where unpredictable bytes come from; a test hands in its own. */
struct ident_random {
    void (*fill)(struct ident_random *self, void *ret_bytes, size_t len);
};

struct ident_source {
    struct clock *clock;
    struct ident_random *random; /* NULL: the system's */
    uint64_t last_ms;
    uint16_t counter;         /* rand_a: counts within a millisecond */
    unsigned char spare[256]; /* of the system's, fetched many at a time */
    size_t spare_len;
    pthread_mutex_t lock;
};

void ident_source_init(struct ident_source *source, struct clock *clk, struct ident_random *random);
/* `prefix` is 1 to IDENT_PREFIX_BYTES small letters. NUL-terminated. */
void ident_new(struct ident_source *source, const char *prefix, char ret_text[IDENT_BYTES]);

#endif
