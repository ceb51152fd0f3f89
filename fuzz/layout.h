/* Layout: what must hold of dsl_format() for every source that parses, for fuzz targets and tests. */
#ifndef FUZZ_LAYOUT_H
#define FUZZ_LAYOUT_H

#include "base/limits.h"
#include "dsl/dsl.h"
#include "dsl/lexer.h"
#include "dsl/parser.h"
#include "fuzz/holds.h"
#include "tests/tree_print.h"

enum { PRINTED_BYTES = 64 << 20 };

/* Says what is wrong before it ends: a form made by a fuzz target is seen nowhere else. */
static inline _Noreturn void layout_fail(struct str source, const struct diags *diags)
{
    struct buf out;
    buf_init(&out, mem_heap(), PRINTED_BYTES);
    diags_print(diags, STR("form"), source, &out);
    fprintf(stderr, "%.*s\n%.*s", STR_ARG(source), STR_ARG(buf_str(&out)));
    abort();
}

static inline void layout_print(struct arena *arena, struct str source, struct buf *out)
{
    struct diags diags;
    struct tree *tree;
    diags_init(&diags, arena, limit(DIAGNOSTICS));
    HOLDS(parser_parse(arena, source, &diags, &tree) == ST_OK && diags.errors == 0);
    tree_print(tree, out);
}

static inline void layout_check_tree(struct arena *arena, struct str a, struct str b)
{
    struct buf first, second;
    buf_init(&first, mem_heap(), PRINTED_BYTES);
    buf_init(&second, mem_heap(), PRINTED_BYTES);
    layout_print(arena, a, &first);
    layout_print(arena, b, &second);
    HOLDS(!buf_failed(&first) && str_eq(buf_str(&first), buf_str(&second)));
    buf_release(&first);
    buf_release(&second);
}

static inline void layout_check_tokens(struct str a, struct str b)
{
    struct lexer first, second;
    struct token token;
    lexer_init(&first, a);
    lexer_init(&second, b);
    do {
        token = lexer_next(&first);
        struct token other = lexer_next(&second);
        HOLDS(token.kind == other.kind && str_eq(token.text, other.text));
    } while (token.kind != TOKEN_END);
}

/* Comments are bytes behind a "#" outside of texts; only blanks at their ends may go. */
static inline size_t layout_comments(struct str source)
{
    struct lexer lexer;
    struct token token;
    size_t count = 0, end = 0;
    lexer_init(&lexer, source);
    do {
        token = lexer_next(&lexer);
        bool inside = false;
        for (size_t i = end; i < token.offset; i++) {
            count += source.ptr[i] == '#' && !inside;
            if (source.ptr[i] == '#') inside = true;
            if (source.ptr[i] == '\n') inside = false;
        }
        end = token_end(token);
    } while (token.kind != TOKEN_END);
    return count;
}

/* The same tokens, tree and comments; laid out again, the same bytes. `source` must parse without
 * errors. */
static inline void layout_check(struct arena *arena, struct str source)
{
    struct diags diags;
    struct str once, twice;
    diags_init(&diags, arena, limit(DIAGNOSTICS));
    enum status st = dsl_format(arena, source, &diags, &once);
    if (st == ST_INPUT && str_eq(str_of(diags.items[0].code), STR("E0143"))) return;
    if (st || dsl_format(arena, once, &diags, &twice)) layout_fail(st ? source : once, &diags);
    if (!str_eq(once, twice))
        fprintf(stderr, "%.*s----\n%.*s----\n%.*s", STR_ARG(source), STR_ARG(once), STR_ARG(twice));
    HOLDS(str_eq(once, twice));
    HOLDS(layout_comments(source) == layout_comments(once));
    layout_check_tokens(source, once);
    layout_check_tree(arena, source, once);
}

#endif
