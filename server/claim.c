#include "server/claim.h"

#include "base/digest.h"
#include "base/json_value.h"
#include "base/json_writer.h"
#include "base/limits.h"

#include <stdatomic.h>
#include <stdio.h>

/* What is compared, and how far: a place, and how many differences have been told. */
struct dispute {
    struct buf *out;
    struct buf pointer;
    uint32_t told;
    const struct json_value
        *values;  /* of "found": what was claimed in place of what was sent; NULL: nothing */
    bool unknown; /* what was claimed is not known; `claimed` is what was sent */
};

/* ---- one difference */

static void put_leaf(struct buf *out, const struct json_value *value)
{
    static const char *const words[] = {[JSON_NULL] = "null",
                                        [JSON_TRUE] = "true",
                                        [JSON_FALSE] = "false",
                                        [JSON_ARRAY] = "[]",
                                        [JSON_OBJECT] = "{}"};
    if (value->kind == JSON_STRING) json_put_str(out, value->text);
    else if (value->kind == JSON_NUMBER) buf_put(out, value->text);
    else buf_puts(out, words[value->kind]);
}

static void put_side(struct buf *out, const char *name, const struct json_value *value)
{
    if (!value) return;
    buf_printf(out, ",\"%s\":", name);
    put_leaf(out, value);
}

/* Either may be NULL: it is not there. */
static void tell(struct dispute *dispute, struct str pointer, const struct json_value *claimed,
                 const struct json_value *actual, const char *rule)
{
    if (dispute->told >= (uint32_t)limit(ERRORS)) return;
    if (dispute->told++) buf_putc(dispute->out, ',');
    buf_puts(dispute->out, "{\"pointer\":");
    json_put_str(dispute->out, pointer);
    put_side(dispute->out, "claimed", claimed);
    put_side(dispute->out, "actual", actual);
    buf_printf(dispute->out, ",\"rule\":\"%s\"}", rule);
}

/* ---- answers: leaf by leaf, down to the deepest */

static bool is_leaf(const struct json_value *value)
{
    return (value->kind != JSON_ARRAY && value->kind != JSON_OBJECT) || value->count == 0;
}

/* "1.50" is what JavaScript writes as 1.5. */
static struct str shortened(struct str number)
{
    if (!memchr(number.ptr, '.', number.len) || memchr(number.ptr, 'e', number.len)) return number;
    while (number.ptr[number.len - 1] == '0') number.len--;
    if (number.ptr[number.len - 1] == '.') number.len--;
    return number;
}

/* `sent`: exact values may be sent as numbers and are told as texts. */
static bool same_leaf(const struct json_value *a, const struct json_value *b, bool sent)
{
    if (sent && a->kind == JSON_NUMBER && b->kind == JSON_STRING && b->text.len)
        return str_eq(shortened(a->text), shortened(b->text));
    if (a->kind != b->kind) return false;
    if (a->kind == JSON_NUMBER) return str_eq(shortened(a->text), shortened(b->text));
    return a->kind != JSON_STRING || str_eq(a->text, b->text);
}

/* Two leaves, or one that stands where the other side has something else. */
static void compare_leaf(struct dispute *dispute, const struct json_value *claimed,
                         const struct json_value *actual)
{
    struct str pointer = buf_str(&dispute->pointer);
    const struct json_value *said = json_get(dispute->values, pointer);
    if (said) claimed = said->kind == JSON_NULL ? NULL : said;
    if (claimed && actual && is_leaf(claimed) && is_leaf(actual) &&
        same_leaf(claimed, actual, dispute->unknown))
        return;
    if ((!claimed && !actual) || (dispute->unknown && !actual)) return;
    tell(dispute, pointer, dispute->unknown ? NULL : claimed, actual, "value");
}

static void compare(struct dispute *dispute, const struct json_value *claimed,
                    const struct json_value *actual);

