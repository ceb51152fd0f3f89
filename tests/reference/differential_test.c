/* Compiled Lua against the reference interpreter: generated forms and answers, the examples with their
 * cases, the benchmark's form with 500 mutations.
 *
 *     differential_test ROOT [SEEDS [FIRST]]          ROOT is the repository; 2000 seeds from 1
 *     differential_test ROOT form FORM ANSWERS.json   one pair of files
 *
 * Each seed is a form and several answers. A difference is shrunk and printed with its seed. */
#include "base/civil.h"
#include "base/json_value.h"
#include "base/limits.h"
#include "dsl/dsl.h"
#include "tests/file.h"
#include "tests/reference/comparison.h"
#include "tests/reference/generator.h"
#include "tests/tables.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum { FORM_BYTES = 16384, ANSWER_BYTES = 4096, ANSWERS = 6, SHRINKS = 1500 };

static int failures;

/* ---- one trial: bytes that a form and its answers are made of */

struct trial {
    uint8_t form[FORM_BYTES], answers[ANSWER_BYTES];
    size_t form_len, answers_len;
};

struct made {
    struct arena arena;
    struct generator *generator;
    struct str source, zone;
};

static void make_form(const struct trial *trial, struct made *made, struct choices *ret_used)
{
    arena_init(&made->arena, mem_heap(), 256u << 20);
    struct choices choices = choices_of_bytes(trial->form, trial->form_len);
    made->generator = generator_new(&made->arena, &choices);
    made->source = generator_source(made->generator, 0);
    if (ret_used) *ret_used = choices;
}

/* Answers and the moment to judge them at. The zone is read from the form. */
static struct reference_judging make_judging(const struct trial *trial, struct made *made,
                                             const struct program *program, struct arena *arena)
{
    struct choices choices = choices_of_bytes(trial->answers, trial->answers_len);
    struct reference_judging judging = {.now_ms = generator_now(&choices)};
    judging.lenient = chance(&choices, 10);
    static const struct str locales[] = {{"de", 2}, {"de", 2},    {"fr", 2}, {"ar", 2},
                                         {"hi", 2}, {"pt_BR", 5}, {"pl", 2}, {"es", 2},
                                         {"ja", 2}, {"fa", 2},    {"eo", 2}};
    judging.locale = chance(&choices, 50) ? locales[choose(&choices, 11)] : STR("en");
    judging.answers = generator_answers(made->generator, &choices);
    if (zone_open(arena, program->timezone, &judging.zone) != ST_OK) judging.zone = zone_utc();
    return judging;
}

/* ---- what is tried */

static const char *compare_answers(struct comparison *comparison, const struct trial *trial,
                                   struct made *made, struct arena *arena)
{
    struct reference_judging judging = make_judging(trial, made, comparison->program, arena);
    return comparison_judge(comparison, &judging, arena);
}

/* The same form, laid out by the formatter or in another order of items: the same verdict. */
static const char *compare_source(struct comparison *comparison, const struct trial *trial,
                                  struct made *made, struct str other, const char *what,
                                  struct arena *arena)
{
    struct comparison second;
    struct reference_judging judging = make_judging(trial, made, comparison->program, arena);
    struct str a = comparison_summary(comparison, &judging, arena), b = {"", 0};
    enum comparison_state state = comparison_open(other, NULL, &second);
    if (state == COMPARISON_READY) b = comparison_summary(&second, &judging, arena);
    struct str why = arena_str(arena, second.diagnostics);
    comparison_close(&second);
    if (state == COMPARISON_REFUSED)
        return arena_printf(arena, "%s does not compile: %.*s\n%.*s", what, STR_ARG(why),
                            STR_ARG(other))
            .ptr;
    if (state != COMPARISON_READY || str_eq(a, b)) return NULL;
    return arena_printf(arena, "%s differs\n  as it is: %.*s\n  other:    %.*s\n%.*s", what, STR_ARG(a),
                        STR_ARG(b), STR_ARG(other))
        .ptr;
}

