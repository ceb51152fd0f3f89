#include "store_fixture.h"

static struct write publishing(struct fixture *fix, struct str source)
{
    struct write write = fixture_write(fix, WRITE_VERSION_PUBLISH);
    write.version_publish = (struct version_publish){.form = STR("visa"),
                                                     .source = source,
                                                     .edition = STR("2026"),
                                                     .compiler_version = STR("1.0"),
                                                     .opens = true};
    return write;
}

static void begin(struct fixture *fix)
{
    fixture_begin(fix);
    CHECK_STATUS(fixture_tenant(fix, STR("acme")), ST_OK);
    CHECK_STATUS(fixture_form(fix, STR("acme"), STR("visa")), ST_OK);
}

static void versions_are_numbered_and_kept_whole(void)
{
    struct fixture fix;
    struct version_record version;
    struct form_record form;
    begin(&fix);
    CHECK_STATUS(version_find(fix.tenants, STR("acme"), STR("visa"), 0, &fix.arena, &version),
                 ST_ABSENT);
    struct write write = publishing(&fix, STR("one"));
    write.version_publish.title = STR("New title");
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_NUMBER(write.version_publish.ret_version.number, 1);
    write = publishing(&fix, STR("two"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_NUMBER(write.version_publish.ret_version.number, 2);
    CHECK(!write.version_publish.ret_existing);

    CHECK_STATUS(version_find(fix.tenants, STR("acme"), STR("visa"), 0, &fix.arena, &version), ST_OK);
    CHECK_NUMBER(version.number, 2);
    CHECK_STR(version.source, STR("two"));
    CHECK_STATUS(version_find(fix.tenants, STR("acme"), STR("visa"), 1, &fix.arena, &version), ST_OK);
    const struct digest hash = digest_of(STR("one"));
    CHECK_STR(version.source, STR("one"));
    CHECK_STR(version.edition, STR("2026"));
    CHECK_STR(version.compiler_version, STR("1.0"));
    CHECK_STR(version.published_by, STR("tester"));
    CHECK_NUMBER(version.published_ms, FIXTURE_NOW_MS);
    CHECK(memcmp(&version.source_hash, &hash, sizeof hash) == 0);
    CHECK_STATUS(version_find(fix.tenants, STR("acme"), STR("visa"), 3, &fix.arena, &version),
                 ST_ABSENT);
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_OK);
    CHECK_NUMBER(form.newest, 2);
    CHECK_STR(form.title, STR("New title"));
    CHECK(form.state == FORM_OPEN);
    fixture_end(&fix);
}

static void the_same_source_is_the_same_version(void)
{
    struct fixture fix;
    begin(&fix);
    struct write write = publishing(&fix, STR("one"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    write = publishing(&fix, STR("two"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    write = publishing(&fix, STR("one"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK(write.version_publish.ret_existing);
    CHECK_NUMBER(write.version_publish.ret_version.number, 1);
    CHECK_NUMBER(fixture_number(&fix, "tenants/acme/data.db", "SELECT count(*) FROM version"), 2);
    fixture_end(&fix);
}

static void publishing_opens_only_when_asked_and_only_a_draft(void)
{
    struct fixture fix;
    struct form_record form;
    begin(&fix);
    struct write write = publishing(&fix, STR("one"));
    write.version_publish.opens = false;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_OK);
    CHECK(form.state == FORM_DRAFT);
    CHECK_STATUS(fixture_form_state(&fix, FORM_OPEN), ST_OK);
    CHECK_STATUS(fixture_form_state(&fix, FORM_CLOSING), ST_OK);
    write = publishing(&fix, STR("two"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_OK);
    CHECK(form.state == FORM_CLOSING);
    fixture_end(&fix);
}

static void a_draft_that_moved_on_is_not_published_unseen(void)
{
    struct fixture fix;
    begin(&fix);
    struct write write = fixture_write(&fix, WRITE_DRAFT_PUT);
    write.draft_put = (struct draft_put){.form = STR("visa"), .source = STR("one")};
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    const struct digest seen = write.draft_put.ret_draft.etag;
    write.draft_put.source = STR("two");
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    write = publishing(&fix, STR("one"));
    write.version_publish.check_draft = true;
    write.version_publish.if_match = seen;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_PRECONDITION);
    CHECK(write.refusal == REFUSAL_DRAFT_STALE);
    write.version_publish.source = STR("two");
    write.version_publish.if_match = digest_of(STR("two"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    fixture_end(&fix);
}

static void versions_are_listed_newest_first(void)
{
    struct fixture fix;
    struct version_page page;
    begin(&fix);
    CHECK_STATUS(version_list(fix.tenants, STR("acme"), STR("visa"), 0, 10, &fix.arena, &page), ST_OK);
    CHECK_NUMBER(page.count, 0);
    for (int i = 0; i < 5; i++) {
        struct write write = publishing(&fix, arena_printf(&fix.arena, "source %d", i));
        CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    }
    CHECK_STATUS(version_list(fix.tenants, STR("acme"), STR("visa"), 0, 3, &fix.arena, &page), ST_OK);
    CHECK(page.count == 3 && page.more && page.items[0].number == 5 && page.items[2].number == 3);
    CHECK_STATUS(version_list(fix.tenants, STR("acme"), STR("visa"), 3, 3, &fix.arena, &page), ST_OK);
    CHECK(page.count == 2 && !page.more && page.items[0].number == 2 && page.items[1].number == 1);
    fixture_end(&fix);
}

/* Beside what version_find() tells of it. */
static void a_version_is_read_to_be_compiled(void)
{
    struct fixture fix;
    struct version_record found;
    struct version_text text;
    begin(&fix);
    struct write write = publishing(&fix, STR("one"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    write = publishing(&fix, STR("two"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    for (uint32_t number = 0; number <= 2; number++) {
        CHECK_STATUS(version_find(fix.tenants, STR("acme"), STR("visa"), number, &fix.arena, &found),
                     ST_OK);
        CHECK_STATUS(version_read(fix.tenants, STR("acme"), STR("visa"), number, &fix.arena, &text),
                     ST_OK);
        CHECK(text.form_id == found.form_id && text.number == found.number);
        CHECK(str_eq(text.source, found.source) && text.state == FORM_OPEN);
        CHECK(memcmp(&text.source_hash, &found.source_hash, sizeof found.source_hash) == 0);
    }
    CHECK_STATUS(version_read(fix.tenants, STR("acme"), STR("visa"), 3, &fix.arena, &text), ST_ABSENT);
    CHECK_STATUS(version_read(fix.tenants, STR("acme"), STR("none"), 1, &fix.arena, &text), ST_ABSENT);
    CHECK_STATUS(version_read(fix.tenants, STR("none"), STR("visa"), 1, &fix.arena, &text), ST_ABSENT);
    fixture_end(&fix);
}

static void artefacts_go_with_the_version_and_can_be_made_again(void)
{
    struct fixture fix;
    struct str bytes;
    begin(&fix);
    const struct artefact made[] = {{STR("program"), STR("1.0"), STR("lua\0text")},
                                    {STR("render.gz"), STR("1.0"), STR("")}};
    struct write write = publishing(&fix, STR("one"));
    write.version_publish.artefacts = made;
    write.version_publish.artefacts_count = 2;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    const int64_t form_id = write.version_publish.ret_version.form_id;
#define FIND(number, kind, compiler)                                                                   \
    artefact_find(fix.tenants, STR("acme"), form_id, number, kind, compiler, &fix.arena, &bytes)
    CHECK_STATUS(FIND(1, STR("program"), STR("1.0")), ST_OK);
    CHECK_STR(bytes, STR("lua\0text"));
    CHECK_STATUS(FIND(1, STR("render.gz"), STR("1.0")), ST_OK);
    CHECK_NUMBER(bytes.len, 0);
    CHECK_STATUS(FIND(1, STR("render.br"), STR("1.0")), ST_ABSENT);
    CHECK_STATUS(FIND(2, STR("program"), STR("1.0")), ST_ABSENT);
    CHECK_STATUS(FIND(1, STR("program"), STR("1.1")), ST_ABSENT); /* another compiler's is not ours */

    write = fixture_write(&fix, WRITE_ARTEFACT_PUT);
    write.artefact_put = (struct artefact_put){form_id, 1, {STR("program"), STR("1.1"), STR("newer")}};
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_STATUS(FIND(1, STR("program"), STR("1.1")), ST_OK);
    CHECK_STR(bytes, STR("newer"));
    CHECK_STATUS(FIND(1, STR("program"), STR("1.0")), ST_ABSENT); /* one of a kind is kept */
    write.artefact_put.number = 2;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_ABSENT);
    CHECK(write.refusal == REFUSAL_VERSION_ABSENT);
#undef FIND
    fixture_end(&fix);
}

static void a_failed_publication_leaves_nothing(void)
{
    struct fixture fix;
    struct version_record version;
    begin(&fix);
    struct artefact made[] = {{STR("program"), STR("1.0"), STR("text")},
                              {STR(""), STR("1.0"), STR("text")}};
    struct write write = publishing(&fix, STR("one"));
    write.version_publish.artefacts = made;
    write.version_publish.artefacts_count = 2;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_INPUT);
    CHECK_STATUS(version_find(fix.tenants, STR("acme"), STR("visa"), 1, &fix.arena, &version),
                 ST_ABSENT);
    CHECK_NUMBER(fixture_number(&fix, "tenants/acme/data.db", "SELECT count(*) FROM audit"), 1);
    fixture_end(&fix);
}

static void sizes_are_taken_at_their_limits_and_refused_beyond(void)
{
    struct fixture fix;
    struct artefact many[LIMIT_ARTEFACTS + 1];
    begin(&fix);
    char *text = arena_alloc(&fix.arena, LIMIT_ARTEFACT_BYTES + 1);
    memset(text, 'x', LIMIT_ARTEFACT_BYTES + 1);
    for (int i = 0; i < LIMIT_ARTEFACTS + 1; i++)
        many[i] = (struct artefact){arena_printf(&fix.arena, "kind-%d", i), STR("1"), STR("b")};
    struct write write = publishing(&fix, str_n(text, LIMIT_SOURCE_BYTES));
    write.version_publish.artefacts = many;
    write.version_publish.artefacts_count = LIMIT_ARTEFACTS + 1;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_INPUT);
    write.version_publish.artefacts_count = LIMIT_ARTEFACTS;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    const int64_t form_id = write.version_publish.ret_version.form_id;
    write = publishing(&fix, str_n(text, LIMIT_SOURCE_BYTES + 1));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_INPUT);
    write = fixture_write(&fix, WRITE_ARTEFACT_PUT);
    write.artefact_put =
        (struct artefact_put){form_id, 1, {STR("large"), STR("1"), str_n(text, LIMIT_ARTEFACT_BYTES)}};
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    write.artefact_put.artefact.bytes.len++;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_INPUT);
    CHECK(write.refusal == REFUSAL_BAD_VALUE);
    fixture_end(&fix);
}

static void what_was_compared_with_a_version_that_is_not_the_newest_any_more_is_refused(void)
{
    struct fixture fix;
    begin(&fix);
    struct write write = publishing(&fix, STR("one"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    write = publishing(&fix, STR("two"));
    write.version_publish.compared = true; /* with none */
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_CONFLICT);
    CHECK(write.refusal == REFUSAL_VERSION_OVERTAKEN);
    write.version_publish.compared_to = 1;
    write.version_publish.compared_live = 2; /* live stands for 1 */
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_CONFLICT);
    CHECK(write.refusal == REFUSAL_VERSION_OVERTAKEN);
    write.version_publish.compared_live = 1;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_NUMBER(write.version_publish.ret_version.number, 2);
    fixture_end(&fix);
}

int main(void)
{
    versions_are_numbered_and_kept_whole();
    the_same_source_is_the_same_version();
    publishing_opens_only_when_asked_and_only_a_draft();
    a_draft_that_moved_on_is_not_published_unseen();
    versions_are_listed_newest_first();
    a_version_is_read_to_be_compiled();
    artefacts_go_with_the_version_and_can_be_made_again();
    a_failed_publication_leaves_nothing();
    sizes_are_taken_at_their_limits_and_refused_beyond();
    what_was_compared_with_a_version_that_is_not_the_newest_any_more_is_refused();
    return TEST_RESULT();
}
