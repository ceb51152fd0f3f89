#include "base/json_value.h"
#include "dsl/render.h"
#include "tests/file.h"
#include "tests/unit/compiled.h"

static struct arena arena;

static struct json_value read(const struct program *program)
{
    struct json_value value = {0};
    struct json_error error;
    CHECK_STATUS(json_read(&arena, program->render, limit(JSON_DEPTH), &value, &error), ST_OK);
    return value;
}

static struct str text_at(const struct json_value *value, const char *pointer)
{
    struct str text = STR("?");
    const struct json_value *found = json_find(value, str_of(pointer));
    if (!found) fprintf(stderr, "nothing at %s\n", pointer);
    else if (found->kind == JSON_NUMBER) return found->text;
    CHECK(json_is_str(found, &text));
    return text;
}

static bool is_text(const struct json_value *value, const char *pointer, const char *want)
{
    struct str text = text_at(value, pointer);
    if (!str_eq(text, str_of(want)))
        fprintf(stderr, "%s: %.*s, not %s\n", pointer, STR_ARG(text), want);
    return str_eq(text, str_of(want));
}

static bool absent(const struct json_value *value, const char *pointer)
{
    return json_find(value, str_of(pointer)) == NULL;
}

static bool is_true(const struct json_value *value, const char *pointer)
{
    bool truth = false;
    return json_is_bool(json_find(value, str_of(pointer)), &truth) && truth;
}

/* ---- docs/render.md */

/* What stands between ```mark and ``` in `text`. */
static struct str block(struct str text, const char *mark)
{
    const char *begin = strstr(text.ptr, mark);
    const char *end = begin ? strstr(begin + strlen(mark), "\n```") : NULL;
    CHECK(begin && end);
    if (!begin || !end) return STR("");
    begin += strlen(mark);
    return (struct str){begin, (size_t)(end - begin) + 1};
}

/* Blanks between tokens go; those in strings stay. */
static struct str compact(struct str json)
{
    char *out = arena_alloc(&arena, json.len);
    size_t len = 0;
    bool inside = false;
    for (size_t i = 0; i < json.len; i++) {
        char c = json.ptr[i];
        if (c == '"' && (i == 0 || json.ptr[i - 1] != '\\')) inside = !inside;
        if (inside || (c != ' ' && c != '\n')) out[len++] = c;
    }
    return (struct str){out, len};
}

static void the_example_of_the_document_is_what_is_made(void)
{
    struct str file = file_read("docs/render.md"), document = arena_str(&arena, file);
    struct program *p = compiled_str(block(document, "```form\n"));
    struct str want = compact(block(document, "```json\n"));
    if (!str_eq(p->render, want))
        fprintf(stderr, "got  %.*s\nwant %.*s\n", STR_ARG(p->render), STR_ARG(want));
    CHECK(str_eq(p->render, want));
    program_release(p);
    file_free(file);
}

/* ---- what is shown, and what is not */

static void conditions_checks_lets_and_scores_stay_inside(void)
{
    struct program *p =
        compiled(FORM("choices pick { one \"One\" = 4711 two \"Two\" = 4712 } choices inner_list { z "
                      "\"Secret option\" = 1 }"
                      " let secret_let = field_a = \"hidden_word\""
                      " field_a: text \"A\" required when length(field_a) > 4713"
                      " field_b: choice(pick) \"B\" when secret_let check score(field_b) != 4714 else "
                      "\"Secret complaint\""
                      " field_c: integer = 4715 + score(field_b)"
                      " field_d: integer \"D\" min 0 else \"Secret bound\" max field_c"));
    static const char *const secrets[] = {"471",        "hidden_word", "secret", "Secret",
                                          "inner_list", "field_a ",    "score"};
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
        const char *found = strstr(p->render.ptr, secrets[i]);
        if (found) fprintf(stderr, "%.40s\n", found);
        CHECK(!found);
    }
    struct json_value root = read(p);
    CHECK(is_text(&root, "/items/0/required", "conditional") && is_true(&root, "/items/1/conditional"));
    CHECK(is_true(&root, "/items/2/computed") && absent(&root, "/items/3/max") &&
          absent(&root, "/items/3/conditional"));
    CHECK(is_text(&root, "/lists/pick/1/code", "two") &&
          is_text(&root, "/lists/pick/1/label/en", "Two"));
    program_release(p);
}

