#include "server/access.h"

#include "base/civil.h"
#include "base/json_writer.h"
#include "base/limits.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

enum {
    FLUSH_BYTES = 32 << 10,
    LINES_BYTES = limit(ACCESS_BYTES),
    WRITE_BYTES = 4096, /* a pipe that says there is room takes as many without waiting */
    LOOK_MS = 50
};

/* ---------------------------------------------------------------- the thread that writes */

static bool is_stopping(struct access *access)
{
    pthread_mutex_lock(&access->lock);
    bool stopping = access->stopping;
    pthread_mutex_unlock(&access->lock);
    return stopping;
}

/* Waits until somebody reads; false: not in the time that a stopping server has. */
static bool wait_for_reader(struct access *access, int64_t *waited_ms)
{
    struct pollfd out = {.fd = access->log->fd, .events = POLLOUT};
    while (poll(&out, 1, LOOK_MS) == 0) {
        if (!is_stopping(access)) continue;
        *waited_ms += LOOK_MS;
        if (*waited_ms >= limit(ACCESS_DRAIN_MS)) return false;
    }
    return true;
}

static void count_dropped(struct access *access, struct str lines)
{
    uint64_t count = 0;
    for (size_t i = 0; i < lines.len; i++) count += lines.ptr[i] == '\n';
    pthread_mutex_lock(&access->lock);
    access->dropped += count;
    access->untold += count;
    pthread_mutex_unlock(&access->lock);
}

static void write_out(struct access *access, int64_t *waited_ms)
{
    struct str lines = buf_str(&access->writing);
    while (lines.len > 0 && wait_for_reader(access, waited_ms)) {
        size_t part = lines.len < WRITE_BYTES ? lines.len : WRITE_BYTES;
        ssize_t written = write(access->log->fd, lines.ptr, part);
        if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (written <= 0) break;
        lines = (struct str){lines.ptr + written, lines.len - (size_t)written};
    }
    if (lines.len > 0) count_dropped(access, lines);
    buf_reset(&access->writing);
}

/* Takes over what waits, once it is worth it; false: it is over. */
static bool take(struct access *access)
{
    pthread_mutex_lock(&access->lock);
    while (!access->stopping && access->lines.len < FLUSH_BYTES && !(access->due && access->lines.len))
        pthread_cond_wait(&access->changed, &access->lock);
    struct buf lines = access->lines;
    access->lines = access->writing;
    access->writing = lines;
    access->due = false;
    pthread_mutex_unlock(&access->lock);
    return lines.len > 0;
}

static void *work(void *user)
{
    struct access *access = user;
    int64_t waited_ms = 0;
    while (take(access)) write_out(access, &waited_ms);
    return NULL;
}

enum status access_init(struct access *access, struct mem *mem, struct log *log)
{
    *access = (struct access){.log = NULL};
    if (!log) return ST_OK;
    buf_init(&access->lines, mem, LINES_BYTES);
    buf_init(&access->writing, mem, LINES_BYTES);
    pthread_mutex_init(&access->lock, NULL);
    pthread_cond_init(&access->changed, NULL);
    access->log = log;
    if (pthread_create(&access->thread, NULL, work, access) == 0) return ST_OK;
    pthread_cond_destroy(&access->changed);
    pthread_mutex_destroy(&access->lock);
    access->log = NULL;
    return ST_NOMEM;
}

void access_release(struct access *access)
{
    if (!access->log) return;
    pthread_mutex_lock(&access->lock);
    access->stopping = true;
    pthread_cond_signal(&access->changed);
    pthread_mutex_unlock(&access->lock);
    pthread_join(access->thread, NULL);
    buf_release(&access->lines);
    buf_release(&access->writing);
    pthread_cond_destroy(&access->changed);
    pthread_mutex_destroy(&access->lock);
    access->log = NULL;
}

/* ---------------------------------------------------------------- lines */

static void put_gap(struct buf *out, int64_t now_ms, uint64_t count)
{
    char ts[CIVIL_DATETIME_BYTES];
    struct json_writer json;
    json_writer_init(&json, out);
    json_object(&json);
    json_key_str(&json, STR("ts"), (struct str){ts, civil_format_datetime(now_ms, 0, ts)});
    json_key_str(&json, STR("level"), STR("warn"));
    json_key_str(&json, STR("msg"), STR("lines dropped"));
    json_key_int(&json, STR("count"), (int64_t)count);
    json_object_end(&json);
    buf_putc(out, '\n');
}

static void put_entry(struct buf *out, int64_t now_ms, const struct access_entry *entry)
{
    char ts[CIVIL_DATETIME_BYTES];
    struct json_writer json;
    json_writer_init(&json, out);
    json_object(&json);
    json_key_str(&json, STR("ts"), (struct str){ts, civil_format_datetime(now_ms, 0, ts)});
    json_key_str(&json, STR("level"), STR("info"));
    json_key_str(&json, STR("msg"), STR("request"));
    json_key_str(&json, STR("request_id"), entry->request_id);
    if (entry->trace_id.len) json_key_str(&json, STR("trace_id"), entry->trace_id);
    json_key_str(&json, STR("method"), str_of(entry->method));
    json_key_str(&json, STR("route"), str_of(entry->route));
    if (entry->tenant.len) json_key_str(&json, STR("tenant"), entry->tenant);
    json_key_int(&json, STR("status"), entry->status);
    json_key_int(&json, STR("dur_us"), entry->duration_us);
    if (entry->actor.len) json_key_str(&json, STR("actor"), entry->actor);
    json_object_end(&json);
    buf_putc(out, '\n');
}

/* Under the lock. All of it or nothing. */
static bool add(struct access *access, int64_t now_ms, const struct access_entry *entry)
{
    struct buf *lines = &access->lines;
    size_t before = lines->len;
    if (access->untold) put_gap(lines, now_ms, access->untold);
    put_entry(lines, now_ms, entry);
    if (!buf_failed(lines)) return true;
    lines->len = before;
    lines->failure = ST_OK;
    return false;
}

void access_add(struct access *access, const struct access_entry *entry)
{
    if (!access->log || access->log->level > LOG_INFO) return;
    int64_t now_ms = clock_wall_ms(access->log->clock);
    pthread_mutex_lock(&access->lock);
    bool added = add(access, now_ms, entry);
    access->dropped += !added;
    access->untold = added ? 0 : access->untold + 1;
    if (access->lines.len >= FLUSH_BYTES) pthread_cond_signal(&access->changed);
    pthread_mutex_unlock(&access->lock);
}

void access_flush(struct access *access)
{
    if (!access->log) return;
    pthread_mutex_lock(&access->lock);
    access->due = true;
    pthread_cond_signal(&access->changed);
    pthread_mutex_unlock(&access->lock);
}

uint64_t access_dropped(struct access *access)
{
    if (!access->log) return 0;
    pthread_mutex_lock(&access->lock);
    uint64_t dropped = access->dropped;
    pthread_mutex_unlock(&access->lock);
    return dropped;
}
