#include "base/digest.h"
#include "tests/test.h"

static bool hex_is(struct digest digest, const char *want)
{
    char hex[DIGEST_HEX_BYTES];
    digest_hex(&digest, hex);
    return strcmp(hex, want) == 0;
}

/* FIPS 180-4's examples. */
static void sha_256_is_the_standards(void)
{
    CHECK(
        hex_is(digest_of(STR("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    CHECK(hex_is(digest_of(STR("abc")),
                 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    CHECK(hex_is(digest_of(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
                 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
    CHECK(hex_is(digest_of(STR("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
                               "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu")),
                 "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"));
    CHECK(hex_is(digest_of((struct str){NULL, 0}),
                 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
}

static void a_million_letters_have_the_standards_digest(void)
{
    struct digest_stream stream;
    char letters[1000];
    memset(letters, 'a', sizeof letters);
    digest_begin(&stream);
    for (int i = 0; i < 1000; i++) digest_add(&stream, (struct str){letters, sizeof letters});
    CHECK(hex_is(digest_end(&stream),
                 "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
}

/* The digest of the digests of all beginnings of one text, as Python's hashlib has it. */
static void every_length_has_its_digest(void)
{
    char text[300];
    struct digest_stream all;
    for (size_t i = 0; i < sizeof text; i++) text[i] = (char)(i * 7);
    digest_begin(&all);
    for (size_t len = 0; len <= sizeof text; len++) {
        struct digest one = digest_of((struct str){text, len});
        digest_add(&all, (struct str){(const char *)one.bytes, DIGEST_BYTES});
        digest_add(&all, STR(""));
    }
    CHECK(hex_is(digest_end(&all), "3b05b530351f50663ba5ac734c246d169eafec6b57c70dc6dc94cad39d04aad8"));
}

static void pieces_give_the_same_as_the_whole(void)
{
    char text[1000];
    for (size_t i = 0; i < sizeof text; i++) text[i] = (char)(i * 7);
    struct digest whole = digest_of((struct str){text, sizeof text});
    for (size_t step = 1; step < 300; step += 37) {
        struct digest_stream stream;
        digest_begin(&stream);
        for (size_t at = 0; at < sizeof text; at += step)
            digest_add(&stream,
                       (struct str){text + at, sizeof text - at < step ? sizeof text - at : step});
        struct digest pieces = digest_end(&stream);
        CHECK(memcmp(&pieces, &whole, sizeof whole) == 0);
    }
}

/* RFC 4231, all that are not cut short. */
static void hmac_is_the_standards(void)
{
    char key[131];
    memset(key, 0x0b, 20);
    CHECK(hex_is(digest_hmac((struct str){key, 20}, STR("Hi There")),
                 "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
    CHECK(hex_is(digest_hmac(STR("Jefe"), STR("what do ya want for nothing?")),
                 "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    char data[50];
    memset(key, 0xaa, sizeof key);
    memset(data, 0xdd, sizeof data);
    CHECK(hex_is(digest_hmac((struct str){key, 20}, (struct str){data, sizeof data}),
                 "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"));
    memset(data, 0xcd, sizeof data);
    for (int i = 0; i < 25; i++) key[i] = (char)(i + 1);
    CHECK(hex_is(digest_hmac((struct str){key, 25}, (struct str){data, sizeof data}),
                 "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"));
    memset(key, 0xaa, sizeof key);
    CHECK(hex_is(digest_hmac((struct str){key, sizeof key},
                             STR("Test Using Larger Than Block-Size Key - Hash Key First")),
                 "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
    CHECK(hex_is(digest_hmac((struct str){key, sizeof key},
                             STR("This is a test using a larger than block-size key and a larger than "
                                 "block-size data. The key needs to be hashed before being used by the "
                                 "HMAC algorithm.")),
                 "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"));
}

static void the_quick_one_is_blake2b(void)
{
    char hex[DIGEST_HEX_BYTES];
    struct digest digest = digest_quick(STR("abc"));
    digest_hex(&digest, hex);
    CHECK(strcmp(hex, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319") == 0);
    digest = digest_quick(STR(""));
    digest_hex(&digest, hex);
    CHECK(strcmp(hex, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8") == 0);
}

static void hex_comes_back(void)
{
    struct digest digest = digest_of(STR("abc")), back;
    char hex[DIGEST_HEX_BYTES];
    digest_hex(&digest, hex);
    CHECK(digest_of_hex(str_of(hex), &back) && memcmp(&digest, &back, sizeof back) == 0);
    hex[5] = 'g';
    CHECK(!digest_of_hex(str_of(hex), &back));
    hex[5] = '0';
    CHECK(!digest_of_hex((struct str){hex, 63}, &back) && !digest_of_hex(STR(""), &back));
    struct buf out;
    buf_init(&out, mem_heap(), 100);
    digest_put_hex(&out, STR("\x00\xff\x10"));
    CHECK(str_eq(buf_str(&out), STR("00ff10")));
    buf_release(&out);
}

static void base64url_comes_back(void)
{
    static const struct {
        struct str bytes, text;
    } rows[] = {{{"", 0}, {"", 0}},
                {{"f", 1}, {"Zg", 2}},
                {{"fo", 2}, {"Zm8", 3}},
                {{"foo", 3}, {"Zm9v", 4}},
                {{"foobar", 6}, {"Zm9vYmFy", 8}},
                {{"\xfb\xff\xfe", 3}, {"-__-", 4}}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out;
        char bytes[16];
        size_t len = 99;
        buf_init(&out, mem_heap(), rows[i].text.len ? rows[i].text.len : 1); /* exactly enough */
        digest_put_base64url(&out, rows[i].bytes);
        CHECK(!buf_failed(&out) && str_eq(buf_str(&out), rows[i].text));
        CHECK(digest_of_base64url(rows[i].text, bytes, sizeof bytes, &len));
        CHECK(str_eq((struct str){bytes, len}, rows[i].bytes));
        CHECK(rows[i].bytes.len == 0 ||
              !digest_of_base64url(rows[i].text, bytes, rows[i].bytes.len - 1, &len));
        buf_release(&out);
    }
    static const char *const bad[] = {"Zg==", "Z", "Zh", "Zm9v+", "Zm/v", "Zm 8", "Zm8\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char bytes[16];
        size_t len;
        CHECK(!digest_of_base64url(str_of(bad[i]), bytes, sizeof bytes, &len));
    }
}

/* libsodium 1.0.18 takes bytes such as 0xbf and 0xff for characters of the alphabet. */
static void no_byte_beyond_the_alphabet_is_base64url(void)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int byte = 0; byte < 256; byte++) {
        char text[] = "Zm9v", bytes[16];
        size_t len;
        text[2] = (char)byte;
        bool known = byte != 0 && strchr(alphabet, byte);
        CHECK(digest_of_base64url((struct str){text, 4}, bytes, sizeof bytes, &len) == known);
    }
}

static void sameness_looks_at_every_byte(void)
{
    CHECK(digest_same(STR(""), STR("")) && digest_same(STR("abc"), STR("abc")));
    CHECK(!digest_same(STR("abc"), STR("abd")) && !digest_same(STR("abc"), STR("xbc")) &&
          !digest_same(STR("abc"), STR("ab")));
}

static void random_bytes_differ(void)
{
    unsigned char a[32] = {0}, b[32] = {0}, zero[32] = {0};
    digest_random(a, sizeof a);
    digest_random(b, sizeof b);
    CHECK(memcmp(a, b, sizeof a) != 0 && memcmp(a, zero, sizeof a) != 0);
    digest_random(a, 0);
}

static void the_short_hash_keeps_within_a_process(void)
{
    CHECK(digest_short(STR("abc")) == digest_short(STR("abc")));
    CHECK(digest_short(STR("abc")) != digest_short(STR("abd")));
    CHECK(digest_short(STR("")) != digest_short(STR("\0")));
}

int main(void)
{
    sha_256_is_the_standards();
    a_million_letters_have_the_standards_digest();
    every_length_has_its_digest();
    pieces_give_the_same_as_the_whole();
    hmac_is_the_standards();
    the_quick_one_is_blake2b();
    hex_comes_back();
    base64url_comes_back();
    no_byte_beyond_the_alphabet_is_base64url();
    sameness_looks_at_every_byte();
    random_bytes_differ();
    the_short_hash_keeps_within_a_process();
    return TEST_RESULT();
}
