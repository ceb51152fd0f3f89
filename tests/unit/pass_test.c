#include "runtime/pass.h"

#include "base/limits.h"
#include "runtime/quick.h"
#include "tests/unit/maker.h"

#include <math.h>

/* One form with a field of each kind, a group, nested repeats and a computed field. */
static struct maker m;
static struct plan plan;
static struct arena arena, plan_arena;
static struct answers answers;
static struct pass_fault fault;

static uint32_t number_of(const char *name)
{
    for (uint32_t i = 0; i < m.program.node_count; i++)
        if (str_eq(node_name(&m.nodes[i]), str_of(name))) return i;
    CHECK(false); /* there is such a node */
    return 0;
}

static const uint16_t upper_next[] = {0, 0, 0, 2, 0, 2}; /* [A-Z]+ : state 1 start, 2 seen */
static const uint8_t upper_accept[] = {4};
static struct dfa upper = {.next = upper_next, .accept = upper_accept, .states = 3, .nclasses = 2};

static void make_form(void)
{
    for (int c = 'A'; c <= 'Z'; c++) upper.classes[c] = 1;
    maker_open(&m);
    uint32_t list = maker_list(&m, "red", "green", "blue", "a", "b", "c", "d", "e", "f", NULL);
    maker_bounds(maker_field(&m, "text", TYPE_TEXT))->length_max = 10;
    maker_field(&m, "email", TYPE_TEXT)->format = FORMAT_EMAIL;
    maker_field(&m, "url", TYPE_TEXT)->format = FORMAT_URL;
    maker_field(&m, "phone", TYPE_TEXT)->format = FORMAT_PHONE;
    maker_field(&m, "boolean", TYPE_BOOLEAN);
    struct program_node *node = maker_field(&m, "integer", TYPE_INTEGER);
    node->has_min = node->has_max = true, maker_bounds(node)->min = -5, maker_bounds(node)->max = 120;
    node = maker_field(&m, "decimal", TYPE_DECIMAL);
    node->scale = 2, node->has_min = true, maker_bounds(node)->min = 0;
    maker_field(&m, "money", TYPE_MONEY)->scale = 2;
    node = maker_field(&m, "number", TYPE_NUMBER);
    node->has_min = node->has_max = true, maker_bounds(node)->number_min = -1.5,
    maker_bounds(node)->number_max = 1e9;
    node = maker_field(&m, "date", TYPE_DATE);
    node->has_max = true, maker_bounds(node)->max = 20000;
    maker_field(&m, "time", TYPE_TIME);
    maker_field(&m, "datetime", TYPE_DATETIME);
    node = maker_field(&m, "zoned", TYPE_DATETIME);
    node->format = FORMAT_ZONED, maker_rare(node)->zone = STR("Europe/Berlin"), node->has_min = true,
    maker_bounds(node)->min = 0;
    node = maker_field(&m, "strict", TYPE_DATETIME);
    node->format = FORMAT_ZONED, maker_rare(node)->zone = STR("UTC");
    maker_rare(node)->wall = (struct zoned_rule){true, ZONED_REFUSE_REPEATED};
    maker_field(&m, "choice", TYPE_CHOICE)->target = list;
    node = maker_field(&m, "choices", TYPE_CHOICES);
    node->target = list, maker_bounds(node)->length_min = 2, maker_bounds(node)->length_max = 3;
    node = maker_field(&m, "upper", TYPE_TEXT);
    maker_bounds(node)->length_min = 2, maker_bounds(node)->length_max = 4,
    node->target = maker_pattern(&m, "[A-Z]+", &upper);
    node = maker_field(&m, "lower", TYPE_TEXT);
    node->target = maker_pattern(&m, "[a-z]+[^\\n\\r]?", NULL);
    maker_computed(&m, "computed", TYPE_INTEGER);
    maker_group(&m, "group");
    maker_field(&m, "inner", TYPE_TEXT);
    maker_close(&m);
    maker_repeat(&m, "rows", 0, 3);
    maker_field(&m, "cell", TYPE_INTEGER);
    maker_repeat(&m, "nested", 0, 2);
    maker_field(&m, "leaf", TYPE_INTEGER);
    maker_close(&m);
    maker_close(&m);
    maker_group(&m, "loose");
    m.objects[m.program.object_count - 1].ignore_unknown = true;
    maker_field(&m, "tight", TYPE_TEXT);
    maker_close(&m);
    maker_done(&m);
    arena_init(&plan_arena, mem_heap(), 1 << 20);
    CHECK_STATUS(plan_make(&plan_arena, &m.program, &plan), ST_OK);
    arena_init(&arena, mem_heap(), limit(JUDGE_ARENA_BYTES));
}

static struct atlas *atlas;

static enum status pass(const char *text)
{
    arena_reset(&arena);
    return pass_run(&plan, atlas, &arena, str_of(text), &answers, &fault);
}

static struct slot *slot_of(const char *name)
{
    return answers_of(&answers, number_of(name), 0);
}

