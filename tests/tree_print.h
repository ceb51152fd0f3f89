/* Tree print: a tree (dsl/tree.h) as one S-expression, so a test can compare it with what it should be.
 *
 *     (form f "F" (field age integer "Age" (required) (min (+ a 1))))
 *
 * What is missing is left out; a hole is `?`. */
#ifndef TESTS_TREE_PRINT_H
#define TESTS_TREE_PRINT_H

#include "base/buf.h"
#include "dsl/tree.h"

void tree_print(const struct tree *tree, struct buf *out);
void tree_print_expr(const struct expr *expr, struct buf *out);

#endif
