/* On form: forms, drafts, checks, versions. server/on_form.c */
#include "server/on.h"

#include "base/json_value.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "base/word.h"

#include <inttypes.h>
#include <stdio.h>

enum { ETAG_BYTES = 1 + 7 + 64 + 1 + 1 };

static struct str etag_of(const struct digest *digest, char text[ETAG_BYTES])
{
    char hex[DIGEST_HEX_BYTES];
    digest_hex(digest, hex);
    int len = snprintf(text, ETAG_BYTES, "\"sha256-%s\"", hex);
    return (struct str){text, (size_t)len};
}

/* One strong tag as etag_of() writes it. */
static bool read_etag(struct str text, struct digest *ret_digest)
{
    if (text.len != ETAG_BYTES - 1 || !str_starts(text, STR("\"sha256-")) ||
        text.ptr[text.len - 1] != '"')
        return false;
    return digest_of_hex((struct str){text.ptr + 8, 64}, ret_digest);
}

/* ---------------------------------------------------------------- forms */

static void write_form(struct json_writer *json, const struct form_record *form)
{
    char etag[ETAG_BYTES];
    json_object(json);
    json_key_str(json, STR("name"), form->name);
    json_key_str(json, STR("title"), form->title);
    json_key_str(json, STR("state"), str_of(form_state_name(form->state)));
    reply_moment(json, STR("created_at"), form->created_ms);
    reply_moment(json, STR("state_at"), form->state_ms);
    if (form->newest) json_key_int(json, STR("version"), form->newest);
    json_key_int(json, STR("submissions"), (int64_t)form->submissions);
    if (form->has_draft) {
        json_key(json, STR("draft"));
        json_object(json);
        json_key_str(json, STR("etag"), etag_of(&form->draft_etag, etag));
        json_object_end(json);
    }
    json_object_end(json);
}

/* The form of the path; no arguments are known here. False: answered. */
static bool find_form(struct request *request, struct form_record *ret_form)
{
    struct arguments arguments;
    if (!on_arguments(request, &arguments)) return false;
    request_call(request);
    enum status st = engine_form_find(&request->call, request_param(request, ROUTE_TENANT),
                                      request_param(request, ROUTE_FORM), ret_form);
    if (st) reply_failure(request, st, REFUSAL_NONE);
    return !st;
}

static enum handled reply_form(struct request *request, unsigned status, const struct form_record *form)
{
    struct json_writer json = reply_json(request, status);
    write_form(&json, form);
    return HANDLED;
}

enum handled forms_get(struct request *request)
{
    struct listing listing;
    struct form_page page;
    struct tenant_record tenant;
    if (!on_listing(request, STR(""), &listing)) return HANDLED;
    request_call(request);
    enum status st = engine_tenant_find(&request->call, request_param(request, ROUTE_TENANT), &tenant);
    if (!st) st = engine_form_list(&request->call, tenant.id, listing.position, listing.limit, &page);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = on_listing_begin(request);
    for (uint32_t i = 0; i < page.count; i++) write_form(&json, &page.items[i]);
    on_listing_end(request, &json, &listing, page.more,
                   page.count ? page.items[page.count - 1].name : STR(""));
    return HANDLED;
}

enum handled forms_post(struct request *request)
{
    static const char *const members[] = {"name", "title", NULL};
    struct json_value body;
    struct arguments arguments;
    struct str name, title;
    struct form_record form;
    if (!on_arguments(request, &arguments) || !on_body(request, members, &body)) return HANDLED;
    if (!json_get_str(&body, STR("name"), &name))
        return reply_problem(request, PROBLEM_BODY_MISFIT, "\"name\" must be a text");
    if (!json_get(&body, STR("title"))) title = name;
    else if (!json_get_str(&body, STR("title"), &title))
        return reply_problem(request, PROBLEM_BODY_MISFIT, "\"title\" must be a text");
    request_call(request);
    enum status st =
        engine_form_create(&request->call, request_param(request, ROUTE_TENANT), name, title, &form);
    if (st) return reply_failure(request, st, request->call.refusal);
    reply_header(request, MHD_HTTP_HEADER_LOCATION,
                 arena_printf(&request->arena, "/v1/tenants/%.*s/forms/%.*s",
                              STR_ARG(request_param(request, ROUTE_TENANT)), STR_ARG(form.name)));
    return reply_form(request, 201, &form);
}

