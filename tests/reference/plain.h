/* Plain: the inner side of the reference: rows as a tree, values with their state, one judging.
 *
 *     struct plain_value age = plain_node_value(plain, node, row);
 *     if (age.state == PLAIN_PRESENT && age.exact < 18) … */
#ifndef TESTS_REFERENCE_PLAIN_H
#define TESTS_REFERENCE_PLAIN_H

#include "base/buf.h"
#include "base/json_value.h"
#include "base/limits.h"
#include "dsl/ir.h"
#include "runtime/matcher.h"
#include "tests/reference/reference.h"

#include <stdbool.h>
#include <stdint.h>

/* FAULTED: working it out ended the judging. It spreads to whatever looks at it. */
enum plain_state { PLAIN_MISSING, PLAIN_PRESENT, PLAIN_FAULTED };

struct plain_value {
    enum plain_state state;
    int64_t exact;        /* INTEGER, DECIMAL, MONEY, DATE, TIME, DATETIME; CHOICE: option from 1 */
    double number;        /* NUMBER */
    bool truth;           /* BOOLEAN */
    struct str text;      /* TEXT; CHOICE and CHOICES: what was written in where no option fits */
    const bool *chosen;   /* CHOICES: by option from 0, and one for what is written in */
    const int64_t *order; /* RANKING: options from 1 */
    uint32_t order_count;
    int32_t offset;  /* DATETIME as it was sent: minutes east of UTC */
    struct str zone; /* likewise, ZONED; len 0: the type's */
};

/* The answer to a question that can fault. */
enum plain_answer { PLAIN_NO, PLAIN_YES, PLAIN_FAULT };

enum plain_progress { PLAIN_NOT_YET, PLAIN_UNDER_WAY, PLAIN_DONE };

/* One node in one row of its scope. */
struct plain_cell {
    struct plain_value sent;
    const char *broken; /* what the answer by itself breaks: "too_long"; NULL: nothing */
    bool own_text;      /* it is what was written in that is too short or too long */
    enum plain_progress relevance_progress, value_progress;
    enum plain_answer relevance;
    struct plain_value value;
    const char *breach; /* "min", "max" or "option" that had to be worked out, or NULL */
    struct plain_value bound;
    enum plain_answer required;
};

/* The rows of one repeat inside one row around it. */
struct plain_array {
    bool sent, broken;  /* there was an array; there was something else */
    uint32_t sent_rows; /* with those past the most */
    struct plain_row **rows;
    uint32_t count;
};

struct plain_row {
    struct plain_row *around; /* NULL: the form's own */
    uint32_t scope;
    uint32_t position;          /* in its array, from 0 */
    struct plain_cell *cells;   /* by node; only nodes of this scope count */
    struct plain_array *arrays; /* by scope; only those right inside count */
};

/* Something wrong at a place that is no field of its own, or a check. */
struct plain_finding {
    const char *code;
    uint32_t node;
    const struct plain_row *row; /* of the node's scope; or, of a repeat, the row itself */
    struct str name;             /* "unknown": the member's */
    uint32_t check;
    const struct plain_row *check_row;
    struct plain_finding *next;
};

struct reference {
    struct ir *ir;
    struct matcher **patterns; /* by ir.patterns */
    struct matcher *email, *url, *phone;
};

struct plain {
    struct arena *arena;
    const struct reference *reference;
    const struct ir *ir;
    const struct reference_judging *judging;
    const struct zone *zone;
    uint32_t language;
    struct plain_row *form;
    struct plain_finding *first, *last;
    struct reference_fault *faults;
    uint32_t fault_count, fault_room;
    bool fresh_fault; /* just noted, and no expression has answered for it yet */
    bool over_memory;
    struct str broken_claim;
};

/* ---- memory: a test that runs out of it has failed */
void *plain_alloc(struct plain *plain, size_t count, size_t size);
#define PLAIN_ARRAY(plain, type, count) ((type *)plain_alloc((plain), (count), sizeof(type)))

/* ---- rows */
struct plain_row *plain_row_new(struct plain *plain, struct plain_row *around, uint32_t scope,
                                uint32_t position);
/* The row of `scope`, which is the row's own or one around it. */
struct plain_row *plain_row_in(struct plain_row *row, uint32_t scope);
const struct plain_row *plain_row_at(const struct plain_row *row, uint32_t scope);
struct plain_cell *plain_cell(struct plain_row *row, uint32_t node);

