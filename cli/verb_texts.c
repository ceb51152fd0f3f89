/* formwright texts: the words of a form in one language, as modules in browsers read them. */
#include "cli/target.h"

#include "runtime/runtime.h"

static void write_texts(const struct program *program, const void *user, struct buf *out)
{
    const char *const *locale = user;
    texts_write(program, str_of(*locale ? *locale : ""), out);
    buf_putc(out, '\n');
}

enum exit_code verb_texts(struct command *command)
{
    const char *locale = NULL;
    const struct option_spec options[] = {
        {"locale", &locale, NULL, "LANG: one of the form's languages; its first if it has not"}};
    return target_print(command, options, 1, write_texts, &locale);
}