enum handled form_get(struct request *request)
{
    struct form_record form;
    return find_form(request, &form) ? reply_form(request, 200, &form) : HANDLED;
}

/* What may follow: nothing while there is no version. */
static enum handled reply_illegal(struct request *request, const struct form_record *form)
{
    struct json_writer json = reply_problem_open(request, PROBLEM_ILLEGAL_TRANSITION, STR(""));
    json_key(&json, STR("allowed"));
    json_array(&json);
    for (int to = FORM_DRAFT; to <= FORM_ARCHIVED; to++) {
        if (form->newest && form_state_may(form->state, (enum form_state)to))
            json_str(&json, str_of(form_state_name((enum form_state)to)));
    }
    json_array_end(&json);
    json_object_end(&json);
    return HANDLED;
}

enum handled form_state(struct request *request)
{
    static const char *const members[] = {"to", NULL};
    struct json_value body;
    struct form_record form;
    struct str word;
    enum form_state to;
    if (!on_body(request, members, &body)) return HANDLED;
    if (!json_get_str(&body, STR("to"), &word) || !form_state_parse(word, &to))
        return reply_problem(request, PROBLEM_BODY_MISFIT,
                             "\"to\" must be open, closing, closed or archived");
    if (to >= FORM_CLOSING && !on_reason(request)) return HANDLED;
    if (!find_form(request, &form)) return HANDLED;
    struct str tenant = request_param(request, ROUTE_TENANT);
    enum status st = engine_form_set_state(&request->call, tenant, form.name, to);
    bool illegal = request->call.refusal == REFUSAL_ILLEGAL_TRANSITION;
    if (!st || illegal) st = engine_form_find(&request->call, tenant, form.name, &form);
    if (st) return reply_failure(request, st, illegal ? REFUSAL_NONE : request->call.refusal);
    if (illegal) return reply_illegal(request, &form);
    return reply_form(request, 200, &form);
}

/* ---------------------------------------------------------------- checks */

static bool read_source(struct request *request, struct str *ret_source)
{
    *ret_source = buf_str(&request->body);
    if (ret_source->len > 0 && utf8_valid(*ret_source)) return true;
    reply_problem(request, PROBLEM_TEXT_MALFORMED, ret_source->len ? NULL : "the body is empty");
    return false;
}

static void write_check(struct json_writer *json, const struct check *check)
{
    json_key_str(json, STR("name"), check->name);
    json_key_str(json, STR("title"), check->title);
    json_key_int(json, STR("edition"), check->edition);
    json_key_int(json, STR("fields"), check->field_count);
}

static void write_price(struct request *request, struct json_writer *json, const struct price *price)
{
    if (!price->known) return;
    json_key(json, STR("cost"));
    price_put_json(price, &request->out);
    json->comma = true;
}

enum handled forms_check(struct request *request)
{
    struct arguments arguments;
    struct str source;
    struct check check;
    if (!on_arguments(request, &arguments) || !read_source(request, &source)) return HANDLED;
    request_call(request);
    enum status st = engine_check(&request->call, request_param(request, ROUTE_TENANT), source, &check);
    if (request->call.excess.exceeded) return ration_excess(request, &request->call.excess);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = reply_json(request, 200);
    json_object(&json);
    json_key_bool(&json, STR("ok"), check.ok);
    json_key(&json, STR("diagnostics"));
    diags_print_json(&check.diags, source, &request->out);
    json.comma = true;
    if (check.ok) write_check(&json, &check);
    write_price(request, &json, &check.price);
    json_object_end(&json);
    return HANDLED;
}

/* ---------------------------------------------------------------- drafts */

