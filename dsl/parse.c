#include "dsl/parse.h"

#include "base/limits.h"
#include "base/print.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

/* ---- complaints */

struct diag *parse_complain(struct parse *parse, const char *code, struct span span, const char *hint,
                            const char *format, ...)
{
    if (parse->stopped || parse->mute) return NULL;
    char message[1024];
    va_list args;
    va_start(args, format);
    size_t len = print(message, sizeof message, format, args);
    va_end(args);
    assert(len < sizeof message); /* every %s of ours is short */
    return diag_add(parse->diags, DIAG_ERROR, code, span, (struct str){message, len}, hint);
}

struct diag *parse_complain_here(struct parse *parse, const char *code, const char *hint,
                                 const char *format, ...)
{
    if (parse->stopped || parse->mute || parse->token_told) return NULL;
    parse->token_told = true;
    char message[1024];
    va_list args;
    va_start(args, format);
    size_t len = print(message, sizeof message, format, args);
    va_end(args);
    assert(len < sizeof message);
    struct span span = parse_token_span(parse->token);
    return diag_add(parse->diags, DIAG_ERROR, code, span, (struct str){message, len}, hint);
}

struct diag *parse_expected(struct parse *parse, const char *code, const char *what, const char *hint)
{
    if (parse->stopped || parse->token_told) return NULL;
    parse->token_told = true;
    struct span span = parse_token_span(parse->token);
    bool after = parse->previous.kind != TOKEN_END && parse_on_new_line(parse);
    if (after) span = (struct span){token_end(parse->previous), 0};
    return parse_complain(parse, code, span, hint, "expected %s, found %s", what, parse_found(parse));
}

bool parse_expect(struct parse *parse, enum token_kind kind, const char *what, const char *hint)
{
    if (parse_take(parse, kind)) return true;
    parse_expected(parse, "E0110", what, hint);
    return false;
}

const char *parse_printf(struct parse *parse, const char *format, ...)
{
    if (parse->diags->count == parse->diags->count_max) return ""; /* nobody will read it */
    char text[512];
    va_list args;
    va_start(args, format);
    size_t len = print(text, sizeof text, format, args);
    va_end(args);
    assert(len < sizeof text);
    struct str kept = arena_str(parse->arena, (struct str){text, len});
    return kept.ptr ? kept.ptr : "";
}

struct str parse_shortened(struct str text)
{
    enum { SHOWN_BYTES = 48 };
    if (text.len <= SHOWN_BYTES) return text;
    return (struct str){text.ptr, utf8_valid_len((struct str){text.ptr, SHOWN_BYTES})};
}

const char *parse_found(struct parse *parse)
{
    struct token token = parse->token;
    struct str text = parse_shortened(token.text);
    const char *dots = text.len < token.text.len ? "…" : "";
    if (token.kind == TOKEN_END) return "the end of the text";
    if (token.kind == TOKEN_BAD_TEXT) return "a broken text";
    if (token.kind == TOKEN_TEXT)
        return parse_printf(parse, "the text %.*s%s", STR_ARG(text), *dots ? "…\"" : "");
    return parse_printf(parse, "\"%.*s%s\"", STR_ARG(text), dots);
}

static void complain_separator(struct parse *parse, struct token token)
{
    if (!parse->separator_told)
        parse_complain(parse, "E0139", parse_token_span(token),
                       "white space is enough; leave it out here and elsewhere",
                       "nothing is separated by \"%.*s\" here", STR_ARG(token.text));
    parse->separator_told = true;
}

bool parse_take_separator(struct parse *parse)
{
    if (!parse_at(parse, TOKEN_COMMA)) return false;
    complain_separator(parse, parse->token);
    parse_advance(parse);
    return true;
}

/* ---- tokens that are not of the language */

static const char *advice_for_character(struct str text)
{
    if (str_eq(text, STR("%")))
        return "the rest of a division is mod(a, b); a percentage is a plain number";
    if (str_eq(text, STR("[")) || str_eq(text, STR("]")))
        return "lists are written in parentheses: x in (\"a\", \"b\")";
    if (str_eq(text, STR("?"))) return "a choice between two values is: if a then b else c";
    if (str_eq(text, STR("\xc2\xa0"))) return "this is a no-break space; write a plain one";
    if (str_eq(text, STR("'")) || str_eq(text, STR("`")) || str_starts(text, STR("\xe2\x80")))
        return "texts stand in straight double quotes: \"…\"";
    return NULL;
}

