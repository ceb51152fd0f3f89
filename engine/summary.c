/* Summary: blocks of counts, and the reading that fills them. engine/summary.c */
#include "engine/summary.h"

#include "engine/inside.h"

#include <assert.h>

enum { DAY_MS = 86400000, DAYS_AT_FIRST = 8 };

static int compare_places(struct survey_place a, struct survey_place b)
{
    if (a.received_ms != b.received_ms) return a.received_ms < b.received_ms ? -1 : 1;
    return a.seq < b.seq ? -1 : a.seq > b.seq;
}

/* ---------------------------------------------------------------- memory that is counted */

static void *take(struct summary *summary, size_t size)
{
    void *block = mem_zalloc(summary->mem, size);
    if (block) summary->bytes += size;
    return block;
}

static void give(struct summary *summary, void *block, size_t size)
{
    if (block) summary->bytes -= size;
    mem_free(summary->mem, block, size);
}

/* ---------------------------------------------------------------- tallies */

static void free_tally(struct summary *summary, struct tally *tally)
{
    give(summary, tally, tally->block_bytes);
}

static struct tally *new_tally(struct summary *summary, uint32_t version, uint32_t counters,
                               uint32_t sums)
{
    size_t head = (sizeof(struct tally) + 15) & ~(size_t)15;
    size_t middle = sums * sizeof(struct census_sum);
    size_t size = head + middle + counters * sizeof(uint64_t);
    char *bytes = take(summary, size);
    if (!bytes) return NULL;
    struct tally *tally = (struct tally *)(void *)bytes;
    *tally = (struct tally){.block_bytes = size,
                            .version = version,
                            .counter_count = counters,
                            .sum_count = sums,
                            .first_ms = INT64_MAX,
                            .last_ms = INT64_MIN};
    tally->sums = (struct census_sum *)(void *)(bytes + head);
    tally->counters = (uint64_t *)(void *)(bytes + head + middle);
    return tally;
}

static struct tally **place_of_tally(struct block *block, uint32_t version)
{
    struct tally **place = &block->tallies;
    while (*place && (*place)->version < version) place = &(*place)->next;
    return place;
}

static struct tally *tally_of(struct summary *summary, struct block *block, uint32_t version,
                              const struct shelved *shelved)
{
    struct tally **place = place_of_tally(block, version);
    if (*place && (*place)->version == version) return *place;
    struct tally *tally = new_tally(summary, version, shelved ? shelved->census.counter_count : 0,
                                    shelved ? shelved->census.sum_count : 0);
    if (!tally) return NULL;
    tally->next = *place;
    *place = tally;
    return tally;
}

/* ---------------------------------------------------------------- days */

static int compare_days(const struct day_count *a, const struct day_count *b)
{
    if (a->day != b->day) return a->day < b->day ? -1 : 1;
    return a->version < b->version ? -1 : a->version > b->version;
}

static enum status room_for_day(struct summary *summary, struct block *block)
{
    if (block->day_count < block->day_room) return ST_OK;
    uint32_t room = block->day_room ? 2 * block->day_room : DAYS_AT_FIRST;
    struct day_count *days = take(summary, room * sizeof *days);
    if (!days) return ST_NOMEM;
    if (block->day_count) memcpy(days, block->days, block->day_count * sizeof *days);
    give(summary, block->days, block->day_room * sizeof *days);
    block->days = days;
    block->day_room = room;
    return ST_OK;
}

/* Where it is or would be; most come last. */
static uint32_t place_of_day(const struct block *block, const struct day_count *day)
{
    uint32_t at = block->day_count;
    while (at > 0 && compare_days(&block->days[at - 1], day) >= 0) at--;
    return at;
}

/* The earliest of too many go into one number. None of them is among the newest again later: as many
 * are newer than it. */
static enum status add_day(struct summary *summary, struct block *block, const struct day_count *day)
{
    uint32_t at = place_of_day(block, day);
    if (at < block->day_count && compare_days(&block->days[at], day) == 0) {
        block->days[at].submissions += day->submissions;
        return ST_OK;
    }
    bool full = block->day_count == summary->caps->days;
    if (full && at == 0) {
        block->earlier += day->submissions;
        return ST_OK;
    }
    if (full) {
        block->earlier += block->days[0].submissions;
        memmove(block->days, block->days + 1, --block->day_count * sizeof *block->days);
        at--;
    }
    enum status st = room_for_day(summary, block);
    if (st) return st;
    memmove(block->days + at + 1, block->days + at, (block->day_count - at) * sizeof *block->days);
    block->days[at] = *day;
    block->day_count++;
    return ST_OK;
}

