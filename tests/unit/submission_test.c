#include "store_fixture.h"

#include "tenants/reader.h"

static enum status add(struct fixture *fix, struct str key, struct str answers,
                       struct submission_record *ret_submission)
{
    struct write write = fixture_submission(fix, key, answers);
    enum status st = write_wait(fix->tenants, &write);
    if (!st && ret_submission) *ret_submission = write.submission_add.ret_submission;
    return st;
}

static void check_same(const struct submission_record *a, const struct submission_record *b)
{
    CHECK_NUMBER(a->seq, b->seq);
    CHECK_STR(a->id, b->id);
    CHECK_STR(a->form, b->form);
    CHECK_NUMBER(a->version, b->version);
    CHECK_STR(a->key, b->key);
    CHECK(memcmp(&a->body_hash, &b->body_hash, sizeof a->body_hash) == 0);
    CHECK_STR(a->answers, b->answers);
    CHECK_NUMBER(a->received_ms, b->received_ms);
    CHECK_STR(a->now, b->now);
    CHECK_STR(a->zone, b->zone);
    CHECK_STR(a->locale, b->locale);
    CHECK_NUMBER(a->steps, b->steps);
    CHECK(memcmp(&a->verdict_hash, &b->verdict_hash, sizeof a->verdict_hash) == 0);
    CHECK_STR(a->submitter, b->submitter);
    CHECK_STR(a->where, b->where);
}

static void what_was_stored_is_what_is_found(void)
{
    struct fixture fix;
    struct submission_record added, found;
    struct form_record form;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(add(&fix, STR("key-1"), STR("{\"price\":1.10,\"n\":\"\\u0000\"}"), &added), ST_OK);
    CHECK(str_starts(added.id, STR("sub_")) && added.id.len == 4 + 36);
    CHECK_STATUS(submission_find(fix.tenants, STR("acme"), added.id, &fix.arena, &found), ST_OK);
    check_same(&found, &added);
    CHECK_STR(found.answers, STR("{\"price\":1.10,\"n\":\"\\u0000\"}"));
    CHECK_STATUS(
        submission_find_by_key(fix.tenants, STR("acme"), STR("visa"), STR("key-1"), &fix.arena, &found),
        ST_OK);
    check_same(&found, &added);
    CHECK_STATUS(submission_find(fix.tenants, STR("acme"), STR("sub_no"), &fix.arena, &found),
                 ST_ABSENT);
    CHECK_STATUS(submission_find(fix.tenants, STR("nobody"), added.id, &fix.arena, &found), ST_ABSENT);
    CHECK_STATUS(
        submission_find_by_key(fix.tenants, STR("acme"), STR("visa"), STR("key-2"), &fix.arena, &found),
        ST_ABSENT);
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("visa"), &fix.arena, &form), ST_OK);
    CHECK_NUMBER(form.submissions, 1);
    fixture_end(&fix);
}

static void the_same_key_and_body_is_told_what_was_stored_before(void)
{
    struct fixture fix;
    struct submission_record added;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(add(&fix, STR("key-1"), STR("{\"a\":1}"), &added), ST_OK);
    struct write write = fixture_submission(&fix, STR("key-1"), STR("{\"a\":1}"));
    write.submission_add.received_ms += 5000;
    write.submission_add.answers =
        STR("{\"a\":1,\"computed\":2}"); /* judged at another time; the body is the same */
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK(write.submission_add.ret_replayed);
    check_same(&write.submission_add.ret_submission, &added);
    CHECK_NUMBER(fixture_number(&fix, "tenants/acme/data.db", "SELECT count(*) FROM submission"), 1);
    fixture_end(&fix);
}

static void the_same_key_for_another_body_is_refused(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(add(&fix, STR("key-1"), STR("{\"a\":1}"), NULL), ST_OK);
    struct write write = fixture_submission(&fix, STR("key-1"), STR("{\"a\":2}"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_CONFLICT);
    CHECK(write.refusal == REFUSAL_KEY_REUSED);
    CHECK(!write.submission_add.ret_replayed);
    /* In another form the key means something else. */
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("tax")), ST_OK);
    CHECK_STATUS(fixture_publish(&fix, STR("acme"), STR("tax"), STR("source")), ST_OK);
    write.submission_add.form = STR("tax");
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    fixture_end(&fix);
}

