#include "base/json_value.h"
#include "base/limits.h"
#include "dsl/answers_schema.h"
#include "dsl/dsl.h"
#include "tests/unit/compiled.h"

static struct arena arena;

static bool has_pattern(const char *regexp, const char *want)
{
    struct buf out;
    buf_init(&out, mem_heap(), 1000);
    answers_schema_put_pattern(str_of(regexp), &out);
    bool same = str_eq(buf_str(&out), str_of(want));
    if (!same) fprintf(stderr, "%s: %.*s, not %s\n", regexp, STR_ARG(buf_str(&out)), want);
    buf_release(&out);
    return same;
}

static void a_pattern_says_the_same_under_the_flag_u(void)
{
    CHECK(has_pattern("[A-Z]{2}", "[A-Z]{2}"));
    CHECK(has_pattern("a.b", "a[^\\n\\r]b"));
    CHECK(has_pattern("[.]\\.", "[.]\\."));
    CHECK(has_pattern("a\\-b[\\-a]", "a-b[\\-a]"));
    CHECK(has_pattern("\\p{Lu}\\\\.", "\\p{Lu}\\\\[^\\n\\r]"));
    CHECK(has_pattern("[\\].].", "[\\].][^\\n\\r]"));
}

static struct program *compiled_items(const char *items)
{
    return compiled_str(arena_printf(&arena, "edition 2026 form f \"F\" { %s }", items));
}

/* The schema of a form with these items, read. */
static struct json_value schema_of(const char *items, bool stored)
{
    struct json_value value = {0};
    struct json_error error;
    struct buf out;
    struct program *program = compiled_items(items);
    buf_init(&out, arena.mem, (size_t)1 << 20);
    dsl_write_schema(program, stored, &out);
    struct str text = arena_str(&arena, buf_str(&out));
    CHECK_STATUS(json_read(&arena, text, limit(JSON_DEPTH), &value, &error), ST_OK);
    buf_release(&out);
    program_release(program);
    return value;
}

static bool is_at(const struct json_value *schema, const char *pointer, const char *want)
{
    const struct json_value *found = json_find(schema, str_of(pointer));
    bool same = found && str_eq(found->text, str_of(want));
    if (!same)
        fprintf(stderr, "%s: %.*s, not %s\n", pointer, found ? (int)found->text.len : 0,
                found ? found->text.ptr : "", want);
    return same;
}

static bool is_absent(const struct json_value *schema, const char *pointer)
{
    return json_find(schema, str_of(pointer)) == NULL;
}

static void what_is_demanded_demands_what_is_around_it(void)
{
    struct json_value s = schema_of("group g { a: text required } group h { b: text } group i when g.a "
                                    "= \"x\" { c: text required } repeat r 1..2 { d: text }",
                                    false);
    CHECK(is_at(&s, "/required/0", "g"));
    CHECK(is_at(&s, "/required/1", "r"));
    CHECK(is_absent(&s, "/required/2"));
    CHECK(is_at(&s, "/properties/g/required/0", "a"));
    CHECK(is_at(&s, "/properties/i/anyOf/0/required/0", "c"));
    CHECK(is_at(&s, "/properties/i/anyOf/1/$ref", "#/$defs/irrelevant"));
}

static void a_page_with_a_condition_frees_what_is_on_it(void)
{
    struct json_value s = schema_of("a: boolean page p \"P\" when a { b: integer required } section q "
                                    "when a { c: integer required }",
                                    false);
    CHECK(is_absent(&s, "/required"));
    CHECK(is_at(&s, "/properties/b/anyOf/1/$ref", "#/$defs/irrelevant"));
    CHECK(is_at(&s, "/properties/c/anyOf/1/$ref", "#/$defs/irrelevant"));
}

static void what_is_kept_holds_up_a_group_without_the_rest(void)
{
    const char *form = "a: boolean group g when a { b: text required c: text keep }",
               *plain = "a: boolean group g when a { b: text required c: text }";
    struct json_value kept = schema_of(form, true), s = schema_of(plain, true);
    CHECK(is_absent(&kept, "/properties/g/required"));
    CHECK(is_at(&s, "/properties/g/required/0", "b"));
}

