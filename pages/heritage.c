#include "pages/heritage.h"

#include "base/language.h"
#include "base/limits.h"
#include "pages/book.h"

struct carriage {
    const struct program *before, *after;
    uint32_t old_language, language;
    struct arena *arena;
    struct buf gone, added;
    bool full; /* the arena is */
};

/* ---------------------------------------------------------------- what is told */

/* What a label says whatever was answered; its name where that is nothing. */
static void put_label(struct buf *out, const struct program *program, uint32_t node, uint32_t language)
{
    size_t before = out->len;
    const struct program_message *label = &program->nodes[node].label;
    if (label->bytes) passage_put_literals(passage_open(label, language), out);
    if (out->len == before) buf_put(out, node_name(&program->nodes[node]));
}

/* A list that has grown too long ends with "…". */
static bool begin_item(struct buf *list)
{
    enum { ELLIPSIS_BYTES = 16 };
    if (list->len + ELLIPSIS_BYTES > (size_t)limit(PAGE_NAME_BYTES)) return false;
    if (list->len) buf_puts(list, ", ");
    return true;
}

static void end_item(struct buf *list)
{
    if (list->len <= (size_t)limit(PAGE_NAME_BYTES)) return;
    buf_puts(list, " …");
}

static bool is_nothing(const struct typed *typed)
{
    if (typed->kind == JSON_NULL) return true;
    if (typed->kind != JSON_OBJECT && typed->kind != JSON_ARRAY) return false;
    for (uint32_t i = 0; i < typed->count; i++)
        if (!is_nothing(typed->items[i])) return false;
    return true;
}

static void tell_gone(struct carriage *carriage, uint32_t node, const struct typed *typed)
{
    struct buf *list = &carriage->gone;
    if (is_nothing(typed) || !begin_item(list)) return;
    if (node == PROGRAM_NONE) buf_put(list, typed->name);
    else put_label(list, carriage->before, node, carriage->old_language);
    buf_puts(list, " (");
    if (typed->kind == JSON_STRING || typed->kind == JSON_NUMBER) buf_put(list, typed->text);
    else typed_write(typed, list);
    buf_putc(list, ')');
    end_item(list);
}

/* ---------------------------------------------------------------- places */

static uint32_t member_of(const struct program *program, uint32_t object, struct str name)
{
    const struct program_object *members = &program->objects[object];
    uint32_t member = name_table_find(&members->members, name);
    return member == NAME_ABSENT ? PROGRAM_NONE : members->member_nodes[member];
}

static bool same_place(const struct program_node *old, const struct program_node *node)
{
    return old->kind == node->kind && !node->computed &&
           (node->kind != NODE_FIELD || old->type == node->type);
}

/* Labels of questions without a place in the old form; of a group or repeat that is new its own. */
static void tell_added(struct carriage *carriage, uint32_t old_object, uint32_t object)
{
    const struct program_object *members = &carriage->after->objects[object];
    for (uint32_t i = 0; i < members->member_count; i++) {
        uint32_t at = members->member_nodes[i];
        const struct program_node *node = &carriage->after->nodes[at];
        uint32_t old = member_of(carriage->before, old_object, node_key(node));
        bool known = old != PROGRAM_NONE && same_place(&carriage->before->nodes[old], node);
        if (known && node->kind != NODE_FIELD)
            tell_added(carriage, node_object(&carriage->before->nodes[old]), node_object(node));
        if (known || node->computed || node->hidden || !begin_item(&carriage->added)) continue;
        put_label(&carriage->added, carriage->after, at, carriage->language);
        end_item(&carriage->added);
    }
}

/* ---------------------------------------------------------------- carrying */

static void carry_members(struct carriage *carriage, uint32_t old_object, uint32_t object,
                          const struct typed *from, struct typed *to);

static void carry_rows(struct carriage *carriage, uint32_t old_object, uint32_t object,
                       const struct typed *from, struct typed *to)
{
    for (uint32_t i = 0; i < from->count && !carriage->full; i++) {
        struct typed *row = typed_append(carriage->arena, to);
        if (!row) carriage->full = true;
        else if (from->items[i]->kind == JSON_OBJECT)
            carry_members(carriage, old_object, object, from->items[i], row);
    }
}

static void carry_one(struct carriage *carriage, uint32_t old_object, uint32_t object,
                      const struct typed *typed, struct typed *to)
{
    uint32_t old = member_of(carriage->before, old_object, typed->name),
             now = member_of(carriage->after, object, typed->name);
    const struct program_node *nodes = carriage->after->nodes;
    if (old == PROGRAM_NONE || now == PROGRAM_NONE ||
        !same_place(&carriage->before->nodes[old], &nodes[now])) {
        tell_gone(carriage, old, typed);
        return;
    }
    struct typed *place = typed_member(carriage->arena, to, node_key(&nodes[now]));
    uint32_t inner = node_object(&carriage->before->nodes[old]);
    if (place) place->kind = typed->kind; /* an empty one stays what it was */
    if (!place) carriage->full = true;
    else if (nodes[now].kind == NODE_REPEAT && typed->kind == JSON_ARRAY)
        carry_rows(carriage, inner, node_object(&nodes[now]), typed, place);
    else if (nodes[now].kind == NODE_GROUP && typed->kind == JSON_OBJECT)
        carry_members(carriage, inner, node_object(&nodes[now]), typed, place);
    else {
        struct str name = place->name;
        *place = *typed; /* what is inside is shared: nobody goes on with the old one */
        place->name = name;
        place->note = NULL;
    }
}

static void carry_members(struct carriage *carriage, uint32_t old_object, uint32_t object,
                          const struct typed *from, struct typed *to)
{
    for (uint32_t i = 0; i < from->count && !carriage->full; i++)
        carry_one(carriage, old_object, object, from->items[i], to);
}

static struct str kept(struct carriage *carriage, struct buf *list)
{
    struct str copy = buf_failed(list) ? STR("…") : arena_str(carriage->arena, buf_str(list));
    buf_release(list);
    carriage->full |= !copy.ptr;
    return copy.ptr ? copy : STR("");
}

bool heritage_carry(const struct book *before, const struct book *after, const struct typed *root,
                    uint32_t language, struct arena *arena, struct heritage *ret_heritage)
{
    struct carriage carriage = {
        .before = before->program, .after = after->program, .language = language, .arena = arena};
    uint32_t old = language_lookup(before->program->languages, before->program->language_count,
                                   after->program->languages[language]);
    carriage.old_language = old == LANGUAGE_NONE ? 0 : old;
    buf_init(&carriage.gone, arena->mem, (size_t)limit(ANSWERS_BYTES) * 2);
    buf_init(&carriage.added, arena->mem, (size_t)limit(ANSWERS_BYTES));
    struct typed *carried = typed_new(arena);
    carriage.full = !carried;
    if (carried) {
        carry_members(&carriage, node_object(&before->program->nodes[0]),
                      node_object(&after->program->nodes[0]), root, carried);
        tell_added(&carriage, node_object(&before->program->nodes[0]),
                   node_object(&after->program->nodes[0]));
    }
    ret_heritage->root = carried;
    ret_heritage->gone = kept(&carriage, &carriage.gone);
    ret_heritage->added = kept(&carriage, &carriage.added);
    return !carriage.full;
}
