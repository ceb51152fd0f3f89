/* Invitations: who holds the code of one may submit to its form, once. Of the code only its SHA-256 is
 * kept; whoever issues it sees it then and never again.
 *
 *     issued → used      in the transaction that stores the submission
 *     used → issued      when that submission is erased: by a trigger of tombstone (tenant_schema.def)
 *     issued → revoked
 *     issued → expired   by the rounds of retention; by its time alone it is over before that
 *
 * What is revoked or expired is erased a while later. */
#include "tenants/invitation.h"

#include "tenants/apply.h"
#include "tenants/form.h"
#include "tenants/quota.h"
#include "tenants/reader.h"
#include "tenants/slug.h"
#include "tenants/store.h"

#include "base/word.h"

#include <assert.h>

static const char *const names[] = {[INVITATION_ISSUED] = "issued",
                                    [INVITATION_USED] = "used",
                                    [INVITATION_REVOKED] = "revoked",
                                    [INVITATION_EXPIRED] = "expired",
                                    NULL};

const char *invitation_state_name(enum invitation_state state)
{
    return names[state];
}

bool invitation_state_parse(struct str text, enum invitation_state *ret_state)
{
    size_t i;
    if (!word_among(text, names, &i)) return false;
    *ret_state = (enum invitation_state)i;
    return true;
}

/* ---------------------------------------------------------------- looking */

static struct invitation_record take(struct query *query, struct arena *arena)
{
    struct invitation_record invitation = {.seq = (uint64_t)query_int(query)};
    invitation.id = query_str(query, arena);
    invitation.form = query_str(query, arena);
    invitation.reference = query_str(query, arena);
    (void)invitation_state_parse(query_peek(query),
                                 &invitation.state); /* the table holds no other word */
    invitation.created_ms = query_int(query);
    invitation.expires_ms = query_int(query);
    invitation.state_ms = query_int(query);
    invitation.created_by = query_str(query, arena);
    invitation.submission = query_str(query, arena);
    return invitation;
}

static enum status take_one(struct query *query, struct arena *arena,
                            struct invitation_record *ret_invitation)
{
    struct invitation_record invitation = {0};
    bool found = query_row(query);
    if (found) invitation = take(query, arena);
    enum status st = query_end_one(query, found);
    if (!st) *ret_invitation = invitation;
    return st;
}

static enum status find_in(struct database *db, struct str form, struct str id, int64_t now_ms,
                           struct arena *arena, struct invitation_record *ret_invitation)
{
    struct query query = query_on(db, SQL_INVITATION_FIND);
    query_put_int(&query, now_ms);
    query_put_str(&query, form);
    query_put_str(&query, id);
    return take_one(&query, arena, ret_invitation);
}

enum status invitation_find(struct tenants *tenants, struct str tenant, struct str form, struct str id,
                            int64_t now_ms, struct arena *arena,
                            struct invitation_record *ret_invitation)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, find_in(reader.db, form, id, now_ms, arena, ret_invitation));
}

enum status invitation_find_by_code(struct tenants *tenants, struct str tenant, struct str form,
                                    const struct digest *hash, int64_t now_ms, struct arena *arena,
                                    struct invitation_record *ret_invitation)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    struct query query = query_on(reader.db, SQL_INVITATION_BY_CODE);
    query_put_int(&query, now_ms);
    query_put_str(&query, form);
    query_put_digest(&query, hash);
    return reader_end(&reader, take_one(&query, arena, ret_invitation));
}

static enum status list_in(struct database *db, const struct invitation_query *wanted, uint32_t rows,
                           struct arena *arena, struct invitation_page *ret_page)
{
    struct invitation_page page = {.items = ARENA_ARRAY(arena, struct invitation_record, rows)};
    if (!page.items) return arena_failure(arena);
    struct query query = query_on(db, SQL_INVITATION_LIST);
    query_put_int(&query, wanted->now_ms);
    query_put_str(&query, wanted->form);
    query_put_str(&query, wanted->any_state ? STR("") : str_of(names[wanted->state]));
    query_put_str(&query, wanted->reference);
    query_put_int(&query, (int64_t)wanted->after_seq);
    query_put_int(&query, (int64_t)rows + 1);
    while (query_row(&query) && !(page.more = page.count == rows))
        page.items[page.count++] = take(&query, arena);
    enum status st = query_end(&query);
    if (!st) *ret_page = page;
    return st;
}

enum status invitation_list(struct tenants *tenants, struct str tenant,
                            const struct invitation_query *query, uint32_t count_max,
                            struct arena *arena, struct invitation_page *ret_page)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, list_in(reader.db, query, page_rows(count_max), arena, ret_page));
}

/* ---------------------------------------------------------------- issuing */

