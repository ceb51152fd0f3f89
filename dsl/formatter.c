/* Formatter: the one layout of a form definition, dsl_format() of dsl/dsl.h.
 *
 *     a:integer min 0           →   a: integer min 0
 *
 * It writes the tokens of the source in their order with other white space between them, so the meaning
 * cannot change. The tree says what begins an item, an option or a modifier; that is noted in `marks`,
 * one entry for each byte of the source. Then the tokens are written in runs, a run being what stands
 * between two hard breaks: the head of a page, a whole field, an option, a "}".
 *
 * A run stands on one line when it fits WIDTH columns and holds no comment, and when its author had not
 * begun a new line for a modifier. Otherwise each modifier has a line of its own, and what is still too
 * long is broken before messages and joined texts, then before `and`, `or` and the `else` of an `if`,
 * then wherever it is needed. */
#include "dsl/dsl.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "dsl/lexer.h"
#include "dsl/parser.h"

#include <assert.h>

enum { WIDTH = 100, STEP = 2 };

enum mark {
    MARK_ITEM = 1,     /* begins a line: an item, an entry of `translate` */
    MARK_CLOSE = 2,    /* the "}" of a block */
    MARK_MODIFIER = 4, /* begins a line when the run does not fit one */
    MARK_LIST = 8,     /* `choices`: its options stand on one line when they fit */
    MARK_OPTION = 16,
    MARK_LIST_CLOSE = 32,
    MARK_MESSAGE = 64, /* `else`, `at`, `as`: broken before when the modifier does not fit one line */
    MARK_AFTER_MODIFIER = 128, /* the token before this one gets MARK_MODIFIER */
    MARK_AFTER_MESSAGE = 256,  /* the token before this one gets MARK_MESSAGE */
    MARK_UPPER = 512,          /* begins the upper side of a length that is no number */
};

struct comment {
    uint32_t offset, len;
    bool trailing;    /* stands behind a token on its line */
    bool after_blank; /* a blank line before it */
};

/* A token and the gap before it. */
struct piece {
    enum token_kind kind;
    uint32_t offset, len;
    uint32_t comment, comment_count; /* into comments */
    bool new_line, after_blank;      /* after the comments, if there are any */
};

struct format {
    struct str source;
    uint16_t *marks;
    struct piece *pieces; /* the last one is END */
    uint32_t piece_count;
    struct comment *comments;
    struct buf *out;
    uint32_t depth, column;
    bool flat_list; /* the options of the list at hand stand on one line */
};

/* ---- marks, from the tree */

static void mark(struct format *format, uint32_t offset, enum mark mark)
{
    format->marks[offset] = (uint16_t)(format->marks[offset] | mark);
}

static void mark_end(struct format *format, struct span span, enum mark kind)
{
    mark(format, span.offset + span.len - 1, kind);
}

/* `else`, `at` and `as` of a check: modifiers of the item, breaks inside of the modifier. */
static void mark_check(struct format *format, const struct tree_check *check, enum mark kind)
{
    mark(format, check->message.span.offset, kind);
    if (check->unless) mark(format, check->unless_span.offset, MARK_MESSAGE);
    if (check->at) mark(format, check->at->span.offset, kind);
    if (check->name.len) mark(format, check->name_span.offset, kind);
}

static void mark_modifiers(struct format *format, const struct item *item)
{
    for (uint32_t i = 0; i < item->modifier_count; i++) {
        const struct modifier *modifier = &item->modifiers[i];
        bool is_else = modifier->kind != MODIFIER_HINT && modifier->kind != MODIFIER_PLACEHOLDER &&
                       modifier->kind != MODIFIER_OTHER;
        mark(format, modifier->span.offset, MARK_MODIFIER);
        if (modifier->check) mark_check(format, modifier->check, MARK_AFTER_MESSAGE);
        if (modifier->length_span.len) mark(format, modifier->length_span.offset, MARK_MESSAGE);
        if (modifier->between && modifier->kind == MODIFIER_MAX && modifier->expr->kind != EXPR_NUMBER)
            mark(format, modifier->expr->span.offset, MARK_UPPER);
        if (modifier->high_expr) mark(format, modifier->high_expr->span.offset, MARK_UPPER);
        if (modifier->message.part_count && is_else)
            mark(format, modifier->message.span.offset, MARK_AFTER_MESSAGE);
    }
}

