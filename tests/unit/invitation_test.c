/* Invitations in the storage: the steps between their states, by the functions and by a hand with a
 * shell. */
#define _GNU_SOURCE
#include "store_fixture.h"

#define DAY_MS INT64_C(86400000)

static const char file[] = "tenants/acme/data.db";

static struct write issue(struct fixture *fix, const char *key, uint32_t count, int64_t expires_ms)
{
    static struct digest hashes[LIMIT_INVITATIONS + 1];
    for (uint32_t i = 0; i < count; i++) {
        char code[40];
        snprintf(code, sizeof code, "%s-%u", key, i);
        hashes[i] = digest_of(str_of(code));
    }
    struct write write = fixture_write(fix, WRITE_INVITATIONS_ISSUE);
    write.invitations_issue = (struct invitations_issue){.form = STR("visa"),
                                                         .key = str_of(key),
                                                         .body_hash = digest_of(STR("body")),
                                                         .expires_ms = expires_ms,
                                                         .hashes = hashes,
                                                         .count = count};
    return write;
}

static struct invitation_record issue_one(struct fixture *fix, const char *key)
{
    struct write write = issue(fix, key, 1, FIXTURE_NOW_MS + DAY_MS);
    CHECK_STATUS(write_wait(fix->tenants, &write), ST_OK);
    CHECK(write.invitations_issue.ret_page.count == 1 && !write.invitations_issue.ret_replayed);
    return write.invitations_issue.ret_page.items[0];
}

static struct invitation_record look(struct fixture *fix, struct str id, int64_t now_ms)
{
    struct invitation_record invitation = {0};
    CHECK_STATUS(
        invitation_find(fix->tenants, STR("acme"), STR("visa"), id, now_ms, &fix->arena, &invitation),
        ST_OK);
    return invitation;
}

/* With the code "KEY-0". */
static struct write submit(struct fixture *fix, const char *key, const char *code)
{
    static struct digest hash;
    hash = digest_of(str_of(code));
    struct write write = fixture_submission(fix, str_of(key), STR("{\"a\":1}"));
    write.submission_add.invitation = &hash;
    return write;
}

static enum status revoke_one(struct fixture *fix, struct str id, enum refusal *ret_refusal)
{
    struct write write = fixture_write(fix, WRITE_INVITATION_REVOKE);
    write.invitation_revoke = (struct invitation_revoke){.form = STR("visa"), .id = id};
    enum status st = write_wait(fix->tenants, &write);
    *ret_refusal = write.refusal;
    return st;
}

static void a_submission_uses_its_invitation_and_its_erasure_gives_it_back(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct invitation_record invitation = issue_one(&fix, "first");
    CHECK(invitation.state == INVITATION_ISSUED && !invitation.submission.len);
    CHECK(invitation.state_ms == FIXTURE_NOW_MS && invitation.created_ms == FIXTURE_NOW_MS);
    CHECK_STR(invitation.created_by, STR("tester"));
    struct write add = submit(&fix, "key-1", "first-0");
    CHECK_STATUS(write_wait(fix.tenants, &add), ST_OK);
    struct str id = add.submission_add.ret_submission.id;
    invitation = look(&fix, invitation.id, FIXTURE_NOW_MS + 9 * DAY_MS);
    CHECK(invitation.state == INVITATION_USED); /* its time does not matter any more */
    CHECK_STR(invitation.submission, id);
    struct write again = submit(&fix, "key-2", "first-0");
    CHECK_STATUS(write_wait(fix.tenants, &again), ST_CONFLICT);
    CHECK(again.refusal == REFUSAL_DUPLICATE_SUBMISSION);
    struct write replay = submit(&fix, "key-1", "first-0");
    CHECK_STATUS(write_wait(fix.tenants, &replay), ST_OK);
    CHECK(replay.submission_add.ret_replayed);
    struct write erase = fixture_write(&fix, WRITE_SUBMISSION_ERASE);
    erase.actor.at_ms = FIXTURE_NOW_MS + 5;
    erase.submission_erase = (struct submission_erase){.form = STR("visa"), .id = id};
    CHECK_STATUS(write_wait(fix.tenants, &erase), ST_OK);
    invitation = look(&fix, invitation.id, FIXTURE_NOW_MS + 6);
    CHECK(invitation.state == INVITATION_ISSUED && invitation.state_ms == FIXTURE_NOW_MS + 5);
    CHECK(!invitation.submission.len);
    again = submit(&fix, "key-2", "first-0");
    CHECK_STATUS(write_wait(fix.tenants, &again), ST_OK);
    fixture_end(&fix);
}

