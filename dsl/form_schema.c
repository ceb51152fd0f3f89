#include "dsl/form_schema.h"

#include "base/decimal.h"
#include "base/json_writer.h"
#include "base/language.h"
#include "dsl/answers_schema.h"
#include "dsl/outline.h"

#include <assert.h>

/* What is asked with a circle or box for each option; more of them are a list to open. */
enum { OPTIONS_IN_SIGHT = 7 };

struct drawing {
    const struct program *program;
    uint32_t language;
    struct json_writer json;
    struct buf *out;
    struct buf text; /* of one title or pattern */
};

/* ---- small parts */

static void write_type(struct drawing *d, const char *type)
{
    json_key_str(&d->json, STR("type"), str_of(type));
}

static void write_text_member(struct drawing *d, struct str key)
{
    if (buf_failed(&d->text) && !d->out->failure) d->out->failure = d->text.failure;
    if (d->text.len) json_key_str(&d->json, key, buf_str(&d->text));
}

static void write_message(struct drawing *d, struct str key, struct program_message message)
{
    buf_reset(&d->text);
    outline_put_text_in(d->program, message, d->language, &d->text);
    write_text_member(d, key);
}

static void write_names(struct drawing *d, const struct program_node *node)
{
    write_message(d, STR("title"), node->label);
    write_message(d, STR("description"), node->rare->hint);
}

static bool chooses_many(const struct program_node *node)
{
    return node->type == TYPE_CHOICES || node->type == TYPE_RANKING;
}

/* It is asked for: neither worked out nor called what such renderers cannot hold. */
static bool is_asked(const struct program_node *node)
{
    return !(node->kind == NODE_FIELD && node->computed) && !str_eq(node_key(node), STR("__proto__"));
}

/* ---- values */

static void write_lengths(struct drawing *d, const struct program_node *node, const char *least,
                          const char *most)
{
    if (node->bounds->length_min > 0 && least)
        json_key_int(&d->json, str_of(least), node->bounds->length_min);
    if (node->bounds->length_max >= 0) json_key_int(&d->json, str_of(most), node->bounds->length_max);
}

static void write_pattern(struct drawing *d, const struct program_node *node)
{
    const char *usual = answers_schema_pattern(node);
    buf_reset(&d->text);
    if (node_pattern(node) != PROGRAM_NONE) {
        buf_puts(&d->text, "^(?:");
        answers_schema_put_pattern(d->program->patterns[node_pattern(node)].text, &d->text);
        buf_puts(&d->text, ")$");
    } else if (usual) {
        buf_puts(&d->text, usual);
    }
    write_text_member(d, STR("pattern"));
}

static void write_string(struct drawing *d, const struct program_node *node)
{
    write_type(d, "string");
    if (node->type == TYPE_TEXT) write_lengths(d, node, "minLength", "maxLength");
    write_pattern(d, node);
}

static void write_exact_bound(struct drawing *d, struct str key, int64_t value, uint8_t scale)
{
    char text[DECIMAL_TEXT_BYTES];
    json_key(&d->json, key);
    json_raw(&d->json, (struct str){text, decimal_format(value, scale, text)});
}

static void write_exact(struct drawing *d, const struct program_node *node, const char *type)
{
    write_type(d, type);
    if (node->has_min) write_exact_bound(d, STR("minimum"), node->bounds->min, node->scale);
    if (node->has_max) write_exact_bound(d, STR("maximum"), node->bounds->max, node->scale);
}

static void write_double_bound(struct drawing *d, struct str key, bool has, double value)
{
    if (!has) return;
    json_key(&d->json, key);
    json_double(&d->json, value);
}

static void write_number(struct drawing *d, const struct program_node *node)
{
    write_type(d, "number");
    write_double_bound(d, STR("minimum"), node->has_min, node->bounds->number_min);
    write_double_bound(d, STR("maximum"), node->has_max, node->bounds->number_max);
}

