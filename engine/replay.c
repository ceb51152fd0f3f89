/* Replay: every stored submission judged again. The promises stand in engine.h. engine/replay.c
 *
 * What is stored are the answers that counted. Judging them gives them back, and the verdict of then
 * but for its steps: those hang on what was sent besides, and on the compiler. So the verdict of now is
 * written with the steps of then before its digest is held against the one that is stored. */
#include "engine/engine.h"

#include "base/civil.h"
#include "base/sheet.h"

#include <assert.h>

enum { HELD = 8 }; /* versions of one form at a time: rollouts mix a few */

/* A version as it is judged; program NULL: it does not compile. */
struct held {
    uint32_t number; /* 0: free */
    struct program *program;
    const struct zone *zone;
    struct arena arena; /* zone */
};

struct replayer {
    struct replay *replay;
    struct judge *judge;
    struct atlas *atlas; /* NULL: no program has needed it yet */
    struct str tenant, form;
    struct arena *forms, *page, *scratch; /* from long-lived to short */
    struct held held[HELD];
    uint32_t next; /* of held, to be given up */
    struct buf text;
};

const char *replayed_name(enum replayed what)
{
    static const char *const names[] = {
#define REPLAYED(NAME, name, text) [REPLAYED_##NAME] = name,
#include "engine/replayed.def"
#undef REPLAYED
    };
    return names[what];
}

const char *replayed_text(enum replayed what)
{
    static const char *const texts[] = {
#define REPLAYED(NAME, name, text) [REPLAYED_##NAME] = text,
#include "engine/replayed.def"
#undef REPLAYED
    };
    return texts[what];
}

/* ---------------------------------------------------------------- versions */

struct outside_tables {
    struct replayer *replayer;
    struct sheet *sheets[LIMIT_TABLES];
    uint32_t count;
};

static enum status find_table(void *user, struct str name, uint32_t version, struct sheet **ret_sheet,
                              uint32_t *ret_version)
{
    struct outside_tables *tables = user;
    struct replayer *replayer = tables->replayer;
    struct table_record table;
    struct str csv;
    struct sheet_fault fault;
    struct sheet *sheet;
    if (tables->count == limit(TABLES)) return ST_ABSENT;
    enum status st = inspection_table(replayer->replay->directory, replayer->tenant, name, version,
                                      replayer->scratch, &table, &csv);
    if (!st) st = sheet_new(replayer->replay->mem, csv, &sheet, &fault);
    if (st) return st == ST_INPUT ? ST_FAULT : st;
    tables->sheets[tables->count++] = sheet;
    *ret_sheet = sheet;
    *ret_version = table.number;
    return ST_OK;
}

static enum status compile(struct replayer *replayer, struct str source, struct program **ret_program)
{
    struct outside_tables outside = {.replayer = replayer};
    struct dsl_tables tables = {.find = find_table, .user = &outside};
    struct price_caps caps = price_caps_none();
    struct diags diags;
    diags_init(&diags, replayer->scratch, limit(DIAGNOSTICS));
    enum status st =
        dsl_compile_with(replayer->replay->mem, source, &tables, &caps, &diags, NULL, ret_program);
    for (uint32_t i = 0; i < outside.count; i++) sheet_release(outside.sheets[i]);
    return st;
}

static void let_go(struct held *held)
{
    if (!held->number) return;
    program_release(held->program);
    arena_release(&held->arena);
    *held = (struct held){.number = 0};
}

static enum status open_zone(struct held *held)
{
    struct str name = held->program->timezone;
    held->zone = zone_utc();
    if (name.len == 0 || str_eq(name, STR("UTC"))) return ST_OK;
    return zone_open(&held->arena, name, &held->zone);
}

static enum status open_atlas(struct replayer *replayer, const struct held *held)
{
    if (!held->program->zoned || replayer->atlas) return ST_OK;
    return atlas_new(replayer->replay->mem, &replayer->atlas);
}

static enum status fill(struct replayer *replayer, struct held *held, uint32_t number)
{
    struct version_record version;
    arena_reset(replayer->scratch);
    enum status st = inspection_version(replayer->replay->directory, replayer->tenant, replayer->form,
                                        number, replayer->scratch, &version);
    if (st) return st;
    held->number = number;
    arena_init(&held->arena, replayer->replay->mem, limit(ZONE_ARENA_BYTES));
    st = compile(replayer, version.source, &held->program);
    if (st == ST_INPUT) held->program = NULL;
    if (st) return st == ST_INPUT ? ST_OK : st;
    st = open_zone(held);
    return st ? st : open_atlas(replayer, held);
}

static enum status hold(struct replayer *replayer, uint32_t number, const struct held **ret_held)
{
    for (uint32_t i = 0; i < HELD; i++) {
        *ret_held = &replayer->held[i];
        if (replayer->held[i].number == number) return ST_OK;
    }
    struct held *held = &replayer->held[replayer->next];
    replayer->next = (replayer->next + 1) % HELD;
    let_go(held);
    *ret_held = held;
    return fill(replayer, held, number);
}

/* ---------------------------------------------------------------- one submission */

static enum status compare(struct replayer *replayer, const struct submission_record *submission,
                           enum replayed *ret_what)
{
    struct buf *text = &replayer->text;
    struct str answers;
    buf_reset(text);
    verdict_write_again(replayer->judge, submission->version, submission->steps, text, &answers);
    if (buf_failed(text)) return text->failure;
    *ret_what = REPLAYED_ANSWERS;
    if (!str_eq(answers, submission->answers)) return ST_OK;
    struct digest digest = digest_quick(buf_str(text));
    bool same = memcmp(digest.bytes, submission->verdict_hash.bytes, DIGEST_BYTES) == 0;
    *ret_what = same ? REPLAYED_SAME : REPLAYED_VERDICT;
    return ST_OK;
}

