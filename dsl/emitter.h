/* Emitter: Lua text on its way: statements, registers, and what is known about them.
 *
 *     uint32_t mark = emitter_mark(em), sum = emitter_temp(em);
 *     emitter_line(em, "%s=%s+1", reg(em, sum), reg(em, other));
 *     emitter_release(em, mark);                                     v3=v1+1
 *
 * A *register* is a local of the Lua function under way, v1 to v100; when these run out, a slot of S
 * behind all others, so that no form is too large. They are declared once, at the head of the function:
 * nested blocks need no locals of their own. In a direct chunk (program.h) each slot of the form has a
 * register of its own, its *home*, s28 for slot 28: an argument of the function, or a local that is nil
 * at first. A *fact* says which register holds what: a slot's value, a
 * column, a row, a shared expression. It holds from where it was found out to the end of the block;
 * loads of columns and of the form's slots move in front of the outermost loop. Text made by
 * emitter_text() lives as long as the rule under way. Failures are kept and looked at in the end. */
#ifndef DSL_EMITTER_H
#define DSL_EMITTER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/status.h"
#include "dsl/ir.h"
#include "dsl/program.h"
#include "dsl/reads.h"

#include <stdbool.h>
#include <stdint.h>

/* Lua 5.4 has 255 registers a function, 200 locals among them; loops take four each, a call one for
 * each argument. */
enum {
    EMIT_REGISTERS = 100,
    EMIT_CACHED_MAX = 80, /* registers in use past which facts are no longer made */
    EMIT_DEPTH_MAX = 50,  /* blocks inside one another; what is deeper gets a function of its own */
    EMIT_LOOPS_MAX = 6,   /* loops inside one another, likewise */
    EMIT_ARGS_MAX = 50,   /* of one call, one chain, one line */
    EMIT_LIGHT_MAX = 30,  /* expressions written down in one piece */
    EMIT_LARGE = 3000, /* expressions of a rule past which its parts get functions of their own … */
    EMIT_PART = 300,   /* … if they have this many */
    EMIT_FACTS = 160,
    EMIT_HOMES_MAX = 64,        /* slots of the form that a direct chunk knows */
    EMIT_HOMES = INT32_MAX / 2, /* the home of slot n is register EMIT_HOMES + n */
    EMIT_CURSORS = limit(EXPRESSION_DEPTH) + 2,
};

enum emit_fact_kind {
    FACT_VALUE,     /* of node a at cursor b */
    FACT_RELEVANCE, /* of node a at cursor b */
    FACT_COLUMN,    /* S[a] */
    FACT_ROW,       /* the row of scope a that holds cursor b's */
    FACT_ROWS,      /* the number of rows of scope a */
    FACT_EXPR,      /* of an expression that hangs in two places */
};

struct emit_fact {
    enum emit_fact_kind kind;
    uint32_t a, b;
    const struct ir_expr *expr;
    uint32_t reg;
    uint32_t depth; /* ends with the block of this depth */
    bool present;   /* not nil */
};

/* A register that is known not to be nil from here to the end of a block. */
struct emit_present {
    uint32_t reg, depth;
};

struct emit_numbers {
    uint32_t *items;
    uint32_t count, room;
};

/* One Lua function under way. */
struct emit_function {
    struct emit_function *outer;
    const struct ir_expr *root; /* what a function of its own was made for, or NULL */
    struct buf code;            /* its statements */
    struct buf loop;            /* those of the outermost loop under way */
    struct buf hoist;           /* what is to stand before that loop */
    uint32_t depth, loops, hoist_depth;
    bool used[EMIT_REGISTERS + 1];
    bool touched[EMIT_REGISTERS +
                 1]; /* used since the outermost loop began: no home for what is hoisted */
    uint32_t used_count, reg_max;
    struct emit_numbers spills; /* slots given back */
    struct emit_numbers temps;
    struct emit_fact facts[EMIT_FACTS];
    uint32_t fact_count;
    struct emit_numbers present_regs, present_depths;
};

/* What a function of its own was made for. */
enum emit_outline_kind { OUTLINE_VALUE, OUTLINE_TRUE, OUTLINE_FALSE };

struct emit_outline {
    const struct ir_expr *expr;
    enum emit_outline_kind kind;
    uint32_t function; /* F[function] */
};

struct emit_cursor {
    bool open;
    uint32_t scope;
};

