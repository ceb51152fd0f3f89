#include "base/atlas.h"

#include "base/limits.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct entry {
    struct str name;
    const struct zone *zone;
};

struct atlas {
    struct mem *mem;
    struct arena arena;
    const char *folder; /* while it is read */
    struct entry *entries;
    struct name_table names;
    uint32_t count, capacity;
};

enum { PARTS_MAX = 3 }; /* America/Argentina/Ushuaia */

/* ---- reading them all */

static enum status add(struct atlas *atlas, struct str name, const struct zone *zone)
{
    if (atlas->count == limit(ZONES)) return ST_LIMIT;
    if (atlas->count == atlas->capacity) {
        uint32_t larger = atlas->capacity ? atlas->capacity * 2 : 512;
        struct entry *grown =
            arena_grow(&atlas->arena, atlas->entries, atlas->count, larger, sizeof *grown);
        if (!grown) return atlas->arena.refused ? ST_LIMIT : ST_NOMEM;
        atlas->entries = grown;
        atlas->capacity = larger;
    }
    struct str kept = arena_str(&atlas->arena, name);
    if (!kept.ptr) return atlas->arena.refused ? ST_LIMIT : ST_NOMEM;
    atlas->entries[atlas->count++] = (struct entry){kept, zone};
    return ST_OK;
}

/* What is no zone, or none that we can read, is passed over. */
static enum status add_file(struct atlas *atlas, struct str name)
{
    const struct zone *zone;
    enum status st = zone_open_in(&atlas->arena, atlas->folder, name, &zone);
    if (st == ST_ABSENT || st == ST_SYNTAX) return ST_OK;
    return st ? st : add(atlas, name, zone);
}

/* The whole tree once more, with and without leap seconds, and what each machine says for itself. */
static bool is_ours(struct str name)
{
    static const struct str others[] = {
        {"posix", 5}, {"right", 5}, {"localtime", 9}, {"posixrules", 10}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_eq(name, others[i])) return false;
    return !str_eq(name, STR("UTC")) && zone_name_valid(name);
}

static enum status add_folder(struct atlas *atlas, struct str name, int parts);

static enum status add_entry(struct atlas *atlas, struct str folder, const char *last, int parts)
{
    char text[LIMIT_ZONE_NAME_BYTES + 1];
    int len = snprintf(text, sizeof text, "%.*s%s%s", STR_ARG(folder), folder.len ? "/" : "", last);
    struct str name = {text, (size_t)len};
    if (name.len >= sizeof text || !is_ours(name)) return ST_OK;
    enum status st = parts < PARTS_MAX ? add_folder(atlas, name, parts + 1) : ST_ABSENT;
    return st == ST_ABSENT ? add_file(atlas, name) : st;
}

/* ST_ABSENT: it is no folder. */
static enum status add_folder(struct atlas *atlas, struct str name, int parts)
{
    char path[ZONE_PATH_BYTES];
    int len = snprintf(path, sizeof path, "%s/%.*s", atlas->folder, STR_ARG(name));
    if (len >= (int)sizeof path) return ST_ABSENT;
    DIR *folder = opendir(path);
    if (!folder) return errno == ENOTDIR || errno == ENOENT ? ST_ABSENT : ST_IO;
    enum status st = ST_OK;
    for (struct dirent *entry; !st && (entry = readdir(folder));)
        if (entry->d_name[0] != '.') st = add_entry(atlas, name, entry->d_name, parts);
    closedir(folder);
    return st;
}

static int compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return str_cmp(x->name, y->name);
}

/* The disk gives names in any order. */
static enum status put_in_order(struct atlas *atlas)
{
    struct str *names = ARENA_ARRAY(&atlas->arena, struct str, atlas->count);
    if (!names) return atlas->arena.refused ? ST_LIMIT : ST_NOMEM;
    qsort(atlas->entries, atlas->count, sizeof *atlas->entries, compare);
    for (uint32_t i = 0; i < atlas->count; i++) names[i] = atlas->entries[i].name;
    return name_table_build(&atlas->arena, names, atlas->count, &atlas->names);
}

static enum status fill(struct atlas *atlas)
{
    enum status st = add(atlas, STR("UTC"), zone_utc());
    if (!st) st = add_folder(atlas, STR(""), 1);
    return st && st != ST_ABSENT ? st : put_in_order(atlas);
}

enum status atlas_new(struct mem *mem, struct atlas **ret_atlas)
{
    return atlas_read(mem, ZONE_FOLDER, ret_atlas);
}

enum status atlas_read(struct mem *mem, const char *folder, struct atlas **ret_atlas)
{
    struct atlas *atlas = mem_zalloc(mem, sizeof *atlas);
    if (!atlas) return ST_NOMEM;
    atlas->mem = mem;
    atlas->folder = folder;
    arena_init_lean(&atlas->arena, mem, (size_t)limit(ZONES) * limit(ZONE_FILE_BYTES));
    enum status st = fill(atlas);
    if (st) {
        atlas_free(atlas);
        return st;
    }
    *ret_atlas = atlas;
    return ST_OK;
}

void atlas_free(struct atlas *atlas)
{
    if (!atlas) return;
    arena_release(&atlas->arena);
    mem_free(atlas->mem, atlas, sizeof *atlas);
}

/* ---- asking */

uint32_t atlas_count(const struct atlas *atlas)
{
    return atlas ? atlas->count : 1;
}

uint32_t atlas_find(const struct atlas *atlas, struct str name)
{
    if (atlas) return name_table_find(&atlas->names, name);
    return str_eq(name, STR("UTC")) ? 0 : NAME_ABSENT;
}

const struct zone *atlas_zone(const struct atlas *atlas, uint32_t number)
{
    return atlas ? atlas->entries[number].zone : zone_utc();
}

struct str atlas_name(const struct atlas *atlas, uint32_t number)
{
    return atlas ? atlas->entries[number].name : STR("UTC");
}
