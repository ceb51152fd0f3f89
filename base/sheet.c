#include "base/sheet.h"

#include "base/limits.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { COLUMNS = limit(COLUMNS) };

/* By row and column: where a cell ends in `text`; it begins where the one before ended. */
struct sheet {
    struct mem *mem;
    struct arena arena;
    struct digest hash;
    struct str *names;
    char *text;
    uint32_t *ends;
    uint32_t row_count, column_count;
    _Atomic(struct sheet_index *) indexes[COLUMNS];
    _Atomic(struct sheet_order *) orders[COLUMNS];
    atomic_uint references;
};

/* Made by whoever asks first; of two who do at once one wins, and the other's is thrown away. */
struct sheet_index {
    struct arena arena;
    struct name_table table;
};

struct sheet_order {
    size_t bytes;
    uint32_t rows[];
};

/* ---- cutting */

struct cutter {
    struct str csv;
    size_t at;
    uint32_t line;
    char *text; /* as long as csv: cells are never longer than what they are written as */
    uint32_t used;
    uint32_t *ends;
    uint32_t count, room;
    const char *reason;
    struct arena arena;
};

static bool is_blank(uint32_t code)
{
    return (code >= 0x09 && code <= 0x0d) || code == 0x85 || utf8_category(code)[0] == 'Z';
}

/* Without white space at both ends. */
static struct str strip(struct str text)
{
    uint32_t code;
    while (text.len > 0) {
        size_t len = utf8_next(text, &code);
        if (!is_blank(code)) break;
        text = (struct str){text.ptr + len, text.len - len};
    }
    while (text.len > 0) {
        size_t start = text.len - 1;
        while (start > 0 && ((unsigned char)text.ptr[start] & 0xc0) == 0x80) start--;
        utf8_next((struct str){text.ptr + start, text.len - start}, &code);
        if (!is_blank(code)) break;
        text.len = start;
    }
    return text;
}

static bool at_end_of_cell(const struct cutter *cut)
{
    if (cut->at == cut->csv.len) return true;
    char c = cut->csv.ptr[cut->at];
    return c == ',' || c == '\n' ||
           (c == '\r' && cut->at + 1 < cut->csv.len && cut->csv.ptr[cut->at + 1] == '\n');
}

/* "…", with "" for a quote. */
static bool copy_quoted(struct cutter *cut)
{
    for (cut->at++; cut->at < cut->csv.len; cut->at++) {
        char c = cut->csv.ptr[cut->at];
        if (c == '\n') cut->line++;
        if (c == '"' && (cut->at + 1 == cut->csv.len || cut->csv.ptr[cut->at + 1] != '"')) {
            cut->at++;
            cut->reason = "after the quote that ends a cell stands something else than a comma";
            return at_end_of_cell(cut);
        }
        cut->at += c == '"';
        cut->text[cut->used++] = c;
    }
    cut->reason = "a quote is not closed";
    return false;
}

static bool copy_plain(struct cutter *cut)
{
    cut->reason = "a quote stands inside a cell that does not begin with one";
    for (; !at_end_of_cell(cut); cut->at++) {
        if (cut->csv.ptr[cut->at] == '"') return false;
        cut->text[cut->used++] = cut->csv.ptr[cut->at];
    }
    return true;
}

static bool push_end(struct cutter *cut)
{
    if (cut->count == cut->room) {
        uint32_t room = cut->room ? cut->room * 2 : 256;
        uint32_t *ends = arena_grow(&cut->arena, cut->ends, cut->room, room, sizeof *ends);
        cut->reason = NULL;
        if (!ends) return false;
        cut->ends = ends;
        cut->room = room;
    }
    cut->ends[cut->count++] = cut->used;
    return true;
}

static bool cut_cell(struct cutter *cut)
{
    uint32_t start = cut->used;
    bool quoted = cut->at < cut->csv.len && cut->csv.ptr[cut->at] == '"';
    if (!(quoted ? copy_quoted(cut) : copy_plain(cut))) return false;
    struct str cell = strip((struct str){cut->text + start, cut->used - start});
    cut->reason = "a cell is longer than is possible";
    if (cell.len > limit(CELL_BYTES)) return false;
    memmove(cut->text + start, cell.ptr, cell.len);
    cut->used = start + (uint32_t)cell.len;
    return push_end(cut);
}

