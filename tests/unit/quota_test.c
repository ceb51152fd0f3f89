#include "store_fixture.h"

#include "tenants/schema.h"

static enum status set_quotas(struct fixture *fix, struct str id, const struct quota_change *changes,
                              uint32_t count)
{
    struct write write = fixture_write(fix, WRITE_TENANT_SET_QUOTA);
    write.tenant_set_quota = (struct tenant_set_quota){.id = id, .changes = changes, .count = count};
    return write_wait(fix->tenants, &write);
}

static enum status set_quota(struct fixture *fix, enum quota quota, int64_t value)
{
    return set_quotas(fix, STR("acme"), &(struct quota_change){quota, value}, 1);
}

static int64_t quota_of(struct fixture *fix, struct str id, enum quota quota)
{
    struct tenant_record tenant = {0};
    CHECK_STATUS(tenant_find(fix->tenants, id, &fix->arena, &tenant), ST_OK);
    return tenant.quotas.value[quota];
}

static void each_quota_has_a_name_and_a_default(void)
{
    struct quotas quotas = quotas_default();
    for (unsigned i = 0; i < QUOTA_COUNT; i++) {
        enum quota parsed;
        CHECK(quota_parse(str_of(quota_name((enum quota)i)), &parsed) && parsed == i);
        CHECK(quotas.value[i] > 0 && quotas.value[i] <= QUOTA_MAX);
    }
    enum quota none;
    CHECK(!quota_parse(STR("dreams"), &none) && !quota_parse(STR(""), &none));
}

static void a_tenant_has_the_defaults_until_told_otherwise(void)
{
    struct fixture fix;
    struct tenant_page page;
    const struct quota_change changes[] = {{QUOTA_FORMS, 20}, {QUOTA_STEPS, QUOTA_MAX}};
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(fixture_tenant(&fix, STR("other")), ST_OK);
    for (unsigned i = 0; i < QUOTA_COUNT; i++)
        CHECK_NUMBER(quota_of(&fix, STR("acme"), (enum quota)i), quotas_default().value[i]);
    CHECK_STATUS(set_quotas(&fix, STR("acme"), changes, 2), ST_OK);
    CHECK_NUMBER(quota_of(&fix, STR("acme"), QUOTA_FORMS), 20);
    CHECK_NUMBER(quota_of(&fix, STR("acme"), QUOTA_STEPS), QUOTA_MAX);
    CHECK_NUMBER(quota_of(&fix, STR("acme"), QUOTA_VERSIONS), quotas_default().value[QUOTA_VERSIONS]);
    CHECK_NUMBER(quota_of(&fix, STR("other"), QUOTA_FORMS), quotas_default().value[QUOTA_FORMS]);
    CHECK_STATUS(tenant_list(fix.tenants, STR(""), 10, &fix.arena, &page), ST_OK);
    CHECK(page.count == 2 && page.items[0].quotas.value[QUOTA_FORMS] == 20 &&
          page.items[1].quotas.value[QUOTA_FORMS] == quotas_default().value[QUOTA_FORMS]);
    fixture_reopen(&fix);
    CHECK_NUMBER(quota_of(&fix, STR("acme"), QUOTA_FORMS), 20);
    CHECK_STATUS(inspection_tenants(fix.directory, STR(""), &fix.arena, &page), ST_OK);
    CHECK(page.count == 2 && page.items[0].quotas.value[QUOTA_FORMS] == 20);
    CHECK_STATUS(set_quota(&fix, QUOTA_FORMS, 0), ST_OK);
    CHECK_NUMBER(quota_of(&fix, STR("acme"), QUOTA_FORMS), quotas_default().value[QUOTA_FORMS]);
    CHECK_NUMBER(quota_of(&fix, STR("acme"), QUOTA_STEPS), QUOTA_MAX);
    fixture_end(&fix);
}

