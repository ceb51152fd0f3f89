/* Types: what each operator and function makes of each kind of operand, and which mistakes it sees. */
#include "base/limits.h"
#include "dsl/check.h"
#include "dsl/parser.h"
#include "tests/test.h"

#define FIELDS                                                                                         \
    "choices often { never \"Never\" = 0  some \"Some\" = 1.5 }\n"                                     \
    "choices colours { red \"Red\"  blue \"Blue\" }\n"                                                 \
    "b: boolean  n: integer  d: decimal(2)  f: decimal(9)  x: number  t: text length ..100\n"          \
    "e: money(EUR)  u: money(USD)  y: money(JPY)\n"                                                    \
    "day: date  at: time  moment: datetime\n"                                                          \
    "c: choice(often)  k: choice(colours)  s: choices(colours)  o: choices(often)\n"                   \
    "group g { inner: integer }\n"                                                                     \
    "repeat r 0..5 { rn: integer  rt: text length ..20  rd: decimal(2)  re: money(EUR)  rx: number  "  \
    "rday: date\n"                                                                                     \
    "  rc: choice(colours)  repeat q 0..3 { qn: integer } }\n"

/* let v = expression: the type of v as ir_print() writes it, or the first error's code. */
static const struct {
    const char *expression, *want;
} table[] = {
    /* literals and paths */
    {"1", "integer"},
    {"1.50", "decimal(2)"},
    {"9007199254740991", "integer"},
    {"9007199254740992", "E0306"},
    {"0.123456789", "decimal(9)"},
    {"0.1234567891", "E0306"},
    {"\"a\"", "text"},
    {"true", "boolean"},
    {"g.inner", "integer"},
    {"g", "E0215"},
    {"r", "E0215"},
    {"r.rn", "E0214"},
    {"t.x", "E0217"},
    {"outer.n", "E0216"},
    {"nothing", "E0203"},
    /* + - * / */
    {"n + n", "integer"},
    {"n + d", "decimal(2)"},
    {"d + f", "decimal(9)"},
    {"n + 1.5", "decimal(1)"},
    {"n + x", "number"},
    {"x + 1.5", "number"},
    {"1.5 + x", "number"},
    {"x * (1 + 0.12345678901)", "number"},
    {"d + x", "E0301"},
    {"e + e", "money(EUR)"},
    {"e + 1", "money(EUR)"},
    {"1.25 + e", "money(EUR)"},
    {"e + 0.001", "E0308"},
    {"e + n", "E0307"},
    {"e + u", "E0307"},
    {"e - e", "money(EUR)"},
    {"-e", "money(EUR)"},
    {"e * n", "decimal(2)"},
    {"d * e", "decimal(4)"},
    {"y * n", "integer"},
    {"e * e", "E0307"},
    {"d * d", "decimal(4)"},
    {"f * d", "E0309"},
    {"n / n", "E0303"},
    {"x / 2", "number"},
    {"x / d", "E0301"},
    {"1 / 3", "E0303"},
    {"t + t", "text"},
    {"t + \"a\" + t", "text"},
    {"t + n", "E0301"},
    {"t - t", "E0303"},
    {"b + b", "E0303"},
    {"-t", "E0303"},
    {"-b", "E0303"},
    {"day - day", "integer"},
    {"day + day", "E0303"},
    {"day + n", "E0303"},
    {"day - moment", "E0303"},
    {"moment - moment", "E0303"},
    {"day + 2 weeks", "date"},
    {"day - 1 year", "date"},
    {"day + 2 hours", "E0322"},
    {"moment + 2 hours", "datetime"},
    {"moment - 3 months", "datetime"},
    {"at + 2 hours", "E0303"},
    {"n + 2 days", "E0303"},
    {"\"2026-01-31\" + 1 months", "date"},
    {"\"nonsense\" + 1 months", "E0305"},
    {"\"0001-01-01\" - 1 days", "E0316"},
    {"9007199254740991 + 1", "E0316"},
    /* comparisons */
    {"n = d", "boolean"},
    {"n < f", "boolean"},
    {"e >= 10", "boolean"},
    {"e = d", "boolean"},
    {"e = u", "E0307"},
    {"x < n", "boolean"},
    {"x < d", "E0302"},
    {"x < 1.5", "boolean"},
    {"t < t", "boolean"},
    {"t = \"a\"", "boolean"},
    {"t = n", "E0302"},
    {"n = \"5\"", "E0302"},
    {"b = true", "boolean"},
    {"b < b", "E0303"},
    {"day < \"2026-01-31\"", "boolean"},
    {"\"2026-01-31\" = day", "boolean"},
    {"day = \"31.1.2026\"", "E0305"},
    {"at > \"08:30\"", "boolean"},
    {"at > \"8:30\"", "E0305"},
    {"moment < \"2026-01-31T10:00:00Z\"", "boolean"},
    {"day = moment", "E0302"},
    {"k = \"red\"", "boolean"},
    {"k = \"green\"", "E0304"},
    {"k != c", "E0302"},
    {"k < \"red\"", "E0303"},
    {"k = t", "E0302"},
    {"s = s", "boolean"},
    {"s = o", "E0302"},
    {"s = \"red\"", "E0302"},
    {"s < s", "E0303"},
    {"k = (if b then \"red\" else \"blue\")", "boolean"},
    /* and, or, not, ??, if */
    {"b and n = 1", "boolean"},
    {"b and n", "E0301"},
    {"not t", "E0301"},
    {"n ?? 0", "integer"},
    {"n ?? 0.5", "decimal(1)"},
    {"e ?? 0", "money(EUR)"},
    {"x ?? 0", "number"},
    {"n ?? \"none\"", "E0302"},
    {"k ?? \"red\"", "choice(colours)"},
    {"k ?? \"green\"", "E0304"},
    {"day ?? today()", "date"},
    {"s ?? s", "choices(colours)"},
    {"if b then n else d", "decimal(2)"},
    {"if b then n else \"x\"", "E0302"},
    {"if n then 1 else 2", "E0301"},
    {"if b then day else \"2026-01-31\"", "date"},
    /* in */
    {"n in (1, 2)", "boolean"},
    {"n in (1, \"2\")", "E0302"},
    {"t not in (\"a\", \"b\")", "boolean"},
    {"k in (\"red\", \"blue\")", "boolean"},
    {"k in (\"red\", \"green\")", "E0304"},
    {"\"red\" in s", "boolean"},
    {"\"green\" in s", "E0304"},
    {"k in s", "boolean"},
    {"c in s", "E0301"},
    {"n in s", "E0301"},
    {"\"red\" in k", "E0303"},
    {"k in (s)", "E0302"},
    {"n in 1..5", "boolean"},
    {"d in 1..5.5", "boolean"},
    {"day in \"2026-01-01\"..\"2026-12-31\"", "boolean"},
    {"\"2026-06-01\" in \"2026-01-01\"..day", "boolean"},
    {"t in \"a\"..\"c\"", "boolean"},
    {"k in \"red\"..\"blue\"", "E0303"},
    /* presence, choices */
    {"answered(n)", "boolean"},
    {"answered(g)", "boolean"},
    {"answered(r)", "boolean"},
    {"answered(r.q)", "boolean"},
    {"answered(r.rn)", "E0214"},
    {"answered(nothing)", "E0203"},
    {"size(s)", "integer"},
    {"size(k)", "E0311"},
    {"score(c)", "decimal(1)"},
    {"score(o)", "decimal(1)"},
    {"score(k)", "E0321"},
    {"score(n)", "E0311"},
    {"code(k)", "text"},
    {"code(s)", "E0311"},
    /* text */
    {"length(t)", "integer"},
    {"length(n)", "E0301"},
    {"upper(t)", "text"},
    {"contains(t, \"a\")", "boolean"},
    {"contains(t)", "E0310"},
    {"substring(t, 1, n)", "text"},
    {"substring(t, 1.5, n)", "E0308"},
    {"replace(t, \"a\", \"b\")", "text"},
    {"words(t)", "integer"},
    {"join(\", \", t, n, k)", "text"},
    {"join(\", \", s)", "text"},
    {"join(n, t)", "E0301"},
    {"text(d)", "text"},
    {"text(k)", "text"},
    {"text(s)", "E0311"},
    {"matches(t, \"[a-z]+\")", "boolean"},
    {"matches(t, t)", "E0312"},
    {"matches(t, \"[\")", "E0170"},
    {"digits(t)", "boolean"},
    {"luhn(n)", "E0301"},
    {"mod97(t)", "boolean"},
    {"iban(t, t)", "E0310"},
    {"mod10(t, \"3 1\")", "boolean"},
    {"mod11(t, \"\")", "E0312"},
    {"mod11(t, \"3,1\")", "E0312"},
    {"mod11(t, t)", "E0312"},
    {"mod11(n, \"1\")", "E0301"},
    {"checksum(t, \"1 99\", 2)", "integer"},
    {"checksum(t, \"1\", 1000)", "integer"},
    {"checksum(t, \"1\", 1001)", "E0312"},
    {"checksum(t, \"1\", 1)", "E0312"},
    {"checksum(t, \"1\", n)", "E0312"},
    {"integer(t)", "integer"},
    {"integer(d)", "E0311"},
    {"decimal(t, 3)", "decimal(3)"},
    {"decimal(t, 0)", "decimal(0)"},
    {"decimal(t, 10)", "E0312"},
    {"decimal(t, n)", "E0312"},
    {"date(t)", "date"},
    {"date(\"2026-02-30\")", "E0305"},
    {"date(n, 1, 1)", "date"},
    {"date(1, 2)", "E0310"},
    {"date(moment)", "E0311"},
    /* numbers */
    {"abs(e)", "money(EUR)"},
    {"abs(x)", "number"},
    {"abs(t)", "E0311"},
    {"sign(d)", "integer"},
    {"round(f, 2)", "decimal(2)"},
    {"round(d, 4)", "decimal(4)"},
    {"round(f, 0)", "integer"},
    {"round(e, 0)", "money(EUR)"},
    {"round(e * 1.19, 2)", "decimal(2)"},
    {"round(x, 2)", "number"},
    {"round(d)", "E0310"},
    {"round(d, n)", "E0312"},
    {"floor(d)", "integer"},
    {"ceil(x)", "integer"},
    {"floor(n)", "integer"},
    {"floor(day)", "E0311"},
    {"min(n, d)", "decimal(2)"},
    {"max(n, x)", "number"},
    {"max(1, 2.5)", "decimal(1)"},
    {"min(day, \"2026-01-31\")", "date"},
    {"min(\"2026-01-31\", day)", "date"},
    {"max(e, 0)", "money(EUR)"},
    {"max(0, 1.5, e)", "money(EUR)"},
    {"max(e, u)", "E0307"},
    {"max(n, t)", "E0302"},
    {"max(t, t)", "E0311"},
    {"max(n)", "E0310"},
    {"div(n, 2)", "integer"},
    {"mod(d, 2)", "E0308"},
    {"div(n, 0)", "E0316"},
    {"divide(e, n, 4)", "decimal(4)"},
    {"divide(n, n, 0)", "integer"},
    {"divide(x, n, 2)", "E0311"},
    {"divide(n, 0, 2)", "E0316"},
    {"number(d)", "number"},
    {"number(t)", "E0311"},
    {"number(0.12345678901)", "number"},
    {"number(abs(1.5) + d)", "number"},
    {"number(max(round(f, 3), 0.5))", "number"},
    {"sqrt(n)", "number"},
    {"sqrt(2.5)", "number"},
    {"sqrt(d)", "E0301"},
    /* dates */
    {"today()", "date"},
    {"now()", "datetime"},
    {"today(1)", "E0310"},
    {"year(day) + month(day) + day(day) + weekday(day)", "integer"},
    {"year(moment)", "E0301"},
    {"years_between(day, today())", "integer"},
    {"years_between(day, \"2026-01-31\")", "integer"},
    {"months_between(day, moment)", "E0301"},
    {"days_between(day, day)", "integer"},
    {"add_days(day, n)", "date"},
    {"add_days(day, d)", "E0308"},
    {"add_months(day, 1)", "date"},
    {"add_years(day, n)", "date"},
    {"end_of_month(day)", "date"},
    {"date_of(moment)", "date"},
    {"date_of(day)", "E0301"},
    {"time_of(moment)", "time"},
    {"minutes_between(moment, now())", "integer"},
    {"minutes_between(at, \"12:00\")", "integer"},
    {"minutes_between(at, moment)", "E0311"},
    /* rows */
    {"count(r)", "integer"},
    {"count(r where rn > n)", "integer"},
    {"count(r.q)", "integer"},
    {"count(r.q where qn > rn)", "integer"},
    {"count(r.rn)", "E0314"},
    {"count(g)", "E0314"},
    {"count(r where rn)", "E0301"},
    {"sum(r.rn)", "integer"},
    {"sum(r.re where rn > 1)", "money(EUR)"},
    {"sum(r.rx)", "number"},
    {"sum(r.rt)", "E0311"},
    {"sum(r.rday)", "E0311"},
    {"sum(r)", "E0314"},
    {"sum(n)", "E0314"},
    {"sum(1)", "E0314"},
    {"min(r.rday)", "date"},
    {"max(r.rd where rn > 1)", "decimal(2)"},
    {"max(r.rt)", "E0311"},
    {"max(r.rn, 1)", "E0214"},
    {"avg(r.rn, 1)", "decimal(1)"},
    {"avg(r.rn, 0)", "integer"},
    {"avg(r.re, 2)", "money(EUR)"},
    {"avg(r.re, 4)", "decimal(4)"},
    {"avg(r.rx, 2)", "number"},
    {"avg(r.rn, 1 where rn > 1)", "decimal(1)"},
    {"avg(r.rn)", "E0310"},
    {"avg(r.rn, n)", "E0312"},
    {"any(r where rn > 1)", "boolean"},
    {"any(r)", "E0313"},
    {"all(r where answered(rt))", "boolean"},
    {"none(r.q where qn = outer.n)", "boolean"},
    {"first(r.rt)", "text"},
    {"last(r.rc where rn > 1)", "choice(colours)"},
    {"first(r.q.qn)", "integer"},
    {"join(\", \", r.rt)", "text"},
    {"join(\", \", r.rc where rn > 1)", "text"},
    {"join(\", \", t, r.rt)", "E0314"},
    {"join(\", \", t where b)", "E0313"},
    {"position()", "E0315"},
    {"count(r where position() > 1)", "integer"},
    {"abs(n where b)", "E0313"},
    {"unheard(n)", "E0205"},
};

