/* GCRA: how often is too often. The arithmetic alone: no clock, no table, no lock.
 *
 *     struct gcra limit = gcra_of(60, 60 * GCRA_SECOND_US, 60);        60 a minute, all 60 at once if
 * need be struct gcra_cell cell = {0};                                    nothing was taken yet struct
 * gcra_answer answer = gcra_take(&limit, &cell, now_us, 1); answer.taken, else try again after
 * answer.wait_us; answer.left more would be taken now
 *
 * A cell is one number: the moment at which everything taken so far has grown back ("theoretical
 * arrival time"). It is kept in units of 1/n µs, n chosen so that one unit of cost is a whole number of
 * them: nothing is lost to rounding, and what is taken is exactly what a bucket of `burst` tokens that
 * fills at the rate would give. (A rate that is no fraction with so small a numerator is brought
 * down to the next that is: by less than one part in GCRA_UNITS / 2; one of more than GCRA_UNITS a µs
 * to that.)
 *
 * Shared cells are changed by compare and swap: any number of threads, no lock. `now_us` is any clock
 * that does not go back, read a moment ago: to who comes with an older reading, the time since then is
 * owed. */
#ifndef BASE_GCRA_H
#define BASE_GCRA_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define GCRA_SECOND_US INT64_C(1000000)
#define GCRA_UNITS INT64_C(4096)
#define GCRA_NEVER INT64_MAX

/* All zeroes: no limit. */
struct gcra {
    int64_t units;    /* of time in a µs; 0: no limit */
    int64_t interval; /* units that one of the cost takes to grow back */
    int64_t capacity; /* units that may be owed: burst * interval */
};

struct gcra_cell {
    atomic_int_least64_t at;
};

/* `count` in each `period_us`, at most `burst` at once; each at least 1. A burst that would take longer
 * than 8 years to grow back is brought down. */
struct gcra gcra_of(int64_t count, int64_t period_us, int64_t burst);

struct gcra_answer {
    bool taken;
    int64_t
        wait_us;  /* not taken: until it would be, rounded up; GCRA_NEVER: it is more than the burst */
    int64_t left; /* how much more would be taken now; no limit: INT64_MAX */
};

/* Takes `cost` (1 and more) if so much is there. */
struct gcra_answer gcra_take(const struct gcra *gcra, struct gcra_cell *cell, int64_t now_us,
                             int64_t cost);
/* Takes it in any case: what is not there becomes debt, and the cell gives nothing until that has grown
 * back. */
struct gcra_answer gcra_charge(const struct gcra *gcra, struct gcra_cell *cell, int64_t now_us,
                               int64_t cost);
/* Takes nothing; says what gcra_take() would. */
struct gcra_answer gcra_look(const struct gcra *gcra, struct gcra_cell *cell, int64_t now_us,
                             int64_t cost);
/* What has been taken under one limit, as a cell of another: the same time to grow back. */
void gcra_move(const struct gcra *from, struct gcra_cell *cell, const struct gcra *to,
               struct gcra_cell *ret_cell);

/* The whole burst grows back in so many seconds, rounded up: the window of RateLimit-Policy. */
int64_t gcra_window_s(const struct gcra *gcra);
int64_t gcra_burst(const struct gcra *gcra);
/* Until all has grown back when `left` more would be taken now, rounded up. */
int64_t gcra_reset_s(const struct gcra *gcra, int64_t left);

#endif
