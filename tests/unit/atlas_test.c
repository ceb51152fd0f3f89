#include "base/atlas.h"

#include "base/limits.h"
#include "tests/test.h"

#include <sys/stat.h>
#include <unistd.h>

/* The smallest file that is a zone: always 0 seconds east. */
static const char tiny[] =
    "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4"
    "\0\0\0\0\0\0UTC\0"
    "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4"
    "\0\0\0\0\0\0UTC\0"
    "\nUTC0\n";

struct folder {
    char path[64];
};

static struct folder folder_make(void)
{
    struct folder folder = {"/tmp/atlas_test.XXXXXX"};
    if (!mkdtemp(folder.path)) exit(EXIT_FAILURE);
    return folder;
}

static void put_file(const struct folder *folder, const char *name, const char *bytes, size_t len)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    FILE *file = fopen(path, "wb");
    CHECK(file && fwrite(bytes, 1, len, file) == len);
    if (file) fclose(file);
}

static void put_zone(const struct folder *folder, const char *name)
{
    put_file(folder, name, tiny, sizeof tiny - 1);
}

static void put_folder(const struct folder *folder, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    CHECK(mkdir(path, 0700) == 0);
}

static void folder_remove(const struct folder *folder)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder->path);
    CHECK(system(command) == 0);
}

static bool has(const struct atlas *atlas, const char *name)
{
    return atlas_find(atlas, str_of(name)) != NAME_ABSENT;
}

/* ---- */

static void all_zones_of_a_folder_are_there_and_nothing_else_is(void)
{
    static const char *const folders[] = {"Europe", "America", "America/Argentina",
                                          "posix",  "right",   "America/Argentina/Deep"};
    static const char *const zones[] = {"Europe/Berlin", "America/Argentina/Ushuaia",
                                        "EST5EDT",       "posix/EST5EDT",
                                        "right/EST5EDT", "localtime",
                                        "posixrules",    "Zulu"};
    struct folder folder = folder_make();
    struct atlas *atlas = NULL;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) put_folder(&folder, folders[i]);
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) put_zone(&folder, zones[i]);
    put_zone(&folder, "America/Argentina/Deep/Down");
    put_zone(&folder, "zone.tab");
    put_file(&folder, "leapseconds", "# text", 6);
    put_file(&folder, "Broken", tiny, 60);
    CHECK_STATUS(atlas_read(mem_heap(), folder.path, &atlas), ST_OK);
    CHECK(atlas_count(atlas) == 5);
    static const char *const want[] = {"America/Argentina/Ushuaia", "EST5EDT", "Europe/Berlin", "UTC",
                                       "Zulu"};
    for (uint32_t i = 0; i < atlas_count(atlas); i++) {
        CHECK(str_eq(atlas_name(atlas, i), str_of(want[i])));
        CHECK(atlas_find(atlas, str_of(want[i])) == i);
        CHECK(zone_offset_at(atlas_zone(atlas, i), 0) == 0);
    }
    CHECK(!has(atlas, "Europe") && !has(atlas, "europe/berlin") && !has(atlas, "") &&
          !has(atlas, "localtime") && !has(atlas, "posix/EST5EDT") && !has(atlas, "../UTC"));
    atlas_free(atlas);
    folder_remove(&folder);
}

static void a_system_without_zones_has_utc(void)
{
    struct folder folder = folder_make();
    struct atlas *atlas = NULL;
    folder_remove(&folder);
    CHECK_STATUS(atlas_read(mem_heap(), folder.path, &atlas), ST_OK);
    CHECK(atlas_count(atlas) == 1 && has(atlas, "UTC") && !has(atlas, "Europe/Berlin"));
    CHECK(atlas_zone(atlas, 0) == zone_utc());
    atlas_free(atlas);
    CHECK(atlas_count(NULL) == 1 && has(NULL, "UTC") && !has(NULL, "Europe/Berlin"));
    CHECK(atlas_zone(NULL, 0) == zone_utc() && str_eq(atlas_name(NULL, 0), STR("UTC")));
    atlas_free(NULL);
}

static void more_zones_than_the_limit_are_refused(void)
{
    struct folder folder = folder_make();
    struct atlas *atlas = NULL;
    for (int i = 0; i < limit(ZONES) - 1; i++) { /* and UTC */
        char name[16];
        snprintf(name, sizeof name, "Z%04d", i);
        put_zone(&folder, name);
    }
    CHECK_STATUS(atlas_read(mem_heap(), folder.path, &atlas), ST_OK);
    CHECK(atlas_count(atlas) == limit(ZONES) && has(atlas, "Z0000") && has(atlas, "Z1998"));
    atlas_free(atlas);
    put_zone(&folder, "One_more");
    CHECK_STATUS(atlas_read(mem_heap(), folder.path, &atlas), ST_LIMIT);
    folder_remove(&folder);
}

static void memory_that_runs_out_is_told(void)
{
    struct folder folder = folder_make();
    struct test_mem tm = TEST_MEM(.fail_at = 1);
    put_folder(&folder, "Europe");
    put_zone(&folder, "Europe/Berlin");
    for (tm.failed = 1; tm.failed; tm.fail_at++) {
        struct atlas *atlas = NULL;
        tm.failed = 0;
        tm.requests = 0;
        enum status st = atlas_read(&tm.mem, folder.path, &atlas);
        CHECK(st == (tm.failed ? ST_NOMEM : ST_OK));
        CHECK(tm.failed ? atlas == NULL : has(atlas, "Europe/Berlin"));
        atlas_free(atlas);
        CHECK(tm.held == 0);
    }
    folder_remove(&folder);
}

static void the_systems_zones_are_read(void)
{
    struct atlas *atlas = NULL;
    CHECK_STATUS(atlas_new(mem_heap(), &atlas), ST_OK);
    if (!has(atlas, "Europe/Berlin"))
        fprintf(stderr, "SKIPPED: there is no tzdata here; its zones are not tested\n");
    else {
        CHECK(atlas_count(atlas) > 400 && has(atlas, "America/New_York") &&
              has(atlas, "Pacific/Apia") && has(atlas, "Etc/GMT+5") &&
              has(atlas, "America/Argentina/Buenos_Aires"));
        CHECK(!has(atlas, "localtime") && !has(atlas, "posixrules") && !has(atlas, "right/UTC"));
    }
    for (uint32_t i = 1; i < atlas_count(atlas); i++)
        CHECK(str_cmp(atlas_name(atlas, i - 1), atlas_name(atlas, i)) < 0);
    atlas_free(atlas);
}

int main(void)
{
    all_zones_of_a_folder_are_there_and_nothing_else_is();
    a_system_without_zones_has_utc();
    more_zones_than_the_limit_are_refused();
    memory_that_runs_out_is_told();
    the_systems_zones_are_read();
    return TEST_RESULT();
}
