/* On operation: long work that goes on behind its answer: beginning it, asking how far it is, ending it
 * before its time. server/on_operation.c */
#include "server/on.h"

#include "base/json_value.h"
#include "base/word.h"

#include <inttypes.h>

static struct str path_of(struct request *request, struct str id)
{
    return arena_printf(&request->arena, "/v1/tenants/%.*s/operations/%.*s",
                        STR_ARG(request_param(request, ROUTE_TENANT)), STR_ARG(id));
}

static void write_operation(struct request *request, struct json_writer *json,
                            const struct operation_record *operation)
{
    json_object(json);
    json_key_str(json, STR("id"), operation->id);
    json_key_str(json, STR("kind"), str_of(operation_kind_name(operation->kind)));
    json_key_str(json, STR("state"), str_of(operation_state_name(operation->state)));
    if (operation->kind == OPERATION_MIGRATE) {
        json_key_str(json, STR("form"), operation->form);
        json_key_int(json, STR("from"), operation->from);
        json_key_int(json, STR("to"), operation->to);
    }
    json_key_int(json, STR("done"), (int64_t)operation->done);
    json_key_int(json, STR("total"), (int64_t)operation->total);
    json_key_int(json, STR("refused"), (int64_t)operation->refused);
    reply_moment(json, STR("made_at"), operation->made_ms);
    json_key_str(json, STR("made_by"), operation->made_by);
    if (operation->began_ms) reply_moment(json, STR("began_at"), operation->began_ms);
    if (operation->ended_ms) reply_moment(json, STR("ended_at"), operation->ended_ms);
    if (operation->fault.len) json_key_str(json, STR("fault"), operation->fault);
    json_key_str(json, STR("self"), path_of(request, operation->id));
    json_object_end(json);
}

static enum handled reply_operation(struct request *request, unsigned status,
                                    const struct operation_record *operation)
{
    struct json_writer json = reply_json(request, status);
    write_operation(request, &json, operation);
    if (status == 202) reply_header(request, MHD_HTTP_HEADER_LOCATION, path_of(request, operation->id));
    if (!operation_is_over(operation->state))
        reply_header(request, MHD_HTTP_HEADER_RETRY_AFTER, STR("1"));
    return HANDLED;
}

/* ---------------------------------------------------------------- waiting for one */

/* "wait=5", among other preferences or alone; 0: there is none. */
static uint64_t wait_seconds(struct str prefer)
{
    for (size_t i = 0; i + 5 < prefer.len; i++) {
        struct str rest = {prefer.ptr + i, prefer.len - i};
        bool begins =
            i == 0 || prefer.ptr[i - 1] == ' ' || prefer.ptr[i - 1] == ',' || prefer.ptr[i - 1] == ';';
        if (!begins || !word_starts(rest, STR("wait="))) continue;
        struct str digits = {rest.ptr + 5, 0};
        uint64_t seconds = 0;
        while (digits.len + 5 < rest.len && word_is_digit(digits.ptr[digits.len])) digits.len++;
        (void)word_number(digits, (uint64_t)limit(OPERATION_WAIT_SECONDS), &seconds);
        return seconds;
    }
    return 0;
}

struct vigil {
    struct runner_waiter waiter;
    struct request *request;
};

/* As far as it has come by now. */
static enum handled reply_now(struct request *request, struct str id)
{
    struct operation_record operation;
    enum status st =
        engine_operation_find(&request->call, request_param(request, ROUTE_TENANT), id, &operation);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    return reply_operation(request, operation_is_over(operation.state) ? 200 : 202, &operation);
}

/* On one of the runner's threads; the connection sleeps. */
static void end_vigil(struct runner_waiter *waiter)
{
    struct vigil *vigil = (struct vigil *)(void *)((char *)waiter - offsetof(struct vigil, waiter));
    struct request *request = vigil->request;
    (void)reply_now(request, waiter->id);
    request->state = REQUEST_REPLIED;
    request_resume(request);
}

enum handled on_operation_begun(struct request *request, const struct operation_record *operation)
{
    struct server *server = request->server;
    struct str tenant = request_param(request, ROUTE_TENANT);
    uint64_t seconds = wait_seconds(request->facts.header[HEADER_PREFER]);
    runner_add(&server->runner, tenant, operation->id);
    struct vigil *vigil = seconds ? ARENA_NEW(&request->arena, struct vigil) : NULL;
    if (!vigil) return reply_operation(request, 202, operation);
    vigil->request = request;
    vigil->waiter = (struct runner_waiter){.tenant = tenant,
                                           .id = operation->id,
                                           .until_ns = clock_steady_ns(server->clock) +
                                                       (int64_t)seconds * 1000000000,
                                           .over = end_vigil};
    return runner_await(&server->runner, &vigil->waiter) ? HANDLED_LATER
                                                         : reply_now(request, operation->id);
}

