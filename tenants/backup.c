/* Backup: copies of a data directory, made and read. The promises stand in tenants.h. */
#include "tenants/directory.h"
#include "tenants/slug.h"
#include "tenants/tenant.h"

#include "base/civil.h"
#include "base/json_value.h"
#include "base/json_writer.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FORMAT = 1, COPY_BYTES = 1 << 15 };

#define MANIFEST "backup.json"

/* Two folders and what is at hand in them. */
struct errand {
    char from[DIRECTORY_PATH_BYTES], to[DIRECTORY_PATH_BYTES];
    struct arena *arena;
    struct backup *backup;
};

static enum status status_of_errno(void)
{
    if (errno == EEXIST || errno == ENOTEMPTY) return ST_CONFLICT;
    return errno == ENOENT ? ST_ABSENT : errno == ENOSPC || errno == EDQUOT ? ST_FULL : ST_IO;
}

static enum status blame(struct errand *errand, struct str where, struct str fault, enum status st)
{
    errand->backup->where = where;
    errand->backup->fault = fault;
    return st;
}

/* ---- the names of files */

static struct str name_of(struct arena *arena, struct str tenant)
{
    if (tenant.len == 0) return STR("system.db");
    return arena_printf(arena, "tenants/%.*s/data.db", STR_ARG(tenant));
}

static enum status make_folder(const char *root, const char *below)
{
    char path[DIRECTORY_PATH_BYTES], made[DIRECTORY_PATH_BYTES];
    enum status st = directory_join(root, below, path);
    return st ? st : directory_make(path, made);
}

/* tenants/<id> in `root`; nothing for system.db. */
static enum status make_place(struct errand *errand, const char *root, struct str tenant)
{
    if (tenant.len == 0) return ST_OK;
    struct str below = arena_printf(errand->arena, "tenants/%.*s", STR_ARG(tenant));
    if (!below.ptr) return ST_NOMEM;
    enum status st = make_folder(root, "tenants");
    return st ? st : make_folder(root, below.ptr);
}

/* What was begun is taken away again. */
static void drop_file(const char *root, const char *name)
{
    char path[DIRECTORY_PATH_BYTES];
    if (directory_join(root, name, path) == ST_OK) (void)unlink(path);
}

static void drop_folder(const char *root, const char *name)
{
    char path[DIRECTORY_PATH_BYTES];
    if (directory_join(root, name, path) == ST_OK) (void)rmdir(path);
}

static void drop_all(struct errand *errand)
{
    const struct backup *backup = errand->backup;
    drop_file(errand->to, MANIFEST);
    for (uint32_t i = 0; i < backup->count; i++) {
        drop_file(errand->to, backup->files[i].name.ptr);
        struct str folder =
            arena_printf(errand->arena, "tenants/%.*s", STR_ARG(backup->files[i].tenant));
        if (backup->files[i].tenant.len && folder.ptr) drop_folder(errand->to, folder.ptr);
    }
    drop_folder(errand->to, "tenants");
    (void)rmdir(errand->to);
}

static enum status add_file(struct errand *errand, struct str tenant)
{
    struct backup *backup = errand->backup;
    if (backup->count == backup->room) {
        uint32_t room = backup->room ? 2 * backup->room : 16;
        void *grown =
            arena_grow(errand->arena, backup->files, backup->count, room, sizeof *backup->files);
        if (!grown) return ST_NOMEM;
        backup->files = grown;
        backup->room = room;
    }
    struct str name = name_of(errand->arena, tenant), kept = arena_str(errand->arena, tenant);
    if (!name.ptr || !kept.ptr) return ST_NOMEM;
    backup->files[backup->count++] = (struct backup_file){.name = name, .tenant = kept};
    return ST_OK;
}

/* ---- reading a file from end to end */

/* Into `to` as well, unless that is negative. */
static enum status read_through(int from, int to, struct backup_file *ret_file)
{
    char bytes[COPY_BYTES];
    struct digest_stream stream;
    uint64_t size = 0;
    ssize_t got;
    digest_begin(&stream);
    while ((got = read(from, bytes, sizeof bytes)) > 0) {
        if (to >= 0 && write(to, bytes, (size_t)got) != got) return status_of_errno();
        digest_add(&stream, (struct str){bytes, (size_t)got});
        size += (uint64_t)got;
    }
    if (got < 0 || (to >= 0 && fsync(to) != 0)) return status_of_errno();
    ret_file->bytes = size;
    ret_file->hash = digest_end(&stream);
    return ST_OK;
}

