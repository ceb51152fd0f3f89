#include "dsl/translation.h"

#include "dsl/message.h"

#include <assert.h>

/* What an entry's path names. */
struct target {
    struct ir_message *text, *hint; /* hint NULL: it has none to translate */
    struct place place;
    const char *what;
    bool is_option;
};

/* ---- languages */

static const char *suggest_language(struct checking *ck, struct str language)
{
    const char *hint = did_you_mean(ck, language, ck->ir->languages, ck->ir->language_count);
    if (hint) return hint;
    return checking_text(ck, "name it among the languages of the form: languages %.*s, %.*s",
                         STR_ARG(ck->ir->languages[0]), STR_ARG(language));
}

/* The language's index, or 0, which is none to translate to, when it has been complained about. */
static uint32_t language_of(struct checking *ck, const struct item *item)
{
    for (uint32_t i = 0; i < ck->ir->language_count; i++) {
        if (!str_eq(ck->ir->languages[i], item->name)) continue;
        if (i == 0)
            complain(ck, "E0220", item->name_span,
                     "the first of languages is that of the form's own texts",
                     "the texts of the form are in \"%.*s\" already", STR_ARG(item->name));
        return i;
    }
    if (item->name.len > 0)
        complain(ck, "E0220", item->name_span, suggest_language(ck, item->name),
                 "\"%.*s\" is no language of this form", STR_ARG(item->name));
    return 0;
}

/* ---- paths */

static bool target_of_item(struct checking *ck, uint32_t node, struct target *ret_target)
{
    struct ir_node *n = &ck->ir->nodes[node];
    *ret_target =
        (struct target){&n->label, &n->hint, place_of(ck->ir, node), node_kind_name(n->kind), false};
    return true;
}

/* As far as items go: answers how many names of the path were used up; *ret_node is where that leads.
 */
static uint32_t walk_items(const struct checking *ck, const struct translation *entry,
                           uint32_t *ret_node)
{
    uint32_t node = 0, used = 0;
    while (used < entry->path_count) {
        enum program_node_kind kind = ck->ir->nodes[node].kind;
        if (kind != NODE_FORM && kind != NODE_GROUP && kind != NODE_REPEAT) break;
        uint32_t next = lookup_item(ck, node, entry->path[used].text);
        if (next == IR_NONE) break;
        node = next;
        used++;
    }
    *ret_node = node;
    return used;
}

static bool target_of_check(struct checking *ck, const struct translation *entry, uint32_t used,
                            uint32_t node, struct target *ret_target)
{
    bool shaped = used + 2 == entry->path_count && str_eq(entry->path[used].text, STR("check"));
    if (!shaped) return false;
    struct str name = entry->path[used + 1].text;
    uint32_t index =
        symbol_find(&ck->symbols, SYMBOL_SPACE(SYMBOL_CHECK, object_of(ck->ir, node)), name);
    if (index == SYMBOL_ABSENT) return false;
    struct ir_check *check = &ck->ir->checks[index];
    bool field = ck->ir->nodes[check->owner].kind == NODE_FIELD;
    struct place place = field ? place_of(ck->ir, check->owner) : place_inside(ck->ir, check->owner);
    *ret_target = (struct target){&check->message, NULL, place, "check", false};
    return true;
}

static bool target_of_option(struct checking *ck, const struct translation *entry,
                             struct target *ret_target)
{
    if (entry->path_count != 2) return false;
    uint32_t list = symbol_find(&ck->symbols, SYMBOL_SPACE(SYMBOL_LIST, 0), entry->path[0].text);
    if (list == SYMBOL_ABSENT) return false;
    uint32_t option = symbol_find(&ck->symbols, SYMBOL_SPACE(SYMBOL_OPTION, list), entry->path[1].text);
    if (option == SYMBOL_ABSENT) return false;
    *ret_target = (struct target){&ck->ir->lists[list].options[option].label, NULL,
                                  place_inside(ck->ir, 0), "option", true};
    return true;
}

