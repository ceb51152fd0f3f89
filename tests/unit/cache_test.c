#include "engine/cache.h"

#include "tests/test.h"

#include <stdatomic.h>

enum { MAX_BYTES = 100000, BYTES = 10000 };

static struct cache cache;

/* A definition that weighs `bytes` and holds nothing. */
static struct definition *make(size_t bytes)
{
    struct definition *definition = mem_zalloc(mem_heap(), sizeof *definition);
    definition->mem = mem_heap();
    definition->block_bytes = sizeof *definition;
    definition->bytes = bytes;
    arena_init(&definition->arena, mem_heap(), 1);
    atomic_init(&definition->references, 1);
    return definition;
}

static void begin(size_t bytes_max)
{
    CHECK_STATUS(cache_init(&cache, mem_heap(), bytes_max), ST_OK);
}

/* Puts a new definition of these bytes under the key; the cache is its only owner. */
static void put(const char *tenant, const char *form, uint32_t number, size_t bytes)
{
    struct definition *definition = make(bytes);
    cache_put(&cache, str_of(tenant), str_of(form), (struct aim){.number = number}, definition,
              cache_epoch(&cache, str_of(tenant)));
    definition_release(definition);
}

static bool has(const char *tenant, const char *form, uint32_t number)
{
    struct definition *definition =
        cache_find(&cache, str_of(tenant), str_of(form), (struct aim){.number = number});
    definition_release(definition);
    return definition != NULL;
}

static void what_was_put_is_found_under_its_key_only(void)
{
    begin(MAX_BYTES);
    put("acme", "visa", 0, BYTES);
    CHECK(has("acme", "visa", 0));
    CHECK(!has("acme", "visa", 1) && !has("acme", "vis", 0) && !has("acm", "evisa", 0) &&
          !has("acmev", "isa", 0));
    CHECK(cache.hits == 1 && cache.misses == 4 && cache.entries == 1);
    cache_release(&cache);
}

static void a_name_that_is_none_is_not_found(void)
{
    char long_name[70];
    memset(long_name, 'a', sizeof long_name);
    begin(MAX_BYTES);
    CHECK(!cache_find(&cache, (struct str){long_name, sizeof long_name}, STR("f"), (struct aim){0}));
    CHECK(!cache_find(&cache, STR("t"), (struct str){long_name, sizeof long_name}, (struct aim){0}));
    put("t", "f", 0, BYTES);
    cache_forget(&cache, (struct str){long_name, sizeof long_name}, STR(""));
    CHECK(has("t", "f", 0));
    cache_release(&cache);
}

static void the_least_lately_used_goes_first(void)
{
    begin(MAX_BYTES);
    char form[8];
    for (int i = 0; i < 9; i++) {
        snprintf(form, sizeof form, "f%d", i);
        put("t", form, 0, BYTES);
    }
    CHECK(has("t", "f0", 0)); /* used just now */
    put("t", "g", 0, BYTES);
    CHECK(has("t", "f0", 0) && !has("t", "f1", 0) && has("t", "f2", 0) && has("t", "g", 0));
    CHECK(cache.evictions == 1);
    cache_release(&cache);
}

static void the_bytes_never_exceed_the_maximum(void)
{
    begin(MAX_BYTES);
    for (uint32_t i = 1; i < 500; i++) {
        put("t", "f", i, 100 + i * 37 % 9000);
        CHECK(cache.bytes <= MAX_BYTES);
    }
    cache_release(&cache);
}

static void what_is_larger_than_the_cache_is_not_kept(void)
{
    begin(MAX_BYTES);
    put("t", "small", 0, BYTES);
    put("t", "large", 0, MAX_BYTES);
    CHECK(has("t", "small", 0) && !has("t", "large", 0));
    cache_release(&cache);
}

/* As version 3 and as what "live" and "beta" stand for. */
static void put_under_three_names(void)
{
    struct definition *definition = make(BYTES);
    uint64_t epoch = cache_epoch(&cache, STR("t"));
    cache_put(&cache, STR("t"), STR("f"), (struct aim){.number = 3}, definition, epoch);
    size_t once = cache.bytes;
    cache_put(&cache, STR("t"), STR("f"), (struct aim){.number = 0}, definition, epoch);
    cache_put(&cache, STR("t"), STR("f"), (struct aim){.channel = STR("beta")}, definition, epoch);
    CHECK(cache.bytes < once + 200 && cache.entries == 1 && atomic_load(&definition->references) == 2);
    definition_release(definition);
}

