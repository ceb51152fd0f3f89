/* Any text as a pattern. It is accepted only when it is in the grammar of RFC 9485, and what is in the
 * grammar is refused only for a limit, an anchor or numbers the wrong way round; what is refused stays
 * refused as one choice of two. The table made of an accepted one is sound and always the same, keeps
 * to its budget, and says of every subject what RE2 and the plain meaning of the pattern say.
 *
 * Bytes: a pattern up to the first 0, then bytes that choose subjects, most of them out of the pattern.
 */
#include "base/limits.h"
#include "base/utf8.h"
#include "dsl/automaton.h"
#include "fuzz/holds.h"
#include "runtime/matcher.h"

/* ---- the grammar, production by production */

struct grammar {
    struct str text;
    size_t at;
    bool good, refusable; /* has what may be refused though it is in the grammar */
};

static char next_of(const struct grammar *g)
{
    return g->at < g->text.len ? g->text.ptr[g->at] : '\0';
}

static bool is_next(const struct grammar *g, const char *set)
{
    return g->at < g->text.len && g->text.ptr[g->at] && strchr(set, g->text.ptr[g->at]);
}

static bool take_one(struct grammar *g, const char *set)
{
    if (!g->good || !is_next(g, set)) return false;
    g->at++;
    return true;
}

static void expect(struct grammar *g, const char *set)
{
    if (!take_one(g, set)) g->good = false;
}

static uint32_t take_any(struct grammar *g)
{
    uint32_t code = 0;
    size_t len = utf8_next((struct str){g->text.ptr + g->at, g->text.len - g->at}, &code);
    if (len == 0) g->good = false;
    g->at += len;
    return code;
}

/* QuantExact [ "," [ QuantExact ] ] */
static unsigned long take_quantity(struct grammar *g)
{
    unsigned long value = 0;
    if (!is_next(g, "0123456789")) g->good = false;
    while (g->good && is_next(g, "0123456789")) {
        if (value < 100000) value = value * 10 + (unsigned long)(next_of(g) - '0');
        g->at++;
    }
    return value;
}

static void take_quantifier(struct grammar *g)
{
    if (take_one(g, "*+?") || !take_one(g, "{")) return;
    unsigned long least = take_quantity(g);
    if (take_one(g, ",") && !is_next(g, "}")) g->refusable |= take_quantity(g) < least;
    expect(g, "}");
}

/* After \p or \P: "{" one of the letters of general categories "}" */
static void take_category(struct grammar *g)
{
    static const char *const seconds[] = {"Llmotu", "Mcen",  "Ndlo", "Pcdefios",
                                          "Zlps",   "Sckmo", "Ccfno"};
    expect(g, "{");
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
        char first[2] = {seconds[i][0], '\0'};
        if (!take_one(g, first)) continue;
        (void)take_one(g, seconds[i] + 1);
        expect(g, "}");
        return;
    }
    g->good = false;
}

static bool take_class_escape(struct grammar *g)
{
    bool escape = g->at + 1 < g->text.len && next_of(g) == '\\' &&
                  (g->text.ptr[g->at + 1] == 'p' || g->text.ptr[g->at + 1] == 'P');
    if (!escape) return false;
    g->at += 2;
    take_category(g);
    return true;
}

static uint32_t take_escaped(struct grammar *g)
{
    char c = next_of(g);
    expect(g, "()*+-.?[\\]^nrt{|}");
    if (c == 'n') return '\n';
    if (c == 'r') return '\r';
    return c == 't' ? '\t' : (unsigned char)c;
}

static uint32_t take_class_char(struct grammar *g)
{
    if (take_one(g, "\\")) return take_escaped(g);
    if (is_next(g, "-[]")) g->good = false;
    return g->good ? take_any(g) : 0;
}

