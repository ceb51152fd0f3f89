/* Beside: the lookup tables that stand beside a form: visit.form names `wards` → visit.wards.csv, or
 * wards.csv in a folder for them.
 *
 *     beside_open(&beside, &arena, "forms/visit.form", NULL);
 *     st = dsl_compile_with(mem, source, &beside.tables, …);
 *     if (beside.missing.len) …                               that file was not there
 *     beside_close(&beside);
 *
 * A file stands for every version of its table. */
#ifndef CLI_BESIDE_H
#define CLI_BESIDE_H

#include "base/limits.h"
#include "cli/command.h"
#include "dsl/dsl.h"

struct beside {
    struct dsl_tables tables;
    struct arena *arena;
    const char *form, *folder; /* `folder` NULL: none */
    struct str names[LIMIT_TABLES];
    struct sheet *sheets[LIMIT_TABLES];
    uint32_t count;
    struct str missing; /* the first table that is not there; len 0: all are */
    struct str fault;   /* a file that is no table, and why; len 0: none */
};

/* The paths and the arena outlive it. */
void beside_open(struct beside *beside, struct arena *arena, const char *form, const char *folder);
void beside_close(struct beside *beside);

/* At most `bytes_max` of a file, in the arena. False with errno: not there, cannot be read, EFBIG,
 * ENOMEM. */
bool beside_read(struct arena *arena, const char *path, size_t bytes_max, struct str *ret_text);

#endif
