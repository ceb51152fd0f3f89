/* Tree: a form definition as its author wrote it, after parsing and before anything is known about it.
 *
 *     parser_parse(arena, source, diags, &tree)   →   tree.items: page about { field full_name … } …
 *
 * It keeps the order, the spans and the comments of the source, so that the formatter can write it down again. Names
 * are not resolved and expressions have no types: check.c does that and makes the IR (ir.h).
 * All of it lives in the arena of the compilation; strings point into the source or the arena. */
#ifndef DSL_TREE_H
#define DSL_TREE_H

#include "base/diag.h"
#include "base/str.h"

#include <stdint.h>

/* ---- expressions */

enum expr_kind {
    EXPR_NUMBER,    /* text: digits without underscores, e.g. "50000.00" */
    EXPR_TEXT,      /* text: escapes undone */
    EXPR_TRUE,
    EXPR_FALSE,
    EXPR_PATH,      /* names[], outer, prior */
    EXPR_CALL,      /* names[0] is the function; args[]; where (of the last argument) */
    EXPR_UNARY,     /* op, args[0] */
    EXPR_BINARY,    /* op, args[0], args[1]; OP_IN and OP_NOT_IN with a path on the right: "is in the set" */
    EXPR_IN_LIST,   /* args[0] in args[1..]; negated when op is OP_NOT_IN */
    EXPR_IN_RANGE,  /* args[0] in args[1] .. args[2]; negated when op is OP_NOT_IN */
    EXPR_DURATION,  /* text: digits; unit. Only as the right side of OP_ADD, OP_SUB */
    EXPR_IF,        /* args[0] then args[1] else args[2] */
    EXPR_BAD,       /* stood here and could not be read; already complained about */
};

enum expr_op {
    OP_NONE, OP_OR, OP_AND, OP_NOT, OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_IN, OP_NOT_IN,
    OP_COALESCE, OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_NEGATE,
};

enum expr_unit { UNIT_DAY, UNIT_WEEK, UNIT_MONTH, UNIT_YEAR, UNIT_HOUR, UNIT_MINUTE };

struct expr_name {
    struct str text;
    struct span span;
};

struct expr {
    enum expr_kind kind;
    enum expr_op op;
    enum expr_unit unit;
    struct span span;    /* all of it */
    struct span op_span; /* the operator or the function's name */
    struct str text;
    bool outer; /* EXPR_PATH: written outer.… */
    bool prior; /* EXPR_PATH: written prior.… */
    struct expr_name *names;
    uint32_t name_count;
    struct expr **args;
    uint32_t arg_count;
    struct expr *where; /* EXPR_CALL, may be NULL */
    uint32_t depth;     /* of the tree below, 1 for a leaf; at most limit EXPRESSION_DEPTH. Chains of and, or and ?? are balanced */
};

/* ---- texts with interpolation */

struct text_part {
    struct str literal; /* or, when path is not NULL, nothing */
    struct expr *path;  /* EXPR_PATH */
    struct expr_name format;     /* of {path:format}; text.len 0: none */
    const struct expr *constant; /* what stood in the braces was a constant: its value, a literal */
};

/* parts NULL and part_count 0: no text was given. An empty text has one empty literal. */
struct text {
    struct span span;
    struct text_part *parts;
    uint32_t part_count;
};

/* ---- items */

enum item_kind { ITEM_PAGE, ITEM_SECTION, ITEM_GROUP, ITEM_REPEAT, ITEM_FIELD, ITEM_NOTE, ITEM_LET, ITEM_CHECK, ITEM_CHOICES, ITEM_TRANSLATE,
                 ITEM_LANGUAGES, ITEM_TIMEZONE, ITEM_UNKNOWN, ITEM_TABLE, ITEM_CONST, ITEM_FUNCTION, ITEM_UNIQUE,
                 ITEM_MATRIX, ITEM_ROW /* of a matrix */, ITEM_MIGRATE };

/* Whether it holds items. */
static inline bool item_is_block(enum item_kind kind)
{
    return kind == ITEM_PAGE || kind == ITEM_SECTION || kind == ITEM_GROUP || kind == ITEM_REPEAT || kind == ITEM_MATRIX;
}

