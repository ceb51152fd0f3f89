#include "runtime/runtime.h"

#include "base/json_value.h"
#include "base/limits.h"
#include "tests/unit/maker.h"

static struct judge *judge;
static struct buf verdict;

static struct judging judging_of(struct maker *m, const char *answers)
{
    return (struct judging){.program = &m->program,
                            .answers = str_of(answers),
                            .now_ms = INT64_C(1768471200000), /* 2026-01-15T10:00:00Z */
                            .locale = STR("en"),
                            .steps_max = 1000};
}

typedef void write_fn(const struct judge *by, struct buf *out);

static void all_of_it(const struct judge *by, struct buf *out)
{
    verdict_write(by, 0, out);
}

/* What `write` makes of judging `answers`, NUL-terminated. */
static const char *written(struct maker *m, const char *answers, write_fn *write)
{
    struct judging judging = judging_of(m, answers);
    struct judge_outcome outcome;
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_JUDGED);
    buf_reset(&verdict);
    write(judge, &verdict);
    CHECK(!buf_failed(&verdict));
    buf_putc(&verdict, '\0');
    return verdict.ptr;
}

#define CHECK_WRITTEN(m, answers, write, want)                                                         \
    do {                                                                                               \
        const char *got_ = written(m, answers, write);                                                 \
        if (strcmp(got_, want) != 0) {                                                                 \
            fprintf(stderr, "%s:%d: %s\n   got  %s\n   want %s\n", __FILE__, __LINE__, answers, got_,  \
                    want);                                                                             \
            test_failures++;                                                                           \
        }                                                                                              \
    } while (0)

/* The next program may have this one's address, and worlds are known by it. */
static void forget(struct maker *m)
{
    judge_free(judge);
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    maker_release(m);
}

static void a_verdict_says_everything_in_one_order(void)
{
    static struct maker m;
    maker_open(&m);
    maker_field(&m, "name", TYPE_TEXT)->required = true;
    maker_field(&m, "spouse", TYPE_TEXT)->relevance_slot = 1;
    maker_chunk(&m, "return function(S) S[3] = S[1] == 'Ada' end", 0);
    strcpy(m.program.source_hash, "abc");
    maker_done(&m);
    CHECK_WRITTEN(
        &m, "{\"name\":\"Bob\"}", all_of_it,
        "{\"valid\":true,\"errors\":[],\"answers\":{\"name\":\"Bob\"},\"hidden\":[\"/spouse\"],"
        "\"form\":{\"name\":\"made\",\"hash\":\"abc\"},"
        "\"evaluated\":{\"now\":\"2026-01-15T10:00:00Z\",\"zone\":\"UTC\",\"locale\":\"en\"},\"steps\":"
        "1}");
    CHECK_WRITTEN(
        &m, "{}", all_of_it,
        "{\"valid\":false,\"errors\":[{\"pointer\":\"/"
        "name\",\"code\":\"required\",\"params\":{},\"message\":\"Enter name\"}],"
        "\"answers\":{},\"hidden\":[\"/spouse\"],\"form\":{\"name\":\"made\",\"hash\":\"abc\"},"
        "\"evaluated\":{\"now\":\"2026-01-15T10:00:00Z\",\"zone\":\"UTC\",\"locale\":\"en\"},\"steps\":"
        "1}");
    buf_reset(&verdict);
    verdict_write(judge, 12, &verdict);
    buf_putc(&verdict, '\0');
    CHECK(strstr(verdict.ptr, "\"hash\":\"abc\",\"version\":12}"));
    forget(&m);
}

/* Behind something that stood there before; judged as it was last. */
static bool both_are_one(void)
{
    struct buf both, alone, answers;
    struct str within;
    buf_init(&both, mem_heap(), limit(VERDICT_BYTES));
    buf_init(&alone, mem_heap(), limit(VERDICT_BYTES));
    buf_init(&answers, mem_heap(), limit(VERDICT_BYTES));
    buf_puts(&both, "[");
    buf_puts(&alone, "[");
    verdict_write_both(judge, 3, &both, &within);
    verdict_write(judge, 3, &alone);
    verdict_write_answers(judge, &answers);
    bool same = str_eq(buf_str(&both), buf_str(&alone)) && str_eq(within, buf_str(&answers)) &&
                within.ptr > both.ptr && within.ptr + within.len < both.ptr + both.len;
    buf_release(&both);
    buf_release(&alone);
    buf_release(&answers);
    return same;
}

