#include "engine_fixture.h"

#include "engine/inside.h"

static struct bench bench;

static enum status publish(const char *form, const char *source, struct published *ret_published)
{
    struct publication publication = {
        .tenant = STR("acme"), .form = str_of(form), .source = str_of(source)};
    return engine_publish(&bench.call, &publication, ret_published);
}

static void a_check_tells_what_the_form_is(void)
{
    struct check check;
    CHECK_STATUS(engine_check(&bench.call, STR("acme"), str_of(bench_form), &check), ST_OK);
    CHECK(check.ok && check.diags.errors == 0);
    CHECK(str_eq(check.name, STR("contact")) && check.edition == 2026 && check.field_count == 4);
    CHECK(str_eq(check.title, STR("Contact us"))); /* without what is filled in later */
    CHECK(check.price.cost.steps_max > 0);
}

static void a_check_of_what_is_wrong_is_a_good_check(void)
{
    struct check check;
    CHECK_STATUS(
        engine_check(&bench.call, STR("acme"), STR("edition 2026 form f \"F\" { a: txt }"), &check),
        ST_OK);
    CHECK(!check.ok && check.diags.errors > 0 && check.diags.items[0].severity == DIAG_ERROR);
    CHECK_STATUS(engine_check(&bench.call, STR("acme"), STR("\xff\x00"), &check), ST_OK);
    CHECK(!check.ok);
}

static void a_source_makes_form_version_and_state(void)
{
    struct published published;
    struct form_record form;
    CHECK_STATUS(publish("contact", bench_form, &published), ST_OK);
    CHECK(!published.existing && published.version.number == 1);
    CHECK(str_eq(published.version.published_by, STR("tok_test")));
    CHECK(published.version.published_ms == BENCH_NOW_MS);
    CHECK(str_eq(published.version.edition, STR("2026")) &&
          str_eq(published.version.compiler_version, STR(PROGRAM_COMPILER_VERSION)));
    CHECK_STATUS(engine_form_find(&bench.call, STR("acme"), STR("contact"), &form), ST_OK);
    CHECK(form.state == FORM_OPEN && form.newest == 1 && str_eq(form.title, STR("Contact us")));
}

static void the_same_source_is_the_same_version(void)
{
    struct published published;
    CHECK_STATUS(publish("contact", bench_form, &published), ST_OK);
    CHECK(published.existing && published.version.number == 1);
}

/* The compiler knows no zones; the server must have those that a form names. */
static void a_form_in_a_zone_that_is_not_here_is_not_published(void)
{
    static const char *const wrong[] = {
        "edition 2026 form zones \"Z\" { timezone \"Mars/Base\"  a: text }",
        "edition 2026 form zones \"Z\" { a: text  b: zoned(\"Mars/Base\") }"};
    static const char right[] = "edition 2026 form zones \"Z\" { b: zoned(\"UTC\") }";
    struct published published;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK_STATUS(publish("zones", wrong[i], &published), ST_INPUT);
        const struct diag *diag = &published.check.diags.items[0];
        CHECK(!published.check.ok && published.check.diags.errors == 1);
        CHECK(strcmp(diag->code, "E0224") == 0 &&
              strncmp(wrong[i] + diag->span.offset, "\"Mars/Base\"", diag->span.len) == 0);
    }
    /* What is written with escapes does not stand there as it is called. */
    CHECK_STATUS(publish("zones",
                         "edition 2026 form zones \"Z\" { timezone \"Mars\\u{2F}Base\" a: text }",
                         &published),
                 ST_INPUT);
    CHECK(published.check.diags.errors == 1 && published.check.diags.items[0].span.len == 0);
    CHECK_STATUS(publish("zones", right, &published), ST_OK);
    CHECK(published.check.ok && published.version.number == 1);
}

