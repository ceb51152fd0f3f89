/* The page on which somebody begins, over real sockets: small where nothing of anybody is in it, as it
 * is where there is. */
#define _GNU_SOURCE
#include "base/digest.h"
#include "base/limits.h"
#include "tests/http/story.h"
#include "tests/test.h"

#include <stdio.h>
#include <zlib.h>

#define TRIP "/f/acme/trip"
#define PACKED "Accept-Encoding: gzip, deflate, br\r\n"
#define KEY_MARK "name=\"_saved\" value=\""
#define GZIP "Accept-Encoding: gzip\r\n"

static const char trip[] = "edition 2027\nform trip \"Trip\" {\n  page one \"One\" { name: text "
                           "\"Name\"  source: text \"Source\" "
                           "hidden }\n  page two \"Two\" { age: integer \"Age\" }\n}\n";

static void begin(struct story *story)
{
    story_begin_published(story);
    site_publish(&story->site, "acme", "trip", story->publisher, trip);
}

/* What gzip has packed, NUL-terminated. */
static const char *unpacked(const struct answer *answer, char *ret_text, size_t room)
{
    struct str body = answer_body(answer);
    z_stream zip = {.next_in = (z_const Bytef *)(const void *)body.ptr,
                    .avail_in = (uInt)body.len,
                    .next_out = (Bytef *)ret_text,
                    .avail_out = (uInt)room - 1};
    CHECK(inflateInit2(&zip, 15 + 16) == Z_OK);
    CHECK(inflate(&zip, Z_FINISH) == Z_STREAM_END);
    ret_text[zip.total_out] = '\0';
    inflateEnd(&zip);
    return ret_text;
}

/* "'sha256-…'" as a policy has it, of the n-th <style>; "": there is none. */
static const char *source_of(const char *page, int n, char ret_source[80])
{
    const char *at = page;
    ret_source[0] = '\0';
    for (int i = 0; at && i <= n; i++) {
        at = strstr(at, "<style>");
        if (at) at += strlen("<style>");
    }
    const char *end = at ? strstr(at, "</style>") : NULL;
    if (!end) return ret_source;
    struct digest digest = digest_of((struct str){at, (size_t)(end - at)});
    struct buf text;
    buf_init(&text, mem_heap(), 80);
    digest_put_base64url(&text, (struct str){(const char *)digest.bytes, sizeof digest.bytes});
    for (size_t i = 0; i < text.len; i++)
        text.ptr[i] = (char)(text.ptr[i] == '-' ? '+' : text.ptr[i] == '_' ? '/' : text.ptr[i]);
    snprintf(ret_source, 80, "'sha256-%.*s='", (int)text.len, text.ptr);
    buf_release(&text);
    return ret_source;
}

static void who_begins_gets_a_small_page_with_its_look_inside(void)
{
    struct story story;
    static char text[1 << 16];
    char source[80];
    begin(&story);
    struct answer answer = story_get(&story, TRIP, NULL, GZIP);
    CHECK(answer.status == 200 && strcmp(answer_header(&answer, "Content-Encoding"), "gzip") == 0);
    CHECK(strcmp(answer_header(&answer, "Cache-Control"), "private, no-cache") == 0);
    const char *page = unpacked(&answer, text, sizeof text);
    CHECK(strstr(page, "<h1") && strstr(page, "name=\"_saved\"") && strstr(page, ".fw-question {"));
    CHECK(answer_body(&answer).len < strlen(page) / 2);
    const char *policy = answer_header(&answer, "Content-Security-Policy");
    CHECK(strstr(policy, source_of(page, 0, source)) && source[0]);
    CHECK(strstr(policy, "style-src 'self' 'sha256-") && !strstr(policy, "unsafe"));
    CHECK(!source_of(page, 1, source)[0]);
    CHECK(!strstr(page, "rel=\"stylesheet\"") &&
          strstr(page, "rel=\"prefetch\" href=\"/assets/formwright-"));
    answer_release(&answer);
    answer = story_get(&story, TRIP, NULL, PACKED);
    CHECK(strcmp(answer_header(&answer, "Content-Encoding"), "br") == 0);
    answer_release(&answer);
    site_stop(&story.site);
}

static void the_theme_is_inside_as_well_and_named_by_the_policy(void)
{
    struct story story;
    static char text[1 << 16];
    char source[80];
    begin(&story);
    CHECK(site_status(&story.site, &(struct ask){"PUT", "/v1/tenants/acme/theme", story.publisher,
                                                 .body = STR("{\"radius\":\"0.25rem\"}")}) == 200);
    struct answer answer = story_get(&story, TRIP, NULL, GZIP);
    const char *page = unpacked(&answer, text, sizeof text);
    CHECK(strstr(page, "--fw-radius: 0.25rem;"));
    CHECK(strstr(answer_header(&answer, "Content-Security-Policy"), source_of(page, 1, source)) &&
          source[0]);
    CHECK(strstr(page, "rel=\"prefetch\" href=\"/assets/acme/theme-"));
    answer_release(&answer);
    site_stop(&story.site);
}

