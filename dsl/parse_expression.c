/* Expressions: docs/language.md §6, by precedence. */
#include "dsl/parse.h"

#include "base/limits.h"

#include <string.h>

/* From what binds least to what binds most. */
enum level {
    LEVEL_OR,
    LEVEL_AND,
    LEVEL_NOT,
    LEVEL_COMPARISON,
    LEVEL_COALESCE,
    LEVEL_SUM,
    LEVEL_PRODUCT,
    LEVEL_UNARY
};

static struct expr *parse_level(struct parse *parse, enum level level, const char *after);
static struct expr *parse_rest(struct parse *parse, enum level level, struct expr *left);
static struct expr *parse_nested(struct parse *parse, const char *after);

/* ---- nodes */

static struct expr *new_expr(struct parse *parse, enum expr_kind kind, struct span span)
{
    struct expr *expr = parse->out_of_memory ? NULL : ARENA_NEW(parse->arena, struct expr);
    if (!expr) {
        parse_run_out(parse);
        expr = &parse->spare_expr;
        *expr = (struct expr){.kind = EXPR_BAD};
        kind = EXPR_BAD;
    }
    expr->kind = kind;
    expr->span = expr->op_span = span;
    expr->depth = 1;
    return expr;
}

static struct expr *bad_expr(struct parse *parse, struct span span)
{
    return new_expr(parse, EXPR_BAD, span);
}

void parse_spoil(struct expr *expr)
{
    *expr = (struct expr){.kind = EXPR_BAD, .span = expr->span, .op_span = expr->span, .depth = 1};
}

static void complain_too_deep(struct parse *parse, struct span span)
{
    if (!parse->too_deep_told)
        parse_complain(parse, "E0131", span, "give a part of it a name: let part = …",
                       "this expression is more than %d levels deep", limit(EXPRESSION_DEPTH));
    parse->too_deep_told = true;
}

/* To be called when all arguments are there. A broken argument leaves a hole in its place only. */
static struct expr *finish(struct parse *parse, struct expr *expr)
{
    uint32_t depth = expr->where ? expr->where->depth : 0;
    for (uint32_t i = 0; i < expr->arg_count; i++)
        if (expr->args[i]->depth > depth) depth = expr->args[i]->depth;
    expr->depth = depth + 1;
    if (expr->depth <= limit(EXPRESSION_DEPTH)) return expr;
    complain_too_deep(parse, expr->span);
    parse_spoil(expr);
    return expr;
}

static struct span span_over(struct span first, struct span last)
{
    return (struct span){first.offset, last.offset + last.len - first.offset};
}

static void push_expr(struct parse *parse, struct expr *expr)
{
    parse_push(parse, &parse->stack, &expr, sizeof expr);
}

static void pop_args(struct parse *parse, struct expr *expr, size_t mark)
{
    expr->args = parse_pop(parse, &parse->stack, mark, sizeof *expr->args, &expr->arg_count);
    if (expr->arg_count == 0 && expr->kind != EXPR_CALL) parse_spoil(expr);
}

static struct expr *make_unary(struct parse *parse, enum expr_op op, struct span op_span,
                               struct expr *arg)
{
    struct expr *expr = new_expr(parse, EXPR_UNARY, span_over(op_span, arg->span));
    size_t mark = parse->stack.used;
    expr->op = op;
    expr->op_span = op_span;
    push_expr(parse, arg);
    pop_args(parse, expr, mark);
    return finish(parse, expr);
}

static struct expr *make_binary(struct parse *parse, enum expr_op op, struct span op_span,
                                struct expr *left, struct expr *right)
{
    struct expr *expr = new_expr(parse, EXPR_BINARY, span_over(left->span, right->span));
    size_t mark = parse->stack.used;
    expr->op = op;
    expr->op_span = op_span;
    push_expr(parse, left);
    push_expr(parse, right);
    pop_args(parse, expr, mark);
    return finish(parse, expr);
}

/* ---- operators */

