#include "dsl/answers_schema.h"

#include "base/decimal.h"
#include "base/json_writer.h"
#include "dsl/target.h"

#include <assert.h>
#include <stdio.h>

struct schema {
    const struct program *program;
    enum outline_side side;
    struct json_writer json;
    struct buf *out;
    struct buf text; /* of one title or pattern */
};

/* What runtime/blank.c strips. */
#define BLANK "[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]"
#define DAY "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
#define MINUTE "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
#define ZONE "[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*"

/* Schemas that every form may use, in "$defs". SENT first, then STORED, where it is another. */
struct definition_text {
    const char *name, *pattern, *stored; /* `stored` NULL: the same */
};

enum definition {
    DEF_PADDED,
    DEF_EMAIL,
    DEF_URL,
    DEF_PHONE,
    DEF_DATE,
    DEF_TIME,
    DEF_DATETIME,
    DEF_ZONED,
    DEF_YEAR_MONTH,
    DEF_PARTIAL_DATE,
    DEF_COUNT
};

static const struct definition_text definitions[DEF_COUNT] = {
    [DEF_PADDED] = {"padded", "^" BLANK "|" BLANK "$", NULL},
    [DEF_EMAIL] = {"email",
                   "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
                   "(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$",
                   NULL},
    [DEF_URL] = {"url", "^[Hh][Tt][Tt][Pp][Ss]?://[^\\u0000-\\u0020\\u007f<>\"{}|\\\\^`]+$", NULL},
    [DEF_PHONE] = {"phone", "^\\+?(?:[ .()-]*[0-9]){5,15}[ .()-]*$", NULL},
    [DEF_DATE] = {"date", "^" DAY "$", NULL},
    [DEF_TIME] = {"time", "^" MINUTE "(?::[0-5][0-9](?:\\.[0-9]+)?)?$",
                  "^" MINUTE ":[0-5][0-9](?:\\.[0-9]{3})?$"},
    [DEF_DATETIME] = {"datetime",
                      "^" DAY "[Tt]" MINUTE ":[0-5][0-9](?:\\.[0-9]+)?(?:[Zz]|[+-]" MINUTE ")$",
                      "^" DAY "T" MINUTE ":[0-5][0-9](?:\\.[0-9]{3})?(?:Z|[+-]" MINUTE ")$"},
    [DEF_ZONED] = {"zoned",
                   "^" DAY "[Tt]" MINUTE "(?::[0-5][0-9](?:\\.[0-9]+)?)?(?:[Zz]|[+-]" MINUTE ")?"
                   "(?:\\[!?" ZONE "\\])?$",
                   "^" DAY "T" MINUTE ":[0-5][0-9](?:\\.[0-9]{3})?(?:Z|[+-]" MINUTE ")\\[" ZONE "\\]$"},
    [DEF_YEAR_MONTH] = {"year_month", "^[0-9]{4}-(?:0[1-9]|1[0-2])$", NULL},
    [DEF_PARTIAL_DATE] = {"partial_date", "^(?:[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?|" DAY ")$", NULL},
};

const char *answers_schema_pattern(const struct program_node *node)
{
    static const enum definition formats[] = {DEF_COUNT, DEF_EMAIL, DEF_URL, DEF_PHONE, DEF_ZONED};
    enum definition definition = formats[node->format];
    if (node->type == TYPE_DATE) definition = DEF_DATE;
    if (node->type == TYPE_TIME) definition = DEF_TIME;
    if (node->type == TYPE_DATETIME && node->format != FORMAT_ZONED) definition = DEF_DATETIME;
    if (node->type == TYPE_YEAR_MONTH) definition = DEF_YEAR_MONTH;
    if (node->type == TYPE_PARTIAL_DATE) definition = DEF_PARTIAL_DATE;
    return definition == DEF_COUNT ? NULL : definitions[definition].pattern;
}

