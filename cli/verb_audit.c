/* formwright audit: checks the hash chain of an audit log, or prints the log.
 *
 * While a server owns the data directory it is asked; else the file is read as it is, and nothing is
 * written: not even the rows that the errand of another verb would leave. Both ways print the same. */
#include "cli/client.h"
#include "cli/setting.h"

#include "base/civil.h"
#include "base/json_value.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "base/word.h"
#include "engine/engine.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct errand {
    struct command *command;
    const char *data;
    bool owned;        /* a server has the directory */
    const char *name;  /* for people: the tenant's id, or "the server's log" */
    struct str tenant; /* empty: the server's own log */
    struct audit_filter filter;
    bool json;
};

/* ---------------------------------------------------------------- asking the server */

static enum exit_code ask(struct errand *errand, const char *method, const char *rest,
                          struct json_value *ret_answer, struct str *ret_body)
{
    struct arena *arena = &errand->command->arena;
    struct client *client;
    struct client_response response;
    struct json_error error;
    struct str path = errand->tenant.len ? arena_printf(arena, "/v1/tenants/%.*s/audit%s",
                                                        STR_ARG(errand->tenant), rest)
                                         : arena_printf(arena, "/v1/audit%s", rest);
    if (!path.ptr) return command_status(errand->command, ST_NOMEM, errand->name);
    struct client_request request = {.method = method, .path = path.ptr};
    enum exit_code code = client_join(errand->command, errand->data, &client);
    if (code) return code;
    code = client_ask(client, &request, &response);
    client_close(client);
    if (code) return code;
    if (json_read(arena, response.body, limit(JSON_DEPTH), ret_answer, &error) != ST_OK)
        return command_fail(errand->command, EXIT_UNREACHABLE, "the answer is not JSON");
    *ret_body = response.body;
    return EXIT_OK;
}

/* ---------------------------------------------------------------- asking the file: the same JSON */

static void write_hash(struct json_writer *json, struct str key, const struct digest *digest)
{
    char hex[DIGEST_HEX_BYTES];
    digest_hex(digest, hex);
    json_key_str(json, key, str_of(hex));
}

static void write_text(struct json_writer *json, struct str key, struct str text, bool always)
{
    if (!text.len && !always) return;
    json_key(json, key);
    json_lossy(json, text);
}

static void write_row(struct json_writer *json, const struct audit_record *row)
{
    char moment[CIVIL_DATETIME_BYTES];
    int32_t day, time;
    json_object(json);
    json_key_int(json, STR("seq"), (int64_t)row->seq);
    if (civil_split(row->at_ms, 0, &day, &time))
        json_key_str(json, STR("at"),
                     (struct str){moment, civil_format_datetime(row->at_ms, 0, moment)});
    write_text(json, STR("who"), row->who, true);
    write_text(json, STR("action"), row->action, true);
    write_text(json, STR("object"), row->object, true);
    write_text(json, STR("detail"), row->detail, false);
    write_text(json, STR("where"), row->where, false);
    write_text(json, STR("why"), row->why, false);
    write_text(json, STR("request_id"), row->request_id, false);
    write_hash(json, STR("previous_hash"), &row->previous_hash);
    write_hash(json, STR("hash"), &row->hash);
    json_object_end(json);
}

static void write_page(struct json_writer *json, const struct audit_page *page)
{
    json_object(json);
    json_key(json, STR("items"));
    json_array(json);
    for (uint32_t i = 0; i < page->count; i++) write_row(json, &page->items[i]);
    json_array_end(json);
    if (page->more) json_key_int(json, STR("next_after"), (int64_t)page->items[page->count - 1].seq);
    json_object_end(json);
}

