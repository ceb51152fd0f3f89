#include "store_fixture.h"

#include "tenants/schema.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/stat.h>

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
        CHECK(token.scopes == scopes_of_role(role) && !token.narrowed && token.networks.count == 0);
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

/* ---------------------------------------------------------------- bounds */

static enum status create_bound(struct fixture *fix, enum token_role role, uint32_t scopes,
                                struct str networks, struct str *ret_text)
{
    struct write write = fixture_write(fix, WRITE_TOKEN_CREATE);
    write.token_create = (struct token_create){
        .tenant = STR("acme"), .role = role, .scopes = scopes, .networks = networks};
    enum status st = write_wait(fix->tenants, &write);
    if (!st) *ret_text = write.token_create.ret_text;
    return st;
}

static void a_token_has_the_scopes_it_was_made_with(void)
{
    struct fixture fix;
    struct str text;
    struct token_record token;
    uint32_t two = 1u << SCOPE_FORMS_READ | 1u << SCOPE_SUBMISSIONS_READ;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(create_bound(&fix, ROLE_READER, two, STR(""), &text), ST_OK);
    for (int round = 0; round < 2; round++) { /* from the file and from memory */
        CHECK_STATUS(verify(&fix, text, &token), ST_OK);
        CHECK(token.scopes == two && token.narrowed);
    }
    CHECK_STATUS(create_bound(&fix, ROLE_READER, scopes_of_role(ROLE_READER), STR(""), &text), ST_OK);
    CHECK_STATUS(create_bound(&fix, ROLE_READER, two | 1u << SCOPE_FORMS_WRITE, STR(""), &text),
                 ST_INPUT);
    CHECK_STATUS(create_bound(&fix, ROLE_SUBMITTER, 1u << SCOPE_FORMS_READ, STR(""), &text), ST_INPUT);
    CHECK_STATUS(create_bound(&fix, ROLE_READER, 1u << SCOPE_COUNT, STR(""), &text), ST_INPUT);
    fixture_end(&fix);
}

static void every_scope_belongs_to_a_role_and_has_a_name(void)
{
    uint32_t all = 0;
    for (enum token_role role = ROLE_OPERATOR; role <= ROLE_SUBMITTER; role++)
        all |= scopes_of_role(role);
    CHECK(all == (1u << SCOPE_COUNT) - 1);
    for (unsigned i = 0; i < SCOPE_COUNT; i++) {
        enum scope parsed;
        CHECK(scope_parse(str_of(scope_name((enum scope)i)), &parsed) && parsed == i);
    }
    struct buf text;
    buf_init(&text, mem_heap(), 1000); /* what the file takes */
    scopes_put(all, &text);
    CHECK(!buf_failed(&text) && scopes_read(buf_str(&text)) == all);
    CHECK(scopes_read(STR("forms.read dreams  forms.write ")) ==
          (1u << SCOPE_FORMS_READ | 1u << SCOPE_FORMS_WRITE));
    buf_release(&text);
}

