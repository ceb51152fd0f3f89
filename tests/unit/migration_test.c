/* Migrations: which answers go where, and what a clause may not say. */
#include "base/limits.h"
#include "dsl/dsl.h"
#include "runtime/runtime.h"
#include "tests/test.h"

#define FORM(items) "edition 2027\nform f \"F\" {\n" items "\n}\n"

static struct arena arena;
static struct judge *judge;

static enum status make(const char *from, const char *to, struct diags *diags,
                        struct dsl_migration **ret_migration)
{
    struct dsl_migration_wish wish = {.number = 1,
                                      .from = {str_of(from), NULL, NULL},
                                      .to = {str_of(to), NULL, diags},
                                      .caps = price_caps_default()};
    diags_init(diags, &arena, limit(DIAGNOSTICS));
    return dsl_migration_new(mem_heap(), &wish, ret_migration);
}

/* "E0243 E0244 ": the codes of what is complained about. */
static struct str codes(const char *from, const char *to)
{
    struct diags diags;
    struct dsl_migration *migration = NULL;
    struct str all = STR("");
    enum status st = make(from, to, &diags, &migration);
    CHECK(st == (diags.errors ? ST_INPUT : ST_OK));
    dsl_migration_free(migration);
    for (uint32_t i = 0; i < diags.count; i++)
        all = arena_printf(&arena, "%.*s%s ", STR_ARG(all), diags.items[i].code);
    return all;
}

static struct str judged(const struct program *program, struct str answers, bool *ret_valid)
{
    struct judging judging = {.program = program, .answers = answers, .steps_max = 1000000};
    struct judge_outcome outcome;
    struct buf out;
    buf_init(&out, mem_heap(), 1 << 20);
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_JUDGED);
    *ret_valid = outcome.valid;
    verdict_write_answers(judge, &out);
    struct str text = arena_str(&arena, buf_str(&out));
    buf_release(&out);
    return text;
}

/* What the answers become, as they are carried and as the later version then writes them. */
static void check_carried(const char *from, const char *to, const char *answers, const char *carried,
                          const char *stored)
{
    struct diags diags;
    struct dsl_migration *migration = NULL;
    bool valid;
    struct buf out;
    enum status st = make(from, to, &diags, &migration);
    CHECK_STATUS(st, ST_OK);
    for (uint32_t i = 0; i < diags.count; i++)
        fprintf(stderr, "%s: %.*s\n", diags.items[i].code, STR_ARG(diags.items[i].message));
    if (st) return;
    buf_init(&out, mem_heap(), 1 << 20);
    struct str old = judged(migration->from, str_of(answers), &valid);
    CHECK(valid);
    CHECK_STATUS(dsl_migration_carry(migration, &arena, old, &out), ST_OK);
    if (!str_eq(buf_str(&out), str_of(carried)))
        fprintf(stderr, "carried: %.*s\nwant:    %s\n", STR_ARG(buf_str(&out)), carried);
    CHECK(str_eq(buf_str(&out), str_of(carried)));
    struct str new = judged(migration->to, buf_str(&out), &valid);
    CHECK(valid == (stored != NULL));
    if (stored && !str_eq(new, str_of(stored)))
        fprintf(stderr, "stored: %.*s\nwant:   %s\n", STR_ARG(new), stored);
    CHECK(!stored || str_eq(new, str_of(stored)));
    buf_release(&out);
    dsl_migration_free(migration);
}

#define TELLS(from, to, want)                                                                          \
    do {                                                                                               \
        struct str got_ = codes(from, to);                                                             \
        if (!str_eq(got_, STR(want))) fprintf(stderr, "told: %.*s\n", STR_ARG(got_));                  \
        CHECK(str_eq(got_, STR(want)));                                                                \
    } while (0)