static bool is_sent(const struct schema *s)
{
    return s->side == OUTLINE_SENT;
}

/* ---- small parts */

static void write_type(struct schema *s, const char *type)
{
    json_key_str(&s->json, STR("type"), str_of(type));
}

static void write_ref(struct schema *s, struct str name)
{
    buf_reset(&s->text);
    buf_puts(&s->text, "#/$defs/");
    buf_put(&s->text, name);
    json_key_str(&s->json, STR("$ref"), buf_str(&s->text));
}

/* One member of an anyOf. */
static void write_ref_branch(struct schema *s, const char *name)
{
    json_object(&s->json);
    write_ref(s, str_of(name));
    json_object_end(&s->json);
}

static void write_type_branch(struct schema *s, const char *type)
{
    json_object(&s->json);
    write_type(s, type);
    json_object_end(&s->json);
}

static void write_message(struct schema *s, struct str key, struct program_message message)
{
    buf_reset(&s->text);
    outline_put_text(s->program, message, &s->text);
    if (buf_failed(&s->text) && !s->out->failure) s->out->failure = s->text.failure;
    if (s->text.len) json_key_str(&s->json, key, buf_str(&s->text));
}

/* ---- patterns */

/* `text` stands on a backslash. Outside of brackets "\-" would be no escape to the flag u. */
static size_t put_escape(struct str text, bool in_class, struct buf *out)
{
    size_t len = text.len < 2 ? text.len : 2;
    if (!in_class && len == 2 && text.ptr[1] == '-') buf_putc(out, '-');
    else buf_put(out, (struct str){text.ptr, len});
    return len;
}

void answers_schema_put_pattern(struct str text, struct buf *out)
{
    bool in_class = false;
    for (size_t i = 0; i < text.len;) {
        char c = text.ptr[i];
        if (c == '\\') {
            i += put_escape((struct str){text.ptr + i, text.len - i}, in_class, out);
            continue;
        }
        if (c == '[') in_class = true;
        if (c == ']') in_class = false;
        if (c == '.' && !in_class) buf_puts(out, "[^\\n\\r]");
        else buf_putc(out, c);
        i++;
    }
}

static void write_pattern(struct schema *s, const struct program_node *node)
{
    if (node_pattern(node) == PROGRAM_NONE) return;
    buf_reset(&s->text);
    buf_puts(&s->text, "^(?:");
    answers_schema_put_pattern(s->program->patterns[node_pattern(node)].text, &s->text);
    buf_puts(&s->text, ")$");
    json_key_str(&s->json, STR("pattern"), buf_str(&s->text));
}

/* ---- values: the members of one schema for what is there and spelt as it is stored, or nearly so */

static void write_text(struct schema *s, const struct program_node *node)
{
    static const enum definition formats[] = {DEF_COUNT, DEF_EMAIL, DEF_URL, DEF_PHONE};
    write_type(s, "string");
    if (node->computed) return;
    if (node->format != FORMAT_PLAIN) write_ref(s, str_of(definitions[formats[node->format]].name));
    json_key_int(&s->json, STR("minLength"),
                 node->bounds->length_min > 1 ? node->bounds->length_min : 1);
    if (node->bounds->length_max >= 0)
        json_key_int(&s->json, STR("maxLength"), node->bounds->length_max);
    write_pattern(s, node);
}

static void put_number(struct schema *s, struct str key, int64_t value, uint8_t scale)
{
    char text[DECIMAL_TEXT_BYTES];
    json_key(&s->json, key);
    json_raw(&s->json, (struct str){text, decimal_format(value, scale, text)});
}

static void write_exact_bounds(struct schema *s, const struct program_node *node)
{
    bool bound = !node->computed;
    put_number(s, STR("minimum"), bound && node->has_min ? node->bounds->min : -DECIMAL_MAX,
               node->scale);
    put_number(s, STR("maximum"), bound && node->has_max ? node->bounds->max : DECIMAL_MAX,
               node->scale);
}

