/* Engine: the use cases. No SQL, no Lua, no HTTP: those are below and above.   the module's front door
 *
 *     struct engine *engine;
 *     st = engine_open(&(struct engine_options){.mem = mem_heap(), .directory = "data"}, &engine);
 *
 *     struct call call;
 *     call_init(&call, engine, &arena, STR("tok_1"));          who asks, where results live
 *     struct publication publication = {.tenant = t, .form = f, .source = text};
 *     st = engine_publish(&call, &publication, &published);
 *
 *     st = engine_fetch(engine, t, f, 0, &definition);         from memory, else read and compiled
 *     … definition->program …
 *     st = engine_dress(engine, definition);                   … definition_kept(definition) …
 *     definition_release(definition);
 *     engine_close(engine);
 *
 * Text goes in by engine_publish(), a `struct definition` comes out of engine_fetch(), and a verdict
 * out of engine_evaluate() and engine_submit(). Definitions are kept in memory, by tenant, form and
 * version, up to a number of bytes; a definition that is there costs no look into the storage. A
 * publication or a change of state takes the old one out before it returns.
 *
 * Which derived bytes belong to a definition (compressed documents, ready-made answers) is the front
 * end's business: it says so by a `struct presenter`. The engine stores what it derives beside the
 * version and keeps what it presents beside the definition, from when it is first asked for.
 *
 * All functions may be called from any thread; a `struct worker` belongs to one thread at a time. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "base/clock.h"
#include "base/gcra.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/zone.h"
#include "dsl/dsl.h"
#include "runtime/runtime.h"
#include "tenants/tenants.h"

#include <pthread.h>
#include <stdatomic.h>

struct engine;
struct definition;
struct usage_row;

/* ---------------------------------------------------------------- what the front end keeps */

/* Bytes made from a version's render document, stored with the version: "render.br". */
struct derivation {
    const char *kind; /* of the artefact; static */
    enum status (*derive)(struct str render, struct buf *out);
};

struct presenter {
    const struct derivation *derivations;
    uint32_t derivation_count; /* at most limit(ARTEFACTS) - 1 */
    /* Makes what is kept beside `definition`, never NULL, of its render document and what
     * derivations[i] made of that, derived[i]; both are gone afterwards. *ret_bytes counts against the
     * cache. Any thread. */
    enum status (*present)(const struct definition *definition, struct str render,
                           const struct str *derived, void **ret_kept, size_t *ret_bytes);
    /* The definition is gone. Any thread. */
    void (*discard)(void *kept);
};

/* ---------------------------------------------------------------- the engine */

struct engine_options {
    struct mem *mem;
    const char *directory;             /* the data; made when absent, its parent must exist */
    const struct presenter *presenter; /* outlives the engine; NULL: none */
    struct clock *clock;               /* NULL: the system's */
    struct log *log;                   /* NULL: none */
    size_t cache_bytes_max;            /* definitions in memory; 0: limit(DEFINITION_CACHE_BYTES) */
    uint32_t writers;                  /* 0: limit(WRITERS) */
    uint32_t queue_ops_max;            /* writes waiting per tenant; 0: limit(WRITER_QUEUE_OPS) */
    uint32_t readers_max;              /* reads at a time per tenant; 0: limit(TENANT_READERS) */
    uint64_t judging_steps_max;        /* 0: what the form was published for */
    uint32_t judging_ms_max;           /* 0: limit(JUDGE_MS), more for what may take more steps */
};

/* ST_LOCKED: another process owns the directory. ST_NEWER, ST_DEGRADED, ST_IO: see tenants_open(). */
enum status engine_open(const struct engine_options *options, struct engine **ret_engine) MUST_USE;
/* Finishes the writes that are queued (their `done`s run). No definition may be held any more, no
 * worker may be left, no call may be running. NULL is fine. */
void engine_close(struct engine *engine);

/* ---------------------------------------------------------------- what tenants may have at a time */

/* A tenant has had what it may of one of its quotas. */
struct excess {
    bool exceeded; /* else nothing of this is so */
    enum quota quota;
    struct gcra limit; /* none (all zeroes) for JUDGINGS */
    struct gcra_answer answer;
};

/* One tenant's quotas and what it has used of them (engine/tenancy.h). */
struct tenancy;
struct tenancy *tenancy_retain(struct tenancy *tenancy);
/* NULL is fine. */
void tenancy_release(struct tenancy *tenancy);
/* One of REQUESTS or SUBMISSIONS. False: ret_excess says more. */
bool tenancy_take(struct tenancy *tenancy, enum quota quota, int64_t now_us, struct excess *ret_excess);
/* Are steps left? Takes nothing; engine_evaluate() asks again. */
bool tenancy_may_judge(struct tenancy *tenancy, int64_t now_us, struct excess *ret_excess);
/* JUDGINGS are shared between threads that must not wait, each of which takes a place (false: there is
 * none left) and leaves it, and threads that may, of which so many may judge. Together they are never
 * more than the quota. */
