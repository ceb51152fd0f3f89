#include "pages/theme.h"

#include "base/limits.h"
#include "tests/test.h"

static struct arena arena;
static struct str wrong;

static bool read(const char *text, struct theme *ret_theme)
{
    struct json_value body;
    struct json_error error;
    CHECK_STATUS(json_read(&arena, str_of(text), 8, &body, &error), ST_OK);
    return theme_read(&arena, &body, ret_theme, &wrong);
}

static struct str written(void (*put)(const struct theme *, struct buf *), const struct theme *theme)
{
    struct buf out;
    buf_init(&out, arena.mem, 1 << 16);
    put(theme, &out);
    CHECK(!buf_failed(&out));
    struct str copy = arena_str(&arena, buf_str(&out));
    buf_release(&out);
    return copy;
}

static bool has(struct str text, const char *part)
{
    return strstr(arena_printf(&arena, "%.*s", STR_ARG(text)).ptr, part) != NULL;
}

static void same(struct str got, struct str want)
{
    if (!str_eq(got, want)) fprintf(stderr, "%.*s\n", STR_ARG(got));
    CHECK(str_eq(got, want));
}

/* ---- colours */

static void color(const char *text, const char *hex)
{
    struct hue hue;
    char told[8];
    bool good = hue_read(str_of(text), &hue) == HUE_OK;
    if (good) snprintf(told, sizeof told, "#%02x%02x%02x", hue.red, hue.green, hue.blue);
    if (good != (hex != NULL) || (good && strcmp(told, hex) != 0))
        fprintf(stderr, "%s: %s\n", text, good ? told : "none");
    CHECK(good == (hex != NULL) && (!good || strcmp(told, hex) == 0));
}

static void colours_are_hex_or_oklch(void)
{
    color("#1d4ed8", "#1d4ed8");
    color("#ABC", "#aabbcc");
    color("#000", "#000000");
    color("oklch(1 0 0)", "#ffffff");
    color("oklch(0 0 0)", "#000000");
    color("oklch(0.627955 0.257683 29.234)", "#ff0000"); /* CSS Color 4's own red */
    color("oklch(62.8% 0.2577 29.23)", "#ff0000");
    color("oklch(0.5 0.1 262)", "#43629c");
}

static void whatever_else_is_no_colour(void)
{
    static const char *const none[] = {"",
                                       "#",
                                       "#12",
                                       "#1234",
                                       "#12345678",
                                       "#gggggg",
                                       "red",
                                       "#1d4ed8;",
                                       " #fff",
                                       "#fff ",
                                       "rgb(0 0 0)",
                                       "url(x)",
                                       "var(--x)",
                                       "oklch(",
                                       "oklch()",
                                       "oklch(0.5 0.1)",
                                       "oklch(0.5 0.1 262",
                                       "oklch(0.5,0.1,262)",
                                       "oklch(0.5 0.1 262))",
                                       "oklch(0.5 0.1 262 / 0.5)",
                                       "oklch(2 0 0)",
                                       "oklch(0.5 0.1 361)",
                                       "oklch(-0.5 0.1 1)",
                                       "oklch(0.5 0.1 1e2)",
                                       "oklch(. 0 0)",
                                       "oklch(0. 0 0)",
                                       "oklch(0.5 0.1262)",
                                       "oklch(0.5 0.5 150)" /* outside of sRGB */,
                                       "OKLCH(0.5 0.1 262)",
                                       "oklch(0.1234567 0 0)"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) color(none[i], NULL);
}

static void contrast_is_what_wcag_says(void)
{
    struct hue black = {0, 0, 0}, white = {255, 255, 255}, grey = {0x76, 0x76, 0x76},
               light = {0x77, 0x77, 0x77};
    CHECK(hue_contrast(black, white) == 2100);
    CHECK(hue_contrast(white, white) == 100);
    CHECK(hue_contrast(grey, white) == 454); /* the well-known edge: #767676 does, #777777 does not */
    CHECK(hue_contrast(white, light) == 447);
    CHECK(hue_mix(black, white, 50).red == 128);
    CHECK(hue_mix(black, white, 100).red == 0);
}

/* ---- themes */

static void what_is_not_said_is_as_it_was_and_legible(void)
{
    struct theme theme;
    CHECK(read("{}", &theme) && theme_is_legible(&arena, &theme, &wrong));
    same(written(theme_put_json, &theme), STR("{}"));
    same(written(theme_put_css, &theme), STR(":root { }\n"));
}