/* What is said where no option fits: topic.other. */
static bool target_of_other(struct checking *ck, const struct translation *entry, uint32_t used,
                            uint32_t node, struct target *ret_target)
{
    const struct ir_node *n = &ck->ir->nodes[node];
    bool shaped = used + 1 == entry->path_count && str_eq(entry->path[used].text, STR("other"));
    if (!shaped || !n->type.open) return false;
    *ret_target = (struct target){&ck->ir->nodes[n->part].label, NULL, place_of(ck->ir, node),
                                  "\"other\"", false};
    return true;
}

/* ---- what is not there */

static const char *suggest_option(struct checking *ck, const struct translation *entry, uint32_t list)
{
    const struct ir_list *l = &ck->ir->lists[list];
    struct str *codes = CHECKING_ARRAY(ck, struct str, l->option_count);
    for (uint32_t i = 0; codes && i < l->option_count; i++) codes[i] = ir_list_code(l, i);
    return codes ? did_you_mean(ck, entry->path[1].text, codes, l->option_count) : NULL;
}

static const char *suggest_root(struct checking *ck, struct str name)
{
    const struct ir *ir = ck->ir;
    struct str *names = CHECKING_ARRAY(ck, struct str, (size_t)ir->node_count + ir->list_count);
    if (!names) return NULL;
    uint32_t count = 0;
    for (uint32_t i = 1; i < ir->node_count; i++)
        if (object_around(ir, i) == 0 && ir->nodes[i].kind != NODE_LET)
            names[count++] = ir->nodes[i].name;
    for (uint32_t i = 0; i < ir->list_count; i++) names[count++] = ir->lists[i].name;
    return did_you_mean(ck, name, names, count);
}

/* An item or a named check, elsewhere. */
static const char *suggest_inner(struct checking *ck, const struct translation *entry)
{
    const struct ir *ir = ck->ir;
    struct str name = entry->path[entry->path_count - 1].text;
    for (uint32_t i = 1; i < ir->node_count; i++)
        if (str_eq(ir->nodes[i].name, name))
            return checking_text(ck, "did you mean \"%.*s\"?", STR_ARG(ir->nodes[i].path));
    for (uint32_t i = 0; i < ir->check_count; i++) {
        struct str owner = ir->nodes[object_of(ir, ir->checks[i].owner)].path;
        if (str_eq(ir->checks[i].name, name))
            return checking_text(ck, "did you mean \"%.*s%scheck.%.*s\"?", STR_ARG(owner),
                                 owner.len ? "." : "", STR_ARG(name));
    }
    return NULL;
}

static void complain_option(struct checking *ck, const struct translation *entry, uint32_t list)
{
    complain(ck, "E0219", entry->path[1].span, suggest_option(ck, entry, list),
             "list %.*s has no option \"%.*s\"", STR_ARG(entry->path[0].text),
             STR_ARG(entry->path[1].text));
}

static void complain_unknown(struct checking *ck, const struct translation *entry, uint32_t used,
                             uint32_t node)
{
    if (ck->tree->damaged || !complaints_matter(ck)) return;
    const struct expr_name *name = &entry->path[used];
    uint32_t list = symbol_find(&ck->symbols, SYMBOL_SPACE(SYMBOL_LIST, 0), entry->path[0].text);
    if (used == 0 && list != SYMBOL_ABSENT && entry->path_count == 2) {
        complain_option(ck, entry, list);
        return;
    }
    const char *hint = used == 0 ? suggest_root(ck, name->text)
                                 : lookup_suggest(ck, object_of(ck->ir, node), name->text);
    if (!hint || str_eq(name->text, STR("check"))) hint = suggest_inner(ck, entry);
    complain(ck, "E0219", name->span, hint, "there is no text of \"%.*s\" to translate",
             STR_ARG(name->text));
}

static bool complain_both(struct checking *ck, const struct translation *entry)
{
    complain(ck, "E0219", entry->span, "give the list another name",
             "\"%.*s.%.*s\" is both an item and an option", STR_ARG(entry->path[0].text),
             STR_ARG(entry->path[1].text));
    return false;
}

