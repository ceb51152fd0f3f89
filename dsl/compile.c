/* Compile: the compiler from end to end, behind dsl_compile() and dsl_print_ir() of dsl/dsl.h.
 *
 *     text → tree (parser) → IR (check) → shape, tables of patterns, Lua, render document → program */
#include "dsl/answers_schema.h"
#include "dsl/answers_types.h"
#include "dsl/form_schema.h"
#include "dsl/automaton.h"
#include "dsl/check.h"
#include "dsl/diff.h"
#include "dsl/dsl.h"
#include "dsl/emit_js.h"
#include "dsl/emit_lua.h"
#include "dsl/footprint.h"
#include "dsl/graph.h"
#include "dsl/ir_print.h"
#include "dsl/lint.h"
#include "dsl/parser.h"
#include "dsl/price.h"
#include "dsl/program_box.h"
#include "dsl/reads.h"
#include "dsl/render.h"
#include "dsl/shape.h"
#include "dsl/step.h"
#include "dsl/target.h"

#include "base/digest.h"
#include "base/limits.h"

#include <assert.h>

static enum status out_of_room(const struct arena *arena)
{
    return arena->refused ? ST_LIMIT : ST_NOMEM;
}

/* Diagnostics outlive the compilation; what they say about other places was said in its arena. */
static enum status keep_related(struct diags *diags)
{
    for (uint32_t i = 0; i < diags->count; i++) {
        struct diag *diag = &diags->items[i];
        if (!diag->related_message.len) continue;
        diag->related_message = arena_str(diags->arena, diag->related_message);
        if (!diag->related_message.ptr) return out_of_room(diags->arena);
    }
    return ST_OK;
}

static enum status check_source(struct arena *arena, struct str source, const struct dsl_tables *tables,
                                struct diags *diags, struct ir **ret_ir)
{
    struct tree *tree;
    enum status st = parser_parse(arena, source, diags, &tree);
    if (!st) st = check_tree_with(arena, tree, tables, diags, ret_ir);
    diags_sort(diags);
    enum status kept = keep_related(diags);
    return kept ? kept : st;
}

/* What `out` holds, in `arena`; `out` is released. */
static enum status keep_buf(struct arena *arena, struct buf *out, struct str *ret_text)
{
    enum status st = out->failure;
    struct str text = {NULL, 0};
    if (!st) text = arena_str(arena, buf_str(out));
    if (!st && !text.ptr) st = out_of_room(arena);
    buf_release(out);
    if (st) return st;
    *ret_text = text;
    return ST_OK;
}

/* ---- patterns */

static enum status write_re2(struct arena *arena, const struct pattern *pattern,
                             struct program_pattern *to)
{
    struct buf out;
    buf_init(&out, arena->mem, limit(LUA_BYTES));
    pattern_put_re2(&out, pattern);
    return keep_buf(arena, &out, &to->re2);
}

static enum status make_pattern(struct arena *scratch, struct arena *work,
                                struct categories *categories, struct arena *arena, struct str text,
                                struct automaton_budget *budget, struct program_pattern *to)
{
    const struct pattern *pattern;
    struct pattern_fault fault;
    enum status st = pattern_parse(scratch, categories, text, &pattern, &fault);
    assert(st != ST_INPUT); /* the checker has read it */
    if (st) return st;
    to->text = arena_str(arena, text);
    if (!to->text.ptr) return out_of_room(arena);
    arena_reset(work);
    st = automaton_build(work, arena, pattern, budget, &to->dfa);
    if (!st && !to->dfa) st = write_re2(arena, pattern, to);
    return st;
}

static enum status make_patterns(struct arena *scratch, const struct ir *ir, struct program *program)
{
    struct arena *arena = program_box_arena(program);
    struct automaton_budget budget = {limit(PATTERN_WORK), limit(PATTERN_TABLE_BYTES)};
    struct categories categories = {0};
    struct program_pattern *patterns = ARENA_ARRAY(arena, struct program_pattern, ir->pattern_count);
    if (!patterns) return out_of_room(arena);
    struct arena work; /* of one pattern after the other: its chunk, a megabyte, is taken once */
    arena_init(&work, scratch->mem, limit(COMPILE_ARENA_BYTES));
    enum status st = ST_OK;
    for (uint32_t i = 0; !st && i < ir->pattern_count; i++)
        st = make_pattern(scratch, &work, &categories, arena, ir->patterns[i], &budget, &patterns[i]);
    arena_release(&work);
    if (st) return st;
    program->patterns = patterns;
    program->pattern_count = ir->pattern_count;
    return ST_OK;
}

