/* The whole story over HTTP: tenant, tokens, draft, publication, fetching, states, and all of it still
 * there after a restart. */
#define _GNU_SOURCE
#include "tests/http/story.h"
#include "tests/test.h"

#include <stdio.h>
#include <time.h>

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
    story_begin_published(&story);
    struct answer stored = story_submit(&story, "key-1-0123456789", "{\"answers\":{\"name\":\"Ada\"}}");
    struct answer again = story_submit(&story, "key-1-0123456789", "{\"answers\":{\"name\":\"Ada\"}}");
    struct answer bad = story_submit(&story, "key-2-0123456789", "{\"answers\":{}}");
    CHECK(stored.status == 201 && again.status == 200 && bad.status == 422);
    answer_release(&stored);
    answer_release(&again);
    answer_release(&bad);
    struct answer usage = story_get(&story, "/v1/tenants/acme/usage", story.reader, NULL);
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
    story_begin(&story);
    struct answer again = story_post(&story, "/v1/tenants", story.site.operator_token, NULL,
                                     "{\"id\":\"acme\",\"name\":\"Acme\"}");
    CHECK(again.status == 409);
    CHECK(strcmp(answer_code(&again), "tenant-exists") == 0);
    CHECK(strcmp(answer_header(&again, "Content-Type"), "application/problem+json") == 0);
    answer_release(&again);
    struct answer list = story_get(&story, "/v1/tenants", story.site.operator_token, NULL);
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
    story_begin(&story);
    struct answer me = story_get(&story, "/v1/me", story.reader, NULL);
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
    struct answer gone = story_get(&story, "/v1/me", story.reader, NULL);
    CHECK(gone.status == 401);
    CHECK(strncmp(answer_header(&gone, "WWW-Authenticate"), "Bearer", 6) == 0);
    answer_release(&gone);
    site_stop(&story.site);
}

static void a_list_of_tokens_shows_no_secret(void)
{
    struct story story;
    story_begin(&story);
    struct answer list = story_get(&story, "/v1/tenants/acme/tokens", story.publisher, NULL);
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
    story_begin(&story);
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

    struct answer text = story_get(&story, DRAFT, story.reader, NULL);
    CHECK(text.status == 200);
    CHECK(str_eq(answer_body(&text), str_of(site_contact_form)));
    CHECK(strcmp(answer_header(&text, "ETag"), etag) == 0); /* the same text has the same tag */
    answer_release(&text);
    snprintf(header, sizeof header, "If-None-Match: %s\r\n", etag);
    struct answer same = story_get(&story, DRAFT, story.reader, header);
    CHECK(same.status == 304);
    answer_release(&same);
    site_stop(&story.site);
}

static void a_star_matches_no_draft_that_is_not_there(void)
{
    struct story story;
    story_begin(&story);
    struct answer none = put_draft(&story, "If-Match: *\r\n", site_contact_form);
    CHECK(none.status == 412);
    answer_release(&none);
    site_stop(&story.site);
}

static void a_check_tells_what_is_wrong_and_stores_nothing(void)
{
    struct story story;
    story_begin(&story);
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
    struct answer list = story_get(&story, "/v1/tenants/acme/forms", story.publisher, NULL);
    CHECK(answer_count(&list, "/items") == 0);
    answer_release(&list);
    site_stop(&story.site);
}

static void a_draft_with_errors_is_stored_but_not_published(void)
{
    struct story story;
    story_begin(&story);
    struct answer put = put_draft(&story, NULL, "edition 2026 form contact \"X\" { a: txt }");
    CHECK(put.status == 201);
    answer_release(&put);
    struct answer version = story_post(&story, VERSIONS, story.publisher, NULL, "");
    CHECK(version.status == 422);
    CHECK(strcmp(answer_code(&version), "definition-invalid") == 0);
    CHECK(strcmp(answer_text(&version, "/diagnostics/0/severity"), "error") == 0);
    answer_release(&version);
    struct answer fetch = story_get(&story, "/v1/p/acme/contact", NULL, NULL);
    CHECK(fetch.status == 404);
    answer_release(&fetch);
    site_stop(&story.site);
}

