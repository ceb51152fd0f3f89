/* Expressions of a wanted type, out of what can be read from where they stand. */
#include "tests/reference/generated.h"

#include "base/decimal.h"

#include <assert.h>
#include <stdio.h>

/* ---- what can be read: names are looked up as docs/language.md §6 says */

struct candidate {
    uint32_t item, from; /* the container in which the path's first name stands */
    uint32_t rows;       /* the innermost repeat that the path goes into, or 0 */
    bool outer;
    const struct gen_column *column; /* of what the item chooses; of the option asked about when item is
                                        GEN_ANY; or NULL */
};

struct candidates {
    struct candidate items[GEN_ITEMS * 4];
    uint32_t count;
};

static uint32_t item_named(const struct generator *g, uint32_t container, struct str name)
{
    for (uint32_t i = container + 1; i < g->items[container].end; i++)
        if (gen_container(g, i) == container && str_eq(g->items[i].name, name)) return i;
    return GEN_ANY;
}

static bool is_column(uint32_t list, struct str name)
{
    for (uint32_t i = 0; gen_column(list, i); i++)
        if (str_eq(str_of(gen_column(list, i)->name), name)) return true;
    return false;
}

/* The item that a first name means, or GEN_ANY. */
static uint32_t resolve(const struct generator *g, const struct gen_place *place, struct str name)
{
    for (; place; place = place->outside) {
        if (place->options && is_column(place->options - 1, name)) return GEN_ANY;
        for (uint32_t at = place->container; !(place->outside && at == place->stop);
             at = gen_container(g, at)) {
            uint32_t found = item_named(g, at, name);
            if (found != GEN_ANY) return found;
            if (at == 0) break;
        }
    }
    return GEN_ANY;
}

/* All ways to write a path to the item, or to a column of what it chooses. */
static void add_paths_to(const struct generator *g, const struct gen_place *place, uint32_t item,
                         const struct gen_column *column, struct candidates *all)
{
    struct candidate one = {.item = item, .column = column};
    for (uint32_t first = item; first != 0; first = one.from) {
        one.from = gen_container(g, first);
        one.outer = false;
        if (all->count == GEN_ITEMS * 4) return;
        if (resolve(g, place, g->items[first].name) == first) all->items[all->count++] = one;
        else if (place->outside && resolve(g, place->outside, g->items[first].name) == first) {
            one.outer = true;
            all->items[all->count++] = one;
        }
        if (g->items[one.from].kind == NODE_REPEAT && !one.rows) one.rows = one.from;
    }
}

static void add_paths(const struct generator *g, const struct gen_place *place, uint32_t item,
                      struct candidates *all)
{
    add_paths_to(g, place, item, NULL, all);
}

/* The columns of the option asked about, unless a name further inside hides them: there is none. */
static void add_columns(const struct gen_place *place, struct candidates *all)
{
    const struct candidate none = {.item = GEN_ANY};
    if (!place->options) return;
    for (uint32_t i = 0; gen_column(place->options - 1, i); i++) {
        if (all->count == GEN_ITEMS * 4) return;
        all->items[all->count] = none;
        all->items[all->count++].column = gen_column(place->options - 1, i);
    }
}

static struct gen_type type_of(const struct generator *g, const struct candidate *one)
{
    return one->column ? one->column->type : g->items[one->item].type;
}

/* Keeps those that lead to one value, or (`rows`) those that mean one for each row. */
static void keep(struct candidates *all, bool rows)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < all->count; i++)
        if ((all->items[i].rows != 0) == rows) all->items[count++] = all->items[i];
    all->count = count;
}

static bool fits(struct gen_type wanted, struct gen_type found)
{
    switch (wanted.kind) {
    case TYPE_INTEGER:
        return gen_is_exact(found.kind) && found.kind != TYPE_MONEY && found.scale == 0;
    case TYPE_DECIMAL:
        return gen_is_exact(found.kind) && found.kind != TYPE_MONEY && found.scale <= wanted.scale;
    case TYPE_MONEY:
        return found.kind == TYPE_MONEY && found.currency == wanted.currency;
    case TYPE_CHOICE:
    case TYPE_CHOICES:
    case TYPE_RANKING:
        return found.kind == wanted.kind && found.list == wanted.list;
    default:
        return found.kind == wanted.kind;
    }
}

static bool has_value(const struct gen_item *item)
{
    return item->kind == NODE_FIELD || item->kind == NODE_LET;
}

static struct candidates values_of(const struct generator *g, const struct gen_place *place,
                                   struct gen_type type, bool rows)
{
    struct candidates all = {.count = 0};
    for (uint32_t i = 1; i < g->item_count && i < place->rank; i++) {
        const struct gen_item *item = &g->items[i];
        if (!has_value(item)) continue;
        if (fits(type, item->type)) add_paths(g, place, i, &all);
        for (uint32_t k = 0; item->type.kind == TYPE_CHOICE && gen_column(item->type.list, k); k++)
            if (fits(type, gen_column(item->type.list, k)->type))
                add_paths_to(g, place, i, gen_column(item->type.list, k), &all);
    }
    add_columns(place, &all);
    keep(&all, rows);
    uint32_t count = 0;
    for (uint32_t i = 0; i < all.count; i++)
        if (fits(type, type_of(g, &all.items[i]))) all.items[count++] = all.items[i];
    all.count = count;
    return all;
}

/* Any value at all. */
static struct candidates all_values(const struct generator *g, const struct gen_place *place)
{
    struct candidates all = {.count = 0};
    for (uint32_t i = 1; i < g->item_count && i < place->rank; i++)
        if (has_value(&g->items[i])) add_paths(g, place, i, &all);
    add_columns(place, &all);
    keep(&all, false);
    return all;
}

static struct candidates repeats_of(const struct generator *g, const struct gen_place *place)
{
    struct candidates all = {.count = 0};
    for (uint32_t i = 1; i < g->item_count && i < place->rank; i++)
        if (g->items[i].kind == NODE_REPEAT) add_paths(g, place, i, &all);
    return all;
}

static struct str path_of(struct generator *g, const struct candidate *one)
{
    if (one->item == GEN_ANY) return str_of(one->column->name);
    struct str path = g->items[one->item].name;
    if (one->column) path = gen_text(g, "%s.%s", path.ptr, one->column->name);
    for (uint32_t at = gen_container(g, one->item); at != one->from; at = gen_container(g, at))
        path = gen_text(g, "%s.%s", g->items[at].name.ptr, path.ptr);
    return one->outer ? gen_text(g, "outer.%s", path.ptr) : path;
}

static const struct candidate *pick(struct generator *g, const struct candidates *all)
{
    assert(all->count > 0);
    return &all->items[choose(g->choices, all->count)];
}

bool gen_can_read(struct generator *g, const struct gen_place *place, struct gen_type type)
{
    struct candidates all = values_of(g, place, type, false);
    return all.count > 0;
}

struct str gen_path(struct generator *g, const struct gen_place *place, uint32_t kinds)
{
    struct candidates all = {.count = 0};
    for (uint32_t i = 1; i < g->item_count && i < place->rank; i++)
        if (kinds >> g->items[i].kind & 1) add_paths(g, place, i, &all);
    keep(&all, false);
    return all.count ? path_of(g, pick(g, &all)) : (struct str){"", 0};
}

/* ---- formats */

/* One that the type takes; "" is one. */
static const char *format_of(struct generator *g, struct gen_type type)
{
    static const char *const moments[] = {"", "", "plain", "short", "long", "full"};
    static const char *const exact[] = {"", "", "", "plain", "percent"};
    static const char *const lists[] = {"", "list", "and", "or"};
    static const char *const money[] = {"KWD", "EUR", "JPY", "CHF"}; /* 3, 2, 0 and 2 digits */
    switch (type.kind) {
    case TYPE_DATE:
    case TYPE_DATETIME:
    case TYPE_PARTIAL_DATE:
        return moments[choose(g->choices, 6)];
    case TYPE_TIME:
    case TYPE_YEAR_MONTH:
        return moments[choose(g->choices, 5)];
    case TYPE_INTEGER:
        if (chance(g->choices, 20)) return money[choose(g->choices, 4)];
        return exact[choose(g->choices, 5)];
    case TYPE_DECIMAL:
        if (chance(g->choices, 20) && type.scale <= 3)
            return money[type.scale <= 2 ? choose(g->choices, 2) : 0];
        return exact[choose(g->choices, 5)];
    case TYPE_NUMBER:
        return exact[choose(g->choices, 5)];
    case TYPE_MONEY:
    case TYPE_BOOLEAN:
        return exact[choose(g->choices, 4)];
    case TYPE_CHOICES:
    case TYPE_RANKING:
        return lists[choose(g->choices, 4)];
    default:
        return "";
    }
}

