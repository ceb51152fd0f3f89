/* Digest: SHA-256 and its relatives, random bytes, and their texts. SHA-256 is nettle's work, which
 * takes the processor's own instructions for it where there are any; all else is libsodium's.
 *
 *     struct digest d = digest_of(source);
 *     char hex[DIGEST_HEX_BYTES]; digest_hex(&d, hex);          64 small hex digits and a NUL
 *
 * Nobody else includes their headers. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/buf.h"
#include "base/str.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>

#define DIGEST_BYTES 32u
#define DIGEST_HEX_BYTES 65u

struct digest {
    uint8_t bytes[DIGEST_BYTES];
};

struct digest digest_of(struct str bytes);
/* BLAKE2b of 32 bytes, for what only we ourselves compare: fast on every processor. */
struct digest digest_quick(struct str bytes);

/* Piece by piece. */
struct digest_stream {
    alignas(16) unsigned char state[128]; /* nettle's, checked for size in the .c */
};
void digest_begin(struct digest_stream *stream);
void digest_add(struct digest_stream *stream, struct str bytes);
struct digest digest_end(struct digest_stream *stream);

/* HMAC-SHA-256; the key may have any length. */
struct digest digest_hmac(struct str key, struct str bytes);

/* 64 small hex digits and a NUL. */
void digest_hex(const struct digest *digest, char ret_text[DIGEST_HEX_BYTES]);
/* Of any bytes. */
void digest_put_hex(struct buf *out, struct str bytes);
/* False unless it is 64 hex digits. */
bool digest_of_hex(struct str hex, struct digest *ret_digest);

/* In a time that tells nothing about where they differ; lengths are no secret. */
bool digest_same(struct str a, struct str b);

/* Unpredictable bytes from the system; cannot fail. */
void digest_random(void *ret_bytes, size_t len);

/* A short keyed hash (SipHash) with a key drawn once per process: for tables that strangers fill. Never
 * shown, never stored. */
uint64_t digest_short(struct str bytes);

/* Base64url without padding (RFC 4648 §5). */
void digest_put_base64url(struct buf *out, struct str bytes);
/* Decodes into ret_bytes of `room` bytes; false when it is not base64url or does not fit. */
bool digest_of_base64url(struct str text, void *ret_bytes, size_t room, size_t *ret_len);

#endif
