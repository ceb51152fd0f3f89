#include "dsl/pattern.h"

#include "base/limits.h"
#include "base/utf8.h"

#include <assert.h>
#include <string.h>

enum { CODE_MAX = 0x10ffff, SURROGATE_FIRST = 0xd800, SURROGATE_LAST = 0xdfff, NO_CODE = -1 };

/* Ranges on their way to a class: in any order, overlapping. */
struct range_list {
    struct pattern_range *items;
    uint32_t count, room;
};

struct pattern_reader {
    struct arena *arena;
    struct categories *categories;
    struct str text;
    size_t at;
    uint32_t depth; /* of groups */
    struct pattern_fault *fault;
};

static enum status out_of_room(const struct arena *arena)
{
    return arena->refused ? ST_LIMIT : ST_NOMEM;
}

static enum status complain(struct pattern_reader *reader, size_t from, const char *code,
                            struct str message, const char *hint)
{
    if (!message.ptr) return out_of_room(reader->arena);
    size_t len = reader->at > from ? reader->at - from : 0;
    *reader->fault = (struct pattern_fault){(uint32_t)from, (uint32_t)len, code, message, hint};
    return ST_INPUT;
}

static bool at_end(const struct pattern_reader *reader)
{
    return reader->at == reader->text.len;
}

/* The byte at `ahead` from here, or 0. A pattern holds no NUL that would matter: it stands for itself.
 */
static char peek(const struct pattern_reader *reader, size_t ahead)
{
    return reader->at + ahead < reader->text.len ? reader->text.ptr[reader->at + ahead] : '\0';
}

static bool take(struct pattern_reader *reader, char c)
{
    if (at_end(reader) || reader->text.ptr[reader->at] != c) return false;
    reader->at++;
    return true;
}

static uint32_t take_code(struct pattern_reader *reader)
{
    uint32_t code;
    struct str rest = {reader->text.ptr + reader->at, reader->text.len - reader->at};
    size_t len = utf8_next(rest, &code);
    assert(len > 0);
    reader->at += len;
    return code;
}

/* ---- classes */

static enum status range_add(struct arena *arena, struct range_list *list, uint32_t from, uint32_t to)
{
    if (list->count == list->room) {
        uint32_t room = list->room ? list->room * 2 : 4;
        struct pattern_range *items = arena_grow(arena, list->items, list->room, room, sizeof *items);
        if (!items) return out_of_room(arena);
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = (struct pattern_range){from, to};
    return ST_OK;
}

static void sift_down(struct pattern_range *items, uint32_t at, uint32_t count)
{
    for (uint32_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && items[child + 1].from > items[child].from) child++;
        if (items[at].from >= items[child].from) return;
        struct pattern_range swap = items[at];
        items[at] = items[child];
        items[child] = swap;
    }
}

/* Heap sort: no recursion, no worst case. */
static void range_sort(struct range_list *list)
{
    for (uint32_t i = list->count / 2; i-- > 0;) sift_down(list->items, i, list->count);
    for (uint32_t end = list->count; end-- > 1;) {
        struct pattern_range swap = list->items[0];
        list->items[0] = list->items[end];
        list->items[end] = swap;
        sift_down(list->items, 0, end);
    }
}

/* Sorted, and none touching another. */
static void range_merge(struct range_list *list)
{
    if (list->count == 0) return;
    range_sort(list);
    uint32_t last = 0;
    for (uint32_t i = 1; i < list->count; i++) {
        struct pattern_range next = list->items[i];
        struct pattern_range *top = &list->items[last];
        if (next.from > top->to + 1) list->items[++last] = next;
        else if (next.to > top->to) top->to = next.to;
    }
    list->count = last + 1;
}

/* All that a merged list does not hold. */
static enum status range_complement(struct arena *arena, const struct range_list *list,
                                    struct range_list *ret_list)
{
    uint32_t from = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        enum status st = ST_OK;
        if (list->items[i].from > from) st = range_add(arena, ret_list, from, list->items[i].from - 1);
        if (st) return st;
        from = list->items[i].to + 1;
    }
    return from <= CODE_MAX ? range_add(arena, ret_list, from, CODE_MAX) : ST_OK;
}