static void check_uninvited(struct fixture *fix, const char *code)
{
    struct write write = submit(fix, "key-9", code);
    CHECK_STATUS(write_wait(fix->tenants, &write), ST_DENIED);
    CHECK(write.refusal == REFUSAL_INVITATION_INVALID);
}

static void what_is_unknown_revoked_or_over_lets_nobody_in(void)
{
    struct fixture fix;
    enum refusal refusal;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("other")), ST_OK);
    CHECK_STATUS(fixture_publish(&fix, STR("acme"), STR("other"), STR("edition 2026 form other")),
                 ST_OK);
    check_uninvited(&fix, "nobody-0");
    struct invitation_record invitation = issue_one(&fix, "gone");
    CHECK_STATUS(revoke_one(&fix, invitation.id, &refusal), ST_OK);
    CHECK_STATUS(revoke_one(&fix, invitation.id, &refusal), ST_OK);
    check_uninvited(&fix, "gone-0");
    struct write foreign = issue(&fix, "foreign", 1, FIXTURE_NOW_MS + DAY_MS);
    foreign.invitations_issue.form = STR("other");
    CHECK_STATUS(write_wait(fix.tenants, &foreign), ST_OK);
    check_uninvited(&fix, "foreign-0");
    invitation = issue_one(&fix, "late");
    struct write late = submit(&fix, "key-9", "late-0");
    late.submission_add.received_ms = FIXTURE_NOW_MS + DAY_MS;
    CHECK_STATUS(write_wait(fix.tenants, &late), ST_DENIED);
    CHECK(look(&fix, invitation.id, FIXTURE_NOW_MS + DAY_MS).state == INVITATION_EXPIRED);
    late.submission_add.received_ms--;
    CHECK_STATUS(write_wait(fix.tenants, &late), ST_OK);
    CHECK_STATUS(revoke_one(&fix, invitation.id, &refusal), ST_CONFLICT);
    CHECK(refusal == REFUSAL_INVITATION_OVER);
    CHECK_STATUS(revoke_one(&fix, STR("inv_none"), &refusal), ST_ABSENT);
    CHECK(refusal == REFUSAL_INVITATION_ABSENT);
    fixture_end(&fix);
}

static void issuing_has_bounds_and_is_done_once(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    uint32_t most = (uint32_t)limit(INVITATIONS);
    int64_t longest_ms = FIXTURE_NOW_MS + limit(INVITATION_SECONDS) * INT64_C(1000);
    struct write write = issue(&fix, "many", most + 1, FIXTURE_NOW_MS + 1);
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_INPUT);
    write = issue(&fix, "many", 0, FIXTURE_NOW_MS + 1);
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_INPUT);
    write = issue(&fix, "many", most, FIXTURE_NOW_MS);
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_INPUT);
    write = issue(&fix, "many", most, longest_ms + 1);
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_INPUT);
    write = issue(&fix, "many", most, longest_ms);
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK(write.invitations_issue.ret_page.count == most);
    struct str last = write.invitations_issue.ret_page.items[most - 1].id;
    write = issue(&fix, "many", most, longest_ms);
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK(write.invitations_issue.ret_replayed && write.invitations_issue.ret_page.count == most);
    CHECK_STR(write.invitations_issue.ret_page.items[most - 1].id, last);
    write.invitations_issue.body_hash = digest_of(STR("another"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_CONFLICT);
    CHECK(write.refusal == REFUSAL_KEY_REUSED);
    write = issue(&fix, "nowhere", 1, longest_ms);
    write.invitations_issue.form = STR("none");
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_ABSENT);
    CHECK_NUMBER(fixture_number(&fix, file, "SELECT count(*) FROM invitation"), most);
    fixture_end(&fix);
}

static uint32_t sweep(struct fixture *fix, int64_t now_ms)
{
    struct str form;
    struct write write = fixture_write(fix, WRITE_INVITATIONS_EXPIRE);
    enum status st = invitations_over(fix->tenants, STR("acme"), now_ms, &fix->arena, &form);
    if (st == ST_ABSENT) return 0;
    CHECK_STATUS(st, ST_OK);
    write.actor.at_ms = now_ms;
    write.invitations_expire.form = form;
    CHECK_STATUS(write_wait(fix->tenants, &write), ST_OK);
    return write.invitations_expire.ret_changed;
}

static int64_t in_state(struct fixture *fix, const char *state)
{
    char sql[100];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM invitation WHERE state = '%s'", state);
    return fixture_number(fix, file, sql);
}

