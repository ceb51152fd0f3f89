/* Life: what a data directory goes through in the tests of faults, what of it was acknowledged, and
 * whether that is still there.
 *
 *     life_live(&fix, 20);               published to, submitted to, migrated, erased from, opened
 * again … the world does its worst, the directory is opened again … life_check(&fix, fact_count); what
 * was acknowledged is there, whole and once life_check_files(&fix);            closed: pages, indexes,
 * references, audit log */
#ifndef TESTS_FAULTS_LIFE_H
#define TESTS_FAULTS_LIFE_H

#include "tests/unit/store_fixture.h"

enum { FACTS_MAX = 2000 };

/* ---- what was acknowledged */

enum fact_kind { FACT_VERSION, FACT_STORED, FACT_ERASED, FACT_CARRIED };

struct fact {
    enum fact_kind kind;
    uint64_t number; /* of the version; seq of the submission */
    char id[64];
    bool erasing; /* somebody asked to have it erased, whatever was answered */
};

static struct fact facts[FACTS_MAX];
static size_t fact_count;
static void (*fact_told)(void); /* of the newest; NULL: nobody is told */
static bool life_is_hard;       /* writes may fail */

static inline void fact_add(enum fact_kind kind, uint64_t number, struct str id)
{
    struct fact *fact = &facts[fact_count];
    if (fact_count == FACTS_MAX || id.len >= sizeof fact->id) abort();
    *fact = (struct fact){.kind = kind, .number = number};
    memcpy(fact->id, id.ptr, id.len);
    fact_count++;
    if (fact_told) fact_told();
}

/* ---- the life */

/* Whether it was done. Unless the life is hard it must be. */
static inline bool life_done(enum status st)
{
    if (!life_is_hard) CHECK_STATUS(st, ST_OK);
    return st == ST_OK;
}

enum { LIFE_INVITED = 8 }; /* each such submission is by invitation */

static inline bool life_invite(struct fixture *fix, int number, struct digest *ret_hash)
{
    char key[32];
    snprintf(key, sizeof key, "invitation-%d", number);
    *ret_hash = digest_of(str_of(key));
    struct write write = fixture_write(fix, WRITE_INVITATIONS_ISSUE);
    write.invitations_issue = (struct invitations_issue){.form = STR("visa"),
                                                         .key = str_of(key),
                                                         .expires_ms = FIXTURE_NOW_MS + 1,
                                                         .hashes = ret_hash,
                                                         .count = 1};
    return life_done(write_wait(fix->tenants, &write));
}

static inline void life_submit(struct fixture *fix, int number)
{
    char key[32], answers[600];
    struct digest invitation;
    bool invited = number % LIFE_INVITED == 0;
    if (invited && !life_invite(fix, number, &invitation)) return;
    snprintf(key, sizeof key, "key-%d", number);
    snprintf(answers, sizeof answers, "{\"n\":%d,\"text\":\"%0*d\"}", number, 20 + number % 500,
             number);
    struct write write = fixture_submission(fix, str_of(key), str_of(answers));
    if (invited) write.submission_add.invitation = &invitation;
    if (!life_done(write_wait(fix->tenants, &write))) return;
    const struct submission_record *stored = &write.submission_add.ret_submission;
    fact_add(FACT_STORED, stored->seq, stored->id);
}

static inline void life_publish(struct fixture *fix, uint32_t number)
{
    char source[200];
    snprintf(source, sizeof source, "edition 2026 form visa number %u", number);
    if (life_done(fixture_publish(fix, STR("acme"), STR("visa"), str_of(source))))
        fact_add(FACT_VERSION, number, STR(""));
}

/* The n-th of those that were stored. */
static inline struct fact *life_stored(int n)
{
    for (size_t i = 0; i < fact_count; i++)
        if (facts[i].kind == FACT_STORED && n-- == 0) return &facts[i];
    return NULL;
}

static inline void life_erase(struct fixture *fix, int n)
{
    struct fact *fact = life_stored(n);
    struct write write = fixture_write(fix, WRITE_SUBMISSION_ERASE);
    if (!fact) return;
    fact->erasing = true;
    write.submission_erase = (struct submission_erase){.form = STR("visa"), .id = str_of(fact->id)};
    if (life_done(write_wait(fix->tenants, &write)))
        fact_add(FACT_ERASED, fact->number, str_of(fact->id));
}

/* `count` from the n-th of those that were stored on. */
static inline void life_carry(struct fixture *fix, int n, uint32_t count)
{
    struct carried_item items[32];
    for (uint32_t i = 0; i < count; i++) {
        const struct fact *fact = life_stored(n + (int)i);
        if (!fact) return;
        items[i] = (struct carried_item){.seq = fact->number,
                                         .answers = STR("{\"m\":1}"),
                                         .verdict_hash = digest_of(STR("carried")),
                                         .steps = 9};
    }
    struct write write = fixture_write(fix, WRITE_SUBMISSIONS_CARRY);
    write.submissions_carry = (struct submissions_carry){
        .form = STR("visa"), .from = 1, .to = 2, .items = items, .count = count};
    if (!life_done(write_wait(fix->tenants, &write))) return;
    for (uint32_t i = 0; i < count; i++) fact_add(FACT_CARRIED, items[i].seq, STR(""));
}

/* `half` submissions, published, carried and erased in between, then as many again after it was closed
 * and opened. Not opened again if it cannot be: fix->tenants is NULL then. */