static enum status pattern_new(struct arena *arena, enum pattern_kind kind,
                               struct pattern **ret_pattern)
{
    struct pattern *pattern = ARENA_NEW(arena, struct pattern);
    if (!pattern) return out_of_room(arena);
    pattern->kind = kind;
    *ret_pattern = pattern;
    return ST_OK;
}

/* A class of what `list` holds, or of all else. Surrogates are no characters and never in it. */
static enum status class_new(struct arena *arena, struct range_list *list, bool negated,
                             struct pattern **ret_class)
{
    enum status st = ST_OK;
    struct range_list inside = {0}, outside = {0};
    if (!negated) {
        range_merge(list);
        st = range_complement(arena, list, &outside);
    } else {
        outside = *list;
    }
    if (!st) st = range_add(arena, &outside, SURROGATE_FIRST, SURROGATE_LAST);
    if (st) return st;
    range_merge(&outside);
    st = range_complement(arena, &outside, &inside);
    if (!st) st = pattern_new(arena, PATTERN_CLASS, ret_class);
    if (st) return st;
    (*ret_class)->ranges = inside.items;
    (*ret_class)->range_count = inside.count;
    return ST_OK;
}

static enum status class_of_code(struct arena *arena, uint32_t code, struct pattern **ret_class)
{
    struct range_list list = {0};
    enum status st = range_add(arena, &list, code, code);
    return st ? st : class_new(arena, &list, false, ret_class);
}

/* ---- escapes */

/* What I-Regexp left out of other dialects, and what to write instead. */
static const struct {
    char letter;
    const char *hint;
} foreign_escapes[] = {
    {'d', "write [0-9]"},
    {'D', "write [^0-9]"},
    {'w', "write [A-Za-z0-9_]"},
    {'W', "write [^A-Za-z0-9_]"},
    {'s', "write [ \\t\\n\\r]"},
    {'S', "write [^ \\t\\n\\r]"},
    {'b', "there are no word boundaries: the pattern describes the whole text"},
    {'B', "there are no word boundaries: the pattern describes the whole text"},
    {'A', "leave it out: the pattern describes the whole text"},
    {'z', "leave it out: the pattern describes the whole text"},
    {'Z', "leave it out: the pattern describes the whole text"},
    {'i', "name the characters in [...]"},
    {'c', "name the characters in [...]"},
    {'u', "write the character itself, or \\u{...} with one backslash in the definition"},
    {'x', "write the character itself, or \\u{...} with one backslash in the definition"},
    {'$', "write [$]"},
    {'/', "write / without a backslash"},
    {'"', "write a quote without a second backslash"},
};

static enum status complain_escape(struct pattern_reader *reader, size_t from)
{
    if (at_end(reader))
        return complain(reader, from, "E0170", STR("the pattern ends in a backslash"),
                        "write \\\\ for a backslash");
    char letter = peek(reader, 0);
    const char *hint = "only ( ) * + - . ? [ ] \\ ^ { | } n r t p{...} P{...} may follow a backslash";
    for (size_t i = 0; i < sizeof foreign_escapes / sizeof foreign_escapes[0]; i++)
        if (foreign_escapes[i].letter == letter) hint = foreign_escapes[i].hint;
    if (letter >= '0' && letter <= '9') hint = "there are no references to groups";
    take_code(reader);
    struct str seen = {reader->text.ptr + from, reader->at - from};
    struct str message = arena_printf(reader->arena, "I-Regexp has no %.*s", STR_ARG(seen));
    return complain(reader, from, "E0171", message, hint);
}

/* The character behind a backslash, or NO_CODE when it is none of I-Regexp's. */
static int32_t single_escape(char letter)
{
    switch (letter) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case '\0':
        return NO_CODE;
    default:
        return strchr("()*+-.?[\\]^{|}", letter) ? letter : NO_CODE;
    }
}

/* After the backslash: a character. */
static enum status take_escape(struct pattern_reader *reader, uint32_t *ret_code)
{
    int32_t code = single_escape(peek(reader, 0));
    if (code == NO_CODE) return complain_escape(reader, reader->at - 1);
    reader->at++;
    *ret_code = (uint32_t)code;
    return ST_OK;
}

