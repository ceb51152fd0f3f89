/* Moves: what a step may be, each some requests with what the model expects of them; move.def lists
 * them.
 *
 *     for (…) if (dice < move.weight) move.make(); */
#ifndef TESTS_SIMULATION_MOVES_H
#define TESTS_SIMULATION_MOVES_H

#include "tests/simulation/cast.h"
#include "tests/simulation/scene.h"

#define MOVE(weight, name) void move_##name(void);
#include "tests/simulation/move.def"
#undef MOVE

/* If-None-Match: *, If-Match: *, If-Match with a tag. */
enum condition { NO_CONDITION, NONE_THERE, ANY_THERE, THAT_ONE };

/* submission_moves.c: mostly good ones. */
struct answers some_answers(const struct variant *variant);
/* saved_moves.c */
void ask_saved(const char *method, const struct place *place, uint32_t key);
/* As they stand in the answer. */
struct str saved_answers_told(void);

/* weather_moves.c: after time has passed. */
void look_at_clock(void);
/* What an operator does when the disk is well again. */
void recover(void);
/* What nobody was told: it was done as a whole, or not at all. */
void make_sure(void);

#endif
