#include "dsl/shape.h"

#include "base/buf.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "dsl/composite.h"
#include "dsl/program_box.h"
#include "dsl/render.h"

#include <assert.h>
#include <stdlib.h>

enum { SHARED_BACK = 32 };

/* The last that were made of a kind. */
struct shared {
    const void *last[SHARED_BACK];
    uint32_t count;
};

/* What one building carries. Once the arena is full `failure` stays set and everything that follows
 * copies nothing; it is looked at in the end. */
struct shaper {
    struct arena *arena; /* the program's */
    struct arena *scratch;
    const struct ir *ir;
    const struct reads *reads;
    struct program *program;
    struct program_node *nodes; /* program->nodes, still to be written */
    struct program_scope *scopes;
    struct buf text, parts; /* of one key or message after the other */
    struct shared bounds, rares;
    enum status failure;
};

static void *shaper_alloc(struct shaper *shaper, struct arena *arena, size_t count, size_t size)
{
    void *ptr = shaper->failure ? NULL : arena_zalloc(arena, count, size);
    if (!ptr && !shaper->failure) shaper->failure = arena->refused ? ST_LIMIT : ST_NOMEM;
    return ptr;
}

/* NULL with `failure` set when there is no room. */
#define SHAPER_ARRAY(shaper, type, count)                                                              \
    ((type *)shaper_alloc((shaper), (shaper)->arena, (count), sizeof(type)))

static struct str copy(struct shaper *shaper, struct str text)
{
    if (text.len == 0) return STR("");
    char *made = shaper->failure ? NULL : arena_bytes(shaper->arena, text.len);
    if (made) memcpy(made, text.ptr, text.len);
    else if (!shaper->failure) shaper->failure = shaper->arena->refused ? ST_LIMIT : ST_NOMEM;
    return (struct str){made, made ? text.len : 0};
}

/* What was put together last. */
static struct str keep_text(struct shaper *shaper)
{
    if (!buf_failed(&shaper->text)) return copy(shaper, buf_str(&shaper->text));
    if (!shaper->failure) shaper->failure = shaper->text.failure;
    return STR("");
}

/* ---- texts */

static void put_parts(struct shaper *shaper, const struct ir_text *text)
{
    buf_reset(&shaper->parts);
    for (uint32_t i = 0; i < text->part_count; i++) {
        const struct ir_part *from = &text->parts[i];
        struct program_part part = {.literal = from->literal,
                                    .node = from->node,
                                    .show = from->show,
                                    .digits = from->digits,
                                    .rows = from->rows,
                                    .base = from->base};
        memcpy(part.currency, from->currency, sizeof part.currency);
        passage_put_part(&shaper->parts, &part);
    }
    if (buf_failed(&shaper->parts) && !shaper->failure) shaper->failure = shaper->parts.failure;
}

/* A language without a text of its own shows the form's first. */
static struct program_message copy_message(struct shaper *shaper, struct ir_message message)
{
    if (!message.by_language || message.by_language[0].part_count == 0)
        return (struct program_message){NULL};
    buf_reset(&shaper->text);
    for (uint32_t i = 0; i < shaper->ir->language_count; i++) {
        put_parts(shaper, &message.by_language[i]);
        passage_put_text(&shaper->text, buf_str(&shaper->parts));
    }
    return (struct program_message){(const unsigned char *)keep_text(shaper).ptr};
}

/* ---- slots */

static bool has_value(const struct ir_node *node)
{
    return node->kind == NODE_FIELD || node->kind == NODE_LET;
}

static uint32_t slots_of(const struct ir_node *node)
{
    return (uint32_t)has_value(node) + (node->when != NULL) + (node->required_when != NULL);
}

static void deal_node(const struct ir_node *from, struct program_node *to, uint32_t *next)
{
    if (has_value(from)) to->slot = (*next)++;
    if (from->when) to->relevance_slot = (*next)++;
    if (from->required_when) to->required_slot = (*next)++;
}

static void deal_nesting(struct shaper *shaper, uint32_t number, uint32_t *next)
{
    struct program_scope *scope = &shaper->scopes[number];
    if (number == 0) return;
    scope->rows_slot = (*next)++;
    if (scope->parent == 0) return;
    scope->parent_slot = (*next)++;
    scope->begin_slot = (*next)++;
}