static bool is_separator(struct token token)
{
    return str_eq(token.text, STR(";"));
}

static void complain_bad_character(struct parse *parse, struct token token)
{
    bool closes = parse->bracket_told && str_eq(token.text, STR("]"));
    parse->bracket_told = str_eq(token.text, STR("["));
    if (closes) return;
    if (is_separator(token)) {
        complain_separator(parse, token);
        return;
    }
    unsigned char first = (unsigned char)token.text.ptr[0];
    const char *hint = advice_for_character(token.text);
    struct span span = parse_token_span(token);
    if (first >= 0x80 || (first > ' ' && first < 0x7f))
        parse_complain(parse, "E0102", span, hint, "the character \"%.*s\" means nothing here",
                       STR_ARG(token.text));
    else
        parse_complain(parse, "E0102", span, "leave it out",
                       "there is a control character, U+%04X, here", first);
}

static bool is_control(char c)
{
    unsigned char byte = (unsigned char)c;
    return (byte < ' ' && byte != '\t') || byte == 0x7f;
}

static void complain_bad_text(struct parse *parse, struct token token)
{
    struct span span = parse_token_span(token);
    if (token.text.ptr[0] != '"') {
        parse_complain(parse, "E0104", span, "write \"…\", the straight double quotes of the keyboard",
                       "a text stands in straight double quotes");
        return;
    }
    for (uint32_t i = 0; i < token.text.len; i++) {
        if (!is_control(token.text.ptr[i])) continue;
        parse_complain(parse, "E0142", (struct span){token.offset + i, 1},
                       parse_printf(parse, "write \\u{%X} if you mean it", (unsigned)token.text.ptr[i]),
                       "a control character cannot stand in a text");
        return;
    }
    parse_complain(parse, "E0103", span,
                   "close it with \" on the same line; adjacent texts join, so a long one may go on as "
                   "another text on the next line",
                   "this text is not closed");
}

static void complain_bad_number(struct parse *parse, struct token token)
{
    struct str text = parse_shortened(token.text);
    size_t digits = 0;
    while (digits < text.len &&
           (text.ptr[digits] == '.' || (text.ptr[digits] >= '0' && text.ptr[digits] <= '9')))
        digits++;
    const char *hint = "a number is digits, perhaps a point and more digits; single underscores may "
                       "stand between digits";
    if (digits < text.len && text.ptr[digits] != '_' && text.ptr[digits] != 'e' &&
        text.ptr[digits] != 'E')
        hint = parse_printf(parse, "if these are two things, put a space between: %.*s %.*s",
                            (int)digits, text.ptr, (int)(text.len - digits), text.ptr + digits);
    parse_complain(parse, "E0106", parse_token_span(token), hint, "\"%.*s\" is not a number",
                   STR_ARG(text));
}

static void complain_bad_word(struct parse *parse, struct token token)
{
    parse_complain(
        parse, "E0107", parse_token_span(token),
        "if the member in JSON has this name, say so with key: street: text key \"straße\"",
        "\"%.*s\" is not a name: those are made of the letters a to z, A to Z, digits and \"_\"",
        STR_ARG(parse_shortened(token.text)));
}

static void complain_foreign(struct parse *parse, struct token *token)
{
    const char *advice;
    enum token_kind meant = token_meant(*token, &advice);
    parse_complain(parse, "E0124", parse_token_span(*token), advice, "\"%.*s\" is not of this language",
                   STR_ARG(token->text));
    token->kind = meant;
}

/* ---- tokens */

