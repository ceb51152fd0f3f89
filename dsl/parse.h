/* Parse: what the parts of the parser share. Inside of dsl/parser.c and dsl/parse_*.c; others use
 * parser.h.
 *
 *     struct token token = parse->token;
 *     if (!parse_take(parse, TOKEN_COLON)) parse_expected(parse, "E0110", "\":\"", NULL);
 *
 * A window of two tokens moves over the source. Tokens that are not of the language are complained
 * about as they enter it: stray characters are then left out, foreign signs become what they mean, the
 * rest stay as BAD_… and are complained about no more.
 *
 * When memory is out or a limit ends the work, parse_stop() makes the rest of the source look empty, so
 * every loop ends by itself and nobody checks for NULL: parse_node functions then hand out a spare. */
#ifndef DSL_PARSE_H
#define DSL_PARSE_H

#include "base/arena.h"
#include "base/diag.h"
#include "dsl/lexer.h"
#include "dsl/tree.h"

#include <stdbool.h>

/* Lists of unknown length are gathered on a stack and copied out in one piece when they are complete.
 */
struct parse_stack {
    char *bytes;
    size_t used, size;
};

struct parse {
    struct arena *arena;
    struct diags *diags;
    struct lexer lexer;
    uint32_t edition; /* 0: not told, or wrongly; then the words of all of them are read */
    struct token token, next;
    bool token_told, next_told; /* somebody has complained at this token */
    struct token previous;      /* the last one taken; its kind is END at the start */
    bool stopped, out_of_memory;
    bool in_row; /* of a matrix: a name and a text behind it are the next row */
    bool separator_told, too_deep_told, bracket_told, comment_told;
    bool trusts_indentation;    /* the braces do not match: what stands too far left closes its block */
    bool unbalanced;            /* a "}" was missing */
    bool in_merge;              /* between <<<<<<< and ======= */
    uint32_t dollar_end;        /* where the "}" of a ${…} is */
    uint32_t mute;              /* more than 0: complaints are not made */
    enum token_kind field_word; /* what the name of the field at hand would be without its ":" */
    uint32_t expression_levels, block_levels;
    uint32_t item_count, option_count;
    struct parse_stack stack;
    struct parse_stack moved;                 /* items of the form that stood elsewhere */
    struct parse_stack bytes;                 /* of a text that is put together */
    struct span suspect_block, suspect_place; /* a block that, by its indentation, has lost its "}" */
    struct span suspect_close; /* a "}" behind which, by the indentation, its block goes on */
    struct tree *tree;
    struct expr spare_expr;
    struct tree_check spare_check;
};

/* A "{ … }" whose items, or the rows of a matrix, are being read. */
struct parse_block {
    bool is_form;
    bool indented;             /* its first item stands further to the right than its head */
    bool any;                  /* it has an item */
    const struct item *matrix; /* its items are the rows of it; NULL: items */
    struct span head;
    int64_t column; /* of its head; -1 when that does not begin its line */
    int64_t first;  /* column of its first item; -1 as above */
};

/* ---- tokens */

void parse_start(struct parse *parse, struct str source);
/* Makes the rest of the source look empty and all further complaints mute. */
void parse_stop(struct parse *parse);
void parse_advance(struct parse *parse);
bool parse_take(struct parse *parse, enum token_kind kind);
bool parse_at(const struct parse *parse, enum token_kind kind);
bool parse_at_word(const struct parse *parse);
/* A text, well or badly quoted. */
bool parse_at_text(const struct parse *parse);
/* A word directly followed by ":" is always a field. */
bool parse_at_field(const struct parse *parse);
/* A keyword that begins an item, with what must follow it. */
bool parse_at_item(const struct parse *parse);
bool parse_at_modifier(const struct parse *parse);
enum token_kind parse_kind_after_next(const struct parse *parse);
/* The token at hand is the first of its line. */
bool parse_on_new_line(const struct parse *parse);

/* From `start` to the end of the last token taken. */
struct span parse_span_from(const struct parse *parse, uint32_t start);
struct span parse_token_span(struct token token);

/* Moves to where the next field, item, modifier (if asked), line with a name, "{" or "}" begins; a
 * whole (…) is stepped over. */
void parse_skip(struct parse *parse, bool to_modifiers);
/* Past the rest of the line of the token at hand; what was complained about there is taken back. */
void parse_skip_line(struct parse *parse);
/* With the token at hand on "{": moves past its "}", in silence. */
void parse_skip_block(struct parse *parse);
/* Moves to the ")" that closes what is open, or to where an item begins. */
void parse_skip_to_paren(struct parse *parse);

