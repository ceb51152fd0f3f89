#include "tests/reference/plain.h"

#include "base/json_writer.h"
#include "dsl/category.h"
#include "dsl/check.h"
#include "dsl/parser.h"
#include "dsl/pattern.h"

#include <assert.h>

/* ---- memory and rows */

void *plain_alloc(struct plain *plain, size_t count, size_t size)
{
    void *made = arena_zalloc(plain->arena, count, size);
    assert(made);
    return made;
}

struct plain_row *plain_row_new(struct plain *plain, struct plain_row *around, uint32_t scope,
                                uint32_t position)
{
    struct plain_row *row = PLAIN_ARRAY(plain, struct plain_row, 1);
    *row = (struct plain_row){.around = around, .scope = scope, .position = position};
    row->cells = PLAIN_ARRAY(plain, struct plain_cell, plain->ir->node_count);
    row->arrays = PLAIN_ARRAY(plain, struct plain_array, plain->ir->scope_count);
    return row;
}

const struct plain_row *plain_row_at(const struct plain_row *row, uint32_t scope)
{
    while (row->scope != scope) row = row->around;
    return row;
}

struct plain_row *plain_row_in(struct plain_row *row, uint32_t scope)
{
    while (row->scope != scope) row = row->around;
    return row;
}

struct plain_cell *plain_cell(struct plain_row *row, uint32_t node)
{
    return &row->cells[node];
}

/* ---- rules: which one works what out */

static uint32_t rule_of(const struct ir *ir, enum ir_rule_kind kind, uint32_t number)
{
    for (uint32_t i = 0; i < ir->rule_count; i++) {
        const struct ir_rule *rule = &ir->rules[i];
        if (rule->kind == kind && (kind == RULE_CHECK ? rule->check : rule->node) == number) return i;
    }
    assert(false && "everything that is worked out has a rule");
    return IR_NONE;
}

static struct plain_place *place_for(struct plain *plain, enum ir_rule_kind kind, uint32_t number,
                                     struct plain_row *row)
{
    struct plain_place *place = PLAIN_ARRAY(plain, struct plain_place, 1);
    place->plain = plain;
    place->rule = rule_of(plain->ir, kind, number);
    place->cursors[0] = row;
    return place;
}

/* ---- relevance: its own `when`, and those of everything around */

/* Of what stands right inside `node`, in a row of the scope inside. */
static enum plain_answer relevant_inside(struct plain *plain, uint32_t node, struct plain_row *row)
{
    bool is_row =
        plain->ir->nodes[node].kind == NODE_REPEAT && row->scope == plain->ir->nodes[node].own_scope;
    return plain_relevant(plain, node, is_row ? row->around : row);
}

static enum plain_answer work_out_relevance(struct plain *plain, uint32_t node, struct plain_row *row)
{
    const struct ir_node *n = &plain->ir->nodes[node];
    enum plain_answer around =
        n->parent == IR_NONE ? PLAIN_YES : relevant_inside(plain, n->parent, row);
    if (around != PLAIN_YES || !n->when) return around;
    return plain_ask(place_for(plain, RULE_RELEVANCE, node, row), n->when, true);
}

enum plain_answer plain_relevant(struct plain *plain, uint32_t node, struct plain_row *row)
{
    struct plain_cell *cell = plain_cell(row, node);
    assert(cell->relevance_progress != PLAIN_UNDER_WAY); /* the checker lets no circle pass */
    if (cell->relevance_progress == PLAIN_DONE) return cell->relevance;
    cell->relevance_progress = PLAIN_UNDER_WAY;
    cell->relevance = work_out_relevance(plain, node, row);
    cell->relevance_progress = PLAIN_DONE;
    return cell->relevance;
}

/* ---- values */

static bool is_beyond(enum program_type kind, const struct plain_value *value,
                      const struct plain_value *bound, bool below)
{
    if (kind == TYPE_NUMBER)
        return below ? value->number < bound->number : value->number > bound->number;
    return below ? value->exact < bound->exact : value->exact > bound->exact;
}

/* A bound that is an expression; constants have been looked at when the answer was read. */
static struct plain_value within_bound(struct plain *plain, uint32_t node, struct plain_row *row,
                                       struct plain_value value, bool below)
{
    const struct ir_node *n = &plain->ir->nodes[node];
    const struct ir_expr *bound = below ? n->min : n->max;
    if (!bound || bound->op == IR_CONST || value.state != PLAIN_PRESENT) return value;
    struct plain_value limit_value = plain_eval(place_for(plain, RULE_BOUNDS, node, row), bound);
    if (limit_value.state == PLAIN_FAULTED) return limit_value;
    if (limit_value.state == PLAIN_MISSING || !is_beyond(n->type.kind, &value, &limit_value, below))
        return value;
    struct plain_cell *cell = plain_cell(row, node);
    cell->breach = below ? "min" : "max";
    cell->bound = limit_value;
    return plain_missing();
}

