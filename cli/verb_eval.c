/* formwright eval: judges answers against a definition, as the server would, without one. */
#include "cli/command.h"

#include "base/civil.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/zone.h"
#include "cli/form_file.h"
#include "cli/table_files.h"
#include "dsl/dsl.h"
#include "runtime/runtime.h"

#include <inttypes.h>

struct eval_flags {
    const char *now, *locale, *explain;
    bool json, trace;
    struct form_given given;
    struct form_file form;
    struct program_steps steps; /* with `trace` or `explain` */
};

static enum exit_code compile(struct command *command, const char *path,
                              const struct dsl_tables *tables, struct eval_flags *flags,
                              struct program **ret_program)
{
    enum exit_code code = form_file_read(command, path, &flags->given, &flags->form);
    if (code) return code;
    struct diags diags;
    diags_init(&diags, &command->arena, limit(DIAGNOSTICS));
    struct price_caps caps = price_caps_default();
    struct price price;
    enum status st =
        dsl_compile_with(mem_heap(), flags->form.source, tables, &caps, &diags, &price, ret_program);
    if (st) form_file_diagnostics(&flags->form, &diags);
    if (st == ST_INPUT) return EXIT_FINDINGS;
    return st ? command_status(command, st, path) : EXIT_OK;
}

static enum exit_code parse_now(const struct command *command, const char *text, int64_t *ret_ms)
{
    int32_t offset;
    if (!text) {
        *ret_ms = clock_wall_ms(clock_system());
        return EXIT_OK;
    }
    if (civil_parse_datetime(str_of(text), ret_ms, &offset)) return EXIT_OK;
    return command_fail(command, EXIT_USAGE, "--now: \"%s\" is not a time such as 2026-01-15T10:00:00Z",
                        text);
}

/* Why there is no verdict. */
static void tell_outcome(const struct command *command, const struct program *program,
                         const struct judge_outcome *outcome)
{
    static const char *const faults[] = {"no fault", "a number left the exact range",
                                         "a division by zero", "a number that is not finite",
                                         "a date outside the years 1 to 9999"};
    switch (outcome->state) {
    case JUDGE_JUDGED:
        break;
    case JUDGE_MALFORMED:
        command_fail(command, EXIT_FINDINGS, "the answers are malformed at byte %" PRIu32 ": %s",
                     outcome->malformed_offset, outcome->malformed_reason);
        break;
    case JUDGE_OVER_STEPS:
        command_fail(command, EXIT_REFUSED, "the judging ran out of steps");
        break;
    case JUDGE_OVER_MEMORY:
        command_fail(command, EXIT_REFUSED, "the judging ran out of memory");
        break;
    case JUDGE_OVER_TIME:
        command_fail(command, EXIT_REFUSED, "the judging ran out of time");
        break;
    case JUDGE_FAULT:
        if (outcome->fault == FAULT_NONE) {
            command_fail(command, EXIT_REFUSED, "the rules are broken; this is a fault of formwright");
            break;
        }
        command_fail(
            command, EXIT_REFUSED, "the rule at line %" PRIu32 ", column %" PRIu32 " faulted%s%.*s: %s",
            program->rules[outcome->fault_rule].line, program->rules[outcome->fault_rule].column,
            outcome->fault_pointer.len ? " at " : "", STR_ARG(outcome->fault_pointer),
            faults[outcome->fault]);
        break;
    }
}

/* One line an error, as people read it. */
static enum exit_code print_errors(struct command *command, const struct judge *judge)
{
    struct buf out;
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
    verdict_write_errors(judge, &out);
    struct json_value errors = {0};
    struct json_error fault;
    enum status st = buf_failed(&out) ? out.failure
                                      : json_read(&command->arena, buf_str(&out), limit(JSON_DEPTH),
                                                  &errors, &fault);
    for (uint32_t i = 0; !st && i < errors.count; i++) {
        struct str pointer = STR(""), message = STR(""), error_code = STR("");
        if (!json_get_str(&errors.items[i], STR("pointer"), &pointer)) continue;
        if (!json_get_str(&errors.items[i], STR("message"), &message)) continue;
        if (!json_get_str(&errors.items[i], STR("code"), &error_code)) continue;
        printf("%.*s: %.*s [%.*s]\n", STR_ARG(pointer), STR_ARG(message), STR_ARG(error_code));
    }
    buf_release(&out);
    return st ? command_status(command, st, "the errors") : EXIT_OK;
}

