#include "server/presentation.h"

#include "base/limits.h"

#include "tests/test.h"

#include <zlib.h>

static void weigh(const char *header, int identity, int gzip, int brotli)
{
    int weights[CODING_COUNT];
    presentation_weigh(str_of(header), weights);
    bool good = weights[CODING_IDENTITY] == identity && weights[CODING_GZIP] == gzip &&
                weights[CODING_BROTLI] == brotli;
    if (!good)
        fprintf(stderr, "%s: %d %d %d\n", header, weights[CODING_IDENTITY], weights[CODING_GZIP],
                weights[CODING_BROTLI]);
    CHECK(good);
}

static void codings_are_weighed_as_the_client_says(void)
{
    weigh("", 1, 0, 0);
    weigh("gzip", 1, 1000, 0);
    weigh("gzip, br", 1, 1000, 1000);
    weigh("BR;q=0.5,gzip;Q=0.75", 1, 750, 500);
    weigh("*", 1000, 1000, 1000);
    weigh("*;q=0", 0, 0, 0);
    weigh("br, *;q=0.1", 100, 100, 1000);
    weigh("identity;q=0, gzip", 0, 1000, 0);
    weigh("x-gzip;q=0.123", 1, 123, 0);
    weigh("gzip ; q=0.5 , br\t;\tq=1.000", 1, 500, 1000);
    weigh("gzip;q=0", 1, 0, 0);
}

static void what_is_no_weight_counts_as_none(void)
{
    weigh("gzip;q=", 1, 0, 0);
    weigh("gzip;q=x", 1, 0, 0);
    weigh("gzip;q=0.x", 1, 0, 0);
    weigh("gzip;level=9", 1, 0, 0);
    weigh(",,;;,=,q", 1, 0, 0);
    weigh("gzipx, xbr, deflate, zstd", 1, 0, 0);
}

static void a_tag_is_found_in_a_list(void)
{
    CHECK(etag_listed(STR("\"a\""), STR("\"a\"")));
    CHECK(etag_listed(STR("\"x\", \"a\""), STR("\"a\"")));
    CHECK(etag_listed(STR("\"x\",W/\"a\" ,\"y\""), STR("\"a\"")));
    CHECK(etag_listed(STR(" * "), STR("\"a\"")));
    CHECK(!etag_listed(STR(""), STR("\"a\"")));
    CHECK(!etag_listed(STR("a"), STR("\"a\"")));
    CHECK(!etag_listed(STR("\"a"), STR("\"a\"")));
    CHECK(!etag_listed(STR("\"ab\", \"A\""), STR("\"a\"")));
    CHECK(!etag_listed(STR("W/, ,"), STR("\"a\"")));
}

/* ---------------------------------------------------------------- the whole of it */

static struct definition definition;

static struct presentation *present(struct str render, struct buf packed[2])
{
    const struct presenter *presenter = presentation_presenter();
    struct str derived[2];
    void *kept = NULL;
    size_t bytes = 0;
    static struct program program = {.language_count = 1};
    definition = (struct definition){.mem = mem_heap(),
                                     .tenant = STR("acme"),
                                     .form = STR("visa"),
                                     .number = 7,
                                     .program = &program};
    CHECK(presenter->derivation_count == 2);
    for (int i = 0; i < 2; i++) {
        buf_init(&packed[i], mem_heap(), 1 << 22);
        CHECK_STATUS(presenter->derivations[i].derive(render, &packed[i]), ST_OK);
        derived[i] = buf_str(&packed[i]);
    }
    CHECK_STATUS(presenter->present(&definition, render, derived, &kept, &bytes), ST_OK);
    CHECK(bytes >= sizeof(struct presentation) + render.len);
    return kept;
}

static void discard(struct presentation *presentation, struct buf packed[2])
{
    presentation_presenter()->discard(presentation);
    buf_release(&packed[0]);
    buf_release(&packed[1]);
}

static const char *header_of(struct ready *ready, const char *name)
{
    struct ready_copy *copy = ready_lend(ready, "req_1");
    CHECK(copy && strcmp(MHD_get_response_header(copy->response, "X-Request-Id"), "req_1") == 0);
    struct MHD_Response *response = copy->response; /* the next to be lent is this one again */
    ready_return(copy);
    const char *value = MHD_get_response_header(response, name);
    return value ? value : "";
}

static struct str long_text(void)
{
    static char text[20000];
    for (size_t i = 0; i < sizeof text; i++) text[i] = "{\"name\":\"field\"},"[i % 17];
    return (struct str){text, sizeof text};
}

