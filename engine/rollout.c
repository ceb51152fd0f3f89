/* Rollout: which version is served to whom, and until when old ones are taken. engine/rollout.c */
#include "engine/inside.h"

enum status engine_channel_list(struct call *call, struct str tenant, struct str form,
                                struct channel_page *ret_page)
{
    return channel_list(call->engine->tenants, tenant, form, call->arena, ret_page);
}

enum status engine_channel_find(struct call *call, struct str tenant, struct str form,
                                struct str channel, struct channel_record *ret_channel)
{
    return channel_find(call->engine->tenants, tenant, form, channel, call->arena, ret_channel);
}

/* What was looked up before the change is on disk is not kept: whoever asks after this has returned is
 * told by the new row. Definitions by number stay, so that going back needs no compilation. */
enum status engine_channel_set(struct call *call, struct str tenant, struct channel_set *set)
{
    struct write write = {.kind = WRITE_CHANNEL_SET, .tenant = tenant, .channel_set = *set};
    enum status st = call_write(call, &write);
    if (st) return st;
    *set = write.channel_set;
    if (set->ret_changed) cache_forget_channels(&call->engine->cache, tenant, set->form);
    return ST_OK;
}

enum status engine_version_retire(struct call *call, struct str tenant, struct str form,
                                  uint32_t number, int64_t grace_seconds,
                                  struct version_record *ret_version)
{
    struct write write = {
        .kind = WRITE_VERSION_RETIRE,
        .tenant = tenant,
        .version_retire = {.form = form, .number = number, .grace_seconds = grace_seconds}};
    enum status st = call_write(call, &write);
    if (!st) *ret_version = write.version_retire.ret_version;
    return st;
}

enum status engine_version_over(struct call *call, struct str tenant, struct str form, uint32_t number,
                                bool *ret_over)
{
    return version_over(call->engine->tenants, tenant, form, number, clock_wall_ms(call->engine->clock),
                        ret_over);
}

enum status engine_term_find(struct call *call, struct str tenant, struct str form,
                             struct terms *ret_terms)
{
    struct form_record record;
    enum status st = engine_form_find(call, tenant, form, &record);
    return st ? st : term_find(call->engine->tenants, tenant, form, ret_terms);
}

enum status engine_term_set(struct call *call, struct str tenant, struct str form,
                            const struct term_change *changes, uint32_t count,
                            const struct str *frame_ancestors)
{
    struct write write = {
        .kind = WRITE_FORM_SET_TERM,
        .tenant = tenant,
        .form_set_term = {
            .form = form, .changes = changes, .count = count, .frame_ancestors = frame_ancestors}};
    return call_write(call, &write);
}

enum status engine_guise_find(struct call *call, struct str tenant, struct str form,
                              struct guise *ret_guise)
{
    return guise_find(call->engine->tenants, tenant, form, call->arena, ret_guise);
}

enum status engine_theme_set(struct call *call, struct str tenant, struct str text)
{
    struct write write = {.kind = WRITE_THEME_SET, .tenant = tenant, .theme_set = {.text = text}};
    return call_write(call, &write);
}