/* ---- what is asked of a node */
enum plain_answer plain_relevant(struct plain *plain, uint32_t node, struct plain_row *row);
struct plain_value plain_node_value(struct plain *plain, uint32_t node, struct plain_row *row);

/* ---- expressions */
enum { PLAIN_CURSORS = LIMIT_EXPRESSION_DEPTH + 2 };

/* Where an expression is worked out: for which rule, through which rows. */
struct plain_place {
    struct plain *plain;
    uint32_t rule;
    struct plain_row *cursors[PLAIN_CURSORS];
    int64_t option; /* of IR_OPTION, from 1 */
};

struct plain_value plain_eval(struct plain_place *place, const struct ir_expr *e);
/* Is it definitely `want`? */
enum plain_answer plain_ask(struct plain_place *place, const struct ir_expr *e, bool want);

struct plain_value plain_missing(void);
struct plain_value plain_exact(int64_t value);
struct plain_value plain_truth(bool value);
struct plain_value plain_number(double value);
struct plain_value plain_text(struct str value);
/* Notes the fault of the rule under way. */
struct plain_value plain_fault(struct plain_place *place, enum fault_kind kind);
/* The value if it lies within ±(2^53 − 1), else the fault. */
__extension__ typedef __int128 plain_wide;
struct plain_value plain_within(struct plain_place *place, plain_wide value);
/* a / b, half to even; b is not 0. */
plain_wide plain_divide(plain_wide a, plain_wide b);
plain_wide plain_power(int exponent);

/* The functions: args are there, but for those of SIZE and JOIN. */
struct plain_value plain_call(struct plain_place *place, const struct ir_expr *e,
                              const struct plain_value *args);
/* With `zeros`: zeros may lead. */
bool plain_parse_exact(struct str text, bool zeros, uint32_t scale, int64_t *ret_value,
                       const char **ret_broken);
/* Those that check numbers by their digits; false: it is none of them. */
bool plain_check(const struct ir_expr *e, const struct plain_value *args,
                 struct plain_value *ret_value);
bool plain_is_blank(uint32_t code);
struct str plain_strip(struct str text);
/* How many code points. */
size_t plain_length(struct str text);
/* With a NUL behind. */
struct str plain_concat(struct plain *plain, struct str a, struct str b);

/* ---- answers: the tree of JSON becomes rows and cells */
void plain_read_answers(struct plain *plain, const struct json_value *root);
/* The bounds of length that hold; UINT32_MAX: none. */
bool plain_known_part(struct str text, uint32_t least, uint32_t most, int32_t *ret_value);
uint32_t plain_length_max(const struct ir_node *node);
struct plain_error;
/* The length that "too_short" or "too_long" breaks. */
int64_t plain_length_broken(const struct ir_node *node, const struct plain_error *error);
/* A wall time in a zone: as the others. */
const char *plain_read_zoned(struct plain *plain, const struct ir_node *node, struct str text,
                             struct plain_value *value);
void plain_put_zoned(const struct plain *plain, const struct ir_node *node,
                     const struct plain_value *value, struct buf *out);
/* With the offset that the zone has then, as people write it. */
void plain_show_zoned(const struct plain *plain, const struct ir_node *node,
                      const struct plain_value *value, const struct locale *locale,
                      enum locale_style style, struct buf *out);
/* Whether the node is a member of the object that `around` is. */
bool plain_is_member(const struct ir *ir, uint32_t node, uint32_t around);

/* ---- words and values as text */
/* Of a field: as its type and format have it. */
void plain_put_node_json(struct plain *plain, const struct ir_node *node,
                         const struct plain_value *value, struct buf *out);
struct plain_error {
    const char *code;
    uint32_t node;
    const struct plain_row *row;
    bool own_text;            /* what was written in is too short or too long */
    bool is_row;              /* the place is a row of the repeat `node` as a whole */
    bool repeated;            /* "duplicate": in an earlier row */
    struct plain_value bound; /* "min", "max", rows; lengths that are no numbers of the form */
    struct str name;          /* "unknown" */
    uint32_t check;
    const struct plain_row *check_row;
};
void plain_put_json(struct plain *plain, struct type type, const struct plain_value *value,
                    struct buf *out);
/* The canonical text; of no option. */
void plain_put_text(struct type type, const struct plain_value *value, struct buf *out);
/* A text of the form, its values filled in as seen from `row`. */
void plain_put_words(struct plain *plain, const struct ir_message *words, const struct plain_row *row,
                     struct buf *out);
/* What people are told. */
void plain_put_message(struct plain *plain, const struct plain_error *error, struct buf *out);

#endif
