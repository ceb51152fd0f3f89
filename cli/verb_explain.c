/* formwright explain: what a diagnostic means, with an example that the compiler complains about before
 * your eyes. docs/diagnostics.md is this verb's output, held so by a test. */
#include "cli/command.h"

#include "base/json_writer.h"
#include "base/limits.h"
#include "dsl/dsl.h"

#include <string.h>

enum { LINE_CHARS = 100 };

static size_t word_len(const char *text)
{
    return strcspn(text, " ");
}

/* In lines of at most LINE_CHARS bytes, or one word. */
static void put_wrapped(struct buf *out, const char *text)
{
    size_t column = 0;
    for (size_t len; *text; text += len + strspn(text + len, " ")) {
        len = word_len(text);
        bool fits = column == 0 || column + 1 + len <= LINE_CHARS;
        if (column) buf_putc(out, fits ? ' ' : '\n');
        column = (fits && column ? column + 1 : 0) + len;
        buf_put(out, (struct str){text, len});
    }
    buf_putc(out, '\n');
}

static void put_indented(struct buf *out, const char *text)
{
    for (size_t len; *text; text += len + (text[len] == '\n')) {
        len = strcspn(text, "\n");
        buf_puts(out, "    ");
        buf_put(out, (struct str){text, len});
        buf_putc(out, '\n');
    }
}

static bool has_marks(const struct dsl_specimen *specimen)
{
    return strstr(specimen->wrong, "⟨") || strstr(specimen->right, "⟨");
}

/* What the compiler says of the wrong specimen, at this moment. */
static enum status put_diagnostics(struct command *command, const struct dsl_specimen *specimen,
                                   struct buf *out)
{
    struct diags diags;
    struct buf source;
    diags_init(&diags, &command->arena, limit(DIAGNOSTICS));
    buf_init(&source, mem_heap(), limit(COMPILE_ARENA_BYTES));
    dsl_specimen_put(specimen, specimen->wrong, &source);
    enum status st = source.failure;
    if (!st) st = dsl_specimen_try(mem_heap(), specimen, buf_str(&source), &diags);
    if (!st || st == ST_INPUT) diags_print(&diags, STR("example.form"), buf_str(&source), out);
    buf_release(&source);
    return st == ST_INPUT ? ST_OK : st;
}

static enum status put_code(struct command *command, const struct dsl_code *code, struct buf *out)
{
    const struct dsl_specimen *specimen = dsl_specimen_find(str_of(code->code));
    buf_printf(out, "%s[%s]: %s\n\n", code->severity == DIAG_ERROR ? "error" : "warning", code->code,
               code->title);
    put_wrapped(out, code->explanation);
    if (!specimen) return ST_OK;
    buf_puts(out, "\nThis is wrong:\n\n");
    put_indented(out, specimen->wrong);
    buf_putc(out, '\n');
    enum status st = put_diagnostics(command, specimen, out);
    buf_puts(out, "\nThis is right:\n\n");
    put_indented(out, specimen->right);
    if (has_marks(specimen))
        buf_puts(out,
                 "\n⟨65×text⟩ is the text 65 times, # in it counts up from 1; ⟨0xDF⟩ is that byte.\n");
    return st;
}

static void put_list(const struct dsl_code *codes, size_t count, struct buf *out)
{
    for (size_t i = 0; i < count; i++) buf_printf(out, "%s  %s\n", codes[i].code, codes[i].title);
}

static void put_markdown(const struct dsl_code *codes, size_t count, struct buf *out)
{
    for (size_t i = 0; i < count; i++) {
        const struct dsl_specimen *specimen = dsl_specimen_find(str_of(codes[i].code));
        buf_printf(out, "## %s: %s\n\n%s\n", codes[i].code, codes[i].title, codes[i].explanation);
        if (specimen)
            buf_printf(out, "\nWrong:\n\n```\n%s```\n\nRight:\n\n```\n%s```\n", specimen->wrong,
                       specimen->right);
        if (i + 1 < count) buf_putc(out, '\n');
    }
}

static void put_json(const struct dsl_code *codes, size_t count, struct buf *out)
{
    struct json_writer json;
    json_writer_init(&json, out);
    json_array(&json);
    for (size_t i = 0; i < count; i++) {
        const struct dsl_specimen *specimen = dsl_specimen_find(str_of(codes[i].code));
        json_object(&json);
        json_key_str(&json, STR("code"), str_of(codes[i].code));
        json_key_str(&json, STR("severity"),
                     codes[i].severity == DIAG_ERROR ? STR("error") : STR("warning"));
        json_key_str(&json, STR("title"), str_of(codes[i].title));
        json_key_str(&json, STR("explanation"), str_of(codes[i].explanation));
        if (specimen) json_key_str(&json, STR("wrong"), str_of(specimen->wrong));
        if (specimen) json_key_str(&json, STR("right"), str_of(specimen->right));
        json_object_end(&json);
    }
    json_array_end(&json);
    buf_putc(out, '\n');
}

/* "e0123" is E0123. */
static enum exit_code find_code(struct command *command, const char *word,
                                const struct dsl_code **ret_code)
{
    size_t count;
    const struct dsl_code *codes = dsl_codes(&count);
    struct str *names = ARENA_ARRAY(&command->arena, struct str, count);
    if (!names) return command_status(command, ST_NOMEM, word);
    for (size_t i = 0; i < count; i++) names[i] = str_of(codes[i].code);
    struct str near = nearest_word(str_of(word), names, count);
    for (size_t i = 0; i < count && near.len == strlen(word); i++)
        if (near.ptr == codes[i].code && strcmp(word + 1, codes[i].code + 1) == 0 &&
            (word[0] | 0x20) == (codes[i].code[0] | 0x20)) {
            *ret_code = &codes[i];
            return EXIT_OK;
        }
    return command_fail(command, EXIT_USAGE, "there is no diagnostic %s%s%.*s%s", word,
                        near.len ? "; did you mean " : "", STR_ARG(near), near.len ? "?" : "");
}

static enum exit_code print(struct command *command, const struct dsl_code *codes, size_t count,
                            bool one, bool json, bool markdown)
{
    struct buf out;
    enum status st = ST_OK;
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
    if (json) put_json(codes, count, &out);
    else if (markdown) put_markdown(codes, count, &out);
    else if (one) st = put_code(command, codes, &out);
    else put_list(codes, count, &out);
    if (!st) st = out.failure;
    enum exit_code code = EXIT_OK;
    if (st) code = command_status(command, st, "the explanation");
    else if (!command_print(buf_str(&out))) code = EXIT_UNREACHABLE;
    buf_release(&out);
    return code;
}

enum exit_code verb_explain(struct command *command)
{
    bool json = false, markdown = false, done;
    const char *word;
    int given;
    size_t count;
    const struct option_spec options[] = {
        {"json", NULL, &json, "print a JSON array, of all codes when none is given"},
        {"markdown", NULL, &markdown, "print a page, of all codes when none is given"}};
    enum exit_code code = command_options(command, options, 2, &word, 1, &given, &done);
    if (code || done) return code;
    if (json && markdown) return command_usage(command);
    const struct dsl_code *codes = dsl_codes(&count);
    if (given) code = find_code(command, word, &codes);
    if (code) return code;
    return print(command, codes, given ? 1 : count, given == 1, json, markdown);
}