bool tenancy_enter(struct tenancy *tenancy);
void tenancy_leave(struct tenancy *tenancy);
int64_t tenancy_far_judgings(const struct tenancy *tenancy);

/* One caller's business with the engine. */
struct call {
    struct engine *engine;
    struct arena *arena;  /* results live here */
    struct actor actor;   /* for the audit log */
    enum refusal refusal; /* finer than the status, after a write was refused; else REFUSAL_NONE */
    struct excess excess; /* after ST_LIMIT: of what there was too much, if it was a quota */
};
/* `who` and `arena` outlive the call. The rest of `actor` may be filled in afterwards. */
void call_init(struct call *call, struct engine *engine, struct arena *arena, struct str who);

/* ---------------------------------------------------------------- tenants and tokens */

/* One request that names the tenant. ST_LIMIT: too many; call->excess. */
enum status engine_request(struct call *call, struct str tenant) MUST_USE;

enum status engine_tenant_create(struct call *call, struct str id, struct str name,
                                 struct tenant_record *ret_tenant) MUST_USE;
enum status engine_tenant_find(struct call *call, struct str id,
                               struct tenant_record *ret_tenant) MUST_USE;
enum status engine_tenant_list(struct call *call, struct str after, uint32_t count_max,
                               struct tenant_page *ret_page) MUST_USE;
/* Its definitions leave memory before this returns; those of a tenant that is not active are not
 * served. */
enum status engine_tenant_set_state(struct call *call, struct str id, enum tenant_state to) MUST_USE;

enum status engine_tenant_set_name(struct call *call, struct str id, struct str name) MUST_USE;
/* In force for every write that is queued after this has returned. */
enum status engine_tenant_set_quota(struct call *call, struct str id,
                                    const struct quota_change *changes, uint32_t count) MUST_USE;
/* Checks the file of a tenant (empty: the system's) and takes it out of its degraded state. */
enum status engine_tenant_recover(struct call *call, struct str id) MUST_USE;

struct token_made {
    struct str id, text; /* the text is shown now or never */
};
/* Of `wish` what comes back is not filled. */
enum status engine_token_create(struct call *call, const struct token_create *wish,
                                struct token_made *ret_token) MUST_USE;
/* A new secret under the same id; the old one lives until `old_until_ms`. */
enum status engine_token_rotate(struct call *call, struct str tenant, struct str id,
                                int64_t old_until_ms, struct token_made *ret_token) MUST_USE;
enum status engine_token_find(struct call *call, struct str tenant, struct str id,
                              struct token_record *ret_token) MUST_USE;
enum status engine_token_revoke(struct call *call, struct str tenant, struct str id) MUST_USE;
enum status engine_token_list(struct call *call, struct str tenant, struct str after,
                              uint32_t count_max, struct token_page *ret_page) MUST_USE;
enum status engine_token_verify(struct call *call, struct str text,
                                struct token_record *ret_token) MUST_USE;

/* ---------------------------------------------------------------- audit; empty tenant: the server's
 * own */

enum status engine_audit_list(struct call *call, struct str tenant, const struct audit_filter *filter,
                              uint64_t after_seq, uint32_t count_max,
                              struct audit_page *ret_page) MUST_USE;
/* Computes the chain again. ST_OK whatever it finds. */
enum status engine_audit_examine(struct call *call, struct str tenant,
                                 struct audit_finding *ret_finding) MUST_USE;

/* ---------------------------------------------------------------- forms and drafts */

enum status engine_form_create(struct call *call, struct str tenant, struct str name, struct str title,
                               struct form_record *ret_form) MUST_USE;
enum status engine_form_find(struct call *call, struct str tenant, struct str name,
                             struct form_record *ret_form) MUST_USE;
enum status engine_form_list(struct call *call, struct str tenant, struct str after, uint32_t count_max,
                             struct form_page *ret_page) MUST_USE;
/* The form's definitions leave memory before this returns. */
enum status engine_form_set_state(struct call *call, struct str tenant, struct str name,
                                  enum form_state to) MUST_USE;

enum status engine_draft_find(struct call *call, struct str tenant, struct str form,
                              struct draft_record *ret_draft) MUST_USE;

enum draft_condition {
    DRAFT_ALWAYS,
    DRAFT_NEW,       /* refused (DRAFT_STALE) when there is a draft */
    DRAFT_UNCHANGED, /* refused (DRAFT_STALE) unless the draft is `if_match` */
};
/* A form that is not there is made, with `form` as its title until something is published. */
enum status engine_draft_put(struct call *call, struct str tenant, struct str form, struct str source,
                             enum draft_condition condition, const struct digest *if_match,
                             struct draft_record *ret_draft) MUST_USE;

/* ---------------------------------------------------------------- lookup tables */

struct table_made {
    struct sheet_fault fault; /* ST_INPUT with REFUSAL_NONE: why the bytes are no table */
    bool existing;            /* the newest version has these bytes: `table` is that one */
    struct table_record table;
};
enum status engine_table_put(struct call *call, struct str tenant, struct str name, struct str csv,
                             struct table_made *ret_made) MUST_USE;
