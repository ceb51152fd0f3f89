/* Masking: stored answers for those who may not see what is sensitive. A version that cannot be read
 * hides everything; when it may be read later, what has been told meanwhile is not to be believed. */
#include "engine/inside.h"

#include "base/json_value.h"
#include "base/json_writer.h"

struct masker {
    const struct program *program;
    struct json_writer json;
};

static void put_value(struct masker *masker, const struct json_value *value);

static void put_plain_members(struct masker *masker, const struct json_value *value)
{
    json_object(&masker->json);
    for (uint32_t i = 0; i < value->count; i++) {
        json_key(&masker->json, value->members[i].name);
        put_value(masker, &value->members[i].value);
    }
    json_object_end(&masker->json);
}

static void put_items(struct masker *masker, const struct json_value *value)
{
    json_array(&masker->json);
    for (uint32_t i = 0; i < value->count; i++) put_value(masker, &value->items[i]);
    json_array_end(&masker->json);
}

/* As it is. */
static void put_value(struct masker *masker, const struct json_value *value)
{
    switch (value->kind) {
    case JSON_OBJECT:
        put_plain_members(masker, value);
        return;
    case JSON_ARRAY:
        put_items(masker, value);
        return;
    case JSON_STRING:
        json_str(&masker->json, value->text);
        return;
    case JSON_NUMBER:
        json_raw(&masker->json, value->text);
        return;
    case JSON_TRUE:
    case JSON_FALSE:
        json_bool(&masker->json, value->kind == JSON_TRUE);
        return;
    default:
        json_null(&masker->json);
    }
}

static void put_object(struct masker *masker, uint32_t object, const struct json_value *value);

static void put_rows(struct masker *masker, uint32_t object, const struct json_value *value)
{
    json_array(&masker->json);
    for (uint32_t i = 0; i < value->count; i++) put_object(masker, object, &value->items[i]);
    json_array_end(&masker->json);
}

static void put_member(struct masker *masker, const struct program_node *node,
                       const struct json_value *value)
{
    if (node->sensitive) json_null(&masker->json);
    else if (node->kind == NODE_GROUP) put_object(masker, node_object(node), value);
    else if (node->kind == NODE_REPEAT && value->kind == JSON_ARRAY)
        put_rows(masker, node_object(node), value);
    else put_value(masker, value);
}

/* What the version does not know is no answer of its, and is not shown. */
static void put_object(struct masker *masker, uint32_t object, const struct json_value *value)
{
    const struct program_object *known = &masker->program->objects[object];
    if (value->kind != JSON_OBJECT) {
        json_null(&masker->json);
        return;
    }
    json_object(&masker->json);
    for (uint32_t i = 0; i < value->count; i++) {
        uint32_t at = name_table_find(&known->members, value->members[i].name);
        if (at == NAME_ABSENT) continue;
        json_key(&masker->json, value->members[i].name);
        put_member(masker, &masker->program->nodes[known->member_nodes[at]], &value->members[i].value);
    }
    json_object_end(&masker->json);
}

static bool any_sensitive(const struct program *program)
{
    for (uint32_t i = 0; i < program->node_count; i++)
        if (program->nodes[i].sensitive) return true;
    return false;
}

/* A form that does not compile any more will not do so the next time either. */
static bool may_pass(enum status st)
{
    return st && st != ST_FAULT && st != ST_INPUT && st != ST_ABSENT && st != ST_LIMIT;
}

static enum status turn_to(struct masking *masking, uint32_t version)
{
    if (masking->last && masking->last->number == version) return ST_OK;
    definition_release(masking->last);
    masking->last = NULL;
    enum status st =
        engine_stored(masking->engine, masking->tenant, masking->form, version, &masking->last);
    if (!st) masking->hides = any_sensitive(masking->last->program);
    if (may_pass(st)) masking->failure = st;
    return st;
}

bool masking_hides(struct masking *masking, uint32_t version)
{
    return turn_to(masking, version) != ST_OK || masking->hides;
}

static enum status put_masked(const struct program *program, struct arena *arena, struct str answers,
                              struct buf *out)
{
    struct json_value value;
    struct json_error error;
    struct masker masker = {.program = program};
    enum status st = json_read(arena, answers, limit(JSON_DEPTH), &value, &error);
    if (st) return st;
    json_writer_init(&masker.json, out);
    put_object(&masker, 0, &value);
    return out->failure;
}

void masking_put(struct masking *masking, uint32_t version, struct str answers, struct buf *out)
{
    struct arena arena;
    struct buf masked;
    if (!masking_hides(masking, version)) {
        buf_put(out, answers);
        return;
    }
    arena_init(&arena, masking->engine->mem, 64 * (size_t)limit(VERDICT_BYTES));
    buf_init(&masked, masking->engine->mem, 2 * (size_t)limit(VERDICT_BYTES));
    bool whole = masking->last && put_masked(masking->last->program, &arena, answers, &masked) == ST_OK;
    buf_put(out, whole ? buf_str(&masked) : STR("null"));
    buf_release(&masked);
    arena_release(&arena);
}

void masking_release(struct masking *masking)
{
    definition_release(masking->last);
    masking->last = NULL;
}
