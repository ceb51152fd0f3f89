/* The disk's faults as a client and an operator see them: full, read-only, not syncing. What was
 * acknowledged is there afterwards, what is refused says why, others' tenants go on, and all goes on by
 * itself when there is room again, or after a check where the disk was not to be trusted.
 *
 * A small file system of its own is mounted for it, which wants to be root; what cannot be mounted is
 * skipped aloud. */
#define _GNU_SOURCE
#include "tests/http/story.h"
#include "tests/test.h"
#include "tests/unit/faulty_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define REASON "Audit-Reason: the disk is well again\r\n"

enum { FILE_SYSTEM_MIB = 24, NOTE_BYTES = 4000, STORED_MAX = 2000 };

/* What was acknowledged: keys by number. */
struct acknowledged {
    bool stored[STORED_MAX];
    int next, count;
};

static const char form[] = "edition 2027 form contact \"Contact\" { name: text \"Name\" required"
                           " note: text \"Note\" length 0..5000 }";

static unsigned ask_status(struct story *story, const struct ask *ask, char ret_code[64])
{
    struct answer answer = site_ask(&story->site, ask);
    snprintf(ret_code, 64, "%s", answer_code(&answer));
    unsigned status = answer.status;
    answer_release(&answer);
    return status;
}

static unsigned submit(struct story *story, const char *tenant, int number, char ret_code[64])
{
    static char body[NOTE_BYTES + 200];
    char path[100], key[80];
    snprintf(path, sizeof path, "/v1/p/%s/contact/submissions", tenant);
    snprintf(key, sizeof key, "Idempotency-Key: space-%010d\r\n", number);
    snprintf(body, sizeof body, "{\"answers\":{\"name\":\"N%d\",\"note\":\"%0*d\"}}", number,
             NOTE_BYTES, number);
    return ask_status(story, &(struct ask){"POST", path, NULL, key, .body = str_of(body)}, ret_code);
}

/* As many as are taken, until one is not; its status. */
static unsigned submit_until_refused(struct story *story, struct acknowledged *known, char ret_code[64])
{
    unsigned status = 0;
    while (known->next < STORED_MAX) {
        int number = known->next++;
        status = submit(story, "acme", number, ret_code);
        if (status != 201) break;
        known->stored[number] = true;
        known->count++;
    }
    return status;
}

/* /readyz says so, for this reason; NULL: it is ready. */
static bool ready_says(struct story *story, const char *reason)
{
    struct answer answer = site_ask(&story->site, &(struct ask){"GET", "/readyz"});
    struct str body = answer_body(&answer);
    bool so = reason
                  ? answer.status == 503 && memmem(body.ptr, body.len, reason, strlen(reason)) != NULL
                  : answer.status == 200;
    if (!so) fprintf(stderr, "/readyz: %u %.*s\n", answer.status, STR_ARG(body));
    answer_release(&answer);
    return so;
}

/* The reaper looks at the disk once a second; a commit that failed is told of for a while. */
static bool soon_ready_says(struct story *story, const char *reason)
{
    for (int i = 0; i < 200; i++) {
        struct answer answer = site_ask(&story->site, &(struct ask){"GET", "/readyz"});
        struct str body = answer_body(&answer);
        bool so =
            reason ? memmem(body.ptr, body.len, reason, strlen(reason)) != NULL : answer.status == 200;
        answer_release(&answer);
        if (so) break;
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    }
    return ready_says(story, reason);
}

static void begin(struct story *story)
{
    story_begin(story);
    site_publish(&story->site, "acme", "contact", story->publisher, form);
    site_tenant(&story->site, "other");
    char publisher[256];
    site_token(&story->site, "other", "publisher", publisher);
    site_publish(&story->site, "other", "contact", publisher, form);
    story->site.options.disk_free_mib = 1;
    site_restart(&story->site);
}

/* Each that was acknowledged is a replay, each that was not is stored now: all are there, once. */
static void check_after(struct story *story, const struct acknowledged *known)
{
    char code[64];
    for (int i = 0; i < known->next; i++) {
        unsigned status = submit(story, "acme", i, code);
        CHECK(known->stored[i] ? status == 200 : status == 201 || status == 200);
    }
    CHECK(story_stored(story) == known->next);
    struct answer whole = site_ask(
        &story->site, &(struct ask){"POST", "/v1/tenants/acme/audit:verify", story->publisher});
    CHECK(answer_kind(&whole, "/whole") == JSON_TRUE);
    answer_release(&whole);
}

/* ---------------------------------------------------------------- full */

/* All but `left` bytes. */
static void fill_disk(const char *name, size_t left)
{
    static char block[65536];
    struct statvfs room;
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    CHECK(fd >= 0 && statvfs(".", &room) == 0);
    size_t spare = (size_t)room.f_bavail * room.f_frsize;
    for (size_t written = 0; spare > left && written < spare - left; written += sizeof block)
        if (write(fd, block, sizeof block) <= 0) break;
    close(fd);
}

