/* A form's logic and words as browsers load them. */
#include "tests/http/story.h"
#include "tests/test.h"

#include <stdio.h>

#define VERSION "/v1/p/acme/contact/versions/1"
#define SETTINGS "/v1/tenants/acme/forms/contact/settings"

static bool begins(const struct answer *answer, const char *with)
{
    return str_starts(answer_body(answer), str_of(with));
}

static void logic_is_a_script_for_everyone_and_for_ever(void)
{
    struct story story;
    char header[200];
    story_begin_published(&story);
    struct answer first = story_get(&story, VERSION "/module.js", NULL, NULL);
    CHECK(first.status == 200 && begins(&first, "export default {format:1,form:\"contact\","));
    CHECK(strcmp(answer_header(&first, "Content-Type"), "text/javascript; charset=utf-8") == 0);
    CHECK(strcmp(answer_header(&first, "Cache-Control"), "public, max-age=31536000, immutable") == 0);
    CHECK(strcmp(answer_header(&first, "Access-Control-Allow-Origin"), "*") == 0);
    snprintf(header, sizeof header, "If-None-Match: %s\r\n", answer_header(&first, "ETag"));
    struct answer same = story_get(&story, VERSION "/module.js", NULL, header);
    CHECK(same.status == 304 && answer_body(&same).len == 0);
    struct answer packed = story_get(&story, VERSION "/module.js", NULL, "Accept-Encoding: br\r\n");
    CHECK(packed.status == 200 && strcmp(answer_header(&packed, "Content-Encoding"), "br") == 0);
    CHECK(answer_body(&packed).len < answer_body(&first).len);
    answer_release(&first);
    answer_release(&same);
    answer_release(&packed);
    site_stop(&story.site);
}

static void words_come_by_language(void)
{
    struct story story;
    story_begin_published(&story);
    struct answer words = story_get(&story, VERSION "/texts/en.json", NULL, NULL);
    CHECK(words.status == 200 &&
          strcmp(answer_header(&words, "Content-Type"), "application/json") == 0);
    CHECK(strcmp(answer_text(&words, "/language"), "en") == 0);
    CHECK(strcmp(answer_text(&words, "/sentences/REQUIRED"), "Enter {label}") == 0);
    answer_release(&words);
    static const char *const absent[] = {VERSION "/texts/fr.json", VERSION "/texts/en",
                                         VERSION "/texts/.json",
                                         "/v1/p/acme/contact/versions/9/module.js"};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        CHECK(site_status(&story.site, &(struct ask){"GET", absent[i]}) == 404);
    site_stop(&story.site);
}

static unsigned set(struct story *story, const char *body)
{
    return site_status(&story->site,
                       &(struct ask){"PUT", SETTINGS, story->publisher, .body = str_of(body)});
}

static void a_form_may_keep_its_logic_to_itself(void)
{
    struct story story;
    const struct ask ask = {"GET", VERSION "/module.js"};
    story_begin_published(&story);
    CHECK(site_status(&story.site, &ask) == 200);
    CHECK(set(&story, "{\"client_logic\":2}") == 400);
    CHECK(set(&story, "{\"client_logic\":0}") == 200);
    CHECK(site_status(&story.site, &ask) == 404);
    CHECK(site_status(&story.site, &(struct ask){"GET", VERSION "/texts/en.json"}) == 200);
    CHECK(set(&story, "{\"client_logic\":null}") == 200);
    CHECK(site_status(&story.site, &ask) == 200);
    site_stop(&story.site);
}

int main(void)
{
    logic_is_a_script_for_everyone_and_for_ever();
    words_come_by_language();
    a_form_may_keep_its_logic_to_itself();
    return TEST_RESULT();
}
