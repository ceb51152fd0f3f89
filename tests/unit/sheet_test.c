#include "base/sheet.h"

#include "base/limits.h"
#include "tests/test.h"

static struct sheet *read(const char *csv)
{
    struct sheet *sheet = NULL;
    struct sheet_fault fault = {0, NULL};
    CHECK_STATUS(sheet_new(mem_heap(), str_of(csv), &sheet, &fault), ST_OK);
    return sheet;
}

static bool is_cell(const struct sheet *sheet, uint32_t row, uint32_t column, const char *want)
{
    return str_eq(sheet_cell(sheet, row, column), str_of(want));
}

static bool breaks(struct str csv, uint32_t line)
{
    struct sheet *sheet = NULL;
    struct sheet_fault fault = {0, NULL};
    enum status st = sheet_new(mem_heap(), csv, &sheet, &fault);
    return st == ST_INPUT && fault.line == line && fault.reason;
}

static void cells_are_cut_as_rfc_4180_says(void)
{
    struct sheet *sheet = read("\xef\xbb\xbf"
                               "a,b\r\n1,\"x, \"\"y\"\"\r\nz\"\n  2\xc2\xa0,\n\"\",\" q \"");
    CHECK(sheet_rows(sheet) == 3 && sheet_columns(sheet) == 2);
    CHECK(str_eq(sheet_name(sheet, 0), STR("a")) && sheet_column(sheet, STR("b")) == 1);
    CHECK(sheet_column(sheet, STR("c")) == NAME_ABSENT);
    CHECK(is_cell(sheet, 0, 0, "1") && is_cell(sheet, 0, 1, "x, \"y\"\r\nz"));
    CHECK(is_cell(sheet, 1, 0, "2") && is_cell(sheet, 1, 1, ""));
    CHECK(is_cell(sheet, 2, 0, "") && is_cell(sheet, 2, 1, "q"));
    sheet_release(sheet);
}

static void what_is_no_table_is_told_with_its_line(void)
{
    CHECK(breaks(STR(""), 1));
    CHECK(breaks(STR("a,b\n"), 1));
    CHECK(breaks(STR("a,\n1,2\n"), 1));
    CHECK(breaks(STR("a,a\n1,2\n"), 1));
    CHECK(breaks(STR("a,b\n1,2\n1\n"), 3));
    CHECK(breaks(STR("a,b\n1,2,3\n"), 2));
    CHECK(breaks(STR("a\n\"x\ny\"\n\"z\n"), 4));
    CHECK(breaks(STR("a\n\"x\"y\n"), 2));
    CHECK(breaks(STR("a\nx\"y\n"), 2));
    CHECK(breaks(STR("a\n\xff\n"), 1));
    CHECK(breaks(((struct str){"a\n\0\n", 4}), 1));
}

static void rows_are_found_by_key_and_by_any_column(void)
{
    struct sheet *sheet = read("k,s\nc,x\na,y\nb,x\nd,\n");
    const struct name_table *keys;
    const uint32_t *rows;
    uint32_t count;
    CHECK_STATUS(sheet_index(sheet, 0, &keys), ST_OK);
    CHECK(name_table_find(keys, STR("b")) == 2 && name_table_find(keys, STR("e")) == NAME_ABSENT);
    CHECK_STATUS(sheet_index(sheet, 1, &keys), ST_CONFLICT);
    CHECK_STATUS(sheet_find(sheet, 1, STR("x"), &rows, &count), ST_OK);
    CHECK(count == 2 && rows[0] == 0 && rows[1] == 2);
    CHECK_STATUS(sheet_find(sheet, 1, STR(""), &rows, &count), ST_OK);
    CHECK(count == 1 && rows[0] == 3);
    CHECK_STATUS(sheet_find(sheet, 1, STR("xx"), &rows, &count), ST_OK);
    CHECK(count == 0);
    CHECK(sheet_retain(sheet) == sheet);
    sheet_release(sheet);
    CHECK(is_cell(sheet, 0, 0, "c"));
    sheet_release(sheet);
}

/* Rows, cells and columns at their limits, and one past each. */
static void tables_are_at_most_so_large(void)
{
    struct buf csv;
    buf_init(&csv, mem_heap(), (size_t)limit(TABLE_BYTES) + 100);
    buf_puts(&csv, "k\n");
    for (int i = 0; i < limit(TABLE_ROWS); i++) buf_printf(&csv, "%d\n", i);
    struct sheet *sheet = NULL;
    struct sheet_fault fault;
    const struct name_table *keys;
    CHECK_STATUS(sheet_new(mem_heap(), buf_str(&csv), &sheet, &fault), ST_OK);
    CHECK_STATUS(sheet_index(sheet, 0, &keys), ST_OK);
    CHECK(name_table_find(keys, STR("99999")) == 99999);
    sheet_release(sheet);
    buf_puts(&csv, "x\n");
    CHECK(breaks(buf_str(&csv), (uint32_t)limit(TABLE_ROWS) + 2));
    buf_reset(&csv);
    buf_puts(&csv, "k\n");
    for (int i = 0; i < limit(CELL_BYTES); i++) buf_putc(&csv, 'x');
    CHECK_STATUS(sheet_new(mem_heap(), buf_str(&csv), &sheet, &fault), ST_OK);
    sheet_release(sheet);
    buf_putc(&csv, 'x');
    CHECK(breaks(buf_str(&csv), 2));
    buf_reset(&csv);
    for (int i = 0; i <= limit(COLUMNS); i++) buf_printf(&csv, "%sc%d", i ? "," : "", i);
    buf_puts(&csv, "\n1\n");
    CHECK(breaks(buf_str(&csv), 1));
    buf_reset(&csv);
    while (csv.len <= (size_t)limit(TABLE_BYTES)) buf_puts(&csv, "k\n");
    CHECK(breaks(buf_str(&csv), 1));
    buf_release(&csv);
}

static void its_hash_is_that_of_its_bytes(void)
{
    struct sheet *sheet = NULL;
    struct sheet_fault fault;
    CHECK_STATUS(sheet_new(mem_heap(), STR("a,b\n1,2\n"), &sheet, &fault), ST_OK);
    CHECK(sheet_bytes(sheet) > 0);
    char hex[DIGEST_HEX_BYTES];
    digest_hex(sheet_hash(sheet), hex);
    struct digest want = digest_of(STR("a,b\n1,2\n"));
    CHECK(memcmp(want.bytes, sheet_hash(sheet)->bytes, sizeof want.bytes) == 0);
    sheet_release(sheet);
    sheet_release(NULL);
}

int main(void)
{
    cells_are_cut_as_rfc_4180_says();
    what_is_no_table_is_told_with_its_line();
    rows_are_found_by_key_and_by_any_column();
    tables_are_at_most_so_large();
    its_hash_is_that_of_its_bytes();
    return TEST_RESULT();
}
