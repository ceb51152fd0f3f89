/* What holds lists of small things: choices, translations, languages. docs/language.md §2 and §9. */
#include "dsl/parse.h"

#include "base/limits.h"

static void complain_open(struct parse *parse, struct token open)
{
    struct diag *diag = parse_expected(parse, "E0114", "\"}\"", NULL);
    if (!diag) return;
    diag->related = parse_token_span(open);
    diag->related_message = STR("to close this");
}

/* ---- choices */

static bool at_code(const struct parse *parse)
{
    return parse_at_word(parse) || parse_at_text(parse) || parse_at(parse, TOKEN_NUMBER) ||
           parse_at(parse, TOKEN_BAD_NUMBER);
}

static void parse_code(struct parse *parse, struct tree_option *option)
{
    option->quoted = parse_at_text(parse);
    if (option->quoted) {
        parse_plain_text(parse, "an option's code", &option->code, &option->code_span);
        if (option->code.len > limit(NAME_BYTES))
            parse_complain(parse, "E0109", option->code_span, NULL,
                           "this code has %zu bytes, at most %d are possible", option->code.len,
                           limit(NAME_BYTES));
        return;
    }
    if (!parse_at_word(parse)) {
        const char *hint = parse_printf(parse, "write it in quotes: \"%.*s\"",
                                        STR_ARG(parse_shortened(parse->token.text)));
        parse_complain_here(parse, "E0110", hint, "an option's code is a name or a text in quotes");
        option->code = parse->token.text;
        option->code_span = parse_token_span(parse->token);
        option->quoted = true;
        parse_advance(parse);
        return;
    }
    parse_name(parse, "an option's code", false, &option->code, &option->code_span);
}

static void parse_label(struct parse *parse, struct tree_option *option)
{
    if (parse_at(parse, TOKEN_COLON) || parse_at(parse, TOKEN_EQUAL)) {
        parse_complain_here(parse, "E0110", "as in: red \"Red\"",
                            "an option's label follows its code with nothing between");
        parse_advance(parse);
    }
    option->label = (struct str){"", 0};
    option->label_span = (struct span){parse->token.offset, 0};
    const char *what = parse_printf(parse, "the label of the option \"%.*s\" in quotes",
                                    STR_ARG(parse_shortened(option->code)));
    if (parse_at_text(parse)) parse_plain_text(parse, what, &option->label, &option->label_span);
    else parse_expected(parse, "E0110", what, "each option has a code and a label: red \"Red\"");
}

/* A score that cannot be read counts as one, so nobody complains that it is missing. */
static void parse_score(struct parse *parse, struct tree_option *option)
{
    if (!parse_take(parse, TOKEN_EQUAL)) return;
    uint32_t start = parse->token.offset;
    bool negative = parse_take(parse, TOKEN_MINUS);
    option->has_score = true;
    option->score = STR("0");
    if (parse_take(parse, TOKEN_BAD_NUMBER)) return;
    if (!parse_at(parse, TOKEN_NUMBER)) {
        parse_expected(parse, "E0110", "the option's score, a number", NULL);
        if (parse_at_word(parse) && parse->next.kind != TOKEN_TEXT) parse_advance(parse);
        return;
    }
    option->score = parse_digits(parse, parse->token);
    parse_advance(parse);
    option->score_span = parse_span_from(parse, start);
    if (!negative) return;
    option->score = arena_printf(parse->arena, "-%.*s", STR_ARG(option->score));
    if (!option->score.ptr) parse_run_out(parse);
}

static void push_value(struct parse *parse)
{
    struct expr *value = parse_expression(parse, "\",\"");
    parse_push(parse, &parse->stack, &value, sizeof value);
}

/* ("Berlin", 12): what its columns are for this option. */
static void parse_values(struct parse *parse, struct tree_option *option)
{
    struct token open = parse->token;
    if (!parse_take(parse, TOKEN_OPEN_PAREN)) return;
    size_t mark = parse->stack.used;
    if (!parse_at(parse, TOKEN_CLOSE_PAREN)) push_value(parse);
    while (parse_take(parse, TOKEN_COMMA)) push_value(parse);
    option->values = parse_pop(parse, &parse->stack, mark, sizeof(struct expr *), &option->value_count);
    if (!parse_take(parse, TOKEN_CLOSE_PAREN)) {
        parse_expected(parse, "E0110", "\")\" after the values of the option", NULL);
        parse_skip_to_paren(parse);
        parse_take(parse, TOKEN_CLOSE_PAREN);
    }
    option->values_span = parse_span_from(parse, open.offset);
}

