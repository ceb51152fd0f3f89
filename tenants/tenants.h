/* Tenants: everything that must be there tomorrow.                              the module's front door
 *
 *     struct tenants *tenants;
 *     st = tenants_open(&(struct tenants_options){.mem = mem_heap(), .directory = "data"}, &tenants);
 *
 *     struct write write = {.kind = WRITE_FORM_CREATE, .tenant = STR("acme"), .arena = &arena,
 *                           .actor = {.who = STR("tok_1"), .at_ms = now},
 *                           .form_create = {.name = STR("visa"), .title = STR("Visa")}};
 *     st = write_wait(tenants, &write);          on disk when this returns ST_OK
 *
 *     struct form_record form;
 *     st = form_find(tenants, STR("acme"), STR("visa"), &arena, &form);
 *     tenants_close(tenants);
 *
 * A data directory holds `lock`, `system.db` (tenants, tokens, the server's audit) and for each tenant
 * `tenants/<id>/data.db` (forms, drafts, versions, artefacts, submissions, the tenant's audit). One
 * process owns it.
 *
 * Promises. A write is done when its `done` says so: the transaction is then on disk. Many writes share
 * a transaction, and each is a world of its own: one that is refused leaves its neighbours alone. Every
 * change of state has an audit row in the same transaction, hash-chained. Published versions and
 * submissions never change; a submission can be erased, and leaves a tombstone. After the disk failed once a file takes no more writes (ST_DEGRADED) until
 * tenant_recover() has checked it. Readers never hold up the writer. Every time
 * in the data is the caller's.
 *
 * All functions may be called from any thread. Strings and bytes in results live in the arena that was
 * handed in. */
#ifndef TENANTS_TENANTS_H
#define TENANTS_TENANTS_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/ident.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/network.h"
#include "base/status.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* ---------------------------------------------------------------- the data directory */

struct tenants;

struct tenants_options {
    struct mem *mem;
    const char *directory;       /* made (mode 0700) when absent; its parent must exist */
    struct clock *clock;         /* for idents and for timing commits; NULL: the system's */
    struct ident_random *random; /* for idents and tokens; NULL: the system's */
    struct log *log;             /* NULL: none */
    uint32_t writers;            /* threads; 0: limit(WRITERS) */
    uint32_t queue_ops_max;      /* writes waiting per file; 0: limit(WRITER_QUEUE_OPS) */
    uint32_t open_tenants_max;   /* files open at a time; 0: limit(OPEN_TENANTS) */
    uint32_t readers_max;        /* reading connections per file; 0: limit(TENANT_READERS) */
};

/* ST_LOCKED: another process owns the directory. ST_NEWER: a newer program wrote it. ST_DEGRADED:
 * system.db was left damaged and the check at opening did not clear it. */
enum status tenants_open(const struct tenants_options *options, struct tenants **ret_tenants);
/* Refuses new writes, finishes those queued (their `done`s run), stops the threads, folds the logs into
 * the files, gives the lock back. NULL is fine. No other call may be running or follow. */
void tenants_close(struct tenants *tenants);

/* The library that keeps the data, for the start log and `doctor`. Static. */
struct storage_library {
    const char *name, *version;
    bool wal_reset_race; /* it carries the race between a checkpoint and a writer; we are built so as
                            not to meet it */
};
struct storage_library storage_library(void);

/* ---------------------------------------------------------------- who did it, and a page of answers */

/* Goes into the audit row. Only `who` and `at_ms` are needed. */
struct actor {
    struct str who;   /* token id, "operator", "public"; never a secret */
    struct str where; /* address prefix; "cli" */
    struct str why;   /* the reason given */
    struct str request_id;
    int64_t at_ms; /* Unix time in milliseconds */
};

/* ---------------------------------------------------------------- tenants (system.db)
 * active ⇄ suspended;  both → closed, for good. */

enum tenant_state { TENANT_ACTIVE, TENANT_SUSPENDED, TENANT_CLOSED };

/* What a tenant may use: tenants/quota.def. */
enum quota {
#define QUOTA(NAME, name, value, unit, what) QUOTA_##NAME,
#include "tenants/quota.def"
#undef QUOTA
    QUOTA_COUNT
};
struct quotas {
    int64_t value[QUOTA_COUNT]; /* each from 1 to QUOTA_MAX */
};
#define QUOTA_MAX INT64_C(1000000000000000)
struct quotas quotas_default(void);
const char *quota_name(enum quota quota);
bool quota_parse(struct str name, enum quota *ret_quota);

struct tenant_record {
    struct str id; /* 1 to 63 of a-z, 0-9 and -, starting with a letter or digit */
    struct str name;
    enum tenant_state state;
    int64_t created_ms;
    struct quotas quotas; /* those of the tenant, else the defaults */
};

struct tenant_page {
    struct tenant_record *items;
    uint32_t count;
    bool more; /* ask again after the last one's id */
};

enum status tenant_find(struct tenants *tenants, struct str id, struct arena *arena,
                        struct tenant_record *ret_tenant);
/* By id, after `after` (empty: from the start). `count_max` is brought down to limit(PAGE_ROWS), here
 * and below. */
enum status tenant_list(struct tenants *tenants, struct str after, uint32_t count_max,
                        struct arena *arena, struct tenant_page *ret_page);
/* Brings a degraded file back: folds its log in afresh, checks every page, key and the audit chain.
 * ST_DEGRADED: the check failed. Empty id: system.db. Blocks; a healthy file is checked too. */
enum status tenant_recover(struct tenants *tenants, struct str id);
/* Is the file of this tenant (empty: system.db) degraded? Never touches the disk. */
bool tenant_degraded(struct tenants *tenants, struct str id);

const char *tenant_state_name(enum tenant_state state);
bool tenant_state_parse(struct str text, enum tenant_state *ret_state);

/* ---------------------------------------------------------------- tokens (system.db)
 *     fmd_<role>_<id>_<secret>_<checksum>
 * Only the SHA-256 of the secret is kept. The text is shown once, by WRITE_TOKEN_CREATE. */

enum token_role { ROLE_OPERATOR, ROLE_PUBLISHER, ROLE_READER, ROLE_SUBMITTER };

