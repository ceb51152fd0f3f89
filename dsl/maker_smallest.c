/* The smallest DFA of those that match the same: Hopcroft, 1971, "An n log n algorithm for minimizing
 * states in a finite automaton". */
#include "dsl/maker.h"

#include <string.h>

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
    if (!ret->begins || !ret->sources) return maker_no_room(maker->scratch);
    uint32_t *ends = ret->begins +
                     1; /* filling moves each beginning to its end, which is the next one's beginning */
    for (size_t i = 0; i < cells; i++) ends[(i % symbols) * states + maker->next.items[i] + 1]++;
    for (size_t i = 1; i <= cells; i++) ends[i] += ends[i - 1];
    for (size_t i = 0; i < cells; i++) {
        size_t key = (i % symbols) * states + maker->next.items[i];
        ret->sources[ends[key]++] = (uint32_t)(i / symbols);
    }
    return maker_spend(maker, 4 * cells);
}

static enum status partition_new(struct maker *maker, struct partition *ret)
{
    uint32_t count = maker->state_count;
    uint32_t **arrays[] = {&ret->states, &ret->positions, &ret->blocks,
                           &ret->begins, &ret->ends,      &ret->marked};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) {
        *arrays[i] = ARENA_ARRAY(maker->scratch, uint32_t, count + 1);
        if (!*arrays[i]) return maker_no_room(maker->scratch);
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
    return maker_spend(maker, steps);
}

static enum status refine(struct maker *maker, const struct inverse *inverse,
                          struct partition *partition)
{
    struct numbers touched = {.items = ARENA_ARRAY(maker->scratch, uint32_t, maker->state_count)};
    struct numbers work = {.items = ARENA_ARRAY(maker->scratch, uint32_t, maker->state_count + 1)};
    uint32_t *splitter = ARENA_ARRAY(maker->scratch, uint32_t, maker->state_count);
    if (!touched.items || !work.items || !splitter) return maker_no_room(maker->scratch);
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

static enum status renumber(struct maker *maker, const struct partition *partition, struct small *ret)
{
    uint32_t symbols = maker->symbol_count, blocks = partition->count;
    uint32_t *numbers = ARENA_ARRAY(maker->scratch, uint32_t, blocks); /* [block]: its number + 1 */
    uint32_t *members =
        ARENA_ARRAY(maker->scratch, uint32_t, blocks + 1); /* [number]: one raw state of it */
    ret->next = ARENA_ARRAY(maker->scratch, uint32_t, (size_t)(blocks + 1) * symbols + 1);
    ret->accepts = ARENA_ARRAY(maker->scratch, uint8_t, blocks + 1);
    if (!numbers || !members || !ret->next || !ret->accepts) return maker_no_room(maker->scratch);
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
    return maker_spend(maker, (uint64_t)ret->count * symbols);
}

enum status maker_smallest(struct maker *maker, struct small *ret)
{
    struct inverse inverse;
    struct partition partition = {0};
    enum status st = make_inverse(maker, &inverse);
    if (!st) st = partition_new(maker, &partition);
    if (!st) st = refine(maker, &inverse, &partition);
    if (!st) st = renumber(maker, &partition, ret);
    return st;
}
