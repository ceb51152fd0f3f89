/* Any bytes as what a page posts. What can be read becomes JSON; the same post again changes nothing;
 * the page that is drawn of it has no element but those of the empty page, whatever was typed. */
#include "base/limits.h"
#include "dsl/dsl.h"
#include "fuzz/holds.h"
#include "pages/pages.h"

static const char source[] =
    "edition 2027\n"
    "form f \"F {t}\" {\n"
    "  languages en, de\n"
    "  choices l { a \"A\" b \"B\" c \"C\" }\n"
    "  t: text \"T {t}\" hint \"{t}\" multiline check t != \"x\" else \"Not {t}\"\n"
    "  i: integer \"I\"\n  m: money(EUR) \"M\"\n  n: number \"N\"\n  b: boolean \"B\"\n  d: date "
    "\"D\"\n  p: partial_date \"P\"\n"
    "  u: time \"U\"\n  z: datetime \"Z\"\n  c: choice(l) \"C\" other \"O\"\n  s: choices(l) \"S\" "
    "other \"O\"\n  r: ranking(l) \"R\"\n"
    "  o: email \"O\" key \"a/b~c\"\n  h: text \"H\" hidden\n  e: integer \"E\" = i * 2\n"
    "  group g \"G\" { x: text \"X\" }\n"
    "  matrix k \"K\" of choice(l) { q \"Q\" w \"W\" }\n"
    "  repeat v \"V\" 0..3 { y: text \"Y\"  repeat f \"F {y}\" 0..2 { j: integer \"J\" } }\n"
    "}\n";

static struct program *program;
static struct book *book;
static struct judge *judge;

static void set_up(void)
{
    struct arena arena;
    struct diags diags;
    if (program) return;
    arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    HOLDS(dsl_compile(mem_heap(), str_of(source), &diags, &program) == ST_OK && program);
    arena_release(&arena);
    HOLDS(book_new(mem_heap(), program, program->render, &book) == ST_OK);
    HOLDS(judge_new(mem_heap(), &judge) == ST_OK);
}

static struct str write(const struct typed *root, struct arena *arena)
{
    struct buf text;
    buf_init(&text, mem_heap(), (size_t)limit(ANSWERS_BYTES) * 2);
    typed_write(root, &text);
    struct str kept = buf_failed(&text) ? (struct str){NULL, 0} : arena_str(arena, buf_str(&text));
    buf_release(&text);
    return kept;
}

/* Elements of ours only: what was typed cannot make one. */
static void check_markup(struct str html)
{
    static const char *const forbidden[] = {"<script", "<img",    "<svg",   "<iframe",   "<style",
                                            "<base",   "<object", "<embed", " onerror=", " onload="};
    for (size_t i = 0; i < html.len; i++) {
        unsigned char c = (unsigned char)html.ptr[i];
        HOLDS(c >= 0x20 || c == '\n' || c == '\t');
        struct str rest = {html.ptr + i, html.len - i};
        bool inside = html.ptr[i] == '<';
        for (size_t k = 0; inside && k < 8; k++) HOLDS(!str_starts(rest, str_of(forbidden[k])));
    }
}

static void draw(struct typed *root, struct str answers, uint32_t language, struct arena *arena)
{
    struct buf html;
    struct judge_outcome outcome;
    struct judging judging = {.program = program,
                              .answers = answers,
                              .now_ms = 1,
                              .locale = program->languages[language],
                              .steps_max = 1000000,
                              .ms_max = 600000}; /* steps bound it; a crowded machine is no find */
    HOLDS(judge_run(judge, &judging, &outcome) == ST_OK);
    HOLDS(outcome.state == JUDGE_JUDGED || outcome.state == JUDGE_FAULT);
    if (outcome.state != JUDGE_JUDGED) return; /* twice the number is too large */
    struct view view = {.book = book,
                        .judge = judge,
                        .typed = root,
                        .language = language,
                        .arena = arena,
                        .path = STR("/f/a/f"),
                        .key = STR("k"),
                        .saved = true,
                        .wrong = true};
    buf_init(&html, mem_heap(), 64 << 20);
    pages_put_page(&view, &html);
    if (!buf_failed(&html)) check_markup(buf_str(&html));
    buf_reset(&html);
    view.page = BOOK_NONE;
    pages_put_check(&view, &html);
    if (!buf_failed(&html)) check_markup(buf_str(&html));
    buf_release(&html);
}

static void take(struct str text, uint32_t language, struct arena *arena)
{
    struct pairs pairs;
    struct typed *again;
    if (pairs_read(text, arena, &pairs) != PAIRS_OK) return;
    struct entry entry = {.book = book, .arena = arena, .root = typed_new(arena), .language = language};
    if (!entry.root || !entry_take(&entry, &pairs)) return;
    struct str once = write(entry.root, arena);
    if (!once.ptr) return;
    HOLDS(typed_read(arena, once, &again) == ST_OK);
    entry.root = again;
    if (!entry_take(&entry, &pairs)) return;
    struct str twice = write(again, arena);
    HOLDS(!twice.ptr || str_eq(once, twice));
    draw(again, once, language, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena;
    set_up();
    if (size < 1) return 0;
    arena_init(&arena, mem_heap(), 64 << 20);
    take((struct str){(const char *)bytes + 1, size - 1}, bytes[0] & 1u, &arena);
    arena_release(&arena);
    return 0;
}
