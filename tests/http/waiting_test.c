/* Waiting: what a submission holds while the disk has not got it yet. Many wait at a time. */
#include "server/core.h"
#include "tests/http/site.h"
#include "tests/test.h"
#include "tests/unit/faulty_disk.h"

#include <stdio.h>

enum { COUNT = 48, NOTE_BYTES = 2500, BODY_BYTES = NOTE_BYTES + 100, HEAD_BYTES = 300 };

/* A heap that knows how much of it is in use. */
struct counted {
    struct mem mem;
    atomic_llong held;
};

static void *counted_resize(struct mem *self, void *ptr, size_t old_size, size_t new_size)
{
    struct counted *counted = (struct counted *)(void *)self;
    void *block = mem_heap()->resize(mem_heap(), ptr, old_size, new_size);
    if (block || new_size == 0)
        atomic_fetch_add(&counted->held, (long long)new_size - (long long)(ptr ? old_size : 0));
    return block;
}

struct world {
    struct site site;
    struct counted counted;
    char publisher[256], reader[256];
    int keys;
};

static void begin(struct world *world)
{
    world->counted.mem.resize = counted_resize;
    site_start(&world->site, &(struct server_options){.mem = &world->counted.mem, .event_threads = 1});
    site_tenant(&world->site, "acme");
    site_token(&world->site, "acme", "publisher", world->publisher);
    site_token(&world->site, "acme", "reader", world->reader);
    site_publish(&world->site, "acme", "contact", world->publisher, site_contact_form);
}

static void nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 5 * 1000000L}, NULL);
}

static bool comes_to(atomic_int *number, int wanted)
{
    for (int i = 0; i < 2000 && atomic_load(number) != wanted; i++) nap();
    return atomic_load(number) == wanted;
}

static bool falls_to(struct world *world, long long most)
{
    for (int i = 0; i < 600 && atomic_load(&world->counted.held) > most; i++) nap();
    return atomic_load(&world->counted.held) <= most;
}

/* `key`: NULL for a new one. */
static void submit(struct world *world, struct wire *wire, const char *key)
{
    char body[BODY_BYTES], note[NOTE_BYTES + 1], head[HEAD_BYTES], own[40];
    memset(note, 'x', NOTE_BYTES);
    note[NOTE_BYTES] = '\0';
    int len = snprintf(body, sizeof body, "{\"answers\":{\"name\":\"Ada\",\"age\":36,\"note\":\"%s\"}}",
                       note);
    snprintf(own, sizeof own, "waiting-key-%08d", world->keys++);
    int head_len = snprintf(head, sizeof head,
                            "POST /v1/p/acme/contact/submissions HTTP/1.1\r\nHost: a\r\nContent-Type: "
                            "application/json\r\nIdempotency-Key: %s\r\nContent-Length: %d\r\n\r\n",
                            key ? key : own, len);
    CHECK(wire_open(wire, world->site.port));
    CHECK(wire_send(wire, (struct str){head, (size_t)head_len}));
    CHECK(wire_send(wire, (struct str){body, (size_t)len}));
}

static unsigned status_of(struct wire *wire)
{
    struct wire_reply reply;
    if (!wire_receive(wire, false, &reply)) return 0;
    unsigned status = reply.status;
    wire_reply_release(&reply);
    return status;
}

static void submit_alone(struct world *world, unsigned status, const char *key)
{
    struct wire wire;
    submit(world, &wire, key);
    CHECK(status_of(&wire) == status);
    wire_close(&wire);
}

static int stored(struct world *world)
{
    int lines = 0;
    struct answer all =
        site_ask(&world->site, &(struct ask){"GET", "/v1/tenants/acme/forms/contact/submissions:export",
                                             world->reader});
    CHECK(all.status == 200);
    for (size_t i = 0; i < answer_body(&all).len; i++) lines += answer_body(&all).ptr[i] == '\n';
    answer_release(&all);
    return lines;
}

/* So many at a time, all of them judged and none of them stored. Bytes that they hold. */
static long long let_wait(struct world *world, struct wire wires[COUNT])
{
    long long before = atomic_load(&world->counted.held);
    faulty_disk_hold("acme/data.db-wal");
    for (int i = 0; i < COUNT; i++) submit(world, &wires[i], NULL);
    CHECK(comes_to(&world->site.server->away, COUNT));
    faulty_disk_await_held(1);
    return atomic_load(&world->counted.held) - before;
}

