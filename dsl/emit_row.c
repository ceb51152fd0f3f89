#include "dsl/emit_row.h"

#include "dsl/emit_light.h"
#include "dsl/emit_question.h"
#include "dsl/emit_value.h"
#include "dsl/pricing.h"

#include <assert.h>

/* ---- rows and columns */

static const struct program_scope *scope_of(const struct emitter *em, uint32_t scope)
{
    return &em->program->scopes[scope];
}

/* A column, in a register if one can be afforded. */
static const char *column(struct emitter *em, uint32_t slot)
{
    const struct emit_fact *fact = fact_find(em, FACT_COLUMN, slot, 0);
    if (!fact) fact = fact_load(em, FACT_COLUMN, slot, 0, slot);
    return fact ? reg(em, fact->reg) : emitter_text(em, "S[%u]", (unsigned)slot);
}

/* One scope outwards. */
static const char *row_around(struct emitter *em, const char *row, uint32_t scope)
{
    return emitter_text(em, "%s[%s]", column(em, scope_of(em, scope)->parent_slot), row);
}

static const char *keep_row(struct emitter *em, const char *text, uint32_t cursor, uint32_t scope)
{
    bool keep = fact_affordable(em);
    uint32_t number = keep ? emitter_take(em) : emitter_temp(em);
    emitter_line(em, "%s=%s", reg(em, number), text);
    if (keep)
        fact_add(em, (struct emit_fact){.kind = FACT_ROW,
                                        .a = scope,
                                        .b = cursor,
                                        .reg = number,
                                        .depth = em->fn->depth,
                                        .present = true});
    return reg(em, number);
}

const char *emit_row(struct emitter *em, uint32_t cursor, uint32_t scope)
{
    uint32_t at = em->cursors[cursor].scope;
    const char *row = emitter_text(em, "i%u", (unsigned)cursor);
    if (at == scope) return row;
    const struct emit_fact *fact = fact_find(em, FACT_ROW, scope, cursor);
    if (fact) return reg(em, fact->reg);
    for (; at != scope; at = scope_of(em, at)->parent) {
        assert(at != 0);
        row = row_around(em, row, at);
    }
    return keep_row(em, row, cursor, scope);
}

const char *emit_place(struct emitter *em, uint32_t slot, uint32_t scope, uint32_t cursor)
{
    if (scope == 0 && em->direct) return reg(em, emitter_home(em, slot));
    if (scope == 0) return emitter_text(em, "S[%u]", (unsigned)slot);
    const char *row = emit_row(em, cursor, scope);
    return emitter_text(em, "%s[%s]", column(em, slot), row);
}

const char *emit_slot(struct emitter *em, uint32_t node, uint32_t cursor)
{
    return emit_place(em, em->program->nodes[node].slot, em->ir->nodes[node].scope, cursor);
}

const char *emit_rows(struct emitter *em, uint32_t scope)
{
    uint32_t slot = scope_of(em, scope)->rows_slot;
    const struct emit_fact *fact = fact_find(em, FACT_ROWS, scope, 0);
    if (!fact) fact = fact_load(em, FACT_ROWS, scope, 0, slot);
    return fact ? reg(em, fact->reg) : emitter_text(em, "S[%u]", (unsigned)slot);
}

uint32_t emit_hiding_node(const struct emitter *em, uint32_t scope)
{
    uint32_t node = em->ir->nodes[em->ir->scopes[scope].node].relevance_node;
    return node != IR_NONE && em->ir->nodes[node].scope != 0 ? node : IR_NONE;
}

const char *emit_relevance(struct emitter *em, uint32_t node, uint32_t cursor)
{
    uint32_t scope = em->ir->nodes[node].scope;
    const struct emit_fact *fact = fact_find(em, FACT_RELEVANCE, node, scope ? cursor : 0);
    uint32_t slot = em->program->nodes[node].relevance_slot;
    if (!fact && scope == 0 && !em->direct) fact = fact_load(em, FACT_RELEVANCE, node, 0, slot);
    return fact ? reg(em, fact->reg) : emit_place(em, slot, scope, cursor);
}