static void write_finding(struct json_writer *json, const struct audit_finding *finding)
{
    json_object(json);
    json_key_bool(json, STR("whole"), finding->fault == AUDIT_WHOLE);
    json_key_int(json, STR("rows"), (int64_t)finding->rows);
    if (finding->rows) write_hash(json, STR("hash"), &finding->hash);
    if (finding->fault) {
        json_key_int(json, STR("broken_at"), (int64_t)finding->broken_at);
        json_key_str(json, STR("fault"), str_of(audit_fault_name(finding->fault)));
    }
    if (finding->was) json_key_int(json, STR("was"), (int64_t)finding->was);
    json_object_end(json);
}

static enum exit_code refuse(const struct errand *errand, enum status st)
{
    if (st == ST_ABSENT)
        return command_fail(errand->command, EXIT_REFUSED, "%s has no %s %s", errand->data,
                            errand->tenant.len ? "tenant" : "file for", errand->name);
    return command_status(errand->command, st, errand->name);
}

/* One of the two, as text and as a value. */
static enum exit_code read_text(struct errand *errand, const struct audit_page *page,
                                const struct audit_finding *finding, struct json_value *ret_answer,
                                struct str *ret_body)
{
    struct arena *arena = &errand->command->arena;
    struct json_writer json;
    struct json_error error;
    struct buf out;
    buf_init(&out, mem_heap(), limit(REPLY_BYTES));
    json_writer_init(&json, &out);
    if (page) write_page(&json, page);
    else write_finding(&json, finding);
    *ret_body = buf_failed(&out) ? (struct str){NULL, 0} : arena_str(arena, buf_str(&out));
    buf_release(&out);
    bool good =
        ret_body->ptr && json_read(arena, *ret_body, limit(JSON_DEPTH), ret_answer, &error) == ST_OK;
    return good ? EXIT_OK : command_status(errand->command, ST_NOMEM, errand->name);
}

/* ---------------------------------------------------------------- either way */

static void put_parameter(struct buf *out, const char *name, struct str value)
{
    if (!value.len) return;
    buf_printf(out, "&%s=", name);
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];
        if (word_is_alnum((char)c)) buf_putc(out, (char)c);
        else buf_printf(out, "%%%02X", c);
    }
}

static enum exit_code ask_page(struct errand *errand, uint64_t after, uint32_t rows,
                               struct json_value *ret_page, struct str *ret_body)
{
    struct buf rest;
    buf_init(&rest, mem_heap(), limit(TARGET_BYTES));
    buf_printf(&rest, "?after=%" PRIu64 "&limit=%u", after, (unsigned)rows);
    put_parameter(&rest, "actor", errand->filter.who);
    put_parameter(&rest, "action", errand->filter.action);
    put_parameter(&rest, "object", errand->filter.object);
    buf_putc(&rest, '\0');
    enum exit_code code = buf_failed(&rest)
                              ? command_status(errand->command, rest.failure, "the filter")
                              : ask(errand, "GET", rest.ptr, ret_page, ret_body);
    buf_release(&rest);
    return code;
}

static enum exit_code get_page(struct errand *errand, uint64_t after, uint32_t rows,
                               struct json_value *ret_page, struct str *ret_body)
{
    struct audit_page page;
    if (errand->owned) return ask_page(errand, after, rows, ret_page, ret_body);
    enum status st = inspection_audit_list(errand->data, errand->tenant, &errand->filter, after, rows,
                                           &errand->command->arena, &page);
    return st ? refuse(errand, st) : read_text(errand, &page, NULL, ret_page, ret_body);
}

static enum exit_code get_finding(struct errand *errand, struct json_value *ret_finding,
                                  struct str *ret_body)
{
    struct audit_finding finding;
    if (errand->owned) return ask(errand, "POST", ":verify", ret_finding, ret_body);
    enum status st = inspection_audit(errand->data, errand->tenant, &finding);
    return st ? refuse(errand, st) : read_text(errand, NULL, &finding, ret_finding, ret_body);
}

/* ---------------------------------------------------------------- verify */