static enum status add_category(struct pattern_reader *reader, struct str name, bool negated,
                                struct range_list *list)
{
    enum status st = categories_load(reader->categories, reader->arena);
    for (uint32_t i = 0; !st && i < reader->categories->count; i++) {
        const struct category_run *run = &reader->categories->runs[i];
        if (category_run_has(run, name) != negated)
            st = range_add(reader->arena, list, run->from, run->to);
    }
    return st;
}

static bool at_category(const struct pattern_reader *reader)
{
    return peek(reader, 0) == '\\' && (peek(reader, 1) == 'p' || peek(reader, 1) == 'P');
}

/* \p{Lu} or \P{Lu}: its characters. */
static enum status take_category(struct pattern_reader *reader, struct range_list *list)
{
    size_t from = reader->at;
    bool negated = peek(reader, 1) == 'P';
    reader->at += 2;
    const char *hint = "write \\p{L}, \\p{Lu}, \\p{Nd} and the like";
    if (!take(reader, '{'))
        return complain(reader, from, "E0170", STR("a category stands in braces"), hint);
    const char *start = reader->text.ptr + reader->at;
    while (!at_end(reader) && peek(reader, 0) != '}') take_code(reader);
    struct str name = {start, (size_t)(reader->text.ptr + reader->at - start)};
    if (!take(reader, '}'))
        return complain(reader, from, "E0170", STR("a category's brace is not closed"), hint);
    if (category_known(name)) return add_category(reader, name, negated, list);
    struct str message =
        arena_printf(reader->arena, "I-Regexp knows no category \"%.*s\"", STR_ARG(name));
    return complain(reader, from, "E0171", message, hint);
}

/* ---- [...] */

static enum status take_class_char(struct pattern_reader *reader, uint32_t *ret_code)
{
    size_t from = reader->at;
    if (take(reader, '\\')) return take_escape(reader, ret_code);
    if (peek(reader, 0) == '[') {
        reader->at++;
        const char *hint =
            peek(reader, 0) == ':' ? "there are no [:names:]; write \\p{...}" : "write \\[";
        return complain(reader, from, "E0171", STR("a \"[\" inside brackets must be escaped"), hint);
    }
    if (peek(reader, 0) == '-') {
        reader->at++;
        return complain(reader, from, "E0171", STR("a \"-\" here must be escaped"),
                        "write \\-, or put it first or last");
    }
    *ret_code = take_code(reader);
    return ST_OK;
}

/* Whether the "-" here makes a range: at the end of the brackets it is a character. */
static bool at_range(const struct pattern_reader *reader)
{
    return peek(reader, 0) == '-' && peek(reader, 1) != ']';
}

/* x, x-y, \p{..} */
static enum status take_class_item(struct pattern_reader *reader, struct range_list *list)
{
    if (at_category(reader)) return take_category(reader, list);
    size_t from = reader->at;
    uint32_t low;
    enum status st = take_class_char(reader, &low);
    if (st) return st;
    uint32_t high = low;
    if (at_range(reader)) {
        reader->at++;
        if (at_end(reader))
            return complain(reader, from, "E0170", STR("the bracket is not closed"), NULL);
        if (at_category(reader))
            return complain(reader, from, "E0171", STR("a range ends in one character"), NULL);
        st = take_class_char(reader, &high);
        if (st) return st;
    }
    if (low > high)
        return complain(reader, from, "E0170", STR("the range is the wrong way round"),
                        "put the smaller one first");
    return range_add(reader->arena, list, low, high);
}

/* After the "[". */
static enum status take_brackets(struct pattern_reader *reader, struct pattern **ret_pattern)
{
    size_t from = reader->at - 1;
    bool negated = take(reader, '^');
    struct range_list list = {0};
    enum status st = ST_OK;
    if (peek(reader, 0) == ']')
        return complain(reader, from, "E0170", STR("the brackets are empty"),
                        "write \\] for the character ]");
    if (take(reader, '-')) st = range_add(reader->arena, &list, '-', '-');
    while (!st && !at_end(reader) && peek(reader, 0) != ']') {
        bool last_dash = peek(reader, 0) == '-' && peek(reader, 1) == ']';
        if (last_dash) reader->at++;
        st = last_dash ? range_add(reader->arena, &list, '-', '-') : take_class_item(reader, &list);
    }
    if (st) return st;
    if (!take(reader, ']'))
        return complain(reader, from, "E0170", STR("the bracket is not closed"), NULL);
    return class_new(reader->arena, &list, negated, ret_pattern);
}