struct str gen_shown(struct generator *g, const struct gen_place *place)
{
    static const char *const lists[] = {"list", "and", "or"};
    struct candidates all = {.count = 0};
    for (uint32_t i = 1; i < g->item_count && i < place->rank; i++)
        if (has_value(&g->items[i])) add_paths(g, place, i, &all);
    if (all.count == 0) return STR("");
    const struct candidate *one = pick(g, &all);
    struct str path = path_of(g, one);
    const char *format = one->rows ? lists[choose(g->choices, 3)] : "";
    /* A let has the type that its expression happened to have. */
    if (!one->rows && g->items[one->item].kind == NODE_FIELD) format = format_of(g, type_of(g, one));
    return *format ? gen_text(g, "%s:%s", path.ptr, format) : path;
}

/* ---- literals */

static const int64_t whole_numbers[] = {0,
                                        1,
                                        2,
                                        3,
                                        5,
                                        7,
                                        10,
                                        18,
                                        99,
                                        100,
                                        1000,
                                        94906266,
                                        3037000500,
                                        4503599627370496,
                                        900719925474099,
                                        9007199254740991};
enum { WHOLE_NUMBERS = sizeof whole_numbers / sizeof *whole_numbers, SMALL_NUMBERS = 10 };

static int64_t power(uint32_t exponent)
{
    return decimal_power(exponent);
}

static struct str exact_text(struct generator *g, int64_t units, uint32_t scale)
{
    char text[DECIMAL_TEXT_BYTES + 1];
    text[decimal_format(units, scale, text)] = '\0';
    return gen_text(g, "%s", text);
}

/* Digits with up to `scale` of them behind the point, which `room` more would not make too large. */
static struct gen_expr exact_literal(struct generator *g, uint32_t scale, uint32_t room)
{
    uint32_t digits = choose(g->choices, scale + 1);
    int64_t units = whole_numbers[choose(g->choices, WHOLE_NUMBERS)];
    if (room > digits && units > DECIMAL_MAX / power(room - digits))
        units = whole_numbers[choose(g->choices, SMALL_NUMBERS)];
    if (room > digits && units > DECIMAL_MAX / power(room - digits)) units = 1;
    struct str text = exact_text(g, units, digits);
    if (units > 0 && chance(g->choices, 20)) text = gen_text(g, "(-%s)", text.ptr);
    struct gen_type type = {.kind = digits ? TYPE_DECIMAL : TYPE_INTEGER, .scale = digits};
    return (struct gen_expr){text, type, true};
}

static struct gen_expr small_literal(struct generator *g)
{
    struct gen_type type = {.kind = TYPE_INTEGER};
    return (struct gen_expr){gen_text(g, "%u", 1 + (unsigned)choose(g->choices, 9)), type, true};
}

static struct gen_expr literal_expr(struct generator *g, struct gen_type type)
{
    const struct gen_expr number =
        gen_is_exact(type.kind) ? exact_literal(g, type.scale, type.scale) : (struct gen_expr){0};
    if (gen_is_exact(type.kind)) return number;
    static const char *const doubles[] = {"0", "1", "0.5", "2.5", "1.25", "3", "100", "0.1", "1000000"};
    struct gen_expr e = {.type = type, .constant = true};
    switch (type.kind) {
    case TYPE_TEXT:
        e.text = gen_quoted(g, gen_plain_text(g->choices));
        break;
    case TYPE_BOOLEAN:
        e.text = chance(g->choices, 50) ? STR("true") : STR("false");
        break;
    case TYPE_NUMBER:
        e.text = str_of(doubles[choose(g->choices, sizeof doubles / sizeof *doubles)]);
        break;
    case TYPE_DATE:
        e.text = gen_text(g, "\"%s\"", gen_date(g->choices));
        break;
    case TYPE_YEAR_MONTH:
        e.text = gen_text(g, "\"%s\"", gen_month(g->choices));
        break;
    case TYPE_PARTIAL_DATE:
        e.text = gen_text(g, "\"%s\"", gen_partial(g->choices));
        break;
    case TYPE_TIME:
        e.text = gen_text(g, "\"%s\"", gen_time(g->choices));
        break;
    case TYPE_DATETIME:
        e.text = gen_text(g, "\"%s\"", gen_datetime(g->choices));
        break;
    default:
        assert(type.kind == TYPE_CHOICE);
        e.text = gen_code(type.list, choose(g->choices, gen_option_count(type.list)));
        e.text = gen_text(g, "\"%s\"", e.text.ptr);
        break;
    }
    return e;
}

struct str gen_literal(struct generator *g, struct gen_type type)
{
    return literal_expr(g, type).text;
}

/* A literal that has its type where nothing is wanted; only of some types. */
static struct gen_expr own_literal(struct generator *g, struct gen_type type)
{
    struct gen_expr e = {.type = type};
    switch (type.kind) {
    case TYPE_DATE:
        e.text =
            chance(g->choices, 50) ? gen_text(g, "date(\"%s\")", gen_date(g->choices)) : STR("today()");
        e.constant = e.text.ptr[0] == 'd';
        return e;
    case TYPE_DATETIME:
        e.text = STR("now()");
        return e;
    case TYPE_YEAR_MONTH:
        e.text = STR("year_month(today())");
        return e;
    case TYPE_TIME:
        e.text = STR("time_of(now())");
        return e;
    case TYPE_NUMBER:
        e.text = gen_text(g, "number(%s)", literal_expr(g, type).text.ptr);
        e.constant = true;
        return e;
    default:
        return literal_expr(g, type);
    }
}

/* ---- aggregates */

static struct str where_text(struct generator *g, const struct gen_place *place,
                             const struct candidate *rows, uint32_t repeat, uint32_t size)
{
    struct gen_place inside = {.container = repeat,
                               .outside = place,
                               .stop = rows->from,
                               .rank = place->rank,
                               .depth = place->depth + 1};
    return gen_condition(g, &inside, size ? size - 1 : 0).text;
}

static struct str maybe_where(struct generator *g, const struct gen_place *place,
                              const struct candidate *rows, uint32_t repeat, uint32_t size)
{
    if (!chance(g->choices, 60)) return STR("");
    return gen_text(g, " where %s", where_text(g, place, rows, repeat, size).ptr);
}

static bool may_aggregate(const struct gen_place *place)
{
    return place->depth < 2;
}

/* first() and last() of anything, and what else `functions` names: "sum|min". False: there is nothing
 * to look at. */
static bool aggregate(struct generator *g, const struct gen_place *place, struct gen_type type,
                      const char *const *functions, uint32_t count, uint32_t size,
                      struct gen_expr *ret_expr)
{
    struct candidates all = values_of(g, place, type, true);
    if (!may_aggregate(place) || all.count == 0) return false;
    const struct candidate *one = pick(g, &all);
    const char *function = functions[choose(g->choices, count)];
    struct str path = path_of(g, one), where = maybe_where(g, place, one, one->rows, size);
    struct gen_type found = type_of(g, one);
    if (chance(g->choices, 10)) {
        struct gen_type integer = {.kind = TYPE_INTEGER};
        struct str position = chance(g->choices, 60)
                                  ? small_literal(g).text
                                  : gen_expr(g, place, integer, WANT_INTO, size ? size - 1 : 0).text;
        found.format = FORMAT_PLAIN;
        *ret_expr = (struct gen_expr){gen_text(g, "at(%s, %s)", path.ptr, position.ptr), found, false};
        return true;
    }
    bool mean = strcmp(function, "avg") == 0;
    if (mean && type.kind == TYPE_MONEY)
        return false; /* only of its own scale it stays money; see average() */
    uint32_t scale = gen_is_exact(type.kind) ? type.scale : 2;
    struct str extra = mean ? gen_text(g, ", %u", (unsigned)scale) : STR("");
    if (mean && gen_is_exact(found.kind))
        found = (struct gen_type){.kind = scale ? TYPE_DECIMAL : TYPE_INTEGER, .scale = scale};
    found.format = FORMAT_PLAIN;
    *ret_expr = (struct gen_expr){gen_text(g, "%s(%s%s%s)", function, path.ptr, extra.ptr, where.ptr),
                                  found, false};
    return true;
}

