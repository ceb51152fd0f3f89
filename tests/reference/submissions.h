/* Submissions: what a form is tried with: the answers of the cases written beside it, each with its
 * moment.
 *
 *     submissions_read(&arena, text of X.cases.json, &submissions); */
#ifndef TESTS_REFERENCE_SUBMISSIONS_H
#define TESTS_REFERENCE_SUBMISSIONS_H

#include "base/civil.h"
#include "base/json_value.h"
#include "base/limits.h"
#include "tests/reference/vector.h"
#include "tests/test.h"

enum { SUBMISSIONS_MAX = 1000 };

struct submissions {
    struct str answers[SUBMISSIONS_MAX];
    int64_t now_ms[SUBMISSIONS_MAX];
    uint32_t count;
};

static inline void submissions_read(struct arena *arena, struct str text,
                                    struct submissions *ret_submissions)
{
    struct json_value cases;
    struct json_error error;
    enum status st = json_read(arena, text, (uint32_t)limit(JSON_DEPTH), &cases, &error);
    CHECK_STATUS(st, ST_OK);
    ret_submissions->count = 0;
    for (uint32_t i = 0; !st && i < cases.count && ret_submissions->count < SUBMISSIONS_MAX; i++) {
        const struct json_value *answers = json_get(&cases.items[i], STR("answers"));
        int64_t now_ms = INT64_C(1768471200000);
        struct str now;
        int32_t offset;
        if (!answers || answers->kind != JSON_OBJECT) continue;
        if (json_get_str(&cases.items[i], STR("now"), &now))
            CHECK(civil_parse_datetime(now, &now_ms, &offset));
        ret_submissions->now_ms[ret_submissions->count] = now_ms;
        ret_submissions->answers[ret_submissions->count++] = vector_json(answers, arena);
    }
}

#endif
