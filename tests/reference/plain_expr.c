/* What an expression means: docs/language.md §5 and §6, line by line. */
#include "tests/reference/plain.h"

#include "base/civil.h"
#include "base/decimal.h"

#include <assert.h>
#include <math.h>

/* ---- values */

struct plain_value plain_missing(void)
{
    return (struct plain_value){.state = PLAIN_MISSING};
}

struct plain_value plain_exact(int64_t value)
{
    return (struct plain_value){.state = PLAIN_PRESENT, .exact = value};
}

struct plain_value plain_truth(bool value)
{
    return (struct plain_value){.state = PLAIN_PRESENT, .truth = value};
}

struct plain_value plain_number(double value)
{
    return (struct plain_value){.state = PLAIN_PRESENT, .number = value};
}

struct plain_value plain_text(struct str value)
{
    return (struct plain_value){.state = PLAIN_PRESENT, .text = value};
}

static struct plain_value faulted(void)
{
    return (struct plain_value){.state = PLAIN_FAULTED};
}

struct plain_value plain_fault(struct plain_place *place, enum fault_kind kind)
{
    struct plain *plain = place->plain;
    if (plain->fault_count == plain->fault_room) {
        uint32_t room = plain->fault_room ? plain->fault_room * 2 : 8;
        plain->faults =
            arena_grow(plain->arena, plain->faults, plain->fault_room, room, sizeof *plain->faults);
        assert(plain->faults);
        plain->fault_room = room;
    }
    plain->fresh_fault = true;
    plain->faults[plain->fault_count++] =
        (struct reference_fault){.rule = place->rule, .kind = kind, .row = place->cursors[0]};
    return faulted();
}

struct plain_value plain_within(struct plain_place *place, plain_wide value)
{
    if (value > DECIMAL_MAX || value < -DECIMAL_MAX) return plain_fault(place, FAULT_OVERFLOW);
    return plain_exact((int64_t)value);
}

static struct plain_value finite(struct plain_place *place, double value)
{
    return isfinite(value) ? plain_number(value) : plain_fault(place, FAULT_NOT_FINITE);
}

plain_wide plain_power(int exponent)
{
    plain_wide power = 1;
    for (; exponent > 0; exponent--) power *= 10;
    return power;
}

plain_wide plain_divide(plain_wide a, plain_wide b)
{
    plain_wide down = a / b - ((a % b != 0) && ((a < 0) != (b < 0))); /* floored */
    plain_wide rest = a - down * b;                                   /* of b's sign */
    plain_wide twice = rest * 2 * (b < 0 ? -1 : 1), whole = b < 0 ? -b : b;
    if (twice > whole || (twice == whole && down % 2 != 0)) return down + 1;
    return down;
}

struct str plain_concat(struct plain *plain, struct str a, struct str b)
{
    char *bytes = plain_alloc(plain, a.len + b.len + 1, 1);
    if (a.len) memcpy(bytes, a.ptr, a.len);
    if (b.len) memcpy(bytes + a.len, b.ptr, b.len);
    return (struct str){bytes, a.len + b.len};
}

/* ---- kinds of type */

static bool is_exact(enum program_type kind)
{
    return kind == TYPE_INTEGER || kind == TYPE_DECIMAL || kind == TYPE_MONEY;
}

static bool has_range(enum program_type kind)
{
    return is_exact(kind) || kind == TYPE_DATE || kind == TYPE_TIME || kind == TYPE_DATETIME ||
           kind == TYPE_CHOICE || kind == TYPE_YEAR_MONTH || kind == TYPE_PARTIAL_DATE;
}

/* ---- comparing: both are there, of one type */

static int compare_doubles(double a, double b)
{
    return a < b ? -1 : a > b;
}

static int compare_sets(const struct ir *ir, struct type type, const bool *a, const bool *b)
{
    for (uint32_t i = 0; i < ir->lists[type.list].option_count + 1; i++)
        if (a[i] != b[i]) return 1;
    return 0;
}

