#define _GNU_SOURCE
#include "tests/unit/compiled.h"

static struct arena arena;
static struct diags diags;
static struct price price;

static enum status compile_within(const char *source, struct price_caps caps)
{
    struct program *program = NULL;
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    enum status st = dsl_compile_within(mem_heap(), str_of(source), &caps, &diags, &price, &program);
    program_release(program);
    return st;
}

static const struct diag *diag_of(const char *code)
{
    for (uint32_t i = 0; i < diags.count; i++)
        if (strcmp(diags.items[i].code, code) == 0) return &diags.items[i];
    return NULL;
}

static bool says(struct str text, const char *part)
{
    return text.ptr && memmem(text.ptr, text.len, part, strlen(part));
}

static const char dear[] = FORM("repeat items \"I\" 0..100 {\n a: integer \"A\"\n"
                                " b: integer = count(items where a > outer.a)\n"
                                " t: text \"T\" length ..50\n u: text = upper(t) + \"!\"\n}\n"
                                "total: integer = sum(items.a)\n"
                                "check total < 10 else \"No.\"\n");

static void the_three_dearest_rules_are_told_with_their_loops(void)
{
    CHECK_STATUS(compile_within(dear, price_caps_default()), ST_OK);
    CHECK(price.known && price.dearest_count == 3);
    const struct price_rule *first = &price.dearest[0];
    CHECK(str_eq(first->path, STR("items.b")) && strcmp(first->kind, "value") == 0);
    CHECK(first->line == 5 && first->column == 13 && first->loop_count == 2);
    CHECK(str_eq(first->loops[0].repeat, STR("items")) && first->loops[0].rows == 100);
    CHECK(str_eq(first->loops[1].repeat, STR("items")) && first->loops[1].rows == 100);
    CHECK(str_eq(price.dearest[1].path, STR("items.u")) && price.dearest[1].loop_count == 1);
    CHECK(str_eq(price.dearest[2].path, STR("total")) && price.dearest[2].loop_count == 1);
    uint64_t sum = 0;
    unsigned share = 0;
    for (uint32_t i = 0; i < 3; i++) {
        CHECK(i == 0 || price.dearest[i].steps <= price.dearest[i - 1].steps);
        sum += price.dearest[i].steps;
        share += price_share(&price, &price.dearest[i]);
    }
    CHECK(sum <= price.cost.steps_max && share <= 100 && share > 90);
}

static void a_form_without_rules_has_no_dearest(void)
{
    CHECK_STATUS(compile_within(FORM("a: integer \"A\""), price_caps_default()), ST_OK);
    CHECK(price.known && price.dearest_count == 0 && price.cost.steps_max == 0);
    CHECK(price.cost.memory_bytes_max > 0 && price.cost.verdict_bytes_max > 0);
}

static void a_check_of_the_form_bears_the_forms_name(void)
{
    CHECK_STATUS(compile_within(FORM("check a > b else \"No.\"\na: integer \"A\"\nb: integer \"B\""),
                                price_caps_default()),
                 ST_OK);
    CHECK(price.dearest_count == 1 && str_eq(price.dearest[0].path, STR("f")));
    CHECK(strcmp(price.dearest[0].kind, "check") == 0 && price.dearest[0].loop_count == 0);
    CHECK(price_share(&price, &price.dearest[0]) == 100);
}

/* Each cap: at the price, and one below. */
static void a_form_is_refused_one_below_its_price_and_told_why(void)
{
    CHECK_STATUS(compile_within(dear, price_caps_default()), ST_OK);
    const struct program_cost cost = price.cost;
    struct price_caps caps = {cost.steps_max, cost.memory_bytes_max, cost.verdict_bytes_max};
    CHECK_STATUS(compile_within(dear, caps), ST_OK);

    caps.steps_max--;
    CHECK_STATUS(compile_within(dear, caps), ST_INPUT);
    const struct diag *diag = diag_of("E0402");
    CHECK(diag && says(diag->message, "items.b") && says(diag->hint, "100 rows of \"items\"") &&
          diag->related.len > 0);
    CHECK(price.known && price.cost.steps_max == cost.steps_max && price.dearest_count == 3);
    CHECK(price.cost.memory_bytes_max == 0);

    caps = (struct price_caps){cost.steps_max, cost.memory_bytes_max - 1, cost.verdict_bytes_max};
    CHECK_STATUS(compile_within(dear, caps), ST_INPUT);
    diag = diag_of("E0405");
    CHECK(diag && diags.errors == 1 && says(diag->hint, "\"items\"") && diag->span.len == 5);

    caps = (struct price_caps){cost.steps_max, cost.memory_bytes_max, cost.verdict_bytes_max - 1};
    CHECK_STATUS(compile_within(dear, caps), ST_INPUT);
    diag = diag_of("E0406");
    CHECK(diag && diags.errors == 1 && says(diag->hint, "\"items\""));
    CHECK(price.cost.memory_bytes_max == cost.memory_bytes_max);
}

