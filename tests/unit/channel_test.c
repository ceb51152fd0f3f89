/* Channels, retirements and settings of a form: what C refuses with a word, and what the file itself
 * refuses. */
#include "store_fixture.h"

#define DATA "tenants/acme/data.db"

/* acme's form visa with versions 1 to 3, all published to no channel but "live", which stands for 3. */
static void begin(struct fixture *fix)
{
    fixture_begin(fix);
    fixture_acme(fix);
    CHECK_STATUS(fixture_publish(fix, STR("acme"), STR("visa"), STR("two")), ST_OK);
    CHECK_STATUS(fixture_publish(fix, STR("acme"), STR("visa"), STR("three")), ST_OK);
}

static struct write setting(struct fixture *fix, const char *channel, uint32_t version,
                            uint32_t percent)
{
    struct write write = fixture_write(fix, WRITE_CHANNEL_SET);
    write.channel_set = (struct channel_set){
        .form = STR("visa"), .channel = str_of(channel), .version = version, .percent = percent};
    return write;
}

static enum refusal refused(struct fixture *fix, struct write write)
{
    enum status st = write_wait(fix->tenants, &write);
    CHECK(st != ST_OK);
    return write.refusal;
}

static struct channel_record find(struct fixture *fix, const char *name)
{
    struct channel_record channel = {0};
    CHECK_STATUS(
        channel_find(fix->tenants, STR("acme"), STR("visa"), str_of(name), &fix->arena, &channel),
        ST_OK);
    return channel;
}

static struct write retiring(struct fixture *fix, uint32_t number, int64_t grace_seconds)
{
    struct write write = fixture_write(fix, WRITE_VERSION_RETIRE);
    write.version_retire =
        (struct version_retire){.form = STR("visa"), .number = number, .grace_seconds = grace_seconds};
    return write;
}

static enum status run(struct fixture *fix, struct write write)
{
    return write_wait(fix->tenants, &write);
}

/* ---------------------------------------------------------------- channels */

static void publishing_moves_live_unless_told_otherwise(void)
{
    struct fixture fix;
    struct channel_record none;
    begin(&fix);
    struct channel_record live = find(&fix, "");
    CHECK_STR(live.name, STR("live"));
    CHECK_NUMBER(live.version, 3);
    CHECK_NUMBER(live.revision, 3);
    struct write write = fixture_write(&fix, WRITE_VERSION_PUBLISH);
    write.version_publish = (struct version_publish){.form = STR("visa"),
                                                     .source = STR("four"),
                                                     .edition = STR("2026"),
                                                     .compiler_version = STR("1"),
                                                     .channel = STR("preview")};
    CHECK_STATUS(run(&fix, write), ST_OK);
    CHECK_NUMBER(find(&fix, "live").version, 3);
    CHECK_NUMBER(find(&fix, "preview").version, 4);
    write.version_publish.source = STR("five");
    write.version_publish.channel = STR("none");
    CHECK_STATUS(run(&fix, write), ST_OK);
    CHECK_NUMBER(find(&fix, "live").version, 3);
    CHECK_NUMBER(find(&fix, "preview").version, 4);
    CHECK_STATUS(channel_find(fix.tenants, STR("acme"), STR("visa"), STR("none"), &fix.arena, &none),
                 ST_ABSENT);
    fixture_end(&fix);
}

static void the_same_text_again_is_the_old_version_and_live_stands_for_it(void)
{
    struct fixture fix;
    begin(&fix);
    CHECK_STATUS(fixture_publish(&fix, STR("acme"), STR("visa"), STR("two")), ST_OK);
    CHECK_NUMBER(find(&fix, "live").version, 2);
    CHECK_NUMBER(find(&fix, "live").revision, 4);
    CHECK_STATUS(fixture_publish(&fix, STR("acme"), STR("visa"), STR("two")), ST_OK);
    CHECK_NUMBER(find(&fix, "live").revision, 4); /* nothing has changed */
    CHECK_NUMBER(fixture_number(&fix, DATA, "SELECT count(*) FROM version"), 3);
    CHECK_NUMBER(fixture_number(&fix, DATA,
                                "SELECT count(*) FROM audit WHERE action = 'channel.set'"
                                " AND detail = 'live: version 2'"),
                 1);
    fixture_end(&fix);
}