static enum status judge(struct replayer *replayer, const struct submission_record *submission,
                         const struct held *held, struct replayed_one *one)
{
    int32_t offset_minutes;
    struct judging judging = {.program = held->program,
                              .answers = submission->answers,
                              .zone = held->zone,
                              .atlas = replayer->atlas,
                              .locale = submission->locale,
                              .steps_max = UINT64_MAX,
                              .ms_max = (uint32_t)limit(REQUEST_MS)};
    one->what = REPLAYED_UNREADABLE;
    if (!civil_parse_datetime(submission->now, &judging.now_ms, &offset_minutes)) return ST_OK;
    struct judge_outcome outcome;
    enum status st = judge_run(replayer->judge, &judging, &outcome);
    if (st) return st;
    one->what = REPLAYED_UNJUDGED;
    if (outcome.state != JUDGE_JUDGED) return ST_OK;
    one->steps_now = outcome.steps;
    one->what = REPLAYED_INVALID;
    return outcome.valid ? compare(replayer, submission, &one->what) : ST_OK;
}

static enum status replay_one(struct replayer *replayer, const struct submission_record *submission)
{
    struct replay *replay = replayer->replay;
    struct replayed_one one = {
        .tenant = replayer->tenant, .submission = submission, .what = REPLAYED_UNCOMPILED};
    const struct held *held;
    enum status st = hold(replayer, submission->version, &held);
    if (!st && held->program) st = judge(replayer, submission, held, &one);
    if (st) return st;
    replay->counts[one.what]++;
    if (one.steps_now && one.steps_now != submission->steps) replay->other_steps++;
    if (replay->tell) replay->tell(replay, &one);
    return ST_OK;
}

/* ---------------------------------------------------------------- all of them */

static enum status replay_form(struct replayer *replayer)
{
    struct submission_query query = {.form = replayer->form};
    struct submission_page page = {.more = true};
    enum status st = ST_OK;
    while (page.more) {
        arena_reset(replayer->page);
        st = inspection_submissions(replayer->replay->directory, replayer->tenant, &query,
                                    replayer->page, &page);
        for (uint32_t i = 0; !st && i < page.count; i++) st = replay_one(replayer, &page.items[i]);
        if (st || !page.count) break;
        query.after_received_ms = page.items[page.count - 1].received_ms;
        query.after_seq = page.items[page.count - 1].seq;
    }
    for (uint32_t i = 0; i < HELD; i++) let_go(&replayer->held[i]);
    return st;
}

static enum status replay_tenant(struct replayer *replayer)
{
    struct replay *replay = replayer->replay;
    struct form_page page = {.more = true};
    char after[LIMIT_NAME_BYTES + 1] = "";
    bool found = false;
    enum status st = ST_OK;
    while (page.more) {
        arena_reset(replayer->forms);
        st = inspection_forms(replay->directory, replayer->tenant, str_of(after), replayer->forms,
                              &page);
        for (uint32_t i = 0; !st && i < page.count; i++) {
            replayer->form = page.items[i].name;
            if (replay->form.len && !str_eq(replay->form, replayer->form)) continue;
            found = true;
            st = replay_form(replayer);
        }
        if (st || !page.count) break;
        struct str last = page.items[page.count - 1].name;
        assert(last.len < sizeof after);
        memcpy(after, last.ptr, last.len);
        after[last.len] = '\0';
    }
    return !st && replay->form.len && replay->tenant.len && !found ? ST_ABSENT : st;
}

static enum status replay_tenants(struct replayer *replayer, struct arena *arena)
{
    struct replay *replay = replayer->replay;
    struct tenant_page page = {.more = true};
    char after[LIMIT_TENANT_ID_BYTES + 1] = "";
    enum status st = ST_OK;
    while (page.more) {
        arena_reset(arena);
        st = inspection_tenants(replay->directory, str_of(after), arena, &page);
        for (uint32_t i = 0; !st && i < page.count; i++) {
            replayer->tenant = page.items[i].id;
            st = replay_tenant(replayer);
        }
        if (st || !page.count) break;
        struct str last = page.items[page.count - 1].id;
        memcpy(after, last.ptr, last.len);
        after[last.len] = '\0';
    }
    return st;
}

enum status engine_replay(struct replay *replay)
{
    enum { TENANTS, FORMS, PAGE, SCRATCH, ARENAS };
    struct arena arenas[ARENAS];
    struct replayer replayer = {.replay = replay,
                                .tenant = replay->tenant,
                                .forms = &arenas[FORMS],
                                .page = &arenas[PAGE],
                                .scratch = &arenas[SCRATCH]};
    enum status st = judge_new(replay->mem, &replayer.judge);
    if (st) return st;
    for (int i = 0; i < ARENAS; i++)
        arena_init(&arenas[i], replay->mem, 2 * limit(DEFINITION_ARENA_BYTES));
    buf_init(&replayer.text, replay->mem, limit(VERDICT_BYTES) + 64);
    st = replay->tenant.len ? replay_tenant(&replayer) : replay_tenants(&replayer, &arenas[TENANTS]);
    buf_release(&replayer.text);
    for (int i = 0; i < ARENAS; i++) arena_release(&arenas[i]);
    judge_free(replayer.judge);
    atlas_free(replayer.atlas);
    return st;
}