/* Whether each option chosen is offered; the first that is not, or faults, settles it. */
static struct plain_value among_offers(struct plain *plain, uint32_t node, struct plain_row *row,
                                       struct plain_value value)
{
    const struct ir_node *n = &plain->ir->nodes[node];
    if (!n->offer || value.state != PLAIN_PRESENT) return value;
    struct plain_place *place = place_for(plain, RULE_OFFER, node, row);
    bool ranking = n->type.kind == TYPE_RANKING;
    uint32_t count = ranking ? value.order_count : plain->ir->lists[n->type.list].option_count;
    for (uint32_t i = 0; i < count; i++) {
        bool chosen =
            ranking || (n->type.kind == TYPE_CHOICE ? value.exact == (int64_t)i + 1 : value.chosen[i]);
        if (!chosen) continue;
        place->option = ranking ? value.order[i] : (int64_t)i + 1;
        enum plain_answer offered = plain_ask(place, n->offer, true);
        if (offered == PLAIN_FAULT) return (struct plain_value){.state = PLAIN_FAULTED};
        if (offered == PLAIN_YES) continue;
        plain_cell(row, node)->breach = "option";
        return plain_missing();
    }
    return value;
}

/* What other answers make wrong about this one. Its own value stands in it as it was sent. */
static struct plain_value unbroken(struct plain *plain, uint32_t node, struct plain_row *row,
                                   struct plain_value value, enum program_breach breach)
{
    static const char *const codes[BREACH_COUNT] = {[BREACH_TOO_SHORT] = "too_short",
                                                    [BREACH_TOO_LONG] = "too_long",
                                                    [BREACH_READONLY] = "readonly",
                                                    [BREACH_REPEATED] = "duplicate"};
    const struct ir_node *n = &plain->ir->nodes[node];
    struct plain_cell *cell = plain_cell(row, node);
    uint32_t let = breach == BREACH_TOO_SHORT  ? n->length_low
                   : breach == BREACH_TOO_LONG ? n->length_high
                                               : 0;
    if (!n->breaches[breach] || value.state != PLAIN_PRESENT) return value;
    cell->value = value;
    cell->value_progress = PLAIN_DONE;
    enum plain_answer broken =
        plain_ask(place_for(plain, RULE_BOUNDS, node, row), n->breaches[breach], true);
    cell->value_progress = PLAIN_UNDER_WAY;
    if (broken == PLAIN_FAULT) return (struct plain_value){.state = PLAIN_FAULTED};
    if (broken == PLAIN_NO) return value;
    cell->breach = codes[breach];
    if (let) cell->bound = plain_node_value(plain, let, row);
    return plain_missing();
}

static struct plain_value answer_of(struct plain *plain, uint32_t node, struct plain_row *row)
{
    struct plain_value value = plain_cell(row, node)->sent;
    value = among_offers(plain, node, row, value);
    value = unbroken(plain, node, row, value, BREACH_TOO_SHORT);
    value = unbroken(plain, node, row, value, BREACH_TOO_LONG);
    value = within_bound(plain, node, row, value, true);
    value = within_bound(plain, node, row, value, false);
    value = unbroken(plain, node, row, value, BREACH_READONLY);
    return unbroken(plain, node, row, value, BREACH_REPEATED);
}

static struct plain_value work_out_value(struct plain *plain, uint32_t node, struct plain_row *row)
{
    const struct ir_node *n = &plain->ir->nodes[node];
    enum plain_answer relevant = plain_relevant(plain, node, row);
    if (relevant == PLAIN_FAULT) return (struct plain_value){.state = PLAIN_FAULTED};
    if (relevant == PLAIN_NO) return plain_missing();
    if (n->computed) return plain_eval(place_for(plain, RULE_VALUE, node, row), n->computed);
    return answer_of(plain, node, row);
}

static void try_claims(struct plain *plain, const struct ir_node *node, const struct plain_value *value)
{
    bool missing = value->state == PLAIN_MISSING && !node->may_be_missing;
    bool out = value->state == PLAIN_PRESENT && node->type.kind != TYPE_NUMBER &&
               node->type.kind != TYPE_TEXT && node->type.kind != TYPE_BOOLEAN &&
               node->type.kind != TYPE_CHOICES && node->type.kind != TYPE_RANKING &&
               (value->exact < node->low || value->exact > node->high);
    if ((missing || out) && plain->broken_claim.len == 0)
        plain->broken_claim = arena_printf(plain->arena, "the value of %.*s %s", STR_ARG(node->path),
                                           missing ? "was proven present" : "leaves its range");
}

struct plain_value plain_node_value(struct plain *plain, uint32_t node, struct plain_row *row)
{
    struct plain_cell *cell = plain_cell(row, node);
    assert(cell->value_progress != PLAIN_UNDER_WAY);
    if (cell->value_progress == PLAIN_DONE) return cell->value;
    cell->value_progress = PLAIN_UNDER_WAY;
    cell->value = work_out_value(plain, node, row);
    cell->value_progress = PLAIN_DONE;
    if (plain_relevant(plain, node, row) == PLAIN_YES)
        try_claims(plain, &plain->ir->nodes[node], &cell->value);
    return cell->value;
}

/* ---- all that is to be asked, in every row */

static void ask_required(struct plain *plain, uint32_t node, struct plain_row *row)
{
    const struct ir_node *n = &plain->ir->nodes[node];
    struct plain_cell *cell = plain_cell(row, node);
    cell->required = n->required ? PLAIN_YES : PLAIN_NO;
    if (n->required_when && plain_relevant(plain, node, row) == PLAIN_YES)
        cell->required = plain_ask(place_for(plain, RULE_REQUIRED, node, row), n->required_when, true);
}

