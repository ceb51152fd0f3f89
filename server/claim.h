/* Claim: what the sender of answers found by itself, held against what the server finds. The server's
 * verdict stands; the difference is told.
 *
 *     {"answers": {…}, "claim": {"hash": "<SHA-256 of the accord>", "verdict": {…}}}
 *     …  "disagreement": [{"pointer": "/total", "claimed": 10, "actual": 12, "rule": "value"}]
 *
 * An accord is what both must say alike: verdict_write_accord(). With the hash alone it is told that
 * there is a difference, and not which: []. */
#ifndef SERVER_CLAIM_H
#define SERVER_CLAIM_H

#include "server/envelope.h"
#include "server/request.h"

/* Writes `,"disagreement":[…]` behind a member if the envelope claims something else than `accord`, and
 * counts that. */
void claim_settle(struct request *request, struct str accord);

#endif