/* As JSON writes numbers; what is beyond the scale is zeros, or an exponent puts it right. */
static void write_decimal_pattern(struct schema *s, const struct program_node *node)
{
    buf_reset(&s->text);
    if (!is_sent(s)) {
        buf_puts(&s->text, "^-?(?:0|[1-9][0-9]*)");
        if (node->scale) buf_printf(&s->text, "\\.[0-9]{%u}", (unsigned)node->scale);
        buf_puts(&s->text, "$");
    } else {
        buf_printf(
            &s->text,
            "^-?(?:0|[1-9][0-9]*)(?:(?:\\.(?=[0-9])[0-9]{0,%u}0*)?|(?:\\.[0-9]+)?[eE][+-]?[0-9]+)$",
            (unsigned)node->scale);
    }
    write_type(s, "string");
    json_key_str(&s->json, STR("pattern"), buf_str(&s->text));
}

static void write_number(struct schema *s, const struct program_node *node)
{
    write_type(s, "number");
    if (node->computed) return;
    if (node->has_min) {
        json_key(&s->json, STR("minimum"));
        json_double(&s->json, node->bounds->number_min);
    }
    if (node->has_max) {
        json_key(&s->json, STR("maximum"));
        json_double(&s->json, node->bounds->number_max);
    }
}

static struct str list_definition(const struct schema *s, uint32_t list, char *room, size_t size)
{
    int len = snprintf(room, size, "list_%.*s", STR_ARG(s->program->lists[list].name));
    assert(len > 0 && (size_t)len < size);
    return (struct str){room, (size_t)len};
}

enum { LIST_NAME_BYTES = 256 };

static void write_list_ref(struct schema *s, const struct program_node *node)
{
    char room[LIST_NAME_BYTES];
    write_ref(s, list_definition(s, node_list(node), room, sizeof room));
}

static void write_sent_own(struct schema *s, const struct program_node *part)
{
    json_key(&s->json, STR("anyOf"));
    json_array(&s->json);
    json_object(&s->json);
    write_text(s, part);
    json_object_end(&s->json);
    write_ref_branch(s, "padded");
    if (part->bounds->length_min > 0) write_type_branch(s, "null");
    else write_ref_branch(s, "no_text");
    json_array_end(&s->json);
}

/* What an open choice may be beside its codes; of what is sent, an empty one is missing. */
static void write_own(struct schema *s, const struct program_node *part)
{
    json_object(&s->json);
    write_type(s, "object");
    json_key(&s->json, STR("properties"));
    json_object(&s->json);
    json_key(&s->json, STR("other"));
    json_object(&s->json);
    if (is_sent(s)) write_sent_own(s, part);
    else write_text(s, part);
    json_object_end(&s->json);
    json_object_end(&s->json);
    if (!is_sent(s)) json_key(&s->json, STR("required"));
    if (!is_sent(s)) json_raw(&s->json, STR("[\"other\"]"));
    json_key_bool(&s->json, STR("additionalProperties"), false);
    json_object_end(&s->json);
}

static void write_choice(struct schema *s, const struct program_node *node)
{
    if (!node->open) {
        write_list_ref(s, node);
        return;
    }
    json_key(&s->json, STR("anyOf"));
    json_array(&s->json);
    json_object(&s->json);
    write_list_ref(s, node);
    json_object_end(&s->json);
    write_own(s, &s->program->nodes[node->rare->part]);
    json_array_end(&s->json);
}

static void write_chosen(struct schema *s, const struct program_node *node)
{
    json_key(&s->json, STR("items"));
    json_object(&s->json);
    if (is_sent(s)) {
        json_key(&s->json, STR("anyOf"));
        json_array(&s->json);
        json_object(&s->json);
    }
    write_choice(s, node);
    if (is_sent(s)) {
        json_object_end(&s->json);
        write_ref_branch(s, "padded");
        json_array_end(&s->json);
    }
    json_object_end(&s->json);
}

