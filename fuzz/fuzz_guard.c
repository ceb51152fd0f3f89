/* Any bytes as a request: the first line method, target and version apart by tabs, each further line a
 * header. What the guard believes is what a reader of RFC 9112 that is as strict as can be believes, no
 * more and no less, to the same facts: so an accepted request has one meaning, whoever reads it. Where
 * it leads, the route's parameters are names. */
#include "base/limits.h"
#include "fuzz/holds.h"
#include "server/guard.h"
#include "server/route.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

enum { LINES = 400 };

struct request {
    struct str method, target, version;
    struct str names[LINES], values[LINES];
    int count;
};

static struct str cut(struct str *rest, char at)
{
    const char *mark = rest->len ? memchr(rest->ptr, at, rest->len) : NULL;
    struct str first = {rest->ptr, mark ? (size_t)(mark - rest->ptr) : rest->len};
    size_t taken = first.len + (mark ? 1 : 0);
    *rest = (struct str){rest->ptr + taken, rest->len - taken};
    return first;
}

static void read_lines(struct str rest, struct request *request)
{
    struct str line = cut(&rest, '\n');
    request->method = cut(&line, '\t');
    request->target = cut(&line, '\t');
    request->version = line;
    for (request->count = 0; rest.len > 0 && request->count < LINES; request->count++) {
        request->values[request->count] = cut(&rest, '\n');
        request->names[request->count] = cut(&request->values[request->count], ':');
    }
}

/* ---- the strict reader */

static bool is_of(struct str text, const char *set)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\0' || !strchr(set, text.ptr[i])) return false;
    return true;
}

static char small(char c)
{
    static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const char *at = c ? strchr(capitals, c) : NULL;
    return at ? "abcdefghijklmnopqrstuvwxyz"[at - capitals] : c;
}

static bool is_word(struct str text, const char *word)
{
    size_t i = 0;
    for (; i < text.len && word[i] && small(text.ptr[i]) == word[i]; i++) {
    }
    return i == text.len && !word[i];
}

/* How often the header stands there; *ret_value is the first one's, of what proxies write the last
 * one's. */
static int count_of(const struct request *request, const char *name, struct str *ret_value)
{
    bool last = strcmp(name, "forwarded") == 0 || strcmp(name, "x-forwarded-for") == 0;
    int count = 0;
    *ret_value = STR("");
    for (int i = 0; i < request->count; i++) {
        if (!is_word(request->names[i], name)) continue;
        if (count == 0 || last) *ret_value = request->values[i];
        count++;
    }
    return count;
}

static bool is_target(struct str target)
{
    static const char pchars[] = DIGITS LETTERS "-._~!$&'()*+,;=:@/";
    struct str query = target, path = cut(&query, '?');
    if (target.len > limit(TARGET_BYTES) || path.len == 0 || path.ptr[0] != '/' || !is_of(path, pchars))
        return false;
    while (query.len > 0) {
        struct str plain = cut(&query, '%');
        if (!is_of(plain, DIGITS LETTERS "-._~!$&'()*+,;=:@/?[]")) return false; /* filter[x] */
        bool escape = plain.ptr + plain.len < target.ptr + target.len;
        if (!escape) break;
        if (query.len < 2 || !is_of((struct str){query.ptr, 2}, DIGITS "abcdefABCDEF")) return false;
        query = (struct str){query.ptr + 2, query.len - 2};
    }
    return true;
}

static bool is_header(struct str name, struct str value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];
        if (c == 127 || (c < 32 && c != 9)) return false;
    }
    return name.len > 0 && is_of(name, DIGITS LETTERS "!#$%&'*+-.^_`|~");
}

static const char *const once[] = {"host",           "content-length",   "transfer-encoding",
                                   "content-type",   "content-encoding", "authorization",
                                   "expect",         "if-match",         "if-none-match",
                                   "origin",         "accept-encoding",  "audit-reason",
                                   "idempotency-key"};

