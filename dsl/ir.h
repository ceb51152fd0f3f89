/* IR: a form definition after checking. Names are nodes, types are known, rules are in the order in which they run.
 *
 *     check_tree(arena, tree, diags, &ir)   →   ir.nodes (document order), ir.rules (topological order)
 *
 * This is the one tree that every target is made from: Lua (emit_lua.c), the shape table, the render document, and the
 * reference interpreter of the tests. dump with ir_print(): goldens hold it. Lives in the arena of the compilation. */
#ifndef DSL_IR_H
#define DSL_IR_H

#include "base/sheet.h"
#include "base/str.h"
#include "dsl/program.h"
#include "dsl/tree.h"

#include <stdint.h>

/* What an expression evaluates to. Exact kinds (INTEGER, DECIMAL, MONEY) share one representation: an integer of
 * 10^-scale units; `scale` is 0 for INTEGER. */
struct type {
    enum program_type kind;
    uint8_t scale;
    char currency[4]; /* TYPE_MONEY: "EUR" */
    uint32_t list;    /* TYPE_CHOICE, TYPE_CHOICES: index into ir.lists */
    bool open;        /* likewise: it may also be what no option says; that is the option behind the last */
};

/* The operators. Operands of comparisons and of exact arithmetic have been brought to one scale by IR_RESCALE. A missing operand makes the
 * result missing unless said otherwise. Exact results are checked against ±(2^53 − 1) and fault. */
enum ir_op {
    IR_CONST,    /* value.* by type; text in value.text; TYPE_CHOICE: option index from 1; TYPE_CHOICES never */
    IR_MISSING,  /* never has a value */
    IR_SLOT,     /* the value of `node` in the row that `cursor` leads to */
    IR_TODAY, IR_NOW,
    IR_POSITION, /* of the row at cursor in its parent's rows, from 1 */
    IR_AND, IR_OR, /* n-ary, Kleene */
    IR_NOT,
    IR_EQ, IR_NE, IR_LT, IR_LE, IR_GT, IR_GE, /* two args of one kind; TEXT by code points; BOOLEAN, CHOICE, CHOICES: EQ, NE only */
    IR_HAS,      /* args[0]: CHOICES, args[1]: CHOICE (usually a constant) */
    IR_ANSWERED, /* never missing; one arg of any kind; a group or repeat is an IR_OR / IR_AGGREGATE made by the checker */
    IR_COALESCE, /* two args */
    IR_IF,       /* asks whether args[0] is definitely true */
    IR_ADD, IR_SUB, IR_MUL, IR_NEGATE, /* exact; of NUMBER: doubles, a result that is not finite faults */
    IR_DIV,      /* NUMBER only; by zero faults */
    IR_RESCALE,  /* exact, to the larger scale of `type` */
    IR_CALL,     /* `helper` with args: see dsl/helper.def */
    IR_CONCAT,   /* n-ary text */
    IR_AGGREGATE, /* see below */
    IR_FLOOR_DIV, IR_MOD, /* two INTEGERs, floored as Lua's // and %; by zero faults */
    IR_LEAST, IR_GREATEST, /* n-ary, of one kind; skip missing args; missing when all are */
    IR_ABS, IR_SIGN, /* one arg, exact or NUMBER; IR_SIGN gives INTEGER -1, 0, 1 */
    IR_PRIOR,   /* the value of `node` in the row before the row at `cursor`, which is of the node's scope; missing in the first of its parent's rows */
    IR_SEEN,    /* in breaches only: whether the FIELD `node` has the value of the row at cursor 0 in an earlier row of the same parent; never missing */
    IR_OPTION,  /* in a node's `offer` only: the CHOICE that is asked about; never missing */
};

