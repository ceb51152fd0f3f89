#include "tests/simulation/model.h"

#include "base/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The roles that have a scope, in the order of enum role: the table of the documentation. */
static const struct {
    const char *name;
    bool roles[ROLES];
} scopes[] = {
#define SCOPE(NAME, name, operator_, publisher, reader, submitter, what)                               \
    {name, {operator_, publisher, reader, submitter}},
#include "tenants/scope.def"
#undef SCOPE
};

uint32_t scope_number(const char *name)
{
    for (uint32_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++)
        if (strcmp(scopes[i].name, name) == 0) return i;
    abort();
}

uint32_t role_scopes(enum role role)
{
    uint32_t all = 0;
    for (uint32_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++)
        all |= (uint32_t)scopes[i].roles[role] << i;
    return all;
}

bool token_lives(const struct token *token, const char *text, int64_t now_ms)
{
    bool present = strcmp(text, token->text) == 0;
    bool old = token->old[0] && strcmp(text, token->old) == 0 && now_ms < token->old_until_ms;
    return (present || old) && !token->revoked && (!token->expires_ms || now_ms < token->expires_ms);
}

struct verdict model_may(const struct model *model, int tenant, const struct caller *caller,
                         const char *scope, int64_t now_ms)
{
    if (!caller->text) return REFUSED(401, "unauthenticated");
    bool lives = caller->token && token_lives(caller->token, caller->text, now_ms);
    if (caller->tenant != NOTHING) lives = lives && model->tenants[caller->tenant].phase != SHUT;
    if (!lives) return REFUSED(401, "unauthenticated");
    enum role role = caller->token->role;
    if (role != OPERATOR && tenant != NOTHING && caller->tenant != tenant)
        return REFUSED(404, "not-found");
    uint32_t number = scope_number(scope);
    if (!scopes[number].roles[role]) return REFUSED(403, "role-insufficient");
    if (caller->token->scopes && !(caller->token->scopes >> number & 1u))
        return REFUSED(403, "scope-insufficient");
    return FINE(0);
}

/* ---- forms */

void variant_write(const struct variant *variant, char *text, size_t room)
{
    int len = snprintf(text, room,
                       "edition 2027\n"
                       "form visit \"Visit %u\" {\n"
                       "%s%s"
                       "  n: integer \"How many?\"%s min 0 max %d indexed\n"
                       "  t: text \"Which?\" length 1..%d\n"
                       "  c: text \"Code\" length 1..20 indexed\n"
                       "%s"
                       "  twice: integer \"Twice\" = n * 2\n"
                       "}\n",
                       variant->serial, variant->once ? "  unique on (c)\n" : "",
                       variant->invited ? "  unique per invitation\n" : "",
                       variant->required ? " required" : "", variant->max, variant->len,
                       variant->has_m ? "  m: integer \"And?\" min 0 max 1000\n" : "");
    if (len < 0 || (size_t)len >= room) abort();
}

/* "name":value, and a comma before it unless it is the first. */
static size_t add(char *text, size_t room, size_t len, const char *name, const char *value)
{
    int more = snprintf(text + len, room - len, "%s\"%s\":%s", len > 1 ? "," : "", name, value);
    if (more < 0 || len + (size_t)more >= room) abort();
    return len + (size_t)more;
}

static size_t add_number(char *text, size_t room, size_t len, const char *name, int number)
{
    char digits[16];
    (void)snprintf(digits, sizeof digits, "%d", number);
    return number == NOTHING ? len : add(text, room, len, name, number == WORD ? "\"five\"" : digits);
}

static size_t write_members(const struct answers *answers, char *text, size_t room)
{
    char letters[64], code[16];
    size_t len = (size_t)snprintf(text, room, "{");
    len = add_number(text, room, len, "n", answers->n);
    (void)snprintf(letters, sizeof letters, "\"%.*s\"", answers->t == NOTHING ? 0 : answers->t,
                   "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    (void)snprintf(code, sizeof code, "\"c%d\"", answers->c);
    if (answers->t != NOTHING) len = add(text, room, len, "t", letters);
    if (answers->c != NOTHING) len = add(text, room, len, "c", code);
    return add_number(text, room, len, "m", answers->m);
}

void answers_write(const struct answers *answers, char *text, size_t room)
{
    size_t len = write_members(answers, text, room);
    (void)snprintf(text + len, room - len, "}");
}

