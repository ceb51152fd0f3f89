#include "tests/reference/generated.h"

#include "base/limits.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- texts */

/* Ends with a NUL, like all texts here. */
struct str gen_text(struct generator *g, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *text = arena_alloc(g->arena, (size_t)len + 1);
    assert(len >= 0 && text);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    va_end(args);
    return (struct str){text, (size_t)len};
}

struct str gen_quoted(struct generator *g, const char *text)
{
    struct str quoted = STR("\"");
    for (; *text; text++) {
        bool escape = *text == '"' || *text == '\\' || *text == '{';
        quoted = gen_text(g, "%s%s%c", quoted.ptr, escape ? "\\" : "", *text);
    }
    return gen_text(g, "%s\"", quoted.ptr);
}

const char *gen_date(struct choices *choices)
{
    static const char *const dates[] = {"2020-02-29", "2000-01-01", "2021-02-28", "1999-12-31",
                                        "2024-02-29", "2026-01-15", "2025-03-30", "1970-01-01",
                                        "1900-03-01", "0001-01-01", "9999-12-31", "2008-08-31"};
    return dates[choose(choices, sizeof dates / sizeof *dates)];
}

const char *gen_month(struct choices *choices)
{
    static const char *const months[] = {"2020-02", "2000-01", "2024-12", "1999-12", "2024-02",
                                         "2026-01", "1970-01", "0001-01", "9999-12", "2023-02"};
    return months[choose(choices, sizeof months / sizeof *months)];
}

const char *gen_partial(struct choices *choices)
{
    static const char *const years[] = {"2020", "2000", "2024", "0001", "9999", "2023"};
    switch (choose(choices, 3)) {
    case 1:
        return gen_month(choices);
    case 2:
        return gen_date(choices);
    default:
        return years[choose(choices, 6)];
    }
}

const char *gen_time(struct choices *choices)
{
    static const char *const times[] = {"12:00",    "00:00",      "23:59:59.999", "08:30",
                                        "18:00:00", "02:30:00.5", "12:00:00.001"};
    return times[choose(choices, sizeof times / sizeof *times)];
}

const char *gen_zone(uint32_t number)
{
    static const char *const zones[GEN_ZONES] = {
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia",
        "UTC",           "Asia/Kolkata",     "Pacific/Kiritimati",  "America/St_Johns"};
    return zones[number];
}

const char *gen_datetime(struct choices *choices)
{
    static const char *const moments[] = {
        "2026-01-15T10:00:00Z",      "2020-02-29T12:00:00+01:00", "2025-03-30T01:59:59Z",
        "2025-03-30T02:30:00+02:00", "2025-10-26T00:30:00Z",      "1970-01-01T00:00:00Z",
        "2000-12-31T23:59:59.999Z",  "0001-01-01T00:00:00Z",      "9999-12-31T23:59:59.999Z",
        "9999-12-31T12:00:00Z",      "1999-06-15T23:30:00-05:00"};
    return moments[choose(choices, sizeof moments / sizeof *moments)];
}

const char *gen_plain_text(struct choices *choices)
{
    static const char *const texts[] = {
        "a", "ab",   "abc", "A", "",       "Zoë",  "12",         "007",        "-3.50",
        "b", "c",    "x y", "1", "a\\b{c", "日本", "2024-02-29", "2023-02-29", "Straße ist lang",
        "😀", "ab12", "red", ", "};
    return texts[choose(choices, sizeof texts / sizeof *texts)];
}

/* As they stand in a definition. */
const char *gen_pattern(uint32_t index)
{
    static const char *const patterns[GEN_PATTERNS] = {"[a-z]+",   "[A-Z]?[0-9]*", "(ab|c)*d?",
                                                       "(.|\\n)*", "[^x]{0,5}",    "\\\\p{Lu}.*"};
    return patterns[index];
}

/* ---- lists and currencies: 0 has no scores, 1 whole ones, 2 fractions; 2 is longer than a byte has
 * bits */

static const char *const list_codes[GEN_LISTS][12] = {
    {"a", "b", "c"},
    {"low", "mid", "top one", "x/y~z"},
    {"o1", "o2", "o3", "o4", "o5", "o6", "o7", "o8", "o9", "o10", "o11"}};
static const char *const list_scores[GEN_LISTS][12] = {
    {""}, {"0", "1", "-5", "7"}, {"0.5", "1", "-2.5", "3", "0", "100", "4.5", "0.1", "9", "-0.1", "2"}};

/* Some are called like items, and hide them. */
static const struct gen_column columns[GEN_LISTS][4] = {
    {{"n", {.kind = TYPE_INTEGER}, {"5", "-7", "100"}},
     {"t", {.kind = TYPE_TEXT}, {"\"a\"", "\"\"", "\"Zoë\""}}},
    {{"up", {.kind = TYPE_CHOICE, .list = 0}, {"a", "b", "a", "\"c\""}},
     {"d",
      {.kind = TYPE_DATE},
      {"\"2020-02-29\"", "\"2000-01-01\"", "\"9999-12-31\"", "\"2024-02-29\""}}},
    {{"c",
      {.kind = TYPE_DECIMAL, .scale = 2},
      {"0.5", "1", "-2.25", "3", "0", "100", "4.75", "0.01", "9", "-0.1", "2"}},
     {"f",
      {.kind = TYPE_BOOLEAN},
      {"true", "false", "true", "true", "false", "false", "true", "false", "true", "false", "true"}},
     {"m",
      {.kind = TYPE_MONEY, .scale = 2, .currency = 0},
      {"1", "2.50", "0", "100", "7", "3", "2", "0.01", "-4", "5", "6"}}}};

const struct gen_column *gen_column(uint32_t list, uint32_t index)
{
    return columns[list][index].name ? &columns[list][index] : NULL;
}

uint32_t gen_option_count(uint32_t list)
{
    uint32_t count = 0;
    while (list_codes[list][count]) count++;
    return count;
}

struct str gen_code(uint32_t list, uint32_t option)
{
    return str_of(list_codes[list][option]);
}