static void write_truth(struct drawing *d, bool value)
{
    json_object(&d->json);
    json_key_bool(&d->json, STR("const"), value);
    json_key_str(&d->json, STR("title"), locale_truth(d->program->locales[d->language], value));
    json_object_end(&d->json);
}

static void write_boolean(struct drawing *d)
{
    write_type(d, "boolean");
    json_key(&d->json, STR("oneOf"));
    json_array(&d->json);
    write_truth(d, true);
    write_truth(d, false);
    json_array_end(&d->json);
}

static void write_option(struct drawing *d, const struct program_list *list, uint32_t option)
{
    struct str code = program_option_code(list, option);
    json_object(&d->json);
    json_key_str(&d->json, STR("const"), code);
    buf_reset(&d->text);
    outline_put_text_in(d->program, list->labels[option], d->language, &d->text);
    if (d->text.len == 0) buf_put(&d->text, code);
    write_text_member(d, STR("title"));
    json_object_end(&d->json);
}

/* The keys of a table are too many to be written down: they are typed. */
static void write_code(struct drawing *d, const struct program_node *node)
{
    const struct program_list *list = &d->program->lists[node_list(node)];
    write_type(d, "string");
    if (list->sheet) return;
    json_key(&d->json, STR("oneOf"));
    json_array(&d->json);
    for (uint32_t i = 0; i < list->option_count; i++) write_option(d, list, i);
    json_array_end(&d->json);
}

/* What may be written in where no option fits. */
static void write_own(struct drawing *d, const struct program_node *part)
{
    json_object(&d->json);
    write_message(d, STR("title"), part->label);
    write_type(d, "object");
    json_key(&d->json, STR("properties"));
    json_object(&d->json);
    json_key(&d->json, STR("other"));
    json_object(&d->json);
    write_message(d, STR("title"), part->label);
    write_type(d, "string");
    write_lengths(d, part, "minLength", "maxLength");
    json_object_end(&d->json);
    json_object_end(&d->json);
    json_key(&d->json, STR("required"));
    json_raw(&d->json, STR("[\"other\"]"));
    json_key_bool(&d->json, STR("additionalProperties"), false);
    json_object_end(&d->json);
}

static void write_choice(struct drawing *d, const struct program_node *node)
{
    if (!node->open) {
        write_code(d, node);
        return;
    }
    json_key(&d->json, STR("anyOf"));
    json_array(&d->json);
    json_object(&d->json);
    write_message(d, STR("title"), node->label);
    write_code(d, node);
    json_object_end(&d->json);
    write_own(d, &d->program->nodes[node->rare->part]);
    json_array_end(&d->json);
}

/* Without uniqueItems it is a list whose items can be moved, as a ranking is made. An empty array
 * stands for what is not answered. */
static void write_choices(struct drawing *d, const struct program_node *node, bool demanded)
{
    write_type(d, "array");
    write_lengths(d, node, NULL, "maxItems");
    if (demanded)
        json_key_int(&d->json, STR("minItems"),
                     node->bounds->length_min > 1 ? node->bounds->length_min : 1);
    if (node->type == TYPE_CHOICES && !node->open) json_key_bool(&d->json, STR("uniqueItems"), true);
    json_key(&d->json, STR("items"));
    json_object(&d->json);
    write_choice(d, node);
    json_object_end(&d->json);
}

static void write_value(struct drawing *d, const struct program_node *node, bool demanded)
{
    switch (node->type) {
    case TYPE_TEXT:
    case TYPE_DATE:
    case TYPE_TIME:
    case TYPE_DATETIME:
    case TYPE_YEAR_MONTH:
    case TYPE_PARTIAL_DATE:
        write_string(d, node);
        return;
    case TYPE_BOOLEAN:
        write_boolean(d);
        return;
    case TYPE_INTEGER:
        write_exact(d, node, "integer");
        return;
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        write_exact(d, node, "number");
        return;
    case TYPE_NUMBER:
        write_number(d, node);
        return;
    case TYPE_CHOICE:
        write_choice(d, node);
        return;
    case TYPE_CHOICES:
    case TYPE_RANKING:
        write_choices(d, node, demanded);
        return;
    case TYPE_NONE:
        break;
    }
    assert(false); /* a field has a type */
}

