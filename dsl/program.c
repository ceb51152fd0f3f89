#include "dsl/program_box.h"

#include "base/limits.h"

#include <assert.h>
#include <stddef.h>

struct program_box {
    struct mem *mem;
    struct arena arena;
    struct program program;
};

static struct program_box *box_of(const struct program *program)
{
    return (struct program_box *)(void *)((char *)(uintptr_t)program -
                                          offsetof(struct program_box, program));
}

enum status program_box_new(struct mem *mem, struct program **ret_program)
{
    struct program_box *box = mem_zalloc(mem, sizeof *box);
    if (!box) return ST_NOMEM;
    box->mem = mem;
    arena_init_lean(&box->arena, mem, limit(COMPILE_ARENA_BYTES));
    atomic_init(&box->program.references, 1);
    *ret_program = &box->program;
    return ST_OK;
}

struct arena *program_box_arena(struct program *program)
{
    return &box_of(program)->arena;
}

struct program *program_retain(struct program *program)
{
    unsigned before = atomic_fetch_add_explicit(&program->references, 1, memory_order_relaxed);
    assert(before > 0);
    return program;
}

/* The last owner must see all that the others did before they let go. */
void program_release(struct program *program)
{
    if (!program) return;
    unsigned before = atomic_fetch_sub_explicit(&program->references, 1, memory_order_acq_rel);
    assert(before > 0);
    if (before > 1) return;
    struct program_box *box = box_of(program);
    arena_release(&box->arena);
    mem_free(box->mem, box, sizeof *box);
}

size_t program_bytes(const struct program *program)
{
    return sizeof(struct program_box) + box_of(program)->arena.held_bytes;
}
