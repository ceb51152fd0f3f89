/* Lexer: cuts form-definition text into tokens.
 *
 *     "age: integer length 1..120"   →   NAME COLON NAME LENGTH NUMBER DOT_DOT NUMBER END
 *
 * It is the first module the text passes through and it trusts nothing: any bytes at all, of any
 * length, give a finite run of tokens that ends with END and never repeats END. What is not of the
 * language comes out as BAD or a kind of it, as long as it is sensible, so the parser can complain once
 * at the right place and go on.
 *
 * Invariant, fuzzed in fuzz/fuzz_lexer.c: tokens are in order, do not overlap, and what lies between
 * two of them is only blanks and comments (and a byte order mark before the first). So the text can be
 * rebuilt from its tokens. */
#ifndef DSL_LEXER_H
#define DSL_LEXER_H

#include "base/str.h"

#include <stdint.h>

enum token_kind {
#define TOKEN(kind, description) TOKEN_##kind,
#define KEYWORD(kind, spelling) TOKEN_##kind,
#define RESERVED(kind, spelling) TOKEN_##kind,
#define SIGN(kind, spelling) TOKEN_##kind,
#define FOREIGN(spelling, kind, advice)
#include "dsl/token.def"
#undef TOKEN
#undef KEYWORD
#undef RESERVED
#undef SIGN
#undef FOREIGN
    TOKEN_COUNT
};

struct token {
    enum token_kind kind;
    uint32_t offset; /* of `text` in the source, in bytes */
    struct str text; /* borrowed from the source; quotes still on, escapes not yet undone */
    uint32_t line;   /* from 0 */
    uint32_t column; /* bytes from the start of the line */
};

/* All the state there is. Copy it to look ahead; throw the copy away to come back. */
struct lexer {
    struct str source;
    uint32_t offset;
    uint32_t line, line_start;
};

/* `source` must outlive the lexer and its tokens, and be no longer than UINT32_MAX. */
void lexer_init(struct lexer *lexer, struct str source);

/* Cannot fail: see BAD above. After the last token, answers END for ever. */
struct token lexer_next(struct lexer *lexer);

/* Over the rest of the line that `offset` stands on: for what is no language of ours. */
void lexer_skip_line(struct lexer *lexer);
/* Past the next `sign`, or all that is left. */
void lexer_skip_past(struct lexer *lexer, struct str sign);

/* The end of the token in the source. */
static inline uint32_t token_end(struct token token)
{
    return token.offset + (uint32_t)token.text.len;
}

/* How a kind of token is named in messages: "required", "..", "a number". Static; never NULL. */
const char *token_spelling(enum token_kind kind);

/* Names and keywords, reserved or not: all that looks like a word. */
bool token_is_word(enum token_kind kind);
/* Words that cannot be names of fields, groups, repeats and lets. */
bool token_is_reserved(enum token_kind kind);

/* What is meant by a TOKEN_FOREIGN, and a static sentence that says so. */
enum token_kind token_meant(struct token token, const char **ret_advice);

#endif