static void what_changes_is_in_the_log_and_what_does_not_is_not(void)
{
    struct fixture fix;
    struct audit_page page;
    const struct quota_change changes[] = {{QUOTA_FORMS, 20}, {QUOTA_VERSIONS, 5}};
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(set_quotas(&fix, STR("acme"), changes, 2), ST_OK);
    CHECK_STATUS(set_quotas(&fix, STR("acme"), changes, 2), ST_OK);
    CHECK_STATUS(set_quota(&fix, QUOTA_FORMS, 0), ST_OK);
    CHECK_STATUS(set_quota(&fix, QUOTA_FORMS, 0), ST_OK);
    CHECK_STATUS(set_quota(&fix, QUOTA_VERSIONS, 5), ST_OK);
    CHECK_STATUS(audit_list(fix.tenants, STR(""), 1, 10, &fix.arena, &page), ST_OK);
    CHECK_NUMBER(page.count, 2);
    CHECK_STR(page.items[0].action, STR("tenant.quota"));
    CHECK_STR(page.items[0].object, STR("acme"));
    CHECK_STR(page.items[0].why, STR("to see"));
    CHECK_STR(page.items[0].detail, STR("forms 1000 to 20, versions 10000 to 5"));
    CHECK_STR(page.items[1].detail, STR("forms 20 to default"));
    fixture_end(&fix);
}

static void the_text_of_all_quotas_at_once_fits_into_the_log(void)
{
    struct fixture fix;
    struct audit_page page;
    struct quota_change changes[QUOTA_COUNT];
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    for (int round = 0; round < 2; round++) {
        for (unsigned i = 0; i < QUOTA_COUNT; i++)
            changes[i] = (struct quota_change){(enum quota)i, QUOTA_MAX - round};
        CHECK_STATUS(set_quotas(&fix, STR("acme"), changes, QUOTA_COUNT), ST_OK);
    }
    CHECK_STATUS(audit_list(fix.tenants, STR(""), 2, 10, &fix.arena, &page), ST_OK);
    CHECK(page.count == 1 && page.items[0].detail.len < limit(AUDIT_TEXT_BYTES));
    fixture_end(&fix);
}

static void a_quota_is_from_one_to_its_largest(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(set_quota(&fix, QUOTA_FORMS, -1), ST_INPUT);
    CHECK_STATUS(set_quota(&fix, QUOTA_FORMS, QUOTA_MAX + 1), ST_INPUT);
    CHECK_STATUS(set_quota(&fix, QUOTA_FORMS, QUOTA_MAX), ST_OK);
    CHECK_STATUS(set_quota(&fix, QUOTA_FORMS, 1), ST_OK);
    CHECK_STATUS(set_quotas(&fix, STR("nobody"), &(struct quota_change){QUOTA_FORMS, 5}, 1), ST_ABSENT);
    CHECK_NUMBER(quota_of(&fix, STR("acme"), QUOTA_FORMS), 1);
    fixture_end(&fix);
}

static void the_file_itself_refuses_a_quota_out_of_range(void)
{
    static const char *const attacks[] = {
        "INSERT INTO tenant_quota VALUES ('acme', 'forms', 0)",
        "INSERT INTO tenant_quota VALUES ('acme', 'forms', -5)",
        "INSERT INTO tenant_quota VALUES ('acme', 'forms', 1000000000000001)",
        "INSERT INTO tenant_quota VALUES ('acme', 'forms', NULL)",
        "INSERT INTO tenant_quota VALUES ('acme', 'forms', 'many')",
        "INSERT INTO tenant_quota VALUES ('acme', '', 5)",
        "INSERT INTO tenant_quota VALUES ('acme', 'For ms', 5)",
        "INSERT INTO tenant_quota VALUES ('acme', 'forms' || char(0), 5)",
        "INSERT INTO tenant_quota VALUES ('nobody', 'forms', 5)",
    };
    struct fixture fix;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++)
        CHECK(fixture_sql(&fix, "system.db", attacks[i]) != SQLITE_OK);
    CHECK_NUMBER(fixture_sql(&fix, "system.db", "INSERT INTO tenant_quota VALUES ('acme', 'later', 5)"),
                 SQLITE_OK); /* a newer program's */
    CHECK_NUMBER(quota_of(&fix, STR("acme"), QUOTA_FORMS), 1000);
    fixture_end(&fix);
}

/* ---------------------------------------------------------------- holding to it */

