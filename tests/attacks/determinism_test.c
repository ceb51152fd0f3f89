/* The same program, answers, moment and locale give the same verdict bytes and the same steps: in other
 * processes, in other orders, by judges that are new, that have judged the same before, or that have
 * judged everything else before, whose worlds were freed for want of use or of room, or whose last
 * judging ended badly, under another locale and time zone of the machine.
 *
 *     determinism_test FOLDER…                   all x.form with x.cases.json in them, in all ways
 *     determinism_test --judge WAY FOLDER…       in one way: a line for each case on standard output */
#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 700
#endif
#include "base/arena.h"
#include "base/civil.h"
#include "base/digest.h"
#include "base/json_value.h"
#include "base/limits.h"
#include "base/zone.h"
#include "dsl/dsl.h"
#include "runtime/judge.h"
#include "tests/file.h"
#include "tests/tables.h"
#include "tests/unit/maker.h"

#include <stdbool.h>

enum { FORMS_MAX = 200, CASES_MAX = 5000, LINE_BYTES = 256 };

/* ---- what is judged */

struct one {
    const char *path;
    uint32_t number;
    const struct program *program;
    const struct zone *zone;
    struct str answers, locale;
    int64_t now_ms;
};

static struct arena arena;
static struct atlas *atlas;
static struct program *programs[FORMS_MAX];
static size_t program_count;
static struct one ones[CASES_MAX];
static size_t one_count;

/* The bytes of `value` in the text it was read from. */
static struct str source_of(struct str text, const struct json_value *value)
{
    struct json_reader reader;
    struct str rest = {text.ptr + value->offset, text.len - value->offset};
    json_reader_init(&reader, rest, &arena, limit(JSON_DEPTH));
    CHECK(json_skip(&reader, json_next(&reader)));
    return (struct str){rest.ptr, (size_t)(reader.cur.at - rest.ptr)};
}

static void add_case(const char *path, struct program *program, struct str text,
                     const struct json_value *value)
{
    struct str now = STR("2026-01-15T10:00:00Z");
    const struct json_value *answers = json_get(value, STR("answers"));
    struct one *one = &ones[one_count];
    int32_t offset;
    if (!answers || one_count == CASES_MAX) return; /* answers of other files are the cases' own test */
    *one = (struct one){.path = path, .number = (uint32_t)one_count, .program = program};
    one->locale = STR("");
    (void)json_get_str(value, STR("now"), &now);
    (void)json_get_str(value, STR("locale"), &one->locale);
    CHECK(civil_parse_datetime(now, &one->now_ms, &offset));
    CHECK_STATUS(zone_open(&arena, program->timezone, &one->zone), ST_OK);
    one->answers = source_of(text, answers);
    one_count++;
}

/* Whether the path is kept. */
static bool add_form(const char *path)
{
    char cases_path[4096];
    struct diags diags;
    struct json_value cases;
    struct json_error error;
    snprintf(cases_path, sizeof cases_path, "%.*s.cases.json", (int)(strlen(path) - strlen(".form")),
             path);
    if (!file_exists(cases_path) || program_count == FORMS_MAX) return false;
    struct str source = file_read(path), file = file_read(cases_path);
    struct str text = arena_str(&arena, file);
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    struct program *program = NULL;
    struct test_tables tables;
    struct price_caps caps = price_caps_default();
    struct price price;
    test_tables_open(&tables, path);
    enum status st =
        dsl_compile_with(mem_heap(), source, &tables.tables, &caps, &diags, &price, &program);
    if (tables.missing) printf("SKIPPED: %s: a table is not here\n", path);
    else CHECK_STATUS(st, ST_OK);
    test_tables_close(&tables);
    file_free(source);
    file_free(file);
    CHECK_STATUS(json_read(&arena, text, 64, &cases, &error), ST_OK);
    if (!program) return false;
    programs[program_count++] = program;
    for (uint32_t i = 0; i < cases.count; i++) add_case(path, program, text, &cases.items[i]);
    return true;
}

static void add_folder(const char *folder)
{
    static char *paths[FORMS_MAX];
    size_t count = file_list(folder, ".form", paths, FORMS_MAX);
    for (size_t i = 0; i < count; i++)
        if (!add_form(paths[i])) free(paths[i]);
}

/* ---- how */

