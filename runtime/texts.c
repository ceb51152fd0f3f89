/* Texts: the words of a form in one language, and of ours what it may need, as JSON: docs/module.md. */
#include "runtime/runtime.h"

#include "base/json_writer.h"
#include "base/language.h"
#include "runtime/sentence.h"

#include <stdio.h>

struct lexicon {
    const struct program *program;
    uint32_t language;
    struct json_writer json;
    bool in_foreign, in_language;
    bool needs_first; /* some text falls back to the form's first language and shows values in it */
};

static const char *const sentence_names[] = {
#define MESSAGE(NAME, sentence) [MESSAGE_##NAME] = #NAME,
#include "runtime/message.def"
#undef MESSAGE
};

/* ---- texts with values */

/* A string that was put together, which goes. */
static void put_made(struct lexicon *lexicon, struct buf *text)
{
    struct buf *out = lexicon->json.out;
    json_str(&lexicon->json, buf_str(text));
    if (buf_failed(text) && !out->failure) out->failure = text->failure;
    buf_release(text);
}

static void put_whole(struct lexicon *lexicon, struct passage text)
{
    struct buf whole, *out = lexicon->json.out;
    buf_init(&whole, out->mem, out->bytes_max);
    passage_put_literals(text, &whole);
    put_made(lexicon, &whole);
}

static void put_value(struct lexicon *lexicon, const struct program_part *part)
{
    struct json_writer *json = &lexicon->json;
    const char *word = part->show == SHOW_MONEY ? "money" : program_show_word(part->show);
    json_object(json);
    json_key_int(json, STR("node"), part->node);
    if (*word) json_key_str(json, STR("show"), str_of(word));
    if (part->show == SHOW_MONEY) {
        json_key_str(json, STR("currency"), str_of(part->currency));
        json_key_int(json, STR("digits"), part->digits);
    }
    if (part->rows) json_key_int(json, STR("rows"), part->base);
    json_object_end(json);
}

static void put_parts(struct lexicon *lexicon, struct passage text)
{
    struct program_part part;
    json_array(&lexicon->json);
    while (passage_next(&text, &part)) {
        if (part.node != PROGRAM_NONE) put_value(lexicon, &part);
        else if (part.literal.len) json_str(&lexicon->json, part.literal);
    }
    json_array_end(&lexicon->json);
}

static void put_text(struct lexicon *lexicon, const struct program_message *message)
{
    struct passage text = passage_open(message, lexicon->language);
    if (!passage_fills(text)) {
        put_whole(lexicon, text);
        return;
    }
    if (text.language == lexicon->language) {
        put_parts(lexicon, text);
        return;
    }
    lexicon->needs_first = true;
    json_object(&lexicon->json);
    json_key_bool(&lexicon->json, STR("first"), true);
    json_key(&lexicon->json, STR("parts"));
    put_parts(lexicon, text);
    json_object_end(&lexicon->json);
}

static void put_named(struct lexicon *lexicon, const char *name, const struct program_message *message)
{
    if (!message->bytes) return;
    json_key(&lexicon->json, str_of(name));
    put_text(lexicon, message);
}

/* ---- nodes, checks */

static bool has_words(const struct program_node *node)
{
    return node->label.bytes || node->rare->hint.bytes || node->rare->placeholder.bytes ||
           node->rare->required_message.bytes || node->rare->min_message.bytes ||
           node->rare->max_message.bytes || node->rare->length_message.bytes ||
           node->rare->pattern_message.bytes || node->rare->skipped_message.bytes ||
           node->rare->repeated_message.bytes;
}

static void put_node(struct lexicon *lexicon, uint32_t number)
{
    const struct program_node *node = &lexicon->program->nodes[number];
    char key[16];
    if (!has_words(node)) return;
    json_key(&lexicon->json, (struct str){key, (size_t)snprintf(key, sizeof key, "%u", number)});
    json_object(&lexicon->json);
    put_named(lexicon, "label", &node->label);
    put_named(lexicon, "hint", &node->rare->hint);
    put_named(lexicon, "placeholder", &node->rare->placeholder);
    put_named(lexicon, "required", &node->rare->required_message);
    put_named(lexicon, "min", &node->rare->min_message);
    put_named(lexicon, "max", &node->rare->max_message);
    put_named(lexicon, "length", &node->rare->length_message);
    put_named(lexicon, "pattern", &node->rare->pattern_message);
    put_named(lexicon, "skipped", &node->rare->skipped_message);
    put_named(lexicon, "repeated", &node->rare->repeated_message);
    json_object_end(&lexicon->json);
}

