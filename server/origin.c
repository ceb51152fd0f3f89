#include "server/origin.h"

#include "base/word.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

static const uint8_t v4_prefix[12] = {[10] = 0xff, [11] = 0xff};

static struct origin of_v4(const void *four)
{
    struct origin origin;
    memcpy(origin.bytes, v4_prefix, sizeof v4_prefix);
    memcpy(origin.bytes + sizeof v4_prefix, four, 4);
    return origin;
}

bool origin_is_v4(const struct origin *origin)
{
    return memcmp(origin->bytes, v4_prefix, sizeof v4_prefix) == 0;
}

struct origin origin_of(const struct sockaddr *address)
{
    struct origin origin = {{0}};
    if (address && address->sa_family == AF_INET)
        return of_v4(&((const struct sockaddr_in *)(const void *)address)->sin_addr);
    if (address && address->sa_family == AF_INET6)
        memcpy(origin.bytes, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, 16);
    return origin;
}

bool origin_parse(struct str text, struct origin *ret_origin)
{
    char copy[INET6_ADDRSTRLEN];
    uint8_t four[4];
    if (text.len >= sizeof copy || memchr(text.ptr, '\0', text.len)) return false;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    if (inet_pton(AF_INET, copy, four) == 1) {
        *ret_origin = of_v4(four);
        return true;
    }
    return inet_pton(AF_INET6, copy, ret_origin->bytes) == 1;
}

/* ---------------------------------------------------------------- lists */

static struct str trim(struct str text)
{
    while (text.len && (text.ptr[0] == ' ' || text.ptr[0] == '\t')) text.ptr++, text.len--;
    while (text.len && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t')) text.len--;
    return text;
}

/* What stands behind the last comma; takes it off. */
static struct str take_last(struct str *list)
{
    size_t begin = list->len;
    while (begin && list->ptr[begin - 1] != ',') begin--;
    struct str last = {list->ptr + begin, list->len - begin};
    list->len = begin ? begin - 1 : 0;
    return trim(last);
}

static bool read_net(struct str text, struct origin_net *ret_net)
{
    const char *slash = memchr(text.ptr, '/', text.len);
    struct str address = {text.ptr, slash ? (size_t)(slash - text.ptr) : text.len};
    if (!origin_parse(address, &ret_net->base)) return false;
    bool v4 = origin_is_v4(&ret_net->base) && !memchr(address.ptr, ':', address.len);
    uint64_t bits = v4 ? 32 : 128;
    struct str number = slash ? (struct str){slash + 1, text.len - address.len - 1} : STR("");
    if (slash && (number.len > 3 || !word_number(number, 999, &bits))) return false;
    if (bits > (v4 ? 32u : 128u)) return false;
    ret_net->bits = (unsigned)bits + (v4 ? 96 : 0);
    return true;
}

bool origin_nets_read(struct str text, struct origin_nets *ret_nets)
{
    *ret_nets = (struct origin_nets){.count = 0};
    text = trim(text);
    if (text.len == 0 || str_eq(text, STR("none"))) return true;
    while (true) {
        bool more = memchr(text.ptr, ',', text.len) != NULL;
        struct str net = take_last(&text);
        if (ret_nets->count == limit(TRUSTED_PROXIES)) return false;
        if (!read_net(net, &ret_nets->items[ret_nets->count])) return false;
        ret_nets->count++;
        if (!more) return true;
    }
}

static bool covers(const struct origin_net *net, const struct origin *origin)
{
    unsigned bytes = net->bits / 8, rest = net->bits % 8;
    if (memcmp(net->base.bytes, origin->bytes, bytes) != 0) return false;
    if (rest == 0) return true;
    return (net->base.bytes[bytes] ^ origin->bytes[bytes]) >> (8 - rest) == 0;
}

bool origin_in(const struct origin *origin, const struct origin_nets *nets)
{
    for (uint32_t i = 0; i < nets->count; i++)
        if (covers(&nets->items[i], origin)) return true;
    return false;
}

/* ---------------------------------------------------------------- headers */

/* "192.0.2.7", "192.0.2.7:4711", "[2001:db8::1]:4711", "2001:db8::1". */
static bool read_node(struct str text, struct origin *ret_origin)
{
    if (text.len && text.ptr[0] == '[') {
        const char *close = memchr(text.ptr, ']', text.len);
        return close &&
               origin_parse((struct str){text.ptr + 1, (size_t)(close - text.ptr) - 1}, ret_origin);
    }
    const char *colon = memchr(text.ptr, ':', text.len);
    size_t behind = colon ? text.len - (size_t)(colon - text.ptr) - 1 : 0;
    if (colon && !memchr(colon + 1, ':', behind)) text.len -= behind + 1; /* a port */
    return origin_parse(text, ret_origin);
}

/* Of "for=…;proto=…;by=…" the value of `for`, without its quotes. */
static struct str for_of(struct str element)
{
    while (element.len) {
        const char *semicolon = memchr(element.ptr, ';', element.len);
        size_t len = semicolon ? (size_t)(semicolon - element.ptr) : element.len;
        struct str pair = trim((struct str){element.ptr, len});
        if (word_starts(pair, STR("for="))) {
            struct str value = {pair.ptr + 4, pair.len - 4};
            bool quoted = value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"';
            return quoted ? (struct str){value.ptr + 1, value.len - 2} : value;
        }
        size_t taken = semicolon ? len + 1 : len;
        element = (struct str){element.ptr + taken, element.len - taken};
    }
    return STR("");
}

struct origin origin_behind(const struct origin *peer, const struct origin_nets *proxies,
                            struct str list, bool forwarded)
{
    struct origin client = *peer;
    while (list.len && origin_in(&client, proxies)) {
        struct origin before;
        struct str element = take_last(&list);
        if (!read_node(forwarded ? for_of(element) : element, &before))
            break; /* "unknown", "_hidden" */
        client = before;
    }
    return client;
}

/* ---------------------------------------------------------------- what is told and counted */

/* A socket in the file system has no address. */
static bool is_unknown(const struct origin *origin)
{
    static const struct origin unknown;
    return memcmp(origin->bytes, unknown.bytes, sizeof unknown.bytes) == 0;
}

void origin_place(const struct origin *origin, char ret_place[ORIGIN_PLACE_BYTES])
{
    char text[INET6_ADDRSTRLEN] = "";
    struct origin network = *origin;
    if (is_unknown(origin)) {
        snprintf(ret_place, ORIGIN_PLACE_BYTES, "local");
    } else if (origin_is_v4(origin)) {
        network.bytes[15] = 0;
        inet_ntop(AF_INET, network.bytes + 12, text, sizeof text);
        snprintf(ret_place, ORIGIN_PLACE_BYTES, "%s/24", text);
    } else {
        memset(network.bytes + 6, 0, 10);
        inet_ntop(AF_INET6, network.bytes, text, sizeof text);
        snprintf(ret_place, ORIGIN_PLACE_BYTES, "%s/48", text);
    }
}

struct str origin_prefix(const struct origin *origin, enum origin_width width)
{
    const char *bytes = (const char *)origin->bytes;
    if (is_unknown(origin)) return (struct str){NULL, 0};
    if (origin_is_v4(origin))
        return width == ORIGIN_HOST ? (struct str){bytes, 16} : (struct str){NULL, 0};
    return (struct str){bytes, width == ORIGIN_HOST ? 8 : 6};
}
