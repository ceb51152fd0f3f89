/* Filters: filter[total][gte]=100, of lists and exports of submissions.
 *
 *     if (!filters_read(request, &arguments, &form, &query)) return HANDLED;      answered
 *
 * What the fields are is said by the version that is asked for, or the form's newest. */
#ifndef SERVER_FILTERS_H
#define SERVER_FILTERS_H

#include "server/arguments.h"
#include "server/request.h"

/* Fills query->filter. False: answered. */
bool filters_read(struct request *request, const struct arguments *arguments,
                  const struct form_record *form, struct submission_query *query);
/* What they ask, for a cursor that belongs to it. */
struct str filters_text(struct request *request, const struct arguments *arguments);

#endif
