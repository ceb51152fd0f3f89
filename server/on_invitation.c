/* On invitation: codes for those who may submit to a form once. server/on_invitation.c */
#include "server/on.h"
#include "server/reply.h"

#include "base/civil.h"
#include "base/limits.h"
#include "base/word.h"

#include <inttypes.h>

/* ---------------------------------------------------------------- issuing */

enum { LIFE_SECONDS = 2592000 }; /* unless something else is asked for: 30 days */

/* What is wrong with what was asked for, or NULL. */
static const char *read_count(const struct json_value *body, struct invitation_wish *wish)
{
    int64_t count = 1;
    if (!json_get(body, STR("count"))) return NULL;
    if (json_get(body, STR("references"))) return "\"count\" or \"references\", not both";
    if (!json_get_int(body, STR("count"), &count) || count < 1 || count > limit(INVITATIONS))
        return "\"count\" must be a whole number from 1 to 100";
    wish->count = (uint32_t)count;
    return NULL;
}

static const char *read_references(struct request *request, const struct json_value *body,
                                   struct invitation_wish *wish)
{
    static const char *const wrong =
        "\"references\" must be a list of 1 to 100 texts of at most 200 bytes";
    const struct json_value *list = json_get(body, STR("references"));
    if (!list) return NULL;
    if (list->kind != JSON_ARRAY || list->count == 0 || list->count > (uint32_t)limit(INVITATIONS))
        return wrong;
    struct str *references = ARENA_ARRAY(&request->arena, struct str, list->count);
    if (!references) return "\"references\" is too long";
    for (uint32_t i = 0; i < list->count; i++)
        if (!json_is_str(&list->items[i], &references[i]) ||
            references[i].len > (size_t)limit(INVITATION_REFERENCE_BYTES))
            return wrong;
    wish->references = references;
    wish->count = list->count;
    return NULL;
}

/* Whether it is to come is asked when it is issued: what was issued before is told also when its time
 * is over. */
static const char *read_expiry(const struct request *request, const struct json_value *body,
                               struct invitation_wish *wish)
{
    struct str text;
    int32_t offset_minutes;
    wish->expires_ms = request->call.actor.at_ms + LIFE_SECONDS * INT64_C(1000);
    if (!json_get(body, STR("expires_at"))) return NULL;
    if (!json_get_str(body, STR("expires_at"), &text) ||
        !civil_parse_datetime(text, &wish->expires_ms, &offset_minutes))
        return "\"expires_at\" must be an RFC 3339 date-time";
    return NULL;
}

static const char *read_wish(struct request *request, const struct json_value *body,
                             struct invitation_wish *wish)
{
    const char *wrong = read_count(body, wish);
    if (!wrong) wrong = read_references(request, body, wish);
    return wrong ? wrong : read_expiry(request, body, wish);
}

/* ---------------------------------------------------------------- telling */

static void write_members(struct json_writer *json, const struct invitation_record *invitation)
{
    json_key_str(json, STR("id"), invitation->id);
    json_key_str(json, STR("form"), invitation->form);
    if (invitation->reference.len) json_key_str(json, STR("reference"), invitation->reference);
    json_key_str(json, STR("state"), str_of(invitation_state_name(invitation->state)));
    reply_moment(json, STR("created_at"), invitation->created_ms);
    json_key_str(json, STR("created_by"), invitation->created_by);
    reply_moment(json, STR("expires_at"), invitation->expires_ms);
    reply_moment(json, STR("state_at"), invitation->state_ms);
    if (invitation->submission.len) json_key_str(json, STR("submission"), invitation->submission);
}

static void write_code(struct request *request, struct json_writer *json, struct str code)
{
    json_key_str(json, STR("code"), code);
    json_key_str(json, STR("link"),
                 arena_printf(&request->arena, "/f/%.*s/%.*s?invitation=%.*s",
                              STR_ARG(request_param(request, ROUTE_TENANT)),
                              STR_ARG(request_param(request, ROUTE_FORM)), STR_ARG(code)));
}

