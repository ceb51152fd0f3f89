/* The earlier version with a computed field for each value that a migration sets, and what is wrong
 * with that text told at the clause.
 *
 *     set members.adult = age >= 18   →   repeat members … { age: integer …  carry0_1: boolean = age >=
 * 18 } */
#include "dsl/migration.h"

#include "base/limits.h"
#include "dsl/lexer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- names that are free */

static bool stands_in(struct str text, struct str word)
{
    for (size_t i = 0; i + word.len <= text.len; i++)
        if (text.ptr[i] == word.ptr[0] && memcmp(text.ptr + i, word.ptr, word.len) == 0) return true;
    return false;
}

static void choose_prefix(struct migration_plan *plan)
{
    unsigned number = 0;
    do plan->prefix = arena_printf(plan->arena, "carry%u", number++);
    while (plan->prefix.ptr && stands_in(plan->from.source, plan->prefix));
    if (!plan->prefix.ptr) plan->failure = ST_NOMEM;
}

struct str migration_name(struct migration_plan *plan, uint32_t number)
{
    struct str name = arena_printf(plan->arena, "%.*s_%u", STR_ARG(plan->prefix), (unsigned)number);
    if (!name.ptr) plan->failure = ST_NOMEM;
    return name.ptr ? name : STR("");
}

/* ---- places */

/* The offset of the form's last "}". */
static uint32_t form_end(struct str source)
{
    struct lexer lexer;
    uint32_t end = 0;
    lexer_init(&lexer, source);
    for (struct token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer))
        if (token.kind == TOKEN_CLOSE_BRACE) end = token.offset;
    return end;
}

/* The group or repeat of that path; `path` is what is left of it. */
static const struct item *find_item(const struct item *items, uint32_t count, struct str path)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct item *item = &items[i], *found = NULL;
        bool frame = item->kind == ITEM_PAGE || item->kind == ITEM_SECTION;
        bool object = item->kind == ITEM_GROUP || item->kind == ITEM_REPEAT;
        if (frame) found = find_item(item->children, item->child_count, path);
        if (object && str_eq(item->name, path)) return item;
        if (object && str_starts(path, item->name) && path.ptr[item->name.len] == '.')
            found =
                find_item(item->children, item->child_count,
                          (struct str){path.ptr + item->name.len + 1, path.len - item->name.len - 1});
        if (found) return found;
    }
    return NULL;
}

static void find_places(struct migration_plan *plan)
{
    uint32_t end = form_end(plan->from.source);
    for (uint32_t i = 0; i < plan->set_count; i++) {
        struct migration_set *set = &plan->sets[i];
        uint32_t rows = plan->origins[migration_rows_of(plan->to.program, set->node)];
        set->place = end;
        if (rows == 0) continue;
        const struct item *item =
            find_item(plan->from.tree->items, plan->from.tree->item_count, plan->from.of[rows]);
        assert(item && item->kind == ITEM_REPEAT);
        set->place = item->span.offset + item->span.len - 1;
    }
}