void answers_judge(const struct answers *answers, const struct variant *variant, bool whole, char *text,
                   size_t room)
{
    const char *n = "", *t = "", *m = "";
    if (answers->n == WORD) n = " /n:type";
    else if (answers->n > variant->max) n = " /n:max";
    else if (answers->n == NOTHING && variant->required && whole) n = " /n:required";
    if (answers->t > variant->len) t = " /t:too_long";
    if (answers->m == WORD && variant->has_m) m = " /m:type";
    else if (answers->m != NOTHING && !variant->has_m) m = " /m:unknown";
    else if (answers->m > 1000) m = " /m:max";
    bool unknown = answers->m != NOTHING && !variant->has_m; /* told before what the form asks for */
    (void)snprintf(text, room, "%s%s%s%s", unknown ? m : "", n, t, unknown ? "" : m);
}

uint32_t form_aim(const struct form *form, int channel, int bucket)
{
    const struct channel *aimed = &form->channels[channel];
    if (!aimed->revision) return 0;
    return bucket != NOTHING && (uint32_t)bucket < aimed->percent ? aimed->candidate : aimed->version;
}

bool form_phase_may(enum form_phase from, enum form_phase to)
{
    static const bool may[PHASES][PHASES] = {[DRAFT] = {[OPEN] = true},
                                             [OPEN] = {[CLOSING] = true},
                                             [CLOSING] = {[CLOSED] = true},
                                             [CLOSED] = {[ARCHIVED] = true, [OPEN] = true},
                                             [ARCHIVED] = {[CLOSED] = true}};
    return may[from][to];
}

struct submission *form_by_key(struct form *form, uint32_t key)
{
    for (int i = 0; i < (int)form->taken; i++)
        if (form->submissions[i].presence != GONE && form->submissions[i].key == key)
            return &form->submissions[i];
    return NULL;
}

uint32_t form_present(const struct form *form)
{
    uint32_t count = 0;
    for (int i = 0; i < (int)form->taken; i++) count += form->submissions[i].presence == PRESENT;
    return count;
}

uint32_t tenant_forms(const struct tenant *tenant)
{
    uint32_t count = 0;
    for (int i = 0; i < FORMS; i++) count += tenant->forms[i].used;
    return count;
}

uint32_t tenant_versions(const struct tenant *tenant)
{
    uint32_t count = 0;
    for (int i = 0; i < FORMS; i++) count += tenant->forms[i].version_count;
    return count;
}

const char *channel_name_of(int channel)
{
    static const char *const names[CHANNELS] = {"live", "preview", "canary", "beta"};
    return names[channel];
}

const char *role_name_of(enum role role)
{
    static const char *const names[ROLES] = {"operator", "publisher", "reader", "submitter"};
    return names[role];
}

const char *phase_name_of(enum form_phase phase)
{
    static const char *const names[PHASES] = {"draft", "open", "closing", "closed", "archived"};
    return names[phase];
}

void variant_etag(const struct variant *variant, char etag[80])
{
    char source[1024], hex[DIGEST_HEX_BYTES];
    variant_write(variant, source, sizeof source);
    struct digest digest = digest_of(str_of(source));
    digest_hex(&digest, hex);
    (void)snprintf(etag, 80, "\"sha256-%s\"", hex);
}

int64_t form_newest(const struct form *form)
{
    return form->version_count ? (int64_t)form->version_count : NOTHING;
}

bool variant_same(const struct variant *one, const struct variant *other)
{
    char first_text[1024], second_text[1024];
    variant_write(one, first_text, sizeof first_text);
    variant_write(other, second_text, sizeof second_text);
    return strcmp(first_text, second_text) == 0;
}

uint32_t form_number_of(const struct form *form, const struct variant *variant)
{
    for (uint32_t i = 0; i < form->version_count; i++)
        if (variant_same(&form->versions[i].variant, variant)) return i + 1;
    return 0;
}

struct saved *form_saved(struct form *form, uint32_t key)
{
    for (int i = 0; i < SAVED; i++)
        if (form->saved[i].used && form->saved[i].key == key) return &form->saved[i];
    return NULL;
}

