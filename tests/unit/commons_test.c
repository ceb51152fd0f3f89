#include "engine_fixture.h"

#include "engine/inside.h"

#include <pthread.h>

static struct bench bench;
static const char *const tenants[] = {"acme", "bert", "carl", "dora"};
enum { TENANTS = sizeof tenants / sizeof *tenants };

static uint32_t publish(const char *tenant, const char *form, const char *source)
{
    struct published published;
    struct publication publication = {
        .tenant = str_of(tenant), .form = str_of(form), .source = str_of(source)};
    CHECK_STATUS(engine_publish(&bench.call, &publication, &published), ST_OK);
    return published.version.number;
}

static struct definition *fetch(const char *tenant, const char *form)
{
    struct definition *definition = NULL;
    CHECK_STATUS(engine_fetch(bench.engine, str_of(tenant), str_of(form), 0, &definition), ST_OK);
    return definition;
}

static void begin(size_t cache_bytes_max)
{
    struct tenant_record tenant;
    bench_begin(&bench, NULL);
    for (int i = 1; i < TENANTS; i++)
        CHECK_STATUS(engine_tenant_create(&bench.call, str_of(tenants[i]), str_of(tenants[i]), &tenant),
                     ST_OK);
    for (int i = 0; i < TENANTS; i++) publish(tenants[i], "contact", bench_form);
    bench.options.cache_bytes_max = cache_bytes_max;
    bench_reopen(&bench);
}

static uint32_t programs(void)
{
    struct engine_counters counters;
    engine_counters(bench.engine, &counters);
    return (uint32_t)counters.programs_kept;
}

static void tenants_whose_source_is_the_same_have_one_program(void)
{
    struct definition *held[TENANTS];
    for (int i = 0; i < TENANTS; i++) held[i] = fetch(tenants[i], "contact");
    for (int i = 1; i < TENANTS; i++) {
        CHECK(held[i] != held[0] && held[i]->program == held[0]->program);
        CHECK(held[i]->tenancy != held[0]->tenancy && held[i]->owner != held[0]->owner);
        CHECK(held[i]->usage != held[0]->usage);
        CHECK(held[i]->bytes == held[0]->bytes); /* as if each had it alone */
    }
    CHECK(programs() == 1);
    for (int i = 0; i < TENANTS; i++) definition_release(held[i]);
}

static void one_byte_more_is_another_program(void)
{
    char source[sizeof bench_form + 1];
    snprintf(source, sizeof source, "%s\n", bench_form);
    publish("bert", "contact", source);
    struct definition *his = fetch("bert", "contact"), *hers = fetch("dora", "contact");
    CHECK(his->number == 2 && his->program != hers->program && programs() == 2);
    CHECK(strcmp(his->program->source_hash, hers->program->source_hash) != 0);
    definition_release(his);
    definition_release(hers);
}

/* Version 1 again, under the name of another form: its source is the same. */
static void forms_of_one_tenant_may_have_it_too(void)
{
    publish("bert", "again", bench_form);
    struct definition *his = fetch("bert", "again"), *hers = fetch("dora", "contact");
    CHECK(his->program == hers->program);
    definition_release(his);
    definition_release(hers);
}

static void whoever_leaves_takes_nothing_from_the_others(void)
{
    struct definition *his = fetch("carl", "contact"), *hers = fetch("dora", "contact");
    const struct program *program = hers->program;
    cache_forget(&bench.engine->cache, STR("carl"), STR(""));
    definition_release(his);
    CHECK(hers->program == program && program->node_count > 0 && str_eq(program->name, STR("contact")));
    his = fetch("carl", "contact"); /* read anew, and it is still there */
    CHECK(his->program == program);
    definition_release(his);
    definition_release(hers);
}

static void the_last_to_leave_takes_it_along(void)
{
    CHECK(programs() == 2);
    for (int i = 0; i < TENANTS; i++) cache_forget(&bench.engine->cache, str_of(tenants[i]), STR(""));
    CHECK(programs() == 0 && bench.engine->cache.entries == 0);
}