static void publishing_makes_numbered_versions_and_the_same_text_makes_none(void)
{
    struct story story;
    story_begin(&story);
    struct answer nothing = story_post(&story, VERSIONS, story.publisher, NULL, "");
    CHECK(nothing.status == 404);
    answer_release(&nothing);
    struct answer put = put_draft(&story, NULL, site_contact_form);
    answer_release(&put);
    struct answer first = story_post(&story, VERSIONS, story.publisher, "Audit-Reason: launch\r\n", "");
    CHECK(first.status == 201);
    CHECK(answer_int(&first, "/version") == 1);
    CHECK(strcmp(answer_header(&first, "Location"), VERSIONS "/1") == 0);
    CHECK(strlen(answer_text(&first, "/hash")) == 64);
    answer_release(&first);
    struct answer again = story_post(&story, VERSIONS, story.publisher, NULL, "");
    CHECK(again.status == 200);
    CHECK(answer_int(&again, "/version") == 1);
    answer_release(&again);
    put = put_draft(&story, "If-Match: *\r\n", "edition 2026 form contact \"Two\" { name: text }");
    CHECK(put.status == 200);
    answer_release(&put);
    struct answer stale = story_post(
        &story, VERSIONS, story.publisher,
        "If-Match: \"sha256-0000000000000000000000000000000000000000000000000000000000000000\"\r\n",
        "");
    CHECK(stale.status == 412);
    answer_release(&stale);
    struct answer second = story_post(&story, VERSIONS "?allow_breaking=true", story.publisher,
                                      "Audit-Reason: a test\r\n", "");
    CHECK(second.status == 201);
    CHECK(answer_int(&second, "/version") == 2);
    answer_release(&second);

    struct answer list = story_get(&story, VERSIONS "?limit=1", story.reader, NULL);
    CHECK(answer_int(&list, "/items/0/version") == 2);
    char path[1200];
    snprintf(path, sizeof path, VERSIONS "?limit=1&cursor=%s", answer_text(&list, "/next_cursor"));
    answer_release(&list);
    list = story_get(&story, path, story.reader, NULL);
    CHECK(answer_int(&list, "/items/0/version") == 1);
    CHECK(strcmp(answer_text(&list, "/next_cursor"), "") == 0);
    answer_release(&list);

    struct answer one = story_get(&story, VERSIONS "/1", story.reader, NULL);
    CHECK(strcmp(answer_text(&one, "/source"), site_contact_form) == 0);
    answer_release(&one);
    struct answer form = story_get(&story, "/v1/tenants/acme/forms/contact", story.reader, NULL);
    CHECK(answer_int(&form, "/version") == 2);
    CHECK(strcmp(answer_text(&form, "/title"), "Two") == 0);
    CHECK(strcmp(answer_text(&form, "/state"), "open") == 0);
    answer_release(&form);
    site_stop(&story.site);
}

/* ---------------------------------------------------------------- fetching */

static void a_schema_is_fetched_and_then_not_changed(void)
{
    static const char path[] = "/v1/p/acme/contact/versions/1/schema.json";
    struct story story;
    char header[200];
    story_begin_published(&story);
    struct answer first = story_get(&story, path, NULL, NULL);
    CHECK(first.status == 200 && strncmp(answer_header(&first, "ETag"), "\"b2-", 4) == 0);
    CHECK(strcmp(answer_header(&first, "Cache-Control"), "public, no-cache") == 0);
    snprintf(header, sizeof header, "If-None-Match: \"x\", %s\r\n", answer_header(&first, "ETag"));
    struct answer same = story_get(&story, path, NULL, header);
    CHECK(same.status == 304 && answer_body(&same).len == 0);
    CHECK(strcmp(answer_header(&same, "ETag"), answer_header(&first, "ETag")) == 0);
    struct answer other = story_get(&story, path, NULL, "If-None-Match: \"b2-1\"\r\n");
    CHECK(other.status == 200 && str_eq(answer_body(&other), answer_body(&first)));
    answer_release(&first);
    answer_release(&same);
    answer_release(&other);
    site_stop(&story.site);
}

