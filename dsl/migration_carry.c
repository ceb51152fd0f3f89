/* An answer's way from the earlier version's members to the later one's. */
#include "dsl/dsl.h"

#include "base/json_value.h"
#include "base/json_writer.h"
#include "base/limits.h"

struct carry {
    const struct program *from, *to;
    const uint32_t *sources;
    struct json_writer json;
};

static void put_value(struct json_writer *json, const struct json_value *value)
{
    switch (value->kind) {
    case JSON_STRING:
        json_str(json, value->text);
        return;
    case JSON_NUMBER:
        json_raw(json, value->text);
        return;
    case JSON_TRUE:
    case JSON_FALSE:
        json_bool(json, value->kind == JSON_TRUE);
        return;
    case JSON_ARRAY:
        json_array(json);
        for (uint32_t i = 0; i < value->count; i++) put_value(json, &value->items[i]);
        json_array_end(json);
        return;
    case JSON_OBJECT:
        json_object(json);
        for (uint32_t i = 0; i < value->count; i++) {
            json_key(json, value->members[i].name);
            put_value(json, &value->members[i].value);
        }
        json_object_end(json);
        return;
    default:
        json_null(json);
        return;
    }
}

static bool leaves_trace(const struct program_node *node)
{
    return node->kind == NODE_FIELD || node->kind == NODE_GROUP || node->kind == NODE_REPEAT;
}

/* The value of the node in an object of `base`, which is a repeat around it or the form. */
static const struct json_value *find(const struct program *program, const struct json_value *row,
                                     uint32_t base, uint32_t node)
{
    if (node == base || node == PROGRAM_NONE) return row;
    const struct program_node *n = &program->nodes[node];
    const struct json_value *around = find(program, row, base, n->parent);
    return leaves_trace(n) ? json_get(around, node_key(n)) : around;
}

static void put_object(struct carry *carry, uint32_t object, const struct json_value *row,
                       uint32_t base);

static void put_rows(struct carry *carry, const struct program_node *repeat, uint32_t source,
                     const struct json_value *rows)
{
    json_array(&carry->json);
    for (uint32_t i = 0; i < rows->count; i++)
        put_object(carry, node_object(repeat), &rows->items[i], source);
    json_array_end(&carry->json);
}

static void put_member(struct carry *carry, uint32_t member, const struct json_value *row,
                       uint32_t base)
{
    const struct program_node *node = &carry->to->nodes[member];
    uint32_t source = carry->sources[member];
    if (node->kind == NODE_GROUP) {
        json_key(&carry->json, node_key(node));
        put_object(carry, node_object(node), row, base);
        return;
    }
    const struct json_value *value =
        source == PROGRAM_NONE ? NULL : find(carry->from, row, base, source);
    if (!value || value->kind == JSON_NULL) return;
    json_key(&carry->json, node_key(node));
    if (node->kind == NODE_FIELD) put_value(&carry->json, value);
    else put_rows(carry, node, source, value);
}

/* Deep as the form nests. */
static void put_object(struct carry *carry, uint32_t object, const struct json_value *row,
                       uint32_t base)
{
    const struct program_object *o = &carry->to->objects[object];
    json_object(&carry->json);
    for (uint32_t i = 0; i < o->member_count; i++) put_member(carry, o->member_nodes[i], row, base);
    json_object_end(&carry->json);
}

enum status dsl_migration_carry(const struct dsl_migration *migration, struct arena *arena,
                                struct str answers, struct buf *out)
{
    struct carry carry = {.from = migration->from, .to = migration->to, .sources = migration->sources};
    struct json_value root;
    struct json_error error;
    enum status st = json_read(arena, answers, limit(JSON_DEPTH), &root, &error);
    if (st) return st;
    json_writer_init(&carry.json, out);
    put_object(&carry, 0, &root, 0);
    return out->failure;
}
