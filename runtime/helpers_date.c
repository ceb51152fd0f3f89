/* The helpers that know the calendar and the zone. */
#include "runtime/helpers.h"

#include "base/civil.h"
#include "base/partial.h"

#include <lua.h>

/* Inline: rules ask for ages in every row. */
static inline __attribute__((always_inline)) bool day_at(struct lua_State *lua, int index,
                                                         int32_t *ret_day)
{
    int64_t day;
    if (!helper_held(lua, index, CIVIL_DAY_MIN, CIVIL_DAY_MAX, &day)) return false;
    *ret_day = (int32_t)day;
    return true;
}

static bool instant_at(struct lua_State *lua, int index, int64_t *ret_ms)
{
    return helper_held(lua, index, CIVIL_MS_MIN, CIVIL_MS_MAX, ret_ms);
}

static int date_fault(struct lua_State *lua)
{
    struct world *world = helper_world(lua);
    return world_fault(lua, world, FAULT_DATE_RANGE, helper_index(lua, 1, world->program->rule_count));
}

/* ---- days */

int helper_date(struct lua_State *lua)
{
    int64_t year, month, day;
    if (!helper_exact(lua, 1, &year) || !helper_exact(lua, 2, &month) || !helper_exact(lua, 3, &day))
        return helper_nothing(lua);
    if (!civil_exists(year, month, day)) return helper_nothing(lua);
    return helper_give_exact(lua, civil_day_of((int32_t)year, (int32_t)month, (int32_t)day));
}

int helper_year(struct lua_State *lua)
{
    int32_t day;
    return day_at(lua, 1, &day) ? helper_give_exact(lua, civil_date_of(day).year) : helper_nothing(lua);
}

int helper_month(struct lua_State *lua)
{
    int32_t day;
    return day_at(lua, 1, &day) ? helper_give_exact(lua, civil_date_of(day).month)
                                : helper_nothing(lua);
}

int helper_day(struct lua_State *lua)
{
    int32_t day;
    return day_at(lua, 1, &day) ? helper_give_exact(lua, civil_date_of(day).day) : helper_nothing(lua);
}

int helper_weekday(struct lua_State *lua)
{
    int32_t day;
    return day_at(lua, 1, &day) ? helper_give_exact(lua, civil_weekday(day)) : helper_nothing(lua);
}

int helper_end_of_month(struct lua_State *lua)
{
    int32_t day;
    return day_at(lua, 1, &day) ? helper_give_exact(lua, civil_month_end(day)) : helper_nothing(lua);
}

int helper_years_between(struct lua_State *lua)
{
    int32_t from, to;
    if (!day_at(lua, 1, &from) || !day_at(lua, 2, &to)) return helper_nothing(lua);
    return helper_give_exact(lua, civil_years_between(from, to));
}

int helper_months_between(struct lua_State *lua)
{
    int32_t from, to;
    if (!day_at(lua, 1, &from) || !day_at(lua, 2, &to)) return helper_nothing(lua);
    return helper_give_exact(lua, civil_months_between(from, to));
}

int helper_add_days(struct lua_State *lua)
{
    int32_t day;
    int64_t count;
    if (!day_at(lua, 2, &day) || !helper_exact(lua, 3, &count)) return helper_nothing(lua);
    return civil_add_days(day, count, &day) ? helper_give_exact(lua, day) : date_fault(lua);
}

int helper_add_months(struct lua_State *lua)
{
    int32_t day;
    int64_t count;
    if (!day_at(lua, 2, &day) || !helper_exact(lua, 3, &count)) return helper_nothing(lua);
    return civil_add_months(day, count, &day) ? helper_give_exact(lua, day) : date_fault(lua);
}

/* ---- what is known of a day */

static bool partial_at(struct lua_State *lua, int index, int32_t *ret_partial)
{
    int64_t partial;
    if (!helper_held(lua, index, PARTIAL_MIN, PARTIAL_MAX, &partial)) return false;
    if (!partial_exists(partial)) world_raise(lua, helper_world(lua), WORLD_BROKEN);
    *ret_partial = (int32_t)partial;
    return true;
}

int helper_partial_year(struct lua_State *lua)
{
    int32_t partial;
    if (!partial_at(lua, 1, &partial)) return helper_nothing(lua);
    return helper_give_exact(lua, partial_date(partial).year);
}

