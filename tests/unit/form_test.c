#include "store_fixture.h"

static enum status put_draft(struct fixture *fix, struct str source, const struct digest *if_match,
                             struct draft_record *ret_draft)
{
    struct write write = fixture_write(fix, WRITE_DRAFT_PUT);
    write.draft_put =
        (struct draft_put){.form = STR("visa"), .source = source, .check_etag = if_match != NULL};
    if (if_match) write.draft_put.if_match = *if_match;
    enum status st = write_wait(fix->tenants, &write);
    if (st == ST_PRECONDITION) CHECK(write.refusal == REFUSAL_DRAFT_STALE);
    if (st == ST_ABSENT)
        CHECK(write.refusal == REFUSAL_FORM_ABSENT || write.refusal == REFUSAL_TENANT_ABSENT);
    if (!st && ret_draft) *ret_draft = write.draft_put.ret_draft;
    return st;
}

static void a_created_form_is_found(void)
{
    struct fixture fix;
    struct form_record form;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    struct write write = fixture_write(&fix, WRITE_FORM_CREATE);
    write.form_create = (struct form_create){.name = STR("visa"), .title = STR("Visum für Käpt’n")};
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_STR(write.form_create.ret_form.name, STR("visa"));
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_OK);
    CHECK_STR(form.title, STR("Visum für Käpt’n"));
    CHECK(form.state == FORM_DRAFT && form.newest == 0 && form.submissions == 0 && !form.has_draft);
    CHECK_NUMBER(form.created_ms, FIXTURE_NOW_MS);
    CHECK_NUMBER(form.state_ms, FIXTURE_NOW_MS);
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visas"), &fix.arena, &form), ST_ABSENT);
    fixture_end(&fix);
}

static void what_cannot_be_a_form_is_refused_with_its_reason(void)
{
    struct fixture fix;
    char long_name[LIMIT_FORM_NAME_BYTES + 2], long_title[LIMIT_TITLE_BYTES + 2];
    memset(long_name, 'a', sizeof long_name);
    memset(long_title, 't', sizeof long_title);
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    const struct {
        struct str name, title;
        enum refusal refusal;
    } tries[] = {
        {{long_name, LIMIT_FORM_NAME_BYTES}, {long_title, LIMIT_TITLE_BYTES}, REFUSAL_NONE},
        {{long_name, LIMIT_FORM_NAME_BYTES}, STR("again"), REFUSAL_FORM_EXISTS},
        {{long_name, LIMIT_FORM_NAME_BYTES + 1}, STR("t"), REFUSAL_BAD_NAME},
        {STR(""), STR("t"), REFUSAL_BAD_NAME},
        {STR("../x"), STR("t"), REFUSAL_BAD_NAME},
        {STR("visa"), STR(""), REFUSAL_BAD_VALUE},
        {STR("visa"), {long_title, LIMIT_TITLE_BYTES + 1}, REFUSAL_BAD_VALUE},
    };
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        struct write write = fixture_write(&fix, WRITE_FORM_CREATE);
        write.form_create = (struct form_create){.name = tries[i].name, .title = tries[i].title};
        enum status st = write_wait(fix.tenants, &write);
        CHECK_NUMBER(write.refusal, tries[i].refusal);
        CHECK((st == ST_OK) == (tries[i].refusal == REFUSAL_NONE));
        CHECK(st == write.status);
    }
    fixture_end(&fix);
}

static void forms_are_listed_by_name_page_by_page(void)
{
    struct fixture fix;
    struct form_page page;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    const struct str names[] = {STR("c"), STR("a"), STR("d"), STR("b_2"), STR("b-1")};
    for (size_t i = 0; i < 5; i++) CHECK_STATUS(fixture_form(&fix, STR("acme"), names[i]), ST_OK);
    CHECK_STATUS(form_list(fix.tenants, STR("acme"), STR(""), 3, &fix.arena, &page), ST_OK);
    CHECK_NUMBER(page.count, 3);
    CHECK(page.more);
    CHECK_STR(page.items[0].name, STR("a"));
    CHECK_STR(page.items[1].name, STR("b-1"));
    CHECK_STR(page.items[2].name, STR("b_2"));
    CHECK_STATUS(form_list(fix.tenants, STR("acme"), page.items[2].name, 2, &fix.arena, &page), ST_OK);
    CHECK_NUMBER(page.count, 2);
    CHECK(!page.more);
    CHECK_STR(page.items[1].name, STR("d"));
    CHECK_STATUS(form_list(fix.tenants, STR("acme"), STR("d"), 2, &fix.arena, &page), ST_OK);
    CHECK_NUMBER(page.count, 0);
    fixture_end(&fix);
}