/* What becomes of `value` in a field: "missing", "set", or the code of what is wrong. */
static const char *fate(const char *field, const char *value)
{
    static char text[1 << 16];
    snprintf(text, sizeof text, "{\"%s\":%s}", field, value);
    if (pass(text) != ST_OK) return "malformed";
    const struct slot *slot = slot_of(field);
    if (slot->state == SLOT_BROKEN) return finding_name((enum finding_code)slot->code).ptr;
    return slot->state == SLOT_SET ? "set" : "missing";
}

#define CHECK_FATE(field, value, want)                                                                 \
    do {                                                                                               \
        const char *got_ = fate(field, value);                                                         \
        if (strcmp(got_, want) != 0) {                                                                 \
            fprintf(stderr, "%s:%d: %s = %s: %s, not %s\n", __FILE__, __LINE__, field, value, got_,    \
                    want);                                                                             \
            test_failures++;                                                                           \
        }                                                                                              \
    } while (0)

static bool text_is(const char *field, const char *want)
{
    const struct slot *slot = slot_of(field);
    return str_eq((struct str){slot->value.text, slot->len}, str_of(want));
}

static void null_and_absent_are_missing_everywhere(void)
{
    static const char *const fields[] = {"text", "email", "boolean", "integer", "decimal", "number",
                                         "date", "time",  "choice",  "choices", "money",   "datetime"};
    CHECK_STATUS(pass("{}"), ST_OK);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        CHECK(slot_of(fields[i])->state == SLOT_MISSING);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        CHECK_FATE(fields[i], "null", "missing");
}

static void texts_are_stripped_counted_and_decoded(void)
{
    CHECK_FATE("text", "\"Zoë\"", "set");
    CHECK(text_is("text", "Zoë"));
    CHECK_FATE("text", "\"  \\t a b \\n\\u00a0\\u3000\"", "set");
    CHECK(text_is("text", "a b"));
    CHECK_FATE("text", "\"\"", "missing");
    CHECK_FATE("text", "\" \\n\\u2028 \"", "missing");
    CHECK_FATE("text", "\"1234567890\"", "set");
    CHECK_FATE("text", "\"  1234567890  \"", "set");
    CHECK_FATE("text", "\"12345678901\"", "too_long");
    CHECK_FATE("text", "\"éééééééééé\"", "set");
    CHECK_FATE("text", "\"\\ud83d\\ude00\"", "set");
    CHECK(text_is("text", "😀"));
    CHECK_FATE("text", "\"a\\u0000b\"", "type");
    CHECK_FATE("text", "5", "type");
    CHECK_FATE("text", "[\"a\"]", "type");
    CHECK_FATE("text", "{\"a\":[]}", "type");
    CHECK_FATE("text", "true", "type");
}

static void lengths_come_before_patterns(void)
{
    CHECK_FATE("upper", "\"AB\"", "set");
    CHECK_FATE("upper", "\"\"", "too_short"); /* who asks for characters gets an answer out of none */
    CHECK_FATE("upper", "\" \"", "too_short");
    CHECK_FATE("upper", "\"a\"", "too_short");
    CHECK_FATE("upper", "\"abcde\"", "too_long");
    CHECK_FATE("upper", "\"aB\"", "pattern");
    CHECK_FATE("lower", "\"abc\"", "set"); /* no table of states: matched by RE2 */
    CHECK_FATE("lower", "\"abc!\"", "set");
    CHECK_FATE("lower", "\"abc\\n\"", "set"); /* stripped */
    CHECK_FATE("lower", "\"ABC\"", "pattern");
    CHECK_FATE("lower", "\"abc!!\"", "pattern");
}

static void contacts_are_checked(void)
{
    CHECK_FATE("email", "\" ada@example.org \"", "set");
    CHECK_FATE("email", "\"ada@\"", "format");
    CHECK_FATE("email", "\"a\\u0000@b\"", "format");
    CHECK_FATE("url", "\"https://example.org/x\"", "set");
    CHECK_FATE("url", "\"ftp://example.org\"", "format");
    CHECK_FATE("phone", "\"+44 (0)20 7946-0000\"", "set");
    CHECK_FATE("phone", "\"none\"", "format");
    CHECK_FATE("email", "7", "type");
}

static void booleans_are_true_and_false_only(void)
{
    CHECK_FATE("boolean", "true", "set");
    CHECK(slot_of("boolean")->value.exact == 1);
    CHECK_FATE("boolean", "false", "set");
    CHECK(slot_of("boolean")->value.exact == 0);
    CHECK_FATE("boolean", "\"true\"", "type");
    CHECK_FATE("boolean", "1", "type");
    CHECK_FATE("boolean", "\"\"", "type");
}

