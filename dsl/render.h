/* Render: the document that a frontend draws a form from (docs/render.md): all that it must show, nothing that it should not see.
 *
 *     render_write(program, ir, &buf)      {"name":"contact","title":{"en":"Contact us"},…}
 *
 * One JSON object, compact, members always in the same order: the same form gives the same bytes. Conditions, checks, scores and lets stay
 * inside; a frontend that shows a form with `"live":true` asks the server what is relevant. */
#ifndef DSL_RENDER_H
#define DSL_RENDER_H

#include "base/buf.h"
#include "dsl/ir.h"
#include "dsl/program.h"

/* `program` has its shape. Failures stay in `out`. */
void render_write(const struct program *program, const struct ir *ir, struct buf *out);

/* By column, a bit for each: those of a list that some field's filter lets a frontend see. */
uint32_t render_columns_shown(const struct ir *ir, uint32_t list);

#endif
