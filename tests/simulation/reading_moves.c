#include "tests/simulation/moves.h"

#include <stdio.h>
#include <string.h>

static void same_answers(const struct json_value *submission, const struct answers *answers,
                         const struct variant *variant)
{
    static const char *const names[] = {"n", "m", "twice"};
    int wanted[] = {answers->n, variant->has_m ? answers->m : NOTHING,
                    answers->n == NOTHING ? NOTHING : 2 * answers->n};
    const struct json_value *got = json_get(submission, STR("answers"));
    for (int i = 0; i < 3; i++) {
        int64_t number = NOTHING;
        (void)json_get_int(got, str_of(names[i]), &number);
        same_number(names[i], number, wanted[i]);
    }
    struct str t = STR(""), c = STR("");
    char code[16] = "";
    if (answers->c != NOTHING) (void)snprintf(code, sizeof code, "c%d", answers->c);
    (void)json_get_str(got, STR("t"), &t);
    (void)json_get_str(got, STR("c"), &c);
    same_number("t", (int64_t)t.len, answers->t == NOTHING ? 0 : answers->t);
    same_text("c", c, code);
}

void move_submission_get(void)
{
    struct place place = some_open_place();
    struct submission *submission = some_submission(place.f, true);
    struct caller caller = who(place.tenant, "submissions.read");
    ask("GET", "%s/submissions/%s?as=submitted", place.path, submission ? submission->id : "sub_none");
    with_caller(&caller);
    struct verdict want = model_may(&model, place.tenant, &caller, "submissions.read", here.now_ms);
    want = first(want, unless(place.t->used && place.f->used && submission, 404, "not-found"));
    if (!want.status) want = unless(submission->presence == PRESENT, 410, "submission-erased");
    if (!comes(first(want, FINE(200))) || here.unsure) return;
    same_number("version", number_of("version"), submission->version);
    same_answers(&here.json, &submission->answers, &place.f->versions[submission->version - 1].variant);
}

void move_receipt_get(void)
{
    struct place place = some_place();
    struct submission *submission = some_submission(place.f, true);
    if (!submission || !submission->receipt[0]) return;
    ask("GET", "%s", submission->receipt);
    struct verdict want = unless(place.t->phase == ACTIVE, 404, "not-found");
    want = first(want, unless(submission->presence == PRESENT, 410, "submission-erased"));
    if (comes(first(want, FINE(200))) && !here.unsure) same_text("id", text_of("id"), submission->id);
}

/* What nobody was told is learnt. */
static void same_id(struct form *form, const struct submission *wanted, struct str id)
{
    struct submission *there = form_by_key(form, wanted->key);
    if (!there->id[0]) (void)snprintf(there->id, sizeof there->id, "%.*s", STR_ARG(id));
    same_text("listed", id, there->id);
}

/* All pages of it. */
void move_submissions_list(void)
{
    struct place place = some_open_place();
    struct caller caller = who(place.tenant, "submissions.read");
    bool newest = once_in(2);
    uint32_t version = once_in(3) ? 1 + below(place.f->version_count + 1) : 0, limit = 1 + below(100),
             seen = 0;
    int least = once_in(3) && place.f->version_count ? (int)below(10) : NOTHING;
    char query[128] = "", cursor[512] = "";
    struct wanted wanted = form_listed(place.f, version, least);
    struct verdict want = model_may(&model, place.tenant, &caller, "submissions.read", here.now_ms);
    want = first(want, unless(place.t->used && place.f->used, 404, "not-found"));
    if (version > place.f->version_count && least != NOTHING) return;
    if (version) (void)snprintf(query, sizeof query, "&version=%u", version);
    if (least != NOTHING)
        (void)snprintf(query + strlen(query), sizeof query - strlen(query), "&filter[n][gte]=%d",
                       least);
    do {
        ask("GET", "%s/submissions?limit=%u&order=%s%s%s%s", place.path, limit,
            newest ? "newest" : "oldest", query, cursor[0] ? "&cursor=" : "", cursor);
        with_caller(&caller);
        if (!comes(first(want, FINE(200))) || here.unsure) return;
        const struct json_value *items = json_get(&here.json, STR("items"));
        for (uint32_t i = 0; items && i < items->count && !here.differs; i++, seen++) {
            struct str id = STR("");
            (void)json_get_str(&items->items[i], STR("id"), &id);
            if (seen >= wanted.count) same_number("listed", seen + 1, wanted.count);
            else same_id(place.f, wanted.items[newest ? wanted.count - 1 - seen : seen], id);
        }
        keep_cursor(cursor);
    } while (cursor[0] && !here.differs);
    same_number("listed", seen, wanted.count);
}

void move_submissions_export(void)
{
    struct place place = some_place();
    struct caller caller = who(place.tenant, "submissions.export");
    struct wanted wanted = form_listed(place.f, 0, NOTHING);
    uint32_t lines = 0;
    ask("GET", "%s/submissions:export", place.path);
    with_caller(&caller);
    struct verdict want = model_may(&model, place.tenant, &caller, "submissions.export", here.now_ms);
    want = first(want, unless(place.t->used && place.f->used, 404, "not-found"));
    if (!comes(first(want, FINE(200))) || here.unsure) return;
    for (size_t i = 0; i < here.exchange.answer_len; i++) lines += here.exchange.answer[i] == '\n';
    same_number("exported", lines, wanted.count);
    for (uint32_t i = 0; i < wanted.count && !here.differs; i++)
        if (!strstr(here.exchange.answer, wanted.items[i]->id))
            differ("exported", "not there", wanted.items[i]->id);
}

void move_stats_get(void)
{
    struct place place = some_place();
    struct caller caller = who(place.tenant, "submissions.read");
    ask("GET", "%s/stats", place.path);
    with_caller(&caller);
    struct verdict want = model_may(&model, place.tenant, &caller, "submissions.read", here.now_ms);
    want = first(want, unless(place.t->used && place.f->used, 404, "not-found"));
    if (!comes(first(want, FINE(200))) || here.unsure) return;
    same_number("submissions", number_of("submissions"), form_present(place.f));
}
