#include "cli/command.h"

#include "base/limits.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

enum exit_code command_fail(const struct command *command, enum exit_code code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "formwright %s: ", command->verb);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return code;
}

enum exit_code command_usage(const struct command *command)
{
    fprintf(stderr, "usage: formwright %s\ntry: formwright %s --help\n", command->usage, command->verb);
    return EXIT_USAGE;
}

enum { HEAD_BYTES = 64 };

static int write_head(const struct option_spec *option, char head[HEAD_BYTES])
{
    return snprintf(head, HEAD_BYTES, "--%s%s", option->name, option->value ? " VALUE" : "");
}

static void print_help(const struct command *command, const struct option_spec *options,
                       size_t option_count)
{
    int width = 22;
    printf("formwright %s — %s\n\nusage: formwright %s\n", command->verb, command->summary,
           command->usage);
    if (option_count) printf("\noptions:\n");
    char head[HEAD_BYTES];
    for (size_t i = 0; i < option_count; i++) {
        int len = write_head(&options[i], head);
        if (len > width) width = len;
    }
    for (size_t i = 0; i < option_count; i++) {
        write_head(&options[i], head);
        printf("  %-*s %s\n", width, head, options[i].help);
    }
    printf("\nexit codes: 0 ok, 1 findings, 2 usage, 3 refused or in conflict, 4 unreachable\n");
}

static const struct option_spec *find_option(const struct option_spec *options, size_t count,
                                             struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(str_of(options[i].name), name)) return &options[i];
    return NULL;
}

static void suggest_option(const struct command *command, const struct option_spec *options,
                           size_t count, struct str name)
{
    enum { NAMES_MAX = 64 };
    struct str names[NAMES_MAX];
    size_t known = 0;
    for (; known < count && known < NAMES_MAX; known++) names[known] = str_of(options[known].name);
    struct str near = nearest_word(name, names, known);
    command_fail(command, EXIT_USAGE, "there is no option --%.*s%s%.*s%s", STR_ARG(name),
                 near.len ? "; did you mean --" : "", (int)near.len, near.len ? near.ptr : "",
                 near.len ? "?" : "");
}

/* Takes the option at argv[*at]; moves *at on to its value when that is a word of its own. */
static enum exit_code take_option(struct command *command, const struct option_spec *options,
                                  size_t count, int *at)
{
    const char *word = command->argv[*at] + 2;
    const char *equals = strchr(word, '=');
    struct str name = {word, equals ? (size_t)(equals - word) : strlen(word)};
    const struct option_spec *option = find_option(options, count, name);
    if (!option) {
        suggest_option(command, options, count, name);
        return EXIT_USAGE;
    }
    if (option->given) *option->given = true;
    if (!option->value) {
        if (equals) return command_fail(command, EXIT_USAGE, "--%s takes no value", option->name);
        return EXIT_OK;
    }
    if (!equals && *at + 1 == command->argc)
        return command_fail(command, EXIT_USAGE, "--%s needs a value", option->name);
    *option->value = equals ? equals + 1 : command->argv[++*at];
    return EXIT_OK;
}

enum exit_code command_options(struct command *command, const struct option_spec *options,
                               size_t option_count, const char **arguments, int arguments_max,
                               int *ret_count, bool *ret_done)
{
    int count = 0;
    bool only_arguments = false;
    *ret_done = false;
    for (int i = 0; i < command->argc; i++) {
        const char *word = command->argv[i];
        if (!only_arguments && strcmp(word, "--") == 0) {
            only_arguments = true;
        } else if (!only_arguments && strcmp(word, "--help") == 0) {
            print_help(command, options, option_count);
            *ret_done = true;
            return EXIT_OK;
        } else if (!only_arguments && word[0] == '-' && word[1] == '-') {
            enum exit_code code = take_option(command, options, option_count, &i);
            if (code) return code;
        } else if (count == arguments_max) {
            return command_usage(command);
        } else {
            arguments[count++] = word;
        }
    }
    *ret_count = count;
    return EXIT_OK;
}

enum exit_code command_why(const struct command *command, const char *why, bool needed)
{
    if (needed && (!why || why[strspn(why, " ")] == '\0'))
        return command_fail(command, EXIT_USAGE, "--why is needed: the reason, for the audit log");
    bool one_line = !why || utf8_valid(str_of(why));
    for (const char *at = why; at && *at && one_line; at++)
        one_line = (unsigned char)*at >= 0x20 && *at != 0x7f;
    return one_line ? EXIT_OK : command_fail(command, EXIT_USAGE, "--why: one line of UTF-8 text");
}

enum exit_code command_name(const struct command *command, const char *name)
{
    static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    if (*name && name[strspn(name, good)] == '\0') return EXIT_OK;
    return command_fail(command, EXIT_USAGE, "\"%s\" cannot be a name: only letters, digits, _ and -",
                        name);
}

static enum exit_code read_stream(struct command *command, FILE *file, const char *path,
                                  size_t bytes_max, struct str *ret_text)
{
    size_t size = 4096, len = 0;
    char *text = arena_alloc(&command->arena, size);
    while (text) {
        len += fread(text + len, 1, size - len, file);
        if (len < size) break;
        if (len > bytes_max)
            return command_fail(command, EXIT_FINDINGS, "%s: longer than %zu bytes", path, bytes_max);
        text = arena_grow(&command->arena, text, size, size * 2, 1);
        size *= 2;
    }
    if (!text) return command_status(command, ST_NOMEM, path);
    if (ferror(file)) return command_fail(command, EXIT_UNREACHABLE, "%s: cannot be read", path);
    if (len > bytes_max)
        return command_fail(command, EXIT_FINDINGS, "%s: longer than %zu bytes", path, bytes_max);
    *ret_text = (struct str){text, len};
    return EXIT_OK;
}

enum exit_code command_read(struct command *command, const char *path, size_t bytes_max,
                            struct str *ret_text)
{
    if (strcmp(path, "-") == 0)
        return read_stream(command, stdin, "standard input", bytes_max, ret_text);
    FILE *file = fopen(path, "rb");
    if (!file) return command_fail(command, EXIT_UNREACHABLE, "%s: %s", path, strerror(errno));
    enum exit_code code = read_stream(command, file, path, bytes_max, ret_text);
    fclose(file);
    return code;
}

enum exit_code command_status(const struct command *command, enum status st, const char *what)
{
    command_fail(command, EXIT_OK, "%s: %s", what, status_text(st));
    switch (st) {
    case ST_OK:
        return EXIT_OK;
    case ST_NOMEM:
    case ST_IO:
        return EXIT_UNREACHABLE;
    case ST_INPUT:
        return EXIT_FINDINGS;
    default:
        return EXIT_REFUSED;
    }
}

bool command_print(struct str text)
{
    return fwrite(text.ptr, 1, text.len, stdout) == text.len && fflush(stdout) == 0;
}

void command_diagnostics(const struct diags *diags, const char *path, struct str source)
{
    struct buf out;
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
    diags_print(diags, str_of(path), source, &out);
    if (out.len) fwrite(out.ptr, 1, out.len, stderr);
    buf_release(&out);
}