/* The operator at the token at hand, with its level; OP_NONE when it is none. */
static enum expr_op operator_at(const struct parse *parse, enum level *ret_level)
{
    static const struct {
        enum token_kind token;
        enum expr_op op;
        enum level level;
    } operators[] = {
        {TOKEN_OR, OP_OR, LEVEL_OR},
        {TOKEN_AND, OP_AND, LEVEL_AND},
        {TOKEN_EQUAL, OP_EQ, LEVEL_COMPARISON},
        {TOKEN_NOT_EQUAL, OP_NE, LEVEL_COMPARISON},
        {TOKEN_LESS, OP_LT, LEVEL_COMPARISON},
        {TOKEN_LESS_EQUAL, OP_LE, LEVEL_COMPARISON},
        {TOKEN_GREATER, OP_GT, LEVEL_COMPARISON},
        {TOKEN_GREATER_EQUAL, OP_GE, LEVEL_COMPARISON},
        {TOKEN_IN, OP_IN, LEVEL_COMPARISON},
        {TOKEN_COALESCE, OP_COALESCE, LEVEL_COALESCE},
        {TOKEN_PLUS, OP_ADD, LEVEL_SUM},
        {TOKEN_MINUS, OP_SUB, LEVEL_SUM},
        {TOKEN_STAR, OP_MUL, LEVEL_PRODUCT},
        {TOKEN_SLASH, OP_DIV, LEVEL_PRODUCT},
    };
    *ret_level = LEVEL_COMPARISON;
    if (parse_at(parse, TOKEN_NOT)) return parse->next.kind == TOKEN_IN ? OP_NOT_IN : OP_NONE;
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        *ret_level = operators[i].level;
        if (parse_at(parse, operators[i].token)) return operators[i].op;
    }
    return OP_NONE;
}

/* One of `first … last` of operands and of the operators between them, as a tree of little depth: these
 * operators are associative, and a chain of a hundred must not be a hundred levels deep. */
static struct expr *balance(struct parse *parse, enum expr_op op, struct expr **operands,
                            const struct span *op_spans, uint32_t first, uint32_t last)
{
    if (first == last) return operands[first];
    uint32_t middle = first + (last - first) / 2;
    struct expr *left = balance(parse, op, operands, op_spans, first, middle);
    struct expr *right = balance(parse, op, operands, op_spans, middle + 1, last);
    return make_binary(parse, op, op_spans[middle], left, right);
}

struct link { /* an operand and the operator after it */
    struct expr *operand;
    struct span op_span;
};

static struct expr *balance_links(struct parse *parse, enum expr_op op, const struct link *links,
                                  uint32_t count)
{
    struct expr **operands = ARENA_ARRAY(parse->arena, struct expr *, count);
    struct span *op_spans = ARENA_ARRAY(parse->arena, struct span, count);
    if (!operands || !op_spans) {
        parse_run_out(parse);
        return bad_expr(parse, links[0].operand->span);
    }
    for (uint32_t i = 0; i < count; i++) {
        operands[i] = links[i].operand;
        op_spans[i] = links[i].op_span;
    }
    return balance(parse, op, operands, op_spans, 0, count - 1);
}

/* `a or b or c …` from its first operand on. */
static struct expr *parse_chain(struct parse *parse, enum expr_op op, enum level level,
                                struct expr *left)
{
    size_t mark = parse->stack.used;
    struct link link = {left, {0, 0}};
    enum level at_level;
    while (operator_at(parse, &at_level) == op) {
        link.op_span = parse_token_span(parse->token);
        parse_push(parse, &parse->stack, &link, sizeof link);
        parse_advance(parse);
        const char *after = op == OP_OR ? "\"or\"" : op == OP_AND ? "\"and\"" : "\"?\?\"";
        link.operand = parse_level(parse, level + 1, after);
    }
    parse_push(parse, &parse->stack, &link, sizeof link);
    uint32_t count;
    const struct link *links = parse_pop(parse, &parse->stack, mark, sizeof link, &count);
    return count ? balance_links(parse, op, links, count) : bad_expr(parse, left->span);
}