/* Texts of one's own that say nothing are not counted: there may be any number of them. */
static void write_choices(struct schema *s, const struct program_node *node)
{
    bool counted = !(is_sent(s) && node->open);
    write_type(s, "array");
    if (!node->computed) {
        json_key_int(&s->json, STR("minItems"),
                     node->bounds->length_min > 1 ? node->bounds->length_min : 1);
        if (counted && node->bounds->length_max >= 0)
            json_key_int(&s->json, STR("maxItems"), node->bounds->length_max);
    }
    if (counted) json_key_bool(&s->json, STR("uniqueItems"), true);
    write_chosen(s, node);
}

static void write_integer(struct schema *s, const struct program_node *node)
{
    write_type(s, "integer");
    write_exact_bounds(s, node);
}

static void write_value(struct schema *s, const struct program_node *node)
{
    switch (node->type) {
    case TYPE_TEXT:
        write_text(s, node);
        return;
    case TYPE_BOOLEAN:
        write_type(s, "boolean");
        return;
    case TYPE_INTEGER:
        write_integer(s, node);
        return;
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        write_decimal_pattern(s, node);
        return;
    case TYPE_NUMBER:
        write_number(s, node);
        return;
    case TYPE_DATE:
        write_ref(s, STR("date"));
        return;
    case TYPE_TIME:
        write_ref(s, STR("time"));
        return;
    case TYPE_DATETIME:
        write_ref(s, node->format == FORMAT_ZONED ? STR("zoned") : STR("datetime"));
        return;
    case TYPE_YEAR_MONTH:
        write_ref(s, STR("year_month"));
        return;
    case TYPE_PARTIAL_DATE:
        write_ref(s, STR("partial_date"));
        return;
    case TYPE_CHOICE:
        write_choice(s, node);
        return;
    case TYPE_CHOICES:
    case TYPE_RANKING:
        write_choices(s, node);
        return;
    case TYPE_NONE:
        break;
    }
    assert(false); /* a field has a type */
}

/* ---- fields as sent: another spelling, white space around, missing, not relevant */

static bool is_string(const struct program_node *node)
{
    switch (node->type) {
    case TYPE_TEXT:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
    case TYPE_DATE:
    case TYPE_TIME:
    case TYPE_DATETIME:
    case TYPE_YEAR_MONTH:
    case TYPE_PARTIAL_DATE:
    case TYPE_CHOICE:
        return true;
    case TYPE_BOOLEAN:
    case TYPE_INTEGER:
    case TYPE_NUMBER:
    case TYPE_CHOICES:
    case TYPE_RANKING:
    case TYPE_NONE:
        break;
    }
    return false;
}

static void write_plain_number(struct schema *s, const struct program_node *node)
{
    json_object(&s->json);
    write_type(s, "number");
    write_exact_bounds(s, node);
    json_object_end(&s->json);
}

/* What says nothing. An empty text where `length` asks for a character is an answer. */
static void write_missing(struct schema *s, const struct program_node *node)
{
    bool counts = node->type == TYPE_TEXT && node->bounds->length_min > 0;
    bool many = node->type == TYPE_CHOICES || node->type == TYPE_RANKING;
    if (many) write_ref_branch(s, "no_choices");
    else if (is_string(node) && !counts) write_ref_branch(s, "no_text");
    else write_type_branch(s, "null");
}

static void write_sent(struct schema *s, const struct program_node *node)
{
    json_key(&s->json, STR("anyOf"));
    json_array(&s->json);
    json_object(&s->json);
    write_value(s, node);
    json_object_end(&s->json);
    if (node->type == TYPE_DECIMAL || node->type == TYPE_MONEY) write_plain_number(s, node);
    if (is_string(node)) write_ref_branch(s, "padded");
    if (outline_is_conditional(s->program, node)) write_ref_branch(s, "irrelevant");
    else if (!node->required) write_missing(s, node);
    json_array_end(&s->json);
}