static struct str with_tables(unsigned count)
{
    struct str text = STR("edition 2027 form tabled \"T\" { a: text");
    for (unsigned i = 1; i <= count; i++)
        text = arena_printf(&bench.arena,
                            "%.*s  c%u: choice(t%u) table t%u { key code: text label name: text }",
                            STR_ARG(text), i, i, i);
    return arena_printf(&bench.arena, "%.*s }", STR_ARG(text));
}

static void put_table(const char *name, int rows)
{
    struct table_made made;
    struct buf csv;
    buf_init(&csv, mem_heap(), 1 << 20);
    buf_puts(&csv, "code,name\n");
    for (int i = 0; i < rows; i++) buf_printf(&csv, "c%d,N\n", i);
    CHECK_STATUS(engine_table_put(&bench.call, STR("acme"), str_of(name), buf_str(&csv), &made), ST_OK);
    buf_release(&csv);
}

static enum status module_of(const char *form)
{
    struct definition *definition = NULL;
    struct str text;
    CHECK_STATUS(engine_fetch(bench.engine, STR("acme"), str_of(form), 1, &definition), ST_OK);
    enum status st = engine_module(&bench.call, definition, &text);
    definition_release(definition);
    return st;
}

/* They are judged all the same, by the server. */
static void tables_with_more_cells_than_a_module_holds_have_none(void)
{
    static const char source[] = "edition 2027 form %s \"L\" { c: choice(%s)\n"
                                 " table %s { key code: text label name: text } }";
    static const char *const names[] = {"held", "overlong"};
    for (int i = 0; i < 2; i++) {
        put_table(names[i], limit(MODULE_CELLS) / (i ? 1 : 8));
        struct str text = arena_printf(&bench.arena, source, names[i], names[i], names[i]);
        CHECK(bench_publish(&bench, names[i], text.ptr) == 1);
        CHECK_STATUS(module_of(names[i]), i ? ST_TOO_LARGE : ST_OK);
    }
}

static void a_form_names_so_many_tables_and_no_more(void)
{
    struct table_made made;
    struct published published;
    unsigned most = (unsigned)limit(TABLES);
    for (unsigned i = 1; i <= most + 1; i++) {
        struct str name = arena_printf(&bench.arena, "t%u", i);
        CHECK_STATUS(
            engine_table_put(&bench.call, STR("acme"), name, STR("code,name\na1,One\n"), &made), ST_OK);
    }
    CHECK_STATUS(publish("tabled", with_tables(most + 1).ptr, &published), ST_INPUT);
    CHECK(published.check.diags.errors > 0);
    CHECK_STATUS(publish("tabled", with_tables(most).ptr, &published), ST_OK);
}

static void set_quota(enum quota quota, int64_t value)
{
    const struct quota_change change = {.quota = quota, .value = value};
    CHECK_STATUS(engine_tenant_set_quota(&bench.call, STR("acme"), &change, 1), ST_OK);
}

static const char pairs_form[] =
    "edition 2026 form pairs \"P\" { repeat r \"R\" 0..100 { n: integer \"N\"\n"
    " m: integer = count(r where n > outer.n) } }";

/* The state of one judging of "pairs" with two rows, as it is served. */
static enum judge_state judge_pairs(void)
{
    struct definition *definition = NULL;
    struct worker *worker = NULL;
    struct judge_outcome outcome = {.state = JUDGE_MALFORMED};
    CHECK_STATUS(engine_fetch(bench.engine, STR("acme"), STR("pairs"), 0, &definition), ST_OK);
    CHECK_STATUS(worker_new(bench.engine, &worker), ST_OK);
    struct evaluation evaluation = {.definition = definition,
                                    .answers = STR("{\"r\":[{\"n\":1},{\"n\":2}]}")};
    CHECK_STATUS(engine_evaluate(worker, &evaluation, &outcome), ST_OK);
    worker_free(worker);
    definition_release(definition);
    return outcome.state;
}

