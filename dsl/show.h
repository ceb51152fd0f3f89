/* Show: how a text shows a value, as the format in the braces says.
 *
 *     {born:short}   {price:EUR}   {share:percent}   {members.name:and}
 *
 * The formats are those of show.def and the codes of currencies; docs/language.md §9. */
#ifndef DSL_SHOW_H
#define DSL_SHOW_H

#include "dsl/checking.h"

#include "base/locale.h"

/* Sets show, currency and digits of a part that shows values of `type`: one, or, with part->rows, one
 * of each row. False: the format does not fit, and the user has been told. */
bool show_resolve(struct checking *ck, const struct expr_name *format, struct type type,
                  struct ir_part *part);
/* A constant as the language writes it. */
struct str show_constant(struct checking *ck, const struct text_part *part,
                         const struct locale *locale);

#endif
