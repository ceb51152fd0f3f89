#include "dsl/choice_list.h"

#include "base/decimal.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "dsl/dsl.h"
#include "dsl/message.h"
#include "dsl/type.h"

#include <string.h>

/* ---- scores */

static struct str magnitude(struct str score)
{
    bool negative = score.len > 0 && score.ptr[0] == '-';
    struct str digits = {score.ptr + negative, score.len - negative};
    while (digits.len > 1 && digits.ptr[0] == '0' && digits.ptr[1] != '.') digits.ptr++, digits.len--;
    return digits;
}

static uint32_t score_digits(const struct item *item)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < item->option_count; i++) {
        struct str score = item->options[i].score;
        const char *point = item->options[i].has_score ? memchr(score.ptr, '.', score.len) : NULL;
        uint32_t digits = point ? (uint32_t)(score.ptr + score.len - point - 1) : 0;
        if (digits > most) most = digits;
    }
    return most > SCALE_MAX ? SCALE_MAX : most;
}

static void read_score(struct checking *ck, const struct tree_option *tree, uint8_t scale,
                       struct ir_option *option)
{
    option->has_score = tree->has_score;
    if (!tree->has_score) return;
    int64_t value;
    if (decimal_parse(magnitude(tree->score), scale, &value) != DECIMAL_OK) {
        complain(ck, "E0323", tree->score_span, NULL,
                 "a score has at most %d digits after the point and lies within ±(2^53 − 1) units of "
                 "the last one",
                 SCALE_MAX);
        return;
    }
    option->score = tree->score.ptr[0] == '-' ? -value : value;
}

/* All or none, so that score() always has an answer. */
static void check_scores(struct checking *ck, const struct item *item, struct ir_list *list)
{
    uint32_t scored = 0, missing = 0;
    for (uint32_t i = 0; i < list->option_count; i++) {
        if (list->options[i].has_score) scored++;
        else missing = i;
    }
    list->has_scores = list->option_count > 0 && scored == list->option_count;
    if (scored == 0 || list->has_scores) return;
    complain(ck, "E0226", item->options[missing].span, "give every option of the list a score, or none",
             "option \"%.*s\" has no score, though others have", STR_ARG(list->options[missing].code));
}

/* ---- options */

static bool is_blank(uint32_t code)
{
    return (code >= 0x09 && code <= 0x0d) || code == 0x85 || utf8_category(code)[0] == 'Z';
}

/* Answers are stripped of white space at both ends, so such a code could never be chosen. */
static bool has_blank_end(struct str code)
{
    uint32_t first = 0, last = 0;
    (void)utf8_next(code, &first);
    while (code.len) {
        size_t len = utf8_next(code, &last);
        code = (struct str){code.ptr + len, code.len - len};
    }
    return is_blank(first) || is_blank(last);
}

static void declare_option(struct checking *ck, uint32_t list, uint32_t index,
                           const struct tree_option *tree)
{
    struct ir_option *option = &ck->ir->lists[list].options[index];
    option->code = tree->code;
    option->label = message_of_literal(ck, tree->label);
    read_score(ck, tree, ck->ir->lists[list].score_scale, option);
    if (tree->code.len == 0) {
        if (tree->code_span.len > 0)
            complain(ck, "E0227", tree->code_span, NULL, "an option's code cannot be empty");
        return;
    }
    if (has_blank_end(tree->code))
        complain(ck, "E0227", tree->code_span, "answers are stripped of it",
                 "an option's code cannot begin or end with white space");
    uint32_t earlier = checking_put(ck, SYMBOL_SPACE(SYMBOL_OPTION, list), tree->code, index);
    if (earlier != SYMBOL_ABSENT)
        complain(ck, "E0209", tree->code_span, NULL, "option \"%.*s\" is in this list already",
                 STR_ARG(tree->code));
}

static void name_list(struct checking *ck, const struct item *item, uint32_t index)
{
    if (item->name.len == 0) return;
    uint32_t earlier = checking_put(ck, SYMBOL_SPACE(SYMBOL_LIST, 0), item->name, index);
    if (earlier == SYMBOL_ABSENT) return;
    ck->lists_used[index] = 1; /* one complaint is enough */
    struct diag *diag = complain(ck, "E0208", item->name_span, NULL, "there is a list \"%.*s\" already",
                                 STR_ARG(item->name));
    complain_about(ck, diag, ck->ir->lists[earlier].span, "it is declared here");
}