/* What a token may do: tenants/scope.def. Sets are bits 1u << SCOPE_…. */
enum scope {
#define SCOPE(NAME, name, operator_has, publisher_has, reader_has, submitter_has, what) SCOPE_##NAME,
#include "tenants/scope.def"
#undef SCOPE
    SCOPE_COUNT
};
/* The roles that have it, as bits 1 << ROLE_…. */
enum scope_roles {
#define SCOPE(NAME, name, operator_has, publisher_has, reader_has, submitter_has, what)                \
    SCOPE_ROLES_##NAME = (operator_has) << ROLE_OPERATOR | (publisher_has) << ROLE_PUBLISHER |         \
                         (reader_has) << ROLE_READER | (submitter_has) << ROLE_SUBMITTER,
#include "tenants/scope.def"
#undef SCOPE
};
const char *scope_name(enum scope scope); /* "forms.read" */
bool scope_parse(struct str text, enum scope *ret_scope);
uint32_t scopes_of_role(enum token_role role);
/* As words with blanks between; reading leaves out what is no scope. */
void scopes_put(uint32_t set, struct buf *out);
uint32_t scopes_read(struct str text);

struct token_record {
    struct str id;
    struct str tenant; /* empty for an operator */
    enum token_role role;
    struct str note; /* not told by token_verify() */
    int64_t created_ms, expires_ms, revoked_ms,
        last_used_ms; /* 0: never; last_used is true to limit(TOKEN_TOUCH_SECONDS) */
    uint32_t scopes;
    bool narrowed;                    /* scopes are fewer than its role's, or were said one by one */
    struct networks networks;         /* where it may be used from; none: anywhere */
    int64_t rotated_ms, old_until_ms; /* its present secret was made then, and the one before lives
                                         until then; 0: there was one secret only */
};

struct token_page {
    struct token_record *items;
    uint32_t count;
    bool more;
};

/* ST_UNAUTHENTICATED for anything that is not a living token, whatever the cause and in the same time.
 * What was verified before is known without a look into the database; a write that ends it makes it
 * forgotten before `done` runs. Does not ask from where it comes: `networks`. */
enum status token_verify(struct tenants *tenants, struct str text, int64_t now_ms, struct arena *arena,
                         struct token_record *ret_token);
/* Has it the form of a token, checksum included? Costs no look into the database. */
bool token_plausible(struct str text);
enum status token_find(struct tenants *tenants, struct str tenant, struct str id, struct arena *arena,
                       struct token_record *ret_token);
/* Of one tenant (empty: the operators'), by id. */
enum status token_list(struct tenants *tenants, struct str tenant, struct str after, uint32_t count_max,
                       struct arena *arena, struct token_page *ret_page);

const char *token_role_name(enum token_role role);
bool token_role_parse(struct str text, enum token_role *ret_role);

/* ---------------------------------------------------------------- forms and drafts
 * draft → open → closing → closed → archived;  closed → open;  archived → closed.
 * `closing` takes only submissions begun before it was set. A draft text may be there in any state. */

enum form_state { FORM_DRAFT, FORM_OPEN, FORM_CLOSING, FORM_CLOSED, FORM_ARCHIVED };

struct form_record {
    int64_t id; /* within the tenant */
    struct str name;
    struct str title;
    enum form_state state;
    int64_t created_ms, state_ms; /* state_ms: when the present state was set */
    uint32_t newest;              /* number of the newest version; 0: none */
    uint64_t submissions;
    bool has_draft;
    struct digest draft_etag; /* SHA-256 of the draft's source */
};

struct form_page {
    struct form_record *items;
    uint32_t count;
    bool more;
};

struct draft_record {
    struct str source;
    struct digest etag;
    uint32_t revision; /* from 1, one up at each change */
    int64_t updated_ms;
    struct str updated_by;
};

enum status form_find(struct tenants *tenants, struct str tenant, struct str name, struct arena *arena,
                      struct form_record *ret_form);
/* By name, after `after` (empty: from the start). */
enum status form_list(struct tenants *tenants, struct str tenant, struct str after, uint32_t count_max,
                      struct arena *arena, struct form_page *ret_page);
/* ST_ABSENT: no such form, or it has no draft. */
enum status draft_find(struct tenants *tenants, struct str tenant, struct str form, struct arena *arena,
                       struct draft_record *ret_draft);

const char *form_state_name(enum form_state state);
bool form_state_parse(struct str text, enum form_state *ret_state);
/* May `to` follow `from`? */
bool form_state_may(enum form_state from, enum form_state to);

/* ---------------------------------------------------------------- versions and artefacts
 * A version is the truth and never changes; artefacts are made from it and can be made again. */

struct version_record {
    int64_t form_id;
    uint32_t number;   /* 1, 2, 3, … without gaps */
    struct str source; /* empty in lists */
    struct digest source_hash;
    struct str edition;
    struct str compiler_version; /* of the compiler that published it */
    int64_t published_ms;
    struct str published_by;
    int64_t retired_ms, until_ms; /* 0: not retired. Submissions are taken before until_ms */
};

struct version_page {
    struct version_record *items;
    uint32_t count;
    bool more;
};

struct artefact {
    struct str kind; /* "program", "render", "render.gz", … */
    struct str compiler_version;
    struct str bytes;
};

/* `number` 0: the newest. */
enum status version_find(struct tenants *tenants, struct str tenant, struct str form, uint32_t number,
                         struct arena *arena, struct version_record *ret_version);
/* Whether its time for submissions is over at that moment; one that is not there is not. */
enum status version_over(struct tenants *tenants, struct str tenant, struct str form, uint32_t number,
                         int64_t at_ms, bool *ret_over);
/* What a version is compiled from, and whether its form is served at all. */
struct version_text {
    int64_t form_id;
    uint32_t number;
    enum form_state state;
    struct digest source_hash;
    struct str source;
};
/* version_find(), in less time. */
enum status version_read(struct tenants *tenants, struct str tenant, struct str form, uint32_t number,
                         struct arena *arena, struct version_text *ret_version);
/* Newest first, below `before` (0: from the newest). */
enum status version_list(struct tenants *tenants, struct str tenant, struct str form, uint32_t before,
                         uint32_t count_max, struct arena *arena, struct version_page *ret_page);
