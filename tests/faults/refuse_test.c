/* Everything that engine.h offers, while the world says no (tests/faults/refuse.h) to the first thing
 * that is asked of it, then to the second, and so on until nothing is refused any more: for want of
 * memory, because an arena is full, because the disk fails, because it is full. A call fails, or does
 * without and is right; then it can be asked again, and answers what it always does.
 *
 *     refuse_test GROUP          reading, forms, submissions, operations or files
 *
 * Every 5th thing by default (of whole directories every 17th), every REFUSE_STRIDE-th if that is in
 * the environment; failures of the disk, which have to be mended each time, three times as rarely. */
#define _GNU_SOURCE
#include "tests/faults/refuse.h"

#include "tests/unit/engine_fixture.h"
#include "tests/unit/entry.h"
#include "tests/unit/faulty_disk.h"

#include "engine/inside.h"

#define DAY_MS INT64_C(86400000)

static struct bench bench;
static size_t stride = 0; /* 0: as its group has it */
static unsigned attempts; /* also for names that are used once */

/* One thing to ask. */
struct scene {
    const char *name;
    void (*prepare)(void); /* before each attempt; NULL: nothing */
    /* *ret_told: what it told in one number, the same each time; left alone when it differs. */
    enum status (*act)(struct call *call, uint64_t *ret_told);
    bool rarely; /* it takes long, and others go through the same */
};

static const struct str acme = {"acme", 4}, trip = {"trip", 4};

static const char first[] =
    "edition 2027\nform trip \"Trip of {name}\" {\n"
    "  timezone \"Europe/Berlin\"\n"
    "  name: text \"Name\" length ..40 indexed\n"
    "  size: decimal(2) \"m\" indexed\n"
    "  pin: text \"Pin\" sensitive\n"
    "  ward: choice(wards) \"Ward\" indexed\n"
    "  wants: choices(hues) \"Hues\"\n"
    "  sure: boolean \"Sure?\"\n"
    "  repeat stops \"Stop\" 0..9 { place: text \"Place\"  fee: decimal(2) \"Fee\" }\n"
    "  leaves: zoned(\"Europe/Berlin\") \"When?\"\n"
    "  twice: decimal(2) = size * 2\n"
    "  check size < 100.00 else \"{name} is too tall\" at size\n"
    "  unique on (name)\n"
    "  choices hues { red \"Red\"  blue \"Blue {name}\" }\n"
    "  table wards { key code: text label name: text }\n}\n";
static const char second[] =
    "edition 2027\nform trip \"Trip of {full_name}\" {\n"
    "  timezone \"Europe/Berlin\"\n"
    "  full_name: text \"Name\" length ..8 indexed\n"
    "  size: integer \"cm\" indexed\n"
    "  ward: choice(wards) \"Ward\" indexed\n"
    "  wants: choices(hues) \"Hues\"\n"
    "  sure: boolean \"Sure?\"\n"
    "  repeat stops \"Stop\" 0..9 { place: text \"Place\"  fee: decimal(2) \"Fee\" }\n"
    "  leaves: zoned(\"Europe/Berlin\") \"When?\"\n"
    "  choices hues { red \"Red\"  blue \"Blue\"  green \"Green\" }\n"
    "  table wards { key code: text label name: text }\n"
    "  migrate from 1 { rename name to full_name  drop pin  drop twice\n"
    "    set size = round(size * 100, 0) }\n}\n";
static const char wards[] = "code,name\na1,One\na2,Two\n";

static const char answers[] = "{\"name\":\"Ada\",\"size\":\"1.83\",\"ward\":\"a1\",\"wants\":[\"red\"],"
                              "\"sure\":true,\"stops\":[{\"place\":\"Ulm\",\"fee\":\"1.00\"}]}";

/* ---------------------------------------------------------------- what is there */

static enum status derive(struct str render, struct buf *out)
{
    buf_printf(out, "of %zu bytes", render.len);
    return out->failure;
}

static enum status present(const struct definition *definition, struct str render,
                           const struct str *derived, void **ret_kept, size_t *ret_bytes)
{
    static int kept;
    CHECK(definition->number > 0 && render.len > 0 && str_starts(derived[0], STR("of ")));
    *ret_kept = &kept;
    *ret_bytes = 100;
    return ST_OK;
}

static void discard(void *kept)
{
    CHECK(kept != NULL);
}

static const struct derivation derivation = {"short", derive};
static const struct presenter presenter = {&derivation, 1, present, discard};

static void put_submission(const char *key, uint32_t version, const char *text, int64_t received_ms)
{
    struct write write = {.kind = WRITE_SUBMISSION_ADD,
                          .tenant = acme,
                          .submission_add = {.form = trip,
                                             .version = version,
                                             .key = str_of(key),
                                             .body_hash = digest_of(str_of(text)),
                                             .answers = str_of(text),
                                             .received_ms = received_ms,
                                             .now = STR("2026-01-15T10:00:00Z"),
                                             .zone = STR("UTC"),
                                             .locale = STR("en"),
                                             .edition = STR("2027")}};
    CHECK_STATUS(call_write(&bench.call, &write), ST_OK);
}

static const struct quota_change ample[] = {{.quota = QUOTA_SUBMISSIONS, .value = QUOTA_MAX},
                                            {.quota = QUOTA_STEPS, .value = QUOTA_MAX},
                                            {.quota = QUOTA_REQUESTS, .value = QUOTA_MAX}};

static void begin(void)
{
    struct table_made made;
    struct published published;
    bench_begin(&bench, NULL);
    engine_close(bench.engine);
    bench.options.mem = refuse_mem();
    bench.options.presenter = &presenter;
    bench.options.writers = 1;
    bench_open(&bench);
    CHECK_STATUS(engine_tenant_set_quota(&bench.call, acme, ample, 3), ST_OK);
    CHECK_STATUS(engine_table_put(&bench.call, acme, STR("wards"), str_of(wards), &made), ST_OK);
    struct publication publication = {.tenant = acme, .form = trip, .source = str_of(first)};
    CHECK_STATUS(engine_publish(&bench.call, &publication, &published), ST_OK);
    put_submission("key-1", 1, answers, BENCH_NOW_MS);
    put_submission("key-2", 1, "{\"name\":\"Bartholomew\",\"ward\":\"a2\"}", BENCH_NOW_MS + DAY_MS);
    publication.source = str_of(second);
    CHECK_STATUS(engine_publish(&bench.call, &publication, &published), ST_OK);
    put_submission("key-3", 2, "{\"full_name\":\"Eve\",\"size\":170,\"wants\":[\"green\"]}",
                   BENCH_NOW_MS);
}

static void end(void)
{
    bench_end(&bench);
    CHECK(atomic_load(&refusal.held) == 0);
}

static void reopen(void)
{
    bench_reopen(&bench);
}

/* What an operator does when the disk is well again. */
static void mend(void)
{
    struct engine_counters counters;
    engine_counters(bench.engine, &counters);
    if (!counters.storage.degraded) return;
    CHECK_STATUS(engine_tenant_recover(&bench.call, STR("")), ST_OK);
    CHECK_STATUS(engine_tenant_recover(&bench.call, acme), ST_OK);
}

/* ---------------------------------------------------------------- a scene */

