/* Unread: a condition that the disk keeps from being looked at is no condition that does not hold. */
#include "tests/http/story.h"
#include "tests/test.h"
#include "tests/unit/faulty_disk.h"

#define CHANNEL "/v1/tenants/acme/forms/contact/channels/live"
#define WHEN_THERE "If-Match: *\r\n"

static void check_moved(struct story *story, unsigned status, const char *problem)
{
    struct ask ask = {"PUT", CHANNEL, story->publisher, WHEN_THERE, NULL, STR("{\"version\":1}")};
    struct answer answer = site_ask(&story->site, &ask);
    CHECK(answer.status == status);
    CHECK(strcmp(answer_code(&answer), problem) == 0);
    if (answer.status != status || strcmp(answer_code(&answer), problem) != 0)
        fprintf(stderr, "%u %s, and not %u %s\n", answer.status, answer_code(&answer), status, problem);
    answer_release(&answer);
}

/* The token is read of the system's file; of the tenant's nothing was read since the start. */
static void a_channel_that_cannot_be_looked_for_is_not_told_as_another(void)
{
    struct story story;
    story_begin(&story);
    site_publish(&story.site, "acme", "contact", story.publisher, site_contact_form);
    check_moved(&story, 200, "");
    site_restart(&story.site);
    faulty_disk_fail("acme/data.db", FAULT_ANY, 0, SQLITE_IOERR);
    check_moved(&story, 503, "storage-failed");
    CHECK(faulty_disk_heal() > 0);
    check_moved(&story, 200, "");
    site_stop(&story.site);
}

int main(void)
{
    faulty_disk_install();
    a_channel_that_cannot_be_looked_for_is_not_told_as_another();
    return TEST_RESULT();
}