/* ---------------------------------------------------------------- looking and ending */

enum handled operations_get(struct request *request)
{
    struct listing listing;
    struct operation_page page;
    struct tenant_record tenant;
    if (!on_listing(request, STR(""), &listing)) return HANDLED;
    request_call(request);
    enum status st = engine_tenant_find(&request->call, request_param(request, ROUTE_TENANT), &tenant);
    if (!st)
        st = engine_operation_list(&request->call, tenant.id, listing.position, listing.limit, &page);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = on_listing_begin(request);
    for (uint32_t i = 0; i < page.count; i++) write_operation(request, &json, &page.items[i]);
    on_listing_end(request, &json, &listing, page.more,
                   page.count ? page.items[page.count - 1].id : STR(""));
    return HANDLED;
}

/* No arguments are known here. False: answered. */
static bool find_operation(struct request *request, struct operation_record *ret_operation)
{
    struct arguments arguments;
    if (!on_arguments(request, &arguments)) return false;
    request_call(request);
    enum status st = engine_operation_find(&request->call, request_param(request, ROUTE_TENANT),
                                           request_param(request, ROUTE_ID), ret_operation);
    if (st) reply_failure(request, st, REFUSAL_NONE);
    return !st;
}

enum handled operation_get(struct request *request)
{
    struct operation_record operation;
    return find_operation(request, &operation) ? reply_operation(request, 200, &operation) : HANDLED;
}

/* An operator's snapshot is nobody else's to end. */
enum handled operation_delete(struct request *request)
{
    struct operation_record operation;
    if (!find_operation(request, &operation)) return HANDLED;
    enum scope scope =
        operation.kind == OPERATION_MIGRATE ? SCOPE_OPERATIONS_CANCEL : SCOPE_TENANTS_MANAGE;
    if (!(request->token->scopes >> scope & 1u))
        return reply_problem(request, PROBLEM_ROLE_INSUFFICIENT, NULL);
    enum status st = engine_operation_cancel(&request->call, request_param(request, ROUTE_TENANT),
                                             operation.id, &operation);
    if (request->call.refusal == REFUSAL_ILLEGAL_TRANSITION) return on_nothing_follows(request);
    return st ? reply_failure(request, st, request->call.refusal)
              : reply_operation(request, 200, &operation);
}

/* Errors may quote the answers that they are about. */
static bool is_hidden(struct request *request, const struct operation_record *operation)
{
    struct masking masking, *used = on_masking(request, &masking);
    masking.form = operation->form;
    bool hidden = used && (masking_hides(used, operation->from) || masking_hides(used, operation->to));
    on_masking_end(request, &masking);
    return hidden;
}

static void write_refused(struct request *request, struct json_writer *json,
                          const struct operation_record *operation, const struct refused_page *page)
{
    bool hidden = page->count && is_hidden(request, operation);
    for (uint32_t i = 0; i < page->count; i++) {
        json_object(json);
        json_key_str(json, STR("id"), page->items[i].id);
        json_key_bool(json, STR("carried"), false);
        json_key(json, STR("errors"));
        json_raw(json, hidden ? STR("[]") : page->items[i].errors);
        json_object_end(json);
    }
}

enum handled refused_get(struct request *request)
{
    struct listing listing;
    struct refused_page page = {.count = 0};
    struct operation_record operation;
    uint64_t after = 0;
    if (!on_listing(request, STR(""), &listing)) return HANDLED;
    request_call(request);
    if (listing.position.len) (void)word_number(listing.position, INT64_MAX, &after);
    enum status st = engine_operation_find(&request->call, request_param(request, ROUTE_TENANT),
                                           request_param(request, ROUTE_ID), &operation);
    if (!st && operation.kind == OPERATION_MIGRATE)
        st = engine_refused_list(&request->call, request_param(request, ROUTE_TENANT), &operation,
                                 after, listing.limit, &page);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = on_listing_begin(request);
    write_refused(request, &json, &operation, &page);
    struct str last = page.count
                          ? arena_printf(&request->arena, "%" PRIu64, page.items[page.count - 1].seq)
                          : STR("");
    on_listing_end(request, &json, &listing, page.more, last);
    return HANDLED;
}
