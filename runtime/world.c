#include "runtime/world.h"

#include "base/civil.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "runtime/bridge.h"
#include "runtime/helpers.h"
#include "runtime/value.h"
#include "runtime/watchdog.h"

#include <assert.h>
#include <lua.h>
#include <math.h>

/* Where the registry holds what runs need; Lua itself uses 1 and 2. */
enum { REGISTRY_SLOTS = LUA_RIDX_LAST + 1, REGISTRY_BRIDGE, REGISTRY_RULES };
/* The stack of a run. */
enum { AT_SLOTS = 1, AT_BRIDGE, AT_RULES };
enum { PIECE_BYTES = 1024, STACK_SPARE = 10 };

/* ---- how it ends */

int world_raise(struct lua_State *lua, struct world *world, enum world_end end)
{
    world->end = end;
    lua_pushlightuserdata(lua, world); /* allocates nothing, so no other error can take its place */
    return lua_error(lua);
}

/* Local number `i` of the frame, if it is the row's: "i0". */
static bool take_row(lua_State *lua, const char *name, uint32_t count, uint32_t *ret_row)
{
    int is_row;
    lua_Integer row = lua_tointegerx(lua, -1, &is_row);
    lua_pop(lua, 1);
    if (strcmp(name, "i0") != 0 || !is_row || row < 1 || row > count) return false;
    *ret_row = (uint32_t)row;
    return true;
}

/* The row that the rule is at. Rules do not say it with every operation that may fault, which would
 * cost the good ones: it is looked for in the caller's locals when one has. */
static uint32_t row_of_fault(lua_State *lua, const struct world *world, uint32_t rule)
{
    uint32_t scope = world->program->rules[rule].scope, row = 0;
    lua_Debug caller;
    const char *name;
    if (scope == 0 || !world->answers || !lua_getstack(lua, 1, &caller)) return 0;
    for (int i = 1; (name = lua_getlocal(lua, &caller, i)); i++)
        if (take_row(lua, name, world->answers->tables[scope].count, &row)) break;
    return row;
}

int world_fault(struct lua_State *lua, struct world *world, enum fault_kind kind, uint32_t rule)
{
    world->fault_row = row_of_fault(lua, world, rule);
    world->fault = kind;
    world->fault_rule = rule;
    return world_raise(lua, world, WORLD_FAULT);
}

static struct world *world_of(lua_State *lua)
{
    return *(struct world **)lua_getextraspace(lua);
}

/* The watchdog's hook. */
static void too_late(lua_State *lua, lua_Debug *event)
{
    (void)event;
    world_raise(lua, world_of(lua), WORLD_OVER_TIME);
}

/* Calls `function` with nothing but the world to go by, for so long at most. */
static void protect(struct world *world, lua_CFunction function, int64_t ms)
{
    const int64_t deadline_ns = clock_steady_ns(clock_system()) + ms * 1000000;
    world->end = WORLD_NOMEM;
    if (watchdog_watch(world->lua, too_late, deadline_ns) != ST_OK) return;
    world->end = WORLD_DONE;
    lua_pushcfunction(world->lua, function);
    int rc = lua_pcall(world->lua, 0, 0, 0);
    watchdog_leave();
    if (rc == LUA_OK) return;
    lua_settop(world->lua, 0);
    if (rc == LUA_ERRMEM) world->end = world->heap.capped ? WORLD_OVER_MEMORY : WORLD_NOMEM;
    else if (world->end == WORLD_DONE) world->end = WORLD_BROKEN;
}

/* ---- making it */

/* The table that S[slot] is to be, with room for so many rows. */
static void open_column(lua_State *lua, uint32_t slot, int rows)
{
    lua_createtable(lua, rows, 0);
    lua_rawseti(lua, -2, slot);
}

/* The bridge writes some rows at once, and writing is quickest where there is room already. */
static void open_ports(lua_State *lua, const struct plan_port *ports, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) open_column(lua, ports[i].slot, BRIDGE_ROWS);
}

