#include "base/json_value.h"
#include "base/json_writer.h"
#include "tests/test.h"

static struct arena arena;

static struct json_value read_ok(const char *text)
{
    struct json_value value = {.kind = JSON_BAD};
    struct json_error error;
    CHECK_STATUS(json_read(&arena, str_of(text), limit(JSON_DEPTH), &value, &error), ST_OK);
    return value;
}

static void put_value(struct json_writer *json, const struct json_value *value)
{
    switch (value->kind) {
    case JSON_OBJECT:
        json_object(json);
        for (uint32_t i = 0; i < value->count; i++) {
            json_key(json, value->members[i].name);
            put_value(json, &value->members[i].value);
        }
        json_object_end(json);
        break;
    case JSON_ARRAY:
        json_array(json);
        for (uint32_t i = 0; i < value->count; i++) put_value(json, &value->items[i]);
        json_array_end(json);
        break;
    case JSON_STRING:
        json_str(json, value->text);
        break;
    case JSON_NUMBER:
        json_raw(json, value->text);
        break;
    case JSON_NULL:
        json_null(json);
        break;
    default:
        json_bool(json, value->kind == JSON_TRUE);
        break;
    }
}

static void a_tree_writes_as_it_was_read(void)
{
    static const char *const rows[] = {
        "1",
        "\"\"",
        "[]",
        "{}",
        "[[],{},[{}]]",
        "{\"b\":1.50,\"a\":[true,false,null,\"x\"],\"c\":{\"d\":{\"e\":-0}}}",
        "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18]",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct json_value value = read_ok(rows[i]);
        struct buf out;
        struct json_writer json;
        buf_init(&out, mem_heap(), 1 << 16);
        json_writer_init(&json, &out);
        put_value(&json, &value);
        CHECK(str_eq(buf_str(&out), str_of(rows[i])));
        buf_release(&out);
    }
}

static void members_are_found_by_name(void)
{
    struct json_value root =
        read_ok("{\"title\":\"T\",\"count\":3,\"rate\":3.5,\"on\":true,\"sub\":{\"x\":null}}");
    struct str text;
    int64_t number = 0;
    bool on = false;
    CHECK(json_get_str(&root, STR("title"), &text) && str_eq(text, STR("T")));
    CHECK(json_get_int(&root, STR("count"), &number) && number == 3);
    CHECK(json_get_bool(&root, STR("on"), &on) && on);
    CHECK(json_get(json_get(&root, STR("sub")), STR("x"))->kind == JSON_NULL);
    CHECK(!json_get(json_get(&root, STR("none")), STR("x")));
    CHECK(!json_get(json_get(&root, STR("title")), STR("x")));
    CHECK(!json_get_str(&root, STR("count"), &text) && !json_get_int(&root, STR("title"), &number));
    CHECK(!json_get_int(&root, STR("rate"), &number) && !json_get_bool(&root, STR("count"), &on));
    CHECK(!json_get_str(&root, STR("absent"), &text) && number == 3);
    CHECK(json_get(&root, STR("count"))->offset == 21);
}

