/* On submission: taking them in, listing them, handing them out. server/on_submission.c */
#include "server/on.h"
#include "server/claim.h"
#include "server/exports.h"
#include "server/filters.h"
#include "server/receipt.h"
#include "server/submission_json.h"

#include "base/civil.h"
#include "base/word.h"

#include <inttypes.h>
#include <stdio.h>

/* ---------------------------------------------------------------- taking in */

static struct str receipt_scope(struct request *request)
{
    return arena_printf(&request->arena, "%.*s/%.*s", STR_ARG(request_param(request, ROUTE_TENANT)),
                        STR_ARG(request_param(request, ROUTE_FORM)));
}

struct str on_receipt(struct request *request, struct str submission_id)
{
    struct buf text;
    buf_init(&text, request->arena.mem, limit(TARGET_BYTES));
    receipt_write(&request->server->cursor_key, receipt_scope(request), submission_id, &text);
    struct str kept = buf_failed(&text) ? STR("") : arena_str(&request->arena, buf_str(&text));
    buf_release(&text);
    return kept.ptr ? kept : STR("");
}

bool on_receipt_read(struct request *request, struct str text, struct str *ret_submission_id)
{
    return receipt_read(&request->server->cursor_key, receipt_scope(request), text, &request->arena,
                        ret_submission_id);
}

/* Where whoever has submitted sees what was received. */
static struct str receipt_path(struct request *request, struct str id)
{
    struct str receipt = on_receipt(request, id);
    struct str path = arena_printf(&request->arena, "/v1/p/%.*s/receipts/%.*s",
                                   STR_ARG(receipt_scope(request)), STR_ARG(receipt));
    return receipt.len && path.ptr ? path : STR("");
}

/* What was received, when and under which version: no answers, since whoever has the link may see it.
 */
enum handled receipt_get(struct request *request)
{
    struct arguments arguments;
    struct tenant_record tenant;
    struct submission_record submission;
    struct str id;
    if (!on_arguments(request, &arguments)) return HANDLED;
    struct str name = request_param(request, ROUTE_TENANT), form = request_param(request, ROUTE_FORM);
    request_call(request);
    enum status st = engine_tenant_find(&request->call, name, &tenant);
    if (!st && tenant.state != TENANT_ACTIVE) st = ST_ABSENT;
    if (!st && !on_receipt_read(request, request_param(request, ROUTE_ID), &id)) st = ST_ABSENT;
    if (!st) st = engine_submission_find(&request->call, name, form, id, &submission);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = reply_json(request, 200);
    json_object(&json);
    json_key_str(&json, STR("id"), submission.id);
    json_key_str(&json, STR("form"), submission.form);
    json_key_int(&json, STR("version"), submission.version);
    reply_moment(&json, STR("received_at"), submission.received_ms);
    json_object_end(&json);
    reply_header(request, "Referrer-Policy", STR("no-referrer"));
    return HANDLED;
}

/* Everything but the verdict, which is text already. */
static void write_receipt(struct request *request, unsigned status,
                          const struct submission_record *submission)
{
    enum { RECEIPT_BYTES = 300 }; /* besides names */
    size_t names = request_param(request, ROUTE_TENANT).len + 2 * submission->form.len;
    struct json_writer json = reply_json(request, status);
    buf_expect(&request->out, request->intake->verdict.len + names + RECEIPT_BYTES);
    json_object(&json);
    json_key_str(&json, STR("id"), submission->id);
    json_key_str(&json, STR("form"), submission->form);
    json_key_int(&json, STR("version"), submission->version);
    reply_moment(&json, STR("received_at"), submission->received_ms);
    json_key_str(&json, STR("receipt"), receipt_path(request, submission->id));
    buf_puts(&request->out, ",\"verdict\":");
    reply_header(request, MHD_HTTP_HEADER_LOCATION,
                 arena_printf(&request->arena, "/v1/tenants/%.*s/forms/%.*s/submissions/%.*s",
                              STR_ARG(request_param(request, ROUTE_TENANT)),
                              STR_ARG(request_param(request, ROUTE_FORM)), STR_ARG(submission->id)));
}

static enum handled reply_stored(struct request *request)
{
    write_receipt(request, 201, request->intake->submission);
    buf_put(&request->out, buf_str(&request->intake->verdict));
    claim_settle(request, buf_str(&request->intake->accord));
    buf_putc(&request->out, '}');
    on_language_told(request, request->envelope.locale);
    return HANDLED;
}

