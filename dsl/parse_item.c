/* Items and the blocks that hold them: docs/language.md §2. */
#include "dsl/parse.h"

#include "base/limits.h"

static void parse_item(struct parse *parse, struct parse_block *block);

static void start_item(const struct parse *parse, struct item *item, enum item_kind kind)
{
    *item = (struct item){.kind = kind, .name = {"", 0}};
    item->span = item->head = parse_token_span(parse->token);
    item->name_span = (struct span){parse->token.offset, 0};
}

static void keep_item(struct parse *parse, struct item *item)
{
    item->span = item->head = parse_span_from(parse, item->span.offset);
    parse_push(parse, &parse->stack, item, sizeof *item);
}

/* Counts what limit FIELDS counts. Past it the work ends: what comes is dropped anyway. */
static void count_items(struct parse *parse, const struct item *item, uint32_t more)
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

static void count_item(struct parse *parse, const struct item *item)
{
    count_items(parse, item, follows_of(item));
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
static void parse_children(struct parse *parse, struct item *item, int64_t column, bool splice)
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

static void parse_head(struct parse *parse, struct item *item)
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
    start_item(parse, &item, kind);
    parse_head(parse, &item);
    if (kind == ITEM_PAGE && !parse_at_text(parse))
        parse_expected(parse, "E0110", "the title of the page in quotes", NULL);
    parse_label(parse, &item);
    if (kind == ITEM_REPEAT) parse_bounds(parse, &item);
    if (kind == ITEM_REPEAT) check_bounds(parse, &item);
    parse_modifiers(parse, &item);
    item.head = parse_span_from(parse, item.head.offset);
    count_item(parse, &item);
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
    start_item(parse, &row, ITEM_ROW);
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
    count_items(parse, &row, follows_of(&row) + follows_of(matrix));
    keep_item(parse, &row);
}

static void parse_matrix(struct parse *parse)
{
    struct item item;
    int64_t column = parse_on_new_line(parse) ? (int64_t)parse->token.column : -1;
    start_item(parse, &item, ITEM_MATRIX);
    parse_head(parse, &item);
    parse_label(parse, &item);
    parse_row_type(parse, &item);
    parse_modifiers(parse, &item);
    item.head = parse_span_from(parse, item.head.offset);
    count_items(parse, &item, 0);
    parse_children(parse, &item, column, false);
    item.span = parse_span_from(parse, item.span.offset);
    parse_push(parse, &parse->stack, &item, sizeof item);
}

/* ---- small items */

static void parse_note(struct parse *parse)
{
    struct item item;
    start_item(parse, &item, ITEM_NOTE);
    parse_head(parse, &item);
    if (parse_at_text(parse)) parse_label(parse, &item);
    else parse_expected(parse, "E0110", "the text of the note in quotes", NULL);
    parse_modifiers(parse, &item);
    count_item(parse, &item);
    keep_item(parse, &item);
}

static void parse_let_value(struct parse *parse, struct item *item)
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

static void refuse_modifiers(struct parse *parse, const char *what)
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
    start_item(parse, &item, ITEM_LET);
    parse_head(parse, &item);
    parse_let_value(parse, &item);
    count_item(parse, &item);
    keep_item(parse, &item);
    refuse_modifiers(parse, "a \"let\"");
}

static void parse_check_item(struct parse *parse)
{
    struct item item;
    start_item(parse, &item, ITEM_CHECK);
    item.check = parse_check(parse);
    keep_item(parse, &item);
    refuse_modifiers(parse, "a \"check\" that is an item");
}

static void parse_field_modifiers(struct parse *parse, struct item *item);

/* From the field's ":" on. */
static void parse_field_rest(struct parse *parse, struct item *item)
{
    parse_type(parse, &item->type);
    parse_field_modifiers(parse, item);
}

