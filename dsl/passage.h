/* Passage: a text of a form in all its languages, as a few bytes, and read back part by part.
 *
 *     passage_put_part(&parts, &part); …                     a text's parts, one behind the other
 *     passage_put_text(&whole, buf_str(&parts));             a text for each language; an empty one: as
 * the first … struct program_part part; for (struct passage text = passage_open(message, language);
 * passage_next(&text, &part);) …
 *
 * A form has hundreds of texts, most of them a word or two, and judging asks for hardly any: so they
 * are kept as bytes, not as structs. Who reads trusts them: they never leave the program that they were
 * made for. */
#ifndef DSL_PASSAGE_H
#define DSL_PASSAGE_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* How a text shows a value. */
enum program_show {
    SHOW_USUAL,
#define SHOW(NAME, word, note) SHOW_##NAME,
#include "dsl/show.def"
#undef SHOW
    SHOW_MONEY,
};

/* A text with interpolation in one language: literals and values of nodes in turn. */
struct program_part {
    struct str literal;
    uint32_t node; /* PROGRAM_NONE: the literal */
    enum program_show show;
    char currency[4]; /* SHOW_MONEY: an amount that is no MONEY itself */
    uint8_t digits;   /* SHOW_MONEY: at least so many after the point */
    bool rows;        /* all its values in the rows inside one row of scope `base` */
    uint32_t base;
};

/* What is said in every language of the form. */
struct program_message {
    const unsigned char *bytes; /* NULL: nothing; else in no language without a part */
};

/* A text, and how far it has been read. */
struct passage {
    struct str rest;
    uint32_t language; /* that it is written in: 0 where there is no translation */
};

/* Of a message that is there, in a language of its form. */
struct passage passage_open(const struct program_message *message, uint32_t language);
/* False: that was all. Literals are the message's own bytes. */
bool passage_next(struct passage *text, struct program_part *ret_part);
/* Has values: it is not the same whatever was answered. */
bool passage_fills(struct passage text);
/* Puts the literals alone. */
void passage_put_literals(struct passage text, struct buf *out);

void passage_put_part(struct buf *out, const struct program_part *part);
void passage_put_text(struct buf *out, struct str parts);

#endif