enum status block_add_days(struct summary *summary, struct block *into, const struct day_count *days,
                           uint32_t count)
{
    enum status st = ST_OK;
    for (uint32_t i = count; i > 0 && !st; i--) st = add_day(summary, into, &days[i - 1]);
    return st;
}

/* ---------------------------------------------------------------- blocks */

void block_empty(struct summary *summary, struct block *block)
{
    while (block->tallies) {
        struct tally *tally = block->tallies;
        block->tallies = tally->next;
        free_tally(summary, tally);
    }
    give(summary, block->days, block->day_room * sizeof *block->days);
    block->days = NULL;
    block->day_count = block->day_room = 0;
    block->rows = block->earlier = 0;
}

static void forget_all(struct summary *summary)
{
    for (uint32_t i = 0; i < summary->block_count; i++) block_empty(summary, &summary->blocks[i]);
    give(summary, summary->blocks, summary->block_room * sizeof *summary->blocks);
    summary->blocks = NULL;
    summary->block_count = summary->block_room = 0;
    summary->seen = summary->erased = summary->seq = 0;
    summary->counting = summary->forgotten = false;
    summary->block_rows = summary->caps->block_rows;
}

void tally_join(struct tally *into, const struct tally *more, const struct shelved *shelved)
{
    into->submissions += more->submissions;
    into->unread += more->unread;
    if (more->first_ms < into->first_ms) into->first_ms = more->first_ms;
    if (more->last_ms > into->last_ms) into->last_ms = more->last_ms;
    if (!shelved || !into->counter_count || !more->counter_count) return; /* told by nobody any more */
    for (uint32_t i = 0; i < shelved->census.program->node_count; i++) {
        const struct census_place *place = &shelved->census.places[i];
        if (place->kind == CENSUS_EXACT)
            census_sum_add(&into->sums[place->sum], into->counters[place->counter],
                           &more->sums[place->sum], more->counters[place->counter]);
    }
    for (uint32_t i = 0; i < into->counter_count; i++) into->counters[i] += more->counters[i];
}

/* `more` becomes part of `into`, which stands before it. Its tallies are moved where there is none yet.
 */
static enum status join_blocks(struct summary *summary, struct call *call, struct census_shelf *shelf,
                               struct block *into, struct block *more)
{
    enum status st = block_add_days(summary, into, more->days, more->day_count);
    while (more->tallies && !st) {
        struct tally *tally = more->tallies, **place = place_of_tally(into, tally->version);
        const struct shelved *shelved;
        st = census_shelf_find(shelf, call, summary, tally->version, &shelved);
        if (st) break;
        more->tallies = tally->next;
        if (*place && (*place)->version == tally->version) {
            tally_join(*place, tally, shelved);
            free_tally(summary, tally);
        } else {
            tally->next = *place;
            *place = tally;
        }
    }
    into->rows += more->rows;
    into->earlier += more->earlier;
    into->dirty = into->dirty || more->dirty;
    if (compare_places(more->last, into->last) > 0) into->last = more->last;
    more->rows = more->earlier = 0;
    block_empty(summary, more);
    return st;
}

static enum status halve(struct summary *summary, struct call *call, struct census_shelf *shelf)
{
    enum status st = ST_OK;
    uint32_t count = 0;
    for (uint32_t i = 0; i < summary->block_count; i += 2) {
        struct block pair = summary->blocks[i], more = {.rows = 0};
        bool is_pair = i + 1 < summary->block_count;
        if (is_pair) more = summary->blocks[i + 1];
        if (is_pair && !st) st = join_blocks(summary, call, shelf, &pair, &more);
        if (pair.dirty) block_empty(summary, &pair);
        summary->blocks[count++] = pair;
        if (is_pair && st) summary->blocks[count++] = more; /* all of them will be forgotten */
    }
    summary->block_count = count;
    summary->block_rows *= 2;
    return st;
}

