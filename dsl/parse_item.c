/* Items and the blocks that hold them: docs/language.md §2. */
#include "dsl/parse_item.h"

#include "base/limits.h"

void parse_item_start(const struct parse *parse, struct item *item, enum item_kind kind)
{
    *item = (struct item){.kind = kind, .name = {"", 0}};
    item->span = item->head = parse_token_span(parse->token);
    item->name_span = (struct span){parse->token.offset, 0};
}

void parse_item_keep(struct parse *parse, struct item *item)
{
    item->span = item->head = parse_span_from(parse, item->span.offset);
    parse_push(parse, &parse->stack, item, sizeof *item);
}

/* Counts what limit FIELDS counts. Past it the work ends: what comes is dropped anyway. */
void parse_item_count_more(struct parse *parse, const struct item *item, uint32_t more)
{
    bool typed = item->kind == ITEM_FIELD || item->kind == ITEM_ROW;
    uint32_t fields = typed ? type_name_fields(item->type.name) : 1;
    parse->item_count += more + (fields > 1 ? 1 + fields : 1);
    if (parse->item_count <= (uint32_t)limit(FIELDS) || parse->stopped) return;
    parse_complain(parse, "E0132", item->head,
                   "split the form; the rest of the text has not been looked at",
                   "a form has at most %d fields, groups, repeats, pages, sections, notes and lets",
                   limit(FIELDS));
    parse->tree->damaged = true;
    parse_stop(parse);
}

static uint32_t follows_of(const struct item *item)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < item->modifier_count; i++) count += modifier_follows(&item->modifiers[i]);
    return count;
}

void parse_item_count(struct parse *parse, const struct item *item)
{
    parse_item_count_more(parse, item, follows_of(item));
}

/* ---- blocks */

/* Where, by the indentation, the "}" of a block was forgotten: the first thing inside that stands no
 * further right than its head. */
static void note_suspect(struct parse *parse, struct parse_block *block)
{
    if (!parse_on_new_line(parse) || block->column < 0 || block->is_form) return;
    bool closing = parse_at(parse, TOKEN_CLOSE_BRACE);
    if (!block->any) block->indented = parse->token.column > block->column;
    block->any = true;
    bool left = closing ? parse->token.column < block->column : parse->token.column <= block->column;
    if (!block->indented || !left || parse->suspect_block.len) return;
    parse->suspect_block = block->head;
    parse->suspect_place = parse_token_span(parse->token);
}

static void complain_open(struct parse *parse, const struct parse_block *block, struct token open)
{
    bool suspect = parse->suspect_block.len != 0;
    struct span head = suspect ? parse->suspect_block : block->head;
    if (head.len == 0) head = parse_token_span(open);
    if (parse->token_told) return;
    parse->token_told = parse->unbalanced = true;
    if (parse->previous.kind == TOKEN_BAD_TEXT) return; /* the text was cut off in the middle of it */
    struct diag *diag = parse_complain(parse, "E0114", head, "each \"{\" needs a \"}\"",
                                       "the \"{\" of this is never closed");
    if (!diag || !suspect) return;
    diag->related = parse->suspect_place;
    diag->related_message = STR("by the indentation, the \"}\" is missing before this");
}

static bool is_of_the_form(enum token_kind kind)
{
    switch (kind) {
    case TOKEN_PAGE:
    case TOKEN_CHOICES:
    case TOKEN_TABLE:
    case TOKEN_TRANSLATE:
    case TOKEN_LANGUAGES:
    case TOKEN_CONST:
    case TOKEN_FUNCTION:
    case TOKEN_MIGRATE:
        return true;
    default:
        return false;
    }
}

/* Things of the form inside of a page, a group or a repeat, or items inside of a matrix, as far left as
 * its head: it is its "}" that is missing. When it is known that one is, so does whatever stands as far
 * left. */
static bool closes_block(const struct parse *parse, const struct parse_block *block)
{
    if (block->is_form || !block->indented || !parse_on_new_line(parse) ||
        parse->token.column > block->column)
        return false;
    if (parse_at(parse, TOKEN_CLOSE_BRACE))
        return parse->trusts_indentation && parse->token.column < block->column;
    if (block->matrix && (parse_at_field(parse) || parse_at_item(parse))) return true;
    return parse->trusts_indentation || (parse_at_item(parse) && is_of_the_form(parse->token.kind));
}

