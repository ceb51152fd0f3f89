/* Pattern list: the patterns of a form, each once, each read before it is taken.
 *
 *     node->pattern = pattern_list_add(ck, STR("[A-Z]{2}[0-9]{6}"), span) */
#ifndef DSL_PATTERN_LIST_H
#define DSL_PATTERN_LIST_H

#include "dsl/checking.h"

/* Its index in ir.patterns, or IR_NONE when it is no I-Regexp, which has then been complained about.
 * `span` is that of the text. */
uint32_t pattern_list_add(struct checking *ck, struct str pattern, struct span span);

#endif