/* ---- the grammar */

static enum status take_choice(struct pattern_reader *reader, struct pattern **ret_pattern);

/* After the "(". */
static enum status take_group(struct pattern_reader *reader, struct pattern **ret_pattern)
{
    size_t from = reader->at - 1;
    if (take(reader, '?')) {
        const char *hint = peek(reader, 0) == ':'
                               ? "write ( ) without ?:"
                               : "look-around and flags are not there; a check can say more";
        if (!at_end(reader)) reader->at++;
        return complain(reader, from, "E0171", STR("I-Regexp has no (?"), hint);
    }
    if (reader->depth == limit(PATTERN_NESTING))
        return complain(reader, from, "E0172", STR("groups are nested too deep"), NULL);
    reader->depth++;
    enum status st = take_choice(reader, ret_pattern);
    reader->depth--;
    if (st) return st;
    return take(reader, ')') ? ST_OK
                             : complain(reader, from, "E0170", STR("the group is not closed"), NULL);
}

static enum status take_dot(struct pattern_reader *reader, struct pattern **ret_pattern)
{
    struct range_list ends = {0};
    enum status st = range_add(reader->arena, &ends, '\n', '\n');
    if (!st) st = range_add(reader->arena, &ends, '\r', '\r');
    return st ? st : class_new(reader->arena, &ends, true, ret_pattern);
}

static enum status take_backslash(struct pattern_reader *reader, struct pattern **ret_pattern)
{
    if (at_category(reader)) {
        struct range_list list = {0};
        enum status st = take_category(reader, &list);
        return st ? st : class_new(reader->arena, &list, false, ret_pattern);
    }
    reader->at++;
    uint32_t code;
    enum status st = take_escape(reader, &code);
    return st ? st : class_of_code(reader->arena, code, ret_pattern);
}

static bool at_branch_end(const struct pattern_reader *reader, size_t ahead)
{
    char c = peek(reader, ahead);
    return reader->at + ahead == reader->text.len || c == '|' || c == ')';
}

/* A character that is none of I-Regexp's plain ones, or that means an anchor to everyone. */
static enum status complain_char(struct pattern_reader *reader, char c)
{
    size_t from = reader->at++;
    const char *hint = c == '^' ? "leave it out, or write \\^ for the character"
                                : "leave it out, or write [$] for the character";
    if (c == '^' || c == '$')
        return complain(reader, from, "E0171",
                        STR("a pattern has no anchors: it always describes the whole text"), hint);
    struct str message = arena_printf(reader->arena, "\"%c\" has nothing to stand behind", c);
    hint = "write a backslash before it for the character itself";
    if (c == ']' || c == '}') message = arena_printf(reader->arena, "\"%c\" closes nothing", c);
    return complain(reader, from, "E0170", message, hint);
}

static enum status take_atom(struct pattern_reader *reader, bool first, struct pattern **ret_pattern)
{
    char c = peek(reader, 0);
    bool anchor = (c == '^' && first) || (c == '$' && at_branch_end(reader, 1));
    if (anchor || (c != '\0' && strchr("*+?{}]", c))) return complain_char(reader, c);
    if (c == '\\') return take_backslash(reader, ret_pattern);
    if (take(reader, '(')) return take_group(reader, ret_pattern);
    if (take(reader, '[')) return take_brackets(reader, ret_pattern);
    if (take(reader, '.')) return take_dot(reader, ret_pattern);
    return class_of_code(reader->arena, take_code(reader), ret_pattern);
}

