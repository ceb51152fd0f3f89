#include "dsl/translation.h"

#include "dsl/matrix.h"
#include "dsl/message.h"
#include "dsl/show.h"

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
    struct place place = place_of_check(ck->ir, check->owner);
    *ret_target = (struct target){&check->message, NULL, place, "check", false};
    return true;
}

/* ---- what rules say */

static const struct {
    struct str name;
    enum modifier_kind kind;
} rules[] = {{{"required", 8}, MODIFIER_REQUIRED}, {{"min", 3}, MODIFIER_MIN},
             {{"max", 3}, MODIFIER_MAX},           {{"length", 6}, MODIFIER_LENGTH},
             {{"pattern", 7}, MODIFIER_PATTERN},   {{"placeholder", 11}, MODIFIER_PLACEHOLDER},
             {{"skipped", 7}, MODIFIER_SKIPPED},   {{"repeated", 8}, MODIFIER_REPEATED}};

enum { RULES = sizeof rules / sizeof *rules };

/* What is said of a matrix is told by its first row that has it. */
static uint32_t speaker_of(const struct ir *ir, uint32_t node, enum modifier_kind kind)
{
    const struct ir_node *n = &ir->nodes[node];
    bool matrix = n->kind == NODE_GROUP && n->item->matrix;
    return matrix ? matrix_speaker(ir, node, kind) : node;
}

/* What `between` says is one text for both bounds, under its own name alone. */
static bool target_of_message(struct ir *ir, uint32_t node, enum modifier_kind rule, bool between,
                              struct target *ret_target)
{
    uint32_t speaker = speaker_of(ir, node, rule);
    if (speaker == IR_NONE) return false;
    const struct ir_node *n = &ir->nodes[speaker];
    bool bound = rule == MODIFIER_MIN || rule == MODIFIER_MAX;
    if (n->kind != NODE_FIELD && n->kind != NODE_REPEAT) return false;
    if (bound && n->between != between) return false;
    struct ir_message *message = matrix_message(ir, speaker, rule);
    if (between && !message->by_language) return false;
    *ret_target = (struct target){message, NULL, place_of(ir, speaker), "rule", false};
    return true;
}

/* `age.min`, `full_name.placeholder` */
static bool target_of_rule(struct checking *ck, const struct translation *entry, uint32_t used,
                           uint32_t node, struct target *ret_target)
{
    struct ir *ir = ck->ir;
    if (used + 1 != entry->path_count) return false;
    if (str_eq(entry->path[used].text, STR("between")))
        return target_of_message(ir, node, MODIFIER_MIN, true, ret_target) ||
               target_of_message(ir, node, MODIFIER_MAX, true, ret_target);
    for (size_t i = 0; i < RULES; i++)
        if (str_eq(rules[i].name, entry->path[used].text))
            return target_of_message(ir, node, rules[i].kind, false, ret_target);
    return false;
}

static bool is_check_of(const struct ir *ir, const struct ir_check *check, uint32_t node)
{
    bool on_field = ir->nodes[check->owner].kind == NODE_FIELD;
    if (on_field || ir->nodes[node].kind == NODE_FIELD) return check->owner == node;
    return object_of(ir, check->owner) == object_of(ir, node);
}

/* The check of the item that has no name; IR_NONE: there is none, or there are several. */
static uint32_t nameless_check(const struct ir *ir, uint32_t node)
{
    uint32_t found = IR_NONE;
    for (uint32_t i = 0; i < ir->check_count; i++) {
        if (ir->checks[i].name.len > 0 || !is_check_of(ir, &ir->checks[i], node)) continue;
        if (found != IR_NONE) return IR_NONE;
        found = i;
    }
    return found;
}

