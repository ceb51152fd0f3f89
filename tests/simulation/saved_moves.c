#include "tests/simulation/moves.h"

#include <string.h>

void ask_saved(const char *method, const struct place *place, uint32_t key)
{
    ask(method, "%s/saved/saved-%026u", place->public_path, key);
}

struct str saved_answers_told(void)
{
    const char *found = strstr(here.exchange.answer, "\"answers\":");
    return found ? (struct str){found + 10, strlen(found + 10) - 1} : STR("");
}

void move_saved_put(void)
{
    struct place place = some_open_place();
    struct form *f = place.f;
    struct saved *saved = &f->saved[below(SAVED)];
    uint32_t version = form_aim(f, 0, NOTHING),
             key = saved->used && once_in(2) ? saved->key : ++model.serial;
    static const struct variant none;
    struct answers answers =
        some_answers(is_served(&place, version) ? &f->versions[version - 1].variant : &none);
    char text[256], errors[128] = "", until[40];
    answers_write(&answers, text, sizeof text);
    ask_saved("PUT", &place, key);
    with_body("application/json", "{\"answers\":%s}", text);
    struct verdict want = unless(is_served(&place, version), 404, "not-found");
    if (!want.status)
        answers_judge(&answers, &f->versions[version - 1].variant, false, errors, sizeof errors);
    want = first(want, unless(!errors[0], 422, "validation-failed"));
    want = first(want, unless(f->phase == OPEN || f->phase == CLOSING, 409, "form-closed"));
    if (!comes(first(want, FINE(200)))) {
        if (errors[0] && !here.unsure && want.status == 422) same_errors(&here.json, errors);
        return;
    }
    *saved = (struct saved){true, key, version, answers, here.now_ms + f->saved_seconds * 1000};
    write_told(saved->until_ms, until);
    if (!here.unsure) same_text("expires_at", text_of("expires_at"), until);
}

void move_saved_get(void)
{
    struct place place = some_place();
    const struct saved *saved = &place.f->saved[below(SAVED)];
    char wanted[256];
    if (!saved->key) return;
    ask_saved("GET", &place, saved->key);
    bool there =
        place.t->used && place.t->phase == ACTIVE && saved->used && here.now_ms < saved->until_ms;
    if (!comes(there ? FINE(200) : REFUSED(404, "not-found")) || here.unsure) return;
    answers_write(&saved->answers, wanted, sizeof wanted);
    same_text("answers", saved_answers_told(), wanted);
    same_number("version", number_of("version"), saved->version);
}

void move_saved_delete(void)
{
    struct place place = some_place();
    struct saved *saved = &place.f->saved[below(SAVED)];
    if (!saved->key) return;
    ask_saved("DELETE", &place, saved->key);
    if (comes(place.t->used && place.t->phase == ACTIVE ? FINE(204) : REFUSED(404, "not-found")))
        saved->used = false;
}
