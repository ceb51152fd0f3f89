#include "tests/simulation/moves.h"

#include <stdio.h>
#include <string.h>

struct answers some_answers(const struct variant *variant)
{
    struct answers answers = {.n = (int)below(6), .t = NOTHING, .c = NOTHING, .m = NOTHING};
    if (once_in(2)) answers.t = 1 + (int)below(5);
    if (once_in(2)) answers.c = (int)below(30);
    if (variant->has_m && once_in(2)) answers.m = (int)below(100);
    if (once_in(20)) answers.n = once_in(2) ? NOTHING : WORD;
    if (once_in(20)) answers.n = (int)below(60);
    if (once_in(20)) answers.t = 1 + (int)below(50);
    if (once_in(30)) answers.m = once_in(2) ? WORD : (int)below(2000);
    return answers;
}

/* A place for one more; what was erased longest ago is forgotten. */
static struct submission *room_for_submission(struct form *form)
{
    struct submission *erased = NULL;
    if (form->taken < SUBMISSIONS) return &form->submissions[form->taken];
    for (uint32_t i = 0; i < form->taken; i++) {
        struct submission *submission = &form->submissions[i];
        if (submission->presence == ERASED && (!erased || submission->order < erased->order))
            erased = submission;
    }
    return erased;
}

/* The text of an envelope, the same whenever it is asked for. */
static void write_envelope(const struct submission *submission)
{
    char answers[256], version[32] = "", saved[64] = "", invitation[80] = "";
    answers_write(&submission->answers, answers, sizeof answers);
    if (submission->names_version)
        (void)snprintf(version, sizeof version, ",\"version\":%u", submission->version);
    if (submission->saved)
        (void)snprintf(saved, sizeof saved, "\"saved\":\"saved-%026u\"", submission->saved);
    if (submission->invitation[0])
        (void)snprintf(invitation, sizeof invitation, "%s\"invitation\":\"%s\"", saved[0] ? "," : "",
                       submission->invitation);
    with_body("application/json", "{\"answers\":%s%s,\"meta\":{%s%s}}", answers, version, saved,
              invitation);
}

static bool claimed(const struct form *form, const struct submission *wish)
{
    if (wish->answers.c == NOTHING || !form->versions[wish->version - 1].variant.once) return false;
    for (uint32_t i = 0; i < form->taken; i++) {
        const struct submission *there = &form->submissions[i];
        if (there->presence == PRESENT && form->versions[there->version - 1].variant.once &&
            there->answers.c == wish->answers.c)
            return true;
    }
    return false;
}

/* With an answer to the key that was used before. */
static struct verdict look_back(const struct submission *earlier, const struct submission *wish,
                                struct verdict otherwise)
{
    if (!earlier) return otherwise;
    if (earlier->presence == ERASED) return REFUSED(410, "submission-erased");
    return submission_same_body(earlier, wish) ? FINE(200) : REFUSED(409, "idempotency-key-reused");
}

/* Status 0: it lets in, or none is asked for. */
static struct verdict let_in(struct form *form, const struct submission *wish)
{
    if (!form->versions[wish->version - 1].variant.invited) return FINE(0);
    const struct invitation *invitation = form_invitation(form, wish->invitation);
    enum invitation_phase phase =
        invitation ? invitation_at(invitation, here.now_ms, here.latest_ms) : LAPSED;
    if (phase == USED) return REFUSED(409, "duplicate-submission");
    return unless(phase == ISSUED, 403, "invitation-invalid");
}

static struct verdict judge(const struct place *place, const struct submission *wish, char *errors,
                            size_t room)
{
    errors[0] = '\0';
    if (!is_served(place, wish->version)) return REFUSED(404, "not-found");
    const struct version *version = &place->f->versions[wish->version - 1];
    const struct submission *earlier = form_by_key(place->f, wish->key);
    if (version->variant.invited != (wish->invitation[0] != '\0'))
        return look_back(earlier, wish,
                         version->variant.invited ? REFUSED(403, "invitation-invalid")
                                                  : REFUSED(422, "invitation-unasked"));
    answers_judge(&wish->answers, &version->variant, true, errors, room);
    if (errors[0]) return look_back(earlier, wish, REFUSED(422, "validation-failed"));
    if (place->f->phase != OPEN) return look_back(earlier, wish, REFUSED(409, "form-closed"));
    if (version->retired && here.now_ms >= version->until_ms)
        return look_back(earlier, wish, REFUSED(409, "version-retired"));
    if (earlier) return look_back(earlier, wish, FINE(201));
    if (claimed(place->f, wish)) return REFUSED(409, "duplicate-submission");
    return first(let_in(place->f, wish), FINE(201));
}

