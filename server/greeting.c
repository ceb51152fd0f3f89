#include "server/greeting.h"

#include "server/reply.h"

static enum coding choose(struct str accept_encoding)
{
    int weights[CODING_COUNT], most = 0;
    enum coding best = CODING_IDENTITY;
    if (!accept_encoding.ptr) return best;
    presentation_weigh(accept_encoding, weights);
    for (int i = CODING_COUNT - 1; i >= 0; i--) {
        if (weights[i] <= most) continue;
        most = weights[i];
        best = (enum coding)i;
    }
    return best;
}

/* " 'sha256-…'", as a policy names what stands in a page: base64 with its padding. */
static void put_source(struct str text, struct buf *out)
{
    struct digest digest = digest_of(text);
    buf_puts(out, " 'sha256-");
    size_t from = out->len;
    digest_put_base64url(out, (struct str){(const char *)digest.bytes, sizeof digest.bytes});
    for (size_t i = from; i < out->len; i++) {
        if (out->ptr[i] == '-') out->ptr[i] = '+';
        if (out->ptr[i] == '_') out->ptr[i] = '/';
    }
    buf_puts(out, "='");
}

/* False: there is no memory, and the sheets are linked. */
static bool name_inside(struct request *request, struct str style, struct str theme)
{
    struct buf out;
    buf_init(&out, request->arena.mem, (size_t)limit(PAGE_NAME_BYTES));
    put_source(style, &out);
    if (theme.len) put_source(theme, &out);
    struct str inside =
        buf_failed(&out) ? (struct str){NULL, 0} : arena_str(&request->arena, buf_str(&out));
    buf_release(&out);
    if (inside.ptr) request->livery.inside = inside;
    return inside.ptr != NULL;
}

/* The key of the page is new each time it is drawn, and nothing else in it is a secret. */
void greeting_begin(struct visit *visit)
{
    struct request *request = visit->request;
    struct str style = asset_text(ASSET_STYLE), theme = request->livery.text;
    if (visit->saved || visit->invitation.len || visit->root->count) return;
    visit->coding = choose(request->facts.header[HEADER_ACCEPT_ENCODING]);
    if (visit->coding == CODING_IDENTITY || !name_inside(request, style, theme)) return;
    visit->view.style_text = style;
    visit->view.theme_text = theme;
}

void greeting_end(struct visit *visit)
{
    struct request *request = visit->request;
    static const char *const names[] = {"identity", "gzip", "br"};
    struct buf packed;
    if (visit->coding == CODING_IDENTITY) return;
    buf_init(&packed, request->out.mem, request->out.bytes_max);
    if (packing_put_quick(visit->coding, buf_str(&request->out), &packed) == ST_OK) {
        reply_header(request, MHD_HTTP_HEADER_CONTENT_ENCODING, str_of(names[visit->coding]));
        reply_header(request, MHD_HTTP_HEADER_VARY, STR("Accept-Encoding"));
        struct buf drawn = request->out;
        request->out = packed;
        packed = drawn;
    }
    buf_release(&packed);
}