/* `salary.check`, `check` */
static bool target_of_nameless(struct checking *ck, const struct translation *entry, uint32_t used,
                               uint32_t node, struct target *ret_target)
{
    if (used + 1 != entry->path_count || !str_eq(entry->path[used].text, STR("check"))) return false;
    uint32_t index = nameless_check(ck->ir, node);
    if (index == IR_NONE) return false;
    struct ir_check *check = &ck->ir->checks[index];
    struct place place = place_of_check(ck->ir, check->owner);
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
    bool shaped = used + 1 == entry->path_count && str_eq(entry->path[used].text, STR("other"));
    uint32_t speaker = shaped ? speaker_of(ck->ir, node, MODIFIER_OTHER) : IR_NONE;
    if (speaker == IR_NONE || !ck->ir->nodes[speaker].type.open) return false;
    *ret_target = (struct target){matrix_message(ck->ir, speaker, MODIFIER_OTHER), NULL,
                                  place_of(ck->ir, speaker), "\"other\"", false};
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

/* A field or list that is gone has been complained about where it is used, or at another of its texts.
 */
static bool is_lost(struct checking *ck, const struct expr_name *name, uint32_t used, uint32_t node)
{
    bool gone = used == 0 && (was_told(ck, UNKNOWN_IN(UNKNOWN_VALUE, 0), name->text) ||
                              was_told(ck, UNKNOWN_IN(UNKNOWN_LIST, 0), name->text));
    return gone || is_told(ck, UNKNOWN_IN(UNKNOWN_TEXT, node), name->text, "E0219", name->span);
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
    if (is_lost(ck, name, used, node)) return;
    const char *hint = used == 0 ? suggest_root(ck, name->text)
                                 : lookup_suggest(ck, object_of(ck->ir, node), name->text);
    if (!hint || str_eq(name->text, STR("check"))) hint = suggest_inner(ck, entry);
    bool bound = str_eq(name->text, STR("min")) || str_eq(name->text, STR("max"));
    if (used > 0 && bound && ck->ir->nodes[node].between) hint = "between has one text for both: .between";
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
        target_of_other(ck, entry, used, node, ret_target) ||
        target_of_nameless(ck, entry, used, node, ret_target) ||
        target_of_rule(ck, entry, used, node, ret_target))
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

/* Whether a written path may be that of the item: what is gone must not be looked up. */
static bool is_path_of(struct checking *ck, const struct expr *path, uint32_t node)
{
    struct str written = path_text(ck, path), whole = ck->ir->nodes[node].path;
    if (written.len == whole.len || written.len > whole.len) return str_eq(written, whole);
    size_t before = whole.len - written.len;
    return whole.ptr[before - 1] == '.' &&
           str_eq(written, (struct str){whole.ptr + before, written.len});
}

/* What stands there, a constant as the form's first language writes it. */
static struct str literal_of(struct checking *ck, const struct text_part *part)
{
    return part->constant ? show_constant(ck, part, locale_find(ck->ir->languages[0])) : part->literal;
}

static bool is_same_format(const struct expr_name *format, const struct ir_part *part)
{
    const char *word = part->show == SHOW_MONEY ? part->currency : program_show_word(part->show);
    return str_eq(format->text, str_of(word));
}

static bool is_same_text(struct checking *ck, const struct text *written, const struct ir_text *text)
{
    if (written->part_count != text->part_count) return false;
    for (uint32_t i = 0; i < text->part_count; i++) {
        const struct text_part *part = &written->parts[i];
        bool shows = text->parts[i].node != IR_NONE;
        if (shows != (part->path != NULL)) return false;
        if (shows && !is_same_format(&part->format, &text->parts[i])) return false;
        if (shows ? !is_path_of(ck, part->path, text->parts[i].node)
                  : !str_eq(literal_of(ck, part), text->parts[i].literal))
            return false;
    }
    return true;
}

/* `of` says which text was translated: the form's has changed since then, perhaps. */
static void warn_stale(struct checking *ck, const struct ir_message *message, const struct text *origin)
{
    if (origin->part_count == 0 || !message->by_language) return;
    if (is_same_text(ck, origin, &message->by_language[0])) return;
    complain(ck, "W0204", origin->span, "look at the translation again, and write the new text here",
             "the text that was translated has changed since then");
}

static void translate_hint(struct checking *ck, const struct translation *entry, uint32_t language,
                           const struct target *target)
{
    if (!target->hint || !target->hint->by_language) complain_no_text(ck, entry, target, "hint");
    else message_translate(ck, target->hint, language, &target->place, &entry->hint);
    if (target->hint) warn_stale(ck, target->hint, &entry->hint_of);
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
    warn_stale(ck, target.text, &entry->text_of);
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

enum { NAMED = 5 }; /* of those missing, in the order of the form */

struct tally {
    struct checking *ck;
    uint32_t language, texts, missing;
    const char *names; /* of the first that are missing; NULL: none yet */
};

/* `part` is what an entry says behind the path, with its "." or " ". */
static void tally_message(struct tally *tally, const struct ir_message *message, struct str path,
                          const char *part)
{
    if (!message->by_language) return;
    tally->texts++;
    if (message->by_language[tally->language].part_count > 0) return;
    if (tally->missing++ >= NAMED) return;
    if (path.len == 0 && *part == '.') part++;
    tally->names = tally->names
                       ? checking_text(tally->ck, "%s, %.*s%s", tally->names, STR_ARG(path), part)
                       : checking_text(tally->ck, "%.*s%s", STR_ARG(path), part);
}

/* What rows of a matrix share is one text, the matrix's. */
static void tally_rule(struct tally *tally, uint32_t number, enum modifier_kind kind, const char *part)
{
    struct ir *ir = tally->ck->ir;
    uint32_t parent = ir->nodes[number].parent;
    bool shared = ir->nodes[parent].item && ir->nodes[parent].item->matrix &&
                  matrix_speaker(ir, parent, kind) == number;
    if (matrix_is_spoken_for(ir, number, kind)) return;
    tally_message(tally, matrix_message(ir, number, kind), ir->nodes[shared ? parent : number].path,
                  part);
}

static void tally_node(struct tally *tally, uint32_t number)
{
    static const char *const parts[RULES] = {".required", ".min",         ".max",     ".length",
                                             ".pattern",  ".placeholder", ".skipped", ".repeated"};
    const struct ir_node *node = &tally->ck->ir->nodes[number];
    if (!node->sent) tally_message(tally, &node->label, node->path, "");
    tally_message(tally, &node->hint, node->path, " hint");
    for (size_t i = 0; i < RULES; i++) {
        bool bound = rules[i].kind == MODIFIER_MIN || rules[i].kind == MODIFIER_MAX;
        bool again = rules[i].kind == MODIFIER_MAX && node->min_message.by_language;
        if (!bound || !node->between) tally_rule(tally, number, rules[i].kind, parts[i]);
        else if (!again) tally_rule(tally, number, rules[i].kind, ".between");
    }
    if (node->part) tally_rule(tally, number, MODIFIER_OTHER, ".other");
}

static void tally_list(struct tally *tally, const struct ir_list *list)
{
    for (uint32_t i = 0; list->options && i < list->option_count; i++) {
        const char *part = checking_text(tally->ck, ".%.*s", STR_ARG(list->options[i].code));
        tally_message(tally, &list->options[i].label, list->name, part ? part : "");
    }
}

static void tally_check(struct tally *tally, const struct ir *ir, const struct ir_check *check)
{
    bool field = ir->nodes[check->owner].kind == NODE_FIELD;
    struct str path = ir->nodes[field ? check->owner : object_of(ir, check->owner)].path;
    const char *part =
        check->name.len ? checking_text(tally->ck, ".check.%.*s", STR_ARG(check->name)) : ".check";
    tally_message(tally, &check->message, path, part ? part : "");
}

static void tally_form(const struct ir *ir, struct tally *tally)
{
    tally_message(tally, &ir->title, STR("title"), "");
    for (uint32_t i = 1; i < ir->node_count; i++) tally_node(tally, i);
    for (uint32_t i = 0; i < ir->list_count; i++) tally_list(tally, &ir->lists[i]);
    for (uint32_t i = 0; i < ir->check_count; i++) tally_check(tally, ir, &ir->checks[i]);
}

void translation_warn_missing(struct checking *ck)
{
    for (uint32_t i = 1; i < ck->ir->language_count; i++) {
        struct tally tally = {.ck = ck, .language = i};
        tally_form(ck->ir, &tally);
        if (tally.missing == 0 || ck->failure) continue;
        const char *hint =
            checking_text(ck, "missing: %s%s", tally.names, tally.missing > NAMED ? ", …" : "");
        complain(ck, "W0202", ck->language_spans[i], hint,
                 "%u of %u texts have no translation into \"%.*s\"", (unsigned)tally.missing,
                 (unsigned)tally.texts, STR_ARG(ck->ir->languages[i]));
    }
}