static void mark_options(struct format *format, const struct item *item)
{
    mark(format, item->span.offset, MARK_LIST);
    mark_end(format, item->span, MARK_LIST_CLOSE);
    for (uint32_t i = 0; i < item->option_count; i++) {
        mark(format, item->options[i].span.offset, MARK_OPTION);
        if (item->options[i].when) mark(format, item->options[i].when_span.offset, MARK_MESSAGE);
    }
}

static void mark_columns(struct format *format, const struct item *item)
{
    mark_end(format, item->span, MARK_CLOSE);
    for (uint32_t i = 0; i < item->column_count; i++)
        mark(format, item->columns[i].span.offset, MARK_ITEM);
}

static void mark_translations(struct format *format, const struct item *item)
{
    mark_end(format, item->span, MARK_CLOSE);
    for (uint32_t i = 0; i < item->translation_count; i++) {
        const struct translation *entry = &item->translations[i];
        mark(format, entry->span.offset, MARK_ITEM);
        const struct text *texts[] = {&entry->text_of, &entry->hint, &entry->hint_of};
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            if (texts[k]->part_count) mark(format, texts[k]->span.offset, MARK_AFTER_MODIFIER);
    }
}

static void mark_migrates(struct format *format, const struct item *item)
{
    mark_end(format, item->span, MARK_CLOSE);
    for (uint32_t i = 0; i < item->migrate_count; i++)
        mark(format, item->migrates[i].span.offset, MARK_ITEM);
}

static void mark_items(struct format *format, const struct item *items, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct item *item = &items[i];
        bool block = item_is_block(item->kind);
        mark(format, item->span.offset, MARK_ITEM);
        mark_modifiers(format, item);
        if (item->check) mark_check(format, item->check, MARK_AFTER_MODIFIER);
        if (item->kind == ITEM_CHOICES) mark_options(format, item);
        if (item->kind == ITEM_TABLE) mark_columns(format, item);
        if (item->kind == ITEM_TRANSLATE) mark_translations(format, item);
        if (item->kind == ITEM_MIGRATE) mark_migrates(format, item);
        if (block) mark_end(format, item->span, MARK_CLOSE);
        mark_items(format, item->children, item->child_count); /* at most limit NESTING deep */
    }
}

static uint16_t marks_of(const struct format *format, uint32_t piece)
{
    return format->marks[format->pieces[piece].offset];
}

/* `edition 2026`, `form name "Title" {` and the last "}" are known by their places. */
static void mark_frame(struct format *format)
{
    enum { FORM = 2 };
    assert(format->piece_count > FORM + 1);
    mark(format, format->pieces[0].offset, MARK_ITEM);
    mark(format, format->pieces[FORM].offset, MARK_ITEM);
    mark(format, format->pieces[format->piece_count - 2].offset, MARK_CLOSE);
}

static void mark_keywords_before(struct format *format)
{
    for (uint32_t i = 1; i < format->piece_count; i++) {
        uint16_t marks = marks_of(format, i);
        if (marks & MARK_AFTER_MODIFIER) mark(format, format->pieces[i - 1].offset, MARK_MODIFIER);
        if (marks & MARK_AFTER_MESSAGE) mark(format, format->pieces[i - 1].offset, MARK_MESSAGE);
    }
}

/* ---- pieces, from the source */

/* What has been seen of the white space since the last token or comment. */
struct gap {
    uint32_t newlines;
};

static uint32_t comment_len(struct str source, uint32_t offset, uint32_t end)
{
    uint32_t at = offset;
    while (at < end && source.ptr[at] != '\n') at++;
    while (source.ptr[at - 1] == ' ' || source.ptr[at - 1] == '\t' || source.ptr[at - 1] == '\r') at--;
    return at - offset;
}

