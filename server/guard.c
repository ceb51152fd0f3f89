#include "server/guard.h"

#include "base/limits.h"
#include "base/word.h"

#include <assert.h>

static const struct {
    struct str name;
    bool takes_body;
} methods[] = {
#define METHOD(name, takes_body) [METHOD_##name] = {{#name, sizeof #name - 1}, (takes_body)},
#include "server/method.def"
#undef METHOD
};

static const struct {
    struct str name;
    bool once;
} headers[] = {
#define HEADER(NAME, name, once) [HEADER_##NAME] = {{(name), sizeof(name) - 1}, (once)},
#include "server/header.def"
#undef HEADER
};

const char *method_name(enum method method)
{
    return methods[method].name.ptr;
}

bool method_takes_body(enum method method)
{
    return methods[method].takes_body;
}

static void complain(struct guard_facts *facts, enum problem problem)
{
    if (!facts->problem) facts->problem = problem;
}

static bool is_hex(char c)
{
    return word_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* What a byte may stand in. */
enum {
    IN_TOKEN = 1, /* RFC 9110 */
    IN_PATH = 2,  /* RFC 3986: pchar and '/', without percent-encoding: no name of ours needs it */
    IN_QUERY = 4, /* likewise; and brackets, which browsers leave as they are */
    IN_HOST = 8,  /* RFC 3986 host and port, roughly: nothing that could be taken for something else */
    IN_NAME = 16, /* of a tenant or form */
    IN_LINE = IN_PATH | IN_QUERY,
    IN_MOST = IN_TOKEN | IN_LINE,
    CAPITAL = IN_MOST | IN_HOST,
    SMALL = CAPITAL | IN_NAME,
};

/* clang-format off */
static const uint8_t places[256] = {
    ['!'] = IN_MOST, ['$'] = IN_MOST, ['&'] = IN_MOST, ['\''] = IN_MOST, ['*'] = IN_MOST, ['+'] = IN_MOST,
    ['#'] = IN_TOKEN, ['%'] = IN_TOKEN, ['^'] = IN_TOKEN, ['`'] = IN_TOKEN, ['|'] = IN_TOKEN,
    ['('] = IN_LINE, [')'] = IN_LINE, [','] = IN_LINE, ['/'] = IN_LINE, [';'] = IN_LINE, ['='] = IN_LINE, ['@'] = IN_LINE,
    ['?'] = IN_QUERY,
    ['['] = IN_QUERY | IN_HOST, [']'] = IN_QUERY | IN_HOST,
    [':'] = IN_LINE | IN_HOST,
    ['-'] = SMALL,
    ['.'] = CAPITAL, ['_'] = CAPITAL, ['~'] = CAPITAL,
    ['0'] = SMALL, ['1'] = SMALL, ['2'] = SMALL, ['3'] = SMALL, ['4'] = SMALL, ['5'] = SMALL, ['6'] = SMALL, ['7'] = SMALL, ['8'] = SMALL, ['9'] = SMALL,
    ['a'] = SMALL, ['b'] = SMALL, ['c'] = SMALL, ['d'] = SMALL, ['e'] = SMALL, ['f'] = SMALL, ['g'] = SMALL, ['h'] = SMALL, ['i'] = SMALL, ['j'] = SMALL,
    ['k'] = SMALL, ['l'] = SMALL, ['m'] = SMALL, ['n'] = SMALL, ['o'] = SMALL, ['p'] = SMALL, ['q'] = SMALL, ['r'] = SMALL, ['s'] = SMALL, ['t'] = SMALL,
    ['u'] = SMALL, ['v'] = SMALL, ['w'] = SMALL, ['x'] = SMALL, ['y'] = SMALL, ['z'] = SMALL,
    ['A'] = CAPITAL, ['B'] = CAPITAL, ['C'] = CAPITAL, ['D'] = CAPITAL, ['E'] = CAPITAL, ['F'] = CAPITAL, ['G'] = CAPITAL, ['H'] = CAPITAL, ['I'] = CAPITAL, ['J'] = CAPITAL,
    ['K'] = CAPITAL, ['L'] = CAPITAL, ['M'] = CAPITAL, ['N'] = CAPITAL, ['O'] = CAPITAL, ['P'] = CAPITAL, ['Q'] = CAPITAL, ['R'] = CAPITAL, ['S'] = CAPITAL, ['T'] = CAPITAL,
    ['U'] = CAPITAL, ['V'] = CAPITAL, ['W'] = CAPITAL, ['X'] = CAPITAL, ['Y'] = CAPITAL, ['Z'] = CAPITAL,
};
/* clang-format on */

static inline bool is_in(char c, unsigned place)
{
    return (places[(unsigned char)c] & place) != 0;
}

static inline bool is_all_in(struct str text, unsigned place)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_in(text.ptr[i], place)) return false;
    return true;
}