static inline void life_live(struct fixture *fix, int half)
{
    (void)life_done(fixture_tenant(fix, STR("acme")));
    (void)life_done(fixture_form(fix, STR("acme"), STR("visa")));
    life_publish(fix, 1);
    for (int i = 0; i < half; i++) life_submit(fix, i);
    life_publish(fix, 2);
    life_carry(fix, 0, (uint32_t)half / 2);
    life_erase(fix, 1);
    life_erase(fix, half - 1);
    tenants_close(fix->tenants); /* folded in, and opened again */
    fix->tenants = NULL;
    if (!life_done(tenants_open(&fix->options, &fix->tenants))) return;
    for (int i = half; i < 2 * half; i++) life_submit(fix, i);
    life_carry(fix, half / 2, (uint32_t)half / 4);
    life_erase(fix, half / 3);
}

/* ---- what must be there */

static inline bool life_erasing(uint64_t seq)
{
    for (size_t i = 0; i < fact_count; i++)
        if (facts[i].kind == FACT_STORED && facts[i].number == seq) return facts[i].erasing;
    return false;
}

/* An erasure under way may have come through although nobody was told. */
static inline bool life_kept(struct fixture *fix, const struct fact *fact)
{
    struct submission_record found;
    struct tombstone_record tombstone;
    struct version_record version;
    struct carried_page page;
    struct str acme = STR("acme"), id = str_of(fact->id);
    switch (fact->kind) {
    case FACT_VERSION:
        return version_find(fix->tenants, acme, STR("visa"), (uint32_t)fact->number, &fix->arena,
                            &version) == ST_OK;
    case FACT_STORED:
        return submission_find(fix->tenants, acme, id, &fix->arena, &found) == ST_OK ||
               (life_erasing(fact->number) &&
                tombstone_find(fix->tenants, acme, id, &fix->arena, &tombstone) == ST_OK);
    case FACT_ERASED:
        return submission_find(fix->tenants, acme, id, &fix->arena, &found) == ST_ABSENT &&
               tombstone_find(fix->tenants, acme, id, &fix->arena, &tombstone) == ST_OK;
    case FACT_CARRIED:
        return carried_list(fix->tenants, acme, fact->number, &fix->arena, &page) == ST_OK &&
               (page.count == 1 || life_erasing(fact->number));
    default:
        return true;
    }
}

static inline void life_check(struct fixture *fix, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (life_kept(fix, &facts[i])) continue;
        fprintf(stderr, "acknowledged and gone: fact %zu, kind %d, number %llu %s\n", i, facts[i].kind,
                (unsigned long long)facts[i].number, facts[i].id);
        test_failures++;
    }
}

/* Each submission and each erasure has its row in the log, whether or not somebody was told, and each
 * submission that came by invitation has used it up. */
static inline void life_check_halves(struct fixture *fix)
{
    const char *file = "tenants/acme/data.db";
    CHECK_NUMBER(
        fixture_number(fix, file,
                       "SELECT (SELECT count(*) FROM submission) + (SELECT count(*) FROM tombstone)"),
        fixture_number(fix, file, "SELECT count(*) FROM audit WHERE action = 'submission.add'"));
    CHECK_NUMBER(
        fixture_number(fix, file, "SELECT count(*) FROM tombstone"),
        fixture_number(fix, file, "SELECT count(*) FROM audit WHERE action = 'submission.erase'"));
    CHECK_NUMBER(
        fixture_number(fix, file, "SELECT count(*) FROM invitation"),
        fixture_number(fix, file, "SELECT count(*) FROM audit WHERE action = 'invitations.issue'"));
    CHECK_NUMBER(
        fixture_number(fix, file,
                       "SELECT count(*) FROM invitation JOIN submission ON submission = submission.seq"
                       " WHERE state = 'used'"),
        fixture_number(fix, file,
                       "SELECT count(*) FROM submission WHERE key GLOB 'key-*'"
                       " AND CAST(substr(key, 5) AS INTEGER) % 8 = 0"));
}

static inline void life_check_file(struct fixture *fix, struct str tenant)
{
    struct file_report report;
    enum status st = inspection_file(fix->directory, tenant, &fix->arena, &report);
    if (st == ST_ABSENT) return;
    CHECK_STATUS(st, ST_OK);
    CHECK_STATUS(report.status, ST_OK);
    CHECK_STR(report.complaint, STR(""));
    CHECK_NUMBER(report.stray_references, 0);
    CHECK_NUMBER(report.audit.broken_at, 0);
    CHECK(!report.degraded);
}

/* It takes changes again, also those that were refused before. */
static inline void life_go_on(struct fixture *fix)
{
    (void)fixture_tenant(fix, STR("acme"));
    (void)fixture_form(fix, STR("acme"), STR("visa"));
    struct write write = fixture_submission(fix, STR("later"), STR("{}"));
    CHECK_STATUS(fixture_publish(fix, STR("acme"), STR("visa"), STR("edition 2026 form visa later")),
                 ST_OK);
    CHECK_STATUS(write_wait(fix->tenants, &write), ST_OK);
}

static inline void life_check_files(struct fixture *fix)
{
    life_check_file(fix, STR(""));
    if (access(fixture_path(fix, "tenants/acme/data.db"), F_OK)) return;
    life_check_file(fix, STR("acme"));
    life_check_halves(fix);
}

#endif