static void ask_check(struct plain *plain, uint32_t number, struct plain_row *row)
{
    const struct ir_check *check = &plain->ir->checks[number];
    if (relevant_inside(plain, check->owner, row) != PLAIN_YES) return;
    if (plain_ask(place_for(plain, RULE_CHECK, number, row), check->condition, false) != PLAIN_YES)
        return;
    struct plain_finding *made = PLAIN_ARRAY(plain, struct plain_finding, 1);
    *made = (struct plain_finding){
        .code = "check", .node = check->node, .row = row, .check = number, .check_row = row};
    if (plain->last) plain->last->next = made;
    else plain->first = made;
    plain->last = made;
}

static void ask_row(struct plain *plain, struct plain_row *row)
{
    for (uint32_t i = 0; i < plain->ir->node_count; i++) {
        const struct ir_node *node = &plain->ir->nodes[i];
        if (node->scope != row->scope) continue;
        plain_relevant(plain, i, row);
        if (node->kind == NODE_FIELD || node->kind == NODE_LET) plain_node_value(plain, i, row);
        ask_required(plain, i, row);
    }
}

static void ask_rows(struct plain *plain, struct plain_row *row)
{
    ask_row(plain, row);
    for (uint32_t scope = 0; scope < plain->ir->scope_count; scope++)
        for (uint32_t i = 0; i < row->arrays[scope].count; i++)
            ask_rows(plain, row->arrays[scope].rows[i]);
}

/* In every row of its scope in `row`. */
static void ask_check_in(struct plain *plain, uint32_t number, struct plain_row *row)
{
    if (row->scope == plain->ir->checks[number].scope) ask_check(plain, number, row);
    for (uint32_t scope = 0; scope < plain->ir->scope_count; scope++)
        for (uint32_t i = 0; i < row->arrays[scope].count; i++)
            ask_check_in(plain, number, row->arrays[scope].rows[i]);
}

/* ---- the verdict: one walk in document order */

struct writer {
    struct plain *plain;
    struct buf *out;
    bool comma;
    uint32_t errors;
};

static void put_comma(struct writer *writer)
{
    if (writer->comma) buf_putc(writer->out, ',');
    writer->comma = true;
}

static void put_name(struct str name, struct buf *out)
{
    buf_putc(out, '/');
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == '~') buf_puts(out, "~0");
        else if (name.ptr[i] == '/') buf_puts(out, "~1");
        else buf_putc(out, name.ptr[i]);
    }
}

static void put_place(const struct ir *ir, uint32_t node, const struct plain_row *row, struct buf *out);

static void put_row_place(const struct ir *ir, const struct plain_row *row, struct buf *out)
{
    put_place(ir, ir->scopes[row->scope].node, row->around, out);
    buf_printf(out, "/%u", (unsigned)row->position);
}

/* The JSON Pointer of a node in a row of its scope; a repeat with one of its own rows is that row. */
static void put_place(const struct ir *ir, uint32_t node, const struct plain_row *row, struct buf *out)
{
    const struct ir_node *n = &ir->nodes[node];
    if (n->kind == NODE_FORM) return;
    if (n->kind == NODE_REPEAT && row->scope == n->own_scope) {
        put_row_place(ir, row, out);
        return;
    }
    if (ir->nodes[n->parent].kind == NODE_REPEAT) put_row_place(ir, row, out);
    else put_place(ir, n->parent, row, out);
    if (!node_is_frame(n->kind)) put_name(n->key.len ? n->key : n->name, out);
}

static void put_text(struct buf *text, struct buf *out)
{
    json_put_str(out, buf_str(text));
    buf_release(text);
}

static void put_pointer(struct writer *writer, uint32_t node, const struct plain_row *row,
                        const struct str *member)
{
    struct buf text;
    buf_init(&text, mem_heap(), (size_t)limit(VERDICT_BYTES));
    put_place(writer->plain->ir, node, row, &text);
    if (member) put_name(*member, &text);
    put_text(&text, writer->out);
}

/* ---- errors */

static void put_params(struct writer *writer, const struct plain_error *error)
{
    const struct ir_node *node = &writer->plain->ir->nodes[error->node];
    struct str code = str_of(error->code);
    struct buf *out = writer->out;
    if (str_eq(code, STR("scale"))) buf_printf(out, "\"scale\":%u", (unsigned)node->type.scale);
    if (str_eq(code, STR("too_short")))
        buf_printf(out, "\"length_min\":%lld", (long long)plain_length_broken(node, error));
    if (str_eq(code, STR("too_long")))
        buf_printf(out, "\"length_max\":%lld", (long long)plain_length_broken(node, error));
    if (str_eq(code, STR("too_few")) || str_eq(code, STR("too_many")))
        buf_printf(out, "\"rows_%s\":%lld", str_eq(code, STR("too_few")) ? "min" : "max",
                   (long long)error->bound.exact);
    if (str_eq(code, STR("min")) || str_eq(code, STR("max"))) {
        buf_printf(out, "\"%s\":", error->code);
        plain_put_node_json(writer->plain, node, &error->bound, out);
    }
    if (!str_eq(code, STR("check")) || writer->plain->ir->checks[error->check].name.len == 0) return;
    buf_puts(out, "\"name\":");
    json_put_str(out, writer->plain->ir->checks[error->check].name);
}

