/* Judges answers line by line, so that a test in another language can ask the engine often.
 *
 *     judge_lines FORM <lines >verdicts
 *
 * A line in is the moment, a tab and the answers: "2026-01-15T10:00:00Z\t{…}". A line out is the
 * verdict, or null where the judging ended without one. Exits 77 when a table of the form is not there.
 */
#include "base/limits.h"
#include "runtime/judge.h"
#include "tests/file.h"
#include "tests/lines.h"
#include "tests/tables.h"

enum { TABLES_MISSING = 77 };

static struct program *compile(struct arena *arena, const char *path)
{
    struct test_tables tables;
    struct diags diags;
    struct program *program = NULL;
    struct price price;
    struct price_caps caps = price_caps_default();
    struct str source = file_read(path);
    test_tables_open(&tables, path);
    diags_init(&diags, arena, limit(DIAGNOSTICS));
    enum status st =
        dsl_compile_with(mem_heap(), source, &tables.tables, &caps, &diags, &price, &program);
    bool missing = tables.missing;
    test_tables_close(&tables);
    file_free(source);
    if (!program && missing) exit(TABLES_MISSING);
    CHECK_STATUS(st, ST_OK);
    return program;
}

static void put_verdict(const struct judge *judge, const struct judge_outcome *outcome, struct buf *out)
{
    if (outcome->state == JUDGE_JUDGED) verdict_write(judge, 0, out);
    else buf_puts(out, "null");
}

int main(int argc, char **argv)
{
    struct arena arena;
    struct judge *judge;
    if (argc != 2) return 2;
    arena_init(&arena, mem_heap(), (size_t)1 << 28);
    struct program *program = compile(&arena, argv[1]);
    if (!program) return 1;
    struct judging judging = {.program = program, .steps_max = limit(COST_STEPS)};
    CHECK_STATUS(zone_open(&arena, program->timezone, &judging.zone), ST_OK);
    struct atlas *atlas;
    CHECK_STATUS(atlas_new(mem_heap(), &atlas), ST_OK);
    judging.atlas = atlas;
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    lines_judge(judge, &judging, put_verdict);
    judge_free(judge);
    atlas_free(atlas);
    program_release(program);
    arena_release(&arena);
    return TEST_RESULT();
}
