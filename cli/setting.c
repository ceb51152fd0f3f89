#include "cli/setting.h"

#include "base/json_writer.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "cli/config.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#define TEXT(standard, what) .kind = SETTING_IS_TEXT, .text = (standard), .words = (what)
#define NUMBER(standard, lowest, highest, of)                                                          \
    .kind = SETTING_IS_NUMBER, .number = (standard), .least = (lowest), .most = (highest), .unit = (of)
#define SWITCH(standard) .kind = SETTING_IS_SWITCH, .number = (standard)
#define WORD(standard, all) .kind = SETTING_IS_WORD, .text = (standard), .words = (all)

const struct setting_spec setting_specs[SETTING_COUNT] = {
#define SETTING(NAME, dotted, about, explanation)                                                      \
    [SETTING_##NAME] = {.name = (dotted),                                                              \
                        .flag = "--" dotted,                                                           \
                        .variable = "FORMWRIGHT_" #NAME,                                               \
                        .help = (explanation),                                                         \
                        about},
#include "cli/setting.def"
#undef SETTING
};

const char *setting_origin_name(enum setting_origin origin)
{
    static const char *const names[] = {[ORIGIN_BUILT_IN] = "built in",
                                        [ORIGIN_FILE] = "file",
                                        [ORIGIN_ENVIRONMENT] = "environment",
                                        [ORIGIN_FLAG] = "flag"};
    return names[origin];
}

void settings_init(struct settings *settings)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        settings->values[i] =
            (struct setting_value){setting_specs[i].text, setting_specs[i].number, ORIGIN_BUILT_IN, ""};
}

/* ---------------------------------------------------------------- one value */

static bool has_word(const char *words, const char *text)
{
    size_t len = strlen(text);
    for (const char *at = words; *at; at += strcspn(at, " "), at += *at == ' ')
        if (strcspn(at, " ") == len && memcmp(at, text, len) == 0) return true;
    return false;
}

static bool read_number(const struct setting_spec *spec, const char *text, int64_t *ret_number)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno || *end || end == text || (*text != '-' && (*text < '0' || *text > '9'))) return false;
    *ret_number = number;
    return number >= spec->least && number <= spec->most;
}

static bool read_value(const struct setting_spec *spec, const char *text, struct setting_value *value)
{
    switch (spec->kind) {
    case SETTING_IS_TEXT:
        value->text = text;
        return text[0] != '\0' && utf8_valid(str_of(text));
    case SETTING_IS_NUMBER:
        return read_number(spec, text, &value->number);
    case SETTING_IS_SWITCH:
        value->number = strcmp(text, "true") == 0;
        return value->number || strcmp(text, "false") == 0;
    case SETTING_IS_WORD:
        break;
    }
    value->text = text;
    return has_word(spec->words, text);
}

/* What a good value would have been. */
static enum exit_code refuse(const struct command *command, const struct setting_spec *spec,
                             const char *from, const char *text)
{
    switch (spec->kind) {
    case SETTING_IS_TEXT:
        return command_fail(command, EXIT_USAGE, "%s: %s is not empty", from, spec->name);
    case SETTING_IS_NUMBER:
        return command_fail(command, EXIT_USAGE,
                            "%s: %s is a whole number of %s from %" PRId64 " to %" PRId64
                            ", not \"%s\"",
                            from, spec->name, spec->unit, spec->least, spec->most, text);
    case SETTING_IS_SWITCH:
        return command_fail(command, EXIT_USAGE, "%s: %s is true or false, not \"%s\"", from,
                            spec->name, text);
    case SETTING_IS_WORD:
        break;
    }
    return command_fail(command, EXIT_USAGE, "%s: %s is one of: %s; not \"%s\"", from, spec->name,
                        spec->words, text);
}

enum exit_code settings_put(const struct command *command, struct settings *settings,
                            enum setting setting, const char *text, enum setting_origin origin,
                            const char *from)
{
    const struct setting_spec *spec = &setting_specs[setting];
    struct setting_value value = {.origin = origin, .from = from};
    if (!read_value(spec, text, &value)) return refuse(command, spec, from, text);
    settings->values[setting] = value;
    return EXIT_OK;
}

/* ---------------------------------------------------------------- finding one by name */

static const char *spelling(enum setting setting, enum setting_origin where)
{
    const struct setting_spec *spec = &setting_specs[setting];
    return where == ORIGIN_ENVIRONMENT ? spec->variable : spec->name;
}

/* SETTING_COUNT: there is none. */
static enum setting find(struct str name, enum setting_origin where)
{
    int i = 0;
    while (i < SETTING_COUNT && !str_eq(name, str_of(spelling((enum setting)i, where)))) i++;
    return (enum setting)i;
}

static enum exit_code unknown(const struct command *command, const char *from, struct str name,
                              enum setting_origin where)
{
    struct str names[SETTING_COUNT + 1] = {[SETTING_COUNT] = STR("FORMWRIGHT_CONFIG")};
    for (int i = 0; i < SETTING_COUNT; i++) names[i] = str_of(spelling((enum setting)i, where));
    struct str near = nearest_word(name, names, SETTING_COUNT + (where == ORIGIN_ENVIRONMENT));
    return command_fail(command, EXIT_USAGE, "%s: there is no setting \"%.*s\"%s%.*s%s", from,
                        STR_ARG(name), near.len ? "; did you mean \"" : "", (int)near.len,
                        near.len ? near.ptr : "", near.len ? "\"?" : "");
}

/* ---------------------------------------------------------------- a file */

static bool fits(enum setting_kind setting, enum config_kind config)
{
    switch (setting) {
    case SETTING_IS_NUMBER:
        return config == CONFIG_NUMBER;
    case SETTING_IS_SWITCH:
        return config == CONFIG_SWITCH;
    case SETTING_IS_TEXT:
    case SETTING_IS_WORD:
        break;
    }
    return config == CONFIG_TEXT;
}

