#include "dsl/emit_js_needs.h"

#include "dsl/emit_js_looks.h"
#include "dsl/reads.h"

enum need { NEED_HELPERS, NEED_MOMENTS, NEED_LOOKS, NEED_COUNT };

struct needs {
    bool all[NEED_COUNT];
};

static bool is_moment(enum program_type type)
{
    return type == TYPE_TIME || type == TYPE_DATETIME || type == TYPE_YEAR_MONTH ||
           type == TYPE_PARTIAL_DATE;
}

/* Rules.js has some itself; the others are in helpers.js, those of zones and partial dates in
 * moments.js.
 */
static void see_helper(struct needs *needs, enum program_helper helper)
{
    switch (helper) {
    case HELPER_MUL:
    case HELPER_HAS:
    case HELPER_SIZE:
    case HELPER_LENGTH:
    case HELPER_JOIN:
    case HELPER_WEEKDAY:
    case HELPER_YEARS_BETWEEN:
        return;
    case HELPER_DATE_OF:
    case HELPER_TIME_OF:
    case HELPER_ADD_MONTHS_INSTANT:
    case HELPER_PARTIAL_YEAR:
    case HELPER_PARTIAL_MONTH:
    case HELPER_PARTIAL_DAY:
    case HELPER_PRECISION:
    case HELPER_EARLIEST:
    case HELPER_LATEST:
    case HELPER_YEAR_MONTH:
    case HELPER_SHIFT_MONTH:
        needs->all[NEED_MOMENTS] = true;
        return;
    default:
        needs->all[NEED_HELPERS] = true;
        return;
    }
}

static bool is_rare(enum js_own own)
{
    return own == JS_QUOTIENT || own == JS_FLOOR_DIV || own == JS_MOD || own == JS_ABS ||
           own == JS_SIGN || own == JS_FINITE ||
           (own >= JS_ROWS_COUNT && own != JS_ROWS_COUNT && own != JS_ROWS_SUM);
}

/* Days and times by the clocks of a place need its clocks. */
static void see_node(const struct ir *ir, const struct ir_node *node, struct needs *needs)
{
    enum js_looks looks = emit_js_looks(node);
    enum program_type type = node->type.kind;
    bool zoned = !str_eq(ir->timezone, STR("UTC")) && type == TYPE_DATE && emit_js_has_default(node);
    if (is_moment(type) || zoned) needs->all[NEED_MOMENTS] = true;
    if (type == TYPE_TIME || type == TYPE_DATETIME || type == TYPE_RANKING ||
        (looks != JS_LOOKS_USUAL && looks != JS_LOOKS_PLACE))
        needs->all[NEED_LOOKS] = true;
}

static void see_expression(const struct ir_expr *e, void *context)
{
    struct needs *needs = context;
    if (is_moment(e->type.kind)) needs->all[NEED_MOMENTS] = true;
}

static void find_needs(const struct js *js, struct needs *needs)
{
    const struct ir *ir = js->ir;
    bool clocks = js->owns[JS_TODAY] || js->owns[JS_ZONE];
    for (int i = 0; i < HELPER_COUNT; i++)
        if (js->helpers[i]) see_helper(needs, (enum program_helper)i);
    for (int i = 0; i < JS_OWN_COUNT; i++)
        if (js->owns[i] && is_rare((enum js_own)i)) needs->all[NEED_HELPERS] = true;
    for (uint32_t i = 0; i < ir->node_count; i++) see_node(ir, &ir->nodes[i], needs);
    for (uint32_t i = 0; i < ir->rule_count; i++) rule_walk(ir, &ir->rules[i], see_expression, needs);
    if (clocks && !str_eq(ir->timezone, STR("UTC"))) needs->all[NEED_MOMENTS] = true;
}

void emit_js_needs(const struct js *js, struct buf *out)
{
    static const char *const names[] = {"helpers", "moments", "looks"};
    struct needs needs = {.all = {false}};
    const char *before = ",\nneeds:[";
    find_needs(js, &needs);
    for (int i = 0; i < NEED_COUNT; i++) {
        if (!needs.all[i]) continue;
        buf_printf(out, "%s\"%s\"", before, names[i]);
        before = ",";
    }
    if (*before == ',' && before[1] == 0) buf_putc(out, ']');
}
