/* Stats: what is told of a summary: the counts of all blocks together, fields of several versions as
 * one where they are the same, with their labels. engine/stats.c */
#include "engine/inside.h"

#include "base/language.h"

#include <stdlib.h>

/* One field of one version, or of several that were put together. */
struct merged {
    struct stats_field field;
    const struct shelved *shelved;
    const struct program_node *node;
    const struct census_place *place;
    struct census_sum sum;
    uint8_t scale;
    uint32_t rank; /* in the order in which they are told */
    bool hidden;   /* in one of the versions */
    bool gone;     /* into another */
};

struct telling {
    struct summary *summary;
    struct call *call;
    struct census_shelf *shelf; /* its arena holds what is not told */
    const struct stats_query *query;
    struct tally **totals; /* by version */
    uint32_t total_count, total_room;
    struct merged *merged;
    uint32_t merged_count, merged_room;
    struct stats stats;
};

/* ---------------------------------------------------------------- all blocks together */

static struct tally *new_total(struct telling *telling, const struct tally *like)
{
    struct arena *arena = &telling->shelf->arena;
    struct tally *total = ARENA_NEW(arena, struct tally);
    if (!total) return NULL;
    *total = (struct tally){.version = like->version,
                            .first_ms = INT64_MAX,
                            .last_ms = INT64_MIN,
                            .counter_count = like->counter_count,
                            .sum_count = like->sum_count,
                            .counters = ARENA_ARRAY(arena, uint64_t, like->counter_count),
                            .sums = ARENA_ARRAY(arena, struct census_sum, like->sum_count)};
    return total->counters && total->sums ? total : NULL;
}

/* Both are in order, so the search goes on where the last one ended. */
static enum status total_for(struct telling *telling, const struct tally *tally, uint32_t *at)
{
    while (*at < telling->total_count && telling->totals[*at]->version < tally->version) (*at)++;
    if (*at < telling->total_count && telling->totals[*at]->version == tally->version) return ST_OK;
    if (telling->total_count == telling->total_room) {
        uint32_t room = telling->total_room ? 2 * telling->total_room : 16;
        telling->totals = arena_grow(&telling->shelf->arena, telling->totals, telling->total_room, room,
                                     sizeof(struct tally *));
        if (!telling->totals) return ST_NOMEM;
        telling->total_room = room;
    }
    struct tally *total = new_total(telling, tally);
    if (!total) return ST_NOMEM;
    memmove(telling->totals + *at + 1, telling->totals + *at,
            (telling->total_count - *at) * sizeof(struct tally *));
    telling->totals[*at] = total;
    telling->total_count++;
    return ST_OK;
}

static enum status add_block(struct telling *telling, const struct block *block)
{
    enum status st = ST_OK;
    uint32_t at = 0;
    for (const struct tally *tally = block->tallies; tally && !st; tally = tally->next) {
        const struct shelved *shelved;
        if (telling->query->version && tally->version != telling->query->version) continue;
        st = census_shelf_find(telling->shelf, telling->call, telling->summary, tally->version,
                               &shelved);
        if (!st) st = total_for(telling, tally, &at);
        if (!st) tally_join(telling->totals[at], tally, shelved);
    }
    return st;
}

static enum status tell_versions(struct telling *telling)
{
    struct stats *stats = &telling->stats;
    stats->versions = ARENA_ARRAY(telling->call->arena, struct stats_version, telling->total_count);
    if (!stats->versions) return ST_NOMEM;
    for (uint32_t i = 0; i < telling->total_count; i++) {
        const struct tally *total = telling->totals[i];
        stats->submissions += total->submissions;
        stats->unread += total->unread;
        stats->versions[stats->version_count++] =
            (struct stats_version){total->version, total->submissions, total->first_ms, total->last_ms,
                                   (uint64_t)total->version + telling->summary->caps->versions >
                                       telling->summary->head.newest};
    }
    return ST_OK;
}

static enum status tell_days(struct telling *telling)
{
    struct summary *summary = telling->summary;
    struct stats *stats = &telling->stats;
    struct block all = {.rows = 0};
    enum status st = ST_OK;
    for (uint32_t i = 0; i < summary->block_count && !st; i++) {
        st = block_add_days(summary, &all, summary->blocks[i].days, summary->blocks[i].day_count);
        all.earlier += summary->blocks[i].earlier;
    }
    if (!st) stats->days = ARENA_ARRAY(telling->call->arena, struct day_count, all.day_count);
    if (!st && !stats->days) st = ST_NOMEM;
    for (uint32_t i = 0; i < all.day_count && !st; i++)
        if (!telling->query->version || all.days[i].version == telling->query->version)
            stats->days[stats->day_count++] = all.days[i];
    if (!telling->query->version) stats->earlier = all.earlier;
    block_empty(summary, &all);
    return st;
}

