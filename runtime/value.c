#include "runtime/value.h"

#include "base/civil.h"
#include "base/decimal.h"
#include "base/json_writer.h"
#include "base/partial.h"

#include <assert.h>

struct value_range value_range(const struct program *program, const struct program_node *node)
{
    switch (node->type) {
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        return (struct value_range){-DECIMAL_MAX, DECIMAL_MAX};
    case TYPE_DATE:
        return (struct value_range){CIVIL_DAY_MIN, CIVIL_DAY_MAX};
    case TYPE_YEAR_MONTH:
        return (struct value_range){PARTIAL_MONTH_MIN, PARTIAL_MONTH_MAX};
    case TYPE_PARTIAL_DATE:
        return (struct value_range){PARTIAL_MIN, PARTIAL_MAX};
    case TYPE_TIME:
        return (struct value_range){0, CIVIL_MS_PER_DAY - 1};
    case TYPE_DATETIME:
        return (struct value_range){CIVIL_MS_MIN, CIVIL_MS_MAX};
    case TYPE_CHOICE:
        return (struct value_range){1, (int64_t)program->lists[node->list].option_count + node->open};
    case TYPE_RANKING:
    case TYPE_CHOICES:
        return (struct value_range){0, (int64_t)program->lists[node->list].option_count + node->open};
    case TYPE_NONE:
    case TYPE_TEXT:
    case TYPE_BOOLEAN:
    case TYPE_NUMBER:
        break;
    }
    return (struct value_range){0, 0};
}

static void put_moment(enum program_type type, const struct slot *slot, struct buf *out)
{
    char text[CIVIL_DATETIME_BYTES];
    size_t len = 0;
    if (type == TYPE_DATE) len = civil_format_date((int32_t)slot->value.exact, text);
    else if (type == TYPE_YEAR_MONTH || type == TYPE_PARTIAL_DATE)
        len = partial_format((int32_t)slot->value.exact, text);
    else if (type == TYPE_TIME) len = civil_format_time((int32_t)slot->value.exact, text);
    else len = civil_format_datetime(slot->value.exact, slot->offset, text);
    buf_put(out, (struct str){text, len});
}

/* What was written in where no option fits; it stands in the same row. */
static struct str own_text(const struct plan_node *node, const struct slot *slot)
{
    const struct slot *part = slot + node->part - node->slot;
    return (struct str){part->value.text, part->len};
}

/* The options of a set one after the other, each with `put`. */
struct set_writer {
    const struct program_list *list;
    struct str own; /* behind the last option */
    uint32_t language;
    struct buf *out;
    struct str separator;
    void (*put)(const struct set_writer *writer, uint32_t option);
};

static void put_set(const struct set_writer *writer, const struct slot *slot)
{
    bool is_first = true;
    for (uint32_t i = 0; i < slot->len * 8; i++) {
        if (!((unsigned char)slot->value.text[i / 8] >> i % 8 & 1)) continue;
        if (!is_first) buf_put(writer->out, writer->separator);
        writer->put(writer, i);
        is_first = false;
    }
}

/* Those of a ranking, in its order. */
static void put_ranked(const struct set_writer *writer, const struct slot *slot)
{
    for (size_t i = 0; i < slot->len / RANKED_BYTES; i++) {
        if (i) buf_put(writer->out, writer->separator);
        writer->put(writer, ranked_option(slot->value.text, i));
    }
}

static void put_own(struct str text, struct buf *out)
{
    buf_puts(out, "{\"other\":");
    json_put_str(out, text);
    buf_putc(out, '}');
}

static void put_code(const struct set_writer *writer, uint32_t option)
{
    if (option == writer->list->option_count) put_own(writer->own, writer->out);
    else json_put_str(writer->out, program_option_code(writer->list, option));
}