/* `number` 0: the newest. */
enum status engine_table_find(struct call *call, struct str tenant, struct str name, uint32_t number,
                              struct table_record *ret_table) MUST_USE;
enum status engine_table_read(struct call *call, struct str tenant, const struct table_record *table,
                              struct str *ret_csv) MUST_USE;
enum status engine_table_list(struct call *call, struct str tenant, struct str after,
                              uint32_t count_max, struct table_page *ret_page) MUST_USE;

/* ---------------------------------------------------------------- check and publish */

struct check {
    struct diags diags; /* in the call's arena; of `source` */
    bool ok;            /* no errors: the rest is there */
    struct str name, title;
    uint32_t edition;
    uint32_t field_count;
    struct price price; /* also of what is refused for its price alone */
};
/* Compiles within what `tenant` may publish, and forgets. ST_OK whatever the diagnostics say. */
enum status engine_check(struct call *call, struct str tenant, struct str source,
                         struct check *ret_check) MUST_USE;

struct publication {
    struct str tenant, form;
    struct str source; /* empty: the draft's. A form that is not there is made when there is a source */
    bool check_draft;  /* refused (DRAFT_STALE) unless the draft still is if_match */
    struct digest if_match;
    bool allow_breaking; /* also when stored answers do not fit the new version */
    struct str channel;  /* stands for the version from now on; empty: live; "none": no channel does */
};
struct published {
    struct check check;            /* ST_INPUT: why not */
    struct str source;             /* what was compiled: the places of the diagnostics are in it */
    bool existing;                 /* the same source had been published: `version` is that one */
    struct version_record version; /* its source is not filled */
    uint32_t compared_to;          /* the newest version, or the live one when that differs more; 0: none */
    struct dsl_diff diff;          /* from that one; also when BREAKING_CHANGE is refused */
};
/* Compiles within the tenant's quotas, compares with the newest version (BREAKING_CHANGE), stores
 * version and artefacts, opens a form that was a draft, takes the old definition out of memory.
 * ST_INPUT with REFUSAL_NONE: the definition has errors, ret_published->check is written and says
 * which. */
enum status engine_publish(struct call *call, const struct publication *publication,
                           struct published *ret_published) MUST_USE;

/* ---------------------------------------------------------------- what is served, and for how long */

enum status engine_channel_list(struct call *call, struct str tenant, struct str form,
                                struct channel_page *ret_page) MUST_USE;
enum status engine_channel_find(struct call *call, struct str tenant, struct str form,
                                struct str channel, struct channel_record *ret_channel) MUST_USE;
/* In force for every request that begins after this has returned. What comes of it is in `set`. */
enum status engine_channel_set(struct call *call, struct str tenant, struct channel_set *set) MUST_USE;
/* `grace_seconds` -1: the form's term. */
enum status engine_version_retire(struct call *call, struct str tenant, struct str form,
                                  uint32_t number, int64_t grace_seconds,
                                  struct version_record *ret_version) MUST_USE;
/* Whether a version is retired and takes no submissions any more; one that is not there is not. */
enum status engine_version_over(struct call *call, struct str tenant, struct str form, uint32_t number,
                                bool *ret_over) MUST_USE;
/* ST_ABSENT: no such form. */
enum status engine_term_find(struct call *call, struct str tenant, struct str form,
                             struct terms *ret_terms) MUST_USE;
/* `frame_ancestors` NULL: as they are. */
enum status engine_term_set(struct call *call, struct str tenant, struct str form,
                            const struct term_change *changes, uint32_t count,
                            const struct str *frame_ancestors) MUST_USE;
/* Of a form that is there or not; without one the theme alone. ST_ABSENT: no such tenant. */
enum status engine_guise_find(struct call *call, struct str tenant, struct str form,
                              struct guise *ret_guise) MUST_USE;
/* Of the tenant; empty: none. */
enum status engine_theme_set(struct call *call, struct str tenant, struct str text) MUST_USE;

/* What differs between two versions of a form. */
struct comparison {
    struct str tenant, form;
    uint32_t from; /* 0: the newest */
    uint32_t to;   /* 0: the draft */
    /* What comes of it: */
    struct dsl_diff diff;
    struct check check;   /* ST_INPUT with REFUSAL_NONE: what is wrong with `to` */
    struct str to_source; /* the places of the diagnostics are in it */
};
enum status engine_compare(struct call *call, struct comparison *comparison) MUST_USE;

enum status engine_version_find(struct call *call, struct str tenant, struct str form, uint32_t number,
                                struct version_record *ret_version) MUST_USE;
enum status engine_version_list(struct call *call, struct str tenant, struct str form, uint32_t before,
                                uint32_t count_max, struct version_page *ret_page) MUST_USE;

struct definition;
/* A version as an ES module for browsers (docs/module.md), in the call's arena. ST_TOO_LARGE: it cannot be one. May take long by computing. */
enum status engine_module(struct call *call, const struct definition *definition, struct str *ret_text) MUST_USE;

