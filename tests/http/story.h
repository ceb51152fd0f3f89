/* Story: a site with the tenant "acme", its tokens, and the form "contact".
 *
 *     struct story story;
 *     story_begin_published(&story);
 *     struct answer stored = story_submit(&story, "0123456789abcdef", STORY_ADA);
 *     CHECK(stored.status == 201);
 *     answer_release(&stored);
 *     site_stop(&story.site); */
#ifndef TESTS_HTTP_STORY_H
#define TESTS_HTTP_STORY_H

#include "tests/http/site.h"

struct story {
    struct site site;
    char publisher[256], reader[256];
};

void story_begin(struct story *story);
/* With site_contact_form as version 1. */
void story_begin_published(struct story *story);

struct answer story_get(struct story *story, const char *path, const char *token, const char *headers);
struct answer story_post(struct story *story, const char *path, const char *token, const char *headers,
                         const char *body);
/* To the form, without a token. */
struct answer story_submit(struct story *story, const char *key, const char *body);

/* How many submissions the form's export tells. */
int story_stored(struct story *story);

/* A body that is stored. */
#define STORY_ADA "{\"answers\":{\"name\":\"Ada\",\"age\":36},\"meta\":{\"locale\":\"en\"}}"

#endif