/* ---- complaints */

/* At a place of the caller's choice. NULL when it is not kept. */
struct diag *parse_complain(struct parse *parse, const char *code, struct span span, const char *hint,
                            const char *format, ...) __attribute__((format(printf, 5, 6)));
/* At the token at hand, once: later ones there say nothing. */
struct diag *parse_complain_here(struct parse *parse, const char *code, const char *hint,
                                 const char *format, ...) __attribute__((format(printf, 4, 5)));
/* "expected <what>, found <the token at hand>", at the end of the line before when the token begins
 * another line. */
struct diag *parse_expected(struct parse *parse, const char *code, const char *what, const char *hint);
/* The kind, or a complaint; answers whether it was there. */
bool parse_expect(struct parse *parse, enum token_kind kind, const char *what, const char *hint);
/* What is written instead of a modifier of other languages, or NULL. */
const char *parse_modifier_advice(struct str word);
/* The keyword of a modifier. */
bool parse_is_modifier(enum token_kind kind);
/* A text made for a hint; never NULL. */
const char *parse_printf(struct parse *parse, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The beginning of a text, cut between characters, so that a message stays a line. */
struct str parse_shortened(struct str text);
/* How the token at hand is called in messages. Never NULL. */
const char *parse_found(struct parse *parse);
/* "," or ";" between things that need none: told once, left out. */
bool parse_take_separator(struct parse *parse);

/* ---- memory */

/* The arena is full: the work ends. */
void parse_run_out(struct parse *parse);
void parse_push(struct parse *parse, struct parse_stack *stack, const void *thing, size_t size);
/* What was pushed since `mark` as an array of things of `size` in the arena; NULL and 0 when none. */
void *parse_pop(struct parse *parse, struct parse_stack *stack, size_t mark, size_t size,
                uint32_t *ret_count);

/* ---- words and numbers */

/* A name, complained about when it is missing, reserved (if `strict`) or too long. */
bool parse_name(struct parse *parse, const char *what, bool strict, struct str *ret_name,
                struct span *ret_span);
/* The digits of a number token without their underscores. */
struct str parse_digits(struct parse *parse, struct token token);
/* A number without a fraction, at most `max`; clamped and complained about when it is not. False when
 * there is no number. */
bool parse_whole(struct parse *parse, const char *what, int64_t max, int64_t *ret_value);

/* ---- the parts */

struct expr *parse_expression(struct parse *parse, const char *after);
/* Makes it a hole: something about it was wrong and has been complained about. */
void parse_spoil(struct expr *expr);
/* An empty path, for parse_text.c to fill. */
struct expr *parse_new_path(struct parse *parse);
/* A path alone, as after `at`. */
struct expr *parse_path(struct parse *parse, const char *what);
/* A unit of time at the token at hand? It is no unit when it is a field's name. */
bool parse_at_unit(const struct parse *parse, enum expr_unit *ret_unit);

/* A text with interpolation, adjacent ones joined. False (and a complaint) when there is none. */
bool parse_text(struct parse *parse, const char *what, struct text *ret_text);
/* One text as it is: "{" means itself. */
bool parse_plain_text(struct parse *parse, const char *what, struct str *ret_text,
                      struct span *ret_span);

struct tree_check *parse_check(struct parse *parse);
void parse_modifiers(struct parse *parse, struct item *item);
/* The type after a field's ":". */
void parse_type(struct parse *parse, struct type_ref *ret_type);
bool parse_at_type_name(struct token token);
/* The type that the word names, if it takes no argument; else TYPE_NAME_BAD. */
struct type_ref parse_plain_type(struct token token);

void parse_choices(struct parse *parse, struct item *item);
void parse_table(struct parse *parse, struct item *item);
void parse_translate(struct parse *parse, struct item *item);
void parse_languages(struct parse *parse, struct item *item);
void parse_migrate(struct parse *parse, struct item *item);
/* The token at hand is this word, keyword or not. */
bool parse_at_this(const struct parse *parse, const char *word);

/* "{", items and "}" of the block; the items are pushed onto parse->stack. */
void parse_block(struct parse *parse, struct parse_block *block);
/* The items alone, up to a "}" or the end. */
void parse_items(struct parse *parse, struct parse_block *block);
/* The policy after `unknown`: true for ignore. */
bool parse_policy(struct parse *parse, struct str *ret_word, struct span *ret_span);

#endif
