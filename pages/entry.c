/* Entry: what was posted, put into what was typed. */
#include "pages/entry.h"

#include "base/civil.h"
#include "base/limits.h"
#include "base/word.h"
#include "pages/book.h"
#include "pages/spelling.h"

#include <assert.h>

/* ---------------------------------------------------------------- places */

/* Where a name leads. */
struct spot {
    uint32_t node;       /* FIELD, GROUP or REPEAT; PROGRAM_NONE: the form does not have it */
    uint32_t object;     /* whose members come next: of a GROUP, or of a row of a REPEAT */
    struct typed *typed; /* what is there: of a REPEAT with `row` the row */
    struct typed *rows;  /* of a row: the array around it */
    uint32_t row;
    struct str rest; /* behind a FIELD's own name */
};

/* The next part of a name, its escapes undone. */
static struct str next_part(struct str *rest, struct arena *arena)
{
    const char *slash = rest->len ? memchr(rest->ptr, '/', rest->len) : NULL;
    struct str part = {rest->ptr, slash ? (size_t)(slash - rest->ptr) : rest->len};
    size_t taken = part.len + (slash ? 1 : 0);
    *rest = (struct str){rest->ptr + taken, rest->len - taken};
    if (!part.len || !memchr(part.ptr, '~', part.len)) return part;
    char *plain = arena_alloc(arena, part.len);
    size_t len = 0;
    if (!plain) return part;
    for (size_t i = 0; i < part.len; i++) {
        bool escape = part.ptr[i] == '~' && i + 1 < part.len;
        char behind = escape ? part.ptr[i + 1] : '\0';
        plain[len++] = behind == '0' ? '~' : behind == '1' ? '/' : part.ptr[i];
        if (behind == '0' || behind == '1') i++;
    }
    return (struct str){plain, len};
}

/* Into row number `part` of a repeat, made if it may be there. */
static bool enter_row(struct entry *entry, struct spot *spot, struct str part)
{
    const struct program *program = entry->book->program;
    const struct program_node *repeat = &program->nodes[spot->node];
    uint64_t row;
    if (!word_number(part, UINT32_MAX, &row) ||
        row >= program->scopes[repeat->rare->own_scope].rows_max)
        return false;
    while (spot->typed->kind != JSON_ARRAY || spot->typed->count <= row)
        if (!typed_append(entry->arena, spot->typed)) return false;
    spot->rows = spot->typed;
    spot->row = (uint32_t)row;
    spot->typed = typed_at(spot->rows, spot->row);
    spot->object = node_object(repeat);
    return true;
}

/* One member on. */
static bool enter_member(struct entry *entry, struct spot *spot, struct str part)
{
    const struct program *program = entry->book->program;
    const struct program_object *object = &program->objects[spot->object];
    uint32_t member = name_table_find(&object->members, part);
    if (member == NAME_ABSENT) return false;
    spot->node = object->member_nodes[member];
    spot->object = node_object(&program->nodes[spot->node]);
    spot->typed = typed_member(entry->arena, spot->typed, node_key(&program->nodes[spot->node]));
    spot->rows = NULL;
    return spot->typed != NULL;
}

/* False: it leads nowhere, or there is no room. */
static bool find_spot(struct entry *entry, struct str name, struct spot *ret_spot)
{
    const struct program_node *nodes = entry->book->program->nodes;
    struct spot spot = {.node = PROGRAM_NONE, .object = 0, .typed = entry->root, .rest = name};
    while (spot.rest.len) {
        struct str part = next_part(&spot.rest, entry->arena);
        bool row = spot.node != PROGRAM_NONE && nodes[spot.node].kind == NODE_REPEAT && !spot.rows;
        if (row ? !enter_row(entry, &spot, part) : !enter_member(entry, &spot, part)) return false;
        if (nodes[spot.node].kind == NODE_FIELD) break;
    }
    *ret_spot = spot;
    return spot.node != PROGRAM_NONE;
}

