/* Scenes: what is looked up and listed. */
#ifndef TESTS_FAULTS_REFUSE_READING_H
#define TESTS_FAULTS_REFUSE_READING_H

#include "tests/faults/refuse_scene.h"

static enum status find_tenant(struct call *call, uint64_t *ret_told)
{
    struct tenant_record tenant;
    enum status st = engine_tenant_find(call, acme, &tenant);
    if (!st) *ret_told = tenant.id.len + (uint64_t)tenant.quotas.value[QUOTA_STEPS];
    return st;
}

static enum status list_tenants(struct call *call, uint64_t *ret_told)
{
    struct tenant_page page;
    enum status st = engine_tenant_list(call, STR(""), 10, &page);
    if (!st) CHECK(page.count >= 1);
    *ret_told = 0;
    return st;
}

static struct token_made token;

static void make_token(void)
{
    struct token_create wish = {.tenant = acme, .role = ROLE_READER, .networks = STR("10.0.0.0/8")};
    CHECK_STATUS(engine_token_create(&bench.call, &wish, &token), ST_OK);
}

static enum status find_token(struct call *call, uint64_t *ret_told)
{
    struct token_record found;
    enum status st = engine_token_find(call, acme, token.id, &found);
    if (!st) *ret_told = 1 + found.role;
    return st;
}

static enum status list_tokens(struct call *call, uint64_t *ret_told)
{
    struct token_page page;
    *ret_told = 0;
    return engine_token_list(call, acme, STR(""), 10, &page);
}

static void make_token_and_start(void)
{
    make_token();
    reopen();
}

/* Two, so that the first may fail before the second. */
static void make_other(void)
{
    struct tenant_record tenant;
    enum status st = engine_tenant_create(&bench.call, STR("other"), STR("Other"), &tenant);
    CHECK(st == ST_OK || st == ST_CONFLICT);
    CHECK_STATUS(engine_tenant_set_state(&bench.call, STR("other"), TENANT_ACTIVE), ST_OK);
}

static enum status verify_token(struct call *call, uint64_t *ret_told)
{
    struct token_record found;
    enum status st = engine_token_verify(call, token.text, &found);
    if (!st) *ret_told = 1 + found.role;
    return st;
}

static enum status verify_token_again(struct call *call, uint64_t *ret_told)
{
    enum status st = verify_token(call, ret_told);
    return st ? st : verify_token(call, ret_told);
}

static enum status list_audit(struct call *call, uint64_t *ret_told)
{
    struct audit_page page;
    struct audit_filter none = {.who = STR("")}, filter = {.action = STR("version.publish")};
    enum status st = engine_audit_list(call, acme, &none, 0, 10, &page);
    if (!st) st = engine_audit_list(call, acme, &filter, 0, 10, &page);
    if (!st) *ret_told = page.count;
    return st;
}

static enum status examine_audit(struct call *call, uint64_t *ret_told)
{
    struct audit_finding finding;
    enum status st = engine_audit_examine(call, acme, &finding);
    if (!st) CHECK(finding.fault == AUDIT_WHOLE);
    if (!st) *ret_told = 1 + (finding.rows > 4);
    return st;
}

static enum status find_form(struct call *call, uint64_t *ret_told)
{
    struct form_record form;
    enum status st = engine_form_find(call, acme, trip, &form);
    if (!st) *ret_told = form.newest;
    return st;
}

static enum status list_forms(struct call *call, uint64_t *ret_told)
{
    struct form_page page;
    enum status st = engine_form_list(call, acme, STR(""), 1, &page);
    if (!st) *ret_told = page.count;
    return st;
}

static enum status read_table(struct call *call, uint64_t *ret_told)
{
    struct table_record table;
    struct str csv;
    enum status st = engine_table_find(call, acme, STR("wards"), 1, &table);
    if (!st) st = engine_table_read(call, acme, &table, &csv);
    if (!st) *ret_told = csv.len;
    return st;
}

static enum status list_tables(struct call *call, uint64_t *ret_told)
{
    struct table_page page;
    enum status st = engine_table_list(call, acme, STR(""), 10, &page);
    if (!st) *ret_told = page.count;
    return st;
}

static enum status read_versions(struct call *call, uint64_t *ret_told)
{
    struct version_page page;
    struct version_record version;
    enum status st = engine_version_list(call, acme, trip, 0, 10, &page);
    if (!st) *ret_told = page.count;
    if (!st) st = engine_version_find(call, acme, trip, 1, &version);
    if (!st) *ret_told += version.source.len;
    return st;
}

