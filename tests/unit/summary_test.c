/* Summaries: counts are those of what is stored, whatever came in, in which order, and was erased; in
 * blocks that stay few, within every cap. */
#include "engine_fixture.h"

#include "engine/inside.h"

enum { DAY_MS = 86400000, FIRST_DAY = 20000, MODEL_MAX = 4000 };

static struct bench bench;
static unsigned keys;

static uint32_t state = 7;
static uint32_t rnd(uint32_t below)
{
    state = state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)state * below >> 32);
}

static void set_caps(struct summary_caps caps)
{
    summaries_release(&bench.engine->summaries);
    summaries_init(&bench.engine->summaries, mem_heap(), &caps);
}

static struct str add_answers(const char *form, uint32_t version, int64_t received_ms,
                              const char *answers)
{
    struct write write = {.kind = WRITE_SUBMISSION_ADD,
                          .tenant = STR("acme"),
                          .submission_add = {.form = str_of(form),
                                             .version = version,
                                             .key = arena_printf(&bench.arena, "key-%u", ++keys),
                                             .answers = str_of(answers),
                                             .received_ms = received_ms,
                                             .now = STR("2026-01-15T10:00:00Z"),
                                             .zone = STR("UTC"),
                                             .locale = STR("en")}};
    CHECK_STATUS(call_write(&bench.call, &write), ST_OK);
    return write.submission_add.ret_submission.id;
}

static void erase(const char *form, struct str id)
{
    CHECK_STATUS(engine_submission_erase(&bench.call, STR("acme"), str_of(form), id), ST_OK);
}

static struct stats ask(const char *form)
{
    struct stats stats = {0};
    struct stats_query query = {.tenant = STR("acme"), .form = str_of(form), .sensitive = true};
    CHECK_STATUS(engine_stats(&bench.call, &query, &stats), ST_OK);
    return stats;
}

static const struct stats_field *field(const struct stats *stats, const char *path)
{
    for (uint32_t i = 0; i < stats->field_count; i++)
        if (str_eq(stats->fields[i].path, str_of(path))) return &stats->fields[i];
    return NULL;
}

static bool sums_to(const struct stats *stats, const char *path, const char *sum, const char *least,
                    const char *most)
{
    const struct stats_field *found = field(stats, path);
    return found && str_eq(found->sum, str_of(sum)) && str_eq(found->least, str_of(least)) &&
           str_eq(found->most, str_of(most));
}

/* ---- a model */

static struct {
    struct str id;
    uint32_t version, day;
    int64_t n;
} model[MODEL_MAX];
static uint32_t model_count;

static void add_random(void)
{
    uint32_t i = model_count++, day = FIRST_DAY + rnd(3) + i / 40;
    model[i].version = 1 + rnd(2);
    model[i].day = day;
    model[i].n = (int64_t)rnd(2000) - 1000;
    struct str text = arena_printf(&bench.arena, "{\"n\":%lld}", (long long)model[i].n);
    model[i].id = add_answers("walk", model[i].version, (int64_t)day * DAY_MS + rnd(DAY_MS), text.ptr);
}

static void erase_random(void)
{
    if (!model_count) return;
    uint32_t i = rnd(3) ? rnd(model_count) : model_count - 1;
    erase("walk", model[i].id);
    model[i] = model[--model_count];
}

static void check_days(const struct stats *stats)
{
    uint64_t all = 0;
    for (uint32_t i = 0; i < stats->day_count; i++) {
        uint64_t counted = 0;
        for (uint32_t j = 0; j < model_count; j++)
            counted += (int32_t)model[j].day == stats->days[i].day &&
                       model[j].version == stats->days[i].version;
        CHECK(counted == stats->days[i].submissions && counted > 0);
        all += counted;
    }
    CHECK(all == model_count);
}