static void a_definition_under_three_names_is_one_entry(void)
{
    begin(MAX_BYTES);
    put_under_three_names();
    cache_forget(&cache, STR("t"), STR("f"));
    CHECK(cache.bytes == 0 && cache.entries == 0);
    put_under_three_names();
    put("t", "large", 0, MAX_BYTES - BYTES);
    CHECK(cache.evictions == 1 && cache.entries == 1 && !has("t", "f", 3) && !has("t", "f", 0));
    cache_release(&cache);
}

static void a_definition_stays_until_the_last_of_its_names_is_another_ones(void)
{
    begin(MAX_BYTES);
    put_under_three_names();
    put("t", "f", 0, BYTES);
    CHECK(cache.entries == 2 && has("t", "f", 3));
    cache_forget_channels(&cache, STR("t"), STR("f"));
    CHECK(cache.entries == 1 && has("t", "f", 3) && !has("t", "f", 0));
    put("t", "f", 3, 100);
    CHECK(cache.entries == 1 && cache.bytes < BYTES && has("t", "f", 3));
    cache_release(&cache);
}

static void the_same_under_the_same_name_changes_nothing(void)
{
    begin(MAX_BYTES);
    struct definition *definition = make(BYTES);
    size_t once = 0;
    for (int i = 0; i < 3; i++) {
        cache_put(&cache, STR("t"), STR("f"), (struct aim){0}, definition,
                  cache_epoch(&cache, STR("t")));
        if (i == 0) once = cache.bytes;
    }
    CHECK(cache.bytes == once && cache.entries == 1 && atomic_load(&definition->references) == 2);
    definition_release(definition);
    cache_release(&cache);
}

static void what_grows_makes_others_go(void)
{
    begin(MAX_BYTES);
    struct definition *definition = make(BYTES);
    cache_put(&cache, STR("t"), STR("f"), (struct aim){0}, definition, cache_epoch(&cache, STR("t")));
    put("t", "g", 0, BYTES);
    size_t before = cache.bytes;
    cache_grow(&cache, definition, BYTES);
    CHECK(cache.bytes == before + BYTES && definition->bytes == (size_t)2 * BYTES);
    CHECK(has("t", "f", 0) && cache.entries == 2);
    cache_grow(&cache, definition, MAX_BYTES - 3 * BYTES);
    CHECK(has("t", "f", 0) && !has("t", "g", 0) && cache.bytes <= MAX_BYTES);
    cache_grow(&cache, definition, MAX_BYTES); /* more than all there is room for */
    CHECK(!has("t", "f", 0) && cache.bytes == 0);
    cache_grow(&cache, definition, BYTES); /* not there any more */
    CHECK(cache.bytes == 0 && cache.evictions == 2);
    definition_release(definition);
    cache_release(&cache);
}

static void a_new_one_takes_the_old_ones_place(void)
{
    begin(MAX_BYTES);
    put("t", "f", 0, BYTES);
    size_t before = cache.bytes;
    put("t", "f", 0, BYTES);
    CHECK(cache.entries == 1 && cache.bytes == before);
    cache_release(&cache);
}

static void forgetting_a_form_leaves_its_neighbours(void)
{
    begin(MAX_BYTES);
    put("t", "f", 0, 100);
    put("t", "f", 1, 100);
    put("t", "ff", 0, 100);
    put("t", "e", 0, 100);
    put("tt", "f", 0, 100);
    cache_forget(&cache, STR("t"), STR("f"));
    CHECK(!has("t", "f", 0) && !has("t", "f", 1));
    CHECK(has("t", "ff", 0) && has("t", "e", 0) && has("tt", "f", 0));
    cache_forget(&cache, STR("t"), STR(""));
    CHECK(!has("t", "ff", 0) && !has("t", "e", 0) && has("tt", "f", 0));
    cache_release(&cache);
}

static void put_aim(struct aim aim)
{
    struct definition *definition = make(100);
    cache_put(&cache, STR("t"), STR("f"), aim, definition, cache_epoch(&cache, STR("t")));
    definition_release(definition);
}

static bool has_aim(struct aim aim)
{
    struct definition *definition = cache_find(&cache, STR("t"), STR("f"), aim);
    definition_release(definition);
    return definition != NULL;
}