static enum exit_code print_verdict(struct command *command, const struct judge *judge,
                                    const struct judge_outcome *outcome, bool json)
{
    if (!json) {
        printf("%s: %" PRIu32 " error%s, %" PRIu64 " steps\n", outcome->valid ? "valid" : "not valid",
               outcome->error_count, outcome->error_count == 1 ? "" : "s", outcome->steps);
        return print_errors(command, judge);
    }
    struct buf out;
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
    verdict_write(judge, 0, &out);
    buf_putc(&out, '\n');
    enum exit_code code = EXIT_OK;
    if (buf_failed(&out)) code = command_status(command, out.failure, "the verdict");
    else if (!command_print(buf_str(&out))) code = EXIT_UNREACHABLE;
    buf_release(&out);
    return code;
}

/* ---- every rule */

/* A trace on its way from JSON to lines for people. */
struct trace_printer {
    struct arena *arena;
    struct str text; /* what the values were read from */
    struct buf *out;
};

static void put_raw(const struct trace_printer *printer, const struct json_value *value)
{
    struct json_reader reader;
    struct str rest = {printer->text.ptr + value->offset, printer->text.len - value->offset};
    json_reader_init(&reader, rest, printer->arena, limit(JSON_DEPTH));
    if (json_skip(&reader, json_next(&reader)))
        buf_put(printer->out, (struct str){rest.ptr, (size_t)(reader.cur.at - rest.ptr)});
}

/* "rows.n = 1, 2, missing in 3 rows" */
static void put_read(const struct trace_printer *printer, const struct json_value *read)
{
    struct buf *out = printer->out;
    struct str of = STR(""), why;
    int64_t rows = 0;
    const struct json_value *value = json_get(read, STR("value")),
                            *values = json_get(read, STR("values"));
    (void)json_get_str(read, STR("of"), &of);
    (void)json_get_int(read, STR("rows"), &rows);
    buf_printf(out, "      %.*s = ", STR_ARG(of));
    if (value && json_get_str(read, STR("why"), &why)) buf_printf(out, "missing (%.*s)", STR_ARG(why));
    else if (value) put_raw(printer, value);
    for (uint32_t i = 0; values && i < values->count; i++) {
        if (i) buf_puts(out, ", ");
        if (values->items[i].kind == JSON_NULL) buf_puts(out, "missing");
        else put_raw(printer, &values->items[i]);
    }
    if (values && rows > values->count) buf_puts(out, ", …");
    if (!value)
        buf_printf(out, "%s%" PRId64 " row%s", values && values->count ? " in " : "", rows,
                   rows == 1 ? "" : "s");
    buf_putc(out, '\n');
}

static struct str first_line(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\n' || text.ptr[i] == '\r') return (struct str){text.ptr, i};
    return text;
}

static void put_rule(const struct trace_printer *printer, const struct json_value *rule)
{
    struct buf *out = printer->out;
    struct str kind = STR(""), of = STR(""), row = STR("");
    int64_t line = 0, column = 0;
    struct str text = STR("");
    const struct json_value *result = json_get(rule, STR("result")),
                            *reads = json_get(rule, STR("reads"));
    (void)json_get_str(rule, STR("rule"), &kind);
    (void)json_get_str(rule, STR("of"), &of);
    (void)json_get_str(rule, STR("row"), &row);
    (void)json_get_str(rule, STR("text"), &text);
    (void)json_get_int(rule, STR("line"), &line);
    (void)json_get_int(rule, STR("column"), &column);
    buf_printf(out, "  %" PRId64 ":%" PRId64 " %.*s of %.*s%s%.*s: ", line, column, STR_ARG(kind),
               STR_ARG(of), row.len ? " in " : "", STR_ARG(row));
    if (text.len) buf_printf(out, "`%.*s` → ", STR_ARG(first_line(text)));
    if (!result) buf_puts(out, "not asked");
    else if (result->kind == JSON_NULL) buf_puts(out, "missing");
    else put_raw(printer, result);
    buf_putc(out, '\n');
    for (uint32_t i = 0; reads && i < reads->count; i++) put_read(printer, &reads->items[i]);
}

