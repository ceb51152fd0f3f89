/* formwright test: judges the cases that stand beside forms and tells which are not as expected. For
 * authors and their CI; docs/testing.md has the format. */
#include "cli/cases.h"

#include "base/json_writer.h"
#include "base/limits.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { REPORT_BYTES = 1 << 30 };

struct test_run {
    struct command *command;
    struct cases_options options;
    bool json;
    const char **forms;
    uint32_t form_count;
    uint32_t counts[CASE_SKIPPED + 1];
    struct buf report, junit; /* JSON of the forms so far; XML of them */
    struct json_writer writer;
};

/* ---- which forms */

static enum exit_code add_form(struct test_run *run, const char *path)
{
    if (run->form_count == limit(CASE_FORMS))
        return command_fail(run->command, EXIT_REFUSED, "more than %d forms", limit(CASE_FORMS));
    run->forms[run->form_count++] = path;
    return EXIT_OK;
}

static bool ends_with(struct str text, struct str ending)
{
    return text.len > ending.len &&
           str_eq((struct str){text.ptr + text.len - ending.len, ending.len}, ending);
}

/* Every form in the folder that has cases. */
static enum exit_code read_folder(struct test_run *run, const char *folder)
{
    struct arena *arena = &run->command->arena;
    DIR *dir = opendir(folder);
    if (!dir) return command_fail(run->command, EXIT_UNREACHABLE, "%s: %s", folder, strerror(errno));
    enum exit_code code = EXIT_OK;
    for (struct dirent *entry; !code && (entry = readdir(dir));) {
        struct str name = str_of(entry->d_name), ending = STR(".cases.json");
        if (!ends_with(name, ending)) continue;
        struct str path =
            arena_printf(arena, "%s/%.*s.form", folder, (int)(name.len - ending.len), name.ptr);
        code = path.ptr ? add_form(run, path.ptr) : command_status(run->command, ST_NOMEM, folder);
    }
    closedir(dir);
    return code;
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum exit_code add_folder(struct test_run *run, const char *folder)
{
    uint32_t before = run->form_count;
    enum exit_code code = read_folder(run, folder);
    uint32_t found = run->form_count - before;
    if (!code && !found)
        return command_fail(run->command, EXIT_USAGE, "%s: there is no *.cases.json", folder);
    if (found) qsort(run->forms + before, found, sizeof *run->forms, compare_paths);
    return code;
}

static enum exit_code add_path(struct test_run *run, const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return command_fail(run->command, EXIT_UNREACHABLE, "%s: %s", path, strerror(errno));
    if (S_ISDIR(about.st_mode)) return add_folder(run, path);
    if (ends_with(str_of(path), STR(".form"))) return add_form(run, path);
    return command_fail(run->command, EXIT_USAGE, "%s: neither a folder nor a file X.form", path);
}

/* ---- for people */

static void print_text(const char *name, struct str text)
{
    if (text.len) printf("      %-9s %.*s\n", name, STR_ARG(text));
}

static void print_case(const struct cases *cases, const struct case_result *result)
{
    if (result->state == CASE_PASSED) return;
    printf("%s: %s: \"%.*s\"\n", cases->form_path, case_state_name(result->state),
           STR_ARG(result->name));
    for (uint32_t i = 0; i < result->failure_count; i++) {
        const struct case_failure *failure = &result->failures[i];
        printf("    %.*s%s%.*s\n", STR_ARG(failure->what), failure->pointer.len ? " at " : "",
               STR_ARG(failure->pointer));
        print_text("expected", failure->expected);
        print_text("found", failure->found);
    }
}

/* ---- JSON */

static void put_failure(struct json_writer *json, const struct case_failure *failure)
{
    json_object(json);
    json_key(json, STR("what"));
    json_lossy(json, failure->what);
    json_key(json, STR("pointer"));
    json_lossy(json, failure->pointer);
    json_key(json, STR("expected"));
    json_lossy(json, failure->expected);
    json_key(json, STR("found"));
    json_lossy(json, failure->found);
    json_object_end(json);
}

static void put_case(struct json_writer *json, const struct case_result *result)
{
    json_object(json);
    json_key(json, STR("case"));
    json_lossy(json, result->name);
    json_key_str(json, STR("state"), str_of(case_state_name(result->state)));
    json_key_int(json, STR("steps"), (int64_t)result->steps);
    json_key(json, STR("failures"));
    json_array(json);
    for (uint32_t i = 0; i < result->failure_count; i++) put_failure(json, &result->failures[i]);
    json_array_end(json);
    json_object_end(json);
}

static void put_form(struct json_writer *json, const struct cases *cases)
{
    json_object(json);
    json_key(json, STR("form"));
    json_lossy(json, str_of(cases->form_path));
    json_key(json, STR("cases"));
    json_array(json);
    for (uint32_t i = 0; i < cases->count; i++) put_case(json, &cases->results[i]);
    json_array_end(json);
    json_object_end(json);
}

/* ---- JUnit's XML, as build servers read it */

/* What XML 1.0 may not hold becomes U+FFFD. */
static void put_xml(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '&') buf_puts(out, "&amp;");
        else if (c == '<') buf_puts(out, "&lt;");
        else if (c == '>') buf_puts(out, "&gt;");
        else if (c == '"') buf_puts(out, "&quot;");
        else if (c == '\n') buf_puts(out, "&#10;");
        else if (c < 0x20 && c != '\t') buf_puts(out, "\xef\xbf\xbd");
        else buf_putc(out, text.ptr[i]);
    }
}