static const char *compare_formatted(struct comparison *comparison, const struct trial *trial,
                                     struct made *made, struct arena *arena)
{
    struct diags diags;
    struct str formatted;
    diags_init(&diags, arena, (uint32_t)limit(DIAGNOSTICS));
    enum status st = dsl_format(arena, made->source, &diags, &formatted);
    if (st) return arena_printf(arena, "format fails: %s", status_name(st)).ptr;
    return compare_source(comparison, trial, made, formatted, "formatted", arena);
}

static const char *compare_shuffled(struct comparison *comparison, const struct trial *trial,
                                    struct made *made, struct arena *arena)
{
    return compare_source(comparison, trial, made, generator_source(made->generator, 1), "shuffled",
                          arena);
}

enum act { ACT_JUDGE, ACT_FORMAT, ACT_SHUFFLE };

/* NULL: nothing differs, or the form is too dear to be judged. */
static const char *try(const struct trial *trial, enum act act, struct arena *arena)
{
    struct made made;
    struct comparison comparison;
    const char *what = NULL;
    make_form(trial, &made, NULL);
    enum comparison_state state = comparison_open(made.source, NULL, &comparison);
    if (state == COMPARISON_REFUSED)
        what = arena_printf(arena, "compile fails\n%.*s", STR_ARG(comparison.diagnostics)).ptr;
    else if (state == COMPARISON_READY && act == ACT_JUDGE)
        what = compare_answers(&comparison, trial, &made, arena);
    else if (state == COMPARISON_READY && act == ACT_FORMAT)
        what = compare_formatted(&comparison, trial, &made, arena);
    else if (state == COMPARISON_READY) what = compare_shuffled(&comparison, trial, &made, arena);
    comparison_close(&comparison);
    arena_release(&made.arena);
    return what;
}

/* ---- shrinking: fewer bytes and smaller ones, as long as the kind of difference stays */

struct shrinking {
    struct trial *trial;
    enum act act;
    char kind[16];
    uint32_t left;
};

static bool still_differs(struct shrinking *shrinking, const struct trial *smaller)
{
    struct arena arena;
    if (shrinking->left == 0) return false;
    shrinking->left--;
    arena_init(&arena, mem_heap(), 256u << 20);
    const char *what = try(smaller, shrinking->act, &arena);
    bool same = what && strncmp(what, shrinking->kind, strcspn(shrinking->kind, " ")) == 0;
    arena_release(&arena);
    return same;
}

static void cut_out(uint8_t *bytes, size_t *len, size_t at, size_t count)
{
    memmove(bytes + at, bytes + at + count, *len - at - count);
    *len -= count;
}

static bool shrink_by(struct shrinking *shrinking, bool form, size_t count)
{
    static struct trial smaller;
    bool any = false;
    size_t *len = form ? &shrinking->trial->form_len : &shrinking->trial->answers_len;
    for (size_t at = *len >= count ? *len - count + 1 : 0; at-- > 0 && shrinking->left;) {
        smaller = *shrinking->trial;
        cut_out(form ? smaller.form : smaller.answers, form ? &smaller.form_len : &smaller.answers_len,
                at, count);
        if (!still_differs(shrinking, &smaller)) continue;
        *shrinking->trial = smaller;
        any = true;
        at = at + 1 > count ? at + 1 - count : 0;
    }
    return any;
}

static void shrink_values(struct shrinking *shrinking, bool form)
{
    static struct trial smaller;
    size_t len = form ? shrinking->trial->form_len : shrinking->trial->answers_len;
    for (size_t at = 0; at < len && shrinking->left; at++) {
        smaller = *shrinking->trial;
        uint8_t *byte = &(form ? smaller.form : smaller.answers)[at];
        if (*byte == 0) continue;
        *byte = 0;
        if (still_differs(shrinking, &smaller)) *shrinking->trial = smaller;
    }
}

