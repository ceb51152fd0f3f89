/* Every request for memory is refused in turn, in everything that a definition and its answers go
 * through: compiling, laying out, judging, publishing, submitting, evaluating, exporting, tokens,
 * quotas and the audit log. The requests are our own, SQLite's and Lua's, each piece of it. Nothing
 * crashes, leaks or lies: what says that it is done is done, what says that it failed can be done
 * again, and nothing is ever there by half. */
#include "tests/unit/engine_fixture.h"
#include "tests/unit/entry.h"

#include "dsl/dsl.h"
#include "tenants/spares.h"

#include <lua.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

/* A heap for several threads that refuses one request. */
struct scarce {
    struct mem mem;
    atomic_size_t held, requests, fail_at; /* fail_at 0: none */
    atomic_bool failed;
};

static bool is_refused(struct scarce *scarce)
{
    bool refused = atomic_fetch_add(&scarce->requests, 1) + 1 == atomic_load(&scarce->fail_at);
    if (refused) atomic_store(&scarce->failed, true);
    return refused;
}

static void *scarce_resize(struct mem *self, void *ptr, size_t old_size, size_t new_size)
{
    struct scarce *scarce = (struct scarce *)(void *)self;
    size_t old = ptr ? old_size : 0;
    if (new_size > old && is_refused(scarce)) return NULL;
    atomic_fetch_add(&scarce->held, new_size - old);
    void *block = mem_heap()->resize(mem_heap(), ptr, old_size, new_size);
    if (!block && new_size > 0) abort();
    return block;
}

static struct scarce scarce = {.mem = {scarce_resize}};

/* ---- SQLite's requests, and Lua's: its state takes most of them from chunks, so they are met before.
 */

/* All that SQLite asks for comes through these (tenants/spares.h); the linker puts ours in their place
 * (--wrap). */
void *__real_spares_get(size_t bytes);
void *__wrap_spares_get(size_t bytes);
void *__wrap_spares_get(size_t bytes)
{
    return is_refused(&scarce) ? NULL : __real_spares_get(bytes);
}

void *__real_spares_resize(void *block, size_t bytes);
void *__wrap_spares_resize(void *block, size_t bytes);
void *__wrap_spares_resize(void *block, size_t bytes)
{
    return bytes > spares_size(block) && is_refused(&scarce) ? NULL
                                                             : __real_spares_resize(block, bytes);
}

static lua_Alloc lua_heap;

static void *lua_get(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    if (new_size > (ptr ? old_size : 0) && is_refused(&scarce)) return NULL;
    return lua_heap(ud, ptr, old_size, new_size);
}

/* The linker puts it in the place of lua_newstate() (--wrap). */
lua_State *__real_lua_newstate(lua_Alloc heap, void *ud);
lua_State *__wrap_lua_newstate(lua_Alloc heap, void *ud);
lua_State *__wrap_lua_newstate(lua_Alloc heap, void *ud)
{
    lua_heap = heap;
    return __real_lua_newstate(lua_get, ud);
}

static void refuse_request(size_t number)
{
    atomic_store(&scarce.failed, false);
    atomic_store(&scarce.fail_at, atomic_load(&scarce.requests) + number);
}

static bool refuse_none(void)
{
    atomic_store(&scarce.fail_at, 0);
    return atomic_load(&scarce.failed);
}

static const char rich[] =
    "edition 2026\n"
    "form rich \"Hello {name}\" {\n"
    "  languages en, de\n"
    "  timezone \"Europe/Berlin\"\n"
    "  name: text \"Name\" required pattern \"[A-Za-z]+\" else \"Letters, not {name}.\"\n"
    "  colours: choices(palette) \"Colours\"\n"
    "  born: date \"Born\" max today()\n"
    "  repeat pets \"Pet\" 0..5 when name != \"Bob\" {\n"
    "    kind: text required\n"
    "    price: money(EUR) min 0\n"
    "    loud: text = upper(kind) + \"!\"\n"
    "    check count(pets where kind = outer.kind) = 1 else \"{kind} twice\" at kind\n"
    "  }\n"
    "  total: money(EUR) = sum(pets.price)\n"
    "  all: text = join(\", \", pets.loud)\n"
    "  points: integer = score(colours)\n"
    "  note warn \"All in all {total}\" when total > 10\n"
    "  choices palette { red \"Red\" = 1  blue \"Blue\" = 2 }\n"
    "  translate de { name \"Name\" colours \"Farben\" }\n"
    "}\n";

