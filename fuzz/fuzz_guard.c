/* Any bytes as a request: the first line method, target and version apart by tabs, each further line a
 * header. What the guard lets through holds what guard.h promises; where it leads, the route's
 * parameters are names. */
#include "base/limits.h"
#include "server/guard.h"
#include "server/route.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str cut(struct str *rest, char at)
{
    const char *mark = rest->len ? memchr(rest->ptr, at, rest->len) : NULL;
    struct str first = {rest->ptr, mark ? (size_t)(mark - rest->ptr) : rest->len};
    size_t taken = first.len + (mark ? 1 : 0);
    *rest = (struct str){rest->ptr + taken, rest->len - taken};
    return first;
}

static void hold_promises(const struct guard_facts *facts, struct str target)
{
    assert(!guard_has(facts, HEADER_TRANSFER_ENCODING));
    assert(facts->header_count <= limit(HEADERS));
    assert(target.len > 0 && target.len <= limit(TARGET_BYTES) && target.ptr[0] == '/');
    for (size_t i = 0; i < target.len; i++) assert(target.ptr[i] > 0x20 && target.ptr[i] < 0x7f);
    assert(!memchr(facts->path.ptr, '%', facts->path.len) &&
           !memchr(facts->path.ptr, '?', facts->path.len));
    assert(method_takes_body(facts->method) || facts->content_length == 0);
    for (int i = 0; i < HEADER_COUNT; i++) {
        for (size_t j = 0; j < facts->header[i].len; j++) {
            unsigned char c = (unsigned char)facts->header[i].ptr[j];
            assert(c == '\t' || (c >= 0x20 && c != 0x7f));
        }
    }
}

static void hold_names(const struct guard_facts *facts)
{
    struct route_match match;
    if (route_find(facts->method, facts->path, &match) != ROUTE_FOUND) return;
    struct str tenant = match.params[ROUTE_TENANT], form = match.params[ROUTE_FORM];
    assert(!tenant.ptr || guard_name(tenant, limit(TENANT_ID_BYTES), false));
    assert(!form.ptr || guard_name(form, limit(FORM_NAME_BYTES), true));
    assert(!memchr(tenant.len ? tenant.ptr : "", '/', tenant.len) &&
           !memchr(form.len ? form.ptr : "", '/', form.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size};
    struct str line = cut(&rest, '\n');
    struct guard_request request = {.head_len = 0};
    struct guard_facts facts;
    request.method = cut(&line, '\t');
    request.target = cut(&line, '\t');
    request.version = line;
    guard_begin(&request, &facts);
    while (rest.len > 0) {
        struct str value = cut(&rest, '\n');
        struct str name = cut(&value, ':');
        guard_header(&facts, name, value);
    }
    if (guard_end(&request, &facts) == PROBLEM_NONE) {
        hold_promises(&facts, request.target);
        hold_names(&facts);
    }
    return 0;
}
