/* Program: a compiled form, immutable and shared. What the compiler makes and the runtime judges with.
 *
 *     dsl_compile(mem, source, &diags, &program)     dsl/dsl.h
 *     runtime_judge(worker, program, …)              runtime/runtime.h
 *     program_release(program)
 *
 * It has two halves. The SHAPE, for C: a flat table of nodes in document order, objects with a perfect hash of their member names, static bounds,
 * option lists, patterns. The RULES, for Lua: chunks of text that run one after the other over a table of slots.
 *
 * Everything a program points to lives in its own arena and is freed with the last reference. Nothing in it is written after
 * dsl_compile(), so any number of threads may use it.
 *
 * ---- The calling convention between shape and rules
 *
 * Slots have numbers from 1, unique in the program, dealt scope by scope: scope s owns [first_slot, first_slot + slot_count). The rules see one Lua
 * table S. For a slot of scope 0, S[slot] is the value or nil. For a slot of another scope, S[slot] is a *column*: a table
 * indexed by the row's number among ALL rows of that scope in document order, from 1 to S[rows_slot].
 * For a scope under a parent other than 0, S[parent_slot][row] is the row's parent row, and S[begin_slot][p] .. S[begin_slot][p + 1] - 1 are the
 * rows of parent row p (begin has one entry more than the parent has rows). For a scope directly under 0 all rows belong to the form.
 * Values: TEXT string, BOOLEAN boolean, exact kinds, DATE (days since 1970-01-01), TIME (ms), DATETIME (ms since the epoch, UTC),
 * YEAR_MONTH and PARTIAL_DATE (base/partial.h) and CHOICE (option index from 1) integer, NUMBER float, CHOICES a string of bits, RANKING a string of options in their order (dsl/helper.def). Missing is nil.
 *
 * Before the chunks run, the runtime fills: S[rows_slot], S[parent_slot], S[begin_slot] of every scope but 0; every slot of a node with `rules_read`
 * (nil where missing or broken); S[today_slot], S[now_slot] when not 0. It sets nothing else; columns exist for every slot of a scope but 0.
 * After them it reads: the value slot of every computed FIELD and of every LET with `text_reads` or `derived`; relevance_slot (true: relevant) and required_slot (true: required)
 * of nodes that have one. A relevance slot takes what is around the node into account.
 * Rules set the value slots of irrelevant nodes to nil before any other rule reads them. Irrelevance of a repeat sets S[rows_slot] of its
 * scope, and of scopes inside it, to 0 for the rules; rows of a conditional nested repeat whose parent row hides it are skipped by the rules' own tests.
 *
 * A chunk is Lua text. Loaded once per Lua world, called as `chunk(h1, h2, …)` with the C functions listed in `helpers`, it returns a function that
 * the runtime calls as `f(S)`, in order, once per judging, after taking `base_steps` from the budget. Loops inside charge by themselves.
 * A chunk that is `direct` is the only one. It is called as `f(S, a1, a2, …)` with the values of the slots listed in `inputs` and returns those of `outputs`, all
 * of scope 0; then nothing of scope 0 is in S but rows_slot, today_slot and now_slot.
 * Rows are numbered from 1 in the arguments of fail and breach; 0 in rules of scope 0. Code of a rule of another scope
 * holds the row in a local or a parameter named i0, by which the runtime finds it when a helper faults. */
#ifndef DSL_PROGRAM_H
#define DSL_PROGRAM_H

#include "base/atlas.h"
#include "base/dfa.h"
#include "base/hash.h"
#include "base/locale.h"
#include "base/sheet.h"
#include "base/str.h"
#include "base/zoned.h"
#include "dsl/passage.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define PROGRAM_COMPILER_VERSION "2" /* counts up when the same source may give other derived bytes */
#define PROGRAM_NONE UINT32_MAX

enum program_type {
    TYPE_NONE, TYPE_TEXT, TYPE_BOOLEAN, TYPE_INTEGER, TYPE_DECIMAL, TYPE_MONEY, TYPE_NUMBER, TYPE_DATE, TYPE_TIME, TYPE_DATETIME, TYPE_CHOICE,
    TYPE_CHOICES, TYPE_YEAR_MONTH, TYPE_PARTIAL_DATE, TYPE_RANKING,
    TYPE_LAST = TYPE_RANKING,
};

/* "decimal", "year_month"; "none". Static. */
const char *program_type_name(enum program_type type);

enum program_format { FORMAT_PLAIN, FORMAT_EMAIL, FORMAT_URL, FORMAT_PHONE, /* of TEXT */
                      FORMAT_ZONED /* of DATETIME: a wall time in a zone (base/zoned.h) */ };

enum program_node_kind { NODE_FORM, NODE_PAGE, NODE_GROUP, NODE_REPEAT, NODE_FIELD, NODE_NOTE, NODE_LET, NODE_SECTION };