static const char answers[] =
    "{\"name\":\"Ada\",\"colours\":[\"red\",\"blue\"],\"born\":\"1990-05-01\","
    "\"pets\":[{\"kind\":\"dog\",\"price\":\"12.50\"},{\"kind\":\"c\\u0061t\",\"price\":3}]}";

/* ---- compiling */

static enum status compile(struct program **ret_program, uint32_t *ret_errors)
{
    struct arena arena;
    struct diags diags;
    arena_init(&arena, &scarce.mem, 16 << 20);
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    enum status st = dsl_compile(&scarce.mem, STR(rich), &diags, ret_program);
    *ret_errors = diags.errors;
    arena_release(&arena);
    return st;
}

static bool is_same_program(const struct program *a, const struct program *b)
{
    bool same = str_eq(a->render, b->render) && a->chunk_count == b->chunk_count &&
                a->node_count == b->node_count && a->cost.steps_max == b->cost.steps_max;
    for (uint32_t i = 0; same && i < a->chunk_count; i++)
        same = str_eq(a->chunks[i].lua, b->chunks[i].lua);
    return same;
}

static void compiling_fails_or_gives_the_whole_program(void)
{
    struct program *want = NULL;
    uint32_t errors;
    size_t n = 1;
    CHECK_STATUS(compile(&want, &errors), ST_OK);
    size_t held = atomic_load(&scarce.held);
    for (bool failed = true; failed; n++) {
        struct program *program = NULL;
        refuse_request(n);
        enum status st = compile(&program, &errors);
        failed = refuse_none();
        CHECK(st == ST_NOMEM || st == ST_OK);
        CHECK(errors == 0); /* want of memory is not the author's mistake */
        if (!st) CHECK(is_same_program(program, want));
        if (!failed) CHECK_STATUS(st, ST_OK);
        if (!st) program_release(program);
        CHECK(atomic_load(&scarce.held) == held);
    }
    printf("compiling: each of %zu requests was refused\n", n - 2);
    CHECK(n > 20); /* or this test tests nothing */
    program_release(want);
    CHECK(atomic_load(&scarce.held) == 0);
}

/* ---- judging what was compiled */

static enum status judge_all(struct judge *judge, const struct program *program, struct buf *out)
{
    struct judging judging = {.program = program,
                              .answers = STR(answers),
                              .now_ms = BENCH_NOW_MS,
                              .steps_max = limit(COST_STEPS),
                              .ms_max = 60000};
    struct judge_outcome outcome;
    enum status st = judge_run(judge, &judging, &outcome);
    if (st) return st;
    CHECK(outcome.state == JUDGE_JUDGED && outcome.valid);
    if (outcome.state != JUDGE_JUDGED) return ST_FAULT;
    verdict_write(judge, 1, out);
    verdict_write_texts(judge, out);
    return out->failure;
}

static void judging_fails_or_gives_the_whole_verdict(void)
{
    struct program *program = NULL;
    struct buf want, got;
    uint32_t errors;
    size_t n = 1;
    CHECK_STATUS(compile(&program, &errors), ST_OK);
    size_t held = atomic_load(&scarce.held);
    buf_init(&want, mem_heap(), 1 << 20);
    for (bool failed = true; failed; n++) {
        struct judge *judge = NULL;
        buf_init(&got, &scarce.mem, 1 << 20);
        refuse_request(n == 1 ? SIZE_MAX / 2 : n - 1); /* the first time nothing is refused */
        enum status st = judge_new(&scarce.mem, &judge);
        if (!st) st = judge_all(judge, program, &got);
        failed = refuse_none() || n == 1;
        CHECK(st == ST_OK || st == ST_NOMEM);
        if (!st && want.len == 0) buf_put(&want, buf_str(&got));
        if (!st) CHECK(str_eq(buf_str(&got), buf_str(&want)));
        buf_reset(&got);
        if (judge) CHECK_STATUS(judge_all(judge, program, &got), ST_OK); /* the same judge, once more */
        if (judge) CHECK(str_eq(buf_str(&got), buf_str(&want)));
        judge_free(judge);
        buf_release(&got);
        CHECK(atomic_load(&scarce.held) == held);
    }
    printf("judging: each of %zu requests was refused\n", n - 2);
    CHECK(n > 20 && want.len > 100);
    buf_release(&want);
    program_release(program);
    CHECK(atomic_load(&scarce.held) == 0);
}

