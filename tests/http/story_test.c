/* The whole story over HTTP: tenant, tokens, draft, publication, fetching, judging, submitting,
 * listing, exporting, and all of it still there after a restart. */
#define _GNU_SOURCE
#include "tests/http/site.h"
#include "tests/test.h"

#include <stdio.h>
#include <time.h>

struct story {
    struct site site;
    char publisher[256], reader[256];
};

static void begin(struct story *story)
{
    site_start(&story->site, NULL);
    site_tenant(&story->site, "acme");
    site_token(&story->site, "acme", "publisher", story->publisher);
    site_token(&story->site, "acme", "reader", story->reader);
}

static void begin_published(struct story *story)
{
    begin(story);
    site_publish(&story->site, "acme", "contact", story->publisher, site_contact_form);
}

static struct answer get(struct story *story, const char *path, const char *token, const char *headers)
{
    return site_ask(&story->site, &(struct ask){"GET", path, token, headers});
}

static struct answer post(struct story *story, const char *path, const char *token, const char *headers,
                          const char *body)
{
    return site_ask(&story->site, &(struct ask){"POST", path, token, headers, .body = str_of(body)});
}

static struct answer submit(struct story *story, const char *key, const char *body)
{
    char header[200];
    snprintf(header, sizeof header, "Idempotency-Key: %s\r\n", key);
    return post(story, "/v1/p/acme/contact/submissions", NULL, header, body);
}

#define DRAFT "/v1/tenants/acme/forms/contact/draft"
#define VERSIONS "/v1/tenants/acme/forms/contact/versions"

static struct answer put_draft(struct story *story, const char *headers, const char *source)
{
    return site_ask(&story->site, &(struct ask){"PUT", DRAFT, story->publisher, headers,
                                                "text/plain; charset=utf-8", str_of(source)});
}

/* ---------------------------------------------------------------- usage */

static void what_a_form_was_used_for_is_told_to_its_tenant(void)
{
    struct story story;
    begin_published(&story);
    struct answer stored = submit(&story, "key-1-0123456789", "{\"answers\":{\"name\":\"Ada\"}}");
    struct answer again = submit(&story, "key-1-0123456789", "{\"answers\":{\"name\":\"Ada\"}}");
    struct answer bad = submit(&story, "key-2-0123456789", "{\"answers\":{}}");
    CHECK(stored.status == 201 && again.status == 200 && bad.status == 422);
    answer_release(&stored);
    answer_release(&again);
    answer_release(&bad);
    struct answer usage = get(&story, "/v1/tenants/acme/usage", story.reader, NULL);
    CHECK(usage.status == 200 && answer_count(&usage, "/items") == 1);
    CHECK(strcmp(answer_text(&usage, "/items/0/form"), "contact") == 0);
    CHECK(answer_int(&usage, "/items/0/stored") == 1 && answer_int(&usage, "/items/0/replayed") == 1);
    CHECK(answer_int(&usage, "/items/0/invalid") == 1 && answer_int(&usage, "/items/0/over_time") == 0);
    CHECK(answer_int(&usage, "/items/0/judged") == answer_int(&usage, "/total/evaluations"));
    CHECK(answer_int(&usage, "/total/steps") > 0 && strlen(answer_text(&usage, "/since")) > 19);
    answer_release(&usage);
    CHECK(site_status(&story.site, &(struct ask){"GET", "/v1/tenants/nowhere/usage",
                                                 story.site.operator_token}) == 404);
    site_stop(&story.site);
}

/* ---------------------------------------------------------------- tenants and tokens */

static void a_tenant_is_made_once_and_listed(void)
{
    struct story story;
    begin(&story);
    struct answer again = post(&story, "/v1/tenants", story.site.operator_token, NULL,
                               "{\"id\":\"acme\",\"name\":\"Acme\"}");
    CHECK(again.status == 409);
    CHECK(strcmp(answer_code(&again), "tenant-exists") == 0);
    CHECK(strcmp(answer_header(&again, "Content-Type"), "application/problem+json") == 0);
    answer_release(&again);
    struct answer list = get(&story, "/v1/tenants", story.site.operator_token, NULL);
    CHECK(list.status == 200);
    CHECK(strcmp(answer_text(&list, "/items/0/id"), "acme") == 0);
    CHECK(strcmp(answer_text(&list, "/items/0/state"), "active") == 0);
    CHECK(!json_find(&list.json, STR("/next_cursor")));
    answer_release(&list);
    site_stop(&story.site);
}

static void a_token_says_who_it_is_until_it_is_revoked(void)
{
    struct story story;
    char path[160];
    begin(&story);
    struct answer me = get(&story, "/v1/me", story.reader, NULL);
    CHECK(me.status == 200);
    CHECK(strcmp(answer_text(&me, "/role"), "reader") == 0);
    CHECK(strcmp(answer_text(&me, "/tenant"), "acme") == 0);
    snprintf(path, sizeof path, "/v1/tenants/acme/tokens/%s", answer_text(&me, "/token"));
    answer_release(&me);
    struct ask revoke = {"DELETE", path, story.publisher, "Audit-Reason:  \r\n"};
    struct answer unexplained = site_ask(&story.site, &revoke);
    CHECK(strcmp(answer_code(&unexplained), "audit-reason-missing") == 0);
    answer_release(&unexplained);
    CHECK(site_status(&story.site, &(struct ask){"GET", "/v1/me", story.reader}) == 200);
    revoke.headers = "Audit-Reason: lost laptop\r\n";
    CHECK(site_status(&story.site, &revoke) == 204);
    struct answer gone = get(&story, "/v1/me", story.reader, NULL);
    CHECK(gone.status == 401);
    CHECK(strncmp(answer_header(&gone, "WWW-Authenticate"), "Bearer", 6) == 0);
    answer_release(&gone);
    site_stop(&story.site);
}

static void a_list_of_tokens_shows_no_secret(void)
{
    struct story story;
    begin(&story);
    struct answer list = get(&story, "/v1/tenants/acme/tokens", story.publisher, NULL);
    CHECK(list.status == 200);
    CHECK(json_find(&list.json, STR("/items/1/id")));
    CHECK(!memmem(answer_body(&list).ptr, answer_body(&list).len, "fmd_", 4));
    answer_release(&list);
    site_stop(&story.site);
}

/* ---------------------------------------------------------------- drafts and versions */