static void take_class(struct grammar *g)
{
    (void)take_one(g, "^");
    size_t begin = g->at;
    (void)take_one(g, "-");
    while (g->good && g->at < g->text.len && next_of(g) != ']') {
        if (next_of(g) == '-' && g->at + 1 < g->text.len && g->text.ptr[g->at + 1] == ']') {
            g->at++;
            break;
        }
        if (take_class_escape(g)) continue;
        uint32_t low = take_class_char(g);
        bool range = next_of(g) == '-' && g->at + 1 < g->text.len && g->text.ptr[g->at + 1] != ']';
        if (range) {
            g->at++;
            g->refusable |= take_class_char(g) < low;
        }
    }
    if (g->at == begin) g->good = false;
    expect(g, "]");
}

static void take_regexp(struct grammar *g);

static void take_atom(struct grammar *g)
{
    if (take_one(g, "(")) {
        take_regexp(g);
        expect(g, ")");
    } else if (take_one(g, "[")) {
        take_class(g);
    } else if (!take_class_escape(g)) {
        if (take_one(g, "\\")) (void)take_escaped(g);
        else if (is_next(g, "*+?{}])|")) g->good = false;
        else g->refusable |= is_next(g, "^$"), (void)take_any(g);
    }
}

static void take_regexp(struct grammar *g)
{
    do {
        while (g->good && g->at < g->text.len && !is_next(g, "|)")) {
            take_atom(g);
            take_quantifier(g);
        }
    } while (take_one(g, "|"));
}

/* ---- what a pattern means: from which places to which places of a subject it leads, as sets of bits
 */

enum { SUBJECT_CODES = 60 };

struct subject {
    uint32_t codes[SUBJECT_CODES];
    unsigned count;
    struct str text;
};

static bool is_in(const struct pattern *class, uint32_t code)
{
    for (uint32_t i = 0; i < class->range_count; i++)
        if (code >= class->ranges[i].from && code <= class->ranges[i].to) return true;
    return false;
}

static uint64_t lead(const struct pattern *p, const struct subject *s, uint64_t places);

static uint64_t lead_often(const struct pattern *p, const struct subject *s, uint64_t places)
{
    uint64_t all;
    for (int32_t i = 0; i < p->min && places; i++) places = lead(p->first, s, places);
    all = places;
    for (int32_t i = p->min; places && (p->max == -1 || i < p->max); i++) {
        places = lead(p->first, s, places) & ~all;
        all |= places;
    }
    return all;
}

static uint64_t lead(const struct pattern *p, const struct subject *s, uint64_t places)
{
    uint64_t all = 0;
    switch (p->kind) {
    case PATTERN_EMPTY:
        return places;
    case PATTERN_CLASS:
        for (unsigned i = 0; i < s->count; i++)
            if (places >> i & 1 && is_in(p, s->codes[i])) all |= UINT64_C(1) << (i + 1);
        return all;
    case PATTERN_SEQUENCE:
        for (const struct pattern *c = p->first; c; c = c->next) places = lead(c, s, places);
        return places;
    case PATTERN_CHOICE:
        for (const struct pattern *c = p->first; c; c = c->next) all |= lead(c, s, places);
        return all;
    case PATTERN_REPEAT:
        return lead_often(p, s, places);
    }
    return 0;
}

static bool means(const struct pattern *p, const struct subject *s)
{
    return lead(p, s, 1) >> s->count & 1;
}

/* ---- subjects */

static uint32_t draw_code(const struct pattern *class, struct bytes *bytes)
{
    if (class->range_count == 0) return 'x';
    const struct pattern_range *range = &class->ranges[bytes_take(bytes, 2) % class->range_count];
    return range->from + (uint32_t)(bytes_take(bytes, 1) % (range->to - range->from + 1));
}

