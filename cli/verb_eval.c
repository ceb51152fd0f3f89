/* formwright eval: judges answers against a definition, as the server would, without one. */
#include "cli/command.h"

#include "base/civil.h"
#include "base/clock.h"
#include "base/json_value.h"
#include "base/limits.h"
#include "base/zone.h"
#include "cli/table_files.h"
#include "dsl/dsl.h"
#include "runtime/runtime.h"

#include <inttypes.h>

static enum exit_code compile(struct command *command, const char *path,
                              const struct dsl_tables *tables, struct program **ret_program)
{
    struct str source;
    enum exit_code code = command_read(command, path, limit(SOURCE_BYTES), &source);
    if (code) return code;
    struct diags diags;
    diags_init(&diags, &command->arena, limit(DIAGNOSTICS));
    struct price_caps caps = price_caps_default();
    struct price price;
    enum status st = dsl_compile_with(mem_heap(), source, tables, &caps, &diags, &price, ret_program);
    if (st) command_diagnostics(&diags, path, source);
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

static enum exit_code judge_answers(struct command *command, const struct judging *judging, bool json)
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
        code = print_verdict(command, judge, &outcome, json);
        if (!code && !outcome.valid) code = EXIT_FINDINGS;
    }
    judge_free(judge);
    return code;
}

static enum exit_code eval(struct command *command, const char *const *paths,
                           const struct dsl_tables *tables, const char *now, const char *locale,
                           bool json)
{
    struct judging judging = {.steps_max = limit(COST_STEPS)};
    if (locale) judging.locale = str_of(locale);
    enum exit_code code = parse_now(command, now, &judging.now_ms);
    if (code) return code;
    code = command_read(command, paths[1], limit(ANSWERS_BYTES), &judging.answers);
    if (code) return code;
    struct program *program;
    code = compile(command, paths[0], tables, &program);
    if (code) return code;

    judging.program = program;
    enum status st = zone_open(&command->arena, program->timezone, &judging.zone);
    code = st ? command_status(command, st, "the form's time zone")
              : judge_answers(command, &judging, json);
    program_release(program);
    return code;
}

enum exit_code verb_eval(struct command *command)
{
    const char *now = NULL, *locale = NULL, *table = NULL, *paths[2];
    struct table_files files;
    bool json = false, done;
    int count;
    const struct option_spec options[] = {
        {"now", &now, NULL, "the moment to judge at, RFC 3339; default: now"},
        {"locale", &locale, NULL, "a language of the form; default: its first"},
        {"json", NULL, &json, "print the whole verdict as one JSON object"},
        {"table", &table, NULL, TABLE_FILES_HELP},
    };
    enum exit_code code = table_files_take(command, &files);
    if (code) return code;
    code = command_options(command, options, 4, paths, 2, &count, &done);
    if (!code && !done && count != 2) code = command_usage(command);
    if (!code && !done) code = eval(command, paths, &files.tables, now, locale, json);
    table_files_release(&files);
    return code;
}
