/* What is asked of answers is found by indexes: the same as a look at every submission finds. */
#include "engine_fixture.h"

#include "base/civil.h"
#include "base/decimal.h"
#include "base/json_value.h"

#include <inttypes.h>
#include <pthread.h>

enum { SUBMISSIONS = 1400 /* more than limit(FILTER_SEEK): both ways are gone */, QUESTIONS = 300 };

static struct bench bench;
static struct worker *worker;
static const struct program *program;

static const char form[] = "edition 2027 form f \"F\" {\n"
                           "  choices hues { red \"Red\" blue \"Blue\" green \"Green\" }\n"
                           "  total: decimal(2) indexed\n"
                           "  pieces: integer indexed\n"
                           "  ratio: number indexed\n"
                           "  name: text length ..20 indexed key \"the name\"\n"
                           "  born: date indexed\n"
                           "  call: time indexed\n"
                           "  at: datetime indexed\n"
                           "  month: year_month indexed\n"
                           "  paid: boolean indexed\n"
                           "  hue: choice(hues) other \"Another\" indexed\n"
                           "  wants: choices(hues) indexed\n"
                           "  group home \"Home\" { rooms: integer when paid indexed }\n"
                           "  twice: integer = pieces * 2 indexed\n"
                           "  repeat members \"Members\" 0..4 { age: integer indexed }\n"
                           "  secret: integer indexed sensitive\n"
                           "  plain: integer\n"
                           "}\n";

/* ---- random answers */

static uint64_t state = 88172645463325252u;

static uint32_t below(uint32_t most)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 11) % most;
}

static const char *const names[] = {"Ada", "Bo", "Boris", "b", "Zo\303\253", "\360\237\230\200", "A"};
static const char *const hues[] = {"red", "blue", "green"};

enum field {
    TOTAL,
    PIECES,
    RATIO,
    NAME,
    BORN,
    CALL,
    AT,
    MONTH,
    PAID,
    HUE,
    WANTS,
    ROOMS,
    TWICE,
    AGE,
    SECRET,
    FIELDS
};
static const char *const paths[] = {"total", "pieces",     "ratio", "the name",    "born",
                                    "call",  "at",         "month", "paid",        "hue",
                                    "wants", "home.rooms", "twice", "members.age", "secret"};

/* A value of the field as it stands in a query; values meet now and then. */
static void put_text(enum field field, struct buf *out)
{
    switch (field) {
    case TOTAL:
        decimal_put(out, (int64_t)below(400) - 200, 2);
        return;
    case RATIO:
        buf_printf(out, "%d.5e%d", (int)below(6) - 3, (int)below(4) - 2);
        return;
    case NAME:
        buf_puts(out, names[below(sizeof names / sizeof *names)]);
        return;
    case BORN:
        buf_printf(out, "19%02u-0%u-1%u", 60 + below(30), 1 + below(3), below(3));
        return;
    case CALL:
        buf_printf(out, "1%u:%02u:00", below(4), below(60));
        return;
    case AT:
        buf_printf(out, "2026-01-0%uT1%u:00:00+0%u:00", 1 + below(4), below(9), below(3));
        return;
    case MONTH:
        buf_printf(out, "20%02u-0%u", 10 + below(12), 1 + below(9));
        return;
    case PAID:
        buf_puts(out, below(2) ? "true" : "false");
        return;
    case HUE:
    case WANTS:
        buf_puts(out, hues[below(3)]);
        return;
    default:
        buf_put_int(out, (int64_t)below(40) - 20);
    }
}

static void put_member(const char *key, enum field field, bool quoted, struct buf *out)
{
    if (below(4) == 0) return;
    if (out->ptr[out->len - 1] != '{') buf_putc(out, ',');
    buf_printf(out, "\"%s\":%s", key, quoted ? "\"" : "");
    put_text(field, out);
    if (quoted) buf_putc(out, '"');
}

