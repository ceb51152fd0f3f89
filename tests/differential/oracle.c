#include "tests/differential/oracle.h"

#include <jansson.h>

static void put_value(FILE *dump, const json_t *value);

static void put_text(FILE *dump, const char *text, size_t len)
{
    fputc('"', dump);
    for (size_t i = 0; i < len; i++) fprintf(dump, "%02x", (unsigned)(unsigned char)text[i]);
    fputc('"', dump);
}

static void put_object(FILE *dump, const json_t *object)
{
    fputc('{', dump);
    for (void *at = json_object_iter((json_t *)object); at;
         at = json_object_iter_next((json_t *)object, at)) {
        put_text(dump, json_object_iter_key(at), json_object_iter_key_len(at));
        fputc(':', dump);
        put_value(dump, json_object_iter_value(at));
    }
    fputc('}', dump);
}

static void put_array(FILE *dump, const json_t *array)
{
    fputc('[', dump);
    for (size_t i = 0; i < json_array_size(array); i++) {
        put_value(dump, json_array_get(array, i));
        fputc(',', dump);
    }
    fputc(']', dump);
}

static void put_value(FILE *dump, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        put_object(dump, value);
        break;
    case JSON_ARRAY:
        put_array(dump, value);
        break;
    case JSON_STRING:
        put_text(dump, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        fprintf(dump, "%a", (double)json_integer_value(value));
        break;
    case JSON_REAL:
        fprintf(dump, "%a", json_real_value(value) + 0.0);
        break; /* -0 is 0 */
    case JSON_TRUE:
        fputc('t', dump);
        break;
    case JSON_FALSE:
        fputc('f', dump);
        break;
    case JSON_NULL:
        fputc('n', dump);
        break;
    }
}

enum oracle_answer oracle_read(const char *text, size_t len, FILE *dump)
{
    json_error_t error;
    json_t *value =
        json_loadb(text, len, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (!value) {
        enum json_error_code code = json_error_code(&error);
        int alone = code == json_error_numeric_overflow || code == json_error_null_byte_in_key;
        return alone ? ORACLE_REFUSED_ALONE : ORACLE_REFUSED;
    }
    put_value(dump, value);
    json_decref(value);
    return ORACLE_READ;
}