static void what_has_the_same_name_is_carried_without_a_word(void)
{
    check_carried(FORM("a: text b: integer key \"B\" page p \"P\" { c: date }"),
                  FORM("c: date section s \"S\" { b: decimal(2) key \"count\" } a: text d: text"),
                  "{\"a\":\"x\",\"B\":3,\"c\":\"2026-01-31\"}",
                  "{\"c\":\"2026-01-31\",\"count\":3,\"a\":\"x\"}",
                  "{\"c\":\"2026-01-31\",\"count\":\"3.00\",\"a\":\"x\"}");
    check_carried(FORM("a: text b: text"), FORM("a: text b: text"), "{\"b\":\"y\"}", "{\"b\":\"y\"}",
                  "{\"b\":\"y\"}");
}

static void names_change(void)
{
    check_carried(FORM("a: text b: text"),
                  FORM("b: text c: text migrate from 1 { rename a to b  rename b to c }"),
                  "{\"a\":\"x\",\"b\":\"y\"}", "{\"b\":\"x\",\"c\":\"y\"}",
                  "{\"b\":\"x\",\"c\":\"y\"}");
    check_carried(FORM("a: text group g { x: text y: text }"),
                  FORM("group h { a: text x: text } y: text migrate from 1 { rename g to h  rename a "
                       "to h.a  rename g.y to y }"),
                  "{\"a\":\"1\",\"g\":{\"x\":\"2\",\"y\":\"3\"}}",
                  "{\"h\":{\"a\":\"1\",\"x\":\"2\"},\"y\":\"3\"}",
                  "{\"h\":{\"a\":\"1\",\"x\":\"2\"},\"y\":\"3\"}");
}

static void what_is_dropped_is_gone_and_may_still_be_read(void)
{
    check_carried(FORM("net: decimal(2) tax: decimal(2) fax: text"),
                  FORM("total: decimal(2) migrate from 1 { drop net  drop tax  drop fax\n"
                       "  set total = net + tax # both\n }"),
                  "{\"net\":1.10,\"tax\":0.20,\"fax\":\"1\"}", "{\"total\":\"1.30\"}",
                  "{\"total\":\"1.30\"}");
    check_carried(
        FORM("born: date"),
        FORM("year: integer month: integer migrate from 1 { drop born  set year = year(born)  "
             "set month = month(born) }"),
        "{\"born\":\"1990-07-14\"}", "{\"year\":1990,\"month\":7}", "{\"year\":1990,\"month\":7}");
    check_carried(FORM("born: date"),
                  FORM("year: integer migrate from 1 { drop born  set year = year(born) }"), "{}", "{}",
                  "{}");
}

static void a_field_can_be_worked_out_of_its_own_old_answer(void)
{
    check_carried(FORM("size: decimal(2) \"in metres\""),
                  FORM("size: integer \"in centimetres\" migrate from 1 { set size = round(size * 100, "
                       "0) }"),
                  "{\"size\":1.83}", "{\"size\":183}", "{\"size\":183}");
}

static void sets_see_lets_functions_and_constants_of_their_version(void)
{
    check_carried(FORM("const RATE = 3 function twice(n: integer): integer = n * 2 a: integer let b = "
                       "twice(a) ensure b >= 0 else \"No.\""),
                  FORM("a: integer c: integer migrate from 1 { set c = b + RATE }"), "{\"a\":5}",
                  "{\"a\":5,\"c\":13}", "{\"a\":5,\"c\":13}");
}