static void complain_closing(struct parse *parse, const struct parse_block *block)
{
    struct diag *diag = parse_complain_here(parse, "E0114", NULL, "a \"}\" is missing before this");
    parse->token_told = false; /* what stands here may still have faults */
    parse->unbalanced = true;
    if (!diag) return;
    diag->related = block->head;
    diag->related_message = STR("it would close this");
}

/* Behind the "}" of an item something stands further right than the item began: that "}" is one too
 * many. */
static void note_indented(struct parse *parse, struct parse_block *block)
{
    if (!parse_on_new_line(parse)) return;
    if (block->first == 0) block->first = parse->token.column;
    bool deeper = block->first > 0 && parse->token.column > block->first;
    if (deeper && parse->previous.kind == TOKEN_CLOSE_BRACE && !parse->suspect_close.len)
        parse->suspect_close = parse_token_span(parse->previous);
}

void parse_items(struct parse *parse, struct parse_block *block)
{
    while (!parse_at(parse, TOKEN_END) && !closes_block(parse, block) &&
           !parse_at(parse, TOKEN_CLOSE_BRACE)) {
        uint32_t offset = parse->token.offset;
        note_suspect(parse, block);
        note_indented(parse, block);
        parse_item(parse, block);
        if (parse->token.offset == offset) parse_advance(parse);
    }
}

/* Where "{" is missing, what is indented is taken for the inside all the same. */
static bool open_block(struct parse *parse, const struct parse_block *block)
{
    if (parse_expect(parse, TOKEN_OPEN_BRACE, "\"{\"", NULL)) return true;
    bool begins = parse_at_field(parse) || parse_at_item(parse);
    if (!begins || !parse_on_new_line(parse) || block->column < 0) return false;
    parse->token_told = false;
    return parse->token.column > block->column;
}

void parse_block(struct parse *parse, struct parse_block *block)
{
    struct token open = parse->token;
    if (!open_block(parse, block)) return;
    parse_items(parse, block);
    if (parse_at(parse, TOKEN_CLOSE_BRACE) && !closes_block(parse, block)) {
        note_suspect(parse, block);
        parse_advance(parse);
    } else if (parse_at(parse, TOKEN_END)) {
        complain_open(parse, block, open);
    } else {
        complain_closing(parse, block);
    }
}

static bool is_too_deep(struct parse *parse, const struct item *item)
{
    if (parse->block_levels < limit(NESTING)) return false;
    parse_complain(parse, "E0130", item->head, "sections, groups and repeats nest so deep, together",
                   "this stands more than %d levels deep", limit(NESTING));
    if (parse_at(parse, TOKEN_OPEN_BRACE)) parse_skip_block(parse);
    return true;
}

/* The "{ … }" of a page, section, group or repeat whose head has been read. */
void parse_children(struct parse *parse, struct item *item, int64_t column, bool splice)
{
    struct parse_block block = {.head = item->head, .column = column};
    bool level = item->kind != ITEM_PAGE || splice;
    if (item->kind == ITEM_MATRIX) block.matrix = item;
    size_t mark = parse->stack.used;
    if (level && is_too_deep(parse, item)) return;
    parse->block_levels += level;
    parse_block(parse, &block);
    parse->block_levels -= level;
    if (!splice)
        item->children =
            parse_pop(parse, &parse->stack, mark, sizeof *item->children, &item->child_count);
}

/* ---- heads */

/* The name of a constant. */
static bool at_constant(const struct parse *parse)
{
    return parse_at(parse, TOKEN_NAME) && !parse_at_field(parse);
}

/* `0-10`, `0 to 10` */
static bool at_wrong_dots(const struct parse *parse)
{
    bool to = parse_at(parse, TOKEN_MINUS) || parse_at(parse, TOKEN_COMMA) ||
              str_eq(parse->token.text, STR("to"));
    return to && parse->next.kind == TOKEN_NUMBER;
}