/* ---------------------------------------------------------------- words */

static struct str path_of(struct arena *arena, const struct program *program, uint32_t number)
{
    const struct program_node *node = &program->nodes[number];
    uint32_t around = node->parent;
    while (around != PROGRAM_NONE && node_is_frame(program->nodes[around].kind))
        around = program->nodes[around].parent;
    if (around == PROGRAM_NONE || program->nodes[around].kind == NODE_FORM) return node_key(node);
    struct str path = path_of(arena, program, around);
    return path.ptr ? arena_printf(arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(node_key(node))) : path;
}

static uint32_t language_of(const struct program *program, struct str language)
{
    uint32_t found = LANGUAGE_NONE;
    if (language.len) found = language_lookup(program->languages, program->language_count, language);
    return found == LANGUAGE_NONE ? 0 : found;
}

/* Empty without one. */
static struct str label_of(struct telling *telling, const struct program *program,
                           const struct program_message *message)
{
    struct buf out;
    if (!message->bytes) return STR("");
    struct passage text = passage_open(message, language_of(program, telling->query->language));
    struct program_part part;
    buf_init(&out, telling->summary->mem, (size_t)limit(TEXT_BYTES) + limit(MESSAGE_BYTES));
    while (passage_next(&text, &part)) {
        if (part.node == PROGRAM_NONE) buf_put(&out, part.literal);
        else buf_printf(&out, "{%.*s}", STR_ARG(node_name(&program->nodes[part.node])));
    }
    struct str label = arena_str(telling->call->arena, buf_str(&out));
    buf_release(&out);
    return label;
}

static struct str option_label(struct telling *telling, const struct program *program,
                               const struct program_list *list, uint32_t option)
{
    if (list->sheet)
        return arena_str(telling->call->arena, sheet_cell(list->sheet, option, list->label));
    return label_of(telling, program, &list->labels[option]);
}

/* ---------------------------------------------------------------- fields */

/* Itself, or what it stands in. */
static bool is_sensitive(const struct program *program, uint32_t number)
{
    while (number != PROGRAM_NONE && !program->nodes[number].sensitive)
        number = program->nodes[number].parent;
    return number != PROGRAM_NONE;
}

/* Where a field could have been answered: in each submission, or in each row around it. */
static uint64_t occasions(const struct shelved *shelved, const struct tally *total,
                          const struct program_node *node)
{
    const struct program *program = shelved->census.program;
    if (node->scope == 0) return total->submissions;
    const struct census_place *rows = &shelved->census.places[program->scopes[node->scope].node];
    return rows->kind == CENSUS_ROWS ? total->counters[rows->counter] : 0;
}

static enum status tell_options(struct telling *telling, struct merged *merged,
                                const struct tally *total)
{
    struct arena *arena = telling->call->arena;
    const struct census_place *place = merged->place;
    const struct program *program = merged->shelved->census.program;
    struct stats_field *field = &merged->field;
    const uint64_t *counters = total->counters + place->counter + 1;
    field->options = ARENA_ARRAY(arena, struct stats_option, place->options);
    if (!field->options) return arena->refused ? ST_LIMIT : ST_NOMEM;
    field->option_count = place->options;
    field->rest = counters[place->options];
    field->other = counters[place->options + 1];
    for (uint32_t i = 0; i < place->options; i++) {
        struct stats_option *option = &field->options[i];
        option->count = counters[i];
        if (place->kind == CENSUS_BOOLEAN) {
            *option = (struct stats_option){i ? STR("true") : STR("false"), STR(""), counters[i]};
            continue;
        }
        const struct program_list *list = &program->lists[node_list(merged->node)];
        option->code = arena_str(arena, program_option_code(list, i));
        option->label = option_label(telling, program, list, i);
        if (!option->code.ptr || !option->label.ptr) return arena->refused ? ST_LIMIT : ST_NOMEM;
    }
    return ST_OK;
}