static void a_definition_is_fetched_and_then_not_changed(void)
{
    struct story story;
    char header[300], etag[128];
    story_begin_published(&story);
    struct answer first = story_get(&story, "/v1/p/acme/contact", NULL, NULL);
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
    CHECK(strncmp(etag, "\"b2-", 4) == 0);

    struct answer pinned = story_get(&story, "/v1/p/acme/contact/versions/1", NULL, NULL);
    CHECK(pinned.status == 200);
    CHECK(strcmp(answer_header(&pinned, "Cache-Control"), "public, max-age=31536000, immutable") == 0);
    CHECK(strcmp(answer_header(&pinned, "ETag"), etag) == 0);
    CHECK(str_eq(answer_body(&pinned), answer_body(&first)));
    answer_release(&pinned);

    const char *const forms[] = {"If-None-Match: %s\r\n", "If-None-Match: W/%s\r\n",
                                 "If-None-Match: \"x\", %s\r\n"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(header, sizeof header, forms[i], etag);
        struct answer same = story_get(&story, "/v1/p/acme/contact", NULL, header);
        CHECK(same.status == 304);
        CHECK(strcmp(answer_header(&same, "ETag"), etag) == 0);
        CHECK(wire_header_count(&same.reply, "Content-Type") == 0);
        answer_release(&same);
    }
    struct answer other = story_get(&story, "/v1/p/acme/contact", NULL, "If-None-Match: \"b2-1\"\r\n");
    CHECK(other.status == 200);
    answer_release(&other);
    struct answer head = site_ask(&story.site, &(struct ask){"HEAD", "/v1/p/acme/contact"});
    char length[24];
    snprintf(length, sizeof length, "%zu", answer_body(&first).len);
    CHECK(head.status == 200);
    CHECK(strcmp(answer_header(&head, "Content-Length"), length) == 0);
    answer_release(&head);
    answer_release(&first);
    struct answer none = story_get(&story, "/v1/p/acme/contact/versions/2", NULL, NULL);
    CHECK(none.status == 404);
    answer_release(&none);
    site_stop(&story.site);
}

static void a_publication_is_seen_by_the_next_fetch(void)
{
    struct story story;
    char etag[128];
    story_begin_published(&story);
    struct answer before = story_get(&story, "/v1/p/acme/contact", NULL, NULL);
    snprintf(etag, sizeof etag, "%s", answer_header(&before, "ETag"));
    answer_release(&before);
    for (int i = 0; i < 5; i++) {
        char source[128];
        snprintf(source, sizeof source, "edition 2026 form contact \"Version %d\" { name: text }", i);
        site_publish(&story.site, "acme", "contact", story.publisher, source);
        struct answer after = story_get(&story, "/v1/p/acme/contact", NULL, NULL);
        char place[64];
        snprintf(place, sizeof place, "/v1/p/acme/contact/versions/%d", i + 2);
        CHECK(strcmp(answer_header(&after, "Content-Location"), place) == 0);
        CHECK(strcmp(answer_header(&after, "ETag"), etag) != 0);
        answer_release(&after);
    }
    struct answer old = story_get(&story, "/v1/p/acme/contact/versions/1", NULL, NULL);
    CHECK(strcmp(answer_header(&old, "ETag"), etag) == 0);
    answer_release(&old);
    site_stop(&story.site);
}

static void each_coding_has_its_own_tag(void)
{
    struct story story;
    char header[300], etag[128];
    story_begin_published(&story);
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
        struct answer answer = story_get(&story, "/v1/p/acme/contact", NULL, header);
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
    story_begin_published(&story);
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
        story_get(&story, "/v1/tenants", story.site.operator_token, "Origin: https://example.org\r\n");
    CHECK(strcmp(answer_header(&list, "Access-Control-Allow-Origin"), "") == 0);
    answer_release(&list);
    site_stop(&story.site);
}

/* ---------------------------------------------------------------- states */