/* Every scope's share is measured first; then one walk over the nodes deals. */
static void deal_slots(struct shaper *shaper)
{
    const struct ir *ir = shaper->ir;
    uint32_t *cursors = shaper_alloc(shaper, shaper->scratch, ir->scope_count, sizeof *cursors);
    if (!cursors) return;
    uint32_t next = 1;
    for (uint32_t i = 0; i < ir->node_count; i++)
        shaper->scopes[ir->nodes[i].scope].slot_count += slots_of(&ir->nodes[i]);
    for (uint32_t i = 0; i < ir->scope_count; i++) {
        shaper->scopes[i].first_slot = cursors[i] = next;
        next += shaper->scopes[i].slot_count;
    }
    for (uint32_t i = 0; i < ir->node_count; i++)
        deal_node(&ir->nodes[i], &shaper->nodes[i], &cursors[ir->nodes[i].scope]);
    for (uint32_t i = 0; i < ir->scope_count; i++) deal_nesting(shaper, i, &next);
    if (shaper->reads->today) shaper->program->today_slot = next++;
    if (shaper->reads->now) shaper->program->now_slot = next++;
    shaper->program->slot_count = next - 1;
}

static void make_scopes(struct shaper *shaper)
{
    const struct ir *ir = shaper->ir;
    shaper->scopes = SHAPER_ARRAY(shaper, struct program_scope, ir->scope_count);
    if (!shaper->scopes) return;
    for (uint32_t i = 0; i < ir->scope_count; i++) {
        const struct ir_scope *from = &ir->scopes[i];
        shaper->scopes[i] = (struct program_scope){.parent = from->parent,
                                                   .node = from->node,
                                                   .rows_min = from->rows_min,
                                                   .rows_max = from->rows_max};
    }
    shaper->program->scopes = shaper->scopes;
    shaper->program->scope_count = ir->scope_count;
}

/* ---- nodes */

/* The key as JSON has it, and the name within it or right behind. */
static void copy_names(struct shaper *shaper, const struct ir_node *from, struct program_node *to)
{
    buf_reset(&shaper->text);
    json_put_str(&shaper->text, from->key);
    buf_putc(&shaper->text, ':');
    size_t key_bytes = shaper->text.len;
    to->escaped = key_bytes != from->key.len + 3;
    to->apart = to->escaped || !str_eq(from->key, from->name);
    if (to->apart) buf_put(&shaper->text, from->name);
    assert(key_bytes <= UINT16_MAX && from->name.len <= UINT16_MAX);
    to->key_json = keep_text(shaper).ptr;
    to->key_bytes = (uint16_t)key_bytes;
    to->name_bytes = (uint16_t)from->name.len;
}

/* What nodes say alike they share; those that do mostly stand near one another. */
static const void *share(struct shaper *shaper, struct shared *shared, const void *made, size_t size)
{
    for (uint32_t i = 0; i < SHARED_BACK && i < shared->count; i++)
        if (memcmp(shared->last[i], made, size) == 0) return shared->last[i];
    void *kept = shaper_alloc(shaper, shaper->arena, 1, size);
    if (!kept) return NULL;
    memcpy(kept, made, size);
    shared->last[shared->count++ % SHARED_BACK] = kept;
    return kept;
}

/* All of it is cleared first, so that what is the same is so byte for byte. */
static const struct program_bounds *copy_bounds(struct shaper *shaper, const struct ir_node *from)
{
    struct program_bounds to;
    memset(&to, 0, sizeof to);
    bool has_min = from->min && from->min->op == IR_CONST;
    bool has_max = from->max && from->max->op == IR_CONST;
    bool number = from->type.kind == TYPE_NUMBER;
    if (has_min && number) to.number_min = from->min->value.number;
    else if (has_min) to.min = from->min->value.exact;
    if (has_max && number) to.number_max = from->max->value.number;
    else if (has_max) to.max = from->max->value.exact;
    to.length_min = from->length_min;
    to.length_max = from->length_max;
    bool text = (from->kind == NODE_FIELD || from->sent) && from->type.kind == TYPE_TEXT;
    if (text && to.length_max < 0) to.length_max = limit(TEXT_ANSWER_CHARS);
    if (text && to.length_max < to.length_min) to.length_max = to.length_min;
    if (memcmp(&to, &program_unbounded, sizeof to) == 0) return &program_unbounded;
    return share(shaper, &shaper->bounds, &to, sizeof to);
}

