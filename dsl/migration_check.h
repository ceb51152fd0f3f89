/* Migration check: what a form's migration clauses say of the form itself.
 *
 * Whether they fit the versions that they are for is seen when these are at hand: dsl_migration_new(),
 * before a form is published. */
#ifndef DSL_MIGRATION_CHECK_H
#define DSL_MIGRATION_CHECK_H

#include "dsl/checking.h"

/* After the types are known. */
void migration_check(struct checking *ck);

#endif