static int compare_places(const void *left, const void *right)
{
    const struct migration_set *a = left, *b = right;
    if (a->place != b->place) return a->place < b->place ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

/* ---- lists */

static const struct program_list *list_named(const struct program *program, struct str name)
{
    for (uint32_t i = 0; i < program->list_count; i++)
        if (str_eq(program->lists[i].name, name)) return &program->lists[i];
    return NULL;
}

static bool has_codes_of(const struct program_list *list, const struct program_list *other)
{
    if (list->sheet || other->sheet) return list->sheet && other->sheet;
    for (uint32_t i = 0; i < other->option_count; i++)
        if (name_table_find(&list->codes, program_option_code(other, i)) == NAME_ABSENT) return false;
    return true;
}

/* The earlier version has the list, or one with all of its options. */
static bool is_there(const struct migration_plan *plan, const struct program_list *list)
{
    const struct program_list *old = list_named(plan->from.program, list->name);
    return old && has_codes_of(old, list);
}

static bool has_list(const struct program_node *node)
{
    return node->type == TYPE_CHOICE || node->type == TYPE_CHOICES || node->type == TYPE_RANKING;
}

static void put_quoted(struct str text, struct buf *out)
{
    buf_putc(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\') buf_putc(out, '\\');
        buf_putc(out, text.ptr[i]);
    }
    buf_putc(out, '"');
}

/* Each new list once. */
static void put_lists(struct migration_plan *plan, struct buf *out)
{
    const struct program *to = plan->to.program;
    bool *done = arena_zalloc(plan->arena, to->list_count + 1, sizeof *done);
    if (!done) plan->failure = ST_NOMEM;
    for (uint32_t i = 0; done && i < plan->set_count; i++) {
        const struct program_node *node = &to->nodes[plan->sets[i].node];
        if (!has_list(node) || done[node_list(node)]) continue;
        const struct program_list *list = &to->lists[node_list(node)];
        done[node_list(node)] = true;
        if (list->sheet || is_there(plan, list)) continue;
        buf_printf(out, "\nchoices %.*s_of_%u {", STR_ARG(plan->prefix), (unsigned)node_list(node));
        for (uint32_t k = 0; k < list->option_count; k++) {
            buf_putc(out, ' ');
            put_quoted(program_option_code(list, k), out);
            buf_puts(out, " \"-\"");
        }
        buf_puts(out, " }\n");
    }
}

/* ---- fields */

static void put_choice(const struct migration_plan *plan, const char *word,
                       const struct program_node *node, struct buf *out)
{
    const struct program_list *list = &plan->to.program->lists[node_list(node)];
    if (is_there(plan, list)) buf_printf(out, "%s(%.*s)", word, STR_ARG(list->name));
    else if (list->sheet) buf_puts(out, "text"); /* the later version knows the codes */
    else buf_printf(out, "%s(%.*s_of_%u)", word, STR_ARG(plan->prefix), (unsigned)node_list(node));
}

static void put_type(const struct migration_plan *plan, const struct program_node *node,
                     struct buf *out)
{
    switch (node->type) {
    case TYPE_BOOLEAN:
        buf_puts(out, "boolean");
        return;
    case TYPE_INTEGER:
        buf_puts(out, "integer");
        return;
    case TYPE_DECIMAL:
        buf_printf(out, "decimal(%u)", (unsigned)node->scale);
        return;
    case TYPE_MONEY:
        buf_printf(out, "money(%.3s)", node->currency);
        return;
    case TYPE_NUMBER:
        buf_puts(out, "number");
        return;
    case TYPE_DATE:
        buf_puts(out, "date");
        return;
    case TYPE_TIME:
        buf_puts(out, "time");
        return;
    case TYPE_DATETIME:
        buf_puts(out, node->format == FORMAT_ZONED ? "zoned" : "datetime");
        if (node->rare->zone.len) buf_printf(out, "(\"%.*s\")", STR_ARG(node->rare->zone));
        return;
    case TYPE_YEAR_MONTH:
        buf_puts(out, "year_month");
        return;
    case TYPE_PARTIAL_DATE:
        buf_puts(out, "partial_date");
        return;
    case TYPE_CHOICE:
        put_choice(plan, "choice", node, out);
        return;
    case TYPE_CHOICES:
        put_choice(plan, "choices", node, out);
        return;
    case TYPE_RANKING:
        put_choice(plan, "ranking", node, out);
        return;
    case TYPE_TEXT:
    case TYPE_NONE:
        buf_puts(out, "text");
        return;
    }
}

static void put_set(struct migration_plan *plan, struct migration_set *set, struct buf *out)
{
    struct span value = set->step->expr->span;
    struct str name = migration_name(plan, set->number);
    buf_putc(out, '\n');
    set->made.offset = (uint32_t)out->len;
    buf_put(out, name);
    buf_puts(out, ": ");
    put_type(plan, &plan->to.program->nodes[set->node], out);
    buf_puts(out, " = ");
    set->value = (struct span){(uint32_t)out->len, value.len};
    buf_put(out, (struct str){plan->to.source.ptr + value.offset, value.len});
    set->made.len = (uint32_t)out->len - set->made.offset;
    buf_putc(out, '\n');
}

void migration_text(struct migration_plan *plan, struct buf *out)
{
    struct str source = plan->from.source;
    uint32_t at = 0, end = form_end(source);
    choose_prefix(plan);
    if (plan->failure) return;
    find_places(plan);
    qsort(plan->sets, plan->set_count, sizeof *plan->sets, compare_places);
    for (uint32_t i = 0; i < plan->set_count; i++) {
        uint32_t place = plan->sets[i].place;
        buf_put(out, (struct str){source.ptr + at, place - at});
        at = place;
        put_set(plan, &plan->sets[i], out);
    }
    buf_put(out, (struct str){source.ptr + at, end - at});
    put_lists(plan, out);
    buf_put(out, (struct str){source.ptr + end, source.len - end});
}

/* ---- complaints */

static bool is_inside(struct span span, uint32_t offset)
{
    return offset >= span.offset && offset - span.offset < span.len;
}

/* False: it is about neither a value nor a field that was put in. */
static bool find_span(const struct migration_plan *plan, struct span span, struct span *ret_span)
{
    for (uint32_t i = 0; i < plan->set_count; i++) {
        const struct migration_set *set = &plan->sets[i];
        if (!is_inside(set->made, span.offset)) continue;
        *ret_span = set->step->span;
        if (is_inside(set->value, span.offset))
            *ret_span =
                (struct span){span.offset - set->value.offset + set->step->expr->span.offset, span.len};
        return true;
    }
    return false;
}

void migration_tell(struct migration_plan *plan, const struct diags *made)
{
    for (uint32_t i = 0; i < made->count; i++) {
        const struct diag *diag = &made->items[i];
        struct span span = plan->head, related;
        bool found = find_span(plan, diag->span, &span);
        if (!found && diag->severity == DIAG_WARNING) continue;
        struct diag *told = diag_add(plan->diags, diag->severity, diag->code, span, diag->message,
                                     diag->hint.len ? diag->hint.ptr : NULL);
        if (!told || !diag->related.len || !find_span(plan, diag->related, &related)) continue;
        told->related = related;
        told->related_message = arena_str(plan->diags->arena, diag->related_message);
        if (!told->related_message.ptr) plan->failure = ST_NOMEM;
    }
}