static void draw(const struct pattern *p, struct bytes *bytes, struct subject *s)
{
    uint32_t count = 0;
    if (s->count == SUBJECT_CODES) return;
    switch (p->kind) {
    case PATTERN_EMPTY:
        return;
    case PATTERN_CLASS:
        s->codes[s->count++] = draw_code(p, bytes);
        return;
    case PATTERN_SEQUENCE:
        for (const struct pattern *c = p->first; c; c = c->next) draw(c, bytes, s);
        return;
    case PATTERN_CHOICE:
        for (const struct pattern *c = p->first; c; c = c->next) count++;
        for (const struct pattern *c = p->first; c; c = c->next)
            if (bytes_take(bytes, 1) % count-- == 0) {
                draw(c, bytes, s);
                return;
            }
        return;
    case PATTERN_REPEAT:
        count = (uint32_t)p->min + (uint32_t)(p->max == p->min ? 0 : bytes_take(bytes, 1) % 4);
        if (p->max >= 0 && count > (uint32_t)p->max) count = (uint32_t)p->max;
        for (; count > 0 && s->count < SUBJECT_CODES; count--) draw(p->first, bytes, s);
    }
}

/* Bytes of UTF-8, written out by hand. */
static void spell(struct subject *s, char room[4 * SUBJECT_CODES])
{
    char *at = room;
    for (unsigned i = 0; i < s->count; i++) {
        uint32_t c = s->codes[i];
        if (c < 0x80) *at++ = (char)c;
        else {
            if (c < 0x800) *at++ = (char)(0xc0 | c >> 6);
            else {
                if (c < 0x10000) *at++ = (char)(0xe0 | c >> 12);
                else *at++ = (char)(0xf0 | c >> 18), *at++ = (char)(0x80 | (c >> 12 & 0x3f));
                *at++ = (char)(0x80 | (c >> 6 & 0x3f));
            }
            *at++ = (char)(0x80 | (c & 0x3f));
        }
    }
    s->text = (struct str){room, (size_t)(at - room)};
}

/* Out of the pattern; then one code point other, more or fewer, or not. */
static void make_subject(const struct pattern *p, struct bytes *bytes, struct subject *s,
                         char room[4 * SUBJECT_CODES])
{
    static const uint32_t others[] = {'a',  'Z',   '0',   ' ',    '-',     '\n',     0,      0x7f,
                                      0xe9, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff, 0xd7ff, 0xe000};
    s->count = 0;
    draw(p, bytes, s);
    unsigned change = (unsigned)bytes_take(bytes, 1), at = s->count ? (change >> 2) % s->count : 0;
    uint32_t other = others[bytes_take(bytes, 1) % (sizeof others / sizeof *others)];
    if (change % 4 == 1 && s->count) s->codes[at] = other;
    if (change % 4 == 2 && s->count < SUBJECT_CODES) s->codes[s->count++] = other;
    if (change % 4 == 3 && s->count) s->count--;
    spell(s, room);
}

/* ---- */

static struct categories categories;
static struct arena keeping;

static void tables_are_alike(const struct dfa *a, const struct dfa *b)
{
    HOLDS(a->states == b->states && a->nclasses == b->nclasses);
    HOLDS(memcmp(a->classes, b->classes, sizeof a->classes) == 0);
    HOLDS(memcmp(a->next, b->next, sizeof *a->next * a->states * a->nclasses) == 0);
    for (uint32_t i = 0; i < a->states; i++) HOLDS(dfa_accepts(a, i) == dfa_accepts(b, i));
}

static const struct dfa *build(struct arena *scratch, struct arena *arena,
                               const struct pattern *pattern)
{
    struct automaton_budget budget = {limit(PATTERN_WORK), limit(PATTERN_TABLE_BYTES)};
    const struct dfa *dfa = NULL, *again = NULL;
    HOLDS(automaton_build(scratch, arena, pattern, &budget, &dfa) == ST_OK);
    HOLDS(budget.work <= limit(PATTERN_WORK) && budget.table_bytes <= limit(PATTERN_TABLE_BYTES));
    if (!dfa) return NULL;
    HOLDS(dfa_valid(dfa) && dfa->states <= limit(PATTERN_STATES) + 1);
    HOLDS(sizeof *dfa->next * dfa->states * dfa->nclasses <=
          limit(PATTERN_TABLE_BYTES) - budget.table_bytes);
    budget = (struct automaton_budget){limit(PATTERN_WORK), limit(PATTERN_TABLE_BYTES)};
    HOLDS(automaton_build(scratch, arena, pattern, &budget, &again) == ST_OK && again);
    tables_are_alike(dfa, again);
    return dfa;
}

