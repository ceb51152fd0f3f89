#include "pages/endonym.h"

#include "base/language.h"

static const struct {
    struct str tag, name;
} endonyms[] = {
#define ENDONYM(tag, name) {{(tag), sizeof(tag) - 1}, {(name), sizeof(name) - 1}},
#include "pages/endonym.def"
#undef ENDONYM
};
enum { ENDONYM_COUNT = sizeof endonyms / sizeof *endonyms };

struct str endonym_find(struct str tag)
{
    struct str tags[ENDONYM_COUNT];
    for (size_t i = 0; i < ENDONYM_COUNT; i++) tags[i] = endonyms[i].tag;
    uint32_t found = language_lookup(tags, ENDONYM_COUNT, tag);
    return found == LANGUAGE_NONE ? tag : endonyms[found].name;
}
