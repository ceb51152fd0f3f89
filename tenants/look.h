/* Look: reading forms, versions and tables on a connection of whatever kind, borrowed or from outside.
 * What finds nothing is ST_ABSENT. */
#ifndef TENANTS_LOOK_H
#define TENANTS_LOOK_H

#include "tenants/query.h"
#include "tenants/tenants.h"

enum status form_list_in(struct database *db, struct str after, uint32_t rows, struct arena *arena,
                         struct form_page *ret_page);
enum status version_find_in(struct database *db, struct str form, uint32_t number, struct arena *arena,
                            struct version_record *ret_version);
enum status table_find_in(struct database *db, struct str name, uint32_t number, struct arena *arena,
                          struct table_record *ret_table);
enum status table_read_in(struct database *db, const struct digest *hash, struct arena *arena,
                          struct str *ret_csv);

#endif
