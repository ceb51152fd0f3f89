/* Diff options: what a field may be answered with, by codes. */
#include "base/decimal.h"
#include "dsl/diff.h"

static const struct name_table *codes_of(struct differ *differ, struct diff_side *side, uint32_t number)
{
    const struct ir_list *list = &side->ir->lists[number];
    if (list->sheet) return list->keys;
    if (!side->codes) side->codes = ARENA_ARRAY(differ->arena, struct name_table, side->ir->list_count);
    struct name_table *table = side->codes ? &side->codes[number] : NULL;
    if (table && table->names) return table;
    struct str *codes = ARENA_ARRAY(differ->arena, struct str, (size_t)list->option_count + 1);
    enum status st = table && codes ? ST_OK : differ->arena->refused ? ST_LIMIT : ST_NOMEM;
    for (uint32_t i = 0; !st && i < list->option_count; i++) codes[i] = list->options[i].code;
    if (!st) st = name_table_build(differ->arena, codes, list->option_count, table);
    if (st && !differ->failure) differ->failure = st;
    return st ? NULL : table;
}

static struct diff_about about_option(enum dsl_change_kind kind, const struct ir_node *from,
                                      const struct ir_node *to, struct str code)
{
    return (struct diff_about){
        .kind = kind, .path = to->path, .what = code, .from_node = from, .to_node = to};
}

/* ---- one option that is in both */

struct pair {
    const struct ir_list *from_list, *to_list;
    uint32_t from, to;
};

static const struct ir_expr *offered(const struct ir *ir, const struct ir_option *option)
{
    return option->offered ? ir->nodes[option->offered].computed : NULL;
}

static bool same_cell(const struct ir *from, const struct ir *to, const struct ir_column *a,
                      const struct program_cell *old, const struct ir_column *b,
                      const struct program_cell *new)
{
    if (old->present != new->present || a->type.kind != b->type.kind) return false;
    if (!old->present) return true;
    switch (a->type.kind) {
    case TYPE_TEXT:
        return str_eq(old->value.text, new->value.text);
    case TYPE_NUMBER:
        return !(old->value.number < new->value.number) && !(old->value.number > new->value.number);
    case TYPE_CHOICE:
        return str_eq(ir_list_code(&from->lists[a->type.list], (uint32_t)old->value.exact - 1),
                      ir_list_code(&to->lists[b->type.list], (uint32_t) new->value.exact - 1));
    default:
        return diff_order(old->value.exact, a->type.scale, new->value.exact, b->type.scale) == 0;
    }
}

static const struct ir_column *column_of(const struct ir_list *list, struct str name)
{
    for (uint32_t i = 0; i < list->column_count; i++)
        if (str_eq(list->columns[i].name, name)) return &list->columns[i];
    return NULL;
}

static bool same_columns(struct differ *differ, const struct pair *pair)
{
    if (pair->from_list->column_count != pair->to_list->column_count) return false;
    for (uint32_t i = 0; i < pair->to_list->column_count; i++) {
        const struct ir_column *b = &pair->to_list->columns[i],
                               *a = column_of(pair->from_list, b->name);
        if (!a) return false;
        if (!same_cell(differ->from.ir, differ->to.ir, a, &a->cells[pair->from], b,
                       &b->cells[pair->to]))
            return false;
    }
    return true;
}

static void compare_score(struct differ *differ, const struct pair *pair, const struct ir_node *from,
                          const struct ir_node *to)
{
    const struct ir_option *old = &pair->from_list->options[pair->from],
                           *new = &pair->to_list->options[pair->to];
    char texts[2][DECIMAL_TEXT_BYTES];
    struct str sides[2] = {{texts[0], 0}, {texts[1], 0}};
    bool same = old->has_score == new->has_score &&
                (!old->has_score || diff_order(old->score, pair->from_list->score_scale, new->score,
                                               pair->to_list->score_scale) == 0);
    if (same) return;
    if (old->has_score)
        sides[0].len = decimal_format(old->score, pair->from_list->score_scale, texts[0]);
    if (new->has_score) sides[1].len = decimal_format(new->score, pair->to_list->score_scale, texts[1]);
    struct diff_about about = about_option(CHANGE_OPTION_SCORE, from, to, new->code);
    diff_add_values(differ, &about, sides[0], sides[1]);
}

