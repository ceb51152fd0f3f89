/* Our JSON reader against jansson: they accept the same texts and read the same values. The texts are
 * made by a seeded generator and then damaged, so that about half of them are wrong in some small way.
 *
 * Where the two differ on purpose: jansson refuses U+0000 in a member's name and numbers that no double
 * holds, and knows integers of 64 bits only. Such texts are told apart and counted. */
#include "base/json.h"
#include "tests/differential/oracle.h"
#include "tests/differential/spelling.h"
#include "tests/test.h"

static uint64_t state = 20260115;

static uint32_t chance(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % below;
}

static struct buf text;

static void make_one_of(const char *const *choices, uint32_t count)
{
    buf_puts(&text, choices[chance(count)]);
}

static void make_blanks(void)
{
    static const char *const blanks[] = {"", "", "", "", " ", "\n", "\t", " \r\n "};
    make_one_of(blanks, 8);
}

static void make_string(void)
{
    static const char *const pieces[] = {"a",
                                         "name",
                                         "long enough to fill a word",
                                         "\xc3\xab",
                                         "\xe2\x82\xac",
                                         "\xf0\x9f\x98\x80",
                                         "\\n",
                                         "\\\"",
                                         "\\\\",
                                         "\\/",
                                         "\\u00e9",
                                         "\\u20AC",
                                         "\\ud83d\\ude00",
                                         "\\b\\f\\r\\t",
                                         "\x7f",
                                         "",
                                         " ",
                                         "0",
                                         "\xef\xbf\xbf",
                                         "\xed\x9f\xbf"};
    buf_putc(&text, '"');
    for (uint32_t n = chance(5); n > 0; n--) make_one_of(pieces, sizeof pieces / sizeof *pieces);
    buf_putc(&text, '"');
}

static void make_number(void)
{
    static const char *const numbers[] = {"0",
                                          "-0",
                                          "1",
                                          "-1",
                                          "12345678901234567",
                                          "9223372036854775807",
                                          "0.1",
                                          "-12.30",
                                          "1e3",
                                          "1E+3",
                                          "1.5e-7",
                                          "1e308",
                                          "5e-324",
                                          "123.456e-78",
                                          "2.5",
                                          "0.30000000000000004",
                                          "1e-400",
                                          "10.00",
                                          "-0.0e-0",
                                          "179769313486231580000"};
    if (chance(3)) make_one_of(numbers, sizeof numbers / sizeof *numbers);
    else
        buf_printf(&text, "%s%u.%ue%d", chance(2) ? "-" : "", chance(100000), chance(1000000),
                   (int)chance(40) - 20);
}

static void make_value(int depth);

static void make_list(int depth, bool object)
{
    buf_putc(&text, object ? '{' : '[');
    for (uint32_t n = chance(5), i = 0; i < n; i++) {
        if (i) buf_putc(&text, ',');
        make_blanks();
        if (object) {
            if (chance(8)) buf_printf(&text, "\"m%u\"", i);
            else make_string();
            make_blanks();
            buf_putc(&text, ':');
            make_blanks();
        }
        make_value(depth - 1);
        make_blanks();
    }
    buf_putc(&text, object ? '}' : ']');
}

static void make_value(int depth)
{
    static const char *const words[] = {"true", "false", "null"};
    switch (chance(depth > 0 ? 8 : 4)) {
    case 0:
        make_one_of(words, 3);
        break;
    case 1:
        make_number();
        break;
    case 2:
    case 3:
        make_string();
        break;
    case 4:
    case 5:
        make_list(depth, false);
        break;
    default:
        make_list(depth, true);
        break;
    }
}

/* One small fault, or none that matters. */
static void damage(void)
{
    static const char bytes[] = "{}[]\",:\\u0eE+-. tfn\x01\x1f\x80\xc0\xed\xf4\xff\n9d8";
    size_t at = text.len ? chance((uint32_t)text.len) : 0;
    switch (chance(4)) {
    case 0:
        text.ptr[at] = bytes[chance(sizeof bytes - 1)];
        break;
    case 1:
        text.len = at;
        break;
    case 2:
        memmove(text.ptr + at, text.ptr + at + 1, text.len - at - 1);
        text.len--;
        break;
    default:
        buf_putc(&text, ' ');
        memmove(text.ptr + at + 1, text.ptr + at, text.len - at - 1);
        text.ptr[at] = bytes[chance(sizeof bytes - 1)];
        break;
    }
}

/* ---- */

static enum status our_read(FILE *dump)
{
    struct arena arena;
    struct json_value value;
    struct json_error error;
    arena_init(&arena, mem_heap(), 16 << 20);
    enum status st = json_read(&arena, buf_str(&text), limit(JSON_DEPTH), &value, &error);
    if (!st) spelling_put(dump, &value);
    arena_release(&arena);
    return st;
}

/* ---- */

static struct {
    int texts, both, neither, alone;
} count;

static void complain(enum status ours, const char *our_dump, const char *their_dump)
{
    fprintf(stderr, "%.*s\n   ours   %s %s\n   theirs %s\n", STR_ARG(buf_str(&text)), status_name(ours),
            our_dump, their_dump);
    test_failures++;
}

static void compare(void)
{
    char *our_dump, *their_dump;
    size_t our_len, their_len;
    FILE *our_file = open_memstream(&our_dump, &our_len),
         *their_file = open_memstream(&their_dump, &their_len);
    enum status ours = our_read(our_file);
    enum oracle_answer theirs = oracle_read(text.ptr, text.len, their_file);
    fclose(our_file);
    fclose(their_file);
    bool both = !ours && theirs == ORACLE_READ && strcmp(our_dump, their_dump) == 0;
    bool neither = ours == ST_SYNTAX && theirs == ORACLE_REFUSED;
    count.texts++;
    count.both += both;
    count.neither += neither;
    count.alone += theirs == ORACLE_REFUSED_ALONE;
    if (!both && !neither && theirs != ORACLE_REFUSED_ALONE) complain(ours, our_dump, their_dump);
    free(our_dump);
    free(their_dump);
}

static void whole_and_damaged_texts_are_read_alike(int rounds)
{
    for (int i = 0; i < rounds; i++) {
        buf_reset(&text);
        make_blanks();
        make_value(4);
        make_blanks();
        compare();
        for (uint32_t faults = 1 + chance(3); faults > 0 && text.len > 0; faults--) damage();
        if (text.len) compare();
    }
    printf("%d texts: %d read alike, %d refused by both, %d by jansson alone\n", count.texts,
           count.both, count.neither, count.alone);
    CHECK(count.both > rounds / 2 && count.neither > rounds / 4 && count.alone < rounds / 10);
}

int main(void)
{
    buf_init(&text, mem_heap(), 1 << 20);
    whole_and_damaged_texts_are_read_alike(40000);
    buf_release(&text);
    return TEST_RESULT();
}
