#include "dsl/message.h"

#include "dsl/show.h"

#include <assert.h>

static struct ir_message new_message(struct checking *ck)
{
    return (struct ir_message){CHECKING_ARRAY(ck, struct ir_text, ck->ir->language_count)};
}

static bool has_value(const struct ir_node *node)
{
    return node->kind == NODE_FIELD || node->kind == NODE_LET;
}

static void complain_rows(struct checking *ck, const struct expr *path, const struct found *found)
{
    struct str written = path_text(ck, path);
    complain(ck, "E0214", path->span,
             checking_text(ck, "to show them all, write {%.*s:list}, {%.*s:and} or {%.*s:or}",
                           STR_ARG(written), STR_ARG(written), STR_ARG(written)),
             "\"%.*s\" means one value for each row of \"%.*s\"", STR_ARG(written),
             STR_ARG(ck->ir->nodes[found->rows].name));
}

/* What the braces name. False: it shows nothing, which has been complained about. */
static bool show_node(struct checking *ck, const struct place *place, const struct text_part *from,
                      struct ir_part *part)
{
    struct found found;
    if (from->path->kind != EXPR_PATH || !lookup_path(ck, place, from->path, &found)) return false;
    const struct ir_node *node = &ck->ir->nodes[found.node];
    if (!has_value(node)) {
        complain(ck, "E0215", from->path->span, "to show a brace, write \\{",
                 "%s \"%.*s\" has no value to show", node_kind_name(node->kind), STR_ARG(node->name));
        return false;
    }
    part->rows = found.rows != IR_NONE;
    part->base = part->rows ? scope_inside(ck->ir, found.from) : 0;
    if (part->rows && from->format.text.len == 0) {
        complain_rows(ck, from->path, &found);
        return false;
    }
    ck->nodes_read[found.node] = 1;
    part->node = found.node;
    return true;
}

static struct ir_part part_of(struct checking *ck, const struct place *place,
                              const struct text_part *from, const struct locale *locale)
{
    struct ir_part part = {.literal = from->literal, .node = IR_NONE};
    if (from->constant) part.literal = show_constant(ck, from, locale);
    if (!from->path) return part;
    part.literal = (struct str){"", 0};
    if (show_node(ck, place, from, &part))
        show_resolve(ck, &from->format, ck->ir->nodes[part.node].type, &part);
    return part;
}

static struct ir_text text_of(struct checking *ck, const struct place *place, const struct text *text,
                              uint32_t language)
{
    struct ir_text result = {CHECKING_ARRAY(ck, struct ir_part, text->part_count), text->part_count};
    if (!result.parts) return (struct ir_text){0};
    const struct locale *locale = locale_find(ck->ir->languages[language]);
    for (uint32_t i = 0; i < text->part_count; i++)
        result.parts[i] = part_of(ck, place, &text->parts[i], locale);
    return result;
}

struct ir_message message_of_text(struct checking *ck, const struct place *place,
                                  const struct text *text)
{
    if (text->part_count == 0) return (struct ir_message){NULL};
    struct ir_message message = new_message(ck);
    if (message.by_language) message.by_language[0] = text_of(ck, place, text, 0);
    return message;
}

struct ir_message message_of_literal(struct checking *ck, struct str literal)
{
    struct text_part part = {.literal = literal};
    struct text text = {.parts = &part, .part_count = 1};
    return message_of_text(ck, NULL, &text);
}

void message_translate(struct checking *ck, struct ir_message *message, uint32_t language,
                       const struct place *place, const struct text *text)
{
    assert(message->by_language && language < ck->ir->language_count);
    message->by_language[language] = text_of(ck, place, text, language);
}