/* A page or a section: a frame that is there for people and leaves no trace in the answers. */
static inline bool node_is_frame(enum program_node_kind kind)
{
    return kind == NODE_PAGE || kind == NODE_SECTION;
}

/* What a rule may find broken about an answer that is right by itself; the last argument but one of BREACH. */
enum program_breach { BREACH_MIN, BREACH_MAX, BREACH_TOO_SHORT, BREACH_TOO_LONG, BREACH_READONLY, BREACH_REPEATED, BREACH_COUNT };

enum program_helper {
#define HELPER(NAME, name, arity, base_cost, note) HELPER_##NAME,
#include "dsl/helper.def"
#undef HELPER
    HELPER_COUNT
};

enum { RANKED_BYTES = 4 }; /* of one option in a ranking, from 0, the largest byte first */

/* What stands in a column for an option: exact kinds, dates and times as the rules have them, BOOLEAN 0 or 1, CHOICE an option from 1. */
struct program_cell {
    bool present;
    union {
        int64_t exact;
        double number;   /* NUMBER */
        struct str text; /* TEXT */
    } value;
};

/* A value that each option of a list has besides its code and label. */
struct program_column {
    struct str name;
    enum program_type type;
    uint8_t scale;    /* exact kinds */
    char currency[4]; /* MONEY */
    uint32_t list;    /* CHOICE */
    const struct program_cell *cells; /* by option; NULL: what the sheet says */
    uint32_t sheet_column;
    bool shown; /* a frontend may see it */
};

/* What only some options have. */
struct program_extra {
    int64_t score;
    uint32_t offered; /* LET of the form, BOOLEAN, `derived`: whether it is offered at the moment; 0: always */
};

struct program_list {
    struct str name;
    const struct program_message *labels; /* of the options; their codes: program_option_code() */
    const struct program_extra *extras;   /* of the options; NULL: no score but 0, and all are offered always */
    uint32_t option_count;
    uint8_t score_scale;
    bool has_scores;
    struct name_table codes; /* code → option index from 0 (base/hash.h) */
    const struct program_column *columns;
    uint32_t column_count;
    struct sheet *sheet; /* of a lookup table: its rows are the options, and there are no `labels`; retained. Else NULL */
    uint32_t version;    /* of the table */
    uint32_t key, label; /* columns of the sheet */
    bool shown;          /* some field chooses from it */
};

struct program_pattern {
    struct str text;       /* I-Regexp */
    const struct dfa *dfa; /* NULL: too many states; matched by RE2 */
    struct str re2;        /* when dfa is NULL: the same in RE2's syntax, for RE2::FullMatch */
};

/* What answers lie within, as far as the form says it once for all. */
struct program_bounds {
    int64_t min, max; /* in units of the type; all kinds but NUMBER */
    double number_min, number_max;
    int64_t length_min, length_max; /* code points or options; -1: open. A TEXT always has a maximum */
};

/* What most nodes have nothing of. */
struct program_rare {
    struct str key;          /* of a node that is `escaped` */
    struct str autocomplete;
    struct str zone;         /* FIELD or its suggestion, ZONED: where the answer names none; else empty */
    struct zoned_rule wall;  /* FIELD, ZONED */
    uint32_t own_scope;      /* REPEAT */
    uint32_t part;           /* FIELD: the LET that is the other half of its answer, 0: none */
    /* LETs under this node, 0: none. FIELD: suggestion of its type, readonly_flag BOOLEAN, lengths INTEGER; REPEAT: rows INTEGER, in the scope it lies in */
    uint32_t suggestion, readonly_flag, length_low, length_high, rows_low, rows_high;
    struct program_message hint, placeholder;
    struct program_message required_message, min_message, max_message, length_message, pattern_message, skipped_message,
        repeated_message;
};

/* A form has a node for each of its questions: what is not said of most of them stands in `rare` and `bounds`, which
 * nodes that say the same share. Never NULL. */