/* Counts the comments between two tokens, and notes them when there is room to. */
static uint32_t read_gap(struct str source, uint32_t start, uint32_t end, struct comment *comments,
                         struct piece *piece)
{
    uint32_t count = 0;
    struct gap gap = {0};
    bool first = start == 0;
    for (uint32_t at = start; at < end; at++) {
        if (source.ptr[at] == '\n') gap.newlines++;
        if (source.ptr[at] != '#') continue;
        uint32_t len = comment_len(source, at, end);
        if (comments)
            comments[count] = (struct comment){at, len, gap.newlines == 0 && !first, gap.newlines > 1};
        count++;
        at += len;
        while (at < end && source.ptr[at] != '\n') at++;
        gap.newlines = 1;
        first = false;
    }
    if (piece) piece->new_line = gap.newlines > 0;
    if (piece) piece->after_blank = gap.newlines > 1;
    return count;
}

static void count_pieces(struct format *format, uint32_t *ret_comments)
{
    struct lexer lexer;
    struct token token;
    uint32_t end = 0;
    *ret_comments = 0;
    lexer_init(&lexer, format->source);
    do {
        token = lexer_next(&lexer);
        *ret_comments += read_gap(format->source, end, token.offset, NULL, NULL);
        end = token_end(token);
        format->piece_count++;
    } while (token.kind != TOKEN_END);
}

static void read_pieces(struct format *format)
{
    struct lexer lexer;
    uint32_t end = 0, comments = 0;
    lexer_init(&lexer, format->source);
    for (uint32_t i = 0; i < format->piece_count; i++) {
        struct token token = lexer_next(&lexer);
        struct piece *piece = &format->pieces[i];
        *piece = (struct piece){.kind = token.kind,
                                .offset = token.offset,
                                .len = (uint32_t)token.text.len,
                                .comment = comments};
        piece->comment_count =
            read_gap(format->source, end, token.offset, format->comments + comments, piece);
        comments += piece->comment_count;
        end = token_end(token);
    }
}

/* ---- blanks */

static struct str text_of(const struct format *format, uint32_t piece)
{
    return (struct str){format->source.ptr + format->pieces[piece].offset, format->pieces[piece].len};
}

static enum token_kind kind_of(const struct format *format, uint32_t piece)
{
    return format->pieces[piece].kind;
}

static bool is_keyword(const struct format *format, uint32_t piece)
{
    return marks_of(format, piece) & (MARK_ITEM | MARK_MODIFIER | MARK_MESSAGE);
}

/* The ".." of a length in numbers, whose sides may be open. */
static bool is_length(const struct format *format, uint32_t dots)
{
    uint32_t keyword = kind_of(format, dots - 1) == TOKEN_NUMBER ? dots - 2 : dots - 1;
    if (marks_of(format, dots + 1) & MARK_UPPER) return false;
    bool measures = kind_of(format, keyword) == TOKEN_LENGTH ||
                    kind_of(format, keyword) == TOKEN_SIZE || kind_of(format, keyword) == TOKEN_BETWEEN;
    return measures && is_keyword(format, keyword);
}

static bool is_tight_range(const struct format *format, uint32_t dots)
{
    return kind_of(format, dots - 1) == TOKEN_NUMBER && kind_of(format, dots + 1) == TOKEN_NUMBER;
}

/* The `when` of `required when` and `readonly when`, or their `unless`. */
static bool is_required_when(const struct format *format, uint32_t piece)
{
    bool word = kind_of(format, piece) == TOKEN_WHEN || kind_of(format, piece) == TOKEN_UNLESS;
    enum token_kind before = kind_of(format, piece - 1);
    bool asks = before == TOKEN_REQUIRED || before == TOKEN_READONLY;
    return word && asks && is_keyword(format, piece - 1);
}

/* The `(` of `unique on (email, birth)`. */
static bool is_unique_on(const struct format *format, uint32_t paren)
{
    return paren >= 2 && marks_of(format, paren - 2) & MARK_ITEM &&
           str_eq(text_of(format, paren - 1), STR("on")) &&
           str_eq(text_of(format, paren - 2), STR("unique"));
}