/* ---- publishing */

static struct bench bench;

static void open_bench(void)
{
    /* The clock stands still: nothing that is spent grows back. */
    const struct quota_change ample[] = {{.quota = QUOTA_SUBMISSIONS, .value = QUOTA_MAX},
                                         {.quota = QUOTA_STEPS, .value = QUOTA_MAX}};
    bench_begin(&bench, NULL);
    CHECK_STATUS(engine_tenant_set_quota(&bench.call, STR("acme"), ample, 2), ST_OK);
    engine_close(bench.engine);
    bench.options.mem = &scarce.mem;
    bench_open(&bench);
}

/* The same form with another number in it, so that it is another version. */
static struct str numbered(size_t number, char *text, size_t size)
{
    int len = snprintf(text, size, "%s# %zu\n", rich, number);
    return (struct str){text, (size_t)len};
}

static uint32_t newest_number(struct str *ret_source)
{
    struct version_record version;
    enum status st = engine_version_find(&bench.call, STR("acme"), STR("rich"), 0, &version);
    CHECK(st == ST_OK || st == ST_ABSENT);
    *ret_source = st ? STR("") : version.source;
    return st ? 0 : version.number;
}

static enum status publish(struct str source, struct published *ret_published)
{
    struct arena arena;
    struct call call;
    struct publication publication = {.tenant = STR("acme"), .form = STR("rich"), .source = source};
    arena_init(&arena, &scarce.mem, 64 << 20);
    call_init(&call, bench.engine, &arena, STR("tok_scarce"));
    enum status st = engine_publish(&call, &publication, ret_published);
    if (st == ST_INPUT) CHECK(false && "a good definition is not refused as a bad one");
    arena_release(&arena);
    return st;
}

static void publishing_is_done_whole_or_can_be_done_again(void)
{
    char text[4096];
    size_t n = 1;
    for (bool failed = true; failed; n++) {
        struct published published, again;
        struct str source = numbered(n, text, sizeof text), newest;
        uint32_t before = newest_number(&newest);
        refuse_request(n);
        enum status st = publish(source, &published);
        failed = refuse_none();
        uint32_t after = newest_number(&newest);
        CHECK(after == before || after == before + 1);
        if (!st) CHECK(after == before + 1 && str_eq(newest, source));
        if (!failed) CHECK_STATUS(st, ST_OK);
        CHECK_STATUS(publish(source, &again), ST_OK);
        CHECK(newest_number(&newest) == before + 1 && str_eq(newest, source));
        CHECK(again.existing == (after == before + 1));
        arena_reset(&bench.arena);
    }
    printf("publishing: each of %zu requests was refused\n", n - 2);
    CHECK(n > 20);
}

/* ---- submitting */

/* From the definition to the disk, as the server does it: nothing is in memory before. */
static enum intake_state submit(struct entry *entry, struct str key)
{
    struct worker *worker = NULL;
    struct intake *intake = &entry->intake;
    enum intake_state state = INTAKE_REFUSED;
    memset(entry, 0, sizeof *entry);
    arena_init(&entry->arena, &scarce.mem, 8 << 20);
    pthread_mutex_init(&entry->lock, NULL);
    pthread_cond_init(&entry->over, NULL);
    *intake = (struct intake){.arena = &entry->arena,
                              .key = key,
                              .body = STR(answers),
                              .answers = STR(answers),
                              .locale = STR(""),
                              .actor = {.who = STR("public"), .at_ms = BENCH_NOW_MS},
                              .submitter = STR(""),
                              .where = STR(""),
                              .done = entry_done,
                              .user = entry};
    if (engine_fetch(bench.engine, STR("acme"), STR("rich"), 0, &intake->definition)) return state;
    if (!worker_new(bench.engine, &worker)) state = engine_submit(worker, intake);
    if (state == INTAKE_READY) state = engine_store(intake);
    if (state == INTAKE_QUEUED) {
        entry_wait(entry);
        state = intake->state;
    }
    worker_free(worker);
    return state;
}

static void entry_end(struct entry *entry)
{
    definition_release(entry->intake.definition);
    intake_release(&entry->intake);
    arena_release(&entry->arena);
    pthread_mutex_destroy(&entry->lock);
    pthread_cond_destroy(&entry->over);
}

