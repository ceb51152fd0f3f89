/* Indexing: by which answers a submission is found, and what is asked when it is looked for. Paths are
 * made of keys, as in answers and tables: "members.age". engine/indexing.c */
#include "engine/inside.h"

#include "base/civil.h"
#include "base/decimal.h"
#include "base/partial.h"
#include "base/sortkey.h"
#include "base/word.h"

/* What is compared with what. */
static struct str kind_of(const struct program_node *field)
{
    switch (field->type) {
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        return STR("exact");
    case TYPE_CHOICE:
    case TYPE_CHOICES:
        return STR("code");
    default:
        return str_of(program_type_name(field->type));
    }
}

static struct str path_of(const struct program *program, uint32_t number, struct arena *arena)
{
    struct str path = STR("");
    for (uint32_t i = number; i != 0; i = program->nodes[i].parent) {
        const struct program_node *node = &program->nodes[i];
        if (node_is_frame(node->kind)) continue;
        path = path.len ? arena_printf(arena, "%.*s.%.*s", STR_ARG(node_key(node)), STR_ARG(path))
                        : arena_str(arena, node_key(node));
        if (!path.ptr) return path;
    }
    return path;
}

/* ---------------------------------------------------------------- what is stored */

void indexing_begin(struct indexing *indexing, const struct program *program, struct arena *arena)
{
    *indexing = (struct indexing){.program = program, .arena = arena, .node = PROGRAM_NONE};
}

static bool make_room(struct indexing *indexing)
{
    if (indexing->count < indexing->capacity) return true;
    uint32_t more = indexing->capacity ? 2 * indexing->capacity : 16;
    struct submission_value *items =
        arena_grow(indexing->arena, indexing->items, indexing->count, more, sizeof *indexing->items);
    if (!items) return false;
    indexing->items = items;
    indexing->capacity = more;
    return true;
}

void indexing_add(void *user, uint32_t node, struct str key)
{
    struct indexing *indexing = user;
    const struct program_node *field = &indexing->program->nodes[node];
    if (indexing->node != node) {
        indexing->node = node;
        indexing->path = path_of(indexing->program, node, indexing->arena);
    }
    struct submission_value value = {.path = indexing->path,
                                     .kind = kind_of(field),
                                     .value = arena_str(indexing->arena, key),
                                     .sensitive = field->sensitive};
    bool room = value.path.ptr && value.value.ptr && make_room(indexing);
    if (room) indexing->items[indexing->count++] = value;
    else indexing->failure = ST_NOMEM;
}

/* ---------------------------------------------------------------- what is asked */

struct asker {
    const struct program *program;
    struct arena *arena;
    bool sensitive;
    struct str detail; /* what is wrong */
};

static enum status complain(struct asker *asker, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static enum status complain(struct asker *asker, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    asker->detail = arena_vprintf(asker->arena, format, args);
    va_end(args);
    return asker->detail.ptr ? ST_INPUT : ST_NOMEM;
}

static enum status complain_path(struct asker *asker, struct str path)
{
    const struct program *program = asker->program;
    struct str known = STR("");
    for (uint32_t i = 0; i < program->indexed_count; i++) {
        struct str one = path_of(program, program->indexed[i], asker->arena);
        if (!one.ptr) return ST_NOMEM;
        known = arena_printf(asker->arena, "%.*s%s%.*s", STR_ARG(known), i ? ", " : "", STR_ARG(one));
        if (!known.ptr) return ST_NOMEM;
    }
    if (!known.len)
        return complain(asker, "\"%.*s\" is no indexed field: this version has none", STR_ARG(path));
    return complain(asker, "\"%.*s\" is no indexed field of this version; those are: %.*s",
                    STR_ARG(path), STR_ARG(known));
}

static enum status find_field(struct asker *asker, struct str path, uint32_t *ret_node)
{
    for (uint32_t i = 0; i < asker->program->indexed_count; i++) {
        uint32_t node = asker->program->indexed[i];
        struct str own = path_of(asker->program, node, asker->arena);
        if (!own.ptr) return ST_NOMEM;
        if (!str_eq(own, path)) continue;
        *ret_node = node;
        if (asker->program->nodes[node].sensitive && !asker->sensitive) return ST_DENIED;
        return ST_OK;
    }
    return complain_path(asker, path);
}

/* A bound may be finer than the field. */
static bool read_exact(const struct program_node *field, struct str text, char key[SORTKEY_BYTES],
                       size_t *ret_len)
{
    int64_t value;
    for (unsigned scale = field->scale; scale <= DECIMAL_SCALE_MAX; scale++) {
        enum decimal_result result = decimal_parse(text, scale, &value);
        if (result == DECIMAL_OK) *ret_len = sortkey_exact(value, scale, key);
        if (result != DECIMAL_FRACTION) return result == DECIMAL_OK;
    }
    return false;
}

static bool read_moment(const struct program_node *field, struct str text, int64_t *ret_value)
{
    int32_t small = 0, offset_minutes;
    bool good = false;
    switch (field->type) {
    case TYPE_DATE:
        good = civil_parse_date(text, &small);
        break;
    case TYPE_TIME:
        good = civil_parse_time(text, &small);
        break;
    case TYPE_YEAR_MONTH:
        good = partial_parse_month(text, &small);
        break;
    case TYPE_BOOLEAN:
        small = str_eq(text, STR("true"));
        good = small || str_eq(text, STR("false"));
        break;
    default:
        return civil_parse_datetime(text, ret_value, &offset_minutes);
    }
    *ret_value = small;
    return good;
}

static bool is_code(const struct asker *asker, const struct program_node *field, struct str text)
{
    return name_table_find(&asker->program->lists[node_list(field)].codes, text) != NAME_ABSENT;
}

/* ptr NULL in *ret_key: no memory. False: that is no value of the field's type. */
static bool read_value(struct asker *asker, const struct program_node *field, struct str text,
                       struct str *ret_key)
{
    char key[SORTKEY_BYTES];
    size_t len = 0;
    int64_t value;
    double number;
    bool good = true, plain = false;
    switch (field->type) {
    case TYPE_TEXT:
        plain = true;
        break;
    case TYPE_CHOICE:
    case TYPE_CHOICES:
        plain = good = is_code(asker, field, text);
        break;
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        good = read_exact(field, text, key, &len);
        break;
    case TYPE_NUMBER:
        good = double_parse(text, &number);
        if (good) len = sortkey_double(number, key);
        break;
    default:
        good = read_moment(field, text, &value);
        if (good) len = sortkey_int(value, key);
    }
    if (good) *ret_key = arena_str(asker->arena, plain ? text : (struct str){key, len});
    return good;
}

/* ---- ranges, in order and apart from each other */

struct ranges {
    struct filter_range *items;
    uint32_t count;
};

static bool is_less(struct str a, struct str b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.ptr, b.ptr, len) : 0;
    return order < 0 || (order == 0 && a.len < b.len);
}