/* `(` of a call or a type, not of an expression that begins with it. */
static bool is_call(const struct format *format, uint32_t paren)
{
    enum token_kind before = kind_of(format, paren - 1);
    if (!token_is_word(before) || token_is_reserved(before) || is_keyword(format, paren - 1))
        return false;
    return !is_required_when(format, paren - 1) && !is_unique_on(format, paren);
}

/* A "-" in front of an operand, not between two. */
static bool is_sign(const struct format *format, uint32_t piece)
{
    if (kind_of(format, piece) != TOKEN_MINUS) return false;
    switch (kind_of(format, piece - 1)) {
    case TOKEN_NUMBER:
    case TOKEN_TEXT:
    case TOKEN_TRUE:
    case TOKEN_FALSE:
    case TOKEN_CLOSE_PAREN:
        return false;
    case TOKEN_WHEN:
    case TOKEN_UNLESS:
        if (is_required_when(format, piece - 1)) return true;
        break;
    default:
        break;
    }
    bool name =
        token_is_word(kind_of(format, piece - 1)) && !token_is_reserved(kind_of(format, piece - 1));
    return !name || is_keyword(format, piece - 1);
}

/* How many blanks stand before a piece that goes on the line of the one before it. */
static uint32_t blanks_before(const struct format *format, uint32_t piece)
{
    enum token_kind before = kind_of(format, piece - 1), kind = kind_of(format, piece);
    switch (kind) {
    case TOKEN_COMMA:
    case TOKEN_CLOSE_PAREN:
    case TOKEN_COLON:
    case TOKEN_DOT:
        return 0;
    case TOKEN_OPEN_PAREN:
        if (is_call(format, piece)) return 0;
        break;
    case TOKEN_DOT_DOT:
        if (is_length(format, piece)) return before != TOKEN_NUMBER;
        return !is_tight_range(format, piece);
    case TOKEN_CLOSE_BRACE:
        return before != TOKEN_OPEN_BRACE;
    default:
        break;
    }
    if (before == TOKEN_OPEN_PAREN || before == TOKEN_DOT || is_sign(format, piece - 1)) return 0;
    if (before == TOKEN_DOT_DOT && is_length(format, piece - 1)) return kind != TOKEN_NUMBER;
    if (before == TOKEN_DOT_DOT) return !is_tight_range(format, piece - 1);
    return marks_of(format, piece) & MARK_OPTION && before != TOKEN_OPEN_BRACE ? 2 : 1;
}

/* ---- widths */

static uint32_t width_of(const struct format *format, uint32_t piece)
{
    struct str text = text_of(format, piece);
    return (uint32_t)utf8_count(text);
}

/* Columns of [first, last) on one line; more than WIDTH as soon as it is known not to fit. */
static uint32_t flat_width(const struct format *format, uint32_t first, uint32_t last)
{
    uint32_t width = 0;
    for (uint32_t i = first; i < last && width <= WIDTH; i++)
        width += width_of(format, i) + (i > first ? blanks_before(format, i) : 0);
    return width;
}

static bool has_comments(const struct format *format, uint32_t first, uint32_t last)
{
    for (uint32_t i = first + 1; i < last; i++)
        if (format->pieces[i].comment_count) return true;
    return false;
}

/* ---- writing */

static void put_line(struct format *format, uint32_t indent)
{
    buf_putc(format->out, '\n');
    for (uint32_t i = 0; i < indent; i++) buf_putc(format->out, ' ');
    format->column = indent;
}

static void put_blanks(struct format *format, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) buf_putc(format->out, ' ');
    format->column += count;
}

static void put_piece(struct format *format, uint32_t piece)
{
    buf_put(format->out, text_of(format, piece));
    format->column += width_of(format, piece);
}

static void put_comment(struct format *format, const struct comment *comment, uint32_t indent)
{
    if (comment->trailing) buf_putc(format->out, ' ');
    else if (format->out->len) put_line(format, indent);
    buf_put(format->out, (struct str){format->source.ptr + comment->offset, comment->len});
}

/* The comments before a piece inside of a run. */
static void put_comments(struct format *format, uint32_t piece, uint32_t indent)
{
    const struct piece *at = &format->pieces[piece];
    for (uint32_t i = 0; i < at->comment_count; i++)
        put_comment(format, &format->comments[at->comment + i], indent);
}

