#include "engine/cache.h"

#include <assert.h>

enum { KEY_BYTES_MAX = 64 + 64 + 4 + 4 + 64 };

static_assert(LIMIT_TENANT_ID_BYTES < 64 && LIMIT_FORM_NAME_BYTES < 64, "a key holds both names");

/* A definition that is kept; found by its names. */
struct cache_entry {
    struct definition *definition;
    struct cache_entry *newer, *older; /* by last use; once it is out, `older` chains it to others */
    struct cache_name *names;
};

/* What one asks for it by. */
struct cache_name {
    struct cache_entry *entry;
    struct cache_name *bucket_next;
    struct cache_name *other; /* of the same entry */
    uint32_t bucket;
    uint32_t number; /* of the aim: 0 for channels */
    uint32_t key_len;
    char key[]; /* tenant NUL form NUL version bucket channel */
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

static struct cache_name *find(struct cache *cache, const struct key *key)
{
    struct cache_name *name = cache->buckets[key->bucket];
    while (name && (name->key_len != key->len || memcmp(name->key, key->bytes, key->len) != 0))
        name = name->bucket_next;
    return name;
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

static size_t entry_bytes(const struct cache_entry *entry)
{
    return sizeof *entry + entry->definition->bytes;
}

static size_t name_bytes(size_t key_len)
{
    return sizeof(struct cache_name) + key_len;
}

/* *place: where it hangs on its entry. */
static void drop_name(struct cache *cache, struct cache_name **place)
{
    struct cache_name *name = *place, **link = &cache->buckets[name->bucket];
    while (*link != name) link = &(*link)->bucket_next;
    *link = name->bucket_next;
    *place = name->other;
    cache->bytes -= name_bytes(name->key_len);
    mem_free(cache->mem, name, name_bytes(name->key_len));
}

/* Out of table and list, onto `gone`, which is chained by `older`. */
static void take_out(struct cache *cache, struct cache_entry *entry, struct cache_entry **gone)
{
    while (entry->names) drop_name(cache, &entry->names);
    list_remove(cache, entry);
    cache->entries--;
    cache->bytes -= entry_bytes(entry);
    entry->definition->cached = NULL;
    entry->older = *gone;
    *gone = entry;
}

/* Of its names those that begin so, or of them the channels'. The entry goes with the last of its
 * names. */
static void forget_names(struct cache *cache, struct cache_entry *entry, struct str prefix,
                         bool channels_only, struct cache_entry **gone)
{
    struct cache_name **place = &entry->names;
    while (*place) {
        struct cache_name *name = *place;
        bool meant = name->key_len >= prefix.len && memcmp(name->key, prefix.ptr, prefix.len) == 0;
        if (meant && !(channels_only && name->number)) drop_name(cache, place);
        else place = &name->other;
    }
    if (!entry->names) take_out(cache, entry, gone);
}

/* Likewise. */
static void take_name(struct cache *cache, const struct cache_name *name, struct cache_entry **gone)
{
    struct cache_entry *entry = name->entry;
    struct cache_name **place = &entry->names;
    while (*place != name) place = &(*place)->other;
    drop_name(cache, place);
    if (!entry->names) take_out(cache, entry, gone);
}

/* Outside the lock: the last owner of a definition frees a lot. */
static void free_entries(struct cache *cache, struct cache_entry *gone)
{
    while (gone) {
        struct cache_entry *next = gone->older;
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
    struct cache_name *name = find(cache, &key);
    struct definition *definition = NULL;
    if (name) {
        struct cache_entry *entry = name->entry;
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

static struct cache_name *name_new(struct mem *mem, const struct key *key, uint32_t number)
{
    struct cache_name *name = mem_zalloc(mem, name_bytes(key->len));
    if (!name) return NULL;
    name->bucket = key->bucket;
    name->number = number;
    name->key_len = (uint32_t)key->len;
    memcpy(name->key, key->bytes, key->len);
    return name;
}

/* The definition's; made when it has none. NULL: no memory. */
static struct cache_entry *entry_of(struct cache *cache, struct definition *definition)
{
    if (definition->cached) return definition->cached;
    struct cache_entry *entry = mem_zalloc(cache->mem, sizeof *entry);
    if (!entry) return NULL;
    entry->definition = definition_retain(definition);
    definition->cached = entry;
    list_push(cache, entry);
    cache->entries++;
    cache->bytes += entry_bytes(entry);
    return entry;
}

static void hang(struct cache *cache, struct cache_entry *entry, struct cache_name *name)
{
    name->entry = entry;
    name->other = entry->names;
    entry->names = name;
    name->bucket_next = cache->buckets[name->bucket];
    cache->buckets[name->bucket] = name;
    cache->bytes += name_bytes(name->key_len);
}

/* Whoever had the name before has it no more. False: no memory. */
static bool give_name(struct cache *cache, const struct key *key, uint32_t number,
                      struct definition *definition, struct cache_entry **gone)
{
    struct cache_name *old = find(cache, key);
    if (old && old->entry->definition == definition) return true;
    struct cache_name *name = name_new(cache->mem, key, number);
    struct cache_entry *entry = name ? entry_of(cache, definition) : NULL;
    if (!entry) {
        if (name) mem_free(cache->mem, name, name_bytes(key->len));
        return false;
    }
    if (old) take_name(cache, old, gone);
    hang(cache, entry, name);
    return true;
}

static void make_room(struct cache *cache, struct cache_entry **gone)
{
    while (cache->bytes > cache->bytes_max) {
        take_out(cache, cache->oldest, gone);
        cache->evictions++;
    }
}

void cache_put(struct cache *cache, struct str tenant, struct str form, struct aim aim,
               struct definition *definition, uint64_t epoch)
{
    struct key key;
    if (!key_make(&key, tenant, form, aim)) return;
    struct cache_entry *gone = NULL;
    pthread_mutex_lock(&cache->lock); /* another thread may have made the definition grow */
    size_t alone = sizeof(struct cache_entry) + name_bytes(key.len) + definition->bytes;
    if (alone <= cache->bytes_max && *epoch_of(cache, tenant) == epoch &&
        give_name(cache, &key, aim.number, definition, &gone))
        make_room(cache, &gone);
    pthread_mutex_unlock(&cache->lock);
    free_entries(cache, gone);
}

void cache_grow(struct cache *cache, struct definition *definition, size_t more)
{
    struct cache_entry *gone = NULL;
    pthread_mutex_lock(&cache->lock);
    definition->bytes += more;
    if (definition->cached) cache->bytes += more;
    make_room(cache, &gone);
    pthread_mutex_unlock(&cache->lock);
    free_entries(cache, gone);
}

static void forget(struct cache *cache, struct str tenant, struct str form, bool channels_only)
{
    struct key key;
    if (!key_make(&key, tenant, form, (struct aim){0})) return;
    /* Without a form also without the NUL that ends its name. */
    struct str prefix = {key.bytes, form.len ? key.prefix_len : tenant.len + 1};
    struct cache_entry *gone = NULL;
    pthread_mutex_lock(&cache->lock);
    ++*epoch_of(cache, tenant);
    for (struct cache_entry *entry = cache->newest, *older; entry; entry = older) {
        older = entry->older;
        forget_names(cache, entry, prefix, channels_only, &gone);
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
