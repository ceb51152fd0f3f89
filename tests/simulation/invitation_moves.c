#include "tests/simulation/moves.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct invitation *room_for_invitation(struct form *form, uint32_t nth)
{
    for (int i = 0; i < INVITATIONS_HELD; i++)
        if (form->invitations[i].phase == NOT_THERE && nth-- == 0) return &form->invitations[i];
    return NULL;
}

static struct invitation *of_batch(struct form *form, uint32_t batch, uint32_t place)
{
    for (int i = 0; i < INVITATIONS_HELD; i++) {
        struct invitation *there = &form->invitations[i];
        if (there->phase != NOT_THERE && there->batch == batch && there->place == place) return there;
    }
    return NULL;
}

static bool whole_batch(struct form *form, const struct invitation *one)
{
    for (uint32_t i = 0; i < one->batch_count; i++)
        if (!of_batch(form, one->batch, i)) return false;
    return true;
}

/* NULL: the dice found none. */
static struct invitation *some_invitation(struct form *form)
{
    for (int tries = 0; tries < 6; tries++) {
        struct invitation *there = &form->invitations[below(INVITATIONS_HELD)];
        if (there->phase != NOT_THERE && there->id[0]) return there;
    }
    return NULL;
}

/* Whether what was done when the disk failed can be seen afterwards. */
static bool anybody_looks(const struct place *place)
{
    return surely(place->tenant, "submissions.read").text &&
           !form_letters(place->f, ISSUED, here.now_ms, here.latest_ms).unsure;
}

/* ---- issuing */

/* The text of what is asked for, the same whenever it is asked for. */
static void write_wish(const struct invitation *wish)
{
    char expires[64] = "", moment[32], references[160] = "";
    size_t len = 0;
    if (wish->asked_expires_ms) {
        write_moment(wish->asked_expires_ms, moment);
        (void)snprintf(expires, sizeof expires, ",\"expires_at\":\"%s\"", moment);
    }
    for (uint32_t i = 0; i < wish->batch_count; i++)
        len += (size_t)snprintf(references + len, sizeof references - len, "%s\"r%u.%u\"", i ? "," : "",
                                wish->batch, i);
    if (wish->referred) with_body("application/json", "{\"references\":[%s]%s}", references, expires);
    else with_body("application/json", "{\"count\":%u%s}", wish->batch_count, expires);
}

static struct invitation new_wish(void)
{
    const int64_t day = 86400;
    struct invitation wish = {
        .phase = ISSUED, .batch = ++model.serial, .batch_count = 1 + below(3), .referred = once_in(2)};
    int64_t seconds = 1 + below((uint32_t)(once_in(2) ? day : 40 * day));
    if (once_in(2)) wish.asked_expires_ms = (here.now_ms / 1000 + seconds) * 1000;
    wish.expires_ms = wish.asked_expires_ms ? wish.asked_expires_ms : here.now_ms + 30 * DAY_MS;
    return wish;
}

static struct str item_text(uint32_t item, const char *member)
{
    struct str text = STR("");
    const struct json_value *items = json_get(&here.json, STR("items"));
    if (items && item < items->count) (void)json_get_str(&items->items[item], str_of(member), &text);
    return text;
}

static void issued(struct form *form, const struct invitation *wish)
{
    for (uint32_t i = 0; i < wish->batch_count; i++) {
        struct invitation *made = room_for_invitation(form, 0);
        *made = *wish;
        made->place = i;
        made->order = ++model.serial;
        (void)snprintf(made->id, sizeof made->id, "%.*s", STR_ARG(item_text(i, "id")));
        (void)snprintf(made->code, sizeof made->code, "%.*s", STR_ARG(item_text(i, "code")));
    }
}

/* What was issued is told again, without the codes. */
static void same_batch(struct form *form, const struct invitation *wish)
{
    for (uint32_t i = 0; i < wish->batch_count; i++) {
        struct invitation *there = of_batch(form, wish->batch, i);
        if (there->id[0]) same_text("issued before", item_text(i, "id"), there->id);
        same_text("a code that was told before", item_text(i, "code"), "");
    }
}

void move_invitations_post(void)
{
    struct place place = some_place();
    struct form *f = place.f;
    struct caller caller = who(place.tenant, "invitations.manage");
    struct invitation *earlier = once_in(5) ? some_invitation(f) : NULL,
                      wish = earlier ? *earlier : new_wish();
    bool other = earlier && once_in(4), key = !once_in(25);
    if (earlier ? !whole_batch(f, earlier) : !room_for_invitation(f, wish.batch_count - 1)) return;
    if (here.armed && !anybody_looks(&place)) return;
    if (other) wish.batch_count++;
    ask("POST", "%s/invitations", place.path);
    with_caller(&caller);
    if (key) exchange_header(&here.exchange, "Idempotency-Key", "invite-%020u", wish.batch);
    write_wish(&wish);
    struct verdict want = model_may(&model, place.tenant, &caller, "invitations.manage", here.now_ms);
    want = first(want, unless(key, 400, "idempotency-key-missing"));
    want = first(want, unless(place.t->used, 404, "not-found"));
    want = first(want, takes_changes(place.t));
    want = first(want, unless(f->used, 404, "not-found"));
    want = first(want, unless(!other, 409, "idempotency-key-reused"));
    if (!earlier) want = first(want, unless(f->phase != ARCHIVED, 409, "form-archived"));
    if (!comes(first(want, FINE(earlier ? 200 : 201)))) return;
    if (!earlier) issued(f, &wish);
    else if (!here.unsure) same_batch(f, &wish);
}

