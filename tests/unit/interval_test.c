/* What is proved before any answer: bounds, presence, faults, truth. Against tables, and against
 * expressions worked out for many answers by a small interpreter. */
#include "base/decimal.h"
#include "base/limits.h"
#include "dsl/check.h"
#include "dsl/interval.h"
#include "dsl/parser.h"
#include "tests/test.h"

#include <stdarg.h>

#define FIELDS                                                                                         \
    "a: integer min 0 max 100  b: integer min -5 max 5  c: integer min 1 max 3  n: integer\n"          \
    "d: decimal(2) min 0 max 9.99  t: text length ..10\n"                                              \
    "day: date min \"2020-01-01\" max \"2020-12-31\"\n"                                                \
    "repeat r 0..10 { x: integer min -2 max 7 }\n"

struct run {
    struct arena arena;
    struct diags diags;
    struct ir *ir;
};

/* The form with `items` behind FIELDS; NULL when it has errors. */
static const struct ir *run_start(struct run *run, const char *items)
{
    static char source[8192];
    struct tree *tree;
    *run = (struct run){.ir = NULL};
    int len = snprintf(source, sizeof source, "edition 2026\nform f \"F\" {\n" FIELDS "%s\n}\n", items);
    arena_init(&run->arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    diags_init(&run->diags, &run->arena, limit(DIAGNOSTICS));
    enum status st = parser_parse(&run->arena, (struct str){source, (size_t)len}, &run->diags, &tree);
    if (st == ST_OK) st = check_tree(&run->arena, tree, &run->diags, &run->ir);
    return st == ST_OK ? run->ir : NULL;
}

static void run_end(struct run *run)
{
    arena_release(&run->arena);
}

static const struct ir_node *node_of(const struct ir *ir, const char *name)
{
    for (uint32_t i = 0; i < ir->node_count; i++)
        if (str_eq(ir->nodes[i].path, str_of(name))) return &ir->nodes[i];
    return NULL;
}

/* ---- tables */

static const struct {
    const char *type, *expression;
    int64_t low, high;
    int missing, fault;
} bounds[] = {
    {"integer", "a", 0, 100, 1, 0},
    {"integer", "a + b", -5, 105, 1, 0},
    {"integer", "a - b", -5, 105, 1, 0},
    {"integer", "a * b", -500, 500, 1, 0},
    {"integer", "-b", -5, 5, 1, 0},
    {"integer", "n + 1", -DECIMAL_MAX + 1, DECIMAL_MAX, 1, 1},
    {"integer", "n - n", -DECIMAL_MAX, DECIMAL_MAX, 1, 1},
    {"integer", "n * n", -DECIMAL_MAX, DECIMAL_MAX, 1, 1},
    {"integer", "abs(b)", 0, 5, 1, 0},
    {"integer", "abs(c)", 1, 3, 1, 0},
    {"integer", "sign(b)", -1, 1, 1, 0},
    {"integer", "sign(c)", 1, 1, 1, 0},
    {"integer", "a ?? 7", 0, 100, 0, 0},
    {"integer", "a ?? 700", 0, 700, 0, 0},
    {"integer", "if a > 3 then c else 9", 1, 9, 1, 0},
    {"integer", "min(a, 50)", 0, 50, 0, 0},
    {"integer", "max(a, 50)", 50, 100, 0, 0},
    {"integer", "max(a, b)", -5, 100, 1, 0},
    {"integer", "min(a, b, 3, 4)", -5, 3, 0, 0},
    {"integer", "mod(a, c)", 0, 2, 1, 0},
    {"integer", "mod(a, b)", -4, 4, 1, 1},
    {"integer", "div(a, c)", 0, 100, 1, 0},
    {"integer", "div(a, b)", -100, 100, 1, 1},
    {"integer", "round(d, 0)", 0, 10, 1, 0},
    {"integer", "floor(d)", 0, 9, 1, 0},
    {"integer", "ceil(d)", 0, 10, 1, 0},
    {"decimal(2)", "d + a", 0, 10999, 1, 0},
    {"decimal(4)", "d * d", 0, 998001, 1, 0},
    {"decimal(2)", "divide(a, c, 2)", -DECIMAL_MAX, DECIMAL_MAX, 1, 1},
    {"integer", "divide(a, c, 0)", -DECIMAL_MAX, DECIMAL_MAX, 1, 0},
    {"integer", "count(r)", 0, 10, 0, 0},
    {"integer", "count(r where x > 1)", 0, 10, 0, 0},
    {"integer", "sum(r.x)", -20, 70, 0, 0},
    {"integer", "max(r.x)", -2, 7, 1, 0},
    {"integer", "first(r.x)", -2, 7, 1, 0},
    {"integer", "length(t)", 0, 40, 1, 0},
    {"integer", "length(t + \"!\")", 0, 41, 1, 0},
    {"integer", "length(substring(t, 1, 2) ?? \"\")", 0, 40, 0, 0},
    {"integer", "length(join(\"-\", t, t))", 0, 83, 0, 0},
    {"integer", "month(day)", 1, 12, 1, 0},
    {"integer", "year(day)", 2020, 2020, 1, 0},
    {"integer", "day - day", -365, 365, 1, 0},
    {"integer", "integer(t)", -DECIMAL_MAX, DECIMAL_MAX, 1, 0},
    {"integer", "9007199254740990 + 1", DECIMAL_MAX, DECIMAL_MAX, 0, 0},
    {"date", "day + 1 days", 18263, 18628, 1, 0},
    {"date", "\"9999-12-31\" - 1 days", 2932895, 2932895, 0, 0},
    {"date", "today() + 1 days", -719161, 2932896, 0, 1},
};

static void bounds_are_what_the_table_says(void)
{
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        struct run run;
        char items[256];
        snprintf(items, sizeof items, "v: %s = %s", bounds[i].type, bounds[i].expression);
        const struct ir *ir = run_start(&run, items);
        const struct ir_node *v = ir ? node_of(ir, "v") : NULL;
        bool right = v && v->low == bounds[i].low && v->high == bounds[i].high &&
                     v->may_be_missing == bounds[i].missing &&
                     v->computed->may_fault == bounds[i].fault;
        if (!right && v)
            fprintf(stderr, "%s: [%lld..%lld] missing %d fault %d\n", bounds[i].expression,
                    (long long)v->low, (long long)v->high, v->may_be_missing, v->computed->may_fault);
        CHECK(right);
        run_end(&run);
    }
}