static void check_against_model(void)
{
    struct stats stats;
    uint32_t requests = 0;
    do stats = ask("walk");
    while (stats.behind && ++requests < 1000);
    int64_t sum = 0, least = 1000, most = -1001;
    for (uint32_t i = 0; i < model_count; i++) {
        sum += model[i].n;
        if (model[i].n < least) least = model[i].n;
        if (model[i].n > most) most = model[i].n;
    }
    CHECK(stats.behind == 0 && stats.submissions == model_count);
    check_days(&stats);
    const struct stats_field *n = field(&stats, "n");
    CHECK(!model_count || (n && n->answered == model_count && n->of == model_count));
    if (!model_count || !n) return;
    char text[3][32];
    snprintf(text[0], sizeof text[0], "%lld", (long long)sum);
    snprintf(text[1], sizeof text[1], "%lld", (long long)least);
    snprintf(text[2], sizeof text[2], "%lld", (long long)most);
    CHECK(sums_to(&stats, "n", text[0], text[1], text[2]));
}

/* Blocks of three, at most four of them, seven submissions a request: everything happens all the time.
 */
static void counts_follow_what_is_stored_and_erased(void)
{
    set_caps((struct summary_caps){.rows = 7, .block_rows = 3, .blocks = 4});
    bench_publish(&bench, "walk", "edition 2027 form walk \"W\" { n: integer }");
    bench_publish(&bench, "walk", "edition 2027 form walk \"W\" { n: integer more: text }");
    for (int round = 0; round < 60; round++) {
        for (uint32_t more = rnd(9); more > 0; more--) add_random();
        for (uint32_t gone = rnd(4); gone > 0 && rnd(2); gone--) erase_random();
        if (rnd(3)) (void)ask("walk"); /* perhaps in the middle of counting */
        if (rnd(2)) check_against_model();
        if (rnd(10) == 0) summaries_forget(&bench.engine->summaries, STR("acme"));
    }
    while (model_count) erase_random();
    check_against_model();
}

static void *ask_often(void *unused)
{
    struct arena arena;
    arena_init(&arena, mem_heap(), 64 << 20);
    for (int i = 0; i < 40; i++) {
        struct call call;
        struct stats stats = {0};
        struct stats_query query = {.tenant = STR("acme"), .form = STR("walk")};
        arena_reset(&arena);
        call_init(&call, bench.engine, &arena, STR("tok_other"));
        CHECK_STATUS(engine_stats(&call, &query, &stats), ST_OK);
        if (i % 10 == 0) summaries_forget(&bench.engine->summaries, STR("acme"));
    }
    arena_release(&arena);
    return unused;
}

static void several_may_ask_while_others_submit_and_erase(void)
{
    pthread_t threads[4];
    set_caps((struct summary_caps){.rows = 50, .block_rows = 3, .blocks = 4, .bytes = 1});
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++)
        if (pthread_create(&threads[i], NULL, ask_often, NULL)) exit(EXIT_FAILURE);
    for (int i = 0; i < 150; i++) {
        add_random();
        if (rnd(3) == 0) erase_random();
    }
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) pthread_join(threads[i], NULL);
    check_against_model();
}

/* ---- the caps */

static void a_request_counts_so_many_submissions_and_leaves_the_rest(void)
{
    enum { ROWS_MAX = 200 }; /* a page of them */
    bench_publish(&bench, "many", "edition 2027 form many \"M\" { n: integer }");
    for (int i = 0; i < 2 * ROWS_MAX; i++) add_answers("many", 1, i, "{\"n\":1}");
    set_caps((struct summary_caps){.rows = ROWS_MAX});
    struct stats stats = ask("many");
    CHECK(stats.submissions == ROWS_MAX && stats.behind == ROWS_MAX);
    stats = ask("many");
    CHECK(stats.submissions == 2 * ROWS_MAX && stats.behind == 0);
    set_caps((struct summary_caps){.rows = 2 * ROWS_MAX});
    CHECK(ask("many").behind == 0);
}

