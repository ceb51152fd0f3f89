/* What the classes of a difference promise. A form is changed at random in a few places; when the
 * difference is told to be additive or less, every submission that the old form accepts is accepted by
 * the new one, as it is stored, and means the same there: each of its answers is an answer of the same
 * value.
 *
 *     widening_test ROOT [FORMS]        the examples and tests/language with their cases, then
 * generated
 *
 * Generated forms ask so much that hardly anything fits them: most of what they ask is taken out
 * before. */
#include "base/limits.h"
#include "dsl/dsl.h"
#include "dsl/parser.h"
#include "runtime/runtime.h"
#include "tests/file.h"
#include "tests/reference/choices.h"
#include "tests/reference/generator.h"
#include "tests/reference/submissions.h"
#include "tests/tables.h"
#include "tests/test.h"

#include <assert.h>

enum { FORM_BYTES = 16384, ANSWER_BYTES = 4096, ANSWERS = 24, PAIRS = 12, EDITS_MAX = 4000 };

static struct judge *judge;
static struct atlas *atlas;
static uint64_t tried[DIFF_BREAKING + 1], held, accepted;
static bool met[CHANGE_COUNT];

/* ---- changing a form: pieces of its text are taken out, put in and replaced */

struct edit {
    uint32_t from, to;
    struct str text;
};

struct edits {
    struct arena *arena;
    struct str source;
    uint64_t seed;
    struct edit all[EDITS_MAX];
    uint32_t count;
    uint32_t names;
};

static uint32_t draw(struct edits *edits, uint32_t below)
{
    edits->seed = edits->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(edits->seed >> 33) % below;
}

static void add(struct edits *edits, struct span span, struct str text)
{
    if (edits->count == EDITS_MAX) return;
    edits->all[edits->count++] = (struct edit){span.offset, span.offset + span.len, text};
}

static void put_in(struct edits *edits, uint32_t at, const char *text)
{
    add(edits, (struct span){at, 0}, str_of(text));
}

static const char *const bounds[] = {"0", "1", "-5", "100", "1000000", "0.5"};

static void offer_modifier(struct edits *edits, const struct modifier *modifier)
{
    bool bound = modifier->kind == MODIFIER_MIN || modifier->kind == MODIFIER_MAX;
    if (bound && !modifier->between && draw(edits, 2) == 0)
        add(edits, modifier->span,
            arena_printf(edits->arena, "%s %s", modifier->kind == MODIFIER_MIN ? "min" : "max",
                         bounds[draw(edits, sizeof bounds / sizeof *bounds)]));
    else if (modifier->kind == MODIFIER_LENGTH && draw(edits, 2) == 0)
        add(edits, modifier->span,
            arena_printf(edits->arena, "length ..%u", (unsigned)draw(edits, 60)));
    else add(edits, modifier->span, STR(""));
}

/* Another type in the place of the first word of this one. */
static void offer_type(struct edits *edits, const struct item *item)
{
    static const struct {
        const char *from, *to;
    } types[] = {{"integer", "decimal(2)"},
                 {"integer", "number"},
                 {"decimal(2)", "decimal(3)"},
                 {"decimal(1)", "decimal(2)"},
                 {"date", "partial_date"},
                 {"year_month", "partial_date"},
                 {"email", "text"},
                 {"url", "text"},
                 {"phone", "text"},
                 {"text", "email"},
                 {"decimal(2)", "integer"},
                 {"choices", "choice"}};
    struct str head = {edits->source.ptr + item->head.offset, item->head.len};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct str word = arena_printf(edits->arena, ": %s", types[i].from);
        const char *at = memmem(head.ptr, head.len, word.ptr, word.len);
        if (!at) continue;
        uint32_t offset = (uint32_t)(at - edits->source.ptr) + 2;
        add(edits, (struct span){offset, (uint32_t)word.len - 2}, str_of(types[i].to));
    }
}

