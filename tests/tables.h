/* Tables: the lookup tables of a form that a test reads from a file: forms/x.form names `wards` →
 * forms/x.wards.csv, or wards.csv in the folder that the environment calls TABLES.
 *
 *     struct test_tables tables;
 *     test_tables_open(&tables, "forms/x.form");    dsl_compile_with(…, &tables.tables, …)
 *     if (tables.missing) …                         one was not there: the test cannot run
 *     test_tables_close(&tables); */
#ifndef TESTS_TABLES_H
#define TESTS_TABLES_H

#include "base/limits.h"
#include "dsl/dsl.h"

#include <stdio.h>
#include <stdlib.h>

struct test_tables {
    struct dsl_tables tables;
    const char *form;
    struct str names[LIMIT_TABLES];
    struct sheet *sheets[LIMIT_TABLES];
    uint32_t count;
    bool missing;
};

static inline struct sheet *test_tables_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    size_t room = LIMIT_TABLE_BYTES;
    char *text = malloc(room);
    size_t len = text ? fread(text, 1, room, file) : 0;
    struct sheet *sheet = NULL;
    struct sheet_fault fault = {0, ""};
    if (sheet_new(mem_heap(), (struct str){text, len}, &sheet, &fault) != ST_OK)
        fprintf(stderr, "%s:%u: %s\n", path, (unsigned)fault.line, fault.reason);
    fclose(file);
    free(text);
    return sheet;
}

static inline enum status test_tables_find(void *user, struct str name, uint32_t version,
                                           struct sheet **ret_sheet, uint32_t *ret_version)
{
    struct test_tables *tables = user;
    char path[4096];
    *ret_version = version ? version : 1;
    for (uint32_t i = 0; i < tables->count; i++) {
        *ret_sheet = tables->sheets[i];
        if (str_eq(tables->names[i], name)) return ST_OK;
    }
    const char *end = strstr(tables->form, ".form"), *folder = getenv("TABLES");
    snprintf(path, sizeof path, "%.*s.%.*s.csv", end ? (int)(end - tables->form) : 0, tables->form,
             STR_ARG(name));
    struct sheet *sheet = test_tables_read(path);
    snprintf(path, sizeof path, "%s/%.*s.csv", folder ? folder : ".", STR_ARG(name));
    if (!sheet && folder) sheet = test_tables_read(path);
    tables->missing |= !sheet;
    if (!sheet || tables->count == LIMIT_TABLES) return ST_ABSENT;
    tables->names[tables->count] = name; /* of the source, which outlives the compilation */
    tables->sheets[tables->count++] = *ret_sheet = sheet;
    return ST_OK;
}

static inline void test_tables_open(struct test_tables *tables, const char *form)
{
    *tables = (struct test_tables){.form = form};
    tables->tables = (struct dsl_tables){test_tables_find, tables};
}

static inline void test_tables_close(struct test_tables *tables)
{
    for (uint32_t i = 0; i < tables->count; i++) sheet_release(tables->sheets[i]);
    tables->count = 0;
}

#endif
