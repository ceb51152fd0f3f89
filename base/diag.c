#include "base/diag.h"

#include "base/json.h"
#include "base/print.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

enum { SHOWN_BEFORE = 80, SHOWN_AFTER = 100 }; /* bytes of a long line shown around the place */

void diags_init(struct diags *diags, struct arena *arena, uint32_t count_max)
{
    *diags = (struct diags){.arena = arena, .count_max = count_max};
}

/* An error takes the place of the last warning: whoever mends errors first wants to see them. */
static bool make_way(struct diags *diags, enum diag_severity severity)
{
    for (uint32_t i = diags->count; severity == DIAG_ERROR && i-- > 0;) {
        if (diags->items[i].severity != DIAG_WARNING) continue;
        memmove(diags->items + i, diags->items + i + 1, (diags->count - i - 1) * sizeof *diags->items);
        diags->count--;
        return true;
    }
    return false;
}

static bool has_room(struct diags *diags, enum diag_severity severity)
{
    if (diags->count == diags->count_max) return make_way(diags, severity);
    if (diags->count < diags->capacity) return true;
    uint32_t capacity = diags->capacity ? diags->capacity * 2 : 8;
    struct diag *items =
        arena_grow(diags->arena, diags->items, diags->capacity, capacity, sizeof *items);
    if (!items) return false;
    diags->items = items;
    diags->capacity = capacity;
    return true;
}

static void count_it(struct diags *diags, enum diag_severity severity)
{
    if (severity == DIAG_ERROR) diags->errors++;
    else diags->warnings++;
}

struct diag *diag_add(struct diags *diags, enum diag_severity severity, const char *code,
                      struct span span, struct str message, const char *hint)
{
    count_it(diags, severity);
    if (!has_room(diags, severity)) return NULL;
    struct str kept = arena_str(diags->arena, message);
    struct str kept_hint = hint ? arena_str(diags->arena, str_of(hint)) : (struct str){NULL, 0};
    if (!kept.ptr) return NULL;
    struct diag *diag = &diags->items[diags->count++];
    *diag = (struct diag){
        .severity = severity, .code = code, .span = span, .message = kept, .hint = kept_hint};
    return diag;
}

struct diag *diag_addf(struct diags *diags, enum diag_severity severity, const char *code,
                       struct span span, const char *hint, const char *format, ...)
{
    char message[1024]; /* longer ones are cut; names in them are at most NAME_BYTES */
    va_list args;
    va_start(args, format);
    size_t len = print(message, sizeof message, format, args);
    va_end(args);
    size_t kept = len < sizeof message ? len : sizeof message - 1;
    if (len >= sizeof message) kept = utf8_valid_len((struct str){message, kept});
    return diag_add(diags, severity, code, span, (struct str){message, kept}, hint);
}

void diags_replace(struct diags *diags, const struct diags *before, const struct diags *other)
{
    struct diags_more more = diags_more(other);
    assert(before->count <= diags->count);
    diags->count = before->count;
    diags->errors = before->errors;
    diags->warnings = before->warnings;
    for (uint32_t i = 0; i < other->count; i++) {
        const struct diag *from = &other->items[i];
        const char *hint = from->hint.len ? from->hint.ptr : NULL;
        struct diag *diag =
            diag_add(diags, from->severity, from->code, from->span, from->message, NULL);
        if (!diag) continue;
        if (hint) diag->hint = arena_str(diags->arena, from->hint);
        diag->related = from->related;
        diag->related_message = from->related_message;
    }
    diags->errors += more.errors;
    diags->warnings += more.warnings;
}

static int order_of(const struct diag *a, const struct diag *b)
{
    if (a->span.offset != b->span.offset) return a->span.offset < b->span.offset ? -1 : 1;
    return strcmp(a->code, b->code);
}

/* Insertion: stable, and the list is short by its maximum. */
void diags_sort(struct diags *diags)
{
    for (uint32_t i = 1; i < diags->count; i++) {
        struct diag moving = diags->items[i];
        uint32_t at = i;
        for (; at > 0 && order_of(&diags->items[at - 1], &moving) > 0; at--)
            diags->items[at] = diags->items[at - 1];
        diags->items[at] = moving;
    }
}

static size_t line_start(struct str source, size_t offset)
{
    while (offset > 0 && source.ptr[offset - 1] != '\n') offset--;
    return offset;
}

static size_t line_end(struct str source, size_t offset)
{
    while (offset < source.len && source.ptr[offset] != '\n') offset++;
    if (offset > 0 && offset < source.len && source.ptr[offset - 1] == '\r') offset--;
    return offset;
}

