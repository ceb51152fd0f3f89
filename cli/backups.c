#include "cli/backups.h"

#include "base/json_writer.h"
#include "base/limits.h"

#include <inttypes.h>

static void put_people(const struct backup *backup, struct buf *out)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < backup->count; i++) {
        const struct backup_file *file = &backup->files[i];
        char hex[DIGEST_HEX_BYTES];
        digest_hex(&file->hash, hex);
        bytes += file->bytes;
        buf_printf(out, "%s  %10" PRIu64 "  %.*s\n", hex, file->bytes, STR_ARG(file->name));
    }
    buf_printf(out, "%u %s, %" PRIu64 " bytes, of %.*s: whole\n", (unsigned)backup->count,
               backup->count == 1 ? "file" : "files", bytes, STR_ARG(backup->made_at));
}

static void put_json(const struct backup *backup, struct buf *out)
{
    struct json_writer json;
    json_writer_init(&json, out);
    json_object(&json);
    json_key_str(&json, STR("made_at"), backup->made_at);
    json_key(&json, STR("files"));
    json_array(&json);
    for (uint32_t i = 0; i < backup->count; i++) {
        const struct backup_file *file = &backup->files[i];
        char hex[DIGEST_HEX_BYTES];
        digest_hex(&file->hash, hex);
        json_object(&json);
        json_key_str(&json, STR("name"), file->name);
        json_key_int(&json, STR("bytes"), (int64_t)file->bytes);
        json_key_str(&json, STR("sha256"), str_of(hex));
        json_key_int(&json, STR("schema"), file->schema);
        json_key_int(&json, STR("audit_rows"), (int64_t)file->audit_rows);
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_end(&json);
    buf_putc(out, '\n');
}

static enum exit_code complain(struct command *command, enum status st, const struct backup *backup,
                               const char *place)
{
    if (backup->fault.len)
        return command_fail(command, st == ST_DEGRADED ? EXIT_FINDINGS : EXIT_REFUSED, "%s: %.*s: %.*s",
                            place, STR_ARG(backup->where), STR_ARG(backup->fault));
    if (st == ST_ABSENT)
        return command_fail(command, EXIT_UNREACHABLE, "%s is not there, or is nothing of the kind",
                            place);
    if (st == ST_CONFLICT) return command_fail(command, EXIT_REFUSED, "%s is there already", place);
    return command_status(command, st, place);
}

enum exit_code backups_tell(struct command *command, enum status st, const struct backup *backup,
                            const char *place, bool json)
{
    struct buf out;
    if (st) return complain(command, st, backup, place);
    buf_init(&out, mem_heap(), 2 * limit(BACKUP_MANIFEST_BYTES));
    (json ? put_json : put_people)(backup, &out);
    bool printed = !out.failure && command_print(buf_str(&out));
    buf_release(&out);
    return printed ? EXIT_OK : EXIT_UNREACHABLE;
}
