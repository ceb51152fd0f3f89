/* Invitations: who holds the code of one submits once, and nobody else does. */
#define _GNU_SOURCE
#include "base/civil.h"
#include "base/clock.h"
#include "base/limits.h"
#include "tests/http/story.h"
#include "tests/test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#define SUBMIT "/v1/p/acme/party/submissions"
#define INVITATIONS "/v1/tenants/acme/forms/party/invitations"
#define SUBMISSIONS "/v1/tenants/acme/forms/party/submissions"
#define WHY "Audit-Reason: for the test\r\n"
#define FORM(rules)                                                                                    \
    "edition 2027 form party \"Party\" {\n"                                                            \
    " guests: integer \"Guests\" min 0 max 9\n" rules "}\n"

static const char by_invitation[] = FORM(" unique per invitation\n");

enum { CODE_CHARS = 32 };

struct code {
    char id[64], text[CODE_CHARS + 1];
};

static struct answer issue(struct story *story, const char *key, const char *body)
{
    char headers[100];
    snprintf(headers, sizeof headers, "Idempotency-Key: issue-%s-0123456789abcdef\r\n", key);
    return story_post(story, INVITATIONS, story->publisher, headers, body);
}

/* One. */
static struct code invite(struct story *story, const char *key, const char *body)
{
    struct code code;
    struct answer answer = issue(story, key, body);
    CHECK(answer.status == 201);
    snprintf(code.id, sizeof code.id, "%s", answer_text(&answer, "/items/0/id"));
    snprintf(code.text, sizeof code.text, "%s", answer_text(&answer, "/items/0/code"));
    CHECK(strlen(code.text) == CODE_CHARS && strspn(code.text, "0123456789abcdef") == CODE_CHARS);
    answer_release(&answer);
    return code;
}

/* `code` NULL: none is sent. */
static struct answer send_to(struct story *story, const char *path, const char *key, const char *code,
                             const char *answers)
{
    char headers[100], body[400], meta[200] = "";
    snprintf(headers, sizeof headers, "Idempotency-Key: key-%s-0123456789abcdef\r\n", key);
    if (code) snprintf(meta, sizeof meta, ",\"meta\":{\"invitation\":\"%s\"}", code);
    snprintf(body, sizeof body, "{\"answers\":%s%s}", answers, meta);
    return story_post(story, path, NULL, headers, body);
}

static void check_sent(struct story *story, const char *key, const char *code, const char *answers,
                       unsigned status, const char *problem)
{
    struct answer answer = send_to(story, SUBMIT, key, code, answers);
    CHECK(answer.status == status);
    CHECK(strcmp(answer_code(&answer), problem) == 0);
    if (answer.status != status)
        fprintf(stderr, "key %s: %u %s\n", key, answer.status, answer_code(&answer));
    answer_release(&answer);
}

static void begin(struct story *story, const char *form)
{
    story_begin(story);
    site_publish(&story->site, "acme", "party", story->publisher, form);
}

/* "issued", "used", … of one, with the id of its submission. */
static void check_state(struct story *story, const struct code *code, const char *state, bool used)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", INVITATIONS, code->id);
    struct answer answer = story_get(story, path, story->reader, NULL);
    CHECK(answer.status == 200);
    CHECK(strcmp(answer_text(&answer, "/state"), state) == 0);
    CHECK((answer_kind(&answer, "/submission") == JSON_STRING) == used);
    CHECK(answer_kind(&answer, "/code") == JSON_BAD);
    CHECK(!memmem(answer_body(&answer).ptr, answer_body(&answer).len, code->text, CODE_CHARS));
    answer_release(&answer);
}

static unsigned revoke_one(struct story *story, const struct code *code, const char *why)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", INVITATIONS, code->id);
    return site_status(&story->site, &(struct ask){"DELETE", path, story->publisher, why});
}

static uint32_t stored(struct story *story)
{
    struct answer list = story_get(story, SUBMISSIONS, story->reader, NULL);
    uint32_t count = answer_count(&list, "/items");
    answer_release(&list);
    return count;
}

/* ---- what a code does */