static enum status add_block(struct summary *summary, struct survey_place after)
{
    if (summary->block_count == summary->block_room) {
        uint32_t room = summary->block_room ? 2 * summary->block_room : 4;
        struct block *blocks = take(summary, room * sizeof *blocks);
        if (!blocks) return ST_NOMEM;
        if (summary->block_count)
            memcpy(blocks, summary->blocks, summary->block_count * sizeof *blocks);
        give(summary, summary->blocks, summary->block_room * sizeof *blocks);
        summary->blocks = blocks;
        summary->block_room = room;
    }
    summary->blocks[summary->block_count++] = (struct block){.after = after, .last = after};
    return ST_OK;
}

/* The block in whose part of time the place is. */
static uint32_t block_at(const struct summary *summary, struct survey_place place)
{
    uint32_t low = 0, high = summary->block_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_places(summary->blocks[middle].after, place) < 0) low = middle;
        else high = middle;
    }
    return low;
}

static bool has_many(const struct summary *summary)
{
    return summary->block_count > 1 && (summary->block_count >= summary->caps->blocks ||
                                        summary->bytes > summary->caps->form_bytes);
}

/* The last block has room for what comes after it, or another is the last one. */
static enum status open_last(struct summary *summary, struct call *call, struct census_shelf *shelf)
{
    enum status st = ST_OK;
    if (summary->block_count == 0) return add_block(summary, SURVEY_FIRST);
    struct block *last = &summary->blocks[summary->block_count - 1];
    if (last->rows < summary->block_rows) return ST_OK;
    if (has_many(summary)) st = halve(summary, call, shelf);
    last = &summary->blocks[summary->block_count - 1];
    return st || last->rows < summary->block_rows ? st : add_block(summary, last->last);
}

static enum status block_for(struct summary *summary, struct call *call, struct census_shelf *shelf,
                             struct survey_place place, struct block **ret_block)
{
    enum status st = ST_OK;
    bool is_newest = summary->block_count == 0 ||
                     compare_places(place, summary->blocks[summary->block_count - 1].last) > 0;
    if (is_newest) st = open_last(summary, call, shelf);
    if (st) return st;
    *ret_block = &summary->blocks[block_at(summary, place)];
    return ST_OK;
}

/* ---------------------------------------------------------------- one submission */

static enum status count_row(struct summary *summary, struct call *call, struct census_shelf *shelf,
                             struct block *block, const struct survey_row *row)
{
    const struct shelved *shelved;
    struct day_count day = {(int32_t)(row->place.received_ms / DAY_MS), row->version, 1};
    enum status st = census_shelf_find(shelf, call, summary, row->version, &shelved);
    if (st) return st;
    struct tally *tally = tally_of(summary, block, row->version, shelved);
    if (!tally) return ST_NOMEM;
    st = add_day(summary, block, &day);
    if (st) return st;
    tally->submissions++;
    if (row->place.received_ms < tally->first_ms) tally->first_ms = row->place.received_ms;
    if (row->place.received_ms > tally->last_ms) tally->last_ms = row->place.received_ms;
    if (shelved && tally->counter_count &&
        !census_add(&shelved->census, row->answers, tally->counters, tally->sums))
        tally->unread++;
    block->rows++;
    if (compare_places(row->place, block->last) > 0) block->last = row->place;
    return ST_OK;
}

/* ---------------------------------------------------------------- reading */

struct reading {
    struct summary *summary;
    struct call *call;
    struct census_shelf *shelf;
    struct arena arena; /* a page */
    uint32_t left;      /* rows that this call may still count */
};

static struct tenants *tenants_of(const struct reading *reading)
{
    return reading->call->engine->tenants;
}

/* Of `block`, or wherever they belong. Up to the end of the span, or of what may be counted. */
static enum status read_page(struct reading *reading, struct survey_span *span, struct block *block,
                             bool *ret_more)
{
    struct summary *summary = reading->summary;
    struct survey_page page;
    arena_reset(&reading->arena);
    enum status st =
        survey_list(tenants_of(reading), str_of(summary->tenant), span, 0, &reading->arena, &page);
    if (st) return st;
    for (uint32_t i = 0; i < page.count && !st; i++) {
        struct block *into = block;
        if (!block) st = block_for(summary, reading->call, reading->shelf, page.items[i].place, &into);
        if (!st) st = count_row(summary, reading->call, reading->shelf, into, &page.items[i]);
        if (st) summary->forgotten = true; /* half of it may have been counted */
        span->after = page.items[i].place;
    }
    reading->left -= page.count < reading->left ? page.count : reading->left;
    *ret_more = page.more;
    return st;
}