static void put_name(struct buf *out, struct str name)
{
    buf_putc(out, '/');
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == '~') buf_puts(out, "~0");
        else if (name.ptr[i] == '/') buf_puts(out, "~1");
        else buf_putc(out, name.ptr[i]);
    }
}

static void compare_at(struct dispute *dispute, struct str name, const struct json_value *claimed,
                       const struct json_value *actual)
{
    size_t len = dispute->pointer.len;
    put_name(&dispute->pointer, name);
    compare(dispute, claimed, actual);
    dispute->pointer.len = len;
}

static void compare_members(struct dispute *dispute, const struct json_value *claimed,
                            const struct json_value *actual)
{
    for (uint32_t i = 0; i < actual->count; i++)
        compare_at(dispute, actual->members[i].name, json_get(claimed, actual->members[i].name),
                   &actual->members[i].value);
    for (uint32_t i = 0; i < claimed->count; i++)
        if (!json_get(actual, claimed->members[i].name))
            compare_at(dispute, claimed->members[i].name, &claimed->members[i].value, NULL);
}

static void compare_items(struct dispute *dispute, const struct json_value *claimed,
                          const struct json_value *actual)
{
    uint32_t most = claimed->count > actual->count ? claimed->count : actual->count;
    for (uint32_t i = 0; i < most; i++) {
        char name[16];
        size_t len = (size_t)snprintf(name, sizeof name, "%u", (unsigned)i);
        compare_at(dispute, (struct str){name, len}, i < claimed->count ? &claimed->items[i] : NULL,
                   i < actual->count ? &actual->items[i] : NULL);
    }
}

/* One side alone, down to its leaves. */
static const struct json_value nothing_there = {.kind = JSON_NULL};

static void compare(struct dispute *dispute, const struct json_value *claimed,
                    const struct json_value *actual)
{
    static const struct json_value no_members = {.kind = JSON_OBJECT}, no_items = {.kind = JSON_ARRAY};
    const struct json_value *one = actual ? actual : claimed ? claimed : &nothing_there;
    bool alone = !claimed || !actual;
    if (!alone && !is_leaf(claimed) && !is_leaf(actual) && claimed->kind == actual->kind) {
        if (one->kind == JSON_OBJECT) compare_members(dispute, claimed, actual);
        else compare_items(dispute, claimed, actual);
    } else if (alone && !is_leaf(one) && one->kind == JSON_OBJECT) {
        compare_members(dispute, claimed ? claimed : &no_members, actual ? actual : &no_members);
    } else if (alone && !is_leaf(one)) {
        compare_items(dispute, claimed ? claimed : &no_items, actual ? actual : &no_items);
    } else {
        compare_leaf(dispute, claimed, actual);
    }
}

/* ---- errors and what is hidden: lists of places */

static bool has_error(const struct json_value *errors, struct str pointer, struct str code)
{
    struct str its_pointer, its_code;
    for (uint32_t i = 0; errors && errors->kind == JSON_ARRAY && i < errors->count; i++)
        if (json_get_str(&errors->items[i], STR("pointer"), &its_pointer) &&
            json_get_str(&errors->items[i], STR("code"), &its_code) && str_eq(its_pointer, pointer) &&
            str_eq(its_code, code))
            return true;
    return false;
}

static void compare_errors(struct dispute *dispute, const struct json_value *of,
                           const struct json_value *against, bool claimed)
{
    struct str pointer, code;
    for (uint32_t i = 0; of && of->kind == JSON_ARRAY && i < of->count; i++) {
        const struct json_value *said = json_get(&of->items[i], STR("code"));
        if (!said || !json_get_str(&of->items[i], STR("pointer"), &pointer) ||
            !json_get_str(&of->items[i], STR("code"), &code) || has_error(against, pointer, code))
            continue;
        tell(dispute, pointer, claimed ? said : NULL, claimed ? NULL : said, "error");
    }
}

