#include "cli/beside.h"

#include <errno.h>
#include <string.h>

static char *read_stream(struct arena *arena, FILE *file, size_t bytes_max, size_t *ret_len)
{
    size_t size = 1 << 16, len = 0;
    char *text = arena_alloc(arena, size);
    while (text) {
        len += fread(text + len, 1, size - len, file);
        if (len < size || len > bytes_max) break;
        text = arena_grow(arena, text, size, size * 2, 1);
        size *= 2;
    }
    *ret_len = len;
    return text;
}

bool beside_read(struct arena *arena, const char *path, size_t bytes_max, struct str *ret_text)
{
    FILE *file = fopen(path, "rb");
    size_t len;
    if (!file) return false;
    char *text = read_stream(arena, file, bytes_max, &len);
    bool bad = ferror(file) != 0;
    fclose(file);
    errno = !text ? ENOMEM : len > bytes_max ? EFBIG : bad ? EIO : 0;
    if (errno) return false;
    *ret_text = (struct str){text, len};
    return true;
}

/* "visit.wards.csv" beside the form, or "wards.csv" in the folder. */
static bool read_csv(struct beside *beside, struct str name, struct str *ret_path, struct str *ret_csv)
{
    int stem = (int)(strlen(beside->form) - strlen(".form"));
    *ret_path = arena_printf(beside->arena, "%.*s.%.*s.csv", stem, beside->form, STR_ARG(name));
    if (ret_path->ptr && beside_read(beside->arena, ret_path->ptr, limit(TABLE_BYTES), ret_csv))
        return true;
    if (!beside->folder) return false;
    *ret_path = arena_printf(beside->arena, "%s/%.*s.csv", beside->folder, STR_ARG(name));
    return ret_path->ptr && beside_read(beside->arena, ret_path->ptr, limit(TABLE_BYTES), ret_csv);
}

static enum status add(struct beside *beside, struct str name, struct sheet **ret_sheet)
{
    struct str path, csv;
    struct sheet_fault fault;
    if (beside->count == limit(TABLES)) return ST_ABSENT; /* the compiler has its say on too many */
    if (!read_csv(beside, name, &path, &csv)) {
        if (!beside->missing.len) beside->missing = arena_str(beside->arena, name);
        return ST_ABSENT;
    }
    enum status st = sheet_new(mem_heap(), csv, ret_sheet, &fault);
    if (st == ST_INPUT) {
        beside->fault = arena_printf(beside->arena, "%.*s:%u: %s", STR_ARG(path), (unsigned)fault.line,
                                     fault.reason);
        return ST_ABSENT;
    }
    if (st) return st;
    beside->names[beside->count] = arena_str(beside->arena, name);
    beside->sheets[beside->count++] = *ret_sheet;
    return ST_OK;
}

static enum status find(void *user, struct str name, uint32_t version, struct sheet **ret_sheet,
                        uint32_t *ret_version)
{
    struct beside *beside = user;
    *ret_version = version ? version : 1;
    for (uint32_t i = 0; i < beside->count; i++) {
        *ret_sheet = beside->sheets[i];
        if (str_eq(beside->names[i], name)) return ST_OK;
    }
    return add(beside, name, ret_sheet);
}

void beside_open(struct beside *beside, struct arena *arena, const char *form, const char *folder)
{
    *beside = (struct beside){.arena = arena, .form = form, .folder = folder};
    beside->tables = (struct dsl_tables){find, beside};
}

void beside_close(struct beside *beside)
{
    for (uint32_t i = 0; i < beside->count; i++) sheet_release(beside->sheets[i]);
    beside->count = 0;
}
