/* Forms for modules in browsers, and what the server says of answers to them: asked line by line on
 * stdin, answered by lines of JSON.
 *
 *     seed 7                 {"module": "export default …", "texts": …, "zone", "now", "locale",
 * "lenient", "documents": ["{…}", …]} file X.form            the same; the documents are those of
 * X.cases.json judge {"age": 17}      {"state": "judged", "verdict": …} or {"state": "fault", "faults":
 * [{"kind", "pointer"}]}
 *
 * A form that cannot be judged here is {"state": why}. Every judging is also held against the reference
 * (comparison.h). */
#include "base/civil.h"
#include "base/json_value.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "dsl/dsl.h"
#include "tests/file.h"
#include "tests/reference/comparison.h"
#include "tests/reference/generator.h"
#include "tests/tables.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum { FORM_BYTES = 16384, ANSWER_BYTES = 4096, DOCUMENTS = 6, LINE_BYTES = 4 << 20 };

struct driver {
    struct arena arena; /* the form's */
    struct comparison comparison;
    struct test_tables tables;
    struct reference_judging judging;
    struct atlas *atlas;
    bool open;
};

static void close_form(struct driver *driver)
{
    if (driver->open) comparison_close(&driver->comparison);
    driver->open = false;
    arena_reset(&driver->arena);
}

static void answer_state(const char *state)
{
    printf("{\"state\":\"%s\"}\n", state);
}

static void put_member(struct buf *out, const char *name, struct str text)
{
    buf_printf(out, ",\"%s\":", name);
    json_put_str(out, text);
}

static bool put_module(struct driver *driver, struct str source, const struct dsl_tables *tables,
                       struct buf *out)
{
    struct diags diags;
    struct str module;
    diags_init(&diags, &driver->arena, (uint32_t)limit(DIAGNOSTICS));
    if (dsl_print_module(&driver->arena, source, tables, &diags, &module) != ST_OK) return false;
    put_member(out, "module", module);
    return true;
}

static void answer_form(struct driver *driver, struct str source, const struct dsl_tables *tables,
                        const struct str *documents, uint32_t count)
{
    struct buf out;
    const struct program *program = driver->comparison.program;
    buf_init(&out, mem_heap(), 64u << 20);
    buf_puts(&out, "{\"state\":\"ready\"");
    bool made = put_module(driver, source, tables, &out);
    buf_puts(&out, ",\"texts\":");
    texts_write(program, driver->judging.locale, &out);
    put_member(&out, "source", source);
    put_member(&out, "zone", program->timezone);
    buf_printf(&out, ",\"now\":%lld,\"lenient\":%s,\"documents\":[", (long long)driver->judging.now_ms,
               driver->judging.lenient ? "true" : "false");
    for (uint32_t i = 0; i < count; i++) {
        if (i) buf_putc(&out, ',');
        json_put_str(&out, documents[i]);
    }
    buf_puts(&out, "]}\n");
    assert(!buf_failed(&out));
    if (made) fwrite(out.ptr, 1, out.len, stdout);
    else answer_state("no module");
    buf_release(&out);
}

/* What is asked for is never refused but by a fault of the generator's or of ours: all is told. */
static void answer_unready(const struct driver *driver, enum comparison_state state, struct str source)
{
    struct str told = driver->comparison.diagnostics;
    if (state == COMPARISON_REFUSED)
        fprintf(stderr, "refused:\n%.*s\n%.*s\n", (int)told.len, told.ptr, (int)source.len, source.ptr);
    answer_state(state == COMPARISON_TOO_DEAR ? "too dear" : "refused");
}

static bool open_form(struct driver *driver, struct str source, const struct dsl_tables *tables)
{
    enum comparison_state state = comparison_open(source, tables, &driver->comparison);
    driver->open = true;
    if (state == COMPARISON_READY) return true;
    answer_unready(driver, state, source);
    return false;
}

static void find_zone(struct driver *driver)
{
    struct str name = driver->comparison.program->timezone;
    if (zone_open(&driver->arena, name, &driver->judging.zone) != ST_OK)
        driver->judging.zone = zone_utc();
}

