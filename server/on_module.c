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
static enum status put_parcel(struct request *request, struct parcel *_Atomic *place, struct str text,
                              const char *type, struct parcel **ret_parcel)
{
    struct parcel *made, *there = NULL;
    enum status st = parcel_new(request->definition->mem, text, type, &made);
    if (st) return st;
    if (atomic_compare_exchange_strong(place, &there, made)) there = made;
    else parcel_free(made);
    *ret_parcel = there;
    return ST_OK;
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

/* Of `needs:["moments","looks"]`, with which a module ends (dsl/emit_js_needs.h). */
static uint32_t needs_in(struct str module)
{
    static const struct {
        const char *quoted;
        enum asset_name name;
    } known[] = {
        {"\"helpers\"", ASSET_HELPERS}, {"\"moments\"", ASSET_MOMENTS}, {"\"looks\"", ASSET_LOOKS}};
    uint32_t needs = 0;
    size_t at = module.len;
    while (at > 0 && module.ptr[at - 1] != '\n') at--;
    if (at == module.len && at > 0) at--; /* its last line has an end */
    while (at > 0 && module.ptr[at - 1] != '\n') at--;
    struct str line = {module.ptr + at, module.len - at};
    if (!str_starts(line, STR("needs:["))) return 0;
    for (; line.len > 0; line = (struct str){line.ptr + 1, line.len - 1})
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            if (str_starts(line, str_of(known[i].quoted))) needs |= UINT32_C(1) << known[i].name;
    return needs;
}

static enum status make_module(struct request *request, struct presentation *presentation,
                               struct parcel **ret_parcel)
{
    struct str text;
    enum status st = ST_OK;
    *ret_parcel = atomic_load(&presentation->parcels[0]);
    if (!*ret_parcel) st = engine_module(&request->call, request->definition, &text);
    if (st || *ret_parcel) return st;
    atomic_store(&presentation->needs, needs_in(text));
    return put_parcel(request, &presentation->parcels[0], text, "text/javascript; charset=utf-8",
                      ret_parcel);
}

uint32_t on_module_needs(struct request *request)
{
    struct presentation *presentation = definition_kept(request->definition);
    return atomic_load(&presentation->parcels[0]) ? atomic_load(&presentation->needs) : 0;
}

enum handled module_get(struct request *request)
{
    struct arguments arguments;
    struct presentation *presentation;
    struct parcel *parcel;
    if (!on_arguments(request, &arguments)) return HANDLED;
    enum handled handled = on_definition(request, (struct aim){.number = request->match.version});
    if (!request->definition) return handled;
    if (!find_presentation(request, &presentation)) return HANDLED;
    request_call(request);
    if (!is_told(request)) return HANDLED;
    enum status st = make_module(request, presentation, &parcel);
    if (st == ST_TOO_LARGE)
        return reply_problem(request, PROBLEM_NOT_FOUND, "this form is too large to be a module");
    return st ? reply_failure(request, st, request->call.refusal) : parcel_serve(request, parcel);
}

/* ---- words */

/* What is asked for, else what comes nearest, else the form's first: nobody is left without words. */
static uint32_t language_of(const struct program *program, struct str tag)
{
    uint32_t found = language_lookup(program->languages, program->language_count, tag);
    return found == LANGUAGE_NONE ? 0 : found;
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
    if (!find_presentation(request, &presentation)) return HANDLED;
    struct parcel *parcel = atomic_load(&presentation->parcels[1 + language]);
    if (parcel) return parcel_serve(request, parcel);
    struct buf text;
    buf_init(&text, request->definition->mem, limit(ARTEFACT_BYTES));
    texts_write(program, program->languages[language], &text);
    add_words(program->languages[language], &text);
    enum status st = text.failure;
    if (!st)
        st = put_parcel(request, &presentation->parcels[1 + language], buf_str(&text),
                        "application/json", &parcel);
    handled = st ? reply_failure(request, st, REFUSAL_NONE) : parcel_serve(request, parcel);
    buf_release(&text);
    return handled;
}
