/* Tokens: fmd_<role>_<id>_<secret>_<checksum>
 *     id        16 small hex digits, drawn at random; not secret
 *     secret    43 characters of base64url: 256 bits
 *     checksum  the first 8 hex digits of the SHA-256 of all that stands before its underscore
 *
 * The checksum lets scanners for leaked secrets tell a token from what only looks like one. The secret
 * may hold underscores, so a token is read from its end. */
#include "base/word.h"
#include "tenants/apply.h"
#include "tenants/reader.h"
#include "tenants/slug.h"

#include <inttypes.h>
#include <stdio.h>

enum { ID_CHARS = 16, SECRET_BYTES = 32, SECRET_CHARS = 43, CHECKSUM_CHARS = 8, TOKEN_CHARS_MAX = 128 };

static const char *const names[] = {[ROLE_OPERATOR] = "operator",
                                    [ROLE_PUBLISHER] = "publisher",
                                    [ROLE_READER] = "reader",
                                    [ROLE_SUBMITTER] = "submitter",
                                    NULL};

const char *token_role_name(enum token_role role)
{
    return names[role];
}

bool token_role_parse(struct str text, enum token_role *ret_role)
{
    size_t i;
    if (!word_among(text, names, &i)) return false;
    *ret_role = (enum token_role)i;
    return true;
}

struct token_parts {
    enum token_role role;
    struct str id, secret;
};

/* Cuts `_<len characters>` off the end. */
static bool cut_tail(struct str *text, size_t len, struct str *ret_tail)
{
    if (text->len < len + 1 || text->ptr[text->len - len - 1] != '_') return false;
    *ret_tail = (struct str){text->ptr + text->len - len, len};
    text->len -= len + 1;
    return true;
}

static void put_checksum(struct str body, char ret_text[DIGEST_HEX_BYTES])
{
    struct digest digest = digest_of(body);
    digest_hex(&digest, ret_text);
}

static bool split(struct str text, struct token_parts *ret_parts)
{
    struct token_parts parts = {0};
    struct str checksum;
    char want[DIGEST_HEX_BYTES];
    if (text.len > TOKEN_CHARS_MAX || !cut_tail(&text, CHECKSUM_CHARS, &checksum)) return false;
    put_checksum(text, want);
    if (!str_eq(checksum, (struct str){want, CHECKSUM_CHARS})) return false;
    if (!cut_tail(&text, SECRET_CHARS, &parts.secret) || !cut_tail(&text, ID_CHARS, &parts.id))
        return false;
    if (!str_starts(text, STR("fmd_"))) return false;
    if (!token_role_parse((struct str){text.ptr + 4, text.len - 4}, &parts.role)) return false;
    *ret_parts = parts;
    return true;
}

bool token_plausible(struct str text)
{
    struct token_parts parts;
    return split(text, &parts);
}

static struct token_record take_token(struct query *query, struct arena *arena)
{
    struct token_record token = {0};
    token.id = query_str(query, arena);
    token.tenant = query_str(query, arena);
    (void)token_role_parse(query_peek(query), &token.role); /* the table holds no other word */
    token.note = query_str(query, arena);
    token.created_ms = query_int(query);
    token.expires_ms = query_int(query);
    token.revoked_ms = query_int(query);
    token.last_used_ms = query_int(query);
    struct str scopes = query_peek(query);
    token.narrowed = scopes.len > 0;
    token.scopes = scopes_of_role(token.role);
    if (token.narrowed) token.scopes &= scopes_read(scopes);
    struct str networks = query_peek(query);
    /* A list that is not ours to understand lets nobody in. */
    if (!networks_parse(networks, &token.networks)) token.scopes = 0;
    token.rotated_ms = query_int(query);
    token.old_until_ms = query_int(query);
    return token;
}

static struct str digest_str(const struct digest *digest)
{
    return (struct str){(const char *)digest->bytes, DIGEST_BYTES};
}

/* What the row says besides the record. */
struct token_secrets {
    struct digest present, old;
    bool tenant_closed;
};

static enum status find_row(struct database *db, struct str id, struct arena *arena,
                            struct token_record *ret_token, struct token_secrets *ret_secrets,
                            bool *ret_found)
{
    struct query query = query_on(db, SQL_TOKEN_FIND);
    query_put_str(&query, id);
    *ret_found = query_row(&query);
    if (*ret_found) {
        *ret_token = take_token(&query, arena);
        ret_secrets->present = query_digest(&query);
        ret_secrets->old = query_digest(&query);
        ret_secrets->tenant_closed = query_int(&query) != 0;
    }
    return query_end(&query);
}

/* An unknown id goes the same way as a known one, against hashes that nothing has. *ret_until_ms: what
 * was found ends then by itself; 0: never. */
