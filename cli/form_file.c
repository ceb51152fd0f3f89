#include "cli/form_file.h"

#include <dirent.h>
#include <string.h>

/* ---- options */

static enum exit_code add_given(struct command *command, struct form_given *given, const char *word)
{
    const char *equals = strchr(word, '=');
    if (!equals || equals == word || !equals[1])
        return command_fail(command, EXIT_USAGE, "--translation: \"%s\" is not LANG=FILE.lang", word);
    if (given->count == limit(LANGUAGES))
        return command_fail(command, EXIT_USAGE, "--translation: at most %d languages",
                            limit(LANGUAGES));
    given->languages[given->count] = (struct str){word, (size_t)(equals - word)};
    given->paths[given->count++] = equals + 1;
    return EXIT_OK;
}

enum exit_code form_given_take(struct command *command, struct form_given *ret_given)
{
    static const char option[] = "--translation";
    int kept = 0;
    enum exit_code code = EXIT_OK;
    ret_given->count = 0;
    for (int i = 0; i < command->argc; i++) {
        char *word = command->argv[i];
        bool alone = strcmp(word, option) == 0 && i + 1 < command->argc;
        bool joined = strncmp(word, "--translation=", sizeof option) == 0;
        if (strcmp(word, "--") == 0) { /* all that follow are arguments */
            for (; i < command->argc; i++) command->argv[kept++] = command->argv[i];
        } else if (!alone && !joined) {
            command->argv[kept++] = word;
        } else if (!code) {
            code = add_given(command, ret_given, alone ? command->argv[i + 1] : word + sizeof option);
        }
        i += alone;
    }
    command->argc = kept;
    return code;
}

/* ---- what stands beside a form */

static bool has_language(const struct form_file *form, struct str language)
{
    for (uint32_t i = 0; i < form->count; i++)
        if (str_eq(form->entries[i].language, language)) return true;
    return false;
}

/* "visit.de.lang" beside "visit.form" is "de". Empty: it is no translation of the form. */
static struct str language_in(struct str file, struct str stem)
{
    static const struct str end = {".lang", 5};
    if (file.len <= stem.len + end.len + 1 || !str_starts(file, stem)) return STR("");
    struct str rest = {file.ptr + stem.len, file.len - stem.len};
    struct str language = {rest.ptr + 1, rest.len - end.len - 1};
    if (rest.ptr[0] != '.' || memchr(language.ptr, '.', language.len)) return STR("");
    struct str tail = {rest.ptr + rest.len - end.len, end.len};
    return str_eq(tail, end) ? language : STR("");
}

static int compare(struct str a, struct str b)
{
    int order = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* In the order of languages, whoever named them: what is published does not depend on that. */
static void insert(struct form_file *form, struct str language, const char *path)
{
    uint32_t at = form->count++;
    for (; at > 0 && compare(form->entries[at - 1].language, language) > 0; at--) {
        form->entries[at] = form->entries[at - 1];
        form->paths[at] = form->paths[at - 1];
    }
    form->entries[at] = (struct dsl_entries){.language = language};
    form->paths[at] = path;
}

/* The languages of the files in the folder. */
static void find_beside(struct arena *arena, const char *folder, struct str stem,
                        struct form_file *form)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        struct str language = language_in(str_of(entry->d_name), stem);
        if (language.len == 0 || has_language(form, language)) continue;
        language = arena_str(arena, language);
        if (!language.ptr || form->count == limit(LANGUAGES)) continue;
        insert(form, language, NULL);
    }
    if (dir) closedir(dir);
}

static enum exit_code name_beside(struct command *command, struct str before, struct form_file *form)
{
    for (uint32_t i = 0; i < form->count; i++) {
        if (form->paths[i]) continue;
        form->paths[i] = arena_printf(&command->arena, "%.*s.%.*s.lang", STR_ARG(before),
                                      STR_ARG(form->entries[i].language))
                             .ptr;
        if (!form->paths[i]) return command_status(command, ST_NOMEM, form->path);
    }
    return EXIT_OK;
}

static enum exit_code look_beside(struct command *command, struct form_file *form)
{
    static const struct str end = {".form", 5};
    struct str path = str_of(form->path);
    if (path.len <= end.len || strcmp(path.ptr + path.len - end.len, end.ptr) != 0) return EXIT_OK;
    struct str before = {path.ptr, path.len - end.len};
    const char *slash = strrchr(form->path, '/');
    size_t folder_len = slash ? (size_t)(slash - form->path) + 1 : 0;
    struct str folder = arena_printf(&command->arena, "%.*s.", (int)folder_len, form->path);
    struct str stem = {before.ptr + folder_len, before.len - folder_len};
    if (!folder.ptr) return command_status(command, ST_NOMEM, form->path);
    find_beside(&command->arena, folder.ptr, stem, form);
    return name_beside(command, before, form);
}

/* ---- as one */