/* ---------------------------------------------------------------- what came for one field */

struct arrival {
    struct arrival *next;
    struct typed *typed;
    uint32_t node;
    struct str *values; /* under the field's own name, in their order, none of them empty */
    uint32_t value_count, value_room;
    struct str parts[SPELLING_PARTS];
    bool in_parts;
    struct str other;
    struct str *ranks; /* by place */
    uint32_t rank_count;
};

struct post {
    struct entry *entry;
    struct arrival *first, **end;
    bool full; /* the arena is */
};

static struct arrival *arrival_at(struct post *post, const struct spot *spot)
{
    if (spot->typed->note) return spot->typed->note;
    struct arrival *arrival = ARENA_NEW(post->entry->arena, struct arrival);
    if (!arrival) {
        post->full = true;
        return NULL;
    }
    arrival->typed = spot->typed;
    arrival->node = spot->node;
    spot->typed->note = arrival;
    *post->end = arrival;
    post->end = &arrival->next;
    return arrival;
}

static void add_value(struct post *post, struct arrival *arrival, struct str value)
{
    value = spelling_trim(value);
    if (!value.len) return;
    if (arrival->value_count == arrival->value_room) {
        uint32_t more = arrival->value_room ? arrival->value_room * 2 : 1;
        struct str *values =
            arena_grow(post->entry->arena, arrival->values, arrival->value_room, more, sizeof *values);
        post->full |= !values;
        if (!values) return;
        arrival->values = values;
        arrival->value_room = more;
    }
    arrival->values[arrival->value_count++] = value;
}

static void add_rank(struct post *post, struct arrival *arrival, uint64_t place, struct str value)
{
    const struct program *program = post->entry->book->program;
    uint32_t most = program->lists[node_list(&program->nodes[arrival->node])].option_count;
    if (place >= most) return;
    if (!arrival->ranks) arrival->ranks = ARENA_ARRAY(post->entry->arena, struct str, most);
    post->full |= !arrival->ranks;
    if (!arrival->ranks) return;
    arrival->ranks[place] = spelling_trim(value);
    if (place >= arrival->rank_count) arrival->rank_count = (uint32_t)place + 1;
}

/* False: a field has no such part. */
static bool add_part(struct post *post, struct arrival *arrival, struct str part, struct str value)
{
    static const char *const names[] = {"day", "month", "year", NULL};
    const struct program_node *node = &post->entry->book->program->nodes[arrival->node];
    bool dated =
        node->type == TYPE_DATE || node->type == TYPE_PARTIAL_DATE || node->type == TYPE_YEAR_MONTH;
    size_t which;
    uint64_t place;
    if (dated && word_among(part, names, &which)) {
        arrival->in_parts = true;
        arrival->parts[which] = spelling_trim(value);
    } else if (node->open && str_eq(part, STR("other"))) {
        arrival->other = spelling_trim(value);
    } else if (node->type == TYPE_RANKING && word_number(part, UINT32_MAX, &place)) {
        add_rank(post, arrival, place, value);
    } else {
        return false;
    }
    return true;
}

/* What the form does not have is said so by the verdict, unless the form ignores such. */
static void add_unknown(struct post *post, const struct pair *pair)
{
    struct typed *member = typed_member(post->entry->arena, post->entry->root, pair->name);
    post->full |= !member;
    if (member) typed_set_str(member, pair->value);
}

static void add_pair(struct post *post, const struct pair *pair)
{
    struct spot spot;
    bool found = find_spot(post->entry, pair->name, &spot);
    const struct program_node *node = found ? &post->entry->book->program->nodes[spot.node] : NULL;
    if (post->entry->arena->refused) post->full = true;
    if (post->full) return;
    if (!found || node->kind != NODE_FIELD || node->computed) {
        if (!found || node->kind == NODE_FIELD) add_unknown(post, pair);
        return;
    }
    struct arrival *arrival = arrival_at(post, &spot);
    if (!arrival) return;
    if (!spot.rest.len) add_value(post, arrival, pair->value);
    else if (!add_part(post, arrival, spot.rest, pair->value)) add_unknown(post, pair);
}

