#include "dsl/autocomplete.h"
#include "dsl/currency.h"
#include "tests/test.h"

static void tokens_of_the_html_standard_are_known(void)
{
    static const char *const good[] = {"name",
                                       "off",
                                       "on",
                                       "email",
                                       "work email",
                                       "shipping street-address",
                                       "section-blue billing home tel",
                                       "section-a name webauthn",
                                       "  name  "};
    struct str word;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CHECK(autocomplete_valid(str_of(good[i]), &word));
}

static void the_first_word_that_is_wrong_is_named(void)
{
    static const char *const bad[][2] = {{"e-mail", "e-mail"},
                                         {"work name", "name"},
                                         {"name email", "email"},
                                         {"shipping", ""},
                                         {"", ""},
                                         {"off name", "name"},
                                         {"email shipping", "shipping"},
                                         {"Name", "Name"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct str word;
        CHECK(!autocomplete_valid(str_of(bad[i][0]), &word));
        CHECK(str_eq(word, str_of(bad[i][1])));
    }
}

static void a_slip_of_the_pen_is_seen(void)
{
    CHECK(str_eq(autocomplete_nearest(STR("e-mail")), STR("email")));
    CHECK(str_eq(autocomplete_nearest(STR("given_name")), STR("given-name")));
    CHECK(autocomplete_nearest(STR("colour")).len == 0);
}

static void currencies_have_the_digits_of_iso_4217(void)
{
    CHECK(currency_digits(STR("EUR")) == 2);
    CHECK(currency_digits(STR("JPY")) == 0);
    CHECK(currency_digits(STR("KWD")) == 3);
    CHECK(currency_digits(STR("CLF")) == 4);
    CHECK(currency_digits(STR("eur")) == CURRENCY_NONE);
    CHECK(currency_digits(STR("EURO")) == CURRENCY_NONE);
    CHECK(currency_digits(STR("")) == CURRENCY_NONE);
}

static void currencies_are_in_order_and_each_once(void)
{
    uint32_t count;
    const struct str *codes = currency_codes(&count);
    CHECK(count > 150);
    for (uint32_t i = 1; i < count; i++) CHECK(str_cmp(codes[i - 1], codes[i]) < 0);
}

int main(void)
{
    tokens_of_the_html_standard_are_known();
    the_first_word_that_is_wrong_is_named();
    a_slip_of_the_pen_is_seen();
    currencies_have_the_digits_of_iso_4217();
    currencies_are_in_order_and_each_once();
    return TEST_RESULT();
}
