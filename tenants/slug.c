#include "tenants/slug.h"

#include "base/limits.h"
#include "base/word.h"

static bool is_small_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || word_is_digit(c);
}

static bool is_slug(struct str text, size_t len_max, const char *more)
{
    if (text.len == 0 || text.len > len_max || !is_small_or_digit(text.ptr[0])) return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!is_small_or_digit(c) && (c == '\0' || !strchr(more, c))) return false;
    }
    return true;
}

bool slug_is_tenant_id(struct str text)
{
    return is_slug(text, limit(TENANT_ID_BYTES), "-");
}

bool slug_is_form_name(struct str text)
{
    return is_slug(text, limit(FORM_NAME_BYTES), "-_");
}

bool slug_is_key(struct str text)
{
    return text.len > 0 && text.len <= limit(IDEMPOTENCY_KEY_BYTES) && word_is_plain(text);
}