/* ST_ABSENT: not made yet by that compiler version. */
enum status artefact_find(struct tenants *tenants, struct str tenant, int64_t form_id, uint32_t number,
                          struct str kind, struct str compiler_version, struct arena *arena,
                          struct str *ret_bytes);

/* published → retired, for good. What no channel stands for may be retired. */
enum version_state { VERSION_PUBLISHED, VERSION_RETIRED };
const char *version_state_name(enum version_state state);
bool version_state_parse(struct str text, enum version_state *ret_state);
enum version_state version_state_of(const struct version_record *version);

/* ---------------------------------------------------------------- channels
 * What a form is served as under a name: "live", which publishing moves, "preview" and others. */

struct channel_record {
    struct str name;    /* as a form's name; not "none" */
    uint32_t version;   /* for everybody else */
    uint32_t candidate; /* for buckets below `percent`; 0: none */
    uint32_t percent;   /* 0 to 99 */
    uint32_t revision;  /* from 1, one up at each change */
    int64_t changed_ms;
    struct str changed_by;
};

enum { CHANNEL_BUCKETS = 100, CHANNEL_NO_BUCKET = CHANNEL_BUCKETS };

struct channel_page {
    struct channel_record *items;
    uint32_t count; /* all there are */
};

/* `channel` empty: live. */
enum status channel_find(struct tenants *tenants, struct str tenant, struct str form,
                         struct str channel, struct arena *arena, struct channel_record *ret_channel);
/* channel_version() of that channel. */
enum status channel_aim(struct tenants *tenants, struct str tenant, struct str form, struct str channel,
                        uint32_t bucket, uint32_t *ret_version);
/* By name. */
enum status channel_list(struct tenants *tenants, struct str tenant, struct str form,
                         struct arena *arena, struct channel_page *ret_page);
/* The version that a bucket, or CHANNEL_NO_BUCKET, gets: of nothing but these two. As the percentage
 * grows buckets move to the candidate, and none moves back. */
uint32_t channel_version(const struct channel_record *channel, uint32_t bucket);
/* Of somebody whom a server can name: their SHA-256 as a number, modulo CHANNEL_BUCKETS. */
uint32_t channel_bucket(struct str respondent);

/* ---------------------------------------------------------------- terms: tenants/term.def */

enum term {
#define TERM(NAME, name, value, least, most, unit, what) TERM_##NAME,
#include "tenants/term.def"
#undef TERM
    TERM_COUNT
};
struct terms {
    int64_t value[TERM_COUNT];
};
struct terms terms_default(void);
const char *term_name(enum term term);
bool term_parse(struct str name, enum term *ret_term);
bool term_fits(enum term term, int64_t value);
/* Of a form that is there or not: then the defaults. */
enum status term_find(struct tenants *tenants, struct str tenant, struct str form,
                      struct terms *ret_terms);

/* What pages of a form hang on besides its version: looked up at once. */
struct guise {
    struct terms terms;
    struct str frame_ancestors; /* origins with blanks between, whose pages may show it in a frame */
    struct str theme;           /* of the tenant, as theme_set had it; empty: none */
};
/* Likewise of a form that is there or not; empty: the theme alone. */
enum status guise_find(struct tenants *tenants, struct str tenant, struct str form, struct arena *arena,
                       struct guise *ret_guise);

/* ---------------------------------------------------------------- lookup tables */

struct table_record {
    struct str name;
    uint32_t number;    /* 1, 2, 3, … without gaps */
    struct digest hash; /* of its bytes */
    uint32_t row_count, column_count;
    uint64_t bytes;
    int64_t created_ms;
    struct str created_by;
};

struct table_page {
    struct table_record *items;
    uint32_t count;
    bool more;
};

/* `number` 0: the newest. */
enum status table_find(struct tenants *tenants, struct str tenant, struct str name, uint32_t number,
                       struct arena *arena, struct table_record *ret_table);
/* The bytes of that hash. */
enum status table_read(struct tenants *tenants, struct str tenant, const struct digest *hash,
                       struct arena *arena, struct str *ret_csv);
/* The newest version of each, by name, after `after`. */
enum status table_list(struct tenants *tenants, struct str tenant, struct str after, uint32_t count_max,
                       struct arena *arena, struct table_page *ret_page);

/* ---------------------------------------------------------------- submissions */

struct submission_record {
    uint64_t seq;    /* order of commit within the tenant */
    struct str id;   /* "sub_…" */
    struct str form; /* name */
    uint32_t version;
    struct str key; /* idempotency key, unique within the form for as long as the submission lives */
    struct digest body_hash;
    struct str answers; /* normalised JSON */
    int64_t received_ms;
    struct str now; /* the moment the rules saw, as text of the caller's making */
    struct str zone, locale;
    uint64_t steps;
    struct digest verdict_hash;
    struct str submitter;          /* token id; empty: public */
    struct str where;              /* address prefix */
    struct digest definition_hash; /* what it was judged by: the SHA-256 of the version's source, */
    struct str edition;            /* its edition of the language, and the compiler; */
    struct str compiler_version;   /* empty: it was stored before that was noted */
};

struct submission_page {
    struct submission_record *items;
    uint32_t count;
    bool more;
};

/* A value by which a submission is found. `kind` says what goes with what: values of different kinds are never compared. */
struct submission_value {
    struct str path, kind; /* as the engine names them */
    struct str value;      /* in the order of its bytes */
    bool sensitive;        /* found only by who may see it */
};

/* Some value at that path lies in one of the ranges. */
struct filter_range {
    struct str low, high; /* low <= value < high */
};
struct filter_condition {
    struct str path, kind;
    const struct filter_range *ranges; /* none: nothing fits */
    uint32_t range_count;
};
struct submission_filter { /* all of them */
    const struct filter_condition *conditions;
    uint32_t count;       /* at most limit(FILTERS) */
    bool sensitive;       /* what is sensitive is found too */
};

/* Which ones. Zero everything: all of the form's, oldest first. Order is (received_ms, seq). */
struct submission_query {
    struct str form;
    int64_t since_ms, until_ms; /* since <= received < until; 0: no bound */
    uint32_t version;           /* 0: any */
    bool newest_first;
    int64_t after_received_ms; /* the last one seen; after_seq 0: from the start */
    uint64_t after_seq;
    struct submission_filter filter;
};

