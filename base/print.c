#include "base/print.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Where the text goes: what does not fit is counted only. */
struct sink {
    char *room;
    size_t size, len;
};

static void put(struct sink *sink, const char *text, size_t len)
{
    size_t left = sink->len < sink->size ? sink->size - sink->len : 0, part = len < left ? len : left;
    if (part) memcpy(sink->room + sink->len, text, part);
    sink->len += len;
}

static void put_number(struct sink *sink, uint64_t value, unsigned base, bool negative)
{
    char digits[24];
    size_t first = sizeof digits;
    do digits[--first] = "0123456789abcdef"[value % base];
    while (value /= base);
    if (negative) digits[--first] = '-';
    put(sink, digits + first, sizeof digits - first);
}

static void put_signed(struct sink *sink, int64_t value)
{
    put_number(sink, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10, value < 0);
}

enum length { LENGTH_INT, LENGTH_LONG, LENGTH_LONG_LONG, LENGTH_SIZE };

/* One directive, its '%' read. */
struct directive {
    char kind;
    enum length length;
    bool counted; /* "%.*s" */
};

static bool is_plain(char kind)
{
    return kind == 's' || kind == 'd' || kind == 'u' || kind == 'c' || kind == 'i' || kind == 'x' ||
           kind == '%';
}

/* Behind the directive, or NULL: it is not one of ours. */
static const char *read_directive(const char *at, struct directive *ret)
{
    *ret = (struct directive){.kind = *at};
    if (is_plain(*at)) return at + 1;
    if (at[0] == '.' && at[1] == '*' && at[2] == 's') {
        *ret = (struct directive){.kind = 's', .counted = true};
        return at + 3;
    }
    if (at[0] == 'l') ret->length = at[1] == 'l' ? LENGTH_LONG_LONG : LENGTH_LONG;
    else if (at[0] == 'z') ret->length = LENGTH_SIZE;
    else return NULL;
    at += ret->length == LENGTH_LONG_LONG ? 2 : 1;
    ret->kind = *at;
    return *at && strchr("diux", *at) ? at + 1 : NULL;
}

/* C has no way to hand an argument list on by reference but in a struct. */
struct arguments {
    va_list list;
};

static uint64_t next_unsigned(struct arguments *args, enum length length)
{
    switch (length) {
    case LENGTH_INT:
        return va_arg(args->list, unsigned);
    case LENGTH_LONG:
        return va_arg(args->list, unsigned long);
    case LENGTH_LONG_LONG:
        return va_arg(args->list, unsigned long long);
    case LENGTH_SIZE:
        break;
    }
    return va_arg(args->list, size_t);
}

static int64_t next_signed(struct arguments *args, enum length length)
{
    switch (length) {
    case LENGTH_INT:
        return va_arg(args->list, int);
    case LENGTH_LONG:
        return va_arg(args->list, long);
    case LENGTH_LONG_LONG:
        return va_arg(args->list, long long);
    case LENGTH_SIZE:
        break;
    }
    return va_arg(args->list, ptrdiff_t);
}

static void put_text(struct sink *sink, struct arguments *args, bool counted)
{
    int most = counted ? va_arg(args->list, int) : -1;
    const char *text = va_arg(args->list, const char *);
    if (most < 0) put(sink, text, strlen(text));
    else if (most > 0) put(sink, text, strnlen(text, (size_t)most)); /* no bytes may have no address */
}

static void put_directive(struct sink *sink, const struct directive *directive, struct arguments *args)
{
    char c = '%';
    switch (directive->kind) {
    case 's':
        put_text(sink, args, directive->counted);
        break;
    case 'c':
        c = (char)va_arg(args->list, int);
        put(sink, &c, 1);
        break;
    case '%':
        put(sink, &c, 1);
        break;
    case 'd':
    case 'i':
        put_signed(sink, next_signed(args, directive->length));
        break;
    default:
        put_number(sink, next_unsigned(args, directive->length), directive->kind == 'x' ? 16 : 10,
                   false);
    }
}

/* Up to the next directive. Pieces are short: looking at their bytes is faster than any search. */
static const char *put_literal(struct sink *sink, const char *format)
{
    const char *end = format;
    while (*end && *end != '%') end++;
    if (end > format) put(sink, format, (size_t)(end - format));
    return end;
}

/* False: a directive is not one of ours. */
static bool print_ours(struct sink *sink, const char *format, struct arguments *args)
{
    struct directive directive;
    while (*(format = put_literal(sink, format))) {
        format = read_directive(format + 1, &directive);
        if (!format) return false;
        put_directive(sink, &directive, args);
    }
    return true;
}

size_t print(char *room, size_t size, const char *format, va_list args)
{
    struct sink sink = {room, size, 0};
    struct arguments own;
    va_copy(own.list, args);
    bool ours = print_ours(&sink, format, &own);
    va_end(own.list);
    if (!ours) {
        int len = vsnprintf(room, size, format, args);
        assert(len >= 0);
        return (size_t)len;
    }
    if (size) room[sink.len < size ? sink.len : size - 1] = '\0';
    return sink.len;
}