enum modifier_kind {
    MODIFIER_REQUIRED,     /* expr: the condition or NULL; unless; message */
    MODIFIER_WHEN,         /* expr */
    MODIFIER_UNLESS,       /* expr */
    MODIFIER_COMPUTED,     /* expr */
    MODIFIER_DEFAULT,      /* expr */
    MODIFIER_SUGGEST,      /* expr */
    MODIFIER_READONLY,     /* expr: the condition or NULL; unless */
    MODIFIER_ROWS,         /* low_expr, high_expr (NULL: open; one for both: exactly) */
    MODIFIER_MIN,          /* expr, message */
    MODIFIER_MAX,          /* expr, message */
    MODIFIER_LENGTH,       /* low, high (-1: open), or low_expr, high_expr (NULL: a number or open); message */
    MODIFIER_PATTERN,      /* string, message */
    MODIFIER_SKIPPED,      /* message */
    MODIFIER_REPEATED,     /* low: 1 second, 0 refuse; message */
    MODIFIER_CHECK,        /* check */
    MODIFIER_HINT,         /* message */
    MODIFIER_KEY,          /* string */
    MODIFIER_AUTOCOMPLETE, /* string */
    MODIFIER_PLACEHOLDER,  /* message */
    MODIFIER_MULTILINE,
    MODIFIER_HIDDEN,
    MODIFIER_KEEP,
    MODIFIER_SENSITIVE,
    MODIFIER_INDEXED,
    MODIFIER_UNIQUE,
    MODIFIER_OTHER,        /* message: the label; low, high (-1: open) of what is written in */
    MODIFIER_UNKNOWN,      /* low: 1 ignore, 0 refuse */
    MODIFIER_TYPES,        /* strings: media types; message */
    MODIFIER_SIZE,         /* low, high (-1: open), or low_expr, high_expr (NULL: a number or open); message */
    MODIFIER_BETWEEN,      /* while it is parsed: it becomes a MIN and a MAX */
};

struct tree_check {
    struct span span;
    struct expr *condition;
    struct expr *unless; /* NULL: always asked */
    struct span unless_span; /* of the word */
    struct text message;
    struct expr *at; /* EXPR_PATH or NULL */
    struct str name; /* len 0: none */
    struct span name_span;
};

struct modifier {
    enum modifier_kind kind;
    struct span span; /* from its keyword to its end */
    struct expr *expr;
    struct expr *low_expr, *high_expr;
    bool unless; /* MODIFIER_REQUIRED, READONLY: `expr` says when not */
    bool between; /* MODIFIER_MIN, MAX: it was written as a side of `between` */
    bool second;  /* MODIFIER_MAX: and the other side is the MIN before it */
    struct text message;
    struct str string;
    struct span string_span;
    struct expr_name *strings;
    uint32_t string_count;
    int64_t low, high;
    struct span condition_span; /* MODIFIER_REQUIRED, READONLY: of "when", "unless", "if", "except if" */
    struct span length_span; /* MODIFIER_OTHER: of the word, if it is there */
    struct tree_check *check;
};

/* How many values it has worked out behind the scenes: each is a rule, and counts as a field does. */
static inline uint32_t modifier_follows(const struct modifier *modifier)
{
    if (modifier->kind == MODIFIER_SIZE) return 0; /* bounds of a field */
    bool one = modifier->kind == MODIFIER_SUGGEST || (modifier->kind == MODIFIER_READONLY && modifier->expr);
    uint32_t bounds = (uint32_t)(modifier->low_expr != NULL) +
                      (uint32_t)(modifier->high_expr && modifier->high_expr != modifier->low_expr);
    return (uint32_t)one + bounds;
}

enum type_name {
    TYPE_NAME_TEXT, TYPE_NAME_EMAIL, TYPE_NAME_URL, TYPE_NAME_PHONE, TYPE_NAME_BOOLEAN, TYPE_NAME_INTEGER, TYPE_NAME_DECIMAL,
    TYPE_NAME_MONEY, TYPE_NAME_NUMBER, TYPE_NAME_DATE, TYPE_NAME_TIME, TYPE_NAME_DATETIME, TYPE_NAME_CHOICE, TYPE_NAME_CHOICES,
    TYPE_NAME_YEAR_MONTH, TYPE_NAME_PARTIAL_DATE, TYPE_NAME_GEOPOINT, TYPE_NAME_RANKING,
    TYPE_NAME_FILE, TYPE_NAME_SIGNATURE, TYPE_NAME_ZONED,
    TYPE_NAME_BAD, /* already complained about */
};

/* How many fields it is made of: one, or those of a composite. */
static inline uint32_t type_name_fields(enum type_name name)
{
    if (name == TYPE_NAME_GEOPOINT) return 4;
    return name == TYPE_NAME_FILE || name == TYPE_NAME_SIGNATURE ? 5 : 1;
}

