#include "base/network.h"

#include "base/word.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

enum { V4_BITS = 96 }; /* before an IPv4 address that is written as IPv6 */

static const uint8_t v4_prefix[12] = {[10] = 0xff, [11] = 0xff};

static bool is_v4(const struct network *network)
{
    return network->bits >= V4_BITS && memcmp(network->bytes, v4_prefix, sizeof v4_prefix) == 0;
}

static bool parse_address(struct str text, uint8_t bytes[NETWORK_ADDRESS_BYTES], bool *ret_v4)
{
    char copy[INET6_ADDRSTRLEN];
    if (text.len == 0 || text.len >= sizeof copy || memchr(text.ptr, '\0', text.len)) return false;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    memcpy(bytes, v4_prefix, sizeof v4_prefix);
    *ret_v4 = inet_pton(AF_INET, copy, bytes + sizeof v4_prefix) == 1;
    return *ret_v4 || inet_pton(AF_INET6, copy, bytes) == 1;
}

static void clear_rest(struct network *network)
{
    for (unsigned i = 0; i < NETWORK_ADDRESS_BYTES; i++) {
        unsigned kept = network->bits > 8 * i ? network->bits - 8 * i : 0;
        if (kept < 8) network->bytes[i] &= (uint8_t)(0xff00u >> kept);
    }
}

/* No leading zeroes, no more than `max`. */
static bool parse_bits(struct str text, uint64_t max, uint64_t *ret_bits)
{
    if (text.len > 3 || (text.len > 1 && text.ptr[0] == '0')) return false;
    return word_number(text, 1000, ret_bits) && *ret_bits <= max;
}

bool network_parse(struct str text, struct network *ret_network)
{
    struct network network = {.bits = 0};
    const char *slash = text.len ? memchr(text.ptr, '/', text.len) : NULL;
    struct str address = {text.ptr, slash ? (size_t)(slash - text.ptr) : text.len};
    bool v4;
    if (!parse_address(address, network.bytes, &v4)) return false;
    uint64_t max = v4 ? 32 : 128, bits = max;
    struct str length = {text.ptr + address.len + 1, slash ? text.len - address.len - 1 : 0};
    if (slash && !parse_bits(length, max, &bits)) return false;
    network.bits = (uint8_t)(bits + (v4 ? V4_BITS : 0));
    clear_rest(&network);
    *ret_network = network;
    return true;
}

void network_put(const struct network *network, struct buf *out)
{
    char text[INET6_ADDRSTRLEN] = "";
    bool v4 = is_v4(network);
    if (v4) (void)inet_ntop(AF_INET, network->bytes + sizeof v4_prefix, text, sizeof text);
    else (void)inet_ntop(AF_INET6, network->bytes, text, sizeof text);
    buf_printf(out, "%s/%d", text, network->bits - (v4 ? V4_BITS : 0));
}

bool network_has(const struct network *network, const uint8_t address[NETWORK_ADDRESS_BYTES])
{
    unsigned bytes = network->bits / 8, rest = network->bits % 8;
    if (memcmp(network->bytes, address, bytes) != 0) return false;
    return rest == 0 || (network->bytes[bytes] ^ address[bytes]) >> (8 - rest) == 0;
}

static bool is_gap(char c)
{
    return c == ' ' || c == ',';
}

bool networks_parse(struct str text, struct networks *ret_networks)
{
    struct networks list = {.count = 0};
    size_t at = 0;
    while (at < text.len) {
        size_t end = at;
        while (end < text.len && !is_gap(text.ptr[end])) end++;
        struct str word = {text.ptr + at, end - at};
        at = end + 1;
        if (word.len == 0) continue;
        if (list.count == limit(TOKEN_NETWORKS)) return false;
        if (!network_parse(word, &list.items[list.count++])) return false;
    }
    *ret_networks = list;
    return true;
}

void networks_put(const struct networks *networks, struct buf *out)
{
    for (uint32_t i = 0; i < networks->count; i++) {
        if (i) buf_putc(out, ' ');
        network_put(&networks->items[i], out);
    }
}

bool networks_have(const struct networks *networks, const uint8_t address[NETWORK_ADDRESS_BYTES])
{
    for (uint32_t i = 0; i < networks->count; i++)
        if (network_has(&networks->items[i], address)) return true;
    return false;
}
