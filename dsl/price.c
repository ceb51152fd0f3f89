#include "dsl/price.h"

#include "base/json_writer.h"
#include "base/limits.h"
#include "dsl/interval.h"

#include <assert.h>

_Static_assert((int)IR_DEAREST == (int)PRICE_DEAREST, "all that are found are told");

struct price_caps price_caps_default(void)
{
    return (struct price_caps){
        .steps_max = limit(COST_STEPS),
        .memory_bytes_max = limit(JUDGE_BYTES),
        .verdict_bytes_max = limit(VERDICT_BYTES),
    };
}

struct price_caps price_caps_none(void)
{
    return (struct price_caps){UINT64_MAX, UINT64_MAX, UINT64_MAX};
}

/* ---- the dearest rules */

static const char *kind_name(enum ir_rule_kind kind)
{
    static const char *const names[] = {
        [RULE_RELEVANCE] = "when",    [RULE_VALUE] = "value", [RULE_BOUNDS] = "bounds",
        [RULE_REQUIRED] = "required", [RULE_CHECK] = "check", [RULE_OFFER] = "offer"};
    assert(kind < sizeof names / sizeof *names && names[kind]);
    return names[kind];
}

static struct str path_of(const struct ir *ir, uint32_t node)
{
    return node ? ir->nodes[node].path : ir->name;
}

static struct price_loop loop_over(const struct ir *ir, uint32_t scope, uint32_t outer)
{
    return (struct price_loop){path_of(ir, ir->scopes[scope].node), interval_rows(ir, scope, outer)};
}

/* All but the line and column; texts are the IR's. */
static struct price_rule describe(const struct ir *ir, const struct ir_dear *dear)
{
    const struct ir_rule *rule = &ir->rules[dear->rule];
    uint32_t node = rule->kind == RULE_CHECK ? ir->checks[rule->check].owner : rule->node;
    struct price_rule told = {
        .path = path_of(ir, node), .kind = kind_name(rule->kind), .steps = dear->steps};
    if (rule->scope) told.loops[told.loop_count++] = loop_over(ir, rule->scope, 0);
    if (dear->loop)
        told.loops[told.loop_count++] = loop_over(ir, dear->loop->scope, dear->loop->from_scope);
    return told;
}

static bool keep_texts(struct arena *arena, struct price_rule *rule)
{
    rule->path = arena_str(arena, rule->path);
    bool kept = rule->path.ptr != NULL;
    for (uint32_t i = 0; i < rule->loop_count; i++) {
        rule->loops[i].repeat = arena_str(arena, rule->loops[i].repeat);
        kept = kept && rule->loops[i].repeat.ptr;
    }
    return kept;
}

enum status price_describe(struct arena *arena, const struct ir *ir, struct price *ret_price)
{
    struct price price = {.known = true, .cost = {.steps_max = ir->cost_steps}};
    for (uint32_t i = 0; i < ir->dearest_count; i++) {
        struct price_rule rule = describe(ir, &ir->dearest[i]);
        struct line_column at = line_column_of(ir->source, ir->rules[ir->dearest[i].rule].span.offset);
        rule.line = at.line;
        rule.column = at.column;
        if (!keep_texts(arena, &rule)) return arena->refused ? ST_LIMIT : ST_NOMEM;
        price.dearest[price.dearest_count++] = rule;
    }
    *ret_price = price;
    return ST_OK;
}

/* ---- telling */

unsigned price_share(const struct price *price, const struct price_rule *rule)
{
    uint64_t whole = price->cost.steps_max;
    if (whole == 0) return 0;
    return (unsigned)(whole >= UINT64_MAX / 100 ? rule->steps / (whole / 100)
                                                : rule->steps * 100 / whole);
}

void price_put_loops(const struct price_rule *rule, struct buf *out)
{
    for (uint32_t i = 0; i < rule->loop_count; i++)
        buf_printf(out, "%s%llu rows of %.*s", i ? ", in each of which it looks at " : "",
                   (unsigned long long)rule->loops[i].rows, STR_ARG(rule->loops[i].repeat));
}

static void put_loop(struct json_writer *json, const struct price_loop *loop)
{
    json_object(json);
    json_key_str(json, STR("repeat"), loop->repeat);
    json_key_int(json, STR("rows"), (int64_t)loop->rows);
    json_object_end(json);
}

/* Unlimited caps may leave what JSON readers take for exact. */
static int64_t held(uint64_t value)
{
    return value > INT64_C(9007199254740991) ? INT64_C(9007199254740991) : (int64_t)value;
}

static void put_rule(struct json_writer *json, const struct price *price, const struct price_rule *rule)
{
    json_object(json);
    json_key_str(json, STR("path"), rule->path);
    json_key_str(json, STR("kind"), str_of(rule->kind));
    json_key_int(json, STR("line"), rule->line);
    json_key_int(json, STR("column"), rule->column);
    json_key_int(json, STR("steps"), held(rule->steps));
    json_key_int(json, STR("share"), price_share(price, rule));
    json_key(json, STR("loops"));
    json_array(json);
    for (uint32_t i = 0; i < rule->loop_count; i++) put_loop(json, &rule->loops[i]);
    json_array_end(json);
    json_object_end(json);
}