bool parse_at_unit(const struct parse *parse, enum expr_unit *ret_unit)
{
#define UNIT(name, one, many)                                                                          \
    if (str_eq(parse->token.text, STR(one)) || str_eq(parse->token.text, STR(many))) {                 \
        *ret_unit = UNIT_##name;                                                                       \
        return !parse_at_field(parse);                                                                 \
    }
#include "dsl/unit.def"
#undef UNIT
    return false;
}

/* The unit of a number just taken: makes it a duration. */
static struct expr *parse_duration(struct parse *parse, struct expr *number, enum expr_unit unit)
{
    number->kind = EXPR_DURATION;
    number->unit = unit;
    parse_advance(parse);
    number->span = parse_span_from(parse, number->span.offset);
    if (memchr(number->text.ptr, '.', number->text.len)) {
        parse_complain(parse, "E0136", number->span, NULL,
                       "a length of time is a whole number of its unit");
        parse_spoil(number);
    }
    if (!parse_at(parse, TOKEN_STAR) && !parse_at(parse, TOKEN_SLASH)) return number;
    parse_complain_here(parse, "E0126",
                        "use a function: add_days(d, n * 7), add_months(d, n), add_years(d, n)",
                        "a length of time is not multiplied or divided");
    parse_advance(parse);
    parse_level(parse, LEVEL_UNARY, "\"*\"");
    parse_spoil(number);
    return number;
}

static struct expr *parse_number(struct parse *parse)
{
    struct expr *expr = new_expr(parse, EXPR_NUMBER, parse_token_span(parse->token));
    expr->text = parse_digits(parse, parse->token);
    parse_advance(parse);
    return expr;
}

/* `18 yaers`: told, and read as what it is near to, if there is such a unit. */
static bool mend_unit(struct parse *parse, struct expr *number, enum expr_unit *ret_unit)
{
#define UNIT(name, one, many) {one, sizeof(one) - 1}, {many, sizeof(many) - 1},
    static const struct str words[] = {
#include "dsl/unit.def"
    };
#undef UNIT
    bool plain = parse_at(parse, TOKEN_NAME) && !parse_at_field(parse) && !parse_on_new_line(parse);
    if (!plain) return false;
    struct str nearest = nearest_word(parse->token.text, words, sizeof words / sizeof *words);
    parse_complain_here(parse, "E0144",
                        nearest.len ? parse_printf(parse, "did you mean \"%.*s\"?", STR_ARG(nearest))
                                    : "the units are days, weeks, months, years, hours and minutes",
                        "there is no unit of time %s", parse_found(parse));
    if (nearest.len) parse->token.text = nearest;
    if (parse_at_unit(parse, ret_unit)) return true;
    parse_advance(parse);
    parse_spoil(number);
    return false;
}

/* The right side of + and -: a product, or a length of time. */
static struct expr *parse_summand(struct parse *parse, const char *after)
{
    enum expr_unit unit;
    bool alone = parse_at(parse, TOKEN_NUMBER) && token_is_word(parse->next.kind);
    if (!alone) return parse_level(parse, LEVEL_PRODUCT, after);
    struct expr *number = parse_number(parse);
    bool timed = parse_at_unit(parse, &unit) || mend_unit(parse, number, &unit);
    return timed ? parse_duration(parse, number, unit) : number;
}

static struct expr *parse_arithmetic(struct parse *parse, enum expr_op op, enum level level,
                                     struct expr *left)
{
    struct span op_span = parse_token_span(parse->token);
    const char *after = parse_printf(parse, "\"%s\"", token_spelling(parse->token.kind));
    parse_advance(parse);
    struct expr *right =
        level == LEVEL_SUM ? parse_summand(parse, after) : parse_level(parse, level + 1, after);
    return make_binary(parse, op, op_span, left, right);
}

/* ---- in */