static int older(const void *one, const void *other)
{
    const struct submission *a = *(const struct submission *const *)one,
                            *b = *(const struct submission *const *)other;
    if (a->received_ms != b->received_ms) return a->received_ms < b->received_ms ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

struct wanted form_listed(const struct form *form, uint32_t version, int least)
{
    struct wanted wanted = {.count = 0};
    for (int i = 0; i < (int)form->taken; i++) {
        const struct submission *submission = &form->submissions[i];
        bool fits = submission->presence == PRESENT && (!version || submission->version == version) &&
                    (least == NOTHING || submission->answers.n >= least);
        if (fits) wanted.items[wanted.count++] = submission;
    }
    qsort(wanted.items, wanted.count, sizeof wanted.items[0], older);
    return wanted;
}

bool submission_same_body(const struct submission *one, const struct submission *other)
{
    return memcmp(&one->answers, &other->answers, sizeof one->answers) == 0 &&
           one->names_version == other->names_version &&
           (!one->names_version || one->version == other->version) && one->saved == other->saved &&
           strcmp(one->invitation, other->invitation) == 0;
}

const char *tenant_phase_name_of(enum tenant_phase phase)
{
    static const char *const names[] = {"active", "suspended", "closed"};
    return names[phase];
}

const char *invitation_phase_name_of(enum invitation_phase phase)
{
    static const char *const names[] = {"", "issued", "used", "revoked", "expired", ""};
    return names[phase];
}

/* ---- invitations */

struct invitation *form_invitation(struct form *form, const char *code)
{
    for (int i = 0; i < INVITATIONS_HELD; i++)
        if (form->invitations[i].phase != NOT_THERE && code[0] &&
            strcmp(form->invitations[i].code, code) == 0)
            return &form->invitations[i];
    return NULL;
}

enum invitation_phase invitation_at(const struct invitation *invitation, int64_t now_ms,
                                    int64_t latest_ms)
{
    if (invitation->phase != ISSUED) return invitation->phase;
    if (now_ms >= invitation->expires_ms) return LAPSED;
    return latest_ms >= invitation->expires_ms ? DOUBTFUL : ISSUED;
}

/* Kept for 30 days: docs/life.md. */
static bool is_lost(const struct invitation *invitation, int64_t latest_ms)
{
    const int64_t kept_ms = INT64_C(30) * 86400000;
    int64_t over_ms = invitation->phase == ISSUED    ? invitation->expires_ms
                      : invitation->phase == REVOKED ? invitation->revoked_ms
                                                     : INT64_MAX - kept_ms;
    return latest_ms >= over_ms + kept_ms;
}

void form_forget_invitations(struct form *form, int64_t latest_ms)
{
    for (int i = 0; i < INVITATIONS_HELD; i++) {
        struct invitation *invitation = &form->invitations[i];
        if (invitation->phase == NOT_THERE || !is_lost(invitation, latest_ms)) continue;
        if (invitation->phase == ISSUED && invitation->expires_ms > form->lapsed_ms)
            form->lapsed_ms = invitation->expires_ms;
        invitation->phase = NOT_THERE;
    }
}

static int issued_before(const void *one, const void *other)
{
    const struct invitation *a = *(struct invitation *const *)one,
                            *b = *(struct invitation *const *)other;
    return a->order < b->order ? -1 : a->order > b->order;
}

struct letters form_letters(struct form *form, enum invitation_phase phase, int64_t now_ms,
                            int64_t latest_ms)
{
    struct letters letters = {.unsure = phase == ISSUED && now_ms < form->lapsed_ms};
    for (int i = 0; i < INVITATIONS_HELD; i++) {
        struct invitation *there = &form->invitations[i];
        enum invitation_phase present = invitation_at(there, now_ms, latest_ms);
        letters.unsure |= present == DOUBTFUL && phase == ISSUED;
        if (present == phase) letters.items[letters.count++] = there;
    }
    qsort(letters.items, letters.count, sizeof letters.items[0], issued_before);
    return letters;
}

void form_erase(struct form *form, struct submission *submission)
{
    struct invitation *invitation = form_invitation(form, submission->invitation);
    if (invitation && submission->presence == PRESENT && invitation->phase == USED)
        invitation->phase = ISSUED;
    submission->presence = ERASED;
}

/* ---- the look */

void look_write(const struct look *look, char *text, size_t room)
{
    static const char *const accents[] = {"", "#7a1f5c", "#0b5394", "#1a6b2f"};
    char name[40] = "", accent[64] = "", radius[40] = "";
    if (look->name) (void)snprintf(name, sizeof name, "\"name\":\"Bank %u\",", look->name);
    if (look->accent)
        (void)snprintf(accent, sizeof accent, "\"light\":{\"accent\":\"%s\"},", accents[look->accent]);
    if (look->radius) (void)snprintf(radius, sizeof radius, "\"radius\":\"0.%urem\",", look->radius);
    int len = snprintf(text, room, "{%s%s%s", name, accent, radius);
    if (len < 0 || (size_t)len + 2 > room) abort();
    if (text[len - 1] == ',') len--;
    memcpy(text + len, "}", 2);
}

/* ---- copies */

void model_copy(struct model *to, const struct model *from)
{
    for (int i = 0; i < TENANTS; i++) {
        struct tenant *copy = &to->tenants[i];
        const struct tenant *tenant = &from->tenants[i];
        memcpy(copy, tenant, offsetof(struct tenant, forms));
        for (int j = 0; j < FORMS; j++) {
            const struct form *form = &tenant->forms[j];
            memcpy(&copy->forms[j], form,
                   offsetof(struct form, submissions) + form->taken * sizeof form->submissions[0]);
        }
    }
    to->operator_token = from->operator_token;
    to->serial = from->serial;
}
