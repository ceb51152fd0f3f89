/* The benchmark form agrees with the programs that others wrote for it: 500 seeded mutations, a valid
 * and an invalid submission.
 *
 *     agreement_test FORM WORKLOAD_FOLDER        77 (skipped, loudly) when the folder is not there */
#include "base/arena.h"
#include "base/json_value.h"
#include "base/limits.h"
#include "dsl/dsl.h"
#include "runtime/runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SKIPPED = 77, ERRORS_MAX = 200 };

static struct arena arena;
static struct program *program;
static struct judge *judge;
static int failures;

static bool read_file(const char *folder, const char *name, struct str *ret_text)
{
    struct str path = arena_printf(&arena, "%s/%s", folder, name);
    FILE *file = fopen(path.ptr, "rb");
    if (!file) return false;
    size_t size = 4u << 20;
    char *text = arena_alloc(&arena, size);
    *ret_text = (struct str){text, fread(text, 1, size, file)};
    fclose(file);
    return true;
}

static struct str next_line(struct str *text)
{
    const char *end = memchr(text->ptr, '\n', text->len);
    size_t len = end ? (size_t)(end - text->ptr) : text->len;
    struct str line = {text->ptr, len};
    text->ptr += end ? len + 1 : len;
    text->len -= end ? len + 1 : len;
    return line;
}

/* "/members/2/name" → "members[2].name" */
static void put_path(struct buf *out, struct str pointer)
{
    for (size_t i = 1; i < pointer.len;) {
        size_t end = i;
        while (end < pointer.len && pointer.ptr[end] != '/') end++;
        struct str part = {pointer.ptr + i, end - i};
        bool row = part.ptr[0] >= '0' && part.ptr[0] <= '9';
        if (row) buf_printf(out, "[%.*s]", STR_ARG(part));
        else buf_printf(out, "%s%.*s", i > 1 ? "." : "", STR_ARG(part));
        i = end + 1;
    }
}

/* Their name for our code. A check is known by its name. */
static struct str their_code(const struct json_value *error)
{
    struct str code = STR("?"), name = STR("?");
    if (!json_get_str(error, STR("code"), &code)) return code;
    if (str_eq(code, STR("option"))) return STR("enum");
    if (!str_eq(code, STR("check"))) return code;
    if (!json_get_str(json_get(error, STR("params")), STR("name"), &name)) return name;
    return str_eq(name, STR("const_2")) ? STR("const") : name;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The sorted "path:code path:code …" of the judging of `answers`. */
static struct str judge_line(struct str answers)
{
    struct judging judging = {
        .program = program, .answers = answers, .now_ms = 0, .steps_max = limit(COST_STEPS)};
    struct judge_outcome outcome;
    if (judge_run(judge, &judging, &outcome) != ST_OK || outcome.state != JUDGE_JUDGED)
        return STR("not judged");

    struct buf buf;
    struct json_value errors;
    struct json_error error;
    buf_init(&buf, mem_heap(), limit(VERDICT_BYTES));
    verdict_write_errors(judge, &buf);
    struct str text = arena_str(&arena, buf_str(&buf));
    buf_release(&buf);
    if (json_read(&arena, text, 16, &errors, &error) != ST_OK) return STR("not JSON");