enum status submission_find(struct tenants *tenants, struct str tenant, struct str id,
                            struct arena *arena, struct submission_record *ret_submission);
/* For a replay without judging again. ST_GONE: it was erased. */
enum status submission_find_by_key(struct tenants *tenants, struct str tenant, struct str form,
                                   struct str key, struct arena *arena,
                                   struct submission_record *ret_submission);
enum status submission_list(struct tenants *tenants, struct str tenant,
                            const struct submission_query *query, uint32_t count_max,
                            struct arena *arena, struct submission_page *ret_page);

/* Answers that somebody means to go on with. */
struct saved_record {
    uint32_t version;
    struct str answers; /* JSON as it was sent */
    struct str locale;
    int64_t saved_ms, until_ms;
};
/* ST_ABSENT: there is none under that key, or its time is over. */
enum status saved_find(struct tenants *tenants, struct str tenant, struct str form,
                       const struct digest *key_hash, int64_t now_ms, struct arena *arena,
                       struct saved_record *ret_saved);

/* Who holds the code of an invitation may submit to its form once, where that wants it: `unique per invitation`.
 * issued → used | revoked | expired;  used → issued, when the submission is erased. */
enum invitation_state { INVITATION_ISSUED, INVITATION_USED, INVITATION_REVOKED, INVITATION_EXPIRED };
const char *invitation_state_name(enum invitation_state state);
bool invitation_state_parse(struct str text, enum invitation_state *ret_state);

struct invitation_record {
    uint64_t seq;         /* order in which they were issued */
    struct str id, form;  /* "inv_…", name */
    struct str reference; /* the issuer's own word for whoever it is meant for; may be empty */
    enum invitation_state state;
    int64_t created_ms, expires_ms, state_ms; /* state_ms: since when it is in that state */
    struct str created_by;
    struct str submission; /* USED: its id */
};
struct invitation_page {
    struct invitation_record *items;
    uint32_t count;
    bool more;
};
struct invitation_query {
    struct str form;
    bool any_state;
    enum invitation_state state;
    struct str reference; /* empty: any */
    uint64_t after_seq;   /* the last one seen */
    int64_t now_ms;
};
/* Of that form. By id, or by the SHA-256 of the code. */
enum status invitation_find(struct tenants *tenants, struct str tenant, struct str form, struct str id,
                            int64_t now_ms, struct arena *arena,
                            struct invitation_record *ret_invitation);
enum status invitation_find_by_code(struct tenants *tenants, struct str tenant, struct str form,
                                    const struct digest *hash, int64_t now_ms, struct arena *arena,
                                    struct invitation_record *ret_invitation);
/* In the order in which they were issued. */
enum status invitation_list(struct tenants *tenants, struct str tenant,
                            const struct invitation_query *query, uint32_t count_max,
                            struct arena *arena, struct invitation_page *ret_page);
/* A form with invitations for WRITE_INVITATIONS_EXPIRE. ST_ABSENT: there is none. */
enum status invitations_over(struct tenants *tenants, struct str tenant, int64_t now_ms,
                             struct arena *arena, struct str *ret_form);

/* How many submissions there are of each version on each day (UTC) that has some; by day and version. Read by a connection that only
 * reads: no writer waits for it. */
struct day_query {
    struct str form;
    int64_t since_ms, until_ms; /* as of a submission_query */
    bool after;                 /* go on after this: */
    int32_t after_day;          /* since 1970-01-01 */
    uint32_t after_version;
};
struct day_count {
    int32_t day;
    uint32_t version;
    uint64_t submissions;
};
struct day_page {
    struct day_count *items;
    uint32_t count;
    bool more;
};
enum status day_list(struct tenants *tenants, struct str tenant, const struct day_query *query,
                     uint32_t count_max, struct arena *arena, struct day_page *ret_page);
/* What is left of one that was erased. */
struct tombstone_record {
    uint64_t seq;
    struct str id, form;
    uint32_t version;
    int64_t received_ms, erased_ms;
    struct str erased_by;
};
enum status tombstone_find(struct tenants *tenants, struct str tenant, struct str id,
                           struct arena *arena, struct tombstone_record *ret_tombstone);

/* Are there saved answers whose time is over? */
enum status saved_is_over(struct tenants *tenants, struct str tenant, int64_t now_ms, bool *ret_any);
/* A form with submissions whose time is over at `now_ms`. ST_ABSENT: there is none. */
enum status submissions_expired(struct tenants *tenants, struct str tenant, int64_t now_ms,
                                struct arena *arena, struct str *ret_form);

/* What summaries of a form's submissions are made from. Read by connections that only read, some rows at
 * a time and with no snapshot in between: no writer waits for it. */
struct survey_head {
    int64_t form_id;
    uint32_t newest;      /* version */
    uint64_t submissions; /* ever stored */
    uint64_t erased;      /* of them */
    uint64_t seq;         /* of the tenant's newest: all up to it that are there can be read */
    uint64_t saved;       /* answers that are not submitted yet, and not over */
};
/* Where a submission is in the order of time. */
struct survey_place {
    int64_t received_ms;
    uint64_t seq;
};
#define SURVEY_FIRST ((struct survey_place){-1, 0})
#define SURVEY_LAST ((struct survey_place){INT64_MAX, INT64_MAX})
struct survey_span {
    int64_t form_id;
    uint64_t seq_after, seq_until;     /* after the one, up to and with the other; */
    struct survey_place after, until; /* and likewise by time */
};
struct survey_row {
    struct survey_place place;
    uint32_t version;
    struct str answers;
};
struct survey_page {
    struct survey_row *items;
    uint32_t count;
    bool more;
};
/* `now_ms`: what was saved and is over by then does not count. */
enum status survey_head(struct tenants *tenants, struct str tenant, struct str form, int64_t now_ms,
                        struct survey_head *ret_head);
/* The place just before the first of the newest `count` submissions with such a seq; SURVEY_FIRST when
 * there are fewer. */
enum status survey_begin(struct tenants *tenants, struct str tenant, const struct survey_span *span,
                         uint64_t count, struct survey_place *ret_place);
