/* Lint: what is valid and probably not meant. `formwright check` asks for it; see dsl_lint() in
 * dsl/dsl.h. */
#ifndef DSL_LINT_H
#define DSL_LINT_H

#include "base/diag.h"
#include "dsl/ir.h"

void lint_find(const struct ir *ir, struct diags *diags);

#endif