static void put_answers(struct buf *out)
{
    buf_putc(out, '{');
    put_member("total", TOTAL, true, out);
    put_member("pieces", PIECES, false, out);
    put_member("ratio", RATIO, false, out);
    put_member("the name", NAME, true, out);
    put_member("born", BORN, true, out);
    put_member("call", CALL, true, out);
    put_member("at", AT, true, out);
    put_member("month", MONTH, true, out);
    put_member("paid", PAID, false, out);
    if (below(5) == 0) buf_printf(out, "%s\"hue\":{\"other\":\"pink\"}", out->len > 1 ? "," : "");
    else put_member("hue", HUE, true, out);
    put_member("secret", SECRET, false, out);
    put_member("plain", PIECES, false, out);
    buf_printf(out, "%s\"wants\":[\"%s\"],\"home\":{\"rooms\":%d},\"members\":[",
               out->len > 1 ? "," : "", hues[below(3)], (int)below(40) - 20);
    for (uint32_t i = 0, rows = below(4); i < rows; i++)
        buf_printf(out, "%s{\"age\":%d}", i ? "," : "", (int)below(40) - 20);
    buf_puts(out, "]}");
}

/* ---- storing */

/* Many at a time: they share transactions. */
enum { IN_FLIGHT = 100 };
static struct entry {
    struct arena arena;
    struct intake intake;
    char key[40];
} entries[IN_FLIGHT];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t over = PTHREAD_COND_INITIALIZER;
static uint32_t done;

static void end(struct intake *intake)
{
    (void)intake;
    pthread_mutex_lock(&lock);
    done++;
    pthread_cond_signal(&over);
    pthread_mutex_unlock(&lock);
}

static void submit(struct entry *entry, uint32_t number, struct str answers)
{
    snprintf(entry->key, sizeof entry->key, "key-%u-0123456789", number);
    arena_init(&entry->arena, mem_heap(), 8 << 20);
    struct str kept = arena_str(&entry->arena, answers);
    entry->intake = (struct intake){.arena = &entry->arena,
                                    .key = str_of(entry->key),
                                    .body = kept,
                                    .answers = kept,
                                    .actor = {.who = STR("public"), .at_ms = BENCH_NOW_MS},
                                    .done = end};
    CHECK_STATUS(engine_fetch(bench.engine, STR("acme"), STR("f"), 0, &entry->intake.definition),
                 ST_OK);
    CHECK(engine_submit(worker, &entry->intake) == INTAKE_READY);
    CHECK(engine_store(&entry->intake) == INTAKE_QUEUED);
    bench.clock.now_us += below(3) ? 1000 : 0; /* some at the same moment */
    bench.clock.now_steady_ns += 10000000;
}

static void wait_for(uint32_t count)
{
    pthread_mutex_lock(&lock);
    while (done < count) pthread_cond_wait(&over, &lock);
    pthread_mutex_unlock(&lock);
    for (uint32_t i = 0; i < count; i++) {
        CHECK(entries[i].intake.state == INTAKE_STORED);
        definition_release(entries[i].intake.definition);
        intake_release(&entries[i].intake);
        arena_release(&entries[i].arena);
    }
    done = 0;
}

static void submit_all(void)
{
    struct buf answers;
    buf_init(&answers, mem_heap(), 1 << 16);
    for (uint32_t i = 0; i < SUBMISSIONS; i++) {
        buf_reset(&answers);
        put_answers(&answers);
        submit(&entries[i % IN_FLIGHT], i, buf_str(&answers));
        if (i % IN_FLIGHT == IN_FLIGHT - 1) wait_for(IN_FLIGHT);
    }
    wait_for(SUBMISSIONS % IN_FLIGHT);
    buf_release(&answers);
}

/* ---- a look at every one */

static int compare_text(struct str a, struct str b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.ptr, b.ptr, len) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int64_t utc_of(struct str text)
{
    int64_t ms = 0;
    int32_t minutes;
    CHECK(civil_parse_datetime(text, &ms, &minutes));
    return ms;
}

static int compare(enum field field, struct str a, struct str b)
{
    double x = 0, y = 0;
    int64_t m = 0, n = 0;
    switch (field) {
    case NAME:
    case BORN:
    case CALL:
    case MONTH:
    case PAID:
    case HUE:
    case WANTS:
        return compare_text(a, b); /* of dates and times: all are written in the same way */
    case AT:
        m = utc_of(a);
        n = utc_of(b);
        return (m > n) - (m < n);
    case RATIO:
        CHECK(double_parse(a, &x) && double_parse(b, &y));
        return (x > y) - (x < y);
    default:
        CHECK(decimal_parse(a, 6, &m) == DECIMAL_OK && decimal_parse(b, 6, &n) == DECIMAL_OK);
        return (m > n) - (m < n);
    }
}

