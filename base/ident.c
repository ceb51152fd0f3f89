#include "base/ident.h"

#include "base/digest.h"

#include <assert.h>

enum { COUNTER_MAX = 0xfff };

void ident_source_init(struct ident_source *source, struct clock *clk, struct ident_random *random)
{
    *source = (struct ident_source){.clock = clk, .random = random, .lock = PTHREAD_MUTEX_INITIALIZER};
}

static void fill(struct ident_source *source, void *ret_bytes, size_t len)
{
    if (source->random) {
        source->random->fill(source->random, ret_bytes, len);
        return;
    }
    if (source->spare_len < len) {
        digest_random(source->spare, sizeof source->spare);
        source->spare_len = sizeof source->spare;
    }
    source->spare_len -= len;
    memcpy(ret_bytes, source->spare + source->spare_len, len);
}

/* Half of the counter's room is left for counting up. */
static void start_millisecond(struct ident_source *source, uint64_t ms)
{
    unsigned char bytes[2];
    fill(source, bytes, sizeof bytes);
    source->last_ms = ms;
    source->counter = (uint16_t)((bytes[0] & 7) << 8 | bytes[1]);
}

/* Past 4,095 in one millisecond, or with the clock set back, it lives ahead of the clock: order comes
 * first. */
static void count_on(struct ident_source *source)
{
    uint64_t ms = (uint64_t)clock_wall_ms(source->clock);
    if (ms > source->last_ms) start_millisecond(source, ms);
    else if (source->counter == COUNTER_MAX) start_millisecond(source, source->last_ms + 1);
    else source->counter++;
}

/* Eight digits at once: half a byte in each of eight, then those above 9 made letters. */
static void put_hex4(char *ret_text, const unsigned char bytes[4])
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t x = (uint64_t)bytes[0] | (uint64_t)bytes[1] << 16 | (uint64_t)bytes[2] << 32 |
                 (uint64_t)bytes[3] << 48;
    x = (x >> 4 & UINT64_C(0x000f000f000f000f)) | (x & UINT64_C(0x000f000f000f000f)) << 8;
    x += ones * '0' + ((x + ones * 6) >> 4 & ones) * ('a' - '0' - 10);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    x = __builtin_bswap64(x);
#endif
    memcpy(ret_text, &x, 8);
}

/* 8-4-4-4-12 */
static void put_hex(char *ret_text, const unsigned char bytes[16])
{
    char digits[32];
    for (size_t i = 0; i < 16; i += 4) put_hex4(digits + 2 * i, bytes + i);
    memcpy(ret_text, digits, 8), memcpy(ret_text + 9, digits + 8, 4),
        memcpy(ret_text + 14, digits + 12, 4);
    memcpy(ret_text + 19, digits + 16, 4), memcpy(ret_text + 24, digits + 20, 12);
    ret_text[8] = ret_text[13] = ret_text[18] = ret_text[23] = '-';
    ret_text[36] = '\0';
}

/* RFC 9562 §5.7: 48 bits of milliseconds, version 7, 12 bits counter, variant 2, 62 random bits. */
static void fill_uuid(struct ident_source *source, unsigned char bytes[16])
{
    pthread_mutex_lock(&source->lock);
    count_on(source);
    for (int i = 0; i < 6; i++) bytes[i] = (unsigned char)(source->last_ms >> (40 - 8 * i));
    bytes[6] = (unsigned char)(0x70 | source->counter >> 8);
    bytes[7] = (unsigned char)source->counter;
    fill(source, bytes + 8, 8);
    pthread_mutex_unlock(&source->lock);
    bytes[8] = (unsigned char)(0x80 | (bytes[8] & 0x3f));
}

void ident_new(struct ident_source *source, const char *prefix, char ret_text[IDENT_BYTES])
{
    struct str name = str_of(prefix);
    assert(name.len >= 1 && name.len <= IDENT_PREFIX_BYTES);
    unsigned char bytes[16];
    fill_uuid(source, bytes);
    memcpy(ret_text, name.ptr, name.len);
    ret_text[name.len] = '_';
    put_hex(ret_text + name.len + 1, bytes);
}
