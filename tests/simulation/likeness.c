#include "tests/simulation/likeness.h"

#include "tests/simulation/moves.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool unlike(const char *what, int64_t got, int64_t wanted)
{
    if (got == wanted) return false;
    (void)snprintf(here.unlike, sizeof here.unlike, "%s: %" PRId64 ", not %" PRId64, what, got, wanted);
    return true;
}

static bool unlike_text(const char *what, struct str got, const char *wanted)
{
    if (str_eq(got, str_of(wanted))) return false;
    (void)snprintf(here.unlike, sizeof here.unlike, "%s: %.*s, not %s", what, STR_ARG(got), wanted);
    return true;
}

/* Reads submissions; NULL in `text`: nobody may. */
static struct caller some_reader(const struct place *place)
{
    struct caller caller = {NULL, place->tenant, NULL};
    for (int i = 0; i < TOKENS; i++) {
        const struct token *token = &place->t->tokens[i];
        struct caller theirs = {token, place->tenant, token->text};
        if (token->used && token->text[0] &&
            !model_may(&model, place->tenant, &theirs, "submissions.read", here.now_ms).status)
            caller = theirs;
    }
    return caller;
}

static void look_at(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void look_at(const char *format, ...)
{
    char target[512];
    va_list more;
    struct caller head = operator_caller();
    va_start(more, format);
    (void)vsnprintf(target, sizeof target, format, more);
    va_end(more);
    ask("GET", "%s", target);
    with_caller(&head);
    go();
}

static bool head_looks_so(const struct place *place)
{
    char etag[80] = "";
    struct str got = STR("");
    look_at("%s", place->path);
    if (unlike("form", here.exchange.status, place->f->used ? 200 : 404)) return false;
    if (!place->f->used) return true;
    if (place->f->has_draft) variant_etag(&place->f->draft, etag);
    (void)json_get_str(json_get(&here.json, STR("draft")), STR("etag"), &got);
    return !unlike_text("draft", got, etag) &&
           !unlike_text("state", text_of("state"), phase_name_of(place->f->phase)) &&
           !unlike("newest version", number_of("version"), form_newest(place->f)) &&
           !unlike("submissions", number_of("submissions"), form_present(place->f));
}

static bool channels_look_so(const struct place *place)
{
    for (int i = 0; i < CHANNELS; i++) {
        look_at("%s/channels/%s", place->path, channel_name_of(i));
        const struct channel *channel = &place->f->channels[i];
        if (unlike("channel", here.exchange.status, channel->revision ? 200 : 404)) return false;
        if (channel->revision && (unlike("revision", number_of("revision"), channel->revision) ||
                                  unlike("version", number_of("version"), channel->version)))
            return false;
    }
    return true;
}

static bool versions_look_so(const struct place *place)
{
    for (uint32_t i = 1; i <= place->f->version_count; i++) {
        look_at("%s/versions/%u", place->path, i);
        if (unlike_text("version", text_of("state"),
                        place->f->versions[i - 1].retired ? "retired" : "published"))
            return false;
    }
    return true;
}

static bool settings_look_so(const struct place *place)
{
    look_at("%s/settings", place->path);
    return !unlike("grace", number_of("grace_seconds"), place->f->grace_seconds) &&
           !unlike("saved", number_of("saved_seconds"), place->f->saved_seconds);
}

static bool saved_look_so(const struct place *place)
{
    for (int i = 0; i < SAVED; i++) {
        const struct saved *saved = &place->f->saved[i];
        if (!saved->key || place->t->phase != ACTIVE) continue;
        ask_saved("GET", place, saved->key);
        go();
        bool there = saved->used && here.now_ms < saved->until_ms;
        if (unlike("saved answers", here.exchange.status, there ? 200 : 404)) return false;
        if (!there) continue;
        char answers[256], until[40];
        answers_write(&saved->answers, answers, sizeof answers);
        write_told(saved->until_ms, until);
        if (unlike_text("saved answers", saved_answers_told(), answers) ||
            unlike_text("saved until", text_of("expires_at"), until))
            return false;
    }
    return true;
}

static bool submissions_look_so(const struct place *place, const struct caller *reader, bool learns)
{
    char cursor[512] = "";
    uint32_t seen = 0;
    struct wanted wanted = form_listed(place->f, 0, NOTHING);
    do {
        ask("GET", "%s/submissions?limit=100%s%s", place->path, cursor[0] ? "&cursor=" : "", cursor);
        with_caller(reader);
        go();
        const struct json_value *items = json_get(&here.json, STR("items"));
        for (uint32_t i = 0; items && i < items->count; i++, seen++) {
            struct str id = STR("");
            (void)json_get_str(&items->items[i], STR("id"), &id);
            if (seen >= wanted.count && unlike("listed", seen + 1, wanted.count)) return false;
            struct submission *there = form_by_key(place->f, wanted.items[seen]->key);
            if (learns && !there->id[0])
                (void)snprintf(there->id, sizeof there->id, "%.*s", STR_ARG(id));
            if (unlike_text("listed", id, there->id)) return false;
        }
        keep_cursor(cursor);
    } while (cursor[0]);
    return !unlike("listed", seen, wanted.count);
}

static bool invitations_look_so(const struct place *place, const struct caller *reader,
                                enum invitation_phase phase, bool learns)
{
    struct letters wanted = form_letters(place->f, phase, here.now_ms, here.latest_ms);
    if (wanted.unsure) return true;
    ask("GET", "%s/invitations?limit=100&state=%s", place->path, invitation_phase_name_of(phase));
    with_caller(reader);
    go();
    const struct json_value *items = json_get(&here.json, STR("items"));
    if (unlike("invitations", items ? items->count : 0, wanted.count)) return false;
    for (uint32_t i = 0; i < wanted.count; i++) {
        struct str id = STR("");
        struct invitation *there = wanted.items[i];
        (void)json_get_str(&items->items[i], STR("id"), &id);
        if (learns && !there->id[0]) (void)snprintf(there->id, sizeof there->id, "%.*s", STR_ARG(id));
        if (unlike_text("invitation", id, there->id)) return false;
    }
    return true;
}

/* False: here.unlike says where it does not look like the model. */
static bool form_looks_so(const struct place *place, bool learns)
{
    struct caller reader = some_reader(place);
    if (!head_looks_so(place)) return false;
    if (!place->f->used) return true;
    if (!channels_look_so(place) || !versions_look_so(place) || !settings_look_so(place) ||
        !saved_look_so(place))
        return false;
    if (!reader.text) return true; /* nobody may look at them */
    return submissions_look_so(place, &reader, learns) &&
           invitations_look_so(place, &reader, ISSUED, learns) &&
           invitations_look_so(place, &reader, USED, learns);
}

static bool theme_looks_so(int tenant)
{
    char text[200];
    look_write(&model.tenants[tenant].look, text, sizeof text);
    look_at("/v1/tenants/t%d/theme", tenant);
    return !unlike_text("theme", (struct str){here.exchange.answer, here.exchange.answer_len}, text);
}

/* Whoever has a token that was not taken away may come in, and nobody else. */
static bool tokens_look_so(int tenant)
{
    for (int i = 0; i < TOKENS; i++) {
        const struct token *token = &model.tenants[tenant].tokens[i];
        struct caller caller = {token, tenant, token->text};
        if (!token->used || !token->text[0]) continue;
        ask("GET", "/v1/me");
        with_caller(&caller);
        go();
        struct verdict want = model_may(&model, NOTHING, &caller, "tenant.read", here.now_ms);
        if (unlike("token", here.exchange.status, want.status == 401 ? 401 : 200)) return false;
    }
    return true;
}

static bool tenant_looks_so(int tenant, bool learns)
{
    struct tenant *t = &model.tenants[tenant];
    look_at("/v1/tenants/t%d", tenant);
    if (unlike("tenant", here.exchange.status, t->used ? 200 : 404)) return false;
    if (!t->used) return true;
    if (unlike_text("tenant", text_of("state"), tenant_phase_name_of(t->phase))) return false;
    look_at("/v1/tenants/t%d/quota", tenant);
    if (unlike("forms", number_of("forms"), t->forms_max) ||
        unlike("versions", number_of("versions"), t->versions_max))
        return false;
    if (!tokens_look_so(tenant) || !theme_looks_so(tenant)) return false;
    for (int i = 0; i < FORMS; i++) {
        struct place place = place_at(tenant, i);
        if (!form_looks_so(&place, learns)) return false;
    }
    return true;
}

bool all_looks_so(bool learns)
{
    for (int i = 0; i < TENANTS; i++)
        if (!tenant_looks_so(i, learns)) return false;
    return true;
}

void move_look_at_all(void)
{
    if (here.armed) return; /* it is looked at when the disk is well again */
    if (!all_looks_so(false)) differ("what is there", here.unlike, "what was answered until now");
}
