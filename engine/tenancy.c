#include "engine/tenancy.h"

#include "engine/inside.h"

#include <assert.h>
#include <stdio.h>

static_assert(QUOTA_STEPS + 1u == TENANCY_RATES, "the quotas by the second come first");

/* ---------------------------------------------------------------- one */

static struct tenancy *tenancy_new(struct mem *mem, const struct tenant_record *record)
{
    struct tenancy *tenancy = mem_zalloc(mem, sizeof *tenancy);
    if (!tenancy) return NULL;
    tenancy->mem = mem;
    tenancy->state = record->state;
    for (uint32_t i = 0; i < TENANCY_RATES; i++) {
        int64_t rate = record->quotas.value[i];
        tenancy->limits[i] = gcra_of(rate, GCRA_SECOND_US, rate); /* a second's worth at once */
    }
    tenancy->judgings_max = record->quotas.value[QUOTA_JUDGINGS];
    atomic_init(&tenancy->references, 1);
    tenancy->id_len = record->id.len;
    assert(tenancy->id_len <= sizeof tenancy->id);
    memcpy(tenancy->id, record->id.ptr, record->id.len);
    return tenancy;
}

struct tenancy *tenancy_retain(struct tenancy *tenancy)
{
    atomic_fetch_add_explicit(&tenancy->references, 1, memory_order_relaxed);
    return tenancy;
}

void tenancy_release(struct tenancy *tenancy)
{
    if (!tenancy) return;
    if (atomic_fetch_sub_explicit(&tenancy->references, 1, memory_order_acq_rel) == 1)
        mem_free(tenancy->mem, tenancy, sizeof *tenancy);
}

static bool exceed(struct tenancy *tenancy, enum quota quota, struct gcra_answer answer,
                   struct excess *ret_excess)
{
    *ret_excess = (struct excess){.exceeded = true, .quota = quota, .answer = answer};
    if (quota < TENANCY_RATES) ret_excess->limit = tenancy->limits[quota];
    return false;
}

bool tenancy_take(struct tenancy *tenancy, enum quota quota, int64_t now_us, struct excess *ret_excess)
{
    assert(quota < TENANCY_RATES);
    struct gcra_answer answer = gcra_take(&tenancy->limits[quota], &tenancy->cells[quota], now_us, 1);
    return answer.taken || exceed(tenancy, quota, answer, ret_excess);
}

static bool has_steps(struct tenancy *tenancy, int64_t now_us, struct excess *ret_excess)
{
    struct gcra_answer answer =
        gcra_look(&tenancy->limits[QUOTA_STEPS], &tenancy->cells[QUOTA_STEPS], now_us, 1);
    return answer.taken || exceed(tenancy, QUOTA_STEPS, answer, ret_excess);
}

enum { JUDGINGS_WAIT_US = 1000000 }; /* when a judging will end nobody knows */

static bool exceed_judgings(struct tenancy *tenancy, struct excess *ret_excess)
{
    return exceed(tenancy, QUOTA_JUDGINGS, (struct gcra_answer){.wait_us = JUDGINGS_WAIT_US},
                  ret_excess);
}

bool tenancy_may_judge(struct tenancy *tenancy, int64_t now_us, struct excess *ret_excess)
{
    return has_steps(tenancy, now_us, ret_excess);
}

int64_t tenancy_far_judgings(const struct tenancy *tenancy)
{
    return tenancy->judgings_max > 1 ? tenancy->judgings_max / 2 : 1;
}

bool tenancy_enter(struct tenancy *tenancy)
{
    int64_t near_max = tenancy->judgings_max - tenancy_far_judgings(tenancy);
    if (atomic_fetch_add_explicit(&tenancy->near, 1, memory_order_relaxed) < near_max) return true;
    tenancy_leave(tenancy);
    return false;
}

void tenancy_leave(struct tenancy *tenancy)
{
    atomic_fetch_sub_explicit(&tenancy->near, 1, memory_order_relaxed);
}

bool tenancy_judge(struct tenancy *tenancy, int64_t now_us, struct excess *ret_excess)
{
    if (!has_steps(tenancy, now_us, ret_excess)) return false;
    int64_t others = atomic_fetch_add_explicit(&tenancy->judgings, 1, memory_order_relaxed);
    if (others < tenancy->judgings_max) return true;
    atomic_fetch_sub_explicit(&tenancy->judgings, 1, memory_order_relaxed);
    return exceed_judgings(tenancy, ret_excess);
}

