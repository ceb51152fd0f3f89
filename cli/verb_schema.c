/* formwright schema: the JSON Schema of a form's answers. */
#include "cli/target.h"

#include "base/language.h"
#include "dsl/dsl.h"

struct wanted {
    bool stored, form;
    const char *locale;
};

static uint32_t language_of(const struct program *program, const char *locale)
{
    uint32_t found = LANGUAGE_NONE;
    if (locale) found = language_lookup(program->languages, program->language_count, str_of(locale));
    return found == LANGUAGE_NONE ? 0 : found;
}

static void write_schema(const struct program *program, const void *user, struct buf *out)
{
    const struct wanted *wanted = user;
    if (wanted->form) dsl_write_form_schema(program, language_of(program, wanted->locale), out);
    else dsl_write_schema(program, wanted->stored, out);
    buf_putc(out, '\n');
}

enum exit_code verb_schema(struct command *command)
{
    struct wanted wanted = {.stored = false};
    const struct option_spec options[] = {
        {"stored", NULL, &wanted.stored, "of answers as they are stored, not as they are sent"},
        {"form", NULL, &wanted.form,
         "with a uiSchema, for react-jsonschema-form to draw the form from"},
        {"locale", &wanted.locale, NULL,
         "with --form: the language of titles and help, else the form's own"}};
    return target_print(command, options, 3, write_schema, &wanted);
}