static enum status put_trace(struct command *command, struct str text, struct buf *out)
{
    struct json_value rules;
    struct json_error fault;
    enum status st = json_read(&command->arena, text, limit(JSON_DEPTH), &rules, &fault);
    if (st) return st;
    struct trace_printer printer = {&command->arena, text, out};
    buf_puts(out, "rules, in the order in which they run:\n");
    for (uint32_t i = 0; i < rules.count; i++) put_rule(&printer, &rules.items[i]);
    return out->failure;
}

/* Before the verdict: what came of each rule. As JSON {"trace": […], "verdict": and it goes on. */
static enum status print_trace(struct command *command, const struct judge *judge,
                               const struct eval_flags *flags)
{
    struct buf trace, out;
    buf_init(&trace, mem_heap(), limit(COMPILE_ARENA_BYTES));
    buf_init(&out, mem_heap(), limit(COMPILE_ARENA_BYTES));
    verdict_write_trace(judge, &flags->steps, &trace);
    enum status st = trace.failure;
    if (!st && flags->json) {
        buf_puts(&out, "{\"trace\":");
        buf_put(&out, buf_str(&trace));
        buf_puts(&out, ",\"verdict\":");
        st = out.failure;
    } else if (!st) st = put_trace(command, buf_str(&trace), &out);
    if (!st && !command_print(buf_str(&out))) st = ST_IO;
    buf_release(&trace);
    buf_release(&out);
    return st;
}

/* ---- why */

static const char *const yes_no[] = {"no", "yes"};

static bool flag_of(const struct json_value *object, const char *name)
{
    const struct json_value *value = json_get(object, str_of(name));
    return value && value->kind == JSON_TRUE;
}

static void put_place_value(const struct trace_printer *printer, const struct json_value *place)
{
    struct str why = STR("");
    const struct json_value *value = json_get(place, STR("value"));
    if (!value) return;
    buf_puts(printer->out, ", value ");
    if (json_get_str(place, STR("why"), &why)) buf_printf(printer->out, "missing (%.*s)", STR_ARG(why));
    else put_raw(printer, value);
}

static void put_place_errors(const struct trace_printer *printer, const struct json_value *place)
{
    const struct json_value *errors = json_get(place, STR("errors"));
    for (uint32_t i = 0; errors && i < errors->count; i++) {
        struct str code = STR(""), message = STR("");
        (void)json_get_str(&errors->items[i], STR("code"), &code);
        (void)json_get_str(&errors->items[i], STR("message"), &message);
        buf_printf(printer->out, "  wrong: %.*s [%.*s]\n", STR_ARG(message), STR_ARG(code));
    }
}

/* "/items/1/price: required yes, value missing (unanswered)" and the rules that made it so. */
static void put_place(const struct trace_printer *printer, const struct json_value *place)
{
    struct buf *out = printer->out;
    struct str path = STR(""), pointer = STR(""), hider = STR("");
    int64_t line = 0, column = 0;
    const struct json_value *rules = json_get(place, STR("rules")),
                            *declared = json_get(place, STR("declared"));
    (void)json_get_str(place, STR("path"), &path);
    (void)json_get_str(place, STR("pointer"), &pointer);
    buf_printf(out, "%.*s at \"%.*s\"", STR_ARG(path), STR_ARG(pointer));
    if (declared && json_get_int(declared, STR("line"), &line) &&
        json_get_int(declared, STR("column"), &column))
        buf_printf(out, ", declared at %" PRId64 ":%" PRId64, line, column);
    buf_puts(out, ": ");
    if (json_get_str(place, STR("hidden_by"), &hider))
        buf_printf(out, "hidden by %.*s", STR_ARG(hider));
    else buf_puts(out, "shown");
    if (flag_of(place, "computed")) buf_puts(out, ", computed");
    if (json_get(place, STR("required")))
        buf_printf(out, ", required %s", yes_no[flag_of(place, "required")]);
    put_place_value(printer, place);
    buf_putc(out, '\n');
    put_place_errors(printer, place);
    for (uint32_t i = 0; rules && i < rules->count; i++) put_rule(printer, &rules->items[i]);
}

