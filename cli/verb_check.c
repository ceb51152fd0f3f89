/* formwright check: compiles a definition and tells what is wrong with it, or what it costs at worst.
 */
#include "cli/command.h"

#include "base/json_writer.h"
#include "base/limits.h"
#include "base/word.h"
#include "cli/findings.h"
#include "cli/table_files.h"
#include "dsl/dsl.h"

#include <inttypes.h>
#include <string.h>

enum check_format { CHECK_TEXT, CHECK_JSON, CHECK_SARIF, CHECK_GITHUB };

/* What was found out about one file. */
struct finding_out {
    const char *path;
    struct form_file form;
    struct diags diags;
    struct price price;
    struct program *program; /* NULL: it is not valid */
};

/* The diagnostics of each translation that has a file of its own: [{"file", "diagnostics": […]}] */
static void put_translations(const struct finding_out *found, struct buf *out)
{
    struct form_share share;
    for (uint32_t i = 1; i <= found->form.count; i++) {
        if (!form_file_share(&found->form, &found->diags, i, &share)) out->failure = ST_NOMEM;
        if (buf_failed(out)) return;
        buf_puts(out, i == 1 ? ",\"translations\":[{\"file\":" : ",{\"file\":");
        json_put_lossy(out, str_of(share.path));
        buf_puts(out, ",\"diagnostics\":");
        diags_print_json(&share.diags, share.source, out);
        buf_putc(out, '}');
    }
    if (found->form.count) buf_putc(out, ']');
}

/* One JSON object: {"valid", "diagnostics": […], "translations": […] when there are any, "more":
 * {"errors", "warnings"} when not all were kept, "form": {…} when valid, "cost": {…} when known}. */
static void put_json(const struct finding_out *found, struct buf *out)
{
    buf_printf(out, "{\"valid\":%s,\"diagnostics\":", found->program ? "true" : "false");
    struct form_share share;
    if (form_file_share(&found->form, &found->diags, 0, &share))
        diags_print_json(&share.diags, share.source, out);
    else out->failure = ST_NOMEM;
    put_translations(found, out);
    struct diags_more more = diags_more(&found->diags);
    if (more.errors + more.warnings)
        buf_printf(out, ",\"more\":{\"errors\":%u,\"warnings\":%u}", more.errors, more.warnings);
    if (found->program)
        buf_printf(out, ",\"form\":{\"name\":\"%.*s\",\"hash\":\"%s\"}", STR_ARG(found->program->name),
                   found->program->source_hash);
    if (found->price.known) {
        buf_puts(out, ",\"cost\":");
        price_put_json(&found->price, out);
    }
    buf_puts(out, "}\n");
}

/* For programs, on stdout. */
static enum exit_code print_format(const struct finding_out *found, enum check_format format)
{
    struct buf out;
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
    if (format == CHECK_JSON) put_json(found, &out);
    else if (format == CHECK_SARIF) findings_put_sarif(&found->form, &found->diags, &out);
    else findings_put_github(&found->form, &found->diags, &out);
    bool written = !buf_failed(&out) && command_print(buf_str(&out));
    buf_release(&out);
    if (!written)
        fprintf(stderr, "formwright check: %s: the result could not be written\n", found->path);
    return written ? EXIT_OK : EXIT_UNREACHABLE;
}

/* "  41 %  2050 steps  value of total, 12:3: 1000 rows of items" */
static void print_dear(const struct price *price, const struct price_rule *rule)
{
    struct buf loops;
    buf_init(&loops, mem_heap(), limit(TEXT_BYTES));
    price_put_loops(rule, &loops);
    printf("  %3u %%  %" PRIu64 " steps  %s of %.*s, %" PRIu32 ":%" PRIu32 "%s%.*s\n",
           price_share(price, rule), rule->steps, rule->kind, STR_ARG(rule->path), rule->line,
           rule->column, loops.len ? ": " : "", STR_ARG(buf_str(&loops)));
    buf_release(&loops);
}

static void print_cost(const struct finding_out *found)
{
    const struct program_cost *cost = &found->price.cost;
    if (found->program)
        printf("%s: ok: form %.*s, at worst %" PRIu64 " steps, %" PRIu64 " bytes of memory, %" PRIu64
               " bytes of verdict for one submission\n",
               found->path, STR_ARG(found->program->name), cost->steps_max, cost->memory_bytes_max,
               cost->verdict_bytes_max);
    if (found->price.dearest_count) printf("%s: the dearest rules:\n", found->path);
    for (uint32_t i = 0; i < found->price.dearest_count; i++)
        print_dear(&found->price, &found->price.dearest[i]);
}