static const struct {
    const char *condition;
    unsigned truth;
} truths[] = {
    {"a >= 0", CAN_BE_TRUE | CAN_BE_MISSING},
    {"a > 100", CAN_BE_FALSE | CAN_BE_MISSING},
    {"a > 99", CAN_BE_TRUE | CAN_BE_FALSE | CAN_BE_MISSING},
    {"a <= -1", CAN_BE_FALSE | CAN_BE_MISSING},
    {"a = 101", CAN_BE_FALSE | CAN_BE_MISSING},
    {"a != 101", CAN_BE_TRUE | CAN_BE_MISSING},
    {"count(r) >= 0", CAN_BE_TRUE},
    {"count(r) > 10", CAN_BE_FALSE},
    {"count(r) < 11 and count(r) >= 0", CAN_BE_TRUE},
    {"count(r) > 10 or count(r) < 0", CAN_BE_FALSE},
    {"not count(r) > 10", CAN_BE_TRUE},
    {"answered(a)", CAN_BE_TRUE | CAN_BE_FALSE},
    {"answered(a ?? 1)", CAN_BE_TRUE},
    {"t = \"x\"", CAN_BE_TRUE | CAN_BE_FALSE | CAN_BE_MISSING},
    {"1 < 2", CAN_BE_TRUE},
    {"1 = 2", CAN_BE_FALSE},
    {"a > 100 and b > 1", CAN_BE_FALSE | CAN_BE_MISSING},
};

