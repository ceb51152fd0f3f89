/* Schema: the tables of a file, and how an older file becomes a newer one.
 *
 *     st = schema_migrate(&db, &schema_tenant);    ST_NEWER: by a newer program, and left untouched
 *
 * The version stands in the file's user_version. Steps go forward only, each in a transaction of its
 * own, so after a crash the file is at the one version or at the other. */
#ifndef TENANTS_SCHEMA_H
#define TENANTS_SCHEMA_H

#include "tenants/database.h"

#include <stddef.h>

struct migration {
    int version; /* from 1, without gaps; several lines of one version are one step */
    const char *sql;
};

struct schema {
    const struct migration *migrations;
    size_t count;
};

extern const struct schema schema_system, schema_tenant;

/* The version that this program writes. */
int schema_version(const struct schema *schema);
/* Brings the file up to date. Before the first step of an older file a copy of it is put beside it:
 * "data.db.schema-3". */
enum status schema_migrate(struct database *db, const struct schema *schema);

#endif