/* ---------------------------------------------------------------- definitions, ready for use */

/* One published version, compiled: immutable but for its dressing, shared by reference count. */
struct definition {
    struct mem *mem;
    struct str tenant, form; /* inside the definition's own block */
    uint64_t owner;          /* the tenant, as a number: runtime.h */
    struct usage_row *usage; /* the form's; never NULL */
    struct tenancy *tenancy; /* the tenant's; never NULL */
    int64_t form_id;
    uint32_t number;
    struct digest hash; /* of its source */
    struct program *program; /* retained */
    struct common *common;   /* the engine's: whose program it is besides. NULL: nobody's */
    const struct zone *zone;   /* the program's */
    const struct atlas *atlas; /* of a program that is `zoned`, else NULL; the engine's */
    struct arena arena;        /* zone */
    const struct presenter *presenter;
    pthread_mutex_t dressing;
    _Atomic(void *) kept; /* definition_kept() */
    size_t bytes;         /* all of it, for the cache; grows under the cache's lock */
    size_t block_bytes;
    atomic_uint references;
    struct cache_entry *cached; /* the cache's own, under its lock; NULL: not there */
};
struct definition *definition_retain(struct definition *definition);
/* NULL is fine. */
void definition_release(struct definition *definition);

/* Has the presenter make what is kept beside it, if that is not done yet. May read, compile and
 * compress. */
enum status engine_dress(struct engine *engine, struct definition *definition) MUST_USE;
/* What the presenter made of it, as long as the definition is held. NULL: not dressed yet. */
void *definition_kept(const struct definition *definition);

/* Which of a form's versions is meant: one by its number, or what a channel stands for. All zeroes:
 * what "live" stands for. */
struct aim {
    uint32_t number;    /* 0: as the channel says */
    struct str channel; /* empty: live */
    uint32_t bucket;    /* 1 + the respondent's; 0: not told */
};
/* ST_ABSENT: no such tenant, form, channel or version, or not to be served (the tenant is not active,
 * the form is archived). May read and compile: use engine_aim_cached() where that must not happen. */
enum status engine_aim(struct engine *engine, struct str tenant, struct str form, struct aim aim,
                       struct definition **ret_definition) MUST_USE;
/* NULL when it is not in memory. Touches no storage. */
struct definition *engine_aim_cached(struct engine *engine, struct str tenant, struct str form,
                                     struct aim aim);
/* The same by number, 0: live. ST_ABSENT: no such tenant, form or version, or not to be served (the
 * tenant is not active, the form is archived). May read and compile: use engine_fetch_cached() where
 * that must not happen. */
enum status engine_fetch(struct engine *engine, struct str tenant, struct str form, uint32_t number,
                         struct definition **ret_definition) MUST_USE;
/* The same whatever has become of form and tenant, for reading what is stored: not kept in memory when
 * they are not served. */
enum status engine_stored(struct engine *engine, struct str tenant, struct str form, uint32_t number,
                          struct definition **ret_definition) MUST_USE;
/* NULL when it is not in memory. Touches no storage. */
struct definition *engine_fetch_cached(struct engine *engine, struct str tenant, struct str form,
                                       uint32_t number);

/* ---------------------------------------------------------------- usage, since the engine was opened
 */

enum usage_kind {
#define USAGE(NAME, name, what) USAGE_##NAME,
#include "engine/usage.def"
#undef USAGE
    USAGE_COUNT
};
/* "over_steps" */
const char *usage_name(enum usage_kind kind);
struct usage_counts {
    uint64_t of[USAGE_COUNT];
};
struct usage_item {
    struct str name; /* the form's; of engine_usage_top() the tenant's */
    struct usage_counts counts;
};
struct usage_page {
    int64_t since_ms;
    struct usage_counts total; /* of all the tenant's forms */
    struct usage_item *items;
    uint32_t count;
    bool more; /* ask again after the last one's name */
};
/* A tenant's forms that were used, by name, after `after`. A count that others raise meanwhile may be
 * ahead of another. */
enum status engine_usage_list(struct call *call, struct str tenant, struct str after,
                              uint32_t count_max, struct usage_page *ret_page) MUST_USE;
/* The tenants that spent most steps, most first; `total` is not filled. */
enum status engine_usage_top(struct engine *engine, uint32_t count_max, struct arena *arena,
                             struct usage_page *ret_page) MUST_USE;

/* ---------------------------------------------------------------- judging */

/* What a thread needs for judging. */
struct worker;
enum status worker_new(struct engine *engine, struct worker **ret_worker) MUST_USE;
/* NULL is fine. */
void worker_free(struct worker *worker);
/* A place among the judgings of a tenant (tenancy_enter()) that is this thread's until worker_leave();
 * whoever has one of this tenant's keeps it. */
bool worker_enter(struct worker *worker, struct tenancy *tenancy);
void worker_leave(struct worker *worker);