static struct str count_text(struct generator *g, const struct gen_place *place, uint32_t size)
{
    struct candidates all = repeats_of(g, place);
    if (!may_aggregate(place) || all.count == 0) return STR("");
    const struct candidate *one = pick(g, &all);
    struct str path = path_of(g, one), where = maybe_where(g, place, one, one->item, size);
    return gen_text(g, "count(%s%s)", path.ptr, where.ptr);
}

static struct str quantifier_text(struct generator *g, const struct gen_place *place, uint32_t size)
{
    static const char *const names[] = {"any", "all", "none"};
    struct candidates all = repeats_of(g, place);
    if (!may_aggregate(place) || all.count == 0) return STR("");
    const struct candidate *one = pick(g, &all);
    const char *name = names[choose(g->choices, 3)];
    struct str path = path_of(g, one), where = where_text(g, place, one, one->item, size);
    return gen_text(g, "%s(%s where %s)", name, path.ptr, where.ptr);
}

/* distinct(rows.field where …), and rank(rows.field) where a row is at hand. */
static struct str distinct_or_rank(struct generator *g, const struct gen_place *place, uint32_t size)
{
    struct candidates all = {.count = 0};
    for (uint32_t i = 1; i < g->item_count && i < place->rank; i++)
        if (has_value(&g->items[i])) add_paths(g, place, i, &all);
    keep(&all, true);
    if (!may_aggregate(place) || all.count == 0) return STR("");
    const struct candidate *one = pick(g, &all);
    struct str path = path_of(g, one);
    enum program_type kind = type_of(g, one).kind;
    bool ordered = gen_is_exact(kind) || kind == TYPE_NUMBER || kind == TYPE_DATE ||
                   kind == TYPE_TIME || kind == TYPE_DATETIME;
    bool inside = false;
    for (uint32_t at = place->container; at != 0 && !place->options; at = gen_container(g, at))
        inside |= at == one->rows;
    if (ordered && inside && chance(g->choices, 60)) return gen_text(g, "rank(%s)", path.ptr);
    return gen_text(g, "distinct(%s%s)", path.ptr, maybe_where(g, place, one, one->rows, size).ptr);
}

/* join(separator, rows.field where …) */
static struct str join_rows(struct generator *g, const struct gen_place *place, uint32_t size)
{
    struct candidates all = {.count = 0};
    for (uint32_t i = 1; i < g->item_count && i < place->rank; i++)
        if (has_value(&g->items[i]) && g->items[i].type.kind != TYPE_CHOICES &&
            g->items[i].type.kind != TYPE_RANKING)
            add_paths(g, place, i, &all);
    keep(&all, true);
    if (!may_aggregate(place) || all.count == 0) return STR("");
    const struct candidate *one = pick(g, &all);
    struct gen_type text = {.kind = TYPE_TEXT};
    struct str separator = gen_expr(g, place, text, WANT_INTO, 0).text, path = path_of(g, one);
    struct str where = maybe_where(g, place, one, one->rows, size);
    return gen_text(g, "join(%s, %s%s)", separator.ptr, path.ptr, where.ptr);
}

/* ---- what every type has */

/* The innermost repeat around a container, or 0. */
static uint32_t repeat_around(const struct generator *g, uint32_t container)
{
    while (container != 0 && g->items[container].kind != NODE_REPEAT)
        container = gen_container(g, container);
    return container;
}

/* Whether the path may be asked of the row before. */
static bool has_prior(const struct generator *g, const struct gen_place *place,
                      const struct candidate *one)
{
    bool here = !place->options && !place->outside;
    uint32_t repeat = here ? repeat_around(g, place->container) : 0;
    return repeat != 0 && one->item != GEN_ANY && !one->outer &&
           repeat_around(g, gen_container(g, one->item)) == repeat;
}

static bool slot(struct generator *g, const struct gen_place *place, struct gen_type type,
                 struct gen_expr *ret_expr)
{
    struct candidates all = values_of(g, place, type, false);
    if (all.count == 0) return false;
    const struct candidate *one = pick(g, &all);
    *ret_expr = (struct gen_expr){path_of(g, one), type_of(g, one), false};
    if (has_prior(g, place, one) && chance(g->choices, 20))
        ret_expr->text = gen_text(g, "prior.%s", ret_expr->text.ptr);
    return true;
}

static bool needs_reading(enum program_type kind)
{
    return kind == TYPE_MONEY || kind == TYPE_CHOICE || kind == TYPE_CHOICES ||
           kind == TYPE_PARTIAL_DATE || kind == TYPE_RANKING;
}

/* Something small: a value that can be read, or a literal. */
static struct gen_expr leaf(struct generator *g, const struct gen_place *place, struct gen_type type,
                            enum gen_want want)
{
    struct gen_expr e;
    bool must = (want == WANT_NOTHING && needs_reading(type.kind)) || type.kind == TYPE_CHOICES ||
                type.kind == TYPE_RANKING;
    if (must || !chance(g->choices, 30)) {
        if (slot(g, place, type, &e)) return e;
        assert(!must);
    }
    return want == WANT_NOTHING ? own_literal(g, type) : literal_expr(g, type);
}

static struct gen_type wider(struct gen_type a, struct gen_type b)
{
    return gen_is_exact(a.kind) && gen_is_exact(b.kind) && b.scale > a.scale ? b : a;
}

/* What a branch may be: of money one of two must be money itself, or both together are a decimal. */
static enum gen_want inner(struct gen_type type, enum gen_want want)
{
    if (type.kind == TYPE_MONEY) return WANT_NOTHING;
    return want == WANT_INTO ? WANT_PAIR : want;
}

static struct gen_expr if_expr(struct generator *g, const struct gen_place *place, struct gen_type type,
                               enum gen_want want, uint32_t size)
{
    struct str condition = gen_condition(g, place, size - 1).text;
    struct gen_expr a = gen_expr(g, place, type, inner(type, want), size - 1),
                    b = gen_expr(g, place, type, WANT_PAIR, size - 1);
    bool half = chance(g->choices, 8), first = chance(g->choices, 50);
    if (half)
        return (struct gen_expr){
            gen_text(g, first ? "(if %s then %s else missing)" : "(if %s then missing else %s)",
                     condition.ptr, a.text.ptr),
            a.type, false};
    struct str text = gen_text(g, "(if %s then %s else %s)", condition.ptr, a.text.ptr, b.text.ptr);
    return (struct gen_expr){text, wider(a.type, b.type), false};
}

static struct gen_expr default_expr(struct generator *g, const struct gen_place *place,
                                    struct gen_type type, enum gen_want want, uint32_t size)
{
    struct gen_expr a = gen_expr(g, place, type, inner(type, want), size - 1),
                    b = gen_expr(g, place, type, WANT_PAIR, size - 1);
    struct str text = gen_text(g, "(%s ?? %s)", a.text.ptr, b.text.ptr);
    return (struct gen_expr){text, wider(a.type, b.type), false};
}

/* min(a, b, …): the first says what the others are. */
static struct gen_expr extreme_expr(struct generator *g, const struct gen_place *place,
                                    struct gen_type type, uint32_t size)
{
    struct gen_expr all = gen_expr(g, place, type, WANT_NOTHING, size - 1);
    uint32_t more = 1 + choose(g->choices, 2);
    for (uint32_t i = 0; i < more; i++) {
        struct gen_expr next = gen_expr(g, place, type, WANT_PAIR, size - 1);
        all.text = gen_text(g, "%s, %s", all.text.ptr, next.text.ptr);
        all.type = wider(all.type, next.type);
    }
    all.text = gen_text(g, "%s(%s)", chance(g->choices, 50) ? "min" : "max", all.text.ptr);
    all.constant = false;
    return all;
}

static struct str argument(struct generator *g, const struct gen_place *place, enum program_type kind,
                           uint32_t size)
{
    struct gen_type type = {.kind = kind};
    return gen_expr(g, place, type, WANT_INTO, size ? size - 1 : 0).text;
}

static struct gen_expr made(struct gen_type type, struct str text)
{
    type.format = FORMAT_PLAIN;
    return (struct gen_expr){text, type, false};
}