static void truths_are_what_the_table_says(void)
{
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++) {
        struct run run;
        char items[256];
        snprintf(items, sizeof items, "v: boolean = %s", truths[i].condition);
        const struct ir *ir = run_start(&run, items);
        unsigned truth = ir ? interval_truth_of(node_of(ir, "v")->computed) : 8;
        if (truth != truths[i].truth) fprintf(stderr, "%s: %u\n", truths[i].condition, truth);
        CHECK(truth == truths[i].truth);
        run_end(&run);
    }
}

static void what_a_let_proves_is_known_where_it_is_read(void)
{
    struct run run;
    const struct ir *ir =
        run_start(&run, "v: integer = w + 1\nlet w = min(a, 3) ?? 0\nu: integer = hidden ?? 5\n"
                        "group g when a > 1 { let inner = 4 }\nlet hidden = g.inner");
    CHECK(ir && node_of(ir, "v")->low == 1 && node_of(ir, "v")->high == 4 &&
          !node_of(ir, "v")->may_be_missing);
    CHECK(ir && node_of(ir, "hidden")->may_be_missing); /* its group may not be relevant */
    CHECK(ir && node_of(ir, "u")->low == 4 && node_of(ir, "u")->high == 5 &&
          !node_of(ir, "u")->may_be_missing);
    run_end(&run);
}

static void rows_are_never_more_than_a_submission_holds(void)
{
    struct run run;
    const struct ir *ir = run_start(&run, "repeat o 0..10000 { repeat i 0..10000 { y: integer } }");
    CHECK(ir && interval_rows(ir, 2, 0) == 10000);
    CHECK(ir && interval_rows(ir, 3, 2) == 10000);
    CHECK(ir && interval_rows(ir, 3, 0) == limit(ANSWERS_BYTES) / 3 + 1);
    CHECK(ir && interval_rows(ir, 3, 3) == 1);
    run_end(&run);
}

/* ---- random expressions, worked out */

static uint64_t seed = 1;

static uint32_t dice(uint32_t sides)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % sides;
}

struct line {
    char bytes[4096];
    size_t len;
};

static void put(struct line *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct line *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text->bytes + text->len, sizeof text->bytes - text->len, format, args);
    va_end(args);
    if (len > 0) text->len += (size_t)len;
}

static void put_integer(struct line *text, int depth);

static void put_condition(struct line *text, int depth)
{
    static const char *const comparisons[] = {"=", "!=", "<", "<=", ">", ">="};
    uint32_t kind = depth > 0 ? dice(5) : 4;
    if (kind == 0) {
        put(text, "not (");
        put_condition(text, depth - 1);
        put(text, ")");
        return;
    }
    put(text, "(");
    if (kind < 3) put_condition(text, depth - 1);
    else put_integer(text, depth - 1);
    put(text, " %s ", kind == 1 ? "and" : kind == 2 ? "or" : comparisons[dice(6)]);
    if (kind < 3) put_condition(text, depth - 1);
    else put_integer(text, depth - 1);
    put(text, ")");
}

static void put_call(struct line *text, const char *name, int args, int depth)
{
    put(text, "%s(", name);
    for (int i = 0; i < args; i++) {
        if (i) put(text, ", ");
        put_integer(text, depth);
    }
    put(text, ")");
}

static void put_pair(struct line *text, const char *op, int depth)
{
    put(text, "(");
    put_integer(text, depth);
    put(text, " %s ", op);
    put_integer(text, depth);
    put(text, ")");
}