static void rows_stay_rows(void)
{
    check_carried(
        FORM("city: text repeat members 0..5 { name: text age: integer repeat pets 0..3 { kind: text } "
             "}"),
        FORM("city: text repeat people 0..5 { full_name: text adult: boolean place: text repeat pets "
             "0..3 { species: text loud: boolean } }\n"
             "migrate from 1 { rename members to people  rename members.name to people.full_name  drop "
             "members.age  set people.adult = age >= 18  set people.place = city\n"
             "rename members.pets.kind to people.pets.species  set people.pets.loud = kind = \"dog\" "
             "}"),
        "{\"city\":\"Bonn\",\"members\":[{\"name\":\"A\",\"age\":17,\"pets\":[{\"kind\":\"dog\"},"
        "{\"kind\":\"cat\"}]},{\"name\":\"B\",\"age\":18}]}",
        "{\"city\":\"Bonn\",\"people\":[{\"full_name\":\"A\",\"adult\":false,\"place\":\"Bonn\","
        "\"pets\":[{\"species\":\"dog\",\"loud\":true},{\"species\":\"cat\",\"loud\":false}]},"
        "{\"full_name\":\"B\",\"adult\":true,\"place\":\"Bonn\"}]}",
        "{\"city\":\"Bonn\",\"people\":[{\"full_name\":\"A\",\"adult\":false,\"place\":\"Bonn\","
        "\"pets\":[{\"species\":\"dog\",\"loud\":true},{\"species\":\"cat\",\"loud\":false}]},"
        "{\"full_name\":\"B\",\"adult\":true,\"place\":\"Bonn\"}]}");
}

static void a_moment_can_become_a_time_of_a_place(void)
{
    TELLS(FORM("leaves: datetime"),
          FORM("leaves: zoned(\"Europe/Berlin\") migrate from 1 { set leaves = leaves }"), "");
    TELLS(FORM("leaves: zoned"), FORM("leaves: datetime migrate from 1 { }"), "E0245 ");
    TELLS(FORM("leaves: zoned"), FORM("leaves: datetime migrate from 1 { set leaves = leaves }"), "");
}

static void a_set_may_be_an_aggregate_of_rows(void)
{
    check_carried(FORM("repeat items 0..5 { price: decimal(2) }"),
                  FORM("total: decimal(2) count: integer migrate from 1 { drop items  set total = "
                       "sum(items.price)  set count = count(items) }"),
                  "{\"items\":[{\"price\":1.5},{\"price\":2}]}", "{\"total\":\"3.50\",\"count\":2}",
                  "{\"total\":\"3.50\",\"count\":2}");
}

static void options_of_a_new_list_can_be_set(void)
{
    check_carried(
        FORM("married: boolean choices sizes { s \"S\" l \"L\" } size: choice(sizes)"),
        FORM("choices states { single \"Single\" \"a \\\"b\\\"\" \"Other\" } state: choice(states) "
             "choices sizes { s \"Small\" l \"Large\" } again: choice(sizes) size: choice(sizes)\n"
             "migrate from 1 { drop married  set state = if married then \"a \\\"b\\\"\" else "
             "\"single\"  set again = size }"),
        "{\"married\":true,\"size\":\"l\"}",
        "{\"state\":\"a \\\"b\\\"\",\"again\":\"l\",\"size\":\"l\"}",
        "{\"state\":\"a \\\"b\\\"\",\"again\":\"l\",\"size\":\"l\"}");
}

static void every_kind_of_answer_is_carried(void)
{
    static const char items[] =
        "choices c { a \"A\" b \"B\" } t: text y: boolean i: integer d: decimal(2) m: money(EUR) n: "
        "number da: date ti: time dt: datetime o: choice(c) other \"Other\" s: choices(c) ym: "
        "year_month pd: partial_date r: ranking(c) g: geopoint";
    const char *from = arena_printf(&arena, "edition 2027 form f \"F\" { %s x: text }", items).ptr;
    const char *to =
        arena_printf(&arena, "edition 2027 form f \"F\" { %s y2: boolean migrate from 1 { drop x } }",
                     items)
            .ptr;
    static const char answers[] =
        "{\"t\":\"a\\n\\u00e9\",\"y\":false,\"i\":-5,\"d\":1.25,\"m\":\"9.90\",\"n\":1.5,"
        "\"da\":\"2026-01-31\",\"ti\":\"18:30\",\"dt\":\"2026-01-31T18:30:00Z\","
        "\"o\":{\"other\":\"Z\"},\"s\":[\"b\"],\"ym\":\"2026-01\",\"pd\":\"2026\",\"r\":[\"b\",\"a\"],"
        "\"g\":{\"latitude\":1,\"longitude\":2}}";
    struct diags diags;
    struct dsl_migration *migration = NULL;
    bool valid, still;
    CHECK_STATUS(make(from, to, &diags, &migration), ST_OK);
    if (!migration) return;
    struct buf out;
    buf_init(&out, mem_heap(), 1 << 20);
    struct str old = judged(migration->from, str_of(answers), &valid);
    CHECK_STATUS(dsl_migration_carry(migration, &arena, old, &out), ST_OK);
    struct str new = judged(migration->to, buf_str(&out), &still);
    CHECK(valid == still);
    CHECK(str_eq(old, new));
    buf_release(&out);
    dsl_migration_free(migration);
}