static void a_tenant_publishes_within_its_own_quotas(void)
{
    struct check check;
    struct published published;
    CHECK_STATUS(engine_check(&bench.call, STR("acme"), str_of(pairs_form), &check), ST_OK);
    const struct program_cost cost = check.price.cost;
    CHECK(check.ok && check.price.dearest_count == 1);
    const struct {
        enum quota quota;
        uint64_t price;
        const char *code;
    } cases[] = {{QUOTA_JUDGING_STEPS, cost.steps_max, "E0402"},
                 {QUOTA_JUDGING_MEMORY_BYTES, cost.memory_bytes_max, "E0405"},
                 {QUOTA_VERDICT_BYTES, cost.verdict_bytes_max, "E0406"}};
    for (size_t i = 0; i < 3; i++) {
        set_quota(cases[i].quota, (int64_t)cases[i].price - 1);
        CHECK_STATUS(engine_check(&bench.call, STR("acme"), str_of(pairs_form), &check), ST_OK);
        CHECK(!check.ok && strcmp(check.diags.items[0].code, cases[i].code) == 0);
        CHECK_STATUS(publish("pairs", pairs_form, &published), ST_INPUT);
        CHECK(!published.check.ok && published.check.price.known && published.check.diags.errors == 1 &&
              published.check.price.dearest_count == 1);
        set_quota(cases[i].quota, (int64_t)cases[i].price);
    }
    CHECK_STATUS(publish("pairs", pairs_form, &published), ST_OK);
    CHECK(published.version.number == 1);
}

static void what_was_published_is_judged_whatever_may_be_published_today(void)
{
    struct published published;
    set_quota(QUOTA_JUDGING_STEPS, 1);
    set_quota(QUOTA_JUDGING_MEMORY_BYTES, 1);
    set_quota(QUOTA_VERDICT_BYTES, 1);
    CHECK_STATUS(publish("pairs", pairs_form, &published), ST_INPUT);
    bench_reopen(&bench);
    CHECK(judge_pairs() == JUDGE_JUDGED);
    set_quota(QUOTA_JUDGING_STEPS, 1000000000);
    set_quota(QUOTA_JUDGING_MEMORY_BYTES, limit(JUDGE_BYTES));
    set_quota(QUOTA_VERDICT_BYTES, limit(VERDICT_BYTES));
}

/* More steps than a tenant gets by itself: bought, published, and given up again. */
static void a_form_dearer_than_usual_is_served_when_its_tenant_was_allowed_it(void)
{
    static const char dear_form[] =
        "edition 2026 form pairs \"P\" { repeat r \"R\" 0..3000 { n: integer \"N\"\n"
        " m: integer = count(r where n > outer.n) } }";
    struct published published;
    CHECK_STATUS(publish("pairs", dear_form, &published), ST_OK);
    CHECK(published.check.price.cost.steps_max > (uint64_t)limit(COST_STEPS));
    set_quota(QUOTA_JUDGING_STEPS, limit(COST_STEPS));
    CHECK_STATUS(publish("pairs", dear_form, &published), ST_INPUT);
    bench_reopen(&bench);
    CHECK(judge_pairs() == JUDGE_JUDGED);
}

static void what_does_not_compile_is_not_published(void)
{
    struct published published;
    struct form_record form;
    CHECK_STATUS(publish("contact", "edition 2026 form f \"F\" { a: integer = a + 1 }", &published),
                 ST_INPUT);
    CHECK(bench.call.refusal == REFUSAL_NONE && !published.check.ok &&
          published.check.diags.errors > 0);
    CHECK_STATUS(engine_form_find(&bench.call, STR("acme"), STR("contact"), &form), ST_OK);
    CHECK(form.newest == 1);
}

