#include "engine/usage.h"

#include "base/digest.h"
#include "engine/inside.h"

#include <assert.h>

struct usage_tenant {
    struct usage_tenant *bucket_next;
    struct usage_row *rows; /* by name */
    uint32_t row_count;
    struct str id; /* behind it, in the same block */
    size_t block_bytes;
};

void usage_init(struct usage *usage, struct mem *mem, uint32_t rows_max, int64_t now_ms)
{
    *usage = (struct usage){.mem = mem, .rows_max = rows_max, .since_ms = now_ms};
    pthread_mutex_init(&usage->lock, NULL);
}

static void free_tenant(struct usage *usage, struct usage_tenant *tenant)
{
    while (tenant->rows) {
        struct usage_row *next = tenant->rows->next;
        mem_free(usage->mem, tenant->rows, tenant->rows->block_bytes);
        tenant->rows = next;
    }
    mem_free(usage->mem, tenant, tenant->block_bytes);
}

void usage_release(struct usage *usage)
{
    for (size_t i = 0; i < USAGE_BUCKETS; i++) {
        while (usage->buckets[i]) {
            struct usage_tenant *next = usage->buckets[i]->bucket_next;
            free_tenant(usage, usage->buckets[i]);
            usage->buckets[i] = next;
        }
    }
    pthread_mutex_destroy(&usage->lock);
}

/* ---- rows, under the lock */

static int order(struct str a, struct str b)
{
    int by_bytes = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);
    return by_bytes ? by_bytes : (a.len > b.len) - (a.len < b.len);
}

/* A block of `size` with the text behind it. */
static void *new_block(struct mem *mem, size_t size, struct str text, struct str *ret_text)
{
    char *block = mem_zalloc(mem, size + text.len);
    if (!block) return NULL;
    memcpy(block + size, text.ptr, text.len);
    *ret_text = (struct str){block + size, text.len};
    return block;
}

static struct usage_tenant **tenant_link(struct usage *usage, struct str id)
{
    struct usage_tenant **link = &usage->buckets[digest_short(id) & (USAGE_BUCKETS - 1)];
    while (*link && !str_eq((*link)->id, id)) link = &(*link)->bucket_next;
    return link;
}

static struct usage_tenant *need_tenant(struct usage *usage, struct str id)
{
    struct str kept;
    struct usage_tenant **link = tenant_link(usage, id), *tenant = *link;
    if (tenant) return tenant;
    tenant = new_block(usage->mem, sizeof *tenant, id, &kept);
    if (!tenant) return NULL;
    tenant->id = kept;
    tenant->block_bytes = sizeof *tenant + id.len;
    *link = tenant;
    return tenant;
}

/* Where it is, or would be. */
static struct usage_row **row_link(struct usage_tenant *tenant, struct str form)
{
    struct usage_row **link = &tenant->rows;
    while (*link && order((*link)->form, form) < 0) link = &(*link)->next;
    return link;
}

static struct usage_row *need_row(struct usage *usage, struct str tenant_id, struct str form)
{
    struct str kept;
    struct usage_tenant *tenant = need_tenant(usage, tenant_id);
    if (!tenant) return NULL;
    struct usage_row **link = row_link(tenant, form), *row = *link;
    if (row && str_eq(row->form, form)) return row;
    if (usage->rows >= usage->rows_max) return NULL;
    row = new_block(usage->mem, sizeof *row, form, &kept);
    if (!row) return NULL;
    row->form = kept;
    row->block_bytes = sizeof *row + form.len;
    row->next = *link;
    *link = row;
    tenant->row_count++;
    usage->rows++;
    return row;
}

struct usage_row *usage_row(struct usage *usage, struct str tenant, struct str form)
{
    pthread_mutex_lock(&usage->lock);
    struct usage_row *row = need_row(usage, tenant, form);
    pthread_mutex_unlock(&usage->lock);
    return row ? row : &usage->rest;
}

/* ---- reading */

static void add_counts(struct usage_counts *sum, struct usage_row *row)
{
    for (size_t i = 0; i < USAGE_COUNT; i++)
        sum->of[i] += atomic_load_explicit(&row->counts[i], memory_order_relaxed);
}

