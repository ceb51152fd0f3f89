/* The helpers that look at text. memmem() comes from GNU: it is two-way, so linear whatever the texts.
 */
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
#define _GNU_SOURCE 1
#include "runtime/helpers.h"

#include "base/civil.h"
#include "base/decimal.h"
#include "base/limits.h"
#include "base/partial.h"
#include "base/utf8.h"
#include "runtime/blank.h"

#include <lua.h>
#include <math.h>

static int over_memory(struct lua_State *lua)
{
    return world_raise(lua, helper_world(lua), WORLD_OVER_MEMORY);
}

/* Pays for a text that is about to be made. */
void helper_charge_result(struct lua_State *lua, size_t bytes)
{
    helper_charge_text(lua, bytes);
    if (bytes > limit(TEXT_RESULT_BYTES)) over_memory(lua);
}

/* ---- one text */

/* A text argument that is about to be looked at. */
static bool charged_text(struct lua_State *lua, int index, struct str *ret_text)
{
    if (!helper_text(lua, index, ret_text)) return false;
    helper_charge_text(lua, ret_text->len);
    return true;
}

int helper_length(struct lua_State *lua)
{
    struct str text;
    if (!charged_text(lua, 1, &text)) return helper_nothing(lua);
    return helper_give_exact(lua, (int64_t)utf8_count(text));
}

typedef enum status text_case(struct arena *arena, struct str text, struct str *ret_text);

static int change_case(struct lua_State *lua, text_case *change)
{
    struct str text, changed;
    if (!charged_text(lua, 1, &text)) return helper_nothing(lua);
    struct world *world = helper_world(lua);
    if (!utf8_valid(text)) return world_raise(lua, world, WORLD_BROKEN);
    arena_reset(&world->scratch);
    enum status st = change(&world->scratch, text, &changed);
    if (st) return world_raise(lua, world, st == ST_LIMIT ? WORLD_OVER_MEMORY : WORLD_NOMEM);
    if (changed.len > limit(TEXT_RESULT_BYTES)) return over_memory(lua);
    return helper_give_text(lua, changed);
}

int helper_upper(struct lua_State *lua)
{
    return change_case(lua, utf8_upper);
}

int helper_lower(struct lua_State *lua)
{
    return change_case(lua, utf8_lower);
}

/* The byte where code point number `chars` from 0 begins, held within the text. */
static size_t offset_of(struct str text, int64_t chars)
{
    if (chars <= 0) return 0;
    return (uint64_t)chars >= text.len ? text.len : utf8_offset(text, (size_t)chars);
}

int helper_substring(struct lua_State *lua)
{
    struct str text;
    int64_t from, count;
    if (!helper_text(lua, 1, &text) || !helper_exact(lua, 2, &from) || !helper_exact(lua, 3, &count))
        return helper_nothing(lua);
    helper_charge_text(lua, text.len);
    if (count <= 0) return helper_nothing(lua);
    int64_t past; /* the place behind the last */
    if (__builtin_add_overflow(from, count, &past)) past = INT64_MAX;
    size_t start = from > 1 ? offset_of(text, from - 1) : 0, end = offset_of(text, past - 1);
    if (end <= start) return helper_nothing(lua);
    return helper_give_text(lua, (struct str){text.ptr + start, end - start});
}

int helper_words(struct lua_State *lua)
{
    struct str text;
    if (!charged_text(lua, 1, &text)) return helper_nothing(lua);
    int64_t words = 0;
    bool in_word = false;
    while (text.len > 0) {
        size_t blank = blank_is_ink(text.ptr[0]) ? 0 : blank_next(text);
        if (!blank && !in_word) words++;
        in_word = !blank;
        size_t step = blank ? blank : 1; /* the later bytes of a code point are no white space either */
        text = (struct str){text.ptr + step, text.len - step};
    }
    return helper_give_exact(lua, words);
}

/* ---- two texts */

static bool charged_texts(struct lua_State *lua, struct str *ret_a, struct str *ret_b)
{
    if (!helper_text(lua, 1, ret_a) || !helper_text(lua, 2, ret_b)) return false;
    helper_charge_text(lua, ret_a->len + ret_b->len);
    return true;
}

static int give_truth(struct lua_State *lua, bool truth)
{
    lua_pushboolean(lua, truth);
    return 1;
}

static const char *find(struct str text, struct str part)
{
    return memmem(text.ptr, text.len, part.ptr, part.len);
}