static void the_draft_is_published_when_no_source_is_given(void)
{
    struct draft_record draft;
    struct published published;
    struct publication publication = {.tenant = STR("acme"), .form = STR("drafted")};
    CHECK_STATUS(engine_publish(&bench.call, &publication, &published), ST_ABSENT);
    CHECK_STATUS(engine_draft_put(&bench.call, STR("acme"), STR("drafted"), str_of(bench_form),
                                  DRAFT_NEW, NULL, &draft),
                 ST_OK);
    publication.check_draft = true;
    CHECK_STATUS(engine_publish(&bench.call, &publication, &published), ST_PRECONDITION);
    CHECK(bench.call.refusal == REFUSAL_DRAFT_STALE);
    publication.if_match = draft.etag;
    CHECK_STATUS(engine_publish(&bench.call, &publication, &published), ST_OK);
    CHECK(published.version.number == 1 && str_eq(published.source, str_of(bench_form)));
}

static void a_tenant_that_is_not_there_publishes_nothing(void)
{
    struct published published;
    struct publication publication = {
        .tenant = STR("nobody"), .form = STR("f"), .source = str_of(bench_form)};
    CHECK_STATUS(engine_publish(&bench.call, &publication, &published), ST_ABSENT);
}

static void a_title_without_text_is_the_forms_name_and_a_long_one_is_cut_between_letters(void)
{
    static char source[4000] = "edition 2026 form f \"";
    struct check check;
    CHECK_STATUS(
        engine_check(&bench.call, STR("acme"), STR("edition 2026 form f \"{a}\" { a: text }"), &check),
        ST_OK);
    CHECK(check.ok && str_eq(check.title, STR("f")));
    for (int i = 0; i < 600; i++) strncat(source, "é", sizeof source - strlen(source) - 1);
    strncat(source, "\" { a: text }", sizeof source - strlen(source) - 1);
    CHECK_STATUS(engine_check(&bench.call, STR("acme"), str_of(source), &check), ST_OK);
    CHECK(check.ok && check.title.len == 1000);
}

/* ---------------------------------------------------------------- drafts */

static void a_draft_that_cannot_be_kept_makes_no_form(void)
{
    struct form_record form;
    struct draft_record draft;
    set_quota(QUOTA_STORED_BYTES, 1);
    CHECK_STATUS(
        engine_draft_put(&bench.call, STR("acme"), STR("unkept"), STR("a"), DRAFT_NEW, NULL, &draft),
        ST_FULL);
    CHECK_STATUS(engine_form_find(&bench.call, STR("acme"), STR("unkept"), &form), ST_ABSENT);
    set_quota(QUOTA_STORED_BYTES, 0);
    CHECK_STATUS(
        engine_draft_put(&bench.call, STR("acme"), STR("unkept"), STR("a"), DRAFT_NEW, NULL, &draft),
        ST_OK);
    CHECK_STATUS(engine_form_find(&bench.call, STR("acme"), STR("unkept"), &form), ST_OK);
    CHECK(form.has_draft);
}

static void a_draft_makes_its_form_and_is_guarded_by_its_tag(void)
{
    struct draft_record one, two;
    struct form_record form;
    struct digest nothing = {{0}};
    const struct str tenant = STR("acme"), name = STR("guarded");
    CHECK_STATUS(engine_draft_put(&bench.call, tenant, name, STR("a"), DRAFT_UNCHANGED, &nothing, &one),
                 ST_ABSENT);
    CHECK_STATUS(engine_draft_put(&bench.call, tenant, name, STR("a"), DRAFT_NEW, NULL, &one), ST_OK);
    CHECK_STATUS(engine_form_find(&bench.call, tenant, name, &form), ST_OK);
    CHECK(form.state == FORM_DRAFT && str_eq(form.title, name));
    CHECK_STATUS(engine_draft_put(&bench.call, tenant, name, STR("b"), DRAFT_NEW, NULL, &two),
                 ST_PRECONDITION);
    CHECK_STATUS(
        engine_draft_put(&bench.call, tenant, name, STR("b"), DRAFT_UNCHANGED, &one.etag, &two), ST_OK);
    CHECK_STATUS(
        engine_draft_put(&bench.call, tenant, name, STR("c"), DRAFT_UNCHANGED, &one.etag, &two),
        ST_PRECONDITION);
    CHECK_STATUS(engine_draft_put(&bench.call, tenant, name, STR("c"), DRAFT_ALWAYS, NULL, &two),
                 ST_OK);
    CHECK_STATUS(engine_draft_find(&bench.call, tenant, name, &one), ST_OK);
    CHECK(str_eq(one.source, STR("c")) && one.revision == 3);
}

