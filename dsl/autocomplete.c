#include "dsl/autocomplete.h"

#include "base/diag.h"

static const struct {
    struct str token;
    bool contact;
} fields[] = {
#define FIELD(token) {{token, sizeof(token) - 1}, false},
#define CONTACT(token) {{token, sizeof(token) - 1}, true},
#include "dsl/autocomplete.def"
#undef FIELD
#undef CONTACT
};

enum { FIELD_COUNT = sizeof fields / sizeof *fields };

static bool is_one_of(struct str word, const char *const *words)
{
    for (; *words; words++)
        if (str_eq(word, str_of(*words))) return true;
    return false;
}

/* The next word, cut off the front; len 0 at the end. */
static struct str next_word(struct str *text)
{
    while (text->len > 0 && text->ptr[0] == ' ') text->ptr++, text->len--;
    struct str word = {text->ptr, 0};
    while (word.len < text->len && text->ptr[word.len] != ' ') word.len++;
    text->ptr += word.len;
    text->len -= word.len;
    return word;
}

static bool is_field(struct str word, bool contact_only)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (str_eq(word, fields[i].token)) return fields[i].contact || !contact_only;
    return false;
}

/* In this order, all but the field may be left out: section-…, shipping or billing, home …, the field,
 * webauthn. */
bool autocomplete_valid(struct str text, struct str *reterr_word)
{
    static const char *const switches[] = {"on", "off", NULL}, *const kinds[] = {"shipping", "billing",
                                                                                 NULL};
    static const char *const places[] = {"home", "work", "mobile", "fax", "pager", NULL},
                             *const last[] = {"webauthn", NULL};
    struct str word = next_word(&text);
    bool alone = is_one_of(word, switches), contact = false;
    if (!alone) {
        if (str_starts(word, STR("section-"))) word = next_word(&text);
        if (is_one_of(word, kinds)) word = next_word(&text);
        contact = is_one_of(word, places);
        if (contact) word = next_word(&text);
    }
    *reterr_word = word;
    if (!alone && !is_field(word, contact)) return false;
    word = next_word(&text);
    if (!alone && is_one_of(word, last)) word = next_word(&text);
    *reterr_word = word;
    return word.len == 0;
}

struct str autocomplete_nearest(struct str word)
{
    struct str tokens[FIELD_COUNT];
    for (size_t i = 0; i < FIELD_COUNT; i++) tokens[i] = fields[i].token;
    return nearest_word(word, tokens, FIELD_COUNT);
}