static void sections_are_items_and_what_follows_is_named(void)
{
    struct program *p = compiled(FORM(
        "section s \"S\" { a: text hidden keep sensitive when n > 1 section t { b: integer suggest n + 4711 } }"
        " n: integer default 3 readonly c: text length 1..n suggest \"x\" readonly unless n = 4"
        " repeat r 0..5 rows n { d: text }"));
    struct json_value root = read(p);
    CHECK(is_text(&root, "/items/0/kind", "section") && absent(&root, "/items/0/key"));
    CHECK(is_true(&root, "/items/0/items/0/hidden") && is_true(&root, "/items/0/items/0/keep"));
    CHECK(is_true(&root, "/items/0/items/0/sensitive") && absent(&root, "/items/1/sensitive"));
    CHECK(is_text(&root, "/items/0/items/1/items/0/key", "b"));
    CHECK(is_true(&root, "/items/0/items/1/items/0/suggest") && !strstr(p->render.ptr, "4711"));
    CHECK(is_true(&root, "/items/1/readonly") && absent(&root, "/items/1/suggest"));
    CHECK(is_text(&root, "/items/2/readonly", "conditional"));
    CHECK(is_text(&root, "/items/2/length", "conditional") &&
          is_text(&root, "/items/2/length_min", "1"));
    CHECK(is_text(&root, "/items/3/rows", "conditional") && is_text(&root, "/items/3/rows_max", "5"));
    CHECK(is_true(&root, "/live") && absent(&root, "/items/4"));
    program_release(p);
}

static void an_open_choice_says_what_may_be_written_in(void)
{
    struct program *p = compiled(
        FORM("languages en, de a: choice(c) other \"Else\" length 2..5 b: choices(c) length 1..2 "
             "other \"More\" choices c { x \"X\" } translate de { a.other \"Sonst\" }"));
    struct json_value root = read(p);
    CHECK(is_text(&root, "/items/0/other/label/en", "Else"));
    CHECK(is_text(&root, "/items/0/other/label/de", "Sonst"));
    CHECK(is_text(&root, "/items/0/other/length_min", "2") &&
          is_text(&root, "/items/0/other/length_max", "5"));
    CHECK(absent(&root, "/items/0/length_max") && is_text(&root, "/items/1/length_max", "2"));
    CHECK(is_text(&root, "/items/1/other/label/de", "More") && absent(&root, "/items/2"));
    CHECK(absent(&root, "/live") || !is_true(&root, "/live"));
    program_release(p);
}

static void a_file_says_what_it_is_and_which_types_are_taken(void)
{
    struct program *p = compiled(FORM("a: file \"A\" types \"image/*\", \"a/b\" size ..9 hidden "
                                      "b: signature c: file required d: geopoint when a.size > 4711"));
    struct json_value root = read(p);
    CHECK(is_text(&root, "/items/0/kind", "group") && is_text(&root, "/items/0/composite", "file"));
    CHECK(is_text(&root, "/items/0/types/0", "image/*") && is_text(&root, "/items/0/types/1", "a/b"));
    CHECK(absent(&root, "/items/0/types/2") && is_text(&root, "/items/0/items/3/name", "size"));
    CHECK(is_text(&root, "/items/0/items/3/min", "0") && is_text(&root, "/items/0/items/3/max", "9"));
    CHECK(is_true(&root, "/items/0/items/4/hidden") && absent(&root, "/items/0/items/5"));
    CHECK(is_text(&root, "/items/1/composite", "signature") &&
          is_text(&root, "/items/1/types/0", "image/*"));
    CHECK(absent(&root, "/items/2/types") && is_true(&root, "/items/2/items/0/required"));
    CHECK(is_text(&root, "/items/2/items/1/required", "conditional"));
    CHECK(is_text(&root, "/items/3/composite", "geopoint") && absent(&root, "/items/3/types"));
    program_release(p);
}

static void a_matrix_says_what_its_rows_are_and_has_them_as_fields(void)
{
    struct program *p =
        compiled(FORM("matrix m \"M\" of choice(c) required hint \"H\" { a \"A\" b \"B\" when d } "
                      "matrix n of decimal(2) { x \"X\" } matrix o of file { y \"Y\" } "
                      "d: boolean e: boolean = score(m) > 4711 choices c { s \"S\" = 4711 }"));
    struct json_value root = read(p);
    CHECK(is_text(&root, "/items/0/kind", "matrix") && is_text(&root, "/items/0/key", "m"));
    CHECK(is_text(&root, "/items/0/label/en", "M") && is_text(&root, "/items/0/hint/en", "H"));
    CHECK(is_text(&root, "/items/0/type", "choice") && is_text(&root, "/items/0/list", "c"));
    CHECK(is_text(&root, "/items/0/items/1/kind", "field") &&
          is_text(&root, "/items/0/items/1/list", "c"));
    CHECK(is_true(&root, "/items/0/items/1/required") && absent(&root, "/items/0/required"));
    CHECK(is_true(&root, "/items/0/items/1/conditional") && absent(&root, "/items/0/items/2"));
    CHECK(is_text(&root, "/items/1/type", "decimal") && is_text(&root, "/items/1/scale", "2"));
    CHECK(is_text(&root, "/items/2/type", "file") && absent(&root, "/items/2/composite"));
    CHECK(is_text(&root, "/items/2/items/0/composite", "file") && !strstr(p->render.ptr, "4711"));
    program_release(p);
}