static void a_closed_form_takes_no_submission_and_can_be_opened_again(void)
{
    struct story story;
    story_begin_published(&story);
    const char *state = "/v1/tenants/acme/forms/contact/state";
    struct answer unexplained =
        story_post(&story, state, story.publisher, NULL, "{\"to\":\"closing\"}");
    CHECK(unexplained.status == 400);
    CHECK(strcmp(answer_code(&unexplained), "audit-reason-missing") == 0);
    answer_release(&unexplained);
    struct answer closing = story_post(&story, state, story.publisher, "Audit-Reason: end of term\r\n",
                                       "{\"to\":\"closing\"}");
    CHECK(closing.status == 200);
    answer_release(&closing);
    struct answer closed =
        story_post(&story, state, story.publisher, "Audit-Reason: over\r\n", "{\"to\":\"closed\"}");
    CHECK(closed.status == 200);
    CHECK(strcmp(answer_text(&closed, "/state"), "closed") == 0);
    answer_release(&closed);
    struct answer refused = story_submit(&story, "0123456789abcdef", STORY_ADA);
    CHECK(refused.status == 409);
    CHECK(strcmp(answer_code(&refused), "form-closed") == 0);
    CHECK(strstr(answer_header(&refused, "Link"), ">; rel=\"latest-version\"") != NULL);
    answer_release(&refused);
    struct answer illegal = story_post(&story, state, story.publisher, NULL, "{\"to\":\"draft\"}");
    CHECK(illegal.status == 409);
    CHECK(strcmp(answer_code(&illegal), "illegal-transition") == 0);
    CHECK(answer_count(&illegal, "/allowed") >= 1);
    answer_release(&illegal);
    struct answer opened = story_post(&story, state, story.publisher, NULL, "{\"to\":\"open\"}");
    CHECK(opened.status == 200);
    answer_release(&opened);
    struct answer stored = story_submit(&story, "0123456789abcdef", STORY_ADA);
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
    story_begin_published(&story);
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
    story_begin_published(&story);
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

/* ---------------------------------------------------------------- the end */

static void everything_is_still_there_after_a_restart(void)
{
    struct story story;
    char etag[128];
    story_begin_published(&story);
    struct answer before = story_get(&story, "/v1/p/acme/contact", NULL, "Accept-Encoding: br\r\n");
    snprintf(etag, sizeof etag, "%s", answer_header(&before, "ETag"));
    struct answer stored = story_submit(&story, "0123456789abcdef", STORY_ADA);
    CHECK(stored.status == 201);
    site_restart(&story.site);
    struct answer after = story_get(&story, "/v1/p/acme/contact", NULL, "Accept-Encoding: br\r\n");
    CHECK(after.status == 200);
    CHECK(strcmp(answer_header(&after, "ETag"), etag) == 0);
    CHECK(str_eq(answer_body(&after), answer_body(&before)));
    answer_release(&after);
    answer_release(&before);
    struct answer again = story_submit(&story, "0123456789abcdef", STORY_ADA);
    CHECK(again.status == 200);
    CHECK(str_eq(answer_body(&again), answer_body(&stored)));
    answer_release(&again);
    answer_release(&stored);
    struct answer list =
        story_get(&story, "/v1/tenants/acme/forms/contact/submissions", story.reader, NULL);
    CHECK(answer_count(&list, "/items") == 1);
    answer_release(&list);
    struct answer draft = story_get(&story, DRAFT, story.publisher, NULL);
    CHECK(str_eq(answer_body(&draft), str_of(site_contact_form)));
    answer_release(&draft);
    site_stop(&story.site);
}

static void health_and_metrics_answer_without_a_token(void)
{
    struct story story;
    story_begin_published(&story);
    CHECK(site_status(&story.site, &(struct ask){"GET", "/livez"}) == 200);
    CHECK(site_status(&story.site, &(struct ask){"GET", "/readyz"}) == 200);
    CHECK(site_status(&story.site, &(struct ask){"GET", "/v1/p/acme/contact"}) == 200);
    nanosleep(&(struct timespec){.tv_nsec = 200000000},
              NULL); /* a request is counted after its answer is out */
    struct answer metrics = story_get(&story, "/metrics", NULL, NULL);
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

static void one_connection_carries_many_requests(void)
{
    struct story story;
    struct wire wire;
    story_begin_published(&story);
    CHECK(wire_open(&wire, story.site.port));
    const struct ask asks[] = {
        {"GET", "/v1/p/acme/contact"},
        {"GET", "/v1/tenants/acme/forms", story.reader},
        {"POST", "/v1/p/acme/contact/submissions", NULL, "Idempotency-Key: 0123456789abcdef\r\n",
         .body = STR(STORY_ADA)},
        {"POST", "/v1/p/acme/contact/submissions", NULL, "Idempotency-Key: 0123456789abcdef\r\n",
         .body = STR(STORY_ADA)},
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
    a_schema_is_fetched_and_then_not_changed();
    a_definition_is_fetched_and_then_not_changed();
    a_publication_is_seen_by_the_next_fetch();
    each_coding_has_its_own_tag();
    a_page_of_another_origin_may_ask_before_it_fetches();
    a_closed_form_takes_no_submission_and_can_be_opened_again();
    a_suspended_tenant_serves_nothing_until_it_is_resumed_and_a_closed_one_never_again();
    an_archived_form_is_not_served();
    everything_is_still_there_after_a_restart();
    health_and_metrics_answer_without_a_token();
    one_connection_carries_many_requests();
    return TEST_RESULT();
}