static void put_nodes(struct lexicon *lexicon)
{
    json_key(&lexicon->json, STR("nodes"));
    json_object(&lexicon->json);
    for (uint32_t i = 0; i < lexicon->program->node_count; i++) put_node(lexicon, i);
    json_object_end(&lexicon->json);
}

static void put_checks(struct lexicon *lexicon)
{
    json_key(&lexicon->json, STR("checks"));
    json_array(&lexicon->json);
    for (uint32_t i = 0; i < lexicon->program->check_count; i++) {
        const struct program_message *message = &lexicon->program->checks[i].message;
        if (message->bytes) put_text(lexicon, message);
        else json_null(&lexicon->json);
    }
    json_array_end(&lexicon->json);
}

/* ---- options */

static void put_option(struct lexicon *lexicon, const struct program_list *list, uint32_t option,
                       uint32_t language)
{
    if (list->sheet) {
        json_str(&lexicon->json, sheet_cell(list->sheet, option, list->label));
        return;
    }
    const struct program_message *label = &list->labels[option];
    if (label->bytes) put_whole(lexicon, passage_open(label, language));
    else json_null(&lexicon->json);
}

/* Whether people see its options: where they choose, or in a text that shows what was chosen or worked
 * out. */
static bool is_seen(const struct program *program, uint32_t list)
{
    bool seen = program->lists[list].shown;
    for (uint32_t i = 0; i < program->node_count && !seen; i++) {
        const struct program_node *node = &program->nodes[i];
        bool chosen =
            node->type == TYPE_CHOICE || node->type == TYPE_CHOICES || node->type == TYPE_RANKING;
        seen = chosen && node_list(node) == list && node->text_reads;
    }
    return seen;
}

static void put_lists(struct lexicon *lexicon, uint32_t language)
{
    json_key(&lexicon->json, STR("lists"));
    json_array(&lexicon->json);
    for (uint32_t i = 0; i < lexicon->program->list_count; i++) {
        const struct program_list *list = &lexicon->program->lists[i];
        if (!is_seen(lexicon->program, i)) {
            json_null(&lexicon->json);
            continue;
        }
        json_array(&lexicon->json);
        for (uint32_t k = 0; k < list->option_count; k++) put_option(lexicon, list, k, language);
        json_array_end(&lexicon->json);
    }
    json_array_end(&lexicon->json);
}

/* ---- texts that are in another language than the rest: [tag, direction, key…] of each such language
 */

/* As HTML has it: forms write de_AT. */
static void put_tag(struct lexicon *lexicon, struct str tag)
{
    struct buf hyphened, *out = lexicon->json.out;
    buf_init(&hyphened, out->mem, out->bytes_max);
    for (size_t i = 0; i < tag.len; i++)
        buf_put(&hyphened, tag.ptr[i] == '_' ? STR("-") : (struct str){tag.ptr + i, 1});
    put_made(lexicon, &hyphened);
}

static void begin_foreign(struct lexicon *lexicon, uint32_t language)
{
    struct str tag = lexicon->program->languages[language];
    if (!lexicon->in_foreign) {
        json_key(&lexicon->json, STR("foreign"));
        json_array(&lexicon->json);
    }
    json_array(&lexicon->json);
    put_tag(lexicon, tag);
    json_str(&lexicon->json, language_is_right_to_left(tag) ? STR("rtl") : STR("ltr"));
    lexicon->in_foreign = lexicon->in_language = true;
}

/* "3/label" of a node, "0:yes" of an option. */
static void put_foreign(struct lexicon *lexicon, uint32_t language, uint32_t number, const char *mark,
                        struct str which, const struct program_message *message)
{
    struct buf key, *out = lexicon->json.out;
    if (!message->bytes || passage_open(message, lexicon->language).language != language) return;
    if (!lexicon->in_language) begin_foreign(lexicon, language);
    buf_init(&key, out->mem, out->bytes_max);
    buf_printf(&key, "%u%s", number, mark);
    buf_put(&key, which);
    put_made(lexicon, &key);
}