enum way_order { FORWARD, BACKWARD, SPREAD };
enum way_judge {
    NEW_EACH,
    ONE_FOR_ALL,
    TWICE_EACH,
    TIDIED,  /* what was not used lately is freed, again and again */
    CROWDED, /* room for one world, and owners that share it */
    TROUBLED /* each judging follows one that ended badly */
};
static const struct way {
    const char *name, *environment;
    enum way_order order;
    enum way_judge judge;
} ways[] = {
    {"plain", "", FORWARD, NEW_EACH},
    {"warm", "LC_ALL=de_DE.UTF-8 TZ=Asia/Tokyo ", FORWARD, ONE_FOR_ALL},
    {"backward", "LC_ALL=C TZ=America/New_York ", BACKWARD, ONE_FOR_ALL},
    {"spread", "LC_ALL=tr_TR.UTF-8 TZ=:/nowhere ", SPREAD, ONE_FOR_ALL},
    {"twice", "MALLOC_PERTURB_=170 ", BACKWARD, TWICE_EACH},
    {"tidied", "LC_ALL=C.UTF-8 ", SPREAD, TIDIED},
    {"crowded", "MALLOC_PERTURB_=85 ", SPREAD, CROWDED},
    {"troubled", "TZ=Pacific/Chatham ", FORWARD, TROUBLED},
};
enum { WAYS = sizeof ways / sizeof *ways };

/* SPREAD goes from form to form, so that worlds are put aside and come back. */
static const struct one *nth(enum way_order order, size_t i)
{
    const size_t stride = 1009; /* a prime */
    if (order == BACKWARD) return &ones[one_count - 1 - i];
    if (order == SPREAD) return &ones[i * stride % one_count];
    return &ones[i];
}

static void tell(const struct one *one, const struct judge *judge, const struct judge_outcome *outcome)
{
    struct buf out;
    char hex[DIGEST_HEX_BYTES];
    buf_init(&out, mem_heap(), 2 * limit(VERDICT_BYTES));
    if (outcome->state == JUDGE_JUDGED) {
        verdict_write(judge, 1, &out);
        verdict_write_texts(judge, &out);
    }
    CHECK(!buf_failed(&out));
    struct digest digest = digest_of(buf_str(&out));
    digest_hex(&digest, hex);
    printf("%s %05u state %d fault %d rule %u steps %llu %s\n", one->path, one->number, outcome->state,
           outcome->fault, outcome->fault_rule, (unsigned long long)outcome->steps, hex);
    buf_release(&out);
}

static void judge_one(struct judge *judge, const struct one *one, bool aloud)
{
    struct judge_outcome outcome;
    struct judging judging = {.program = one->program,
                              .answers = one->answers,
                              .now_ms = one->now_ms,
                              .zone = one->zone,
                              .atlas = atlas,
                              .locale = one->locale,
                              .steps_max = limit(COST_STEPS),
                              .owner = one->number % 3,
                              .ms_max = 60000};
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    if (aloud) tell(one, judge, &outcome);
}

/* ---- trouble: judgings that do not end with a verdict */

static struct maker endless, greedy, wrong;

static void make_trouble(void)
{
    static struct maker *const all[] = {&endless, &greedy, &wrong};
    static const char *const rules[] = {
        "return function(S) while true do end end",
        "local kept = {} return function(S) for i = 1, 1e9 do kept[i] = {i} end end",
        "return function(S) S.x.y = 1 end"};
    for (int i = 0; i < 3; i++) {
        maker_open(all[i]);
        maker_field(all[i], "n", TYPE_INTEGER);
        maker_chunk(all[i], rules[i], 0);
        maker_done(all[i]);
    }
}

static void judge_trouble(struct judge *judge, const struct program *program, uint32_t ms,
                          enum judge_state want)
{
    struct judge_outcome outcome;
    struct judging judging = {.program = program,
                              .answers = STR("{}"),
                              .locale = STR(""),
                              .steps_max = limit(COST_STEPS),
                              .ms_max = ms};
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    CHECK(outcome.state == want);
}

/* The program itself, cut off at its first steps, so that its own world is gone; now and then others
 * that take all the memory and time there is. */
