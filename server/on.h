/* On: what the files of handlers (on_….c) share. */
#ifndef SERVER_ON_H
#define SERVER_ON_H

#include "server/arguments.h"
#include "server/bearer.h"
#include "server/reply.h"
#include "server/request.h"

/* The handlers themselves. */
#define ROUTE(handler, method, pattern, place, access, body, reply, status, errors, summary)           \
    enum handled handler(struct request *request);
#include "server/route.def"
#undef ROUTE

/* The arguments "channel" and "b" of the routes that have them. False: answered. */
bool on_aim(struct request *request, const struct arguments *arguments, struct aim *ret_aim);
/* request->definition, from memory or, far, from wherever. Without one afterwards: return what this
 * returned. */
enum handled on_definition(struct request *request, struct aim aim);
/* request->envelope. Without answers afterwards: return what this returned. */
enum handled on_envelope(struct request *request, bool may_be_lenient);
/* request->envelope says a locale afterwards, if it did not: the form's language that Accept-Language
 * asks for. */
void on_language(struct request *request);
/* Content-Language and Vary: the answer has messages of the form in the language that `locale` finds.
 */
void on_language_told(struct request *request, struct str locale);
/* Judging this form is the judges' business: return HANDLED_FAR. Not when they have it already. */
bool on_too_dear(struct request *request);
/* Of bearer_check_optional(): what has been answered already stays. */
enum handled on_problem(struct request *request, enum problem problem);
/* Judges the envelope's answers and keeps nothing; `teller` writes what is answered of a verdict.
 * False: *ret_handled says how it was answered otherwise. */
bool on_judge(struct request *request, bool lenient,
              enum status (*teller)(struct worker *worker, const struct judge_outcome *outcome,
                                    void *user),
              struct judge_outcome *ret_outcome, enum handled *ret_handled);
/* The problem that stands for an outcome without a verdict. */
enum handled on_unjudged(struct request *request, const struct judge_outcome *outcome);
/* The same without a definition: a fault is in that place of the source and of the answers. */
struct on_place {
    uint32_t line, column;
    struct str pointer;
};
enum handled on_unjudged_at(struct request *request, const struct judge_outcome *outcome,
                            const struct on_place *place);

/* The name under which whoever submitted sees what was received; and whether `text` is one of the
 * form's. */
struct str on_receipt(struct request *request, struct str submission_id);
bool on_receipt_read(struct request *request, struct str text, struct str *ret_submission_id);

/* Which assets the module of the definition asks for besides its script: bits of enum asset_name. None
 * until somebody has asked for the module: drawing a page does not compile. The definition is dressed.
 */
uint32_t on_module_needs(struct request *request);

/* A page of a list: limit and cursor read and held against the list. */
struct listing {
    struct arguments arguments;
    uint32_t limit;
    struct str position; /* where the last page ended; empty: from the start */
    struct str filter;   /* which list with which filter: goes into the cursor */
};
/* `filter`: what of the arguments decides which rows are listed. False: answered. */
bool on_listing(struct request *request, struct str filter, struct listing *ret_listing);
/* The arguments alone. False: answered. */
bool on_arguments(struct request *request, struct arguments *ret_arguments);
/* A page of items, to be written one by one, and its end. */
struct json_writer on_listing_begin(struct request *request);
void on_listing_end(struct request *request, struct json_writer *json, const struct listing *listing,
                    bool more, struct str last);

/* The argument "version", 0 without one. False: answered. */
bool on_version_argument(struct request *request, const struct arguments *arguments,
                         uint32_t *ret_version);
/* An entity tag for what has been written; who has these bytes already is told so. */
enum handled on_tagged(struct request *request, const char *cache_control);
/* 409: it is over, and no state follows it. */
enum handled on_nothing_follows(struct request *request);

/* The members of a version, but for its text. */
void on_version_members(struct json_writer *json, struct str form,
                        const struct version_record *version);

/* What takes something away from somebody needs an Audit-Reason. False: answered. */
bool on_reason(struct request *request);

/* May the token see what is sensitive? Then NULL, else `masking` for the form of the target. */
struct masking *on_masking(struct request *request, struct masking *masking);
/* Nothing more is asked of it. What was told of versions that could not be read is no answer: then
 * there is a problem in its place. */
void on_masking_end(struct request *request, struct masking *masking);
/* Works on it from now on. 202 with its address; when the request prefers to wait, once it is over. */
enum handled on_operation_begun(struct request *request, const struct operation_record *operation);

/* The body as a JSON object with none but these members (ends with NULL). False: answered. */
struct json_value;
bool on_body(struct request *request, const char *const *members, struct json_value *ret_value);

#endif
