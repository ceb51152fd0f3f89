#include "server/guard.h"

#include "base/limits.h"
#include "tests/test.h"

#include <stdio.h>

struct field {
    const char *name, *value;
};

/* What the guard says of a request with these fields (ends with a NULL name). */
static enum problem judge(const char *method, const char *version, const char *target,
                          const struct field *fields, struct guard_facts *facts)
{
    struct guard_request request = {
        .method = str_of(method), .version = str_of(version), .target = str_of(target)};
    guard_begin(&request, facts);
    for (; fields && fields->name; fields++)
        guard_header(facts, str_of(fields->name), str_of(fields->value));
    return guard_end(&request, facts);
}

static enum problem judge_get(const char *target, const struct field *fields)
{
    struct guard_facts facts;
    return judge("GET", "HTTP/1.1", target, fields, &facts);
}

static const struct field only_host[] = {{"Host", "a"}, {NULL, NULL}};

static void a_plain_request_passes_and_its_parts_are_told(void)
{
    const struct field fields[] = {
        {"host", "example.org:8080"}, {"ACCEPT-ENCODING", "br"}, {"X-Other", "\"é\""}, {NULL, NULL}};
    struct guard_facts facts;
    CHECK(judge("GET", "HTTP/1.1", "/v1/p/acme/visa?b=17&c=%41", fields, &facts) == PROBLEM_NONE);
    CHECK(facts.method == METHOD_GET);
    CHECK(str_eq(facts.path, STR("/v1/p/acme/visa")));
    CHECK(str_eq(facts.query, STR("b=17&c=%41")));
    CHECK(str_eq(facts.header[HEADER_ACCEPT_ENCODING], STR("br")));
    CHECK(guard_has(&facts, HEADER_HOST) && !guard_has(&facts, HEADER_AUTHORIZATION));
    CHECK(facts.content_length == 0 && facts.header_count == 3);
}

static void an_empty_value_is_there(void)
{
    const struct field fields[] = {{"Host", "a"}, {"If-None-Match", ""}, {NULL, NULL}};
    struct guard_facts facts;
    CHECK(judge("GET", "HTTP/1.1", "/", fields, &facts) == PROBLEM_NONE);
    CHECK(guard_has(&facts, HEADER_IF_NONE_MATCH) && facts.header[HEADER_IF_NONE_MATCH].len == 0);
}

static void each_known_method_passes_and_no_other(void)
{
    struct guard_facts facts;
    for (int i = 0; i < METHOD_COUNT; i++) {
        CHECK(judge(method_name((enum method)i), "HTTP/1.1", "/", only_host, &facts) == PROBLEM_NONE);
        CHECK(facts.method == (enum method)i);
    }
    static const char *const others[] = {"TRACE", "get", "GETT", "GE", "", "PROPFIND", "GET "};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        CHECK(judge(others[i], "HTTP/1.1", "/", only_host, &facts) == PROBLEM_METHOD_UNKNOWN);
}

static void only_two_versions_are_spoken(void)
{
    struct guard_facts facts;
    CHECK(judge("GET", "HTTP/1.0", "/", NULL, &facts) == PROBLEM_NONE); /* and that one needs no host */
    static const char *const others[] = {"HTTP/2.0", "HTTP/1.2",  "HTTP/0.9",
                                         "http/1.1", "HTTP/1.1 ", ""};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        CHECK(judge("GET", others[i], "/", only_host, &facts) == PROBLEM_VERSION_UNSUPPORTED);
}