static void the_answers_stand_in_the_verdict_as_they_stand_alone(void)
{
    static const char *const sent[] = {"{}", "{\"name\":\"Ada\"}", "{\"other\":1}",
                                       "{\"name\":\"{\\\"answers\\\":{}}\",\"spouse\":\"B\"}"};
    static struct maker m;
    maker_open(&m);
    maker_field(&m, "name", TYPE_TEXT)->required = true;
    maker_field(&m, "spouse", TYPE_TEXT);
    maker_done(&m);
    for (size_t i = 0; i < sizeof sent / sizeof *sent; i++) {
        written(&m, sent[i], all_of_it);
        CHECK(both_are_one());
    }
    struct buf small;
    struct str within;
    buf_init(&small, mem_heap(), 30);
    verdict_write_both(judge, 0, &small, &within);
    CHECK(small.failure == ST_LIMIT && within.len == 0);
    buf_release(&small);
    forget(&m);
}

static void answers_have_one_normal_form(void)
{
    static struct maker m;
    maker_open(&m);
    uint32_t list = maker_list(&m, "red", "green", "blue", NULL);
    maker_field(&m, "t", TYPE_TEXT);
    maker_field(&m, "i", TYPE_INTEGER);
    maker_field(&m, "d", TYPE_DECIMAL)->scale = 2;
    maker_field(&m, "z", TYPE_DECIMAL);
    maker_field(&m, "n", TYPE_NUMBER);
    maker_field(&m, "day", TYPE_DATE);
    maker_field(&m, "time", TYPE_TIME);
    maker_field(&m, "at", TYPE_DATETIME);
    maker_field(&m, "c", TYPE_CHOICE)->target = list;
    maker_field(&m, "cs", TYPE_CHOICES)->target = list;
    maker_done(&m);
    CHECK_WRITTEN(&m,
                  "{\"cs\":[\"blue\",\"red\"],\"c\":\" red "
                  "\",\"at\":\"2026-01-31t12:00:00.5-08:00\",\"time\":\"09:30\","
                  "\"day\":\"2026-01-31\",\"n\":1.50e1,\"z\":\"7\",\"d\":1e1,\"i\":5.0,\"t\":\" "
                  "a\\u0022\\u00e9\\/\\n\\u0001 b \"}",
                  verdict_write_answers,
                  "{\"t\":\"a\\\"é/\\n\\u0001 "
                  "b\",\"i\":5,\"d\":\"10.00\",\"z\":\"7\",\"n\":15,\"day\":\"2026-01-31\","
                  "\"time\":\"09:30:00\",\"at\":\"2026-01-31T12:00:00.500-08:00\",\"c\":\"red\",\"cs\":"
                  "[\"red\",\"blue\"]}");
    CHECK_WRITTEN(
        &m, "{\"at\":\"2026-01-31T12:00:00+00:00\",\"d\":-0.05,\"n\":1e300,\"t\":null,\"i\":\"x\"}",
        verdict_write_answers, "{\"d\":\"-0.05\",\"n\":1e+300,\"at\":\"2026-01-31T12:00:00Z\"}");
    forget(&m);
}

static void the_normal_form_is_its_own_normal_form(void)
{
    static struct maker m;
    char first[512];
    maker_open(&m);
    maker_field(&m, "d", TYPE_DECIMAL)->scale = 2;
    maker_field(&m, "at", TYPE_DATETIME);
    maker_repeat(&m, "r", 0, 9);
    maker_field(&m, "n", TYPE_NUMBER);
    maker_done(&m);
    snprintf(first, sizeof first, "%s",
             written(&m, "{\"r\":[{},{\"n\":0.10}],\"d\":1,\"at\":\"2026-01-31T12:00:00+01:00\"}",
                     verdict_write_answers));
    CHECK(strcmp(first,
                 "{\"d\":\"1.00\",\"at\":\"2026-01-31T12:00:00+01:00\",\"r\":[{},{\"n\":0.1}]}") == 0);
    CHECK_WRITTEN(&m, first, verdict_write_answers, first);
    forget(&m);
}