static void declare_list(struct checking *ck, const struct item *item)
{
    struct ir *ir = ck->ir;
    uint32_t index = ir->list_count++;
    struct ir_list *list = &ir->lists[index];
    *list = (struct ir_list){
        .name = item->name, .span = item->head, .score_scale = (uint8_t)score_digits(item)};
    list->options = CHECKING_ARRAY(ck, struct ir_option, item->option_count);
    if (!list->options) return;
    list->option_count = item->option_count;
    for (uint32_t i = 0; i < item->option_count; i++) declare_option(ck, index, i, &item->options[i]);
    check_scores(ck, item, list);
    if (item->option_count == 0)
        complain(ck, "E0210", item->head, "as in choices colours { red \"Red\"  blue \"Blue\" }",
                 "this list has no options");
    name_list(ck, item, index);
}

/* ---- tables: lists whose options stand in a file */

static const struct tree_column *column_of_role(struct checking *ck, const struct item *item,
                                                enum column_role role)
{
    const struct tree_column *found = NULL;
    for (uint32_t i = 0; i < item->column_count; i++) {
        const struct tree_column *column = &item->columns[i];
        if (column->role != role) continue;
        if (found)
            complain_about(ck,
                           complain(ck, "E0231", column->span, NULL, "a table has one %s",
                                    role == COLUMN_KEY ? "key" : "label"),
                           found->span, "here");
        if (column->type.name != TYPE_NAME_TEXT && column->type.name != TYPE_NAME_BAD)
            complain(ck, "E0231", column->type.span, NULL, "the %s of a table is a text",
                     role == COLUMN_KEY ? "key" : "label");
        found = column;
    }
    return found;
}

/* Which column of the file it is, or NAME_ABSENT, complained about. */
static uint32_t find_header(struct checking *ck, const struct item *item, struct sheet *sheet,
                            const struct tree_column *column)
{
    struct str name = column->header.len ? column->header : column->name;
    uint32_t found = sheet_column(sheet, name);
    if (found != NAME_ABSENT || name.len == 0) return found;
    struct str names[LIMIT_COLUMNS];
    for (uint32_t i = 0; i < sheet_columns(sheet); i++) names[i] = sheet_name(sheet, i);
    complain(ck, "E0231", column->header.len ? column->header_span : column->name_span,
             did_you_mean(ck, name, names, sheet_columns(sheet)), "table %.*s has no column \"%.*s\"",
             STR_ARG(item->name), STR_ARG(name));
    return NAME_ABSENT;
}

static void use_key(struct checking *ck, const struct item *item, struct ir_list *list,
                    const struct tree_column *key)
{
    enum status st = sheet_index(list->sheet, list->key, &list->keys);
    if (st == ST_NOMEM) checking_out_of_memory(ck);
    else if (st)
        complain(ck, "E0231", key->span, "a key tells rows apart, and so it stands in one row only",
                 "in table %.*s the key \"%.*s\" is not unique", STR_ARG(item->name),
                 STR_ARG(key->name));
    for (uint32_t i = 0; !st && i < list->option_count; i++) {
        struct str code = ir_list_code(list, i);
        if (code.len > 0 && code.len <= limit(NAME_BYTES)) continue;
        complain(ck, "E0231", key->span, NULL, "in row %u of table %.*s the key is %s", (unsigned)i + 1,
                 STR_ARG(item->name), code.len ? "longer than 128 bytes" : "empty");
        return;
    }
}

static void use_sheet(struct checking *ck, const struct item *item, struct ir_list *list)
{
    const struct tree_column *key = column_of_role(ck, item, COLUMN_KEY);
    const struct tree_column *label = column_of_role(ck, item, COLUMN_LABEL);
    if (!key)
        complain(ck, "E0231", item->head, "say which column is the answer's code: key code: text",
                 "table %.*s has no key", STR_ARG(item->name));
    if (!key || !list->sheet) return;
    list->key = find_header(ck, item, list->sheet, key);
    list->label = label ? find_header(ck, item, list->sheet, label) : list->key;
    if (list->key == NAME_ABSENT || list->label == NAME_ABSENT) return;
    list->option_count = sheet_rows(list->sheet);
    use_key(ck, item, list, key);
}

