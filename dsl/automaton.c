#include "dsl/automaton.h"

#include "base/hash.h"
#include "base/limits.h"

#include <assert.h>
#include <string.h>

enum { CODES = 0x110000, NO_SYMBOL = UINT16_MAX, RAW_STATES_MAX = 4 * limit(PATTERN_STATES) };

#define NO_STATE UINT32_MAX

/* ST_OK goes on, ST_CONFLICT: a cap was reached and there will be no table; ST_LIMIT, ST_NOMEM as ever.
 */

/* A part of all code points that no class of the pattern tells apart from the next one in it. */
struct interval {
    uint32_t from;
    uint16_t symbol; /* NO_SYMBOL: surrogates and what no class holds */
};

/* An NFA state: a class that leads to `out`, or a fork without input, or (out NO_STATE) the end. */
struct nfa_state {
    const struct pattern *class; /* NULL: a fork */
    uint32_t out, other;         /* a fork with one way has other NO_STATE */
};

/* Growing numbers in the scratch arena. */
struct numbers {
    uint32_t *items;
    uint32_t count, room;
};

struct maker {
    struct arena *scratch;
    struct automaton_budget *budget;
    /* symbols */
    struct interval *intervals;
    uint32_t interval_count;
    uint32_t symbol_count;
    struct numbers cuts;
    /* NFA */
    struct nfa_state *nfa;
    uint32_t nfa_count, nfa_room;
    /* DFA over symbols: state 0 is dead, 1 the start */
    struct numbers next;   /* [state * symbol_count + symbol] */
    struct numbers sets;   /* NFA states of all DFA states, one after the other */
    struct numbers begins; /* [state]: into sets; one entry more than states */
    struct numbers hashes; /* open addressing: state + 1 */
    uint32_t hash_mask;
    uint8_t *accepts; /* [state] */
    uint32_t state_count;
};

static enum status out_of_room(const struct arena *arena)
{
    return arena->refused ? ST_LIMIT : ST_NOMEM;
}

static enum status spend(struct maker *maker, uint64_t steps)
{
    if (maker->budget->work < steps) {
        maker->budget->work = 0;
        return ST_CONFLICT;
    }
    maker->budget->work -= steps;
    return ST_OK;
}

static enum status numbers_add(struct maker *maker, struct numbers *list, uint32_t number)
{
    if (list->count == list->room) {
        uint32_t room = list->room ? list->room * 2 : 64;
        uint32_t *items = arena_grow(maker->scratch, list->items, list->room, room, sizeof *items);
        if (!items) return out_of_room(maker->scratch);
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = number;
    return ST_OK;
}

/* ---- symbols: code points that no class tells apart */

/* Where classes begin and end. */
static enum status collect_cuts(struct maker *maker, const struct pattern *pattern)
{
    enum status st = spend(maker, 1 + (uint64_t)pattern->range_count);
    for (uint32_t i = 0; !st && i < pattern->range_count; i++) {
        st = numbers_add(maker, &maker->cuts, pattern->ranges[i].from);
        if (!st) st = numbers_add(maker, &maker->cuts, pattern->ranges[i].to + 1);
    }
    for (const struct pattern *child = pattern->first; !st && child; child = child->next)
        st = collect_cuts(maker, child);
    return st;
}

static void sort_few(uint32_t *items, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        uint32_t item = items[i], at = i;
        for (; at > 0 && items[at - 1] > item; at--) items[at] = items[at - 1];
        items[at] = item;
    }
}

/* Radix sort, 11 bits at a time: cuts are at most 0x110000. Most patterns have but a few. */
static enum status sort_cuts(struct maker *maker)
{
    enum { FEW = 64 };
    uint32_t count = maker->cuts.count;
    if (count <= FEW) {
        sort_few(maker->cuts.items, count);
        return ST_OK;
    }
    uint32_t *other = ARENA_ARRAY(maker->scratch, uint32_t, count + 1);
    if (!other) return out_of_room(maker->scratch);
    for (unsigned shift = 0; shift < 22; shift += 11) {
        uint32_t starts[2049] = {0};
        for (uint32_t i = 0; i < count; i++) starts[(maker->cuts.items[i] >> shift & 2047) + 1]++;
        for (uint32_t i = 0; i < 2048; i++) starts[i + 1] += starts[i];
        for (uint32_t i = 0; i < count; i++) {
            uint32_t cut = maker->cuts.items[i];
            other[starts[cut >> shift & 2047]++] = cut;
        }
        if (count) memcpy(maker->cuts.items, other, count * sizeof *other);
    }
    return ST_OK;
}

