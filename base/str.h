/* A string someone else owns: pointer and length, passed by value, not NUL-terminated.
 *
 * Whoever keeps a `struct str` longer than the call it came in must say in a comment what keeps the
 * bytes alive (usually an arena). */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
    const char *ptr;
    size_t len;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})

static inline bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* From a C string; `text` must outlive it. */
static inline struct str str_of(const char *text)
{
    struct str whole = {text, strlen(text)}; /* no compound literal: runtime/matcher.cc is C++ */
    return whole;
}

/* Byte order, the shorter first on a common beginning. UTF-8 makes this code-point order. */
static inline int str_cmp(struct str a, struct str b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common ? memcmp(a.ptr, b.ptr, common) : 0;
    if (order != 0) return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

static inline bool str_starts(struct str text, struct str prefix)
{
    return text.len >= prefix.len && (prefix.len == 0 || memcmp(text.ptr, prefix.ptr, prefix.len) == 0);
}

/* For printf("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)(s).len, (s).ptr

#endif
