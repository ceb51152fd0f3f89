#include "base/checksum.h"
#include "tests/test.h"

static void digits_are_those_of_ascii_and_at_least_one(void)
{
    CHECK(checksum_digits_only(STR("0123456789")));
    CHECK(!checksum_digits_only(STR("")));
    CHECK(!checksum_digits_only(STR("12 34")));
    CHECK(!checksum_digits_only(STR("12\0")));
    CHECK(!checksum_digits_only(STR("\xd9\xa1"))); /* ARABIC-INDIC DIGIT ONE */
}

static void luhn_takes_the_example_of_iso_7812_and_test_cards(void)
{
    CHECK(checksum_luhn(STR("49927398716")));
    CHECK(checksum_luhn(STR("4111 1111 1111 1111")));
    CHECK(checksum_luhn(STR("3782-822463-10005")));
    CHECK(checksum_luhn(STR("490154203237518"))); /* the example of an IMEI */
    CHECK(!checksum_luhn(STR("49927398717")));
    CHECK(!checksum_luhn(STR("4111 1111 1111 1112")));
}

static void luhn_takes_two_digits_at_least(void)
{
    CHECK(checksum_luhn(STR("18")));
    CHECK(!checksum_luhn(STR("0")));
    CHECK(!checksum_luhn(STR("")));
    CHECK(!checksum_luhn(STR(" - ")));
    CHECK(!checksum_luhn(STR("1\0008")));
    CHECK(!checksum_luhn(STR("1a8")));
}

static void luhn_sees_every_wrong_digit(void)
{
    static const char right[] = "79927398713";
    for (size_t i = 0; i < sizeof right - 1; i++)
        for (char c = '0'; c <= '9'; c++) {
            char wrong[sizeof right];
            memcpy(wrong, right, sizeof right);
            wrong[i] = c;
            CHECK(checksum_luhn(str_of(wrong)) == (c == right[i]));
        }
}

static void mod97_takes_legal_entity_identifiers(void)
{
    CHECK(checksum_mod97(STR("54930084UKLVMY22DS16"))); /* ISO 17442 */
    CHECK(checksum_mod97(STR("RILFO74KP1CM8P6PCT96")));
    CHECK(!checksum_mod97(STR("54930084UKLVMY22DS17")));
    CHECK(!checksum_mod97(STR("54930084uklvmy22ds16")));
    CHECK(!checksum_mod97(STR("")));
    CHECK(checksum_mod97(STR("1"))); /* 1 leaves 1 */
    CHECK(checksum_mod97(STR("98")));
}

static void ibans_of_the_registry_are_right(void)
{
    static const char *const right[] = {"GB29 NWBK 6016 1331 9268 19",
                                        "DE89370400440532013000",
                                        "NO9386011117947",
                                        "FR1420041010050500013M02606",
                                        "MT84MALT011000012345MTLCAST001S",
                                        "BE68 5390 0754 7034",
                                        "CH93 0076 2011 6238 5295 7",
                                        "SE45 5000 0000 0583 9825 7466",
                                        "LC55HEMM000100010012001200023015"};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) CHECK(checksum_iban(str_of(right[i])));
}

static void what_is_no_iban_is_not(void)
{
    CHECK(!checksum_iban(STR("")));
    CHECK(!checksum_iban(STR("GB2")));
    CHECK(!checksum_iban(STR("GB28NWBK60161331926819")));  /* another check digit */
    CHECK(!checksum_iban(STR("gb29nwbk60161331926819")));  /* small letters */
    CHECK(!checksum_iban(STR("DE8937040044053201300")));   /* a digit too few */
    CHECK(!checksum_iban(STR("DE893704004405320130000"))); /* and one too many */
    CHECK(!checksum_iban(STR("XX89370400440532013000")));  /* no such country */
    CHECK(!checksum_iban(STR("DE8A370400440532013000")));  /* no check digits */
}

/* Of one account number, the check digits that MOD 97-10 alone would let pass. */
static void check_digits_that_are_never_given_are_refused(void)
{
    char text[] = "DE00370400440532013000", taken[4] = "";
    int count = 0;
    for (int digits = 0; digits < 100; digits++) {
        text[2] = (char)('0' + digits / 10);
        text[3] = (char)('0' + digits % 10);
        if (checksum_iban(str_of(text))) count++, memcpy(taken, text + 2, 2);
    }
    CHECK(count == 1 && strcmp(taken, "89") == 0);
    CHECK(!checksum_iban(STR("BE01 0000 0000 0096")));
}

static void weights_are_numbers_with_one_space_between(void)
{
    CHECK(checksum_weights(STR("1")) == 1);
    CHECK(checksum_weights(STR("10 9 08 99 0")) == 5);
    CHECK(checksum_weights(STR("")) == 0);
    CHECK(checksum_weights(STR(" 1")) == 0);
    CHECK(checksum_weights(STR("1 ")) == 0);
    CHECK(checksum_weights(STR("1  2")) == 0);
    CHECK(checksum_weights(STR("1,2")) == 0);
    CHECK(checksum_weights(STR("1 -2")) == 0);
    CHECK(checksum_weights(STR("100")) == 0);
    CHECK(checksum_weights(STR("99999999999999999999")) == 0);
}

static int64_t sum(const char *text, const char *weights, int64_t modulus)
{
    int64_t result;
    return checksum_sum(str_of(text), str_of(weights), modulus, &result) ? result : -1;
}

static void weighed_sums_are_those_of_books_and_articles(void)
{
    CHECK(sum("0-306-40615-2", "10 9 8 7 6 5 4 3 2 1", 11) == 0); /* ISO 2108 */
    CHECK(sum("0-8044-2957-X", "10 9 8 7 6 5 4 3 2 1", 11) == 0);
    CHECK(sum("978-0-306-40615-7", "1 3 1 3 1 3 1 3 1 3 1 3 1", 10) == 0);
    CHECK(sum("943 476 5919", "10 9 8 7 6 5 4 3 2 1", 11) == 0); /* a patient of the NHS */
    CHECK(sum("0-306-40615-3", "10 9 8 7 6 5 4 3 2 1", 11) == 1);
}

static void a_number_of_another_shape_has_no_sum(void)
{
    CHECK(sum("12", "1", 10) == -1);
    CHECK(sum("1", "1 1", 10) == -1);
    CHECK(sum("", "1", 10) == -1);
    CHECK(sum("1a", "1 1", 10) == -1);
    CHECK(sum("1X", "1 1", 11) == 0);
    CHECK(sum("1X", "1 1", 10) == -1);
    CHECK(sum("X1", "1 1", 11) == -1);
    CHECK(sum("1x", "1 1", 11) == -1);
    CHECK(sum("99", "99 99", 1000) == 782);
}

int main(void)
{
    digits_are_those_of_ascii_and_at_least_one();
    luhn_takes_the_example_of_iso_7812_and_test_cards();
    luhn_takes_two_digits_at_least();
    luhn_sees_every_wrong_digit();
    mod97_takes_legal_entity_identifiers();
    ibans_of_the_registry_are_right();
    what_is_no_iban_is_not();
    check_digits_that_are_never_given_are_refused();
    weights_are_numbers_with_one_space_between();
    weighed_sums_are_those_of_books_and_articles();
    a_number_of_another_shape_has_no_sum();
    return TEST_RESULT();
}
