/* Function: `function bmi(kg: decimal(1), m: decimal(2)): decimal(1) = divide(kg, m * m, 1)`.
 *
 *     bmi(weight, 1.80)      → the body, with the arguments in the places of the parameters
 *
 * A call is written out where it stands: there are no calls when the form is judged, so nothing can
 * recurse, and whoever prices, emits or reads an expression knows of no functions. An argument is
 * worked out where the body looks at it. A body sees parameters and constants; it is checked once by
 * itself, with arguments of which nothing is known but their types, so a mistake in it is told once. */
#ifndef DSL_FUNCTION_H
#define DSL_FUNCTION_H

#include "dsl/lookup.h"

/* Names, parameters and types, when all lists are known. */
void function_declare(struct checking *ck);
/* The bodies, each by itself, and that none calls itself. */
void function_type(struct checking *ck);
void function_warn_unused(struct checking *ck);

bool function_exists(const struct checking *ck, struct str name);
/* All their names, for suggestions; answers how many. */
uint32_t function_names(const struct checking *ck, struct str *names);
struct ir_expr *function_call(struct checking *ck, const struct place *place, const struct expr *call);
/* The argument that the first name of the path means in a body, or NULL. */
struct ir_expr *function_argument(struct checking *ck, const struct place *place,
                                  const struct expr *path);

/* The names of the parameters; answers how many. `names` has room for PARAMETERS. */
uint32_t function_parameters(const struct arguments *arguments, struct str *names);

#endif
