#include "dsl/parser.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "dsl/dsl.h"
#include "dsl/parse.h"

#include <assert.h>

static const struct {
    uint32_t year;
} editions[] = {
#define EDITION(year, what) {year},
#include "dsl/edition.def"
#undef EDITION
};

enum { EDITIONS = sizeof editions / sizeof *editions };

uint32_t dsl_edition(void)
{
    return editions[EDITIONS - 1].year;
}

/* ---- the source as a whole */

static bool is_readable(struct parse *parse, struct str source)
{
    if (source.len > limit(SOURCE_BYTES)) {
        parse_complain(
            parse, "E0100", (struct span){0, 0}, "split the form, or move long texts out of it",
            "this text has %zu bytes, a form definition at most %d", source.len, limit(SOURCE_BYTES));
        return false;
    }
    size_t valid = utf8_valid_len(source);
    if (valid == source.len) return true;
    parse_complain(parse, "E0101", (struct span){(uint32_t)valid, 1}, "save the file as UTF-8",
                   "this text is not UTF-8: the byte 0x%02X cannot stand here",
                   (unsigned)(unsigned char)source.ptr[valid]);
    return false;
}

/* ---- edition and head */

static bool is_edition(int64_t year)
{
    for (int i = 0; i < EDITIONS; i++)
        if (editions[i].year == year) return true;
    return false;
}

/* "2026 and 2027" */
static const char *editions_told(struct parse *parse)
{
    const char *told = parse_printf(parse, "%u", editions[0].year);
    for (int i = 1; i < EDITIONS; i++)
        told = parse_printf(parse, "%s%s%u", told, i + 1 < EDITIONS ? ", " : " and ", editions[i].year);
    return told;
}

/* What is not told, or wrongly, is read by the newest. */
static void parse_edition(struct parse *parse, struct tree *tree)
{
    static const struct str word = {"edition", 7};
    uint32_t start = parse->token.offset;
    int64_t edition;
    bool slip = parse_at(parse, TOKEN_NAME) && parse->next.kind == TOKEN_NUMBER &&
                nearest_word(parse->token.text, &word, 1).len;
    if (slip) {
        parse_complain_here(parse, "E0111", "did you mean \"edition\"?", "there is no %s",
                            parse_found(parse));
        parse_advance(parse);
    } else if (!parse_take(parse, TOKEN_EDITION)) {
        parse_expected(parse, "E0111",
                       parse_printf(parse, "\"edition %u\" in the first line", tree->edition),
                       "the edition says by which version of the language the form is read");
        parse->token_told =
            parse_at(parse, TOKEN_END); /* what stands there instead may have faults of its own */
        return;
    }
    bool good = parse_at(parse, TOKEN_NUMBER);
    const char *what = parse_printf(parse, "the edition, %u,", tree->edition);
    if (!parse_whole(parse, what, INT64_MAX, &edition)) return;
    tree->edition_span = parse_span_from(parse, start);
    if (!good) return;
    if (is_edition(edition)) parse->edition = tree->edition = (uint32_t)edition;
    else
        parse_complain(parse, "E0111", tree->edition_span,
                       parse_printf(parse, "write edition %u", tree->edition),
                       "there is no edition %lld of the language, only %s", (long long)edition,
                       editions_told(parse));
}

/* What stands before `form` is left out; without a `form` all is read as its inside. */
static bool parse_form_keyword(struct parse *parse)
{
    static const struct str form = {"form", 4};
    if (parse_take(parse, TOKEN_FORM)) return true;
    bool slip = parse_at_word(parse) && token_is_word(parse->next.kind) &&
                nearest_word(parse->token.text, &form, 1).len;
    parse_expected(parse, "E0112", "\"form\", its name, its title and \"{\"",
                   slip ? "did you mean \"form\"?" : "as in: form contact \"Contact us\" { … }");
    if (slip) parse_advance(parse);
    return slip;
}

static void parse_form_head(struct parse *parse, struct tree *tree)
{
    parse_name(parse, "a name for the form", false, &tree->name, &tree->name_span);
    if (!parse_at_text(parse)) parse_expected(parse, "E0110", "the title of the form in quotes", NULL);
    else parse_text(parse, "the title", &tree->title);
    if (parse_at(parse, TOKEN_OPEN_BRACE)) return;
    parse_expected(parse, "E0110", "\"{\"", NULL);
    parse_skip(parse, true);
}

/* ---- after the form */

/* The fault is where the form was closed, unless all that follows is another "}". */
/* `edition 2026`, `form name` */
static bool at_another_form(const struct parse *parse)
{
    return (parse_at(parse, TOKEN_EDITION) && parse->next.kind == TOKEN_NUMBER) ||
           (parse_at(parse, TOKEN_FORM) && token_is_word(parse->next.kind));
}