int helper_contains(struct lua_State *lua)
{
    struct str text, part;
    if (!charged_texts(lua, &text, &part)) return helper_nothing(lua);
    return give_truth(lua, find(text, part) != NULL);
}

int helper_starts_with(struct lua_State *lua)
{
    struct str text, part;
    if (!charged_texts(lua, &text, &part)) return helper_nothing(lua);
    return give_truth(lua, str_starts(text, part));
}

int helper_ends_with(struct lua_State *lua)
{
    struct str text, part;
    if (!charged_texts(lua, &text, &part)) return helper_nothing(lua);
    if (part.len > text.len) return give_truth(lua, false);
    return give_truth(lua, str_eq((struct str){text.ptr + text.len - part.len, part.len}, part));
}

int helper_text_less(struct lua_State *lua)
{
    struct str a, b;
    if (!charged_texts(lua, &a, &b)) return helper_nothing(lua);
    return give_truth(lua, str_cmp(a, b) < 0); /* UTF-8 sorts as its code points do */
}

int helper_matches(struct lua_State *lua)
{
    struct str text;
    const struct world *world = helper_world(lua);
    uint32_t number = helper_index(lua, 1, world->program->pattern_count);
    if (!charged_text(lua, 2, &text)) return helper_nothing(lua);
    const struct dfa *dfa = world->program->patterns[number].dfa;
    return give_truth(lua,
                      dfa ? dfa_match(dfa, text) : matcher_match(world->plan->matchers[number], text));
}

/* ---- putting together */

static size_t count_of(struct str text, struct str part)
{
    size_t count = 0;
    for (const char *at; (at = find(text, part)); count++)
        text = (struct str){at + part.len, text.len - (size_t)(at - text.ptr) - part.len};
    return count;
}

static char *put(char *at, struct str text)
{
    if (text.len) memcpy(at, text.ptr, text.len);
    return at + text.len;
}

static void replace_into(char *at, struct str text, struct str old, struct str new)
{
    for (const char *found; (found = find(text, old));) {
        size_t before = (size_t)(found - text.ptr);
        at = put(put(at, (struct str){text.ptr, before}), new);
        text = (struct str){found + old.len, text.len - before - old.len};
    }
    put(at, text);
}

int helper_replace(struct lua_State *lua)
{
    struct str text, old, new;
    if (!helper_text(lua, 1, &text) || !helper_text(lua, 2, &old) || !helper_text(lua, 3, &new))
        return helper_nothing(lua);
    helper_charge_text(lua, text.len);
    size_t count = old.len ? count_of(text, old) : 0;
    size_t bytes = text.len - count * old.len + count * new.len;
    helper_charge_result(lua, bytes);
    if (count == 0) {
        lua_pushvalue(lua, 1);
        return 1;
    }
    char *room = helper_room(lua, bytes);
    replace_into(room, text, old, new);
    return helper_give_text(lua, (struct str){room, bytes});
}

int helper_concat(struct lua_State *lua)
{
    int count = lua_gettop(lua);
    size_t bytes = 0;
    for (int i = 1; i <= count; i++) {
        struct str text;
        if (!helper_text(lua, i, &text)) return helper_nothing(lua);
        bytes += text.len;
    }
    helper_charge_result(lua, bytes);
    lua_concat(lua, count);
    return 1;
}

int helper_join(struct lua_State *lua)
{
    struct str separator, text;
    int count = lua_gettop(lua);
    size_t bytes = 0, texts = 0;
    if (!helper_text(lua, 1, &separator)) return helper_nothing(lua);
    for (int i = 2; i <= count; i++) {
        if (!helper_text(lua, i, &text)) continue;
        bytes += text.len + (texts++ ? separator.len : 0);
    }
    helper_charge_result(lua, bytes);
    char *room = helper_room(lua, bytes), *at = room;
    texts = 0;
    for (int i = 2; i <= count; i++) {
        if (!helper_text(lua, i, &text)) continue;
        if (texts++) at = put(at, separator);
        at = put(at, text);
    }
    return helper_give_text(lua, (struct str){room, bytes});
}

/* ---- text to values and back */

static int give_decimal(struct lua_State *lua, unsigned scale)
{
    int64_t value;
    char text[DECIMAL_TEXT_BYTES];
    if (!helper_held(lua, 3, -DECIMAL_MAX, DECIMAL_MAX, &value)) return helper_nothing(lua);
    return helper_give_text(lua, (struct str){text, decimal_format(value, scale, text)});
}

