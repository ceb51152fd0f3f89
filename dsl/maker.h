/* Maker: what the steps of making a pattern's table share. Inside of dsl/automaton.c and maker_*.c.
 *
 *     maker_symbols()   code points that no class tells apart become one symbol
 *     maker_states()    Thompson's NFA, then the subset construction
 *     maker_smallest()  Hopcroft's minimisation
 *     maker_table()     each state spelt out in the bytes of UTF-8, packed by classes of bytes */
#ifndef DSL_MAKER_H
#define DSL_MAKER_H

#include "dsl/automaton.h"

enum { CODES = 0x110000, NO_SYMBOL = UINT16_MAX };

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

/* The smallest DFA over symbols, its states numbered in the order in which a walk from the start meets
 * them. */
struct small {
    uint32_t *next; /* [state * symbol_count + symbol] */
    uint8_t *accepts;
    uint32_t count;
};

enum status maker_no_room(const struct arena *arena) MUST_USE;
/* Takes steps from the budget; ST_CONFLICT when there are not that many left. */
enum status maker_spend(struct maker *maker, uint64_t steps) MUST_USE;
enum status maker_add(struct maker *maker, struct numbers *list, uint32_t number) MUST_USE;

enum status maker_symbols(struct maker *maker, const struct pattern *pattern) MUST_USE;
/* The interval that holds a code point. */
uint32_t maker_interval_at(const struct maker *maker, uint32_t code);
/* The first interval behind a code point. */
uint32_t maker_interval_past(const struct maker *maker, uint32_t to);
enum status maker_states(struct maker *maker, const struct pattern *pattern) MUST_USE;
enum status maker_smallest(struct maker *maker, struct small *ret) MUST_USE;
/* In `arena`. */
enum status maker_table(struct maker *maker, struct arena *arena, const struct small *small,
                        const struct dfa **ret_dfa) MUST_USE;

#endif
