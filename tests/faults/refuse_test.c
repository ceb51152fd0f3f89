/* Everything that engine.h offers, while the world says no (tests/faults/refuse.h) to the first thing
 * that is asked of it, then to the second, and so on until nothing is refused any more: for want of
 * memory, because an arena is full, because the disk fails, because it is full. A call fails, or does
 * without and is right; then it can be asked again, and answers what it always does.
 *
 *     refuse_test GROUP          reading, forms, submissions, operations or files
 *
 * Every 5th thing by default (of whole directories every 17th), every REFUSE_STRIDE-th if that is in
 * the environment; failures of the disk, which have to be mended each time, three times as rarely. */
#define _GNU_SOURCE
#include "tests/faults/refuse_files.h"
#include "tests/faults/refuse_forms.h"
#include "tests/faults/refuse_operations.h"
#include "tests/faults/refuse_reading.h"
#include "tests/faults/refuse_submissions.h"

static const struct {
    const char *name;
    const struct scene *scenes;
    size_t count, stride;
} groups[] = {
    {"reading", reading, sizeof reading / sizeof *reading, 5},
    {"forms", forms, sizeof forms / sizeof *forms, 5},
    {"submissions", submissions, sizeof submissions / sizeof *submissions, 5},
    {"operations", operations, sizeof operations / sizeof *operations, 5},
    {"files", files, sizeof files / sizeof *files, 17},
};

int main(int argc, char **argv)
{
    bool found = false;
    const char *wanted = getenv("REFUSE_STRIDE");
    if (wanted) stride = strtoul(wanted, NULL, 10);
    faulty_disk_install();
    disk.unsynced = true;
    begin();
    name_paths();
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        if (argc < 2 || strcmp(groups[i].name, argv[1]) != 0) continue;
        found = true;
        if (!stride) stride = groups[i].stride;
        for (size_t k = 0; k < groups[i].count; k++) play(&groups[i].scenes[k]);
    }
    end();
    remove_data();
    remove_backup();
    if (!found) fprintf(stderr, "usage: refuse_test GROUP\n");
    return found ? TEST_RESULT() : 2;
}
