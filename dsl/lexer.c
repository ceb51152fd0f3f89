#include "dsl/lexer.h"

#include "base/utf8.h"

#include <assert.h>

static const char *const spellings[] = {
#define TOKEN(kind, description) [TOKEN_##kind] = (description),
#define KEYWORD(kind, spelling) [TOKEN_##kind] = (spelling),
#define RESERVED(kind, spelling) [TOKEN_##kind] = (spelling),
#define SIGN(kind, spelling) [TOKEN_##kind] = (spelling),
#define FOREIGN(spelling, kind, advice)
#include "dsl/token.def"
#undef TOKEN
#undef KEYWORD
#undef RESERVED
#undef SIGN
#undef FOREIGN
};

const char *token_spelling(enum token_kind kind)
{
    assert(kind < TOKEN_COUNT);
    return spellings[kind];
}

bool token_is_word(enum token_kind kind)
{
    return kind == TOKEN_NAME || kind == TOKEN_BAD_WORD ||
           (kind >= TOKEN_EDITION && kind <= TOKEN_PRIOR);
}

bool token_is_reserved(enum token_kind kind)
{
    return kind >= TOKEN_AND && kind <= TOKEN_PRIOR;
}

#define TOKEN(kind, description)
#define KEYWORD(kind, spelling)
#define RESERVED(kind, spelling)
#define SIGN(kind, spelling)

enum token_kind token_meant(struct token token, const char **ret_advice)
{
    assert(token.kind == TOKEN_FOREIGN);
#define FOREIGN(spelling, kind, advice)                                                                \
    if (str_eq(token.text, STR(spelling))) {                                                           \
        *ret_advice = (advice);                                                                        \
        return TOKEN_##kind;                                                                           \
    }
#include "dsl/token.def"
#undef FOREIGN
    assert(false && "a foreign sign is in token.def");
    return TOKEN_BAD;
}

#undef KEYWORD
#undef RESERVED
#undef SIGN

/* The C library's isalpha() and friends obey the locale, and a definition must mean the same thing on
 * every machine. Hence our own. */
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_ascii(char c)
{
    return (unsigned char)c < 0x80;
}

/* Beyond ASCII all is taken for letters but what is known to be punctuation, a symbol or a blank. */
static bool is_foreign_letter(uint32_t code)
{
    bool sign = (code >= 0x80 && code <= 0xbf) || code == 0xd7 || code == 0xf7 ||
                (code >= 0x2000 && code <= 0x2bff) || (code >= 0x3000 && code <= 0x303f) ||
                code == 0xfeff;
    return !sign && code >= 0x80;
}

static struct str rest_of(const struct lexer *lexer)
{
    return (struct str){lexer->source.ptr + lexer->offset, lexer->source.len - lexer->offset};
}

/* The byte `ahead` places on, or NUL past the end. A real NUL in the text starts no token either, so
 * nothing here needs to tell the two apart. */
static char peek(const struct lexer *lexer, uint32_t ahead)
{
    size_t left = lexer->source.len - lexer->offset;
    if (ahead >= left) return '\0';
    return lexer->source.ptr[lexer->offset + ahead];
}

/* Bytes and value of the code point at hand; 0 at the end and where it is not UTF-8. */
static uint32_t peek_code(const struct lexer *lexer, uint32_t *ret_code)
{
    return (uint32_t)utf8_next(rest_of(lexer), ret_code);
}

static void skip_blanks(struct lexer *lexer)
{
    while (is_blank(peek(lexer, 0))) {
        if (peek(lexer, 0) == '\n') {
            lexer->line++;
            lexer->line_start = lexer->offset + 1;
        }
        lexer->offset++;
    }
}

static void skip_blanks_and_comments(struct lexer *lexer)
{
    for (;;) {
        skip_blanks(lexer);
        if (peek(lexer, 0) != '#') return;
        while (lexer->offset < lexer->source.len && peek(lexer, 0) != '\n') lexer->offset++;
    }
}

static bool starts_with(const struct lexer *lexer, struct str sign)
{
    return str_starts(rest_of(lexer), sign);
}