static void a_draft_is_replaced_only_by_who_has_seen_it(void)
{
    struct story story;
    char etag[128], header[200];
    begin(&story);
    struct answer made = put_draft(&story, NULL, site_contact_form);
    CHECK(made.status == 201);
    CHECK(answer_int(&made, "/revision") == 1);
    snprintf(etag, sizeof etag, "%s", answer_header(&made, "ETag"));
    CHECK(strcmp(etag, answer_text(&made, "/etag")) == 0);
    answer_release(&made);

    struct answer blind = put_draft(&story, NULL, "edition 2026 form contact \"X\" { a: text }");
    CHECK(blind.status == 428);
    answer_release(&blind);
    struct answer second =
        put_draft(&story, "If-None-Match: *\r\n", "edition 2026 form contact \"X\" { a: text }");
    CHECK(second.status == 412);
    answer_release(&second);

    snprintf(header, sizeof header, "If-Match: %s\r\n", etag);
    struct answer good = put_draft(&story, header, "edition 2026 form contact \"X\" { a: text }");
    CHECK(good.status == 200);
    CHECK(answer_int(&good, "/revision") == 2);
    answer_release(&good);
    struct answer stale = put_draft(&story, header, "edition 2026 form contact \"Y\" { a: text }");
    CHECK(stale.status == 412);
    CHECK(strcmp(answer_code(&stale), "draft-stale") == 0);
    answer_release(&stale);
    struct answer weak =
        put_draft(&story, "If-Match: W/\"abc\"\r\n", "edition 2026 form contact \"Y\" { a: text }");
    CHECK(weak.status == 412);
    answer_release(&weak);
    struct answer odd =
        put_draft(&story, "If-Match: abc\r\n", "edition 2026 form contact \"Y\" { a: text }");
    CHECK(odd.status == 400);
    answer_release(&odd);
    struct answer any = put_draft(&story, "If-Match: *\r\n", site_contact_form);
    CHECK(any.status == 200);
    answer_release(&any);

    struct answer text = get(&story, DRAFT, story.reader, NULL);
    CHECK(text.status == 200);
    CHECK(str_eq(answer_body(&text), str_of(site_contact_form)));
    CHECK(strcmp(answer_header(&text, "ETag"), etag) == 0); /* the same text has the same tag */
    answer_release(&text);
    snprintf(header, sizeof header, "If-None-Match: %s\r\n", etag);
    struct answer same = get(&story, DRAFT, story.reader, header);
    CHECK(same.status == 304);
    answer_release(&same);
    site_stop(&story.site);
}

static void a_star_matches_no_draft_that_is_not_there(void)
{
    struct story story;
    begin(&story);
    struct answer none = put_draft(&story, "If-Match: *\r\n", site_contact_form);
    CHECK(none.status == 412);
    answer_release(&none);
    site_stop(&story.site);
}

static void a_check_tells_what_is_wrong_and_stores_nothing(void)
{
    struct story story;
    begin(&story);
    const char *path = "/v1/tenants/acme/forms:check";
    struct ask ask = {"POST", path, story.publisher, NULL, "text/plain", str_of(site_contact_form)};
    struct answer good = site_ask(&story.site, &ask);
    CHECK(good.status == 200);
    CHECK(answer_kind(&good, "/ok") == JSON_TRUE);
    CHECK(strcmp(answer_text(&good, "/title"), "Contact us") == 0);
    CHECK(answer_int(&good, "/fields") == 5);
    CHECK(answer_int(&good, "/cost/steps_max") > 0);
    answer_release(&good);
    ask.body = STR("edition 2026\nform f \"F\" { a: text when b }");
    struct answer bad = site_ask(&story.site, &ask);
    CHECK(bad.status == 200);
    CHECK(answer_kind(&bad, "/ok") == JSON_FALSE);
    CHECK(answer_int(&bad, "/diagnostics/0/line") == 2);
    answer_release(&bad);
    struct answer list = get(&story, "/v1/tenants/acme/forms", story.publisher, NULL);
    CHECK(answer_count(&list, "/items") == 0);
    answer_release(&list);
    site_stop(&story.site);
}

static void a_draft_with_errors_is_stored_but_not_published(void)
{
    struct story story;
    begin(&story);
    struct answer put = put_draft(&story, NULL, "edition 2026 form contact \"X\" { a: txt }");
    CHECK(put.status == 201);
    answer_release(&put);
    struct answer version = post(&story, VERSIONS, story.publisher, NULL, "");
    CHECK(version.status == 422);
    CHECK(strcmp(answer_code(&version), "definition-invalid") == 0);
    CHECK(strcmp(answer_text(&version, "/diagnostics/0/severity"), "error") == 0);
    answer_release(&version);
    struct answer fetch = get(&story, "/v1/p/acme/contact", NULL, NULL);
    CHECK(fetch.status == 404);
    answer_release(&fetch);
    site_stop(&story.site);
}

static void publishing_makes_numbered_versions_and_the_same_text_makes_none(void)
{
    struct story story;
    begin(&story);
    struct answer nothing = post(&story, VERSIONS, story.publisher, NULL, "");
    CHECK(nothing.status == 404);
    answer_release(&nothing);
    struct answer put = put_draft(&story, NULL, site_contact_form);
    answer_release(&put);
    struct answer first = post(&story, VERSIONS, story.publisher, "Audit-Reason: launch\r\n", "");
    CHECK(first.status == 201);
    CHECK(answer_int(&first, "/version") == 1);
    CHECK(strcmp(answer_header(&first, "Location"), VERSIONS "/1") == 0);
    CHECK(strlen(answer_text(&first, "/hash")) == 64);
    answer_release(&first);
    struct answer again = post(&story, VERSIONS, story.publisher, NULL, "");
    CHECK(again.status == 200);
    CHECK(answer_int(&again, "/version") == 1);
    answer_release(&again);
    put = put_draft(&story, "If-Match: *\r\n", "edition 2026 form contact \"Two\" { name: text }");
    CHECK(put.status == 200);
    answer_release(&put);
    struct answer stale = post(
        &story, VERSIONS, story.publisher,
        "If-Match: \"sha256-0000000000000000000000000000000000000000000000000000000000000000\"\r\n",
        "");
    CHECK(stale.status == 412);
    answer_release(&stale);
    struct answer second = post(&story, VERSIONS, story.publisher, NULL, "");
    CHECK(second.status == 201);
    CHECK(answer_int(&second, "/version") == 2);
    answer_release(&second);

    struct answer list = get(&story, VERSIONS "?limit=1", story.reader, NULL);
    CHECK(answer_int(&list, "/items/0/version") == 2);
    char path[1200];
    snprintf(path, sizeof path, VERSIONS "?limit=1&cursor=%s", answer_text(&list, "/next_cursor"));
    answer_release(&list);
    list = get(&story, path, story.reader, NULL);
    CHECK(answer_int(&list, "/items/0/version") == 1);
    CHECK(strcmp(answer_text(&list, "/next_cursor"), "") == 0);
    answer_release(&list);

    struct answer one = get(&story, VERSIONS "/1", story.reader, NULL);
    CHECK(strcmp(answer_text(&one, "/source"), site_contact_form) == 0);
    answer_release(&one);
    struct answer form = get(&story, "/v1/tenants/acme/forms/contact", story.reader, NULL);
    CHECK(answer_int(&form, "/version") == 2);
    CHECK(strcmp(answer_text(&form, "/title"), "Two") == 0);
    CHECK(strcmp(answer_text(&form, "/state"), "open") == 0);
    answer_release(&form);
    site_stop(&story.site);
}

