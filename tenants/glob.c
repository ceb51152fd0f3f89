#include "tenants/glob.h"

#include <sqlite3.h>
#include <stdint.h>
#include <string.h>

/* Of ASCII's characters. */
struct set {
    uint64_t of[2];
};

static void set_add(struct set *set, unsigned char from, unsigned char to)
{
    for (unsigned c = from; c <= to; c++) set->of[c / 64] |= UINT64_C(1) << c % 64;
}

static bool set_has(const struct set *set, unsigned char c)
{
    return c < 128 && set->of[c / 64] >> c % 64 & 1;
}

/* "*[^A-Za-z0-9_-]*": of letters, digits, "_" and "-", with ranges. False: it is of another kind. */
static bool read_set(const char *pattern, struct set *ret_set)
{
    struct set set = {{0}};
    if (strncmp(pattern, "*[^", 3) != 0) return false;
    const char *at = pattern + 3;
    for (; *at && *at != ']'; at++) {
        bool range = at[1] == '-' && at[2] && at[2] != ']';
        unsigned char from = (unsigned char)*at, to = (unsigned char)at[range ? 2 : 0];
        if (from >= 128 || to >= 128 || (from == '-' && range)) return false;
        set_add(&set, from, from); /* also when the range ends before it begins */
        set_add(&set, from, to);
        if (range) at += 2;
    }
    *ret_set = set;
    return at > pattern + 3 && strcmp(at, "]*") == 0;
}

/* A byte of a longer character is in no set of these. */
static bool has_other(const struct set *set, const char *text)
{
    while (*text && set_has(set, (unsigned char)*text)) text++;
    return *text != '\0';
}

bool glob_matches(const char *pattern, const char *text)
{
    struct set set;
    return read_set(pattern, &set) ? has_other(&set, text) : sqlite3_strglob(pattern, text) == 0;
}

/* NULL when either is. */
static void glob(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    const char *pattern = (const char *)sqlite3_value_text(values[0]),
               *text = (const char *)sqlite3_value_text(values[1]);
    if (pattern && text) sqlite3_result_int(context, glob_matches(pattern, text));
}

int glob_install(sqlite3 *handle)
{
    enum { TRAITS = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS };
    return sqlite3_create_function_v2(handle, "glob", 2, TRAITS, NULL, glob, NULL, NULL, NULL);
}
