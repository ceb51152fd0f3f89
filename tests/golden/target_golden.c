/* Golden test of the targets of dsl/target.def: every x.form of a folder gives, printed, what stands
 * beside it.
 *
 *     target_golden tests/targets/forms                    x.render.json, x.sent.json, x.stored.json,
 * x.drawn.json (the form's last language),
 * x.types.ts, x.lua, x.ir, x.module.mjs; UPDATE_GOLDEN=1 target_golden tests/targets/forms    writes them anew;
 * whoever changes what is there by more than additions counts the target's version up */
#include "base/limits.h"
#include "dsl/dsl.h"
#include "tests/golden/golden.h"

enum { FORMS_MAX = 100 };

/* A line for each object, or nobody could read what changed. */
static void break_lines(struct str json, struct buf *out)
{
    bool inside = false;
    for (size_t i = 0; i < json.len; i++) {
        char c = json.ptr[i];
        if (c == '"' && (i == 0 || json.ptr[i - 1] != '\\')) inside = !inside;
        buf_putc(out, c);
        if (c == ',' && !inside) buf_putc(out, '\n');
    }
    buf_putc(out, '\n');
}

static void compare_json(const char *path, const char *ending, struct str json)
{
    struct buf out;
    buf_init(&out, mem_heap(), limit(RENDER_BYTES));
    break_lines(json, &out);
    CHECK(!buf_failed(&out));
    golden_compare(path, ".form", ending, buf_str(&out));
    buf_release(&out);
}

static void compare_schema(const char *path, const struct program *program, bool stored)
{
    struct buf out;
    buf_init(&out, mem_heap(), limit(RENDER_BYTES));
    dsl_write_schema(program, stored, &out);
    CHECK(!buf_failed(&out));
    compare_json(path, stored ? ".stored.json" : ".sent.json", buf_str(&out));
    buf_release(&out);
}

static void compare_form_schema(const char *path, const struct program *program)
{
    struct buf out;
    buf_init(&out, mem_heap(), limit(RENDER_BYTES));
    dsl_write_form_schema(program, program->language_count - 1, &out);
    CHECK(!buf_failed(&out));
    compare_json(path, ".drawn.json", buf_str(&out));
    buf_release(&out);
}

static void compare_text(const char *path, const char *ending, const struct program *program,
                         void (*write)(const struct program *program, struct buf *out))
{
    struct buf out;
    buf_init(&out, mem_heap(), limit(LUA_BYTES));
    write(program, &out);
    CHECK(!buf_failed(&out));
    golden_compare(path, ".form", ending, buf_str(&out));
    buf_release(&out);
}

static void compare_all(const char *path)
{
    struct arena arena;
    struct diags diags;
    struct program *program = NULL;
    struct str source = file_read(path), ir, module;
    arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(dsl_compile(mem_heap(), source, &diags, &program), ST_OK);
    CHECK_STATUS(dsl_print_ir(&arena, source, &diags, &ir), ST_OK);
    CHECK_STATUS(dsl_print_module(&arena, source, NULL, &diags, &module), ST_OK);
    if (program) {
        compare_json(path, ".render.json", program->render);
        compare_schema(path, program, false);
        compare_schema(path, program, true);
        compare_form_schema(path, program);
        compare_text(path, ".types.ts", program, dsl_write_types);
        compare_text(path, ".lua", program, dsl_write_lua);
        golden_compare(path, ".form", ".ir", ir);
        golden_compare(path, ".form", ".module.mjs", module);
    }
    program_release(program);
    arena_release(&arena);
    file_free(source);
}

int main(int argc, char **argv)
{
    static char *forms[FORMS_MAX];
    if (argc != 2) return 2;
    size_t count = file_list(argv[1], ".form", forms, FORMS_MAX);
    CHECK(count >= 2);
    for (size_t i = 0; i < count; i++) compare_all(forms[i]);
    return TEST_RESULT();
}