/* ---------------------------------------------------------------- what the front end derives */

static int derived, presented, discarded;
static struct str seen, seen_render;
static struct arena seen_arena;

static enum status derive(struct str render, struct buf *out)
{
    derived++;
    buf_printf(out, "derived from %zu bytes", render.len);
    return out->failure;
}

static enum status present(const struct definition *definition, struct str render,
                           const struct str *bytes, void **ret_kept, size_t *ret_bytes)
{
    presented++;
    CHECK(definition->number > 0);
    seen = arena_str(&seen_arena, bytes[0]);
    seen_render = arena_str(&seen_arena, render);
    *ret_kept = &presented;
    *ret_bytes = 1000;
    return ST_OK;
}

static void discard(void *kept)
{
    CHECK(kept == &presented);
    discarded++;
}

static const struct derivation derivations[] = {{"render.test", derive}};
static const struct presenter presenter = {derivations, 1, present, discard};

static void begin_dressing(struct bench *other)
{
    derived = presented = discarded = 0;
    arena_init(&seen_arena, mem_heap(), 1 << 20);
    bench_begin(other, &presenter);
    bench_publish(other, "contact", bench_form);
    CHECK(derived == 1 && presented == 0);
}

static void end_dressing(struct bench *other)
{
    bench_end(other);
    arena_release(&seen_arena);
}

static struct definition *fetch_contact(struct bench *other)
{
    struct definition *definition = NULL;
    CHECK_STATUS(engine_fetch(other->engine, STR("acme"), STR("contact"), 0, &definition), ST_OK);
    return definition;
}

static size_t cache_bytes(struct bench *other)
{
    struct engine_counters counters;
    engine_counters(other->engine, &counters);
    return (size_t)counters.cache_bytes;
}

static void derived_bytes_are_made_once_and_kept_with_the_version(void)
{
    struct bench other;
    begin_dressing(&other);
    struct definition *definition = fetch_contact(&other);
    CHECK_STATUS(engine_dress(other.engine, definition), ST_OK);
    CHECK(derived == 1 && presented == 1 && definition_kept(definition) == &presented);
    CHECK(str_starts(seen, STR("derived from ")) && str_starts(seen_render, STR("{\"format\":")));
    definition_release(definition);
    bench_reopen(&other);
    CHECK(discarded == 1);
    definition = fetch_contact(&other);
    CHECK_STATUS(engine_dress(other.engine, definition), ST_OK);
    CHECK(derived == 1 && presented == 2);
    definition_release(definition);
    end_dressing(&other);
    CHECK(discarded == 2);
}

static void a_definition_is_dressed_when_that_is_asked_for_and_weighs_more_then(void)
{
    struct bench other;
    begin_dressing(&other);
    struct definition *definition = fetch_contact(&other);
    CHECK(presented == 0 && !definition_kept(definition) && definition->program->render.len == 0);
    size_t before = cache_bytes(&other), bytes = definition->bytes;
    for (int i = 0; i < 3; i++) CHECK_STATUS(engine_dress(other.engine, definition), ST_OK);
    CHECK(presented == 1 && cache_bytes(&other) == before + 1000 && definition->bytes == bytes + 1000);
    definition_release(definition);
    end_dressing(&other);
    CHECK(discarded == 1);
}

static void put_artefact(struct bench *other, const struct definition *definition, struct str kind,
                         struct str compiler)
{
    struct write write = {.kind = WRITE_ARTEFACT_PUT,
                          .tenant = STR("acme"),
                          .arena = &other->arena,
                          .actor = other->call.actor,
                          .artefact_put = {.form_id = definition->form_id,
                                           .number = definition->number,
                                           .artefact = {kind, compiler, STR("of old")}}};
    CHECK_STATUS(write_wait(other->engine->tenants, &write), ST_OK);
}