static void complain_another(struct parse *parse, struct token close)
{
    struct diag *diag = parse_complain_here(parse, "E0113", "give each form a file of its own",
                                            "a second form begins here");
    if (!diag) return;
    diag->related = parse_token_span(close);
    diag->related_message = STR("the first ends here");
}

/* A "}" before the one that closed the form, which by the indentation is one too many. */
static bool complain_suspect(struct parse *parse, struct token close)
{
    if (!parse->suspect_close.len) return false;
    struct diag *diag = parse_complain(parse, "E0113", parse->suspect_close,
                                       "what follows is indented as if it stood inside",
                                       "by the indentation, this \"}\" is one too many");
    if (!diag) return true;
    diag->related = parse_token_span(close);
    diag->related_message = STR("so this closes the form, and more follows");
    return true;
}

static void complain_leftover(struct parse *parse, struct token close)
{
    if (complain_suspect(parse, close)) return;
    if (parse_at(parse, TOKEN_CLOSE_BRACE) || close.kind != TOKEN_CLOSE_BRACE) {
        parse_complain_here(parse, "E0113", NULL, "the form has ended already");
        return;
    }
    struct diag *diag = parse_complain(parse, "E0113", parse_token_span(close),
                                       "perhaps there is a \"}\" too many, here or before",
                                       "this \"}\" closes the form, but more follows");
    if (!diag) return;
    diag->related = parse_token_span(parse->token);
    diag->related_message = STR("this does");
}

/* Reads on as if it stood in the form, so its faults are told and its names are known. */
static void parse_leftover(struct parse *parse, struct parse_block *form)
{
    if (parse_at(parse, TOKEN_END)) return;
    if (at_another_form(parse)) {
        complain_another(parse, parse->previous);
        parse_stop(parse);
        return;
    }
    complain_leftover(parse, parse->previous);
    while (!parse_at(parse, TOKEN_END)) {
        if (parse_take(parse, TOKEN_CLOSE_BRACE)) continue;
        parse_items(parse, form);
    }
}

static void take_items(struct parse *parse, struct tree *tree, size_t mark)
{
    if (parse->moved.used) parse_push(parse, &parse->stack, parse->moved.bytes, parse->moved.used);
    tree->items = parse_pop(parse, &parse->stack, mark, sizeof *tree->items, &tree->item_count);
}

static void parse_definition(struct parse *parse, struct tree *tree)
{
    struct parse_block form = {.is_form = true};
    uint32_t start;
    parse_edition(parse, tree);
    start = parse->token.offset;
    if (parse_form_keyword(parse)) parse_form_head(parse, tree);
    form.head = parse_span_from(parse, start);
    if (parse_at(parse, TOKEN_OPEN_BRACE)) {
        parse_block(parse, &form);
    } else {
        parse_items(parse, &form);
        parse_take(parse, TOKEN_CLOSE_BRACE);
    }
    parse_leftover(parse, &form);
}

static void read_once(struct parse *parse, struct str source)
{
    parse_start(parse, source);
    parse_definition(parse, parse->tree);
    take_items(parse, parse->tree, 0);
}

/* Where a "}" is missing and the indentation says whose, the text is read again by it; the reading with
 * fewer errors counts. */
static void read_twice(struct parse *parse, struct str source)
{
    struct diags before = *parse->diags;
    struct parse again = {.arena = parse->arena, .tree = parse->tree, .trusts_indentation = true};
    read_once(parse, source);
    if (!parse->unbalanced || !parse->suspect_block.len || parse->out_of_memory) return;
    struct diags other;
    struct tree first = *parse->tree;
    diags_init(&other, parse->arena, before.count_max);
    *parse->tree = (struct tree){.source = source, .name = {"", 0}, .edition = dsl_edition()};
    again.diags = &other;
    read_once(&again, source);
    parse->out_of_memory = again.out_of_memory;
    if (other.errors > parse->diags->errors - before.errors) *parse->tree = first;
    else diags_replace(parse->diags, &before, &other);
}

enum status parser_parse(struct arena *arena, struct str source, struct diags *diags,
                         struct tree **ret_tree)
{
    struct tree *tree = ARENA_NEW(arena, struct tree);
    if (!tree) return arena->refused ? ST_LIMIT : ST_NOMEM;
    tree->source = source;
    tree->name = (struct str){"", 0};
    tree->edition = dsl_edition();

    struct parse parse = {.arena = arena, .diags = diags, .tree = tree};
    if (is_readable(&parse, source)) read_twice(&parse, source);
    else tree->damaged = true;
    if (parse.out_of_memory) return arena->refused ? ST_LIMIT : ST_NOMEM;
    *ret_tree = tree;
    return ST_OK;
}
