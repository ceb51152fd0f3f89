/* On module: what a form is to browsers: its logic, and its words in a language. server/on_module.c */
#include "server/on.h"
#include "server/parcel.h"
#include "server/reply.h"

#include "base/language.h"
#include "base/limits.h"
#include "pages/pages.h"

static bool find_presentation(struct request *request, struct presentation **ret_presentation)
{
    struct definition *definition = request->definition;
    enum status st =
        definition_kept(definition) ? ST_OK : engine_dress(request->server->engine, definition);
    if (st) reply_failure(request, st, REFUSAL_NONE);
    *ret_presentation = definition_kept(definition);
    return !st;
}

/* The first who asks for it makes it; of two at once one keeps theirs. */
static enum handled keep(struct request *request, struct parcel *_Atomic *place, struct str text,
                         const char *type)
{
    struct parcel *made, *there = NULL;
    enum status st = parcel_new(request->definition->mem, text, type, &made);
    if (st) return reply_failure(request, st, REFUSAL_NONE);
    if (atomic_compare_exchange_strong(place, &there, made)) there = made;
    else parcel_free(made);
    return parcel_serve(request, there);
}

/* ---- logic */

static bool is_told(struct request *request)
{
    struct terms terms;
    enum status st = engine_term_find(&request->call, request_param(request, ROUTE_TENANT),
                                      request_param(request, ROUTE_FORM), &terms);
    if (st) reply_failure(request, st, REFUSAL_NONE);
    else if (!terms.value[TERM_CLIENT_LOGIC])
        reply_problem(request, PROBLEM_NOT_FOUND, "this form keeps its logic to itself");
    return !st && terms.value[TERM_CLIENT_LOGIC];
}

enum handled module_get(struct request *request)
{
    struct arguments arguments;
    struct presentation *presentation;
    struct str text;
    if (!on_arguments(request, &arguments)) return HANDLED;
    enum handled handled = on_definition(request, (struct aim){.number = request->match.version});
    if (!request->definition) return handled;
    if (!find_presentation(request, &presentation)) return HANDLED;
    request_call(request);
    if (!is_told(request)) return HANDLED;
    struct parcel *parcel = atomic_load(&presentation->parcels[0]);
    if (parcel) return parcel_serve(request, parcel);
    enum status st = engine_module(&request->call, request->definition, &text);
    if (st == ST_TOO_LARGE)
        return reply_problem(request, PROBLEM_NOT_FOUND, "this form is too large to be a module");
    if (st) return reply_failure(request, st, request->call.refusal);
    return keep(request, &presentation->parcels[0], text, "text/javascript; charset=utf-8");
}

/* ---- words */

static uint32_t language_of(const struct program *program, struct str tag)
{
    for (uint32_t i = 0; i < program->language_count; i++)
        if (str_eq(program->languages[i], tag)) return i;
    return LANGUAGE_NONE;
}

/* What the pages themselves say, as one member more of the document. */
static void add_words(struct str language, struct buf *text)
{
    while (text->len && text->ptr[text->len - 1] != '}') text->len--;
    if (!text->len || buf_failed(text)) return;
    text->len--;
    buf_puts(text, ",\"phrases\":");
    pages_put_words(language, text);
    buf_putc(text, '}');
}

enum handled texts_get(struct request *request)
{
    struct arguments arguments;
    struct presentation *presentation;
    if (!on_arguments(request, &arguments)) return HANDLED;
    enum handled handled = on_definition(request, (struct aim){.number = request->match.version});
    if (!request->definition) return handled;
    const struct program *program = request->definition->program;
    uint32_t language = language_of(program, request_param(request, ROUTE_ID));
    if (language == LANGUAGE_NONE)
        return reply_problem(request, PROBLEM_NOT_FOUND, "the form does not have this language");
    if (!find_presentation(request, &presentation)) return HANDLED;
    struct parcel *parcel = atomic_load(&presentation->parcels[1 + language]);
    if (parcel) return parcel_serve(request, parcel);
    struct buf text;
    buf_init(&text, request->definition->mem, limit(ARTEFACT_BYTES));
    texts_write(program, program->languages[language], &text);
    add_words(program->languages[language], &text);
    handled = buf_failed(&text) ? reply_failure(request, text.failure, REFUSAL_NONE)
                                : keep(request, &presentation->parcels[1 + language], buf_str(&text),
                                       "application/json");
    buf_release(&text);
    return handled;
}