static struct matcher *open_re2(const struct pattern *pattern)
{
    struct buf re2;
    struct matcher *matcher = NULL;
    buf_init(&re2, mem_heap(), 64 << 20);
    pattern_put_re2(&re2, pattern);
    HOLDS(!buf_failed(&re2));
    enum status st = matcher_new(buf_str(&re2), &matcher);
    HOLDS(st == ST_OK || st == ST_LIMIT);
    buf_release(&re2);
    return st ? NULL : matcher;
}

static void subjects_hold(const struct pattern *pattern, const struct dfa *dfa,
                          const struct matcher *re2, struct bytes bytes)
{
    char room[4 * SUBJECT_CODES];
    struct subject s;
    for (int i = 0; i < 12; i++) {
        make_subject(pattern, &bytes, &s, room);
        bool want = means(pattern, &s);
        if (dfa) HOLDS(dfa_match(dfa, s.text) == want);
        if (re2) HOLDS(matcher_match(re2, s.text) == want);
    }
}

static void refusal_holds(struct arena *arena, struct str text, const struct pattern_fault *fault)
{
    const struct pattern *inner;
    struct pattern_fault again = {0};
    HOLDS(fault->offset <= text.len && fault->len <= text.len - fault->offset);
    HOLDS(utf8_valid(fault->message) && fault->message.len > 0);
    struct str choice = arena_printf(arena, "x|%.*s", STR_ARG(text));
    bool same_length = strlen(choice.ptr) == text.len + 2; /* no byte 0 in it */
    if (same_length) HOLDS(pattern_parse(arena, &categories, choice, &inner, &again) == ST_INPUT);
}

static void pattern_holds(struct arena *arena, struct arena *scratch, struct str text,
                          struct bytes rest)
{
    const struct pattern *pattern;
    struct pattern_fault fault = {0};
    struct grammar g = {text, 0, true, false};
    enum status st = pattern_parse(arena, &categories, text, &pattern, &fault);
    HOLDS(st == ST_OK || st == ST_INPUT);
    bool too_large = st && strcmp(fault.code, "E0172") == 0;
    if (!too_large) take_regexp(&g);
    bool grammatical = g.good && g.at == text.len;
    if (st == ST_OK) HOLDS(grammatical);
    else HOLDS(too_large || !grammatical || g.refusable);
    if (st) {
        refusal_holds(arena, text, &fault);
        return;
    }
    struct matcher *re2 = open_re2(pattern);
    subjects_hold(pattern, build(scratch, arena, pattern), re2, rest);
    matcher_free(re2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena, scratch;
    const uint8_t *end = size ? memchr(data, 0, size) : NULL;
    size_t len = end ? (size_t)(end - data) : size;
    struct str text = {(const char *)data, len};
    if (!utf8_valid(text)) return 0;
    if (!categories.runs) {
        arena_init(&keeping, mem_heap(), 16 << 20);
        HOLDS(categories_load(&categories, &keeping) == ST_OK);
    }
    arena_init(&arena, mem_heap(), (size_t)limit(COMPILE_ARENA_BYTES));
    arena_init(&scratch, mem_heap(), (size_t)limit(COMPILE_ARENA_BYTES) * 4);
    pattern_holds(&arena, &scratch, text, (struct bytes){data + len, size - len});
    arena_release(&scratch);
    arena_release(&arena);
    return 0;
}