static const char *const refusing_names[] = {"memory", "room", "a failing disk", "a full disk"};

static enum status act(const struct scene *scene, struct call *call, struct arena *arena,
                       uint64_t *ret_told)
{
    *ret_told = 0;
    attempts++;
    arena_init(arena, refuse_mem(), 64 << 20);
    call_init(call, bench.engine, arena, STR("tok_refused"));
    return scene->act(call, ret_told);
}

/* Whether anything was refused. */
static bool play_once(const struct scene *scene, size_t number, enum refusing refusing, uint64_t told)
{
    struct arena arena;
    struct call call;
    uint64_t told_now;
    if (scene->prepare) scene->prepare();
    refuse_from(number, refusing);
    enum status st = act(scene, &call, &arena, &told_now);
    bool refused = refuse_nothing();
    arena_release(&arena);
    if (!refused) CHECK_STATUS(st, ST_OK);
    if (!st && told_now && told_now != told)
        fprintf(stderr, "told %llu, not %llu\n", (unsigned long long)told_now,
                (unsigned long long)told);
    if (!st && told_now) CHECK(told_now == told);
    mend();
    if (!refused || !st || number % 3 != 0) return refused;
    if (scene->prepare) scene->prepare();
    CHECK_STATUS(act(scene, &call, &arena, &told_now), ST_OK);
    if (told_now) CHECK(told_now == told);
    arena_release(&arena);
    return refused;
}

static void play(const struct scene *scene)
{
    struct arena arena;
    struct call call;
    uint64_t told;
    int before = test_failures;
    if (scene->prepare) scene->prepare();
    CHECK_STATUS(act(scene, &call, &arena, &told), ST_OK);
    arena_release(&arena);
    printf("%s:", scene->name);
    fflush(stdout);
    for (int refusing = REFUSE_MEMORY; refusing <= REFUSE_FULL; refusing++) {
        size_t number = 1;
        while (test_failures == before && play_once(scene, number, (enum refusing)refusing, told))
            number += stride * (scene->rarely ? 40 : 1) * (refusing < REFUSE_DISK ? 1 : 3);
        printf(" %zu of %s", number, refusing_names[refusing]);
        if (test_failures > before)
            fprintf(stderr, "%s, %s, number %zu\n", scene->name, refusing_names[refusing], number);
    }
    arena_reset(&bench.arena);
    puts(" are refused no more");
}

/* ---------------------------------------------------------------- reading */

static enum status find_tenant(struct call *call, uint64_t *ret_told)
{
    struct tenant_record tenant;
    enum status st = engine_tenant_find(call, acme, &tenant);
    if (!st) *ret_told = tenant.id.len + (uint64_t)tenant.quotas.value[QUOTA_STEPS];
    return st;
}

static enum status list_tenants(struct call *call, uint64_t *ret_told)
{
    struct tenant_page page;
    enum status st = engine_tenant_list(call, STR(""), 10, &page);
    if (!st) CHECK(page.count >= 1);
    *ret_told = 0;
    return st;
}

static struct token_made token;

static void make_token(void)
{
    struct token_create wish = {.tenant = acme, .role = ROLE_READER, .networks = STR("10.0.0.0/8")};
    CHECK_STATUS(engine_token_create(&bench.call, &wish, &token), ST_OK);
}

static enum status find_token(struct call *call, uint64_t *ret_told)
{
    struct token_record found;
    enum status st = engine_token_find(call, acme, token.id, &found);
    if (!st) *ret_told = 1 + found.role;
    return st;
}

static enum status list_tokens(struct call *call, uint64_t *ret_told)
{
    struct token_page page;
    *ret_told = 0;
    return engine_token_list(call, acme, STR(""), 10, &page);
}

static enum status verify_token(struct call *call, uint64_t *ret_told)
{
    struct token_record found;
    enum status st = engine_token_verify(call, token.text, &found);
    if (!st) *ret_told = 1 + found.role;
    return st;
}

static enum status verify_token_again(struct call *call, uint64_t *ret_told)
{
    enum status st = verify_token(call, ret_told);
    return st ? st : verify_token(call, ret_told);
}

static enum status list_audit(struct call *call, uint64_t *ret_told)
{
    struct audit_page page;
    struct audit_filter none = {.who = STR("")}, filter = {.action = STR("version.publish")};
    enum status st = engine_audit_list(call, acme, &none, 0, 10, &page);
    if (!st) st = engine_audit_list(call, acme, &filter, 0, 10, &page);
    if (!st) *ret_told = page.count;
    return st;
}

static enum status examine_audit(struct call *call, uint64_t *ret_told)
{
    struct audit_finding finding;
    enum status st = engine_audit_examine(call, acme, &finding);
    if (!st) CHECK(finding.fault == AUDIT_WHOLE);
    if (!st) *ret_told = 1 + (finding.rows > 4);
    return st;
}

static enum status find_form(struct call *call, uint64_t *ret_told)
{
    struct form_record form;
    enum status st = engine_form_find(call, acme, trip, &form);
    if (!st) *ret_told = form.newest;
    return st;
}

static enum status list_forms(struct call *call, uint64_t *ret_told)
{
    struct form_page page;
    enum status st = engine_form_list(call, acme, STR(""), 1, &page);
    if (!st) *ret_told = page.count;
    return st;
}

static enum status read_table(struct call *call, uint64_t *ret_told)
{
    struct table_record table;
    struct str csv;
    enum status st = engine_table_find(call, acme, STR("wards"), 1, &table);
    if (!st) st = engine_table_read(call, acme, &table, &csv);
    if (!st) *ret_told = csv.len;
    return st;
}

static enum status list_tables(struct call *call, uint64_t *ret_told)
{
    struct table_page page;
    enum status st = engine_table_list(call, acme, STR(""), 10, &page);
    if (!st) *ret_told = page.count;
    return st;
}

static enum status read_versions(struct call *call, uint64_t *ret_told)
{
    struct version_page page;
    struct version_record version;
    enum status st = engine_version_list(call, acme, trip, 0, 10, &page);
    if (!st) *ret_told = page.count;
    if (!st) st = engine_version_find(call, acme, trip, 1, &version);
    if (!st) *ret_told += version.source.len;
    return st;
}

static enum status read_channels(struct call *call, uint64_t *ret_told)
{
    struct channel_page page;
    struct channel_record channel;
    struct terms terms;
    enum status st = engine_channel_list(call, acme, trip, &page);
    if (!st) *ret_told = page.count;
    if (!st) st = engine_channel_find(call, acme, trip, STR(""), &channel);
    if (!st) *ret_told += channel.version;
    if (!st) st = engine_term_find(call, acme, trip, &terms);
    return st;
}

static enum status compare(struct call *call, uint64_t *ret_told)
{
    struct comparison comparison = {.tenant = acme, .form = trip, .from = 1, .to = 2};
    enum status st = engine_compare(call, &comparison);
    if (!st) *ret_told = 1 + comparison.diff.diff_class;
    return st;
}

static enum status check_source(struct call *call, uint64_t *ret_told)
{
    struct check check;
    enum status st = engine_check(call, acme, str_of(first), &check);
    if (!st) CHECK(check.ok);
    if (!st) *ret_told = check.field_count;
    return st;
}

