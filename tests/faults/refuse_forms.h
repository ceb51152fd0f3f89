/* Scenes: tenants, tokens, forms, what is published, who is invited. */
#ifndef TESTS_FAULTS_REFUSE_FORMS_H
#define TESTS_FAULTS_REFUSE_FORMS_H

#include "tests/faults/refuse_reading.h"

/* A name that nobody has had. */
static struct str new_name(struct call *call, const char *what)
{
    char name[40];
    (void)snprintf(name, sizeof name, "%s-%u", what, attempts);
    (void)call;
    static char kept[40];
    memcpy(kept, name, sizeof kept);
    return str_of(kept);
}

static enum status create_tenant(struct call *call, uint64_t *ret_told)
{
    struct tenant_record tenant;
    *ret_told = 1;
    return engine_tenant_create(call, new_name(call, "tenant"), STR("A tenant"), &tenant);
}

/* There and back, so that each attempt changes something. */
static enum status move_tenant(struct call *call, uint64_t *ret_told)
{
    enum status st = engine_tenant_set_state(call, STR("other"), TENANT_SUSPENDED);
    if (!st) st = engine_tenant_set_state(call, STR("other"), TENANT_ACTIVE);
    *ret_told = 1;
    return st;
}

static enum status rename_tenant(struct call *call, uint64_t *ret_told)
{
    *ret_told = 1;
    return engine_tenant_set_name(call, acme, new_name(call, "Acme"));
}

static enum status set_quota(struct call *call, uint64_t *ret_told)
{
    const struct quota_change changes[] = {{QUOTA_STORED_BYTES, QUOTA_MAX - attempts},
                                           {QUOTA_REQUESTS, QUOTA_MAX - attempts}};
    *ret_told = 1;
    return engine_tenant_set_quota(call, acme, changes, 2);
}

/* Each adds a row to the log that it walks along: with the same directory there would be more to refuse
 * each time. */
static void begin_anew(void)
{
    end();
    begin();
}

static enum status recover_tenant(struct call *call, uint64_t *ret_told)
{
    *ret_told = 1;
    return engine_tenant_recover(call, acme);
}

static enum status recover_system(struct call *call, uint64_t *ret_told)
{
    *ret_told = 1;
    return engine_tenant_recover(call, STR(""));
}

static enum status create_token(struct call *call, uint64_t *ret_told)
{
    struct token_made made;
    struct token_create wish = {.tenant = acme,
                                .role = ROLE_READER,
                                .note = STR("a note"),
                                .networks = STR("10.0.0.0/8 ::1"),
                                .scopes = 1u << SCOPE_FORMS_READ};
    *ret_told = 1;
    return engine_token_create(call, &wish, &made);
}

static enum status rotate_token(struct call *call, uint64_t *ret_told)
{
    struct token_made made;
    *ret_told = 1;
    return engine_token_rotate(call, acme, token.id, BENCH_NOW_MS + 1000, &made);
}

static enum status revoke_token(struct call *call, uint64_t *ret_told)
{
    *ret_told = 1;
    return engine_token_revoke(call, acme, token.id);
}

static enum status create_form(struct call *call, uint64_t *ret_told)
{
    struct form_record form;
    *ret_told = 1;
    return engine_form_create(call, acme, new_name(call, "form"), STR("A form"), &form);
}

/* Refused by itself, whatever else is: then what was begun is taken back. */
static enum status create_form_again(struct call *call, uint64_t *ret_told)
{
    struct form_record form;
    enum status st = engine_form_create(call, acme, trip, STR("A form"), &form);
    *ret_told = 1;
    return st == ST_CONFLICT && call->refusal == REFUSAL_FORM_EXISTS ? ST_OK : st ? st : ST_FAULT;
}

static enum status move_form(struct call *call, uint64_t *ret_told)
{
    enum status st = engine_form_set_state(call, acme, trip, FORM_CLOSING);
    if (!st) st = engine_form_set_state(call, acme, trip, FORM_CLOSED);
    if (!st) st = engine_form_set_state(call, acme, trip, FORM_OPEN);
    *ret_told = 1;
    return st;
}

