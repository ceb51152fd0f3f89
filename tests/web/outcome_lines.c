/* Judges answers line by line and tells how each judging ended, for the tests of the JavaScript
 * library.
 *
 *     outcome_lines FORM [LANGUAGE] <lines >outcomes
 *
 * A line in is the moment, a tab and the answers: "2026-01-15T10:00:00Z\t{…}". A line out is the
 * verdict, {"fault":kind}, {"memory":true} or {"malformed":"reason"}. */
#include "base/limits.h"
#include "dsl/dsl.h"
#include "runtime/judge.h"
#include "tests/file.h"
#include "tests/lines.h"

static struct program *compile(struct arena *arena, const char *path)
{
    struct diags diags;
    struct program *program = NULL;
    struct str source = file_read(path);
    diags_init(&diags, arena, limit(DIAGNOSTICS));
    enum status st = dsl_compile(mem_heap(), source, &diags, &program);
    file_free(source);
    CHECK_STATUS(st, ST_OK);
    for (uint32_t i = 0; i < diags.count; i++)
        fprintf(stderr, "%s: %.*s at %u\n", path, STR_ARG(diags.items[i].message),
                (unsigned)diags.items[i].span.offset);
    return program;
}

static void put_outcome(const struct judge *judge, const struct judge_outcome *outcome, struct buf *out)
{
    switch (outcome->state) {
    case JUDGE_JUDGED:
        verdict_write(judge, 0, out);
        return;
    case JUDGE_FAULT:
        buf_printf(out, "{\"fault\":%d}", (int)outcome->fault);
        return;
    case JUDGE_OVER_MEMORY:
        buf_puts(out, "{\"memory\":true}");
        return;
    case JUDGE_MALFORMED:
        buf_printf(out, "{\"malformed\":\"%s\"}", outcome->malformed_reason);
        return;
    case JUDGE_OVER_STEPS:
    case JUDGE_OVER_TIME:
        break;
    }
    CHECK(false); /* there are steps and time enough */
}

int main(int argc, char **argv)
{
    struct arena arena;
    struct judge *judge;
    struct atlas *atlas;
    if (argc < 2) return 2;
    arena_init(&arena, mem_heap(), (size_t)1 << 28);
    struct program *program = compile(&arena, argv[1]);
    if (!program) return 1;
    struct judging judging = {.program = program, .steps_max = UINT64_MAX};
    if (argc > 2) judging.locale = str_of(argv[2]);
    CHECK_STATUS(zone_open(&arena, program->timezone, &judging.zone), ST_OK);
    CHECK_STATUS(atlas_new(mem_heap(), &atlas), ST_OK);
    judging.atlas = atlas;
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    lines_judge(judge, &judging, put_outcome);
    judge_free(judge);
    atlas_free(atlas);
    program_release(program);
    arena_release(&arena);
    return TEST_RESULT();
}
