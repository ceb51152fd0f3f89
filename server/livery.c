#include "server/livery.h"

#include "base/json_writer.h"
#include "base/limits.h"
#include "base/word.h"
#include "pages/pages.h"
#include "server/request.h"

/* ---------------------------------------------------------------- the look */

/* What is stored was written by theme_put_json(); what a newer program wrote and this one cannot read
 * is no theme. */
static bool read_theme(struct request *request, struct str text, struct theme *ret_theme)
{
    struct json_value body;
    struct json_error error;
    struct str wrong;
    return text.len && json_read(&request->arena, text, limit(JSON_DEPTH), &body, &error) == ST_OK &&
           theme_read(&request->arena, &body, ret_theme, &wrong);
}

static struct str sheet_of(struct request *request, const struct theme *theme, char ret_hash[17])
{
    char hex[DIGEST_HEX_BYTES];
    struct buf out;
    buf_init(&out, request->arena.mem, (size_t)limit(THEME_BYTES));
    theme_put_css(theme, &out);
    struct str sheet =
        buf_failed(&out) ? (struct str){NULL, 0} : arena_str(&request->arena, buf_str(&out));
    buf_release(&out);
    if (!sheet.ptr) return sheet;
    struct digest digest = digest_quick(sheet);
    digest_hex(&digest, hex);
    memcpy(ret_hash, hex, 16);
    ret_hash[16] = '\0';
    return sheet;
}

struct str livery_sheet(struct request *request, struct str theme, char ret_hash[17])
{
    struct theme read;
    if (!read_theme(request, theme, &read)) read = theme_usual();
    return sheet_of(request, &read, ret_hash);
}

static void wear(struct request *request, struct str tenant, struct str text)
{
    struct theme theme;
    char hash[17];
    struct livery *livery = &request->livery;
    if (!read_theme(request, text, &theme)) return;
    struct str css = sheet_of(request, &theme, hash);
    if (!css.ptr) return;
    struct str sheet =
        arena_printf(&request->arena, "/assets/%.*s/theme-%s.css", STR_ARG(tenant), hash);
    livery->sheet = sheet.ptr ? sheet : STR("");
    livery->text = sheet.ptr ? css : STR("");
    livery->name = theme.name;
}

void livery_find(struct request *request, struct str tenant, struct str form)
{
    struct guise guise;
    if (engine_guise_find(&request->call, tenant, form, &guise)) return;
    request->livery = (struct livery){.found = true,
                                      .sheet = STR(""),
                                      .text = STR(""),
                                      .name = STR(""),
                                      .frame_ancestors = guise.frame_ancestors,
                                      .terms = guise.terms};
    wear(request, tenant, guise.theme);
}

/* ---------------------------------------------------------------- frames */

/* Digits only, 1 to 65535, none before it that says nothing. */
static bool is_port(struct str text)
{
    uint64_t port;
    return text.len && text.ptr[0] != '0' && word_number(text, UINT16_MAX + 1u, &port) &&
           port <= UINT16_MAX;
}

/* Labels of small letters, digits and hyphens, or an IPv4 address: nothing that could end the header's
 * value, and no wildcard. */
static bool is_host(struct str host)
{
    size_t label = 0;
    if (host.len == 0 || host.len > 253) return false;
    for (size_t i = 0; i < host.len; i++) {
        char c = host.ptr[i];
        bool dot = c == '.', edge = i + 1 == host.len || host.ptr[i + 1] == '.';
        if (dot ? label == 0 || i + 1 == host.len : !word_is_alnum(c) && c != '-') return false;
        if (c >= 'A' && c <= 'Z') return false;
        if (c == '-' && (label == 0 || edge)) return false;
        label = dot ? 0 : label + 1;
        if (label > 63) return false;
    }
    return true;
}

/* Over TLS; without it on this machine alone, to try it out. */
static bool is_origin(struct str text)
{
    struct str secure = STR("https://"), bare = STR("http://");
    bool tls = str_starts(text, secure);
    size_t lead = tls ? secure.len : bare.len;
    if (!tls && !str_starts(text, bare)) return false;
    struct str host = {text.ptr + lead, text.len - lead};
    const char *colon = memchr(host.ptr, ':', host.len);
    if (colon) {
        struct str port = {colon + 1, (size_t)(host.ptr + host.len - colon) - 1};
        if (!is_port(port)) return false;
        host.len = (size_t)(colon - host.ptr);
    }
    return is_host(host) && (tls || str_eq(host, STR("localhost")) || str_eq(host, STR("127.0.0.1")));
}

static bool read_frames(const struct json_value *list, struct buf *out)
{
    struct str origin;
    if (list->kind != JSON_ARRAY || list->count > limit(FRAME_ANCESTORS)) return false;
    for (uint32_t i = 0; i < list->count; i++) {
        if (!json_is_str(&list->items[i], &origin) || !is_origin(origin)) return false;
        if (i) buf_putc(out, ' ');
        buf_put(out, origin);
    }
    return !buf_failed(out);
}

bool livery_read_frames(struct arena *arena, const struct json_value *list, struct str *ret_origins,
                        struct str *ret_wrong)
{
    struct buf out;
    buf_init(&out, arena->mem, (size_t)limit(THEME_BYTES));
    bool good = read_frames(list, &out);
    struct str copy = good ? arena_str(arena, buf_str(&out)) : (struct str){NULL, 0};
    buf_release(&out);
    if (copy.ptr) {
        *ret_origins = copy;
        return true;
    }
    *ret_wrong = arena_printf(arena,
                              "\"frame_ancestors\" must be a list of up to %lld origins such as "
                              "https://www.example.org, without wildcards",
                              (long long)limit(FRAME_ANCESTORS));
    return false;
}

void livery_put_frames(struct json_writer *json, struct str origins)
{
    json_array(json);
    while (origins.len) {
        const char *blank = memchr(origins.ptr, ' ', origins.len);
        size_t len = blank ? (size_t)(blank - origins.ptr) : origins.len, taken = blank ? len + 1 : len;
        json_str(json, (struct str){origins.ptr, len});
        origins = (struct str){origins.ptr + taken, origins.len - taken};
    }
    json_array_end(json);
}