struct line_column line_column_of(struct str source, uint32_t offset)
{
    size_t end = offset < source.len ? offset : source.len;
    struct line_column place = {1, 1};
    for (size_t i = 0; i < end; i++)
        if (source.ptr[i] == '\n') place.line++;
    for (size_t i = line_start(source, end); i < end;) {
        size_t len = utf8_next((struct str){source.ptr + i, source.len - i}, NULL);
        i += len ? len : 1; /* a byte that is no UTF-8 counts as one column */
        place.column++;
        if (i > end)
            place.column--; /* the offset lies inside a code point: the column is that code point's */
    }
    return place;
}

/* Text of unknown origin onto a terminal: what could steer the terminal or is no UTF-8 becomes U+FFFD.
 */
static void put_safely(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len;) {
        uint32_t code;
        size_t len = utf8_next((struct str){text.ptr + i, text.len - i}, &code);
        bool plain = len && code >= 0x20 && !(code >= 0x7f && code < 0xa0);
        if (plain || (len && code == '\t')) buf_put(out, (struct str){text.ptr + i, len});
        else buf_puts(out, "\xef\xbf\xbd");
        i += len ? len : 1;
    }
}

/* What of the line is shown: all of it, or a window around the span when it is long. */
struct shown {
    size_t start, end; /* bytes of the source */
    bool cut_before, cut_after;
};

static bool inside_code_point(struct str source, size_t offset)
{
    return offset < source.len && ((unsigned char)source.ptr[offset] & 0xc0) == 0x80;
}

static struct shown shown_of(struct str source, size_t offset)
{
    struct shown shown = {line_start(source, offset), line_end(source, offset), false, false};
    if (offset > shown.start + SHOWN_BEFORE) {
        shown.start = offset - SHOWN_BEFORE;
        while (shown.start < offset && inside_code_point(source, shown.start)) shown.start++;
        shown.cut_before = true;
    }
    if (shown.end > offset + SHOWN_AFTER) {
        shown.end = offset + SHOWN_AFTER;
        while (shown.end > offset && inside_code_point(source, shown.end)) shown.end--;
        shown.cut_after = true;
    }
    return shown;
}

/* Blanks under what comes before the span (tabs stay tabs), then carets under it; at least one. */
static void put_carets(struct buf *out, struct str source, struct shown shown, struct span span)
{
    size_t span_end = (size_t)span.offset + span.len;
    for (size_t i = shown.start; i < span.offset && i < shown.end;) {
        size_t len = utf8_next((struct str){source.ptr + i, source.len - i}, NULL);
        buf_putc(out, source.ptr[i] == '\t' ? '\t' : ' ');
        i += len ? len : 1;
    }
    buf_putc(out, '^');
    for (size_t i = span.offset; i < span_end && i < shown.end;) {
        size_t len = utf8_next((struct str){source.ptr + i, source.len - i}, NULL);
        if (i != span.offset) buf_putc(out, '^');
        i += len ? len : 1;
    }
}

static void put_place(struct buf *out, struct str source, struct span span)
{
    size_t offset = span.offset < source.len ? span.offset : source.len;
    span.offset = (uint32_t)offset;
    struct shown shown = shown_of(source, offset);
    uint32_t line = line_column_of(source, span.offset).line;
    buf_printf(out, "%5u | %s", line, shown.cut_before ? "…" : "");
    put_safely(out, (struct str){source.ptr + shown.start, shown.end - shown.start});
    buf_printf(out, "%s\n      | %s", shown.cut_after ? "…" : "", shown.cut_before ? " " : "");
    put_carets(out, source, shown, span);
    buf_putc(out, '\n');
}

static void put_head(struct buf *out, struct str file, struct str source, struct span span)
{
    struct line_column place = line_column_of(source, span.offset);
    put_safely(out, file);
    buf_printf(out, ":%u:%u: ", place.line, place.column);
}

static void put_diag(const struct diag *diag, struct str file, struct str source, struct buf *out)
{
    put_head(out, file, source, diag->span);
    buf_printf(out, "%s[%s]: ", diag->severity == DIAG_ERROR ? "error" : "warning", diag->code);
    put_safely(out, diag->message);
    buf_putc(out, '\n');
    put_place(out, source, diag->span);
    if (diag->hint.len) {
        buf_puts(out, "      = hint: ");
        put_safely(out, diag->hint);
        buf_putc(out, '\n');
    }
    if (diag->related.len) {
        put_head(out, file, source, diag->related);
        buf_puts(out, "note: ");
        put_safely(out, diag->related_message);
        buf_putc(out, '\n');
        put_place(out, source, diag->related);
    }
}