/* Every limit(POOL_IDLE_SECONDS): frees what workers keep for forms that nobody judges any more. Holds
 * no worker up for long. Any thread. */
void engine_tidy(struct engine *engine);

struct evaluation {
    const struct definition *definition;
    struct str answers; /* JSON text; outlives the outcome */
    struct str locale;  /* empty: the form's first language */
    int64_t now_ms;     /* 0: now */
    bool lenient;       /* as runtime.h says */
    /* Writes what is wanted of a judging that ended JUDGE_JUDGED; NULL: nothing is. ST_LIMIT: what
     * there is to say is too long, and the judging has ended JUDGE_OVER_MEMORY instead, for everyone
     * who counts. Any other failure is engine_evaluate()'s. */
    enum status (*tell)(struct worker *worker, const struct judge_outcome *outcome, void *user);
    void *user;
};
/* ST_LIMIT: the tenant's steps or judgings are used up; worker_excess(). Its steps are charged
 * afterwards. */
enum status engine_evaluate(struct worker *worker, const struct evaluation *evaluation,
                            struct judge_outcome *ret_outcome) MUST_USE;
const struct excess *worker_excess(const struct worker *worker);
/* Of the last evaluation or submission of this worker that ended JUDGE_JUDGED: */
/* For whoever draws it (runtime.h: sight_…); within `tell`, or until the worker judges again. */
const struct judge *worker_judge(const struct worker *worker);
void worker_verdict_write(const struct worker *worker, struct buf *out);
void worker_accord_write(const struct worker *worker, struct buf *out);
void worker_errors_write(const struct worker *worker, struct buf *out);
void worker_texts_write(const struct worker *worker, struct buf *out);
void worker_suggestions_write(const struct worker *worker, struct buf *out);
void worker_now_write(const struct worker *worker, struct buf *out);
void worker_withheld_write(const struct worker *worker, struct buf *out);

/* ---------------------------------------------------------------- submissions */

enum intake_state {
    INTAKE_READY,    /* judged valid: engine_store() it */
    INTAKE_QUEUED,   /* waiting for the disk: `done` will be called */
    INTAKE_STORED,   /* on disk; `submission` tells */
    INTAKE_REPLAYED, /* the same had been stored before; `submission` tells */
    INTAKE_INVALID,  /* judged, with errors: worker_errors_write() */
    INTAKE_UNJUDGED, /* `outcome.state` says why there is no verdict */
    INTAKE_REFUSED,  /* `status` and `refusal` */
};

/* The answers that a submission will be found by. */
struct indexing {
    const struct program *program;
    struct arena *arena;
    struct submission_value *items;
    uint32_t count, capacity;
    uint32_t node; /* the last one's, and where it is: */
    struct str path;
    enum status failure;
};

/* One submission on its way:   given → READY → QUEUED → STORED | REPLAYED | REFUSED
 *                                    → REPLAYED | INVALID | UNJUDGED | REFUSED       */
struct intake {
    /* Given, and kept alive until it is over: */
    struct arena *arena; /* the writer's own while QUEUED */
    struct definition *definition;
    struct str key;     /* idempotency key */
    struct str body;    /* whose digest the key belongs to */
    struct str answers; /* inside body */
    struct str locale;
    int64_t started_ms; /* when the submitter began; 0: not told */
    struct str saved;   /* the key of what was saved of it, and is gone with it; empty: none */
    struct str invitation; /* the code of one, where the form asks for it; empty: none */
    struct actor actor;
    struct str submitter, where;
    bool compares; /* `accord` is wanted */
    void (*done)(struct intake *intake); /* on a writer thread, once, only after QUEUED */
    void *user;

    /* What came of it: */
    enum intake_state state;
    enum status status;
    enum refusal refusal;
    bool more; /* when `done` is called: it will be for another one right after */
    struct excess excess; /* REFUSED with ST_LIMIT: by the tenant's quota */
    struct judge_outcome outcome;
    const struct submission_record *submission; /* STORED, REPLAYED */
    struct buf verdict; /* READY, QUEUED, STORED: its verdict; INVALID: the errors, an array */
    struct buf accord;  /* likewise, where it is wanted: worker_accord_write() */

    /* The engine's own: */
    struct engine *engine;
    struct str clean; /* the normalised answers, as they are stored; inside `verdict` */
    struct digest saved_hash, invitation_hash;
    bool invited; /* the form asks for an invitation */
    struct digest *claims; /* of what the form wants to be unique; in the arena */
    uint32_t claim_count;
    struct indexing values; /* that it is found by */
    int64_t now_ms;

    struct write write;
};

/* Judges. A submission that was stored before under the same key with the same body is REPLAYED
 * whatever the form says today; the same key with another body is REFUSED (KEY_REUSED); both are known
 * at the latest when it is stored. */
enum intake_state engine_submit(struct worker *worker, struct intake *intake);
/* READY to QUEUED or REFUSED. After QUEUED `done` may have been called already when this returns: touch
 * nothing. */
