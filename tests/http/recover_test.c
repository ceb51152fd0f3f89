/* A tenant whose file cannot be trusted is brought back by its operator, over HTTP and without a
 * restart. */
#define _GNU_SOURCE
#include "tests/http/site.h"
#include "tests/test.h"

#include <stdio.h>

static const char reason[] = "Audit-Reason: the disk is back\r\n";

static unsigned submit(struct site *site, const char *key, char ret_code[64])
{
    char headers[100];
    snprintf(headers, sizeof headers, "Idempotency-Key: %s\r\n", key);
    struct answer answer =
        site_ask(site, &(struct ask){"POST", "/v1/p/acme/contact/submissions", NULL, headers,
                                     .body = STR("{\"answers\":{\"name\":\"Ada\",\"age\":36}}")});
    snprintf(ret_code, 64, "%s", answer_code(&answer));
    unsigned status = answer.status;
    answer_release(&answer);
    return status;
}

static unsigned recover(struct site *site, const char *headers)
{
    return site_status(
        site, &(struct ask){"POST", "/v1/tenants/acme/recover", site->operator_token, headers});
}

static void move_file(const struct site *site, bool away)
{
    char here[200], there[200];
    snprintf(here, sizeof here, "%s/tenants/acme/data.db", site->directory);
    snprintf(there, sizeof there, "%s/away.db", site->directory);
    CHECK(rename(away ? here : there, away ? there : here) == 0);
}

static void a_degraded_tenant_comes_back_without_a_restart(void)
{
    struct site site;
    char token[256], code[64];
    site_start(&site, NULL);
    site_tenant(&site, "acme");
    site_token(&site, "acme", "publisher", token);
    site_publish(&site, "acme", "contact", token, site_contact_form);
    CHECK(submit(&site, "before-0123456789", code) == 201);
    site_restart(&site); /* no tenant's file is open now */
    move_file(&site, true);
    struct ask state = {"POST", "/v1/tenants/acme/forms/contact/state", token, reason,
                        .body = STR("{\"to\":\"closing\"}")};
    CHECK(site_status(&site, &state) == 503);
    CHECK(recover(&site, reason) == 503);
    move_file(&site, false);
    CHECK(site_status(&site, &state) == 503); /* nobody trusts it before it was checked */
    CHECK(recover(&site, NULL) == 400);
    CHECK(recover(&site, reason) == 200);
    CHECK(submit(&site, "before-0123456789", code) == 200);
    CHECK(submit(&site, "after--0123456789", code) == 201);
    struct answer log =
        site_ask(&site, &(struct ask){"GET", "/v1/tenants/acme/audit?action=file.recover", token});
    CHECK(answer_count(&log, "/items") == 1);
    CHECK(strcmp(answer_text(&log, "/items/0/detail"), "was degraded") == 0);
    CHECK(strcmp(answer_text(&log, "/items/0/why"), "the disk is back") == 0);
    CHECK(strstr(site.operator_token, answer_text(&log, "/items/0/who")) != NULL);
    answer_release(&log);
    struct answer whole =
        site_ask(&site, &(struct ask){"POST", "/v1/tenants/acme/audit:verify", token});
    CHECK(answer_kind(&whole, "/whole") == JSON_TRUE);
    answer_release(&whole);
    site_stop(&site);
}

int main(void)
{
    a_degraded_tenant_comes_back_without_a_restart();
    return TEST_RESULT();
}