static void parse_bounds(struct parse *parse, struct item *item)
{
    static const char *const example = "as in: repeat members \"Member\" 0..10 { … }";
    struct token first = parse->token;
    bool named = at_constant(parse) && parse->next.kind == TOKEN_DOT_DOT;
    bool low = parse_at(parse, TOKEN_NUMBER) || parse_at(parse, TOKEN_BAD_NUMBER) || named;
    if (!low && !parse_at(parse, TOKEN_DOT_DOT)) {
        parse_expected(parse, "E0134", "the fewest and the most rows", example);
        return;
    }
    if (named) item->rows_low = parse_path(parse, "a constant");
    else if (low) parse_whole(parse, "a number of rows", INT64_MAX, &item->rows_min);
    else parse_complain_here(parse, "E0134", example, "the fewest rows are missing before \"..\"");
    item->rows_max = item->rows_min;
    if (at_wrong_dots(parse)) {
        parse_complain_here(parse, "E0134", example, "a range of rows is written with two dots");
        parse_advance(parse);
        parse_whole(parse, "a number of rows", INT64_MAX, &item->rows_max);
    } else if (!parse_take(parse, TOKEN_DOT_DOT))
        parse_expected(parse, "E0134", "\"..\" and the most rows", example);
    else if (parse_at(parse, TOKEN_NUMBER))
        parse_whole(parse, "a number of rows", INT64_MAX, &item->rows_max);
    else if (at_constant(parse)) item->rows_high = parse_path(parse, "a constant");
    else if (!parse_take(parse, TOKEN_BAD_NUMBER))
        parse_expected(parse, "E0134", "the most rows", example);
    bool written = parse->previous.kind == TOKEN_NUMBER || item->rows_high;
    if (item->rows_max == 0 && !written) item->rows_max = 1;
    item->bounds_span = parse_span_from(parse, first.offset);
}

/* Where constants stand, when they are known: dsl/constant.c. */
static void check_bounds(struct parse *parse, struct item *item)
{
    if (item->rows_low || item->rows_high) return;
    if (item->rows_max > limit(REPEAT_ROWS) || item->rows_min > limit(REPEAT_ROWS)) {
        parse_complain(parse, "E0134", item->bounds_span, NULL, "a repeat has at most %d rows",
                       limit(REPEAT_ROWS));
        item->rows_max = limit(REPEAT_ROWS);
        if (item->rows_min > item->rows_max) item->rows_min = item->rows_max;
    } else if (item->rows_min > item->rows_max) {
        parse_complain(parse, "E0134", item->bounds_span, "the smaller number stands first",
                       "the fewest rows are more than the most");
        item->rows_max = item->rows_min;
    } else if (item->rows_max == 0) {
        if (item->bounds_span.len)
            parse_complain(parse, "E0134", item->bounds_span, NULL,
                           "this repeat could never have a row");
        item->rows_max = 1;
    }
}

static void parse_label(struct parse *parse, struct item *item)
{
    if (parse_at_text(parse) && parse->next.kind != TOKEN_COLON)
        parse_text(parse, "a label", &item->title);
}

static const char *name_wanted(enum item_kind kind)
{
    switch (kind) {
    case ITEM_PAGE:
        return "a name for the page";
    case ITEM_SECTION:
        return "a name for the section";
    case ITEM_GROUP:
        return "a name for the group";
    case ITEM_REPEAT:
        return "a name for the repeat";
    case ITEM_MATRIX:
        return "a name for the matrix";
    case ITEM_NOTE:
        return "a name for the note";
    case ITEM_LET:
        return "a name after \"let\"";
    case ITEM_CONST:
        return "a name after \"const\"";
    case ITEM_FUNCTION:
        return "a name for the function";
    case ITEM_CHOICES:
        return "a name for the list";
    case ITEM_TABLE:
        return "the name of a table";
    default:
        return "a language such as de";
    }
}

void parse_head(struct parse *parse, struct item *item)
{
    bool strict = item->kind == ITEM_GROUP || item->kind == ITEM_REPEAT || item->kind == ITEM_LET ||
                  item->kind == ITEM_CONST || item->kind == ITEM_FUNCTION || item->kind == ITEM_MATRIX;
    parse_advance(parse);
    parse_name(parse, name_wanted(item->kind), strict, &item->name, &item->name_span);
}

static void note_page_inside(struct parse *parse, const struct parse_block *block)
{
    struct diag *diag =
        parse_complain_here(parse, "E0137",
                            "put fields together by a section, or close what is around the page first; "
                            "pages that share a condition "
                            "give it a name: let abroad = …, page visa \"Visa\" when abroad",
                            "a page cannot stand inside of another item");
    if (!diag) return;
    diag->related = block->head;
    diag->related_message = STR("it stands inside of this");
}

