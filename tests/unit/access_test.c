#define _GNU_SOURCE
#include "server/access.h"

#include "base/json_value.h"
#include "tests/test.h"

#include <fcntl.h>
#include <unistd.h>

static struct clock_fixed clock_now;
static struct log access_log;
static struct access log_book;
static int ends[2];

static void begin(enum log_level level)
{
    CHECK(pipe(ends) == 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
    clock_fixed_init(&clock_now, INT64_C(1768471200123000));
    log_init(&access_log, &clock_now.clock, ends[1], level);
    access_init(&log_book, mem_heap(), &access_log);
}

static void end(void)
{
    access_release(&log_book);
    close(ends[0]);
    close(ends[1]);
}

static ssize_t read_all(char *to, size_t room)
{
    ssize_t got = read(ends[0], to, room - 1);
    if (got >= 0) to[got] = '\0';
    return got;
}

static const struct access_entry entry = {.request_id = {"req_1", 5},
                                          .tenant = {"acme", 4},
                                          .actor = {"tok_1", 5},
                                          .method = "GET",
                                          .route = "live_get",
                                          .status = 200,
                                          .duration_us = 41};

static void a_request_is_one_line_of_json(void)
{
    char text[1000];
    begin(LOG_INFO);
    access_add(&log_book, &entry);
    CHECK(read_all(text, sizeof text) < 0); /* kept until there is more, or the flush */
    access_flush(&log_book);
    CHECK(read_all(text, sizeof text) > 0);
    CHECK(strcmp(text, "{\"ts\":\"2026-01-15T10:00:00.123Z\",\"level\":\"info\",\"msg\":\"request\","
                       "\"request_id\":\"req_1\","
                       "\"method\":\"GET\",\"route\":\"live_get\",\"tenant\":\"acme\",\"status\":200,"
                       "\"dur_us\":41,"
                       "\"actor\":\"tok_1\"}\n") == 0);
    end();
}

static void what_is_not_known_is_left_out(void)
{
    char text[1000];
    struct access_entry nobody = entry;
    nobody.tenant = nobody.actor = STR("");
    begin(LOG_INFO);
    access_add(&log_book, &nobody);
    access_flush(&log_book);
    CHECK(read_all(text, sizeof text) > 0 && !strstr(text, "tenant") && !strstr(text, "actor"));
    end();
}

static void many_lines_are_written_before_they_are_too_many(void)
{
    static char text[1 << 17];
    size_t lines = 0;
    begin(LOG_INFO);
    for (int i = 0; i < 200; i++) access_add(&log_book, &entry);
    ssize_t got = read_all(text, sizeof text); /* no flush: the book was full enough */
    CHECK(got > 30000);
    for (ssize_t i = 0; i < got; i++) lines += text[i] == '\n';
    access_flush(&log_book);
    got = read_all(text, sizeof text);
    for (ssize_t i = 0; i < got; i++) lines += text[i] == '\n';
    CHECK(lines == 200 && log_book.dropped == 0);
    end();
}

static void a_reader_that_does_not_read_loses_lines_and_holds_nothing_up(void)
{
    begin(LOG_INFO);
    CHECK(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
    for (int i = 0; i < 2000; i++) access_add(&log_book, &entry);
    CHECK(log_book.dropped > 0);
    end();
}

static void without_a_log_nothing_happens(void)
{
    struct access none;
    access_init(&none, mem_heap(), NULL);
    access_add(&none, &entry);
    access_flush(&none);
    CHECK(none.lines.len == 0);
    access_release(&none);
    access_release(&none);
    char text[100];
    begin(LOG_WARN); /* requests are information */
    access_add(&log_book, &entry);
    access_flush(&log_book);
    CHECK(read_all(text, sizeof text) < 0);
    end();
}

int main(void)
{
    a_request_is_one_line_of_json();
    what_is_not_known_is_left_out();
    many_lines_are_written_before_they_are_too_many();
    a_reader_that_does_not_read_loses_lines_and_holds_nothing_up();
    without_a_log_nothing_happens();
    return TEST_RESULT();
}