static void a_code_is_good_for_one_submission(void)
{
    struct story story;
    begin(&story, by_invitation);
    struct code code = invite(&story, "1", "{\"references\":[\"Ada\"]}");
    check_state(&story, &code, "issued", false);
    check_sent(&story, "1", code.text, "{\"guests\":10}", 422, "validation-failed");
    check_state(&story, &code, "issued", false);
    check_sent(&story, "1", code.text, "{\"guests\":1}", 201, "");
    check_state(&story, &code, "used", true);
    check_sent(&story, "1", code.text, "{\"guests\":1}", 200, "");
    check_sent(&story, "1", code.text, "{\"guests\":2}", 409, "idempotency-key-reused");
    check_sent(&story, "2", code.text, "{\"guests\":1}", 409, "duplicate-submission");
    site_restart(&story.site);
    check_sent(&story, "3", code.text, "{\"guests\":1}", 409, "duplicate-submission");
    check_sent(&story, "1", code.text, "{\"guests\":1}", 200, "");
    CHECK(stored(&story) == 1);
    site_stop(&story.site);
}

static void without_a_code_that_can_be_used_nothing_is_taken_and_nothing_is_told(void)
{
    struct story story;
    struct arena arena;
    begin(&story, by_invitation);
    site_publish(&story.site, "acme", "other", story.publisher,
                 "edition 2027 form other \"Other\" { unique per invitation a: text \"A\" }");
    struct code revoked = invite(&story, "1", "{}");
    CHECK(revoke_one(&story, &revoked, NULL) == 400);
    CHECK(revoke_one(&story, &revoked, WHY) == 204);
    CHECK(revoke_one(&story, &revoked, WHY) == 204);
    struct answer made = story_post(&story, "/v1/tenants/acme/forms/other/invitations", story.publisher,
                                    "Idempotency-Key: issue-other-0123456789\r\n", "{}");
    CHECK(made.status == 201);
    const char *codes[] = {NULL, "nonsense", "00112233445566778899aabbccddeeff", revoked.text,
                           answer_text(&made, "/items/0/code")};
    arena_init(&arena, mem_heap(), 1 << 20);
    struct str first = STR("");
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        struct answer answer = send_to(&story, SUBMIT, "1", codes[i], "{}");
        CHECK(answer.status == 403);
        CHECK(strcmp(answer_code(&answer), "invitation-invalid") == 0);
        struct str title =
            arena_printf(&arena, "%s|%s|%u", answer_text(&answer, "/title"),
                         answer_text(&answer, "/detail"), (unsigned)answer_body(&answer).len);
        if (!first.len) first = title;
        CHECK(str_eq(title, first)); /* all are told the same */
        answer_release(&answer);
    }
    CHECK(stored(&story) == 0);
    arena_release(&arena);
    answer_release(&made);
    site_stop(&story.site);
}

/* The system's clock, and so much later. */
struct late_clock {
    struct clock clock;
    atomic_int_fast64_t late_us;
};

static int64_t late_wall(struct clock *self)
{
    struct late_clock *late = (struct late_clock *)(void *)self;
    return clock_system()->wall_us(clock_system()) + atomic_load(&late->late_us);
}

static int64_t late_steady(struct clock *self)
{
    (void)self;
    return clock_steady_ns(clock_system());
}

/* As story_begin(), and with the form. */
static void begin_late(struct story *story, struct late_clock *late)
{
    *late = (struct late_clock){.clock = {late_wall, late_steady}};
    site_start(&story->site, &(struct server_options){.clock = &late->clock});
    site_tenant(&story->site, "acme");
    site_token(&story->site, "acme", "publisher", story->publisher);
    site_token(&story->site, "acme", "reader", story->reader);
    site_publish(&story->site, "acme", "party", story->publisher, by_invitation);
}

static void an_invitation_ends_with_its_time(void)
{
    struct story story;
    struct late_clock late;
    char body[100], at[CIVIL_DATETIME_BYTES];
    int64_t end_ms = clock_wall_ms(clock_system()) + 3600 * 1000;
    begin_late(&story, &late);
    snprintf(body, sizeof body, "{\"expires_at\":\"%.*s\"}", (int)civil_format_datetime(end_ms, 0, at),
             at);
    struct code code = invite(&story, "1", body);
    check_state(&story, &code, "issued", false);
    atomic_store(&late.late_us, INT64_C(3601) * 1000000);
    check_sent(&story, "1", code.text, "{}", 403, "invitation-invalid");
    check_state(&story, &code, "expired", false);
    CHECK(revoke_one(&story, &code, WHY) == 409);
    site_stop(&story.site);
}

