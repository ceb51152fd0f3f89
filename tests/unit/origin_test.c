#include "server/origin.h"

#include "tests/test.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static struct origin at(const char *text)
{
    struct origin origin = {{0}};
    CHECK(origin_parse(str_of(text), &origin));
    return origin;
}

static bool same(const struct origin *a, const struct origin *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static void addresses_are_read_from_text_and_sockets(void)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    inet_pton(AF_INET, "192.0.2.7", &v4.sin_addr);
    inet_pton(AF_INET6, "2001:db8::7", &v6.sin6_addr);
    struct origin a = origin_of((struct sockaddr *)(void *)&v4), b = at("192.0.2.7"),
                  c = at("::ffff:192.0.2.7");
    CHECK(same(&a, &b) && same(&b, &c) && origin_is_v4(&a));
    a = origin_of((struct sockaddr *)(void *)&v6), b = at("2001:db8::7");
    CHECK(same(&a, &b) && !origin_is_v4(&a));
    static const char *const wrong[] = {"",
                                        "192.0.2",
                                        "192.0.2.256",
                                        "2001:db8::g",
                                        "1.2.3.4 ",
                                        "1.2.3.4:5",
                                        "localhost",
                                        "[::1]",
                                        "2001:0db8:0000:0000:0000:0000:0000:0001:2:3:4:5:6:7:8:9"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK(!origin_parse(str_of(wrong[i]), &a));
}

static void a_place_is_a_network_and_not_a_host(void)
{
    static const char *const rows[][2] = {
        {"192.0.2.77", "192.0.2.0/24"}, {"2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"}, {"::", "local"}};
    for (size_t i = 0; i < 3; i++) {
        char place[ORIGIN_PLACE_BYTES];
        struct origin origin = at(rows[i][0]);
        origin_place(&origin, place);
        CHECK(strcmp(place, rows[i][1]) == 0);
    }
}

static bool share(const char *a, const char *b, enum origin_width width)
{
    struct origin first = at(a), second = at(b);
    struct str x = origin_prefix(&first, width), y = origin_prefix(&second, width);
    return x.ptr && y.ptr && str_eq(x, y);
}

static void limits_count_by_address_and_by_the_64_of_ipv6(void)
{
    CHECK(share("192.0.2.7", "192.0.2.7", ORIGIN_HOST) &&
          !share("192.0.2.7", "192.0.2.8", ORIGIN_HOST));
    CHECK(share("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", ORIGIN_HOST));
    CHECK(!share("2001:db8:1:2::1", "2001:db8:1:3::1", ORIGIN_HOST));
    CHECK(share("2001:db8:1:2::1", "2001:db8:1:3::1", ORIGIN_NETWORK));
    CHECK(!share("2001:db8:1:2::1", "2001:db8:2:2::1", ORIGIN_NETWORK));
    CHECK(!share("192.0.2.7", "192.0.2.7", ORIGIN_NETWORK));
    CHECK(!share("::", "::", ORIGIN_HOST) && share("::1", "::1", ORIGIN_HOST));
}

static bool in(const char *nets, const char *address)
{
    struct origin_nets list;
    struct origin origin = at(address);
    CHECK(origin_nets_read(str_of(nets), &list));
    return origin_in(&origin, &list);
}

static void nets_hold_what_lies_within_them(void)
{
    CHECK(in("10.0.0.0/8", "10.255.0.1") && !in("10.0.0.0/8", "11.0.0.1"));
    CHECK(in("192.0.2.7", "192.0.2.7") && !in("192.0.2.7", "192.0.2.6"));
    CHECK(in("192.0.2.0/25", "192.0.2.127") && !in("192.0.2.0/25", "192.0.2.128"));
    CHECK(in("0.0.0.0/0", "8.8.8.8") && !in("0.0.0.0/0", "2001:db8::1"));
    CHECK(in("2001:db8::/33", "2001:db8:7fff::1") && !in("2001:db8::/33", "2001:db8:8000::1"));
    CHECK(in("::/0", "8.8.8.8") && in(" 10.0.0.0/8 , ::1 ", "::1") && !in("none", "::1") &&
          !in("", "::1"));
    static const char *const wrong[] = {"10.0.0.0/33",  "::/129",      "10.0.0.0/",
                                        "10.0.0.0/x",   ",",           "10.0.0.1,,::1",
                                        "10.0.0.1 ::1", "10.0.0.0/-1", "10.0.0.1,"};
    struct origin_nets list;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK(!origin_nets_read(str_of(wrong[i]), &list));
}

static void there_is_room_for_so_many_nets_and_no_more(void)
{
    char text[(LIMIT_TRUSTED_PROXIES + 1) * 16];
    struct origin_nets list;
    size_t len = 0;
    for (unsigned i = 0; i <= limit(TRUSTED_PROXIES); i++) {
        if (i == limit(TRUSTED_PROXIES))
            CHECK(origin_nets_read((struct str){text, len}, &list) && list.count == i);
        len += (size_t)snprintf(text + len, sizeof text - len, "%s10.0.0.%u", i ? "," : "", i % 250);
    }
    CHECK(!origin_nets_read((struct str){text, len}, &list));
}

static void check_client(const char *peer, const char *header, bool forwarded, const char *wanted)
{
    struct origin_nets proxies;
    CHECK(origin_nets_read(STR("10.0.0.0/8, 2001:db8:f::/48"), &proxies));
    struct origin from = at(peer), want = at(wanted);
    struct origin got =
        origin_behind(&from, &proxies, header ? str_of(header) : (struct str){NULL, 0}, forwarded);
    if (!same(&got, &want)) fprintf(stderr, "%s: %s\n", peer, header);
    CHECK(same(&got, &want));
}

static void a_header_is_believed_only_from_believed_proxies(void)
{
    check_client("192.0.2.1", "198.51.100.1", false, "192.0.2.1");
    check_client("10.0.0.1", "198.51.100.1", false, "198.51.100.1");
    check_client("10.0.0.1", NULL, false, "10.0.0.1");
    check_client("10.0.0.1", "", false, "10.0.0.1");
    /* The client's own inventions stand before what the first proxy wrote. */
    check_client("10.0.0.1", "1.1.1.1, 198.51.100.1", false, "198.51.100.1");
    check_client("10.0.0.1", "1.1.1.1,198.51.100.1 , 10.0.0.2", false, "198.51.100.1");
    check_client("10.0.0.1", "10.0.0.3, 10.0.0.2", false, "10.0.0.3");
    check_client("10.0.0.1", "1.1.1.1, garbage", false, "10.0.0.1");
    check_client("10.0.0.1", "1.1.1.1, garbage, 10.0.0.9", false, "10.0.0.9");
    check_client("10.0.0.1", "198.51.100.1:4711", false, "198.51.100.1");
    check_client("2001:db8:f::1", "[2001:db8::5]:4711", false, "2001:db8::5");
    check_client("2001:db8:f::1", "2001:db8::5", false, "2001:db8::5");
}

static void forwarded_is_read_as_the_rfc_has_it(void)
{
    check_client("10.0.0.1", "for=198.51.100.1", true, "198.51.100.1");
    check_client("10.0.0.1", "For=\"[2001:db8:cafe::17]:4711\"", true, "2001:db8:cafe::17");
    check_client("10.0.0.1", "for=1.1.1.1, for=198.51.100.17;by=10.0.0.9;proto=http", true,
                 "198.51.100.17");
    check_client("10.0.0.1", "for=198.51.100.17, by=x;for=10.0.0.2", true, "198.51.100.17");
    check_client("10.0.0.1", "for=198.51.100.17, for=unknown", true, "10.0.0.1");
    check_client("10.0.0.1", "for=\"_gazonk\"", true, "10.0.0.1");
    check_client("10.0.0.1", "proto=http", true, "10.0.0.1");
}

int main(void)
{
    addresses_are_read_from_text_and_sockets();
    a_place_is_a_network_and_not_a_host();
    limits_count_by_address_and_by_the_64_of_ipv6();
    nets_hold_what_lies_within_them();
    there_is_room_for_so_many_nets_and_no_more();
    a_header_is_believed_only_from_believed_proxies();
    forwarded_is_read_as_the_rfc_has_it();
    return TEST_RESULT();
}