static void put_error(struct writer *writer, const struct plain_error *error)
{
    struct buf message;
    if (writer->errors++ >= (uint32_t)limit(ERRORS)) return;
    put_comma(writer);
    buf_puts(writer->out, "{\"pointer\":");
    put_pointer(writer, error->node, error->row, error->name.ptr ? &error->name : NULL);
    buf_printf(writer->out, ",\"code\":\"%s\",\"params\":{", error->code);
    put_params(writer, error);
    buf_puts(writer->out, "},\"message\":");
    buf_init(&message, mem_heap(), (size_t)limit(VERDICT_BYTES));
    plain_put_message(writer->plain, error, &message);
    put_text(&message, writer->out);
    buf_putc(writer->out, '}');
}

/* Whether a check that ran for `row` complains about the node in the row at hand, or about that row as
 * a whole. */
static bool is_place_of(const struct ir *ir, const struct plain_finding *finding, uint32_t node,
                        const struct plain_row *row)
{
    if (finding->node != node) return false;
    if (!finding->check_row) return finding->row == row;
    const struct plain_row *at = finding->check_row;
    uint32_t own = ir->nodes[node].kind == NODE_REPEAT ? ir->nodes[node].own_scope : 0;
    for (const struct plain_row *around = at; own && around; around = around->around)
        if (around->scope == own)
            return around == row; /* a check inside a repeat that points at it means the row */
    return plain_row_at(at, ir->nodes[node].scope) == row;
}

static bool is_row(const struct ir *ir, uint32_t node, const struct plain_row *row)
{
    return ir->nodes[node].kind == NODE_REPEAT && ir->nodes[node].own_scope == row->scope;
}

static void put_findings(struct writer *writer, uint32_t node, struct plain_row *row)
{
    const struct ir *ir = writer->plain->ir;
    for (const struct plain_finding *f = writer->plain->first; f; f = f->next) {
        if (!is_place_of(ir, f, node, row)) continue;
        if (!f->check_row && relevant_inside(writer->plain, node, row) != PLAIN_YES) continue;
        struct plain_error error = {.code = f->code,
                                    .node = node,
                                    .row = row,
                                    .name = f->name,
                                    .check = f->check,
                                    .check_row = f->check_row};
        error.is_row = is_row(ir, node, row);
        put_error(writer, &error);
    }
}

static void put_wrong(struct writer *writer, uint32_t node, const struct plain_row *row,
                      const char *code, struct plain_value bound)
{
    struct plain_error error = {.code = code, .node = node, .row = row, .bound = bound};
    error.own_text = row->cells[node].own_text;
    put_error(writer, &error);
}

static void put_breach(struct writer *writer, uint32_t node, const struct plain_row *row,
                       const struct plain_cell *cell)
{
    struct plain_error error = {
        .code = cell->breach, .node = node, .row = row, .bound = cell->bound, .repeated = true};
    put_error(writer, &error);
}

static struct plain_value constant_bound(const struct ir_node *node, const struct plain_cell *cell,
                                         const struct ir_node *part)
{
    const char *code = cell->broken;
    const struct ir_expr *bound = strcmp(code, "min") == 0 ? node->min : node->max;
    bool is_bound = strcmp(code, "min") == 0 || strcmp(code, "max") == 0;
    if (cell->own_text)
        return plain_exact(strcmp(code, "too_short") == 0 ? part->length_min : plain_length_max(part));
    if (!is_bound) return plain_missing();
    return node->type.kind == TYPE_NUMBER ? plain_number(bound->value.number)
                                          : plain_exact(bound->value.exact);
}

static void put_field_error(struct writer *writer, uint32_t number, struct plain_row *row)
{
    const struct ir_node *node = &writer->plain->ir->nodes[number];
    const struct plain_cell *cell = plain_cell(row, number);
    if (node->computed || cell->relevance != PLAIN_YES) return;
    if (cell->broken)
        put_wrong(writer, number, row, cell->broken,
                  constant_bound(node, cell, &writer->plain->ir->nodes[node->part]));
    else if (cell->breach) put_breach(writer, number, row, cell);
    else if (cell->value.state == PLAIN_MISSING && cell->required == PLAIN_YES &&
             !writer->plain->judging->lenient)
        put_wrong(writer, number, row, "required", plain_missing());
}

/* The fewest or most rows: what an expression says, no less and no more than what is declared. */
static int64_t rows_bound(struct plain *plain, uint32_t number, struct plain_row *row, bool fewest)
{
    const struct ir_node *node = &plain->ir->nodes[number];
    const struct ir_scope *scope = &plain->ir->scopes[node->own_scope];
    uint32_t let = fewest ? node->rows_low : node->rows_high;
    int64_t declared = fewest ? scope->rows_min : scope->rows_max;
    if (let == 0) return declared;
    struct plain_value said = plain_node_value(plain, let, row);
    if (said.state != PLAIN_PRESENT) return declared;
    if (said.exact < scope->rows_min) return scope->rows_min;
    return said.exact > scope->rows_max ? scope->rows_max : said.exact;
}

static void put_array_error(struct writer *writer, uint32_t number, struct plain_row *row)
{
    const struct ir *ir = writer->plain->ir;
    const struct plain_cell *cell = plain_cell(row, number);
    const struct plain_array *array = &row->arrays[ir->nodes[number].own_scope];
    int64_t least = rows_bound(writer->plain, number, row, true),
            most = rows_bound(writer->plain, number, row, false);
    bool lenient = writer->plain->judging->lenient;
    if (array->broken || cell->relevance != PLAIN_YES) return;
    if (!array->sent && cell->required == PLAIN_YES && !lenient)
        put_wrong(writer, number, row, "required", plain_missing());
    else if (array->sent_rows < least && !lenient)
        put_wrong(writer, number, row, "too_few", plain_exact(least));
    else if (array->sent_rows > most) put_wrong(writer, number, row, "too_many", plain_exact(most));
}