static void groups_without_answers_are_left_out_and_arrays_that_were_sent_are_not(void)
{
    static struct maker m;
    maker_open(&m);
    maker_field(&m, "a", TYPE_TEXT);
    maker_group(&m, "g");
    maker_group(&m, "h");
    maker_field(&m, "b", TYPE_TEXT);
    maker_close(&m);
    maker_repeat(&m, "r", 0, 2);
    maker_field(&m, "c", TYPE_TEXT);
    maker_close(&m);
    maker_close(&m);
    maker_page(&m, "page");
    maker_field(&m, "d", TYPE_TEXT);
    maker_done(&m);
    CHECK_WRITTEN(&m, "{\"g\":{\"h\":{}}}", verdict_write_answers, "{}");
    CHECK_WRITTEN(&m, "{\"a\":\"1\",\"g\":{\"h\":{\"b\":null}},\"d\":\"4\"}", verdict_write_answers,
                  "{\"a\":\"1\",\"d\":\"4\"}");
    CHECK_WRITTEN(&m, "{\"g\":{\"h\":{\"b\":\"2\"}},\"d\":\"4\"}", verdict_write_answers,
                  "{\"g\":{\"h\":{\"b\":\"2\"}},\"d\":\"4\"}");
    CHECK_WRITTEN(&m, "{\"g\":{\"r\":[]}}", verdict_write_answers, "{\"g\":{\"r\":[]}}");
    CHECK_WRITTEN(&m, "{\"g\":{\"r\":[{\"c\":\"3\"},{}]},\"d\":\"4\"}", verdict_write_answers,
                  "{\"g\":{\"r\":[{\"c\":\"3\"},{}]},\"d\":\"4\"}");
    forget(&m);
}

static void make_hiding(struct maker *m)
{
    maker_open(m);
    maker_field(m, "all", TYPE_BOOLEAN);       /* S[1] */
    maker_page(m, "page")->relevance_slot = 1; /* S[2] */
    maker_field(m, "a", TYPE_TEXT);            /* S[3] */
    maker_group(m, "g");
    maker_field(m, "b/~", TYPE_TEXT); /* S[4] */
    maker_close(m);
    maker_repeat(m, "r", 0, 9);                            /* rows S[10] */
    maker_field(m, "c", TYPE_INTEGER)->relevance_slot = 0; /* S[7] */
    maker_field(m, "d", TYPE_TEXT)->relevance_slot = 1;    /* S[8], relevant S[9] */
    maker_close(m);
    maker_node(m, NODE_NOTE, "warn")->relevance_slot = 1; /* S[5] */
    maker_let(m, "l", TYPE_TEXT);                         /* S[6] */
    maker_close(m);
    maker_chunk(m,
                "return function(S) local all = S[1] == true S[2] = all S[5] = false\n"
                "for i = 1, S[10] do S[9][i] = all and S[7][i] == 1 end end",
                0);
    maker_done(m);
}

static void hidden_names_the_topmost_of_what_is_not_relevant(void)
{
    static struct maker m;
    make_hiding(&m);
    struct json_value value, *hidden = &value;
    struct json_error error;
    struct arena arena;
    arena_init(&arena, mem_heap(), 1 << 20);
    const char *text = written(&m, "{\"all\":false,\"r\":[{},{}],\"g\":{\"b/~\":\"x\"}}", all_of_it);
    CHECK(strstr(text, "\"hidden\":[\"/a\",\"/g\",\"/r\",\"/warn\"]") &&
          strstr(text, "\"answers\":{\"all\":false}"));
    text = written(&m, "{\"all\":true,\"r\":[{\"c\":1,\"d\":\"x\"},{\"d\":\"y\"}],\"g\":{\"b/~\":5}}",
                   all_of_it);
    CHECK(strstr(text, "\"hidden\":[\"/r/1/d\",\"/warn\"]") &&
          strstr(text, "\"answers\":{\"all\":true,\"r\":[{\"c\":1,\"d\":\"x\"},{}]}"));
    CHECK(strstr(text, "\"pointer\":\"/g/b~1~0\""));
    CHECK_STATUS(json_read(&arena, str_of(text), 32, hidden, &error), ST_OK);
    arena_release(&arena);
    forget(&m);
}