static void open_form(void)
{
    struct form_record form;
    CHECK_STATUS(engine_form_find(&bench.call, acme, trip, &form), ST_OK);
    if (form.state == FORM_CLOSING)
        CHECK_STATUS(engine_form_set_state(&bench.call, acme, trip, FORM_CLOSED), ST_OK);
    if (form.state != FORM_OPEN)
        CHECK_STATUS(engine_form_set_state(&bench.call, acme, trip, FORM_OPEN), ST_OK);
}

static enum status put_draft(struct call *call, uint64_t *ret_told)
{
    struct draft_record draft, found;
    struct str name = new_name(call, "draft");
    enum status st = engine_draft_put(call, acme, name, str_of(first), DRAFT_NEW, NULL, &draft);
    if (!st) st = engine_draft_put(call, acme, name, STR("b"), DRAFT_UNCHANGED, &draft.etag, &draft);
    if (!st) st = engine_draft_find(call, acme, name, &found);
    if (!st) *ret_told = found.revision;
    return st;
}

static enum status put_table(struct call *call, uint64_t *ret_told)
{
    char csv[64];
    struct table_made made;
    (void)snprintf(csv, sizeof csv, "code,name\na1,One %u\n", attempts);
    enum status st = engine_table_put(call, acme, STR("lanes"), str_of(csv), &made);
    if (!st) *ret_told = made.table.row_count;
    return st;
}

static enum status compare(struct call *call, uint64_t *ret_told)
{
    struct comparison comparison = {.tenant = acme, .form = trip, .from = 1, .to = 2};
    enum status st = engine_compare(call, &comparison);
    if (!st) *ret_told = 1 + comparison.diff.diff_class;
    return st;
}

static enum status check_source(struct call *call, uint64_t *ret_told)
{
    struct check check;
    enum status st = engine_check(call, acme, str_of(first), &check);
    if (!st) CHECK(check.ok);
    if (!st) *ret_told = check.field_count;
    return st;
}

static enum status publish(struct call *call, uint64_t *ret_told)
{
    char source[200];
    struct published published;
    (void)snprintf(source, sizeof source,
                   "edition 2027 form more \"More\" {\n timezone \"Europe/Berlin\"\n a: text "
                   "\"A %u\"\n ward: choice(wards)\n table wards { key code: text label name: text } }",
                   attempts);
    struct publication publication = {.tenant = acme,
                                      .form = STR("more"),
                                      .source = str_of(source),
                                      .channel = attempts % 2 ? STR("") : STR("preview")};
    enum status st = engine_publish(call, &publication, &published);
    if (!st) *ret_told = published.check.field_count;
    return st;
}

static enum status publish_clauses(struct call *call, uint64_t *ret_told)
{
    char source[2000];
    struct published published;
    (void)snprintf(source, sizeof source, "%s# %u\n", second, attempts);
    struct publication publication = {.tenant = acme, .form = trip, .source = str_of(source)};
    enum status st = engine_publish(call, &publication, &published);
    if (!st) *ret_told = published.check.field_count;
    return st;
}

static enum status publish_draft(struct call *call, uint64_t *ret_told)
{
    struct draft_record draft;
    struct published published;
    struct publication publication = {.tenant = acme, .form = STR("drafted")};
    enum status st = engine_draft_find(call, acme, STR("drafted"), &draft);
    publication.check_draft = true;
    publication.if_match = draft.etag;
    if (!st) st = engine_publish(call, &publication, &published);
    if (!st) *ret_told = published.check.field_count;
    return st;
}

static void write_draft(void)
{
    char source[100];
    struct draft_record draft;
    (void)snprintf(source, sizeof source, "edition 2027 form drafted \"D\" { a: text \"%u\" }",
                   attempts);
    CHECK_STATUS(
        engine_draft_put(&bench.call, acme, STR("drafted"), str_of(source), DRAFT_ALWAYS, NULL, &draft),
        ST_OK);
}

static void make_channel(void)
{
    struct channel_set set = {.form = trip, .channel = STR("beta"), .version = 1, .percent = 100};
    CHECK_STATUS(engine_channel_set(&bench.call, acme, &set), ST_OK);
}

