/* Bytes choose a form out of the grammar of docs/language.md, with any white space and comments between
 * its tokens. It must parse without complaint, and its layout must keep all that fuzz/layout.h demands.
 * Fields are called by keywords too. */
#include "base/buf.h"
#include "fuzz/layout.h"

/* What chooses. When the bytes are used up, every choice is 0, which is always a short one. */
struct author {
    const uint8_t *data;
    size_t size, at;
    struct buf text;
    unsigned depth;
};

static unsigned choose(struct author *author, unsigned count)
{
    if (author->at >= author->size || author->text.len > 20000) return 0;
    return author->data[author->at++] % count;
}

static void put_gap(struct author *author)
{
    static const char *const gaps[] = {" ",          " ",
                                       " ",          "  ",
                                       "\n",         "\n\n",
                                       "\n\n\n",     "\t",
                                       "\r\n",       " # trailing\n",
                                       "\n# own \n", "\n\n  # a\n\n# b\n\n",
                                       "#\n"};
    buf_puts(&author->text, gaps[choose(author, sizeof gaps / sizeof *gaps)]);
}

static void put(struct author *author, const char *token)
{
    put_gap(author);
    buf_puts(&author->text, token);
}

/* A sign that may stand right behind what is before it. */
static void put_tight(struct author *author, const char *sign)
{
    if (choose(author, 3) == 2) put_gap(author);
    buf_puts(&author->text, sign);
}

static void put_name(struct author *author)
{
    static const char *const names[] = {
        "a",    "b",     "min",    "required", "page",    "days",
        "at",   "check", "length", "note",     "when",    "title",
        "hint", "group", "as",     "let",      "unknown", "a_name_that_is_rather_long_for_a_field"};
    put(author, names[choose(author, sizeof names / sizeof *names)]);
}

static void put_number(struct author *author)
{
    static const char *const numbers[] = {"1", "0", "12", "50_000", "1.50", "999"};
    put(author, numbers[choose(author, sizeof numbers / sizeof *numbers)]);
}

static void put_whole(struct author *author)
{
    static const char *const numbers[] = {"1", "5", "12", "1_000"};
    put(author, numbers[choose(author, sizeof numbers / sizeof *numbers)]);
}

static void put_plain_text(struct author *author)
{
    static const char *const texts[] = {
        "\"x\"",
        "\"\"",
        "\"a \\\"b\\\" {c}\"",
        "\"# no comment\"",
        "\"\u00e4\u00f6\u00fc \\u{1F600}\"",
        "\"a text that takes a good part of the line that it stands on\""};
    put(author, texts[choose(author, sizeof texts / sizeof *texts)]);
}

static void put_text(struct author *author)
{
    static const char *const texts[] = {
        "\"x\"",
        "\"\"",
        "\"Hello {a}\"",
        "\"{ outer . a . b }\\{\"",
        "\"# no comment\"",
        "\"a text that takes a good part of the line that it stands on\""};
    do put(author, texts[choose(author, sizeof texts / sizeof *texts)]);
    while (choose(author, 4) == 3);
}

static void put_path(struct author *author)
{
    if (choose(author, 8) == 7) {
        put(author, "outer");
        put_tight(author, ".");
    }
    put_name(author);
    while (choose(author, 4) == 3) {
        put_tight(author, ".");
        put_name(author);
    }
}

static void put_expression(struct author *author);
static void put_operand(struct author *author);

static void put_list(struct author *author)
{
    put_tight(author, "(");
    put_expression(author);
    while (choose(author, 3) == 2) {
        put_tight(author, ",");
        put_expression(author);
    }
    put_tight(author, ")");
}

static void put_call(struct author *author)
{
    put_name(author);
    put_tight(author, "(");
    if (choose(author, 2)) {
        put_expression(author);
        while (choose(author, 3) == 2) {
            put_tight(author, ",");
            put_expression(author);
        }
        if (choose(author, 3) == 2) put(author, "where"), put_expression(author);
    }
    put_tight(author, ")");
}

static void put_if(struct author *author)
{
    put(author, "if");
    put_expression(author);
    put(author, "then");
    put_expression(author);
    put(author, "else");
    put_expression(author);
}

