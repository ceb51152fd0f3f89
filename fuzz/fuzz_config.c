/* Any bytes as a configuration file. What is accepted is what a reader that goes through the lines one
 * by one accepts, to the same values, each with the line it stands on; what is refused keeps nothing of
 * the line that was wrong. And each piece of it as the value of each setting, as the environment and
 * the flags give them. */
#define _GNU_SOURCE
#include "base/limits.h"
#include "base/utf8.h"
#include "cli/setting.h"
#include "fuzz/holds.h"

#include <inttypes.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- the plain reader */

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

static bool is_line_over(const char *at)
{
    at = skip_blanks(at);
    return *at == '\0' || *at == '#';
}

static bool is_word_of(const char *words, const char *text)
{
    char padded[400], wanted[400];
    if (strlen(text) > 300 || strchr(text, ' ') || !*text) return false;
    snprintf(padded, sizeof padded, " %s ", words);
    snprintf(wanted, sizeof wanted, " %s ", text);
    return strstr(padded, wanted) != NULL;
}

/* A minus or none, then digits; at most 18 of those that count. */
static bool read_plain_number(const char *text, int64_t *ret_number)
{
    bool negative = *text == '-';
    text += negative;
    size_t digits = strspn(text, "0123456789"), zeros = strspn(text, "0");
    if (digits == 0 || text[digits]) return false;
    if (digits - (zeros < digits ? zeros : digits) > 18) return false;
    *ret_number = strtoll(text, NULL, 10) * (negative ? -1 : 1);
    return true;
}

static bool is_value(const struct setting_spec *spec, const char *text, struct setting_value *value)
{
    value->text = text;
    switch (spec->kind) {
    case SETTING_IS_TEXT:
        return *text && utf8_valid(str_of(text));
    case SETTING_IS_WORD:
        return is_word_of(spec->words, text);
    case SETTING_IS_SWITCH:
        value->number = strcmp(text, "true") == 0;
        return value->number || strcmp(text, "false") == 0;
    case SETTING_IS_NUMBER:
        return read_plain_number(text, &value->number) && value->number >= spec->least &&
               value->number <= spec->most;
    }
    return false;
}

/* The text between quotes at `at`, unescaped in place; NULL when it does not end or holds what it must
 * not. *ret_rest: behind the closing quote. */
static char *unquote(char *at, const char **ret_rest)
{
    char *out = at, *text = at;
    for (at++; *at != '"'; at++) {
        if ((unsigned char)*at < 0x20) return NULL; /* the end of the line too */
        if (*at == '\\' && *++at != '"' && *at != '\\') return NULL;
        *out++ = *at;
    }
    *ret_rest = at + 1;
    *out = '\0';
    return text;
}

static bool read_value_of(char *at, const struct setting_spec *spec, struct setting_value *value)
{
    bool quoted = spec->kind == SETTING_IS_TEXT || spec->kind == SETTING_IS_WORD;
    const char *rest;
    if (quoted != (*at == '"')) return false;
    if (quoted) {
        const char *text = unquote(at, &rest);
        return text && is_line_over(rest) && is_value(spec, text, value);
    }
    size_t len = strcspn(at, " \t#");
    if (!is_line_over(at + len)) return false;
    at[len] = '\0';
    return is_value(spec, at, value);
}

static bool read_line(char *line, struct setting_value values[SETTING_COUNT])
{
    size_t len = strlen(line);
    while (len > 0 && strchr(" \t\r", line[len - 1])) line[--len] = '\0';
    line += strspn(line, " \t");
    if (is_line_over(line)) return true;
    char *equals = strchr(line, '=');
    if (*line == '[' || !equals) return false;
    char *name_end = equals;
    while (name_end > line && strchr(" \t", name_end[-1])) name_end--;
    struct str name = {line, (size_t)(name_end - line)};
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        struct setting_value value = {.number = setting_specs[i].number, .origin = ORIGIN_FILE};
        if (!str_eq(name, str_of(setting_specs[i].name))) continue;
        if (values[i].origin == ORIGIN_FILE) return false;
        char *at = equals + 1 + strspn(equals + 1, " \t");
        if (!read_value_of(at, &setting_specs[i], &value)) return false;
        values[i] = value;
        return true;
    }
    return false;
}

