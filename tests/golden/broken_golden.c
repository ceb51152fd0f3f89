/* Golden test of what authors get to read: each x.edit of a folder breaks a real form as people break
 * forms, and x.diag is what the compiler says to that.
 *
 *     broken_golden tests/golden/broken .            the root of the repository, where the forms are
 *     UPDATE_GOLDEN=1 broken_golden …                writes the .diag files anew; read the difference
 * before you keep it
 *
 * An x.edit says which form, and in blocks what is replaced and by what; it must stand there once:
 *
 *     form examples/invoice.form
 *     - quantity: integer "Quantity"
 *     + quantity: intger "Quantity"
 *
 * Lines of "~ " instead: the form is cut off behind them. */
#include "base/limits.h"
#include "tests/golden/golden.h"
#include "tests/tables.h"

enum { EDITS_MAX = 1000, OUT_BYTES = 1 << 22, LEAST = 60 };

/* What is left of an .edit. */
struct reader {
    struct str rest;
};

/* The next line without its end; false: there is none. */
static int take_line(struct reader *reader, struct str *ret_line)
{
    if (reader->rest.len == 0) return 0;
    const char *end = memchr(reader->rest.ptr, '\n', reader->rest.len);
    size_t len = end ? (size_t)(end - reader->rest.ptr) : reader->rest.len;
    *ret_line = (struct str){reader->rest.ptr, len};
    size_t used = end ? len + 1 : len;
    reader->rest = (struct str){reader->rest.ptr + used, reader->rest.len - used};
    return 1;
}

/* The lines from here on that begin with `sign` and a space, joined; answers how many. */
static int take_block(struct reader *reader, char sign, struct buf *out)
{
    struct str line;
    int count = 0;
    while (reader->rest.len > 1 && reader->rest.ptr[0] == sign && reader->rest.ptr[1] == ' ' &&
           take_line(reader, &line)) {
        if (count++) buf_putc(out, '\n');
        buf_put(out, (struct str){line.ptr + 2, line.len - 2});
    }
    return count;
}

/* Where `part` stands in `text`, which it must do once. */
static size_t place_of(struct str text, struct str part)
{
    size_t found = text.len, times = 0;
    for (size_t i = 0; i + part.len <= text.len; i++) {
        if (memcmp(text.ptr + i, part.ptr, part.len) != 0) continue;
        found = i;
        times++;
    }
    if (times != 1) fprintf(stderr, "%zu times: %.*s\n", times, STR_ARG(part));
    CHECK(times == 1);
    return found == text.len ? 0 : found;
}

/* One block of an .edit done to `form`. */
static void edit_once(struct reader *reader, struct buf *form)
{
    struct buf old, new, all;
    buf_init(&old, mem_heap(), OUT_BYTES);
    buf_init(&new, mem_heap(), OUT_BYTES);
    buf_init(&all, mem_heap(), OUT_BYTES);
    int cut = take_block(reader, '~', &old) > 0;
    int lines = cut ? 1 : take_block(reader, '-', &old);
    CHECK(lines > 0);
    if (!cut) CHECK(take_block(reader, '+', &new) > 0);
    struct str text = buf_str(form), part = buf_str(&old);
    size_t at = place_of(text, part);
    buf_put(&all, (struct str){text.ptr, at});
    if (cut) buf_put(&all, part);
    else buf_put(&all, buf_str(&new));
    if (!cut) buf_put(&all, (struct str){text.ptr + at + part.len, text.len - at - part.len});
    buf_release(&old);
    buf_release(&new);
    buf_release(form);
    *form = all;
}

static void print_diagnostics(const char *path, const char *name, struct str source, struct buf *out)
{
    struct arena arena;
    struct diags diags;
    struct test_tables tables;
    struct price price;
    struct price_caps caps = price_caps_default();
    struct program *program = NULL;
    arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    test_tables_open(&tables, path);
    CHECK_STATUS(dsl_compile_with(mem_heap(), source, &tables.tables, &caps, &diags, &price, &program),
                 diags.errors ? ST_INPUT : ST_OK);
    CHECK(!tables.missing);
    CHECK(diags.count > 0);
    diags_print(&diags, str_of(name), source, out);
    program_release(program);
    test_tables_close(&tables);
    arena_release(&arena);
}

static void check_edit(const char *edit, const char *root)
{
    char path[4096];
    struct str text = file_read(edit), line;
    struct reader reader = {text};
    struct buf form, out;
    CHECK(take_line(&reader, &line) && str_starts(line, STR("form ")));
    snprintf(path, sizeof path, "%s/%.*s", root, (int)line.len - 5, line.ptr + 5);
    buf_init(&form, mem_heap(), OUT_BYTES);
    buf_init(&out, mem_heap(), OUT_BYTES);
    struct str whole = file_read(path);
    buf_put(&form, whole);
    while (reader.rest.len > 0 && test_failures == 0) edit_once(&reader, &form);
    print_diagnostics(path, strrchr(path, '/') + 1, buf_str(&form), &out);
    CHECK(!buf_failed(&out));
    golden_compare(edit, ".edit", ".diag", buf_str(&out));
    file_free(whole);
    buf_release(&form);
    buf_release(&out);
    file_free(text);
}

int main(int argc, char **argv)
{
    static char *edits[EDITS_MAX];
    if (argc != 3) return 2;
    size_t count = file_list(argv[1], ".edit", edits, EDITS_MAX);
    CHECK(count >= LEAST);
    for (size_t i = 0; i < count; i++) check_edit(edits[i], argv[2]);
    fprintf(stderr, "%zu broken forms\n", count);
    return TEST_RESULT();
}