/* ---- tables */

/* A table that is not there is left for the compilation to complain about. */
static enum status put_pinned(const struct tree *tree, const struct dsl_tables *tables, struct buf *out)
{
    uint32_t written = 0;
    for (uint32_t i = 0; i < tree->item_count; i++) {
        const struct item *item = &tree->items[i];
        struct sheet *sheet;
        uint32_t version, end = item->name_span.offset + item->name_span.len;
        if (item->kind != ITEM_TABLE || item->version_span.len || item->name.len == 0) continue;
        enum status st = tables->find(tables->user, item->name, 0, &sheet, &version);
        if (st == ST_ABSENT) continue;
        if (st) return st;
        buf_put(out, (struct str){tree->source.ptr + written, end - written});
        buf_printf(out, " version %u", (unsigned)version);
        written = end;
    }
    buf_put(out, (struct str){tree->source.ptr + written, tree->source.len - written});
    return out->failure;
}

enum status dsl_form_name(struct arena *arena, struct str source, struct str *ret_name)
{
    struct arena scratch;
    struct diags diags;
    struct tree *tree;
    arena_init(&scratch, arena->mem, limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &scratch, 1);
    enum status st = parser_parse(&scratch, source, &diags, &tree);
    if (!st && diags.errors > 0) st = ST_INPUT;
    if (!st) *ret_name = arena_str(arena, tree->name);
    if (!st && !ret_name->ptr) st = ST_NOMEM;
    arena_release(&scratch);
    return st;
}

enum status dsl_pin_tables(struct arena *arena, struct str source, const struct dsl_tables *tables,
                           struct str *ret_source)
{
    struct arena scratch;
    struct diags diags;
    struct tree *tree;
    struct buf out;
    arena_init(&scratch, arena->mem, limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &scratch, 1);
    buf_init(&out, arena->mem, 2 * (size_t)limit(SOURCE_BYTES));
    enum status st = parser_parse(&scratch, source, &diags, &tree);
    bool reads = !st && diags.errors == 0;
    *ret_source = source;
    if (reads) st = put_pinned(tree, tables, &out);
    if (reads && !st && out.len != source.len) st = keep_buf(arena, &out, ret_source);
    else buf_release(&out);
    arena_release(&scratch);
    return reads || st == ST_NOMEM ? st : ST_OK; /* the compilation says what is wrong with it */
}

/* ---- programs */

static enum status make_render(const struct ir *ir, struct program *program)
{
    struct buf out;
    struct arena *arena = program_box_arena(program);
    buf_init(&out, arena->mem, limit(RENDER_BYTES));
    render_write(program, ir, &out);
    return keep_buf(arena, &out, &program->render);
}

/* Lets that are only read by rules stay with them otherwise. What was written in where no option fits
 * has no text outside of its field. */
static void carry_lets_out(const struct ir *ir, struct reads *reads)
{
    for (uint32_t i = 0; i < ir->node_count; i++)
        if (ir->nodes[i].kind == NODE_LET && ir->nodes[i].computed && !ir->nodes[i].type.open)
            reads->texts[i] = true;
}

/* All that judging takes. */
static enum status build(struct arena *scratch, const struct ir *ir, const struct digest *hash,
                         bool traced, struct program *program)
{
    struct reads reads;
    digest_hex(hash, program->source_hash);
    program->cost.steps_max = ir->cost_steps;
    enum status st = reads_find(scratch, ir, &reads);
    if (!st && traced) carry_lets_out(ir, &reads);
    if (!st) st = shape_build(scratch, ir, &reads, program);
    if (!st) st = make_patterns(scratch, ir, program);
    if (!st) st = emit_lua(scratch, ir, &reads, program);
    return st;
}

static enum status build_whole(struct arena *scratch, const struct ir *ir, bool traced,
                               struct program *program)
{
    struct digest hash = digest_of(ir->source);
    enum status st = build(scratch, ir, &hash, traced, program);
    return st ? st : make_render(ir, program);
}

/* Each part of it is within its limit, all together are not. */
static enum status too_large(struct diags *diags)
{
    if (diags->count == diags->count_max) diags->count--; /* a warning, which may go */
    diag_add(diags, DIAG_ERROR, "E0404", (struct span){0, 0},
             STR("the form is too large when it is compiled"),
             "shorten its texts, take languages away, or make two forms of it");
    return ST_INPUT;
}