/* What the args are, where the name alone does not say:
 * - IR_SUB of two DATEs gives INTEGER days and cannot fault. All other IR_ADD, IR_SUB, IR_MUL, IR_NEGATE have args and result of one kind,
 *   exact or NUMBER; IR_ADD and IR_SUB of one scale; IR_MUL's type.scale is the sum of its args'. MONEY × exact gives DECIMAL.
 * - IR_EQ … IR_GE never compare different scales: the checker rescales where that cannot overflow and else compares with floor or ceil.
 * - HELPER_ROUND, FLOOR_SCALED, CEIL_SCALED, NUMBER [a]: k = args[0]->type.scale - type.scale (of NUMBER: args[0]->type.scale), always > 0
 *   but for NUMBER, where an INTEGER gives 0.
 * - HELPER_DIVIDE [a, b] to type.scale: with e = type.scale - a.scale + b.scale, up = max(e, 0), down = max(-e, 0).
 * - HELPER_ROUND_NUMBER [x, s]: s is an INTEGER constant. FLOOR_NUMBER, CEIL_NUMBER, SQRT [x].
 * - HELPER_ADD_DAYS, ADD_MONTHS [date, n], ADD_MS, ADD_MONTHS_INSTANT [datetime, n]: n an INTEGER expression, negative for "-"; weeks, years,
 *   hours, … have become days, months, ms. A day of a DATETIME is 24 hours.
 * - HELPER_SCORE [choice], SCORE_SET [choices], CODE [choice]: the list is args[0]->type.list.
 * - HELPER_COLUMN [choice]: `column` of the list args[0]->type.list. HELPER_FIND [text]: the option of type.list that has this code.
 * - HELPER_TEXT_OF [x]: kind and scale are args[0]->type's. Never of TEXT or CHOICE.
 * - HELPER_PARSE_DECIMAL [t]: s is type.scale. HELPER_MATCHES [t]: `pattern`.
 * - HELPER_JOIN [separator, x …]: all TEXT. All others: as helper.def lists them, less `rule`.
 * An expression may hang in two places of the tree (x in 1..5 asks x twice): walk, never write. */

enum ir_aggregate { AGGREGATE_COUNT, AGGREGATE_SUM, AGGREGATE_MIN, AGGREGATE_MAX, AGGREGATE_AVG, AGGREGATE_ANY, AGGREGATE_ALL, AGGREGATE_NONE,
                    AGGREGATE_FIRST, AGGREGATE_LAST, AGGREGATE_JOIN, AGGREGATE_AT, AGGREGATE_DISTINCT };

/* Cursors: which row a slot is read from. Cursor 0 is the row of the rule itself (the form itself for rules of scope 0); each aggregate
 * around an expression opens one more (`cursor` of the aggregate: 1 + the number of aggregates around it). A slot of scope s read through a cursor of scope c (c is s or
 * inside it) belongs to the row of s that holds the cursor's row. Slots of scope 0 need no cursor. */
struct ir_expr {
    enum ir_op op;
    struct type type;
    struct span span;
    uint32_t node;   /* IR_SLOT */
    uint32_t cursor; /* IR_SLOT, IR_POSITION: read through; IR_AGGREGATE: opened */
    struct ir_expr **args;
    uint32_t arg_count;
    union {
        int64_t exact; /* INTEGER, DECIMAL, MONEY, DATE (days), TIME (ms), DATETIME (ms), CHOICE */
        double number;
        bool truth;
        struct str text;
    } value;
    enum program_helper helper;  /* IR_CALL */
    uint32_t pattern;            /* IR_CALL of HELPER_MATCHES: index into ir.patterns */
    uint32_t column;             /* IR_CALL of HELPER_COLUMN: index into the list's columns */
    enum ir_aggregate aggregate; /* IR_AGGREGATE over the rows of `scope` inside the row at `from` */
    uint32_t scope;              /* the repeat iterated; IR_POSITION: the scope of the row at `cursor` */
    uint32_t from;               /* the cursor whose row bounds the iteration */
    uint32_t from_scope;         /* the scope whose row (reached from cursor `from`) bounds the iteration; 0: all rows */
    struct ir_expr *where;       /* may be NULL; asked for definitely true */
    /* args[0] is the value for SUM MIN MAX AVG FIRST LAST JOIN, read in the aggregate's row as `where` is; args[1] the separator of JOIN or the position of AT, read
     * outside of it; AVG's scale is `type.scale`, of NUMBERs it is the plain mean. ANY, ALL, NONE always have a `where`. */
    int64_t low, high;           /* exact kinds, DATE, TIME, DATETIME, CHOICE: what range analysis knows of the value, ±(2^53 − 1) at worst */
    uint8_t may_be_missing;      /* 0: proven present */
    uint8_t may_fault;           /* 0: this operation itself (not its args) is proven not to fault: no test is needed */
    uint32_t text_max;           /* TEXT: the most bytes it can have */
    uint32_t size;               /* operations when written out: an expression that hangs in two places counts twice; saturating */
    uint32_t cost;               /* worst-case steps of one evaluation, or of one question of a BOOLEAN; saturating; loops and text included */
    uint32_t mark;               /* the checker's own */
    uint32_t base_cost;          /* the part that is charged beforehand: no loops' rows, no text. See dsl/pricing.h */
};