/* The verdict is not stored: it is found again by judging the same answers at the same moment. */
static enum handled reply_replayed(struct request *request)
{
    const struct submission_record *submission = request->intake->submission;
    struct worker *worker = request_worker(request);
    if (!worker) return reply_failure(request, ST_NOMEM, REFUSAL_NONE);
    if (request->definition && request->definition->number != submission->version) {
        definition_release(request->definition);
        request->definition = NULL;
    }
    enum handled handled = on_definition(request, (struct aim){.number = submission->version});
    if (!request->definition) return handled;
    if (on_too_dear(request)) return HANDLED_FAR;
    enum status st = engine_rejudge(worker, request->intake, request->definition);
    if (st == ST_LIMIT && worker_excess(worker)->exceeded)
        return ration_excess(request, worker_excess(worker));
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    write_receipt(request, 200, submission);
    worker_verdict_write(worker, &request->out);
    buf_putc(&request->out, '}');
    reply_header(request, "Idempotency-Replayed", STR("true"));
    on_language_told(request, submission->locale);
    return HANDLED;
}

static enum handled reply_invalid(struct request *request)
{
    struct json_writer json = reply_problem_open(request, PROBLEM_VALIDATION_FAILED, STR(""));
    json_key(&json, STR("errors"));
    buf_put(&request->out, buf_str(&request->intake->verdict));
    json.comma = true;
    if (request->intake->outcome.error_count > (uint32_t)limit(ERRORS))
        json_key_int(&json, STR("errors_total"), request->intake->outcome.error_count);
    claim_settle(request, buf_str(&request->intake->accord));
    json_object_end(&json);
    on_language_told(request, request->envelope.locale);
    return HANDLED;
}

/* Who holds an old page open is told where the form is now. */
static enum handled reply_refused(struct request *request, const struct intake *intake)
{
    enum handled handled = reply_failure(request, intake->status, intake->refusal);
    if (intake->refusal == REFUSAL_FORM_CLOSED || intake->refusal == REFUSAL_VERSION_RETIRED)
        reply_header(request, MHD_HTTP_HEADER_LINK,
                     arena_printf(&request->arena, "</v1/p/%.*s/%.*s>; rel=\"latest-version\"",
                                  STR_ARG(request_param(request, ROUTE_TENANT)),
                                  STR_ARG(request_param(request, ROUTE_FORM))));
    return handled;
}

/* After the writer is done, on the event thread; or on the crew, when a replay needs a version that is
 * not in memory. */
static enum handled finish(struct request *request)
{
    struct intake *intake = request->intake;
    switch (intake->state) {
    case INTAKE_STORED:
        return reply_stored(request);
    case INTAKE_REPLAYED:
        return reply_replayed(request);
    case INTAKE_INVALID:
        return reply_invalid(request);
    case INTAKE_UNJUDGED:
        return on_unjudged(request, &intake->outcome);
    case INTAKE_REFUSED:
        if (intake->excess.exceeded) return ration_excess(request, &intake->excess);
        return reply_refused(request, intake);
    case INTAKE_READY:
    case INTAKE_QUEUED:
        break;
    }
    return reply_problem(request, PROBLEM_INTERNAL, NULL);
}

/* On a writer thread. */
static void stored(struct intake *intake)
{
    request_return(intake->user, intake->more);
}

/* The connection sleeps before the writer can know of it. */
static enum handled store(struct request *request)
{
    bool asleep = request->far;
    request_continue(request, finish);
    if (!asleep) request_suspend(request);
    if (engine_store(request->intake) != INTAKE_QUEUED) request_resume(request);
    return HANDLED_LATER;
}

static struct intake *make_intake(struct request *request, struct str key)
{
    struct intake *intake = ARENA_NEW(&request->arena, struct intake);
    if (!intake) return NULL;
    request_call(request);
    intake->arena = &request->arena;
    intake->definition = request->definition;
    intake->key = key;
    intake->body = buf_str(&request->body);
    intake->answers = request->envelope.answers;
    intake->locale = request->envelope.locale;
    intake->started_ms = request->envelope.started_ms;
    intake->saved = request->envelope.saved;
    intake->invitation = request->envelope.invitation;
    intake->compares = request->envelope.claim_hash.len > 0;
    intake->actor = request->call.actor;
    intake->submitter = request->has_token ? request->token->id : STR("");
    intake->where = request->call.actor.where;
    intake->done = stored;
    intake->user = request;
    return intake;
}

static enum handled submit(struct request *request, struct str key)
{
    struct worker *worker = request_worker(request);
    struct intake *intake = worker ? make_intake(request, key) : NULL;
    if (!intake) return reply_failure(request, ST_NOMEM, REFUSAL_NONE);
    enum intake_state state = engine_submit(worker, intake);
    request->intake = intake; /* from here on released with the request */
    return state == INTAKE_READY ? store(request) : finish(request);
}

