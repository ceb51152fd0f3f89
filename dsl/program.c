#include "dsl/program_box.h"

#include "base/civil.h"
#include "base/decimal.h"
#include "base/limits.h"
#include "base/partial.h"

#include <assert.h>
#include <stddef.h>

const struct program_bounds program_unbounded = {.length_min = -1, .length_max = -1};
const struct program_rare program_nothing_rare = {
    .key = {"", 0}, .autocomplete = {"", 0}, .zone = {"", 0}};

struct program_box {
    struct mem *mem;
    struct arena arena;
    struct program program;
};

static struct program_box *box_of(const struct program *program)
{
    return (struct program_box *)(void *)((char *)(uintptr_t)program -
                                          offsetof(struct program_box, program));
}

enum status program_box_new(struct mem *mem, struct program **ret_program)
{
    struct program_box *box = mem_zalloc(mem, sizeof *box);
    if (!box) return ST_NOMEM;
    box->mem = mem;
    arena_init_lean(&box->arena, mem, limit(COMPILE_ARENA_BYTES));
    atomic_init(&box->program.references, 1);
    *ret_program = &box->program;
    return ST_OK;
}

struct arena *program_box_arena(struct program *program)
{
    return &box_of(program)->arena;
}

const char *program_show_word(enum program_show show)
{
    static const char *const words[] = {[SHOW_USUAL] = "",
#define SHOW(NAME, word, note) [SHOW_##NAME] = word,
#include "dsl/show.def"
#undef SHOW
                                        [SHOW_MONEY] = ""};
    return words[show];
}

struct program *program_retain(struct program *program)
{
    unsigned before = atomic_fetch_add_explicit(&program->references, 1, memory_order_relaxed);
    assert(before > 0);
    (void)before;
    return program;
}

/* The last owner must see all that the others did before they let go. */
void program_release(struct program *program)
{
    if (!program) return;
    unsigned before = atomic_fetch_sub_explicit(&program->references, 1, memory_order_acq_rel);
    assert(before > 0);
    if (before > 1) return;
    struct program_box *box = box_of(program);
    for (uint32_t i = 0; program->lists && i < program->list_count; i++)
        if (program->lists[i].sheet) sheet_release(program->lists[i].sheet);
    arena_release(&box->arena);
    mem_free(box->mem, box, sizeof *box);
}

size_t program_bytes(const struct program *program)
{
    size_t bytes = sizeof(struct program_box) + box_of(program)->arena.held_bytes;
    for (uint32_t i = 0; program->lists && i < program->list_count; i++)
        if (program->lists[i].sheet) bytes += sheet_bytes(program->lists[i].sheet);
    return bytes;
}

/* ---- cells of lookup tables, as answers are written */

static bool read_moment(enum program_type type, struct str text, int64_t *ret_value)
{
    int32_t small = 0, offset;
    if (type == TYPE_DATETIME) return civil_parse_datetime(text, ret_value, &offset);
    bool read = type == TYPE_DATE           ? civil_parse_date(text, &small)
                : type == TYPE_YEAR_MONTH   ? partial_parse_month(text, &small)
                : type == TYPE_PARTIAL_DATE ? partial_parse(text, &small)
                                            : civil_parse_time(text, &small);
    *ret_value = small;
    return read;
}

static bool read_truth(struct str text, int64_t *ret_value)
{
    *ret_value = str_eq(text, STR("true"));
    return *ret_value || str_eq(text, STR("false"));
}

static bool read_code(const struct program_list *list, struct str text, int64_t *ret_value)
{
    uint32_t option = name_table_find(&list->codes, text);
    *ret_value = (int64_t)option + 1;
    return option != NAME_ABSENT;
}

bool program_read_cell(const struct program_list *lists, const struct program_column *column,
                       struct str text, struct program_cell *ret_cell)
{
    *ret_cell = (struct program_cell){.present = text.len > 0};
    if (text.len == 0) return true;
    switch (column->type) {
    case TYPE_TEXT:
        ret_cell->value.text = text;
        return true;
    case TYPE_NUMBER:
        return double_parse(text, &ret_cell->value.number);
    case TYPE_BOOLEAN:
        return read_truth(text, &ret_cell->value.exact);
    case TYPE_CHOICE:
        return read_code(&lists[column->list], text, &ret_cell->value.exact);
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        return decimal_parse(text, column->scale, &ret_cell->value.exact) == DECIMAL_OK;
    default:
        return read_moment(column->type, text, &ret_cell->value.exact);
    }
}

struct program_cell program_cell_at(const struct program *program, const struct program_list *list,
                                    uint32_t column, uint32_t option)
{
    const struct program_column *c = &list->columns[column];
    struct program_cell cell;
    if (c->cells) return c->cells[option];
    bool read =
        program_read_cell(program->lists, c, sheet_cell(list->sheet, option, c->sheet_column), &cell);
    assert(read); /* the checker has looked at every one */
    (void)read;
    return cell;
}

struct str program_zone_missing(const struct program *program, const struct atlas *atlas)
{
    for (uint32_t i = 0; i < program->node_count; i++) {
        const struct program_node *node = &program->nodes[i];
        if (node->format == FORMAT_ZONED && atlas_find(atlas, node->rare->zone) == NAME_ABSENT)
            return node->rare->zone;
    }
    return STR("");
}

const char *program_type_name(enum program_type type)
{
    static const char *const names[] = {[TYPE_NONE] = "none",
                                        [TYPE_TEXT] = "text",
                                        [TYPE_BOOLEAN] = "boolean",
                                        [TYPE_INTEGER] = "integer",
                                        [TYPE_DECIMAL] = "decimal",
                                        [TYPE_MONEY] = "money",
                                        [TYPE_NUMBER] = "number",
                                        [TYPE_DATE] = "date",
                                        [TYPE_TIME] = "time",
                                        [TYPE_DATETIME] = "datetime",
                                        [TYPE_CHOICE] = "choice",
                                        [TYPE_CHOICES] = "choices",
                                        [TYPE_YEAR_MONTH] = "year_month",
                                        [TYPE_PARTIAL_DATE] = "partial_date",
                                        [TYPE_RANKING] = "ranking"};
    return names[type];
}

const char *program_step_name(enum program_step_kind kind)
{
    static const char *const names[] = {"when", "value", "offer", "bounds", "required", "check"};
    return names[kind];
}
