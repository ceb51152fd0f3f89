#include "dsl/outline.h"

/* The form, group or repeat whose member it is: pages and sections are not seen. */
static const struct program_node *holder_of(const struct program *program,
                                            const struct program_node *node)
{
    do node = &program->nodes[node->parent];
    while (node_is_frame(node->kind));
    return node;
}

bool outline_is_conditional(const struct program *program, const struct program_node *node)
{
    return node->relevance_node != holder_of(program, node)->relevance_node;
}

static bool has_demanded_member(const struct program *program, const struct program_node *group)
{
    const struct program_object *object = &program->objects[node_object(group)];
    for (uint32_t i = 0; i < object->member_count; i++)
        if (outline_is_demanded(program, &program->nodes[object->member_nodes[i]])) return true;
    return false;
}

bool outline_is_demanded(const struct program *program, const struct program_node *node)
{
    if (outline_is_conditional(program, node)) return false;
    switch (node->kind) {
    case NODE_FIELD:
        return node->required && !node->computed;
    case NODE_REPEAT:
        return node->required || program->scopes[node->rare->own_scope].rows_min > 0;
    case NODE_GROUP:
        return has_demanded_member(program, node);
    case NODE_FORM:
    case NODE_PAGE:
    case NODE_SECTION:
    case NODE_NOTE:
    case NODE_LET:
        break;
    }
    return false;
}

static bool keeps_anything(const struct program *program)
{
    for (uint32_t i = 0; i < program->node_count; i++)
        if (program->nodes[i].keep) return true;
    return false;
}

/* What is kept holds up the objects around it also while they are not relevant, without their other
 * members. */
bool outline_is_stored(const struct program *program, const struct program_node *node)
{
    if (!outline_is_demanded(program, node)) return false;
    return node->relevance_node == PROGRAM_NONE || !keeps_anything(program);
}

void outline_put_text(const struct program *program, struct program_message message, struct buf *out)
{
    outline_put_text_in(program, message, 0, out);
}

void outline_put_text_in(const struct program *program, struct program_message message,
                         uint32_t language, struct buf *out)
{
    if (!message.bytes) return;
    struct passage text = passage_open(&message, language);
    struct program_part part;
    while (passage_next(&text, &part)) {
        if (part.node == PROGRAM_NONE) {
            buf_put(out, part.literal);
            continue;
        }
        buf_putc(out, '{');
        buf_put(out, node_name(&program->nodes[part.node]));
        buf_putc(out, '}');
    }
}
