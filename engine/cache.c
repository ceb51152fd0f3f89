#include "engine/cache.h"

#include <assert.h>

enum { KEY_BYTES_MAX = 64 + 64 + 4 + 4 + 64 };

static_assert(LIMIT_TENANT_ID_BYTES < 64 && LIMIT_FORM_NAME_BYTES < 64, "a key holds both names");

struct cache_entry {
    struct definition *definition;
    struct cache_entry *bucket_next;
    struct cache_entry *newer, *older;
    uint32_t bucket;
    uint32_t key_len;
    uint32_t number;         /* of the aim: 0 for channels */
    char key[KEY_BYTES_MAX]; /* tenant NUL form NUL version bucket channel */
};

struct key {
    char bytes[KEY_BYTES_MAX];
    size_t len, prefix_len; /* the prefix: what all of the form's have */
    uint32_t bucket;
};

/* A number says all; else it is the channel ("live" has no other name here) and the bucket. */
static char *aim_put(struct aim aim, char *at)
{
    uint32_t bucket = aim.number ? 0 : aim.bucket;
    struct str channel = aim.number || str_eq(aim.channel, STR("live")) ? STR("") : aim.channel;
    memcpy(at, &aim.number, sizeof aim.number);
    at += sizeof aim.number;
    memcpy(at, &bucket, sizeof bucket);
    at += sizeof bucket;
    if (channel.len) memcpy(at, channel.ptr, channel.len);
    return at + channel.len;
}

/* Names that no tenant or form can have are found nowhere: false. */
static bool key_make(struct key *key, struct str tenant, struct str form, struct aim aim)
{
    if (tenant.len > limit(TENANT_ID_BYTES) || form.len > limit(FORM_NAME_BYTES) ||
        aim.channel.len > limit(FORM_NAME_BYTES))
        return false;
    char *at = key->bytes;
    memcpy(at, tenant.ptr, tenant.len);
    at += tenant.len;
    *at++ = '\0';
    if (form.len) memcpy(at, form.ptr, form.len);
    at += form.len;
    *at++ = '\0';
    key->prefix_len = (size_t)(at - key->bytes);
    at = aim_put(aim, at);
    key->len = (size_t)(at - key->bytes);
    key->bucket = (uint32_t)digest_short((struct str){key->bytes, key->len}) & (CACHE_BUCKETS - 1);
    return true;
}

enum status cache_init(struct cache *cache, struct mem *mem, size_t bytes_max)
{
    *cache = (struct cache){.mem = mem, .bytes_max = bytes_max};
    cache->buckets = mem_zalloc(mem, CACHE_BUCKETS * sizeof *cache->buckets);
    if (!cache->buckets) return ST_NOMEM;
    pthread_mutex_init(&cache->lock, NULL);
    pthread_cond_init(&cache->loaded, NULL);
    return ST_OK;
}

static struct cache_entry *find(struct cache *cache, const struct key *key)
{
    struct cache_entry *entry = cache->buckets[key->bucket];
    while (entry && (entry->key_len != key->len || memcmp(entry->key, key->bytes, key->len) != 0))
        entry = entry->bucket_next;
    return entry;
}

