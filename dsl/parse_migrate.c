/* Migration clauses: docs/language.md §11.
 *
 *     migrate from 3 { rename nick to nickname  drop fax  set total = net + tax } */
#include "dsl/parse.h"

#include "base/limits.h"

static const char *const example =
    "as in: migrate from 3 { rename nick to nickname  drop fax  set total = net + tax }";

bool parse_at_this(const struct parse *parse, const char *word)
{
    return parse_at_word(parse) && str_eq(parse->token.text, str_of(word));
}

static bool expect_word(struct parse *parse, const char *word, const char *quoted)
{
    bool there = parse_at_this(parse, word);
    if (there) parse_advance(parse);
    else parse_expected(parse, "E0149", quoted, example);
    return there;
}

static bool at_step(const struct parse *parse)
{
    return parse_at_this(parse, "rename") || parse_at_this(parse, "drop") ||
           parse_at_this(parse, "set");
}

/* What follows the path; a step that lacks something is told and left out. */
static bool parse_step_rest(struct parse *parse, struct tree_migrate *step)
{
    if (step->kind == MIGRATE_DROP) return true;
    if (step->kind == MIGRATE_RENAME) {
        if (!expect_word(parse, "to", "\"to\" and the name in this form")) return false;
        step->to = parse_path(parse, "a name in this form");
        return step->to->kind == EXPR_PATH;
    }
    if (!parse_take(parse, TOKEN_EQUAL)) {
        parse_expected(parse, "E0149", "\"=\" and the value", example);
        return false;
    }
    step->expr = parse_expression(parse, "\"=\"");
    return step->expr->kind != EXPR_BAD;
}

static void parse_step(struct parse *parse)
{
    struct tree_migrate step = {.kind = parse_at_this(parse, "rename") ? MIGRATE_RENAME
                                        : parse_at_this(parse, "drop") ? MIGRATE_DROP
                                                                       : MIGRATE_SET};
    bool sets = step.kind == MIGRATE_SET;
    uint32_t start = parse->token.offset;
    parse_advance(parse);
    struct expr *path =
        parse_path(parse, sets ? "a name in this form" : "a name in the earlier version");
    if (sets) step.to = path;
    else step.from = path;
    if (path->kind != EXPR_PATH || !parse_step_rest(parse, &step)) return;
    step.span = parse_span_from(parse, start);
    parse_push(parse, &parse->stack, &step, sizeof step);
}

static void parse_steps(struct parse *parse, struct item *item)
{
    size_t mark = parse->stack.used;
    while (!parse_at(parse, TOKEN_CLOSE_BRACE) && !parse_at(parse, TOKEN_END)) {
        if (at_step(parse)) {
            parse_step(parse);
            continue;
        }
        if (parse_take_separator(parse)) continue;
        parse_expected(parse, "E0149", "\"rename\", \"drop\" or \"set\"", example);
        do parse_advance(parse);
        while (!at_step(parse) && !parse_at(parse, TOKEN_CLOSE_BRACE) && !parse_at(parse, TOKEN_END));
    }
    item->migrates =
        parse_pop(parse, &parse->stack, mark, sizeof *item->migrates, &item->migrate_count);
}

void parse_migrate(struct parse *parse, struct item *item)
{
    if (!expect_word(parse, "from", "\"from\" and the number of a version")) {
        parse_skip(parse, false);
        return;
    }
    item->version_span = parse_token_span(parse->token);
    parse_whole(parse, "the number of a version", INT32_MAX, &item->version);
    item->head = parse_span_from(parse, item->head.offset);
    if (!parse_expect(parse, TOKEN_OPEN_BRACE, "\"{\" and what becomes of the answers", example))
        return;
    parse_steps(parse, item);
    parse_expect(parse, TOKEN_CLOSE_BRACE, "\"}\"", NULL);
}