enum status survey_count(struct tenants *tenants, struct str tenant, const struct survey_span *span,
                         uint64_t *ret_count);
/* By time. */
enum status survey_list(struct tenants *tenants, struct str tenant, const struct survey_span *span,
                        uint32_t count_max, struct arena *arena, struct survey_page *ret_page);

/* A walk over all that match, in constant memory, for exports. It holds no lock and no snapshot between
 * calls; it ends at what was there when it was opened. One thread at a time. */
struct submission_walk;
enum status submission_walk_open(struct tenants *tenants, struct str tenant,
                                 const struct submission_query *query,
                                 struct submission_walk **ret_walk);
/* ST_ABSENT: that was all. The record lives until the next call. */
enum status submission_walk_next(struct submission_walk *walk,
                                 struct submission_record *ret_submission);
/* How many it will still give, if none is erased meanwhile. */
enum status submission_walk_left(struct submission_walk *walk, uint64_t *ret_left);
void submission_walk_close(struct submission_walk *walk);

/* ---------------------------------------------------------------- carried to a later version */

/* What became of one submission under a later version. */
struct carried_record {
    uint32_t to, from;  /* versions */
    struct str answers; /* as they are under `to`; empty: it could not be carried, and `errors` is a JSON array that says why */
    struct str errors;
    struct digest verdict_hash; /* of the verdict under `to` */
    uint64_t steps;
    int64_t carried_ms;
    struct str carried_by;
};
struct carried_page {
    struct carried_record *items;
    uint32_t count;
};
/* All that became of a submission, by version; at most limit(CARRIED_VERSIONS). */
enum status carried_list(struct tenants *tenants, struct str tenant, uint64_t seq, struct arena *arena,
                         struct carried_page *ret_page);
/* How far the migration from the one version to the other has come: the seq of the last submission that it carried or could
 * not carry. */
enum status carried_last(struct tenants *tenants, struct str tenant, struct str form, uint32_t from,
                         uint32_t to, uint64_t *ret_seq);
/* Submissions of one version by seq. */
enum status carry_list(struct tenants *tenants, struct str tenant, struct str form, uint32_t version,
                       uint64_t after_seq, uint32_t count_max, struct arena *arena,
                       struct submission_page *ret_page);

/* Those that could not be carried, and why, by seq after `after_seq`. */
struct refused_record {
    uint64_t seq;
    struct str id, errors;
};
struct refused_page {
    struct refused_record *items;
    uint32_t count;
    bool more;
};
enum status carried_refused(struct tenants *tenants, struct str tenant, struct str form, uint32_t from,
                            uint32_t to, uint64_t after_seq, uint32_t count_max, struct arena *arena,
                            struct refused_page *ret_page);
/* How many submissions of `from` are still to be carried. */
enum status carry_total(struct tenants *tenants, struct str tenant, struct str form, uint32_t from,
                        uint32_t to, uint64_t *ret_total);

/* ---------------------------------------------------------------- operations
 * Long work behind an answer.   queued ─► running ─► done | failed
 *                                  └────────┴─► cancelled                      nothing follows these */

enum operation_kind { OPERATION_MIGRATE, OPERATION_SNAPSHOT };
enum operation_state {
    OPERATION_QUEUED,
    OPERATION_RUNNING,
    OPERATION_DONE,
    OPERATION_FAILED,
    OPERATION_CANCELLED
};

struct operation_record {
    struct str id; /* "op_…" */
    enum operation_kind kind;
    struct str form;   /* MIGRATE */
    uint32_t from, to; /* MIGRATE: versions */
    enum operation_state state;
    uint64_t done, total, refused; /* refused: of those done */
    int64_t made_ms, began_ms, ended_ms; /* 0: not yet */
    struct str made_by, why;
    struct str fault; /* FAILED: a word */
};
struct operation_page {
    struct operation_record *items;
    uint32_t count;
    bool more;
};
const char *operation_kind_name(enum operation_kind kind);
const char *operation_state_name(enum operation_state state);
bool operation_is_over(enum operation_state state);
bool operation_state_may(enum operation_state from, enum operation_state to);

enum status operation_find(struct tenants *tenants, struct str tenant, struct str id,
                           struct arena *arena, struct operation_record *ret_operation);
/* Newest first, before `before` (empty: from the newest). */
enum status operation_list(struct tenants *tenants, struct str tenant, struct str before,
                           uint32_t count_max, struct arena *arena, struct operation_page *ret_page);
/* Those under way, oldest first; at most limit(OPERATIONS). */
enum status operation_open(struct tenants *tenants, struct str tenant, struct arena *arena,
                           struct operation_page *ret_page);

/* ---------------------------------------------------------------- snapshots
 * Backups of one tenant that the server keeps, in snapshots/<tenant>/<id> of the data directory. */

struct snapshot_record {
    struct str id; /* the operation's that made it */
    int64_t made_ms;
    struct str made_by;
    uint64_t bytes;
    struct digest hash; /* SHA-256 of its data.db */
    int64_t schema;
    uint64_t audit_rows;
};
struct snapshot_page {
    struct snapshot_record *items;
    uint32_t count;
};
/* Newest first; all there are. */
enum status snapshot_list(struct tenants *tenants, struct str tenant, struct arena *arena,
                          struct snapshot_page *ret_page);
/* Makes the files for an operation that runs; goes on after a death. */
enum status snapshot_make(struct tenants *tenants, struct str tenant, struct str id, int64_t now_ms,
                          struct arena *arena, struct snapshot_record *ret_snapshot);
/* Takes its files away. */
void snapshot_remove(struct tenants *tenants, struct str tenant, struct str id);

/* ---------------------------------------------------------------- audit */

struct audit_record {
    uint64_t seq; /* 1, 2, 3, … */
    int64_t at_ms;
    struct str who, action, object, where, why, request_id;
    struct str detail; /* a short text: "draft → open", "version 3" */
    struct digest previous_hash, hash;
};

struct audit_page {
    struct audit_record *items;
    uint32_t count;
    bool more;
    uint64_t next_after; /* more: ask again after this row; not always one of the page */
};

/* Which rows: those equal in each that is not empty. */
struct audit_filter {
    struct str who, action, object;
};

