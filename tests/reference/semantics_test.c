/* docs/semantics.md is what the product says: every operator, function and place where a decision is
 * taken, asked with and without its operands. Each answer comes from the sandbox, and the reference
 * interpreter agrees.
 *
 *     semantics_test docs/semantics.md        UPDATE_GOLDEN=1 writes it anew */
#include "base/buf.h"
#include "tests/file.h"
#include "tests/reference/vector.h"
#include "tests/test.h"

enum { INPUTS_MAX = 4, NAME_MAX_BYTES = 16 };

static struct buf out;

static const char declare[] =
    "n: integer  m: integer  d: decimal(2)  e: decimal(2)  x: number  y: number\n"
    "t: text  u: text  v: text  b: boolean  a: boolean\n"
    "day: date  end: date  p: partial_date  q: year_month  at: datetime  to: datetime  w: zoned\n"
    "c: choice(l)  k: choice(l) other \"Another\"  s: choices(l)\n"
    "matrix grid of choice(l) { one \"One\"  two \"Two\" }  photo: file\n"
    "repeat rows 0..3 { f: integer  g: text  place: integer = position()\n"
    "standing: integer = rank(rows.f)  before: integer = prior.f }\n"
    "choices l with size_of: integer { p \"P\" (10) = 1  q \"Q\" (20) = 2 }";

/* What the inputs are when they are there. */
static const struct input {
    const char *name, *json;
} inputs[] = {{"n", "7"},
              {"m", "2"},
              {"d", "\"1.50\""},
              {"e", "\"0.40\""},
              {"x", "2.25"},
              {"y", "0.5"},
              {"t", "\"2024-01-31\""},
              {"u", "\"1\""},
              {"v", "\"-\""},
              {"b", "true"},
              {"a", "false"},
              {"day", "\"2024-01-31\""},
              {"end", "\"2025-03-01\""},
              {"p", "\"2024-02\""},
              {"q", "\"2024-03\""},
              {"at", "\"2024-01-31T10:00:00Z\""},
              {"to", "\"2024-01-31T11:30:00Z\""},
              {"w", "\"2024-01-31T11:00[Europe/Berlin]\""},

              {"c", "\"p\""},
              {"k", "{\"other\": \"R\"}"},
              {"s", "[\"p\", \"q\"]"},
              {"grid", "{\"one\": \"q\", \"two\": \"p\"}"},
              {"photo", "{\"id\": \"1\", \"name\": \"a.png\", \"type\": \"image/png\", \"size\": 3}"},
              {"rows", "[{\"f\": 3, \"g\": \"a\"}, {}, {\"f\": 5, \"g\": \"c\"}]"}};
enum { INPUTS = sizeof inputs / sizeof *inputs };

struct row {
    const char *function; /* NULL: an operator */
    const char *expression, *type, *inputs;
};

static const struct row operators[] = {
    {NULL, "n + m", "integer", "n m"},
    {NULL, "n - m", "integer", "n m"},
    {NULL, "n * m", "integer", "n m"},
    {NULL, "x / y", "number", "x y"},
    {NULL, "-n", "integer", "n"},
    {NULL, "t + u", "text", "t u"},
    {NULL, "n = m", "boolean", "n m"},
    {NULL, "n != m", "boolean", "n m"},
    {NULL, "n < m", "boolean", "n m"},
    {NULL, "n <= m", "boolean", "n m"},
    {NULL, "n > m", "boolean", "n m"},
    {NULL, "n >= m", "boolean", "n m"},
    {NULL, "t < u", "boolean", "t u"},
    {NULL, "c = \"p\"", "boolean", "c"},
    {NULL, "n in (7, m)", "boolean", "n m"},
    {NULL, "n not in (7, m)", "boolean", "n m"},
    {NULL, "n in 1..m", "boolean", "n m"},
    {NULL, "\"p\" in s", "boolean", "s"},
    {NULL, "\"p\" not in s", "boolean", "s"},
    {NULL, "n ?? m", "integer", "n m"},
    {NULL, "if b then n else m", "integer", "b n m"},
    {NULL, "if b then n else missing", "integer", "b n"},
    {NULL, "day + 1 month", "date", "day"},
    {NULL, "q + 1 month", "year_month", "q"},
    {NULL, "at + 90 minutes > to", "boolean", "at to"},
    {NULL, "w = at", "boolean", "w at"},
    {NULL, "w + 90 minutes", "datetime", "w"},
    {NULL, "end - day", "integer", "end day"},
    {NULL, "at(rows.before, 2)", "integer", "rows"},
    {NULL, "c.size_of", "integer", "c"},
    {NULL, "photo.size", "integer", "photo"},
};

