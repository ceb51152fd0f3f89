#include "dsl/pattern_list.h"

#include "base/limits.h"
#include "dsl/pattern.h"

/* Where in the source byte `offset` of the pattern stands, if the text has no escapes. */
static struct span span_inside(const struct checking *ck, struct span text, struct str pattern,
                               const struct pattern_fault *fault)
{
    struct str source = ck->tree->source;
    bool plain = text.len == pattern.len + 2 && text.offset + text.len <= source.len &&
                 str_eq((struct str){source.ptr + text.offset + 1, pattern.len}, pattern);
    return plain ? (struct span){text.offset + 1 + fault->offset, fault->len} : text;
}

static bool is_readable(struct checking *ck, struct str text, struct span span)
{
    if (text.len > limit(PATTERN_BYTES)) {
        complain(ck, "E0318", span, NULL, "a pattern has at most %d bytes, this one has %zu",
                 limit(PATTERN_BYTES), text.len);
        return false;
    }
    const struct pattern *pattern;
    struct pattern_fault fault;
    enum status st = pattern_parse(ck->arena, &ck->categories, text, &pattern, &fault);
    if (st == ST_OK) return true;
    if (st != ST_INPUT) ck->failure = ck->failure ? ck->failure : st;
    else
        complain(ck, fault.code, span_inside(ck, span, text, &fault), fault.hint, "%.*s",
                 STR_ARG(fault.message));
    return false;
}

static bool make_room(struct checking *ck)
{
    struct ir *ir = ck->ir;
    if (ir->pattern_count < ck->pattern_capacity) return true;
    uint32_t capacity = ck->pattern_capacity ? ck->pattern_capacity * 2 : 16;
    struct str *grown = CHECKING_ARRAY(ck, struct str, capacity);
    if (!grown) return false;
    for (uint32_t i = 0; i < ir->pattern_count; i++) grown[i] = ir->patterns[i];
    ir->patterns = grown;
    ck->pattern_capacity = capacity;
    return true;
}

uint32_t pattern_list_add(struct checking *ck, struct str pattern, struct span span)
{
    uint32_t known = symbol_find(&ck->symbols, SYMBOL_SPACE(SYMBOL_PATTERN, 0), pattern);
    if (known != SYMBOL_ABSENT) return known;
    if (!is_readable(ck, pattern, span) || !make_room(ck)) return IR_NONE;
    uint32_t index = ck->ir->pattern_count;
    checking_put(ck, SYMBOL_SPACE(SYMBOL_PATTERN, 0), pattern, index);
    ck->ir->patterns[ck->ir->pattern_count++] = pattern;
    return index;
}