static enum status make_intervals(struct maker *maker, const struct pattern *pattern)
{
    enum status st = numbers_add(maker, &maker->cuts, 0);
    if (!st) st = collect_cuts(maker, pattern);
    if (!st) st = sort_cuts(maker);
    if (st) return st;
    maker->intervals = ARENA_ARRAY(maker->scratch, struct interval, maker->cuts.count);
    if (!maker->intervals) return out_of_room(maker->scratch);
    for (uint32_t i = 0; i < maker->cuts.count; i++) {
        uint32_t cut = maker->cuts.items[i];
        if (cut >= CODES || (i > 0 && cut == maker->cuts.items[i - 1])) continue;
        maker->intervals[maker->interval_count++] = (struct interval){cut, 0};
    }
    return ST_OK;
}

/* The interval that begins at `code`, which is one of the cuts. */
static uint32_t interval_at(const struct maker *maker, uint32_t code)
{
    uint32_t low = 0, high = maker->interval_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (maker->intervals[middle].from <= code) low = middle;
        else high = middle;
    }
    return low;
}

/* The first interval past a range that ends in `to`. */
static uint32_t interval_past(const struct maker *maker, uint32_t to)
{
    return to + 1 >= CODES ? maker->interval_count : interval_at(maker, to + 1);
}

/* Splits every symbol in the part inside the class and the part outside. Symbol 0 stays "in no class so
 * far". `twins` maps a symbol to its part inside. */
static enum status refine_by_class(struct maker *maker, const struct pattern *class, uint16_t *twins)
{
    memset(twins, 0, (maker->interval_count + 1) * sizeof *twins);
    uint32_t symbols = maker->symbol_count;
    for (uint32_t i = 0; i < class->range_count; i++) {
        uint32_t at = interval_at(maker, class->ranges[i].from),
                 past = interval_past(maker, class->ranges[i].to);
        enum status st = spend(maker, past - at + 8);
        if (st) return st;
        for (; at < past; at++) {
            uint16_t *symbol = &maker->intervals[at].symbol;
            if (!twins[*symbol]) twins[*symbol] = (uint16_t)symbols++;
            *symbol = twins[*symbol];
        }
    }
    maker->symbol_count = symbols;
    return symbols < NO_SYMBOL ? ST_OK : ST_CONFLICT;
}

/* Numbers symbols from 0 in order of their first code point; symbol 0 of refinement, outside all
 * classes, is none. */
static void renumber_symbols(struct maker *maker, uint16_t *numbers)
{
    memset(numbers, 0xff, maker->symbol_count * sizeof *numbers);
    uint32_t count = 0;
    for (uint32_t i = 0; i < maker->interval_count; i++) {
        uint16_t *symbol = &maker->intervals[i].symbol;
        if (*symbol != 0 && numbers[*symbol] == NO_SYMBOL) numbers[*symbol] = (uint16_t)count++;
        *symbol = numbers[*symbol];
    }
    maker->symbol_count = count;
}

static enum status refine_by_pattern(struct maker *maker, const struct pattern *pattern,
                                     uint16_t *twins)
{
    enum status st = ST_OK;
    /* A refinement leaves holes; with few classes they do not matter, with many they are closed. */
    if (maker->symbol_count > maker->interval_count) {
        st = spend(maker, maker->interval_count);
        renumber_symbols(maker, twins);
        for (uint32_t i = 0; i < maker->interval_count; i++) maker->intervals[i].symbol++;
        maker->symbol_count++;
    }
    if (!st && pattern->kind == PATTERN_CLASS) st = refine_by_class(maker, pattern, twins);
    for (const struct pattern *child = pattern->first; !st && child; child = child->next)
        st = refine_by_pattern(maker, child, twins);
    return st;
}