static void what_is_past_every_limit_compiles_without_caps(void)
{
    static const char form[] = FORM("repeat a 0..10000 { n: integer\n"
                                    " m: integer = count(a where n > outer.n) }");
    CHECK_STATUS(compile_within(form, price_caps_default()), ST_INPUT);
    CHECK_STATUS(compile_within(form, price_caps_none()), ST_OK);
    CHECK(price.cost.steps_max > (uint64_t)limit(COST_STEPS));
}

static void a_list_full_of_warnings_still_tells_the_price(void)
{
    static char source[20000] = "edition 2026\nform f \"F\" {\nrepeat a 0..10000 { n: integer\n"
                                " m: integer = count(a where n > outer.n) }\n";
    for (int i = 0; i < 60; i++) {
        char line[60];
        snprintf(line, sizeof line, "let unread_%d = 1\n", i);
        strncat(source, line, sizeof source - strlen(source) - 1);
    }
    strncat(source, "}\n", sizeof source - strlen(source) - 1);
    CHECK_STATUS(compile_within(source, price_caps_default()), ST_INPUT);
    CHECK(diags.warnings > (uint32_t)limit(DIAGNOSTICS) && diag_of("E0402"));
}

static void a_source_that_does_not_parse_has_no_price(void)
{
    CHECK_STATUS(compile_within("form", price_caps_none()), ST_INPUT);
    CHECK(!price.known);
}

/* length 20000.. allows exactly what it asks for at least: more than texts have by themselves. */
static void a_text_of_a_great_least_length_is_priced_at_that(void)
{
    CHECK_STATUS(compile_within(FORM("a: text \"A\" length 20000..\nb: boolean = upper(a) = a\n"
                                     "c: text \"C\"\nd: boolean = upper(c) = c"),
                                price_caps_default()),
                 ST_OK);
    CHECK(str_eq(price.dearest[0].path, STR("b")) && str_eq(price.dearest[1].path, STR("d")));
    CHECK(price.dearest[0].steps > price.dearest[1].steps * 19 / 10);
}

static void json_tells_all_of_it(void)
{
    struct buf out;
    buf_init(&out, mem_heap(), 1 << 16);
    CHECK_STATUS(compile_within(FORM("repeat r \"R\" 0..7 { a: integer \"A\" }\n"
                                     "n: integer = sum(r.a)"),
                                price_caps_default()),
                 ST_OK);
    price_put_json(&price, &out);
    CHECK(says(buf_str(&out),
               "\"dearest\":[{\"path\":\"n\",\"kind\":\"value\",\"line\":4,\"column\":12,"));
    CHECK(says(buf_str(&out), "\"share\":100,\"loops\":[{\"repeat\":\"r\",\"rows\":7}]}]}"));
    buf_reset(&out);
    price_put_loops(&price.dearest[0], &out);
    CHECK(str_eq(buf_str(&out), STR("7 rows of r")));
    buf_release(&out);
}

int main(void)
{
    arena_init(&arena, mem_heap(), 64 << 20);
    the_three_dearest_rules_are_told_with_their_loops();
    a_form_without_rules_has_no_dearest();
    a_check_of_the_form_bears_the_forms_name();
    a_form_is_refused_one_below_its_price_and_told_why();
    what_is_past_every_limit_compiles_without_caps();
    a_list_full_of_warnings_still_tells_the_price();
    a_source_that_does_not_parse_has_no_price();
    a_text_of_a_great_least_length_is_priced_at_that();
    json_tells_all_of_it();
    arena_release(&arena);
    return TEST_RESULT();
}
