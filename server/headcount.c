#include "server/headcount.h"

#include <assert.h>
#include <netinet/in.h>

enum status headcount_init(struct headcount *headcount, struct mem *mem, uint32_t addresses_max)
{
    uint32_t slots = 16;
    while (slots < 2 * (uint64_t)addresses_max) slots *= 2;
    *headcount = (struct headcount){.mem = mem, .slot_count = slots};
    headcount->slots = mem_zalloc(mem, slots * sizeof *headcount->slots);
    return headcount->slots ? ST_OK : ST_NOMEM;
}

void headcount_release(struct headcount *headcount)
{
    mem_free(headcount->mem, headcount->slots, headcount->slot_count * sizeof *headcount->slots);
    headcount->slots = NULL;
}

static uint64_t key_of_v4(const unsigned char *bytes)
{
    uint64_t mark = UINT64_C(1) << 48; /* no network of IPv6 begins like this */
    return mark | (uint64_t)bytes[0] << 24 | (uint64_t)bytes[1] << 16 | (uint64_t)bytes[2] << 8 |
           bytes[3];
}

uint64_t headcount_key(const struct sockaddr *address)
{
    if (address && address->sa_family == AF_INET)
        return key_of_v4((const void *)&((const struct sockaddr_in *)(const void *)address)->sin_addr);
    if (!address || address->sa_family != AF_INET6) return 0;
    const struct in6_addr *v6 = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(v6)) return key_of_v4(v6->s6_addr + 12);
    uint64_t key = 0;
    for (int i = 0; i < 8; i++) key = key << 8 | v6->s6_addr[i];
    return key ? key : 1; /* ::1 */
}

static uint32_t home_of(const struct headcount *headcount, uint64_t key)
{
    return (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (headcount->slot_count - 1);
}

/* Its slot, or the free one where it belongs. */
static uint32_t find(const struct headcount *headcount, uint64_t key)
{
    uint32_t at = home_of(headcount, key);
    while (headcount->slots[at].count && headcount->slots[at].key != key)
        at = (at + 1) & (headcount->slot_count - 1);
    return at;
}

bool headcount_enter(struct headcount *headcount, uint64_t key, uint32_t most)
{
    if (key == 0) return true;
    struct headcount_slot *slot = &headcount->slots[find(headcount, key)];
    if (slot->count >= most) return false;
    slot->key = key;
    slot->count++;
    return true;
}

/* Who stands behind a free slot and could have stood in it moves up. */
static void close_gap(struct headcount *headcount, uint32_t gap)
{
    uint32_t mask = headcount->slot_count - 1;
    for (uint32_t at = (gap + 1) & mask; headcount->slots[at].count; at = (at + 1) & mask) {
        uint32_t home = home_of(headcount, headcount->slots[at].key);
        if (((at - home) & mask) < ((at - gap) & mask)) continue; /* its home lies behind the gap */
        headcount->slots[gap] = headcount->slots[at];
        headcount->slots[at].count = 0;
        gap = at;
    }
}

void headcount_leave(struct headcount *headcount, uint64_t key)
{
    if (key == 0) return;
    uint32_t at = find(headcount, key);
    assert(headcount->slots[at].count > 0);
    if (--headcount->slots[at].count == 0) close_gap(headcount, at);
}
