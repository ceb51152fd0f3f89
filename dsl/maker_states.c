/* The states of a pattern: an NFA by Thompson's construction, then a DFA over symbols by subsets. */
#include "dsl/maker.h"

#include "base/hash.h"
#include "base/limits.h"

#include <string.h>

enum { RAW_STATES_MAX = 4 * limit(PATTERN_STATES) };

/* ---- NFA */

static enum status nfa_add(struct maker *maker, struct nfa_state state, uint32_t *ret_state)
{
    if (maker->nfa_count == maker->nfa_room) {
        uint32_t room = maker->nfa_room ? maker->nfa_room * 2 : 64;
        struct nfa_state *nfa =
            arena_grow(maker->scratch, maker->nfa, maker->nfa_room, room, sizeof *nfa);
        if (!nfa) return maker_no_room(maker->scratch);
        maker->nfa = nfa;
        maker->nfa_room = room;
    }
    maker->nfa[maker->nfa_count] = state;
    *ret_state = maker->nfa_count++;
    return maker_spend(maker, 1);
}

static enum status nfa_build(struct maker *maker, const struct pattern *pattern, uint32_t out,
                             uint32_t *ret_start);

/* The last sibling is built first, since each must know what follows it. Recursion is bounded by
 * PATTERN_BYTES. */
static enum status nfa_sequence(struct maker *maker, const struct pattern *first, uint32_t out,
                                uint32_t *ret_start)
{
    *ret_start = out;
    if (!first) return ST_OK;
    enum status st = nfa_sequence(maker, first->next, out, &out);
    return st ? st : nfa_build(maker, first, out, ret_start);
}

static enum status nfa_choice(struct maker *maker, const struct pattern *first, uint32_t out,
                              uint32_t *ret_start)
{
    enum status st = nfa_build(maker, first, out, ret_start);
    for (const struct pattern *branch = first->next; !st && branch; branch = branch->next) {
        uint32_t start;
        st = nfa_build(maker, branch, out, &start);
        if (!st) st = nfa_add(maker, (struct nfa_state){NULL, *ret_start, start}, ret_start);
    }
    return st;
}

/* A fork into the child, which leads back to it, or onwards. */
static enum status nfa_star(struct maker *maker, const struct pattern *child, uint32_t out,
                            uint32_t *ret_start)
{
    uint32_t fork, start;
    enum status st = nfa_add(maker, (struct nfa_state){NULL, out, NO_STATE}, &fork);
    if (!st) st = nfa_build(maker, child, fork, &start);
    if (st) return st;
    maker->nfa[fork].other = start;
    *ret_start = fork;
    return ST_OK;
}

static enum status nfa_repeat(struct maker *maker, const struct pattern *pattern, uint32_t out,
                              uint32_t *ret_start)
{
    enum status st = ST_OK;
    uint32_t start = out;
    if (pattern->max < 0) st = nfa_star(maker, pattern->first, out, &start);
    for (int32_t i = pattern->min; !st && i < pattern->max; i++) {
        st = nfa_build(maker, pattern->first, start, &start);
        if (!st) st = nfa_add(maker, (struct nfa_state){NULL, start, out}, &start);
    }
    for (int32_t i = 0; !st && i < pattern->min; i++)
        st = nfa_build(maker, pattern->first, start, &start);
    *ret_start = start;
    return st;
}

static enum status nfa_build(struct maker *maker, const struct pattern *pattern, uint32_t out,
                             uint32_t *ret_start)
{
    switch (pattern->kind) {
    case PATTERN_EMPTY:
        *ret_start = out;
        return ST_OK;
    case PATTERN_CLASS:
        return nfa_add(maker, (struct nfa_state){pattern, out, NO_STATE}, ret_start);
    case PATTERN_SEQUENCE:
        return nfa_sequence(maker, pattern->first, out, ret_start);
    case PATTERN_CHOICE:
        return nfa_choice(maker, pattern->first, out, ret_start);
    case PATTERN_REPEAT:
        break;
    }
    return nfa_repeat(maker, pattern, out, ret_start);
}

/* ---- subsets */

/* Sets under construction: marks[] holds the number of the set that a state was put in last. */
struct subset {
    struct numbers states; /* classes and the end, forks followed through */
    struct numbers stack;
    uint32_t *marks;
    uint32_t mark;
};

static enum status subset_add(struct maker *maker, struct subset *subset, uint32_t state)
{
    subset->stack.count = 0;
    enum status st = maker_add(maker, &subset->stack, state);
    while (!st && subset->stack.count) {
        state = subset->stack.items[--subset->stack.count];
        if (state == NO_STATE || subset->marks[state] == subset->mark) continue;
        subset->marks[state] = subset->mark;
        st = maker_spend(maker, 1);
        const struct nfa_state *nfa = &maker->nfa[state];
        bool fork = !nfa->class && nfa->out != NO_STATE;
        if (!st && !fork) st = maker_add(maker, &subset->states, state);
        if (!st && fork) st = maker_add(maker, &subset->stack, nfa->other);
        if (!st && fork) st = maker_add(maker, &subset->stack, nfa->out);
    }
    return st;
}

