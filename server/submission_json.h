/* Submission JSON: a stored submission as lists and exports show it. */
#ifndef SERVER_SUBMISSION_JSON_H
#define SERVER_SUBMISSION_JSON_H

#include "base/json_writer.h"
#include "engine/engine.h"

/* `masking` NULL: with everything. */
void submission_json(struct json_writer *json, const struct submission_record *submission,
                     struct masking *masking);
/* As it is under the newest version that it was carried to, or as it was submitted; and what became of
 * it under each. */
void submission_json_lineage(struct json_writer *json, const struct submission_record *submission,
                             const struct carried_page *carried, bool as_submitted,
                             struct masking *masking);

#endif