/* ---- what one tenant may do does not depend on what others have loaded */

static const char dear[] = "edition 2026 form dear \"D\" { a: integer\n b: integer = a + 1 }";

/* Steps that are left to a tenant after its form was read, in the time of its limit. */
static int64_t charged_by_reading(const char *tenant)
{
    struct definition *definition = fetch(tenant, "dear");
    const struct gcra_cell *cell = &definition->tenancy->cells[QUOTA_STEPS];
    int64_t due = atomic_load(&cell->at);
    definition_release(definition);
    return due;
}

static void reading_costs_as_much_when_somebody_has_the_program_already(void)
{
    publish("acme", "dear", dear);
    publish("dora", "dear", dear);
    bench_reopen(&bench);
    uint32_t before = programs();
    int64_t first = charged_by_reading("acme");
    CHECK(programs() == before + 1);
    int64_t second = charged_by_reading("dora");
    CHECK(programs() == before + 1 && first > 0);
    CHECK(first == second); /* the clock stands still */
}

static struct judge_outcome judge(struct worker *worker, const char *tenant, struct buf *verdict)
{
    struct judge_outcome outcome = {0};
    struct definition *definition = fetch(tenant, "dear");
    struct evaluation evaluation = {
        .definition = definition, .answers = STR("{\"a\":41}"), .now_ms = BENCH_NOW_MS};
    CHECK_STATUS(engine_evaluate(worker, &evaluation, &outcome), ST_OK);
    buf_reset(verdict);
    worker_verdict_write(worker, verdict);
    definition_release(definition);
    return outcome;
}

static void each_tenant_has_a_world_of_its_own_and_the_same_verdict_and_steps(void)
{
    struct worker *worker;
    struct engine_counters counters;
    struct buf one, two;
    buf_init(&one, mem_heap(), 1 << 16);
    buf_init(&two, mem_heap(), 1 << 16);
    CHECK_STATUS(worker_new(bench.engine, &worker), ST_OK);
    struct judge_outcome first = judge(worker, "acme", &one), second = judge(worker, "dora", &two);
    CHECK(first.steps > 0 && first.steps == second.steps && first.valid && second.valid);
    CHECK(str_eq(buf_str(&one), buf_str(&two)) && one.len > 0);
    engine_counters(bench.engine, &counters);
    CHECK(counters.worlds_kept == 2);
    CHECK(judge(worker, "acme", &one).steps == first.steps);
    engine_counters(bench.engine, &counters);
    CHECK(counters.worlds_kept == 2);
    worker_free(worker);
    buf_release(&one);
    buf_release(&two);
}

/* ---- what a file says of its source */

static struct program *compile(const char *source, const struct digest *hash)
{
    struct diags diags;
    struct program *program = NULL;
    diags_init(&diags, &bench.arena, 10);
    CHECK_STATUS(dsl_compile_published(mem_heap(), str_of(source), hash, NULL, &diags, &program),
                 ST_OK);
    return program;
}

/* A tenant's file was tampered with: it states the hash of somebody else's source. */
static void a_stated_hash_finds_no_program_of_other_bytes(void)
{
    struct commons commons;
    struct common *good, *bad;
    struct digest hash = digest_of(str_of(dear));
    struct commons_key key = commons_key(str_of(dear), &hash),
                       forged = commons_key(str_of(bench_form), &hash);
    struct program *program = compile(dear, &hash), *other = compile(bench_form, &hash);
    commons_init(&commons, mem_heap());
    CHECK_STATUS(commons_add(&commons, &forged, other, &bad), ST_OK);
    CHECK(commons_find(&commons, &key) == NULL);
    CHECK_STATUS(commons_add(&commons, &key, program, &good), ST_OK);
    CHECK(good != bad && good->program == program && commons_count(&commons) == 2);
    common_leave(good);
    common_leave(bad);
    common_leave(NULL);
    CHECK(commons_count(&commons) == 0);
    program_release(program);
    program_release(other);
    commons_release(&commons);
}

