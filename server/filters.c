#include "server/filters.h"

#include "server/on.h"

/* "[total][gte]" */
static bool read_names(struct str deep, struct filter_wish *wish)
{
    size_t middle = 0;
    for (size_t i = 1; i + 1 < deep.len; i++)
        if (deep.ptr[i] == ']' && deep.ptr[i + 1] == '[') middle = i;
    if (!middle || deep.ptr[deep.len - 1] != ']') return false;
    wish->path = (struct str){deep.ptr + 1, middle - 1};
    wish->op = (struct str){deep.ptr + middle + 2, deep.len - middle - 3};
    return true;
}

static enum handled refuse(struct request *request, enum status st, struct str detail)
{
    if (st == ST_INPUT) return reply_problem_str(request, PROBLEM_PARAMETER_MALFORMED, detail);
    if (st == ST_DENIED)
        return reply_problem(request, PROBLEM_ROLE_INSUFFICIENT,
                             "a filter names a sensitive field: that needs the scope sensitive.read");
    return reply_failure(request, st, REFUSAL_NONE);
}

static enum status read_all(struct request *request, const struct filter_wish *wishes, uint32_t count,
                            uint32_t version, struct submission_query *query, struct str *detail)
{
    struct definition *definition = NULL;
    struct masking masking;
    enum status st = engine_stored(request->server->engine, request_param(request, ROUTE_TENANT),
                                   query->form, version, &definition);
    if (st == ST_ABSENT) {
        *detail = STR("there is no such version whose fields could be asked for");
        return ST_INPUT;
    }
    if (st) return st;
    st = engine_filter(definition->program, wishes, count, !on_masking(request, &masking),
                       &request->arena, &query->filter, detail);
    definition_release(definition);
    return st;
}

bool filters_read(struct request *request, const struct arguments *arguments,
                  const struct form_record *form, struct submission_query *query)
{
    struct filter_wish wishes[ARGUMENTS_MAX];
    struct str detail = STR("a filter is written filter[field][gte]=value");
    uint32_t count = 0;
    enum status st = ST_OK;
    for (uint32_t i = 0; i < arguments->count && !st; i++) {
        if (!arguments->items[i].deep.len) continue;
        wishes[count].text = arguments->items[i].value;
        if (!read_names(arguments->items[i].deep, &wishes[count++])) st = ST_INPUT;
    }
    if (!st && count)
        st = read_all(request, wishes, count, query->version ? query->version : form->newest, query,
                      &detail);
    if (st) refuse(request, st, detail);
    return !st;
}

/* A digest: values are of any length and bytes. */
struct str filters_text(struct request *request, const struct arguments *arguments)
{
    struct buf text;
    char hex[DIGEST_HEX_BYTES] = "";
    buf_init(&text, request->server->mem, 8 * (size_t)limit(TARGET_BYTES));
    for (uint32_t i = 0; i < arguments->count; i++) {
        const struct argument *item = &arguments->items[i];
        if (!item->deep.len) continue;
        buf_printf(&text, "%zu:%zu:", item->deep.len, item->value.len);
        buf_put(&text, item->deep);
        buf_put(&text, item->value);
    }
    struct digest digest = digest_of(buf_str(&text));
    if (text.len) digest_hex(&digest, hex);
    bool whole = !buf_failed(&text);
    buf_release(&text);
    return whole ? arena_str(&request->arena, str_of(hex)) : (struct str){NULL, 0};
}
