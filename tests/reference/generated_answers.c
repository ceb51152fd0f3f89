/* Answers to a generated form: mostly right, and wrong in every way. */
#include "tests/reference/generated.h"

#include "base/civil.h"
#include "base/json_writer.h"

#include <assert.h>

struct answering {
    struct generator *g;
    struct choices *choices;
    struct buf out;
};

static const char *one_of(struct answering *at, const char *const *texts, uint32_t count)
{
    return texts[choose(at->choices, count)];
}
#define ONE_OF(at, texts) one_of((at), (texts), sizeof(texts) / sizeof *(texts))

/* ---- what is wrong with any field */

static void put_wrong(struct answering *at)
{
    static const char *const wrong[] = {"5",    "\"x\"",     "[]",           "{}",
                                        "true", "[1,\"a\"]", "{\"a\":null}", "\"\\u0000\"",
                                        "1.5",  "-1e400",    "[[]]",         "\"  \""};
    buf_puts(&at->out, ONE_OF(at, wrong));
}

/* ---- numbers */

static void put_integer(struct answering *at, const struct gen_item *item)
{
    static const char *const usual[] = {"0",   "1",  "2",  "3", "5",  "7",   "18", "10",
                                        "100", "-1", "-5", "9", "11", "101", "17", "-6"};
    static const char *const edge[] = {"9007199254740991",
                                       "-9007199254740991",
                                       "9007199254740992",
                                       "94906266",
                                       "-3037000500",
                                       "4503599627370496",
                                       "1.0",
                                       "1e2",
                                       "25e-1",
                                       "1.5",
                                       "-0",
                                       "123456789012345678901234",
                                       "900719925474099.1",
                                       "1E+3",
                                       "0.0",
                                       "9007199254740991.5"};
    (void)item;
    buf_puts(&at->out, chance(at->choices, 25) ? ONE_OF(at, edge) : ONE_OF(at, usual));
}

static void put_decimal(struct answering *at, const struct gen_item *item)
{
    static const char *const usual[] = {"0",  "1",    "2.5",  "0.5",  "7.5",   "10",   "100",
                                        "-5", "-0.5", "1.25", "7.51", "99.99", "0.49", "1.10"};
    static const char *const edge[] = {"9007199254740991",
                                       "-90071992547409.91",
                                       "90071992547409.915",
                                       "0.000000001",
                                       "0.0000000001",
                                       "9007199.254740991",
                                       "1e-9",
                                       "-1e3",
                                       "1e15",
                                       "0.10000000000",
                                       "33.335",
                                       "1.005",
                                       "94906267",
                                       "9.49062"};
    bool quoted = chance(at->choices, 30);
    if (quoted) buf_putc(&at->out, '"');
    buf_puts(&at->out, chance(at->choices, 25) ? ONE_OF(at, edge) : ONE_OF(at, usual));
    if (quoted) buf_puts(&at->out, chance(at->choices, 5) ? " x\"" : "\"");
    (void)item;
}

static void put_number(struct answering *at)
{
    static const char *const usual[] = {
        "0", "1", "2.5", "0.1", "100", "-1", "7.5", "3", "0.5", "100.5", "0.30000000000000004", "-5"};
    static const char *const edge[] = {"1e308",  "-1e308", "1.7976931348623157e308", "1e309", "5e-324",
                                       "1e-400", "-0",     "9007199254740993",       "0.1e1", "2.675"};
    buf_puts(&at->out, chance(at->choices, 20) ? ONE_OF(at, edge) : ONE_OF(at, usual));
}

/* ---- texts */

static void put_long_text(struct answering *at, const struct gen_item *item)
{
    static const char *const letters[] = {"a", "é", "B", "日", "1"};
    int64_t length = item->length_max >= 0 ? item->length_max : 12;
    length += (int64_t)choose(at->choices, 3) - 1;
    if (length > 60) length = 60;
    const char *letter = ONE_OF(at, letters);
    buf_putc(&at->out, '"');
    for (int64_t i = 0; i < length; i++) buf_puts(&at->out, letter);
    buf_putc(&at->out, '"');
}

