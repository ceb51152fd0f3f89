#include "tests/reference/vector.h"

#include "base/json_writer.h"
#include "base/limits.h"
#include "base/zone.h"
#include "tests/reference/comparison.h"

#include <assert.h>

static void put_json(struct buf *out, const struct json_value *value)
{
    switch (value->kind) {
    case JSON_OBJECT:
    case JSON_ARRAY:
        buf_putc(out, value->kind == JSON_OBJECT ? '{' : '[');
        for (uint32_t i = 0; i < value->count; i++) {
            if (i) buf_putc(out, ',');
            if (value->kind == JSON_OBJECT) json_put_str(out, value->members[i].name);
            if (value->kind == JSON_OBJECT) buf_putc(out, ':');
            put_json(out, value->kind == JSON_OBJECT ? &value->members[i].value : &value->items[i]);
        }
        buf_putc(out, value->kind == JSON_OBJECT ? '}' : ']');
        return;
    case JSON_STRING:
        json_put_str(out, value->text);
        return;
    case JSON_NUMBER:
        buf_put(out, value->text);
        return;
    default:
        buf_puts(out, value->kind == JSON_TRUE ? "true" : value->kind == JSON_FALSE ? "false" : "null");
    }
}

struct str vector_json(const struct json_value *value, struct arena *arena)
{
    struct buf buf;
    buf_init(&buf, mem_heap(), 16u << 20);
    put_json(&buf, value);
    assert(!buf_failed(&buf));
    struct str copy = arena_str(arena, buf_str(&buf));
    buf_release(&buf);
    return copy;
}

/* Whatever stands in the verdict as answers; the judging must have been one. */
static struct str answers_of(struct comparison *comparison, struct arena *arena)
{
    struct buf buf;
    buf_init(&buf, mem_heap(), (size_t)limit(VERDICT_BYTES));
    verdict_write_answers(comparison->judge, &buf);
    assert(!buf_failed(&buf));
    struct str copy = arena_str(arena, buf_str(&buf));
    buf_release(&buf);
    return copy;
}

static struct str result_of(struct comparison *comparison, struct arena *arena)
{
    struct json_value root;
    struct json_error error;
    struct str answers = answers_of(comparison, arena);
    enum status st = json_read(arena, answers, (uint32_t)limit(JSON_DEPTH), &root, &error);
    assert(!st);
    const struct json_value *result = json_get(&root, STR("result"));
    return result ? vector_json(result, arena) : STR("missing");
}

static struct str outcome_of(struct comparison *comparison, struct arena *arena)
{
    static const char *const faults[] = {"broken", "overflow", "division by zero", "not finite",
                                         "date range"};
    const struct judge_outcome *outcome = &comparison->outcome;
    if (outcome->state == JUDGE_FAULT) return arena_printf(arena, "fault %s", faults[outcome->fault]);
    if (outcome->state != JUDGE_JUDGED) return STR("invalid: there is no verdict");
    return outcome->valid ? result_of(comparison, arena) : STR("invalid: the answers have errors");
}

static struct str source_of(const struct vector *vector, struct arena *arena)
{
    struct str zone = vector->zone.len ? vector->zone : STR("UTC");
    return arena_printf(
        arena, "edition 2026\nform v \"V\" {\ntimezone \"%.*s\"\n%.*s\nresult: %.*s = %.*s\n}\n",
        STR_ARG(zone), STR_ARG(vector->declare), STR_ARG(vector->type), STR_ARG(vector->expression));
}

struct str vector_outcome(const struct vector *vector, struct arena *arena)
{
    struct comparison comparison;
    struct reference_judging judging = {.answers = vector->answers, .now_ms = vector->now_ms};
    if (zone_open(arena, vector->zone.len ? vector->zone : STR("UTC"), &judging.zone) != ST_OK)
        return STR("refused: there is no such zone");
    struct str result;
    enum comparison_state state = comparison_open(source_of(vector, arena), NULL, &comparison);
    if (state == COMPARISON_READY) {
        const char *difference = comparison_judge(&comparison, &judging, arena);
        result = difference ? arena_printf(arena, "differs: %s", difference)
                            : outcome_of(&comparison, arena);
    } else {
        result = arena_printf(arena, "refused: %.*s", STR_ARG(comparison.diagnostics));
    }
    comparison_close(&comparison);
    return result;
}
