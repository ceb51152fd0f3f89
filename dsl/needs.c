#include "dsl/needs.h"

enum { SHOWN_MOST = 10 }; /* of a long circle */

enum state { STATE_NEW, STATE_OPEN, STATE_DONE };

void needs_init(struct needs *needs, struct checking *ck, const struct str *names, uint32_t count)
{
    *needs = (struct needs){.ck = ck, .names = names, .count = count};
    needs->first = CHECKING_ARRAY(ck, uint32_t, count + 1);
    for (uint32_t i = 0; needs->first && i < count; i++) needs->first[i] = IR_NONE;
}

void needs_add(struct needs *needs, uint32_t user, uint32_t used, struct span span)
{
    if (needs->need_count == needs->need_room) {
        uint32_t room = needs->need_room ? needs->need_room * 2 : 64;
        struct need *grown =
            arena_grow(needs->ck->arena, needs->needs, needs->need_room, room, sizeof *grown);
        if (!grown) {
            checking_out_of_memory(needs->ck);
            return;
        }
        needs->needs = grown;
        needs->need_room = room;
    }
    if (!needs->first) return;
    needs->needs[needs->need_count] = (struct need){user, used, span, needs->first[user]};
    needs->first[user] = needs->need_count++;
}

/* The path under way: needs that lead from each to the next. */
struct path {
    uint32_t *nodes, *at; /* `at`: the need that is looked at */
    uint32_t count;
};

static void complain_circle(const struct needs *needs, const char *what, const struct path *path,
                            const struct need *last)
{
    struct checking *ck = needs->ck;
    const char *text = "";
    uint32_t from = path->count - 1, shown = 0;
    while (path->nodes[from] != last->used) from--;
    for (uint32_t i = from; i < path->count; i++, shown++)
        if (shown < SHOWN_MOST)
            text = checking_text(ck, "%s%.*s → ", text, STR_ARG(needs->names[path->nodes[i]]));
        else if (shown == SHOWN_MOST) text = checking_text(ck, "%s… → ", text);
    struct str name = needs->names[last->used];
    complain(ck, "E0401", last->span, NULL, "the %s \"%.*s\" depends on itself: %s%.*s", what,
             STR_ARG(name), text, STR_ARG(name));
}

static void enter(const struct needs *needs, struct path *path, uint8_t *states, uint32_t node)
{
    states[node] = STATE_OPEN;
    path->nodes[path->count] = node;
    path->at[path->count++] = needs->first[node];
}

bool needs_order(const struct needs *needs, const char *what, uint32_t *order)
{
    struct checking *ck = needs->ck;
    uint8_t *states = CHECKING_ARRAY(ck, uint8_t, needs->count + 1);
    struct path path = {.nodes = CHECKING_ARRAY(ck, uint32_t, needs->count + 1),
                        .at = CHECKING_ARRAY(ck, uint32_t, needs->count + 1)};
    uint32_t ordered = 0;
    for (uint32_t i = 0; !ck->failure && i < needs->count; i++) {
        if (states[i] == STATE_NEW) enter(needs, &path, states, i);
        while (path.count > 0) {
            uint32_t at = path.at[path.count - 1];
            if (at == IR_NONE) {
                order[ordered++] = path.nodes[--path.count];
                states[path.nodes[path.count]] = STATE_DONE;
                continue;
            }
            const struct need *need = &needs->needs[at];
            path.at[path.count - 1] = need->next;
            if (states[need->used] == STATE_NEW) enter(needs, &path, states, need->used);
            else if (states[need->used] == STATE_OPEN) {
                complain_circle(needs, what, &path, need);
                return false;
            }
        }
    }
    return !ck->failure;
}
