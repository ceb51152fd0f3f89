#include "pages/theme.h"

#include "base/json_writer.h"
#include "base/limits.h"
#include "base/word.h"

#include <stdio.h>

static const char *const color_names[] = {
#define COLOR(NAME, name, light, dark) #name,
#include "pages/theme.def"
#undef COLOR
};
static const char *const usual_colors[THEME_SCHEME_COUNT][THEME_COLOR_COUNT] = {{
#define COLOR(NAME, name, light, dark) light,
#include "pages/theme.def"
#undef COLOR
                                                                                },
                                                                                {
#define COLOR(NAME, name, light, dark) dark,
#include "pages/theme.def"
#undef COLOR
                                                                                }};
static const struct {
    const char *name;
    uint32_t least, most;
} lengths[] = {
#define LENGTH(NAME, name, usual, least, most) {#name, least, most},
#include "pages/theme.def"
#undef LENGTH
};
static const struct {
    enum theme_color front, back, with;
    uint32_t percent, needed;
} pairs[] = {
#define PAIR(front, back, with, percent, needed)                                                       \
    {THEME_##front, THEME_##back, THEME_##with, percent, needed},
#include "pages/theme.def"
#undef PAIR
};
static const char *const scheme_names[] = {"light", "dark"};

struct theme theme_usual(void)
{
    struct theme theme = {.font = STR(""), .name = STR("")};
    for (int scheme = 0; scheme < THEME_SCHEME_COUNT; scheme++)
        for (int i = 0; i < THEME_COLOR_COUNT; i++)
            (void)hue_read(str_of(usual_colors[scheme][i]), &theme.colors[scheme][i]);
    for (int i = 0; i < THEME_LENGTH_COUNT; i++) theme.lengths[i] = THEME_UNSAID;
    return theme;
}

/* ---------------------------------------------------------------- reading */

struct reading {
    struct arena *arena;
    struct theme *theme;
    struct str *ret_wrong;
};

static bool wrong(struct reading *reading, struct str text)
{
    *reading->ret_wrong = text.ptr ? text : STR("");
    return false;
}

static bool read_color(struct reading *reading, enum theme_scheme scheme,
                       const struct json_member *member)
{
    struct str text;
    for (int i = 0; i < THEME_COLOR_COUNT; i++) {
        if (!str_eq(member->name, str_of(color_names[i]))) continue;
        enum hue_fault fault = json_is_str(&member->value, &text)
                                   ? hue_read(text, &reading->theme->colors[scheme][i])
                                   : HUE_MALFORMED;
        reading->theme->said[scheme][i] = fault == HUE_OK;
        if (!fault) return true;
        return wrong(reading,
                     arena_printf(reading->arena, "\"%s.%s\" %s", scheme_names[scheme], color_names[i],
                                  fault == HUE_OUTSIDE
                                      ? "is a colour that not every screen has: it lies outside of sRGB"
                                      : "must be a colour: #rgb, #rrggbb or oklch(L C H)"));
    }
    return wrong(reading, arena_printf(reading->arena, "there is no colour of that name in \"%s\"",
                                       scheme_names[scheme]));
}

static bool read_scheme(struct reading *reading, enum theme_scheme scheme,
                        const struct json_value *value)
{
    if (value->kind != JSON_OBJECT)
        return wrong(reading, arena_printf(reading->arena, "\"%s\" must be an object of colours",
                                           scheme_names[scheme]));
    for (uint32_t i = 0; i < value->count; i++)
        if (!read_color(reading, scheme, &value->members[i])) return false;
    return true;
}

/* "1.0625rem" in thousandths; the fourth digit behind the point is rounded. */
static bool parse_rem(struct str text, uint32_t *ret_thousandths)
{
    uint32_t number = 0, behind = 0, digits = 0;
    bool point = false;
    struct str unit = STR("rem");
    if (text.len <= unit.len || !str_eq((struct str){text.ptr + text.len - unit.len, unit.len}, unit))
        return false;
    for (size_t i = 0; i < text.len - unit.len; i++) {
        if (text.ptr[i] == '.' && !point && digits) {
            point = true;
            continue;
        }
        if (!word_is_digit(text.ptr[i]) || ++digits > 7 || (point && ++behind > 4)) return false;
        number = number * 10 + (uint32_t)(text.ptr[i] - '0');
    }
    if (!digits || (point && !behind)) return false;
    for (; behind < 4; behind++) number *= 10;
    *ret_thousandths = (number + 5) / 10;
    return true;
}

static bool read_length(struct reading *reading, enum theme_length length,
                        const struct json_value *value)
{
    struct str text;
    uint32_t thousandths;
    if (json_is_str(value, &text) && text.len <= 12 && parse_rem(text, &thousandths) &&
        thousandths >= lengths[length].least && thousandths <= lengths[length].most) {
        reading->theme->lengths[length] = thousandths;
        return true;
    }
    return wrong(reading,
                 arena_printf(reading->arena, "\"%s\" must be a length from %u.%03urem to %u.%03urem",
                              lengths[length].name, (unsigned)lengths[length].least / 1000,
                              (unsigned)lengths[length].least % 1000,
                              (unsigned)lengths[length].most / 1000,
                              (unsigned)lengths[length].most % 1000));
}

/* Families that every browser has something for; the list ends with one of them. */
static bool is_generic(struct str family)
{
    static const char *const generic[] = {"serif",    "sans-serif",    "monospace",    "system-ui",
                                          "ui-serif", "ui-sans-serif", "ui-monospace", "ui-rounded",
                                          "cursive",  "fantasy"};
    for (size_t i = 0; i < sizeof generic / sizeof *generic; i++)
        if (str_eq(family, str_of(generic[i]))) return true;
    return false;
}

/* The next family, without quotes and blanks around it; takes the comma behind it off as well. False:
 * it is none. Letters, digits, blanks and hyphens only: no name can end the quotes that it is written
 * in. */
static bool take_family(struct str *list, struct str *ret_family)
{
    const char *comma = memchr(list->ptr, ',', list->len);
    struct str family = {list->ptr, comma ? (size_t)(comma - list->ptr) : list->len};
    size_t taken = family.len + (comma ? 1 : 0);
    *list = (struct str){list->ptr + taken, list->len - taken};
    if (comma && list->len == 0) return false;
    while (family.len && family.ptr[0] == ' ') family.ptr++, family.len--;
    while (family.len && family.ptr[family.len - 1] == ' ') family.len--;
    char quote = family.len >= 2 ? family.ptr[0] : 0;
    if ((quote == '"' || quote == '\'') && family.ptr[family.len - 1] == quote)
        family = (struct str){family.ptr + 1, family.len - 2};
    if (!family.len || family.len > 64 || !(word_is_alnum(family.ptr[0]) || family.ptr[0] == '-'))
        return false;
    for (size_t i = 0; i < family.len; i++)
        if (!word_is_alnum(family.ptr[i]) && family.ptr[i] != ' ' && family.ptr[i] != '-') return false;
    *ret_family = family;
    return true;
}

static bool put_families(struct str list, struct buf *out)
{
    uint32_t count = 0;
    struct str family = STR("");
    while (list.len) {
        if (!take_family(&list, &family) || ++count > limit(THEME_FAMILIES)) return false;
        bool generic = is_generic(family) || str_eq(family, STR("-apple-system"));
        buf_printf(out, generic ? "%s%.*s" : "%s\"%.*s\"", count > 1 ? ", " : "", STR_ARG(family));
    }
    return is_generic(family);
}

static bool read_font(struct reading *reading, const struct json_value *value)
{
    struct str text;
    struct buf font;
    buf_init(&font, reading->arena->mem, (size_t)limit(THEME_BYTES));
    bool good =
        json_is_str(value, &text) && text.len <= 512 && put_families(text, &font) && !buf_failed(&font);
    if (good) reading->theme->font = arena_str(reading->arena, buf_str(&font));
    buf_release(&font);
    if (good) return reading->theme->font.ptr || wrong(reading, STR(""));
    return wrong(reading,
                 arena_printf(reading->arena,
                              "\"font\" must be a list of up to %lld families, of letters, digits, "
                              "blanks and hyphens, the last of them generic such as sans-serif",
                              (long long)limit(THEME_FAMILIES)));
}

/* One line of text: it is shown as it is. */
static bool read_name(struct reading *reading, const struct json_value *value)
{
    struct str text;
    bool good = json_is_str(value, &text) && text.len > 0 && text.len <= limit(THEME_NAME_BYTES);
    for (size_t i = 0; good && i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f) good = false;
    if (good) reading->theme->name = text;
    return good || wrong(reading, arena_printf(reading->arena,
                                               "\"name\" must be a line of text of up to %lld bytes",
                                               (long long)limit(THEME_NAME_BYTES)));
}

static bool read_member(struct reading *reading, const struct json_member *member)
{
    for (int i = 0; i < THEME_SCHEME_COUNT; i++)
        if (str_eq(member->name, str_of(scheme_names[i])))
            return read_scheme(reading, (enum theme_scheme)i, &member->value);
    for (int i = 0; i < THEME_LENGTH_COUNT; i++)
        if (str_eq(member->name, str_of(lengths[i].name)))
            return read_length(reading, (enum theme_length)i, &member->value);
    if (str_eq(member->name, STR("font"))) return read_font(reading, &member->value);
    if (str_eq(member->name, STR("name"))) return read_name(reading, &member->value);
    return wrong(reading, STR("a theme has light, dark, font, size, width, radius, space and name"));
}

bool theme_read(struct arena *arena, const struct json_value *body, struct theme *ret_theme,
                struct str *ret_wrong)
{
    struct theme theme = theme_usual();
    struct reading reading = {arena, &theme, ret_wrong};
    if (body->kind != JSON_OBJECT) return wrong(&reading, STR("a theme is an object"));
    for (uint32_t i = 0; i < body->count; i++)
        if (!read_member(&reading, &body->members[i])) return false;
    *ret_theme = theme;
    return true;
}

/* ---------------------------------------------------------------- legibility */

/* "accent_text" as the style sheet writes it. */
static void put_name(struct buf *out, const char *name)
{
    for (; *name; name++) buf_putc(out, *name == '_' ? '-' : *name);
}

static void put_pair(struct buf *out, enum theme_scheme scheme, size_t pair, uint32_t ratio)
{
    if (out->len) buf_puts(out, "; ");
    buf_printf(out, "%s: ", scheme_names[scheme]);
    put_name(out, color_names[pairs[pair].front]);
    buf_puts(out, " on ");
    put_name(out, color_names[pairs[pair].back]);
    if (pairs[pair].percent) {
        buf_printf(out, " with %u%% ", (unsigned)pairs[pair].percent);
        put_name(out, color_names[pairs[pair].with]);
    }
    buf_printf(out, " has a contrast of %u.%02u:1 and needs %u.%u:1", (unsigned)(ratio / 100),
               (unsigned)(ratio % 100), (unsigned)(pairs[pair].needed / 100),
               (unsigned)(pairs[pair].needed % 100 / 10));
}

bool theme_is_legible(struct arena *arena, const struct theme *theme, struct str *ret_wrong)
{
    struct buf text;
    buf_init(&text, arena->mem, (size_t)limit(THEME_BYTES));
    for (int scheme = 0; scheme < THEME_SCHEME_COUNT; scheme++)
        for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
            const struct hue *colors = theme->colors[scheme];
            struct hue back = hue_mix(colors[pairs[i].with], colors[pairs[i].back], pairs[i].percent);
            uint32_t ratio = hue_contrast(colors[pairs[i].front], back);
            if (ratio < pairs[i].needed) put_pair(&text, (enum theme_scheme)scheme, i, ratio);
        }
    bool legible = text.len == 0 && !buf_failed(&text);
    struct str copy = legible ? STR("") : arena_str(arena, buf_str(&text));
    buf_release(&text);
    *ret_wrong = copy.ptr ? copy : STR("");
    return legible;
}

