/* On theme: what a tenant says about the look of its forms, and the style sheet that comes of it.
 * server/on_theme.c */
#include "server/on.h"

#include "base/limits.h"
#include "pages/pages.h"

#include <stdio.h>

static enum handled reply_theme(struct request *request)
{
    struct guise guise;
    struct theme theme = theme_usual();
    struct json_value body;
    struct json_error error;
    struct str wrong;
    enum status st =
        engine_guise_find(&request->call, request_param(request, ROUTE_TENANT), STR(""), &guise);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    bool said = guise.theme.len &&
                json_read(&request->arena, guise.theme, limit(JSON_DEPTH), &body, &error) == ST_OK;
    if (said && !theme_read(&request->arena, &body, &theme, &wrong)) theme = theme_usual();
    (void)reply_json(request, 200);
    theme_put_json(&theme, &request->out);
    return HANDLED;
}

enum handled theme_get(struct request *request)
{
    struct arguments arguments;
    if (!on_arguments(request, &arguments)) return HANDLED;
    request_call(request);
    return reply_theme(request);
}

/* As it is stored: written anew. ptr NULL: there is no memory. Empty: it says nothing. */
static struct str canonical(struct request *request, const struct theme *theme)
{
    struct buf out;
    buf_init(&out, request->arena.mem, (size_t)limit(THEME_BYTES));
    theme_put_json(theme, &out);
    struct str text = buf_str(&out);
    if (buf_failed(&out)) text.ptr = NULL;
    else text = str_eq(text, STR("{}")) ? STR("") : arena_str(&request->arena, text);
    buf_release(&out);
    return text;
}

/* All of it; what is not named is as it was without a theme. */
enum handled theme_put(struct request *request)
{
    static const char *const members[] = {"light",  "dark",  "font", "size", "width",
                                          "radius", "space", "name", NULL};
    struct json_value body;
    struct arguments arguments;
    struct theme theme;
    struct str wrong;
    if (!on_arguments(request, &arguments) || !on_body(request, members, &body)) return HANDLED;
    if (!theme_read(&request->arena, &body, &theme, &wrong))
        return reply_problem_str(request, PROBLEM_BODY_MISFIT, wrong);
    if (!theme_is_legible(&request->arena, &theme, &wrong))
        return reply_problem_str(request, PROBLEM_CONTRAST_TOO_LOW, wrong);
    struct str text = canonical(request, &theme);
    if (!text.ptr) return reply_failure(request, ST_NOMEM, REFUSAL_NONE);
    request_call(request);
    enum status st = engine_theme_set(&request->call, request_param(request, ROUTE_TENANT), text);
    return st ? reply_failure(request, st, request->call.refusal) : reply_theme(request);
}

/* ---------------------------------------------------------------- the style sheet */

/* Under the name with its hash for ever; under "theme.css", and under the name of one that was, until
 * it is asked for again. */
static void tell_cache(struct request *request, const char *hash)
{
    char own[48];
    size_t len = (size_t)snprintf(own, sizeof own, "theme-%s.css", hash);
    bool same = str_eq(request_param(request, ROUTE_ASSET), (struct str){own, len});
    request->reply.cache_control = same ? "public, max-age=31536000, immutable" : "public, no-cache";
    reply_header(request, MHD_HTTP_HEADER_ETAG, arena_printf(&request->arena, "\"b2-%s\"", hash));
    reply_header(request, "Access-Control-Allow-Origin", STR("*"));
    reply_header(request, "Cross-Origin-Resource-Policy", STR("cross-origin"));
}

enum handled theme_style_get(struct request *request)
{
    struct arguments arguments;
    struct guise guise;
    char hash[17];
    struct str name = request_param(request, ROUTE_ASSET),
               tenant = request_param(request, ROUTE_TENANT);
    if (!on_arguments(request, &arguments)) return HANDLED;
    if (!str_eq(name, STR("theme.css")) && !(str_starts(name, STR("theme-")) && name.len == 26))
        return reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    request_call(request);
    enum status st = engine_guise_find(&request->call, tenant, STR(""), &guise);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    struct str sheet = livery_sheet(request, guise.theme, hash);
    if (!sheet.ptr) return reply_failure(request, ST_NOMEM, REFUSAL_NONE);
    struct str etag = arena_printf(&request->arena, "\"b2-%s\"", hash),
               seen = request->facts.header[HEADER_IF_NONE_MATCH];
    bool same = etag.ptr && seen.ptr && etag_listed(seen, etag);
    (void)reply_empty(request, same ? 304 : 200);
    if (!same) {
        request->reply.type = "text/css; charset=utf-8";
        buf_put(&request->out, sheet);
    }
    tell_cache(request, hash);
    return HANDLED;
}
