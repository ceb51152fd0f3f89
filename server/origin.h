/* Origin: where a request comes from, also behind proxies that are believed.
 *
 *     struct origin peer = origin_of(sockaddr);                       ::ffff:192.0.2.7 is 192.0.2.7
 *     struct origin_nets proxies; origin_nets_read(STR("10.0.0.0/8, ::1"), &proxies);
 *     struct origin client = origin_behind(&peer, &proxies, facts.header[HEADER_X_FORWARDED_FOR],
 * false); origin_place(&client, where);                                   "192.0.2.0/24", for the audit
 * log struct str key = origin_prefix(&client, ORIGIN_HOST);           what limits are counted by
 *
 * A header is believed as far as it was written by proxies that are believed: it is read from its end,
 * each entry vouched for by the one behind it, and the first that is no believed proxy's is the client.
 * Pure: no sockets, so that it can be tested alone. */
#ifndef SERVER_ORIGIN_H
#define SERVER_ORIGIN_H

#include "base/limits.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct sockaddr;

struct origin {
    uint8_t bytes[16]; /* IPv4 as ::ffff:a.b.c.d; all zeroes: none, as of a socket in the file system */
};

struct origin_net {
    struct origin base;
    unsigned bits; /* of 128 */
};
struct origin_nets {
    struct origin_net items[LIMIT_TRUSTED_PROXIES];
    uint32_t count;
};

/* NULL, or neither IPv4 nor IPv6: none. */
struct origin origin_of(const struct sockaddr *address);
/* "192.0.2.7", "2001:db8::1". */
bool origin_parse(struct str text, struct origin *ret_origin);
bool origin_is_v4(const struct origin *origin);

/* Addresses and nets with commas between; empty or "none": none. False: something else stands there, or
 * more than there is room for. */
bool origin_nets_read(struct str text, struct origin_nets *ret_nets);
bool origin_in(const struct origin *origin, const struct origin_nets *nets);

/* `list`: the header's value, ptr NULL: absent. `forwarded`: it is Forwarded (RFC 7239), else
 * X-Forwarded-For. */
struct origin origin_behind(const struct origin *peer, const struct origin_nets *proxies,
                            struct str list, bool forwarded);

enum { ORIGIN_PLACE_BYTES = 64 };
/* The network, not the host: "192.0.2.0/24", "2001:db8:1::/48", "local" for none. NUL-terminated. */
void origin_place(const struct origin *origin, char ret_place[ORIGIN_PLACE_BYTES]);

enum origin_width {
    ORIGIN_HOST,    /* all of IPv4, the /64 of IPv6: what one customer of a network has */
    ORIGIN_NETWORK, /* the /48 of IPv6: what one site has; of IPv4 nothing: ptr NULL, as for no address
                     */
};
/* Borrowed from `origin`. */
struct str origin_prefix(const struct origin *origin, enum origin_width width);

#endif