static void copy_messages(struct shaper *shaper, const struct ir_node *from, struct program_rare *to)
{
    to->hint = copy_message(shaper, from->hint);
    to->placeholder = copy_message(shaper, from->placeholder);
    to->required_message = copy_message(shaper, from->required_message);
    to->min_message = copy_message(shaper, from->min_message);
    to->max_message = copy_message(shaper, from->max_message);
    to->length_message = copy_message(shaper, from->length_message);
    to->pattern_message = copy_message(shaper, from->pattern_message);
    to->skipped_message = copy_message(shaper, from->skipped_message);
    to->repeated_message = copy_message(shaper, from->repeated_message);
}

static const struct program_rare *copy_rare(struct shaper *shaper, const struct ir_node *from,
                                            bool escaped)
{
    struct program_rare to;
    memcpy(&to, &program_nothing_rare, sizeof to);
    if (escaped) to.key = copy(shaper, from->key);
    if (from->autocomplete.len) to.autocomplete = copy(shaper, from->autocomplete);
    if (from->zone.len) to.zone = copy(shaper, from->zone);
    to.wall.refuse_skipped = from->wall.refuse_skipped;
    to.wall.repeated = from->wall.repeated;
    to.own_scope = from->own_scope;
    to.part = from->part;
    to.suggestion = from->suggestion;
    to.readonly_flag = from->readonly_flag;
    to.length_low = from->length_low;
    to.length_high = from->length_high;
    to.rows_low = from->rows_low;
    to.rows_high = from->rows_high;
    copy_messages(shaper, from, &to);
    if (memcmp(&to, &program_nothing_rare, sizeof to) == 0) return &program_nothing_rare;
    return share(shaper, &shaper->rares, &to, sizeof to);
}

/* Objects are dealt later. */
static uint32_t target_of(const struct ir_node *from)
{
    switch (from->type.kind) {
    case TYPE_CHOICE:
    case TYPE_CHOICES:
    case TYPE_RANKING:
        return from->type.list;
    case TYPE_TEXT:
        return from->pattern;
    default:
        return PROGRAM_NONE;
    }
}

static bool is_of_composite(const struct ir *ir, const struct ir_node *node)
{
    return node->kind == NODE_FIELD && composite_name(ir->nodes[node->parent].item);
}

static void copy_node(struct shaper *shaper, uint32_t number)
{
    const struct ir_node *from = &shaper->ir->nodes[number];
    struct program_node *to = &shaper->nodes[number];
    *to = (struct program_node){.kind = from->kind,
                                .type = from->type.kind,
                                .scale = from->type.scale,
                                .format = from->format,
                                .target = target_of(from),
                                .parent = from->parent,
                                .subtree_end = from->subtree_end,
                                .scope = from->scope,
                                .relevance_node = from->relevance_node,
                                .filtered = from->offer != NULL,
                                .required = from->required,
                                .computed = from->kind == NODE_FIELD && from->computed,
                                .rules_read = shaper->reads->nodes[number] > 0,
                                .text_reads = shaper->reads->texts[number],
                                .ignore_unknown = from->ignore_unknown,
                                .multiline = from->multiline,
                                .hidden = from->hidden,
                                .keep = from->keep,
                                .sensitive = from->sensitive,
                                .indexed = from->indexed,
                                .readonly = from->readonly,
                                .unique = from->unique,
                                .open = from->type.open,
                                .sent = from->sent,
                                .member = is_of_composite(shaper->ir, from),
                                .derived = from->derived && !from->sent};
    memcpy(to->currency, from->type.currency, sizeof to->currency);
    copy_names(shaper, from, to);
    to->has_min = from->min && from->min->op == IR_CONST;
    to->has_max = from->max && from->max->op == IR_CONST;
    to->label = copy_message(shaper, from->label);
    to->bounds = copy_bounds(shaper, from);
    to->rare = copy_rare(shaper, from, to->escaped);
    if (to->format == FORMAT_ZONED) shaper->program->zoned = true;
}

static void make_nodes(struct shaper *shaper)
{
    shaper->nodes = SHAPER_ARRAY(shaper, struct program_node, shaper->ir->node_count);
    if (!shaper->nodes) return;
    for (uint32_t i = 0; i < shaper->ir->node_count; i++) copy_node(shaper, i);
    shaper->program->nodes = shaper->nodes;
    shaper->program->node_count = shaper->ir->node_count;
}

/* ---- objects */