static void add_range(struct ranges *ranges, struct str low, struct str high)
{
    if (is_less(low, high)) ranges->items[ranges->count++] = (struct filter_range){low, high};
}

/* The first key after it. */
static struct str after(struct asker *asker, struct str key)
{
    char *bytes = arena_alloc(asker->arena, key.len + 1);
    if (!bytes) return (struct str){NULL, 0};
    if (key.len) memcpy(bytes, key.ptr, key.len);
    bytes[key.len] = '\0';
    return (struct str){bytes, key.len + 1};
}

/* What lies in a range of both. */
static enum status meet(struct asker *asker, const struct ranges *a, const struct ranges *b,
                        struct ranges *ret_both)
{
    struct ranges both = {.items = ARENA_ARRAY(asker->arena, struct filter_range, a->count + b->count)};
    if (!both.items) return ST_NOMEM;
    for (uint32_t i = 0, k = 0; i < a->count && k < b->count;) {
        const struct filter_range *one = &a->items[i], *other = &b->items[k];
        add_range(&both, is_less(one->low, other->low) ? other->low : one->low,
                  is_less(one->high, other->high) ? one->high : other->high);
        if (is_less(one->high, other->high)) i++;
        else k++;
    }
    *ret_both = both;
    return ST_OK;
}

/* ---- operators */

enum filter_op { OP_EQ, OP_NE, OP_LT, OP_LTE, OP_GT, OP_GTE, OP_IN };
static const char *const ops[] = {"eq", "ne", "lt", "lte", "gt", "gte", "in", NULL};

static enum status put_ranges(struct asker *asker, enum filter_op op, struct str key,
                              struct ranges *ranges)
{
    struct str next = after(asker, key);
    if (!next.ptr) return ST_NOMEM;
    switch (op) {
    case OP_EQ:
    case OP_IN:
        add_range(ranges, key, next);
        break;
    case OP_NE:
        add_range(ranges, STR(""), key);
        add_range(ranges, next, SORTKEY_END);
        break;
    case OP_LT:
        add_range(ranges, STR(""), key);
        break;
    case OP_LTE:
        add_range(ranges, STR(""), next);
        break;
    case OP_GT:
        add_range(ranges, next, SORTKEY_END);
        break;
    case OP_GTE:
        add_range(ranges, key, SORTKEY_END);
        break;
    }
    return ST_OK;
}

static enum status read_one(struct asker *asker, const struct filter_wish *wish,
                            const struct program_node *field, struct str text, enum filter_op op,
                            struct ranges *ranges)
{
    struct str key = STR("");
    if (!read_value(asker, field, text, &key))
        return complain(asker, "\"%.*s\" is no %s, as \"%.*s\" is", STR_ARG(text),
                        program_type_name(field->type), STR_ARG(wish->path));
    return key.ptr ? put_ranges(asker, op, key, ranges) : ST_NOMEM;
}

