#include "base/print.h"
#include "tests/test.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>

enum { ROOM = 256 };

static size_t print_all(char *room, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static size_t print_all(char *room, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    size_t len = print(room, size, format, args);
    va_end(args);
    return len;
}

/* What the C library makes of it, in every room from none to plenty. */
#define SAME(...)                                                                                      \
    do {                                                                                               \
        for (size_t size = 0; size < ROOM; size++) {                                                   \
            char ours[ROOM + 1], theirs[ROOM + 1];                                                     \
            memset(ours, '#', sizeof ours);                                                            \
            memset(theirs, '#', sizeof theirs);                                                        \
            size_t len = print_all(ours, size, __VA_ARGS__);                                           \
            CHECK(len == (size_t)measure(theirs, size, __VA_ARGS__));                                  \
            CHECK(memcmp(ours, theirs, sizeof ours) == 0);                                             \
        }                                                                                              \
    } while (0)

static int measure(char *room, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static int measure(char *room, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(room, size, format, args);
    va_end(args);
    return len;
}

static void texts_are_written_as_the_library_writes_them(void)
{
    SAME("plain");
    SAME("%s", "");
    SAME("<%s%s>", "a text", "and another");
    SAME("%.*s|%.*s", 3, "abcdef", 9, "short");
    SAME("%.*s", -1, "all of it");
    SAME("%c%c%%", 'x', 'y');
    SAME(" S[%u]=a%u", 17u, 4u);
}

static void numbers_of_every_length_are_written_as_the_library_writes_them(void)
{
    SAME("%d %i %d", 0, -1, INT_MIN);
    SAME("%u %x", UINT_MAX, 0xbeefu);
    SAME("%ld %lu %lx", LONG_MIN, ULONG_MAX, 255ul);
    SAME("%lld %llu %llx", LLONG_MIN, ULLONG_MAX, 0x123456789abcdefull);
    SAME("%zu %zd %zx", SIZE_MAX, (ptrdiff_t)-5, (size_t)16);
}

static void what_is_not_its_own_is_the_librarys_from_the_beginning(void)
{
    SAME("%s %u %03d %s", "before", 7u, 5, "after");
    SAME("%.17g and %s", 0.1, "more");
    SAME("%-6s|%5.2f|%p", "left", 1.5, (void *)0);
    SAME("%hhu %hd %jd %X %o", (unsigned char)200, (short)-3, (intmax_t)9, 0xabcu, 8u);
}

/* An empty text may have no address. */
static void a_text_of_no_bytes_is_not_looked_at(void)
{
    char room[8];
    const char *volatile none = NULL;
    CHECK(print_all(room, sizeof room, "<%.*s>", 0, none) == 2 && strcmp(room, "<>") == 0);
}

static void without_room_it_only_counts(void)
{
    CHECK(print_all(NULL, 0, "%s-%d", "abc", 12) == 6);
}

int main(void)
{
    texts_are_written_as_the_library_writes_them();
    numbers_of_every_length_are_written_as_the_library_writes_them();
    what_is_not_its_own_is_the_librarys_from_the_beginning();
    a_text_of_no_bytes_is_not_looked_at();
    without_room_it_only_counts();
    return TEST_RESULT();
}
