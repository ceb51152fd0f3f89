/* Whoever is no tenant has nothing that could be read, and is told so by every question. */
#include "store_fixture.h"

static const struct str nobody = {"nobody", 6}, bad = {"../acme", 7};

#define ABSENT(...)                                                                                    \
    do {                                                                                               \
        struct str tenant = nobody;                                                                    \
        CHECK_STATUS(__VA_ARGS__, ST_ABSENT);                                                          \
        tenant = bad;                                                                                  \
        CHECK_STATUS(__VA_ARGS__, ST_ABSENT);                                                          \
    } while (0)

static void nobodys_forms_are_absent(struct tenants *tenants, struct arena *arena)
{
    struct form_record form;
    struct form_page forms;
    struct draft_record draft;
    struct version_record version;
    struct version_text text;
    struct version_page versions;
    struct channel_record channel;
    struct channel_page channels;
    struct terms terms;
    struct str bytes;
    uint32_t number;
    ABSENT(form_find(tenants, tenant, STR("f"), arena, &form));
    ABSENT(form_list(tenants, tenant, STR(""), 5, arena, &forms));
    ABSENT(draft_find(tenants, tenant, STR("f"), arena, &draft));
    ABSENT(version_find(tenants, tenant, STR("f"), 1, arena, &version));
    ABSENT(version_read(tenants, tenant, STR("f"), 1, arena, &text));
    ABSENT(version_list(tenants, tenant, STR("f"), 0, 5, arena, &versions));
    ABSENT(artefact_find(tenants, tenant, 1, 1, STR("render"), STR("1"), arena, &bytes));
    ABSENT(channel_find(tenants, tenant, STR("f"), STR(""), arena, &channel));
    ABSENT(channel_aim(tenants, tenant, STR("f"), STR(""), CHANNEL_NO_BUCKET, &number));
    ABSENT(channel_list(tenants, tenant, STR("f"), arena, &channels));
    ABSENT(term_find(tenants, tenant, STR("f"), &terms));
}

static void nobodys_tables_and_logs_are_absent(struct tenants *tenants, struct arena *arena)
{
    struct table_record table;
    struct table_page tables;
    struct str csv;
    struct digest hash = digest_of(STR("csv"));
    struct audit_page rows;
    struct audit_finding finding;
    struct audit_filter filter = {.who = STR("a")};
    struct operation_record operation;
    struct operation_page operations;
    struct snapshot_page snapshots;
    ABSENT(table_find(tenants, tenant, STR("t"), 1, arena, &table));
    ABSENT(table_read(tenants, tenant, &hash, arena, &csv));
    ABSENT(table_list(tenants, tenant, STR(""), 5, arena, &tables));
    ABSENT(audit_list(tenants, tenant, 0, 5, arena, &rows));
    ABSENT(audit_search(tenants, tenant, &filter, 0, 5, arena, &rows));
    ABSENT(audit_examine(tenants, tenant, &finding));
    ABSENT(operation_find(tenants, tenant, STR("op_1"), arena, &operation));
    ABSENT(operation_list(tenants, tenant, STR(""), 5, arena, &operations));
    ABSENT(operation_open(tenants, tenant, arena, &operations));
    ABSENT(snapshot_list(tenants, tenant, arena, &snapshots));
}

static void nobodys_submissions_are_absent(struct tenants *tenants, struct arena *arena)
{
    struct submission_record submission;
    struct submission_page submissions;
    struct submission_query query = {.form = STR("f")};
    struct submission_walk *walk;
    struct saved_record saved;
    struct digest key = digest_of(STR("key"));
    struct day_query days = {.form = STR("f")};
    struct day_page day_page;
    struct tombstone_record tombstone;
    struct str form;
    bool any;
    ABSENT(submission_find(tenants, tenant, STR("sub_1"), arena, &submission));
    ABSENT(submission_find_by_key(tenants, tenant, STR("f"), STR("key"), arena, &submission));
    ABSENT(submission_list(tenants, tenant, &query, 5, arena, &submissions));
    ABSENT(submission_walk_open(tenants, tenant, &query, &walk));
    ABSENT(saved_find(tenants, tenant, STR("f"), &key, FIXTURE_NOW_MS, arena, &saved));
    ABSENT(saved_is_over(tenants, tenant, FIXTURE_NOW_MS, &any));
    ABSENT(submissions_expired(tenants, tenant, FIXTURE_NOW_MS, arena, &form));
    ABSENT(day_list(tenants, tenant, &days, 5, arena, &day_page));
    ABSENT(tombstone_find(tenants, tenant, STR("sub_1"), arena, &tombstone));
}

static void nobodys_counts_are_absent(struct tenants *tenants, struct arena *arena)
{
    struct survey_head head;
    struct survey_span span = {.form_id = 1, .until = SURVEY_LAST};
    struct survey_place place;
    struct survey_page rows;
    struct carried_page carried;
    struct submission_page submissions;
    struct refused_page refused;
    uint64_t number;
    ABSENT(survey_head(tenants, tenant, STR("f"), FIXTURE_NOW_MS, &head));
    ABSENT(survey_begin(tenants, tenant, &span, 5, &place));
    ABSENT(survey_count(tenants, tenant, &span, &number));
    ABSENT(survey_list(tenants, tenant, &span, 5, arena, &rows));
    ABSENT(carried_list(tenants, tenant, 1, arena, &carried));
    ABSENT(carried_last(tenants, tenant, STR("f"), 1, 2, &number));
    ABSENT(carry_list(tenants, tenant, STR("f"), 1, 0, 5, arena, &submissions));
    ABSENT(carried_refused(tenants, tenant, STR("f"), 1, 2, 0, 5, arena, &refused));
    ABSENT(carry_total(tenants, tenant, STR("f"), 1, 2, &number));
    CHECK(!tenant_degraded(tenants, nobody) && !tenant_degraded(tenants, bad));
}

static void nobodys_invitations_and_looks_are_absent(struct tenants *tenants, struct arena *arena)
{
    struct invitation_record invitation;
    struct invitation_page page;
    struct invitation_query query = {.form = STR("f")};
    struct digest hash = digest_of(STR("code"));
    struct guise guise;
    struct str form;
    bool over;
    ABSENT(
        invitation_find(tenants, tenant, STR("f"), STR("inv_1"), FIXTURE_NOW_MS, arena, &invitation));
    ABSENT(
        invitation_find_by_code(tenants, tenant, STR("f"), &hash, FIXTURE_NOW_MS, arena, &invitation));
    ABSENT(invitation_list(tenants, tenant, &query, 5, arena, &page));
    ABSENT(invitations_over(tenants, tenant, FIXTURE_NOW_MS, arena, &form));
    ABSENT(guise_find(tenants, tenant, STR("f"), arena, &guise));
    ABSENT(version_over(tenants, tenant, STR("f"), 1, FIXTURE_NOW_MS, &over));
}

int main(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    nobodys_forms_are_absent(fix.tenants, &fix.arena);
    nobodys_tables_and_logs_are_absent(fix.tenants, &fix.arena);
    nobodys_submissions_are_absent(fix.tenants, &fix.arena);
    nobodys_counts_are_absent(fix.tenants, &fix.arena);
    nobodys_invitations_and_looks_are_absent(fix.tenants, &fix.arena);
    fixture_end(&fix);
    return TEST_RESULT();
}
