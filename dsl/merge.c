/* Merge: a definition and the translations that are kept in files of their own as one definition. */
#include "dsl/dsl.h"

#include "base/limits.h"
#include "dsl/lexer.h"

#include <string.h>

/* Entries hold no braces; one that closes the block would let a translation say anything. */
static bool is_entries(struct str text, uint32_t *ret_brace)
{
    struct lexer lexer;
    lexer_init(&lexer, text);
    for (;;) {
        struct token token = lexer_next(&lexer);
        if (token.kind == TOKEN_END) return true;
        if (token.kind != TOKEN_OPEN_BRACE && token.kind != TOKEN_CLOSE_BRACE) continue;
        *ret_brace = token.offset;
        return false;
    }
}

/* The form's last brace, or the end when there is none: then the parser has its say. */
static size_t end_of_form(struct str source)
{
    struct lexer lexer;
    size_t end = source.len;
    lexer_init(&lexer, source);
    for (;;) {
        struct token token = lexer_next(&lexer);
        if (token.kind == TOKEN_END) return end;
        if (token.kind == TOKEN_CLOSE_BRACE) end = token.offset;
    }
}

static void put_entries(struct buf *out, struct dsl_entries *file)
{
    buf_printf(out, "\ntranslate %.*s {\n", STR_ARG(file->language));
    file->at = (uint32_t)out->len;
    buf_put(out, file->text);
    buf_puts(out, "\n}\n");
}

enum status dsl_merge(struct arena *arena, struct str source, struct dsl_entries *files, uint32_t count,
                      struct str *ret_whole)
{
    struct buf out;
    size_t end = end_of_form(source);
    *ret_whole = source;
    for (uint32_t i = 0; i < count; i++)
        if (!is_entries(files[i].text, &files[i].brace)) return ST_INPUT;
    if (count == 0) return ST_OK;
    buf_init(&out, arena->mem, limit(COMPILE_ARENA_BYTES));
    buf_put(&out, (struct str){source.ptr, end});
    for (uint32_t i = 0; i < count; i++) put_entries(&out, &files[i]);
    buf_put(&out, (struct str){source.ptr + end, source.len - end});
    enum status st = out.failure;
    if (!st) *ret_whole = arena_str(arena, buf_str(&out));
    if (!st && !ret_whole->ptr) st = arena->refused ? ST_LIMIT : ST_NOMEM;
    buf_release(&out);
    return st;
}

/* ---- laying out */

enum { INDENT = 4 }; /* of an entry in its block */

static const struct str head = {"edition 2026\nform f \"\" {\nlanguages en, de\ntranslate de {\n", 57};
static const struct str opening = {"  translate de {\n", 17};
static const struct str closing = {"  }\n}\n", 6};

/* The lines between the block's braces, as far to the left as they go. */
static void put_unwrapped(struct str text, struct buf *out)
{
    struct str rest = text;
    while (rest.len > 0 && !str_starts(rest, opening)) rest = (struct str){rest.ptr + 1, rest.len - 1};
    if (rest.len == 0) return; /* a block without lines: there is no entry */
    rest = (struct str){rest.ptr + opening.len, rest.len - opening.len - closing.len};
    while (rest.len > 0) {
        const char *end = memchr(rest.ptr, '\n', rest.len);
        size_t len = (size_t)(end - rest.ptr) + 1, skip = len > INDENT ? INDENT : len - 1;
        buf_put(out, (struct str){rest.ptr + skip, len - skip});
        rest = (struct str){rest.ptr + len, rest.len - len};
    }
}

/* Places in the wrapped text are told as places in the entries. */
static void unwrap_spans(struct diags *diags, uint32_t first, size_t len)
{
    for (uint32_t i = first; i < diags->count; i++) {
        struct span *span = &diags->items[i].span;
        span->offset = span->offset > head.len ? span->offset - (uint32_t)head.len : 0;
        if (span->offset > len) *span = (struct span){(uint32_t)len, 0};
    }
}

static enum status format_wrapped(struct arena *arena, struct str text, struct diags *diags,
                                  struct str *ret_text)
{
    struct str wrapped = arena_printf(arena, "%.*s%.*s\n}\n}\n", STR_ARG(head), STR_ARG(text));
    uint32_t before = diags->count;
    if (!wrapped.ptr) return arena->refused ? ST_LIMIT : ST_NOMEM;
    enum status st = dsl_format(arena, wrapped, diags, ret_text);
    if (st == ST_INPUT) unwrap_spans(diags, before, text.len);
    return st;
}

enum status dsl_format_entries(struct arena *arena, struct str text, struct diags *diags,
                               struct str *ret_text)
{
    struct buf out;
    struct str laid_out;
    uint32_t brace;
    if (!is_entries(text, &brace)) {
        diag_add(diags, DIAG_ERROR, "E0110", (struct span){brace, 1},
                 STR("a translation file holds entries only: no braces"), NULL);
        return ST_INPUT;
    }
    enum status st = format_wrapped(arena, text, diags, &laid_out);
    if (st) return st;
    buf_init(&out, arena->mem, limit(COMPILE_ARENA_BYTES));
    put_unwrapped(laid_out, &out);
    st = out.failure;
    if (!st) *ret_text = out.len ? arena_str(arena, buf_str(&out)) : STR("");
    if (!st && !ret_text->ptr) st = ST_NOMEM;
    buf_release(&out);
    return st;
}
