/* On public: a form as everyone may have it, and judging without storing. server/on_public.c */
#include "server/claim.h"
#include "server/on.h"
#include "server/reply.h"

#include "base/digest.h"
#include "base/language.h"
#include "base/limits.h"
#include "base/word.h"

#include <stdio.h>

static enum handled serve(struct request *request, struct definition *definition, bool live)
{
    if (!definition_kept(definition)) {
        if (!request->far) return HANDLED_FAR;
        enum status st = engine_dress(request->server->engine, definition);
        if (st) return reply_failure(request, st, REFUSAL_NONE);
    }
    const struct dressing *dressing =
        presentation_choose(definition_kept(definition), request->facts.header[HEADER_ACCEPT_ENCODING]);
    struct str asked = request->facts.header[HEADER_IF_NONE_MATCH];
    if (asked.ptr && etag_listed(asked, str_of(dressing->etag)))
        return reply_kept(request, 304, live ? dressing->live_same : dressing->pinned_same);
    return reply_kept(request, 200, live ? dressing->live : dressing->pinned);
}

/* Who has had too many requests has no definition. */
static enum handled admit(struct request *request)
{
    if (ration_request(request, request->definition->tenancy)) return HANDLED;
    definition_release(request->definition);
    request->definition = NULL;
    return HANDLED;
}

bool on_aim(struct request *request, const struct arguments *arguments, struct aim *ret_aim)
{
    struct str channel = arguments_get(arguments, "channel"), bucket = arguments_get(arguments, "b");
    uint64_t number = 0;
    *ret_aim = (struct aim){.number = 0};
    if (bucket.ptr && (!word_number(bucket, UINT32_MAX, &number) || number >= CHANNEL_BUCKETS)) {
        reply_problem(request, PROBLEM_PARAMETER_MALFORMED, "\"b\" is a number from 0 to 99");
        return false;
    }
    if (channel.ptr && !guard_name(channel, limit(FORM_NAME_BYTES), true)) {
        reply_problem(request, PROBLEM_PARAMETER_MALFORMED, "\"channel\" is the name of a channel");
        return false;
    }
    if (bucket.ptr) ret_aim->bucket = (uint32_t)number + 1;
    if (channel.ptr) ret_aim->channel = channel;
    return true;
}

enum handled on_definition(struct request *request, struct aim aim)
{
    if (request->definition) return HANDLED;
    struct str tenant = request_param(request, ROUTE_TENANT), form = request_param(request, ROUTE_FORM);
    struct engine *engine = request->server->engine;
    if (!request->far) {
        request->definition = engine_aim_cached(engine, tenant, form, aim);
        return request->definition ? admit(request) : HANDLED_FAR;
    }
    enum status st = engine_aim(engine, tenant, form, aim, &request->definition);
    return st ? reply_failure(request, st, REFUSAL_NONE) : admit(request);
}

enum handled on_tagged(struct request *request, const char *cache_control)
{
    char hex[DIGEST_HEX_BYTES], etag[DIGEST_HEX_BYTES + 8];
    if (buf_failed(&request->out)) return HANDLED;
    struct digest digest = digest_quick(buf_str(&request->out));
    digest_hex(&digest, hex);
    snprintf(etag, sizeof etag, "\"b2-%s\"", hex);
    reply_header(request, MHD_HTTP_HEADER_ETAG, str_of(etag));
    request->reply.cache_control = cache_control;
    struct str asked = request->facts.header[HEADER_IF_NONE_MATCH];
    return asked.ptr && etag_listed(asked, str_of(etag)) ? reply_empty(request, 304) : HANDLED;
}

/* What of a form is asked for. */
struct wish {
    struct aim aim;
    bool drawn;      /* format=jsonschema */
    struct str lang; /* len 0: the form's own */
};

static bool read_wish(struct request *request, bool live, struct wish *ret_wish)
{
    struct arguments arguments;
    *ret_wish = (struct wish){.aim = {.number = request->match.version}};
    if (!request->facts.query.len) return true;
    if (!on_arguments(request, &arguments)) return false;
    if (live && !on_aim(request, &arguments, &ret_wish->aim)) return false;
    struct str format = arguments_get(&arguments, "format");
    if (format.ptr && !str_eq(format, STR("jsonschema"))) {
        reply_problem(request, PROBLEM_PARAMETER_MALFORMED, "\"format\" is \"jsonschema\" or left out");
        return false;
    }
    ret_wish->drawn = format.ptr != NULL;
    ret_wish->lang = arguments_get(&arguments, "lang");
    return true;
}

/* Few ask for it, so it is made for each of them. */
static enum handled serve_drawn(struct request *request, const struct wish *wish, bool live)
{
    const struct program *program = request->definition->program;
    uint32_t found = language_lookup(program->languages, program->language_count, wish->lang);
    (void)reply_json(request, 200);
    dsl_write_form_schema(program, found == LANGUAGE_NONE ? 0 : found, &request->out);
    return on_tagged(request, live ? "public, no-cache" : "public, max-age=31536000, immutable");
}

