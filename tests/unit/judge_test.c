#include "runtime/judge.h"

#include "base/limits.h"
#include "tests/unit/maker.h"

/* A household: who is asked what, bounds that rules work out, checks, conditions, nested rows. Slots in
 * the comment of the chunk. */
static void make_household(struct maker *m)
{
    maker_open(m);
    uint32_t list = maker_list(m, "single", "married", NULL);
    maker_field(m, "name", TYPE_TEXT)->required = true;                /* node 1, S[1] */
    maker_field(m, "status", TYPE_CHOICE)->target = list;              /* 2, S[2] */
    struct program_node *spouse = maker_field(m, "spouse", TYPE_TEXT); /* 3, S[3], relevant S[4] */
    spouse->required = true, spouse->relevance_slot = 1, maker_bounds(spouse)->length_max = 5;
    struct program_node *reason = maker_field(m, "reason", TYPE_TEXT); /* 4, S[5], required S[6] */
    reason->required_slot = 1;
    maker_field(m, "from", TYPE_DATE);                         /* 5, S[7] */
    maker_field(m, "to", TYPE_DATE);                           /* 6, S[8], at least from */
    maker_computed(m, "days", TYPE_INTEGER);                   /* 7, S[9] */
    maker_group(m, "contact")->relevance_slot = 1;             /* 8, S[10] */
    maker_field(m, "email", TYPE_TEXT)->format = FORMAT_EMAIL; /* 9, S[11] */
    maker_close(m);
    maker_repeat(m, "members", 1, 3)->required = true;                 /* 10; rows S[15] */
    maker_field(m, "age", TYPE_INTEGER)->required = true;              /* 11, S[12] */
    struct program_node *school = maker_field(m, "school", TYPE_TEXT); /* 12, S[13], relevant S[14] */
    school->relevance_slot = 1, school->required = true;
    maker_repeat(m, "pets", 0, 2);        /* 13; rows S[17] */
    maker_field(m, "legs", TYPE_INTEGER); /* 14, S[16] */
    maker_close(m);
    maker_close(m);
    maker_check(m, 1, 0, "long", "Your name is longer than your stay.");
    maker_check(m, 14, 2, "even", "A pet has an even number of legs.");
    maker_check(m, 10, 1, "old", "{11} is too old.");
    maker_chunk(m,
                "local fail, breach, length, charge = ... return function(S)\n"
                "  S[4] = S[2] == 2\n"
                "  if not S[4] then S[3] = nil end\n"
                "  S[10] = S[1] ~= nil\n"
                "  S[6] = S[2] == 1\n"
                "  if S[7] and S[8] and S[8] < S[7] then breach(6, 0, 0, S[7]) S[8] = nil end\n"
                "  S[9] = S[7] and S[8] and S[8] - S[7]\n"
                "  if S[9] and S[1] and length(S[1]) > S[9] then fail(0, 0) end\n"
                "end",
                4, HELPER_FAIL, HELPER_BREACH, HELPER_LENGTH, HELPER_CHARGE);
    maker_chunk(m,
                "local fail, charge = ... return function(S)\n"
                "  charge(S[15])\n"
                "  for r = 1, S[15] do\n"
                "    local age = S[12][r]\n"
                "    S[14][r] = age ~= nil and age < 18\n"
                "    if age and age > 150 then fail(2, r) end\n"
                "  end\n"
                "  for r = 1, S[17] do if S[16][r] and S[16][r] % 2 == 1 then fail(1, r) end end\n"
                "end",
                2, HELPER_FAIL, HELPER_CHARGE);
    maker_done(m);
}

static struct maker household;
static struct judge *judge;

static struct judging judging_of(const struct program *program, const char *answers)
{
    return (struct judging){
        .program = program, .answers = str_of(answers), .locale = STR("en"), .steps_max = 1000};
}

/* The errors as "code pointer" lines. */
static const char *errors_of(struct judge *by, const struct judging *judging,
                             struct judge_outcome *ret_outcome)
{
    static char lines[1 << 16];
    struct buf buf;
    lines[0] = '\0';
    CHECK_STATUS(judge_run(by, judging, ret_outcome), ST_OK);
    if (ret_outcome->state != JUDGE_JUDGED) return "not judged";
    buf_init(&buf, mem_heap(), 1 << 20);
    verdict_write_errors(by, &buf);
    buf_putc(&buf, '\0');
    size_t used = 0;
    for (const char *at = buf.ptr; (at = strstr(at, "{\"pointer\":\""));) {
        at += 12;
        int pointer = (int)(strchr(at, '"') - at);
        const char *code = strstr(at, "\"code\":\"") + 8;
        used += (size_t)snprintf(lines + used, sizeof lines - used, "%.*s %.*s\n",
                                 (int)(strchr(code, '"') - code), code, pointer, at);
    }
    buf_release(&buf);
    return lines;
}