static const struct row functions[] = {
    {"answered", "answered(n)", "boolean", "n"},
    {"answered", "answered(rows)", "boolean", "rows"},
    {"answered", "answered(grid)", "boolean", "grid"},
    {"answered", "answered(photo)", "boolean", "photo"},
    {"size", "size(s)", "integer", "s"},
    {"size", "size(grid)", "integer", "grid"},
    {"length", "length(t)", "integer", "t"},
    {"upper", "upper(t)", "text", "t"},
    {"lower", "lower(t)", "text", "t"},
    {"contains", "contains(t, u)", "boolean", "t u"},
    {"starts_with", "starts_with(t, u)", "boolean", "t u"},
    {"ends_with", "ends_with(t, u)", "boolean", "t u"},
    {"substring", "substring(t, n, m)", "text", "t n m"},
    {"replace", "replace(t, u, v)", "text", "t u v"},
    {"words", "words(t)", "integer", "t"},
    {"join", "join(v, t, u)", "text", "v t u"},
    {"join", "join(v, rows.g)", "text", "v rows"},
    {"join", "join(v, s)", "text", "v s"},
    {"text", "text(n)", "text", "n"},
    {"matches", "matches(t, \"[0-9-]+\")", "boolean", "t"},
    {"digits", "digits(t)", "boolean", "t"},
    {"luhn", "luhn(t)", "boolean", "t"},
    {"mod97", "mod97(t)", "boolean", "t"},
    {"iban", "iban(t)", "boolean", "t"},
    {"mod10", "mod10(t, \"1\")", "boolean", "t"},
    {"mod11", "mod11(t, \"1\")", "boolean", "t"},
    {"checksum", "checksum(u, \"3\", 10)", "integer", "u"},
    {"integer", "integer(u)", "integer", "u"},
    {"decimal", "decimal(u, 2)", "decimal(2)", "u"},
    {"date", "date(t)", "date", "t"},
    {"date", "date(n, m, m)", "date", "n m"},
    {"abs", "abs(n)", "integer", "n"},
    {"sign", "sign(n)", "integer", "n"},
    {"round", "round(d, 1)", "decimal(1)", "d"},
    {"floor", "floor(d)", "integer", "d"},
    {"ceil", "ceil(d)", "integer", "d"},
    {"min", "min(n, m)", "integer", "n m"},
    {"min", "min(rows.f)", "integer", "rows"},
    {"max", "max(n, m)", "integer", "n m"},
    {"max", "max(rows.f)", "integer", "rows"},
    {"div", "div(n, m)", "integer", "n m"},
    {"mod", "mod(n, m)", "integer", "n m"},
    {"divide", "divide(d, e, 2)", "decimal(2)", "d e"},
    {"number", "number(d)", "number", "d"},
    {"sqrt", "sqrt(x)", "number", "x"},
    {"today", "today()", "date", ""},
    {"now", "text(now())", "text", ""},
    {"year", "year(day)", "integer", "day"},
    {"month", "month(day)", "integer", "day"},
    {"day", "day(day)", "integer", "day"},
    {"weekday", "weekday(day)", "integer", "day"},
    {"year", "year(p)", "integer", "p"},
    {"month", "month(q)", "integer", "q"},
    {"year_month", "year_month(day)", "year_month", "day"},
    {"precision", "precision(p)", "integer", "p"},
    {"earliest", "earliest(p)", "date", "p"},
    {"latest", "latest(q)", "date", "q"},
    {"years_between", "years_between(day, end)", "integer", "day end"},
    {"months_between", "months_between(day, end)", "integer", "day end"},
    {"days_between", "days_between(day, end)", "integer", "day end"},
    {"add_days", "add_days(day, n)", "date", "day n"},
    {"add_months", "add_months(day, n)", "date", "day n"},
    {"add_years", "add_years(day, n)", "date", "day n"},
    {"end_of_month", "end_of_month(day)", "date", "day"},
    {"date_of", "date_of(at)", "date", "at"},
    {"time_of", "time_of(at)", "time", "at"},
    {"minutes_between", "minutes_between(at, to)", "integer", "at to"},
    {"score", "score(c)", "integer", "c"},
    {"score", "score(s)", "integer", "s"},
    {"score", "score(grid)", "integer", "grid"},
    {"code", "code(c)", "text", "c"},
    {"lookup", "lookup(l, code(c), size_of)", "integer", "c"},
    {"other", "other(k)", "text", "k"},
    {"is_other", "is_other(k)", "boolean", "k"},
    {"count", "count(rows)", "integer", "rows"},
    {"count", "count(rows where f > n)", "integer", "rows n"},
    {"sum", "sum(rows.f)", "integer", "rows"},
    {"avg", "avg(rows.f, 1)", "decimal(1)", "rows"},
    {"any", "any(rows where f > m)", "boolean", "rows m"},
    {"all", "all(rows where f > m)", "boolean", "rows m"},
    {"none", "none(rows where f > n)", "boolean", "rows n"},
    {"first", "first(rows.f)", "integer", "rows"},
    {"last", "last(rows.f)", "integer", "rows"},
    {"at", "at(rows.f, n - 6)", "integer", "rows n"},
    {"distinct", "distinct(rows.f)", "integer", "rows"},
    {"rank", "at(rows.standing, 1)", "integer", "rows"},
    {"rank", "at(rows.standing, 2)", "integer", "rows"},
    {"position", "max(rows.place)", "integer", "rows"},
};

