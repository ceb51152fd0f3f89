#include "tenants/slug.h"

#include "../test.h"
#include "base/limits.h"

static void every_byte_is_allowed_where_it_should_be(void)
{
    for (int c = 0; c < 256; c++) {
        const char text[] = {'a', (char)c, 'a'};
        const struct str inside = {text, 3}, first = {text + 1, 2};
        bool alnum = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'), capital = c >= 'A' && c <= 'Z';
        CHECK(slug_is_tenant_id(inside) == (alnum || c == '-'));
        CHECK(slug_is_tenant_id(first) == alnum);
        CHECK(slug_is_form_name(inside) == (alnum || c == '-' || c == '_'));
        CHECK(slug_is_form_name(first) == alnum);
        CHECK(slug_is_key(inside) == (alnum || capital || c == '-' || c == '_'));
        CHECK(slug_is_key(first) == slug_is_key(inside));
    }
}

static void lengths_are_taken_at_their_limits_and_refused_beyond(void)
{
    char text[LIMIT_IDEMPOTENCY_KEY_BYTES + 1];
    memset(text, 'a', sizeof text);
    bool fits = slug_is_tenant_id((struct str){text, LIMIT_TENANT_ID_BYTES});
    bool longer = slug_is_tenant_id((struct str){text, LIMIT_TENANT_ID_BYTES + 1});
    CHECK(fits && !longer);
    fits = slug_is_form_name((struct str){text, LIMIT_FORM_NAME_BYTES});
    longer = slug_is_form_name((struct str){text, LIMIT_FORM_NAME_BYTES + 1});
    CHECK(fits && !longer);
    fits = slug_is_key((struct str){text, LIMIT_IDEMPOTENCY_KEY_BYTES});
    longer = slug_is_key((struct str){text, LIMIT_IDEMPOTENCY_KEY_BYTES + 1});
    CHECK(fits && !longer);
    CHECK(!slug_is_tenant_id(STR("")) && !slug_is_form_name(STR("")) && !slug_is_key(STR("")));
}

int main(void)
{
    every_byte_is_allowed_where_it_should_be();
    lengths_are_taken_at_their_limits_and_refused_beyond();
    return TEST_RESULT();
}
