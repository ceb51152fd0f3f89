/* Entry: what pages tell each other about places in the answers. Inside of pages/ only.
 *
 * A control's name is its JSON Pointer without the first slash. What stands behind a field's own is a
 * part of its answer: "born/day", "colour/other", "ranks/2". */
#ifndef PAGES_ENTRY_H
#define PAGES_ENTRY_H

#include "pages/pages.h"

/* The value of the radio button or checkbox beside which a text is written in. Browsers send a
 * control's value, so it can be no code's. */
#define ENTRY_OTHER STR("~other~")
/* Names of our own. */
#define ENTRY_ASKED STR("_asked")

#endif