static bool is_object(const struct program_node *node)
{
    return node->kind == NODE_FORM || node->kind == NODE_GROUP || node->kind == NODE_REPEAT;
}

static bool is_member(const struct program_node *node)
{
    return node->kind == NODE_FIELD || node->kind == NODE_GROUP || node->kind == NODE_REPEAT;
}

/* The object whose member `node` is; pages and sections are not there for the answers. */
static uint32_t object_of_member(const struct shaper *shaper, const struct program_node *node)
{
    uint32_t around = node->parent;
    while (node_is_frame(shaper->nodes[around].kind)) around = shaper->nodes[around].parent;
    return node_object(&shaper->nodes[around]);
}

static void name_members(struct shaper *shaper, struct program_object *object)
{
    struct str *names = SHAPER_ARRAY(shaper, struct str, object->member_count);
    if (!names) return;
    for (uint32_t i = 0; i < object->member_count; i++)
        names[i] = node_key(&shaper->nodes[object->member_nodes[i]]);
    enum status st = name_table_build(shaper->arena, names, object->member_count, &object->members);
    assert(st != ST_CONFLICT); /* the checker lets no two members share a key */
    if (st) shaper->failure = st;
}

/* Members are counted, then laid out in one array, object by object, in document order. */
static void make_objects(struct shaper *shaper)
{
    uint32_t count = 0, members = 0;
    for (uint32_t i = 0; i < shaper->ir->node_count; i++) {
        if (is_object(&shaper->nodes[i])) shaper->nodes[i].target = count++;
        members += is_member(&shaper->nodes[i]);
    }
    struct program_object *objects = SHAPER_ARRAY(shaper, struct program_object, count);
    uint32_t *member_nodes = SHAPER_ARRAY(shaper, uint32_t, members);
    uint32_t *begins = shaper_alloc(shaper, shaper->scratch, (size_t)count + 1, sizeof *begins);
    if (!begins) return;
    for (uint32_t i = 0; i < shaper->ir->node_count; i++) {
        const struct program_node *node = &shaper->nodes[i];
        if (is_object(node))
            objects[node_object(node)] =
                (struct program_object){.node = i, .ignore_unknown = node->ignore_unknown};
        if (is_member(node)) begins[object_of_member(shaper, node) + 1]++;
    }
    for (uint32_t i = 0; i < count; i++) {
        begins[i + 1] += begins[i];
        objects[i].member_nodes = member_nodes + begins[i];
    }
    for (uint32_t i = 0; i < shaper->ir->node_count; i++) {
        if (!is_member(&shaper->nodes[i])) continue;
        uint32_t object = object_of_member(shaper, &shaper->nodes[i]);
        member_nodes[begins[object] + objects[object].member_count++] = i;
    }
    for (uint32_t i = 0; i < count && !shaper->failure; i++) name_members(shaper, &objects[i]);
    shaper->program->objects = objects;
    shaper->program->object_count = count;
}

/* ---- lists */

static void copy_column(struct shaper *shaper, const struct ir_column *from, uint32_t options,
                        struct program_column *to)
{
    struct program_cell *cells =
        from->cells ? SHAPER_ARRAY(shaper, struct program_cell, options) : NULL;
    for (uint32_t i = 0; i < options && cells; i++) {
        cells[i] = from->cells[i];
        if (from->type.kind == TYPE_TEXT && cells[i].present)
            cells[i].value.text = copy(shaper, cells[i].value.text);
    }
    *to = (struct program_column){.name = copy(shaper, from->name),
                                  .type = from->type.kind,
                                  .scale = from->type.scale,
                                  .list = from->type.list,
                                  .cells = cells,
                                  .sheet_column = from->sheet_column};
    memcpy(to->currency, from->type.currency, sizeof to->currency);
}

static void copy_columns(struct shaper *shaper, const struct ir_list *from, struct program_list *to)
{
    struct program_column *columns = SHAPER_ARRAY(shaper, struct program_column, from->column_count);
    uint32_t shown = render_columns_shown(shaper->ir, (uint32_t)(from - shaper->ir->lists));
    for (uint32_t i = 0; i < from->column_count && columns; i++) {
        copy_column(shaper, &from->columns[i], from->option_count, &columns[i]);
        columns[i].shown = shown >> i & 1;
    }
    to->columns = columns;
    to->column_count = from->column_count;
}