/* Oldest first, after `after_seq`. Empty tenant: the server's own. */
enum status audit_list(struct tenants *tenants, struct str tenant, uint64_t after_seq,
                       uint32_t count_max, struct arena *arena, struct audit_page *ret_page);
/* The same of what fits the filter. Looks at no more than limit(AUDIT_SCAN_ROWS) rows: a page may be
 * short, even empty, and have more behind it. */
enum status audit_search(struct tenants *tenants, struct str tenant, const struct audit_filter *filter,
                         uint64_t after_seq, uint32_t count_max, struct arena *arena,
                         struct audit_page *ret_page);
/* What is wrong with the first row that does not fit. */
enum audit_fault {
    AUDIT_WHOLE,
    AUDIT_ALTERED,  /* its hash is not of its content */
    AUDIT_MOVED,    /* its hash is of its content, in another place: `was` */
    AUDIT_REPLACED, /* sound, but it does not continue the row before: one of the two was made anew */
    AUDIT_REMOVED,  /* it is not there; later ones are, or the file remembers them */
    AUDIT_ADDED,    /* it is sound and comes after the end that the file remembers */
};
const char *audit_fault_name(enum audit_fault fault); /* "altered" */

struct audit_finding {
    enum audit_fault fault;
    uint64_t rows;      /* sound, from the first on */
    struct digest hash; /* of the last of them; who keeps it can tell later whether it is still there */
    uint64_t broken_at; /* 0: whole */
    uint64_t was;       /* MOVED: the number it had */
};
/* Computes the chain again. ST_OK whatever it finds. Holds no snapshot for longer than some rows take,
 * so that it may run beside writers. */
enum status audit_examine(struct tenants *tenants, struct str tenant,
                          struct audit_finding *ret_finding);

/* ---------------------------------------------------------------- a directory seen from outside
 * Read-only and without the lock: a stopped directory, a copy, or one whose server is running. */

/* A server has it, or another program of ours. */
bool inspection_owned(const char *directory);
/* ST_ABSENT: there is no system.db. By id, after `after`. */
enum status inspection_tenants(const char *directory, struct str after, struct arena *arena,
                               struct tenant_page *ret_page);

struct file_report {
    enum status status;   /* could it be opened and read; else the rest is empty */
    struct str complaint; /* why not, or the first thing wrong with its pages and rows; empty: none */
    int64_t schema, schema_ours; /* versions: of the file, and the one that we write */
    uint64_t stray_references;   /* rows that refer to what is not there */
    bool degraded;               /* a server has marked it so */
    uint64_t bytes, log_bytes;
    struct audit_finding audit;
};
/* Reads every page, index, reference and audit row. Empty tenant: system.db. ST_OK whatever it finds.
 * While it reads, a server cannot fold the file's log in. */
enum status inspection_file(const char *directory, struct str tenant, struct arena *arena,
                            struct file_report *ret_report);
/* A whole, compacted copy of the file, as it is at one moment; `to` must not be there. */
enum status inspection_copy(const char *directory, struct str tenant, const char *to);
/* audit_examine() and audit_search() without a server. ST_ABSENT: there is no such file. */
enum status inspection_audit(const char *directory, struct str tenant,
                             struct audit_finding *ret_finding);
enum status inspection_audit_list(const char *directory, struct str tenant,
                                  const struct audit_filter *filter, uint64_t after_seq,
                                  uint32_t count_max, struct arena *arena, struct audit_page *ret_page);

/* form_list(), version_find(), table_find() with table_read(), and submission_list() without a server.
 * ST_NEWER, ST_PRECONDITION: a newer or an older program has written the file; a server brings an older
 * one up to date. */
enum status inspection_forms(const char *directory, struct str tenant, struct str after,
                             struct arena *arena, struct form_page *ret_page);
enum status inspection_version(const char *directory, struct str tenant, struct str form,
                               uint32_t number, struct arena *arena,
                               struct version_record *ret_version);
enum status inspection_table(const char *directory, struct str tenant, struct str name, uint32_t number,
                             struct arena *arena, struct table_record *ret_table, struct str *ret_csv);
enum status inspection_submissions(const char *directory, struct str tenant,
                                   const struct submission_query *query, struct arena *arena,
                                   struct submission_page *ret_page);

/* ---------------------------------------------------------------- backups
 * A folder with a whole, compacted copy of each file as one moment had it, and backup.json: how large
 * each is, its SHA-256, its schema, and where its audit log ends. Every copy was checked as `doctor`
 * checks before the folder got its name. */

struct backup_file {
    struct str name;   /* "system.db", "tenants/acme/data.db" */
    struct str tenant; /* empty: system.db */
    uint64_t bytes;
    struct digest hash; /* SHA-256 */
    int64_t schema;
    uint64_t audit_rows;
    struct digest audit_hash; /* of the newest row */
};

struct backup {
    struct str made_at;        /* RFC 3339 */
    struct backup_file *files; /* system.db first, then by tenant */
    uint32_t count, room;
    struct str where, fault; /* of a failure: the file, and what is wrong with it; may be empty */
};

/* Copies a data directory, or the file of one tenant, into `to`, which must not be there; its server may go on working.
 * Each file is what it was at one moment, not all at the same one; system.db is copied first. ST_CONFLICT: `to` is there.
 * ST_ABSENT: there is no such tenant. ST_DEGRADED: a file is not whole; nothing is left then. */
enum status backup_make(const char *directory, struct str tenant, const char *to, int64_t now_ms,
                        struct arena *arena, struct backup *ret_backup);
/* Reads every byte of a backup and holds it against its own list, and every file as `doctor` does.
 * ST_ABSENT: it is none. ST_DEGRADED: `where` and `fault` say what is wrong. */
enum status backup_verify(const char *backup, struct arena *arena, struct backup *ret_backup);
/* A data directory made of a backup that is verified on the way; `directory` must not be there, or
 * ST_CONFLICT. After a failure nothing is left. */
enum status backup_restore(const char *backup, const char *directory, struct arena *arena,
                           struct backup *ret_backup);
/* One tenant of a backup under a new name, in a directory that nobody serves (ST_LOCKED), beside what is there. What
 * was copied is verified on the way and examined where it lies. The tenant has the default quotas and no tokens: those
 * were not in its file. ST_ABSENT: it is not in the backup. ST_CONFLICT: there is a tenant of the new name. */
