/* Atlas: every time zone that the system has, read once.
 *
 *     st = atlas_new(mem_heap(), &atlas);
 *     uint32_t number = atlas_find(atlas, STR("Europe/Berlin"));     NAME_ABSENT: there is none
 *     atlas_zone(atlas, number)                                      see base/zone.h
 *
 * For names that strangers write: whoever asks touches no disk. Names that mean something else on
 * another machine (localtime) or the same once more (posix/…) are none. "UTC" is always there.
 * Immutable: any number of threads may ask. */
#ifndef BASE_ATLAS_H
#define BASE_ATLAS_H

#include "base/hash.h"
#include "base/zone.h"

struct atlas;

/* ST_IO: what is there cannot be read; ST_LIMIT, ST_NOMEM. A system without zones has UTC. */
enum status atlas_new(struct mem *mem, struct atlas **ret_atlas) MUST_USE;
/* The same of another folder. */
enum status atlas_read(struct mem *mem, const char *folder, struct atlas **ret_atlas) MUST_USE;
/* NULL is fine. */
void atlas_free(struct atlas *atlas);

uint32_t atlas_count(const struct atlas *atlas);
/* The zone's number, in the order of the names, or NAME_ABSENT. Case matters. Without an atlas there is
 * UTC, here and below. */
uint32_t atlas_find(const struct atlas *atlas, struct str name);
const struct zone *atlas_zone(const struct atlas *atlas, uint32_t number);
struct str atlas_name(const struct atlas *atlas, uint32_t number);

#endif
