/* Dice: numbers that hang on nothing but a seed (SplitMix64).
 *
 *     dice_init(&dice, seed);  if (dice_in(&dice, 100)) … once in a hundred … */
#ifndef TESTS_SIMULATION_DICE_H
#define TESTS_SIMULATION_DICE_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

static inline uint64_t dice_throw(struct dice *dice)
{
    uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static inline void dice_init(struct dice *dice, uint64_t seed)
{
    dice->state = seed;
    (void)dice_throw(dice);
}

static inline uint32_t dice_below(struct dice *dice, uint32_t count)
{
    return (uint32_t)(dice_throw(dice) >> 33) % count;
}

static inline bool dice_in(struct dice *dice, uint32_t count)
{
    return dice_below(dice, count) == 0;
}

#endif
