#include "server/ready.h"

#include "base/limits.h"
#include "tests/test.h"

#include <pthread.h>
#include <stdio.h>

static struct ready *make(struct str body)
{
    struct blob *blob = blob_new(mem_heap(), body);
    struct MHD_Response *model = blob_response(NULL);
    CHECK(blob && model && MHD_add_response_header(model, "ETag", "\"1\"") == MHD_YES);
    struct ready *ready = ready_new(mem_heap(), model, blob);
    blob_release(blob);
    CHECK(ready != NULL);
    return ready;
}

static const char *header(const struct ready_copy *copy, const char *name)
{
    const char *value = MHD_get_response_header(copy->response, name);
    return value ? value : "";
}

static void each_copy_has_the_models_headers_and_its_own_id(void)
{
    struct ready *ready = make(STR("body"));
    struct ready_copy *one = ready_lend(ready, "req_1"), *two = ready_lend(ready, "req_2");
    CHECK(one && two && one != two);
    CHECK(strcmp(header(one, "X-Request-Id"), "req_1") == 0 &&
          strcmp(header(one, "ETag"), "\"1\"") == 0);
    CHECK(strcmp(header(two, "X-Request-Id"), "req_2") == 0 &&
          strcmp(header(two, "ETag"), "\"1\"") == 0);
    ready_return(one);
    ready_return(two);
    ready_free(ready);
}

static enum MHD_Result count_ids(void *user, enum MHD_ValueKind kind, const char *name,
                                 const char *value)
{
    (void)kind, (void)value;
    *(int *)user += strcmp(name, "X-Request-Id") == 0;
    return MHD_YES;
}

static void a_copy_that_came_back_is_lent_again_with_one_id(void)
{
    struct ready *ready = make(STR(""));
    struct ready_copy *first = ready_lend(ready, "req_a");
    ready_return(first);
    for (int i = 0; i < 100; i++) {
        char id[IDENT_BYTES];
        int ids = 0;
        snprintf(id, sizeof id, "req_%d", i);
        struct ready_copy *copy = ready_lend(ready, id);
        CHECK(copy == first && strcmp(header(copy, "X-Request-Id"), id) == 0);
        MHD_get_response_headers(copy->response, count_ids, &ids);
        CHECK(ids == 1);
        ready_return(copy);
    }
    ready_free(ready);
}

/* Counts what is asked for and given back. */
struct counting {
    struct mem mem;
    int blocks;
};

static void *count_resize(struct mem *self, void *ptr, size_t old_size, size_t new_size)
{
    struct counting *counting = (struct counting *)(void *)self;
    counting->blocks += (new_size > 0) - (old_size > 0 && ptr);
    struct mem *heap = mem_heap();
    return heap->resize(heap, ptr, old_size, new_size);
}

static void so_many_wait_and_no_more(void)
{
    enum { MORE = LIMIT_READY_COPIES + 1 };
    struct counting counting = {.mem = {count_resize}};
    struct ready_copy *copies[MORE];
    struct ready *ready = ready_new(&counting.mem, blob_response(NULL), NULL);
    CHECK(counting.blocks == 1);
    for (int i = 0; i < MORE; i++) copies[i] = ready_lend(ready, "req_1");
    CHECK(counting.blocks == 1 + MORE);
    for (int i = 0; i < MORE - 1; i++) ready_return(copies[i]);
    CHECK(counting.blocks == 1 + MORE); /* all that came back wait */
    ready_return(copies[MORE - 1]);
    CHECK(counting.blocks == MORE); /* one too many */
    ready_free(ready);
    CHECK(counting.blocks == 0);
}

static void *lend_and_return(void *user)
{
    struct ready *ready = user;
    for (int i = 0; i < 2000; i++) {
        char id[IDENT_BYTES];
        snprintf(id, sizeof id, "req_%p_%d", (void *)&id, i);
        struct ready_copy *copy = ready_lend(ready, id);
        if (!copy || strcmp(header(copy, "X-Request-Id"), id) != 0) return ready;
        ready_return(copy);
    }
    return NULL;
}

static void threads_do_not_mix_their_copies(void)
{
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    struct ready *ready = make(STR("body"));
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, lend_and_return, ready) == 0);
    for (int i = 0; i < THREADS; i++) {
        void *bad = NULL;
        pthread_join(threads[i], &bad);
        CHECK(bad == NULL);
    }
    ready_free(ready);
}

static void without_a_model_there_is_nothing(void)
{
    CHECK(ready_new(mem_heap(), NULL, NULL) == NULL);
    ready_free(NULL);
}

int main(void)
{
    each_copy_has_the_models_headers_and_its_own_id();
    a_copy_that_came_back_is_lent_again_with_one_id();
    so_many_wait_and_no_more();
    threads_do_not_mix_their_copies();
    without_a_model_there_is_nothing();
    return TEST_RESULT();
}