/* `// …`, a comment elsewhere: told once and left out. */
static bool skip_comment(struct parse *parse, struct token token)
{
    const char *rest = token.text.ptr, *end = parse->lexer.source.ptr + parse->lexer.source.len;
    if (token.kind != TOKEN_SLASH || end - rest < 2) return false;
    bool block = token.kind == TOKEN_SLASH && rest[1] == '*';
    if (!block && rest[1] != '/') return false;
    if (!parse->comment_told)
        parse_complain(parse, "E0102", (struct span){token.offset, 2},
                       "a comment begins with # and ends with its line; here and elsewhere",
                       "\"%.2s\" means nothing here", rest);
    parse->comment_told = true;
    if (block) lexer_skip_past(&parse->lexer, STR("*/"));
    else lexer_skip_line(&parse->lexer);
    return true;
}

/* ---- what a merge leaves behind */

enum { MARK_BYTES = 7 };

static bool is_mark(struct str source, struct token token, char sign)
{
    if (token.column != 0 || source.len - token.offset < MARK_BYTES) return false;
    for (uint32_t i = 0; i < MARK_BYTES; i++)
        if (source.ptr[token.offset + i] != sign) return false;
    return true;
}

/* One conflict is one mistake: the first version is read, the second left out. */
static bool skip_merge(struct parse *parse, struct token token)
{
    struct str source = parse->lexer.source;
    struct span span = {token.offset, MARK_BYTES};
    bool begins = is_mark(source, token, '<'), ends = is_mark(source, token, '>');
    bool between = is_mark(source, token, '=') || is_mark(source, token, '|');
    if (!begins && !ends && !between) return false;
    if (begins)
        parse_complain(
            parse, "E0145", span,
            "keep one version of the lines between <<<<<<< and >>>>>>>, and delete the marks",
            "a merge has left its marks here");
    else if (!parse->in_merge)
        parse_complain(parse, "E0145", span, "delete it", "a merge has left this mark");
    struct lexer ahead = parse->lexer;
    if (between && parse->in_merge) lexer_skip_past(&ahead, STR("\n>>>>>>>"));
    if (ahead.offset < source.len) parse->lexer = ahead; /* else the end of it is lost */
    lexer_skip_line(&parse->lexer);
    parse->in_merge = begins;
    return true;
}

/* `${a.b}`: what stands in it is read, and its "}" is left out. */
static bool take_dollar(struct parse *parse, struct token dollar)
{
    struct lexer ahead = parse->lexer;
    if (!str_eq(dollar.text, STR("$")) || lexer_next(&ahead).kind != TOKEN_OPEN_BRACE) return false;
    struct lexer inside = ahead;
    struct token last;
    do {
        if (!token_is_word(lexer_next(&ahead).kind)) return false;
        last = lexer_next(&ahead);
    } while (last.kind == TOKEN_DOT);
    if (last.kind != TOKEN_CLOSE_BRACE) return false;
    struct str path = {inside.source.ptr + inside.offset, last.offset - inside.offset};
    parse_complain(parse, "E0102", (struct span){dollar.offset, ahead.offset - dollar.offset},
                   parse_printf(parse, "a field is called by its name alone: %.*s",
                                STR_ARG(parse_shortened(path))),
                   "the character \"$\" means nothing here");
    parse->lexer = inside;
    parse->dollar_end = last.offset;
    return true;
}

/* The next token that the grammar shall see, and whether it has been complained about. */
/* A word that the source's edition did not have yet. */
static bool is_later_word(const struct parse *parse, enum token_kind kind)
{
    return parse->edition == 2026 && (kind == TOKEN_ENSURE || kind == TOKEN_EXCEPT);
}

