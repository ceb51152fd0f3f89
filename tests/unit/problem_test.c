#include "server/problem.h"

#include "engine/engine.h"
#include "tests/test.h"

static void codes_are_words_and_stand_once(void)
{
    for (int i = PROBLEM_NONE + 1; i < PROBLEM_COUNT; i++) {
        const char *code = problem_code((enum problem)i);
        CHECK(strlen(code) == strspn(code, "abcdefghijklmnopqrstuvwxyz-") && code[0]);
        CHECK(problem_title((enum problem)i)[0] >= 'A' && problem_title((enum problem)i)[0] <= 'Z');
        CHECK(problem_status((enum problem)i) >= 400 && problem_status((enum problem)i) < 600);
        for (int j = i + 1; j < PROBLEM_COUNT; j++)
            CHECK(strcmp(code, problem_code((enum problem)j)) != 0);
    }
}

/* What the storage refuses has a problem of its own name, or is absent. */
static const unsigned wanted[] = {
#define STATUS(name, http, text) [ST_##name] = (http),
#include "base/status.def"
#undef STATUS
};

static void each_refusal_has_its_problem(void)
{
    static const struct {
        enum refusal refusal;
        enum status status;
    } rows[] = {
#define REFUSAL(name, status, code, text) {REFUSAL_##name, ST_##status},
#include "tenants/refusal.def"
#undef REFUSAL
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].status == ST_OK) continue;
        const char *code = refusal_code(rows[i].refusal);
        enum problem problem = problem_of(rows[i].status, code);
        if (rows[i].status == ST_ABSENT) {
            CHECK(problem == PROBLEM_NOT_FOUND);
            continue;
        }
        if (strcmp(problem_code(problem), code) != 0) fprintf(stderr, "no problem for %s\n", code);
        CHECK(strcmp(problem_code(problem), code) == 0);
        CHECK(problem_status(problem) == wanted[rows[i].status]);
    }
}

static void each_status_has_a_problem_of_its_http_status(void)
{
    static const enum status statuses[] = {
#define STATUS(name, http, text) ST_##name,
#include "base/status.def"
#undef STATUS
    };
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        if (statuses[i] == ST_OK) continue;
        enum problem problem = problem_of(statuses[i], "");
        CHECK(problem != PROBLEM_NONE);
        if (problem_status(problem) != wanted[statuses[i]])
            fprintf(stderr, "%s: %u\n", status_name(statuses[i]), problem_status(problem));
        CHECK(problem_status(problem) == wanted[statuses[i]]);
    }
}

static void an_unknown_refusal_falls_back_to_its_status(void)
{
    CHECK(problem_of(ST_CONFLICT, "no-such-code") == PROBLEM_CONFLICT);
    CHECK(problem_of(ST_FULL, "") == PROBLEM_STORAGE_FULL);
}

int main(void)
{
    codes_are_words_and_stand_once();
    each_refusal_has_its_problem();
    each_status_has_a_problem_of_its_http_status();
    an_unknown_refusal_falls_back_to_its_status();
    return TEST_RESULT();
}