static enum exit_code put_entry(struct command *command, struct settings *settings, const char *path,
                                const struct config_entry *entry)
{
    struct str from = arena_printf(&command->arena, "%s:%u", path, (unsigned)entry->line);
    if (!from.ptr) return command_status(command, ST_NOMEM, path);
    enum setting setting = find(entry->name, ORIGIN_FILE);
    if (setting == SETTING_COUNT) return unknown(command, from.ptr, entry->name, ORIGIN_FILE);
    const struct setting_value *before = &settings->values[setting];
    const struct setting_spec *spec = &setting_specs[setting];
    if (before->origin == ORIGIN_FILE)
        return command_fail(command, EXIT_USAGE, "%s: %s stands at %s already", from.ptr, spec->name,
                            before->from);
    if (!fits(spec->kind, entry->kind))
        return command_fail(command, EXIT_USAGE, "%s: %s is %s, not %s", from.ptr, spec->name,
                            spec->kind == SETTING_IS_NUMBER   ? "a number"
                            : spec->kind == SETTING_IS_SWITCH ? "true or false"
                                                              : "a text in double quotes",
                            config_kind_name(entry->kind));
    return settings_put(command, settings, setting, entry->text, ORIGIN_FILE, from.ptr);
}

enum exit_code settings_read_file(struct command *command, struct settings *settings, const char *path)
{
    struct str text;
    enum exit_code code = command_read(command, path, limit(CONFIG_BYTES), &text);
    if (code) return code == EXIT_FINDINGS ? EXIT_USAGE : code;
    if (!utf8_valid(text) || memchr(text.ptr, '\0', text.len))
        return command_fail(command, EXIT_USAGE, "%s: is not UTF-8 text", path);
    struct config config = {.rest = text};
    struct config_entry entry;
    const char *fault = NULL;
    while (config_next(&config, &command->arena, &entry, &fault) || fault) {
        enum exit_code this_one =
            fault ? command_fail(command, EXIT_USAGE, "%s:%u: %s", path, (unsigned)config.line, fault)
                  : put_entry(command, settings, path, &entry);
        if (this_one) code = this_one;
    }
    return code;
}

/* ---------------------------------------------------------------- the environment */

extern char **environ;

static enum exit_code put_variable(const struct command *command, struct settings *settings,
                                   struct str name, const char *text)
{
    if (str_eq(name, STR("FORMWRIGHT_CONFIG"))) return EXIT_OK;
    enum setting setting = find(name, ORIGIN_ENVIRONMENT);
    if (setting == SETTING_COUNT) return unknown(command, "the environment", name, ORIGIN_ENVIRONMENT);
    return settings_put(command, settings, setting, text, ORIGIN_ENVIRONMENT,
                        setting_specs[setting].variable);
}

enum exit_code settings_read_environment(const struct command *command, struct settings *settings)
{
    enum exit_code code = EXIT_OK;
    for (char **at = environ; at && *at; at++) {
        const char *equals = strchr(*at, '=');
        struct str name = {*at, equals ? (size_t)(equals - *at) : 0};
        if (!str_starts(name, STR("FORMWRIGHT_"))) continue;
        enum exit_code this_one = put_variable(command, settings, name, equals + 1);
        if (this_one) code = this_one;
    }
    return code;
}

const char *setting_data(void)
{
    const char *data = getenv("FORMWRIGHT_STORAGE_DATA");
    return data && *data ? data : setting_specs[SETTING_STORAGE_DATA].text;
}

/* ---------------------------------------------------------------- printing */

static void write_value(struct buf *out, enum setting setting, const struct setting_value *value)
{
    switch (setting_specs[setting].kind) {
    case SETTING_IS_TEXT:
    case SETTING_IS_WORD:
        json_put_str(out, str_of(value->text));
        break;
    case SETTING_IS_NUMBER:
        buf_put_int(out, value->number);
        break;
    case SETTING_IS_SWITCH:
        buf_puts(out, value->number ? "true" : "false");
        break;
    }
}

static void write_json(struct buf *out, const struct settings *settings)
{
    struct json_writer json;
    json_writer_init(&json, out);
    json_array(&json);
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting_value *value = &settings->values[i];
        json_object(&json);
        json_key_str(&json, STR("name"), str_of(setting_specs[i].name));
        json_key(&json, STR("value"));
        write_value(out, (enum setting)i, value);
        json.comma = true;
        json_key_str(&json, STR("origin"), str_of(setting_origin_name(value->origin)));
        if (value->from[0]) {
            json_key(&json, STR("from"));
            json_lossy(&json, str_of(value->from));
        }
        json_object_end(&json);
    }
    json_array_end(&json);
    buf_putc(out, '\n');
}

static void write_lines(struct buf *out, const struct settings *settings)
{
    enum { COLUMN = 56 };
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting_value *value = &settings->values[i];
        size_t begin = out->len;
        buf_printf(out, "%s = ", setting_specs[i].name);
        write_value(out, (enum setting)i, value);
        do buf_putc(out, ' ');
        while (out->len < begin + COLUMN && !buf_failed(out));
        buf_printf(out, "# %s%s%s\n", setting_origin_name(value->origin), value->from[0] ? " " : "",
                   value->from);
    }
}

enum exit_code settings_print(const struct settings *settings, bool json)
{
    struct buf out;
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
    if (json) write_json(&out, settings);
    else write_lines(&out, settings);
    bool written = !buf_failed(&out) && command_print(buf_str(&out));
    buf_release(&out);
    return written ? EXIT_OK : EXIT_UNREACHABLE;
}
