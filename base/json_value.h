/* JSON value: a whole JSON text as a tree in an arena, for the cold paths: configuration, API bodies,
 * tests.
 *
 *     struct json_value root;
 *     st = json_read(&arena, text, limit(JSON_DEPTH), &root, &error);
 *     if (!json_get_str(&root, STR("title"), &title)) …
 *
 * Whatever json_reader.h promises holds; members keep their order. Strings point into `text` where they
 * hold no escapes, so `text` must live as long as the tree. Answers never go through here: see
 * runtime/. */
#ifndef BASE_JSON_VALUE_H
#define BASE_JSON_VALUE_H

#include "base/json_reader.h"

struct json_member;

struct json_value {
    enum json_token kind; /* JSON_OBJECT, _ARRAY, _STRING, _NUMBER, _TRUE, _FALSE, _NULL */
    uint32_t count;       /* of items or members */
    size_t offset;        /* where it begins in the text */
    struct str text;      /* STRING: decoded; NUMBER: as written */
    union {
        struct json_value *items;    /* ARRAY */
        struct json_member *members; /* OBJECT, in the order of the text */
    };
};

struct json_member {
    struct str name;
    struct json_value value;
};

struct json_error {
    enum json_fault fault;
    size_t offset;
};

/* ST_SYNTAX with *reterr_error written when it is not JSON; ST_NOMEM or ST_LIMIT when the arena is
 * full. */
enum status json_read(struct arena *arena, struct str text, uint32_t depth_max,
                      struct json_value *ret_value, struct json_error *reterr_error) MUST_USE;

/* The member's value, or NULL: no such member, or `object` is NULL or no object. So lookups chain. */
const struct json_value *json_get(const struct json_value *object, struct str name);
/* By JSON Pointer (RFC 6901): "/members/0/name"; "" is the value itself. NULL when there is nothing. */
const struct json_value *json_find(const struct json_value *value, struct str pointer);

/* False when it is NULL or of another kind. */
bool json_is_str(const struct json_value *value, struct str *ret_text);
bool json_is_bool(const struct json_value *value, bool *ret_value);
/* An integer within ±(2^53 − 1), however written: 3, 3.0, 3e0. */
bool json_is_int(const struct json_value *value, int64_t *ret_value);

/* Member of that kind: json_is_…(json_get(object, name), …). */
bool json_get_str(const struct json_value *object, struct str name, struct str *ret_text);
bool json_get_bool(const struct json_value *object, struct str name, bool *ret_value);
bool json_get_int(const struct json_value *object, struct str name, int64_t *ret_value);

#endif