static void a_channel_and_a_bucket_are_keys_of_their_own(void)
{
    begin(MAX_BYTES);
    put_aim((struct aim){.bucket = 1});
    CHECK(has_aim((struct aim){.bucket = 1, .channel = STR("live")})); /* the same by its name */
    CHECK(!has_aim((struct aim){.number = 0}) && !has_aim((struct aim){.bucket = 2}));
    CHECK(!has_aim((struct aim){.bucket = 1, .channel = STR("beta")}));
    put_aim((struct aim){.channel = STR("beta")});
    CHECK(has_aim((struct aim){.channel = STR("beta")}) &&
          !has_aim((struct aim){.channel = STR("bet")}));
    put_aim((struct aim){.number = 7});
    CHECK(has_aim(
        (struct aim){.number = 7, .channel = STR("beta"), .bucket = 5})); /* a number says all */
    CHECK(cache.entries == 3);
    put_aim((struct aim){.channel = STR("bet")});
    put_aim((struct aim){.channel = STR("bet")}); /* another one: "beta" keeps its own */
    CHECK(has_aim((struct aim){.channel = STR("beta")}) && cache.entries == 4);
    cache_release(&cache);
}

static void forgetting_channels_leaves_versions(void)
{
    begin(MAX_BYTES);
    put_aim((struct aim){.number = 0});
    put_aim((struct aim){.number = 1});
    put_aim((struct aim){.bucket = 100});
    put_aim((struct aim){.channel = STR("beta"), .bucket = 3});
    put("t", "ff", 0, 100);
    uint64_t epoch = cache_epoch(&cache, STR("t"));
    cache_forget_channels(&cache, STR("t"), STR("f"));
    CHECK(cache_epoch(&cache, STR("t")) != epoch); /* what was read before it is not kept after it */
    CHECK(!has("t", "f", 0) && !has_aim((struct aim){.bucket = 100}));
    CHECK(!has_aim((struct aim){.channel = STR("beta"), .bucket = 3}));
    CHECK(has("t", "f", 1) && has("t", "ff", 0) && cache.entries == 2);
    cache_release(&cache);
}

static void a_channels_name_that_is_too_long_is_not_found(void)
{
    char name[LIMIT_FORM_NAME_BYTES + 1];
    memset(name, 'a', sizeof name);
    begin(MAX_BYTES);
    struct aim longest = {.channel = {name, LIMIT_FORM_NAME_BYTES}},
               longer = {.channel = {name, sizeof name}};
    put_aim(longest);
    put_aim(longer);
    CHECK(has_aim(longest) && !has_aim(longer) && cache.entries == 1);
    cache_release(&cache);
}

/* Read before, forgotten meanwhile, put afterwards: that would bring the old one back. */
static void what_was_read_before_a_forgetting_is_not_kept_after_it(void)
{
    begin(MAX_BYTES);
    struct definition *definition = make(BYTES);
    uint64_t epoch = cache_epoch(&cache, STR("t"));
    cache_forget(&cache, STR("t"), STR("f"));
    cache_put(&cache, STR("t"), STR("f"), (struct aim){.number = 0}, definition, epoch);
    CHECK(!has("t", "f", 0));
    cache_put(&cache, STR("t"), STR("f"), (struct aim){.number = 0}, definition,
              cache_epoch(&cache, STR("t")));
    CHECK(has("t", "f", 0));
    definition_release(definition);
    cache_release(&cache);
}

static void one_that_is_in_use_outlives_its_place(void)
{
    begin(MAX_BYTES);
    put("t", "f", 0, BYTES);
    struct definition *held = cache_find(&cache, STR("t"), STR("f"), (struct aim){0});
    cache_forget(&cache, STR("t"), STR("f"));
    CHECK(held && held->bytes == BYTES && atomic_load(&held->references) == 1);
    definition_release(held);
    cache_release(&cache);
}

