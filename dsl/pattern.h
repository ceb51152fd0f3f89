/* Pattern: an I-Regexp (RFC 9485), read strictly.
 *
 *     pattern_parse(arena, STR("[A-Z]{2}[0-9]{6}"), &pattern, &fault)
 *     ST_INPUT: fault says where and why: "\d" is none of I-Regexp's escapes, write [0-9]
 *
 * A pattern always stands for the whole text. `^` and `$` where they would be anchors elsewhere are
 * refused, though I-Regexp takes them for plain characters: nobody means that. automaton.c makes tables
 * of patterns. */
#ifndef DSL_PATTERN_H
#define DSL_PATTERN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"
#include "base/str.h"
#include "dsl/category.h"

#include <stdbool.h>
#include <stdint.h>

/* Code points from..to. */
struct pattern_range {
    uint32_t from, to;
};

enum pattern_kind {
    PATTERN_EMPTY,
    PATTERN_CLASS,    /* one code point of ranges[] */
    PATTERN_SEQUENCE, /* first and its siblings, one after the other */
    PATTERN_CHOICE,   /* one of first and its siblings */
    PATTERN_REPEAT,   /* first, min to max times; max -1: without end */
};

struct pattern {
    enum pattern_kind kind;
    struct pattern *first, *next; /* first child; next sibling */
    struct pattern_range *ranges; /* sorted, apart, no surrogates; may be none */
    uint32_t range_count;
    int32_t min, max;
};

struct pattern_fault {
    uint32_t offset, len; /* bytes of the pattern */
    const char *code;     /* a diagnostic's: "E0171" */
    struct str message;   /* in the arena */
    const char *hint;     /* static, or NULL */
};

/* *ret_pattern lives in `arena`. ST_INPUT: *reterr_fault is set. ST_LIMIT, ST_NOMEM: the arena is full.
 * `text` must be UTF-8. */
MUST_USE enum status pattern_parse(struct arena *arena, struct categories *categories, struct str text,
                                   const struct pattern **ret_pattern,
                                   struct pattern_fault *reterr_fault);

/* The same pattern in RE2's syntax, for a match of the whole text. */
void pattern_put_re2(struct buf *out, const struct pattern *pattern);

#endif