static void a_full_disk_refuses_and_loses_nothing(void)
{
    struct story story;
    struct acknowledged known = {.next = 0};
    char code[64];
    begin(&story);
    for (int i = 0; i < 20; i++)
        CHECK(submit(&story, "acme", i, code) == 201 && (known.stored[i] = true));
    known.next = known.count = 20;
    fill_disk("filler", 800 << 10);
    unsigned status = submit_until_refused(&story, &known, code);
    fprintf(stderr, "full after %d: %u %s\n", known.count, status, code);
    CHECK(status == 507 && strcmp(code, "storage-full") == 0);
    for (int i = 0; i < 10; i++) CHECK(submit(&story, "acme", known.next++, code) == 507);
    CHECK(soon_ready_says(&story, "the disk is nearly full"));
    /* What changes nothing goes on. */
    CHECK(site_status(&story.site, &(struct ask){"GET", "/v1/p/acme/contact"}) == 200);
    CHECK(site_status(&story.site, &(struct ask){"POST", "/v1/p/acme/contact/evaluate",
                                                 .body = STR("{\"answers\":{}}")}) == 200);
    CHECK(story_stored(&story) == known.count);
    CHECK(submit(&story, "acme", 0, code) == 200 || strcmp(code, "storage-full") == 0);
    CHECK(unlink("filler") == 0);
    CHECK(soon_ready_says(&story, NULL)); /* by itself */
    CHECK(submit(&story, "acme", known.next, code) == 201);
    known.stored[known.next++] = true;
    check_after(&story, &known);
    site_stop(&story.site);
}

/* The log's index wants some room before anything can be read. */
static void a_server_that_finds_no_room_starts_when_there_is_some(void)
{
    struct story story;
    struct server *server = NULL;
    char code[64];
    begin(&story);
    CHECK(submit(&story, "acme", 0, code) == 201);
    server_stop(story.site.server);
    fill_disk("filler", 0);
    enum status st = server_start(&story.site.options, &server);
    fprintf(stderr, "started on a full disk: %s\n", status_name(st));
    CHECK(st == ST_FULL || st == ST_IO);
    CHECK(unlink("filler") == 0);
    CHECK_STATUS(server_start(&story.site.options, &story.site.server), ST_OK);
    story.site.port = server_port(story.site.server);
    CHECK(submit(&story, "acme", 0, code) == 200 && submit(&story, "acme", 1, code) == 201);
    site_stop(&story.site);
}

/* ---------------------------------------------------------------- not to be trusted */

static unsigned recover(struct story *story, char ret_code[64])
{
    return ask_status(
        story, &(struct ask){"POST", "/v1/tenants/acme/recover", story->site.operator_token, REASON},
        ret_code);
}

/* The tenant takes no changes, and the others do. */
static void check_degraded(struct story *story, struct acknowledged *known, int others)
{
    char code[64];
    CHECK(submit(story, "acme", known->next++, code) == 503);
    CHECK(site_status(&story->site, &(struct ask){"GET", "/v1/p/acme/contact"}) == 200);
    /* What was not acknowledged may be there, whole. */
    int there = story_stored(story);
    CHECK(there >= known->count && there <= known->next);
    CHECK(submit(story, "other", others, code) == 201);
    CHECK(ready_says(story, "a file's storage failed and must be checked"));
}

static const char *last_code(struct story *story, struct acknowledged *known)
{
    static char code[64];
    CHECK(submit(story, "acme", known->next++, code) == 503);
    return code;
}

/* A sync that failed may have thrown away what it was to bring to the disk: nothing is written after it
 * until the file has been read and found whole, however well the disk says it is. */
static void a_failed_sync_degrades_one_tenant_until_it_was_checked(void)
{
    struct story story;
    struct acknowledged known = {.next = 0};
    char code[64];
    begin(&story);
    for (int i = 0; i < 5; i++)
        CHECK(submit(&story, "acme", i, code) == 201 && (known.stored[i] = true));
    known.next = known.count = 5;
    faulty_disk_fail("/acme/data.db-wal", FAULT_SYNC, 0, SQLITE_IOERR_FSYNC);
    unsigned status = submit(&story, "acme", known.next++, code);
    fprintf(stderr, "a failed sync: %u %s\n", status, code);
    CHECK(status == 503 && strcmp(code, "storage-failed") == 0);
    check_degraded(&story, &known, 1);
    CHECK(strcmp(last_code(&story, &known), "tenant-degraded") == 0);
    CHECK(recover(&story, code) == 503); /* the check brings all to the disk again, in vain */
    site_restart(&story.site);
    check_degraded(&story, &known, 2); /* it was checked again when it was opened */
    faulty_disk_heal();
    check_degraded(&story, &known, 3); /* the disk says that it is well */
    CHECK(recover(&story, code) == 200);
    CHECK(ready_says(&story, NULL));
    check_after(&story, &known);
    site_stop(&story.site);
}

