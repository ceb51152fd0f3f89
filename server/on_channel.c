/* On channel: what is served to whom, how long old versions are taken, and what else is decided about a
 * form. server/on_channel.c */
#include "server/on.h"

#include "base/json_value.h"
#include "base/word.h"

#include <stdio.h>

enum { TAG_BYTES = 32 };

static struct str tag_of(const struct channel_record *channel, char text[TAG_BYTES])
{
    int len = snprintf(text, TAG_BYTES, "\"channel-%u\"", (unsigned)channel->revision);
    return (struct str){text, (size_t)len};
}

static bool read_tag(struct str text, uint32_t *ret_revision)
{
    uint64_t revision;
    struct str head = STR("\"channel-");
    if (text.len < head.len + 2 || !str_starts(text, head) || text.ptr[text.len - 1] != '"')
        return false;
    struct str digits = {text.ptr + head.len, text.len - head.len - 1};
    if (digits.ptr[0] == '0' || !word_number(digits, UINT32_MAX, &revision)) return false;
    *ret_revision = (uint32_t)revision;
    return revision < UINT32_MAX;
}

static void write_channel(struct json_writer *json, const struct channel_record *channel)
{
    json_object(json);
    json_key_str(json, STR("channel"), channel->name);
    json_key_int(json, STR("version"), channel->version);
    if (channel->candidate) {
        json_key_int(json, STR("candidate"), channel->candidate);
        json_key_int(json, STR("percent"), channel->percent);
    }
    json_key_int(json, STR("revision"), channel->revision);
    reply_moment(json, STR("changed_at"), channel->changed_ms);
    json_key_str(json, STR("changed_by"), channel->changed_by);
    json_object_end(json);
}

static enum handled reply_channel(struct request *request, unsigned status,
                                  const struct channel_record *channel)
{
    char tag[TAG_BYTES];
    struct json_writer json = reply_json(request, status);
    write_channel(&json, channel);
    reply_header(request, MHD_HTTP_HEADER_ETAG, tag_of(channel, tag));
    return HANDLED;
}

/* No arguments are known here; the form is there. False: answered. */
static bool begin(struct request *request)
{
    struct arguments arguments;
    struct form_record form;
    if (!on_arguments(request, &arguments)) return false;
    request_call(request);
    enum status st = engine_form_find(&request->call, request_param(request, ROUTE_TENANT),
                                      request_param(request, ROUTE_FORM), &form);
    if (st) reply_failure(request, st, REFUSAL_NONE);
    return !st;
}

enum handled channels_get(struct request *request)
{
    struct channel_page page;
    if (!begin(request)) return HANDLED;
    enum status st = engine_channel_list(&request->call, request_param(request, ROUTE_TENANT),
                                         request_param(request, ROUTE_FORM), &page);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = on_listing_begin(request);
    for (uint32_t i = 0; i < page.count; i++) write_channel(&json, &page.items[i]);
    json_array_end(&json);
    json_object_end(&json);
    return HANDLED;
}

enum handled channel_get(struct request *request)
{
    struct channel_record channel;
    if (!begin(request)) return HANDLED;
    enum status st = engine_channel_find(&request->call, request_param(request, ROUTE_TENANT),
                                         request_param(request, ROUTE_FORM),
                                         request_param(request, ROUTE_ID), &channel);
    return st ? reply_failure(request, st, REFUSAL_NONE) : reply_channel(request, 200, &channel);
}

/* ---------------------------------------------------------------- moving one */

