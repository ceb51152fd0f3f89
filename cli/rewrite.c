#include "cli/rewrite.h"

#include "base/limits.h"
#include "dsl/dsl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FILES_MAX = 1000 };

struct rewriting {
    enum status (*change)(struct arena *arena, struct str source, struct diags *diags,
                          struct str *ret_text);
    bool check, to_stdout;
};

static enum exit_code replace(struct command *command, const char *path, struct str text)
{
    struct str beside = arena_printf(&command->arena, "%s.new~", path);
    if (!beside.ptr) return command_status(command, ST_NOMEM, path);
    FILE *file = fopen(beside.ptr, "wb");
    if (!file) return command_fail(command, EXIT_UNREACHABLE, "%s: %s", beside.ptr, strerror(errno));
    bool written = fwrite(text.ptr, 1, text.len, file) == text.len;
    written = fclose(file) == 0 && written;
    if (written && rename(beside.ptr, path) == 0) return EXIT_OK;
    int why = errno;
    remove(beside.ptr);
    return command_fail(command, EXIT_UNREACHABLE, "%s: cannot be written: %s", path, strerror(why));
}

/* Entries of a translation in a file of their own. */
static bool is_translation(const char *path)
{
    size_t len = strlen(path);
    return len > 5 && strcmp(path + len - 5, ".lang") == 0;
}

static enum exit_code rewrite_file(struct command *command, const char *path,
                                   const struct rewriting *how)
{
    struct str source, text;
    enum exit_code code = command_read(command, path, limit(SOURCE_BYTES), &source);
    if (code) return code;
    struct diags diags;
    diags_init(&diags, &command->arena, limit(DIAGNOSTICS));
    bool entries = how->change == dsl_format && is_translation(path);
    enum status st = entries ? dsl_format_entries(&command->arena, source, &diags, &text)
                             : how->change(&command->arena, source, &diags, &text);
    if (st == ST_INPUT) {
        command_diagnostics(&diags, path, source);
        return EXIT_FINDINGS;
    }
    if (st) return command_status(command, st, path);
    if (how->to_stdout || strcmp(path, "-") == 0)
        return command_print(text) ? EXIT_OK : EXIT_UNREACHABLE;
    if (str_eq(source, text)) return EXIT_OK;
    printf("%s\n", path);
    return how->check ? EXIT_FINDINGS : replace(command, path, text);
}

enum exit_code rewrite_files(struct command *command,
                             enum status (*change)(struct arena *arena, struct str source,
                                                   struct diags *diags, struct str *ret_text))
{
    struct rewriting how = {.change = change};
    bool done;
    const struct option_spec options[] = {
        {"check", NULL, &how.check, "change nothing; name the files that would change and exit 1"},
        {"stdout", NULL, &how.to_stdout, "print the result instead of replacing the file"},
    };
    const char **paths = ARENA_ARRAY(&command->arena, const char *, FILES_MAX);
    if (!paths) return command_status(command, ST_NOMEM, "the file names");
    int count;
    enum exit_code worst = command_options(command, options, 2, paths, FILES_MAX, &count, &done);
    if (worst || done) return worst;
    if (count == 0) return command_usage(command);
    for (int i = 0; i < count; i++) {
        enum exit_code code = rewrite_file(command, paths[i], &how);
        if (code > worst) worst = code;
    }
    return worst;
}