static void integers_have_no_fraction_and_a_range(void)
{
    CHECK_FATE("integer", "120", "set");
    CHECK(slot_of("integer")->value.exact == 120);
    CHECK_FATE("integer", "-5.0", "set");
    CHECK(slot_of("integer")->value.exact == -5);
    CHECK_FATE("integer", "1.2e2", "set");
    CHECK_FATE("integer", "-0", "set");
    CHECK(slot_of("integer")->value.exact == 0);
    CHECK_FATE("integer", "121", "max");
    CHECK_FATE("integer", "-6", "min");
    CHECK_FATE("integer", "5.5", "type");
    CHECK_FATE("integer", "\"5\"", "type");
    CHECK_FATE("integer", "9007199254740992", "range");
    CHECK_FATE("integer", "1e400", "range");
    CHECK_FATE("integer", "-99999999999999999999999", "range");
}

static void decimals_are_read_from_their_digits(void)
{
    CHECK_FATE("decimal", "1.10", "set");
    CHECK(slot_of("decimal")->value.exact == 110);
    CHECK_FATE("decimal", "\"1.10\"", "set");
    CHECK(slot_of("decimal")->value.exact == 110);
    CHECK_FATE("decimal", "\" 12.3 \"", "set");
    CHECK(slot_of("decimal")->value.exact == 1230);
    CHECK_FATE("decimal", "1e1", "set");
    CHECK(slot_of("decimal")->value.exact == 1000);
    CHECK_FATE("decimal", "90071992547409.91", "set");
    CHECK(slot_of("decimal")->value.exact == INT64_C(9007199254740991));
    CHECK_FATE("decimal", "90071992547409.92", "range");
    CHECK_FATE("decimal", "1.005", "scale");
    CHECK_FATE("decimal", "\"1.005\"", "scale");
    CHECK_FATE("decimal", "-0.01", "min");
    CHECK_FATE("decimal", "\"1,10\"", "type");
    CHECK_FATE("decimal", "\"\"", "missing");
    CHECK_FATE("decimal", "true", "type");
    CHECK_FATE("money", "-1.1", "set");
    CHECK(slot_of("money")->value.exact == -110);
}

static void numbers_are_doubles(void)
{
    CHECK_FATE("number", "0.1", "set");
    CHECK(slot_of("number")->value.number == 0.1);
    CHECK_FATE("number", "-1.5", "set");
    CHECK_FATE("number", "-1.6", "min");
    CHECK_FATE("number", "1.1e9", "max");
    CHECK_FATE("number", "1e400", "range");
    CHECK_FATE("number", "\"1\"", "type");
    CHECK_FATE("number", "-0.0", "set");
    CHECK(slot_of("number")->value.number == 0 && !signbit(slot_of("number")->value.number));
}

static void moments_are_what_rfc_3339_says(void)
{
    CHECK_FATE("date", "\"2000-02-29\"", "set");
    CHECK(slot_of("date")->value.exact == 11016);
    CHECK_FATE("date", "\"2001-02-29\"", "format");
    CHECK_FATE("date", "\"2000-2-9\"", "format");
    CHECK_FATE("date", "\"2025-01-01\"", "max");
    CHECK_FATE("date", "\"\"", "missing");
    CHECK_FATE("date", "20000229", "type");
    CHECK_FATE("time", "\"09:30\"", "set");
    CHECK(slot_of("time")->value.exact == (9 * 60 + 30) * 60000);
    CHECK_FATE("time", "\"9:30\"", "format");
    CHECK_FATE("datetime", "\"2026-01-31T12:00:00+05:30\"", "set");
    CHECK(slot_of("datetime")->offset == 330);
    CHECK(slot_of("datetime")->value.exact == INT64_C(1769841000000));
    CHECK_FATE("datetime", "\"2026-01-31T12:00:00\"", "format");
}

static void wall_times_are_instants_in_a_zone(void)
{
    if (atlas_find(atlas, STR("Europe/Berlin")) == NAME_ABSENT) {
        fprintf(stderr, "SKIPPED: there is no tzdata here; wall times are not read\n");
        return;
    }
    CHECK_FATE("zoned", "\"2024-07-15T09:30\"", "set");
    CHECK(slot_of("zoned")->value.exact == INT64_C(1721028600000));
    CHECK(slot_of("zoned")->len == 1 + atlas_find(atlas, STR("Europe/Berlin")));
    CHECK_FATE("zoned", "\" 2024-07-15T09:30Z[America/New_York] \"", "set");
    CHECK(slot_of("zoned")->len == 1 + atlas_find(atlas, STR("America/New_York")));
    CHECK_FATE("zoned", "\"1969-12-31T09:30\"", "min");
    CHECK_FATE("zoned", "\"2024-07-15T09:30+01:00\"", "format");
    CHECK_FATE("zoned", "\"2024-07-15T09:30[Europe/Nowhere]\"", "format");
    CHECK_FATE("zoned", "\"2024-07-15T09:30[\\u0000]\"", "format");
    CHECK_FATE("zoned", "\"2024-03-31T02:30\"", "set");
    CHECK_FATE("zoned", "\"\"", "missing");
    CHECK_FATE("zoned", "1721028600000", "type");
    CHECK_FATE("strict", "\"2024-03-31T02:30[Europe/Berlin]\"", "skipped");
    CHECK_FATE("strict", "\"2024-10-27T02:30[Europe/Berlin]\"", "repeated");
    CHECK_FATE("strict", "\"2024-10-27T02:30+01:00[Europe/Berlin]\"", "set");
}