/* Those that were issued under the key, in their order. */
static enum status find_batch(struct vault *vault, const struct write *write, int64_t form_id,
                              struct invitation_page *ret_page, struct digest *ret_body_hash)
{
    const struct invitations_issue *issue = &write->invitations_issue;
    struct digest key_hash = digest_quick(issue->key);
    uint32_t most = (uint32_t)limit(INVITATIONS);
    struct invitation_page page = {.items = ARENA_ARRAY(write->arena, struct invitation_record, most)};
    if (!page.items) return arena_failure(write->arena);
    struct query query = query_on(&vault->writer, SQL_INVITATION_BATCH);
    query_put_int(&query, write->actor.at_ms);
    query_put_int(&query, form_id);
    query_put_digest(&query, &key_hash);
    while (page.count < most && query_row(&query)) {
        page.items[page.count++] = take(&query, write->arena);
        *ret_body_hash = query_digest(&query);
    }
    enum status st = query_end(&query);
    if (!st) *ret_page = page;
    return st;
}

static enum status add_row(struct vault *vault, struct write *write, int64_t form_id, uint32_t place)
{
    struct invitations_issue *issue = &write->invitations_issue;
    char id[IDENT_BYTES];
    struct digest key_hash = digest_quick(issue->key);
    ident_new(&vault->tenants->idents, "inv", id);
    struct query query = query_on(&vault->writer, SQL_INVITATION_ADD);
    query_put_str(&query, str_of(id));
    query_put_int(&query, form_id);
    query_put_digest(&query, &issue->hashes[place]);
    query_put_str(&query, issue->references ? issue->references[place] : STR(""));
    query_put_int(&query, write->actor.at_ms);
    query_put_int(&query, issue->expires_ms);
    query_put_str(&query, write->actor.who);
    query_put_digest(&query, &key_hash);
    query_put_digest(&query, &issue->body_hash);
    query_put_int(&query, place);
    return query_run(&query);
}

static bool issue_fits(const struct write *write)
{
    const struct invitations_issue *issue = &write->invitations_issue;
    int64_t lives_ms = issue->expires_ms - write->actor.at_ms;
    if (!slug_is_key(issue->key) || issue->count == 0 || issue->count > (uint32_t)limit(INVITATIONS))
        return false;
    if (lives_ms <= 0 || lives_ms > limit(INVITATION_SECONDS) * INT64_C(1000)) return false;
    for (uint32_t i = 0; issue->references && i < issue->count; i++)
        if (issue->references[i].len > (size_t)limit(INVITATION_REFERENCE_BYTES)) return false;
    return true;
}

static enum status issue_all(struct vault *vault, struct write *write, int64_t form_id)
{
    struct invitations_issue *issue = &write->invitations_issue;
    struct digest body_hash;
    enum status st = quota_room(vault, write);
    for (uint32_t i = 0; i < issue->count && !st; i++) st = add_row(vault, write, form_id, i);
    if (!st) st = find_batch(vault, write, form_id, &issue->ret_page, &body_hash);
    if (st) return st;
    struct str detail = arena_printf(write->arena, "%u from %.*s on", (unsigned)issue->count,
                                     STR_ARG(issue->ret_page.items[0].id));
    return detail.ptr ? apply_audit(vault, write, issue->form, detail) : arena_failure(write->arena);
}

/* The same key again: the same body is told what was issued, any other is refused. */
enum status invitations_issue_apply(struct vault *vault, struct write *write)
{
    struct invitations_issue *issue = &write->invitations_issue;
    struct form_record form = {0};
    struct digest body_hash = {{0}};
    issue->ret_replayed = false;
    enum status st = form_need(vault, write, issue->form, &form);
    if (!st && !slug_is_key(issue->key)) return apply_refuse(write, REFUSAL_BAD_VALUE);
    if (!st) st = find_batch(vault, write, form.id, &issue->ret_page, &body_hash);
    if (st) return st;
    issue->ret_replayed = issue->ret_page.count > 0;
    if (issue->ret_replayed)
        return memcmp(body_hash.bytes, issue->body_hash.bytes, DIGEST_BYTES) == 0
                   ? ST_OK
                   : apply_refuse(write, REFUSAL_KEY_REUSED);
    if (!issue_fits(write)) return apply_refuse(write, REFUSAL_BAD_VALUE);
    if (form.state == FORM_ARCHIVED) return apply_refuse(write, REFUSAL_FORM_ARCHIVED);
    return issue_all(vault, write, form.id);
}

/* ---------------------------------------------------------------- what becomes of one */