static struct token fetch(struct parse *parse, bool *ret_told)
{
    uint32_t told_end = UINT32_MAX; /* a run of bad characters is told once */
    for (;;) {
        struct token token = lexer_next(&parse->lexer);
        if (skip_comment(parse, token) || skip_merge(parse, token)) continue;
        if (token.kind == TOKEN_CLOSE_BRACE && parse->dollar_end > 0 &&
            token.offset == parse->dollar_end)
            continue;
        *ret_told = true; /* also of what follows a bad character, which may have meant something */
        switch (token.kind) {
        case TOKEN_BAD:
            if (take_dollar(parse, token)) continue;
            if (token.offset != told_end) complain_bad_character(parse, token);
            told_end = is_separator(token) ? UINT32_MAX : token_end(token);
            if (str_eq(token.text, STR("?")))
                lexer_skip_line(&parse->lexer); /* the rest of a ? b : c */
            continue;
        case TOKEN_BAD_TEXT:
            complain_bad_text(parse, token);
            return token;
        case TOKEN_BAD_NUMBER:
            complain_bad_number(parse, token);
            return token;
        case TOKEN_BAD_WORD:
            complain_bad_word(parse, token);
            return token;
        case TOKEN_FOREIGN:
            complain_foreign(parse, &token);
            return token;
        default:
            *ret_told = told_end != UINT32_MAX;
            if (is_later_word(parse, token.kind)) token.kind = TOKEN_NAME;
            return token;
        }
    }
}

void parse_start(struct parse *parse, struct str source)
{
    lexer_init(&parse->lexer, source);
    parse->previous.kind = TOKEN_END;
    parse->token = fetch(parse, &parse->token_told);
    parse->next = fetch(parse, &parse->next_told);
}

void parse_stop(struct parse *parse)
{
    parse->stopped = true;
    parse->lexer.offset = (uint32_t)parse->lexer.source.len;
    parse->token = parse->next = lexer_next(&parse->lexer);
    assert(parse->token.kind == TOKEN_END);
}

/* `unique on (a, b)` and `unique per subject` (or `invitation`) are of the form; `unique` alone is the
 * modifier of a field, and what follows it there may be called on or per. */
static bool begins_unique_of_form(const struct parse *parse)
{
    if (parse->token.kind != TOKEN_UNIQUE) return false;
    bool follows = str_eq(parse->next.text, STR("on")) || str_eq(parse->next.text, STR("per"));
    return follows && parse_kind_after_next(parse) != TOKEN_COLON;
}

void parse_advance(struct parse *parse)
{
    if (parse->token.kind == TOKEN_END) return;
    parse->previous = parse->token;
    parse->token = parse->next;
    parse->token_told = parse->next_told;
    if (parse->next.kind != TOKEN_END) parse->next = fetch(parse, &parse->next_told);
    if (begins_unique_of_form(parse)) parse->token.kind = TOKEN_UNIQUE_OF_FORM;
}

bool parse_at(const struct parse *parse, enum token_kind kind)
{
    return parse->token.kind == kind;
}

bool parse_take(struct parse *parse, enum token_kind kind)
{
    if (!parse_at(parse, kind)) return false;
    parse_advance(parse);
    return true;
}

bool parse_at_word(const struct parse *parse)
{
    return token_is_word(parse->token.kind);
}

bool parse_at_text(const struct parse *parse)
{
    return parse_at(parse, TOKEN_TEXT) || parse_at(parse, TOKEN_BAD_TEXT);
}

bool parse_at_field(const struct parse *parse)
{
    return parse_at_word(parse) && parse->next.kind == TOKEN_COLON;
}

bool parse_at_item(const struct parse *parse)
{
    if (parse->next.kind == TOKEN_COLON) return false;
    bool named = token_is_word(parse->next.kind) && !token_is_reserved(parse->next.kind);
    switch (parse->token.kind) {
    case TOKEN_PAGE:
    case TOKEN_SECTION:
    case TOKEN_GROUP:
    case TOKEN_REPEAT:
    case TOKEN_MATRIX:
    case TOKEN_NOTE:
    case TOKEN_LET:
    case TOKEN_CHOICES:
    case TOKEN_TABLE:
    case TOKEN_TRANSLATE:
    case TOKEN_LANGUAGES:
    case TOKEN_CONST:
    case TOKEN_FUNCTION:
        return named;
    case TOKEN_MIGRATE:
        return str_eq(parse->next.text, STR("from"));
    case TOKEN_TIMEZONE:
        return parse->next.kind == TOKEN_TEXT || parse->next.kind == TOKEN_BAD_TEXT;
    case TOKEN_UNKNOWN:
        return parse->next.kind == TOKEN_REFUSE || parse->next.kind == TOKEN_IGNORE;
    case TOKEN_CHECK:
        return parse_on_new_line(parse) && parse->next.kind != TOKEN_TEXT;
    case TOKEN_ENSURE:
    case TOKEN_UNIQUE_OF_FORM:
        return true;
    default:
        return false;
    }
}