static void what_is_computed_is_not_looked_at(void)
{
    const char *form = "a: integer = 1 b: integer required max 3";
    struct json_value sent = schema_of(form, false), stored = schema_of(form, true);
    CHECK(is_absent(&sent, "/properties/a/anyOf") && is_absent(&sent, "/properties/a/type"));
    CHECK(is_at(&stored, "/properties/a/type", "integer"));
    CHECK(is_at(&stored, "/properties/b/maximum", "3"));
}

static void an_empty_text_is_missing_unless_a_length_asks_for_a_character(void)
{
    struct json_value s = schema_of("a: text b: text length 1.. c: integer d: text required", false);
    CHECK(is_at(&s, "/properties/a/anyOf/2/$ref", "#/$defs/no_text"));
    CHECK(is_at(&s, "/properties/b/anyOf/2/type", "null"));
    CHECK(is_at(&s, "/properties/c/anyOf/1/type", "null"));
    CHECK(is_absent(&s, "/properties/d/anyOf/2"));
}

static void rankings_places_and_files_say_what_is_in_them(void)
{
    struct json_value s =
        schema_of("r: ranking(l) required length 2.. p: geopoint required f: file "
                  "required types \"image/*\" size 1..9 choices l { x \"X\" y \"Y\" z \"Z\" }",
                  false);
    CHECK(is_at(&s, "/properties/r/anyOf/0/minItems", "2") && is_at(&s, "/$defs/list_l/enum/2", "z"));
    CHECK(is_at(&s, "/required/1", "p") && is_at(&s, "/properties/p/required/1", "longitude"));
    CHECK(is_at(&s, "/properties/f/required/0", "id") && is_absent(&s, "/properties/f/required/1"));
    CHECK(is_at(&s, "/properties/f/properties/size/anyOf/0/maximum", "9"));
    CHECK(is_at(&s, "/properties/f/properties/type/anyOf/0/pattern",
                "^(?:image/[a-z0-9][a-z0-9!#$&^_.+\\-]*)$"));
}

static void unknown_members_are_refused_where_the_engine_refuses_them(void)
{
    struct json_value s = schema_of("group g unknown ignore { a: text } group h { b: text }", false);
    CHECK(json_find(&s, STR("/properties/h/anyOf/0/additionalProperties")) != NULL);
    CHECK(is_absent(&s, "/properties/g/anyOf/0/additionalProperties"));
    s = schema_of("group g unknown ignore { a: text }", true);
    CHECK(json_find(&s, STR("/properties/g/additionalProperties")) != NULL);
}

static void a_buffer_that_is_too_small_is_told(void)
{
    struct buf out;
    struct program *program = compiled_items("a: text \"A\"");
    buf_init(&out, mem_heap(), 200);
    dsl_write_schema(program, false, &out);
    CHECK_STATUS(out.failure, ST_LIMIT);
    buf_release(&out);
    buf_init(&out, mem_heap(), 20);
    dsl_write_types(program, &out);
    CHECK_STATUS(out.failure, ST_LIMIT);
    buf_release(&out);
    program_release(program);
}

int main(void)
{
    arena_init(&arena, mem_heap(), (size_t)1 << 24);
    a_pattern_says_the_same_under_the_flag_u();
    what_is_demanded_demands_what_is_around_it();
    a_page_with_a_condition_frees_what_is_on_it();
    what_is_kept_holds_up_a_group_without_the_rest();
    what_is_computed_is_not_looked_at();
    an_empty_text_is_missing_unless_a_length_asks_for_a_character();
    rankings_places_and_files_say_what_is_in_them();
    unknown_members_are_refused_where_the_engine_refuses_them();
    a_buffer_that_is_too_small_is_told();
    arena_release(&arena);
    return TEST_RESULT();
}
