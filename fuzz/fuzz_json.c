/* Any bytes are read as JSON or refused with a place inside them, just as jansson does, to the same
 * value. What is read is written again, and reads as the same; the token reader and the tree agree; a
 * number's text, its double and its decimal agree. */
#include "base/decimal.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "fuzz/holds.h"
#include "tests/differential/oracle.h"
#include "tests/differential/spelling.h"

static void number_holds(struct str text)
{
    double value = 0, back;
    int64_t units = 0, again = 0;
    char shortest[DOUBLE_TEXT_BYTES], written[DECIMAL_TEXT_BYTES];
    if (double_parse(text, &value)) {
        struct str spelled = {shortest, double_format(value, shortest)};
        HOLDS(double_parse(spelled, &back) && back == value);
    }
    for (unsigned scale = 0; scale <= DECIMAL_SCALE_MAX; scale += 5) {
        if (decimal_parse(text, scale, &units) != DECIMAL_OK) continue;
        HOLDS(units >= -DECIMAL_MAX && units <= DECIMAL_MAX);
        struct str spelled = {written, decimal_format(units, scale, written)};
        HOLDS(decimal_parse(spelled, scale, &again) == DECIMAL_OK && again == units);
        HOLDS(decimal_to_double(units, scale) == value);
    }
}

static void write_value(struct json_writer *json, const struct json_value *value);

static void write_members(struct json_writer *json, const struct json_value *object)
{
    json_object(json);
    for (uint32_t i = 0; i < object->count; i++) {
        HOLDS(utf8_valid(object->members[i].name));
        HOLDS(json_get(object, object->members[i].name) ==
              &object->members[i].value); /* no name twice */
        json_key(json, object->members[i].name);
        write_value(json, &object->members[i].value);
    }
    json_object_end(json);
}

static void write_items(struct json_writer *json, const struct json_value *array)
{
    json_array(json);
    for (uint32_t i = 0; i < array->count; i++) write_value(json, &array->items[i]);
    json_array_end(json);
}

static void write_value(struct json_writer *json, const struct json_value *value)
{
    switch (value->kind) {
    case JSON_OBJECT:
        write_members(json, value);
        break;
    case JSON_ARRAY:
        write_items(json, value);
        break;
    case JSON_STRING:
        HOLDS(utf8_valid(value->text));
        json_str(json, value->text);
        break;
    case JSON_NUMBER:
        number_holds(value->text);
        json_raw(json, value->text);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        json_bool(json, value->kind == JSON_TRUE);
        break;
    default:
        HOLDS(value->kind == JSON_NULL);
        json_null(json);
    }
}

static void write_all(struct buf *out, const struct json_value *value)
{
    struct json_writer json;
    json_writer_init(&json, out);
    write_value(&json, value);
    HOLDS(json.depth == 0 && !buf_failed(out));
}

/* Code points are counted as utf8_count() does, and offsets rise. */
static void tokens_hold(struct arena *arena, struct str text, enum status want, struct json_error error)
{
    struct json_reader reader;
    enum json_token token;
    size_t before = 0;
    json_reader_init(&reader, text, arena, limit(JSON_DEPTH));
    while ((token = json_next(&reader)) != JSON_END && token != JSON_BAD) {
        HOLDS(reader.offset >= before && reader.offset <= text.len);
        if (token == JSON_STRING || token == JSON_NAME) HOLDS(reader.chars == utf8_count(reader.text));
        before = reader.offset;
    }
    HOLDS(json_reader_status(&reader) == want);
    HOLDS(want == ST_OK || (reader.fault == error.fault && reader.fault_offset == error.offset &&
                            error.offset <= text.len));
}

/* Theirs is not asked about what is nested too deep for ours: so deep is not said by JSON. A byte 0 is
 * JSON nowhere; theirs loses one that stands behind a number. */
static void jansson_agrees(struct str text, enum status ours, const struct json_value *value)
{
    if (text.len && memchr(text.ptr, '\0', text.len)) {
        HOLDS(ours);
        return;
    }
    char *our_dump = NULL, *their_dump = NULL;
    size_t our_len, their_len;
    FILE *our_file = open_memstream(&our_dump, &our_len),
         *their_file = open_memstream(&their_dump, &their_len);
    HOLDS(our_file && their_file);
    if (!ours) spelling_put(our_file, value);
    enum oracle_answer theirs = oracle_read(text.ptr, text.len, their_file);
    fclose(our_file);
    fclose(their_file);
    if (theirs != ORACLE_REFUSED_ALONE) {
        HOLDS((theirs == ORACLE_READ) == (ours == ST_OK));
        HOLDS(strcmp(our_dump, their_dump) == 0);
    }
    free(our_dump);
    free(their_dump);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct arena arena;
    struct json_value value, again;
    struct json_error error = {JSON_FAULT_NONE, 0};
    arena_init(&arena, mem_heap(), (size_t)1 << 30);
    enum status st = json_read(&arena, text, limit(JSON_DEPTH), &value, &error);
    tokens_hold(&arena, text, st, error);
    if (st != ST_LIMIT) jansson_agrees(text, st, &value);
    if (!st) {
        struct buf first, second;
        buf_init(&first, mem_heap(), 6 * size + 16);
        buf_init(&second, mem_heap(), 6 * size + 16);
        write_all(&first, &value);
        HOLDS(json_read(&arena, buf_str(&first), limit(JSON_DEPTH), &again, &error) == ST_OK);
        write_all(&second, &again);
        HOLDS(str_eq(buf_str(&first), buf_str(&second)));
        buf_release(&first);
        buf_release(&second);
    }
    arena_release(&arena);
    return 0;
}
