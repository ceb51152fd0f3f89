/* The disk refuses, at any moment of a data directory's life: the N-th reading, writing, syncing,
 * truncating or opening of a file fails, once or from then on, for N = 0, 1, … until nothing fails any
 * more. What was acknowledged is there when the disk is well again, whatever else was refused; nothing
 * is there by half, and a file that takes no changes takes them again after it has been checked.
 *
 *     disk_test [STRIDE]         every 40th N by default; 1: all of them */
#include "tests/faults/life.h"
#include "tests/unit/faulty_disk.h"

static enum status recover(struct fixture *fix, struct str tenant)
{
    struct write write = fixture_write(fix, WRITE_FILE_RECOVER);
    write.tenant = tenant;
    return write_wait(fix->tenants, &write);
}

/* What an operator does when the disk is well again. */
static void open_again(struct fixture *fix)
{
    if (fix->tenants) tenants_close(fix->tenants);
    fixture_open(fix);
    CHECK_STATUS(recover(fix, STR("")), ST_OK);
    if (access(fixture_path(fix, "tenants/acme/data.db"), F_OK) == 0 &&
        fixture_number(fix, "system.db", "SELECT count(*) FROM tenant") == 1)
        CHECK_STATUS(recover(fix, STR("acme")), ST_OK);
}

/* How many operations were refused. */
static long live_with(int n, bool once, int code)
{
    struct fixture fix;
    fixture_prepare(&fix);
    fix.options.writers = 1;
    fact_count = 0;
    life_is_hard = true;
    if (once) faulty_disk_fail_once("", FAULT_ANY, n, code);
    else faulty_disk_fail("", FAULT_ANY, n, code);
    if (tenants_open(&fix.options, &fix.tenants) == ST_OK) life_live(&fix, 8);
    else fix.tenants = NULL;
    long refused = faulty_disk_heal();
    open_again(&fix);
    life_check(&fix, fact_count);
    life_go_on(&fix);
    tenants_close(fix.tenants);
    life_check_files(&fix);
    arena_release(&fix.arena);
    fixture_remove(fix.directory);
    return refused;
}

static void live_until_clean(int stride, bool once, int code, const char *what)
{
    int n = 0, before = test_failures;
    while (live_with(n, once, code) > 0 && test_failures == before) n += stride;
    if (test_failures > before)
        fprintf(stderr, "%s, %s, N = %d\n", what, once ? "once" : "for ever", n);
    fprintf(stderr, "%s, %s: clean at N = %d\n", what, once ? "once" : "for ever", n);
    CHECK(n > 0);
}

int main(int argc, char **argv)
{
    int stride = argc > 1 ? atoi(argv[1]) : 40;
    if (stride < 1) return 2;
    faulty_disk_install();
    disk.unsynced = true;
    live_until_clean(stride, true, SQLITE_IOERR, "an operation fails");
    live_until_clean(stride, false, SQLITE_IOERR, "operations fail");
    live_until_clean(stride, false, SQLITE_FULL, "the disk is full");
    return TEST_RESULT();
}
