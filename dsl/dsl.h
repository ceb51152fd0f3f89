/* The compiler's front door: text in, program or diagnostics out. Pure: no I/O, no clock, no Lua, no SQL.
 *
 *     struct diags diags;
 *     diags_init(&diags, &arena, limit(DIAGNOSTICS));
 *     enum status st = dsl_compile(mem, source, &diags, &program);
 *     ST_OK: a program, perhaps with warnings in diags.   ST_INPUT: diags say why.   ST_NOMEM: memory. */
#ifndef DSL_DSL_H
#define DSL_DSL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/sheet.h"
#include "base/status.h"
#include "dsl/program.h"

/* ---- what judging by a form can cost */

/* The most that a form may cost to be compiled. */
struct price_caps {
    uint64_t steps_max, memory_bytes_max, verdict_bytes_max;
};
/* The program's own limits. */
struct price_caps price_caps_default(void);
/* Anything: for what has been accepted before. */
struct price_caps price_caps_none(void);

/* The rows that a rule runs for, or that it looks at each time. */
struct price_loop {
    struct str repeat; /* "household.members" */
    uint64_t rows;     /* at most */
};

enum { PRICE_DEAREST = 3, PRICE_LOOPS = 2 };

struct price_rule {
    struct str path;  /* of the field, group or repeat it belongs to; the form's name */
    const char *kind; /* "when", "value", "bounds", "required", "check", "offer"; static */
    uint32_t line, column;
    uint64_t steps;                      /* at most, all its rows together */
    struct price_loop loops[PRICE_LOOPS]; /* its own rows; then the dearest that it looks at in each */
    uint32_t loop_count;
};

/* Upper bounds, worked out from declared maxima. */
struct price {
    bool known; /* false: the source did not come so far */
    struct program_cost cost;
    struct price_rule dearest[PRICE_DEAREST]; /* the dearest first */
    uint32_t dearest_count;
};
/* Of the whole, in hundredths, rounded down. */
unsigned price_share(const struct price *price, const struct price_rule *rule);
/* "items, 1000 rows, each looking at 10 rows of parts"; nothing without loops. */
void price_put_loops(const struct price_rule *rule, struct buf *out);
/* {"steps_max", "memory_bytes_max", "verdict_bytes_max", "dearest": [{"path", "kind", "line", "column",
 * "steps", "share", "loops": [{"repeat", "rows"}]}]} */
void price_put_json(const struct price *price, struct buf *out);

/* ---- compiling */

/* Where the lookup tables come from that a form names. */
struct dsl_tables {
    /* `version` 0: the newest. ST_ABSENT: there is none. *ret_sheet stays the callee's, at least as long as the
     * compilation goes on; programs retain what they need. */
    enum status (*find)(void *user, struct str name, uint32_t version, struct sheet **ret_sheet,
                        uint32_t *ret_version);
    void *user;
};

/* `source` with the version of every table that it names without one written behind its name; `source` itself when there is
 * nothing to do. What does not parse or is not there is left for the compilation to complain about. In `arena`. */
MUST_USE enum status dsl_pin_tables(struct arena *arena, struct str source,
                                    const struct dsl_tables *tables, struct str *ret_source);

/* The entries of one language that are kept in a file of their own. */
struct dsl_entries {
    struct str language, text;
    uint32_t at;    /* set by dsl_merge(): where the text begins in the whole */
    uint32_t brace; /* set on ST_INPUT: where in it a brace stands */
};
/* `source` with a translate block for each file before its end: one definition. ST_INPUT: a file holds a brace, so more than
 * entries; *ret_whole is `source` then. In `arena`, or `source` itself when there are no files. */
MUST_USE enum status dsl_merge(struct arena *arena, struct str source, struct dsl_entries *files,
                               uint32_t count, struct str *ret_whole);

/* dsl_format() of such a file. */
MUST_USE enum status dsl_format_entries(struct arena *arena, struct str text, struct diags *diags,
                                        struct str *ret_text);

/* The form's name, in `arena`, with a NUL behind. ST_INPUT when it does not parse. */
MUST_USE enum status dsl_form_name(struct arena *arena, struct str source, struct str *ret_name);

/* dsl_compile_within() of a form that may name tables; NULL: there are none. `ret_price` may be NULL,
 * too, for who only wants to judge. */
MUST_USE enum status dsl_compile_with(struct mem *mem, struct str source,
                                      const struct dsl_tables *tables, const struct price_caps *caps,
                                      struct diags *diags, struct price *ret_price,
                                      struct program **ret_program);

/* What was published once, to be judged by: within no caps and unpriced but for its steps, without the
 * render document (`render` is empty), and `hash` is that of `source` as it is known. */