static void put_integer(struct line *text, int depth)
{
    static const char *const leaves[] = {"a", "b", "c", "n", "0", "1", "7", "-3", "4503599627370496"};
    if (depth <= 0) {
        put(text, "%s", leaves[dice(9)]);
        return;
    }
    switch (dice(13)) {
    case 0:
        put_pair(text, "+", depth - 1);
        return;
    case 1:
        put_pair(text, "-", depth - 1);
        return;
    case 2:
        put_pair(text, "*", depth - 1);
        return;
    case 3:
        put_pair(text, "??", depth - 1);
        return;
    case 4:
        put_call(text, "min", 2, depth - 1);
        return;
    case 5:
        put_call(text, "max", 3, depth - 1);
        return;
    case 6:
        put_call(text, "abs", 1, depth - 1);
        return;
    case 7:
        put_call(text, "sign", 1, depth - 1);
        return;
    case 8:
        put_call(text, "div", 2, depth - 1);
        return;
    case 9:
        put_call(text, "mod", 2, depth - 1);
        return;
    case 10:
        put(text, "-(");
        put_integer(text, depth - 1);
        put(text, ")");
        return;
    case 11:
        put(text, "(if ");
        put_condition(text, depth - 1);
        put(text, " then ");
        put_integer(text, depth - 1);
        put(text, " else ");
        put_integer(text, depth - 1);
        put(text, ")");
        return;
    default:
        put(text, "%s", leaves[dice(9)]);
        return;
    }
}

enum kind { MISSING, PRESENT, FAULT };

struct value {
    enum kind kind;
    int64_t number; /* 0 or 1: a boolean */
};

static struct value answers[4]; /* of a, b, c, n */

static struct value present(int64_t number)
{
    return (struct value){number < -DECIMAL_MAX || number > DECIMAL_MAX ? FAULT : PRESENT, number};
}

static struct value work_out(const struct ir *ir, const struct ir_expr *e);

static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t quotient = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

/* Both operands there. */
static struct value apply(enum ir_op op, int64_t a, int64_t b)
{
    int64_t product;
    switch (op) {
    case IR_ADD:
        return present(a + b);
    case IR_SUB:
        return present(a - b);
    case IR_MUL:
        return __builtin_mul_overflow(a, b, &product) ? (struct value){FAULT, 0} : present(product);
    case IR_FLOOR_DIV:
        return b == 0 ? (struct value){FAULT, 0} : present(floor_div(a, b));
    case IR_MOD:
        return b == 0 ? (struct value){FAULT, 0} : present(a - floor_div(a, b) * b);
    case IR_EQ:
        return present(a == b);
    case IR_NE:
        return present(a != b);
    case IR_LT:
        return present(a < b);
    case IR_LE:
        return present(a <= b);
    case IR_GT:
        return present(a > b);
    default:
        return present(a >= b);
    }
}

static struct value work_out_strict(const struct ir *ir, const struct ir_expr *e)
{
    struct value a = work_out(ir, e->args[0]), b = e->arg_count > 1 ? work_out(ir, e->args[1]) : a;
    if (a.kind == FAULT || b.kind == FAULT) return (struct value){FAULT, 0};
    if (a.kind == MISSING || b.kind == MISSING) return (struct value){MISSING, 0};
    if (e->op == IR_NEGATE) return present(-a.number);
    if (e->op == IR_ABS) return present(a.number < 0 ? -a.number : a.number);
    if (e->op == IR_SIGN) return present(a.number > 0 ? 1 : a.number < 0 ? -1 : 0);
    if (e->op == IR_NOT) return present(!a.number);
    return apply(e->op, a.number, b.number);
}

static struct value work_out_logic(const struct ir *ir, const struct ir_expr *e)
{
    int64_t decides = e->op == IR_OR;
    struct value result = present(!decides);
    for (uint32_t i = 0; i < e->arg_count; i++) {
        struct value a = work_out(ir, e->args[i]);
        if (a.kind == FAULT) return a;
        if (a.kind == PRESENT && a.number == decides) return a;
        if (a.kind == MISSING) result = a;
    }
    return result;
}

static struct value work_out_extreme(const struct ir *ir, const struct ir_expr *e)
{
    struct value result = {MISSING, 0};
    for (uint32_t i = 0; i < e->arg_count; i++) {
        struct value a = work_out(ir, e->args[i]);
        if (a.kind == FAULT) return a;
        bool better = result.kind == MISSING ||
                      (e->op == IR_LEAST ? a.number < result.number : a.number > result.number);
        if (a.kind == PRESENT && better) result = a;
    }
    return result;
}