static enum status put_reasons(struct command *command, struct str text, struct buf *out)
{
    struct json_value reasons;
    struct json_error fault;
    int64_t total = 0;
    enum status st = json_read(&command->arena, text, limit(JSON_DEPTH), &reasons, &fault);
    if (st) return st;
    struct trace_printer printer = {&command->arena, text, out};
    const struct json_value *places = json_get(&reasons, STR("places"));
    (void)json_get_int(&reasons, STR("places_total"), &total);
    for (uint32_t i = 0; i < places->count; i++) put_place(&printer, &places->items[i]);
    if (total > (int64_t)places->count)
        buf_printf(out, "and %" PRId64 " more places\n", total - (int64_t)places->count);
    return out->failure;
}

static enum status print_reasons(struct command *command, struct str reasons,
                                 const struct eval_flags *flags)
{
    struct buf out;
    buf_init(&out, mem_heap(), limit(COMPILE_ARENA_BYTES));
    enum status st = ST_OK;
    if (flags->json) {
        buf_puts(&out, "{\"explanation\":");
        buf_put(&out, reasons);
        buf_puts(&out, ",\"verdict\":");
        st = out.failure;
    } else st = put_reasons(command, reasons, &out);
    if (!st && !command_print(buf_str(&out))) st = ST_IO;
    buf_release(&out);
    return st;
}

/* Before the verdict: why what was asked about is as it is. */
static enum exit_code explain(struct command *command, const struct judge *judge,
                              const struct eval_flags *flags)
{
    struct buf reasons;
    struct str wanted = str_of(flags->explain);
    if (str_eq(wanted, STR("all"))) wanted = STR("");
    buf_init(&reasons, mem_heap(), limit(COMPILE_ARENA_BYTES));
    bool known = verdict_write_reasons(judge, &flags->steps, wanted, false, &reasons);
    enum exit_code code = EXIT_OK;
    enum status st = reasons.failure;
    if (!st && !known)
        code = command_fail(command, EXIT_USAGE, "--explain: \"%s\" is no path or place of this form",
                            flags->explain);
    else if (!st) st = print_reasons(command, buf_str(&reasons), flags);
    if (st) code = command_status(command, st, "the explanation");
    buf_release(&reasons);
    return code;
}

static enum exit_code print_outcome(struct command *command, const struct judge *judge,
                                    const struct judge_outcome *outcome, const struct eval_flags *flags)
{
    enum status st = flags->trace ? print_trace(command, judge, flags) : ST_OK;
    if (st) return command_status(command, st, "the trace");
    enum exit_code code = flags->explain ? explain(command, judge, flags) : EXIT_OK;
    if (!code) code = print_verdict(command, judge, outcome, flags->json);
    if (!code && (flags->trace || flags->explain) && flags->json && !command_print(STR("}\n")))
        code = EXIT_UNREACHABLE;
    if (!code && !outcome->valid) code = EXIT_FINDINGS;
    return code;
}

static enum exit_code judge_answers(struct command *command, const struct judging *judging,
                                    const struct eval_flags *flags)
{
    struct judge *judge;
    struct judge_outcome outcome;
    enum status st = judge_new(mem_heap(), &judge);
    if (st) return command_status(command, st, "the judging");
    st = judge_run(judge, judging, &outcome);
    enum exit_code code;
    if (st) {
        code = command_status(command, st, "the judging");
    } else if (outcome.state != JUDGE_JUDGED) {
        tell_outcome(command, judging->program, &outcome);
        code = outcome.state == JUDGE_MALFORMED ? EXIT_FINDINGS : EXIT_REFUSED;
    } else {
        code = print_outcome(command, judge, &outcome, flags);
    }
    judge_free(judge);
    return code;
}