/* S, with a column for each slot of rows. */
static void open_slots(lua_State *lua, const struct plan *plan)
{
    const struct program *program = plan->program;
    lua_createtable(lua, (int)program->slot_count, 0);
    for (uint32_t i = 1; i < program->scope_count; i++) {
        const struct program_scope *scope = &program->scopes[i];
        for (uint32_t slot = scope->first_slot; slot < scope->first_slot + scope->slot_count; slot++)
            open_column(lua, slot, 0);
        open_ports(lua, plan->scopes[i].inputs, plan->scopes[i].input_count);
        open_ports(lua, plan->scopes[i].outputs, plan->scopes[i].output_count);
    }
    for (uint32_t i = 1; i < program->scope_count; i++) {
        const struct program_scope *scope = &program->scopes[i];
        uint32_t slots[] = {scope->parent_slot, scope->begin_slot};
        for (int k = 0; k < 2; k++)
            if (slots[k]) open_column(lua, slots[k], 0);
    }
    lua_rawseti(lua, LUA_REGISTRYINDEX, REGISTRY_SLOTS);
}

/* Text for Lua's parser, which calls no hook: a piece at a time, so that the watchdog's is seen. */
static const char *next_piece(lua_State *lua, void *rest, size_t *ret_len)
{
    struct str *text = rest;
    const char *piece = text->ptr;
    if (lua_gethook(lua)) world_raise(lua, world_of(lua), WORLD_OVER_TIME);
    *ret_len = text->len < PIECE_BYTES ? text->len : PIECE_BYTES;
    *text = (struct str){piece + *ret_len, text->len - *ret_len};
    return piece;
}

/* Leaves the text as a function on the stack. */
static void load_text(lua_State *lua, struct world *world, struct str text, const char *name)
{
    world->heap.any_keys = true; /* the parser keeps each constant in one table */
    int rc = lua_load(lua, next_piece, &text, name, "t");
    world->heap.any_keys = false;
    if (rc) lua_error(lua);
}

/* ---- parsing
 *
 * Lua's parser leaves a world with holes where its tables were, a third of what it holds. So texts are
 * parsed in a state of their own, which is then closed, and their functions go over as Lua writes them
 * (lua_dump): made here of text a moment ago and read once, they are the only bytecode that is ever
 * loaded. */

static int put_code(lua_State *lua, const void *bytes, size_t size, void *user)
{
    struct buf *code = user;
    (void)lua;
    buf_put(code, (struct str){bytes, size});
    return buf_failed(code);
}

/* One function more: its length, then its bytes. */
static void parse_text(lua_State *lua, struct world *world, struct str text, const char *name)
{
    size_t at = world->code.len, len = 0;
    load_text(lua, world, text, name);
    buf_put(&world->code, (struct str){(const char *)&len, sizeof len});
    if (buf_failed(&world->code) || lua_dump(lua, put_code, &world->code, 0))
        world_raise(lua, world, world->code.failure == ST_LIMIT ? WORLD_OVER_MEMORY : WORLD_NOMEM);
    len = world->code.len - at - sizeof len;
    memcpy(world->code.ptr + at, &len, sizeof len);
    lua_settop(lua, 0);
}

static void parse_way(lua_State *lua, struct world *world, uint32_t scope, enum bridge_way way)
{
    uint32_t parts = bridge_parts(world->plan, scope, way);
    for (uint32_t i = 0; i < parts; i++) {
        buf_reset(&world->text);
        bridge_put(world->plan, scope, way, i, &world->text);
        if (buf_failed(&world->text)) world_raise(lua, world, WORLD_NOMEM);
        parse_text(lua, world, buf_str(&world->text), "=bridge");
    }
}

/* Runs protected. The functions of the ways in, scope after scope, then those of the ways out, in the
 * order in which a run calls them; then the chunks. */
static int parse_protected(lua_State *lua)
{
    struct world *world = world_of(lua);
    uint32_t scopes = world->program->scope_count;
    for (uint32_t i = 0; i < scopes; i++) parse_way(lua, world, i, BRIDGE_IN);
    for (uint32_t i = 0; i < scopes; i++) parse_way(lua, world, i, BRIDGE_OUT);
    for (uint32_t i = 0; i < world->program->chunk_count; i++)
        parse_text(lua, world, world->program->chunks[i].lua, "=rules");
    return 0;
}