/* False: it is packed. */
static bool is_plain(struct story *story, const char *path, const char *headers)
{
    struct answer answer = story_get(story, path, NULL, headers);
    bool plain = !answer_header(&answer, "Content-Encoding")[0],
         html = plain && answer_body(&answer).len;
    if (html) CHECK(memmem(answer_body(&answer).ptr, answer_body(&answer).len, "<main", 5) != NULL);
    if (html) CHECK(!memmem(answer_body(&answer).ptr, answer_body(&answer).len, "<style", 6));
    CHECK(!plain || !strstr(answer_header(&answer, "Content-Security-Policy"), "sha256-"));
    answer_release(&answer);
    return plain;
}

static void what_is_somebodys_is_sent_as_it_is(void)
{
    struct story story;
    char saved[600];
    begin(&story);
    CHECK(!is_plain(&story, TRIP, PACKED) && !is_plain(&story, TRIP "/two", PACKED));
    CHECK(is_plain(&story, TRIP "?source=spring", PACKED)); /* what a link brought */
    CHECK(!is_plain(&story, TRIP "?other=spring", PACKED)); /* it is not in the page */
    CHECK(is_plain(&story, TRIP, NULL) && is_plain(&story, TRIP, "Accept-Encoding: br;q=0\r\n"));
    CHECK(is_plain(&story, "/f/acme/nothing", PACKED) && is_plain(&story, TRIP "?b=x", PACKED));
    struct answer first = story_get(&story, TRIP, NULL, NULL);
    char body[200];
    const char *key =
        memmem(answer_body(&first).ptr, answer_body(&first).len, KEY_MARK, strlen(KEY_MARK));
    snprintf(body, sizeof body, "_saved=%.52s&_version=1&_do=next&name=Ada",
             key ? key + strlen(KEY_MARK) : "");
    answer_release(&first);
    struct answer kept = site_ask(
        &story.site, &(struct ask){"POST", TRIP "/one", .type = "application/x-www-form-urlencoded",
                                   .body = str_of(body)});
    CHECK(kept.status == 303);
    snprintf(saved, sizeof saved, "%s", answer_header(&kept, "Location"));
    answer_release(&kept);
    CHECK(strstr(saved, "?s=") && is_plain(&story, saved, PACKED));
    site_stop(&story.site);
}

static void a_page_with_an_invitation_is_sent_as_it_is(void)
{
    struct story story;
    char path[300];
    story_begin_published(&story);
    site_publish(&story.site, "acme", "party", story.publisher,
                 "edition 2027 form party \"Party\" { unique per invitation a: text \"A\" }");
    struct answer made = story_post(&story, "/v1/tenants/acme/forms/party/invitations", story.publisher,
                                    "Idempotency-Key: issue-0123456789abcdef\r\n", "{}");
    snprintf(path, sizeof path, "/f/acme/party?invitation=%s", answer_text(&made, "/items/0/code"));
    CHECK(made.status == 201);
    answer_release(&made);
    CHECK(is_plain(&story, path, PACKED));
    site_stop(&story.site);
}

/* So nobody learns it by asking for the page again and again. */
static void the_key_is_another_one_each_time(void)
{
    struct story story;
    static char text[2][1 << 16];
    char keys[2][60];
    begin(&story);
    for (int i = 0; i < 2; i++) {
        struct answer answer = story_get(&story, TRIP, NULL, GZIP);
        const char *at = strstr(unpacked(&answer, text[i], sizeof text[i]), KEY_MARK);
        snprintf(keys[i], sizeof keys[i], "%.*s", 52, at ? at + strlen(KEY_MARK) : "");
        CHECK(strlen(keys[i]) >= (size_t)limit(SAVED_KEY_BYTES_MIN));
        answer_release(&answer);
    }
    CHECK(strcmp(keys[0] + 12, keys[1] + 12) != 0);
    site_stop(&story.site);
}

int main(void)
{
    who_begins_gets_a_small_page_with_its_look_inside();
    the_theme_is_inside_as_well_and_named_by_the_policy();
    what_is_somebodys_is_sent_as_it_is();
    a_page_with_an_invitation_is_sent_as_it_is();
    the_key_is_another_one_each_time();
    return TEST_RESULT();
}
