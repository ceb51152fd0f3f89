#define _GNU_SOURCE
#include "server/access.h"

#include "base/json_value.h"
#include "tests/test.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
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
    CHECK_STATUS(access_init(&log_book, mem_heap(), &access_log), ST_OK);
}

static void end(void)
{
    access_release(&log_book);
    close(ends[0]);
    close(ends[1]);
}

/* What comes, until it is `lines` lines, or nothing for a while. */
static size_t read_lines(char *to, size_t room, size_t lines)
{
    struct pollfd in = {.fd = ends[0], .events = POLLIN};
    size_t len = 0, seen = 0;
    while (seen < lines && len < room - 1 && poll(&in, 1, 5000) == 1) {
        ssize_t got = read(ends[0], to + len, room - 1 - len);
        if (got <= 0) break;
        for (ssize_t i = 0; i < got; i++) seen += to[len + (size_t)i] == '\n';
        len += (size_t)got;
    }
    to[len] = '\0';
    return seen;
}

static bool nothing_comes(void)
{
    return poll(&(struct pollfd){.fd = ends[0], .events = POLLIN}, 1, 100) == 0;
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
    CHECK(nothing_comes()); /* kept until there is more, or the flush */
    access_flush(&log_book);
    CHECK(read_lines(text, sizeof text, 1) == 1);
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
    CHECK(read_lines(text, sizeof text, 1) == 1 && !strstr(text, "tenant") && !strstr(text, "actor"));
    end();
}

static void many_lines_are_written_before_they_are_too_many(void)
{
    static char text[1 << 17];
    begin(LOG_INFO);
    for (int i = 0; i < 300; i++) access_add(&log_book, &entry);
    size_t lines = read_lines(text, sizeof text, 190); /* no flush: the book was full enough */
    CHECK(lines >= 190);
    access_flush(&log_book);
    lines += read_lines(text, sizeof text, 300 - lines);
    CHECK(lines == 300 && access_dropped(&log_book) == 0);
    end();
}

static size_t bytes_of_line(void)
{
    char text[1000];
    access_add(&log_book, &entry);
    access_flush(&log_book);
    CHECK(read_lines(text, sizeof text, 1) == 1);
    return strlen(text);
}

/* A pipe whose reader does not read: what it takes, what the thread holds, and what waits. */
static void so_many_bytes_wait_for_a_reader_and_then_the_gap_is_told(void)
{
    static char text[2 << 20];
    begin(LOG_INFO);
    size_t each = bytes_of_line(), most = (size_t)limit(ACCESS_BYTES) / each, count = 0, lines = 0;
    while (access_dropped(&log_book) == 0 && ++count < 100000) access_add(&log_book, &entry);
    CHECK(count > most && count * each < 3 * (size_t)limit(ACCESS_BYTES));
    CHECK(log_book.lines.len == most * each && access_dropped(&log_book) == 1);
    access_add(&log_book, &entry);
    CHECK(access_dropped(&log_book) == 2); /* and held nobody up */
    lines = read_lines(text, sizeof text, count - 1);
    CHECK(lines == count - 1 && !strstr(text, "dropped"));
    access_add(&log_book, &entry);
    access_flush(&log_book);
    CHECK(read_lines(text, sizeof text, 2) == 2);
    CHECK(str_starts(str_of(text), STR("{\"ts\":\"2026-01-15T10:00:00.123Z\",\"level\":\"warn\","
                                       "\"msg\":\"lines dropped\",\"count\":2}\n{\"ts\"")));
    access_add(&log_book, &entry);
    access_flush(&log_book);
    CHECK(read_lines(text, sizeof text, 1) == 1 && !strstr(text, "dropped")); /* told once */
    end();
}

/* Past limit(ACCESS_DRAIN_MS) nobody is waited for. */
static void a_reader_that_never_reads_does_not_keep_the_server_from_ending(void)
{
    begin(LOG_INFO);
    while (access_dropped(&log_book) == 0) access_add(&log_book, &entry);
    int64_t began_ns = clock_steady_ns(clock_system());
    access_release(&log_book);
    CHECK(clock_steady_ns(clock_system()) - began_ns >= (int64_t)limit(ACCESS_DRAIN_MS) * 1000000);
    end();
}

static void a_reader_that_has_gone_costs_its_lines(void)
{
    begin(LOG_INFO);
    close(ends[0]);
    access_add(&log_book, &entry);
    access_flush(&log_book);
    for (int i = 0; i < 500 && access_dropped(&log_book) == 0; i++)
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    CHECK(access_dropped(&log_book) == 1);
    ends[0] = dup(ends[1]);
    end();
}

static void without_a_log_nothing_happens(void)
{
    struct access none;
    CHECK_STATUS(access_init(&none, mem_heap(), NULL), ST_OK);
    access_add(&none, &entry);
    access_flush(&none);
    CHECK(none.lines.len == 0 && access_dropped(&none) == 0);
    access_release(&none);
    access_release(&none);
    begin(LOG_WARN); /* requests are information */
    access_add(&log_book, &entry);
    access_flush(&log_book);
    CHECK(nothing_comes());
    end();
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    a_request_is_one_line_of_json();
    what_is_not_known_is_left_out();
    many_lines_are_written_before_they_are_too_many();
    so_many_bytes_wait_for_a_reader_and_then_the_gap_is_told();
    a_reader_that_never_reads_does_not_keep_the_server_from_ending();
    a_reader_that_has_gone_costs_its_lines();
    without_a_log_nothing_happens();
    return TEST_RESULT();
}