/* ---- generated */

static void ask_seed(struct driver *driver, uint64_t seed)
{
    static uint8_t form[FORM_BYTES], bytes[DOCUMENTS][ANSWER_BYTES];
    struct str documents[DOCUMENTS];
    static const struct str locales[] = {{"en", 2}, {"de", 2}, {"fr", 2}, {"ar", 2}, {"en", 2}};
    choices_fill(seed, form, FORM_BYTES);
    struct choices choices = choices_of_bytes(form, FORM_BYTES);
    struct generator *generator = generator_new(&driver->arena, &choices);
    struct str source = generator_source(generator, 0);
    if (!open_form(driver, source, NULL)) return;
    for (uint64_t i = 0; i < DOCUMENTS; i++) {
        choices_fill(seed * 1000003u + i, bytes[i], ANSWER_BYTES);
        choices = choices_of_bytes(bytes[i], i ? ANSWER_BYTES : 0);
        driver->judging.now_ms = generator_now(&choices);
        driver->judging.lenient = chance(&choices, 10);
        documents[i] = generator_answers(generator, &choices);
    }
    driver->judging.locale = locales[seed % 5];
    find_zone(driver);
    answer_form(driver, source, NULL, documents, DOCUMENTS);
}

/* ---- files */

static struct str read_kept(struct driver *driver, const char *path)
{
    struct str read = file_read(path), kept = arena_str(&driver->arena, read);
    assert(kept.ptr);
    file_free(read);
    return kept;
}

/* The bytes of a value in the text that it was read from. */
static struct str source_of(struct arena *arena, struct str text, const struct json_value *value)
{
    struct json_reader reader;
    struct str rest = {text.ptr + value->offset, text.len - value->offset};
    json_reader_init(&reader, rest, arena, (uint32_t)limit(JSON_DEPTH));
    bool read = json_skip(&reader, json_next(&reader));
    assert(read);
    return (struct str){rest.ptr, (size_t)(reader.cur.at - rest.ptr)};
}

/* The answers of the cases beside the form; those that stand in files of their own are left out. */
static uint32_t read_cases(struct driver *driver, const char *path, struct str *documents,
                           uint32_t room)
{
    struct json_value cases;
    struct json_error error;
    uint32_t count = 0;
    struct str name =
        arena_printf(&driver->arena, "%.*s.cases.json", (int)(strlen(path) - strlen(".form")), path);
    if (!file_exists(name.ptr)) return 0;
    struct str text = read_kept(driver, name.ptr);
    enum status st = json_read(&driver->arena, text, (uint32_t)limit(JSON_DEPTH), &cases, &error);
    assert(!st);
    for (uint32_t i = 0; i < cases.count && count < room; i++) {
        const struct json_value *answers = json_get(&cases.items[i], STR("answers"));
        struct str now;
        int32_t offset;
        if (json_get_str(&cases.items[i], STR("now"), &now))
            (void)!civil_parse_datetime(now, &driver->judging.now_ms, &offset);
        if (answers) documents[count++] = source_of(&driver->arena, text, answers);
    }
    return count;
}

static void ask_file(struct driver *driver, const char *path)
{
    struct str source = read_kept(driver, path), documents[64];
    test_tables_close(&driver->tables);
    test_tables_open(&driver->tables, arena_str(&driver->arena, str_of(path)).ptr);
    driver->judging = (struct reference_judging){.now_ms = INT64_C(1768471200000), .locale = STR("")};
    enum comparison_state state = comparison_open(source, &driver->tables.tables, &driver->comparison);
    driver->open = true;
    if (driver->tables.missing) {
        answer_state("no table");
        return;
    }
    if (state != COMPARISON_READY) {
        answer_unready(driver, state, source);
        return;
    }
    uint32_t count = read_cases(driver, path, documents, 64);
    find_zone(driver);
    answer_form(driver, source, &driver->tables.tables, documents, count);
}

/* ---- judgings */

