#include "cli/findings.h"

#include "base/json_writer.h"
#include "base/word.h"
#include "cli/command.h"
#include "dsl/dsl.h"

#include <string.h>

/* ---- SARIF 2.1.0 (OASIS) */

struct sarif {
    const struct diags *diags;
    struct str source;
    const char *path;
    struct buf *out;
    struct json_writer json;
};

/* A path as a URI reference: "my forms/a.form" → "my%20forms/a.form"; absolute ones are of the file
 * scheme. */
static void put_uri(struct sarif *sarif)
{
    struct buf *out = sarif->out;
    const char *path = strcmp(sarif->path, "-") == 0 ? "stdin" : sarif->path;
    json_key(&sarif->json, STR("uri"));
    json_raw(&sarif->json, path[0] == '/' ? STR("\"file://") : STR("\""));
    for (; *path; path++) {
        bool plain = word_is_alnum(*path) || strchr("/._-~", *path);
        if (plain) buf_putc(out, *path);
        else buf_printf(out, "%%%02X", (unsigned)(unsigned char)*path);
    }
    buf_putc(out, '"');
}

static void put_location(struct sarif *sarif, struct span span)
{
    struct json_writer *json = &sarif->json;
    struct line_column start = line_column_of(sarif->source, span.offset);
    struct line_column end = line_column_of(sarif->source, span.offset + span.len);
    json_key(json, STR("physicalLocation"));
    json_object(json);
    json_key(json, STR("artifactLocation"));
    json_object(json);
    put_uri(sarif);
    json_object_end(json);
    json_key(json, STR("region"));
    json_object(json);
    json_key_int(json, STR("startLine"), start.line);
    json_key_int(json, STR("startColumn"), start.column);
    json_key_int(json, STR("endLine"), end.line);
    json_key_int(json, STR("endColumn"), end.column);
    json_key_int(json, STR("byteOffset"), span.offset);
    json_key_int(json, STR("byteLength"), span.len);
    json_object_end(json);
    json_object_end(json);
}

static void put_text(struct json_writer *json, struct str key, struct str text)
{
    json_key(json, key);
    json_object(json);
    json_key(json, STR("text"));
    json_lossy(json, text);
    json_object_end(json);
}

static bool is_met(const struct diags *diags, const char *code)
{
    for (uint32_t i = 0; i < diags->count; i++)
        if (strcmp(diags->items[i].code, code) == 0) return true;
    return false;
}

/* Where a code stands among the rules of the run: those that were met, in the order of all codes. */
static int64_t rule_index(const struct diags *diags, const char *code)
{
    size_t count;
    int64_t index = 0;
    const struct dsl_code *codes = dsl_codes(&count);
    for (size_t i = 0; i < count && strcmp(codes[i].code, code) != 0; i++)
        index += is_met(diags, codes[i].code);
    return index;
}

static struct str level_of(enum diag_severity severity)
{
    return severity == DIAG_ERROR ? STR("error") : STR("warning");
}

/* The explanation with its example, as `formwright explain` has it. */
static void put_help(struct sarif *sarif, const struct dsl_code *code)
{
    const struct dsl_specimen *specimen = dsl_specimen_find(str_of(code->code));
    struct buf help;
    buf_init(&help, sarif->out->mem, sarif->out->bytes_max);
    buf_puts(&help, code->explanation);
    if (specimen) buf_printf(&help, "\n\nWrong:\n\n%s\nRight:\n\n%s", specimen->wrong, specimen->right);
    if (buf_failed(&help)) sarif->out->failure = help.failure;
    else put_text(&sarif->json, STR("help"), buf_str(&help));
    buf_release(&help);
}

static void put_rule(struct sarif *sarif, const struct dsl_code *code)
{
    struct json_writer *json = &sarif->json;
    json_object(json);
    json_key_str(json, STR("id"), str_of(code->code));
    put_text(json, STR("shortDescription"), str_of(code->title));
    put_text(json, STR("fullDescription"), str_of(code->explanation));
    put_help(sarif, code);
    json_key(json, STR("defaultConfiguration"));
    json_object(json);
    json_key_str(json, STR("level"), level_of(code->severity));
    json_object_end(json);
    json_object_end(json);
}

static void put_tool(struct sarif *sarif)
{
    struct json_writer *json = &sarif->json;
    size_t count;
    const struct dsl_code *codes = dsl_codes(&count);
    json_key(json, STR("tool"));
    json_object(json);
    json_key(json, STR("driver"));
    json_object(json);
    json_key_str(json, STR("name"), STR("formwright"));
    json_key_str(json, STR("version"), STR(COMMAND_VERSION));
    json_key(json, STR("rules"));
    json_array(json);
    for (size_t i = 0; i < count; i++)
        if (is_met(sarif->diags, codes[i].code)) put_rule(sarif, &codes[i]);
    json_array_end(json);
    json_object_end(json);
    json_object_end(json);
}

