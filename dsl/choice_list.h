/* Choice list: the lists of options, their codes and scores.
 *
 *     choices marital { single "Single"  married "Married" = 1 } */
#ifndef DSL_CHOICE_LIST_H
#define DSL_CHOICE_LIST_H

#include "dsl/checking.h"

/* All lists of the form, into ir.lists. */
void choice_list_declare(struct checking *ck);
/* The list of that name, or IR_NONE, complained about. */
uint32_t choice_list_find(struct checking *ck, struct str name, struct span span);
/* The option of that code, from 0, or IR_NONE. */
uint32_t choice_list_option(const struct checking *ck, uint32_t list, struct str code);
/* Warns of lists that no field uses. */
void choice_list_warn_unused(struct checking *ck);

#endif