static void put_parenthesised(struct author *author)
{
    put(author, "(");
    put_expression(author);
    put_tight(author, ")");
}

static void put_primary(struct author *author)
{
    if (author->depth > 8) {
        put_name(author);
        return;
    }
    author->depth++;
    switch (choose(author, 8)) {
    case 0:
    case 1:
        put_path(author);
        break;
    case 2:
        put_number(author);
        break;
    case 3:
        put_plain_text(author);
        break;
    case 4:
        put(author, choose(author, 2) ? "true" : "false");
        break;
    case 5:
        put_call(author);
        break;
    case 6:
        put_parenthesised(author);
        break;
    case 7:
        put(author, "-"), put_number(author);
        break;
    }
    author->depth--;
}

/* Sums, products and ??, with lengths of time. */
static void put_operand(struct author *author)
{
    static const char *const operators[] = {"+", "-", "*", "/", "?\?"};
    static const char *const lengths[] = {"5 days", "1 month", "18\nyears", "2 # h\nhours"};
    put_primary(author);
    while (choose(author, 3) == 2) {
        unsigned op = choose(author, 5);
        put(author, operators[op]);
        if (op < 2 && choose(author, 4) == 3) put(author, lengths[choose(author, 4)]);
        else put_primary(author);
        if (op < 2 && author->text.ptr[author->text.len - 1] == 's')
            return; /* a length of time is not multiplied */
        if (op < 2 && author->text.ptr[author->text.len - 1] == 'h') return;
    }
}

static void put_set(struct author *author)
{
    put(author, choose(author, 2) ? "in" : "not in");
    switch (choose(author, 3)) {
    case 0:
        put_list(author);
        break;
    case 1:
        put_path(author);
        break;
    case 2:
        put_operand(author), put(author, ".."), put_operand(author);
        break;
    }
}

static void put_comparison(struct author *author)
{
    static const char *const operators[] = {"=", "!=", "<", "<=", ">", ">="};
    if (choose(author, 5) == 4) put(author, "not");
    put_operand(author);
    switch (choose(author, 3)) {
    case 0:
        break;
    case 1:
        put(author, operators[choose(author, 6)]), put_operand(author);
        break;
    case 2:
        put_set(author);
        break;
    }
}

static void put_expression(struct author *author)
{
    if (author->depth > 4) {
        put_primary(author);
        return;
    }
    author->depth++;
    if (choose(author, 10) == 9) {
        put_if(author);
    } else {
        put_comparison(author);
        while (choose(author, 3) == 2)
            put(author, choose(author, 2) ? "and" : "or"), put_comparison(author);
    }
    author->depth--;
}

static void put_message(struct author *author)
{
    if (choose(author, 2)) put(author, "else"), put_text(author);
}

static void put_check(struct author *author)
{
    put(author, "check");
    put_expression(author);
    put(author, "else");
    put_text(author);
    if (choose(author, 3) == 2) put(author, "at"), put_path(author);
    if (choose(author, 3) == 2) put(author, "as"), put_name(author);
}

static void put_length(struct author *author)
{
    put(author, "length");
    switch (choose(author, 4)) {
    case 0:
        put_whole(author);
        break;
    case 1:
        put(author, "1"), put_tight(author, ".."), put(author, "9");
        break;
    case 2:
        put(author, ".."), put_whole(author);
        break;
    case 3:
        put_whole(author), put_tight(author, "..");
        break;
    }
    put_message(author);
}

/* `when` stands before `required`, which would take it for its own, and `=` before any that ends in an
 * expression. */