/* What judging by it costs at worst, and whether that is within the caps. */
static enum status price_program(struct arena *scratch, const struct ir *ir,
                                 const struct price_caps *caps, struct diags *diags,
                                 struct price *price, struct program *program)
{
    struct footprint footprint;
    enum status st = footprint_measure(scratch, ir, program, &footprint);
    if (st) return st;
    program->cost.memory_bytes_max = footprint.memory.bytes;
    program->cost.verdict_bytes_max = footprint.verdict.bytes;
    if (price) price->cost = program->cost;
    return price_judge_bytes(scratch, ir, &footprint, caps, diags);
}

static enum status compile_within(struct arena *scratch, struct str source,
                                  const struct dsl_tables *tables, const struct price_caps *caps,
                                  struct diags *diags, struct price *price,
                                  struct program **ret_program)
{
    struct ir *ir;
    struct program *program = NULL;
    enum status st = check_source(scratch, source, tables, diags, &ir);
    if (!st && price) st = price_describe(diags->arena, ir, price);
    if (!st) st = price_judge_steps(scratch, ir, caps, diags);
    if (!st) st = program_box_new(scratch->mem, &program);
    if (!st) st = build_whole(scratch, ir, false, program);
    if (!st) st = price_program(scratch, ir, caps, diags, price, program);
    if (st) program_release(program);
    else *ret_program = program;
    return st;
}

enum status dsl_compile_within(struct mem *mem, struct str source, const struct price_caps *caps,
                               struct diags *diags, struct price *ret_price,
                               struct program **ret_program)
{
    return dsl_compile_with(mem, source, NULL, caps, diags, ret_price, ret_program);
}

enum status dsl_compile_with(struct mem *mem, struct str source, const struct dsl_tables *tables,
                             const struct price_caps *caps, struct diags *diags,
                             struct price *ret_price, struct program **ret_program)
{
    struct arena scratch;
    if (ret_price) *ret_price = (struct price){.known = false};
    arena_init(&scratch, mem, limit(COMPILE_ARENA_BYTES));
    enum status st = compile_within(&scratch, source, tables, caps, diags, ret_price, ret_program);
    arena_release(&scratch);
    diags_sort(diags);
    return st == ST_LIMIT ? too_large(diags) : st;
}

static enum status compile_published(struct arena *scratch, struct str source,
                                     const struct digest *hash, const struct dsl_tables *tables,
                                     struct diags *diags, struct program **ret_program)
{
    struct ir *ir;
    struct program *program = NULL;
    enum status st = check_source(scratch, source, tables, diags, &ir);
    if (!st) st = program_box_new(scratch->mem, &program);
    if (!st) st = build(scratch, ir, hash, false, program);
    if (st) program_release(program);
    else *ret_program = program;
    return st;
}

enum status dsl_compile_published(struct mem *mem, struct str source, const struct digest *hash,
                                  const struct dsl_tables *tables, struct diags *diags,
                                  struct program **ret_program)
{
    struct arena scratch;
    arena_init(&scratch, mem, limit(COMPILE_ARENA_BYTES));
    enum status st = compile_published(&scratch, source, hash, tables, diags, ret_program);
    arena_release(&scratch);
    diags_sort(diags);
    return st == ST_LIMIT ? too_large(diags) : st;
}

enum status dsl_compile(struct mem *mem, struct str source, struct diags *diags,
                        struct program **ret_program)
{
    struct price_caps caps = price_caps_default();
    struct price price;
    return dsl_compile_within(mem, source, &caps, diags, &price, ret_program);
}

enum status dsl_print_ir(struct arena *arena, struct str source, struct diags *diags,
                         struct str *ret_text)
{
    return dsl_print_ir_with(arena, source, NULL, diags, ret_text);
}

enum status dsl_print_ir_with(struct arena *arena, struct str source, const struct dsl_tables *tables,
                              struct diags *diags, struct str *ret_text)
{
    struct arena scratch;
    struct ir *ir;
    struct buf out;
    arena_init(&scratch, arena->mem, limit(COMPILE_ARENA_BYTES));
    buf_init(&out, arena->mem, limit(COMPILE_ARENA_BYTES));
    enum status st = check_source(&scratch, source, tables, diags, &ir);
    if (!st) buf_printf(&out, "# formwright ir %d\n", TARGET_IR_VERSION);
    if (!st) ir_print(ir, &out);
    if (!st) st = keep_buf(arena, &out, ret_text);
    else buf_release(&out);
    arena_release(&scratch);
    return st;
}

