#include "tests/simulation/moves.h"

#include <inttypes.h>

void move_form_create(void)
{
    struct place place = some_place();
    struct caller caller = who(place.tenant, "forms.write");
    ask("POST", "/v1/tenants/t%d/forms", place.tenant);
    with_caller(&caller);
    with_body("application/json", "{\"name\":\"f%d\"}", place.form);
    struct verdict want = model_may(&model, place.tenant, &caller, "forms.write", here.now_ms);
    want = first(want, unless(place.t->used, 404, "not-found"));
    want = first(want, takes_changes(place.t));
    want = first(want, unless(!place.f->used, 409, "form-exists"));
    want = first(want, unless(tenant_forms(place.t) < place.t->forms_max, 403, "forms-quota-reached"));
    if (!comes(first(want, FINE(201)))) return;
    *place.f = (struct form){
        .used = true, .phase_ms = here.now_ms, .grace_seconds = 604800, .saved_seconds = 2592000};
}

void move_form_get(void)
{
    struct place place = some_place();
    struct caller caller = who(place.tenant, "forms.read");
    ask("GET", "%s", place.path);
    with_caller(&caller);
    struct verdict want = model_may(&model, place.tenant, &caller, "forms.read", here.now_ms);
    want = first(want, unless(place.t->used && place.f->used, 404, "not-found"));
    if (!comes(first(want, FINE(200))) || here.unsure) return;
    same_text("state", text_of("state"), phase_name_of(place.f->phase));
    same_number("version", number_of("version"), form_newest(place.f));
}

void move_form_state(void)
{
    struct place place = some_place();
    enum form_phase to = (enum form_phase)below(PHASES);
    if (place.f->phase == OPEN && to == CLOSING && !once_in(4)) return; /* stay open for a while */
    if (place.f->phase != OPEN && !once_in(3))
        for (to = OPEN; to < ARCHIVED && !form_phase_may(place.f->phase, to); to++) continue;
    struct caller caller = who(place.tenant, "forms.publish");
    bool reason = !once_in(10);
    ask("POST", "%s/state", place.path);
    with_caller(&caller);
    if (reason) with_reason();
    with_body("application/json", "{\"to\":\"%s\"}", phase_name_of(to));
    struct verdict want = model_may(&model, place.tenant, &caller, "forms.publish", here.now_ms);
    want = first(want, unless(reason || to < CLOSING, 400, "audit-reason-missing"));
    want = first(want, unless(place.t->used && place.f->used, 404, "not-found"));
    want = first(want, takes_changes(place.t));
    want = first(want, unless(place.f->version_count && form_phase_may(place.f->phase, to), 409,
                              "illegal-transition"));
    if (!comes(first(want, FINE(200)))) return;
    place.f->phase = to;
    place.f->phase_ms = here.now_ms;
}

static struct variant some_variant(const struct form *form)
{
    if (form->version_count && (form->version_count + 1 >= VERSIONS || once_in(5)))
        return form->versions[below(form->version_count)].variant;
    return (struct variant){.serial = ++model.serial,
                            .max = 5 + (int)below(20),
                            .len = 5 + (int)below(20),
                            .required = once_in(2),
                            .has_m = !once_in(4),
                            .once = once_in(4),
                            .invited = once_in(5)};
}