static void parse_field_modifiers(struct parse *parse, struct item *item)
{
    parse_label(parse, item);
    parse_modifiers(parse, item);
    count_item(parse, item);
    keep_item(parse, item);
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
    start_item(parse, &item, ITEM_FIELD);
    parse->field_word = parse->token.kind;
    parse_name(parse, "a name", true, &item.name, &item.name_span);
    parse_expect(parse, TOKEN_COLON, "\":\"", NULL);
    parse_field_rest(parse, &item);
    parse->field_word = TOKEN_NAME;
}

/* ---- things of the form */

static void parse_choices_item(struct parse *parse)
{
    struct item item;
    start_item(parse, &item, ITEM_CHOICES);
    parse_head(parse, &item);
    item.head = parse_span_from(parse, item.head.offset);
    parse_choices(parse, &item);
    item.span = parse_span_from(parse, item.span.offset);
    parse_push(parse, &parse->stack, &item, sizeof item);
}

static void parse_table_item(struct parse *parse)
{
    struct item item;
    start_item(parse, &item, ITEM_TABLE);
    parse_head(parse, &item);
    parse_table(parse, &item);
    item.span = parse_span_from(parse, item.span.offset);
    parse_push(parse, &parse->stack, &item, sizeof item);
}

static void parse_translate_item(struct parse *parse)
{
    struct item item;
    start_item(parse, &item, ITEM_TRANSLATE);
    parse_head(parse, &item);
    item.head = parse_span_from(parse, item.head.offset);
    parse_translate(parse, &item);
    item.span = parse_span_from(parse, item.span.offset);
    parse_push(parse, &parse->stack, &item, sizeof item);
}

static void parse_languages_item(struct parse *parse)
{
    struct item item;
    start_item(parse, &item, ITEM_LANGUAGES);
    parse_advance(parse);
    parse_languages(parse, &item);
    keep_item(parse, &item);
}

static void parse_timezone(struct parse *parse)
{
    struct item item;
    struct text_part zone = {.literal = {"", 0}};
    start_item(parse, &item, ITEM_TIMEZONE);
    parse_advance(parse);
    size_t mark = parse->stack.used;
    parse_plain_text(parse, "the name of a time zone in quotes", &zone.literal, &item.title.span);
    parse_push(parse, &parse->stack, &zone, sizeof zone);
    item.title.parts = parse_pop(parse, &parse->stack, mark, sizeof zone, &item.title.part_count);
    keep_item(parse, &item);
}

static void parse_unknown(struct parse *parse)
{
    struct item item;
    start_item(parse, &item, ITEM_UNKNOWN);
    parse_advance(parse);
    parse_policy(parse, &item.name, &item.name_span);
    keep_item(parse, &item);
}

/* address.street; the text is that of the source without blanks. */
static bool push_unique_path(struct parse *parse)
{
    struct expr_name path = {.text = {"", 0}}, name;
    do {
        if (!parse_name(parse, "the name of a field", false, &name.text, &name.span)) return false;
        uint32_t start = path.text.len ? path.span.offset : name.span.offset;
        path.text = path.text.len ? arena_printf(parse->arena, "%.*s.%.*s", STR_ARG(path.text),
                                                 STR_ARG(name.text))
                                  : name.text;
        if (!path.text.ptr) return false; /* what else the arena refuses tells */
        path.span = (struct span){start, name.span.offset + name.span.len - start};
    } while (parse_take(parse, TOKEN_DOT));
    parse_push(parse, &parse->stack, &path, sizeof path);
    return true;
}

