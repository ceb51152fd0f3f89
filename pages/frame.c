/* Frame: the document around a page, and the pages that are about no answers. */
#include "pages/draw.h"

#include "pages/endonym.h"

#include "base/language.h"
#include "base/limits.h"

/* ---------------------------------------------------------------- addresses */

struct str frame_address(const struct drawing *drawing, struct str name, enum pages_wrong wrong)
{
    struct buf text;
    const struct view *view = drawing->view;
    buf_init(&text, view->arena->mem, (size_t)limit(TARGET_BYTES) * 2);
    pages_put_address(view, name, wrong, &text);
    struct str copy = buf_failed(&text) ? STR("") : arena_str(view->arena, buf_str(&text));
    buf_release(&text);
    return copy.ptr ? copy : STR("");
}

void pages_put_address(const struct view *view, struct str name, enum pages_wrong wrong,
                       struct buf *out)
{
    buf_put(out, view->path);
    if (name.len) buf_putc(out, '/');
    markup_address(out, name);
    if (view->saved) {
        buf_puts(out, "?s=");
        markup_address(out, view->key);
    }
    if (view->invitation.len) {
        buf_puts(out, view->saved ? "&invitation=" : "?invitation=");
        markup_address(out, view->invitation);
    }
    if (view->saved && wrong) buf_puts(out, wrong == PAGES_EVERY ? "&e=2" : "&e=1");
    if (view->saved && view->from_check) buf_puts(out, "&from=check");
}

void pages_put_words(struct str language, struct buf *out)
{
    phrase_put_words(language, out);
}

/* ---------------------------------------------------------------- head */

struct str frame_title(const struct drawing *drawing)
{
    static const struct seat form = {0, 0, NULL};
    if (!drawing->program) return STR("");
    struct str title = STR("");
    if (drawing->view->judge) {
        title = draw_text(drawing, &drawing->program->title, &form);
    } else if (drawing->program->title.bytes) { /* nobody has judged: the literals of the title */
        struct passage text = passage_open(&drawing->program->title, drawing->view->language);
        struct program_part part;
        while (passage_next(&text, &part)) {
            struct str both =
                arena_printf(drawing->view->arena, "%.*s%.*s", STR_ARG(title), STR_ARG(part.literal));
            title = both.ptr ? both : title;
        }
    }
    return title.len ? title : drawing->program->name;
}

static void put_title(struct drawing *drawing, const struct framed *framed)
{
    struct markup *m = &drawing->markup;
    struct str form = framed->form ? frame_title(drawing) : STR("");
    markup_begin(m, "title", NULL);
    if (framed->wrong) {
        markup_text(m, draw_phrase(drawing, PHRASE_ERROR));
        buf_putc(m->out, ' ');
    }
    markup_text(m, framed->title);
    if (form.len && !str_eq(form, framed->title)) {
        buf_puts(m->out, " – ");
        markup_text(m, form);
    }
    markup_close(m, "title");
}

static void put_sheet(struct markup *m, const char *relation, struct str address)
{
    if (!address.len) return;
    markup_open(m, "link");
    markup_attr(m, "rel", str_of(relation));
    markup_attr(m, "href", address);
    markup_body(m);
    buf_putc(m->out, '\n');
}

static void put_style(struct markup *m, struct str address, struct str text)
{
    if (text.len) markup_sheet(m, text);
    else put_sheet(m, "stylesheet", address);
}

static void put_preload(struct markup *m, struct str module)
{
    markup_open(m, "link");
    markup_attr(m, "rel", STR("modulepreload"));
    markup_attr(m, "href", module);
    markup_body(m);
}

