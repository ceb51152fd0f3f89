#include "base/limits.h"
#include "base/status.h"
#include "tests/test.h"

static void every_status_has_a_name_a_sentence_and_an_http_answer(void)
{
#define STATUS(name, http, text)                                                                       \
    CHECK(strcmp(status_name(ST_##name), #name) == 0);                                                 \
    CHECK(strlen(status_text(ST_##name)) > 0);                                                         \
    CHECK((http) >= 200 && (http) <= 599);
#include "base/status.def"
#undef STATUS
}

static void ok_is_zero_and_the_only_success(void)
{
    CHECK(ST_OK == 0);
#define STATUS(name, http, text) CHECK((ST_##name == ST_OK) == ((http) < 300));
#include "base/status.def"
#undef STATUS
}

static void every_limit_is_listed_once_with_unit_and_reason(void)
{
    size_t count = 0;
    for (const struct limit_entry *a = limit_entries; a->name; a++, count++) {
        CHECK(a->value > 0 && strlen(a->unit) > 0 && strlen(a->reason) > 0);
        for (const struct limit_entry *b = limit_entries; b != a; b++)
            CHECK(strcmp(a->name, b->name) != 0);
    }
    size_t listed = 0;
#define LIMIT(name, value, unit, reason) listed += limit(name) == (value);
#include "base/limits.def"
#undef LIMIT
    CHECK(count == listed);
}

int main(void)
{
    every_status_has_a_name_a_sentence_and_an_http_answer();
    ok_is_zero_and_the_only_success();
    every_limit_is_listed_once_with_unit_and_reason();
    return TEST_RESULT();
}
