/* Every block of the documents that is marked `form` or `fields` compiles, and its layout is stable.
 *
 *     blocks_test README.md docs/language.md …
 *
 * A `form` block is a definition; a `fields` block stands inside `edition 2027 form f "F" { … }`. */
#include "dsl/dsl.h"

#include "base/limits.h"
#include "tests/file.h"
#include "tests/test.h"

enum { BLOCK_BYTES = 1 << 20 };

static struct str line_at(struct str text, size_t offset)
{
    const char *end = memchr(text.ptr + offset, '\n', text.len - offset);
    return (struct str){text.ptr + offset, end ? (size_t)(end - text.ptr) - offset : text.len - offset};
}

static void complain(const char *path, unsigned line, const struct diags *diags, struct str source)
{
    struct buf out;
    buf_init(&out, mem_heap(), BLOCK_BYTES);
    diags_print(diags, STR("block"), source, &out);
    fprintf(stderr, "%s:%u: this block does not compile\n%.*s", path, line, STR_ARG(buf_str(&out)));
    buf_release(&out);
    test_failures++;
}

static void check_compiles(const char *path, unsigned line, struct str source)
{
    struct arena arena;
    struct diags diags;
    struct program *program = NULL;
    arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    enum status st = dsl_compile(mem_heap(), source, &diags, &program);
    CHECK(st == ST_OK || st == ST_INPUT);
    if (diags.count)
        complain(path, line, &diags, source); /* warnings too: what is shown to readers is clean */
    if (st == ST_OK) program_release(program);
    arena_release(&arena);
}

static void check_lays_out(struct str source)
{
    struct arena arena;
    struct diags diags;
    struct str once, twice;
    arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    enum status st = dsl_format(&arena, source, &diags, &once);
    CHECK_STATUS(st, ST_OK);
    if (!st) CHECK_STATUS(dsl_format(&arena, once, &diags, &twice), ST_OK);
    if (!st) CHECK(str_eq(once, twice));
    arena_release(&arena);
}

static void check_block(const char *path, unsigned line, struct str block, bool whole)
{
    struct buf source;
    buf_init(&source, mem_heap(), BLOCK_BYTES);
    if (!whole) buf_puts(&source, "edition 2027\nform f \"F\" {\n");
    buf_put(&source, block);
    if (!whole) buf_puts(&source, "}\n");
    CHECK(!buf_failed(&source));
    check_compiles(path, line, buf_str(&source));
    check_lays_out(buf_str(&source));
    buf_release(&source);
}

/* Answers how many blocks there are. */
static unsigned check_document(const char *path)
{
    struct str text = file_read(path);
    unsigned count = 0, line_number = 0, block_line = 0;
    size_t block_start = 0;
    bool inside = false, whole = false;
    for (size_t offset = 0; offset < text.len;) {
        struct str line = line_at(text, offset);
        bool fence = str_starts(line, STR("```"));
        line_number++;
        if (fence && inside && block_line) {
            check_block(path, block_line, (struct str){text.ptr + block_start, offset - block_start},
                        whole);
            count++;
        } else if (fence && !inside) {
            whole = str_eq(line, STR("```form"));
            block_line = whole || str_eq(line, STR("```fields")) ? line_number : 0;
            block_start = offset + line.len + 1;
        }
        inside ^= fence;
        offset += line.len + 1;
    }
    CHECK(!inside);
    file_free(text);
    return count;
}

int main(int argc, char **argv)
{
    unsigned count = 0;
    for (int i = 1; i < argc; i++) count += check_document(argv[i]);
    fprintf(stderr, "%u blocks\n", count);
    CHECK(count >= 3);
    return TEST_RESULT();
}
