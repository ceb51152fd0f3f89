/* Album: forms drawn as pages, for tests.
 *
 *     struct album album;
 *     album_open(&album, "edition 2027 form f \"F\" { a: text }");
 *     const char *html = album_page(&album, 0, "{\"a\":\"x\"}");      NUL-terminated, until the next
 *     album_close(&album); */
#ifndef TESTS_PAGES_ALBUM_H
#define TESTS_PAGES_ALBUM_H

#include "base/limits.h"
#include "dsl/dsl.h"
#include "pages/pages.h"
#include "tests/test.h"

struct album {
    struct program *program;
    struct book *book;
    struct judge *judge;
    struct arena arena;
    struct typed *root;
    struct buf html;
    const char *language; /* NULL: the first */
    bool calm;            /* errors are not told */
    enum status status;   /* of the last drawing */
};

/* Ends the program when the form is none. */
static inline void album_open(struct album *album, const char *source)
{
    struct arena arena;
    struct diags diags;
    *album = (struct album){.language = NULL};
    arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    if (dsl_compile(mem_heap(), str_of(source), &diags, &album->program) || !album->program) {
        fprintf(stderr, "no form: %.*s\n%s\n", diags.count ? (int)diags.items[0].message.len : 0,
                diags.count ? diags.items[0].message.ptr : "", source);
        exit(EXIT_FAILURE);
    }
    arena_release(&arena);
    CHECK_STATUS(book_new(mem_heap(), album->program, album->program->render, &album->book), ST_OK);
    CHECK_STATUS(judge_new(mem_heap(), &album->judge), ST_OK);
    arena_init(&album->arena, mem_heap(), 64 << 20);
    buf_init(&album->html, mem_heap(), 16 << 20);
}

static inline void album_close(struct album *album)
{
    buf_release(&album->html);
    arena_release(&album->arena);
    judge_free(album->judge);
    book_free(album->book);
    program_release(album->program);
}

static inline uint32_t album_language(const struct album *album)
{
    uint32_t found = 0;
    for (uint32_t i = 0; album->language && i < album->program->language_count; i++)
        if (str_eq(album->program->languages[i], str_of(album->language))) found = i;
    return found;
}

static inline struct entry album_entry(struct album *album)
{
    return (struct entry){.book = album->book,
                          .arena = &album->arena,
                          .root = album->root,
                          .language = album_language(album)};
}

/* Judges album->root. */
static inline struct view album_view(struct album *album)
{
    struct buf text;
    struct judge_outcome outcome;
    buf_init(&text, mem_heap(), 4 << 20);
    typed_write(album->root, &text);
    struct str answers = arena_str(&album->arena, buf_str(&text));
    buf_release(&text);
    struct judging judging = {.program = album->program,
                              .answers = answers,
                              .now_ms = INT64_C(1768471200000), /* 2026-01-15T10:00:00Z */
                              .locale = album->program->languages[album_language(album)],
                              .steps_max = 10000000};
    CHECK_STATUS(judge_run(album->judge, &judging, &outcome), ST_OK);
    CHECK(outcome.state == JUDGE_JUDGED);
    return (struct view){.book = album->book,
                         .judge = album->judge,
                         .typed = album->root,
                         .language = album_language(album),
                         .now_ms = judging.now_ms,
                         .arena = &album->arena,
                         .path = STR("/f/acme/form"),
                         .style = STR("/assets/formwright.css"),
                         .key = STR("KEY"),
                         .saved = true,
                         .version = 1,
                         .wrong = !album->calm,
                         .every = true};
}

static inline const char *album_end(struct album *album)
{
    album->status = album->html.failure;
    buf_putc(&album->html, '\0');
    return album->status ? "" : album->html.ptr;
}

static inline void album_type(struct album *album, const char *answers)
{
    arena_reset(&album->arena);
    buf_reset(&album->html);
    CHECK_STATUS(typed_read(&album->arena, str_of(answers), &album->root), ST_OK);
}

static inline const char *album_draw(struct album *album, uint32_t page)
{
    struct entry entry = album_entry(album);
    CHECK(entry_pad(&entry, page));
    struct view view = album_view(album);
    view.page = page;
    pages_put_page(&view, &album->html);
    return album_end(album);
}

static inline const char *album_page(struct album *album, uint32_t page, const char *answers)
{
    album_type(album, answers);
    return album_draw(album, page);
}

static inline const char *album_check(struct album *album, const char *answers)
{
    album_type(album, answers);
    struct view view = album_view(album);
    view.page = BOOK_NONE;
    pages_put_check(&view, &album->html);
    return album_end(album);
}

/* `answers`, and then what a page posts; the JSON of both, NUL-terminated. */
static inline const char *album_post(struct album *album, const char *answers, const char *body)
{
    struct pairs pairs;
    album_type(album, answers);
    CHECK(pairs_read(str_of(body), &album->arena, &pairs) == PAIRS_OK);
    struct entry entry = album_entry(album);
    CHECK(entry_take(&entry, &pairs));
    typed_write(album->root, &album->html);
    return album_end(album);
}

/* How often `text` stands in `html`. */
static inline unsigned album_count(const char *html, const char *text)
{
    unsigned count = 0;
    for (const char *at = strstr(html, text); at; at = strstr(at + 1, text)) count++;
    return count;
}

#endif
