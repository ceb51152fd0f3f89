/* Generator: well-typed forms and answers to them, from choices.
 *
 *     struct generator *g = generator_new(&arena, &choices);
 *     struct str source = generator_source(g, 0);
 *     struct str answers = generator_answers(g, &other_choices);      as often as one likes
 *
 * Forms have all types, pages, groups, repeats in repeats to depth 3, lets and computed fields,
 * conditions and bounds by expression, checks, aggregates with where over rows inside, around and
 * beside, outer, texts with values; expressions call every function of docs/language.md §8. They may
 * fault, that is half the fun. What the checker refuses is not made: a form that does not compile shows
 * a mistake here or there. Only a form that is too dear (E0402) can happen. */
#ifndef TESTS_REFERENCE_GENERATOR_H
#define TESTS_REFERENCE_GENERATOR_H

#include "base/arena.h"
#include "base/str.h"
#include "tests/reference/choices.h"

struct generator;

/* The form's choices are all taken here. Lives in the arena, which is large enough or the test has
 * failed. */
struct generator *generator_new(struct arena *arena, struct choices *choices);
/* The definition; another `order` than 0 shuffles items that stand beside one another, which changes no
 * value. */
struct str generator_source(struct generator *g, uint32_t order);
/* A JSON object, now and then with what is wrong in it, or something that is no object. */
struct str generator_answers(struct generator *g, struct choices *choices);
/* The moment to judge at, ms since the epoch; the zone is the form's. */
int64_t generator_now(struct choices *choices);

#endif