/* The two spans in which what was seen of a block lies: up to `seq`, and of those after it what the
 * counting has come to. */
static void spans_of(const struct summary *summary, uint32_t number, struct survey_span spans[2])
{
    struct survey_place end =
        number + 1 < summary->block_count ? summary->blocks[number + 1].after : SURVEY_LAST;
    struct survey_span span = {.form_id = summary->head.form_id,
                               .seq_until = summary->seq,
                               .after = summary->blocks[number].after,
                               .until = end};
    spans[0] = span;
    span.seq_after = summary->seq;
    span.seq_until = summary->counting ? summary->goal_seq : summary->seq;
    if (compare_places(summary->at, end) < 0) span.until = summary->at;
    spans[1] = span;
}

/* A block that has lost some is emptied. */
static enum status look_for_erased(struct reading *reading)
{
    struct summary *summary = reading->summary;
    struct survey_span spans[2];
    enum status st = ST_OK;
    for (uint32_t i = 0; i < summary->block_count && !st; i++) {
        uint64_t rows = 0, more = 0;
        spans_of(summary, i, spans);
        st = survey_count(tenants_of(reading), str_of(summary->tenant), &spans[0], &rows);
        if (!st && summary->counting)
            st = survey_count(tenants_of(reading), str_of(summary->tenant), &spans[1], &more);
        if (st || rows + more == summary->blocks[i].rows) continue;
        block_empty(summary, &summary->blocks[i]);
        summary->blocks[i].dirty = true;
    }
    if (!st) summary->erased = summary->head.erased;
    return st;
}

static enum status read_span(struct reading *reading, struct survey_span span, struct block *block)
{
    enum status st = ST_OK;
    for (bool more = true; more && !st;) st = read_page(reading, &span, block, &more);
    return st;
}

static enum status mend(struct reading *reading)
{
    struct summary *summary = reading->summary;
    struct survey_span spans[2];
    enum status st = ST_OK;
    for (uint32_t i = 0; i < summary->block_count && reading->left && !st; i++) {
        struct block *block = &summary->blocks[i];
        if (!block->dirty) continue;
        block_empty(summary, block); /* some may have come since */
        spans_of(summary, i, spans);
        st = read_span(reading, spans[0], block);
        if (!st && summary->counting) st = read_span(reading, spans[1], block);
        if (st) block_empty(summary, block);
        block->dirty = st != ST_OK;
    }
    return st;
}

/* Looks for what came in since, unless there is nothing. */
static enum status set_goal(struct reading *reading)
{
    struct summary *summary = reading->summary;
    struct survey_span span = {
        .form_id = summary->head.form_id, .seq_after = summary->seq, .seq_until = summary->head.seq};
    struct survey_place at = SURVEY_FIRST;
    enum status st = ST_OK;
    if (summary->counting || summary->head.submissions == summary->seen) return ST_OK;
    if (summary->seq > 0)
        st = survey_begin(tenants_of(reading), str_of(summary->tenant), &span,
                          summary->head.submissions - summary->seen, &at);
    if (st) return st;
    summary->counting = true;
    summary->at = at;
    summary->goal = summary->head.submissions;
    summary->goal_seq = summary->head.seq;
    return ST_OK;
}

static enum status go_on(struct reading *reading)
{
    struct summary *summary = reading->summary;
    bool more = true;
    struct survey_span span = {.form_id = summary->head.form_id,
                               .seq_after = summary->seq,
                               .seq_until = summary->goal_seq,
                               .after = summary->at,
                               .until = SURVEY_LAST};
    enum status st = ST_OK;
    while (more && reading->left && !st) {
        st = read_page(reading, &span, NULL, &more);
        summary->at = span.after;
    }
    if (st || more) return st;
    summary->counting = false;
    summary->seen = summary->goal;
    summary->seq = summary->goal_seq;
    return ST_OK;
}

/* The file may be another than it was: brought back from a copy. */
static bool is_another(const struct summary *summary, const struct survey_head *head)
{
    return head->form_id != summary->head.form_id || head->submissions < summary->seen ||
           head->erased < summary->erased || (summary->counting && head->submissions < summary->goal);
}

