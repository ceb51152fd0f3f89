/* Judge: what one thread keeps between judgings, and the last one's result. Inside of runtime/ only. */
#ifndef RUNTIME_JUDGE_H
#define RUNTIME_JUDGE_H

#include "base/limits.h"
#include "runtime/pool.h"

struct judge {
    struct mem *mem;
    struct arena arena; /* of the last judging */
    struct pool pool;
    struct plan_holds holds;
    struct world *at; /* the world of the judging under way; then NULL or the pool's newest */

    struct judging judging;
    struct world *world; /* NULL: there is no verdict */
    uint32_t language;   /* index into program->languages */
    struct answers answers;
    struct finding *errors; /* in document order, the first limit(ERRORS) */
    struct judge_outcome outcome;
};

#endif
