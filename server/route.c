#include "server/route.h"

#include "base/limits.h"
#include "base/word.h"

#define ROUTE(handler, method, pattern, place, access, body, reply, status, errors, summary)           \
    enum handled handler(struct request *request);
#include "server/route.def"
#undef ROUTE

/* A body is one of these words or the name of a schema. */
enum body_word {
    BODY_NONE = ROUTE_BODY_NONE,
    BODY_EMPTY = ROUTE_BODY_EMPTY,
    BODY_SOURCE = ROUTE_BODY_SOURCE,
    BODY_CSV = ROUTE_BODY_CSV,
    BODY_PAIRS = ROUTE_BODY_PAIRS,
#define SCHEMA(name, ...) BODY_##name,
#include "server/schema.def"
#undef SCHEMA
};

#define BODY_KIND(body)                                                                                \
    ((int)BODY_##body > (int)BODY_PAIRS ? ROUTE_BODY_JSON : (enum route_body)BODY_##body)

/* The two words that are no scopes. */
enum {
    SCOPE_ROLES_PUBLIC = ACCESS_PUBLIC,
    SCOPE_ROLES_ANYONE = ACCESS_ANYONE,
    SCOPE_PUBLIC = SCOPE_COUNT,
    SCOPE_ANYONE = SCOPE_COUNT,
};

const struct route routes[] = {
#define ROUTE(handler, method, pattern, place, access, body, reply, status, errors, summary)           \
    {ROUTE_##handler,                                                                                  \
     #handler,                                                                                         \
     METHOD_##method,                                                                                  \
     pattern,                                                                                          \
     ROUTE_##place,                                                                                    \
     (unsigned)SCOPE_ROLES_##access,                                                                   \
     (enum scope)SCOPE_##access,                                                                       \
     BODY_KIND(body),                                                                                  \
     #body,                                                                                            \
     #reply,                                                                                           \
     status,                                                                                           \
     errors,                                                                                           \
     summary,                                                                                          \
     handler},
#include "server/route.def"
#undef ROUTE
};

enum { IN_HEADER, IN_QUERY, IN_DEEP };

const struct route_input route_inputs[] = {
#define PARAM(route, in, name, required, summary, ...)                                                 \
    {ROUTE_##route, IN_##in != IN_HEADER, IN_##in == IN_DEEP, name, required, #__VA_ARGS__, summary},
#include "server/param.def"
#undef PARAM
    {.name = NULL},
};

static bool is_version(struct str text, uint32_t *ret_version)
{
    uint64_t version;
    if (text.len > 9 || str_starts(text, STR("0")) || !word_number(text, UINT32_MAX, &version))
        return false;
    *ret_version = (uint32_t)version;
    return true;
}

static bool is_id(struct str text)
{
    return text.len > 0 && text.len <= limit(ID_BYTES) && text.ptr[0] != '-' && word_is_plain(text);
}

/* "formwright-0a1b.css" */
static bool is_asset(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!word_is_alnum(text.ptr[i]) && text.ptr[i] != '-' && (text.ptr[i] != '.' || i == 0)) return false;
    return text.len > 0 && text.len <= limit(ID_BYTES);
}

/* Takes the segment as what the pattern calls it. */
static bool take_param(struct str name, struct str segment, struct route_match *match)
{
    enum route_param param;
    if (str_eq(name, STR("tenant"))) {
        param = ROUTE_TENANT;
        if (!guard_name(segment, limit(TENANT_ID_BYTES), false)) return false;
    } else if (str_eq(name, STR("form"))) {
        param = ROUTE_FORM;
        if (!guard_name(segment, limit(FORM_NAME_BYTES), true)) return false;
    } else if (str_eq(name, STR("version"))) {
        param = ROUTE_VERSION;
        if (!is_version(segment, &match->version)) return false;
    } else if (str_eq(name, STR("asset"))) {
        param = ROUTE_ASSET;
        if (!is_asset(segment)) return false;
    } else {
        param = ROUTE_ID;
        if (!is_id(segment)) return false;
    }
    match->params[param] = segment;
    return true;
}

static bool pattern_match(const char *pattern, struct str path, struct route_match *match)
{
    const char *at = path.ptr, *end = path.ptr + path.len;
    while (*pattern) {
        if (*pattern != '{') {
            if (at == end || *at++ != *pattern++) return false;
            continue;
        }
        const char *name = pattern + 1;
        const char *close = strchr(name, '}');
        const char *slash = memchr(at, '/', (size_t)(end - at));
        const char *stop = slash ? slash : end;
        size_t ending = strcspn(close + 1, "/"); /* "{language}.json" */
        if (ending > 0 && (size_t)(stop - at) > ending && memcmp(stop - ending, close + 1, ending) == 0)
            stop -= ending;
        struct str segment = {at, (size_t)(stop - at)};
        if (!take_param((struct str){name, (size_t)(close - name)}, segment, match)) return false;
        at = stop;
        pattern = close + 1;
    }
    return at == end;
}

enum route_found route_find(enum method method, struct str path, struct route_match *ret_match)
{
    enum method wanted = method == METHOD_HEAD ? METHOD_GET : method;
    struct route_match match;
    *ret_match = (struct route_match){.route = NULL};
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        match = (struct route_match){.route = &routes[i]};
        if (!pattern_match(routes[i].pattern, path, &match)) continue;
        unsigned allowed = ret_match->allowed | 1u << routes[i].method;
        if (routes[i].method == wanted) {
            match.allowed = allowed;
            *ret_match = match;
            return ROUTE_FOUND;
        }
        ret_match->allowed = allowed;
    }
    if (!ret_match->allowed) return ROUTE_ABSENT;
    if (ret_match->allowed & 1u << METHOD_GET) ret_match->allowed |= 1u << METHOD_HEAD;
    ret_match->allowed |= 1u << METHOD_OPTIONS;
    return ROUTE_WRONG_METHOD;
}

uint64_t route_body_max(const struct route *route)
{
    switch (route->body) {
    case ROUTE_BODY_NONE:
    case ROUTE_BODY_EMPTY:
        return 0;
    case ROUTE_BODY_SOURCE:
        return limit(SOURCE_BYTES);
    case ROUTE_BODY_CSV:
        return limit(TABLE_BYTES);
    case ROUTE_BODY_PAIRS:
        return (uint64_t)limit(ANSWERS_BYTES) + limit(ENVELOPE_BYTES);
    case ROUTE_BODY_JSON:
        break;
    }
    /* Room for the envelope beside the answers. */
    bool answers = route->number == ROUTE_submission_post || route->number == ROUTE_evaluate_post ||
                   route->number == ROUTE_version_explain;
    return answers ? (uint64_t)limit(ANSWERS_BYTES) + limit(ENVELOPE_BYTES) : limit(REQUEST_BYTES);
}
