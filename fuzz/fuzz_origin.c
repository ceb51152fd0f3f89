/* Addresses and who is behind them. A network is read just when an address and a length say so, written
 * as a text that means the same, and has just the addresses whose first bits are its own, counted one
 * by one; so with lists. Behind proxies the client is found as a reader finds it who splits the header
 * first and then goes back from its end. A trace id is 32 small hex digits in the right place, or none.
 *
 * Bytes: an address, then text. */
#include "base/network.h"
#include "fuzz/holds.h"
#include "server/guard.h"
#include "server/origin.h"

#include <arpa/inet.h>
#include <sys/socket.h>

enum { ENTRIES = 200 };

/* ---- plainly */

static bool is_bit_set(const uint8_t *bytes, unsigned bit)
{
    return bytes[bit / 8] >> (7 - bit % 8) & 1;
}

static bool begin_alike(const uint8_t *a, const uint8_t *b, unsigned bits)
{
    for (unsigned i = 0; i < bits; i++)
        if (is_bit_set(a, i) != is_bit_set(b, i)) return false;
    return true;
}

/* 16 bytes, of IPv4 ::ffff:a.b.c.d. The C library reads the text; all else is ours. */
static bool read_address(struct str text, uint8_t bytes[16], bool *ret_v4)
{
    char copy[64] = "";
    if (text.len >= INET6_ADDRSTRLEN || (text.len && memchr(text.ptr, 0, text.len))) return false;
    if (text.len) memcpy(copy, text.ptr, text.len);
    memset(bytes, 0, 16);
    *ret_v4 = inet_pton(AF_INET, copy, bytes + 12) == 1;
    if (*ret_v4) bytes[10] = bytes[11] = 0xff;
    return *ret_v4 || inet_pton(AF_INET6, copy, bytes) == 1;
}

static struct str until(struct str text, char end)
{
    size_t len = 0;
    while (len < text.len && text.ptr[len] != end) len++;
    return (struct str){text.ptr, len};
}

static struct str after(struct str text, size_t len)
{
    return len < text.len ? (struct str){text.ptr + len, text.len - len}
                          : (struct str){text.ptr + text.len, 0};
}

static bool read_network(struct str text, uint8_t bytes[16], unsigned *ret_bits)
{
    bool v4;
    struct str address = until(text, '/'), length = after(text, address.len + 1);
    if (!read_address(address, bytes, &v4)) return false;
    unsigned most = v4 ? 32 : 128, value = 0;
    if (address.len < text.len) {
        if (length.len == 0 || length.len > 3 || (length.len > 1 && length.ptr[0] == '0')) return false;
        for (size_t i = 0; i < length.len; i++) {
            if (length.ptr[i] < '0' || length.ptr[i] > '9') return false;
            value = value * 10 + (unsigned)(length.ptr[i] - '0');
        }
    } else {
        value = most;
    }
    *ret_bits = value + (v4 ? 96 : 0);
    return value <= most;
}

/* ---- networks */

static void written_alike(const struct network *network)
{
    struct buf text;
    struct network again;
    buf_init(&text, mem_heap(), NETWORK_TEXT_BYTES);
    network_put(network, &text);
    HOLDS(!buf_failed(&text) && network_parse(buf_str(&text), &again));
    HOLDS(memcmp(again.bytes, network->bytes, 16) == 0 && again.bits == network->bits);
    buf_release(&text);
}

static void network_holds(struct str text, const uint8_t address[16])
{
    uint8_t bytes[16];
    unsigned bits;
    struct network network;
    bool good = read_network(text, bytes, &bits);
    HOLDS(network_parse(text, &network) == good);
    if (!good) return;
    HOLDS(network.bits == bits && begin_alike(network.bytes, bytes, bits));
    for (unsigned i = bits; i < 128; i++) HOLDS(!is_bit_set(network.bytes, i));
    HOLDS(network_has(&network, address) == begin_alike(bytes, address, bits));
    HOLDS(network_has(&network, bytes));
    written_alike(&network);
}

static void list_holds(struct str text, const uint8_t address[16])
{
    struct networks list, again;
    struct buf written;
    if (!networks_parse(text, &list)) return;
    bool has = false;
    HOLDS(list.count <= limit(TOKEN_NETWORKS));
    for (uint32_t i = 0; i < list.count; i++) has |= network_has(&list.items[i], address);
    HOLDS(networks_have(&list, address) == has);
    buf_init(&written, mem_heap(), (size_t)limit(TOKEN_NETWORKS) * NETWORK_TEXT_BYTES);
    networks_put(&list, &written);
    HOLDS(networks_parse(buf_str(&written), &again) && again.count == list.count);
    HOLDS(memcmp(again.items, list.items, list.count * sizeof *list.items) == 0);
    buf_release(&written);
}