static void parse_container(struct parse *parse, struct parse_block *block, enum item_kind kind)
{
    struct item item;
    int64_t column = parse_on_new_line(parse) ? (int64_t)parse->token.column : -1;
    bool splice = kind == ITEM_PAGE && !block->is_form;
    if (splice) note_page_inside(parse, block);
    parse_item_start(parse, &item, kind);
    parse_head(parse, &item);
    if (kind == ITEM_PAGE && !parse_at_text(parse))
        parse_expected(parse, "E0110", "the title of the page in quotes", NULL);
    parse_label(parse, &item);
    if (kind == ITEM_REPEAT) parse_bounds(parse, &item);
    if (kind == ITEM_REPEAT) check_bounds(parse, &item);
    parse_modifiers(parse, &item);
    item.head = parse_span_from(parse, item.head.offset);
    parse_item_count(parse, &item);
    parse_children(parse, &item, column, splice);
    item.span = parse_span_from(parse, item.span.offset);
    if (!splice) parse_push(parse, &parse->stack, &item, sizeof item);
}

/* ---- matrices */

static const char *const matrix_example =
    "as in: matrix mood \"How often?\" of choice(often) { calm \"Calm\"  tense \"Tense\" }";

static void parse_row_type(struct parse *parse, struct item *item)
{
    bool of = parse_at_word(parse) && str_eq(parse->token.text, STR("of"));
    item->type = (struct type_ref){.name = TYPE_NAME_BAD, .argument = {"", 0}};
    if (of) parse_advance(parse);
    else parse_expected(parse, "E0146", "\"of\" and the type of the rows", matrix_example);
    if (of || parse_at_type_name(parse->token)) parse_type(parse, &item->type);
}

/* `name: "Label"`, `name: type "Label"`: the type has been said of all rows. */
static void refuse_row_type(struct parse *parse)
{
    struct type_ref type;
    if (!parse_at(parse, TOKEN_COLON)) return;
    parse_complain_here(parse, "E0146", matrix_example,
                        "the rows of a matrix have a name and a label and are all of its type");
    parse_advance(parse);
    if (parse_at_type_name(parse->token)) parse_type(parse, &type);
}

static void parse_row(struct parse *parse, const struct item *matrix)
{
    struct item row;
    parse_item_start(parse, &row, ITEM_ROW);
    if (!parse_at_word(parse) || !parse_name(parse, "a name", true, &row.name, &row.name_span)) {
        parse_expected(parse, "E0146", "a row of the matrix", matrix_example);
        parse_advance(parse);
        parse_skip(parse, false);
        return;
    }
    refuse_row_type(parse);
    if (!parse_text(parse, "the label of the row", &row.title)) parse_skip(parse, true);
    row.type = matrix->type;
    parse->in_row = true;
    parse_modifiers(parse, &row);
    parse->in_row = false;
    parse_item_count_more(parse, &row, follows_of(&row) + follows_of(matrix));
    parse_item_keep(parse, &row);
}

static void parse_matrix(struct parse *parse)
{
    struct item item;
    int64_t column = parse_on_new_line(parse) ? (int64_t)parse->token.column : -1;
    parse_item_start(parse, &item, ITEM_MATRIX);
    parse_head(parse, &item);
    parse_label(parse, &item);
    parse_row_type(parse, &item);
    parse_modifiers(parse, &item);
    item.head = parse_span_from(parse, item.head.offset);
    parse_item_count_more(parse, &item, 0);
    parse_children(parse, &item, column, false);
    item.span = parse_span_from(parse, item.span.offset);
    parse_push(parse, &parse->stack, &item, sizeof item);
}

/* ---- small items */

static void parse_note(struct parse *parse)
{
    struct item item;
    parse_item_start(parse, &item, ITEM_NOTE);
    parse_head(parse, &item);
    if (parse_at_text(parse)) parse_label(parse, &item);
    else parse_expected(parse, "E0110", "the text of the note in quotes", NULL);
    parse_modifiers(parse, &item);
    parse_item_count(parse, &item);
    parse_item_keep(parse, &item);
}