static void put_xml_failures(struct buf *out, const struct case_result *result)
{
    for (uint32_t i = 0; i < result->failure_count; i++) {
        const struct case_failure *failure = &result->failures[i];
        put_xml(out, failure->what);
        if (failure->pointer.len) buf_puts(out, " at ");
        put_xml(out, failure->pointer);
        if (failure->expected.len) buf_puts(out, "&#10;  expected ");
        put_xml(out, failure->expected);
        if (failure->found.len) buf_puts(out, "&#10;  found ");
        put_xml(out, failure->found);
        buf_puts(out, "&#10;");
    }
}

static void put_xml_case(struct buf *out, const struct cases *cases, const struct case_result *result)
{
    buf_puts(out, "    <testcase classname=\"");
    put_xml(out, str_of(cases->form_path));
    buf_puts(out, "\" name=\"");
    put_xml(out, result->name);
    if (result->state == CASE_PASSED) {
        buf_puts(out, "\"/>\n");
        return;
    }
    const char *element = result->state == CASE_FAILED ? "failure" : "skipped";
    buf_printf(out, "\">\n      <%s message=\"", element);
    if (result->failure_count) put_xml(out, result->failures[0].what);
    buf_puts(out, "\">");
    put_xml_failures(out, result);
    buf_printf(out, "</%s>\n    </testcase>\n", element);
}

static void put_xml_form(struct buf *out, const struct cases *cases)
{
    uint32_t counts[CASE_SKIPPED + 1] = {0};
    for (uint32_t i = 0; i < cases->count; i++) counts[cases->results[i].state]++;
    buf_puts(out, "  <testsuite name=\"");
    put_xml(out, str_of(cases->form_path));
    buf_printf(out, "\" tests=\"%u\" failures=\"%u\" skipped=\"%u\" errors=\"0\">\n", cases->count,
               counts[CASE_FAILED], counts[CASE_SKIPPED]);
    for (uint32_t i = 0; i < cases->count; i++) put_xml_case(out, cases, &cases->results[i]);
    buf_puts(out, "  </testsuite>\n");
}

static enum exit_code write_junit(struct test_run *run, const char *path)
{
    struct buf *out = &run->junit;
    buf_puts(out, "</testsuites>\n");
    if (buf_failed(out)) return command_status(run->command, out->failure, path);
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(out->ptr, 1, out->len, file) == out->len;
    if (file) written = fclose(file) == 0 && written;
    if (written) return EXIT_OK;
    return command_fail(run->command, EXIT_UNREACHABLE, "%s: %s", path, strerror(errno));
}

