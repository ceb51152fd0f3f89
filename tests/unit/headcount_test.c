#include "server/headcount.h"

#include "tests/test.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static uint64_t v4(const char *text)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    CHECK(inet_pton(AF_INET, text, &address.sin_addr) == 1);
    return headcount_key((const struct sockaddr *)(const void *)&address);
}

static uint64_t v6(const char *text)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6};
    CHECK(inet_pton(AF_INET6, text, &address.sin6_addr) == 1);
    return headcount_key((const struct sockaddr *)(const void *)&address);
}

static void an_address_is_itself_and_its_network_when_it_is_long(void)
{
    CHECK(v4("192.0.2.1") == v4("192.0.2.1") && v4("192.0.2.1") != v4("192.0.2.2"));
    CHECK(v4("0.0.0.0") != 0 && v6("::") != 0 && v6("::1") != 0);
    CHECK(v6("2001:db8::1") == v6("2001:db8::ffff:1") && v6("2001:db8::1") != v6("2001:db8:0:1::1"));
    CHECK(v6("::ffff:192.0.2.1") == v4("192.0.2.1"));
    struct sockaddr other = {.sa_family = AF_UNIX};
    CHECK(headcount_key(&other) == 0 && headcount_key(NULL) == 0);
}

static void each_address_has_so_many_and_no_more(void)
{
    struct headcount headcount;
    CHECK_STATUS(headcount_init(&headcount, mem_heap(), 10), ST_OK);
    uint64_t one = v4("192.0.2.1"), other = v4("192.0.2.2");
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 4; i++) CHECK(headcount_enter(&headcount, one, 4));
        CHECK(!headcount_enter(&headcount, one, 4));
        CHECK(headcount_enter(&headcount, other, 4));
        headcount_leave(&headcount, one);
        CHECK(headcount_enter(&headcount, one, 4) && !headcount_enter(&headcount, one, 4));
        for (int i = 0; i < 4; i++) headcount_leave(&headcount, one);
        headcount_leave(&headcount, other);
    }
    for (int i = 0; i < 100; i++) CHECK(headcount_enter(&headcount, 0, 4)); /* nobody's */
    headcount_leave(&headcount, 0);
    headcount_release(&headcount);
}

/* Against a plain list, with a full house and keys that collide. */
static void counts_are_right_whoever_comes_and_goes(void)
{
    enum { KEYS = 64, MOST = 5 };
    struct headcount headcount;
    uint32_t plain[KEYS] = {0}, inside = 0, state = 12345;
    CHECK_STATUS(headcount_init(&headcount, mem_heap(), KEYS), ST_OK);
    for (int i = 0; i < 200000; i++) {
        state = state * 1664525 + 1013904223;
        uint32_t which = state >> 16 & (KEYS - 1);
        uint64_t key = (uint64_t)which * 7 + 1;
        if (state >> 30 & 1) {
            bool entered = headcount_enter(&headcount, key, MOST);
            CHECK(entered == (plain[which] < MOST));
            plain[which] += entered, inside += entered;
        } else if (plain[which] > 0) {
            headcount_leave(&headcount, key);
            plain[which]--, inside--;
        }
    }
    uint32_t counted = 0;
    for (uint32_t i = 0; i < headcount.slot_count; i++) counted += headcount.slots[i].count;
    CHECK(counted == inside);
    headcount_release(&headcount);
}

int main(void)
{
    an_address_is_itself_and_its_network_when_it_is_long();
    each_address_has_so_many_and_no_more();
    counts_are_right_whoever_comes_and_goes();
    return TEST_RESULT();
}