static enum handled get(struct request *request, bool live)
{
    struct wish wish;
    if (!read_wish(request, live, &wish)) return HANDLED;
    if (wish.drawn && !request->far) return HANDLED_FAR;
    enum handled handled = on_definition(request, wish.aim);
    if (!request->definition) return handled;
    if (wish.drawn) return serve_drawn(request, &wish, live);
    return serve(request, request->definition, live);
}

enum handled live_get(struct request *request)
{
    return get(request, true);
}

enum handled pinned_get(struct request *request)
{
    return get(request, false);
}

enum handled schema_get(struct request *request)
{
    struct arguments arguments;
    if (!on_arguments(request, &arguments)) return HANDLED;
    enum handled handled = on_definition(request, (struct aim){.number = request->match.version});
    if (!request->definition) return handled;
    (void)reply_json(request, 200);
    dsl_write_schema(request->definition->program, false, &request->out);
    return on_tagged(request, "public, no-cache");
}

/* ---------------------------------------------------------------- judging */

enum handled on_envelope(struct request *request, bool may_be_lenient)
{
    struct str detail = STR("");
    if (request->envelope.answers.ptr) return HANDLED;
    enum problem problem = envelope_read(buf_str(&request->body), may_be_lenient, &request->arena,
                                         &request->envelope, &detail);
    return problem ? reply_problem_str(request, problem, detail) : HANDLED;
}

/* ---------------------------------------------------------------- languages */

enum { LOCALE_BYTES = 35 }; /* the longest that "meta.locale" may be */

void on_language(struct request *request)
{
    const struct program *program = request->definition->program;
    struct str *locale = &request->envelope.locale;
    if (locale->len > 0) return;
    uint32_t found = language_negotiate(program->languages, program->language_count,
                                        request->facts.header[HEADER_ACCEPT_LANGUAGE]);
    if (found != LANGUAGE_NONE && program->languages[found].len <= LOCALE_BYTES)
        *locale = program->languages[found];
}

/* Forms write de_AT, HTTP de-AT. */
static void write_tag(struct buf *out, struct str language)
{
    for (size_t i = 0; i < language.len; i++)
        buf_putc(out, (char)(language.ptr[i] == '_' ? '-' : language.ptr[i]));
}

void on_language_told(struct request *request, struct str locale)
{
    const struct program *program = request->definition->program;
    uint32_t found = language_lookup(program->languages, program->language_count, locale);
    struct buf tag;
    buf_init(&tag, request->arena.mem, (size_t)limit(NAME_BYTES));
    write_tag(&tag, program->languages[found == LANGUAGE_NONE ? 0 : found]);
    if (!buf_failed(&tag)) reply_header(request, MHD_HTTP_HEADER_CONTENT_LANGUAGE, buf_str(&tag));
    buf_release(&tag);
    reply_header(request, MHD_HTTP_HEADER_VARY, STR("Accept-Language"));
}

enum handled on_problem(struct request *request, enum problem problem)
{
    return request->reply.status ? HANDLED : reply_problem(request, problem, NULL);
}

bool on_too_dear(struct request *request)
{
    const struct definition *definition = request->definition;
    if (request->dear) return false;
    if (definition->program->cost.steps_max > limit(NEAR_STEPS)) return request->dear = true;
    struct worker *worker = request_worker(request);
    if (!worker) return false; /* whoever judges will say so */
    return request->dear = !worker_enter(worker, definition->tenancy);
}

static const char *fault_name(enum fault_kind fault)
{
    switch (fault) {
    case FAULT_NONE:
        return "none";
    case FAULT_OVERFLOW:
        return "overflow";
    case FAULT_DIVISION_BY_ZERO:
        return "division-by-zero";
    case FAULT_NOT_FINITE:
        return "not-finite";
    case FAULT_DATE_RANGE:
        return "date-range";
    }
    return "unknown";
}

static enum handled reply_fault(struct request *request, const struct judge_outcome *outcome,
                                const struct on_place *place)
{
    if (outcome->fault == FAULT_NONE) /* rules that no compiler of ours makes */
        return reply_problem(request, PROBLEM_INTERNAL, NULL);
    struct json_writer json = reply_problem_open(request, PROBLEM_RULE_FAULT, STR(""));
    json_key(&json, STR("fault"));
    json_object(&json);
    json_key_str(&json, STR("kind"), str_of(fault_name(outcome->fault)));
    json_key_int(&json, STR("line"), place->line);
    json_key_int(&json, STR("column"), place->column);
    json_key_str(&json, STR("pointer"), place->pointer);
    json_object_end(&json);
    json_object_end(&json);
    return HANDLED;
}