static enum status find_living(struct database *db, const struct token_parts *parts, int64_t now_ms,
                               struct arena *arena, struct token_record *ret_token,
                               int64_t *ret_until_ms)
{
    struct token_record token = {0};
    struct token_secrets kept = {.tenant_closed = false};
    struct digest given = digest_of(parts->secret);
    bool found;
    enum status st = find_row(db, parts->id, arena, &token, &kept, &found);
    if (st) return st;
    bool same = digest_same(digest_str(&kept.present), digest_str(&given));
    bool same_old =
        digest_same(digest_str(&kept.old), digest_str(&given)) & (now_ms < token.old_until_ms);
    bool over =
        token.revoked_ms || (token.expires_ms && token.expires_ms <= now_ms) || kept.tenant_closed;
    if (!found || !(same | same_old) || over || token.role != parts->role) return ST_UNAUTHENTICATED;
    *ret_until_ms = token.expires_ms;
    if (!same && (!token.expires_ms || token.old_until_ms < token.expires_ms))
        *ret_until_ms = token.old_until_ms;
    token.note = STR("");
    *ret_token = token;
    return ST_OK;
}

struct touch {
    struct write write;
    struct mem *mem;
    char id[ID_CHARS];
};

static void touch_free(struct write *write)
{
    struct touch *touch = (struct touch *)(void *)write;
    mem_free(touch->mem, touch, sizeof *touch);
}

static bool touch_due(const struct token_record *token, int64_t now_ms)
{
    return now_ms - token->last_used_ms >= limit(TOKEN_TOUCH_SECONDS) * INT64_C(1000);
}

/* Nobody waits for it, and losing one loses nothing but a minute's precision. */
static void touch_queue(struct tenants *tenants, const struct token_record *token, int64_t now_ms)
{
    if (!touch_due(token, now_ms)) return;
    struct touch *touch = mem_zalloc(tenants->mem, sizeof *touch);
    if (!touch) return;
    touch->mem = tenants->mem;
    memcpy(touch->id, token->id.ptr, ID_CHARS);
    touch->write =
        (struct write){.kind = WRITE_TOKEN_TOUCH, .done = touch_free, .actor = {.at_ms = now_ms}};
    touch->write.token_touch.id = (struct str){touch->id, ID_CHARS};
    if (write_queue(tenants, &touch->write) != ST_OK) touch_free(&touch->write);
}

static enum status look_up(struct tenants *tenants, const struct token_parts *parts,
                           const struct digest *key, int64_t now_ms, struct arena *arena,
                           struct token_record *ret_token)
{
    struct reader reader;
    int64_t until_ms = 0;
    uint64_t changes = recall_changes(&tenants->recall);
    enum status st = reader_begin(tenants, STR(""), &reader);
    if (st) return st;
    st = reader_end(&reader, find_living(reader.db, parts, now_ms, arena, ret_token, &until_ms));
    if (st) return st;
    struct token_record known = *ret_token;
    if (touch_due(ret_token, now_ms)) known.last_used_ms = now_ms;
    recall_keep(&tenants->recall, key, &known, until_ms, changes);
    return ST_OK;
}

enum status token_verify(struct tenants *tenants, struct str text, int64_t now_ms, struct arena *arena,
                         struct token_record *ret_token)
{
    struct token_parts parts;
    if (!split(text, &parts)) return ST_UNAUTHENTICATED;
    struct digest key = digest_of(text);
    enum status st = recall_find(&tenants->recall, &key, now_ms, arena, ret_token);
    if (st == ST_ABSENT) st = look_up(tenants, &parts, &key, now_ms, arena, ret_token);
    if (!st) touch_queue(tenants, ret_token, now_ms);
    return st;
}

static enum status find_of_tenant(struct database *db, struct str tenant, struct str id,
                                  struct arena *arena, struct token_record *ret_token)
{
    struct token_record token = {0};
    struct query query = query_on(db, SQL_TOKEN_THERE);
    query_put_str(&query, id);
    query_put_str_or_null(&query, tenant);
    bool found = query_row(&query);
    if (found) token = take_token(&query, arena);
    enum status st = query_end_one(&query, found);
    if (!st) *ret_token = token;
    return st;
}

enum status token_find(struct tenants *tenants, struct str tenant, struct str id, struct arena *arena,
                       struct token_record *ret_token)
{
    struct reader reader;
    enum status st = reader_begin(tenants, STR(""), &reader);
    if (st) return st;
    return reader_end(&reader, find_of_tenant(reader.db, tenant, id, arena, ret_token));
}