static void sum_up(const struct usage_tenant *tenant, struct usage_counts *ret_sum)
{
    *ret_sum = (struct usage_counts){{0}};
    for (struct usage_row *row = tenant->rows; row; row = row->next) add_counts(ret_sum, row);
}

static bool put_item(struct usage_page *page, struct str name, struct arena *arena)
{
    struct usage_item *item = &page->items[page->count];
    *item = (struct usage_item){.name = arena_str(arena, name)};
    if (!item->name.ptr) return false;
    page->count++;
    return true;
}

static enum status list(struct usage_tenant *tenant, struct str after, uint32_t count_max,
                        struct arena *arena, struct usage_page *page)
{
    if (!tenant) return ST_OK;
    sum_up(tenant, &page->total);
    for (struct usage_row *row = tenant->rows; row; row = row->next) {
        if (after.len && order(row->form, after) <= 0) continue;
        page->more = page->count == count_max;
        if (page->more) break;
        if (!put_item(page, row->form, arena)) return ST_NOMEM;
        add_counts(&page->items[page->count - 1].counts, row);
    }
    return ST_OK;
}

enum status usage_list(struct usage *usage, struct str tenant, struct str after, uint32_t count_max,
                       struct arena *arena, struct usage_page *ret_page)
{
    struct usage_page page = {.since_ms = usage->since_ms};
    if (count_max > limit(PAGE_ROWS)) count_max = limit(PAGE_ROWS);
    page.items = ARENA_ARRAY(arena, struct usage_item, count_max);
    if (!page.items) return ST_NOMEM;
    pthread_mutex_lock(&usage->lock);
    enum status st = list(*tenant_link(usage, tenant), after, count_max, arena, &page);
    pthread_mutex_unlock(&usage->lock);
    if (!st) *ret_page = page;
    return st;
}

static bool is_before(const struct usage_counts *a, struct str a_name, const struct usage_item *b)
{
    uint64_t a_steps = a->of[USAGE_STEPS], b_steps = b->counts.of[USAGE_STEPS];
    return a_steps != b_steps ? a_steps > b_steps : order(a_name, b->name) < 0;
}

/* Into its place among the items, which are in order; the last one may fall out. */
static void rank(struct usage_page *page, uint32_t count_max, const struct usage_tenant *tenant)
{
    struct usage_counts sum;
    sum_up(tenant, &sum);
    uint32_t at = page->count;
    while (at > 0 && is_before(&sum, tenant->id, &page->items[at - 1])) at--;
    if (at == count_max) return;
    if (page->count < count_max) page->count++;
    for (uint32_t i = page->count - 1; i > at; i--) page->items[i] = page->items[i - 1];
    page->items[at] = (struct usage_item){.name = tenant->id, .counts = sum};
}

enum status usage_top(struct usage *usage, uint32_t count_max, struct arena *arena,
                      struct usage_page *ret_page)
{
    struct usage_page page = {.since_ms = usage->since_ms};
    page.items = ARENA_ARRAY(arena, struct usage_item, count_max);
    if (!page.items) return ST_NOMEM;
    pthread_mutex_lock(&usage->lock);
    for (size_t i = 0; i < USAGE_BUCKETS; i++)
        for (struct usage_tenant *t = usage->buckets[i]; t; t = t->bucket_next)
            rank(&page, count_max, t);
    pthread_mutex_unlock(&usage->lock);
    *ret_page = page; /* names of tenants stay where they are */
    return ST_OK;
}

/* ---- the engine's doors */

const char *usage_name(enum usage_kind kind)
{
    static const char *const names[] = {
#define USAGE(NAME, name, what) #name,
#include "engine/usage.def"
#undef USAGE
    };
    assert(kind < USAGE_COUNT);
    return names[kind];
}

enum status engine_usage_list(struct call *call, struct str tenant, struct str after,
                              uint32_t count_max, struct usage_page *ret_page)
{
    struct tenant_record record;
    enum status st = tenant_find(call->engine->tenants, tenant, call->arena, &record);
    if (st) return st;
    return usage_list(&call->engine->usage, tenant, after, count_max, call->arena, ret_page);
}

enum status engine_usage_top(struct engine *engine, uint32_t count_max, struct arena *arena,
                             struct usage_page *ret_page)
{
    return usage_top(&engine->usage, count_max, arena, ret_page);
}