static void what_another_compiler_derived_is_made_again_and_stored(void)
{
    struct bench other;
    begin_dressing(&other);
    struct definition *definition = fetch_contact(&other);
    CHECK_STATUS(engine_dress(other.engine, definition), ST_OK);
    struct str render = seen_render;
    put_artefact(&other, definition, STR("render"), STR("0"));
    put_artefact(&other, definition, STR("render.test"), STR("0"));
    definition_release(definition);
    for (int i = 0; i < 2; i++) { /* the second time it is stored */
        bench_reopen(&other);
        definition = fetch_contact(&other);
        CHECK_STATUS(engine_dress(other.engine, definition), ST_OK);
        CHECK(derived == 2 && presented == 2 + i && str_eq(seen_render, render));
        definition_release(definition);
    }
    end_dressing(&other);
}

static void *dress(void *user)
{
    struct bench *other = user;
    struct definition *definition = fetch_contact(other);
    CHECK_STATUS(engine_dress(other->engine, definition), ST_OK);
    CHECK(definition_kept(definition) == &presented);
    definition_release(definition);
    return NULL;
}

static void threads_that_want_it_at_a_time_have_it_dressed_once(void)
{
    enum { THREADS = 6 };
    struct bench other;
    pthread_t threads[THREADS];
    begin_dressing(&other);
    for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, dress, &other) == 0);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    CHECK(presented == 1);
    end_dressing(&other);
}

static enum status refuse_derive(struct str render, struct buf *out)
{
    (void)render, (void)out;
    return ST_NOMEM;
}

static void a_derivation_that_fails_publishes_nothing(void)
{
    static const struct derivation failing[] = {{"render.test", refuse_derive}};
    static const struct presenter failing_presenter = {failing, 1, present, discard};
    struct bench other;
    struct published published;
    struct definition *definition = NULL;
    struct publication publication = {
        .tenant = STR("acme"), .form = STR("f"), .source = str_of(bench_form)};
    bench_begin(&other, &failing_presenter);
    CHECK_STATUS(engine_publish(&other.call, &publication, &published), ST_NOMEM);
    CHECK_STATUS(engine_fetch(other.engine, STR("acme"), STR("f"), 0, &definition), ST_ABSENT);
    CHECK(!definition);
    bench_end(&other);
}

int main(void)
{
    bench_begin(&bench, NULL);
    a_check_tells_what_the_form_is();
    a_check_of_what_is_wrong_is_a_good_check();
    a_source_makes_form_version_and_state();
    the_same_source_is_the_same_version();
    a_tenant_publishes_within_its_own_quotas();
    what_was_published_is_judged_whatever_may_be_published_today();
    a_form_dearer_than_usual_is_served_when_its_tenant_was_allowed_it();
    what_does_not_compile_is_not_published();
    a_form_in_a_zone_that_is_not_here_is_not_published();
    a_form_names_so_many_tables_and_no_more();
    tables_with_more_cells_than_a_module_holds_have_none();
    the_draft_is_published_when_no_source_is_given();
    a_tenant_that_is_not_there_publishes_nothing();
    a_title_without_text_is_the_forms_name_and_a_long_one_is_cut_between_letters();
    a_draft_makes_its_form_and_is_guarded_by_its_tag();
    a_draft_that_cannot_be_kept_makes_no_form();
    bench_end(&bench);
    derived_bytes_are_made_once_and_kept_with_the_version();
    a_definition_is_dressed_when_that_is_asked_for_and_weighs_more_then();
    what_another_compiler_derived_is_made_again_and_stored();
    threads_that_want_it_at_a_time_have_it_dressed_once();
    a_derivation_that_fails_publishes_nothing();
    return TEST_RESULT();
}