/* One line of the table, which may have several of the text; answers how many cells it has, 0 for a
 * fault. */
static uint32_t cut_row(struct cutter *cut)
{
    uint32_t count = 0;
    do {
        if (!cut_cell(cut)) return 0;
        count++;
    } while (cut->at < cut->csv.len && cut->csv.ptr[cut->at] == ',' && ++cut->at);
    if (cut->at < cut->csv.len && cut->csv.ptr[cut->at] == '\r') cut->at++;
    if (cut->at < cut->csv.len) cut->at++;
    return count;
}

static enum status fault(struct sheet_fault *ret_fault, uint32_t line, const char *reason)
{
    *ret_fault = (struct sheet_fault){line, reason};
    return reason ? ST_INPUT : ST_NOMEM;
}

static enum status cut_rows(struct cutter *cut, struct sheet *sheet, struct sheet_fault *ret_fault)
{
    sheet->column_count = cut_row(cut);
    if (!sheet->column_count) return fault(ret_fault, cut->line, cut->reason);
    if (sheet->column_count > COLUMNS)
        return fault(ret_fault, 1, "there are more columns than are possible");
    while (cut->at < cut->csv.len) {
        uint32_t line = ++cut->line, count = cut_row(cut);
        if (!count) return fault(ret_fault, line, cut->reason);
        if (count != sheet->column_count)
            return fault(ret_fault, line, "this row has not as many cells as the header");
        if (++sheet->row_count > limit(TABLE_ROWS))
            return fault(ret_fault, line, "there are more rows than are possible");
    }
    return sheet->row_count ? ST_OK : fault(ret_fault, 1, "there are no rows below the header");
}

/* ---- the sheet */

static enum status name_columns(struct sheet *sheet, const struct cutter *cut,
                                struct sheet_fault *ret_fault)
{
    sheet->names = ARENA_ARRAY(&sheet->arena, struct str, sheet->column_count);
    if (!sheet->names) return ST_NOMEM;
    for (uint32_t i = 0; i < sheet->column_count; i++) {
        uint32_t from = i ? cut->ends[i - 1] : 0;
        sheet->names[i] = (struct str){sheet->text + from, cut->ends[i] - from};
        if (sheet->names[i].len == 0 || sheet->names[i].len > limit(NAME_BYTES))
            return fault(ret_fault, 1, "a column has no name, or too long a one");
        for (uint32_t k = 0; k < i; k++)
            if (str_eq(sheet->names[i], sheet->names[k]))
                return fault(ret_fault, 1, "two columns have one name");
    }
    return ST_OK;
}

/* The cells, header first, in room of their own size. */
static enum status keep_cells(struct sheet *sheet, const struct cutter *cut)
{
    sheet->text = arena_alloc(&sheet->arena, (size_t)cut->used + 1);
    sheet->ends = ARENA_ARRAY(&sheet->arena, uint32_t, cut->count);
    if (!sheet->text || !sheet->ends) return ST_NOMEM;
    memcpy(sheet->text, cut->text, cut->used);
    memcpy(sheet->ends, cut->ends, cut->count * sizeof *sheet->ends);
    return ST_OK;
}

static enum status cut_all(struct sheet *sheet, struct str csv, struct sheet_fault *ret_fault)
{
    struct cutter cut = {.csv = csv, .line = 1};
    arena_init(&cut.arena, sheet->mem, (size_t)limit(TABLE_BYTES) * 16);
    cut.text = arena_alloc(&cut.arena, csv.len + 1);
    enum status st = cut.text ? cut_rows(&cut, sheet, ret_fault) : ST_NOMEM;
    if (!st) st = keep_cells(sheet, &cut);
    if (!st) st = name_columns(sheet, &cut, ret_fault);
    arena_release(&cut.arena);
    return st;
}