static enum token_kind keyword_or_name(struct str word)
{
#define SIGN(kind, spelling)
#define FOREIGN(spelling, kind, advice)
/* Lengths and first bytes are constants here, and tell nearly all words apart. */
#define KEYWORD(kind, spelling)                                                                        \
    if (word.len == sizeof(spelling) - 1 && word.ptr[0] == (spelling)[0] &&                            \
        memcmp(word.ptr, spelling, sizeof(spelling) - 1) == 0)                                         \
        return TOKEN_##kind;
#define RESERVED(kind, spelling) KEYWORD(kind, spelling)
#include "dsl/token.def"
#undef SIGN
#undef FOREIGN
#undef KEYWORD
#undef RESERVED
    return TOKEN_NAME;
}

/* Each scan_… below is called with the lexer on its first byte, moves past its last one, and answers
 * the kind. */

static bool skip_foreign_letter(struct lexer *lexer)
{
    uint32_t code;
    uint32_t len = peek_code(lexer, &code);
    if (len == 0 || !is_foreign_letter(code)) return false;
    lexer->offset += len;
    return true;
}

static enum token_kind scan_word(struct lexer *lexer)
{
    uint32_t start = lexer->offset;
    bool bad = false;
    for (;;) {
        if (is_name_start(peek(lexer, 0)) || is_digit(peek(lexer, 0))) lexer->offset++;
        else if (!is_ascii(peek(lexer, 0)) && skip_foreign_letter(lexer)) bad = true;
        else break;
    }
    if (bad) return TOKEN_BAD_WORD;
    return keyword_or_name((struct str){lexer->source.ptr + start, lexer->offset - start});
}

/* Digits with single underscores between them. */
static void scan_digits(struct lexer *lexer)
{
    while (is_digit(peek(lexer, 0)) || (peek(lexer, 0) == '_' && is_digit(peek(lexer, 1))))
        lexer->offset++;
}

static enum token_kind scan_number(struct lexer *lexer)
{
    scan_digits(lexer);

    /* "1.5" is one number, but in "0..120" the dots are a sign of their own. */
    if (peek(lexer, 0) == '.' && is_digit(peek(lexer, 1))) {
        lexer->offset++;
        scan_digits(lexer);
    }
    if (!is_name_start(peek(lexer, 0))) return TOKEN_NUMBER;

    /* "18years", "1e5", "1__0": one thing to complain about. */
    while (is_name_start(peek(lexer, 0)) || is_digit(peek(lexer, 0))) lexer->offset++;
    return TOKEN_BAD_NUMBER;
}

/* One character inside a text, or an escape. Answers whether it may stand there as it is. */
static bool scan_text_character(struct lexer *lexer)
{
    char c = peek(lexer, 0);
    if (c == '\\' && is_ascii(peek(lexer, 1)) && (unsigned char)peek(lexer, 1) >= ' ') {
        lexer->offset += 2;
        return true;
    }
    uint32_t code;
    uint32_t len = peek_code(lexer, &code);
    lexer->offset += len ? len : 1;
    return len != 0 && (code >= ' ' || code == '\t') && code != 0x7f;
}

/* Bytes that stand for themselves, which is most of any text. */
static void skip_plain_text(struct lexer *lexer)
{
    const char *text = lexer->source.ptr;
    uint32_t at = lexer->offset;
    while (at < lexer->source.len && text[at] >= ' ' && text[at] < 0x7f && text[at] != '"' &&
           text[at] != '\\')
        at++;
    lexer->offset = at;
}

/* Text may not run over the end of its line: an unclosed quote then spoils one line, not the rest of
 * the form, and the parser's second message is about something real. */
static enum token_kind scan_text(struct lexer *lexer)
{
    bool good = true;
    lexer->offset++;
    for (skip_plain_text(lexer); lexer->offset < lexer->source.len; skip_plain_text(lexer)) {
        if (peek(lexer, 0) == '\n' || starts_with(lexer, STR("\r\n"))) return TOKEN_BAD_TEXT;
        if (peek(lexer, 0) == '"') {
            lexer->offset++;
            return good ? TOKEN_TEXT : TOKEN_BAD_TEXT;
        }
        good &= scan_text_character(lexer);
    }
    return TOKEN_BAD_TEXT;
}

enum quote { QUOTE_NONE, QUOTE_SINGLE, QUOTE_DOUBLE };

