/* The helpers that check numbers by their digits. */
#include "base/checksum.h"
#include "runtime/helpers.h"

#include <lua.h>

static int check_text(struct lua_State *lua, bool (*is_right)(struct str))
{
    struct str text;
    if (!helper_text(lua, 1, &text)) return helper_nothing(lua);
    helper_charge_text(lua, text.len);
    lua_pushboolean(lua, is_right(text));
    return 1;
}

int helper_digits(struct lua_State *lua)
{
    return check_text(lua, checksum_digits_only);
}

int helper_luhn(struct lua_State *lua)
{
    return check_text(lua, checksum_luhn);
}

int helper_mod97(struct lua_State *lua)
{
    return check_text(lua, checksum_mod97);
}

int helper_iban(struct lua_State *lua)
{
    return check_text(lua, checksum_iban);
}

/* Of (text, weights, modulus). Answers -1 when the text is no such number, false when it is missing. */
static bool sum_of(struct lua_State *lua, int64_t *ret_sum)
{
    enum { TEXT = 1, WEIGHTS, MODULUS };
    struct str text, weights;
    int64_t modulus;
    if (!helper_text(lua, TEXT, &text) || !helper_text(lua, WEIGHTS, &weights) ||
        !helper_held(lua, MODULUS, 2, INT32_MAX, &modulus))
        return false;
    helper_charge_text(lua, text.len);
    helper_charge_text(lua, weights.len);
    if (!checksum_sum(text, weights, modulus, ret_sum)) *ret_sum = -1;
    return true;
}

int helper_weighed(struct lua_State *lua)
{
    int64_t sum;
    if (!sum_of(lua, &sum)) return helper_nothing(lua);
    lua_pushboolean(lua, sum == 0);
    return 1;
}

int helper_checksum(struct lua_State *lua)
{
    int64_t sum;
    if (!sum_of(lua, &sum) || sum < 0) return helper_nothing(lua);
    return helper_give_exact(lua, sum);
}