/* ---------------------------------------------------------------- fetching */

static void a_definition_is_fetched_and_then_not_changed(void)
{
    struct story story;
    char header[300], etag[128];
    begin_published(&story);
    struct answer first = get(&story, "/v1/p/acme/contact", NULL, NULL);
    CHECK(first.status == 200);
    CHECK(strcmp(answer_header(&first, "Content-Type"), "application/json") == 0);
    CHECK(strcmp(answer_header(&first, "Cache-Control"),
                 "public, max-age=30, stale-while-revalidate=300, stale-if-error=86400") == 0);
    CHECK(strcmp(answer_header(&first, "Content-Location"), "/v1/p/acme/contact/versions/1") == 0);
    CHECK(strcmp(answer_header(&first, "Vary"), "Accept-Encoding") == 0);
    CHECK(strcmp(answer_header(&first, "Access-Control-Allow-Origin"), "*") == 0);
    CHECK(strcmp(answer_header(&first, "X-Content-Type-Options"), "nosniff") == 0);
    CHECK(first.json.kind == JSON_OBJECT);
    snprintf(etag, sizeof etag, "%s", answer_header(&first, "ETag"));
    CHECK(strncmp(etag, "\"sha256-", 8) == 0);

    struct answer pinned = get(&story, "/v1/p/acme/contact/versions/1", NULL, NULL);
    CHECK(pinned.status == 200);
    CHECK(strcmp(answer_header(&pinned, "Cache-Control"), "public, max-age=31536000, immutable") == 0);
    CHECK(strcmp(answer_header(&pinned, "ETag"), etag) == 0);
    CHECK(str_eq(answer_body(&pinned), answer_body(&first)));
    answer_release(&pinned);

    const char *const forms[] = {"If-None-Match: %s\r\n", "If-None-Match: W/%s\r\n",
                                 "If-None-Match: \"x\", %s\r\n"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(header, sizeof header, forms[i], etag);
        struct answer same = get(&story, "/v1/p/acme/contact", NULL, header);
        CHECK(same.status == 304);
        CHECK(strcmp(answer_header(&same, "ETag"), etag) == 0);
        CHECK(wire_header_count(&same.reply, "Content-Type") == 0);
        answer_release(&same);
    }
    struct answer other = get(&story, "/v1/p/acme/contact", NULL, "If-None-Match: \"sha256-1\"\r\n");
    CHECK(other.status == 200);
    answer_release(&other);
    struct answer head = site_ask(&story.site, &(struct ask){"HEAD", "/v1/p/acme/contact"});
    char length[24];
    snprintf(length, sizeof length, "%zu", answer_body(&first).len);
    CHECK(head.status == 200);
    CHECK(strcmp(answer_header(&head, "Content-Length"), length) == 0);
    answer_release(&head);
    answer_release(&first);
    struct answer none = get(&story, "/v1/p/acme/contact/versions/2", NULL, NULL);
    CHECK(none.status == 404);
    answer_release(&none);
    site_stop(&story.site);
}

static void a_publication_is_seen_by_the_next_fetch(void)
{
    struct story story;
    char etag[128];
    begin_published(&story);
    struct answer before = get(&story, "/v1/p/acme/contact", NULL, NULL);
    snprintf(etag, sizeof etag, "%s", answer_header(&before, "ETag"));
    answer_release(&before);
    for (int i = 0; i < 5; i++) {
        char source[128];
        snprintf(source, sizeof source, "edition 2026 form contact \"Version %d\" { name: text }", i);
        site_publish(&story.site, "acme", "contact", story.publisher, source);
        struct answer after = get(&story, "/v1/p/acme/contact", NULL, NULL);
        char place[64];
        snprintf(place, sizeof place, "/v1/p/acme/contact/versions/%d", i + 2);
        CHECK(strcmp(answer_header(&after, "Content-Location"), place) == 0);
        CHECK(strcmp(answer_header(&after, "ETag"), etag) != 0);
        answer_release(&after);
    }
    struct answer old = get(&story, "/v1/p/acme/contact/versions/1", NULL, NULL);
    CHECK(strcmp(answer_header(&old, "ETag"), etag) == 0);
    answer_release(&old);
    site_stop(&story.site);
}

static void each_coding_has_its_own_tag(void)
{
    struct story story;
    char header[300], etag[128];
    begin_published(&story);
    static const struct {
        const char *accept, *coding, *suffix;
    } rows[] = {{"br", "br", "-br\""},
                {"gzip", "gzip", "-gz\""},
                {"gzip, deflate, br", "br", "-br\""},
                {"gzip;q=1.0, br;q=0.5", "gzip", "-gz\""},
                {"br;q=0, *", "gzip", "-gz\""},
                {"identity", "", "\""},
                {"zstd", "", "\""},
                {"", "", "\""}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(header, sizeof header, "Accept-Encoding: %s\r\n", rows[i].accept);
        struct answer answer = get(&story, "/v1/p/acme/contact", NULL, header);
        CHECK(answer.status == 200);
        CHECK(strcmp(answer_header(&answer, "Content-Encoding"), rows[i].coding) == 0);
        snprintf(etag, sizeof etag, "%s", answer_header(&answer, "ETag"));
        CHECK(strlen(etag) > 5 &&
              strcmp(etag + strlen(etag) - strlen(rows[i].suffix), rows[i].suffix) == 0);
        answer_release(&answer);
        snprintf(header, sizeof header, "Accept-Encoding: %s\r\nIf-None-Match: %s\r\n", rows[i].accept,
                 etag);
        CHECK(site_status(&story.site, &(struct ask){"GET", "/v1/p/acme/contact", NULL, header}) ==
              304);
    }
    site_stop(&story.site);
}

static void a_page_of_another_origin_may_ask_before_it_fetches(void)
{
    struct story story;
    begin_published(&story);
    struct answer preflight = site_ask(
        &story.site,
        &(struct ask){"OPTIONS", "/v1/p/acme/contact", NULL,
                      "Origin: https://example.org\r\nAccess-Control-Request-Method: GET\r\n"});
    CHECK(preflight.status == 204);
    CHECK(strcmp(answer_header(&preflight, "Access-Control-Allow-Origin"), "*") == 0);
    CHECK(strcmp(answer_header(&preflight, "Allow"), "GET, HEAD, OPTIONS") == 0);
    answer_release(&preflight);
    struct answer management = site_ask(
        &story.site, &(struct ask){"OPTIONS", "/v1/tenants", NULL, "Origin: https://example.org\r\n"});
    CHECK(management.status == 204);
    CHECK(strcmp(answer_header(&management, "Access-Control-Allow-Origin"), "") == 0);
    answer_release(&management);
    struct answer list =
        get(&story, "/v1/tenants", story.site.operator_token, "Origin: https://example.org\r\n");
    CHECK(strcmp(answer_header(&list, "Access-Control-Allow-Origin"), "") == 0);
    answer_release(&list);
    site_stop(&story.site);
}

