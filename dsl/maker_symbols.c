/* Symbols: code points that no class of a pattern tells apart. */
#include "dsl/maker.h"

#include <string.h>

/* Where classes begin and end. */
static enum status collect_cuts(struct maker *maker, const struct pattern *pattern)
{
    enum status st = maker_spend(maker, 1 + (uint64_t)pattern->range_count);
    for (uint32_t i = 0; !st && i < pattern->range_count; i++) {
        st = maker_add(maker, &maker->cuts, pattern->ranges[i].from);
        if (!st) st = maker_add(maker, &maker->cuts, pattern->ranges[i].to + 1);
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
    if (!other) return maker_no_room(maker->scratch);
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
    enum status st = maker_add(maker, &maker->cuts, 0);
    if (!st) st = collect_cuts(maker, pattern);
    if (!st) st = sort_cuts(maker);
    if (st) return st;
    maker->intervals = ARENA_ARRAY(maker->scratch, struct interval, maker->cuts.count);
    if (!maker->intervals) return maker_no_room(maker->scratch);
    for (uint32_t i = 0; i < maker->cuts.count; i++) {
        uint32_t cut = maker->cuts.items[i];
        if (cut >= CODES || (i > 0 && cut == maker->cuts.items[i - 1])) continue;
        maker->intervals[maker->interval_count++] = (struct interval){cut, 0};
    }
    return ST_OK;
}

/* The interval that begins at `code`, which is one of the cuts. */
uint32_t maker_interval_at(const struct maker *maker, uint32_t code)
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
uint32_t maker_interval_past(const struct maker *maker, uint32_t to)
{
    return to + 1 >= CODES ? maker->interval_count : maker_interval_at(maker, to + 1);
}

/* Splits every symbol in the part inside the class and the part outside. Symbol 0 stays "in no class so
 * far". `twins` maps a symbol to its part inside. */
static enum status refine_by_class(struct maker *maker, const struct pattern *class, uint16_t *twins)
{
    memset(twins, 0, (maker->interval_count + 1) * sizeof *twins);
    uint32_t symbols = maker->symbol_count;
    for (uint32_t i = 0; i < class->range_count; i++) {
        uint32_t at = maker_interval_at(maker, class->ranges[i].from),
                 past = maker_interval_past(maker, class->ranges[i].to);
        enum status st = maker_spend(maker, past - at + 8);
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
        st = maker_spend(maker, maker->interval_count);
        renumber_symbols(maker, twins);
        for (uint32_t i = 0; i < maker->interval_count; i++) maker->intervals[i].symbol++;
        maker->symbol_count++;
    }
    if (!st && pattern->kind == PATTERN_CLASS) st = refine_by_class(maker, pattern, twins);
    for (const struct pattern *child = pattern->first; !st && child; child = child->next)
        st = refine_by_pattern(maker, child, twins);
    return st;
}

enum status maker_symbols(struct maker *maker, const struct pattern *pattern)
{
    enum status st = make_intervals(maker, pattern);
    if (st) return st;
    if (maker->interval_count >= NO_SYMBOL / 4) return ST_CONFLICT;
    uint16_t *twins = ARENA_ARRAY(maker->scratch, uint16_t, 4 * (size_t)maker->interval_count + 4);
    if (!twins) return maker_no_room(maker->scratch);
    maker->symbol_count = 1;
    st = refine_by_pattern(maker, pattern, twins);
    if (!st) renumber_symbols(maker, twins);
    return st;
}
