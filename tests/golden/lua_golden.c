/* Golden test of the emitter: every tests/golden/lua/x.form gives the Lua that stands beside it in
 * x.lua, and the Lua of every form of the repository loads in Lua 5.4 and keeps to what it may use.
 *
 *     lua_golden ROOT
 *     UPDATE_GOLDEN=1 lua_golden ROOT      writes them anew; read the difference before you keep it */
#include "base/limits.h"
#include "dsl/dsl.h"
#include "tests/golden/golden.h"
#include "tests/tables.h"

#include <lauxlib.h>
#include <lua.h>

enum { FORMS_MAX = 1000, OUT_BYTES = 1 << 24, PATH_BYTES = 4096 };

static size_t chunks_loaded;

/* NULL when it does not compile; then, if it must, that is told. */
static struct program *compile(const char *path, bool must)
{
    struct arena arena;
    struct diags diags;
    struct program *program = NULL;
    struct str source = file_read(path);
    arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    struct test_tables tables;
    struct price_caps caps = price_caps_default();
    struct price price;
    test_tables_open(&tables, path);
    enum status st =
        dsl_compile_with(mem_heap(), source, &tables.tables, &caps, &diags, &price, &program);
    test_tables_close(&tables);
    if (st && tables.missing) fprintf(stderr, "SKIPPED: %s: a table of it is not here\n", path);
    else if (st && must) fprintf(stderr, "%s does not compile\n", path);
    CHECK(st == ST_OK || !must || tables.missing);
    arena_release(&arena);
    file_free(source);
    return st ? NULL : program;
}

/* ---- loading */

static void complain(const char *path, const char *what, struct str lua)
{
    fprintf(stderr, "%s: %s in\n%.*s", path, what, STR_ARG(lua));
    test_failures++;
}

static bool takes_globals(lua_State *lua)
{
    for (int i = 1;; i++) {
        const char *name = lua_getupvalue(lua, -1, i);
        if (!name) return false;
        lua_pop(lua, 1);
        if (strcmp(name, "_ENV") == 0) return true;
    }
}

/* As the runtime does: text only, helpers as arguments, a function comes back; and that knows no
 * globals. */
static void load(const char *path, const struct program_chunk *chunk)
{
    lua_State *lua = luaL_newstate();
    if (!lua) abort();
    chunks_loaded++;
    if (luaL_loadbufferx(lua, chunk->lua.ptr, chunk->lua.len, "=rules", "t") != LUA_OK) {
        complain(path, lua_tostring(lua, -1), chunk->lua);
        lua_close(lua);
        return;
    }
    for (uint32_t i = 0; i < chunk->helper_count; i++) lua_pushboolean(lua, 1);
    if (lua_pcall(lua, (int)chunk->helper_count, 1, 0) != LUA_OK || !lua_isfunction(lua, -1))
        complain(path, "no function", chunk->lua);
    else if (takes_globals(lua)) complain(path, "a global", chunk->lua);
    lua_close(lua);
}

/* ---- what generated text keeps clear of */

/* Outside of strings: blanks put for their insides. */
static char *without_strings(struct str lua)
{
    char *text = malloc(lua.len + 1);
    bool inside = false;
    if (!text) abort();
    for (size_t i = 0; i < lua.len; i++) {
        bool quote = lua.ptr[i] == '"';
        text[i] = inside && !quote ? ' ' : lua.ptr[i];
        if (quote) inside = !inside; /* a quote in a string is written as its number */
    }
    text[lua.len] = '\0';
    char *arguments = strstr(text, "=...\n"); /* the helpers that a chunk is handed */
    if (arguments) memset(arguments, ' ', 4);
    return text;
}

static void check_indices(const char *path, const char *text, struct str lua)
{
    for (const char *at = strchr(text, '['); at; at = strchr(at + 1, '[')) {
        size_t len = strcspn(at + 1, "]");
        for (size_t i = 1; i <= len; i++)
            if (strchr("<>=~", at[i])) complain(path, "an index by comparison", lua);
    }
}

static void check_lines(const char *path, const char *text, struct str lua)
{
    static const char *const banned[] = {"goto", "<close>", "<const>", "..", "_ENV"};
    for (size_t i = 0; i < sizeof banned / sizeof banned[0]; i++)
        if (strstr(text, banned[i])) complain(path, banned[i], lua);
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
        size_t depth = strspn(line, " ");
        if (depth > 60) complain(path, "deep nesting", lua);
        if (line[depth] == '(') complain(path, "a line that may belong to the one before it", lua);
        if (!line[strcspn(line, "\n")]) break;
    }
}

static void check_program(const char *path, const struct program *program)
{
    for (uint32_t i = 0; i < program->chunk_count; i++) {
        const struct program_chunk *chunk = &program->chunks[i];
        char *text = without_strings(chunk->lua);
        load(path, chunk);
        check_indices(path, text, chunk->lua);
        check_lines(path, text, chunk->lua);
        free(text);
    }
}

/* ---- goldens */

static void compare_program(const char *path, const struct program *program)
{
    struct buf out;
    buf_init(&out, mem_heap(), OUT_BYTES);
    for (uint32_t i = 0; i < program->chunk_count; i++) {
        buf_printf(&out, "-- chunk %u, %u steps\n", i + 1, program->chunks[i].base_steps);
        buf_put(&out, program->chunks[i].lua);
    }
    CHECK(!buf_failed(&out));
    golden_compare(path, ".form", ".lua", out.len ? buf_str(&out) : STR(""));
    buf_release(&out);
}

static size_t check_folder(const char *root, const char *folder, bool golden, bool must)
{
    static char *forms[FORMS_MAX];
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", root, folder);
    size_t count = file_list(path, ".form", forms, FORMS_MAX);
    for (size_t i = 0; i < count; i++) {
        struct program *program = compile(forms[i], must);
        if (program) check_program(forms[i], program);
        if (program && golden) compare_program(forms[i], program);
        program_release(program);
        free(forms[i]);
    }
    return count;
}

int main(int argc, char **argv)
{
    const char *root = argc > 1 ? argv[1] : ".";
    CHECK(check_folder(root, "tests/golden/lua", true, true) >= 8);
    CHECK(check_folder(root, "tests/golden/ir", false, true) > 0);
    CHECK(check_folder(root, "tests/golden/check", false, false) > 0);
    CHECK(check_folder(root, "examples", false, true) >= 7);
    CHECK(check_folder(root, "bench", false, true) > 0);
    fprintf(stderr, "%zu chunks load\n", chunks_loaded);
    return TEST_RESULT();
}
