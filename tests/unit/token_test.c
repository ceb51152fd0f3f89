#include "store_fixture.h"

static enum status create(struct fixture *fix, struct str tenant, enum token_role role,
                          int64_t expires_ms, struct str *ret_id, struct str *ret_text)
{
    struct write write = fixture_write(fix, WRITE_TOKEN_CREATE);
    write.token_create = (struct token_create){
        .tenant = tenant, .role = role, .note = STR("for the test"), .expires_ms = expires_ms};
    enum status st = write_wait(fix->tenants, &write);
    if (st) return st;
    *ret_id = write.token_create.ret_id;
    *ret_text = write.token_create.ret_text;
    return ST_OK;
}

static enum status revoke(struct fixture *fix, struct str tenant, struct str id)
{
    struct write write = fixture_write(fix, WRITE_TOKEN_REVOKE);
    write.token_revoke = (struct token_revoke){.tenant = tenant, .id = id};
    return write_wait(fix->tenants, &write);
}

static enum status verify(struct fixture *fix, struct str text, struct token_record *ret_token)
{
    return token_verify(fix->tenants, text, FIXTURE_NOW_MS, &fix->arena, ret_token);
}

static void a_token_opens_what_it_was_made_for(void)
{
    struct fixture fix;
    struct str id, text;
    struct token_record token;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    for (enum token_role role = ROLE_OPERATOR; role <= ROLE_SUBMITTER; role++) {
        struct str tenant = role == ROLE_OPERATOR ? STR("") : STR("acme");
        enum token_role parsed;
        CHECK_STATUS(create(&fix, tenant, role, 0, &id, &text), ST_OK);
        CHECK_STATUS(verify(&fix, text, &token), ST_OK);
        CHECK(token.role == role);
        CHECK_STR(token.id, id);
        CHECK_STR(token.tenant, tenant);
        CHECK_STR(token.note, STR("for the test"));
        CHECK_NUMBER(token.created_ms, FIXTURE_NOW_MS);
        CHECK(token_role_parse(str_of(token_role_name(role)), &parsed) && parsed == role);
        CHECK(str_starts(text, str_of("fmd_")) &&
              str_starts(str_n(text.ptr + 4, text.len - 4), str_of(token_role_name(role))));
    }
    fixture_end(&fix);
}

static void no_single_changed_character_passes(void)
{
    struct fixture fix;
    struct str id, text;
    struct token_record token;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(create(&fix, STR("acme"), ROLE_READER, 0, &id, &text), ST_OK);
    CHECK(token_plausible(text));
    for (size_t i = 0; i < text.len; i++) {
        struct str changed = arena_str(&fix.arena, text);
        ((char *)(uintptr_t)changed.ptr)[i] = text.ptr[i] == 'x' ? 'y' : 'x';
        CHECK(!token_plausible(changed));
        CHECK_STATUS(verify(&fix, changed, &token), ST_UNAUTHENTICATED);
        CHECK_STATUS(verify(&fix, str_n(text.ptr, i), &token), ST_UNAUTHENTICATED);
    }
    fixture_end(&fix);
}

/* With a right checksum, as a forger would make it. */
static struct str forge(struct fixture *fix, struct str role, struct str id, struct str secret)
{
    char hex[DIGEST_HEX_BYTES];
    struct str body =
        arena_printf(&fix->arena, "fmd_%.*s_%.*s_%.*s", STR_ARG(role), STR_ARG(id), STR_ARG(secret));
    struct digest digest = digest_of(body);
    digest_hex(&digest, hex);
    return arena_printf(&fix->arena, "%.*s_%.8s", STR_ARG(body), hex);
}

static void a_forged_token_with_a_right_checksum_is_unknown(void)
{
    struct fixture fix;
    struct str id, text;
    struct token_record token;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(create(&fix, STR("acme"), ROLE_READER, 0, &id, &text), ST_OK);
    struct str secret = str_n(text.ptr + text.len - 52, 43);
    struct str other = STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    CHECK_STATUS(verify(&fix, forge(&fix, STR("reader"), id, secret), &token), ST_OK);
    CHECK_STATUS(verify(&fix, forge(&fix, STR("reader"), id, other), &token), ST_UNAUTHENTICATED);
    CHECK_STATUS(verify(&fix, forge(&fix, STR("publisher"), id, secret), &token), ST_UNAUTHENTICATED);
    CHECK_STATUS(verify(&fix, forge(&fix, STR("reader"), STR("0123456789abcdef"), secret), &token),
                 ST_UNAUTHENTICATED);
    CHECK_STATUS(verify(&fix, forge(&fix, STR("king"), id, secret), &token), ST_UNAUTHENTICATED);
    CHECK(!token_plausible(forge(&fix, STR("king"), id, secret)));
    CHECK(!token_plausible(STR("")) && !token_plausible(STR("fmd_reader")));
    fixture_end(&fix);
}

