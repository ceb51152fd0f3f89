/* What a lookup table adds to a judging: the same form over a table of 100 rows and one of 100,000, and
 * without any.
 *
 *     bench_rates      prints one JSON object: microseconds of CPU per judging, medians of rounds taken
 * in turn; reading, indexing and compiling the table, once */
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "bench/measure.h"
#include "dsl/dsl.h"
#include "runtime/runtime.h"

enum { CASES = 3, ROUNDS = 41, CALLS = 200, KEYS = 64 };

/* One form with its table, and answers for CALLS judgings that hit other rows each time. */
struct subject {
    int rows;
    struct sheet *sheet;
    struct program *program;
    struct judge *judge;
    struct arena arena;
    struct str answers[KEYS];
    struct series series;
    double read_us, compile_us;
};

static void stop(const char *what)
{
    fprintf(stderr, "bench_rates: %s\n", what);
    exit(EXIT_FAILURE);
}

static enum status find(void *user, struct str name, uint32_t version, struct sheet **ret_sheet,
                        uint32_t *ret_version)
{
    const struct subject *subject = user;
    (void)name;
    *ret_version = version ? version : 1;
    *ret_sheet = subject->sheet;
    return subject->sheet ? ST_OK : ST_ABSENT;
}

/* Codes that follow no order, as real ones. */
static unsigned long code_of(int row)
{
    return (unsigned long)row * 2654435761u % 4294967291u;
}

static void put_row(struct buf *csv, int row)
{
    buf_printf(csv, "K%08lx,Ward number %d,S%02d,L%04d,%d\r\n", code_of(row), row, row % 37, row % 774,
               row * 3 % 9999);
}

static void read_table(struct subject *subject)
{
    struct buf csv;
    struct sheet_fault fault;
    buf_init(&csv, mem_heap(), limit(TABLE_BYTES));
    buf_puts(&csv, "code,name,state,lga,people\r\n");
    for (int i = 0; i < subject->rows; i++) put_row(&csv, i);
    double start = measure_now_us();
    if (sheet_new(mem_heap(), buf_str(&csv), &subject->sheet, &fault)) stop("the table is none");
    subject->read_us = measure_now_us() - start;
    buf_release(&csv);
}

static const char *const with_table =
    "edition 2026 form survey \"Survey\" { state: text \"State\" ward: choice(wards where state = "
    "outer.state) required"
    " people: integer = ward.people again: text = lookup(wards, code(ward), lga)"
    " table wards { key code: text label name: text state: text lga: text people: integer } }";
static const char *const without_table =
    "edition 2026 form survey \"Survey\" { state: text \"State\" ward: text required"
    " people: integer = length(ward) again: text = ward + state }";

static void compile(struct subject *subject)
{
    struct diags diags;
    struct price price;
    struct price_caps caps = price_caps_default();
    struct dsl_tables tables = {find, subject};
    diags_init(&diags, &subject->arena, limit(DIAGNOSTICS));
    double start = measure_now_us();
    if (dsl_compile_with(mem_heap(), str_of(subject->rows ? with_table : without_table), &tables, &caps,
                         &diags, &price, &subject->program))
        stop("the form does not compile");
    subject->compile_us = measure_now_us() - start;
    if (judge_new(mem_heap(), &subject->judge)) stop("no memory");
}

static void make(struct subject *subject, int rows)
{
    subject->rows = rows;
    arena_init(&subject->arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    if (rows) read_table(subject);
    compile(subject);
    for (int i = 0; i < KEYS; i++) {
        int row = rows ? (int)(((long)i * 40503 + 7) % rows) : i;
        subject->answers[i] = arena_printf(&subject->arena, "{\"state\":\"S%02d\",\"ward\":\"K%08lx\"}",
                                           row % 37, code_of(row));
    }
}

static void measure(struct subject *subject)
{
    struct judging judging = {.program = subject->program, .steps_max = limit(COST_STEPS)};
    struct judge_outcome outcome;
    double start = measure_now_us();
    for (int i = 0; i < CALLS; i++) {
        judging.answers = subject->answers[i % KEYS];
        if (judge_run(subject->judge, &judging, &outcome) || !outcome.valid) stop("a judging failed");
    }
    series_add(&subject->series, (measure_now_us() - start) / CALLS);
}

int main(void)
{
    static const int sizes[CASES] = {0, 100, 100000}; /* the last: limit(TABLE_ROWS) */
    static struct subject subjects[CASES];
    for (int i = 0; i < CASES; i++) make(&subjects[i], sizes[i]);
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < CASES; i++) measure(&subjects[i]);
    printf("{");
    for (int i = 0; i < CASES; i++)
        printf("\"judge_%d_rows_us\":%.3f,", sizes[i], series_median(&subjects[i].series));
    printf("\"added_us\":%.3f,\"read_us\":%.0f,\"compile_us\":%.0f,\"bytes\":%zu}\n",
           series_median(&subjects[2].series) - series_median(&subjects[0].series), subjects[2].read_us,
           subjects[2].compile_us, sheet_bytes(subjects[2].sheet));
    for (int i = 0; i < CASES; i++) {
        judge_free(subjects[i].judge);
        program_release(subjects[i].program);
        sheet_release(subjects[i].sheet);
        arena_release(&subjects[i].arena);
    }
    return EXIT_SUCCESS;
}