#define CHECK_ERRORS(text, want)                                                                       \
    do {                                                                                               \
        struct judging judging_ = judging_of(&household.program, text);                                \
        struct judge_outcome outcome_;                                                                 \
        const char *got_ = errors_of(judge, &judging_, &outcome_);                                     \
        if (strcmp(got_, want) != 0 || outcome_.valid != (*(want) == '\0')) {                          \
            fprintf(stderr, "%s:%d: %s:\n%s", __FILE__, __LINE__, text, got_);                         \
            test_failures++;                                                                           \
        }                                                                                              \
    } while (0)

static const char *const valid =
    "{\"name\":\"Ada\",\"status\":\"married\",\"spouse\":\"Will\",\"from\":\"2026-01-01\",\"to\":"
    "\"2026-01-10\","
    "\"members\":[{\"age\":7,\"school\":\"x\",\"pets\":[{\"legs\":4}]},{\"age\":40}]}";

static void answers_without_fault_are_valid(void)
{
    CHECK_ERRORS(valid, "");
}

static void what_is_demanded_and_missing_is_an_error(void)
{
    CHECK_ERRORS("{}", "required /name\nrequired /members\n");
    CHECK_ERRORS("{\"name\":\" \",\"members\":[{}]}", "required /name\nrequired /members/0/age\n");
    CHECK_ERRORS("{\"name\":\"A\",\"members\":[]}", "too_few /members\n");
    CHECK_ERRORS("{\"name\":\"A\",\"status\":\"single\",\"members\":[{\"age\":1,\"school\":\"x\"}]}",
                 "required /reason\n");
}

static void a_draft_is_not_asked_for_what_is_missing(void)
{
    struct judging judging =
        judging_of(&household.program, "{\"status\":\"single\",\"members\":[],\"contact\":{}}");
    struct judge_outcome outcome;
    judging.lenient = true;
    CHECK(strcmp(errors_of(judge, &judging, &outcome), "") == 0 && outcome.valid);
    judging.answers = STR("{\"members\":[1,2,3,4],\"from\":\"x\"}");
    CHECK(strcmp(
              errors_of(judge, &judging, &outcome),
              "format /from\ntoo_many /members\ntype /members/0\ntype /members/1\ntype /members/2\n") ==
          0);
}

static void what_is_not_relevant_is_neither_asked_nor_complained_about(void)
{
    CHECK_ERRORS(
        "{\"name\":\"A\",\"spouse\":\"much too long\",\"members\":[{\"age\":40,\"school\":5}]}", "");
    CHECK_ERRORS("{\"name\":\"A\",\"status\":\"married\",\"spouse\":\"too "
                 "long\",\"members\":[{\"age\":4,\"school\":5}]}",
                 "too_long /spouse\ntype /members/0/school\n");
    CHECK_ERRORS("{\"contact\":{\"email\":\"?\",\"x\":1},\"members\":[{\"age\":40}]}",
                 "required /name\n");
    CHECK_ERRORS("{\"contact\":5,\"members\":[{\"age\":40}]}", "required /name\n");
    CHECK_ERRORS("{\"name\":\"A\",\"contact\":{\"email\":\"?\",\"x\":1},\"members\":[{\"age\":40}]}",
                 "unknown /contact/x\nformat /contact/email\n");
}

static void a_broken_answer_is_told_once_and_missing_to_the_rules(void)
{
    CHECK_ERRORS(
        "{\"name\":\"Ada\",\"from\":\"2026-02-30\",\"to\":\"2026-01-01\",\"members\":[{\"age\":40}]}",
        "format /from\n");
    CHECK_ERRORS(
        "{\"name\":\"Ada\",\"from\":\"2026-01-02\",\"to\":\"2026-01-01\",\"members\":[{\"age\":40}]}",
        "min /to\n");
    CHECK_ERRORS(
        "{\"name\":\"Ada\",\"from\":\"2026-01-01\",\"to\":\"2026-01-02\",\"members\":[{\"age\":40}]}",
        "check /name\n");
}