static void write_field(struct schema *s, const struct program_node *node)
{
    if (!is_sent(s)) write_value(s, node);
    else if (node->computed) json_key_bool(&s->json, STR("readOnly"), true);
    else write_sent(s, node);
}

/* ---- objects */

static void write_object(struct schema *s, const struct program_object *object);

static void write_rows(struct schema *s, const struct program_node *node)
{
    const struct program_scope *rows = &s->program->scopes[node->rare->own_scope];
    write_type(s, "array");
    json_key_int(&s->json, STR("minItems"), rows->rows_min);
    json_key_int(&s->json, STR("maxItems"), rows->rows_max);
    json_key(&s->json, STR("items"));
    json_object(&s->json);
    write_object(s, &s->program->objects[node_object(node)]);
    json_object_end(&s->json);
}

static void write_inside(struct schema *s, const struct program_node *node)
{
    if (node->kind == NODE_REPEAT) write_rows(s, node);
    else write_object(s, &s->program->objects[node_object(node)]);
}

/* A group or a repeat. */
static void write_holder(struct schema *s, const struct program_node *node)
{
    bool conditional = outline_is_conditional(s->program, node);
    if (!is_sent(s) || (!conditional && outline_is_demanded(s->program, node))) {
        write_inside(s, node);
        return;
    }
    json_key(&s->json, STR("anyOf"));
    json_array(&s->json);
    json_object(&s->json);
    write_inside(s, node);
    json_object_end(&s->json);
    if (conditional) write_ref_branch(s, "irrelevant");
    else write_type_branch(s, "null");
    json_array_end(&s->json);
}

static void write_member(struct schema *s, const struct program_node *node, struct str name)
{
    json_key(&s->json, name);
    json_object(&s->json);
    write_message(s, STR("title"), node->label);
    write_message(s, STR("description"), node->rare->hint);
    if (node->kind == NODE_FIELD) write_field(s, node);
    else write_holder(s, node);
    json_object_end(&s->json);
}

static bool is_needed(const struct schema *s, const struct program_node *node)
{
    return is_sent(s) ? outline_is_demanded(s->program, node) : outline_is_stored(s->program, node);
}

static void write_needed(struct schema *s, const struct program_object *object)
{
    bool any = false;
    for (uint32_t i = 0; i < object->member_count; i++) {
        const struct program_node *node = &s->program->nodes[object->member_nodes[i]];
        if (!is_needed(s, node)) continue;
        if (!any) json_key(&s->json, STR("required"));
        if (!any) json_array(&s->json);
        json_str(&s->json, node_key(node));
        any = true;
    }
    if (any) json_array_end(&s->json);
}

/* Validators in JavaScript look past a member of this name; by a pattern they find it. */
static bool is_proto(const struct program_node *node)
{
    return str_eq(node_key(node), STR("__proto__"));
}

static void write_proto(struct schema *s, const struct program_node *node)
{
    json_key(&s->json, STR("patternProperties"));
    json_object(&s->json);
    write_member(s, node, STR("^__proto__$"));
    json_object_end(&s->json);
}

static void write_members(struct schema *s, const struct program_object *object)
{
    const struct program_node *proto = NULL;
    json_key(&s->json, STR("properties"));
    json_object(&s->json);
    for (uint32_t i = 0; i < object->member_count; i++) {
        const struct program_node *node = &s->program->nodes[object->member_nodes[i]];
        if (is_proto(node)) proto = node;
        else write_member(s, node, node_key(node));
    }
    json_object_end(&s->json);
    if (proto) write_proto(s, proto);
}

static void write_object(struct schema *s, const struct program_object *object)
{
    write_type(s, "object");
    write_members(s, object);
    write_needed(s, object);
    if (!is_sent(s) || !object->ignore_unknown)
        json_key_bool(&s->json, STR("additionalProperties"), false);
}