/* ---- objects. `loose`: inside a group that may be hidden, where nothing is demanded: renderers fill
 * in groups as empty objects by themselves. */

static void write_object(struct drawing *d, const struct program_object *object, bool loose);

static bool is_demanded(const struct drawing *d, const struct program_node *node, bool loose)
{
    return !loose && outline_is_demanded(d->program, node);
}

static void write_rows(struct drawing *d, const struct program_node *node, bool demanded)
{
    const struct program_scope *rows = &d->program->scopes[node->rare->own_scope];
    write_type(d, "array");
    if (demanded) json_key_int(&d->json, STR("minItems"), rows->rows_min > 0 ? rows->rows_min : 1);
    json_key_int(&d->json, STR("maxItems"), rows->rows_max);
    json_key(&d->json, STR("items"));
    json_object(&d->json);
    write_object(d, &d->program->objects[node_object(node)], false);
    json_object_end(&d->json);
}

static void write_member(struct drawing *d, const struct program_node *node, bool loose)
{
    bool conditional = outline_is_conditional(d->program, node);
    bool demanded = is_demanded(d, node, loose);
    json_key(&d->json, node_key(node));
    json_object(&d->json);
    write_names(d, node);
    if (node->kind == NODE_FIELD) write_value(d, node, demanded);
    else if (node->kind == NODE_REPEAT) write_rows(d, node, demanded);
    else write_object(d, &d->program->objects[node_object(node)], loose || conditional);
    json_object_end(&d->json);
}

static void write_required(struct drawing *d, const struct program_object *object, bool loose)
{
    json_key(&d->json, STR("required"));
    json_array(&d->json);
    for (uint32_t i = 0; i < object->member_count; i++) {
        const struct program_node *node = &d->program->nodes[object->member_nodes[i]];
        if (is_asked(node) && is_demanded(d, node, loose)) json_str(&d->json, node_key(node));
    }
    json_array_end(&d->json);
}

static void write_object(struct drawing *d, const struct program_object *object, bool loose)
{
    write_type(d, "object");
    json_key(&d->json, STR("properties"));
    json_object(&d->json);
    for (uint32_t i = 0; i < object->member_count; i++) {
        const struct program_node *node = &d->program->nodes[object->member_nodes[i]];
        if (is_asked(node)) write_member(d, node, loose);
    }
    json_object_end(&d->json);
    write_required(d, object, loose);
    json_key_bool(&d->json, STR("additionalProperties"), false);
}

/* ---- uiSchema: how it is drawn */

static void write_widget(struct drawing *d, const char *widget)
{
    json_key_str(&d->json, STR("ui:widget"), str_of(widget));
}

static void write_option_member(struct drawing *d, const char *key, const char *value)
{
    json_key(&d->json, STR("ui:options"));
    json_object(&d->json);
    json_key_str(&d->json, str_of(key), str_of(value));
    json_object_end(&d->json);
}

/* What browsers have a keyboard or a picker for. */
static const char *input_type(const struct program_node *node)
{
    static const char *const formats[] = {NULL, "email", "url", "tel", "datetime-local"};
    if (node->type == TYPE_YEAR_MONTH) return "month";
    return formats[node->format];
}

static void write_choice_widget(struct drawing *d, const struct program_node *node)
{
    const struct program_list *list = &d->program->lists[node_list(node)];
    bool in_sight = !list->sheet && list->option_count <= OPTIONS_IN_SIGHT;
    if (node->open || list->sheet) return;
    if (node->type == TYPE_CHOICE) write_widget(d, in_sight ? "radio" : "select");
    if (node->type == TYPE_CHOICES) write_widget(d, "checkboxes");
}

