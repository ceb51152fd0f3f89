#include "base/log.h"

#include "base/civil.h"
#include "base/json_writer.h"
#include "base/limits.h"

#include <errno.h>
#include <unistd.h>

enum {
    LINE_BYTES = limit(LOG_LINE_BYTES),
    TAIL_BYTES = sizeof ",\"cut\":true}\n" - 1,
    MESSAGE_MAX = 500, /* with every byte escaped it still fits */
};

void log_init(struct log *log, struct clock *clk, int fd, enum log_level level)
{
    *log = (struct log){clk, fd, level};
}

static struct str level_name(enum log_level level)
{
    switch (level) {
    case LOG_DEBUG:
        return STR("debug");
    case LOG_INFO:
        return STR("info");
    case LOG_WARN:
        return STR("warn");
    case LOG_ERROR:
        break;
    }
    return STR("error");
}

static void put_head(struct json_writer *json, struct log *log, enum log_level level, struct str msg)
{
    char moment[CIVIL_DATETIME_BYTES];
    size_t len = civil_format_datetime(clock_wall_ms(log->clock), 0, moment);
    if (msg.len > MESSAGE_MAX) msg.len = MESSAGE_MAX;
    json_object(json);
    json_key_str(json, STR("ts"), (struct str){moment, len});
    json_key_str(json, STR("level"), level_name(level));
    json_key(json, STR("msg"));
    json_lossy(json, msg);
}

static void put_field(struct json_writer *json, const struct log_field *field)
{
    json_key(json, str_of(field->key));
    switch (field->kind) {
    case LOG_KIND_STR:
        json_lossy(json, field->text);
        break;
    case LOG_KIND_INT:
        json_int(json, field->number);
        break;
    case LOG_KIND_BOOL:
        json_bool(json, field->number != 0);
        break;
    case LOG_KIND_END:
        break;
    }
}

/* How much of the line may be used. The block is larger than that by one byte and never grows, so the
 * buf asks nobody for memory: see buf.c. */
static void set_room(struct buf *line, size_t bytes)
{
    line->bytes_max = bytes;
    line->size = bytes + 1;
}

/* All fields, or as many as fit and a mark. */
static void put_fields(struct json_writer *json, const struct log_field *fields)
{
    struct buf *out = json->out;
    for (; fields->kind != LOG_KIND_END; fields++) {
        size_t before = out->len;
        put_field(json, fields);
        if (!buf_failed(out)) continue;
        out->len = before;
        out->failure = ST_OK;
        set_room(out, LINE_BYTES); /* the tail had been kept free for this */
        json->comma = true;
        json_key_bool(json, STR("cut"), true);
        return;
    }
    set_room(out, LINE_BYTES);
}

static void write_line(int fd, struct str line)
{
    while (line.len > 0) {
        ssize_t done = write(fd, line.ptr, line.len);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return; /* nowhere to complain */
        line = (struct str){line.ptr + done, line.len - (size_t)done};
    }
}

void log_fields(struct log *log, enum log_level level, const char *msg, const struct log_field *fields)
{
    if (!log || level < log->level) return;
    char line[LINE_BYTES + 1];
    struct buf out = {.ptr = line};
    struct json_writer json;
    set_room(&out, LINE_BYTES - TAIL_BYTES);
    json_writer_init(&json, &out);
    put_head(&json, log, level, str_of(msg));
    put_fields(&json, fields);
    json_object_end(&json);
    buf_putc(&out, '\n');
    write_line(log->fd, buf_str(&out));
}
