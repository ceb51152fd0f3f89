#include "store_fixture.h"

static enum status verify(struct fixture *fix, uint64_t *ret_rows, uint64_t *ret_broken_at)
{
    return fixture_verify(fix->tenants, STR("acme"), ret_rows, ret_broken_at);
}

static void every_change_of_state_leaves_one_row(void)
{
    static const char *const actions[] = {"form.create", "version.publish", "form.state",
                                          "draft.put",   "submission.add",  "form.state"};
    struct fixture fix;
    struct audit_page page;
    uint64_t rows = 0, broken_at = 0;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct write write = fixture_write(&fix, WRITE_DRAFT_PUT);
    write.draft_put = (struct draft_put){.form = STR("visa"), .source = STR("draft")};
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    write = fixture_submission(&fix, STR("key-1"), STR("{}"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    struct str id = write.submission_add.ret_submission.id;
    CHECK_STATUS(fixture_form_state(&fix, FORM_CLOSING), ST_OK);
    CHECK_STATUS(audit_list(fix.tenants, STR("acme"), 0, 100, &fix.arena, &page), ST_OK);
    CHECK_NUMBER(page.count, 6);
    CHECK(!page.more);
    for (uint32_t i = 0; i < page.count && i < 6; i++) {
        const struct audit_record *row = &page.items[i];
        CHECK_NUMBER(row->seq, i + 1);
        CHECK_STR(row->action, str_of(actions[i]));
        CHECK_STR(row->who, STR("tester"));
        CHECK_STR(row->where, STR("here"));
        CHECK_STR(row->why, STR("to see"));
        CHECK_STR(row->request_id, STR("req_1"));
        CHECK_NUMBER(row->at_ms, FIXTURE_NOW_MS);
        if (i) CHECK(memcmp(&row->previous_hash, &row[-1].hash, sizeof row->hash) == 0);
    }
    CHECK_STR(page.items[1].detail, STR("version 1"));
    CHECK_STR(page.items[2].detail, STR("draft to open"));
    CHECK_STR(page.items[4].object, id);
    CHECK_STR(page.items[5].detail, STR("open to closing"));
    CHECK_STATUS(verify(&fix, &rows, &broken_at), ST_OK);
    CHECK_NUMBER(rows, 6);
    CHECK_NUMBER(broken_at, 0);
    fixture_end(&fix);
}

static void what_changes_nothing_leaves_no_row(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct write write = fixture_submission(&fix, STR("key-1"), STR("{}"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    int64_t before = fixture_number(&fix, "tenants/acme/data.db", "SELECT count(*) FROM audit");
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK); /* a replay */
    write.submission_add.body_hash = digest_of(STR("other"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_CONFLICT);
    CHECK_STATUS(fixture_publish(&fix, STR("acme"), STR("visa"), STR("edition 2026 form visa")),
                 ST_OK); /* there already */
    CHECK_STATUS(fixture_form_state(&fix, FORM_DRAFT), ST_CONFLICT);
    CHECK_NUMBER(fixture_number(&fix, "tenants/acme/data.db", "SELECT count(*) FROM audit"), before);
    fixture_end(&fix);
}

static void the_servers_own_log_tells_of_tenants_and_tokens(void)
{
    struct fixture fix;
    struct audit_page page;
    uint64_t rows = 0, broken_at = 0;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(fixture_tenant_state(&fix, STR("acme"), TENANT_SUSPENDED), ST_OK);
    struct write write = fixture_write(&fix, WRITE_TOKEN_CREATE);
    write.token_create = (struct token_create){.role = ROLE_OPERATOR};
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_STATUS(audit_list(fix.tenants, STR(""), 0, 2, &fix.arena, &page), ST_OK);
    CHECK(page.count == 2 && page.more);
    CHECK_STR(page.items[0].action, STR("tenant.create"));
    CHECK_STR(page.items[1].detail, STR("active to suspended"));
    CHECK_STATUS(audit_list(fix.tenants, STR(""), 2, 2, &fix.arena, &page), ST_OK);
    CHECK(page.count == 1 && !page.more);
    CHECK_STR(page.items[0].action, STR("token.create"));
    CHECK_STATUS(fixture_verify(fix.tenants, STR(""), &rows, &broken_at), ST_OK);
    CHECK(rows == 3 && broken_at == 0);
    fixture_end(&fix);
}

static void long_texts_are_cut_between_characters(void)
{
    struct fixture fix;
    struct audit_page page;
    char text[LIMIT_AUDIT_TEXT_BYTES + 10];
    for (size_t i = 0; i + 1 < sizeof text; i += 2) memcpy(text + i, "ä", 2);
    fixture_begin(&fix);
    struct write write = fixture_write(&fix, WRITE_TENANT_CREATE);
    write.tenant_create = (struct tenant_create){.id = STR("acme"), .name = STR("n")};
    write.actor.why = str_n(text, LIMIT_AUDIT_TEXT_BYTES);
    write.actor.where = str_n(text, LIMIT_AUDIT_TEXT_BYTES + 2);
    write.actor.request_id = (struct str){"x", 1};
    write.actor.who = STR("");
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_STATUS(audit_list(fix.tenants, STR(""), 0, 1, &fix.arena, &page), ST_OK);
    CHECK_NUMBER(page.items[0].why.len, LIMIT_AUDIT_TEXT_BYTES);
    CHECK_NUMBER(page.items[0].where.len, LIMIT_AUDIT_TEXT_BYTES);
    CHECK_STR(page.items[0].who, STR("nobody"));
    text[0] = 'x'; /* now every character straddles the cut */
    write = fixture_write(&fix, WRITE_TENANT_SET_STATE);
    write.tenant_set_state = (struct tenant_set_state){.id = STR("acme"), .to = TENANT_SUSPENDED};
    memmove(text + 1, text + 2, sizeof text - 2);
    write.actor.why = str_n(text, LIMIT_AUDIT_TEXT_BYTES + 1);
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_STATUS(audit_list(fix.tenants, STR(""), 1, 1, &fix.arena, &page), ST_OK);
    CHECK_NUMBER(page.items[0].why.len, LIMIT_AUDIT_TEXT_BYTES - 1);
    fixture_end(&fix);
}

#define WITHOUT_RULES                                                                                  \
    "DROP TRIGGER audit_chains; DROP TRIGGER audit_keeps; DROP TRIGGER audit_stays;"                   \
    "DROP TRIGGER audit_end_begins; DROP TRIGGER audit_end_moves; DROP TRIGGER audit_end_stays"

/* acme with six rows: three of its making, three submissions. */
static void fixture_six(struct fixture *fix)
{
    char key[16];
    fixture_begin(fix);
    fixture_acme(fix);
    for (int k = 0; k < 3; k++) {
        (void)snprintf(key, sizeof key, "key-%d", k);
        struct write write = fixture_submission(fix, str_of(key), STR("{}"));
        CHECK_STATUS(write_wait(fix->tenants, &write), ST_OK);
    }
}

/* Each by somebody with a shell who takes the rules away first. */
static void tampering_is_found_where_it_was_done(void)
{
    static const struct {
        const char *sql;
        uint64_t broken_at;
        enum audit_fault fault;
        uint64_t was;
    } deeds[] = {
        {"UPDATE audit SET who = 'somebody else' WHERE seq = 3", 3, AUDIT_ALTERED, 0},
        {"UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 1", 1, AUDIT_ALTERED, 0},
        {"UPDATE audit SET detail = '', object = object || detail WHERE seq = 2", 2, AUDIT_ALTERED, 0},
        {"DELETE FROM audit WHERE seq = 4", 4, AUDIT_REMOVED, 0},
        {"DELETE FROM audit WHERE seq = 1", 1, AUDIT_REMOVED, 0},
        {"DELETE FROM audit WHERE seq = 6", 6, AUDIT_REMOVED, 0},
        {"DELETE FROM audit WHERE seq > 3", 4, AUDIT_REMOVED, 0},
        {"DELETE FROM audit", 1, AUDIT_REMOVED, 0},
        {"DELETE FROM audit WHERE seq = 2; UPDATE audit SET seq = seq - 1 WHERE seq > 2", 2,
         AUDIT_MOVED, 3},
        {"UPDATE audit SET seq = 99 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 5;"
         "UPDATE audit SET seq = 5 WHERE seq = 99",
         4, AUDIT_MOVED, 5},
        {"UPDATE audit SET hash = zeroblob(32) WHERE seq = 5", 5, AUDIT_ALTERED, 0},
        {"UPDATE audit SET previous_hash = zeroblob(32) WHERE seq = 5", 5, AUDIT_ALTERED, 0},
        {"INSERT INTO audit SELECT 7, 1, 'w', 'a', '', '', '', '', '', hash, hash FROM audit WHERE seq "
         "= 6",
         7, AUDIT_ALTERED, 0},
        {"UPDATE audit_end SET seq = 4, hash = (SELECT hash FROM audit WHERE seq = 4)", 5, AUDIT_ADDED,
         0},
        {"UPDATE audit_end SET hash = zeroblob(32)", 6, AUDIT_REPLACED, 0},
        {"DELETE FROM audit_end", 1, AUDIT_ADDED, 0},
    };
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        struct fixture fix;
        struct audit_finding finding;
        uint64_t rows = 0, broken_at = 0;
        fixture_six(&fix);
        tenants_close(fix.tenants);
        CHECK_NUMBER(fixture_sql(&fix, "tenants/acme/data.db", WITHOUT_RULES), SQLITE_OK);
        CHECK_NUMBER(fixture_sql(&fix, "tenants/acme/data.db", deeds[i].sql), SQLITE_OK);
        fixture_open(&fix);
        CHECK_STATUS(verify(&fix, &rows, &broken_at), ST_OK);
        CHECK_NUMBER(broken_at, deeds[i].broken_at);
        CHECK_NUMBER(rows, deeds[i].broken_at - 1);
        CHECK_STATUS(audit_examine(fix.tenants, STR("acme"), &finding), ST_OK);
        CHECK_STR(str_of(audit_fault_name(finding.fault)), str_of(audit_fault_name(deeds[i].fault)));
        CHECK_NUMBER(finding.was, deeds[i].was);
        /* A recovery does not believe such a file either. */
        CHECK_STATUS(tenant_recover(fix.tenants, STR("acme")), ST_DEGRADED);
        CHECK(tenant_degraded(fix.tenants, STR("acme")));
        CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("tax")), ST_DEGRADED);
        fixture_end(&fix);
    }
}

/* The program would go on from the newest row that is left. What is gone stays to be seen. */
static void rows_written_after_a_removal_do_not_cover_it(void)
{
    struct fixture fix;
    struct audit_finding finding;
    fixture_six(&fix);
    tenants_close(fix.tenants);
    CHECK_NUMBER(fixture_sql(&fix, "tenants/acme/data.db", WITHOUT_RULES), SQLITE_OK);
    CHECK_NUMBER(fixture_sql(&fix, "tenants/acme/data.db", "DELETE FROM audit WHERE seq > 4"),
                 SQLITE_OK);
    fixture_open(&fix);
    for (int k = 0; k < 4; k++) {
        struct write write = fixture_write(&fix, WRITE_DRAFT_PUT);
        write.draft_put = (struct draft_put){.form = STR("visa"), .source = STR("draft")};
        CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    }
    CHECK_STATUS(audit_examine(fix.tenants, STR("acme"), &finding), ST_OK);
    CHECK(finding.fault == AUDIT_REPLACED);
    CHECK_NUMBER(finding.broken_at, 6);
    fixture_end(&fix);
}

/* A whole chain made anew from some row on can only be told by who has kept a hash: here the file. */
static void a_chain_made_anew_does_not_end_where_the_file_remembers(void)
{
    struct fixture fix;
    struct audit_finding before, after;
    fixture_six(&fix);
    CHECK_STATUS(audit_examine(fix.tenants, STR("acme"), &before), ST_OK);
    CHECK(before.fault == AUDIT_WHOLE && before.rows == 6);
    CHECK_NUMBER(fixture_number(&fix, "tenants/acme/data.db",
                                "SELECT count(*) FROM audit_end JOIN audit USING (seq, hash)"),
                 1);
    struct write write = fixture_submission(&fix, STR("key-4"), STR("{}"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_STATUS(audit_examine(fix.tenants, STR("acme"), &after), ST_OK);
    CHECK_NUMBER(after.rows, 7);
    CHECK(memcmp(&before.hash, &after.hash, sizeof before.hash) != 0);
    CHECK_NUMBER(fixture_number(&fix, "tenants/acme/data.db", "SELECT seq FROM audit_end"), 7);
    fixture_end(&fix);
}

static void a_long_chain_is_walked_in_pieces(void)
{
    enum { COUNT = 1200 }; /* more than two pieces */
    struct fixture fix;
    uint64_t rows = 0, broken_at = 0;
    fixture_begin(&fix);
    fixture_acme(&fix);
    for (int i = 0; i < COUNT; i++) {
        struct write write = fixture_write(&fix, WRITE_DRAFT_PUT);
        write.draft_put = (struct draft_put){.form = STR("visa"), .source = STR("draft")};
        CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    }
    CHECK_STATUS(verify(&fix, &rows, &broken_at), ST_OK);
    CHECK_NUMBER(rows, COUNT + 3);
    CHECK_NUMBER(broken_at, 0);
    fixture_end(&fix);
}

static void a_filter_finds_its_rows_and_no_others(void)
{
    struct fixture fix;
    struct audit_page page;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("other")), ST_OK);
    static const struct {
        struct audit_filter filter;
        uint32_t count;
    } rows[] = {
        {{.action = {"form.create", 11}}, 2},
        {{.action = {"form.create", 11}, .object = {"visa", 4}}, 1},
        {{.object = {"visa", 4}}, 3},
        {{.who = {"tester", 6}}, 4},
        {{.who = {"tester", 6}, .object = {"other", 5}}, 1},
        {{.who = {"somebody", 8}}, 0},
        {{.action = {"form", 4}}, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_STATUS(audit_search(fix.tenants, STR("acme"), &rows[i].filter, 0, 100, &fix.arena, &page),
                     ST_OK);
        CHECK(page.count == rows[i].count && !page.more);
    }
    CHECK_STATUS(audit_search(fix.tenants, STR("acme"), &rows[0].filter, 0, 1, &fix.arena, &page),
                 ST_OK);
    CHECK(page.count == 1 && page.more && page.next_after == 1);
    CHECK_STATUS(
        audit_search(fix.tenants, STR("acme"), &rows[0].filter, page.next_after, 1, &fix.arena, &page),
        ST_OK);
    CHECK(page.count == 1 && page.items[0].seq == 4);
    CHECK_STR(page.items[0].object, STR("other"));
    fixture_end(&fix);
}

/* A filter that fits nothing looks at so many rows for one page and says where to go on. */
static void one_page_looks_at_its_limit_of_rows_and_not_one_more(void)
{
    const struct audit_filter filter = {.action = STR("rare")};
    struct fixture fix;
    struct audit_page page;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    struct str sql =
        arena_printf(&fix.arena,
                     "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
                     " INSERT INTO audit SELECT i, 1, 'w', CASE WHEN i > %d THEN 'rare' ELSE 'a' END, "
                     "'', '', '', '', '',"
                     " zeroblob(32), zeroblob(32) FROM n",
                     limit(AUDIT_SCAN_ROWS) + 1, limit(AUDIT_SCAN_ROWS));
    CHECK_NUMBER(fixture_sql(&fix, "tenants/acme/data.db", sql.ptr), SQLITE_OK);
    CHECK_STATUS(audit_search(fix.tenants, STR("acme"), &filter, 0, 10, &fix.arena, &page), ST_OK);
    CHECK(page.count == 0 && page.more && page.next_after == (uint64_t)limit(AUDIT_SCAN_ROWS));
    CHECK_STATUS(
        audit_search(fix.tenants, STR("acme"), &filter, page.next_after, 10, &fix.arena, &page), ST_OK);
    CHECK(page.count == 1 && !page.more);
    CHECK_STATUS(audit_search(fix.tenants, STR("acme"), &filter, 1, 10, &fix.arena, &page), ST_OK);
    CHECK(page.count == 1 && !page.more); /* exactly as many */
    fixture_end(&fix);
}

int main(void)
{
    a_filter_finds_its_rows_and_no_others();
    one_page_looks_at_its_limit_of_rows_and_not_one_more();
    every_change_of_state_leaves_one_row();
    what_changes_nothing_leaves_no_row();
    the_servers_own_log_tells_of_tenants_and_tokens();
    long_texts_are_cut_between_characters();
    tampering_is_found_where_it_was_done();
    rows_written_after_a_removal_do_not_cover_it();
    a_chain_made_anew_does_not_end_where_the_file_remembers();
    a_long_chain_is_walked_in_pieces();
    return TEST_RESULT();
}