static const char *const names[] = {
#define SIMPLE(NAME, ARGS, RESULT, HELPER, USAGE) #NAME,
#define SPECIAL(NAME, LEAST, MOST, MAKER, USAGE) #NAME,
#define ROWS(NAME, LEAST, MOST, MAKER, USAGE) #NAME,
#define FOREIGN(NAME, ADVICE)
#include "dsl/builtin.def"
#undef SIMPLE
#undef SPECIAL
#undef ROWS
#undef FOREIGN
};

enum {
    OPERATORS = sizeof operators / sizeof *operators,
    FUNCTIONS = sizeof functions / sizeof *functions,
    NAMES = sizeof names / sizeof *names
};

/* ---- one question */

static void put_outcome(struct str outcome)
{
    bool plain = str_eq(outcome, STR("missing")) || str_starts(outcome, STR("fault"));
    CHECK(!str_starts(outcome, STR("refused")) && !str_starts(outcome, STR("differs")) &&
          !str_starts(outcome, STR("invalid")));
    buf_puts(&out, plain ? "*" : "`");
    buf_put(&out, outcome);
    buf_puts(&out, plain ? "*" : "`");
}

static struct str ask(struct arena *arena, const char *declaration, const char *expression,
                      const char *type, struct str answers)
{
    struct vector vector = {.declare = str_of(declaration),
                            .type = str_of(type),
                            .expression = str_of(expression),
                            .answers = answers};
    struct str outcome = vector_outcome(&vector, arena);
    if (str_starts(outcome, STR("refused")) || str_starts(outcome, STR("differs")))
        fprintf(stderr, "%s: %.*s\n", expression, STR_ARG(outcome));
    return outcome;
}