static enum status fetch(struct call *call, uint64_t *ret_told)
{
    struct definition *definition = NULL;
    enum status st = engine_stored(call->engine, acme, trip, 0, &definition);
    if (st) return st;
    *ret_told = definition->number;
    st = engine_dress(call->engine, definition);
    definition_release(definition);
    return st;
}

static enum status aim(struct call *call, uint64_t *ret_told)
{
    struct definition *definition = NULL;
    enum status st = engine_aim(call->engine, acme, trip, (struct aim){.bucket = 3}, &definition);
    if (!st) *ret_told = definition->number;
    if (!st) definition_release(definition);
    return st;
}

static enum status make_module(struct call *call, uint64_t *ret_told)
{
    struct str text;
    struct definition *definition = NULL;
    enum status st = engine_fetch(call->engine, acme, trip, 1, &definition);
    if (st) return st;
    st = engine_module(call, definition, &text);
    definition_release(definition);
    if (!st) *ret_told = text.len;
    return st;
}

static enum status list_usage(struct call *call, uint64_t *ret_told)
{
    struct usage_page page;
    enum status st = engine_usage_list(call, acme, STR(""), 10, &page);
    if (!st) st = engine_usage_top(call->engine, 10, call->arena, &page);
    *ret_told = 0;
    return st;
}

static enum status request(struct call *call, uint64_t *ret_told)
{
    *ret_told = 1;
    return engine_request(call, acme);
}

static enum status explain(struct call *call, uint64_t *ret_told)
{
    struct buf out;
    buf_init(&out, refuse_mem(), 1 << 20);
    struct explaining explaining = {.tenant = acme,
                                    .form = trip,
                                    .version = 1,
                                    .answers = str_of(answers),
                                    .locale = STR(""),
                                    .wanted = STR(""),
                                    .out = &out};
    enum status st = engine_explain(call, &explaining);
    if (!st) st = out.failure;
    if (!st) *ret_told = out.len;
    buf_release(&out);
    return st;
}

static enum status explain_submission(struct call *call, uint64_t *ret_told)
{
    struct submission_record found;
    struct buf out;
    buf_init(&out, refuse_mem(), 1 << 20);
    struct explaining explaining = {.tenant = acme, .form = trip, .wanted = STR("name"), .out = &out};
    enum status st = engine_submission_by_key(call, acme, trip, STR("key-1"), &found);
    if (!st) st = engine_explain_submission(call, &explaining, found.id);
    if (!st) st = out.failure;
    if (!st) *ret_told = out.len;
    buf_release(&out);
    return st;
}

static enum status read_submissions(struct call *call, uint64_t *ret_told)
{
    struct submission_page page;
    struct submission_record found;
    struct submission_query query = {.form = trip};
    int64_t received_ms;
    uint64_t seq;
    enum status st = engine_submission_list(call, acme, &query, 10, &page);
    if (!st) CHECK(page.count >= 3);
    if (!st) st = engine_submission_find(call, acme, trip, page.items[0].id, &found);
    if (!st) st = engine_submission_place(call, acme, trip, page.items[0].id, &received_ms, &seq);
    if (!st) *ret_told = found.answers.len + seq;
    return st;
}

static enum status find_submissions(struct call *call, uint64_t *ret_told)
{
    struct definition *definition = NULL;
    struct submission_page page;
    struct submission_query query = {.form = trip};
    struct str detail;
    const struct filter_wish wishes[] = {{STR("name"), STR("in"), STR("Ada,Eve")},
                                         {STR("size"), STR("gte"), STR("1.5")},
                                         {STR("size"), STR("lt"), STR("2")}};
    enum status st = engine_fetch(call->engine, acme, trip, 1, &definition);
    if (st) return st;
    st = engine_filter(definition->program, wishes, 3, false, call->arena, &query.filter, &detail);
    definition_release(definition);
    if (!st) st = engine_submission_list(call, acme, &query, 10, &page);
    *ret_told = 0;
    return st;
}

static enum status complain_of_filters(struct call *call, uint64_t *ret_told)
{
    struct definition *definition = NULL;
    struct submission_filter filter;
    struct str detail;
    const struct filter_wish wish = {STR("nothing"), STR("eq"), STR("1")};
    enum status st = engine_fetch(call->engine, acme, trip, 1, &definition);
    if (st) return st;
    st = engine_filter(definition->program, &wish, 1, false, call->arena, &filter, &detail);
    definition_release(definition);
    if (st == ST_INPUT) *ret_told = detail.len;
    return st == ST_INPUT ? ST_OK : st;
}

static enum status list_days(struct call *call, uint64_t *ret_told)
{
    struct day_page page;
    struct day_query query = {.form = trip};
    enum status st = engine_day_list(call, acme, &query, 10, &page);
    if (!st) CHECK(page.count >= 3);
    *ret_told = 0;
    return st;
}

static enum status count_all(struct call *call, uint64_t *ret_told)
{
    struct stats stats;
    struct stats_query query = {.tenant = acme, .form = trip};
    enum status st = engine_stats(call, &query, &stats);
    if (!st && !stats.behind) CHECK(stats.unread == 0 && stats.day_count >= 3);
    if (!st && !stats.behind) *ret_told = 1000 * stats.submissions + stats.field_count;
    return st;
}

static enum status export_all(struct call *call, uint64_t *ret_told)
{
    struct submission_walk *walk;
    struct submission_record one;
    struct submission_query query = {.form = trip};
    uint64_t left;
    struct definition *definition = NULL;
    struct str detail;
    const struct filter_wish wish = {STR("name"), STR("in"), STR("Ada,Bartholomew")};
    enum status st = engine_fetch(call->engine, acme, trip, 1, &definition);
    if (st) return st;
    st = engine_filter(definition->program, &wish, 1, false, call->arena, &query.filter, &detail);
    definition_release(definition);
    if (!st) st = engine_export(call->engine, acme, &query, &walk);
    if (st) return st;
    st = engine_export_left(walk, &left);
    while (!st) {
        st = engine_export_next(walk, &one);
        *ret_told += !st;
    }
    engine_export_close(walk);
    return st == ST_ABSENT ? ST_OK : st;
}

static enum status mask(struct call *call, uint64_t *ret_told)
{
    struct masking masking = {.engine = call->engine, .tenant = acme, .form = trip};
    struct buf out;
    buf_init(&out, refuse_mem(), 1 << 16);
    masking_put(&masking, 1,
                STR("{\"name\":\"Ada\",\"pin\":\"4001\",\"wants\":[\"red\"],\"sure\":true,\"size\":1,"
                    "\"stops\":[{\"place\":\"U\",\"fee\":null}],\"ward\":{\"other\":\"x\"}}"),
                &out);
    enum status st = out.failure;
    if (out.len) CHECK(!memmem(out.ptr, out.len, "4001", 4)); /* whatever was refused */
    if (!st && str_eq(buf_str(&out), STR("null"))) st = ST_NOMEM;
    if (!st) *ret_told = out.len;
    masking_release(&masking);
    buf_release(&out);
    return st;
}

/* ---------------------------------------------------------------- tenants, tokens, forms */

/* A name that nobody has had. */
static struct str new_name(struct call *call, const char *what)
{
    char name[40];
    (void)snprintf(name, sizeof name, "%s-%u", what, attempts);
    (void)call;
    static char kept[40];
    memcpy(kept, name, sizeof kept);
    return str_of(kept);
}

