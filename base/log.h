/* Log: one JSON line per event.
 *
 *     log_event(log, LOG_INFO, "listening", LOG_STR("address", address), LOG_INT("workers", 2));
 *     {"ts":"2026-01-15T10:00:00.123Z","level":"info","msg":"listening","address":"127.0.0.1:8080","workers":2}
 *
 * A line is written by one write() of at most LOG_LINE_BYTES, so lines of several threads never mix;
 * what does not fit is left out from the back and marked with "cut":true. Bytes that are no UTF-8 come
 * out as U+FFFD. Never put answers, tokens or keys into it. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/clock.h"
#include "base/str.h"

#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log {
    struct clock *clock;
    int fd;
    enum log_level level; /* events below it are dropped */
};

enum log_kind { LOG_KIND_END, LOG_KIND_STR, LOG_KIND_INT, LOG_KIND_BOOL };

struct log_field {
    enum log_kind kind;
    const char *key;
    struct str text;
    int64_t number;
};

#define LOG_STR(name, value) ((struct log_field){LOG_KIND_STR, (name), (value), 0})
#define LOG_INT(name, value) ((struct log_field){LOG_KIND_INT, (name), {"", 0}, (value)})
#define LOG_BOOL(name, value) ((struct log_field){LOG_KIND_BOOL, (name), {"", 0}, (value)})
#define LOG_END ((struct log_field){LOG_KIND_END, "", {"", 0}, 0})

void log_init(struct log *log, struct clock *clk, int fd, enum log_level level);
/* `fields` ends with LOG_END. `log` NULL: nothing is written. */
void log_fields(struct log *log, enum log_level level, const char *msg, const struct log_field *fields);

/* With at least one field. */
#define log_event(log, level, msg, ...)                                                                \
    log_fields((log), (level), (msg), (const struct log_field[]){__VA_ARGS__, LOG_END})
/* Without. */
#define log_line(log, level, msg) log_fields((log), (level), (msg), (const struct log_field[]){LOG_END})

#endif