static void check_issued(struct story *story, const char *key, const char *body, unsigned status,
                         const char *problem, const char *state)
{
    struct answer answer = issue(story, key, body);
    CHECK(answer.status == status);
    CHECK(strcmp(answer_code(&answer), problem) == 0);
    CHECK(strcmp(answer_text(&answer, "/items/0/state"), state) == 0);
    CHECK(answer_kind(&answer, "/items/0/code") == JSON_BAD);
    answer_release(&answer);
}

static void what_was_issued_is_told_again_when_its_time_is_over(void)
{
    struct story story;
    struct late_clock late;
    char body[100], other[100], at[CIVIL_DATETIME_BYTES];
    int64_t end_ms = clock_wall_ms(clock_system()) + 3600 * 1000;
    int len = (int)civil_format_datetime(end_ms, 0, at);
    begin_late(&story, &late);
    snprintf(body, sizeof body, "{\"expires_at\":\"%.*s\"}", len, at);
    snprintf(other, sizeof other, "{\"count\":2,\"expires_at\":\"%.*s\"}", len, at);
    (void)invite(&story, "1", body);
    check_issued(&story, "1", body, 200, "", "issued");
    atomic_store(&late.late_us, INT64_C(3601) * 1000000);
    check_issued(&story, "1", body, 200, "", "expired");
    check_issued(&story, "1", other, 409, "idempotency-key-reused", "");
    check_issued(&story, "2", body, 400, "body-misfit", "");
    site_stop(&story.site);
}

static void erasing_a_submission_gives_its_invitation_back(void)
{
    struct story story;
    char path[200];
    begin(&story, by_invitation);
    struct code code = invite(&story, "1", "{}");
    struct answer sent = send_to(&story, SUBMIT, "1", code.text, "{}");
    CHECK(sent.status == 201);
    snprintf(path, sizeof path, "%s/%s", SUBMISSIONS, answer_text(&sent, "/id"));
    answer_release(&sent);
    CHECK(revoke_one(&story, &code, WHY) == 409);
    CHECK(site_status(&story.site, &(struct ask){"DELETE", path, story.publisher, WHY}) == 204);
    check_state(&story, &code, "issued", false);
    check_sent(&story, "1", code.text, "{}", 410, "submission-erased");
    check_sent(&story, "2", code.text, "{}", 201, "");
    check_sent(&story, "3", code.text, "{}", 409, "duplicate-submission");
    site_stop(&story.site);
}

/* ---- at the same time */

enum { RACERS = 100 };

struct racer {
    struct story *story;
    const char *code;
    int number;
    unsigned status;
};

static void *race(void *user)
{
    struct racer *racer = user;
    char key[16];
    snprintf(key, sizeof key, "race-%03d", racer->number);
    struct answer answer = send_to(racer->story, SUBMIT, key, racer->code, "{\"guests\":3}");
    racer->status = answer.status;
    answer_release(&answer);
    return NULL;
}

static void of_a_hundred_at_the_same_time_one_is_stored(void)
{
    struct story story;
    struct racer racers[RACERS];
    pthread_t threads[RACERS];
    unsigned taken = 0, refused = 0;
    begin(&story, by_invitation);
    struct code code = invite(&story, "1", "{}");
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){&story, code.text, i, 0};
        CHECK(pthread_create(&threads[i], NULL, race, &racers[i]) == 0);
    }
    for (int i = 0; i < RACERS; i++) {
        pthread_join(threads[i], NULL);
        taken += racers[i].status == 201;
        refused += racers[i].status == 409;
    }
    CHECK(taken == 1 && refused == RACERS - 1);
    CHECK(stored(&story) == 1);
    check_state(&story, &code, "used", true);
    site_stop(&story.site);
}

/* ---- versions, saved answers */

