#include "runtime/contact.h"

#include "tests/test.h"

#define EACH(list, check, want)                                                                        \
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)                                            \
        if (check(str_of(list[i])) != (want)) {                                                        \
            fprintf(stderr, "%s:%d: %s(\"%s\")\n", __FILE__, __LINE__, #check, list[i]);               \
            test_failures++;                                                                           \
        }

#define LABEL63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz01234567890"

static void an_email_address_is_what_html_says(void)
{
    static const char *const yes[] = {
        "a@b",    "ada.lovelace+forms@example.co.uk", "!#$%&'*+/=?^_`{|}~-@x", "..@x", ("a@" LABEL63),
        "a@1-2.3"};
    static const char *const no[] = {"",
                                     "a",
                                     "@b",
                                     "a@",
                                     "a@b.",
                                     "a@.b",
                                     "a@b..c",
                                     "a@-b",
                                     "a@b-",
                                     "a@b c",
                                     "a b@c",
                                     "a@b@c",
                                     "ä@b",
                                     "a@ä",
                                     "a@b_",
                                     "\"a\"@b",
                                     "a,b@c",
                                     "a@[::1]",
                                     ("a@" LABEL63 "x")};
    EACH(yes, contact_is_email, true);
    EACH(no, contact_is_email, false);
    CHECK(!contact_is_email((struct str){"a\0@b", 4}));
}

static void a_web_address_has_a_scheme_and_a_host(void)
{
    static const char *const yes[] = {"http://a",
                                      "https://example.org/a?b#c",
                                      "HTTPS://EXAMPLE.ORG",
                                      "http://1.2.3.4:80/",
                                      "http://[::1]/x",
                                      "http://[::1]:8080",
                                      "http://user:pw@host:1",
                                      "https://bücher.example/ü",
                                      "http://a:",
                                      "http://a?x=@",
                                      "http://localhost:65535/"};
    static const char *const no[] = {"",
                                     "example.org",
                                     "ftp://a",
                                     "http:/a",
                                     "http://",
                                     "https:///x",
                                     "http://:80",
                                     "http://a b",
                                     "http://a\tb",
                                     "http://a:65536",
                                     "http://a:8x",
                                     "javascript:alert(1)",
                                     "http://<a>",
                                     "http://a\\b",
                                     "http://.a",
                                     "http://@",
                                     "http://[",
                                     "http://[]",
                                     "http://[x y]",
                                     "http://a\xc2\xa0",
                                     "http://[::1]x",
                                     "http://u@[::1",
                                     "mailto:a@b"};
    EACH(yes, contact_is_url, true);
    EACH(no, contact_is_url, false);
    CHECK(!contact_is_url((struct str){"http://a\0b", 10}));
}

static void a_phone_number_has_5_to_15_digits(void)
{
    static const char *const yes[] = {"12345",     "+12345", "123456789012345", "+44 (0)20 7946-0000",
                                      "1.2.3.4.5", "(12345)"};
    static const char *const no[] = {
        "", "+", "1234", "1234567890123456", "12345x", "1+2345", "++12345", "12345 ext 2", "١٢٣٤٥"};
    EACH(yes, contact_is_phone, true);
    EACH(no, contact_is_phone, false);
}

int main(void)
{
    an_email_address_is_what_html_says();
    a_web_address_has_a_scheme_and_a_host();
    a_phone_number_has_5_to_15_digits();
    return TEST_RESULT();
}
