#include "dsl/choice_list.h"

#include "base/decimal.h"
#include "base/utf8.h"
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
    if (item->name.len == 0) return;
    uint32_t earlier = checking_put(ck, SYMBOL_SPACE(SYMBOL_LIST, 0), item->name, index);
    if (earlier == SYMBOL_ABSENT) return;
    ck->lists_used[index] = 1; /* one complaint is enough */
    struct diag *diag = complain(ck, "E0208", item->name_span, NULL, "there is a list \"%.*s\" already",
                                 STR_ARG(item->name));
    complain_about(ck, diag, ir->lists[earlier].span, "it is declared here");
}

void choice_list_declare(struct checking *ck)
{
    for (uint32_t i = 0; i < ck->tree->item_count && !ck->failure; i++)
        if (ck->tree->items[i].kind == ITEM_CHOICES) declare_list(ck, &ck->tree->items[i]);
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
    if (name.len > 0 && !ck->tree->damaged)
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
