#include "tenants/audit.h"

#include "base/limits.h"
#include "tenants/query.h"
#include "tenants/reader.h"

#include <inttypes.h>

enum { AUDIT_TEXTS = 7 }; /* in a row */
enum { WALK_ROWS = 500 }; /* read at a time, so that no snapshot keeps the log from being folded in */

/* Cut at a character's start, so that what was UTF-8 stays UTF-8. */
static struct str cut(struct str text)
{
    size_t len = text.len;
    if (len <= limit(AUDIT_TEXT_BYTES)) return text;
    len = limit(AUDIT_TEXT_BYTES);
    while (len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80) len--;
    return (struct str){text.ptr, len};
}

static void digest_add_number(struct digest_stream *stream, uint64_t number)
{
    char bytes[8];
    for (int i = 0; i < 8; i++) bytes[i] = (char)(number >> (56 - 8 * i) & 0xff);
    digest_add(stream, (struct str){bytes, sizeof bytes});
}

static void digest_add_text(struct digest_stream *stream, struct str text)
{
    digest_add_number(stream, text.len);
    digest_add(stream, text);
}

static struct digest row_digest(const struct audit_record *row)
{
    struct digest_stream stream;
    const struct str texts[AUDIT_TEXTS] = {row->who, row->action,     row->object, row->where,
                                           row->why, row->request_id, row->detail};
    digest_begin(&stream);
    digest_add(&stream, (struct str){(const char *)row->previous_hash.bytes, DIGEST_BYTES});
    digest_add_number(&stream, row->seq);
    digest_add_number(&stream, (uint64_t)row->at_ms);
    for (size_t i = 0; i < AUDIT_TEXTS; i++) digest_add_text(&stream, texts[i]);
    return digest_end(&stream);
}

enum status audit_head_read(struct database *db, struct audit_head *ret_head)
{
    struct audit_head head = {0};
    struct query query = query_on(db, SQL_AUDIT_HEAD);
    if (query_row(&query)) {
        head.seq = (uint64_t)query_int(&query);
        head.hash = query_digest(&query);
    }
    enum status st = query_end(&query);
    if (st) return st;
    *ret_head = head;
    return ST_OK;
}

enum status audit_end_move(struct database *db, const struct audit_head *from,
                           const struct audit_head *to)
{
    if (to->seq == from->seq) return ST_OK;
    struct query query = query_on(db, SQL_AUDIT_END_MOVE);
    query_put_int(&query, (int64_t)to->seq);
    query_put_digest(&query, &to->hash);
    query_put_int(&query, (int64_t)from->seq);
    query_put_digest(&query, &from->hash);
    return query_run(&query);
}

enum status audit_add(struct database *db, struct audit_head *head, const struct actor *actor,
                      const char *action, struct str object, struct str detail)
{
    struct audit_record row = {
        .seq = head->seq + 1,
        .at_ms = actor->at_ms,
        .who = actor->who.len ? cut(actor->who) : STR("nobody"),
        .action = str_of(action),
        .object = cut(object),
        .where = cut(actor->where),
        .why = cut(actor->why),
        .request_id = cut(actor->request_id),
        .detail = cut(detail),
        .previous_hash = head->hash,
    };
    row.hash = row_digest(&row);
    struct query query = query_on(db, SQL_AUDIT_ADD);
    query_put_int(&query, (int64_t)row.seq);
    query_put_int(&query, row.at_ms);
    query_put_str(&query, row.who);
    query_put_str(&query, row.action);
    query_put_str(&query, row.object);
    query_put_str(&query, row.where);
    query_put_str(&query, row.why);
    query_put_str(&query, row.request_id);
    query_put_str(&query, row.detail);
    query_put_digest(&query, &row.previous_hash);
    query_put_digest(&query, &row.hash);
    enum status st = query_run(&query);
    if (st) return st;
    *head = (struct audit_head){row.seq, row.hash};
    return ST_OK;
}

