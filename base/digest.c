#include "base/digest.h"

#include "base/word.h"

#include <assert.h>
#include <nettle/hmac.h>
#include <nettle/sha2.h>
#include <pthread.h>
#include <sodium.h>

_Static_assert(sizeof(struct sha256_ctx) <= sizeof(struct digest_stream), "the state has room");
_Static_assert(_Alignof(struct sha256_ctx) <= _Alignof(struct digest_stream), "and lies right");
_Static_assert(DIGEST_BYTES == SHA256_DIGEST_SIZE, "SHA-256");

static unsigned char short_key[crypto_shorthash_KEYBYTES];

static void start(void)
{
    int failed = sodium_init() < 0;
    assert(!failed); /* without a source of randomness we do not run */
    (void)failed;
    randombytes_buf(short_key, sizeof short_key);
}

static void ensure_started(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start);
}

static const unsigned char *bytes_of(struct str text)
{
    return (const unsigned char *)(text.len ? text.ptr : "");
}

struct digest digest_of(struct str bytes)
{
    struct digest_stream stream;
    digest_begin(&stream);
    digest_add(&stream, bytes);
    return digest_end(&stream);
}

struct digest digest_quick(struct str bytes)
{
    struct digest digest;
    ensure_started();
    crypto_generichash(digest.bytes, DIGEST_BYTES, bytes_of(bytes), bytes.len, NULL, 0);
    return digest;
}

static struct sha256_ctx *state_of(struct digest_stream *stream)
{
    return (struct sha256_ctx *)(void *)stream->state;
}

void digest_begin(struct digest_stream *stream)
{
    sha256_init(state_of(stream));
}

void digest_add(struct digest_stream *stream, struct str bytes)
{
    sha256_update(state_of(stream), bytes.len, bytes_of(bytes));
}

struct digest digest_end(struct digest_stream *stream)
{
    struct digest digest;
    sha256_digest(state_of(stream), DIGEST_BYTES, digest.bytes);
    return digest;
}

/* What was made of the key does not stay behind on the stack. */
struct digest digest_hmac(struct str key, struct str bytes)
{
    struct digest digest;
    struct hmac_sha256_ctx state;
    hmac_sha256_set_key(&state, key.len, bytes_of(key));
    hmac_sha256_update(&state, bytes.len, bytes_of(bytes));
    hmac_sha256_digest(&state, DIGEST_BYTES, digest.bytes);
    sodium_memzero(&state, sizeof state);
    return digest;
}

static const char hex_digits[] = "0123456789abcdef";

void digest_hex(const struct digest *digest, char ret_text[DIGEST_HEX_BYTES])
{
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        ret_text[2 * i] = hex_digits[digest->bytes[i] >> 4];
        ret_text[2 * i + 1] = hex_digits[digest->bytes[i] & 15];
    }
    ret_text[DIGEST_HEX_BYTES - 1] = '\0';
}

void digest_put_hex(struct buf *out, struct str bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.ptr[i];
        buf_put(out, (struct str){(const char[]){hex_digits[byte >> 4], hex_digits[byte & 15]}, 2});
    }
}

bool digest_of_hex(struct str hex, struct digest *ret_digest)
{
    struct digest digest;
    size_t len;
    ensure_started();
    if (hex.len != DIGEST_HEX_BYTES - 1) return false;
    if (sodium_hex2bin(digest.bytes, DIGEST_BYTES, hex.ptr, hex.len, NULL, &len, NULL) != 0)
        return false;
    if (len != DIGEST_BYTES) return false;
    *ret_digest = digest;
    return true;
}

bool digest_same(struct str a, struct str b)
{
    ensure_started();
    return a.len == b.len && (a.len == 0 || sodium_memcmp(a.ptr, b.ptr, a.len) == 0);
}

void digest_random(void *ret_bytes, size_t len)
{
    ensure_started();
    randombytes_buf(ret_bytes, len);
}

uint64_t digest_short(struct str bytes)
{
    unsigned char out[crypto_shorthash_BYTES];
    uint64_t hash;
    _Static_assert(sizeof out == sizeof hash, "SipHash gives 64 bits");
    ensure_started();
    crypto_shorthash(out, bytes_of(bytes), bytes.len, short_key);
    memcpy(&hash, out, sizeof hash);
    return hash;
}

void digest_put_base64url(struct buf *out, struct str bytes)
{
    ensure_started();
    size_t size =
        sodium_base64_ENCODED_LEN(bytes.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING); /* with a NUL */
    char *room = buf_reserve(out, size - 1);
    if (!room) return;
    sodium_bin2base64(room, size, bytes_of(bytes), bytes.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    out->len += size - 1;
}

bool digest_of_base64url(struct str text, void *ret_bytes, size_t room, size_t *ret_len)
{
    size_t len;
    /* libsodium takes some bytes beyond ASCII for characters of its alphabet where char is signed. */
    if (!word_is_plain(text)) return false;
    ensure_started();
    if (sodium_base642bin(ret_bytes, room, text.len ? text.ptr : "", text.len, NULL, &len, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return false;
    *ret_len = len;
    return true;
}