enum intake_state engine_store(struct intake *intake);
/* Judges the stored submission again, at the moment and under the version it had then: the same
 * verdict. `definition` is of that version; `answers` are those sent. Then worker_verdict_write(). */
enum status engine_rejudge(struct worker *worker, const struct intake *intake,
                           const struct definition *definition) MUST_USE;
/* Gives the verdict's bytes back; the definition is the caller's to release. */
void intake_release(struct intake *intake);

/* Under the definition's version; `answers` and `locale` of *saved are given, the rest is what came of it. */
enum status engine_saved_put(struct call *call, const struct definition *definition,
                             const struct digest *key_hash, struct saved_record *saved) MUST_USE;
enum status engine_saved_find(struct call *call, struct str tenant, struct str form,
                              const struct digest *key_hash, struct saved_record *ret_saved) MUST_USE;
enum status engine_saved_drop(struct call *call, struct str tenant, struct str form,
                              const struct digest *key_hash) MUST_USE;

/* Does the form ask for an invitation: `unique per invitation`? */
bool engine_wants_invitation(const struct program *program);
struct invitation_wish {
    struct str form, key; /* idempotency key */
    struct str body;      /* what was asked for, byte for byte */
    int64_t expires_ms;
    const struct str *references; /* NULL: without */
    uint32_t count;               /* 1 to limit(INVITATIONS) */
};
struct invitations_made {
    struct invitation_page page;
    struct str *codes; /* kept nowhere: shown now or never. NULL: issued before, under the same key */
};
enum status engine_invitations_issue(struct call *call, struct str tenant, const struct invitation_wish *wish,
                                     struct invitations_made *ret_made) MUST_USE;
enum status engine_invitation_find(struct call *call, struct str tenant, struct str form, struct str id,
                                   struct invitation_record *ret_invitation) MUST_USE;
/* ST_ABSENT: none of the form's can be used with that code. ST_CONFLICT: it is used. */
enum status engine_invitation_look(struct call *call, struct str tenant, struct str form,
                                   struct str code) MUST_USE;
/* query->now_ms is the engine's. ST_ABSENT: no such form. */
enum status engine_invitation_list(struct call *call, struct str tenant, struct invitation_query *query,
                                   uint32_t count_max, struct invitation_page *ret_page) MUST_USE;
enum status engine_invitation_revoke(struct call *call, struct str tenant, struct str form,
                                     struct str id) MUST_USE;

/* ST_GONE: it was erased. */
enum status engine_submission_find(struct call *call, struct str tenant, struct str form, struct str id,
                                   struct submission_record *ret_submission) MUST_USE;
/* Where it stands in a list, also when it was erased. */
enum status engine_submission_place(struct call *call, struct str tenant, struct str form, struct str id,
                                    int64_t *ret_received_ms, uint64_t *ret_seq) MUST_USE;
/* For good. ST_OK too when it had been erased before. */
enum status engine_submission_erase(struct call *call, struct str tenant, struct str form,
                                    struct str id) MUST_USE;
/* The one that was stored under that idempotency key. */
enum status engine_submission_by_key(struct call *call, struct str tenant, struct str form, struct str key,
                                     struct submission_record *ret_submission) MUST_USE;
enum status engine_submission_list(struct call *call, struct str tenant,
                                   const struct submission_query *query, uint32_t count_max,
                                   struct submission_page *ret_page) MUST_USE;
/* See day_list(). ST_ABSENT: no such form. */
enum status engine_day_list(struct call *call, struct str tenant, const struct day_query *query,
                            uint32_t count_max, struct day_page *ret_page) MUST_USE;

/* What the submissions of a form say when they are counted. */
struct stats_query {
    struct str tenant, form;
    uint32_t version;    /* 0: all, fields with the same path and type together */
    struct str language; /* of labels; empty: each version's first */
    bool sensitive;      /* fields that are, too */
};
struct stats_option {
    struct str code, label;
    uint64_t count;
};
struct stats_field {
    struct str path, label; /* label: with {path} where a value would stand */
    enum program_node_kind kind; /* FIELD, or REPEAT: `answered` are its rows, and that is all */
    enum program_type type;
    char currency[4];  /* MONEY */
    uint32_t version;  /* the newest that has it so; labels are of that one */
    bool counted;      /* else there were too many before it */
    uint64_t of;       /* submissions, or rows of the repeat around it, of versions that have it */
    uint64_t answered; /* in them */
    struct stats_option *options; /* by their order; those of earlier versions after them */
    uint32_t option_count;
    bool has_options, has_sum;
    uint64_t rest, other; /* options past those; what no option says */
    struct str sum, least, most; /* `has_sum`: exact; empty without answers */
};
struct stats_version {
    uint32_t version;
    uint64_t submissions;
    int64_t first_ms, last_ms;
    bool fields; /* its answers are counted; else it is too old */
};
struct stats {
    uint64_t submissions; /* counted */
    uint64_t behind;      /* not yet: ask again */
    uint64_t erased, saved;
    uint64_t unread;  /* could not be read to the end */
    uint64_t earlier; /* than all days */
    struct stats_version *versions;
    uint32_t version_count;
    struct day_count *days;
    uint32_t day_count;
    struct stats_field *fields; /* in the order of the newest version, then those that only earlier ones have */
    uint32_t field_count, hidden; /* hidden: sensitive ones that were left out */
    int64_t since_ms; /* of `usage`, which is kept in memory only */
    struct usage_counts usage;
};
/* Counts what was not counted yet, from connections that only read, up to limit(STATS_ROWS) submissions.
 * ST_ABSENT: no such form. */
