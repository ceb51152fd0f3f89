#include "server/exports.h"

#include "base/limits.h"
#include "server/on.h"
#include "server/submission_json.h"

struct exports {
    struct crew_job job;
    struct server *server;
    struct request *request;
    struct submission_walk *walk;
    struct flat *flat;               /* rows of CSV; NULL: lines of JSON */
    struct masking masking, *masked; /* NULL: with everything */
    struct buf chunk;
    size_t sent;
    bool ended, failed;
};

struct exports *exports_new(struct request *request, struct submission_walk *walk, struct flat *flat)
{
    struct mem *mem = request->server->mem;
    struct exports *exports = mem_zalloc(mem, sizeof *exports);
    if (!exports) {
        engine_export_close(walk);
        flat_free(flat);
        return NULL;
    }
    *exports =
        (struct exports){.server = request->server, .request = request, .walk = walk, .flat = flat};
    exports->masked = on_masking(request, &exports->masking);
    buf_init(&exports->chunk, mem,
             (size_t)limit(EXPORT_CHUNK_BYTES) + 2 * (size_t)limit(VERDICT_BYTES));
    if (flat) flat_put_header(flat, &exports->chunk);
    return exports;
}

void exports_free(struct exports *exports)
{
    engine_export_close(exports->walk);
    masking_release(&exports->masking);
    flat_free(exports->flat);
    buf_release(&exports->chunk);
    mem_free(exports->server->mem, exports, sizeof *exports);
}

static enum status put_submission(struct exports *exports, const struct submission_record *submission)
{
    struct json_writer json;
    if (exports->flat)
        return flat_put_rows(exports->flat, submission, exports->masked, &exports->chunk);
    json_writer_init(&json, &exports->chunk);
    submission_json(&json, submission, exports->masked);
    buf_putc(&exports->chunk, '\n');
    return exports->chunk.failure ? exports->chunk.failure : exports->masking.failure;
}

static void add_row(struct exports *exports)
{
    struct submission_record submission;
    enum status st = engine_export_next(exports->walk, &submission);
    if (st == ST_ABSENT) {
        exports->ended = true;
        return;
    }
    if (!st) st = put_submission(exports, &submission);
    if (st) exports->failed = true;
}

/* On the crew. */
static void fill(struct crew_job *job)
{
    struct exports *exports = (struct exports *)(void *)job; /* its first member */
    while (!exports->ended && !exports->failed && exports->chunk.len < limit(EXPORT_CHUNK_BYTES)) {
        if (atomic_load(&exports->server->hurry)) exports->failed = true;
        else add_row(exports);
    }
    request_resume(exports->request);
}

/* On the event thread: hands over what there is, or sleeps until the crew has made more. */
static ssize_t read_some(void *user, uint64_t position, char *to, size_t room)
{
    (void)position;
    struct exports *exports = user;
    struct buf *chunk = &exports->chunk;
    size_t left = chunk->len - exports->sent;
    if (left > 0) {
        if (left > room) left = room;
        memcpy(to, chunk->ptr + exports->sent, left);
        exports->sent += left;
        return (ssize_t)left;
    }
    if (exports->failed) return MHD_CONTENT_READER_END_WITH_ERROR;
    if (exports->ended) return MHD_CONTENT_READER_END_OF_STREAM;
    buf_reset(chunk);
    exports->sent = 0;
    exports->job.run = fill;
    request_suspend(exports->request);
    if (crew_put(&exports->server->judges, &exports->job) != CREW_TAKEN) { /* they yield to others */
        exports->failed = true;
        request_resume(exports->request);
    }
    return 0;
}

static void release(void *user)
{
    exports_free(user);
}

struct MHD_Response *exports_response(struct exports *exports, bool is_head)
{
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, limit(EXPORT_CHUNK_BYTES), read_some, exports, release);
    if (!response) {
        exports_free(exports);
        return NULL;
    }
    /* libmicrohttpd 0.9.75 would end the body that a HEAD does not have with a last chunk. Without
     * chunks it closes. */
    if (is_head) MHD_set_response_options(response, MHD_RF_HTTP_VERSION_1_0_ONLY, MHD_RO_END);
    return response;
}