MUST_USE enum status dsl_compile_published(struct mem *mem, struct str source,
                                           const struct digest *hash, const struct dsl_tables *tables,
                                           struct diags *diags, struct program **ret_program);

/* dsl_compile() under other caps: what may cost more is ST_INPUT with E0402 (steps), E0405 (memory) or
 * E0406 (verdict). *ret_price is always written, its texts live in the arena of `diags`; it is known
 * also when the form is refused for its price alone. Memory and verdict are only worked out when the
 * steps are within their cap, else 0. */
MUST_USE enum status dsl_compile_within(struct mem *mem, struct str source,
                                        const struct price_caps *caps, struct diags *diags,
                                        struct price *ret_price, struct program **ret_program);

/* Within the default caps. Compiles `source`. The program is independent of `source`, of `diags` and of its arena; release it with
 * program_release(). Any bytes are fine as source. */
MUST_USE enum status dsl_compile(struct mem *mem, struct str source, struct diags *diags, struct program **ret_program);

/* The one way to lay the source out: comments kept, meaning unchanged, idempotent. ST_INPUT when it does not parse.
 * *ret_text lives in `arena`. */
MUST_USE enum status dsl_format(struct arena *arena, struct str source, struct diags *diags, struct str *ret_text);

/* The newest edition of the language. */
uint32_t dsl_edition(void);
/* The source in the newest edition, meaning the same: words are exchanged where they stand, comments and layout kept. A source of that edition
 * comes back as it is. ST_INPUT when it does not parse. *ret_text lives in `arena`. */
MUST_USE enum status dsl_upgrade(struct arena *arena, struct str source, struct diags *diags, struct str *ret_text);

/* The checked form as text, for goldens and people: nodes, rules in order, types, costs. */
MUST_USE enum status dsl_print_ir(struct arena *arena, struct str source, struct diags *diags, struct str *ret_text);
MUST_USE enum status dsl_print_ir_with(struct arena *arena, struct str source, const struct dsl_tables *tables,
                                       struct diags *diags, struct str *ret_text);

/* The form as an ES module for browsers (docs/module.md), in `arena`. ST_LIMIT: its lookup tables have more than limit(MODULE_CELLS)
 * cells, or it is longer than limit(MODULE_BYTES): then pages do without it. */
MUST_USE enum status dsl_print_module(struct arena *arena, struct str source, const struct dsl_tables *tables,
                                      struct diags *diags, struct str *ret_text);

/* Compiled so that a judging can be told rule by rule: every let but those of open choices is carried out of the rules, all else is as it
 * always is. The steps live in
 * `arena`; what is not valid is ST_INPUT. */
MUST_USE enum status dsl_compile_traced(struct arena *arena, struct str source, const struct dsl_tables *tables,
                                        struct diags *diags, struct program_steps *ret_steps,
                                        struct program **ret_program);

/* Adds warnings about what is valid and probably not meant: W0206, W0207, W0304 to W0307, W0401. Nothing when the
 * source is not valid. Sorted with what is in `diags` already. */
MUST_USE enum status dsl_lint(struct mem *mem, struct str source, const struct dsl_tables *tables,
                              struct diags *diags);

/* What depends on what: arrows lead from what is read to the fields, lets and checks that read it. */
enum dsl_graph { DSL_GRAPH_DOT, DSL_GRAPH_MERMAID, DSL_GRAPH_JSON };
MUST_USE enum status dsl_graph(struct str source, const struct dsl_tables *tables, enum dsl_graph format,
                               struct diags *diags, struct buf *out);

/* ---- what differs between two forms */

/* What it means for answers that were accepted by the one and are shown to the other: dsl/change.def. The worse, the later. */
enum dsl_diff_class { DIFF_IDENTICAL, DIFF_PRESENTATIONAL, DIFF_ADDITIVE, DIFF_NARROWING, DIFF_BREAKING };
const char *dsl_diff_class_name(enum dsl_diff_class diff_class); /* "additive" */

enum dsl_change_kind {
#define CHANGE(NAME, code, diff_class, reason) CHANGE_##NAME,
#include "dsl/change.def"
#undef CHANGE
    CHANGE_COUNT
};

struct dsl_change {
    enum dsl_change_kind kind;
    enum dsl_diff_class diff_class;
    const char *code, *reason;     /* static: "field-removed", "stored answers have no place" */
    struct str path;               /* of the field, group, repeat or let; empty: the form */
    struct str what;               /* the part of it: "max", "hint", an option's code; may be empty */
    struct str from, to;           /* what stood there and what stands there now; may be empty */
    uint32_t from_line, to_line;   /* 0: it is not there */
    struct str similar;            /* FIELD_REMOVED: the path of a new field that might be the same, or empty */
};