/* "5000000" as a cap; NULL leaves it as it is. */
static enum exit_code take_cap(const struct command *command, const char *name, const char *text,
                               uint64_t *cap)
{
    uint64_t value;
    if (!text) return EXIT_OK;
    if (!word_number(str_of(text), INT64_MAX, &value) || value == 0)
        return command_fail(command, EXIT_USAGE, "--%s: \"%s\" is not a number from 1", name, text);
    *cap = value;
    return EXIT_OK;
}

struct check_flags {
    const char *steps, *memory, *verdict, *table, *translation, *deny_what, *format_name;
    enum check_format format;
    bool json, no_lint;
    bool deny; /* warnings are findings */
    struct form_given given;
};

static enum exit_code take_caps(const struct command *command, const struct check_flags *flags,
                                struct price_caps *ret_caps)
{
    *ret_caps = price_caps_default();
    enum exit_code code = take_cap(command, "steps-max", flags->steps, &ret_caps->steps_max);
    if (!code) code = take_cap(command, "memory-bytes-max", flags->memory, &ret_caps->memory_bytes_max);
    if (!code)
        code = take_cap(command, "verdict-bytes-max", flags->verdict, &ret_caps->verdict_bytes_max);
    return code;
}

static enum exit_code take_format(const struct command *command, struct check_flags *flags)
{
    static const char *const names[] = {"text", "json", "sarif", "github"};
    flags->format = flags->json ? CHECK_JSON : CHECK_TEXT;
    if (!flags->format_name) return EXIT_OK;
    for (int i = 0; i <= CHECK_GITHUB; i++) {
        if (strcmp(flags->format_name, names[i]) != 0) continue;
        flags->format = (enum check_format)i;
        return EXIT_OK;
    }
    return command_fail(command, EXIT_USAGE, "--format: \"%s\" is none of text, json, sarif, github",
                        flags->format_name);
}

static enum exit_code take_deny(const struct command *command, struct check_flags *flags)
{
    flags->deny = flags->deny_what != NULL;
    if (!flags->deny || strcmp(flags->deny_what, "warnings") == 0) return EXIT_OK;
    return command_fail(command, EXIT_USAGE, "--deny: \"%s\" is not \"warnings\"", flags->deny_what);
}

static enum exit_code check_file(struct command *command, const char *path,
                                 const struct dsl_tables *tables, const struct price_caps *caps,
                                 const struct check_flags *flags)
{
    struct finding_out found = {.path = path};
    enum exit_code code = form_file_read(command, path, &flags->given, &found.form);
    if (code) return code;
    diags_init(&found.diags, &command->arena, limit(DIAGNOSTICS));
    enum status st = dsl_compile_with(mem_heap(), found.form.source, tables, caps, &found.diags,
                                      &found.price, &found.program);
    if (!st && !flags->no_lint) st = dsl_lint(mem_heap(), found.form.source, tables, &found.diags);
    if (st && st != ST_INPUT) return command_status(command, st, path);
    if (flags->format) code = print_format(&found, flags->format);
    else form_file_diagnostics(&found.form, &found.diags);
    if (!flags->format && found.price.known) print_cost(&found);
    program_release(found.program);
    if (code) return code;
    return st || (flags->deny && found.diags.warnings) ? EXIT_FINDINGS : EXIT_OK;
}

enum exit_code verb_check(struct command *command)
{
    struct check_flags flags = {.json = false};
    struct price_caps caps;
    const char *path;
    int count;
    bool done;
    const struct option_spec options[] = {
        {"json", NULL, &flags.json, "print diagnostics and cost as one JSON object"},
        {"format", &flags.format_name, NULL, "text, json, sarif (SARIF 2.1.0) or github (annotations)"},
        {"steps-max", &flags.steps, NULL, "steps that a judging may take; default: COST_STEPS"},
        {"memory-bytes-max", &flags.memory, NULL,
         "bytes of memory that a judging may take; default: JUDGE_BYTES"},
        {"verdict-bytes-max", &flags.verdict, NULL,
         "bytes that a verdict may have; default: VERDICT_BYTES"},
        {"no-lint", NULL, &flags.no_lint,
         "only what the compiler says, not what was probably not meant"},
        {"deny", &flags.deny_what, NULL, "warnings: exit 1 when there are any"},
        {"table", &flags.table, NULL, TABLE_FILES_HELP},
        {"translation", &flags.translation, NULL, FORM_GIVEN_HELP}};
    struct table_files files;
    enum exit_code code = table_files_take(command, &files);
    if (code) return code;
    code = form_given_take(command, &flags.given);
    if (!code) code = command_options(command, options, 9, &path, 1, &count, &done);
    if (!code && !done && count != 1) code = command_usage(command);
    if (!code && !done) code = take_format(command, &flags);
    if (!code && !done) code = take_deny(command, &flags);
    if (!code && !done) code = take_caps(command, &flags, &caps);
    if (!code && !done) code = check_file(command, path, table_files_given(&files), &caps, &flags);
    table_files_release(&files);
    return code;
}