/* ---- definitions */

static void write_enum(struct schema *s, const struct program_list *list)
{
    json_key(&s->json, STR("enum"));
    json_array(&s->json);
    for (uint32_t i = 0; i < list->option_count; i++) json_str(&s->json, program_option_code(list, i));
    json_array_end(&s->json);
}

static bool is_chosen_from(const struct program *program, uint32_t list)
{
    for (uint32_t i = 0; i < program->node_count; i++) {
        const struct program_node *node = &program->nodes[i];
        bool chooses =
            node->type == TYPE_CHOICE || node->type == TYPE_CHOICES || node->type == TYPE_RANKING;
        if (node->kind == NODE_FIELD && chooses && node_list(node) == list) return true;
    }
    return false;
}

/* The keys of a table are too many to be written down. */
static void write_list(struct schema *s, uint32_t number)
{
    char room[LIST_NAME_BYTES];
    const struct program_list *list = &s->program->lists[number];
    json_key(&s->json, list_definition(s, number, room, sizeof room));
    json_object(&s->json);
    write_type(s, "string");
    if (list->sheet) json_key_int(&s->json, STR("minLength"), 1);
    else write_enum(s, list);
    json_object_end(&s->json);
}

static void write_definition(struct schema *s, const struct definition_text *text)
{
    const char *pattern = !is_sent(s) && text->stored ? text->stored : text->pattern;
    json_key(&s->json, str_of(text->name));
    json_object(&s->json);
    write_type(s, "string");
    json_key_str(&s->json, STR("pattern"), str_of(pattern));
    json_object_end(&s->json);
}

static void write_ways_of_nothing(struct schema *s)
{
    json_key(&s->json, STR("no_text"));
    json_raw(&s->json, STR("{\"enum\":[null,\"\"]}"));
    json_key(&s->json, STR("no_choices"));
    json_raw(&s->json, STR("{\"enum\":[null,[]]}"));
    json_key(&s->json, STR("irrelevant"));
    json_raw(&s->json, STR("{\"$comment\":\"not judged while it is not relevant\"}"));
}

static void write_definitions(struct schema *s)
{
    json_key(&s->json, STR("$defs"));
    json_object(&s->json);
    for (int i = is_sent(s) ? 0 : DEF_PADDED + 1; i < DEF_COUNT; i++)
        write_definition(s, &definitions[i]);
    if (is_sent(s)) write_ways_of_nothing(s);
    for (uint32_t i = 0; i < s->program->list_count; i++)
        if (is_chosen_from(s->program, i)) write_list(s, i);
    json_object_end(&s->json);
}

/* "urn:formwright:schema:1:contact:sent:<hash>": the same for the same bytes only. */
static void write_id(struct schema *s)
{
    buf_reset(&s->text);
    buf_printf(&s->text, "urn:formwright:schema:%d:%.*s:%s:%s", TARGET_SCHEMA_VERSION,
               STR_ARG(s->program->name), is_sent(s) ? "sent" : "stored", s->program->source_hash);
    json_key_str(&s->json, STR("$id"), buf_str(&s->text));
}

void answers_schema_write(const struct program *program, enum outline_side side, struct buf *out)
{
    struct schema s = {.program = program, .side = side, .out = out};
    json_writer_init(&s.json, out);
    buf_init(&s.text, out->mem, out->bytes_max);
    json_object(&s.json);
    json_key_str(&s.json, STR("$schema"), STR("https://json-schema.org/draft/2020-12/schema"));
    write_id(&s);
    write_message(&s, STR("title"), program->title);
    write_object(&s, &program->objects[0]);
    write_definitions(&s);
    json_object_end(&s.json);
    if (buf_failed(&s.text) && !out->failure) out->failure = s.text.failure;
    buf_release(&s.text);
}