/* What a file system does that was remounted read-only because of errors below it: writes fail. */
static void a_write_that_fails_degrades_one_tenant_until_it_was_checked(void)
{
    struct story story;
    struct acknowledged known = {.next = 0};
    char code[64];
    begin(&story);
    CHECK(submit(&story, "acme", 0, code) == 201);
    known.stored[0] = true;
    known.next = known.count = 1;
    faulty_disk_fail("/acme/data.db-wal", FAULT_WRITE, 0, SQLITE_IOERR_WRITE);
    CHECK(submit(&story, "acme", known.next++, code) == 503 && strcmp(code, "storage-failed") == 0);
    check_degraded(&story, &known, 1);
    faulty_disk_heal();
    CHECK(recover(&story, code) == 200);
    check_after(&story, &known);
    site_stop(&story.site);
}

/* ---------------------------------------------------------------- read-only */

/* Over the tenant's folder, so that only what is opened from then on meets it. */
static bool make_read_only(const struct site *site)
{
    char path[200];
    snprintf(path, sizeof path, "%s/tenants/acme", site->directory);
    return mount(path, path, NULL, MS_BIND, NULL) == 0 &&
           mount(path, path, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) == 0;
}

static bool make_writable(const struct site *site)
{
    char path[200];
    snprintf(path, sizeof path, "%s/tenants/acme", site->directory);
    return umount2(path, MNT_DETACH) == 0;
}

static void a_folder_that_is_read_only_is_that_tenants_trouble_alone(void)
{
    struct story story;
    struct acknowledged known = {.next = 0};
    char code[64];
    begin(&story);
    for (int i = 0; i < 5; i++)
        CHECK(submit(&story, "acme", i, code) == 201 && (known.stored[i] = true));
    known.next = known.count = 5;
    site_restart(&story.site); /* its file is not open now */
    CHECK(make_read_only(&story.site));
    unsigned status = submit(&story, "acme", known.next++, code);
    fprintf(stderr, "read-only: %u %s\n", status, code);
    CHECK(status == 503);
    CHECK(submit(&story, "other", 1, code) == 201);
    CHECK(recover(&story, code) == 503);
    CHECK(make_writable(&story.site));
    CHECK(recover(&story, code) == 200);
    CHECK(ready_says(&story, NULL));
    check_after(&story, &known);
    site_stop(&story.site);
}

static void a_server_does_not_start_on_a_read_only_disk_and_says_so(void)
{
    struct story story;
    char code[64];
    struct server *server = NULL;
    begin(&story);
    CHECK(submit(&story, "acme", 0, code) == 201);
    server_stop(story.site.server);
    CHECK(mount(NULL, ".", NULL, MS_REMOUNT | MS_RDONLY, NULL) == 0);
    enum status st = server_start(&story.site.options, &server);
    fprintf(stderr, "started read-only: %s\n", status_name(st));
    CHECK(st == ST_IO);
    CHECK(mount(NULL, ".", NULL, MS_REMOUNT, NULL) == 0);
    CHECK_STATUS(server_start(&story.site.options, &story.site.server), ST_OK);
    story.site.port = server_port(story.site.server);
    CHECK(submit(&story, "acme", 0, code) == 200 && submit(&story, "acme", 1, code) == 201);
    site_stop(&story.site);
}

/* ---------------------------------------------------------------- the file system */

/* Nobody outside of this process sees it, and it goes with the process. */
static bool mount_small(const char *where)
{
    char size[32];
    snprintf(size, sizeof size, "size=%dm", FILE_SYSTEM_MIB);
    return mkdir(where, 0700) == 0 && unshare(CLONE_NEWNS) == 0 &&
           mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("none", where, "tmpfs", 0, size) == 0 && chdir(where) == 0;
}

int main(void)
{
    char where[] = "space-XXXXXX", small[64];
    CHECK(mkdtemp(where));
    snprintf(small, sizeof small, "%s/small", where);
    bool mounted = mount_small(small);
    if (!mounted)
        printf("SKIPPED: no small file system can be mounted here (%s): nobody has seen a FULL or a "
               "READ-ONLY disk\n",
               strerror(errno));
    faulty_disk_install();
    a_failed_sync_degrades_one_tenant_until_it_was_checked();
    a_write_that_fails_degrades_one_tenant_until_it_was_checked();
    if (mounted) {
        a_full_disk_refuses_and_loses_nothing();
        a_server_that_finds_no_room_starts_when_there_is_some();
        a_folder_that_is_read_only_is_that_tenants_trouble_alone();
        a_server_does_not_start_on_a_read_only_disk_and_says_so();
        CHECK(chdir("../..") == 0 && umount2(small, MNT_DETACH) == 0);
    }
    (void)rmdir(small);
    (void)rmdir(where);
    return TEST_RESULT();
}