static void a_token_keeps_its_networks(void)
{
    struct fixture fix;
    struct str text;
    struct token_record token;
    struct buf networks;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(create_bound(&fix, ROLE_READER, 0, STR("10.1.2.3/8, ::1"), &text), ST_OK);
    for (int round = 0; round < 2; round++) {
        CHECK_STATUS(verify(&fix, text, &token), ST_OK);
        CHECK(token.networks.count == 2 && token.networks.items[0].bits == 96 + 8);
    }
    CHECK_NUMBER(fixture_number(&fix, "system.db",
                                "SELECT count(*) FROM token WHERE networks = '10.0.0.0/8 ::1/128'"),
                 1);
    CHECK_STATUS(create_bound(&fix, ROLE_READER, 0, STR("10.0.0.0/33"), &text), ST_INPUT);
    buf_init(&networks, mem_heap(), 4096);
    for (int i = 0; i < limit(TOKEN_NETWORKS); i++)
        buf_puts(&networks, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128 ");
    CHECK_STATUS(
        create_bound(&fix, ROLE_READER, scopes_of_role(ROLE_READER), buf_str(&networks), &text), ST_OK);
    buf_puts(&networks, "::1");
    CHECK_STATUS(create_bound(&fix, ROLE_READER, 0, buf_str(&networks), &text), ST_INPUT);
    buf_release(&networks);
    fixture_end(&fix);
}

static void bounds_that_make_no_sense_let_nobody_in(void)
{
    struct fixture fix;
    struct str text;
    struct token_record token;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(create_bound(&fix, ROLE_READER, 0, STR(""), &text), ST_OK);
    CHECK_NUMBER(fixture_sql(&fix, "system.db",
                             "DROP TRIGGER token_keeps; UPDATE token SET networks = 'the moon'"),
                 SQLITE_OK);
    CHECK_STATUS(verify(&fix, text, &token), ST_OK);
    CHECK(token.scopes == 0);
    fixture_end(&fix);
}

/* ---------------------------------------------------------------- rotation */

static enum status rotate(struct fixture *fix, struct str id, int64_t grace_ms, struct str *ret_text)
{
    struct write write = fixture_write(fix, WRITE_TOKEN_ROTATE);
    write.token_rotate = (struct token_rotate){
        .tenant = STR("acme"), .id = id, .old_until_ms = FIXTURE_NOW_MS + grace_ms};
    enum status st = write_wait(fix->tenants, &write);
    if (!st) *ret_text = write.token_rotate.ret_text;
    return st;
}

static void the_old_secret_lives_until_its_time_and_not_longer(void)
{
    struct fixture fix;
    struct str id, first, second, third;
    struct token_record token;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(create(&fix, STR("acme"), ROLE_READER, 0, &id, &first), ST_OK);
    CHECK_STATUS(rotate(&fix, id, 1000, &second), ST_OK);
    for (int round = 0; round < 2; round++) {
        CHECK_STATUS(token_verify(fix.tenants, first, FIXTURE_NOW_MS + 999, &fix.arena, &token), ST_OK);
        CHECK_STR(token.id, id);
        CHECK_NUMBER(token.old_until_ms, FIXTURE_NOW_MS + 1000);
    }
    CHECK_STATUS(token_verify(fix.tenants, first, FIXTURE_NOW_MS + 1000, &fix.arena, &token),
                 ST_UNAUTHENTICATED);
    CHECK_STATUS(token_verify(fix.tenants, second, FIXTURE_NOW_MS + 1000, &fix.arena, &token), ST_OK);
    CHECK_STATUS(verify(&fix, first, &token), ST_OK); /* its time has not come yet */
    CHECK_STATUS(rotate(&fix, id, 1000, &third), ST_OK);
    CHECK_STATUS(verify(&fix, first, &token), ST_UNAUTHENTICATED); /* one old secret, not two */
    CHECK_STATUS(verify(&fix, second, &token), ST_OK);
    CHECK_STATUS(verify(&fix, third, &token), ST_OK);
    CHECK_STATUS(revoke(&fix, STR("acme"), id), ST_OK);
    CHECK_STATUS(verify(&fix, second, &token), ST_UNAUTHENTICATED);
    CHECK_STATUS(verify(&fix, third, &token), ST_UNAUTHENTICATED);
    CHECK_STATUS(rotate(&fix, id, 1000, &third), ST_CONFLICT);
    CHECK_NUMBER(
        fixture_number(&fix, "system.db", "SELECT count(*) FROM audit WHERE action = 'token.rotate'"),
        2);
    fixture_end(&fix);
}

static void grace_is_from_nothing_to_its_limit(void)
{
    const int64_t longest = limit(TOKEN_GRACE_SECONDS) * INT64_C(1000);
    struct fixture fix;
    struct str id, first, text;
    struct token_record token;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(create(&fix, STR("acme"), ROLE_READER, 0, &id, &first), ST_OK);
    CHECK_STATUS(rotate(&fix, id, -1, &text), ST_INPUT);
    CHECK_STATUS(rotate(&fix, id, longest + 1, &text), ST_INPUT);
    CHECK_STATUS(verify(&fix, first, &token), ST_OK);
    CHECK_STATUS(rotate(&fix, id, longest, &text), ST_OK);
    CHECK_STATUS(rotate(&fix, id, 0, &text), ST_OK);
    CHECK_STATUS(verify(&fix, first, &token), ST_UNAUTHENTICATED);
    CHECK_STATUS(verify(&fix, text, &token), ST_OK);
    CHECK_STATUS(rotate(&fix, STR("0123456789abcdef"), 0, &text), ST_ABSENT);
    fixture_end(&fix);
}

static void an_old_secret_does_not_outlive_its_token(void)
{
    struct fixture fix;
    struct str id, first, text;
    struct token_record token;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(create(&fix, STR("acme"), ROLE_READER, FIXTURE_NOW_MS + 500, &id, &first), ST_OK);
    CHECK_STATUS(rotate(&fix, id, 1000, &text), ST_OK);
    CHECK_STATUS(token_verify(fix.tenants, first, FIXTURE_NOW_MS + 499, &fix.arena, &token), ST_OK);
    CHECK_STATUS(token_verify(fix.tenants, first, FIXTURE_NOW_MS + 500, &fix.arena, &token),
                 ST_UNAUTHENTICATED);
    fixture_end(&fix);
}

/* ---------------------------------------------------------------- what is kept in memory */

static void a_known_token_costs_no_look_into_the_database(void)
{
    struct fixture fix;
    struct str id, text;
    struct token_record token;
    struct tenants_counters before, after;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(create(&fix, STR("acme"), ROLE_READER, 0, &id, &text), ST_OK);
    CHECK_STATUS(verify(&fix, text, &token), ST_OK);
    tenants_counters(fix.tenants, &before);
    for (int i = 0; i < 100; i++) CHECK_STATUS(verify(&fix, text, &token), ST_OK);
    CHECK_STR(token.id, id);
    CHECK_STR(token.tenant, STR("acme"));
    tenants_counters(fix.tenants, &after);
    CHECK_NUMBER(after.reads, before.reads);
    fixture_end(&fix);
}

static void what_ends_a_token_ends_it_before_it_is_answered(void)
{
    struct fixture fix;
    struct str id, text, other_id, other_text, new_text;
    struct token_record token;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(fixture_tenant(&fix, STR("other")), ST_OK);
    CHECK_STATUS(create(&fix, STR("other"), ROLE_READER, 0, &other_id, &other_text), ST_OK);
    for (int round = 0; round < 20; round++) {
        CHECK_STATUS(create(&fix, STR("acme"), ROLE_READER, 0, &id, &text), ST_OK);
        CHECK_STATUS(verify(&fix, text, &token), ST_OK);
        CHECK_STATUS(verify(&fix, other_text, &token), ST_OK);
        if (round % 2) CHECK_STATUS(revoke(&fix, STR("acme"), id), ST_OK);
        else CHECK_STATUS(rotate(&fix, id, 0, &new_text), ST_OK);
        CHECK_STATUS(verify(&fix, text, &token), ST_UNAUTHENTICATED);
        CHECK_STATUS(verify(&fix, other_text, &token), ST_OK);
    }
    CHECK_STATUS(create(&fix, STR("acme"), ROLE_READER, FIXTURE_NOW_MS + 50, &id, &text), ST_OK);
    CHECK_STATUS(token_verify(fix.tenants, text, FIXTURE_NOW_MS + 49, &fix.arena, &token), ST_OK);
    CHECK_STATUS(token_verify(fix.tenants, text, FIXTURE_NOW_MS + 50, &fix.arena, &token),
                 ST_UNAUTHENTICATED);
    CHECK_STATUS(fixture_tenant_state(&fix, STR("other"), TENANT_CLOSED), ST_OK);
    CHECK_STATUS(verify(&fix, other_text, &token), ST_UNAUTHENTICATED);
    fixture_end(&fix);
}

/* ---------------------------------------------------------------- from an older program */

enum { OLD_SCHEMA = 2 };

/* system.db as it was before quotas and bounds, with a tenant and a token of the secret "AAA…". */
static struct str make_old_directory(struct fixture *fix)
{
    struct database db = {0};
    size_t steps = 0;
    struct str secret = STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    struct digest hash = digest_of(secret);
    char hex[DIGEST_HEX_BYTES];
    digest_hex(&hash, hex);
    while (schema_system.migrations[steps].version <= OLD_SCHEMA) steps++;
    CHECK_STATUS(database_open_writer(fixture_path(fix, "system.db"), true, &db), ST_OK);
    CHECK_STATUS(schema_migrate(&db, &(struct schema){schema_system.migrations, steps}), ST_OK);
    CHECK_STATUS(database_run(&db, "INSERT INTO tenant VALUES ('acme', 'Acme', 'active', 1)"), ST_OK);
    struct str sql = arena_printf(&fix->arena,
                                  "INSERT INTO token (id, tenant, role, secret_hash, note, created_ms)"
                                  " VALUES ('0123456789abcdef', 'acme', 'publisher', x'%s', 'old', 1)",
                                  hex);
    CHECK_STATUS(database_run(&db, sql.ptr), ST_OK);
    database_close(&db, true);
    CHECK(mkdir(fixture_path(fix, "tenants"), 0700) == 0);
    CHECK(mkdir(fixture_path(fix, "tenants/acme"), 0700) == 0);
    CHECK_STATUS(database_open_writer(fixture_path(fix, "tenants/acme/data.db"), true, &db), ST_OK);
    CHECK_STATUS(schema_migrate(&db, &schema_tenant), ST_OK);
    database_close(&db, true);
    return forge(fix, STR("publisher"), STR("0123456789abcdef"), secret);
}

static void a_directory_of_an_older_program_is_brought_up_to_date_and_works(void)
{
    struct fixture fix;
    struct tenant_page page;
    struct token_record token;
    struct str fresh, id = STR("0123456789abcdef");
    uint64_t rows = 0, broken = 0;
    fixture_prepare(&fix);
    struct str text = make_old_directory(&fix);
    CHECK_STATUS(inspection_tenants(fix.directory, STR(""), &fix.arena, &page), ST_OK);
    CHECK(page.count == 1 && page.items[0].quotas.value[QUOTA_FORMS] == 1000);
    fixture_open(&fix);
    CHECK_STATUS(verify(&fix, text, &token), ST_OK);
    CHECK(token.role == ROLE_PUBLISHER && token.scopes == scopes_of_role(ROLE_PUBLISHER));
    CHECK(token.networks.count == 0 && token.rotated_ms == 0);
    CHECK_STATUS(rotate(&fix, id, 1000, &fresh), ST_OK);
    CHECK_STATUS(verify(&fix, text, &token), ST_OK);
    CHECK_STATUS(verify(&fix, fresh, &token), ST_OK);
    CHECK_STATUS(create_bound(&fix, ROLE_READER, 1u << SCOPE_FORMS_READ, STR("::1"), &text), ST_OK);
    struct write write = fixture_write(&fix, WRITE_TENANT_SET_QUOTA);
    struct quota_change change = {QUOTA_FORMS, 1};
    write.tenant_set_quota =
        (struct tenant_set_quota){.id = STR("acme"), .changes = &change, .count = 1};
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("one")), ST_OK);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("two")), ST_DENIED);
    CHECK_STATUS(fixture_verify(fix.tenants, STR(""), &rows, &broken), ST_OK);
    CHECK(rows == 3 && broken == 0);
    fixture_reopen(&fix);
    CHECK_STATUS(verify(&fix, fresh, &token), ST_OK);
    CHECK_STATUS(revoke(&fix, STR("acme"), id), ST_OK);
    CHECK_STATUS(verify(&fix, fresh, &token), ST_UNAUTHENTICATED);
    fixture_end(&fix);
}