static void as_many_forms_as_the_quota_and_not_one_more(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(fixture_tenant(&fix, STR("other")), ST_OK);
    CHECK_STATUS(set_quota(&fix, QUOTA_FORMS, 2), ST_OK);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("one")), ST_OK);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("two")), ST_OK);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("three")), ST_DENIED);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("two")), ST_CONFLICT); /* that one is told first */
    for (int i = 0; i < 3; i++) {
        char name[8];
        (void)snprintf(name, sizeof name, "f%d", i);
        CHECK_STATUS(fixture_form(&fix, STR("other"), str_of(name)), ST_OK);
    }
    CHECK_STATUS(set_quota(&fix, QUOTA_FORMS, 3), ST_OK);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("three")), ST_OK);
    CHECK_STATUS(set_quota(&fix, QUOTA_FORMS, 1), ST_OK); /* what is there stays, and works */
    CHECK_STATUS(fixture_publish(&fix, STR("acme"), STR("three"), STR("a")), ST_OK);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("four")), ST_DENIED);
    fixture_end(&fix);
}

static void as_many_versions_of_all_forms_as_the_quota_and_not_one_more(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(set_quota(&fix, QUOTA_VERSIONS, 3), ST_OK);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("one")), ST_OK);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("two")), ST_OK);
    CHECK_STATUS(fixture_publish(&fix, STR("acme"), STR("one"), STR("a")), ST_OK);
    CHECK_STATUS(fixture_publish(&fix, STR("acme"), STR("one"), STR("b")), ST_OK);
    CHECK_STATUS(fixture_publish(&fix, STR("acme"), STR("two"), STR("a")), ST_OK);
    CHECK_STATUS(fixture_publish(&fix, STR("acme"), STR("two"), STR("b")), ST_DENIED);
    CHECK_STATUS(fixture_publish(&fix, STR("acme"), STR("one"), STR("b")), ST_OK); /* there already */
    CHECK_STATUS(set_quota(&fix, QUOTA_VERSIONS, 4), ST_OK);
    CHECK_STATUS(fixture_publish(&fix, STR("acme"), STR("two"), STR("b")), ST_OK);
    fixture_end(&fix);
}

/* Many at once share a transaction: none slips past the count of the one before. */
static void the_last_place_goes_to_one(void)
{
    enum { WRITES = 40, PLACES = 7 };
    struct fixture fix;
    struct write writes[WRITES];
    char names[WRITES][8];
    int made = 0;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(set_quota(&fix, QUOTA_FORMS, PLACES), ST_OK);
    for (int i = 0; i < WRITES; i++) {
        (void)snprintf(names[i], sizeof names[i], "f%d", i);
        writes[i] = fixture_write(&fix, WRITE_FORM_CREATE);
        writes[i].form_create = (struct form_create){.name = str_of(names[i]), .title = STR("t")};
        made += write_wait(fix.tenants, &writes[i]) == ST_OK;
        CHECK(writes[i].status == ST_OK || writes[i].refusal == REFUSAL_FORMS_QUOTA);
    }
    CHECK_NUMBER(made, PLACES);
    CHECK_NUMBER(fixture_number(&fix, "tenants/acme/data.db", "SELECT count(*) FROM form"), PLACES);
    fixture_end(&fix);
}

/* The file as it lies there, its log folded in. */
static int64_t stored(struct fixture *fix)
{
    fixture_reopen(fix);
    return fixture_number(fix, "tenants/acme/data.db", "PRAGMA page_count") *
           fixture_number(fix, "tenants/acme/data.db", "PRAGMA page_size");
}

enum { ROW_BYTES = 512 }; /* what a write counts for beside its text: write.c */

static struct write draft_of(struct fixture *fix, struct str source)
{
    struct write write = fixture_write(fix, WRITE_DRAFT_PUT);
    write.draft_put = (struct draft_put){.form = STR("visa"), .source = source};
    return write;
}

