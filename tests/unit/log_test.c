#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "tests/test.h"

#include <pthread.h>
#include <unistd.h>

static struct clock_fixed clk;
static struct log sink;
static int reading;

static void start(enum log_level level)
{
    int ends[2];
    CHECK(pipe(ends) == 0);
    reading = ends[0];
    log_init(&sink, &clk.clock, ends[1], level);
}

/* What was written since start(). */
static struct str written(void)
{
    static char text[1 << 20];
    size_t len = 0;
    ssize_t got;
    close(sink.fd);
    while ((got = read(reading, text + len, sizeof text - len)) > 0) len += (size_t)got;
    close(reading);
    return (struct str){text, len};
}

static void an_event_is_a_line_of_json(void)
{
    start(LOG_INFO);
    log_event(&sink, LOG_INFO, "listening", LOG_STR("address", STR("127.0.0.1:8080")),
              LOG_INT("workers", 2), LOG_BOOL("tls", false));
    log_line(&sink, LOG_WARN, "bye");
    CHECK(str_eq(written(),
                 STR("{\"ts\":\"2026-01-15T10:00:00.123Z\",\"level\":\"info\",\"msg\":\"listening\","
                     "\"address\":\"127.0.0.1:8080\",\"workers\":2,\"tls\":false}\n"
                     "{\"ts\":\"2026-01-15T10:00:00.123Z\",\"level\":\"warn\",\"msg\":\"bye\"}\n")));
}

static void events_below_the_level_are_dropped(void)
{
    start(LOG_WARN);
    log_line(&sink, LOG_DEBUG, "a");
    log_line(&sink, LOG_INFO, "b");
    log_line(&sink, LOG_ERROR, "c");
    log_line(NULL, LOG_ERROR, "to nobody");
    struct str text = written();
    CHECK(
        str_eq(text, STR("{\"ts\":\"2026-01-15T10:00:00.123Z\",\"level\":\"error\",\"msg\":\"c\"}\n")));
}

static void the_lowest_level_lets_everything_through(void)
{
    start(LOG_DEBUG);
    log_line(&sink, LOG_DEBUG, "a");
    CHECK(str_eq(written(),
                 STR("{\"ts\":\"2026-01-15T10:00:00.123Z\",\"level\":\"debug\",\"msg\":\"a\"}\n")));
}

static bool is_json_line(struct str line)
{
    struct arena arena;
    struct json_value value;
    struct json_error error;
    arena_init(&arena, mem_heap(), 1 << 20);
    bool is = line.len > 0 && line.ptr[line.len - 1] == '\n' &&
              json_read(&arena, (struct str){line.ptr, line.len - 1}, 4, &value, &error) == ST_OK;
    arena_release(&arena);
    return is;
}

static void nothing_breaks_out_of_its_line(void)
{
    start(LOG_INFO);
    log_event(&sink, LOG_INFO, "x", LOG_STR("path", STR("/a\"\n{\"level\":\"error\"}\x1b[0m\xff\xfe")));
    struct str text = written();
    CHECK(memchr(text.ptr, '\n', text.len) == text.ptr + text.len - 1);
    CHECK(!memchr(text.ptr, 0x1b, text.len) && is_json_line(text));
}

static bool holds(struct str text, const char *part)
{
    for (size_t i = 0; i + strlen(part) <= text.len; i++)
        if (memcmp(text.ptr + i, part, strlen(part)) == 0) return true;
    return false;
}

static void a_line_that_fits_is_whole_and_a_longer_one_says_that_it_was_cut(void)
{
    char value[limit(LOG_LINE_BYTES) + 10];
    memset(value, 'v', sizeof value);
    size_t whole_max = 0;
    for (size_t len = limit(LOG_LINE_BYTES) - 200; len <= limit(LOG_LINE_BYTES); len++) {
        start(LOG_INFO);
        log_event(&sink, LOG_INFO, "m", LOG_INT("first", 1), LOG_STR("big", ((struct str){value, len})),
                  LOG_INT("last", 2));
        struct str text = written();
        CHECK(text.len <= limit(LOG_LINE_BYTES) && is_json_line(text));
        bool cut = holds(text, "\"cut\":true");
        CHECK(cut != holds(text, "\"last\":2"));
        CHECK(holds(text, "\"first\":1,"));
        if (!cut) whole_max = text.len;
    }
    CHECK(whole_max > limit(LOG_LINE_BYTES) - 20);
}

static void the_longest_message_still_fits(void)
{
    char msg[2000];
    memset(msg, 1, sizeof msg - 1); /* every byte is written as six */
    msg[sizeof msg - 1] = '\0';
    start(LOG_INFO);
    log_event(&sink, LOG_INFO, msg, LOG_INT("n", 1));
    struct str text = written();
    CHECK(is_json_line(text) && text.len <= limit(LOG_LINE_BYTES));
}

static void a_closed_sink_is_borne(void)
{
    log_init(&sink, &clk.clock, -1, LOG_DEBUG);
    log_line(&sink, LOG_ERROR, "nobody hears");
    CHECK(sink.fd == -1);
}

enum { THREADS = 4, EACH = 200 };

static void *write_many(void *unused)
{
    char value[300];
    memset(value, 'x', sizeof value);
    for (int i = 0; i < EACH; i++)
        log_event(&sink, LOG_INFO, "m", LOG_INT("i", i),
                  LOG_STR("v", ((struct str){value, sizeof value})));
    return unused;
}

/* Into a file, since a pipe would fill. */
static void lines_of_threads_do_not_mix(void)
{
    FILE *file = tmpfile();
    pthread_t threads[THREADS];
    log_init(&sink, &clk.clock, fileno(file), LOG_INFO);
    for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, write_many, NULL) == 0);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    char line[2 * 4096];
    int count = 0;
    rewind(file);
    while (fgets(line, sizeof line, file)) count += is_json_line(str_of(line));
    CHECK(count == THREADS * EACH);
    fclose(file);
}

int main(void)
{
    clock_fixed_init(&clk, 1768471200123456);
    an_event_is_a_line_of_json();
    events_below_the_level_are_dropped();
    the_lowest_level_lets_everything_through();
    nothing_breaks_out_of_its_line();
    a_line_that_fits_is_whole_and_a_longer_one_says_that_it_was_cut();
    the_longest_message_still_fits();
    a_closed_sink_is_borne();
    lines_of_threads_do_not_mix();
    return TEST_RESULT();
}