static enum status make_symbols(struct maker *maker, const struct pattern *pattern)
{
    enum status st = make_intervals(maker, pattern);
    if (st) return st;
    if (maker->interval_count >= NO_SYMBOL / 4) return ST_CONFLICT;
    uint16_t *twins = ARENA_ARRAY(maker->scratch, uint16_t, 4 * (size_t)maker->interval_count + 4);
    if (!twins) return out_of_room(maker->scratch);
    maker->symbol_count = 1;
    st = refine_by_pattern(maker, pattern, twins);
    if (!st) renumber_symbols(maker, twins);
    return st;
}

/* ---- NFA */

static enum status nfa_add(struct maker *maker, struct nfa_state state, uint32_t *ret_state)
{
    if (maker->nfa_count == maker->nfa_room) {
        uint32_t room = maker->nfa_room ? maker->nfa_room * 2 : 64;
        struct nfa_state *nfa =
            arena_grow(maker->scratch, maker->nfa, maker->nfa_room, room, sizeof *nfa);
        if (!nfa) return out_of_room(maker->scratch);
        maker->nfa = nfa;
        maker->nfa_room = room;
    }
    maker->nfa[maker->nfa_count] = state;
    *ret_state = maker->nfa_count++;
    return spend(maker, 1);
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
    enum status st = numbers_add(maker, &subset->stack, state);
    while (!st && subset->stack.count) {
        state = subset->stack.items[--subset->stack.count];
        if (state == NO_STATE || subset->marks[state] == subset->mark) continue;
        subset->marks[state] = subset->mark;
        st = spend(maker, 1);
        const struct nfa_state *nfa = &maker->nfa[state];
        bool fork = !nfa->class && nfa->out != NO_STATE;
        if (!st && !fork) st = numbers_add(maker, &subset->states, state);
        if (!st && fork) st = numbers_add(maker, &subset->stack, nfa->other);
        if (!st && fork) st = numbers_add(maker, &subset->stack, nfa->out);
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
    if (!maker->hashes.items) return out_of_room(maker->scratch);
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
    enum status st = spend(maker, 4 * (uint64_t)maker->symbol_count); /* memory is what this counts */
    bool accepts = false;
    for (uint32_t i = 0; !st && i < set->count; i++) {
        accepts |= !maker->nfa[set->items[i]].class;
        st = numbers_add(maker, &maker->sets, set->items[i]);
    }
    if (!st) st = numbers_add(maker, &maker->begins, maker->sets.count);
    for (uint32_t i = 0; !st && i < maker->symbol_count; i++)
        st = numbers_add(maker, &maker->next, DFA_DEAD);
    if (st) return st;
    maker->accepts[maker->state_count] = accepts;
    *ret_state = maker->state_count++;
    return ST_OK;
}

static enum status state_of_set(struct maker *maker, struct numbers *set, uint32_t *ret_state)
{
    if (set->count) sort_numbers(set->items, set->count);
    enum status st = spend(maker, 4 * (uint64_t)set->count + 4);
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
        uint32_t at = interval_at(maker, class->ranges[i].from),
                 past = interval_past(maker, class->ranges[i].to);
        st = spend(maker, past - at + 8);
        for (; !st && at < past; at++) {
            uint16_t symbol = maker->intervals[at].symbol;
            if (marks[symbol] == mark) continue;
            marks[symbol] = mark;
            st = numbers_add(maker, ret_symbols, symbol);
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
    if (!marks || !ret->begins) return out_of_room(maker->scratch);
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
        st = spend(maker, end - begin);
        for (uint32_t k = begin; !st && k < end; k++)
            st = numbers_add(maker, &moves->targets[classes->symbols.items[k]], maker->nfa[nfa].out);
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
    if (!subset.marks || !moves.targets || !maker->accepts) return out_of_room(maker->scratch);
    struct class_symbols classes = {0};
    enum status st = find_class_symbols(maker, &classes);
    if (!st) st = numbers_add(maker, &maker->begins, 0);
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

/* ---- minimisation (Hopcroft) */

/* Blocks of states as ranges of one permutation. */
struct partition {
    uint32_t *states;        /* [position] */
    uint32_t *positions;     /* [state] */
    uint32_t *blocks;        /* [state] */
    uint32_t *begins, *ends; /* [block] */
    uint32_t *marked;        /* [block]: how many of its states, at its beginning, are marked */
    uint32_t count;
};

/* Which states lead to a state by a symbol: sources[begins[symbol * states + state] …]. */
struct inverse {
    uint32_t *begins, *sources;
};

static enum status make_inverse(struct maker *maker, struct inverse *ret)
{
    uint32_t states = maker->state_count, symbols = maker->symbol_count;
    size_t cells = (size_t)states * symbols;
    ret->begins = ARENA_ARRAY(maker->scratch, uint32_t, cells + 2);
    ret->sources = ARENA_ARRAY(maker->scratch, uint32_t, cells + 1);
    if (!ret->begins || !ret->sources) return out_of_room(maker->scratch);
    uint32_t *ends = ret->begins +
                     1; /* filling moves each beginning to its end, which is the next one's beginning */
    for (size_t i = 0; i < cells; i++) ends[(i % symbols) * states + maker->next.items[i] + 1]++;
    for (size_t i = 1; i <= cells; i++) ends[i] += ends[i - 1];
    for (size_t i = 0; i < cells; i++) {
        size_t key = (i % symbols) * states + maker->next.items[i];
        ret->sources[ends[key]++] = (uint32_t)(i / symbols);
    }
    return spend(maker, 4 * cells);
}

static enum status partition_new(struct maker *maker, struct partition *ret)
{
    uint32_t count = maker->state_count;
    uint32_t **arrays[] = {&ret->states, &ret->positions, &ret->blocks,
                           &ret->begins, &ret->ends,      &ret->marked};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) {
        *arrays[i] = ARENA_ARRAY(maker->scratch, uint32_t, count + 1);
        if (!*arrays[i]) return out_of_room(maker->scratch);
    }
    for (uint32_t i = 0; i < count; i++) ret->states[i] = ret->positions[i] = i;
    ret->ends[0] = count;
    ret->count = 1;
    return ST_OK;
}

static void partition_mark(struct partition *partition, uint32_t state, struct numbers *touched)
{
    uint32_t block = partition->blocks[state];
    uint32_t to = partition->begins[block] + partition->marked[block],
             from = partition->positions[state];
    if (from < to) return; /* marked already */
    if (partition->marked[block]++ == 0) touched->items[touched->count++] = block;
    uint32_t other = partition->states[to];
    partition->states[to] = state;
    partition->states[from] = other;
    partition->positions[state] = to;
    partition->positions[other] = from;
}

/* Cuts the marked states off `block`. The smaller half becomes the new block; NO_STATE: nothing to cut.
 */
static uint32_t partition_split(struct partition *partition, uint32_t block)
{
    uint32_t begin = partition->begins[block], end = partition->ends[block];
    uint32_t middle = begin + partition->marked[block];
    partition->marked[block] = 0;
    if (middle == end) return NO_STATE;
    uint32_t fresh = partition->count++;
    bool first_smaller = middle - begin <= end - middle;
    partition->begins[fresh] = first_smaller ? begin : middle;
    partition->ends[fresh] = first_smaller ? middle : end;
    partition->begins[block] = first_smaller ? middle : begin;
    partition->ends[block] = first_smaller ? end : middle;
    for (uint32_t i = partition->begins[fresh]; i < partition->ends[fresh]; i++)
        partition->blocks[partition->states[i]] = fresh;
    return fresh;
}

/* Splits all touched blocks; new ones are put on the work list for all symbols. */
static void split_touched(struct partition *partition, struct numbers *touched, struct numbers *work)
{
    while (touched->count) {
        uint32_t fresh = partition_split(partition, touched->items[--touched->count]);
        if (fresh != NO_STATE) work->items[work->count++] = fresh;
    }
}

/* Marks all states that lead into `splitter` by `symbol`. The splitter's states are copied before,
 * since marking moves them. */
static enum status mark_sources(struct maker *maker, const struct inverse *inverse, uint32_t symbol,
                                const uint32_t *splitter, uint32_t count, struct partition *partition,
                                struct numbers *touched)
{
    uint64_t steps = count;
    for (uint32_t i = 0; i < count; i++) {
        size_t key = (size_t)symbol * maker->state_count + splitter[i];
        for (uint32_t k = inverse->begins[key]; k < inverse->begins[key + 1]; k++)
            partition_mark(partition, inverse->sources[k], touched);
        steps += inverse->begins[key + 1] - inverse->begins[key];
    }
    return spend(maker, steps);
}

static enum status refine(struct maker *maker, const struct inverse *inverse,
                          struct partition *partition)
{
    struct numbers touched = {.items = ARENA_ARRAY(maker->scratch, uint32_t, maker->state_count)};
    struct numbers work = {.items = ARENA_ARRAY(maker->scratch, uint32_t, maker->state_count + 1)};
    uint32_t *splitter = ARENA_ARRAY(maker->scratch, uint32_t, maker->state_count);
    if (!touched.items || !work.items || !splitter) return out_of_room(maker->scratch);
    for (uint32_t state = 0; state < maker->state_count; state++)
        if (maker->accepts[state]) partition_mark(partition, state, &touched);
    split_touched(partition, &touched, &work);
    if (work.count)
        work.items[work.count++] = 0; /* both halves: the dead state's moves are moves too */
    enum status st = ST_OK;
    while (!st && work.count) {
        uint32_t block = work.items[--work.count];
        uint32_t count = partition->ends[block] - partition->begins[block];
        memcpy(splitter, partition->states + partition->begins[block], count * sizeof *splitter);
        for (uint32_t symbol = 0; !st && symbol < maker->symbol_count; symbol++) {
            st = mark_sources(maker, inverse, symbol, splitter, count, partition, &touched);
            split_touched(partition, &touched, &work);
        }
    }
    return st;
}

/* The smallest DFA over symbols, its states numbered in the order in which a walk from the start meets
 * them. */
struct small {
    uint32_t *next; /* [state * symbol_count + symbol] */
    uint8_t *accepts;
    uint32_t count;
};

static enum status renumber(struct maker *maker, const struct partition *partition, struct small *ret)
{
    uint32_t symbols = maker->symbol_count, blocks = partition->count;
    uint32_t *numbers = ARENA_ARRAY(maker->scratch, uint32_t, blocks); /* [block]: its number + 1 */
    uint32_t *members =
        ARENA_ARRAY(maker->scratch, uint32_t, blocks + 1); /* [number]: one raw state of it */
    ret->next = ARENA_ARRAY(maker->scratch, uint32_t, (size_t)(blocks + 1) * symbols + 1);
    ret->accepts = ARENA_ARRAY(maker->scratch, uint8_t, blocks + 1);
    if (!numbers || !members || !ret->next || !ret->accepts) return out_of_room(maker->scratch);
    numbers[partition->blocks[DFA_DEAD]] = DFA_DEAD + 1;
    members[DFA_DEAD] = DFA_DEAD;
    numbers[partition->blocks[DFA_START]] =
        DFA_START + 1; /* a pattern that matches nothing: dead and start are apart all the same */
    members[DFA_START] = DFA_START;
    ret->count = 2;
    bool nothing = partition->blocks[DFA_DEAD] == partition->blocks[DFA_START];
    for (uint32_t state = DFA_START; !nothing && state < ret->count; state++) {
        ret->accepts[state] = maker->accepts[members[state]];
        for (uint32_t symbol = 0; symbol < symbols; symbol++) {
            uint32_t to = maker->next.items[members[state] * symbols + symbol];
            uint32_t *number = &numbers[partition->blocks[to]];
            if (!*number) {
                members[ret->count] = to;
                *number = ++ret->count;
            }
            ret->next[state * symbols + symbol] = *number - 1;
        }
    }
    return spend(maker, (uint64_t)ret->count * symbols);
}

static enum status minimise(struct maker *maker, struct small *ret)
{
    struct inverse inverse;
    struct partition partition = {0};
    enum status st = make_inverse(maker, &inverse);
    if (!st) st = partition_new(maker, &partition);
    if (!st) st = refine(maker, &inverse, &partition);
    if (!st) st = renumber(maker, &partition, ret);
    return st;
}

/* ---- bytes */

/* States of the byte table while it is made: rows of 256 targets. The first `small.count` are the
 * states between characters; the others stand inside a character: they know where each of its last
 * bytes leads. */
struct byte_table {
    uint16_t (*rows)[256];
    uint32_t count, room;
    uint32_t *hashes; /* [INNER_HASHES]: of the states inside a character; most patterns have none */
};

enum { INNER_HASHES = 8192 }; /* a power of two */
_Static_assert(INNER_HASHES >= 2 * limit(PATTERN_STATES), "never more than half full");

/* One more row, cleared. */
static enum status add_row(struct maker *maker, struct byte_table *table)
{
    if (table->count == limit(PATTERN_STATES)) return ST_CONFLICT;
    if (table->count == table->room) {
        uint32_t room = table->room ? table->room * 2 : 64;
        void *rows = arena_grow(maker->scratch, table->rows, table->room, room, sizeof *table->rows);
        if (!rows) return out_of_room(maker->scratch);
        table->rows = rows;
        table->room = room;
    }
    memset(table->rows[table->count++], 0, sizeof *table->rows);
    return ST_OK;
}

/* One state's view of the code points: intervals and where they lead. */
struct view {
    const struct maker *maker;
    const uint32_t *next; /* [symbol] */
};

static uint16_t view_target(const struct view *view, uint32_t interval)
{
    uint16_t symbol = view->maker->intervals[interval].symbol;
    return symbol == NO_SYMBOL ? (uint16_t)DFA_DEAD : (uint16_t)view->next[symbol];
}

static uint32_t interval_end(const struct maker *maker, uint32_t interval)
{
    return interval + 1 < maker->interval_count ? maker->intervals[interval + 1].from : CODES;
}

/* The state inside a character whose last bytes lead as `row` says; shared with all equal ones. Rows
 * that lead nowhere are the dead state. */
static enum status inner_state(struct maker *maker, struct byte_table *table, const uint16_t row[64],
                               uint16_t *ret_state)
{
    bool dead = true;
    for (int i = 0; i < 64; i++) dead &= row[i] == DFA_DEAD;
    *ret_state = DFA_DEAD;
    if (dead) return ST_OK;
    enum { MASK = INNER_HASHES - 1 };
    if (!table->hashes) table->hashes = ARENA_ARRAY(maker->scratch, uint32_t, INNER_HASHES);
    if (!table->hashes) return out_of_room(maker->scratch);
    uint32_t at = (uint32_t)hash_bytes((struct str){(const char *)row, 64 * sizeof *row}, 2) & MASK;
    for (; table->hashes[at]; at = (at + 1) & MASK) {
        *ret_state = (uint16_t)(table->hashes[at] - 1);
        if (memcmp(table->rows[*ret_state] + 0x80, row, 64 * sizeof *row) == 0) return ST_OK;
    }
    enum status st = add_row(maker, table);
    if (st) return st;
    *ret_state = (uint16_t)(table->count - 1);
    memcpy(table->rows[*ret_state] + 0x80, row, 64 * sizeof *row);
    table->hashes[at] = *ret_state + 1u;
    return spend(maker, 64);
}

/* Whether the code points from..last all lie in `interval`, and that leads nowhere. */
static bool all_dead(const struct view *view, uint32_t interval, uint32_t from, uint32_t last)
{
    const struct maker *maker = view->maker;
    if (maker->intervals[interval].from > from || interval_end(maker, interval) <= last) return false;
    return view_target(view, interval) == DFA_DEAD;
}

/* Where `bytes` more bytes lead that spell the code points from..from + 64^bytes - 1, of which only
 * [first, last] count. */
static enum status inner_walk(struct maker *maker, struct byte_table *table, const struct view *view,
                              unsigned bytes, uint32_t from, uint32_t first, uint32_t last,
                              uint16_t *ret_state)
{
    uint32_t step = 1u << (6 * (bytes - 1));
    uint16_t row[64];
    uint32_t low_code = from > first ? from : first,
             high_code = from + 64 * step - 1 < last ? from + 64 * step - 1 : last;
    uint32_t interval = interval_at(maker, low_code);
    *ret_state = DFA_DEAD;
    if (all_dead(view, interval, low_code, high_code)) return ST_OK;
    enum status st = spend(maker, 64);
    for (uint32_t i = 0; !st && i < 64; i++) {
        uint32_t low = from + i * step, high = low + step - 1;
        row[i] = DFA_DEAD;
        if (high < first || low > last) continue;
        while (interval_end(maker, interval) <= low) interval++;
        if (bytes == 1) row[i] = view_target(view, interval);
        else if (i > 0 && row[i - 1] != DFA_DEAD && low > first &&
                 maker->intervals[interval].from <= low - step && interval_end(maker, interval) > high)
            row[i] = row[i - 1]; /* the same interval as the one before, all of it */
        else st = inner_walk(maker, table, view, bytes - 1, low, first, last, &row[i]);
    }
    return st ? st : inner_state(maker, table, row, ret_state);
}

/* Which code points begin with the byte `lead`, and how many bytes follow. */
static unsigned lead_range(unsigned lead, uint32_t *ret_from, uint32_t *ret_first)
{
    if (lead >= 0xc2 && lead < 0xe0) {
        *ret_from = *ret_first = (lead & 0x1f) << 6;
        return 1;
    }
    if (lead >= 0xe0 && lead < 0xf0) {
        *ret_from = (lead & 0x0f) << 12;
        *ret_first = lead == 0xe0 ? 0x800 : *ret_from;
        return 2;
    }
    if (lead >= 0xf0 && lead < 0xf5) {
        *ret_from = (lead & 0x07) << 18;
        *ret_first = lead == 0xf0 ? 0x10000 : *ret_from;
        return 3;
    }
    return 0;
}

/* Most patterns know no character beyond ASCII. */
static bool ascii_only(const struct view *view)
{
    const struct maker *maker = view->maker;
    uint32_t interval = interval_at(maker, 0x80);
    while (interval < maker->interval_count && view_target(view, interval) == DFA_DEAD) interval++;
    return interval == maker->interval_count;
}

static enum status fill_row(struct maker *maker, struct byte_table *table, const struct view *view,
                            uint32_t state)
{
    for (uint32_t byte = 0, interval = 0; byte < 0x80; interval++) {
        uint16_t to = view_target(view, interval);
        uint32_t end = interval_end(maker, interval);
        for (; byte < 0x80 && byte < end; byte++) table->rows[state][byte] = to;
    }
    enum status st = spend(maker, 0x80);
    if (ascii_only(view)) return st;
    for (unsigned lead = 0xc2; !st && lead < 0xf5; lead++) {
        uint32_t from, first;
        unsigned bytes = lead_range(lead, &from, &first);
        uint16_t to = DFA_DEAD;
        st = inner_walk(maker, table, view, bytes, from, first, CODES - 1, &to);
        table->rows[state][lead] = to;
    }
    return st;
}

static enum status spell(struct maker *maker, const struct small *small, struct byte_table **ret_table)
{
    if (small->count > limit(PATTERN_STATES)) return ST_CONFLICT;
    struct byte_table *table = ARENA_NEW(maker->scratch, struct byte_table);
    if (!table) return out_of_room(maker->scratch);
    enum status st = ST_OK;
    while (!st && table->count < small->count) st = add_row(maker, table);
    for (uint32_t state = DFA_START; !st && state < small->count; state++)
        st = fill_row(maker, table, &(struct view){maker, small->next + state * maker->symbol_count},
                      state);
    if (!st) *ret_table = table;
    return st;
}

static bool same_column(const struct byte_table *table, unsigned a, unsigned b)
{
    for (uint32_t state = 0; state < table->count; state++)
        if (table->rows[state][a] != table->rows[state][b]) return false;
    return true;
}

/* Whether a byte leads as the one before it does because no class of the pattern tells them apart. */
static bool goes_with_previous(const struct maker *maker, const struct small *small,
                               const struct byte_table *table, unsigned byte)
{
    if (byte == 0 || byte == 0x80) return false;
    if (byte > 0x80) return table->count == small->count; /* nothing leads into a character */
    return maker->intervals[interval_at(maker, byte)].from != byte;
}

/* Bytes that lead alike from every state share a class. `ret_bytes` holds one byte of each class. */
static uint16_t find_classes(const struct maker *maker, const struct small *small,
                             const struct byte_table *table, uint8_t ret_classes[256],
                             uint8_t ret_bytes[256])
{
    uint16_t count = 0;
    for (unsigned byte = 0; byte < 256; byte++) {
        uint16_t class = 0;
        if (goes_with_previous(maker, small, table, byte)) class = ret_classes[byte - 1];
        else
            while (class < count && !same_column(table, byte, ret_bytes[class])) class ++;
        if (class == count) ret_bytes[count++] = (uint8_t)byte;
        ret_classes[byte] = (uint8_t) class;
    }
    return count;
}

static enum status pack(struct maker *maker, struct arena *arena, const struct small *small,
                        const struct byte_table *table, const struct dfa **ret_dfa)
{
    struct dfa *dfa = ARENA_NEW(arena, struct dfa);
    if (!dfa) return out_of_room(arena);
    uint8_t bytes[256];
    dfa->states = (uint16_t)table->count;
    dfa->nclasses = find_classes(maker, small, table, dfa->classes, bytes);
    size_t cells = (size_t)dfa->states * dfa->nclasses;
    if (cells * sizeof(uint16_t) > maker->budget->table_bytes) return ST_CONFLICT;
    maker->budget->table_bytes -= cells * sizeof(uint16_t);
    uint16_t *next = ARENA_ARRAY(arena, uint16_t, cells);
    uint8_t *accept = ARENA_ARRAY(arena, uint8_t, (dfa->states + 7u) / 8u);
    if (!next || !accept) return out_of_room(arena);
    for (size_t i = 0; i < cells; i++)
        next[i] = table->rows[i / dfa->nclasses][bytes[i % dfa->nclasses]];
    for (uint32_t state = 0; state < small->count; state++)
        if (small->accepts[state]) accept[state >> 3] |= (uint8_t)(1u << (state & 7));
    dfa->next = next;
    dfa->accept = accept;
    assert(dfa_valid(dfa));
    *ret_dfa = dfa;
    return ST_OK;
}

enum status automaton_build(struct arena *scratch, struct arena *arena, const struct pattern *pattern,
                            struct automaton_budget *budget, const struct dfa **ret_dfa)
{
    struct maker maker = {.scratch = scratch, .budget = budget};
    uint32_t end, start;
    struct small small = {0};
    struct byte_table *table;
    const struct dfa *dfa = NULL;
    enum status st = make_symbols(&maker, pattern);
    if (!st) st = nfa_add(&maker, (struct nfa_state){NULL, NO_STATE, NO_STATE}, &end);
    if (!st) st = nfa_build(&maker, pattern, end, &start);
    if (!st) st = make_subsets(&maker, start);
    if (!st) st = minimise(&maker, &small);
    if (!st) st = spell(&maker, &small, &table);
    if (!st) st = pack(&maker, arena, &small, table, &dfa);
    if (st == ST_LIMIT && arena->refused) return st;
    bool capped = st == ST_CONFLICT || (st == ST_LIMIT && scratch->refused);
    if (st && !capped) return st;
    *ret_dfa = st ? NULL : dfa;
    return ST_OK;
}
