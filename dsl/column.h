/* Column: what stands behind the options of a list, and what asks for it.
 *
 *     choices cities with country: choice(countries) { berlin "Berlin" (de)  paris "Paris" (fr) }
 *     city.country = "fr"                                    → IR_CALL COLUMN of the slot of city
 *
 * A column is read by a name behind anything that is one option: a field, a let, another column. */
#ifndef DSL_COLUMN_H
#define DSL_COLUMN_H

#include "dsl/lookup.h"

/* The names and types of the columns of all lists, when all lists are known. */
void column_declare(struct checking *ck);
/* What stands in them: after column_declare(), before anything reads an expression. */
void column_fill(struct checking *ck);
/* The column's number, or IR_NONE. */
uint32_t column_find(const struct checking *ck, uint32_t list, struct str name);

/* `e`, and then what the names of the path from `at` on make of it: country of city. Complains and
 * answers poison when `e` has no such column. */
struct ir_expr *column_follow(struct checking *ck, const struct expr *path, uint32_t at,
                              struct ir_expr *e);
/* The column of the option that is asked about, in the where of choice(list where …). */
struct ir_expr *column_of_option(struct checking *ck, struct span span, uint32_t list, uint32_t column);

#endif