static void what_the_new_version_refuses_is_its_business(void)
{
    check_carried(FORM("age: integer"), FORM("age: integer max 99 migrate from 1 { }"), "{\"age\":100}",
                  "{\"age\":100}", NULL);
    check_carried(FORM("a: text"), FORM("a: text b: text required migrate from 1 { set b = a }"), "{}",
                  "{}", NULL);
}

static void nothing_is_lost_without_a_word(void)
{
    TELLS(FORM("a: text b: text"), FORM("a: text migrate from 1 { }"), "E0244 ");
    TELLS(FORM("a: text b: text"), FORM("a: text"), "E0244 ");
    TELLS(FORM("a: text b: text"), FORM("a: text migrate from 2 { drop b }"), "E0244 ");
    TELLS(FORM("a: text group g { b: text c: text }"), FORM("a: text migrate from 1 { }"), "E0244 ");
    TELLS(FORM("a: text group g { b: text c: text }"), FORM("group g { b: text } migrate from 1 { }"),
          "E0244 E0244 ");
    TELLS(FORM("a: text repeat r 0..3 { b: text }"), FORM("a: text migrate from 1 { drop r }"), "");
    TELLS(FORM("a: text t: integer = 3"), FORM("a: text migrate from 1 { }"), "");
    TELLS(FORM("a: integer b: integer"), FORM("a: integer = 3 b: integer migrate from 1 { }"),
          "E0244 ");
    TELLS(FORM("a: text"), FORM("c: text b: text required migrate from 1 { drop a }"), "W0208 ");
    TELLS(FORM("a: text"), FORM("repeat r 0..3 { b: text required } migrate from 1 { drop a }"), "");
}

static void names_must_be_there(void)
{
    TELLS(FORM("a: text"), FORM("b: text migrate from 1 { rename c to b  drop a }"), "E0243 ");
    TELLS(FORM("a: text"), FORM("b: text migrate from 1 { rename a to c }"), "E0241 ");
    TELLS(FORM("a: text"), FORM("b: text migrate from 1 { drop a  set c = a }"), "E0241 ");
    TELLS(FORM("a: text"), FORM("b: integer = 1 migrate from 1 { drop a  set b = 2 }"), "E0241 ");
    TELLS(FORM("a: text"), FORM("group b { c: text } migrate from 1 { drop a  set b = a }"), "E0241 ");
    TELLS(FORM("a: text"), FORM("page b \"B\" { c: text } migrate from 1 { drop a  rename a to b }"),
          "E0242 E0241 ");
    TELLS(FORM("a: text"), FORM("b: text migrate from 1 { drop a  set b = c }"), "E0203 ");
}

static void things_are_said_once(void)
{
    TELLS(FORM("a: text"), FORM("b: text c: text migrate from 1 { rename a to b  rename a to c }"),
          "E0242 ");
    TELLS(FORM("a: text c: text"), FORM("b: text migrate from 1 { rename a to b  drop c  set b = c }"),
          "E0242 ");
    TELLS(FORM("a: text"), FORM("a: text migrate from 1 { } migrate from 1 { }"), "E0242 ");
    TELLS(FORM("a: text"), FORM("a: text migrate from 0 { }"), "E0149 ");
}