/* `f(a b)`, on one line */
static const char *comma_hint(const struct parse *parse)
{
    bool begins = (parse_at_word(parse) && !token_is_reserved(parse->token.kind)) ||
                  parse_at(parse, TOKEN_NUMBER) || parse_at(parse, TOKEN_TEXT);
    bool other = parse_at_field(parse) || parse_at_modifier(parse) || parse_on_new_line(parse);
    return begins && !other ? "arguments are separated by \",\"" : NULL;
}

/* The ")" that belongs to `open`, or a complaint; then what stands up to it is skipped. */
static bool close_paren(struct parse *parse, struct token open, const char *what, const char *hint)
{
    if (parse_take(parse, TOKEN_CLOSE_PAREN)) return true;
    struct diag *diag = parse_expected(parse, "E0110", what, hint);
    if (diag) {
        diag->related = parse_token_span(open);
        diag->related_message = STR("to close this");
    }
    if (parse_at_modifier(parse) || parse_at_item(parse)) return false;
    parse_skip_to_paren(parse);
    parse_take(parse, TOKEN_CLOSE_PAREN);
    return false;
}

static struct expr *close_in(struct parse *parse, enum expr_kind kind, enum expr_op op,
                             struct span op_span, size_t mark)
{
    struct expr *expr = new_expr(parse, kind, op_span);
    expr->op = op;
    pop_args(parse, expr, mark);
    if (expr->arg_count) expr->span = parse_span_from(parse, expr->args[0]->span.offset);
    return finish(parse, expr);
}

/* What stands in the "( a, b, c )" after `in` is pushed; answers how many, or 0 when it was broken off.
 */
static uint32_t push_list(struct parse *parse)
{
    struct token open = parse->token;
    uint32_t count = 0;
    parse_advance(parse);
    do {
        push_expr(parse, parse_expression(parse, count ? "\",\"" : "\"(\""));
        count++;
    } while (parse_take(parse, TOKEN_COMMA));
    if (parse_at(parse, TOKEN_CLOSE_PAREN)) {
        parse_advance(parse);
        return count;
    }
    close_paren(parse, open, "\",\" or \")\"", comma_hint(parse));
    return 0;
}

static struct expr *complain_set(struct parse *parse, struct expr *right)
{
    if (right->kind != EXPR_BAD)
        parse_complain(
            parse, "E0128", right->span, "write x in (\"a\", \"b\"), x in 1..5 or \"a\" in colours",
            "after \"in\" stands a list in parentheses, a range or a field of several choices");
    return bad_expr(parse, right->span);
}

/* `low .. high` after `in`, with low read. */
static struct expr *parse_in_range(struct parse *parse, enum expr_op op, struct span op_span,
                                   struct expr *left, struct expr *low)
{
    if (!parse_take(parse, TOKEN_DOT_DOT)) return complain_set(parse, low);
    struct expr *high = parse_level(parse, LEVEL_COALESCE, "\"..\"");
    size_t mark = parse->stack.used;
    push_expr(parse, left);
    push_expr(parse, low);
    push_expr(parse, high);
    return close_in(parse, EXPR_IN_RANGE, op, op_span, mark);
}

/* A list, unless it turns out to be the beginning of a range: `x in (a + 1) * 2 .. 9`. */
static struct expr *parse_in_list(struct parse *parse, enum expr_op op, struct span op_span,
                                  struct expr *left)
{
    size_t mark = parse->stack.used;
    uint32_t start = parse->token.offset;
    enum level level;
    push_expr(parse, left);
    uint32_t count = push_list(parse);
    bool goes_on = parse_at(parse, TOKEN_DOT_DOT) ||
                   (operator_at(parse, &level) != OP_NONE && level > LEVEL_COMPARISON);
    if (!goes_on) return close_in(parse, EXPR_IN_LIST, op, op_span, mark);

    uint32_t arg_count;
    struct expr **args = parse_pop(parse, &parse->stack, mark, sizeof *args, &arg_count);
    if (count != 1 || arg_count != 2)
        return complain_set(parse, new_expr(parse, EXPR_NUMBER, parse_span_from(parse, start)));
    args[1]->span = parse_span_from(parse, start);
    struct expr *low = parse_rest(parse, LEVEL_COALESCE, args[1]);
    return parse_in_range(parse, op, op_span, left, low);
}