static enum status tell_field(struct telling *telling, const struct shelved *shelved,
                              const struct tally *total, uint32_t number, struct merged *ret_merged)
{
    struct arena *arena = telling->call->arena;
    const struct program *program = shelved->census.program;
    const struct program_node *node = &program->nodes[number];
    const struct census_place *place = &shelved->census.places[number];
    struct merged merged = {.shelved = shelved, .node = node, .place = place, .scale = node->scale};
    struct stats_field *field = &merged.field;
    struct str path = path_of(&telling->shelf->arena, program, number);
    if (!path.ptr) return ST_NOMEM;
    field->path = arena_str(arena, path);
    field->label = label_of(telling, program, &node->label);
    if (!field->path.ptr || !field->label.ptr) return arena->refused ? ST_LIMIT : ST_NOMEM;
    field->kind = node->kind;
    field->type = node->type;
    memcpy(field->currency, node->currency, sizeof field->currency);
    field->version = total->version;
    field->counted = place->kind != CENSUS_NOTHING;
    field->has_options = census_has_options(place->kind);
    field->has_sum = place->kind == CENSUS_EXACT;
    field->of = occasions(shelved, total, node);
    if (field->counted) field->answered = total->counters[place->counter];
    if (field->has_sum) merged.sum = total->sums[place->sum];
    enum status st = field->has_options ? tell_options(telling, &merged, total) : ST_OK;
    if (!st) *ret_merged = merged;
    return st;
}

static bool is_told(const struct program_node *node)
{
    return node->kind == NODE_REPEAT || node->kind == NODE_FIELD;
}

static enum status room_for_fields(struct telling *telling, uint32_t more)
{
    uint32_t needed = telling->merged_count + more;
    if (needed <= telling->merged_room) return ST_OK;
    telling->merged = arena_grow(&telling->shelf->arena, telling->merged, telling->merged_room, needed,
                                 sizeof *telling->merged);
    telling->merged_room = needed;
    return telling->merged ? ST_OK : ST_NOMEM;
}

static enum status tell_version(struct telling *telling, const struct tally *total)
{
    /* Found when its blocks were put together, unless it is too old. */
    const struct shelved *shelved = census_shelf_held(telling->shelf, total->version);
    if (!shelved) return ST_OK;
    const struct program *program = shelved->census.program;
    enum status st = room_for_fields(telling, program->node_count);
    for (uint32_t i = 0; i < program->node_count && !st; i++) {
        if (!is_told(&program->nodes[i])) continue;
        struct merged *merged = &telling->merged[telling->merged_count];
        st = tell_field(telling, shelved, total, i, merged);
        merged->hidden = !telling->query->sensitive && is_sensitive(program, i);
        merged->rank = telling->merged_count;
        telling->merged_count += !st;
    }
    return st;
}

/* ---------------------------------------------------------------- the same field of several versions
 */

static int compare_fields(const void *left, const void *right)
{
    const struct merged *a = *(const struct merged *const *)left;
    const struct merged *b = *(const struct merged *const *)right;
    int order = str_cmp(a->field.path, b->field.path);
    if (!order) order = (int)a->field.kind - (int)b->field.kind;
    if (!order) order = (int)a->field.type - (int)b->field.type;
    if (!order) order = (int)a->scale - (int)b->scale;
    if (!order) order = memcmp(a->field.currency, b->field.currency, sizeof a->field.currency);
    if (!order) order = (int)a->field.counted - (int)b->field.counted;
    return order;
}

static int compare_fields_and_rank(const void *left, const void *right)
{
    const struct merged *a = *(const struct merged *const *)left;
    const struct merged *b = *(const struct merged *const *)right;
    int order = compare_fields(left, right);
    return order ? order : (a->rank > b->rank) - (a->rank < b->rank);
}

static struct stats_option *find_option(struct stats_field *field, struct str code)
{
    for (uint32_t i = 0; i < field->option_count; i++)
        if (str_eq(field->options[i].code, code)) return &field->options[i];
    return NULL;
}

/* By the newer version's order, in which most have the place they had before. */
static enum status join_option(struct telling *telling, struct stats_field *into, uint32_t at,
                               const struct stats_option *option)
{
    struct stats_option *same = at < into->option_count && str_eq(into->options[at].code, option->code)
                                    ? &into->options[at]
                                    : find_option(into, option->code);
    if (same) {
        same->count += option->count;
        return ST_OK;
    }
    if (into->option_count >= telling->summary->caps->options) {
        into->rest += option->count;
        return ST_OK;
    }
    into->options = arena_grow(telling->call->arena, into->options, into->option_count,
                               into->option_count + 1, sizeof *into->options);
    if (!into->options) return ST_NOMEM;
    into->options[into->option_count++] = *option;
    return ST_OK;
}

static enum status join_fields(struct telling *telling, struct merged *into, struct merged *more)
{
    enum status st = ST_OK;
    census_sum_add(&into->sum, into->field.answered, &more->sum, more->field.answered);
    into->field.of += more->field.of;
    into->field.answered += more->field.answered;
    into->field.rest += more->field.rest;
    into->field.other += more->field.other;
    for (uint32_t i = 0; i < more->field.option_count && !st; i++)
        st = join_option(telling, &into->field, i, &more->field.options[i]);
    into->hidden = into->hidden || more->hidden;
    more->gone = true;
    return st;
}