static bool holds(enum field field, struct str value, const struct filter_wish *wish)
{
    static const char *const ops[] = {"eq", "ne", "lt", "lte", "gt", "gte"};
    size_t op = 0;
    if (str_eq(wish->op, STR("in"))) {
        for (size_t begin = 0, i = 0; i <= wish->text.len; i++) {
            if (i < wish->text.len && wish->text.ptr[i] != ',') continue;
            if (compare(field, value, (struct str){wish->text.ptr + begin, i - begin}) == 0)
                return true;
            begin = i + 1;
        }
        return false;
    }
    while (!str_eq(wish->op, str_of(ops[op]))) op++;
    int order = compare(field, value, wish->text);
    const bool answers[] = {order == 0, order != 0, order<0, order <= 0, order> 0, order >= 0};
    return answers[op];
}

struct question {
    struct filter_wish wishes[4];
    enum field fields[4];
    uint32_t count;
};

/* One value that fits everything which is asked of that field. */
static bool value_fits(const struct question *question, enum field field,
                       const struct json_value *value)
{
    if (value->kind == JSON_OBJECT) return false; /* written in by hand */
    struct str text = value->text;
    if (value->kind == JSON_TRUE || value->kind == JSON_FALSE)
        text = value->kind == JSON_TRUE ? STR("true") : STR("false");
    for (uint32_t i = 0; i < question->count; i++)
        if (question->fields[i] == field && !holds(field, text, &question->wishes[i])) return false;
    return true;
}

static bool any_fits(const struct question *question, enum field field, const struct json_value *at)
{
    if (!at) return false;
    if (at->kind != JSON_ARRAY) return value_fits(question, field, at);
    for (uint32_t i = 0; i < at->count; i++) {
        const struct json_value *value = &at->items[i];
        if (field == AGE) value = json_get(value, STR("age"));
        if (value && value_fits(question, field, value)) return true;
    }
    return false;
}

static bool fits(const struct question *question, const struct json_value *answers)
{
    for (uint32_t i = 0; i < question->count; i++) {
        enum field field = question->fields[i];
        const struct json_value *at = answers;
        if (field == ROOMS) {
            at = json_get(answers, STR("home"));
            if (at) at = json_get(at, STR("rooms"));
        } else {
            at = json_get(answers, field == AGE ? STR("members") : str_of(paths[field]));
        }
        if (!any_fits(question, field, at)) return false;
    }
    return true;
}

/* ---- asking */

static void ask_random(struct question *question, struct arena *arena)
{
    static const char *const ops[] = {"eq", "ne", "in", "lt", "lte", "gt", "gte"};
    question->count = 1 + below(3);
    for (uint32_t i = 0; i < question->count; i++) {
        enum field field = i && below(2) ? question->fields[i - 1] : (enum field)below(FIELDS);
        bool ordered = field != PAID && field != HUE && field != WANTS;
        struct buf text;
        buf_init(&text, mem_heap(), 4096);
        const char *op = ops[below(ordered ? 7 : 3)];
        put_text(field, &text);
        for (uint32_t more = strcmp(op, "in") == 0 ? below(4) : 0; more > 0; more--) {
            buf_putc(&text, ',');
            put_text(field, &text);
        }
        question->fields[i] = field;
        question->wishes[i] =
            (struct filter_wish){str_of(paths[field]), str_of(op), arena_str(arena, buf_str(&text))};
        buf_release(&text);
    }
}

/* Page after page; what the index does not find is not in it. */
static void check_question(const struct question *question, const struct submission_page *all,
                           const struct json_value *answers, struct arena *arena)
{
    struct submission_query query = {.form = STR("f"), .newest_first = below(2)};
    struct submission_walk *walk;
    struct submission_record record;
    struct str detail = STR("");
    uint64_t left = 0;
    enum status st =
        engine_filter(program, question->wishes, question->count, true, arena, &query.filter, &detail);
    if (st) fprintf(stderr, "%.*s\n", STR_ARG(detail));
    CHECK_STATUS(st, ST_OK);
    CHECK_STATUS(engine_export(bench.engine, STR("acme"), &query, &walk), ST_OK);
    CHECK_STATUS(engine_export_left(walk, &left), ST_OK);
    struct submission_page page = {.more = true};
    uint32_t at = 0;
    for (uint32_t i = 0; i < all->count; i++) {
        uint32_t number = query.newest_first ? all->count - 1 - i : i;
        if (!fits(question, &answers[number])) continue;
        left--;
        CHECK(engine_export_next(walk, &record) == ST_OK && record.seq == all->items[number].seq);
        if (at == page.count) {
            if (page.count) {
                query.after_received_ms = page.items[at - 1].received_ms;
                query.after_seq = page.items[at - 1].seq;
            }
            CHECK(page.more);
            CHECK_STATUS(engine_submission_list(&bench.call, STR("acme"), &query, 41, &page), ST_OK);
            at = 0;
        }
        CHECK(at < page.count && page.items[at].seq == all->items[number].seq);
        at++;
    }
    CHECK(left == 0 && engine_export_next(walk, &record) == ST_ABSENT);
    CHECK(at == page.count && (!page.more || page.count == 0));
    engine_export_close(walk);
}

