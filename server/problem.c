#include "server/problem.h"

#include <assert.h>

static const struct {
    const char *code, *title;
    unsigned status;
} problems[] = {
#define PROBLEM(name, code, status, title) [PROBLEM_##name] = {(code), (title), (status)},
#include "server/problem.def"
#undef PROBLEM
};

unsigned problem_status(enum problem problem)
{
    return problems[problem].status;
}

const char *problem_code(enum problem problem)
{
    return problems[problem].code;
}

const char *problem_title(enum problem problem)
{
    return problems[problem].title;
}

static enum problem of_status(enum status status)
{
    switch (status) {
    case ST_OK:
        break;
    case ST_INPUT:
        return PROBLEM_NOT_ACCEPTABLE_DATA;
    case ST_LIMIT:
        return PROBLEM_LIMIT_REACHED;
    case ST_DENIED:
        return PROBLEM_ROLE_INSUFFICIENT;
    case ST_ABSENT:
        return PROBLEM_NOT_FOUND;
    case ST_GONE:
        return PROBLEM_SUBMISSION_ERASED;
    case ST_CONFLICT:
        return PROBLEM_CONFLICT;
    case ST_NOMEM:
    case ST_OVERLOADED:
        return PROBLEM_OVERLOADED;
    case ST_IO:
    case ST_LOCKED:
    case ST_NEWER:
        return PROBLEM_STORAGE_FAILED;
    case ST_SYNTAX:
        return PROBLEM_JSON_MALFORMED;
    case ST_TOO_LARGE:
        return PROBLEM_TOO_LARGE;
    case ST_UNAUTHENTICATED:
        return PROBLEM_UNAUTHENTICATED;
    case ST_PRECONDITION:
        return PROBLEM_DRAFT_STALE;
    case ST_DEGRADED:
        return PROBLEM_TENANT_DEGRADED;
    case ST_TIMEOUT:
        return PROBLEM_TIMEOUT;
    case ST_FAULT:
        return PROBLEM_INTERNAL;
    case ST_FULL:
        return PROBLEM_STORAGE_FULL;
    }
    assert(status != ST_OK);
    return PROBLEM_INTERNAL;
}

enum problem problem_of(enum status status, const char *refusal_code)
{
    if (status == ST_ABSENT) return PROBLEM_NOT_FOUND;
    for (int i = PROBLEM_NONE + 1; *refusal_code && i < PROBLEM_COUNT; i++) {
        if (strcmp(problems[i].code, refusal_code) == 0) return (enum problem)i;
    }
    return of_status(status);
}
