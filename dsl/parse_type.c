/* The type of a field: docs/language.md §3. */
#include "dsl/parse.h"

#include "base/limits.h"

enum argument { ARGUMENT_NONE, ARGUMENT_SCALE, ARGUMENT_CURRENCY, ARGUMENT_LIST, ARGUMENT_ZONE };

static const struct {
    struct str spelling;
    enum argument argument;
} types[] = {
#define TYPE_NAME(name, spelling, argument)                                                            \
    [TYPE_NAME_##name] = {{spelling, sizeof(spelling) - 1}, ARGUMENT_##argument},
#define TYPE_ALIAS(word, hint)
#include "dsl/type_name.def"
#undef TYPE_NAME
#undef TYPE_ALIAS
};

static const char *alias_hint(struct str word)
{
#define TYPE_NAME(name, spelling, argument)
#define TYPE_ALIAS(alias, hint)                                                                        \
    if (str_eq(word, STR(alias))) return hint;
#include "dsl/type_name.def"
#undef TYPE_NAME
#undef TYPE_ALIAS
    return NULL;
}

static enum type_name type_of(struct str word)
{
    for (enum type_name i = 0; i < TYPE_NAME_BAD; i++)
        if (str_eq(word, types[i].spelling)) return i;
    return TYPE_NAME_BAD;
}

struct type_ref parse_plain_type(struct token token)
{
    struct type_ref type = {
        .name = TYPE_NAME_BAD, .span = parse_token_span(token), .argument = {"", 0}};
    enum type_name name = type_of(token.text);
    bool plain = name != TYPE_NAME_BAD && types[name].argument == ARGUMENT_NONE;
    if (plain && token_is_word(token.kind)) type.name = name;
    return type;
}

bool parse_at_type_name(struct token token)
{
    return token_is_word(token.kind) && type_of(token.text) != TYPE_NAME_BAD;
}

/* `required: true`, `min: 1` */
static const char *modifier_hint(struct parse *parse)
{
    if (!parse_is_modifier(parse->field_word)) return NULL;
    const char *word = token_spelling(parse->field_word);
    return parse_printf(parse, "if this is the modifier %s of what stands before, it has no \":\"",
                        word);
}

static const char *unknown_type_hint(struct parse *parse)
{
    const char *hint = alias_hint(parse->token.text);
    if (!hint) hint = modifier_hint(parse);
    if (hint) return hint;
    struct str spellings[TYPE_NAME_BAD];
    for (size_t i = 0; i < TYPE_NAME_BAD; i++) spellings[i] = types[i].spelling;
    struct str nearest = nearest_word(parse->token.text, spellings, TYPE_NAME_BAD);
    if (nearest.len) return parse_printf(parse, "did you mean \"%.*s\"?", STR_ARG(nearest));
    return "the types are text, email, url, phone, boolean, integer, decimal(2), money(EUR), number, "
           "date, time, datetime, zoned, year_month, partial_date, "
           "choice(list), choices(list), ranking(list), geopoint, file and signature";
}

static void skip_arguments(struct parse *parse)
{
    if (!parse_take(parse, TOKEN_OPEN_PAREN)) return;
    parse_skip_to_paren(parse);
    parse_take(parse, TOKEN_CLOSE_PAREN);
}

static void parse_unknown_type(struct parse *parse)
{
    if (parse->next.kind == TOKEN_BAD_WORD) parse->token_told = true;
    parse_complain_here(parse, "E0118", unknown_type_hint(parse), "there is no type %s",
                        parse_found(parse));
    parse_advance(parse);
    skip_arguments(parse);
}

static const char *argument_example(enum type_name name)
{
    switch (name) {
    case TYPE_NAME_DECIMAL:
        return "decimal(2) has two digits after the point";
    case TYPE_NAME_MONEY:
        return "say the currency: money(EUR)";
    case TYPE_NAME_CHOICE:
        return "say the list: choice(colours), with choices colours { red \"Red\" … }";
    case TYPE_NAME_RANKING:
        return "say the list: ranking(colours), with choices colours { red \"Red\" … }";
    default:
        return "say the list: choices(colours), with choices colours { red \"Red\" … }";
    }
}

static void parse_scale(struct parse *parse, struct type_ref *type)
{
    enum { SCALE_MAX = 9 };
    int64_t scale;
    struct token token = parse->token;
    if (!parse_whole(parse, "the number of digits after the point", INT64_MAX, &scale)) {
        type->name = TYPE_NAME_BAD;
        return;
    }
    if (scale > SCALE_MAX)
        parse_complain(parse, "E0119", parse_token_span(token), NULL,
                       "a decimal has at most %d digits after the point", SCALE_MAX);
    type->scale = (uint32_t)(scale > SCALE_MAX ? SCALE_MAX : scale);
    type->argument_span = parse_token_span(token);
}

static void parse_zone(struct parse *parse, struct type_ref *type)
{
    static const char *const what = "the name of a time zone in quotes";
    bool bad = parse_at(parse, TOKEN_BAD_TEXT), text = bad || parse_at(parse, TOKEN_TEXT);
    if (!text)
        parse_expected(parse, "E0110", what,
                       "as in zoned(\"Europe/Berlin\"); zoned alone means the form's own zone");
    if (!text || !parse_plain_text(parse, what, &type->argument, &type->argument_span) || bad)
        type->name = TYPE_NAME_BAD;
}

static void parse_argument_of(struct parse *parse, struct type_ref *type)
{
    bool list = types[type->name].argument == ARGUMENT_LIST;
    if (types[type->name].argument == ARGUMENT_ZONE) {
        parse_zone(parse, type);
        return;
    }
    if (types[type->name].argument == ARGUMENT_SCALE) {
        parse_scale(parse, type);
        return;
    }
    const char *what = list ? "the name of a list" : "a currency such as EUR";
    bool bad = parse_at(parse, TOKEN_BAD_WORD);
    if (!parse_name(parse, what, false, &type->argument, &type->argument_span) || bad)
        type->name = TYPE_NAME_BAD;
    if (list && parse_take(parse, TOKEN_WHERE)) type->where = parse_expression(parse, "\"where\"");
}

static void refuse_argument(struct parse *parse, const struct type_ref *type)
{
    if (!parse_at(parse, TOKEN_OPEN_PAREN)) return;
    bool text = type->name <= TYPE_NAME_PHONE;
    const char *hint = text ? "the number of characters is a modifier: length ..20"
                            : "bounds are modifiers: min 0 max 10";
    parse_complain_here(parse, "E0119", hint, "the type %s has nothing in parentheses",
                        types[type->name].spelling.ptr);
    skip_arguments(parse);
}

static void parse_arguments(struct parse *parse, struct type_ref *type)
{
    if (types[type->name].argument == ARGUMENT_NONE) {
        refuse_argument(parse, type);
        return;
    }
    bool optional = types[type->name].argument == ARGUMENT_ZONE;
    if (optional && !parse_at(parse, TOKEN_OPEN_PAREN)) return;
    if (!parse_take(parse, TOKEN_OPEN_PAREN)) {
        parse_complain(parse, "E0119", type->span, argument_example(type->name),
                       "the type %s needs something in parentheses", types[type->name].spelling.ptr);
        type->name = TYPE_NAME_BAD;
        if (parse_at(parse, TOKEN_OPEN_BRACE)) parse_skip_block(parse);
        return;
    }
    parse_argument_of(parse, type);
    if (parse_take(parse, TOKEN_CLOSE_PAREN)) return;
    parse_expected(parse, "E0110", "\")\" after the type", NULL);
    parse_skip_to_paren(parse);
    parse_take(parse, TOKEN_CLOSE_PAREN);
}

void parse_type(struct parse *parse, struct type_ref *ret_type)
{
    uint32_t start = parse->token.offset;
    *ret_type = (struct type_ref){.name = TYPE_NAME_BAD, .span = {start, 0}, .argument = {"", 0}};
    if (!parse_at_word(parse) || parse_at_field(parse) || parse_at(parse, TOKEN_BAD_WORD)) {
        const char *hint = modifier_hint(parse);
        parse_expected(parse, "E0110", "the type of the field",
                       hint ? hint : "as in age: integer \"Your age\"");
        parse_take(parse, TOKEN_BAD_WORD);
        return;
    }
    ret_type->name = type_of(parse->token.text);
    if (ret_type->name == TYPE_NAME_BAD) {
        parse_unknown_type(parse);
    } else {
        parse_advance(parse);
        ret_type->span = parse_span_from(parse, start);
        parse_arguments(parse, ret_type);
    }
    ret_type->span = parse_span_from(parse, start);
}
