/* Channels: pointers to versions that may be moved, forwards and back, a part of the respondents at a
 * time. */
#include "tenants/channel.h"

#include "tenants/form.h"
#include "tenants/reader.h"
#include "tenants/slug.h"

#include <assert.h>

uint32_t channel_version(const struct channel_record *channel, uint32_t bucket)
{
    assert(bucket <= CHANNEL_NO_BUCKET);
    return bucket < channel->percent ? channel->candidate : channel->version;
}

uint32_t channel_bucket(struct str respondent)
{
    struct digest digest = digest_of(respondent);
    uint32_t rest = 0;
    for (size_t i = 0; i < DIGEST_BYTES; i++) rest = (rest * 256 + digest.bytes[i]) % CHANNEL_BUCKETS;
    return rest;
}

static struct str name_of(struct str channel)
{
    return channel.len ? channel : STR("live");
}

/* ---------------------------------------------------------------- reading */

static struct channel_record take_channel(struct query *query, struct arena *arena)
{
    struct channel_record channel = {0};
    channel.name = query_str(query, arena);
    channel.version = (uint32_t)query_int(query);
    channel.candidate = (uint32_t)query_int(query);
    channel.percent = (uint32_t)query_int(query);
    channel.revision = (uint32_t)query_int(query);
    channel.changed_ms = query_int(query);
    channel.changed_by = query_str(query, arena);
    return channel;
}

static enum status find_in(struct database *db, struct str form, struct str name, struct arena *arena,
                           struct channel_record *ret_channel)
{
    struct channel_record channel = {0};
    struct query query = query_on(db, SQL_CHANNEL_FIND);
    query_put_str(&query, form);
    query_put_str(&query, name_of(name));
    bool found = query_row(&query);
    if (found) channel = take_channel(&query, arena);
    enum status st = query_end_one(&query, found);
    if (st) return st;
    *ret_channel = channel;
    return ST_OK;
}

enum status channel_find(struct tenants *tenants, struct str tenant, struct str form,
                         struct str channel, struct arena *arena, struct channel_record *ret_channel)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, find_in(reader.db, form, channel, arena, ret_channel));
}

static enum status aim_in(struct database *db, struct str form, struct str name, uint32_t bucket,
                          uint32_t *ret_version)
{
    struct channel_record channel = {0};
    struct query query = query_on(db, SQL_CHANNEL_AIM);
    query_put_str(&query, form);
    query_put_str(&query, name_of(name));
    bool found = query_row(&query);
    if (found) {
        channel.version = (uint32_t)query_int(&query);
        channel.candidate = (uint32_t)query_int(&query);
        channel.percent = (uint32_t)query_int(&query);
    }
    enum status st = query_end_one(&query, found);
    if (st) return st;
    *ret_version = channel_version(&channel, bucket);
    return ST_OK;
}

enum status channel_aim(struct tenants *tenants, struct str tenant, struct str form, struct str channel,
                        uint32_t bucket, uint32_t *ret_version)
{
    struct reader reader;
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    return reader_end(&reader, aim_in(reader.db, form, channel, bucket, ret_version));
}

enum status channel_live_in(struct database *db, struct str form, struct arena *arena,
                            uint32_t *ret_version)
{
    struct channel_record live = {0};
    enum status st = find_in(db, form, STR(""), arena, &live);
    if (st && st != ST_ABSENT) return st;
    *ret_version = live.version;
    return ST_OK;
}

enum status channel_list(struct tenants *tenants, struct str tenant, struct str form,
                         struct arena *arena, struct channel_page *ret_page)
{
    struct reader reader;
    struct channel_page page = {.items = ARENA_ARRAY(arena, struct channel_record, LIMIT_CHANNELS)};
    if (!page.items) return arena_failure(arena);
    enum status st = reader_begin(tenants, tenant, &reader);
    if (st) return st;
    struct query query = query_on(reader.db, SQL_CHANNEL_LIST);
    query_put_str(&query, form);
    query_put_int(&query, limit(CHANNELS));
    while (query_row(&query)) page.items[page.count++] = take_channel(&query, arena);
    st = reader_end(&reader, query_end(&query));
    if (!st) *ret_page = page;
    return st;
}

/* ---------------------------------------------------------------- what a version must be */

static enum status is_there(struct vault *vault, enum sql sql, int64_t form_id, uint32_t version,
                            bool *ret_there)
{
    struct query query = query_on(&vault->writer, sql);
    query_put_int(&query, form_id);
    query_put_int(&query, version);
    *ret_there = query_row(&query);
    return query_end(&query);
}

static enum status check_version(struct vault *vault, struct write *write, int64_t form_id,
                                 uint32_t version)
{
    bool there = false, over = false;
    enum status st = is_there(vault, SQL_VERSION_THERE, form_id, version, &there);
    if (!st && !there) return apply_refuse(write, REFUSAL_VERSION_ABSENT);
    if (!st) st = is_there(vault, SQL_RETIREMENT_THERE, form_id, version, &over);
    return !st && over ? apply_refuse(write, REFUSAL_VERSION_RETIRED) : st;
}

/* ---------------------------------------------------------------- changing */