static void a_filter_finds_what_a_look_at_every_submission_finds(void)
{
    struct arena arena, asking;
    struct submission_page all;
    struct json_error error;
    arena_init(&arena, mem_heap(), 64 << 20);
    arena_init(&asking, mem_heap(), 64 << 20);
    submit_all();
    struct json_value *trees = ARENA_ARRAY(&arena, struct json_value, SUBMISSIONS);
    struct submission_walk *walk;
    struct submission_query query = {.form = STR("f")};
    all.items = ARENA_ARRAY(&arena, struct submission_record, SUBMISSIONS);
    CHECK_STATUS(engine_export(bench.engine, STR("acme"), &query, &walk), ST_OK);
    for (all.count = 0; all.count < SUBMISSIONS; all.count++) {
        CHECK_STATUS(engine_export_next(walk, &all.items[all.count]), ST_OK);
        struct str kept = arena_str(&arena, all.items[all.count].answers);
        CHECK_STATUS(json_read(&arena, kept, limit(JSON_DEPTH), &trees[all.count], &error), ST_OK);
    }
    engine_export_close(walk);
    for (uint32_t i = 0; i < QUESTIONS && test_failures == 0; i++) {
        struct question question;
        arena_reset(&asking);
        arena_reset(&bench.arena);
        ask_random(&question, &asking);
        check_question(&question, &all, trees, &asking);
        for (uint32_t k = 0; k < question.count && test_failures; k++)
            fprintf(stderr, "filter[%.*s][%.*s]=%.*s\n", STR_ARG(question.wishes[k].path),
                    STR_ARG(question.wishes[k].op), STR_ARG(question.wishes[k].text));
    }
    arena_release(&asking);
    arena_release(&arena);
}

static enum status try(const char *path, const char *op, const char *text, bool sensitive,
                       const char *because)
{
    struct filter_wish wish = {str_of(path), str_of(op), str_of(text)};
    struct submission_filter filter;
    struct str detail = STR("");
    enum status st = engine_filter(program, &wish, 1, sensitive, &bench.arena, &filter, &detail);
    if (because &&
        !(st == ST_INPUT && strstr(arena_printf(&bench.arena, "%.*s", STR_ARG(detail)).ptr, because)))
        fprintf(stderr, "%s %s %s: %.*s\n", path, op, text, STR_ARG(detail));
    if (because)
        CHECK(st == ST_INPUT &&
              strstr(arena_printf(&bench.arena, "%.*s", STR_ARG(detail)).ptr, because));
    return st;
}

static void what_cannot_be_asked_is_said_with_what_can(void)
{
    try("plain", "eq", "1", true, "those are: total, pieces, ratio, the name, born");
    try("nothing", "eq", "1", true, "\"nothing\" is no indexed field");
    try("members", "eq", "1", true, "members.age");
    try("total", "like", "1", true, "eq, ne, lt, lte, gt, gte or in");
    try("total", "eq", "1.2.3", true, "\"1.2.3\" is no decimal");
    try("total", "in", "1,,2", true, "\"\" is no decimal");
    try("pieces", "gte", "many", true, "no integer");
    try("born", "lt", "2026-02-30", true, "no date");
    try("at", "lt", "2026-02-03", true, "no datetime");
    try("paid", "eq", "yes", true, "no boolean");
    try("paid", "lt", "true", true, "no order");
    try("hue", "eq", "pink", true, "no choice");
    try("wants", "gt", "red", true, "no order");
    CHECK_STATUS(try("total", "gt", "1.23456", true, NULL), ST_OK); /* finer than the field */
    CHECK_STATUS(try("total", "gt", "1e999", true, NULL), ST_INPUT);
    CHECK_STATUS(try("total", "gt", "0.123456789012345", true, NULL), ST_OK); /* the finest */
    try("total", "gt", "0.1234567890123456", true, "no decimal");
    CHECK_STATUS(try("secret", "eq", "1", false, NULL), ST_DENIED);
    CHECK_STATUS(try("secret", "eq", "1", true, NULL), ST_OK);
}