/* What the script will ask for is fetched beside it, not after it. */
static void put_script(struct drawing *drawing)
{
    struct markup *m = &drawing->markup;
    const struct view *view = drawing->view;
    const struct str texts =
        arena_printf(view->arena, "%.*s/texts/%.*s.json", STR_ARG(view->logic), STR_ARG(drawing->tag));
    const struct str module = arena_printf(view->arena, "%.*s/module.js", STR_ARG(view->logic));
    if (!view->script.len || !texts.ptr || !module.ptr) return;
    markup_open(m, "script");
    markup_attr(m, "type", STR("module"));
    markup_attr(m, "src", view->script);
    buf_puts(m->out, "></script>\n");
    put_preload(m, module);
    for (uint32_t i = 0; i < view->script_count; i++) put_preload(m, view->scripts[i]);
    markup_open(m, "link");
    markup_attr(m, "rel", STR("preload"));
    markup_attr(m, "as", STR("fetch"));
    markup_attr(m, "crossorigin", STR("anonymous"));
    markup_attr(m, "href", texts);
    markup_body(m);
    buf_putc(m->out, '\n');
}

/* What a link brought for hidden fields is in no store yet: the same page in another language needs it
 * again. */
static void put_brought(const struct drawing *drawing, struct buf *out)
{
    const struct view *view = drawing->view;
    for (uint32_t i = 0; !view->saved && i < view->typed->count; i++) {
        const struct typed *typed = view->typed->items[i];
        bool text = typed->kind == JSON_STRING || typed->kind == JSON_NUMBER;
        if (!text && typed->kind != JSON_TRUE && typed->kind != JSON_FALSE) continue;
        buf_putc(out, '&');
        markup_address(out, typed->name);
        buf_putc(out, '=');
        markup_address(out, text ? typed->text : typed->kind == JSON_TRUE ? STR("true") : STR("false"));
    }
}

static void put_language_link(struct drawing *drawing, uint32_t language)
{
    struct markup *m = &drawing->markup;
    const struct view *view = drawing->view;
    struct str tag = drawing->program->languages[language];
    struct view other = *view;
    struct str name = view->page == BOOK_NONE ? STR("check") : book_page_name(view->book, view->page);
    struct str address = frame_address(&(struct drawing){.view = &other}, name, PAGES_CALM);
    struct buf text;
    buf_init(&text, view->arena->mem, (size_t)limit(TARGET_BYTES) * 2);
    buf_put(&text, address);
    buf_printf(&text, "%clang=%.*s", view->saved || view->invitation.len ? '&' : '?', STR_ARG(tag));
    put_brought(drawing, &text);
    struct str whole = buf_failed(&text) ? address : arena_str(view->arena, buf_str(&text));
    buf_release(&text);
    buf_puts(m->out, "<li>");
    markup_open(m, "a");
    markup_attr(m, "class", STR("fw-language"));
    markup_attr(m, "href", whole.ptr ? whole : address);
    markup_attr(m, "hreflang", draw_tag(drawing, tag));
    markup_attr(m, "lang", draw_tag(drawing, tag));
    markup_body(m);
    markup_text(m, endonym_find(tag));
    buf_puts(m->out, "</a></li>\n");
}

static void put_languages(struct drawing *drawing)
{
    struct markup *m = &drawing->markup;
    const struct view *view = drawing->view;
    markup_open(m, "nav");
    markup_attr(m, "class", STR("fw-languages"));
    markup_attr(m, "aria-label", draw_phrase(drawing, PHRASE_LANGUAGE));
    markup_body(m);
    buf_puts(m->out, "<ul>\n");
    for (uint32_t i = 0; i < drawing->program->language_count; i++)
        if (i != view->language) put_language_link(drawing, i);
    buf_puts(m->out, "</ul>\n");
    markup_close(m, "nav");
}

/* The form's name is not said twice where it is the page's as well. */
static void put_header(struct drawing *drawing, const struct framed *framed)
{
    struct str title = framed->form ? frame_title(drawing) : STR(""), brand = drawing->view->brand;
    bool named = title.len && !str_eq(title, framed->title);
    bool languages = framed->languages && drawing->program->language_count > 1;
    if (!named && !languages && !brand.len) return;
    markup_begin(&drawing->markup, "header", "fw-header");
    if (brand.len) markup_element(&drawing->markup, "p", "fw-brand", brand);
    if (named) markup_element(&drawing->markup, "p", "fw-title", title);
    if (languages) put_languages(drawing);
    markup_close(&drawing->markup, "header");
}

