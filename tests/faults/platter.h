/* Platter: what a disk that loses has of one file: what is durable, and what came since it was last
 * synced.
 *
 *     platter_take(&platter, &change);            each change, as faulty_disk.h tells of it
 *     platter_lose(&platter, LOSS_SOME, &dice_state, &image);     the file as a power cut would leave
 * it
 *
 * Names are durable at once: whoever makes a file syncs the folder, and a journal that is deleted must
 * not come back is SQLite's own care. What a file holds is durable when it is synced; of the rest some
 * is lost, some is there, in any order, and some is torn, by sectors. */
#ifndef TESTS_FAULTS_PLATTER_H
#define TESTS_FAULTS_PLATTER_H

#include "tests/unit/faulty_disk.h"

#include <stdint.h>

enum { SECTOR_BYTES = 512 };

struct image {
    char *bytes;
    size_t len, room;
    bool there;
};

struct platter_change {
    enum disk_change_kind kind;
    sqlite3_int64 at;
    size_t len;
    char *bytes; /* its own */
};

struct platter {
    struct image durable;
    struct platter_change *pending;
    size_t pending_count, pending_room;
};

enum loss { LOSS_ALL, LOSS_NONE, LOSS_SOME, LOSS_TAIL, LOSSES };

static inline uint64_t platter_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static inline void image_resize(struct image *image, size_t len)
{
    if (len > image->room) {
        image->room = len * 2;
        image->bytes = realloc(image->bytes, image->room);
        if (!image->bytes) abort();
    }
    if (len > image->len) memset(image->bytes + image->len, 0, len - image->len);
    image->len = len;
}

static inline void image_write(struct image *image, sqlite3_int64 at, const void *bytes, size_t len)
{
    image->there = true;
    if ((size_t)at + len > image->len) image_resize(image, (size_t)at + len);
    if (len) memcpy(image->bytes + at, bytes, len);
}

static inline void image_apply(struct image *image, const struct platter_change *change)
{
    if (change->kind == DISK_WRITE) image_write(image, change->at, change->bytes, change->len);
    if (change->kind == DISK_TRUNCATE) image_resize(image, (size_t)change->at);
    if (change->kind == DISK_DELETE) {
        image_resize(image, 0);
        image->there = false;
    }
}

/* Some of its sectors, each of them whole. */
static inline void image_apply_torn(struct image *image, const struct platter_change *change,
                                    uint64_t *random)
{
    if (change->kind != DISK_WRITE) return;
    sqlite3_int64 end = change->at + (sqlite3_int64)change->len;
    for (sqlite3_int64 at = change->at, next; at < end; at = next) {
        next = (at / SECTOR_BYTES + 1) * SECTOR_BYTES;
        if (next > end) next = end;
        if (platter_random(random) & 1)
            image_write(image, at, change->bytes + (at - change->at), (size_t)(next - at));
    }
}

static inline void platter_forget(struct platter *platter)
{
    for (size_t i = 0; i < platter->pending_count; i++) free(platter->pending[i].bytes);
    platter->pending_count = 0;
}

static inline void platter_sync(struct platter *platter)
{
    for (size_t i = 0; i < platter->pending_count; i++)
        image_apply(&platter->durable, &platter->pending[i]);
    platter_forget(platter);
}

static inline void platter_add(struct platter *platter, const struct disk_change *change)
{
    if (platter->pending_count == platter->pending_room) {
        platter->pending_room = platter->pending_room ? platter->pending_room * 2 : 64;
        platter->pending = realloc(platter->pending, platter->pending_room * sizeof *platter->pending);
        if (!platter->pending) abort();
    }
    struct platter_change kept = {.kind = change->kind, .at = change->at, .len = (size_t)change->len};
    if (change->kind == DISK_WRITE) {
        kept.bytes = malloc(kept.len ? kept.len : 1);
        if (!kept.bytes) abort();
        if (kept.len) memcpy(kept.bytes, change->from, kept.len);
    }
    platter->pending[platter->pending_count++] = kept;
}

/* As an honest disk has it. */
static inline void platter_take(struct platter *platter, const struct disk_change *change)
{
    if (change->kind == DISK_SYNC) {
        platter_sync(platter);
    } else if (change->kind == DISK_DELETE) {
        platter_forget(platter);
        image_apply(&platter->durable, &(struct platter_change){.kind = DISK_DELETE});
    } else {
        platter_add(platter, change);
    }
}

/* The caller's to free. */
static inline void platter_lose(const struct platter *platter, enum loss loss, uint64_t *random,
                                struct image *ret_image)
{
    size_t whole = (size_t)(platter_random(random) % (platter->pending_count + 1));
    *ret_image = (struct image){.there = platter->durable.there ||
                                         (platter->pending_count && (platter_random(random) & 1))};
    if (platter->durable.len) image_write(ret_image, 0, platter->durable.bytes, platter->durable.len);
    for (size_t i = 0; i < platter->pending_count; i++) {
        const struct platter_change *change = &platter->pending[i];
        uint64_t dice = platter_random(random) % 4;
        if (loss == LOSS_NONE || (loss == LOSS_TAIL && i < whole) || (loss == LOSS_SOME && dice < 2))
            image_apply(ret_image, change);
        else if ((loss == LOSS_TAIL && i == whole) || (loss == LOSS_SOME && dice == 2))
            image_apply_torn(ret_image, change, random);
    }
}

static inline void platter_free(struct platter *platter)
{
    platter_forget(platter);
    free(platter->pending);
    free(platter->durable.bytes);
    *platter = (struct platter){.pending = NULL};
}

#endif