/* ---------------------------------------------------------------- from texts to JSON */

/* "EUR 5" and "5 €" are what they look like. */
static struct str without_currency(struct str text, struct str code)
{
    const struct str marks[] = {code, STR("€"), STR("£"), STR("$"), STR("¥")};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t len = marks[i].len;
        if (text.len <= len) continue;
        if (str_starts(text, marks[i])) return (struct str){text.ptr + len, text.len - len};
        if (str_eq((struct str){text.ptr + text.len - len, len}, marks[i]))
            return (struct str){text.ptr, text.len - len};
    }
    return text;
}

static void put_number(const struct entry *entry, const struct program_node *node, struct str text,
                       struct typed *to)
{
    const struct locale *locale = entry->book->program->locales[entry->language];
    struct str bare = node->type == TYPE_MONEY ? without_currency(text, str_of(node->currency)) : text;
    struct str number = spelling_number(locale, bare, entry->arena);
    if (!number.ptr) typed_set_str(to, text);
    else if (node->type == TYPE_DECIMAL || node->type == TYPE_MONEY) typed_set_str(to, number);
    else typed_set_number(to, number);
}

static void put_boolean(struct str text, struct typed *to)
{
    static const char *const truths[] = {"true", "on", "yes", "1", NULL};
    static const char *const lies[] = {"false", "off", "no", "0", NULL};
    size_t which;
    if (word_among(text, truths, &which)) typed_set_bool(to, true);
    else if (word_among(text, lies, &which)) typed_set_bool(to, false);
    else typed_set_str(to, text);
}

/* What the clocks of the form's zone show, as RFC 3339 wants it. */
static struct str with_offset(const struct entry *entry, struct str wall)
{
    int64_t ms;
    int32_t east;
    struct str whole =
        arena_printf(entry->arena, "%.*s%sZ", STR_ARG(wall), wall.len == 16 ? ":00" : "");
    if (!whole.ptr || !civil_parse_datetime(whole, &ms, &east)) return wall;
    const struct zone *zone = entry->zone ? entry->zone : zone_utc();
    int64_t utc = zone_to_utc(zone, ms / 1000, NULL);
    char text[CIVIL_DATETIME_BYTES];
    size_t len = civil_format_datetime(utc * 1000, zone_offset_at(zone, utc) / 60, text);
    struct str kept = arena_str(entry->arena, (struct str){text, len});
    return kept.ptr ? kept : wall;
}

static void put_scalar(const struct entry *entry, const struct program_node *node, struct str text,
                       struct typed *to)
{
    switch (node->type) {
    case TYPE_BOOLEAN:
        put_boolean(text, to);
        return;
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
    case TYPE_NUMBER:
        put_number(entry, node, text, to);
        return;
    case TYPE_TIME:
        typed_set_str(to, spelling_time(text, entry->arena));
        return;
    case TYPE_DATETIME:
        if (node->format != FORMAT_ZONED && spelling_is_wall(text)) text = with_offset(entry, text);
        typed_set_str(to, text);
        return;
    default:
        typed_set_str(to, text);
        return;
    }
}

/* {"other": text}; false: no room. */
static bool put_other(const struct entry *entry, struct str text, struct typed *to)
{
    struct typed *member = typed_member(entry->arena, to, STR("other"));
    if (member) typed_set_str(member, text.ptr ? text : STR(""));
    return member != NULL;
}

static bool put_item(const struct entry *entry, struct str code, const struct arrival *arrival,
                     struct typed *to)
{
    struct typed *item = typed_append(entry->arena, to);
    if (!item) return false;
    if (str_eq(code, ENTRY_OTHER)) return put_other(entry, arrival->other, item);
    typed_set_str(item, code);
    return true;
}