/* `text` ends in 0 and is cut to pieces. */
static bool read_plain(char *text, struct setting_value values[SETTING_COUNT],
                       unsigned lines[SETTING_COUNT])
{
    bool good = true;
    unsigned line = 0;
    for (char *at = text, *end; at; at = end) {
        bool before[SETTING_COUNT];
        line++;
        end = strchr(at, '\n');
        if (end) *end++ = '\0';
        for (size_t i = 0; i < SETTING_COUNT; i++) before[i] = values[i].origin == ORIGIN_FILE;
        good = read_line(at, values) && good;
        for (size_t i = 0; i < SETTING_COUNT; i++)
            if (values[i].origin == ORIGIN_FILE && !before[i]) lines[i] = line;
    }
    return good;
}

/* ---- ours */

static FILE *nowhere;

/* Complaints go nowhere while it runs. */
static enum exit_code read_file(struct command *command, struct settings *settings, int file)
{
    char path[64];
    FILE *before = stderr;
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    stderr = nowhere;
    settings_init(settings);
    enum exit_code code = settings_read_file(command, settings, path);
    stderr = before;
    return code;
}

static void values_are_alike(size_t i, const struct setting_value *ours,
                             const struct setting_value *want, unsigned line)
{
    char from[32];
    bool texts = setting_specs[i].kind == SETTING_IS_TEXT || setting_specs[i].kind == SETTING_IS_WORD;
    HOLDS(ours->origin == want->origin);
    HOLDS(texts ? strcmp(ours->text, want->text) == 0 : ours->number == want->number);
    if (ours->origin != ORIGIN_FILE) return;
    int len = snprintf(from, sizeof from, ":%u", line);
    size_t from_len = strlen(ours->from);
    HOLDS(from_len > (size_t)len && strcmp(ours->from + from_len - len, from) == 0);
}

static void file_holds(struct command *command, int file, const uint8_t *data, size_t size)
{
    struct settings ours, plain;
    unsigned lines[SETTING_COUNT] = {0};
    char *copy = malloc(size + 1);
    HOLDS(copy);
    if (size) memcpy(copy, data, size);
    copy[size] = '\0';
    enum exit_code code = read_file(command, &ours, file);
    HOLDS(code == EXIT_OK || code == EXIT_USAGE);
    settings_init(&plain);
    bool text =
        size <= limit(CONFIG_BYTES) && utf8_valid((struct str){copy, size}) && strlen(copy) == size;
    bool good = text && read_plain(copy, plain.values, lines);
    HOLDS((code == EXIT_OK) == good);
    for (size_t i = 0; text && i < SETTING_COUNT; i++)
        values_are_alike(i, &ours.values[i], &plain.values[i], lines[i]);
    free(copy);
}

static void values_hold(const struct command *command, char *text)
{
    FILE *before = stderr;
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        struct settings settings;
        struct setting_value want = {.number = setting_specs[i].number};
        settings_init(&settings);
        stderr = nowhere;
        enum exit_code code =
            settings_put(command, &settings, (enum setting)i, text, ORIGIN_FLAG, "--x");
        stderr = before;
        HOLDS((code == EXIT_OK) == is_value(&setting_specs[i], text, &want));
        HOLDS((settings.values[i].origin == ORIGIN_FLAG) == (code == EXIT_OK));
        if (!code)
            HOLDS(settings.values[i].number == want.number ||
                  setting_specs[i].kind == SETTING_IS_TEXT || setting_specs[i].kind == SETTING_IS_WORD);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct command command = {.verb = "serve"};
    char text[200] = "";
    if (!nowhere) nowhere = fopen("/dev/null", "w");
    HOLDS(nowhere);
    int file = memfd_create("config", 0);
    HOLDS(file >= 0 && write(file, data, size) == (ssize_t)size);
    arena_init(&command.arena, mem_heap(), 64 << 20);
    file_holds(&command, file, data, size);
    if (size) memcpy(text, data, size < sizeof text - 1 ? size : sizeof text - 1);
    values_hold(&command, text);
    arena_release(&command.arena);
    close(file);
    return 0;
}