static void sift_down(uint32_t *items, uint32_t at, uint32_t count)
{
    for (uint32_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && items[child + 1] > items[child]) child++;
        if (items[at] >= items[child]) return;
        uint32_t swap = items[at];
        items[at] = items[child];
        items[child] = swap;
    }
}

/* One order for each set, so that equal sets are found equal. */
static void sort_numbers(uint32_t *items, uint32_t count)
{
    for (uint32_t i = count / 2; i-- > 0;) sift_down(items, i, count);
    for (uint32_t end = count; end-- > 1;) {
        uint32_t swap = items[0];
        items[0] = items[end];
        items[end] = swap;
        sift_down(items, 0, end);
    }
}

static uint32_t hash_of_set(const uint32_t *items, uint32_t count)
{
    return (uint32_t)hash_bytes((struct str){(const char *)items, count * sizeof *items}, 1);
}

static enum status grow_hashes(struct maker *maker)
{
    uint32_t size = maker->hash_mask ? (maker->hash_mask + 1) * 2 : 256;
    maker->hashes.items = ARENA_ARRAY(maker->scratch, uint32_t, size);
    if (!maker->hashes.items) return maker_no_room(maker->scratch);
    maker->hash_mask = size - 1;
    for (uint32_t state = 0; state < maker->state_count; state++) {
        uint32_t begin = maker->begins.items[state], end = maker->begins.items[state + 1];
        uint32_t at = hash_of_set(maker->sets.items + begin, end - begin) & maker->hash_mask;
        while (maker->hashes.items[at]) at = (at + 1) & maker->hash_mask;
        maker->hashes.items[at] = state + 1;
    }
    return ST_OK;
}

/* The state of the set, or where in `hashes` it belongs. */
static uint32_t find_set(const struct maker *maker, const struct numbers *set, uint32_t *ret_at)
{
    uint32_t at = hash_of_set(set->items, set->count) & maker->hash_mask;
    for (; maker->hashes.items[at]; at = (at + 1) & maker->hash_mask) {
        uint32_t state = maker->hashes.items[at] - 1;
        uint32_t begin = maker->begins.items[state], count = maker->begins.items[state + 1] - begin;
        if (count != set->count) continue;
        if (count == 0 ||
            memcmp(maker->sets.items + begin, set->items, count * sizeof *set->items) == 0)
            return state;
    }
    *ret_at = at;
    return NO_STATE;
}

static enum status add_set(struct maker *maker, const struct numbers *set, uint32_t *ret_state)
{
    enum status st =
        maker_spend(maker, 4 * (uint64_t)maker->symbol_count); /* memory is what this counts */
    bool accepts = false;
    for (uint32_t i = 0; !st && i < set->count; i++) {
        accepts |= !maker->nfa[set->items[i]].class;
        st = maker_add(maker, &maker->sets, set->items[i]);
    }
    if (!st) st = maker_add(maker, &maker->begins, maker->sets.count);
    for (uint32_t i = 0; !st && i < maker->symbol_count; i++)
        st = maker_add(maker, &maker->next, DFA_DEAD);
    if (st) return st;
    maker->accepts[maker->state_count] = accepts;
    *ret_state = maker->state_count++;
    return ST_OK;
}

static enum status state_of_set(struct maker *maker, struct numbers *set, uint32_t *ret_state)
{
    if (set->count) sort_numbers(set->items, set->count);
    enum status st = maker_spend(maker, 4 * (uint64_t)set->count + 4);
    if (!st && 2 * maker->state_count >= maker->hash_mask) st = grow_hashes(maker);
    if (st) return st;
    uint32_t at;
    uint32_t state = find_set(maker, set, &at);
    if (state == NO_STATE) {
        if (maker->state_count == RAW_STATES_MAX) return ST_CONFLICT;
        st = add_set(maker, set, &state);
        if (st) return st;
        maker->hashes.items[at] = state + 1;
    }
    *ret_state = state;
    return ST_OK;
}

/* The symbols of a class, found once for each class. */
struct class_symbols {
    struct numbers symbols; /* of all classes, one after the other */
    uint32_t *begins; /* [nfa state of the class] and its end beside it: [2 * state], [2 * state + 1] */
};