static void sort(struct ranges *ranges)
{
    uint32_t kept = 0;
    for (uint32_t i = 1; i < ranges->count; i++)
        for (uint32_t k = i; k > 0 && is_less(ranges->items[k].low, ranges->items[k - 1].low); k--) {
            struct filter_range higher = ranges->items[k - 1];
            ranges->items[k - 1] = ranges->items[k];
            ranges->items[k] = higher;
        }
    for (uint32_t i = 0; i < ranges->count; i++)
        if (!kept || !str_eq(ranges->items[kept - 1].low, ranges->items[i].low))
            ranges->items[kept++] = ranges->items[i];
    ranges->count = kept;
}

static enum status read_many(struct asker *asker, const struct filter_wish *wish,
                             const struct program_node *field, struct ranges *ranges)
{
    uint32_t count = 1;
    for (size_t i = 0; i < wish->text.len; i++) count += wish->text.ptr[i] == ',';
    if (count > (uint32_t)limit(FILTER_VALUES))
        return complain(asker, "\"in\" lists at most %d values", (int)limit(FILTER_VALUES));
    ranges->items = ARENA_ARRAY(asker->arena, struct filter_range, count);
    enum status st = ranges->items ? ST_OK : ST_NOMEM;
    for (size_t begin = 0, i = 0; i <= wish->text.len && !st; i++) {
        if (i < wish->text.len && wish->text.ptr[i] != ',') continue;
        st = read_one(asker, wish, field, (struct str){wish->text.ptr + begin, i - begin}, OP_IN,
                      ranges);
        begin = i + 1;
    }
    if (!st) sort(ranges);
    return st;
}

/* Codes and truth have no order that could be meant. */
static bool has_order(const struct program_node *field)
{
    return field->type != TYPE_CHOICE && field->type != TYPE_CHOICES && field->type != TYPE_BOOLEAN;
}

static enum status read_wish(struct asker *asker, const struct filter_wish *wish,
                             const struct program_node *field, struct ranges *ret_ranges)
{
    struct ranges ranges = {.items = ARENA_ARRAY(asker->arena, struct filter_range, 2)};
    size_t op;
    if (!ranges.items) return ST_NOMEM;
    if (!word_among(wish->op, ops, &op))
        return complain(asker, "a filter asks eq, ne, lt, lte, gt, gte or in, not \"%.*s\"",
                        STR_ARG(wish->op));
    if (op >= OP_LT && op <= OP_GTE && !has_order(field))
        return complain(asker, "\"%.*s\" is %s, which has no order: ask eq, ne or in",
                        STR_ARG(wish->path), program_type_name(field->type));
    enum status st = op == OP_IN
                         ? read_many(asker, wish, field, &ranges)
                         : read_one(asker, wish, field, wish->text, (enum filter_op)op, &ranges);
    if (!st) *ret_ranges = ranges;
    return st;
}

static enum status add_condition(struct asker *asker, const struct program_node *field, struct str path,
                                 const struct ranges *ranges, struct filter_condition *conditions,
                                 uint32_t *count)
{
    uint32_t i = 0;
    struct ranges both = *ranges;
    while (i < *count && !str_eq(conditions[i].path, path)) i++;
    if (i < *count) {
        struct ranges before = {.count = conditions[i].range_count};
        before.items = ARENA_ARRAY(asker->arena, struct filter_range, before.count + 1);
        if (!before.items) return ST_NOMEM;
        if (before.count)
            memcpy(before.items, conditions[i].ranges, before.count * sizeof *before.items);
        enum status st = meet(asker, &before, ranges, &both);
        if (st) return st;
    } else {
        ++*count;
    }
    conditions[i] = (struct filter_condition){
        .path = path, .kind = kind_of(field), .ranges = both.items, .range_count = both.count};
    return ST_OK;
}

enum status engine_filter(const struct program *program, const struct filter_wish *wishes,
                          uint32_t count, bool sensitive, struct arena *arena,
                          struct submission_filter *ret_filter, struct str *reterr_detail)
{
    struct asker asker = {program, arena, sensitive, STR("")};
    struct filter_condition *conditions = ARENA_ARRAY(arena, struct filter_condition, count + 1);
    uint32_t used = 0;
    enum status st = conditions ? ST_OK : ST_NOMEM;
    if (!st && count > (uint32_t)limit(FILTERS))
        st = complain(&asker, "a list has at most %d filters", (int)limit(FILTERS));
    for (uint32_t i = 0; i < count && !st; i++) {
        uint32_t node = 0;
        struct ranges ranges;
        st = find_field(&asker, wishes[i].path, &node);
        if (!st) st = read_wish(&asker, &wishes[i], &program->nodes[node], &ranges);
        if (!st)
            st = add_condition(&asker, &program->nodes[node], wishes[i].path, &ranges, conditions,
                               &used);
    }
    if (st) *reterr_detail = asker.detail;
    else *ret_filter = (struct submission_filter){conditions, used, sensitive};
    return st;
}
