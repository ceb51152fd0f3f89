/* Changes answers as JSON: a value becomes another kind of value, or one near an edge; a member is
 * doubled, taken out, renamed to one that the form of fuzz_answers.c has, or put where another one is.
 * Half of the time libFuzzer changes bytes as it pleases. */
#include "base/json.h"
#include "base/limits.h"

#include <stdlib.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

static const char *const names[] = {"t",   "mail", "url", "tel", "b",  "i",    "dec",  "num",
                                    "day", "time", "at",  "c",   "cs", "when", "comp", "g",
                                    "x",   "rows", "n",   "sub", "m",  "other"};

static const char *const values[] = {"null",
                                     "true",
                                     "false",
                                     "0",
                                     "-0",
                                     "-1",
                                     "1",
                                     "9007199254740991",
                                     "9007199254740992",
                                     "1e400",
                                     "0.1",
                                     "12.30",
                                     "1e-7",
                                     "\"\"",
                                     "\"a\"",
                                     "\"x\"",
                                     "\"aaaaaaaa\"",
                                     "\"\\u0000\"",
                                     "\"\\ud83d\\ude00\"",
                                     "\" \"",
                                     "\"a@b.example\"",
                                     "\"https://a.example/\"",
                                     "\"+49 30 123456\"",
                                     "\"0001-01-01\"",
                                     "\"9999-12-31\"",
                                     "\"2024-02-29\"",
                                     "\"23:59:59.999\"",
                                     "\"2026-01-15T10:00:00+01:00\"",
                                     "\"9999-12-31T23:59:59.999Z\"",
                                     "\"i/~\"",
                                     "[]",
                                     "{}",
                                     "[\"a\",\"b\"]",
                                     "[\"a\",\"a\"]",
                                     "[{}]",
                                     "[{\"n\":1,\"sub\":[{\"m\":2}]}]",
                                     "[{},{},{},{}]",
                                     "{\"x\":\"y\"}",
                                     "[null]"};

struct mutation {
    struct json_writer json;
    unsigned seed, budget, left; /* changes are made where the countdown reaches 0 */
};

static unsigned roll(struct mutation *m, unsigned below)
{
    m->seed = m->seed * 1103515245u + 12345u;
    return below ? (m->seed >> 8) % below : 0;
}

static bool is_chosen(struct mutation *m)
{
    if (m->budget == 0 || m->left-- > 0) return false;
    m->budget--;
    m->left = roll(m, 12);
    return true;
}

static struct str any_name(struct mutation *m)
{
    return str_of(names[roll(m, sizeof names / sizeof *names)]);
}

static void write_any(struct mutation *m)
{
    json_raw(&m->json, str_of(values[roll(m, sizeof values / sizeof *values)]));
}

static void write_value(struct mutation *m, const struct json_value *value);

static void write_member(struct mutation *m, struct str name, const struct json_value *value)
{
    unsigned how = is_chosen(m) ? roll(m, 5) : 5;
    if (how == 0) return; /* taken out */
    json_key(&m->json, how == 1 ? any_name(m) : name);
    write_value(m, value);
    if (how == 2) { /* doubled */
        json_key(&m->json, name);
        write_value(m, value);
    }
    if (how == 3) {
        json_key(&m->json, any_name(m));
        write_any(m);
    }
}

static void write_items(struct mutation *m, const struct json_value *array)
{
    json_array(&m->json);
    for (uint32_t i = 0; i < array->count; i++) {
        unsigned how = is_chosen(m) ? roll(m, 3) : 3;
        if (how == 0) continue;
        write_value(m, &array->items[i]);
        if (how == 1) write_value(m, &array->items[i]);
        if (how == 2) write_any(m);
    }
    json_array_end(&m->json);
}

static void write_value(struct mutation *m, const struct json_value *value)
{
    if (is_chosen(m)) {
        write_any(m);
        return;
    }
    switch (value->kind) {
    case JSON_OBJECT:
        json_object(&m->json);
        for (uint32_t i = 0; i < value->count; i++)
            write_member(m, value->members[i].name, &value->members[i].value);
        if (is_chosen(m)) json_key(&m->json, any_name(m)), write_any(m);
        json_object_end(&m->json);
        return;
    case JSON_ARRAY:
        write_items(m, value);
        return;
    case JSON_STRING:
        json_str(&m->json, value->text);
        return;
    case JSON_NUMBER:
        json_raw(&m->json, value->text);
        return;
    case JSON_TRUE:
    case JSON_FALSE:
        json_bool(&m->json, value->kind == JSON_TRUE);
        return;
    default:
        json_null(&m->json);
    }
}

/* The size of what was made, or 0: no JSON, or too large. */
static size_t mutate(struct mutation *m, struct str text, uint8_t *data, size_t max_size)
{
    struct arena arena;
    struct json_value root;
    struct json_error error;
    struct buf out;
    size_t size = 0;
    arena_init(&arena, mem_heap(), 16 << 20);
    buf_init(&out, mem_heap(), max_size);
    if (json_read(&arena, text, 64, &root, &error) == ST_OK && root.kind == JSON_OBJECT) {
        json_writer_init(&m->json, &out);
        write_value(m, &root);
        size = buf_failed(&out) ? 0 : out.len;
        if (size) memcpy(data, out.ptr, size);
    }
    buf_release(&out);
    arena_release(&arena);
    return size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
    struct mutation m = {.seed = seed};
    if (roll(&m, 2)) return LLVMFuzzerMutate(data, size, max_size);
    m.budget = 1 + roll(&m, 4);
    m.left = roll(&m, 20);
    size_t made = mutate(&m, (struct str){(const char *)data, size}, data, max_size);
    return made ? made : LLVMFuzzerMutate(data, size, max_size);
}