/* `unique on (email, address.zip)`, `unique per subject` */
static void parse_unique(struct parse *parse)
{
    static const char *const example = "as in: unique on (email, birth)";
    struct item item;
    start_item(parse, &item, ITEM_UNIQUE);
    parse_advance(parse);
    bool on = str_eq(parse->token.text, STR("on"));
    parse_advance(parse);
    if (!on) {
        bool subject = str_eq(parse->token.text, STR("subject"));
        if (!subject) parse_expected(parse, "E0110", "\"subject\"", "as in: unique per subject");
        parse_advance(parse);
        if (subject) keep_item(parse, &item);
        return;
    }
    if (!parse_expect(parse, TOKEN_OPEN_PAREN, "\"(\" and the names of fields", example)) {
        parse_skip(parse, false);
        return;
    }
    size_t mark = parse->stack.used;
    while (push_unique_path(parse) && parse_take(parse, TOKEN_COMMA)) continue;
    item.languages =
        parse_pop(parse, &parse->stack, mark, sizeof *item.languages, &item.language_count);
    if (!parse_take(parse, TOKEN_CLOSE_PAREN)) {
        parse_expected(parse, "E0110", "\")\" after the fields", example);
        parse_skip_to_paren(parse);
        parse_take(parse, TOKEN_CLOSE_PAREN);
    }
    keep_item(parse, &item);
}

static void parse_const(struct parse *parse)
{
    struct item item;
    start_item(parse, &item, ITEM_CONST);
    parse_head(parse, &item);
    parse_let_value(parse, &item);
    count_item(parse, &item);
    keep_item(parse, &item);
    refuse_modifiers(parse, "a \"const\"");
}

static bool push_parameter(struct parse *parse)
{
    struct tree_column parameter = {.name = {"", 0}};
    static const char *const example = "as in: function half(n: integer): integer = div(n, 2)";
    if (!parse_name(parse, "the name of a parameter", true, &parameter.name, &parameter.name_span))
        return false;
    parameter.type = (struct type_ref){.name = TYPE_NAME_BAD, .argument = {"", 0}};
    if (parse_expect(parse, TOKEN_COLON, "\":\" and the parameter's type", example))
        parse_type(parse, &parameter.type);
    parse_push(parse, &parse->stack, &parameter, sizeof parameter);
    return true;
}

/* (a: integer, b: date) */
static void parse_parameters(struct parse *parse, struct item *item)
{
    static const char *const example = "as in: function half(n: integer): integer = div(n, 2)";
    if (!parse_expect(parse, TOKEN_OPEN_PAREN, "\"(\" and the parameters", example)) return;
    size_t mark = parse->stack.used;
    if (!parse_at(parse, TOKEN_CLOSE_PAREN))
        while (push_parameter(parse) && parse_take(parse, TOKEN_COMMA)) continue;
    item->columns = parse_pop(parse, &parse->stack, mark, sizeof *item->columns, &item->column_count);
    if (item->column_count > limit(PARAMETERS)) {
        parse_complain(parse, "E0233", item->columns[limit(PARAMETERS)].name_span, NULL,
                       "a function has at most %d parameters", limit(PARAMETERS));
        item->column_count = limit(PARAMETERS);
    }
    if (parse_take(parse, TOKEN_CLOSE_PAREN)) return;
    parse_expected(parse, "E0110", "\")\" after the parameters", NULL);
    parse_skip_to_paren(parse);
    parse_take(parse, TOKEN_CLOSE_PAREN);
}

static void parse_function(struct parse *parse)
{
    struct item item;
    start_item(parse, &item, ITEM_FUNCTION);
    parse_head(parse, &item);
    parse_parameters(parse, &item);
    item.type = (struct type_ref){.name = TYPE_NAME_BAD, .argument = {"", 0}};
    if (parse_expect(parse, TOKEN_COLON, "\":\" and the type of what the function answers",
                     "as in: function half(n: integer): integer = div(n, 2)"))
        parse_type(parse, &item.type);
    parse_let_value(parse, &item);
    count_item(parse, &item);
    keep_item(parse, &item);
    refuse_modifiers(parse, "a \"function\"");
}

static void parse_migrate_item(struct parse *parse)
{
    struct item item;
    start_item(parse, &item, ITEM_MIGRATE);
    parse_advance(parse);
    parse_migrate(parse, &item);
    count_items(parse, &item, item.migrate_count);
    item.span = parse_span_from(parse, item.span.offset);
    parse_push(parse, &parse->stack, &item, sizeof item);
}