static void what_is_over_expires_and_is_erased_a_while_later(void)
{
    struct fixture fix;
    enum refusal refusal;
    fixture_begin(&fix);
    fixture_acme(&fix);
    int64_t end_ms = FIXTURE_NOW_MS + DAY_MS, kept_ms = limit(INVITATION_KEPT_DAYS) * DAY_MS;
    for (const char *key = "abc"; *key; key++) {
        struct write write = issue(&fix, key, (uint32_t)limit(INVITATIONS), end_ms);
        CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    }
    struct write add = submit(&fix, "key-1", "abc-7");
    CHECK_STATUS(write_wait(fix.tenants, &add), ST_OK);
    struct invitation_record revoked = issue_one(&fix, "revoked");
    CHECK_STATUS(revoke_one(&fix, revoked.id, &refusal), ST_OK);
    CHECK_NUMBER(sweep(&fix, end_ms - 1), 0);
    CHECK_NUMBER(sweep(&fix, end_ms), limit(EXPIRE_ROWS)); /* a batch at a time */
    CHECK_NUMBER(sweep(&fix, end_ms), 3 * limit(INVITATIONS) - 1 - limit(EXPIRE_ROWS));
    CHECK_NUMBER(sweep(&fix, end_ms), 0);
    CHECK_NUMBER(in_state(&fix, "expired"), 3 * limit(INVITATIONS) - 1);
    CHECK_NUMBER(sweep(&fix, FIXTURE_NOW_MS + kept_ms - 1), 0);
    CHECK_NUMBER(sweep(&fix, FIXTURE_NOW_MS + kept_ms), 1); /* the revoked one */
    CHECK_NUMBER(in_state(&fix, "revoked"), 0);
    CHECK_NUMBER(sweep(&fix, end_ms + kept_ms - 1), 0);
    while (sweep(&fix, end_ms + kept_ms)) continue;
    CHECK_NUMBER(in_state(&fix, "expired"), 0);
    CHECK_NUMBER(in_state(&fix, "used"), 1); /* as long as its submission is there */
    uint64_t rows = 0, broken_at = 1;
    CHECK_STATUS(fixture_verify(fix.tenants, STR("acme"), &rows, &broken_at), ST_OK);
    CHECK(broken_at == 0);
    fixture_end(&fix);
}

static void pages_follow_one_another_and_name_a_state_as_it_is_now(void)
{
    struct fixture fix;
    struct invitation_page page;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct write write = issue(&fix, "batch", 5, FIXTURE_NOW_MS + DAY_MS);
    static const struct str references[] = {{"a", 1}, {"b", 1}, {"a", 1}, {"", 0}, {"a", 1}};
    write.invitations_issue.references = references;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    struct invitation_query query = {
        .form = STR("visa"), .any_state = true, .reference = STR(""), .now_ms = FIXTURE_NOW_MS};
    CHECK_STATUS(invitation_list(fix.tenants, STR("acme"), &query, 3, &fix.arena, &page), ST_OK);
    CHECK(page.count == 3 && page.more);
    query.after_seq = page.items[2].seq;
    CHECK_STATUS(invitation_list(fix.tenants, STR("acme"), &query, 3, &fix.arena, &page), ST_OK);
    CHECK(page.count == 2 && !page.more);
    query.after_seq = 0, query.reference = STR("a");
    CHECK_STATUS(invitation_list(fix.tenants, STR("acme"), &query, 9, &fix.arena, &page), ST_OK);
    CHECK(page.count == 3);
    query.any_state = false, query.state = INVITATION_ISSUED;
    query.now_ms += DAY_MS;
    CHECK_STATUS(invitation_list(fix.tenants, STR("acme"), &query, 9, &fix.arena, &page), ST_OK);
    CHECK(page.count == 0);
    query.state = INVITATION_EXPIRED;
    CHECK_STATUS(invitation_list(fix.tenants, STR("acme"), &query, 9, &fix.arena, &page), ST_OK);
    CHECK(page.count == 3 && page.items[0].state == INVITATION_EXPIRED);
    CHECK(page.items[0].state_ms == FIXTURE_NOW_MS + DAY_MS);
    fixture_end(&fix);
}

#define NEW_ROW(id, state, submission, hash, place)                                                    \
    "INSERT INTO invitation (id, form_id, hash, reference, state, created_ms, expires_ms, state_ms,"   \
    " created_by, key_hash, body_hash, place, submission) VALUES ('" id "', 1, " hash ", '', '" state  \
    "', 1, 2, 1, 'me', zeroblob(32), zeroblob(32), " place ", " submission ")"