/* A label, as the form's author would write it. */
static struct program_node *labelled(struct maker *m, const char *name, enum program_type type,
                                     const char *label)
{
    struct program_node *node = maker_field(m, name, type);
    node->label = maker_message(m, label);
    return node;
}

static void make_worded(struct maker *m)
{
    maker_open(m);
    uint32_t list = maker_list(m, "red", "green", NULL);
    struct program_node *node = labelled(m, "text", TYPE_TEXT, "Full name");
    node->required = true, maker_bounds(node)->length_min = 2, maker_bounds(node)->length_max = 4,
    node->target = maker_pattern(m, "[a-z]+", NULL);
    node = labelled(m, "vat", TYPE_TEXT, "VAT number:");
    node->required = true, maker_bounds(node)->length_min = 1, maker_bounds(node)->length_max = 1;
    labelled(m, "what", TYPE_TEXT, "What is it about?")->required = true;
    labelled(m, "colour", TYPE_CHOICE, "Colour")->required = true, m->nodes[4].target = list;
    node = labelled(m, "colours", TYPE_CHOICES, "Colours");
    node->target = list, maker_bounds(node)->length_min = 2, maker_bounds(node)->length_max = 2;
    labelled(m, "agree", TYPE_BOOLEAN, "I agree")->required = true;
    node = labelled(m, "age", TYPE_INTEGER, "Your age");
    node->has_min = node->has_max = true, maker_bounds(node)->min = 18, maker_bounds(node)->max = 99;
    node = labelled(m, "pay", TYPE_DECIMAL, "Your pay");
    node->scale = 2, node->has_min = true, maker_bounds(node)->min = 1050;
    node = labelled(m, "share", TYPE_NUMBER, "Share");
    node->has_max = true, maker_bounds(node)->number_max = 0.5;
    node = labelled(m, "born", TYPE_DATE, "Date of birth");
    node->has_min = node->has_max = true, maker_bounds(node)->min = 0, maker_bounds(node)->max = 11016;
    labelled(m, "mail", TYPE_TEXT, "E-mail")->format = FORMAT_EMAIL;
    labelled(m, "site", TYPE_TEXT, "Site")->format = FORMAT_URL;
    labelled(m, "tel", TYPE_TEXT, "Phone")->format = FORMAT_PHONE;
    labelled(m, "hour", TYPE_TIME, "Hour");
    labelled(m, "moment", TYPE_DATETIME, "Moment");
    maker_field(m, "no_label", TYPE_DECIMAL)->scale = 1;
    maker_group(m, "group")->label = maker_message(m, "The group");
    maker_close(m);
    maker_repeat(m, "rows", 1, 2)->label = maker_message(m, "Rows");
    maker_close(m);
    maker_done(m);
}

/* The message, and the params, of the one error at `field` when `value` is sent for it. */
static void check_message(struct maker *m, const char *field, const char *value,
                          const char *want_params, const char *want)
{
    char body[256], needle[64];
    snprintf(body, sizeof body, "{\"%s\":%s}", field, value);
    const char *text = written(m, body, verdict_write_errors);
    snprintf(needle, sizeof needle, "{\"pointer\":\"/%s\"", field);
    const char *error = strstr(text, needle);
    char whole[512];
    snprintf(whole, sizeof whole, "\"params\":{%s},\"message\":\"%s\"}", want_params, want);
    if (error && strncmp(strstr(error, "\"params\""), whole, strlen(whole)) == 0) return;
    fprintf(stderr, "%s:%d: %s\n   got  %s\n   want %s\n", __FILE__, __LINE__, body,
            error ? error : "nothing", whole);
    test_failures++;
}