/* Where the rows of `scope` in row `row` of its parent begin. */
static const char *begin_of(struct emitter *em, uint32_t scope, const char *row)
{
    return emitter_text(em, "%s[%s]", column(em, scope_of(em, scope)->begin_slot), row);
}

const char *emit_position(struct emitter *em, const struct ir_expr *e)
{
    const char *row = emit_row(em, e->cursor, e->scope);
    uint32_t parent = scope_of(em, e->scope)->parent;
    if (parent == 0) return row;
    return emitter_text(em, "(%s-%s+1)", row, begin_of(em, e->scope, emit_row(em, e->cursor, parent)));
}

/* In front of the first row of all there is nothing; in front of the first of a parent's there is
 * another parent's. */
const char *emit_prior(struct emitter *em, const struct ir_expr *e)
{
    uint32_t scope = em->ir->nodes[e->node].scope, parent = scope_of(em, scope)->parent;
    const char *row = emit_row(em, e->cursor, scope);
    const char *values = column(em, em->program->nodes[e->node].slot);
    if (parent == 0) return emitter_text(em, "%s[%s-1]", values, row);
    const char *first = begin_of(em, scope, emit_row(em, e->cursor, parent));
    uint32_t number = emitter_temp(em);
    const char *name = reg(em, number);
    emitter_line(em, "%s=nil if %s>%s then %s=%s[%s-1] end", name, row, first, name, values, row);
    return name;
}

/* ---- the loop of an aggregate */

/* Rows low .. high, in text; `count` of them. */
struct row_range {
    const char *low, *high, *count;
};

static bool lies_inside(const struct emitter *em, uint32_t scope, uint32_t around)
{
    while (scope != around && scope != 0) scope = scope_of(em, scope)->parent;
    return scope == around;
}

static const char *in_register(struct emitter *em, const char *text)
{
    uint32_t number = emitter_temp(em);
    emitter_line(em, "%s=%s", reg(em, number), text);
    return reg(em, number);
}

/* Rows of `scope` between rows `low` and before row `past` of a scope around it, scope by scope
 * inwards: rows are in document order. */
static void narrow(struct emitter *em, uint32_t scope, uint32_t around, const char **low,
                   const char **past)
{
    uint32_t parent = scope_of(em, scope)->parent;
    if (parent != around) narrow(em, parent, around, low, past);
    *low = in_register(em, begin_of(em, scope, *low));
    *past = in_register(em, begin_of(em, scope, *past));
}

static struct row_range range_of(struct emitter *em, const struct ir_expr *e)
{
    if (e->from_scope == 0) {
        const char *rows = emit_rows(em, e->scope);
        return (struct row_range){"1", rows, rows};
    }
    const char *low = emit_row(em, e->from, e->from_scope), *past = emitter_text(em, "%s+1", low);
    narrow(em, e->scope, e->from_scope, &low, &past);
    return (struct row_range){low, emitter_text(em, "%s-1", past),
                              emitter_text(em, "(%s-%s)", past, low)};
}

static uint64_t row_cost(const struct ir_expr *e)
{
    uint64_t cost = STEP_ROW;
    if (e->where) cost += e->where->base_cost;
    if (e->aggregate != AGGREGATE_COUNT && e->arg_count) cost += e->args[0]->base_cost;
    if (e->aggregate == AGGREGATE_DISTINCT) cost += STEP_SEEN;
    return cost;
}

/* One aggregate under way. */
struct aggregation {
    const struct ir_expr *e, *value;
    const struct ir_expr *where; /* of rows that count; NULL: all do */
    uint32_t dest, count, seen;  /* registers; `seen`: a row was found, or the number of texts */
    const char *wanted;          /* of AT: the position */
    uint32_t hidden;             /* the node whose relevance each row must be asked for, or IR_NONE */
};

/* What each row does once it is known to count. */
typedef void row_action(struct emitter *em, const struct aggregation *at);

