#include "dsl/answers_types.h"

#include "base/json_writer.h"
#include "base/utf8.h"
#include "dsl/target.h"

#include <assert.h>

struct typist {
    const struct program *program;
    enum outline_side side;
    uint32_t depth;
    struct buf *out;
    struct buf text; /* of one comment */
};

static void put_indent(uint32_t depth, struct buf *out)
{
    for (uint32_t i = 0; i < depth; i++) buf_puts(out, "  ");
}

/* ---- texts, made harmless */

/* Ends of lines that are none in JSON, and what turns the direction of the text around it. */
static bool is_treacherous(uint32_t code)
{
    return code == 0x85 || code == 0x61c || code == 0x200e || code == 0x200f || code == 0xfeff ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static size_t next_of(struct str text, uint32_t *ret_code)
{
    size_t len = utf8_next(text, ret_code);
    assert(len > 0); /* the source is UTF-8 */
    return len;
}

void answers_types_put_literal(struct str text, struct buf *out)
{
    struct buf json;
    buf_init(&json, out->mem, out->bytes_max);
    json_put_str(&json, text);
    struct str rest = buf_str(&json);
    while (rest.len > 0) {
        uint32_t code;
        size_t len = next_of(rest, &code);
        if (is_treacherous(code)) buf_printf(out, "\\u%04x", (unsigned)code);
        else buf_put(out, (struct str){rest.ptr, len});
        rest = (struct str){rest.ptr + len, rest.len - len};
    }
    if (buf_failed(&json) && !out->failure) out->failure = json.failure;
    buf_release(&json);
}

static void begin_line(uint32_t depth, struct buf *out)
{
    put_indent(depth, out);
    buf_puts(out, " * ");
}

/* `before` is the byte before: a tag begins at a line's start, behind a blank or a brace, a comment
 * ends behind a star. */
static void put_comment_char(struct str text, uint32_t code, char before, struct buf *out)
{
    bool tag = code == '@' && (before == ' ' || before == '{');
    if (tag || (code == '/' && before == '*')) buf_putc(out, '\\');
    if (code < 0x20 || code == 0x7f || is_treacherous(code)) buf_putc(out, ' ');
    else buf_put(out, text);
}

void answers_types_put_comment(struct str text, uint32_t depth, struct buf *out)
{
    char before = ' ';
    if (text.len == 0) return;
    begin_line(depth, out);
    while (text.len > 0) {
        uint32_t code;
        size_t len = next_of(text, &code);
        if (code == '\n') {
            buf_putc(out, '\n');
            begin_line(depth, out);
            before = ' ';
        } else {
            put_comment_char((struct str){text.ptr, len}, code, before, out);
            before = code < 0x20 || code >= 0x7f ? ' ' : (char)code;
        }
        text = (struct str){text.ptr + len, text.len - len};
    }
    buf_putc(out, '\n');
}

/* ---- doc comments */

static void put_message(struct typist *t, struct program_message message)
{
    buf_reset(&t->text);
    outline_put_text(t->program, message, &t->text);
    if (buf_failed(&t->text) && !t->out->failure) t->out->failure = t->text.failure;
    answers_types_put_comment(buf_str(&t->text), t->depth, t->out);
}

static void put_zoned_note(struct typist *t, const struct program_node *node)
{
    buf_puts(&t->text, "Date and time in a zone: 2026-01-31T10:00:00+01:00[Europe/Berlin].");
    if (t->side == OUTLINE_SENT)
        buf_printf(&t->text, " Offset and zone may be left out: then it is in %.*s.",
                   STR_ARG(node->rare->zone));
}

/* What the type alone does not say. */
static void put_note(struct typist *t, const struct program_node *node)
{
    buf_reset(&t->text);
    if (node->computed && t->side == OUTLINE_SENT)
        buf_puts(&t->text, "Computed: what is sent is ignored.");
    else if (node->type == TYPE_MONEY) buf_printf(&t->text, "Money in %s.", node->currency);
    else if (node->type == TYPE_DECIMAL)
        buf_printf(&t->text, "Decimal, digits after the point: %u.", (unsigned)node->scale);
    else if (node->type == TYPE_INTEGER) buf_puts(&t->text, "Integer.");
    else if (node->type == TYPE_DATE) buf_puts(&t->text, "Date: 2026-01-31.");
    else if (node->type == TYPE_TIME) buf_puts(&t->text, "Time: 10:00:00.");
    else if (node->format == FORMAT_ZONED) put_zoned_note(t, node);
    else if (node->type == TYPE_DATETIME)
        buf_puts(&t->text, "Date and time: 2026-01-31T10:00:00+01:00.");
    else if (node->type == TYPE_YEAR_MONTH) buf_puts(&t->text, "Month: 2026-01.");
    else if (node->type == TYPE_PARTIAL_DATE)
        buf_puts(&t->text, "As much of a date as is known: 2026, 2026-01, 2026-01-31.");
    answers_types_put_comment(buf_str(&t->text), t->depth, t->out);
}

static void put_doc(struct typist *t, const struct program_node *node)
{
    size_t start = t->out->len;
    put_indent(t->depth, t->out);
    buf_puts(t->out, "/**\n");
    size_t empty = t->out->len;
    put_message(t, node->label);
    put_message(t, node->rare->hint);
    if (node->kind == NODE_FIELD) put_note(t, node);
    bool any = t->out->len != empty;
    if (!any && !buf_failed(t->out)) t->out->len = start;
    if (!any) return;
    put_indent(t->depth, t->out);
    buf_puts(t->out, " */\n");
}

/* ---- names */

static bool is_letter(char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26;
}

static bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

/* "contact_form" → "ContactForm"; a name without a letter in front gets one. */
static void put_name(const struct typist *t)
{
    struct str name = t->program->name;
    bool first = true, begins = true;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (c == '_') {
            begins = true;
            continue;
        }
        if (first && !is_letter(c)) buf_puts(t->out, "Form");
        buf_putc(t->out, begins && c >= 'a' && c <= 'z' ? (char)(c - 0x20) : c);
        first = begins = false;
    }
    if (first) buf_puts(t->out, "Form");
}