static void types_must_fit(void)
{
    TELLS(FORM("a: text"), FORM("a: integer migrate from 1 { }"), "E0245 ");
    TELLS(FORM("a: text"), FORM("b: integer migrate from 1 { rename a to b }"), "E0245 ");
    TELLS(FORM("a: text"), FORM("a: integer migrate from 1 { set a = integer(a) }"), "");
    TELLS(FORM("a: text"), FORM("a: integer migrate from 1 { set a = a }"), "E0301 ");
    TELLS(FORM("a: money(EUR)"), FORM("a: money(USD) migrate from 1 { }"), "E0245 ");
    TELLS(FORM("a: decimal(2)"), FORM("b: integer migrate from 1 { drop a  set b = a }"), "E0308 ");
    TELLS(FORM("a: text"), FORM("group a { b: text } migrate from 1 { }"), "E0245 ");
    TELLS(FORM("a: text"),
          FORM("choices c { x \"X\" } a: choice(c) migrate from 1 { set a = if a = "
               "\"1\" then \"z\" else \"x\" }"),
          "E0304 ");
}

static void answers_stay_in_their_rows(void)
{
    TELLS(FORM("a: text repeat r 0..3 { b: text }"),
          FORM("repeat r 0..3 { b: text a: text } migrate from 1 { rename a to r.a }"), "E0245 ");
    TELLS(FORM("a: text repeat r 0..3 { b: text }"),
          FORM("b: text a: text migrate from 1 { rename r.b to b  drop r }"), "E0245 ");
    TELLS(FORM("a: text"), FORM("repeat r 0..3 { b: text } migrate from 1 { drop a  set r.b = a }"),
          "E0245 ");
    TELLS(FORM("a: text repeat r 0..3 { b: integer }"),
          FORM("a: integer migrate from 1 { drop r  set a = r.b }"), "E0214 ");
}

static void faults_are_shown_in_the_clause(void)
{
    struct diags diags;
    struct dsl_migration *migration = NULL;
    static const char to[] = FORM("b: integer migrate from 1 { drop a  set b = a + 1 }");
    CHECK_STATUS(make(FORM("# \"}\" }\n a: text"), to, &diags, &migration), ST_INPUT);
    CHECK(diags.count == 1);
    CHECK(diags.count && str_eq((struct str){to + diags.items[0].span.offset, 1}, STR("1")));
}

static void what_a_migration_costs_is_limited(void)
{
    struct diags diags;
    struct dsl_migration *migration = NULL;
    struct dsl_migration_wish wish = {
        .number = 1,
        .from = {STR(FORM("repeat r 0..1000 { a: integer }")), NULL, NULL},
        .to = {STR(FORM("repeat r 0..1000 { a: integer b: integer } migrate from 1 { set r.b = "
                        "sum(r.a) }")),
               NULL, &diags},
        .caps = price_caps_default()};
    wish.caps.steps_max = 10000;
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(dsl_migration_new(mem_heap(), &wish, &migration), ST_INPUT);
    CHECK(diags.count == 1 && strcmp(diags.items[0].code, "E0402") == 0);
}

static struct str with_clauses(int count)
{
    struct str text = STR("edition 2027 form f \"F\" { a: text");
    for (int i = 1; i <= count; i++)
        text = arena_printf(&arena, "%.*s migrate from %d { }", STR_ARG(text), i);
    return arena_printf(&arena, "%.*s }", STR_ARG(text));
}

static void clauses_are_at_most_so_many(void)
{
    uint32_t numbers[LIMIT_MIGRATIONS], count;
    struct str most = with_clauses(limit(MIGRATIONS));
    TELLS(FORM("a: text"), most.ptr, "");
    TELLS(FORM("a: text"), with_clauses(limit(MIGRATIONS) + 1).ptr, "E0149 ");
    CHECK_STATUS(dsl_migration_versions(&arena, most, numbers, &count), ST_OK);
    CHECK(count == (uint32_t)limit(MIGRATIONS) && numbers[0] == 1 && numbers[count - 1] == count);
}

