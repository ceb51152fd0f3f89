#include "tests/simulation/moves.h"

#include <inttypes.h>

/* Those of one version that go to another, and how many fit there. `anew`: those that were tried before
 * are passed over. */
static struct wanted travellers(const struct form *form, uint32_t from, uint32_t to, bool anew,
                                uint32_t *ret_fit)
{
    struct wanted all = form_listed(form, from, NOTHING), wanted = {.count = 0};
    char errors[128];
    *ret_fit = 0;
    for (uint32_t i = 0; i < all.count; i++) {
        if (anew && all.items[i]->tried >> to & 1u) continue;
        answers_judge(&all.items[i]->answers, &form->versions[to - 1].variant, true, errors,
                      sizeof errors);
        *ret_fit += !errors[0];
        wanted.items[wanted.count++] = all.items[i];
    }
    return wanted;
}

/* Nothing is kept of it, and it tells of some at a time. */
static void migrate_dry(const struct place *place, uint32_t from, uint32_t to)
{
    struct caller caller = who(place->tenant, "submissions.read");
    uint32_t fit, carried = 0, refused = 0;
    int64_t after = 0;
    bool more = true;
    struct wanted wanted = travellers(place->f, from, to, false, &fit);
    struct verdict want = model_may(&model, place->tenant, &caller, "submissions.read", here.now_ms);
    while (more) {
        ask("POST", "%s/migrations:dry-run", place->path);
        with_caller(&caller);
        with_body("application/json", "{\"from\":%u,\"to\":%u,\"after\":%" PRId64 "}", from, to, after);
        if (!comes(first(want, FINE(200))) || here.unsure) return;
        carried += (uint32_t)number_of("carried");
        refused += (uint32_t)number_of("refused");
        after = number_of("next_after");
        more = after != NOTHING;
    }
    same_number("carried", carried, fit);
    same_number("refused", refused, wanted.count - fit);
}

static void migrate_for_good(const struct place *place, uint32_t from, uint32_t to)
{
    struct caller caller = who(place->tenant, "forms.publish"), head = operator_caller();
    uint32_t fit;
    char id[64];
    struct wanted wanted = travellers(place->f, from, to, true, &fit);
    ask("POST", "%s/migrations:apply", place->path);
    with_caller(&caller);
    with("Prefer", "wait=20");
    with_body("application/json", "{\"from\":%u,\"to\":%u}", from, to);
    struct verdict want = model_may(&model, place->tenant, &caller, "forms.publish", here.now_ms);
    if (!comes(first(want, FINE(200)))) return;
    keep_text("id", id, sizeof id);
    ask("GET", "/v1/tenants/t%d/operations/%s", place->tenant, id);
    with_caller(&head);
    if (!comes(FINE(200))) return;
    same_text("state", text_of("state"), "done");
    same_number("done", number_of("done"), wanted.count);
    same_number("refused", number_of("refused"), wanted.count - fit);
    for (uint32_t i = 0; i < wanted.count; i++)
        form_by_key(place->f, wanted.items[i]->key)->tried |= 1u << to;
}

void move_migrate(void)
{
    struct place place = some_open_place();
    struct form *f = place.f;
    if (f->version_count < 2 || place.t->phase != ACTIVE) return;
    uint32_t from = 1 + below(f->version_count), to = 1 + below(f->version_count);
    bool loses = f->versions[from - 1].variant.has_m && !f->versions[to - 1].variant.has_m;
    if (from == to || loses) return; /* what becomes of m would have to be said in the form */
    if (once_in(2) && !here.armed) migrate_for_good(&place, from, to);
    else migrate_dry(&place, from, to);
}