struct program_node {
    enum program_node_kind kind : 8;
    enum program_type type : 8; /* FIELD, LET */
    uint8_t scale;              /* exact kinds */
    enum program_format format : 8;
    bool filtered : 1; /* CHOICE, CHOICES: not every option of the list may be chosen */
    bool required : 1, computed : 1, rules_read : 1, text_reads : 1, ignore_unknown : 1, multiline : 1, hidden : 1, keep : 1;
    bool sensitive : 1;      /* FIELD: shown only to who may see what is sensitive */
    bool indexed : 1;        /* FIELD: submissions are found by its answer */
    bool readonly : 1;       /* always */
    bool unique : 1;         /* FIELD in a repeat: no value twice in its rows */
    bool open : 1;           /* CHOICE, CHOICES: option_count + 1 (as a bit: option_count) is what no option says; its text is in `part` */
    bool sent : 1;           /* LET: the other half of its parent's answer; the slot follows the parent's */
    bool member : 1;         /* FIELD of a composite: who is asked for it is asked for the group around it */
    bool derived : 1;        /* LET: worked out for a modifier of its parent, which names it; read after the chunks */
    bool has_min : 1, has_max : 1; /* static bounds */
    bool escaped : 1;        /* its key is not written in JSON as it is */
    bool apart : 1;          /* its name is not its key: it stands behind key_json */
    uint16_t key_bytes;      /* of key_json */
    uint16_t name_bytes;
    char currency[4];
    uint32_t target;         /* node_list(), node_pattern(), node_object() */
    uint32_t parent;         /* PROGRAM_NONE for node 0, the form */
    uint32_t subtree_end;    /* nodes are in document order: (this, subtree_end) are inside */
    uint32_t scope;          /* whose rows hold it; a REPEAT lies in its parent's scope */
    uint32_t slot;           /* FIELD, LET; 0: none */
    uint32_t relevance_slot; /* of a node with a `when` of its own; 0: none */
    uint32_t required_slot;  /* 0: none */
    uint32_t relevance_node; /* nearest of itself and those around it with a relevance slot; PROGRAM_NONE: always relevant */
    const char *key_json;    /* "\"key\":" ready to be written; no NUL */
    struct program_message label;
    const struct program_bounds *bounds;
    const struct program_rare *rare;
};

/* Of nodes that have nothing of it. */
extern const struct program_bounds program_unbounded;
extern const struct program_rare program_nothing_rare;

static inline struct str node_name(const struct program_node *node)
{
    return (struct str){node->key_json + (node->apart ? node->key_bytes : 1), node->name_bytes};
}

static inline struct str node_key(const struct program_node *node)
{
    return node->escaped ? node->rare->key : (struct str){node->key_json + 1, (size_t)node->key_bytes - 3};
}

static inline struct str node_key_json(const struct program_node *node)
{
    return (struct str){node->key_json, node->key_bytes};
}

static inline bool node_chooses(const struct program_node *node)
{
    return node->type == TYPE_CHOICE || node->type == TYPE_CHOICES || node->type == TYPE_RANKING;
}

/* CHOICE, CHOICES, RANKING; of others 0. */
static inline uint32_t node_list(const struct program_node *node)
{
    return node_chooses(node) ? node->target : 0;
}

/* TEXT; PROGRAM_NONE: none. */
static inline uint32_t node_pattern(const struct program_node *node)
{
    return node->type == TYPE_TEXT ? node->target : PROGRAM_NONE;
}

/* FORM, GROUP, REPEAT: its members; else PROGRAM_NONE. */
static inline uint32_t node_object(const struct program_node *node)
{
    bool holds = node->kind == NODE_FORM || node->kind == NODE_GROUP || node->kind == NODE_REPEAT;
    return holds ? node->target : PROGRAM_NONE;
}

/* A JSON object of the answers: its member names to nodes. Pages and sections are transparent: their fields are members of what is around them. */
struct program_object {
    uint32_t node;
    struct name_table members; /* key → index into member_nodes */
    const uint32_t *member_nodes; /* FIELD, GROUP, REPEAT in document order */
    uint32_t member_count;
    bool ignore_unknown;
};

struct program_scope {
    uint32_t parent;     /* PROGRAM_NONE for scope 0 */
    uint32_t node;
    uint32_t first_slot, slot_count;
    uint32_t rows_slot, parent_slot, begin_slot; /* 0 where there is none (scope 0; parent and begin under scope 0) */
    uint32_t rows_min, rows_max;
};

struct program_check {
    uint32_t node;  /* the error's place */
    uint32_t scope; /* the row given to fail() is of this scope */
    struct str name;
    struct program_message message;
};

/* What fault() names: for the reason in the answer and the counters of the definition's owner. */
struct program_rule {
    uint32_t node;         /* its place; of a check the errors' */
    uint32_t scope;        /* it runs once for each row of it; the node's own or inside it */
    uint32_t line, column; /* in the source, from 1 */
};

struct program_chunk {
    struct str lua;
    const enum program_helper *helpers;
    uint32_t helper_count;
    uint32_t base_steps;
    bool direct;
    const uint32_t *inputs, *outputs; /* of a direct one, in the order of nodes; first the values that it gives back, then the flags. No rule knows the others */
    uint32_t input_count, output_count;
};

/* What no two submissions may have in common: `unique on (…)`; without nodes `unique per subject` or, `invited`,
 * `unique per invitation`. */
struct program_unique {
    struct str text;       /* the rule in its one spelling, "on email, address.zip": the same rule in every version */
    const uint32_t *nodes; /* fields that are in no repeat */
    uint32_t node_count;
    bool invited;
};