/* ---------------------------------------------------------------- writing */

/* 1063 → "1.063" */
static void put_thousandths(struct buf *out, uint32_t number)
{
    char text[24];
    int len =
        snprintf(text, sizeof text, "%u.%03u", (unsigned)(number / 1000), (unsigned)(number % 1000));
    while (len && text[len - 1] == '0') len--;
    if (len && text[len - 1] == '.') len--;
    buf_put(out, (struct str){text, (size_t)len});
}

static bool says_any(const struct theme *theme, int scheme)
{
    for (int i = 0; i < THEME_COLOR_COUNT; i++)
        if (theme->said[scheme][i]) return true;
    return false;
}

static void put_json_scheme(struct json_writer *json, const struct theme *theme, int scheme)
{
    if (!says_any(theme, scheme)) return;
    json_key(json, str_of(scheme_names[scheme]));
    json_object(json);
    for (int i = 0; i < THEME_COLOR_COUNT; i++) {
        if (!theme->said[scheme][i]) continue;
        json_key(json, str_of(color_names[i]));
        buf_putc(json->out, '"');
        hue_put(theme->colors[scheme][i], json->out);
        buf_putc(json->out, '"');
        json->comma = true;
    }
    json_object_end(json);
}

void theme_put_json(const struct theme *theme, struct buf *out)
{
    struct json_writer json;
    json_writer_init(&json, out);
    json_object(&json);
    if (theme->name.len) json_key_str(&json, STR("name"), theme->name);
    for (int i = 0; i < THEME_SCHEME_COUNT; i++) put_json_scheme(&json, theme, i);
    if (theme->font.len) json_key_str(&json, STR("font"), theme->font);
    for (int i = 0; i < THEME_LENGTH_COUNT; i++) {
        if (theme->lengths[i] == THEME_UNSAID) continue;
        json_key(&json, str_of(lengths[i].name));
        buf_putc(out, '"');
        put_thousandths(out, theme->lengths[i]);
        buf_puts(out, "rem\"");
        json.comma = true;
    }
    json_object_end(&json);
}

