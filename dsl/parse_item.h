/* Parse item: what the readers of items share. Inside of dsl/parse_item.c, parse_form.c and
 * parse_stray.c.
 *
 *     struct item item;
 *     parse_item_start(parse, &item, ITEM_NOTE);     its span begins at the token at hand
 *     parse_head(parse, &item);                      keyword and name
 *     parse_item_keep(parse, &item);                 its span ends; pushed onto parse->stack */
#ifndef DSL_PARSE_ITEM_H
#define DSL_PARSE_ITEM_H

#include "dsl/parse.h"

void parse_item_start(const struct parse *parse, struct item *item, enum item_kind kind);
void parse_item_keep(struct parse *parse, struct item *item);
/* Counts what limit FIELDS counts, `more` beside the item itself. Past it the work ends. */
void parse_item_count_more(struct parse *parse, const struct item *item, uint32_t more);
/* With the fields that its modifiers bring. */
void parse_item_count(struct parse *parse, const struct item *item);

/* Keyword and name. */
void parse_head(struct parse *parse, struct item *item);
/* `= value` of a let, a constant or a function. */
void parse_let_value(struct parse *parse, struct item *item);
/* Modifiers behind what takes none are told and read over. */
void parse_refuse_modifiers(struct parse *parse, const char *what);
/* From the field's ":" on. */
void parse_field_rest(struct parse *parse, struct item *item);
void parse_field_modifiers(struct parse *parse, struct item *item);
/* The "{ … }" of a page, section, group or repeat whose head has been read; `splice`: its items become
 * those of what is around it. `column` as in struct parse_block. */
void parse_children(struct parse *parse, struct item *item, int64_t column, bool splice);

/* One of the items, whatever begins at the token at hand. */
void parse_item(struct parse *parse, struct parse_block *block);
/* One that belongs directly into a form (parse_form.c). */
void parse_form_item(struct parse *parse);
/* The same where it does not belong: told, and moved to the form. */
void parse_moved_item(struct parse *parse, const struct parse_block *block);
/* What begins no item (parse_stray.c). */
void parse_stray(struct parse *parse, struct parse_block *block);

#endif