/* ---- operands that are there or not */

/* The words of a row's inputs. */
static uint32_t words_of(const char *list, char ret_words[INPUTS_MAX][NAME_MAX_BYTES])
{
    uint32_t count = 0;
    while (*list && count < INPUTS_MAX) {
        size_t len = strcspn(list, " ");
        snprintf(ret_words[count++], NAME_MAX_BYTES, "%.*s", (int)len, list);
        list += len + (list[len] == ' ');
    }
    return count;
}

/* All inputs but those of the words whose bit is set. */
static struct str answers_without(struct arena *arena, char words[INPUTS_MAX][NAME_MAX_BYTES],
                                  uint32_t count, uint32_t missing)
{
    struct str text = STR("");
    for (int i = 0; i < INPUTS; i++) {
        bool left_out = false;
        for (uint32_t k = 0; k < count; k++)
            if (missing >> k & 1 && strcmp(words[k], inputs[i].name) == 0) left_out = true;
        if (!left_out)
            text = arena_printf(arena, "%.*s%s\"%s\": %s", STR_ARG(text), text.len ? ", " : "",
                                inputs[i].name, inputs[i].json);
    }
    return arena_printf(arena, "{%.*s}", STR_ARG(text));
}

static void put_code(const char *text)
{
    buf_puts(&out, "`");
    for (; *text; text++) {
        if (*text == '|') buf_putc(&out, '\\');
        buf_putc(&out, *text);
    }
    buf_puts(&out, "`");
}

static void put_row(const struct row *row)
{
    struct arena arena;
    char words[INPUTS_MAX][NAME_MAX_BYTES];
    uint32_t count = words_of(row->inputs, words), all = (1u << count) - 1;
    arena_init(&arena, mem_heap(), 256u << 20);
    buf_puts(&out, "| ");
    put_code(row->expression);
    for (uint32_t column = 0; column < 5; column++) {
        uint32_t missing = column == 0 ? 0 : column == 4 ? all : 1u << (column - 1);
        buf_puts(&out, " | ");
        if (column > 0 && (column == 4 ? count < 2 : column > count)) continue;
        if (column > 0 && column < 4) {
            buf_puts(&out, words[column - 1]);
            buf_puts(&out, ": ");
        }
        put_outcome(ask(&arena, declare, row->expression, row->type,
                        answers_without(&arena, words, count, missing)));
    }
    buf_puts(&out, " |\n");
    arena_release(&arena);
}

static void put_rows(const struct row *rows, uint32_t count)
{
    buf_puts(&out, "| expression | all there | without one | | | without any |\n"
                   "| --- | --- | --- | --- | --- | --- |\n");
    for (uint32_t i = 0; i < count; i++) put_row(&rows[i]);
}

static void every_function_has_a_row(void)
{
    for (int i = 0; i < NAMES; i++) {
        bool found = false;
        for (int k = 0; k < FUNCTIONS; k++)
            if (strcmp(functions[k].function, names[i]) == 0) found = true;
        if (found) continue;
        fprintf(stderr, "%s() has no row in the table of functions\n", names[i]);
        test_failures++;
    }
}

/* ---- three truths */

static const char *const truths[] = {"true", "false", "null"};