/* The row counts if `where` is definitely true of it. */
static void with_where(struct emitter *em, const struct aggregation *at, row_action *act)
{
    const struct ir_expr *where = at->where;
    if (!where) {
        act(em, at);
        return;
    }
    bool light = emit_is_light_question(em, where);
    if (light) {
        const char *text = emit_question(em, where, true);
        emitter_open(em, "if %s then", text);
        emit_note_proved(em);
    } else {
        emitter_open(em, "repeat");
        emit_require(em, where, true);
    }
    act(em, at);
    emitter_close(em, light ? "end" : "until true");
}

static void with_relevance(struct emitter *em, const struct aggregation *at, row_action *act)
{
    if (at->hidden == IR_NONE) {
        with_where(em, at, act);
        return;
    }
    emitter_open(em, "if %s then", emit_relevance(em, at->hidden, at->e->cursor));
    with_where(em, at, act);
    emitter_close(em, "end");
}

/* Leaves the loop after the row that settled it: not inside with_where's block, which `break` would
 * leave instead. */
static void loop_over(struct emitter *em, const struct aggregation *at, row_action *act,
                      const char *leave)
{
    const struct ir_expr *e = at->e;
    uint32_t mark = emitter_mark(em), facts = em->fn->depth;
    struct row_range range = range_of(em, e);
    emitter_line(em, "%s(%s*%llu)", emitter_helper(em, HELPER_CHARGE), range.count,
                 (unsigned long long)row_cost(e));
    if (e->aggregate == AGGREGATE_LAST)
        emitter_loop(em, "for i%u=%s,%s,-1 do", (unsigned)e->cursor, range.high, range.low);
    else emitter_loop(em, "for i%u=%s,%s do", (unsigned)e->cursor, range.low, range.high);
    em->cursors[e->cursor] = (struct emit_cursor){true, e->scope};
    uint32_t inner = emitter_mark(em);
    with_relevance(em, at, act);
    if (leave) emitter_line(em, "if %s then break end", leave);
    emitter_release(em, inner);
    em->cursors[e->cursor].open = false;
    emitter_loop_end(em);
    assert(em->fn->depth == facts);
    (void)facts;
    emitter_release(em, mark);
}

/* ---- what a row does */

static void set_true(struct emitter *em, const struct aggregation *at)
{
    emitter_line(em, "%s=true", reg(em, at->seen));
}

static void count_row(struct emitter *em, const struct aggregation *at)
{
    const char *name = reg(em, at->dest);
    emitter_line(em, "%s=%s+1", name, name);
}

/* Calls for the row's value, which is there: in a block of its own. */
static void with_value(struct emitter *em, const struct aggregation *at, bool twice,
                       void (*act)(struct emitter *em, const struct aggregation *at, const char *value))
{
    uint32_t mark = emitter_mark(em);
    const char *text, *guards = "";
    bool light = emit_is_light(em, at->value);
    if (light) {
        struct emit_value value = emit_light(em, at->value);
        text = value.text;
        guards = emit_guards(em, &value);
        twice &= !value.atom;
    } else {
        uint32_t number = emitter_temp(em);
        emit_into(em, at->value, number);
        text = reg(em, number);
        bool logical = at->value->type.kind == TYPE_BOOLEAN;
        if (at->value->may_be_missing) guards = logical ? emitter_text(em, "%s~=nil", text) : text;
        twice = false;
    }
    if (*guards) emitter_open(em, "if %s then", guards);
    if (twice) text = in_register(em, text);
    act(em, at, text);
    if (*guards) emitter_close(em, "end");
    emitter_release(em, mark);
}

static void add_value(struct emitter *em, const struct aggregation *at, const char *value)
{
    const char *name = reg(em, at->dest);
    emitter_line(em, "%s=%s+%s", name, name, value);
    if (at->value->type.kind != TYPE_NUMBER && at->e->may_fault)
        emitter_line(em, "if %s>9007199254740991 or %s<-9007199254740991 then %s(%u,1) end", name, name,
                     emitter_helper(em, HELPER_FAULT), (unsigned)em->rule);
    if (at->e->aggregate == AGGREGATE_AVG)
        emitter_line(em, "%s=%s+1", reg(em, at->count), reg(em, at->count));
}

