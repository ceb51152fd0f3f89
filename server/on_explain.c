/* On explain: why judged answers are hidden, required, computed so, or wrong.      server/on_explain.c
 */
#include "server/on.h"

static enum handled reply_unjudged(struct request *request, const struct explaining *explaining)
{
    struct on_place place = {explaining->fault_line, explaining->fault_column,
                             explaining->fault_pointer};
    return on_unjudged_at(request, &explaining->outcome, &place);
}

static enum handled reply_explained(struct request *request, enum status st,
                                    struct explaining *explaining, const struct buf *reasons)
{
    if (request->call.excess.exceeded) return ration_excess(request, &request->call.excess);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    if (explaining->outcome.state == JUDGE_JUDGED && reasons->failure == ST_LIMIT) {
        explaining->outcome.state = JUDGE_OVER_MEMORY;
        explaining->outcome.overlong = true;
    }
    if (explaining->outcome.state != JUDGE_JUDGED) return reply_unjudged(request, explaining);
    if (reasons->failure) return reply_failure(request, reasons->failure, REFUSAL_NONE);
    if (!explaining->known)
        return reply_problem(request, PROBLEM_PARAMETER_MALFORMED,
                             "\"field\" is no path or place of this version");
    (void)reply_json(request, 200);
    buf_printf(&request->out,
               "{\"version\":%u,\"valid\":%s,\"explanation\":", (unsigned)explaining->version,
               explaining->outcome.valid ? "true" : "false");
    buf_put(&request->out, buf_str(reasons));
    buf_putc(&request->out, '}');
    return HANDLED;
}

/* `id` empty: the answers in the request's envelope, which the caller knows. */
static enum handled explain(struct request *request, struct str id)
{
    struct arguments arguments;
    struct masking masking;
    struct buf reasons;
    if (!on_arguments(request, &arguments)) return HANDLED;
    request_call(request);
    struct explaining explaining = {.tenant = request_param(request, ROUTE_TENANT),
                                    .form = request_param(request, ROUTE_FORM),
                                    .version = request->match.version,
                                    .answers = request->envelope.answers,
                                    .locale = request->envelope.locale,
                                    .masks = id.len && on_masking(request, &masking),
                                    .lenient = request->envelope.lenient,
                                    .wanted = arguments_get(&arguments, "field"),
                                    .out = &reasons};
    buf_init(&reasons, request->arena.mem, limit(VERDICT_BYTES));
    enum status st = id.len ? engine_explain_submission(&request->call, &explaining, id)
                            : engine_explain(&request->call, &explaining);
    enum handled handled = reply_explained(request, st, &explaining, &reasons);
    buf_release(&reasons);
    return handled;
}

enum handled version_explain(struct request *request)
{
    enum handled handled = on_envelope(request, true);
    if (!request->envelope.answers.ptr) return handled;
    if (request->envelope.version && request->envelope.version != request->match.version)
        return reply_problem(request, PROBLEM_BODY_MISFIT,
                             "\"version\" is another than that of the path");
    return explain(request, STR(""));
}

enum handled submission_explain(struct request *request)
{
    return explain(request, request_param(request, ROUTE_ID));
}