static void no_memory_means_not_kept_and_no_more(void)
{
    struct test_mem mem = TEST_MEM(.fail_at = 1);
    struct cache small;
    CHECK_STATUS(cache_init(&small, &mem.mem, MAX_BYTES), ST_NOMEM);
    mem = TEST_MEM(.fail_at = 2);
    CHECK_STATUS(cache_init(&small, &mem.mem, MAX_BYTES), ST_OK);
    struct definition *definition = make(BYTES);
    cache_put(&small, STR("t"), STR("f"), (struct aim){.number = 0}, definition, 0);
    CHECK(mem.failed && small.entries == 0);
    cache_release(&small);
    mem = TEST_MEM(.fail_at = 3);
    CHECK_STATUS(cache_init(&small, &mem.mem, MAX_BYTES), ST_OK);
    cache_put(&small, STR("t"), STR("f"), (struct aim){.number = 0}, definition, 0);
    CHECK(mem.failed && small.entries == 0 && small.bytes == 0);
    definition_release(definition);
    cache_release(&small);
    CHECK(mem.held == 0);
}

/* ---------------------------------------------------------------- many threads */

enum { THREADS = 6, ROUNDS = 4000 };

static void *hammer(void *user)
{
    unsigned seed = (unsigned)(size_t)user * 7919 + 1;
    for (int i = 0; i < ROUNDS; i++) {
        seed = seed * 1103515245 + 12345;
        char form[8];
        snprintf(form, sizeof form, "f%u", seed >> 16 & 15);
        switch (seed >> 24 & 7) {
        case 0:
            put("t", form, 0, BYTES);
            break;
        case 1:
            cache_forget(&cache, STR("t"), str_of(form));
            break;
        default:
            has("t", form, 0);
            break;
        }
    }
    return NULL;
}

static void threads_do_not_get_into_each_others_way(void)
{
    pthread_t threads[THREADS];
    begin(MAX_BYTES);
    for (size_t i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, hammer, (void *)i) == 0);
    for (size_t i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    CHECK(cache.hits + cache.misses > 0 && cache.bytes <= MAX_BYTES);
    cache_forget(&cache, STR("t"), STR(""));
    CHECK(cache.bytes == 0 && cache.entries == 0);
    cache_release(&cache);
}

static atomic_int loaders;

static void *load(void *user)
{
    (void)user;
    struct cache_load mine = {.tenant = STR("t"), .form = STR("f"), .aim = {.number = 0}};
    while (!has("t", "f", 0)) {
        if (!cache_load_begin(&cache, &mine)) continue;
        if (!has("t", "f", 0)) {
            atomic_fetch_add(&loaders, 1);
            put("t", "f", 0, BYTES);
        }
        cache_load_end(&cache, &mine);
    }
    return NULL;
}

static void what_all_want_is_loaded_by_one(void)
{
    pthread_t threads[THREADS];
    begin(MAX_BYTES);
    atomic_store(&loaders, 0);
    for (size_t i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, load, NULL) == 0);
    for (size_t i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    CHECK(atomic_load(&loaders) == 1);
    cache_release(&cache);
}

static void different_keys_are_loaded_side_by_side(void)
{
    begin(MAX_BYTES);
    struct cache_load one = {.tenant = STR("t"), .form = STR("f"), .aim = {.number = 0}};
    struct cache_load two = {.tenant = STR("t"), .form = STR("f"), .aim = {.number = 1}};
    struct cache_load three = {.tenant = STR("u"), .form = STR("f"), .aim = {.number = 0}};
    CHECK(cache_load_begin(&cache, &one) && cache_load_begin(&cache, &two) &&
          cache_load_begin(&cache, &three));
    cache_load_end(&cache, &two);
    cache_load_end(&cache, &one);
    cache_load_end(&cache, &three);
    cache_release(&cache);
}

int main(void)
{
    what_was_put_is_found_under_its_key_only();
    a_name_that_is_none_is_not_found();
    the_least_lately_used_goes_first();
    the_bytes_never_exceed_the_maximum();
    what_is_larger_than_the_cache_is_not_kept();
    a_definition_under_three_names_is_one_entry();
    a_definition_stays_until_the_last_of_its_names_is_another_ones();
    the_same_under_the_same_name_changes_nothing();
    what_grows_makes_others_go();
    a_new_one_takes_the_old_ones_place();
    forgetting_a_form_leaves_its_neighbours();
    a_channel_and_a_bucket_are_keys_of_their_own();
    forgetting_channels_leaves_versions();
    a_channels_name_that_is_too_long_is_not_found();
    what_was_read_before_a_forgetting_is_not_kept_after_it();
    one_that_is_in_use_outlives_its_place();
    no_memory_means_not_kept_and_no_more();
    threads_do_not_get_into_each_others_way();
    what_all_want_is_loaded_by_one();
    different_keys_are_loaded_side_by_side();
    return TEST_RESULT();
}