static int give_double_text(struct lua_State *lua)
{
    double value;
    char text[DOUBLE_TEXT_BYTES];
    if (!helper_double(lua, 3, &value)) return helper_nothing(lua);
    if (!isfinite(value)) return world_raise(lua, helper_world(lua), WORLD_BROKEN);
    return helper_give_text(lua, (struct str){text, double_format(value, text)});
}

static int give_moment(struct lua_State *lua, enum program_type kind)
{
    int64_t value;
    char text[CIVIL_DATETIME_BYTES];
    size_t len = 0;
    int64_t low = kind == TYPE_DATE ? CIVIL_DAY_MIN : kind == TYPE_TIME ? 0 : CIVIL_MS_MIN;
    int64_t high = kind == TYPE_DATE   ? CIVIL_DAY_MAX
                   : kind == TYPE_TIME ? CIVIL_MS_PER_DAY - 1
                                       : CIVIL_MS_MAX;
    if (!helper_held(lua, 3, low, high, &value)) return helper_nothing(lua);
    if (kind == TYPE_DATE) len = civil_format_date((int32_t)value, text);
    else if (kind == TYPE_TIME) len = civil_format_time((int32_t)value, text);
    else len = civil_format_datetime(value, 0, text);
    return helper_give_text(lua, (struct str){text, len});
}

static int give_partial(struct lua_State *lua)
{
    int64_t value;
    char text[PARTIAL_BYTES];
    if (!helper_held(lua, 3, PARTIAL_MIN, PARTIAL_MAX, &value)) return helper_nothing(lua);
    return helper_give_text(lua, (struct str){text, partial_format((int32_t)value, text)});
}

int helper_text_of(struct lua_State *lua)
{
    enum program_type kind = (enum program_type)helper_index(lua, 1, TYPE_LAST + 1);
    switch (kind) {
    case TYPE_TEXT:
        lua_settop(lua, 3);
        return 1;
    case TYPE_BOOLEAN:
        if (!lua_isboolean(lua, 3)) return helper_nothing(lua);
        return helper_give_text(lua, lua_toboolean(lua, 3) ? STR("true") : STR("false"));
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        return give_decimal(lua, helper_index(lua, 2, DECIMAL_SCALE_MAX + 1));
    case TYPE_NUMBER:
        return give_double_text(lua);
    case TYPE_DATE:
    case TYPE_TIME:
    case TYPE_DATETIME:
        return give_moment(lua, kind);
    case TYPE_YEAR_MONTH:
    case TYPE_PARTIAL_DATE:
        return give_partial(lua);
    case TYPE_NONE:
    case TYPE_CHOICE:
    case TYPE_CHOICES:
    case TYPE_RANKING:
        break;
    }
    return world_raise(lua, helper_world(lua), WORLD_BROKEN);
}

/* Digits as people write them and as they stand in parts of dates and numbers: zeros may lead, where
 * JSON forbids it. One sign only. */
static bool parse_plain(struct str text, unsigned scale, int64_t *ret_value)
{
    bool minus = text.len && text.ptr[0] == '-';
    size_t at = minus;
    while (at + 1 < text.len && text.ptr[at] == '0' && text.ptr[at + 1] >= '0' &&
           text.ptr[at + 1] <= '9')
        at++;
    struct str digits = {text.ptr + at, text.len - at};
    int64_t value;
    if (minus && digits.len && digits.ptr[0] == '-') return false;
    if (decimal_parse(digits, scale, &value) != DECIMAL_OK) return false;
    *ret_value = minus ? -value : value;
    return true;
}

static int parse_exact(struct lua_State *lua, int index, unsigned scale)
{
    struct str text;
    int64_t value;
    uint32_t chars = 0;
    if (!charged_text(lua, index, &text)) return helper_nothing(lua);
    if (!parse_plain(blank_strip(text, &chars), scale, &value)) return helper_nothing(lua);
    return helper_give_exact(lua, value);
}

int helper_parse_integer(struct lua_State *lua)
{
    return parse_exact(lua, 1, 0);
}

int helper_parse_decimal(struct lua_State *lua)
{
    return parse_exact(lua, 1, helper_index(lua, 2, DECIMAL_SCALE_MAX + 1));
}

int helper_parse_date(struct lua_State *lua)
{
    struct str text;
    int32_t day;
    uint32_t chars = 0;
    if (!helper_text(lua, 1, &text)) return helper_nothing(lua);
    if (!civil_parse_date(blank_strip(text, &chars), &day)) return helper_nothing(lua);
    return helper_give_exact(lua, day);
}
