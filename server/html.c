#include "server/html.h"

#include "server/reply.h"

bool html_wanted(const struct request *request)
{
    return str_starts(request->facts.path, STR("/f/"));
}

/* Scripts come from us alone and may not make markup of texts; nobody else may show the page in a
 * frame. */
static const char policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'%.*s; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors %.*s";

static void put_policy(struct request *request)
{
    struct str frames = request->livery.frame_ancestors, styles = request->livery.inside;
    struct str text = arena_printf(&request->arena, policy, STR_ARG(styles),
                                   STR_ARG(frames.len ? frames : STR("'none'")));
    if (text.ptr) reply_header(request, "Content-Security-Policy", text);
    else reply_header(request, "Content-Security-Policy", STR("default-src 'none'"));
    reply_header(request, "Cross-Origin-Resource-Policy",
                 frames.len ? STR("cross-origin") : STR("same-origin"));
}

void html_begin(struct request *request, unsigned status)
{
    buf_reset(&request->out);
    request->reply.status = status;
    request->reply.type = "text/html; charset=utf-8";
    request->reply.problem = PROBLEM_NONE;
    put_policy(request);
    /* The address may hold the key of what was saved. */
    reply_header(request, "Referrer-Policy", STR("no-referrer"));
    reply_header(request, "Permissions-Policy",
                 STR("camera=(), geolocation=(), microphone=(), payment=(), usb=()"));
    reply_header(request, "Cross-Origin-Opener-Policy", STR("same-origin"));
}

static enum pages_problem page_of(enum problem problem)
{
    switch (problem) {
    case PROBLEM_FORM_CLOSED:
    case PROBLEM_FORM_ARCHIVED:
        return PAGES_CLOSED;
    case PROBLEM_PAGE_GONE:
        return PAGES_GONE;
    case PROBLEM_ALREADY_SENT:
    case PROBLEM_KEY_REUSED:
        return PAGES_SENT;
    case PROBLEM_VERSION_RETIRED:
        return PAGES_RETIRED;
    case PROBLEM_DUPLICATE_SUBMISSION:
        return PAGES_DUPLICATE;
    case PROBLEM_INVITATION_INVALID:
        return PAGES_UNINVITED;
    case PROBLEM_OVER_STEPS:
    case PROBLEM_OVER_MEMORY:
    case PROBLEM_RULE_FAULT:
        return PAGES_UNJUDGED;
    default:
        break;
    }
    unsigned status = problem_status(problem);
    if (status == 404) return PAGES_NOT_FOUND;
    if (status == 429) return PAGES_TOO_MANY;
    return status >= 500 ? PAGES_UNAVAILABLE : PAGES_BAD_REQUEST;
}

void html_dress(struct request *request)
{
    enum problem problem = request->reply.problem;
    if (!html_wanted(request)) return;
    struct str tenant = request_param(request, ROUTE_TENANT), form = request_param(request, ROUTE_FORM);
    struct view view = {.arena = &request->arena,
                        .theme = request->livery.sheet,
                        .brand = request->livery.name,
                        .style = str_of(asset_path(&request->server->assets, ASSET_STYLE))};
    if (request->match.route)
        view.path = arena_printf(&request->arena, "/f/%.*s/%.*s", STR_ARG(tenant), STR_ARG(form));
    if (!view.path.ptr) view.path = STR("");
    struct str languages = request->facts.header[HEADER_ACCEPT_LANGUAGE];
    html_begin(request, problem_status(problem));
    pages_put_problem(&view, page_of(problem), languages.ptr ? languages : STR(""), &request->out);
    if (buf_failed(&request->out)) (void)reply_empty(request, problem_status(problem));
}
