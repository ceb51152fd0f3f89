#include "runtime/pointer.h"

void pointer_put_name(struct str name, struct buf *out)
{
    buf_putc(out, '/');
    size_t done = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] != '~' && name.ptr[i] != '/') continue;
        buf_put(out, (struct str){name.ptr + done, i - done});
        buf_put(out, name.ptr[i] == '~' ? STR("~0") : STR("~1"));
        done = i + 1;
    }
    buf_put(out, (struct str){name.ptr + done, name.len - done});
}

static struct str key_of(const struct program_node *node)
{
    return node_key(node).len ? node_key(node) : node_name(node);
}

/* The row itself: its repeat and its place in the array. */
static void pointer_put_row(const struct program *program, const struct answers *answers,
                            uint32_t scope, uint32_t row, struct buf *out)
{
    const struct program_scope *own = &program->scopes[scope];
    const struct table *table = &answers->tables[scope];
    pointer_put(program, answers, own->node, own->parent, table->parents[row], out);
    buf_putc(out, '/');
    buf_put_int(out, row - table->broods[table->parents[row]].begin);
}

void pointer_put(const struct program *program, const struct answers *answers, uint32_t number,
                 uint32_t scope, uint32_t row, struct buf *out)
{
    const struct program_node *node = &program->nodes[number];
    if (node->kind == NODE_FORM) return;
    if (node->kind == NODE_REPEAT && scope == node->rare->own_scope) {
        pointer_put_row(program, answers, scope, row, out);
        return;
    }
    const struct program_node *around = &program->nodes[node->parent];
    if (around->kind == NODE_REPEAT) pointer_put_row(program, answers, scope, row, out);
    else pointer_put(program, answers, node->parent, scope, row, out);
    if (!node_is_frame(node->kind)) pointer_put_name(key_of(node), out);
}