static void offer_new_item(struct edits *edits, uint32_t at)
{
    static const char *const items[] = {
        "%s: text \"New\"",
        "%s: integer \"New\" required",
        "%s: integer = 1",
        "%s: integer = year(today()) * 9007199254740991",
        "%s: integer = div(2026, year(today()) - 2026)",
        "%s: boolean \"New\" default true",
        "%s: text \"New\" suggest \"x\"",
        "let %s = year(today()) * 9007199254740991",
        "repeat %s 0..3 { a: integer \"A\" required }",
        "repeat %s 1..3 { a: integer \"A\" }",
        "group %s \"New\" { a: text \"A\"  b: integer \"B\" min 3 }",
        "note \"New\"",
    };
    char text[200], name[24];
    (void)snprintf(name, sizeof name, "new_%u", (unsigned)edits->names++);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    (void)snprintf(text, sizeof text, items[draw(edits, sizeof items / sizeof *items)], name);
#pragma GCC diagnostic pop
    put_in(edits, at, arena_printf(edits->arena, "\n%s\n", text).ptr);
}

static void offer_options(struct edits *edits, const struct item *item)
{
    if (item->option_count == 0) return;
    const struct tree_option *first = &item->options[0];
    const struct tree_option *last = &item->options[item->option_count - 1];
    if (item->column_count == 0) {
        put_in(edits, first->span.offset, " \"new_a\" \"New\" ");
        put_in(edits, last->span.offset + last->span.len, " \"new_z\" \"New\" ");
    }
    const struct tree_option *one = &item->options[draw(edits, item->option_count)];
    add(edits, one->span, STR(""));
    add(edits, one->label_span, STR("\"Another label\""));
    if (one->when)
        add(edits,
            (struct span){one->when_span.offset,
                          one->span.offset + one->span.len - one->when_span.offset},
            STR(""));
    if (item->option_count > 1) { /* the last one first */
        struct str text = {edits->source.ptr + last->span.offset, last->span.len};
        put_in(edits, first->span.offset, arena_printf(edits->arena, "%.*s ", STR_ARG(text)).ptr);
        add(edits, last->span, STR(""));
    }
}

static void offer(struct edits *edits, const struct item *items, uint32_t count);

static void offer_item(struct edits *edits, const struct item *item)
{
    uint32_t end = item->span.offset + item->span.len;
    for (uint32_t i = 0; i < item->modifier_count; i++) offer_modifier(edits, &item->modifiers[i]);
    switch (item->kind) {
    case ITEM_CHECK:
    case ITEM_LET:
    case ITEM_NOTE:
        add(edits, item->span, STR(""));
        break;
    case ITEM_FIELD:
        offer_type(edits, item);
        if (draw(edits, 4) == 0) add(edits, item->span, STR(""));
        put_in(edits, end, draw(edits, 2) ? " keep" : " sensitive");
        put_in(edits, end, " required");
        break;
    case ITEM_REPEAT:
        add(edits, item->bounds_span, arena_printf(edits->arena, "0..%u", (unsigned)draw(edits, 12)));
        break;
    case ITEM_CHOICES:
        offer_options(edits, item);
        break;
    case ITEM_PAGE:
    case ITEM_SECTION: /* only what is in it */
        if (item->modifier_count == 0 && item->child_count > 0)
            add(edits, item->span,
                arena_str(edits->arena,
                          (struct str){edits->source.ptr + item->children[0].span.offset,
                                       item->children[item->child_count - 1].span.offset +
                                           item->children[item->child_count - 1].span.len -
                                           item->children[0].span.offset}));
        break;
    case ITEM_UNKNOWN:
        add(edits, item->span, STR(""));
        break;
    default:
        break;
    }
    bool holds = item->kind == ITEM_GROUP || item->kind == ITEM_REPEAT || item->kind == ITEM_PAGE ||
                 item->kind == ITEM_SECTION;
    if (holds && item->child_count && !item->matrix)
        offer_new_item(edits, item->children[0].span.offset);
    if (!item->matrix) offer(edits, item->children, item->child_count);
}

