/* Network: addresses that share their first bits.
 *
 *     struct networks list;
 *     networks_parse(STR("10.0.0.0/8 2001:db8::/32"), &list)          blanks or commas between
 *     networks_have(&list, address)                                   16 bytes; IPv4 is ::ffff:a.b.c.d
 *
 * An IPv4 address is the same whether it came over IPv4 or mapped into IPv6. Bits beyond the length are
 * cleared, so that equal networks are equal bytes and are written in one way. */
#ifndef BASE_NETWORK_H
#define BASE_NETWORK_H

#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum { NETWORK_ADDRESS_BYTES = 16, NETWORK_TEXT_BYTES = 64 };

struct network {
    uint8_t bytes[NETWORK_ADDRESS_BYTES];
    uint8_t bits; /* of 128; of IPv4 96 more than is written */
};

struct networks {
    struct network items[LIMIT_TOKEN_NETWORKS];
    uint32_t count;
};

/* "192.0.2.0/24", "2001:db8::/32"; an address alone is the network of itself. */
bool network_parse(struct str text, struct network *ret_network);
void network_put(const struct network *network, struct buf *out);
bool network_has(const struct network *network, const uint8_t address[NETWORK_ADDRESS_BYTES]);

/* Nothing but blanks is an empty list. False: one is none, or there are more than
 * limit(TOKEN_NETWORKS). */
bool networks_parse(struct str text, struct networks *ret_networks);
/* With blanks between. */
void networks_put(const struct networks *networks, struct buf *out);
/* An empty list has no address. */
bool networks_have(const struct networks *networks, const uint8_t address[NETWORK_ADDRESS_BYTES]);

#endif
