/* Generated: the inner side of the generator: the form that is being made. */
#ifndef TESTS_REFERENCE_GENERATED_H
#define TESTS_REFERENCE_GENERATED_H

#include "base/buf.h"
#include "dsl/program.h"
#include "tests/reference/generator.h"

enum { GEN_OFFERS = 3 };
enum { GEN_ITEMS = 64, GEN_LISTS = 3, GEN_CHECKS = 24, GEN_ZONES = 9 };
#define GEN_ANY UINT32_MAX

struct gen_type {
    enum program_type kind;
    uint32_t scale;    /* DECIMAL, MONEY */
    uint32_t currency; /* MONEY: index */
    uint32_t list;     /* CHOICE, CHOICES: index */
    enum program_format format;
    uint32_t zone; /* FORMAT_ZONED: gen_zone(); GEN_ZONES: not said */
};

/* What a group is made by: the fields in it are not written down, or are the rows of a matrix. */
enum gen_made { MADE_PLAIN, MADE_MATRIX, MADE_GEOPOINT, MADE_FILE, MADE_SIGNATURE };

/* What stands behind the options of a list. */
struct gen_column {
    const char *name;
    struct gen_type type;
    const char *cells[12]; /* as they are written */
};

/* In the order of creation, containers before what is in them. What is worked out for an item reads
 * only what was created before it, so there are no circles, in whatever order things are printed. Item
 * 0 is the form. */
struct gen_item {
    enum program_node_kind kind;
    enum gen_made made;   /* GROUP */
    struct gen_type type; /* FIELD, LET; of the rows of a matrix */
    struct str name, key;
    uint32_t parent, end; /* [this + 1, end) are inside */
    bool computed;
    bool open; /* CHOICE, CHOICES: with "other" */
    uint32_t rows_min, rows_max;
    struct str low,
        high; /* the bounds written as constants, for answers to go near them; len 0: none */
    int64_t length_min, length_max;
    struct str value, modifiers; /* what is printed behind the type and label */
    struct str label;
    struct str filter;   /* which options of its list are offered; len 0: all */
    uint32_t shuffle[4]; /* where it stands among its siblings, by order */
};

struct gen_check {
    uint32_t owner; /* the container whose item it is */
    struct str text;
};

struct generator {
    struct arena *arena;
    struct choices *choices;
    struct gen_item items[GEN_ITEMS];
    uint32_t item_count, item_max;
    struct gen_check checks[GEN_CHECKS];
    uint32_t check_count, next_name;
    struct str offers[GEN_LISTS][GEN_OFFERS]; /* of its first options: "when …"; len 0: none */
    bool two_languages, ignore_unknown;
    const char *zone;
};

struct str gen_text(struct generator *g, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The form, group or repeat that the item stands in. */
uint32_t gen_container(const struct generator *g, uint32_t item);
/* What the group is made by that the item stands in. */
enum gen_made gen_made_in(const struct generator *g, uint32_t item);
bool gen_is_exact(enum program_type kind);
struct str gen_code(uint32_t list, uint32_t option); /* an option's code */
uint32_t gen_option_count(uint32_t list);
/* NULL past the last. */
const struct gen_column *gen_column(uint32_t list, uint32_t index);
const char *gen_currency(uint32_t currency);
uint32_t gen_currency_scale(uint32_t currency);
/* A text as it stands in a definition, with its quotes. */
struct str gen_quoted(struct generator *g, const char *text);

/* Values that are near where things change. */
const char *gen_date(struct choices *choices);
const char *gen_month(struct choices *choices);
const char *gen_partial(struct choices *choices);
const char *gen_time(struct choices *choices);
const char *gen_datetime(struct choices *choices);
const char *gen_zone(uint32_t number);
const char *gen_plain_text(struct choices *choices);
const char *gen_pattern(uint32_t index);
enum { GEN_PATTERNS = 6 };

/* ---- expressions */

/* Where an expression stands (dsl/lookup.h), and which items it may read: those before `rank`. */
struct gen_place {
    uint32_t container;
    const struct gen_place *outside; /* of a where */
    uint32_t stop;
    uint32_t options; /* of a where behind a list: 1 + the list, whose columns are looked up first */
    uint32_t rank;
    uint32_t depth; /* aggregates around it */
};

/* What its place does for it. PAIR: literals take its type. INTO: and values are brought to it. */
enum gen_want { WANT_NOTHING, WANT_PAIR, WANT_INTO };

struct gen_expr {
    struct str text;
    struct gen_type type; /* its own: of an exact one the scale may be smaller than asked for */
    bool constant;
};

/* Of the type, or one that goes there. WANT_NOTHING of MONEY, CHOICE and CHOICES: only if
 * gen_can_read() says so. */
struct gen_expr gen_expr(struct generator *g, const struct gen_place *place, struct gen_type type,
                         enum gen_want want, uint32_t size);
bool gen_can_read(struct generator *g, const struct gen_place *place, struct gen_type type);
struct gen_expr gen_condition(struct generator *g, const struct gen_place *place, uint32_t size);
/* A constant as it is written in a place of that type; of exact types it can be brought to
 * `type.scale`. */
struct str gen_literal(struct generator *g, struct gen_type type);
/* A path to one value, for texts and places; len 0: there is none. Kinds: 1 << NODE_FIELD and so on. */
struct str gen_path(struct generator *g, const struct gen_place *place, uint32_t kinds);
/* What may stand in the braces of a text: a path, with a format perhaps; len 0: nothing. */
struct str gen_shown(struct generator *g, const struct gen_place *place);

#endif
