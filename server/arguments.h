/* Arguments: the query of a target, held against what its route knows (param.def).
 *
 *     arguments_read(query, route, arena, &arguments, &detail)     PROBLEM_NONE
 *     arguments_get(&arguments, "limit")                           STR("20"), or empty
 *
 * Strict: an unknown or repeated name is refused, so that a misspelt filter never silently lists
 * everything. '+' is a plus, as RFC 3986 has it. */
#ifndef SERVER_ARGUMENTS_H
#define SERVER_ARGUMENTS_H

#include "base/arena.h"
#include "base/limits.h"
#include "base/str.h"
#include "server/problem.h"
#include "server/route.h"

enum { ARGUMENTS_MAX = 8 + LIMIT_FILTERS };

struct arguments {
    struct argument {
        const char *name; /* of param.def */
        struct str deep;  /* of filter[total][gte]: "[total][gte]"; else empty */
        struct str value; /* decoded, in the arena, as is `deep` */
    } items[ARGUMENTS_MAX];
    uint32_t count;
};

/* *reterr_detail: a sentence, static or in the arena. */
enum problem arguments_read(struct str query, const struct route *route, struct arena *arena,
                            struct arguments *ret_arguments, struct str *reterr_detail);
/* ptr NULL: not given. */
struct str arguments_get(const struct arguments *arguments, const char *name);

#endif
