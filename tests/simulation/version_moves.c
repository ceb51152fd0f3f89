#include "tests/simulation/moves.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool loses_m(const struct form *form, const struct variant *variant)
{
    uint32_t live = form->channels[0].version;
    bool newest = form->versions[form->version_count - 1].variant.has_m;
    return !variant->has_m && (newest || (live && form->versions[live - 1].variant.has_m));
}

static void point(struct form *form, int channel, uint32_t version, uint32_t percent)
{
    struct channel *moved = &form->channels[channel], was = *moved;
    bool alone = percent == 100 || version == was.version;
    if (alone) moved->version = version;
    moved->candidate = alone ? 0 : version;
    moved->percent = alone ? 0 : percent;
    moved->revision += moved->version != was.version || moved->candidate != was.candidate ||
                       moved->percent != was.percent;
}

void move_publish(void)
{
    struct place place = some_place();
    struct form *f = place.f;
    struct caller caller = who(place.tenant, "forms.publish");
    int channel = once_in(2) ? 0 : (int)below(CHANNELS + 1); /* the last: none */
    bool none = channel == CHANNELS, forced = once_in(3);
    uint32_t number = f->has_draft ? form_number_of(f, &f->draft) : 0;
    if (!number && f->version_count == VERSIONS) return;
    ask("POST", "%s/versions?channel=%s&allow_breaking=%s", place.path,
        none ? "none" : channel_name_of(channel), forced ? "true" : "false");
    with_caller(&caller);
    if (forced) with_reason();
    struct verdict want = model_may(&model, place.tenant, &caller, "forms.publish", here.now_ms);
    want = first(want, unless(place.t->used && f->used, 404, "not-found"));
    want = first(want, unless(f->has_draft, 409, "conflict"));
    want = first(want, takes_changes(place.t));
    want = first(want, unless(f->phase != ARCHIVED, 409, "form-archived"));
    if (!number && f->version_count)
        want = first(want, unless(forced || !loses_m(f, &f->draft), 409, "breaking-change"));
    if (!number)
        want = first(want, unless(tenant_versions(place.t) < place.t->versions_max, 403,
                                  "versions-quota-reached"));
    if (number && !none)
        want = first(want, unless(!f->versions[number - 1].retired, 409, "version-retired"));
    if (!comes(first(want, FINE(number ? 200 : 201)))) return;
    if (!number) {
        f->versions[f->version_count++] = (struct version){.variant = f->draft};
        number = f->version_count;
    }
    if (!here.unsure) same_number("version", number_of("version"), number);
    if (!none) point(f, channel, number, 100);
    if (channel != 0 || f->phase != DRAFT) return;
    f->phase = OPEN;
    f->phase_ms = here.now_ms;
}

void move_version_get(void)
{
    struct place place = some_place();
    struct caller caller = who(place.tenant, "forms.read");
    uint32_t number = 1 + below(place.f->version_count + 1);
    char source[1024], until[40];
    ask("GET", "%s/versions/%u", place.path, number);
    with_caller(&caller);
    struct verdict want = model_may(&model, place.tenant, &caller, "forms.read", here.now_ms);
    want = first(want, unless(place.t->used && place.f->used && number <= place.f->version_count, 404,
                              "not-found"));
    if (!comes(first(want, FINE(200))) || here.unsure) return;
    variant_write(&place.f->versions[number - 1].variant, source, sizeof source);
    same_text("source", text_of("source"), source);
    same_text("state", text_of("state"),
              place.f->versions[number - 1].retired ? "retired" : "published");
    const struct version *version = &place.f->versions[number - 1];
    if (!version->retired) return;
    write_told(version->until_ms, until);
    same_text("takes_until", text_of("takes_until"), until);
}