static void put_errors(struct writer *writer, uint32_t first, uint32_t past, struct plain_row *row)
{
    const struct ir *ir = writer->plain->ir;
    for (uint32_t i = first; i < past; i++) {
        put_findings(writer, i, row);
        if (ir->nodes[i].kind == NODE_FIELD) put_field_error(writer, i, row);
        if (ir->nodes[i].kind != NODE_REPEAT) continue;
        put_array_error(writer, i, row);
        const struct plain_array *array = &row->arrays[ir->nodes[i].own_scope];
        for (uint32_t k = 0; k < array->count; k++) {
            put_findings(writer, i, array->rows[k]);
            put_errors(writer, i + 1, ir->nodes[i].subtree_end, array->rows[k]);
        }
        i = ir->nodes[i].subtree_end - 1;
    }
}

/* ---- answers */

static void put_key(struct writer *writer, uint32_t node)
{
    put_comma(writer);
    json_put_str(writer->out, writer->plain->ir->nodes[node].key);
    buf_putc(writer->out, ':');
}

static void put_object(struct writer *writer, uint32_t node, struct plain_row *row);

/* Whether something that is kept was answered in a repeat that is not relevant. */
static bool keeps_some(const struct ir *ir, uint32_t node, const struct plain_row *row)
{
    const struct plain_array *array = &row->arrays[ir->nodes[node].own_scope];
    for (uint32_t k = 0; k < array->count; k++) {
        for (uint32_t i = node + 1; i < ir->nodes[node].subtree_end; i++) {
            const struct plain_cell *cell = &array->rows[k]->cells[i];
            bool own = ir->nodes[i].scope == ir->nodes[node].own_scope;
            bool kept = ir->nodes[i].keep && cell->sent.state == PLAIN_PRESENT && !cell->broken;
            if (own && kept) return true;
            if (own && ir->nodes[i].kind == NODE_REPEAT && keeps_some(ir, i, array->rows[k]))
                return true;
        }
    }
    return false;
}

static void put_rows(struct writer *writer, uint32_t node, struct plain_row *row)
{
    const struct plain_array *array = &row->arrays[writer->plain->ir->nodes[node].own_scope];
    if (!array->sent) return;
    if (plain_cell(row, node)->relevance != PLAIN_YES && !keeps_some(writer->plain->ir, node, row))
        return;
    put_key(writer, node);
    buf_putc(writer->out, '[');
    for (uint32_t i = 0; i < array->count; i++) {
        if (i) buf_putc(writer->out, ',');
        put_object(writer, node, array->rows[i]);
    }
    buf_putc(writer->out, ']');
    writer->comma = true;
}

/* A group in which nothing is answered is left out. */
static void put_group(struct writer *writer, uint32_t node, struct plain_row *row)
{
    size_t start = writer->out->len;
    bool comma = writer->comma;
    put_key(writer, node);
    size_t empty = writer->out->len + strlen("{}");
    put_object(writer, node, row);
    if (writer->out->len == empty) writer->out->len = start;
    writer->comma = comma || writer->out->len > start;
}

static void put_member(struct writer *writer, uint32_t number, struct plain_row *row)
{
    const struct ir_node *node = &writer->plain->ir->nodes[number];
    const struct plain_cell *cell = plain_cell(row, number);
    bool kept = node->keep && cell->relevance != PLAIN_YES && !cell->broken;
    const struct plain_value *value = kept ? &cell->sent : &cell->value;
    if (node->kind == NODE_GROUP) put_group(writer, number, row);
    if (node->kind == NODE_REPEAT) put_rows(writer, number, row);
    if (node->kind != NODE_FIELD || value->state != PLAIN_PRESENT) return;
    put_key(writer, number);
    plain_put_node_json(writer->plain, node, value, writer->out);
}

static void put_object(struct writer *writer, uint32_t node, struct plain_row *row)
{
    const struct ir *ir = writer->plain->ir;
    buf_putc(writer->out, '{');
    writer->comma = false;
    for (uint32_t i = node + 1; i < ir->nodes[node].subtree_end; i++)
        if (plain_is_member(ir, i, node)) put_member(writer, i, row);
    buf_putc(writer->out, '}');
}

/* ---- hidden: the topmost of what is not relevant; pages, sections and lets have no place */

static void put_hidden(struct writer *writer, uint32_t first, uint32_t past, struct plain_row *row)
{
    const struct ir *ir = writer->plain->ir;
    for (uint32_t i = first; i < past; i++) {
        const struct ir_node *node = &ir->nodes[i];
        bool hidden = plain_cell(row, i)->relevance != PLAIN_YES, repeat = node->kind == NODE_REPEAT;
        if (node_is_frame(node->kind) || node->kind == NODE_LET) continue;
        if (hidden) {
            put_comma(writer);
            put_pointer(writer, i, row, NULL);
        }
        const struct plain_array *array = &row->arrays[node->own_scope];
        for (uint32_t k = 0; repeat && !hidden && k < array->count; k++)
            put_hidden(writer, i + 1, node->subtree_end, array->rows[k]);
        if (hidden || repeat) i = node->subtree_end - 1;
    }
}

