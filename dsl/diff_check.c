/* Diff check: the checks of both forms, matched by what they ask and where they complain. */
#include "dsl/diff.h"
#include "dsl/expr_text.h"

#include <stdlib.h>

struct asked {
    struct str text; /* equal for equal checks */
    const struct ir_check *check;
};

static struct str text_of(struct differ *differ, const struct ir *ir, const struct ir_check *check)
{
    struct buf *out = &differ->text[0];
    buf_reset(out);
    buf_put(out, ir->nodes[check->node].path);
    buf_putc(out, ' ');
    buf_put(out, ir->nodes[check->owner].path);
    buf_putc(out, ' ');
    expr_text_put(ir, check->condition, out);
    struct str kept = out->failure ? (struct str){NULL, 0} : arena_str(differ->arena, buf_str(out));
    if (!kept.ptr) diff_fail(differ, out->failure);
    return kept;
}

static int compare_asked(const void *left, const void *right)
{
    const struct asked *a = left, *b = right;
    int order = str_cmp(a->text, b->text);
    return order ? order : a->check < b->check ? -1 : a->check > b->check;
}

static struct asked *sorted_checks(struct differ *differ, const struct ir *ir)
{
    struct asked *all = ARENA_ARRAY(differ->arena, struct asked, (size_t)ir->check_count + 1);
    if (!all) diff_fail(differ, ST_OK);
    for (uint32_t i = 0; all && i < ir->check_count; i++)
        all[i] = (struct asked){text_of(differ, ir, &ir->checks[i]), &ir->checks[i]};
    if (differ->failure) return NULL;
    qsort(all, ir->check_count, sizeof *all, compare_asked);
    return all;
}

static void tell(struct differ *differ, enum dsl_change_kind kind, const struct ir_check *old,
                 const struct ir_check *new)
{
    const struct ir_check *check = new ? new : old;
    const struct ir *ir = new ? differ->to.ir : differ->from.ir;
    diff_add(differ, &(struct diff_about){
                         .kind = kind,
                         .path = ir->nodes[check->node].path,
                         .what = check->name,
                         .from_node = old ? &differ->from.ir->nodes[old->node] : NULL,
                         .to_node = new ? &differ->to.ir->nodes[new->node] : NULL,
                         .from = old ? diff_span_of(old->condition) : (struct span){0, 0},
                         .to = new ? diff_span_of(new->condition) : (struct span){0, 0},
                     });
}

void diff_checks(struct differ *differ)
{
    const struct ir *from = differ->from.ir, *to = differ->to.ir;
    const struct asked *old = sorted_checks(differ, from),
                       *new = old ? sorted_checks(differ, to) : NULL;
    uint32_t i = 0, k = 0;
    while (new && (i < from->check_count || k < to->check_count)) {
        int order = i == from->check_count ? 1
                    : k == to->check_count ? -1
                                           : str_cmp(old[i].text, new[k].text);
        if (order == 0)
            diff_message(differ, &from->nodes[old[i].check->node], &to->nodes[new[k].check->node],
                         "check", old[i].check->message, new[k].check->message);
        if (order < 0) tell(differ, CHANGE_CHECK_REMOVED, old[i].check, NULL);
        if (order > 0) tell(differ, CHANGE_CHECK_ADDED, NULL, new[k].check);
        i += order <= 0;
        k += order >= 0;
    }
}
