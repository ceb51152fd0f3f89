/* Diff print: a comparison as JSON and as text. */
#include "base/json_writer.h"
#include "dsl/dsl.h"

const char *dsl_diff_class_name(enum dsl_diff_class diff_class)
{
    static const char *const names[] = {"identical", "presentational", "additive", "narrowing",
                                        "breaking"};
    return names[diff_class];
}

static void put_member(struct json_writer *json, const char *name, struct str text)
{
    if (text.len) json_key_str(json, str_of(name), text);
}

static void put_change(struct json_writer *json, const struct dsl_change *change)
{
    json_object(json);
    json_key_str(json, STR("class"), str_of(dsl_diff_class_name(change->diff_class)));
    json_key_str(json, STR("code"), str_of(change->code));
    put_member(json, "path", change->path);
    put_member(json, "what", change->what);
    put_member(json, "from", change->from);
    put_member(json, "to", change->to);
    if (change->from_line) json_key_int(json, STR("from_line"), change->from_line);
    if (change->to_line) json_key_int(json, STR("to_line"), change->to_line);
    put_member(json, "similar", change->similar);
    json_key_str(json, STR("reason"), str_of(change->reason));
    json_object_end(json);
}

void dsl_diff_put_json(const struct dsl_diff *diff, struct buf *out)
{
    struct json_writer json;
    json_writer_init(&json, out);
    json_object(&json);
    json_key_str(&json, STR("class"), str_of(dsl_diff_class_name(diff->diff_class)));
    json_key(&json, STR("changes"));
    json_array(&json);
    for (uint32_t i = 0; i < diff->count; i++) put_change(&json, &diff->changes[i]);
    json_array_end(&json);
    json_object_end(&json);
}

/* Source may go over several lines; a change has one. */
static void put_words(struct buf *out, struct str text)
{
    bool blank = false;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c > ' ' && c != 0x7F) {
            if (blank) buf_putc(out, ' ');
            buf_putc(out, (char)c);
        }
        blank = c <= ' ' || c == 0x7F;
    }
}

static void put_sides(struct buf *out, const struct dsl_change *change)
{
    if (change->from.len || change->to.len) buf_puts(out, ": ");
    put_words(out, change->from);
    if (change->from.len && change->to.len) buf_puts(out, " → ");
    put_words(out, change->to);
}

static void put_line(struct buf *out, const struct dsl_change *change)
{
    buf_printf(out, "%-14s %s", dsl_diff_class_name(change->diff_class), change->code);
    if (change->path.len) buf_printf(out, " %.*s", STR_ARG(change->path));
    if (change->what.len) {
        buf_puts(out, " (");
        put_words(out, change->what);
        buf_putc(out, ')');
    }
    put_sides(out, change);
    if (change->to_line) buf_printf(out, "  [line %u]", (unsigned)change->to_line);
    else if (change->from_line) buf_printf(out, "  [was line %u]", (unsigned)change->from_line);
    buf_printf(out, "\n               %s", change->reason);
    if (change->similar.len) buf_printf(out, "; is it %.*s now?", STR_ARG(change->similar));
    buf_putc(out, '\n');
}

void dsl_diff_put_text(const struct dsl_diff *diff, struct buf *out)
{
    for (uint32_t i = 0; i < diff->count; i++) put_line(out, &diff->changes[i]);
    buf_printf(out, "%s", dsl_diff_class_name(diff->diff_class));
    if (diff->count)
        buf_printf(out, ": %u %s", (unsigned)diff->count, diff->count == 1 ? "change" : "changes");
    buf_putc(out, '\n');
}