static void errors_stand_in_document_order_whatever_the_order_of_the_answers(void)
{
    CHECK_ERRORS("{\"zz\":1,\"members\":[{\"pets\":[{\"legs\":4},{\"legs\":3}],\"age\":\"x\"},{\"age\":"
                 "200,\"q\":1},"
                 "{\"pets\":[{\"legs\":5,\"w\":1}]}],\"aa\":2,\"from\":3}",
                 "unknown /zz\nunknown /aa\nrequired /name\ntype /from\ntype /members/0/age\n"
                 "check /members/0/pets/1/legs\nunknown /members/1/q\ncheck /members/1\nrequired "
                 "/members/2/age\n"
                 "unknown /members/2/pets/0/w\ncheck /members/2/pets/0/legs\n");
}

static void rows_past_the_most_are_one_error(void)
{
    CHECK_ERRORS("{\"name\":\"A\",\"members\":[{\"age\":40},{\"age\":40},{\"age\":40},{},{}]}",
                 "too_many /members\n");
}

static void errors_are_counted_past_the_list(void)
{
    static char text[1 << 15];
    struct judge_outcome outcome;
    for (int unknown = limit(ERRORS); unknown <= limit(ERRORS) + 1; unknown++) {
        size_t len = (size_t)snprintf(text, sizeof text, "{\"name\":\"A\",\"members\":[{\"age\":40}]");
        for (int i = 0; i < unknown; i++)
            len += (size_t)snprintf(text + len, sizeof text - len, ",\"u%d\":1", i);
        snprintf(text + len, sizeof text - len, "}");
        struct judging judging = judging_of(&household.program, text);
        const char *lines = errors_of(judge, &judging, &outcome);
        int listed = 0;
        for (; (lines = strchr(lines, '\n')); lines++) listed++;
        CHECK(outcome.error_count == (uint32_t)unknown && listed == limit(ERRORS));
        struct buf verdict;
        buf_init(&verdict, mem_heap(), (size_t)limit(VERDICT_BYTES) + 1);
        verdict_write(judge, 0, &verdict);
        buf_putc(&verdict, '\0');
        const char *total = strstr(verdict.ptr, "],\"errors_total\":201,\"answers\":");
        CHECK((total != NULL) == (unknown > limit(ERRORS)));
        buf_release(&verdict);
    }
}

static void bodies_that_are_no_answers_are_malformed(void)
{
    struct judge_outcome outcome;
    struct judging judging = judging_of(&household.program, "{\"name\":\"A\",}");
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_MALFORMED && outcome.malformed_offset == 12 &&
          outcome.malformed_reason);
    CHECK(outcome.steps == 0);
}

static void steps_are_counted_and_capped(void)
{
    struct judge_outcome outcome;
    struct judging judging = judging_of(&household.program, "{}");
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_JUDGED && outcome.steps == 2);
    judging = judging_of(&household.program, valid);
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    CHECK(outcome.steps == 5);
    judging.steps_max = 5;
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_JUDGED);
    judging.steps_max = 4;
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_OVER_STEPS && outcome.steps == 4);
}

static void a_fault_names_its_rule(void)
{
    static struct maker m;
    struct judge_outcome outcome;
    maker_open(&m);
    maker_field(&m, "n", TYPE_INTEGER);
    maker_computed(&m, "square", TYPE_INTEGER);
    maker_chunk(&m, "local mul = ... return function(S) S[2] = mul(0, S[1], S[1]) end", 1, HELPER_MUL);
    struct judging judging = judging_of(maker_done(&m), "{\"n\":9007199254740991}");
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_FAULT && outcome.fault == FAULT_OVERFLOW && outcome.fault_rule == 0);
    judging.answers = STR("{\"n\":3}");
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_JUDGED && outcome.fault == FAULT_NONE);
    maker_release(&m);
}

