#include "server/on.h"

#include "base/json_value.h"
#include "base/limits.h"
#include "base/word.h"

bool on_arguments(struct request *request, struct arguments *ret_arguments)
{
    struct str detail = STR("");
    enum problem problem = arguments_read(request->facts.query, request->match.route, &request->arena,
                                          ret_arguments, &detail);
    if (problem) reply_problem_str(request, problem, detail);
    return !problem;
}

/* 1 and more; what is over the maximum is brought down to it. */
static bool read_limit(struct str text, uint32_t *ret_limit)
{
    uint64_t value = 50;
    if (text.ptr && !word_number(text, limit(PAGE_ROWS), &value)) return false;
    *ret_limit = (uint32_t)value;
    return value > 0;
}

bool on_listing(struct request *request, struct str filter, struct listing *ret_listing)
{
    struct listing *listing = ret_listing;
    if (!on_arguments(request, &listing->arguments)) return false;
    if (!read_limit(arguments_get(&listing->arguments, "limit"), &listing->limit)) {
        reply_problem(request, PROBLEM_PARAMETER_MALFORMED, "limit is a number from 1 on");
        return false;
    }
    listing->filter =
        arena_printf(&request->arena, "%s?%.*s", request->match.route->name, STR_ARG(filter));
    struct str path = arena_printf(&request->arena, "%.*s %.*s", STR_ARG(request->facts.path),
                                   STR_ARG(listing->filter));
    if (!path.ptr) {
        reply_failure(request, ST_NOMEM, REFUSAL_NONE);
        return false;
    }
    listing->filter = path;
    listing->position = STR("");
    struct str cursor = arguments_get(&listing->arguments, "cursor");
    if (!cursor.ptr) return true;
    if (cursor_read(&request->server->cursor_key, listing->filter, cursor, &request->arena,
                    &listing->position))
        return true;
    reply_problem(request, PROBLEM_CURSOR_INVALID, NULL);
    return false;
}

struct json_writer on_listing_begin(struct request *request)
{
    struct json_writer json = reply_json(request, 200);
    json_object(&json);
    json_key(&json, STR("items"));
    json_array(&json);
    return json;
}

void on_listing_end(struct request *request, struct json_writer *json, const struct listing *listing,
                    bool more, struct str last)
{
    json_array_end(json);
    if (more) {
        struct buf cursor;
        buf_init(&cursor, request->server->mem, limit(CURSOR_BYTES));
        cursor_write(&request->server->cursor_key, listing->filter, last, &cursor);
        json_key_str(json, STR("next_cursor"), buf_str(&cursor));
        if (buf_failed(&cursor) && !request->out.failure) request->out.failure = cursor.failure;
        buf_release(&cursor);
    }
    json_object_end(json);
}

bool on_reason(struct request *request)
{
    struct str why = request->facts.header[HEADER_AUDIT_REASON];
    for (size_t i = 0; i < why.len; i++)
        if (why.ptr[i] != ' ' && why.ptr[i] != '\t') return true;
    reply_problem(request, PROBLEM_REASON_MISSING, NULL);
    return false;
}

bool on_body(struct request *request, const char *const *members, struct json_value *ret_value)
{
    struct json_error error;
    enum status st =
        json_read(&request->arena, buf_str(&request->body), limit(ANSWERS_DEPTH), ret_value, &error);
    if (st == ST_SYNTAX) {
        reply_problem_str(request, PROBLEM_JSON_MALFORMED,
                          arena_printf(&request->arena, "%s, at byte %zu", json_fault_text(error.fault),
                                       error.offset));
        return false;
    }
    if (st) {
        reply_failure(request, st, REFUSAL_NONE);
        return false;
    }
    if (ret_value->kind != JSON_OBJECT) {
        reply_problem(request, PROBLEM_BODY_MISFIT, "the body must be an object");
        return false;
    }
    for (uint32_t i = 0; i < ret_value->count; i++) {
        size_t known;
        if (word_among(ret_value->members[i].name, members, &known)) continue;
        reply_problem_str(request, PROBLEM_BODY_MISFIT,
                          arena_printf(&request->arena, "there is no member \"%.*s\" here",
                                       STR_ARG(ret_value->members[i].name)));
        return false;
    }
    return true;
}

bool on_version_argument(struct request *request, const struct arguments *arguments,
                         uint32_t *ret_version)
{
    struct str text = arguments_get(arguments, "version");
    uint64_t version = 0;
    bool given = text.ptr && word_number(text, UINT32_MAX, &version);
    *ret_version = (uint32_t)version;
    if (!text.ptr || (given && version > 0 && version < UINT32_MAX)) return true;
    reply_problem(request, PROBLEM_PARAMETER_MALFORMED, "version is a number from 1 on");
    return false;
}

enum handled on_nothing_follows(struct request *request)
{
    struct json_writer json = reply_problem_open(request, PROBLEM_ILLEGAL_TRANSITION, STR(""));
    json_key(&json, STR("allowed"));
    json_array(&json);
    json_array_end(&json);
    json_object_end(&json);
    return HANDLED;
}