static void truncate_to_used(struct trial *trial)
{
    struct made made;
    struct choices used;
    make_form(trial, &made, &used);
    if (used.at < trial->form_len) trial->form_len = used.at;
    used = choices_of_bytes(trial->answers, trial->answers_len);
    generator_now(&used), chance(&used, 1), chance(&used, 1);
    generator_answers(made.generator, &used);
    if (used.at < trial->answers_len) trial->answers_len = used.at;
    arena_release(&made.arena);
}

static void shrink(struct trial *trial, enum act act, const char *what)
{
    struct shrinking shrinking = {.trial = trial, .act = act, .left = SHRINKS};
    snprintf(shrinking.kind, sizeof shrinking.kind, "%s", what);
    truncate_to_used(trial);
    for (size_t size = 256; size > 0; size /= 2) {
        while (shrink_by(&shrinking, true, size < trial->form_len ? size : trial->form_len) && size > 4)
            continue;
        shrink_by(&shrinking, false, size < trial->answers_len ? size : trial->answers_len);
    }
    shrink_values(&shrinking, true);
    shrink_values(&shrinking, false);
}

/* ---- telling */

static void print_bytes(const char *name, const uint8_t *bytes, size_t len)
{
    fprintf(stderr, "%s:", name);
    for (size_t i = 0; i < len; i++) fprintf(stderr, "%02x", bytes[i]);
    fputc('\n', stderr);
}

static void tell(const struct trial *trial, enum act act)
{
    struct made made;
    struct arena arena;
    struct program utc = {.timezone = STR("UTC")};
    arena_init(&arena, mem_heap(), 256u << 20);
    make_form(trial, &made, NULL);
    struct reference_judging judging = make_judging(trial, &made, &utc, &arena);
    const char *what = try(trial, act, &arena);
    fprintf(stderr, "---- form\n%.*s---- answers (now %lld, locale %.*s%s)\n%.*s\n---- %s\n",
            STR_ARG(made.source), (long long)judging.now_ms, STR_ARG(judging.locale),
            judging.lenient ? ", lenient" : "", STR_ARG(judging.answers), what ? what : "(gone)");
    print_bytes("form bytes", trial->form, trial->form_len);
    print_bytes("answer bytes", trial->answers, trial->answers_len);
    arena_release(&arena);
    arena_release(&made.arena);
}

static void report(uint64_t seed, uint32_t answers, enum act act, const struct trial *found,
                   const char *what)
{
    static struct trial trial;
    trial = *found;
    failures++;
    fprintf(stderr, "==== seed %llu, answers %u: %.200s\n", (unsigned long long)seed, (unsigned)answers,
            what);
    if (failures > 20) return;
    shrink(&trial, act, what);
    tell(&trial, act);
}

/* ---- seeds */

struct tally {
    uint32_t forms, too_dear, judgings, valid, faults;
};

static void fill_answers(uint64_t seed, uint32_t number, struct trial *trial)
{
    choices_fill(seed * 1000003u + number, trial->answers, ANSWER_BYTES);
    trial->answers_len = number == 0 ? 0 : ANSWER_BYTES; /* the first ones are the simplest */
}

static void run_acts(struct comparison *comparison, uint64_t seed, uint32_t number, struct trial *trial,
                     struct made *made, struct tally *tally)
{
    for (int act = ACT_JUDGE; act <= ACT_SHUFFLE; act++) {
        struct arena arena;
        const char *what = NULL;
        if (act != ACT_JUDGE && (number != 1 || seed % 2 != (uint64_t)act % 2))
            continue; /* each takes a compilation more */
        arena_init(&arena, mem_heap(), 256u << 20);
        if (act == ACT_JUDGE) what = compare_answers(comparison, trial, made, &arena);
        else if (act == ACT_FORMAT) what = compare_formatted(comparison, trial, made, &arena);
        else what = compare_shuffled(comparison, trial, made, &arena);
        if (what) report(seed, number, (enum act)act, trial, what);
        arena_release(&arena);
        tally->judgings++;
        tally->valid += act == ACT_JUDGE && comparison->outcome.valid;
        tally->faults += act == ACT_JUDGE && comparison->outcome.state == JUDGE_FAULT;
    }
}

