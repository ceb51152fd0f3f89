#include "tenants/tenants.h"

static const struct {
    const char *name;
    unsigned roles;
} scopes[] = {
#define SCOPE(NAME, name, operator_has, publisher_has, reader_has, submitter_has, what)                \
    [SCOPE_##NAME] = {(name), SCOPE_ROLES_##NAME},
#include "tenants/scope.def"
#undef SCOPE
};

const char *scope_name(enum scope scope)
{
    return scopes[scope].name;
}

bool scope_parse(struct str text, enum scope *ret_scope)
{
    for (unsigned i = 0; i < SCOPE_COUNT; i++) {
        if (!str_eq(text, str_of(scopes[i].name))) continue;
        *ret_scope = (enum scope)i;
        return true;
    }
    return false;
}

uint32_t scopes_of_role(enum token_role role)
{
    uint32_t set = 0;
    for (unsigned i = 0; i < SCOPE_COUNT; i++)
        if (scopes[i].roles >> role & 1u) set |= 1u << i;
    return set;
}

void scopes_put(uint32_t set, struct buf *out)
{
    const char *gap = "";
    for (unsigned i = 0; i < SCOPE_COUNT; i++) {
        if (!(set >> i & 1u)) continue;
        buf_printf(out, "%s%s", gap, scopes[i].name);
        gap = " ";
    }
}

uint32_t scopes_read(struct str text)
{
    uint32_t set = 0;
    while (text.len) {
        const char *blank = memchr(text.ptr, ' ', text.len);
        struct str word = {text.ptr, blank ? (size_t)(blank - text.ptr) : text.len};
        enum scope scope;
        if (scope_parse(word, &scope)) set |= 1u << scope;
        size_t taken = word.len + (blank ? 1 : 0);
        text = (struct str){text.ptr + taken, text.len - taken};
    }
    return set;
}
