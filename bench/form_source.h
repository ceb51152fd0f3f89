/* Form source: what a bench reads from disk.
 *
 *     program = source_compile(&arena, source_read(&arena, "bench/benefit.form"));
 *
 * What cannot be read or compiled ends the bench with a word on why. */
#ifndef BENCH_FORM_SOURCE_H
#define BENCH_FORM_SOURCE_H

#include "base/arena.h"
#include "base/limits.h"
#include "dsl/dsl.h"

#include <stdio.h>
#include <stdlib.h>

enum { SOURCE_READ_MAX = 16 << 20, SOURCE_PADDING = 64 };

/* A whole file, with room behind it that may be read, as simdjson wants it. In the arena. */
static inline struct str source_read(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = arena_alloc(arena, SOURCE_READ_MAX);
    size_t len = file && text ? fread(text, 1, SOURCE_READ_MAX - SOURCE_PADDING, file) : 0;
    if (!len) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    fclose(file);
    memset(text + len, 0, SOURCE_PADDING);
    return (struct str){text, len};
}

/* The caller frees the program. */
static inline struct program *source_compile(struct arena *arena, struct str source)
{
    struct diags diags;
    struct program *program = NULL;
    diags_init(&diags, arena, limit(DIAGNOSTICS));
    if (dsl_compile(mem_heap(), source, &diags, &program)) {
        struct buf out;
        buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
        diags_print(&diags, STR("form"), source, &out);
        fprintf(stderr, "%.*s", (int)out.len, out.ptr);
        exit(EXIT_FAILURE);
    }
    return program;
}

#endif