struct ir_part {
    struct str literal;
    uint32_t node; /* UINT32_MAX: a literal */
    enum program_show show;
    char currency[4]; /* SHOW_MONEY */
    uint8_t digits;   /* SHOW_MONEY: of the currency */
    bool rows;        /* all its values in the rows inside one row of scope `base` */
    uint32_t base;
};
struct ir_text { /* one language's; part_count 0: not there */
    struct ir_part *parts;
    uint32_t part_count;
};
/* A text in every language of the form: by_language[i] belongs to ir.languages[i]. NULL: no text. */
struct ir_message {
    struct ir_text *by_language;
};

struct ir_option {
    struct str code;
    struct ir_message label;
    bool has_score;
    int64_t score; /* in units of the list's score_scale */
    uint32_t offered; /* LET of the form, BOOLEAN: offered when definitely true; 0: always */
};
struct ir_column {
    struct str name;
    struct span span;
    struct type type;           /* any but CHOICES */
    struct program_cell *cells; /* by option; NULL: of a table */
    uint32_t sheet_column;
    int64_t low, high;          /* exact kinds, dates, times, CHOICE: of what is there */
    uint32_t text_max;          /* TEXT: bytes */
    bool has_missing;
};
struct ir_list {
    struct str name;
    struct span span;
    struct ir_option *options;
    uint32_t option_count;
    bool has_scores; /* every option has one */
    uint8_t score_scale;
    struct ir_column *columns;
    uint32_t column_count;
    struct sheet *sheet;     /* of a table: its rows are the options, and there are no `options`; else NULL. Borrowed */
    const struct name_table *keys; /* of the sheet */
    uint32_t version;        /* of the table */
    uint32_t key, label;     /* columns of the sheet */
};

static inline struct str ir_list_code(const struct ir_list *list, uint32_t option)
{
    return list->sheet ? sheet_cell(list->sheet, option, list->key) : list->options[option].code;
}

#define IR_NONE UINT32_MAX

struct ir_node {
    enum program_node_kind kind;
    struct item *item; /* NULL for the form itself, node 0 */
    struct str name, key;
    struct str path;    /* "household.members.age": for messages, diagnostics and dumps */
    uint32_t parent;    /* IR_NONE for node 0 */
    uint32_t subtree_end; /* nodes are in document order: [index + 1, subtree_end) are inside */
    uint32_t scope;     /* whose row holds it: 0 the form, else 1 + the repeat's number. A repeat itself lies in its parent's scope */
    uint32_t own_scope; /* REPEAT: the scope of its rows */
    struct type type;   /* FIELD, LET */
    enum program_format format; /* FIELD of TYPE_TEXT or TYPE_DATETIME */
    struct str zone;            /* FORMAT_ZONED: where the answer names none */
    struct zoned_rule wall;     /* FORMAT_ZONED */
    struct ir_message label, hint, placeholder;
    struct str autocomplete;
    bool multiline, ignore_unknown;
    bool hidden;                   /* not shown by renderers; judged like any other */
    bool sensitive;                /* its answers are not for everybody who reads submissions */
    bool indexed;                  /* submissions are found by its answer */
    bool keep;                     /* its answer is stored also while it is not relevant */
    bool required;                 /* always; when only under a condition see required_when */
    struct ir_expr *when, *computed, *required_when, *default_value;
    struct ir_expr *filter;        /* the part of `offer` that the field itself says: choice(list where …), or NULL */
    struct ir_expr *offer;         /* CHOICE, CHOICES: whether IR_OPTION may be chosen; NULL: every option may */
    struct ir_expr *min, *max;     /* constants are static bounds of the shape; others become rules */
    int64_t length_min, length_max; /* code points or options; -1: open */
    uint32_t pattern;              /* index into ir.patterns or IR_NONE */
    struct ir_message required_message, min_message, max_message, length_message, pattern_message, skipped_message, repeated_message;
    bool unique;                   /* FIELD in a repeat: no value twice in its rows; see breaches[BREACH_REPEATED] */
    bool readonly;                 /* always; when only under a condition see readonly_flag */
    bool derived;                  /* LET under a FIELD or REPEAT: what one of its modifiers works out; in the owner's scope, without a name */
    bool sent;                     /* LET under a FIELD: the other half of its answer, not worked out. Means something only as long as the FIELD does */
    uint32_t part;                 /* FIELD: such a LET, 0: none. Of an open choice: TEXT, what was written in */
    uint32_t suggestion, readonly_flag, length_low, length_high, rows_low, rows_high; /* such LETs, 0: none */
    struct ir_expr *breaches[BREACH_COUNT]; /* FIELD: broken when definitely true, asked of an answer that is there; NULL: not asked.
                                               MIN and MAX never: see min and max. They read the field's own slot */
    bool between;                  /* min and max have one message, that of `between` */
    bool conditional;              /* it or something around it has a `when` */
    int64_t low, high;             /* exact kinds, DATE, TIME, DATETIME, CHOICE: within these when not missing */
    uint8_t may_be_missing;        /* FIELD, LET: 0: always has a value once its rules have run. Of an answer: always 1 */
    uint32_t text_max;             /* FIELD, LET of TEXT: the most bytes it can have */
    uint32_t relevance_node;       /* nearest of itself and what is around it within its scope chain that has a `when`, or IR_NONE */
};

