#include "server/visit.h"

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

/* ---------------------------------------------------------------- keys */

static bool is_key(struct str key)
{
    return key.len >= (size_t)limit(SAVED_KEY_BYTES_MIN) && key.len <= limit(ID_BYTES) &&
           word_is_plain(key);
}

struct str visit_new_key(struct request *request)
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
int64_t visit_begun_ms(struct str key)
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
struct str visit_submission_key(const struct visit *visit)
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

struct str visit_given(const struct visit *visit, const char *name)
{
    struct str value = pairs_get(&visit->pairs, str_of(name));
    return value.ptr ? value : STR("");
}

/* False: answered. */
bool visit_begin(struct visit *visit, struct request *request, struct str pairs)
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
bool visit_find_saved(struct visit *visit)
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
bool visit_find_sent(struct visit *visit, struct submission_record *ret_submission)
{
    struct str key = visit_submission_key(visit);
    return key.ptr && !engine_submission_by_key(&visit->request->call, visit->tenant, visit->form, key,
                                                ret_submission);
}

bool visit_find_definition(struct visit *visit, struct aim aim)
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
void visit_choose_language(struct visit *visit, struct str asked)
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
bool visit_read_typed(struct visit *visit)
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

bool visit_is_over(struct visit *visit, bool *ret_over)
{
    struct request *request = visit->request;
    enum status st = engine_version_over(&request->call, visit->tenant, visit->form,
                                         request->definition->number, ret_over);
    if (st) reply_failure(request, st, REFUSAL_NONE);
    return !st;
}

bool visit_carry(struct visit *visit, struct aim aim, struct str language)
{
    struct request *request = visit->request;
    struct definition *old = request->definition;
    const struct book *before = visit->book;
    request->definition = NULL;
    visit->carried = visit_find_definition(visit, aim);
    if (visit->carried) {
        visit_choose_language(visit, language);
        visit->carried = heritage_carry(before, visit->book, visit->root, visit->language,
                                        &request->arena, &visit->heritage);
        if (!visit->carried) reply_failure(request, ST_TOO_LARGE, REFUSAL_NONE);
    }
    definition_release(old);
    if (!visit->carried) return false;
    visit->root = visit->heritage.root;
    visit->entry.book = visit->book;
    visit->entry.root = visit->root;
    visit->entry.language = visit->language;
    visit->entry.zone = request->definition->zone;
    return true;
}

/* What is no code is none. The name is not a field's, whatever the form calls them: it would be kept with
 * the answers. */
void visit_read_invitation(struct visit *visit, const char *name)
{
    struct str code = visit_given(visit, name);
    if (!engine_wants_invitation(visit->request->definition->program)) return;
    if (code.len <= (size_t)limit(ID_BYTES) && word_is_plain(code)) visit->invitation = code;
    for (uint32_t i = 0; i < visit->pairs.count; i++)
        if (str_eq(visit->pairs.items[i].name, str_of(name))) visit->pairs.items[i].name = STR("_");
}

/* What the module asks for besides is named in the page, so that it comes beside the script. */
static void name_scripts(struct visit *visit)
{
    struct view *view = &visit->view;
    uint32_t needs = on_module_needs(visit->request);
    for (int i = 0; i < ASSET_COUNT && view->script_count < PAGES_SCRIPTS; i++)
        if (needs & (UINT32_C(1) << i))
            view->scripts[view->script_count++] =
                str_of(asset_path(&visit->request->server->assets, (enum asset_name)i));
}

void visit_set_view(struct visit *visit)
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
        .heritage = visit->carried ? &visit->heritage : NULL,
        .key = visit->key,
        .invitation = visit->invitation,
        .saved = visit->saved,
        .version = request->definition->number,
        .page = BOOK_NONE};
    if (live) name_scripts(visit);
}

/* A client that keeps no number gets one for this time. */
bool visit_read_aim(struct visit *visit, struct aim *ret_aim)
{
    struct request *request = visit->request;
    struct str channel = visit_given(visit, "channel"), bucket = visit_given(visit, "b");
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

/* ---------------------------------------------------------------- judging */

/* `root` as JSON. False: answered. */
bool visit_write_answers(struct visit *visit)
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

struct str visit_locale(const struct visit *visit)
{
    return visit->request->definition->program->languages[visit->language];
}

/* HANDLED with a status set: answered; HANDLED_FAR: it is the judges' business. */
enum handled visit_judge(struct visit *visit,
                         enum status (*tell)(struct worker *, const struct judge_outcome *, void *))
{
    struct request *request = visit->request;
    struct judge_outcome outcome;
    if (!visit_write_answers(visit) || !ration_judge(request)) return HANDLED;
    if (on_too_dear(request)) return HANDLED_FAR;
    struct worker *worker = request_worker(request);
    if (!worker) return reply_failure(request, ST_NOMEM, REFUSAL_NONE);
    struct evaluation evaluation = {.definition = request->definition,
                                    .answers = visit->answers,
                                    .locale = visit_locale(visit),
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

enum status visit_draw_page(struct worker *worker, const struct judge_outcome *outcome, void *user)
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

void visit_tell_language(struct visit *visit)
{
    on_language_told(visit->request, visit_locale(visit));
}

/* Somewhere else, under the same key. `place`: "#f-members-0" or empty. */
enum handled visit_go_to(struct visit *visit, struct str name, enum pages_wrong wrong, struct str place)
{
    struct buf address;
    struct request *request = visit->request;
    struct str asked = visit_given(visit, "_from");
    buf_init(&address, request->arena.mem, (size_t)limit(TARGET_BYTES) * 2);
    struct view view = {.path = visit->path,
                        .key = visit->key,
                        .invitation = visit->invitation,
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
