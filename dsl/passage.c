#include "dsl/passage.h"

#include <assert.h>
#include <string.h>

#define NONE UINT32_MAX /* PROGRAM_NONE */

/* ---- numbers, seven bits a byte, the lowest first */

static void put_number(struct buf *out, uint64_t number)
{
    for (; number > 0x7f; number >>= 7) buf_putc(out, (char)(0x80 | (number & 0x7f)));
    buf_putc(out, (char)number);
}

static uint64_t take_number(const unsigned char **at)
{
    uint64_t number = 0;
    for (unsigned shift = 0;; shift += 7) {
        unsigned char byte = *(*at)++;
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) return number;
    }
}

/* ---- writing: of a literal twice its length and its bytes; of a value twice its node and 1, how it is
 * shown, and what only some have */

void passage_put_part(struct buf *out, const struct program_part *part)
{
    if (part->node == NONE) {
        put_number(out, (uint64_t)part->literal.len * 2);
        buf_put(out, part->literal);
        return;
    }
    put_number(out, (uint64_t)part->node * 2 + 1);
    put_number(out, (unsigned)part->show * 2 + part->rows);
    if (part->rows) put_number(out, part->base);
    if (part->show != SHOW_MONEY) return;
    buf_putc(out, (char)part->digits);
    buf_put(out, (struct str){part->currency, sizeof part->currency});
}

void passage_put_text(struct buf *out, struct str parts)
{
    put_number(out, parts.len);
    buf_put(out, parts);
}

/* ---- reading */

static struct str take_text(const unsigned char **at)
{
    size_t len = (size_t)take_number(at);
    struct str text = {(const char *)*at, len};
    *at += len;
    return text;
}

struct passage passage_open(const struct program_message *message, uint32_t language)
{
    const unsigned char *at = message->bytes;
    struct str first = take_text(&at), text = first;
    for (uint32_t i = 0; i < language; i++) text = take_text(&at);
    return text.len ? (struct passage){text, language} : (struct passage){first, 0};
}

static void take_value(const unsigned char **at, struct program_part *part)
{
    uint64_t how = take_number(at);
    part->show = (enum program_show)(how / 2);
    part->rows = how & 1;
    if (part->rows) part->base = (uint32_t)take_number(at);
    if (part->show != SHOW_MONEY) return;
    part->digits = *(*at)++;
    memcpy(part->currency, *at, sizeof part->currency);
    *at += sizeof part->currency;
}

bool passage_next(struct passage *text, struct program_part *ret_part)
{
    if (text->rest.len == 0) return false;
    const unsigned char *at = (const unsigned char *)text->rest.ptr;
    const unsigned char *end = at + text->rest.len;
    uint64_t head = take_number(&at);
    *ret_part = (struct program_part){.node = head & 1 ? (uint32_t)(head / 2) : NONE};
    if (head & 1) {
        take_value(&at, ret_part);
    } else {
        ret_part->literal = (struct str){(const char *)at, (size_t)(head / 2)};
        at += head / 2;
    }
    assert(at <= end);
    text->rest = (struct str){(const char *)at, (size_t)(end - at)};
    return true;
}

bool passage_fills(struct passage text)
{
    struct program_part part;
    while (passage_next(&text, &part))
        if (part.node != NONE) return true;
    return false;
}

void passage_put_literals(struct passage text, struct buf *out)
{
    struct program_part part;
    while (passage_next(&text, &part)) buf_put(out, part.literal); /* a value's is empty */
}