static enum status join_all(struct telling *telling)
{
    uint32_t count = telling->merged_count;
    struct merged **sorted = ARENA_ARRAY(&telling->shelf->arena, struct merged *, count);
    if (!sorted) return ST_NOMEM;
    for (uint32_t i = 0; i < count; i++) sorted[i] = &telling->merged[i];
    qsort(sorted, count, sizeof *sorted, compare_fields_and_rank);
    enum status st = ST_OK;
    for (uint32_t i = 0, first = 0; i < count && !st; i++) {
        if (compare_fields(&sorted[first], &sorted[i]) != 0) first = i;
        if (first != i) st = join_fields(telling, sorted[first], sorted[i]);
    }
    return st;
}

static struct str number_text(struct telling *telling, census_wide value, uint8_t scale)
{
    struct buf out;
    buf_init(&out, telling->summary->mem, 128);
    census_put_wide(&out, value, scale);
    struct str text = arena_str(telling->call->arena, buf_str(&out));
    buf_release(&out);
    return text;
}

static enum status tell_sum(struct telling *telling, struct merged *merged)
{
    struct stats_field *field = &merged->field;
    if (!field->has_sum || !field->answered) return ST_OK;
    field->sum = number_text(telling, merged->sum.sum, merged->scale);
    field->least = number_text(telling, merged->sum.least, merged->scale);
    field->most = number_text(telling, merged->sum.most, merged->scale);
    return field->sum.ptr && field->least.ptr && field->most.ptr ? ST_OK : ST_NOMEM;
}

static enum status tell_fields(struct telling *telling)
{
    struct stats *stats = &telling->stats;
    enum status st = ST_OK;
    for (uint32_t i = telling->total_count; i > 0 && !st; i--)
        st = tell_version(telling, telling->totals[i - 1]);
    if (!st) st = join_all(telling);
    if (!st)
        stats->fields = ARENA_ARRAY(telling->call->arena, struct stats_field, telling->merged_count);
    if (!st && !stats->fields) st = ST_NOMEM;
    for (uint32_t i = 0; i < telling->merged_count && !st; i++) {
        if (telling->merged[i].gone) continue;
        if (telling->merged[i].hidden) {
            stats->hidden++;
            continue;
        }
        st = tell_sum(telling, &telling->merged[i]);
        stats->fields[stats->field_count++] = telling->merged[i].field;
    }
    return st;
}

/* ---------------------------------------------------------------- all of it */

static void tell_usage(struct telling *telling)
{
    struct engine *engine = telling->call->engine;
    struct usage_row *row = usage_row(&engine->usage, telling->query->tenant, telling->query->form);
    telling->stats.since_ms = engine->usage.since_ms;
    if (row == &engine->usage.rest) return; /* nobody's own */
    for (size_t i = 0; i < USAGE_COUNT; i++)
        telling->stats.usage.of[i] = atomic_load_explicit(&row->counts[i], memory_order_relaxed);
}

static enum status tell(struct telling *telling)
{
    const struct survey_head *head = &telling->summary->head;
    struct stats *stats = &telling->stats;
    uint64_t living = head->submissions - head->erased, counted = summary_rows(telling->summary);
    enum status st = ST_OK;
    stats->behind = living > counted ? living - counted : 0;
    stats->erased = head->erased;
    stats->saved = head->saved;
    for (uint32_t i = 0; i < telling->summary->block_count && !st; i++)
        st = add_block(telling, &telling->summary->blocks[i]);
    if (!st) st = tell_versions(telling);
    if (!st) st = tell_days(telling);
    if (!st) st = tell_fields(telling);
    if (!st) tell_usage(telling);
    return st;
}

enum status engine_stats(struct call *call, const struct stats_query *query, struct stats *ret_stats)
{
    struct summaries *summaries = &call->engine->summaries;
    struct census_shelf shelf;
    if (query->tenant.len > limit(TENANT_ID_BYTES) || query->form.len > limit(FORM_NAME_BYTES))
        return ST_ABSENT; /* nobody can be called so */
    struct summary *summary = summaries_take(summaries, query->tenant, query->form);
    if (!summary) return ST_NOMEM;
    census_shelf_open(&shelf, call->engine->mem);
    struct telling telling = {.summary = summary, .call = call, .shelf = &shelf, .query = query};
    enum status st = summary_catch_up(summary, call, &shelf);
    if (!st) st = tell(&telling);
    if (!st) *ret_stats = telling.stats;
    census_shelf_close(&shelf);
    summaries_give(summaries, summary);
    return st;
}
