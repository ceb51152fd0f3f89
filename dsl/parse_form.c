/* What stands directly in a form: lists, tables, constants, functions, translations and what the form
 * says of itself. docs/language.md §2. */
#include "dsl/parse_item.h"

#include "base/limits.h"

/* What has a name and then `inside`, which ends where its last token ends. */
static void parse_listed(struct parse *parse, enum item_kind kind,
                         void (*inside)(struct parse *parse, struct item *item))
{
    struct item item;
    parse_item_start(parse, &item, kind);
    parse_head(parse, &item);
    item.head = parse_span_from(parse, item.head.offset);
    inside(parse, &item);
    item.span = parse_span_from(parse, item.span.offset);
    parse_push(parse, &parse->stack, &item, sizeof item);
}

static void parse_languages_item(struct parse *parse)
{
    struct item item;
    parse_item_start(parse, &item, ITEM_LANGUAGES);
    parse_advance(parse);
    parse_languages(parse, &item);
    parse_item_keep(parse, &item);
}

static void parse_timezone(struct parse *parse)
{
    struct item item;
    struct text_part zone = {.literal = {"", 0}};
    parse_item_start(parse, &item, ITEM_TIMEZONE);
    parse_advance(parse);
    size_t mark = parse->stack.used;
    parse_plain_text(parse, "the name of a time zone in quotes", &zone.literal, &item.title.span);
    parse_push(parse, &parse->stack, &zone, sizeof zone);
    item.title.parts = parse_pop(parse, &parse->stack, mark, sizeof zone, &item.title.part_count);
    parse_item_keep(parse, &item);
}

static void parse_unknown(struct parse *parse)
{
    struct item item;
    parse_item_start(parse, &item, ITEM_UNKNOWN);
    parse_advance(parse);
    parse_policy(parse, &item.name, &item.name_span);
    parse_item_keep(parse, &item);
}

/* address.street; the text is that of the source without blanks. */
static bool push_unique_path(struct parse *parse)
{
    struct expr_name path = {.text = {"", 0}}, name;
    do {
        if (!parse_name(parse, "the name of a field", false, &name.text, &name.span)) return false;
        uint32_t start = path.text.len ? path.span.offset : name.span.offset;
        path.text = path.text.len ? arena_printf(parse->arena, "%.*s.%.*s", STR_ARG(path.text),
                                                 STR_ARG(name.text))
                                  : name.text;
        if (!path.text.ptr) return false; /* what else the arena refuses tells */
        path.span = (struct span){start, name.span.offset + name.span.len - start};
    } while (parse_take(parse, TOKEN_DOT));
    parse_push(parse, &parse->stack, &path, sizeof path);
    return true;
}

/* `unique on (email, address.zip)`, `unique per subject`, `unique per invitation` */
static void parse_unique(struct parse *parse)
{
    static const char *const example = "as in: unique on (email, birth)";
    struct item item;
    parse_item_start(parse, &item, ITEM_UNIQUE);
    parse_advance(parse);
    bool on = str_eq(parse->token.text, STR("on"));
    parse_advance(parse);
    if (!on) {
        item.invited = str_eq(parse->token.text, STR("invitation"));
        bool known = item.invited || str_eq(parse->token.text, STR("subject"));
        if (!known)
            parse_expected(parse, "E0110", "\"subject\" or \"invitation\"",
                           "as in: unique per invitation");
        parse_advance(parse);
        if (known) parse_item_keep(parse, &item);
        return;
    }
    if (!parse_expect(parse, TOKEN_OPEN_PAREN, "\"(\" and the names of fields", example)) {
        parse_skip(parse, false);
        return;
    }
    size_t mark = parse->stack.used;
    while (push_unique_path(parse) && parse_take(parse, TOKEN_COMMA)) continue;
    item.languages =
        parse_pop(parse, &parse->stack, mark, sizeof *item.languages, &item.language_count);
    if (!parse_take(parse, TOKEN_CLOSE_PAREN)) {
        parse_expected(parse, "E0110", "\")\" after the fields", example);
        parse_skip_to_paren(parse);
        parse_take(parse, TOKEN_CLOSE_PAREN);
    }
    parse_item_keep(parse, &item);
}

static void parse_const(struct parse *parse)
{
    struct item item;
    parse_item_start(parse, &item, ITEM_CONST);
    parse_head(parse, &item);
    parse_let_value(parse, &item);
    parse_item_count(parse, &item);
    parse_item_keep(parse, &item);
    parse_refuse_modifiers(parse, "a \"const\"");
}

