/* Sheet: the text of a lookup table, cut into cells, with indexes that are made when first asked for.
 *
 *     st = sheet_new(mem, STR("code,state\r\nNG-001,Abia\r\n"), &sheet, &fault);
 *     sheet_cell(sheet, 0, 1) → "Abia"     sheet_index(sheet, 0, &table)     name_table_find(table,
 * STR("NG-001"))
 *
 * CSV as RFC 4180 has it: a header, rows of as many cells, quotes where they are needed; lines may end
 * in LF alone. White space at both ends of a cell is stripped, as it is of answers, so that codes can
 * be chosen. Immutable and counted: any number of threads may read, and whoever retains it may keep
 * what it hands out. The same bytes give the same sheet. */
#ifndef BASE_SHEET_H
#define BASE_SHEET_H

#include "base/digest.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/status.h"

struct sheet;

/* Why a text is no table. */
struct sheet_fault {
    uint32_t line;      /* from 1 */
    const char *reason; /* static */
};

/* ST_INPUT: *ret_fault says why. ST_NOMEM. `csv` is not needed afterwards. */
MUST_USE enum status sheet_new(struct mem *mem, struct str csv, struct sheet **ret_sheet,
                               struct sheet_fault *ret_fault);
/* One more owner. Returns its argument. */
struct sheet *sheet_retain(struct sheet *sheet);
/* One owner less. NULL is fine. */
void sheet_release(struct sheet *sheet);

/* Of the bytes that it was made of. */
const struct digest *sheet_hash(const struct sheet *sheet);
uint32_t sheet_rows(const struct sheet *sheet);
uint32_t sheet_columns(const struct sheet *sheet);
struct str sheet_name(const struct sheet *sheet, uint32_t column);
/* The column of that name, or NAME_ABSENT. */
uint32_t sheet_column(const struct sheet *sheet, struct str name);
/* Empty when nothing stands there. */
struct str sheet_cell(const struct sheet *sheet, uint32_t row, uint32_t column);
/* All that it holds, its indexes included as far as they are made. */
size_t sheet_bytes(const struct sheet *sheet);

/* From what stands in the column to its row. ST_CONFLICT: something stands there twice. ST_NOMEM. */
MUST_USE enum status sheet_index(struct sheet *sheet, uint32_t column,
                                 const struct name_table **ret_table);
/* The rows in the order of what stands in the column, those that are alike in their own: all that are
 * `text` are neighbours. ST_NOMEM. */
MUST_USE enum status sheet_find(struct sheet *sheet, uint32_t column, struct str text,
                                const uint32_t **ret_rows, uint32_t *ret_count);

#endif