static void copy_table(struct shaper *shaper, const struct ir_list *from, struct program_list *to)
{
    *to = (struct program_list){.name = copy(shaper, from->name),
                                .option_count = from->option_count,
                                .codes = *from->keys,
                                .version = from->version,
                                .key = from->key,
                                .label = from->label};
    copy_columns(shaper, from, to);
    if (!shaper->failure) to->sheet = sheet_retain(from->sheet);
}

static const struct program_extra *copy_extras(struct shaper *shaper, const struct ir_list *from)
{
    bool some = false;
    for (uint32_t i = 0; i < from->option_count; i++)
        some = some || from->options[i].score || from->options[i].offered;
    if (!some) return NULL;
    struct program_extra *extras = SHAPER_ARRAY(shaper, struct program_extra, from->option_count);
    for (uint32_t i = 0; extras && i < from->option_count; i++)
        extras[i] = (struct program_extra){from->options[i].score, from->options[i].offered};
    return extras;
}

static void copy_list(struct shaper *shaper, const struct ir_list *from, struct program_list *to)
{
    if (from->sheet) {
        copy_table(shaper, from, to);
        return;
    }
    struct program_message *labels = SHAPER_ARRAY(shaper, struct program_message, from->option_count);
    struct str *codes = SHAPER_ARRAY(shaper, struct str, from->option_count);
    if (!codes) return;
    for (uint32_t i = 0; i < from->option_count; i++) {
        codes[i] = copy(shaper, from->options[i].code);
        labels[i] = copy_message(shaper, from->options[i].label);
    }
    *to = (struct program_list){.name = copy(shaper, from->name),
                                .labels = labels,
                                .extras = copy_extras(shaper, from),
                                .option_count = from->option_count,
                                .score_scale = from->score_scale,
                                .has_scores = from->has_scores};
    copy_columns(shaper, from, to);
    if (shaper->failure) return;
    enum status st = name_table_build(shaper->arena, codes, from->option_count, &to->codes);
    assert(st != ST_CONFLICT); /* the checker lets no two options share a code */
    if (st) shaper->failure = st;
}

static void make_lists(struct shaper *shaper)
{
    struct program_list *lists = SHAPER_ARRAY(shaper, struct program_list, shaper->ir->list_count);
    for (uint32_t i = 0; i < shaper->ir->list_count && !shaper->failure; i++)
        copy_list(shaper, &shaper->ir->lists[i], &lists[i]);
    for (uint32_t i = 0; i < shaper->ir->node_count && !shaper->failure; i++) {
        const struct ir_node *node = &shaper->ir->nodes[i];
        bool chooses = node->type.kind == TYPE_CHOICE || node->type.kind == TYPE_CHOICES ||
                       node->type.kind == TYPE_RANKING;
        if (node->kind == NODE_FIELD && chooses) lists[node->type.list].shown = true;
    }
    shaper->program->lists = lists;
    shaper->program->list_count = shaper->ir->list_count;
}

/* ---- checks and rules */

static void make_checks(struct shaper *shaper)
{
    struct program_check *checks = SHAPER_ARRAY(shaper, struct program_check, shaper->ir->check_count);
    for (uint32_t i = 0; i < shaper->ir->check_count && checks; i++) {
        const struct ir_check *from = &shaper->ir->checks[i];
        checks[i] = (struct program_check){from->node, from->scope, copy(shaper, from->name),
                                           copy_message(shaper, from->message)};
    }
    shaper->program->checks = checks;
    shaper->program->check_count = shaper->ir->check_count;
}

struct rule_place {
    uint32_t offset, rule;
};

static int by_offset(const void *a, const void *b)
{
    const struct rule_place *x = a, *y = b;
    if (x->offset != y->offset) return x->offset < y->offset ? -1 : 1;
    return x->rule < y->rule ? -1 : x->rule > y->rule;
}

/* Goes from one place to the next instead of counting each from the start: a source has many rules. */
static struct line_column advance(struct str source, struct line_column at, uint32_t from, uint32_t to)
{
    for (; from < to; from++) {
        if (source.ptr[from] == '\n') at = (struct line_column){at.line + 1, 1};
        else at.column += ((unsigned char)source.ptr[from] & 0xc0) != 0x80;
    }
    return at;
}