/* ---- all forms */

static enum exit_code run_form(struct test_run *run, const char *path)
{
    struct cases cases;
    enum exit_code code = cases_run(run->command, path, &run->options, &cases);
    for (uint32_t i = 0; i < cases.count && !code; i++) {
        run->counts[cases.results[i].state]++;
        if (!run->json) print_case(&cases, &cases.results[i]);
    }
    if (!code && run->json) put_form(&run->writer, &cases);
    if (!code) put_xml_form(&run->junit, &cases);
    cases_release(&cases);
    return code;
}

static enum exit_code print_end(struct test_run *run)
{
    const uint32_t *counts = run->counts;
    if (!run->json) {
        printf("%u passed, %u failed, %u skipped\n", counts[CASE_PASSED], counts[CASE_FAILED],
               counts[CASE_SKIPPED]);
        return EXIT_OK;
    }
    json_array_end(&run->writer);
    for (int i = 0; i <= CASE_SKIPPED; i++)
        json_key_int(&run->writer, str_of(case_state_name((enum case_state)i)), counts[i]);
    json_object_end(&run->writer);
    buf_putc(&run->report, '\n');
    if (buf_failed(&run->report))
        return command_status(run->command, run->report.failure, "the report");
    return command_print(buf_str(&run->report)) ? EXIT_OK : EXIT_UNREACHABLE;
}

/* Green means that something was asked. */
static enum exit_code verdict_of(const struct test_run *run)
{
    if (run->counts[CASE_FAILED]) return EXIT_FINDINGS;
    if (run->counts[CASE_PASSED] || run->counts[CASE_SKIPPED]) return EXIT_OK;
    return command_fail(run->command, EXIT_FINDINGS, "no case was run");
}

static enum exit_code run_all(struct test_run *run, const char *junit)
{
    enum exit_code code = EXIT_OK;
    json_writer_init(&run->writer, &run->report);
    json_object(&run->writer);
    json_key(&run->writer, STR("forms"));
    json_array(&run->writer);
    buf_puts(&run->junit, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for (uint32_t i = 0; i < run->form_count && !code; i++) code = run_form(run, run->forms[i]);
    if (!code) code = print_end(run);
    if (!code && junit) code = write_junit(run, junit);
    return code ? code : verdict_of(run);
}

enum exit_code verb_test(struct command *command)
{
    struct test_run run = {.command = command};
    const char *junit = NULL, **paths = ARENA_ARRAY(&command->arena, const char *, limit(CASE_FORMS));
    int count;
    bool done;
    const struct option_spec options[] = {
        {"filter", &run.options.filter, NULL, "only cases whose name has this in it"},
        {"json", NULL, &run.json, "print the results as one JSON object"},
        {"junit", &junit, NULL, "also write them to this file as JUnit XML"},
        {"root", &run.options.root, NULL,
         "where paths of answers_file start; default: the form's folder"},
        {"tables", &run.options.tables, NULL,
         "a folder of lookup tables NAME.csv that are not beside the form"},
        {"allow-absent", NULL, &run.options.allow_absent,
         "skip what names a file that is not there: answers or a table"},
    };
    run.forms = ARENA_ARRAY(&command->arena, const char *, limit(CASE_FORMS));
    if (!paths || !run.forms) return command_status(command, ST_NOMEM, "the file names");
    enum exit_code code = command_options(command, options, 6, paths, limit(CASE_FORMS), &count, &done);
    if (code || done) return code;
    if (count == 0) paths[count++] = ".";
    for (int i = 0; i < count && !code; i++) code = add_path(&run, paths[i]);
    if (code) return code;
    buf_init(&run.report, mem_heap(), REPORT_BYTES);
    buf_init(&run.junit, mem_heap(), REPORT_BYTES);
    code = run_all(&run, junit);
    buf_release(&run.report);
    buf_release(&run.junit);
    return code;
}