/* ---- texts with values */

static bool has_values(const struct plain *plain, const struct ir_message *words)
{
    if (!words->by_language) return false;
    const struct ir_text *text = &words->by_language[plain->language];
    if (text->part_count == 0) text = &words->by_language[0];
    for (uint32_t i = 0; i < text->part_count; i++)
        if (text->parts[i].node != IR_NONE) return true;
    return false;
}

static void put_filled(struct writer *writer, const struct ir_message *words, const char *key,
                       const struct plain_row *row)
{
    struct buf text;
    if (!has_values(writer->plain, words)) return;
    put_comma(writer);
    buf_printf(writer->out, "\"%s\":", key);
    buf_init(&text, mem_heap(), (size_t)limit(VERDICT_BYTES));
    plain_put_words(writer->plain, words, row, &text);
    put_text(&text, writer->out);
}

static void put_texts_of(struct writer *writer, uint32_t number, const struct plain_row *row)
{
    const struct ir *ir = writer->plain->ir;
    const struct ir_node *node = &ir->nodes[number];
    const struct ir_message *label = number == 0 ? &ir->title : &node->label;
    if (!has_values(writer->plain, label) && !has_values(writer->plain, &node->hint) &&
        !has_values(writer->plain, &node->placeholder))
        return;
    put_comma(writer);
    put_pointer(writer, number, row, node_is_frame(node->kind) ? &node->name : NULL);
    buf_puts(writer->out, ":{");
    writer->comma = false;
    put_filled(writer, label, "label", row);
    put_filled(writer, &node->hint, "hint", row);
    put_filled(writer, &node->placeholder, "placeholder", row);
    buf_putc(writer->out, '}');
    writer->comma = true;
}

static void put_texts(struct writer *writer, uint32_t first, uint32_t past, struct plain_row *row)
{
    const struct ir *ir = writer->plain->ir;
    for (uint32_t i = first; i < past; i++) {
        const struct ir_node *node = &ir->nodes[i];
        bool relevant = plain_cell(row, i)->relevance == PLAIN_YES;
        const struct plain_array *array = &row->arrays[node->own_scope];
        if (relevant) put_texts_of(writer, i, row);
        for (uint32_t k = 0; relevant && node->kind == NODE_REPEAT && k < array->count; k++)
            put_texts(writer, i + 1, node->subtree_end, array->rows[k]);
        if (!relevant || node->kind == NODE_REPEAT) i = node->subtree_end - 1;
    }
}

/* ---- what follows the answers */

static void put_suggestion(struct writer *writer, uint32_t number, struct plain_row *row)
{
    const struct ir_node *node = &writer->plain->ir->nodes[number];
    if (!node->suggestion) return;
    struct plain_value value = plain_node_value(writer->plain, node->suggestion, row);
    if (value.state != PLAIN_PRESENT) return;
    put_comma(writer);
    put_pointer(writer, number, row, NULL);
    buf_putc(writer->out, ':');
    plain_put_node_json(writer->plain, node, &value, writer->out);
}

/* An integer that a let says, if it says any. */
static bool is_said(struct plain *plain, uint32_t let, struct plain_row *row, int64_t *ret_value)
{
    if (let == 0) return false;
    struct plain_value value = plain_node_value(plain, let, row);
    *ret_value = value.exact;
    return value.state == PLAIN_PRESENT;
}

static void put_fact(struct writer *writer, const char *name, int64_t value)
{
    put_comma(writer);
    buf_printf(writer->out, "\"%s\":%lld", name, (long long)value);
}

static void put_facts(struct writer *writer, uint32_t number, struct plain_row *row)
{
    const struct ir_node *node = &writer->plain->ir->nodes[number];
    int64_t low = 0, high = 0, fewest = 0, most = 0;
    bool has_low = is_said(writer->plain, node->length_low, row, &low);
    bool has_high = is_said(writer->plain, node->length_high, row, &high);
    bool rows = is_said(writer->plain, node->rows_low, row, &fewest);
    rows = is_said(writer->plain, node->rows_high, row, &most) || rows;
    bool readonly =
        node->readonly_flag && plain_node_value(writer->plain, node->readonly_flag, row).truth;
    if (readonly) {
        put_comma(writer);
        buf_puts(writer->out, "\"readonly\":true");
    }
    if (has_low) put_fact(writer, "length_min", low);
    if (has_high) put_fact(writer, "length_max", high);
    if (rows) put_fact(writer, "rows_min", rows_bound(writer->plain, number, row, true));
    if (rows) put_fact(writer, "rows_max", rows_bound(writer->plain, number, row, false));
}

/* What nothing stands in is left out again. */
static void put_now(struct writer *writer, uint32_t number, struct plain_row *row)
{
    size_t start = writer->out->len;
    bool comma = writer->comma;
    put_comma(writer);
    put_pointer(writer, number, row, NULL);
    buf_puts(writer->out, ":{");
    writer->comma = false;
    put_facts(writer, number, row);
    if (!writer->comma) writer->out->len = start;
    else buf_putc(writer->out, '}');
    writer->comma |= comma;
}

