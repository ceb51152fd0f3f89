#include "base/json_reader.h"
#include "tests/test.h"

static struct arena arena;

/* Spells the tokens of `text`: a test then reads as a sentence. */
static const char *tokens(struct str text)
{
    static const char *const names[] = {"BAD",  "END", "{",   "}",    "[",     "]",
                                        "name", "str", "num", "true", "false", "null"};
    static char line[1024];
    struct json_reader reader;
    size_t used = 0;
    json_reader_init(&reader, text, &arena, limit(JSON_DEPTH));
    for (;;) {
        enum json_token token = json_next(&reader);
        const char *blank = used ? " " : "";
        if (token == JSON_NAME || token == JSON_STRING || token == JSON_NUMBER)
            used += (size_t)snprintf(line + used, sizeof line - used, "%s%s(%.*s)", blank, names[token],
                                     STR_ARG(reader.text));
        else if (token == JSON_BAD)
            used += (size_t)snprintf(line + used, sizeof line - used, "%sBAD(%zu %s)", blank,
                                     reader.fault_offset, json_fault_text(reader.fault));
        else used += (size_t)snprintf(line + used, sizeof line - used, "%s%s", blank, names[token]);
        if (token == JSON_END || token == JSON_BAD) {
            CHECK(json_next(&reader) == token); /* for ever */
            CHECK_STATUS(json_reader_status(&reader), token == JSON_END ? ST_OK : ST_SYNTAX);
            return line;
        }
    }
}

#define CHECK_TOKENS(text, want)                                                                       \
    do {                                                                                               \
        const char *got_ = tokens(STR(text));                                                          \
        if (strcmp(got_, want) != 0) {                                                                 \
            fprintf(stderr, "%s:%d: %s\n   got  %s\n   want %s\n", __FILE__, __LINE__, #text, got_,    \
                    want);                                                                             \
            test_failures++;                                                                           \
        }                                                                                              \
    } while (0)

static void values_of_every_kind_are_read(void)
{
    CHECK_TOKENS("1", "num(1) END");
    CHECK_TOKENS(" \t\r\n\"a\" ", "str(a) END");
    CHECK_TOKENS("[]", "[ ] END");
    CHECK_TOKENS("{}", "{ } END");
    CHECK_TOKENS("[true,false , null]", "[ true false null ] END");
    CHECK_TOKENS("{\"a\":1,\"b\":[{\"c\":-1.50e2}]}",
                 "{ name(a) num(1) name(b) [ { name(c) num(-1.50e2) } ] } END");
    CHECK_TOKENS("{ \"a\\u0062\" : \"\\n\" }", "{ name(ab) str(\n) } END");
}

static void what_is_wrong_is_told_with_its_place(void)
{
    CHECK_TOKENS("", "BAD(0 the text ends in the middle of a value)");
    CHECK_TOKENS("  ", "BAD(2 the text ends in the middle of a value)");
    CHECK_TOKENS("[1,]", "[ num(1) BAD(3 a value is expected here)");
    CHECK_TOKENS("[1 2]", "[ num(1) BAD(3 a comma or the closing bracket is expected here)");
    CHECK_TOKENS("[1}", "[ num(1) BAD(2 a comma or the closing bracket is expected here)");
    CHECK_TOKENS("[,1]", "[ BAD(1 a value is expected here)");
    CHECK_TOKENS("{a:1}", "{ BAD(1 a member name in double quotes is expected here)");
    CHECK_TOKENS("{\"a\" 1}", "{ BAD(5 a colon is expected after a member name)");
    CHECK_TOKENS("{\"a\":}", "{ name(a) BAD(5 a value is expected here)");
    CHECK_TOKENS("{\"a\":1,}",
                 "{ name(a) num(1) BAD(7 a member name in double quotes is expected here)");
    CHECK_TOKENS("{\"a\":1", "{ name(a) num(1) BAD(6 the text ends in the middle of a value)");
    CHECK_TOKENS("1 1", "num(1) BAD(2 nothing may follow the value but blanks)");
    CHECK_TOKENS("nul", "BAD(0 only true, false and null are written without quotes)");
    CHECK_TOKENS("nullx", "null BAD(4 nothing may follow the value but blanks)");
    CHECK_TOKENS("\"a", "BAD(2 the text ends in the middle of a value)");
    CHECK_TOKENS("[01]", "[ BAD(2 a number is not written as JSON wants it)");
    CHECK_TOKENS("[1.]", "[ BAD(3 a number is not written as JSON wants it)");
    CHECK_TOKENS("\xef\xbb\xbf{}", "BAD(0 a value is expected here)");
    CHECK_TOKENS("[\"\\q\"]", "[ BAD(2 there is no such escape)");
    CHECK_TOKENS("]", "BAD(0 a value is expected here)");
    CHECK_TOKENS("[\0]", "[ BAD(1 a value is expected here)");
}

