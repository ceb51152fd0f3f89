#include "server/submission_json.h"

#include "server/reply.h"

void submission_json(struct json_writer *json, const struct submission_record *submission)
{
    json_object(json);
    json_key_str(json, STR("id"), submission->id);
    json_key_str(json, STR("form"), submission->form);
    json_key_int(json, STR("version"), submission->version);
    reply_moment(json, STR("received_at"), submission->received_ms);
    json_key(json, STR("evaluated"));
    json_object(json);
    json_key_str(json, STR("now"), submission->now);
    json_key_str(json, STR("zone"), submission->zone);
    json_key_str(json, STR("locale"), submission->locale);
    json_object_end(json);
    json_key_int(json, STR("steps"), (int64_t)submission->steps);
    if (submission->submitter.len) json_key_str(json, STR("submitter"), submission->submitter);
    json_key(json, STR("answers"));
    json_raw(json, submission->answers);
    json_object_end(json);
}