enum status token_list(struct tenants *tenants, struct str tenant, struct str after, uint32_t count_max,
                       struct arena *arena, struct token_page *ret_page)
{
    struct reader reader;
    struct token_page page = {0};
    uint32_t rows = page_rows(count_max);
    page.items = ARENA_ARRAY(arena, struct token_record, rows);
    if (!page.items) return arena_failure(arena);
    enum status st = reader_begin(tenants, STR(""), &reader);
    if (st) return st;
    struct query query = query_on(reader.db, SQL_TOKEN_LIST);
    query_put_str_or_null(&query, tenant);
    query_put_str(&query, after);
    query_put_int(&query, (int64_t)rows + 1);
    while (query_row(&query) && !(page.more = page.count == rows))
        page.items[page.count++] = take_token(&query, arena);
    st = reader_end(&reader, query_end(&query));
    if (!st) *ret_page = page;
    return st;
}

static void put_new_id(struct tenants *tenants, struct buf *buf)
{
    unsigned char id[ID_CHARS / 2];
    store_random(tenants, id, sizeof id);
    digest_put_hex(buf, (struct str){(const char *)id, sizeof id});
}

/* `id` empty: a new one. *ret_id and *ret_secret point into *ret_text. */
static enum status make_text(struct tenants *tenants, enum token_role role, struct str id,
                             struct arena *arena, struct str *ret_id, struct str *ret_secret,
                             struct str *ret_text)
{
    char secret[SECRET_BYTES], checksum[DIGEST_HEX_BYTES];
    struct buf buf;
    store_random(tenants, secret, sizeof secret);
    buf_init(&buf, tenants->mem, TOKEN_CHARS_MAX + 1);
    buf_printf(&buf, "fmd_%s_", names[role]);
    size_t id_at = buf.len;
    if (id.len) buf_put(&buf, id);
    else put_new_id(tenants, &buf);
    buf_putc(&buf, '_');
    size_t secret_at = buf.len;
    digest_put_base64url(&buf, (struct str){secret, sizeof secret});
    put_checksum(buf_str(&buf), checksum);
    buf_printf(&buf, "_%.*s", CHECKSUM_CHARS, checksum);
    enum status st = buf.failure;
    struct str made = st ? STR("") : arena_str(arena, buf_str(&buf));
    buf_release(&buf);
    if (st) return st;
    if (!made.ptr) return arena_failure(arena);
    *ret_text = made;
    *ret_id = (struct str){made.ptr + id_at, ID_CHARS};
    *ret_secret = (struct str){made.ptr + secret_at, SECRET_CHARS};
    return ST_OK;
}

/* As they are kept; empty: none. */
struct token_bounds {
    struct str scopes, networks;
};

static enum status write_bounds(struct write *write, const struct networks *networks,
                                struct token_bounds *ret_bounds)
{
    struct buf text;
    buf_init(&text, write->arena->mem, limit(TEXT_BYTES));
    scopes_put(write->token_create.scopes, &text);
    size_t scopes_len = text.len;
    networks_put(networks, &text);
    enum status st = text.failure;
    struct str kept = st ? STR("") : arena_str(write->arena, buf_str(&text));
    buf_release(&text);
    if (st) return st;
    if (!kept.ptr) return arena_failure(write->arena);
    *ret_bounds =
        (struct token_bounds){{kept.ptr, scopes_len}, {kept.ptr + scopes_len, kept.len - scopes_len}};
    return ST_OK;
}

static enum status add_row(struct vault *vault, const struct write *write, struct str id,
                           struct str secret, const struct token_bounds *bounds)
{
    const struct token_create *create = &write->token_create;
    struct digest hash = digest_of(secret);
    struct query query = query_on(&vault->writer, SQL_TOKEN_ADD);
    query_put_str(&query, id);
    query_put_str_or_null(&query, create->tenant);
    query_put_str(&query, str_of(names[create->role]));
    query_put_digest(&query, &hash);
    query_put_str(&query, create->note);
    query_put_int(&query, write->actor.at_ms);
    query_put_int_or_null(&query, create->expires_ms);
    query_put_str_or_null(&query, bounds->scopes);
    query_put_str_or_null(&query, bounds->networks);
    return query_run(&query);
}

static enum status check_tenant(struct vault *vault, struct write *write)
{
    const struct token_create *create = &write->token_create;
    if (create->role == ROLE_OPERATOR) return ST_OK;
    struct query query = query_on(&vault->writer, SQL_TENANT_FIND);
    query_put_str(&query, create->tenant);
    bool found = query_row(&query);
    enum status st = query_end(&query);
    if (st) return st;
    return found ? ST_OK : apply_refuse(write, REFUSAL_TENANT_ABSENT);
}

/* What is told of a new token in the log: its role and tenant, and what bounds it. */
static struct str describe(const struct write *write, const struct token_bounds *bounds)
{
    const struct token_create *create = &write->token_create;
    return arena_printf(write->arena, "%s %.*s%s%.*s%s%.*s", names[create->role],
                        STR_ARG(create->tenant), bounds->scopes.len ? ", only " : "",
                        STR_ARG(bounds->scopes), bounds->networks.len ? ", from " : "",
                        STR_ARG(bounds->networks));
}

