/* On audit: the audit logs of tenants and of the server itself. server/on_audit.c */
#include "server/on.h"

#include "base/civil.h"

static void write_hash(struct json_writer *json, struct str key, const struct digest *digest)
{
    char hex[DIGEST_HEX_BYTES];
    digest_hex(digest, hex);
    json_key_str(json, key, str_of(hex));
}

static void write_text(struct json_writer *json, struct str key, struct str text)
{
    if (!text.len) return;
    json_key(json, key);
    json_lossy(json, text);
}

/* The file may have been in other hands: nothing in it is taken for granted. */
static void write_row(struct json_writer *json, const struct audit_record *row)
{
    int32_t day, time;
    json_object(json);
    json_key_int(json, STR("seq"), (int64_t)row->seq);
    if (civil_split(row->at_ms, 0, &day, &time)) reply_moment(json, STR("at"), row->at_ms);
    json_key(json, STR("who"));
    json_lossy(json, row->who);
    json_key(json, STR("action"));
    json_lossy(json, row->action);
    json_key(json, STR("object"));
    json_lossy(json, row->object);
    write_text(json, STR("detail"), row->detail);
    write_text(json, STR("where"), row->where);
    write_text(json, STR("why"), row->why);
    write_text(json, STR("request_id"), row->request_id);
    write_hash(json, STR("previous_hash"), &row->previous_hash);
    write_hash(json, STR("hash"), &row->hash);
    json_object_end(json);
}

/* Digits, and few enough of them for a row's number. */
static bool read_after(struct str text, uint64_t *ret_after)
{
    *ret_after = 0;
    if (!text.ptr) return true;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') return false;
        *ret_after = *ret_after * 10 + (uint64_t)(text.ptr[i] - '0');
    }
    return text.len > 0 && text.len <= 15;
}

static enum handled reply_page(struct request *request, const struct audit_page *page)
{
    struct json_writer json = reply_json(request, 200);
    json_object(&json);
    json_key(&json, STR("items"));
    json_array(&json);
    for (uint32_t i = 0; i < page->count; i++) write_row(&json, &page->items[i]);
    json_array_end(&json);
    if (page->more) json_key_int(&json, STR("next_after"), (int64_t)page->next_after);
    json_object_end(&json);
    return HANDLED;
}

/* No cursor: a row's number is as good as one, and can be kept to ask for what is new. */
static enum handled list(struct request *request, struct str tenant)
{
    struct listing listing;
    struct audit_page page;
    uint64_t after;
    if (!on_listing(request, STR(""), &listing)) return HANDLED;
    if (!read_after(arguments_get(&listing.arguments, "after"), &after))
        return reply_problem(request, PROBLEM_PARAMETER_MALFORMED, "after is a row's number");
    request_call(request);
    struct audit_filter filter = {arguments_get(&listing.arguments, "actor"),
                                  arguments_get(&listing.arguments, "action"),
                                  arguments_get(&listing.arguments, "object")};
    enum status st = engine_audit_list(&request->call, tenant, &filter, after, listing.limit, &page);
    return st ? reply_failure(request, st, REFUSAL_NONE) : reply_page(request, &page);
}

static enum handled verify(struct request *request, struct str tenant)
{
    struct arguments arguments;
    struct audit_finding finding;
    if (!on_arguments(request, &arguments)) return HANDLED;
    request_call(request);
    enum status st = engine_audit_examine(&request->call, tenant, &finding);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = reply_json(request, 200);
    json_object(&json);
    json_key_bool(&json, STR("whole"), finding.fault == AUDIT_WHOLE);
    json_key_int(&json, STR("rows"), (int64_t)finding.rows);
    if (finding.rows) write_hash(&json, STR("hash"), &finding.hash);
    if (finding.fault) {
        json_key_int(&json, STR("broken_at"), (int64_t)finding.broken_at);
        json_key_str(&json, STR("fault"), str_of(audit_fault_name(finding.fault)));
    }
    if (finding.was) json_key_int(&json, STR("was"), (int64_t)finding.was);
    json_object_end(&json);
    return HANDLED;
}

enum handled tenant_audit_get(struct request *request)
{
    return list(request, request_param(request, ROUTE_TENANT));
}

enum handled tenant_audit_verify(struct request *request)
{
    return verify(request, request_param(request, ROUTE_TENANT));
}

enum handled audit_get(struct request *request)
{
    return list(request, STR(""));
}

enum handled audit_verify_post(struct request *request)
{
    return verify(request, STR(""));
}
