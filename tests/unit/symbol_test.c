#include "dsl/symbol.h"
#include "tests/test.h"

static void names_of_two_spaces_are_apart(void)
{
    struct arena arena;
    struct symbol_table table;
    uint32_t earlier;
    arena_init(&arena, mem_heap(), 1 << 20);
    symbol_table_init(&table, &arena);
    CHECK(symbol_find(&table, SYMBOL_SPACE(SYMBOL_ITEM, 0), STR("a")) == SYMBOL_ABSENT);
    CHECK_STATUS(symbol_put(&table, SYMBOL_SPACE(SYMBOL_ITEM, 0), STR("a"), 1, &earlier), ST_OK);
    CHECK(earlier == SYMBOL_ABSENT);
    CHECK_STATUS(symbol_put(&table, SYMBOL_SPACE(SYMBOL_ITEM, 1), STR("a"), 2, &earlier), ST_OK);
    CHECK(earlier == SYMBOL_ABSENT);
    CHECK_STATUS(symbol_put(&table, SYMBOL_SPACE(SYMBOL_KEY, 0), STR("a"), 3, &earlier), ST_OK);
    CHECK(earlier == SYMBOL_ABSENT);
    CHECK(symbol_find(&table, SYMBOL_SPACE(SYMBOL_ITEM, 0), STR("a")) == 1);
    CHECK(symbol_find(&table, SYMBOL_SPACE(SYMBOL_ITEM, 1), STR("a")) == 2);
    CHECK(symbol_find(&table, SYMBOL_SPACE(SYMBOL_KEY, 0), STR("a")) == 3);
    CHECK(symbol_find(&table, SYMBOL_SPACE(SYMBOL_KEY, 1), STR("a")) == SYMBOL_ABSENT);
    arena_release(&arena);
}

static void the_first_keeps_the_name(void)
{
    struct arena arena;
    struct symbol_table table;
    uint32_t earlier;
    arena_init(&arena, mem_heap(), 1 << 20);
    symbol_table_init(&table, &arena);
    CHECK_STATUS(symbol_put(&table, 7, STR("a"), 1, &earlier), ST_OK);
    CHECK_STATUS(symbol_put(&table, 7, STR("a"), 2, &earlier), ST_OK);
    CHECK(earlier == 1 && symbol_find(&table, 7, STR("a")) == 1);
    arena_release(&arena);
}

static void ten_thousand_names_are_found_again(void)
{
    enum { NAMES = 10000 };
    static char names[NAMES][8];
    struct arena arena;
    struct symbol_table table;
    uint32_t earlier, wrong = 0;
    arena_init(&arena, mem_heap(), 16 << 20);
    symbol_table_init(&table, &arena);
    for (uint32_t i = 0; i < NAMES; i++) {
        snprintf(names[i], sizeof names[i], "n%u", (unsigned)i);
        wrong += symbol_put(&table, i % 3, str_of(names[i]), i, &earlier) != ST_OK ||
                 earlier != SYMBOL_ABSENT;
    }
    for (uint32_t i = 0; i < NAMES; i++) {
        wrong += symbol_find(&table, i % 3, str_of(names[i])) != i;
        wrong += symbol_find(&table, (i + 1) % 3, str_of(names[i])) != SYMBOL_ABSENT;
    }
    CHECK(wrong == 0);
    arena_release(&arena);
}

static void a_full_arena_is_told(void)
{
    struct arena arena;
    struct symbol_table table;
    uint32_t earlier;
    arena_init(&arena, mem_heap(), 100);
    symbol_table_init(&table, &arena);
    CHECK_STATUS(symbol_put(&table, 1, STR("a"), 1, &earlier), ST_NOMEM);
    CHECK(symbol_find(&table, 1, STR("a")) == SYMBOL_ABSENT);
    arena_release(&arena);
}

int main(void)
{
    names_of_two_spaces_are_apart();
    the_first_keeps_the_name();
    ten_thousand_names_are_found_again();
    a_full_arena_is_told();
    return TEST_RESULT();
}