static void a_page_has_at_most_its_limit_of_rows(void)
{
    struct fixture fix;
    struct form_page page;
    char name[8];
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    for (int i = 0; i < LIMIT_PAGE_ROWS + 1; i++) {
        (void)snprintf(name, sizeof name, "f%04d", i);
        CHECK_STATUS(fixture_form(&fix, STR("acme"), str_of(name)), ST_OK);
        const uint32_t wanted = i == 0 ? 0 : LIMIT_PAGE_ROWS + 100;
        if (i < LIMIT_PAGE_ROWS - 1) continue;
        CHECK_STATUS(form_list(fix.tenants, STR("acme"), STR(""), wanted, &fix.arena, &page), ST_OK);
        CHECK_NUMBER(page.count, LIMIT_PAGE_ROWS);
        CHECK(page.more == (i == LIMIT_PAGE_ROWS));
    }
    CHECK_STATUS(form_list(fix.tenants, STR("acme"), STR(""), 0, &fix.arena, &page), ST_OK);
    CHECK_NUMBER(page.count, LIMIT_PAGE_ROWS);
    fixture_end(&fix);
}

static void states_follow_only_the_arrows(void)
{
    /* A way through all states, and at each all others are tried. */
    static const enum form_state way[] = {FORM_OPEN,    FORM_CLOSING, FORM_CLOSED,   FORM_OPEN,
                                          FORM_CLOSING, FORM_CLOSED,  FORM_ARCHIVED, FORM_CLOSED};
    struct fixture fix;
    struct form_record form;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("visa")), ST_OK);
    CHECK_STATUS(fixture_form_state(&fix, FORM_OPEN), ST_CONFLICT); /* nothing is published yet */
    struct write write = fixture_write(&fix, WRITE_VERSION_PUBLISH);
    write.version_publish = (struct version_publish){
        .form = STR("visa"), .source = STR("s"), .edition = STR("2026"), .compiler_version = STR("1")};
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    enum form_state now = FORM_DRAFT;
    for (size_t i = 0; i < sizeof way / sizeof *way; now = way[i++]) {
        for (enum form_state to = FORM_DRAFT; to <= FORM_ARCHIVED; to++) {
            if (form_state_may(now, to)) continue;
            write = fixture_write(&fix, WRITE_FORM_SET_STATE);
            write.form_set_state = (struct form_set_state){.form = STR("visa"), .to = to};
            CHECK_STATUS(write_wait(fix.tenants, &write), ST_CONFLICT);
            CHECK(write.refusal == REFUSAL_ILLEGAL_TRANSITION);
            CHECK(write.form_set_state.ret_from == now);
        }
        CHECK_STATUS(fixture_form_state(&fix, way[i]), ST_OK);
        CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_OK);
        CHECK(form.state == way[i]);
    }
    fixture_end(&fix);
}

static void the_database_allows_the_same_transitions_as_the_code(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    for (enum form_state from = FORM_DRAFT; from <= FORM_ARCHIVED; from++) {
        for (enum form_state to = FORM_DRAFT; to <= FORM_ARCHIVED; to++) {
            char sql[512];
            if (from == to) continue;
            /* The rule is taken away to get to the start, and put back as it was. */
            (void)snprintf(
                sql, sizeof sql,
                "CREATE TABLE kept AS SELECT sql FROM sqlite_schema WHERE name = 'form_moves';"
                "DROP TRIGGER form_moves; UPDATE form SET state = '%s';",
                form_state_name(from));
            CHECK_NUMBER(fixture_sql(&fix, "tenants/acme/data.db", sql), SQLITE_OK);
            sqlite3 *raw = fixture_raw(&fix, "tenants/acme/data.db");
            sqlite3_stmt *stmt = NULL;
            CHECK_NUMBER(sqlite3_prepare_v2(raw, "SELECT sql FROM kept", -1, &stmt, NULL), SQLITE_OK);
            CHECK_NUMBER(sqlite3_step(stmt), SQLITE_ROW);
            char *trigger = sqlite3_mprintf("%s", sqlite3_column_text(stmt, 0));
            CHECK_NUMBER(sqlite3_finalize(stmt), SQLITE_OK);
            CHECK_NUMBER(sqlite3_exec(raw, trigger, NULL, NULL, NULL), SQLITE_OK);
            CHECK_NUMBER(sqlite3_exec(raw, "DROP TABLE kept", NULL, NULL, NULL), SQLITE_OK);
            sqlite3_free(trigger);
            (void)snprintf(sql, sizeof sql, "UPDATE form SET state = '%s'", form_state_name(to));
            CHECK((sqlite3_exec(raw, sql, NULL, NULL, NULL) == SQLITE_OK) == form_state_may(from, to));
            (void)sqlite3_close(raw);
        }
    }
    fixture_end(&fix);
}

