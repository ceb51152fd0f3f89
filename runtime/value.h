/* Value: what is in a slot, written down. */
#ifndef RUNTIME_VALUE_H
#define RUNTIME_VALUE_H

#include "base/buf.h"
#include "runtime/answers.h"

/* What a value of an exact kind lies within, both included. CHOICE: an option's number. CHOICES: 0 to
 * the number of options. */
struct value_range {
    int64_t low, high;
};
struct value_range value_range(const struct program *program, const struct program_node *node);

/* The option at `index` of a ranking, from 0. */
static inline uint32_t ranked_option(const char *ranking, size_t index)
{
    const unsigned char *at = (const unsigned char *)ranking + index * RANKED_BYTES;
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}
static inline void ranked_put(char *at, uint32_t option)
{
    for (int i = RANKED_BYTES - 1; i >= 0; i--, option >>= 8) at[i] = (char)(option & 0xff);
}

/* As JSON, in its one normal form: exact numbers with digits after the point as strings with exactly
 * those, dates and times as RFC 3339 has them, wall times as RFC 9557, a choice as its code. `slot` is
 * set and need be none of the answers. */
void value_put_json(const struct answers *answers, const struct plan_node *node,
                    const struct slot *slot, struct buf *out);
/* For people, in a language of the form, as `part` wants it shown; a choice by its label. `slot` is
 * set.
 */
void value_put_text(const struct answers *answers, const struct plan_node *node,
                    const struct slot *slot, uint32_t language, const struct program_part *part,
                    struct buf *out);

#endif
