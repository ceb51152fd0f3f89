/* Theme: what a tenant has said about the look of its forms, strictly read and held to WCAG 2.2.
 *
 *     {"name": "Acme Bank", "light": {"accent": "#7a1f5c"}, "dark": {"accent": "oklch(0.8 0.1 340)"},
 *      "font": "Source Sans 3, sans-serif", "radius": "0.25rem"}
 *
 *     theme_read(&arena, &body, &theme, &wrong) && theme_is_legible(&arena, &theme, &wrong)
 *     theme_put_json(&theme, &out);       what is stored: the same theme gives the same bytes
 *     theme_put_css(&theme, &out);        custom properties of :root; a sheet behind style.css
 *
 * Nothing is passed on as it came: colours, lengths and families are read and written anew, so a value
 * can be nothing but what it says. What is not said is as theme.def has it. */
#ifndef PAGES_THEME_H
#define PAGES_THEME_H

#include "base/arena.h"
#include "base/json_value.h"
#include "pages/hue.h"

enum theme_color {
#define COLOR(NAME, name, light, dark) THEME_##NAME,
#include "pages/theme.def"
#undef COLOR
    THEME_COLOR_COUNT
};
enum theme_length {
#define LENGTH(NAME, name, usual, least, most) THEME_##NAME,
#include "pages/theme.def"
#undef LENGTH
    THEME_LENGTH_COUNT
};
enum theme_scheme { THEME_LIGHT, THEME_DARK, THEME_SCHEME_COUNT };

#define THEME_UNSAID UINT32_MAX

struct theme {
    struct hue colors[THEME_SCHEME_COUNT][THEME_COLOR_COUNT]; /* said or as they are */
    bool said[THEME_SCHEME_COUNT][THEME_COLOR_COUNT];
    uint32_t lengths[THEME_LENGTH_COUNT]; /* thousandths of a rem, or THEME_UNSAID */
    struct str font;                      /* a list of families as CSS writes it; empty: unsaid */
    struct str name;                      /* above each page; empty: none */
};

struct theme theme_usual(void);
/* False: *ret_wrong says what, or is empty where there is no memory. */
bool theme_read(struct arena *arena, const struct json_value *body, struct theme *ret_theme,
                struct str *ret_wrong);
/* False: *ret_wrong names each pair that cannot be told apart well enough, with its ratio. */
bool theme_is_legible(struct arena *arena, const struct theme *theme, struct str *ret_wrong);
void theme_put_json(const struct theme *theme, struct buf *out);
void theme_put_css(const struct theme *theme, struct buf *out);

#endif
