/* How many submissions came in on each day, of each version: by pages, within bounds. */
#include "engine_fixture.h"

#include "engine/inside.h"

enum { DAY_MS = 86400000, FIRST_DAY = 20000 };

static struct bench bench;
static unsigned keys;

static void publish(const char *form, const char *source)
{
    struct published published;
    struct publication publication = {
        .tenant = STR("acme"), .form = str_of(form), .source = str_of(source), .allow_breaking = true};
    CHECK_STATUS(engine_publish(&bench.call, &publication, &published), ST_OK);
}

static void add(const char *form, uint32_t version, int64_t received_ms)
{
    struct write write = {.kind = WRITE_SUBMISSION_ADD,
                          .tenant = STR("acme"),
                          .submission_add = {.form = str_of(form),
                                             .version = version,
                                             .key = arena_printf(&bench.arena, "key-%u", ++keys),
                                             .answers = STR("{}"),
                                             .received_ms = received_ms,
                                             .now = STR("2026-01-15T10:00:00Z"),
                                             .zone = STR("UTC"),
                                             .locale = STR("en")}};
    CHECK_STATUS(call_write(&bench.call, &write), ST_OK);
}

static struct day_page list(struct day_query query, uint32_t count_max)
{
    struct day_page page = {.count = 0};
    query.form = STR("trip");
    CHECK_STATUS(engine_day_list(&bench.call, STR("acme"), &query, count_max, &page), ST_OK);
    return page;
}

static bool is(const struct day_count *count, int32_t day, uint32_t version, uint64_t submissions)
{
    return count->day == day && count->version == version && count->submissions == submissions;
}

static void a_form_without_submissions_has_no_days(void)
{
    publish("trip", "edition 2027 form trip \"T\" { name: text }");
    publish("trip", "edition 2027 form trip \"T\" { name: text other: text }");
    publish("other", "edition 2027 form other \"O\" { name: text }");
    struct day_page page = list((struct day_query){.since_ms = 0}, 0);
    CHECK(page.count == 0 && !page.more);
}

static void each_day_and_version_is_counted_and_other_forms_are_not(void)
{
    const int64_t first = (int64_t)FIRST_DAY * DAY_MS;
    add("trip", 1, first);
    add("trip", 2, first + DAY_MS - 1);
    add("trip", 1, first + DAY_MS - 1);
    add("trip", 2, first + DAY_MS);
    add("other", 1, first);
    struct day_page page = list((struct day_query){.since_ms = 0}, 0);
    CHECK(page.count == 3 && !page.more);
    CHECK(is(&page.items[0], FIRST_DAY, 1, 2) && is(&page.items[1], FIRST_DAY, 2, 1));
    CHECK(is(&page.items[2], FIRST_DAY + 1, 2, 1));
}

static void pages_go_on_where_the_last_one_ended(void)
{
    struct day_query query = {.since_ms = 0};
    for (uint32_t i = 0; i < 3; i++) {
        struct day_page page = list(query, 1), all = list((struct day_query){.since_ms = 0}, 0);
        CHECK(page.count == 1 && page.more == (i < 2));
        CHECK(is(&page.items[0], all.items[i].day, all.items[i].version, all.items[i].submissions));
        query.after = true;
        query.after_day = page.items[0].day;
        query.after_version = page.items[0].version;
    }
    CHECK(list(query, 1).count == 0);
}

static void bounds_cut_days_to_the_millisecond(void)
{
    const int64_t first = (int64_t)FIRST_DAY * DAY_MS, last = first + DAY_MS - 1;
    struct day_page page = list((struct day_query){.since_ms = last}, 0);
    CHECK(page.count == 3 && is(&page.items[0], FIRST_DAY, 1, 1));
    page = list((struct day_query){.since_ms = last + 1}, 0);
    CHECK(page.count == 1);
    page = list((struct day_query){.until_ms = last}, 0);
    CHECK(page.count == 1 && is(&page.items[0], FIRST_DAY, 1, 1));
    page = list((struct day_query){.until_ms = last + 1}, 0);
    CHECK(page.count == 2);
}

static void what_is_not_there_has_no_days(void)
{
    struct day_page page;
    struct day_query query = {.form = STR("nothing")};
    CHECK_STATUS(engine_day_list(&bench.call, STR("acme"), &query, 0, &page), ST_ABSENT);
    query.form = STR("trip");
    CHECK_STATUS(engine_day_list(&bench.call, STR("nobody"), &query, 0, &page), ST_ABSENT);
}

int main(void)
{
    bench_begin(&bench, NULL);
    a_form_without_submissions_has_no_days();
    each_day_and_version_is_counted_and_other_forms_are_not();
    pages_go_on_where_the_last_one_ended();
    bounds_cut_days_to_the_millisecond();
    what_is_not_there_has_no_days();
    bench_end(&bench);
    return TEST_RESULT();
}