static void put_formatted(struct answering *at, enum program_format format)
{
    static const char *const emails[] = {"a@b.c",  "zoe.o'neil+x@mail.example.org",
                                         "a@b",    "a@",
                                         "@b.c",   "a b@c.d",
                                         "a@-b.c", "a@b-.c",
                                         "a@b..c", " a@b.c "};
    static const char *const urls[] = {
        "https://example.org", "http://a.b:80/x?y#z", "HTTPS://u@h/", "ftp://a.b", "http://",
        "http://a b",          "https://[::1]/",      "http:/x"};
    static const char *const phones[] = {"+44 808 157 0192", "01632 960 001", "12345", "1234",
                                         "1234567890123456", "(0)20-1.2.3.4", "+",     "12345x",
                                         "++12345"};
    buf_putc(&at->out, '"');
    if (format == FORMAT_EMAIL) buf_puts(&at->out, ONE_OF(at, emails));
    else if (format == FORMAT_URL) buf_puts(&at->out, ONE_OF(at, urls));
    else buf_puts(&at->out, ONE_OF(at, phones));
    buf_putc(&at->out, '"');
}

static void put_text(struct answering *at, const struct gen_item *item)
{
    static const char *const odd[] = {
        "\" a \"",     "\"\\u00a0x\\u3000\"", "\"a\\nb\"",   "\"\\ud83d\\ude00\"",
        "\"\\u0000\"", "\"\\\\\\\"/\"",       "\"\\u2028\"", "\"a\\u0000b\"",
        "\"{a}\"",     "\"x  y z\"",          "\"ABC\"",     "\"abab\""};
    if (item->type.format != FORMAT_PLAIN && chance(at->choices, 90))
        put_formatted(at, item->type.format);
    else if (chance(at->choices, 15)) put_long_text(at, item);
    else if (chance(at->choices, 15)) buf_puts(&at->out, ONE_OF(at, odd));
    else json_put_str(&at->out, str_of(gen_plain_text(at->choices)));
}

/* ---- the rest */

static void put_moment(struct answering *at, enum program_type kind)
{
    static const char *const bad[] = {
        "2023-02-29",          "2026-1-1", "24:00",      "12:60", "2026-01-15",
        "2026-01-15T10:00:00", "10:00",    "0000-01-01", "x",     "9999-12-31T23:59:59.999-23:59"};
    static const char *const near[] = {"2024-12-31",
                                       "2025-01",
                                       "2024-12",
                                       "1999-12",
                                       "2024-13",
                                       "2024",
                                       "024",
                                       "2025-01-01",
                                       "1999-12-31",
                                       "2000-01-01",
                                       "08:00",
                                       "07:59:59.999",
                                       "18:00",
                                       "18:00:00.001",
                                       "2025-12-31T23:00:00Z",
                                       "2025-12-31T23:00:00.001Z",
                                       "2026-06-15t10:00:00.5z",
                                       "2026-03-29T02:30:00+01:00",
                                       "0001-01-01T10:00:00+09:00",
                                       "0001-01-02T00:00:00+14:00"};
    const char *text = kind == TYPE_YEAR_MONTH     ? gen_month(at->choices)
                       : kind == TYPE_PARTIAL_DATE ? gen_partial(at->choices)
                       : kind == TYPE_DATE         ? gen_date(at->choices)
                       : kind == TYPE_TIME         ? gen_time(at->choices)
                                                   : gen_datetime(at->choices);
    if (chance(at->choices, 20)) text = ONE_OF(at, near);
    if (chance(at->choices, 5)) text = ONE_OF(at, bad);
    buf_printf(&at->out, "\"%s%s\"", chance(at->choices, 3) ? " " : "", text);
}

