#include "tests/simulation/scene.h"

#include "tests/simulation/memory_disk.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct scene here;
struct model model, before;

uint32_t below(uint32_t count)
{
    return dice_below(&here.dice, count);
}

bool once_in(uint32_t count)
{
    return dice_in(&here.dice, count);
}

void differ(const char *what, const char *got, const char *wanted)
{
    if (here.differs) return;
    here.differs = true;
    (void)fprintf(stderr, "%s %s: %s: %s, and the model has %s\n", here.exchange.method,
                  here.exchange.target, what, got, wanted);
    if (here.exchange.body)
        (void)fprintf(stderr, "  body    %.*s\n", (int)here.exchange.body_len, here.exchange.body);
    for (uint32_t i = 0; i < here.exchange.header_count; i++)
        (void)fprintf(stderr, "  %s: %s\n", here.exchange.headers[i].name,
                      here.exchange.headers[i].value);
    (void)fprintf(stderr, "  answer  %u %.1500s\n", here.exchange.status,
                  here.exchange.answer ? here.exchange.answer : "");
}

void same_text(const char *what, struct str got, const char *wanted)
{
    char text[1024];
    if (str_eq(got, str_of(wanted))) return;
    (void)snprintf(text, sizeof text, "%.*s", STR_ARG(got));
    differ(what, text, wanted);
}

void same_number(const char *what, int64_t got, int64_t wanted)
{
    char first[32], second[32];
    if (got == wanted) return;
    (void)snprintf(first, sizeof first, "%" PRId64, got);
    (void)snprintf(second, sizeof second, "%" PRId64, wanted);
    differ(what, first, second);
}

static void hash_in(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        here.hash = (here.hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
}

void ask(const char *method, const char *format, ...)
{
    char target[512];
    va_list more;
    exchange_release(&here.exchange);
    va_start(more, format);
    if (vsnprintf(target, sizeof target, format, more) >= (int)sizeof target) abort();
    va_end(more);
    here.exchange.method = method;
    here.exchange.from = 1 + below(20);
    exchange_target(&here.exchange, "%s", target);
}

void with(const char *name, const char *value)
{
    exchange_header(&here.exchange, name, "%s", value);
}

void with_caller(const struct caller *caller)
{
    if (caller->text) exchange_header(&here.exchange, "Authorization", "Bearer %s", caller->text);
}

void with_reason(void)
{
    with("Audit-Reason", "the simulation");
}

void with_body(const char *type, const char *format, ...)
{
    va_list more;
    va_start(more, format);
    int len = vsnprintf(here.body, sizeof here.body, format, more);
    va_end(more);
    if (len < 0 || (size_t)len >= sizeof here.body) abort();
    here.exchange.body = here.body;
    here.exchange.body_len = (size_t)len;
    with("Content-Type", type);
}

void read_json(const struct exchange *exchange)
{
    struct json_error error;
    const char *type = exchange_told(exchange, "Content-Type");
    here.json = (struct json_value){.kind = JSON_NULL};
    arena_reset(&here.arena);
    if (!type || !strstr(type, "json") || strstr(type, "ndjson") || !exchange->answer) return;
    if (json_read(&here.arena, (struct str){exchange->answer, exchange->answer_len}, 64, &here.json,
                  &error) != ST_OK)
        differ("the answer", "no JSON", "JSON");
}

void told(const struct exchange *exchange)
{
    here.counts.requests++;
    hash_in(exchange->method, strlen(exchange->method));
    hash_in(exchange->target, strlen(exchange->target));
    hash_in((const char *)&exchange->status, sizeof exchange->status);
    if (exchange->answer) hash_in(exchange->answer, exchange->answer_len);
    if (here.aloud)
        (void)fprintf(stderr, "    %s %s %u\n", exchange->method, exchange->target, exchange->status);
}

void go(void)
{
    exchange_all(&here.exchange, 1);
    told(&here.exchange);
    read_json(&here.exchange);
}

struct str text_of(const char *member)
{
    struct str text = STR("");
    (void)json_get_str(&here.json, str_of(member), &text);
    return text;
}

int64_t number_of(const char *member)
{
    int64_t number = NOTHING;
    (void)json_get_int(&here.json, str_of(member), &number);
    return number;
}

void keep_text(const char *member, char *text, size_t room)
{
    (void)snprintf(text, room, "%.*s", STR_ARG(text_of(member)));
}

void keep_cursor(char cursor[512])
{
    (void)snprintf(cursor, 512, "%.*s", STR_ARG(text_of("next_cursor")));
}

bool comes(struct verdict want)
{
    char wanted[80];
    go();
    const struct exchange *exchange = &here.exchange;
    bool failed = exchange->status >= 500 || exchange->status == 0;
    if (here.armed && failed && (memory_disk_failures() || memory_disk_is_cut())) {
        bool reads = strcmp(exchange->method, "GET") == 0;
        if (reads && here.full)
            differ("what only reads, of a disk that is full", "refused", "answered");
        here.unsure = true;
        return want.status < 400;
    }
    bool same =
        exchange->status == want.status && (!want.code || str_eq(text_of("code"), str_of(want.code)));
    (void)snprintf(wanted, sizeof wanted, "%u %s", want.status, want.code ? want.code : "");
    if (!same) differ("the answer", exchange->answer_len ? "another" : "an empty one", wanted);
    return same && want.status < 400;
}

struct verdict first(struct verdict one, struct verdict other)
{
    return one.status ? one : other;
}

struct verdict unless(bool condition, unsigned status, const char *code)
{
    return condition ? FINE(0) : REFUSED(status, code);
}

void write_moment(int64_t ms, char text[32])
{
    time_t seconds = ms / 1000;
    struct tm parts;
    (void)gmtime_r(&seconds, &parts);
    (void)strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

void write_told(int64_t ms, char text[40])
{
    write_moment(ms, text);
    if (ms % 1000) (void)snprintf(text + strlen(text) - 1, 8, ".%03dZ", (int)(ms % 1000));
}

void same_errors(const struct json_value *of, const char *wanted)
{
    char got[512] = "";
    const struct json_value *errors = json_get(of, STR("errors"));
    if (!errors || errors->kind != JSON_ARRAY) {
        differ("errors", "none", wanted);
        return;
    }
    for (uint32_t i = 0; i < errors->count; i++) {
        struct str pointer = STR("?"), code = STR("?");
        (void)json_get_str(&errors->items[i], STR("pointer"), &pointer);
        (void)json_get_str(&errors->items[i], STR("code"), &code);
        size_t len = strlen(got);
        (void)snprintf(got + len, sizeof got - len, " %.*s:%.*s", STR_ARG(pointer), STR_ARG(code));
    }
    same_text("errors", str_of(got), wanted);
}