void parse_let_value(struct parse *parse, struct item *item)
{
    const char *example = item->kind == ITEM_CONST ? "as in: const VAT = 0.19"
                          : item->kind == ITEM_FUNCTION
                              ? "as in: function half(n: integer): integer = div(n, 2)"
                              : "as in: let adult = age >= 18";
    bool equal = parse_expect(parse, TOKEN_EQUAL, "\"=\" and an expression", example);
    item->expr = equal ? parse_expression(parse, "\"=\"") : NULL;
    if (item->expr) return;
    item->expr = parse_new_path(parse);
    item->expr->kind = EXPR_BAD;
    item->expr->span = (struct span){parse->token.offset, 0};
}

void parse_refuse_modifiers(struct parse *parse, const char *what)
{
    if (!parse_at_modifier(parse) || parse_at(parse, TOKEN_CHECK) || parse_at(parse, TOKEN_UNKNOWN))
        return;
    parse_complain_here(parse, "E0122", NULL, "%s takes no modifiers such as %s", what,
                        parse_found(parse));
    parse_skip(parse, false);
}

static void parse_let(struct parse *parse)
{
    struct item item;
    parse_item_start(parse, &item, ITEM_LET);
    parse_head(parse, &item);
    parse_let_value(parse, &item);
    parse_item_count(parse, &item);
    parse_item_keep(parse, &item);
    parse_refuse_modifiers(parse, "a \"let\"");
}

static void parse_check_item(struct parse *parse)
{
    struct item item;
    parse_item_start(parse, &item, ITEM_CHECK);
    item.check = parse_check(parse);
    parse_item_keep(parse, &item);
    parse_refuse_modifiers(parse, "a \"check\" that is an item");
}

/* From the field's ":" on. */
void parse_field_rest(struct parse *parse, struct item *item)
{
    parse_type(parse, &item->type);
    parse_field_modifiers(parse, item);
}

void parse_field_modifiers(struct parse *parse, struct item *item)
{
    parse_label(parse, item);
    parse_modifiers(parse, item);
    parse_item_count(parse, item);
    parse_item_keep(parse, item);
    if (!parse_at(parse, TOKEN_OPEN_BRACE)) return;
    if (item->type.name != TYPE_NAME_BAD)
        parse_complain_here(parse, "E0110",
                            "fields are put together by: group address \"Address\" { … }",
                            "a field has no \"{\"");
    parse_skip_block(parse);
}

static void parse_field(struct parse *parse)
{
    struct item item;
    parse_item_start(parse, &item, ITEM_FIELD);
    parse->field_word = parse->token.kind;
    parse_name(parse, "a name", true, &item.name, &item.name_span);
    parse_expect(parse, TOKEN_COLON, "\":\"", NULL);
    parse_field_rest(parse, &item);
    parse->field_word = TOKEN_NAME;
}

void parse_item(struct parse *parse, struct parse_block *block)
{
    if (block->matrix) {
        parse_row(parse, block->matrix);
        return;
    }
    if (parse_at_field(parse)) {
        parse_field(parse);
        return;
    }
    switch (parse->token.kind) {
    case TOKEN_PAGE:
        parse_container(parse, block, ITEM_PAGE);
        return;
    case TOKEN_SECTION:
        parse_container(parse, block, ITEM_SECTION);
        return;
    case TOKEN_GROUP:
        parse_container(parse, block, ITEM_GROUP);
        return;
    case TOKEN_REPEAT:
        parse_container(parse, block, ITEM_REPEAT);
        return;
    case TOKEN_MATRIX:
        parse_matrix(parse);
        return;
    case TOKEN_NOTE:
        parse_note(parse);
        return;
    case TOKEN_LET:
        parse_let(parse);
        return;
    case TOKEN_CHECK:
        if (parse->edition > 2026)
            parse_complain_here(parse, "E0147", "as in: ensure total <= 100 else \"Too much.\"",
                                "a rule that belongs to no field begins with \"ensure\"");
        parse_check_item(parse);
        return;
    case TOKEN_ENSURE:
        parse_check_item(parse);
        return;
    case TOKEN_CHOICES:
    case TOKEN_TABLE:
    case TOKEN_TRANSLATE:
    case TOKEN_LANGUAGES:
    case TOKEN_TIMEZONE:
    case TOKEN_UNKNOWN:
    case TOKEN_CONST:
    case TOKEN_FUNCTION:
    case TOKEN_MIGRATE:
    case TOKEN_UNIQUE_OF_FORM:
        if (block->is_form) parse_form_item(parse);
        else parse_moved_item(parse, block);
        return;
    default:
        parse_stray(parse, block);
        return;
    }
}
