#include "tests/simulation/traffic.h"

#include "base/digest.h"
#include "base/json_value.h"
#include "tests/simulation/exchange.h"
#include "tests/simulation/fiber.h"
#include "tests/simulation/machine.h"
#include "tests/simulation/memory_disk.h"
#include "tests/simulation/model.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY_MS INT64_C(86400000)

static struct model model, before; /* before: as it was before the present step */
static struct {
    uint64_t seed, hash;
    struct dice dice;
    struct traffic_counts counts;
    struct exchange exchange;
    char body[2048];
    struct arena arena;
    struct json_value json;    /* the answer, when it is JSON */
    int64_t now_ms, latest_ms; /* on the wall: now, and at most until now */
    bool armed;                /* the disk may fail */
    bool unsure;               /* whether what was asked for was done */
    char unlike[160];          /* what did not look as the model has it, when it was last looked at */
    bool differs, aloud;
} here;

/* ---- dice */

static uint32_t below(uint32_t count)
{
    return dice_below(&here.dice, count);
}

static bool once_in(uint32_t count)
{
    return dice_in(&here.dice, count);
}

/* ---- differences */

static void differ(const char *what, const char *got, const char *wanted)
{
    if (here.differs) return;
    here.differs = true;
    (void)fprintf(stderr, "%s %s: %s: %s, and the model has %s\n", here.exchange.method,
                  here.exchange.target, what, got, wanted);
    if (here.exchange.body)
        (void)fprintf(stderr, "  body    %.*s\n", (int)here.exchange.body_len, here.exchange.body);
    for (uint32_t i = 0; i < here.exchange.header_count; i++)
        (void)fprintf(stderr, "  %s: %s\n", here.exchange.headers[i].name,
                      here.exchange.headers[i].value);
    (void)fprintf(stderr, "  answer  %u %.1500s\n", here.exchange.status,
                  here.exchange.answer ? here.exchange.answer : "");
}

static void same_text(const char *what, struct str got, const char *wanted)
{
    char text[1024];
    if (str_eq(got, str_of(wanted))) return;
    (void)snprintf(text, sizeof text, "%.*s", STR_ARG(got));
    differ(what, text, wanted);
}

static void same_number(const char *what, int64_t got, int64_t wanted)
{
    char first[32], second[32];
    if (got == wanted) return;
    (void)snprintf(first, sizeof first, "%" PRId64, got);
    (void)snprintf(second, sizeof second, "%" PRId64, wanted);
    differ(what, first, second);
}

/* ---- one request */