struct ir_scope {
    uint32_t parent;     /* IR_NONE for scope 0 */
    uint32_t node;       /* the repeat; 0 for scope 0 */
    uint32_t rows_min, rows_max; /* per row of the parent; 1, 1 for scope 0 */
    uint64_t rows_total_max;     /* product up to the form, saturating */
};

struct ir_check {
    uint32_t node;   /* the error's place */
    uint32_t owner;  /* the page, group, repeat, field or form it stands in: its relevance decides whether it is asked */
    uint32_t scope;  /* rows it runs for */
    struct str name; /* len 0: none */
    struct ir_expr *condition;
    struct ir_message message;
    struct span span;
};

enum ir_rule_kind {
    RULE_RELEVANCE, /* node.when, combined with the relevance of what is around it */
    RULE_VALUE,     /* node.computed (FIELD, LET) */
    RULE_OFFER,     /* node.offer, for each option chosen: what is not definitely offered is no answer */
    RULE_BOUNDS,    /* of node.breaches the lengths, node.min and node.max that are not constant, the other breaches; up to the first that is met */
    RULE_REQUIRED,  /* node.required_when */
    RULE_CHECK,     /* ir.checks[check] */
};

struct ir_rule {
    enum ir_rule_kind kind;
    uint32_t node;
    uint32_t check;
    uint32_t scope; /* runs once for each row of it */
    uint32_t cost;  /* worst case for one row, saturating */
    uint32_t base_cost; /* for one row, charged beforehand: the chunk's base_steps, or rows × this at the loop's entry */
    struct span span;
};

enum { IR_DEAREST = 3 };
struct ir_dear {
    uint32_t rule;
    uint64_t steps;             /* of all its rows, saturating */
    const struct ir_expr *loop; /* the dearest aggregate in it, or NULL */
};

struct ir {
    struct str source;
    uint32_t edition;
    struct str name;
    struct ir_message title;
    struct str *languages;
    uint32_t language_count;
    struct str timezone;
    struct ir_node *nodes;
    uint32_t node_count;
    struct ir_scope *scopes;
    uint32_t scope_count;
    struct ir_list *lists;
    uint32_t list_count;
    struct ir_check *checks;
    uint32_t check_count;
    struct str *patterns; /* I-Regexp texts, each once */
    uint32_t pattern_count;
    /* In the order in which they run, each for all its rows before the next. Rules of one scope that follow each other may share a loop, unless
     * a later one has an aggregate over rows that an earlier one of them writes. */
    struct ir_rule *rules;
    uint32_t rule_count;
    struct program_unique *uniques;
    uint32_t unique_count;
    uint64_t cost_steps;   /* worst case of one judging, saturating */
    struct ir_dear dearest[IR_DEAREST]; /* the dearest rules, the dearest first */
    uint32_t dearest_count;
};

#endif