static void integers_are_known_however_written(void)
{
    static const struct {
        const char *text;
        bool is;
        int64_t value;
    } rows[] = {{"3", true, 3},       {"3.0", true, 3},
                {"-3e2", true, -300}, {"9007199254740991", true, 9007199254740991},
                {"3.5", false, 0},    {"9007199254740992", false, 0},
                {"\"3\"", false, 0},  {"1e400", false, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct json_value value = read_ok(rows[i].text);
        int64_t number = 0;
        CHECK(json_is_int(&value, &number) == rows[i].is && number == rows[i].value);
    }
    CHECK(!json_is_int(NULL, NULL) && !json_is_str(NULL, NULL) && !json_is_bool(NULL, NULL));
}

static void pointers_lead_to_values(void)
{
    /* The example of RFC 6901 §5. */
    struct json_value root = read_ok(
        "{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,\"g|h\":4,\"i\\\\j\":5,"
        "\"k\\\"l\":6,\" \":7,\"m~n\":8}");
    static const struct {
        const char *pointer, *text;
    } rows[] = {{"/foo/0", "bar"}, {"/", "0"},     {"/a~1b", "1"}, {"/c%d", "2"}, {"/e^f", "3"},
                {"/g|h", "4"},     {"/i\\j", "5"}, {"/k\"l", "6"}, {"/ ", "7"},   {"/m~0n", "8"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct json_value *value = json_find(&root, str_of(rows[i].pointer));
        CHECK(value && str_eq(value->text, str_of(rows[i].text)));
    }
    CHECK(json_find(&root, STR("")) == &root);
    CHECK(json_find(&root, STR("/foo"))->count == 2);
    static const char *const nowhere[] = {
        "foo",      "/fo",   "/fooo", "/foo/2", "/foo/01",         "/foo/-", "/foo/x",
        "/foo/0/x", "/m~2n", "/m~",   "/foo/",  "/foo/9999999999", "//"};
    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++)
        CHECK(!json_find(&root, str_of(nowhere[i])));
    CHECK(!json_find(NULL, STR("")));
}

static void a_fault_is_told_and_nothing_is_written(void)
{
    struct json_value value = {.kind = JSON_END};
    struct json_error error = {JSON_FAULT_NONE, 0};
    CHECK_STATUS(json_read(&arena, STR("[1,{\"a\":tru}]"), 10, &value, &error), ST_SYNTAX);
    CHECK(error.fault == JSON_FAULT_WORD && error.offset == 8 && value.kind == JSON_END);
    CHECK_STATUS(json_read(&arena, STR("[1] x"), 10, &value, &error), ST_SYNTAX);
    CHECK(error.fault == JSON_FAULT_TRAILING && error.offset == 4);
    CHECK_STATUS(json_read(&arena, STR("[[[1]]]"), 2, &value, &error), ST_SYNTAX);
    CHECK(error.fault == JSON_FAULT_DEPTH && error.offset == 2 && value.kind == JSON_END);
}

static void the_deepest_tree_is_read(void)
{
    enum { DEPTH = limit(JSON_DEPTH) };
    static char text[2 * DEPTH];
    memset(text, '[', DEPTH);
    memset(text + DEPTH, ']', DEPTH);
    struct json_value value;
    struct json_error error;
    CHECK_STATUS(json_read(&arena, (struct str){text, sizeof text}, DEPTH, &value, &error), ST_OK);
    CHECK_STATUS(json_read(&arena, (struct str){text, sizeof text}, DEPTH - 1, &value, &error),
                 ST_SYNTAX);
}

static void out_of_memory_at_any_request_is_told(void)
{
    static char text[20000] = "{\"a\":[0";
    size_t used = strlen(text);
    while (used < 19000)
        used +=
            (size_t)snprintf(text + used, sizeof text - used, ",{\"k\\n%zu\":\"\\t%zu\"}", used, used);
    used += (size_t)snprintf(text + used, sizeof text - used, "]}");
    bool done = false;
    for (size_t fail_at = 1; !done; fail_at++) {
        struct test_mem tm = TEST_MEM(.fail_at = fail_at);
        struct arena poor;
        struct json_value value = {.kind = JSON_END};
        struct json_error error;
        arena_init(&poor, &tm.mem, 16 << 20);
        enum status st = json_read(&poor, (struct str){text, used}, 10, &value, &error);
        done = !tm.failed;
        CHECK(st == (done ? ST_OK : ST_NOMEM) && (done || value.kind == JSON_END));
        arena_release(&poor);
        CHECK(tm.held == 0);
    }
    struct arena small;
    struct json_value value;
    struct json_error error;
    for (size_t bytes_max = 0; bytes_max < 100000; bytes_max += 4999) {
        arena_init(&small, mem_heap(), bytes_max);
        CHECK_STATUS(json_read(&small, (struct str){text, used}, 10, &value, &error), ST_LIMIT);
        arena_release(&small);
    }
}

int main(void)
{
    arena_init(&arena, mem_heap(), 16 << 20);
    a_tree_writes_as_it_was_read();
    members_are_found_by_name();
    integers_are_known_however_written();
    pointers_lead_to_values();
    a_fault_is_told_and_nothing_is_written();
    the_deepest_tree_is_read();
    out_of_memory_at_any_request_is_told();
    arena_release(&arena);
    return TEST_RESULT();
}