static enum status catch_up(struct reading *reading)
{
    struct summary *summary = reading->summary;
    struct survey_head head;
    enum status st = survey_head(tenants_of(reading), str_of(summary->tenant), str_of(summary->form),
                                 reading->call->actor.at_ms, &head);
    if (st) return st;
    if (summary->forgotten || is_another(summary, &head)) forget_all(summary);
    summary->head = head;
    if (head.erased != summary->erased) st = look_for_erased(reading);
    if (!st) st = mend(reading);
    for (int goals = 0; goals < 2 && !st; goals++) { /* that of an earlier call, and today's */
        st = set_goal(reading);
        if (!st && summary->counting) st = go_on(reading);
    }
    return st;
}

enum status summary_catch_up(struct summary *summary, struct call *call, struct census_shelf *shelf)
{
    struct reading reading = {
        .summary = summary, .call = call, .shelf = shelf, .left = summary->caps->rows};
    arena_init(&reading.arena, summary->mem,
               2 * (size_t)limit(PAGE_BYTES) + 2 * (size_t)limit(VERDICT_BYTES));
    enum status st = catch_up(&reading);
    arena_release(&reading.arena);
    return st;
}

uint64_t summary_rows(const struct summary *summary)
{
    uint64_t rows = 0;
    for (uint32_t i = 0; i < summary->block_count; i++) rows += summary->blocks[i].rows;
    return rows;
}

/* ---------------------------------------------------------------- versions at hand */

void census_shelf_open(struct census_shelf *shelf, struct mem *mem)
{
    *shelf = (struct census_shelf){.count = 0};
    arena_init(&shelf->arena, mem, limit(COMPILE_ARENA_BYTES));
}

void census_shelf_close(struct census_shelf *shelf)
{
    for (uint32_t i = 0; i < shelf->count; i++) definition_release(shelf->items[i].definition);
    arena_release(&shelf->arena);
    *shelf = (struct census_shelf){.count = 0};
}

static enum status put_up(struct census_shelf *shelf, struct call *call, const struct summary *summary,
                          uint32_t version, struct shelved *shelved)
{
    enum status st = engine_stored(call->engine, str_of(summary->tenant), str_of(summary->form),
                                   version, &shelved->definition);
    if (st) return st;
    st = census_plan(&shelf->arena, shelved->definition->program, summary->caps->options,
                     summary->caps->counters, &shelved->census);
    if (st) definition_release(shelved->definition);
    return st;
}

const struct shelved *census_shelf_held(const struct census_shelf *shelf, uint32_t version)
{
    for (uint32_t i = 0; i < shelf->count; i++)
        if (shelf->items[i].definition->number == version) return &shelf->items[i];
    return NULL;
}

enum status census_shelf_find(struct census_shelf *shelf, struct call *call,
                              const struct summary *summary, uint32_t version,
                              const struct shelved **ret_shelved)
{
    *ret_shelved = NULL;
    if ((uint64_t)version + summary->caps->versions <= summary->head.newest) return ST_OK;
    *ret_shelved = census_shelf_held(shelf, version);
    if (*ret_shelved) return ST_OK;
    if (!shelf->items) {
        shelf->room = summary->caps->versions;
        shelf->items = ARENA_ARRAY(&shelf->arena, struct shelved, shelf->room);
        if (!shelf->items) return ST_NOMEM;
    }
    assert(shelf->count < shelf->room); /* there are no more versions than that */
    enum status st = put_up(shelf, call, summary, version, &shelf->items[shelf->count]);
    if (!st) *ret_shelved = &shelf->items[shelf->count++];
    return st;
}

/* ---------------------------------------------------------------- all of them */

enum { SUMMARY_LEAST_BYTES = 64 << 10 };

static uint32_t cap_or(uint32_t cap, uint32_t otherwise)
{
    return cap ? cap : otherwise;
}

void summaries_init(struct summaries *summaries, struct mem *mem, const struct summary_caps *caps)
{
    *summaries = (struct summaries){.mem = mem, .caps = *caps};
    struct summary_caps *own = &summaries->caps;
    own->rows = cap_or(own->rows, limit(STATS_ROWS));
    own->options = cap_or(own->options, limit(STATS_OPTIONS));
    own->counters = cap_or(own->counters, limit(STATS_COUNTERS));
    own->versions = cap_or(own->versions, limit(STATS_VERSIONS));
    own->days = cap_or(own->days, limit(STATS_DAYS));
    own->block_rows = cap_or(own->block_rows, limit(STATS_BLOCK_ROWS));
    own->blocks = cap_or(own->blocks, limit(STATS_BLOCKS));
    if (!own->form_bytes) own->form_bytes = limit(STATS_FORM_BYTES);
    if (!own->bytes) own->bytes = limit(STATS_BYTES);
    pthread_mutex_init(&summaries->lock, NULL);
}

