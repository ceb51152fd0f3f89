#include "runtime/bridge.h"

#include "base/limits.h"
#include "runtime/runtime.h"
#include "tests/unit/maker.h"

/* Forms with so many fields and rows that they cross in several parts: each value must arrive in its
 * own slot and come back from it. */
static struct maker m;
static struct judge *judge;
static char body[1 << 16], want[1 << 16], lua[1 << 16];
static char names[2 * MAKER_NODES][16];

static char *name_of(const char *prefix, int number)
{
    static int next;
    char *name = names[next++ % (2 * MAKER_NODES)];
    snprintf(name, sizeof names[0], "%s%d", prefix, number);
    return name;
}

static void open_all(void)
{
    maker_open(&m);
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
}

static void close_all(void)
{
    judge_free(judge);
    maker_release(&m);
}

static void check_answers(void)
{
    struct judging judging = {.program = &m.program, .answers = str_of(body), .steps_max = 1000000};
    struct judge_outcome outcome;
    struct buf buf;
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_JUDGED && outcome.valid);
    if (outcome.state != JUDGE_JUDGED) return;
    buf_init(&buf, mem_heap(), sizeof want);
    verdict_write_answers(judge, &buf);
    if (!str_eq(buf_str(&buf), str_of(want))) {
        fprintf(stderr, "got  %.*s\nwant %s\n", (int)buf.len, buf.ptr, want);
        test_failures++;
    }
    buf_release(&buf);
}

/* `count` fields, each with a computed one that is it plus one. */
static void check_form_of(int count)
{
    size_t in = 0, out = 0;
    open_all();
    for (int i = 0; i < count; i++) maker_field(&m, name_of("f", i), TYPE_INTEGER);
    for (int i = 0; i < count; i++) maker_computed(&m, name_of("c", i), TYPE_INTEGER);
    snprintf(lua, sizeof lua,
             "return function(S) for i = 1, %d do S[i + %d] = S[i] and S[i] + 1 end end", count, count);
    maker_chunk(&m, lua, 0);
    maker_done(&m);
    for (int i = 0; i < count; i++)
        in += (size_t)snprintf(body + in, sizeof body - in, "%c\"f%d\":%d", i ? ',' : '{', i, i * 10);
    snprintf(body + in, sizeof body - in, "}");
    for (int i = 0; i < count; i++)
        out +=
            (size_t)snprintf(want + out, sizeof want - out, "%c\"f%d\":%d", i ? ',' : '{', i, i * 10);
    for (int i = 0; i < count; i++)
        out += (size_t)snprintf(want + out, sizeof want - out, ",\"c%d\":%d", i, i * 10 + 1);
    snprintf(want + out, sizeof want - out, "}");
    check_answers();
    strcpy(body, "{\"f0\":5}"); /* and the others are not what they were */
    strcpy(want, "{\"f0\":5,\"c0\":6}");
    check_answers();
    close_all();
}

static void any_number_of_fields_crosses(void)
{
    static const int counts[] = {1, 2, BRIDGE_VALUES - 1, BRIDGE_VALUES, BRIDGE_VALUES + 1, 190};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) check_form_of(counts[i]);
}

static size_t put_row(char *text, size_t size, int columns, int row, bool computed)
{
    size_t len = 0;
    for (int i = 0; i < columns; i++)
        len +=
            (size_t)snprintf(text + len, size - len, "%c\"f%d\":%d", i ? ',' : '{', i, row * 1000 + i);
    for (int i = 0; computed && i < columns; i++)
        len += (size_t)snprintf(text + len, size - len, ",\"c%d\":%d", i, row * 1000 + i + 1);
    len += (size_t)snprintf(text + len, size - len, "}");
    return len;
}

static void put_rows(char *text, size_t size, int columns, int rows, bool computed)
{
    size_t len = (size_t)snprintf(text, size, "{\"r\":[");
    for (int row = 0; row < rows; row++) {
        if (row) text[len++] = ',';
        len += put_row(text + len, size - len, columns, row, computed);
    }
    snprintf(text + len, size - len, "]}");
}

static void check_rows_of(int columns, int rows)
{
    open_all();
    maker_repeat(&m, "r", 0, 100);
    for (int i = 0; i < columns; i++) maker_field(&m, name_of("f", i), TYPE_INTEGER);
    for (int i = 0; i < columns; i++) maker_computed(&m, name_of("c", i), TYPE_INTEGER);
    snprintf(lua, sizeof lua,
             "return function(S) for i = 1, %d do local f, c = S[i], S[i + %d] for r = 1, S[%d] do "
             "c[r] = f[r] and f[r] + 1 end end end",
             columns, columns, 2 * columns + 1);
    maker_chunk(&m, lua, 0);
    maker_done(&m);
    put_rows(body, sizeof body, columns, rows, false);
    put_rows(want, sizeof want, columns, rows, true);
    check_answers();
    strcpy(body, "{\"r\":[{},{\"f0\":7}]}");
    strcpy(want, "{\"r\":[{},{\"f0\":7,\"c0\":8}]}");
    check_answers();
    close_all();
}