static struct expr *parse_in(struct parse *parse, enum expr_op op, struct expr *left)
{
    struct span op_span = parse_token_span(parse->token);
    if (op == OP_NOT_IN) parse_advance(parse);
    op_span = span_over(op_span, parse_token_span(parse->token));
    parse_advance(parse);
    if (parse_at(parse, TOKEN_OPEN_PAREN)) return parse_in_list(parse, op, op_span, left);

    struct expr *right = parse_level(parse, LEVEL_COALESCE, "\"in\"");
    bool is_set = right->kind == EXPR_PATH && !parse_at(parse, TOKEN_DOT_DOT);
    if (is_set) return make_binary(parse, op, op_span, left, right);
    return parse_in_range(parse, op, op_span, left, right);
}

static struct expr *parse_comparison(struct parse *parse, enum expr_op op, struct expr *left)
{
    if (op == OP_IN || op == OP_NOT_IN) return parse_in(parse, op, left);
    struct span op_span = parse_token_span(parse->token);
    const char *after = parse_printf(parse, "\"%s\"", token_spelling(parse->token.kind));
    parse_advance(parse);
    struct expr *right = parse_level(parse, LEVEL_COALESCE, after);
    return make_binary(parse, op, op_span, left, right);
}

/* `a < b < c`: told once, and all of it is a hole. */
static struct expr *refuse_chained(struct parse *parse, struct expr *left)
{
    enum level level;
    enum expr_op op = operator_at(parse, &level);
    if (op == OP_NONE || level != LEVEL_COMPARISON) return left;
    const char *hint = "compare two at a time: a < b and b < c; or, with numbers and dates, b in a..c";
    if (op == OP_EQ)
        hint = "compare two at a time; if this is the computed value of the field, it stands before "
               "the other modifiers";
    parse_complain_here(parse, "E0125", hint, "comparisons do not chain");
    struct span span = left->span;
    do left = parse_comparison(parse, op, left);
    while ((op = operator_at(parse, &level)) != OP_NONE && level == LEVEL_COMPARISON);
    return bad_expr(parse, span_over(span, left->span));
}

/* ---- operands */

/* `if(a, b, c)`: a "," stands right in the parentheses, and no "then" behind them. */
enum { AHEAD_TOKENS = 200 };
static bool at_if_call(const struct parse *parse)
{
    if (parse->next.kind != TOKEN_OPEN_PAREN) return false;
    struct lexer ahead = parse->lexer;
    uint32_t open = 1;
    bool comma = false;
    for (int seen = 0; open > 0; seen++) {
        if (seen == AHEAD_TOKENS) return false; /* or many of them would take for ever */
        enum token_kind kind = lexer_next(&ahead).kind;
        if (kind == TOKEN_END || kind == TOKEN_OPEN_BRACE || kind == TOKEN_CLOSE_BRACE) return false;
        if (kind == TOKEN_OPEN_PAREN) open++;
        if (kind == TOKEN_CLOSE_PAREN) open--;
        comma |= kind == TOKEN_COMMA && open == 1;
    }
    return comma && lexer_next(&ahead).kind != TOKEN_THEN;
}

static struct expr *parse_if_call(struct parse *parse)
{
    uint32_t start = parse->token.offset;
    parse_complain_here(parse, "E0110", "write if a then b else c", "\"if\" is no function");
    parse_advance(parse);
    parse_advance(parse);
    parse_skip_to_paren(parse);
    parse_take(parse, TOKEN_CLOSE_PAREN);
    return bad_expr(parse, parse_span_from(parse, start));
}

