/* On page: a form as pages for people. server/on_page.c
 *
 * What was typed lives in the store of saved answers, under a key that is made when the first page is
 * drawn and travels in the pages and their addresses (docs/decisions/0031). Every post is answered with
 * the address of the page that follows, so going back and loading anew never send anything twice. */
#include "server/html.h"
#include "server/on.h"
#include "server/presentation.h"
#include "server/receipt.h"

#include "base/language.h"
#include "base/limits.h"
#include "base/word.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    MOMENT_DIGITS = 12,
    SECRET_BYTES = 20
}; /* of a key: when it was made, in hex, and what nobody can guess */

/* One request for a page, or from one. */
struct visit {
    struct request *request;
    struct str tenant, form, path;
    struct pairs pairs; /* the query, or the body */
    struct str key;     /* under which answers are saved */
    struct digest hash; /* of the key */
    bool saved;         /* something is */
    bool foreign;       /* the form stands on somebody else's page */
    struct saved_record record;
    const struct book *book;
    uint32_t language;
    struct typed *root;
    struct entry entry;
    struct view view;
    struct str answers; /* `root` as JSON */
    /* What the judging says: */
    uint32_t wrong, next; /* pages */
};

/* ---------------------------------------------------------------- keys */

static bool is_key(struct str key)
{
    return key.len >= (size_t)limit(SAVED_KEY_BYTES_MIN) && key.len <= limit(ID_BYTES) &&
           word_is_plain(key);
}

static struct str new_key(struct request *request)
{
    unsigned char secret[SECRET_BYTES];
    struct buf text;
    digest_random(secret, sizeof secret);
    buf_init(&text, request->arena.mem, (size_t)limit(ID_BYTES));
    buf_printf(&text, "%0*" PRIx64, MOMENT_DIGITS, (uint64_t)clock_wall_ms(request->server->clock));
    digest_put_hex(&text, (struct str){(const char *)secret, sizeof secret});
    struct str kept = buf_failed(&text) ? STR("") : arena_str(&request->arena, buf_str(&text));
    buf_release(&text);
    return kept.ptr ? kept : STR("");
}