/* Around the times at which clocks go forward and back. */
static void put_wall(struct answering *at)
{
    static const char *const walls[] = {
        "2024-03-31T02:30",        "2024-10-27T02:30",    "2024-03-10T02:30",
        "2024-11-03T01:30",        "2024-10-06T02:15",    "2024-04-07T01:45",
        "2024-04-14T02:30",        "2011-12-30T12:00",    "2024-01-15T09:30:05",
        "1890-01-01T12:00",        "2500-03-28T02:30:00", "2500-10-31T02:59:59.999",
        "0001-01-01T00:00:00.000", "9999-12-31T23:30",    "1942-08-15T12:00:30",
        "2024-07-15T09:30:05.1239"};
    static const char *const offsets[] = {"",       "",       "",       "",       "",       "Z",
                                          "+01:00", "+02:00", "-05:00", "-04:00", "+11:00", "+10:30",
                                          "+00:00", "-00:00", "+14:00", "+00:53", "+05:30"};
    static const char *const odd[] = {"[Europe/Nowhere]", "[]",          "[+01:00]", "[localtime]",
                                      "[u-ca=gregory]",   "[right/UTC]", "x",        "[europe/berlin]"};
    buf_printf(&at->out, "\"%s%s%s", chance(at->choices, 3) ? " " : "", ONE_OF(at, walls),
               ONE_OF(at, offsets));
    if (chance(at->choices, 40))
        buf_printf(&at->out, "[%s%s]", chance(at->choices, 10) ? "!" : "",
                   gen_zone(choose(at->choices, GEN_ZONES)));
    else if (chance(at->choices, 5)) buf_puts(&at->out, ONE_OF(at, odd));
    buf_putc(&at->out, '"');
}

static void put_code(struct answering *at, uint32_t list)
{
    struct str code = gen_code(list, choose(at->choices, gen_option_count(list)));
    if (chance(at->choices, 4)) code = STR("nowhere");
    json_put_str(&at->out, code);
}

/* What is written in where no option fits. */
static void put_own(struct answering *at)
{
    static const char *const odd[] = {"{}",
                                      "{\"other\":null}",
                                      "{\"other\":\"\"}",
                                      "{\"other\":5}",
                                      "{\"other\":\"abc\",\"more\":1}",
                                      "{\"Other\":\"abc\"}",
                                      "{\"other\":\"a\\u0000\"}",
                                      "{ \"other\" : \" ab \" }",
                                      "{\"other\":\"too long by far\"}",
                                      "{\"other\":[{}]}"};
    if (chance(at->choices, 25)) {
        buf_puts(&at->out, ONE_OF(at, odd));
        return;
    }
    buf_puts(&at->out, "{\"other\":");
    json_put_str(&at->out, str_of(gen_plain_text(at->choices)));
    buf_putc(&at->out, '}');
}

static void put_set(struct answering *at, const struct gen_item *item)
{
    uint32_t count = choose(at->choices, 5);
    buf_putc(&at->out, '[');
    for (uint32_t i = 0; i < count; i++) {
        if (i) buf_putc(&at->out, ',');
        if (chance(at->choices, 2)) buf_puts(&at->out, "3");
        else if (chance(at->choices, item->open ? 30 : 1)) put_own(at);
        else put_code(at, item->type.list);
    }
    buf_putc(&at->out, ']');
}

/* Mostly what a browser would send. */
static void put_of_file(struct answering *at, const struct gen_item *item)
{
    static const char *const texts[] = {"a.png", "x/y.png", "Ä 1.pdf", "a\\\\b"},
                             *const types[] = {"image/png", "image/png", "text/plain", "a/b.c+d",
                                               "a/bXc+d",   "IMAGE/PNG", "image/"},
                             *const hashes[] = {
                                 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                                 "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
                                 "1"};
    const char *text = str_eq(item->name, STR("type"))     ? ONE_OF(at, types)
                       : str_eq(item->name, STR("sha256")) ? ONE_OF(at, hashes)
                                                           : ONE_OF(at, texts);
    buf_printf(&at->out, "\"%s\"", text);
}