static void place_rules(struct shaper *shaper, struct rule_place *places, struct program_rule *rules)
{
    const struct ir *ir = shaper->ir;
    for (uint32_t i = 0; i < ir->rule_count; i++)
        places[i] = (struct rule_place){ir->rules[i].span.offset, i};
    qsort(places, ir->rule_count, sizeof *places, by_offset);
    struct line_column at = {1, 1};
    for (uint32_t i = 0, offset = 0; i < ir->rule_count; i++) {
        at = advance(ir->source, at, offset, places[i].offset);
        offset = places[i].offset;
        rules[places[i].rule].line = at.line;
        rules[places[i].rule].column = at.column;
    }
}

static void make_uniques(struct shaper *shaper)
{
    const struct ir *ir = shaper->ir;
    struct program_unique *uniques = SHAPER_ARRAY(shaper, struct program_unique, ir->unique_count);
    for (uint32_t i = 0; uniques && i < ir->unique_count; i++) {
        const struct program_unique *from = &ir->uniques[i];
        uint32_t *nodes = SHAPER_ARRAY(shaper, uint32_t, from->node_count);
        if (nodes && from->node_count) memcpy(nodes, from->nodes, from->node_count * sizeof *nodes);
        uniques[i] =
            (struct program_unique){copy(shaper, from->text), nodes, from->node_count, from->invited};
    }
    shaper->program->uniques = uniques;
    shaper->program->unique_count = uniques ? ir->unique_count : 0;
}

static void make_indexed(struct shaper *shaper)
{
    struct program *program = shaper->program;
    uint32_t *indexed = SHAPER_ARRAY(shaper, uint32_t, limit(INDEXED_FIELDS)), count = 0;
    for (uint32_t i = 0; indexed && i < program->node_count; i++)
        if (program->nodes[i].indexed) indexed[count++] = i;
    program->indexed = indexed;
    program->indexed_count = count;
}

static void make_rules(struct shaper *shaper)
{
    const struct ir *ir = shaper->ir;
    struct program_rule *rules = SHAPER_ARRAY(shaper, struct program_rule, ir->rule_count);
    struct rule_place *places = shaper_alloc(shaper, shaper->scratch, ir->rule_count, sizeof *places);
    if (!places) return;
    if (ir->rule_count) place_rules(shaper, places, rules);
    for (uint32_t i = 0; i < ir->rule_count; i++) {
        bool check = ir->rules[i].kind == RULE_CHECK;
        rules[i].scope = ir->rules[i].scope;
        rules[i].node = check ? ir->checks[ir->rules[i].check].node : ir->rules[i].node;
        if (ir->nodes[rules[i].node].derived) rules[i].node = ir->nodes[rules[i].node].parent;
    }
    shaper->program->rules = rules;
    shaper->program->rule_count = ir->rule_count;
}

/* ---- all of it */

static void make_head(struct shaper *shaper)
{
    const struct ir *ir = shaper->ir;
    struct program *program = shaper->program;
    program->name = copy(shaper, ir->name);
    program->title = copy_message(shaper, ir->title);
    program->edition = ir->edition;
    program->timezone = copy(shaper, ir->timezone);
    struct str *languages = SHAPER_ARRAY(shaper, struct str, ir->language_count);
    const struct locale **locales = SHAPER_ARRAY(shaper, const struct locale *, ir->language_count);
    for (uint32_t i = 0; i < ir->language_count && languages && locales; i++) {
        languages[i] = copy(shaper, ir->languages[i]);
        locales[i] = locale_find(ir->languages[i]);
    }
    program->languages = languages;
    program->locales = locales;
    program->language_count = ir->language_count;
}

enum status shape_build(struct arena *scratch, const struct ir *ir, const struct reads *reads,
                        struct program *program)
{
    struct shaper shaper = {.arena = program_box_arena(program),
                            .scratch = scratch,
                            .ir = ir,
                            .reads = reads,
                            .program = program};
    buf_init(&shaper.text, scratch->mem, (size_t)limit(LANGUAGES) * 8 * (size_t)limit(TEXT_BYTES));
    buf_init(&shaper.parts, scratch->mem, 8 * (size_t)limit(TEXT_BYTES));
    make_head(&shaper);
    make_nodes(&shaper);
    make_scopes(&shaper);
    if (!shaper.failure) deal_slots(&shaper);
    if (!shaper.failure) make_objects(&shaper);
    make_lists(&shaper);
    make_checks(&shaper);
    make_rules(&shaper);
    make_uniques(&shaper);
    make_indexed(&shaper);
    buf_release(&shaper.text);
    buf_release(&shaper.parts);
    return shaper.failure;
}