static void keep_option(struct parse *parse, const struct tree_option *option, uint32_t *count)
{
    bool list_full = *count >= limit(OPTIONS), all_full = parse->option_count >= 10 * limit(OPTIONS);
    ++*count;
    parse->option_count++;
    if (!list_full && !all_full) {
        parse_push(parse, &parse->stack, option, sizeof *option);
        return;
    }
    if (*count == limit(OPTIONS) + 1)
        parse_complain(parse, "E0133", option->span, NULL, "a list has at most %d options",
                       limit(OPTIONS));
    else if (parse->option_count == 10 * limit(OPTIONS) + 1)
        parse_complain(parse, "E0133", option->span, NULL,
                       "the lists of a form have at most %d options together", 10 * limit(OPTIONS));
}

/* `when E`, `unless E`. `when "When"` is the next option. */
static void parse_offer(struct parse *parse, struct tree_option *option)
{
    bool unless = parse_at(parse, TOKEN_UNLESS);
    if (!unless && !parse_at(parse, TOKEN_WHEN)) return;
    bool text = parse->next.kind == TOKEN_TEXT || parse->next.kind == TOKEN_BAD_TEXT;
    if (parse_at_field(parse) || (text && parse_kind_after_next(parse) != TOKEN_IN)) return;
    option->when_span = parse_token_span(parse->token);
    parse_advance(parse);
    option->unless = unless;
    option->when = parse_expression(parse, unless ? "\"unless\"" : "\"when\"");
    if (parse->item_count++ < (uint32_t)limit(FIELDS)) return;
    option->when = NULL;
    if (parse->item_count == (uint32_t)limit(FIELDS) + 1)
        parse_complain(parse, "E0132", option->code_span, "each condition of an option counts as a let",
                       "a form has at most %d fields, groups, repeats, pages, sections, notes and lets",
                       limit(FIELDS));
}

static void parse_option(struct parse *parse, uint32_t *count)
{
    struct tree_option option = {.score = {"", 0}};
    uint32_t start = parse->token.offset;
    parse_code(parse, &option);
    parse_label(parse, &option);
    parse_values(parse, &option);
    parse_score(parse, &option);
    parse_offer(parse, &option);
    option.span = parse_span_from(parse, start);
    keep_option(parse, &option, count);
}

/* Goes on to what may be the next option. */
static void skip_to_option(struct parse *parse)
{
    parse_expected(parse, "E0110", "an option or \"}\"",
                   "each option has a code and a label: red \"Red\"");
    do parse_advance(parse);
    while (!parse_at_word(parse) && !parse_at_text(parse) && !parse_at(parse, TOKEN_CLOSE_BRACE) &&
           !parse_at(parse, TOKEN_END));
}

/* The list was never closed: an item follows where an option should. */
static bool list_has_ended(const struct parse *parse)
{
    if (parse_at(parse, TOKEN_END) || parse_at(parse, TOKEN_CLOSE_BRACE)) return true;
    if (!parse_on_new_line(parse)) return false;
    bool field = parse_at_field(parse) && token_is_word(parse_kind_after_next(parse));
    return field || (parse_at_item(parse) && token_is_word(parse->next.kind));
}

/* ---- columns */

static void keep_columns(struct parse *parse, struct item *item)
{
    if (item->column_count <= limit(COLUMNS)) return;
    parse_complain(parse, "E0133", item->columns[limit(COLUMNS)].name_span, NULL,
                   "a list has at most %d columns", limit(COLUMNS));
    item->column_count = limit(COLUMNS);
}

static bool push_column(struct parse *parse)
{
    struct tree_column column = {.name = {"", 0}};
    if (!parse_at_word(parse)) {
        parse_expected(parse, "E0110", "the name of a column",
                       "as in choices cities with country: choice(countries) { … }");
        return false;
    }
    parse_name(parse, "the name of a column", true, &column.name, &column.name_span);
    if (parse_expect(parse, TOKEN_COLON, "\":\" and the column's type",
                     "as in choices cities with country: choice(countries) { … }"))
        parse_type(parse, &column.type);
    else column.type = (struct type_ref){.name = TYPE_NAME_BAD, .argument = {"", 0}};
    parse_push(parse, &parse->stack, &column, sizeof column);
    return true;
}

/* with NAME: type, NAME: type */
static void parse_columns(struct parse *parse, struct item *item)
{
    if (!parse_take(parse, TOKEN_WITH)) return;
    size_t mark = parse->stack.used;
    while (push_column(parse) && parse_take(parse, TOKEN_COMMA)) continue;
    item->columns = parse_pop(parse, &parse->stack, mark, sizeof *item->columns, &item->column_count);
    keep_columns(parse, item);
}

