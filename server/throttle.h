/* Throttle: the limits by address, form and token, in tables of a fixed size.
 *
 *     struct throttle_rates rates = {{[POLICY_SUBMIT] = 60}};                 the others: no limit
 *     throttle_init(&throttle, mem, &rates, limit(THROTTLE_KEYS));
 *     struct gcra_answer answer = throttle_take(&throttle, POLICY_SUBMIT, key, now_us);
 *     answer.taken, else 429 and try again after answer.wait_us
 *
 * A table holds so many keys and never allocates. A new key takes the place, among the few where it may
 * stand, of the one that has been idle for longest; what is pushed out has then forgotten what it took.
 * So with too many keys limits get laxer, never stricter, and those pushed out last are those that take
 * most. Keys are hashed with a secret of the process: nobody can choose whom to push out. */
#ifndef SERVER_THROTTLE_H
#define SERVER_THROTTLE_H

#include "base/gcra.h"
#include "base/mem.h"
#include "base/status.h"
#include "base/str.h"

#include <pthread.h>

enum policy {
#define POLICY(NAME, name, period_us, periods, what) POLICY_##NAME,
#include "server/throttle.def"
#undef POLICY
    POLICY_COUNT
};
const char *policy_name(enum policy policy); /* "submit" */

struct throttle_rates {
    uint32_t value[POLICY_COUNT]; /* in each period; 0: no limit */
};

enum { THROTTLE_LOCKS = 64, THROTTLE_WAYS = 8 };

struct throttle {
    struct mem *mem;
    struct gcra limits[POLICY_COUNT];
    struct throttle_slot *slots[POLICY_COUNT]; /* NULL: no limit */
    uint32_t sets;                             /* each of THROTTLE_WAYS slots; a power of two */
    struct throttle_lock {
        _Alignas(64) pthread_mutex_t mutex;
    } locks[THROTTLE_LOCKS];
    atomic_uint_fast64_t evictions;
};

/* `keys` for each policy, brought down to THROTTLE_WAYS times a power of two. */
enum status throttle_init(struct throttle *throttle, struct mem *mem,
                          const struct throttle_rates *rates, uint32_t keys) MUST_USE;
/* A zeroed throttle is fine. */
void throttle_release(struct throttle *throttle);

/* One more for this key; a key without bytes is not limited. */
struct gcra_answer throttle_take(struct throttle *throttle, enum policy policy, struct str key,
                                 int64_t now_us);
/* Would it be taken? Makes no room for the key. */
struct gcra_answer throttle_look(struct throttle *throttle, enum policy policy, struct str key,
                                 int64_t now_us);

#endif