static bool is_token(struct str text)
{
    return text.len > 0 && is_all_in(text, IN_TOKEN);
}

/* RFC 9110 field content: visible, blank or tab; high bytes are opaque. */
static bool is_field_value(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) return false;
    }
    return true;
}

static bool is_path(struct str path)
{
    return path.len > 0 && path.ptr[0] == '/' && is_all_in(path, IN_PATH);
}

static bool is_query(struct str query)
{
    for (size_t i = 0; i < query.len; i++) {
        if (is_in(query.ptr[i], IN_QUERY)) continue;
        if (query.ptr[i] != '%' || query.len - i < 3 || !is_hex(query.ptr[i + 1]) ||
            !is_hex(query.ptr[i + 2]))
            return false;
    }
    return true;
}

static void check_method(struct str method, struct guard_facts *facts)
{
    for (int i = 0; i < METHOD_COUNT; i++) {
        if (str_eq(method, methods[i].name)) {
            facts->method = (enum method)i;
            return;
        }
    }
    complain(facts, PROBLEM_METHOD_UNKNOWN);
}

static void check_target(struct str target, struct guard_facts *facts)
{
    if (target.len > limit(TARGET_BYTES)) {
        complain(facts, PROBLEM_TARGET_TOO_LONG);
        return;
    }
    const char *mark = memchr(target.ptr, '?', target.len);
    facts->path = (struct str){target.ptr, mark ? (size_t)(mark - target.ptr) : target.len};
    facts->query = mark ? (struct str){mark + 1, target.len - facts->path.len - 1} : STR("");
    if (!is_path(facts->path) || !is_query(facts->query)) complain(facts, PROBLEM_TARGET_MALFORMED);
}

enum { BLANK = 1, CRLF = 2 };

/* The two bytes of a line's end lie at `at`, as they came or as the zeros that the parser puts there.
 * The distance alone does not tell: a value cut at a 0, one more byte and a bare line feed are as far.
 */
static bool is_line_end(const struct guard_facts *facts, const char *at)
{
    size_t offset = (size_t)((uintptr_t)at - (uintptr_t)facts->head); /* huge when it lies before */
    return offset < facts->head_len && facts->head_len - offset >= CRLF &&
           (at[0] == '\0' || at[0] == '\r') && (at[1] == '\0' || at[1] == '\n');
}

/* METHOD blank target blank version CRLF */
static void check_line(const struct guard_request *request, struct guard_facts *facts)
{
    const char *target = request->method.ptr + request->method.len + BLANK;
    const char *version = target + request->target.len + BLANK;
    if (request->head_len == 0) return;
    if (request->target.len <= limit(TARGET_BYTES) && /* a longer one was not kept whole */
        (request->target_at != target || request->version.ptr != version))
        complain(facts, PROBLEM_TARGET_MALFORMED);
    facts->head = request->method.ptr;
    facts->head_len = request->head_len;
    if (!is_line_end(facts, request->version.ptr + request->version.len))
        complain(facts, PROBLEM_HEADER_MALFORMED);
    facts->next = request->version.ptr + request->version.len + CRLF;
}

void guard_begin(const struct guard_request *request, struct guard_facts *ret_facts)
{
    *ret_facts = (struct guard_facts){.problem = PROBLEM_NONE};
    check_line(request, ret_facts);
    if (!str_eq(request->version, STR("HTTP/1.1")) && !str_eq(request->version, STR("HTTP/1.0")))
        complain(ret_facts, PROBLEM_VERSION_UNSUPPORTED);
    check_method(request->method, ret_facts);
    check_target(request->target, ret_facts);
}

static enum header header_of(struct str name)
{
    int i = 0;
    while (i < HEADER_COUNT && !word_is(name, headers[i].name)) i++;
    return (enum header)i;
}

static enum problem repeated(enum header header)
{
    return header == HEADER_HOST ? PROBLEM_HOST_MISSING : PROBLEM_HEADER_REPEATED;
}

/* name colon blanks value CRLF; the colon is right behind the name, or it would not be a token. */
static void check_place(struct guard_facts *facts, struct str name, struct str value)
{
    if (!facts->next) return;
    if (name.ptr != facts->next || !value.ptr || !is_line_end(facts, value.ptr + value.len))
        complain(facts, PROBLEM_HEADER_MALFORMED);
    facts->next = value.ptr ? value.ptr + value.len + CRLF : name.ptr;
}

/* Each proxy writes behind what it was sent, perhaps on a line of its own: the last line counts. */
static bool is_proxy_list(enum header header)
{
    return header == HEADER_X_FORWARDED_FOR || header == HEADER_FORWARDED;
}

