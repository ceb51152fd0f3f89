#include "base/json.h"
#include "base/utf8.h"
#include "tests/test.h"

static struct buf out;
static struct json_writer json;

static void start(void)
{
    buf_reset(&out);
    json_writer_init(&json, &out);
}

#define CHECK_OUT(want)                                                                                \
    do {                                                                                               \
        if (!str_eq(buf_str(&out), STR(want))) {                                                       \
            fprintf(stderr, "%s:%d: got %.*s, not %s\n", __FILE__, __LINE__, STR_ARG(buf_str(&out)),   \
                    want);                                                                             \
            test_failures++;                                                                           \
        }                                                                                              \
    } while (0)

static void commas_stand_between_values_only(void)
{
    start();
    json_object(&json);
    json_key(&json, STR("a"));
    json_array(&json);
    json_int(&json, 1);
    json_int(&json, -2);
    json_array(&json);
    json_array_end(&json);
    json_object(&json);
    json_object_end(&json);
    json_null(&json);
    json_array_end(&json);
    json_key_str(&json, STR("b"), STR("x"));
    json_key_bool(&json, STR("c"), false);
    json_key_int(&json, STR("d"), 7);
    json_key(&json, STR("e"));
    json_raw(&json, STR("{\"z\":1}"));
    json_key(&json, STR("f"));
    json_bool(&json, true);
    json_object_end(&json);
    CHECK_OUT("{\"a\":[1,-2,[],{},null],\"b\":\"x\",\"c\":false,\"d\":7,\"e\":{\"z\":1},\"f\":true}");
    CHECK(json.depth == 0);
}

/* Of every length, with every byte at every place. */
static void no_byte_goes_unescaped_at_any_place(void)
{
    for (size_t len = 1; len < 40; len++)
        for (size_t at = 0; at < len; at++)
            for (int byte = 0; byte < 256; byte++) {
                char text[40], other = byte % 2 ? '!' : '~';
                memset(text, other, len);
                text[at] = (char)byte;
                start();
                json_put_str(&out, (struct str){text, len});
                bool escaped = byte < 0x20 || byte == '"' || byte == '\\';
                CHECK(escaped == (out.len != len + 2));
                CHECK(escaped ? out.ptr[at + 1] == '\\' : memcmp(out.ptr + 1, text, len) == 0);
            }
}

static void numbers_are_written_exactly(void)
{
    start();
    json_array(&json);
    json_double(&json, 0.1);
    json_double(&json, -0.0);
    json_double(&json, 1e21);
    json_array_end(&json);
    CHECK_OUT("[0.1,0,1e+21]");
}

static void only_quote_backslash_and_controls_are_escaped(void)
{
    start();
    json_str(&json, STR("a\"b\\c/d\b\f\n\r\t\v\x01\x1f\x7f"
                        "\xc3\xab\xe2\x80\xa8\xf0\x9f\x98\x80 and so on\0!"));
    CHECK_OUT(
        "\"a\\\"b\\\\c/d\\b\\f\\n\\r\\t\\u000b\\u0001\\u001f\x7f\xc3\xab\xe2\x80\xa8\xf0\x9f\x98\x80 "
        "and so on\\u0000!\"");
}

static void every_code_point_comes_back_as_it_went(void)
{
    struct arena arena;
    arena_init(&arena, mem_heap(), 1 << 20);
    for (uint32_t code = 0; code < 0x10ffff; code += code < 0x3000 ? 1 : 61) {
        if (code >= 0xd800 && code <= 0xdfff) continue;
        char bytes[12] = "abc";
        size_t len = 3 + utf8_encode(code, bytes + 3);
        bytes[len++] = 'z';
        start();
        json_put_str(&out, (struct str){bytes, len});
        struct json_reader reader;
        json_reader_init(&reader, buf_str(&out), &arena, 1);
        bool same = json_next(&reader) == JSON_STRING &&
                    str_eq(reader.text, (struct str){bytes, len}) && reader.chars == 5;
        if (!same) CHECK(code == UINT32_MAX); /* prints */
        arena_reset(&arena);
    }
    arena_release(&arena);
}

static void bytes_that_are_no_utf8_are_replaced_one_by_one(void)
{
    start();
    json_array(&json);
    json_lossy(&json, STR("a\xff\xc3\xab\xed\xa0\x80\"\xe2\x82"));
    json_lossy(&json, (struct str){NULL, 0});
    json_array_end(&json);
    CHECK_OUT("[\"a\xef\xbf\xbd\xc3\xab\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\\\"\xef\xbf\xbd\xef\xbf\xbd"
              "\",\"\"]");
}

static void a_full_buf_stays_failed(void)
{
    struct buf small;
    struct json_writer writer;
    buf_init(&small, mem_heap(), 10);
    json_writer_init(&writer, &small);
    json_array(&writer);
    json_str(&writer, STR("a long text that does not fit"));
    json_array_end(&writer);
    CHECK(small.failure == ST_LIMIT && small.len <= 10);
    buf_release(&small);
}

int main(void)
{
    buf_init(&out, mem_heap(), 1 << 16);
    commas_stand_between_values_only();
    no_byte_goes_unescaped_at_any_place();
    numbers_are_written_exactly();
    only_quote_backslash_and_controls_are_escaped();
    every_code_point_comes_back_as_it_went();
    bytes_that_are_no_utf8_are_replaced_one_by_one();
    a_full_buf_stays_failed();
    buf_release(&out);
    return TEST_RESULT();
}