/* All that might be changed. */
static void offer(struct edits *edits, const struct item *items, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) offer_item(edits, &items[i]);
}

static int by_place(const void *a, const void *b)
{
    const struct edit *x = a, *y = b;
    return x->from < y->from ? -1 : x->from > y->from;
}

static struct str with(struct edits *edits)
{
    struct buf out;
    uint32_t at = 0;
    buf_init(&out, mem_heap(), 8u << 20);
    qsort(edits->all, edits->count, sizeof *edits->all, by_place);
    for (uint32_t i = 0; i < edits->count; i++) {
        const struct edit *edit = &edits->all[i];
        if (edit->from < at) continue; /* inside what has been replaced */
        buf_put(&out, (struct str){edits->source.ptr + at, edit->from - at});
        buf_putc(&out, ' ');
        buf_put(&out, edit->text);
        buf_putc(&out, ' ');
        at = edit->to;
    }
    buf_put(&out, (struct str){edits->source.ptr + at, edits->source.len - at});
    struct str text = arena_str(edits->arena, buf_str(&out));
    buf_release(&out);
    assert(text.ptr);
    return text;
}

static struct tree *parse(struct arena *arena, struct str source)
{
    struct diags diags;
    struct tree *tree;
    diags_init(&diags, arena, 10);
    enum status st = parser_parse(arena, source, &diags, &tree);
    return !st && diags.errors == 0 ? tree : NULL;
}

/* Some of what may be changed is: `most` at most, or, of a form that asks too much, that many in a
 * hundred. */
static struct str changed(struct arena *arena, struct str source, uint64_t seed, uint32_t most)
{
    static struct edits edits;
    struct tree *tree = parse(arena, source);
    if (!tree) return source;
    edits = (struct edits){.arena = arena, .source = source, .seed = seed * 7919 + 1};
    offer(&edits, tree->items, tree->item_count);
    if (tree->item_count) offer_new_item(&edits, tree->items[tree->item_count - 1].span.offset);
    uint32_t kept = 0;
    for (uint32_t wanted = 1 + draw(&edits, most); kept < wanted && kept < edits.count; kept++) {
        uint32_t one = kept + draw(&edits, edits.count - kept);
        struct edit edit = edits.all[one];
        edits.all[one] = edits.all[kept];
        edits.all[kept] = edit;
    }
    edits.count = kept;
    return with(&edits);
}

static void ease_item(struct edits *edits, const struct item *item, uint32_t percent)
{
    for (uint32_t i = 0; i < item->modifier_count; i++) {
        enum modifier_kind kind = item->modifiers[i].kind;
        bool asks = kind == MODIFIER_REQUIRED || kind == MODIFIER_MIN || kind == MODIFIER_MAX ||
                    kind == MODIFIER_BETWEEN || kind == MODIFIER_CHECK || kind == MODIFIER_PATTERN ||
                    kind == MODIFIER_LENGTH || kind == MODIFIER_ROWS || kind == MODIFIER_READONLY ||
                    kind == MODIFIER_UNIQUE || kind == MODIFIER_COMPUTED;
        if (asks && draw(edits, 100) < percent) add(edits, item->modifiers[i].span, STR(""));
    }
    if (item->kind == ITEM_CHECK && draw(edits, 100) < percent) add(edits, item->span, STR(""));
    for (uint32_t i = 0; i < item->child_count; i++) ease_item(edits, &item->children[i], percent);
}

static struct str eased(struct arena *arena, struct str source, uint64_t seed)
{
    static struct edits edits;
    struct tree *tree = parse(arena, source);
    if (!tree) return source;
    edits = (struct edits){.arena = arena, .source = source, .seed = seed * 104729 + 1};
    uint32_t percent = 70 + draw(&edits, 30);
    for (uint32_t i = 0; i < tree->item_count; i++) ease_item(&edits, &tree->items[i], percent);
    return with(&edits);
}

