/* Reader: borrowing one of a vault's reading connections.
 *
 *     struct reader reader;
 *     st = reader_begin(tenants, tenant, &reader);
 *     if (st) return st;
 *     struct query query = query_on(reader.db, SQL_…);  …
 *     return reader_end(&reader, query_end(&query)); */
#ifndef TENANTS_READER_H
#define TENANTS_READER_H

#include "tenants/query.h"
#include "tenants/store.h"

struct reader {
    struct vault *vault;
    struct database *db;
};

/* ST_ABSENT: no such tenant. ST_OVERLOADED: no connection came free in time. */
enum status reader_begin(struct tenants *tenants, struct str tenant, struct reader *ret_reader);
/* Gives it back; hands `st` through. A connection that failed is closed, a file that is corrupt
 * degraded. */
enum status reader_end(struct reader *reader, enum status st);

/* Rows of one page: as many as asked for, at most limit(PAGE_ROWS), and that many for 0. */
static inline uint32_t page_rows(uint32_t count_max)
{
    return count_max > 0 && count_max < limit(PAGE_ROWS) ? count_max : limit(PAGE_ROWS);
}

#endif