static void put_fault(const struct reference_fault *fault, struct buf *out)
{
    buf_printf(out, "{\"kind\":%d,\"pointer\":", (int)fault->kind);
    json_put_str(out, fault->pointer);
    buf_putc(out, '}');
}

static void answer_faults(struct driver *driver, struct arena *arena)
{
    struct reference_outcome outcome;
    struct buf out;
    struct reference_judging judging = driver->judging;
    judging.atlas = comparison_zones();
    enum status st = reference_judge(driver->comparison.reference, arena, &judging, &outcome);
    assert(!st);
    buf_init(&out, mem_heap(), 16u << 20);
    buf_puts(&out, "{\"state\":\"fault\",\"faults\":[");
    for (uint32_t i = 0; i < outcome.fault_count; i++) {
        if (i) buf_putc(&out, ',');
        put_fault(&outcome.faults[i], &out);
    }
    buf_puts(&out, "]}\n");
    fwrite(out.ptr, 1, out.len, stdout);
    buf_release(&out);
}

static void put_part(struct driver *driver, const char *name,
                     void (*write)(const struct judge *judge, struct buf *out), struct buf *out)
{
    buf_printf(out, ",\"%s\":", name);
    write(driver->comparison.judge, out);
}

static void answer_verdict(struct driver *driver)
{
    struct buf out, verdict;
    buf_init(&out, mem_heap(), 64u << 20);
    buf_init(&verdict, mem_heap(), 64u << 20);
    verdict_write(driver->comparison.judge, 0, &verdict);
    buf_puts(&out, "{\"state\":\"judged\"");
    put_member(&out, "verdict", buf_str(&verdict));
    buf_reset(&verdict);
    verdict_write_accord(driver->comparison.judge, &verdict);
    put_member(&out, "accord", buf_str(&verdict));
    put_part(driver, "texts", verdict_write_texts, &out);
    put_part(driver, "suggestions", verdict_write_suggestions, &out);
    put_part(driver, "now", verdict_write_now, &out);
    put_part(driver, "withheld", verdict_write_withheld, &out);
    buf_puts(&out, "}\n");
    assert(!buf_failed(&out));
    fwrite(out.ptr, 1, out.len, stdout);
    buf_release(&verdict);
    buf_release(&out);
}

static void ask_judge(struct driver *driver, struct str answers)
{
    struct arena arena;
    arena_init(&arena, mem_heap(), 1u << 30);
    driver->judging.answers = answers;
    driver->judging.atlas = driver->atlas;
    const char *what = comparison_judge(&driver->comparison, &driver->judging, &arena);
    if (what) fprintf(stderr, "the reference says otherwise: %s\n", what);
    if (driver->comparison.outcome.state == JUDGE_JUDGED) answer_verdict(driver);
    else if (driver->comparison.outcome.state == JUDGE_FAULT) answer_faults(driver, &arena);
    else answer_state("unjudged");
    arena_release(&arena);
}

static bool ask(struct driver *driver, char *line, size_t len)
{
    if (strncmp(line, "judge ", 6) == 0) {
        ask_judge(driver, (struct str){line + 6, len - 6});
        return true;
    }
    close_form(driver);
    if (strncmp(line, "seed ", 5) == 0) ask_seed(driver, strtoull(line + 5, NULL, 10));
    else if (strncmp(line, "file ", 5) == 0) ask_file(driver, line + 5);
    else return false;
    return true;
}

int main(void)
{
    static struct driver driver;
    static char line[LINE_BYTES];
    arena_init(&driver.arena, mem_heap(), 1u << 30);
    enum status st = atlas_new(mem_heap(), &driver.atlas);
    assert(!st);
    while (fgets(line, sizeof line, stdin)) {
        size_t len = strcspn(line, "\n");
        line[len] = 0;
        if (!ask(&driver, line, len)) return EXIT_FAILURE;
        fflush(stdout);
    }
    close_form(&driver);
    test_tables_close(&driver.tables);
    arena_release(&driver.arena);
    atlas_free(driver.atlas);
    return EXIT_SUCCESS;
}