/* ---- judging */

struct side {
    struct str source;
    struct program *program; /* NULL: it is no form, or too dear */
    const struct zone *zone;
};

static void open_side(struct arena *arena, struct str source, const struct dsl_tables *tables,
                      struct side *ret_side)
{
    struct diags diags;
    struct price_caps caps = price_caps_default();
    *ret_side = (struct side){.source = source, .zone = zone_utc()};
    diags_init(&diags, arena, (uint32_t)limit(DIAGNOSTICS));
    if (dsl_compile_with(mem_heap(), source, tables, &caps, &diags, NULL, &ret_side->program) !=
        ST_OK) {
        ret_side->program = NULL;
        return;
    }
    if (zone_open(arena, ret_side->program->timezone, &ret_side->zone) != ST_OK)
        ret_side->zone = zone_utc();
}

/* The normalised answers, or what is wrong, in `arena`. */
static bool judged(const struct side *side, struct str answers, int64_t now_ms, struct arena *arena,
                   struct str *ret_text)
{
    struct judge_outcome outcome;
    struct judging judging = {.program = side->program,
                              .answers = answers,
                              .now_ms = now_ms,
                              .zone = side->zone,
                              .atlas = atlas,
                              .locale = STR("en"),
                              .steps_max = side->program->cost.steps_max};
    enum status st = judge_run(judge, &judging, &outcome);
    assert(!st);
    struct buf out;
    bool valid = outcome.state == JUDGE_JUDGED && outcome.valid;
    buf_init(&out, mem_heap(), (size_t)limit(VERDICT_BYTES));
    if (valid) verdict_write_answers(judge, &out);
    else if (outcome.state == JUDGE_JUDGED) verdict_write_errors(judge, &out);
    else buf_printf(&out, "no verdict: %d", (int)outcome.state);
    *ret_text = arena_str(arena, buf_str(&out));
    buf_release(&out);
    return valid;
}

/* ---- the same values: numbers by what they are worth, members in whatever order */

static bool as_text(const struct json_value *value, struct str *ret_text)
{
    *ret_text = value->text;
    return value->kind == JSON_STRING || value->kind == JSON_NUMBER;
}

/* "5.00" is worth "5". */
static struct str trimmed(struct str number)
{
    if (!memchr(number.ptr, '.', number.len)) return number;
    while (number.ptr[number.len - 1] == '0') number.len--;
    if (number.ptr[number.len - 1] == '.') number.len--;
    return number;
}

static bool is_among(const struct json_value *set, const struct json_value *code)
{
    bool found = false;
    for (uint32_t i = 0; code->kind == JSON_STRING && !found && i < set->count; i++)
        found = set->items[i].kind == JSON_STRING && str_eq(set->items[i].text, code->text);
    return found;
}

static bool holds(const struct json_value *whole, const struct json_value *part)
{
    struct str a, b;
    if (part->kind == JSON_OBJECT) {
        bool all = whole->kind == JSON_OBJECT;
        for (uint32_t i = 0; all && i < part->count; i++) {
            const struct json_value *twin = json_get(whole, part->members[i].name);
            all = twin && holds(twin, &part->members[i].value);
        }
        return all;
    }
    if (part->kind == JSON_ARRAY) { /* rows; or a set, whose options may stand in another order now */
        bool all = whole->kind == JSON_ARRAY && whole->count == part->count;
        for (uint32_t i = 0; all && i < part->count; i++)
            all = holds(&whole->items[i], &part->items[i]) || is_among(whole, &part->items[i]);
        return all;
    }
    if (!as_text(part, &a) || !as_text(whole, &b)) return whole->kind == part->kind;
    return str_eq(a, b) || str_eq(trimmed(a), trimmed(b));
}

static bool texts_hold(struct arena *arena, struct str whole, struct str part)
{
    struct json_value a, b;
    struct json_error error;
    CHECK_STATUS(json_read(arena, whole, (uint32_t)limit(JSON_DEPTH), &a, &error), ST_OK);
    CHECK_STATUS(json_read(arena, part, (uint32_t)limit(JSON_DEPTH), &b, &error), ST_OK);
    return holds(&a, &b);
}

