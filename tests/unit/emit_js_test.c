#include "tests/unit/compiled.h"

static struct arena arena;

static struct str module_of(const char *source)
{
    struct diags diags;
    struct str text = {"", 0};
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(dsl_print_module(&arena, str_of(source), NULL, &diags, &text), ST_OK);
    if (diags.errors) compiled_print(&diags, str_of(source));
    return text;
}

static bool says(struct str text, const char *wanted)
{
    struct str part = str_of(wanted);
    for (size_t at = 0; at + part.len <= text.len; at++)
        if (memcmp(text.ptr + at, part.ptr, part.len) == 0) return true;
    fprintf(stderr, "no %s in\n%.*s\n", wanted, STR_ARG(text));
    return false;
}

static void the_shape_leaves_out_what_is_usual(void)
{
    struct str text = module_of(FORM("a: text \"A\" required length 1..20\n"
                                     "b: decimal(2) \"B\" key \"the b\" min 0 max 1_000"));
    CHECK(says(text,
               "nodes:[{k:0,e:2},{n:\"a\",t:1,f:1,g:20,r:1},{n:\"b\",j:\"the b\",t:4,s:2,a:0,b:1e5}]"));
    CHECK(says(text, "export default {format:1,form:\"f\",hash:\""));
}

static void a_condition_is_one_question(void)
{
    struct str text = module_of(FORM("a: integer\nb: integer\nc: text when a > 1 and not (b = 2)"));
    CHECK(says(text, "[0,3,[1,2],r=>F[1]>1&&ne(F[2],2)]"));
}

static void a_missing_operand_is_no_number_until_it_is_a_value(void)
{
    struct str text = module_of(
        FORM("a: integer min 0 max 10\nb: integer min 0 max 10\nc: integer = a + b * 2 + 1\nd: integer = 1 + 2"));
    CHECK(says(text, "D(F[1]+F[2]*2+1)"));
    CHECK(says(text, "=>3]"));
}

static void what_follows_a_missing_operand_is_not_looked_at_if_it_may_fault(void)
{
    struct str text = module_of(FORM("a: integer\nb: integer\nc: boolean = a < div(1, b)"));
    CHECK(says(text, "(r,t0,t1)=>(t0=F[1])==null||(t1=floorDiv(1,F[2]))==null?void 0:t0<t1"));
}

static void a_boolean_inside_a_boolean_is_written_once(void)
{
    struct str text = module_of(FORM("a: boolean\nb: boolean\nc: boolean\n"
                                     "d: boolean = a and (b = (b or c))"));
    CHECK(says(text, "const q0="));
}

static void rows_are_functions_of_their_row(void)
{
    struct str text = module_of(FORM("repeat rows 0..5 {\n  n: integer\n  m: integer = prior.n + 1\n"
                                     "  share: integer = count(rows where n > outer.n)\n}\n"
                                     "total: integer = sum(rows.n where n > 2)"));
    CHECK(says(text, "rowsSum(F,1,a=>a[1],a=>a[1]>2)"));
    CHECK(says(text, "prior(r,1)"));
    CHECK(says(text, "rowsCount(F,1,a=>a[1]>r[1])"));
    CHECK(says(text, "scopes:[[0,1,0,5]]"));
}

/* A node alone is read where it stands; with a scope, from all its rows inside a row of that scope. */
static void reads_say_where_rows_meet(void)
{
    struct str text = module_of(FORM(
        "a: integer\nrepeat rows 0..5 {\n  n: integer\n  m: integer = n + a\n  p: integer = prior.n\n"
        "  u: integer unique\n}\ntotal: integer = sum(rows.n)"));
    CHECK(says(text, "[1,4,[1,3]"));
    CHECK(says(text, "[1,5,[2,[3,-1]]"));
    CHECK(says(text, "[3,6,[2,[6,-2],6]"));
    CHECK(says(text, "[1,7,[2,[3,0]]"));
}

static void lists_hold_what_rules_look_up(void)
{
    struct str text = module_of(
        FORM("choices l with n: integer, t: text { a \"A\" (1, \"x\") = 3  b \"B\" (2, \"\") = 4 }\n"
             "c: choice(l)\nd: integer = c.n\ne: integer = score(c)"));
    CHECK(says(text, "{n:\"l\",c:[\"a\",\"b\"],s:[3,4],v:[[1,2]]}"));
}

static void the_same_form_gives_the_same_bytes(void)
{
    const char *form = FORM("a: integer\nb: integer = a + 1");
    CHECK(str_eq(module_of(form), module_of(form)));
}

static void what_does_not_compile_has_no_module(void)
{
    struct diags diags;
    struct str text;
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(dsl_print_module(&arena, STR("form"), NULL, &diags, &text), ST_INPUT);
    CHECK(diags.errors > 0);
}

/* ---- tables */

static struct sheet *table;

static enum status find_table(void *user, struct str name, uint32_t version, struct sheet **ret_sheet,
                              uint32_t *ret_version)
{
    (void)user, (void)name, (void)version;
    *ret_sheet = table;
    *ret_version = 1;
    return ST_OK;
}

/* Of a key and a label, and so two columns and the codes. */
static enum status with_rows(uint32_t rows)
{
    struct dsl_tables tables = {.find = find_table};
    struct sheet_fault fault;
    struct diags diags;
    struct str text;
    struct buf csv;
    buf_init(&csv, mem_heap(), 8 << 20);
    buf_puts(&csv, "code,name\n");
    for (uint32_t i = 0; i < rows; i++) buf_printf(&csv, "c%u,N\n", (unsigned)i);
    CHECK_STATUS(sheet_new(mem_heap(), buf_str(&csv), &table, &fault), ST_OK);
    buf_release(&csv);
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    enum status st = dsl_print_module(
        &arena, STR(FORM("c: choice(wards)\ntable wards {\n  key code: text\n  label name: text\n}")),
        &tables, &diags, &text);
    sheet_release(table);
    return st;
}

static void a_module_holds_so_many_cells_of_tables_and_no_more(void)
{
    uint32_t rows = (uint32_t)limit(MODULE_CELLS);
    while (with_rows(rows) == ST_LIMIT && rows > 0) rows /= 2;
    CHECK(rows > 0);
    uint32_t cells_a_row = 1;
    while (with_rows((uint32_t)limit(MODULE_CELLS) / cells_a_row) == ST_LIMIT) cells_a_row++;
    CHECK_STATUS(with_rows((uint32_t)limit(MODULE_CELLS) / cells_a_row), ST_OK);
    CHECK_STATUS(with_rows((uint32_t)limit(MODULE_CELLS) / cells_a_row + 1), ST_LIMIT);
}

int main(void)
{
    arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    the_shape_leaves_out_what_is_usual();
    a_condition_is_one_question();
    a_missing_operand_is_no_number_until_it_is_a_value();
    what_follows_a_missing_operand_is_not_looked_at_if_it_may_fault();
    a_boolean_inside_a_boolean_is_written_once();
    rows_are_functions_of_their_row();
    reads_say_where_rows_meet();
    lists_hold_what_rules_look_up();
    the_same_form_gives_the_same_bytes();
    what_does_not_compile_has_no_module();
    a_module_holds_so_many_cells_of_tables_and_no_more();
    arena_release(&arena);
    return EXIT_SUCCESS;
}