static void a_theme_is_written_anew_by_scheme(void)
{
    struct theme theme;
    CHECK(read(
        "{\"radius\":\"0.2500rem\",\"font\":\" 'Source Sans 3' "
        ",Arial,sans-serif\",\"dark\":{\"accent\":"
        "\"#f9c\"},\"light\":{\"accent_text\":\"#FFFFFF\",\"accent\":\"#7a1f5c\"},\"name\":\"Acme\"}",
        &theme));
    CHECK(theme_is_legible(&arena, &theme, &wrong));
    struct str json = written(theme_put_json, &theme);
    same(json, STR("{\"name\":\"Acme\",\"light\":{\"accent\":\"#7a1f5c\",\"accent_text\":\"#ffffff\"},"
                   "\"dark\":{\"accent\":\"#ff99cc\"},\"font\":\"\\\"Source Sans 3\\\", \\\"Arial\\\", "
                   "sans-serif\",\"radius\":\"0.25rem\"}"));
    same(written(theme_put_css, &theme),
         STR(":root { --fw-font: \"Source Sans 3\", \"Arial\", sans-serif; --fw-radius: 0.25rem; }\n"
             "@media screen and (prefers-color-scheme: light) {\n  :root { --fw-accent: #7a1f5c; "
             "--fw-accent-text: #ffffff; }\n}\n"
             "@media screen and (prefers-color-scheme: dark) {\n  :root { --fw-accent: #ff99cc; "
             "}\n}\n"));
    struct theme again;
    CHECK(read(arena_printf(&arena, "%.*s", STR_ARG(json)).ptr, &again));
    same(written(theme_put_json, &again), json);
}

static void what_cannot_be_read_is_named_with_its_ratio(void)
{
    struct theme theme;
    CHECK(read("{\"light\":{\"accent\":\"#9ca3af\"},\"dark\":{\"text\":\"#10141b\"}}", &theme));
    CHECK(!theme_is_legible(&arena, &theme, &wrong));
    CHECK(has(wrong, "light: accent on background has a contrast of 2.53:1 and needs 4.5:1; "));
    CHECK(has(wrong, "light: accent-text on accent has a contrast of 2.53:1 and needs 4.5:1"));
    CHECK(has(wrong, "dark: text on background has a contrast of 1.00:1 and needs 4.5:1"));
    CHECK(read("{\"light\":{\"border\":\"#cccccc\"}}", &theme));
    CHECK(!theme_is_legible(&arena, &theme, &wrong));
    CHECK(has(wrong, "light: border on background has a contrast of 1.60:1 and needs 3.0:1"));
    CHECK(read("{\"light\":{\"line\":\"#ffffff\"}}", &theme)); /* lines only adorn */
    CHECK(theme_is_legible(&arena, &theme, &wrong));
}

static void refused(const char *text, const char *why)
{
    struct theme theme;
    bool good = !read(text, &theme) && has(wrong, why);
    if (!good) fprintf(stderr, "%s: %.*s\n", text, STR_ARG(wrong));
    CHECK(good);
}

static void hostile_values_are_refused(void)
{
    refused("[]", "a theme is an object");
    refused("{\"light\":[]}", "\"light\" must be an object");
    refused("{\"light\":{\"accent\":1}}", "\"light.accent\" must be a colour");
    refused("{\"light\":{\"accent\":\"#fff;}body{display:none\"}}", "must be a colour");
    refused("{\"dark\":{\"accent\":\"url(https://evil.example)\"}}",
            "\"dark.accent\" must be a colour");
    refused("{\"dark\":{\"accent\":\"oklch(0.7 0.4 150)\"}}", "outside of sRGB");
    refused("{\"light\":{\"--fw-x\":\"#fff\"}}", "no colour of that name");
    refused("{\"css\":\"*{}\"}", "a theme has");
    refused("{\"radius\":\"2.001rem\"}", "\"radius\" must be a length from 0.000rem to 2.000rem");
    refused("{\"radius\":\"1px\"}", "length");
    refused("{\"radius\":\"rem\"}", "length");
    refused("{\"radius\":\"calc(1rem)\"}", "length");
    refused("{\"radius\":\"1rem;color:red;x:1rem\"}", "length");
    refused("{\"radius\":\".5rem\"}", "length");
    refused("{\"radius\":\"1.rem\"}", "length");
    refused("{\"radius\":\"0.00001rem\"}", "length");
    refused("{\"radius\":2}", "length");
    refused("{\"size\":\"0.8rem\"}", "length");
    refused("{\"width\":\"81rem\"}", "length");
    static const char *const fonts[] = {"\"\"",
                                        "\"Arial\"",
                                        "\"Arial, sans-serif,\"",
                                        "\",sans-serif\"",
                                        "\"a;b, serif\"",
                                        "\"a}b, serif\"",
                                        "\"'a', '\\\"', serif\"",
                                        "\"a\\\\62, serif\"",
                                        "\"url(x), serif\"",
                                        "\"\\\"a, serif\"",
                                        "\"</style>, serif\"",
                                        "\"a/*, serif\"",
                                        "\"\\u00e9, serif\"",
                                        "\" , serif\"",
                                        "7"};
    for (size_t i = 0; i < sizeof fonts / sizeof *fonts; i++)
        refused(arena_printf(&arena, "{\"font\":%s}", fonts[i]).ptr, "\"font\" must be a list");
    refused("{\"name\":\"\"}", "\"name\" must be a line");
    refused("{\"name\":\"a\\nb\"}", "\"name\" must be a line");
    refused("{\"name\":1}", "\"name\" must be a line");
}