/* What was issued under the same key before is told without its codes: nobody has them any more. */
static enum handled reply_made(struct request *request, const struct invitations_made *made)
{
    struct json_writer json = reply_json(request, made->codes ? 201 : 200);
    json_object(&json);
    json_key(&json, STR("items"));
    json_array(&json);
    for (uint32_t i = 0; i < made->page.count; i++) {
        json_object(&json);
        write_members(&json, &made->page.items[i]);
        if (made->codes) write_code(request, &json, made->codes[i]);
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_end(&json);
    if (!made->codes) reply_header(request, "Idempotency-Replayed", STR("true"));
    return HANDLED;
}

enum handled invitations_post(struct request *request)
{
    static const char *const members[] = {"count", "references", "expires_at", NULL};
    struct arguments arguments;
    struct json_value body;
    struct invitations_made made;
    struct invitation_wish wish = {
        .form = request_param(request, ROUTE_FORM), .body = buf_str(&request->body), .count = 1};
    if (!on_arguments(request, &arguments)) return HANDLED;
    enum problem problem = envelope_key(request->facts.header[HEADER_IDEMPOTENCY_KEY], &wish.key);
    if (problem) return reply_problem(request, problem, NULL);
    if (!on_body(request, members, &body)) return HANDLED;
    request_call(request);
    const char *wrong = read_wish(request, &body, &wish);
    if (wrong) return reply_problem(request, PROBLEM_BODY_MISFIT, wrong);
    enum status st =
        engine_invitations_issue(&request->call, request_param(request, ROUTE_TENANT), &wish, &made);
    if (st && request->call.refusal == REFUSAL_BAD_VALUE)
        return reply_problem(request, PROBLEM_BODY_MISFIT,
                             "\"expires_at\" must be to come, and within five years");
    return st ? reply_failure(request, st, request->call.refusal) : reply_made(request, &made);
}

/* ---------------------------------------------------------------- looking, revoking */

/* False: answered. */
static bool read_state(struct request *request, const struct arguments *arguments,
                       struct invitation_query *query)
{
    struct str state = arguments_get(arguments, "state");
    query->any_state = !state.ptr;
    if (!state.ptr || invitation_state_parse(state, &query->state)) return true;
    reply_problem(request, PROBLEM_PARAMETER_MALFORMED, "state is issued, used, revoked or expired");
    return false;
}

static enum handled reply_page(struct request *request, const struct listing *listing,
                               const struct invitation_page *page)
{
    struct json_writer json = on_listing_begin(request);
    for (uint32_t i = 0; i < page->count; i++) {
        json_object(&json);
        write_members(&json, &page->items[i]);
        json_object_end(&json);
    }
    struct str last = STR("");
    if (page->count) last = arena_printf(&request->arena, "%" PRIu64, page->items[page->count - 1].seq);
    on_listing_end(request, &json, listing, page->more, last);
    return HANDLED;
}

enum handled invitations_get(struct request *request)
{
    struct arguments arguments;
    struct listing listing;
    struct invitation_page page;
    struct invitation_query query = {.form = request_param(request, ROUTE_FORM)};
    if (!on_arguments(request, &arguments) || !read_state(request, &arguments, &query)) return HANDLED;
    struct str state = arguments_get(&arguments, "state"),
               reference = arguments_get(&arguments, "reference");
    query.reference = reference.ptr ? reference : STR("");
    struct str filter = arena_printf(&request->arena, "%.*s %.*s", STR_ARG(state), STR_ARG(reference));
    if (!filter.ptr) return reply_failure(request, ST_NOMEM, REFUSAL_NONE);
    if (!on_listing(request, filter, &listing)) return HANDLED;
    if (listing.position.len && !word_number(listing.position, INT64_MAX, &query.after_seq))
        return reply_problem(request, PROBLEM_CURSOR_INVALID, NULL);
    request_call(request);
    enum status st = engine_invitation_list(&request->call, request_param(request, ROUTE_TENANT),
                                            &query, listing.limit, &page);
    return st ? reply_failure(request, st, REFUSAL_NONE) : reply_page(request, &listing, &page);
}

enum handled invitation_get(struct request *request)
{
    struct arguments arguments;
    struct invitation_record invitation;
    if (!on_arguments(request, &arguments)) return HANDLED;
    request_call(request);
    enum status st = engine_invitation_find(&request->call, request_param(request, ROUTE_TENANT),
                                            request_param(request, ROUTE_FORM),
                                            request_param(request, ROUTE_ID), &invitation);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = reply_json(request, 200);
    json_object(&json);
    write_members(&json, &invitation);
    json_object_end(&json);
    return HANDLED;
}

enum handled invitation_delete(struct request *request)
{
    struct arguments arguments;
    if (!on_arguments(request, &arguments) || !on_reason(request)) return HANDLED;
    request_call(request);
    enum status st =
        engine_invitation_revoke(&request->call, request_param(request, ROUTE_TENANT),
                                 request_param(request, ROUTE_FORM), request_param(request, ROUTE_ID));
    return st ? reply_failure(request, st, request->call.refusal) : reply_empty(request, 204);
}