static void add_row(struct emitter *em, const struct aggregation *at)
{
    with_value(em, at, false, add_value);
}

static void better_value(struct emitter *em, const struct aggregation *at, const char *value)
{
    const char *name = reg(em, at->dest), *sign = at->e->aggregate == AGGREGATE_MIN ? "<" : ">";
    emitter_line(em, "if %s==nil or %s%s%s then %s=%s end", name, value, sign, name, name, value);
}

static void better_row(struct emitter *em, const struct aggregation *at)
{
    with_value(em, at, true, better_value);
}

static void keep_text(struct emitter *em, const struct aggregation *at, const char *value)
{
    const char *count = reg(em, at->count);
    emitter_line(em, "%s=%s+1 %s[%s]=%s", count, count, reg(em, at->dest), count, value);
}

static void keep_row_text(struct emitter *em, const struct aggregation *at)
{
    with_value(em, at, false, keep_text);
}

/* first, last: the row is settled whether or not it has a value. */
static void take_row(struct emitter *em, const struct aggregation *at)
{
    emit_into(em, at->value, at->dest);
    emitter_line(em, "%s=true", reg(em, at->seen));
}

/* ---- aggregates */

static void count_into(struct emitter *em, struct aggregation *at)
{
    if (!at->e->where && at->hidden == IR_NONE) {
        uint32_t mark = emitter_mark(em);
        emitter_line(em, "%s=%s", reg(em, at->dest), range_of(em, at->e).count);
        emitter_release(em, mark);
        return;
    }
    emitter_line(em, "%s=0", reg(em, at->dest));
    loop_over(em, at, count_row, NULL);
}

static void check_sum(struct emitter *em, const struct aggregation *at)
{
    const char *name = reg(em, at->dest);
    emitter_line(em, "if %s-%s~=0 then %s(%u,3) end", name, name, emitter_helper(em, HELPER_FAULT),
                 (unsigned)em->rule);
}

static void sum_into(struct emitter *em, struct aggregation *at)
{
    bool number = at->value->type.kind == TYPE_NUMBER;
    emitter_line(em, number ? "%s=0.0" : "%s=0", reg(em, at->dest));
    loop_over(em, at, add_row, NULL);
    if (number) check_sum(em, at);
}

static void mean_into(struct emitter *em, struct aggregation *at)
{
    const char *name = reg(em, at->dest), *count = reg(em, at->count);
    emitter_line(em, "%s=0", count);
    sum_into(em, at);
    int shift = at->e->type.scale - at->value->type.scale;
    if (at->value->type.kind == TYPE_NUMBER)
        emitter_line(em, "if %s==0 then %s=nil else %s=%s/%s end", count, name, name, name, count);
    else
        emitter_line(em, "if %s==0 then %s=nil else %s=%s(%u,%s,%s,%d,%d) end", count, name, name,
                     emitter_helper(em, HELPER_DIVIDE), (unsigned)em->rule, name, count,
                     shift > 0 ? shift : 0, shift < 0 ? -shift : 0);
}

static void extreme_into(struct emitter *em, struct aggregation *at)
{
    emitter_line(em, "%s=nil", reg(em, at->dest));
    loop_over(em, at, better_row, NULL);
}

/* A row that settles the matter, found by a condition that needs no block of its own. */
static void leave_row(struct emitter *em, const struct aggregation *at)
{
    emitter_line(em, "%s=true break", reg(em, at->seen));
}

/* any and none look for a row that is definitely true of `where`. */
static void find_into(struct emitter *em, struct aggregation *at)
{
    const char *name = reg(em, at->dest);
    bool light = emit_is_light_question(em, at->where);
    at->seen = at->dest;
    emitter_line(em, "%s=false", name);
    loop_over(em, at, light ? leave_row : set_true, light ? NULL : name);
    if (at->e->aggregate == AGGREGATE_NONE) emitter_line(em, "%s=not %s", name, name);
}