static bool are_headers(const struct request *request)
{
    struct str value;
    if (request->count > limit(HEADERS)) return false;
    for (int i = 0; i < request->count; i++)
        if (!is_header(request->names[i], request->values[i])) return false;
    for (size_t i = 0; i < sizeof once / sizeof *once; i++)
        if (count_of(request, once[i], &value) > 1) return false;
    return true;
}

/* No body but by a length in digits, and only where one belongs. */
static bool is_framed(const struct request *request, long long *ret_length)
{
    struct str length, other;
    *ret_length = 0;
    if (count_of(request, "transfer-encoding", &other)) return false;
    if (count_of(request, "content-length", &length)) {
        char text[16] = "";
        if (length.len < 1 || length.len > 15 || !is_of(length, DIGITS)) return false;
        memcpy(text, length.ptr, length.len);
        *ret_length = strtoll(text, NULL, 10);
    }
    bool takes_body = str_eq(request->method, STR("POST")) || str_eq(request->method, STR("PUT")) ||
                      str_eq(request->method, STR("PATCH"));
    return takes_body || *ret_length == 0;
}

static bool is_addressed(const struct request *request)
{
    struct str host;
    if (!count_of(request, "host", &host)) return str_eq(request->version, STR("HTTP/1.0"));
    return host.len > 0 && is_of(host, DIGITS LETTERS "-._~:[]");
}

static bool is_asked_plainly(const struct request *request)
{
    struct str value;
    if (count_of(request, "expect", &value) && !is_word(value, "100-continue")) return false;
    return !count_of(request, "content-encoding", &value) || is_word(value, "identity");
}

static bool is_method(struct str method)
{
#define METHOD(name, takes_body)                                                                       \
    if (str_eq(method, STR(#name))) return true;
#include "server/method.def"
#undef METHOD
    return false;
}

static bool believe(const struct request *request, long long *ret_length)
{
    bool version =
        str_eq(request->version, STR("HTTP/1.1")) || str_eq(request->version, STR("HTTP/1.0"));
    return is_framed(request, ret_length) && version && is_method(request->method) &&
           is_target(request->target) && are_headers(request) && is_addressed(request) &&
           is_asked_plainly(request);
}

/* ---- the guard beside it */

static void hold_facts(const struct request *request, const struct guard_facts *facts, long long length)
{
    struct str value, query = request->target, path = cut(&query, '?');
    HOLDS(str_eq(str_of(method_name(facts->method)), request->method));
    HOLDS(facts->content_length == (uint64_t)length);
    HOLDS(facts->header_count == (uint32_t)request->count);
    HOLDS(str_eq(facts->path, path) && str_eq(facts->query, query));
#define HEADER(NAME, name, is_once)                                                                    \
    HOLDS(guard_has(facts, HEADER_##NAME) == (count_of(request, name, &value) > 0));                   \
    HOLDS(!guard_has(facts, HEADER_##NAME) || str_eq(facts->header[HEADER_##NAME], value));
#include "server/header.def"
#undef HEADER
}

static void hold_names(const struct guard_facts *facts)
{
    struct route_match match;
    if (route_find(facts->method, facts->path, &match) != ROUTE_FOUND) return;
    struct str tenant = match.params[ROUTE_TENANT], form = match.params[ROUTE_FORM];
    HOLDS(!tenant.ptr || guard_name(tenant, limit(TENANT_ID_BYTES), false));
    HOLDS(!form.ptr || guard_name(form, limit(FORM_NAME_BYTES), true));
    HOLDS(!memchr(tenant.len ? tenant.ptr : "", '/', tenant.len) &&
          !memchr(form.len ? form.ptr : "", '/', form.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct request request;
    struct guard_facts facts;
    long long length;
    read_lines((struct str){(const char *)data, size}, &request);
    struct guard_request asked = {
        .method = request.method, .version = request.version, .target = request.target};
    guard_begin(&asked, &facts);
    for (int i = 0; i < request.count; i++) guard_header(&facts, request.names[i], request.values[i]);
    bool accepted = guard_end(&asked, &facts) == PROBLEM_NONE;
    HOLDS(accepted == believe(&request, &length));
    if (accepted) {
        hold_facts(&request, &facts, length);
        hold_names(&facts);
    }
    return 0;
}