/* The last symbol seen in each class, so that none is listed twice. */
static enum status list_symbols(struct maker *maker, const struct pattern *class, uint32_t mark,
                                uint32_t *marks, struct numbers *ret_symbols)
{
    enum status st = ST_OK;
    for (uint32_t i = 0; !st && i < class->range_count; i++) {
        uint32_t at = maker_interval_at(maker, class->ranges[i].from),
                 past = maker_interval_past(maker, class->ranges[i].to);
        st = maker_spend(maker, past - at + 8);
        for (; !st && at < past; at++) {
            uint16_t symbol = maker->intervals[at].symbol;
            if (marks[symbol] == mark) continue;
            marks[symbol] = mark;
            st = maker_add(maker, ret_symbols, symbol);
        }
    }
    return st;
}

/* Copies that a repetition made are beside one another; their list is shared when the class is the one
 * just listed. */
static enum status find_class_symbols(struct maker *maker, struct class_symbols *ret)
{
    uint32_t *marks = ARENA_ARRAY(maker->scratch, uint32_t, maker->symbol_count + 1);
    ret->begins = ARENA_ARRAY(maker->scratch, uint32_t, 2 * (size_t)maker->nfa_count);
    if (!marks || !ret->begins) return maker_no_room(maker->scratch);
    const struct pattern *last = NULL;
    uint32_t last_state = 0;
    enum status st = ST_OK;
    for (uint32_t state = 0; !st && state < maker->nfa_count; state++) {
        const struct pattern *class = maker->nfa[state].class;
        if (!class) continue;
        uint32_t *begin = &ret->begins[2 * state];
        begin[0] = ret->symbols.count;
        if (class == last) begin[0] = ret->begins[2 * last_state];
        else st = list_symbols(maker, class, state + 1, marks, &ret->symbols);
        begin[1] = class == last ? ret->begins[2 * last_state + 1] : ret->symbols.count;
        last = class;
        last_state = state;
    }
    return st;
}

/* All moves of one state, symbol by symbol: targets are dealt to their symbols first. */
struct moves {
    struct numbers *targets; /* [symbol]: NFA states */
};

static enum status deal_targets(struct maker *maker, uint32_t state,
                                const struct class_symbols *classes, struct moves *moves)
{
    enum status st = ST_OK;
    for (uint32_t i = maker->begins.items[state]; !st && i < maker->begins.items[state + 1]; i++) {
        uint32_t nfa = maker->sets.items[i];
        if (!maker->nfa[nfa].class) continue;
        uint32_t begin = classes->begins[2 * nfa], end = classes->begins[2 * nfa + 1];
        st = maker_spend(maker, end - begin);
        for (uint32_t k = begin; !st && k < end; k++)
            st = maker_add(maker, &moves->targets[classes->symbols.items[k]], maker->nfa[nfa].out);
    }
    return st;
}

static enum status find_moves(struct maker *maker, uint32_t state, struct moves *moves,
                              struct subset *subset)
{
    enum status st = ST_OK;
    for (uint32_t symbol = 0; !st && symbol < maker->symbol_count; symbol++) {
        struct numbers *targets = &moves->targets[symbol];
        subset->mark++;
        subset->states.count = 0;
        for (uint32_t i = 0; !st && i < targets->count; i++)
            st = subset_add(maker, subset, targets->items[i]);
        targets->count = 0;
        uint32_t to = DFA_DEAD;
        if (!st) st = state_of_set(maker, &subset->states, &to);
        if (!st) maker->next.items[state * maker->symbol_count + symbol] = to;
    }
    return st;
}

static enum status make_subsets(struct maker *maker, uint32_t start)
{
    struct subset subset = {.marks = ARENA_ARRAY(maker->scratch, uint32_t, maker->nfa_count)};
    struct moves moves = {ARENA_ARRAY(maker->scratch, struct numbers, maker->symbol_count + 1)};
    maker->accepts = arena_alloc(maker->scratch, RAW_STATES_MAX); /* written as states come to be */
    if (!subset.marks || !moves.targets || !maker->accepts) return maker_no_room(maker->scratch);
    struct class_symbols classes = {0};
    enum status st = find_class_symbols(maker, &classes);
    if (!st) st = maker_add(maker, &maker->begins, 0);
    uint32_t state = DFA_DEAD;
    if (!st) st = state_of_set(maker, &subset.states, &state); /* the empty set */
    subset.mark = 1;
    if (!st) st = subset_add(maker, &subset, start);
    if (!st) st = state_of_set(maker, &subset.states, &state);
    for (state = DFA_START; !st && state < maker->state_count; state++) {
        st = deal_targets(maker, state, &classes, &moves);
        if (!st) st = find_moves(maker, state, &moves, &subset);
    }
    return st;
}

enum status maker_states(struct maker *maker, const struct pattern *pattern)
{
    uint32_t end, start;
    enum status st = nfa_add(maker, (struct nfa_state){NULL, NO_STATE, NO_STATE}, &end);
    if (!st) st = nfa_build(maker, pattern, end, &start);
    if (!st) st = make_subsets(maker, start);
    return st;
}