void guard_header(struct guard_facts *facts, struct str name, struct str value)
{
    check_place(facts, name, value);
    if (++facts->header_count > limit(HEADERS)) complain(facts, PROBLEM_HEADERS_TOO_MANY);
    if (!is_token(name) || !is_field_value(value)) complain(facts, PROBLEM_HEADER_MALFORMED);
    enum header header = header_of(name);
    if (header == HEADER_COUNT) return;
    if (guard_has(facts, header)) {
        if (headers[header].once) complain(facts, repeated(header));
        if (!is_proxy_list(header)) return; /* of a list, the first line counts */
    }
    facts->header[header] = value.ptr ? value : STR("");
}

static bool is_host(struct str host)
{
    return host.len > 0 && is_all_in(host, IN_HOST);
}

static void check_host(const struct guard_request *request, struct guard_facts *facts)
{
    if (!guard_has(facts, HEADER_HOST)) {
        if (str_eq(request->version, STR("HTTP/1.1"))) complain(facts, PROBLEM_HOST_MISSING);
    } else if (!is_host(facts->header[HEADER_HOST])) {
        complain(facts, PROBLEM_HOST_MISSING);
    }
}

/* 1 to 15 digits: no sign, no list, nothing that overflows. */
static bool read_length(struct str text, uint64_t *ret_length)
{
    return text.len <= 15 && word_number(text, UINT64_MAX, ret_length);
}

static void check_framing(struct guard_facts *facts)
{
    if (guard_has(facts, HEADER_TRANSFER_ENCODING)) complain(facts, PROBLEM_LENGTH_REQUIRED);
    bool has_length = guard_has(facts, HEADER_CONTENT_LENGTH);
    if (has_length && !read_length(facts->header[HEADER_CONTENT_LENGTH], &facts->content_length))
        complain(facts, PROBLEM_HEADER_MALFORMED);
    if (!methods[facts->method].takes_body && facts->content_length > 0)
        complain(facts, PROBLEM_BODY_UNEXPECTED);
}

/* An empty line ends the head. */
static void check_head_end(struct guard_facts *facts)
{
    if (!facts->next) return;
    if (facts->next + CRLF != facts->head + facts->head_len || !is_line_end(facts, facts->next))
        complain(facts, PROBLEM_HEADER_MALFORMED);
}

enum problem guard_end(const struct guard_request *request, struct guard_facts *facts)
{
    check_head_end(facts);
    check_host(request, facts);
    if (facts->problem != PROBLEM_METHOD_UNKNOWN) check_framing(facts);
    if (guard_has(facts, HEADER_EXPECT) && !word_is(facts->header[HEADER_EXPECT], STR("100-continue")))
        complain(facts, PROBLEM_EXPECTATION_FAILED);
    if (guard_has(facts, HEADER_CONTENT_ENCODING) &&
        !word_is(facts->header[HEADER_CONTENT_ENCODING], STR("identity")))
        complain(facts, PROBLEM_TYPE_UNSUPPORTED);
    return facts->problem;
}

bool guard_name(struct str text, size_t len_max, bool underscore)
{
    if (text.len == 0 || text.len > len_max || text.ptr[0] == '-' || text.ptr[0] == '_') return false;
    for (size_t i = 0; i < text.len; i++)
        if (!is_in(text.ptr[i], IN_NAME) && !(underscore && text.ptr[i] == '_')) return false;
    return true;
}

/* `len` small hex digits, not all 0. */
static bool is_trace_part(const char *text, size_t len)
{
    size_t zeros = 0;
    for (size_t i = 0; i < len; i++) {
        if (!word_is_digit(text[i]) && (text[i] < 'a' || text[i] > 'f')) return false;
        zeros += text[i] == '0';
    }
    return zeros < len;
}

/* 00-<32 hex>-<16 hex>-<2 hex> */
struct str guard_trace(struct str traceparent)
{
    enum { TRACE_AT = 3, TRACE_LEN = 32, PARENT_AT = 36, PARENT_LEN = 16, FLAGS_AT = 53, WHOLE = 55 };
    const char *text = traceparent.ptr;
    bool whole = traceparent.len == WHOLE ||
                 (traceparent.len > WHOLE && text[WHOLE] == '-' && !(text[0] == '0' && text[1] == '0'));
    if (!whole || text[2] != '-' || text[PARENT_AT - 1] != '-' || text[FLAGS_AT - 1] != '-' ||
        !is_trace_part(text + TRACE_AT, TRACE_LEN) || !is_trace_part(text + PARENT_AT, PARENT_LEN))
        return STR("");
    const char ends[] = {text[0], text[1], text[FLAGS_AT], text[FLAGS_AT + 1], '1'}; /* may be 0 */
    bool is_known = is_trace_part(ends, sizeof ends) && !(text[0] == 'f' && text[1] == 'f');
    return is_known ? (struct str){text + TRACE_AT, TRACE_LEN} : STR("");
}
