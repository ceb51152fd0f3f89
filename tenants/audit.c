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

/* `arena` NULL: the texts are the database's own, gone at the next row. */
static struct audit_record take_row(struct query *query, struct arena *arena)
{
    struct audit_record row = {0};
    row.seq = (uint64_t)query_int(query);
    row.at_ms = query_int(query);
    struct str *texts[AUDIT_TEXTS] = {&row.who, &row.action,     &row.object, &row.where,
                                      &row.why, &row.request_id, &row.detail};
    for (size_t i = 0; i < AUDIT_TEXTS; i++)
        *texts[i] = arena ? query_str(query, arena) : query_peek(query);
    row.previous_hash = query_digest(query);
    row.hash = query_digest(query);
    return row;
}

static bool digest_eq(const struct digest *a, const struct digest *b)
{
    return memcmp(a->bytes, b->bytes, DIGEST_BYTES) == 0;
}

static bool follows(const struct audit_head *head, const struct audit_record *row)
{
    struct digest hash = row_digest(row);
    return row->seq == head->seq + 1 && digest_eq(&row->previous_hash, &head->hash) &&
           digest_eq(&row->hash, &hash);
}

static enum status walk_some(struct database *db, struct audit_head *head, bool *ret_more,
                             bool *ret_broken)
{
    int64_t count = 0;
    bool broken = false;
    struct query query = query_on(db, SQL_AUDIT_LIST);
    query_put_int(&query, (int64_t)head->seq);
    query_put_int(&query, WALK_ROWS);
    for (; !broken && query_row(&query); count++) {
        struct audit_record row = take_row(&query, NULL);
        broken = !follows(head, &row);
        if (!broken) *head = (struct audit_head){row.seq, row.hash};
    }
    enum status st = query_end(&query);
    if (st) return st;
    *ret_more = count == WALK_ROWS;
    *ret_broken = broken;
    return ST_OK;
}

enum status audit_walk(struct database *db, uint64_t *ret_rows, uint64_t *ret_broken_at)
{
    struct audit_head head = {0};
    bool more = true, broken = false;
    while (more && !broken) {
        enum status st = walk_some(db, &head, &more, &broken);
        if (st) return st;
    }
    *ret_rows = head.seq;
    *ret_broken_at = broken ? head.seq + 1 : 0;
    return ST_OK;
}

enum status audit_verify(struct tenants *tenants, struct str tenant, uint64_t *ret_rows,
                         uint64_t *ret_broken_at)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, audit_walk(reader.db, ret_rows, ret_broken_at));
}

enum status audit_list(struct tenants *tenants, struct str tenant, uint64_t after_seq,
                       uint32_t count_max, struct arena *arena, struct audit_page *ret_page)
{
    struct reader reader;
    struct audit_page page = {0};
    uint32_t rows = page_rows(count_max);
    page.items = ARENA_ARRAY(arena, struct audit_record, rows);
    if (!page.items) return arena_failure(arena);
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    struct query query = query_on(reader.db, SQL_AUDIT_LIST);
    query_put_int(&query, (int64_t)after_seq);
    query_put_int(&query, (int64_t)rows + 1);
    while (query_row(&query) && !(page.more = page.count == rows))
        page.items[page.count++] = take_row(&query, arena);
    st = reader_end(&reader, query_end(&query));
    if (!st) *ret_page = page;
    return st;
}