/* Labels of options have no interpolation. */
static void put_label(const struct set_writer *writer, uint32_t option)
{
    const struct program_list *list = writer->list;
    if (option == list->option_count) {
        buf_put(writer->out, writer->own);
        return;
    }
    if (list->sheet) {
        buf_put(writer->out, sheet_cell(list->sheet, option, list->label));
        return;
    }
    const struct program_option *chosen = &list->options[option];
    if (!chosen->label.by_language) {
        buf_put(writer->out, chosen->code);
        return;
    }
    const struct program_text *text = &chosen->label.by_language[writer->language];
    for (uint32_t i = 0; i < text->part_count; i++) buf_put(writer->out, text->parts[i].literal);
}

static struct set_writer writer_of(const struct program *program, const struct plan_node *node,
                                   const struct slot *slot, struct buf *out)
{
    struct set_writer writer = {.list = &program->lists[node->target], .out = out};
    if (node->part) writer.own = own_text(node, slot);
    return writer;
}

static void put_codes(struct set_writer *writer, const struct slot *slot, bool ranked)
{
    writer->separator = STR(",");
    writer->put = put_code;
    buf_putc(writer->out, '[');
    if (ranked) put_ranked(writer, slot);
    else put_set(writer, slot);
    buf_putc(writer->out, ']');
}

static void put_exact_json(const struct plan_node *node, const struct slot *slot, struct buf *out)
{
    buf_putc(out, '"');
    decimal_put(out, slot->value.exact, node->scale);
    buf_putc(out, '"');
}

void value_put_json(const struct program *program, const struct plan_node *node,
                    const struct slot *slot, struct buf *out)
{
    struct set_writer writer;
    switch ((enum program_type)node->type) {
    case TYPE_TEXT:
        json_put_str(out, (struct str){slot->value.text, slot->len});
        return;
    case TYPE_BOOLEAN:
        buf_put(out, slot->value.exact ? STR("true") : STR("false"));
        return;
    case TYPE_INTEGER:
        buf_put_int(out, slot->value.exact);
        return;
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        put_exact_json(node, slot, out);
        return;
    case TYPE_NUMBER:
        double_put(out, slot->value.number);
        return;
    case TYPE_DATE:
    case TYPE_TIME:
    case TYPE_DATETIME:
    case TYPE_YEAR_MONTH:
    case TYPE_PARTIAL_DATE:
        buf_putc(out, '"');
        put_moment((enum program_type)node->type, slot, out);
        buf_putc(out, '"');
        return;
    case TYPE_CHOICE:
        writer = writer_of(program, node, slot, out);
        put_code(&writer, (uint32_t)slot->value.exact - 1);
        return;
    case TYPE_RANKING:
    case TYPE_CHOICES:
        writer = writer_of(program, node, slot, out);
        put_codes(&writer, slot, node->type == TYPE_RANKING);
        return;
    case TYPE_NONE:
        break;
    }
    assert(false); /* a value has a type */
}

void value_put_text(const struct program *program, const struct plan_node *node,
                    const struct slot *slot, uint32_t language, struct buf *out)
{
    struct set_writer writer;
    switch ((enum program_type)node->type) {
    case TYPE_TEXT:
        buf_put(out, (struct str){slot->value.text, slot->len});
        return;
    case TYPE_BOOLEAN:
        buf_put(out, slot->value.exact ? STR("true") : STR("false"));
        return;
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        decimal_put(out, slot->value.exact, node->scale);
        return;
    case TYPE_NUMBER:
        double_put(out, slot->value.number);
        return;
    case TYPE_DATE:
    case TYPE_TIME:
    case TYPE_DATETIME:
    case TYPE_YEAR_MONTH:
    case TYPE_PARTIAL_DATE:
        put_moment((enum program_type)node->type, slot, out);
        return;
    case TYPE_CHOICE:
        writer = writer_of(program, node, slot, out);
        writer.language = language;
        put_label(&writer, (uint32_t)slot->value.exact - 1);
        return;
    case TYPE_RANKING:
    case TYPE_CHOICES:
        writer = writer_of(program, node, slot, out);
        writer.language = language;
        writer.separator = STR(", ");
        writer.put = put_label;
        if (node->type == TYPE_RANKING) put_ranked(&writer, slot);
        else put_set(&writer, slot);
        return;
    case TYPE_NONE:
        break;
    }
    assert(false); /* a value has a type */
}