/* ---- looking */

/* All pages of those in a state, of one reference or of any. A list is sure of those that are over only
 * as long as the clock was not set back before that. */
void move_invitations_get(void)
{
    struct place place = some_place();
    struct form *f = place.f;
    struct caller caller = who(place.tenant, "submissions.read");
    enum invitation_phase phase = once_in(2) ? ISSUED : USED;
    const struct invitation *one = once_in(3) ? some_invitation(f) : NULL;
    char query[64] = "", cursor[512] = "";
    uint32_t limit = 1 + below(8), seen = 0;
    struct letters wanted = form_letters(f, phase, here.now_ms, here.latest_ms);
    if (wanted.unsure) return;
    if (one && one->referred)
        (void)snprintf(query, sizeof query, "&reference=r%u.%u", one->batch, one->place);
    if (query[0]) { /* of that one only */
        uint32_t kept = 0;
        for (uint32_t i = 0; i < wanted.count; i++)
            if (wanted.items[i] == one) wanted.items[kept++] = wanted.items[i];
        wanted.count = kept;
    }
    struct verdict want = model_may(&model, place.tenant, &caller, "submissions.read", here.now_ms);
    want = first(want, unless(place.t->used && f->used, 404, "not-found"));
    do {
        ask("GET", "%s/invitations?limit=%u&state=%s%s%s%s", place.path, limit,
            invitation_phase_name_of(phase), query, cursor[0] ? "&cursor=" : "", cursor);
        with_caller(&caller);
        if (!comes(first(want, FINE(200))) || here.unsure) return;
        for (uint32_t i = 0; item_text(i, "id").len && !here.differs; i++, seen++)
            if (seen >= wanted.count) same_number("invitations", seen + 1, wanted.count);
            else if (wanted.items[seen]->id[0])
                same_text("invitation", item_text(i, "id"), wanted.items[seen]->id);
        keep_cursor(cursor);
    } while (cursor[0] && !here.differs);
    if (seen < wanted.count) differ("invitations", "an end", wanted.items[seen]->id);
}

static const char *submission_by(const struct form *form, const struct invitation *invitation)
{
    for (uint32_t i = 0; i < form->taken; i++)
        if (form->submissions[i].presence == PRESENT && invitation->code[0] &&
            strcmp(form->submissions[i].invitation, invitation->code) == 0)
            return form->submissions[i].id;
    return "";
}

void move_invitation_get(void)
{
    struct place place = some_place();
    const struct invitation *one = some_invitation(place.f);
    struct caller caller = who(place.tenant, "submissions.read");
    char reference[40] = "";
    ask("GET", "%s/invitations/%s", place.path, one ? one->id : "inv_none");
    with_caller(&caller);
    struct verdict want = model_may(&model, place.tenant, &caller, "submissions.read", here.now_ms);
    want = first(want, unless(place.t->used && place.f->used && one, 404, "not-found"));
    if (!comes(first(want, FINE(200))) || here.unsure) return;
    enum invitation_phase phase = invitation_at(one, here.now_ms, here.latest_ms);
    if (phase != DOUBTFUL) same_text("state", text_of("state"), invitation_phase_name_of(phase));
    if (one->referred) (void)snprintf(reference, sizeof reference, "r%u.%u", one->batch, one->place);
    same_text("reference", text_of("reference"), reference);
    same_text("submission", text_of("submission"), phase == USED ? submission_by(place.f, one) : "");
    same_text("a code", text_of("code"), "");
}

void move_invitation_delete(void)
{
    struct place place = some_place();
    struct invitation *one = some_invitation(place.f);
    struct caller caller = who(place.tenant, "invitations.manage");
    bool reason = !once_in(10);
    enum invitation_phase phase = one ? invitation_at(one, here.now_ms, here.latest_ms) : NOT_THERE;
    if (phase == DOUBTFUL || (here.armed && !anybody_looks(&place))) return;
    ask("DELETE", "%s/invitations/%s", place.path, one ? one->id : "inv_none");
    with_caller(&caller);
    if (reason) with_reason();
    struct verdict want = model_may(&model, place.tenant, &caller, "invitations.manage", here.now_ms);
    want = first(want, unless(reason, 400, "audit-reason-missing"));
    want = first(want, unless(place.t->used, 404, "not-found"));
    want = first(want, takes_changes(place.t));
    want = first(want, unless(place.f->used && one, 404, "not-found"));
    want = first(want, unless(phase == ISSUED || phase == REVOKED, 409, "invitation-over"));
    if (!comes(first(want, FINE(204))) || phase == REVOKED) return;
    one->phase = REVOKED;
    one->revoked_ms = here.now_ms;
}