static void hash_in(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        here.hash = (here.hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
}

static void ask(const char *method, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void ask(const char *method, const char *format, ...)
{
    char target[512];
    va_list more;
    exchange_release(&here.exchange);
    va_start(more, format);
    if (vsnprintf(target, sizeof target, format, more) >= (int)sizeof target) abort();
    va_end(more);
    here.exchange.method = method;
    here.exchange.from = 1 + below(20);
    exchange_target(&here.exchange, "%s", target);
}

static void with(const char *name, const char *value)
{
    exchange_header(&here.exchange, name, "%s", value);
}

static void with_caller(const struct caller *caller)
{
    if (caller->text) exchange_header(&here.exchange, "Authorization", "Bearer %s", caller->text);
}

static void with_body(const char *type, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void with_body(const char *type, const char *format, ...)
{
    va_list more;
    va_start(more, format);
    int len = vsnprintf(here.body, sizeof here.body, format, more);
    va_end(more);
    if (len < 0 || (size_t)len >= sizeof here.body) abort();
    here.exchange.body = here.body;
    here.exchange.body_len = (size_t)len;
    with("Content-Type", type);
}

static void read_json(const struct exchange *exchange)
{
    struct json_error error;
    const char *type = exchange_told(exchange, "Content-Type");
    here.json = (struct json_value){.kind = JSON_NULL};
    arena_reset(&here.arena);
    if (!type || !strstr(type, "json") || strstr(type, "ndjson") || !exchange->answer) return;
    if (json_read(&here.arena, (struct str){exchange->answer, exchange->answer_len}, 64, &here.json,
                  &error) != ST_OK)
        differ("the answer", "no JSON", "JSON");
}

static void told(const struct exchange *exchange)
{
    here.counts.requests++;
    hash_in(exchange->method, strlen(exchange->method));
    hash_in(exchange->target, strlen(exchange->target));
    hash_in((const char *)&exchange->status, sizeof exchange->status);
    if (exchange->answer) hash_in(exchange->answer, exchange->answer_len);
    if (here.aloud)
        (void)fprintf(stderr, "    %s %s %u\n", exchange->method, exchange->target, exchange->status);
}

static void go(void)
{
    exchange_all(&here.exchange, 1);
    told(&here.exchange);
    read_json(&here.exchange);
}

static struct str text_of(const char *member)
{
    struct str text = STR("");
    (void)json_get_str(&here.json, str_of(member), &text);
    return text;
}

static int64_t number_of(const char *member)
{
    int64_t number = NOTHING;
    (void)json_get_int(&here.json, str_of(member), &number);
    return number;
}

static void keep_text(const char *member, char *text, size_t room)
{
    (void)snprintf(text, room, "%.*s", STR_ARG(text_of(member)));
}

/* Sends it. True: it was fine, and the model says so; then what was asked for is done. When the disk
 * has failed meanwhile and the answer is the server's fault nobody knows: then it is taken as done for
 * now. */
static bool comes(struct verdict want)
{
    char wanted[80];
    go();
    const struct exchange *exchange = &here.exchange;
    bool failed = exchange->status >= 500 || exchange->status == 0;
    if (here.armed && failed && (memory_disk_failures() || memory_disk_is_cut())) {
        here.unsure = true;
        return want.status < 400;
    }
    bool same =
        exchange->status == want.status && (!want.code || str_eq(text_of("code"), str_of(want.code)));
    (void)snprintf(wanted, sizeof wanted, "%u %s", want.status, want.code ? want.code : "");
    if (!same) differ("the answer", exchange->answer_len ? "another" : "an empty one", wanted);
    return same && want.status < 400;
}

/* ---- who */

static bool role_may(const struct token *token, const char *scope)
{
    struct caller caller = {token, NOTHING, token->text};
    return model_may(&model, NOTHING, &caller, scope, here.now_ms).status == 0;
}

static struct caller operator_caller(void)
{
    return (struct caller){&model.operator_token, NOTHING, model.operator_token.text};
}

/* Anybody at all. */
static struct caller somebody(void)
{
    int tenant = (int)below(TENANTS);
    const struct token *token = &model.tenants[tenant].tokens[below(TOKENS)];
    if (once_in(5)) return operator_caller();
    if (once_in(4) || !token->used || !token->text[0])
        return (struct caller){NULL, NOTHING, once_in(2) ? NULL : "fmd_reader_nonsense"};
    return (struct caller){token, tenant, token->old[0] && once_in(3) ? token->old : token->text};
}

/* Somebody of the tenant's who may, and will as long as the tenant is there; NULL in `text`: nobody. */
static struct caller surely(int tenant, const char *scope)
{
    for (int i = 0; i < TOKENS; i++) {
        const struct token *token = &model.tenants[tenant].tokens[i];
        if (token->used && token->text[0] && !token->revoked && !token->expires_ms &&
            role_may(token, scope))
            return (struct caller){token, tenant, token->text};
    }
    return (struct caller){NULL, NOTHING, NULL};
}

/* Mostly somebody who may. */
static struct caller who(int tenant, const char *scope)
{
    if (once_in(12)) return somebody();
    if (tenant != NOTHING)
        for (uint32_t i = 0, from = below(TOKENS); i < TOKENS; i++) {
            const struct token *token = &model.tenants[tenant].tokens[(from + i) % TOKENS];
            if (token->used && token->text[0] && token_lives(token, token->text, here.now_ms) &&
                role_may(token, scope))
                return (struct caller){token, tenant, token->text};
        }
    return operator_caller();
}

static int some_tenant(void)
{
    for (int tries = 0; tries < 4; tries++) {
        int tenant = (int)below(TENANTS);
        if (model.tenants[tenant].used && (model.tenants[tenant].phase == ACTIVE || once_in(8)))
            return tenant;
    }
    return (int)below(TENANTS);
}

static int some_form(int tenant)
{
    int form = (int)below(FORMS);
    for (int tries = 0; tries < 3 && !model.tenants[tenant].forms[form].used; tries++)
        form = (int)below(FORMS);
    return form;
}

/* One step's tenant, form, and the target's beginning. */
struct place {
    int tenant, form;
    struct tenant *t;
    struct form *f;
    char path[64], public_path[64];
};

static struct place place_of(int tenant, int form)
{
    struct place place = {.tenant = tenant,
                          .form = form,
                          .t = &model.tenants[tenant],
                          .f = &model.tenants[tenant].forms[form]};
    (void)snprintf(place.path, sizeof place.path, "/v1/tenants/t%d/forms/f%d", tenant, form);
    (void)snprintf(place.public_path, sizeof place.public_path, "/v1/p/t%d/f%d", tenant, form);
    return place;
}

static struct place some_place(void)
{
    int tenant = some_tenant();
    return place_of(tenant, some_form(tenant));
}

/* Mostly one whose form takes something. */
static struct place some_open_place(void)
{
    struct place place = some_place();
    for (int tries = 0; tries < 8; tries++) {
        if (place.t->phase == ACTIVE && place.f->phase == OPEN && place.f->channels[0].revision) break;
        place = some_place();
    }
    return place;
}

/* The first of these that says something. */
static struct verdict first(struct verdict one, struct verdict other)
{
    return one.status ? one : other;
}

static struct verdict unless(bool condition, unsigned status, const char *code)
{
    return condition ? FINE(0) : REFUSED(status, code);
}

static struct verdict takes_changes(const struct tenant *tenant)
{
    if (tenant->phase == SUSPENDED) return REFUSED(403, "tenant-suspended");
    return tenant->phase == SHUT ? REFUSED(403, "tenant-closed") : FINE(0);
}

/* ---- tenants and tokens */

static void tenant_create(void)
{
    int tenant = (int)below(TENANTS);
    struct caller caller = operator_caller();
    if (once_in(6)) caller = somebody();
    ask("POST", "/v1/tenants");
    with_caller(&caller);
    with_body("application/json", "{\"id\":\"t%d\"}", tenant);
    struct verdict want = model_may(&model, NOTHING, &caller, "tenants.manage", here.now_ms);
    want = first(want, unless(!model.tenants[tenant].used, 409, "tenant-exists"));
    if (!comes(first(want, FINE(201)))) return;
    model.tenants[tenant] = (struct tenant){.used = true, .forms_max = 1000, .versions_max = 10000};
}

static void tenant_state(void)
{
    static const char *const names[] = {"active", "suspended", "closed"};
    int tenant = some_tenant();
    struct tenant *t = &model.tenants[tenant];
    enum tenant_phase to = once_in(12)                           ? SHUT
                           : t->phase == SUSPENDED || once_in(3) ? ACTIVE
                                                                 : SUSPENDED;
    struct caller caller = once_in(8) ? somebody() : operator_caller();
    bool reason = !once_in(10);
    ask("POST", "/v1/tenants/t%d/state", tenant);
    with_caller(&caller);
    if (reason) with("Audit-Reason", "the simulation");
    with_body("application/json", "{\"to\":\"%s\"}", names[to]);
    struct verdict want = model_may(&model, tenant, &caller, "tenants.manage", here.now_ms);
    want = first(want, unless(reason, 400, "audit-reason-missing"));
    want = first(want, unless(t->used, 404, "not-found"));
    want = first(want, unless(t->phase != SHUT || to == SHUT, 409, "illegal-transition"));
    if (!comes(first(want, FINE(200)))) return;
    t->phase = to;
}

static void tenant_get(void)
{
    int tenant = some_tenant();
    static const char *const names[] = {"active", "suspended", "closed"};
    struct caller caller = who(tenant, "tenant.read");
    ask("GET", "/v1/tenants/t%d", tenant);
    with_caller(&caller);
    struct verdict want = model_may(&model, tenant, &caller, "tenant.read", here.now_ms);
    want = first(want, unless(model.tenants[tenant].used, 404, "not-found"));
    if (comes(first(want, FINE(200))) && !here.unsure)
        same_text("state", text_of("state"), names[model.tenants[tenant].phase]);
}

static void quota_put(void)
{
    int tenant = some_tenant();
    struct tenant *t = &model.tenants[tenant];
    struct caller caller = once_in(8) ? somebody() : operator_caller();
    int64_t forms = once_in(3) ? 1 + below(FORMS) : 1000, versions = once_in(3) ? 1 + below(20) : 10000;
    ask("PUT", "/v1/tenants/t%d/quota", tenant);
    with_caller(&caller);
    with("Audit-Reason", "the simulation");
    with_body("application/json", "{\"forms\":%" PRId64 ",\"versions\":%" PRId64 "}", forms, versions);
    struct verdict want = model_may(&model, tenant, &caller, "tenants.manage", here.now_ms);
    want = first(want, unless(t->used, 404, "not-found"));
    if (!comes(first(want, FINE(200)))) return;
    if (!here.unsure) same_number("forms", number_of("forms"), forms);
    t->forms_max = forms;
    t->versions_max = versions;
}

static void write_moment(int64_t ms, char text[32])
{
    time_t seconds = ms / 1000;
    struct tm parts;
    (void)gmtime_r(&seconds, &parts);
    (void)strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

/* As answers tell it: with thousandths where there are some. */
static void write_told(int64_t ms, char text[40])
{
    write_moment(ms, text);
    if (ms % 1000) (void)snprintf(text + strlen(text) - 1, 8, ".%03dZ", (int)(ms % 1000));
}

static struct token *room_for_token(struct tenant *tenant)
{
    for (int i = 0; i < TOKENS; i++)
        if (!tenant->tokens[i].used || tenant->tokens[i].revoked) return &tenant->tokens[i];
    return NULL;
}

static bool narrower(const struct caller *caller, uint32_t wanted, enum role role)
{
    uint32_t theirs = wanted ? wanted : role_scopes(role);
    return !caller->token || !caller->token->scopes || !(theirs & ~caller->token->scopes);
}

static void token_create(void)
{
    int tenant = some_tenant();
    struct tenant *t = &model.tenants[tenant];
    struct token *room = room_for_token(t);
    struct caller caller = once_in(8)   ? somebody()
                           : once_in(2) ? who(tenant, "tokens.manage")
                                        : operator_caller();
    enum role role = (enum role)(PUBLISHER + below(3));
    struct token made = {.used = true, .role = role};
    char expires[64] = "", moment[32], scopes[64] = "";
    if (!room || here.armed) return;
    if (once_in(4)) {
        made.expires_ms = (here.now_ms / 1000 + 1 + below(200000)) * 1000;
        write_moment(made.expires_ms, moment);
        (void)snprintf(expires, sizeof expires, ",\"expires_at\":\"%s\"", moment);
    }
    if (role == PUBLISHER && once_in(3)) {
        made.scopes = 1u << scope_number("forms.read") | 1u << scope_number("tokens.manage");
        (void)snprintf(scopes, sizeof scopes, ",\"scopes\":[\"forms.read\",\"tokens.manage\"]");
    }
    ask("POST", "/v1/tenants/t%d/tokens", tenant);
    with_caller(&caller);
    with_body("application/json", "{\"role\":\"%s\"%s%s}", role_name_of(role), expires, scopes);
    struct verdict want = model_may(&model, tenant, &caller, "tokens.manage", here.now_ms);
    if (!want.status) want = unless(narrower(&caller, made.scopes, role), 403, "scope-insufficient");
    want = first(want, unless(t->used, 404, "not-found"));
    if (!comes(first(want, FINE(201)))) return;
    keep_text("id", made.id, sizeof made.id);
    keep_text("token", made.text, sizeof made.text);
    *room = made;
}

static struct token *some_token(struct tenant *tenant)
{
    struct token *token = &tenant->tokens[below(TOKENS)];
    return token->used && token->id[0] ? token : NULL;
}

static void token_rotate(void)
{
    int tenant = some_tenant();
    struct token *token = some_token(&model.tenants[tenant]);
    struct caller caller = once_in(8) ? somebody() : operator_caller();
    int64_t grace = once_in(3) ? 0 : 60 + below(100000);
    if (!token || here.armed) return;
    ask("POST", "/v1/tenants/t%d/tokens/%s/rotate", tenant, token->id);
    with_caller(&caller);
    with_body("application/json", "{\"grace_seconds\":%" PRId64 "}", grace);
    struct verdict want = model_may(&model, tenant, &caller, "tokens.manage", here.now_ms);
    if (!want.status)
        want = unless(narrower(&caller, token->scopes, token->role), 403, "scope-insufficient");
    bool over = token->revoked || (token->expires_ms && token->expires_ms <= here.now_ms);
    want = first(want, unless(!over, 409, "token-over"));
    if (!comes(first(want, FINE(200)))) return;
    memcpy(token->old, token->text, sizeof token->old);
    token->old_until_ms = here.now_ms + grace * 1000;
    keep_text("token", token->text, sizeof token->text);
}

static void token_revoke(void)
{
    int tenant = some_tenant();
    struct token *token = some_token(&model.tenants[tenant]);
    struct caller caller = once_in(8) ? somebody() : operator_caller();
    if (!token || here.armed) return;
    ask("DELETE", "/v1/tenants/t%d/tokens/%s", tenant, token->id);
    with_caller(&caller);
    with("Audit-Reason", "the simulation");
    struct verdict want = model_may(&model, tenant, &caller, "tokens.manage", here.now_ms);
    if (!comes(first(want, FINE(204)))) return;
    token->revoked = true;
}

static void token_me(void)
{
    struct caller caller = somebody();
    ask("GET", "/v1/me");
    with_caller(&caller);
    struct verdict want = model_may(&model, NOTHING, &caller, "tenant.read", here.now_ms);
    if (want.status != 401) want = FINE(200); /* any token */
    if (comes(want) && !here.unsure)
        same_text("role", text_of("role"), role_name_of(caller.token->role));
}

/* ---- forms */

/* If-None-Match: *, If-Match: *, If-Match with a tag. */
enum condition { NO_CONDITION, NONE_THERE, ANY_THERE, THAT_ONE };

static void form_create(void)
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

/* As it is told. */
static int64_t newest_of(const struct form *form)
{
    return form->version_count ? (int64_t)form->version_count : NOTHING;
}

static void form_get(void)
{
    struct place place = some_place();
    struct caller caller = who(place.tenant, "forms.read");
    ask("GET", "%s", place.path);
    with_caller(&caller);
    struct verdict want = model_may(&model, place.tenant, &caller, "forms.read", here.now_ms);
    want = first(want, unless(place.t->used && place.f->used, 404, "not-found"));
    if (!comes(first(want, FINE(200))) || here.unsure) return;
    same_text("state", text_of("state"), phase_name_of(place.f->phase));
    same_number("version", number_of("version"), newest_of(place.f));
}

static void form_state(void)
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
    if (reason) with("Audit-Reason", "the simulation");
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

static void etag_of(const struct variant *variant, char etag[80])
{
    char source[1024], hex[DIGEST_HEX_BYTES];
    variant_write(variant, source, sizeof source);
    struct digest digest = digest_of(str_of(source));
    digest_hex(&digest, hex);
    (void)snprintf(etag, 80, "\"sha256-%s\"", hex);
}

static bool same_variant(const struct variant *one, const struct variant *other)
{
    char first_text[1024], second_text[1024];
    variant_write(one, first_text, sizeof first_text);
    variant_write(other, second_text, sizeof second_text);
    return strcmp(first_text, second_text) == 0;
}

static uint32_t number_of_variant(const struct form *form, const struct variant *variant)
{
    for (uint32_t i = 0; i < form->version_count; i++)
        if (same_variant(&form->versions[i].variant, variant)) return i + 1;
    return 0;
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
                            .once = once_in(4)};
}

static void draft_put(void)
{
    struct place place = some_place();
    struct caller caller = who(place.tenant, "forms.write");
    struct variant variant = some_variant(place.f);
    char source[1024], etag[80];
    enum condition condition = (enum condition)below(4);
    if (place.f->has_draft && once_in(2)) condition = THAT_ONE;
    bool stale = once_in(8);
    variant_write(&variant, source, sizeof source);
    etag_of(stale ? &variant : &place.f->draft, etag);
    stale = stale || !place.f->has_draft;
    if (place.f->has_draft && same_variant(&variant, &place.f->draft)) stale = false;
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
    etag_of(&variant, etag);
    same_text("etag", text_of("etag"), etag);
    same_number("revision", number_of("revision"), place.f->draft_revision);
}

static void draft_get(void)
{
    struct place place = some_place();
    struct caller caller = who(place.tenant, "forms.read");
    char source[1024], etag[80];
    bool known = once_in(3);
    etag_of(&place.f->draft, etag);
    ask("GET", "%s/draft", place.path);
    with_caller(&caller);
    if (known) with("If-None-Match", etag);
    struct verdict want = model_may(&model, place.tenant, &caller, "forms.read", here.now_ms);
    want = first(want, unless(place.t->used && place.f->has_draft, 404, "not-found"));
    if (!comes(first(want, FINE(known ? 304 : 200))) || here.unsure || known) return;
    variant_write(&place.f->draft, source, sizeof source);
    same_text("the draft", (struct str){here.exchange.answer, here.exchange.answer_len}, source);
}

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

static void publish(void)
{
    struct place place = some_place();
    struct form *f = place.f;
    struct caller caller = who(place.tenant, "forms.publish");
    int channel = once_in(2) ? 0 : (int)below(CHANNELS + 1); /* the last: none */
    bool none = channel == CHANNELS, forced = once_in(3);
    uint32_t number = f->has_draft ? number_of_variant(f, &f->draft) : 0;
    if (!number && f->version_count == VERSIONS) return;
    ask("POST", "%s/versions?channel=%s&allow_breaking=%s", place.path,
        none ? "none" : channel_name_of(channel), forced ? "true" : "false");
    with_caller(&caller);
    if (forced) with("Audit-Reason", "the simulation");
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

static void version_get(void)
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

static void version_retire(void)
{
    struct place place = some_place();
    struct form *f = place.f;
    struct caller caller = who(place.tenant, "forms.publish");
    uint32_t number = 1 + below(f->version_count + 1);
    int64_t grace = once_in(2) ? 0 : once_in(2) ? NOTHING : (int64_t)below(100000);
    ask("POST", "%s/versions/%u/state", place.path, number);
    with_caller(&caller);
    with("Audit-Reason", "the simulation");
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

static void channel_put(void)
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

static void settings_put(void)
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

static void live_get(void)
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

/* ---- submissions */

static struct answers some_answers(const struct variant *variant)
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
    for (int i = 0; i < SUBMISSIONS; i++) {
        struct submission *submission = &form->submissions[i];
        if (submission->presence == GONE) return submission;
        if (submission->presence == ERASED && (!erased || submission->order < erased->order))
            erased = submission;
    }
    return erased;
}

/* The text of an envelope, the same whenever it is asked for. */
static void write_envelope(const struct submission *submission)
{
    char answers[256], version[32] = "", meta[64] = "";
    answers_write(&submission->answers, answers, sizeof answers);
    if (submission->names_version)
        (void)snprintf(version, sizeof version, ",\"version\":%u", submission->version);
    if (submission->saved)
        (void)snprintf(meta, sizeof meta, ",\"meta\":{\"saved\":\"saved-%026u\"}", submission->saved);
    with_body("application/json", "{\"answers\":%s%s%s}", answers, version, meta);
}

static bool claimed(const struct form *form, const struct submission *wish)
{
    if (wish->answers.c == NOTHING || !form->versions[wish->version - 1].variant.once) return false;
    for (int i = 0; i < SUBMISSIONS; i++) {
        const struct submission *there = &form->submissions[i];
        if (there->presence == PRESENT && form->versions[there->version - 1].variant.once &&
            there->answers.c == wish->answers.c)
            return true;
    }
    return false;
}

static bool same_body(const struct submission *one, const struct submission *other)
{
    return memcmp(&one->answers, &other->answers, sizeof one->answers) == 0 &&
           one->names_version == other->names_version &&
           (!one->names_version || one->version == other->version) && one->saved == other->saved;
}

static bool is_served(const struct place *place, uint32_t version)
{
    return place->t->used && place->t->phase == ACTIVE && place->f->used &&
           place->f->phase != ARCHIVED && version && version <= place->f->version_count;
}

/* With an answer to the key that was used before. */
static struct verdict look_back(const struct submission *earlier, const struct submission *wish,
                                struct verdict otherwise)
{
    if (!earlier) return otherwise;
    if (earlier->presence == ERASED) return REFUSED(410, "submission-erased");
    return same_body(earlier, wish) ? FINE(200) : REFUSED(409, "idempotency-key-reused");
}

static struct verdict judge(const struct place *place, const struct submission *wish, char *errors,
                            size_t room)
{
    errors[0] = '\0';
    if (!is_served(place, wish->version)) return REFUSED(404, "not-found");
    const struct version *version = &place->f->versions[wish->version - 1];
    const struct submission *earlier = form_by_key(place->f, wish->key);
    answers_judge(&wish->answers, &version->variant, true, errors, room);
    if (errors[0]) return look_back(earlier, wish, REFUSED(422, "validation-failed"));
    if (place->f->phase != OPEN) return look_back(earlier, wish, REFUSED(409, "form-closed"));
    if (version->retired && here.now_ms >= version->until_ms)
        return look_back(earlier, wish, REFUSED(409, "version-retired"));
    if (earlier) return look_back(earlier, wish, FINE(201));
    return claimed(place->f, wish) ? REFUSED(409, "duplicate-submission") : FINE(201);
}

static void same_errors(const struct json_value *of, const char *wanted)
{
    char got[512] = "";
    const struct json_value *errors = json_get(of, STR("errors"));
    if (!errors || errors->kind != JSON_ARRAY) {
        differ("errors", "none", wanted);
        return;
    }
    for (uint32_t i = 0; i < errors->count; i++) {
        struct str pointer = STR("?"), code = STR("?");
        (void)json_get_str(&errors->items[i], STR("pointer"), &pointer);
        (void)json_get_str(&errors->items[i], STR("code"), &code);
        size_t len = strlen(got);
        (void)snprintf(got + len, sizeof got - len, " %.*s:%.*s", STR_ARG(pointer), STR_ARG(code));
    }
    same_text("errors", str_of(got), wanted);
}

static struct saved *find_saved(struct form *form, uint32_t key)
{
    for (int i = 0; i < SAVED; i++)
        if (form->saved[i].used && form->saved[i].key == key) return &form->saved[i];
    return NULL;
}

static void stored(const struct place *place, struct submission *room, const struct submission *wish)
{
    struct saved *saved = wish->saved ? find_saved(place->f, wish->saved) : NULL;
    *room = *wish;
    room->presence = PRESENT;
    room->order = ++model.serial;
    room->received_ms = here.now_ms;
    keep_text("id", room->id, sizeof room->id);
    keep_text("receipt", room->receipt, sizeof room->receipt);
    if (saved) saved->used = false;
    here.counts.stored++;
}

static struct submission *some_submission(struct form *form, bool erased)
{
    for (uint32_t i = 0, from = below(SUBMISSIONS); i < SUBMISSIONS; i++) {
        struct submission *submission = &form->submissions[(from + i) % SUBMISSIONS];
        if (!submission->id[0]) continue; /* nobody was told */
        if (submission->presence == PRESENT || (erased && submission->presence == ERASED))
            return submission;
    }
    return NULL;
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

/* A new one, or one that was sent before, perhaps with another body. */
static void submit(void)
{
    struct place place = some_open_place();
    struct form *f = place.f;
    struct submission *earlier = once_in(4) ? some_submission(f, true) : NULL,
                      *room = room_for_submission(f), wish = {.key = 0};
    int channel = once_in(5) ? (int)below(CHANNELS) : 0,
        bucket = once_in(4) ? (int)below(100) : NOTHING;
    char errors[128];
    bool again = earlier && !once_in(4);
    if (earlier) wish = *earlier;
    else wish.key = ++model.serial;
    if (!again) {
        wish.names_version = once_in(3);
        wish.saved = once_in(4) ? f->saved[below(SAVED)].key : 0;
    }
    if (!wish.names_version) wish.version = form_aim(f, channel, bucket);
    else if (!again) wish.version = 1 + below(f->version_count + 1);
    static const struct variant none;
    if (!again)
        wish.answers = some_answers(
            is_served(&place, wish.version) ? &f->versions[wish.version - 1].variant : &none);
    if (!room) return;
    ask_submit(&place, &wish, channel, bucket);
    struct verdict want = judge(&place, &wish, errors, sizeof errors);
    if (want.status == 422) {
        (void)comes(want);
        if (!here.unsure) same_errors(&here.json, errors);
        return;
    }
    if (!comes(want)) return;
    if (want.status == 201) stored(&place, room, &wish);
    else if (!here.unsure) same_text("id", text_of("id"), form_by_key(f, wish.key)->id);
}

/* The same from several at the same time: one is stored, and all are told of that one. */
static void storm(void)
{
    enum { STORM = 6 };
    struct place place = some_open_place();
    struct submission *room = room_for_submission(place.f),
                      wish = {.key = ++model.serial, .version = form_aim(place.f, 0, NOTHING)};
    static const struct variant none;
    struct exchange storm[STORM];
    char errors[128], bodies[STORM][2048];
    uint32_t made = 0;
    if (!room || here.armed) return;
    wish.answers = some_answers(
        is_served(&place, wish.version) ? &place.f->versions[wish.version - 1].variant : &none);
    struct verdict want = judge(&place, &wish, errors, sizeof errors);
    for (int i = 0; i < STORM; i++) {
        ask_submit(&place, &wish, 0, NOTHING);
        memcpy(bodies[i], here.body, sizeof here.body);
        storm[i] = here.exchange;
        storm[i].body = bodies[i];
        here.exchange = (struct exchange){.method = NULL};
    }
    exchange_all(storm, STORM);
    for (int i = 0; i < STORM; i++) {
        told(&storm[i]);
        made += storm[i].status == 201;
        if (storm[i].status != want.status && !(want.status == 201 && storm[i].status == 200)) {
            here.exchange = storm[i];
            storm[i] = (struct exchange){.method = NULL};
            differ("one of several at the same time", "another", want.code ? want.code : "stored");
        }
    }
    if (want.status == 201) same_number("stored of several at the same time", made, 1);
    for (int i = 0; i < STORM && want.status == 201; i++) {
        read_json(&storm[i]);
        if (i == 0) stored(&place, room, &wish);
        else same_text("id of several at the same time", text_of("id"), room->id);
    }
    for (int i = 0; i < STORM; i++) exchange_release(&storm[i]);
}

static void evaluate(void)
{
    struct place place = some_open_place();
    struct submission wish = {.version = form_aim(place.f, 0, NOTHING)};
    static const struct variant none;
    char errors[128], answers[256];
    bool served = is_served(&place, wish.version);
    wish.answers = some_answers(served ? &place.f->versions[wish.version - 1].variant : &none);
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

static void same_answers(const struct json_value *submission, const struct answers *answers,
                         const struct variant *variant)
{
    static const char *const names[] = {"n", "m", "twice"};
    int wanted[] = {answers->n, variant->has_m ? answers->m : NOTHING,
                    answers->n == NOTHING ? NOTHING : 2 * answers->n};
    const struct json_value *got = json_get(submission, STR("answers"));
    for (int i = 0; i < 3; i++) {
        int64_t number = NOTHING;
        (void)json_get_int(got, str_of(names[i]), &number);
        same_number(names[i], number, wanted[i]);
    }
    struct str t = STR(""), c = STR("");
    char code[16] = "";
    if (answers->c != NOTHING) (void)snprintf(code, sizeof code, "c%d", answers->c);
    (void)json_get_str(got, STR("t"), &t);
    (void)json_get_str(got, STR("c"), &c);
    same_number("t", (int64_t)t.len, answers->t == NOTHING ? 0 : answers->t);
    same_text("c", c, code);
}

static void submission_get(void)
{
    struct place place = some_open_place();
    struct submission *submission = some_submission(place.f, true);
    struct caller caller = who(place.tenant, "submissions.read");
    ask("GET", "%s/submissions/%s?as=submitted", place.path, submission ? submission->id : "sub_none");
    with_caller(&caller);
    struct verdict want = model_may(&model, place.tenant, &caller, "submissions.read", here.now_ms);
    want = first(want, unless(place.t->used && place.f->used && submission, 404, "not-found"));
    if (!want.status) want = unless(submission->presence == PRESENT, 410, "submission-erased");
    if (!comes(first(want, FINE(200))) || here.unsure) return;
    same_number("version", number_of("version"), submission->version);
    same_answers(&here.json, &submission->answers, &place.f->versions[submission->version - 1].variant);
}

static void receipt_get(void)
{
    struct place place = some_place();
    struct submission *submission = some_submission(place.f, true);
    if (!submission || !submission->receipt[0]) return;
    ask("GET", "%s", submission->receipt);
    struct verdict want = unless(place.t->phase == ACTIVE, 404, "not-found");
    want = first(want, unless(submission->presence == PRESENT, 410, "submission-erased"));
    if (comes(first(want, FINE(200))) && !here.unsure) same_text("id", text_of("id"), submission->id);
}

static void submission_erase(void)
{
    struct place place = some_place();
    struct submission *submission = some_submission(place.f, true);
    struct caller caller = who(place.tenant, "submissions.erase");
    bool reason = !once_in(10);
    if (form_present(place.f) < SUBMISSIONS / 2 && once_in(2)) return;
    ask("DELETE", "%s/submissions/%s", place.path, submission ? submission->id : "sub_none");
    with_caller(&caller);
    if (reason) with("Audit-Reason", "the simulation");
    struct verdict want = model_may(&model, place.tenant, &caller, "submissions.erase", here.now_ms);
    want = first(want, unless(reason, 400, "audit-reason-missing"));
    want = first(want, unless(place.t->used, 404, "not-found"));
    want = first(want, takes_changes(place.t));
    want = first(want, unless(place.f->used && submission, 404, "not-found"));
    if (comes(first(want, FINE(204)))) submission->presence = ERASED;
}

/* ---- lists */

struct wanted {
    const struct submission *items[SUBMISSIONS];
    uint32_t count;
};

static int older(const void *one, const void *other)
{
    const struct submission *a = *(const struct submission *const *)one,
                            *b = *(const struct submission *const *)other;
    if (a->received_ms != b->received_ms) return a->received_ms < b->received_ms ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* What is there, oldest first: of a version (0: any) and with an n of at least that (NOTHING: any). */
static struct wanted present_in(const struct form *form, uint32_t version, int least)
{
    struct wanted wanted = {.count = 0};
    for (int i = 0; i < SUBMISSIONS; i++) {
        const struct submission *submission = &form->submissions[i];
        bool fits = submission->presence == PRESENT && (!version || submission->version == version) &&
                    (least == NOTHING || submission->answers.n >= least);
        if (fits) wanted.items[wanted.count++] = submission;
    }
    qsort(wanted.items, wanted.count, sizeof wanted.items[0], older);
    return wanted;
}

static void copy_cursor(char cursor[512])
{
    (void)snprintf(cursor, 512, "%.*s", STR_ARG(text_of("next_cursor")));
}

/* All pages of it. */
static void submissions_list(void)
{
    struct place place = some_open_place();
    struct caller caller = who(place.tenant, "submissions.read");
    bool newest = once_in(2);
    uint32_t version = once_in(3) ? 1 + below(place.f->version_count + 1) : 0, limit = 1 + below(100),
             seen = 0;
    int least = once_in(3) && place.f->version_count ? (int)below(10) : NOTHING;
    char query[128] = "", cursor[512] = "";
    struct wanted wanted = present_in(place.f, version, least);
    struct verdict want = model_may(&model, place.tenant, &caller, "submissions.read", here.now_ms);
    want = first(want, unless(place.t->used && place.f->used, 404, "not-found"));
    if (version > place.f->version_count && least != NOTHING) return;
    if (version) (void)snprintf(query, sizeof query, "&version=%u", version);
    if (least != NOTHING)
        (void)snprintf(query + strlen(query), sizeof query - strlen(query), "&filter[n][gte]=%d",
                       least);
    do {
        ask("GET", "%s/submissions?limit=%u&order=%s%s%s%s", place.path, limit,
            newest ? "newest" : "oldest", query, cursor[0] ? "&cursor=" : "", cursor);
        with_caller(&caller);
        if (!comes(first(want, FINE(200))) || here.unsure) return;
        const struct json_value *items = json_get(&here.json, STR("items"));
        for (uint32_t i = 0; items && i < items->count && !here.differs; i++, seen++) {
            struct str id = STR("");
            (void)json_get_str(&items->items[i], STR("id"), &id);
            if (seen >= wanted.count) same_number("listed", seen + 1, wanted.count);
            else same_text("listed", id, wanted.items[newest ? wanted.count - 1 - seen : seen]->id);
        }
        copy_cursor(cursor);
    } while (cursor[0] && !here.differs);
    same_number("listed", seen, wanted.count);
}

static void submissions_export(void)
{
    struct place place = some_place();
    struct caller caller = who(place.tenant, "submissions.export");
    struct wanted wanted = present_in(place.f, 0, NOTHING);
    uint32_t lines = 0;
    ask("GET", "%s/submissions:export", place.path);
    with_caller(&caller);
    struct verdict want = model_may(&model, place.tenant, &caller, "submissions.export", here.now_ms);
    want = first(want, unless(place.t->used && place.f->used, 404, "not-found"));
    if (!comes(first(want, FINE(200))) || here.unsure) return;
    for (size_t i = 0; i < here.exchange.answer_len; i++) lines += here.exchange.answer[i] == '\n';
    same_number("exported", lines, wanted.count);
    for (uint32_t i = 0; i < wanted.count && !here.differs; i++)
        if (!strstr(here.exchange.answer, wanted.items[i]->id))
            differ("exported", "not there", wanted.items[i]->id);
}

static void stats_get(void)
{
    struct place place = some_place();
    struct caller caller = who(place.tenant, "submissions.read");
    ask("GET", "%s/stats", place.path);
    with_caller(&caller);
    struct verdict want = model_may(&model, place.tenant, &caller, "submissions.read", here.now_ms);
    want = first(want, unless(place.t->used && place.f->used, 404, "not-found"));
    if (!comes(first(want, FINE(200))) || here.unsure) return;
    same_number("submissions", number_of("submissions"), form_present(place.f));
}

static void audit_verify(void)
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

/* ---- saved answers */

static void ask_saved(const char *method, const struct place *place, uint32_t key)
{
    ask(method, "%s/saved/saved-%026u", place->public_path, key);
}

static void saved_put(void)
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

static void saved_get(void)
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
    const char *found = strstr(here.exchange.answer, "\"answers\":");
    same_text("answers", found ? (struct str){found + 10, strlen(found + 10) - 1} : STR(""), wanted);
    same_number("version", number_of("version"), saved->version);
}

static void saved_delete(void)
{
    struct place place = some_place();
    struct saved *saved = &place.f->saved[below(SAVED)];
    if (!saved->key) return;
    ask_saved("DELETE", &place, saved->key);
    if (comes(place.t->used && place.t->phase == ACTIVE ? FINE(204) : REFUSED(404, "not-found")))
        saved->used = false;
}

/* ---- migrations */

/* Those of one version that go to another, and how many fit there. `anew`: those that were tried before
 * are passed over. */
static struct wanted travellers(const struct form *form, uint32_t from, uint32_t to, bool anew,
                                uint32_t *ret_fit)
{
    struct wanted all = present_in(form, from, NOTHING), wanted = {.count = 0};
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

static void migrate(void)
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

/* ---- what all of it looks like */

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

/* False: here.unlike says where it does not look like the model. Ids that nobody was told are learnt.
 */
static bool form_looks_so(const struct place *place, bool learns)
{
    struct caller caller = {NULL, place->tenant, NULL};
    char cursor[512] = "";
    uint32_t seen = 0;
    struct wanted wanted = present_in(place->f, 0, NOTHING);
    for (int i = 0; i < TOKENS; i++) {
        const struct token *token = &place->t->tokens[i];
        if (token->used && token->role == READER && token->text[0] && place->t->phase != SHUT &&
            token_lives(token, token->text, here.now_ms))
            caller = (struct caller){token, place->tenant, token->text};
    }
    struct caller head = operator_caller();
    ask("GET", "%s", place->path);
    with_caller(&head);
    go();
    if (unlike("form", here.exchange.status, place->f->used ? 200 : 404)) return false;
    if (!place->f->used) return true;
    char etag[80] = "";
    struct str got = STR("");
    if (place->f->has_draft) etag_of(&place->f->draft, etag);
    (void)json_get_str(json_get(&here.json, STR("draft")), STR("etag"), &got);
    if (unlike_text("draft", got, etag) ||
        unlike_text("state", text_of("state"), phase_name_of(place->f->phase)) ||
        unlike("newest version", number_of("version"), newest_of(place->f)) ||
        unlike("submissions", number_of("submissions"), wanted.count))
        return false;
    for (int i = 0; i < CHANNELS; i++) {
        ask("GET", "%s/channels/%s", place->path, channel_name_of(i));
        with_caller(&head);
        go();
        const struct channel *channel = &place->f->channels[i];
        if (unlike("channel", here.exchange.status, channel->revision ? 200 : 404)) return false;
        if (channel->revision && (unlike("revision", number_of("revision"), channel->revision) ||
                                  unlike("version", number_of("version"), channel->version)))
            return false;
    }
    for (uint32_t i = 1; i <= place->f->version_count; i++) {
        ask("GET", "%s/versions/%u", place->path, i);
        with_caller(&head);
        go();
        if (unlike_text("version", text_of("state"),
                        place->f->versions[i - 1].retired ? "retired" : "published"))
            return false;
    }
    ask("GET", "%s/settings", place->path);
    with_caller(&head);
    go();
    if (unlike("grace", number_of("grace_seconds"), place->f->grace_seconds) ||
        unlike("saved", number_of("saved_seconds"), place->f->saved_seconds))
        return false;
    for (int i = 0; i < SAVED; i++) {
        const struct saved *saved = &place->f->saved[i];
        if (!saved->key || place->t->phase != ACTIVE) continue;
        ask_saved("GET", place, saved->key);
        go();
        bool there = saved->used && here.now_ms < saved->until_ms;
        if (unlike("saved answers", here.exchange.status, there ? 200 : 404)) return false;
    }
    do {
        if (!caller.text) return true; /* nobody may look at them */
        ask("GET", "%s/submissions?limit=100%s%s", place->path, cursor[0] ? "&cursor=" : "", cursor);
        with_caller(&caller);
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
        copy_cursor(cursor);
    } while (cursor[0]);
    return !unlike("listed", seen, wanted.count);
}

static bool tenant_looks_so(int tenant, bool learns)
{
    static const char *const names[] = {"active", "suspended", "closed"};
    struct tenant *t = &model.tenants[tenant];
    struct caller head = operator_caller();
    ask("GET", "/v1/tenants/t%d", tenant);
    with_caller(&head);
    go();
    if (unlike("tenant", here.exchange.status, t->used ? 200 : 404)) return false;
    if (!t->used) return true;
    if (unlike_text("tenant", text_of("state"), names[t->phase])) return false;
    ask("GET", "/v1/tenants/t%d/quota", tenant);
    with_caller(&head);
    go();
    if (unlike("forms", number_of("forms"), t->forms_max) ||
        unlike("versions", number_of("versions"), t->versions_max))
        return false;
    for (int i = 0; i < FORMS; i++) {
        struct place place = place_of(tenant, i);
        if (!form_looks_so(&place, learns)) return false;
    }
    return true;
}

static bool all_looks_so(bool learns)
{
    for (int i = 0; i < TENANTS; i++)
        if (!tenant_looks_so(i, learns)) return false;
    return true;
}

static void look_at_all(void)
{
    if (here.armed) return; /* it is looked at when the disk is well again */
    if (!all_looks_so(false)) differ("what is there", here.unlike, "what was answered until now");
}

/* ---- time and the world */

/* Somebody sets the clock, forwards or back. Rates are of the steady clock; what is over by the wall is
 * over by it, and there again when it is set back, but for what was taken away meanwhile. */
static void jump(void)
{
    int64_t by_ms = ((int64_t)below(20) - 8) * (once_in(2) ? DAY_MS : 3600000) + below(1000);
    int64_t to_ms = here.now_ms + by_ms, least_ms = INT64_C(1768471200000) - 10 * DAY_MS;
    if (to_ms < least_ms) to_ms = least_ms;
    fiber_set_wall(to_ms * 1000);
    here.counts.jumps++;
}

static void forget_what_is_over(void)
{
    for (int i = 0; i < TENANTS; i++)
        for (int j = 0; j < FORMS; j++)
            for (int k = 0; k < SAVED; k++) {
                struct saved *saved = &model.tenants[i].forms[j].saved[k];
                if (saved->until_ms <= here.latest_ms) *saved = (struct saved){.used = false};
            }
}

static void look_at_clock(void)
{
    here.now_ms = fiber_wall_us() / 1000;
    if (here.now_ms > here.latest_ms) here.latest_ms = here.now_ms;
    forget_what_is_over();
}

/* The form keeps submissions for so many days, the server looks for what is too old, and the form keeps
 * all of them again. */
static void retention(void)
{
    struct place place = some_place();
    struct caller caller = surely(place.tenant, "forms.write"),
                  reader = surely(place.tenant, "submissions.read");
    int64_t days = 1 + below(10);
    if (here.armed || !place.t->used || !place.f->used || place.t->phase != ACTIVE) return;
    if (!caller.text || !reader.text) return;
    for (int i = 0; i < 2; i++) {
        ask("PUT", "%s/settings", place.path);
        with_caller(&caller);
        with("Audit-Reason", "the simulation");
        with_body("application/json", "{\"retention_days\":%" PRId64 "}", i ? 0 : days);
        struct verdict want = model_may(&model, place.tenant, &caller, "forms.write", here.now_ms);
        if (!comes(first(want, FINE(200)))) return;
        if (i) break;
        fiber_pass(
            7300 *
            FIBER_SECOND_NS); /* it looks every hour, and lets one pass after the clock was set */
        look_at_clock();
    }
    for (int i = 0; i < SUBMISSIONS; i++) {
        struct submission *submission = &place.f->submissions[i];
        if (submission->presence != PRESENT || !submission->id[0]) continue;
        int64_t age_ms = here.now_ms - submission->received_ms;
        bool over = age_ms > days * DAY_MS;
        if (age_ms > days * DAY_MS - 7400000 && age_ms < days * DAY_MS + 7400000) {
            /* On the edge it may be so or so. */
            ask("GET", "%s/submissions/%s", place.path, submission->id);
            with_caller(&reader);
            go();
            over = here.exchange.status == 410;
            if (!over && here.exchange.status != 200)
                differ("what may be too old", "another", "200 or 410");
        }
        if (over) submission->presence = ERASED;
    }
}

static void restart(void)
{
    if (!memory_disk_is_cut()) (void)memory_disk_heal();
    machine_restart();
    here.counts.restarts++;
}

/* What an operator does when the disk is well again. */
static void recover(void)
{
    struct caller head = operator_caller();
    if (memory_disk_is_cut()) here.counts.cuts++;
    if (memory_disk_is_cut() || once_in(2)) restart();
    (void)memory_disk_heal();
    enum status st = machine_recover();
    if (st) differ("the system's file", status_name(st), "well");
    for (int i = 0; i < TENANTS; i++) {
        if (!model.tenants[i].used && !before.tenants[i].used) continue;
        ask("POST", "/v1/tenants/t%d/recover", i);
        with_caller(&head);
        with("Audit-Reason", "the disk is well again");
        go();
        bool may_be_absent = here.unsure && model.tenants[i].used != before.tenants[i].used &&
                             here.exchange.status == 404;
        if (here.exchange.status != 200 && !may_be_absent) differ("recovering", "another", "200");
    }
}

/* What nobody was told: it was done as a whole, or not at all. */
static void make_sure(void)
{
    here.counts.unsure++;
    here.unsure = false;
    if (all_looks_so(true)) return;
    struct model after = model;
    model = before;
    if (all_looks_so(true)) return;
    model = after;
    differ("after the disk failed, neither as before nor as after", here.unlike, "one of both");
}

static void arm(void)
{
    if (here.armed) return;
    here.armed = true;
    if (once_in(2)) {
        memory_disk_cut_after(1 + below(once_in(2) ? 20 : 400));
    } else {
        here.counts.faults++;
        memory_disk_fail_after(below(once_in(2) ? 20 : 400), once_in(2), once_in(3));
    }
}

/* ---- the dice decide */

static const struct {
    uint32_t weight;
    void (*step)(void);
} steps[] = {{8, tenant_create},
             {3, tenant_state},
             {5, tenant_get},
             {4, quota_put},
             {10, token_create},
             {6, token_rotate},
             {4, token_revoke},
             {6, token_me},
             {10, form_create},
             {20, form_get},
             {30, form_state},
             {50, draft_put},
             {20, draft_get},
             {50, publish},
             {15, version_get},
             {12, version_retire},
             {30, channel_put},
             {8, settings_put},
             {60, live_get},
             {350, submit},
             {12, storm},
             {40, evaluate},
             {60, submission_get},
             {25, receipt_get},
             {40, submission_erase},
             {20, submissions_list},
             {8, submissions_export},
             {8, stats_get},
             {6, audit_verify},
             {30, saved_put},
             {25, saved_get},
             {10, saved_delete},
             {12, migrate},
             {1, look_at_all},
             {4, jump},
             {1, retention},
             {1, restart},
             {4, arm}};

/* So that there is something to do with. */
static void begin(uint32_t number)
{
    static void (*const first_steps[])(void) = {tenant_create, token_create, token_create,
                                                token_create,  draft_put,    publish};
    first_steps[number / 8](); /* a good deal of it for others than were meant */
}

static void take_step(uint32_t number)
{
    uint32_t sum = 0, dice;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) sum += steps[i].weight;
    dice = below(sum);
    if (number < 48) {
        begin(number);
        return;
    }
    size_t i = 0;
    for (; dice >= steps[i].weight; i++) dice -= steps[i].weight;
    steps[i].step();
}

static void pass_time(void)
{
    int64_t ms = once_in(100) ? below(5000) : below(20);
    fiber_pass(ms * 1000000 + below(1000000));
    look_at_clock();
}

bool traffic_step(uint32_t number)
{
    dice_init(&here.dice, here.seed * UINT64_C(0x2545f4914f6cdd1d) + number);
    pass_time();
    if (here.armed) before = model;
    take_step(number);
    if (here.armed && (memory_disk_is_cut() || memory_disk_failures() || here.unsure)) {
        recover();
        look_at_clock();
        if (here.unsure && !here.differs) make_sure();
        else if (!here.differs && !all_looks_so(false))
            differ("after the disk failed", here.unlike, "what was answered until now");
        here.armed = false;
    }
    return !here.differs;
}

void traffic_begin(uint64_t seed)
{
    memset(&model, 0, sizeof model);
    bool aloud = here.aloud;
    memset(&here, 0, sizeof here);
    here.aloud = aloud;
    here.seed = seed;
    here.hash = UINT64_C(0xcbf29ce484222325);
    arena_init(&here.arena, mem_heap(), 64 << 20);
    machine_begin(seed);
    model.operator_token = (struct token){.used = true, .role = OPERATOR};
    (void)snprintf(model.operator_token.text, sizeof model.operator_token.text, "%s",
                   machine_operator());
    look_at_clock();
}

void traffic_end(void)
{
    exchange_release(&here.exchange);
    arena_release(&here.arena);
    machine_end();
}

uint64_t traffic_hash(void)
{
    return here.hash;
}

struct traffic_counts traffic_counts(void)
{
    return here.counts;
}

void traffic_tell(bool aloud)
{
    here.aloud = aloud;
}