static void a_rule_that_comes_and_goes_holds_where_it_stands(void)
{
    struct story story;
    begin(&story, FORM(""));
    struct code code = invite(&story, "1", "{\"count\":1}");
    check_sent(&story, "1", code.text, "{}", 422, "invitation-unasked");
    check_sent(&story, "1", NULL, "{}", 201, "");
    site_publish(&story.site, "acme", "party", story.publisher, by_invitation);
    check_sent(&story, "1", NULL, "{}", 200, ""); /* what was stored then */
    check_sent(&story, "2", NULL, "{}", 403, "invitation-invalid");
    check_sent(&story, "2", code.text, "{}", 201, "");
    site_publish(&story.site, "acme", "party", story.publisher, FORM(" timezone \"Europe/Paris\"\n"));
    check_sent(&story, "2", code.text, "{}", 200, ""); /* likewise */
    check_sent(&story, "3", code.text, "{}", 422, "invitation-unasked");
    check_sent(&story, "3", NULL, "{}", 201, "");
    site_publish(&story.site, "acme", "party", story.publisher,
                 FORM(" unique on (guests)\n unique per invitation\n"));
    check_sent(&story, "4", code.text, "{}", 409, "duplicate-submission");
    struct code second = invite(&story, "2", "{}");
    check_sent(&story, "5", second.text, "{\"guests\":1}", 201, "");
    struct code third = invite(&story, "3", "{}");
    check_sent(&story, "6", third.text, "{\"guests\":1}", 409, "duplicate-submission");
    check_state(&story, &third, "issued", false); /* the other rule refused it */
    check_sent(&story, "6", third.text, "{\"guests\":2}", 201, "");
    site_stop(&story.site);
}

static void what_was_saved_is_gone_with_the_invitation_and_stays_without(void)
{
    static const char saved[] = "/v1/p/acme/party/saved/AbCdEfGhIjKlMnOpQrStUvWxYz012345";
    struct story story;
    char body[300];
    begin(&story, by_invitation);
    struct code code = invite(&story, "1", "{}");
    CHECK(site_status(&story.site,
                      &(struct ask){"PUT", saved, .body = STR("{\"answers\":{\"guests\":2}}")}) == 200);
    struct answer refused = story_post(
        &story, SUBMIT, NULL, "Idempotency-Key: saved-0123456789abcdef\r\n",
        "{\"answers\":{\"guests\":2},\"meta\":{\"saved\":\"AbCdEfGhIjKlMnOpQrStUvWxYz012345\"}}");
    CHECK(refused.status == 403);
    answer_release(&refused);
    CHECK(site_status(&story.site, &(struct ask){"GET", saved}) == 200);
    snprintf(body, sizeof body,
             "{\"answers\":{\"guests\":2},\"meta\":{\"saved\":\"AbCdEfGhIjKlMnOpQrStUvWxYz012345\","
             "\"invitation\":\"%s\"}}",
             code.text);
    struct answer taken =
        story_post(&story, SUBMIT, NULL, "Idempotency-Key: saved-0123456789abcdef\r\n", body);
    CHECK(taken.status == 201);
    answer_release(&taken);
    CHECK(site_status(&story.site, &(struct ask){"GET", saved}) == 404);
    check_state(&story, &code, "used", true);
    site_stop(&story.site);
}

/* ---- issuing */

static void codes_are_shown_once(void)
{
    struct story story;
    begin(&story, by_invitation);
    struct answer first = issue(&story, "1", "{\"references\":[\"a\",\"b\",\"\"]}");
    CHECK(first.status == 201 && answer_count(&first, "/items") == 3);
    CHECK(strcmp(answer_text(&first, "/items/1/reference"), "b") == 0);
    CHECK(strcmp(answer_text(&first, "/items/1/state"), "issued") == 0);
    char link[200];
    snprintf(link, sizeof link, "/f/acme/party?invitation=%s", answer_text(&first, "/items/1/code"));
    CHECK(strcmp(answer_text(&first, "/items/1/link"), link) == 0);
    struct answer again = issue(&story, "1", "{\"references\":[\"a\",\"b\",\"\"]}");
    CHECK(again.status == 200 && answer_count(&again, "/items") == 3);
    CHECK(strcmp(answer_header(&again, "Idempotency-Replayed"), "true") == 0);
    for (int i = 0; i < 3; i++) {
        char id[32], code[32];
        snprintf(id, sizeof id, "/items/%d/id", i);
        snprintf(code, sizeof code, "/items/%d/code", i);
        CHECK(strcmp(answer_text(&first, id), answer_text(&again, id)) == 0);
        CHECK(answer_kind(&again, code) == JSON_BAD);
    }
    answer_release(&again);
    again = issue(&story, "1", "{\"count\":3}");
    CHECK(again.status == 409 && strcmp(answer_code(&again), "idempotency-key-reused") == 0);
    answer_release(&again);
    answer_release(&first);
    struct answer list = story_get(&story, INVITATIONS, story.reader, NULL);
    CHECK(answer_count(&list, "/items") == 3);
    answer_release(&list);
    site_stop(&story.site);
}