static void the_secret_is_nowhere_in_the_file(void)
{
    struct fixture fix;
    struct str id, text;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(create(&fix, STR("acme"), ROLE_READER, 0, &id, &text), ST_OK);
    tenants_close(fix.tenants);
    fix.tenants = NULL;
    FILE *file = fopen(fixture_path(&fix, "system.db"), "rb");
    CHECK(file != NULL);
    char *bytes = arena_alloc(&fix.arena, 1 << 20);
    size_t len = file ? fread(bytes, 1, 1 << 20, file) : 0;
    if (file) (void)fclose(file);
    bool id_seen = false, secret_seen = false;
    for (size_t i = 0; i + 43 <= len; i++) {
        id_seen |= memcmp(bytes + i, id.ptr, id.len) == 0;
        secret_seen |= memcmp(bytes + i, text.ptr + text.len - 52, 43) == 0;
    }
    CHECK(id_seen && !secret_seen);
    fixture_end(&fix);
}

static void an_expired_or_revoked_token_is_dead(void)
{
    struct fixture fix;
    struct str id, text;
    struct token_record token;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(create(&fix, STR("acme"), ROLE_READER, FIXTURE_NOW_MS, &id, &text), ST_INPUT);
    CHECK_STATUS(create(&fix, STR("acme"), ROLE_READER, FIXTURE_NOW_MS + 10, &id, &text), ST_OK);
    CHECK_STATUS(token_verify(fix.tenants, text, FIXTURE_NOW_MS + 9, &fix.arena, &token), ST_OK);
    CHECK_STATUS(token_verify(fix.tenants, text, FIXTURE_NOW_MS + 10, &fix.arena, &token),
                 ST_UNAUTHENTICATED);
    CHECK_STATUS(revoke(&fix, STR("acme"), id), ST_OK);
    CHECK_STATUS(verify(&fix, text, &token), ST_UNAUTHENTICATED);
    CHECK_STATUS(revoke(&fix, STR("acme"), id), ST_OK); /* again: the same, and no second audit row */
    CHECK_NUMBER(
        fixture_number(&fix, "system.db", "SELECT count(*) FROM audit WHERE action = 'token.revoke'"),
        1);
    fixture_end(&fix);
}

static void only_its_own_tenant_can_revoke_a_token(void)
{
    struct fixture fix;
    struct str id, text, operator_id, operator_text;
    struct token_record token;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(fixture_tenant(&fix, STR("other")), ST_OK);
    CHECK_STATUS(create(&fix, STR("acme"), ROLE_READER, 0, &id, &text), ST_OK);
    CHECK_STATUS(create(&fix, STR(""), ROLE_OPERATOR, 0, &operator_id, &operator_text), ST_OK);
    CHECK_STATUS(revoke(&fix, STR("other"), id), ST_ABSENT);
    CHECK_STATUS(revoke(&fix, STR(""), id), ST_ABSENT);
    CHECK_STATUS(revoke(&fix, STR("acme"), operator_id), ST_ABSENT);
    CHECK_STATUS(revoke(&fix, STR("acme"), STR("nosuch")), ST_ABSENT);
    CHECK_STATUS(verify(&fix, text, &token), ST_OK);
    CHECK_STATUS(revoke(&fix, STR(""), operator_id), ST_OK);
    CHECK_STATUS(verify(&fix, operator_text, &token), ST_UNAUTHENTICATED);
    fixture_end(&fix);
}

static void a_token_needs_the_tenant_its_role_needs(void)
{
    struct fixture fix;
    struct str id, text;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(create(&fix, STR("acme"), ROLE_OPERATOR, 0, &id, &text), ST_INPUT);
    CHECK_STATUS(create(&fix, STR(""), ROLE_READER, 0, &id, &text), ST_INPUT);
    CHECK_STATUS(create(&fix, STR("nobody"), ROLE_READER, 0, &id, &text), ST_ABSENT);
    fixture_end(&fix);
}

