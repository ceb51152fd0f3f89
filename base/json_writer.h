/* JSON writer: JSON text into a buf, commas seen to.
 *
 *     struct json_writer json;
 *     json_writer_init(&json, &buf);
 *     json_object(&json);
 *     json_key(&json, STR("name")); json_str(&json, name);
 *     json_object_end(&json);                                    {"name":"Zoë"}
 *
 * No blanks, no choice: the same calls give the same bytes. Failures stay in the buf; look once at the
 * end. */
#ifndef BASE_JSON_WRITER_H
#define BASE_JSON_WRITER_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* A string with its quotes. `text` must be valid UTF-8; only quote, backslash and controls are escaped.
 */
void json_put_str(struct buf *out, struct str text);
/* The same from bytes that may be anything: each byte that is no UTF-8 becomes U+FFFD. */
void json_put_lossy(struct buf *out, struct str bytes);

struct json_writer {
    struct buf *out;
    bool comma; /* a value was just written here: the next one needs a comma before it */
    uint32_t depth;
};

void json_writer_init(struct json_writer *json, struct buf *out);

void json_object(struct json_writer *json);
void json_object_end(struct json_writer *json);
void json_array(struct json_writer *json);
void json_array_end(struct json_writer *json);
void json_key(struct json_writer *json, struct str name);

void json_str(struct json_writer *json, struct str text);
void json_lossy(struct json_writer *json, struct str bytes);
void json_int(struct json_writer *json, int64_t value);
/* The shortest number that reads back as this double. `value` must be finite. */
void json_double(struct json_writer *json, double value);
void json_bool(struct json_writer *json, bool value);
void json_null(struct json_writer *json);
/* One value that is JSON text already. */
void json_raw(struct json_writer *json, struct str text);

/* Key and value in one line. */
void json_key_str(struct json_writer *json, struct str name, struct str text);
void json_key_int(struct json_writer *json, struct str name, int64_t value);
void json_key_bool(struct json_writer *json, struct str name, bool value);

#endif
