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

/* What was true when it was submitted, whatever has become of it. */
static void write_submitted(struct json_writer *json, const struct submission_record *submission)
{
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
}

static void write_one(struct json_writer *json, const struct submission_record *submission,
                      uint32_t version, struct str answers, struct masking *masking)
{
    json_object(json);
    json_key_str(json, STR("id"), submission->id);
    json_key_str(json, STR("form"), submission->form);
    json_key_int(json, STR("version"), version);
    write_submitted(json, submission);
    write_answers(json, version, answers, masking);
}

void submission_json(struct json_writer *json, const struct submission_record *submission,
                     struct masking *masking)
{
    write_one(json, submission, submission->version, submission->answers, masking);
    json_object_end(json);
}

/* The newest version that it could be carried to; NULL: there is none. */
static const struct carried_record *newest(const struct carried_page *carried)
{
    for (uint32_t i = carried->count; i > 0; i--)
        if (carried->items[i - 1].answers.len) return &carried->items[i - 1];
    return NULL;
}

void submission_json_lineage(struct json_writer *json, const struct submission_record *submission,
                             const struct carried_page *carried, bool as_submitted,
                             struct masking *masking)
{
    const struct carried_record *shown = as_submitted ? NULL : newest(carried);
    if (shown) write_one(json, submission, shown->to, shown->answers, masking);
    else write_one(json, submission, submission->version, submission->answers, masking);
    json_key_str(json, STR("as"), shown ? STR("carried") : STR("submitted"));
    json_key_int(json, STR("submitted_version"), submission->version);
    if (carried->count) {
        json_key(json, STR("carried"));
        json_array(json);
        for (uint32_t i = 0; i < carried->count; i++) write_carried(json, &carried->items[i], masking);
        json_array_end(json);
    }
    json_object_end(json);
}