/* `root_to` NULL: only read. */
static enum status read_file(const char *root, const char *root_to, struct str name, struct str name_to,
                             struct backup_file *ret_file)
{
    char from_path[DIRECTORY_PATH_BYTES], to_path[DIRECTORY_PATH_BYTES];
    enum status st = directory_join(root, name.ptr, from_path);
    if (!st && root_to) st = directory_join(root_to, name_to.ptr, to_path);
    if (st) return st;
    int from = open(from_path, O_RDONLY | O_CLOEXEC), to = -1;
    if (from < 0) return status_of_errno();
    if (root_to) to = open(to_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    st = root_to && to < 0 ? status_of_errno() : read_through(from, to, ret_file);
    bool closed = to < 0 || close(to) == 0;
    if (!st && !closed) st = status_of_errno();
    (void)close(from);
    return st;
}

/* What `doctor` would say of it. */
static enum status examine(struct errand *errand, const char *root, struct backup_file *file)
{
    struct file_report report;
    enum status st = inspection_file(root, file->tenant, errand->arena, &report);
    if (st) return st;
    if (report.status) return blame(errand, file->name, report.complaint, report.status);
    if (report.complaint.len) return blame(errand, file->name, report.complaint, ST_DEGRADED);
    if (report.stray_references)
        return blame(errand, file->name, STR("rows refer to what is not there"), ST_DEGRADED);
    if (report.audit.fault != AUDIT_WHOLE)
        return blame(errand, file->name, STR("the audit log is not whole"), ST_DEGRADED);
    file->schema = report.schema;
    file->audit_rows = report.audit.rows;
    file->audit_hash = report.audit.hash;
    return ST_OK;
}

/* ---- the manifest */

static void put_digest(struct json_writer *json, struct str key, const struct digest *digest)
{
    char hex[DIGEST_HEX_BYTES];
    digest_hex(digest, hex);
    json_key_str(json, key, str_of(hex));
}

static void put_manifest(const struct backup *backup, struct buf *out)
{
    struct json_writer json;
    json_writer_init(&json, out);
    json_object(&json);
    json_key_int(&json, STR("format"), FORMAT);
    json_key_str(&json, STR("made_at"), backup->made_at);
    json_key(&json, STR("files"));
    json_array(&json);
    for (uint32_t i = 0; i < backup->count; i++) {
        const struct backup_file *file = &backup->files[i];
        json_object(&json);
        json_key_str(&json, STR("tenant"), file->tenant);
        json_key_int(&json, STR("bytes"), (int64_t)file->bytes);
        put_digest(&json, STR("sha256"), &file->hash);
        json_key_int(&json, STR("schema"), file->schema);
        json_key_int(&json, STR("audit_rows"), (int64_t)file->audit_rows);
        put_digest(&json, STR("audit_hash"), &file->audit_hash);
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_end(&json);
    buf_putc(out, '\n');
}

static enum status write_manifest(struct errand *errand)
{
    char path[DIRECTORY_PATH_BYTES];
    struct buf out;
    buf_init(&out, errand->arena->mem, limit(BACKUP_MANIFEST_BYTES));
    put_manifest(errand->backup, &out);
    enum status st = out.failure ? out.failure : directory_join(errand->to, MANIFEST, path);
    int fd = st ? -1 : open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (!st && fd < 0) st = status_of_errno();
    if (!st && write(fd, out.ptr, out.len) != (ssize_t)out.len) st = status_of_errno();
    if (!st && fsync(fd) != 0) st = status_of_errno();
    if (fd >= 0) (void)close(fd);
    buf_release(&out);
    return st;
}

static bool take_digest(const struct json_value *file, struct str key, struct digest *ret_digest)
{
    struct str hex;
    return json_get_str(file, key, &hex) && digest_of_hex(hex, ret_digest);
}

static bool take_file(const struct json_value *value, struct backup_file *ret_file,
                      struct str *ret_tenant)
{
    int64_t bytes, rows;
    bool good = value->kind == JSON_OBJECT && json_get_str(value, STR("tenant"), ret_tenant) &&
                json_get_int(value, STR("bytes"), &bytes) && bytes >= 0 &&
                json_get_int(value, STR("schema"), &ret_file->schema) &&
                json_get_int(value, STR("audit_rows"), &rows) && rows >= 0 &&
                take_digest(value, STR("sha256"), &ret_file->hash) &&
                take_digest(value, STR("audit_hash"), &ret_file->audit_hash) &&
                (ret_tenant->len == 0 || slug_is_tenant_id(*ret_tenant));
    if (good) ret_file->bytes = (uint64_t)bytes;
    if (good) ret_file->audit_rows = (uint64_t)rows;
    return good;
}

static enum status take_files(struct errand *errand, const struct json_value *files)
{
    for (uint32_t i = 0; i < files->count; i++) {
        struct backup_file read = {.bytes = 0};
        struct str tenant;
        if (!take_file(&files->items[i], &read, &tenant) || (tenant.len == 0 && i > 0))
            return ST_DEGRADED;
        enum status st = add_file(errand, tenant);
        if (st) return st;
        struct backup_file *file = &errand->backup->files[errand->backup->count - 1];
        read.name = file->name;
        read.tenant = file->tenant;
        *file = read;
    }
    return ST_OK;
}

static enum status parse_manifest(struct errand *errand, struct str text)
{
    struct json_value manifest;
    struct json_error error;
    int64_t format;
    struct str fault = STR("this is not a list of a backup's files");
    enum status st = json_read(errand->arena, text, limit(JSON_DEPTH), &manifest, &error);
    if (st == ST_NOMEM) return st;
    if (st || !json_get_int(&manifest, STR("format"), &format))
        return blame(errand, STR(MANIFEST), fault, ST_DEGRADED);
    if (format > FORMAT)
        return blame(errand, STR(MANIFEST), STR("a newer program made this backup"), ST_NEWER);
    const struct json_value *files = json_get(&manifest, STR("files"));
    if (!json_get_str(&manifest, STR("made_at"), &errand->backup->made_at) || !files ||
        files->kind != JSON_ARRAY || files->count == 0)
        return blame(errand, STR(MANIFEST), fault, ST_DEGRADED);
    st = take_files(errand, files);
    return st == ST_DEGRADED ? blame(errand, STR(MANIFEST), fault, st) : st;
}

static enum status read_manifest(struct errand *errand)
{
    char path[DIRECTORY_PATH_BYTES];
    enum status st = directory_join(errand->from, MANIFEST, path);
    if (st) return st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return status_of_errno();
    struct stat info;
    size_t len = fstat(fd, &info) == 0 && info.st_size > 0 ? (size_t)info.st_size : 0;
    char *text = len <= limit(BACKUP_MANIFEST_BYTES) ? arena_alloc(errand->arena, len + 1) : NULL;
    if (!text) st = len <= limit(BACKUP_MANIFEST_BYTES) ? ST_NOMEM : ST_LIMIT;
    if (!st && read(fd, text, len) != (ssize_t)len) st = ST_IO;
    (void)close(fd);
    return st ? st : parse_manifest(errand, (struct str){text, len});
}

/* ---- making */

static enum status list_tenants(struct errand *errand, const char *directory)
{
    struct tenant_page page = {.more = true};
    struct str after = STR("");
    enum status st = add_file(errand, STR(""));
    while (!st && page.more) {
        st = inspection_tenants(directory, after, errand->arena, &page);
        for (uint32_t i = 0; !st && i < page.count; i++) st = add_file(errand, page.items[i].id);
        if (!st && page.count) after = page.items[page.count - 1].id;
        if (page.count == 0) break;
    }
    return st;
}

/* Copied, read again from what was written, and examined. ST_ABSENT: the tenant has no file. */
static enum status copy_one(struct errand *errand, const char *directory, struct backup_file *file)
{
    char path[DIRECTORY_PATH_BYTES];
    enum status st = make_place(errand, errand->to, file->tenant);
    if (!st) st = directory_join(errand->to, file->name.ptr, path);
    if (!st) st = inspection_copy(directory, file->tenant, path);
    if (!st) st = read_file(errand->to, NULL, file->name, file->name, file);
    return st ? st : examine(errand, errand->to, file);
}

static enum status copy_all(struct errand *errand, const char *directory)
{
    struct backup *backup = errand->backup;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < backup->count; i++) {
        enum status st = copy_one(errand, directory, &backup->files[i]);
        bool never_used = st == ST_ABSENT && backup->files[i].tenant.len > 0;
        if (st && !never_used) {
            if (!backup->where.len)
                (void)blame(errand, backup->files[i].name, STR("it cannot be copied"), st);
            return st;
        }
        if (!never_used) backup->files[kept++] = backup->files[i];
    }
    backup->count = kept;
    return ST_OK;
}

/* Under another name until it is whole. */
static enum status begin_folder(struct errand *errand, const char *to,
                                char ret_final[DIRECTORY_PATH_BYTES])
{
    char partial[DIRECTORY_PATH_BYTES];
    struct stat info;
    if (stat(to, &info) == 0) return ST_CONFLICT;
    int len = snprintf(partial, sizeof partial, "%s.partial", to);
    if (len < 0 || (size_t)len >= sizeof partial) return ST_TOO_LARGE;
    if (stat(partial, &info) == 0)
        return blame(errand, arena_str(errand->arena, str_of(partial)),
                     STR("is left from one that was cut off; take it away"), ST_CONFLICT);
    enum status st = directory_make(partial, errand->to);
    if (st) return st;
    size_t end = strlen(errand->to) - (sizeof ".partial" - 1);
    memcpy(ret_final, errand->to, end);
    ret_final[end] = '\0';
    return ST_OK;
}

static enum status end_folder(struct errand *errand, const char *final, enum status st)
{
    char parent[DIRECTORY_PATH_BYTES];
    for (uint32_t i = 0; !st && i < errand->backup->count; i++) {
        char folder[DIRECTORY_PATH_BYTES];
        struct str below =
            arena_printf(errand->arena, "tenants/%.*s", STR_ARG(errand->backup->files[i].tenant));
        if (!below.ptr) st = ST_NOMEM;
        if (!st && errand->backup->files[i].tenant.len)
            st = directory_join(errand->to, below.ptr, folder);
        if (!st && errand->backup->files[i].tenant.len) st = directory_sync(folder);
    }
    if (!st) st = directory_sync(errand->to);
    if (!st) st = directory_join(final, "..", parent);
    if (!st && rename(errand->to, final) != 0) st = status_of_errno();
    if (!st) {
        st = directory_sync(parent);
        if (st) (void)rename(final, errand->to); /* perhaps it would not be there tomorrow */
    }
    if (st) drop_all(errand);
    return st;
}

/* Of all, or of one tenant alone. */
static enum status list_files(struct errand *errand, const char *directory, struct str tenant)
{
    return tenant.len ? add_file(errand, tenant) : list_tenants(errand, directory);
}

enum status backup_make(const char *directory, struct str tenant, const char *to, int64_t now_ms,
                        struct arena *arena, struct backup *ret_backup)
{
    char moment[CIVIL_DATETIME_BYTES], final[DIRECTORY_PATH_BYTES];
    struct errand errand = {.arena = arena, .backup = ret_backup};
    *ret_backup = (struct backup){.where = STR(""), .fault = STR("")};
    ret_backup->made_at =
        arena_str(arena, (struct str){moment, civil_format_datetime(now_ms, 0, moment)});
    if (!ret_backup->made_at.ptr) return ST_NOMEM;
    enum status st = list_files(&errand, directory, tenant);
    if (!st) st = begin_folder(&errand, to, final);
    if (st) return st;
    st = copy_all(&errand, directory);
    if (!st && ret_backup->count == 0) st = ST_ABSENT;
    if (!st) st = write_manifest(&errand);
    return end_folder(&errand, final, st);
}

/* ---- verifying and restoring */

/* Read from end to end, and copied while at it, under another name perhaps. */
static enum status verify_as(struct errand *errand, const char *root_to, const struct backup_file *file,
                             struct str name_to)
{
    struct backup_file found = {.name = file->name, .tenant = file->tenant};
    enum status st = read_file(errand->from, root_to, file->name, name_to, &found);
    if (st == ST_ABSENT) return blame(errand, file->name, STR("is not there"), ST_DEGRADED);
    if (st) return st;
    if (found.bytes != file->bytes || memcmp(&found.hash, &file->hash, sizeof found.hash) != 0)
        return blame(errand, file->name, STR("has other bytes than the backup's list says"),
                     ST_DEGRADED);
    st = examine(errand, errand->from, &found);
    if (st) return st;
    if (found.audit_rows != file->audit_rows ||
        memcmp(&found.audit_hash, &file->audit_hash, sizeof found.audit_hash) != 0)
        return blame(errand, file->name,
                     STR("its audit log ends elsewhere than the backup's list says"), ST_DEGRADED);
    return ST_OK;
}

static enum status verify_one(struct errand *errand, const char *root_to,
                              const struct backup_file *file)
{
    return verify_as(errand, root_to, file, file->name);
}

enum status backup_verify(const char *backup, struct arena *arena, struct backup *ret_backup)
{
    struct errand errand = {.arena = arena, .backup = ret_backup};
    *ret_backup = (struct backup){.where = STR(""), .fault = STR("")};
    enum status st = directory_find(backup, errand.from);
    if (!st) st = read_manifest(&errand);
    for (uint32_t i = 0; !st && i < ret_backup->count; i++)
        st = verify_one(&errand, NULL, &ret_backup->files[i]);
    return st;
}

enum status backup_restore(const char *backup, const char *directory, struct arena *arena,
                           struct backup *ret_backup)
{
    char final[DIRECTORY_PATH_BYTES];
    struct errand errand = {.arena = arena, .backup = ret_backup};
    *ret_backup = (struct backup){.where = STR(""), .fault = STR("")};
    enum status st = directory_find(backup, errand.from);
    if (!st) st = read_manifest(&errand);
    if (!st && ret_backup->files[0].tenant.len)
        st = blame(&errand, STR(MANIFEST),
                   STR("it is of one tenant: restore it with --tenant and --as"), ST_PRECONDITION);
    if (!st) st = begin_folder(&errand, directory, final);
    if (st) return st;
    for (uint32_t i = 0; !st && i < ret_backup->count; i++) {
        st = make_place(&errand, errand.to, ret_backup->files[i].tenant);
        if (!st) st = verify_one(&errand, errand.to, &ret_backup->files[i]);
    }
    return end_folder(&errand, final, st);
}

/* ---- one tenant */

void backup_drop(const char *backup, struct str tenant)
{
    static const char *const endings[] = {"", ".partial"};
    struct arena arena;
    arena_init(&arena, mem_heap(), 1 << 16);
    for (int i = 0; i < 2; i++) {
        struct backup_file file = {.name = name_of(&arena, tenant), .tenant = tenant};
        struct backup listed = {.files = &file, .count = 1};
        struct errand errand = {.arena = &arena, .backup = &listed};
        (void)snprintf(errand.to, sizeof errand.to, "%s%s", backup, endings[i]);
        if (file.name.ptr) drop_all(&errand);
    }
    arena_release(&arena);
}

static enum status find_file(struct errand *errand, struct str tenant, struct backup_file *ret_file)
{
    const struct backup *backup = errand->backup;
    for (uint32_t i = 0; i < backup->count; i++)
        if (str_eq(backup->files[i].tenant, tenant)) {
            *ret_file = backup->files[i];
            return ST_OK;
        }
    return blame(errand, STR(MANIFEST), STR("there is no such tenant in this backup"), ST_ABSENT);
}

/* What a restoring that was cut off has left; nobody has the tenant. */
static void drop_stray(const char *directory, struct str name, struct arena *arena)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    for (int i = 0; i < 3; i++) {
        struct str stray = arena_printf(arena, "%.*s%s", STR_ARG(name), endings[i]);
        if (stray.ptr) drop_file(directory, stray.ptr);
    }
}