void parse_choices(struct parse *parse, struct item *item)
{
    parse_columns(parse, item);
    item->head = parse_span_from(parse, item->head.offset);
    struct token open = parse->token;
    if (!parse_expect(parse, TOKEN_OPEN_BRACE, "\"{\" and the options of the list",
                      "as in choices colours { red \"Red\"  blue \"Blue\" }"))
        return;
    size_t mark = parse->stack.used;
    uint32_t count = 0;
    while (!list_has_ended(parse)) {
        if (parse_take_separator(parse)) continue;
        if (at_code(parse)) parse_option(parse, &count);
        else skip_to_option(parse);
    }
    item->options = parse_pop(parse, &parse->stack, mark, sizeof *item->options, &item->option_count);
    if (!parse_take(parse, TOKEN_CLOSE_BRACE)) complain_open(parse, open);
}

/* ---- tables */

static bool at_column(const struct parse *parse)
{
    if (parse_at_field(parse)) return true;
    bool role = parse_at(parse, TOKEN_KEY) || parse_at(parse, TOKEN_LABEL);
    return role && token_is_word(parse->next.kind);
}

static void parse_table_column(struct parse *parse)
{
    struct tree_column column = {.name = {"", 0}};
    uint32_t start = parse->token.offset;
    if (!parse_at_field(parse)) {
        column.role = parse_at(parse, TOKEN_KEY) ? COLUMN_KEY : COLUMN_LABEL;
        parse_advance(parse);
    }
    parse_name(parse, "the name of a column", true, &column.name, &column.name_span);
    if (parse_expect(parse, TOKEN_COLON, "\":\" and the column's type", "as in key code: text"))
        parse_type(parse, &column.type);
    else column.type = (struct type_ref){.name = TYPE_NAME_BAD, .argument = {"", 0}};
    if (parse_at_text(parse))
        parse_plain_text(parse, "the column's name in the file", &column.header, &column.header_span);
    column.span = parse_span_from(parse, start);
    parse_push(parse, &parse->stack, &column, sizeof column);
}

/* `kye code: text`: told, and read as what it is near to. */
static bool mend_role(struct parse *parse)
{
    static const struct str words[] = {{"key", 3}, {"label", 5}};
    bool word = parse_at(parse, TOKEN_NAME) && token_is_word(parse->next.kind) &&
                parse_kind_after_next(parse) == TOKEN_COLON;
    struct str nearest = word ? nearest_word(parse->token.text, words, 2) : (struct str){NULL, 0};
    if (!word) return false;
    parse_complain_here(
        parse, "E0110",
        nearest.len ? parse_printf(parse, "did you mean \"%.*s\"?", STR_ARG(nearest)) : NULL,
        "before a column stands \"key\", \"label\" or nothing, found %s", parse_found(parse));
    if (nearest.len) parse->token.kind = str_eq(nearest, words[0]) ? TOKEN_KEY : TOKEN_LABEL;
    else parse_advance(parse);
    return true;
}

static void skip_to_column(struct parse *parse)
{
    parse->tree->damaged = true;
    parse_expected(parse, "E0110", "a column or \"}\"", "as in key code: text");
    do parse_advance(parse);
    while (!parse_at_word(parse) && !parse_at(parse, TOKEN_CLOSE_BRACE) && !parse_at(parse, TOKEN_END));
}

void parse_table(struct parse *parse, struct item *item)
{
    if (parse_take(parse, TOKEN_VERSION)) {
        item->version_span = parse_token_span(parse->token);
        parse_whole(parse, "the number of a version", INT32_MAX, &item->version);
    }
    item->head = parse_span_from(parse, item->head.offset);
    struct token open = parse->token;
    if (!parse_expect(parse, TOKEN_OPEN_BRACE, "\"{\" and the columns of the table",
                      "as in table cities { key code: text  label name: text }"))
        return;
    size_t mark = parse->stack.used;
    while (!parse_at(parse, TOKEN_CLOSE_BRACE) && !parse_at(parse, TOKEN_END)) {
        if (parse_take_separator(parse)) continue;
        if (mend_role(parse)) continue;
        if (at_column(parse)) parse_table_column(parse);
        else skip_to_column(parse);
    }
    item->columns = parse_pop(parse, &parse->stack, mark, sizeof *item->columns, &item->column_count);
    keep_columns(parse, item);
    if (!parse_take(parse, TOKEN_CLOSE_BRACE)) complain_open(parse, open);
}

