#include "server/submission_json.h"

#include "server/reply.h"

static void write_answers(struct json_writer *json, uint32_t version, struct str answers,
                          struct masking *masking)
{
    json_key(json, STR("answers"));
    if (!masking) {
        json_raw(json, answers);
        return;
    }
    masking_put(masking, version, answers, json->out);
    json->comma = true;
}

/* Errors may quote the answers that they are about. */
static void write_errors(struct json_writer *json, const struct carried_record *carried,
                         struct masking *masking)
{
    bool hidden =
        masking && (masking_hides(masking, carried->from) || masking_hides(masking, carried->to));
    json_key(json, STR("errors"));
    json_raw(json, hidden ? STR("[]") : carried->errors);
}

static void write_carried(struct json_writer *json, const struct carried_record *carried,
                          struct masking *masking)
{
    json_object(json);
    json_key_int(json, STR("version"), carried->to);
    json_key_int(json, STR("from"), carried->from);
    reply_moment(json, STR("carried_at"), carried->carried_ms);
    json_key_str(json, STR("carried_by"), carried->carried_by);
    if (carried->answers.len) write_answers(json, carried->to, carried->answers, masking);
    else write_errors(json, carried, masking);
    json_object_end(json);
}

void submission_json(struct json_writer *json, const struct submission_record *submission,
                     struct masking *masking)
{
    submission_json_carried(json, submission, &(struct carried_page){.count = 0}, masking);
}

void submission_json_carried(struct json_writer *json, const struct submission_record *submission,
                             const struct carried_page *carried, struct masking *masking)
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
    char hex[DIGEST_HEX_BYTES];
    digest_hex(&submission->definition_hash, hex);
    json_key_str(json, STR("definition_hash"), str_of(hex));
    json_key_str(json, STR("edition"), submission->edition);
    if (submission->compiler_version.len)
        json_key_str(json, STR("compiler_version"), submission->compiler_version);
    digest_hex(&submission->verdict_hash, hex);
    json_key_str(json, STR("verdict_hash"), str_of(hex));
    if (submission->submitter.len) json_key_str(json, STR("submitter"), submission->submitter);
    write_answers(json, submission->version, submission->answers, masking);
    if (carried->count) {
        json_key(json, STR("carried"));
        json_array(json);
        for (uint32_t i = 0; i < carried->count; i++) write_carried(json, &carried->items[i], masking);
        json_array_end(json);
    }
    json_object_end(json);
}