static void blocks_are_no_more_than_the_cap(void)
{
    enum { BLOCKS_MAX = 8, BLOCK_ROWS = 10 };
    for (int over = 0; over <= 1; over++) {
        set_caps((struct summary_caps){.blocks = 400 / BLOCK_ROWS - (unsigned)over,
                                       .block_rows = BLOCK_ROWS});
        (void)ask("many");
        struct summary *summary = summaries_take(&bench.engine->summaries, STR("acme"), STR("many"));
        CHECK(summary->block_count == (over ? 400 / BLOCK_ROWS / 2 : 400 / BLOCK_ROWS));
        CHECK(summary->block_rows == (over ? 2 * BLOCK_ROWS : BLOCK_ROWS));
        summaries_give(&bench.engine->summaries, summary);
    }
    set_caps((struct summary_caps){.blocks = BLOCKS_MAX, .block_rows = 1});
    CHECK(ask("many").submissions == 400);
    struct summary *summary = summaries_take(&bench.engine->summaries, STR("acme"), STR("many"));
    CHECK(summary->block_count <= BLOCKS_MAX);
    summaries_give(&bench.engine->summaries, summary);
}

static void counts_of_a_form_take_no_more_than_their_bytes(void)
{
    set_caps((struct summary_caps){.blocks = 400, .block_rows = 10, .form_bytes = 4096});
    CHECK(ask("many").submissions == 400);
    struct summary *summary = summaries_take(&bench.engine->summaries, STR("acme"), STR("many"));
    CHECK(summary->block_count < 40 && summary->bytes < 2 * 4096);
    summaries_give(&bench.engine->summaries, summary);
}

static void who_was_not_asked_for_lately_is_counted_anew(void)
{
    enum { LEAST = 64 << 10 };
    bench_publish(&bench, "few", "edition 2027 form few \"F\" { n: integer }");
    add_answers("few", 1, 5, "{\"n\":2}");
    struct summaries *all = &bench.engine->summaries;
    set_caps((struct summary_caps){.bytes = 2 * LEAST});
    (void)ask("many");
    (void)ask("few");
    CHECK(all->bytes == 2 * LEAST && all->newest->older == all->oldest);
    set_caps((struct summary_caps){.bytes = 2 * LEAST - 1});
    (void)ask("many");
    (void)ask("few");
    CHECK(all->newest == all->oldest && str_eq(str_of(all->newest->form), STR("few")));
    CHECK(ask("many").submissions == 400);
}

static void options_past_the_cap_are_counted_together(void)
{
    static const char source[] =
        "edition 2027 form pick \"P\" { choices l { a \"A\" b \"B\" c \"C\" d \"D\" }"
        " one: choice(l) several: choices(l) }";
    bench_publish(&bench, "pick", source);
    add_answers("pick", 1, 1, "{\"one\":\"a\",\"several\":[\"a\",\"c\",\"d\"]}");
    add_answers("pick", 1, 2, "{\"one\":\"d\"}");
    for (uint32_t options_max = 3; options_max <= 4; options_max++) {
        set_caps((struct summary_caps){.options = options_max});
        struct stats stats = ask("pick");
        const struct stats_field *one = field(&stats, "one"), *several = field(&stats, "several");
        CHECK(one->option_count == options_max && one->rest == (options_max == 3 ? 1 : 0));
        CHECK(several->rest == (options_max == 3 ? 1 : 0) && several->options[2].count == 1);
        CHECK(str_eq(one->options[0].label, STR("A")) && one->options[0].count == 1 &&
              one->answered == 2);
    }
}

/* Each of the three takes one counter, and an option more. */
static void fields_past_the_counters_are_told_and_not_counted(void)
{
    bench_publish(&bench, "wide", "edition 2027 form wide \"W\" { a: text b: boolean c: text }");
    add_answers("wide", 1, 1, "{\"a\":\"x\",\"b\":true,\"c\":\"y\"}");
    for (uint32_t counters_max = 6; counters_max <= 7; counters_max++) {
        set_caps((struct summary_caps){.counters = counters_max});
        struct stats stats = ask("wide");
        CHECK(field(&stats, "a")->counted && field(&stats, "b")->counted);
        CHECK(field(&stats, "c")->counted == (counters_max == 7));
        CHECK(field(&stats, "b")->options[1].count == 1);
    }
}