void move_draft_put(void)
{
    struct place place = some_place();
    struct caller caller = who(place.tenant, "forms.write");
    struct variant variant = some_variant(place.f);
    char source[1024], etag[80];
    enum condition condition = (enum condition)below(4);
    if (place.f->has_draft && once_in(2)) condition = THAT_ONE;
    bool stale = once_in(8);
    variant_write(&variant, source, sizeof source);
    variant_etag(stale ? &variant : &place.f->draft, etag);
    stale = stale || !place.f->has_draft;
    if (place.f->has_draft && variant_same(&variant, &place.f->draft)) stale = false;
    /* The same text once more shows in nothing but the revision, which is told to whoever puts it. */
    if (here.armed && place.f->has_draft && variant_same(&variant, &place.f->draft)) return;
    ask("PUT", "%s/draft", place.path);
    with_caller(&caller);
    if (condition == NONE_THERE) with("If-None-Match", "*");
    if (condition == ANY_THERE) with("If-Match", "*");
    if (condition == THAT_ONE) with("If-Match", etag);
    with_body("text/plain; charset=utf-8", "%s", source);
    struct verdict want = model_may(&model, place.tenant, &caller, "forms.write", here.now_ms);
    want = first(want, unless(place.t->used || condition != ANY_THERE, 412, "draft-stale"));
    want = first(want, unless(place.t->used, 404, "not-found"));
    if (condition == ANY_THERE) want = first(want, unless(place.f->has_draft, 412, "draft-stale"));
    want = first(want, takes_changes(place.t));
    bool makes = !place.f->used && condition < ANY_THERE;
    if (!makes) want = first(want, unless(place.f->used, 412, "draft-stale"));
    else
        want =
            first(want, unless(tenant_forms(place.t) < place.t->forms_max, 403, "forms-quota-reached"));
    want = first(want, unless(place.f->phase != ARCHIVED, 409, "form-archived"));
    if (condition == NO_CONDITION)
        want = first(want, unless(!place.f->has_draft, 428, "precondition-required"));
    if (condition == NONE_THERE) want = first(want, unless(!place.f->has_draft, 412, "draft-stale"));
    if (condition == THAT_ONE) want = first(want, unless(!stale, 412, "draft-stale"));
    if (!comes(first(want, FINE(place.f->draft_revision ? 200 : 201)))) return;
    if (makes)
        *place.f = (struct form){
            .used = true, .phase_ms = here.now_ms, .grace_seconds = 604800, .saved_seconds = 2592000};
    place.f->has_draft = true;
    place.f->draft = variant;
    place.f->draft_revision++;
    if (here.unsure) return;
    variant_etag(&variant, etag);
    same_text("etag", text_of("etag"), etag);
    same_number("revision", number_of("revision"), place.f->draft_revision);
}

void move_draft_get(void)
{
    struct place place = some_place();
    struct caller caller = who(place.tenant, "forms.read");
    char source[1024], etag[80];
    bool known = once_in(3);
    variant_etag(&place.f->draft, etag);
    ask("GET", "%s/draft", place.path);
    with_caller(&caller);
    if (known) with("If-None-Match", etag);
    struct verdict want = model_may(&model, place.tenant, &caller, "forms.read", here.now_ms);
    want = first(want, unless(place.t->used && place.f->has_draft, 404, "not-found"));
    if (!comes(first(want, FINE(known ? 304 : 200))) || here.unsure || known) return;
    variant_write(&place.f->draft, source, sizeof source);
    same_text("the draft", (struct str){here.exchange.answer, here.exchange.answer_len}, source);
}

void move_settings_put(void)
{
    struct place place = some_place();
    struct caller caller = who(place.tenant, "forms.write");
    int64_t grace = below(1000000), saved = 60 + below(1000000);
    ask("PUT", "%s/settings", place.path);
    with_caller(&caller);
    with_body("application/json", "{\"grace_seconds\":%" PRId64 ",\"saved_seconds\":%" PRId64 "}",
              grace, saved);
    struct verdict want = model_may(&model, place.tenant, &caller, "forms.write", here.now_ms);
    want = first(want, unless(place.t->used && place.f->used, 404, "not-found"));
    want = first(want, takes_changes(place.t));
    if (!comes(first(want, FINE(200)))) return;
    place.f->grace_seconds = grace;
    place.f->saved_seconds = saved;
}

void move_audit_verify(void)
{
    int tenant = some_tenant();
    bool whole = false;
    struct caller caller = who(tenant, "audit.read");
    ask("POST", "/v1/tenants/t%d/audit:verify", tenant);
    with_caller(&caller);
    struct verdict want = model_may(&model, tenant, &caller, "audit.read", here.now_ms);
    want = first(want, unless(model.tenants[tenant].used, 404, "not-found"));
    if (!comes(first(want, FINE(200))) || here.unsure) return;
    (void)json_get_bool(&here.json, STR("whole"), &whole);
    same_number("whole", whole, true);
}