static void parse_form_item(struct parse *parse)
{
    switch (parse->token.kind) {
    case TOKEN_MIGRATE:
        parse_migrate_item(parse);
        return;
    case TOKEN_CONST:
        parse_const(parse);
        return;
    case TOKEN_FUNCTION:
        parse_function(parse);
        return;
    case TOKEN_CHOICES:
        parse_choices_item(parse);
        return;
    case TOKEN_TABLE:
        parse_table_item(parse);
        return;
    case TOKEN_TRANSLATE:
        parse_translate_item(parse);
        return;
    case TOKEN_LANGUAGES:
        parse_languages_item(parse);
        return;
    case TOKEN_TIMEZONE:
        parse_timezone(parse);
        return;
    case TOKEN_UNIQUE_OF_FORM:
        parse_unique(parse);
        return;
    default:
        parse_unknown(parse);
        return;
    }
}

/* Where it does not belong it is told, and moved to the form. */
static void parse_moved_item(struct parse *parse, const struct parse_block *block)
{
    struct item item;
    struct diag *diag = parse_complain_here(
        parse, "E0137", "put it directly into the form: lists and translations may stand at its end",
        "%s cannot stand inside of another item", parse_found(parse));
    if (diag) {
        diag->related = block->head;
        diag->related_message = STR("it stands inside of this");
    }
    size_t mark = parse->stack.used;
    parse_form_item(parse);
    if (parse->stack.used == mark) return;
    memcpy(&item, parse->stack.bytes + mark, sizeof item);
    parse->stack.used = mark;
    parse_push(parse, &parse->moved, &item, sizeof item);
}

/* ---- what is no item */

static const struct {
    struct str word;
    enum item_kind kind;
} keywords[] = {
    {{"page", 4}, ITEM_PAGE},
    {{"section", 7}, ITEM_SECTION},
    {{"group", 5}, ITEM_GROUP},
    {{"repeat", 6}, ITEM_REPEAT},
    {{"matrix", 6}, ITEM_MATRIX},
    {{"note", 4}, ITEM_NOTE},
    {{"let", 3}, ITEM_LET},
    {{"check", 5}, ITEM_CHECK},
    {{"choices", 7}, ITEM_CHOICES},
    {{"table", 5}, ITEM_TABLE},
    {{"translate", 9}, ITEM_TRANSLATE},
    {{"languages", 9}, ITEM_LANGUAGES},
    {{"timezone", 8}, ITEM_TIMEZONE},
    {{"unknown", 7}, ITEM_UNKNOWN},
    {{"const", 5}, ITEM_CONST},
    {{"function", 8}, ITEM_FUNCTION},
    {{"ensure", 6}, ITEM_CHECK},
    {{"migrate", 7}, ITEM_MIGRATE},
};

enum { KEYWORDS = sizeof keywords / sizeof *keywords };

static enum token_kind token_of_item(enum item_kind kind)
{
    switch (kind) {
    case ITEM_PAGE:
        return TOKEN_PAGE;
    case ITEM_SECTION:
        return TOKEN_SECTION;
    case ITEM_GROUP:
        return TOKEN_GROUP;
    case ITEM_REPEAT:
        return TOKEN_REPEAT;
    case ITEM_MATRIX:
        return TOKEN_MATRIX;
    case ITEM_NOTE:
        return TOKEN_NOTE;
    case ITEM_LET:
        return TOKEN_LET;
    case ITEM_CHECK:
        return TOKEN_CHECK;
    case ITEM_CHOICES:
        return TOKEN_CHOICES;
    case ITEM_TABLE:
        return TOKEN_TABLE;
    case ITEM_TRANSLATE:
        return TOKEN_TRANSLATE;
    case ITEM_LANGUAGES:
        return TOKEN_LANGUAGES;
    case ITEM_TIMEZONE:
        return TOKEN_TIMEZONE;
    case ITEM_CONST:
        return TOKEN_CONST;
    case ITEM_FUNCTION:
        return TOKEN_FUNCTION;
    case ITEM_MIGRATE:
        return TOKEN_MIGRATE;
    default:
        return TOKEN_UNKNOWN;
    }
}