static void choices_are_numbers_of_options(void)
{
    CHECK_FATE("choice", "\"green\"", "set");
    CHECK(slot_of("choice")->value.exact == 2);
    CHECK_FATE("choice", "\" green\"", "set");
    CHECK_FATE("choice", "\"Green\"", "option");
    CHECK_FATE("choice", "\"\"", "missing");
    CHECK_FATE("choice", "2", "type");
    CHECK_FATE("choice", "[\"green\"]", "type");
}

static void sets_are_bits_without_zero_bytes_at_the_end(void)
{
    CHECK_FATE("choices", "[\"red\",\"blue\"]", "set");
    CHECK(slot_of("choices")->len == 1 && slot_of("choices")->value.text[0] == 5);
    CHECK_FATE("choices", "[ \"f\" , \"red\" ]", "set");
    CHECK(slot_of("choices")->len == 2 && slot_of("choices")->value.text[1] == 1);
    CHECK_FATE("choices", "[]", "missing");
    CHECK_FATE("choices", "[\"red\"]", "too_short");
    CHECK_FATE("choices", "[\"red\",\"green\",\"blue\",\"a\"]", "too_long");
    CHECK_FATE("choices", "[\"red\",\"red\"]", "duplicate");
    CHECK_FATE("choices", "[\"red\",\"pink\"]", "option");
    CHECK_FATE("choices", "[\"red\",\"red\",\"pink\"]", "option");
    CHECK_FATE("choices", "[\"pink\",1]", "type");
    CHECK_FATE("choices", "\"red\"", "type");
    CHECK_FATE("choices", "[\"red\",]", "malformed");
    CHECK_FATE("choices", "[\"red\" \"blue\"]", "malformed");
}

static void what_is_sent_for_a_computed_field_is_ignored(void)
{
    CHECK_FATE("computed", "5", "missing");
    CHECK_FATE("computed", "{\"any\":[1,2]}", "missing");
    CHECK_FATE("computed", "{\"any\":1,\"any\":2}", "malformed");
}

static const struct finding *only_finding(void)
{
    CHECK(answers.findings.count == 1);
    return &answers.findings.items[0];
}

static void members_nobody_asked_for_are_found(void)
{
    CHECK_STATUS(pass("{\"text\":\"a\",\"what\\u0021\":{\"deep\":[1,{}]}}"), ST_OK);
    CHECK(only_finding()->code == FINDING_UNKNOWN && only_finding()->node == 0);
    CHECK(str_eq(only_finding()->name, STR("what!")));
    CHECK_STATUS(pass("{\"rows\":[{},{\"x\":1}]}"), ST_OK);
    CHECK(only_finding()->node == number_of("rows") && only_finding()->scope == 1 &&
          only_finding()->row == 1);
    CHECK_STATUS(pass("{\"group\":{\"x\":1}}"), ST_OK);
    CHECK(only_finding()->node == number_of("group") && only_finding()->scope == 0);
    CHECK_STATUS(pass("{\"loose\":{\"x\":1,\"tight\":\"t\"}}"), ST_OK);
    CHECK(answers.findings.count == 0 && text_is("tight", "t"));
}

static void a_page_a_let_or_a_note_is_no_member(void)
{
    CHECK_STATUS(pass("{\"form\":1}"), ST_OK);
    CHECK(only_finding()->code == FINDING_UNKNOWN);
}

static void a_wrong_shape_is_a_type_error_of_its_place(void)
{
    CHECK_STATUS(pass("{\"group\":[1]}"), ST_OK);
    CHECK(only_finding()->code == FINDING_TYPE && only_finding()->node == number_of("group"));
    CHECK_STATUS(pass("{\"rows\":{}}"), ST_OK);
    CHECK(only_finding()->code == FINDING_TYPE && only_finding()->scope == 0);
    CHECK(answers.tables[1].broods[0].state == SLOT_BROKEN);
    CHECK_STATUS(pass("{\"rows\":[{},7,null]}"), ST_OK);
    CHECK(answers.findings.count == 2 && answers.findings.items[0].scope == 1 &&
          answers.findings.items[0].row == 1);
    CHECK(answers.tables[1].count == 3);
    CHECK_STATUS(pass("{\"group\":null,\"rows\":null}"), ST_OK);
    CHECK(answers.findings.count == 0 && answers.tables[1].broods[0].state == SLOT_MISSING);
}