const char *gen_currency(uint32_t currency)
{
    static const char *const names[] = {"EUR", "JPY", "KWD"};
    return names[currency];
}

uint32_t gen_currency_scale(uint32_t currency)
{
    static const uint32_t scales[] = {2, 0, 3};
    return scales[currency];
}

bool gen_is_exact(enum program_type kind)
{
    return kind == TYPE_INTEGER || kind == TYPE_DECIMAL || kind == TYPE_MONEY;
}

/* ---- the items, without what they say */

uint32_t gen_container(const struct generator *g, uint32_t item)
{
    uint32_t parent = g->items[item].parent;
    while (node_is_frame(g->items[parent].kind)) parent = g->items[parent].parent;
    return parent;
}

enum gen_made gen_made_in(const struct generator *g, uint32_t item)
{
    return g->items[g->items[item].parent].made;
}

/* Made of fields that nobody writes down. */
static bool is_composite(enum gen_made made)
{
    return made > MADE_MATRIX;
}

static bool gen_holds(enum program_node_kind kind)
{
    return node_is_frame(kind) || kind == NODE_GROUP || kind == NODE_REPEAT;
}

static bool name_is_taken(const struct generator *g, uint32_t item, struct str name)
{
    for (uint32_t i = 1; i < item; i++)
        if (gen_container(g, i) == gen_container(g, item) && str_eq(g->items[i].name, name))
            return true;
    return false;
}

/* Few names, so that inner ones hide outer ones. */
static struct str name_for(struct generator *g, uint32_t item)
{
    static const char *const names[] = {"a", "b",   "c",     "d",    "e",   "f",     "g",
                                        "h", "min", "total", "page", "x_1", "Count", "_p"};
    uint32_t count = sizeof names / sizeof *names, first = choose(g->choices, count);
    for (uint32_t i = 0; i < count; i++) {
        struct str name = str_of(names[(first + i) % count]);
        if (!name_is_taken(g, item, name)) return name;
    }
    return gen_text(g, "n%u", (unsigned)item);
}

static struct gen_type random_type(struct generator *g)
{
    static const enum program_type kinds[] = {
        TYPE_INTEGER, TYPE_BOOLEAN, TYPE_TEXT,     TYPE_CHOICE,     TYPE_DECIMAL,      TYPE_DATE,
        TYPE_INTEGER, TYPE_NUMBER,  TYPE_CHOICES,  TYPE_DECIMAL,    TYPE_TEXT,         TYPE_MONEY,
        TYPE_DATE,    TYPE_TIME,    TYPE_DATETIME, TYPE_YEAR_MONTH, TYPE_PARTIAL_DATE, TYPE_RANKING};
    struct gen_type type = {.kind = kinds[choose(g->choices, sizeof kinds / sizeof *kinds)]};
    if (type.kind == TYPE_TEXT && chance(g->choices, 15))
        type.format = (enum program_format)(1 + choose(g->choices, 3));
    if (type.kind == TYPE_DATETIME && chance(g->choices, 50)) {
        type.format = FORMAT_ZONED;
        type.zone = choose(g->choices, GEN_ZONES + 1);
    }
    if (type.kind == TYPE_DECIMAL) type.scale = chance(g->choices, 50) ? 2 : choose(g->choices, 10);
    if (type.kind == TYPE_MONEY) type.currency = choose(g->choices, 3);
    if (type.kind == TYPE_MONEY) type.scale = gen_currency_scale(type.currency);
    if (type.kind == TYPE_CHOICE || type.kind == TYPE_CHOICES || type.kind == TYPE_RANKING)
        type.list = choose(g->choices, GEN_LISTS);
    return type;
}

struct depth {
    uint32_t nesting, repeats;
};

static enum program_node_kind random_kind(struct generator *g, uint32_t parent, struct depth depth)
{
    uint32_t roll = choose(g->choices, 20);
    bool deep = depth.nesting >= 4 || g->item_count + 3 > g->item_max;
    if (roll >= 13 && roll < 17 && !deep && depth.repeats < 3) return NODE_REPEAT;
    if (roll >= 17 && roll < 19 && !deep) return NODE_GROUP;
    if (roll == 19 && parent == 0 && !deep) return NODE_PAGE;
    if (roll == 18 && !deep && chance(g->choices, 60)) return NODE_SECTION;
    if (roll == 19) return NODE_NOTE;
    return roll >= 11 && roll < 13 ? NODE_LET : NODE_FIELD;
}

static void make_items(struct generator *g, uint32_t parent, struct depth depth, uint32_t count);

static void set_rows(struct generator *g, struct gen_item *item)
{
    static const uint32_t most[] = {3, 2, 1, 4, 10};
    item->rows_max = most[choose(g->choices, 5)];
    item->rows_min = chance(g->choices, 30) ? choose(g->choices, item->rows_max + 1) : 0;
}

static struct gen_item *new_item(struct generator *g, uint32_t parent)
{
    uint32_t number = g->item_count++;
    struct gen_item *item = &g->items[number];
    *item = (struct gen_item){.parent = parent, .end = number + 1, .length_min = -1, .length_max = -1};
    item->value = item->modifiers = item->label = item->filter = STR("");
    return item;
}

/* ---- groups that are made: of a geopoint, of a file, of a matrix */

enum { MADE_MOST = 5 };

static void make_member(struct generator *g, uint32_t parent, const char *name, enum program_type kind,
                        uint32_t scale)
{
    struct gen_item *item = new_item(g, parent);
    item->kind = NODE_FIELD;
    item->name = item->key = str_of(name);
    item->type = (struct gen_type){.kind = kind, .scale = scale};
}

static void make_members(struct generator *g, uint32_t number)
{
    if (g->items[number].made == MADE_GEOPOINT) {
        make_member(g, number, "latitude", TYPE_DECIMAL, 7);
        make_member(g, number, "longitude", TYPE_DECIMAL, 7);
        make_member(g, number, "altitude", TYPE_DECIMAL, 2);
        make_member(g, number, "accuracy", TYPE_DECIMAL, 2);
        g->items[number + 1].low = STR("-90");
        g->items[number + 2].high = STR("180");
        return;
    }
    make_member(g, number, "id", TYPE_TEXT, 0);
    make_member(g, number, "name", TYPE_TEXT, 0);
    make_member(g, number, "type", TYPE_TEXT, 0);
    make_member(g, number, "size", TYPE_INTEGER, 0);
    make_member(g, number, "sha256", TYPE_TEXT, 0);
}