static bool wants_subject(const struct program *program)
{
    for (uint32_t i = 0; i < program->unique_count; i++)
        if (!program->uniques[i].node_count && !program->uniques[i].invited) return true;
    return false;
}

enum handled submission_post(struct request *request)
{
    struct str key;
    struct arguments arguments;
    struct aim aim;
    if (!on_arguments(request, &arguments) || !on_aim(request, &arguments, &aim)) return HANDLED;
    if (request->intake) return finish(request); /* a replay that had to come here for its version */
    enum problem problem = envelope_key(request->facts.header[HEADER_IDEMPOTENCY_KEY], &key);
    if (!problem && atomic_load(&request->server->closing)) problem = PROBLEM_STOPPING;
    if (!problem) problem = bearer_check_optional(request);
    if (problem) return on_problem(request, problem);
    if (!ration_submit(request)) return HANDLED;
    enum handled handled = on_envelope(request, false);
    if (!request->envelope.answers.ptr) return handled;
    aim.number = request->envelope.version;
    handled = on_definition(request, aim);
    if (!request->definition) return handled;
    if (wants_subject(request->definition->program) && !request->has_token)
        return reply_problem(request, PROBLEM_UNAUTHENTICATED,
                             "this form takes one submission of each token");
    on_language(request);
    if (!ration_judge(request)) return HANDLED;
    if (on_too_dear(request)) return HANDLED_FAR;
    return submit(request, key);
}

/* ---------------------------------------------------------------- handing out */

static bool read_moment(struct request *request, const struct arguments *arguments, const char *name,
                        int64_t *ret_ms)
{
    struct str text = arguments_get(arguments, name);
    int32_t offset_minutes;
    *ret_ms = 0;
    if (!text.ptr || civil_parse_datetime(text, ret_ms, &offset_minutes)) return true;
    reply_problem_str(request, PROBLEM_PARAMETER_MALFORMED,
                      arena_printf(&request->arena, "%s is an RFC 3339 date-time", name));
    return false;
}

static bool read_order(struct request *request, const struct arguments *arguments,
                       bool *ret_newest_first)
{
    struct str text = arguments_get(arguments, "order");
    *ret_newest_first = text.ptr && str_eq(text, STR("newest"));
    if (!text.ptr || *ret_newest_first || str_eq(text, STR("oldest"))) return true;
    reply_problem(request, PROBLEM_PARAMETER_MALFORMED, "order is oldest or newest");
    return false;
}

/* False: answered. */
static bool read_query(struct request *request, const struct arguments *arguments,
                       struct submission_query *ret_query)
{
    *ret_query = (struct submission_query){.form = request_param(request, ROUTE_FORM)};
    return read_moment(request, arguments, "since", &ret_query->since_ms) &&
           read_moment(request, arguments, "until", &ret_query->until_ms) &&
           on_version_argument(request, arguments, &ret_query->version) &&
           read_order(request, arguments, &ret_query->newest_first);
}

static struct str filter_text(struct request *request, const struct arguments *arguments,
                              const struct submission_query *query)
{
    struct str filters = filters_text(request, arguments);
    return arena_printf(&request->arena, "%" PRId64 " %" PRId64 " %u %d %.*s", query->since_ms,
                        query->until_ms, (unsigned)query->version, query->newest_first,
                        STR_ARG(filters));
}

/* As write_position() wrote it. */
static bool read_position(struct str position, struct submission_query *query)
{
    uint64_t received_ms;
    if (position.len == 0) return true;
    const char *dot = memchr(position.ptr, '.', position.len);
    if (!dot) return false;
    struct str before = {position.ptr, (size_t)(dot - position.ptr)};
    struct str behind = {dot + 1, position.len - before.len - 1};
    if (!word_number(before, UINT64_MAX, &received_ms) ||
        !word_number(behind, UINT64_MAX, &query->after_seq))
        return false;
    query->after_received_ms = (int64_t)received_ms;
    return true;
}

static struct str write_position(struct arena *arena, const struct submission_record *last)
{
    return arena_printf(arena, "%" PRIu64 ".%" PRIu64, (uint64_t)last->received_ms, last->seq);
}

struct masking *on_masking(struct request *request, struct masking *masking)
{
    *masking = (struct masking){.engine = request->server->engine,
                                .tenant = request_param(request, ROUTE_TENANT),
                                .form = request_param(request, ROUTE_FORM)};
    return request->token->scopes >> SCOPE_SENSITIVE_READ & 1u ? NULL : masking;
}