static void a_path_is_plain_characters_without_escapes(void)
{
    static const char *const good[] = {"/",   "/a-b_c.d~e", "/a:b",  "/a//b", "/..",
                                       "/a?", "/a?%00",     "/a??b", "/a?b/c"};
    static const char *const bad[] = {
        "",      "a",      "*",    "http://a/", "/%41",  "/a b", "/a\\b", "/a\"",   "/<a>",
        "/a\tb", "/a\x7f", "/é",   "/a#b",      "/a[0]", "/a|b", "/a^b",  "/a`b",   "/{a}",
        "/a?%4", "/a?%zz", "/a?%", "/a? b",     "/a?\"", "/a?#", "/a?é",  "/a?\x01"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK(judge_get(good[i], only_host) == PROBLEM_NONE);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(judge_get(bad[i], only_host) == PROBLEM_TARGET_MALFORMED);
}

static void a_target_with_a_nul_inside_is_malformed(void)
{
    struct guard_facts facts;
    struct guard_request request = {
        .method = STR("GET"), .version = STR("HTTP/1.1"), .target = STR("/a\0b")};
    guard_begin(&request, &facts);
    guard_header(&facts, STR("Host"), STR("a"));
    CHECK(guard_end(&request, &facts) == PROBLEM_TARGET_MALFORMED);
    request.target = STR("/a?b\0c");
    guard_begin(&request, &facts);
    guard_header(&facts, STR("Host"), STR("a"));
    CHECK(guard_end(&request, &facts) == PROBLEM_TARGET_MALFORMED);
}

static void a_target_has_a_longest_length(void)
{
    static char target[LIMIT_TARGET_BYTES + 2];
    memset(target, 'a', sizeof target - 1);
    target[0] = '/';
    CHECK(judge_get(target, only_host) == PROBLEM_TARGET_TOO_LONG);
    target[LIMIT_TARGET_BYTES] = '\0';
    CHECK(judge_get(target, only_host) == PROBLEM_NONE);
}

static void there_is_one_host_and_it_is_one(void)
{
    static const char *const good[] = {"a", "example.org", "127.0.0.1:8080", "[::1]:80", "xn--a_b"};
    static const char *const bad[] = {"", "a b", "a/b", "a@b", "a,b", "a?b", "a\"", "é", "a\tb"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK(judge_get("/", (const struct field[]){{"Host", good[i]}, {NULL, NULL}}) == PROBLEM_NONE);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(judge_get("/", (const struct field[]){{"Host", bad[i]}, {NULL, NULL}}) ==
              PROBLEM_HOST_MISSING);
    CHECK(judge_get("/", NULL) == PROBLEM_HOST_MISSING);
    CHECK(judge_get("/", (const struct field[]){{"Host", "a"}, {"HOST", "a"}, {NULL, NULL}}) ==
          PROBLEM_HOST_MISSING);
}

static void a_header_that_may_stand_once_is_refused_the_second_time(void)
{
    static const char *const names[] = {"content-type", "authorization", "if-match", "idempotency-key"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct field fields[] = {{"Host", "a"}, {names[i], "x"}, {names[i], "x"}, {NULL, NULL}};
        CHECK(judge_get("/", fields) == PROBLEM_HEADER_REPEATED);
    }
    const struct field unknown[] = {{"Host", "a"}, {"X-Y", "1"}, {"X-Y", "2"}, {NULL, NULL}};
    CHECK(judge_get("/", unknown) == PROBLEM_NONE);
}

static void names_are_tokens_and_values_hold_no_controls(void)
{
    static const struct field bad[] = {{"", "1"},         {"a b", "1"},   {"a:", "1"},   {"a ", "1"},
                                       {" a", "1"},       {"a\x01", "1"}, {"a(", "1"},   {"[a]", "1"},
                                       {"\xc3\xa9", "1"}, {"a", "\x01"},  {"a", "1\n2"}, {"a", "1\r2"},
                                       {"a", "1\x7f"},    {"a\t", "1"},   {"{a}", "1"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const struct field fields[] = {{"Host", "a"}, bad[i], {NULL, NULL}};
        CHECK(judge_get("/", fields) == PROBLEM_HEADER_MALFORMED);
    }
    const struct field good[] = {{"Host", "a"}, {"!#$%&'*+-.^_`|~09azAZ", "a\tb \xff"}, {NULL, NULL}};
    CHECK(judge_get("/", good) == PROBLEM_NONE);
}

static void a_nul_in_a_name_or_value_is_malformed(void)
{
    struct guard_facts facts;
    struct guard_request request = {
        .method = STR("GET"), .version = STR("HTTP/1.1"), .target = STR("/")};
    guard_begin(&request, &facts);
    guard_header(&facts, STR("Host"), STR("a"));
    guard_header(&facts, STR("a\0b"), STR("1"));
    CHECK(guard_end(&request, &facts) == PROBLEM_HEADER_MALFORMED);
    guard_begin(&request, &facts);
    guard_header(&facts, STR("Host"), STR("a"));
    guard_header(&facts, STR("a"), STR("1\0002"));
    CHECK(guard_end(&request, &facts) == PROBLEM_HEADER_MALFORMED);
}

static enum problem judge_length(const char *method, const char *length)
{
    struct guard_facts facts;
    const struct field fields[] = {{"Host", "a"}, {"Content-Length", length}, {NULL, NULL}};
    return judge(method, "HTTP/1.1", "/", fields, &facts);
}

static void a_length_is_digits_and_nothing_else(void)
{
    static const char *const bad[] = {
        "", "+1", "-1", "1,1", "1 1", "0x1", "1.0", " 1", "1 ", "one", "1e3", "９", "9999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(judge_length("POST", bad[i]) == PROBLEM_HEADER_MALFORMED);
    struct guard_facts facts;
    const struct field fields[] = {{"Host", "a"}, {"Content-Length", "000999999999999"}, {NULL, NULL}};
    CHECK(judge("POST", "HTTP/1.1", "/", fields, &facts) == PROBLEM_NONE);
    CHECK(facts.content_length == 999999999999u);
}

static void a_body_is_taken_only_by_methods_that_have_one(void)
{
    for (int i = 0; i < METHOD_COUNT; i++) {
        const char *name = method_name((enum method)i);
        enum problem wanted =
            method_takes_body((enum method)i) ? PROBLEM_NONE : PROBLEM_BODY_UNEXPECTED;
        CHECK(judge_length(name, "1") == wanted);
        CHECK(judge_length(name, "0") == PROBLEM_NONE);
    }
}

static void a_transfer_coding_is_refused_whatever_it_says(void)
{
    static const char *const codings[] = {"chunked",  "identity",      "",
                                          "xchunked", "gzip, chunked", "CHUNKED"};
    struct guard_facts facts;
    for (size_t i = 0; i < sizeof codings / sizeof codings[0]; i++) {
        const struct field fields[] = {{"Host", "a"}, {"transfer-Encoding", codings[i]}, {NULL, NULL}};
        CHECK(judge("POST", "HTTP/1.1", "/", fields, &facts) == PROBLEM_LENGTH_REQUIRED);
        CHECK(judge("GET", "HTTP/1.1", "/", fields, &facts) == PROBLEM_LENGTH_REQUIRED);
    }
}

static void nothing_but_continue_can_be_expected(void)
{
    CHECK(judge_get("/", (const struct field[]){
                             {"Host", "a"}, {"Expect", "100-Continue"}, {NULL, NULL}}) == PROBLEM_NONE);
    CHECK(judge_get("/", (const struct field[]){{"Host", "a"}, {"Expect", "200"}, {NULL, NULL}}) ==
          PROBLEM_EXPECTATION_FAILED);
}

static void a_packed_body_is_refused(void)
{
    CHECK(judge_get("/", (const struct field[]){{"Host", "a"},
                                                {"Content-Encoding", "Identity"},
                                                {NULL, NULL}}) == PROBLEM_NONE);
    CHECK(judge_get(
              "/", (const struct field[]){{"Host", "a"}, {"Content-Encoding", "gzip"}, {NULL, NULL}}) ==
          PROBLEM_TYPE_UNSUPPORTED);
}

static void there_are_so_many_headers_and_no_more(void)
{
    struct guard_request request = {
        .method = STR("GET"), .version = STR("HTTP/1.1"), .target = STR("/")};
    for (int more = 0; more <= 1; more++) {
        struct guard_facts facts;
        guard_begin(&request, &facts);
        guard_header(&facts, STR("Host"), STR("a"));
        for (int i = 1; i < limit(HEADERS) + more; i++) guard_header(&facts, STR("A"), STR("1"));
        CHECK(guard_end(&request, &facts) == (more ? PROBLEM_HEADERS_TOO_MANY : PROBLEM_NONE));
    }
}

/* A head as it lies in the parser's memory. The places of its pieces: method, target, version, name and
 * value of the one header, and its end. */
struct pieces {
    size_t target, version, name, value, end;
};

static enum problem judge_pieces(const struct pieces *at)
{
    char head[128] = "GET"; /* and zeros, as the parser leaves them */
    struct guard_facts facts;
    struct guard_request request = {.method = {head, 3},
                                    .target = STR("/a"),
                                    .target_at = head + at->target,
                                    .version = {head + at->version, 8},
                                    .head_len = at->end};
    memcpy(head + at->version, "HTTP/1.1", 8);
    memcpy(head + at->name, "host", 4);
    memcpy(head + at->value, "x", 1);
    guard_begin(&request, &facts);
    guard_header(&facts, (struct str){head + at->name, 4}, (struct str){head + at->value, 1});
    return guard_end(&request, &facts);
}

/* GET /a HTTP/1.1\r\nhost: x\r\n\r\n */
static void pieces_at_other_distances_than_a_blank_or_a_line_end_are_refused(void)
{
    const struct pieces plain = {4, 7, 17, 23, 28};
    CHECK(judge_pieces(&plain) == PROBLEM_NONE);
    struct pieces moved = plain;
    moved.value = 29, moved.end = 34; /* blanks before a value */
    CHECK(judge_pieces(&moved) == PROBLEM_NONE);
    const struct pieces bad_lines[] = {
        {5, 8, 18, 24, 29}, {4, 8, 18, 24, 29}, {3, 6, 16, 22, 27}, {60, 7, 17, 23, 28}};
    for (size_t i = 0; i < sizeof bad_lines / sizeof *bad_lines; i++)
        CHECK(judge_pieces(&bad_lines[i]) == PROBLEM_TARGET_MALFORMED);
    const struct pieces bad_heads[] = {{4, 7, 16, 22, 27}, {4, 7, 18, 24, 29}, {4, 7, 60, 23, 28},
                                       {4, 7, 17, 23, 27}, {4, 7, 17, 23, 29}, {4, 7, 17, 60, 28},
                                       {4, 7, 17, 23, 26}};
    for (size_t i = 0; i < sizeof bad_heads / sizeof *bad_heads; i++)
        CHECK(judge_pieces(&bad_heads[i]) == PROBLEM_HEADER_MALFORMED);
}

/* "host: x\0`\n\n" is as long as "host: x\r\n\r\n". */
static void a_line_end_is_two_bytes_of_a_line_end(void)
{
    const struct {
        char ends[5];
        enum problem problem;
    } rows[] = {{"\r\n\r\n", PROBLEM_NONE},
                {"\0\0\0\0", PROBLEM_NONE},
                {"\0`\0\0", PROBLEM_HEADER_MALFORMED},
                {"`\0\0\0", PROBLEM_HEADER_MALFORMED},
                {"\0\0`\0", PROBLEM_HEADER_MALFORMED},
                {"\0\0\0`", PROBLEM_HEADER_MALFORMED},
                {"\n\n\n\n", PROBLEM_HEADER_MALFORMED}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char head[] = "GET /a HTTP/1.1\0\0host: x....";
        struct guard_facts facts;
        const struct guard_request request = {.method = {head, 3},
                                              .target = STR("/a"),
                                              .target_at = head + 4,
                                              .version = {head + 7, 8},
                                              .head_len = 28};
        memcpy(head + 24, rows[i].ends, 4);
        guard_begin(&request, &facts);
        guard_header(&facts, (struct str){head + 17, 4}, (struct str){head + 23, 1});
        CHECK(guard_end(&request, &facts) == rows[i].problem);
    }
}

static void the_first_thing_wrong_is_told(void)
{
    struct guard_facts facts;
    const struct field fields[] = {
        {"Host", "a"}, {"X Y", "1"}, {"Transfer-Encoding", "chunked"}, {NULL, NULL}};
    CHECK(judge("GET", "HTTP/1.1", "/", fields, &facts) == PROBLEM_HEADER_MALFORMED);
    CHECK(judge("BREW", "HTTP/3", "x", fields, &facts) == PROBLEM_VERSION_UNSUPPORTED);
}

#define TRACE "4bf92f3577b34da6a3ce929d0e0e4736"

static void a_trace_is_taken_from_a_valid_header_only(void)
{
    static const char *const good[] = {
        "00-" TRACE "-00f067aa0ba902b7-01", "00-" TRACE "-00f067aa0ba902b7-00",
        "cc-" TRACE "-00f067aa0ba902b7-01", "cc-" TRACE "-00f067aa0ba902b7-01-what-the-future-adds"};
    static const char *const bad[] = {"",
                                      "00-" TRACE "-00f067aa0ba902b7-0",
                                      "00-" TRACE "-00f067aa0ba902b7-01-more",
                                      "cc-" TRACE "-00f067aa0ba902b7-01.more",
                                      "ff-" TRACE "-00f067aa0ba902b7-01",
                                      "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                                      "00-" TRACE "-0000000000000000-01",
                                      "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                                      "00-" TRACE "-00f067aa0ba902b7-0g",
                                      "0g-" TRACE "-00f067aa0ba902b7-01",
                                      "00_" TRACE "-00f067aa0ba902b7-01",
                                      "00-" TRACE "_00f067aa0ba902b7-01",
                                      "00-" TRACE "-00f067aa0ba902b7_01",
                                      "00-4bf92f3577b34da6a3ce929d0e0e473\"-00f067aa0ba902b7-01"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CHECK(str_eq(guard_trace(str_of(good[i])), STR(TRACE)));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK(guard_trace(str_of(bad[i])).len == 0);
    CHECK(guard_trace((struct str){NULL, 0}).len == 0);
}

static void names_of_tenants_and_forms_are_a_small_set(void)
{
    static const char *const good[] = {"a", "0", "acme", "acme-2", "a--b"};
    static const char *const bad[] = {"", "-a", "_a", "A", "a.b", "a/b", "a b", "é", "..", "a%", "a:b"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK(guard_name(str_of(good[i]), 63, false));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!guard_name(str_of(bad[i]), 63, true));
    CHECK(guard_name(STR("a_b"), 63, true) && !guard_name(STR("a_b"), 63, false));
    CHECK(guard_name(STR("abc"), 3, false) && !guard_name(STR("abcd"), 3, false));
}

#define LETTERS_AND_DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static bool takes_target(const char *before, int byte)
{
    char text[8];
    snprintf(text, sizeof text, "%s%c", before, byte);
    return judge_get(text, only_host) == PROBLEM_NONE;
}

static bool takes_host(int byte)
{
    const char text[] = {'a', (char)byte, '\0'};
    const struct field fields[] = {{"Host", text}, {NULL, NULL}};
    return judge_get("/", fields) == PROBLEM_NONE;
}

static bool takes_name(int byte)
{
    const char text[] = {'a', (char)byte, '\0'};
    const struct field fields[] = {{"Host", "a"}, {text, "1"}, {NULL, NULL}};
    return judge_get("/", fields) == PROBLEM_NONE;
}

static void every_byte_may_stand_where_the_standards_say_and_nowhere_else(void)
{
    for (int c = 1; c < 256; c++) {
        bool plain = strchr(LETTERS_AND_DIGITS, c) != NULL;
        char text[] = {'a', (char)c, '\0'};
        CHECK(takes_target("/", c) == (plain || strchr("/-._~!$&'()*+,;=:@?", c)));
        CHECK(takes_target("/?", c) == (plain || strchr("/?-._~!$&'()*+,;=:@[]", c)));
        CHECK(takes_host(c) == (plain || strchr("-._~:[]", c)));
        CHECK(takes_name(c) == (plain || strchr("!#$%&'*+-.^_`|~", c)));
        bool small = plain && !(c >= 'A' && c <= 'Z');
        CHECK(guard_name(str_of(text), 9, true) == (small || c == '-' || c == '_'));
        CHECK(guard_name(str_of(text), 9, false) == (small || c == '-'));
    }
}

int main(void)
{
    a_plain_request_passes_and_its_parts_are_told();
    an_empty_value_is_there();
    each_known_method_passes_and_no_other();
    only_two_versions_are_spoken();
    a_path_is_plain_characters_without_escapes();
    a_target_with_a_nul_inside_is_malformed();
    a_target_has_a_longest_length();
    there_is_one_host_and_it_is_one();
    a_header_that_may_stand_once_is_refused_the_second_time();
    names_are_tokens_and_values_hold_no_controls();
    a_nul_in_a_name_or_value_is_malformed();
    a_length_is_digits_and_nothing_else();
    a_body_is_taken_only_by_methods_that_have_one();
    a_transfer_coding_is_refused_whatever_it_says();
    nothing_but_continue_can_be_expected();
    a_packed_body_is_refused();
    there_are_so_many_headers_and_no_more();
    pieces_at_other_distances_than_a_blank_or_a_line_end_are_refused();
    a_line_end_is_two_bytes_of_a_line_end();
    the_first_thing_wrong_is_told();
    a_trace_is_taken_from_a_valid_header_only();
    every_byte_may_stand_where_the_standards_say_and_nowhere_else();
    names_of_tenants_and_forms_are_a_small_set();
    return TEST_RESULT();
}