static void put_logic(void)
{
    static const char *const expressions[] = {"a and b", "a or b", "a = b", "a ?? b", "not a"};
    struct arena arena;
    arena_init(&arena, mem_heap(), 256u << 20);
    buf_puts(&out, "| a | b | `a and b` | `a or b` | `a = b` | `a ?? b` | `not a` |\n"
                   "| --- | --- | --- | --- | --- | --- | --- |\n");
    for (int i = 0; i < 9; i++) {
        const char *a = truths[i / 3], *b = truths[i % 3];
        struct str answers = arena_printf(&arena, "{\"a\": %s, \"b\": %s}", a, b);
        struct str row = arena_printf(&arena, "| %s | %s", i / 3 == 2 ? "*missing*" : a,
                                      i % 3 == 2 ? "*missing*" : b);
        buf_put(&out, row);
        for (int k = 0; k < 5; k++) {
            buf_puts(&out, " | ");
            put_outcome(ask(&arena, "a: boolean b: boolean", expressions[k], "boolean", answers));
        }
        buf_puts(&out, " |\n");
    }
    arena_release(&arena);
}

/* ---- decisions */

struct decision {
    const char *shown, *declaration, *expression, *type;
    const char *answers;  /* beside the operand */
    const char *yes, *no; /* what true and false mean, or an error and none; NULL: the value is shown */
};

static const struct decision decisions[] = {
    {"f: … when b", "b: boolean f: integer when b", "answered(f)", "boolean", "\"f\": 1", "relevant",
     "not relevant"},
    {"f: … unless b", "b: boolean f: integer unless b", "answered(f)", "boolean", "\"f\": 1",
     "relevant", "not relevant"},
    {"f: … required when b", "b: boolean f: integer required when b", "true", "boolean", NULL,
     "optional", NULL},
    {"f: … required unless b", "b: boolean f: integer required unless b", "true", "boolean", NULL,
     "optional", NULL},
    {"check b else …", "b: boolean check b else \"No.\"", "true", "boolean", NULL, "passes", NULL},
    {"check false unless b else …", "b: boolean n: integer check n < 0 unless b else \"No.\"", "true",
     "boolean", "\"n\": 1", "passes", NULL},
    {"f: … readonly when b", "b: boolean f: integer default 1 readonly when b", "true", "boolean",
     "\"f\": 2", "may change", NULL},
    {"f: … readonly unless b", "b: boolean f: integer default 1 readonly unless b", "true", "boolean",
     "\"f\": 2", "may change", NULL},
    {"choice(l where b)", "b: boolean f: choice(l where b) choices l { p \"P\" }", "true", "boolean",
     "\"f\": \"p\"", "offered", NULL},
    {"option p … when b", "b: boolean f: choice(l) choices l { p \"P\" when b  q \"Q\" }", "true",
     "boolean", "\"f\": \"p\"", "offered", NULL},
    {"if b then 1 else 2", "b: boolean", "if b then 1 else 2", "integer", NULL, NULL, NULL},
    {"count(rows where b), of one row", "b: boolean repeat r 0..2 { f: integer }", "count(r where b)",
     "integer", "\"r\": [{}]", NULL, NULL},
    {"any(rows where b), of one row", "b: boolean repeat r 0..2 { f: integer }", "any(r where b)",
     "boolean", "\"r\": [{}]", NULL, NULL},
    {"all(rows where b), of one row", "b: boolean repeat r 0..2 { f: integer }", "all(r where b)",
     "boolean", "\"r\": [{}]", NULL, NULL},
    {"none(rows where b), of one row", "b: boolean repeat r 0..2 { f: integer }", "none(r where b)",
     "boolean", "\"r\": [{}]", NULL, NULL},
};

static const struct decision bounds[] = {
    {"f: … min m", "m: integer f: integer min m", "true", "boolean", "\"f\": 2", "passes", NULL},
    {"f: … max m", "m: integer f: integer max m", "true", "boolean", "\"f\": 2", "passes", NULL},
    {"f: text length m..", "m: integer f: text length m..", "true", "boolean", "\"f\": \"ab\"",
     "passes", NULL},
    {"f: text length ..m", "m: integer f: text length ..m", "true", "boolean", "\"f\": \"ab\"",
     "passes", NULL},
    {"repeat r 0..5 rows m", "m: integer repeat r 0..5 rows m { f: integer }", "true", "boolean",
     "\"r\": [{}, {}]", "passes", NULL},
    {"f: … suggest m readonly", "m: integer f: integer suggest m readonly", "true", "boolean",
     "\"f\": 2", "passes", NULL},
};

