/* Any bytes become tokens that are in order, do not overlap and cover all but blanks and comments. */
#include "dsl/lexer.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOLDS(cond)                                                                                    \
    do {                                                                                               \
        if (!(cond)) abort();                                                                          \
    } while (0)

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
    }
    HOLDS(end == size);
    HOLDS(lexer_next(&lexer).kind == TOKEN_END);
    return 0;
}