static void make_rows(struct generator *g, uint32_t number)
{
    uint32_t count = 1 + choose(g->choices, MADE_MOST);
    g->items[number].type = random_type(g);
    g->items[number].type.format = FORMAT_PLAIN;
    for (uint32_t i = 0; i < count; i++) {
        struct gen_item *row = new_item(g, number);
        row->kind = NODE_FIELD;
        row->name = row->key = name_for(g, g->item_count - 1);
        row->type = g->items[number].type;
        row->computed = i > 0 && chance(g->choices, 15);
        row->shuffle[0] = row->shuffle[1] = row->shuffle[2] = row->shuffle[3] = choose(g->choices, 256);
    }
}

static bool make_group(struct generator *g, uint32_t number)
{
    if (g->item_count + MADE_MOST > g->item_max || !chance(g->choices, 55)) return false;
    uint32_t roll = choose(g->choices, 8);
    g->items[number].made = roll < 4   ? MADE_MATRIX
                            : roll < 6 ? MADE_FILE
                            : roll < 7 ? MADE_GEOPOINT
                                       : MADE_SIGNATURE;
    if (roll < 4) make_rows(g, number);
    else make_members(g, number);
    return true;
}

static void make_item(struct generator *g, uint32_t parent, struct depth depth)
{
    uint32_t number = g->item_count;
    struct gen_item *item = new_item(g, parent);
    item->kind = random_kind(g, parent, depth);
    item->name = item->key = name_for(g, number);
    bool has_key = item->kind == NODE_FIELD || item->kind == NODE_GROUP || item->kind == NODE_REPEAT;
    if (has_key && chance(g->choices, 10)) item->key = gen_text(g, "k %u/~é", (unsigned)number);
    for (size_t i = 0; i < 4; i++) item->shuffle[i] = choose(g->choices, 256);
    if (item->kind == NODE_FIELD || item->kind == NODE_LET) item->type = random_type(g);
    if (item->kind == NODE_FIELD) item->computed = chance(g->choices, 30);
    if (item->computed && item->type.kind == TYPE_TEXT) item->type.format = FORMAT_PLAIN;
    if (item->kind == NODE_REPEAT) set_rows(g, item);
    depth.nesting += item->kind != NODE_PAGE;
    depth.repeats += item->kind == NODE_REPEAT;
    bool made = item->kind == NODE_GROUP && make_group(g, number);
    if (gen_holds(item->kind) && !made) make_items(g, number, depth, 1 + choose(g->choices, 5));
    item->end = g->item_count;
}

static void make_items(struct generator *g, uint32_t parent, struct depth depth, uint32_t count)
{
    for (uint32_t i = 0; i < count && g->item_count < g->item_max; i++) make_item(g, parent, depth);
}

/* ---- what they say */

static struct gen_place place_of(const struct generator *g, uint32_t item, uint32_t rank)
{
    return (struct gen_place){.container = gen_container(g, item), .rank = rank};
}

static struct gen_place place_inside(const struct generator *g, uint32_t item)
{
    if (node_is_frame(g->items[item].kind)) return place_of(g, item, GEN_ANY);
    return (struct gen_place){.container = item, .rank = GEN_ANY};
}

/* Of what is said of an answer: of a matrix for each of its rows, whose names come first. */
static struct gen_place place_of_answer(const struct generator *g, uint32_t item, uint32_t rank)
{
    if (g->items[item].made != MADE_MATRIX) return place_of(g, item, rank);
    return (struct gen_place){.container = item, .rank = rank};
}

static void add_modifier(struct generator *g, struct gen_item *item, struct str modifier)
{
    item->modifiers = gen_text(g, "%s %s", item->modifiers.ptr, modifier.ptr);
}

static uint32_t random_size(struct generator *g)
{
    static const uint32_t sizes[] = {1, 2, 2, 3, 0, 3, 4};
    return sizes[choose(g->choices, 7)];
}

/* A label or message, often with values in it. */
static struct str words(struct generator *g, const struct gen_place *place, const char *what)
{
    static const char *const ends[] = {"", ".", "?", ":", " \\{x}"};
    struct str text = gen_text(g, "\"%s", what);
    uint32_t values = chance(g->choices, 35) ? 1 + choose(g->choices, 2) : 0;
    for (uint32_t i = 0; i < values; i++) {
        struct str shown = gen_shown(g, place);
        if (shown.len) text = gen_text(g, "%s {%s}", text.ptr, shown.ptr);
    }
    return gen_text(g, "%s%s\"", text.ptr, ends[choose(g->choices, 5)]);
}

static struct str maybe_else(struct generator *g, const struct gen_place *place)
{
    if (!chance(g->choices, 25)) return STR("");
    return gen_text(g, " else %s", words(g, place, "Not so").ptr);
}

static void say_when(struct generator *g, uint32_t number)
{
    struct gen_place place = place_of(g, number, number);
    if (!chance(g->choices, 30)) return;
    const char *word = chance(g->choices, 25) ? "unless" : "when";
    add_modifier(g, &g->items[number],
                 gen_text(g, "%s %s", word, gen_condition(g, &place, random_size(g)).text.ptr));
    if (!chance(g->choices, 10)) return;
    word = strcmp(word, "when") == 0 ? "unless" : "when";
    add_modifier(g, &g->items[number],
                 gen_text(g, "%s %s", word, gen_condition(g, &place, random_size(g)).text.ptr));
}

