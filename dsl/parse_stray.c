/* What begins no item: told, and read as what it is likely to be, so that one mistake is one complaint.
 */
#include "dsl/parse_item.h"

static const struct {
    struct str word;
    enum item_kind kind;
} keywords[] = {
    {{"page", 4}, ITEM_PAGE},
    {{"section", 7}, ITEM_SECTION},
    {{"group", 5}, ITEM_GROUP},
    {{"repeat", 6}, ITEM_REPEAT},
    {{"matrix", 6}, ITEM_MATRIX},
    {{"note", 4}, ITEM_NOTE},
    {{"let", 3}, ITEM_LET},
    {{"check", 5}, ITEM_CHECK},
    {{"choices", 7}, ITEM_CHOICES},
    {{"table", 5}, ITEM_TABLE},
    {{"translate", 9}, ITEM_TRANSLATE},
    {{"languages", 9}, ITEM_LANGUAGES},
    {{"timezone", 8}, ITEM_TIMEZONE},
    {{"unknown", 7}, ITEM_UNKNOWN},
    {{"const", 5}, ITEM_CONST},
    {{"function", 8}, ITEM_FUNCTION},
    {{"ensure", 6}, ITEM_CHECK},
    {{"migrate", 7}, ITEM_MIGRATE},
};

enum { KEYWORDS = sizeof keywords / sizeof *keywords };

static enum token_kind token_of_item(enum item_kind kind)
{
    switch (kind) {
    case ITEM_PAGE:
        return TOKEN_PAGE;
    case ITEM_SECTION:
        return TOKEN_SECTION;
    case ITEM_GROUP:
        return TOKEN_GROUP;
    case ITEM_REPEAT:
        return TOKEN_REPEAT;
    case ITEM_MATRIX:
        return TOKEN_MATRIX;
    case ITEM_NOTE:
        return TOKEN_NOTE;
    case ITEM_LET:
        return TOKEN_LET;
    case ITEM_CHECK:
        return TOKEN_CHECK;
    case ITEM_CHOICES:
        return TOKEN_CHOICES;
    case ITEM_TABLE:
        return TOKEN_TABLE;
    case ITEM_TRANSLATE:
        return TOKEN_TRANSLATE;
    case ITEM_LANGUAGES:
        return TOKEN_LANGUAGES;
    case ITEM_TIMEZONE:
        return TOKEN_TIMEZONE;
    case ITEM_CONST:
        return TOKEN_CONST;
    case ITEM_FUNCTION:
        return TOKEN_FUNCTION;
    case ITEM_MIGRATE:
        return TOKEN_MIGRATE;
    default:
        return TOKEN_UNKNOWN;
    }
}

/* `"view:other": text` */
static void parse_quoted_field(struct parse *parse)
{
    struct item item;
    const char *hint = parse_printf(parse, "give it a name and say: key %.*s",
                                    STR_ARG(parse_shortened(parse->token.text)));
    bool json = parse_kind_after_next(parse) == TOKEN_OPEN_BRACE;
    if (json) hint = "this looks like JSON; a field is written status: text \"Label\"";
    parse_complain_here(parse, "E0117", hint, "a field's name does not stand in quotes");
    parse_item_start(parse, &item, ITEM_FIELD);
    parse_advance(parse);
    parse_advance(parse);
    parse->token_told |= json;
    parse_field_rest(parse, &item);
    if (json) parse_take(parse, TOKEN_COMMA);
}

/* `age integer "Your age"` */
static void parse_field_without_colon(struct parse *parse)
{
    struct item item;
    struct token word = parse->token;
    const char *hint = parse_printf(parse, "write %.*s: %.*s", STR_ARG(parse_shortened(word.text)),
                                    STR_ARG(parse->next.text));
    parse_complain_here(parse, "E0116", hint, "\":\" is missing after the name of a field");
    parse_item_start(parse, &item, ITEM_FIELD);
    parse_name(parse, "a name", true, &item.name, &item.name_span);
    parse_field_rest(parse, &item);
}

/* `integer age "Your age"` */
static void parse_type_before_name(struct parse *parse)
{
    struct item item;
    struct token word = parse->token;
    const char *hint = parse_printf(parse, "write %.*s: %.*s",
                                    STR_ARG(parse_shortened(parse->next.text)), STR_ARG(word.text));
    parse_complain_here(parse, "E0116", hint, "the name of a field stands before its type");
    parse_item_start(parse, &item, ITEM_FIELD);
    parse_advance(parse);
    parse_name(parse, "a name", true, &item.name, &item.name_span);
    item.type = parse_plain_type(word);
    parse_field_modifiers(parse, &item);
}

static bool at_type_before_name(const struct parse *parse)
{
    return parse_plain_type(parse->token).name != TYPE_NAME_BAD && parse->next.kind == TOKEN_NAME &&
           parse_kind_after_next(parse) == TOKEN_TEXT;
}

