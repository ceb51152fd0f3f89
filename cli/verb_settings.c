/* formwright settings: every setting of `serve`. The table in docs/operations.md is this verb's output,
 * held so by a test. */
#include "cli/command.h"
#include "cli/setting.h"

#include "base/json_writer.h"
#include "base/limits.h"

static void write_default(struct buf *out, const struct setting_spec *spec)
{
    if (spec->kind == SETTING_IS_NUMBER) buf_put_int(out, spec->number);
    else if (spec->kind == SETTING_IS_SWITCH) buf_puts(out, spec->number ? "true" : "false");
    else json_put_str(out, str_of(spec->text));
}

/* "1 to 256 threads" */
static void write_range(struct buf *out, const struct setting_spec *spec)
{
    switch (spec->kind) {
    case SETTING_IS_TEXT:
        buf_puts(out, spec->words);
        break;
    case SETTING_IS_NUMBER:
        buf_put_int(out, spec->least);
        buf_puts(out, " to ");
        buf_put_int(out, spec->most);
        buf_printf(out, " %s", spec->unit);
        break;
    case SETTING_IS_SWITCH:
        buf_puts(out, "true, false");
        break;
    case SETTING_IS_WORD:
        for (const char *at = spec->words; *at; at++)
            buf_puts(out, *at == ' ' ? ", " : (char[]){*at, '\0'});
        break;
    }
}

static void write_table(struct buf *out)
{
    buf_puts(out, "| setting | default | values | what |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting_spec *spec = &setting_specs[i];
        buf_printf(out, "| `%s` | `", spec->name);
        write_default(out, spec);
        buf_puts(out, "` | ");
        write_range(out, spec);
        buf_printf(out, " | %s |\n", spec->help);
    }
}

static void write_json(struct buf *out)
{
    struct json_writer json;
    json_writer_init(&json, out);
    json_array(&json);
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting_spec *spec = &setting_specs[i];
        json_object(&json);
        json_key_str(&json, STR("name"), str_of(spec->name));
        json_key(&json, STR("default"));
        write_default(out, spec);
        json.comma = true;
        if (spec->kind == SETTING_IS_NUMBER) {
            json_key_int(&json, STR("least"), spec->least);
            json_key_int(&json, STR("most"), spec->most);
            json_key_str(&json, STR("unit"), str_of(spec->unit));
        }
        json_key_str(&json, STR("help"), str_of(spec->help));
        json_object_end(&json);
    }
    json_array_end(&json);
    buf_putc(out, '\n');
}

enum exit_code verb_settings(struct command *command)
{
    bool json = false, done;
    const struct option_spec options[] = {{"json", NULL, &json, "print a JSON array"}};
    int count;
    enum exit_code code = command_options(command, options, 1, NULL, 0, &count, &done);
    if (code || done) return code;
    struct buf out;
    buf_init(&out, mem_heap(), limit(VERDICT_BYTES));
    if (json) write_json(&out);
    else write_table(&out);
    bool written = !buf_failed(&out) && command_print(buf_str(&out));
    buf_release(&out);
    return written ? EXIT_OK : EXIT_UNREACHABLE;
}