struct program_cost {
    uint64_t steps_max; /* worst case of one judging */
    uint64_t memory_bytes_max, verdict_bytes_max; /* 0 after dsl_compile_published() */
};

struct program {
    struct str name;
    struct program_message title;
    uint32_t edition;
    char source_hash[65]; /* SHA-256 of the source as given, hex, NUL-terminated */
    const struct str *languages; /* at least one */
    const struct locale *const *locales; /* how each of them writes values; static */
    uint32_t language_count;
    struct str timezone;
    bool zoned; /* some node is ZONED: whoever judges needs all zones */
    const struct program_node *nodes;
    uint32_t node_count;
    const struct program_object *objects; /* 0 is the form's */
    uint32_t object_count;
    const struct program_scope *scopes;
    uint32_t scope_count;
    const struct program_list *lists;
    uint32_t list_count;
    const struct program_pattern *patterns;
    uint32_t pattern_count;
    const struct program_check *checks;
    uint32_t check_count;
    const struct program_rule *rules;
    uint32_t rule_count;
    const struct program_chunk *chunks;
    uint32_t chunk_count;
    const struct program_unique *uniques;
    uint32_t unique_count;
    const uint32_t *indexed; /* FIELDs by whose answers submissions are found, in document order */
    uint32_t indexed_count;
    uint32_t slot_count; /* slots are 1 .. slot_count */
    uint32_t today_slot, now_slot; /* 0: no rule asks */
    struct program_cost cost;
    struct str render; /* the render document as JSON (docs/render.md); empty after dsl_compile_published() */

    atomic_uint references; /* program_retain(), program_release() */
};

/* "short"; "" for SHOW_USUAL and SHOW_MONEY. */
const char *program_show_word(enum program_show show);

/* Its answer goes to the rules. */
static inline bool node_is_given(const struct program_node *node)
{
    return ((node->kind == NODE_FIELD && !node->computed) || node->sent) && node->rules_read;
}

/* Its value comes back from the rules. */
static inline bool node_is_taken(const struct program_node *node)
{
    return (node->kind == NODE_FIELD && node->computed) || (node->kind == NODE_LET && (node->text_reads || node->derived));
}

static inline struct str program_option_code(const struct program_list *list, uint32_t option)
{
    return list->sheet ? sheet_cell(list->sheet, option, list->key) : list->codes.names[option];
}

static inline int64_t program_option_score(const struct program_list *list, uint32_t option)
{
    return list->extras ? list->extras[option].score : 0;
}

static inline uint32_t program_option_offered(const struct program_list *list, uint32_t option)
{
    return list->extras ? list->extras[option].offered : 0;
}

/* What `text` says in such a column. False: it is no value of the column's type. Empty is a missing value. */
bool program_read_cell(const struct program_list *lists, const struct program_column *column, struct str text,
                       struct program_cell *ret_cell);
/* What stands in the column for an option. */
struct program_cell program_cell_at(const struct program *program, const struct program_list *list, uint32_t column,
                                    uint32_t option);

/* The first zone of a ZONED field that the atlas does not have; len 0: they are all there. */
struct str program_zone_missing(const struct program *program, const struct atlas *atlas);

/* ---- for people: the rules one by one, in the order in which they run, as traces and graphs show them. Not part of a program. */

enum program_step_kind { STEP_WHEN, STEP_VALUE, STEP_OFFER, STEP_BOUNDS, STEP_REQUIRED, STEP_CHECK };
/* "when" */
const char *program_step_name(enum program_step_kind kind);

struct program_step {
    enum program_step_kind kind;
    uint32_t node;         /* whose rule it is; of a check the field, group … it stands in */
    uint32_t scope;        /* it runs once for each row of it */
    uint32_t check;        /* STEP_CHECK: index into program.checks; else PROGRAM_NONE */
    uint32_t line, column; /* in the source, from 1 */
    uint32_t offset;       /* in the source, in bytes */
    struct str text;       /* what stands there */
    struct str path;       /* of `node` */
    const uint32_t *reads; /* nodes, in document order; a REPEAT: its rows */
    uint32_t read_count;
};
/* Where a node is declared. */
struct program_spot {
    uint32_t line, column, offset, length; /* line 0: nowhere, it came with another */
};
struct program_steps {
    const struct program_step *items;
    uint32_t count;
    const struct str *paths; /* of all nodes */
    const struct program_spot *spots; /* of all nodes */
};

/* One more owner. Returns its argument. */
struct program *program_retain(struct program *program);
/* One owner less; the last frees it. NULL is fine. */
void program_release(struct program *program);

/* The bytes it holds, for the cache's accounting. */
size_t program_bytes(const struct program *program);

#endif