/* ---- and what was parsed */

static const char *next_code(lua_State *lua, void *rest, size_t *ret_len)
{
    struct str *code = rest, whole = *code;
    (void)lua;
    *code = (struct str){whole.ptr + whole.len, 0};
    *ret_len = whole.len;
    return whole.len ? whole.ptr : NULL;
}

/* Leaves the next function on the stack. */
static void take_function(lua_State *lua, struct world *world, const char *name)
{
    struct str code;
    memcpy(&code.len, world->code.ptr + world->code_at, sizeof code.len);
    code.ptr = world->code.ptr + world->code_at + sizeof code.len;
    world->code_at += sizeof code.len + code.len;
    if (lua_load(lua, next_code, &code, name, "b")) lua_error(lua);
}

/* Leaves the chunk's function on the stack: `chunk(h1, h2, …)` → `f`. */
static void open_chunk(lua_State *lua, struct world *world, const struct program_chunk *chunk)
{
    take_function(lua, world, "=rules");
    lua_pushnil(lua);
    lua_setupvalue(lua, -2, 1); /* _ENV: a global is now an error */
    if (!lua_checkstack(lua, (int)chunk->helper_count)) world_raise(lua, world, WORLD_BROKEN);
    for (uint32_t i = 0; i < chunk->helper_count; i++)
        lua_pushcfunction(lua, helper_function(chunk->helpers[i]));
    lua_call(lua, (int)chunk->helper_count, 1);
    if (!lua_isfunction(lua, -1)) world_raise(lua, world, WORLD_BROKEN);
}

/* In the order in which they were parsed. */
static void open_bridge(lua_State *lua, struct world *world)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < world->program->scope_count; i++)
        count += bridge_parts(world->plan, i, BRIDGE_IN) + bridge_parts(world->plan, i, BRIDGE_OUT);
    lua_createtable(lua, (int)count, 0);
    for (uint32_t i = 1; i <= count; i++) {
        take_function(lua, world, "=bridge");
        lua_call(lua, 0, 1);
        if (!lua_isfunction(lua, -1)) world_raise(lua, world, WORLD_BROKEN);
        lua_rawseti(lua, -2, i);
    }
    lua_rawseti(lua, LUA_REGISTRYINDEX, REGISTRY_BRIDGE);
}

/* Runs protected. A chunk is not yet part of a judging: it may not charge or judge. */
static int open_protected(lua_State *lua)
{
    struct world *world = world_of(lua);
    open_slots(lua, world->plan);
    open_bridge(lua, world);
    lua_gc(lua, LUA_GCCOLLECT, 0); /* the chunks have run, and are in the way; what they return stays */
    lua_createtable(lua, (int)world->program->chunk_count, 0);
    for (uint32_t i = 0; i < world->program->chunk_count; i++) {
        open_chunk(lua, world, &world->program->chunks[i]);
        lua_rawseti(lua, 1, i + 1);
    }
    lua_rawseti(lua, LUA_REGISTRYINDEX, REGISTRY_RULES);
    lua_gc(lua, LUA_GCCOLLECT, 0);
    return 0;
}

static void open_state(struct world *world, lua_CFunction function)
{
    lua_heap_init(&world->heap, world->mem, limit(JUDGE_LUA_BYTES));
    world->lua = lua_newstate(lua_heap_alloc, &world->heap);
    if (!world->lua) {
        world->end = WORLD_NOMEM;
        return;
    }
    *(struct world **)lua_getextraspace(world->lua) = world;
    protect(world, function, limit(LOAD_MS));
}

static void close_state(struct world *world)
{
    if (world->lua) lua_close(world->lua);
    world->lua = NULL;
    lua_heap_release(&world->heap);
}