static void of_two_that_were_made_at_a_time_one_stays(void)
{
    struct test_mem tm = TEST_MEM(0);
    struct commons commons;
    struct common *first, *second;
    struct digest hash = digest_of(str_of(dear));
    struct commons_key key = commons_key(str_of(dear), &hash);
    struct program *a = compile(dear, &hash), *b = compile(dear, &hash);
    commons_init(&commons, &tm.mem);
    CHECK_STATUS(commons_add(&commons, &key, a, &first), ST_OK);
    CHECK_STATUS(commons_add(&commons, &key, b, &second), ST_OK);
    CHECK(first == second && first->program == a && first->users == 2);
    tm.fail_at = tm.requests + 1;
    CHECK_STATUS(commons_add(&commons, &key, b, &second), ST_NOMEM);
    CHECK(first->users == 2 && commons_count(&commons) == 1);
    common_leave(first);
    common_leave(second);
    CHECK(tm.held == 0 && atomic_load(&a->references) == 1 && atomic_load(&b->references) == 1);
    program_release(a);
    program_release(b);
    commons_release(&commons);
}

/* ---- a lookup table is a tenant's own */

static void a_form_with_a_table_is_nobody_elses(void)
{
    static const char source[] = "edition 2026\nform towns \"T\" {\n  at: choice(town) \"Town\"\n"
                                 "  table town {\n    key code: text\n    label name: text\n  }\n}\n";
    struct published published;
    struct table_made made;
    for (int i = 0; i < 2; i++) {
        struct publication publication = {
            .tenant = str_of(tenants[i]), .form = STR("towns"), .source = str_of(source)};
        CHECK_STATUS(engine_table_put(&bench.call, str_of(tenants[i]), STR("town"),
                                      STR("code,name\nA,Aachen\nB,Bonn\n"), &made),
                     ST_OK);
        CHECK_STATUS(engine_publish(&bench.call, &publication, &published), ST_OK);
    }
    uint32_t before = programs();
    struct definition *hers = fetch("acme", "towns"), *his = fetch("bert", "towns");
    CHECK(!hers->common && !his->common && hers->program != his->program && programs() == before);
    definition_release(hers);
    definition_release(his);
}

/* ---- many threads, and a cache that has room for next to nothing */

enum { THREADS = 6, ROUNDS = 150 };

static void *come_and_go(void *user)
{
    unsigned seed = (unsigned)(uintptr_t)user;
    for (int i = 0; i < ROUNDS; i++) {
        seed = seed * 1103515245u + 12345u;
        struct definition *definition = fetch(tenants[seed >> 16 & 3], "contact");
        CHECK(str_eq(definition->program->name, STR("contact")) && definition->common &&
              definition->common->program == definition->program);
        definition_release(definition);
    }
    return NULL;
}

static void threads_find_it_whole_while_others_leave_it(void)
{
    pthread_t threads[THREADS];
    begin(14000);
    for (uintptr_t i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, come_and_go, (void *)(i + 1)) == 0);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    struct engine_counters counters;
    engine_counters(bench.engine, &counters);
    CHECK(counters.cache_evictions > 10 && counters.programs_kept <= 1);
    bench_end(&bench);
}

int main(void)
{
    begin(0);
    tenants_whose_source_is_the_same_have_one_program();
    one_byte_more_is_another_program();
    forms_of_one_tenant_may_have_it_too();
    whoever_leaves_takes_nothing_from_the_others();
    the_last_to_leave_takes_it_along();
    reading_costs_as_much_when_somebody_has_the_program_already();
    each_tenant_has_a_world_of_its_own_and_the_same_verdict_and_steps();
    a_stated_hash_finds_no_program_of_other_bytes();
    of_two_that_were_made_at_a_time_one_stays();
    a_form_with_a_table_is_nobody_elses();
    bench_end(&bench);
    threads_find_it_whole_while_others_leave_it();
    return TEST_RESULT();
}
