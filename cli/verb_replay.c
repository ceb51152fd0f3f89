/* formwright replay: judges every stored submission again, from its own version, clock, zone and
 * locale, and holds what comes out against what is stored. It writes nothing and takes no lock, so it
 * may look at a directory whose server is running. */
#include "cli/command.h"
#include "cli/setting.h"

#include "base/json_writer.h"
#include "base/limits.h"
#include "engine/engine.h"

#include <inttypes.h>

struct report {
    bool json, all;
    struct buf line;
    bool broken; /* stdout is closed */
};

static void put_json(struct buf *line, const struct replayed_one *one)
{
    const struct submission_record *submission = one->submission;
    struct json_writer json;
    json_writer_init(&json, line);
    json_object(&json);
    json_key_str(&json, STR("tenant"), one->tenant);
    json_key_str(&json, STR("form"), submission->form);
    json_key_int(&json, STR("version"), submission->version);
    json_key_str(&json, STR("id"), submission->id);
    json_key_str(&json, STR("result"), str_of(replayed_name(one->what)));
    json_key_int(&json, STR("steps"), (int64_t)submission->steps);
    if (one->steps_now) json_key_int(&json, STR("steps_now"), (int64_t)one->steps_now);
    if (submission->compiler_version.len)
        json_key_str(&json, STR("compiler_version"), submission->compiler_version);
    json_object_end(&json);
    buf_putc(line, '\n');
}

static void put_text(struct buf *line, const struct replayed_one *one)
{
    const struct submission_record *submission = one->submission;
    buf_printf(line, "%.*s/%.*s version %" PRIu32 " %.*s: %s: %s\n", STR_ARG(one->tenant),
               STR_ARG(submission->form), submission->version, STR_ARG(submission->id),
               replayed_name(one->what), replayed_text(one->what));
}

static void tell(struct replay *replay, const struct replayed_one *one)
{
    struct report *report = replay->user;
    if (one->what == REPLAYED_SAME && !report->all) return;
    buf_reset(&report->line);
    if (report->json) put_json(&report->line, one);
    else put_text(&report->line, one);
    if (buf_failed(&report->line) || !command_print(buf_str(&report->line))) report->broken = true;
}

static uint64_t total(const struct replay *replay)
{
    uint64_t sum = 0;
    for (int i = 0; i < REPLAYED_COUNT; i++) sum += replay->counts[i];
    return sum;
}

static void put_summary(struct report *report, const struct replay *replay)
{
    struct buf *line = &report->line;
    buf_reset(line);
    if (!report->json) {
        buf_printf(line, "%" PRIu64 " submissions judged again", total(replay));
        for (int i = 0; i < REPLAYED_COUNT; i++)
            if (replay->counts[i] || i == REPLAYED_SAME)
                buf_printf(line, ", %" PRIu64 " %s", replay->counts[i],
                           replayed_name((enum replayed)i));
        if (replay->other_steps)
            buf_printf(line, "; %" PRIu64 " took another number of steps", replay->other_steps);
        buf_putc(line, '\n');
        return;
    }
    struct json_writer json;
    json_writer_init(&json, line);
    json_object(&json);
    json_key_int(&json, STR("submissions"), (int64_t)total(replay));
    for (int i = 0; i < REPLAYED_COUNT; i++)
        json_key_int(&json, str_of(replayed_name((enum replayed)i)), (int64_t)replay->counts[i]);
    json_key_int(&json, STR("other_steps"), (int64_t)replay->other_steps);
    json_object_end(&json);
    buf_putc(line, '\n');
}

static enum exit_code end(struct command *command, struct report *report, const struct replay *replay,
                          enum status st)
{
    if (st == ST_ABSENT)
        return command_fail(command, EXIT_REFUSED, "%s has no such tenant or form", replay->directory);
    if (st == ST_PRECONDITION)
        return command_fail(command, EXIT_REFUSED,
                            "%s was written by an older formwright: start a server over it once",
                            replay->directory);
    if (st) return command_status(command, st, replay->directory);
    put_summary(report, replay);
    if (report->broken || buf_failed(&report->line) || !command_print(buf_str(&report->line)))
        return EXIT_UNREACHABLE;
    return total(replay) == replay->counts[REPLAYED_SAME] ? EXIT_OK : EXIT_FINDINGS;
}

enum exit_code verb_replay(struct command *command)
{
    const char *data = setting_data(), *tenant = "", *form = "";
    struct report report = {.json = false};
    bool done;
    int count;
    const struct option_spec options[] = {
        {"data", &data, NULL, "the data directory; default: $FORMWRIGHT_STORAGE_DATA or data"},
        {"tenant", &tenant, NULL, "of this tenant; default: of all"},
        {"form", &form, NULL, "of forms of this name; default: of all"},
        {"all", NULL, &report.all, "tell also those that came out the same"},
        {"json", NULL, &report.json, "print a JSON object a line, the last one with the counts"},
    };
    enum exit_code code = command_options(command, options, 5, NULL, 0, &count, &done);
    if (code || done) return code;
    struct replay replay = {.mem = mem_heap(),
                            .directory = data,
                            .tenant = str_of(tenant),
                            .form = str_of(form),
                            .tell = tell,
                            .user = &report};
    buf_init(&report.line, mem_heap(), limit(REPLY_BYTES));
    code = end(command, &report, &replay, engine_replay(&replay));
    buf_release(&report.line);
    return code;
}