static void the_tokens_of_a_closed_tenant_are_dead(void)
{
    struct fixture fix;
    struct str id, text;
    struct token_record token;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(create(&fix, STR("acme"), ROLE_READER, 0, &id, &text), ST_OK);
    CHECK_STATUS(fixture_tenant_state(&fix, STR("acme"), TENANT_SUSPENDED), ST_OK);
    CHECK_STATUS(verify(&fix, text, &token),
                 ST_OK); /* who it is can still be told; what it may do is asked elsewhere */
    CHECK_STATUS(fixture_tenant_state(&fix, STR("acme"), TENANT_CLOSED), ST_OK);
    CHECK_STATUS(verify(&fix, text, &token), ST_UNAUTHENTICATED);
    fixture_end(&fix);
}

static void use_is_written_down_once_a_minute(void)
{
    struct fixture fix;
    struct str id, text;
    struct token_record token;
    struct tenants_counters before, after;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(create(&fix, STR("acme"), ROLE_READER, 0, &id, &text), ST_OK);
    CHECK_STATUS(verify(&fix, text, &token), ST_OK);
    CHECK_NUMBER(token.last_used_ms, 0);
    fixture_reopen(&fix); /* what is queued is done by then */
    tenants_counters(fix.tenants, &before);
    const int64_t edge = FIXTURE_NOW_MS + LIMIT_TOKEN_TOUCH_SECONDS * 1000;
    CHECK_STATUS(token_verify(fix.tenants, text, edge - 1, &fix.arena, &token), ST_OK);
    CHECK_NUMBER(token.last_used_ms, FIXTURE_NOW_MS);
    tenants_counters(fix.tenants, &after);
    CHECK_NUMBER(after.writes_queued, before.writes_queued);
    CHECK_STATUS(token_verify(fix.tenants, text, edge, &fix.arena, &token), ST_OK);
    fixture_reopen(&fix);
    CHECK_STATUS(token_verify(fix.tenants, text, edge + 1, &fix.arena, &token), ST_OK);
    CHECK_NUMBER(token.last_used_ms, edge);
    fixture_end(&fix);
}

static void tokens_are_listed_by_tenant(void)
{
    struct fixture fix;
    struct str id, text;
    struct token_page page;
    uint32_t met = 0;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(fixture_tenant(&fix, STR("other")), ST_OK);
    for (int i = 0; i < 5; i++)
        CHECK_STATUS(create(&fix, STR("acme"), ROLE_READER, 0, &id, &text), ST_OK);
    CHECK_STATUS(create(&fix, STR("other"), ROLE_READER, 0, &id, &text), ST_OK);
    CHECK_STATUS(create(&fix, STR(""), ROLE_OPERATOR, 0, &id, &text), ST_OK);
    struct str after = STR("");
    do {
        CHECK_STATUS(token_list(fix.tenants, STR("acme"), after, 2, &fix.arena, &page), ST_OK);
        for (uint32_t i = 0; i < page.count; i++, met++) {
            CHECK_STR(page.items[i].tenant, STR("acme"));
            CHECK(str_cmp(after, page.items[i].id) < 0);
            after = page.items[i].id;
        }
    } while (page.more);
    CHECK_NUMBER(met, 5);
    CHECK_STATUS(token_list(fix.tenants, STR(""), STR(""), 10, &fix.arena, &page), ST_OK);
    CHECK_NUMBER(page.count, 1);
    CHECK(page.items[0].role == ROLE_OPERATOR);
    fixture_end(&fix);
}

int main(void)
{
    a_token_opens_what_it_was_made_for();
    no_single_changed_character_passes();
    a_forged_token_with_a_right_checksum_is_unknown();
    the_secret_is_nowhere_in_the_file();
    an_expired_or_revoked_token_is_dead();
    only_its_own_tenant_can_revoke_a_token();
    a_token_needs_the_tenant_its_role_needs();
    the_tokens_of_a_closed_tenant_are_dead();
    use_is_written_down_once_a_minute();
    tokens_are_listed_by_tenant();
    return TEST_RESULT();
}
