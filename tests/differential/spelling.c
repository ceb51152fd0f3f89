#include "tests/differential/spelling.h"

#include "base/decimal.h"

static void put_text(FILE *dump, struct str value)
{
    fputc('"', dump);
    for (size_t i = 0; i < value.len; i++) fprintf(dump, "%02x", (unsigned)(unsigned char)value.ptr[i]);
    fputc('"', dump);
}

static void put_object(FILE *dump, const struct json_value *object)
{
    fputc('{', dump);
    for (uint32_t i = 0; i < object->count; i++) {
        put_text(dump, object->members[i].name);
        fputc(':', dump);
        spelling_put(dump, &object->members[i].value);
    }
    fputc('}', dump);
}

static void put_array(FILE *dump, const struct json_value *array)
{
    fputc('[', dump);
    for (uint32_t i = 0; i < array->count; i++) {
        spelling_put(dump, &array->items[i]);
        fputc(',', dump);
    }
    fputc(']', dump);
}

void spelling_put(FILE *dump, const struct json_value *value)
{
    double number = 0;
    switch (value->kind) {
    case JSON_OBJECT:
        put_object(dump, value);
        break;
    case JSON_ARRAY:
        put_array(dump, value);
        break;
    case JSON_STRING:
        put_text(dump, value->text);
        break;
    case JSON_NUMBER:
        if (!double_parse(value->text, &number)) fputs("no double ", dump);
        fprintf(dump, "%a", number);
        break;
    case JSON_TRUE:
        fputc('t', dump);
        break;
    case JSON_FALSE:
        fputc('f', dump);
        break;
    default:
        fputc('n', dump);
        break;
    }
}