static enum status read_channels(struct call *call, uint64_t *ret_told)
{
    struct channel_page page;
    struct channel_record channel;
    struct terms terms;
    enum status st = engine_channel_list(call, acme, trip, &page);
    if (!st) *ret_told = page.count;
    if (!st) st = engine_channel_find(call, acme, trip, STR(""), &channel);
    if (!st) *ret_told += channel.version;
    if (!st) st = engine_term_find(call, acme, trip, &terms);
    return st;
}

static enum status fetch(struct call *call, uint64_t *ret_told)
{
    struct definition *definition = NULL;
    enum status st = engine_stored(call->engine, acme, trip, 0, &definition);
    if (st) return st;
    *ret_told = definition->number;
    st = engine_dress(call->engine, definition);
    definition_release(definition);
    return st;
}

static enum status aim(struct call *call, uint64_t *ret_told)
{
    struct definition *definition = NULL;
    enum status st = engine_aim(call->engine, acme, trip, (struct aim){.bucket = 3}, &definition);
    if (!st) *ret_told = definition->number;
    if (!st) definition_release(definition);
    return st;
}

static enum status make_module(struct call *call, uint64_t *ret_told)
{
    struct str text;
    struct definition *definition = NULL;
    enum status st = engine_fetch(call->engine, acme, trip, 1, &definition);
    if (st) return st;
    st = engine_module(call, definition, &text);
    definition_release(definition);
    if (!st) *ret_told = text.len;
    return st;
}

static enum status list_usage(struct call *call, uint64_t *ret_told)
{
    struct usage_page page;
    enum status st = engine_usage_list(call, acme, STR(""), 10, &page);
    if (!st) st = engine_usage_top(call->engine, 10, call->arena, &page);
    *ret_told = 0;
    return st;
}

static enum status survey(struct call *call, uint64_t *ret_told)
{
    struct survey_head head;
    struct survey_place place;
    uint64_t count = 0;
    enum status st = survey_head(call->engine->tenants, acme, trip, BENCH_NOW_MS, &head);
    if (st) return st;
    struct survey_span span = {
        .form_id = head.form_id, .seq_until = head.seq, .after = SURVEY_FIRST, .until = SURVEY_LAST};
    st = survey_begin(call->engine->tenants, acme, &span, 2, &place);
    if (!st) st = survey_count(call->engine->tenants, acme, &span, &count);
    if (!st) *ret_told = 1000 * count + place.seq;
    return st;
}

static enum status count_what_is_to_be_carried(struct call *call, uint64_t *ret_told)
{
    return carry_total(call->engine->tenants, acme, trip, 1, 2, ret_told);
}

static enum status list_snapshots(struct call *call, uint64_t *ret_told)
{
    struct snapshot_page page;
    enum status st = engine_snapshot_list(call, acme, &page);
    if (!st) *ret_told = 1 + page.count;
    return st;
}

static enum status request(struct call *call, uint64_t *ret_told)
{
    *ret_told = 1;
    return engine_request(call, acme);
}

static const struct scene reading[] = {
    {"a tenant is found", NULL, find_tenant, false},
    {"a tenant is found after a start", reopen, find_tenant, false},
    {"tenants are listed", make_other, list_tenants, false},
    {"tenants are listed after a start", reopen, list_tenants, false},
    {"a request is counted", reopen, request, false},
    {"a token is found", make_token, find_token, false},
    {"a token is found after a start", make_token_and_start, find_token, false},
    {"tokens are listed", make_token, list_tokens, false},
    {"tokens are listed after a start", reopen, list_tokens, false},
    {"a token is verified", make_token, verify_token, false},
    {"a token is verified after a start", make_token_and_start, verify_token, false},
    {"a token is verified twice", make_token, verify_token_again, false},
    {"the audit log is read", NULL, list_audit, false},
    {"the audit log is examined", NULL, examine_audit, false},
    {"a form is found", NULL, find_form, false},
    {"a form is found after a start", reopen, find_form, false},
    {"forms are listed", NULL, list_forms, false},
    {"a table is read", NULL, read_table, false},
    {"tables are listed", NULL, list_tables, false},
    {"versions are read", NULL, read_versions, false},
    {"channels are read", NULL, read_channels, false},
    {"a definition is fetched", reopen, fetch, false},
    {"a channel is aimed at", reopen, aim, false},
    {"usage is told", NULL, list_usage, false},
    {"submissions are surveyed", NULL, survey, false},
    {"what is to be carried is counted", NULL, count_what_is_to_be_carried, false},
    {"snapshots are listed", NULL, list_snapshots, false},
    {"a module is made", NULL, make_module, false},
};

#endif