static int give_known(struct lua_State *lua, int32_t number)
{
    return number ? helper_give_exact(lua, number) : helper_nothing(lua);
}

int helper_partial_month(struct lua_State *lua)
{
    int32_t partial;
    return partial_at(lua, 1, &partial) ? give_known(lua, partial_date(partial).month)
                                        : helper_nothing(lua);
}

int helper_partial_day(struct lua_State *lua)
{
    int32_t partial;
    return partial_at(lua, 1, &partial) ? give_known(lua, partial_date(partial).day)
                                        : helper_nothing(lua);
}

int helper_precision(struct lua_State *lua)
{
    int32_t partial;
    if (!partial_at(lua, 1, &partial)) return helper_nothing(lua);
    return helper_give_exact(lua, partial_precision(partial));
}

int helper_earliest(struct lua_State *lua)
{
    int32_t partial;
    if (!partial_at(lua, 1, &partial)) return helper_nothing(lua);
    return helper_give_exact(lua, partial_earliest(partial));
}

int helper_latest(struct lua_State *lua)
{
    int32_t partial;
    if (!partial_at(lua, 1, &partial)) return helper_nothing(lua);
    return helper_give_exact(lua, partial_latest(partial));
}

int helper_year_month(struct lua_State *lua)
{
    int32_t day;
    return day_at(lua, 1, &day) ? helper_give_exact(lua, partial_month_of(day)) : helper_nothing(lua);
}

int helper_shift_month(struct lua_State *lua)
{
    int32_t month;
    int64_t count;
    if (!partial_at(lua, 2, &month) || !helper_exact(lua, 3, &count)) return helper_nothing(lua);
    if (partial_precision(month) != 2) return world_raise(lua, helper_world(lua), WORLD_BROKEN);
    return partial_add_months(month, count, &month) ? helper_give_exact(lua, month) : date_fault(lua);
}

/* ---- instants */

/* The day and time that the clocks of the judging's zone show. */
static bool wall_at(struct lua_State *lua, int64_t ms, int32_t *ret_day, int32_t *ret_time)
{
    return civil_split(ms, world_offset_ms(&helper_world(lua)->moment, ms), ret_day, ret_time);
}

int helper_date_of(struct lua_State *lua)
{
    int64_t ms;
    int32_t day, time;
    if (!instant_at(lua, 2, &ms)) return helper_nothing(lua);
    return wall_at(lua, ms, &day, &time) ? helper_give_exact(lua, day) : date_fault(lua);
}

int helper_time_of(struct lua_State *lua)
{
    int64_t ms;
    if (!instant_at(lua, 1, &ms)) return helper_nothing(lua);
    int64_t time = (ms + world_offset_ms(&helper_world(lua)->moment, ms)) % CIVIL_MS_PER_DAY;
    return helper_give_exact(lua, time < 0 ? time + CIVIL_MS_PER_DAY : time);
}

static int give_instant(struct lua_State *lua, int64_t ms)
{
    return ms >= CIVIL_MS_MIN && ms <= CIVIL_MS_MAX ? helper_give_exact(lua, ms) : date_fault(lua);
}

int helper_add_ms(struct lua_State *lua)
{
    int64_t ms, more, sum;
    if (!instant_at(lua, 2, &ms) || !helper_exact(lua, 3, &more)) return helper_nothing(lua);
    return __builtin_add_overflow(ms, more, &sum) ? date_fault(lua) : give_instant(lua, sum);
}

int helper_add_months_instant(struct lua_State *lua)
{
    int64_t ms, count;
    int32_t day, time;
    if (!instant_at(lua, 2, &ms) || !helper_exact(lua, 3, &count)) return helper_nothing(lua);
    if (!wall_at(lua, ms, &day, &time) || !civil_add_months(day, count, &day)) return date_fault(lua);
    int64_t wall = day * INT64_C(86400) + time / 1000;
    return give_instant(lua,
                        zone_to_utc(helper_world(lua)->moment.zone, wall, NULL) * 1000 + time % 1000);
}

int helper_minutes_between(struct lua_State *lua)
{
    int64_t from, to;
    if (!instant_at(lua, 1, &from) || !instant_at(lua, 2, &to)) return helper_nothing(lua);
    return helper_give_exact(lua, (to - from) / 60000);
}