static enum exit_code read_entries(struct command *command, struct form_file *form)
{
    enum exit_code code = EXIT_OK;
    for (uint32_t i = 0; !code && i < form->count; i++)
        code = command_read(command, form->paths[i], limit(SOURCE_BYTES), &form->entries[i].text);
    return code;
}

static enum exit_code complain_brace(const struct command *command, const struct form_file *form)
{
    uint32_t bad = 0;
    while (bad + 1 < form->count && form->entries[bad].brace == UINT32_MAX) bad++;
    const struct dsl_entries *file = &form->entries[bad];
    struct line_column at = line_column_of(file->text, file->brace);
    return command_fail(command, EXIT_FINDINGS,
                        "%s:%u:%u: a translation file holds entries only, as they stand between the "
                        "braces of translate %.*s { … }",
                        form->paths[bad], at.line, at.column, STR_ARG(file->language));
}

static enum exit_code merge(struct command *command, struct form_file *form)
{
    for (uint32_t i = 0; i < form->count; i++) form->entries[i].brace = UINT32_MAX;
    enum status st =
        dsl_merge(&command->arena, form->written, form->entries, form->count, &form->source);
    if (st == ST_INPUT) return complain_brace(command, form);
    return st ? command_status(command, st, form->path) : EXIT_OK;
}

enum exit_code form_file_read(struct command *command, const char *path, const struct form_given *given,
                              struct form_file *ret_form)
{
    *ret_form = (struct form_file){.path = path};
    for (uint32_t i = 0; given && i < given->count; i++)
        insert(ret_form, given->languages[i], given->paths[i]);
    enum exit_code code = command_read(command, path, limit(SOURCE_BYTES), &ret_form->written);
    if (!code) code = look_beside(command, ret_form);
    if (!code) code = read_entries(command, ret_form);
    return code ? code : merge(command, ret_form);
}

/* ---- what was found */

/* Which file a place of the whole is in. The block around entries belongs to them. */
static uint32_t file_of(const struct form_file *form, uint32_t offset)
{
    static const size_t opening = sizeof "\ntranslate  {\n" - 1, closing = sizeof "\n}\n" - 1;
    for (uint32_t i = 0; i < form->count; i++) {
        const struct dsl_entries *file = &form->entries[i];
        size_t begin = file->at - opening - file->language.len;
        if (offset >= begin && offset < file->at + file->text.len + closing) return i + 1;
    }
    return 0;
}

/* The place in that file; what lies in the block around is told at its beginning or end. */
static struct span span_in(const struct form_file *form, uint32_t index, struct span span)
{
    if (index == 0 && (form->count == 0 || span.offset < form->entries[0].at)) return span;
    if (index == 0) {
        size_t added = form->source.len - form->written.len;
        return (struct span){span.offset - (uint32_t)added, span.len};
    }
    const struct dsl_entries *file = &form->entries[index - 1];
    if (span.offset < file->at) return (struct span){0, 0};
    uint32_t offset = span.offset - file->at, len = (uint32_t)file->text.len;
    if (offset > len) return (struct span){len, 0};
    return (struct span){offset, span.len > len - offset ? len - offset : span.len};
}

bool form_file_share(const struct form_file *form, const struct diags *diags, uint32_t index,
                     struct form_share *ret_share)
{
    struct form_share share = {index ? form->paths[index - 1] : form->path,
                               index ? form->entries[index - 1].text : form->written, *diags};
    struct diags_more more = diags_more(diags);
    share.diags.items = ARENA_ARRAY(diags->arena, struct diag, diags->count + 1);
    if (!share.diags.items) return false;
    share.diags.count = 0;
    share.diags.errors = index ? 0 : more.errors;
    share.diags.warnings = index ? 0 : more.warnings;
    for (uint32_t i = 0; i < diags->count; i++) {
        struct diag diag = diags->items[i];
        if (file_of(form, diag.span.offset) != index) continue;
        diag.span = span_in(form, index, diag.span);
        if (diag.related.len && file_of(form, diag.related.offset) != index) diag.related.len = 0;
        if (diag.related.len) diag.related = span_in(form, index, diag.related);
        if (diag.severity == DIAG_ERROR) share.diags.errors++;
        else share.diags.warnings++;
        share.diags.items[share.diags.count++] = diag;
    }
    *ret_share = share;
    return true;
}

void form_file_put(const struct form_file *form, const struct diags *diags, struct buf *out)
{
    struct form_share share;
    for (uint32_t i = 0; i <= form->count; i++)
        if (form_file_share(form, diags, i, &share))
            diags_print(&share.diags, str_of(share.path), share.source, out);
}

void form_file_diagnostics(const struct form_file *form, const struct diags *diags)
{
    struct buf out;
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
    form_file_put(form, diags, &out);
    if (out.len) fwrite(out.ptr, 1, out.len, stderr);
    buf_release(&out);
}