enum token_kind parse_kind_after_next(const struct parse *parse)
{
    struct lexer ahead = parse->lexer;
    return lexer_next(&ahead).kind;
}

bool parse_on_new_line(const struct parse *parse)
{
    return parse->previous.kind == TOKEN_END || parse->token.line != parse->previous.line;
}

struct span parse_token_span(struct token token)
{
    return (struct span){token.offset, (uint32_t)token.text.len};
}

struct span parse_span_from(const struct parse *parse, uint32_t start)
{
    uint32_t end = parse->previous.kind == TOKEN_END ? start : token_end(parse->previous);
    return (struct span){start, end > start ? end - start : 0};
}

static bool at_boundary(const struct parse *parse)
{
    return parse_at(parse, TOKEN_END) || parse_at(parse, TOKEN_CLOSE_BRACE) || parse_at_field(parse);
}

void parse_skip_to_paren(struct parse *parse)
{
    uint32_t open = 0;
    while (!at_boundary(parse) && !parse_at(parse, TOKEN_OPEN_BRACE)) {
        if (parse_at(parse, TOKEN_OPEN_PAREN)) open++;
        if (parse_at(parse, TOKEN_CLOSE_PAREN) && open-- == 0) return;
        parse_advance(parse);
    }
}

void parse_skip_line(struct parse *parse)
{
    struct diags *diags = parse->diags;
    struct lexer *lexer = &parse->lexer;
    uint32_t start = parse->token.offset, kept = 0;
    for (uint32_t i = 0; i < diags->count; i++) {
        bool here = diags->items[i].span.offset >= start;
        if (!here) diags->items[kept++] = diags->items[i];
        else diags->errors--;
    }
    diags->count = kept;
    lexer->offset = start;
    lexer->line = parse->token.line;
    lexer->line_start = start - parse->token.column;
    lexer_skip_line(lexer);
    parse->token = fetch(parse, &parse->token_told);
    parse->next = parse->token;
    if (parse->token.kind != TOKEN_END) parse->next = fetch(parse, &parse->next_told);
}

void parse_skip_block(struct parse *parse)
{
    uint32_t open = 0;
    parse->tree->damaged = true;
    parse->mute++;
    do {
        if (parse_at(parse, TOKEN_OPEN_BRACE)) open++;
        if (parse_at(parse, TOKEN_CLOSE_BRACE)) open--;
        parse_advance(parse);
    } while (open > 0 && !parse_at(parse, TOKEN_END));
    parse->mute--;
}

/* A "(…)" whose end is not found is stepped into: only its "(" is skipped. */
static void skip_one(struct parse *parse)
{
    bool paren = parse_at(parse, TOKEN_OPEN_PAREN);
    parse_advance(parse);
    if (!paren) return;
    parse_skip_to_paren(parse);
    parse_take(parse, TOKEN_CLOSE_PAREN);
}

void parse_skip(struct parse *parse, bool to_modifiers)
{
    while (!at_boundary(parse) && !parse_at_item(parse) && !parse_at(parse, TOKEN_OPEN_BRACE)) {
        if (to_modifiers && parse_at_modifier(parse)) return;
        if (parse_at(parse, TOKEN_NAME) && parse_on_new_line(parse)) return;
        skip_one(parse);
    }
}

/* ---- memory */

void parse_run_out(struct parse *parse)
{
    parse->out_of_memory = true;
    parse_stop(parse);
}

void parse_push(struct parse *parse, struct parse_stack *stack, const void *thing, size_t size)
{
    if (parse->out_of_memory) return;
    if (size > stack->size - stack->used) {
        size_t grown = stack->size ? stack->size * 2 : 4096;
        while (grown - stack->used < size) grown *= 2;
        char *bytes = arena_grow(parse->arena, stack->bytes, stack->size, grown, 1);
        if (!bytes) {
            parse_run_out(parse);
            return;
        }
        stack->bytes = bytes;
        stack->size = grown;
    }
    memcpy(stack->bytes + stack->used, thing, size);
    stack->used += size;
}