void on_masking_end(struct request *request, struct masking *masking)
{
    if (masking->failure && !buf_failed(&request->out)) request->out.failure = masking->failure;
    masking_release(masking);
}

static enum handled reply_page(struct request *request, const struct listing *listing,
                               const struct submission_page *page)
{
    struct masking masking, *used = on_masking(request, &masking);
    struct json_writer json = on_listing_begin(request);
    for (uint32_t i = 0; i < page->count; i++) submission_json(&json, &page->items[i], used);
    on_masking_end(request, &masking);
    struct str last = STR("");
    if (page->count) last = write_position(&request->arena, &page->items[page->count - 1]);
    on_listing_end(request, &json, listing, page->more, last);
    return HANDLED;
}

enum handled submissions_get(struct request *request)
{
    struct arguments arguments;
    struct submission_query query;
    struct submission_page page;
    struct form_record form;
    struct listing listing;
    if (!on_arguments(request, &arguments) || !read_query(request, &arguments, &query)) return HANDLED;
    if (!on_listing(request, filter_text(request, &arguments, &query), &listing)) return HANDLED;
    if (!read_position(listing.position, &query))
        return reply_problem(request, PROBLEM_CURSOR_INVALID, NULL);
    request_call(request);
    struct str tenant = request_param(request, ROUTE_TENANT);
    enum status st = engine_form_find(&request->call, tenant, query.form, &form);
    if (!st && !filters_read(request, &arguments, &form, &query)) return HANDLED;
    if (!st) st = engine_submission_list(&request->call, tenant, &query, listing.limit, &page);
    return st ? reply_failure(request, st, REFUSAL_NONE) : reply_page(request, &listing, &page);
}

/* How many submissions are to come: what a client shows as progress. */
static enum status tell_count(struct request *request, struct submission_walk *walk)
{
    uint64_t left;
    enum status st = engine_export_left(walk, &left);
    if (!st) reply_header(request, "Submission-Count", arena_printf(&request->arena, "%" PRIu64, left));
    return st;
}

/* Takes `flat`. */
static enum handled stream(struct request *request, const struct submission_query *query,
                           struct flat *flat)
{
    struct submission_walk *walk = NULL;
    enum status st =
        engine_export(request->server->engine, request_param(request, ROUTE_TENANT), query, &walk);
    if (!st) st = tell_count(request, walk);
    if (st) {
        engine_export_close(walk);
        flat_free(flat);
        return reply_failure(request, st, REFUSAL_NONE);
    }
    request->reply.exports = exports_new(request, walk, flat);
    if (!request->reply.exports) return reply_failure(request, ST_NOMEM, REFUSAL_NONE);
    request->reply.status = 200;
    request->reply.type = flat ? "text/csv; charset=utf-8" : "application/x-ndjson";
    return HANDLED;
}

/* "after": as if all up to that one had been seen, also when it was erased since. */
static enum status find_after(struct request *request, const struct arguments *arguments,
                              struct submission_query *query)
{
    struct str id = arguments_get(arguments, "after");
    if (!id.ptr) return ST_OK;
    enum status st =
        engine_submission_place(&request->call, request_param(request, ROUTE_TENANT), query->form, id,
                                &query->after_received_ms, &query->after_seq);
    if (st == ST_ABSENT)
        reply_problem(request, PROBLEM_PARAMETER_MALFORMED, "after: there is no such submission");
    else if (st) reply_failure(request, st, REFUSAL_NONE);
    return st;
}

/* False: answered. */
static bool read_export(struct request *request, struct arguments *arguments,
                        struct submission_query *ret_query, struct form_record *ret_form)
{
    if (!on_arguments(request, arguments) || !read_query(request, arguments, ret_query)) return false;
    request_call(request);
    enum status st = engine_form_find(&request->call, request_param(request, ROUTE_TENANT),
                                      ret_query->form, ret_form);
    if (st) reply_failure(request, st, REFUSAL_NONE);
    return !st && filters_read(request, arguments, ret_form, ret_query) &&
           find_after(request, arguments, ret_query) == ST_OK;
}

enum handled submissions_export(struct request *request)
{
    struct arguments arguments;
    struct submission_query query;
    struct form_record form;
    if (!read_export(request, &arguments, &query, &form)) return HANDLED;
    return stream(request, &query, NULL);
}