struct user {
    struct fixture *fix;
    struct str text;
    atomic_bool over;     /* its end has been answered */
    atomic_uint let_in;   /* how often it got in after that */
    atomic_uint verified; /* and before */
};

static void *use_it(void *argument)
{
    struct user *user = argument;
    struct arena arena;
    struct token_record token;
    arena_init(&arena, mem_heap(), 1 << 20);
    for (int after = 0; after < 50;) {
        bool over = atomic_load(&user->over);
        bool in = token_verify(user->fix->tenants, user->text, FIXTURE_NOW_MS, &arena, &token) == ST_OK;
        if (over && in) atomic_fetch_add(&user->let_in, 1);
        if (!over && in) atomic_fetch_add(&user->verified, 1);
        after += over;
        arena_reset(&arena);
    }
    arena_release(&arena);
    return NULL;
}

static void a_token_in_use_is_out_once_its_end_is_answered(void)
{
    enum { USERS = 3, ROUNDS = 20 };
    struct fixture fix;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    for (int round = 0; round < ROUNDS; round++) {
        struct user user = {.fix = &fix};
        struct str id, fresh;
        pthread_t threads[USERS];
        CHECK_STATUS(create(&fix, STR("acme"), ROLE_READER, 0, &id, &user.text), ST_OK);
        for (int i = 0; i < USERS; i++) CHECK(pthread_create(&threads[i], NULL, use_it, &user) == 0);
        while (atomic_load(&user.verified) < 20) sched_yield();
        if (round % 2) CHECK_STATUS(revoke(&fix, STR("acme"), id), ST_OK);
        else CHECK_STATUS(rotate(&fix, id, 0, &fresh), ST_OK);
        atomic_store(&user.over, true);
        for (int i = 0; i < USERS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
        CHECK_NUMBER(atomic_load(&user.let_in), 0);
    }
    fixture_end(&fix);
}

/* A right checksum under something that is no token. */
static bool plausible(struct fixture *fix, struct str body)
{
    char hex[DIGEST_HEX_BYTES];
    struct digest digest = digest_of(body);
    digest_hex(&digest, hex);
    return token_plausible(arena_printf(&fix->arena, "%.*s_%.8s", STR_ARG(body), hex));
}

static void a_right_checksum_makes_no_token(void)
{
#define ID "0123456789abcdef"
#define SECRET "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    struct fixture fix;
    fixture_begin(&fix);
    CHECK(plausible(&fix, STR("fmd_reader_" ID "_" SECRET)));
    CHECK(!plausible(&fix, STR("fmx_reader_" ID "_" SECRET)));
    CHECK(!plausible(&fix, STR("reader_" ID "_" SECRET)));
    CHECK(!plausible(&fix, STR("fmd_reader_" ID "A" SECRET)));
    CHECK(!plausible(&fix, STR("fmd_readerA" ID "_" SECRET)));
    CHECK(!plausible(&fix, STR("_" SECRET)));
    CHECK(!plausible(&fix, STR("short")));
    CHECK(!plausible(&fix, STR("")));
    fixture_end(&fix);
}

int main(void)
{
    a_token_in_use_is_out_once_its_end_is_answered();
    a_directory_of_an_older_program_is_brought_up_to_date_and_works();
    a_token_has_the_scopes_it_was_made_with();
    every_scope_belongs_to_a_role_and_has_a_name();
    a_token_keeps_its_networks();
    bounds_that_make_no_sense_let_nobody_in();
    the_old_secret_lives_until_its_time_and_not_longer();
    grace_is_from_nothing_to_its_limit();
    an_old_secret_does_not_outlive_its_token();
    a_known_token_costs_no_look_into_the_database();
    what_ends_a_token_ends_it_before_it_is_answered();
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
    a_right_checksum_makes_no_token();
    return TEST_RESULT();
}
