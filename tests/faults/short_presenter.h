/* Presents a version by how long it is: what is derived and kept of one where only whether it can be is
 * looked at.
 *
 *     bench_begin(&bench, &presenter); */
#ifndef TESTS_FAULTS_SHORT_PRESENTER_H
#define TESTS_FAULTS_SHORT_PRESENTER_H

#include "engine/engine.h"
#include "tests/test.h"

static enum status derive(struct str render, struct buf *out)
{
    buf_printf(out, "of %zu bytes", render.len);
    return out->failure;
}

static enum status present(const struct definition *definition, struct str render,
                           const struct str *derived, void **ret_kept, size_t *ret_bytes)
{
    static int kept;
    CHECK(definition->number > 0 && render.len > 0 && str_starts(derived[0], STR("of ")));
    *ret_kept = &kept;
    *ret_bytes = 100;
    return ST_OK;
}

static void discard(void *kept)
{
    CHECK(kept != NULL);
}

static const struct derivation derivation = {"short", derive};
static const struct presenter presenter = {&derivation, 1, present, discard};

#endif