static void each_coding_has_ready_made_answers(void)
{
    struct buf packed[2];
    struct presentation *presentation = present(long_text(), packed);
    static const struct {
        const char *accept, *coding;
    } rows[] = {{"br", "br"},
                {"gzip", "gzip"},
                {"gzip, br", "br"},
                {"br;q=0.1, gzip", "gzip"},
                {"deflate", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct dressing *dressing = presentation_choose(presentation, str_of(rows[i].accept));
        CHECK(strcmp(header_of(dressing->live, "Content-Encoding"), rows[i].coding) == 0);
        CHECK(strcmp(header_of(dressing->live, "ETag"), dressing->etag) == 0);
        CHECK(strcmp(header_of(dressing->pinned, "ETag"), dressing->etag) == 0);
        CHECK(strcmp(header_of(dressing->live, "Content-Location"), "/v1/p/acme/visa/versions/7") == 0);
        CHECK(strcmp(header_of(dressing->pinned, "Content-Location"), "") == 0);
        CHECK(strstr(header_of(dressing->pinned, "Cache-Control"), "immutable") != NULL);
        CHECK(strcmp(header_of(dressing->live, "Vary"), "Accept-Encoding") == 0);
    }
    CHECK(presentation_choose(presentation, (struct str){NULL, 0}) ==
          &presentation->dressings[CODING_IDENTITY]);
    discard(presentation, packed);
}

static void packing_keeps_the_text(void)
{
    struct buf packed[2];
    struct str text = long_text();
    static unsigned char unpacked[30000];
    struct presentation *presentation = present(text, packed);
    z_stream zip = {.next_in = (unsigned char *)packed[0].ptr,
                    .avail_in = (uInt)packed[0].len,
                    .next_out = unpacked,
                    .avail_out = sizeof unpacked};
    CHECK(inflateInit2(&zip, 15 + 16) == Z_OK);
    CHECK(inflate(&zip, Z_FINISH) == Z_STREAM_END);
    CHECK(zip.total_out == text.len && memcmp(unpacked, text.ptr, text.len) == 0);
    inflateEnd(&zip);
    CHECK(packed[0].len < text.len / 10 && packed[1].len < text.len / 10);
    discard(presentation, packed);
}

static size_t brotli_len(struct str text)
{
    struct buf out;
    buf_init(&out, mem_heap(), 1 << 20);
    CHECK_STATUS(presentation_presenter()->derivations[1].derive(text, &out), ST_OK);
    size_t len = out.len;
    buf_release(&out);
    return len;
}

static void the_best_packing_is_for_what_is_not_large(void)
{
    static char text[LIMIT_BROTLI_BEST_BYTES + 1];
    static const char *const words[] = {"field ", "label ", "required ", "when ", "visible "};
    uint32_t state = 1;
    for (size_t at = 0; at < sizeof text;) {
        state = state * 1664525 + 1013904223;
        for (const char *word = words[(state >> 16) % 5]; *word && at < sizeof text;)
            text[at++] = *word++;
    }
    size_t best = brotli_len((struct str){text, limit(BROTLI_BEST_BYTES)});
    size_t quick = brotli_len((struct str){text, sizeof text});
    CHECK(quick > best + best / 50); /* one byte more in, far more out */
}

/* For one answer alone: much smaller than the text, a little larger than what is packed once. */
static void what_is_packed_quickly_is_small_as_well(void)
{
    struct str text = long_text();
    static unsigned char unpacked[30000];
    for (int coding = CODING_IDENTITY; coding < CODING_COUNT; coding++) {
        struct buf quick;
        buf_init(&quick, mem_heap(), 1 << 20);
        CHECK_STATUS(packing_put_quick((enum coding)coding, text, &quick), ST_OK);
        CHECK(coding == CODING_IDENTITY ? str_eq(buf_str(&quick), text) : quick.len < text.len / 5);
        z_stream zip = {.next_in = (unsigned char *)quick.ptr,
                        .avail_in = (uInt)quick.len,
                        .next_out = unpacked,
                        .avail_out = sizeof unpacked};
        CHECK(inflateInit2(&zip, 15 + 16) == Z_OK);
        CHECK((inflate(&zip, Z_FINISH) == Z_STREAM_END && zip.total_out == text.len &&
               memcmp(unpacked, text.ptr, text.len) == 0) == (coding == CODING_GZIP));
        inflateEnd(&zip);
        buf_release(&quick);
    }
}

static void a_coding_that_saves_nothing_is_not_offered(void)
{
    struct buf packed[2];
    struct presentation *presentation = present(STR("{}"), packed);
    CHECK(presentation_choose(presentation, STR("gzip, br")) ==
          &presentation->dressings[CODING_IDENTITY]);
    CHECK(!presentation->dressings[CODING_GZIP].etag[0] && !presentation->dressings[CODING_GZIP].live);
    discard(presentation, packed);
}

static void the_tag_depends_on_the_bytes_alone(void)
{
    struct buf packed[2];
    char etag[96];
    struct presentation *one = present(long_text(), packed);
    snprintf(etag, sizeof etag, "%s", one->dressings[0].etag);
    discard(one, packed);
    struct presentation *same = present(long_text(), packed);
    CHECK(strcmp(etag, same->dressings[0].etag) == 0);
    discard(same, packed);
    struct presentation *other = present(STR("{\"a\":1}"), packed);
    CHECK(strcmp(etag, other->dressings[0].etag) != 0);
    discard(other, packed);
}

static void no_memory_leaves_nothing_behind(void)
{
    struct buf packed[2];
    discard(present(long_text(), packed), packed);
    for (size_t fail_at = 1; fail_at < 10; fail_at++) {
        struct test_mem mem = TEST_MEM(.fail_at = fail_at);
        struct str derived[2] = {STR("gz"), STR("br")};
        void *kept = NULL;
        size_t bytes;
        definition.mem = &mem.mem;
        enum status st =
            presentation_presenter()->present(&definition, long_text(), derived, &kept, &bytes);
        if (!st) {
            CHECK(!mem.failed);
            presentation_presenter()->discard(kept);
        } else {
            CHECK(st == ST_NOMEM && mem.failed);
        }
        CHECK(mem.held == 0);
    }
}

int main(void)
{
    codings_are_weighed_as_the_client_says();
    what_is_no_weight_counts_as_none();
    a_tag_is_found_in_a_list();
    each_coding_has_ready_made_answers();
    packing_keeps_the_text();
    the_best_packing_is_for_what_is_not_large();
    what_is_packed_quickly_is_small_as_well();
    a_coding_that_saves_nothing_is_not_offered();
    the_tag_depends_on_the_bytes_alone();
    no_memory_leaves_nothing_behind();
    return TEST_RESULT();
}