static void any_number_of_rows_and_columns_crosses(void)
{
    static const int columns[] = {1, BRIDGE_VALUES / BRIDGE_ROWS, BRIDGE_VALUES / BRIDGE_ROWS + 1, 60};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        for (int rows = 0; rows < 10; rows++) check_rows_of(columns[i], rows);
}

/* Rules pass over the rows of a repeat that is not relevant, so what they said of its rows the last
 * time must not be believed. */
static void rows_that_rules_pass_over_are_hidden(void)
{
    open_all();
    maker_field(&m, "on", TYPE_BOOLEAN);                            /* S[1] */
    maker_repeat(&m, "r", 0, 9)->relevance_slot = 1;                /* S[2], rows S[5] */
    struct program_node *node = maker_field(&m, "x", TYPE_INTEGER); /* S[3], relevant S[4] */
    node->relevance_slot = 1, node->required = true;
    maker_chunk(&m,
                "return function(S) S[2] = S[1] == true if S[2] then for i = 1, S[5] do S[4][i] = true "
                "end end end",
                0);
    maker_done(&m);
    strcpy(body, "{\"on\":true,\"r\":[{\"x\":1},{\"x\":2}]}");
    strcpy(want, body);
    check_answers();
    strcpy(body, "{\"on\":false,\"r\":[{},{}]}");
    strcpy(want, "{\"on\":false}");
    check_answers();
    close_all();
}

static void options_are_found_by_their_whole_code(void)
{
    static const char *const codes[] = {"",
                                        "a",
                                        "b",
                                        "aa",
                                        "ab",
                                        "ba",
                                        "aba",
                                        "aca",
                                        "abcd",
                                        "abce",
                                        "abcde",
                                        "abXde",
                                        "abcXef",
                                        "abcYef",
                                        "abcXefg",
                                        "abcYefg",
                                        "abcdefgh",
                                        "abcdefgX",
                                        "abcdXXXXefgh",
                                        "abcdYYYYefgh",
                                        "abcdefgh0abcdefgh",
                                        "abcdefgh1abcdefgh"};
    enum { CODES = sizeof codes / sizeof *codes };
    struct arena arena;
    struct str names_[CODES];
    struct name_table table;
    uint64_t marks[CODES];
    arena_init(&arena, mem_heap(), 1 << 20);
    for (int i = 0; i < CODES; i++) names_[i] = str_of(codes[i]);
    CHECK_STATUS(name_table_build(&arena, names_, CODES, &table), ST_OK);
    for (int i = 0; i < CODES; i++) marks[i] = plan_mark(names_[i]);
    struct plan_list by_mark = {marks, names_, CODES, &table}, by_hash = {NULL, names_, CODES, &table};
    for (uint32_t i = 0; i < CODES; i++) {
        CHECK(plan_find_option(&by_mark, names_[i]) == i);
        CHECK(plan_find_option(&by_hash, names_[i]) == i);
    }
    CHECK(plan_find_option(&by_mark, STR("abcZefg")) == NAME_ABSENT);
    CHECK(plan_find_option(&by_mark, STR("abcdZZZZefgh")) == NAME_ABSENT);
    CHECK(plan_find_option(&by_mark, STR("c")) == NAME_ABSENT);
    CHECK(plan_find_option(&by_mark, (struct str){"\0", 1}) == NAME_ABSENT);
    arena_release(&arena);
}

/* x and y go in, one computed field comes back; the chunk knows nothing of the others. */
static void a_direct_chunk_takes_arguments_and_gives_results(void)
{
    static const uint32_t inputs[] = {1, 3}, outputs[] = {5};
    open_all();
    for (int i = 0; i < 3; i++) maker_field(&m, name_of("f", i), TYPE_INTEGER);
    for (int i = 0; i < 3; i++) maker_computed(&m, name_of("c", i), TYPE_INTEGER);
    struct program_chunk *chunk =
        maker_chunk(&m, "return function(S, x, y) return x and y and x * 100 + y end", 0);
    chunk->direct = true;
    chunk->inputs = inputs, chunk->input_count = 2;
    chunk->outputs = outputs, chunk->output_count = 1;
    maker_done(&m);
    strcpy(body, "{\"f0\":4,\"f1\":5,\"f2\":6}");
    strcpy(want, "{\"f0\":4,\"f1\":5,\"f2\":6,\"c1\":406}");
    check_answers();
    strcpy(body, "{\"f2\":6}"); /* and f0 is not what it was */
    strcpy(want, "{\"f2\":6}");
    check_answers();
    close_all();
}

int main(void)
{
    a_direct_chunk_takes_arguments_and_gives_results();
    any_number_of_fields_crosses();
    any_number_of_rows_and_columns_crosses();
    rows_that_rules_pass_over_are_hidden();
    options_are_found_by_their_whole_code();
    return TEST_RESULT();
}
