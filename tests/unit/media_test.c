/* Types of files: which texts are media types, and what matches them. */
#include "base/limits.h"
#include "dsl/dsl.h"
#include "dsl/media.h"
#include "tests/test.h"

static struct arena arena;

static void a_media_type_is_two_names_in_small_letters(void)
{
    CHECK(media_type_valid(STR("image/png")));
    CHECK(media_type_valid(STR("application/vnd.oasis.opendocument.text")));
    CHECK(media_type_valid(STR("image/svg+xml")));
    CHECK(media_type_valid(STR("x/0")));
    CHECK(!media_type_valid(STR("")));
    CHECK(!media_type_valid(STR("image")));
    CHECK(!media_type_valid(STR("image/")));
    CHECK(!media_type_valid(STR("/png")));
    CHECK(!media_type_valid(STR("Image/png")));
    CHECK(!media_type_valid(STR("image/.png")));
    CHECK(!media_type_valid(STR("image/png; q=1")));
    CHECK(!media_type_valid(STR("a/b/c")));
    CHECK(!media_type_valid((struct str){"a/b\0c", 5}));
}

static void an_asterisk_stands_for_every_subtype_and_no_type(void)
{
    CHECK(media_type_valid(STR("image/*")));
    CHECK(!media_type_valid(STR("*/*")));
    CHECK(!media_type_valid(STR("image/p*")));
}

static void a_name_has_127_characters_at_most(void)
{
    struct str most = arena_printf(&arena, "%0127d/%0127d", 1, 1);
    CHECK(media_type_valid(most));
    CHECK(most.len == (size_t)limit(MEDIA_TYPE_CHARS));
    CHECK(!media_type_valid(arena_printf(&arena, "%0127d/%0128d", 1, 1)));
    CHECK(!media_type_valid(arena_printf(&arena, "%0128d/%0127d", 1, 1)));
}

static bool has_pattern(const struct expr_name *types, uint32_t count, const char *want)
{
    struct str got = media_pattern(&arena, types, count);
    bool same = str_eq(got, str_of(want));
    if (!same) fprintf(stderr, "%.*s, not %s\n", STR_ARG(got), want);
    return same;
}

static void what_means_something_in_a_pattern_means_itself(void)
{
    const struct expr_name types[] = {{STR("image/svg+xml"), {0, 0}}, {STR("a/b.c"), {0, 0}}};
    CHECK(has_pattern(types, 2, "image/svg\\+xml|a/b\\.c"));
}

static void a_family_and_no_types_at_all_are_matched_by_their_names(void)
{
    const struct expr_name picture = {STR("image/*"), {0, 0}};
    CHECK(has_pattern(&picture, 1, "image/[a-z0-9][a-z0-9!#$&^_.+\\-]*"));
    CHECK(has_pattern(NULL, 0, "[a-z0-9][a-z0-9!#$&^_.+\\-]*/[a-z0-9][a-z0-9!#$&^_.+\\-]*"));
}

static void an_arena_that_is_full_is_told(void)
{
    struct arena small;
    arena_init(&small, mem_heap(), 8);
    CHECK(media_pattern(&small, NULL, 0).ptr == NULL);
    arena_release(&small);
}

/* The types of one file, each of `bytes` bytes, that are taken without complaint. */
static enum status compiled_with(uint32_t count, int bytes)
{
    struct diags diags;
    struct program *program = NULL;
    struct str source = STR("");
    for (uint32_t i = 0; i < count; i++)
        source = arena_printf(&arena, "%.*s%s\"a/%0*u\"", STR_ARG(source), i ? ", " : "", bytes - 2, i);
    source = arena_printf(&arena, "edition 2026 form f \"F\" { a: file types %.*s }", STR_ARG(source));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    enum status st = dsl_compile(mem_heap(), source, &diags, &program);
    if (st == ST_OK) program_release(program);
    else CHECK(diags.count == 1 && strcmp(diags.items[0].code, "E0236") == 0);
    return st;
}

static void all_types_of_a_file_are_one_pattern_of_so_many_bytes_and_no_more(void)
{
    CHECK(limit(PATTERN_BYTES) == 1024); /* 41 times 24 and the bars between: 1,024 */
    CHECK_STATUS(compiled_with(41, 24), ST_OK);
    CHECK_STATUS(compiled_with(41, 25), ST_INPUT);
}

int main(void)
{
    arena_init(&arena, mem_heap(), (size_t)1 << 24);
    a_media_type_is_two_names_in_small_letters();
    an_asterisk_stands_for_every_subtype_and_no_type();
    a_name_has_127_characters_at_most();
    what_means_something_in_a_pattern_means_itself();
    a_family_and_no_types_at_all_are_matched_by_their_names();
    an_arena_that_is_full_is_told();
    all_types_of_a_file_are_one_pattern_of_so_many_bytes_and_no_more();
    arena_release(&arena);
    return TEST_RESULT();
}
