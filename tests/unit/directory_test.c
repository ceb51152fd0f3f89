/* Directory: names of every length up to the longest, and what is no directory. A name with many
 * slashes in it is as long as one likes and the same place all the time. */
#include "store_fixture.h"

#include "faulty_disk.h"

#include "tenants/directory.h"

#include <sys/stat.h>

enum { LONGEST = DIRECTORY_PATH_BYTES - 1, ROOM = 2 * DIRECTORY_PATH_BYTES };

/* `name` in the fixture's directory, `len` characters long. */
static const char *long_path(const struct fixture *fix, const char *name, size_t len)
{
    static char paths[4][ROOM];
    static unsigned turn;
    char *path = paths[turn++ % 4], here[ROOM];
    CHECK(getcwd(here, sizeof here) != NULL);
    int used = snprintf(path, ROOM, "%s/%s", here, fix->directory);
    size_t at = (size_t)used, end = len - strlen(name) - 1;
    CHECK(used > 0 && at <= end && len < ROOM);
    while (at < end) path[at++] = '/';
    (void)snprintf(path + at, ROOM - at, "/%s", name);
    return path;
}

/* Nothing here outlives the process, so nobody waits for the disk (--wrap). */
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
    return fd < 0 ? -1 : 0;
}

/* Either it does what it is to do, or it says that the name is too long. */
static bool fits(enum status st)
{
    CHECK(st == ST_OK || st == ST_TOO_LARGE);
    return st == ST_OK;
}

static void a_name_is_as_long_as_the_longest_or_refused(void)
{
    struct fixture fix;
    char made[DIRECTORY_PATH_BYTES];
    fixture_prepare(&fix);
    CHECK_STATUS(directory_make(long_path(&fix, "a", LONGEST - 3), made), ST_OK);
    CHECK(strlen(made) == LONGEST - 3);
    CHECK_STATUS(directory_make(long_path(&fix, "b", LONGEST - 2), made), ST_TOO_LARGE); /* b/.. */
    CHECK(access(fixture_path(&fix, "b"), F_OK) != 0);
    CHECK_STATUS(directory_find(long_path(&fix, "a", LONGEST), made), ST_OK);
    CHECK_STATUS(directory_find(long_path(&fix, "a", LONGEST + 1), made), ST_TOO_LARGE);
    CHECK_STATUS(directory_make(long_path(&fix, "a", LONGEST + 1), made), ST_TOO_LARGE);
    fixture_end(&fix);
}

static void a_lock_and_a_mark_have_a_name_too(void)
{
    struct fixture fix;
    int fd = -1;
    fixture_prepare(&fix);
    CHECK(mkdir(fixture_path(&fix, "a"), 0700) == 0);
    CHECK_STATUS(directory_lock(long_path(&fix, "a", LONGEST - 4), &fd), ST_TOO_LARGE);
    CHECK_STATUS(directory_lock(long_path(&fix, "a", LONGEST - 5), &fd), ST_OK);
    CHECK(directory_locked(long_path(&fix, "a", LONGEST - 5)));
    CHECK(!directory_locked(long_path(&fix, "a", LONGEST - 4))); /* nobody can have locked that */
    directory_unlock(fd);
    CHECK_STATUS(directory_put_mark(long_path(&fix, "a", LONGEST - 4), "mark"), ST_TOO_LARGE);
    CHECK_STATUS(directory_put_mark(long_path(&fix, "a", LONGEST - 5), "mark"), ST_OK);
    CHECK(access(fixture_path(&fix, "a/mark"), F_OK) == 0);
    CHECK_STATUS(directory_drop_mark(long_path(&fix, "a", LONGEST - 4), "mark"), ST_TOO_LARGE);
    CHECK_STATUS(directory_drop_mark(long_path(&fix, "a", LONGEST - 5), "mark"), ST_OK);
    CHECK(access(fixture_path(&fix, "a/mark"), F_OK) != 0);
    fixture_end(&fix);
}

static void a_file_is_no_directory(void)
{
    struct fixture fix;
    char found[DIRECTORY_PATH_BYTES], path[256];
    fixture_prepare(&fix);
    (void)snprintf(path, sizeof path, "%s/file", fix.directory);
    CHECK_NUMBER(fixture_sql(&fix, "file", "CREATE TABLE a (x)"), SQLITE_OK);
    CHECK_STATUS(directory_find(path, found), ST_ABSENT);
    CHECK_STATUS(directory_make(path, found), ST_IO);
    fixture_end(&fix);
}

/* ---------------------------------------------------------------- a whole directory */

static enum status adopt(struct fixture *fix)
{
    struct write write = fixture_write(fix, WRITE_TENANT_CREATE);
    write.tenant_create =
        (struct tenant_create){.id = STR("nobody"), .name = STR("Nobody"), .adopts = true};
    return write_wait(fix->tenants, &write);
}

