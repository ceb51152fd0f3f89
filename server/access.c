#include "server/access.h"

#include "base/civil.h"
#include "base/json_writer.h"
#include "base/limits.h"

#include <unistd.h>

enum { FLUSH_BYTES = 32 << 10, LINES_BYTES = 64 << 10 };

void access_init(struct access *access, struct mem *mem, struct log *log)
{
    *access = (struct access){.log = log};
    pthread_mutex_init(&access->lock, NULL);
    buf_init(&access->lines, mem, LINES_BYTES);
}

/* A reader that does not keep up loses lines, it does not hold up the server for ever: what a blocked
 * descriptor refuses is dropped and counted. */
static void write_out(struct access *access)
{
    struct str lines = buf_str(&access->lines);
    while (lines.len > 0) {
        ssize_t written = write(access->log->fd, lines.ptr, lines.len);
        if (written <= 0) {
            access->dropped++;
            break;
        }
        lines = (struct str){lines.ptr + written, lines.len - (size_t)written};
    }
    buf_reset(&access->lines);
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

void access_add(struct access *access, const struct access_entry *entry)
{
    if (!access->log || access->log->level > LOG_INFO) return;
    int64_t now_ms = clock_wall_ms(access->log->clock);
    pthread_mutex_lock(&access->lock);
    size_t before = access->lines.len;
    put_entry(&access->lines, now_ms, entry);
    if (buf_failed(&access->lines)) {
        access->lines.len = before;
        access->lines.failure = ST_OK;
        access->dropped++;
    }
    if (access->lines.len >= FLUSH_BYTES) write_out(access);
    pthread_mutex_unlock(&access->lock);
}

void access_flush(struct access *access)
{
    if (!access->log) return;
    pthread_mutex_lock(&access->lock);
    if (access->lines.len > 0) write_out(access);
    pthread_mutex_unlock(&access->lock);
}

void access_release(struct access *access)
{
    if (!access->lines.mem) return;
    access_flush(access);
    buf_release(&access->lines);
    pthread_mutex_destroy(&access->lock);
    *access = (struct access){.log = NULL};
}
