#include "base/language.h"

#include <string.h>

/* ---- tags */

static char folded(char c)
{
    if (c == '_') return '-';
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool language_eq(struct str a, struct str b)
{
    if (a.len != b.len) return false;
    for (size_t i = 0; i < a.len; i++)
        if (folded(a.ptr[i]) != folded(b.ptr[i])) return false;
    return true;
}

/* Where the tag's last part begins, with its "-"; 0: it has only one. */
static size_t last_part(struct str tag)
{
    size_t at = tag.len;
    while (at > 0 && folded(tag.ptr[at - 1]) != '-') at--;
    return at > 0 ? at - 1 : 0;
}

/* "zh-Hant-TW" → "zh-Hant" → "zh" → "". A single letter goes with what followed it: "x" says nothing.
 */
static struct str shortened(struct str tag)
{
    tag.len = last_part(tag);
    size_t before = last_part(tag);
    if (before > 0 && tag.len - before == 2) tag.len = before;
    return tag;
}

uint32_t language_lookup(const struct str *tags, uint32_t count, struct str range)
{
    for (; range.len > 0; range = shortened(range))
        for (uint32_t i = 0; i < count; i++)
            if (language_eq(tags[i], range)) return i;
    return LANGUAGE_NONE;
}

/* ---- Accept-Language */

struct wish {
    struct str range;
    uint32_t quality; /* 0 .. 1000 */
};

static struct str trimmed(struct str text)
{
    while (text.len > 0 && strchr(" \t", text.ptr[0])) text = (struct str){text.ptr + 1, text.len - 1};
    while (text.len > 0 && strchr(" \t", text.ptr[text.len - 1])) text.len--;
    return text;
}

/* Up to `end`, which is taken off as well; the rest stays. */
static struct str cut_off(struct str *rest, char end)
{
    const char *found = rest->len ? memchr(rest->ptr, end, rest->len) : NULL;
    struct str head = {rest->ptr, found ? (size_t)(found - rest->ptr) : rest->len};
    size_t used = found ? head.len + 1 : head.len;
    *rest = (struct str){rest->ptr + used, rest->len - used};
    return trimmed(head);
}

/* qvalue = "0" [ "." 0*3DIGIT ] / "1" [ "." 0*3("0") ]. False: it is none. */
static bool read_quality(struct str text, uint32_t *ret_quality)
{
    if (text.len == 0 || text.len > 5 || text.ptr[0] < '0' || text.ptr[0] > '1') return false;
    if (text.len > 1 && text.ptr[1] != '.') return false;
    uint32_t quality = text.ptr[0] == '1' ? 1000 : 0, unit = 100;
    for (size_t i = 2; i < text.len; i++, unit /= 10) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') return false;
        quality += (uint32_t)(text.ptr[i] - '0') * unit;
    }
    if (quality > 1000) return false;
    *ret_quality = quality;
    return true;
}

/* Takes the next range off the list. False: it says nothing that can be read. */
static bool next_wish(struct str *list, struct wish *ret_wish)
{
    struct str entry = cut_off(list, ',');
    struct wish wish = {cut_off(&entry, ';'), 1000};
    while (entry.len > 0) {
        struct str value = cut_off(&entry, ';'), name = cut_off(&value, '=');
        if (language_eq(name, STR("q")) && !read_quality(value, &wish.quality)) return false;
    }
    *ret_wish = wish;
    return wish.range.len > 0;
}

static bool is_refused(struct str tag, struct str header)
{
    struct wish wish;
    while (header.len > 0)
        if (next_wish(&header, &wish) && wish.quality == 0 && language_eq(wish.range, tag)) return true;
    return false;
}

uint32_t language_negotiate(const struct str *tags, uint32_t count, struct str header)
{
    uint32_t best = LANGUAGE_NONE, quality = 0;
    struct str rest = header;
    struct wish wish;
    while (rest.len > 0) {
        if (!next_wish(&rest, &wish) || wish.quality <= quality) continue;
        uint32_t found = language_lookup(tags, count, wish.range);
        if (found == LANGUAGE_NONE || is_refused(tags[found], header)) continue;
        best = found;
        quality = wish.quality;
    }
    return best;
}

/* ---- which way it is written */

static struct str first_part(struct str tag)
{
    size_t len = 0;
    while (len < tag.len && folded(tag.ptr[len]) != '-') len++;
    return (struct str){tag.ptr, len};
}

/* The part of four letters; empty: it names none. */
static struct str script_of(struct str tag)
{
    while (tag.len > 0) {
        struct str part = first_part(tag);
        if (part.len == 4 && folded(part.ptr[0]) > '9') return part;
        size_t used = part.len < tag.len ? part.len + 1 : part.len;
        tag = (struct str){tag.ptr + used, tag.len - used};
    }
    return tag;
}

bool language_is_right_to_left(struct str tag)
{
    static const struct str scripts[] = {
#define SCRIPT(code) {(code), sizeof(code) - 1},
#define LANGUAGE(code)
#include "base/direction.def"
#undef SCRIPT
#undef LANGUAGE
    };
    static const struct str languages[] = {
#define SCRIPT(code)
#define LANGUAGE(code) {(code), sizeof(code) - 1},
#include "base/direction.def"
#undef SCRIPT
#undef LANGUAGE
    };
    struct str script = script_of(tag);
    if (script.len > 0)
        return language_lookup(scripts, sizeof scripts / sizeof *scripts, script) != LANGUAGE_NONE;
    return language_lookup(languages, sizeof languages / sizeof *languages, first_part(tag)) !=
           LANGUAGE_NONE;
}