static enum status create_tenant(struct call *call, uint64_t *ret_told)
{
    struct tenant_record tenant;
    *ret_told = 1;
    return engine_tenant_create(call, new_name(call, "tenant"), STR("A tenant"), &tenant);
}

/* There and back, so that each attempt changes something. */
static enum status move_tenant(struct call *call, uint64_t *ret_told)
{
    enum status st = engine_tenant_set_state(call, STR("other"), TENANT_SUSPENDED);
    if (!st) st = engine_tenant_set_state(call, STR("other"), TENANT_ACTIVE);
    *ret_told = 1;
    return st;
}

static void make_other(void)
{
    struct tenant_record tenant;
    enum status st = engine_tenant_create(&bench.call, STR("other"), STR("Other"), &tenant);
    CHECK(st == ST_OK || st == ST_CONFLICT);
    CHECK_STATUS(engine_tenant_set_state(&bench.call, STR("other"), TENANT_ACTIVE), ST_OK);
}

static enum status rename_tenant(struct call *call, uint64_t *ret_told)
{
    *ret_told = 1;
    return engine_tenant_set_name(call, acme, new_name(call, "Acme"));
}

static enum status set_quota(struct call *call, uint64_t *ret_told)
{
    const struct quota_change changes[] = {{QUOTA_STORED_BYTES, QUOTA_MAX - attempts},
                                           {QUOTA_REQUESTS, QUOTA_MAX - attempts}};
    *ret_told = 1;
    return engine_tenant_set_quota(call, acme, changes, 2);
}

/* Each adds a row to the log that it walks along: with the same directory there would be more to refuse
 * each time. */
static void begin_anew(void)
{
    end();
    begin();
}

static enum status recover_tenant(struct call *call, uint64_t *ret_told)
{
    *ret_told = 1;
    return engine_tenant_recover(call, acme);
}

static enum status recover_system(struct call *call, uint64_t *ret_told)
{
    *ret_told = 1;
    return engine_tenant_recover(call, STR(""));
}

static enum status create_token(struct call *call, uint64_t *ret_told)
{
    struct token_made made;
    struct token_create wish = {.tenant = acme,
                                .role = ROLE_READER,
                                .note = STR("a note"),
                                .networks = STR("10.0.0.0/8 ::1"),
                                .scopes = 1u << SCOPE_FORMS_READ};
    *ret_told = 1;
    return engine_token_create(call, &wish, &made);
}

static enum status rotate_token(struct call *call, uint64_t *ret_told)
{
    struct token_made made;
    *ret_told = 1;
    return engine_token_rotate(call, acme, token.id, BENCH_NOW_MS + 1000, &made);
}

static enum status revoke_token(struct call *call, uint64_t *ret_told)
{
    *ret_told = 1;
    return engine_token_revoke(call, acme, token.id);
}

static enum status create_form(struct call *call, uint64_t *ret_told)
{
    struct form_record form;
    *ret_told = 1;
    return engine_form_create(call, acme, new_name(call, "form"), STR("A form"), &form);
}

/* Refused by itself, whatever else is: then what was begun is taken back. */
static enum status create_form_again(struct call *call, uint64_t *ret_told)
{
    struct form_record form;
    enum status st = engine_form_create(call, acme, trip, STR("A form"), &form);
    *ret_told = 1;
    return st == ST_CONFLICT && call->refusal == REFUSAL_FORM_EXISTS ? ST_OK : st ? st : ST_FAULT;
}

static enum status move_form(struct call *call, uint64_t *ret_told)
{
    enum status st = engine_form_set_state(call, acme, trip, FORM_CLOSING);
    if (!st) st = engine_form_set_state(call, acme, trip, FORM_CLOSED);
    if (!st) st = engine_form_set_state(call, acme, trip, FORM_OPEN);
    *ret_told = 1;
    return st;
}

static void open_form(void)
{
    struct form_record form;
    CHECK_STATUS(engine_form_find(&bench.call, acme, trip, &form), ST_OK);
    if (form.state == FORM_CLOSING)
        CHECK_STATUS(engine_form_set_state(&bench.call, acme, trip, FORM_CLOSED), ST_OK);
    if (form.state != FORM_OPEN)
        CHECK_STATUS(engine_form_set_state(&bench.call, acme, trip, FORM_OPEN), ST_OK);
}

static enum status put_draft(struct call *call, uint64_t *ret_told)
{
    struct draft_record draft, found;
    struct str name = new_name(call, "draft");
    enum status st = engine_draft_put(call, acme, name, str_of(first), DRAFT_NEW, NULL, &draft);
    if (!st) st = engine_draft_put(call, acme, name, STR("b"), DRAFT_UNCHANGED, &draft.etag, &draft);
    if (!st) st = engine_draft_find(call, acme, name, &found);
    if (!st) *ret_told = found.revision;
    return st;
}

static enum status put_table(struct call *call, uint64_t *ret_told)
{
    char csv[64];
    struct table_made made;
    (void)snprintf(csv, sizeof csv, "code,name\na1,One %u\n", attempts);
    enum status st = engine_table_put(call, acme, STR("lanes"), str_of(csv), &made);
    if (!st) *ret_told = made.table.row_count;
    return st;
}

static enum status publish(struct call *call, uint64_t *ret_told)
{
    char source[200];
    struct published published;
    (void)snprintf(source, sizeof source,
                   "edition 2027 form more \"More\" {\n timezone \"Europe/Berlin\"\n a: text "
                   "\"A %u\"\n ward: choice(wards)\n table wards { key code: text label name: text } }",
                   attempts);
    struct publication publication = {.tenant = acme,
                                      .form = STR("more"),
                                      .source = str_of(source),
                                      .channel = attempts % 2 ? STR("") : STR("preview")};
    enum status st = engine_publish(call, &publication, &published);
    if (!st) *ret_told = published.check.field_count;
    return st;
}

static enum status publish_clauses(struct call *call, uint64_t *ret_told)
{
    char source[2000];
    struct published published;
    (void)snprintf(source, sizeof source, "%s# %u\n", second, attempts);
    struct publication publication = {.tenant = acme, .form = trip, .source = str_of(source)};
    enum status st = engine_publish(call, &publication, &published);
    if (!st) *ret_told = published.check.field_count;
    return st;
}

static enum status publish_draft(struct call *call, uint64_t *ret_told)
{
    struct draft_record draft;
    struct published published;
    struct publication publication = {.tenant = acme, .form = STR("drafted")};
    enum status st = engine_draft_find(call, acme, STR("drafted"), &draft);
    publication.check_draft = true;
    publication.if_match = draft.etag;
    if (!st) st = engine_publish(call, &publication, &published);
    if (!st) *ret_told = published.check.field_count;
    return st;
}

static void write_draft(void)
{
    char source[100];
    struct draft_record draft;
    (void)snprintf(source, sizeof source, "edition 2027 form drafted \"D\" { a: text \"%u\" }",
                   attempts);
    CHECK_STATUS(
        engine_draft_put(&bench.call, acme, STR("drafted"), str_of(source), DRAFT_ALWAYS, NULL, &draft),
        ST_OK);
}