enum status engine_stats(struct call *call, const struct stats_query *query,
                         struct stats *ret_stats) MUST_USE;

/* See submission_walk_next() and submission_walk_close(). */
enum status engine_export(struct engine *engine, struct str tenant,
                          const struct submission_query *query,
                          struct submission_walk **ret_walk) MUST_USE;
enum status engine_export_next(struct submission_walk *walk,
                               struct submission_record *ret_submission) MUST_USE;
/* How many it will still give, if none is erased meanwhile. */
enum status engine_export_left(struct submission_walk *walk, uint64_t *ret_left) MUST_USE;
void engine_export_close(struct submission_walk *walk);

/* ---------------------------------------------------------------- replays
 * Judging what is stored again, each from its own version, clock, zone and locale. Of a data directory
 * seen from outside: its server may be running. */

enum replayed {
#define REPLAYED(NAME, name, text) REPLAYED_##NAME,
#include "engine/replayed.def"
#undef REPLAYED
    REPLAYED_COUNT
};
const char *replayed_name(enum replayed what); /* "answers-differ" */
const char *replayed_text(enum replayed what);

struct replayed_one {
    struct str tenant;
    const struct submission_record *submission;
    enum replayed what;
    uint64_t steps_now; /* 0: there is no verdict */
};
struct replay {
    struct mem *mem;
    const char *directory;
    struct str tenant, form;                                             /* empty: all of them */
    void (*tell)(struct replay *replay, const struct replayed_one *one); /* NULL: nobody */
    void *user;
    uint64_t counts[REPLAYED_COUNT];
    uint64_t other_steps; /* verdicts that took more or fewer steps than then */
};
/* ST_OK whatever came of them. ST_ABSENT: no such directory, tenant, or form of that tenant.
 * ST_PRECONDITION: an older program has written a file, and no server has brought it up to date since.
 */
enum status engine_replay(struct replay *replay) MUST_USE;

/* ---------------------------------------------------------------- carrying to a later version */

struct carried_try {
    struct str id; /* of the submission */
    struct carried_item item;
};
/* Answers to `from` become answers to `to` (dsl.h: dsl_migration), up to limit(CARRY_ROWS) submissions at a time. */
struct carrying {
    struct str tenant, form;
    uint32_t from, to; /* `to` 0, when nothing is kept: the draft */
    bool keep;         /* on disk; goes on after what was kept before. Else nothing is changed */
    uint64_t after_seq; /* not `keep`: the last one seen; 0: from the start */
    struct str operation; /* `keep`: the one that it is a part of; empty: none */
    /* What comes of it: */
    struct check check;   /* ST_INPUT with REFUSAL_NONE: what is wrong with the migration */
    struct str to_source; /* the places of the diagnostics are in it */
    struct carried_try *items;
    uint32_t count, carried; /* looked at, and how many of them fit */
    uint64_t last_seq, steps;
    bool more; /* there are submissions of `from` after these */
};
enum status engine_carry(struct call *call, struct carrying *carrying) MUST_USE;
/* What became of the submission under later versions. */
enum status engine_carried(struct call *call, struct str tenant,
                           const struct submission_record *submission,
                           struct carried_page *ret_page) MUST_USE;

/* ---------------------------------------------------------------- why */

/* Answers judged by one version of a form, and why places are as they are: runtime.h, verdict_write_reasons(). */
struct explaining {
    struct str tenant, form;
    uint32_t version;
    struct str answers;
    struct str locale; /* empty: the form's first language */
    int64_t now_ms;    /* 0: now */
    bool lenient;      /* as runtime.h says */
    struct str wanted; /* empty: all that is remarkable */
    bool masks;        /* nothing is told of what is sensitive */
    struct buf *out;   /* written when there is a verdict; failed with ST_LIMIT: it would be too long */
    /* What comes of it: */
    struct judge_outcome outcome; /* fault_rule and fault_pointer are not for use: */
    uint32_t fault_line, fault_column;
    struct str fault_pointer;
    bool known; /* `wanted` is a path or place of the form */
};
/* Compiled for it, and paid for as a compilation and a judging are. ST_ABSENT: no such version. */
enum status engine_explain(struct call *call, struct explaining *explaining) MUST_USE;
/* Of what a submission said, at the moment and in the language of then: fills `version`, `answers`, `locale` and `now_ms`.
 * ST_ABSENT: no such submission. */
