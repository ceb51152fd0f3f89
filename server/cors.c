#include "server/cors.h"

#include "base/limits.h"
#include "base/word.h"
#include "server/reply.h"

enum cors { CORS_NONE, CORS_ALL, CORS_LISTED };

static enum cors cors_of(const struct route *route)
{
    if (!route) return CORS_NONE;
    switch (route->number) {
    case ROUTE_live_get:
    case ROUTE_pinned_get:
        return CORS_ALL;
    case ROUTE_submission_post:
    case ROUTE_evaluate_post:
        return CORS_LISTED;
    default:
        return CORS_NONE;
    }
}

static struct str next_origin(const char **at)
{
    *at += strspn(*at, " ");
    struct str origin = {*at, strcspn(*at, " ")};
    *at += origin.len;
    return origin;
}

static bool is_listed(const struct request *request)
{
    const char *at = request->server->options.cors_origins;
    struct str asked = request->facts.header[HEADER_ORIGIN];
    if (!at || asked.len == 0) return false;
    for (struct str origin = next_origin(&at); origin.len > 0; origin = next_origin(&at))
        if (str_eq(origin, asked)) return true;
    return false;
}

/* True: the page may read it. */
static bool allow_origin(struct request *request, enum cors cors)
{
    if (cors == CORS_NONE) return false;
    if (cors == CORS_ALL) {
        reply_header(request, "Access-Control-Allow-Origin", STR("*"));
        return true;
    }
    reply_header(request, MHD_HTTP_HEADER_VARY, STR("Origin"));
    if (!is_listed(request)) return false;
    reply_header(request, "Access-Control-Allow-Origin", request->facts.header[HEADER_ORIGIN]);
    return true;
}

void cors_answer(struct request *request)
{
    if (allow_origin(request, cors_of(request->match.route)))
        reply_header(request, "Access-Control-Expose-Headers",
                     STR("ETag, Location, Link, Retry-After, Idempotency-Replayed, Submission-Count, X-Request-Id"));
}

/* What the path leads to for the method that the page will use. */
void cors_preflight(struct request *request)
{
    struct route_match match;
    struct str path = request->facts.path;
    bool is_get = route_find(METHOD_GET, path, &match) == ROUTE_FOUND;
    if (!is_get && route_find(METHOD_POST, path, &match) != ROUTE_FOUND) return;
    if (!guard_has(&request->facts, HEADER_ORIGIN) || !allow_origin(request, cors_of(match.route)))
        return;
    reply_header(request, "Access-Control-Allow-Methods", is_get ? STR("GET, HEAD") : STR("POST"));
    reply_header(request, "Access-Control-Allow-Headers",
                 is_get ? STR("If-None-Match, Traceparent")
                        : STR("Authorization, Content-Type, Idempotency-Key, Traceparent"));
    reply_header(request, "Access-Control-Max-Age", STR("7200"));
}

/* "https://example.org:8443": small letters, no path, no trailing slash. */
static bool is_origin(struct str text)
{
    struct str scheme = str_starts(text, STR("https://")) ? STR("https://") : STR("http://");
    if (!str_starts(text, scheme) || text.len == scheme.len) return false;
    for (size_t i = scheme.len; i < text.len; i++) {
        char c = text.ptr[i];
        if (!word_is_digit(c) && (c < 'a' || c > 'z') && !strchr("-.:[]", c)) return false;
    }
    return true;
}

bool cors_origins(const char *text)
{
    int count = 0;
    for (struct str origin = next_origin(&text); origin.len > 0; origin = next_origin(&text))
        if (!is_origin(origin) || ++count > limit(CORS_ORIGINS)) return false;
    return true;
}