/* A number of a quantifier; one past the limit when it is larger than that. NO_CODE: there is none. */
static int32_t take_number(struct pattern_reader *reader)
{
    if (peek(reader, 0) < '0' || peek(reader, 0) > '9') return NO_CODE;
    int32_t number = 0;
    for (; peek(reader, 0) >= '0' && peek(reader, 0) <= '9'; reader->at++) {
        number = number * 10 + (peek(reader, 0) - '0');
        if (number > limit(PATTERN_REPEATS)) number = limit(PATTERN_REPEATS) + 1;
    }
    return number;
}

/* After the "{": n, n, or n,m and the closing brace. */
static enum status take_counts(struct pattern_reader *reader, int32_t *ret_min, int32_t *ret_max)
{
    size_t from = reader->at - 1;
    int32_t min = take_number(reader), max = min;
    if (take(reader, ',')) max = take_number(reader);
    if (min == NO_CODE || !take(reader, '}'))
        return complain(reader, from, "E0170", STR("a repetition is {n}, {n,} or {n,m}"),
                        "write \\{ for the character {");
    if (max != NO_CODE && max < min)
        return complain(reader, from, "E0170", STR("the repetition's most is less than its fewest"),
                        NULL);
    if (min > limit(PATTERN_REPEATS) || max > limit(PATTERN_REPEATS))
        return complain(reader, from, "E0172", STR("the repetition is too long"),
                        "give the field a length instead");
    *ret_min = min;
    *ret_max = max;
    return ST_OK;
}

/* * + ? {n,m}, or nothing: then max is 1 and min is 1. */
static enum status take_quantifier(struct pattern_reader *reader, int32_t *ret_min, int32_t *ret_max)
{
    *ret_min = 1;
    *ret_max = 1;
    if (take(reader, '*')) {
        *ret_min = 0;
        *ret_max = -1;
    } else if (take(reader, '+')) {
        *ret_max = -1;
    } else if (take(reader, '?')) {
        *ret_min = 0;
    } else if (take(reader, '{')) {
        return take_counts(reader, ret_min, ret_max);
    }
    return ST_OK;
}

static enum status repeat_new(struct pattern_reader *reader, int32_t min, int32_t max,
                              struct pattern **pattern)
{
    if (min == 1 && max == 1) return ST_OK;
    struct pattern *repeat;
    enum status st = pattern_new(reader->arena, PATTERN_REPEAT, &repeat);
    if (st) return st;
    repeat->first = *pattern;
    repeat->min = min;
    repeat->max = max;
    *pattern = repeat;
    return ST_OK;
}

static enum status take_piece(struct pattern_reader *reader, bool first, struct pattern **ret_pattern)
{
    enum status st = take_atom(reader, first, ret_pattern);
    if (st) return st;
    int32_t min, max;
    size_t from = reader->at;
    st = take_quantifier(reader, &min, &max);
    if (st) return st;
    if (reader->at > from && (peek(reader, 0) == '?' || peek(reader, 0) == '+')) {
        reader->at++;
        return complain(
            reader, from, "E0171", STR("a repetition is neither lazy nor possessive"),
            "leave the second sign out: which way it matches makes no difference to a whole text");
    }
    return repeat_new(reader, min, max, ret_pattern);
}

/* Pieces up to a "|", a ")" or the end. */
static enum status take_branch(struct pattern_reader *reader, struct pattern **ret_pattern)
{
    struct pattern *sequence;
    enum status st = pattern_new(reader->arena, PATTERN_EMPTY, &sequence);
    if (st) return st;
    for (struct pattern **link = &sequence->first; !at_branch_end(reader, 0); link = &(*link)->next) {
        sequence->kind = PATTERN_SEQUENCE;
        st = take_piece(reader, link == &sequence->first, link);
        if (st) return st;
    }
    *ret_pattern = sequence;
    return ST_OK;
}

static enum status take_choice(struct pattern_reader *reader, struct pattern **ret_pattern)
{
    struct pattern *choice;
    enum status st = pattern_new(reader->arena, PATTERN_CHOICE, &choice);
    if (st) return st;
    struct pattern **link = &choice->first;
    do {
        st = take_branch(reader, link);
        if (st) return st;
        link = &(*link)->next;
    } while (take(reader, '|'));
    *ret_pattern = choice;
    return ST_OK;
}