static void a_version_without_indexed_fields_says_so(void)
{
    const struct program *before = program;
    struct definition *bare = NULL;
    CHECK(bench_publish(&bench, "bare", "edition 2027 form bare \"B\" { plain: integer }") == 1);
    CHECK_STATUS(engine_fetch(bench.engine, STR("acme"), STR("bare"), 1, &bare), ST_OK);
    program = bare->program;
    try("plain", "eq", "1", true, "\"plain\" is no indexed field: this version has none");
    program = before;
    definition_release(bare);
}

static void a_list_has_so_many_filters_and_in_so_many_values_and_no_more(void)
{
    struct filter_wish wishes[LIMIT_FILTERS + 1];
    struct submission_filter filter;
    struct str detail;
    struct buf values;
    for (size_t i = 0; i <= LIMIT_FILTERS; i++)
        wishes[i] = (struct filter_wish){str_of(paths[i % 3]), STR("ne"), STR("7")};
    CHECK_STATUS(engine_filter(program, wishes, limit(FILTERS), true, &bench.arena, &filter, &detail),
                 ST_OK);
    CHECK(filter.count == 3);
    CHECK_STATUS(
        engine_filter(program, wishes, limit(FILTERS) + 1, true, &bench.arena, &filter, &detail),
        ST_INPUT);
    buf_init(&values, mem_heap(), 4096);
    buf_puts(&values, "1");
    for (int i = 1; i < limit(FILTER_VALUES); i++) buf_printf(&values, ",%d", i);
    buf_putc(&values, '\0');
    CHECK_STATUS(try("pieces", "in", values.ptr, true, NULL), ST_OK);
    values.len--;
    buf_puts(&values, ",0");
    buf_putc(&values, '\0');
    try("pieces", "in", values.ptr, true, "at most 50 values");
    buf_release(&values);
}

/* As many conditions as there may be, with as many values as they may have. */
static void the_largest_question_is_answered(void)
{
    static const enum field fields[LIMIT_FILTERS] = {PIECES, ROOMS, AGE,  SECRET,
                                                     TWICE,  TOTAL, NAME, RATIO};
    struct filter_wish wishes[LIMIT_FILTERS];
    struct submission_query query = {.form = STR("f")};
    struct submission_page page;
    struct str detail;
    struct buf values;
    buf_init(&values, mem_heap(), 4096);
    for (int i = 0; i < limit(FILTER_VALUES); i++) buf_printf(&values, "%s%d", i ? "," : "", i - 20);
    for (size_t i = 0; i < LIMIT_FILTERS; i++)
        wishes[i] = (struct filter_wish){str_of(paths[fields[i]]), STR("in"), buf_str(&values)};
    CHECK_STATUS(
        engine_filter(program, wishes, limit(FILTERS), true, &bench.arena, &query.filter, &detail),
        ST_OK);
    CHECK_STATUS(engine_submission_list(&bench.call, STR("acme"), &query, 9, &page), ST_OK);
    query.filter.count -= 4; /* whole numbers, between -20 and 19 */
    CHECK(page.count == 0);
    CHECK_STATUS(engine_submission_list(&bench.call, STR("acme"), &query, 9, &page), ST_OK);
    CHECK(page.count > 0);
    buf_release(&values);
}

int main(void)
{
    struct definition *definition;
    bench_begin(&bench, NULL);
    CHECK_STATUS(worker_new(bench.engine, &worker), ST_OK);
    bench_publish(&bench, "f", form);
    CHECK_STATUS(engine_fetch(bench.engine, STR("acme"), STR("f"), 0, &definition), ST_OK);
    program = definition->program;
    a_filter_finds_what_a_look_at_every_submission_finds();
    the_largest_question_is_answered();
    what_cannot_be_asked_is_said_with_what_can();
    a_version_without_indexed_fields_says_so();
    a_list_has_so_many_filters_and_in_so_many_values_and_no_more();
    definition_release(definition);
    worker_free(worker);
    bench_end(&bench);
    return TEST_RESULT();
}