static void answers_to_the_newest_versions_are_counted(void)
{
    for (uint32_t i = 1; i <= 3; i++) {
        struct str source =
            arena_printf(&bench.arena, "edition 2027 form old \"O%u\" { n: integer }", i);
        bench_publish(&bench, "old", source.ptr);
        add_answers("old", i, i, "{\"n\":10}");
    }
    for (uint32_t versions_max = 2; versions_max <= 3; versions_max++) {
        set_caps((struct summary_caps){.versions = versions_max});
        struct stats stats = ask("old");
        CHECK(stats.submissions == 3 && stats.version_count == 3);
        CHECK(stats.versions[0].fields == (versions_max == 3) && stats.versions[1].fields);
        CHECK(field(&stats, "n")->answered == versions_max);
    }
}

/* Whoever counts two versions while both are new, and asks when one is not, is told of one. */
static void a_version_grows_old_while_it_is_counted(void)
{
    set_caps((struct summary_caps){.versions = 2, .block_rows = 1, .blocks = 2});
    struct stats stats = ask("old");
    CHECK(field(&stats, "n")->answered == 2);
    bench_publish(&bench, "old", "edition 2027 form old \"O4\" { n: integer }");
    for (int i = 0; i < 4; i++) add_answers("old", 4, 10 + i, "{\"n\":1}");
    stats = ask("old");
    CHECK(stats.submissions == 7 && field(&stats, "n")->answered == 5);
    CHECK(sums_to(&stats, "n", "14", "1", "10"));
}

static void days_past_the_cap_become_one_number(void)
{
    bench_publish(&bench, "days", "edition 2027 form days \"D\" { n: integer }");
    const int order[] = {3, 1, 4, 1, 5, 2};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        add_answers("days", 1, (int64_t)order[i] * DAY_MS, "{}");
    for (uint32_t days_max = 3; days_max <= 5; days_max += 2) {
        for (uint32_t block_rows = 1; block_rows <= 8; block_rows += 7) {
            set_caps((struct summary_caps){.days = days_max, .block_rows = block_rows});
            struct stats stats = ask("days");
            CHECK(stats.day_count == days_max && stats.earlier == (days_max == 3 ? 3 : 0));
            CHECK(stats.days[0].day == (days_max == 3 ? 3 : 1) && stats.days[days_max - 1].day == 5);
        }
    }
}

/* ---- the rest */

static void sums_are_exact_far_past_what_a_double_holds(void)
{
    bench_publish(&bench, "sums", "edition 2027 form sums \"S\" { d: decimal(2) m: money(JPY) }");
    for (int i = 0; i < 2000; i++)
        add_answers("sums", 1, i, "{\"d\":\"90071992547409.91\",\"m\":\"-9007199254740991\"}");
    set_caps((struct summary_caps){0});
    struct stats stats = ask("sums");
    CHECK(sums_to(&stats, "d", "180143985094819820.00", "90071992547409.91", "90071992547409.91"));
    CHECK(sums_to(&stats, "m", "-18014398509481982000", "-9007199254740991", "-9007199254740991"));
}

/* Only somebody who has the file can do that. */
static void answers_that_are_damaged_are_told(void)
{
    bench_publish(&bench, "torn", "edition 2027 form torn \"T\" { n: integer t: text }");
    const char *const torn[] = {"{\"n\":1",
                                "[]",
                                "{\"n\":1,\"t\":\"x}",
                                "{\"n\":{\"a\":[1]},\"u\":[[]]}",
                                "{\"n\":null}",
                                "{\"n\":\"no\"}",
                                "{\"n\":2}x",
                                "{\"t\":\"\\u0041\",\"\\u006e\":3}"};
    for (size_t i = 0; i < sizeof torn / sizeof *torn; i++) add_answers("torn", 1, (int64_t)i, torn[i]);
    struct stats stats = ask("torn");
    CHECK(stats.submissions == 8 && stats.unread == 3);
    CHECK(sums_to(&stats, "n", "6", "1", "3"));
    CHECK(field(&stats, "t")->answered == 2);
}

