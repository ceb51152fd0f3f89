/* formwright doctor: examines a data directory: who has it, is there room, are its files whole. It
 * writes nothing and takes no lock, so it may look at a directory whose server is running. */
#include "cli/command.h"
#include "cli/setting.h"

#include "base/json_writer.h"
#include "base/limits.h"
#include "dsl/program.h"
#include "engine/engine.h"

#include <inttypes.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

struct examination {
    struct command *command;
    const char *data;
    bool json;
    struct buf text;         /* for people, or JSON */
    struct json_writer out;  /* in text */
    struct buf findings;     /* a JSON array of texts, or a line each */
    struct json_writer list; /* in findings */
    unsigned count;          /* of findings */
};

/* Something is wrong. */
static void __attribute__((format(printf, 2, 3))) find(struct examination *on, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    on->count++;
    if (on->json) json_lossy(&on->list, str_of(text));
    else buf_printf(&on->findings, "WRONG: %s\n", text);
}

static void write_program(struct examination *on)
{
    struct storage_library storage = storage_library();
    if (on->json) {
        json_key_str(&on->out, STR("version"), STR(COMMAND_VERSION));
        json_key_str(&on->out, STR("compiler"), STR(PROGRAM_COMPILER_VERSION));
        json_key(&on->out, STR("storage"));
        json_object(&on->out);
        json_key_str(&on->out, STR("name"), str_of(storage.name));
        json_key_str(&on->out, STR("version"), str_of(storage.version));
        json_key_bool(&on->out, STR("wal_reset_race"), storage.wal_reset_race);
        json_object_end(&on->out);
        return;
    }
    buf_printf(&on->text, "formwright %s, compiler %s\n%s %s%s\n", COMMAND_VERSION,
               PROGRAM_COMPILER_VERSION, storage.name, storage.version,
               storage.wal_reset_race ? COMMAND_RACE_NOTE : "");
}

/* ---------------------------------------------------------------- the directory and its disk */

static void write_directory(struct examination *on, const struct stat *info)
{
    bool owned = inspection_owned(on->data);
    unsigned mode = (unsigned)info->st_mode & 0777;
    if (mode & 077)
        find(on, "%s: others than its owner may enter it (mode %04o, not 0700)", on->data, mode);
    if (on->json) {
        json_key(&on->out, STR("directory"));
        json_object(&on->out);
        json_key(&on->out, STR("path"));
        json_lossy(&on->out, str_of(on->data));
        json_key_bool(&on->out, STR("owned"), owned);
        json_key_str(&on->out, STR("mode"), arena_printf(&on->command->arena, "%04o", mode));
        json_object_end(&on->out);
        return;
    }
    buf_printf(&on->text, "%s: mode %04o, %s\n", on->data, mode,
               owned ? "a server has it" : "no server has it");
}

static void write_disk(struct examination *on)
{
    struct statvfs disk;
    if (statvfs(on->data, &disk) != 0) {
        find(on, "%s: its disk cannot be asked for room", on->data);
        return;
    }
    uint64_t free_mib = (uint64_t)disk.f_bavail * disk.f_frsize >> 20;
    uint64_t size_mib = (uint64_t)disk.f_blocks * disk.f_frsize >> 20;
    if (free_mib < limit(DISK_FREE_MIB))
        find(on, "%s: %" PRIu64 " MiB are free on its disk, fewer than %d", on->data, free_mib,
             limit(DISK_FREE_MIB));
    if (on->json) {
        json_key(&on->out, STR("disk"));
        json_object(&on->out);
        json_key_int(&on->out, STR("free_mib"), (int64_t)free_mib);
        json_key_int(&on->out, STR("size_mib"), (int64_t)size_mib);
        json_object_end(&on->out);
        return;
    }
    buf_printf(&on->text, "%" PRIu64 " of %" PRIu64 " MiB free\n", free_mib, size_mib);
}

/* ---------------------------------------------------------------- the files */

static void find_faults(struct examination *on, const char *file, const struct file_report *report)
{
    if (report->status == ST_ABSENT) find(on, "%s is not there", file);
    else if (report->status) find(on, "%s cannot be read: %.*s", file, STR_ARG(report->complaint));
    else if (report->complaint.len) find(on, "%s is damaged: %.*s", file, STR_ARG(report->complaint));
    if (report->stray_references)
        find(on, "%s: %" PRIu64 " rows refer to what is not there", file, report->stray_references);
    if (report->schema > report->schema_ours)
        find(on, "%s: a newer program wrote it (schema %" PRId64 ", ours is %" PRId64 ")", file,
             report->schema, report->schema_ours);
    if (report->degraded)
        find(on, "%s: a server met a failing disk and marked it; it takes no writes until checked",
             file);
    if (report->audit.fault)
        find(on, "%s: audit row %" PRIu64 " was %s", file, report->audit.broken_at,
             audit_fault_name(report->audit.fault));
}