static void put_each(struct writer *writer, uint32_t first, uint32_t past, struct plain_row *row,
                     void (*put)(struct writer *, uint32_t, struct plain_row *))
{
    const struct ir *ir = writer->plain->ir;
    for (uint32_t i = first; i < past; i++) {
        const struct ir_node *node = &ir->nodes[i];
        if (node->kind == NODE_LET) continue;
        bool relevant = plain_cell(row, i)->relevance == PLAIN_YES;
        const struct plain_array *array = &row->arrays[node->own_scope];
        if (relevant && (node->kind == NODE_FIELD || node->kind == NODE_REPEAT)) put(writer, i, row);
        for (uint32_t k = 0; relevant && node->kind == NODE_REPEAT && k < array->count; k++)
            put_each(writer, i + 1, node->subtree_end, array->rows[k], put);
        if (!relevant || node->kind == NODE_REPEAT) i = node->subtree_end - 1;
    }
}

/* ---- all of it */

static struct str finish(struct plain *plain, struct buf *out)
{
    assert(!buf_failed(out));
    struct str text = plain_concat(plain, buf_str(out), STR(""));
    buf_release(out);
    return text;
}

static struct str write_verdict(struct plain *plain, uint32_t *ret_errors)
{
    struct buf out, errors;
    struct writer writer = {.plain = plain, .out = &errors};
    buf_init(&out, mem_heap(), (size_t)limit(VERDICT_BYTES) * 2);
    buf_init(&errors, mem_heap(), (size_t)limit(VERDICT_BYTES));
    put_errors(&writer, 0, plain->ir->node_count, plain->form);
    buf_printf(&out, "{\"valid\":%s,\"errors\":[", writer.errors ? "false" : "true");
    buf_put(&out, buf_str(&errors));
    buf_release(&errors);
    *ret_errors = writer.errors;
    writer.out = &out;
    buf_putc(&out, ']');
    if (writer.errors > (uint32_t)limit(ERRORS))
        buf_printf(&out, ",\"errors_total\":%u", (unsigned)writer.errors);
    buf_puts(&out, ",\"answers\":");
    put_object(&writer, 0, plain->form);
    buf_puts(&out, ",\"hidden\":[");
    writer.comma = false;
    put_hidden(&writer, 1, plain->ir->node_count, plain->form);
    buf_puts(&out, "]}");
    return finish(plain, &out);
}

static struct str write_texts(struct plain *plain)
{
    struct buf out;
    struct writer writer = {.plain = plain, .out = &out};
    buf_init(&out, mem_heap(), (size_t)limit(VERDICT_BYTES));
    buf_putc(&out, '{');
    put_texts(&writer, 0, plain->ir->node_count, plain->form);
    buf_putc(&out, '}');
    return finish(plain, &out);
}

static struct str write_each(struct plain *plain,
                             void (*put)(struct writer *, uint32_t, struct plain_row *))
{
    struct buf out;
    struct writer writer = {.plain = plain, .out = &out};
    buf_init(&out, mem_heap(), (size_t)limit(VERDICT_BYTES));
    buf_putc(&out, '{');
    put_each(&writer, 1, plain->ir->node_count, plain->form, put);
    buf_putc(&out, '}');
    return finish(plain, &out);
}

static struct str write_withheld(struct plain *plain)
{
    struct buf out;
    uint32_t lists = 0;
    buf_init(&out, mem_heap(), (size_t)limit(VERDICT_BYTES));
    buf_putc(&out, '{');
    for (uint32_t i = 0; i < plain->ir->list_count; i++) {
        const struct ir_list *list = &plain->ir->lists[i];
        uint32_t codes = 0;
        for (uint32_t k = 0; list->options && k < list->option_count; k++) {
            uint32_t let = list->options[k].offered;
            if (let == 0 || plain_node_value(plain, let, plain->form).truth) continue;
            if (codes == 0 && lists++ > 0) buf_putc(&out, ',');
            if (codes == 0) json_put_str(&out, list->name);
            buf_puts(&out, codes++ ? "," : ":[");
            json_put_str(&out, list->options[k].code);
        }
        if (codes) buf_putc(&out, ']');
    }
    buf_putc(&out, '}');
    return finish(plain, &out);
}

static uint32_t language_of(const struct ir *ir, struct str locale)
{
    for (uint32_t i = 0; i < ir->language_count; i++)
        if (str_eq(ir->languages[i], locale)) return i;
    return 0;
}

/* ---- faults */

/* The row of `scope` that `row` is or lies in. */
static const struct plain_row *row_in(const struct plain_row *row, uint32_t scope)
{
    while (row->scope != scope) row = row->around;
    return row;
}

static bool lies_in(const struct plain_row *row, uint32_t scope)
{
    while (row && row->scope != scope) row = row->around;
    return row != NULL;
}

/* A let is in no answers: what it stands in is its place. */
static void tell_fault(struct plain *plain, struct reference_fault *fault)
{
    const struct ir *ir = plain->ir;
    const struct ir_rule *rule = &ir->rules[fault->rule];
    uint32_t node = rule->kind == RULE_CHECK ? ir->checks[rule->check].node : rule->node;
    while (ir->nodes[node].kind == NODE_LET) node = ir->nodes[node].parent;
    const struct ir_node *n = &ir->nodes[node];
    bool is_row = n->kind == NODE_REPEAT && lies_in(fault->row, n->own_scope);
    struct buf out;
    buf_init(&out, mem_heap(), (size_t)limit(VERDICT_BYTES));
    put_place(ir, node, row_in(fault->row, is_row ? n->own_scope : n->scope), &out);
    fault->pointer = arena_str(plain->arena, buf_str(&out));
    assert(fault->pointer.ptr);
    buf_release(&out);
}

