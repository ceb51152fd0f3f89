/* Model: what the server ought to have, and ought to answer, in the plainest words. Kept in one block
 * of memory without a pointer, so that it can be copied: what an answer that never came has done is
 * found by comparing with both copies.
 *
 *     struct verdict want = model_may(&model, tenant, &caller, "forms.write", now_ms);
 *
 * It knows a handful of forms only, all of one kind: a bounded number `n`, a text `t`, a code `c`,
 * perhaps a second number `m`, and `twice`, which is computed. */
#ifndef TESTS_SIMULATION_MODEL_H
#define TESTS_SIMULATION_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TENANTS = 4,
    FORMS = 4,
    TOKENS = 12,
    VERSIONS = 30,
    SUBMISSIONS = 240,
    SAVED = 6,
    INVITATIONS_HELD = 16,
    CODE_BYTES = 40,
    CHANNELS = 4,
    NOTHING = -1, /* no answer */
    WORD = -2,    /* a text where a number is asked for */
};

/* What a form's text says. The serial makes texts different. */
struct variant {
    uint32_t serial;
    int max, len;
    bool required, has_m, once; /* once: no two submissions have one code */
    bool invited;               /* unique per invitation */
};

struct answers {
    int n, t, c, m; /* t: so many letters; c: a code's number */
};

enum role { OPERATOR, PUBLISHER, READER, SUBMITTER, ROLES };

struct token {
    bool used, revoked;
    enum role role;
    char id[24], text[128], old[128];
    int64_t expires_ms, old_until_ms; /* 0: never, none */
    uint32_t scopes;                  /* bits of scope numbers; 0: all of the role's */
};

struct version {
    struct variant variant;
    bool retired;
    int64_t until_ms;
};

struct channel {
    uint32_t version, candidate, percent, revision; /* revision 0: there is none */
};

enum presence { GONE, PRESENT, ERASED };

struct submission {
    enum presence presence;
    char id[48], receipt[200]; /* empty: nobody was told */
    uint32_t key, version, order;
    struct answers answers;
    bool names_version;
    uint32_t saved;              /* named in its body; 0: none */
    char invitation[CODE_BYTES]; /* likewise; empty: none */
    int64_t received_ms;
    uint32_t tried; /* bits of version numbers that it was, or could not be, carried to */
};

struct saved {
    bool used;
    uint32_t key, version;
    struct answers answers;
    int64_t until_ms;
};

/* LAPSED and DOUBTFUL are made of the moment: doubtful is what was over when the clock stood later than
 * it does. */
enum invitation_phase { NOT_THERE, ISSUED, USED, REVOKED, LAPSED, DOUBTFUL };

struct invitation {
    enum invitation_phase phase;   /* ISSUED also when its time is over */
    char id[48], code[CODE_BYTES]; /* empty: nobody was told */
    uint32_t order, batch, place, batch_count;
    bool referred;                        /* its reference says batch and place */
    int64_t expires_ms, asked_expires_ms; /* 0: nothing was asked for */
    int64_t revoked_ms;
};

enum form_phase { DRAFT, OPEN, CLOSING, CLOSED, ARCHIVED, PHASES };

struct form {
    bool used;
    enum form_phase phase;
    int64_t phase_ms;
    bool has_draft;
    struct variant draft;
    uint32_t draft_revision;
    uint32_t version_count;
    struct version versions[VERSIONS]; /* number 1 is the first */
    struct channel channels[CHANNELS];
    int64_t grace_seconds, saved_seconds;
    struct saved saved[SAVED];
    struct invitation invitations[INVITATIONS_HELD];
    int64_t lapsed_ms; /* of those that are forgotten, the last moment: lists are sure after that */
    uint32_t taken;    /* places of submissions */
    struct submission submissions[SUBMISSIONS]; /* the last, so that it need not be copied as a whole */
};

/* What a tenant has said about the look of its forms; 0: nothing. The radius is in tenths. */
struct look {
    uint32_t name, radius, accent;
};

enum tenant_phase { ACTIVE, SUSPENDED, SHUT };