static void write_file_json(struct json_writer *json, const char *file,
                            const struct file_report *report, bool good)
{
    json_object(json);
    json_key_str(json, STR("file"), str_of(file));
    json_key_bool(json, STR("good"), good);
    json_key_str(json, STR("status"), str_of(status_name(report->status)));
    json_key_int(json, STR("bytes"), (int64_t)report->bytes);
    json_key_int(json, STR("log_bytes"), (int64_t)report->log_bytes);
    json_key_int(json, STR("schema"), report->schema);
    json_key_int(json, STR("schema_ours"), report->schema_ours);
    json_key(json, STR("integrity"));
    json_lossy(json, report->complaint.len ? report->complaint : STR("ok"));
    json_key_int(json, STR("stray_references"), (int64_t)report->stray_references);
    json_key_bool(json, STR("degraded"), report->degraded);
    json_key_int(json, STR("audit_rows"), (int64_t)report->audit.rows);
    if (report->audit.broken_at)
        json_key_int(json, STR("audit_broken_at"), (int64_t)report->audit.broken_at);
    json_object_end(json);
}

static enum exit_code look_at(struct examination *on, struct str tenant)
{
    struct file_report report;
    struct str file = tenant.len
                          ? arena_printf(&on->command->arena, "tenants/%.*s/data.db", STR_ARG(tenant))
                          : STR("system.db");
    enum status st =
        file.ptr ? inspection_file(on->data, tenant, &on->command->arena, &report) : ST_NOMEM;
    if (st) return command_status(on->command, st, on->data);
    unsigned before = on->count;
    find_faults(on, file.ptr, &report);
    bool good = on->count == before;
    if (on->json) write_file_json(&on->out, file.ptr, &report, good);
    else if (report.status) buf_printf(&on->text, "%-40s WRONG\n", file.ptr);
    else
        buf_printf(&on->text,
                   "%-40s %s schema %" PRId64 " of %" PRId64 ", %" PRIu64 " KiB and %" PRIu64
                   " KiB of log, %" PRIu64 " audit rows\n",
                   file.ptr, good ? "good " : "WRONG", report.schema, report.schema_ours,
                   report.bytes >> 10, report.log_bytes >> 10, report.audit.rows);
    return EXIT_OK;
}

static enum exit_code look_at_tenants(struct examination *on)
{
    char after[LIMIT_TENANT_ID_BYTES + 1] = "";
    struct tenant_page page = {.more = true};
    while (page.more) {
        if (inspection_tenants(on->data, str_of(after), &on->command->arena, &page) != ST_OK)
            return EXIT_OK; /* system.db has been complained of */
        for (uint32_t i = 0; i < page.count; i++) {
            enum exit_code code = look_at(on, page.items[i].id);
            if (code) return code;
        }
        if (page.more)
            (void)snprintf(after, sizeof after, "%.*s", STR_ARG(page.items[page.count - 1].id));
        arena_reset(&on->command->arena);
    }
    return EXIT_OK;
}

static enum exit_code look_at_files(struct examination *on)
{
    json_key(&on->out, STR("files"));
    json_array(&on->out);
    enum exit_code code = look_at(on, STR(""));
    if (!code) code = look_at_tenants(on);
    json_array_end(&on->out);
    return code;
}

/* ---------------------------------------------------------------- all of it */

static void begin(struct examination *on)
{
    buf_init(&on->text, mem_heap(), limit(REPLY_BYTES));
    buf_init(&on->findings, mem_heap(), limit(REPLY_BYTES));
    json_writer_init(&on->out, &on->text);
    json_writer_init(&on->list, &on->findings);
    if (on->json) json_object(&on->out);
    if (on->json) json_array(&on->list);
}

static enum exit_code examine(struct examination *on)
{
    struct stat info;
    write_program(on);
    if (stat(on->data, &info) != 0 || !S_ISDIR(info.st_mode)) {
        find(on, "%s: there is no such directory", on->data);
        return EXIT_OK;
    }
    write_directory(on, &info);
    write_disk(on);
    if (on->json) return look_at_files(on);
    enum exit_code code = look_at(on, STR(""));
    return code ? code : look_at_tenants(on);
}

static enum exit_code end(struct examination *on, enum exit_code code)
{
    if (on->json) {
        json_array_end(&on->list);
        json_key(&on->out, STR("findings"));
        json_raw(&on->out, buf_str(&on->findings));
        json_object_end(&on->out);
        buf_putc(&on->text, '\n');
    } else {
        buf_put(&on->text, buf_str(&on->findings));
    }
    bool failed = buf_failed(&on->text) || buf_failed(&on->findings);
    bool written = !failed && (code || command_print(buf_str(&on->text)));
    buf_release(&on->text);
    buf_release(&on->findings);
    if (code) return code;
    if (!written) return EXIT_UNREACHABLE;
    return on->count ? EXIT_FINDINGS : EXIT_OK;
}

enum exit_code verb_doctor(struct command *command)
{
    struct examination on = {.command = command, .data = setting_data()};
    bool done;
    int count;
    const struct option_spec options[] = {
        {"data", &on.data, NULL, "the data directory; default: $FORMWRIGHT_STORAGE_DATA or data"},
        {"json", NULL, &on.json, "print one JSON object"},
    };
    enum exit_code code = command_options(command, options, 2, NULL, 0, &count, &done);
    if (code || done) return code;
    begin(&on);
    return end(&on, examine(&on));
}
