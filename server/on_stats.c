/* On stats: what the submissions of a form say when they are counted.      server/on_stats.c */
#include "server/on.h"

#include "base/civil.h"
#include "base/digest.h"
#include "base/word.h"

#include <stdio.h>

static void write_versions(struct json_writer *json, const struct stats *stats)
{
    json_key(json, STR("versions"));
    json_array(json);
    for (uint32_t i = 0; i < stats->version_count; i++) {
        const struct stats_version *version = &stats->versions[i];
        json_object(json);
        json_key_int(json, STR("version"), version->version);
        json_key_int(json, STR("submissions"), (int64_t)version->submissions);
        reply_moment(json, STR("first_at"), version->first_ms);
        reply_moment(json, STR("last_at"), version->last_ms);
        json_key_bool(json, STR("fields"), version->fields);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_days(struct json_writer *json, const struct stats *stats)
{
    char date[CIVIL_DATE_BYTES];
    json_key(json, STR("days"));
    json_array(json);
    for (uint32_t i = 0; i < stats->day_count; i++) {
        size_t len = civil_format_date(stats->days[i].day, date);
        json_object(json);
        json_key_str(json, STR("day"), (struct str){date, len});
        json_key_int(json, STR("version"), stats->days[i].version);
        json_key_int(json, STR("submissions"), (int64_t)stats->days[i].submissions);
        json_object_end(json);
    }
    json_array_end(json);
    json_key_int(json, STR("earlier"), (int64_t)stats->earlier);
}

static void write_options(struct json_writer *json, const struct stats_field *field)
{
    json_key(json, STR("options"));
    json_array(json);
    for (uint32_t i = 0; i < field->option_count; i++) {
        const struct stats_option *option = &field->options[i];
        json_object(json);
        json_key_str(json, STR("code"), option->code);
        if (option->label.len) json_key_str(json, STR("label"), option->label);
        json_key_int(json, STR("count"), (int64_t)option->count);
        json_object_end(json);
    }
    json_array_end(json);
    json_key_int(json, STR("rest"), (int64_t)field->rest);
    json_key_int(json, STR("other"), (int64_t)field->other);
}

static void write_field(struct json_writer *json, const struct stats_field *field)
{
    json_object(json);
    json_key_str(json, STR("path"), field->path);
    json_key_str(json, STR("type"),
                 field->kind == NODE_REPEAT ? STR("repeat") : str_of(program_type_name(field->type)));
    if (field->label.len) json_key_str(json, STR("label"), field->label);
    json_key_int(json, STR("version"), field->version);
    json_key_int(json, STR("of"), (int64_t)field->of);
    json_key_bool(json, STR("counted"), field->counted);
    if (field->counted) json_key_int(json, STR("answered"), (int64_t)field->answered);
    if (field->has_options) write_options(json, field);
    if (field->currency[0]) json_key_str(json, STR("currency"), str_of(field->currency));
    if (field->sum.len) {
        json_key_str(json, STR("sum"), field->sum);
        json_key_str(json, STR("min"), field->least);
        json_key_str(json, STR("max"), field->most);
    }
    json_object_end(json);
}

static void write_fields(struct json_writer *json, const struct stats *stats)
{
    json_key(json, STR("fields"));
    json_array(json);
    for (uint32_t i = 0; i < stats->field_count; i++) write_field(json, &stats->fields[i]);
    json_array_end(json);
    json_key_int(json, STR("sensitive"), stats->hidden);
}

static void write_judging(struct json_writer *json, const struct stats *stats)
{
    json_key(json, STR("judging"));
    json_object(json);
    reply_moment(json, STR("since"), stats->since_ms);
    for (size_t i = 0; i < USAGE_COUNT; i++)
        json_key_int(json, str_of(usage_name((enum usage_kind)i)), (int64_t)stats->usage.of[i]);
    json_object_end(json);
}

static void write_stats(struct json_writer *json, struct str form, const struct stats *stats)
{
    json_object(json);
    json_key_str(json, STR("form"), form);
    json_key_int(json, STR("submissions"), (int64_t)stats->submissions);
    json_key_int(json, STR("behind"), (int64_t)stats->behind);
    json_key_int(json, STR("unread"), (int64_t)stats->unread);
    json_key_int(json, STR("erased"), (int64_t)stats->erased);
    json_key_int(json, STR("saved"), (int64_t)stats->saved);
    write_judging(json, stats);
    write_versions(json, stats);
    write_days(json, stats);
    write_fields(json, stats);
    json_object_end(json);
}

enum handled stats_get(struct request *request)
{
    struct arguments arguments;
    struct stats stats;
    struct stats_query query = {.tenant = request_param(request, ROUTE_TENANT),
                                .form = request_param(request, ROUTE_FORM),
                                .sensitive = request->token->scopes >> SCOPE_SENSITIVE_READ & 1u};
    if (!on_arguments(request, &arguments)) return HANDLED;
    if (!on_version_argument(request, &arguments, &query.version)) return HANDLED;
    query.language = arguments_get(&arguments, "locale");
    request_call(request);
    enum status st = engine_stats(&request->call, &query, &stats);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = reply_json(request, 200);
    write_stats(&json, query.form, &stats);
    return on_tagged(request, "private, no-cache");
}