/* `"view:other": text` */
static void parse_quoted_field(struct parse *parse)
{
    struct item item;
    const char *hint = parse_printf(parse, "give it a name and say: key %.*s",
                                    STR_ARG(parse_shortened(parse->token.text)));
    bool json = parse_kind_after_next(parse) == TOKEN_OPEN_BRACE;
    if (json) hint = "this looks like JSON; a field is written status: text \"Label\"";
    parse_complain_here(parse, "E0117", hint, "a field's name does not stand in quotes");
    start_item(parse, &item, ITEM_FIELD);
    parse_advance(parse);
    parse_advance(parse);
    parse->token_told |= json;
    parse_field_rest(parse, &item);
    if (json) parse_take(parse, TOKEN_COMMA);
}

/* `age integer "Your age"` */
static void parse_field_without_colon(struct parse *parse)
{
    struct item item;
    struct token word = parse->token;
    const char *hint = parse_printf(parse, "write %.*s: %.*s", STR_ARG(parse_shortened(word.text)),
                                    STR_ARG(parse->next.text));
    parse_complain_here(parse, "E0116", hint, "\":\" is missing after the name of a field");
    start_item(parse, &item, ITEM_FIELD);
    parse_name(parse, "a name", true, &item.name, &item.name_span);
    parse_field_rest(parse, &item);
}

/* `integer age "Your age"` */
static void parse_type_before_name(struct parse *parse)
{
    struct item item;
    struct token word = parse->token;
    const char *hint = parse_printf(parse, "write %.*s: %.*s",
                                    STR_ARG(parse_shortened(parse->next.text)), STR_ARG(word.text));
    parse_complain_here(parse, "E0116", hint, "the name of a field stands before its type");
    start_item(parse, &item, ITEM_FIELD);
    parse_advance(parse);
    parse_name(parse, "a name", true, &item.name, &item.name_span);
    item.type = parse_plain_type(word);
    parse_field_modifiers(parse, &item);
}

static bool at_type_before_name(const struct parse *parse)
{
    return parse_plain_type(parse->token).name != TYPE_NAME_BAD && parse->next.kind == TOKEN_NAME &&
           parse_kind_after_next(parse) == TOKEN_TEXT;
}

/* `total = a + b` */
static void parse_let_without_keyword(struct parse *parse)
{
    struct item item;
    const char *hint = parse_printf(
        parse, "a named value is: let %.*s = …; an answer that is computed: %.*s: integer = …",
        STR_ARG(parse_shortened(parse->token.text)), STR_ARG(parse_shortened(parse->token.text)));
    parse_complain_here(parse, "E0115", hint, "a value needs \"let\" or a type");
    start_item(parse, &item, ITEM_LET);
    parse_name(parse, "a name", true, &item.name, &item.name_span);
    parse_let_value(parse, &item);
    count_item(parse, &item);
    keep_item(parse, &item);
}

static const char *word_hint(struct parse *parse)
{
    static const struct {
        struct str word;
        const char *hint;
    } hints[] = {
        {{"field", 5}, "a field has no keyword: age: integer \"Your age\""},
        {{"question", 8}, "a field has no keyword: age: integer \"Your age\""},
        {{"fieldset", 8}, "a part of the form is a section: section about \"About you\" { … }"},
        {{"list", 4},
         "a list of options is: choices colours { red \"Red\" … }; rows are: repeat members 0..10 { … "
         "}"},
        {{"options", 7}, "a list of options is: choices colours { red \"Red\" … }"},
        {{"text", 4}, "a text to show is: note hello \"Welcome.\""},
        {{"grid", 4},
         "several questions with the same answers are: matrix mood of choice(often) { calm \"Calm\" … "
         "}"},
        {{"likert", 6},
         "several questions with the same answers are: matrix mood of choice(often) { calm \"Calm\" … "
         "}"},
        {{"if", 2}, "a condition is a modifier of what it is about: spouse: text when married"},
        {{"else", 4}, "\"else\" follows a rule: required else \"Tell us your name.\""},
    };
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if (str_eq(parse->token.text, hints[i].word)) return hints[i].hint;
    if (parse->next.kind == TOKEN_TEXT)
        return parse_printf(parse, "if this is a field, it needs a type: %.*s: text …",
                            STR_ARG(parse_shortened(parse->token.text)));
    return "items are fields (name: type), page, section, group, repeat, matrix, note, let, check, "
           "choices and translate";
}