/* ---- one pair of forms */

static void complain(const char *name, const char *what, const struct side *from, const struct side *to,
                     const struct dsl_diff *diff, struct str stored, struct str got)
{
    struct buf out;
    buf_init(&out, mem_heap(), 8u << 20);
    dsl_diff_put_text(diff, &out);
    fprintf(stderr, "%s: %s\n%.*sstored: %.*s\nnow:    %.*s\n", name, what, STR_ARG(buf_str(&out)),
            STR_ARG(stored), STR_ARG(got));
    if (getenv("SHOW"))
        fprintf(stderr, "---\n%.*s\n---\n%.*s\n", STR_ARG(from->source), STR_ARG(to->source));
    buf_release(&out);
    test_failures++;
}

static void hold_to(const char *name, const struct side *from, const struct side *to,
                    const struct dsl_diff *diff, const struct submissions *submissions)
{
    for (uint32_t i = 0; i < submissions->count; i++) {
        struct arena arena;
        struct str stored, got;
        int64_t now_ms = submissions->now_ms[i];
        arena_init(&arena, mem_heap(), 256u << 20);
        if (judged(from, submissions->answers[i], now_ms, &arena, &stored)) {
            accepted++;
            bool fits = judged(to, stored, now_ms, &arena, &got);
            if (!fits) complain(name, "it is refused", from, to, diff, stored, got);
            else if (!texts_hold(&arena, got, stored))
                complain(name, "it is worth something else", from, to, diff, stored, got);
            else held++;
        }
        arena_release(&arena);
    }
}

static void try_pair(const char *name, struct str a, struct str b, const struct dsl_tables *tables,
                     const struct submissions *submissions)
{
    struct arena arena;
    struct side from, to = {.program = NULL};
    struct dsl_diff diff;
    struct diags diags[2];
    arena_init(&arena, mem_heap(), 512u << 20);
    for (int i = 0; i < 2; i++) diags_init(&diags[i], &arena, (uint32_t)limit(DIAGNOSTICS));
    open_side(&arena, a, tables, &from);
    if (from.program) open_side(&arena, b, tables, &to);
    if (to.program && dsl_diff(&arena, &(struct dsl_side){a, tables, &diags[0]},
                               &(struct dsl_side){b, tables, &diags[1]}, &diff) == ST_OK) {
        tried[diff.diff_class]++;
        for (uint32_t i = 0; i < diff.count; i++) met[diff.changes[i].kind] = true;
        if (diff.diff_class <= DIFF_ADDITIVE) hold_to(name, &from, &to, &diff, submissions);
    }
    program_release(from.program);
    program_release(to.program);
    arena_release(&arena);
}

static void try_changes(const char *name, struct str source, uint64_t seed,
                        const struct dsl_tables *tables, const struct submissions *submissions,
                        uint32_t pairs)
{
    for (uint64_t i = 0; i < pairs; i++) {
        struct arena arena;
        char which[300];
        arena_init(&arena, mem_heap(), 64u << 20);
        struct str b = changed(&arena, source, seed * PAIRS + i, 3);
        snprintf(which, sizeof which, "%s, change %llu", name, (unsigned long long)i);
        try_pair(which, source, b, tables, submissions);
        arena_release(&arena);
    }
}

/* ---- forms with cases */

static void try_cases(const char *cases_path, uint32_t pairs)
{
    static struct submissions submissions;
    static struct test_tables tables;
    struct arena arena;
    arena_init(&arena, mem_heap(), 256u << 20);
    struct str form = arena_printf(&arena, "%.*s.form",
                                   (int)(strlen(cases_path) - strlen(".cases.json")), cases_path);
    struct str source = file_read(form.ptr), cases = file_read(cases_path);
    test_tables_open(&tables, form.ptr);
    submissions_read(&arena, cases, &submissions);
    if (tables.missing) fprintf(stderr, "SKIPPED, a table is not here: %s\n", form.ptr);
    else try_changes(form.ptr, source, source.len, &tables.tables, &submissions, pairs);
    test_tables_close(&tables);
    file_free(source);
    file_free(cases);
    arena_release(&arena);
}

