#include "cli/config.h"

#include <assert.h>

static const char no_memory[] = "there is not enough memory";

const char *config_kind_name(enum config_kind kind)
{
    static const char *const names[] = {
        [CONFIG_TEXT] = "a text", [CONFIG_NUMBER] = "a number", [CONFIG_SWITCH] = "true or false"};
    return names[kind];
}

static struct str trim(struct str text)
{
    while (text.len && (text.ptr[0] == ' ' || text.ptr[0] == '\t')) text.ptr++, text.len--;
    while (text.len && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t')) text.len--;
    return text;
}

static struct str take_line(struct config *config)
{
    const char *newline = memchr(config->rest.ptr, '\n', config->rest.len);
    size_t len = newline ? (size_t)(newline - config->rest.ptr) : config->rest.len;
    struct str line = {config->rest.ptr, len};
    config->rest.ptr += len + (newline != NULL);
    config->rest.len -= len + (newline != NULL);
    config->line++;
    /* CRLF ends a line as well. */
    while (line.len && strchr(" \t\r", line.ptr[line.len - 1])) line.len--;
    return trim(line);
}

/* A quoted text without its quotes and escapes. *ret_rest: what stands behind it. */
static const char *read_text(struct str value, struct arena *arena, const char **ret_text,
                             struct str *ret_rest)
{
    char *out = arena_alloc(arena, value.len);
    size_t len = 0, at = 1;
    if (!out) return no_memory;
    for (; at < value.len && value.ptr[at] != '"'; at++) {
        if ((unsigned char)value.ptr[at] < 0x20) return "a text cannot hold control characters";
        if (value.ptr[at] == '\\') {
            at++;
            if (at == value.len || !strchr("\"\\", value.ptr[at]))
                return "a backslash stands only before a quote or another backslash";
        }
        out[len++] = value.ptr[at];
    }
    if (at == value.len) return "the text has no closing quote";
    out[len] = '\0'; /* there is room: two quotes are not copied */
    *ret_text = out;
    *ret_rest = (struct str){value.ptr + at + 1, value.len - at - 1};
    return NULL;
}

static bool is_number(struct str word)
{
    size_t at = word.len && word.ptr[0] == '-';
    size_t first = at;
    while (at < word.len && word.ptr[at] >= '0' && word.ptr[at] <= '9') at++;
    return at == word.len && at > first;
}

static const char *read_word(struct str value, struct arena *arena, struct config_entry *entry,
                             struct str *ret_rest)
{
    size_t len = 0;
    while (len < value.len && !strchr(" \t#", value.ptr[len])) len++;
    struct str word = {value.ptr, len};
    if (is_number(word)) entry->kind = CONFIG_NUMBER;
    else if (str_eq(word, STR("true")) || str_eq(word, STR("false"))) entry->kind = CONFIG_SWITCH;
    else return "a value is a text in double quotes, a whole number, true or false";
    entry->text = arena_str(arena, word).ptr;
    *ret_rest = (struct str){value.ptr + len, value.len - len};
    return entry->text ? NULL : no_memory;
}

static const char *read_entry(struct str line, struct arena *arena, struct config_entry *entry)
{
    const char *equals = memchr(line.ptr, '=', line.len);
    if (line.ptr[0] == '[') return "there are no sections: write names in full, such as http.listen";
    if (!equals) return "a line is: name = value";
    entry->name = trim((struct str){line.ptr, (size_t)(equals - line.ptr)});
    struct str value = trim((struct str){equals + 1, line.len - (size_t)(equals + 1 - line.ptr)}), rest;
    if (!entry->name.len) return "there is no name before the =";
    if (!value.len || value.ptr[0] == '#') return "there is no value behind the =";
    entry->kind = CONFIG_TEXT;
    const char *fault = value.ptr[0] == '"' ? read_text(value, arena, &entry->text, &rest)
                                            : read_word(value, arena, entry, &rest);
    if (fault) return fault;
    rest = trim(rest);
    return rest.len && rest.ptr[0] != '#' ? "there is more behind the value" : NULL;
}

bool config_next(struct config *config, struct arena *arena, struct config_entry *ret_entry,
                 const char **ret_fault)
{
    *ret_fault = NULL;
    while (config->rest.len) {
        struct str line = take_line(config);
        if (!line.len || line.ptr[0] == '#') continue;
        *ret_entry = (struct config_entry){.line = config->line};
        *ret_fault = read_entry(line, arena, ret_entry);
        return !*ret_fault;
    }
    return false;
}
