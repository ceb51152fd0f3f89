#include "server/ready.h"

#include "base/limits.h"

#include <assert.h>
#include <pthread.h>

static const char id_header[] = "X-Request-Id";

struct ready {
    struct mem *mem;
    struct MHD_Response *model;
    struct blob *blob;
    pthread_mutex_t lock;
    struct ready_copy *waiting;
    int waiting_count;
};

struct ready *ready_new(struct mem *mem, struct MHD_Response *model, struct blob *blob)
{
    struct ready *ready = model ? mem_zalloc(mem, sizeof *ready) : NULL;
    if (!ready) {
        if (model) MHD_destroy_response(model);
        return NULL;
    }
    *ready = (struct ready){.mem = mem, .model = model, .blob = blob};
    pthread_mutex_init(&ready->lock, NULL);
    if (blob) blob_keep(blob);
    return ready;
}

static void copy_free(struct ready_copy *copy)
{
    if (copy->response) MHD_destroy_response(copy->response);
    mem_free(copy->ready->mem, copy, sizeof *copy);
}

void ready_free(struct ready *ready)
{
    if (!ready) return;
    while (ready->waiting) {
        struct ready_copy *copy = ready->waiting;
        ready->waiting = copy->next;
        copy_free(copy);
    }
    MHD_destroy_response(ready->model);
    blob_release(ready->blob);
    pthread_mutex_destroy(&ready->lock);
    mem_free(ready->mem, ready, sizeof *ready);
}

static struct ready_copy *take_waiting(struct ready *ready)
{
    pthread_mutex_lock(&ready->lock);
    struct ready_copy *copy = ready->waiting;
    if (copy) {
        ready->waiting = copy->next;
        ready->waiting_count--;
    }
    pthread_mutex_unlock(&ready->lock);
    return copy;
}

static enum MHD_Result copy_header(void *user, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    (void)kind;
    struct ready_copy *copy = user;
    if (MHD_add_response_header(copy->response, name, value) == MHD_YES) return MHD_YES;
    MHD_destroy_response(copy->response);
    copy->response = NULL;
    return MHD_NO;
}

static struct ready_copy *make_copy(struct ready *ready)
{
    struct ready_copy *copy = mem_zalloc(ready->mem, sizeof *copy);
    if (!copy) return NULL;
    copy->ready = ready;
    copy->response = blob_response(ready->blob);
    if (copy->response) MHD_get_response_headers(ready->model, copy_header, copy);
    if (copy->response) return copy;
    copy_free(copy);
    return NULL;
}

/* libmicrohttpd's own copy of the id, which stays where it is for as long as the header does; NULL: it
 * has none of its own. */
static char *own_id(const struct ready_copy *copy)
{
    const char *kept = MHD_get_response_header(copy->response, id_header);
    return kept && kept != copy->id && strcmp(kept, copy->id) == 0 ? (char *)(uintptr_t)kept : NULL;
}

static bool replace_id(struct ready_copy *copy, const char *id, size_t len)
{
    if (copy->id[0]) MHD_del_response_header(copy->response, id_header, copy->id);
    memcpy(copy->id, id, len + 1);
    copy->id_len = len;
    if (MHD_add_response_header(copy->response, id_header, copy->id) != MHD_YES) return false;
    copy->own_id = own_id(copy);
    return true;
}

/* Ids are of one length, so each is written over the last, which takes a tenth of what taking one
 * header out and another in would. */
static bool tell_id(struct ready_copy *copy, const char *id)
{
    size_t len = strlen(id);
    assert(len < sizeof copy->id);
    if (!copy->own_id || copy->id_len != len) return replace_id(copy, id, len);
    memcpy(copy->own_id, id, len);
    memcpy(copy->id, id, len);
    return true;
}

struct ready_copy *ready_lend(struct ready *ready, const char *id)
{
    struct ready_copy *copy = take_waiting(ready);
    if (!copy) copy = make_copy(ready);
    if (!copy) return NULL;
    if (tell_id(copy, id)) return copy;
    copy_free(copy);
    return NULL;
}

void ready_return(struct ready_copy *copy)
{
    struct ready *ready = copy->ready;
    pthread_mutex_lock(&ready->lock);
    bool stays = ready->waiting_count < limit(READY_COPIES);
    if (stays) {
        copy->next = ready->waiting;
        ready->waiting = copy;
        ready->waiting_count++;
    }
    pthread_mutex_unlock(&ready->lock);
    if (!stays) copy_free(copy);
}
