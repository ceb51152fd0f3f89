#include "dsl/emitter.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

void emitter_fail(struct emitter *em, enum status st)
{
    if (!em->failure) em->failure = st;
}

static void fail_by_arena(struct emitter *em, const struct arena *arena)
{
    emitter_fail(em, arena->refused ? ST_LIMIT : ST_NOMEM);
}

void emitter_init(struct emitter *em, struct arena *arena, const struct ir *ir,
                  const struct reads *reads, const struct program *program)
{
    *em = (struct emitter){.arena = arena, .ir = ir, .reads = reads, .program = program};
    arena_init(&em->texts, arena->mem, limit(COMPILE_ARENA_BYTES));
    buf_init(&em->functions, arena->mem, limit(LUA_BYTES));
    em->written = ARENA_ARRAY(arena, uint32_t, ir->node_count);
    em->seen = ARENA_ARRAY(arena, uint32_t, ir->node_count);
    em->relevance_asked = ARENA_ARRAY(arena, bool, ir->node_count);
    em->homes = ARENA_ARRAY(arena, bool, program->slot_count + 1);
    if (!em->seen || !em->written || !em->relevance_asked || !em->homes) fail_by_arena(em, arena);
    em->cursors[0].open = true;
}

static void function_release(struct emit_function *fn)
{
    buf_release(&fn->code);
    buf_release(&fn->loop);
    buf_release(&fn->hoist);
}

void emitter_release_all(struct emitter *em)
{
    for (; em->fn; em->fn = em->fn->outer) function_release(em->fn);
    buf_release(&em->functions);
    arena_release(&em->texts);
}