/* What came, the verdict with the answers in it, and little beside: nothing is twice as large as what
 * it holds. */
static void what_waits_holds_its_body_and_its_verdict_and_four_kilobytes(struct world *world)
{
    enum { LITTLE = 4 << 10, VERDICT_FRAME = 400, ONCE = 32 << 10 };
    struct wire wires[COUNT];
    long long held = let_wait(world, wires);
    CHECK(held > (long long)COUNT * 2 * NOTE_BYTES);
    CHECK(held < (long long)COUNT * (BODY_BYTES + NOTE_BYTES + VERDICT_FRAME + LITTLE) + ONCE);
    faulty_disk_release();
    for (int i = 0; i < COUNT; i++) {
        CHECK(status_of(&wires[i]) == 201);
        wire_close(&wires[i]);
    }
}

static void who_goes_away_while_it_waits_leaves_nothing_behind(struct world *world)
{
    struct wire wires[COUNT];
    long long before = atomic_load(&world->counted.held);
    int had = stored(world);
    (void)let_wait(world, wires);
    for (int i = 0; i < COUNT; i += 2) wire_close(&wires[i]);
    faulty_disk_release();
    for (int i = 1; i < COUNT; i += 2) {
        CHECK(status_of(&wires[i]) == 201);
        wire_close(&wires[i]);
    }
    CHECK(comes_to(&world->site.server->away, 0));
    CHECK(falls_to(world, before + (64 << 10)));
    CHECK(stored(world) == had + COUNT);
}

/* The body is still there when it turns out that the same was stored before. */
static void a_replay_is_judged_from_the_body_that_waited(struct world *world)
{
    enum { SAME = 4 };
    struct wire wires[SAME];
    unsigned created = 0, replayed = 0;
    int had = stored(world);
    faulty_disk_hold("acme/data.db-wal");
    for (int i = 0; i < SAME; i++) submit(world, &wires[i], "the-same-key-for-all");
    CHECK(comes_to(&world->site.server->away, SAME));
    faulty_disk_release();
    for (int i = 0; i < SAME; i++) {
        struct answer answer = {.status = 0};
        bool told = wire_receive(&wires[i], false, &answer.reply);
        CHECK(told);
        created += told && answer.reply.status == 201;
        replayed += told && answer.reply.status == 200 &&
                    strstr(buf_str(&answer.reply.body).ptr, "\"valid\":true") != NULL;
        if (told) wire_reply_release(&answer.reply);
        wire_close(&wires[i]);
    }
    CHECK(created == 1 && replayed == SAME - 1);
    CHECK(stored(world) == had + 1);
}

/* Who announces much and sends little takes little. */
static void a_body_takes_what_came_and_not_what_was_announced(struct world *world)
{
    static const char head[] =
        "POST /v1/p/acme/contact/submissions HTTP/1.1\r\nHost: a\r\nContent-Type: "
        "application/json\r\nIdempotency-Key: much-and-little-0\r\nContent-Length: "
        "900000\r\n\r\n{\"answers\":{";
    struct wire wires[COUNT];
    long long before = atomic_load(&world->counted.held);
    for (int i = 0; i < COUNT; i++)
        CHECK(wire_open(&wires[i], world->site.port) && wire_send(&wires[i], str_of(head)));
    for (int i = 0; i < 40; i++) nap();
    CHECK(atomic_load(&world->counted.held) < before + COUNT * (4 << 10));
    for (int i = 0; i < COUNT; i++) wire_close(&wires[i]);
}

int main(void)
{
    struct world world = {.keys = 0};
    faulty_disk_install();
    begin(&world);
    submit_alone(&world, 201, NULL); /* from here on all is made that is made once */
    what_waits_holds_its_body_and_its_verdict_and_four_kilobytes(&world);
    who_goes_away_while_it_waits_leaves_nothing_behind(&world);
    a_replay_is_judged_from_the_body_that_waited(&world);
    a_body_takes_what_came_and_not_what_was_announced(&world);
    submit_alone(&world, 200, "the-same-key-for-all");
    site_stop(&world.site);
    return TEST_RESULT();
}
