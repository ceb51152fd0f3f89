#include "tenants/recall.h"

#include "base/limits.h"

#include <assert.h>

enum { ID_BYTES_MAX = 16, WAYS = 4 };

struct recall_entry {
    struct digest key;
    uint64_t used_at; /* 0: empty */
    int64_t until_ms;
    struct token_record token; /* its texts are those below */
    char id[ID_BYTES_MAX], tenant[LIMIT_TENANT_ID_BYTES];
};

enum status recall_init(struct recall *recall, struct mem *mem)
{
    *recall = (struct recall){.mem = mem};
    recall->entries = mem_zalloc(mem, limit(TOKENS_KNOWN) * sizeof *recall->entries);
    if (!recall->entries) return ST_NOMEM;
    pthread_mutex_init(&recall->lock, NULL);
    return ST_OK;
}

void recall_release(struct recall *recall)
{
    mem_free(recall->mem, recall->entries, limit(TOKENS_KNOWN) * sizeof *recall->entries);
    pthread_mutex_destroy(&recall->lock);
}

/* The WAYS places where it can be. */
static struct recall_entry *ways_of(struct recall *recall, const struct digest *key)
{
    uint32_t number = (uint32_t)key->bytes[0] << 16 | (uint32_t)key->bytes[1] << 8 | key->bytes[2];
    return recall->entries + number % (limit(TOKENS_KNOWN) / WAYS) * WAYS;
}

static struct recall_entry *find(struct recall *recall, const struct digest *key)
{
    struct recall_entry *ways = ways_of(recall, key);
    for (int i = 0; i < WAYS; i++)
        if (ways[i].used_at && memcmp(ways[i].key.bytes, key->bytes, DIGEST_BYTES) == 0)
            return &ways[i];
    return NULL;
}

static void drop(struct recall_entry *entry)
{
    *entry = (struct recall_entry){.used_at = 0};
}

/* The record leaves with texts of its own: the entry may be another's in a moment. */
static enum status hand_out(const struct recall_entry *entry, struct arena *arena,
                            struct token_record *ret_token)
{
    struct token_record token = entry->token;
    token.id = arena_str(arena, token.id);
    token.tenant = arena_str(arena, token.tenant);
    token.note = STR("");
    if (!token.id.ptr || !token.tenant.ptr) return arena->refused ? ST_LIMIT : ST_NOMEM;
    *ret_token = token;
    return ST_OK;
}

static enum status use(struct recall *recall, struct recall_entry *entry, int64_t now_ms,
                       struct arena *arena, struct token_record *ret_token)
{
    enum status st = hand_out(entry, arena, ret_token);
    if (st) return st;
    entry->used_at = ++recall->uses;
    if (now_ms - entry->token.last_used_ms >= limit(TOKEN_TOUCH_SECONDS) * INT64_C(1000))
        entry->token.last_used_ms = now_ms;
    return ST_OK;
}

enum status recall_find(struct recall *recall, const struct digest *key, int64_t now_ms,
                        struct arena *arena, struct token_record *ret_token)
{
    enum status st = ST_ABSENT;
    pthread_mutex_lock(&recall->lock);
    struct recall_entry *entry = find(recall, key);
    bool over = entry && entry->until_ms && entry->until_ms <= now_ms;
    if (over) drop(entry);
    else if (entry) st = use(recall, entry, now_ms, arena, ret_token);
    recall->hits += st == ST_OK;
    recall->misses += st == ST_ABSENT;
    pthread_mutex_unlock(&recall->lock);
    return st;
}

uint64_t recall_changes(struct recall *recall)
{
    pthread_mutex_lock(&recall->lock);
    uint64_t changes = recall->changes;
    pthread_mutex_unlock(&recall->lock);
    return changes;
}

/* Its own old place, an empty one, or the least lately used. */
static struct recall_entry *choose(struct recall *recall, const struct digest *key)
{
    struct recall_entry *ways = ways_of(recall, key), *chosen = find(recall, key);
    if (chosen) return chosen;
    chosen = ways;
    for (int i = 1; i < WAYS; i++)
        if (ways[i].used_at < chosen->used_at) chosen = &ways[i];
    return chosen;
}

static void fill(struct recall_entry *entry, const struct digest *key, const struct token_record *token,
                 int64_t until_ms)
{
    assert(token->id.len <= sizeof entry->id && token->tenant.len <= sizeof entry->tenant);
    *entry = (struct recall_entry){.key = *key, .until_ms = until_ms, .token = *token};
    memcpy(entry->id, token->id.ptr, token->id.len);
    if (token->tenant.len) memcpy(entry->tenant, token->tenant.ptr, token->tenant.len);
    entry->token.id.ptr = entry->id;
    entry->token.tenant.ptr = entry->tenant;
    entry->token.note = STR("");
}

void recall_keep(struct recall *recall, const struct digest *key, const struct token_record *token,
                 int64_t until_ms, uint64_t changes)
{
    pthread_mutex_lock(&recall->lock);
    if (recall->changes == changes) {
        struct recall_entry *entry = choose(recall, key);
        fill(entry, key, token, until_ms);
        entry->used_at = ++recall->uses;
    }
    pthread_mutex_unlock(&recall->lock);
}

void recall_forget(struct recall *recall, struct str tenant)
{
    pthread_mutex_lock(&recall->lock);
    recall->changes++;
    for (int i = 0; i < limit(TOKENS_KNOWN); i++) {
        struct recall_entry *entry = &recall->entries[i];
        if (entry->used_at && str_eq(entry->token.tenant, tenant)) drop(entry);
    }
    pthread_mutex_unlock(&recall->lock);
}