/* Constants: a lower and an upper one that leave room between them. */
static struct str constant_bound(struct generator *g, struct gen_type type, bool lower)
{
    bool point = type.scale > 0 || type.kind == TYPE_NUMBER;
    switch (type.kind) {
    case TYPE_DATE:
        return lower ? STR("\"2000-01-01\"") : STR("\"2024-12-31\"");
    case TYPE_YEAR_MONTH:
        return lower ? STR("\"2000-01\"") : STR("\"2024-12\"");
    case TYPE_TIME:
        return lower ? STR("\"08:00\"") : STR("\"18:00\"");
    case TYPE_DATETIME:
        return lower ? STR("\"2000-01-01T00:00:00Z\"") : STR("\"2026-01-01T00:00:00+01:00\"");
    default:
        if (lower)
            return chance(g->choices, 50)   ? STR("0")
                   : chance(g->choices, 50) ? STR("-5")
                   : point                  ? STR("0.5")
                                            : STR("1");
        return chance(g->choices, 50) ? STR("100") : point ? STR("7.5") : STR("10");
    }
}

static bool is_bounded(enum program_type kind)
{
    return gen_is_exact(kind) || kind == TYPE_NUMBER || kind == TYPE_DATE || kind == TYPE_TIME ||
           kind == TYPE_DATETIME || kind == TYPE_YEAR_MONTH;
}

static void say_bound(struct generator *g, uint32_t number, bool lower)
{
    struct gen_item *item = &g->items[number];
    struct gen_place place = place_of_answer(g, number, number),
                     all = place_of_answer(g, number, GEN_ANY);
    const char *word = lower ? "min" : "max";
    struct str bound = {"", 0};
    if (!is_bounded(item->type.kind) || !chance(g->choices, 45)) return;
    if (chance(g->choices, 50)) {
        bound = constant_bound(g, item->type, lower);
        if (lower) item->low = bound;
        else item->high = bound;
    } else {
        struct gen_expr e = gen_expr(g, &place, item->type, WANT_INTO, random_size(g));
        if (!e.constant) bound = e.text;
    }
    /* One side of it, or both would be said twice; in parentheses, or a field called page would begin
     * one. */
    if (bound.len && !lower && chance(g->choices, 20))
        add_modifier(g, item, gen_text(g, "between ..(%s)%s", bound.ptr, maybe_else(g, &all).ptr));
    else if (bound.len)
        add_modifier(g, item, gen_text(g, "%s %s%s", word, bound.ptr, maybe_else(g, &all).ptr));
}

/* An integer, mostly small enough to mean something. */
static struct gen_expr count_expr(struct generator *g, uint32_t number)
{
    struct gen_place place = place_of_answer(g, number, number);
    struct gen_type integer = {.kind = TYPE_INTEGER};
    struct gen_expr e = gen_expr(g, &place, integer, WANT_INTO, random_size(g));
    const char *text = e.text.ptr;
    e.text = chance(g->choices, 60) ? gen_text(g, "mod(%s, %u)", text, 2 + choose(g->choices, 9))
                                    : gen_text(g, "(%s)", text);
    return e;
}

static struct str count_text(struct generator *g, uint32_t number)
{
    return count_expr(g, number).text;
}

static void say_moving_length(struct generator *g, uint32_t number)
{
    struct gen_place all = place_of_answer(g, number, GEN_ANY);
    struct str low = count_text(g, number), high = {"", 0};
    uint32_t shape = choose(g->choices, 4);
    g->items[number].length_min = shape == 1;
    if (shape == 1) low = STR("1");
    if (shape == 2) low = STR("");
    if (shape != 3) high = count_text(g, number);
    add_modifier(g, &g->items[number],
                 gen_text(g, "length %s..%s%s", low.ptr, high.ptr, maybe_else(g, &all).ptr));
}

static void say_rows(struct generator *g, uint32_t number)
{
    if (!chance(g->choices, 25)) return;
    struct str low = count_text(g, number), high = {"", 0};
    uint32_t shape = choose(g->choices, 4);
    const char *dots = shape == 0 ? "" : "..";
    if (shape == 1) low = STR("");
    if (shape == 1 || shape == 2) high = count_text(g, number);
    add_modifier(g, &g->items[number], gen_text(g, "rows %s%s%s", low.ptr, dots, high.ptr));
}

/* Suggestions, defaults, and fields that are not to be changed. */
static void say_start(struct generator *g, uint32_t number)
{
    struct gen_item *item = &g->items[number];
    struct gen_place place = place_of_answer(g, number, number);
    bool constant = item->type.kind != TYPE_CHOICES && item->type.kind != TYPE_MONEY &&
                    item->type.kind != TYPE_RANKING && item->length_max < 0 && !item->low.len &&
                    !item->high.len && item->length_min < 0;
    uint32_t roll = choose(g->choices, 16);
    if (roll < 13) return;
    if (roll == 13 && constant)
        add_modifier(g, item, gen_text(g, "default %s", gen_literal(g, item->type).ptr));
    else if (gen_can_read(g, &place, item->type))
        add_modifier(g, item,
                     gen_text(g, "suggest %s",
                              gen_expr(g, &place, item->type, WANT_INTO, random_size(g)).text.ptr));
    else return;
    if (!chance(g->choices, 60)) return;
    add_modifier(g, item, STR("readonly"));
    const char *words[] = {"", " when ", " unless "}, *word = words[choose(g->choices, 3)];
    if (*word)
        add_modifier(g, item,
                     gen_text(g, "%s%s", word, gen_condition(g, &place, random_size(g)).text.ptr));
}

static void say_length(struct generator *g, uint32_t number)
{
    static const struct {
        const char *text;
        int64_t least, most;
    } lengths[] = {{"..8", -1, 8}, {"1..5", 1, 5}, {"0..40", 0, 40}, {"3", 3, 3},
                   {"2..", 2, -1}, {"..1", -1, 1}, {"..20", -1, 20}};
    struct gen_item *item = &g->items[number];
    struct gen_place place = place_of_answer(g, number, GEN_ANY);
    bool text = item->type.kind == TYPE_TEXT;
    bool many = item->type.kind == TYPE_CHOICES || item->type.kind == TYPE_RANKING;
    if ((!text && !many) || !chance(g->choices, text ? 90 : 30)) return;
    if (chance(g->choices, 20)) {
        say_moving_length(g, number);
        return;
    }
    uint32_t which = choose(g->choices, 7);
    item->length_min = lengths[which].least;
    item->length_max = lengths[which].most;
    add_modifier(g, item, gen_text(g, "length %s%s", lengths[which].text, maybe_else(g, &place).ptr));
}

