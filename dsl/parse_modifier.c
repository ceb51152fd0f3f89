/* Modifiers and checks: docs/language.md §4. */
#include "dsl/parse.h"

#include "base/limits.h"

#include <assert.h>
#include <stdint.h>

enum place {
    ON_PAGE = 1 << ITEM_PAGE,
    ON_SECTION = 1 << ITEM_SECTION,
    ON_GROUP = 1 << ITEM_GROUP,
    ON_REPEAT = 1 << ITEM_REPEAT,
    ON_FIELD = 1 << ITEM_FIELD,
    ON_NOTE = 1 << ITEM_NOTE,
    ON_MATRIX = 1 << ITEM_MATRIX,
    ON_ROW = 1 << ITEM_ROW,
    ON_ALL = ON_PAGE | ON_SECTION | ON_GROUP | ON_REPEAT | ON_FIELD | ON_NOTE | ON_MATRIX | ON_ROW
};

static const struct entry {
    enum token_kind token;
    struct str spelling;
    unsigned places;
    const char *where;
} entries[] = {
#define MODIFIER(kind, token, spelling, places, where)                                                 \
    [MODIFIER_##kind] = {TOKEN_##token, {spelling, sizeof(spelling) - 1}, places, where},
#include "dsl/modifier.def"
#undef MODIFIER
};

enum { MODIFIERS = sizeof entries / sizeof *entries, NO_MODIFIER = MODIFIERS };

/* NO_MODIFIER when the token begins none. */
static unsigned modifier_of(enum token_kind token)
{
    for (unsigned i = 0; i < MODIFIERS; i++)
        if (entries[i].token == token) return i;
    return NO_MODIFIER;
}

bool parse_at_modifier(const struct parse *parse)
{
    if (parse_at_field(parse) || parse_at(parse, TOKEN_EQUAL)) return false;
    return modifier_of(parse->token.kind) != NO_MODIFIER;
}

/* ---- checks */

static const char *const check_example = "check age >= 18 else \"You must be 18 or older.\"";

static void parse_check_message(struct parse *parse, struct tree_check *check)
{
    bool said = parse_take(parse, TOKEN_ELSE);
    if (!said && parse_at_text(parse))
        parse_complain_here(parse, "E0138", check_example, "\"else\" is missing before the message");
    else if (!said) parse_expected(parse, "E0138", "\"else\" and a message", check_example);
    if (said || parse_at_text(parse)) parse_text(parse, "the message after \"else\"", &check->message);
}

static bool at_clause(const struct parse *parse, enum token_kind kind)
{
    return parse_at(parse, kind) && !parse_at_field(parse);
}

static void parse_check_place(struct parse *parse, struct tree_check *check)
{
    if (at_clause(parse, TOKEN_AT)) {
        parse_advance(parse);
        check->at = parse_path(parse, "the field to complain at");
    }
    if (at_clause(parse, TOKEN_AS)) {
        parse_advance(parse);
        parse_name(parse, "a name for the check", false, &check->name, &check->name_span);
    }
    if (!check->at && at_clause(parse, TOKEN_AT)) {
        parse_complain_here(parse, "E0110", "as in … else \"…\" at salary as too_high",
                            "\"at\" stands before \"as\"");
        parse_advance(parse);
        check->at = parse_path(parse, "the field to complain at");
    }
}

struct tree_check *parse_check(struct parse *parse)
{
    struct tree_check *check = parse->out_of_memory ? NULL : ARENA_NEW(parse->arena, struct tree_check);
    if (!check) {
        parse_run_out(parse);
        check = &parse->spare_check;
        *check = (struct tree_check){.name = {"", 0}};
    }
    uint32_t start = parse->token.offset;
    parse_advance(parse);
    check->condition = parse_expression(parse, "\"check\"");
    if (at_clause(parse, TOKEN_UNLESS)) {
        check->unless_span = parse_token_span(parse->token);
        parse_advance(parse);
        check->unless = parse_expression(parse, "\"unless\"");
    }
    parse_check_message(parse, check);
    parse_check_place(parse, check);
    check->span = parse_span_from(parse, start);
    return check;
}

/* ---- modifiers */

static void parse_message(struct parse *parse, struct modifier *modifier)
{
    if (parse_take(parse, TOKEN_ELSE))
        parse_text(parse, "a message after \"else\"", &modifier->message);
}

static void parse_bounded(struct parse *parse, struct modifier *modifier, const char *keyword)
{
    modifier->expr = parse_expression(parse, keyword);
    parse_message(parse, modifier);
}

/* Since edition 2027 `when` and `unless` say when a field is asked for, wherever they stand. */
static void complain_condition(struct parse *parse, const char *what)
{
    if (parse->edition <= 2026) return;
    const char *now = at_clause(parse, TOKEN_WHEN) ? "if" : "except if";
    parse_complain_here(
        parse, "E0148",
        parse_printf(
            parse, "say \"%s %s …\"; or, if it says when the field is asked for, put it before \"%s\"",
            what, now, what),
        "\"%s\" takes \"if\" or \"except if\"", what);
}

/* `if E`, `except if E` or nothing; in edition 2026 `when E` and `unless E`. */
static void parse_condition(struct parse *parse, struct modifier *modifier)
{
    bool except = at_clause(parse, TOKEN_EXCEPT) && parse->next.kind == TOKEN_IF;
    bool later = except || (parse->edition != 2026 && parse_at(parse, TOKEN_IF));
    modifier->unless = except || at_clause(parse, TOKEN_UNLESS);
    if (!later && !modifier->unless && !at_clause(parse, TOKEN_WHEN)) return;
    uint32_t start = parse->token.offset;
    if (!later) complain_condition(parse, entries[modifier->kind].spelling.ptr);
    if (except) parse_advance(parse);
    modifier->condition_span = (struct span){start, token_end(parse->token) - start};
    const char *word = parse_printf(parse, "\"%.*s\"", STR_ARG(parse->token.text));
    parse_advance(parse);
    modifier->expr = parse_expression(parse, word);
}

/* `1-20`, `1 to 20`: what others write for `1..20`. */
static bool at_wrong_range(const struct parse *parse)
{
    bool to = parse_at(parse, TOKEN_MINUS) || parse_at(parse, TOKEN_COMMA) ||
              str_eq(parse->token.text, STR("to"));
    return to && parse->next.kind == TOKEN_NUMBER;
}

/* Whether an expression begins here, no plain number and no next modifier. `min (a, b)` is a call:
 * lengths and rows have no other minimum. */
static bool at_moving_bound(const struct parse *parse)
{
    switch (parse->token.kind) {
    case TOKEN_MINUS:
    case TOKEN_OPEN_PAREN:
    case TOKEN_IF:
    case TOKEN_OUTER:
    case TOKEN_PRIOR:
        return true;
    case TOKEN_MIN:
    case TOKEN_MAX:
    case TOKEN_LENGTH:
    case TOKEN_OTHER:
    case TOKEN_SIZE:
        if (parse->next.kind == TOKEN_OPEN_PAREN) return true;
        break;
    case TOKEN_NUMBER:
        if (parse->next.kind == TOKEN_MINUS) return parse_kind_after_next(parse) != TOKEN_NUMBER;
        return parse->next.kind == TOKEN_PLUS || parse->next.kind == TOKEN_STAR;
    default:
        break;
    }
    bool word = parse_at_word(parse) && !token_is_reserved(parse->token.kind);
    return word && !parse_at_field(parse) && !parse_at_modifier(parse) && !parse_at_item(parse) &&
           !str_eq(parse->token.text, STR("to"));
}

/* What a range is of: of characters, or of bytes. */
struct measure {
    const char *keyword, *one, *several, *many, *none, *unit, *example;
    int64_t max;
    bool exact; /* one number may stand alone */
};

static const struct measure lengths = {"\"length\"",
                                       "a length",
                                       "lengths",
                                       "a number of characters",
                                       "no text is",
                                       "long",
                                       "as in length 1..20, length 5.., length ..20 or length 8",
                                       INT32_MAX,
                                       true};
static const struct measure sizes = {"\"size\"",
                                     "a size",
                                     "sizes",
                                     "a number of bytes",
                                     "no file has",
                                     "bytes",
                                     "as in size ..10_000_000, size 1.. or size 1..10_000_000",
                                     (INT64_C(1) << 53) - 1,
                                     false};

/* A side of a range: a number into *value, or an expression. False: it is open. */
static bool parse_side(struct parse *parse, const struct measure *measure, int64_t *value,
                       struct expr **expr)
{
    if (at_moving_bound(parse)) {
        *expr = parse_expression(parse, measure->keyword);
        return true;
    }
    bool number = parse_at(parse, TOKEN_NUMBER) || parse_at(parse, TOKEN_BAD_NUMBER);
    if (number) parse_whole(parse, measure->one, measure->max, value);
    return number;
}

static void check_range(struct parse *parse, const struct measure *measure, uint32_t start,
                        struct modifier *modifier)
{
    if (modifier->high < 0 || modifier->high >= modifier->low) return;
    parse_complain(parse, "E0135", parse_span_from(parse, start), "the smaller number stands first",
                   "%s at least %lld and at most %lld %s", measure->none, (long long)modifier->low,
                   (long long)modifier->high, measure->unit);
    modifier->high = modifier->low;
}

/* `A..B`, `A..`, `..B`, `N`. */
static void parse_range(struct parse *parse, const struct measure *measure, struct modifier *modifier)
{
    const char *example = measure->example;
    uint32_t start = parse->token.offset;
    modifier->low = modifier->high = -1;
    bool low = parse_side(parse, measure, &modifier->low, &modifier->low_expr);
    if (low && at_wrong_range(parse)) {
        parse_complain_here(parse, "E0135", example, "a range of %s is written with two dots",
                            measure->several);
        parse_advance(parse);
        parse_whole(parse, measure->one, measure->max, &modifier->high);
    } else if (parse_take(parse, TOKEN_DOT_DOT)) {
        bool high = parse_side(parse, measure, &modifier->high, &modifier->high_expr);
        if (!high && !low) parse_expected(parse, "E0135", measure->many, example);
    } else if (low) {
        if (!measure->exact)
            parse_complain(parse, "E0135", parse_span_from(parse, start), example,
                           "%s needs the two dots of a range", measure->one);
        modifier->high = modifier->low;
        modifier->high_expr = modifier->low_expr;
    } else {
        parse_expected(parse, "E0135", parse_printf(parse, "%s or a range of them", measure->many),
                       example);
    }
    check_range(parse, measure, start, modifier);
}

static void parse_length(struct parse *parse, struct modifier *modifier)
{
    parse_range(parse, &lengths, modifier);
    parse_message(parse, modifier);
}

static void parse_size(struct parse *parse, struct modifier *modifier)
{
    parse_range(parse, &sizes, modifier);
    parse_message(parse, modifier);
}

/* `"image/png", "application/pdf"` */
static void parse_types(struct parse *parse, struct modifier *modifier)
{
    struct expr_name type;
    size_t mark = parse->stack.used;
    while (
        parse_plain_text(parse, "a media type in quotes, as in \"image/*\"", &type.text, &type.span)) {
        parse_push(parse, &parse->stack, &type, sizeof type);
        if (!parse_take(parse, TOKEN_COMMA)) break;
    }
    modifier->strings = parse_pop(parse, &parse->stack, mark, sizeof type, &modifier->string_count);
    parse_message(parse, modifier);
}

/* `A..B`, `A..`, `..B`: both bounds at once. */
static void parse_between(struct parse *parse, struct modifier *modifier)
{
    static const char *const example = "as in between 0..10, between 18.. or between ..today()";
    bool low = !parse_at(parse, TOKEN_DOT_DOT);
    if (low) modifier->low_expr = parse_expression(parse, "\"between\"");
    if (low && at_wrong_range(parse)) {
        parse_complain_here(parse, "E0110", example, "a range is written with two dots");
        parse_advance(parse);
        modifier->high_expr = parse_expression(parse, "\"between\"");
    } else if (!parse_take(parse, TOKEN_DOT_DOT)) {
        parse_expected(parse, "E0110", "\"..\"", example);
    } else {
        bool high =
            parse_at(parse, TOKEN_NUMBER) || parse_at(parse, TOKEN_TEXT) || at_moving_bound(parse);
        if (high) modifier->high_expr = parse_expression(parse, "\"..\"");
        else if (!low) parse_expected(parse, "E0110", "a bound after \"..\"", example);
    }
    parse_message(parse, modifier);
}

/* `other TEXT [length A..B]`. */
static void parse_other(struct parse *parse, struct modifier *modifier)
{
    struct modifier range = {.low = -1, .high = -1};
    parse_text(parse, "the label of what is not in the list", &modifier->message);
    if (at_clause(parse, TOKEN_LENGTH)) {
        modifier->length_span = parse_token_span(parse->token);
        parse_advance(parse);
        parse_range(parse, &lengths, &range);
    }
    const struct expr *moving = range.low_expr ? range.low_expr : range.high_expr;
    if (moving)
        parse_complain(parse, "E0135", moving->span, "as in: other \"Something else\" length ..80",
                       "the length of what is written in is a number");
    modifier->low = range.low;
    modifier->high = range.high;
}

/* `E`, `A..B`, `A..`, `..B`. */
static void parse_rows(struct parse *parse, struct modifier *modifier)
{
    bool low = !parse_at(parse, TOKEN_DOT_DOT);
    if (low) modifier->low_expr = parse_expression(parse, "\"rows\"");
    if (!parse_take(parse, TOKEN_DOT_DOT)) {
        modifier->high_expr = modifier->low_expr;
        return;
    }
    bool high = parse_at(parse, TOKEN_NUMBER) || at_moving_bound(parse);
    if (high) modifier->high_expr = parse_expression(parse, "\"..\"");
    else if (!low)
        parse_expected(parse, "E0134", "a number of rows", "as in: rows 1..people, rows people");
}

/* `refuse [else TEXT]`, of what is repeated also `second`. */
static void parse_wall(struct parse *parse, struct modifier *modifier)
{
    bool repeated = modifier->kind == MODIFIER_REPEATED;
    if (repeated && parse_take(parse, TOKEN_SECOND)) {
        modifier->low = 1;
    } else if (parse_take(parse, TOKEN_REFUSE)) {
        parse_message(parse, modifier);
    } else {
        parse_expected(parse, "E0110",
                       repeated ? "\"refuse\" or \"second\" after \"repeated\""
                                : "\"refuse\" after \"skipped\"",
                       repeated ? "without it the first of the two is meant"
                                : "without it the clocks are read as before they went forward");
        if (parse_at(parse, TOKEN_NAME) && !parse_at_field(parse)) parse_advance(parse);
    }
}

bool parse_policy(struct parse *parse, struct str *ret_word, struct span *ret_span)
{
    bool ignore = parse_at(parse, TOKEN_IGNORE);
    *ret_word = STR("refuse");
    *ret_span = parse_token_span(parse->token);
    if (ignore) *ret_word = STR("ignore");
    if (!parse_take(parse, TOKEN_IGNORE) && !parse_take(parse, TOKEN_REFUSE)) {
        parse_expected(parse, "E0110", "\"refuse\" or \"ignore\" after \"unknown\"", NULL);
        if (parse_at(parse, TOKEN_NAME) && !parse_at_field(parse)) parse_advance(parse);
    }
    return ignore;
}

static void parse_string(struct parse *parse, struct modifier *modifier, const char *what, int max)
{
    parse_plain_text(parse, what, &modifier->string, &modifier->string_span);
    if (modifier->string.len > (size_t)max)
        parse_complain(parse, "E0109", modifier->string_span, NULL,
                       "this has %zu bytes, at most %d are possible", modifier->string.len, max);
}

/* All of one modifier, with its keyword taken. */
static void parse_rest_of(struct parse *parse, struct modifier *modifier)
{
    switch (modifier->kind) {
    case MODIFIER_REQUIRED:
        parse_condition(parse, modifier);
        parse_message(parse, modifier);
        return;
    case MODIFIER_READONLY:
        parse_condition(parse, modifier);
        return;
    case MODIFIER_SUGGEST:
        modifier->expr = parse_expression(parse, "\"suggest\"");
        return;
    case MODIFIER_ROWS:
        parse_rows(parse, modifier);
        return;
    case MODIFIER_WHEN:
        modifier->expr = parse_expression(parse, "\"when\"");
        return;
    case MODIFIER_UNLESS:
        modifier->expr = parse_expression(parse, "\"unless\"");
        return;
    case MODIFIER_COMPUTED:
        modifier->expr = parse_expression(parse, "\"=\"");
        return;
    case MODIFIER_DEFAULT:
        modifier->expr = parse_expression(parse, "\"default\"");
        return;
    case MODIFIER_MIN:
        parse_bounded(parse, modifier, "\"min\"");
        return;
    case MODIFIER_MAX:
        parse_bounded(parse, modifier, "\"max\"");
        return;
    case MODIFIER_LENGTH:
        parse_length(parse, modifier);
        return;
    case MODIFIER_TYPES:
        parse_types(parse, modifier);
        return;
    case MODIFIER_BETWEEN:
        parse_between(parse, modifier);
        return;
    case MODIFIER_SIZE:
        parse_size(parse, modifier);
        return;
    case MODIFIER_PATTERN:
        parse_string(parse, modifier, "a pattern in quotes", limit(TEXT_BYTES));
        parse_message(parse, modifier);
        return;
    case MODIFIER_HINT:
        parse_text(parse, "the text of the hint", &modifier->message);
        return;
    case MODIFIER_KEY:
        parse_string(parse, modifier, "the member's name in quotes", limit(NAME_BYTES));
        return;
    case MODIFIER_AUTOCOMPLETE:
        parse_string(parse, modifier, "a token of HTML in quotes", limit(TEXT_BYTES));
        return;
    case MODIFIER_PLACEHOLDER:
        parse_text(parse, "the text of the placeholder", &modifier->message);
        return;
    case MODIFIER_MULTILINE:
    case MODIFIER_HIDDEN:
    case MODIFIER_KEEP:
    case MODIFIER_SENSITIVE:
    case MODIFIER_INDEXED:
    case MODIFIER_UNIQUE:
        return;
    case MODIFIER_OTHER:
        parse_other(parse, modifier);
        return;
    case MODIFIER_SKIPPED:
    case MODIFIER_REPEATED:
        parse_wall(parse, modifier);
        return;
    case MODIFIER_UNKNOWN:
        modifier->low = parse_policy(parse, &modifier->string, &modifier->string_span);
        return;
    case MODIFIER_CHECK:
        break; /* parse_modifier() */
    }
    assert(false && "every modifier is parsed");
}

static struct modifier parse_modifier(struct parse *parse, enum modifier_kind kind)
{
    struct modifier modifier = {.kind = kind, .string = {"", 0}};
    uint32_t start = parse->token.offset;
    if (kind == MODIFIER_CHECK) {
        modifier.check = parse_check(parse);
    } else {
        parse_advance(parse);
        parse_rest_of(parse, &modifier);
    }
    modifier.span = parse_span_from(parse, start);
    return modifier;
}

/* ---- what is no modifier */

static struct str nearest_modifier(struct str word)
{
    struct str words[MODIFIERS];
    for (unsigned i = 0; i < MODIFIERS; i++) words[i] = entries[i].spelling;
    return nearest_word(word, words, MODIFIERS);
}

static struct str nearest_operator(struct str word)
{
    static const struct str words[] = {{"and", 3},  {"or", 2}, {"in", 2},
                                       {"else", 4}, {"at", 2}, {"as", 2}};
    return nearest_word(word, words, sizeof words / sizeof *words);
}

/* A word on a line of its own that no modifier and no operator is near to: that is the items' business.
 */
static bool is_item_like(const struct parse *parse)
{
    if (!parse_on_new_line(parse) || !parse_at_word(parse) || token_is_reserved(parse->token.kind))
        return false;
    if (parse_at_type_name(parse->next) || parse->next.kind == TOKEN_EQUAL) return true;
    struct str word = parse->token.text;
    return !nearest_modifier(word).len && !nearest_operator(word).len;
}

const char *parse_modifier_advice(struct str word)
{
#define FOREIGN_VALUE(value, advice)
#define FOREIGN_MODIFIER(modifier, advice)                                                             \
    if (str_eq(word, STR(modifier))) return advice;
#include "dsl/foreign.def"
#undef FOREIGN_VALUE
#undef FOREIGN_MODIFIER
    return NULL;
}

bool parse_is_modifier(enum token_kind kind)
{
    return kind != TOKEN_EQUAL && modifier_of(kind) != NO_MODIFIER;
}

static const char *word_advice(struct parse *parse, struct str modifier)
{
    struct str word = parse->token.text, operator= nearest_operator(word);
    const char *advice = parse_modifier_advice(word);
    if (advice) return advice;
    if (parse->next.kind == TOKEN_OPEN_PAREN && !modifier.len)
        return parse_printf(parse,
                            "what a field's value is worked out by stands behind \"=\": = %.*s(…)",
                            STR_ARG(parse_shortened(word)));
    if (modifier.len) return parse_printf(parse, "did you mean \"%.*s\"?", STR_ARG(modifier));
    if (str_eq(word, STR("is")) || str_eq(word, STR("equals"))) return "\"equal\" is written =";
    if (operator.len) return parse_printf(parse, "did you mean \"%.*s\"?", STR_ARG(operator));
    return "the modifiers are required, when, unless, =, default, min, max, between, length, pattern, "
           "check, "
           "hint, key, "
           "autocomplete, "
           "placeholder, multiline, hidden, keep, sensitive, indexed, other, suggest, readonly, rows, skipped, repeated, "
           "types, "
           "size and unknown";
}

static void complain_word(struct parse *parse, struct str modifier)
{
    if (parse_at(parse, TOKEN_WHERE))
        parse_complain_here(parse, "E0127", "as in: count(members where age < 18)",
                            "\"where\" stands in the parentheses of an aggregate");
    else if (token_is_reserved(parse->token.kind))
        parse_expected(parse, "E0110", "a modifier or the next item",
                       parse_modifier_advice(parse->token.text));
    else
        parse_complain_here(parse, "E0120", word_advice(parse, modifier), "there is no modifier %s",
                            parse_found(parse));
}

static void complain_text(struct parse *parse)
{
    const char *hint = "the label stands right after the type, before the modifiers";
    if (parse->previous.kind == TOKEN_TEXT)
        hint = "texts join in labels, hints and messages only; in expressions they are joined with +";
    parse_complain_here(parse, "E0141", hint, "a text cannot stand here");
}

/* `text Spouse's name"`: a quote stands alone on the rest of the line. */
static bool at_unopened_text(const struct parse *parse)
{
    enum { LOOKED_AT = 400 }; /* bytes: lines are short, or many of them would take for ever */
    struct str source = parse->lexer.source;
    uint32_t quotes = 0;
    size_t start = parse->token.offset;
    for (size_t i = start; i < source.len && source.ptr[i] != '\n' && i < start + LOOKED_AT; i++) {
        if (source.ptr[i] == '\\') i++;
        else if (source.ptr[i] == '"') quotes++;
        else if (source.ptr[i] == '#') return false;
    }
    bool label = token_is_word(parse->previous.kind) || parse->previous.kind == TOKEN_CLOSE_PAREN;
    return quotes % 2 == 1 && label && !parse_on_new_line(parse) && parse_at(parse, TOKEN_NAME);
}

static void complain_unopened(struct parse *parse)
{
    struct token word = parse->token;
    parse_skip_line(parse);
    parse_complain(
        parse, "E0103", parse_token_span(word),
        parse_printf(parse, "begin it with a quote: \"%.*s …\"", STR_ARG(parse_shortened(word.text))),
        "a text closes on this line that is not opened");
}

/* Answers the modifier that was meant, or NO_MODIFIER after having gone on to the next sensible place.
 */
static unsigned mend(struct parse *parse)
{
    if (at_unopened_text(parse)) {
        complain_unopened(parse);
        return NO_MODIFIER;
    }
    if (parse_at_word(parse)) {
        struct str nearest = nearest_modifier(parse->token.text);
        complain_word(parse, nearest);
        for (unsigned i = 0; i < MODIFIERS; i++)
            if (nearest.len && str_eq(entries[i].spelling, nearest)) return i;
    } else if (parse_at_text(parse)) {
        complain_text(parse);
    } else {
        bool closes = parse_at(parse, TOKEN_CLOSE_PAREN);
        parse_expected(parse, "E0110", "a modifier or the next item",
                       closes ? "there is no \"(\" before that this would close" : NULL);
    }
    parse_advance(parse);
    parse_skip(parse, true);
    return NO_MODIFIER;
}

/* ---- lists of modifiers */

/* Behind a row of a matrix a word before a text is the next row, unless it is a modifier that a text
 * may follow and that rows have. */
static bool is_next_row(const struct parse *parse)
{
    bool text = parse->next.kind == TOKEN_TEXT || parse->next.kind == TOKEN_BAD_TEXT;
    unsigned kind = modifier_of(parse->token.kind);
    bool fits = kind != NO_MODIFIER && entries[kind].places & ON_ROW;
    if (!text || !parse_at_word(parse) || token_is_reserved(parse->token.kind)) return false;
    return !fits || kind == MODIFIER_REQUIRED;
}

/* Whether what follows is no longer this item's. `check` and `unknown` are items of their own where
 * they are no modifier. */
static bool is_over(const struct parse *parse, const struct item *item)
{
    bool block = item_is_block(item->kind);
    if (item->kind == ITEM_ROW && is_next_row(parse)) return true;
    if (parse_at_field(parse)) return true;
    switch (parse->token.kind) {
    case TOKEN_END:
    case TOKEN_OPEN_BRACE:
    case TOKEN_CLOSE_BRACE:
        return true;
    case TOKEN_CHECK:
        return item->kind == ITEM_NOTE;
    case TOKEN_UNKNOWN:
        return !block;
    case TOKEN_TEXT:
    case TOKEN_BAD_TEXT:
        return parse->next.kind == TOKEN_COLON;
    default:
        break;
    }
    if (modifier_of(parse->token.kind) != NO_MODIFIER) return false;
    return parse_at_item(parse) || is_item_like(parse);
}

/* The kinds that an item has already, and where; a check may stand there any number of times. */
struct seen {
    unsigned kinds;
    struct span first[MODIFIERS];
};

static const char *place_name(enum item_kind kind)
{
    switch (kind) {
    case ITEM_PAGE:
        return "a page";
    case ITEM_SECTION:
        return "a section";
    case ITEM_GROUP:
        return "a group";
    case ITEM_REPEAT:
        return "a repeat";
    case ITEM_NOTE:
        return "a note";
    case ITEM_MATRIX:
        return "a matrix";
    case ITEM_ROW:
        return "a row of a matrix";
    default:
        return "a field";
    }
}

static void complain_twice(struct parse *parse, const struct modifier *modifier, struct span first)
{
    const char *hint = modifier->kind == MODIFIER_WHEN     ? "join the conditions with and"
                       : modifier->kind == MODIFIER_UNLESS ? "join the conditions with or"
                                                           : NULL;
    struct diag *diag = parse_complain(parse, "E0121", modifier->span, hint, "\"%s\" is there already",
                                       entries[modifier->kind].spelling.ptr);
    if (!diag) return;
    diag->related = first;
    diag->related_message = STR("here");
}

static void keep_sides(struct parse *parse, const struct item *item, struct seen *seen,
                       const struct modifier *between);

/* Keeps the modifier unless it is misplaced or there already. */
static void keep(struct parse *parse, const struct item *item, struct seen *seen,
                 struct modifier *modifier)
{
    const struct entry *entry = &entries[modifier->kind];
    struct span keyword = {modifier->span.offset, (uint32_t)entry->spelling.len};
    if (!(entry->places & 1u << item->kind)) {
        parse_complain(parse, "E0122", keyword, parse_printf(parse, "it is for %s", entry->where),
                       "\"%s\" cannot stand on %s", entry->spelling.ptr, place_name(item->kind));
    } else if (seen->kinds & 1u << modifier->kind && modifier->kind != MODIFIER_CHECK) {
        complain_twice(parse, modifier, seen->first[modifier->kind]);
    } else {
        seen->kinds |= 1u << modifier->kind;
        seen->first[modifier->kind] = modifier->span;
        if (modifier->kind == MODIFIER_BETWEEN) keep_sides(parse, item, seen, modifier);
        else parse_push(parse, &parse->stack, modifier, sizeof *modifier);
    }
}

/* `between A..B` is `min A max B` with one message. */
static void keep_sides(struct parse *parse, const struct item *item, struct seen *seen,
                       const struct modifier *between)
{
    struct modifier side = *between;
    side.low_expr = side.high_expr = NULL;
    side.between = true;
    side.kind = MODIFIER_MIN;
    side.expr = between->low_expr;
    if (side.expr) keep(parse, item, seen, &side);
    side.kind = MODIFIER_MAX;
    side.expr = between->high_expr;
    side.second = between->low_expr != NULL;
    if (side.expr) keep(parse, item, seen, &side);
}

/* What could not be read stands right behind an expression, so that is not all of it: `when a equals
 * 3`. */
static void spoil_last(struct parse *parse, size_t mark, uint32_t end)
{
    struct modifier last;
    if (parse->stack.used == mark || parse->out_of_memory) return;
    memcpy(&last, parse->stack.bytes + parse->stack.used - sizeof last, sizeof last);
    if (last.expr && last.expr->span.offset + last.expr->span.len == end) parse_spoil(last.expr);
}

void parse_modifiers(struct parse *parse, struct item *item)
{
    size_t mark = parse->stack.used;
    struct seen seen = {0};
    while (!is_over(parse, item)) {
        if (parse_take_separator(parse)) continue;
        unsigned kind = modifier_of(parse->token.kind);
        uint32_t end = token_end(parse->previous);
        if (kind == NO_MODIFIER && (kind = mend(parse)) == NO_MODIFIER) {
            spoil_last(parse, mark, end);
            continue;
        }
        struct modifier modifier = parse_modifier(parse, (enum modifier_kind)kind);
        keep(parse, item, &seen, &modifier);
    }
    item->modifiers =
        parse_pop(parse, &parse->stack, mark, sizeof *item->modifiers, &item->modifier_count);
}