static void a_replay_is_answered_even_when_the_form_is_closed(void)
{
    struct fixture fix;
    struct submission_record added;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(add(&fix, STR("key-1"), STR("{\"a\":1}"), &added), ST_OK);
    CHECK_STATUS(fixture_form_state(&fix, FORM_CLOSING), ST_OK);
    CHECK_STATUS(fixture_form_state(&fix, FORM_CLOSED), ST_OK);
    struct write write = fixture_submission(&fix, STR("key-1"), STR("{\"a\":1}"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK(write.submission_add.ret_replayed);
    write = fixture_submission(&fix, STR("key-2"), STR("{\"a\":1}"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_CONFLICT);
    CHECK(write.refusal == REFUSAL_FORM_CLOSED);
    fixture_end(&fix);
}

static void a_closing_form_takes_only_what_was_begun_before(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(fixture_form_state(&fix, FORM_CLOSING), ST_OK); /* at FIXTURE_NOW_MS */
    struct write write = fixture_submission(&fix, STR("key-1"), STR("{}"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_CONFLICT);
    write.submission_add.started_ms = FIXTURE_NOW_MS + 1;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_CONFLICT);
    CHECK(write.refusal == REFUSAL_FORM_CLOSED);
    write.submission_add.started_ms = FIXTURE_NOW_MS;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    fixture_end(&fix);
}

static void what_cannot_be_stored_is_refused_with_its_reason(void)
{
    struct fixture fix;
    char key[LIMIT_IDEMPOTENCY_KEY_BYTES + 1], meta[LIMIT_META_BYTES + 1];
    memset(key, 'K', sizeof key);
    memset(meta, 'm', sizeof meta);
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct write good = fixture_submission(&fix, str_n(key, LIMIT_IDEMPOTENCY_KEY_BYTES), STR("{}")),
                 write;
#define REFUSED(change, why)                                                                           \
    write = good;                                                                                      \
    write.submission_add.change;                                                                       \
    CHECK(write_wait(fix.tenants, &write) != ST_OK);                                                   \
    CHECK_NUMBER(write.refusal, why);
    REFUSED(key = str_n(key, LIMIT_IDEMPOTENCY_KEY_BYTES + 1), REFUSAL_BAD_VALUE)
    REFUSED(key = STR(""), REFUSAL_BAD_VALUE)
    REFUSED(key = STR("a b"), REFUSAL_BAD_VALUE)
    REFUSED(answers = STR(""), REFUSAL_BAD_VALUE)
    REFUSED(received_ms = -1, REFUSAL_BAD_VALUE)
    REFUSED(steps = UINT64_MAX, REFUSAL_BAD_VALUE)
    REFUSED(zone = str_n(meta, LIMIT_META_BYTES + 1), REFUSAL_BAD_VALUE)
    REFUSED(submitter = str_n(meta, LIMIT_META_BYTES + 1), REFUSAL_BAD_VALUE)
    REFUSED(version = 0, REFUSAL_VERSION_ABSENT)
    REFUSED(version = 2, REFUSAL_VERSION_ABSENT)
    REFUSED(form = STR("visas"), REFUSAL_FORM_ABSENT)
#undef REFUSED
    good.submission_add.zone = good.submission_add.submitter = str_n(meta, LIMIT_META_BYTES);
    CHECK_STATUS(write_wait(fix.tenants, &good), ST_OK);
    CHECK_NUMBER(fixture_number(&fix, "tenants/acme/data.db", "SELECT count(*) FROM submission"), 1);
    fixture_end(&fix);
}

/* Twelve: i-th received at base + (i / 3), so that times repeat; odd ones under version 2. */
static void add_twelve(struct fixture *fix)
{
    char key[16];
    CHECK_STATUS(fixture_publish(fix, STR("acme"), STR("visa"), STR("second")), ST_OK);
    for (int i = 0; i < 12; i++) {
        (void)snprintf(key, sizeof key, "key-%02d", i);
        struct write write = fixture_submission(fix, str_of(key), STR("{}"));
        write.submission_add.received_ms = 1000 + i / 3;
        write.submission_add.version = 1 + (uint32_t)i % 2;
        CHECK_STATUS(write_wait(fix->tenants, &write), ST_OK);
    }
}

/* The numbers of the keys, page by page, as text: "00 01 02|03 …|". */
static struct str list_all(struct fixture *fix, struct submission_query query, uint32_t rows)
{
    struct submission_page page;
    struct buf buf;
    buf_init(&buf, mem_heap(), 1000);
    do {
        CHECK_STATUS(submission_list(fix->tenants, STR("acme"), &query, rows, &fix->arena, &page),
                     ST_OK);
        for (uint32_t i = 0; i < page.count; i++) buf_printf(&buf, "%.2s ", page.items[i].key.ptr + 4);
        buf_puts(&buf, "|");
        if (page.count == 0) break;
        query.after_received_ms = page.items[page.count - 1].received_ms;
        query.after_seq = page.items[page.count - 1].seq;
    } while (page.more);
    struct str text = arena_str(&fix->arena, buf_str(&buf));
    buf_release(&buf);
    return text;
}

static void lists_go_page_by_page_in_both_orders(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct submission_query query = {.form = STR("visa")};
    CHECK_STR(list_all(&fix, query, 5), STR("|"));
    add_twelve(&fix);
    CHECK_STR(list_all(&fix, query, 5), STR("00 01 02 03 04 |05 06 07 08 09 |10 11 |"));
    CHECK_STR(list_all(&fix, query, 12), STR("00 01 02 03 04 05 06 07 08 09 10 11 |"));
    query.newest_first = true;
    CHECK_STR(list_all(&fix, query, 7), STR("11 10 09 08 07 06 05 |04 03 02 01 00 |"));
    query.form = STR("nosuch");
    CHECK_STR(list_all(&fix, query, 7), STR("|"));
    fixture_end(&fix);
}

static void lists_are_filtered_by_time_and_version(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    add_twelve(&fix);
    struct submission_query query = {.form = STR("visa"), .since_ms = 1001};
    CHECK_STR(list_all(&fix, query, 20), STR("03 04 05 06 07 08 09 10 11 |"));
    query.until_ms = 1003;
    CHECK_STR(list_all(&fix, query, 4), STR("03 04 05 06 |07 08 |"));
    query.version = 2;
    CHECK_STR(list_all(&fix, query, 2), STR("03 05 |07 |"));
    query.newest_first = true;
    CHECK_STR(list_all(&fix, query, 2), STR("07 05 |03 |"));
    query.version = 3;
    CHECK_STR(list_all(&fix, query, 2), STR("|"));
    fixture_end(&fix);
}

static void a_page_ends_when_its_texts_are_large(void)
{
    enum { LARGE = 1 << 20, COUNT = LIMIT_PAGE_BYTES / LARGE + 2 };
    struct fixture fix;
    struct submission_page page;
    char key[16];
    fixture_begin(&fix);
    fixture_acme(&fix);
    char *text = arena_alloc(&fix.arena, LARGE);
    memset(text, ' ', LARGE);
    for (int i = 0; i < COUNT; i++) {
        (void)snprintf(key, sizeof key, "key-%02d", i);
        CHECK_STATUS(add(&fix, str_of(key), str_n(text, LARGE), NULL), ST_OK);
    }
    struct submission_query query = {.form = STR("visa")};
    CHECK_STATUS(submission_list(fix.tenants, STR("acme"), &query, 100, &fix.arena, &page), ST_OK);
    CHECK(page.more);
    CHECK_NUMBER(page.count, LIMIT_PAGE_BYTES / LARGE); /* the records' own bytes count too */
    fixture_end(&fix);
}

static void a_walk_meets_each_once_and_ends_at_what_was_there_when_it_began(void)
{
    enum { COUNT = 350 }; /* several pages */
    struct fixture fix;
    struct submission_walk *walk;
    struct submission_record submission;
    char key[16], want[16];
    fixture_begin(&fix);
    fixture_acme(&fix);
    for (int i = 0; i < COUNT; i++) {
        (void)snprintf(key, sizeof key, "key-%04d", i);
        CHECK_STATUS(add(&fix, str_of(key), STR("{}"), NULL), ST_OK);
    }
    struct submission_query query = {.form = STR("visa")};
    CHECK_STATUS(submission_walk_open(fix.tenants, STR("acme"), &query, &walk), ST_OK);
    for (int i = 0; i < COUNT; i++) {
        CHECK_STATUS(submission_walk_next(walk, &submission), ST_OK);
        (void)snprintf(want, sizeof want, "key-%04d", i);
        CHECK_STR(submission.key, str_of(want));
        if (i == 3) CHECK_STATUS(add(&fix, STR("late"), STR("{}"), NULL), ST_OK);
    }
    CHECK_STATUS(submission_walk_next(walk, &submission), ST_ABSENT);
    CHECK_STATUS(submission_walk_next(walk, &submission), ST_ABSENT);
    submission_walk_close(walk);
    submission_walk_close(NULL);

    query.newest_first = true;
    CHECK_STATUS(submission_walk_open(fix.tenants, STR("acme"), &query, &walk), ST_OK);
    CHECK_STATUS(submission_walk_next(walk, &submission), ST_OK);
    CHECK_STR(submission.key, STR("late"));
    submission_walk_close(walk);
    CHECK_STATUS(submission_walk_open(fix.tenants, STR("nobody"), &query, &walk), ST_ABSENT);
    fixture_end(&fix);
}

static void a_walk_over_much_takes_the_memory_of_a_page(void)
{
    enum { COUNT = 40, LARGE = 1 << 20, HELD_MAX = 3 * LIMIT_PAGE_BYTES };
    struct fixture fix;
    struct submission_record submission;
    struct submission_walk *walk;
    char key[16];
    int met = 0;
    fixture_begin(&fix);
    fixture_acme(&fix);
    char *text = arena_alloc(&fix.arena, LARGE);
    memset(text, ' ', LARGE);
    for (int i = 0; i < COUNT; i++) {
        struct submission_value value = {STR("a"), STR("text"), STR("v"), false};
        (void)snprintf(key, sizeof key, "key-%02d", i);
        struct write write = fixture_submission(&fix, str_of(key), str_n(text, LARGE));
        write.submission_add.values = &value;
        write.submission_add.value_count = 1;
        CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    }
    tenants_close(fix.tenants);
    struct test_mem tm = TEST_MEM(.fail_at = 0); /* counts; only this thread asks it for memory now */
    fix.options.mem = &tm.mem;
    fixture_open(&fix);
    struct filter_range range = {STR("v"), STR("w")};
    struct filter_condition condition = {STR("a"), STR("text"), &range, 1};
    struct submission_query query = {.form = STR("visa"), .filter = {&condition, 0, false}};
    int64_t before = sqlite3_memory_used();
    for (; query.filter.count <= 1; query.filter.count++, met = 0) {
        CHECK_STATUS(submission_walk_open(fix.tenants, STR("acme"), &query, &walk), ST_OK);
        (void)sqlite3_memory_highwater(1);
        while (submission_walk_next(walk, &submission) == ST_OK) {
            met++;
            CHECK(tm.held < HELD_MAX);
        }
        CHECK(sqlite3_memory_highwater(0) - before < HELD_MAX);
        CHECK_NUMBER(met, COUNT);
        submission_walk_close(walk);
    }
    tenants_close(fix.tenants);
    CHECK_NUMBER(tm.held, 0);
    fix.tenants = NULL;
    fixture_end(&fix);
}

static void a_walk_goes_on_after_a_page_that_failed(void)
{
    struct fixture fix;
    struct submission_record submission;
    struct submission_walk *walk;
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(add(&fix, STR("key-1"), STR("{}"), NULL), ST_OK);
    tenants_close(fix.tenants);
    struct test_mem tm = TEST_MEM(.fail_at = 0);
    fix.options.mem = &tm.mem;
    fixture_open(&fix);
    struct submission_query query = {.form = STR("visa")};
    CHECK_STATUS(submission_walk_open(fix.tenants, STR("acme"), &query, &walk), ST_OK);
    tm.fail_at = tm.requests + 1;
    CHECK_STATUS(submission_walk_next(walk, &submission), ST_NOMEM);
    CHECK_STATUS(submission_walk_next(walk, &submission), ST_OK);
    CHECK_STR(submission.key, STR("key-1"));
    CHECK_STATUS(submission_walk_next(walk, &submission), ST_ABSENT);
    submission_walk_close(walk);
    fixture_end(&fix);
}

static struct write saved_write(struct fixture *fix, struct str key, int64_t at_ms)
{
    struct write write = fixture_write(fix, WRITE_SAVED_PUT);
    write.saved_put = (struct saved_put){.form = STR("visa"),
                                         .version = 1,
                                         .key_hash = digest_of(key),
                                         .answers = STR("{}"),
                                         .locale = STR("en"),
                                         .saved_ms = at_ms};
    return write;
}

static void what_is_saved_has_its_time_and_is_swept_when_that_is_over(void)
{
    const int64_t kept_ms = INT64_C(2592000) * 1000;
    struct digest first = digest_of(STR("first")), second = digest_of(STR("second"));
    struct saved_record saved;
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct write write = saved_write(&fix, STR("first"), FIXTURE_NOW_MS);
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_NUMBER(write.saved_put.ret_until_ms, FIXTURE_NOW_MS + kept_ms);
    CHECK_STATUS(saved_find(fix.tenants, STR("acme"), STR("visa"), &first, FIXTURE_NOW_MS + kept_ms - 1,
                            &fix.arena, &saved),
                 ST_OK);
    CHECK_STATUS(saved_find(fix.tenants, STR("acme"), STR("visa"), &first, FIXTURE_NOW_MS + kept_ms,
                            &fix.arena, &saved),
                 ST_ABSENT);
    write = saved_write(&fix, STR("second"), FIXTURE_NOW_MS + kept_ms);
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_STATUS(saved_find(fix.tenants, STR("acme"), STR("visa"), &second, FIXTURE_NOW_MS + kept_ms,
                            &fix.arena, &saved),
                 ST_OK);
    /* Whatever time is asked for: it is not there any more. */
    CHECK_STATUS(
        saved_find(fix.tenants, STR("acme"), STR("visa"), &first, FIXTURE_NOW_MS, &fix.arena, &saved),
        ST_ABSENT);
    fixture_end(&fix);
}

static void what_cannot_be_saved_is_refused_with_its_reason(void)
{
    struct fixture fix;
    fixture_begin(&fix);
    fixture_acme(&fix);
    struct write write = saved_write(&fix, STR("key"), FIXTURE_NOW_MS);
    write.saved_put.answers = STR("");
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_INPUT);
    CHECK(write.refusal == REFUSAL_BAD_VALUE);
    write.saved_put.answers = STR("{}");
    write.saved_put.version = 2;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_ABSENT);
    CHECK(write.refusal == REFUSAL_VERSION_ABSENT);
    write.saved_put.version = 0;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_ABSENT);
    write.saved_put.version = 1;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    struct write quota = fixture_write(&fix, WRITE_TENANT_SET_QUOTA);
    quota.tenant_set_quota = (struct tenant_set_quota){
        .id = STR("acme"), .changes = &(struct quota_change){QUOTA_STORED_BYTES, 1}, .count = 1};
    CHECK_STATUS(write_wait(fix.tenants, &quota), ST_OK);
    CHECK(write_wait(fix.tenants, &write) != ST_OK);
    CHECK(write.refusal == REFUSAL_STORED_QUOTA);
    struct write table = fixture_write(&fix, WRITE_TABLE_PUT);
    table.table_put = (struct table_put){
        .name = STR("wards"), .csv = STR("a\n1\n"), .row_count = 1, .column_count = 1};
    CHECK(write_wait(fix.tenants, &table) != ST_OK);
    CHECK(table.refusal == REFUSAL_STORED_QUOTA);
    table.table_put.row_count = 0;
    CHECK_STATUS(write_wait(fix.tenants, &table), ST_INPUT);
    CHECK(table.refusal == REFUSAL_BAD_VALUE);
    fixture_end(&fix);
}