static void rows_lie_in_document_order_and_know_their_parents(void)
{
    CHECK_STATUS(pass("{\"rows\":[{\"nested\":[{\"leaf\":1},{\"leaf\":2}],\"cell\":10},{\"cell\":20},"
                      "{\"cell\":30,\"nested\":[{\"leaf\":3}]}]}"),
                 ST_OK);
    const struct table *rows = &answers.tables[1], *nested = &answers.tables[2];
    CHECK(rows->count == 3 && nested->count == 3);
    CHECK(answers_of(&answers, number_of("cell"), 2)->value.exact == 30);
    CHECK(answers_of(&answers, number_of("leaf"), 2)->value.exact == 3);
    CHECK(nested->parents[0] == 0 && nested->parents[1] == 0 && nested->parents[2] == 2);
    CHECK(nested->broods[1].begin == 2 && nested->broods[1].count == 0 && nested->broods[2].count == 1);
    CHECK(answers_row_in(&answers, 2, 2, 1) == 2 && answers_row_in(&answers, 2, 2, 0) == 0);
}

static void rows_past_the_most_are_counted_and_left_out(void)
{
    CHECK_STATUS(pass("{\"rows\":[{},{},{\"cell\":3},{\"cell\":\"x\",\"y\":1},5]}"), ST_OK);
    CHECK(answers.tables[1].count == 3 && answers.tables[1].broods[0].sent == 5);
    CHECK(answers.findings.count == 0);
    CHECK_STATUS(pass("{\"rows\":[{},{},{},{\"a\":1,\"a\":2}]}"), ST_SYNTAX);
}

static void members_may_come_in_any_order_and_writing(void)
{
    CHECK_STATUS(pass(" { \"integer\" : 7 , \"te\\u0078t\":\"x\" , \"boolean\":true } \n"), ST_OK);
    CHECK(text_is("text", "x") && slot_of("integer")->value.exact == 7 &&
          slot_of("boolean")->state == SLOT_SET);
    CHECK_STATUS(pass("{\"text\": \"x\",\"email\"\t:null}"), ST_OK);
    CHECK(text_is("text", "x"));
}

#define CHECK_MALFORMED(text, want_offset, want_reason)                                                \
    do {                                                                                               \
        CHECK_STATUS(pass(text), ST_SYNTAX);                                                           \
        if (fault.offset != (want_offset) || strcmp(fault.reason, want_reason) != 0) {                 \
            fprintf(stderr, "%s:%d: %s: %u %s\n", __FILE__, __LINE__, text, fault.offset,              \
                    fault.reason);                                                                     \
            test_failures++;                                                                           \
        }                                                                                              \
    } while (0)

static bool holds_text(const char *field)
{
    const struct plan_node *node = &plan.nodes[number_of(field)];
    return node->type == TYPE_TEXT || node->type == TYPE_CHOICES;
}

static bool is_same_slot(const char *field, const struct slot *a, const struct slot *b)
{
    if (a->state != b->state || a->len != b->len || a->offset != b->offset) return false;
    if (a->state != SLOT_SET) return a->code == b->code;
    return holds_text(field) ? memcmp(a->value.text, b->value.text, a->len) == 0
                             : a->value.exact == b->value.exact;
}

/* A name with an escape is none that is guessed: its value is read the long way. */
static bool reads_alike(const char *field, const char *value)
{
    static struct arena kept;
    static char plain[1 << 10], odd[1 << 10];
    struct answers before;
    snprintf(plain, sizeof plain, "{\"%s\":%s", field, value);
    snprintf(odd, sizeof odd, "{\"\\u%04x%s\":%s", (unsigned)field[0], field + 1, value);
    arena_init(&kept, mem_heap(), limit(JUDGE_ARENA_BYTES));
    enum status st = pass_run(&plan, atlas, &kept, str_of(plain), &before, &fault);
    struct pass_fault first = fault;
    bool same = pass(odd) == st;
    if (st == ST_OK)
        same = same && is_same_slot(field, answers_of(&before, number_of(field), 0), slot_of(field));
    else same = same && fault.reason == first.reason && fault.offset == first.offset + 5;
    if (!same) fprintf(stderr, "%s\n", plain);
    arena_release(&kept);
    return same;
}