static bool push_parameter(struct parse *parse)
{
    struct tree_column parameter = {.name = {"", 0}};
    static const char *const example = "as in: function half(n: integer): integer = div(n, 2)";
    if (!parse_name(parse, "the name of a parameter", true, &parameter.name, &parameter.name_span))
        return false;
    parameter.type = (struct type_ref){.name = TYPE_NAME_BAD, .argument = {"", 0}};
    if (parse_expect(parse, TOKEN_COLON, "\":\" and the parameter's type", example))
        parse_type(parse, &parameter.type);
    parse_push(parse, &parse->stack, &parameter, sizeof parameter);
    return true;
}

/* (a: integer, b: date) */
static void parse_parameters(struct parse *parse, struct item *item)
{
    static const char *const example = "as in: function half(n: integer): integer = div(n, 2)";
    if (!parse_expect(parse, TOKEN_OPEN_PAREN, "\"(\" and the parameters", example)) return;
    size_t mark = parse->stack.used;
    if (!parse_at(parse, TOKEN_CLOSE_PAREN))
        while (push_parameter(parse) && parse_take(parse, TOKEN_COMMA)) continue;
    item->columns = parse_pop(parse, &parse->stack, mark, sizeof *item->columns, &item->column_count);
    if (item->column_count > limit(PARAMETERS)) {
        parse_complain(parse, "E0233", item->columns[limit(PARAMETERS)].name_span, NULL,
                       "a function has at most %d parameters", limit(PARAMETERS));
        item->column_count = limit(PARAMETERS);
    }
    if (parse_take(parse, TOKEN_CLOSE_PAREN)) return;
    parse_expected(parse, "E0110", "\")\" after the parameters", NULL);
    parse_skip_to_paren(parse);
    parse_take(parse, TOKEN_CLOSE_PAREN);
}

static void parse_function(struct parse *parse)
{
    struct item item;
    parse_item_start(parse, &item, ITEM_FUNCTION);
    parse_head(parse, &item);
    parse_parameters(parse, &item);
    item.type = (struct type_ref){.name = TYPE_NAME_BAD, .argument = {"", 0}};
    if (parse_expect(parse, TOKEN_COLON, "\":\" and the type of what the function answers",
                     "as in: function half(n: integer): integer = div(n, 2)"))
        parse_type(parse, &item.type);
    parse_let_value(parse, &item);
    parse_item_count(parse, &item);
    parse_item_keep(parse, &item);
    parse_refuse_modifiers(parse, "a \"function\"");
}

static void parse_migrate_item(struct parse *parse)
{
    struct item item;
    parse_item_start(parse, &item, ITEM_MIGRATE);
    parse_advance(parse);
    parse_migrate(parse, &item);
    parse_item_count_more(parse, &item, item.migrate_count);
    item.span = parse_span_from(parse, item.span.offset);
    parse_push(parse, &parse->stack, &item, sizeof item);
}

void parse_form_item(struct parse *parse)
{
    switch (parse->token.kind) {
    case TOKEN_MIGRATE:
        parse_migrate_item(parse);
        return;
    case TOKEN_CONST:
        parse_const(parse);
        return;
    case TOKEN_FUNCTION:
        parse_function(parse);
        return;
    case TOKEN_CHOICES:
        parse_listed(parse, ITEM_CHOICES, parse_choices);
        return;
    case TOKEN_TABLE:
        parse_listed(parse, ITEM_TABLE, parse_table);
        return;
    case TOKEN_TRANSLATE:
        parse_listed(parse, ITEM_TRANSLATE, parse_translate);
        return;
    case TOKEN_LANGUAGES:
        parse_languages_item(parse);
        return;
    case TOKEN_TIMEZONE:
        parse_timezone(parse);
        return;
    case TOKEN_UNIQUE_OF_FORM:
        parse_unique(parse);
        return;
    default:
        parse_unknown(parse);
        return;
    }
}

/* Where it does not belong it is told, and moved to the form. */
void parse_moved_item(struct parse *parse, const struct parse_block *block)
{
    struct item item;
    struct diag *diag = parse_complain_here(
        parse, "E0137", "put it directly into the form: lists and translations may stand at its end",
        "%s cannot stand inside of another item", parse_found(parse));
    if (diag) {
        diag->related = block->head;
        diag->related_message = STR("it stands inside of this");
    }
    size_t mark = parse->stack.used;
    parse_form_item(parse);
    if (parse->stack.used == mark) return;
    memcpy(&item, parse->stack.bytes + mark, sizeof item);
    parse->stack.used = mark;
    parse_push(parse, &parse->moved, &item, sizeof item);
}