static void put_foreign_options(struct lexicon *lexicon, uint32_t language, uint32_t number)
{
    const struct program_list *list = &lexicon->program->lists[number];
    if (list->sheet || !is_seen(lexicon->program, number)) return;
    for (uint32_t i = 0; i < list->option_count; i++)
        put_foreign(lexicon, language, number, ":", program_option_code(list, i),
                    &list->labels[i]);
}

static void put_foreign_of(struct lexicon *lexicon, uint32_t language)
{
    const struct program *program = lexicon->program;
    lexicon->in_language = false;
    put_foreign(lexicon, language, 0, "/", STR("label"), &program->title);
    for (uint32_t i = 1; i < program->node_count; i++) {
        put_foreign(lexicon, language, i, "/", STR("label"), &program->nodes[i].label);
        put_foreign(lexicon, language, i, "/", STR("hint"), &program->nodes[i].rare->hint);
    }
    for (uint32_t i = 0; i < program->list_count; i++) put_foreign_options(lexicon, language, i);
    if (lexicon->in_language) json_array_end(&lexicon->json);
}

static void put_all_foreign(struct lexicon *lexicon)
{
    for (uint32_t i = 0; i < lexicon->program->language_count; i++)
        if (i != lexicon->language) put_foreign_of(lexicon, i);
    if (lexicon->in_foreign) json_array_end(&lexicon->json);
}

/* ---- ours */

static void put_sentences(struct lexicon *lexicon)
{
    struct str language = lexicon->program->languages[lexicon->language];
    bool quotes = false;
    json_key(&lexicon->json, STR("sentences"));
    json_object(&lexicon->json);
    for (int i = 0; i < MESSAGE_COUNT; i++) {
        struct sentence sentence = sentence_find((enum message)i, language);
        if (i == MESSAGE_NONE) continue;
        json_key_str(&lexicon->json, str_of(sentence_names[i]), sentence.text);
        quotes |= sentence.quotes;
    }
    json_object_end(&lexicon->json);
    if (quotes) json_key_bool(&lexicon->json, STR("quotes"), true);
}

static void put_locale(struct lexicon *lexicon, uint32_t language)
{
    struct buf facts, *out = lexicon->json.out;
    buf_init(&facts, out->mem, out->bytes_max);
    locale_put_facts(lexicon->program->locales[language], &facts);
    json_key(&lexicon->json, STR("locale"));
    json_raw(&lexicon->json, buf_str(&facts));
    if (buf_failed(&facts) && !out->failure) out->failure = facts.failure;
    buf_release(&facts);
}

static void put_first(struct lexicon *lexicon)
{
    if (!lexicon->needs_first) return;
    json_key(&lexicon->json, STR("first"));
    json_object(&lexicon->json);
    json_key_str(&lexicon->json, STR("language"), lexicon->program->languages[0]);
    put_lists(lexicon, 0);
    put_locale(lexicon, 0);
    json_object_end(&lexicon->json);
}

void texts_write(const struct program *program, struct str locale, struct buf *out)
{
    uint32_t found = language_lookup(program->languages, program->language_count, locale);
    struct lexicon lexicon = {.program = program, .language = found == LANGUAGE_NONE ? 0 : found};
    json_writer_init(&lexicon.json, out);
    json_object(&lexicon.json);
    json_key_int(&lexicon.json, STR("format"), 1);
    json_key_str(&lexicon.json, STR("form"), program->name);
    json_key_str(&lexicon.json, STR("language"), program->languages[lexicon.language]);
    put_named(&lexicon, "title", &program->title);
    put_nodes(&lexicon);
    put_lists(&lexicon, lexicon.language);
    put_all_foreign(&lexicon);
    put_checks(&lexicon);
    put_sentences(&lexicon);
    put_locale(&lexicon, lexicon.language);
    put_first(&lexicon);
    json_object_end(&lexicon.json);
}
