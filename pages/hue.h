/* Hue: an opaque colour of sRGB, read strictly, mixed and held against another.
 *
 *     hue_read(STR("oklch(0.55 0.2 262)"), &accent)         HUE_OK; written again by hue_put():
 * "#1d4ed8" hue_contrast(accent, background)                      770: 7.7:1, as WCAG 2.2 works it out
 *
 * What is read is `#rgb`, `#rrggbb` and `oklch(L C H)` without alpha: all else could not be judged, or
 * is no colour. */
#ifndef PAGES_HUE_H
#define PAGES_HUE_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct hue {
    uint8_t red, green, blue;
};

enum hue_fault { HUE_OK, HUE_MALFORMED, HUE_OUTSIDE /* of sRGB: what browsers make of it is theirs */ };

enum hue_fault hue_read(struct str text, struct hue *ret_hue);
/* "#1d4ed8" */
void hue_put(struct hue hue, struct buf *out);
/* `percent` of one and the rest of the other, as color-mix(in srgb, …) does it. */
struct hue hue_mix(struct hue one, struct hue other, uint32_t percent);
/* In hundredths, cut off: 100 to 2100. */
uint32_t hue_contrast(struct hue one, struct hue other);

#endif
