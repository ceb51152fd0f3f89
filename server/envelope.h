/* Envelope: the body of a submission, opened without reading its answers; and its idempotency key.
 *
 *     {"answers": {…}, "version": 4, "meta": {"locale": "de", "started_at": "…"}, "claim": {"hash":
 * "…"}}
 *
 * `answers` is cut out as it stands, by its brackets; whether it is well formed is for the judge to
 * say, who reads it anyway. Everything around it is read strictly: no unknown member, none twice,
 * nothing behind. */
#ifndef SERVER_ENVELOPE_H
#define SERVER_ENVELOPE_H

#include "base/arena.h"
#include "base/str.h"
#include "server/problem.h"

#include <stdbool.h>
#include <stdint.h>

struct envelope {
    struct str answers; /* begins with '{'; inside the body */
    uint32_t version;   /* 0: not given */
    struct str locale;  /* empty: not given */
    int64_t started_ms; /* 0: not given */
    struct str saved;   /* empty: not given */
    struct str invitation; /* likewise: a code */
    bool lenient;
    struct str claim_hash;    /* of what the sender found, in hex; empty: not given */
    struct str claim_verdict; /* what that was, a JSON object; empty: not given */
    struct str
        claim_found; /* or what of it the answers do not say themselves, another; empty: not given */
};

/* `may_be_lenient`: the member "lenient" is known. PROBLEM_NONE, or what is wrong with a sentence about
 * it in *reterr_detail (in the arena or static). */
enum problem envelope_read(struct str body, bool may_be_lenient, struct arena *arena,
                           struct envelope *ret_envelope, struct str *reterr_detail);

/* The value of Idempotency-Key, ptr NULL when there is none: a bare token, or in quotes as the IETF's
 * draft has it. *ret_key lies in it. */
enum problem envelope_key(struct str header, struct str *ret_key);

#endif