static void cause_trouble(struct judge *judge, const struct one *one)
{
    struct judge_outcome outcome;
    struct judging judging = {.program = one->program,
                              .answers = one->answers,
                              .now_ms = one->now_ms,
                              .zone = one->zone,
                              .locale = one->locale,
                              .steps_max = 1,
                              .ms_max = 60000};
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    judge_trouble(judge, &wrong.program, 60000, JUDGE_FAULT);
    if (one->number % 50 == 0) judge_trouble(judge, &greedy.program, 60000, JUDGE_OVER_MEMORY);
    if (one->number % 50 == 25) judge_trouble(judge, &endless.program, 2, JUDGE_OVER_TIME);
}

static void prepare(struct judge *judge, const struct way *way, const struct one *one, size_t i)
{
    if (way->judge == CROWDED) judge->pool.bytes_max = 1;
    if (way->judge == TIDIED && i % 5 == 0) CHECK(judge_tidy(judge, UINT32_MAX));
    if (way->judge == TROUBLED) cause_trouble(judge, one);
    if (way->judge == TWICE_EACH) judge_one(judge, one, false);
}

static void judge_all(const struct way *way)
{
    struct judge *judge = NULL;
    for (size_t i = 0; i < one_count; i++) {
        const struct one *one = nth(way->order, i);
        if (!judge) CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
        prepare(judge, way, one, i);
        judge_one(judge, one, true);
        if (way->judge == CROWDED) CHECK(judge->pool.count <= 1);
        if (way->judge != NEW_EACH) continue;
        judge_free(judge);
        judge = NULL;
    }
    judge_free(judge);
}

static int judge_in_way(const char *name, char **folders, int count)
{
    arena_init(&arena, mem_heap(), (size_t)1 << 30);
    for (int i = 0; i < count; i++) add_folder(folders[i]);
    CHECK_STATUS(atlas_new(mem_heap(), &atlas), ST_OK);
    make_trouble();
    for (size_t i = 0; i < WAYS; i++)
        if (strcmp(ways[i].name, name) == 0) judge_all(&ways[i]);
    for (size_t i = 0; i < program_count; i++) program_release(programs[i]);
    maker_release(&endless);
    maker_release(&greedy);
    maker_release(&wrong);
    atlas_free(atlas);
    arena_release(&arena);
    CHECK(fflush(stdout) == 0);
    return TEST_RESULT();
}

/* ---- and whether it was the same */

struct lines {
    char *items[CASES_MAX];
    size_t count;
};

static int line_order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void run_way(const struct way *way, const char *program, char **folders, int count,
                    struct lines *ret_lines)
{
    struct buf command;
    char line[LINE_BYTES];
    buf_init(&command, mem_heap(), 1 << 16);
    buf_printf(&command, "%s'%s' --judge %s", way->environment, program, way->name);
    for (int i = 0; i < count; i++) buf_printf(&command, " '%s'", folders[i]);
    buf_putc(&command, 0);
    FILE *pipe = popen(command.ptr, "r");
    ret_lines->count = 0;
    while (pipe && fgets(line, sizeof line, pipe) && ret_lines->count < CASES_MAX)
        ret_lines->items[ret_lines->count++] = strdup(line);
    CHECK(pipe && pclose(pipe) == 0);
    buf_release(&command);
    qsort(ret_lines->items, ret_lines->count, sizeof *ret_lines->items, line_order);
}

static void compare(const struct way *way, const struct lines *want, const struct lines *got)
{
    CHECK(got->count == want->count);
    for (size_t i = 0; i < got->count && i < want->count; i++) {
        if (strcmp(got->items[i], want->items[i]) == 0) continue;
        fprintf(stderr, "%s: %sbut plain: %s", way->name, got->items[i], want->items[i]);
        test_failures++;
    }
}

static void lines_free(struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) free(lines->items[i]);
}

int main(int argc, char **argv)
{
    static struct lines want, got;
    if (argc > 3 && strcmp(argv[1], "--judge") == 0) return judge_in_way(argv[2], argv + 3, argc - 3);
    if (argc < 2) return EXIT_FAILURE;
    run_way(&ways[0], argv[0], argv + 1, argc - 1, &want);
    CHECK(want.count > 20); /* or this test tests nothing */
    for (size_t i = 0; i < WAYS; i++) {
        run_way(&ways[i], argv[0], argv + 1, argc - 1, &got);
        compare(&ways[i], &want, &got);
        lines_free(&got);
    }
    fprintf(stderr, "%zu cases in %d ways\n", want.count, (int)WAYS);
    lines_free(&want);
    return TEST_RESULT();
}