static void bounds_and_defaults_look_as_in_answers(void)
{
    struct program *p =
        compiled(FORM("a: integer \"A\" min -3 max 9007199254740991 default 7"
                      " b: decimal(3) \"B\" min 0.5 default 12 c: money(JPY) \"C\" max 100 d: number "
                      "\"D\" min 0.1 max 1 default 0.25"
                      " e: date \"E\" min \"2026-01-31\" default today() f: time \"F\" min \"08:30\" "
                      "max \"17:00:00\" g: datetime \"G\" max "
                      "\"2026-01-31T12:00:00+01:00\" default now() h: boolean \"H\" default true i: "
                      "text \"I\" default \"x\\\"y\" multiline placeholder \"here\""
                      " choices l { p \"P\" q \"Q\" } j: choice(l) \"J\" default \"q\" k: choices(l) "
                      "\"K\" length 1..2"));
    struct json_value root = read(p);
    static const struct {
        const char *pointer, *want;
    } wants[] = {
        {"/items/0/min", "-3"},
        {"/items/0/max", "9007199254740991"},
        {"/items/0/default", "7"},
        {"/items/1/min", "0.500"},
        {"/items/1/default", "12.000"},
        {"/items/1/scale", "3"},
        {"/items/2/max", "100"},
        {"/items/2/currency", "JPY"},
        {"/items/2/scale", "0"},
        {"/items/3/min", "0.1"},
        {"/items/3/max", "1"},
        {"/items/3/default", "0.25"},
        {"/items/4/min", "2026-01-31"},
        {"/items/4/default/call", "today"},
        {"/items/5/min", "08:30:00"},
        {"/items/5/max", "17:00:00"},
        {"/items/6/max", "2026-01-31T11:00:00Z"},
        {"/items/6/default/call", "now"},
        {"/items/8/default", "x\"y"},
        {"/items/8/placeholder/en", "here"},
        {"/items/9/default", "q"},
        {"/items/9/list", "l"},
        {"/items/10/type", "choices"},
        {"/items/10/length_max", "2"},
        {"/items/8/length_max", "10000"},
    };
    for (size_t i = 0; i < sizeof wants / sizeof wants[0]; i++)
        CHECK(is_text(&root, wants[i].pointer, wants[i].want));
    CHECK(is_true(&root, "/items/7/default") && is_true(&root, "/items/8/multiline"));
    CHECK(json_find(&root, STR("/items/1/min"))->kind == JSON_STRING &&
          json_find(&root, STR("/items/0/min"))->kind == JSON_NUMBER);
    program_release(p);
}

static void references_are_pointers_and_lets_are_paths(void)
{
    struct program *p = compiled(FORM("group g \"G\" { a: text \"A\" key \"x/y~z\" let l = length(a) "
                                      "repeat r \"R\" 0..2 { b: text \"B\" note n \"{a}{b}{l}\" } }"
                                      " note m \"\\{no} {g.a}!\""));
    struct json_value root = read(p);
    CHECK(is_text(&root, "/items/0/items/1/items/1/label/en/0/ref", "/g/x~1y~0z"));
    CHECK(is_text(&root, "/items/0/items/1/items/1/label/en/1/ref", "/g/r/*/b"));
    CHECK(is_text(&root, "/items/0/items/1/items/1/label/en/2/ref", "g.l"));
    CHECK(is_text(&root, "/items/1/label/en/0/text", "{no} ") &&
          is_text(&root, "/items/1/label/en/2/text", "!"));
    CHECK(absent(&root, "/items/0/items/2"));
    program_release(p);
}