static void run_seed(uint64_t seed, struct tally *tally)
{
    static struct trial trial;
    struct made made;
    struct comparison comparison;
    choices_fill(seed, trial.form, FORM_BYTES);
    trial.form_len = FORM_BYTES;
    make_form(&trial, &made, NULL);
    fill_answers(seed, 0, &trial);
    enum comparison_state state = comparison_open(made.source, NULL, &comparison);
    tally->forms++;
    tally->too_dear += state == COMPARISON_TOO_DEAR;
    if (state == COMPARISON_REFUSED) report(seed, 0, ACT_JUDGE, &trial, "compile fails");
    for (uint32_t i = 0; i < ANSWERS && state == COMPARISON_READY; i++) {
        fill_answers(seed, i, &trial);
        run_acts(&comparison, seed, i, &trial, &made, tally);
    }
    comparison_close(&comparison);
    arena_release(&made.arena);
}

static void run_seeds(uint64_t first, uint64_t count)
{
    struct tally tally = {0};
    for (uint64_t seed = first; seed < first + count; seed++) run_seed(seed, &tally);
    fprintf(stderr, "%u forms, %u too dear, %u judgings, %u valid, %u faults, %d differences\n",
            (unsigned)tally.forms, (unsigned)tally.too_dear, (unsigned)tally.judgings,
            (unsigned)tally.valid, (unsigned)tally.faults, failures);
    if (count > 100 && tally.too_dear * 10 > tally.forms)
        failures++, fprintf(stderr, "too many forms are too dear\n");
}

/* ---- files */

static struct arena files; /* what was read lives to the end */

static struct str read_whole(const char *path)
{
    struct str read = file_read(path), kept = arena_str(&files, read);
    assert(kept.ptr);
    file_free(read);
    return kept;
}

static struct test_tables file_tables; /* of the form at hand */

static bool open_file(const char *path, struct comparison *comparison)
{
    test_tables_close(&file_tables);
    test_tables_open(&file_tables, path);
    if (comparison_open(read_whole(path), &file_tables.tables, comparison) == COMPARISON_READY)
        return true;
    if (file_tables.missing) {
        fprintf(stderr, "SKIPPED: %s: a table of it is not here\n", path);
        return false;
    }
    fprintf(stderr, "%s does not compile\n%.*s", path, STR_ARG(comparison->diagnostics));
    failures++;
    return false;
}