static void compare_option(struct differ *differ, const struct pair *pair, const struct ir_node *from,
                           const struct ir_node *to)
{
    const struct ir_option *old = &pair->from_list->options[pair->from],
                           *new = &pair->to_list->options[pair->to];
    const struct ir_expr *before = offered(differ->from.ir, old), *after = offered(differ->to.ir, new);
    compare_score(differ, pair, from, to);
    if (!diff_same_expr(differ, before, after)) {
        struct diff_about about =
            about_option(after ? CHANGE_OPTION_CONDITION : CHANGE_OPTION_FREED, from, to, new->code);
        about.from = diff_span_of(before);
        about.to = diff_span_of(after);
        diff_add(differ, &about);
    }
    if (!same_columns(differ, pair)) {
        struct diff_about about = about_option(CHANGE_OPTION_COLUMN, from, to, new->code);
        diff_add(differ, &about);
    }
    diff_option_label(differ, from, to, new->code, old->label, new->label);
}

/* ---- lists */

/* Those that are in both, in another order. */
static bool are_moved(const struct name_table *before, const struct ir_list *new)
{
    uint32_t last = 0;
    for (uint32_t i = 0; i < new->option_count; i++) {
        uint32_t at = name_table_find(before, new->options[i].code);
        if (at == NAME_ABSENT) continue;
        if (at < last) return true;
        last = at;
    }
    return false;
}

static void compare_lists(struct differ *differ, const struct ir_node *from, const struct ir_node *to,
                          const struct ir_list *old, const struct ir_list *new)
{
    const struct name_table *before = codes_of(differ, &differ->from, from->type.list),
                            *after = codes_of(differ, &differ->to, to->type.list);
    for (uint32_t i = 0; before && after && i < old->option_count; i++) {
        struct diff_about about = about_option(CHANGE_OPTION_REMOVED, from, to, old->options[i].code);
        if (name_table_find(after, old->options[i].code) == NAME_ABSENT) diff_add(differ, &about);
    }
    for (uint32_t i = 0; before && after && i < new->option_count; i++) {
        struct pair pair = {old, new, name_table_find(before, new->options[i].code), i};
        struct diff_about about = about_option(CHANGE_OPTION_ADDED, from, to, new->options[i].code);
        if (pair.from == NAME_ABSENT) diff_add(differ, &about);
        else compare_option(differ, &pair, from, to);
    }
    if (before && are_moved(before, new)) {
        struct diff_about about = about_option(CHANGE_OPTIONS_MOVED, from, to, STR("options"));
        diff_add(differ, &about);
    }
}

static uint32_t missing_from(const struct ir_list *list, const struct name_table *other)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < list->option_count; i++)
        if (name_table_find(other, ir_list_code(list, i)) == NAME_ABSENT) count++;
    return count;
}

static void tell_rows(struct differ *differ, enum dsl_change_kind kind, const struct ir_node *from,
                      const struct ir_node *to, uint32_t count)
{
    char text[DECIMAL_TEXT_BYTES];
    struct str rows = {text, decimal_format(count, 0, text)};
    struct diff_about about = about_option(kind, from, to, STR("rows"));
    if (count)
        diff_add_values(differ, &about, kind == CHANGE_OPTION_REMOVED ? rows : STR(""),
                        kind == CHANGE_OPTION_REMOVED ? STR("") : rows);
}

/* A table may have as many rows as a town has people: they are counted. */
static void compare_tables(struct differ *differ, const struct ir_node *from, const struct ir_node *to,
                           const struct ir_list *old, const struct ir_list *new)
{
    const struct name_table *before = codes_of(differ, &differ->from, from->type.list),
                            *after = codes_of(differ, &differ->to, to->type.list);
    if (!before || !after || old->sheet == new->sheet) return;
    tell_rows(differ, CHANGE_OPTION_REMOVED, from, to, missing_from(old, after));
    tell_rows(differ, CHANGE_OPTION_ADDED, from, to, missing_from(new, before));
    if (old->version != new->version || !old->sheet || !new->sheet) {
        struct diff_about about = about_option(CHANGE_OPTION_COLUMN, from, to, STR("table"));
        diff_add(differ, &about);
    }
}

static bool has_list(enum program_type kind)
{
    return kind == TYPE_CHOICE || kind == TYPE_CHOICES || kind == TYPE_RANKING;
}

void diff_options(struct differ *differ, const struct ir_node *from, const struct ir_node *to)
{
    if (from->type.kind != to->type.kind || !has_list(to->type.kind)) return;
    const struct ir_list *old = &differ->from.ir->lists[from->type.list],
                         *new = &differ->to.ir->lists[to->type.list];
    if (old->sheet || new->sheet) compare_tables(differ, from, to, old, new);
    else compare_lists(differ, from, to, old, new);
}