static bool is_identifier(struct str key)
{
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        if (!is_letter(c) && c != '_' && !(i > 0 && is_digit(c))) return false;
    }
    return key.len > 0;
}

static void put_key(struct typist *t, struct str key)
{
    if (is_identifier(key)) buf_put(t->out, key);
    else answers_types_put_literal(key, t->out);
}

/* ---- types */

static void put_list(struct typist *t, const struct program_node *node)
{
    put_name(t);
    buf_puts(t->out, "Lists[");
    answers_types_put_literal(t->program->lists[node_list(node)].name, t->out);
    buf_putc(t->out, ']');
}

static void put_choice(struct typist *t, const struct program_node *node)
{
    put_list(t, node);
    if (node->open)
        buf_puts(t->out,
                 t->side == OUTLINE_SENT ? " | { other?: string | null }" : " | { other: string }");
}

static void put_value(struct typist *t, const struct program_node *node)
{
    switch (node->type) {
    case TYPE_BOOLEAN:
        buf_puts(t->out, "boolean");
        return;
    case TYPE_INTEGER:
    case TYPE_NUMBER:
        buf_puts(t->out, "number");
        return;
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        buf_puts(t->out, t->side == OUTLINE_SENT ? "string | number" : "string");
        return;
    case TYPE_TEXT:
    case TYPE_DATE:
    case TYPE_TIME:
    case TYPE_DATETIME:
    case TYPE_YEAR_MONTH:
    case TYPE_PARTIAL_DATE:
        buf_puts(t->out, "string");
        return;
    case TYPE_CHOICE:
        put_choice(t, node);
        return;
    case TYPE_CHOICES:
    case TYPE_RANKING:
        if (node->open) buf_putc(t->out, '(');
        put_choice(t, node);
        buf_puts(t->out, node->open ? ")[]" : "[]");
        return;
    case TYPE_NONE:
        break;
    }
    assert(false); /* a field has a type */
}