static struct expr *parse_if(struct parse *parse)
{
    if (at_if_call(parse)) return parse_if_call(parse);
    uint32_t start = parse->token.offset;
    struct expr *expr = new_expr(parse, EXPR_IF, parse_token_span(parse->token));
    size_t mark = parse->stack.used;
    parse_advance(parse);
    push_expr(parse, parse_expression(parse, "\"if\""));
    bool whole = parse_expect(parse, TOKEN_THEN, "\"then\" after the condition of \"if\"",
                              "write if a then b else c");
    push_expr(parse, whole ? parse_expression(parse, "\"then\"")
                           : bad_expr(parse, parse_token_span(parse->token)));
    whole = whole && parse_expect(parse, TOKEN_ELSE, "\"else\" of the \"if\"",
                                  "write if a then b else c; without a value for else: else missing");
    push_expr(parse, whole ? parse_expression(parse, "\"else\"")
                           : bad_expr(parse, parse_token_span(parse->token)));
    expr->span = parse_span_from(parse, start);
    pop_args(parse, expr, mark);
    if (!whole) parse_spoil(expr);
    return finish(parse, expr);
}

static struct expr *parse_parenthesised(struct parse *parse)
{
    struct token open = parse->token;
    parse_advance(parse);
    struct expr *expr = parse_expression(parse, "\"(\"");
    bool closed = close_paren(parse, open, "\")\"", NULL);
    expr->span = parse_span_from(parse, open.offset);
    if (!closed) parse_spoil(expr);
    return expr;
}

static bool push_path_name(struct parse *parse)
{
    struct expr_name name;
    bool good = parse->token.kind != TOKEN_BAD_WORD && !token_is_reserved(parse->token.kind);
    if (!parse_name(parse, "a name", true, &name.text, &name.span)) return false;
    parse_push(parse, &parse->stack, &name, sizeof name);
    return good;
}

/* `outer.a.b`, with the first word at hand. */
static struct expr *parse_names(struct parse *parse)
{
    struct expr *expr = new_expr(parse, EXPR_PATH, parse_token_span(parse->token));
    size_t mark = parse->stack.used;
    bool good = true;
    if (parse_at(parse, TOKEN_OUTER)) {
        expr->outer = true;
        parse_advance(parse);
        good = parse_expect(parse, TOKEN_DOT, "\".\" and a name after \"outer\"",
                            "outer.x is x as seen from outside the row");
    } else if (parse_at(parse, TOKEN_PRIOR)) {
        expr->prior = true;
        parse_advance(parse);
        good = parse_expect(parse, TOKEN_DOT, "\".\" and a name after \"prior\"",
                            "prior.x is x in the row before");
    }
    good = good && push_path_name(parse);
    while (parse_take(parse, TOKEN_DOT)) good = push_path_name(parse) && good;
    expr->span = parse_span_from(parse, expr->span.offset);
    expr->names = parse_pop(parse, &parse->stack, mark, sizeof *expr->names, &expr->name_count);
    if (!good || expr->name_count == 0) parse_spoil(expr);
    return expr;
}

static void parse_where(struct parse *parse, struct expr *call)
{
    struct token where = parse->token;
    parse_advance(parse);
    struct expr *condition = parse_expression(parse, "\"where\"");
    if (call->where)
        parse_complain(parse, "E0127", parse_token_span(where), "join conditions with and",
                       "there is one \"where\" already");
    else call->where = condition;
}

static struct expr *parse_argument(struct parse *parse, struct expr *call)
{
    struct expr *argument = parse_expression(parse, "\"(\" or \",\"");
    bool last = !parse_at(parse, TOKEN_WHERE);
    while (parse_at(parse, TOKEN_WHERE)) parse_where(parse, call);
    if (!last && parse_at(parse, TOKEN_COMMA))
        parse_complain_here(parse, "E0127",
                            "put it at the end: join(\", \", members.name where age > 5)",
                            "\"where\" stands after the last argument");
    return argument;
}