static void memory_that_is_out_is_told(void)
{
    static const char from[] = FORM("a: text repeat r 0..3 { b: integer }");
    static const char to[] =
        FORM("c: text repeat r 0..3 { b: integer d: integer } migrate from 1 { rename a to c  set r.d "
             "= b }");
    enum status st = ST_NOMEM;
    for (size_t fail_at = 1; st == ST_NOMEM && fail_at < 2000; fail_at++) {
        struct test_mem tm = TEST_MEM(.fail_at = fail_at);
        struct arena kept;
        struct diags diags;
        struct dsl_migration *migration = NULL;
        arena_init(&kept, mem_heap(), 1 << 20);
        diags_init(&diags, &kept, limit(DIAGNOSTICS));
        struct dsl_migration_wish wish = {.number = 1,
                                          .from = {STR(from), NULL, NULL},
                                          .to = {STR(to), NULL, &diags},
                                          .caps = price_caps_default()};
        st = dsl_migration_new(&tm.mem, &wish, &migration);
        dsl_migration_free(migration);
        CHECK(tm.held == 0);
        arena_release(&kept);
    }
    CHECK_STATUS(st, ST_OK);
}

static void the_formatter_gives_each_step_a_line(void)
{
    struct diags diags;
    struct str text = STR("");
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(dsl_format(&arena,
                            STR("edition 2027 form f \"F\" { from: text to: text migrate: text migrate "
                                "from 1{rename a to to drop b # gone\nset from=-(c)} }"),
                            &diags, &text),
                 ST_OK);
    CHECK(str_eq(text, STR("edition 2027\n\nform f \"F\" {\n  from: text\n  to: text\n  migrate: text\n"
                           "  migrate from 1 {\n    rename a to to\n    drop b # gone\n    set from = "
                           "-(c)\n  }\n}\n")));
}

static void broken_clauses_are_told_and_left(void)
{
    TELLS(FORM("a: text"), FORM("a: text migrate from 1 { rename a b }"), "E0149 ");
    TELLS(FORM("a: text"), FORM("a: text migrate from 1 { set a }"), "E0149 ");
    TELLS(FORM("a: text"), FORM("a: text migrate from 1 { delete a  drop a }"), "E0149 ");
    TELLS(FORM("a: text"), FORM("a: text group g { b: text migrate from 1 { drop a } }"), "E0137 ");
    TELLS(FORM("a: text"), FORM("a: text migrate from 1 { drop"), "E0114 E0110 ");
}

int main(void)
{
    arena_init(&arena, mem_heap(), (size_t)64 << 20);
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    what_has_the_same_name_is_carried_without_a_word();
    names_change();
    what_is_dropped_is_gone_and_may_still_be_read();
    a_field_can_be_worked_out_of_its_own_old_answer();
    sets_see_lets_functions_and_constants_of_their_version();
    rows_stay_rows();
    a_moment_can_become_a_time_of_a_place();
    a_set_may_be_an_aggregate_of_rows();
    options_of_a_new_list_can_be_set();
    every_kind_of_answer_is_carried();
    what_the_new_version_refuses_is_its_business();
    nothing_is_lost_without_a_word();
    names_must_be_there();
    things_are_said_once();
    types_must_fit();
    answers_stay_in_their_rows();
    faults_are_shown_in_the_clause();
    what_a_migration_costs_is_limited();
    clauses_are_at_most_so_many();
    memory_that_is_out_is_told();
    the_formatter_gives_each_step_a_line();
    broken_clauses_are_told_and_left();
    judge_free(judge);
    arena_release(&arena);
    return TEST_RESULT();
}