/* A value of any type that stands for itself: for answered(), text(). */
static struct gen_expr anything(struct generator *g, const struct gen_place *place, bool scalar,
                                uint32_t size)
{
    struct candidates all = all_values(g, place);
    struct gen_type text = {.kind = TYPE_TEXT};
    if (all.count == 0) return gen_expr(g, place, text, WANT_NOTHING, 0);
    struct gen_type type = type_of(g, pick(g, &all));
    if (scalar && (type.kind == TYPE_CHOICES || type.kind == TYPE_RANKING)) type = text;
    return gen_expr(g, place, type, WANT_NOTHING, size ? size - 1 : 0);
}

/* ---- booleans */

/* A type that something can be compared in; a value that can be read gives it if there is one. */
static struct gen_type compared_type(struct generator *g, const struct gen_place *place)
{
    struct candidates all = all_values(g, place);
    if (all.count && !chance(g->choices, 15)) return type_of(g, pick(g, &all));
    static const enum program_type kinds[] = {TYPE_INTEGER, TYPE_DECIMAL,  TYPE_TEXT, TYPE_DATE,
                                              TYPE_NUMBER,  TYPE_DATETIME, TYPE_TIME};
    struct gen_type type = {.kind = kinds[choose(g->choices, 7)]};
    if (type.kind == TYPE_DECIMAL) type.scale = choose(g->choices, 10);
    return type;
}

static bool has_order(enum program_type kind)
{
    return kind != TYPE_BOOLEAN && kind != TYPE_CHOICE && kind != TYPE_CHOICES &&
           kind != TYPE_PARTIAL_DATE && kind != TYPE_RANKING;
}

/* The right side: exact numbers of any scale compare. */
static struct str other_side(struct generator *g, const struct gen_place *place, struct gen_type type,
                             uint32_t size)
{
    if (gen_is_exact(type.kind) && type.kind != TYPE_MONEY && chance(g->choices, 50)) {
        if (chance(g->choices, 50)) return exact_literal(g, 9, 0).text;
        type = (struct gen_type){.kind = TYPE_DECIMAL, .scale = choose(g->choices, 10)};
    }
    if (type.kind == TYPE_MONEY && chance(g->choices, 40)) return exact_literal(g, 9, 0).text;
    return gen_expr(g, place, type, WANT_PAIR, size ? size - 1 : 0).text;
}

static struct str comparison(struct generator *g, const struct gen_place *place, uint32_t size)
{
    static const char *const signs[] = {"=", "!=", "<", "<=", ">", ">="};
    struct gen_type type = compared_type(g, place);
    struct str a = gen_expr(g, place, type, WANT_NOTHING, size ? size - 1 : 0).text;
    const char *sign = signs[choose(g->choices, has_order(type.kind) ? 6 : 2)];
    struct str b = other_side(g, place, type, size);
    if (chance(g->choices, 20)) {
        struct str swap = a;
        a = b;
        b = swap;
    }
    return gen_text(g, "%s %s %s", a.ptr, sign, b.ptr);
}

static struct str in_list(struct generator *g, const struct gen_place *place, uint32_t size)
{
    struct gen_type type = compared_type(g, place);
    if (type.kind == TYPE_CHOICES || type.kind == TYPE_RANKING) return comparison(g, place, size);
    struct str x = gen_expr(g, place, type, WANT_NOTHING, size ? size - 1 : 0).text,
               list = other_side(g, place, type, size);
    uint32_t more = choose(g->choices, 4);
    const char *not = chance(g->choices, 25) ? "not " : "";
    for (uint32_t i = 0; i < more; i++)
        list = gen_text(g, "%s, %s", list.ptr, other_side(g, place, type, size).ptr);
    return gen_text(g, "%s %sin (%s)", x.ptr, not, list.ptr);
}

static struct str in_range(struct generator *g, const struct gen_place *place, uint32_t size)
{
    struct gen_type type = compared_type(g, place);
    if (!has_order(type.kind)) return comparison(g, place, size);
    struct str x = gen_expr(g, place, type, WANT_NOTHING, size ? size - 1 : 0).text;
    struct str low = other_side(g, place, type, 0), high = other_side(g, place, type, 0);
    return gen_text(g, "%s %sin %s .. %s", x.ptr, chance(g->choices, 25) ? "not " : "", low.ptr,
                    high.ptr);
}

/* "code" in set */
static struct str in_set(struct generator *g, const struct gen_place *place, uint32_t size)
{
    struct gen_type set = {.kind = chance(g->choices, 70) ? TYPE_CHOICES : TYPE_RANKING,
                           .list = choose(g->choices, GEN_LISTS)};
    struct gen_type option = {.kind = TYPE_CHOICE, .list = set.list};
    struct gen_expr path;
    if (!slot(g, place, set, &path)) return comparison(g, place, size);
    struct str one = gen_expr(g, place, option, WANT_INTO, size ? size - 1 : 0).text;
    return gen_text(g, "%s %sin %s", one.ptr, chance(g->choices, 25) ? "not " : "", path.text.ptr);
}

/* A path to an open choice or set; len 0: there is none. */
static struct str open_path(struct generator *g, const struct gen_place *place)
{
    struct candidates all = {.count = 0};
    for (uint32_t i = 1; i < g->item_count && i < place->rank; i++)
        if (g->items[i].open && has_value(&g->items[i])) add_paths(g, place, i, &all);
    keep(&all, false);
    return all.count ? path_of(g, pick(g, &all)) : (struct str){"", 0};
}

static struct str is_other(struct generator *g, const struct gen_place *place)
{
    struct str path = open_path(g, place);
    return path.len ? gen_text(g, "is_other(%s)", path.ptr) : comparison(g, place, 0);
}

static struct str answered(struct generator *g, const struct gen_place *place, uint32_t size)
{
    struct candidates all = {.count = 0};
    for (uint32_t i = 1; i < g->item_count && i < place->rank; i++) {
        bool group = g->items[i].kind == NODE_GROUP && g->items[i].end <= place->rank;
        if (group) add_paths(g, place, i, &all);
    }
    keep(&all, false);
    struct candidates rows = repeats_of(g, place);
    if (all.count && chance(g->choices, 30))
        return gen_text(g, "answered(%s)", path_of(g, pick(g, &all)).ptr);
    if (rows.count && chance(g->choices, 30))
        return gen_text(g, "answered(%s)", path_of(g, pick(g, &rows)).ptr);
    return gen_text(g, "answered(%s)", anything(g, place, false, size).text.ptr);
}

static const char *const weights[] = {"1", "2 1", "3 1 3 1 3 1", "10 9 8 7 6 5 4 3 2 1", "0 99 7"};
enum { WEIGHTS = sizeof weights / sizeof *weights };

/* Texts that have a chance of being right, among any others. */
static struct str numbered_text(struct generator *g, const struct gen_place *place, uint32_t size)
{
    static const char *const numbers[] = {"79927398713",
                                          "4242 4242-4242 4242",
                                          "0306406152",
                                          "080442957X",
                                          "GB82 WEST 1234 5698 7654 32",
                                          "NO9386011117947",
                                          "21",
                                          "0",
                                          "",
                                          "18",
                                          "X",
                                          "RU0304452522540817810538091310419"};
    if (chance(g->choices, 50)) return argument(g, place, TYPE_TEXT, size);
    return gen_text(g, "\"%s\"", numbers[choose(g->choices, sizeof numbers / sizeof *numbers)]);
}

static struct str check_question(struct generator *g, const struct gen_place *place, uint32_t size)
{
    static const char *const names[] = {"digits", "luhn", "mod97", "iban", "mod10", "mod11"};
    struct str text = numbered_text(g, place, size);
    uint32_t which = choose(g->choices, 6);
    if (which < 4) return gen_text(g, "%s(%s)", names[which], text.ptr);
    return gen_text(g, "%s(%s, \"%s\")", names[which], text.ptr, weights[choose(g->choices, WEIGHTS)]);
}

static struct str text_question(struct generator *g, const struct gen_place *place, uint32_t size)
{
    static const char *const names[] = {"contains", "starts_with", "ends_with"};
    if (chance(g->choices, 30)) return check_question(g, place, size);
    struct str a = argument(g, place, TYPE_TEXT, size);
    uint32_t which = choose(g->choices, 4);
    if (which == 3)
        return gen_text(g, "matches(%s, \"%s\")", a.ptr, gen_pattern(choose(g->choices, GEN_PATTERNS)));
    return gen_text(g, "%s(%s, %s)", names[which], a.ptr, argument(g, place, TYPE_TEXT, size).ptr);
}