enum status sheet_new(struct mem *mem, struct str csv, struct sheet **ret_sheet,
                      struct sheet_fault *ret_fault)
{
    struct digest hash = digest_of(csv);
    if (csv.len > limit(TABLE_BYTES)) return fault(ret_fault, 1, "the text is larger than is possible");
    if (str_starts(csv, STR("\xef\xbb\xbf"))) csv = (struct str){csv.ptr + 3, csv.len - 3};
    if (!utf8_valid(csv)) return fault(ret_fault, 1, "the text is not UTF-8");
    if (csv.len == 0) return fault(ret_fault, 1, "the text is empty");
    if (memchr(csv.ptr, '\0', csv.len)) return fault(ret_fault, 1, "the text holds U+0000");
    struct sheet *sheet = mem_zalloc(mem, sizeof *sheet);
    if (!sheet) return ST_NOMEM;
    sheet->mem = mem;
    sheet->hash = hash;
    arena_init_lean(&sheet->arena, mem, (size_t)limit(TABLE_BYTES) * 8);
    atomic_init(&sheet->references, 1);
    enum status st = cut_all(sheet, csv, ret_fault);
    if (st) sheet_release(sheet);
    else *ret_sheet = sheet;
    return st;
}

struct sheet *sheet_retain(struct sheet *sheet)
{
    unsigned before = atomic_fetch_add_explicit(&sheet->references, 1, memory_order_relaxed);
    assert(before > 0);
    (void)before;
    return sheet;
}

static void free_index(struct sheet *sheet, struct sheet_index *index)
{
    if (!index) return;
    arena_release(&index->arena);
    mem_free(sheet->mem, index, sizeof *index);
}

void sheet_release(struct sheet *sheet)
{
    if (!sheet) return;
    if (atomic_fetch_sub_explicit(&sheet->references, 1, memory_order_acq_rel) > 1) return;
    for (uint32_t i = 0; i < COLUMNS; i++) {
        struct sheet_order *order = atomic_load(&sheet->orders[i]);
        free_index(sheet, atomic_load(&sheet->indexes[i]));
        if (order) mem_free(sheet->mem, order, order->bytes);
    }
    arena_release(&sheet->arena);
    mem_free(sheet->mem, sheet, sizeof *sheet);
}

const struct digest *sheet_hash(const struct sheet *sheet)
{
    return &sheet->hash;
}

uint32_t sheet_rows(const struct sheet *sheet)
{
    return sheet->row_count;
}

uint32_t sheet_columns(const struct sheet *sheet)
{
    return sheet->column_count;
}

struct str sheet_name(const struct sheet *sheet, uint32_t column)
{
    return sheet->names[column];
}

uint32_t sheet_column(const struct sheet *sheet, struct str name)
{
    for (uint32_t i = 0; i < sheet->column_count; i++)
        if (str_eq(sheet->names[i], name)) return i;
    return NAME_ABSENT;
}

struct str sheet_cell(const struct sheet *sheet, uint32_t row, uint32_t column)
{
    assert(row < sheet->row_count && column < sheet->column_count);
    size_t cell = ((size_t)row + 1) * sheet->column_count + column;
    uint32_t from = sheet->ends[cell - 1];
    return (struct str){sheet->text + from, sheet->ends[cell] - from};
}

size_t sheet_bytes(const struct sheet *sheet)
{
    size_t bytes = sizeof *sheet + sheet->arena.held_bytes;
    for (uint32_t i = 0; i < COLUMNS; i++) {
        const struct sheet_index *index = atomic_load(&sheet->indexes[i]);
        const struct sheet_order *order = atomic_load(&sheet->orders[i]);
        if (index) bytes += sizeof *index + index->arena.held_bytes;
        if (order) bytes += order->bytes;
    }
    return bytes;
}

/* ---- indexes */

static enum status fill_index(const struct sheet *sheet, uint32_t column, struct sheet_index *index)
{
    struct str *cells = ARENA_ARRAY(&index->arena, struct str, sheet->row_count);
    if (!cells) return ST_NOMEM;
    for (uint32_t i = 0; i < sheet->row_count; i++) cells[i] = sheet_cell(sheet, i, column);
    return name_table_build(&index->arena, cells, sheet->row_count, &index->table);
}

