#include "dsl/function.h"

#include "base/limits.h"
#include "dsl/builtin.h"
#include "dsl/declare.h"
#include "dsl/needs.h"
#include "dsl/typer.h"

#include <assert.h>

struct function {
    const struct item *item;
    struct type result;
    struct type *parameters; /* by item->columns */
    uint32_t levels;         /* of its body with its calls written out */
    bool sound;              /* its body has been read without a complaint */
    bool called;
};

/* What the parameters are while a body is read. */
struct arguments {
    const struct function *function;
    struct ir_expr *const *values;
};

static struct function *find(const struct checking *ck, struct str name)
{
    uint32_t index = symbol_find(&ck->symbols, SYMBOL_SPACE(SYMBOL_FUNCTION, 0), name);
    return index == SYMBOL_ABSENT ? NULL : &ck->functions[index];
}

bool function_exists(const struct checking *ck, struct str name)
{
    return find(ck, name) != NULL;
}

uint32_t function_names(const struct checking *ck, struct str *names)
{
    for (uint32_t i = 0; i < ck->function_count; i++) names[i] = ck->functions[i].item->name;
    return ck->function_count;
}

/* ---- declarations */

static struct type declare_one(struct checking *ck, const struct type_ref *ref)
{
    enum program_format format;
    struct type type = declare_type(ck, ref, &format);
    if (format == FORMAT_ZONED)
        complain(ck, "E0235", ref->span, "write datetime", "zoned is a type of fields only");
    else if (format != FORMAT_PLAIN)
        complain(ck, "E0233", ref->span, "write text", "a text of a function is of type text");
    if (ref->where)
        complain(ck, "E0233", ref->where->span, NULL, "a function takes every option of a list");
    return format != FORMAT_PLAIN || ref->where ? type_of_kind(TYPE_NONE) : type;
}

static void declare_parameters(struct checking *ck, struct function *function)
{
    const struct item *item = function->item;
    function->parameters = CHECKING_ARRAY(ck, struct type, item->column_count + 1);
    for (uint32_t i = 0; function->parameters && i < item->column_count; i++) {
        const struct tree_column *parameter = &item->columns[i];
        function->parameters[i] = declare_one(ck, &parameter->type);
        for (uint32_t k = 0; k < i; k++)
            if (parameter->name.len && str_eq(parameter->name, item->columns[k].name))
                complain(ck, "E0233", parameter->name_span, NULL,
                         "there is a parameter \"%.*s\" already", STR_ARG(parameter->name));
    }
}

static void declare_function(struct checking *ck, const struct item *item)
{
    uint32_t index = ck->function_count++;
    struct function *function = &ck->functions[index];
    *function = (struct function){.item = item, .result = declare_one(ck, &item->type)};
    declare_parameters(ck, function);
    if (item->name.len == 0) return;
    if (builtin_usage_of(item->name)) {
        complain(ck, "E0233", item->name_span, "take another name",
                 "the language has a function \"%.*s\": %s", STR_ARG(item->name),
                 builtin_usage_of(item->name));
        return;
    }
    uint32_t earlier = checking_put(ck, SYMBOL_SPACE(SYMBOL_FUNCTION, 0), item->name, index);
    if (earlier == SYMBOL_ABSENT) return;
    struct diag *diag = complain(ck, "E0201", item->name_span, NULL,
                                 "the name \"%.*s\" is taken by a function", STR_ARG(item->name));
    complain_about(ck, diag, ck->functions[earlier].item->name_span, "it is declared here");
}

void function_declare(struct checking *ck)
{
    ck->functions = CHECKING_ARRAY(ck, struct function, ck->tree->item_count + 1);
    for (uint32_t i = 0; !ck->failure && i < ck->tree->item_count; i++)
        if (ck->tree->items[i].kind == ITEM_FUNCTION) declare_function(ck, &ck->tree->items[i]);
}

/* ---- depth: a chain of functions must not become an expression of any depth */

static uint32_t levels_of(const struct checking *ck, const struct expr *expr)
{
    uint32_t inside = expr->where ? levels_of(ck, expr->where) : 0, own = 1;
    for (uint32_t i = 0; i < expr->arg_count; i++) {
        uint32_t levels = levels_of(ck, expr->args[i]);
        if (levels > inside) inside = levels;
    }
    const struct function *function = expr->kind == EXPR_CALL ? find(ck, expr->names[0].text) : NULL;
    if (function && inside > 0) own = function->levels - 1; /* arguments stand for its last level */
    else if (function) own = function->levels;
    uint32_t most = 2 * (uint32_t)limit(EXPRESSION_DEPTH); /* enough to be refused */
    return inside + own > most ? most : inside + own;
}

static bool complain_deep(struct checking *ck, const struct expr *call)
{
    if (levels_of(ck, call) <= (uint32_t)limit(EXPRESSION_DEPTH)) return false;
    complain(ck, "E0131", call->span, "give a part of it a name: let part = …",
             "written out, this call is more than %d levels deep", limit(EXPRESSION_DEPTH));
    return true;
}

/* ---- bodies */

static struct ir_expr *read_body(struct checking *ck, const struct function *function,
                                 struct ir_expr *const *values)
{
    const struct item *item = function->item;
    struct arguments arguments = {function, values};
    struct place place = {.container = IR_NONE, .stop = IR_NONE, .arguments = &arguments};
    return typer_into(ck, &place, item->expr, function->result,
                      checking_text(ck, "for what \"%.*s\" answers", STR_ARG(item->name)));
}