static void a_part_of_the_buckets_gets_the_candidate_and_none_moves_back(void)
{
    struct fixture fix;
    begin(&fix);
    CHECK_STATUS(run(&fix, setting(&fix, "live", 1, 100)), ST_OK);
    bool had[CHANNEL_BUCKETS] = {false};
    for (uint32_t percent = 0; percent <= 100; percent += 5) {
        CHECK_STATUS(run(&fix, setting(&fix, "live", 2, percent)), ST_OK);
        struct channel_record live = find(&fix, "live");
        uint32_t count = 0;
        for (uint32_t bucket = 0; bucket < CHANNEL_BUCKETS; bucket++) {
            uint32_t version = channel_version(&live, bucket);
            CHECK(version == 2 || (version == 1 && !had[bucket]));
            had[bucket] = version == 2;
            count += had[bucket];
        }
        CHECK_NUMBER(count, percent);
        CHECK_NUMBER(channel_version(&live, CHANNEL_NO_BUCKET), percent == 100 ? 2 : 1);
    }
    struct channel_record live = find(&fix, "live");
    CHECK_NUMBER(live.candidate, 0);
    CHECK_NUMBER(live.percent, 0);
    fixture_end(&fix);
}

static uint32_t aimed(struct fixture *fix, const char *form, const char *channel, uint32_t bucket)
{
    uint32_t version = 0;
    enum status st =
        channel_aim(fix->tenants, STR("acme"), str_of(form), str_of(channel), bucket, &version);
    CHECK(st == ST_OK || (st == ST_ABSENT && version == 0));
    return version;
}

static void an_aim_is_the_version_that_the_channel_gives_the_bucket(void)
{
    struct fixture fix;
    begin(&fix);
    CHECK_STATUS(run(&fix, setting(&fix, "live", 1, 100)), ST_OK);
    CHECK_STATUS(run(&fix, setting(&fix, "live", 2, 30)), ST_OK);
    CHECK_STATUS(run(&fix, setting(&fix, "beta", 3, 100)), ST_OK);
    struct channel_record live = find(&fix, "live");
    for (uint32_t bucket = 0; bucket <= CHANNEL_NO_BUCKET; bucket++)
        CHECK_NUMBER(aimed(&fix, "visa", "", bucket), channel_version(&live, bucket));
    CHECK_NUMBER(aimed(&fix, "visa", "live", 29), 2);
    CHECK_NUMBER(aimed(&fix, "visa", "live", 30), 1);
    CHECK_NUMBER(aimed(&fix, "visa", "beta", CHANNEL_NO_BUCKET), 3);
    CHECK_NUMBER(aimed(&fix, "visa", "gamma", 0), 0);
    CHECK_NUMBER(aimed(&fix, "none", "live", 0), 0);
    fixture_end(&fix);
}

static void naming_the_present_version_takes_the_candidate_away(void)
{
    struct fixture fix;
    begin(&fix);
    CHECK_STATUS(run(&fix, setting(&fix, "live", 1, 30)), ST_OK);
    CHECK_NUMBER(find(&fix, "live").candidate, 1);
    CHECK_NUMBER(find(&fix, "live").percent, 30);
    CHECK_STATUS(run(&fix, setting(&fix, "live", 3, 100)), ST_OK);
    CHECK_NUMBER(find(&fix, "live").candidate, 0);
    CHECK_NUMBER(find(&fix, "live").version, 3);
    fixture_end(&fix);
}