static void the_plain_way_and_the_long_way_make_the_same_of_an_answer(void)
{
    static const char *const fields[] = {"text",    "email",   "url",    "phone", "boolean", "integer",
                                         "decimal", "money",   "number", "date",  "time",    "datetime",
                                         "choice",  "choices", "upper",  "lower", "computed"};
    static const char *const values[] = {
        "null",
        "true",
        "false",
        "tru",
        "fals",
        "truee",
        "True",
        "nul",
        "[]",
        "{}",
        "\"\"",
        "\"A\"",
        "\"AB\"",
        "\"ABCDE\"",
        "\"ab\"",
        "\" ab\"",
        "\"ab \"",
        "\"a\\u0062\"",
        "\"Zo\u00eb\"",
        "\"12345678901\"",
        "\"a@b.example\"",
        "\"https://a.example/\"",
        "\"+4930123456\"",
        "\"red\"",
        "\"Red\"",
        "\"gree\"",
        "\"green\"",
        "\"red",
        "\"a\nb\"",
        "[\"red\",\"blue\"]",
        "0",
        "-0",
        "00",
        "01",
        "1",
        "-1",
        "-5",
        "-6",
        "12",
        "120",
        "121",
        "1.",
        ".5",
        "0.5",
        "1.0",
        "1.5",
        "1.50",
        "1.500",
        "1.505",
        "22.5",
        "86.25",
        "1e2",
        "1E2",
        "12e",
        "1.5e1",
        "1.2.3",
        "1x",
        "+1",
        "999999999999999",
        "9999999999999.99",
        "99999999999999.99",
        "\"0.50\"",
        "\"1.505\"",
        "\"7\"",
        "\"-7\"",
        "\"01\"",
        "\"1.\"",
        "\"1e2\"",
        "\" 1\"",
        "\"1 \"",
        "\"1\\u0030\"",
        "\"1",
        "\"1,\"",
        "\"99999999999999.99\"",
        "9007199254740991",
        "9007199254740992",
        "90071992547409.91",
        "90071992547409.92",
        "18446744073709551616",
        "\"2024-02-29\"",
        "\"2023-02-29\"",
        "\"2024-13-01\"",
        "\"2024-00-01\"",
        "\"0000-01-01\"",
        "\"2024-1-01\"",
        "\"2024-01-01 \"",
        "\"2024-01-0a\"",
        "\"2024/01-01\"",
        "\"2024-01-32\"",
        "\"2100-01-01\"",
        "\"20240101\"",
        "\"2024-01-01",
        "\"12:30\"",
        "\"2024-01-01T12:30:00Z\"",
        "\"12.30\"",
        "",
        " ",
        "1 ",
        "1\n",
        "true ",
        "\"ab\" ",
        "1,",
        "1,}",
        "1]",
        "\"ab\"]",
        "true:",
    };
    char ended[1 << 8];
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
            snprintf(ended, sizeof ended, "%s}", values[k]);
            CHECK(reads_alike(fields[i], ended));
            CHECK(reads_alike(fields[i], values[k]));
            snprintf(ended, sizeof ended, "%s}%*s", values[k], QUICK_ROOM, "");
            CHECK(reads_alike(fields[i], ended));
            snprintf(ended, sizeof ended, "  %s}%*s", values[k], QUICK_ROOM - 1, "");
            CHECK(reads_alike(fields[i], ended));
            snprintf(ended, sizeof ended, "%s,\"inner\":1,\"%s\":null}", values[k], fields[i]);
            CHECK(reads_alike(fields[i], ended));
        }
}

static void what_is_no_json_is_told_with_its_place(void)
{
    CHECK_MALFORMED("", 0, "the text ends in the middle of a value");
    CHECK_MALFORMED("{\"text\":\"a\"", 11, "the text ends in the middle of a value");
    CHECK_MALFORMED("{\"text\":}", 8, "a value is expected here");
    CHECK_MALFORMED("{\"text\"}", 7, "a colon is expected after a member name");
    CHECK_MALFORMED("{text:1}", 1, "a member name in double quotes is expected here");
    CHECK_MALFORMED("{\"integer\":1 2}", 13, "a comma or the closing bracket is expected here");
    CHECK_MALFORMED("{\"integer\":01}", 12, "a number is not written as JSON wants it");
    CHECK_MALFORMED("{} {}", 3, "nothing may follow the value but blanks");
    CHECK_MALFORMED("{\"text\":\"\xff\"}", 9, "the bytes are not UTF-8");
    CHECK_MALFORMED("{\"text\":\"\\ud800\"}", 9, "half of a surrogate pair stands alone");
    CHECK_MALFORMED("{\"x\":tru}", 5, "only true, false and null are written without quotes");
}

static void answers_that_are_no_object_are_refused(void)
{
    CHECK_MALFORMED("[]", 0, "the answers must be an object");
    CHECK_MALFORMED(" 5", 1, "the answers must be an object");
    CHECK_MALFORMED("null", 0, "the answers must be an object");
    CHECK_MALFORMED("[", 1, "the text ends in the middle of a value");
}

static void a_name_twice_in_an_object_is_refused_wherever_it_stands(void)
{
    const char *reason = "an object has two members of the same name";
    CHECK_MALFORMED("{\"text\":\"a\",\"text\":\"b\"}", 12, reason);
    CHECK_MALFORMED("{\"text\":null,\"te\\u0078t\":null}", 13, reason);
    CHECK_MALFORMED("{\"computed\":1,\"computed\":1}", 14, reason);
    CHECK_MALFORMED("{\"group\":{},\"group\":{}}", 12, reason);
    CHECK_MALFORMED("{\"what\":1,\"what\":2}", 10, reason);
    CHECK_MALFORMED("{\"what\":{\"a\":{},\"a\":2}}", 16, reason);
    CHECK_MALFORMED("{\"rows\":[{\"cell\":1},{\"cell\":1,\"cell\":2}]}", 30, reason);
    CHECK_STATUS(pass("{\"what\":{\"a\":1},\"why\":{\"a\":1,\"what\":[{\"a\":1},{\"a\":1}]}}"), ST_OK);
}