enum handled draft_get(struct request *request)
{
    char etag[ETAG_BYTES];
    struct arguments arguments;
    struct draft_record draft;
    if (!on_arguments(request, &arguments)) return HANDLED;
    request_call(request);
    enum status st = engine_draft_find(&request->call, request_param(request, ROUTE_TENANT),
                                       request_param(request, ROUTE_FORM), &draft);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    reply_header(request, MHD_HTTP_HEADER_ETAG, etag_of(&draft.etag, etag));
    request->reply.cache_control = "private, no-cache";
    struct str asked = request->facts.header[HEADER_IF_NONE_MATCH];
    if (asked.ptr && etag_listed(asked, str_of(etag))) return reply_empty(request, 304);
    request->reply.status = 200;
    request->reply.type = "text/plain; charset=utf-8";
    buf_put(&request->out, draft.source);
    return HANDLED;
}

/* What the two headers ask for. */
struct condition {
    enum draft_condition kind;
    struct digest if_match;
    bool any, given; /* If-Match: *; there was a header at all */
};

static enum problem read_condition(const struct request *request, struct condition *ret_condition)
{
    struct str match = request->facts.header[HEADER_IF_MATCH];
    struct str none = request->facts.header[HEADER_IF_NONE_MATCH];
    *ret_condition = (struct condition){.kind = DRAFT_NEW, .given = match.ptr || none.ptr};
    if (match.ptr && none.ptr) return PROBLEM_CONDITION_MALFORMED;
    if (none.ptr) return str_eq(none, STR("*")) ? PROBLEM_NONE : PROBLEM_CONDITION_MALFORMED;
    if (!match.ptr) return PROBLEM_NONE;
    ret_condition->any = str_eq(match, STR("*"));
    ret_condition->kind = ret_condition->any ? DRAFT_ALWAYS : DRAFT_UNCHANGED;
    if (ret_condition->any || read_etag(match, &ret_condition->if_match)) return PROBLEM_NONE;
    /* A weak tag or one of another making matches nothing, which is no fault of form. */
    bool is_tag = str_starts(match, STR("\"")) || str_starts(match, STR("W/\""));
    return is_tag ? PROBLEM_DRAFT_STALE : PROBLEM_CONDITION_MALFORMED;
}

static enum handled reply_draft(struct request *request, const struct draft_record *draft)
{
    char etag[ETAG_BYTES];
    bool made = draft->revision == 1;
    reply_header(request, MHD_HTTP_HEADER_ETAG, etag_of(&draft->etag, etag));
    struct json_writer json = reply_json(request, made ? 201 : 200);
    json_object(&json);
    json_key_str(&json, STR("form"), request_param(request, ROUTE_FORM));
    json_key_str(&json, STR("etag"), str_of(etag));
    json_key_int(&json, STR("revision"), draft->revision);
    reply_moment(&json, STR("updated_at"), draft->updated_ms);
    json_object_end(&json);
    if (made) reply_header(request, MHD_HTTP_HEADER_LOCATION, request->facts.path);
    return HANDLED;
}

/* A draft that is there is only replaced by who says which one is meant. */
enum handled draft_put(struct request *request)
{
    struct arguments arguments;
    struct condition condition;
    struct str source;
    struct draft_record draft;
    if (!on_arguments(request, &arguments) || !read_source(request, &source)) return HANDLED;
    enum problem problem = read_condition(request, &condition);
    if (problem) return reply_problem(request, problem, NULL);
    request_call(request);
    struct str tenant = request_param(request, ROUTE_TENANT), form = request_param(request, ROUTE_FORM);
    enum status st = ST_OK;
    if (condition.any) st = engine_draft_find(&request->call, tenant, form, &draft);
    if (st == ST_ABSENT) return reply_problem(request, PROBLEM_DRAFT_STALE, NULL);
    if (!st)
        st = engine_draft_put(&request->call, tenant, form, source, condition.kind, &condition.if_match,
                              &draft);
    if (request->call.refusal == REFUSAL_DRAFT_STALE && !condition.given)
        return reply_problem(request, PROBLEM_PRECONDITION_REQUIRED, NULL);
    if (request->call.refusal == REFUSAL_FORM_ABSENT)
        return reply_problem(request, PROBLEM_DRAFT_STALE, NULL);
    if (st) return reply_failure(request, st, request->call.refusal);
    return reply_draft(request, &draft);
}

/* ---------------------------------------------------------------- versions */