static void put_css_scheme(const struct theme *theme, int scheme, struct buf *out)
{
    if (!says_any(theme, scheme)) return;
    buf_printf(out, "@media screen and (prefers-color-scheme: %s) {\n  :root {", scheme_names[scheme]);
    for (int i = 0; i < THEME_COLOR_COUNT; i++) {
        if (!theme->said[scheme][i]) continue;
        buf_puts(out, " --fw-");
        put_name(out, color_names[i]);
        buf_puts(out, ": ");
        hue_put(theme->colors[scheme][i], out);
        buf_putc(out, ';');
    }
    buf_puts(out, " }\n}\n");
}

void theme_put_css(const struct theme *theme, struct buf *out)
{
    buf_puts(out, ":root {");
    if (theme->font.len) buf_printf(out, " --fw-font: %.*s;", STR_ARG(theme->font));
    for (int i = 0; i < THEME_LENGTH_COUNT; i++) {
        if (theme->lengths[i] == THEME_UNSAID) continue;
        buf_printf(out, " --fw-%s: ", lengths[i].name);
        put_thousandths(out, theme->lengths[i]);
        buf_puts(out, "rem;");
    }
    buf_puts(out, " }\n");
    for (int i = 0; i < THEME_SCHEME_COUNT; i++) put_css_scheme(theme, i, out);
}