/* The comments before a piece that begins a line, then its line. Single blank lines stay, but not at
 * the ends of a block. */
static void put_gap(struct format *format, uint32_t piece, uint32_t comment_indent, uint32_t indent)
{
    const struct piece *at = &format->pieces[piece];
    bool opening = piece == 0 || kind_of(format, piece - 1) == TOKEN_OPEN_BRACE;
    bool form = piece == 2; /* always set off from the edition */
    for (uint32_t i = 0; i < at->comment_count; i++) {
        const struct comment *comment = &format->comments[at->comment + i];
        bool blank = !comment->trailing && (comment->after_blank || form);
        if (blank && !opening) buf_putc(format->out, '\n');
        put_comment(format, comment, comment_indent);
        if (!comment->trailing) opening = form = false;
    }
    bool closing = marks_of(format, piece) & (MARK_CLOSE | MARK_LIST_CLOSE) || at->kind == TOKEN_END;
    if ((at->after_blank || form) && !opening && !closing) buf_putc(format->out, '\n');
    if (format->out->len && at->kind != TOKEN_END) put_line(format, indent);
}

/* ---- units: what stands between two modifiers */

enum level { LEVEL_FLAT, LEVEL_MESSAGES, LEVEL_LOGIC, LEVEL_FILL };

/* A text that joins the one before it, or that the next one joins. */
static bool is_joined(const struct format *format, uint32_t piece)
{
    if (kind_of(format, piece) != TOKEN_TEXT || marks_of(format, piece) & MARK_OPTION) return false;
    enum token_kind before = kind_of(format, piece - 1);
    if (before == TOKEN_TEXT && marks_of(format, piece - 1) & MARK_OPTION) return false;
    if (before == TOKEN_TEXT) return kind_of(format, piece - 2) != TOKEN_DOT;
    return kind_of(format, piece + 1) == TOKEN_TEXT && before != TOKEN_DOT &&
           !is_keyword(format, piece - 1);
}

/* The least level at which a line is broken before the piece; more than LEVEL_FILL for never. */
static int level_before(const struct format *format, uint32_t piece, uint32_t parens)
{
    if (marks_of(format, piece) & MARK_MESSAGE || is_joined(format, piece)) return LEVEL_MESSAGES;
    if (kind_of(format, piece - 1) == TOKEN_COMMA) return LEVEL_FILL;
    switch (kind_of(format, piece)) {
    case TOKEN_AND:
    case TOKEN_OR:
    case TOKEN_ELSE:
        return parens ? LEVEL_FILL : LEVEL_LOGIC;
    case TOKEN_PLUS:
    case TOKEN_COALESCE:
    case TOKEN_THEN:
        return LEVEL_FILL;
    case TOKEN_MINUS:
        return is_sign(format, piece) ? LEVEL_FILL + 1 : LEVEL_FILL;
    default:
        return LEVEL_FILL + 1;
    }
}

struct unit {
    uint32_t first, last; /* pieces [first, last) */
    uint32_t indent;      /* of its further lines */
    uint32_t tail;        /* columns of what stands behind it on its last line */
};

static uint32_t parens_after(const struct format *format, uint32_t piece, uint32_t parens)
{
    if (kind_of(format, piece) == TOKEN_OPEN_PAREN) return parens + 1;
    if (kind_of(format, piece) == TOKEN_CLOSE_PAREN) return parens - 1;
    return parens;
}

/* Columns up to the next place where a line may be broken. */
static uint32_t width_to_break(const struct format *format, const struct unit *unit, uint32_t piece,
                               uint32_t parens)
{
    uint32_t width = 0;
    for (uint32_t i = piece; i < unit->last && width <= WIDTH; i++) {
        if (i > piece && level_before(format, i, parens) <= LEVEL_FILL) return width;
        width += width_of(format, i) + (i > piece ? blanks_before(format, i) : 0);
        parens = parens_after(format, i, parens);
    }
    return width + unit->tail;
}