/* Each in a place of its own, so that one that is torn does not hide the next. */
static void every_kind_of_answer_may_be_damaged(void)
{
    static const struct {
        const char *answers;
        bool unread;
    } torn[] = {
        {"{\"one\":{\"other\":\"x\"},\"many\":[\"a\",{\"other\":\"y\"}],\"order\":[\"b\",\"a\"]}",
         false},
        {"{\"one\":[1],\"many\":\"a\",\"order\":{},\"rows\":\"no\",\"g\":{\"yes\":true}}", false},
        {"{\"many\":[],\"order\":[],\"rows\":[]}", false},
        {"{\"rows\":[{\"n\":1},{\"n\":2},7]}", false},
        {"{\"u\":}", false}, /* nothing is no answer */
        {"{\"one\":\"a", true},
        {"{\"many\":[\"a", true},
        {"{\"many\":[\"a\"", true},
        {"{\"rows\":[{\"n\"", true},
        {"{\"rows\":[{}", true},
        {"{one:1}", true},
        {"{\"one\" \"a\"}", true}};
    struct stats stats;
    uint64_t unread = 0;
    char *longest = arena_zalloc(&bench.arena, 7000, 1);
    bench_publish(
        &bench, "kinds",
        "edition 2027 form kinds \"K\" { choices l { a \"A\" b \"B\" } one: choice(l) other \"O\""
        " many: choices(l) order: ranking(l) group g { yes: boolean }"
        " repeat rows 0..3 { n: integer } }");
    /* A name of a thousand letters and more, each written as an escape, is no field's. */
    memcpy(longest, "{\"", 2);
    for (int i = 0; i < 1030; i++) memcpy(longest + 2 + 6 * i, "\\u0061", 6);
    memcpy(longest + 2 + 6 * 1030, "\":1}", 4);
    add_answers("kinds", 1, 0, longest);
    for (size_t i = 0; i < sizeof torn / sizeof *torn; i++) {
        add_answers("kinds", 1, (int64_t)i, torn[i].answers);
        stats = ask("kinds");
        unread += torn[i].unread;
        if (stats.unread != unread) fprintf(stderr, "%s\n", torn[i].answers);
        CHECK(stats.unread == unread);
    }
    CHECK(field(&stats, "one")->other == 1 && field(&stats, "many")->other == 1);
    CHECK(field(&stats, "order")->options[1].count == 1 &&
          field(&stats, "order")->options[0].count == 0);
    CHECK(field(&stats, "g.yes")->options[1].count == 1);
    CHECK(field(&stats, "rows")->answered >= 3 && sums_to(&stats, "rows.n", "3", "1", "2"));
}

/* By what they are called: the newest version's come first, in its order, and those that it has not. */
static void options_of_several_versions_are_put_together(void)
{
    bench_publish(
        &bench, "hues",
        "edition 2027 form hues \"H\" { choices l { red \"R\" blue \"B\" old \"O\" } c: choice(l) }");
    bench_publish(&bench, "hues",
                  "edition 2027 form hues \"H\" { choices l { blue \"B\" green \"G\" red \"R\" }"
                  " section s \"S\" { section t \"T\" { section u \"U\" { c: choice(l) } } } }");
    add_answers("hues", 1, 1, "{\"c\":\"red\"}");
    add_answers("hues", 1, 2, "{\"c\":\"old\"}");
    add_answers("hues", 2, 3, "{\"c\":\"green\"}");
    add_answers("hues", 2, 4, "{\"c\":\"red\"}");
    for (uint32_t options_max = 3; options_max <= 4; options_max++) {
        static const char *const codes[] = {"blue", "green", "red", "old"};
        static const uint64_t counts[] = {0, 1, 2, 1};
        set_caps((struct summary_caps){.options = options_max});
        struct stats stats = ask("hues");
        const struct stats_field *c = field(&stats, "c");
        CHECK(stats.field_count == 1 && c->answered == 4 && c->option_count == options_max);
        CHECK(c->rest == (options_max == 3 ? 1 : 0));
        for (uint32_t i = 0; i < options_max; i++)
            CHECK(str_eq(c->options[i].code, str_of(codes[i])) && c->options[i].count == counts[i]);
    }
    set_caps((struct summary_caps){0});
}