enum handled submissions_csv(struct request *request)
{
    struct arguments arguments;
    struct submission_query query;
    struct form_record form;
    struct flat *flat;
    if (!read_export(request, &arguments, &query, &form)) return HANDLED;
    struct flat_wish wish = {.engine = request->server->engine,
                             .mem = request->server->mem,
                             .tenant = request_param(request, ROUTE_TENANT),
                             .form = query.form,
                             .table = arguments_get(&arguments, "table"),
                             .newest = form.newest,
                             .version = query.version};
    enum status st = flat_new(&wish, &flat);
    if (st == ST_ABSENT)
        return reply_problem(request, PROBLEM_PARAMETER_MALFORMED,
                             "there is no such version, or no repeat of that path in it");
    return st ? reply_failure(request, st, REFUSAL_NONE) : stream(request, &query, flat);
}

enum handled submission_delete(struct request *request)
{
    struct arguments arguments;
    if (!on_arguments(request, &arguments) || !on_reason(request)) return HANDLED;
    request_call(request);
    enum status st =
        engine_submission_erase(&request->call, request_param(request, ROUTE_TENANT),
                                request_param(request, ROUTE_FORM), request_param(request, ROUTE_ID));
    return st ? reply_failure(request, st, request->call.refusal) : reply_empty(request, 204);
}

/* False: answered. */
static bool read_as(struct request *request, bool *ret_submitted)
{
    struct arguments arguments;
    if (!on_arguments(request, &arguments)) return false;
    struct str as = arguments_get(&arguments, "as");
    *ret_submitted = as.ptr && str_eq(as, STR("submitted"));
    if (!as.ptr || *ret_submitted || str_eq(as, STR("carried"))) return true;
    reply_problem(request, PROBLEM_PARAMETER_MALFORMED, "as is submitted or carried");
    return false;
}

enum handled submission_get(struct request *request)
{
    struct submission_record submission;
    struct carried_page carried;
    bool submitted;
    if (!read_as(request, &submitted)) return HANDLED;
    request_call(request);
    enum status st = engine_submission_find(&request->call, request_param(request, ROUTE_TENANT),
                                            request_param(request, ROUTE_FORM),
                                            request_param(request, ROUTE_ID), &submission);
    if (!st)
        st =
            engine_carried(&request->call, request_param(request, ROUTE_TENANT), &submission, &carried);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = reply_json(request, 200);
    struct masking masking, *used = on_masking(request, &masking);
    submission_json_lineage(&json, &submission, &carried, submitted, used);
    on_masking_end(request, &masking);
    return HANDLED;
}

/* ---------------------------------------------------------------- how many */

static bool read_day(struct str position, struct day_query *query)
{
    uint64_t day, version;
    query->after = position.len > 0;
    if (!query->after) return true;
    const char *dot = memchr(position.ptr, '.', position.len);
    if (!dot) return false;
    struct str before = {position.ptr, (size_t)(dot - position.ptr)};
    struct str behind = {dot + 1, position.len - before.len - 1};
    if (!word_number(before, INT32_MAX, &day) || !word_number(behind, UINT32_MAX, &version))
        return false;
    query->after_day = (int32_t)day;
    query->after_version = (uint32_t)version;
    return true;
}

static enum handled reply_days(struct request *request, const struct listing *listing,
                               const struct day_page *page)
{
    char date[CIVIL_DATE_BYTES];
    struct str last = STR("");
    struct json_writer json = on_listing_begin(request);
    for (uint32_t i = 0; i < page->count; i++) {
        size_t len = civil_format_date(page->items[i].day, date);
        json_object(&json);
        json_key_str(&json, STR("day"), (struct str){date, len});
        json_key_int(&json, STR("version"), page->items[i].version);
        json_key_int(&json, STR("submissions"), (int64_t)page->items[i].submissions);
        json_object_end(&json);
        last = arena_printf(&request->arena, "%d.%u", (int)page->items[i].day,
                            (unsigned)page->items[i].version);
    }
    on_listing_end(request, &json, listing, page->more, last);
    return HANDLED;
}

enum handled stats_days(struct request *request)
{
    struct arguments arguments;
    struct submission_query bounds;
    struct day_page page;
    struct listing listing;
    if (!on_arguments(request, &arguments) || !read_query(request, &arguments, &bounds)) return HANDLED;
    if (!on_listing(request, filter_text(request, &arguments, &bounds), &listing)) return HANDLED;
    struct day_query query = {
        .form = bounds.form, .since_ms = bounds.since_ms, .until_ms = bounds.until_ms};
    if (!read_day(listing.position, &query))
        return reply_problem(request, PROBLEM_CURSOR_INVALID, NULL);
    request_call(request);
    enum status st = engine_day_list(&request->call, request_param(request, ROUTE_TENANT), &query,
                                     listing.limit, &page);
    return st ? reply_failure(request, st, REFUSAL_NONE) : reply_days(request, &listing, &page);
}