/* ---- translate */

static bool push_element(struct parse *parse)
{
    struct expr_name name;
    if (parse_at(parse, TOKEN_TEXT)) parse_plain_text(parse, "a code", &name.text, &name.span);
    else if (!parse_name(parse, "a name or a code in quotes", false, &name.text, &name.span))
        return false;
    parse_push(parse, &parse->stack, &name, sizeof name);
    return true;
}

static void parse_entry_path(struct parse *parse, struct translation *entry)
{
    size_t mark = parse->stack.used;
    bool title = parse_at(parse, TOKEN_TITLE) && parse->next.kind != TOKEN_DOT;
    if (title) parse_advance(parse);
    else if (push_element(parse))
        while (parse_take(parse, TOKEN_DOT) && push_element(parse)) continue;
    entry->path = parse_pop(parse, &parse->stack, mark, sizeof *entry->path, &entry->path_count);
}

/* `of "Full name"`: what was translated. */
static void parse_origin(struct parse *parse, struct text *ret_origin)
{
    bool is_origin = parse_at_word(parse) && str_eq(parse->token.text, STR("of")) &&
                     (parse->next.kind == TOKEN_TEXT || parse->next.kind == TOKEN_BAD_TEXT);
    if (!is_origin) return;
    parse_advance(parse);
    parse_text(parse, "the text that was translated", ret_origin);
}

static void parse_entry(struct parse *parse)
{
    struct translation entry = {0};
    uint32_t start = parse->token.offset;
    parse_entry_path(parse, &entry);
    if (parse_at(parse, TOKEN_COLON)) {
        parse_complain_here(parse, "E0110", "as in: full_name \"Name\"",
                            "a translation follows its path with nothing between");
        parse_advance(parse);
    }
    bool said = parse_text(parse, "the translated text in quotes", &entry.text);
    parse_origin(parse, &entry.text_of);
    bool hint = parse_at(parse, TOKEN_HINT) &&
                (parse->next.kind == TOKEN_TEXT || parse->next.kind == TOKEN_BAD_TEXT);
    if (hint) parse_advance(parse);
    if (hint && parse_text(parse, "the translated hint", &entry.hint))
        parse_origin(parse, &entry.hint_of);
    entry.span = parse_span_from(parse, start);
    if (said) parse_push(parse, &parse->stack, &entry, sizeof entry);
}

static void skip_to_entry(struct parse *parse)
{
    parse_expected(parse, "E0110", "the path of what is translated", "as in: full_name \"Name\"");
    do parse_advance(parse);
    while (!parse_at_word(parse) && !parse_at(parse, TOKEN_CLOSE_BRACE) && !parse_at(parse, TOKEN_END));
}

void parse_translate(struct parse *parse, struct item *item)
{
    struct token open = parse->token;
    if (!parse_expect(parse, TOKEN_OPEN_BRACE, "\"{\" and the translated texts",
                      "as in translate de { title \"Antrag\" }"))
        return;
    size_t mark = parse->stack.used;
    while (!parse_at(parse, TOKEN_CLOSE_BRACE) && !parse_at(parse, TOKEN_END)) {
        if (parse_take_separator(parse)) continue;
        if (parse_at_word(parse)) parse_entry(parse);
        else skip_to_entry(parse);
    }
    item->translations =
        parse_pop(parse, &parse->stack, mark, sizeof *item->translations, &item->translation_count);
    if (!parse_take(parse, TOKEN_CLOSE_BRACE)) complain_open(parse, open);
}

/* ---- languages */

/* `de-AT`: languages are names. */
static void skip_region(struct parse *parse)
{
    if (!parse_at(parse, TOKEN_MINUS)) return;
    parse_complain_here(parse, "E0110", "write de_AT", "the name of a language has no \"-\"");
    parse_advance(parse);
    if (parse_at_word(parse) && !parse_at_field(parse)) parse_advance(parse);
}

void parse_languages(struct parse *parse, struct item *item)
{
    size_t mark = parse->stack.used;
    do {
        struct expr_name name;
        bool bad = parse_at(parse, TOKEN_BAD_WORD) || parse_at_field(parse);
        if (bad || !parse_name(parse, "a language such as en", false, &name.text, &name.span)) {
            parse_expected(parse, "E0110", "a language such as en", NULL);
            break;
        }
        parse_push(parse, &parse->stack, &name, sizeof name);
        skip_region(parse);
    } while (parse_take(parse, TOKEN_COMMA));
    item->languages =
        parse_pop(parse, &parse->stack, mark, sizeof *item->languages, &item->language_count);
}