/* What comes late into a block that is full of newer days goes to those that are earlier. */
static void an_early_day_that_comes_late_is_one_of_the_earlier(void)
{
    bench_publish(&bench, "late", "edition 2027 form late \"L\" { n: integer }");
    set_caps((struct summary_caps){.days = 2});
    for (int day = 3; day <= 4; day++) add_answers("late", 1, (int64_t)day * DAY_MS, "{}");
    CHECK(ask("late").earlier == 0);
    add_answers("late", 1, (int64_t)1 * DAY_MS, "{}");
    struct stats stats = ask("late");
    CHECK(stats.day_count == 2 && stats.days[0].day == 3 && stats.earlier == 1);
    set_caps((struct summary_caps){0});
}

/* There are more forms than are told apart: what they share is nobody's. */
static void a_form_whose_use_is_counted_with_others_is_told_of_none(void)
{
    uint32_t before = bench.engine->usage.rows_max;
    bench.engine->usage.rows_max = 0;
    bench_publish(&bench, "unseen", "edition 2027 form unseen \"U\" { n: integer }");
    struct stats stats = ask("unseen");
    for (size_t i = 0; i < USAGE_COUNT; i++) CHECK(stats.usage.of[i] == 0);
    bench.engine->usage.rows_max = before;
}

static void what_is_not_there_has_no_statistics(void)
{
    struct stats stats;
    struct stats_query query = {.tenant = STR("acme"), .form = STR("nothing")};
    CHECK_STATUS(engine_stats(&bench.call, &query, &stats), ST_ABSENT);
    char name[LIMIT_FORM_NAME_BYTES + 1];
    memset(name, 'a', sizeof name);
    for (size_t len = sizeof name - 1; len <= sizeof name; len++) {
        query.form = (struct str){name, len};
        CHECK_STATUS(engine_stats(&bench.call, &query, &stats), ST_ABSENT);
    }
    query.form = STR("nothing");
    query.tenant = STR("nobody");
    CHECK_STATUS(engine_stats(&bench.call, &query, &stats), ST_ABSENT);
    for (struct summary *summary = bench.engine->summaries.newest; summary; summary = summary->older)
        CHECK(!str_eq(str_of(summary->form), STR("nothing")) &&
              !str_eq(str_of(summary->tenant), STR("nobody")));
    query = (struct stats_query){.tenant = STR("acme"), .form = STR("few"), .version = 9};
    CHECK_STATUS(engine_stats(&bench.call, &query, &stats), ST_OK);
    CHECK(stats.submissions == 0 && stats.day_count == 0 && stats.field_count == 0);
}

int main(void)
{
    bench_begin(&bench, NULL);
    counts_follow_what_is_stored_and_erased();
    several_may_ask_while_others_submit_and_erase();
    a_request_counts_so_many_submissions_and_leaves_the_rest();
    blocks_are_no_more_than_the_cap();
    counts_of_a_form_take_no_more_than_their_bytes();
    who_was_not_asked_for_lately_is_counted_anew();
    options_past_the_cap_are_counted_together();
    fields_past_the_counters_are_told_and_not_counted();
    answers_to_the_newest_versions_are_counted();
    a_version_grows_old_while_it_is_counted();
    days_past_the_cap_become_one_number();
    sums_are_exact_far_past_what_a_double_holds();
    answers_that_are_damaged_are_told();
    every_kind_of_answer_may_be_damaged();
    options_of_several_versions_are_put_together();
    an_early_day_that_comes_late_is_one_of_the_earlier();
    a_form_whose_use_is_counted_with_others_is_told_of_none();
    what_is_not_there_has_no_statistics();
    bench_end(&bench);
    return TEST_RESULT();
}