static void judge(struct plain *plain, const struct json_value *answers,
                  struct reference_outcome *outcome)
{
    plain_read_answers(plain, answers);
    ask_rows(plain, plain->form);
    for (uint32_t i = 0; i < plain->ir->check_count; i++) ask_check_in(plain, i, plain->form);
    outcome->broken_claim = plain->broken_claim;
    for (uint32_t i = 0; i < plain->fault_count; i++) tell_fault(plain, &plain->faults[i]);
    outcome->faults = plain->faults;
    outcome->fault_count = plain->fault_count;
    outcome->state = plain->over_memory   ? JUDGE_OVER_MEMORY
                     : plain->fault_count ? JUDGE_FAULT
                                          : JUDGE_JUDGED;
    if (outcome->state != JUDGE_JUDGED) return;
    outcome->verdict = write_verdict(plain, &outcome->error_count);
    outcome->texts = write_texts(plain);
    outcome->suggestions = write_each(plain, put_suggestion);
    outcome->now = write_each(plain, put_now);
    outcome->withheld = write_withheld(plain);
}

enum status reference_judge(const struct reference *reference, struct arena *arena,
                            const struct reference_judging *judging,
                            struct reference_outcome *ret_outcome)
{
    struct plain plain = {
        .arena = arena, .reference = reference, .ir = reference->ir, .judging = judging};
    struct reference_outcome outcome = {.state = JUDGE_MALFORMED};
    struct json_value root;
    struct json_error error;
    plain.zone = judging->zone ? judging->zone : zone_utc();
    plain.language = language_of(reference->ir, judging->locale);
    enum status st =
        judging->answers.len > (size_t)limit(ANSWERS_BYTES)
            ? ST_SYNTAX
            : json_read(arena, judging->answers, (uint32_t)limit(ANSWERS_DEPTH), &root, &error);
    if (st && st != ST_SYNTAX) return st;
    if (!st && root.kind == JSON_OBJECT) judge(&plain, &root, &outcome);
    *ret_outcome = outcome;
    return ST_OK;
}

/* ---- a form */

/* An I-Regexp in RE2's words. */
static enum status read_pattern(struct arena *arena, struct str text, struct matcher **ret_matcher)
{
    struct categories categories = {0};
    const struct pattern *pattern;
    struct pattern_fault fault;
    struct buf re2;
    enum status st = pattern_parse(arena, &categories, text, &pattern, &fault);
    if (st) return st;
    buf_init(&re2, mem_heap(), (size_t)limit(LUA_BYTES));
    pattern_put_re2(&re2, pattern);
    st = matcher_new(buf_str(&re2), ret_matcher);
    buf_release(&re2);
    return st;
}

static enum status read_patterns(struct arena *arena, struct reference *reference)
{
    reference->patterns = ARENA_ARRAY(arena, struct matcher *, reference->ir->pattern_count + 1);
    if (!reference->patterns) return ST_NOMEM;
    for (uint32_t i = 0; i < reference->ir->pattern_count; i++) {
        enum status st = read_pattern(arena, reference->ir->patterns[i], &reference->patterns[i]);
        if (st) return st;
    }
    return ST_OK;
}

/* The HTML standard's own expression; a url is http or https with a host, in which nothing needs to be
 * escaped. */
static enum status read_formats(struct reference *reference)
{
    enum status st =
        matcher_new(STR("[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
                        "(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*"),
                    &reference->email);
    if (!st) st = matcher_new(STR("\\+?[0-9 \\-.()]*"), &reference->phone);
    if (!st)
        st = matcher_new(
            STR("(?i:https?)://(?:[^\\x00-\\x20\\x7f\\s\\p{Z}\\x{85}<>\"{}|\\\\^`/?#]*@)?"
                "(?:\\[[0-9A-Za-z:.]{2,}\\]|[^\\x00-\\x20\\x7f\\p{Z}\\x{85}<>\"{}|\\\\^`/?#@:\\[\\].]"
                "[^\\x00-\\x20\\x7f\\p{Z}\\x{85}<>\"{}|\\\\^`/?#@:\\[\\]]*)(?::[0-9]{0,5})?"
                "(?:[/?#][^\\x00-\\x20\\x7f\\p{Z}\\x{85}<>\"{}|\\\\^`]*)?"),
            &reference->url);
    return st;
}

enum status reference_new(struct arena *arena, struct str source, const struct dsl_tables *tables,
                          struct diags *diags, struct reference **ret_reference)
{
    struct reference *reference = ARENA_NEW(arena, struct reference);
    struct tree *tree;
    if (!reference) return ST_NOMEM;
    enum status st = parser_parse(arena, source, diags, &tree);
    if (!st) st = check_tree_with(arena, tree, tables, diags, &reference->ir);
    if (!st) st = read_patterns(arena, reference);
    if (!st) st = read_formats(reference);
    if (st) {
        reference_free(reference);
        return st;
    }
    *ret_reference = reference;
    return ST_OK;
}

void reference_free(struct reference *reference)
{
    if (!reference) return;
    for (uint32_t i = 0; reference->patterns && i < reference->ir->pattern_count; i++)
        matcher_free(reference->patterns[i]);
    matcher_free(reference->email);
    matcher_free(reference->url);
    matcher_free(reference->phone);
}