static void make_channel(void)
{
    struct channel_set set = {.form = trip, .channel = STR("beta"), .version = 1, .percent = 100};
    CHECK_STATUS(engine_channel_set(&bench.call, acme, &set), ST_OK);
}

static enum status set_channel(struct call *call, uint64_t *ret_told)
{
    struct channel_set set = {
        .form = trip, .channel = STR("beta"), .version = 2, .percent = 1 + attempts % 90};
    enum status st = engine_channel_set(call, acme, &set);
    if (!st) *ret_told = 1;
    return st;
}

static enum status set_term(struct call *call, uint64_t *ret_told)
{
    struct term_change changes[] = {{TERM_GRACE_SECONDS, 100 + attempts, false},
                                    {TERM_RETENTION_DAYS, 0, true}};
    *ret_told = 1;
    return engine_term_set(call, acme, STR("more"), changes, 2, NULL);
}

static uint32_t retired;

static void make_retirable(void)
{
    char source[100];
    (void)snprintf(source, sizeof source, "edition 2027 form old \"O\" { a: text \"%u\" }", attempts);
    retired = bench_publish(&bench, "old", source);
    (void)snprintf(source, sizeof source, "edition 2027 form old \"O\" { a: text \"and %u\" }",
                   attempts);
    (void)bench_publish(&bench, "old", source);
}

static enum status retire(struct call *call, uint64_t *ret_told)
{
    struct version_record version;
    enum status st = engine_version_retire(call, acme, STR("old"), retired, -1, &version);
    if (!st) *ret_told = 1 + (version.retired_ms > 0);
    return st;
}

static enum status set_theme(struct call *call, uint64_t *ret_told)
{
    struct guise guise;
    enum status st = engine_guise_find(call, acme, trip, &guise);
    *ret_told = 1;
    return st ? st : engine_theme_set(call, acme, STR(""));
}

/* ---------------------------------------------------------------- invitations */

static void publish_invited(void)
{
    (void)bench_publish(&bench, "invited",
                        "edition 2027 form invited \"I\" { a: text \"A\"  unique per invitation }");
}

/* Issued, looked at, taken back. */
static enum status invite(struct call *call, uint64_t *ret_told)
{
    char key[40];
    const struct str form = STR("invited");
    struct invitations_made made;
    struct invitation_record found;
    struct invitation_page page;
    struct invitation_query query = {.form = form, .any_state = true};
    const struct str references[] = {STR("one"), STR("two")};
    (void)snprintf(key, sizeof key, "invited-key-%u", attempts);
    struct invitation_wish wish = {.form = form,
                                   .key = str_of(key),
                                   .body = str_of(key),
                                   .expires_ms = BENCH_NOW_MS + DAY_MS,
                                   .references = references,
                                   .count = 2};
    enum status st = engine_invitations_issue(call, acme, &wish, &made);
    if (!st) CHECK(made.page.count == 2 && made.codes);
    if (!st) st = engine_invitation_look(call, acme, form, made.codes[0]);
    if (!st) st = engine_invitation_find(call, acme, form, made.page.items[0].id, &found);
    if (!st) st = engine_invitation_list(call, acme, &query, 2, &page);
    if (!st) *ret_told = page.count;
    if (!st) st = engine_invitation_revoke(call, acme, form, made.page.items[0].id);
    return st;
}

/* ---------------------------------------------------------------- submissions */

static enum status submit_with(struct call *call, struct entry *entry, struct str key, struct str text)
{
    struct worker *worker = NULL;
    struct intake *intake = &entry->intake;
    struct definition *definition;
    *entry = (struct entry){.lock = PTHREAD_MUTEX_INITIALIZER, .over = PTHREAD_COND_INITIALIZER};
    arena_init(&entry->arena, refuse_mem(), 8 << 20);
    enum status st = engine_fetch(call->engine, acme, trip, 1, &definition);
    if (!st) intake->definition = definition;
    if (!st) st = worker_new(call->engine, &worker);
    if (st) return st;
    *intake = (struct intake){.arena = &entry->arena,
                              .definition = definition,
                              .key = key,
                              .body = text,
                              .answers = text,
                              .locale = STR(""),
                              .saved = STR("a key for what was saved"),
                              .actor = {.who = STR("public"), .at_ms = BENCH_NOW_MS},
                              .submitter = STR(""),
                              .where = STR(""),
                              .compares = true,
                              .done = entry_done,
                              .user = entry};
    enum intake_state state = engine_submit(worker, intake);
    if (state == INTAKE_READY) state = engine_store(intake);
    if (state == INTAKE_QUEUED) entry_wait(entry);
    worker_free(worker);
    if (intake->state == INTAKE_UNJUDGED) return ST_NOMEM;
    return intake->state == INTAKE_REFUSED ? intake->status ? intake->status : ST_FAULT : ST_OK;
}

static void entry_release(struct entry *entry)
{
    definition_release(entry->intake.definition);
    if (entry->intake.engine) intake_release(&entry->intake);
    arena_release(&entry->arena);
    pthread_mutex_destroy(&entry->lock);
    pthread_cond_destroy(&entry->over);
}

static enum status submit(struct call *call, uint64_t *ret_told)
{
    struct entry entry;
    char key[40], text[600];
    (void)snprintf(key, sizeof key, "key-of-%u", attempts);
    (void)snprintf(text, sizeof text, "{\"name\":\"Ada %u\",%s", attempts,
                   answers + sizeof "{\"name\":\"Ada\"");
    enum status st = submit_with(call, &entry, str_of(key), str_of(text));
    *ret_told = 0;
    if (!st) CHECK(entry.intake.state == INTAKE_STORED || entry.intake.state == INTAKE_REPLAYED);
    entry_release(&entry);
    return st;
}

static char kept_key[40], kept_text[600];

static void keep_one(void)
{
    struct entry entry;
    struct call call = bench.call;
    attempts++;
    (void)snprintf(kept_key, sizeof kept_key, "kept-%u", attempts);
    (void)snprintf(kept_text, sizeof kept_text, "{\"name\":\"Kept %u\",%s", attempts,
                   answers + sizeof "{\"name\":\"Ada\"");
    CHECK_STATUS(submit_with(&call, &entry, str_of(kept_key), str_of(kept_text)), ST_OK);
    CHECK(entry.intake.state == INTAKE_STORED);
    entry_release(&entry);
}

/* The same again: told what was stored, and judged to the same verdict. */
static enum status submit_again(struct call *call, uint64_t *ret_told)
{
    struct entry entry;
    struct worker *worker = NULL;
    enum status st = submit_with(call, &entry, str_of(kept_key), str_of(kept_text));
    if (!st) CHECK(entry.intake.state == INTAKE_REPLAYED);
    if (!st) st = worker_new(call->engine, &worker);
    if (!st) st = engine_rejudge(worker, &entry.intake, entry.intake.definition);
    worker_free(worker);
    entry_release(&entry);
    *ret_told = 0;
    return st;
}

/* Another with the same name, which is to be unique. */
static enum status submit_twin(struct call *call, uint64_t *ret_told)
{
    struct entry entry;
    char key[40];
    (void)snprintf(key, sizeof key, "twin-%u", attempts);
    enum status st = submit_with(call, &entry, str_of(key), str_of(kept_text));
    *ret_told = 0;
    if (st == ST_CONFLICT && entry.intake.refusal != REFUSAL_NONE) st = ST_OK;
    else if (!st) CHECK(false && "what is to be unique was stored twice");
    entry_release(&entry);
    return st;
}

