/* Option: which options of a list a field offers in a row.
 *
 *     struct offer offer;
 *     offer_begin(&drawing, field, &seat, &offer);
 *     for (uint32_t i = 0; i < list->option_count; i++) if (offer_has(&offer, i)) …
 *
 * As a frontend decides by the render document: options under a condition of their own, and filters
 * that compare a column with an answer. What a filter says beyond that is the verdict's to tell. Inside
 * of pages/ only. */
#ifndef PAGES_OPTION_H
#define PAGES_OPTION_H

#include "pages/draw.h"

enum { OFFER_CONDITIONS = 8 }; /* of one filter; more are left to the verdict */

struct offer {
    const struct drawing *drawing;
    const struct program_list *list;
    const struct json_value *options; /* of the render document; NULL: a lookup table */
    struct {
        uint32_t column;   /* of the list */
        struct str name;   /* of the column */
        struct str wanted; /* JSON */
    } conditions[OFFER_CONDITIONS];
    uint32_t condition_count;
    bool none; /* an answer that the filter needs is missing */
};

void offer_begin(const struct drawing *drawing, uint32_t field, const struct seat *seat,
                 struct offer *ret_offer);
bool offer_has(const struct offer *offer, uint32_t option);
/* How many it has, counted up to `most` + 1. */
uint32_t offer_count(const struct offer *offer, uint32_t most);

struct str option_label(const struct drawing *drawing, const struct program_list *list,
                        uint32_t option);

#endif