/* The same form once more, with what a trace needs; it has compiled already. */
static enum exit_code compile_traced(struct command *command, const char *path,
                                     const struct dsl_tables *tables, struct eval_flags *flags,
                                     struct program **program)
{
    struct diags diags;
    struct program *traced;
    diags_init(&diags, &command->arena, limit(DIAGNOSTICS));
    enum status st =
        dsl_compile_traced(&command->arena, flags->form.source, tables, &diags, &flags->steps, &traced);
    if (st) return command_status(command, st, path);
    program_release(*program);
    *program = traced;
    return EXIT_OK;
}

/* The form's zone, and those of fields that are times in zones. */
static enum exit_code open_zones(struct command *command, const struct program *program,
                                 struct judging *judging, struct atlas **ret_atlas)
{
    enum status st = zone_open(&command->arena, program->timezone, &judging->zone);
    if (st) return command_status(command, st, "the form's time zone");
    if (!program->zoned) return EXIT_OK;
    st = atlas_new(mem_heap(), ret_atlas);
    if (st) return command_status(command, st, "the time zones");
    struct str missing = program_zone_missing(program, *ret_atlas);
    if (missing.len)
        return command_fail(command, EXIT_UNREACHABLE, "%.*s: there is no such time zone here",
                            STR_ARG(missing));
    judging->atlas = *ret_atlas;
    return EXIT_OK;
}

static enum exit_code eval(struct command *command, const char *const *paths,
                           const struct dsl_tables *tables, struct eval_flags *flags)
{
    struct judging judging = {.steps_max = limit(COST_STEPS)};
    if (flags->locale) judging.locale = str_of(flags->locale);
    enum exit_code code = parse_now(command, flags->now, &judging.now_ms);
    if (code) return code;
    code = command_read(command, paths[1], limit(ANSWERS_BYTES), &judging.answers);
    if (code) return code;
    struct program *program = NULL;
    struct atlas *atlas = NULL;
    code = compile(command, paths[0], tables, flags, &program);
    if (!code && (flags->trace || flags->explain))
        code = compile_traced(command, paths[0], tables, flags, &program);
    if (!code) {
        judging.program = program;
        code = open_zones(command, program, &judging, &atlas);
        if (!code) code = judge_answers(command, &judging, flags);
    }
    atlas_free(atlas);
    program_release(program);
    return code;
}

enum exit_code verb_eval(struct command *command)
{
    const char *table = NULL, *translation = NULL, *paths[2];
    struct table_files files;
    struct eval_flags flags = {.json = false};
    bool done;
    int count;
    const struct option_spec options[] = {
        {"now", &flags.now, NULL, "the moment to judge at, RFC 3339; default: now"},
        {"locale", &flags.locale, NULL, "a language of the form; default: its first"},
        {"json", NULL, &flags.json, "print the whole verdict as one JSON object"},
        {"trace", NULL, &flags.trace, "print first what every rule came to, and what it read"},
        {"explain", &flags.explain, NULL,
         "print first why a field is hidden, required, computed so or wrong: its path, a JSON Pointer, "
         "or "
         "\"all\""},
        {"table", &table, NULL, TABLE_FILES_HELP},
        {"translation", &translation, NULL, FORM_GIVEN_HELP},
    };
    enum exit_code code = table_files_take(command, &files);
    if (code) return code;
    code = form_given_take(command, &flags.given);
    if (!code) code = command_options(command, options, 7, paths, 2, &count, &done);
    if (!code && !done && count != 2) code = command_usage(command);
    if (!code && !done && flags.trace && flags.explain)
        code = command_fail(command, EXIT_USAGE, "--trace and --explain do not go together");
    if (!code && !done) code = eval(command, paths, table_files_given(&files), &flags);
    table_files_release(&files);
    return code;
}