void on_version_members(struct json_writer *json, struct str form, const struct version_record *version)
{
    char hash[DIGEST_HEX_BYTES];
    digest_hex(&version->source_hash, hash);
    json_key_str(json, STR("form"), form);
    json_key_int(json, STR("version"), version->number);
    json_key_str(json, STR("hash"), str_of(hash));
    json_key_str(json, STR("edition"), version->edition);
    json_key_str(json, STR("compiler"), version->compiler_version);
    reply_moment(json, STR("published_at"), version->published_ms);
    json_key_str(json, STR("published_by"), version->published_by);
    json_key_str(json, STR("state"), str_of(version_state_name(version_state_of(version))));
    if (version_state_of(version) == VERSION_PUBLISHED) return;
    reply_moment(json, STR("retired_at"), version->retired_ms);
    reply_moment(json, STR("takes_until"), version->until_ms);
}

enum handled versions_get(struct request *request)
{
    struct listing listing;
    struct version_page page;
    struct form_record form;
    uint64_t before = 0; /* none: from the newest on */
    if (!on_listing(request, STR(""), &listing)) return HANDLED;
    (void)word_number(listing.position, UINT32_MAX, &before);
    request_call(request);
    struct str tenant = request_param(request, ROUTE_TENANT);
    enum status st =
        engine_form_find(&request->call, tenant, request_param(request, ROUTE_FORM), &form);
    if (!st)
        st = engine_version_list(&request->call, tenant, form.name, (uint32_t)before, listing.limit,
                                 &page);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = on_listing_begin(request);
    for (uint32_t i = 0; i < page.count; i++) {
        json_object(&json);
        on_version_members(&json, form.name, &page.items[i]);
        json_object_end(&json);
    }
    uint32_t last = page.count ? page.items[page.count - 1].number : 0;
    on_listing_end(request, &json, &listing, page.more,
                   arena_printf(&request->arena, "%u", (unsigned)last));
    return HANDLED;
}

enum handled version_get(struct request *request)
{
    struct arguments arguments;
    struct version_record version;
    if (!on_arguments(request, &arguments)) return HANDLED;
    request_call(request);
    struct str form = request_param(request, ROUTE_FORM);
    enum status st = engine_version_find(&request->call, request_param(request, ROUTE_TENANT), form,
                                         request->match.version, &version);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = reply_json(request, 200);
    json_object(&json);
    on_version_members(&json, form, &version);
    json_key_str(&json, STR("source"), version.source);
    json_object_end(&json);
    return HANDLED;
}

/* The diagnostics' places are in the draft's text, which must be read again for lines and columns. */
static enum handled reply_invalid(struct request *request, const struct published *published)
{
    struct json_writer json = reply_problem_open(request, PROBLEM_DEFINITION_INVALID, STR(""));
    json_key(&json, STR("diagnostics"));
    diags_print_json(&published->check.diags, published->source, &request->out);
    json.comma = true;
    write_price(request, &json, &published->check.price);
    json_object_end(&json);
    return HANDLED;
}

static enum handled reply_breaking(struct request *request, const struct published *published)
{
    struct json_writer json = reply_problem_open(
        request, PROBLEM_BREAKING_CHANGE,
        STR("publish with allow_breaking=true and an Audit-Reason if that is meant"));
    json_key_int(&json, STR("compared_to"), published->compared_to);
    json_key(&json, STR("diff"));
    dsl_diff_put_json(&published->diff, &request->out);
    json.comma = true;
    json_object_end(&json);
    return HANDLED;
}

static enum handled reply_version(struct request *request, const struct published *published)
{
    struct str form = request_param(request, ROUTE_FORM);
    struct json_writer json = reply_json(request, published->existing ? 200 : 201);
    json_object(&json);
    on_version_members(&json, form, &published->version);
    json_key(&json, STR("warnings"));
    diags_print_json(&published->check.diags, published->source, &request->out);
    json.comma = true;
    if (!published->existing && published->compared_to) {
        json_key_int(&json, STR("compared_to"), published->compared_to);
        json_key(&json, STR("diff"));
        dsl_diff_put_json(&published->diff, &request->out);
        json.comma = true;
    }
    json_object_end(&json);
    reply_header(request, MHD_HTTP_HEADER_LOCATION,
                 arena_printf(&request->arena, "%.*s/%u", STR_ARG(request->facts.path),
                              (unsigned)published->version.number));
    return HANDLED;
}

