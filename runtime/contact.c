#include "runtime/contact.h"

#include "runtime/blank.h"

#include <stdint.h>

static bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

static bool is_letter_or_digit(char c)
{
    return is_digit(c) || (unsigned char)((c | 0x20) - 'a') < 26;
}

/* One of `set`, which is ASCII; NUL is not. */
static bool is_one_of(char c, struct str set)
{
    return memchr(set.ptr, c, set.len) != NULL;
}

/* Sets of ASCII characters: a bit for each, found by the byte's upper two bits and its lower six. */
#define BIT(c) (UINT64_C(1) << ((c)&63))
#define DIGITS UINT64_C(0x03ff000000000000)
#define LETTERS UINT64_C(0x07fffffe07fffffe)
static const uint64_t mailbox_bytes[4] = {
    DIGITS | BIT('.') | BIT('!') | BIT('#') | BIT('$') | BIT('%') | BIT('&') | BIT('\'') | BIT('*') |
        BIT('+') | BIT('/') | BIT('=') | BIT('?') | BIT('-'),
    LETTERS | BIT('^') | BIT('_') | BIT('`') | BIT('{') | BIT('|') | BIT('}') | BIT('~')};
static const uint64_t label_bytes[4] = {DIGITS | BIT('-'), LETTERS};

static inline bool is_in(const uint64_t set[4], char c)
{
    return (set[(unsigned char)c >> 6] >> ((unsigned char)c & 63) & 1) != 0;
}

/* The part before the at sign. */
static bool is_mailbox(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_in(mailbox_bytes, text.ptr[i])) return false;
    return text.len > 0;
}

/* Of letters, digits and hyphens: 1 to 63, hyphens only inside. */
static bool is_domain_label(struct str text)
{
    return text.len > 0 && text.len <= 63 && text.ptr[0] != '-' && text.ptr[text.len - 1] != '-';
}

static bool is_domain(struct str text)
{
    size_t start = 0;
    for (size_t i = 0; i <= text.len; i++) {
        if (i < text.len && is_in(label_bytes, text.ptr[i])) continue;
        if (i < text.len && text.ptr[i] != '.') return false;
        if (!is_domain_label((struct str){text.ptr + start, i - start})) return false;
        start = i + 1;
    }
    return true;
}

bool contact_is_email(struct str text)
{
    const char *at = memchr(text.ptr, '@', text.len);
    if (!at) return false;
    size_t before = (size_t)(at - text.ptr);
    return is_mailbox((struct str){text.ptr, before}) &&
           is_domain((struct str){at + 1, text.len - before - 1});
}

/* `text` without `prefix`, which is in small letters and may be in any in the text. */
static bool take_prefix(struct str *text, struct str prefix)
{
    if (text->len < prefix.len) return false;
    for (size_t i = 0; i < prefix.len; i++) {
        char c = text->ptr[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c | 0x20);
        if (c != prefix.ptr[i]) return false;
    }
    *text = (struct str){text->ptr + prefix.len, text->len - prefix.len};
    return true;
}

static bool has_bad_url_byte(struct str text)
{
    while (text.len > 0) {
        unsigned char c = (unsigned char)text.ptr[0];
        if (c <= ' ' || c == 0x7f || is_one_of((char)c, STR("<>\"{}|\\^`")) || blank_next(text))
            return true;
        text = (struct str){text.ptr + 1, text.len - 1};
    }
    return false;
}

/* Empty, or a colon and a number up to 65535. */
static bool is_port(struct str text)
{
    if (text.len == 0) return true;
    if (text.ptr[0] != ':' || text.len > 6) return false;
    uint32_t port = 0;
    for (size_t i = 1; i < text.len; i++) {
        if (!is_digit(text.ptr[i])) return false;
        port = port * 10 + (uint32_t)(text.ptr[i] - '0');
    }
    return port <= 65535;
}

/* "[2001:db8::1]:8080": only its outline is looked at. */
static bool is_ip6_host(struct str text)
{
    const char *end = memchr(text.ptr, ']', text.len);
    if (!end || end - text.ptr < 3) return false;
    for (const char *at = text.ptr + 1; at < end; at++)
        if (!is_letter_or_digit(*at) && *at != ':' && *at != '.') return false;
    return is_port((struct str){end + 1, text.len - (size_t)(end + 1 - text.ptr)});
}

static bool is_host(struct str text)
{
    if (text.len > 0 && text.ptr[0] == '[') return is_ip6_host(text);
    const char *colon = text.len ? memchr(text.ptr, ':', text.len) : NULL;
    size_t host = colon ? (size_t)(colon - text.ptr) : text.len;
    if (host == 0 || text.ptr[0] == '.') return false;
    for (size_t i = 0; i < host; i++)
        if (is_one_of(text.ptr[i], STR("[]@"))) return false;
    return is_port((struct str){text.ptr + host, text.len - host});
}

bool contact_is_url(struct str text)
{
    if (has_bad_url_byte(text)) return false;
    if (!take_prefix(&text, STR("https://")) && !take_prefix(&text, STR("http://"))) return false;
    size_t end = 0;
    while (end < text.len && !is_one_of(text.ptr[end], STR("/?#"))) end++;
    size_t start = end;
    while (start > 0 && text.ptr[start - 1] != '@') start--;
    return is_host((struct str){text.ptr + start, end - start});
}

bool contact_is_phone(struct str text)
{
    size_t digits = 0;
    for (size_t i = text.len > 0 && text.ptr[0] == '+'; i < text.len; i++) {
        if (is_digit(text.ptr[i])) digits++;
        else if (!is_one_of(text.ptr[i], STR(" -.()"))) return false;
    }
    return digits >= 5 && digits <= 15;
}