static bool has_other(const struct arrival *arrival)
{
    for (uint32_t i = 0; i < arrival->value_count; i++)
        if (str_eq(arrival->values[i], ENTRY_OTHER)) return true;
    return false;
}

/* A text beside an option that is not ticked counts: who writes it means it. */
static bool put_choices(const struct entry *entry, const struct arrival *arrival, struct typed *to)
{
    typed_set_null(to);
    for (uint32_t i = 0; i < arrival->value_count; i++)
        if (!put_item(entry, arrival->values[i], arrival, to)) return false;
    if (!arrival->other.len || has_other(arrival)) return true;
    return put_item(entry, ENTRY_OTHER, arrival, to);
}

static bool put_ranking(const struct entry *entry, const struct arrival *arrival, struct typed *to)
{
    if (arrival->value_count) return put_choices(entry, arrival, to);
    typed_set_null(to);
    for (uint32_t i = 0; i < arrival->rank_count; i++)
        if (arrival->ranks[i].len && !put_item(entry, arrival->ranks[i], arrival, to)) return false;
    return true;
}

static bool put_choice(const struct entry *entry, const struct arrival *arrival, struct typed *to)
{
    struct str code = arrival->value_count ? arrival->values[arrival->value_count - 1] : STR("");
    bool other = str_eq(code, ENTRY_OTHER) || (!code.len && arrival->other.len);
    if (other) return put_other(entry, arrival->other, to);
    if (code.len) typed_set_str(to, code);
    else typed_set_null(to);
    return true;
}

static bool put_arrival(const struct entry *entry, const struct arrival *arrival)
{
    const struct program_node *node = &entry->book->program->nodes[arrival->node];
    struct typed *to = arrival->typed;
    to->note = NULL;
    if (node->type == TYPE_CHOICE) return put_choice(entry, arrival, to);
    if (node->type == TYPE_CHOICES) return put_choices(entry, arrival, to);
    if (node->type == TYPE_RANKING) return put_ranking(entry, arrival, to);
    struct str text = arrival->value_count ? arrival->values[arrival->value_count - 1] : STR("");
    if (arrival->in_parts && !text.len) text = spelling_date(arrival->parts, entry->arena);
    if (text.ptr && text.len) put_scalar(entry, node, text, to);
    else typed_set_null(to);
    return text.ptr != NULL;
}

/* ---------------------------------------------------------------- the front door */

/* A group of checkboxes that were all left open sends nothing: that it was there is said besides. */
static void add_asked(struct post *post, struct str name)
{
    struct spot spot;
    if (!find_spot(post->entry, name, &spot) || spot.rest.len) return;
    const struct program_node *node = &post->entry->book->program->nodes[spot.node];
    if (node->kind == NODE_FIELD && !node->computed) arrival_at(post, &spot);
}

static bool settle(struct post *post)
{
    bool whole = !post->full;
    for (struct arrival *at = post->first; at; at = at->next) whole &= put_arrival(post->entry, at);
    return whole && !post->entry->arena->refused;
}

bool entry_take(struct entry *entry, const struct pairs *pairs)
{
    struct post post = {.entry = entry};
    post.end = &post.first;
    for (uint32_t i = 0; i < pairs->count && !post.full; i++) {
        const struct pair *pair = &pairs->items[i];
        if (str_eq(pair->name, ENTRY_ASKED)) add_asked(&post, pair->value);
        else if (pair->name.len && pair->name.ptr[0] != '_') add_pair(&post, pair);
    }
    return settle(&post);
}

bool entry_fill(struct entry *entry, const struct pairs *query)
{
    const struct program *program = entry->book->program;
    const struct program_object *form = &program->objects[0];
    struct post post = {.entry = entry};
    post.end = &post.first;
    for (uint32_t i = 0; i < query->count && !post.full; i++) {
        uint32_t member = name_table_find(&form->members, query->items[i].name);
        if (member == NAME_ABSENT) continue;
        const struct program_node *node = &program->nodes[form->member_nodes[member]];
        if (node->kind == NODE_FIELD && node->hidden && !node->computed)
            add_pair(&post, &query->items[i]);
    }
    return settle(&post);
}

