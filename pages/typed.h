/* Typed: answers on their way, as they were typed: what JSON they would be sent as, right or wrong. A
 * tree that can be changed.
 *
 *     typed_read(&arena, STR("{\"name\":\"Ada\"}"), &root)
 *     struct typed *age = typed_member(&arena, root, STR("age"));      made when it is not there
 *     typed_set_str(age, STR("many"));                                  no number, and kept all the
 * same typed_write(root, &out);
 *
 * null is an answer that was asked for and left empty. Strings are borrowed: what they point into lives
 * as long as the arena. */
#ifndef PAGES_TYPED_H
#define PAGES_TYPED_H

#include "base/buf.h"
#include "base/json_value.h"

struct typed {
    enum json_token kind; /* as in struct json_value */
    struct str name;      /* of a member */
    struct str text;      /* STRING, NUMBER */
    struct typed **items; /* OBJECT, ARRAY */
    uint32_t count, capacity;
    void *note; /* of whoever is at work on it */
};

/* ST_SYNTAX: no JSON object. ST_NOMEM, ST_LIMIT: the arena is full. */
enum status typed_read(struct arena *arena, struct str json, struct typed **ret_root) MUST_USE;
/* A new empty object; NULL: the arena is full. */
struct typed *typed_new(struct arena *arena);
void typed_write(const struct typed *typed, struct buf *out);

/* NULL: there is none, or `object` is NULL or no object (array). */
struct typed *typed_get(const struct typed *object, struct str name);
struct typed *typed_at(const struct typed *array, uint32_t index);
/* By one part of a JSON Pointer, its escapes not undone; NULL: there is nothing. */
struct typed *typed_step(const struct typed *typed, struct str part);
/* The member, made as null when it is not there; what is no object becomes an empty one. NULL: the
 * arena is full. */
struct typed *typed_member(struct arena *arena, struct typed *object, struct str name);
/* One more at the end, an empty object; what is no array becomes an empty one. NULL: the arena is full.
 */
struct typed *typed_append(struct arena *arena, struct typed *array);
void typed_remove(struct typed *array, uint32_t index);
/* At the place of `to`. False: the arena is full. */
bool typed_copy(struct arena *arena, const struct json_value *from, struct typed *to);

void typed_set_null(struct typed *typed);
void typed_set_bool(struct typed *typed, bool value);
void typed_set_str(struct typed *typed, struct str text);
/* As JSON writes numbers. */
void typed_set_number(struct typed *typed, struct str text);

/* An answer is there: neither NULL nor null. */
static inline bool typed_is_set(const struct typed *typed)
{
    return typed && typed->kind != JSON_NULL;
}

#endif