static bool breaks_before(const struct format *format, const struct unit *unit, uint32_t piece,
                          enum level level, uint32_t parens, uint32_t column)
{
    int least = level_before(format, piece, parens);
    if (least > (int)level) return false;
    if (least < LEVEL_FILL) return true;
    return column + blanks_before(format, piece) + width_to_break(format, unit, piece, parens) > WIDTH;
}

/* Goes through the unit as if it were written at `level`; answers whether all its lines fit. */
static bool unit_fits(const struct format *format, const struct unit *unit, enum level level)
{
    uint32_t column = format->column, parens = 0;
    for (uint32_t i = unit->first; i < unit->last; i++) {
        if (i > unit->first && breaks_before(format, unit, i, level, parens, column))
            column = unit->indent;
        else if (i > unit->first) column += blanks_before(format, i);
        column += width_of(format, i);
        if (column + (i + 1 == unit->last ? unit->tail : 0) > WIDTH) return false;
        parens = parens_after(format, i, parens);
    }
    return true;
}

static enum level level_of(const struct format *format, const struct unit *unit)
{
    if (has_comments(format, unit->first, unit->last)) return LEVEL_LOGIC;
    for (enum level level = LEVEL_FLAT; level < LEVEL_FILL; level++)
        if (unit_fits(format, unit, level)) return level;
    return LEVEL_FILL;
}

static void put_unit(struct format *format, const struct unit *unit)
{
    enum level level = level_of(format, unit);
    uint32_t parens = 0;
    for (uint32_t i = unit->first; i < unit->last; i++) {
        if (i > unit->first) put_comments(format, i, unit->indent);
        bool breaks =
            i > unit->first && (format->pieces[i].comment_count ||
                                breaks_before(format, unit, i, level, parens, format->column));
        if (breaks) put_line(format, unit->indent);
        else if (i > unit->first) put_blanks(format, blanks_before(format, i));
        put_piece(format, i);
        parens = parens_after(format, i, parens);
    }
}

/* ---- runs: what stands between two hard breaks */

static bool is_hard(const struct format *format, uint32_t piece)
{
    uint16_t marks = marks_of(format, piece);
    bool list = marks & (MARK_OPTION | MARK_LIST_CLOSE) && !format->flat_list;
    return marks & (MARK_ITEM | MARK_CLOSE) || list || kind_of(format, piece) == TOKEN_END;
}

static uint32_t run_end(const struct format *format, uint32_t first)
{
    uint32_t last = first + 1;
    while (!is_hard(format, last)) last++;
    return last;
}

static uint32_t next_modifier(const struct format *format, uint32_t piece, uint32_t last)
{
    do piece++;
    while (piece < last && !(marks_of(format, piece) & MARK_MODIFIER));
    return piece;
}

/* Whether all of it goes on one line. */
static bool is_flat(const struct format *format, uint32_t first, uint32_t last)
{
    for (uint32_t i = next_modifier(format, first, last); i < last; i = next_modifier(format, i, last))
        if (format->pieces[i].new_line) return false;
    return !has_comments(format, first, last) &&
           format->depth * STEP + flat_width(format, first, last) <= WIDTH;
}

static void put_exploded(struct format *format, uint32_t first, uint32_t last, uint32_t indent)
{
    bool block = kind_of(format, last - 1) == TOKEN_OPEN_BRACE;
    uint32_t end = block ? last - 1 : last, piece = first;
    bool modifiers = next_modifier(format, first, end) < end;
    uint32_t tail = block && !modifiers ? 2 : 0;
    while (piece < end) {
        uint32_t next = next_modifier(format, piece, end);
        struct unit unit = {piece, next, indent + (piece == first ? STEP : 2 * STEP),
                            next == end ? tail : 0};
        if (piece > first) put_comments(format, piece, indent + STEP);
        if (piece > first) put_line(format, indent + STEP);
        put_unit(format, &unit);
        piece = next;
    }
    if (!block) return;
    put_comments(format, end, indent);
    if (modifiers || format->pieces[end].comment_count) put_line(format, indent);
    else put_blanks(format, 1);
    put_piece(format, end);
}