enum handled on_unjudged_at(struct request *request, const struct judge_outcome *outcome,
                            const struct on_place *place)
{
    switch (outcome->state) {
    case JUDGE_MALFORMED: {
        size_t offset =
            (size_t)(request->envelope.answers.ptr - request->body.ptr) + outcome->malformed_offset;
        return reply_problem_str(
            request, PROBLEM_JSON_MALFORMED,
            arena_printf(&request->arena, "%s, at byte %zu", outcome->malformed_reason, offset));
    }
    case JUDGE_OVER_STEPS:
        return reply_problem(request, PROBLEM_OVER_STEPS, NULL);
    case JUDGE_OVER_MEMORY:
        /* Deterministic: it would be as long the next time. */
        return reply_problem(request, PROBLEM_OVER_MEMORY,
                             outcome->overlong ? "the verdict is too long" : NULL);
    case JUDGE_OVER_TIME:
        return reply_problem(request, PROBLEM_OVER_TIME, NULL);
    case JUDGE_FAULT:
        return reply_fault(request, outcome, place);
    case JUDGE_JUDGED:
        break;
    }
    return reply_problem(request, PROBLEM_INTERNAL, NULL);
}

enum handled on_unjudged(struct request *request, const struct judge_outcome *outcome)
{
    struct on_place place = {.line = 0};
    if (outcome->state == JUDGE_FAULT && outcome->fault != FAULT_NONE) {
        const struct program_rule *rule = &request->definition->program->rules[outcome->fault_rule];
        place = (struct on_place){rule->line, rule->column, outcome->fault_pointer};
    }
    return on_unjudged_at(request, outcome, &place);
}

static void settle(struct request *request, const struct worker *worker)
{
    struct buf accord;
    buf_init(&accord, request->arena.mem, limit(VERDICT_BYTES));
    worker_accord_write(worker, &accord);
    if (!buf_failed(&accord)) claim_settle(request, buf_str(&accord));
    buf_release(&accord);
}

static enum status tell(struct worker *worker, const struct judge_outcome *outcome, void *user)
{
    static const struct {
        const char *before;
        void (*write)(const struct worker *worker, struct buf *out);
    } parts[] = {{"{\"verdict\":", worker_verdict_write},
                 {",\"texts\":", worker_texts_write},
                 {",\"suggestions\":", worker_suggestions_write},
                 {",\"now\":", worker_now_write},
                 {",\"withheld\":", worker_withheld_write}};
    struct request *request = user;
    (void)outcome; /* wrong answers are told of as good ones are */
    (void)reply_json(request, 200);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        buf_puts(&request->out, parts[i].before);
        parts[i].write(worker, &request->out);
    }
    if (request->envelope.claim_hash.len) settle(request, worker);
    buf_putc(&request->out, '}');
    return request->out.failure;
}

bool on_judge(struct request *request, bool lenient,
              enum status (*teller)(struct worker *worker, const struct judge_outcome *outcome,
                                    void *user),
              struct judge_outcome *ret_outcome, enum handled *ret_handled)
{
    struct worker *worker = request_worker(request);
    const struct envelope *envelope = &request->envelope;
    struct evaluation evaluation = {.definition = request->definition,
                                    .answers = envelope->answers,
                                    .locale = envelope->locale,
                                    .lenient = lenient,
                                    .tell = teller,
                                    .user = request};
    enum status st = worker ? engine_evaluate(worker, &evaluation, ret_outcome) : ST_NOMEM;
    if (st == ST_LIMIT && worker_excess(worker)->exceeded)
        *ret_handled = ration_excess(request, worker_excess(worker));
    else if (st) *ret_handled = reply_failure(request, st, REFUSAL_NONE);
    else if (ret_outcome->state != JUDGE_JUDGED) *ret_handled = on_unjudged(request, ret_outcome);
    else {
        on_language_told(request, envelope->locale);
        return true;
    }
    return false;
}

static enum handled evaluate(struct request *request)
{
    struct judge_outcome outcome;
    enum handled handled = HANDLED;
    (void)on_judge(request, request->envelope.lenient, tell, &outcome, &handled);
    return handled;
}

enum handled evaluate_post(struct request *request)
{
    struct arguments arguments;
    struct aim aim;
    if (!on_arguments(request, &arguments) || !on_aim(request, &arguments, &aim)) return HANDLED;
    enum problem problem = bearer_check_optional(request);
    if (problem) return on_problem(request, problem);
    if (!ration_token(request)) return HANDLED;
    enum handled handled = on_envelope(request, true);
    if (!request->envelope.answers.ptr) return handled;
    aim.number = request->envelope.version;
    handled = on_definition(request, aim);
    if (!request->definition) return handled;
    on_language(request);
    if (!ration_judge(request)) return HANDLED;
    if (on_too_dear(request)) return HANDLED_FAR;
    return evaluate(request);
}
