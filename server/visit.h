/* Visit: one request for a page of a form, or from one, as far as looking and sending have it in
 * common.
 *
 *     if (!visit_begin(&visit, request, request->facts.query)) return HANDLED;
 *     visit.key = visit_given(&visit, "s");
 *     if (!visit_find_saved(&visit) || !visit_find_definition(&visit, aim)) return HANDLED;
 *     visit_choose_language(&visit, asked);
 *     if (!visit_read_typed(&visit)) return HANDLED;
 *     visit_set_view(&visit);
 *
 * What was typed lives in the store of saved answers, under a key that is made when the first page is
 * drawn and travels in the pages and their addresses (docs/decisions/0031). */
#ifndef SERVER_VISIT_H
#define SERVER_VISIT_H

#include "pages/pages.h"
#include "server/on.h"

/* One request for a page, or from one. */
struct visit {
    struct request *request;
    struct str tenant, form, path;
    struct pairs pairs;    /* the query, or the body */
    struct str key;        /* under which answers are saved */
    struct digest hash;    /* of the key */
    bool saved;            /* something is */
    struct str invitation; /* the code that came with it; empty: none, or the form asks for none */
    enum coding coding;    /* of the page, once it is drawn; greeting.h */
    bool foreign;          /* the form stands on somebody else's page */
    struct saved_record record;
    const struct book *book;
    uint32_t language;
    struct typed *root;
    struct entry entry;
    struct view view;
    struct heritage heritage; /* when `carried` */
    bool carried;       /* it was typed into a version whose time is over, and stands in another now */
    struct str answers; /* `root` as JSON */
    /* What the judging says: */
    uint32_t wrong, next; /* pages */
};

/* ---- keys; empty: there is no memory */
struct str visit_new_key(struct request *request);
/* When the first page was drawn, as the key says it; 0: it is no key of ours. */
int64_t visit_begun_ms(struct str key);
/* The idempotency key of the submission. It is told to whoever may read submissions, so the other
 * cannot be found from it. */
struct str visit_submission_key(const struct visit *visit);

/* ---- what came. False: answered. */
bool visit_begin(struct visit *visit, struct request *request, struct str pairs);
/* Of the query or the body; empty: it is not there. */
struct str visit_given(const struct visit *visit, const char *name);
/* A client that keeps no number gets one for this time. */
bool visit_read_aim(struct visit *visit, struct aim *ret_aim);
/* Answers under the key, if there are any. */
bool visit_find_saved(struct visit *visit);
/* The submission that came of the key; false: there is none. */
bool visit_find_sent(struct visit *visit, struct submission_record *ret_submission);
bool visit_find_definition(struct visit *visit, struct aim aim);
/* What is asked for, else what was saved, else what the browser prefers. */
void visit_choose_language(struct visit *visit, struct str asked);
struct str visit_locale(const struct visit *visit);
bool visit_read_typed(struct visit *visit);
/* Whether the version's time is over: it is retired, and takes no submissions any more. */
bool visit_is_over(struct visit *visit, bool *ret_over);
/* What was typed, into another version: `carried`. */
bool visit_carry(struct visit *visit, struct aim aim, struct str language);
/* Once the version is known: the code under that name. One that the form does not ask for is as good as
 * none: links outlive versions. */
void visit_read_invitation(struct visit *visit, const char *name);
void visit_set_view(struct visit *visit);

/* ---- judging and answering */
/* `root` as JSON. False: answered. */
bool visit_write_answers(struct visit *visit);
/* HANDLED with a status set: answered; HANDLED_FAR: it is the judges' business. */
enum handled visit_judge(struct visit *visit,
                         enum status (*tell)(struct worker *, const struct judge_outcome *, void *));
/* For visit_judge(). */
enum status visit_draw_page(struct worker *worker, const struct judge_outcome *outcome, void *user);
void visit_tell_language(struct visit *visit);
/* Somewhere else, under the same key. `place`: "#f-members-0" or empty. */
enum handled visit_go_to(struct visit *visit, struct str name, enum pages_wrong wrong,
                         struct str place);

#endif