static bool find_target(struct checking *ck, const struct translation *entry, struct target *ret_target)
{
    uint32_t node;
    if (entry->path_count == 0) {
        *ret_target = (struct target){&ck->ir->title, NULL, place_inside(ck->ir, 0), "title", false};
        return true;
    }
    uint32_t used = walk_items(ck, entry, &node);
    bool option = target_of_option(ck, entry, ret_target);
    if (used == entry->path_count)
        return option ? complain_both(ck, entry) : target_of_item(ck, node, ret_target);
    if (option || target_of_check(ck, entry, used, node, ret_target) ||
        target_of_other(ck, entry, used, node, ret_target))
        return true;
    complain_unknown(ck, entry, used, node);
    return false;
}

/* ---- entries */

static void complain_no_text(struct checking *ck, const struct translation *entry,
                             const struct target *target, const char *what)
{
    complain(ck, "E0219", entry->span, "give it one in the form first",
             "this %s has no %s to translate", target->what, what);
}

static void translate_hint(struct checking *ck, const struct translation *entry, uint32_t language,
                           const struct target *target)
{
    if (!target->hint || !target->hint->by_language) complain_no_text(ck, entry, target, "hint");
    else message_translate(ck, target->hint, language, &target->place, &entry->hint);
}

static bool shows_values(const struct text *text)
{
    for (uint32_t i = 0; i < text->part_count; i++)
        if (text->parts[i].path) return true;
    return false;
}

static void translate(struct checking *ck, const struct translation *entry, uint32_t language)
{
    struct target target;
    if (!find_target(ck, entry, &target)) return;
    if (!target.text->by_language) {
        complain_no_text(ck, entry, &target, "text");
        return;
    }
    if (target.text->by_language[language].part_count > 0) {
        complain(ck, "E0221", entry->span, NULL, "this is translated already");
        return;
    }
    if (target.is_option && shows_values(&entry->text)) {
        complain(ck, "E0219", entry->text.span, "to show a brace, write \\{",
                 "the label of an option shows no values");
        return;
    }
    message_translate(ck, target.text, language, &target.place, &entry->text);
    if (entry->hint.part_count > 0) translate_hint(ck, entry, language, &target);
}

void translation_apply(struct checking *ck)
{
    for (uint32_t i = 0; i < ck->tree->item_count && !ck->failure; i++) {
        const struct item *item = &ck->tree->items[i];
        uint32_t language = item->kind == ITEM_TRANSLATE ? language_of(ck, item) : 0;
        for (uint32_t k = 0; language > 0 && k < item->translation_count && !ck->failure; k++)
            translate(ck, &item->translations[k], language);
    }
}

/* ---- what is missing */

struct tally {
    uint32_t language, texts, missing;
};

static void tally_message(struct tally *tally, const struct ir_message *message)
{
    if (!message->by_language) return;
    tally->texts++;
    tally->missing += message->by_language[tally->language].part_count == 0;
}

static void tally_form(const struct ir *ir, struct tally *tally)
{
    tally_message(tally, &ir->title);
    for (uint32_t i = 1; i < ir->node_count; i++) {
        tally_message(tally, &ir->nodes[i].label);
        tally_message(tally, &ir->nodes[i].hint);
    }
    for (uint32_t i = 0; i < ir->list_count; i++)
        for (uint32_t k = 0; ir->lists[i].options && k < ir->lists[i].option_count; k++)
            tally_message(tally, &ir->lists[i].options[k].label);
    for (uint32_t i = 0; i < ir->check_count; i++)
        if (ir->checks[i].name.len > 0) tally_message(tally, &ir->checks[i].message);
}

void translation_warn_missing(struct checking *ck)
{
    for (uint32_t i = 1; i < ck->ir->language_count; i++) {
        struct tally tally = {.language = i};
        tally_form(ck->ir, &tally);
        if (tally.missing == 0) continue;
        complain(ck, "W0202", ck->language_spans[i], "they are shown in the form's first language",
                 "%u of %u texts have no translation into \"%.*s\"", (unsigned)tally.missing,
                 (unsigned)tally.texts, STR_ARG(ck->ir->languages[i]));
    }
}