static const char *nested(uint32_t depth)
{
    static char text[256];
    size_t at = (size_t)snprintf(text, sizeof text, "{\"x\":");
    for (uint32_t i = 1; i < depth; i++) text[at++] = '[';
    for (uint32_t i = 1; i < depth; i++) text[at++] = ']';
    snprintf(text + at, sizeof text - at, "}");
    return text;
}

static void depth_has_a_limit(void)
{
    CHECK_STATUS(pass(nested(limit(ANSWERS_DEPTH))), ST_OK);
    CHECK_STATUS(pass(nested(limit(ANSWERS_DEPTH) + 1)), ST_SYNTAX);
    CHECK(strcmp(fault.reason, "too many arrays and objects inside one another") == 0);
}

static void length_has_a_limit(void)
{
    size_t most = (size_t)limit(ANSWERS_BYTES);
    char *text = mem_zalloc(mem_heap(), most + 1);
    memset(text, ' ', most + 1);
    memcpy(text, "{}", 2);
    arena_reset(&arena);
    CHECK_STATUS(pass_run(&plan, NULL, &arena, (struct str){text, most}, &answers, &fault), ST_OK);
    CHECK_STATUS(pass_run(&plan, NULL, &arena, (struct str){text, most + 1}, &answers, &fault),
                 ST_SYNTAX);
    CHECK(fault.offset == most);
    mem_free(mem_heap(), text, most + 1);
}

static void an_object_of_many_members_is_no_different(void)
{
    static struct maker big;
    static char names[300][8], text[300 * 12];
    struct plan big_plan;
    struct arena big_arena;
    size_t len = 0;
    arena_init(&big_arena, mem_heap(), 16 << 20);
    maker_open(&big);
    for (int i = 0; i < 300; i++) {
        snprintf(names[i], sizeof names[i], "f%d", i);
        maker_field(&big, names[i], TYPE_INTEGER);
        len += (size_t)snprintf(text + len, sizeof text - len, "%c\"f%d\":%d", i ? ',' : '{', i, i);
    }
    maker_done(&big);
    CHECK_STATUS(plan_make(&big_arena, &big.program, &big_plan), ST_OK);
    snprintf(text + len, sizeof text - len, "}");
    CHECK_STATUS(pass_run(&big_plan, NULL, &big_arena, str_of(text), &answers, &fault), ST_OK);
    for (uint32_t i = 0; i < 300; i++) CHECK(answers_of(&answers, i + 1, 0)->value.exact == i);
    snprintf(text + len, sizeof text - len, ",\"f299\":1}");
    CHECK_STATUS(pass_run(&big_plan, NULL, &big_arena, str_of(text), &answers, &fault), ST_SYNTAX);
    plan_release(&big_plan);
    arena_release(&big_arena);
    maker_release(&big);
}

/* ---- members in whatever order */

enum { SHUFFLED = 150 }; /* more than one word of bits */

static uint32_t random_below(uint32_t most)
{
    static uint32_t state = 1;
    state = state * 1664525 + 1013904223;
    return (uint32_t)(((uint64_t)state * most) >> 32);
}

static bool is_computed(uint32_t field)
{
    return field % 5 == 3 || field % 17 == 4;
}

static void make_shuffled(struct maker *form)
{
    static char names[SHUFFLED][16];
    maker_open(form);
    for (uint32_t i = 0; i < SHUFFLED; i++) {
        snprintf(names[i], sizeof names[i], "f%0*u", 1 + (int)i % 14, i);
        if (is_computed(i)) maker_computed(form, names[i], TYPE_INTEGER);
        else maker_field(form, names[i], TYPE_INTEGER);
    }
    maker_done(form);
}

/* Some of the members, mostly in order, perhaps one of them twice. Returns how many. */
static uint32_t deal(uint32_t round, uint32_t order[SHUFFLED + 1])
{
    uint32_t count = 0, left_out = round % 3 ? 1 + round % 40 : 0;
    for (uint32_t i = 0; i < SHUFFLED; i++)
        if (!left_out || random_below(40) >= left_out) order[count++] = i;
    for (uint32_t swaps = round % 7 == 6 ? 200 : round % 7; count > 1 && swaps > 0; swaps--) {
        uint32_t a = random_below(count), b = random_below(count), kept = order[a];
        order[a] = order[b], order[b] = kept;
    }
    if (count > 0 && round % 4 == 1) {
        order[count] = order[random_below(count)];
        count++;
    }
    return count;
}

