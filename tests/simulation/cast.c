#include "tests/simulation/cast.h"

#include "tests/simulation/scene.h"

#include <stdio.h>

static bool role_may(const struct token *token, const char *scope)
{
    struct caller caller = {token, NOTHING, token->text};
    return model_may(&model, NOTHING, &caller, scope, here.now_ms).status == 0;
}

struct caller operator_caller(void)
{
    return (struct caller){&model.operator_token, NOTHING, model.operator_token.text};
}

struct caller somebody(void)
{
    int tenant = (int)below(TENANTS);
    const struct token *token = &model.tenants[tenant].tokens[below(TOKENS)];
    if (once_in(5)) return operator_caller();
    if (once_in(4) || !token->used || !token->text[0])
        return (struct caller){NULL, NOTHING, once_in(2) ? NULL : "fmd_reader_nonsense"};
    return (struct caller){token, tenant, token->old[0] && once_in(3) ? token->old : token->text};
}

struct caller surely(int tenant, const char *scope)
{
    for (int i = 0; i < TOKENS; i++) {
        const struct token *token = &model.tenants[tenant].tokens[i];
        if (token->used && token->text[0] && !token->revoked && !token->expires_ms &&
            role_may(token, scope))
            return (struct caller){token, tenant, token->text};
    }
    return (struct caller){NULL, NOTHING, NULL};
}

struct caller who(int tenant, const char *scope)
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

int some_tenant(void)
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

struct place place_at(int tenant, int form)
{
    struct place place = {.tenant = tenant,
                          .form = form,
                          .t = &model.tenants[tenant],
                          .f = &model.tenants[tenant].forms[form]};
    (void)snprintf(place.path, sizeof place.path, "/v1/tenants/t%d/forms/f%d", tenant, form);
    (void)snprintf(place.public_path, sizeof place.public_path, "/v1/p/t%d/f%d", tenant, form);
    return place;
}

struct place some_place(void)
{
    int tenant = some_tenant();
    return place_at(tenant, some_form(tenant));
}

struct place some_open_place(void)
{
    struct place place = some_place();
    for (int tries = 0; tries < 8; tries++) {
        if (place.t->phase == ACTIVE && place.f->phase == OPEN && place.f->channels[0].revision) break;
        place = some_place();
    }
    return place;
}

struct verdict takes_changes(const struct tenant *tenant)
{
    if (tenant->phase == SUSPENDED) return REFUSED(403, "tenant-suspended");
    return tenant->phase == SHUT ? REFUSED(403, "tenant-closed") : FINE(0);
}

bool is_served(const struct place *place, uint32_t version)
{
    return place->t->used && place->t->phase == ACTIVE && place->f->used &&
           place->f->phase != ARCHIVED && version && version <= place->f->version_count;
}

struct submission *some_submission(struct form *form, bool erased)
{
    uint32_t from = form->taken ? below(form->taken) : 0;
    for (uint32_t i = 0; i < form->taken; i++) {
        struct submission *submission = &form->submissions[(from + i) % form->taken];
        if (!submission->id[0]) continue; /* nobody was told */
        if (submission->presence == PRESENT || (erased && submission->presence == ERASED))
            return submission;
    }
    return NULL;
}

bool narrower(const struct caller *caller, uint32_t wanted, enum role role)
{
    uint32_t theirs = wanted ? wanted : role_scopes(role);
    return !caller->token || !caller->token->scopes || !(theirs & ~caller->token->scopes);
}