static struct value work_out_any(const struct ir *ir, const struct ir_expr *e)
{
    struct value a;
    switch (e->op) {
    case IR_CONST:
        return present(e->type.kind == TYPE_BOOLEAN ? e->value.truth : e->value.exact);
    case IR_MISSING:
        return (struct value){MISSING, 0};
    case IR_SLOT:
        return answers[e->node - 1];
    case IR_AND:
    case IR_OR:
        return work_out_logic(ir, e);
    case IR_LEAST:
    case IR_GREATEST:
        return work_out_extreme(ir, e);
    case IR_COALESCE:
        a = work_out(ir, e->args[0]);
        return a.kind == MISSING ? work_out(ir, e->args[1]) : a;
    case IR_IF:
        a = work_out(ir, e->args[0]);
        if (a.kind == FAULT) return a;
        return work_out(ir, e->args[a.kind == PRESENT && a.number ? 1 : 2]);
    default:
        return work_out_strict(ir, e);
    }
}

static int contradictions;

/* The value, after a look at whether it was thought possible. */
static struct value work_out(const struct ir *ir, const struct ir_expr *e)
{
    struct value value = work_out_any(ir, e);
    bool args_fault = false;
    for (uint32_t i = 0; i < e->arg_count && value.kind == FAULT; i++)
        args_fault = args_fault || work_out_any(ir, e->args[i]).kind == FAULT;
    if (value.kind == FAULT) contradictions += !e->may_fault && !args_fault;
    else if (value.kind == MISSING) contradictions += !e->may_be_missing;
    else if (e->type.kind == TYPE_BOOLEAN)
        contradictions += !(interval_truth_of(e) & (value.number ? CAN_BE_TRUE : CAN_BE_FALSE));
    else contradictions += value.number < e->low || value.number > e->high;
    return value;
}

static struct value roll_answer(int64_t low, int64_t high)
{
    if (dice(5) == 0) return (struct value){MISSING, 0};
    switch (dice(4)) {
    case 0:
        return present(low);
    case 1:
        return present(high);
    default:
        return present(low + dice((uint32_t)(high - low < 1000 ? high - low + 1 : 1000)));
    }
}

static void roll_answers(void)
{
    answers[0] = roll_answer(0, 100);
    answers[1] = roll_answer(-5, 5);
    answers[2] = roll_answer(1, 3);
    answers[3] = roll_answer(-DECIMAL_MAX, DECIMAL_MAX);
}

/* 2,000 expressions, 60 sets of answers each. */
static void no_interval_cuts_off_what_can_happen(void)
{
    enum { EXPRESSIONS = 2000, ANSWERS = 60 };
    int compiled = 0, faults = 0, misses = 0;
    for (int i = 0; i < EXPRESSIONS; i++) {
        struct run run;
        struct line text = {.len = 0};
        put(&text, "v: integer = ");
        put_integer(&text, 4);
        const struct ir *ir = run_start(&run, text.bytes);
        int before = contradictions;
        for (int k = 0; ir && k < ANSWERS; k++) {
            roll_answers();
            struct value value = work_out(ir, node_of(ir, "v")->computed);
            faults += value.kind == FAULT;
            misses += value.kind == MISSING;
        }
        if (contradictions > before) fprintf(stderr, "%s\n", text.bytes);
        compiled += ir != NULL;
        run_end(&run);
    }
    CHECK(contradictions == 0);
    CHECK(compiled > EXPRESSIONS * 3 / 4); /* others divide by zero or overflow as constants */
    CHECK(faults > 1000 && misses > 1000);
}

int main(void)
{
    bounds_are_what_the_table_says();
    truths_are_what_the_table_says();
    what_a_let_proves_is_known_where_it_is_read();
    rows_are_never_more_than_a_submission_holds();
    no_interval_cuts_off_what_can_happen();
    return TEST_RESULT();
}