static enum status tell(struct worker *worker, const struct judge_outcome *outcome, void *user)
{
    struct buf *out = user;
    CHECK(outcome->state == JUDGE_JUDGED);
    worker_verdict_write(worker, out);
    worker_texts_write(worker, out);
    worker_suggestions_write(worker, out);
    return out->failure;
}

static enum status evaluate(struct call *call, uint64_t *ret_told)
{
    struct worker *worker = NULL;
    struct definition *definition = NULL;
    struct judge_outcome outcome;
    struct buf out;
    buf_init(&out, refuse_mem(), 1 << 20);
    enum status st = engine_fetch(call->engine, acme, trip, 1, &definition);
    struct evaluation evaluation = {.definition = definition,
                                    .answers = str_of(answers),
                                    .locale = STR(""),
                                    .now_ms = BENCH_NOW_MS,
                                    .tell = tell,
                                    .user = &out};
    if (!st) st = worker_new(call->engine, &worker);
    if (!st) st = engine_evaluate(worker, &evaluation, &outcome);
    worker_free(worker);
    definition_release(definition);
    if (!st) *ret_told = out.len;
    buf_release(&out);
    return st;
}

static enum status save(struct call *call, uint64_t *ret_told)
{
    struct definition *definition = NULL;
    struct digest key = digest_of(STR("a key"));
    struct saved_record saved = {.answers = str_of(answers), .locale = STR("en")}, found;
    enum status st = engine_fetch(call->engine, acme, trip, 0, &definition);
    if (!st) st = engine_saved_put(call, definition, &key, &saved);
    if (!st) st = engine_saved_find(call, acme, trip, &key, &found);
    if (!st) *ret_told = found.answers.len;
    if (!st) st = engine_saved_drop(call, acme, trip, &key);
    definition_release(definition);
    return st;
}

static struct str kept_id;

static void keep_one_to_erase(void)
{
    struct submission_record found;
    keep_one();
    CHECK_STATUS(engine_submission_by_key(&bench.call, acme, trip, str_of(kept_key), &found), ST_OK);
    kept_id = found.id;
}

static enum status erase(struct call *call, uint64_t *ret_told)
{
    struct submission_record found;
    int64_t received_ms;
    uint64_t seq;
    enum status st = engine_submission_erase(call, acme, trip, kept_id);
    if (st) return st;
    st = engine_submission_find(call, acme, trip, kept_id, &found);
    if (st == ST_GONE) st = engine_submission_place(call, acme, trip, kept_id, &received_ms, &seq);
    if (!st) st = engine_submission_erase(call, acme, trip, kept_id);
    *ret_told = 1;
    return st;
}

static const atomic_bool go_on;

static void keep_what_is_old(void)
{
    char key[40];
    const struct term_change change = {TERM_RETENTION_DAYS, 30, false};
    struct write write = {.kind = WRITE_SUBMISSION_ADD, .tenant = acme};
    (void)bench_publish(&bench, "short", "edition 2027 form short \"S\" { a: text }");
    CHECK_STATUS(engine_term_set(&bench.call, acme, STR("short"), &change, 1, NULL), ST_OK);
    (void)snprintf(key, sizeof key, "old-%u", ++attempts);
    write.submission_add = (struct submission_add){.form = STR("short"),
                                                   .version = 1,
                                                   .key = str_of(key),
                                                   .answers = STR("{}"),
                                                   .received_ms = BENCH_NOW_MS - 40 * DAY_MS,
                                                   .edition = STR("2027")};
    CHECK_STATUS(call_write(&bench.call, &write), ST_OK);
    struct digest hash = digest_of(str_of(key));
    write = (struct write){.kind = WRITE_SAVED_PUT, .tenant = acme};
    write.saved_put = (struct saved_put){.form = STR("short"),
                                         .version = 1,
                                         .key_hash = hash,
                                         .answers = STR("{}"),
                                         .locale = STR("en"),
                                         .saved_ms = BENCH_NOW_MS - 400 * DAY_MS};
    CHECK_STATUS(call_write(&bench.call, &write), ST_OK);
}

/* It says nothing itself: what is too old is gone, or goes the next time. */
static enum status sweep(struct call *call, uint64_t *ret_told)
{
    struct submission_page page;
    struct submission_query query = {.form = STR("short")};
    bool any = false;
    engine_sweep(call->engine, &go_on);
    enum status st = engine_submission_list(call, acme, &query, 10, &page);
    if (!st) st = saved_is_over(call->engine->tenants, acme, BENCH_NOW_MS, &any);
    if (!st && (page.count > 0 || any)) return ST_IO; /* left to the next call */
    *ret_told = 1;
    return st;
}

/* ---------------------------------------------------------------- operations */

static enum status carry(struct call *call, uint64_t *ret_told)
{
    struct carrying carrying = {.tenant = acme, .form = trip, .from = 1, .to = 2};
    enum status st = engine_carry(call, &carrying);
    if (!st) *ret_told = 100 * carrying.count + carrying.carried;
    return st;
}

static enum status carry_and_keep(struct call *call, uint64_t *ret_told)
{
    struct submission_record found;
    struct carried_page page;
    struct carrying carrying = {.tenant = acme, .form = trip, .from = 1, .to = 2, .keep = true};
    enum status st = engine_carry(call, &carrying);
    if (!st) st = engine_submission_by_key(call, acme, trip, str_of(kept_key), &found);
    if (!st) st = engine_carried(call, acme, &found, &page);
    if (!st) *ret_told = page.count;
    return st;
}

static enum status labour_until_over(struct call *call, struct str id,
                                     struct operation_record *ret_operation)
{
    struct labour *labour = NULL;
    int64_t wait_ms;
    enum status st = labour_new(call->engine, acme, id, &labour);
    for (int turns = 0; !st && turns < 20 && labour_turn(labour, &wait_ms); turns++) mend();
    labour_free(labour);
    return st ? st : engine_operation_find(call, acme, id, ret_operation);
}

static void cancel_all(void)
{
    struct operation_page page;
    struct operation_record operation;
    CHECK_STATUS(engine_operation_list(&bench.call, acme, STR(""), 10, &page), ST_OK);
    for (uint32_t i = 0; i < page.count; i++)
        if (!operation_is_over(page.items[i].state))
            CHECK_STATUS(engine_operation_cancel(&bench.call, acme, page.items[i].id, &operation),
                         ST_OK);
}

/* One to be carried, and no others that are left from earlier. */
static void keep_one_to_carry(void)
{
    struct carrying carrying = {.tenant = acme, .form = trip, .from = 1, .to = 2, .keep = true};
    cancel_all();
    do CHECK_STATUS(engine_carry(&bench.call, &carrying), ST_OK);
    while (carrying.more);
    keep_one();
}