static void put_change(struct drawing *drawing, enum phrase phrase, struct str what)
{
    if (!what.len) return;
    struct str text = arena_printf(drawing->view->arena, "%.*s %.*s",
                                   STR_ARG(draw_phrase(drawing, phrase)), STR_ARG(what));
    markup_element(&drawing->markup, "p", NULL, text.ptr ? text : what);
}

/* What is not the respondent's fault: something failed, or the form is another one by now. */
static void put_notice(struct drawing *drawing)
{
    struct markup *m = &drawing->markup;
    const struct view *view = drawing->view;
    if (!view->notice.len && !view->heritage) return;
    markup_open(m, "div");
    markup_attr(m, "class", STR("fw-notice"));
    markup_attr(m, "role", STR("alert"));
    markup_body(m);
    if (view->notice.len) markup_element(m, "p", NULL, view->notice);
    if (view->heritage) {
        markup_element(m, "p", NULL, draw_phrase(drawing, PHRASE_RETIRED));
        markup_element(m, "p", NULL, draw_phrase(drawing, PHRASE_CHANGED));
        put_change(drawing, PHRASE_NOT_ASKED, view->heritage->gone);
        put_change(drawing, PHRASE_NEWLY_ASKED, view->heritage->added);
    }
    markup_close(m, "div");
}