struct emitter {
    struct arena *arena; /* for the whole of the emission */
    struct arena texts;  /* for one rule */
    const struct ir *ir;
    const struct reads *reads;
    const struct program *program;
    enum status failure;
    struct emit_function *fn;
    struct emit_cursor cursors[EMIT_CURSORS];
    bool option;   /* inside a loop over the options chosen: the one at hand is `o` */
    uint32_t rule; /* under way */
    bool large;    /* the rule is */
    uint32_t
        questions; /* both questions of a boolean are being put: its parts' code is written twice */
    struct emit_outline *outlines; /* the rule's */
    uint32_t outline_count, outline_room;
    struct emit_numbers proved; /* registers that the condition just written proves not nil */
    bool *relevance_asked;      /* [node]: some rule or row asks for its relevance */
    uint32_t *seen;             /* [node]: of a unique field, the register of the values met */
    uint32_t *written;          /* [node]: the number of the loop over rows that wrote it last */
    uint32_t loop_number;
    bool direct;         /* slots of the form have homes */
    bool *homes;         /* [slot]: it has been asked for */
    uint32_t home_count; /* of them; more than EMIT_HOMES_MAX: this is not to be a direct chunk */
    /* of the chunk */
    struct buf functions;
    uint32_t function_count;
    bool helpers[HELPER_COUNT];
    uint32_t spill_next, spill_max; /* slots behind program->slot_count */
};

void emitter_init(struct emitter *em, struct arena *arena, const struct ir *ir,
                  const struct reads *reads, const struct program *program);
void emitter_release_all(struct emitter *em);
/* Keeps the first failure. */
void emitter_fail(struct emitter *em, enum status st);

/* A new function, in which nothing is known. */
struct emit_function *emitter_function_new(struct emitter *em);
/* Its declarations and statements; then it is gone. `out` is an open buf. */
void emitter_function_end(struct emitter *em, struct buf *out);

/* ---- text */

/* printf into the rule's arena; "" when it is full. */
const char *emitter_text(struct emitter *em, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* One line: one or more statements. */
void emitter_line(struct emitter *em, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "if … then", "repeat", "else": what opens a block. */
void emitter_open(struct emitter *em, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "else", "elseif … then": ends one block and opens another. */
void emitter_else(struct emitter *em, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "end", "until true". */
void emitter_close(struct emitter *em, const char *text);
/* "for … do" and its "end". */
void emitter_loop(struct emitter *em, const char *format, ...) __attribute__((format(printf, 2, 3)));
void emitter_loop_end(struct emitter *em);
/* The helper's name; it becomes one of the chunk's. */
const char *emitter_helper(struct emitter *em, enum program_helper helper);

/* Literals. Negative ones stand in parentheses: `a-(-1)`, never `a--1`. */
const char *emitter_exact(struct emitter *em, int64_t value);
const char *emitter_number(struct emitter *em, double value);
const char *emitter_string(struct emitter *em, struct str value);

/* ---- registers */

const char *reg(struct emitter *em, uint32_t reg);
/* The register that is the form's slot itself; only in a direct chunk. */
uint32_t emitter_home(struct emitter *em, uint32_t slot);
/* One for the expression under way: given back by emitter_release(). */
uint32_t emitter_temp(struct emitter *em);
uint32_t emitter_mark(const struct emitter *em);
void emitter_release(struct emitter *em, uint32_t mark);
/* One that no one else knows of: emitter_give() it back, or hand it to a fact. */
uint32_t emitter_take(struct emitter *em);
void emitter_give(struct emitter *em, uint32_t reg);
/* One for as long as the chunk lasts, which no function's frame holds. */
uint32_t emitter_apart(struct emitter *em);

/* ---- facts */

/* The newest fact, or NULL. */
struct emit_fact *fact_find(struct emitter *em, enum emit_fact_kind kind, uint32_t a, uint32_t b);
struct emit_fact *fact_find_expr(struct emitter *em, const struct ir_expr *e);
/* `reg`, from emitter_take(), belongs to the fact from now on. False when there is no room: it is still
 * the caller's. */
bool fact_add(struct emitter *em, struct emit_fact fact);
void fact_forget(struct emitter *em, struct emit_fact *fact);
/* Whether one more register may be kept for a fact. */
bool fact_affordable(const struct emitter *em);
/* A register loaded with S[slot], before the outermost loop if there is one; NULL when none can be
 * afforded. */
struct emit_fact *fact_load(struct emitter *em, enum emit_fact_kind kind, uint32_t a, uint32_t b,
                            uint32_t slot);
/* Between rules, when no text refers to a register: gives the oldest up if many are in use. */
void fact_trim(struct emitter *em);

/* Whether `reg` is known to hold something here. */
bool present_is(const struct emitter *em, uint32_t reg);
void present_add(struct emitter *em, uint32_t reg);
uint32_t present_mark(const struct emitter *em);
void present_drop(struct emitter *em, uint32_t mark);
/* It may be nil again. */
void present_forget(struct emitter *em, uint32_t reg);

#endif