struct backup_wish {
    struct str tenant, as;
    struct actor actor; /* for the audit log of the server */
};
enum status backup_restore_tenant(const char *backup, const char *directory,
                                  const struct backup_wish *wish, struct arena *arena,
                                  struct backup *ret_backup);
/* Takes a backup of one tenant away, whole or begun. */
void backup_drop(const char *backup, struct str tenant);

/* ---------------------------------------------------------------- writes */

enum write_kind {
#define WRITE(name, member, where, action) WRITE_##name,
#include "tenants/write.def"
#undef WRITE
};

enum refusal {
#define REFUSAL(name, status, code, text) REFUSAL_##name,
#include "tenants/refusal.def"
#undef REFUSAL
};
const char *refusal_code(enum refusal refusal); /* "draft-stale"; "" for none */

struct tenant_create {
    struct str id, name;
    bool adopts; /* its file is there already, put there by whoever asks */
};
struct tenant_set_state {
    struct str id;
    enum tenant_state to;
};
struct tenant_set_name {
    struct str id, name;
};
struct quota_change {
    enum quota quota;
    int64_t value; /* 1 to QUOTA_MAX; 0: back to the default */
};
struct tenant_set_quota { /* what is not named stays as it is */
    struct str id;
    const struct quota_change *changes;
    uint32_t count;
};
struct token_create {
    struct str tenant; /* empty for ROLE_OPERATOR, and only then */
    enum token_role role;
    struct str note;
    int64_t expires_ms;          /* 0: never */
    uint32_t scopes;             /* of the role's; 0: all of them */
    struct str networks;         /* "10.0.0.0/8 ::1"; empty: from anywhere */
    struct str ret_id, ret_text; /* the text is not kept anywhere: show it now */
};
struct token_rotate {
    struct str tenant; /* as for token_revoke */
    struct str id;
    int64_t old_until_ms; /* the old secret lives until then: from now to limit(TOKEN_GRACE_SECONDS) */
    struct str ret_text;  /* shown now or never */
};
struct token_revoke {
    struct str tenant; /* must be the token's; empty: an operator's. Revoking twice is fine. */
    struct str id;
};
struct token_touch { /* queued by token_verify() itself */
    struct str id;
};
struct file_recover { /* queued by tenant_recover(); write.tenant says which file */
    bool ret_was_degraded;
};
struct form_create {
    struct str name; /* 1 to 63 of a-z, 0-9, - and _, starting with a letter or digit */
    struct str title;
    struct form_record ret_form;
};
struct form_set_state {
    struct str form;
    enum form_state to;
    enum form_state ret_from; /* also on REFUSAL_ILLEGAL_TRANSITION, to say what was possible */
};
struct draft_put {
    struct str form;
    struct str source;
    bool check_etag; /* refuse (DRAFT_STALE) unless the present draft is if_match; all zeroes: unless
                        there is none */
    struct digest if_match;
    bool makes; /* a form that is not there, with its name as its title, in the same transaction */
    struct draft_record ret_draft; /* its source is not filled */
};
struct version_publish {
    struct str form;
    struct str source;
    struct str edition, compiler_version;
    struct str title; /* of the form from now on; empty: as it was */
    bool check_draft; /* refuse (DRAFT_STALE) unless the draft still is if_match */
    struct digest if_match;
    bool opens;         /* a form in state draft becomes open */
    struct str channel; /* stands for the version from now on; empty: live; "none": no channel does */
    bool compared;      /* a new version is refused (VERSION_OVERTAKEN) unless compared_to is still the
                           newest, and (BREAKING_CHANGE) when it `breaks` that one; `forced`: it breaks it
                           and is taken all the same */
    uint32_t compared_to; /* 0: there was none */
    uint32_t compared_live; /* likewise of what live stands for; 0: it was not compared */
    bool breaks, forced;
    const struct artefact
        *artefacts; /* made from the source; also taken when the version was there already */
    uint32_t artefacts_count;
    bool ret_existing;                 /* the same source had been published: ret_version is that one */
    struct version_record ret_version; /* its source is not filled */
};
struct version_retire {
    struct str form;
    uint32_t number;
    int64_t grace_seconds;             /* -1: the form's term */
    struct version_record ret_version; /* its source is not filled */
};
struct channel_set { /* a channel that is not there is made; it begins with 100 percent */
    struct str form;
    struct str channel; /* empty: live */
    uint32_t version;
    uint32_t percent;    /* 100: `version` is the channel's; less: its candidate, for so many buckets */
    bool check_revision; /* refuse (CHANNEL_STALE) unless the channel's revision is if_match */
    uint32_t if_match;   /* 0: there must be none */
    struct channel_record ret_channel;
    bool ret_changed;
};
struct term_change {
    enum term term;
    int64_t value;
    bool reset; /* back to the default */
};
struct form_set_term { /* what is not named stays as it is */
    struct str form;
    const struct term_change *changes;
    uint32_t count;
    const struct str *frame_ancestors; /* NULL: as they are; empty: none */
};
struct theme_set { /* of the tenant; empty: none */
    struct str text;
};
struct artefact_put {
    int64_t form_id;
    uint32_t number;
    struct artefact artefact;
};
struct table_put {
    struct str name;
    struct str csv;
    uint32_t row_count, column_count;
    bool ret_existing; /* the newest version has these bytes: ret_table is that one */
    struct table_record ret_table;
};
struct saved_put { /* replaces what is there under that key */
    struct str form;
    uint32_t version;
    struct digest key_hash;
    struct str answers, locale;
    int64_t saved_ms;
    int64_t ret_until_ms; /* by the form's term */
};
struct saved_drop { /* also of what is not there */
    struct str form;
    struct digest key_hash;
};
struct saved_expire { /* those whose time is over at actor.at_ms, of all forms, at most limit(EXPIRE_ROWS) */
    uint32_t ret_erased;
};
struct invitations_issue {
    struct str form;
    struct str key;          /* idempotency key, as of a submission */
    struct digest body_hash; /* what was asked for */
    int64_t expires_ms;
    const struct digest *hashes;  /* SHA-256 of the codes; */
    const struct str *references; /* and for whom each is; NULL: nothing is said */
    uint32_t count;               /* 1 to limit(INVITATIONS) */
    bool ret_replayed;            /* same key, same body: ret_page is what was issued then */
    struct invitation_page ret_page; /* in the order of `hashes` */
};
struct invitation_revoke { /* twice is as once; refused (INVITATION_OVER) when it is used or expired */
    struct str form, id;
};
struct invitations_expire { /* whose time is over is expired, what was over for limit(INVITATION_KEPT_DAYS) is erased;
                               at most limit(EXPIRE_ROWS) of each */
    struct str form;
    uint32_t ret_changed;
};
struct submission_add {
    struct str form;
    uint32_t version;
    struct str key; /* 1 to 128 of A-Z, a-z, 0-9, - and _ */
    struct digest body_hash;
    struct str answers;
    int64_t received_ms;
    int64_t started_ms; /* when the submitter began; 0: not told. Matters while the form is closing. */
    struct str now, zone, locale;
    uint64_t steps;
    struct digest verdict_hash;
    struct str submitter, where;
    struct digest definition_hash;
    struct str edition, compiler_version;
    const struct digest *claims; /* no other submission of the form may have one of them: DUPLICATE_SUBMISSION */
    uint32_t claim_count;        /* at most limit(UNIQUE_RULES) */
    const struct submission_value *values;
    uint32_t value_count;
    const struct digest *invitation; /* used from now on: of the code. INVITATION_INVALID, or DUPLICATE_SUBMISSION when
                                        it was. NULL: the form asks for none */
    const struct digest *saved;  /* what was saved under that key is gone with it; NULL: nothing */
    bool ret_replayed; /* same key, same body: ret_submission is the one stored before */
    struct submission_record ret_submission; /* of a new one: the fields given, with id and seq */
};

