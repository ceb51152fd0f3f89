#include "base/hash.h"
#include "base/limits.h"
#include "tests/test.h"

static struct arena arena;

static struct str *numbered(const char *format, uint32_t count)
{
    struct str *names = ARENA_ARRAY(&arena, struct str, count);
    for (uint32_t i = 0; i < count; i++) {
        char name[64];
        int len = snprintf(name, sizeof name, "%s%u", format, i);
        names[i] = arena_str(&arena, (struct str){name, (size_t)len});
    }
    return names;
}

static void check_table(const struct str *names, uint32_t count)
{
    struct name_table table;
    enum status st = name_table_build(&arena, names, count, &table);
    CHECK_STATUS(st, ST_OK);
    if (st) return;
    for (uint32_t i = 0; i < count; i++) {
        if (name_table_find(&table, names[i]) != i) CHECK(i == NAME_ABSENT); /* prints */
        struct str shorter = {names[i].ptr, names[i].len - 1}; /* a beginning may be a name too */
        uint32_t found = name_table_find(&table, shorter);
        CHECK(found == NAME_ABSENT || str_eq(names[found], shorter));
    }
    CHECK(name_table_find(&table, STR("no such name at all")) == NAME_ABSENT);
    CHECK(name_table_find(&table, STR("")) == NAME_ABSENT);
    CHECK(table.count == count && table.slot_mask < 8 * (size_t)count + 8);
}

static void every_name_is_found_in_tables_of_every_size(void)
{
    struct str *names = numbered("field_", 300);
    for (uint32_t count = 0; count <= 300; count++) check_table(names, count);
    arena_reset(&arena);
}

static void names_alike_but_for_one_byte_are_told_apart(void)
{
    static char bytes[128][64];
    struct str names[128 + 64];
    uint32_t count = 0;
    for (int c = 0; c < 128; c++) {
        memset(bytes[c], 'a', 64);
        bytes[c][c / 2] = (char)(c % 2 ? 'b' : 'c');
        names[count++] = (struct str){bytes[c], 64};
    }
    for (int len = 1; len < 64; len++)
        names[count++] = (struct str){bytes[127], (size_t)len}; /* all its beginnings */
    check_table(names, count);
}

static void every_length_has_its_own_hash_and_reads_nothing_else(void)
{
    char *exact[200];
    uint64_t hashes[200];
    for (size_t len = 0; len < 200; len++) {
        exact[len] = malloc(len + !len);
        memset(exact[len], 0, len + !len);
        hashes[len] = hash_bytes((struct str){exact[len], len}, 1);
        for (size_t i = 0; i < len; i++) CHECK(hashes[i] != hashes[len]);
        for (size_t i = 0; i < len; i++) { /* every byte counts */
            exact[len][i] = 1;
            CHECK(hash_bytes((struct str){exact[len], len}, 1) != hashes[len]);
            exact[len][i] = 0;
        }
    }
    for (size_t len = 0; len < 200; len++) free(exact[len]);
}

static void the_same_names_give_the_same_table(void)
{
    struct str *names = numbered("x", 1000), *copies = numbered("x", 1000);
    struct name_table a, b;
    CHECK_STATUS(name_table_build(&arena, names, 1000, &a), ST_OK);
    CHECK_STATUS(name_table_build(&arena, copies, 1000, &b), ST_OK);
    CHECK(a.seed == b.seed && a.slot_mask == b.slot_mask && a.bucket_mask == b.bucket_mask);
    CHECK(memcmp(a.slots, b.slots, (a.slot_mask + 1) * sizeof *a.slots) == 0);
    CHECK(memcmp(a.shifts, b.shifts, (a.bucket_mask + 1) * sizeof *a.shifts) == 0);
    arena_reset(&arena);
}

/* One table written down: who changes the hash changes what is stored, and should notice. */
static void the_hash_is_the_same_on_every_machine(void)
{
    CHECK(hash_bytes(STR(""), 0) == 0);
    CHECK(hash_bytes(STR("abc"), 1) == 0xcb852422da89fdb3u);
    CHECK(hash_bytes(STR("spouse"), 1) == 0xdef6de0d8ba7ad1du);
    CHECK(hash_bytes(STR("date_of_birth"), 1) == 0xb5d94c2d0eb86361u);
}

static void as_many_names_as_allowed_fit(void)
{
    uint32_t count = limit(NAME_TABLE_NAMES);
    check_table(numbered("a_name_of_a_question_", count), count);
    arena_reset(&arena);
    check_table(numbered("", 10000), 10000);
    arena_reset(&arena);
}

static void the_same_name_twice_is_a_conflict(void)
{
    const struct str names[] = {STR("a"), STR("b"), STR("c"), STR("b")};
    struct name_table table = {.count = 77};
    CHECK_STATUS(name_table_build(&arena, names, 4, &table), ST_CONFLICT);
    CHECK(table.count == 77);
    struct str *many = numbered("n", 5000);
    many[4999] = many[17];
    CHECK_STATUS(name_table_build(&arena, many, 5000, &table), ST_CONFLICT);
    arena_reset(&arena);
}

static void out_of_memory_at_any_request_is_told(void)
{
    struct str *names = numbered("n", 500);
    bool done = false;
    for (size_t fail_at = 1; !done; fail_at++) {
        struct test_mem tm = TEST_MEM(.fail_at = fail_at);
        struct arena poor;
        struct name_table table = {.count = 77};
        arena_init(&poor, &tm.mem, 1 << 20);
        enum status st = name_table_build(&poor, names, 500, &table);
        done = !tm.failed;
        CHECK(st == (done ? ST_OK : ST_NOMEM) && table.count == (done ? 500u : 77u));
        arena_release(&poor);
        CHECK(tm.held == 0);
    }
    struct arena small;
    struct name_table table;
    arena_init(&small, mem_heap(), 1000);
    CHECK_STATUS(name_table_build(&small, names, 500, &table), ST_LIMIT);
    arena_release(&small);
    arena_reset(&arena);
}

int main(void)
{
    arena_init(&arena, mem_heap(), 64 << 20);
    every_name_is_found_in_tables_of_every_size();
    names_alike_but_for_one_byte_are_told_apart();
    every_length_has_its_own_hash_and_reads_nothing_else();
    the_same_names_give_the_same_table();
    the_hash_is_the_same_on_every_machine();
    as_many_names_as_allowed_fit();
    the_same_name_twice_is_a_conflict();
    out_of_memory_at_any_request_is_told();
    arena_release(&arena);
    return TEST_RESULT();
}