static void what_cannot_be_is_refused_with_its_word(void)
{
    struct fixture fix;
    begin(&fix);
    CHECK(refused(&fix, setting(&fix, "live", 9, 100)) == REFUSAL_VERSION_ABSENT);
    CHECK(refused(&fix, setting(&fix, "live", 1, 101)) == REFUSAL_BAD_VALUE);
    CHECK(refused(&fix, setting(&fix, "beta", 1, 50)) == REFUSAL_BAD_VALUE); /* the rest has nothing */
    CHECK(refused(&fix, setting(&fix, "none", 1, 100)) == REFUSAL_BAD_NAME);
    CHECK(refused(&fix, setting(&fix, "Beta", 1, 100)) == REFUSAL_BAD_NAME);
    struct write write = setting(&fix, "live", 1, 100);
    write.channel_set.form = STR("none");
    CHECK(refused(&fix, write) == REFUSAL_FORM_ABSENT);
    write = setting(&fix, "live", 1, 100);
    write.channel_set.check_revision = true;
    write.channel_set.if_match = 2;
    CHECK(refused(&fix, write) == REFUSAL_CHANNEL_STALE);
    write.channel_set.if_match = 0; /* there must be none */
    CHECK(refused(&fix, write) == REFUSAL_CHANNEL_STALE);
    write.channel_set.if_match = 3;
    CHECK_STATUS(run(&fix, write), ST_OK);
    CHECK_NUMBER(find(&fix, "live").version, 1);
    fixture_end(&fix);
}

static void a_form_has_so_many_channels_and_not_one_more(void)
{
    struct fixture fix;
    struct channel_page page;
    char name[16];
    begin(&fix);
    for (int i = 1; i < limit(CHANNELS); i++) {
        (void)snprintf(name, sizeof name, "c%02d", i);
        CHECK_STATUS(run(&fix, setting(&fix, name, 1, 100)), ST_OK);
    }
    CHECK(refused(&fix, setting(&fix, "more", 1, 100)) == REFUSAL_CHANNELS_FULL);
    CHECK_STATUS(run(&fix, setting(&fix, "c01", 2, 100)), ST_OK); /* one that is there moves on */
    CHECK_STATUS(channel_list(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &page), ST_OK);
    CHECK_NUMBER(page.count, limit(CHANNELS));
    CHECK_STR(page.items[0].name, STR("c01"));
    CHECK_STR(page.items[page.count - 1].name, STR("live"));
    fixture_end(&fix);
}

/* SHA-256 as one number, worked out by hand elsewhere. */
static void a_respondent_has_one_bucket_for_ever(void)
{
    static const struct {
        const char *key;
        uint32_t bucket;
    } rows[] = {{"", 49}, {"a", 99}, {"ada@example.org", 13}, {"tok_1", 50}, {"4711", 62}};
    uint32_t counts[CHANNEL_BUCKETS] = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_NUMBER(channel_bucket(str_of(rows[i].key)), rows[i].bucket);
    for (int i = 0; i < 100000; i++) {
        char key[32];
        int len = snprintf(key, sizeof key, "respondent-%d", i);
        counts[channel_bucket((struct str){key, (size_t)len})]++;
    }
    for (int i = 0; i < CHANNEL_BUCKETS; i++) CHECK(counts[i] > 850 && counts[i] < 1150);
}

/* ---------------------------------------------------------------- retirements */

static enum status submit(struct fixture *fix, const char *key, uint32_t version, int64_t received_ms,
                          enum refusal *ret_refusal)
{
    struct write write = fixture_submission(fix, str_of(key), STR("{\"a\":1}"));
    write.submission_add.version = version;
    write.submission_add.received_ms = received_ms;
    enum status st = write_wait(fix->tenants, &write);
    *ret_refusal = write.refusal;
    return st;
}