void *parse_pop(struct parse *parse, struct parse_stack *stack, size_t mark, size_t size,
                uint32_t *ret_count)
{
    size_t bytes = stack->used - mark;
    assert(bytes % size == 0);
    stack->used = mark;
    *ret_count = 0;
    if (bytes == 0 || parse->out_of_memory) return NULL;
    void *array = arena_alloc(parse->arena, bytes);
    if (!array) {
        parse_run_out(parse);
        return NULL;
    }
    memcpy(array, stack->bytes + mark, bytes);
    *ret_count = (uint32_t)(bytes / size);
    return array;
}

/* ---- words and numbers */

bool parse_name(struct parse *parse, const char *what, bool strict, struct str *ret_name,
                struct span *ret_span)
{
    *ret_name = (struct str){"", 0};
    *ret_span = (struct span){parse->token.offset, 0};
    if (!parse_at_word(parse)) {
        parse_expected(parse, "E0110", what, NULL);
        parse->tree->damaged = true;
        return false;
    }
    if (strict && token_is_reserved(parse->token.kind))
        parse_complain_here(
            parse, "E0108", "take another name; if the member in JSON has this one, say so with key",
            "\"%.*s\" cannot be a name here, since expressions use it", STR_ARG(parse->token.text));
    if (parse->token.text.len > limit(NAME_BYTES))
        parse_complain_here(parse, "E0109", NULL, "this name has %zu bytes, at most %d are possible",
                            parse->token.text.len, limit(NAME_BYTES));
    *ret_name = parse->token.text;
    *ret_span = parse_token_span(parse->token);
    parse_advance(parse);
    return true;
}

struct str parse_digits(struct parse *parse, struct token token)
{
    if (!memchr(token.text.ptr, '_', token.text.len)) return token.text;
    char *digits = arena_alloc(parse->arena, token.text.len);
    if (!digits) {
        parse_run_out(parse);
        return (struct str){"0", 1};
    }
    size_t len = 0;
    for (size_t i = 0; i < token.text.len; i++)
        if (token.text.ptr[i] != '_') digits[len++] = token.text.ptr[i];
    return (struct str){digits, len};
}

/* The value up to `max`, or more than max when it is larger. */
static int64_t value_of(struct str digits, int64_t max)
{
    int64_t value = 0;
    for (size_t i = 0; i < digits.len && value <= max; i++) {
        if (value > (INT64_MAX - 9) / 10) return INT64_MAX;
        value = value * 10 + (digits.ptr[i] - '0');
    }
    return value;
}

/* `1.20` for `1..20` */
static const char *range_hint(struct parse *parse, const char *what, struct str digits,
                              const char *point)
{
    bool ranges = strcmp(what, "a length") == 0 || strcmp(what, "a number of rows") == 0;
    size_t whole = (size_t)(point - digits.ptr);
    if (!ranges) return NULL;
    return parse_printf(parse, "a range has two dots: %.*s..%.*s", (int)whole, digits.ptr,
                        (int)(digits.len - whole - 1), point + 1);
}

bool parse_whole(struct parse *parse, const char *what, int64_t max, int64_t *ret_value)
{
    *ret_value = 0;
    if (parse_take(parse, TOKEN_BAD_NUMBER)) return true;
    if (!parse_at(parse, TOKEN_NUMBER)) {
        parse_expected(parse, "E0110", what, NULL);
        return false;
    }
    struct str digits = parse_digits(parse, parse->token);
    const char *point = memchr(digits.ptr, '.', digits.len);
    if (point) {
        parse_complain_here(parse, "E0136", range_hint(parse, what, digits, point),
                            "%s is a whole number, without a fraction", what);
        digits.len = (size_t)(point - digits.ptr);
    }
    *ret_value = value_of(digits, max);
    if (*ret_value > max) {
        parse_complain_here(parse, "E0136", NULL, "%s is at most %lld", what, (long long)max);
        *ret_value = max;
    }
    parse_advance(parse);
    return true;
}