/* ---- size */

static uint64_t largest(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t pattern_copies(const struct pattern *pattern)
{
    return (uint64_t)(pattern->max > pattern->min ? pattern->max : pattern->min);
}

/* How often the innermost part can be repeated, one repetition multiplying the next. */
static uint64_t pattern_repeats(const struct pattern *pattern)
{
    uint64_t most = 1;
    for (const struct pattern *child = pattern->first; child; child = child->next)
        most = largest(most, pattern_repeats(child));
    if (pattern->kind != PATTERN_REPEAT) return most;
    if (most > limit(PATTERN_REPEATS)) return most;
    return most * largest(pattern_copies(pattern), 1);
}

/* The ranges of all classes with repetitions written out. */
static uint64_t pattern_size(const struct pattern *pattern)
{
    uint64_t size = 1 + (uint64_t)pattern->range_count;
    for (const struct pattern *child = pattern->first; child; child = child->next)
        size += pattern_size(child);
    return pattern->kind == PATTERN_REPEAT ? size * largest(pattern_copies(pattern), 1) : size;
}

/* Both engines must be able to hold it. */
static enum status check_size(struct pattern_reader *reader, const struct pattern *pattern)
{
    const char *hint = "repeat less, and give the field a length";
    if (pattern_repeats(pattern) > limit(PATTERN_REPEATS))
        return complain(reader, 0, "E0172", STR("repetitions inside repetitions are too long"), hint);
    if (pattern_size(pattern) > limit(PATTERN_SIZE))
        return complain(reader, 0, "E0172",
                        STR("the pattern is too large when its repetitions are written out"), hint);
    return ST_OK;
}

enum status pattern_parse(struct arena *arena, struct categories *categories, struct str text,
                          const struct pattern **ret_pattern, struct pattern_fault *reterr_fault)
{
    assert(utf8_valid(text));
    struct pattern_reader reader = {
        .arena = arena, .categories = categories, .text = text, .fault = reterr_fault};
    if (text.len > limit(PATTERN_BYTES)) {
        reader.at = text.len;
        return complain(&reader, 0, "E0172", STR("the pattern is too long"), NULL);
    }
    struct pattern *pattern;
    enum status st = take_choice(&reader, &pattern);
    if (st) return st;
    if (!at_end(&reader)) {
        size_t from = reader.at++;
        return complain(&reader, from, "E0170", STR("\")\" closes nothing"),
                        "write \\) for the character )");
    }
    st = check_size(&reader, pattern);
    if (st) return st;
    *ret_pattern = pattern;
    return ST_OK;
}

/* ---- RE2's syntax */

static void put_class(struct buf *out, const struct pattern *pattern)
{
    if (pattern->range_count == 0) { /* nothing at all, which RE2 spells so */
        buf_puts(out, "[^\\x{0}-\\x{10FFFF}]");
        return;
    }
    buf_putc(out, '[');
    for (uint32_t i = 0; i < pattern->range_count; i++)
        buf_printf(out, "\\x{%X}-\\x{%X}", (unsigned)pattern->ranges[i].from,
                   (unsigned)pattern->ranges[i].to);
    buf_putc(out, ']');
}

static void put_children(struct buf *out, const struct pattern *first, const char *between)
{
    for (const struct pattern *child = first; child; child = child->next) {
        if (child != first) buf_puts(out, between);
        pattern_put_re2(out, child);
    }
}

static void put_quantifier(struct buf *out, int32_t min, int32_t max)
{
    if (max == -1) buf_printf(out, "{%d,}", (int)min);
    else buf_printf(out, "{%d,%d}", (int)min, (int)max);
}

void pattern_put_re2(struct buf *out, const struct pattern *pattern)
{
    if (pattern->kind == PATTERN_CLASS) {
        put_class(out, pattern);
        return;
    }
    buf_puts(out, "(?:");
    put_children(out, pattern->first, pattern->kind == PATTERN_CHOICE ? "|" : "");
    buf_putc(out, ')');
    if (pattern->kind == PATTERN_REPEAT) put_quantifier(out, pattern->min, pattern->max);
}