static void put_field(struct author *author)
{
    static const char *const types[] = {"text",      "integer",     "decimal ( 2 )", "money(EUR)",
                                        "choice(c)", "choices( c)", "date"};
    put_name(author);
    put_tight(author, ":");
    put(author, types[choose(author, sizeof types / sizeof *types)]);
    if (choose(author, 2)) put_text(author);
    if (choose(author, 4) == 3) put(author, "="), put_expression(author);
    if (choose(author, 4) == 3) put(author, "when"), put_expression(author);
    if (choose(author, 3) == 2) put(author, "required"), put_message(author);
    else if (choose(author, 4) == 3)
        put(author, "required when"), put_expression(author), put_message(author);
    if (choose(author, 4) == 3) put(author, "default"), put_expression(author);
    if (choose(author, 4) == 3) put(author, "min"), put_expression(author), put_message(author);
    if (choose(author, 4) == 3) put(author, "max"), put_expression(author), put_message(author);
    if (choose(author, 4) == 3) put_length(author);
    if (choose(author, 4) == 3) put(author, "pattern"), put_plain_text(author), put_message(author);
    while (choose(author, 4) == 3) put_check(author);
    if (choose(author, 4) == 3) put(author, "hint"), put_text(author);
    if (choose(author, 4) == 3) put(author, "key"), put_plain_text(author);
    if (choose(author, 4) == 3) put(author, "placeholder"), put_text(author);
    if (choose(author, 4) == 3) put(author, "multiline");
}

static void put_items(struct author *author, bool form);

static void put_group(struct author *author, const char *keyword)
{
    put(author, keyword);
    put_name(author);
    if (choose(author, 2) || keyword[0] == 'p') put_text(author);
    if (keyword[0] == 'r') put(author, "0"), put_tight(author, ".."), put(author, "12");
    if (choose(author, 3) == 2) put(author, "when"), put_expression(author);
    if (choose(author, 4) == 3) put(author, "hint"), put_text(author);
    if (keyword[0] != 'p' && choose(author, 4) == 3) put(author, "unknown"), put(author, "ignore");
    put(author, "{");
    author->depth++;
    put_items(author, false);
    author->depth--;
    put(author, "}");
}

static void put_choices(struct author *author)
{
    put(author, "choices");
    put_name(author);
    put(author, "{");
    while (choose(author, 4)) {
        if (choose(author, 3) == 2) put_plain_text(author);
        else put_name(author);
        put_plain_text(author);
        if (choose(author, 4) == 3) put(author, "="), put(author, choose(author, 2) ? "-1" : "2.5");
    }
    put(author, "}");
}

static void put_translate(struct author *author)
{
    put(author, "translate de {");
    while (choose(author, 4)) {
        if (choose(author, 3) == 2) {
            put(author, "title");
        } else {
            put(author, "a");
            while (choose(author, 4) == 3) put_tight(author, "."), put_name(author);
            if (choose(author, 4) == 3) put_tight(author, "."), put_plain_text(author);
        }
        put_text(author);
        if (choose(author, 4) == 3) put(author, "hint"), put_text(author);
    }
    put(author, "}");
}

static void put_item(struct author *author, bool form)
{
    switch (choose(author, form ? 12 : 6)) {
    case 0:
    case 1:
        put_field(author);
        break;
    case 2:
        put(author, "let"), put_name(author), put(author, "="), put_expression(author);
        break;
    case 3:
        put(author, "note"), put_name(author), put_text(author);
        break;
    case 4:
        put_check(author);
        break;
    case 5:
        if (author->depth < 4) put_group(author, choose(author, 2) ? "group" : "repeat");
        break;
    case 6:
    case 7:
        put_group(author, "page");
        break;
    case 8:
        put_choices(author);
        break;
    case 9:
        put_translate(author);
        break;
    case 10:
        put(author, "languages en"), put_tight(author, ","), put(author, "de");
        break;
    case 11:
        put(author, choose(author, 2) ? "timezone \"UTC\"" : "unknown\nrefuse");
        break;
    }
}

static void put_items(struct author *author, bool form)
{
    while (choose(author, form ? 12 : 4)) put_item(author, form);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct author author = {.data = data, .size = size};
    struct arena arena;
    buf_init(&author.text, mem_heap(), 1 << 20);
    if (choose(&author, 2)) put_gap(&author);
    buf_puts(&author.text, "edition 2026");
    put(&author, "form f");
    put_text(&author);
    put(&author, "{");
    put_items(&author, true);
    put(&author, "}");
    if (choose(&author, 2)) put_gap(&author);
    HOLDS(!buf_failed(&author.text));
    arena_init(&arena, mem_heap(), (size_t)4 * limit(COMPILE_ARENA_BYTES));
    layout_check(&arena, buf_str(&author.text));
    arena_release(&arena);
    buf_release(&author.text);
    return 0;
}
