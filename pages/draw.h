/* Draw: what the files that draw share. Inside of pages/ only. */
#ifndef PAGES_DRAW_H
#define PAGES_DRAW_H

#include "pages/book.h"
#include "pages/markup.h"
#include "pages/phrase.h"

struct drawing {
    const struct view *view;
    const struct program *program; /* NULL: about no form */
    struct markup markup;
    struct str tag;  /* the language's */
    struct buf name; /* of the place that is drawn, "members/0/age" */
    unsigned level;  /* of the next heading */
};

/* What is drawn of the answers: a row of a scope, and what was typed in it. */
struct seat {
    uint32_t scope, row;
    const struct typed *object; /* NULL: nothing was */
};

void drawing_begin(struct drawing *drawing, const struct view *view, struct buf *out);
void drawing_end(struct drawing *drawing);

/* ---- texts; they live in the arena of the view, and are empty when it is full */
/* The tag of a form that is sent to the page of this name. */
void draw_form_begin(struct drawing *drawing, struct str name);

struct str draw_phrase(const struct drawing *drawing, enum phrase phrase);
struct str draw_filled(const struct drawing *drawing, enum phrase phrase, struct str a, struct str b);
struct str draw_number(const struct drawing *drawing, uint32_t number);
struct str draw_text(const struct drawing *drawing, const struct program_message *text,
                     const struct seat *seat);
/* The label, or the name as people would write it. */
struct str draw_label(const struct drawing *drawing, uint32_t node, const struct seat *seat);
/* Forms write de_AT, HTML de-AT. */
struct str draw_tag(const struct drawing *drawing, struct str tag);
/* The element's language, if it is another one than the page's. */
void draw_lang(struct drawing *drawing, const struct program_message *text);
/* The value of a field for people; ptr NULL: there is none. */
struct str draw_value(const struct drawing *drawing, uint32_t field, uint32_t row);

/* ---- places */

/* Goes on in the name: one more member, or row. Returns what draw_leave() wants. */
size_t draw_enter(struct drawing *drawing, struct str key);
size_t draw_enter_row(struct drawing *drawing, uint32_t row);
void draw_leave(struct drawing *drawing, size_t before);
/* id="f-members-0-age" and the like, of the present place; `suffix` "" or "-hint". */
struct str draw_id(const struct drawing *drawing, const char *suffix);
void draw_pointer(struct drawing *drawing);

/* ---- errors */

/* Whether an error is told: of what nobody was asked yet none is, unless the view tells every one. */
bool draw_told(const struct drawing *drawing, uint32_t error);
/* Whether any is on that page, on all of them when `page` is BOOK_NONE. */
bool draw_any_told(const struct drawing *drawing, uint32_t page);
/* How many errors are to be told at a place. */
uint32_t draw_error_count(const struct drawing *drawing, uint32_t node, uint32_t scope, uint32_t row);
/* <p class="fw-error">, if there are any. */
void draw_errors(struct drawing *drawing, uint32_t node, uint32_t scope, uint32_t row);
/* What belongs to a control or a group of them. */
struct described {
    bool hint, unit, wrong;
};
/* aria-describedby: the hint, the unit and the error, as far as they are there. */
void draw_described(struct drawing *drawing, struct described described);
/* <p class="fw-hint">, if the node has one. True: it has. */
bool draw_hint(struct drawing *drawing, uint32_t node, const struct seat *seat);
void draw_legend(struct drawing *drawing, const char *class, struct str text,
                 const struct program_message *label);
struct str draw_message(const struct drawing *drawing, uint32_t error);

/* ---- headings: <h2 …> by drawing->level; close with the same level */
void draw_heading(struct drawing *drawing, const char *class, struct str id, struct str text,
                  const struct program_message *language);

/* A field's label, hint, errors and controls. */
void control_draw(struct drawing *drawing, uint32_t field, const struct seat *seat);
/* Hidden fields carry what is in them. */
void control_hide(struct drawing *drawing, uint32_t field, const struct seat *seat);
/* A matrix of choices as a table; false: it is drawn as a group. */
bool control_draw_matrix(struct drawing *drawing, uint32_t matrix, const struct seat *seat);

/* ---- the document around it (frame.c) */

struct framed {
    struct str title; /* of the window, before the form's */
    bool wrong;       /* it has errors */
    bool form;        /* has the form's name, */
    bool live;        /* the script may keep it live */
    bool languages;   /* and links to the same page in its other languages */
};
void frame_begin(struct drawing *drawing, const struct framed *framed);
void frame_end(struct drawing *drawing);
struct str frame_title(const struct drawing *drawing);
/* "/f/acme/contact/NAME?s=KEY…" */
struct str frame_address(const struct drawing *drawing, struct str name, enum pages_wrong wrong);
/* The error summary of one page, of all pages when `page` is BOOK_NONE. */
void frame_summary(struct drawing *drawing, uint32_t page);

#endif