static void unlink_summary(struct summaries *summaries, struct summary *summary)
{
    if (summary->newer) summary->newer->older = summary->older;
    else summaries->newest = summary->older;
    if (summary->older) summary->older->newer = summary->newer;
    else summaries->oldest = summary->newer;
    summary->newer = summary->older = NULL;
}

static void link_newest(struct summaries *summaries, struct summary *summary)
{
    summary->older = summaries->newest;
    if (summaries->newest) summaries->newest->newer = summary;
    else summaries->oldest = summary;
    summaries->newest = summary;
}

static void free_summary(struct summaries *summaries, struct summary *summary)
{
    unlink_summary(summaries, summary);
    summaries->bytes -= summary->counted_bytes;
    forget_all(summary);
    pthread_mutex_destroy(&summary->lock);
    mem_free(summaries->mem, summary, sizeof *summary);
}

void summaries_release(struct summaries *summaries)
{
    while (summaries->newest) free_summary(summaries, summaries->newest);
    pthread_mutex_destroy(&summaries->lock);
}

static struct summary *find(struct summaries *summaries, struct str tenant, struct str form)
{
    struct summary *summary = summaries->newest;
    while (summary && !(str_eq(str_of(summary->tenant), tenant) && str_eq(str_of(summary->form), form)))
        summary = summary->older;
    return summary;
}

static struct summary *make(struct summaries *summaries, struct str tenant, struct str form)
{
    assert(tenant.len <= limit(TENANT_ID_BYTES) && form.len <= limit(FORM_NAME_BYTES));
    struct summary *summary = mem_zalloc(summaries->mem, sizeof *summary);
    if (!summary) return NULL;
    summary->mem = summaries->mem;
    summary->caps = &summaries->caps;
    summary->block_rows = summaries->caps.block_rows;
    memcpy(summary->tenant, tenant.ptr, tenant.len);
    memcpy(summary->form, form.ptr, form.len);
    pthread_mutex_init(&summary->lock, NULL);
    link_newest(summaries, summary);
    return summary;
}

struct summary *summaries_take(struct summaries *summaries, struct str tenant, struct str form)
{
    pthread_mutex_lock(&summaries->lock);
    struct summary *summary = find(summaries, tenant, form);
    if (!summary) summary = make(summaries, tenant, form);
    if (summary) {
        unlink_summary(summaries, summary);
        link_newest(summaries, summary);
        summary->users++;
    }
    bool stale = summary && summary->stale;
    if (stale) summary->stale = false;
    pthread_mutex_unlock(&summaries->lock);
    if (summary) pthread_mutex_lock(&summary->lock);
    if (stale) summary->forgotten = true;
    return summary;
}

static void make_room(struct summaries *summaries)
{
    for (struct summary *summary = summaries->oldest, *newer;
         summary && summaries->bytes > summaries->caps.bytes; summary = newer) {
        newer = summary->newer;
        if (summary->users == 0) free_summary(summaries, summary);
    }
}

void summaries_give(struct summaries *summaries, struct summary *summary)
{
    size_t bytes = sizeof *summary + summary->bytes;
    if (bytes < SUMMARY_LEAST_BYTES) bytes = SUMMARY_LEAST_BYTES;
    bool is_nobody = summary->head.form_id == 0; /* there was no such form */
    pthread_mutex_unlock(&summary->lock);
    pthread_mutex_lock(&summaries->lock);
    summary->users--;
    summaries->bytes += bytes - summary->counted_bytes;
    summary->counted_bytes = bytes;
    if (is_nobody && summary->users == 0) free_summary(summaries, summary);
    make_room(summaries);
    pthread_mutex_unlock(&summaries->lock);
}

void summaries_forget(struct summaries *summaries, struct str tenant)
{
    pthread_mutex_lock(&summaries->lock);
    for (struct summary *summary = summaries->newest, *older; summary; summary = older) {
        older = summary->older;
        if (!str_eq(str_of(summary->tenant), tenant)) continue;
        summary->stale = true; /* who uses it has it to the end */
        if (summary->users == 0) free_summary(summaries, summary);
    }
    pthread_mutex_unlock(&summaries->lock);
}