static void a_text_without_bytes_is_no_json(void)
{
    struct json_reader reader;
    json_reader_init(&reader, (struct str){NULL, 0}, &arena, 1);
    CHECK(json_next(&reader) == JSON_BAD && reader.fault == JSON_FAULT_EARLY_END &&
          reader.fault_offset == 0);
}

static void a_name_may_stand_once_in_an_object_however_it_is_written(void)
{
    CHECK_TOKENS("{\"a\":1,\"a\":2}",
                 "{ name(a) num(1) BAD(7 an object has two members of the same name)");
    CHECK_TOKENS("{\"a\":1,\"\\u0061\":2}",
                 "{ name(a) num(1) BAD(7 an object has two members of the same name)");
    CHECK_TOKENS("[{\"a\":{\"a\":1}},{\"a\":2}]",
                 "[ { name(a) { name(a) num(1) } } { name(a) num(2) } ] END");
    CHECK_TOKENS("{\"a\":{\"b\":1},\"b\":2,\"a\":3}",
                 "{ name(a) { name(b) num(1) } name(b) num(2) BAD(19 an object has two members of the "
                 "same name)");
    CHECK_TOKENS("{\"\":1,\"\":2}",
                 "{ name() num(1) BAD(6 an object has two members of the same name)");
}

static void a_nul_in_a_text_is_represented(void)
{
    struct json_reader reader;
    json_reader_init(&reader, STR("\"a\\u0000b\""), &arena, 1);
    CHECK(json_next(&reader) == JSON_STRING);
    CHECK(str_eq(reader.text, STR("a\0b")) && reader.chars == 3);
}

static void plain_strings_are_borrowed_and_code_points_counted(void)
{
    struct arena none;
    arena_init(&none, mem_heap(), 0);
    struct str text = STR("\"Zo\xc3\xab\"");
    struct json_reader reader;
    json_reader_init(&reader, text, &none, 1);
    CHECK(json_next(&reader) == JSON_STRING);
    CHECK(reader.text.ptr == text.ptr + 1 && reader.chars == 3 && reader.offset == 0);
    CHECK(json_next(&reader) == JSON_END);
}

static enum json_fault depth_fault(uint32_t levels, uint32_t depth_max)
{
    static char text[4096];
    memset(text, '[', levels);
    memset(text + levels, ']', levels);
    struct json_reader reader;
    json_reader_init(&reader, (struct str){text, (size_t)2 * levels}, &arena, depth_max);
    enum json_token token;
    while ((token = json_next(&reader)) != JSON_END && token != JSON_BAD) continue;
    CHECK(token == JSON_END || reader.fault_offset == depth_max);
    return reader.fault;
}

static void depth_is_allowed_up_to_the_maximum(void)
{
    CHECK(depth_fault(limit(JSON_DEPTH), limit(JSON_DEPTH)) == JSON_FAULT_NONE);
    CHECK(depth_fault(limit(JSON_DEPTH) + 1, limit(JSON_DEPTH)) == JSON_FAULT_DEPTH);
    CHECK(depth_fault(3, 3) == JSON_FAULT_NONE);
    CHECK(depth_fault(4, 3) == JSON_FAULT_DEPTH);
    CHECK(depth_fault(1, 0) == JSON_FAULT_DEPTH);
}