struct type_ref {
    enum type_name name;
    struct span span;
    uint32_t scale;          /* decimal(s) */
    struct str argument;     /* the list of choice(s), the currency of money, the zone of zoned("…") */
    struct span argument_span;
    struct expr *where;      /* choice(list where …), may be NULL */
};

enum column_role { COLUMN_PLAIN, COLUMN_KEY, COLUMN_LABEL };

/* What stands behind each option of a list, choices cities with country: choice(countries) { … }, or in each row of a table. */
struct tree_column {
    struct str name;
    struct span span, name_span;
    struct type_ref type;
    enum column_role role; /* of tables */
    struct str header; /* of tables: its name in the file when that is another; len 0: `name` */
    struct span header_span;
};

struct tree_option {
    struct str code, label;
    struct span span, code_span, label_span;
    bool quoted;   /* the code was written as a text */
    bool has_score;
    struct str score; /* digits, perhaps with a leading "-" */
    struct span score_span;
    struct expr **values; /* in parentheses behind the label, one for each column; a bare name is an EXPR_PATH */
    uint32_t value_count;
    struct span values_span;
    struct expr *when; /* NULL: always offered */
    bool unless;       /* `when` says when not */
    struct span when_span; /* of the word */
};

struct translation {
    struct span span;
    struct expr_name *path; /* names and, for odd codes, texts; empty: the form's title */
    uint32_t path_count;
    struct text text, text_of; /* text_of: the text it was made from; part_count 0: not said */
    struct text hint, hint_of; /* part_count 0: none */
};

enum migrate_kind {
    MIGRATE_RENAME, /* from, to */
    MIGRATE_DROP,   /* from */
    MIGRATE_SET,    /* to, expr */
};

/* One step of a migration clause. */
struct tree_migrate {
    enum migrate_kind kind;
    struct span span;
    struct expr *from; /* EXPR_PATH in the earlier version */
    struct expr *to;   /* EXPR_PATH in this form */
    struct expr *expr; /* over the names of the earlier version */
};

struct item {
    enum item_kind kind;
    struct span span;      /* all of it, with its braces */
    struct span head;      /* up to the "{" or the end: what a diagnostic underlines */
    struct str name;       /* also the language of ITEM_TRANSLATE, the policy of ITEM_UNKNOWN ("refuse", "ignore") */
    struct span name_span;
    struct text title;     /* title, label, text of a note; the zone of ITEM_TIMEZONE as one literal */
    struct type_ref type;  /* ITEM_FIELD, ROW; of the rows of ITEM_MATRIX; what ITEM_FUNCTION answers */
    bool matrix;           /* an ITEM_GROUP that was an ITEM_MATRIX: dsl/matrix.h */
    int64_t rows_min, rows_max; /* ITEM_REPEAT */
    struct expr *rows_low, *rows_high; /* ITEM_REPEAT: the names of constants instead, or NULL */
    struct span bounds_span;
    struct expr *expr;     /* ITEM_LET, CONST, FUNCTION */
    struct tree_check *check; /* ITEM_CHECK */
    struct modifier *modifiers;
    uint32_t modifier_count;
    struct item *children; /* ITEM_PAGE, SECTION, GROUP, REPEAT, MATRIX */
    uint32_t child_count;
    struct tree_option *options; /* ITEM_CHOICES */
    uint32_t option_count;
    struct tree_column *columns; /* ITEM_CHOICES, ITEM_TABLE; the parameters of ITEM_FUNCTION */
    uint32_t column_count;
    int64_t version;             /* ITEM_TABLE; 0: the newest. ITEM_MIGRATE: the earlier version, from 1 */
    struct span version_span;
    struct translation *translations; /* ITEM_TRANSLATE */
    uint32_t translation_count;
    struct tree_migrate *migrates; /* ITEM_MIGRATE */
    uint32_t migrate_count;
    struct expr_name *languages; /* ITEM_LANGUAGES; of ITEM_UNIQUE the paths of its fields, none: per subject or invitation */
    uint32_t language_count;
    bool invited; /* ITEM_UNIQUE: per invitation */
};

/* A name of length 0 stood for one that could not be read. Children of a page are items; children of a section, group or repeat are no pages,
 * choices, translations or other things of the form (they are complained about and moved to the form). */
struct tree {
    struct str source;
    bool damaged; /* something was left out that could not be read, so names may be missing: do not complain about unknown ones */
    uint32_t edition;
    struct span edition_span;
    struct str name;
    struct span name_span;
    struct text title;
    struct item *items; /* in the order of the source */
    uint32_t item_count;
    /* The formatter's comments are found again between the tokens of `source`. */
};

#endif