/* The texts are the database's own, gone at the next row. */
static struct audit_record take_row(struct query *query)
{
    struct audit_record row = {0};
    row.seq = (uint64_t)query_int(query);
    row.at_ms = query_int(query);
    struct str *texts[AUDIT_TEXTS] = {&row.who, &row.action,     &row.object, &row.where,
                                      &row.why, &row.request_id, &row.detail};
    for (size_t i = 0; i < AUDIT_TEXTS; i++) *texts[i] = query_peek(query);
    row.previous_hash = query_digest(query);
    row.hash = query_digest(query);
    return row;
}

static bool digest_eq(const struct digest *a, const struct digest *b)
{
    return memcmp(a->bytes, b->bytes, DIGEST_BYTES) == 0;
}

/* ---------------------------------------------------------------- is it whole */

static const char *const fault_names[] = {
    [AUDIT_WHOLE] = "whole",       [AUDIT_ALTERED] = "altered", [AUDIT_MOVED] = "moved",
    [AUDIT_REPLACED] = "replaced", [AUDIT_REMOVED] = "removed", [AUDIT_ADDED] = "added"};

const char *audit_fault_name(enum audit_fault fault)
{
    return fault_names[fault];
}

static bool is_of(const struct audit_record *row, uint64_t seq)
{
    struct audit_record as = *row;
    as.seq = seq;
    struct digest hash = row_digest(&as);
    return digest_eq(&hash, &row->hash);
}

/* Where it stood when its hash was made; 0: nowhere near. Looked for among as many places as there are
 * rows, give or take. */
static uint64_t place_before(const struct audit_record *row, uint64_t rows)
{
    for (uint64_t seq = 1; seq <= rows + WALK_ROWS; seq++)
        if (seq != row->seq && is_of(row, seq)) return seq;
    return 0;
}

static enum audit_fault judge_row(const struct audit_finding *so_far, const struct audit_record *row,
                                  uint64_t newest, uint64_t *ret_was)
{
    if (row->seq != so_far->rows + 1) return AUDIT_REMOVED;
    if (is_of(row, row->seq))
        return digest_eq(&row->previous_hash, &so_far->hash) ? AUDIT_WHOLE : AUDIT_REPLACED;
    *ret_was = place_before(row, newest);
    return *ret_was ? AUDIT_MOVED : AUDIT_ALTERED;
}

static void add_row(struct audit_finding *finding, const struct audit_record *row, uint64_t newest)
{
    finding->fault = judge_row(finding, row, newest, &finding->was);
    if (finding->fault) {
        finding->broken_at = finding->rows + 1;
        return;
    }
    finding->rows = row->seq;
    finding->hash = row->hash;
}

static enum status walk_some(struct database *db, struct audit_finding *finding, bool *ret_more)
{
    struct audit_head newest;
    int64_t count = 0;
    enum status st = audit_head_read(db, &newest);
    if (st) return st;
    struct query query = query_on(db, SQL_AUDIT_LIST);
    query_put_int(&query, (int64_t)finding->rows);
    query_put_int(&query, WALK_ROWS);
    for (; !finding->fault && query_row(&query); count++) {
        struct audit_record row = take_row(&query);
        add_row(finding, &row, newest.seq);
    }
    *ret_more = !finding->fault && count == WALK_ROWS;
    return query_end(&query);
}

static enum status walk_all(struct database *db, struct audit_finding *finding)
{
    enum status st = ST_OK;
    bool more = true;
    while (more && !st) st = walk_some(db, finding, &more);
    return st;
}

static enum status read_end(struct database *db, struct audit_head *ret_end)
{
    *ret_end = (struct audit_head){0};
    struct query query = query_on(db, SQL_AUDIT_END);
    if (query_row(&query)) {
        ret_end->seq = (uint64_t)query_int(&query);
        ret_end->hash = query_digest(&query);
    }
    return query_end(&query);
}

/* The rows go on past the end that is noted: the ones before it are others than there were, or the ones
 * after it did not come from us. */
static enum status judge_end(struct database *db, const struct audit_head *end,
                             struct audit_finding *finding)
{
    struct audit_record row = {0};
    struct query query = query_on(db, SQL_AUDIT_LIST);
    query_put_int(&query, (int64_t)end->seq - 1);
    query_put_int(&query, 1);
    if (query_row(&query)) row = take_row(&query);
    bool same = end->seq == 0 || digest_eq(&row.hash, &end->hash);
    finding->fault = same ? AUDIT_ADDED : AUDIT_REPLACED;
    finding->broken_at = same ? end->seq + 1 : end->seq;
    finding->rows = finding->broken_at - 1;
    return query_end(&query);
}

