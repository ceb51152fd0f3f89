/* Submission JSON: a stored submission as lists and exports show it. */
#ifndef SERVER_SUBMISSION_JSON_H
#define SERVER_SUBMISSION_JSON_H

#include "base/json_writer.h"
#include "engine/engine.h"

/* `masking` NULL: with everything. */
void submission_json(struct json_writer *json, const struct submission_record *submission,
                     struct masking *masking);
/* With what became of it under later versions. */
void submission_json_carried(struct json_writer *json, const struct submission_record *submission,
                             const struct carried_page *carried, struct masking *masking);

#endif