/* Where the name begins that comes a second time, or 0. */
static uint32_t put_dealt(const struct maker *form, const uint32_t *order, uint32_t count,
                          struct buf *text)
{
    bool seen[SHUFFLED] = {false};
    uint32_t twice = 0;
    buf_reset(text);
    buf_puts(text, "{");
    for (uint32_t i = 0; i < count; i++) {
        if (i) buf_puts(text, i % 9 ? "," : " , ");
        if (seen[order[i]]) twice = (uint32_t)text->len;
        seen[order[i]] = true;
        buf_printf(text, i % 8 ? "\"%.*s\":%u" : "\"%.*s\": %u",
                   STR_ARG(node_name(&form->nodes[order[i] + 1])), order[i] + 7);
    }
    buf_printf(text, "}%*s", (int)(count % 50), "");
    return twice;
}

static bool reads_dealt(const uint32_t *order, uint32_t count)
{
    bool sent[SHUFFLED] = {false};
    for (uint32_t i = 0; i < count; i++) sent[order[i]] = !is_computed(order[i]);
    for (uint32_t i = 0; i < SHUFFLED; i++) {
        const struct slot *slot = answers_of(&answers, i + 1, 0);
        if (slot->state != (sent[i] ? SLOT_SET : SLOT_MISSING)) return false;
        if (sent[i] && slot->value.exact != i + 7) return false;
    }
    return true;
}

static void members_are_counted_whatever_their_order(void)
{
    static struct maker form;
    struct buf text;
    struct plan shuffled;
    struct arena plan_room;
    arena_init(&plan_room, mem_heap(), 16 << 20);
    buf_init(&text, mem_heap(), 1 << 20);
    make_shuffled(&form);
    CHECK_STATUS(plan_make(&plan_room, &form.program, &shuffled), ST_OK);
    for (uint32_t round = 0; round < 2000; round++) {
        uint32_t order[SHUFFLED + 1], count = deal(round, order);
        uint32_t twice = put_dealt(&form, order, count, &text);
        arena_reset(&arena);
        enum status st = pass_run(&shuffled, NULL, &arena, buf_str(&text), &answers, &fault);
        CHECK(st == (twice ? ST_SYNTAX : ST_OK));
        CHECK(twice ? fault.offset == twice : reads_dealt(order, count));
    }
    buf_release(&text);
    plan_release(&shuffled);
    arena_release(&plan_room);
    maker_release(&form);
}

/* A body that is all rows and junk, so that every step asks for memory. */
static void every_allocation_may_fail(void)
{
    static const char text[] =
        "{\"text\":\"a\\n b\",\"choices\":[\"red\",\"blue\"],\"rows\":[{\"nested\":[{},{}]},{},{}],"
        "\"junk\":{\"a\":[{\"b\":1}]},\"k\\u0065y\":1}";
    for (size_t n = 1;; n++) {
        struct test_mem tm = TEST_MEM(.fail_at = n);
        struct arena small;
        arena_init(&small, &tm.mem, limit(JUDGE_ARENA_BYTES));
        enum status st = pass_run(&plan, NULL, &small, STR(text), &answers, &fault);
        CHECK(st == (tm.failed ? ST_NOMEM : ST_OK));
        arena_release(&small);
        CHECK(tm.held == 0);
        if (tm.failed) continue;
        CHECK(n > 1);
        return;
    }
}

static void an_arena_that_is_full_is_a_limit(void)
{
    struct arena small;
    arena_init(&small, mem_heap(), 400);
    CHECK_STATUS(pass_run(&plan, NULL, &small, STR("{\"rows\":[{},{},{}]}"), &answers, &fault),
                 ST_LIMIT);
    arena_release(&small);
}

int main(void)
{
    make_form();
    CHECK_STATUS(atlas_new(mem_heap(), &atlas), ST_OK);
    null_and_absent_are_missing_everywhere();
    texts_are_stripped_counted_and_decoded();
    lengths_come_before_patterns();
    contacts_are_checked();
    booleans_are_true_and_false_only();
    integers_have_no_fraction_and_a_range();
    decimals_are_read_from_their_digits();
    numbers_are_doubles();
    moments_are_what_rfc_3339_says();
    wall_times_are_instants_in_a_zone();
    choices_are_numbers_of_options();
    sets_are_bits_without_zero_bytes_at_the_end();
    what_is_sent_for_a_computed_field_is_ignored();
    members_nobody_asked_for_are_found();
    a_page_a_let_or_a_note_is_no_member();
    a_wrong_shape_is_a_type_error_of_its_place();
    rows_lie_in_document_order_and_know_their_parents();
    rows_past_the_most_are_counted_and_left_out();
    members_may_come_in_any_order_and_writing();
    the_plain_way_and_the_long_way_make_the_same_of_an_answer();
    what_is_no_json_is_told_with_its_place();
    answers_that_are_no_object_are_refused();
    a_name_twice_in_an_object_is_refused_wherever_it_stands();
    depth_has_a_limit();
    length_has_a_limit();
    an_object_of_many_members_is_no_different();
    members_are_counted_whatever_their_order();
    every_allocation_may_fail();
    an_arena_that_is_full_is_a_limit();
    plan_release(&plan);
    arena_release(&plan_arena);
    arena_release(&arena);
    maker_release(&m);
    atlas_free(atlas);
    return TEST_RESULT();
}
