#include "base/sortkey.h"

#include "base/decimal.h"

#include <assert.h>
#include <string.h>

enum { INT_BYTES = 8, EXACT_BYTES = 14 /* 2^53 × 10^15 has 103 bits, and a sign */ };

__extension__ typedef unsigned __int128 wide;

static size_t put_bytes(wide bits, size_t bytes, char key[SORTKEY_BYTES])
{
    for (size_t i = 0; i < bytes; i++) key[i] = (char)(unsigned char)(bits >> (bytes - 1 - i) * 8);
    return bytes;
}

size_t sortkey_int(int64_t value, char ret_key[SORTKEY_BYTES])
{
    return put_bytes((uint64_t)value ^ UINT64_C(1) << 63, INT_BYTES, ret_key);
}

/* In units of the finest scale, moved up so that none is negative. */
size_t sortkey_exact(int64_t value, unsigned scale, char ret_key[SORTKEY_BYTES])
{
    assert(scale <= DECIMAL_SCALE_MAX && value >= -DECIMAL_MAX && value <= DECIMAL_MAX);
    wide units =
        (uint64_t)(value < 0 ? -value : value) * (wide)decimal_power(DECIMAL_SCALE_MAX - scale);
    wide middle = (wide)1 << (EXACT_BYTES * 8 - 1);
    return put_bytes(value < 0 ? middle - units : middle + units, EXACT_BYTES, ret_key);
}

/* The bits of positive doubles are in order; those of negative ones the other way round. */
size_t sortkey_double(double value, char ret_key[SORTKEY_BYTES])
{
    uint64_t bits;
    double plain = value == 0 ? 0 : value;
    memcpy(&bits, &plain, sizeof bits);
    return put_bytes(bits >> 63 ? ~bits : bits ^ UINT64_C(1) << 63, INT_BYTES, ret_key);
}