static void say_filter(struct generator *g, uint32_t number)
{
    struct gen_item *item = &g->items[number];
    struct gen_place place = place_of_answer(g, number, number);
    struct gen_place inside = {.container = place.container,
                               .outside = &place,
                               .stop = place.container,
                               .options = item->type.list + 1,
                               .rank = place.rank};
    bool chooses = item->type.kind == TYPE_CHOICE || item->type.kind == TYPE_CHOICES ||
                   item->type.kind == TYPE_RANKING;
    if (chooses && chance(g->choices, 40))
        item->filter = gen_condition(g, &inside, random_size(g)).text;
}

static void say_other(struct generator *g, uint32_t number)
{
    static const char *const lengths[] = {"", " length ..4", " length 2..5", " length 1.."};
    struct gen_item *item = &g->items[number];
    struct gen_place place = place_of_answer(g, number, GEN_ANY);
    bool chooses = item->type.kind == TYPE_CHOICE || item->type.kind == TYPE_CHOICES;
    if (!chooses || !chance(g->choices, 40)) return;
    item->open = true;
    add_modifier(
        g, item,
        gen_text(g, "other %s%s", words(g, &place, "Else").ptr, lengths[choose(g->choices, 4)]));
}

static void say_wall(struct generator *g, uint32_t number)
{
    struct gen_item *item = &g->items[number];
    struct gen_place place = place_of(g, number, GEN_ANY);
    if (item->type.format != FORMAT_ZONED) return;
    if (chance(g->choices, 40))
        add_modifier(g, item, gen_text(g, "skipped refuse%s", maybe_else(g, &place).ptr));
    uint32_t roll = choose(g->choices, 3);
    if (roll == 1) add_modifier(g, item, STR("repeated second"));
    if (roll == 2) add_modifier(g, item, gen_text(g, "repeated refuse%s", maybe_else(g, &place).ptr));
}

static void say_pattern(struct generator *g, uint32_t number)
{
    struct gen_place place = place_of_answer(g, number, GEN_ANY);
    if (g->items[number].type.kind != TYPE_TEXT || !chance(g->choices, 15)) return;
    const char *pattern = gen_pattern(choose(g->choices, GEN_PATTERNS));
    add_modifier(g, &g->items[number],
                 gen_text(g, "pattern \"%s\"%s", pattern, maybe_else(g, &place).ptr));
}

/* A value that can be made: of some types only others can be read. */
static void settle_type(struct generator *g, uint32_t number, const struct gen_place *place)
{
    struct gen_item *item = &g->items[number];
    if (gen_can_read(g, place, item->type)) return;
    bool set = item->type.kind == TYPE_CHOICES || item->type.kind == TYPE_RANKING,
         let = item->kind == NODE_LET;
    if (set && item->computed) item->computed = false;
    else if (let && (set || item->type.kind == TYPE_CHOICE || item->type.kind == TYPE_MONEY ||
                     item->type.kind == TYPE_PARTIAL_DATE))
        item->type = (struct gen_type){.kind = TYPE_TEXT};
}

static bool in_repeat(const struct generator *g, uint32_t item)
{
    for (uint32_t at = gen_container(g, item); at != 0; at = gen_container(g, at))
        if (g->items[at].kind == NODE_REPEAT) return true;
    return false;
}

/* From row to row: what is computed may look at itself in the row before. */
static void say_running(struct generator *g, uint32_t number)
{
    struct gen_item *item = &g->items[number];
    bool exact = item->type.kind == TYPE_INTEGER || item->type.kind == TYPE_DECIMAL;
    if (!in_repeat(g, number) || !chance(g->choices, 20)) return;
    if (exact && chance(g->choices, 60))
        item->value = gen_text(g, "abs(%s) + (prior.%s ?? 0)", item->value.ptr, item->name.ptr);
    else if (item->type.kind != TYPE_MONEY) /* whose value may be written as a decimal, which is no
                                               second branch beside it */
        item->value =
            gen_text(g, "if position() = 2 then prior.%s else %s", item->name.ptr, item->value.ptr);
}

static void say_unique(struct generator *g, uint32_t number)
{
    bool open = strstr(g->items[number].modifiers.ptr, " other \"") != NULL;
    if (!open && in_repeat(g, number) && chance(g->choices, 12))
        add_modifier(g, &g->items[number], STR("unique"));
}

static void say_value(struct generator *g, uint32_t number)
{
    struct gen_item *item = &g->items[number];
    struct gen_place place = place_of(g, number, number);
    settle_type(g, number, &place);
    if (!item->computed && item->kind != NODE_LET) return;
    struct gen_expr e =
        gen_expr(g, &place, item->type, item->computed ? WANT_INTO : WANT_NOTHING, random_size(g));
    item->value = e.text;
    if (item->computed) say_running(g, number);
    if (item->kind == NODE_LET) item->type = e.type;
}

static void say_file(struct generator *g, uint32_t number)
{
    static const char *const types[] = {"\"image/*\"", "\"image/png\", \"text/plain\"", "\"a/b.c+d\""};
    struct gen_item *item = &g->items[number], *size = &g->items[number + 4];
    struct gen_place all = place_of(g, number, GEN_ANY);
    if (chance(g->choices, 50))
        add_modifier(g, item,
                     gen_text(g, "types %s%s", types[choose(g->choices, 3)], maybe_else(g, &all).ptr));
    if (!chance(g->choices, 60)) return;
    struct gen_expr most = {.text = STR("1_000"), .constant = true};
    if (!chance(g->choices, 60)) most = count_expr(g, number);
    if (most.constant) most.text = STR("1_000"), size->high = STR("1000"); /* not below the least */
    const char *low = chance(g->choices, 30) ? "1" : "";
    add_modifier(g, item, gen_text(g, "size %s..%s%s", low, most.text.ptr, maybe_else(g, &all).ptr));
}

