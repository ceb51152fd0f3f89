#include "dsl/category.h"

#include "base/utf8.h"

#include <string.h>

enum { CODE_MAX = 0x10ffff, SURROGATE_FIRST = 0xd800 };

bool category_known(struct str name)
{
    static const char *const second[] = {"Llmotu", "Mcen",  "Ndlo", "Pcdefios",
                                         "Zlps",   "Sckmo", "Ccfno"};
    if (name.len != 1 && name.len != 2) return false;
    for (size_t i = 0; i < sizeof second / sizeof second[0]; i++)
        if (name.ptr[0] == second[i][0])
            return name.len == 1 || memchr(second[i] + 1, name.ptr[1], strlen(second[i] + 1)) != NULL;
    return false;
}

bool category_run_has(const struct category_run *run, struct str name)
{
    return run->name[0] == name.ptr[0] && (name.len == 1 || run->name[1] == name.ptr[1]);
}

/* The first code point after `code` that is of another category. */
static uint32_t run_end(uint32_t code, const char *name)
{
    while (code <= CODE_MAX && memcmp(utf8_category(code), name, 2) == 0) code++;
    return code;
}

static enum status add_run(struct categories *categories, struct arena *arena, struct category_run run)
{
    uint32_t count = categories->count;
    if ((count & (count - 1)) == 0) { /* a power of two: full */
        uint32_t room = count ? count * 2 : 1;
        struct category_run *runs = arena_grow(arena, categories->runs, count, room, sizeof *runs);
        if (!runs) return arena->refused ? ST_LIMIT : ST_NOMEM;
        categories->runs = runs;
    }
    categories->runs[categories->count++] = run;
    return ST_OK;
}

enum status categories_load(struct categories *categories, struct arena *arena)
{
    if (categories->runs) return ST_OK;
    struct categories found = {0};
    for (uint32_t code = 0; code <= CODE_MAX;) {
        const char *name = utf8_category(code);
        uint32_t end = run_end(code, name);
        enum status st = ST_OK;
        if (code != SURROGATE_FIRST)
            st = add_run(&found, arena, (struct category_run){code, end - 1, {name[0], name[1]}});
        if (st) return st;
        code = end;
    }
    *categories = found;
    return ST_OK;
}