static void a_retired_version_takes_late_submissions_for_its_grace(void)
{
    struct fixture fix;
    struct version_record version;
    enum refusal refusal;
    begin(&fix);
    struct write write = retiring(&fix, 1, 60);
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_NUMBER(write.version_retire.ret_version.until_ms, FIXTURE_NOW_MS + 60000);
    CHECK_STATUS(version_find(fix.tenants, STR("acme"), STR("visa"), 1, &fix.arena, &version), ST_OK);
    CHECK(version_state_of(&version) == VERSION_RETIRED);
    CHECK_NUMBER(version.retired_ms, FIXTURE_NOW_MS);
    CHECK_NUMBER(version.until_ms, FIXTURE_NOW_MS + 60000);
    CHECK_STATUS(submit(&fix, "a", 1, FIXTURE_NOW_MS + 59999, &refusal), ST_OK);
    CHECK_STATUS(submit(&fix, "b", 1, FIXTURE_NOW_MS + 60000, &refusal), ST_CONFLICT);
    CHECK(refusal == REFUSAL_VERSION_RETIRED);
    CHECK_STATUS(submit(&fix, "a", 1, FIXTURE_NOW_MS + 90000, &refusal), ST_OK); /* a replay */
    CHECK_STATUS(submit(&fix, "c", 2, FIXTURE_NOW_MS + 90000, &refusal), ST_OK);
    fixture_end(&fix);
}

static void the_grace_is_the_forms_own_unless_said(void)
{
    struct fixture fix;
    begin(&fix);
    struct write write = retiring(&fix, 1, -1);
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_NUMBER(write.version_retire.ret_version.until_ms, FIXTURE_NOW_MS + INT64_C(604800000));
    struct write set = fixture_write(&fix, WRITE_FORM_SET_TERM);
    struct term_change change = {.term = TERM_GRACE_SECONDS, .value = 0};
    set.form_set_term = (struct form_set_term){.form = STR("visa"), .changes = &change, .count = 1};
    CHECK_STATUS(run(&fix, set), ST_OK);
    write = retiring(&fix, 2, -1);
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_NUMBER(write.version_retire.ret_version.until_ms, FIXTURE_NOW_MS);
    enum refusal refusal;
    CHECK_STATUS(submit(&fix, "a", 2, FIXTURE_NOW_MS, &refusal), ST_CONFLICT);
    CHECK(refusal == REFUSAL_VERSION_RETIRED);
    fixture_end(&fix);
}

static void what_a_channel_stands_for_is_not_retired_and_the_retired_is_not_served(void)
{
    struct fixture fix;
    begin(&fix);
    CHECK(refused(&fix, retiring(&fix, 3, -1)) == REFUSAL_VERSION_IN_USE);
    CHECK_STATUS(run(&fix, setting(&fix, "live", 2, 0)), ST_OK);
    CHECK(refused(&fix, retiring(&fix, 2, -1)) ==
          REFUSAL_VERSION_IN_USE); /* a candidate, of nobody yet */
    CHECK(refused(&fix, retiring(&fix, 9, -1)) == REFUSAL_VERSION_ABSENT);
    CHECK(refused(&fix, retiring(&fix, 0, -1)) == REFUSAL_VERSION_ABSENT);
    CHECK(refused(&fix, retiring(&fix, 1, 31536001)) == REFUSAL_BAD_VALUE);
    CHECK_STATUS(run(&fix, retiring(&fix, 1, 31536000)), ST_OK);
    CHECK(refused(&fix, retiring(&fix, 1, -1)) == REFUSAL_ILLEGAL_TRANSITION);
    CHECK(refused(&fix, setting(&fix, "live", 1, 100)) == REFUSAL_VERSION_RETIRED);
    CHECK(refused(&fix, setting(&fix, "live", 1, 1)) == REFUSAL_VERSION_RETIRED);
    /* Its text is still that version, so it cannot be published anew either. */
    CHECK_STATUS(fixture_publish(&fix, STR("acme"), STR("visa"), STR("edition 2026 form visa")),
                 ST_CONFLICT);
    fixture_end(&fix);
}

/* ---------------------------------------------------------------- settings */