/* If-Match with a tag or *, or If-None-Match: *. False: answered. */
static bool read_condition(struct request *request, struct channel_set *wish)
{
    struct str match = request->facts.header[HEADER_IF_MATCH];
    struct str none = request->facts.header[HEADER_IF_NONE_MATCH];
    struct channel_record there;
    if (!match.ptr && !none.ptr) return true;
    wish->check_revision = true; /* if_match 0: there must be none */
    if (match.ptr && !none.ptr && str_eq(match, STR("*"))) {
        enum status st = engine_channel_find(&request->call, request_param(request, ROUTE_TENANT),
                                             wish->form, wish->channel, &there);
        wish->check_revision = false;
        if (st == ST_ABSENT) reply_problem(request, PROBLEM_CHANNEL_STALE, NULL);
        else if (st) reply_failure(request, st, REFUSAL_NONE);
        return !st;
    }
    if (none.ptr ? !match.ptr && str_eq(none, STR("*")) : read_tag(match, &wish->if_match)) return true;
    /* A weak tag or one of another making matches nothing, which is no fault of form. */
    bool is_tag = !none.ptr && (str_starts(match, STR("\"")) || str_starts(match, STR("W/\"")));
    reply_problem(request, is_tag ? PROBLEM_CHANNEL_STALE : PROBLEM_CONDITION_MALFORMED, NULL);
    return false;
}

/* A member that is a whole number in a range; `otherwise` when it is not there. False: answered. */
static bool read_number(struct request *request, const struct json_value *body, const char *name,
                        int64_t least, int64_t most, int64_t otherwise, int64_t *ret_number)
{
    *ret_number = otherwise;
    if (!json_get(body, str_of(name)) && otherwise >= -1) return true;
    if (json_get_int(body, str_of(name), ret_number) && *ret_number >= least && *ret_number <= most)
        return true;
    reply_problem_str(request, PROBLEM_BODY_MISFIT,
                      arena_printf(&request->arena, "\"%s\" must be a number from %lld to %lld", name,
                                   (long long)least, (long long)most));
    return false;
}

enum { MUST_BE_THERE = -2 };

enum handled channel_put(struct request *request)
{
    static const char *const members[] = {"version", "percent", NULL};
    struct json_value body;
    int64_t version, percent;
    struct channel_set wish = {.form = request_param(request, ROUTE_FORM),
                               .channel = request_param(request, ROUTE_ID)};
    if (!on_body(request, members, &body) ||
        !read_number(request, &body, "version", 1, 999999999, MUST_BE_THERE, &version) ||
        !read_number(request, &body, "percent", 0, CHANNEL_BUCKETS, CHANNEL_BUCKETS, &percent) ||
        !begin(request) || !read_condition(request, &wish))
        return HANDLED;
    wish.version = (uint32_t)version;
    wish.percent = (uint32_t)percent;
    enum status st = engine_channel_set(&request->call, request_param(request, ROUTE_TENANT), &wish);
    if (st) return reply_failure(request, st, request->call.refusal);
    bool made = wish.ret_changed && wish.ret_channel.revision == 1;
    return reply_channel(request, made ? 201 : 200, &wish.ret_channel);
}

/* ---------------------------------------------------------------- retiring a version */

static enum handled reply_version(struct request *request, const struct version_record *version)
{
    struct json_writer json = reply_json(request, 200);
    json_object(&json);
    on_version_members(&json, request_param(request, ROUTE_FORM), version);
    json_object_end(&json);
    return HANDLED;
}

enum handled version_state_post(struct request *request)
{
    static const char *const members[] = {"to", "grace_seconds", NULL};
    struct json_value body;
    struct version_record version;
    struct str word;
    enum version_state to;
    int64_t grace_seconds;
    if (!on_body(request, members, &body)) return HANDLED;
    if (!json_get_str(&body, STR("to"), &word) || !version_state_parse(word, &to) ||
        to != VERSION_RETIRED)
        return reply_problem(request, PROBLEM_BODY_MISFIT, "\"to\" must be retired");
    if (!read_number(request, &body, "grace_seconds", 0, INT32_MAX, -1, &grace_seconds) ||
        !on_reason(request) || !begin(request))
        return HANDLED;
    enum status st = engine_version_retire(&request->call, request_param(request, ROUTE_TENANT),
                                           request_param(request, ROUTE_FORM), request->match.version,
                                           grace_seconds, &version);
    if (request->call.refusal == REFUSAL_ILLEGAL_TRANSITION)
        return on_nothing_follows(request) /* retired is for good */;
    return st ? reply_failure(request, st, request->call.refusal) : reply_version(request, &version);
}