static void filters_say_what_a_frontend_can_do_itself(void)
{
    struct program *program =
        compiled(FORM("land: choice(lands) size: integer free: text "
                      "town: choice(towns where land = outer.land and people > 5 and coast = true) "
                      "named: choice(towns where land = \"fr\" and code(land) = free) "
                      "choices lands { de \"D\" fr \"F\" } "
                      "choices towns with land: choice(lands), people: integer, coast: boolean { ulm "
                      "\"Ulm\" (de, 1, false) nice \"Nice\" (fr, 2, true) }"));
    struct json_value root = read(program);
    CHECK(is_text(&root, "/items/3/where/0/column", "land"));
    CHECK(is_text(&root, "/items/3/where/0/ref", "/land"));
    CHECK(is_text(&root, "/items/3/where/1/column", "coast"));
    CHECK(is_true(&root, "/items/3/where/1/value"));
    CHECK(absent(&root, "/items/3/where/2"));
    CHECK(is_true(&root, "/items/3/where_more"));
    CHECK(is_text(&root, "/items/4/where/0/value", "fr"));
    CHECK(is_text(&root, "/items/4/where/1/ref", "/free"));
    CHECK(absent(&root, "/items/4/where_more"));
    CHECK(is_text(&root, "/lists/towns/1/values/land", "fr"));
    CHECK(is_true(&root, "/lists/towns/1/values/coast"));
    CHECK(absent(&root, "/lists/towns/1/values/people"));
    CHECK(absent(&root, "/lists/lands/0/values"));
    program_release(program);
}

static bool is_live(const char *source)
{
    struct program *p = compiled(source);
    struct json_value root = read(p);
    bool live = is_true(&root, "/live");
    CHECK(json_find(&root, STR("/live")));
    program_release(p);
    return live;
}

static void languages_written_from_right_to_left_are_named(void)
{
    struct program *p = compiled(FORM("languages en, ar, ku_Arab a: text"));
    struct json_value value = read(p);
    CHECK(is_text(&value, "/dir/ar", "rtl") && is_text(&value, "/dir/ku_Arab", "rtl"));
    CHECK(absent(&value, "/dir/en"));
    program_release(p);
    p = compiled(FORM("languages en, de a: text"));
    value = read(p);
    CHECK(absent(&value, "/dir"));
    program_release(p);
}

static void a_form_is_live_when_answers_change_what_is_shown(void)
{
    CHECK(!is_live(FORM("a: integer \"A\" required check a > 1 else \"no\"")));
    CHECK(is_live(FORM("a: integer \"A\" b: text \"B\" when a > 1")));
    CHECK(is_live(FORM("a: integer \"A\" b: text \"B\" required when a > 1")));
    CHECK(is_live(FORM("a: integer \"A\" b: integer = a")));
    CHECK(is_live(FORM("a: integer \"A\" note n \"{a}\"")));
}

static void a_form_says_that_it_wants_an_invitation(void)
{
    struct json_value value;
    struct program *p = compiled(FORM("a: text unique per invitation"));
    value = read(p);
    CHECK(is_true(&value, "/invitation"));
    program_release(p);
    p = compiled(FORM("a: text unique per subject"));
    value = read(p);
    CHECK(absent(&value, "/invitation"));
    program_release(p);
}

static void the_same_form_gives_the_same_bytes(void)
{
    struct str file = file_read("examples/benefit_application.form");
    struct program *p = compiled_str(file), *again = compiled_str(file);
    CHECK(str_eq(p->render, again->render));
    program_release(p);
    program_release(again);
    file_free(file);
}

static void a_document_that_does_not_fit_fails_and_leaks_nothing(void)
{
    struct program *p = compiled(FORM("a: text \"A {b}\" b: text \"B\""));
    for (size_t max = 1; max < p->render.len; max += 7) {
        struct test_mem tm = TEST_MEM(.fail_at = max % 5);
        struct buf out;
        struct ir_node nodes[3] = {{.name = STR("f")}, {.name = STR("a")}, {.name = STR("b")}};
        struct ir ir = {.nodes = nodes, .node_count = 3};
        buf_init(&out, &tm.mem, max);
        render_write(p, &ir, &out);
        CHECK(out.failure == ST_LIMIT || (tm.failed && out.failure == ST_NOMEM));
        buf_release(&out);
        CHECK(tm.held == 0);
    }
    program_release(p);
}

int main(void)
{
    arena_init(&arena, mem_heap(), 64 << 20);
    the_example_of_the_document_is_what_is_made();
    conditions_checks_lets_and_scores_stay_inside();
    sections_are_items_and_what_follows_is_named();
    an_open_choice_says_what_may_be_written_in();
    a_file_says_what_it_is_and_which_types_are_taken();
    a_matrix_says_what_its_rows_are_and_has_them_as_fields();
    bounds_and_defaults_look_as_in_answers();
    references_are_pointers_and_lets_are_paths();
    filters_say_what_a_frontend_can_do_itself();
    languages_written_from_right_to_left_are_named();
    a_form_is_live_when_answers_change_what_is_shown();
    a_form_says_that_it_wants_an_invitation();
    the_same_form_gives_the_same_bytes();
    a_document_that_does_not_fit_fails_and_leaks_nothing();
    arena_release(&arena);
    return TEST_RESULT();
}