static void our_own_words_tell_what_to_do(void)
{
    static struct maker m;
    make_worded(&m);
    check_message(&m, "text", "null", "", "Enter full name");
    check_message(&m, "vat", "null", "", "Enter VAT number");
    check_message(&m, "what", "null", "", "Enter an answer to “What is it about?”");
    check_message(&m, "colour", "null", "", "Select colour");
    check_message(&m, "agree", "null", "", "Select I agree");
    check_message(&m, "text", "5", "", "Full name must be text");
    check_message(&m, "what", "5", "", "The answer to “What is it about?” must be text");
    check_message(&m, "text", "\"a\"", "\"length_min\":2", "Full name must be 2 characters or more");
    check_message(&m, "text", "\"abcde\"", "\"length_max\":4",
                  "Full name must be 4 characters or fewer");
    check_message(&m, "vat", "\"ab\"", "\"length_max\":1", "VAT number must be 1 character");
    check_message(&m, "text", "\"ABC\"", "", "Enter full name in the correct format");
    check_message(&m, "colour", "\"x\"", "", "Select colour from the list");
    check_message(&m, "colour", "1", "", "Select colour from the list");
    check_message(&m, "colours", "[\"red\",\"red\"]", "", "Select each option of colours only once");
    check_message(&m, "colours", "[\"red\"]", "\"length_min\":2",
                  "Select at least 2 of the options of colours");
    check_message(&m, "agree", "1", "", "Select yes or no for I agree");
    check_message(&m, "age", "\"x\"", "", "Your age must be a whole number");
    check_message(&m, "age", "17", "\"min\":18", "Your age must be 18 or more");
    check_message(&m, "age", "100", "\"max\":99", "Your age must be 99 or less");
    check_message(&m, "age", "1e20", "", "Your age must be a number nearer to 0");
    check_message(&m, "pay", "10.495", "\"scale\":2",
                  "Your pay must have no more than 2 digits after the decimal point");
    check_message(&m, "pay", "10.49", "\"min\":\"10.50\"", "Your pay must be 10.50 or more");
    check_message(&m, "pay", "\"x\"", "", "Your pay must be a number");
    check_message(&m, "share", "1", "\"max\":0.5", "Share must be 0.5 or less");
    check_message(&m, "born", "\"1969-12-31\"", "\"min\":\"1970-01-01\"",
                  "Date of birth must be January 1, 1970 or later");
    check_message(&m, "born", "\"2000-03-01\"", "\"max\":\"2000-02-29\"",
                  "Date of birth must be February 29, 2000 or earlier");
    check_message(&m, "born", "\"yesterday\"", "",
                  "Date of birth must be a real date, like 2026-01-31");
    check_message(&m, "born", "7", "", "Date of birth must be written as text, like 2026-01-31");
    check_message(&m, "mail", "\"x\"", "",
                  "Enter an email address in the correct format, like name@example.com");
    check_message(&m, "site", "\"x\"", "",
                  "Enter a web address in the correct format, like https://www.example.com");
    check_message(&m, "tel", "\"x\"", "",
                  "Enter a phone number, like 01632 960 001 or +44 808 157 0192");
    check_message(&m, "hour", "\"x\"", "", "Hour must be a real time, like 14:30");
    check_message(&m, "hour", "1", "", "Hour must be written as text, like 14:30");
    check_message(&m, "moment", "\"x\"", "",
                  "Moment must be a real date and time with its offset, like 2026-01-31T14:30:00Z");
    check_message(&m, "no_label", "1.23", "\"scale\":1",
                  "No label must have no more than 1 digit after the decimal point");
    check_message(&m, "group", "1", "", "The group must be a group of answers");
    check_message(&m, "rows", "1", "", "Rows must be a list");
    check_message(&m, "rows", "[]", "\"rows_min\":1", "Add at least 1 of rows");
    check_message(&m, "rows", "[{},{},{}]", "\"rows_max\":2", "Enter no more than 2 of rows");
    check_message(&m, "else", "1", "", "Remove this answer: the form does not ask for it");
    forget(&m);
}