static void put_field(struct answering *at, const struct gen_item *item)
{
    if (chance(at->choices, 4)) {
        buf_puts(&at->out, "null");
        return;
    }
    if (chance(at->choices, 4)) {
        put_wrong(at);
        return;
    }
    switch (item->type.kind) {
    case TYPE_BOOLEAN:
        buf_puts(&at->out, chance(at->choices, 50) ? "true" : "false");
        return;
    case TYPE_INTEGER:
        put_integer(at, item);
        return;
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        put_decimal(at, item);
        return;
    case TYPE_NUMBER:
        put_number(at);
        return;
    case TYPE_TEXT:
        if (at->g->items[item->parent].made >= MADE_FILE && chance(at->choices, 80))
            put_of_file(at, item);
        else put_text(at, item);
        return;
    case TYPE_CHOICE:
        if (chance(at->choices, item->open ? 30 : 1)) put_own(at);
        else put_code(at, item->type.list);
        return;
    case TYPE_CHOICES:
    case TYPE_RANKING:
        put_set(at, item);
        return;
    default:
        if (item->type.format == FORMAT_ZONED && chance(at->choices, 90)) put_wall(at);
        else put_moment(at, item->type.kind);
        return;
    }
}

/* ---- objects */

static void put_object(struct answering *at, uint32_t container);

static void put_row(struct answering *at, uint32_t repeat)
{
    static const char *const wrong[] = {"null", "5", "[]", "\"x\""};
    if (chance(at->choices, 2)) buf_puts(&at->out, ONE_OF(at, wrong));
    else put_object(at, repeat);
}

static void put_rows(struct answering *at, uint32_t repeat)
{
    const struct gen_item *item = &at->g->items[repeat];
    uint32_t most = item->rows_max < 4 ? item->rows_max + 1 : 4, count = choose(at->choices, most + 1);
    if (item->rows_max == 10 && chance(at->choices, 10)) count = 9 + choose(at->choices, 3);
    buf_putc(&at->out, '[');
    for (uint32_t i = 0; i < count; i++) {
        if (i) buf_putc(&at->out, ',');
        put_row(at, repeat);
    }
    buf_putc(&at->out, ']');
}

static void put_member(struct answering *at, uint32_t number)
{
    const struct gen_item *item = &at->g->items[number];
    if (item->kind == NODE_FIELD) put_field(at, item);
    else if (chance(at->choices, 3)) buf_puts(&at->out, "null");
    else if (chance(at->choices, 2)) put_wrong(at);
    else if (item->kind == NODE_GROUP) put_object(at, number);
    else put_rows(at, number);
}

static bool is_left_out(struct answering *at, const struct gen_item *item)
{
    bool member = item->kind == NODE_FIELD || item->kind == NODE_GROUP || item->kind == NODE_REPEAT;
    bool made = at->g->items[item->parent].made > MADE_MATRIX; /* begun and not ended is soon told */
    return !member || chance(at->choices, item->computed ? 90 : made ? 3 : 12);
}

static void put_key(struct answering *at, struct str key, bool *first)
{
    if (!*first) buf_putc(&at->out, ',');
    *first = false;
    json_put_str(&at->out, key);
    buf_putc(&at->out, ':');
}

/* In the order of creation, which is mostly not that of the form. */
static void put_object(struct answering *at, uint32_t container)
{
    const struct generator *g = at->g;
    bool first = true;
    buf_putc(&at->out, '{');
    for (uint32_t i = container + 1; i < g->items[container].end; i++) {
        if (gen_container(g, i) != container || is_left_out(at, &g->items[i])) continue;
        put_key(at, g->items[i].key, &first);
        put_member(at, i);
    }
    for (uint32_t i = 0; i < 2 && chance(at->choices, 3); i++) {
        put_key(at, i ? STR("nobody/asked~") : STR("zz"), &first);
        put_wrong(at);
    }
    buf_putc(&at->out, '}');
}

struct str generator_answers(struct generator *g, struct choices *choices)
{
    struct answering at = {.g = g, .choices = choices};
    buf_init(&at.out, g->arena->mem, 1 << 20);
    if (chance(choices, 1)) put_wrong(&at);
    else put_object(&at, 0);
    assert(!buf_failed(&at.out));
    struct str answers = arena_str(g->arena, buf_str(&at.out));
    buf_release(&at.out);
    return answers;
}

int64_t generator_now(struct choices *choices)
{
    int64_t ms = 0;
    int32_t offset;
    bool is_one = civil_parse_datetime(str_of(gen_datetime(choices)), &ms, &offset);
    assert(is_one);
    return ms;
}