enum status invitation_look(struct vault *vault, int64_t form_id, const struct digest *hash,
                            int64_t now_ms, enum refusal *ret_refusal)
{
    enum invitation_state state = INVITATION_EXPIRED;
    struct query query = query_on(&vault->writer, SQL_INVITATION_LOOK);
    query_put_int(&query, form_id);
    query_put_digest(&query, hash);
    if (query_row(&query)) {
        (void)invitation_state_parse(query_peek(&query), &state);
        if (state == INVITATION_ISSUED && query_int(&query) <= now_ms) state = INVITATION_EXPIRED;
    }
    enum status st = query_end(&query);
    if (st) return st;
    *ret_refusal = state == INVITATION_ISSUED ? REFUSAL_NONE
                   : state == INVITATION_USED ? REFUSAL_DUPLICATE_SUBMISSION
                                              : REFUSAL_INVITATION_INVALID;
    return ST_OK;
}

enum status invitation_use(struct vault *vault, int64_t form_id, const struct digest *hash,
                           uint64_t seq, int64_t now_ms)
{
    struct query query = query_on(&vault->writer, SQL_INVITATION_USE);
    query_put_int(&query, form_id);
    query_put_digest(&query, hash);
    query_put_int(&query, (int64_t)seq);
    query_put_int(&query, now_ms);
    enum status st = query_run(&query);
    assert(st || query_changes(&vault->writer) == 1); /* invitation_look() has just seen it */
    return st;
}

enum status invitation_revoke_apply(struct vault *vault, struct write *write)
{
    const struct invitation_revoke *revoke = &write->invitation_revoke;
    struct form_record form = {0};
    struct invitation_record invitation;
    enum status st = form_need(vault, write, revoke->form, &form);
    if (st) return st;
    st = find_in(&vault->writer, revoke->form, revoke->id, write->actor.at_ms, write->arena,
                 &invitation);
    if (st == ST_ABSENT) return apply_refuse(write, REFUSAL_INVITATION_ABSENT);
    if (st || invitation.state == INVITATION_REVOKED) return st;
    if (invitation.state != INVITATION_ISSUED) return apply_refuse(write, REFUSAL_INVITATION_OVER);
    struct query query = query_on(&vault->writer, SQL_INVITATION_REVOKE);
    query_put_int(&query, (int64_t)invitation.seq);
    query_put_int(&query, write->actor.at_ms);
    st = query_run(&query);
    return st ? st : apply_audit(vault, write, invitation.id, revoke->form);
}

/* ---------------------------------------------------------------- when their time is over */

static int64_t kept_since(int64_t now_ms)
{
    return now_ms - limit(INVITATION_KEPT_DAYS) * INT64_C(86400000);
}

enum status invitations_over(struct tenants *tenants, struct str tenant, int64_t now_ms,
                             struct arena *arena, struct str *ret_form)
{
    struct reader reader;
    struct str form = STR("");
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    struct query query = query_on(reader.db, SQL_INVITATION_OVER);
    query_put_int(&query, now_ms);
    query_put_int(&query, kept_since(now_ms));
    bool found = query_row(&query);
    if (found) form = query_str(&query, arena);
    st = reader_end(&reader, query_end_one(&query, found));
    if (!st) *ret_form = form;
    return st;
}

static enum status sweep(struct vault *vault, enum sql sql, int64_t form_id, int64_t until_ms,
                         int64_t now_ms, uint32_t *ret_count)
{
    struct query query = query_on(&vault->writer, sql);
    query_put_int(&query, form_id);
    query_put_int(&query, until_ms);
    query_put_int(&query, limit(EXPIRE_ROWS));
    if (sql == SQL_INVITATION_EXPIRE) query_put_int(&query, now_ms);
    enum status st = query_run(&query);
    if (!st) *ret_count = (uint32_t)query_changes(&vault->writer);
    return st;
}

enum status invitations_expire_apply(struct vault *vault, struct write *write)
{
    struct invitations_expire *expire = &write->invitations_expire;
    struct form_record form = {0};
    uint32_t expired = 0, erased = 0;
    int64_t now_ms = write->actor.at_ms;
    expire->ret_changed = 0;
    enum status st = form_need(vault, write, expire->form, &form);
    if (!st) st = sweep(vault, SQL_INVITATION_EXPIRE, form.id, now_ms, now_ms, &expired);
    if (!st) st = sweep(vault, SQL_INVITATION_DROP, form.id, kept_since(now_ms), now_ms, &erased);
    if (st || expired + erased == 0) return st;
    struct str detail =
        arena_printf(write->arena, "%u expired, %u erased", (unsigned)expired, (unsigned)erased);
    if (!detail.ptr) return arena_failure(write->arena);
    vault->erased |= erased > 0;
    expire->ret_changed = expired + erased;
    return apply_audit(vault, write, expire->form, detail);
}