static void a_walk_of_nobody_begins_not_at_all(void)
{
    struct fixture fix;
    struct submission_walk *walk;
    char name[LIMIT_FORM_NAME_BYTES + 1];
    memset(name, 'a', sizeof name);
    struct submission_query query = {.form = str_n(name, sizeof name)};
    fixture_begin(&fix);
    fixture_acme(&fix);
    CHECK_STATUS(submission_walk_open(fix.tenants, STR("acme"), &query, &walk), ST_ABSENT);
    query.form.len--;
    CHECK_STATUS(
        submission_walk_open(fix.tenants, str_n(name, LIMIT_TENANT_ID_BYTES + 1), &query, &walk),
        ST_ABSENT);
    CHECK_STATUS(submission_walk_open(fix.tenants, STR("acme"), &query, &walk), ST_OK);
    submission_walk_close(walk);
    fixture_end(&fix);
}

/* There is room for one tenant, and somebody reads another's while the walk stands still. */
static void a_walk_goes_on_once_there_is_room_for_its_tenant_again(void)
{
    struct fixture fix;
    struct reader reader;
    struct submission_walk *walk;
    struct submission_record found;
    uint64_t left = 0;
    fixture_prepare(&fix);
    fix.options.open_tenants_max = 1;
    fixture_open(&fix);
    fixture_acme(&fix);
    add_twelve(&fix);
    CHECK_STATUS(fixture_tenant(&fix, STR("other")), ST_OK);
    struct submission_query query = {.form = STR("visa")};
    CHECK_STATUS(submission_walk_open(fix.tenants, STR("acme"), &query, &walk), ST_OK);
    CHECK_STATUS(reader_begin(fix.tenants, STR("other"), &reader), ST_OK);
    CHECK_STATUS(submission_walk_next(walk, &found), ST_OVERLOADED);
    CHECK_STATUS(submission_walk_left(walk, &left), ST_OVERLOADED);
    CHECK_STATUS(reader_end(&reader, ST_OK), ST_OK);
    CHECK_STATUS(submission_walk_left(walk, &left), ST_OK);
    uint64_t count = 0;
    while (submission_walk_next(walk, &found) == ST_OK) count++;
    CHECK(count > 0 && count == left);
    submission_walk_close(walk);
    fixture_end(&fix);
}

int main(void)
{
    what_was_stored_is_what_is_found();
    the_same_key_and_body_is_told_what_was_stored_before();
    the_same_key_for_another_body_is_refused();
    a_replay_is_answered_even_when_the_form_is_closed();
    a_closing_form_takes_only_what_was_begun_before();
    what_cannot_be_stored_is_refused_with_its_reason();
    lists_go_page_by_page_in_both_orders();
    lists_are_filtered_by_time_and_version();
    a_page_ends_when_its_texts_are_large();
    a_walk_meets_each_once_and_ends_at_what_was_there_when_it_began();
    a_walk_over_much_takes_the_memory_of_a_page();
    a_walk_goes_on_after_a_page_that_failed();
    what_is_saved_has_its_time_and_is_swept_when_that_is_over();
    what_cannot_be_saved_is_refused_with_its_reason();
    a_walk_of_nobody_begins_not_at_all();
    a_walk_goes_on_once_there_is_room_for_its_tenant_again();
    return TEST_RESULT();
}