static void stored(const struct place *place, struct submission *room, const struct submission *wish)
{
    struct saved *saved = wish->saved ? form_saved(place->f, wish->saved) : NULL;
    struct invitation *invitation = form_invitation(place->f, wish->invitation);
    if (room == &place->f->submissions[place->f->taken]) place->f->taken++;
    *room = *wish;
    room->presence = PRESENT;
    room->order = ++model.serial;
    room->received_ms = here.now_ms;
    keep_text("id", room->id, sizeof room->id);
    keep_text("receipt", room->receipt, sizeof room->receipt);
    if (saved) saved->used = false;
    if (invitation) invitation->phase = USED;
    here.counts.stored++;
}

static void ask_submit(const struct place *place, const struct submission *wish, int channel,
                       int bucket)
{
    char query[64] = "";
    if (bucket != NOTHING) (void)snprintf(query, sizeof query, "&b=%d", bucket);
    ask("POST", "%s/submissions?channel=%s%s", place->public_path, channel_name_of(channel), query);
    exchange_header(&here.exchange, "Idempotency-Key", "key-%020u", wish->key);
    write_envelope(wish);
}

/* With what nobody was told the first time. */
static void told_again(struct submission *there)
{
    if (!there->id[0]) {
        keep_text("id", there->id, sizeof there->id);
        keep_text("receipt", there->receipt, sizeof there->receipt);
    }
    same_text("id", text_of("id"), there->id);
}

/* Of what the version asks for, mostly one that lets in. */
static void choose_invitation(struct form *form, struct submission *wish)
{
    bool asked = wish->version && wish->version <= form->version_count &&
                 form->versions[wish->version - 1].variant.invited;
    wish->invitation[0] = '\0';
    if (!asked && !once_in(40)) return;
    for (uint32_t i = 0, from = below(INVITATIONS_HELD); i < INVITATIONS_HELD; i++) {
        const struct invitation *there = &form->invitations[(from + i) % INVITATIONS_HELD];
        enum invitation_phase phase = invitation_at(there, here.now_ms, here.latest_ms);
        if (!there->code[0] || phase == NOT_THERE || phase == DOUBTFUL) continue;
        if (phase != ISSUED && !once_in(8)) continue;
        memcpy(wish->invitation, there->code, sizeof wish->invitation);
        return;
    }
    if (!once_in(4)) (void)snprintf(wish->invitation, CODE_BYTES, "%032u", below(1000)); /* nobody's */
}

static struct answers answers_for(const struct place *place, uint32_t version)
{
    static const struct variant none;
    return some_answers(is_served(place, version) ? &place->f->versions[version - 1].variant : &none);
}

/* A new one, or one that was sent before, perhaps with another body. */
static struct submission some_wish(const struct place *place, int channel, int bucket)
{
    struct form *f = place->f;
    struct submission *earlier = once_in(4) ? some_submission(f, true) : NULL, wish = {.key = 0};
    bool again = earlier && !once_in(4);
    if (earlier) wish = *earlier;
    else wish.key = ++model.serial;
    if (!again) {
        wish.names_version = once_in(3);
        wish.saved = once_in(4) ? f->saved[below(SAVED)].key : 0;
    }
    if (!wish.names_version) wish.version = form_aim(f, channel, bucket);
    else if (!again) wish.version = 1 + below(f->version_count + 1);
    if (again) return wish;
    wish.answers = answers_for(place, wish.version);
    choose_invitation(f, &wish);
    return wish;
}

void move_submit(void)
{
    struct place place = some_open_place();
    struct submission *room = room_for_submission(place.f);
    int channel = once_in(5) ? (int)below(CHANNELS) : 0,
        bucket = once_in(4) ? (int)below(100) : NOTHING;
    struct submission wish = some_wish(&place, channel, bucket);
    char errors[128];
    if (!room) return;
    ask_submit(&place, &wish, channel, bucket);
    struct verdict want = judge(&place, &wish, errors, sizeof errors);
    bool fine = comes(want);
    if (want.status == 422 && errors[0] && !here.unsure) same_errors(&here.json, errors);
    if (!fine) return;
    if (want.status == 201) stored(&place, room, &wish);
    else if (!here.unsure) told_again(form_by_key(place.f, wish.key));
}

enum { STORM = 6 };