/* ---------------------------------------------------------------- judging and submitting */

/* One way to ask for a language, and what comes of it. */
static void check_told(struct story *story, const char *path, unsigned status, const char *headers,
                       const char *body, const char *language, const char *message)
{
    struct answer answer = post(story, path, NULL, headers, body);
    const char *pointer = status == 200 ? "/verdict/errors/0/message" : "/errors/0/message";
    CHECK(answer.status == status);
    CHECK(strcmp(answer_header(&answer, "Content-Language"), language) == 0);
    CHECK(strcmp(answer_header(&answer, "Vary"), "Accept-Language") == 0);
    CHECK(strcmp(answer_text(&answer, pointer), message) == 0);
    answer_release(&answer);
}

static void messages_are_in_the_language_that_is_asked_for(void)
{
    static const char form[] = "edition 2026 form contact \"F\" { languages en, de_AT, fr\n"
                               " name: text \"Name\" required }";
    static const char none[] = "{\"answers\":{}}";
    const char *judge = "/v1/p/acme/contact/evaluate", *store = "/v1/p/acme/contact/submissions";
    const char *english = "Enter name", *german = "Bitte „Name“ ausfüllen",
               *french = "Remplissez « Name »";
    struct story story;
    begin(&story);
    site_publish(&story.site, "acme", "contact", story.publisher, form);
    check_told(&story, judge, 200, NULL, none, "en", english);
    check_told(&story, judge, 200, "Accept-Language: it, fr-CH;q=0.7, de-AT;q=0.9\r\n", none, "de-AT",
               german);
    check_told(&story, judge, 200, "Accept-Language: fr-CA\r\n", none, "fr", french);
    check_told(&story, judge, 200, "Accept-Language: *;q=x,,\r\n", none, "en", english);
    check_told(&story, judge, 200, "Accept-Language: fr\r\n",
               "{\"answers\":{},\"meta\":{\"locale\":\"de-AT-x-y\"}}", "de-AT", german);
    check_told(&story, store, 422, "Idempotency-Key: key-1-0123456789\r\nAccept-Language: fr\r\n", none,
               "fr", french);
    site_stop(&story.site);
}

static void an_evaluation_gives_the_verdict_and_stores_nothing(void)
{
    struct story story;
    begin_published(&story);
    struct answer good = post(&story, "/v1/p/acme/contact/evaluate", NULL, NULL,
                              "{\"answers\":{\"name\":\"Ada\",\"age\":36}}");
    CHECK(good.status == 200);
    CHECK(answer_kind(&good, "/verdict/valid") == JSON_TRUE);
    CHECK(answer_kind(&good, "/verdict/answers/adult") == JSON_TRUE);
    CHECK(strcmp(answer_text(&good, "/verdict/hidden/0"), "/guardian") == 0);
    CHECK(answer_int(&good, "/verdict/form/version") == 1);
    CHECK(answer_kind(&good, "/texts") == JSON_OBJECT);
    answer_release(&good);
    struct answer bad =
        post(&story, "/v1/p/acme/contact/evaluate", NULL, NULL, "{\"answers\":{\"age\":200}}");
    CHECK(bad.status == 200);
    CHECK(answer_kind(&bad, "/verdict/valid") == JSON_FALSE);
    CHECK(answer_count(&bad, "/verdict/errors") == 2);
    answer_release(&bad);
    struct answer lenient =
        post(&story, "/v1/p/acme/contact/evaluate", NULL, NULL, "{\"answers\":{},\"lenient\":true}");
    CHECK(answer_kind(&lenient, "/verdict/valid") == JSON_TRUE);
    answer_release(&lenient);
    struct answer list = get(&story, "/v1/tenants/acme/forms/contact/submissions", story.reader, NULL);
    CHECK(answer_count(&list, "/items") == 0);
    answer_release(&list);
    site_stop(&story.site);
}

#define ADA "{\"answers\":{\"name\":\"Ada\",\"age\":36},\"meta\":{\"locale\":\"en\"}}"

static void a_submission_is_stored_replayed_and_not_overwritten(void)
{
    struct story story;
    char id[80], verdict[2000];
    begin_published(&story);
    struct answer first = submit(&story, "0123456789abcdef", ADA);
    CHECK(first.status == 201);
    snprintf(id, sizeof id, "%s", answer_text(&first, "/id"));
    CHECK(strncmp(id, "sub_", 4) == 0);
    CHECK(strstr(answer_header(&first, "Location"), id) != NULL);
    CHECK(strcmp(answer_header(&first, "Idempotency-Replayed"), "") == 0);
    CHECK(answer_int(&first, "/version") == 1);
    snprintf(verdict, sizeof verdict, "%.*s", STR_ARG(answer_body(&first)));
    answer_release(&first);

    struct answer again = submit(&story, "0123456789abcdef", ADA);
    CHECK(again.status == 200);
    CHECK(strcmp(answer_header(&again, "Idempotency-Replayed"), "true") == 0);
    CHECK(str_eq(answer_body(&again), str_of(verdict))); /* to the byte */
    answer_release(&again);
    struct answer quoted = submit(&story, "\"0123456789abcdef\"", ADA);
    CHECK(quoted.status == 200);
    answer_release(&quoted);
    struct answer other = submit(&story, "0123456789abcdef", "{\"answers\":{\"name\":\"Bob\"}}");
    CHECK(other.status == 409);
    CHECK(strcmp(answer_code(&other), "idempotency-key-reused") == 0);
    answer_release(&other);
    struct answer invalid = submit(&story, "0123456789abcdef", "{\"answers\":{}}");
    CHECK(invalid.status == 409);
    answer_release(&invalid);

    struct answer list = get(&story, "/v1/tenants/acme/forms/contact/submissions", story.reader, NULL);
    CHECK(answer_count(&list, "/items") == 1);
    CHECK(strcmp(answer_text(&list, "/items/0/answers/name"), "Ada") == 0);
    CHECK(answer_kind(&list, "/items/0/answers/adult") == JSON_TRUE);
    answer_release(&list);
    char path[200];
    snprintf(path, sizeof path, "/v1/tenants/acme/forms/contact/submissions/%s", id);
    struct answer one = get(&story, path, story.reader, NULL);
    CHECK(one.status == 200);
    CHECK(strcmp(answer_text(&one, "/id"), id) == 0);
    answer_release(&one);
    site_stop(&story.site);
}

