/* Any bytes become tokens that are in order, do not overlap and cover all but blanks and comments. What
 * a token is depends on its own text alone: cut out it is the same one, and a word is a keyword just
 * when the table says so. */
#include "dsl/lexer.h"
#include "fuzz/holds.h"

static bool is_mark(const uint8_t *data, size_t size, size_t at)
{
    return at < 3 && size >= 3 && data[0] == 0xef && data[1] == 0xbb && data[2] == 0xbf;
}

/* Only blanks and comments lie between `start` and `end`. Lines and columns are those of the token
 * after them. */
static void check_gap(const uint8_t *data, size_t size, size_t start, struct token token,
                      uint32_t *line, size_t *line_start)
{
    bool in_comment = false;
    for (size_t i = start; i < token.offset; i++) {
        if (data[i] == '#') in_comment = true;
        if (data[i] == '\n') in_comment = false;
        HOLDS(in_comment || is_mark(data, size, i) || data[i] == ' ' || data[i] == '\t' ||
              data[i] == '\n' || data[i] == '\r');
        if (is_mark(data, size, i)) *line_start = 3;
        if (data[i] != '\n') continue;
        ++*line;
        *line_start = i + 1;
    }
    HOLDS(token.line == *line && token.column == token.offset - *line_start);
}

static enum token_kind word_kind(struct str text)
{
#define TOKEN(kind, description)
#define SIGN(kind, spelling)
#define FOREIGN(spelling, kind, advice)
#define KEYWORD(kind, spelling)                                                                        \
    if (str_eq(text, STR(spelling))) return TOKEN_##kind;
#define RESERVED(kind, spelling)                                                                       \
    if (str_eq(text, STR(spelling))) return TOKEN_##kind;
#include "dsl/token.def"
    return TOKEN_NAME;
}

static bool is_of_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void check_alone(struct token token)
{
    struct lexer lexer;
    if (str_starts(token.text, STR("\xef\xbb\xbf"))) return; /* at the beginning it is a mark */
    lexer_init(&lexer, token.text);
    struct token again = lexer_next(&lexer);
    HOLDS(again.kind == token.kind && str_eq(again.text, token.text) && again.offset == 0);
    HOLDS(lexer_next(&lexer).kind == TOKEN_END);
    bool word = token.text.len > 0 && (is_of_word(token.text.ptr[0]) && token.text.ptr[0] > '9');
    for (size_t i = 0; word && i < token.text.len; i++) word = is_of_word(token.text.ptr[i]);
    if (word) HOLDS(token.kind == word_kind(token.text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lexer lexer;
    const char *advice;
    size_t end = 0, line_start = 0;
    uint32_t line = 0;
    lexer_init(&lexer, (struct str){(const char *)data, size});
    for (;;) {
        struct token token = lexer_next(&lexer);
        HOLDS(token.offset >= end && token.kind < TOKEN_COUNT);
        HOLDS(token.text.ptr == (const char *)data + token.offset);
        check_gap(data, size, end, token, &line, &line_start);
        end = token_end(token);
        if (token.kind == TOKEN_FOREIGN) HOLDS(token_meant(token, &advice) != TOKEN_FOREIGN && advice);
        if (token.kind == TOKEN_END) break;
        HOLDS(token.text.len > 0);
        check_alone(token);
    }
    HOLDS(end == size);
    HOLDS(lexer_next(&lexer).kind == TOKEN_END);
    return 0;
}