bool entry_add_row(struct entry *entry, struct str name)
{
    struct spot spot;
    const struct program *program = entry->book->program;
    if (!find_spot(entry, name, &spot) || spot.rows) return false;
    const struct program_node *repeat = &program->nodes[spot.node];
    if (repeat->kind != NODE_REPEAT) return false;
    if (spot.typed->kind == JSON_ARRAY &&
        spot.typed->count >= program->scopes[repeat->rare->own_scope].rows_max)
        return false;
    return typed_append(entry->arena, spot.typed) != NULL;
}

bool entry_remove_row(struct entry *entry, struct str name)
{
    struct spot spot;
    const char *slash = NULL;
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] == '/') slash = name.ptr + i;
    if (!slash) return false;
    struct str repeat = {name.ptr, (size_t)(slash - name.ptr)};
    struct str number = {slash + 1, name.len - repeat.len - 1};
    uint64_t row;
    if (!find_spot(entry, repeat, &spot) || spot.rows) return false;
    if (entry->book->program->nodes[spot.node].kind != NODE_REPEAT) return false;
    if (spot.typed->kind != JSON_ARRAY || !word_number(number, UINT32_MAX, &row)) return false;
    if (row >= spot.typed->count) return false;
    typed_remove(spot.typed, (uint32_t)row);
    return true;
}

/* ---------------------------------------------------------------- rows that must be there */

static bool pad_items(struct entry *entry, struct typed *object, uint32_t first, uint32_t end);

static bool pad_repeat(struct entry *entry, struct typed *object, uint32_t node)
{
    const struct program *program = entry->book->program;
    const struct program_node *repeat = &program->nodes[node];
    uint32_t least = program->scopes[repeat->rare->own_scope].rows_min;
    struct typed *rows = typed_get(object, node_key(repeat));
    if (!rows && !least) return true;
    if (!rows) rows = typed_member(entry->arena, object, node_key(repeat));
    if (!rows) return false;
    if (least > (uint32_t)limit(PAGE_PADDED_ROWS)) least = (uint32_t)limit(PAGE_PADDED_ROWS);
    while (least && (rows->kind != JSON_ARRAY || rows->count < least))
        if (!typed_append(entry->arena, rows)) return false;
    for (uint32_t i = 0; rows->kind == JSON_ARRAY && i < rows->count; i++)
        if (!pad_items(entry, rows->items[i], node + 1, repeat->subtree_end)) return false;
    return true;
}

static bool pad_items(struct entry *entry, struct typed *object, uint32_t first, uint32_t end)
{
    const struct program_node *nodes = entry->book->program->nodes;
    bool whole = true;
    for (uint32_t i = first; whole && i < end; i = nodes[i].subtree_end) {
        if (node_is_frame(nodes[i].kind)) whole = pad_items(entry, object, i + 1, nodes[i].subtree_end);
        if (nodes[i].kind == NODE_REPEAT) whole = pad_repeat(entry, object, i);
        if (nodes[i].kind != NODE_GROUP) continue;
        bool repeats = false;
        for (uint32_t k = i + 1; k < nodes[i].subtree_end; k++) repeats |= nodes[k].kind == NODE_REPEAT;
        struct typed *group = repeats ? typed_member(entry->arena, object, node_key(&nodes[i])) : NULL;
        if (repeats) whole = group && pad_items(entry, group, i + 1, nodes[i].subtree_end);
    }
    return whole;
}

bool entry_pad(struct entry *entry, uint32_t page)
{
    const struct book_page *at = &entry->book->pages[page];
    for (uint32_t i = 0; i < at->item_count; i++) {
        uint32_t node = at->items[i];
        if (!pad_items(entry, entry->root, node, entry->book->program->nodes[node].subtree_end))
            return false;
    }
    return true;
}