static void a_draft_is_replaced_only_by_who_has_read_it(void)
{
    struct fixture fix;
    struct draft_record draft, again;
    struct form_record form;
    const struct digest none = {0};
    fixture_begin(&fix);
    CHECK_STATUS(put_draft(&fix, STR("x"), NULL, NULL), ST_ABSENT); /* no tenant */
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(put_draft(&fix, STR("x"), NULL, NULL), ST_ABSENT); /* no form */
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("visa")), ST_OK);
    CHECK_STATUS(draft_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &draft), ST_ABSENT);

    const struct digest other = digest_of(STR("other"));
    CHECK_STATUS(put_draft(&fix, STR("one"), &other, NULL), ST_PRECONDITION);
    CHECK_STATUS(put_draft(&fix, STR("one"), &none, &draft), ST_OK);
    CHECK_NUMBER(draft.revision, 1);
    CHECK_STATUS(put_draft(&fix, STR("two"), &none, NULL), ST_PRECONDITION);
    CHECK_STATUS(put_draft(&fix, STR("two"), &draft.etag, &again), ST_OK);
    CHECK_NUMBER(again.revision, 2);
    CHECK_STATUS(put_draft(&fix, STR("three"), &draft.etag, NULL), ST_PRECONDITION);
    CHECK_STATUS(put_draft(&fix, STR("four"), NULL, NULL), ST_OK);

    CHECK_STATUS(draft_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &draft), ST_OK);
    CHECK_STR(draft.source, STR("four"));
    CHECK_NUMBER(draft.revision, 3);
    CHECK_STR(draft.updated_by, STR("tester"));
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_OK);
    CHECK(form.has_draft && memcmp(&form.draft_etag, &draft.etag, sizeof draft.etag) == 0);
    fixture_end(&fix);
}

static void a_draft_may_be_as_long_as_a_source_and_no_longer(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("acme")), ST_OK);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("visa")), ST_OK);
    char *text = arena_alloc(&fix.arena, LIMIT_SOURCE_BYTES + 1);
    memset(text, 'x', LIMIT_SOURCE_BYTES + 1);
    CHECK_STATUS(put_draft(&fix, str_n(text, LIMIT_SOURCE_BYTES), NULL, NULL), ST_OK);
    CHECK_STATUS(put_draft(&fix, str_n(text, LIMIT_SOURCE_BYTES + 1), NULL, NULL), ST_INPUT);
    fixture_end(&fix);
}

static void an_archived_form_is_left_alone(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(fixture_form_state(&fix, FORM_CLOSING), ST_OK);
    CHECK_STATUS(fixture_form_state(&fix, FORM_CLOSED), ST_OK);
    CHECK_STATUS(fixture_form_state(&fix, FORM_ARCHIVED), ST_OK);
    CHECK_STATUS(put_draft(&fix, STR("x"), NULL, NULL), ST_CONFLICT);
    CHECK_STATUS(fixture_publish(&fix, STR("acme"), STR("visa"), STR("new")), ST_CONFLICT);
    CHECK_STATUS(fixture_form_state(&fix, FORM_CLOSED), ST_OK);
    CHECK_STATUS(put_draft(&fix, STR("x"), NULL, NULL), ST_OK);
    fixture_end(&fix);
}

static void every_state_has_a_word_that_reads_back(void)
{
    enum form_state form;
    enum tenant_state tenant;
    for (enum form_state state = FORM_DRAFT; state <= FORM_ARCHIVED; state++)
        CHECK(form_state_parse(str_of(form_state_name(state)), &form) && form == state);
    for (enum tenant_state state = TENANT_ACTIVE; state <= TENANT_CLOSED; state++)
        CHECK(tenant_state_parse(str_of(tenant_state_name(state)), &tenant) && tenant == state);
    CHECK(!form_state_parse(STR("OPEN"), &form));
    CHECK(!tenant_state_parse(STR(""), &tenant));
}

int main(void)
{
    a_created_form_is_found();
    what_cannot_be_a_form_is_refused_with_its_reason();
    forms_are_listed_by_name_page_by_page();
    a_page_has_at_most_its_limit_of_rows();
    states_follow_only_the_arrows();
    the_database_allows_the_same_transitions_as_the_code();
    a_draft_is_replaced_only_by_who_has_read_it();
    a_draft_may_be_as_long_as_a_source_and_no_longer();
    an_archived_form_is_left_alone();
    every_state_has_a_word_that_reads_back();
    return TEST_RESULT();
}