static void a_replay_stands_after_the_form_has_changed(void)
{
    struct story story;
    begin_published(&story);
    struct answer first = submit(&story, "0123456789abcdef", ADA);
    CHECK(first.status == 201);
    site_publish(&story.site, "acme", "contact", story.publisher,
                 "edition 2026 form contact \"Strict\" { name: text required length ..2 }");
    struct answer again = submit(&story, "0123456789abcdef", ADA);
    CHECK(again.status == 200);
    CHECK(answer_int(&again, "/version") == 1);
    CHECK(str_eq(answer_body(&again), answer_body(&first)));
    answer_release(&again);
    site_restart(&story.site); /* and when the old version is not in memory any more */
    again = submit(&story, "0123456789abcdef", ADA);
    CHECK(again.status == 200);
    CHECK(str_eq(answer_body(&again), answer_body(&first)));
    answer_release(&again);
    struct answer fresh = submit(&story, "0123456789abcdeg", ADA);
    CHECK(fresh.status == 422);
    answer_release(&fresh);
    struct answer pinned =
        submit(&story, "0123456789abcdeh", "{\"version\":1,\"answers\":{\"name\":\"Ada\",\"age\":36}}");
    CHECK(pinned.status == 201);
    CHECK(answer_int(&pinned, "/version") == 1);
    answer_release(&pinned);
    answer_release(&first);
    site_stop(&story.site);
}

static void wrong_answers_are_all_told(void)
{
    struct story story;
    begin_published(&story);
    struct answer answer = submit(&story, "0123456789abcdef", "{\"answers\":{\"age\":-1,\"other\":1}}");
    CHECK(answer.status == 422);
    CHECK(strcmp(answer_code(&answer), "validation-failed") == 0);
    CHECK(strcmp(answer_text(&answer, "/instance"), "/v1/p/acme/contact/submissions") == 0);
    CHECK(strcmp(answer_text(&answer, "/request_id"), answer_header(&answer, "X-Request-Id")) == 0);
    CHECK(answer_count(&answer, "/errors") == 3);
    CHECK(answer_text(&answer, "/errors/0/message")[0] != '\0');
    answer_release(&answer);
    site_stop(&story.site);
}

static void what_is_no_submission_is_refused_with_its_reason(void)
{
    struct story story;
    begin_published(&story);
    static const struct {
        const char *body, *code;
        unsigned status;
    } rows[] = {{"", "json-malformed", 400},
                {"{", "json-malformed", 400},
                {"[]", "json-malformed", 400},
                {"{}", "body-misfit", 400},
                {"{\"answers\":[]}", "body-misfit", 400},
                {"{\"answers\":{]}}", "json-malformed", 400},
                {"{\"answers\":{}} x", "json-malformed", 400},
                {"{\"answers\":{},\"answers\":{}}", "json-malformed", 400},
                {"{\"answers\":{\"name\":\"a\",\"name\":\"b\"}}", "json-malformed", 400},
                {"{\"answers\":{\"name\":\"\\ud800\"}}", "json-malformed", 400},
                {"{\"answers\":{},\"extra\":1}", "body-misfit", 400},
                {"{\"answers\":{},\"lenient\":true}", "body-misfit", 400},
                {"{\"answers\":{},\"version\":0}", "body-misfit", 400},
                {"{\"answers\":{},\"version\":-1}", "body-misfit", 400},
                {"{\"answers\":{},\"version\":1.5}", "body-misfit", 400},
                {"{\"answers\":{},\"version\":7}", "not-found", 404},
                {"{\"answers\":{},\"meta\":{\"locale\":\"<script>\"}}", "body-misfit", 400},
                {"{\"answers\":{},\"meta\":{\"x\":1}}", "body-misfit", 400},
                {"{\"answers\":{},\"meta\":{\"started_at\":\"yesterday\"}}", "body-misfit", 400},
                {"{\"answers\":{}}", "validation-failed", 422}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct answer answer = submit(&story, "0123456789abcdef", rows[i].body);
        if (answer.status != rows[i].status || strcmp(answer_code(&answer), rows[i].code) != 0)
            fprintf(stderr, "%s → %u %s\n", rows[i].body, answer.status, answer_code(&answer));
        CHECK(answer.status == rows[i].status);
        CHECK(strcmp(answer_code(&answer), rows[i].code) == 0);
        answer_release(&answer);
    }
    struct answer keyless = post(&story, "/v1/p/acme/contact/submissions", NULL, NULL, ADA);
    CHECK(keyless.status == 400);
    CHECK(strcmp(answer_code(&keyless), "idempotency-key-missing") == 0);
    answer_release(&keyless);
    static const char *const keys[] = {"short", "has space in it 12", "\"unbalanced-0123456789",
                                       "sl/ash-0123456789"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct answer answer = submit(&story, keys[i], ADA);
        CHECK(strcmp(answer_code(&answer), "idempotency-key-malformed") == 0);
        answer_release(&answer);
    }
    site_stop(&story.site);
}

/* Its worst case is too long for an event thread: it is judged by the crew, and nobody sees a
 * difference. */
static void a_dear_form_is_judged_all_the_same(void)
{
    struct story story;
    begin(&story);
    site_publish(
        &story.site, "acme", "contact", story.publisher,
        "edition 2026\nform dear \"Dear\" {\n"
        "  repeat rows \"Rows\" 0..9000 {\n"
        "    a: integer \"A\" required\n    b: integer \"B\" when a > 3\n    c: integer = a * 2\n"
        "    check b > a else \"B is less than A.\" at b\n  }\n"
        "  total: integer = sum(rows.c)\n}\n");
    const char *body = "{\"answers\":{\"rows\":[{\"a\":1},{\"a\":4,\"b\":5}]}}";
    for (int i = 0; i < 3; i++) {
        struct answer judged = post(&story, "/v1/p/acme/contact/evaluate", NULL, NULL, body);
        CHECK(judged.status == 200);
        CHECK(answer_int(&judged, "/verdict/answers/total") == 10);
        answer_release(&judged);
    }
    struct answer stored = submit(&story, "0123456789abcdef", body);
    CHECK(stored.status == 201);
    struct answer again = submit(&story, "0123456789abcdef", body);
    CHECK(again.status == 200);
    CHECK(str_eq(answer_body(&again), answer_body(&stored)));
    answer_release(&again);
    answer_release(&stored);
    struct answer wrong =
        submit(&story, "0123456789abcdeg", "{\"answers\":{\"rows\":[{\"a\":4,\"b\":1}]}}");
    CHECK(wrong.status == 422);
    CHECK(strcmp(answer_text(&wrong, "/errors/0/pointer"), "/rows/0/b") == 0);
    answer_release(&wrong);
    site_stop(&story.site);
}