/* One row of all(): it must hold. */
static void prove_row(struct emitter *em, const struct aggregation *at)
{
    const char *name = reg(em, at->dest);
    if (emit_is_light_question(em, at->e->where)) {
        const char *text = emit_question(em, at->e->where, true);
        emitter_line(em, "if not (%s) then %s=false end", text, name);
        return;
    }
    emit_question_into(em, at->e->where, true, at->seen);
    emitter_line(em, "if not %s then %s=false end", reg(em, at->seen), name);
}

static void all_into(struct emitter *em, struct aggregation *at)
{
    const char *name = reg(em, at->dest);
    emitter_line(em, "%s=true", name);
    at->where = NULL; /* prove_row() asks it: rows that it does not hold for count too */
    loop_over(em, at, prove_row, emitter_text(em, "not %s", name));
}

static void first_into(struct emitter *em, struct aggregation *at)
{
    emitter_line(em, "%s=nil %s=false", reg(em, at->dest), reg(em, at->seen));
    loop_over(em, at, take_row, reg(em, at->seen));
}

static void note_value(struct emitter *em, const struct aggregation *at, const char *value)
{
    const char *name = reg(em, at->dest), *seen = reg(em, at->seen);
    emitter_line(em, "if not %s[%s] then %s[%s]=true %s=%s+1 end", seen, value, seen, value, name,
                 name);
}

static void note_row(struct emitter *em, const struct aggregation *at)
{
    with_value(em, at, true, note_value);
}

static void distinct_into(struct emitter *em, struct aggregation *at)
{
    emitter_line(em, "%s=0 %s={}", reg(em, at->dest), reg(em, at->seen));
    loop_over(em, at, note_row, NULL);
}

/* at: rows that are hidden are none, so the others are counted; else the row is known at once. */
static void nth_row(struct emitter *em, const struct aggregation *at)
{
    const char *count = reg(em, at->count);
    emitter_line(em, "%s=%s+1", count, count);
    emitter_open(em, "if %s==%s then", count, at->wanted);
    take_row(em, at);
    emitter_close(em, "end");
}

static void count_to(struct emitter *em, struct aggregation *at)
{
    emitter_line(em, "%s=nil %s=false %s=0", reg(em, at->dest), reg(em, at->seen), reg(em, at->count));
    loop_over(em, at, nth_row, reg(em, at->seen));
}

static void go_to(struct emitter *em, struct aggregation *at)
{
    const struct ir_expr *e = at->e;
    const char *row = reg(em, at->count);
    emitter_line(em, "%s=nil", reg(em, at->dest));
    struct row_range range = range_of(em, e);
    emitter_line(em, "%s=0 if %s and %s>=1 and %s<=%s then %s=%s-1+%s end", row, at->wanted, at->wanted,
                 at->wanted, range.count, row, range.low, at->wanted);
    emitter_line(em, "%s(%llu)", emitter_helper(em, HELPER_CHARGE), (unsigned long long)row_cost(e));
    emitter_loop(em, "for i%u=%s,%s>0 and %s or -1 do", (unsigned)e->cursor, row, row, row);
    em->cursors[e->cursor] = (struct emit_cursor){true, e->scope};
    uint32_t inner = emitter_mark(em);
    emit_into(em, at->value, at->dest);
    emitter_release(em, inner);
    em->cursors[e->cursor].open = false;
    emitter_loop_end(em);
}

static void nth_into(struct emitter *em, struct aggregation *at)
{
    uint32_t mark = emitter_mark(em);
    if (at->hidden == IR_NONE) go_to(em, at);
    else count_to(em, at);
    emitter_release(em, mark);
}

/* Texts are gathered in a table and joined fifty at a time, over and over, until one is left: each byte
 * is copied as often as there are rounds, of which four do for six million rows. */