/* What the matrix says of answers holds for the row's. */
static void say_row(struct generator *g, uint32_t number)
{
    struct gen_item *row = &g->items[number];
    const struct gen_item *matrix = &g->items[row->parent];
    row->low = matrix->low;
    row->high = matrix->high;
    row->length_min = matrix->length_min;
    row->length_max = matrix->length_max;
    row->open = matrix->open && !row->computed;
    say_value(g, number);
    say_when(g, number);
}

static void say_rules(struct generator *g, uint32_t number)
{
    struct gen_item *item = &g->items[number];
    if (is_composite(gen_made_in(g, number))) return;
    if (gen_made_in(g, number) == MADE_MATRIX) {
        say_row(g, number);
        return;
    }
    if (!item->made) say_value(g, number);
    if (item->kind != NODE_LET) say_when(g, number);
    if (item->kind == NODE_REPEAT) say_rows(g, number);
    if (item->made == MADE_FILE || item->made == MADE_SIGNATURE) say_file(g, number);
    if ((item->kind != NODE_FIELD && item->made != MADE_MATRIX) || item->computed) return;
    say_bound(g, number, true);
    say_bound(g, number, false);
    say_length(g, number);
    say_pattern(g, number);
    say_wall(g, number);
    say_filter(g, number);
    say_other(g, number);
    say_start(g, number);
    say_unique(g, number);
}

/* ---- what may read everything, since nothing reads it */

static void say_required(struct generator *g, uint32_t number)
{
    struct gen_item *item = &g->items[number];
    struct gen_place place = place_of_answer(g, number, GEN_ANY);
    bool asks = item->kind == NODE_FIELD || item->kind == NODE_REPEAT || item->made;
    if (item->computed || !asks || is_composite(gen_made_in(g, number))) return;
    uint32_t roll = choose(g->choices, 10);
    if (roll < 5) return;
    const char *word = roll == 8 && chance(g->choices, 30) ? "unless" : "when";
    struct str when =
        roll < 8 ? STR("")
                 : gen_text(g, " %s %s", word, gen_condition(g, &place, random_size(g)).text.ptr);
    add_modifier(g, item, gen_text(g, "required%s%s", when.ptr, maybe_else(g, &place).ptr));
}

static struct str check_text(struct generator *g, const struct gen_place *place)
{
    struct str condition = gen_condition(g, place, random_size(g)).text, at = {"", 0}, name = {"", 0};
    if (chance(g->choices, 10))
        condition = gen_text(g, "%s unless %s", condition.ptr,
                             gen_condition(g, place, random_size(g)).text.ptr);
    if (chance(g->choices, 40))
        at = gen_path(g, place, 1u << NODE_FIELD | 1u << NODE_GROUP | 1u << NODE_REPEAT);
    if (at.len) at = gen_text(g, " at %s", at.ptr);
    if (chance(g->choices, 40)) name = gen_text(g, " as c%u", (unsigned)g->next_name++);
    return gen_text(g, "check %s else %s%s%s", condition.ptr, words(g, place, "Wrong").ptr, at.ptr,
                    name.ptr);
}

static void say_check(struct generator *g, uint32_t number)
{
    struct gen_item *item = &g->items[number];
    bool field = item->kind == NODE_FIELD || item->made,
         holds = (item->end > number + 1 && !field) || number == 0;
    if (is_composite(gen_made_in(g, number))) return;
    if (!(field && chance(g->choices, 15)) && !(holds && chance(g->choices, 60))) return;
    bool inside = !field || item->made == MADE_MATRIX;
    struct gen_place place = inside ? place_inside(g, number) : place_of(g, number, GEN_ANY);
    if (field) add_modifier(g, item, check_text(g, &place));
    else if (g->check_count < GEN_CHECKS)
        g->checks[g->check_count++] = (struct gen_check){number, check_text(g, &place)};
}

static void say_texts(struct generator *g, uint32_t number)
{
    struct gen_item *item = &g->items[number];
    struct gen_place place = place_of(g, number, GEN_ANY);
    static const char *const labels[] = {"Label", "full Name", "VAT", "Was it", "x"};
    bool row = gen_made_in(g, number) == MADE_MATRIX,
         must = item->kind == NODE_NOTE || item->kind == NODE_PAGE || row;
    if (item->kind == NODE_LET || is_composite(gen_made_in(g, number))) return;
    if (must || chance(g->choices, 60)) item->label = words(g, &place, labels[choose(g->choices, 5)]);
    if (chance(g->choices, 8))
        add_modifier(g, item, gen_text(g, "hint %s", words(g, &place, "Hint").ptr));
    bool holds = (item->kind == NODE_GROUP && !is_composite(item->made)) || item->kind == NODE_REPEAT;
    if (holds && chance(g->choices, 20))
        add_modifier(g, item, chance(g->choices, 70) ? STR("unknown ignore") : STR("unknown refuse"));
    bool field = (item->kind == NODE_FIELD && !row) || item->made;
    bool text = field && item->type.kind == TYPE_TEXT && !item->computed;
    struct gen_place answer = place_of_answer(g, number, GEN_ANY);
    if (text && chance(g->choices, 8))
        add_modifier(g, item, gen_text(g, "placeholder %s", words(g, &answer, "Like").ptr));
    if (field && chance(g->choices, 5)) add_modifier(g, item, STR("hidden"));
    if (field && !item->computed && chance(g->choices, 12)) add_modifier(g, item, STR("keep"));
    if (item->key.ptr != item->name.ptr)
        add_modifier(g, item, gen_text(g, "key \"%s\"", item->key.ptr));
}

/* ---- a whole form */

static const char *random_zone(struct choices *choices)
{
    static const char *const zones[] = {"UTC",          "Europe/Berlin",      "America/New_York",
                                        "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Apia"};
    return zones[choose(choices, 6)];
}