enum status engine_explain_submission(struct call *call, struct explaining *explaining, struct str id) MUST_USE;
/* ---------------------------------------------------------------- retention */

/* Erases what is older than its form's term retention_days, and saved answers whose time is over, in all tenants, a bounded batch at a time;
 * ends early once *stop. What it cannot do now it leaves to the next call. */
void engine_sweep(struct engine *engine, const atomic_bool *stop);
/* Closes files that nobody has used for a while. May wait for the disk. */
void engine_close_idle(struct engine *engine);

/* ---------------------------------------------------------------- finding by answers */

/* "total >= 100", of a version of the form: filter[total][gte]=100. Paths are of keys: "members.age". */
struct filter_wish {
    struct str path;
    struct str op;   /* "eq", "ne", "lt", "lte", "gt", "gte", "in" */
    struct str text; /* of "in" several, with commas */
};
/* In the arena, with what is asked of one path made one condition: some one value fits all of it.
 * ST_INPUT: *reterr_detail says what is wrong. ST_DENIED: that field is sensitive, and `sensitive` is false. */
enum status engine_filter(const struct program *program, const struct filter_wish *wishes, uint32_t count,
                          bool sensitive, struct arena *arena, struct submission_filter *ret_filter,
                          struct str *reterr_detail) MUST_USE;

/* ---------------------------------------------------------------- masking */

/* Stored answers of one form for who may not see what is sensitive. Fill the first three; release at
 * the end. */
struct masking {
    struct engine *engine;
    struct str tenant, form;
    struct definition *last;
    bool hides;
    enum status failure; /* a version could not be read now: what has been told is not to be believed */
};
/* Has the version anything that is sensitive? Also true when it cannot be read. */
bool masking_hides(struct masking *masking, uint32_t version);
/* JSON: the answers with null in the place of what is sensitive; null when that cannot be told, for ever
 * since the version does not compile any more, or now: then `failure` says so. */
void masking_put(struct masking *masking, uint32_t version, struct str answers, struct buf *out);
void masking_release(struct masking *masking);
/* ---------------------------------------------------------------- operations
 * Long work behind an answer: begun by a call, gone on with by whoever has threads for it. */

struct undertaking {
    struct operation_begin begin; /* what is to be done, and what came of it */
    struct check check;           /* ST_INPUT with REFUSAL_NONE: why the migration is none */
    struct str to_source;
};
/* The same that is under way already is that one. */
enum status engine_operation_begin(struct call *call, struct str tenant,
                                   struct undertaking *undertaking) MUST_USE;
enum status engine_operation_find(struct call *call, struct str tenant, struct str id,
                                  struct operation_record *ret_operation) MUST_USE;
enum status engine_operation_list(struct call *call, struct str tenant, struct str before,
                                  uint32_t count_max, struct operation_page *ret_page) MUST_USE;
/* Nothing more is done after this has returned; what was done stays. */
enum status engine_operation_cancel(struct call *call, struct str tenant, struct str id,
                                    struct operation_record *ret_operation) MUST_USE;
/* Those that a migration could not carry. */
enum status engine_refused_list(struct call *call, struct str tenant,
                                const struct operation_record *operation, uint64_t after_seq,
                                uint32_t count_max, struct refused_page *ret_page) MUST_USE;

/* Backups of the tenant's file that are kept; newest first. */
enum status engine_snapshot_list(struct call *call, struct str tenant,
                                 struct snapshot_page *ret_page) MUST_USE;
enum status engine_snapshot_drop(struct call *call, struct str tenant, struct str id) MUST_USE;

/* One operation in the hands of one thread at a time, a bounded piece after another. */
struct labour;
enum status labour_new(struct engine *engine, struct str tenant, struct str id,
                       struct labour **ret_labour) MUST_USE;
/* False: the operation is over, or gone. True: another turn, not before *ret_wait_ms have passed: so
 * that it takes no more of a second than half of what the tenant may have of steps. */
bool labour_turn(struct labour *labour, int64_t *ret_wait_ms);
void labour_free(struct labour *labour);
/* Tells of every operation that is under way, in all tenants; ends early once *stop. */
void engine_operations_open(struct engine *engine, const atomic_bool *stop,
                            void (*tell)(void *user, struct str tenant, struct str id), void *user);

/* ---------------------------------------------------------------- counters */

struct engine_counters {
    uint64_t cache_hits, cache_misses, cache_evictions, cache_bytes, cache_entries;
    uint64_t definitions_loaded;        /* read and compiled */
    uint64_t worlds_kept, worlds_bytes; /* Lua worlds of all workers */
    uint64_t programs_kept; /* different ones that definitions in use may have in common */
    uint64_t evaluations, steps, malformed;
    uint64_t limit_steps, limit_memory, limit_time, faults;
    uint64_t intakes[INTAKE_REFUSED + 1]; /* by state */
    struct tenants_counters storage;
};
void engine_counters(struct engine *engine, struct engine_counters *ret_counters);

#endif