static void join_rounds(struct emitter *em, const struct aggregation *at, const char *separator)
{
    const char *texts = reg(em, at->dest), *count = reg(em, at->count), *list = "";
    for (int i = 0; i < EMIT_ARGS_MAX; i++) list = emitter_text(em, "%s,%s[j+%d]", list, texts, i);
    emitter_open(em, "while %s>1 do", count);
    emitter_line(em, "local t,n={},0");
    emitter_line(em, "for j=1,%s,%d do n=n+1 t[n]=%s(%s%s) end", count, (int)EMIT_ARGS_MAX,
                 emitter_helper(em, HELPER_JOIN), separator, list);
    emitter_line(em, "%s=t %s=n", texts, count);
    emitter_close(em, "end");
    emitter_line(em, "%s=%s[1] or \"\"", texts, texts);
}

static void join_into(struct emitter *em, struct aggregation *at)
{
    uint32_t separator = emitter_temp(em);
    emit_into(em, at->e->args[1], separator);
    if (at->e->args[1]->may_be_missing)
        emitter_line(em, "%s=%s or \"\"", reg(em, separator), reg(em, separator));
    emitter_line(em, "%s={} %s=0", reg(em, at->dest), reg(em, at->count));
    loop_over(em, at, keep_row_text, NULL);
    join_rounds(em, at, reg(em, separator));
}

static void aggregate_into(struct emitter *em, struct aggregation *at)
{
    switch (at->e->aggregate) {
    case AGGREGATE_COUNT:
        count_into(em, at);
        return;
    case AGGREGATE_SUM:
        sum_into(em, at);
        return;
    case AGGREGATE_MIN:
    case AGGREGATE_MAX:
        extreme_into(em, at);
        return;
    case AGGREGATE_AVG:
        mean_into(em, at);
        return;
    case AGGREGATE_ANY:
    case AGGREGATE_NONE:
        find_into(em, at);
        return;
    case AGGREGATE_ALL:
        all_into(em, at);
        return;
    case AGGREGATE_FIRST:
    case AGGREGATE_LAST:
        first_into(em, at);
        return;
    case AGGREGATE_JOIN:
        join_into(em, at);
        return;
    case AGGREGATE_AT:
        nth_into(em, at);
        return;
    case AGGREGATE_DISTINCT:
        distinct_into(em, at);
        return;
    }
}

/* What an aggregate over no rows gives. */
static const char *empty_result(const struct ir_expr *e)
{
    switch (e->aggregate) {
    case AGGREGATE_COUNT:
    case AGGREGATE_DISTINCT:
        return "0";
    case AGGREGATE_SUM:
        return e->type.kind == TYPE_NUMBER ? "0.0" : "0";
    case AGGREGATE_ALL:
    case AGGREGATE_NONE:
        return "true";
    case AGGREGATE_ANY:
        return "false";
    case AGGREGATE_JOIN:
        return "\"\"";
    default:
        return "nil";
    }
}

/* Rows that a condition hides are no rows. If one row decides for all of them it is asked before the
 * loop, else in it. */
void emit_aggregate(struct emitter *em, const struct ir_expr *e, uint32_t dest)
{
    uint32_t mark = emitter_mark(em), hidden = emit_hiding_node(em, e->scope);
    bool once = hidden != IR_NONE && e->from_scope != 0 &&
                lies_inside(em, e->from_scope, em->ir->nodes[hidden].scope);
    struct aggregation at = {.e = e,
                             .value = e->arg_count ? e->args[0] : NULL,
                             .where = e->where,
                             .dest = dest,
                             .hidden = once ? IR_NONE : hidden};
    at.count = emitter_temp(em);
    at.seen = emitter_temp(em);
    if (e->aggregate == AGGREGATE_AT) {
        uint32_t wanted = emitter_temp(em);
        emit_into(em, e->args[1], wanted);
        at.wanted = reg(em, wanted);
    }
    if (once) emitter_open(em, "if %s then", emit_relevance(em, hidden, e->from));
    aggregate_into(em, &at);
    if (once) {
        emitter_else(em, "else");
        emitter_line(em, "%s=%s", reg(em, dest), empty_result(e));
        emitter_close(em, "end");
    }
    emitter_release(em, mark);
}