static int compare(const struct ir *ir, struct type type, const struct plain_value *a,
                   const struct plain_value *b)
{
    switch (type.kind) {
    case TYPE_TEXT:
        return str_cmp(a->text, b->text);
    case TYPE_BOOLEAN:
        return (int)a->truth - (int)b->truth;
    case TYPE_NUMBER:
        return compare_doubles(a->number, b->number);
    case TYPE_RANKING:
        return a->order_count != b->order_count ||
               memcmp(a->order, b->order, a->order_count * sizeof *a->order) != 0;
    case TYPE_CHOICES:
        return compare_sets(ir, type, a->chosen, b->chosen);
    default:
        return a->exact < b->exact ? -1 : a->exact > b->exact;
    }
}

static bool holds(enum ir_op op, int order)
{
    switch (op) {
    case IR_EQ:
        return order == 0;
    case IR_NE:
        return order != 0;
    case IR_LT:
        return order < 0;
    case IR_LE:
        return order <= 0;
    case IR_GT:
        return order > 0;
    default:
        assert(op == IR_GE);
        return order >= 0;
    }
}

/* ---- arithmetic: operands are there */

static struct plain_value number_arithmetic(struct plain_place *place, enum ir_op op, double a,
                                            double b)
{
    switch (op) {
    case IR_ADD:
        return finite(place, a + b);
    case IR_SUB:
        return finite(place, a - b);
    case IR_MUL:
        return finite(place, a * b);
    case IR_DIV:
        return b == 0 ? plain_fault(place, FAULT_DIVISION_BY_ZERO) : finite(place, a / b);
    case IR_NEGATE:
        return plain_number(-a);
    case IR_ABS:
        return plain_number(a < 0 ? -a : a);
    default:
        assert(op == IR_SIGN);
        return plain_exact(a > 0 ? 1 : a < 0 ? -1 : 0);
    }
}

