/* What a tenant says about the look of its pages, and a form about frames, as the file keeps it. */
#include "store_fixture.h"

#define DATA "tenants/acme/data.db"

static enum status set_theme(struct fixture *fix, struct str text, enum refusal *ret_refusal)
{
    struct write write = fixture_write(fix, WRITE_THEME_SET);
    write.theme_set.text = text;
    enum status st = write_wait(fix->tenants, &write);
    *ret_refusal = write.refusal;
    return st;
}

static enum status set_frames(struct fixture *fix, struct str origins, enum refusal *ret_refusal)
{
    struct write write = fixture_write(fix, WRITE_FORM_SET_TERM);
    write.form_set_term = (struct form_set_term){.form = STR("visa"), .frame_ancestors = &origins};
    enum status st = write_wait(fix->tenants, &write);
    *ret_refusal = write.refusal;
    return st;
}

static struct guise found(struct fixture *fix, const char *form)
{
    struct guise guise = {.theme = STR("?")};
    CHECK_STATUS(guise_find(fix->tenants, STR("acme"), str_of(form), &fix->arena, &guise), ST_OK);
    return guise;
}

static void a_theme_is_one_row_and_told_when_it_changes(void)
{
    struct fixture fix;
    enum refusal refusal;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STR(found(&fix, "visa").theme, STR(""));
    for (int i = 0; i < 2; i++) CHECK_STATUS(set_theme(&fix, STR("{\"a\":1}"), &refusal), ST_OK);
    CHECK_STR(found(&fix, "").theme, STR("{\"a\":1}"));
    CHECK_STATUS(set_theme(&fix, STR("{\"b\":2}"), &refusal), ST_OK);
    CHECK_STR(found(&fix, "visa").theme, STR("{\"b\":2}"));
    CHECK_NUMBER(fixture_number(&fix, DATA, "SELECT count(*) FROM theme"), 1);
    for (int i = 0; i < 2; i++) CHECK_STATUS(set_theme(&fix, STR(""), &refusal), ST_OK);
    CHECK_STR(found(&fix, "visa").theme, STR(""));
    CHECK_NUMBER(fixture_number(&fix, DATA, "SELECT count(*) FROM audit WHERE action = 'theme.set'"),
                 3);
    CHECK(fixture_sql(&fix, DATA, "INSERT INTO theme VALUES (2, '{}}', 1, 'x')") != SQLITE_OK);
    struct guise guise;
    CHECK_STATUS(guise_find(fix.tenants, STR("nobody"), STR(""), &fix.arena, &guise), ST_ABSENT);
    fixture_end(&fix);
}

static void frames_are_a_forms_own_and_stay_when_its_terms_change(void)
{
    struct fixture fix;
    enum refusal refusal;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(set_frames(&fix, STR("https://a.example"), &refusal), ST_OK);
    struct term_change change = {.term = TERM_CLIENT_LOGIC, .value = 0};
    struct write write = fixture_write(&fix, WRITE_FORM_SET_TERM);
    write.form_set_term = (struct form_set_term){.form = STR("visa"), .changes = &change, .count = 1};
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    struct guise guise = found(&fix, "visa");
    CHECK_STR(guise.frame_ancestors, STR("https://a.example"));
    CHECK_NUMBER(guise.terms.value[TERM_CLIENT_LOGIC], 0);
    guise = found(&fix, "another");
    CHECK_STR(guise.frame_ancestors, STR(""));
    CHECK_NUMBER(guise.terms.value[TERM_CLIENT_LOGIC], 1);
    for (int i = 0; i < 2; i++) CHECK_STATUS(set_frames(&fix, STR(""), &refusal), ST_OK);
    CHECK_STR(found(&fix, "visa").frame_ancestors, STR(""));
    CHECK_NUMBER(fixture_number(&fix, DATA,
                                "SELECT count(*) FROM audit WHERE detail LIKE 'frame_ancestors to %'"),
                 2);
    fixture_end(&fix);
}

static void what_is_too_long_is_refused(void)
{
    struct fixture fix;
    enum refusal refusal;
    static char text[16384];
    fixture_begin(&fix);
    fixture_acme(&fix);
    memset(text, 'x', sizeof text);
    size_t most = (size_t)limit(THEME_BYTES);
    CHECK_STATUS(set_theme(&fix, (struct str){text, most}, &refusal), ST_OK);
    CHECK(set_theme(&fix, (struct str){text, most + 1}, &refusal) != ST_OK &&
          refusal == REFUSAL_BAD_VALUE);
    CHECK_STATUS(set_frames(&fix, (struct str){text, most}, &refusal), ST_OK);
    CHECK(set_frames(&fix, (struct str){text, most + 1}, &refusal) != ST_OK &&
          refusal == REFUSAL_BAD_VALUE);
    CHECK_NUMBER(found(&fix, "visa").theme.len, most);
    fixture_end(&fix);
}

int main(void)
{
    a_theme_is_one_row_and_told_when_it_changes();
    frames_are_a_forms_own_and_stay_when_its_terms_change();
    what_is_too_long_is_refused();
    return TEST_RESULT();
}
