#include "dsl/emit_guard.h"

#include <assert.h>

void emit_guard_add(struct emitter *em, struct emit_value *value, uint32_t number, bool logical)
{
    if (present_is(em, number)) return;
    for (uint32_t i = 0; i < value->guard_count; i++)
        if (value->guards[i] == number) return;
    assert(value->guard_count < EMIT_GUARDS);
    value->logical[value->guard_count] = logical;
    value->guards[value->guard_count++] = number;
}

const char *emit_both(struct emitter *em, const char *a, const char *word, const char *b)
{
    if (!*a) return b;
    return *b ? emitter_text(em, "%s %s %s", a, word, b) : a;
}

const char *emit_guards_as(struct emitter *em, const struct emit_value *value, bool as_boolean)
{
    if (value->missing) return "false";
    const char *text = "";
    for (uint32_t i = 0; i < value->guard_count; i++) {
        if (present_is(em, value->guards[i])) continue;
        const char *name = reg(em, value->guards[i]);
        bool asks_nil = as_boolean || value->logical[i];
        text = emit_both(em, text, "and", asks_nil ? emitter_text(em, "%s~=nil", name) : name);
    }
    return text;
}

const char *emit_guards(struct emitter *em, const struct emit_value *value)
{
    return emit_guards_as(em, value, false);
}

/* The other way round: "not v1 or v2==nil". A boolean itself. */
const char *emit_lacks(struct emitter *em, const struct emit_value *value)
{
    if (value->missing) return "true";
    const char *text = "";
    for (uint32_t i = 0; i < value->guard_count; i++) {
        if (present_is(em, value->guards[i])) continue;
        const char *name = reg(em, value->guards[i]);
        const char *part =
            value->logical[i] ? emitter_text(em, "%s==nil", name) : emitter_text(em, "not %s", name);
        text = emit_both(em, text, "or", part);
    }
    return text;
}

static void prove(struct emitter *em, uint32_t number)
{
    struct emit_numbers *list = &em->proved;
    if (list->count == list->room) {
        uint32_t room = list->room ? list->room * 2 : 32;
        uint32_t *items = arena_grow(em->arena, list->items, list->room, room, sizeof *items);
        if (!items) return; /* knowing less is no fault */
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = number;
}

void emit_prove(struct emitter *em, const struct emit_value *value)
{
    for (uint32_t i = 0; i < value->guard_count; i++) prove(em, value->guards[i]);
}

void emit_note_proved(struct emitter *em)
{
    for (uint32_t i = 0; i < em->proved.count; i++) present_add(em, em->proved.items[i]);
    em->proved.count = 0;
}

void emit_note_guards(struct emitter *em, const struct emit_value *value)
{
    for (uint32_t i = 0; i < value->guard_count; i++) present_add(em, value->guards[i]);
}
