/* Unread: a condition that the disk keeps from being looked at is no condition that does not hold. */
#include "tests/http/story.h"
#include "tests/test.h"
#include "tests/unit/faulty_disk.h"

/* Those of the tenant's file that the request leads to; the condition is among them. The first open it. */
enum { FIRST = 7, LAST = 20 };

/* What it is answered when the so-manieth operation on the tenant's file is the one that fails. */
static unsigned move_with_a_fault(struct story *story, int after)
{
    struct ask ask = {"PUT",
                      "/v1/tenants/acme/forms/contact/channels/live",
                      story->publisher,
                      "If-Match: *\r\n",
                      NULL,
                      STR("{\"version\":1}")};
    site_restart(&story->site); /* nothing is known by heart */
    faulty_disk_fail_once("acme/data.db", FAULT_ANY, after, SQLITE_IOERR);
    unsigned status = site_status(&story->site, &ask);
    (void)faulty_disk_heal();
    return status;
}

static void a_channel_that_cannot_be_looked_for_is_not_told_as_another(void)
{
    struct story story;
    int refused = 0;
    story_begin(&story);
    site_publish(&story.site, "acme", "contact", story.publisher, site_contact_form);
    for (int after = FIRST; after <= LAST; after++) {
        unsigned status = move_with_a_fault(&story, after);
        CHECK(status == 503 || status == 200);
        refused += status == 503;
    }
    CHECK(refused > 0);
    site_stop(&story.site);
}

int main(void)
{
    faulty_disk_install();
    a_channel_that_cannot_be_looked_for_is_not_told_as_another();
    return TEST_RESULT();
}
