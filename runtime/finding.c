#include "runtime/finding.h"

#include <string.h>

struct str finding_name(enum finding_code code)
{
    static const struct str names[] = {
#define FINDING(NAME, name) [FINDING_##NAME] = {(name), sizeof(name) - 1},
#include "runtime/finding.def"
#undef FINDING
    };
    return names[code];
}

void findings_init(struct findings *findings, struct arena *arena)
{
    *findings = (struct findings){.arena = arena};
}

bool findings_add(struct findings *findings, struct finding finding)
{
    if (findings->count == findings->capacity) {
        uint32_t capacity = findings->capacity ? findings->capacity * 2 : 16;
        struct finding *items =
            arena_grow(findings->arena, findings->items, findings->count, capacity, sizeof *items);
        if (!items) return false;
        findings->items = items;
        findings->capacity = capacity;
    }
    findings->items[findings->count++] = finding;
    return true;
}

/* Checks of one place in the order of the form and its rows, whatever order they ran in. What the pass found comes before them: it was
 * there first. */
static int place_cmp(const struct finding *a, const struct finding *b)
{
    if (a->scope != b->scope) return a->scope < b->scope ? -1 : 1;
    if (a->row != b->row) return a->row < b->row ? -1 : 1;
    if (a->node != b->node) return a->node < b->node ? -1 : 1;
    if (a->code != FINDING_CHECK || b->code != FINDING_CHECK) return 0;
    if (a->detail != b->detail) return a->detail < b->detail ? -1 : 1;
    if (a->detail_row != b->detail_row) return a->detail_row < b->detail_row ? -1 : 1;
    return 0;
}

/* Merges the sorted halves [0, middle) and [middle, count) of `from` into `to`. */
static void merge(const struct finding *from, uint32_t middle, uint32_t count, struct finding *to)
{
    uint32_t left = 0, right = middle;
    for (uint32_t i = 0; i < count; i++) {
        bool take_left = right == count || (left < middle && place_cmp(&from[left], &from[right]) <= 0);
        to[i] = take_left ? from[left++] : from[right++];
    }
}

/* Stable, and no worse on any order. */
bool findings_sort(struct findings *findings)
{
    uint32_t count = findings->count;
    if (count < 2) return true;
    struct finding *spare = arena_zalloc(findings->arena, count, sizeof *spare);
    if (!spare) return false;
    for (uint32_t width = 1; width < count; width *= 2) {
        for (uint32_t at = 0; at < count; at += 2 * width) {
            uint32_t left = count - at;
            merge(findings->items + at, left < width ? left : width,
                  left < 2 * width ? left : 2 * width, spare + at);
        }
        struct finding *sorted = spare;
        spare = findings->items;
        findings->items = sorted;
    }
    return true;
}