/* When the first page was drawn, as the key says it; 0: it is no key of ours. */
static int64_t begun_ms(struct str key)
{
    uint64_t ms = 0;
    if (key.len != MOMENT_DIGITS + 2 * SECRET_BYTES) return 0;
    for (size_t i = 0; i < MOMENT_DIGITS; i++) {
        char c = key.ptr[i];
        bool hex = word_is_digit(c) || (c >= 'a' && c <= 'f');
        if (!hex) return 0;
        ms = ms * 16 + (uint64_t)(word_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return (int64_t)ms;
}

/* The idempotency key of the submission. It is told to whoever may read submissions, so the other
 * cannot be found from it. */
static struct str submission_key(const struct visit *visit)
{
    char hex[DIGEST_HEX_BYTES];
    struct str text = arena_printf(&visit->request->arena, "submission of %.*s", STR_ARG(visit->key));
    struct digest digest = digest_of(text.ptr ? text : visit->key);
    digest_hex(&digest, hex);
    return arena_printf(&visit->request->arena, "page-%.40s", hex);
}

/* ---------------------------------------------------------------- what came */

/* False: answered. */
static bool read_pairs(struct visit *visit, struct str text)
{
    struct request *request = visit->request;
    switch (pairs_read(text, &request->arena, &visit->pairs)) {
    case PAIRS_OK:
        return true;
    case PAIRS_MALFORMED:
        reply_problem(request, PROBLEM_PARAMETER_MALFORMED,
                      "this is no application/x-www-form-urlencoded");
        return false;
    case PAIRS_TOO_MANY:
        reply_problem(request, PROBLEM_TOO_LARGE, "there are too many names");
        return false;
    case PAIRS_NOMEM:
        break;
    }
    reply_failure(request, request->arena.refused ? ST_TOO_LARGE : ST_NOMEM, REFUSAL_NONE);
    return false;
}

static struct str given(const struct visit *visit, const char *name)
{
    struct str value = pairs_get(&visit->pairs, str_of(name));
    return value.ptr ? value : STR("");
}

/* False: answered. */
static bool begin(struct visit *visit, struct request *request, struct str pairs)
{
    *visit = (struct visit){.request = request,
                            .tenant = request_param(request, ROUTE_TENANT),
                            .form = request_param(request, ROUTE_FORM),
                            .wrong = BOOK_NONE,
                            .next = BOOK_NONE};
    visit->path =
        arena_printf(&request->arena, "/f/%.*s/%.*s", STR_ARG(visit->tenant), STR_ARG(visit->form));
    if (!visit->path.ptr) {
        reply_failure(request, ST_NOMEM, REFUSAL_NONE);
        return false;
    }
    request_call(request);
    livery_find(request, visit->tenant, visit->form);
    return read_pairs(visit, pairs);
}

/* Answers under the key, if there is one. What was sent meanwhile is not there any more. False:
 * answered. */
static bool find_saved(struct visit *visit)
{
    struct request *request = visit->request;
    if (!is_key(visit->key)) {
        reply_problem(request, PROBLEM_PAGE_GONE, NULL);
        return false;
    }
    visit->hash = digest_of(visit->key);
    enum status st =
        engine_saved_find(&request->call, visit->tenant, visit->form, &visit->hash, &visit->record);
    visit->saved = st == ST_OK;
    if (!st || st == ST_ABSENT) return true;
    reply_failure(request, st, REFUSAL_NONE);
    return false;
}

/* The submission that came of the key. */
static bool find_sent(struct visit *visit, struct submission_record *ret_submission)
{
    struct str key = submission_key(visit);
    return key.ptr && !engine_submission_by_key(&visit->request->call, visit->tenant, visit->form, key,
                                                ret_submission);
}

static bool find_definition(struct visit *visit, struct aim aim)
{
    struct request *request = visit->request;
    if (!request->definition) (void)on_definition(request, aim);
    if (!request->definition) return false;
    if (request->reply.status) return false;
    enum status st = engine_dress(request->server->engine, request->definition);
    if (!st) st = presentation_book(request->definition, &visit->book);
    if (st) reply_failure(request, st, REFUSAL_NONE);
    return !st;
}

/* What is asked for, else what was saved, else what the browser prefers. */
static void choose_language(struct visit *visit, struct str asked)
{
    struct request *request = visit->request;
    const struct program *program = request->definition->program;
    struct str header = request->facts.header[HEADER_ACCEPT_LANGUAGE];
    uint32_t found =
        asked.len ? language_lookup(program->languages, program->language_count, asked) : LANGUAGE_NONE;
    if (found == LANGUAGE_NONE && visit->saved && visit->record.locale.len)
        found = language_lookup(program->languages, program->language_count, visit->record.locale);
    if (found == LANGUAGE_NONE && header.ptr)
        found = language_negotiate(program->languages, program->language_count, header);
    visit->language = found == LANGUAGE_NONE ? 0 : found;
}

/* False: answered. */
static bool read_typed(struct visit *visit)
{
    struct request *request = visit->request;
    enum status st = ST_OK;
    if (visit->saved) st = typed_read(&request->arena, visit->record.answers, &visit->root);
    else visit->root = typed_new(&request->arena);
    if (!st && !visit->root) st = ST_NOMEM;
    if (st) reply_failure(request, st == ST_SYNTAX ? ST_FAULT : st, REFUSAL_NONE);
    visit->entry = (struct entry){.book = visit->book,
                                  .arena = &request->arena,
                                  .root = visit->root,
                                  .language = visit->language,
                                  .zone = request->definition->zone};
    return !st;
}

static void set_view(struct visit *visit)
{
    struct request *request = visit->request;
    struct str logic = arena_printf(
        &request->arena, "/v1/p/%.*s/%.*s/versions/%u", STR_ARG(request_param(request, ROUTE_TENANT)),
        STR_ARG(request_param(request, ROUTE_FORM)), (unsigned)request->definition->number);
    const struct livery *livery = &request->livery;
    /* A form may keep its rules to itself; then its pages live by posts alone. */
    bool live = logic.ptr && livery->found && livery->terms.value[TERM_CLIENT_LOGIC];
    visit->view = (struct view){
        .book = visit->book,
        .typed = visit->root,
        .language = visit->language,
        .zone = request->definition->zone,
        .now_ms = clock_wall_ms(request->server->clock),
        .arena = &request->arena,
        .path = visit->path,
        .style = str_of(asset_path(&request->server->assets, ASSET_STYLE)),
        .theme = livery->sheet,
        .brand = livery->name,
        .script = live ? str_of(asset_path(&request->server->assets, ASSET_SCRIPT)) : STR(""),
        .logic = logic,
        .key = visit->key,
        .saved = visit->saved,
        .version = request->definition->number,
        .page = BOOK_NONE};
}

/* ---------------------------------------------------------------- judging */

/* `root` as JSON. False: answered. */
static bool write_answers(struct visit *visit)
{
    struct request *request = visit->request;
    struct buf text;
    buf_init(&text, request->arena.mem, (size_t)limit(ANSWERS_BYTES));
    typed_write(visit->root, &text);
    enum status st = text.failure == ST_LIMIT ? ST_TOO_LARGE : text.failure;
    if (!st) visit->answers = arena_str(&request->arena, buf_str(&text));
    if (!st && !visit->answers.ptr) st = ST_TOO_LARGE;
    buf_release(&text);
    if (st) reply_failure(request, st, REFUSAL_NONE);
    return !st;
}

static struct str locale_of(const struct visit *visit)
{
    return visit->request->definition->program->languages[visit->language];
}

/* HANDLED with a status set: answered; HANDLED_FAR: it is the judges' business. */
static enum handled judge(struct visit *visit,
                          enum status (*tell)(struct worker *, const struct judge_outcome *, void *))
{
    struct request *request = visit->request;
    struct judge_outcome outcome;
    if (!write_answers(visit) || !ration_judge(request)) return HANDLED;
    if (on_too_dear(request)) return HANDLED_FAR;
    struct worker *worker = request_worker(request);
    if (!worker) return reply_failure(request, ST_NOMEM, REFUSAL_NONE);
    struct evaluation evaluation = {.definition = request->definition,
                                    .answers = visit->answers,
                                    .locale = locale_of(visit),
                                    .now_ms = visit->view.now_ms,
                                    .tell = tell,
                                    .user = visit};
    request->envelope.answers = visit->answers;
    enum status st = engine_evaluate(worker, &evaluation, &outcome);
    if (st == ST_LIMIT && worker_excess(worker)->exceeded)
        return ration_excess(request, worker_excess(worker));
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    if (outcome.state != JUDGE_JUDGED) return reply_problem(request, PROBLEM_RULE_FAULT, NULL);
    return HANDLED;
}

/* ---------------------------------------------------------------- drawing */

static enum status draw_page(struct worker *worker, const struct judge_outcome *outcome, void *user)
{
    struct visit *visit = user;
    (void)outcome;
    visit->view.judge = worker_judge(worker);
    if (!book_page_relevant(visit->book, visit->view.judge, visit->view.page)) {
        uint32_t page = book_page_after(visit->book, visit->view.judge, visit->view.page);
        if (page == BOOK_NONE)
            page = book_page_before(visit->book, visit->view.judge, visit->view.page);
        if (page != BOOK_NONE) visit->view.page = page;
    }
    html_begin(visit->request, 200);
    pages_put_page(&visit->view, &visit->request->out);
    return visit->request->out.failure;
}

static enum status draw_check(struct worker *worker, const struct judge_outcome *outcome, void *user)
{
    struct visit *visit = user;
    (void)outcome;
    visit->view.judge = worker_judge(worker);
    html_begin(visit->request, 200);
    pages_put_check(&visit->view, &visit->request->out);
    return visit->request->out.failure;
}

static void tell_language(struct visit *visit)
{
    on_language_told(visit->request, locale_of(visit));
}

/* Somewhere else, under the same key. `place`: "#f-members-0" or empty. */
static enum handled go_to(struct visit *visit, struct str name, enum pages_wrong wrong,
                          struct str place)
{
    struct buf address;
    struct request *request = visit->request;
    struct str asked = given(visit, "_from");
    buf_init(&address, request->arena.mem, (size_t)limit(TARGET_BYTES) * 2);
    struct view view = {.path = visit->path,
                        .key = visit->key,
                        .saved = true,
                        .from_check = str_eq(asked, STR("check"))};
    if (str_eq(name, STR("check")) || str_eq(name, STR("saved"))) view.from_check = false;
    pages_put_address(&view, name, wrong, &address);
    buf_put(&address, place);
    bool whole = !buf_failed(&address);
    if (whole) {
        (void)reply_empty(request, 303);
        reply_header(request, MHD_HTTP_HEADER_LOCATION, buf_str(&address));
        reply_header(request, "Referrer-Policy", STR("no-referrer"));
    }
    buf_release(&address);
    return whole ? HANDLED : reply_failure(request, ST_NOMEM, REFUSAL_NONE);
}

/* ---------------------------------------------------------------- looking at pages */

/* Who begins must find the form open; who has begun is told when it is sent. */
static bool may_begin(struct visit *visit)
{
    struct form_record form;
    struct request *request = visit->request;
    enum status st = engine_form_find(&request->call, visit->tenant, visit->form, &form);
    if (st) reply_failure(request, st, REFUSAL_NONE);
    else if (form.state != FORM_OPEN) reply_problem(request, PROBLEM_FORM_CLOSED, NULL);
    return !st && form.state == FORM_OPEN;
}

/* A client that keeps no number gets one for this time. */
static bool read_aim(struct visit *visit, struct aim *ret_aim)
{
    struct request *request = visit->request;
    struct str channel = given(visit, "channel"), bucket = given(visit, "b");
    uint64_t number;
    unsigned char chance[2];
    *ret_aim = (struct aim){.channel = channel};
    digest_random(chance, sizeof chance);
    number = (unsigned)(chance[0] * 256 + chance[1]) % CHANNEL_BUCKETS;
    if ((bucket.len && (!word_number(bucket, UINT32_MAX, &number) || number >= CHANNEL_BUCKETS)) ||
        (channel.len && !guard_name(channel, (size_t)limit(FORM_NAME_BYTES), true))) {
        reply_problem(request, PROBLEM_PARAMETER_MALFORMED, NULL);
        return false;
    }
    ret_aim->bucket = (uint32_t)number + 1;
    return true;
}

/* Up to what is there to be drawn. False: answered. */
static bool open_page(struct visit *visit)
{
    struct aim aim;
    visit->key = given(visit, "s");
    bool fresh = !visit->key.len;
    if (!read_aim(visit, &aim)) return false;
    if (fresh) visit->key = new_key(visit->request);
    else if (!find_saved(visit)) return false;
    if (!fresh && !visit->saved) {
        struct submission_record sent;
        reply_problem(visit->request,
                      find_sent(visit, &sent) ? PROBLEM_ALREADY_SENT : PROBLEM_PAGE_GONE, NULL);
        return false;
    }
    if (visit->saved) aim = (struct aim){.number = visit->record.version};
    if (!find_definition(visit, aim) || (fresh && !may_begin(visit))) return false;
    choose_language(visit, given(visit, "lang"));
    if (!read_typed(visit)) return false;
    if (fresh && !entry_fill(&visit->entry, &visit->pairs)) {
        reply_failure(visit->request, ST_TOO_LARGE, REFUSAL_NONE);
        return false;
    }
    set_view(visit);
    visit->view.wrong = given(visit, "e").len > 0;
    visit->view.every = str_eq(given(visit, "e"), STR("2"));
    visit->view.from_check = str_eq(given(visit, "from"), STR("check"));
    return true;
}

static enum handled show_page(struct visit *visit, uint32_t page)
{
    struct request *request = visit->request;
    visit->view.page = page;
    if (!entry_pad(&visit->entry, page)) return reply_failure(request, ST_TOO_LARGE, REFUSAL_NONE);
    enum handled handled = judge(visit, draw_page);
    /* Nobody's answers are in it, and going back finds it as it was left. */
    if (!visit->saved && request->reply.status == 200)
        request->reply.cache_control = "private, no-cache";
    if (request->reply.status == 200) tell_language(visit);
    return handled;
}

enum handled page_first_get(struct request *request)
{
    struct visit visit;
    if (!begin(&visit, request, request->facts.query) || !open_page(&visit)) return HANDLED;
    return show_page(&visit, 0);
}

static enum handled show_check(struct visit *visit)
{
    if (!visit->saved) return reply_problem(visit->request, PROBLEM_PAGE_GONE, NULL);
    enum handled handled = judge(visit, draw_check);
    if (visit->request->reply.status == 200) tell_language(visit);
    return handled;
}

static enum handled show_saved(struct visit *visit)
{
    struct request *request = visit->request;
    struct buf link;
    if (!visit->saved) return reply_problem(request, PROBLEM_PAGE_GONE, NULL);
    buf_init(&link, request->arena.mem, (size_t)limit(TARGET_BYTES));
    pages_put_address(&visit->view, STR(""), PAGES_CALM, &link);
    html_begin(request, 200);
    pages_put_saved(&visit->view, buf_str(&link), visit->record.until_ms, &request->out);
    buf_release(&link);
    tell_language(visit);
    return HANDLED;
}

/* Whoever has the receipt sees that something was received, and none of it. */
static enum handled show_done(struct visit *visit)
{
    struct request *request = visit->request;
    struct submission_record submission;
    struct str id;
    bool known = on_receipt_read(request, given(visit, "r"), &id);
    enum status st =
        known ? engine_submission_find(&request->call, visit->tenant, visit->form, id, &submission)
              : ST_ABSENT;
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    if (!find_definition(visit, (struct aim){.number = submission.version})) return HANDLED;
    choose_language(visit, submission.locale);
    set_view(visit);
    html_begin(request, 200);
    pages_put_done(&visit->view, submission.id, submission.received_ms, &request->out);
    tell_language(visit);
    return HANDLED;
}

enum handled page_get(struct request *request)
{
    struct visit visit;
    struct str name = request_param(request, ROUTE_ID);
    if (!begin(&visit, request, request->facts.query)) return HANDLED;
    if (str_eq(name, STR("done"))) return show_done(&visit);
    if (!open_page(&visit)) return HANDLED;
    if (str_eq(name, STR("check"))) return show_check(&visit);
    if (str_eq(name, STR("saved"))) return show_saved(&visit);
    uint32_t page = book_page_find(visit.book, name);
    return page == BOOK_NONE ? reply_problem(request, PROBLEM_NOT_FOUND, NULL)
                             : show_page(&visit, page);
}

/* ---------------------------------------------------------------- keeping what was typed */

/* ST_OK, or what went wrong; request->call.refusal says more. */
static enum status save(struct visit *visit)
{
    struct request *request = visit->request;
    struct saved_record record = {.answers = visit->answers, .locale = locale_of(visit)};
    enum status st = engine_saved_put(&request->call, request->definition, &visit->hash, &record);
    if (!st) visit->saved = true;
    return st;
}

static enum status draw_unkept(struct worker *worker, const struct judge_outcome *outcome, void *user)
{
    struct visit *visit = user;
    enum status st = draw_page(worker, outcome, user);
    visit->request->reply.status = 503;
    return st;
}

/* What cannot be kept is shown again, all of it, with an apology. */
static enum handled show_unkept(struct visit *visit, enum status st, uint32_t page)
{
    struct request *request = visit->request;
    enum refusal refusal = request->call.refusal;
    if (refusal != REFUSAL_NONE && refusal != REFUSAL_STORED_QUOTA)
        return reply_failure(request, st, refusal);
    visit->view.page = page == BOOK_NONE ? 0 : page;
    visit->view.notice = pages_apology(&visit->view);
    return judge(visit, draw_unkept);
}

/* ---------------------------------------------------------------- sending */

static enum handled finish(struct request *request);

static enum handled go_done(struct request *request)
{
    struct str receipt = on_receipt(request, request->intake->submission.id);
    struct str address = arena_printf(&request->arena, "/f/%.*s/%.*s/done?r=%.*s",
                                      STR_ARG(request_param(request, ROUTE_TENANT)),
                                      STR_ARG(request_param(request, ROUTE_FORM)), STR_ARG(receipt));
    if (!receipt.len || !address.ptr) return reply_failure(request, ST_NOMEM, REFUSAL_NONE);
    (void)reply_empty(request, 303);
    reply_header(request, MHD_HTTP_HEADER_LOCATION, address);
    reply_header(request, "Referrer-Policy", STR("no-referrer"));
    return HANDLED;
}

static enum handled finish(struct request *request)
{
    struct intake *intake = request->intake;
    switch (intake->state) {
    case INTAKE_STORED:
    case INTAKE_REPLAYED:
        return go_done(request);
    case INTAKE_UNJUDGED:
        return on_unjudged(request, &intake->outcome);
    case INTAKE_REFUSED:
        if (intake->excess.exceeded) return ration_excess(request, &intake->excess);
        return reply_failure(request, intake->status, intake->refusal);
    case INTAKE_INVALID:
    case INTAKE_READY:
    case INTAKE_QUEUED:
        break;
    }
    return reply_problem(request, PROBLEM_INTERNAL, NULL);
}

/* On a writer thread. */
static void stored(struct intake *intake)
{
    request_resume(intake->user);
}

static struct intake *make_intake(struct visit *visit)
{
    struct request *request = visit->request;
    struct intake *intake = ARENA_NEW(&request->arena, struct intake);
    struct str key = submission_key(visit);
    if (!intake || !key.ptr) return NULL;
    intake->arena = &request->arena;
    intake->definition = request->definition;
    intake->key = key;
    intake->body = intake->answers = visit->answers;
    intake->locale = locale_of(visit);
    intake->started_ms = begun_ms(visit->key);
    intake->saved = visit->key;
    intake->actor = request->call.actor;
    intake->submitter = STR("");
    intake->where = request->call.actor.where;
    intake->done = stored;
    intake->user = request;
    return intake;
}

/* Saved before it is sent: whatever becomes of the sending, nothing is lost. */
static enum handled send_answers(struct visit *visit, uint32_t page)
{
    struct request *request = visit->request;
    struct worker *worker = request_worker(request);
    struct intake *intake = worker ? make_intake(visit) : NULL;
    if (!intake) return reply_failure(request, ST_NOMEM, REFUSAL_NONE);
    enum intake_state state = engine_submit(worker, intake);
    request->intake = intake; /* from here on released with the request */
    if (state == INTAKE_INVALID) {
        uint32_t wrong = book_page_wrong(visit->book, worker_judge(worker), BOOK_NONE);
        enum status st = save(visit);
        if (st) return show_unkept(visit, st, page);
        bool single = book_page_count(visit->book) == 1;
        if (!single && !visit->foreign) return go_to(visit, STR("check"), PAGES_EVERY, STR(""));
        uint32_t to = wrong >= BOOK_FORM ? 0 : wrong;
        return go_to(visit, book_page_name(visit->book, to), PAGES_EVERY, STR(""));
    }
    if (state != INTAKE_READY) return finish(request);
    request_continue(request, finish);
    if (engine_store(intake) != INTAKE_QUEUED) request_resume(request);
    return HANDLED_LATER;
}

/* ---------------------------------------------------------------- what a page sends */

/* False: answered. */
static bool open_post(struct visit *visit)
{
    struct request *request = visit->request;
    uint64_t version = 0;
    struct str told = given(visit, "_version");
    visit->key = given(visit, "_saved");
    visit->foreign = !visit->key.len;
    if (visit->foreign) visit->key = new_key(request);
    if (!find_saved(visit)) return false;
    if (told.len && !word_number(told, UINT32_MAX, &version)) version = UINT32_MAX;
    struct aim aim;
    if (visit->foreign && !told.len) {
        if (!read_aim(visit, &aim)) return false;
    } else {
        aim = (struct aim){.number = visit->saved ? visit->record.version : (uint32_t)version};
    }
    if (!find_definition(visit, aim)) return false;
    choose_language(visit, given(visit, "_lang"));
    if (!read_typed(visit)) return false;
    set_view(visit);
    if (entry_take(&visit->entry, &visit->pairs)) return true;
    reply_failure(request, ST_TOO_LARGE, REFUSAL_NONE);
    return false;
}

static enum status look_ahead(struct worker *worker, const struct judge_outcome *outcome, void *user)
{
    struct visit *visit = user;
    const struct judge *judged = worker_judge(worker);
    (void)outcome;
    visit->wrong = book_page_wrong(visit->book, judged, visit->view.page);
    visit->next = book_page_after(visit->book, judged, visit->view.page);
    return ST_OK;
}

/* Keeps what was typed, and goes on if the page is right. */
static enum handled go_on(struct visit *visit)
{
    enum handled handled = judge(visit, look_ahead);
    if (handled == HANDLED_FAR || visit->request->reply.status) return handled;
    enum status st = save(visit);
    if (st) return show_unkept(visit, st, visit->view.page);
    if (visit->wrong != BOOK_NONE)
        return go_to(visit, book_page_name(visit->book, visit->view.page), PAGES_WRONG, STR(""));
    bool checks = visit->next == BOOK_NONE || str_eq(given(visit, "_from"), STR("check"));
    return go_to(visit, checks ? STR("check") : book_page_name(visit->book, visit->next), PAGES_CALM,
                 STR(""));
}

static enum handled keep(struct visit *visit, struct str name, struct str place)
{
    if (!write_answers(visit)) return HANDLED;
    enum status st = save(visit);
    return st ? show_unkept(visit, st, visit->view.page) : go_to(visit, name, PAGES_CALM, place);
}

/* "#f-members", where rows are added and removed. */
static struct str place_of(struct visit *visit, struct str name)
{
    struct str place = arena_printf(&visit->request->arena, "#f-%.*s", STR_ARG(name));
    if (!place.ptr) return STR("");
    char *at = (char *)(uintptr_t)place.ptr;
    for (size_t i = 3; i < place.len; i++)
        if (!word_is_alnum(at[i]) && !strchr("_.~-", at[i])) at[i] = '-';
    return place;
}

static enum handled change_rows(struct visit *visit, struct str name, bool add)
{
    bool changed = add ? entry_add_row(&visit->entry, name) : entry_remove_row(&visit->entry, name);
    if (!changed && visit->request->arena.refused)
        return reply_failure(visit->request, ST_TOO_LARGE, REFUSAL_NONE);
    struct str repeat = name;
    while (!add && repeat.len && repeat.ptr[repeat.len - 1] != '/') repeat.len--;
    if (!add && repeat.len) repeat.len--;
    return keep(visit, book_page_name(visit->book, visit->view.page), place_of(visit, repeat));
}

static enum handled submit(struct visit *visit)
{
    if (!write_answers(visit) || !ration_judge(visit->request)) return HANDLED;
    if (on_too_dear(visit->request)) return HANDLED_FAR;
    return send_answers(visit, visit->view.page);
}

static enum handled act(struct visit *visit)
{
    struct str what = given(visit, "_do"), add = STR("add:"), remove = STR("remove:");
    bool checked = str_eq(request_param(visit->request, ROUTE_ID), STR("check"));
    if (visit->foreign || checked || str_eq(what, STR("submit"))) return submit(visit);
    if (str_eq(what, STR("save"))) return keep(visit, STR("saved"), STR(""));
    if (str_starts(what, add))
        return change_rows(visit, (struct str){what.ptr + add.len, what.len - add.len}, true);
    if (str_starts(what, remove))
        return change_rows(visit, (struct str){what.ptr + remove.len, what.len - remove.len}, false);
    return go_on(visit);
}

static enum handled post(struct request *request, struct str name)
{
    struct visit visit;
    struct submission_record sent;
    if (request->intake) return finish(request);
    if (atomic_load(&request->server->closing)) return reply_problem(request, PROBLEM_STOPPING, NULL);
    if (!ration_submit(request) || !begin(&visit, request, buf_str(&request->body))) return HANDLED;
    if (!open_post(&visit)) return HANDLED;
    if (!visit.saved && !visit.foreign && find_sent(&visit, &sent)) {
        struct str receipt = on_receipt(request, sent.id);
        struct str place = arena_printf(&request->arena, "&r=%.*s", STR_ARG(receipt));
        return go_to(&visit, STR("done"), PAGES_CALM, place.ptr ? place : STR(""));
    }
    visit.view.page = name.len ? book_page_find(visit.book, name) : 0;
    if (visit.view.page == BOOK_NONE && !str_eq(name, STR("check")))
        return reply_problem(request, PROBLEM_NOT_FOUND, NULL);
    return act(&visit);
}

enum handled page_first_post(struct request *request)
{
    return post(request, STR(""));
}

enum handled page_post(struct request *request)
{
    return post(request, request_param(request, ROUTE_ID));
}