/* Turn by turn; what was refused is done by a later turn. */
static enum status migrate(struct call *call, uint64_t *ret_told)
{
    struct undertaking undertaking = {
        .begin = {.kind = OPERATION_MIGRATE, .form = trip, .from = 1, .to = 2}};
    struct operation_record operation;
    struct refused_page page;
    enum status st = engine_operation_begin(call, acme, &undertaking);
    if (!st) st = labour_until_over(call, undertaking.begin.ret_operation.id, &operation);
    if (!st) CHECK(operation.state != OPERATION_QUEUED && operation.state != OPERATION_CANCELLED);
    if (!st) st = engine_refused_list(call, acme, &operation, 0, 10, &page);
    if (!st) *ret_told = 1 + operation.kind;
    return st;
}

static enum status list_operations(struct call *call, uint64_t *ret_told)
{
    struct operation_page page;
    struct operation_record operation;
    enum status st = engine_operation_list(call, acme, STR(""), 5, &page);
    if (!st) CHECK(page.count > 0);
    if (!st) st = engine_operation_find(call, acme, page.items[0].id, &operation);
    *ret_told = 0;
    return st;
}

static enum status cancel(struct call *call, uint64_t *ret_told)
{
    struct undertaking undertaking = {
        .begin = {.kind = OPERATION_MIGRATE, .form = trip, .from = 1, .to = 2}};
    struct operation_record operation;
    enum status st = engine_operation_begin(call, acme, &undertaking);
    if (!st) st = engine_operation_cancel(call, acme, undertaking.begin.ret_operation.id, &operation);
    if (!st) *ret_told = 1 + operation.state;
    return st;
}

static unsigned told_of;

static void count_operation(void *user, struct str tenant, struct str id)
{
    (void)user;
    CHECK(str_eq(tenant, acme) && id.len > 0);
    told_of++;
}

static void begin_one(void)
{
    struct undertaking undertaking = {
        .begin = {.kind = OPERATION_MIGRATE, .form = trip, .from = 1, .to = 2}};
    cancel_all();
    CHECK_STATUS(engine_operation_begin(&bench.call, acme, &undertaking), ST_OK);
}

static enum status tell_of_operations(struct call *call, uint64_t *ret_told)
{
    told_of = 0;
    engine_operations_open(call->engine, &go_on, count_operation, NULL);
    *ret_told = told_of;
    return told_of ? ST_OK : ST_IO;
}

static void drop_snapshots(void)
{
    struct snapshot_page page;
    cancel_all();
    CHECK_STATUS(engine_snapshot_list(&bench.call, acme, &page), ST_OK);
    for (uint32_t i = 0; i < page.count; i++)
        CHECK_STATUS(engine_snapshot_drop(&bench.call, acme, page.items[i].id), ST_OK);
}

static enum status take_snapshot(struct call *call, uint64_t *ret_told)
{
    struct undertaking undertaking = {.begin = {.kind = OPERATION_SNAPSHOT}};
    struct operation_record operation;
    struct snapshot_page page;
    enum status st = engine_operation_begin(call, acme, &undertaking);
    if (!st) st = labour_until_over(call, undertaking.begin.ret_operation.id, &operation);
    if (!st) st = engine_snapshot_list(call, acme, &page);
    if (st) return st;
    if (operation.state != OPERATION_DONE) return ST_IO; /* it failed, and says so */
    CHECK(page.count == 1);
    *ret_told = 1;
    return engine_snapshot_drop(call, acme, page.items[0].id);
}

/* Its row alone, without the files. */
static struct write snapshot_write;

static void have_snapshot(void)
{
    struct undertaking undertaking = {.begin = {.kind = OPERATION_SNAPSHOT}};
    drop_snapshots();
    CHECK_STATUS(engine_operation_begin(&bench.call, acme, &undertaking), ST_OK);
    struct str id = undertaking.begin.ret_operation.id;
    struct write move = {.kind = WRITE_OPERATION_MOVE,
                         .tenant = acme,
                         .operation_move = {.id = id, .to = OPERATION_RUNNING, .total = 1}};
    CHECK_STATUS(call_write(&bench.call, &move), ST_OK);
    snapshot_write = (struct write){.kind = WRITE_SNAPSHOT_ADD,
                                    .tenant = acme,
                                    .snapshot_add = {.snapshot = {.id = id, .bytes = 1, .schema = 1}}};
}

static enum status keep_snapshot(struct call *call, uint64_t *ret_told)
{
    struct write write = snapshot_write;
    enum status st = call_write(call, &write);
    if (!st) *ret_told = 1 + write.snapshot_add.ret_operation.state;
    return st;
}

/* ---------------------------------------------------------------- whole directories */

static char data_path[64], data_partial[80], backup_path[64];

static void name_paths(void)
{
    (void)snprintf(data_path, sizeof data_path, "%s-data", bench.directory);
    (void)snprintf(data_partial, sizeof data_partial, "%s.partial", data_path);
    (void)snprintf(backup_path, sizeof backup_path, "%s-backup", bench.directory);
}

static enum status open_and_close(struct call *call, uint64_t *ret_told)
{
    struct engine *engine;
    struct engine_options options = bench.options;
    struct tenant_record tenant;
    options.directory = data_path;
    enum status st = engine_open(&options, &engine);
    if (st) return st;
    struct call other = *call;
    other.engine = engine;
    st = engine_tenant_create(&other, acme, STR("Acme"), &tenant);
    if (st == ST_CONFLICT) st = engine_tenant_find(&other, acme, &tenant);
    engine_close(engine);
    *ret_told = 1;
    return st;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info, (void)kind, (void)walk;
    return remove(path);
}