/* The same six times; `rivals`: under keys of their own. */
static void send_at_once(const struct place *place, struct submission *wish, bool rivals,
                         struct exchange storm[STORM])
{
    static char bodies[STORM][sizeof here.body];
    for (int i = 0; i < STORM; i++) {
        if (rivals) wish->key = ++model.serial;
        ask_submit(place, wish, 0, NOTHING);
        memcpy(bodies[i], here.body, sizeof here.body);
        storm[i] = here.exchange;
        storm[i].body = bodies[i];
        here.exchange = (struct exchange){.method = NULL};
    }
    exchange_all(storm, STORM);
}

/* How many are stored; `others`: what those are answered that are not. */
static uint32_t count_stored(struct exchange storm[STORM], struct verdict want, unsigned others)
{
    uint32_t made = 0;
    for (int i = 0; i < STORM; i++) {
        told(&storm[i]);
        made += storm[i].status == 201;
        if (storm[i].status == want.status || storm[i].status == others) continue;
        here.exchange = storm[i];
        storm[i] = (struct exchange){.method = NULL};
        differ("one of several at the same time", "another", want.code ? want.code : "stored");
    }
    return made;
}

/* The one that is stored, by the answer it was given. */
static void keep_one(const struct place *place, struct submission *room, struct submission *wish,
                     bool rivals, struct exchange storm[STORM])
{
    int one = 0;
    while (one < STORM - 1 && storm[one].status != 201) one++;
    if (rivals) wish->key = wish->key - STORM + 1 + (uint32_t)one;
    read_json(&storm[one]);
    stored(place, room, wish);
}

/* Several at the same time: one is stored. When it is the same all are told of that one; when they are
 * rivals for one invitation all others are refused. */
void move_storm(void)
{
    struct place place = some_open_place();
    struct submission *room = room_for_submission(place.f),
                      wish = {.key = ++model.serial, .version = form_aim(place.f, 0, NOTHING)};
    struct exchange storm[STORM];
    char errors[128];
    if (!room || here.armed) return;
    wish.answers = answers_for(&place, wish.version);
    choose_invitation(place.f, &wish);
    struct verdict want = judge(&place, &wish, errors, sizeof errors);
    bool stores = want.status == 201, rivals = wish.invitation[0] && stores && once_in(2);
    send_at_once(&place, &wish, rivals, storm);
    uint32_t made = count_stored(storm, want, !stores ? want.status : rivals ? 409 : 200);
    if (stores) same_number("stored of several at the same time", made, 1);
    if (stores) keep_one(&place, room, &wish, rivals, storm);
    for (int i = 0; i < STORM && stores; i++) {
        read_json(&storm[i]);
        if (storm[i].status == 409)
            same_text("what rivals are told", text_of("code"), "duplicate-submission");
        else same_text("id of several at the same time", text_of("id"), room->id);
    }
    for (int i = 0; i < STORM; i++) exchange_release(&storm[i]);
}

void move_evaluate(void)
{
    struct place place = some_open_place();
    struct submission wish = {.version = form_aim(place.f, 0, NOTHING)};
    char errors[128], answers[256];
    bool served = is_served(&place, wish.version);
    wish.answers = answers_for(&place, wish.version);
    answers_write(&wish.answers, answers, sizeof answers);
    ask("POST", "%s/evaluate", place.public_path);
    with_body("application/json", "{\"answers\":%s}", answers);
    if (!comes(served ? FINE(200) : REFUSED(404, "not-found")) || here.unsure) return;
    bool valid = false;
    answers_judge(&wish.answers, &place.f->versions[wish.version - 1].variant, true, errors,
                  sizeof errors);
    (void)json_get_bool(json_get(&here.json, STR("verdict")), STR("valid"), &valid);
    same_number("valid", valid, !errors[0]);
    same_errors(json_get(&here.json, STR("verdict")), errors);
}

void move_submission_erase(void)
{
    struct place place = some_place();
    struct submission *submission = some_submission(place.f, true);
    struct caller caller = who(place.tenant, "submissions.erase");
    bool reason = !once_in(10);
    if (form_present(place.f) < SUBMISSIONS / 2 && once_in(2)) return;
    ask("DELETE", "%s/submissions/%s", place.path, submission ? submission->id : "sub_none");
    with_caller(&caller);
    if (reason) with_reason();
    struct verdict want = model_may(&model, place.tenant, &caller, "submissions.erase", here.now_ms);
    want = first(want, unless(reason, 400, "audit-reason-missing"));
    want = first(want, unless(place.t->used, 404, "not-found"));
    want = first(want, takes_changes(place.t));
    want = first(want, unless(place.f->used && submission, 404, "not-found"));
    if (comes(first(want, FINE(204)))) form_erase(place.f, submission);
}