struct dsl_diff {
    enum dsl_diff_class diff_class; /* the worst */
    struct dsl_change *changes;     /* the worst first, then by where they are */
    uint32_t count;
};

/* A form with the tables that it names; `diags` get what is wrong with it. */
struct dsl_side {
    struct str source;
    const struct dsl_tables *tables; /* NULL: none */
    struct diags *diags;
};
/* ST_INPUT when one of the two is not valid. The result lives in `arena`. */
MUST_USE enum status dsl_diff(struct arena *arena, const struct dsl_side *from, const struct dsl_side *to,
                              struct dsl_diff *ret_diff);
/* {"class", "changes": [{"class", "code", "path", "what", "from", "to", "from_line", "to_line", "similar", "reason"}]}; what is empty is left out. */
void dsl_diff_put_json(const struct dsl_diff *diff, struct buf *out);
/* For people: a line for each change, and what it means below it. */
void dsl_diff_put_text(const struct dsl_diff *diff, struct buf *out);

/* ---- answers to an earlier version */

/* migrate from N { … }: made of both versions. Answers are carried in three steps:
 *
 *     judge the stored answers by `from`, at the moment and in the zone of their own judging
 *     dsl_migration_carry(migration, arena, the answers of that verdict, &out)
 *     judge `out` by `to`: whether they fit is what its verdict says */
struct dsl_migration {
    uint32_t number;      /* of the earlier version */
    bool written;         /* there is a clause; else what has the same name is carried, no more */
    struct program *from; /* the earlier version, and beside its own answers all values that are set */
    struct program *to;
    const uint32_t *sources; /* by node of `to`: the node of `from` that its answer comes from, or PROGRAM_NONE */
};
struct dsl_migration_wish {
    uint32_t number;
    struct dsl_side from, to; /* all diagnostics are about the source of `to` and in its `diags` */
    struct price_caps caps;   /* what judging by dsl_migration.from may cost */
};
/* ST_INPUT: to.diags say why. ST_FAULT: the earlier version is not valid. */
MUST_USE enum status dsl_migration_new(struct mem *mem, const struct dsl_migration_wish *wish,
                                       struct dsl_migration **ret_migration);
/* NULL is fine. */
void dsl_migration_free(struct dsl_migration *migration);
/* `answers`: as a judging by migration->from wrote them. */
MUST_USE enum status dsl_migration_carry(const struct dsl_migration *migration, struct arena *arena,
                                         struct str answers, struct buf *out);
/* The versions that the source has clauses for, in their order; room for limit(MIGRATIONS). None when it does not parse. */
MUST_USE enum status dsl_migration_versions(struct arena *arena, struct str source, uint32_t *ret_numbers,
                                            uint32_t *ret_count);

/* ---- what diagnostics mean */

struct dsl_code {
    const char *code; /* "E0123" */
    enum diag_severity severity;
    const char *title, *explanation;
};
/* In the order of dsl/diagnostic.def. */
const struct dsl_code *dsl_codes(size_t *ret_count);
/* NULL: there is none. */
const struct dsl_code *dsl_code_find(struct str code);

/* What causes a diagnostic, and the same mended. Shown as they are; dsl_specimen_put() writes them out. */
struct dsl_specimen {
    const char *code, *wrong, *right;
    bool whole; /* a definition, else items of one */
    uint64_t memory_bytes_max, verdict_bytes_max; /* the quota it is compiled within; 0: the limits */
};
/* NULL: there is none. */
const struct dsl_specimen *dsl_specimen_find(struct str code);
/* `text` is the specimen's wrong or right: the definition that it stands for. */
void dsl_specimen_put(const struct dsl_specimen *specimen, const char *text, struct buf *out);
/* Lays it out and compiles it, beside the lookup table that specimens may name. */
MUST_USE enum status dsl_specimen_try(struct mem *mem, const struct dsl_specimen *specimen,
                                        struct str source, struct diags *diags);

/* ---- targets: what else a program is turned into (docs/targets.md, dsl/target.def). The render document is program->render. The same program
 * gives the same bytes; failures stay in `out`. */

/* JSON Schema 2020-12 of the answers: as they are sent, or as an accepted judging leaves them. */
void dsl_write_schema(const struct program *program, bool stored, struct buf *out);
/* JSON Schema and uiSchema for react-jsonschema-form and its kin, in one language, by its number in program->languages. */
void dsl_write_form_schema(const struct program *program, uint32_t language, struct buf *out);
/* TypeScript types of the answers, as sent and as stored. */
void dsl_write_types(const struct program *program, struct buf *out);
/* The rules, chunk after chunk. */
void dsl_write_lua(const struct program *program, struct buf *out);

#endif
