#include "dsl/cycle.h"

#include <assert.h>

enum { SHOWN_FIRST = 8, SHOWN_LAST = 2 }; /* of a long circle */

static const char *circle_text(struct checking *ck, const uint32_t *nodes, uint32_t count)
{
    const struct ir_node *all = ck->ir->nodes;
    const char *text = "";
    bool left_out = false;
    for (uint32_t i = 0; i < count; i++) {
        bool shown = i < SHOWN_FIRST || i >= count - SHOWN_LAST;
        if (shown) text = checking_text(ck, "%s%.*s → ", text, STR_ARG(all[nodes[i]].path));
        else if (!left_out) text = checking_text(ck, "%s… → ", text);
        left_out = left_out || !shown;
    }
    return checking_text(ck, "%s%.*s", text, STR_ARG(all[nodes[0]].path));
}

void cycle_complain_at(struct checking *ck, const uint32_t *nodes, const struct span *spans,
                       uint32_t count)
{
    assert(count > 0);
    const struct ir_node *first = &ck->ir->nodes[nodes[0]];
    const char *hint =
        count == 1 ? NULL
                   : "one of them must do without the next; a rule that only complains can be a check";
    struct diag *diag = complain(ck, "E0401", spans[0], hint, "\"%.*s\" depends on itself: %s",
                                 STR_ARG(first->path), circle_text(ck, nodes, count));
    if (count > 1) complain_about(ck, diag, spans[1], "by way of this");
}

void cycle_complain(struct checking *ck, const uint32_t *nodes, uint32_t count)
{
    struct span *spans = CHECKING_ARRAY(ck, struct span, count);
    if (!spans) return;
    for (uint32_t i = 0; i < count; i++) spans[i] = ck->ir->nodes[nodes[i]].item->head;
    cycle_complain_at(ck, nodes, spans, count);
}