static const char *explain(struct str fault)
{
    static const struct {
        enum audit_fault fault;
        const char *text;
    } texts[] = {
        {AUDIT_ALTERED, "was altered: its hash is not of its content"},
        {AUDIT_MOVED, "was moved"},
        {AUDIT_REPLACED, "does not continue the row before: it or one before it was made anew"},
        {AUDIT_REMOVED, "was removed"},
        {AUDIT_ADDED, "was added after the end that the file remembers"},
    };
    size_t i = 0;
    while (i + 1 < sizeof texts / sizeof *texts &&
           !str_eq(fault, str_of(audit_fault_name(texts[i].fault))))
        i++;
    return texts[i].text;
}

static enum exit_code tell_finding(const struct errand *errand, const struct json_value *finding)
{
    struct str hash = STR(""), fault = STR("");
    int64_t rows = 0, broken_at = 0, was = 0;
    (void)json_get_int(finding, STR("rows"), &rows);
    (void)json_get_str(finding, STR("hash"), &hash);
    if (json_get_int(finding, STR("broken_at"), &broken_at) &&
        json_get_str(finding, STR("fault"), &fault)) {
        bool moved = json_get_int(finding, STR("was"), &was);
        printf("%s: row %" PRId64 " %s", errand->name, broken_at, explain(fault));
        if (moved) printf(": its hash is of row %" PRId64, was);
        printf("; %" PRId64 " rows before it are sound\n", rows);
        return EXIT_FINDINGS;
    }
    printf("%s: %" PRId64 " rows, whole", errand->name, rows);
    if (hash.len) printf("; keep %" PRId64 ":%.*s to tell later", rows, STR_ARG(hash));
    printf("\n");
    return EXIT_OK;
}

/* "12:3f…", as verify printed it once. */
static bool read_kept(const char *text, uint64_t *ret_seq, struct str *ret_hash)
{
    char *end;
    struct digest digest;
    unsigned long long seq = strtoull(text, &end, 10);
    if (*text < '1' || *text > '9' || *end != ':' || end - text > 15) return false;
    *ret_seq = seq;
    *ret_hash = str_of(end + 1);
    return digest_of_hex(*ret_hash, &digest);
}

/* A chain that is whole may have been made anew from some row on: who kept a hash sees it. */
static enum exit_code check_kept(struct errand *errand, uint64_t seq, struct str kept)
{
    struct json_value page;
    struct str body, hash = STR("");
    int64_t number = 0;
    enum exit_code code = get_page(errand, seq - 1, 1, &page, &body);
    if (code) return code;
    const struct json_value *items = json_get(&page, STR("items"));
    if (items && items->count == 1) {
        (void)json_get_int(&items->items[0], STR("seq"), &number);
        (void)json_get_str(&items->items[0], STR("hash"), &hash);
    }
    if ((uint64_t)number == seq && str_eq(hash, kept)) return EXIT_OK;
    return command_fail(errand->command, EXIT_FINDINGS,
                        "%s: row %" PRIu64 " is not the one whose hash was kept: the log was made anew",
                        errand->name, seq);
}

static enum exit_code verify(struct errand *errand, const char *kept)
{
    struct json_value finding;
    struct str body, hash;
    uint64_t seq = 0;
    if (kept && !read_kept(kept, &seq, &hash))
        return command_fail(errand->command, EXIT_USAGE, "--kept: SEQ:HASH, as verify prints it");
    enum exit_code code = get_finding(errand, &finding, &body);
    if (code) return code;
    bool whole = false;
    (void)json_get_bool(&finding, STR("whole"), &whole);
    if (errand->json) printf("%.*s\n", STR_ARG(body));
    else (void)tell_finding(errand, &finding);
    if (!whole) return EXIT_FINDINGS;
    return kept ? check_kept(errand, seq, hash) : EXIT_OK;
}

/* ---------------------------------------------------------------- list */

