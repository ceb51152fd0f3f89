#include "dsl/message.h"

#include <assert.h>

static struct ir_message new_message(struct checking *ck)
{
    return (struct ir_message){CHECKING_ARRAY(ck, struct ir_text, ck->ir->language_count)};
}

static bool has_value(const struct ir_node *node)
{
    return node->kind == NODE_FIELD || node->kind == NODE_LET;
}

static void complain_part(struct checking *ck, const struct expr *path, const struct found *found)
{
    const struct ir_node *node = &ck->ir->nodes[found->node];
    struct str written = path_text(ck, path);
    if (has_value(node))
        complain(ck, "E0214", path->span,
                 "give the value a name: let all = join(\", \", …), and write {all}",
                 "\"%.*s\" means one value for each row of \"%.*s\"", STR_ARG(written),
                 STR_ARG(ck->ir->nodes[found->rows].name));
    else
        complain(ck, "E0215", path->span, "to show a brace, write \\{",
                 "%s \"%.*s\" has no value to show", node_kind_name(node->kind), STR_ARG(node->name));
}

/* IR_NONE when it shows nothing, which has been complained about. */
static uint32_t node_shown(struct checking *ck, const struct place *place, const struct expr *path)
{
    struct found found;
    if (path->kind != EXPR_PATH || !lookup_path(ck, place, path, &found)) return IR_NONE;
    if (!has_value(&ck->ir->nodes[found.node]) || found.rows != IR_NONE) {
        complain_part(ck, path, &found);
        return IR_NONE;
    }
    ck->nodes_read[found.node] = 1;
    return found.node;
}

static struct ir_text text_of(struct checking *ck, const struct place *place, const struct text *text)
{
    struct ir_text result = {CHECKING_ARRAY(ck, struct ir_part, text->part_count), text->part_count};
    if (!result.parts) return (struct ir_text){0};
    for (uint32_t i = 0; i < text->part_count; i++) {
        const struct text_part *part = &text->parts[i];
        result.parts[i] = (struct ir_part){part->literal, IR_NONE};
        if (!part->path) continue;
        result.parts[i] = (struct ir_part){{"", 0}, node_shown(ck, place, part->path)};
    }
    return result;
}

struct ir_message message_of_text(struct checking *ck, const struct place *place,
                                  const struct text *text)
{
    if (text->part_count == 0) return (struct ir_message){NULL};
    struct ir_message message = new_message(ck);
    if (message.by_language) message.by_language[0] = text_of(ck, place, text);
    return message;
}

struct ir_message message_of_literal(struct checking *ck, struct str literal)
{
    struct text_part part = {literal, NULL};
    struct text text = {.parts = &part, .part_count = 1};
    return message_of_text(ck, NULL, &text);
}

void message_translate(struct checking *ck, struct ir_message *message, uint32_t language,
                       const struct place *place, const struct text *text)
{
    assert(message->by_language && language < ck->ir->language_count);
    message->by_language[language] = text_of(ck, place, text);
}