/* The note is read after the rows, so it can only be ahead of them, by what was written meanwhile. */
static enum status check_end(struct database *db, struct audit_finding *finding)
{
    struct audit_head end;
    enum status st = read_end(db, &end);
    while (!st && !finding->fault && end.seq > finding->rows) {
        uint64_t before = finding->rows;
        st = walk_all(db, finding);
        if (!st && !finding->fault && finding->rows == before) {
            finding->fault = AUDIT_REMOVED;
            finding->broken_at = before + 1;
        }
        if (!st) st = read_end(db, &end);
    }
    if (st || finding->fault) return st;
    bool meet = end.seq == finding->rows && digest_eq(&end.hash, &finding->hash);
    return meet ? ST_OK : judge_end(db, &end, finding);
}

enum status audit_walk(struct database *db, bool has_end, struct audit_finding *ret_finding)
{
    struct audit_finding finding = {0};
    enum status st = walk_all(db, &finding);
    if (!st && !finding.fault && has_end) st = check_end(db, &finding);
    if (st) return st;
    *ret_finding = finding;
    return ST_OK;
}

enum status audit_examine(struct tenants *tenants, struct str tenant, struct audit_finding *ret_finding)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, audit_walk(reader.db, true, ret_finding));
}

/* ---------------------------------------------------------------- lists */

static bool fits(const struct audit_filter *filter, const struct audit_record *row)
{
    return (!filter->who.len || str_eq(filter->who, row->who)) &&
           (!filter->action.len || str_eq(filter->action, row->action)) &&
           (!filter->object.len || str_eq(filter->object, row->object));
}

static enum status keep_row(struct arena *arena, struct audit_record *row)
{
    struct str *texts[AUDIT_TEXTS] = {&row->who, &row->action,     &row->object, &row->where,
                                      &row->why, &row->request_id, &row->detail};
    for (size_t i = 0; i < AUDIT_TEXTS; i++) {
        *texts[i] = arena_str(arena, *texts[i]);
        if (!texts[i]->ptr) return arena_failure(arena);
    }
    return ST_OK;
}

enum status audit_page_read(struct database *db, const struct audit_filter *filter, uint64_t after_seq,
                            uint32_t rows, struct arena *arena, struct audit_page *ret_page)
{
    struct audit_page page = {.next_after = after_seq};
    uint32_t seen = 0;
    enum status kept = ST_OK;
    page.items = ARENA_ARRAY(arena, struct audit_record, rows);
    if (!page.items) return arena_failure(arena);
    struct query query = query_on(db, SQL_AUDIT_LIST);
    query_put_int(&query, (int64_t)after_seq);
    query_put_int(&query, (int64_t)limit(AUDIT_SCAN_ROWS) + 1);
    while (!kept && query_row(&query) &&
           !(page.more = page.count == rows || seen == (uint32_t)limit(AUDIT_SCAN_ROWS))) {
        struct audit_record row = take_row(&query);
        page.next_after = row.seq;
        seen++;
        if (!fits(filter, &row)) continue;
        kept = keep_row(arena, &row);
        page.items[page.count++] = row;
    }
    enum status st = query_end(&query);
    if (st || kept) return st ? st : kept;
    *ret_page = page;
    return ST_OK;
}

enum status audit_search(struct tenants *tenants, struct str tenant, const struct audit_filter *filter,
                         uint64_t after_seq, uint32_t count_max, struct arena *arena,
                         struct audit_page *ret_page)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    st = audit_page_read(reader.db, filter, after_seq, page_rows(count_max), arena, ret_page);
    return reader_end(&reader, st);
}

enum status audit_list(struct tenants *tenants, struct str tenant, uint64_t after_seq,
                       uint32_t count_max, struct arena *arena, struct audit_page *ret_page)
{
    struct audit_filter all = {.who = STR("")};
    return audit_search(tenants, tenant, &all, after_seq, count_max, arena, ret_page);
}
