/* Flat: stored answers as the rows of a CSV table.
 *
 *     st = flat_new(&wish, &flat);             ST_ABSENT: the form has no such repeat
 *     flat_put_header(flat, out);
 *     st = flat_put_rows(flat, &submission, masking, out);     one row, or those of a repeat
 *     flat_free(flat);
 *
 * Columns are those of the form's versions, the newest first and in document order, each path once. The
 * table "" has a row for each submission and a column for each field outside repeats; the table
 * "members.pets" a row for each pet. */
#ifndef SERVER_FLAT_H
#define SERVER_FLAT_H

#include "engine/engine.h"

struct flat_wish {
    struct engine *engine;
    struct mem *mem;
    struct str tenant, form, table;
    uint32_t newest;  /* the form's */
    uint32_t version; /* columns of that one only; 0: of all */
};

struct flat;

enum status flat_new(const struct flat_wish *wish, struct flat **ret_flat) MUST_USE;
void flat_put_header(const struct flat *flat, struct buf *out);
/* `masking` NULL: with everything. */
enum status flat_put_rows(struct flat *flat, const struct submission_record *submission,
                          struct masking *masking, struct buf *out) MUST_USE;
/* NULL is fine. */
void flat_free(struct flat *flat);

/* One cell: quoted where RFC 4180 wants it, and so that no spreadsheet takes it for a formula. */
void flat_put_cell(struct str text, struct buf *out);

#endif