static bool has_text(const struct json_value *list, struct str text)
{
    for (uint32_t i = 0; list && list->kind == JSON_ARRAY && i < list->count; i++)
        if (list->items[i].kind == JSON_STRING && str_eq(list->items[i].text, text)) return true;
    return false;
}

static void compare_hidden(struct dispute *dispute, const struct json_value *of,
                           const struct json_value *against, bool claimed)
{
    static const struct json_value hidden = {.kind = JSON_STRING, .text = {"hidden", 6}};
    for (uint32_t i = 0; of && of->kind == JSON_ARRAY && i < of->count; i++)
        if (of->items[i].kind == JSON_STRING && !has_text(against, of->items[i].text))
            tell(dispute, of->items[i].text, claimed ? &hidden : NULL, claimed ? NULL : &hidden,
                 "when");
}

/* ---- all of it */

/* What was claimed and is neither sent nor so. */
static void tell_claimed_alone(struct dispute *dispute, const struct json_value *sent,
                               const struct json_value *actual)
{
    for (uint32_t i = 0; dispute->values && i < dispute->values->count; i++) {
        const struct json_member *member = &dispute->values->members[i];
        if (dispute->values->kind != JSON_OBJECT || member->value.kind == JSON_NULL ||
            json_find(sent, member->name) || json_find(actual, member->name))
            continue;
        tell(dispute, member->name, &member->value, NULL, "value");
    }
}

static void name_differences(struct dispute *dispute, const struct json_value *sent,
                             const struct json_value *claimed, const struct json_value *actual)
{
    compare(dispute, sent, json_get(actual, STR("answers")));
    tell_claimed_alone(dispute, sent, json_get(actual, STR("answers")));
    const struct json_value *a = json_get(claimed, STR("errors")), *b = json_get(actual, STR("errors"));
    compare_errors(dispute, a, b, true);
    compare_errors(dispute, b, a, false);
    a = json_get(claimed, STR("hidden")), b = json_get(actual, STR("hidden"));
    compare_hidden(dispute, a, b, true);
    compare_hidden(dispute, b, a, false);
}

static bool read_part(struct request *request, struct str text, struct json_value *ret_value)
{
    struct json_error error;
    uint32_t depth = (uint32_t)limit(ANSWERS_DEPTH) + 2;
    *ret_value = (struct json_value){.kind = JSON_NULL};
    return !text.len || json_read(&request->arena, text, depth, ret_value, &error) == ST_OK;
}

static void look_closer(struct request *request, struct str accord)
{
    const struct envelope *envelope = &request->envelope;
    struct json_value sent, verdict, found, actual;
    if (!read_part(request, envelope->answers, &sent) ||
        !read_part(request, envelope->claim_verdict, &verdict) ||
        !read_part(request, envelope->claim_found, &found) || !read_part(request, accord, &actual))
        return;
    bool whole = verdict.kind == JSON_OBJECT;
    struct dispute dispute = {.out = &request->out,
                              .values = whole ? NULL : json_get(&found, STR("values")),
                              .unknown = !whole && found.kind != JSON_OBJECT};
    buf_init(&dispute.pointer, request->arena.mem, limit(VERDICT_BYTES));
    name_differences(&dispute, whole ? json_get(&verdict, STR("answers")) : &sent,
                     whole ? &verdict : &found, &actual);
    buf_release(&dispute.pointer);
}

void claim_settle(struct request *request, struct str accord)
{
    const struct envelope *envelope = &request->envelope;
    char hex[DIGEST_HEX_BYTES];
    struct digest digest = digest_of(accord);
    digest_hex(&digest, hex);
    if (!envelope->claim_hash.len || str_eq(envelope->claim_hash, str_of(hex))) return;
    atomic_fetch_add(&request->server->metrics.disagreements, 1);
    buf_puts(&request->out, ",\"disagreement\":[");
    look_closer(request, accord);
    buf_putc(&request->out, ']');
}