static void put_flat(struct format *format, uint32_t first, uint32_t last)
{
    for (uint32_t i = first; i < last; i++) {
        if (i > first) put_blanks(format, blanks_before(format, i));
        put_piece(format, i);
    }
}

/* A list stands on one line when it fits and when its author had not begun a new line for the first
 * option. */
static bool list_is_flat(struct format *format, uint32_t first)
{
    uint32_t last = first;
    while (!(marks_of(format, last) & MARK_LIST_CLOSE)) last++;
    uint32_t option = first;
    while (option < last && !(marks_of(format, option) & MARK_OPTION)) option++;
    if (option < last && format->pieces[option].new_line) return false;
    return !has_comments(format, first, last + 1) &&
           format->depth * STEP + flat_width(format, first, last + 1) <= WIDTH;
}

static void put_closing(struct format *format, uint32_t piece)
{
    bool empty = kind_of(format, piece - 1) == TOKEN_OPEN_BRACE && !format->pieces[piece].comment_count;
    uint32_t inside = format->depth * STEP;
    format->depth--;
    if (!empty) put_gap(format, piece, inside, format->depth * STEP);
    put_piece(format, piece);
}

/* Answers the piece after the run. */
static uint32_t put_run(struct format *format, uint32_t first)
{
    uint32_t indent = format->depth * STEP;
    if (marks_of(format, first) & MARK_LIST) format->flat_list = list_is_flat(format, first);
    uint32_t last = run_end(format, first);
    put_gap(format, first, indent, indent);
    if (is_flat(format, first, last)) put_flat(format, first, last);
    else put_exploded(format, first, last, indent);
    if (kind_of(format, last - 1) == TOKEN_OPEN_BRACE) format->depth++;
    return last;
}

static void put_all(struct format *format)
{
    uint32_t piece = 0;
    while (kind_of(format, piece) != TOKEN_END) {
        if (marks_of(format, piece) & (MARK_CLOSE | MARK_LIST_CLOSE)) put_closing(format, piece++);
        else piece = put_run(format, piece);
    }
    put_gap(format, piece, 0, 0);
    buf_putc(format->out, '\n');
}

/* ---- the door */

static enum status lay_out(struct arena *arena, const struct tree *tree, struct buf *out)
{
    struct format format = {.source = tree->source, .out = out};
    uint32_t comment_count;
    count_pieces(&format, &comment_count);
    format.marks = ARENA_ARRAY(arena, uint16_t, tree->source.len + 1);
    format.pieces = ARENA_ARRAY(arena, struct piece, format.piece_count);
    format.comments = ARENA_ARRAY(arena, struct comment, comment_count + 1);
    if (!format.marks || !format.pieces || !format.comments)
        return arena->refused ? ST_LIMIT : ST_NOMEM;
    read_pieces(&format);
    mark_items(&format, tree->items, tree->item_count);
    mark_frame(&format);
    mark_keywords_before(&format);
    put_all(&format);
    return out->failure;
}

static enum status finish(struct arena *arena, struct diags *diags, struct buf *out, enum status st,
                          struct str *ret_text)
{
    if (st == ST_LIMIT && out->failure == ST_LIMIT) {
        diag_addf(diags, DIAG_ERROR, "E0143", (struct span){0, 0},
                  "split the form, or move long texts out of it",
                  "laid out, this text would have more than %d bytes", limit(SOURCE_BYTES));
        return ST_INPUT;
    }
    if (st) return st;
    struct str text = arena_str(arena, buf_str(out));
    if (!text.ptr) return arena->refused ? ST_LIMIT : ST_NOMEM;
    *ret_text = text;
    return ST_OK;
}

enum status dsl_format(struct arena *arena, struct str source, struct diags *diags,
                       struct str *ret_text)
{
    struct tree *tree;
    struct buf out;
    uint32_t errors = diags->errors;
    enum status st = parser_parse(arena, source, diags, &tree);
    if (st) return st;
    diags_sort(diags);
    if (diags->errors > errors) return ST_INPUT;

    buf_init(&out, arena->mem, limit(SOURCE_BYTES));
    st = lay_out(arena, tree, &out);
    st = finish(arena, diags, &out, st, ret_text);
    buf_release(&out);
    return st;
}