struct diags_more diags_more(const struct diags *diags)
{
    struct diags_more more = {diags->errors, diags->warnings};
    for (uint32_t i = 0; i < diags->count; i++)
        if (diags->items[i].severity == DIAG_ERROR) more.errors--;
        else more.warnings--;
    return more;
}

static void put_count(struct buf *out, uint32_t count, const char *what)
{
    buf_printf(out, "%u %s%s", count, what, count == 1 ? "" : "s");
}

static void put_more(const struct diags *diags, struct buf *out)
{
    struct diags_more more = diags_more(diags);
    if (more.errors + more.warnings == 0) return;
    buf_puts(out, "… and ");
    if (more.errors) put_count(out, more.errors, "error");
    if (more.errors && more.warnings) buf_puts(out, " and ");
    if (more.warnings) put_count(out, more.warnings, "warning");
    buf_puts(out, " more; mend these first\n");
}

void diags_print(const struct diags *diags, struct str file, struct str source, struct buf *out)
{
    for (uint32_t i = 0; i < diags->count; i++) put_diag(&diags->items[i], file, source, out);
    put_more(diags, out);
}

static void put_span_json(struct json_writer *json, struct str source, struct span span)
{
    struct line_column place = line_column_of(source, span.offset);
    json_key(json, STR("line"));
    json_int(json, place.line);
    json_key(json, STR("column"));
    json_int(json, place.column);
    json_key(json, STR("offset"));
    json_int(json, span.offset);
    json_key(json, STR("length"));
    json_int(json, span.len);
}

static void put_text_json(struct json_writer *json, struct str key, struct str text)
{
    json_key(json, key);
    json_lossy(json, text);
}

static void put_diag_json(struct json_writer *json, const struct diag *diag, struct str source)
{
    json_object(json);
    put_text_json(json, STR("code"), str_of(diag->code));
    put_text_json(json, STR("severity"), diag->severity == DIAG_ERROR ? STR("error") : STR("warning"));
    put_text_json(json, STR("message"), diag->message);
    if (diag->hint.len) put_text_json(json, STR("hint"), diag->hint);
    put_span_json(json, source, diag->span);
    if (diag->related.len) {
        json_key(json, STR("related"));
        json_object(json);
        put_text_json(json, STR("message"), diag->related_message);
        put_span_json(json, source, diag->related);
        json_object_end(json);
    }
    json_object_end(json);
}

void diags_print_json(const struct diags *diags, struct str source, struct buf *out)
{
    struct json_writer json;
    json_writer_init(&json, out);
    json_array(&json);
    for (uint32_t i = 0; i < diags->count; i++) put_diag_json(&json, &diags->items[i], source);
    json_array_end(&json);
}

enum { WORD_MAX = 128 };

static uint32_t least(uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Edit distance in bytes where two neighbours swapped count once ("optimal string alignment"). */
static uint32_t distance(struct str a, struct str b)
{
    assert(a.len <= WORD_MAX && b.len <= WORD_MAX);
    uint32_t rows[3][WORD_MAX + 1];
    for (uint32_t j = 0; j <= b.len; j++) rows[0][j] = j;
    for (uint32_t i = 1; i <= a.len; i++) {
        uint32_t *now = rows[i % 3];
        const uint32_t *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
        now[0] = i;
        for (uint32_t j = 1; j <= b.len; j++) {
            bool same = a.ptr[i - 1] == b.ptr[j - 1];
            now[j] = least(before[j] + 1, now[j - 1] + 1, before[j - 1] + !same);
            bool swapped =
                i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1];
            if (swapped && earlier[j - 2] + 1 < now[j]) now[j] = earlier[j - 2] + 1;
        }
    }
    return rows[a.len % 3][b.len];
}

static char lower_ascii(char c)
{
    if (c >= 'A' && c <= 'Z') return (char)(c - 'A' + 'a');
    return c;
}

static bool same_but_for_case(struct str a, struct str b)
{
    if (a.len != b.len) return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower_ascii(a.ptr[i]) != lower_ascii(b.ptr[i])) return false;
    return true;
}

struct str nearest_word(struct str word, const struct str *candidates, size_t count)
{
    struct str best = {NULL, 0};
    uint32_t best_distance = (word.len > 3 ? (uint32_t)word.len : 3) / 3 + 1;
    for (size_t i = 0; i < count; i++) {
        struct str candidate = candidates[i];
        if (same_but_for_case(word, candidate)) return candidate;
        size_t gap = word.len > candidate.len ? word.len - candidate.len : candidate.len - word.len;
        if (gap >= best_distance || word.len > WORD_MAX || candidate.len > WORD_MAX) continue;
        uint32_t d = distance(word, candidate);
        if (d >= best_distance || d >= word.len) continue;
        best = candidate;
        best_distance = d;
    }
    return best;
}