static enum status set_channel(struct call *call, uint64_t *ret_told)
{
    struct channel_set set = {
        .form = trip, .channel = STR("beta"), .version = 2, .percent = 1 + attempts % 90};
    enum status st = engine_channel_set(call, acme, &set);
    if (!st) *ret_told = 1;
    return st;
}

/* Made anew each time, for a form has only so many. */
static char rolled_form[40];

static void make_rolled_form(void)
{
    char source[100];
    (void)snprintf(rolled_form, sizeof rolled_form, "rolled_%u", attempts++);
    (void)snprintf(source, sizeof source, "edition 2027 form %s \"R\" { a: text }", rolled_form);
    struct published published;
    struct publication publication = {
        .tenant = acme, .form = str_of(rolled_form), .source = str_of(source)};
    CHECK_STATUS(engine_publish(&bench.call, &publication, &published), ST_OK);
}

static enum status add_channel(struct call *call, uint64_t *ret_told)
{
    struct channel_set set = {
        .form = str_of(rolled_form), .channel = STR("beta"), .version = 1, .percent = 100};
    *ret_told = 1;
    return engine_channel_set(call, acme, &set);
}

/* An artefact that another program's version made of it. */
static enum status keep_artefact(struct call *call, uint64_t *ret_told)
{
    struct form_record form;
    enum status st = engine_form_find(call, acme, trip, &form);
    if (st) return st;
    struct write write = {.kind = WRITE_ARTEFACT_PUT,
                          .tenant = acme,
                          .artefact_put = {form.id, 1, {STR("kept"), STR("0"), STR("made of it")}}};
    *ret_told = 1;
    return call_write(call, &write);
}

/* Whoever writes next looks whether that was its own. */
static void change_other(void)
{
    const struct quota_change change = {QUOTA_STEPS, 1000000 + ++attempts};
    make_other();
    CHECK_STATUS(engine_tenant_set_quota(&bench.call, STR("other"), &change, 1), ST_OK);
}

static enum status set_term(struct call *call, uint64_t *ret_told)
{
    struct term_change changes[] = {{TERM_GRACE_SECONDS, 100 + attempts, false},
                                    {TERM_RETENTION_DAYS, 0, true}};
    const struct str frames = new_name(call, "https://a");
    *ret_told = 1;
    return engine_term_set(call, acme, STR("more"), changes, 2, &frames);
}

static uint32_t retired;

static void make_retirable(void)
{
    char source[100];
    (void)snprintf(source, sizeof source, "edition 2027 form old \"O\" { a: text \"%u\" }", attempts);
    retired = bench_publish(&bench, "old", source);
    (void)snprintf(source, sizeof source, "edition 2027 form old \"O\" { a: text \"and %u\" }",
                   attempts);
    (void)bench_publish(&bench, "old", source);
}

static enum status retire(struct call *call, uint64_t *ret_told)
{
    struct version_record version;
    enum status st = engine_version_retire(call, acme, STR("old"), retired, -1, &version);
    if (!st) *ret_told = 1 + (version.retired_ms > 0);
    return st;
}

static enum status set_theme(struct call *call, uint64_t *ret_told)
{
    struct guise guise;
    enum status st = engine_guise_find(call, acme, trip, &guise);
    *ret_told = 1;
    return st ? st : engine_theme_set(call, acme, STR(""));
}

/* ---------------------------------------------------------------- invitations */

static void publish_invited(void)
{
    (void)bench_publish(&bench, "invited",
                        "edition 2027 form invited \"I\" { a: text \"A\"  unique per invitation }");
}

/* Issued, looked at, taken back. */
static enum status invite(struct call *call, uint64_t *ret_told)
{
    char key[40];
    const struct str form = STR("invited");
    struct invitations_made made;
    struct invitation_record found;
    struct invitation_page page;
    struct invitation_query query = {.form = form, .any_state = true};
    const struct str references[] = {STR("one"), STR("two")};
    (void)snprintf(key, sizeof key, "invited-key-%u", attempts);
    struct invitation_wish wish = {.form = form,
                                   .key = str_of(key),
                                   .body = str_of(key),
                                   .expires_ms = BENCH_NOW_MS + DAY_MS,
                                   .references = references,
                                   .count = 2};
    enum status st = engine_invitations_issue(call, acme, &wish, &made);
    if (!st) CHECK(made.page.count == 2 && made.codes);
    if (!st) st = engine_invitation_look(call, acme, form, made.codes[0]);
    if (!st) st = engine_invitation_find(call, acme, form, made.page.items[0].id, &found);
    if (!st) st = engine_invitation_list(call, acme, &query, 2, &page);
    if (!st) *ret_told = page.count;
    if (!st) st = engine_invitation_revoke(call, acme, form, made.page.items[0].id);
    return st;
}