static enum status put_tenant(struct errand *errand, struct tenants *tenants, const char *directory,
                              const struct backup_file *file, const struct backup_wish *wish)
{
    struct tenant_record there;
    char folder[DIRECTORY_PATH_BYTES];
    struct str name = name_of(errand->arena, wish->as);
    struct str below = arena_printf(errand->arena, "tenants/%.*s", STR_ARG(wish->as));
    if (!name.ptr || !below.ptr) return ST_NOMEM;
    enum status st = tenant_find(tenants, wish->as, errand->arena, &there);
    if (!st) return blame(errand, name, STR("there is a tenant of that name"), ST_CONFLICT);
    if (st != ST_ABSENT) return st;
    st = make_place(errand, directory, wish->as);
    if (st) return st;
    drop_stray(directory, name, errand->arena);
    st = verify_as(errand, directory, file, name);
    if (!st) st = directory_join(directory, below.ptr, folder);
    if (!st) st = directory_sync(folder);
    struct write write = {.kind = WRITE_TENANT_CREATE,
                          .arena = errand->arena,
                          .actor = wish->actor,
                          .tenant_create = {.id = wish->as, .name = wish->as, .adopts = true}};
    if (!st) st = write_wait(tenants, &write);
    if (st) drop_stray(directory, name, errand->arena);
    return st;
}

enum status backup_restore_tenant(const char *backup, const char *directory,
                                  const struct backup_wish *wish, struct arena *arena,
                                  struct backup *ret_backup)
{
    struct errand errand = {.arena = arena, .backup = ret_backup};
    struct backup_file file;
    struct tenants *tenants;
    *ret_backup = (struct backup){.where = STR(""), .fault = STR("")};
    if (!slug_is_tenant_id(wish->as)) return ST_INPUT;
    enum status st = directory_find(backup, errand.from);
    if (!st) st = read_manifest(&errand);
    if (!st) st = find_file(&errand, wish->tenant, &file);
    if (st) return st;
    ret_backup->files[0] = file;
    ret_backup->count = 1;
    st = tenants_open(&(struct tenants_options){.mem = arena->mem, .directory = directory}, &tenants);
    if (st) return st;
    st = put_tenant(&errand, tenants, directory, &file, wish);
    tenants_close(tenants);
    file.tenant = wish->as;
    return st ? st : examine(&errand, directory, &file);
}