static void a_closed_form_takes_no_submission_and_can_be_opened_again(void)
{
    struct story story;
    begin_published(&story);
    const char *state = "/v1/tenants/acme/forms/contact/state";
    struct answer unexplained = post(&story, state, story.publisher, NULL, "{\"to\":\"closing\"}");
    CHECK(unexplained.status == 400);
    CHECK(strcmp(answer_code(&unexplained), "audit-reason-missing") == 0);
    answer_release(&unexplained);
    struct answer closing =
        post(&story, state, story.publisher, "Audit-Reason: end of term\r\n", "{\"to\":\"closing\"}");
    CHECK(closing.status == 200);
    answer_release(&closing);
    struct answer closed =
        post(&story, state, story.publisher, "Audit-Reason: over\r\n", "{\"to\":\"closed\"}");
    CHECK(closed.status == 200);
    CHECK(strcmp(answer_text(&closed, "/state"), "closed") == 0);
    answer_release(&closed);
    struct answer refused = submit(&story, "0123456789abcdef", ADA);
    CHECK(refused.status == 409);
    CHECK(strcmp(answer_code(&refused), "form-closed") == 0);
    CHECK(strstr(answer_header(&refused, "Link"), ">; rel=\"latest-version\"") != NULL);
    answer_release(&refused);
    struct answer illegal = post(&story, state, story.publisher, NULL, "{\"to\":\"draft\"}");
    CHECK(illegal.status == 409);
    CHECK(strcmp(answer_code(&illegal), "illegal-transition") == 0);
    CHECK(answer_count(&illegal, "/allowed") >= 1);
    answer_release(&illegal);
    struct answer opened = post(&story, state, story.publisher, NULL, "{\"to\":\"open\"}");
    CHECK(opened.status == 200);
    answer_release(&opened);
    struct answer stored = submit(&story, "0123456789abcdef", ADA);
    CHECK(stored.status == 201);
    answer_release(&stored);
    site_stop(&story.site);
}

static unsigned set_tenant(struct story *story, const char *why, const char *body)
{
    return site_status(&story->site,
                       &(struct ask){"POST", "/v1/tenants/acme/state", story->site.operator_token, why,
                                     .body = str_of(body)});
}

static void a_suspended_tenant_serves_nothing_until_it_is_resumed_and_a_closed_one_never_again(void)
{
    struct story story;
    const char *why = "Audit-Reason: unpaid\r\n";
    begin_published(&story);
    CHECK(set_tenant(&story, NULL, "{\"to\":\"suspended\"}") == 400);
    CHECK(set_tenant(&story, why, "{\"to\":\"suspended\"}") == 200);
    CHECK(set_tenant(&story, why, "{\"to\":\"suspended\"}") == 200); /* as it was */
    CHECK(site_status(&story.site, &(struct ask){"GET", "/v1/p/acme/contact"}) == 404);
    struct answer draft = put_draft(&story, "If-Match: *\r\n", site_contact_form);
    CHECK(draft.status == 403);
    CHECK(strcmp(answer_code(&draft), "tenant-suspended") == 0);
    answer_release(&draft);
    CHECK(set_tenant(&story, why, "{\"to\":\"active\"}") == 200);
    CHECK(site_status(&story.site, &(struct ask){"GET", "/v1/p/acme/contact"}) == 200);
    CHECK(set_tenant(&story, why, "{\"to\":\"closed\"}") == 200);
    CHECK(set_tenant(&story, why, "{\"to\":\"active\"}") == 409);
    CHECK(site_status(&story.site, &(struct ask){"GET", "/v1/p/acme/contact"}) == 404);
    CHECK(site_status(&story.site, &(struct ask){"GET", "/v1/me", story.reader}) == 401);
    site_stop(&story.site);
}

static void an_archived_form_is_not_served(void)
{
    struct story story;
    begin_published(&story);
    const char *state = "/v1/tenants/acme/forms/contact/state";
    CHECK(site_status(&story.site, &(struct ask){"GET", "/v1/p/acme/contact"}) == 200);
    CHECK(site_status(&story.site,
                      &(struct ask){"POST", state, story.publisher, .headers = "Audit-Reason: over\r\n",
                                    .body = STR("{\"to\":\"closing\"}")}) == 200);
    CHECK(site_status(&story.site,
                      &(struct ask){"POST", state, story.publisher, .headers = "Audit-Reason: over\r\n",
                                    .body = STR("{\"to\":\"closed\"}")}) == 200);
    CHECK(site_status(&story.site, &(struct ask){"GET", "/v1/p/acme/contact"}) == 200);
    CHECK(site_status(&story.site,
                      &(struct ask){"POST", state, story.publisher, .headers = "Audit-Reason: over\r\n",
                                    .body = STR("{\"to\":\"archived\"}")}) == 200);
    CHECK(site_status(&story.site, &(struct ask){"GET", "/v1/p/acme/contact"}) == 404);
    CHECK(site_status(&story.site, &(struct ask){"GET", "/v1/p/acme/contact/versions/1"}) == 404);
    site_stop(&story.site);
}

static void a_token_that_comes_with_a_submission_must_be_good(void)
{
    struct story story;
    char submitter[256], foreign[256];
    begin_published(&story);
    site_token(&story.site, "acme", "submitter", submitter);
    site_tenant(&story.site, "other");
    site_token(&story.site, "other", "submitter", foreign);
    const char *path = "/v1/p/acme/contact/submissions";
    struct answer mine = post(&story, path, submitter, "Idempotency-Key: 0123456789abcdef\r\n", ADA);
    CHECK(mine.status == 201);
    answer_release(&mine);
    struct answer list = get(&story, "/v1/tenants/acme/forms/contact/submissions", story.reader, NULL);
    CHECK(strcmp(answer_text(&list, "/items/0/submitter"), "") != 0);
    answer_release(&list);
    struct answer theirs = post(&story, path, foreign, "Idempotency-Key: 0123456789abcdeg\r\n", ADA);
    CHECK(theirs.status == 404);
    answer_release(&theirs);
    struct answer garbled = post(&story, path, "fmd_x", "Idempotency-Key: 0123456789abcdeh\r\n", ADA);
    CHECK(garbled.status == 401);
    answer_release(&garbled);
    site_stop(&story.site);
}

/* ---------------------------------------------------------------- lists and exports */

static void fill(struct story *story, int count)
{
    for (int i = 0; i < count; i++) {
        char key[40], body[120];
        snprintf(key, sizeof key, "key-%012d-filled", i);
        snprintf(body, sizeof body, "{\"answers\":{\"name\":\"N%03d\",\"age\":%d}}", i, 20 + i % 50);
        struct answer answer = submit(story, key, body);
        CHECK(answer.status == 201);
        answer_release(&answer);
    }
}