static void a_row_that_is_none_is_told_at_the_row(void)
{
    static struct maker m;
    make_worded(&m);
    const char *text = written(&m, "{\"rows\":[5]}", verdict_write_errors);
    CHECK(strstr(text, "{\"pointer\":\"/rows/0\",\"code\":\"type\",\"params\":{},\"message\":\"Each "
                       "entry of rows must be a group of answers\"}"));
    forget(&m);
}

static void the_forms_own_words_come_first_with_values_in_them(void)
{
    static struct maker m;
    maker_open(&m);
    uint32_t list = maker_list(&m, "red", "green", NULL);
    struct program_node *node = maker_field(&m, "name", TYPE_TEXT);
    node->required = true, maker_rare(node)->required_message = maker_message(&m, "Who are you?"),
    maker_bounds(node)->length_max = 9;
    maker_rare(node)->length_message =
        maker_message(&m, "{1} is too long for {2}."); /* a broken answer has no value */
    node = maker_field(&m, "colour", TYPE_CHOICE);
    node->target = list;
    node = maker_field(&m, "low", TYPE_DECIMAL);
    node->scale = 2;
    node = maker_field(&m, "high", TYPE_DECIMAL);
    node->scale = 2, maker_rare(node)->max_message = maker_message(&m, "Not above {3}, please.");
    maker_repeat(&m, "rows", 0, 9);
    maker_field(&m, "n", TYPE_NUMBER);
    maker_close(&m);
    maker_check(&m, 6, 1, "odd", "{6} of {2} at {1}");
    maker_check(&m, 1, 0, "", "{7}{8}");
    maker_let(&m, "sum", TYPE_INTEGER)->text_reads = true;
    maker_let(&m, "none", TYPE_INTEGER)->text_reads = true;
    maker_chunk(&m,
                "local fail, breach = ... return function(S)\n"
                "if S[3] and S[4] and S[4] > S[3] then breach(4, 0, 1, S[3]) end\n"
                "for i = 1, S[8] do if S[7][i] and S[7][i] > 1.0 then fail(0, i) end end\n"
                "S[5] = 41 if S[1] == 'Eve' then fail(1, 0) end end",
                2, HELPER_FAIL, HELPER_BREACH);
    maker_done(&m);
    const char *text = written(
        &m,
        "{\"name\":\"Ada "
        "\\\"Q\\\"\",\"colour\":\"green\",\"low\":1,\"high\":2,\"rows\":[{\"n\":1},{\"n\":1.5}]}",
        verdict_write_errors);
    CHECK(strstr(text, "\"message\":\"Not above 1.00, please.\""));
    CHECK(strstr(text, "{\"pointer\":\"/rows/1/n\",\"code\":\"check\",\"params\":{\"name\":\"odd\"}"));
    CHECK(strstr(text, "\"message\":\"1.5 of Lgreen at Ada \\\"Q\\\""));
    CHECK(strstr(written(&m, "{}", verdict_write_errors), "\"message\":\"Who are you?\""));
    CHECK(strstr(written(&m, "{\"name\":\"Eve\"}", verdict_write_errors),
                 "\"params\":{},\"message\":\"41\""));
    CHECK(strstr(written(&m, "{\"name\":\"much too long\"}", verdict_write_errors),
                 "\"message\":\" is too long for .\""));
    forget(&m);
}

static void messages_have_a_limit(void)
{
    static struct maker m;
    static char body[1 << 14];
    maker_open(&m);
    maker_field(&m, "t", TYPE_TEXT);
    maker_check(&m, 1, 0, "", "{1}");
    maker_chunk(&m, "local fail = ... return function(S) fail(0, 0) end", 1, HELPER_FAIL);
    maker_done(&m);
    for (int more = 0; more < 2; more++) {
        size_t len = (size_t)snprintf(body, sizeof body, "{\"t\":\"");
        size_t chars = (size_t)limit(MESSAGE_BYTES) / 2;
        for (size_t i = 0; i < chars; i++) len += (size_t)snprintf(body + len, sizeof body - len, "é");
        snprintf(body + len, sizeof body - len, "%s\"}", more ? "x" : "");
        const char *text = written(&m, body, verdict_write_errors);
        const char *message = strstr(text, "\"message\":\"") + 11;
        size_t bytes = (size_t)(strchr(message, '"') - message);
        CHECK(bytes <= (size_t)limit(MESSAGE_BYTES) && bytes >= (size_t)limit(MESSAGE_BYTES) - 4);
        CHECK((strstr(message, "…") != NULL) == (more == 1));
    }
    forget(&m);
}