static void put_message(struct sarif *sarif, const struct diag *diag)
{
    struct buf text;
    buf_init(&text, sarif->out->mem, sarif->out->bytes_max);
    buf_put(&text, diag->message);
    if (diag->hint.len) buf_puts(&text, "\nhint: ");
    buf_put(&text, diag->hint);
    if (buf_failed(&text)) sarif->out->failure = text.failure;
    else put_text(&sarif->json, STR("message"), buf_str(&text));
    buf_release(&text);
}

static void put_related(struct sarif *sarif, const struct diag *diag)
{
    struct json_writer *json = &sarif->json;
    json_key(json, STR("relatedLocations"));
    json_array(json);
    json_object(json);
    put_location(sarif, diag->related);
    put_text(json, STR("message"), diag->related_message);
    json_object_end(json);
    json_array_end(json);
}

static void put_result(struct sarif *sarif, const struct diag *diag)
{
    struct json_writer *json = &sarif->json;
    json_object(json);
    json_key_str(json, STR("ruleId"), str_of(diag->code));
    json_key_int(json, STR("ruleIndex"), rule_index(sarif->diags, diag->code));
    json_key_str(json, STR("level"), level_of(diag->severity));
    put_message(sarif, diag);
    json_key(json, STR("locations"));
    json_array(json);
    json_object(json);
    put_location(sarif, diag->span);
    json_object_end(json);
    json_array_end(json);
    if (diag->related.len) put_related(sarif, diag);
    json_object_end(json);
}

/* The results in one of the form's files. */
static void put_results(struct sarif *sarif, const struct form_file *form, uint32_t index)
{
    struct form_share share;
    if (!form_file_share(form, sarif->diags, index, &share)) {
        sarif->out->failure = ST_NOMEM;
        return;
    }
    sarif->path = share.path;
    sarif->source = share.source;
    for (uint32_t i = 0; i < share.diags.count; i++) put_result(sarif, &share.diags.items[i]);
}

void findings_put_sarif(const struct form_file *form, const struct diags *diags, struct buf *out)
{
    struct sarif sarif = {.diags = diags, .out = out};
    struct json_writer *json = &sarif.json;
    json_writer_init(json, out);
    json_object(json);
    json_key_str(json, STR("$schema"), STR("https://json.schemastore.org/sarif-2.1.0.json"));
    json_key_str(json, STR("version"), STR("2.1.0"));
    json_key(json, STR("runs"));
    json_array(json);
    json_object(json);
    put_tool(&sarif);
    json_key_str(json, STR("columnKind"), STR("unicodeCodePoints"));
    json_key(json, STR("results"));
    json_array(json);
    for (uint32_t i = 0; i <= form->count; i++) put_results(&sarif, form, i);
    json_array_end(json);
    json_object_end(json);
    json_array_end(json);
    json_object_end(json);
    buf_putc(out, '\n');
}

/* ---- annotations of GitHub's workflows */

/* A value of the command: what would end it is percent-encoded. */
static void put_escaped(struct buf *out, struct str text, const char *special)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c && strchr(special, c)) buf_printf(out, "%%%02X", (unsigned)(unsigned char)c);
        else buf_putc(out, c);
    }
}

static void put_annotations(const struct diags *diags, const char *path, struct str source,
                            struct buf *out)
{
    for (uint32_t i = 0; i < diags->count; i++) {
        const struct diag *diag = &diags->items[i];
        struct line_column start = line_column_of(source, diag->span.offset);
        struct line_column end = line_column_of(source, diag->span.offset + diag->span.len);
        buf_printf(out, "::%s file=", diag->severity == DIAG_ERROR ? "error" : "warning");
        put_escaped(out, str_of(path), "%\r\n:,");
        buf_printf(out, ",line=%u,col=%u,endLine=%u,endColumn=%u,title=%s::", start.line, start.column,
                   end.line, end.column, diag->code);
        put_escaped(out, diag->message, "%\r\n");
        if (diag->hint.len) buf_puts(out, "%0Ahint: ");
        put_escaped(out, diag->hint, "%\r\n");
        buf_putc(out, '\n');
    }
}

void findings_put_github(const struct form_file *form, const struct diags *diags, struct buf *out)
{
    struct form_share share;
    for (uint32_t i = 0; i <= form->count && !buf_failed(out); i++)
        if (form_file_share(form, diags, i, &share))
            put_annotations(&share.diags, share.path, share.source, out);
        else out->failure = ST_NOMEM;
}
