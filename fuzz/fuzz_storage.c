/* A data directory as another program, an older one or a bad disk left it: files of any schema version,
 * with versions, artefacts and drafts changed by a hand with a shell, marks of other versions, bytes
 * turned over. Opening it, reading all there is and writing to it ends in a right answer or a refusal.
 * What is read of a version is what the file says; no version row is ever changed; a file of a newer
 * program stays as it was; and an older one that nobody has touched works.
 *
 * Bytes: which schema versions, then what happens to the files. */
#define _XOPEN_SOURCE 700
#include "base/limits.h"
#include "fuzz/holds.h"
#include "tenants/schema.h"
#include "tenants/tenants.h"

#include <ftw.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

enum { VERSIONS_MAX = 16, FILE_BYTES = 4 << 20 };

static char folder[256], system_path[300], tenant_path[300];

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info, (void)kind, (void)walk;
    return remove(path);
}

static void end(void)
{
    (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- files of each schema version */

struct file {
    unsigned char *bytes;
    size_t size;
};

static struct file systems[VERSIONS_MAX], stores[VERSIONS_MAX];

static struct file read_whole(const char *path)
{
    struct file file = {malloc(FILE_BYTES), 0};
    FILE *from = fopen(path, "rb");
    HOLDS(file.bytes && from);
    file.size = fread(file.bytes, 1, FILE_BYTES, from);
    fclose(from);
    return file;
}

static void write_whole(const char *path, const unsigned char *bytes, size_t size)
{
    FILE *to = fopen(path, "wb");
    HOLDS(to && fwrite(bytes, 1, size, to) == size && fclose(to) == 0);
}

static sqlite3 *open_raw(const char *path)
{
    sqlite3 *raw = NULL;
    HOLDS(sqlite3_open(path, &raw) == SQLITE_OK);
    return raw;
}

static void run(sqlite3 *raw, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(raw, sql, NULL, NULL, &message) != SQLITE_OK)
        fprintf(stderr, "%s: %s\n", sql, message);
    HOLDS(!message);
}

static const char system_rows[] =
    "INSERT INTO tenant (id, name, state, created_ms) VALUES ('acme', 'Acme', 'active', 1)";
static const char store_rows[] =
    "INSERT INTO form (id, name, title, state, created_ms, state_ms)"
    "  VALUES (1, 'visa', 'Visa', 'draft', 1, 1);"
    "INSERT INTO version VALUES (1, 1, 'the first', zeroblob(32), '2026', '1', 1, 'me');"
    "INSERT INTO version VALUES (1, 2, 'the second', randomblob(32), '2026', '1', 2, 'me');"
    "UPDATE form SET state = 'open';"
    "INSERT INTO artefact VALUES (1, 1, 'render', '1', CAST('{}' AS BLOB));"
    "INSERT INTO artefact VALUES (1, 2, 'render', '0', CAST('{\"old\":1}' AS BLOB));"
    "INSERT INTO draft VALUES (1, 'a draft', zeroblob(32), 1, 1, 'me');";

/* What a program of that version would have made. */
static void make_file(const char *path, const struct schema *schema, int version, const char *rows)
{
    char mark[96];
    (void)remove(path);
    sqlite3 *raw = open_raw(path);
    run(raw, "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
    for (size_t i = 0; i < schema->count; i++) {
        if (schema->migrations[i].version > version) break;
        if (i > 0 && schema->migrations[i - 1].version == 1 && schema->migrations[i].version == 2)
            run(raw, rows);
        run(raw, schema->migrations[i].sql);
    }
    if (version == 1) run(raw, rows);
    snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d", DATABASE_MARK,
             version);
    run(raw, mark);
    HOLDS(sqlite3_close(raw) == SQLITE_OK);
}

static void begin(void)
{
    snprintf(folder, sizeof folder, "%s/fuzz_storage_XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : ".");
    HOLDS(mkdtemp(folder) && atexit(end) == 0);
    snprintf(system_path, sizeof system_path, "%s/system.db", folder);
    for (int i = 1; i <= schema_version(&schema_system); i++) {
        make_file(system_path, &schema_system, i, system_rows);
        systems[i] = read_whole(system_path);
    }
    for (int i = 1; i <= schema_version(&schema_tenant); i++) {
        make_file(system_path, &schema_tenant, i, store_rows);
        stores[i] = read_whole(system_path);
    }
}

static void empty_folder(void)
{
    char path[300];
    (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    HOLDS(mkdir(folder, 0700) == 0);
    snprintf(path, sizeof path, "%s/tenants", folder);
    HOLDS(mkdir(path, 0700) == 0);
    snprintf(path, sizeof path, "%s/tenants/acme", folder);
    HOLDS(mkdir(path, 0700) == 0);
    snprintf(tenant_path, sizeof tenant_path, "%s/tenants/acme/data.db", folder);
}

/* ---- what happens to them */

struct harm {
    bool raw, newer_system, newer_store, shell, marked;
};

static void turn_bytes(const char *path, struct bytes *bytes)
{
    struct file file = read_whole(path);
    for (int i = 0; i < 4; i++) {
        size_t at = (size_t)bytes_take(bytes, 3) % (file.size ? file.size : 1);
        file.bytes[at] = (unsigned char)bytes_take(bytes, 1);
    }
    if (bytes_take(bytes, 1) % 8 == 0) file.size = (size_t)bytes_take(bytes, 3) % (file.size + 1);
    write_whole(path, file.bytes, file.size);
    free(file.bytes);
}

static void by_shell(const char *path, const char *sql, struct bytes *bytes)
{
    unsigned char text[64];
    size_t len = (size_t)bytes_take(bytes, 1) % sizeof text;
    sqlite3_stmt *stmt = NULL;
    for (size_t i = 0; i < len; i++) text[i] = (unsigned char)bytes_take(bytes, 1);
    sqlite3 *raw = open_raw(path);
    (void)sqlite3_exec(raw, "DROP TRIGGER version_keeps", NULL, NULL, NULL);
    if (sqlite3_prepare_v2(raw, sql, -1, &stmt, NULL) == SQLITE_OK) {
        (void)sqlite3_bind_text(stmt, 1, (const char *)text, (int)len, SQLITE_TRANSIENT);
        (void)sqlite3_step(stmt);
    }
    (void)sqlite3_finalize(stmt);
    (void)sqlite3_close(raw);
}

static void set_version(const char *path, int version)
{
    char sql[64];
    sqlite3 *raw = open_raw(path);
    snprintf(sql, sizeof sql, "PRAGMA user_version = %d", version);
    (void)sqlite3_exec(raw, sql, NULL, NULL, NULL);
    (void)sqlite3_close(raw);
}

static void do_harm(struct bytes *bytes, struct harm *harm)
{
    static const char *const statements[] = {
        "UPDATE version SET source = ?1 WHERE number = 1",
        "UPDATE version SET edition = ?1, compiler_version = ?1 WHERE number = 2",
        "UPDATE version SET source_hash = CAST(substr(?1 || zeroblob(32), 1, 32) AS BLOB)",
        "UPDATE artefact SET kind = ?1 WHERE number = 2",
        "DELETE FROM artefact",
        "UPDATE draft SET source = ?1, revision = revision + 1",
        "DROP TABLE artefact",
        "UPDATE form SET title = ?1",
        "INSERT INTO audit SELECT 1, 1, 'w', 'a', '', '', '', '', '', zeroblob(32), zeroblob(32)",
    };
    unsigned what = (unsigned)bytes_take(bytes, 1) % 8;
    int version = (int)(bytes_take(bytes, 1) % 12);
    if (harm->raw) return; /* no shell would open it */
    switch (what) {
    case 0:
        turn_bytes(bytes_take(bytes, 1) % 2 ? system_path : tenant_path, bytes);
        harm->raw = true;
        return;
    case 1:
        set_version(tenant_path, version);
        harm->newer_store = version > schema_version(&schema_tenant);
        harm->marked = true;
        return;
    case 2:
        set_version(system_path, version);
        harm->newer_system = version > schema_version(&schema_system);
        harm->marked = true;
        return;
    default:
        by_shell(tenant_path,
                 statements[bytes_take(bytes, 1) % (sizeof statements / sizeof *statements)], bytes);
        harm->shell = true;
    }
}

/* ---- version rows, as a shell sees them */

struct rows {
    bool readable;
    char text[1 << 14];
};

static void see_rows(struct rows *rows)
{
    sqlite3_stmt *stmt = NULL;
    sqlite3 *raw = NULL;
    size_t len = 0;
    char path[400];
    *rows = (struct rows){.readable = false};
    snprintf(path, sizeof path, "file:%s?immutable=1", tenant_path);
    if (access(tenant_path, R_OK) == 0 &&
        sqlite3_open_v2(path, &raw, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(
            raw,
            "SELECT number, hex(source), hex(source_hash), hex(edition), hex(compiler_version),"
            " published_ms, published_by FROM version ORDER BY number",
            -1, &stmt, NULL) == SQLITE_OK) {
        int code;
        while ((code = sqlite3_step(stmt)) == SQLITE_ROW)
            for (int i = 0; i < 7 && len < sizeof rows->text - 600; i++) {
                const unsigned char *text = sqlite3_column_text(stmt, i);
                len +=
                    (size_t)snprintf(rows->text + len, 500, "%.480s|", text ? (const char *)text : "");
            }
        rows->readable = code == SQLITE_DONE;
    }
    (void)sqlite3_finalize(stmt);
    (void)sqlite3_close(raw);
}

/* The version's line of `rows`, against what our reader gave. */
static void version_holds(const struct rows *rows, const struct version_record *version)
{
    char want[1024];
    size_t len = (size_t)snprintf(want, sizeof want, "%u|", (unsigned)version->number);
    for (size_t i = 0; i < version->source.len && i < 200; i++)
        len += (size_t)snprintf(want + len, 3, "%02X", (unsigned)(unsigned char)version->source.ptr[i]);
    HOLDS(strstr(rows->text, want));
}

/* ---- all there is */

static void read_all(struct tenants *tenants, const struct harm *harm, const struct rows *rows,
                     bool clean)
{
    struct arena arena;
    struct form_page forms;
    struct draft_record draft;
    struct version_record version;
    struct audit_finding finding;
    struct str bytes;
    struct submission_page submissions;
    const struct submission_query query = {.form = STR("visa")};
    arena_init(&arena, mem_heap(), 64 << 20);
    enum status st = form_list(tenants, STR("acme"), STR(""), 10, &arena, &forms);
    HOLDS(!clean || (st == ST_OK && forms.count == 1));
    HOLDS(!harm->newer_store || harm->raw || st != ST_OK);
    for (uint32_t number = 1; number <= 2; number++) {
        st = version_find(tenants, STR("acme"), STR("visa"), number, &arena, &version);
        HOLDS(!clean || st == ST_OK);
        if (st == ST_OK && rows->readable && !harm->raw) version_holds(rows, &version);
        (void)artefact_find(tenants, STR("acme"), 1, number, STR("render"), STR("1"), &arena, &bytes);
    }
    (void)draft_find(tenants, STR("acme"), STR("visa"), &arena, &draft);
    (void)submission_list(tenants, STR("acme"), &query, 10, &arena, &submissions);
    (void)audit_examine(tenants, STR("acme"), &finding);
    (void)audit_examine(tenants, STR(""), &finding);
    arena_release(&arena);
}

static void write_some(struct tenants *tenants, const struct harm *harm, bool clean)
{
    struct arena arena;
    arena_init(&arena, mem_heap(), 64 << 20);
    struct write write = {.kind = WRITE_VERSION_PUBLISH,
                          .tenant = STR("acme"),
                          .arena = &arena,
                          .actor = {.who = STR("fuzzer"), .at_ms = 5}};
    write.version_publish = (struct version_publish){.form = STR("visa"),
                                                     .source = STR("the third"),
                                                     .edition = STR("2026"),
                                                     .compiler_version = STR("1")};
    enum status st = write_wait(tenants, &write);
    HOLDS(!clean || (st == ST_OK && write.version_publish.ret_version.number == 3));
    HOLDS(!harm->newer_store || harm->raw || st != ST_OK);
    arena_release(&arena);
}

static void use(const struct harm *harm, bool clean)
{
    struct rows before, after;
    struct tenants *tenants = NULL;
    struct tenants_options options = {.mem = mem_heap(), .directory = folder, .writers = 1};
    see_rows(&before);
    struct file file = read_whole(tenant_path);
    enum status st = tenants_open(&options, &tenants);
    HOLDS(!clean || st == ST_OK);
    if (harm->newer_system && !harm->raw) HOLDS(st == ST_NEWER);
    if (st == ST_OK) {
        read_all(tenants, harm, &before, clean);
        write_some(tenants, harm, clean);
        tenants_close(tenants);
    }
    see_rows(&after);
    if (before.readable && !harm->raw)
        HOLDS(strncmp(after.text, before.text, strlen(before.text)) == 0);
    if (harm->newer_store && !harm->raw) {
        struct file now = read_whole(tenant_path);
        HOLDS(now.size == file.size && memcmp(now.bytes, file.bytes, file.size) == 0);
        free(now.bytes);
    }
    free(file.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes bytes = {data, size};
    struct harm harm = {false};
    if (!systems[1].bytes) begin();
    int system = 1 + (int)bytes_take(&bytes, 1) % schema_version(&schema_system);
    int store = 1 + (int)bytes_take(&bytes, 1) % schema_version(&schema_tenant);
    empty_folder();
    write_whole(system_path, systems[system].bytes, systems[system].size);
    write_whole(tenant_path, stores[store].bytes, stores[store].size);
    for (int i = 0; i < 6 && bytes.left > 0; i++) do_harm(&bytes, &harm);
    use(&harm, !harm.raw && !harm.shell && !harm.marked);
    return 0;
}