static uint32_t stored_count(void)
{
    uint32_t count = 0;
    struct submission_walk *walk;
    struct submission_record one;
    struct submission_query query = {.form = STR("rich")};
    CHECK_STATUS(engine_export(bench.engine, STR("acme"), &query, &walk), ST_OK);
    while (engine_export_next(walk, &one) == ST_OK) count++;
    engine_export_close(walk);
    return count;
}

static void forget_definitions(void)
{
    struct str source;
    char text[4096];
    static size_t number = 1000000;
    struct published published;
    (void)newest_number(&source);
    CHECK_STATUS(publish(numbered(++number, text, sizeof text), &published), ST_OK);
    arena_reset(&bench.arena);
}

static void submitting_stores_once_or_can_be_done_again(void)
{
    size_t n = 1;
    for (bool failed = true; failed; n++) {
        struct entry first, again;
        char key[32];
        snprintf(key, sizeof key, "key-%012zu", n);
        forget_definitions();
        uint32_t before = stored_count();
        refuse_request(n);
        enum intake_state state = submit(&first, str_of(key));
        failed = refuse_none();
        uint32_t after = stored_count();
        CHECK(state == INTAKE_STORED || state == INTAKE_REFUSED);
        CHECK(after == before || after == before + 1);
        if (state == INTAKE_STORED) CHECK(after == before + 1);
        if (!failed) CHECK(state == INTAKE_STORED);
        entry_end(&first);
        enum intake_state retried = submit(&again, str_of(key));
        CHECK(retried == (after == before + 1 ? INTAKE_REPLAYED : INTAKE_STORED));
        CHECK(stored_count() == before + 1);
        entry_end(&again);
    }
    printf("submitting: each of %zu requests was refused\n", n - 2);
    CHECK(n > 20);
}

/* ---- all the rest: what is asked leaves things as they are, so it can be asked again */

static struct call scarce_call(struct arena *arena)
{
    struct call call;
    arena_init(arena, &scarce.mem, 16 << 20);
    call_init(&call, bench.engine, arena, STR("tok_scarce"));
    return call;
}

static struct str token_text;
static struct definition *definition;

static enum status verify_token(struct call *call)
{
    struct token_record token;
    enum status st = engine_token_verify(call, token_text, &token);
    if (!st) CHECK(token.role == ROLE_READER && str_eq(token.tenant, STR("acme")));
    return st;
}

static enum status list_tokens(struct call *call)
{
    struct token_page page;
    enum status st = engine_token_list(call, STR("acme"), STR(""), 100, &page);
    if (!st) CHECK(page.count >= 1);
    return st;
}

static enum status read_quotas(struct call *call)
{
    struct tenant_record tenant;
    enum status st = engine_tenant_find(call, STR("acme"), &tenant);
    if (!st) CHECK(tenant.quotas.value[0] == quotas_default().value[0]);
    return st;
}

static enum status examine_audit(struct call *call)
{
    struct audit_finding finding;
    (void)call;
    enum status st = engine_audit_examine(call, STR("acme"), &finding);
    if (!st) CHECK(finding.fault == AUDIT_WHOLE && finding.rows > 0);
    return st;
}

static enum status list_submissions(struct call *call)
{
    struct submission_walk *walk;
    struct submission_record one;
    struct submission_query query = {.form = STR("rich")};
    uint32_t count = 0;
    (void)call;
    enum status st = engine_export(bench.engine, STR("acme"), &query, &walk);
    if (st) return st;
    while (!(st = engine_export_next(walk, &one))) count++;
    engine_export_close(walk);
    if (st == ST_ABSENT) CHECK(count > 1); /* not by half */
    return st == ST_ABSENT ? ST_OK : st;
}

static enum status evaluate(struct call *call)
{
    struct worker *worker = NULL;
    struct judge_outcome outcome;
    struct evaluation evaluation = {
        .definition = definition, .answers = STR(answers), .locale = STR("de"), .now_ms = BENCH_NOW_MS};
    (void)call;
    enum status st = worker_new(bench.engine, &worker);
    if (!st) st = engine_evaluate(worker, &evaluation, &outcome);
    if (!st) CHECK(outcome.state == JUDGE_JUDGED && outcome.valid);
    worker_free(worker);
    return st;
}

static enum status check_form(struct call *call)
{
    struct diags diags;
    struct program *program = NULL;
    diags_init(&diags, call->arena, limit(DIAGNOSTICS));
    enum status st =
        dsl_compile(&scarce.mem, STR("edition 2026 form f \"F\" { a: txt }"), &diags, &program);
    CHECK(st == ST_INPUT || st == ST_NOMEM);
    if (st == ST_INPUT) CHECK(diags.errors > 0 && !program);
    return st == ST_INPUT ? ST_OK : st;
}