/* a and b and c: long ones now and then. */
static struct str logic(struct generator *g, const struct gen_place *place, uint32_t size)
{
    const char *word = chance(g->choices, 50) ? "and" : "or";
    uint32_t more = chance(g->choices, 3) ? 60 : 1 + choose(g->choices, 3);
    struct str all = gen_condition(g, place, size - 1).text;
    if (more == 60) size = 1;
    for (uint32_t i = 0; i < more; i++)
        all = gen_text(g, "%s %s %s", all.ptr, word, gen_condition(g, place, size - 1).text.ptr);
    return gen_text(g, "(%s)", all.ptr);
}

static struct str small_condition(struct generator *g, const struct gen_place *place)
{
    struct gen_type boolean = {.kind = TYPE_BOOLEAN};
    switch (choose(g->choices, 9)) {
    case 8:
        return is_other(g, place);
    case 0:
        return leaf(g, place, boolean, WANT_NOTHING).text;
    case 1:
        return answered(g, place, 0);
    case 2:
        return in_list(g, place, 0);
    case 3:
        return in_range(g, place, 0);
    case 4:
        return in_set(g, place, 0);
    default:
        return comparison(g, place, 0);
    }
}

static struct str condition_text(struct generator *g, const struct gen_place *place, uint32_t size)
{
    struct gen_type boolean = {.kind = TYPE_BOOLEAN};
    static const char *const functions[] = {"first", "last"};
    struct gen_expr e;
    struct str text = {"", 0};
    switch (choose(g->choices, 18)) {
    case 1:
    case 2:
    case 3:
        return logic(g, place, size);
    case 4:
        return gen_text(g, "not %s", gen_condition(g, place, size - 1).text.ptr);
    case 5:
        return if_expr(g, place, boolean, WANT_NOTHING, size).text;
    case 6:
        return default_expr(g, place, boolean, WANT_NOTHING, size).text;
    case 7:
    case 8:
    case 9:
        text = quantifier_text(g, place, size);
        break;
    case 10:
        return text_question(g, place, size);
    case 11:
        return answered(g, place, size);
    case 12:
        return in_list(g, place, size);
    case 13:
        return in_range(g, place, size);
    case 14:
        return in_set(g, place, size);
    case 15:
        if (aggregate(g, place, boolean, functions, 2, size, &e)) text = e.text;
        break;
    default:
        return comparison(g, place, size);
    }
    return text.len ? text : small_condition(g, place);
}

struct gen_expr gen_condition(struct generator *g, const struct gen_place *place, uint32_t size)
{
    struct gen_type boolean = {.kind = TYPE_BOOLEAN};
    struct str text = size ? condition_text(g, place, size) : small_condition(g, place);
    return made(boolean, gen_text(g, "(%s)", text.ptr));
}

/* ---- exact numbers */

/* Constants are worked out by the compiler, which refuses what overflows: those are made small, or not
 * at all. */
static struct gen_expr exact_sum(struct generator *g, const struct gen_place *place,
                                 struct gen_type type, enum gen_want want, uint32_t size)
{
    struct gen_expr a =
        gen_expr(g, place, type, want == WANT_NOTHING || type.kind == TYPE_MONEY ? WANT_NOTHING : want,
                 size - 1);
    struct gen_expr b = gen_expr(g, place, type, WANT_PAIR, size - 1);
    if (a.constant && b.constant) return small_literal(g);
    struct str text =
        gen_text(g, "(%s %s %s)", a.text.ptr, chance(g->choices, 50) ? "+" : "-", b.text.ptr);
    return (struct gen_expr){text, wider(a.type, b.type), false};
}

static struct gen_expr exact_product(struct generator *g, const struct gen_place *place, uint32_t scale,
                                     uint32_t size)
{
    struct gen_type left = {.kind = TYPE_DECIMAL, .scale = choose(g->choices, scale + 1)}, right = left;
    right.scale = scale - left.scale;
    struct gen_expr a = gen_expr(g, place, left, WANT_NOTHING, size - 1),
                    b = gen_expr(g, place, right, WANT_NOTHING, size - 1);
    if (a.constant && b.constant) return small_literal(g);
    struct gen_type type = {.kind = TYPE_DECIMAL, .scale = a.type.scale + b.type.scale};
    return made(type, gen_text(g, "(%s * %s)", a.text.ptr, b.text.ptr));
}

/* Any exact value that is no constant, of up to 9 digits after the point. */
static struct gen_expr any_exact(struct generator *g, const struct gen_place *place, uint32_t size)
{
    struct gen_type type = {.kind = TYPE_DECIMAL, .scale = choose(g->choices, 10)};
    if (chance(g->choices, 30)) {
        struct gen_type money = {.kind = TYPE_MONEY, .currency = choose(g->choices, 3)};
        money.scale = gen_currency_scale(money.currency);
        if (gen_can_read(g, place, money))
            return gen_expr(g, place, money, WANT_NOTHING, size ? size - 1 : 0);
    }
    return gen_expr(g, place, type, WANT_NOTHING, size ? size - 1 : 0);
}

/* Ones that cannot be worked out by the compiler. */
static struct gen_expr varying(struct generator *g, struct gen_expr e)
{
    if (e.constant) e.text = gen_text(g, "abs(%s)", e.text.ptr);
    e.constant = false;
    return e;
}

static struct gen_expr rounding(struct generator *g, const struct gen_place *place, uint32_t scale,
                                uint32_t size)
{
    struct gen_expr x = varying(g, any_exact(g, place, size));
    struct gen_type type = {.kind = scale ? TYPE_DECIMAL : TYPE_INTEGER, .scale = scale};
    if (x.type.kind == TYPE_MONEY && x.type.scale > scale) x.text = gen_text(g, "(%s * 1)", x.text.ptr);
    else if (x.type.kind == TYPE_MONEY) x.text = gen_text(g, "(1 * %s)", x.text.ptr);
    return made(type, gen_text(g, "round(%s, %u)", x.text.ptr, (unsigned)scale));
}

static struct gen_expr division(struct generator *g, const struct gen_place *place, uint32_t scale,
                                uint32_t size)
{
    struct gen_expr a = any_exact(g, place, size), b = any_exact(g, place, size);
    if (b.constant) b = small_literal(g);
    struct gen_type type = {.kind = scale ? TYPE_DECIMAL : TYPE_INTEGER, .scale = scale};
    return made(type, gen_text(g, "divide(%s, %s, %u)", a.text.ptr, b.text.ptr, (unsigned)scale));
}

/* Matrices that can be read: of choices with scores (a list), or any (0). */
static struct candidates matrices_of(const struct generator *g, const struct gen_place *place,
                                     uint32_t list)
{
    struct candidates all = {.count = 0};
    for (uint32_t i = 1; i < g->item_count && i < place->rank; i++) {
        const struct gen_item *item = &g->items[i];
        bool chooses = item->type.kind == TYPE_CHOICE || item->type.kind == TYPE_CHOICES;
        bool fit = list == 0 || (chooses && item->type.list == list);
        if (item->made == MADE_MATRIX && fit && item->end <= place->rank) add_paths(g, place, i, &all);
    }
    keep(&all, false);
    return all;
}

/* score(choice), if there is a list with scores of so few digits that can be read. */
static bool score(struct generator *g, const struct gen_place *place, uint32_t scale, uint32_t size,
                  struct gen_expr *ret_expr)
{
    uint32_t list = 1 + choose(g->choices, 2), digits = list == 2 ? 1 : 0; /* list 0 has no scores */
    struct gen_type type = {.kind = chance(g->choices, 50) ? TYPE_CHOICE : TYPE_CHOICES, .list = list};
    struct gen_type result = {.kind = digits ? TYPE_DECIMAL : TYPE_INTEGER, .scale = digits};
    struct candidates matrices = matrices_of(g, place, list);
    if (digits > scale) return false;
    if (matrices.count > 0 && chance(g->choices, 60)) {
        struct str path = path_of(g, pick(g, &matrices));
        *ret_expr = made(result, gen_text(g, "score(%s)", path.ptr));
        return true;
    }
    if (!gen_can_read(g, place, type)) return false;
    struct str x = gen_expr(g, place, type, WANT_NOTHING, size ? size - 1 : 0).text;
    *ret_expr = made(result, gen_text(g, "score(%s)", x.ptr));
    return true;
}