static void texts_with_values_are_filled_in_where_they_are_relevant(void)
{
    static struct maker m;
    maker_open(&m);
    m.program.title = maker_message(&m, "For {1}");
    maker_field(&m, "name", TYPE_TEXT)->label = maker_message(&m, "Name");
    maker_page(&m, "page")->label = maker_message(&m, "Page of {1}");
    maker_repeat(&m, "rows", 0, 9)->label = maker_message(&m, "{1}'s rows");
    maker_rare(maker_field(&m, "a", TYPE_INTEGER))->hint = maker_message(&m, "of {1}");
    struct program_node *b = maker_field(&m, "b", TYPE_TEXT);
    b->label = maker_message(&m, "after {4}"), maker_rare(b)->placeholder = maker_message(&m, "{4}!"),
    b->relevance_slot = 1;
    maker_close(&m);
    maker_chunk(&m, "return function(S) for i = 1, S[5] do S[4][i] = S[2][i] ~= nil end end", 0);
    maker_done(&m);
    CHECK_WRITTEN(&m, "{\"name\":\"Zoë\",\"rows\":[{\"a\":1},{}]}", verdict_write_texts,
                  "{\"\":{\"label\":\"For Zoë\"},\"/page\":{\"label\":\"Page of "
                  "Zoë\"},\"/rows\":{\"label\":\"Zoë's rows\"},"
                  "\"/rows/0/a\":{\"hint\":\"of Zoë\"},\"/rows/0/b\":{\"label\":\"after "
                  "1\",\"placeholder\":\"1!\"},"
                  "\"/rows/1/a\":{\"hint\":\"of Zoë\"}}");
    CHECK_WRITTEN(&m, "{}", verdict_write_texts,
                  "{\"\":{\"label\":\"For \"},\"/page\":{\"label\":\"Page of "
                  "\"},\"/rows\":{\"label\":\"'s rows\"}}");
    forget(&m);
}

static void a_buffer_too_small_fails_and_says_so(void)
{
    static struct maker m;
    struct judge_outcome outcome;
    struct buf small;
    maker_open(&m);
    maker_field(&m, "t", TYPE_TEXT)->required = true;
    maker_group(&m, "g");
    maker_field(&m, "u", TYPE_TEXT);
    maker_done(&m);
    struct judging judging = judging_of(&m, "{\"g\":{\"u\":\"x\"}}");
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    for (size_t most = 1; most < 300; most++) {
        buf_init(&small, mem_heap(), most);
        verdict_write(judge, 0, &small);
        CHECK(small.len <= most && (small.failure == ST_OK || small.failure == ST_LIMIT));
        buf_release(&small);
    }
    forget(&m);
}

int main(void)
{
    buf_init(&verdict, mem_heap(), limit(VERDICT_BYTES));
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    a_verdict_says_everything_in_one_order();
    the_answers_stand_in_the_verdict_as_they_stand_alone();
    answers_have_one_normal_form();
    the_normal_form_is_its_own_normal_form();
    groups_without_answers_are_left_out_and_arrays_that_were_sent_are_not();
    hidden_names_the_topmost_of_what_is_not_relevant();
    our_own_words_tell_what_to_do();
    a_row_that_is_none_is_told_at_the_row();
    the_forms_own_words_come_first_with_values_in_them();
    messages_have_a_limit();
    texts_with_values_are_filled_in_where_they_are_relevant();
    a_buffer_too_small_fails_and_says_so();
    judge_free(judge);
    buf_release(&verdict);
    return TEST_RESULT();
}
