#define _XOPEN_SOURCE 700
#include "server/keyfile.h"

#include "tests/test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[32];

static const char *at(const char *name)
{
    static char path[64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const char *bytes, size_t len)
{
    FILE *file = fopen(at(name), "wb");
    CHECK(file && fwrite(bytes, 1, len, file) == len && fclose(file) == 0);
}

static void a_key_is_made_once_and_stays(void)
{
    unsigned char first[32], second[32] = {0}, other[32];
    CHECK_STATUS(keyfile_load(folder, "a.key", first, 32), ST_OK);
    CHECK_STATUS(keyfile_load(folder, "a.key", second, 32), ST_OK);
    CHECK(memcmp(first, second, 32) == 0);
    CHECK_STATUS(keyfile_load(folder, "b.key", other, 32), ST_OK);
    CHECK(memcmp(first, other, 32) != 0);
    CHECK(access(at("a.key.new"), F_OK) != 0);
}

static void only_its_owner_can_read_it(void)
{
    struct stat info;
    CHECK(stat(at("a.key"), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600 && info.st_size == 32);
}

static void a_key_of_another_length_is_no_key(void)
{
    unsigned char key[32];
    write_file("short.key", "short", 5);
    CHECK_STATUS(keyfile_load(folder, "short.key", key, 32), ST_IO);
    write_file("long.key", "0123456789012345678901234567890123456789", 40);
    CHECK_STATUS(keyfile_load(folder, "long.key", key, 32), ST_IO);
}

static void a_link_is_not_followed(void)
{
    unsigned char key[32];
    CHECK(symlink("a.key", at("link.key")) == 0);
    CHECK_STATUS(keyfile_load(folder, "link.key", key, 32), ST_IO);
}

static void what_a_crash_left_is_overwritten(void)
{
    unsigned char key[32];
    write_file("c.key.new", "half", 4);
    CHECK_STATUS(keyfile_load(folder, "c.key", key, 32), ST_OK);
    CHECK_STATUS(keyfile_load(folder, "c.key", key, 32), ST_OK);
}

static void without_a_folder_there_is_no_key(void)
{
    unsigned char key[32];
    CHECK_STATUS(keyfile_load("no-such-folder", "a.key", key, 32), ST_IO);
    CHECK_STATUS(keyfile_load(at("a.key"), "a.key", key, 32), ST_IO);
}

int main(void)
{
    snprintf(folder, sizeof folder, "keyfile-XXXXXX");
    if (!mkdtemp(folder)) return EXIT_FAILURE;
    a_key_is_made_once_and_stays();
    only_its_owner_can_read_it();
    a_key_of_another_length_is_no_key();
    a_link_is_not_followed();
    what_a_crash_left_is_overwritten();
    without_a_folder_there_is_no_key();
    static const char *const names[] = {"a.key", "b.key", "c.key", "short.key", "long.key", "link.key"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) unlink(at(names[i]));
    CHECK(rmdir(folder) == 0);
    return TEST_RESULT();
}