void move_version_retire(void)
{
    struct place place = some_place();
    struct form *f = place.f;
    struct caller caller = who(place.tenant, "forms.publish");
    uint32_t number = 1 + below(f->version_count + 1);
    int64_t grace = once_in(2) ? 0 : once_in(2) ? NOTHING : (int64_t)below(100000);
    ask("POST", "%s/versions/%u/state", place.path, number);
    with_caller(&caller);
    with_reason();
    if (grace == NOTHING) with_body("application/json", "{\"to\":\"retired\"}");
    else with_body("application/json", "{\"to\":\"retired\",\"grace_seconds\":%" PRId64 "}", grace);
    bool used = false;
    for (int i = 0; i < CHANNELS; i++)
        used |= f->channels[i].revision &&
                (f->channels[i].version == number || f->channels[i].candidate == number);
    struct verdict want = model_may(&model, place.tenant, &caller, "forms.publish", here.now_ms);
    want = first(want, unless(place.t->used && f->used, 404, "not-found"));
    want = first(want, takes_changes(place.t));
    want = first(want, unless(number <= f->version_count, 404, "not-found"));
    if (!want.status) want = unless(!f->versions[number - 1].retired, 409, "illegal-transition");
    want = first(want, unless(!used, 409, "version-in-use"));
    if (!comes(first(want, FINE(200)))) return;
    f->versions[number - 1].retired = true;
    f->versions[number - 1].until_ms =
        here.now_ms + (grace == NOTHING ? f->grace_seconds : grace) * 1000;
}

void move_channel_put(void)
{
    struct place place = some_place();
    struct form *f = place.f;
    struct caller caller = who(place.tenant, "forms.publish");
    int channel = (int)below(CHANNELS);
    struct channel *there = &f->channels[channel];
    uint32_t number = 1 + below(f->version_count + 1), percent = once_in(2) ? 100 : below(101),
             match = there->revision + once_in(4);
    enum condition condition = once_in(2) ? NO_CONDITION : (enum condition)below(4);
    if (condition == THAT_ONE && !match) condition = NO_CONDITION;
    ask("PUT", "%s/channels/%s", place.path, channel_name_of(channel));
    with_caller(&caller);
    if (condition == NONE_THERE) with("If-None-Match", "*");
    if (condition == ANY_THERE) with("If-Match", "*");
    if (condition == THAT_ONE) exchange_header(&here.exchange, "If-Match", "\"channel-%u\"", match);
    with_body("application/json", "{\"version\":%u,\"percent\":%u}", number, percent);
    struct verdict want = model_may(&model, place.tenant, &caller, "forms.publish", here.now_ms);
    want = first(want, unless(place.t->used && f->used, 404, "not-found"));
    if (condition == ANY_THERE) want = first(want, unless(there->revision, 412, "channel-stale"));
    want = first(want, takes_changes(place.t));
    want = first(want, unless(f->phase != ARCHIVED, 409, "form-archived"));
    if (condition == NONE_THERE) want = first(want, unless(!there->revision, 412, "channel-stale"));
    if (condition == THAT_ONE)
        want = first(want, unless(match == there->revision, 412, "channel-stale"));
    want = first(want, unless(there->revision || percent == 100, 422, "bad-value"));
    want = first(want, unless(number <= f->version_count, 404, "not-found"));
    if (!want.status) want = unless(!f->versions[number - 1].retired, 409, "version-retired");
    if (!comes(first(want, FINE(there->revision ? 200 : 201)))) return;
    point(f, channel, number, percent);
    if (!here.unsure) same_number("revision", number_of("revision"), there->revision);
}

void move_live_get(void)
{
    struct place place = some_open_place();
    int channel = once_in(3) ? (int)below(CHANNELS) : 0,
        bucket = once_in(3) ? (int)below(100) : NOTHING;
    char query[64] = "";
    if (bucket != NOTHING) (void)snprintf(query, sizeof query, "&b=%d", bucket);
    ask("GET", "%s?channel=%s%s", place.public_path, channel_name_of(channel), query);
    uint32_t number = form_aim(place.f, channel, bucket);
    bool served = place.t->used && place.t->phase == ACTIVE && place.f->used &&
                  place.f->phase != ARCHIVED && number;
    if (!comes(served ? FINE(200) : REFUSED(404, "not-found")) || here.unsure) return;
    char title[40], wanted[96], at[128];
    (void)snprintf(title, sizeof title, "Visit %u", place.f->versions[number - 1].variant.serial);
    (void)snprintf(wanted, sizeof wanted, "%s/versions/%u", place.public_path, number);
    const char *told_at = exchange_told(&here.exchange, "Content-Location");
    (void)snprintf(at, sizeof at, "%s", told_at ? told_at : "nothing");
    same_text("Content-Location", str_of(at), wanted);
    if (here.exchange.answer && !strstr(here.exchange.answer, title)) differ("title", "another", title);
}