static void pages_follow_each_other_without_gap_or_double(void)
{
    enum { COUNT = 25 };
    struct story story;
    char path[1400] = "/v1/tenants/acme/forms/contact/submissions?limit=10";
    begin_published(&story);
    fill(&story, COUNT);
    int seen = 0;
    while (path[0]) {
        struct answer page = get(&story, path, story.reader, NULL);
        CHECK(page.status == 200);
        uint32_t count = answer_count(&page, "/items");
        for (uint32_t i = 0; i < count; i++) {
            char pointer[64], want[8];
            snprintf(pointer, sizeof pointer, "/items/%u/answers/name", i);
            snprintf(want, sizeof want, "N%03d", seen++);
            CHECK(strcmp(answer_text(&page, pointer), want) == 0);
        }
        const char *next = answer_text(&page, "/next_cursor");
        path[0] = '\0';
        if (next[0])
            snprintf(path, sizeof path, "/v1/tenants/acme/forms/contact/submissions?limit=10&cursor=%s",
                     next);
        answer_release(&page);
    }
    CHECK(seen == COUNT);
    struct answer newest = get(
        &story, "/v1/tenants/acme/forms/contact/submissions?order=newest&limit=1", story.reader, NULL);
    CHECK(strcmp(answer_text(&newest, "/items/0/answers/name"), "N024") == 0);
    answer_release(&newest);
    site_stop(&story.site);
}

static void a_cursor_belongs_to_its_list_and_filter(void)
{
    struct story story;
    char cursor[1100], path[1400];
    begin_published(&story);
    fill(&story, 3);
    struct answer page =
        get(&story, "/v1/tenants/acme/forms/contact/submissions?limit=1", story.reader, NULL);
    snprintf(cursor, sizeof cursor, "%s", answer_text(&page, "/next_cursor"));
    answer_release(&page);
    CHECK(cursor[0]);
    static const char *const formats[] = {
        "/v1/tenants/acme/forms/contact/submissions?order=newest&cursor=%s",
        "/v1/tenants/acme/forms/contact/submissions?version=1&cursor=%s",
        "/v1/tenants/acme/forms?cursor=%s", "/v1/tenants/acme/forms/contact/submissions?cursor=A%s",
        "/v1/tenants/acme/forms/contact/submissions?cursor=%sA"};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        snprintf(path, sizeof path, formats[i], cursor);
        struct answer answer = get(&story, path, story.publisher, NULL);
        CHECK(answer.status == 400);
        CHECK(strcmp(answer_code(&answer), "cursor-invalid") == 0);
        answer_release(&answer);
    }
    site_restart(&story.site); /* the key outlives the process */
    snprintf(path, sizeof path, "/v1/tenants/acme/forms/contact/submissions?limit=2&cursor=%s", cursor);
    page = get(&story, path, story.reader, NULL);
    CHECK(page.status == 200);
    CHECK(strcmp(answer_text(&page, "/items/0/answers/name"), "N001") == 0);
    answer_release(&page);
    site_stop(&story.site);
}

static void a_misspelt_filter_lists_nothing(void)
{
    struct story story;
    begin_published(&story);
    static const char *const queries[] = {"?sinze=2026-01-01T00:00:00Z",
                                          "?since=yesterday",
                                          "?limit=0",
                                          "?limit=x",
                                          "?limit=1&limit=2",
                                          "?version=x",
                                          "?order=up",
                                          "?limit",
                                          "?limit=%ff"};
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        char path[160];
        snprintf(path, sizeof path, "/v1/tenants/acme/forms/contact/submissions%s", queries[i]);
        struct answer answer = get(&story, path, story.reader, NULL);
        CHECK(answer.status == 400);
        CHECK(strcmp(answer_code(&answer), "parameter-malformed") == 0);
        answer_release(&answer);
    }
    CHECK(site_status(&story.site, &(struct ask){"GET", "/v1/p/acme/contact?x=1"}) == 400);
    site_stop(&story.site);
}

static int count_lines(struct str text)
{
    int lines = 0;
    for (size_t i = 0; i < text.len; i++) lines += text.ptr[i] == '\n';
    return lines;
}

static void an_export_holds_every_row_once(void)
{
    enum { COUNT = 40 };
    struct story story;
    begin_published(&story);
    struct answer empty =
        get(&story, "/v1/tenants/acme/forms/contact/submissions:export", story.reader, NULL);
    CHECK(empty.status == 200);
    CHECK(answer_body(&empty).len == 0);
    answer_release(&empty);
    fill(&story, COUNT);
    struct answer all =
        get(&story, "/v1/tenants/acme/forms/contact/submissions:export", story.reader, NULL);
    CHECK(all.status == 200);
    CHECK(strcmp(answer_header(&all, "Content-Type"), "application/x-ndjson") == 0);
    CHECK(count_lines(answer_body(&all)) == COUNT);
    for (int i = 0; i < COUNT; i++) {
        char name[16];
        snprintf(name, sizeof name, "\"N%03d\"", i);
        CHECK(memmem(answer_body(&all).ptr, answer_body(&all).len, name, strlen(name)) != NULL);
    }
    answer_release(&all);
    struct answer later =
        get(&story, "/v1/tenants/acme/forms/contact/submissions:export?since=2999-01-01T00:00:00Z",
            story.reader, NULL);
    CHECK(later.status == 200);
    CHECK(answer_body(&later).len == 0);
    answer_release(&later);
    site_stop(&story.site);
}

static void an_export_larger_than_a_chunk_is_whole(void)
{
    enum { COUNT = 60, NOTE = 9000 };
    static char body[NOTE + 200], note[NOTE + 1];
    struct story story;
    begin_published(&story);
    memset(note, 'n', NOTE);
    for (int i = 0; i < COUNT; i++) {
        char key[40];
        snprintf(key, sizeof key, "key-%012d-larger", i);
        snprintf(body, sizeof body, "{\"answers\":{\"name\":\"N%03d\",\"age\":30,\"note\":\"%s\"}}", i,
                 note);
        struct answer answer = submit(&story, key, body);
        CHECK(answer.status == 201);
        answer_release(&answer);
    }
    struct answer all =
        get(&story, "/v1/tenants/acme/forms/contact/submissions:export", story.reader, NULL);
    CHECK(all.status == 200);
    CHECK(answer_body(&all).len > (size_t)COUNT * NOTE);
    CHECK(count_lines(answer_body(&all)) == COUNT);
    answer_release(&all);
    site_stop(&story.site);
}

/* ---------------------------------------------------------------- the end */

