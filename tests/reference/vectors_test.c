/* The conformance vectors, tests/vectors/: what each expression is, judged by the sandbox and by
 * the reference interpreter. tests/vectors/README.md tells the format.
 *
 *     vectors_test FOLDER */
#include "base/civil.h"
#include "base/json_value.h"
#include "tests/file.h"
#include "tests/reference/vector.h"
#include "tests/test.h"

enum { VECTORS_LEAST = 400 };

static int vectors, files;

static const char *const functions[] = {
#define SIMPLE(NAME, ARGS, RESULT, HELPER, USAGE) #NAME,
#define SPECIAL(NAME, LEAST, MOST, MAKER, USAGE) #NAME,
#define ROWS(NAME, LEAST, MOST, MAKER, USAGE) #NAME,
#define FOREIGN(NAME, ADVICE)
#include "dsl/builtin.def"
#undef SIMPLE
#undef SPECIAL
#undef ROWS
#undef FOREIGN
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };
static bool called[FUNCTIONS];

static bool is_called_in(struct str expression, const char *name)
{
    size_t len = strlen(name);
    for (size_t at = 0; at + len < expression.len; at++) {
        const char *here = expression.ptr + at;
        bool begins = at == 0 || !strchr("_abcdefghijklmnopqrstuvwxyz", here[-1]);
        if (begins && memcmp(here, name, len) == 0 && here[len] == '(') return true;
    }
    return false;
}

static void note_calls(struct str expression)
{
    for (int i = 0; i < FUNCTIONS; i++)
        if (is_called_in(expression, functions[i])) called[i] = true;
}

static struct str text_of(const struct json_value *object, const char *name)
{
    struct str text = {"", 0};
    (void)json_get_str(object, str_of(name), &text);
    return text;
}

/* What the vector claims, in the words of vector_outcome(). */
static struct str claim_of(const struct json_value *vector, struct arena *arena)
{
    const struct json_value *value = json_get(vector, STR("value"));
    struct str fault = text_of(vector, "fault");
    if (fault.len) return arena_printf(arena, "fault %.*s", STR_ARG(fault));
    if (!value) return STR("neither a value nor a fault");
    return value->kind == JSON_NULL ? STR("missing") : vector_json(value, arena);
}

static struct str answers_of(const struct json_value *vector, struct arena *arena)
{
    const struct json_value *answers = json_get(vector, STR("answers"));
    return answers ? vector_json(answers, arena) : STR("{}");
}

static void try_vector(const char *path, const struct json_value *file, const struct json_value *one)
{
    struct arena arena;
    int32_t offset;
    arena_init(&arena, mem_heap(), 256u << 20);
    struct vector vector = {.declare = text_of(file, "declare"),
                            .zone = text_of(file, "timezone"),
                            .type = text_of(one, "type"),
                            .expression = text_of(one, "expression"),
                            .answers = answers_of(one, &arena)};
    struct str now = text_of(file, "now");
    if (now.len) CHECK(civil_parse_datetime(now, &vector.now_ms, &offset));
    struct str got = vector_outcome(&vector, &arena), want = claim_of(one, &arena);
    if (!str_eq(got, want)) {
        fprintf(stderr, "%s: %.*s with %.*s: %.*s, not %.*s\n", path, STR_ARG(vector.expression),
                STR_ARG(vector.answers), STR_ARG(got), STR_ARG(want));
        test_failures++;
    }
    note_calls(vector.declare);
    note_calls(vector.expression);
    vectors++;
    arena_release(&arena);
}

static void try_file(const char *path)
{
    struct arena arena;
    struct json_value file;
    struct json_error error;
    struct str text = file_read(path);
    arena_init(&arena, mem_heap(), 64u << 20);
    enum status st = json_read(&arena, text, 16, &file, &error);
    CHECK_STATUS(st, ST_OK);
    const struct json_value *list = st ? NULL : json_get(&file, STR("vectors"));
    CHECK(list && list->kind == JSON_ARRAY);
    for (uint32_t i = 0; list && i < list->count; i++) try_vector(path, &file, &list->items[i]);
    files++;
    arena_release(&arena);
    file_free(text);
}

static void every_function_is_called(void)
{
    for (int i = 0; i < FUNCTIONS; i++) {
        if (called[i]) continue;
        fprintf(stderr, "no vector calls %s()\n", functions[i]);
        test_failures++;
    }
}

int main(int argc, char **argv)
{
    char *paths[100];
    size_t count = argc > 1 ? file_list(argv[1], ".json", paths, 100) : 0;
    for (size_t i = 0; i < count; i++) {
        try_file(paths[i]);
        free(paths[i]);
    }
    every_function_is_called();
    CHECK(vectors >= VECTORS_LEAST);
    printf("%d vectors in %d files\n", vectors, files);
    return TEST_RESULT();
}