static enum status add_row(struct vault *vault, struct write *write, int64_t form_id,
                           const struct channel_record *channel)
{
    int64_t there = 0;
    struct query total = query_on(&vault->writer, SQL_CHANNEL_TOTAL);
    query_put_int(&total, form_id);
    if (query_row(&total)) there = query_int(&total);
    enum status st = query_end(&total);
    if (st) return st;
    if (there >= limit(CHANNELS)) return apply_refuse(write, REFUSAL_CHANNELS_FULL);
    struct query query = query_on(&vault->writer, SQL_CHANNEL_ADD);
    query_put_int(&query, form_id);
    query_put_str(&query, channel->name);
    query_put_int(&query, channel->version);
    query_put_int(&query, channel->changed_ms);
    query_put_str(&query, channel->changed_by);
    return query_run(&query);
}

static enum status set_row(struct vault *vault, int64_t form_id, const struct channel_record *channel)
{
    struct query query = query_on(&vault->writer, SQL_CHANNEL_SET);
    query_put_int(&query, channel->version);
    query_put_int_or_null(&query, channel->candidate);
    query_put_int(&query, channel->percent);
    query_put_int(&query, channel->changed_ms);
    query_put_str(&query, channel->changed_by);
    query_put_int(&query, form_id);
    query_put_str(&query, channel->name);
    return query_run(&query);
}

static enum status audit(struct vault *vault, const struct write *write, const struct form_record *form,
                         const struct channel_record *channel)
{
    struct str detail = channel->candidate
                            ? arena_printf(write->arena, "%.*s: version %u, version %u for %u of 100",
                                           STR_ARG(channel->name), (unsigned)channel->version,
                                           (unsigned)channel->candidate, (unsigned)channel->percent)
                            : arena_printf(write->arena, "%.*s: version %u", STR_ARG(channel->name),
                                           (unsigned)channel->version);
    if (!detail.ptr) return arena_failure(write->arena);
    return audit_add(&vault->writer, &vault->audit, &write->actor, "channel.set", form->name, detail);
}

/* What becomes of a channel (revision 0: not there yet) when it is told to have `version` for
 * `percent`. */
static struct channel_record moved(const struct channel_record *before, uint32_t version,
                                   uint32_t percent)
{
    struct channel_record after = *before;
    bool alone = percent == CHANNEL_BUCKETS || version == before->version;
    if (alone) after.version = version;
    after.candidate = alone ? 0 : version;
    after.percent = alone ? 0 : percent;
    return after;
}

static enum status move(struct vault *vault, struct write *write, const struct form_record *form,
                        const struct channel_record *before, uint32_t version, uint32_t percent,
                        bool told, struct channel_record *ret_channel, bool *ret_changed)
{
    enum status st = check_version(vault, write, form->id, version);
    if (st) return st;
    struct channel_record after = moved(before, version, percent);
    *ret_changed = after.version != before->version || after.candidate != before->candidate ||
                   after.percent != before->percent;
    if (*ret_changed) {
        after.changed_ms = write->actor.at_ms;
        after.changed_by = write->actor.who;
        after.revision++;
        st = before->revision ? set_row(vault, form->id, &after)
                              : add_row(vault, write, form->id, &after);
        if (!st && told) st = audit(vault, write, form, &after);
        if (st) return st;
    }
    *ret_channel = after;
    return ST_OK;
}

/* One that is not there: revision 0, with the name it would have. */
static enum status look(struct vault *vault, struct write *write, const struct form_record *form,
                        struct str channel, struct channel_record *ret_before)
{
    struct str name = name_of(channel);
    if (!slug_is_form_name(name) || str_eq(name, STR("none")))
        return apply_refuse(write, REFUSAL_BAD_NAME);
    enum status st = find_in(&vault->writer, form->name, name, write->arena, ret_before);
    if (st != ST_ABSENT) return st;
    *ret_before = (struct channel_record){.name = name};
    return ST_OK;
}

enum status channel_point(struct vault *vault, struct write *write, const struct form_record *form,
                          struct str channel, uint32_t version, bool told)
{
    struct channel_record before, after;
    bool changed;
    enum status st = look(vault, write, form, channel, &before);
    if (st) return st;
    return move(vault, write, form, &before, version, CHANNEL_BUCKETS, told, &after, &changed);
}

enum status channel_set_apply(struct vault *vault, struct write *write)
{
    struct channel_set *set = &write->channel_set;
    struct form_record form = {0};
    struct channel_record before;
    enum status st = form_need(vault, write, set->form, &form);
    if (st) return st;
    if (form.state == FORM_ARCHIVED) return apply_refuse(write, REFUSAL_FORM_ARCHIVED);
    st = look(vault, write, &form, set->channel, &before);
    if (st) return st;
    if (set->check_revision && set->if_match != before.revision)
        return apply_refuse(write, REFUSAL_CHANNEL_STALE);
    /* A new one has nothing for those who do not get the candidate. */
    if (set->percent > CHANNEL_BUCKETS || (before.revision == 0 && set->percent < CHANNEL_BUCKETS))
        return apply_refuse(write, REFUSAL_BAD_VALUE);
    return move(vault, write, &form, &before, set->version, set->percent, true, &set->ret_channel,
                &set->ret_changed);
}
