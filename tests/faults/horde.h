/* Horde: slow clients by the thousand, and a few regular ones whose waiting is measured meanwhile.
 *
 *     horde_start(&horde, &(struct horde_plan){.port = port, .count = 5000, .addresses = 50});
 *     regulars_run(&(struct regulars_plan){.port = port, .per_second = 300, .seconds = 20}, &found);
 *     horde_stop(&horde);                    found.p99_ms; horde.ended[HORDE_HEAD] were cut off
 *
 * A quarter of the horde sends a request's head by a byte a second, a quarter its body, a quarter asks
 * for much and takes a byte of it a second, a quarter says nothing. Whoever is cut off comes back
 * within a second. Its addresses are 127.1.0.1 and on; regular clients come from 127.0.0.1. */
#ifndef TESTS_FAULTS_HORDE_H
#define TESTS_FAULTS_HORDE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum horde_kind { HORDE_HEAD, HORDE_BODY, HORDE_READ, HORDE_IDLE, HORDE_KINDS };

struct horde_plan {
    uint16_t port;
    unsigned count, addresses;
};

struct horde_one;

struct horde {
    struct horde_plan plan;
    struct horde_one *ones;
    pthread_t thread;
    atomic_bool stop;
    atomic_uint open; /* connections that nobody has ended */
    atomic_uint most; /* of them at a time */
    atomic_ulong opened;
    atomic_ulong ended[HORDE_KINDS]; /* by the other side */
};

void horde_start(struct horde *horde, const struct horde_plan *plan);
/* Closes all that are left. */
void horde_stop(struct horde *horde);

/* So many descriptors may be had, or all that there are. */
uint64_t horde_descriptors(uint64_t wanted);

/* A connection from 127.1.x.y, the `number`th of such addresses; it need not be there when it returns.
 * A `window` bounds what it takes without reading; 0: as usual. */
int horde_connect(uint16_t port, unsigned number, int window);

struct regulars_plan {
    uint16_t port;
    unsigned per_second, seconds;
};

struct regulars_found {
    unsigned long asked, wrong; /* wrong: not answered as it should be */
    unsigned stored;            /* submissions that were acknowledged */
    double p50_ms, p99_ms, most_ms;
};

/* Gets, evaluations and submissions of the form "contact" of "acme" in turn, over kept connections, at
 * fixed moments whether or not the last answer has come: latencies count from when a request was due.
 */
void regulars_run(const struct regulars_plan *plan, struct regulars_found *ret_found);

#endif