/* What an option's condition reads stands before every field of its list, so there are no circles. */
static void say_offers(struct generator *g, uint32_t list)
{
    uint32_t first = 1;
    while (first < g->item_count &&
           !(g->items[first].type.list == list &&
             (g->items[first].type.kind == TYPE_CHOICE || g->items[first].type.kind == TYPE_CHOICES ||
              g->items[first].type.kind == TYPE_RANKING)))
        first++;
    struct gen_place place = {.container = 0, .rank = first};
    for (uint32_t i = 0; i < GEN_OFFERS; i++) {
        g->offers[list][i] = STR("");
        if (!chance(g->choices, 25)) continue;
        const char *word = chance(g->choices, 30) ? "unless" : "when";
        g->offers[list][i] =
            gen_text(g, "%s %s", word, gen_condition(g, &place, random_size(g)).text.ptr);
    }
}

struct generator *generator_new(struct arena *arena, struct choices *choices)
{
    static const uint32_t sizes[] = {6, 3, 10, 16, 30, GEN_ITEMS};
    struct generator *g = ARENA_NEW(arena, struct generator);
    assert(g);
    g->arena = arena;
    g->choices = choices;
    g->item_max = sizes[choose(choices, 6)];
    g->item_count = 1;
    g->items[0] = (struct gen_item){.kind = NODE_FORM};
    g->zone = random_zone(choices);
    g->two_languages = chance(choices, 20);
    g->ignore_unknown = chance(choices, 20);
    while (g->item_count < g->item_max && !(g->item_count > 1 && choices->at >= choices->len))
        make_items(g, 0, (struct depth){0, 0}, g->item_max);
    g->items[0].end = g->item_count;
    for (uint32_t i = 1; i < g->item_count; i++) say_rules(g, i);
    for (uint32_t i = 1; i < g->item_count; i++) {
        say_required(g, i);
        say_texts(g, i);
        say_check(g, i);
    }
    say_check(g, 0);
    for (uint32_t i = 0; i < GEN_LISTS; i++) say_offers(g, i);
    g->choices = NULL; /* all that follows is fixed */
    return g;
}

/* ---- printing */

static struct str type_text(struct generator *g, struct gen_type type)
{
    static const char *const formats[] = {"text", "email", "url", "phone"};
    static const char *const names[] = {[TYPE_BOOLEAN] = "boolean",
                                        [TYPE_INTEGER] = "integer",
                                        [TYPE_NUMBER] = "number",
                                        [TYPE_DATE] = "date",
                                        [TYPE_TIME] = "time",
                                        [TYPE_YEAR_MONTH] = "year_month",
                                        [TYPE_PARTIAL_DATE] = "partial_date"};
    switch (type.kind) {
    case TYPE_DATETIME:
        if (type.format == FORMAT_ZONED && type.zone < GEN_ZONES)
            return gen_text(g, "zoned(\"%s\")", gen_zone(type.zone));
        return type.format == FORMAT_ZONED ? STR("zoned") : STR("datetime");
    case TYPE_TEXT:
        return str_of(formats[type.format]);
    case TYPE_DECIMAL:
        return gen_text(g, "decimal(%u)", (unsigned)type.scale);
    case TYPE_MONEY:
        return gen_text(g, "money(%s)", gen_currency(type.currency));
    case TYPE_CHOICE:
    case TYPE_CHOICES:
    case TYPE_RANKING:
        return gen_text(g, "%s(list%u)",
                        type.kind == TYPE_CHOICE    ? "choice"
                        : type.kind == TYPE_CHOICES ? "choices"
                                                    : "ranking",
                        (unsigned)type.list);
    default:
        return str_of(names[type.kind]);
    }
}

static struct str filtered_type(struct generator *g, const struct gen_item *item)
{
    struct str type = type_text(g, item->type);
    if (item->filter.len == 0) return type;
    return gen_text(g, "%.*s where %s)", (int)type.len - 1, type.ptr, item->filter.ptr);
}

static struct str head_of_made(struct generator *g, const struct gen_item *item, struct str label)
{
    static const char *const types[] = {"", "", "geopoint", "file", "signature"};
    if (item->made == MADE_MATRIX)
        return gen_text(g, "matrix %s%s of %s%s", item->name.ptr, label.ptr, filtered_type(g, item).ptr,
                        item->modifiers.ptr);
    return gen_text(g, "%s: %s%s%s", item->name.ptr, types[item->made], label.ptr, item->modifiers.ptr);
}

static struct str head_of_row(struct generator *g, const struct gen_item *item)
{
    struct str value = item->computed ? gen_text(g, " = %s", item->value.ptr) : STR("");
    return gen_text(g, "%s %s%s%s", item->name.ptr, item->label.ptr, value.ptr, item->modifiers.ptr);
}

static struct str head_of(struct generator *g, const struct gen_item *item)
{
    struct str type, label = item->label.len ? gen_text(g, " %s", item->label.ptr) : STR("");
    switch (item->kind) {
    case NODE_LET:
        return gen_text(g, "let %s = %s", item->name.ptr, item->value.ptr);
    case NODE_FIELD:
        if (g->items[item->parent].made == MADE_MATRIX) return head_of_row(g, item);
        type = filtered_type(g, item);
        if (item->computed) type = gen_text(g, "%s%s = %s", type.ptr, label.ptr, item->value.ptr);
        else type = gen_text(g, "%s%s", type.ptr, label.ptr);
        return gen_text(g, "%s: %s%s", item->name.ptr, type.ptr, item->modifiers.ptr);
    case NODE_REPEAT:
        return gen_text(g, "repeat %s%s %u..%u%s", item->name.ptr, label.ptr, (unsigned)item->rows_min,
                        (unsigned)item->rows_max, item->modifiers.ptr);
    case NODE_GROUP:
        if (item->made) return head_of_made(g, item, label);
        return gen_text(g, "group %s%s%s", item->name.ptr, label.ptr, item->modifiers.ptr);
    case NODE_SECTION:
        return gen_text(g, "section %s%s%s", item->name.ptr, label.ptr, item->modifiers.ptr);
    case NODE_PAGE:
        return gen_text(g, "page %s%s%s", item->name.ptr, label.ptr, item->modifiers.ptr);
    default:
        assert(item->kind == NODE_NOTE);
        return gen_text(g, "note %s%s%s", item->name.ptr, label.ptr, item->modifiers.ptr);
    }
}