struct carried_item {
    uint64_t seq;
    struct str answers, errors; /* one of them is empty */
    struct digest verdict_hash;
    uint64_t steps;
    const struct submission_value *values; /* of `answers` */
    uint32_t value_count;
};
/* A batch: all of it or nothing. What was carried before stays as it was. */
struct submissions_carry {
    struct str form;
    uint32_t from, to;
    struct str operation; /* counts the batch; refused (OPERATION_OVER) unless it is running. Empty: none */
    const struct carried_item *items;
    uint32_t count;
    uint32_t ret_added;
};

struct submissions_expire { /* those whose time is over by the form's terms, at most limit(EXPIRE_ROWS) */
    struct str form;
    uint32_t ret_erased;
};
struct submission_erase { /* for good, with all that was made of it; twice is as once */
    struct str form, id;
    bool ret_erased; /* false: it had been erased before */
};

struct operation_begin {
    enum operation_kind kind;
    struct str form; /* MIGRATE: and two versions */
    uint32_t from, to;
    bool ret_existing; /* one that does the same is under way: that one */
    struct operation_record ret_operation;
};
struct operation_move { /* to the state it has already: nothing happens */
    struct str id;
    enum operation_state to; /* refused (ILLEGAL_TRANSITION) when it may not follow */
    uint64_t total;          /* RUNNING: how much there is to do */
    struct str fault;        /* FAILED, and only then */
    struct operation_record ret_operation;
};

struct snapshot_add { /* its operation is done with it; refused (OPERATION_OVER) unless that runs */
    struct snapshot_record snapshot; /* id, bytes, hash, schema, audit_rows */
    struct operation_record ret_operation;
};
struct snapshot_drop { /* its files are the caller's to take away afterwards */
    struct str id;
};

/* One change. The caller owns it, and every byte it points at, until `done` has run (or write_queue()
 * refused). filled → queued → applied → on disk → done */
struct write {
    enum write_kind kind;
    struct str tenant; /* whose file; empty for those of system.db */
    struct actor actor;
    struct arena *arena; /* for results; the writer's own until `done` */
    /* Called once, on a writer thread, with no lock held, after the transaction is on disk or has
     * failed. Must be short, may queue further writes, and is the last to touch the write. */
    void (*done)(struct write *write);
    void *user;
    /* What came of it: */
    enum status status;
    enum refusal refusal; /* REFUSAL_NONE unless refused */
    bool more;            /* of a submission: another one of its transaction is told after it */
    union {
#define WRITE(name, member, where, action) struct member member;
#include "tenants/write.def"
#undef WRITE
    };
    /* The module's own: */
    struct write *next;
    size_t bytes;
};

/* ST_OK: `done` will be called. Anything else (ST_OVERLOADED, ST_DEGRADED, ST_ABSENT): refused at once,
 * `done` will not be called; write->status and write->refusal say the same. */
enum status write_queue(struct tenants *tenants, struct write *write);
/* The same, and waits for it; `done` and `user` are taken for that. Gives the write's status. Not from
 * a `done`. */
enum status write_wait(struct tenants *tenants, struct write *write);

/* ---------------------------------------------------------------- counters */

struct tenants_counters {
    uint64_t writes_queued;  /* accepted since the start */
    uint64_t writes_done;    /* whatever came of them */
    uint64_t writes_refused; /* at the queue: full, degraded, stopping */
    uint64_t transactions;   /* committed */
    uint64_t transactions_failed;
    uint64_t largest_batch;            /* most writes in one transaction */
    uint64_t commit_us, commit_us_max; /* time in commits, sum and worst */
    uint64_t checkpoints, checkpoint_us, checkpoint_us_max;
    uint64_t wal_bytes_max;            /* the largest log seen */
    uint64_t queue_depth, queue_bytes; /* waiting now, all files */
    uint64_t queue_fill_percent;       /* of the fullest file, of what it may hold */
    uint64_t open_tenants, degraded;
    uint64_t failing;             /* files whose last commit failed, not long ago */
    uint64_t opened, evicted;     /* files opened and closed again for room */
    uint64_t reads, reads_waited; /* reads; those that had to wait for a connection */
};
void tenants_counters(struct tenants *tenants, struct tenants_counters *ret_counters);
/* Closes files that nobody has used for limit(FILE_IDLE_SECONDS). For one thread, now and then. */
void tenants_tidy(struct tenants *tenants);

#endif
