/* On page post: what pages send. Every post is answered with the address of the page that follows, so
 * going back and loading anew never send anything twice. server/on_page_post.c */
#include "server/on.h"
#include "server/visit.h"

#include "base/limits.h"
#include "base/word.h"

/* ---------------------------------------------------------------- keeping what was typed */

/* ST_OK, or what went wrong; request->call.refusal says more. */
static enum status save(struct visit *visit)
{
    struct request *request = visit->request;
    struct saved_record record = {.answers = visit->answers, .locale = visit_locale(visit)};
    enum status st = engine_saved_put(&request->call, request->definition, &visit->hash, &record);
    if (!st) visit->saved = true;
    return st;
}

static enum status draw_unkept(struct worker *worker, const struct judge_outcome *outcome, void *user)
{
    struct visit *visit = user;
    enum status st = visit_draw_page(worker, outcome, user);
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
    return visit_judge(visit, draw_unkept);
}

/* ---------------------------------------------------------------- sending */

static enum handled finish(struct request *request);

static enum handled go_done(struct request *request)
{
    struct str receipt = on_receipt(request, request->intake->submission->id);
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
    request_return(intake->user, intake->more);
}

static struct intake *make_intake(struct visit *visit)
{
    struct request *request = visit->request;
    struct intake *intake = ARENA_NEW(&request->arena, struct intake);
    struct str key = visit_submission_key(visit);
    if (!intake || !key.ptr) return NULL;
    intake->arena = &request->arena;
    intake->definition = request->definition;
    intake->key = key;
    intake->body = intake->answers = visit->answers;
    intake->locale = visit_locale(visit);
    intake->started_ms = visit_begun_ms(visit->key);
    intake->saved = visit->key;
    intake->invitation = visit->invitation;
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
        if (!single && !visit->foreign) return visit_go_to(visit, STR("check"), PAGES_EVERY, STR(""));
        uint32_t to = wrong >= BOOK_FORM ? 0 : wrong;
        return visit_go_to(visit, book_page_name(visit->book, to), PAGES_EVERY, STR(""));
    }
    if (state != INTAKE_READY) return finish(request);
    request_continue(request, finish);
    if (engine_store(intake) != INTAKE_QUEUED) request_resume(request);
    return HANDLED_LATER;
}

/* ---------------------------------------------------------------- what a page sends */

/* The version whose pages were looked at: that of what was saved, or what the page says, or the live
 * one. False: answered. */
static bool read_post_aim(struct visit *visit, uint64_t told, struct aim *ret_aim)
{
    if (visit->foreign && !told) return visit_read_aim(visit, ret_aim);
    *ret_aim = (struct aim){.number = visit->saved ? visit->record.version : (uint32_t)told};
    return true;
}

/* What was posted goes into the version that its page was of. Where the time of that is over,
 * *ret_over, it is only kept, for the page that follows to carry over. False: answered. */
static bool take_post(struct visit *visit, uint32_t told, bool *ret_over)
{
    struct request *request = visit->request;
    bool aged = (visit->saved || told) && !visit_is_over(visit, ret_over);
    if (aged) return false;
    if (*ret_over && told && told != request->definition->number) {
        *ret_over = false;
        if (!visit_carry(visit, (struct aim){.number = told}, visit_given(visit, "_lang")))
            return false;
    }
    visit_read_invitation(visit, "_invitation");
    visit_set_view(visit);
    if (entry_take(&visit->entry, &visit->pairs)) return true;
    reply_failure(request, ST_TOO_LARGE, REFUSAL_NONE);
    return false;
}

/* False: answered. */
static bool open_post(struct visit *visit, bool *ret_over)
{
    uint64_t told = 0;
    struct aim aim;
    struct str version = visit_given(visit, "_version");
    visit->key = visit_given(visit, "_saved");
    visit->foreign = !visit->key.len;
    if (visit->foreign) visit->key = visit_new_key(visit->request);
    if (!visit_find_saved(visit)) return false;
    if (version.len && !word_number(version, UINT32_MAX, &told)) told = UINT32_MAX;
    if (!read_post_aim(visit, told, &aim) || !visit_find_definition(visit, aim)) return false;
    visit_choose_language(visit, visit_given(visit, "_lang"));
    return visit_read_typed(visit) && take_post(visit, (uint32_t)told, ret_over);
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
    enum handled handled = visit_judge(visit, look_ahead);
    if (handled == HANDLED_FAR || visit->request->reply.status) return handled;
    enum status st = save(visit);
    if (st) return show_unkept(visit, st, visit->view.page);
    if (visit->wrong != BOOK_NONE)
        return visit_go_to(visit, book_page_name(visit->book, visit->view.page), PAGES_WRONG, STR(""));
    bool checks = visit->next == BOOK_NONE || str_eq(visit_given(visit, "_from"), STR("check"));
    return visit_go_to(visit, checks ? STR("check") : book_page_name(visit->book, visit->next),
                       PAGES_CALM, STR(""));
}

static enum handled keep(struct visit *visit, struct str name, struct str place)
{
    if (!visit_write_answers(visit)) return HANDLED;
    enum status st = save(visit);
    return st ? show_unkept(visit, st, visit->view.page) : visit_go_to(visit, name, PAGES_CALM, place);
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
    if (!visit_write_answers(visit) || !ration_judge(visit->request)) return HANDLED;
    if (on_too_dear(visit->request)) return HANDLED_FAR;
    return send_answers(visit, visit->view.page);
}

static enum handled act(struct visit *visit)
{
    struct str what = visit_given(visit, "_do"), add = STR("add:"), remove = STR("remove:");
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
    bool over = false;
    if (request->intake) return finish(request);
    if (atomic_load(&request->server->closing)) return reply_problem(request, PROBLEM_STOPPING, NULL);
    if (!ration_submit(request) || !visit_begin(&visit, request, buf_str(&request->body)))
        return HANDLED;
    if (!open_post(&visit, &over)) return HANDLED;
    if (!visit.saved && !visit.foreign && visit_find_sent(&visit, &sent)) {
        struct str receipt = on_receipt(request, sent.id);
        struct str place = arena_printf(&request->arena, "&r=%.*s", STR_ARG(receipt));
        return visit_go_to(&visit, STR("done"), PAGES_CALM, place.ptr ? place : STR(""));
    }
    if (over) return keep(&visit, STR(""), STR(""));
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
