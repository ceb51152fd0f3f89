/* JSON reader: pulls tokens out of JSON text, with no tree.
 *
 *     struct json_reader reader;
 *     json_reader_init(&reader, text, &arena, limit(JSON_DEPTH));
 *     while ((token = json_next(&reader)) != JSON_END && token != JSON_BAD) switch (token) …
 *     if (token == JSON_BAD) … json_fault_text(reader.fault) at byte reader.fault_offset
 *
 * Strict RFC 8259 and I-JSON: valid UTF-8, whole surrogate pairs, no name twice in an object, nothing
 * behind the value. Tokens come in an order that makes sense: a reader that only looks for what it
 * wants may trust the rest. Numbers are handed over as they are written. */
#ifndef BASE_JSON_READER_H
#define BASE_JSON_READER_H

#include "base/arena.h"
#include "base/json_scan.h"
#include "base/limits.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum json_token {
    JSON_BAD, /* see fault and fault_offset; every further call answers JSON_BAD */
    JSON_END, /* the value is read and nothing follows; every further call answers JSON_END */
    JSON_OBJECT,
    JSON_OBJECT_END,
    JSON_ARRAY,
    JSON_ARRAY_END,
    JSON_NAME, /* of a member; its value is the next token */
    JSON_STRING,
    JSON_NUMBER,
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL,
};

/* The names already met, by object: answers "is this one new" in constant time whatever an attacker
 * names them. */
struct json_names {
    struct arena *arena;
    struct json_name_entry *entries; /* open addressing; a zeroed entry is free */
    uint32_t capacity, count;
};

void json_names_init(struct json_names *names, struct arena *arena);
/* Notes `name` in object number `object`; the bytes of `name` must live as long as `names`. ST_CONFLICT
 * when it was there already, ST_NOMEM or ST_LIMIT when the arena is full. */
enum status json_names_add(struct json_names *names, uint32_t object, struct str name) MUST_USE;

struct json_reader {
    struct json_cursor cur;
    const char *start;
    struct arena *arena;

    /* Of the token last returned. */
    size_t offset;   /* where it begins */
    struct str text; /* NAME, STRING: decoded; NUMBER: as written. In the source or in the arena */
    uint32_t chars;  /* NAME, STRING: code points */
    struct json_number number; /* NUMBER */

    bool names_may_repeat; /* set it after init for RFC 8259 without I-JSON: names are then not compared
                            */

    enum json_fault fault;
    size_t fault_offset;

    /* Private. */
    enum json_reader_state {
        JSON_STATE_VALUE,       /* a value must come */
        JSON_STATE_FIRST_VALUE, /* a value or ']' */
        JSON_STATE_FIRST_NAME,  /* a name or '}' */
        JSON_STATE_AFTER_VALUE, /* ',' or a closing bracket, or the end at depth 0 */
        JSON_STATE_DONE,
        JSON_STATE_BROKEN,
    } state;
    struct json_names names;
    uint32_t depth, depth_max;
    uint32_t objects; /* opened so far: their numbers */
    uint32_t *open;   /* per level: the object's number, 0 for an array */
    uint32_t open_capacity;
    bool memory_refused; /* the arena's maximum was reached, rather than memory */
};

/* `text` must outlive the reader and what it hands out. Escaped strings and names are decoded into
 * `arena`. `depth_max` counts arrays and objects inside one another, at most limit(JSON_DEPTH). */
void json_reader_init(struct json_reader *reader, struct str text, struct arena *arena,
                      uint32_t depth_max);
enum json_token json_next(struct json_reader *reader);
/* Reads on to the end of the value whose first token was `first`. False: JSON_BAD was met. */
bool json_skip(struct json_reader *reader, enum json_token first) MUST_USE;
/* ST_OK while nothing is wrong; ST_SYNTAX; ST_NOMEM or ST_LIMIT when the arena was the reason. */
enum status json_reader_status(const struct json_reader *reader);

#endif