static const char *table_hint(const struct checking *ck)
{
    return ck->tables ? NULL : "say where it is: formwright check FORM --table NAME=FILE.csv";
}

static void declare_table(struct checking *ck, const struct item *item)
{
    uint32_t index = ck->ir->list_count++;
    struct ir_list *list = &ck->ir->lists[index];
    *list = (struct ir_list){.name = item->name, .span = item->head};
    ck->lists_used[index] = 1; /* lookup() uses it too */
    name_list(ck, item, index);
    if (item->version_span.len && item->version == 0)
        complain(ck, "E0230", item->version_span, "versions are counted from 1",
                 "there is no version 0");
    enum status st = ST_ABSENT;
    if (ck->tables && item->name.len)
        st = ck->tables->find(ck->tables->user, item->name, (uint32_t)item->version, &list->sheet,
                              &list->version);
    if (st && st != ST_ABSENT) {
        ck->failure = st;
        return;
    }
    if (st && item->name.len && item->version)
        complain(ck, "E0230", item->head, table_hint(ck), "there is no version %lld of table \"%.*s\"",
                 (long long)item->version, STR_ARG(item->name));
    else if (st && item->name.len)
        complain(ck, "E0230", item->name_span, table_hint(ck), "there is no table \"%.*s\"",
                 STR_ARG(item->name));
    if (st) list->sheet = NULL;
    use_sheet(ck, item, list);
}

void choice_list_declare(struct checking *ck)
{
    for (uint32_t i = 0; i < ck->tree->item_count && !ck->failure; i++) {
        if (ck->tree->items[i].kind == ITEM_CHOICES) declare_list(ck, &ck->tree->items[i]);
        if (ck->tree->items[i].kind == ITEM_TABLE) declare_table(ck, &ck->tree->items[i]);
    }
}

uint32_t choice_list_option(const struct checking *ck, uint32_t list, struct str code)
{
    const struct ir_list *l = &ck->ir->lists[list];
    if (l->keys) return name_table_find(l->keys, code);
    uint32_t option = symbol_find(&ck->symbols, SYMBOL_SPACE(SYMBOL_OPTION, list), code);
    return option == SYMBOL_ABSENT ? IR_NONE : option;
}

/* ---- uses */

static const char *suggest_list(struct checking *ck, struct str name)
{
    struct str *names =
        complaints_matter(ck) ? CHECKING_ARRAY(ck, struct str, ck->ir->list_count) : NULL;
    if (!names) return NULL;
    for (uint32_t i = 0; i < ck->ir->list_count; i++) names[i] = ck->ir->lists[i].name;
    const char *hint = did_you_mean(ck, name, names, ck->ir->list_count);
    return hint ? hint : checking_text(ck, "declare it in the form: choices %.*s { … }", STR_ARG(name));
}

uint32_t choice_list_find(struct checking *ck, struct str name, struct span span)
{
    uint32_t list = symbol_find(&ck->symbols, SYMBOL_SPACE(SYMBOL_LIST, 0), name);
    if (list != SYMBOL_ABSENT) return list;
    if (name.len > 0 && !ck->tree->damaged &&
        !is_told(ck, UNKNOWN_IN(UNKNOWN_LIST, 0), name, "E0204", span))
        complain(ck, "E0204", span, suggest_list(ck, name), "there is no list \"%.*s\"", STR_ARG(name));
    return IR_NONE;
}

void choice_list_warn_unused(struct checking *ck)
{
    for (uint32_t i = 0; i < ck->ir->list_count; i++) {
        const struct ir_list *list = &ck->ir->lists[i];
        if (!ck->lists_used[i] && list->name.len > 0)
            complain(ck, "W0201", list->span, NULL, "no field uses the list \"%.*s\"",
                     STR_ARG(list->name));
    }
}
