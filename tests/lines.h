/* Lines: judges answers line by line, so that a test in another language can ask the engine often.
 *
 *     lines_judge(judge, &judging, put);
 *
 * A line of standard input is the moment, a tab and the answers: "2026-01-15T10:00:00Z\t{…}". What
 * `put` writes of how a judging ended is a line of standard output. */
#ifndef TESTS_LINES_H
#define TESTS_LINES_H

#include "base/civil.h"
#include "base/limits.h"
#include "runtime/judge.h"
#include "tests/test.h"

#include <stdlib.h>

typedef void lines_put(const struct judge *judge, const struct judge_outcome *outcome, struct buf *out);

static inline void lines_judge_one(struct judge *judge, struct judging *judging, struct str line,
                                   lines_put *put, struct buf *out)
{
    const char *tab = memchr(line.ptr, '\t', line.len);
    struct judge_outcome outcome;
    int32_t offset;
    CHECK(tab != NULL);
    if (!tab) return;
    size_t moment = (size_t)(tab - line.ptr);
    CHECK(civil_parse_datetime((struct str){line.ptr, moment}, &judging->now_ms, &offset));
    judging->answers = (struct str){tab + 1, line.len - moment - 1};
    buf_reset(out);
    CHECK_STATUS(judge_run(judge, judging, &outcome), ST_OK);
    put(judge, &outcome, out);
    CHECK(!buf_failed(out));
    printf("%.*s\n", STR_ARG(buf_str(out)));
}

static inline void lines_judge(struct judge *judge, struct judging *judging, lines_put *put)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t len;
    struct buf out;
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
    while ((len = getline(&line, &room, stdin)) > 0)
        lines_judge_one(judge, judging, (struct str){line, (size_t)len - (line[len - 1] == '\n')}, put,
                        &out);
    buf_release(&out);
    free(line);
}

#endif