static struct buf laid_out; /* what it should be */

static enum status lay_out(struct call *call)
{
    struct diags diags;
    struct str text = STR("");
    diags_init(&diags, call->arena, limit(DIAGNOSTICS));
    enum status st = dsl_format(call->arena, STR(rich), &diags, &text);
    if (!st && laid_out.len == 0) buf_put(&laid_out, text);
    if (!st) CHECK(str_eq(text, buf_str(&laid_out)));
    return st;
}

static void asking_fails_or_gives_the_whole_answer(const char *what,
                                                   enum status (*ask)(struct call *call))
{
    size_t n = 1;
    for (bool failed = true; failed; n++) {
        struct arena arena;
        struct call call = scarce_call(&arena);
        refuse_request(n);
        enum status st = ask(&call);
        failed = refuse_none();
        if (st != ST_OK && st != ST_NOMEM)
            fprintf(stderr, "%s, request %zu refused: %s\n", what, n, status_name(st));
        CHECK(st == ST_OK || st == ST_NOMEM);
        if (!failed) CHECK_STATUS(st, ST_OK);
        CHECK_STATUS(ask(&call), ST_OK);
        arena_release(&arena);
    }
    printf("%s: each of %zu requests was refused\n", what, n - 2);
    CHECK(n > 2);
}

static void all_else_can_be_asked_again(void)
{
    struct token_made made;
    struct token_create wish = {.tenant = STR("acme"), .role = ROLE_READER};
    CHECK_STATUS(engine_token_create(&bench.call, &wish, &made), ST_OK);
    token_text = made.text;
    CHECK_STATUS(engine_fetch(bench.engine, STR("acme"), STR("rich"), 0, &definition), ST_OK);
    asking_fails_or_gives_the_whole_answer("a token is verified", verify_token);
    asking_fails_or_gives_the_whole_answer("tokens are listed", list_tokens);
    asking_fails_or_gives_the_whole_answer("quotas are read", read_quotas);
    asking_fails_or_gives_the_whole_answer("the audit log is examined", examine_audit);
    asking_fails_or_gives_the_whole_answer("submissions are exported", list_submissions);
    asking_fails_or_gives_the_whole_answer("answers are evaluated", evaluate);
    asking_fails_or_gives_the_whole_answer("a form with a mistake is checked", check_form);
    buf_init(&laid_out, mem_heap(), 1 << 16);
    asking_fails_or_gives_the_whole_answer("a form is laid out", lay_out);
    buf_release(&laid_out);
    definition_release(definition);
}

/* One that was made but could not be told of is nobody's: its secret is not kept. */
static void tokens_that_are_told_of_work(void)
{
    size_t n = 1;
    for (bool failed = true; failed; n++) {
        struct arena arena;
        struct token_made made;
        struct token_record token;
        struct call call = scarce_call(&arena);
        struct token_create wish = {.tenant = STR("acme"), .role = ROLE_SUBMITTER};
        refuse_request(n);
        enum status st = engine_token_create(&call, &wish, &made);
        failed = refuse_none();
        CHECK(st == ST_OK || st == ST_NOMEM);
        if (!failed) CHECK_STATUS(st, ST_OK);
        if (!st) CHECK_STATUS(engine_token_verify(&call, made.text, &token), ST_OK);
        CHECK_STATUS(engine_token_create(&call, &wish, &made), ST_OK);
        refuse_request(n); /* of a token that has not been seen yet */
        st = engine_token_verify(&call, made.text, &token);
        failed |= refuse_none();
        CHECK(st == ST_OK || st == ST_NOMEM);
        CHECK_STATUS(engine_token_verify(&call, made.text, &token), ST_OK);
        arena_release(&arena);
    }
    printf("a token is made: each of %zu requests was refused\n", n - 2);
    CHECK(n > 20);
}

static void close_bench(void)
{
    bench_end(&bench);
    CHECK(atomic_load(&scarce.held) == 0);
}

int main(void)
{
    compiling_fails_or_gives_the_whole_program();
    judging_fails_or_gives_the_whole_verdict();
    open_bench();
    publishing_is_done_whole_or_can_be_done_again();
    submitting_stores_once_or_can_be_done_again();
    tokens_that_are_told_of_work();
    all_else_can_be_asked_again();
    close_bench();
    return TEST_RESULT();
}