static const char *type_name(const struct ir *ir, struct type type)
{
    static const char *const names[] = {
        [TYPE_NONE] = "none",       [TYPE_TEXT] = "text",        [TYPE_BOOLEAN] = "boolean",
        [TYPE_INTEGER] = "integer", [TYPE_NUMBER] = "number",    [TYPE_DATE] = "date",
        [TYPE_TIME] = "time",       [TYPE_DATETIME] = "datetime"};
    static char text[64];
    switch (type.kind) {
    case TYPE_DECIMAL:
        snprintf(text, sizeof text, "decimal(%u)", (unsigned)type.scale);
        return text;
    case TYPE_MONEY:
        snprintf(text, sizeof text, "money(%s)", type.currency);
        return text;
    case TYPE_CHOICE:
        snprintf(text, sizeof text, "choice(%.*s)", STR_ARG(ir->lists[type.list].name));
        return text;
    case TYPE_CHOICES:
        snprintf(text, sizeof text, "choices(%.*s)", STR_ARG(ir->lists[type.list].name));
        return text;
    default:
        return names[type.kind];
    }
}

/* Into `got`: the type of the let v, or the code of the first error. */
static void type_of_let(const char *expression, char *got, size_t size)
{
    struct arena arena;
    struct diags diags;
    struct tree *tree;
    struct ir *ir = NULL;
    char source[2048];
    int len = snprintf(source, sizeof source, "edition 2026\nform f \"F\" {\n" FIELDS "let v = %s\n}\n",
                       expression);
    arena_init(&arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
    diags_init(&diags, &arena, limit(DIAGNOSTICS));
    CHECK_STATUS(parser_parse(&arena, (struct str){source, (size_t)len}, &diags, &tree), ST_OK);
    enum status st = check_tree(&arena, tree, &diags, &ir);
    diags_sort(&diags);
    snprintf(got, size, "nothing");
    for (uint32_t i = diags.count; i-- > 0;)
        if (diags.items[i].severity == DIAG_ERROR) snprintf(got, size, "%s", diags.items[i].code);
    for (uint32_t i = 0; st == ST_OK && i < ir->node_count; i++)
        if (str_eq(ir->nodes[i].path, STR("v")))
            snprintf(got, size, "%s", type_name(ir, ir->nodes[i].type));
    arena_release(&arena);
}

static void each_expression_has_its_type_or_its_mistake(void)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char got[64];
        type_of_let(table[i].expression, got, sizeof got);
        if (strcmp(got, table[i].want) == 0) continue;
        fprintf(stderr, "%s: got %s, not %s\n", table[i].expression, got, table[i].want);
        test_failures++;
    }
}

int main(void)
{
    each_expression_has_its_type_or_its_mistake();
    return TEST_RESULT();
}