/* ---------------------------------------------------------------- settings */

static enum handled reply_settings(struct request *request)
{
    struct guise guise;
    struct form_record form;
    struct str tenant = request_param(request, ROUTE_TENANT), name = request_param(request, ROUTE_FORM);
    enum status st = engine_form_find(&request->call, tenant, name, &form);
    if (!st) st = engine_guise_find(&request->call, tenant, name, &guise);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = reply_json(request, 200);
    json_object(&json);
    for (int i = 0; i < TERM_COUNT; i++)
        json_key_int(&json, str_of(term_name((enum term)i)), guise.terms.value[i]);
    json_key(&json, STR("frame_ancestors"));
    livery_put_frames(&json, guise.frame_ancestors);
    json_object_end(&json);
    return HANDLED;
}

enum handled form_settings_get(struct request *request)
{
    return begin(request) ? reply_settings(request) : HANDLED;
}

/* False: answered. */
static bool read_changes(struct request *request, const struct json_value *body,
                         struct term_change changes[TERM_COUNT], uint32_t *ret_count)
{
    uint32_t count = 0;
    for (int i = 0; i < TERM_COUNT; i++) {
        const char *name = term_name((enum term)i);
        const struct json_value *value = json_get(body, str_of(name));
        struct term_change change = {.term = (enum term)i};
        if (!value) continue;
        change.reset = value->kind == JSON_NULL;
        if (!change.reset && (!json_get_int(body, str_of(name), &change.value) ||
                              !term_fits(change.term, change.value))) {
            reply_problem_str(request, PROBLEM_BODY_MISFIT,
                              arena_printf(&request->arena, "\"%s\" is out of its range", name));
            return false;
        }
        changes[count++] = change;
    }
    *ret_count = count;
    return true;
}

/* *ret_said: they are named; null is none. False: answered. */
static bool read_frames(struct request *request, const struct json_value *body, struct str *ret_frames,
                        bool *ret_said)
{
    const struct json_value *list = json_get(body, STR("frame_ancestors"));
    struct str wrong;
    *ret_frames = STR("");
    *ret_said = list != NULL;
    if (!list || list->kind == JSON_NULL ||
        livery_read_frames(&request->arena, list, ret_frames, &wrong))
        return true;
    reply_problem_str(request, PROBLEM_BODY_MISFIT, wrong);
    return false;
}

static bool sets(const struct term_change *changes, uint32_t count, enum term term)
{
    for (uint32_t i = 0; i < count; i++)
        if (changes[i].term == term) return true;
    return false;
}

/* What erases takes something away from somebody: it needs a reason. */
enum handled form_settings_put(struct request *request)
{
    const char *members[TERM_COUNT + 2] = {NULL};
    struct json_value body;
    struct term_change changes[TERM_COUNT];
    uint32_t count;
    struct str frames;
    bool framed;
    for (int i = 0; i < TERM_COUNT; i++) members[i] = term_name((enum term)i);
    members[TERM_COUNT] = "frame_ancestors";
    if (!on_body(request, members, &body) || !read_changes(request, &body, changes, &count) ||
        !read_frames(request, &body, &frames, &framed))
        return HANDLED;
    if (!count && !framed)
        return reply_problem(request, PROBLEM_BODY_MISFIT, "there is nothing to set");
    if (!begin(request)) return HANDLED;
    if (sets(changes, count, TERM_RETENTION_DAYS) && !on_reason(request)) return HANDLED;
    enum status st =
        engine_term_set(&request->call, request_param(request, ROUTE_TENANT),
                        request_param(request, ROUTE_FORM), changes, count, framed ? &frames : NULL);
    return st ? reply_failure(request, st, request->call.refusal) : reply_settings(request);
}