static void the_last_byte_is_given_and_not_one_more(void)
{
    struct fixture fix;
    struct str text = STR("edition 2026 form visa of another kind");
    int64_t bytes = (int64_t)text.len + ROW_BYTES;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct write writes[] = {draft_of(&fix, text), fixture_write(&fix, WRITE_VERSION_PUBLISH),
                             fixture_submission(&fix, STR("key-1"), text)};
    writes[1].version_publish = (struct version_publish){
        .form = STR("visa"), .source = text, .edition = STR("2026"), .compiler_version = STR("1")};
    for (int i = 0; i < 3; i++) {
        int64_t before = stored(&fix);
        CHECK_STATUS(set_quota(&fix, QUOTA_STORED_BYTES, before + bytes - 1), ST_OK);
        CHECK_STATUS(write_wait(fix.tenants, &writes[i]), ST_FULL);
        CHECK(writes[i].refusal == REFUSAL_STORED_QUOTA);
        CHECK_STATUS(set_quota(&fix, QUOTA_STORED_BYTES, before + bytes), ST_OK);
        CHECK_STATUS(write_wait(fix.tenants, &writes[i]), ST_OK);
        CHECK(writes[i].refusal == REFUSAL_NONE);
    }
    fixture_end(&fix);
}

static void a_full_tenant_still_answers_a_submission_it_has(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct write first = fixture_submission(&fix, STR("key-1"), STR("{}"));
    struct write again = fixture_submission(&fix, STR("key-1"), STR("{}"));
    struct write other = fixture_submission(&fix, STR("key-1"), STR("{\"a\":1}"));
    struct write fresh = fixture_submission(&fix, STR("key-2"), STR("{}"));
    CHECK_STATUS(write_wait(fix.tenants, &first), ST_OK);
    CHECK_STATUS(set_quota(&fix, QUOTA_STORED_BYTES, 1), ST_OK);
    CHECK_STATUS(write_wait(fix.tenants, &again), ST_OK);
    CHECK(again.submission_add.ret_replayed && again.refusal == REFUSAL_NONE);
    CHECK_STATUS(write_wait(fix.tenants, &other), ST_CONFLICT);
    CHECK(other.refusal == REFUSAL_KEY_REUSED);
    CHECK_STATUS(write_wait(fix.tenants, &fresh), ST_FULL);
    CHECK_STATUS(fixture_form_state(&fix, FORM_CLOSING), ST_OK); /* what needs no room goes on */
    CHECK(!tenant_degraded(fix.tenants, STR("acme")));
    fixture_end(&fix);
}

static void a_new_name_is_kept_and_told(void)
{
    struct fixture fix;
    struct tenant_record tenant;
    struct audit_page page;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    static const struct {
        const char *id, *name;
        enum status status;
    } cases[] = {{"acme", "Another", ST_OK},
                 {"acme", "Another", ST_OK},
                 {"acme", "", ST_INPUT},
                 {"nobody", "N", ST_ABSENT}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct write write = fixture_write(&fix, WRITE_TENANT_SET_NAME);
        write.tenant_set_name =
            (struct tenant_set_name){.id = str_of(cases[i].id), .name = str_of(cases[i].name)};
        CHECK_STATUS(write_wait(fix.tenants, &write), cases[i].status);
    }
    CHECK_STATUS(tenant_find(fix.tenants, STR("acme"), &fix.arena, &tenant), ST_OK);
    CHECK_STR(tenant.name, STR("Another"));
    CHECK_STATUS(audit_list(fix.tenants, STR(""), 1, 10, &fix.arena, &page), ST_OK);
    CHECK(page.count == 1);
    CHECK_STR(page.items[0].action, STR("tenant.name"));
    fixture_end(&fix);
}

int main(void)
{
    each_quota_has_a_name_and_a_default();
    a_tenant_has_the_defaults_until_told_otherwise();
    what_changes_is_in_the_log_and_what_does_not_is_not();
    the_text_of_all_quotas_at_once_fits_into_the_log();
    a_quota_is_from_one_to_its_largest();
    the_file_itself_refuses_a_quota_out_of_range();
    as_many_forms_as_the_quota_and_not_one_more();
    as_many_versions_of_all_forms_as_the_quota_and_not_one_more();
    the_last_place_goes_to_one();
    the_last_byte_is_given_and_not_one_more();
    a_full_tenant_still_answers_a_submission_it_has();
    a_new_name_is_kept_and_told();
    return TEST_RESULT();
}