static void skipping_ends_behind_the_value(void)
{
    struct json_reader reader;
    json_reader_init(&reader, STR("{\"a\":[1,{\"x\":[[]]},2],\"b\":5,\"c\":true}"), &arena, 10);
    CHECK(json_next(&reader) == JSON_OBJECT);
    CHECK(json_next(&reader) == JSON_NAME);
    CHECK(json_skip(&reader, json_next(&reader)));
    CHECK(json_next(&reader) == JSON_NAME && str_eq(reader.text, STR("b")));
    CHECK(json_skip(&reader, json_next(&reader)));
    CHECK(json_next(&reader) == JSON_NAME && str_eq(reader.text, STR("c")));
    CHECK(json_skip(&reader, json_next(&reader)));
    CHECK(json_next(&reader) == JSON_OBJECT_END);
    CHECK(json_skip(&reader, JSON_OBJECT_END) && json_next(&reader) == JSON_END);
}

static void skipping_still_checks(void)
{
    static const char *const bad[] = {"[1,[2,}]", "[{\"a\":1,\"a\":1}]", "[[\"\\uD800\"]]", "[[1]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct json_reader reader;
        json_reader_init(&reader, str_of(bad[i]), &arena, 10);
        CHECK(!json_skip(&reader, json_next(&reader)));
        CHECK_STATUS(json_reader_status(&reader), ST_SYNTAX);
        CHECK(!json_skip(&reader, JSON_BAD));
    }
}

/* {"n0":0,"n1":1,…} */
static struct str many_names(uint32_t count)
{
    static char text[1 << 20];
    size_t used = 0;
    for (uint32_t i = 0; i < count; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%c\"n%u\":%u", i ? ',' : '{', i, i);
    text[used++] = '}';
    return (struct str){text, used};
}

static enum status read_all(struct arena *into, struct str text)
{
    struct json_reader reader;
    json_reader_init(&reader, text, into, 10);
    enum json_token token;
    while ((token = json_next(&reader)) != JSON_END && token != JSON_BAD) continue;
    return json_reader_status(&reader);
}

static void many_names_are_told_apart(void)
{
    struct str text = many_names(50000);
    CHECK_STATUS(read_all(&arena, text), ST_OK);
    char *last = memchr(text.ptr + text.len - 14, '"', 14);
    struct str again = STR("\"n0\":49999 "); /* the last name is the first one */
    memcpy(last, again.ptr, again.len);
    CHECK_STATUS(read_all(&arena, text), ST_SYNTAX);
}

static void a_full_arena_is_a_limit_and_an_empty_heap_is_not(void)
{
    struct arena small;
    arena_init(&small, mem_heap(), 3000);
    CHECK_STATUS(read_all(&small, many_names(1000)), ST_LIMIT);
    arena_release(&small);
    bool done = false;
    for (size_t fail_at = 1; !done; fail_at++) {
        struct test_mem tm = TEST_MEM(.fail_at = fail_at);
        arena_init(&small, &tm.mem, 1 << 24);
        enum status st = read_all(&small, many_names(2000));
        done = !tm.failed;
        CHECK(st == (done ? ST_OK : ST_NOMEM));
        arena_release(&small);
        CHECK(tm.held == 0);
    }
}

static void names_are_kept_by_object(void)
{
    struct json_names names;
    json_names_init(&names, &arena);
    for (uint32_t object = 1; object <= 1000; object++) {
        CHECK_STATUS(json_names_add(&names, object, STR("age")), ST_OK);
        CHECK_STATUS(json_names_add(&names, object, STR("name")), ST_OK);
    }
    for (uint32_t object = 1; object <= 1000; object++)
        CHECK_STATUS(json_names_add(&names, object, STR("age")), ST_CONFLICT);
    CHECK(names.count == 2000);
}

int main(void)
{
    arena_init(&arena, mem_heap(), 64 << 20);
    values_of_every_kind_are_read();
    what_is_wrong_is_told_with_its_place();
    a_text_without_bytes_is_no_json();
    a_name_may_stand_once_in_an_object_however_it_is_written();
    a_nul_in_a_text_is_represented();
    plain_strings_are_borrowed_and_code_points_counted();
    depth_is_allowed_up_to_the_maximum();
    skipping_ends_behind_the_value();
    skipping_still_checks();
    many_names_are_told_apart();
    a_full_arena_is_a_limit_and_an_empty_heap_is_not();
    names_are_kept_by_object();
    arena_release(&arena);
    return TEST_RESULT();
}