enum status dsl_print_module(struct arena *arena, struct str source, const struct dsl_tables *tables,
                             struct diags *diags, struct str *ret_text)
{
    struct arena scratch;
    struct ir *ir;
    struct buf out;
    char hash[DIGEST_HEX_BYTES];
    struct digest digest = digest_of(source);
    digest_hex(&digest, hash);
    arena_init(&scratch, arena->mem, limit(COMPILE_ARENA_BYTES));
    buf_init(&out, arena->mem, limit(MODULE_BYTES));
    enum status st = check_source(&scratch, source, tables, diags, &ir);
    if (!st && emit_js_cells(ir) > (uint64_t)limit(MODULE_CELLS)) st = ST_LIMIT;
    if (!st) emit_js(&scratch, ir, str_of(hash), &out);
    if (!st) st = keep_buf(arena, &out, ret_text);
    else buf_release(&out);
    arena_release(&scratch);
    return st;
}

enum status dsl_graph(struct str source, const struct dsl_tables *tables, enum dsl_graph format,
                      struct diags *diags, struct buf *out)
{
    struct arena scratch;
    struct ir *ir;
    arena_init(&scratch, out->mem, limit(COMPILE_ARENA_BYTES));
    enum status st = check_source(&scratch, source, tables, diags, &ir);
    if (!st) st = graph_write(&scratch, ir, format, out);
    arena_release(&scratch);
    return st;
}

/* The two trees live in an arena of their own: the changes are all that is kept. */
enum status dsl_diff(struct arena *arena, const struct dsl_side *from, const struct dsl_side *to,
                     struct dsl_diff *ret_diff)
{
    struct arena scratch;
    struct ir *old, *new;
    arena_init(&scratch, arena->mem, limit(COMPILE_ARENA_BYTES));
    enum status st = check_source(&scratch, from->source, from->tables, from->diags, &old);
    enum status other = check_source(&scratch, to->source, to->tables, to->diags, &new);
    if (!st) st = other;
    if (!st) st = diff_make(arena, old, new, ret_diff);
    arena_release(&scratch);
    return st;
}

enum status dsl_compile_traced(struct arena *arena, struct str source, const struct dsl_tables *tables,
                               struct diags *diags, struct program_steps *ret_steps,
                               struct program **ret_program)
{
    struct arena scratch;
    struct ir *ir;
    struct program *program = NULL;
    arena_init(&scratch, arena->mem, limit(COMPILE_ARENA_BYTES));
    enum status st = check_source(&scratch, source, tables, diags, &ir);
    if (!st) st = program_box_new(arena->mem, &program);
    if (!st) st = build_whole(&scratch, ir, true, program);
    if (!st) st = steps_make(arena, ir, ret_steps);
    arena_release(&scratch);
    if (st) program_release(program);
    else *ret_program = program;
    return st;
}

enum status dsl_lint(struct mem *mem, struct str source, const struct dsl_tables *tables,
                     struct diags *diags)
{
    struct arena scratch;
    struct diags before; /* what compiling complains about has been said */
    struct ir *ir;
    arena_init(&scratch, mem, limit(COMPILE_ARENA_BYTES));
    diags_init(&before, &scratch, limit(DIAGNOSTICS));
    enum status st = check_source(&scratch, source, tables, &before, &ir);
    if (!st) lint_find(ir, diags);
    arena_release(&scratch);
    diags_sort(diags);
    return st == ST_INPUT ? ST_OK : st;
}

void dsl_write_schema(const struct program *program, bool stored, struct buf *out)
{
    answers_schema_write(program, stored ? OUTLINE_STORED : OUTLINE_SENT, out);
}

void dsl_write_form_schema(const struct program *program, uint32_t language, struct buf *out)
{
    form_schema_write(program, language, out);
}

void dsl_write_types(const struct program *program, struct buf *out)
{
    answers_types_write(program, out);
}

void dsl_write_lua(const struct program *program, struct buf *out)
{
    buf_printf(out, "-- formwright lua %d: form %.*s, %s\n", TARGET_LUA_VERSION, STR_ARG(program->name),
               program->source_hash);
    for (uint32_t i = 0; i < program->chunk_count; i++) {
        buf_printf(out, "-- chunk %u, %u steps\n", i + 1, program->chunks[i].base_steps);
        buf_put(out, program->chunks[i].lua);
    }
}