struct tenant {
    bool used;
    enum tenant_phase phase;
    int64_t forms_max, versions_max;
    struct look look;
    struct token tokens[TOKENS];
    struct form forms[FORMS]; /* the last, as above */
};

struct model {
    struct tenant tenants[TENANTS];
    struct token operator_token;
    uint32_t serial; /* of whatever must be new: texts, keys, submissions */
};

/* What is expected of an answer; a code of NULL: it is no problem. */
struct verdict {
    unsigned status;
    const char *code;
};

#define FINE(status_) ((struct verdict){.status = (status_)})
#define REFUSED(status_, code_) ((struct verdict){(status_), (code_)})

/* Who asks: `token` NULL: nobody; `text`: what is sent, also when it is none of the token's. */
struct caller {
    const struct token *token;
    int tenant; /* of the token; NOTHING: an operator's, or nobody's */
    const char *text;
};

void model_copy(struct model *to, const struct model *from);

/* Status 0: the scope is theirs and the tenant theirs to ask for. */
struct verdict model_may(const struct model *model, int tenant, const struct caller *caller,
                         const char *scope, int64_t now_ms);
bool token_lives(const struct token *token, const char *text, int64_t now_ms);

/* The form's text. */
void variant_write(const struct variant *variant, char *text, size_t room);
void variant_etag(const struct variant *variant, char etag[80]);
bool variant_same(const struct variant *one, const struct variant *other);
/* As it is told, and as it is sent. */
void look_write(const struct look *look, char *text, size_t room);
/* What is sent. */
void answers_write(const struct answers *answers, char *text, size_t room);
/* What is complained about: " /n:max /t:too_long", empty: nothing. `whole`: what is required is asked
 * for. */
void answers_judge(const struct answers *answers, const struct variant *variant, bool whole, char *text,
                   size_t room);

/* Which version a submission without a number is for: by channel and bucket (NOTHING: none). 0: there
 * is none. */
uint32_t form_aim(const struct form *form, int channel, int bucket);
bool form_phase_may(enum form_phase from, enum form_phase to);
struct submission *form_by_key(struct form *form, uint32_t key);
uint32_t form_present(const struct form *form);
/* As it is told: NOTHING: there is none. */
int64_t form_newest(const struct form *form);
/* The number of the version that says the same; 0: there is none. */
uint32_t form_number_of(const struct form *form, const struct variant *variant);
struct saved *form_saved(struct form *form, uint32_t key);
/* NULL: the model knows of none. */
struct invitation *form_invitation(struct form *form, const char *code);
/* As it is at that moment; `latest_ms`: the clock has never been set later. */
enum invitation_phase invitation_at(const struct invitation *invitation, int64_t now_ms,
                                    int64_t latest_ms);

struct letters {
    struct invitation *items[INVITATIONS_HELD];
    uint32_t count;
    bool unsure; /* of more nobody knows whether they are among them */
};

/* Those in that state, ISSUED or USED, in the order in which they were issued. */
struct letters form_letters(struct form *form, enum invitation_phase phase, int64_t now_ms,
                            int64_t latest_ms);
const char *invitation_phase_name_of(enum invitation_phase phase);
/* Whose time has been over for long: nobody knows whether they are there. */
void form_forget_invitations(struct form *form, int64_t latest_ms);
/* Its invitation can be used again. */
void form_erase(struct form *form, struct submission *submission);

struct wanted {
    const struct submission *items[SUBMISSIONS];
    uint32_t count;
};

/* What is there, oldest first: of a version (0: any) and with an n of at least that (NOTHING: any). */
struct wanted form_listed(const struct form *form, uint32_t version, int least);
bool submission_same_body(const struct submission *one, const struct submission *other);
uint32_t tenant_forms(const struct tenant *tenant);
uint32_t tenant_versions(const struct tenant *tenant);
const char *channel_name_of(int channel);
const char *role_name_of(enum role role);
const char *phase_name_of(enum form_phase phase);
const char *tenant_phase_name_of(enum tenant_phase phase);
uint32_t scope_number(const char *name);
/* Bits. */
uint32_t role_scopes(enum role role);

#endif