static struct str nearest_keyword(const struct parse *parse)
{
    struct str words[KEYWORDS];
    for (size_t i = 0; i < KEYWORDS; i++) words[i] = keywords[i].word;
    return nearest_word(parse->token.text, words, KEYWORDS);
}

/* `gruop address { … }`: told, and read as what it is near to. */
static bool mend_keyword(struct parse *parse)
{
    bool before_name = token_is_word(parse->next.kind) || parse->next.kind == TOKEN_TEXT ||
                       parse->next.kind == TOKEN_OPEN_BRACE;
    struct str nearest = before_name ? nearest_keyword(parse) : (struct str){NULL, 0};
    if (nearest.len == 0) return false;
    parse_complain_here(parse, "E0115", parse_printf(parse, "did you mean \"%.*s\"?", STR_ARG(nearest)),
                        "there is no item %s", parse_found(parse));
    for (size_t i = 0; i < KEYWORDS; i++)
        if (str_eq(keywords[i].word, nearest)) parse->token.kind = token_of_item(keywords[i].kind);
    return true;
}

static void skip_stray(struct parse *parse)
{
    parse_advance(parse);
    parse_skip(parse, false);
}

static void complain_stray(struct parse *parse)
{
    if (parse_at_modifier(parse)) {
        const char *hint =
            "it stands after a field's type and label, or before the \"{\" of a page, section, group "
            "or repeat";
        parse_complain_here(parse, "E0122", hint, "the modifier %s belongs to no item",
                            parse_found(parse));
    } else if (parse_at_word(parse)) {
        parse_complain_here(parse, "E0115", word_hint(parse), "there is no item %s",
                            parse_found(parse));
    } else {
        parse_expected(parse, "E0110", "a field or another item",
                       "a field is written name: type \"Label\"");
    }
}

/* An opened block that belongs to nothing is read, so that its fields are known. */
static void parse_stray_block(struct parse *parse)
{
    struct item item;
    start_item(parse, &item, ITEM_GROUP);
    complain_stray(parse);
    if (parse_at_word(parse)) parse_name(parse, "a name", false, &item.name, &item.name_span);
    item.head = parse_span_from(parse, item.head.offset);
    parse_children(parse, &item, -1, true);
    parse->tree->damaged = true;
}

static void parse_stray(struct parse *parse, struct parse_block *block)
{
    bool word = parse_at_word(parse);
    if (parse_take_separator(parse)) return;
    if (parse_at_text(parse) && parse->next.kind == TOKEN_COLON) parse_quoted_field(parse);
    else if (word && parse->next.kind == TOKEN_EQUAL) parse_let_without_keyword(parse);
    else if (word && !parse_at_modifier(parse) && parse_at_type_name(parse->next))
        parse_field_without_colon(parse);
    else if (at_type_before_name(parse)) parse_type_before_name(parse);
    else if (word && !parse_at_modifier(parse) && mend_keyword(parse)) parse_item(parse, block);
    else if (parse_at(parse, TOKEN_OPEN_BRACE) || (word && parse->next.kind == TOKEN_OPEN_BRACE))
        parse_stray_block(parse);
    else {
        complain_stray(parse);
        skip_stray(parse);
        if (!parse_at(parse, TOKEN_OPEN_BRACE)) return;
        parse->token_told = true;
        parse_stray_block(parse);
    }
}

/* ---- items */

static void parse_item(struct parse *parse, struct parse_block *block)
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