static void put_decision(const struct decision *d, const char *operand, const char *const *values,
                         uint32_t count)
{
    struct arena arena;
    arena_init(&arena, mem_heap(), 256u << 20);
    buf_puts(&out, "| ");
    put_code(d->shown);
    for (uint32_t i = 0; i < count; i++) {
        struct str answers = arena_printf(&arena, "{\"%s\": %s%s%s}", operand, values[i],
                                          d->answers ? ", " : "", d->answers ? d->answers : "");
        struct str got = ask(&arena, d->declaration, d->expression, d->type, answers);
        buf_puts(&out, " | ");
        if (!d->yes) put_outcome(got);
        else if (str_starts(got, STR("invalid"))) buf_puts(&out, "error");
        else if (str_eq(got, STR("true"))) buf_puts(&out, d->yes);
        else if (str_eq(got, STR("false")) && d->no) buf_puts(&out, d->no);
        else put_outcome(STR("differs"));
    }
    buf_puts(&out, " |\n");
    arena_release(&arena);
}

static void put_decisions(void)
{
    static const char *const numbers[] = {"1", "2", "3", "null"};
    buf_puts(&out, "| place | b is true | false | missing |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < sizeof decisions / sizeof *decisions; i++)
        put_decision(&decisions[i], "b", truths, 3);
    buf_puts(&out, "\nA bound that is missing asks nothing. Here f is 2, \"ab\" or two rows:\n\n"
                   "| place | m is 1 | 2 | 3 | missing |\n| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
        put_decision(&bounds[i], "m", numbers, 4);
}

/* ---- the page */

static void put_inputs(void)
{
    buf_puts(&out, "| input | value |\n| --- | --- |\n");
    for (int i = 0; i < INPUTS; i++) {
        buf_puts(&out, "| `");
        buf_puts(&out, inputs[i].name);
        buf_puts(&out, "` | `");
        buf_puts(&out, inputs[i].json);
        buf_puts(&out, "` |\n");
    }
}

static void put_page(void)
{
    buf_puts(&out,
             "# What is missing, everywhere\n\n"
             "Every operator, every function and every place where a decision is taken, with its "
             "operands there and missing (docs/language.md §5). Written by the test\n"
             "`docs/semantics` from what the product answers, in edition 2026; the test fails when "
             "this page says something else, or when a function is not in it.\n\n"
             "## Operators\n\n");
    put_rows(operators, OPERATORS);
    buf_puts(&out, "\n## Truth\n\n");
    put_logic();
    buf_puts(&out, "\n## Functions\n\nOf rows, the second has no values. In a row, `standing` is "
                   "`rank(rows.f)`, `before` is `prior.f`, `place` is `position()`.\n\n");
    put_rows(functions, FUNCTIONS);
    buf_puts(&out, "\n## Decisions\n\n");
    put_decisions();
    buf_puts(&out, "\n## The inputs\n\nThe moment is 1970-01-01T00:00:00Z. `l` has the options `p` and "
                   "`q` with the scores 1 and 2 and the column `size_of`, 10 and 20.\n\n");
    put_inputs();
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "docs/semantics.md";
    buf_init(&out, mem_heap(), 1 << 20);
    every_function_has_a_row();
    put_page();
    CHECK(!buf_failed(&out));
    if (getenv("UPDATE_GOLDEN")) file_write(path, buf_str(&out));
    struct str page = file_read(path);
    if (!str_eq(page, buf_str(&out))) {
        fprintf(stderr, "%s is stale: UPDATE_GOLDEN=1 writes it anew\n", path);
        test_failures++;
    }
    file_free(page);
    buf_release(&out);
    return TEST_RESULT();
}