static void check_misfit(struct story *story, const char *body, unsigned status, const char *code)
{
    static int number;
    char key[16];
    snprintf(key, sizeof key, "bad-%d", number++);
    struct answer answer = issue(story, key, body);
    CHECK(answer.status == status);
    CHECK(strcmp(answer_code(&answer), code) == 0);
    answer_release(&answer);
}

static void check_references(struct story *story, int bytes, unsigned status)
{
    char body[600];
    snprintf(body, sizeof body, "{\"references\":[\"%0*d\"]}", bytes, 7);
    check_misfit(story, body, status, status == 201 ? "" : "body-misfit");
}

static void check_count(struct story *story, long count, unsigned status)
{
    char body[100];
    snprintf(body, sizeof body, "{\"count\":%ld}", count);
    check_misfit(story, body, status, status == 201 ? "" : "body-misfit");
}

static void check_life(struct story *story, int64_t seconds, unsigned status)
{
    char body[100], at[CIVIL_DATETIME_BYTES];
    int64_t at_ms = (clock_wall_ms(clock_system()) / 1000 + seconds) * 1000;
    snprintf(body, sizeof body, "{\"expires_at\":\"%.*s\"}", (int)civil_format_datetime(at_ms, 0, at),
             at);
    check_misfit(story, body, status, status == 201 ? "" : "body-misfit");
}

static void what_is_asked_for_has_bounds(void)
{
    struct story story;
    begin(&story, by_invitation);
    check_count(&story, limit(INVITATIONS), 201);
    check_count(&story, limit(INVITATIONS) + 1, 400);
    check_count(&story, 0, 400);
    check_references(&story, limit(INVITATION_REFERENCE_BYTES), 201);
    check_references(&story, limit(INVITATION_REFERENCE_BYTES) + 1, 400);
    check_life(&story, limit(INVITATION_SECONDS), 201);
    check_life(&story, limit(INVITATION_SECONDS) + 60, 400);
    check_life(&story, -1, 400);
    check_misfit(&story, "{\"references\":[]}", 400, "body-misfit");
    check_misfit(&story, "{\"references\":[1]}", 400, "body-misfit");
    check_misfit(&story, "{\"count\":1,\"references\":[\"a\"]}", 400, "body-misfit");
    check_misfit(&story, "{\"codes\":[\"a\"]}", 400, "body-misfit");
    check_misfit(&story, "{\"expires_at\":\"tomorrow\"}", 400, "body-misfit");
    struct answer answer = story_post(&story, INVITATIONS, story.publisher, NULL, "{}");
    CHECK(answer.status == 400 && strcmp(answer_code(&answer), "idempotency-key-missing") == 0);
    answer_release(&answer);
    answer = story_post(&story, INVITATIONS, story.reader,
                        "Idempotency-Key: issue-0123456789abcdef\r\n", "{}");
    CHECK(answer.status == 403);
    answer_release(&answer);
    site_stop(&story.site);
}

static void lists_are_walked_page_by_page_and_by_state(void)
{
    struct story story;
    char path[400];
    uint32_t seen = 0;
    begin(&story, by_invitation);
    struct answer made = issue(&story, "1", "{\"count\":7}");
    CHECK(made.status == 201);
    check_sent(&story, "1", answer_text(&made, "/items/3/code"), "{}", 201, "");
    struct code one = invite(&story, "2", "{\"references\":[\"Zo\u00eb & co\"]}");
    CHECK(revoke_one(&story, &one, WHY) == 204);
    snprintf(path, sizeof path, "%s?limit=3&state=issued", INVITATIONS);
    for (int pages = 0; path[0] && pages < 9; pages++) {
        struct answer page = story_get(&story, path, story.reader, NULL);
        CHECK(page.status == 200);
        seen += answer_count(&page, "/items");
        const char *cursor = answer_text(&page, "/next_cursor");
        if (*cursor)
            snprintf(path, sizeof path, "%s?limit=3&state=issued&cursor=%s", INVITATIONS, cursor);
        else path[0] = '\0';
        answer_release(&page);
    }
    CHECK(seen == 6);
    struct answer page =
        story_get(&story, INVITATIONS "?reference=Zo%C3%AB%20%26%20co", story.reader, NULL);
    CHECK(answer_count(&page, "/items") == 1);
    CHECK(strcmp(answer_text(&page, "/items/0/state"), "revoked") == 0);
    answer_release(&page);
    CHECK(site_status(&story.site, &(struct ask){"GET", INVITATIONS "?state=lost", story.reader}) ==
          400);
    CHECK(site_status(&story.site, &(struct ask){"GET", INVITATIONS "?cursor=x", story.reader}) == 400);
    answer_release(&made);
    site_stop(&story.site);
}