void tenancy_charge(struct tenancy *tenancy, int64_t now_us, uint64_t steps)
{
    if (steps == 0) return;
    int64_t cost = steps < INT64_MAX ? (int64_t)steps : INT64_MAX;
    (void)gcra_charge(&tenancy->limits[QUOTA_STEPS], &tenancy->cells[QUOTA_STEPS], now_us, cost);
}

void tenancy_judged(struct tenancy *tenancy, int64_t now_us, uint64_t steps)
{
    tenancy_charge(tenancy, now_us, steps);
    atomic_fetch_sub_explicit(&tenancy->judgings, 1, memory_order_relaxed);
}

bool tenancy_work(struct tenancy *tenancy, int64_t now_us, uint64_t steps, struct excess *ret_excess)
{
    if (!has_steps(tenancy, now_us, ret_excess)) return false;
    tenancy_charge(tenancy, now_us, steps);
    return true;
}

/* ---------------------------------------------------------------- all of them */

void tenancies_init(struct tenancies *tenancies, struct mem *mem, uint32_t count_max)
{
    *tenancies = (struct tenancies){.mem = mem, .count_max = count_max};
    pthread_mutex_init(&tenancies->lock, NULL);
}

static struct tenancy **link_of(struct tenancies *tenancies, struct str id)
{
    struct tenancy **link = &tenancies->buckets[digest_short(id) % TENANCY_BUCKETS];
    while (*link && !str_eq((struct str){(*link)->id, (*link)->id_len}, id))
        link = &(*link)->bucket_next;
    return link;
}

static void list_push(struct tenancies *tenancies, struct tenancy *tenancy)
{
    tenancy->newer = NULL;
    tenancy->older = tenancies->newest;
    *(tenancies->newest ? &tenancies->newest->newer : &tenancies->oldest) = tenancy;
    tenancies->newest = tenancy;
}

static void list_remove(struct tenancies *tenancies, struct tenancy *tenancy)
{
    *(tenancy->newer ? &tenancy->newer->older : &tenancies->newest) = tenancy->older;
    *(tenancy->older ? &tenancy->older->newer : &tenancies->oldest) = tenancy->newer;
}

/* Out of table and list; the table's own reference goes. */
static void take_out(struct tenancies *tenancies, struct tenancy **link)
{
    struct tenancy *tenancy = *link;
    *link = tenancy->bucket_next;
    list_remove(tenancies, tenancy);
    tenancies->count--;
    tenancy_release(tenancy);
}

static void put_in(struct tenancies *tenancies, struct tenancy *tenancy)
{
    struct tenancy **link = link_of(tenancies, (struct str){tenancy->id, tenancy->id_len});
    assert(!*link);
    *link = tenancy;
    list_push(tenancies, tenancy);
    tenancies->count++;
}

/* What definitions hold stays, and is as many as those; a few looks are enough, for it goes to the
 * front. */
static void make_room(struct tenancies *tenancies)
{
    for (int looks = 0; looks < 8 && tenancies->count > tenancies->count_max; looks++) {
        struct tenancy *oldest = tenancies->oldest;
        if (atomic_load(&oldest->references) == 1) {
            take_out(tenancies, link_of(tenancies, (struct str){oldest->id, oldest->id_len}));
        } else {
            list_remove(tenancies, oldest);
            list_push(tenancies, oldest);
        }
    }
}

void tenancies_release(struct tenancies *tenancies)
{
    for (uint32_t i = 0; i < TENANCY_BUCKETS; i++)
        while (tenancies->buckets[i]) take_out(tenancies, &tenancies->buckets[i]);
    assert(tenancies->count == 0);
    pthread_mutex_destroy(&tenancies->lock);
}

/* Retained, or NULL; and how many renewals there had been. */
static struct tenancy *find(struct tenancies *tenancies, struct str id, uint64_t *ret_renewals)
{
    pthread_mutex_lock(&tenancies->lock);
    struct tenancy *tenancy = *link_of(tenancies, id);
    *ret_renewals = tenancies->renewals;
    if (tenancy) {
        list_remove(tenancies, tenancy);
        list_push(tenancies, tenancy);
        tenancy_retain(tenancy);
    }
    pthread_mutex_unlock(&tenancies->lock);
    return tenancy;
}

