/* Claim: what the sender of answers found by itself, held against what the server finds. The server's
 * verdict stands; the difference is told.
 *
 *     {"answers": {…}, "claim": {"hash": "<SHA-256 of the accord>", "found": {"values": {"/total":
 * 10}}}} …  "disagreement": [{"pointer": "/total", "claimed": 10, "actual": 12, "rule": "value"}]
 *
 * An accord is what both must say alike: verdict_write_accord(). A claim has all of it (`verdict`), or
 * what of it the answers do not say themselves (`found`). With the hash alone nobody knows what was
 * claimed: then all is told that the server has found and the answers do not say. */
#ifndef SERVER_CLAIM_H
#define SERVER_CLAIM_H

#include "server/envelope.h"
#include "server/request.h"

/* Writes `,"disagreement":[…]` behind a member if the envelope claims something else than `accord`, and
 * counts that. */
void claim_settle(struct request *request, struct str accord);

#endif