static void verdict_of(struct judge *by, const struct judging *judging, struct buf *out)
{
    struct judge_outcome outcome;
    CHECK_STATUS(judge_run(by, judging, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_JUDGED);
    buf_reset(out);
    verdict_write(by, 0, out);
}

static void the_same_judging_gives_the_same_bytes_in_any_judge(void)
{
    static const char *const bodies[] = {
        "{}", "{\"name\":\"A\",\"members\":[{\"age\":1},{\"age\":1,\"pets\":[{\"legs\":1}]}]}",
        "{\"status\":\"x\",\"zz\":{\"a\":[]}}"};
    struct judge *other;
    struct buf a, b;
    buf_init(&a, mem_heap(), 1 << 20);
    buf_init(&b, mem_heap(), 1 << 20);
    CHECK_STATUS(judge_new(mem_heap(), &other), ST_OK);
    for (int i = 0; i < 9; i++) {
        struct judging judging = judging_of(&household.program, bodies[i % 3]);
        struct judging warm_up = judging_of(&household.program, valid);
        verdict_of(judge, &judging, &a);
        if (i % 2) verdict_of(other, &warm_up, &b);
        verdict_of(other, &judging, &b);
        CHECK(str_eq(buf_str(&a), buf_str(&b)));
    }
    judge_free(other);
    buf_release(&a);
    buf_release(&b);
}

static void a_warm_judging_asks_the_heap_for_nothing(void)
{
    struct test_mem tm = TEST_MEM();
    struct judge *warm;
    struct judge_outcome outcome;
    struct judging judging = judging_of(&household.program, valid);
    CHECK_STATUS(judge_new(&tm.mem, &warm), ST_OK);
    for (int i = 0; i < 20; i++) CHECK_STATUS(judge_run(warm, &judging, &outcome), ST_OK);
    size_t requests = tm.requests;
    for (int i = 0; i < 1000; i++) CHECK_STATUS(judge_run(warm, &judging, &outcome), ST_OK);
    CHECK(tm.requests == requests);
    judge_free(warm);
    CHECK(tm.held == 0);
}

static void every_allocation_may_fail(void)
{
    static const char text[] =
        "{\"name\":\"A\\u0041\",\"zz\":1,\"members\":[{\"age\":1,\"pets\":[{\"legs\":3}]},{},{},{}]}";
    struct buf want, got;
    struct judging judging = judging_of(&household.program, text);
    buf_init(&want, mem_heap(), 1 << 20);
    buf_init(&got, mem_heap(), 1 << 20);
    verdict_of(judge, &judging, &want);
    for (size_t n = 1;; n++) {
        struct test_mem tm = TEST_MEM(.fail_at = n);
        struct judge *poor = NULL;
        struct judge_outcome outcome = {0};
        enum status st = judge_new(&tm.mem, &poor);
        if (!st) st = judge_run(poor, &judging, &outcome);
        CHECK(st == ST_NOMEM || (st == ST_OK && outcome.state == JUDGE_JUDGED));
        buf_reset(&got);
        if (!st) verdict_write(poor, 0, &got);
        if (!st && !got.failure) CHECK(str_eq(buf_str(&want), buf_str(&got)));
        if (poor && tm.failed) { /* and it works again */
            CHECK_STATUS(judge_run(poor, &judging, &outcome), ST_OK);
            buf_reset(&got);
            verdict_write(poor, 0, &got);
            CHECK(str_eq(buf_str(&want), buf_str(&got)));
        }
        judge_free(poor);
        CHECK(tm.held == 0);
        if (tm.failed) continue;
        CHECK(n > 10); /* or this test tests nothing */
        break;
    }
    buf_release(&want);
    buf_release(&got);
}

static void worlds_are_kept_for_the_programs_used_last(void)
{
    enum { KEPT = 16, PROGRAMS = KEPT + 1 };
    static struct maker made[PROGRAMS];
    struct test_mem tm = TEST_MEM();
    struct judge *many;
    struct judge_outcome outcome;
    CHECK_STATUS(judge_new(&tm.mem, &many), ST_OK);
    for (int i = 0; i < PROGRAMS; i++) make_household(&made[i]);
    size_t requests = 0;
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < KEPT; i++) {
            struct judging judging = judging_of(&made[i].program, valid);
            CHECK_STATUS(judge_run(many, &judging, &outcome), ST_OK);
            CHECK(outcome.valid && atomic_load(&made[i].program.references) == 1001);
        }
        if (round > 2) CHECK(tm.requests == requests);
        requests = tm.requests;
    }
    CHECK(many->pool.count == KEPT && many->pool.bytes < limit(JUDGE_POOL_BYTES));
    many->pool.bytes_max = many->pool.bytes; /* as if that were the limit */
    struct judging judging = judging_of(&made[PROGRAMS - 1].program, valid);
    CHECK_STATUS(judge_run(many, &judging, &outcome), ST_OK);
    CHECK(outcome.valid &&
          atomic_load(&made[0].program.references) == 1000); /* the one used longest ago is gone */
    CHECK(atomic_load(&made[1].program.references) == 1001);
    judge_free(many);
    for (int i = 0; i < PROGRAMS; i++) {
        CHECK(atomic_load(&made[i].program.references) == 1000);
        maker_release(&made[i]);
    }
    CHECK(tm.held == 0);
}