static int64_t floored(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static struct plain_value exact_arithmetic(struct plain_place *place, const struct ir_expr *e,
                                           int64_t a, int64_t b)
{
    switch (e->op) {
    case IR_ADD:
        return plain_within(place, (plain_wide)a + b);
    case IR_SUB:
        return plain_within(place, (plain_wide)a - b);
    case IR_MUL:
        return plain_within(place, (plain_wide)a * b);
    case IR_NEGATE:
        return plain_within(place, -(plain_wide)a);
    case IR_RESCALE:
        return plain_within(place, a * plain_power(e->type.scale - e->args[0]->type.scale));
    case IR_FLOOR_DIV:
        return b == 0 ? plain_fault(place, FAULT_DIVISION_BY_ZERO) : plain_within(place, floored(a, b));
    case IR_MOD:
        return b == 0 ? plain_fault(place, FAULT_DIVISION_BY_ZERO)
                      : plain_within(place, a - (plain_wide)b * floored(a, b));
    case IR_ABS:
        return plain_within(place, a < 0 ? -(plain_wide)a : a);
    default:
        assert(e->op == IR_SIGN);
        return plain_exact(a > 0 ? 1 : a < 0 ? -1 : 0);
    }
}

static struct plain_value has(const struct plain_value *set, const struct plain_value *option)
{
    return plain_truth(set->chosen[option->exact - 1]);
}

static struct plain_value strict(struct plain_place *place, const struct ir_expr *e,
                                 const struct plain_value *args)
{
    struct plain_value none = {0};
    const struct plain_value *a = &args[0], *b = e->arg_count > 1 ? &args[1] : &none;
    struct str text = {"", 0};
    switch (e->op) {
    case IR_EQ:
    case IR_NE:
    case IR_LT:
    case IR_LE:
    case IR_GT:
    case IR_GE:
        return plain_truth(holds(e->op, compare(place->plain->ir, e->args[0]->type, a, b)));
    case IR_HAS:
        return has(a, b);
    case IR_CONCAT:
        for (uint32_t i = 0; i < e->arg_count; i++)
            text = plain_concat(place->plain, text, args[i].text);
        return plain_text(text);
    case IR_CALL:
        return plain_call(place, e, args);
    default:
        if (e->args[0]->type.kind == TYPE_NUMBER)
            return number_arithmetic(place, e->op, a->number, b->number);
        return exact_arithmetic(place, e, a->exact, b->exact);
    }
}

/* From left to right, up to the first that is missing. */
static struct plain_value eval_strict(struct plain_place *place, const struct ir_expr *e)
{
    struct plain_value *args = PLAIN_ARRAY(place->plain, struct plain_value, e->arg_count + 1);
    for (uint32_t i = 0; i < e->arg_count; i++) {
        args[i] = plain_eval(place, e->args[i]);
        if (args[i].state != PLAIN_PRESENT) return args[i];
    }
    return strict(place, e, args);
}

/* All are looked at; the function sees which are missing. */
static struct plain_value eval_lenient(struct plain_place *place, const struct ir_expr *e)
{
    struct plain_value *args = PLAIN_ARRAY(place->plain, struct plain_value, e->arg_count + 1);
    for (uint32_t i = 0; i < e->arg_count; i++) {
        args[i] = plain_eval(place, e->args[i]);
        if (args[i].state == PLAIN_FAULTED) return args[i];
    }
    return plain_call(place, e, args);
}

static struct plain_value extreme(struct plain_place *place, const struct ir_expr *e)
{
    struct plain_value best = plain_missing();
    for (uint32_t i = 0; i < e->arg_count; i++) {
        struct plain_value one = plain_eval(place, e->args[i]);
        if (one.state == PLAIN_FAULTED) return one;
        if (one.state == PLAIN_MISSING) continue;
        int order = best.state == PLAIN_PRESENT ? compare(place->plain->ir, e->type, &one, &best) : 0;
        if (best.state == PLAIN_MISSING || (e->op == IR_LEAST ? order < 0 : order > 0)) best = one;
    }
    return best;
}

/* ---- rows */

/* Those of `scope` in `row`, from the first to the last. */
struct row_list {
    struct plain_row **rows;
    uint32_t count, room;
};

static void list_add(struct plain *plain, struct row_list *list, struct plain_row *row)
{
    if (list->count == list->room) {
        uint32_t room = list->room ? list->room * 2 : 8;
        list->rows = arena_grow(plain->arena, list->rows, list->room, room, sizeof(struct plain_row *));
        assert(list->rows);
        list->room = room;
    }
    list->rows[list->count++] = row;
}

static void list_rows(struct plain *plain, struct plain_row *row, uint32_t scope, struct row_list *list)
{
    if (row->scope == scope) {
        list_add(plain, list, row);
        return;
    }
    uint32_t child = scope; /* the scope right inside the row's on the way to `scope` */
    while (plain->ir->scopes[child].parent != row->scope) child = plain->ir->scopes[child].parent;
    const struct plain_array *array = &row->arrays[child];
    for (uint32_t i = 0; i < array->count; i++) list_rows(plain, array->rows[i], scope, list);
}

/* Does the row count: is its repeat relevant, and is `where` definitely true of it? */
static enum plain_answer counts(struct plain_place *place, const struct ir_expr *e,
                                struct plain_row *row)
{
    enum plain_answer shown =
        plain_relevant(place->plain, place->plain->ir->scopes[e->scope].node, row->around);
    if (shown != PLAIN_YES || !e->where || e->aggregate == AGGREGATE_ALL) return shown;
    return plain_ask(place, e->where, true);
}

/* What has been found in the rows so far. */
struct gathering {
    struct plain_value result;
    uint32_t count;
    bool settled;            /* later rows are not looked at */
    int64_t wanted;          /* of AT */
    struct plain_value *met; /* of DISTINCT */
    uint32_t met_room;
};

static void add_up(struct plain_place *place, struct gathering *so_far, const struct ir_expr *e,
                   const struct plain_value *value)
{
    bool number = e->args[0]->type.kind == TYPE_NUMBER;
    if (number) so_far->result.number += value->number;
    else so_far->result = plain_within(place, (plain_wide)so_far->result.exact + value->exact);
    so_far->count++;
}

static void join_up(struct plain *plain, struct gathering *so_far, struct str separator,
                    struct str text)
{
    if (so_far->count++) so_far->result.text = plain_concat(plain, so_far->result.text, separator);
    so_far->result.text = plain_concat(plain, so_far->result.text, text);
}

static void keep_better(const struct ir *ir, struct gathering *so_far, const struct ir_expr *e,
                        const struct plain_value *value)
{
    int order = so_far->count ? compare(ir, e->type, value, &so_far->result) : 0;
    if (!so_far->count || (e->aggregate == AGGREGATE_MIN ? order < 0 : order > 0))
        so_far->result = *value;
    so_far->count++;
}

/* One that has not been met. */
static void meet(struct plain *plain, struct gathering *so_far, const struct ir_expr *e,
                 const struct plain_value *value)
{
    for (int64_t i = 0; i < so_far->result.exact; i++)
        if (compare(plain->ir, e->args[0]->type, &so_far->met[i], value) == 0) return;
    if (so_far->result.exact == so_far->met_room) {
        uint32_t room = so_far->met_room ? so_far->met_room * 2 : 8;
        so_far->met =
            arena_grow(plain->arena, so_far->met, so_far->met_room, room, sizeof *so_far->met);
        assert(so_far->met);
        so_far->met_room = room;
    }
    so_far->met[so_far->result.exact++] = *value;
}

/* A row that counts, and its value. */
static void gather_value(struct plain_place *place, const struct ir_expr *e, struct str separator,
                         struct gathering *so_far)
{
    if (e->aggregate == AGGREGATE_AT && ++so_far->count != so_far->wanted) return;
    struct plain_value value = plain_eval(place, e->args[0]);
    if (e->aggregate == AGGREGATE_AT || e->aggregate == AGGREGATE_FIRST ||
        e->aggregate == AGGREGATE_LAST)
        so_far->settled = true;
    if (so_far->settled || value.state == PLAIN_FAULTED) so_far->result = value;
    if (so_far->settled || value.state != PLAIN_PRESENT) return;
    if (e->aggregate == AGGREGATE_DISTINCT) meet(place->plain, so_far, e, &value);
    else if (e->aggregate == AGGREGATE_JOIN) join_up(place->plain, so_far, separator, value.text);
    else if (e->aggregate == AGGREGATE_SUM || e->aggregate == AGGREGATE_AVG)
        add_up(place, so_far, e, &value);
    else keep_better(place->plain->ir, so_far, e, &value);
}

static void gather_all(struct plain_place *place, const struct ir_expr *e, struct gathering *so_far)
{
    enum plain_answer answer = plain_ask(place, e->where, true);
    if (answer == PLAIN_FAULT) so_far->result = faulted();
    else if (answer == PLAIN_NO) so_far->result = plain_truth(false);
    so_far->settled = answer != PLAIN_YES;
}

static void gather(struct plain_place *place, const struct ir_expr *e, struct str separator,
                   struct gathering *so_far)
{
    switch (e->aggregate) {
    case AGGREGATE_COUNT:
        so_far->result.exact++;
        return;
    case AGGREGATE_ANY:
    case AGGREGATE_NONE:
        so_far->result = plain_truth(e->aggregate == AGGREGATE_ANY);
        so_far->settled = true;
        return;
    case AGGREGATE_ALL:
        gather_all(place, e, so_far);
        return;
    default:
        gather_value(place, e, separator, so_far);
        return;
    }
}

static struct plain_value over_no_rows(const struct ir_expr *e)
{
    switch (e->aggregate) {
    case AGGREGATE_COUNT:
    case AGGREGATE_DISTINCT:
    case AGGREGATE_SUM:
        return e->type.kind == TYPE_NUMBER ? plain_number(0) : plain_exact(0);
    case AGGREGATE_ANY:
        return plain_truth(false);
    case AGGREGATE_ALL:
    case AGGREGATE_NONE:
        return plain_truth(true);
    case AGGREGATE_JOIN:
        return plain_text(STR(""));
    default:
        return plain_missing();
    }
}

static struct plain_value mean(struct plain_place *place, const struct ir_expr *e,
                               const struct gathering *so_far)
{
    if (so_far->count == 0) return plain_missing();
    if (e->type.kind == TYPE_NUMBER) return plain_number(so_far->result.number / so_far->count);
    int up = e->type.scale - e->args[0]->type.scale;
    return plain_within(
        place, plain_divide(so_far->result.exact * plain_power(up), so_far->count * plain_power(-up)));
}

static struct plain_value finish(struct plain_place *place, const struct ir_expr *e,
                                 const struct gathering *so_far)
{
    bool sum = e->aggregate == AGGREGATE_SUM || e->aggregate == AGGREGATE_AVG;
    if (so_far->result.state == PLAIN_FAULTED || !sum) return so_far->result;
    if (e->args[0]->type.kind == TYPE_NUMBER && !isfinite(so_far->result.number))
        return plain_fault(place, FAULT_NOT_FINITE);
    return e->aggregate == AGGREGATE_AVG ? mean(place, e, so_far) : so_far->result;
}

static struct plain_value over_rows(struct plain_place *place, const struct ir_expr *e,
                                    struct str separator, int64_t wanted, const struct row_list *list)
{
    struct gathering so_far = {.result = over_no_rows(e), .wanted = wanted};
    if (e->aggregate == AGGREGATE_AVG)
        so_far.result = e->args[0]->type.kind == TYPE_NUMBER ? plain_number(0) : plain_exact(0);
    for (uint32_t i = 0; i < list->count && !so_far.settled; i++) {
        place->cursors[e->cursor] =
            list->rows[e->aggregate == AGGREGATE_LAST ? list->count - 1 - i : i];
        enum plain_answer answer = counts(place, e, place->cursors[e->cursor]);
        if (answer == PLAIN_FAULT) return faulted();
        if (answer == PLAIN_YES) gather(place, e, separator, &so_far);
        if (so_far.result.state == PLAIN_FAULTED) return so_far.result;
    }
    return finish(place, e, &so_far);
}

static struct plain_value aggregate(struct plain_place *place, const struct ir_expr *e)
{
    struct row_list list = {0};
    struct plain_row *from =
        e->from_scope ? plain_row_in(place->cursors[e->from], e->from_scope) : place->plain->form;
    struct plain_value separator = plain_text(STR(""));
    if (e->aggregate == AGGREGATE_JOIN) separator = plain_eval(place, e->args[1]);
    if (separator.state == PLAIN_FAULTED) return separator;
    if (separator.state == PLAIN_MISSING) separator = plain_text(STR("")); /* join() is never missing */
    struct plain_value wanted = plain_exact(0);
    if (e->aggregate == AGGREGATE_AT) wanted = plain_eval(place, e->args[1]);
    if (wanted.state != PLAIN_PRESENT) return wanted;
    list_rows(place->plain, from, e->scope, &list);
    return over_rows(place, e, separator.text, wanted.exact, &list);
}

/* ---- booleans: two questions */

static enum plain_answer ask_all(struct plain_place *place, const struct ir_expr *e, bool want)
{
    for (uint32_t i = 0; i < e->arg_count; i++) {
        enum plain_answer one = plain_ask(place, e->args[i], want);
        if (one != PLAIN_YES) return one;
    }
    return PLAIN_YES;
}

static enum plain_answer ask_any(struct plain_place *place, const struct ir_expr *e, bool want)
{
    for (uint32_t i = 0; i < e->arg_count; i++) {
        enum plain_answer one = plain_ask(place, e->args[i], want);
        if (one != PLAIN_NO) return one;
    }
    return PLAIN_NO;
}

static enum plain_answer ask_value(const struct plain_value *value, bool want)
{
    if (value->state == PLAIN_FAULTED) return PLAIN_FAULT;
    return value->state == PLAIN_PRESENT && value->truth == want ? PLAIN_YES : PLAIN_NO;
}

static enum plain_answer ask_if(struct plain_place *place, const struct ir_expr *e, bool want)
{
    enum plain_answer condition = plain_ask(place, e->args[0], true);
    if (condition == PLAIN_FAULT) return condition;
    return plain_ask(place, condition == PLAIN_YES ? e->args[1] : e->args[2], want);
}

static enum plain_answer ask_default(struct plain_place *place, const struct ir_expr *e, bool want)
{
    struct plain_value value = plain_eval(place, e->args[0]);
    return value.state == PLAIN_MISSING ? plain_ask(place, e->args[1], want) : ask_value(&value, want);
}

enum plain_answer plain_ask(struct plain_place *place, const struct ir_expr *e, bool want)
{
    struct plain_value value;
    switch (e->op) {
    case IR_AND:
        return want ? ask_all(place, e, true) : ask_any(place, e, false);
    case IR_OR:
        return want ? ask_any(place, e, true) : ask_all(place, e, false);
    case IR_NOT:
        return plain_ask(place, e->args[0], !want);
    case IR_IF:
        return ask_if(place, e, want);
    case IR_COALESCE:
        return ask_default(place, e, want);
    default:
        value = plain_eval(place, e);
        return ask_value(&value, want);
    }
}

static struct plain_value both_questions(struct plain_place *place, const struct ir_expr *e)
{
    enum plain_answer is_true = plain_ask(place, e, true);
    if (is_true == PLAIN_FAULT) return faulted();
    if (is_true == PLAIN_YES) return plain_truth(true);
    enum plain_answer is_false = plain_ask(place, e, false);
    if (is_false == PLAIN_FAULT) return faulted();
    return is_false == PLAIN_YES ? plain_truth(false) : plain_missing();
}

/* ---- all of them */

static struct plain_value constant(const struct ir_expr *e)
{
    switch (e->type.kind) {
    case TYPE_TEXT:
        return plain_text(e->value.text);
    case TYPE_BOOLEAN:
        return plain_truth(e->value.truth);
    case TYPE_NUMBER:
        return plain_number(e->value.number);
    default:
        return plain_exact(e->value.exact);
    }
}

static struct plain_value slot(struct plain_place *place, const struct ir_expr *e)
{
    uint32_t scope = place->plain->ir->nodes[e->node].scope;
    struct plain_row *row = scope ? plain_row_in(place->cursors[e->cursor], scope) : place->plain->form;
    struct plain_value value = plain_node_value(place->plain, e->node, row);
    value.offset = 0, value.zone = STR(""); /* an expression sees an instant, not how it was written */
    return value;
}

/* The row before in the same repeat of the same row around it, or NULL. */
static struct plain_row *row_before(const struct plain_row *row)
{
    const struct plain_array *array = &row->around->arrays[row->scope];
    return row->position > 0 ? array->rows[row->position - 1] : NULL;
}

static struct plain_value prior(struct plain_place *place, const struct ir_expr *e)
{
    struct plain_row *row = row_before(place->cursors[e->cursor]);
    struct plain_value value = row ? plain_node_value(place->plain, e->node, row) : plain_missing();
    value.offset = 0, value.zone = STR("");
    return value;
}

/* Whether the value of the row at hand is that of a row before it. */
static struct plain_value seen(struct plain_place *place, const struct ir_expr *e)
{
    struct plain_value own = plain_node_value(place->plain, e->node, place->cursors[0]);
    const struct ir *ir = place->plain->ir;
    for (struct plain_row *row = row_before(place->cursors[0]); row; row = row_before(row)) {
        struct plain_value other = plain_node_value(place->plain, e->node, row);
        if (other.state == PLAIN_FAULTED) return other;
        bool same =
            other.state == PLAIN_PRESENT && compare(ir, ir->nodes[e->node].type, &own, &other) == 0;
        if (same) return plain_truth(true);
    }
    return plain_truth(false);
}

static struct plain_value today(const struct plain *plain)
{
    int64_t now = plain->judging->now_ms, seconds = now / 1000 - (now % 1000 < 0);
    int32_t day, time;
    if (civil_split(now, zone_offset_at(plain->zone, seconds) * INT64_C(1000), &day, &time))
        return plain_exact(day);
    return plain_exact(now < 0 ? CIVIL_DAY_MIN : CIVIL_DAY_MAX);
}

static struct plain_value answered(struct plain_value value)
{
    if (value.state == PLAIN_FAULTED) return value;
    return plain_truth(value.state == PLAIN_PRESENT);
}

static struct plain_value choose(struct plain_place *place, const struct ir_expr *e)
{
    enum plain_answer condition = plain_ask(place, e->args[0], true);
    if (condition == PLAIN_FAULT) return faulted();
    return plain_eval(place, condition == PLAIN_YES ? e->args[1] : e->args[2]);
}

static struct plain_value coalesce(struct plain_place *place, const struct ir_expr *e)
{
    struct plain_value value = plain_eval(place, e->args[0]);
    return value.state == PLAIN_MISSING ? plain_eval(place, e->args[1]) : value;
}

static struct plain_value eval(struct plain_place *place, const struct ir_expr *e)
{
    switch (e->op) {
    case IR_CONST:
        return constant(e);
    case IR_MISSING:
        return plain_missing();
    case IR_SLOT:
        return slot(place, e);
    case IR_PRIOR:
        return prior(place, e);
    case IR_SEEN:
        return seen(place, e);
    case IR_TODAY:
        return today(place->plain);
    case IR_NOW:
        return plain_exact(place->plain->judging->now_ms);
    case IR_POSITION:
        return plain_exact((int64_t)plain_row_in(place->cursors[e->cursor], e->scope)->position + 1);
    case IR_OPTION:
        return plain_exact(place->option);
    case IR_AND:
    case IR_OR:
    case IR_NOT:
        return both_questions(place, e);
    case IR_ANSWERED:
        return answered(plain_eval(place, e->args[0]));
    case IR_COALESCE:
        return coalesce(place, e);
    case IR_IF:
        return choose(place, e);
    case IR_LEAST:
    case IR_GREATEST:
        return extreme(place, e);
    case IR_AGGREGATE:
        return aggregate(place, e);
    case IR_CALL:
        if (e->helper == HELPER_SIZE || e->helper == HELPER_JOIN) return eval_lenient(place, e);
        return eval_strict(place, e);
    default:
        return eval_strict(place, e);
    }
}

/* ---- what the checker says of it */

static void doubt(struct plain *plain, const struct ir_expr *e, const char *claim, long long found)
{
    if (plain->broken_claim.len) return;
    plain->broken_claim =
        arena_printf(plain->arena, "the expression at bytes %u to %u %s: %lld",
                     (unsigned)e->span.offset, (unsigned)(e->span.offset + e->span.len), claim, found);
}

static void try_claims(struct plain *plain, const struct ir_expr *e, const struct plain_value *value,
                       bool faults)
{
    if (faults && !e->may_fault) doubt(plain, e, "was proven free of faults", 0);
    if (value->state == PLAIN_MISSING && !e->may_be_missing) doubt(plain, e, "was proven present", 0);
    if (value->state != PLAIN_PRESENT) return;
    bool in_range = !has_range(e->type.kind) || (value->exact >= e->low && value->exact <= e->high);
    if (!in_range) doubt(plain, e, "leaves its range", value->exact);
    if (e->type.kind != TYPE_TEXT) return;
    if (value->text.len > (size_t)limit(TEXT_RESULT_BYTES)) plain->over_memory = true;
    else if (value->text.len > e->text_max)
        doubt(plain, e, "is longer than its most", (long long)value->text.len);
}

/* A fresh fault is that of the innermost expression under way. */
struct plain_value plain_eval(struct plain_place *place, const struct ir_expr *e)
{
    struct plain *plain = place->plain;
    struct plain_value value = eval(place, e);
    bool faults = plain->fresh_fault;
    plain->fresh_fault = false;
    try_claims(plain, e, &value, faults);
    return value;
}
