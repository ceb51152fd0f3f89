/* Inviting: codes are drawn here and handed out once; what is kept of them is their digest. */
#include "engine/inside.h"

enum { CODE_BYTES = 16 }; /* of chance: 32 small hex digits */

bool engine_wants_invitation(const struct program *program)
{
    for (uint32_t i = 0; i < program->unique_count; i++)
        if (program->uniques[i].invited) return true;
    return false;
}

/* Ends with the call's arena. */
static struct str draw_code(struct arena *arena)
{
    struct buf text;
    unsigned char chance[CODE_BYTES];
    digest_random(chance, sizeof chance);
    buf_init(&text, arena->mem, (size_t)2 * CODE_BYTES + 1);
    digest_put_hex(&text, (struct str){(const char *)chance, sizeof chance});
    struct str code = buf_failed(&text) ? (struct str){NULL, 0} : arena_str(arena, buf_str(&text));
    buf_release(&text);
    return code;
}

enum status engine_invitations_issue(struct call *call, struct str tenant,
                                     const struct invitation_wish *wish,
                                     struct invitations_made *ret_made)
{
    struct digest *hashes = ARENA_ARRAY(call->arena, struct digest, wish->count);
    struct str *codes = ARENA_ARRAY(call->arena, struct str, wish->count);
    if (!hashes || !codes) return ST_NOMEM;
    for (uint32_t i = 0; i < wish->count; i++) {
        codes[i] = draw_code(call->arena);
        if (!codes[i].ptr) return ST_NOMEM;
        hashes[i] = digest_of(codes[i]);
    }
    struct write write = {.kind = WRITE_INVITATIONS_ISSUE,
                          .tenant = tenant,
                          .invitations_issue = {.form = wish->form,
                                                .key = wish->key,
                                                .body_hash = digest_quick(wish->body),
                                                .expires_ms = wish->expires_ms,
                                                .hashes = hashes,
                                                .references = wish->references,
                                                .count = wish->count}};
    enum status st = call_write(call, &write);
    if (st) return st;
    *ret_made = (struct invitations_made){write.invitations_issue.ret_page,
                                          write.invitations_issue.ret_replayed ? NULL : codes};
    return ST_OK;
}

enum status engine_invitation_find(struct call *call, struct str tenant, struct str form, struct str id,
                                   struct invitation_record *ret_invitation)
{
    return invitation_find(call->engine->tenants, tenant, form, id, clock_wall_ms(call->engine->clock),
                           call->arena, ret_invitation);
}

enum status engine_invitation_look(struct call *call, struct str tenant, struct str form,
                                   struct str code)
{
    struct invitation_record invitation;
    struct digest hash = digest_of(code);
    enum status st =
        invitation_find_by_code(call->engine->tenants, tenant, form, &hash,
                                clock_wall_ms(call->engine->clock), call->arena, &invitation);
    if (st) return st;
    if (invitation.state == INVITATION_USED) return ST_CONFLICT;
    return invitation.state == INVITATION_ISSUED ? ST_OK : ST_ABSENT;
}

enum status engine_invitation_list(struct call *call, struct str tenant, struct invitation_query *query,
                                   uint32_t count_max, struct invitation_page *ret_page)
{
    struct form_record form;
    enum status st = engine_form_find(call, tenant, query->form, &form);
    query->now_ms = clock_wall_ms(call->engine->clock);
    return st ? st
              : invitation_list(call->engine->tenants, tenant, query, count_max, call->arena, ret_page);
}

enum status engine_invitation_revoke(struct call *call, struct str tenant, struct str form,
                                     struct str id)
{
    struct write write = {.kind = WRITE_INVITATION_REVOKE,
                          .tenant = tenant,
                          .invitation_revoke = {.form = form, .id = id}};
    return call_write(call, &write);
}