/* Quotes that word processors and other languages write. */
static enum quote wrong_quote(uint32_t code)
{
    switch (code) {
    case '\'':
    case 0x2018:
    case 0x2019:
    case 0x201a:
        return QUOTE_SINGLE;
    case 0xab:
    case 0xbb:
    case 0x201c:
    case 0x201d:
    case 0x201e:
        return QUOTE_DOUBLE;
    default:
        return QUOTE_NONE;
    }
}

/* All of a text in wrong quotes up to the next quote of its kind on the line; false, and nothing moved,
 * when there is none. */
static bool scan_wrongly_quoted(struct lexer *lexer)
{
    struct lexer ahead = *lexer;
    uint32_t code = 0;
    ahead.offset += peek_code(&ahead, &code);
    enum quote quote = wrong_quote(code);
    while (ahead.offset < ahead.source.len && peek(&ahead, 0) != '\n') {
        uint32_t len = peek_code(&ahead, &code);
        ahead.offset += len ? len : 1;
        bool closes = wrong_quote(code) == quote || (quote == QUOTE_DOUBLE && code == '"');
        if (!len || !closes) continue;
        *lexer = ahead;
        return true;
    }
    return false;
}

/* Signs are tried in the order of token.def, where a longer one stands before its own beginning. */
static enum token_kind scan_sign(struct lexer *lexer)
{
    const char first = peek(lexer, 0);
#define KEYWORD(kind, spelling)
#define RESERVED(kind, spelling)
#define SIGN(kind, spelling)                                                                           \
    if (first == (spelling)[0] && starts_with(lexer, STR(spelling))) {                                 \
        lexer->offset += (uint32_t)sizeof(spelling) - 1;                                               \
        return TOKEN_##kind;                                                                           \
    }
#define FOREIGN(spelling, kind, advice)                                                                \
    if (first == (spelling)[0] && starts_with(lexer, STR(spelling))) {                                 \
        lexer->offset += (uint32_t)sizeof(spelling) - 1;                                               \
        return TOKEN_FOREIGN;                                                                          \
    }
#include "dsl/token.def"
#undef TOKEN
#undef KEYWORD
#undef RESERVED
#undef SIGN
#undef FOREIGN
    uint32_t code = 0;
    uint32_t len = peek_code(lexer, &code);
    if (wrong_quote(code) != QUOTE_NONE && scan_wrongly_quoted(lexer)) return TOKEN_BAD_TEXT;
    lexer->offset += len ? len : 1;
    return TOKEN_BAD;
}

static enum token_kind scan(struct lexer *lexer)
{
    char first = peek(lexer, 0);
    uint32_t code;
    if (lexer->offset == lexer->source.len) return TOKEN_END;
    if (is_name_start(first)) return scan_word(lexer);
    if (is_digit(first)) return scan_number(lexer);
    if (first == '"') return scan_text(lexer);
    if (!is_ascii(first) && peek_code(lexer, &code) && is_foreign_letter(code)) return scan_word(lexer);
    return scan_sign(lexer);
}

void lexer_init(struct lexer *lexer, struct str source)
{
    assert(source.len <= UINT32_MAX);
    *lexer = (struct lexer){.source = source};
    if (str_starts(source, STR("\xef\xbb\xbf"))) lexer->offset = lexer->line_start = 3;
}

void lexer_skip_line(struct lexer *lexer)
{
    while (lexer->offset < lexer->source.len && peek(lexer, 0) != '\n') lexer->offset++;
}

void lexer_skip_past(struct lexer *lexer, struct str sign)
{
    while (lexer->offset < lexer->source.len && !starts_with(lexer, sign)) {
        if (peek(lexer, 0) == '\n') {
            lexer->line++;
            lexer->line_start = lexer->offset + 1;
        }
        lexer->offset++;
    }
    if (lexer->offset < lexer->source.len) lexer->offset += (uint32_t)sign.len;
}

struct token lexer_next(struct lexer *lexer)
{
    skip_blanks_and_comments(lexer);

    struct token token = {
        .offset = lexer->offset, .line = lexer->line, .column = lexer->offset - lexer->line_start};
    token.kind = scan(lexer);
    token.text = (struct str){lexer->source.ptr + token.offset, lexer->offset - token.offset};
    assert(token.kind == TOKEN_END || token.text.len > 0); /* or the parser would never finish */
    return token;
}
