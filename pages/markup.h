/* Markup: the one writer of HTML. Whatever stands in a page went through it.
 *
 *     markup_open(m, "a"), markup_attr(m, "href", address), markup_body(m);      <a href="…">
 *     markup_text(m, label);                                                     escaped
 *     markup_close(m, "a");                                                      </a>
 *
 * Names of elements and attributes are ours, written in the program; every value and text may be
 * anybody's and is escaped, whatever it is. So there is no way to put markup that came from elsewhere.
 * Addresses are made by us: an attribute whose value is fetched or followed never holds what somebody
 * else wrote but behind a path of ours, percent-encoded (markup_address()). */
#ifndef PAGES_MARKUP_H
#define PAGES_MARKUP_H

#include "base/buf.h"

struct markup {
    struct buf *out;
};

/* "<tag", to be followed by attributes and one of the next two. */
void markup_open(struct markup *markup, const char *tag);
void markup_body(struct markup *markup);
void markup_attr(struct markup *markup, const char *name, struct str value);
/* An attribute without a value. */
void markup_flag(struct markup *markup, const char *name, bool set);
void markup_close(struct markup *markup, const char *tag);
void markup_text(struct markup *markup, struct str text);
/* Text whose lines stay lines. */
void markup_lines(struct markup *markup, struct str text);

/* <tag class="…">, and the same around a text. */
void markup_begin(struct markup *markup, const char *tag, const char *class);
void markup_element(struct markup *markup, const char *tag, const char *class, struct str text);
void markup_hidden(struct markup *markup, struct str name, struct str value);

/* <style> around a sheet of our own, which has no "<". */
void markup_sheet(struct markup *markup, struct str sheet);

/* A part of an address: all but letters, digits and -_.~ as %XX. */
void markup_address(struct buf *out, struct str part);

#endif