struct child {
    uint32_t item, place;
};

static int by_place(const void *a, const void *b)
{
    const struct child *x = a, *y = b;
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    return x->item < y->item ? -1 : x->item > y->item;
}

static void print_items(struct generator *g, uint32_t parent, uint32_t order, uint32_t depth,
                        struct buf *out);

static void print_item(struct generator *g, uint32_t number, uint32_t order, uint32_t depth,
                       struct buf *out)
{
    const struct gen_item *item = &g->items[number];
    bool holds = gen_holds(item->kind) && !is_composite(item->made);
    buf_printf(out, "%*s%s", (int)depth * 2, "", head_of(g, item).ptr);
    if (holds) {
        buf_puts(out, " {\n");
        print_items(g, number, order, depth + 1, out);
        buf_printf(out, "%*s}", (int)depth * 2, "");
    }
    buf_putc(out, '\n');
}

/* First of all: right behind a field they would be its own. */
static void print_checks(const struct generator *g, uint32_t parent, uint32_t order, uint32_t depth,
                         struct buf *out)
{
    for (uint32_t i = 0; i < g->check_count; i++) {
        uint32_t check = order % 2 ? g->check_count - 1 - i : i;
        if (g->checks[check].owner == parent)
            buf_printf(out, "%*s%s\n", (int)depth * 2, "", g->checks[check].text.ptr);
    }
}

static void print_items(struct generator *g, uint32_t parent, uint32_t order, uint32_t depth,
                        struct buf *out)
{
    struct child children[GEN_ITEMS];
    uint32_t count = 0;
    for (uint32_t i = parent + 1; i < g->items[parent].end; i++)
        if (g->items[i].parent == parent)
            children[count++] = (struct child){i, g->items[i].shuffle[order % 4]};
    qsort(children, count, sizeof *children, by_place);
    print_checks(g, parent, order, depth, out);
    for (uint32_t i = 0; i < count; i++) print_item(g, children[i].item, order, depth, out);
}

static void print_lists(struct generator *g, struct buf *out)
{
    for (uint32_t list = 0; list < GEN_LISTS; list++) {
        buf_printf(out, "  choices list%u", (unsigned)list);
        for (uint32_t i = 0; gen_column(list, i); i++)
            buf_printf(out, "%s%s: %s", i ? ", " : " with ", gen_column(list, i)->name,
                       type_text(g, gen_column(list, i)->type).ptr);
        buf_puts(out, " {");
        for (uint32_t i = 0; i < gen_option_count(list); i++) {
            struct str code = gen_code(list, i);
            buf_printf(out, " \"%s\" \"Option %u\"", code.ptr, (unsigned)i);
            for (uint32_t k = 0; gen_column(list, k); k++)
                buf_printf(out, "%s%s", k ? ", " : " (", gen_column(list, k)->cells[i]);
            buf_putc(out, ')');
            if (list_scores[list][i] && *list_scores[list][i])
                buf_printf(out, " = %s", list_scores[list][i]);
            if (i < GEN_OFFERS && g->offers[list][i].len)
                buf_printf(out, " %s", g->offers[list][i].ptr);
        }
        buf_puts(out, " }\n");
    }
}

/* Full, from the form; pages left out. */
static struct str full_path(struct generator *g, uint32_t item)
{
    struct str path = g->items[item].name;
    for (uint32_t at = gen_container(g, item); at != 0; at = gen_container(g, at))
        path = gen_text(g, "%s.%s", g->items[at].name.ptr, path.ptr);
    return path;
}

static void print_translation(struct generator *g, struct buf *out)
{
    buf_puts(out, "  translate de {\n    title \"Formular\"\n    list0.a \"Eins\"\n");
    for (uint32_t i = 1; i < g->item_count; i += 2)
        if (g->items[i].label.len)
            buf_printf(out, "    %s \"Frage %u\"\n", full_path(g, i).ptr, (unsigned)i);
    buf_puts(out, "  }\n");
}

/* Constants and functions, for own_call(). Arguments may be constants, so nothing here is made too
 * large. */
static const char *gen_functions(void)
{
    return "  const TEN = FIVE * 2\n  const FIVE = 5\n  const LONG_AGO = \"1950-06-30\"\n"
           "  function fn_twice(n: integer): integer = if fn_small(n) then abs(n) + n else n\n"
           "  function fn_small(n: integer): boolean = n < TEN and n > -TEN\n"
           "  function fn_either(a: integer, b: integer): integer = (a ?? b) ?? max(a, b, FIVE)\n"
           "  function fn_pick(p: boolean, q: boolean, n: integer): integer =\n"
           "    if (p and q) or (p and answered(n)) or not q then fn_either(n, TEN) else fn_twice(n)\n"
           "  function fn_year(d: date): integer = if d < LONG_AGO then 0 else year(d) ?? TEN\n"
           "  function fn_long(t: text, most: integer): integer =\n"
           "    if length(t) > most then most else fn_twice(length(t))\n";
}

struct str generator_source(struct generator *g, uint32_t order)
{
    struct buf out;
    buf_init(&out, g->arena->mem, (size_t)limit(SOURCE_BYTES));
    buf_printf(&out, "edition 2026\nform generated \"Generated\" {\n  timezone \"%s\"\n", g->zone);
    if (g->two_languages) buf_puts(&out, "  languages en, de, fr, ar, pt_BR, hi, pl, ja, fa, eo\n");
    if (g->ignore_unknown) buf_puts(&out, "  unknown ignore\n");
    print_lists(g, &out);
    buf_puts(&out, gen_functions());
    print_items(g, 0, order, 1, &out);
    if (g->two_languages) print_translation(g, &out);
    buf_puts(&out, "}\n");
    struct str source = arena_str(g->arena, buf_str(&out));
    buf_release(&out);
    return source;
}
