/* Headcount: how many connections each address has.
 *
 *     headcount_enter(&count, headcount_key(address), 1024)       false: it has as many as it may have
 *     headcount_leave(&count, key)                                  once for each that was let in
 *
 * An IPv6 address counts as its /64, which is what one subscriber has. Room for as many as it was made
 * for; locking is the caller's business. */
#ifndef SERVER_HEADCOUNT_H
#define SERVER_HEADCOUNT_H

#include "base/mem.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct headcount {
    struct mem *mem;
    struct headcount_slot {
        uint64_t key;
        uint32_t count; /* 0: free */
    } * slots;
    uint32_t slot_count; /* a power of two, at least twice the addresses */
};

enum status headcount_init(struct headcount *headcount, struct mem *mem,
                           uint32_t addresses_max) MUST_USE;
void headcount_release(struct headcount *headcount);
/* 0: no address of a network; such are not counted. */
uint64_t headcount_key(const struct sockaddr *address);
bool headcount_enter(struct headcount *headcount, uint64_t key, uint32_t most);
void headcount_leave(struct headcount *headcount, uint64_t key);

#endif