static enum status read_new(struct engine *engine, struct str id, struct tenancy **ret_tenancy)
{
    struct arena arena;
    struct tenant_record record;
    arena_init(&arena, engine->mem, limit(REQUEST_BYTES));
    enum status st = tenant_find(engine->tenants, id, &arena, &record);
    if (!st) {
        *ret_tenancy = tenancy_new(engine->mem, &record);
        if (!*ret_tenancy) st = ST_NOMEM;
    }
    arena_release(&arena);
    return st;
}

/* Keeps `fresh`, unless something was renewed since it was read (false) or another was quicker. */
static bool keep(struct tenancies *tenancies, struct tenancy *fresh, uint64_t renewals,
                 struct tenancy **ret_tenancy)
{
    struct str id = {fresh->id, fresh->id_len};
    pthread_mutex_lock(&tenancies->lock);
    bool is_new = tenancies->renewals == renewals;
    if (is_new && !*link_of(tenancies, id)) {
        put_in(tenancies, tenancy_retain(fresh));
        make_room(tenancies);
    }
    if (is_new) {
        struct tenancy *there = *link_of(tenancies, id);
        *ret_tenancy = tenancy_retain(there ? there : fresh); /* with room for none it is gone again */
    }
    pthread_mutex_unlock(&tenancies->lock);
    tenancy_release(fresh);
    return is_new;
}

enum status tenancies_get(struct engine *engine, struct str tenant, struct tenancy **ret_tenancy)
{
    struct tenancies *tenancies = &engine->tenancies;
    while (true) {
        uint64_t renewals;
        struct tenancy *fresh, *found = find(tenancies, tenant, &renewals);
        if (found) {
            *ret_tenancy = found;
            return ST_OK;
        }
        enum status st = read_new(engine, tenant, &fresh);
        if (st) return st;
        if (keep(tenancies, fresh, renewals, ret_tenancy)) return ST_OK;
    }
}

void tenancies_renew(struct engine *engine, struct str tenant)
{
    struct tenancies *tenancies = &engine->tenancies;
    struct tenancy *fresh = NULL;
    pthread_mutex_lock(&tenancies->lock);
    tenancies->renewals++; /* before it is read: who read earlier reads again */
    pthread_mutex_unlock(&tenancies->lock);
    if (read_new(engine, tenant, &fresh) != ST_OK) fresh = NULL;
    pthread_mutex_lock(&tenancies->lock);
    tenancies->renewals++;
    struct tenancy **link = link_of(tenancies, tenant), *old = *link;
    for (uint32_t i = 0; old && fresh && i < TENANCY_RATES; i++)
        gcra_move(&old->limits[i], &old->cells[i], &fresh->limits[i], &fresh->cells[i]);
    if (old) take_out(tenancies, link);
    if (fresh) put_in(tenancies, tenancy_retain(fresh));
    make_room(tenancies);
    pthread_mutex_unlock(&tenancies->lock);
    tenancy_release(fresh);
}

enum status engine_request(struct call *call, struct str tenant)
{
    struct tenancy *tenancy;
    enum status st = tenancies_get(call->engine, tenant, &tenancy);
    if (st) return st;
    int64_t now_us = clock_steady_ns(call->engine->clock) / 1000;
    if (!tenancy_take(tenancy, QUOTA_REQUESTS, now_us, &call->excess)) st = ST_LIMIT;
    tenancy_release(tenancy);
    return st;
}

void engine_each_tenant(struct engine *engine, const atomic_bool *stop,
                        void (*visit)(const struct tenant_record *tenant, void *user), void *user)
{
    struct arena arena;
    struct tenant_page page = {.more = true};
    char last[LIMIT_TENANT_ID_BYTES + 1] = "";
    arena_init(&arena, engine->mem, limit(REQUEST_ARENA_BYTES));
    while (page.more && !atomic_load(stop)) {
        arena_reset(&arena);
        if (tenant_list(engine->tenants, str_of(last), (uint32_t)limit(PAGE_ROWS), &arena, &page))
            break;
        for (uint32_t i = 0; i < page.count && !atomic_load(stop); i++) visit(&page.items[i], user);
        if (page.count)
            (void)snprintf(last, sizeof last, "%.*s", STR_ARG(page.items[page.count - 1].id));
    }
    arena_release(&arena);
}