static void compare_file(struct comparison *comparison, const char *path, const char *what_case,
                         struct str answers, int64_t now_ms)
{
    struct arena arena;
    arena_init(&arena, mem_heap(), 1u << 30);
    struct reference_judging judging = {.answers = answers, .now_ms = now_ms, .locale = STR("en")};
    if (zone_open(&arena, comparison->program->timezone, &judging.zone) != ST_OK)
        judging.zone = zone_utc();
    const char *what = comparison_judge(comparison, &judging, &arena);
    if (what) {
        fprintf(stderr, "==== %s, %s: %s\n", path, what_case, what);
        failures++;
    }
    arena_release(&arena);
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

static struct str answers_of(struct arena *arena, const char *root, struct str text,
                             const struct json_value *one)
{
    struct str file, pointer = STR("");
    const struct json_value *answers = json_get(one, STR("answers"));
    if (answers) return source_of(arena, text, answers);
    if (!json_get_str(one, STR("answers_file"), &file)) return STR("{}");
    (void)json_get_str(one, STR("answers_pointer"), &pointer);
    struct str path = arena_printf(arena, "%s/%.*s", root, STR_ARG(file));
    if (!file_exists(path.ptr)) {
        fprintf(stderr, "SKIPPED: no %s here\n", path.ptr);
        return STR("{}");
    }
    struct str content = read_whole(path.ptr);
    struct json_value *whole = ARENA_NEW(arena, struct json_value);
    struct json_error error;
    if (json_read(arena, content, (uint32_t)limit(JSON_DEPTH), whole, &error) != ST_OK) return content;
    const struct json_value *found = json_find(whole, pointer);
    return found ? source_of(arena, content, found) : STR("{}");
}

static void run_case(struct comparison *comparison, struct arena *arena, const char *root,
                     const char *path, struct str text, const struct json_value *one)
{
    struct str name = STR("?"), now = STR("2026-01-15T10:00:00Z");
    int64_t now_ms;
    int32_t offset;
    (void)json_get_str(one, STR("case"), &name);
    (void)json_get_str(one, STR("now"), &now);
    bool is_one = civil_parse_datetime(now, &now_ms, &offset);
    assert(is_one);
    compare_file(comparison, path, arena_str(arena, name).ptr, answers_of(arena, root, text, one),
                 now_ms);
}

static void run_cases(const char *root, const char *cases_path)
{
    struct arena arena;
    struct comparison comparison;
    struct json_value cases;
    struct json_error error;
    arena_init(&arena, mem_heap(), 1u << 30);
    size_t stem = strlen(cases_path) - strlen(".cases.json");
    struct str form = arena_printf(&arena, "%.*s.form", (int)stem, cases_path),
               text = read_whole(cases_path);
    enum status st = json_read(&arena, text, (uint32_t)limit(JSON_DEPTH), &cases, &error);
    assert(!st);
    if (open_file(form.ptr, &comparison))
        for (uint32_t i = 0; i < cases.count; i++)
            run_case(&comparison, &arena, root, form.ptr, text, &cases.items[i]);
    fprintf(stderr, "%s: %u cases\n", form.ptr, (unsigned)cases.count);
    comparison_close(&comparison);
    arena_release(&arena);
}

static void run_examples(const char *root)
{
    char folder[4096], *paths[100];
    snprintf(folder, sizeof folder, "%s/examples", root);
    size_t count = file_list(folder, ".cases.json", paths, 100);
    if (count == 0) failures++;
    for (size_t i = 0; i < count; i++) {
        run_cases(root, paths[i]);
        free(paths[i]);
    }
}

static void run_workload(const char *root)
{
    char form[4096], path[4096];
    struct comparison comparison;
    snprintf(form, sizeof form, "%s/bench/benefit.form", root);
    snprintf(path, sizeof path, "%s/../shared/bench/workload/mutated_500.jsonl", root);
    if (!file_exists(path)) {
        fprintf(stderr, "SKIPPED: no %s here\n", path);
        return;
    }
    struct str rest = read_whole(path);
    uint32_t count = 0;
    if (open_file(form, &comparison)) {
        for (const char *end; rest.len > 0 && (end = memchr(rest.ptr, '\n', rest.len)); count++) {
            size_t len = (size_t)(end - rest.ptr);
            compare_file(&comparison, path, "a mutation", (struct str){rest.ptr, len}, 0);
            rest = (struct str){end + 1, rest.len - len - 1};
        }
    }
    fprintf(stderr, "%s: %u mutations\n", form, (unsigned)count);
    comparison_close(&comparison);
}

static void run_pair(const char *form, const char *answers)
{
    struct comparison comparison;
    if (open_file(form, &comparison))
        compare_file(&comparison, form, answers, read_whole(answers), INT64_C(1768471200000));
    comparison_close(&comparison);
}

static void run_all(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[2], "form") == 0) {
        run_pair(argv[3], argv[4]);
        return;
    }
    uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 2000,
             first = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
    run_examples(argv[1]);
    run_workload(argv[1]);
    run_seeds(first, count);
}

int main(int argc, char **argv)
{
    if (argc < 2) return EXIT_FAILURE;
    arena_init(&files, mem_heap(), 1u << 30);
    run_all(argc, argv);
    arena_release(&files);
    test_tables_close(&file_tables);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