static void put_members(struct typist *t, const struct program_object *object);

static void put_member_type(struct typist *t, const struct program_node *node)
{
    if (node->kind == NODE_FIELD) put_value(t, node);
    else put_members(t, &t->program->objects[node_object(node)]);
    if (node->kind == NODE_REPEAT) buf_puts(t->out, "[]");
}

static void put_member(struct typist *t, const struct program_node *node)
{
    bool sent = t->side == OUTLINE_SENT, ignored = sent && node->kind == NODE_FIELD && node->computed;
    bool there = sent ? outline_is_demanded(t->program, node) : outline_is_stored(t->program, node);
    put_doc(t, node);
    put_indent(t->depth, t->out);
    put_key(t, node_key(node));
    buf_puts(t->out, there ? ": " : "?: ");
    if (ignored) buf_puts(t->out, "unknown");
    else put_member_type(t, node);
    if (sent && !there && !ignored && node->kind == NODE_FIELD && node->type == TYPE_CHOICE)
        buf_puts(t->out, " | \"\"");
    buf_puts(t->out, sent && !there && !ignored ? " | null;\n" : ";\n");
}

static void put_members(struct typist *t, const struct program_object *object)
{
    buf_puts(t->out, "{\n");
    t->depth++;
    for (uint32_t i = 0; i < object->member_count; i++)
        put_member(t, &t->program->nodes[object->member_nodes[i]]);
    if (t->side == OUTLINE_SENT && object->ignore_unknown) {
        put_indent(t->depth, t->out);
        buf_puts(t->out, "[name: string]: unknown;\n");
    }
    t->depth--;
    put_indent(t->depth, t->out);
    buf_putc(t->out, '}');
}

static void put_form(struct typist *t, enum outline_side side)
{
    t->side = side;
    buf_puts(t->out, "\n/**\n");
    put_message(t, t->program->title);
    buf_puts(t->out, side == OUTLINE_SENT ? " *\n * As it is sent.\n */\nexport interface "
                                          : " *\n * As it is stored.\n */\nexport interface ");
    put_name(t);
    buf_puts(t->out, side == OUTLINE_SENT ? "Sent " : "Stored ");
    put_members(t, &t->program->objects[0]);
    buf_putc(t->out, '\n');
}

/* ---- lists */

/* The keys of a table are too many to be written down. */
static void put_codes(struct typist *t, const struct program_list *list)
{
    if (list->sheet) buf_puts(t->out, "string");
    for (uint32_t i = 0; !list->sheet && i < list->option_count; i++) {
        if (i > 0) buf_puts(t->out, " | ");
        answers_types_put_literal(program_option_code(list, i), t->out);
    }
}

static void put_lists(struct typist *t)
{
    buf_puts(t->out, "\n/** What can be chosen. */\nexport interface ");
    put_name(t);
    buf_puts(t->out, "Lists {\n");
    for (uint32_t i = 0; i < t->program->list_count; i++) {
        buf_puts(t->out, "  ");
        put_key(t, t->program->lists[i].name);
        buf_puts(t->out, ": ");
        put_codes(t, &t->program->lists[i]);
        buf_puts(t->out, ";\n");
    }
    buf_puts(t->out, "}\n");
}

void answers_types_write(const struct program *program, struct buf *out)
{
    struct typist t = {.program = program, .out = out};
    buf_init(&t.text, out->mem, out->bytes_max);
    buf_printf(out, "// formwright types %d: form %.*s, %s\n", TARGET_TYPES_VERSION,
               STR_ARG(program->name), program->source_hash);
    if (program->list_count) put_lists(&t);
    put_form(&t, OUTLINE_SENT);
    put_form(&t, OUTLINE_STORED);
    buf_release(&t.text);
}