void frame_begin(struct drawing *drawing, const struct framed *framed)
{
    struct markup *m = &drawing->markup;
    buf_puts(m->out, "<!DOCTYPE html>\n");
    markup_open(m, "html");
    markup_attr(m, "lang", draw_tag(drawing, drawing->tag));
    markup_attr(m, "dir", language_is_right_to_left(drawing->tag) ? STR("rtl") : STR("ltr"));
    markup_body(m);
    buf_puts(m->out, "\n<head>\n<meta charset=\"utf-8\">\n");
    put_title(drawing, framed);
    buf_puts(m->out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    buf_puts(m->out, "<link rel=\"icon\" href=\"data:,\">\n"); /* there is none: nobody need ask */
    put_style(m, drawing->view->style, drawing->view->style_text);
    put_style(m, drawing->view->theme, drawing->view->theme_text);
    if (framed->live) put_script(drawing);
    buf_puts(m->out, "</head>\n<body class=\"fw-body\">\n");
    markup_open(m, "a");
    markup_attr(m, "class", STR("fw-skip"));
    markup_attr(m, "href", STR("#main"));
    markup_body(m);
    markup_text(m, draw_phrase(drawing, PHRASE_SKIP));
    markup_close(m, "a");
    put_header(drawing, framed);
    buf_puts(m->out, "<main class=\"fw-main\" id=\"main\" tabindex=\"-1\">\n");
    put_notice(drawing);
}

/* A page that has its look inside has the sheets fetched when all is there: those that follow find
 * them. */
void frame_end(struct drawing *drawing)
{
    struct markup *m = &drawing->markup;
    const struct view *view = drawing->view;
    buf_puts(m->out, "</main>\n");
    if (view->style_text.len) put_sheet(m, "prefetch", view->style);
    if (view->theme_text.len) put_sheet(m, "prefetch", view->theme);
    buf_puts(m->out, "</body>\n</html>\n");
}

/* ---------------------------------------------------------------- the error summary */

/* "#f-members-0-age"; on another page than `page`, that page's address before it. */
static struct str place_of(struct drawing *drawing, const struct sight_error *error, uint32_t page)
{
    struct buf text;
    const struct view *view = drawing->view;
    uint32_t at = book_page_of(view->book, error->node);
    buf_init(&text, view->arena->mem, (size_t)limit(PAGE_NAME_BYTES));
    sight_put_pointer(view->judge, error, &text);
    struct str pointer = buf_failed(&text) ? STR("") : buf_str(&text);
    size_t before = drawing->name.len;
    drawing->name.len = 0;
    if (pointer.len) buf_put(&drawing->name, (struct str){pointer.ptr + 1, pointer.len - 1});
    struct str id = draw_id(drawing, "");
    drawing->name.len = before;
    buf_release(&text);
    if (page != BOOK_NONE && at == page) return arena_printf(view->arena, "#%.*s", STR_ARG(id));
    struct view other = *view;
    other.from_check = true;
    struct str address =
        frame_address(&(struct drawing){.view = &other}, book_page_name(view->book, at), PAGES_EVERY);
    return arena_printf(view->arena, "%.*s#%.*s", STR_ARG(address), STR_ARG(id));
}

static void put_error_item(struct drawing *drawing, uint32_t index, uint32_t page)
{
    struct markup *m = &drawing->markup;
    struct sight_error error = sight_error_at(drawing->view->judge, index);
    bool placed = error.node != 0 && !error.unknown.len &&
                  book_page_of(drawing->view->book, error.node) != BOOK_NONE;
    struct str message = draw_message(drawing, index);
    buf_puts(m->out, "<li>");
    if (placed) {
        struct str place = place_of(drawing, &error, page);
        markup_open(m, "a");
        markup_attr(m, "href", place.ptr ? place : STR("#main"));
        markup_body(m);
    }
    if (error.unknown.len) {
        markup_text(m, error.unknown);
        buf_puts(m->out, ": ");
    }
    markup_text(m, message);
    if (placed) buf_puts(m->out, "</a>");
    buf_puts(m->out, "</li>\n");
}

void frame_summary(struct drawing *drawing, uint32_t page)
{
    struct markup *m = &drawing->markup;
    const struct judge *judge = drawing->view->judge;
    markup_open(m, "div");
    markup_attr(m, "class", STR("fw-summary"));
    markup_attr(m, "role", STR("alert"));
    markup_attr(m, "tabindex", STR("-1"));
    markup_attr(m, "id", STR("fw-summary"));
    markup_attr(m, "aria-labelledby", STR("fw-summary-title"));
    markup_body(m);
    markup_open(m, "h2");
    markup_attr(m, "class", STR("fw-summary-title"));
    markup_attr(m, "id", STR("fw-summary-title"));
    markup_body(m);
    markup_text(m, draw_phrase(drawing, PHRASE_PROBLEM));
    markup_close(m, "h2");
    buf_puts(m->out, "<ul>\n");
    for (uint32_t i = 0; i < sight_error_count(judge); i++) {
        uint32_t at = book_page_of(drawing->view->book, sight_error_at(judge, i).node);
        if ((page == BOOK_NONE || at == page) && draw_told(drawing, i))
            put_error_item(drawing, i, page);
    }
    buf_puts(m->out, "</ul>\n");
    markup_close(m, "div");
}

/* ---------------------------------------------------------------- after it is sent or saved */

static struct str moment_of(const struct drawing *drawing, int64_t ms)
{
    struct buf text;
    const struct view *view = drawing->view;
    const struct zone *zone = view->zone ? view->zone : zone_utc();
    buf_init(&text, view->arena->mem, LOCALE_TEXT_BYTES);
    locale_put_datetime(drawing->program->locales[view->language], ms / 1000 * 1000,
                        zone_offset_at(zone, ms / 1000) / 60, LOCALE_USUAL, &text);
    struct str copy = buf_failed(&text) ? STR("") : arena_str(view->arena, buf_str(&text));
    buf_release(&text);
    return copy.ptr ? copy : STR("");
}

static void put_fact(struct drawing *drawing, enum phrase term, struct str value)
{
    struct markup *m = &drawing->markup;
    buf_puts(m->out, "<div class=\"fw-summary-row\">");
    markup_element(m, "dt", NULL, draw_phrase(drawing, term));
    markup_element(m, "dd", NULL, value);
    markup_close(m, "div");
}

static void put_link(struct drawing *drawing, const char *class, struct str address, struct str text)
{
    struct markup *m = &drawing->markup;
    buf_puts(m->out, "<p>");
    markup_open(m, "a");
    markup_attr(m, "class", str_of(class));
    markup_attr(m, "href", address);
    markup_body(m);
    markup_text(m, text);
    buf_puts(m->out, "</a></p>\n");
}

void pages_put_done(const struct view *view, struct str reference, int64_t received_ms, struct buf *out)
{
    struct drawing drawing;
    drawing_begin(&drawing, view, out);
    struct markup *m = &drawing.markup;
    struct str title = draw_phrase(&drawing, PHRASE_DONE);
    frame_begin(&drawing, &(struct framed){.title = title, .form = true});
    markup_begin(m, "div", "fw-done");
    markup_element(m, "h1", "fw-page-title", title);
    markup_begin(m, "dl", "fw-summary-list");
    put_fact(&drawing, PHRASE_REFERENCE, reference);
    put_fact(&drawing, PHRASE_RECEIVED, moment_of(&drawing, received_ms));
    markup_close(m, "dl");
    markup_close(m, "div");
    markup_element(m, "p", NULL, draw_phrase(&drawing, PHRASE_KEEP));
    frame_end(&drawing);
    drawing_end(&drawing);
}

void pages_put_saved(const struct view *view, struct str link, int64_t until_ms, struct buf *out)
{
    struct drawing drawing;
    drawing_begin(&drawing, view, out);
    struct markup *m = &drawing.markup;
    struct str title = draw_phrase(&drawing, PHRASE_SAVED);
    frame_begin(&drawing, &(struct framed){.title = title, .form = true});
    markup_element(m, "h1", "fw-page-title", title);
    markup_element(m, "p", NULL, draw_phrase(&drawing, PHRASE_SAVED_LINK));
    put_link(&drawing, "fw-link", link, link);
    markup_element(m, "p", NULL,
                   draw_filled(&drawing, PHRASE_SAVED_UNTIL, moment_of(&drawing, until_ms), STR("")));
    put_link(&drawing, "fw-button", link, draw_phrase(&drawing, PHRASE_GO_ON));
    frame_end(&drawing);
    drawing_end(&drawing);
}

struct str pages_apology(const struct view *view)
{
    return phrase_find(PHRASE_NOT_KEPT, view->book->program->languages[view->language]);
}

/* ---------------------------------------------------------------- problems */

void pages_put_problem(const struct view *view, enum pages_problem problem, struct str languages,
                       struct buf *out)
{
    static const struct {
        enum phrase title, text;
        bool start; /* there is a form that can be begun */
    } told[PAGES_PROBLEM_COUNT] = {
        [PAGES_NOT_FOUND] = {PHRASE_NOT_FOUND, PHRASE_NOT_FOUND_TEXT, false},
        [PAGES_CLOSED] = {PHRASE_CLOSED, PHRASE_CLOSED_TEXT, false},
        [PAGES_GONE] = {PHRASE_GONE, PHRASE_GONE_TEXT, true},
        [PAGES_SENT] = {PHRASE_SENT, PHRASE_GONE_TEXT, true},
        [PAGES_RETIRED] = {PHRASE_RETIRED, PHRASE_RETIRED_TEXT, true},
        [PAGES_TOO_MANY] = {PHRASE_TOO_MANY, PHRASE_TOO_MANY_TEXT, false},
        [PAGES_UNAVAILABLE] = {PHRASE_UNAVAILABLE, PHRASE_UNAVAILABLE_TEXT, false},
        [PAGES_BAD_REQUEST] = {PHRASE_BAD_REQUEST, PHRASE_BAD_REQUEST_TEXT, true},
        [PAGES_DUPLICATE] = {PHRASE_DUPLICATE, PHRASE_DUPLICATE_TEXT, false},
        [PAGES_UNINVITED] = {PHRASE_UNINVITED, PHRASE_UNINVITED_TEXT, false},
        [PAGES_UNJUDGED] = {PHRASE_UNJUDGED, PHRASE_UNJUDGED_TEXT, false},
    };
    struct drawing drawing;
    drawing_begin(&drawing, view, out);
    struct str tags[16];
    uint32_t count = phrase_languages(tags), found = language_negotiate(tags, count, languages);
    if (!drawing.program && found != LANGUAGE_NONE) drawing.tag = tags[found];
    struct str title = draw_phrase(&drawing, told[problem].title);
    frame_begin(&drawing, &(struct framed){.title = title, .form = false});
    markup_element(&drawing.markup, "h1", "fw-page-title", title);
    markup_element(&drawing.markup, "p", NULL, draw_phrase(&drawing, told[problem].text));
    if (told[problem].start && view->path.len)
        put_link(&drawing, "fw-link", view->path, draw_phrase(&drawing, PHRASE_START));
    frame_end(&drawing);
    drawing_end(&drawing);
}