static bool set_size(struct generator *g, const struct gen_place *place, uint32_t size,
                     struct gen_expr *ret_expr)
{
    struct gen_type type = {.kind = chance(g->choices, 60) ? TYPE_CHOICES : TYPE_RANKING,
                            .list = choose(g->choices, GEN_LISTS)},
                    integer = {.kind = TYPE_INTEGER};
    struct candidates matrices = matrices_of(g, place, 0);
    if (matrices.count > 0 && chance(g->choices, 50)) {
        *ret_expr = made(integer, gen_text(g, "size(%s)", path_of(g, pick(g, &matrices)).ptr));
        return true;
    }
    if (!gen_can_read(g, place, type)) return false;
    if (type.kind == TYPE_RANKING && chance(g->choices, 50)) {
        struct gen_type option = {.kind = TYPE_CHOICE, .list = type.list};
        struct str ranking = gen_expr(g, place, type, WANT_NOTHING, 0).text;
        *ret_expr = made(integer, gen_text(g, "rank(%s, %s)", ranking.ptr,
                                           gen_expr(g, place, option, WANT_INTO, 0).text.ptr));
        return true;
    }
    *ret_expr =
        made(integer, gen_text(g, "size(%s)",
                               gen_expr(g, place, type, WANT_NOTHING, size ? size - 1 : 0).text.ptr));
    return true;
}

static struct str one_of_dates(struct generator *g, const struct gen_place *place, uint32_t size)
{
    static const char *const names[] = {"year", "month", "day", "weekday"};
    const char *name = names[choose(g->choices, 4)];
    return gen_text(g, "%s(%s)", name, argument(g, place, TYPE_DATE, size).ptr);
}

/* Of as much of a date as is known. */
static struct str part_of_partial(struct generator *g, const struct gen_place *place)
{
    static const char *const names[] = {"year", "month", "day", "precision"};
    struct gen_type partial = {.kind = TYPE_PARTIAL_DATE}, month = {.kind = TYPE_YEAR_MONTH};
    uint32_t which = choose(g->choices, 4);
    bool of_month = which < 2 && (chance(g->choices, 50) || !gen_can_read(g, place, partial));
    if (!of_month && !gen_can_read(g, place, partial)) return STR("");
    return gen_text(g, "%s(%s)", names[which],
                    gen_expr(g, place, of_month ? month : partial, WANT_NOTHING, 0).text.ptr);
}

static struct str two_dates(struct generator *g, const struct gen_place *place, uint32_t size)
{
    static const char *const names[] = {"years_between", "months_between", "days_between"};
    struct str a = argument(g, place, TYPE_DATE, size), b = argument(g, place, TYPE_DATE, size);
    return gen_text(g, "%s(%s, %s)", names[choose(g->choices, 3)], a.ptr, b.ptr);
}

static struct str two_moments(struct generator *g, const struct gen_place *place, uint32_t size)
{
    struct gen_type type = {.kind = chance(g->choices, 40) ? TYPE_TIME : TYPE_DATETIME},
                    date = {.kind = TYPE_DATE};
    if (chance(g->choices, 40)) {
        struct str a = gen_expr(g, place, date, WANT_NOTHING, size - 1).text,
                   b = gen_expr(g, place, date, WANT_NOTHING, size - 1).text;
        return gen_text(g, "(%s - %s)", a.ptr, b.ptr);
    }
    struct str a = gen_expr(g, place, type, WANT_NOTHING, size - 1).text,
               b = gen_expr(g, place, type, WANT_PAIR, size - 1).text;
    return gen_text(g, "minutes_between(%s, %s)", a.ptr, b.ptr);
}

static struct gen_expr whole_division(struct generator *g, const struct gen_place *place, uint32_t size)
{
    struct gen_type integer = {.kind = TYPE_INTEGER};
    struct gen_expr a = gen_expr(g, place, integer, WANT_INTO, size - 1),
                    b = gen_expr(g, place, integer, WANT_INTO, size - 1);
    if (b.constant) b = small_literal(g);
    return made(integer, gen_text(g, "%s(%s, %s)", chance(g->choices, 50) ? "div" : "mod", a.text.ptr,
                                  b.text.ptr));
}

static bool in_rows(const struct generator *g, const struct gen_place *place)
{
    for (uint32_t at = place->container; at != 0; at = gen_container(g, at))
        if (g->items[at].kind == NODE_REPEAT) return true;
    return false;
}

/* sign(), floor() and ceil() of any number. */
static struct gen_expr whole_of(struct generator *g, const struct gen_place *place, uint32_t size)
{
    static const char *const names[] = {"sign", "floor", "ceil"};
    struct gen_type number = {.kind = TYPE_NUMBER}, integer = {.kind = TYPE_INTEGER};
    struct gen_expr x = chance(g->choices, 40) ? gen_expr(g, place, number, WANT_NOTHING, size - 1)
                                               : varying(g, any_exact(g, place, size));
    return made(integer, gen_text(g, "%s(%s)", names[choose(g->choices, 3)], x.text.ptr));
}

static bool integer_call(struct generator *g, const struct gen_place *place, uint32_t size,
                         struct gen_expr *ret_expr)
{
    struct gen_type integer = {.kind = TYPE_INTEGER};
    struct str text = {"", 0};
    switch (choose(g->choices, 16)) {
    case 0:
    case 1:
        text = count_text(g, place, size);
        break;
    case 2:
        text = gen_text(g, "length(%s)", argument(g, place, TYPE_TEXT, size).ptr);
        break;
    case 3:
        text = gen_text(g, "words(%s)", argument(g, place, TYPE_TEXT, size).ptr);
        break;
    case 4:
        text = gen_text(g, "integer(%s)", argument(g, place, TYPE_TEXT, size).ptr);
        break;
    case 12:
        text = part_of_partial(g, place);
        break;
    case 5:
        text = one_of_dates(g, place, size);
        break;
    case 6:
        text = two_dates(g, place, size);
        break;
    case 7:
        text = two_moments(g, place, size);
        break;
    case 8:
        return *ret_expr = whole_division(g, place, size), true;
    case 9:
        return *ret_expr = whole_of(g, place, size), true;
    case 10:
        return set_size(g, place, size, ret_expr);
    case 11:
        text = numbered_text(g, place, size);
        text = gen_text(g, "checksum(%s, \"%s\", %u)", text.ptr, weights[choose(g->choices, WEIGHTS)],
                        2 + (unsigned)choose(g->choices, 12));
        break;
    default:
        if (chance(g->choices, 50)) text = distinct_or_rank(g, place, size);
        else if (in_rows(g, place)) text = STR("position()");
        break;
    }
    *ret_expr = made(integer, text);
    return text.len > 0;
}

/* A function of the form: gen_functions() says what they are. */
static struct gen_expr own_call(struct generator *g, const struct gen_place *place, uint32_t size)
{
    struct gen_type integer = {.kind = TYPE_INTEGER};
    struct str n = argument(g, place, TYPE_INTEGER, size);
    switch (choose(g->choices, 5)) {
    case 0:
        return made(integer, gen_text(g, "fn_twice(%s)", n.ptr));
    case 1:
        return made(integer, gen_text(g, "fn_either(%s, %s)", n.ptr,
                                      argument(g, place, TYPE_INTEGER, size).ptr));
    case 2:
        return made(integer, gen_text(g, "fn_pick(%s, %s, %s)", gen_condition(g, place, 0).text.ptr,
                                      gen_condition(g, place, size ? size - 1 : 0).text.ptr, n.ptr));
    case 3:
        return made(integer, gen_text(g, "fn_year(%s)", argument(g, place, TYPE_DATE, size).ptr));
    default:
        return made(integer, gen_text(g, "fn_long(%s, %s)", argument(g, place, TYPE_TEXT, size).ptr,
                                      chance(g->choices, 50) ? "TEN" : n.ptr));
    }
}