static struct digest invited;

static void invite_until(int64_t made_ms, int64_t expires_ms)
{
    char code[40];
    (void)snprintf(code, sizeof code, "code-%u", ++attempts);
    invited = digest_of(str_of(code));
    struct write write = {.kind = WRITE_INVITATIONS_ISSUE,
                          .tenant = acme,
                          .arena = &bench.arena,
                          .actor = {.who = STR("tester"), .at_ms = made_ms},
                          .invitations_issue = {.form = STR("invited"),
                                                .key = str_of(code),
                                                .body_hash = invited,
                                                .expires_ms = expires_ms,
                                                .hashes = &invited,
                                                .count = 1}};
    CHECK_STATUS(write_wait(bench.engine->tenants, &write), ST_OK);
}

static void invite_one(void)
{
    invite_until(BENCH_NOW_MS, BENCH_NOW_MS + DAY_MS);
}

static enum status come_invited(struct call *call, uint64_t *ret_told)
{
    char key[40];
    (void)snprintf(key, sizeof key, "came-%u", attempts);
    struct write write = {.kind = WRITE_SUBMISSION_ADD, .tenant = acme};
    write.submission_add = (struct submission_add){.form = STR("invited"),
                                                   .version = 1,
                                                   .key = str_of(key),
                                                   .answers = STR("{}"),
                                                   .received_ms = BENCH_NOW_MS,
                                                   .invitation = &invited,
                                                   .edition = STR("2027")};
    *ret_told = 1;
    return call_write(call, &write);
}

static void invite_for_yesterday(void)
{
    invite_until(BENCH_NOW_MS - 2 * DAY_MS, BENCH_NOW_MS - DAY_MS);
}

static enum status expire_invitations(struct call *call, uint64_t *ret_told)
{
    struct write write = {.kind = WRITE_INVITATIONS_EXPIRE, .tenant = acme};
    write.invitations_expire.form = STR("invited");
    enum status st = call_write(call, &write);
    if (!st) CHECK(write.invitations_expire.ret_changed > 0);
    *ret_told = 1;
    return st;
}

static const struct scene forms[] = {
    {"a tenant is recovered", begin_anew, recover_tenant, false},
    {"the system is recovered", begin_anew, recover_system, false},
    {"a source is checked", NULL, check_source, false},
    {"versions are compared", NULL, compare, false},
    {"a tenant is made", NULL, create_tenant, false},
    {"a tenant is moved", make_other, move_tenant, false},
    {"a tenant gets a name", NULL, rename_tenant, false},
    {"a tenant gets quotas", NULL, set_quota, false},
    {"a token is made", NULL, create_token, false},
    {"a token is rotated", make_token, rotate_token, false},
    {"a token is revoked", make_token, revoke_token, false},
    {"a form is made", NULL, create_form, false},
    {"a form is made twice", NULL, create_form_again, false},
    {"a form is moved", open_form, move_form, false},
    {"a draft is put", NULL, put_draft, false},
    {"a table is put", NULL, put_table, false},
    {"a form is published", NULL, publish, false},
    {"a form with clauses is published", NULL, publish_clauses, false},
    {"a draft is published", write_draft, publish_draft, false},
    {"a channel is set", make_channel, set_channel, false},
    {"a term is set", NULL, set_term, false},
    {"a version is retired", make_retirable, retire, false},
    {"a channel is added", make_rolled_form, add_channel, false},
    {"an artefact is kept", NULL, keep_artefact, false},
    {"a theme is set", NULL, set_theme, false},
    {"a theme is set after another tenant changed", change_other, set_theme, false},
    {"people are invited", publish_invited, invite, false},
    {"somebody comes who was invited", invite_one, come_invited, false},
    {"invitations expire", invite_for_yesterday, expire_invitations, false},
};

#endif