/* `f(a, b where c)`: the path read so far is the name of a function. */
static struct expr *parse_call(struct parse *parse, struct expr *name)
{
    struct token open = parse->token;
    struct expr *call = new_expr(parse, EXPR_CALL, name->span);
    size_t mark = parse->stack.used;
    call->names = name->names;
    call->name_count = name->name_count;
    parse_advance(parse);
    if (!parse_at(parse, TOKEN_CLOSE_PAREN)) {
        do push_expr(parse, parse_argument(parse, call));
        while (parse_take(parse, TOKEN_COMMA));
    }
    bool closed = close_paren(parse, open, "\",\" or \")\"", comma_hint(parse));
    call->span = parse_span_from(parse, name->span.offset);
    pop_args(parse, call, mark);
    if (name->kind == EXPR_PATH && (name->name_count != 1 || name->outer || name->prior)) {
        parse_complain(parse, "E0110", name->span,
                       "functions take their operands in parentheses: sum(members.income)",
                       "a function has a simple name");
        name->kind = EXPR_BAD;
    }
    if (name->kind == EXPR_BAD || !closed) parse_spoil(call);
    return finish(parse, call);
}

static struct expr *parse_word(struct parse *parse)
{
    struct expr *expr = parse_names(parse);
    return parse_at(parse, TOKEN_OPEN_PAREN) ? parse_call(parse, expr) : expr;
}

/* What is at hand begins something else, so the operand was forgotten. Never so of a name that may be
 * meant: after an operand there cannot be a number or a text, nor a name that is neither a keyword nor
 * a field. */
static bool operand_is_missing(const struct parse *parse)
{
    if (parse_at_field(parse)) return true;
    if (!parse_at_modifier(parse) && !parse_at_item(parse)) return false;
    if (parse->next.kind == TOKEN_NAME) {
        enum token_kind then = parse_kind_after_next(parse);
        return then != TOKEN_COLON && !(parse->in_row && then == TOKEN_TEXT); /* the next row */
    }
    return parse_at_modifier(parse) &&
           (parse->next.kind == TOKEN_NUMBER || parse->next.kind == TOKEN_TEXT);
}

static struct expr *missing_operand(struct parse *parse, const char *after)
{
    const char *what = parse_printf(parse, "an expression after %s", after);
    if (!parse_at(parse, TOKEN_NOT)) {
        parse_expected(parse, "E0123", what, NULL);
        return bad_expr(parse, (struct span){parse->token.offset, 0});
    }
    uint32_t start = parse->token.offset;
    parse_expected(parse, "E0123", what, "put it in parentheses: a = (not b)");
    parse_nested(parse, after);
    return bad_expr(parse, parse_span_from(parse, start));
}

static struct expr *parse_literal(struct parse *parse, enum expr_kind kind)
{
    struct expr *expr = new_expr(parse, kind, parse_token_span(parse->token));
    if (kind == EXPR_TEXT && !parse->out_of_memory)
        parse_plain_text(parse, "a text", &expr->text, &expr->span);
    else parse_advance(parse);
    return expr;
}

/* A number, which must not have a unit here. */
static struct expr *parse_plain_number(struct parse *parse)
{
    struct expr *number = parse_number(parse);
    enum expr_unit unit;
    if (!parse_at_unit(parse, &unit)) return number;
    parse_advance(parse);
    number->span = parse_span_from(parse, number->span.offset);
    parse_complain(
        parse, "E0126", number->span,
        "add it to a date, as in today() - 18 years; compare with days_between or years_between",
        "a length of time stands only after + or -");
    parse_spoil(number);
    return number;
}

static struct expr *parse_primary(struct parse *parse, const char *after)
{
    switch (parse->token.kind) {
    case TOKEN_NUMBER:
        return parse_plain_number(parse);
    case TOKEN_BAD_NUMBER:
        return parse_literal(parse, EXPR_BAD);
    case TOKEN_TEXT:
        return parse_literal(parse, EXPR_TEXT);
    case TOKEN_BAD_TEXT:
        return parse_literal(parse, EXPR_BAD);
    case TOKEN_TRUE:
        return parse_literal(parse, EXPR_TRUE);
    case TOKEN_FALSE:
        return parse_literal(parse, EXPR_FALSE);
    case TOKEN_OPEN_PAREN:
        return parse_parenthesised(parse);
    case TOKEN_IF:
        return parse_if(parse);
    case TOKEN_OUTER:
    case TOKEN_PRIOR:
        return parse_word(parse);
    default:
        break;
    }
    bool name = parse_at_word(parse) && !token_is_reserved(parse->token.kind);
    return name && !operand_is_missing(parse) ? parse_word(parse) : missing_operand(parse, after);
}

