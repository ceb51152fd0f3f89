/* On usage: what a tenant's forms were used for. server/on_usage.c */
#include "server/on.h"

static void write_counts(struct json_writer *json, const struct usage_counts *counts)
{
    for (size_t i = 0; i < USAGE_COUNT; i++)
        json_key_int(json, str_of(usage_name((enum usage_kind)i)), (int64_t)counts->of[i]);
}

static void write_item(struct json_writer *json, const struct usage_item *item)
{
    json_object(json);
    json_key_str(json, STR("form"), item->name);
    write_counts(json, &item->counts);
    json_object_end(json);
}

enum handled usage_get(struct request *request)
{
    struct listing listing;
    struct usage_page page;
    if (!on_listing(request, STR(""), &listing)) return HANDLED;
    request_call(request);
    enum status st = engine_usage_list(&request->call, request_param(request, ROUTE_TENANT),
                                       listing.position, listing.limit, &page);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct json_writer json = reply_json(request, 200);
    json_object(&json);
    reply_moment(&json, STR("since"), page.since_ms);
    json_key(&json, STR("total"));
    json_object(&json);
    write_counts(&json, &page.total);
    json_object_end(&json);
    json_key(&json, STR("items"));
    json_array(&json);
    for (uint32_t i = 0; i < page.count; i++) write_item(&json, &page.items[i]);
    on_listing_end(request, &json, &listing, page.more,
                   page.count ? page.items[page.count - 1].name : STR(""));
    return HANDLED;
}