static bool exact_call(struct generator *g, const struct gen_place *place, struct gen_type type,
                       uint32_t size, struct gen_expr *ret_expr)
{
    static const char *const functions[] = {"sum", "min", "max", "avg", "first", "last"};
    uint32_t scale = choose(g->choices, type.scale + 1);
    struct gen_expr x;
    switch (choose(g->choices, 11)) {
    case 10:
        return *ret_expr = own_call(g, place, size), true;
    case 0:
    case 1:
        return aggregate(g, place, type, functions, 6, size, ret_expr);
    case 2:
        return *ret_expr = rounding(g, place, scale, size), true;
    case 3:
        return *ret_expr = division(g, place, scale, size), true;
    case 4:
        return score(g, place, type.scale, size, ret_expr);
    case 5:
        x = gen_expr(g, place, type, WANT_NOTHING, size - 1);
        *ret_expr = made(x.type, gen_text(g, "abs(%s)", x.text.ptr));
        return true;
    case 6:
        x = gen_expr(g, place, type, WANT_NOTHING, size - 1);
        if (x.constant) return false;
        *ret_expr = made(x.type, gen_text(g, "(-%s)", x.text.ptr));
        return true;
    case 7:
        x = made(
            (struct gen_type){.kind = TYPE_DECIMAL, .scale = scale},
            gen_text(g, "decimal(%s, %u)", argument(g, place, TYPE_TEXT, size).ptr, (unsigned)scale));
        *ret_expr = x;
        return true;
    default:
        return integer_call(g, place, size, ret_expr);
    }
}

static struct gen_expr exact_expr(struct generator *g, const struct gen_place *place,
                                  struct gen_type type, enum gen_want want, uint32_t size)
{
    struct gen_expr e;
    switch (choose(g->choices, 12)) {
    case 0:
        return leaf(g, place, type, want);
    case 1:
        return if_expr(g, place, type, want, size);
    case 2:
        return default_expr(g, place, type, want, size);
    case 3:
        return extreme_expr(g, place, type, size);
    case 4:
    case 5:
        return exact_sum(g, place, type, want, size);
    case 6:
        return exact_product(g, place, type.scale, size);
    default:
        if (exact_call(g, place, type, size, &e)) return e;
        return leaf(g, place, type, want);
    }
}

static struct gen_expr money_expr(struct generator *g, const struct gen_place *place,
                                  struct gen_type type, enum gen_want want, uint32_t size)
{
    static const char *const functions[] = {"sum", "min", "max", "first", "last"};
    struct gen_expr e;
    if (!gen_can_read(g, place, type))
        return literal_expr(g, type); /* somebody has looked, or a literal will do */
    switch (choose(g->choices, 9)) {
    case 1:
        return if_expr(g, place, type, want, size);
    case 2:
        return default_expr(g, place, type, want, size);
    case 3:
        return extreme_expr(g, place, type, size);
    case 4:
        return exact_sum(g, place, type, want, size);
    case 5:
        if (aggregate(g, place, type, functions, 5, size, &e)) return e;
        return leaf(g, place, type, want);
    case 6:
        e = gen_expr(g, place, type, WANT_NOTHING, size - 1);
        return made(type, gen_text(g, "round(%s, %u)", e.text.ptr,
                                   (unsigned)choose(g->choices, type.scale + 1)));
    case 7:
        if (want != WANT_INTO) return leaf(g, place, type, want);
        e = exact_expr(g, place, (struct gen_type){.kind = TYPE_DECIMAL, .scale = type.scale},
                       WANT_NOTHING, size);
        return e.constant ? leaf(g, place, type, want) : e;
    default:
        return leaf(g, place, type, want);
    }
}

/* ---- doubles */

static struct gen_expr number_arithmetic(struct generator *g, const struct gen_place *place,
                                         uint32_t size)
{
    static const char *const signs[] = {"+", "-", "*", "/"};
    struct gen_type number = {.kind = TYPE_NUMBER}, integer = {.kind = TYPE_INTEGER};
    struct gen_expr a = gen_expr(g, place, number, WANT_NOTHING, size - 1);
    struct gen_expr b =
        gen_expr(g, place, chance(g->choices, 70) ? number : integer, WANT_PAIR, size - 1);
    return made(number,
                gen_text(g, "(%s %s %s)", a.text.ptr, signs[choose(g->choices, 4)], b.text.ptr));
}

static struct gen_expr number_expr(struct generator *g, const struct gen_place *place,
                                   enum gen_want want, uint32_t size)
{
    static const char *const functions[] = {"sum", "min", "max", "avg", "first", "last"};
    struct gen_type number = {.kind = TYPE_NUMBER};
    struct gen_expr e;
    switch (choose(g->choices, 12)) {
    case 1:
        return if_expr(g, place, number, want, size);
    case 2:
        return default_expr(g, place, number, want, size);
    case 3:
        return extreme_expr(g, place, number, size);
    case 4:
    case 5:
        return number_arithmetic(g, place, size);
    case 6:
        return made(number, gen_text(g, "number(%s)", varying(g, any_exact(g, place, size)).text.ptr));
    case 7:
        return made(number, gen_text(g, "sqrt(%s)", argument(g, place, TYPE_NUMBER, size).ptr));
    case 8:
        e = varying(g, gen_expr(g, place, number, WANT_NOTHING, size - 1));
        if (chance(g->choices, 50))
            return made(number,
                        gen_text(g, "round(%s, %u)", e.text.ptr, (unsigned)choose(g->choices, 10)));
        return made(number, gen_text(g, chance(g->choices, 50) ? "abs(%s)" : "(-%s)", e.text.ptr));
    case 9:
        if (aggregate(g, place, number, functions, 6, size, &e)) return e;
        return leaf(g, place, number, want);
    default:
        return leaf(g, place, number, want);
    }
}

/* ---- dates and times */

static struct str duration(struct generator *g, bool clock)
{
    static const char *const units[] = {"day", "days", "weeks", "months", "years", "hours", "minutes"};
    static const unsigned counts[] = {1, 0, 2, 11, 12, 28, 31, 365, 1000, 30000, 4000000};
    unsigned count = counts[choose(g->choices, 11)];
    return gen_text(g, "%u %s", count, units[choose(g->choices, clock ? 7 : 5)]);
}

static struct gen_expr shifted(struct generator *g, const struct gen_place *place, struct gen_type type,
                               uint32_t size)
{
    struct gen_expr moment = gen_expr(g, place, type, WANT_NOTHING, size - 1);
    if (moment.constant)
        moment.text = STR("today()"); /* constants are worked out, and must not fault */
    struct str by = duration(g, type.kind == TYPE_DATETIME);
    return made(type,
                gen_text(g, "(%s %s %s)", moment.text.ptr, chance(g->choices, 50) ? "+" : "-", by.ptr));
}

static struct gen_expr date_call(struct generator *g, const struct gen_place *place, uint32_t size)
{
    struct gen_type date = {.kind = TYPE_DATE};
    struct gen_expr n;
    struct str a, b;
    switch (choose(g->choices, 10)) {
    case 8:
        return made(date, gen_text(g, "%s(%s)", chance(g->choices, 50) ? "earliest" : "latest",
                                   argument(g, place, TYPE_PARTIAL_DATE, 0).ptr));
    case 9:
        return made(date, gen_text(g, "%s(%s)", chance(g->choices, 50) ? "earliest" : "latest",
                                   gen_expr(g, place, (struct gen_type){.kind = TYPE_YEAR_MONTH},
                                            WANT_NOTHING, size - 1)
                                       .text.ptr));
    case 0:
        return made(date, gen_text(g, "end_of_month(%s)", argument(g, place, TYPE_DATE, size).ptr));
    case 1:
        return made(date, gen_text(g, "date_of(%s)", argument(g, place, TYPE_DATETIME, size).ptr));
    case 2:
        a = argument(g, place, TYPE_TEXT, size);
        return made(date, gen_text(g, a.ptr[0] == '"' ? "date(upper(%s))" : "date(%s)", a.ptr));
    case 3:
        a = argument(g, place, TYPE_INTEGER, size);
        b = argument(g, place, TYPE_INTEGER, size);
        return made(date, gen_text(g, "date(%s, %s, %s)", a.ptr, b.ptr,
                                   argument(g, place, TYPE_INTEGER, size).ptr));
    case 4:
        n = gen_expr(g, place, (struct gen_type){.kind = TYPE_INTEGER}, WANT_INTO, size - 1);
        if (n.constant) n = small_literal(g);
        a = argument(g, place, TYPE_DATE, size);
        return made(date, gen_text(g, "add_years(%s, %s)", a.ptr, n.text.ptr));
    default:
        a = argument(g, place, TYPE_DATE, size);
        b = argument(g, place, TYPE_INTEGER, size);
        return made(date, gen_text(g, "%s(%s, %s)", chance(g->choices, 50) ? "add_days" : "add_months",
                                   a.ptr, b.ptr));
    }
}

