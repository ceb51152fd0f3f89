#include "dsl/emit_js_word.h"

#include "base/json_writer.h"

/* ---- names */

static const char *const helper_names[] = {
#define HELPER(NAME, name, arity, base_cost, note) #name,
#include "dsl/helper.def"
#undef HELPER
};

static const char *const own_names[] = {
#define JS_OWN(NAME, name) #name,
    JS_OWNS
#undef JS_OWN
};

/* "floorScaled" for floor_scaled. */
void js_put_helper_name(struct buf *out, enum program_helper helper)
{
    for (const char *c = helper_names[helper]; *c; c++) {
        if (*c == '_') c++, buf_putc(out, (char)(*c - 'a' + 'A'));
        else buf_putc(out, *c);
    }
}

const char *js_own_name(enum js_own own)
{
    return own_names[own];
}

void js_put_own(struct js *js, enum js_own own)
{
    js->owns[own] = true;
    buf_puts(js->out, own_names[own]);
}

void js_put_helper(struct js *js, enum program_helper helper)
{
    js->helpers[helper] = true;
    js_put_helper_name(js->out, helper);
}

/* ---- literals */

/* 12000000 is 12e6. */
void js_put_exact(struct buf *out, int64_t value)
{
    int zeros = 0;
    for (; value != 0 && value % 10 == 0; value /= 10) zeros++;
    if (zeros > 2) {
        buf_put_int(out, value);
        buf_printf(out, "e%d", zeros);
        return;
    }
    for (; zeros > 0; zeros--) value *= 10;
    buf_put_int(out, value);
}

void js_put_string(struct buf *out, struct str text)
{
    json_put_str(out, text);
}

void js_put_double(struct buf *out, double value)
{
    struct json_writer json;
    json_writer_init(&json, out);
    json_double(&json, value);
}

/* ---- rows and slots */

void js_put_cursor(struct js *js, uint32_t cursor)
{
    if (cursor == 0) buf_putc(js->out, 'r');
    else if (cursor <= 14) buf_putc(js->out, (char)('a' + cursor - 1));
    else buf_printf(js->out, "r%u", (unsigned)cursor);
}

/* The row of `scope` that the cursor's row is or lies in. */
void js_put_row(struct js *js, uint32_t cursor, uint32_t scope)
{
    if (scope == 0) {
        js_put_own(js, JS_FORM);
        return;
    }
    js_put_cursor(js, cursor);
    for (uint32_t at = js->scopes[cursor]; at != scope; at = js->ir->scopes[at].parent)
        buf_puts(js->out, ".p");
}

uint32_t js_slot_of(const struct js *js, uint32_t node)
{
    return node - js->ir->scopes[js->ir->nodes[node].scope].node;
}

void js_put_slot(struct js *js, const struct ir_expr *e)
{
    js_put_row(js, e->cursor, js->ir->nodes[e->node].scope);
    buf_printf(js->out, "[%u]", (unsigned)js_slot_of(js, e->node));
}

void js_open_if(struct js *js, bool open)
{
    if (open) buf_putc(js->out, '(');
}

void js_close_if(struct js *js, bool open)
{
    if (open) buf_putc(js->out, ')');
}