static struct expr *parse_negative(struct parse *parse)
{
    struct span op_span = parse_token_span(parse->token);
    parse_advance(parse);
    if (parse_at(parse, TOKEN_MINUS)) {
        parse_complain_here(parse, "E0123", "put it in parentheses: -(-x)",
                            "two signs do not follow each other");
        while (parse_take(parse, TOKEN_MINUS)) continue;
    }
    return make_unary(parse, OP_NEGATE, op_span, parse_primary(parse, "\"-\""));
}

/* `not not a`: a loop, since each would be a level of recursion. */
static struct expr *parse_not(struct parse *parse)
{
    size_t mark = parse->stack.used;
    while (parse_at(parse, TOKEN_NOT)) {
        struct span span = parse_token_span(parse->token);
        parse_push(parse, &parse->stack, &span, sizeof span);
        parse_advance(parse);
    }
    struct expr *expr = parse_level(parse, LEVEL_COMPARISON, "\"not\"");
    uint32_t count;
    const struct span *spans = parse_pop(parse, &parse->stack, mark, sizeof *spans, &count);
    while (count-- > 0) expr = make_unary(parse, OP_NOT, spans[count], expr);
    return expr;
}

/* ---- levels */

static struct expr *parse_operand(struct parse *parse, enum level level, const char *after)
{
    if (level <= LEVEL_NOT && parse_at(parse, TOKEN_NOT)) return parse_not(parse);
    if (parse_at(parse, TOKEN_MINUS)) return parse_negative(parse);
    return parse_primary(parse, after);
}

/* All that binds at least as strongly as `level`. */
static struct expr *parse_level(struct parse *parse, enum level level, const char *after)
{
    return parse_rest(parse, level, parse_operand(parse, level, after));
}

/* The same with its first operand read. */
static struct expr *parse_rest(struct parse *parse, enum level level, struct expr *left)
{
    enum level at_level;
    for (;;) {
        enum expr_op op = operator_at(parse, &at_level);
        if (op == OP_NONE || at_level < level) return left;
        if (at_level == LEVEL_SUM || at_level == LEVEL_PRODUCT)
            left = parse_arithmetic(parse, op, at_level, left);
        else if (at_level == LEVEL_COMPARISON)
            left = refuse_chained(parse, parse_comparison(parse, op, left));
        else left = parse_chain(parse, op, at_level, left);
    }
}

static struct expr *parse_nested(struct parse *parse, const char *after)
{
    if (parse->expression_levels >= limit(EXPRESSION_DEPTH)) {
        struct span span = parse_token_span(parse->token);
        complain_too_deep(parse, span);
        parse->token_told = true;
        parse_skip_to_paren(parse);
        return bad_expr(parse, span);
    }
    parse->expression_levels++;
    struct expr *expr = parse_level(parse, LEVEL_OR, after);
    parse->expression_levels--;
    return expr;
}

struct expr *parse_expression(struct parse *parse, const char *after)
{
    if (parse->expression_levels == 0) parse->too_deep_told = false;
    return parse_nested(parse, after);
}

struct expr *parse_path(struct parse *parse, const char *what)
{
    if (parse_at_word(parse) && !operand_is_missing(parse)) return parse_names(parse);
    parse_expected(parse, "E0110", what, NULL);
    return bad_expr(parse, (struct span){parse->token.offset, 0});
}

struct expr *parse_new_path(struct parse *parse)
{
    return new_expr(parse, EXPR_PATH, (struct span){0, 0});
}