/* ---- behind proxies */

static struct str trim(struct str text)
{
    while (text.len && (text.ptr[0] == ' ' || text.ptr[0] == '\t')) text = after(text, 1);
    while (text.len && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t')) text.len--;
    return text;
}

static uint32_t split(struct str list, struct str entries[ENTRIES])
{
    uint32_t count = 0;
    for (;;) {
        struct str entry = until(list, ',');
        bool more = entry.len < list.len;
        if (count == ENTRIES) return 0;
        entries[count++] = trim(entry);
        if (!more) return count;
        list = after(list, entry.len + 1);
    }
}

/* X-Forwarded-For: an address, IPv4 perhaps with a port, IPv6 perhaps in brackets. */
static bool read_entry(struct str entry, struct origin *ret_origin)
{
    bool v4;
    uint32_t colons = 0;
    if (entry.len && entry.ptr[0] == '[') {
        struct str inner = until(after(entry, 1), ']');
        return inner.len + 1 < entry.len && read_address(inner, ret_origin->bytes, &v4);
    }
    for (size_t i = 0; i < entry.len; i++) colons += entry.ptr[i] == ':';
    return read_address(colons == 1 ? until(entry, ':') : entry, ret_origin->bytes, &v4);
}

static bool is_believed(const struct origin *origin, const struct origin_nets *proxies)
{
    for (uint32_t i = 0; i < proxies->count; i++)
        if (begin_alike(proxies->items[i].base.bytes, origin->bytes, proxies->items[i].bits))
            return true;
    return false;
}

static void client_holds(struct str list, const struct origin *peer)
{
    static const char *const nets[] = {"none", "10.0.0.0/8, ::1", "0.0.0.0/0,::/0", "192.0.2.0/25",
                                       "::ffff:10.0.0.0/104"};
    struct str entries[ENTRIES];
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
        struct origin_nets proxies;
        struct origin want = *peer;
        HOLDS(origin_nets_read(str_of(nets[i]), &proxies));
        HOLDS(origin_in(peer, &proxies) == is_believed(peer, &proxies));
        uint32_t count = split(list, entries);
        if (count == 0) return;
        while (count > 0 && list.len && is_believed(&want, &proxies)) {
            struct origin before;
            if (!read_entry(entries[--count], &before)) break;
            want = before;
        }
        struct origin got = origin_behind(peer, &proxies, list, false);
        HOLDS(memcmp(&got, &want, sizeof got) == 0);
        /* Nobody is believed: the header says nothing. */
        if (i == 0) HOLDS(memcmp(&got, peer, sizeof got) == 0);
        (void)origin_behind(peer, &proxies, list, true);
    }
}

static void place_holds(const struct origin *origin)
{
    char place[ORIGIN_PLACE_BYTES];
    uint8_t bytes[16];
    unsigned bits;
    origin_place(origin, place);
    if (strcmp(place, "local") == 0) return;
    HOLDS(read_network(str_of(place), bytes, &bits));
    HOLDS(bits == (origin_is_v4(origin) ? 120 : 48) && begin_alike(bytes, origin->bytes, bits));
}

/* ---- traces */

static bool is_hex(struct str text, bool may_be_zero)
{
    bool zero = true;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == 0 || !strchr("0123456789abcdef", text.ptr[i])) return false;
        zero = zero && text.ptr[i] == '0';
    }
    return may_be_zero || !zero;
}

static void trace_holds(struct str text)
{
    struct str got = guard_trace(text), parts[5], rest = text;
    static const size_t lens[] = {2, 32, 16, 2};
    bool good = true;
    for (int i = 0; i < 4; i++) {
        parts[i] = until(rest, '-');
        good = good && parts[i].len == lens[i] && is_hex(parts[i], i == 0 || i == 3);
        rest = after(rest, parts[i].len + 1);
    }
    good = good && !str_eq(parts[0], STR("ff")) && (text.len == 55 || !str_eq(parts[0], STR("00")));
    HOLDS((got.len > 0) == good);
    if (good) HOLDS(str_eq(got, parts[1]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct origin peer = {{0}};
    size_t head = size < 17 ? size : 17;
    if (head > 1) memcpy(peer.bytes, data + 1, head - 1);
    if (size && data[0] % 2) memcpy(peer.bytes, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
    struct str text = {(const char *)data + head, size - head};
    network_holds(text, peer.bytes);
    list_holds(text, peer.bytes);
    client_holds(text, &peer);
    place_holds(&peer);
    trace_holds(text);
    return 0;
}