void price_put_json(const struct price *price, struct buf *out)
{
    struct json_writer json;
    json_writer_init(&json, out);
    json_object(&json);
    json_key_int(&json, STR("steps_max"), held(price->cost.steps_max));
    if (price->cost.memory_bytes_max) {
        json_key_int(&json, STR("memory_bytes_max"), held(price->cost.memory_bytes_max));
        json_key_int(&json, STR("verdict_bytes_max"), held(price->cost.verdict_bytes_max));
    }
    json_key(&json, STR("dearest"));
    json_array(&json);
    for (uint32_t i = 0; i < price->dearest_count; i++) put_rule(&json, price, &price->dearest[i]);
    json_array_end(&json);
    json_object_end(&json);
}

/* ---- too dear */

/* A list full of warnings gives one up: why the form is refused must be told. */
static void make_room(struct diags *diags)
{
    if (diags->count == diags->count_max) diags->count--;
}

static const char *steps_hint(struct arena *arena, const struct ir_rule *rule,
                              const struct price_rule *told)
{
    const struct price_loop *own = &told->loops[0], *inner = &told->loops[1];
    if (told->loop_count == PRICE_LOOPS)
        return arena_printf(arena,
                            "in each of %llu rows of \"%.*s\" it looks at up to %llu rows of \"%.*s\": "
                            "declare fewer, or count once outside the rows",
                            (unsigned long long)own->rows, STR_ARG(own->repeat),
                            (unsigned long long)inner->rows, STR_ARG(inner->repeat))
            .ptr;
    if (told->loop_count == 1 && rule->scope == 0)
        return arena_printf(arena, "it looks at up to %llu rows of \"%.*s\": declare fewer",
                            (unsigned long long)own->rows, STR_ARG(own->repeat))
            .ptr;
    if (rule->cost > 2 * (uint64_t)rule->base_cost)
        return "texts cost by their length: declare a length for the fields that it reads";
    if (told->loop_count == 0) return NULL;
    return arena_printf(arena, "\"%.*s\" may have %llu rows: declare fewer", STR_ARG(own->repeat),
                        (unsigned long long)own->rows)
        .ptr;
}

enum status price_judge_steps(struct arena *arena, const struct ir *ir, const struct price_caps *caps,
                              struct diags *diags)
{
    if (ir->cost_steps <= caps->steps_max) return ST_OK;
    assert(ir->dearest_count > 0);
    const struct ir_dear *dear = &ir->dearest[0];
    const struct ir_rule *rule = &ir->rules[dear->rule];
    struct price_rule told = describe(ir, dear);
    make_room(diags);
    struct diag *diag = diag_addf(
        diags, DIAG_ERROR, "E0402", rule->span, steps_hint(arena, rule, &told),
        "judging this form may take %llu steps, and %llu are allowed; this rule (%s of \"%.*s\") takes "
        "up to %llu",
        (unsigned long long)ir->cost_steps, (unsigned long long)caps->steps_max, told.kind,
        STR_ARG(told.path), (unsigned long long)dear->steps);
    if (diag && dear->loop) {
        diag->related = dear->loop->span;
        diag->related_message = STR("the loop");
    }
    return ST_INPUT;
}

/* ---- too much memory, too long a verdict */

static enum status complain_bytes(struct arena *arena, const struct ir *ir, const char *code,
                                  const char *what, const struct footprint_part *part, uint64_t cap,
                                  struct diags *diags)
{
    struct span span = {0, 0};
    const char *hint = "declare lengths for its texts, or make two forms of it";
    if (part->scope) {
        struct price_loop loop = loop_over(ir, part->scope, 0);
        span = ir->nodes[ir->scopes[part->scope].node].item->name_span;
        hint = arena_printf(arena,
                            "up to %llu rows of \"%.*s\" take %llu of them: declare fewer rows, "
                            "or lengths for their texts",
                            (unsigned long long)loop.rows, STR_ARG(loop.repeat),
                            (unsigned long long)part->scope_bytes)
                   .ptr;
    }
    make_room(diags);
    diag_addf(diags, DIAG_ERROR, code, span, hint,
              "%s this form may take %llu bytes, and %llu are allowed", what,
              (unsigned long long)part->bytes, (unsigned long long)cap);
    return ST_INPUT;
}

enum status price_judge_bytes(struct arena *arena, const struct ir *ir,
                              const struct footprint *footprint, const struct price_caps *caps,
                              struct diags *diags)
{
    enum status st = ST_OK;
    if (footprint->memory.bytes > caps->memory_bytes_max)
        st = complain_bytes(arena, ir, "E0405", "judging", &footprint->memory, caps->memory_bytes_max,
                            diags);
    if (footprint->verdict.bytes > caps->verdict_bytes_max)
        st = complain_bytes(arena, ir, "E0406", "a verdict of", &footprint->verdict,
                            caps->verdict_bytes_max, diags);
    return st;
}