/* Whether even the longest of its names fitted. */
static bool use_directory(struct fixture *fix, struct str longer)
{
    struct form_record form;
    struct snapshot_record snapshot;
    if (!fits(tenants_open(&fix->options, &fix->tenants))) return false;
    enum status st = form_find(fix->tenants, STR("acme"), STR("visa"), &fix->arena, &form);
    bool whole = fits(st);
    st = fixture_form(fix, STR("acme"), STR("visa"));
    CHECK(whole ? st == ST_CONFLICT : st == ST_TOO_LARGE);
    st = adopt(fix);
    CHECK(st == (whole ? ST_ABSENT : ST_TOO_LARGE) || st == ST_TOO_LARGE);
    st = fixture_tenant(fix, STR("acme"));
    CHECK_STATUS(st, ST_CONFLICT); /* its row alone says so */
    whole = fits(fixture_tenant(fix, longer)) && whole;
    whole = fits(snapshot_make(fix->tenants, STR("acme"), STR("op_1"), FIXTURE_NOW_MS, &fix->arena,
                               &snapshot)) &&
            whole;
    snapshot_remove(fix->tenants, STR("acme"), STR("op_1"));
    st = tenant_recover(fix->tenants, STR("acme"));
    whole = fits(st) && whole;
    if (!st) CHECK(!tenant_degraded(fix->tenants, STR("acme")));
    tenants_close(fix->tenants);
    fix->tenants = NULL;
    return whole;
}

static void a_data_directory_has_room_for_its_names_or_says_so(void)
{
    struct fixture fix;
    char short_path[256];
    size_t fitted = 0, refused = 0;
    fixture_prepare(&fix);
    (void)snprintf(short_path, sizeof short_path, "%s/data", fix.directory);
    fix.options.directory = short_path;
    fixture_open(&fix);
    fixture_acme(&fix);
    tenants_close(fix.tenants);
    for (size_t len = LONGEST - 52; len <= LONGEST + 1; len++) {
        fix.options.directory = long_path(&fix, "data", len);
        struct str longer = arena_printf(&fix.arena, "a-tenant-with-a-longer-name-%zu", len);
        *(use_directory(&fix, longer) ? &fitted : &refused) += 1;
    }
    CHECK(fitted > 0 && refused > 0);
    fix.options.directory = short_path;
    fixture_open(&fix);
    CHECK_STATUS(tenant_recover(fix.tenants, STR("acme")), ST_OK); /* nothing is lost */
    fixture_end(&fix);
}

static void a_snapshot_has_no_place_where_a_file_is(void)
{
    struct fixture fix;
    struct snapshot_record snapshot;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_NUMBER(fixture_sql(&fix, "snapshots", "CREATE TABLE a (x)"), SQLITE_OK);
    CHECK_STATUS(
        snapshot_make(fix.tenants, STR("acme"), STR("op_1"), FIXTURE_NOW_MS, &fix.arena, &snapshot),
        ST_IO);
    CHECK(remove(fixture_path(&fix, "snapshots")) == 0);
    CHECK_STATUS(
        snapshot_make(fix.tenants, STR("acme"), STR("op_1"), FIXTURE_NOW_MS, &fix.arena, &snapshot),
        ST_OK);
    fixture_end(&fix);
}

/* ---------------------------------------------------------------- looking and copying */

static void look_and_copy(struct fixture *fix, const char *from, const char *to)
{
    struct backup backup;
    struct audit_finding finding;
    bool seen = fits(inspection_audit(from, STR("acme"), &finding));
    struct str both = STR(""), one = STR("acme");
    bool made = fits(backup_make(from, one, to, FIXTURE_NOW_MS, &fix->arena, &backup));
    if (made) CHECK_STATUS(backup_verify(to, &fix->arena, &backup), ST_OK);
    fixture_remove(to);
    made = fits(backup_make(from, both, to, FIXTURE_NOW_MS, &fix->arena, &backup));
    CHECK(!made || seen);
    fixture_remove(to);
}

static void restore_and_verify(struct fixture *fix, const char *from, const char *to)
{
    struct backup backup;
    if (fits(backup_verify(from, &fix->arena, &backup))) CHECK(backup.count == 2);
    if (fits(backup_restore(from, to, &fix->arena, &backup))) CHECK(backup.count == 2);
    fixture_remove(to);
}

static void what_is_looked_at_or_copied_has_room_for_its_names_or_says_so(void)
{
    struct fixture fix;
    struct backup backup;
    fixture_prepare(&fix);
    char data[256], kept[256];
    (void)snprintf(data, sizeof data, "%s/data", fix.directory);
    (void)snprintf(kept, sizeof kept, "%s/kept", fix.directory);
    fix.options.directory = data;
    fixture_open(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(backup_make(data, STR(""), kept, FIXTURE_NOW_MS, &fix.arena, &backup), ST_OK);
    for (size_t len = LONGEST - 30; len <= LONGEST + 1; len++) {
        look_and_copy(&fix, long_path(&fix, "data", len), long_path(&fix, "copy", LONGEST - 30));
        look_and_copy(&fix, data, long_path(&fix, "copy", len));
        restore_and_verify(&fix, long_path(&fix, "kept", len), long_path(&fix, "back", LONGEST - 30));
        restore_and_verify(&fix, kept, long_path(&fix, "back", len));
        CHECK(access(fixture_path(&fix, "copy.partial"), F_OK) != 0);
        CHECK(access(fixture_path(&fix, "back.partial"), F_OK) != 0);
    }
    fixture_end(&fix);
}

int main(void)
{
    faulty_disk_install();
    disk.unsynced = true;
    a_name_is_as_long_as_the_longest_or_refused();
    a_lock_and_a_mark_have_a_name_too();
    a_file_is_no_directory();
    a_data_directory_has_room_for_its_names_or_says_so();
    a_snapshot_has_no_place_where_a_file_is();
    what_is_looked_at_or_copied_has_room_for_its_names_or_says_so();
    return TEST_RESULT();
}