/* `what` is true, false or not there. */
static bool read_flag(struct request *request, const struct arguments *arguments, const char *what,
                      bool *ret_flag)
{
    struct str text = arguments_get(arguments, what);
    *ret_flag = text.ptr && str_eq(text, STR("true"));
    if (!text.ptr || *ret_flag || str_eq(text, STR("false"))) return true;
    struct str detail = arena_printf(&request->arena, "\"%s\" is true or false", what);
    reply_problem(request, PROBLEM_PARAMETER_MALFORMED, detail.ptr);
    return false;
}

enum handled versions_post(struct request *request)
{
    struct arguments arguments;
    struct form_record form;
    struct published published;
    struct str match = request->facts.header[HEADER_IF_MATCH];
    struct publication publication = {.tenant = request_param(request, ROUTE_TENANT),
                                      .form = request_param(request, ROUTE_FORM),
                                      .check_draft = match.ptr && !str_eq(match, STR("*"))};
    if (publication.check_draft && !read_etag(match, &publication.if_match))
        return reply_problem(request, PROBLEM_CONDITION_MALFORMED, NULL);
    if (!on_arguments(request, &arguments)) return HANDLED;
    if (!read_flag(request, &arguments, "allow_breaking", &publication.allow_breaking)) return HANDLED;
    if (publication.allow_breaking && !on_reason(request)) return HANDLED;
    struct str channel = arguments_get(&arguments, "channel");
    if (channel.ptr && !guard_name(channel, limit(FORM_NAME_BYTES), true))
        return reply_problem(request, PROBLEM_PARAMETER_MALFORMED,
                             "\"channel\" is the name of a channel, or none");
    if (channel.ptr) publication.channel = channel;
    if (!find_form(request, &form)) return HANDLED;
    if (!form.has_draft)
        return reply_problem(request, PROBLEM_CONFLICT, "there is no draft to publish");
    enum status st = engine_publish(&request->call, &publication, &published);
    if (request->call.excess.exceeded) return ration_excess(request, &request->call.excess);
    if (st == ST_INPUT && request->call.refusal == REFUSAL_NONE)
        return reply_invalid(request, &published);
    if (st == ST_CONFLICT && request->call.refusal == REFUSAL_BREAKING_CHANGE)
        return reply_breaking(request, &published);
    if (st) return reply_failure(request, st, request->call.refusal);
    return reply_version(request, &published);
}

/* ---------------------------------------------------------------- differences */

/* A version's number; `word` for 0. */
static bool read_version(struct request *request, const struct arguments *arguments, const char *name,
                         struct str word, uint32_t *ret_number)
{
    struct str text = arguments_get(arguments, name);
    uint64_t number = 0;
    *ret_number = 0;
    if (!text.ptr || str_eq(text, word)) return true;
    if (word_number(text, UINT32_MAX, &number) && number > 0) {
        *ret_number = (uint32_t)number;
        return true;
    }
    struct str detail =
        arena_printf(&request->arena, "\"%s\" is a version's number or \"%.*s\"", name, STR_ARG(word));
    reply_problem(request, PROBLEM_PARAMETER_MALFORMED, detail.ptr);
    return false;
}

enum handled diff_get(struct request *request)
{
    struct arguments arguments;
    struct comparison comparison = {.tenant = request_param(request, ROUTE_TENANT),
                                    .form = request_param(request, ROUTE_FORM)};
    if (!on_arguments(request, &arguments) ||
        !read_version(request, &arguments, "from", STR("newest"), &comparison.from) ||
        !read_version(request, &arguments, "to", STR("draft"), &comparison.to))
        return HANDLED;
    request_call(request);
    enum status st = engine_compare(&request->call, &comparison);
    if (request->call.excess.exceeded) return ration_excess(request, &request->call.excess);
    if (st == ST_INPUT && request->call.refusal == REFUSAL_NONE)
        return reply_invalid(
            request, &(struct published){.check = comparison.check, .source = comparison.to_source});
    if (st) return reply_failure(request, st, request->call.refusal);
    reply_json(request, 200);
    dsl_diff_put_json(&comparison.diff, &request->out);
    return HANDLED;
}