static void remove_data(void)
{
    (void)nftw(data_path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    (void)nftw(data_partial, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static enum status back_up(struct call *call, uint64_t *ret_told)
{
    struct backup backup;
    enum status st =
        backup_make(bench.directory, STR(""), data_path, BENCH_NOW_MS, call->arena, &backup);
    if (st) CHECK(__real_access(data_path, F_OK) != 0);
    if (!st) *ret_told = backup.count;
    return st;
}

static void remove_backup(void)
{
    (void)nftw(backup_path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void have_backup(void)
{
    struct backup backup;
    remove_backup();
    CHECK_STATUS(
        backup_make(bench.directory, STR(""), backup_path, BENCH_NOW_MS, &bench.arena, &backup), ST_OK);
}

static enum status verify_backup(struct call *call, uint64_t *ret_told)
{
    struct backup backup;
    enum status st = backup_verify(backup_path, call->arena, &backup);
    if (!st) *ret_told = backup.count;
    return st;
}

static enum status restore(struct call *call, uint64_t *ret_told)
{
    struct backup backup;
    enum status st = backup_restore(backup_path, data_path, call->arena, &backup);
    if (st) CHECK(__real_access(data_path, F_OK) != 0);
    if (!st) *ret_told = backup.count;
    return st;
}

/* Another directory, that a tenant is restored into. */
static void have_data(void)
{
    struct tenants *tenants;
    remove_data();
    CHECK_STATUS(
        tenants_open(&(struct tenants_options){.mem = mem_heap(), .directory = data_path}, &tenants),
        ST_OK);
    tenants_close(tenants);
}

static enum status restore_tenant(struct call *call, uint64_t *ret_told)
{
    struct backup backup;
    struct backup_wish wish = {
        .tenant = acme, .as = STR("copied"), .actor = {.who = STR("cli"), .at_ms = BENCH_NOW_MS}};
    *ret_told = 1;
    return backup_restore_tenant(backup_path, data_path, &wish, call->arena, &backup);
}

static enum status inspect(struct call *call, uint64_t *ret_told)
{
    struct tenant_page tenants;
    struct file_report report = {.bytes = 0};
    struct audit_finding finding;
    struct audit_page page;
    struct audit_filter none = {.who = STR("")};
    enum status st = inspection_tenants(bench.directory, STR(""), call->arena, &tenants);
    for (uint32_t i = 0; !st && i < tenants.count; i++) {
        st = inspection_file(bench.directory, tenants.items[i].id, call->arena, &report);
        if (st) break;
        if (report.status) return report.status; /* it says so */
        CHECK(report.complaint.len == 0 && report.audit.fault == AUDIT_WHOLE &&
              !report.stray_references);
    }
    if (!st) st = inspection_audit(bench.directory, acme, &finding);
    if (!st) st = inspection_audit_list(bench.directory, acme, &none, 0, 5, call->arena, &page);
    if (!st) *ret_told = page.count;
    return st;
}

/* Judged again from outside: the same verdicts, but for those that nobody has judged before. */
static enum status replay(struct call *call, uint64_t *ret_told)
{
    struct replay replay = {.mem = refuse_mem(), .directory = bench.directory};
    (void)call;
    enum status st = engine_replay(&replay);
    for (int i = 0; !st && i < REPLAYED_COUNT; i++) *ret_told += replay.counts[i] * (uint64_t)(i + 1);
    return st;
}

/* ---------------------------------------------------------------- all of them */

static const struct scene reading[] = {
    {"a tenant is found", NULL, find_tenant, false},
    {"a tenant is found after a start", reopen, find_tenant, false},
    {"tenants are listed", NULL, list_tenants, false},
    {"a request is counted", reopen, request, false},
    {"a token is found", make_token, find_token, false},
    {"tokens are listed", make_token, list_tokens, false},
    {"a token is verified", make_token, verify_token, false},
    {"a token is verified twice", make_token, verify_token_again, false},
    {"the audit log is read", NULL, list_audit, false},
    {"the audit log is examined", NULL, examine_audit, false},
    {"a form is found", NULL, find_form, false},
    {"a form is found after a start", reopen, find_form, false},
    {"forms are listed", NULL, list_forms, false},
    {"a table is read", NULL, read_table, false},
    {"tables are listed", NULL, list_tables, false},
    {"versions are read", NULL, read_versions, false},
    {"channels are read", NULL, read_channels, false},
    {"a definition is fetched", reopen, fetch, false},
    {"a channel is aimed at", reopen, aim, false},
    {"usage is told", NULL, list_usage, false},
    {"a module is made", NULL, make_module, false},
};
static const struct scene forms[] = {
    {"a tenant is recovered", begin_anew, recover_tenant, false},
    {"the system is recovered", begin_anew, recover_system, false},
    {"a source is checked", NULL, check_source, false},
    {"versions are compared", NULL, compare, false},
    {"a tenant is made", NULL, create_tenant, false},
    {"a tenant is moved", make_other, move_tenant, false},
    {"a tenant gets a name", NULL, rename_tenant, false},
    {"a tenant gets quotas", NULL, set_quota, false},
    {"a token is made", NULL, create_token, false},
    {"a token is rotated", make_token, rotate_token, false},
    {"a token is revoked", make_token, revoke_token, false},
    {"a form is made", NULL, create_form, false},
    {"a form is made twice", NULL, create_form_again, false},
    {"a form is moved", open_form, move_form, false},
    {"a draft is put", NULL, put_draft, false},
    {"a table is put", NULL, put_table, false},
    {"a form is published", NULL, publish, false},
    {"a form with clauses is published", NULL, publish_clauses, false},
    {"a draft is published", write_draft, publish_draft, false},
    {"a channel is set", make_channel, set_channel, false},
    {"a term is set", NULL, set_term, false},
    {"a version is retired", make_retirable, retire, false},
    {"a theme is set", NULL, set_theme, false},
    {"people are invited", publish_invited, invite, false},
};
static const struct scene submissions[] = {
    {"answers are explained", NULL, explain, false},
    {"a submission is explained", NULL, explain_submission, false},
    {"submissions are read", NULL, read_submissions, false},
    {"submissions are found by answers", NULL, find_submissions, false},
    {"a filter is complained about", NULL, complain_of_filters, false},
    {"days are listed", NULL, list_days, false},
    {"all are counted", NULL, count_all, false},
    {"all are counted after a start", reopen, count_all, false},
    {"submissions are exported", NULL, export_all, false},
    {"what is sensitive is masked", NULL, mask, false},
    {"answers are judged", NULL, evaluate, false},
    {"answers are submitted", NULL, submit, false},
    {"answers are submitted again", keep_one, submit_again, false},
    {"answers that are there are submitted", keep_one, submit_twin, false},
    {"answers are saved", NULL, save, false},
    {"a submission is erased", keep_one_to_erase, erase, false},
    {"what is too old is erased", keep_what_is_old, sweep, false},
};
static const struct scene operations[] = {
    {"a snapshot is taken", drop_snapshots, take_snapshot, true},
    {"a snapshot is kept", have_snapshot, keep_snapshot, false},
    {"a migration is tried", NULL, carry, false},
    {"a migration is kept", keep_one_to_carry, carry_and_keep, false},
    {"a migration goes on by itself", keep_one_to_carry, migrate, false},
    {"operations are listed", NULL, list_operations, false},
    {"an operation is cancelled", cancel_all, cancel, false},
    {"operations are told of", begin_one, tell_of_operations, false},
};
static const struct scene files[] = {
    {"a directory is made", remove_data, open_and_close, false},
    {"a directory is opened", NULL, open_and_close, false},
    {"a backup is made", remove_data, back_up, false},
    {"a directory is inspected", NULL, inspect, false},
    {"a directory is judged again", NULL, replay, false},
    {"a backup is verified", have_backup, verify_backup, false},
    {"a backup is restored", remove_data, restore, false},
    {"a tenant is restored", have_data, restore_tenant, false},
};
static const struct {
    const char *name;
    const struct scene *scenes;
    size_t count, stride;
} groups[] = {
    {"reading", reading, sizeof reading / sizeof *reading, 5},
    {"forms", forms, sizeof forms / sizeof *forms, 5},
    {"submissions", submissions, sizeof submissions / sizeof *submissions, 5},
    {"operations", operations, sizeof operations / sizeof *operations, 5},
    {"files", files, sizeof files / sizeof *files, 17},
};

int main(int argc, char **argv)
{
    bool found = false;
    const char *wanted = getenv("REFUSE_STRIDE");
    if (wanted) stride = strtoul(wanted, NULL, 10);
    faulty_disk_install();
    disk.unsynced = true;
    begin();
    name_paths();
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        if (argc < 2 || strcmp(groups[i].name, argv[1]) != 0) continue;
        found = true;
        if (!stride) stride = groups[i].stride;
        for (size_t k = 0; k < groups[i].count; k++) play(&groups[i].scenes[k]);
    }
    end();
    remove_data();
    remove_backup();
    if (!found) fprintf(stderr, "usage: refuse_test GROUP\n");
    return found ? TEST_RESULT() : 2;
}
