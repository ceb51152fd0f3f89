/* Texts: escapes, `{path}`, `{path:format}` and the joining of adjacent ones. docs/language.md §1 and
 * §9. */
#include "dsl/parse.h"

#include "base/limits.h"
#include "base/utf8.h"

#include <assert.h>
#include <string.h>

/* The inside of a quoted text: bytes `at` up to `end` of the source. */
struct inside {
    uint32_t at, end;
};

static struct inside inside_of(struct token token)
{
    assert(token.kind == TOKEN_TEXT);
    return (struct inside){token.offset + 1, token_end(token) - 1};
}

static struct str source_between(const struct parse *parse, uint32_t start, uint32_t end)
{
    return (struct str){parse->lexer.source.ptr + start, end - start};
}

static void push_bytes(struct parse *parse, struct str bytes)
{
    if (bytes.len) parse_push(parse, &parse->bytes, bytes.ptr, bytes.len);
}

/* The bytes gathered since `mark`, in the arena. */
static struct str pop_bytes(struct parse *parse, size_t mark)
{
    uint32_t len;
    char *bytes = parse_pop(parse, &parse->bytes, mark, 1, &len);
    return len ? (struct str){bytes, len} : (struct str){"", 0};
}

/* ---- escapes */

static void complain_escape(struct parse *parse, uint32_t at, uint32_t len, const char *hint)
{
    struct span span = {at, len};
    struct str text = source_between(parse, at, at + len);
    parse_complain(parse, "E0105", span, hint, "\"%.*s\" is not an escape", STR_ARG(text));
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* `{1F600}` at `text`: its length and code point; 0 when it is not of that form. */
static uint32_t read_code_point(struct str text, uint32_t *ret_code)
{
    uint32_t code = 0, i = 1;
    if (text.len == 0 || text.ptr[0] != '{') return 0;
    for (; i < text.len && i <= 6 && hex_value(text.ptr[i]) >= 0; i++)
        code = code * 16 + (uint32_t)hex_value(text.ptr[i]);
    if (i == 1 || i >= text.len || text.ptr[i] != '}') return 0;
    *ret_code = code;
    return i + 1;
}

/* `\u{…}`. NUL is refused: too many programs that answers pass through end their texts there. */
static uint32_t push_code_point(struct parse *parse, uint32_t at, struct str rest)
{
    uint32_t code = 0;
    uint32_t len = read_code_point((struct str){rest.ptr + 2, rest.len - 2}, &code);
    bool scalar = code != 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    if (len == 0 || !scalar) {
        complain_escape(parse, at, len + 2,
                        "write the number of a character in 1 to 6 hexadecimal digits: \\u{1F600}");
        return len + 2;
    }
    char bytes[4];
    push_bytes(parse, (struct str){bytes, utf8_encode(code, bytes)});
    return len + 2;
}

/* The escape at `at`; answers its length. */
static uint32_t push_escape(struct parse *parse, uint32_t at, uint32_t end)
{
    struct str rest = source_between(parse, at, end);
    size_t len = rest.len > 1 ? utf8_next((struct str){rest.ptr + 1, rest.len - 1}, NULL) : 0;
    switch (len ? rest.ptr[1] : '\0') {
    case '"':
        push_bytes(parse, STR("\""));
        return 2;
    case '\\':
        push_bytes(parse, STR("\\"));
        return 2;
    case 'n':
        push_bytes(parse, STR("\n"));
        return 2;
    case 't':
        push_bytes(parse, STR("\t"));
        return 2;
    case '{':
        push_bytes(parse, STR("{"));
        return 2;
    case 'u':
        return push_code_point(parse, at, rest);
    case '}':
        complain_escape(parse, at, 2, "a \"}\" needs no backslash");
        return 2;
    default:
        break;
    }
    complain_escape(parse, at, 1 + (uint32_t)len,
                    "the escapes are \\\" \\\\ \\n \\t \\{ and \\u{1F600}; a backslash itself is \\\\, "
                    "also in patterns");
    return 1 + (uint32_t)len;
}

/* Bytes up to `end` or, in texts that interpolate, up to "{". Answers where it stopped. */
static uint32_t push_literal(struct parse *parse, struct inside inside, bool interpolates)
{
    uint32_t at = inside.at;
    while (at < inside.end) {
        char c = parse->lexer.source.ptr[at];
        if (interpolates && c == '{') break;
        if (c == '\\') {
            at += push_escape(parse, at, inside.end);
            continue;
        }
        uint32_t start = at;
        while (at < inside.end && !strchr(interpolates ? "\\{" : "\\", parse->lexer.source.ptr[at]))
            at++;
        push_bytes(parse, source_between(parse, start, at));
    }
    return at;
}

/* ---- interpolation */

/* The names of one `{path}`, read by a lexer of its own. */
struct interpolation {
    struct lexer lexer;
    struct token token;
};

static void step(struct interpolation *inter)
{
    inter->token = lexer_next(&inter->lexer);
}

static bool take(struct interpolation *inter, enum token_kind kind)
{
    if (inter->token.kind != kind) return false;
    step(inter);
    return true;
}

static bool push_name(struct parse *parse, struct interpolation *inter)
{
    struct token token = inter->token;
    struct expr_name name = {token.text, parse_token_span(token)};
    bool good =
        token_is_word(token.kind) && token.kind != TOKEN_BAD_WORD && !token_is_reserved(token.kind);
    if (!good || token.text.len > limit(NAME_BYTES)) return false;
    parse_push(parse, &parse->stack, &name, sizeof name);
    step(inter);
    return true;
}

static bool push_names(struct parse *parse, struct interpolation *inter, struct expr *path)
{
    if (take(inter, TOKEN_OUTER)) {
        path->outer = true;
        if (!take(inter, TOKEN_DOT)) return false;
    }
    do
        if (!push_name(parse, inter)) return false;
    while (take(inter, TOKEN_DOT));
    return true;
}

/* `:short`; *ret_format stays empty without one. */
static bool read_format(struct interpolation *inter, struct expr_name *ret_format)
{
    if (!take(inter, TOKEN_COLON)) return true;
    if (!token_is_word(inter->token.kind) || inter->token.kind == TOKEN_BAD_WORD) return false;
    *ret_format = (struct expr_name){inter->token.text, parse_token_span(inter->token)};
    step(inter);
    return true;
}

static void complain_interpolation(struct parse *parse, uint32_t open, struct token found, uint32_t end)
{
    struct str rest = source_between(parse, open, end);
    const char *close = memchr(rest.ptr, '}', rest.len);
    struct span span = {open, close ? (uint32_t)(close - rest.ptr) + 1 : 1};
    const char *hint = "a brace itself is written \\{";
    if (!close) hint = "the \"}\" is missing; or, if you mean a brace, write \\{";
    else if (memchr(rest.ptr, ':', span.len))
        hint = "behind the colon stands a format, one word: {born:short}. A brace itself is written \\{";
    else if (found.kind != TOKEN_CLOSE_BRACE && found.offset > open + 1)
        hint = "only a name or a path stands here; give a computed value a name with let. A brace "
               "itself is written \\{";
    parse_complain(parse, "E0129", span, hint,
                   "\"{\" begins the name of a value that is shown here, as in \"Hello, {name}\"");
}

/* What is underlined of `{path}`: the path, or all that stands in the braces when it is broken. */
static struct span path_span(const struct expr *path, uint32_t start, uint32_t end)
{
    if (path->name_count == 0) return (struct span){start, end - start};
    struct span last = path->names[path->name_count - 1].span;
    if (!path->outer) start = path->names[0].span.offset;
    return (struct span){start, last.offset + last.len - start};
}

/* `{path}` or `{path:format}` with the brace at `open`: pushes nothing, answers where the text goes on.
 * The lexer sees no further than the "}", so a text full of braces is read once. */
static uint32_t read_interpolation(struct parse *parse, uint32_t open, uint32_t end,
                                   struct text_part *ret_part)
{
    const char *close = memchr(parse->lexer.source.ptr + open, '}', end - open);
    uint32_t after = close ? (uint32_t)(close - parse->lexer.source.ptr) + 1 : end;
    struct interpolation inter = {
        .lexer = {.source = {parse->lexer.source.ptr, after}, .offset = open + 1}};
    size_t mark = parse->stack.used;
    struct expr *path = parse_new_path(parse);
    step(&inter);
    uint32_t start = inter.token.offset;
    bool good = push_names(parse, &inter, path) && read_format(&inter, &ret_part->format) &&
                inter.token.kind == TOKEN_CLOSE_BRACE;
    path->names = parse_pop(parse, &parse->stack, mark, sizeof *path->names, &path->name_count);
    path->span = path->op_span = path_span(path, start, after);
    if (!good) complain_interpolation(parse, open, inter.token, end);
    if (!good || !path->names) path->kind = EXPR_BAD;
    ret_part->path = path;
    return after;
}

/* ---- texts */

static void push_part(struct parse *parse, struct text_part part)
{
    parse_push(parse, &parse->stack, &part, sizeof part);
}

/* Ends the literal that is being gathered, if it holds anything. */
static void end_literal(struct parse *parse, size_t bytes_mark)
{
    if (parse->bytes.used > bytes_mark)
        push_part(parse, (struct text_part){.literal = pop_bytes(parse, bytes_mark)});
}

static void push_parts(struct parse *parse, struct token token, size_t bytes_mark)
{
    struct inside inside = inside_of(token);
    for (;;) {
        inside.at = push_literal(parse, inside, true);
        if (inside.at >= inside.end) return;
        struct text_part part = {.literal = {NULL, 0}};
        end_literal(parse, bytes_mark);
        inside.at = read_interpolation(parse, inside.at, inside.end, &part);
        push_part(parse, part);
    }
}

static uint32_t inside_bytes(struct token token)
{
    return token.kind == TOKEN_TEXT ? (uint32_t)token.text.len - 2 : 0;
}

static bool is_too_long(struct parse *parse, struct span span, size_t bytes)
{
    if (bytes <= limit(TEXT_BYTES)) return false;
    parse_complain(parse, "E0140", span, NULL, "this text has %zu bytes, at most %d are possible",
                   bytes, limit(TEXT_BYTES));
    return true;
}

/* A text that is its own source: the common case, for which nothing is copied. */
static bool is_plain(struct parse *parse)
{
    struct token token = parse->token;
    bool alone = parse->next.kind != TOKEN_TEXT && parse->next.kind != TOKEN_BAD_TEXT;
    return alone && token.kind == TOKEN_TEXT && !memchr(token.text.ptr, '\\', token.text.len) &&
           !memchr(token.text.ptr, '{', token.text.len);
}

static void push_plain(struct parse *parse)
{
    struct inside inside = inside_of(parse->token);
    if (inside.end > inside.at)
        push_part(parse, (struct text_part){.literal = source_between(parse, inside.at, inside.end)});
    parse_advance(parse);
}

/* The parts of all texts that stand side by side. Once they are too long, the rest is not looked into.
 */
static void gather_parts(struct parse *parse)
{
    size_t bytes_mark = parse->bytes.used, bytes = inside_bytes(parse->token);
    uint32_t start = parse->token.offset;
    if (bytes <= limit(TEXT_BYTES) && is_plain(parse)) push_plain(parse);
    while (parse_at_text(parse) && parse->next.kind != TOKEN_COLON) { /* `"name":` is a field of JSON */
        if (parse_at(parse, TOKEN_TEXT) && bytes <= limit(TEXT_BYTES))
            push_parts(parse, parse->token, bytes_mark);
        parse_advance(parse);
        if (parse_at_text(parse)) bytes += inside_bytes(parse->token);
    }
    end_literal(parse, bytes_mark);
    is_too_long(parse, parse_span_from(parse, start), bytes);
}

bool parse_text(struct parse *parse, const char *what, struct text *ret_text)
{
    if (!parse_at_text(parse)) {
        parse_expected(parse, "E0110", what, "texts stand in double quotes: \"…\"");
        return false;
    }
    uint32_t start = parse->token.offset;
    size_t mark = parse->stack.used;
    gather_parts(parse);
    if (parse->stack.used == mark) push_part(parse, (struct text_part){.literal = {"", 0}});
    ret_text->span = parse_span_from(parse, start);
    ret_text->parts =
        parse_pop(parse, &parse->stack, mark, sizeof *ret_text->parts, &ret_text->part_count);
    return true;
}

bool parse_plain_text(struct parse *parse, const char *what, struct str *ret_text,
                      struct span *ret_span)
{
    *ret_text = (struct str){"", 0};
    *ret_span = parse_token_span(parse->token);
    if (parse_take(parse, TOKEN_BAD_TEXT)) return true;
    if (!parse_at(parse, TOKEN_TEXT)) {
        parse_expected(parse, "E0110", what, "texts stand in double quotes: \"…\"");
        return false;
    }
    struct inside inside = inside_of(parse->token);
    bool escaped = memchr(parse->token.text.ptr, '\\', parse->token.text.len);
    size_t mark = parse->bytes.used;
    if (is_too_long(parse, *ret_span, inside.end - inside.at)) escaped = false;
    else if (!escaped) *ret_text = source_between(parse, inside.at, inside.end);
    if (escaped) {
        push_literal(parse, inside, false);
        *ret_text = pop_bytes(parse, mark);
    }
    parse_advance(parse);
    return true;
}