enum status sheet_index(struct sheet *sheet, uint32_t column, const struct name_table **ret_table)
{
    struct sheet_index *there = atomic_load(&sheet->indexes[column]);
    if (!there) {
        struct sheet_index *made = mem_zalloc(sheet->mem, sizeof *made);
        if (!made) return ST_NOMEM;
        arena_init_lean(&made->arena, sheet->mem, (size_t)limit(TABLE_BYTES) * 8);
        enum status st = fill_index(sheet, column, made);
        bool first = !st && atomic_compare_exchange_strong(&sheet->indexes[column], &there, made);
        if (!first) free_index(sheet, made);
        if (st) return st == ST_LIMIT ? ST_CONFLICT : st;
        if (first) there = made;
    }
    *ret_table = &there->table;
    return ST_OK;
}

/* Merges two runs that are in order each; those that are alike keep their order. */
static void merge(const struct sheet *sheet, uint32_t column, const uint32_t *rows, uint32_t low,
                  uint32_t middle, uint32_t high, uint32_t *out)
{
    uint32_t a = low, b = middle;
    for (uint32_t i = low; i < high; i++) {
        bool left = b == high || (a < middle && str_cmp(sheet_cell(sheet, rows[a], column),
                                                        sheet_cell(sheet, rows[b], column)) <= 0);
        out[i] = left ? rows[a++] : rows[b++];
    }
}

/* From the bottom up, in turns from one half of `rows` to the other. Answers the half it ends in. */
static uint32_t *sort_rows(const struct sheet *sheet, uint32_t column, uint32_t *rows)
{
    uint32_t count = sheet->row_count, *from = rows, *to = rows + count;
    for (uint32_t i = 0; i < count; i++) from[i] = i;
    for (uint32_t width = 1; width < count; width *= 2) {
        for (uint32_t low = 0; low < count; low += 2 * width) {
            uint32_t middle = low + width < count ? low + width : count;
            uint32_t high = low + 2 * width < count ? low + 2 * width : count;
            merge(sheet, column, from, low, middle, high, to);
        }
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    return from;
}

static enum status order_of(struct sheet *sheet, uint32_t column, const struct sheet_order **ret_order)
{
    struct sheet_order *there = atomic_load(&sheet->orders[column]);
    if (!there) {
        size_t half = sheet->row_count * sizeof(uint32_t), bytes = sizeof *there + 2 * half;
        struct sheet_order *made = mem_zalloc(sheet->mem, bytes);
        if (!made) return ST_NOMEM;
        made->bytes = bytes;
        uint32_t *sorted = sort_rows(sheet, column, made->rows);
        if (sorted != made->rows) memcpy(made->rows, sorted, half);
        if (atomic_compare_exchange_strong(&sheet->orders[column], &there, made)) there = made;
        else mem_free(sheet->mem, made, bytes);
    }
    *ret_order = there;
    return ST_OK;
}

/* The first row, in order, whose cell is `text` (past: is after it). */
static uint32_t bound(const struct sheet *sheet, const struct sheet_order *order, uint32_t column,
                      struct str text, bool past)
{
    uint32_t low = 0, high = sheet->row_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order_of_cell = str_cmp(sheet_cell(sheet, order->rows[middle], column), text);
        if (order_of_cell < 0 || (past && order_of_cell == 0)) low = middle + 1;
        else high = middle;
    }
    return low;
}

enum status sheet_find(struct sheet *sheet, uint32_t column, struct str text, const uint32_t **ret_rows,
                       uint32_t *ret_count)
{
    const struct sheet_order *order;
    enum status st = order_of(sheet, column, &order);
    if (st) return st;
    uint32_t low = bound(sheet, order, column, text, false);
    *ret_rows = order->rows + low;
    *ret_count = bound(sheet, order, column, text, true) - low;
    return ST_OK;
}