static void a_name_and_a_list_of_families_have_their_ends(void)
{
    struct theme theme;
    char name[256], families[256] = "";
    memset(name, 'x', sizeof name);
    size_t most = (size_t)limit(THEME_NAME_BYTES);
    CHECK(read(arena_printf(&arena, "{\"name\":\"%.*s\"}", (int)most, name).ptr, &theme));
    CHECK(!read(arena_printf(&arena, "{\"name\":\"%.*s\"}", (int)most + 1, name).ptr, &theme));
    for (int64_t i = 1; i < limit(THEME_FAMILIES); i++) strncat(families, "A,", 3);
    CHECK(read(arena_printf(&arena, "{\"font\":\"%sserif\"}", families).ptr, &theme));
    CHECK(!read(arena_printf(&arena, "{\"font\":\"A,%sserif\"}", families).ptr, &theme));
}

/* ---- two places that must agree */

static void the_style_sheet_has_the_same_colours_and_lengths(void)
{
    static char sheet[1 << 16];
    FILE *file = fopen(STYLE, "rb");
    CHECK(file != NULL);
    if (!file) return;
    size_t len = fread(sheet, 1, sizeof sheet - 1, file);
    sheet[len] = '\0';
    CHECK(fclose(file) == 0);
    const char *dark = strstr(sheet, "prefers-color-scheme: dark");
    CHECK(dark != NULL);
    char line[128];
#define LINE_OF(name, value)                                                                           \
    snprintf(line, sizeof line, "--fw-%s: %s;", name, value);                                          \
    for (char *at = line + 5; *at && *at != ':'; at++)                                                 \
        if (*at == '_') *at = '-';
#define COLOR(NAME, name, light, dark_color)                                                           \
    LINE_OF(#name, light)                                                                              \
    CHECK(strstr(sheet, line) != NULL);                                                                \
    LINE_OF(#name, dark_color)                                                                         \
    CHECK(strstr(strcmp(light, dark_color) ? dark : sheet, line) != NULL);
#include "pages/theme.def"
#undef COLOR
#define LENGTH(NAME, name, usual, least, most)                                                         \
    LINE_OF(#name, usual)                                                                              \
    CHECK(strstr(sheet, line) != NULL);
#include "pages/theme.def"
#undef LENGTH
    CHECK(strstr(sheet, "color-mix(in srgb, var(--fw-accent) 7%, var(--fw-background))") &&
          strstr(sheet, "color-mix(in srgb, var(--fw-error) 6%, var(--fw-background))") &&
          strstr(sheet, "color-mix(in srgb, var(--fw-success) 8%, var(--fw-background))") &&
          strstr(sheet, "color-mix(in srgb, var(--fw-accent) 85%, var(--fw-text))"));
}

int main(void)
{
    arena_init(&arena, mem_heap(), 1 << 22);
    colours_are_hex_or_oklch();
    whatever_else_is_no_colour();
    contrast_is_what_wcag_says();
    what_is_not_said_is_as_it_was_and_legible();
    a_theme_is_written_anew_by_scheme();
    what_cannot_be_read_is_named_with_its_ratio();
    hostile_values_are_refused();
    a_name_and_a_list_of_families_have_their_ends();
    the_style_sheet_has_the_same_colours_and_lengths();
    arena_release(&arena);
    return TEST_RESULT();
}