static uint32_t wider(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* For the widest call: what goes to a direct chunk or comes from it, or the first part of a bridge. */
static int stack_room(const struct world *world)
{
    const struct plan *plan = world->plan;
    uint32_t wide = plan->direct ? wider(plan->scopes[0].input_count, plan->scopes[0].output_count) : 0;
    for (uint32_t i = 0; i < world->program->scope_count; i++) {
        uint32_t values = i ? BRIDGE_ROWS : 1;
        for (enum bridge_way way = BRIDGE_IN; way <= BRIDGE_OUT; way++)
            if (bridge_parts(plan, i, way) > 0)
                wide = wider(wide, bridge_part(plan, i, way, 0).count * values);
    }
    return (int)wide + STACK_SPARE;
}

static void open_lua(struct world *world)
{
    world->stack_room = stack_room(world);
    buf_init(&world->text, world->mem, limit(JUDGE_LUA_BYTES));
    buf_init(&world->code, world->mem, limit(JUDGE_LUA_BYTES));
    open_state(world, parse_protected);
    close_state(world);
    if (world->end == WORLD_DONE) open_state(world, open_protected);
    buf_release(&world->text);
    buf_release(&world->code);
}

enum status world_new(struct mem *mem, const struct program *program, struct world **ret_world)
{
    return world_new_among(mem, NULL, program, ret_world);
}

enum status world_new_among(struct mem *mem, struct plan_holds *holds, const struct program *program,
                            struct world **ret_world)
{
    struct world *world = mem_zalloc(mem, sizeof *world);
    if (!world) return ST_NOMEM;
    world->mem = mem;
    world->moment.zone = zone_utc();
    world->program = program_retain((struct program *)program);
    arena_init(&world->scratch, mem, limit(JUDGE_ARENA_BYTES));
    enum status st = plan_hold_take(holds, mem, program, &world->hold);
    if (st) goto fail;
    world->plan = &world->hold->plan;
    if (program->chunk_count > 0) open_lua(world);
    if (world->end == WORLD_NOMEM) {
        st = ST_NOMEM;
        goto fail;
    }
    *ret_world = world;
    return ST_OK;
fail:
    world_free(world);
    return st;
}

void world_free(struct world *world)
{
    if (!world) return;
    close_state(world);
    plan_hold_leave(world->hold);
    arena_release(&world->scratch);
    program_release(world->program);
    mem_free(world->mem, world, sizeof *world);
}

/* ---- slots over to Lua */

/* What is not an integer to Lua. */
static __attribute__((noinline)) void push_other(lua_State *lua, enum program_type type,
                                                 const struct slot *slot)
{
    if (type == TYPE_BOOLEAN) lua_pushboolean(lua, slot->value.exact != 0);
    else if (type == TYPE_NUMBER) lua_pushnumber(lua, slot->value.number);
    else lua_pushlstring(lua, slot->value.text, slot->len);
}

static bool is_integer(enum program_type type)
{
    switch (type) {
    case TYPE_TEXT:
    case TYPE_CHOICES:
    case TYPE_RANKING:
    case TYPE_BOOLEAN:
    case TYPE_NUMBER:
        return false;
    default:
        return true;
    }
}

static inline void push_slot(lua_State *lua, enum program_type type, const struct slot *slot)
{
    if (slot->state != SLOT_SET) lua_pushnil(lua);
    else if (is_integer(type)) lua_pushinteger(lua, slot->value.exact);
    else push_other(lua, type, slot);
}

static void set_integer(lua_State *lua, uint32_t slot, int64_t value)
{
    if (!slot) return;
    lua_pushinteger(lua, value);
    lua_rawseti(lua, AT_SLOTS, slot);
}

/* Which rows belong to which row around them. */
static void fill_nesting(lua_State *lua, const struct program_scope *scope, const struct table *table)
{
    set_integer(lua, scope->rows_slot, table->count);
    if (scope->parent_slot) {
        lua_rawgeti(lua, AT_SLOTS, scope->parent_slot);
        for (uint32_t row = 0; row < table->count; row++) {
            lua_pushinteger(lua, (lua_Integer)table->parents[row] + 1);
            lua_rawseti(lua, -2, row + 1);
        }
        lua_pop(lua, 1);
    }
    if (!scope->begin_slot) return;
    lua_rawgeti(lua, AT_SLOTS, scope->begin_slot);
    for (uint32_t p = 0; p <= table->brood_count; p++) {
        uint32_t begin = p < table->brood_count ? table->broods[p].begin : table->count;
        lua_pushinteger(lua, (lua_Integer)begin + 1);
        lua_rawseti(lua, -2, p + 1);
    }
    lua_pop(lua, 1);
}

/* Puts the next function of the bridge on the stack, and S as its first argument. */
static void push_bridge(lua_State *lua, struct world *world)
{
    lua_rawgeti(lua, AT_BRIDGE, ++world->crossed);
    lua_pushvalue(lua, AT_SLOTS);
}

static void carry_form_in(lua_State *lua, struct world *world)
{
    const struct slot *slots = world->answers->tables[0].slots;
    uint32_t parts = bridge_parts(world->plan, 0, BRIDGE_IN);
    for (uint32_t i = 0; i < parts; i++) {
        struct bridge_part part = bridge_part(world->plan, 0, BRIDGE_IN, i);
        push_bridge(lua, world);
        for (uint32_t k = 0; k < part.count; k++)
            push_slot(lua, part.ports[k].type, &slots[part.ports[k].offset]);
        lua_call(lua, (int)part.count + 1, 0);
    }
}

static const struct slot missing_slot = {.state = SLOT_MISSING};

/* BRIDGE_ROWS values of a column, from row `first` on. */
static void push_column(lua_State *lua, const struct table *table, const struct plan_port *port,
                        uint32_t first)
{
    const struct slot *slot = &table->slots[(size_t)first * table->width + port->offset];
    for (uint32_t row = first; row < first + BRIDGE_ROWS; row++, slot += table->width)
        push_slot(lua, port->type, row < table->count ? slot : &missing_slot);
}

static void carry_rows_in(lua_State *lua, struct world *world, uint32_t scope)
{
    const struct table *table = &world->answers->tables[scope];
    uint32_t parts = bridge_parts(world->plan, scope, BRIDGE_IN);
    fill_nesting(lua, &world->program->scopes[scope], table);
    for (uint32_t i = 0; i < parts; i++, world->crossed++) {
        struct bridge_part part = bridge_part(world->plan, scope, BRIDGE_IN, i);
        for (uint32_t first = 0; first < table->count; first += BRIDGE_ROWS, world->crossed--) {
            push_bridge(lua, world);
            lua_pushinteger(lua, (lua_Integer)first + 1);
            for (uint32_t k = 0; k < part.count; k++) push_column(lua, table, &part.ports[k], first);
            lua_call(lua, (int)part.count * BRIDGE_ROWS + 2, 0);
        }
    }
}

int64_t world_offset_ms(const struct world_moment *moment, int64_t ms)
{
    int64_t seconds = ms / 1000 - (ms % 1000 < 0);
    return zone_offset_at(moment->zone, seconds) * INT64_C(1000);
}

static void fill_moment(lua_State *lua, const struct world *world)
{
    const struct world_moment *moment = &world->moment;
    set_integer(lua, world->program->now_slot, moment->now_ms);
    if (!world->program->today_slot) return;
    int32_t today = 0, time;
    if (!civil_split(moment->now_ms, world_offset_ms(moment, moment->now_ms), &today, &time))
        today = moment->now_ms < 0 ? CIVIL_DAY_MIN : CIVIL_DAY_MAX;
    set_integer(lua, world->program->today_slot, today);
}

/* ---- and back */

static void keep_bytes(lua_State *lua, struct world *world, struct str bytes, struct slot *slot)
{
    struct str kept = arena_str(world->answers->arena, bytes);
    if (!kept.ptr)
        world_raise(lua, world, world->answers->arena->refused ? WORLD_OVER_MEMORY : WORLD_NOMEM);
    slot->value.text = kept.ptr;
    slot->len = (uint32_t)kept.len;
    slot->state = SLOT_SET;
}

static void take_text(lua_State *lua, int index, struct world *world, struct slot *slot)
{
    struct str text;
    text.ptr = lua_tolstring(lua, index, &text.len);
    if (!utf8_valid(text)) world_raise(lua, world, WORLD_BROKEN);
    keep_bytes(lua, world, text, slot);
}

/* Not of the slot's type: missing, or nothing that a rule of ours leaves there. */
static void take_none(lua_State *lua, int index, struct world *world)
{
    if (lua_toboolean(lua, index) || lua_type(lua, index) > LUA_TBOOLEAN)
        world_raise(lua, world, WORLD_BROKEN);
}

static void take_number(lua_State *lua, int index, struct world *world, struct slot *slot)
{
    int is_number;
    double number = lua_tonumberx(lua, index, &is_number);
    if (is_number && !isfinite(number)) world_raise(lua, world, WORLD_BROKEN);
    slot->value.number = number;
    slot->state = SLOT_SET;
}

/* A set has no options but those of its list. */
static void take_set(lua_State *lua, int index, struct world *world, const struct plan_port *port,
                     struct slot *slot)
{
    size_t whole = (size_t)port->high / 8, spare = (size_t)port->high % 8;
    struct str bits;
    bits.ptr = lua_tolstring(lua, index, &bits.len);
    if (bits.len > whole + 1 || (bits.len > whole && (unsigned char)bits.ptr[whole] >> spare != 0))
        world_raise(lua, world, WORLD_BROKEN);
    keep_bytes(lua, world, bits, slot);
}

/* A ranking has no options but those of its list, and not more of them. */
static void take_ranking(lua_State *lua, int index, struct world *world, const struct plan_port *port,
                         struct slot *slot)
{
    struct str ranking;
    ranking.ptr = lua_tolstring(lua, index, &ranking.len);
    size_t count = ranking.len / RANKED_BYTES;
    if (ranking.len % RANKED_BYTES != 0 || (int64_t)count > port->high)
        world_raise(lua, world, WORLD_BROKEN);
    for (size_t i = 0; i < count; i++)
        if (ranked_option(ranking.ptr, i) >= port->high) world_raise(lua, world, WORLD_BROKEN);
    keep_bytes(lua, world, ranking, slot);
}

static void take_exact(struct lua_State *lua, struct world *world, const struct plan_port *port,
                       struct slot *slot)
{
    if (slot->value.exact < port->low || slot->value.exact > port->high)
        world_raise(lua, world, WORLD_BROKEN);
    slot->state = SLOT_SET;
}

static void take_flag(lua_State *lua, int index, struct slot *slot)
{
    slot->value.exact = lua_toboolean(lua, index);
    slot->state = SLOT_SET;
}

static __attribute__((noinline)) void take_other(lua_State *lua, int index, struct world *world,
                                                 const struct plan_port *port, struct slot *slot)
{
    int type = lua_type(lua, index);
    if (port->type == TYPE_BOOLEAN && type == LUA_TBOOLEAN) take_flag(lua, index, slot);
    else if (port->type == TYPE_TEXT && type == LUA_TSTRING) take_text(lua, index, world, slot);
    else if (port->type == TYPE_CHOICES && type == LUA_TSTRING) take_set(lua, index, world, port, slot);
    else if (port->type == TYPE_RANKING && type == LUA_TSTRING)
        take_ranking(lua, index, world, port, slot);
    else if (port->type == TYPE_NUMBER && type == LUA_TNUMBER) take_number(lua, index, world, slot);
    else take_none(lua, index, world);
}

static inline void take_slot(lua_State *lua, int index, struct world *world,
                             const struct plan_port *port, struct slot *slot)
{
    int is_exact;
    if (port->flag) {
        take_flag(lua, index, slot);
    } else if (!is_integer(port->type)) {
        take_other(lua, index, world, port, slot);
    } else {
        slot->value.exact = lua_tointegerx(lua, index, &is_exact);
        if (is_exact) take_exact(lua, world, port, slot);
        else take_none(lua, index, world);
    }
}

static void carry_form_out(lua_State *lua, struct world *world)
{
    struct slot *slots = world->answers->tables[0].slots;
    uint32_t parts = bridge_parts(world->plan, 0, BRIDGE_OUT);
    int base = lua_gettop(lua);
    for (uint32_t i = 0; i < parts; i++) {
        struct bridge_part part = bridge_part(world->plan, 0, BRIDGE_OUT, i);
        push_bridge(lua, world);
        lua_call(lua, 1, (int)part.count);
        for (uint32_t k = 0; k < part.count; k++)
            take_slot(lua, base + 1 + (int)k, world, &part.ports[k], &slots[part.ports[k].offset]);
        lua_settop(lua, base);
    }
}

/* The values of a column from stack index `index` on. */
static void take_column(lua_State *lua, int index, struct world *world, const struct table *table,
                        const struct plan_port *port, uint32_t first)
{
    struct slot *slot = &table->slots[(size_t)first * table->width + port->offset];
    for (uint32_t row = first; row < first + BRIDGE_ROWS && row < table->count;
         row++, slot += table->width)
        take_slot(lua, index++, world, port, slot);
}

static void carry_rows_out(lua_State *lua, struct world *world, uint32_t scope)
{
    const struct table *table = &world->answers->tables[scope];
    uint32_t parts = bridge_parts(world->plan, scope, BRIDGE_OUT);
    int base = lua_gettop(lua);
    for (uint32_t i = 0; i < parts; i++, world->crossed++) {
        struct bridge_part part = bridge_part(world->plan, scope, BRIDGE_OUT, i);
        for (uint32_t first = 0; first < table->count; first += BRIDGE_ROWS, world->crossed--) {
            push_bridge(lua, world);
            lua_pushinteger(lua, (lua_Integer)first + 1);
            lua_call(lua, 2, (int)part.count * BRIDGE_ROWS);
            for (uint32_t k = 0; k < part.count; k++)
                take_column(lua, base + 1 + (int)k * BRIDGE_ROWS, world, table, &part.ports[k], first);
            lua_settop(lua, base);
        }
    }
}

/* ---- running */

static void charge_base(lua_State *lua, struct world *world, uint32_t steps)
{
    if (world->steps_left < steps) world_raise(lua, world, WORLD_OVER_STEPS);
    world->steps_left -= steps;
}

/* What else would go by S and over a bridge. */
static void run_direct(lua_State *lua, struct world *world)
{
    const struct plan_scope *form = &world->plan->scopes[0];
    struct slot *slots = world->answers->tables[0].slots;
    charge_base(lua, world, world->program->chunks[0].base_steps);
    lua_rawgeti(lua, AT_RULES, 1);
    lua_pushvalue(lua, AT_SLOTS);
    for (uint32_t i = 0; i < form->input_count; i++)
        push_slot(lua, form->inputs[i].type, &slots[form->inputs[i].offset]);
    lua_call(lua, (int)form->input_count + 1, (int)form->output_count);
    for (uint32_t i = 0; i < form->output_count; i++)
        take_slot(lua, AT_RULES + 1 + (int)i, world, &form->outputs[i],
                  &slots[form->outputs[i].offset]);
    lua_settop(lua, AT_RULES);
}

static void run_chunks(lua_State *lua, struct world *world)
{
    if (world->plan->direct) {
        run_direct(lua, world);
        return;
    }
    for (uint32_t i = 0; i < world->program->chunk_count; i++) {
        charge_base(lua, world, world->program->chunks[i].base_steps);
        lua_rawgeti(lua, AT_RULES, i + 1);
        lua_pushvalue(lua, AT_SLOTS);
        lua_call(lua, 1, 0);
    }
}

static int run_protected(lua_State *lua)
{
    struct world *world = world_of(lua);
    uint32_t scopes = world->program->scope_count;
    lua_rawgeti(lua, LUA_REGISTRYINDEX, REGISTRY_SLOTS);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, REGISTRY_BRIDGE);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, REGISTRY_RULES);
    if (!lua_checkstack(lua, world->stack_room)) world_raise(lua, world, WORLD_OVER_MEMORY);
    world->crossed = 0;
    carry_form_in(lua, world);
    fill_moment(lua, world);
    for (uint32_t i = 1; i < scopes; i++) carry_rows_in(lua, world, i);
    run_chunks(lua, world);
    carry_form_out(lua, world);
    for (uint32_t i = 1; i < scopes; i++) carry_rows_out(lua, world, i);
    return 0;
}

void world_run(struct world *world, struct answers *answers, const struct world_moment *moment,
               uint64_t steps_max, uint32_t ms_max)
{
    world->answers = answers;
    world->moment = *moment;
    world->steps_left = steps_max;
    if (world->lua && world->end == WORLD_DONE) protect(world, run_protected, ms_max);
    world->used = true;
}