static bool create_fits(const struct write *write, struct networks *ret_networks)
{
    const struct token_create *create = &write->token_create;
    bool expired = create->expires_ms && create->expires_ms <= write->actor.at_ms;
    return (create->role == ROLE_OPERATOR) == (create->tenant.len == 0) &&
           create->note.len <= limit(TITLE_BYTES) && !expired &&
           (create->scopes & ~scopes_of_role(create->role)) == 0 &&
           networks_parse(create->networks, ret_networks);
}

enum status token_create_apply(struct vault *vault, struct write *write)
{
    struct token_create *create = &write->token_create;
    struct str id, secret, text;
    struct networks networks;
    struct token_bounds bounds;
    if (!create_fits(write, &networks)) return apply_refuse(write, REFUSAL_BAD_VALUE);
    enum status st = check_tenant(vault, write);
    if (!st) st = write_bounds(write, &networks, &bounds);
    if (!st) st = make_text(vault->tenants, create->role, STR(""), write->arena, &id, &secret, &text);
    if (!st) st = add_row(vault, write, id, secret, &bounds);
    if (st) return st;
    struct str detail = describe(write, &bounds);
    if (!detail.ptr) return arena_failure(write->arena);
    st = apply_audit(vault, write, id, detail);
    if (st) return st;
    create->ret_id = id;
    create->ret_text = text;
    return ST_OK;
}

static enum status need(struct vault *vault, struct write *write, struct str tenant, struct str id,
                        struct token_record *ret_token)
{
    enum status st = find_of_tenant(&vault->writer, tenant, id, write->arena, ret_token);
    return st == ST_ABSENT ? apply_refuse(write, REFUSAL_TOKEN_ABSENT) : st;
}

static enum status set_secret(struct vault *vault, const struct write *write, struct str secret)
{
    const struct token_rotate *rotate = &write->token_rotate;
    struct digest hash = digest_of(secret);
    struct query query = query_on(&vault->writer, SQL_TOKEN_ROTATE);
    query_put_digest(&query, &hash);
    query_put_int(&query, write->actor.at_ms);
    query_put_int(&query, rotate->old_until_ms);
    query_put_str(&query, rotate->id);
    query_put_str_or_null(&query, rotate->tenant);
    return query_run(&query);
}

/* The id stays, and with it everything that is said of the token. */
enum status token_rotate_apply(struct vault *vault, struct write *write)
{
    struct token_rotate *rotate = &write->token_rotate;
    struct token_record token;
    struct str id, secret, text;
    int64_t now_ms = write->actor.at_ms, grace_ms = rotate->old_until_ms - now_ms;
    if (grace_ms < 0 || grace_ms > limit(TOKEN_GRACE_SECONDS) * INT64_C(1000))
        return apply_refuse(write, REFUSAL_BAD_VALUE);
    enum status st = need(vault, write, rotate->tenant, rotate->id, &token);
    if (st) return st;
    if (token.revoked_ms || (token.expires_ms && token.expires_ms <= now_ms))
        return apply_refuse(write, REFUSAL_TOKEN_OVER);
    st = make_text(vault->tenants, token.role, token.id, write->arena, &id, &secret, &text);
    if (!st) st = set_secret(vault, write, secret);
    if (st) return st;
    struct str detail = arena_printf(write->arena, "%.*s, the old secret for %" PRId64 " seconds more",
                                     STR_ARG(rotate->tenant), grace_ms / 1000);
    if (!detail.ptr) return arena_failure(write->arena);
    st = apply_audit(vault, write, id, detail);
    if (!st) rotate->ret_text = text;
    return st;
}

enum status token_revoke_apply(struct vault *vault, struct write *write)
{
    const struct token_revoke *revoke = &write->token_revoke;
    struct token_record token;
    enum status st = need(vault, write, revoke->tenant, revoke->id, &token);
    if (st) return st;
    struct query query = query_on(&vault->writer, SQL_TOKEN_REVOKE);
    query_put_int(&query, write->actor.at_ms);
    query_put_str(&query, revoke->id);
    query_put_str_or_null(&query, revoke->tenant);
    st = query_run(&query);
    if (st || query_changes(&vault->writer) == 0)
        return st; /* revoked already: nothing happened, nothing to tell */
    return apply_audit(vault, write, revoke->id, revoke->tenant);
}

enum status token_touch_apply(struct vault *vault, struct write *write)
{
    struct query query = query_on(&vault->writer, SQL_TOKEN_TOUCH);
    query_put_int(&query, write->actor.at_ms);
    query_put_str(&query, write->token_touch.id);
    query_put_int(&query, write->actor.at_ms);
    return query_run(&query);
}
