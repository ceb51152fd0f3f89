/* A form's logic and words as browsers load them. */
#define _GNU_SOURCE
#include "base/digest.h"
#include "tests/http/story.h"
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#define VERSION "/v1/p/acme/contact/versions/1"
#define SETTINGS "/v1/tenants/acme/forms/contact/settings"

static bool begins(const struct answer *answer, const char *with)
{
    return str_starts(answer_body(answer), str_of(with));
}

/* NULL: it is not there. */
static const char *find(struct str text, const char *part)
{
    return memmem(text.ptr, text.len, part, strlen(part));
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

static void words_come_in_the_nearest_language(void)
{
    struct story story;
    story_begin_published(&story);
    struct answer words = story_get(&story, VERSION "/texts/en.json", NULL, NULL);
    CHECK(words.status == 200 &&
          strcmp(answer_header(&words, "Content-Type"), "application/json") == 0);
    CHECK(strcmp(answer_text(&words, "/language"), "en") == 0);
    CHECK(strcmp(answer_text(&words, "/sentences/REQUIRED"), "Enter {label}") == 0);
    answer_release(&words);
    struct answer nearest = story_get(&story, VERSION "/texts/fr-CH.json", NULL, NULL);
    CHECK(nearest.status == 200 && strcmp(answer_text(&nearest, "/language"), "en") == 0);
    answer_release(&nearest);
    static const char *const absent[] = {VERSION "/texts/en", VERSION "/texts/.json",
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

/* Of a form that is half translated. */
static const char halves[] =
    "edition 2027\nform halves \"Halves\" {\n  languages pt_BR, ar\n  choices meals { meat \"M\" fish "
    "\"F\" }\n  name: text \"Name\" hint \"Hint\"\n  meal: choice(meals) \"Meal\"\n  translate ar {\n  "
    "  "
    "name \"N\"\n    meals.fish \"S\"\n  }\n}\n";

static void words_name_what_is_in_another_language(void)
{
    struct story story;
    story_begin(&story);
    site_publish(&story.site, "acme", "halves", story.publisher, halves);
    struct answer other = story_get(&story, "/v1/p/acme/halves/versions/1/texts/ar.json", NULL, NULL),
                  own = story_get(&story, "/v1/p/acme/halves/versions/1/texts/pt-BR.json", NULL, NULL);
    CHECK(other.status == 200 && own.status == 200);
    CHECK(find(answer_body(&other), "\"foreign\":[[\"pt-BR\",\"ltr\",\"0/label\",\"1/hint\",\"2/"
                                    "label\",\"0:meat\"]],"));
    CHECK(!find(answer_body(&own), "\"foreign\""));
    answer_release(&other);
    answer_release(&own);
    site_stop(&story.site);
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

/* ---- claims */

#define EVALUATE "/v1/p/acme/contact/evaluate"
#define NONE_SUCH "0000000000000000000000000000000000000000000000000000000000000000"

static struct answer evaluate(struct story *story, const char *body)
{
    return site_ask(&story->site, &(struct ask){"POST", EVALUATE, .body = str_of(body)});
}

/* Of good answers the accord is the verdict up to the version. */
static void what_is_claimed_rightly_is_not_mentioned(void)
{
    struct story story;
    char body[4096], hex[DIGEST_HEX_BYTES];
    story_begin_published(&story);
    struct answer first = evaluate(&story, "{\"answers\":{\"name\":\"Ada\",\"age\":40}}");
    CHECK(first.status == 200);
    const char *start = find(answer_body(&first), "{\"valid\":true"),
               *end = find((struct str){start, answer_body(&first).len -
                                                   (size_t)(start - answer_body(&first).ptr)},
                           ",\"version\":");
    CHECK(start && end);
    int len = snprintf(body, sizeof body, "%.*s}}", (int)(end - start), start);
    struct digest digest = digest_of((struct str){body, (size_t)len});
    digest_hex(&digest, hex);
    snprintf(body, sizeof body,
             "{\"answers\":{\"name\":\"Ada\",\"age\":40},\"claim\":{\"hash\":\"%s\"}}", hex);
    struct answer same = evaluate(&story, body);
    CHECK(same.status == 200 && !find(answer_body(&same), "disagreement"));
    answer_release(&first);
    answer_release(&same);
    site_stop(&story.site);
}

static void a_wrong_claim_is_told_difference_by_difference(void)
{
    struct story story;
    story_begin_published(&story);
    struct answer told =
        evaluate(&story, "{\"answers\":{\"name\":\"Ada\",\"age\":12},\"claim\":{\"hash\":\"" NONE_SUCH
                         "\",\"verdict\":{\"answers\":{\"name\":\"Eve\",\"age\":12},\"errors\":[],"
                         "\"hidden\":[\"/x\"]}}}");
    CHECK(told.status == 200);
    CHECK(find(answer_body(&told),
               "\"disagreement\":[{\"pointer\":\"/"
               "name\",\"claimed\":\"Eve\",\"actual\":\"Ada\",\"rule\":\"value\"}"));
    CHECK(find(answer_body(&told), "{\"pointer\":\"/x\",\"claimed\":\"hidden\",\"rule\":\"when\"}"));
    answer_release(&told);
    static const char *const misfits[] = {
        "{\"answers\":{},\"claim\":{\"hash\":\"12\"}}", "{\"answers\":{},\"claim\":{}}",
        "{\"answers\":{},\"claim\":{\"hash\":\"" NONE_SUCH "\",\"more\":1}}",
        "{\"answers\":{},\"claim\":1}",
        "{\"answers\":{},\"claim\":{\"hash\":\"" NONE_SUCH "\",\"found\":[]}}"};
    for (size_t i = 0; i < sizeof misfits / sizeof *misfits; i++) {
        struct answer misfit = evaluate(&story, misfits[i]);
        CHECK(misfit.status == 400);
        answer_release(&misfit);
    }
    site_stop(&story.site);
}

/* "rest" is what stands for `b` of a form that works out c, hides d, and drops blanks. */
static const char sums[] =
    "edition 2027\nform sums \"Sums\" {\n  a: decimal(2)  b: text length 0..3\n  c: decimal(2) = a + "
    "1\n"
    "  d: text when a > 5\n  repeat r 0..3 { e: integer  f: integer = e * 2 }\n}\n";

static void says(struct story *story, const char *answers, const char *claim, const char *wanted)
{
    char body[1000];
    snprintf(body, sizeof body, "{\"answers\":%s,\"claim\":{\"hash\":\"" NONE_SUCH "\"%s}}", answers,
             claim);
    struct answer told =
        site_ask(&story->site, &(struct ask){"POST", "/v1/p/acme/sums/evaluate", .body = str_of(body)});
    const char *at = find(answer_body(&told), ",\"disagreement\":[");
    size_t len = at ? (size_t)(answer_body(&told).ptr + answer_body(&told).len - at) : 0;
    bool good = len > 17 && str_eq((struct str){at + 16, len - 17}, str_of(wanted));
    if (!good) fprintf(stderr, "%s\n%.*s\n", body, STR_ARG(answer_body(&told)));
    CHECK(told.status == 200 && good);
    answer_release(&told);
}

#define ROWS "{\"a\":1.5,\"b\":\"x\",\"r\":[{\"e\":4}]}"

static void what_was_found_is_compared_with_what_was_sent_and_claimed(void)
{
    struct story story;
    story_begin(&story);
    site_publish(&story.site, "acme", "sums", story.publisher, sums);
    says(&story, ROWS,
         ",\"found\":{\"values\":{\"/a\":\"1.50\",\"/c\":\"2.50\",\"/r/0/"
         "f\":8},\"errors\":[],\"hidden\":[\"/d\"]}",
         "[]");
    says(&story, ROWS,
         ",\"found\":{\"values\":{\"/a\":\"1.50\",\"/c\":\"2.40\",\"/r/0/f\":8},\"hidden\":[\"/d\"]}",
         "[{\"pointer\":\"/c\",\"claimed\":\"2.40\",\"actual\":\"2.50\",\"rule\":\"value\"}]");
    says(&story, ROWS,
         ",\"found\":{\"values\":{\"/a\":\"1.50\",\"/c\":\"2.50\",\"/b\":null},\"hidden\":[\"/b\"]}",
         "[{\"pointer\":\"/b\",\"actual\":\"x\",\"rule\":\"value\"},{\"pointer\":\"/r/0/"
         "f\",\"actual\":8,\"rule\":"
         "\"value\"},{\"pointer\":\"/b\",\"claimed\":\"hidden\",\"rule\":\"when\"},{\"pointer\":\"/"
         "d\",\"actual\":"
         "\"hidden\",\"rule\":\"when\"}]");
    says(
        &story, "{\"a\":1}",
        ",\"found\":{\"values\":{\"/a\":\"1.00\",\"/c\":\"2.00\",\"/g\":1},\"errors\":[{\"pointer\":\"/"
        "a\",\"code\":\"min\"}],\"hidden\":[\"/d\"]}",
        "[{\"pointer\":\"/g\",\"claimed\":1,\"rule\":\"value\"},{\"pointer\":\"/"
        "a\",\"claimed\":\"min\",\"rule\":\"error\"}]");
    site_stop(&story.site);
}

static void a_hash_alone_is_told_all_that_the_answers_do_not_say(void)
{
    struct story story;
    story_begin(&story);
    site_publish(&story.site, "acme", "sums", story.publisher, sums);
    says(&story, "{\"a\":1.5,\"b\":\"long\",\"d\":\"gone\"}", "",
         "[{\"pointer\":\"/c\",\"actual\":\"2.50\",\"rule\":\"value\"},{\"pointer\":\"/"
         "b\",\"actual\":\"too_long\",\"rule\":"
         "\"error\"},{\"pointer\":\"/d\",\"actual\":\"hidden\",\"rule\":\"when\"}]");
    says(&story, "{\"a\":6}", "", "[{\"pointer\":\"/c\",\"actual\":\"7.00\",\"rule\":\"value\"}]");
    struct answer metrics = site_ask(&story.site, &(struct ask){"GET", "/metrics"});
    CHECK(find(answer_body(&metrics), "formwright_disagreements_total 2\n"));
    answer_release(&metrics);
    site_stop(&story.site);
}

static void a_submission_is_stored_whatever_it_claims(void)
{
    struct story story;
    story_begin_published(&story);
    struct answer stored = site_ask(
        &story.site,
        &(struct ask){
            "POST", "/v1/p/acme/contact/submissions", NULL, "Idempotency-Key: 0123456789abcdef\r\n",
            .body = STR("{\"answers\":{\"name\":\"Ada\",\"age\":40},\"claim\":{\"hash\":\"" NONE_SUCH
                        "\"}}")});
    CHECK(stored.status == 201 && find(answer_body(&stored), ",\"disagreement\":[{\"pointer\":"));
    answer_release(&stored);
    struct answer invalid = site_ask(
        &story.site,
        &(struct ask){
            "POST", "/v1/p/acme/contact/submissions", NULL, "Idempotency-Key: 0123456789abcdeg\r\n",
            .body = STR("{\"answers\":{},\"claim\":{\"hash\":\"" NONE_SUCH "\",\"verdict\":{}}}")});
    CHECK(invalid.status == 422 && find(answer_body(&invalid), "\"disagreement\":[{\"pointer\":"));
    answer_release(&invalid);
    site_stop(&story.site);
}

int main(void)
{
    logic_is_a_script_for_everyone_and_for_ever();
    words_come_in_the_nearest_language();
    words_name_what_is_in_another_language();
    a_form_may_keep_its_logic_to_itself();
    what_is_claimed_rightly_is_not_mentioned();
    a_wrong_claim_is_told_difference_by_difference();
    what_was_found_is_compared_with_what_was_sent_and_claimed();
    a_hash_alone_is_told_all_that_the_answers_do_not_say();
    a_submission_is_stored_whatever_it_claims();
    return TEST_RESULT();
}