static void settings_are_kept_by_name_and_go_back_to_their_defaults(void)
{
    struct fixture fix;
    struct terms terms;
    begin(&fix);
    struct term_change change = {.term = TERM_GRACE_SECONDS, .value = 5};
    struct write set = fixture_write(&fix, WRITE_FORM_SET_TERM);
    set.form_set_term = (struct form_set_term){.form = STR("visa"), .changes = &change, .count = 1};
    CHECK_STATUS(run(&fix, set), ST_OK);
    CHECK_STATUS(run(&fix, set), ST_OK); /* changes nothing, and leaves no second row */
    CHECK_STATUS(term_find(fix.tenants, STR("acme"), STR("visa"), &terms), ST_OK);
    CHECK_NUMBER(terms.value[TERM_GRACE_SECONDS], 5);
    CHECK_NUMBER(fixture_number(&fix, DATA,
                                "SELECT count(*) FROM audit WHERE action = 'form.settings'"
                                " AND detail = 'grace_seconds 604800 to 5'"),
                 1);
    change.reset = true;
    CHECK_STATUS(run(&fix, set), ST_OK);
    CHECK_STATUS(term_find(fix.tenants, STR("acme"), STR("visa"), &terms), ST_OK);
    CHECK_NUMBER(terms.value[TERM_GRACE_SECONDS], terms_default().value[TERM_GRACE_SECONDS]);
    change = (struct term_change){.term = TERM_GRACE_SECONDS, .value = 31536001};
    CHECK(refused(&fix, set) == REFUSAL_BAD_VALUE);
    change.value = -1;
    CHECK(refused(&fix, set) == REFUSAL_BAD_VALUE);
    change.value = 31536000;
    CHECK_STATUS(run(&fix, set), ST_OK);
    fixture_end(&fix);
}

/* ---------------------------------------------------------------- past C */