static void try_folder(const char *root, const char *folder, uint32_t pairs)
{
    char path[4096], *paths[200];
    snprintf(path, sizeof path, "%s/%s", root, folder);
    size_t count = file_list(path, ".cases.json", paths, 200);
    CHECK(count > 0);
    for (size_t i = 0; i < count; i++) {
        try_cases(paths[i], pairs);
        free(paths[i]);
    }
}

static void report(const char *what)
{
    printf(
        "%s: %llu identical, %llu presentational, %llu additive, %llu narrowing, %llu breaking; %llu "
        "submissions held to it\n",
        what, (unsigned long long)tried[0], (unsigned long long)tried[1], (unsigned long long)tried[2],
        (unsigned long long)tried[3], (unsigned long long)tried[4], (unsigned long long)held);
    for (int i = 0; i <= DIFF_BREAKING; i++) tried[i] = 0;
    held = 0;
}

static void what_is_additive_of_forms_with_cases_takes_what_was_taken(const char *root, uint32_t pairs)
{
    try_folder(root, "examples", pairs);
    try_folder(root, "tests/language", pairs);
    CHECK(tried[DIFF_ADDITIVE] > 20 && held > 200);
    report("written forms");
}

/* ---- generated forms */

static void try_seed(uint64_t seed)
{
    static uint8_t bytes[FORM_BYTES], more[ANSWER_BYTES];
    static struct submissions submissions;
    struct arena arena;
    char name[40];
    arena_init(&arena, mem_heap(), 256u << 20);
    choices_fill(seed, bytes, sizeof bytes);
    struct choices choices =
        choices_of_bytes(bytes, 200 + seed % 8 * 250); /* the shorter, the simpler */
    struct generator *generator = generator_new(&arena, &choices);
    struct str source = eased(&arena, generator_source(generator, 0), seed);
    submissions.count = 0;
    for (uint64_t i = 0; i < ANSWERS; i++) {
        choices_fill(seed * ANSWERS + i, more, sizeof more);
        choices = choices_of_bytes(more, i % 4 == 0 ? 20 : sizeof more);
        submissions.now_ms[submissions.count] = generator_now(&choices);
        submissions.answers[submissions.count++] = generator_answers(generator, &choices);
    }
    submissions.answers[0] = STR("{}");
    snprintf(name, sizeof name, "seed %llu", (unsigned long long)seed);
    try_changes(name, source, seed, NULL, &submissions, PAIRS);
    arena_release(&arena);
}

static void nor_does_it_refuse_any_of_generated_forms(uint64_t count)
{
    for (uint64_t seed = 1; seed <= count; seed++) try_seed(UINT64_C(700000) + seed);
    CHECK(tried[DIFF_ADDITIVE] > count / 4 && held > count / 4);
    report("generated forms");
}

int main(int argc, char **argv)
{
    const char *root = argc > 1 ? argv[1] : ".";
    uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 100;
    CHECK_STATUS(judge_new(mem_heap(), &judge), ST_OK);
    CHECK_STATUS(atlas_new(mem_heap(), &atlas), ST_OK);
    what_is_additive_of_forms_with_cases_takes_what_was_taken(root, argc > 3 ? (uint32_t)atoi(argv[3])
                                                                             : PAIRS);
    nor_does_it_refuse_any_of_generated_forms(count);
    if (getenv("SHOW"))
        for (int i = 0; i < CHANGE_COUNT; i++)
            if (!met[i]) printf("not met: %d\n", i);
    judge_free(judge);
    atlas_free(atlas);
    return TEST_RESULT();
}