static void what_nobody_judges_any_more_is_freed_but_not_what_the_last_verdict_needs(void)
{
    static struct maker made[3];
    struct judge *tidied;
    struct judge_outcome outcome;
    struct buf out;
    buf_init(&out, mem_heap(), 1 << 20);
    CHECK_STATUS(judge_new(mem_heap(), &tidied), ST_OK);
    for (int i = 0; i < 3; i++) {
        make_household(&made[i]);
        struct judging judging = judging_of(&made[i].program, valid);
        CHECK_STATUS(judge_run(tidied, &judging, &outcome), ST_OK);
    }
    CHECK(judge_tidy(tidied, 9) && judge_tidy(tidied, 9) && tidied->pool.count == 3);
    CHECK(!judge_tidy(tidied, 1) && tidied->pool.count == 2);
    CHECK(judge_tidy(tidied, 1) && tidied->pool.count == 1);
    CHECK(atomic_load(&made[0].program.references) == 1000);
    CHECK(atomic_load(&made[2].program.references) == 1001);
    verdict_write(tidied, 0, &out);
    CHECK(!buf_failed(&out) && out.len > 0);
    struct judging judging = judging_of(&made[0].program, valid); /* and it is made anew */
    CHECK_STATUS(judge_run(tidied, &judging, &outcome), ST_OK);
    CHECK(outcome.valid && tidied->pool.count == 2);
    judge_free(tidied);
    buf_release(&out);
    for (int i = 0; i < 3; i++) maker_release(&made[i]);
}

static void memory_of_a_judging_has_a_limit(void)
{
    static struct maker m;
    struct judge_outcome outcome;
    size_t size = (size_t)limit(ANSWERS_BYTES), len = 0;
    char *text = mem_zalloc(mem_heap(), size + 1);
    maker_open(&m);
    maker_repeat(&m, "r", 0, 1000000);
    char name[8] = "f00";
    for (int i = 0; i < 20; i++) {
        name[1] = (char)('a' + i);
        static char names[20][8];
        memcpy(names[i], name, sizeof name);
        maker_field(&m, names[i], TYPE_INTEGER)->rules_read = false;
    }
    maker_done(&m);
    len = (size_t)snprintf(text, size, "{\"r\":[{}");
    while (len < size - 10) memcpy(text + len, ",{}", 3), len += 3;
    memcpy(text + len, "]}", 2);
    struct judging judging = {.program = &m.program, .answers = {text, len + 2}, .steps_max = 1000};
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_OVER_MEMORY);
    judging.answers = STR("{\"r\":[{}]}");
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_JUDGED && outcome.valid);
    mem_free(mem_heap(), text, size + 1);
    judge_free(judge);
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    maker_release(&m);
}

/* Whether memory runs out must not depend on what was judged before. */
static void a_world_left_full_by_others_is_no_reason_to_refuse(void)
{
    static struct maker m;
    struct judge_outcome outcome;
    maker_open(&m);
    maker_field(&m, "n", TYPE_INTEGER);
    maker_let(&m, "let", TYPE_INTEGER);
    maker_chunk(
        &m,
        "local kept = {} return function(S) local n = #kept for i = 1, S[1] do kept[n + i] = i end end",
        0);
    struct judging judging =
        judging_of(maker_done(&m), "{\"n\":300000}"); /* about 8 MB, kept from judging to judging */
    judging.ms_max = 60000;
    for (int i = 0; i < 3; i++) {
        CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
        CHECK(outcome.state == JUDGE_JUDGED);
    }
    judging.answers = STR("{\"n\":6000000}");
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_OVER_MEMORY);
    judge_free(judge);
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    maker_release(&m);
}

/* Which of its runs this is, as the rules themselves count: a world made anew begins at 1. */
static uint32_t run_number(struct maker *m, const char *answers)
{
    struct judging judging = judging_of(&m->program, answers);
    struct judge_outcome outcome;
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_JUDGED);
    return (uint32_t)outcome.steps - 1;
}

