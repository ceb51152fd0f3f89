/* The table of a DFA: its states spelt out in the bytes of UTF-8, equal tails shared, and packed by
 * classes of bytes that no state tells apart. */
#include "dsl/maker.h"

#include "base/hash.h"
#include "base/limits.h"

#include <assert.h>
#include <string.h>

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
        if (!rows) return maker_no_room(maker->scratch);
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
    if (!table->hashes) return maker_no_room(maker->scratch);
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
    return maker_spend(maker, 64);
}

/* Whether the code points from..last all lie in `interval`, and that leads nowhere. */
static bool all_dead(const struct view *view, uint32_t interval, uint32_t from, uint32_t last)
{
    const struct maker *maker = view->maker;
    if (maker->intervals[interval].from > from || interval_end(maker, interval) <= last) return false;
    return view_target(view, interval) == DFA_DEAD;
}

/* Where `bytes` more bytes lead that maker_spell the code points from..from + 64^bytes - 1, of which
 * only [first, last] count. */
static enum status inner_walk(struct maker *maker, struct byte_table *table, const struct view *view,
                              unsigned bytes, uint32_t from, uint32_t first, uint32_t last,
                              uint16_t *ret_state)
{
    uint32_t step = 1u << (6 * (bytes - 1));
    uint16_t row[64];
    uint32_t low_code = from > first ? from : first,
             high_code = from + 64 * step - 1 < last ? from + 64 * step - 1 : last;
    uint32_t interval = maker_interval_at(maker, low_code);
    *ret_state = DFA_DEAD;
    if (all_dead(view, interval, low_code, high_code)) return ST_OK;
    enum status st = maker_spend(maker, 64);
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
    uint32_t interval = maker_interval_at(maker, 0x80);
    while (interval < maker->interval_count && view_target(view, interval) == DFA_DEAD) interval++;
    return interval == maker->interval_count;
}

static enum status fill_row(struct maker *maker, struct byte_table *table, const struct view *view,
                            uint32_t state)
{
    uint16_t *row = table->rows[state];
    for (uint32_t byte = 0, interval = 0; byte < 0x80; interval++) {
        uint16_t to = view_target(view, interval);
        uint32_t end = interval_end(maker, interval) < 0x80 ? interval_end(maker, interval) : 0x80;
        if (to != DFA_DEAD) /* as all are at first, and most stay */
            for (; byte < end; byte++) row[byte] = to;
        byte = end;
    }
    enum status st = maker_spend(maker, 0x80);
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
    if (!table) return maker_no_room(maker->scratch);
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

/* Whether a byte leads as the one before it does because no class of the pattern tells them apart.
 * *interval: of the byte before, then of this one. */
static bool goes_with_previous(const struct maker *maker, const struct small *small,
                               const struct byte_table *table, unsigned byte, uint32_t *interval)
{
    if (byte == 0 || byte == 0x80) return false;
    if (byte > 0x80) return table->count == small->count; /* nothing leads into a character */
    if (byte < interval_end(maker, *interval)) return true;
    ++*interval;
    return false;
}

/* Bytes that lead alike from every state share a class. `ret_bytes` holds one byte of each class. */
static uint16_t find_classes(const struct maker *maker, const struct small *small,
                             const struct byte_table *table, uint8_t ret_classes[256],
                             uint8_t ret_bytes[256])
{
    uint16_t count = 0;
    uint32_t interval = 0;
    for (unsigned byte = 0; byte < 256; byte++) {
        uint16_t class = 0;
        if (goes_with_previous(maker, small, table, byte, &interval)) class = ret_classes[byte - 1];
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
    if (!dfa) return maker_no_room(arena);
    uint8_t bytes[256];
    dfa->states = (uint16_t)table->count;
    dfa->nclasses = find_classes(maker, small, table, dfa->classes, bytes);
    size_t cells = (size_t)dfa->states * dfa->nclasses;
    if (cells * sizeof(uint16_t) > maker->budget->table_bytes) return ST_CONFLICT;
    maker->budget->table_bytes -= cells * sizeof(uint16_t);
    uint16_t *next = ARENA_ARRAY(arena, uint16_t, cells);
    uint8_t *accept = ARENA_ARRAY(arena, uint8_t, (dfa->states + 7u) / 8u);
    if (!next || !accept) return maker_no_room(arena);
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

enum status maker_table(struct maker *maker, struct arena *arena, const struct small *small,
                        const struct dfa **ret_dfa)
{
    struct byte_table *table = NULL;
    enum status st = spell(maker, small, &table);
    return st ? st : pack(maker, arena, small, table, ret_dfa);
}