static void numbers_push(struct emitter *em, struct emit_numbers *list, uint32_t number)
{
    if (list->count == list->room) {
        uint32_t room = list->room ? list->room * 2 : 16;
        uint32_t *items = arena_grow(em->arena, list->items, list->room, room, sizeof *items);
        if (!items) {
            fail_by_arena(em, em->arena);
            return;
        }
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = number;
}

/* ---- functions */

struct emit_function *emitter_function_new(struct emitter *em)
{
    struct emit_function *fn = ARENA_NEW(em->arena, struct emit_function);
    if (!fn) {
        fail_by_arena(em, em->arena);
        return NULL;
    }
    buf_init(&fn->code, em->arena->mem, limit(LUA_BYTES));
    buf_init(&fn->loop, em->arena->mem, limit(LUA_BYTES));
    buf_init(&fn->hoist, em->arena->mem, limit(LUA_BYTES));
    fn->outer = em->fn;
    em->fn = fn;
    return fn;
}

void emitter_function_end(struct emitter *em, struct buf *out)
{
    struct emit_function *fn = em->fn;
    for (uint32_t i = 1; i <= fn->reg_max; i++)
        buf_printf(out, "%sv%u", i == 1 ? "local " : ",", (unsigned)i);
    if (fn->reg_max) buf_putc(out, '\n');
    buf_put(out, buf_str(&fn->code));
    if (buf_failed(&fn->code)) emitter_fail(em, fn->code.failure);
    em->fn = fn->outer;
    function_release(fn);
}

/* ---- text */

static const char *format_text(struct emitter *em, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
static void put_line(struct emitter *em, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static const char *format_text(struct emitter *em, const char *format, va_list args)
{
    if (em->failure) return "";
    struct str text = arena_vprintf(&em->texts, format, args);
    if (!text.ptr) fail_by_arena(em, &em->texts);
    return text.ptr ? text.ptr : "";
}

const char *emitter_text(struct emitter *em, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = format_text(em, format, args);
    va_end(args);
    return text;
}

static struct buf *current(struct emitter *em)
{
    return em->fn->loops ? &em->fn->loop : &em->fn->code;
}

static void put_line(struct emitter *em, const char *format, va_list args)
{
    struct buf *out = current(em);
    for (uint32_t i = 0; i < em->fn->depth; i++) buf_putc(out, ' ');
    buf_vprintf(out, format, args);
    buf_putc(out, '\n');
    if (buf_failed(out)) emitter_fail(em, out->failure);
}

void emitter_line(struct emitter *em, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put_line(em, format, args);
    va_end(args);
}

void emitter_open(struct emitter *em, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put_line(em, format, args);
    va_end(args);
    em->fn->depth++;
}

static void drop_facts(struct emitter *em)
{
    struct emit_function *fn = em->fn;
    for (uint32_t i = fn->fact_count; i-- > 0;)
        if (fn->facts[i].depth > fn->depth) fact_forget(em, &fn->facts[i]);
    while (fn->present_regs.count && fn->present_depths.items[fn->present_regs.count - 1] > fn->depth)
        fn->present_depths.count = --fn->present_regs.count;
}

void emitter_close(struct emitter *em, const char *text)
{
    em->fn->depth--;
    drop_facts(em);
    emitter_line(em, "%s", text);
}

void emitter_else(struct emitter *em, const char *format, ...)
{
    em->fn->depth--;
    drop_facts(em);
    va_list args;
    va_start(args, format);
    put_line(em, format, args);
    va_end(args);
    em->fn->depth++;
}

void emitter_loop(struct emitter *em, const char *format, ...)
{
    struct emit_function *fn = em->fn;
    if (fn->loops++ == 0) {
        fn->hoist_depth = fn->depth;
        memcpy(fn->touched, fn->used, sizeof fn->touched);
    }
    va_list args;
    va_start(args, format);
    put_line(em, format, args);
    va_end(args);
    fn->depth++;
}

void emitter_loop_end(struct emitter *em)
{
    struct emit_function *fn = em->fn;
    emitter_close(em, "end");
    if (--fn->loops > 0) return;
    buf_put(&fn->code, buf_str(&fn->hoist));
    buf_put(&fn->code, buf_str(&fn->loop));
    if (buf_failed(&fn->hoist)) emitter_fail(em, fn->hoist.failure);
    buf_reset(&fn->hoist);
    buf_reset(&fn->loop);
}

static const struct {
    const char *name;
} helper_names[] = {
#define HELPER(NAME, name, arity, base_cost, note) {#name},
#include "dsl/helper.def"
#undef HELPER
};

const char *emitter_helper(struct emitter *em, enum program_helper helper)
{
    em->helpers[helper] = true;
    return helper_names[helper].name;
}

const char *emitter_exact(struct emitter *em, int64_t value)
{
    return emitter_text(em, value < 0 ? "(%lld)" : "%lld", (long long)value);
}

/* 17 digits read back as the same double; a point or an exponent makes it a float to Lua. */
const char *emitter_number(struct emitter *em, double value)
{
    assert(isfinite(value));
    char digits[40];
    snprintf(digits, sizeof digits, "%.17g", value);
    const char *point = strpbrk(digits, ".e") ? "" : ".0";
    return emitter_text(em, signbit(value) ? "(%s%s)" : "%s%s", digits, point);
}

/* Every byte that could mean something to Lua is written as its number. */
const char *emitter_string(struct emitter *em, struct str value)
{
    char *text = em->failure ? NULL : arena_alloc(&em->texts, 4 * value.len + 3);
    if (!text) {
        fail_by_arena(em, &em->texts);
        return "";
    }
    char *at = text;
    *at++ = '"';
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];
        if (c >= ' ' && c != '"' && c != '\\' && c != 0x7f) *at++ = (char)c;
        else at += snprintf(at, 5, "\\%03u", c);
    }
    *at++ = '"';
    *at = '\0';
    return text;
}

/* ---- registers */

static bool is_home(uint32_t number)
{
    return number > EMIT_HOMES;
}

static bool is_spill(uint32_t number)
{
    return number > EMIT_REGISTERS && !is_home(number);
}

uint32_t emitter_home(struct emitter *em, uint32_t slot)
{
    assert(em->direct && slot > 0);
    if (em->failure) return EMIT_HOMES + slot;
    em->home_count += !em->homes[slot];
    em->homes[slot] = true;
    return EMIT_HOMES + slot;
}

const char *reg(struct emitter *em, uint32_t number)
{
    if (is_home(number)) return emitter_text(em, "s%u", (unsigned)(number - EMIT_HOMES));
    if (!is_spill(number)) return emitter_text(em, "v%u", (unsigned)number);
    return emitter_text(em, "S[%u]", (unsigned)(em->program->slot_count + number - EMIT_REGISTERS));
}

static void use(struct emit_function *fn, uint32_t number)
{
    fn->used[number] = fn->touched[number] = true;
    fn->used_count++;
    if (number > fn->reg_max) fn->reg_max = number;
}

/* Slots behind all others: each function of a chunk has its own, so that none overwrites another's. */
static uint32_t take_spill(struct emitter *em)
{
    struct emit_numbers *spills = &em->fn->spills;
    if (spills->count) return spills->items[--spills->count];
    if (++em->spill_next > em->spill_max) em->spill_max = em->spill_next;
    return EMIT_REGISTERS + em->spill_next;
}

uint32_t emitter_apart(struct emitter *em)
{
    if (++em->spill_next > em->spill_max) em->spill_max = em->spill_next;
    return EMIT_REGISTERS + em->spill_next;
}

uint32_t emitter_take(struct emitter *em)
{
    struct emit_function *fn = em->fn;
    uint32_t number = 1;
    while (number <= EMIT_REGISTERS && fn->used[number]) number++;
    if (is_spill(number)) return take_spill(em);
    use(fn, number);
    return number;
}

void emitter_give(struct emitter *em, uint32_t number)
{
    present_forget(em, number);
    if (is_home(number)) return; /* no one else's, ever */
    if (is_spill(number)) {
        numbers_push(em, &em->fn->spills, number);
        return;
    }
    assert(em->fn->used[number]);
    em->fn->used[number] = false;
    em->fn->used_count--;
}

uint32_t emitter_temp(struct emitter *em)
{
    uint32_t number = emitter_take(em);
    numbers_push(em, &em->fn->temps, number);
    return number;
}

uint32_t emitter_mark(const struct emitter *em)
{
    return em->fn->temps.count;
}

void emitter_release(struct emitter *em, uint32_t mark)
{
    struct emit_numbers *temps = &em->fn->temps;
    while (temps->count > mark) emitter_give(em, temps->items[--temps->count]);
}

/* ---- facts */

struct emit_fact *fact_find(struct emitter *em, enum emit_fact_kind kind, uint32_t a, uint32_t b)
{
    for (uint32_t i = em->fn->fact_count; i-- > 0;) {
        struct emit_fact *fact = &em->fn->facts[i];
        if (fact->kind == kind && fact->a == a && fact->b == b) return fact;
    }
    return NULL;
}

struct emit_fact *fact_find_expr(struct emitter *em, const struct ir_expr *e)
{
    for (uint32_t i = em->fn->fact_count; i-- > 0;) {
        struct emit_fact *fact = &em->fn->facts[i];
        if (fact->kind == FACT_EXPR && fact->expr == e) return fact;
    }
    return NULL;
}

bool fact_affordable(const struct emitter *em)
{
    return em->fn->used_count < EMIT_CACHED_MAX && em->fn->fact_count < EMIT_FACTS;
}

bool fact_add(struct emitter *em, struct emit_fact fact)
{
    if (em->fn->fact_count == EMIT_FACTS) return false;
    em->fn->facts[em->fn->fact_count++] = fact;
    return true;
}

void fact_forget(struct emitter *em, struct emit_fact *fact)
{
    struct emit_function *fn = em->fn;
    uint32_t at = (uint32_t)(fact - fn->facts);
    assert(at < fn->fact_count);
    emitter_give(em, fact->reg);
    fn->fact_count--;
    memmove(fact, fact + 1, (fn->fact_count - at) * sizeof *fact);
}

/* A register that the loop under way has not written to, or 0. */
static uint32_t take_untouched(struct emit_function *fn)
{
    for (uint32_t number = 1; number <= EMIT_REGISTERS; number++) {
        if (fn->used[number] || fn->touched[number]) continue;
        use(fn, number);
        return number;
    }
    return 0;
}

struct emit_fact *fact_load(struct emitter *em, enum emit_fact_kind kind, uint32_t a, uint32_t b,
                            uint32_t slot)
{
    struct emit_function *fn = em->fn;
    if (!fact_affordable(em)) return NULL;
    struct emit_fact fact = {
        .kind = kind, .a = a, .b = b, .depth = fn->loops ? fn->hoist_depth : fn->depth};
    fact.reg = fn->loops ? take_untouched(fn) : emitter_take(em);
    if (!fact.reg || is_spill(fact.reg)) return NULL;
    if (fn->loops) {
        for (uint32_t i = 0; i < fn->hoist_depth; i++) buf_putc(&fn->hoist, ' ');
        buf_printf(&fn->hoist, "v%u=S[%u]\n", (unsigned)fact.reg, (unsigned)slot);
    } else {
        emitter_line(em, "v%u=S[%u]", (unsigned)fact.reg, (unsigned)slot);
    }
    bool added = fact_add(em, fact);
    assert(added);
    (void)added;
    return &fn->facts[fn->fact_count - 1];
}

void fact_trim(struct emitter *em)
{
    struct emit_function *fn = em->fn;
    uint32_t outside = fn->loops ? fn->hoist_depth + 1
                                 : 0; /* what a loop finds from outside must stay for its next turn */
    for (uint32_t i = 0; i < fn->fact_count && fn->used_count > EMIT_CACHED_MAX / 2;) {
        if (fn->facts[i].depth >= outside) fact_forget(em, &fn->facts[i]);
        else i++;
    }
}

/* ---- what is not nil */

bool present_is(const struct emitter *em, uint32_t number)
{
    const struct emit_numbers *regs = &em->fn->present_regs;
    for (uint32_t i = regs->count; i-- > 0;)
        if (regs->items[i] == number) return true;
    return false;
}

void present_add(struct emitter *em, uint32_t number)
{
    if (present_is(em, number)) return;
    struct emit_numbers *depths = &em->fn->present_depths;
    numbers_push(em, depths, em->fn->depth);
    if (!em->failure) numbers_push(em, &em->fn->present_regs, number);
    depths->count = em->fn->present_regs.count;
}

uint32_t present_mark(const struct emitter *em)
{
    return em->fn->present_regs.count;
}

void present_drop(struct emitter *em, uint32_t mark)
{
    if (em->fn->present_regs.count > mark)
        em->fn->present_regs.count = em->fn->present_depths.count = mark;
}

void present_forget(struct emitter *em, uint32_t number)
{
    struct emit_numbers *regs = &em->fn->present_regs;
    for (uint32_t i = 0; i < regs->count; i++)
        if (regs->items[i] == number) regs->items[i] = 0; /* no register has this number */
}