    const char *lines[ERRORS_MAX];
    size_t count = 0;
    buf_init(&buf, mem_heap(), limit(VERDICT_BYTES));
    for (uint32_t i = 0; i < errors.count && count < ERRORS_MAX; i++) {
        struct str pointer = STR("");
        (void)json_get_str(&errors.items[i], STR("pointer"), &pointer);
        buf_reset(&buf);
        put_path(&buf, pointer);
        struct str code = their_code(&errors.items[i]);
        lines[count++] = arena_printf(&arena, "%.*s:%.*s", (int)buf.len, buf.ptr, STR_ARG(code)).ptr;
    }
    if (count) qsort(lines, count, sizeof *lines, compare);
    buf_reset(&buf);
    for (size_t i = 0; i < count; i++) buf_printf(&buf, "%s%s", i ? " " : "", lines[i]);
    struct str line = arena_str(&arena, buf_str(&buf));
    buf_release(&buf);
    return line;
}

static void expect_line(const char *what, int number, struct str answers, struct str want)
{
    struct str got = judge_line(answers);
    if (str_eq(got, want)) return;
    fprintf(stderr, "%s %d:\n   got  %.*s\n   want %.*s\n", what, number, STR_ARG(got), STR_ARG(want));
    failures++;
}

/* The normalised answers hold what the peers' clean record holds, number for number. */
static void expect_clean(struct str answers, struct str clean_text)
{
    struct judging judging = {.program = program, .answers = answers, .steps_max = limit(COST_STEPS)};
    struct judge_outcome outcome;
    if (judge_run(judge, &judging, &outcome) != ST_OK || !outcome.valid) {
        fprintf(stderr, "valid.json is not valid\n");
        failures++;
        return;
    }
    struct buf buf;
    struct json_value got, clean;
    struct json_error error;
    buf_init(&buf, mem_heap(), limit(VERDICT_BYTES));
    verdict_write_answers(judge, &buf);
    struct str text = arena_str(&arena, buf_str(&buf));
    buf_release(&buf);
    if (json_read(&arena, text, 16, &got, &error) != ST_OK ||
        json_read(&arena, clean_text, 16, &clean, &error) != ST_OK) {
        fprintf(stderr, "a record is not JSON\n");
        failures++;
        return;
    }
    for (uint32_t i = 0; i < clean.count; i++) {
        const struct json_value *want = &clean.members[i].value,
                                *have = json_get(&got, clean.members[i].name);
        bool same = have && (have->count == want->count);
        if (same && want->kind == JSON_NUMBER)
            same = strtod(have->text.ptr, NULL) == strtod(want->text.ptr, NULL);
        else if (same && want->kind == JSON_STRING) same = str_eq(have->text, want->text);
        else if (same) same = have->kind == want->kind;
        if (same) continue;
        fprintf(stderr, "clean record: %.*s differs\n", STR_ARG(clean.members[i].name));
        failures++;
    }
    if (got.count != clean.count)
        fprintf(stderr, "clean record: %u members, not %u\n", got.count, clean.count), failures++;
}

static void compile(const char *path)
{
    struct str source;
    struct diags diags;
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    if (!read_file(".", path, &source) && !read_file("", path, &source)) exit(EXIT_FAILURE);
    if (dsl_compile(mem_heap(), source, &diags, &program) != ST_OK) {
        struct buf out;
        buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
        diags_print(&diags, str_of(path), source, &out);
        fprintf(stderr, "%.*s", (int)out.len, out.ptr);
        exit(EXIT_FAILURE);
    }
}

int main(int argc, char **argv)
{
    if (argc != 3) return EXIT_FAILURE;
    arena_init(&arena, mem_heap(), (size_t)1 << 30);
    struct str documents, expected, valid, invalid, clean;
    if (!read_file(argv[2], "mutated_500.jsonl", &documents) ||
        !read_file(argv[2], "mutated_500.expected", &expected) ||
        !read_file(argv[2], "valid.json", &valid) || !read_file(argv[2], "invalid.json", &invalid) ||
        !read_file(argv[2], "expected_valid_clean.json", &clean)) {
        fprintf(stderr, "SKIPPED: the benchmark workload is not in %s\n", argv[2]);
        return SKIPPED;
    }
    compile(argv[1]);
    if (judge_new(mem_heap(), &judge) != ST_OK) return EXIT_FAILURE;

    expect_line("valid.json", 0, valid, STR(""));
    expect_line("invalid.json", 0, invalid,
                STR("claim_start:claim_start_early contract_end:contract_end_past email:format "
                    "employer_name:required "
                    "members[2].date_of_birth:dob_future monthly_salary:min"));
    expect_clean(valid, clean);
    int number = 0;
    while (documents.len) {
        struct str document = next_line(&documents);
        expect_line("mutation", ++number, document, next_line(&expected));
    }
    fprintf(stderr, "%d mutations, %d differences\n", number, failures);
    judge_free(judge);
    program_release(program);
    arena_release(&arena);
    return failures || number != 500 ? EXIT_FAILURE : EXIT_SUCCESS;
}
