#include "dsl/emit_outline.h"

#include "dsl/emit_question.h"
#include "dsl/emit_value.h"

static uint32_t count_exprs(const struct ir_expr *e, uint32_t room)
{
    uint32_t count = 1;
    for (uint32_t i = 0; i < e->arg_count && count < room; i++)
        count += count_exprs(e->args[i], room - count);
    if (e->where && count < room) count += count_exprs(e->where, room - count);
    return count;
}

bool emit_wants_outline(const struct emitter *em, const struct ir_expr *e)
{
    const struct emit_function *fn = em->fn;
    if (fn->depth == 0 || fn->root == e) return false; /* it has just begun */
    if (fn->depth >= EMIT_DEPTH_MAX || fn->loops >= EMIT_LOOPS_MAX) return true;
    return em->large && count_exprs(e, EMIT_PART) >= EMIT_PART;
}

/* The rows that are open here are its parameters. */
static const char *row_list(struct emitter *em)
{
    const char *list = "";
    for (uint32_t i = 0; i < EMIT_CURSORS; i++)
        if (em->cursors[i].open && em->cursors[i].scope)
            list = emitter_text(em, "%s,i%u", list, (unsigned)i);
    return em->option ? emitter_text(em, "%s,o", list) : list;
}

static void write_body(struct emitter *em, const struct ir_expr *e, enum emit_outline_kind kind)
{
    uint32_t result = emitter_take(em);
    if (kind == OUTLINE_VALUE) emit_into(em, e, result);
    else emit_question_into(em, e, kind == OUTLINE_TRUE, result);
    emitter_line(em, "return %s", reg(em, result));
}

static uint32_t find_outline(const struct emitter *em, const struct ir_expr *e,
                             enum emit_outline_kind kind)
{
    for (uint32_t i = 0; i < em->outline_count; i++)
        if (em->outlines[i].expr == e && em->outlines[i].kind == kind) return em->outlines[i].function;
    return 0;
}

static void remember_outline(struct emitter *em, struct emit_outline outline)
{
    if (em->outline_count == em->outline_room) {
        uint32_t room = em->outline_room ? em->outline_room * 2 : 16;
        struct emit_outline *grown =
            arena_grow(em->arena, em->outlines, em->outline_room, room, sizeof *grown);
        if (!grown) {
            emitter_fail(em, em->arena->refused ? ST_LIMIT : ST_NOMEM);
            return;
        }
        em->outlines = grown;
        em->outline_room = room;
    }
    em->outlines[em->outline_count++] = outline;
}

/* A function of its own, unless the rule has it already; text that calls it. */
const char *emit_outlined(struct emitter *em, const struct ir_expr *e, enum emit_outline_kind kind)
{
    const char *rows = row_list(em);
    uint32_t questions = em->questions, number = find_outline(em, e, kind);
    struct buf text;
    if (number) return emitter_text(em, "F[%u](S%s)", (unsigned)number, rows);
    if (!emitter_function_new(em)) return "nil";
    em->questions = 0;
    em->fn->root = e;
    write_body(em, e, kind);
    em->questions = questions;
    buf_init(&text, em->arena->mem, limit(LUA_BYTES));
    emitter_function_end(em, &text);
    number = ++em->function_count;
    remember_outline(em, (struct emit_outline){e, kind, number});
    buf_printf(&em->functions, "F[%u]=function(S%s)\n", (unsigned)number, rows);
    buf_put(&em->functions, buf_str(&text));
    buf_puts(&em->functions, "end\n");
    if (buf_failed(&text)) emitter_fail(em, text.failure);
    if (buf_failed(&em->functions)) emitter_fail(em, em->functions.failure);
    buf_release(&text);
    return emitter_text(em, "F[%u](S%s)", (unsigned)number, rows);
}
