/* On page: a form as pages for people, looked at. server/on_page.c */
#include "server/greeting.h"
#include "server/html.h"
#include "server/on.h"
#include "server/visit.h"

/* ---------------------------------------------------------------- drawing */

static enum status draw_check(struct worker *worker, const struct judge_outcome *outcome, void *user)
{
    struct visit *visit = user;
    (void)outcome;
    visit->view.judge = worker_judge(worker);
    html_begin(visit->request, 200);
    pages_put_check(&visit->view, &visit->request->out);
    return visit->request->out.failure;
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

/* Nobody fills in what cannot be sent. False: answered. */
static bool is_invited(struct visit *visit)
{
    struct request *request = visit->request;
    if (!engine_wants_invitation(request->definition->program)) return true;
    enum status st = visit->invitation.len ? engine_invitation_look(&request->call, visit->tenant,
                                                                    visit->form, visit->invitation)
                                           : ST_ABSENT;
    if (st == ST_CONFLICT) reply_problem(request, PROBLEM_DUPLICATE_SUBMISSION, NULL);
    else if (st == ST_ABSENT) reply_problem(request, PROBLEM_INVITATION_INVALID, NULL);
    else if (st) reply_failure(request, st, REFUSAL_NONE);
    return !st;
}

/* Up to what is there to be drawn. False: answered. */
static bool open_page(struct visit *visit)
{
    struct aim aim, live;
    bool over = false;
    visit->key = visit_given(visit, "s");
    bool fresh = !visit->key.len;
    if (!visit_read_aim(visit, &aim)) return false;
    if (fresh) visit->key = visit_new_key(visit->request);
    else if (!visit_find_saved(visit)) return false;
    if (!fresh && !visit->saved) {
        struct submission_record sent;
        reply_problem(visit->request,
                      visit_find_sent(visit, &sent) ? PROBLEM_ALREADY_SENT : PROBLEM_PAGE_GONE, NULL);
        return false;
    }
    live = aim;
    if (visit->saved) aim = (struct aim){.number = visit->record.version};
    if (!visit_find_definition(visit, aim) || (fresh && !may_begin(visit))) return false;
    visit_choose_language(visit, visit_given(visit, "lang"));
    if (!visit_read_typed(visit) || (visit->saved && !visit_is_over(visit, &over))) return false;
    if (over && !visit_carry(visit, live, visit_given(visit, "lang"))) return false;
    visit_read_invitation(visit, "invitation");
    if ((fresh || !visit->invitation.len) && !is_invited(visit)) return false;
    if (fresh && !entry_fill(&visit->entry, &visit->pairs)) {
        reply_failure(visit->request, ST_TOO_LARGE, REFUSAL_NONE);
        return false;
    }
    visit_set_view(visit);
    if (fresh) greeting_begin(visit);
    visit->view.wrong = visit_given(visit, "e").len > 0;
    visit->view.every = str_eq(visit_given(visit, "e"), STR("2"));
    visit->view.from_check = str_eq(visit_given(visit, "from"), STR("check"));
    return true;
}

static enum handled show_page(struct visit *visit, uint32_t page)
{
    struct request *request = visit->request;
    visit->view.page = page;
    if (!entry_pad(&visit->entry, page)) return reply_failure(request, ST_TOO_LARGE, REFUSAL_NONE);
    enum handled handled = visit_judge(visit, visit_draw_page);
    /* Nobody's answers are in it, and going back finds it as it was left. */
    if (!visit->saved && request->reply.status == 200)
        request->reply.cache_control = "private, no-cache";
    if (request->reply.status == 200) {
        visit_tell_language(visit);
        greeting_end(visit);
    }
    return handled;
}

enum handled page_first_get(struct request *request)
{
    struct visit visit;
    if (!visit_begin(&visit, request, request->facts.query) || !open_page(&visit)) return HANDLED;
    return show_page(&visit, 0);
}

static enum handled show_check(struct visit *visit)
{
    if (!visit->saved) return reply_problem(visit->request, PROBLEM_PAGE_GONE, NULL);
    enum handled handled = visit_judge(visit, draw_check);
    if (visit->request->reply.status == 200) visit_tell_language(visit);
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
    visit_tell_language(visit);
    return HANDLED;
}

/* Whoever has the receipt sees that something was received, and none of it. */
static enum handled show_done(struct visit *visit)
{
    struct request *request = visit->request;
    struct submission_record submission;
    struct str id;
    bool known = on_receipt_read(request, visit_given(visit, "r"), &id);
    enum status st =
        known ? engine_submission_find(&request->call, visit->tenant, visit->form, id, &submission)
              : ST_ABSENT;
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    if (!visit_find_definition(visit, (struct aim){.number = submission.version})) return HANDLED;
    visit_choose_language(visit, submission.locale);
    visit_set_view(visit);
    html_begin(request, 200);
    pages_put_done(&visit->view, submission.id, submission.received_ms, &request->out);
    visit_tell_language(visit);
    return HANDLED;
}

enum handled page_get(struct request *request)
{
    struct visit visit;
    struct str name = request_param(request, ROUTE_ID);
    if (!visit_begin(&visit, request, request->facts.query)) return HANDLED;
    if (str_eq(name, STR("done"))) return show_done(&visit);
    if (!open_page(&visit)) return HANDLED;
    if (str_eq(name, STR("check"))) return show_check(&visit);
    if (str_eq(name, STR("saved"))) return show_saved(&visit);
    uint32_t page = book_page_find(visit.book, name);
    if (page == BOOK_NONE && visit.carried) page = 0; /* the other version had it */
    return page == BOOK_NONE ? reply_problem(request, PROBLEM_NOT_FOUND, NULL)
                             : show_page(&visit, page);
}
