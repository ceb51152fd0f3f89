/* Helpers: the C functions that compiled rules may call, all of dsl/helper.def.
 *
 *     lua_pushcfunction(lua, helper_function(HELPER_YEARS_BETWEEN))
 *
 * A missing argument (nil) gives nil unless helper.def says otherwise. Those whose work grows with text
 * charge before they work. An argument that the compiler would not pass ends the run as
 * WORLD_BROKEN. */
#ifndef RUNTIME_HELPERS_H
#define RUNTIME_HELPERS_H

#include "base/str.h"
#include "dsl/program.h"
#include "runtime/world.h"

#include <lua.h>
#include <stdbool.h>
#include <stdint.h>

int (*helper_function(enum program_helper helper))(struct lua_State *lua);

#define HELPER(NAME, name, arity, base_cost, note) int helper_##name(struct lua_State *lua);
#include "dsl/helper.def"
#undef HELPER

/* ---- for the helpers themselves */

static inline struct world *helper_world(struct lua_State *lua)
{
    return *(struct world **)lua_getextraspace(lua);
}

/* What argument `index` is when it is not of its type: false, missing; or the run ends. */
bool helper_other(struct lua_State *lua, int index);

/* Argument `index` from 1. False: it is missing. Of another type: the run ends. One question of Lua,
 * not two: what the compiler would not pass, 6.0 or "6" for 6, is taken for what it says. */
static inline bool helper_exact(struct lua_State *lua, int index, int64_t *ret_value)
{
    int is_exact;
    *ret_value = lua_tointegerx(lua, index, &is_exact);
    return is_exact || helper_other(lua, index);
}

/* The same of a value that the compiler keeps within [low, high]. */
static inline bool helper_held(struct lua_State *lua, int index, int64_t low, int64_t high,
                               int64_t *ret_value)
{
    if (!helper_exact(lua, index, ret_value)) return false;
    if (*ret_value < low || *ret_value > high) world_raise(lua, helper_world(lua), WORLD_BROKEN);
    return true;
}

bool helper_double(struct lua_State *lua, int index, double *ret_value);
bool helper_text(struct lua_State *lua, int index, struct str *ret_text);
/* A number that the compiler wrote there, below `count`: of a rule, a list, an option. It cannot be
 * missing. */
uint32_t helper_index(struct lua_State *lua, int index, uint32_t count);
/* Takes the price of looking at `bytes` of text. */
void helper_charge_text(struct lua_State *lua, size_t bytes);
/* The same of a text that is to be made; past TEXT_RESULT_BYTES it ends the judging. */
void helper_charge_result(struct lua_State *lua, size_t bytes);
/* The results of helpers: how many values they left. */
int helper_nothing(struct lua_State *lua);
int helper_give_exact(struct lua_State *lua, int64_t value);
int helper_give_text(struct lua_State *lua, struct str text);
/* Scratch room, until the next helper is called; ends the run when there is none. */
char *helper_room(struct lua_State *lua, size_t bytes);

#endif