static void write_type_widget(struct drawing *d, const struct program_node *node)
{
    if (input_type(node)) write_option_member(d, "inputType", input_type(node));
    else if (node->type == TYPE_BOOLEAN) write_widget(d, "radio");
    else if (node->type == TYPE_DATE) write_widget(d, "date");
    else if (node->type == TYPE_TIME) write_widget(d, "time");
    else if (node->type == TYPE_DATETIME) write_widget(d, "datetime");
    else if (node->type == TYPE_CHOICE || chooses_many(node)) write_choice_widget(d, node);
    else if (node->multiline) write_widget(d, "textarea");
}

static void write_field_drawing(struct drawing *d, const struct program_node *node)
{
    if (node->hidden) write_widget(d, "hidden");
    else write_type_widget(d, node);
    if (node->readonly) json_key_bool(&d->json, STR("ui:readonly"), true);
    if (node->rare->autocomplete.len)
        json_key_str(&d->json, STR("ui:autocomplete"), node->rare->autocomplete);
    write_message(d, STR("ui:placeholder"), node->rare->placeholder);
}

static void write_object_drawing(struct drawing *d, const struct program_object *object);

static void write_member_drawing(struct drawing *d, const struct program_node *node)
{
    json_key(&d->json, node_key(node));
    json_object(&d->json);
    if (node->kind == NODE_REPEAT) {
        json_key(&d->json, STR("items"));
        json_object(&d->json);
    }
    if (node->kind == NODE_FIELD) write_field_drawing(d, node);
    else write_object_drawing(d, &d->program->objects[node_object(node)]);
    if (node->kind == NODE_REPEAT) json_object_end(&d->json);
    json_object_end(&d->json);
}

/* The order is said, for JavaScript puts names that are numbers first. */
static void write_object_drawing(struct drawing *d, const struct program_object *object)
{
    json_key(&d->json, STR("ui:order"));
    json_array(&d->json);
    for (uint32_t i = 0; i < object->member_count; i++) {
        const struct program_node *node = &d->program->nodes[object->member_nodes[i]];
        if (is_asked(node)) json_str(&d->json, node_key(node));
    }
    json_array_end(&d->json);
    for (uint32_t i = 0; i < object->member_count; i++) {
        const struct program_node *node = &d->program->nodes[object->member_nodes[i]];
        if (is_asked(node)) write_member_drawing(d, node);
    }
}

/* ---- the whole */

static void write_schema(struct drawing *d)
{
    json_key(&d->json, STR("schema"));
    json_object(&d->json);
    json_key_str(&d->json, STR("$schema"), STR("http://json-schema.org/draft-07/schema#"));
    write_message(d, STR("title"), d->program->title);
    write_object(d, &d->program->objects[0], false);
    json_object_end(&d->json);
}

/* Forms write de_AT, HTML de-AT. */
static void write_language(struct drawing *d)
{
    struct str language = d->program->languages[d->language];
    buf_reset(&d->text);
    for (size_t i = 0; i < language.len; i++)
        buf_putc(&d->text, (char)(language.ptr[i] == '_' ? '-' : language.ptr[i]));
    write_text_member(d, STR("lang"));
    json_key_str(&d->json, STR("dir"), language_is_right_to_left(language) ? STR("rtl") : STR("ltr"));
}

void form_schema_write(const struct program *program, uint32_t language, struct buf *out)
{
    assert(language < program->language_count);
    struct drawing d = {.program = program, .language = language, .out = out};
    json_writer_init(&d.json, out);
    buf_init(&d.text, out->mem, out->bytes_max);
    json_object(&d.json);
    write_schema(&d);
    json_key(&d.json, STR("uiSchema"));
    json_object(&d.json);
    write_object_drawing(&d, &program->objects[0]);
    json_object_end(&d.json);
    write_language(&d);
    json_object_end(&d.json);
    if (buf_failed(&d.text) && !out->failure) out->failure = d.text.failure;
    buf_release(&d.text);
}
