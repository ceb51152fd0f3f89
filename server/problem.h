/* Problem: what the server answers when it does not do what was asked (RFC 9457), from problem.def. */
#ifndef SERVER_PROBLEM_H
#define SERVER_PROBLEM_H

#include "base/status.h"
#include "base/str.h"

enum problem {
#define PROBLEM(name, code, status, title) PROBLEM_##name,
#include "server/problem.def"
#undef PROBLEM
    PROBLEM_COUNT
};

unsigned problem_status(enum problem problem);
const char *problem_code(enum problem problem);
const char *problem_title(enum problem problem);

/* For a failed call: the refusal's code ("" for none) tells more than the status. What is absent is
 * NOT_FOUND whatever it was, so that nobody learns which part of a path exists. Never PROBLEM_NONE. */
enum problem problem_of(enum status status, const char *refusal_code);

#endif