static void list_remove(struct cache *cache, struct cache_entry *entry)
{
    *(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
    *(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
}

static void list_push(struct cache *cache, struct cache_entry *entry)
{
    entry->newer = NULL;
    entry->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = entry;
    cache->newest = entry;
}

/* Out of table and list, onto `gone`, which is chained by bucket_next. */
static void take_out(struct cache *cache, struct cache_entry *entry, struct cache_entry **gone)
{
    struct cache_entry **link = &cache->buckets[entry->bucket];
    while (*link != entry) link = &(*link)->bucket_next;
    *link = entry->bucket_next;
    list_remove(cache, entry);
    cache->entries--;
    cache->bytes -= sizeof *entry;
    if (--entry->definition->cached_under == 0) cache->bytes -= entry->definition->bytes;
    entry->bucket_next = *gone;
    *gone = entry;
}

/* Outside the lock: the last owner of a definition frees a lot. */
static void free_entries(struct cache *cache, struct cache_entry *gone)
{
    while (gone) {
        struct cache_entry *next = gone->bucket_next;
        definition_release(gone->definition);
        mem_free(cache->mem, gone, sizeof *gone);
        gone = next;
    }
}

void cache_release(struct cache *cache)
{
    if (!cache->buckets) return;
    assert(!cache->loads);
    struct cache_entry *gone = NULL;
    while (cache->oldest) take_out(cache, cache->oldest, &gone);
    free_entries(cache, gone);
    assert(cache->bytes == 0 && cache->entries == 0);
    mem_free(cache->mem, cache->buckets, CACHE_BUCKETS * sizeof *cache->buckets);
    pthread_mutex_destroy(&cache->lock);
    pthread_cond_destroy(&cache->loaded);
    *cache = (struct cache){0};
}

struct definition *cache_find(struct cache *cache, struct str tenant, struct str form, struct aim aim)
{
    struct key key;
    if (!key_make(&key, tenant, form, aim)) return NULL;
    pthread_mutex_lock(&cache->lock);
    struct cache_entry *entry = find(cache, &key);
    struct definition *definition = NULL;
    if (entry) {
        if (entry != cache->newest) {
            list_remove(cache, entry);
            list_push(cache, entry);
        }
        definition = definition_retain(entry->definition);
        cache->hits++;
    } else {
        cache->misses++;
    }
    pthread_mutex_unlock(&cache->lock);
    return definition;
}

static uint64_t *epoch_of(struct cache *cache, struct str tenant)
{
    return &cache->epochs[(uint32_t)digest_short(tenant) % CACHE_EPOCHS];
}

uint64_t cache_epoch(struct cache *cache, struct str tenant)
{
    pthread_mutex_lock(&cache->lock);
    uint64_t epoch = *epoch_of(cache, tenant);
    pthread_mutex_unlock(&cache->lock);
    return epoch;
}

static void insert(struct cache *cache, struct cache_entry *entry)
{
    entry->bucket_next = cache->buckets[entry->bucket];
    cache->buckets[entry->bucket] = entry;
    list_push(cache, entry);
    cache->entries++;
    cache->bytes += sizeof *entry;
    if (entry->definition->cached_under++ == 0) cache->bytes += entry->definition->bytes;
}

void cache_put(struct cache *cache, struct str tenant, struct str form, struct aim aim,
               struct definition *definition, uint64_t epoch)
{
    struct key key;
    if (!key_make(&key, tenant, form, aim)) return;
    if (definition->bytes + 2 * sizeof(struct cache_entry) > cache->bytes_max) return;
    struct cache_entry *entry = mem_zalloc(cache->mem, sizeof *entry);
    if (!entry) return; /* it is only a cache */
    entry->bucket = key.bucket;
    entry->number = aim.number;
    entry->key_len = (uint32_t)key.len;
    memcpy(entry->key, key.bytes, key.len);
    entry->definition = definition_retain(definition);

    struct cache_entry *gone = NULL;
    pthread_mutex_lock(&cache->lock);
    if (*epoch_of(cache, tenant) == epoch) {
        struct cache_entry *old = find(cache, &key);
        if (old) take_out(cache, old, &gone);
        insert(cache, entry);
        while (cache->bytes > cache->bytes_max) {
            take_out(cache, cache->oldest, &gone);
            cache->evictions++;
        }
    } else {
        entry->bucket_next = gone;
        gone = entry;
    }
    pthread_mutex_unlock(&cache->lock);
    free_entries(cache, gone);
}

static void forget(struct cache *cache, struct str tenant, struct str form, bool channels_only)
{
    struct key key;
    if (!key_make(&key, tenant, form, (struct aim){0})) return;
    /* Without a form also without the NUL that ends its name. */
    size_t prefix_len = form.len ? key.prefix_len : tenant.len + 1;
    struct cache_entry *gone = NULL;
    pthread_mutex_lock(&cache->lock);
    ++*epoch_of(cache, tenant);
    for (struct cache_entry *entry = cache->newest, *older; entry; entry = older) {
        older = entry->older;
        if (channels_only && entry->number) continue;
        if (entry->key_len >= prefix_len && memcmp(entry->key, key.bytes, prefix_len) == 0)
            take_out(cache, entry, &gone);
    }
    pthread_mutex_unlock(&cache->lock);
    free_entries(cache, gone);
}

void cache_forget(struct cache *cache, struct str tenant, struct str form)
{
    forget(cache, tenant, form, false);
}

void cache_forget_channels(struct cache *cache, struct str tenant, struct str form)
{
    forget(cache, tenant, form, true);
}

static bool aim_eq(struct aim a, struct aim b)
{
    return a.number == b.number && a.bucket == b.bucket && str_eq(a.channel, b.channel);
}

static bool is_loading(const struct cache *cache, const struct cache_load *load)
{
    const struct cache_load *at = cache->loads;
    while (at && (!aim_eq(at->aim, load->aim) || !str_eq(at->form, load->form) ||
                  !str_eq(at->tenant, load->tenant)))
        at = at->next;
    return at != NULL;
}

bool cache_load_begin(struct cache *cache, struct cache_load *load)
{
    bool waited = false;
    pthread_mutex_lock(&cache->lock);
    while (is_loading(cache, load)) {
        waited = true;
        pthread_cond_wait(&cache->loaded, &cache->lock);
    }
    if (!waited) {
        load->next = cache->loads;
        cache->loads = load;
    }
    pthread_mutex_unlock(&cache->lock);
    return !waited;
}

void cache_load_end(struct cache *cache, struct cache_load *load)
{
    pthread_mutex_lock(&cache->lock);
    struct cache_load **link = &cache->loads;
    while (*link != load) link = &(*link)->next;
    *link = load->next;
    pthread_cond_broadcast(&cache->loaded);
    pthread_mutex_unlock(&cache->lock);
}
