#include "base/network.h"

#include "../test.h"

/* What it is written as, or "" when it is none. */
static struct str canonical(const char *text, char room[80])
{
    struct network network;
    struct buf out;
    room[0] = '\0';
    if (!network_parse(str_of(text), &network)) return STR("");
    buf_init(&out, mem_heap(), 80);
    network_put(&network, &out);
    memcpy(room, out.ptr, out.len);
    size_t len = out.len;
    buf_release(&out);
    return (struct str){room, len};
}

static void a_network_is_written_in_one_way(void)
{
    static const struct {
        const char *text, *written;
    } rows[] = {
        {"10.0.0.0/8", "10.0.0.0/8"},
        {"10.1.2.3/8", "10.0.0.0/8"},
        {"192.0.2.7", "192.0.2.7/32"},
        {"192.0.2.255/25", "192.0.2.128/25"},
        {"0.0.0.0/0", "0.0.0.0/0"},
        {"::/0", "::/0"},
        {"2001:DB8:0:0::1/32", "2001:db8::/32"},
        {"::1", "::1/128"},
        {"::ffff:10.1.2.3/104", "10.0.0.0/8"},
        {"fe80::1/127", "fe80::/127"},
    };
    char room[80];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(str_eq(canonical(rows[i].text, room), str_of(rows[i].written)));
}

static void what_is_no_network_is_refused(void)
{
    static const char *const rows[] = {
        "",
        "10",
        "10.0.0",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/08",
        "10.0.0.0/8x",
        "010.0.0.0/8",
        "10.0.0.256",
        "10.0.0.0/8/8",
        "::/129",
        "2001:db8::/",
        "1::2::3",
        "/8",
        "host",
        "10.0.0.0 ",
        "::ffff:10.0.0.0.0",
        "fe80::1%eth0",
        "10.0.0.0/1000",
    };
    struct network network;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(!network_parse(str_of(rows[i]), &network));
    CHECK(!network_parse((struct str){"10.0.0.0\0/8", 11}, &network));
}

static bool has(const char *text, const char *address)
{
    struct network network, one;
    CHECK(network_parse(str_of(text), &network) && network_parse(str_of(address), &one));
    return network_has(&network, one.bytes);
}

static void a_network_has_its_first_and_last_address_and_not_their_neighbours(void)
{
    CHECK(has("10.0.0.0/8", "10.0.0.0") && has("10.0.0.0/8", "10.255.255.255"));
    CHECK(!has("10.0.0.0/8", "9.255.255.255") && !has("10.0.0.0/8", "11.0.0.0"));
    CHECK(has("192.0.2.128/25", "192.0.2.128") && !has("192.0.2.128/25", "192.0.2.127"));
    CHECK(has("192.0.2.7", "192.0.2.7") && !has("192.0.2.7", "192.0.2.6"));
    CHECK(has("2001:db8::/33", "2001:db8:7fff::1") && !has("2001:db8::/33", "2001:db8:8000::"));
    CHECK(has("10.0.0.0/8", "::ffff:10.1.2.3")); /* mapped */
    CHECK(has("0.0.0.0/0", "192.0.2.1") && !has("0.0.0.0/0", "2001:db8::1"));
    CHECK(has("::/0", "192.0.2.1") && has("::/0", "2001:db8::1"));
}

/* Every length against a bit by bit comparison. */
static void each_length_compares_as_many_bits(void)
{
    uint8_t address[NETWORK_ADDRESS_BYTES] = {0};
    for (unsigned bits = 0; bits <= 128; bits++) {
        struct network network = {.bits = (uint8_t)bits};
        for (unsigned flipped = 0; flipped < 128; flipped++) {
            address[flipped / 8] ^= (uint8_t)(0x80u >> flipped % 8);
            CHECK(network_has(&network, address) == (flipped >= bits));
            address[flipped / 8] ^= (uint8_t)(0x80u >> flipped % 8);
        }
    }
}

static void a_list_has_as_many_as_the_limit_and_not_one_more(void)
{
    struct networks list;
    struct buf text, out;
    buf_init(&text, mem_heap(), 4096);
    buf_init(&out, mem_heap(), 4096);
    for (int i = 0; i < limit(TOKEN_NETWORKS); i++)
        buf_printf(&text, "%s10.%d.0.0/16", i ? " " : "", i);
    CHECK(networks_parse(buf_str(&text), &list) && list.count == (uint32_t)limit(TOKEN_NETWORKS));
    networks_put(&list, &out);
    CHECK(str_eq(buf_str(&out), buf_str(&text)));
    buf_puts(&text, " 10.99.0.0/16");
    CHECK(!networks_parse(buf_str(&text), &list));
    buf_release(&text);
    buf_release(&out);
}

static void a_list_is_of_words_between_blanks_and_commas(void)
{
    struct networks list;
    uint8_t address[NETWORK_ADDRESS_BYTES] = {[10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1};
    CHECK(networks_parse(STR("::1, 127.0.0.0/8,"), &list) && list.count == 2 &&
          networks_have(&list, address));
    CHECK(networks_parse(STR("::1,10.0.0.0/8"), &list) && !networks_have(&list, address));
    CHECK(networks_parse(STR(""), &list) && list.count == 0 && !networks_have(&list, address));
    CHECK(!networks_parse(STR("::1; 127.0.0.0/8"), &list));
}

int main(void)
{
    a_network_is_written_in_one_way();
    what_is_no_network_is_refused();
    a_network_has_its_first_and_last_address_and_not_their_neighbours();
    each_length_compares_as_many_bits();
    a_list_has_as_many_as_the_limit_and_not_one_more();
    a_list_is_of_words_between_blanks_and_commas();
    return TEST_RESULT();
}