struct ir_expr *function_argument(struct checking *ck, const struct place *place,
                                  const struct expr *path)
{
    const struct item *item = place->arguments->function->item;
    for (uint32_t i = 0; !path->outer && !path->prior && i < item->column_count; i++)
        if (str_eq(item->columns[i].name, path->names[0].text))
            return ir_build_copy(ck, path->span, place->arguments->values[i]);
    return NULL;
}

uint32_t function_parameters(const struct arguments *arguments, struct str *names)
{
    const struct item *item = arguments->function->item;
    for (uint32_t i = 0; i < item->column_count; i++) names[i] = item->columns[i].name;
    return item->column_count;
}

/* With arguments that are never there: of their values nothing is known but the type. */
static void read_alone(struct checking *ck, struct function *function)
{
    struct ir_expr *values[LIMIT_PARAMETERS];
    uint32_t errors = ck->diags->errors;
    function->levels = levels_of(ck, function->item->expr);
    for (uint32_t i = 0; i < function->item->column_count; i++) {
        struct type type = function->parameters[i];
        values[i] = type.kind == TYPE_NONE
                        ? &ck->poison
                        : ir_build_missing(ck, function->item->columns[i].name_span, type);
    }
    struct ir_expr *e = read_body(ck, function, values);
    function->sound = ck->diags->errors == errors && !ir_is_poison(e);
}

static void add_calls(struct needs *needs, uint32_t user, const struct expr *expr)
{
    const struct function *used = expr->kind == EXPR_CALL ? find(needs->ck, expr->names[0].text) : NULL;
    if (used) needs_add(needs, user, (uint32_t)(used - needs->ck->functions), expr->op_span);
    for (uint32_t i = 0; i < expr->arg_count; i++) add_calls(needs, user, expr->args[i]);
    if (expr->where) add_calls(needs, user, expr->where);
}

void function_type(struct checking *ck)
{
    struct needs needs;
    struct str *names = CHECKING_ARRAY(ck, struct str, ck->function_count + 1);
    uint32_t *order = CHECKING_ARRAY(ck, uint32_t, ck->function_count + 1);
    if (!names || !order || ck->function_count == 0) return;
    function_names(ck, names);
    needs_init(&needs, ck, names, ck->function_count);
    for (uint32_t i = 0; i < ck->function_count; i++) add_calls(&needs, i, ck->functions[i].item->expr);
    if (!needs_order(&needs, "function", order)) return;
    for (uint32_t i = 0; i < ck->function_count && !ck->failure; i++)
        read_alone(ck, &ck->functions[order[i]]);
    for (uint32_t i = 0; i < ck->function_count; i++) ck->functions[i].called = false;
    for (uint32_t i = 0; i < needs.need_count; i++)
        ck->functions[needs.needs[i].used].called |= needs.needs[i].used != needs.needs[i].user;
}

void function_warn_unused(struct checking *ck)
{
    for (uint32_t i = 0; i < ck->function_count; i++)
        if (!ck->functions[i].called)
            complain(ck, "W0203", ck->functions[i].item->name_span, NULL,
                     "nothing calls the function \"%.*s\"", STR_ARG(ck->functions[i].item->name));
}

/* ---- calls */

static struct ir_expr *complain_arguments(struct checking *ck, const struct expr *call,
                                          const struct function *function)
{
    uint32_t wanted = function->item->column_count;
    struct diag *diag = complain(ck, "E0310", call->span, NULL, "%.*s() takes %u argument%s, found %u",
                                 STR_ARG(call->names[0].text), (unsigned)wanted, wanted == 1 ? "" : "s",
                                 (unsigned)call->arg_count);
    complain_about(ck, diag, function->item->head, "the function");
    return &ck->poison;
}

/* The body has been read by itself, so what is wrong now is wrong with these arguments: constants that
 * make too large a constant. */
static struct ir_expr *write_out(struct checking *ck, const struct expr *call,
                                 const struct function *function, struct ir_expr *const *values)
{
    uint32_t hushed = ck->hushed;
    ck->hush++;
    struct ir_expr *e = read_body(ck, function, values);
    ck->hush--;
    if (ck->hushed > hushed && ir_is_poison(e)) {
        ck->hushed = hushed;
        complain(ck, "E0316", call->span, NULL, "with these constants the value of %.*s() is too large",
                 STR_ARG(call->names[0].text));
    }
    return ir_build_copy(ck, call->span, e);
}

struct ir_expr *function_call(struct checking *ck, const struct place *place, const struct expr *call)
{
    struct function *function = find(ck, call->names[0].text);
    struct ir_expr *values[LIMIT_PARAMETERS];
    bool poison = false;
    function->called = true;
    if (call->where) {
        complain(ck, "E0313", call->where->span, NULL, "%.*s() has no where",
                 STR_ARG(call->names[0].text));
        return &ck->poison;
    }
    if (call->arg_count != function->item->column_count) return complain_arguments(ck, call, function);
    for (uint32_t i = 0; i < call->arg_count; i++) {
        values[i] =
            typer_into(ck, place, call->args[i], function->parameters[i], builtin_place(ck, call, i));
        poison |= ir_is_poison(values[i]);
    }
    if (poison || !function->sound || complain_deep(ck, call)) return &ck->poison;
    return write_out(ck, call, function, values);
}
