#include "tests/simulation/moves.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void move_tenant_create(void)
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

void move_tenant_state(void)
{
    int tenant = some_tenant();
    struct tenant *t = &model.tenants[tenant];
    bool shuts = tenant == 0 && once_in(12); /* for good, so the others are left */
    enum tenant_phase to = shuts ? SHUT : t->phase == SUSPENDED || once_in(3) ? ACTIVE : SUSPENDED;
    struct caller caller = once_in(8) ? somebody() : operator_caller();
    bool reason = !once_in(10);
    ask("POST", "/v1/tenants/t%d/state", tenant);
    with_caller(&caller);
    if (reason) with_reason();
    with_body("application/json", "{\"to\":\"%s\"}", tenant_phase_name_of(to));
    struct verdict want = model_may(&model, tenant, &caller, "tenants.manage", here.now_ms);
    want = first(want, unless(reason, 400, "audit-reason-missing"));
    want = first(want, unless(t->used, 404, "not-found"));
    want = first(want, unless(t->phase != SHUT || to == SHUT, 409, "illegal-transition"));
    if (!comes(first(want, FINE(200)))) return;
    t->phase = to;
}

void move_tenant_get(void)
{
    int tenant = some_tenant();
    struct caller caller = who(tenant, "tenant.read");
    ask("GET", "/v1/tenants/t%d", tenant);
    with_caller(&caller);
    struct verdict want = model_may(&model, tenant, &caller, "tenant.read", here.now_ms);
    want = first(want, unless(model.tenants[tenant].used, 404, "not-found"));
    if (comes(first(want, FINE(200))) && !here.unsure)
        same_text("state", text_of("state"), tenant_phase_name_of(model.tenants[tenant].phase));
}

void move_quota_put(void)
{
    int tenant = some_tenant();
    struct tenant *t = &model.tenants[tenant];
    struct caller caller = once_in(8) ? somebody() : operator_caller();
    int64_t forms = once_in(3) ? 1 + below(FORMS) : 1000, versions = once_in(3) ? 1 + below(20) : 10000;
    ask("PUT", "/v1/tenants/t%d/quota", tenant);
    with_caller(&caller);
    with_reason();
    with_body("application/json", "{\"forms\":%" PRId64 ",\"versions\":%" PRId64 "}", forms, versions);
    struct verdict want = model_may(&model, tenant, &caller, "tenants.manage", here.now_ms);
    want = first(want, unless(t->used, 404, "not-found"));
    if (!comes(first(want, FINE(200)))) return;
    if (!here.unsure) same_number("forms", number_of("forms"), forms);
    t->forms_max = forms;
    t->versions_max = versions;
}

static struct token *room_for_token(struct tenant *tenant)
{
    for (int i = 0; i < TOKENS; i++)
        if (!tenant->tokens[i].used || tenant->tokens[i].revoked) return &tenant->tokens[i];
    return NULL;
}

void move_token_create(void)
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
    if (!room) return;
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
    if (here.unsure) return; /* if it was made nobody has it */
    keep_text("id", made.id, sizeof made.id);
    keep_text("token", made.text, sizeof made.text);
    *room = made;
}

static struct token *some_token(struct tenant *tenant)
{
    struct token *token = &tenant->tokens[below(TOKENS)];
    return token->used && token->id[0] ? token : NULL;
}

void move_token_rotate(void)
{
    int tenant = some_tenant();
    struct token *token = some_token(&model.tenants[tenant]);
    struct caller caller = once_in(8) ? somebody() : operator_caller();
    int64_t grace = once_in(3) ? 0 : 60 + below(100000);
    if (!token) return;
    ask("POST", "/v1/tenants/t%d/tokens/%s/rotate", tenant, token->id);
    with_caller(&caller);
    with_body("application/json", "{\"grace_seconds\":%" PRId64 "}", grace);
    struct verdict want = model_may(&model, tenant, &caller, "tokens.manage", here.now_ms);
    if (!want.status)
        want = unless(narrower(&caller, token->scopes, token->role), 403, "scope-insufficient");
    bool over = token->revoked || (token->expires_ms && token->expires_ms <= here.now_ms);
    want = first(want, unless(!over, 409, "token-over"));
    if (!comes(first(want, FINE(200)))) return;
    if (here.unsure) { /* whether what they have is the old one nobody knows */
        *token = (struct token){.used = false};
        return;
    }
    memcpy(token->old, token->text, sizeof token->old);
    token->old_until_ms = here.now_ms + grace * 1000;
    keep_text("token", token->text, sizeof token->text);
}

void move_token_revoke(void)
{
    int tenant = some_tenant();
    struct token *token = some_token(&model.tenants[tenant]);
    struct caller caller = once_in(8) ? somebody() : operator_caller();
    if (!token) return;
    ask("DELETE", "/v1/tenants/t%d/tokens/%s", tenant, token->id);
    with_caller(&caller);
    with_reason();
    struct verdict want = model_may(&model, tenant, &caller, "tokens.manage", here.now_ms);
    if (!comes(first(want, FINE(204)))) return;
    token->revoked = true;
}

void move_token_me(void)
{
    struct caller caller = somebody();
    ask("GET", "/v1/me");
    with_caller(&caller);
    struct verdict want = model_may(&model, NOTHING, &caller, "tenant.read", here.now_ms);
    if (want.status != 401) want = FINE(200); /* any token */
    if (comes(want) && !here.unsure)
        same_text("role", text_of("role"), role_name_of(caller.token->role));
}