/* `total = a + b` */
static void parse_let_without_keyword(struct parse *parse)
{
    struct item item;
    const char *hint = parse_printf(
        parse, "a named value is: let %.*s = …; an answer that is computed: %.*s: integer = …",
        STR_ARG(parse_shortened(parse->token.text)), STR_ARG(parse_shortened(parse->token.text)));
    parse_complain_here(parse, "E0115", hint, "a value needs \"let\" or a type");
    parse_item_start(parse, &item, ITEM_LET);
    parse_name(parse, "a name", true, &item.name, &item.name_span);
    parse_let_value(parse, &item);
    parse_item_count(parse, &item);
    parse_item_keep(parse, &item);
}

static const char *word_hint(struct parse *parse)
{
    static const struct {
        struct str word;
        const char *hint;
    } hints[] = {
        {{"field", 5}, "a field has no keyword: age: integer \"Your age\""},
        {{"question", 8}, "a field has no keyword: age: integer \"Your age\""},
        {{"fieldset", 8}, "a part of the form is a section: section about \"About you\" { … }"},
        {{"list", 4},
         "a list of options is: choices colours { red \"Red\" … }; rows are: repeat members 0..10 { … "
         "}"},
        {{"options", 7}, "a list of options is: choices colours { red \"Red\" … }"},
        {{"text", 4}, "a text to show is: note hello \"Welcome.\""},
        {{"grid", 4},
         "several questions with the same answers are: matrix mood of choice(often) { calm \"Calm\" … "
         "}"},
        {{"likert", 6},
         "several questions with the same answers are: matrix mood of choice(often) { calm \"Calm\" … "
         "}"},
        {{"if", 2}, "a condition is a modifier of what it is about: spouse: text when married"},
        {{"else", 4}, "\"else\" follows a rule: required else \"Tell us your name.\""},
    };
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if (str_eq(parse->token.text, hints[i].word)) return hints[i].hint;
    if (parse->next.kind == TOKEN_TEXT)
        return parse_printf(parse, "if this is a field, it needs a type: %.*s: text …",
                            STR_ARG(parse_shortened(parse->token.text)));
    return "items are fields (name: type), page, section, group, repeat, matrix, note, let, check, "
           "choices and translate";
}

static struct str nearest_keyword(const struct parse *parse)
{
    struct str words[KEYWORDS];
    for (size_t i = 0; i < KEYWORDS; i++) words[i] = keywords[i].word;
    return nearest_word(parse->token.text, words, KEYWORDS);
}

/* `gruop address { … }`: told, and read as what it is near to. */
static bool mend_keyword(struct parse *parse)
{
    bool before_name = token_is_word(parse->next.kind) || parse->next.kind == TOKEN_TEXT ||
                       parse->next.kind == TOKEN_OPEN_BRACE;
    struct str nearest = before_name ? nearest_keyword(parse) : (struct str){NULL, 0};
    if (nearest.len == 0) return false;
    parse_complain_here(parse, "E0115", parse_printf(parse, "did you mean \"%.*s\"?", STR_ARG(nearest)),
                        "there is no item %s", parse_found(parse));
    for (size_t i = 0; i < KEYWORDS; i++)
        if (str_eq(keywords[i].word, nearest)) parse->token.kind = token_of_item(keywords[i].kind);
    return true;
}

static void skip_stray(struct parse *parse)
{
    parse_advance(parse);
    parse_skip(parse, false);
}

static void complain_stray(struct parse *parse)
{
    if (parse_at_modifier(parse)) {
        const char *hint =
            "it stands after a field's type and label, or before the \"{\" of a page, section, group "
            "or repeat";
        parse_complain_here(parse, "E0122", hint, "the modifier %s belongs to no item",
                            parse_found(parse));
    } else if (parse_at_word(parse)) {
        parse_complain_here(parse, "E0115", word_hint(parse), "there is no item %s",
                            parse_found(parse));
    } else {
        parse_expected(parse, "E0110", "a field or another item",
                       "a field is written name: type \"Label\"");
    }
}

/* An opened block that belongs to nothing is read, so that its fields are known. */
static void parse_stray_block(struct parse *parse)
{
    struct item item;
    parse_item_start(parse, &item, ITEM_GROUP);
    complain_stray(parse);
    if (parse_at_word(parse)) parse_name(parse, "a name", false, &item.name, &item.name_span);
    item.head = parse_span_from(parse, item.head.offset);
    parse_children(parse, &item, -1, true);
    parse->tree->damaged = true;
}

void parse_stray(struct parse *parse, struct parse_block *block)
{
    bool word = parse_at_word(parse);
    if (parse_take_separator(parse)) return;
    if (parse_at_text(parse) && parse->next.kind == TOKEN_COLON) parse_quoted_field(parse);
    else if (word && parse->next.kind == TOKEN_EQUAL) parse_let_without_keyword(parse);
    else if (word && !parse_at_modifier(parse) && parse_at_type_name(parse->next))
        parse_field_without_colon(parse);
    else if (at_type_before_name(parse)) parse_type_before_name(parse);
    else if (word && !parse_at_modifier(parse) && mend_keyword(parse)) parse_item(parse, block);
    else if (parse_at(parse, TOKEN_OPEN_BRACE) || (word && parse->next.kind == TOKEN_OPEN_BRACE))
        parse_stray_block(parse);
    else {
        complain_stray(parse);
        skip_stray(parse);
        if (!parse_at(parse, TOKEN_OPEN_BRACE)) return;
        parse->token_told = true;
        parse_stray_block(parse);
    }
}
