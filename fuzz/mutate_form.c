/* Changes forms as an author would, and as one would not: lines and tokens are swapped, doubled, taken
 * out, and taken from elsewhere, with words of the language among them. Half of the time libFuzzer
 * changes bytes as it pleases, for what no author would do. */
#include "dsl/lexer.h"

#include <stdlib.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
                                 uint8_t *out, size_t out_size, unsigned int seed);

static const char *const words[] = {
#define TOKEN(kind, description)
#define KEYWORD(kind, spelling) spelling,
#define RESERVED(kind, spelling) spelling,
#define SIGN(kind, spelling) spelling,
#define FOREIGN(spelling, kind, advice)
#include "dsl/token.def"
#define TYPE_NAME(name, spelling, argument) spelling,
#define TYPE_ALIAS(word, hint)
#include "dsl/type_name.def"
    "0", "1", "-1",    "999999999999999", "0.5", "2026",  "\"\"", "\"x\"", "\"{a}\"",
    "a", "b", "outer", "count",           "sum", "today", "days", "EUR",
};

enum { PIECES = 4000 };

/* A text in pieces: tokens with the blanks before them, or lines. */
struct pieces {
    struct str at[PIECES];
    unsigned count;
};

static unsigned roll(unsigned *seed, unsigned below)
{
    *seed = *seed * 1103515245u + 12345u;
    return below ? (*seed >> 8) % below : 0;
}

static void cut_lines(struct str text, struct pieces *pieces)
{
    for (pieces->count = 0; text.len > 0 && pieces->count < PIECES;) {
        const char *end = memchr(text.ptr, '\n', text.len);
        size_t len = end ? (size_t)(end - text.ptr) + 1 : text.len;
        pieces->at[pieces->count++] = (struct str){text.ptr, len};
        text = (struct str){text.ptr + len, text.len - len};
    }
}

static void cut_tokens(struct str text, struct pieces *pieces)
{
    struct lexer lexer;
    size_t from = 0;
    lexer_init(&lexer, text);
    for (pieces->count = 0; pieces->count < PIECES;) {
        struct token token = lexer_next(&lexer);
        size_t end = token.kind == TOKEN_END ? text.len : token.offset + token.text.len;
        pieces->at[pieces->count++] = (struct str){text.ptr + from, end - from};
        from = end;
        if (token.kind == TOKEN_END) return;
    }
}

static size_t glue(const struct pieces *pieces, uint8_t *out, size_t max_size)
{
    size_t len = 0;
    for (unsigned i = 0; i < pieces->count; i++) {
        struct str piece = pieces->at[i];
        if (piece.len > max_size - len) break;
        memcpy(out + len, piece.ptr, piece.len);
        len += piece.len;
    }
    return len;
}

static void insert(struct pieces *pieces, unsigned at, struct str piece)
{
    if (pieces->count == PIECES) return;
    memmove(pieces->at + at + 1, pieces->at + at, (pieces->count - at) * sizeof *pieces->at);
    pieces->at[at] = piece;
    pieces->count++;
}

static void take_out(struct pieces *pieces, unsigned at)
{
    pieces->count--;
    memmove(pieces->at + at, pieces->at + at + 1, (pieces->count - at) * sizeof *pieces->at);
}

/* A word that may stand where a token stood. */
static void insert_word(struct pieces *pieces, unsigned at, unsigned *seed)
{
    insert(pieces, at, str_of(words[roll(seed, sizeof words / sizeof *words)]));
    insert(pieces, at, STR(" "));
}

static void change(struct pieces *pieces, bool tokens, unsigned *seed)
{
    unsigned a = roll(seed, pieces->count), b = roll(seed, pieces->count);
    struct str piece = pieces->at[a];
    switch (roll(seed, tokens ? 6 : 4)) {
    case 0: /* swapped */
        pieces->at[a] = pieces->at[b];
        pieces->at[b] = piece;
        return;
    case 1: /* doubled, elsewhere */
        insert(pieces, b, piece);
        return;
    case 2: /* taken out */
        take_out(pieces, a);
        return;
    case 3: /* a few of them, once more */
        for (unsigned i = 0; i < 4 && a + 2 * i + 1 < pieces->count; i++)
            insert(pieces, b < a ? b + i : b, pieces->at[a + i]);
        return;
    case 4: /* another word for it */
        take_out(pieces, a);
        insert_word(pieces, a, seed);
        return;
    default:
        insert_word(pieces, a, seed);
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
    static struct pieces pieces;
    if (size == 0 || roll(&seed, 2)) return LLVMFuzzerMutate(data, size, max_size);
    uint8_t *out = malloc(max_size);
    if (!out) return size;
    bool tokens = roll(&seed, 3) > 0;
    struct str text = {(const char *)data, size};
    if (tokens) cut_tokens(text, &pieces);
    else cut_lines(text, &pieces);
    for (unsigned i = 1 + roll(&seed, 3); i > 0 && pieces.count > 0; i--)
        change(&pieces, tokens, &seed);
    size_t len = glue(&pieces, out, max_size);
    if (len > 0) memcpy(data, out, len);
    free(out);
    return len;
}

/* Lines of one form among those of another. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
                                 uint8_t *out, size_t out_size, unsigned int seed)
{
    static struct pieces ours, theirs;
    cut_lines((struct str){(const char *)a, a_size}, &ours);
    cut_lines((struct str){(const char *)b, b_size}, &theirs);
    if (theirs.count == 0) return 0;
    unsigned from = roll(&seed, theirs.count), count = 1 + roll(&seed, 6),
             at = roll(&seed, ours.count + 1);
    for (unsigned i = 0; i < count && from + i < theirs.count; i++)
        insert(&ours, at + i <= ours.count ? at + i : ours.count, theirs.at[from + i]);
    return glue(&ours, out, out_size);
}
