/* Compiled: programs from the text of a form, for tests of what the compiler makes.
 *
 *     struct program *p = compiled(FORM("a: integer \"A\""));
 *     const struct program_node *a = node_named(p, "a");
 *     program_release(p); */
#ifndef TESTS_COMPILED_H
#define TESTS_COMPILED_H

#include "base/limits.h"
#include "dsl/dsl.h"
#include "tests/test.h"

#define FORM(items) "edition 2026\nform f \"F\" {\n" items "\n}\n"

static inline void compiled_print(const struct diags *diags, struct str source)
{
    struct buf out;
    buf_init(&out, mem_heap(), 1 << 20);
    diags_print(diags, STR("form"), source, &out);
    fprintf(stderr, "%.*s", STR_ARG(buf_str(&out)));
    buf_release(&out);
}

/* Dies when it does not compile: what follows could test nothing. */
static inline struct program *compiled_str(struct str source)
{
    struct arena arena;
    struct diags diags;
    struct program *program;
    arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    enum status st = dsl_compile(mem_heap(), source, &diags, &program);
    if (st) {
        compiled_print(&diags, source);
        fprintf(stderr, "%s\n", status_name(st));
        exit(EXIT_FAILURE);
    }
    arena_release(&arena);
    return program;
}

static inline struct program *compiled(const char *source)
{
    return compiled_str(str_of(source));
}

static inline uint32_t node_number(const struct program *program, const char *name)
{
    for (uint32_t i = 1; i < program->node_count; i++)
        if (str_eq(node_name(&program->nodes[i]), str_of(name))) return i;
    fprintf(stderr, "there is no %s\n", name);
    exit(EXIT_FAILURE);
}

static inline const struct program_node *node_named(const struct program *program, const char *name)
{
    return &program->nodes[node_number(program, name)];
}

#endif