static void a_world_that_has_grown_large_is_made_anew(void)
{
    static struct maker m;
    maker_open(&m);
    maker_field(&m, "n", TYPE_INTEGER);
    maker_chunk(&m,
                "local charge = ... local runs, kept = 0, {} return function(S)\n"
                "runs = runs + 1 charge(runs) for i = 1, S[1] do kept[i] = i end end",
                1, HELPER_CHARGE);
    maker_done(&m);
    int inside = limit(WORLD_KEPT_BYTES) / 16 / 2,
        past = inside + 1; /* 16 bytes an item, in powers of two */
    char few[32], many[32];
    snprintf(few, sizeof few, "{\"n\":%d}", inside / 2);
    snprintf(many, sizeof many, "{\"n\":%d}", past);
    CHECK(run_number(&m, few) == 1);
    CHECK(run_number(&m, few) == 2);
    CHECK(run_number(&m, many) == 3);
    CHECK(run_number(&m, few) == 1);
    CHECK(run_number(&m, few) == 2);
    judge_free(judge);
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    maker_release(&m);
}

static void the_moment_is_given_not_asked_for(void)
{
    static struct maker m;
    struct arena arena;
    struct judge_outcome outcome;
    const struct zone *zone;
    struct buf buf;
    maker_open(&m);
    maker_computed(&m, "today", TYPE_DATE);
    maker_computed(&m, "now", TYPE_DATETIME);
    maker_chunk(&m, "return function(S) S[1] = S[3] S[2] = S[4] end", 0);
    maker_done(&m);
    m.program.today_slot = 3, m.program.now_slot = 4, m.program.slot_count = 4,
    m.scopes[0].slot_count = 4;
    arena_init(&arena, mem_heap(), 1 << 20);
    buf_init(&buf, mem_heap(), 1 << 20);
    CHECK_STATUS(zone_open(&arena, STR("Asia/Tokyo"), &zone), ST_OK);
    struct judging judging = judging_of(&m.program, "{}");
    judging.now_ms = INT64_C(1769871600000); /* 2026-01-31T15:00Z, midnight in Tokyo */
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    verdict_write_answers(judge, &buf);
    CHECK(str_eq(buf_str(&buf), STR("{\"today\":\"2026-01-31\",\"now\":\"2026-01-31T15:00:00Z\"}")));
    judging.zone = zone;
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_OK);
    buf_reset(&buf);
    verdict_write_answers(judge, &buf);
    CHECK(str_eq(buf_str(&buf), STR("{\"today\":\"2026-02-01\",\"now\":\"2026-01-31T15:00:00Z\"}")));
    judge_free(judge);
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    buf_release(&buf);
    arena_release(&arena);
    maker_release(&m);
}

static void a_pattern_that_nothing_can_match_by_is_a_limit(void)
{
    static struct maker m;
    struct judge_outcome outcome;
    maker_open(&m);
    maker_field(&m, "a", TYPE_TEXT)->target = maker_pattern(&m, "a{1001}", NULL);
    struct judging judging = judging_of(maker_done(&m), "{}");
    CHECK_STATUS(judge_run(judge, &judging, &outcome), ST_LIMIT);
    maker_release(&m);
}

int main(void)
{
    make_household(&household);
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    answers_without_fault_are_valid();
    what_is_demanded_and_missing_is_an_error();
    a_draft_is_not_asked_for_what_is_missing();
    what_is_not_relevant_is_neither_asked_nor_complained_about();
    a_broken_answer_is_told_once_and_missing_to_the_rules();
    errors_stand_in_document_order_whatever_the_order_of_the_answers();
    rows_past_the_most_are_one_error();
    errors_are_counted_past_the_list();
    bodies_that_are_no_answers_are_malformed();
    steps_are_counted_and_capped();
    a_fault_names_its_rule();
    the_same_judging_gives_the_same_bytes_in_any_judge();
    a_warm_judging_asks_the_heap_for_nothing();
    every_allocation_may_fail();
    worlds_are_kept_for_the_programs_used_last();
    what_nobody_judges_any_more_is_freed_but_not_what_the_last_verdict_needs();
    memory_of_a_judging_has_a_limit();
    a_world_left_full_by_others_is_no_reason_to_refuse();
    a_world_that_has_grown_large_is_made_anew();
    the_moment_is_given_not_asked_for();
    a_pattern_that_nothing_can_match_by_is_a_limit();
    judge_free(judge);
    maker_release(&household);
    return TEST_RESULT();
}