/* The text may be anything; a terminal must not obey it. */
static void print_plain(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool control = c < 0x20 || c == 0x7f ||
                       (c == 0xc2 && i + 1 < text.len && (unsigned char)text.ptr[i + 1] < 0xa0);
        putchar(control ? '?' : text.ptr[i]);
    }
}

static void print_member(const struct json_value *row, const char *name, const char *before)
{
    struct str text;
    if (!json_get_str(row, str_of(name), &text) || !text.len) return;
    fputs(before, stdout);
    print_plain(text);
}

static void print_row(const struct json_value *row)
{
    int64_t seq = 0;
    (void)json_get_int(row, STR("seq"), &seq);
    printf("%6" PRId64, seq);
    print_member(row, "at", "  ");
    print_member(row, "who", "  ");
    print_member(row, "where", " from ");
    print_member(row, "action", "  ");
    print_member(row, "object", " ");
    print_member(row, "detail", ": ");
    print_member(row, "why", "  because: ");
    putchar('\n');
}

static enum exit_code list(struct errand *errand, const char *after_text)
{
    char *end = NULL;
    uint64_t after = after_text ? strtoull(after_text, &end, 10) : 0;
    if (after_text && (*end || *after_text < '0' || *after_text > '9' || strlen(after_text) > 15))
        return command_fail(errand->command, EXIT_USAGE, "--after: a row's number");
    int64_t next = 0;
    do {
        struct json_value page;
        struct str body;
        enum exit_code code = get_page(errand, after, limit(PAGE_ROWS), &page, &body);
        if (code) return code;
        const struct json_value *items = json_get(&page, STR("items"));
        if (errand->json) printf("%.*s\n", STR_ARG(body));
        for (uint32_t i = 0; !errand->json && items && i < items->count; i++)
            print_row(&items->items[i]);
        next = 0;
        if (json_get_int(&page, STR("next_after"), &next)) after = (uint64_t)next;
        arena_reset(&errand->command->arena); /* nothing of a page is needed for the next */
    } while (next > 0);
    return EXIT_OK;
}

enum exit_code verb_audit(struct command *command)
{
    struct errand errand = {.command = command, .data = setting_data()};
    const char *kept = NULL, *after = NULL, *actor = "", *action = "", *object = "", *arguments[2];
    bool system = false, done;
    int count;
    const struct option_spec options[] = {
        {"system", NULL, &system, "the server's own log, of tenants and tokens"},
        {"data", &errand.data, NULL, "the data directory; default: $FORMWRIGHT_STORAGE_DATA or data"},
        {"kept", &kept, NULL, "verify: what an earlier verify printed must still be there"},
        {"after", &after, NULL, "list: rows after that number"},
        {"actor", &actor, NULL, "list: rows of who did it, a token's id"},
        {"action", &action, NULL, "list: rows of that action, such as form.state"},
        {"object", &object, NULL, "list: rows of what it was done to, a form, a submission, a token"},
        {"json", NULL, &errand.json, "print the API's answer"},
    };
    enum exit_code code = command_options(command, options, sizeof options / sizeof *options, arguments,
                                          2, &count, &done);
    if (code || done) return code;
    bool verifies = count > 0 && strcmp(arguments[0], "verify") == 0;
    bool lists = count > 0 && strcmp(arguments[0], "list") == 0;
    errand.filter = (struct audit_filter){str_of(actor), str_of(action), str_of(object)};
    bool selects = after || *actor || *action || *object;
    if ((!verifies && !lists) || count != (system ? 1 : 2) || (verifies && selects) || (lists && kept))
        return command_usage(command);
    if (!system) code = command_name(command, arguments[1]);
    if (code) return code;
    errand.tenant = system ? STR("") : str_of(arguments[1]);
    errand.name = system ? "the server's log" : arguments[1];

    errand.owned = inspection_owned(errand.data);
    return verifies ? verify(&errand, kept) : list(&errand, after);
}
