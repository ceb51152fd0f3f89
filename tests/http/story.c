#include "tests/http/story.h"

#include "tests/test.h"

#include <stdio.h>

void story_begin(struct story *story)
{
    site_start(&story->site, NULL);
    site_tenant(&story->site, "acme");
    site_token(&story->site, "acme", "publisher", story->publisher);
    site_token(&story->site, "acme", "reader", story->reader);
}

void story_begin_published(struct story *story)
{
    story_begin(story);
    site_publish(&story->site, "acme", "contact", story->publisher, site_contact_form);
}

struct answer story_get(struct story *story, const char *path, const char *token, const char *headers)
{
    return site_ask(&story->site, &(struct ask){"GET", path, token, headers});
}

struct answer story_post(struct story *story, const char *path, const char *token, const char *headers,
                         const char *body)
{
    return site_ask(&story->site, &(struct ask){"POST", path, token, headers, .body = str_of(body)});
}

struct answer story_submit(struct story *story, const char *key, const char *body)
{
    char header[200];
    snprintf(header, sizeof header, "Idempotency-Key: %s\r\n", key);
    return story_post(story, "/v1/p/acme/contact/submissions", NULL, header, body);
}

int story_stored(struct story *story)
{
    struct answer all =
        story_get(story, "/v1/tenants/acme/forms/contact/submissions:export", story->reader, NULL);
    int lines = 0;
    struct str body = answer_body(&all);
    CHECK(all.status == 200);
    for (size_t i = 0; i < body.len; i++) lines += body.ptr[i] == '\n';
    answer_release(&all);
    return lines;
}