static struct gen_expr month_later(struct generator *g, const struct gen_place *place, uint32_t size)
{
    static const char *const spans[] = {"+ 1 month",      "- 1 month",   "+ 13 months",
                                        "- 2 years",      "+ 0 months",  "- 3000 months",
                                        "+ 30000 months", "+ 8000 years"};
    struct gen_type type = {.kind = TYPE_YEAR_MONTH};
    struct gen_expr month = gen_expr(g, place, type, WANT_NOTHING, size - 1);
    return made(type, gen_text(g, "(%s %s)", month.text.ptr, spans[choose(g->choices, 8)]));
}

static struct gen_expr moment_call(struct generator *g, const struct gen_place *place,
                                   struct gen_type type, uint32_t size)
{
    struct gen_type instant = {.kind = TYPE_DATETIME};
    if (type.kind == TYPE_DATE)
        return chance(g->choices, 40) ? shifted(g, place, type, size) : date_call(g, place, size);
    if (type.kind == TYPE_DATETIME) return shifted(g, place, type, size);
    if (type.kind == TYPE_YEAR_MONTH)
        return chance(g->choices, 50)
                   ? made(type, gen_text(g, "year_month(%s)", argument(g, place, TYPE_DATE, size).ptr))
                   : month_later(g, place, size);
    return made(type,
                gen_text(g, "time_of(%s)", gen_expr(g, place, instant, WANT_INTO, size - 1).text.ptr));
}

static struct gen_expr moment_expr(struct generator *g, const struct gen_place *place,
                                   struct gen_type type, enum gen_want want, uint32_t size)
{
    static const char *const functions[] = {"min", "max", "first", "last"};
    struct gen_expr e;
    switch (choose(g->choices, 10)) {
    case 1:
        return if_expr(g, place, type, want, size);
    case 2:
        return default_expr(g, place, type, want, size);
    case 3:
        return extreme_expr(g, place, type, size);
    case 4:
    case 5:
    case 6:
        return moment_call(g, place, type, size);
    case 7:
        if (aggregate(g, place, type, functions, 4, size, &e)) return e;
        return leaf(g, place, type, want);
    default:
        return leaf(g, place, type, want);
    }
}

/* ---- texts */

/* A set or a ranking, if there is one to read; else anything. */
static struct str to_join(struct generator *g, const struct gen_place *place, uint32_t size)
{
    struct gen_type set = {.kind = chance(g->choices, 60) ? TYPE_CHOICES : TYPE_RANKING,
                           .list = choose(g->choices, GEN_LISTS)};
    if (chance(g->choices, 30) && gen_can_read(g, place, set))
        return gen_expr(g, place, set, WANT_NOTHING, 0).text;
    return anything(g, place, true, size).text;
}

static struct str joined(struct generator *g, const struct gen_place *place, uint32_t size)
{
    struct str list = argument(g, place, TYPE_TEXT, size);
    uint32_t more = chance(g->choices, 5) ? 55 : 1 + choose(g->choices, 3);
    if (more == 55) size = 1;
    for (uint32_t i = 0; i < more; i++)
        list = gen_text(g, "%s, %s", list.ptr, to_join(g, place, size).ptr);
    return gen_text(g, "join(%s)", list.ptr);
}

static struct str glued(struct generator *g, const struct gen_place *place, uint32_t size)
{
    uint32_t more = size <= 2 && chance(g->choices, 4) ? 52 : 1 + choose(g->choices, 2);
    if (more == 52) size = 1; /* such a chain is nearly as deep as an expression may be */
    struct str all = argument(g, place, TYPE_TEXT, size);
    for (uint32_t i = 0; i < more; i++)
        all = gen_text(g, "%s + %s", all.ptr, argument(g, place, TYPE_TEXT, size).ptr);
    return gen_text(g, "(%s)", all.ptr);
}

static struct str part_of(struct generator *g, const struct gen_place *place, uint32_t size)
{
    struct str text = argument(g, place, TYPE_TEXT, size),
               from = argument(g, place, TYPE_INTEGER, size);
    return gen_text(g, "substring(%s, %s, %s)", text.ptr, from.ptr,
                    argument(g, place, TYPE_INTEGER, size).ptr);
}

static struct str replaced(struct generator *g, const struct gen_place *place, uint32_t size)
{
    struct str text = argument(g, place, TYPE_TEXT, size), old = argument(g, place, TYPE_TEXT, 0);
    return gen_text(g, "replace(%s, %s, %s)", text.ptr, old.ptr, argument(g, place, TYPE_TEXT, 0).ptr);
}

static struct str code(struct generator *g, const struct gen_place *place, uint32_t size)
{
    struct gen_type type = {.kind = TYPE_CHOICE, .list = choose(g->choices, GEN_LISTS)};
    if (!gen_can_read(g, place, type)) return STR("");
    return gen_text(g, "code(%s)", gen_expr(g, place, type, WANT_NOTHING, size - 1).text.ptr);
}

static struct gen_expr text_expr(struct generator *g, const struct gen_place *place, enum gen_want want,
                                 uint32_t size)
{
    static const char *const functions[] = {"first", "last"};
    struct gen_type type = {.kind = TYPE_TEXT};
    struct gen_expr e;
    struct str text = {"", 0};
    switch (choose(g->choices, 16)) {
    case 15:
        text = open_path(g, place);
        if (text.len) text = gen_text(g, "other(%s)", text.ptr);
        break;
    case 1:
        return if_expr(g, place, type, want, size);
    case 2:
        return default_expr(g, place, type, want, size);
    case 3:
        text = argument(g, place, TYPE_TEXT, size);
        text = gen_text(g, "%s(%s)", chance(g->choices, 50) ? "upper" : "lower", text.ptr);
        break;
    case 4:
        text = part_of(g, place, size);
        break;
    case 5:
        text = replaced(g, place, size);
        break;
    case 6:
        text = joined(g, place, size);
        break;
    case 7:
        text = glued(g, place, size);
        break;
    case 8:
        text = gen_text(g, "text(%s)", anything(g, place, true, size).text.ptr);
        break;
    case 9:
        text = code(g, place, size);
        break;
    case 10:
    case 11:
        text = join_rows(g, place, size);
        break;
    case 12:
        if (aggregate(g, place, type, functions, 2, size, &e)) return e;
        break;
    default:
        break;
    }
    return text.len ? made(type, text) : leaf(g, place, type, want);
}

/* ---- options and sets */

static struct gen_expr option_expr(struct generator *g, const struct gen_place *place,
                                   struct gen_type type, enum gen_want want, uint32_t size)
{
    static const char *const functions[] = {"first", "last"};
    struct gen_expr e;
    struct gen_type ranking = {.kind = TYPE_RANKING, .list = type.list};
    if (!gen_can_read(g, place, type)) return literal_expr(g, type);
    switch (choose(g->choices, 7)) {
    case 6:
        if (type.kind != TYPE_CHOICE || !gen_can_read(g, place, ranking))
            return leaf(g, place, type, want);
        e = leaf(g, place, ranking, WANT_NOTHING);
        return made(type, gen_text(g, "%s(%s)", functions[choose(g->choices, 2)], e.text.ptr));
    case 1:
        return if_expr(g, place, type, want, size);
    case 2:
        return default_expr(g, place, type, want, size);
    case 3:
        if (aggregate(g, place, type, functions, 2, size, &e)) return e;
        return leaf(g, place, type, want);
    default:
        return leaf(g, place, type, want);
    }
}

/* ---- all of them */

struct gen_expr gen_expr(struct generator *g, const struct gen_place *place, struct gen_type type,
                         enum gen_want want, uint32_t size)
{
    type.format = FORMAT_PLAIN;
    if (type.kind == TYPE_BOOLEAN && size > 0) return gen_condition(g, place, size);
    if (size == 0) return leaf(g, place, type, want);
    switch (type.kind) {
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
        return exact_expr(g, place, type, want, size);
    case TYPE_MONEY:
        return money_expr(g, place, type, want, size);
    case TYPE_NUMBER:
        return number_expr(g, place, want, size);
    case TYPE_TEXT:
        return text_expr(g, place, want, size);
    case TYPE_CHOICE:
    case TYPE_CHOICES:
    case TYPE_PARTIAL_DATE:
    case TYPE_RANKING:
        return option_expr(g, place, type, want, size);
    default:
        return moment_expr(g, place, type, want, size);
    }
}