static void the_file_itself_refuses(void)
{
    static const struct {
        const char *sql;
        int code;
    } deeds[] = {
        {"INSERT INTO channel VALUES (1, 'live', 1, NULL, 0, 1, 1, 'x')", SQLITE_CONSTRAINT},
        {"REPLACE INTO channel VALUES (1, 'live', 1, NULL, 0, 1, 1, 'x')", SQLITE_CONSTRAINT},
        {"INSERT INTO channel VALUES (1, 'beta', 9, NULL, 0, 1, 1, 'x')", SQLITE_CONSTRAINT},
        {"INSERT INTO channel VALUES (1, 'none', 2, NULL, 0, 1, 1, 'x')", SQLITE_CONSTRAINT},
        {"INSERT INTO channel VALUES (1, 'Beta', 2, NULL, 0, 1, 1, 'x')", SQLITE_CONSTRAINT},
        {"INSERT INTO channel VALUES (1, 'beta', 2, NULL, 0, 2, 1, 'x')", SQLITE_CONSTRAINT},
        {"INSERT INTO channel VALUES (1, 'beta', 2, 3, 10, 1, 1, 'x')", SQLITE_CONSTRAINT},
        {"INSERT INTO channel VALUES (1, 'beta', 1, NULL, 0, 1, 1, 'x')",
         SQLITE_CONSTRAINT}, /* retired */
        {"INSERT INTO channel VALUES (7, 'beta', 2, NULL, 0, 1, 1, 'x')", SQLITE_CONSTRAINT},
        {"UPDATE channel SET version = 2", SQLITE_CONSTRAINT}, /* with the same revision */
        {"UPDATE channel SET version = 2, revision = revision + 2", SQLITE_CONSTRAINT},
        {"UPDATE channel SET version = 1, revision = revision + 1", SQLITE_CONSTRAINT}, /* retired */
        {"UPDATE channel SET candidate = 1, percent = 5, revision = revision + 1", SQLITE_CONSTRAINT},
        {"UPDATE channel SET candidate = 9, percent = 5, revision = revision + 1", SQLITE_CONSTRAINT},
        {"UPDATE channel SET candidate = 3, percent = 5, revision = revision + 1",
         SQLITE_CONSTRAINT}, /* itself */
        {"UPDATE channel SET candidate = 2, percent = 100, revision = revision + 1", SQLITE_CONSTRAINT},
        {"UPDATE channel SET candidate = 2, percent = -1, revision = revision + 1", SQLITE_CONSTRAINT},
        {"UPDATE channel SET percent = 5, revision = revision + 1", SQLITE_CONSTRAINT}, /* of nothing */
        {"UPDATE channel SET name = 'beta', revision = revision + 1", SQLITE_CONSTRAINT},
        {"DELETE FROM channel", SQLITE_CONSTRAINT},
        {"INSERT INTO retirement VALUES (1, 3, 1, 1, 'x')", SQLITE_CONSTRAINT}, /* live */
        {"INSERT INTO retirement VALUES (1, 9, 1, 1, 'x')", SQLITE_CONSTRAINT},
        {"INSERT INTO retirement VALUES (1, 2, 5, 4, 'x')", SQLITE_CONSTRAINT},
        {"REPLACE INTO retirement VALUES (1, 1, 1, 9, 'x')", SQLITE_CONSTRAINT},
        {"UPDATE retirement SET until_ms = until_ms + 1", SQLITE_CONSTRAINT},
        {"DELETE FROM retirement", SQLITE_CONSTRAINT},
        {"INSERT INTO form_term VALUES (7, 'grace_seconds', 1)", SQLITE_CONSTRAINT},
        {"INSERT INTO form_term VALUES (1, 'grace_seconds', -1)", SQLITE_CONSTRAINT},
        {"INSERT INTO form_term VALUES (1, '', 1)", SQLITE_CONSTRAINT},
        {"UPDATE channel SET candidate = 2, percent = 99, revision = revision + 1", SQLITE_OK},
        {"INSERT INTO retirement VALUES (1, 2, 1, 1, 'x')", SQLITE_CONSTRAINT}, /* a candidate */
        {"INSERT INTO channel VALUES (1, 'beta', 2, NULL, 0, 1, 1, 'x')", SQLITE_OK},
    };
    struct fixture fix;
    begin(&fix);
    CHECK_STATUS(run(&fix, retiring(&fix, 1, -1)), ST_OK);
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        int code = fixture_sql(&fix, DATA, deeds[i].sql);
        if (code != deeds[i].code) fprintf(stderr, "%s: %d\n", deeds[i].sql, code);
        CHECK(code == deeds[i].code);
    }
    fixture_end(&fix);
}

static void states_have_names_both_ways(void)
{
    enum version_state state;
    enum term term;
    CHECK(version_state_parse(STR("retired"), &state) && state == VERSION_RETIRED);
    CHECK(version_state_parse(STR("published"), &state) && state == VERSION_PUBLISHED);
    CHECK(!version_state_parse(STR("gone"), &state));
    CHECK(strcmp(version_state_name(VERSION_RETIRED), "retired") == 0);
    for (int i = 0; i < TERM_COUNT; i++) {
        CHECK(term_parse(str_of(term_name((enum term)i)), &term) && (int)term == i);
        CHECK(term_fits((enum term)i, terms_default().value[i]));
    }
    CHECK(!term_parse(STR("patience"), &term));
}

int main(void)
{
    publishing_moves_live_unless_told_otherwise();
    the_same_text_again_is_the_old_version_and_live_stands_for_it();
    a_part_of_the_buckets_gets_the_candidate_and_none_moves_back();
    an_aim_is_the_version_that_the_channel_gives_the_bucket();
    naming_the_present_version_takes_the_candidate_away();
    what_cannot_be_is_refused_with_its_word();
    a_form_has_so_many_channels_and_not_one_more();
    a_respondent_has_one_bucket_for_ever();
    a_retired_version_takes_late_submissions_for_its_grace();
    the_grace_is_the_forms_own_unless_said();
    what_a_channel_stands_for_is_not_retired_and_the_retired_is_not_served();
    settings_are_kept_by_name_and_go_back_to_their_defaults();
    the_file_itself_refuses();
    states_have_names_both_ways();
    return TEST_RESULT();
}