static void everything_is_still_there_after_a_restart(void)
{
    struct story story;
    char etag[128];
    begin_published(&story);
    struct answer before = get(&story, "/v1/p/acme/contact", NULL, "Accept-Encoding: br\r\n");
    snprintf(etag, sizeof etag, "%s", answer_header(&before, "ETag"));
    struct answer stored = submit(&story, "0123456789abcdef", ADA);
    CHECK(stored.status == 201);
    site_restart(&story.site);
    struct answer after = get(&story, "/v1/p/acme/contact", NULL, "Accept-Encoding: br\r\n");
    CHECK(after.status == 200);
    CHECK(strcmp(answer_header(&after, "ETag"), etag) == 0);
    CHECK(str_eq(answer_body(&after), answer_body(&before)));
    answer_release(&after);
    answer_release(&before);
    struct answer again = submit(&story, "0123456789abcdef", ADA);
    CHECK(again.status == 200);
    CHECK(str_eq(answer_body(&again), answer_body(&stored)));
    answer_release(&again);
    answer_release(&stored);
    struct answer list = get(&story, "/v1/tenants/acme/forms/contact/submissions", story.reader, NULL);
    CHECK(answer_count(&list, "/items") == 1);
    answer_release(&list);
    struct answer draft = get(&story, DRAFT, story.publisher, NULL);
    CHECK(str_eq(answer_body(&draft), str_of(site_contact_form)));
    answer_release(&draft);
    site_stop(&story.site);
}

static void health_and_metrics_answer_without_a_token(void)
{
    struct story story;
    begin_published(&story);
    CHECK(site_status(&story.site, &(struct ask){"GET", "/livez"}) == 200);
    CHECK(site_status(&story.site, &(struct ask){"GET", "/readyz"}) == 200);
    CHECK(site_status(&story.site, &(struct ask){"GET", "/v1/p/acme/contact"}) == 200);
    nanosleep(&(struct timespec){.tv_nsec = 200000000},
              NULL); /* a request is counted after its answer is out */
    struct answer metrics = get(&story, "/metrics", NULL, NULL);
    CHECK(metrics.status == 200);
    CHECK(strncmp(answer_header(&metrics, "Content-Type"), "text/plain", 10) == 0);
    static const char *const wanted[] = {
        "formwright_http_requests_total{route=\"live_get\",method=\"GET\",code=\"200\"} 1\n",
        "formwright_http_requests_total{route=\"versions_post\",method=\"POST\",code=\"201\"} 1\n",
        "formwright_http_request_duration_seconds_count", "formwright_definition_cache_bytes",
        "formwright_writer_queue_depth 0\n"};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        if (!memmem(answer_body(&metrics).ptr, answer_body(&metrics).len, wanted[i], strlen(wanted[i])))
            fprintf(stderr, "missing: %s\n", wanted[i]);
        CHECK(memmem(answer_body(&metrics).ptr, answer_body(&metrics).len, wanted[i],
                     strlen(wanted[i])) != NULL);
    }
    answer_release(&metrics);
    site_stop(&story.site);
}

static void the_head_of_an_export_has_no_body(void)
{
    struct story story;
    struct wire wire;
    begin_published(&story);
    CHECK(wire_open(&wire, story.site.port));
    struct answer head =
        site_ask_over(&wire, &(struct ask){"HEAD", "/v1/tenants/acme/forms/contact/submissions:export",
                                           story.reader});
    CHECK(head.status == 200);
    CHECK(strcmp(answer_header(&head, "Content-Type"), "application/x-ndjson") == 0);
    CHECK(wire_closes(&wire, 2000)); /* and not a byte more before it */
    answer_release(&head);
    wire_close(&wire);
    site_stop(&story.site);
}

static void one_connection_carries_many_requests(void)
{
    struct story story;
    struct wire wire;
    begin_published(&story);
    CHECK(wire_open(&wire, story.site.port));
    const struct ask asks[] = {
        {"GET", "/v1/p/acme/contact"},
        {"GET", "/v1/tenants/acme/forms", story.reader},
        {"POST", "/v1/p/acme/contact/submissions", NULL, "Idempotency-Key: 0123456789abcdef\r\n",
         .body = STR(ADA)},
        {"POST", "/v1/p/acme/contact/submissions", NULL, "Idempotency-Key: 0123456789abcdef\r\n",
         .body = STR(ADA)},
        {"POST", "/v1/p/acme/contact/evaluate", .body = STR("{\"answers\":{}}")},
        {"GET", "/v1/tenants/acme/forms/contact/submissions:export", story.reader},
        {"HEAD", "/v1/p/acme/contact"},
        {"HEAD", "/v1/tenants/acme/forms", story.reader},
        {"GET", "/nowhere"},
        {"GET", "/v1/p/acme/contact"}};
    const unsigned wanted[] = {200, 200, 201, 200, 200, 200, 200, 200, 404, 200};
    for (size_t i = 0; i < sizeof asks / sizeof asks[0]; i++) {
        struct answer answer = site_ask_over(&wire, &asks[i]);
        CHECK(answer.status == wanted[i]);
        answer_release(&answer);
    }
    wire_close(&wire);
    site_stop(&story.site);
}

int main(void)
{
    what_a_form_was_used_for_is_told_to_its_tenant();
    a_tenant_is_made_once_and_listed();
    a_token_says_who_it_is_until_it_is_revoked();
    a_list_of_tokens_shows_no_secret();
    a_draft_is_replaced_only_by_who_has_seen_it();
    a_star_matches_no_draft_that_is_not_there();
    a_check_tells_what_is_wrong_and_stores_nothing();
    a_draft_with_errors_is_stored_but_not_published();
    publishing_makes_numbered_versions_and_the_same_text_makes_none();
    a_definition_is_fetched_and_then_not_changed();
    a_publication_is_seen_by_the_next_fetch();
    each_coding_has_its_own_tag();
    a_page_of_another_origin_may_ask_before_it_fetches();
    messages_are_in_the_language_that_is_asked_for();
    an_evaluation_gives_the_verdict_and_stores_nothing();
    a_submission_is_stored_replayed_and_not_overwritten();
    a_replay_stands_after_the_form_has_changed();
    wrong_answers_are_all_told();
    what_is_no_submission_is_refused_with_its_reason();
    a_dear_form_is_judged_all_the_same();
    a_closed_form_takes_no_submission_and_can_be_opened_again();
    a_suspended_tenant_serves_nothing_until_it_is_resumed_and_a_closed_one_never_again();
    an_archived_form_is_not_served();
    a_token_that_comes_with_a_submission_must_be_good();
    pages_follow_each_other_without_gap_or_double();
    a_cursor_belongs_to_its_list_and_filter();
    a_misspelt_filter_lists_nothing();
    an_export_holds_every_row_once();
    an_export_larger_than_a_chunk_is_whole();
    everything_is_still_there_after_a_restart();
    health_and_metrics_answer_without_a_token();
    the_head_of_an_export_has_no_body();
    one_connection_carries_many_requests();
    return TEST_RESULT();
}