static void a_hand_with_a_shell_cannot_take_an_illegal_step(void)
{
    static const char *const refused[] = {
        NEW_ROW("inv_x", "used", "1", "randomblob(32)", "0"),
        NEW_ROW("inv_x", "revoked", "NULL", "randomblob(32)", "0"),
        NEW_ROW("inv_x", "issued", "NULL", "x'00'", "0"),
        NEW_ROW("inv_x", "issued", "NULL", "(SELECT hash FROM invitation WHERE seq = 1)", "0"),
        NEW_ROW("nobody", "issued", "NULL", "randomblob(32)", "0"),
        "UPDATE invitation SET state = 'issued', submission = NULL WHERE seq = 1", /* its submission is
                                                                                      there */
        "UPDATE invitation SET state = 'revoked', submission = NULL WHERE seq = 1",
        "UPDATE invitation SET state = 'used' WHERE seq = 2", /* by nothing */
        "UPDATE invitation SET state = 'used', submission = 99 WHERE seq = 2",
        "UPDATE invitation SET state = 'used', submission = 1 WHERE seq = 2", /* used one already */
        "UPDATE invitation SET state = 'lost' WHERE seq = 2",
        "UPDATE invitation SET state = 'issued' WHERE seq = 3", /* revoked */
        "UPDATE invitation SET state = 'expired' WHERE seq = 3",
        "UPDATE invitation SET expires_ms = expires_ms + 1 WHERE seq = 2",
        "UPDATE invitation SET state = 'revoked', hash = zeroblob(32) WHERE seq = 2",
        "UPDATE invitation SET state = 'expired', reference = 'x' WHERE seq = 2",
        "DELETE FROM invitation WHERE seq = 1",
        "DELETE FROM invitation WHERE seq = 2",
        "DELETE FROM submission WHERE seq = 1",
    };
    struct fixture fix;
    enum refusal refusal;
    fixture_begin(&fix);
    fixture_acme(&fix);
    (void)issue_one(&fix, "one");
    (void)issue_one(&fix, "two");
    struct invitation_record third = issue_one(&fix, "three");
    CHECK_STATUS(revoke_one(&fix, third.id, &refusal), ST_OK);
    struct write add = submit(&fix, "key-1", "one-0");
    CHECK_STATUS(write_wait(fix.tenants, &add), ST_OK);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        int code = fixture_sql(&fix, file, refused[i]);
        if (code != SQLITE_CONSTRAINT) fprintf(stderr, "%d: %s\n", code, refused[i]);
        CHECK(code == SQLITE_CONSTRAINT);
    }
    CHECK(fixture_sql(&fix, file, NEW_ROW("inv_x", "issued", "NULL", "randomblob(32)", "0")) ==
          SQLITE_OK);
    CHECK(fixture_sql(&fix, file, "DELETE FROM invitation WHERE seq = 3") == SQLITE_OK);
    fixture_end(&fix);
}

static void an_invitation_has_a_key_a_short_reference_and_a_form_that_is_not_archived(void)
{
    struct fixture fix;
    static char text[LIMIT_INVITATION_REFERENCE_BYTES + 1];
    memset(text, 'r', sizeof text);
    struct str reference = str_n(text, sizeof text);
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct write write = issue(&fix, "no key", 1, FIXTURE_NOW_MS + DAY_MS);
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_INPUT);
    CHECK(write.refusal == REFUSAL_BAD_VALUE);
    write = issue(&fix, "key", 1, FIXTURE_NOW_MS + DAY_MS);
    write.invitations_issue.references = &reference;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_INPUT);
    CHECK(write.refusal == REFUSAL_BAD_VALUE);
    reference.len--;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_STR(write.invitations_issue.ret_page.items[0].reference, reference);
    CHECK_STATUS(fixture_form_state(&fix, FORM_CLOSING), ST_OK);
    CHECK_STATUS(fixture_form_state(&fix, FORM_CLOSED), ST_OK);
    CHECK_STATUS(fixture_form_state(&fix, FORM_ARCHIVED), ST_OK);
    write = issue(&fix, "late", 1, FIXTURE_NOW_MS + DAY_MS);
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_CONFLICT);
    CHECK(write.refusal == REFUSAL_FORM_ARCHIVED);
    fixture_end(&fix);
}

int main(void)
{
    a_submission_uses_its_invitation_and_its_erasure_gives_it_back();
    what_is_unknown_revoked_or_over_lets_nobody_in();
    issuing_has_bounds_and_is_done_once();
    what_is_over_expires_and_is_erased_a_while_later();
    pages_follow_one_another_and_name_a_state_as_it_is_now();
    a_hand_with_a_shell_cannot_take_an_illegal_step();
    an_invitation_has_a_key_a_short_reference_and_a_form_that_is_not_archived();
    return TEST_RESULT();
}