static bool file_holds(const struct story *story, const char *name, const char *text)
{
    char path[200];
    static char bytes[4 << 20];
    snprintf(path, sizeof path, "%s/%s", story->site.directory, name);
    FILE *file = fopen(path, "rb");
    size_t len = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (file) fclose(file);
    return memmem(bytes, len, text, strlen(text)) != NULL;
}

static void the_code_is_in_no_file(void)
{
    struct story story;
    begin(&story, by_invitation);
    struct code code = invite(&story, "1", "{\"references\":[\"somebody in particular\"]}");
    check_sent(&story, "1", code.text, "{}", 201, "");
    struct code left = invite(&story, "2", "{}");
    site_restart(&story.site);
    CHECK(file_holds(&story, "tenants/acme/data.db", "somebody in particular"));
    const char *const files[] = {"tenants/acme/data.db", "tenants/acme/data.db-wal", "system.db",
                                 "system.db-wal"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        CHECK(!file_holds(&story, files[i], code.text) && !file_holds(&story, files[i], left.text));
    struct answer audit = story_get(&story, "/v1/tenants/acme/audit", story.reader, NULL);
    CHECK(memmem(answer_body(&audit).ptr, answer_body(&audit).len, "invitations.issue", 17));
    CHECK(!memmem(answer_body(&audit).ptr, answer_body(&audit).len, code.text, CODE_CHARS));
    answer_release(&audit);
    site_stop(&story.site);
}

/* ---- hosted pages */

/* The page's status; its address, or where it leads to, into `ret_next`. */
static struct answer page(struct story *story, const char *method, const char *path, const char *pairs)
{
    struct ask ask = {method, path, .type = "application/x-www-form-urlencoded"};
    if (pairs) ask.body = str_of(pairs);
    return site_ask(&story->site, &ask);
}

static bool body_has(const struct answer *answer, const char *text)
{
    struct str body = answer_body(answer);
    return memmem(body.ptr, body.len, text, strlen(text)) != NULL;
}

/* The value of the hidden input `name`, up to its quote. */
static void hidden(const struct answer *answer, const char *name, char ret_value[80])
{
    char mark[60];
    struct str body = answer_body(answer);
    snprintf(mark, sizeof mark, "name=\"%s\" value=\"", name);
    const char *at = memmem(body.ptr, body.len, mark, strlen(mark));
    ret_value[0] = '\0';
    if (!at) return;
    at += strlen(mark);
    const char *end = memchr(at, '"', (size_t)(body.ptr + body.len - at));
    if (end && end - at < 80) snprintf(ret_value, 80, "%.*s", (int)(end - at), at);
}

static void a_page_keeps_the_code_to_the_end(void)
{
    struct story story;
    char path[300], saved[80], code_there[80], version[80], pairs[400];
    story_begin(&story);
    site_publish(&story.site, "acme", "party", story.publisher,
                 "edition 2027 form party \"Party\" { languages en, de unique per invitation\n"
                 " page one \"One\" { guests: integer \"Guests\" }\n"
                 " page two \"Two\" { name: text \"Name\" } }");
    struct code code = invite(&story, "1", "{}");
    snprintf(path, sizeof path, "/f/acme/party?invitation=%s", code.text);
    struct answer first = page(&story, "GET", path, NULL);
    CHECK(first.status == 200);
    hidden(&first, "_saved", saved), hidden(&first, "_invitation", code_there);
    hidden(&first, "_version", version);
    CHECK(strcmp(code_there, code.text) == 0);
    snprintf(path, sizeof path, "?invitation=%s&amp;lang=de", code.text);
    CHECK(body_has(&first, path)); /* in another language too */
    CHECK(strcmp(answer_header(&first, "Referrer-Policy"), "no-referrer") == 0);
    answer_release(&first);
    snprintf(pairs, sizeof pairs, "_saved=%s&_version=%s&_invitation=%s&_do=next&guests=3", saved,
             version, code.text);
    struct answer next = page(&story, "POST", "/f/acme/party/one", pairs);
    CHECK(next.status == 303);
    snprintf(path, sizeof path, "%s", answer_header(&next, "Location"));
    CHECK(strstr(path, code.text) && strstr(path, saved));
    answer_release(&next);
    next = page(&story, "GET", path, NULL);
    CHECK(next.status == 200);
    hidden(&next, "_invitation", code_there);
    CHECK(strcmp(code_there, code.text) == 0);
    answer_release(&next);
    snprintf(path, sizeof path, "/f/acme/party/two?s=%s", saved); /* the link was cut */
    next = page(&story, "GET", path, NULL);
    CHECK(next.status == 403 && body_has(&next, "for those who are invited"));
    answer_release(&next);
    snprintf(pairs, sizeof pairs, "_saved=%s&_do=submit&name=Ada", saved);
    next = page(&story, "POST", "/f/acme/party/check", pairs);
    CHECK(next.status == 403);
    answer_release(&next);
    snprintf(pairs, sizeof pairs, "_saved=%s&_invitation=%s&_do=submit&name=Ada", saved, code.text);
    next = page(&story, "POST", "/f/acme/party/check", pairs);
    CHECK(next.status == 303);
    CHECK(!strstr(answer_header(&next, "Location"), code.text));
    answer_release(&next);
    next = page(&story, "POST", "/f/acme/party/check", pairs); /* sent twice is sent once */
    CHECK(next.status == 303);
    answer_release(&next);
    check_state(&story, &code, "used", true);
    snprintf(path, sizeof path, "/f/acme/party?invitation=%s", code.text);
    next = page(&story, "GET", path, NULL);
    CHECK(next.status == 409);
    answer_release(&next);
    CHECK(stored(&story) == 1);
    site_stop(&story.site);
}

static void a_page_begins_with_an_invitation_only_where_it_is_asked_for(void)
{
    struct story story;
    char path[300];
    story_begin(&story);
    site_publish(&story.site, "acme", "party", story.publisher,
                 "edition 2027 form party \"Party\" { unique per invitation\n"
                 " invitation: text \"Invitation\" hidden }");
    struct code code = invite(&story, "1", "{}");
    static const char *const bad[] = {
        "/f/acme/party", "/f/acme/party?invitation=", "/f/acme/party?invitation=%3Cscript%3E",
        "/f/acme/party?invitation=00112233445566778899aabbccddeeff"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct answer refused = page(&story, "GET", bad[i], NULL);
        CHECK(refused.status == 403 && body_has(&refused, "for those who are invited"));
        answer_release(&refused);
    }
    snprintf(path, sizeof path, "/f/acme/party?invitation=%s", code.text);
    struct answer begun = page(&story, "GET", path, NULL);
    CHECK(begun.status == 200);
    CHECK(!body_has(&begun, "name=\"invitation\"")); /* it fills no field of that name */
    answer_release(&begun);
    site_publish(&story.site, "acme", "party", story.publisher, FORM(""));
    begun = page(&story, "GET", path, NULL);
    CHECK(begun.status == 200 && !body_has(&begun, code.text)); /* links outlive versions */
    answer_release(&begun);
    struct answer posted = page(&story, "POST", "/f/acme/party", "guests=1&_do=submit");
    CHECK(posted.status == 303);
    answer_release(&posted);
    check_state(&story, &code, "issued", false);
    site_stop(&story.site);
}

int main(void)
{
    a_code_is_good_for_one_submission();
    without_a_code_that_can_be_used_nothing_is_taken_and_nothing_is_told();
    an_invitation_ends_with_its_time();
    what_was_issued_is_told_again_when_its_time_is_over();
    erasing_a_submission_gives_its_invitation_back();
    of_a_hundred_at_the_same_time_one_is_stored();
    a_rule_that_comes_and_goes_holds_where_it_stands();
    what_was_saved_is_gone_with_the_invitation_and_stays_without();
    codes_are_shown_once();
    what_is_asked_for_has_bounds();
    lists_are_walked_page_by_page_and_by_state();
    the_code_is_in_no_file();
    a_page_keeps_the_code_to_the_end();
    a_page_begins_with_an_invitation_only_where_it_is_asked_for();
    return TEST_RESULT();
}
