#define _GNU_SOURCE
#include "tests/faults/horde.h"

#include "tests/http/site.h"
#include "tests/test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SLICES = 50, SLICE_MS = 20, SMALL_WINDOW = 4096 }; /* a visit a second for each */

#define ASK_MUCH "GET /v1/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"

static const char slow_head[] = "GET /livez HTTP/1.1\r\nHost: a\r\nX-Slow: ";
static const char slow_body[] = "POST /v1/p/acme/contact/evaluate HTTP/1.1\r\nHost: a\r\n"
                                "Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n{";

struct horde_one {
    int fd; /* -1: none */
    enum horde_kind kind;
    unsigned number, sent;
};

static int64_t now_ns(void)
{
    return clock_steady_ns(clock_system());
}

static void nap_ns(int64_t ns)
{
    struct timespec left = {ns / 1000000000, ns % 1000000000};
    if (ns > 0) nanosleep(&left, NULL);
}

uint64_t horde_descriptors(uint64_t wanted)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return 0;
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
    return files.rlim_cur == RLIM_INFINITY || files.rlim_cur > wanted ? wanted : files.rlim_cur;
}

/* ---------------------------------------------------------------- the slow */

int horde_connect(uint16_t port, unsigned number, int window)
{
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET};
    int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    from.sin_addr.s_addr = htonl(0x7f010001 + number);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(port);
    (void)setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    if (window) (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
    bool fine = bind(fd, (struct sockaddr *)(void *)&from, sizeof from) == 0 &&
                (connect(fd, (struct sockaddr *)(void *)&to, sizeof to) == 0 || errno == EINPROGRESS);
    if (fine) return fd;
    close(fd);
    return -1;
}

/* What this one sends next, as if it had all the time in the world. */
static struct str next_piece(struct horde_one *one)
{
    static const char more[] = "x";
    const char *all = one->kind == HORDE_HEAD ? slow_head : slow_body;
    unsigned at = one->sent++;
    switch (one->kind) {
    case HORDE_HEAD: /* from the first byte on */
        return at < strlen(all) ? (struct str){all + at, 1} : str_of(more);
    case HORDE_BODY:
        return at == 0 ? str_of(all) : str_of(more);
    case HORDE_READ: /* a byte after the first lot tells whether anybody still listens */
        return at == 0 ? STR(ASK_MUCH ASK_MUCH ASK_MUCH ASK_MUCH ASK_MUCH ASK_MUCH) : STR("G");
    case HORDE_IDLE:
    case HORDE_KINDS:
        break;
    }
    return STR("");
}

static bool is_transient(void)
{
    return errno == EAGAIN || errno == ENOTCONN || errno == EINTR;
}

/* False: the other side has ended it. */
static bool go_on(struct horde_one *one)
{
    char taken[4096];
    size_t most = one->kind == HORDE_READ ? 1 : sizeof taken;
    ssize_t got = recv(one->fd, taken, most, 0);
    if (got == 0 || (got < 0 && !is_transient())) return false;
    struct str piece = next_piece(one);
    return piece.len == 0 || send(one->fd, piece.ptr, piece.len, MSG_NOSIGNAL) >= 0 || is_transient();
}

static void visit(struct horde *horde, struct horde_one *one)
{
    if (one->fd < 0) {
        one->sent = 0;
        one->fd = horde_connect(horde->plan.port, one->number % horde->plan.addresses,
                                one->kind == HORDE_READ ? SMALL_WINDOW : 0);
        if (one->fd < 0) return;
        atomic_fetch_add(&horde->opened, 1);
        unsigned open = atomic_fetch_add(&horde->open, 1) + 1;
        if (open > atomic_load(&horde->most)) atomic_store(&horde->most, open);
    } else if (!go_on(one)) {
        close(one->fd);
        one->fd = -1;
        atomic_fetch_add(&horde->ended[one->kind], 1);
        atomic_fetch_sub(&horde->open, 1);
    }
}

static void *crawl(void *user)
{
    struct horde *horde = user;
    unsigned count = horde->plan.count;
    for (unsigned slice = 0; !atomic_load(&horde->stop); slice = (slice + 1) % SLICES) {
        for (unsigned i = slice; i < count; i += SLICES) visit(horde, &horde->ones[i]);
        nap_ns(SLICE_MS * INT64_C(1000000));
    }
    return NULL;
}

void horde_start(struct horde *horde, const struct horde_plan *plan)
{
    memset(horde, 0, sizeof *horde);
    horde->plan = *plan;
    horde->ones = calloc(plan->count, sizeof *horde->ones);
    if (!horde->ones) abort();
    for (unsigned i = 0; i < plan->count; i++)
        horde->ones[i] = (struct horde_one){-1, (enum horde_kind)(i % HORDE_KINDS), i / HORDE_KINDS, 0};
    CHECK(pthread_create(&horde->thread, NULL, crawl, horde) == 0);
}

void horde_stop(struct horde *horde)
{
    atomic_store(&horde->stop, true);
    pthread_join(horde->thread, NULL);
    for (unsigned i = 0; i < horde->plan.count; i++)
        if (horde->ones[i].fd >= 0) close(horde->ones[i].fd);
    free(horde->ones);
}

/* ---------------------------------------------------------------- the regular */

enum { REGULARS = 8 };

struct regular {
    const struct regulars_plan *plan;
    unsigned number;
    int64_t begun_ns;
    double *times_ms;
    unsigned long asked, wrong;
    unsigned stored;
    pthread_t thread;
};

static unsigned ask_once(struct wire *wire, unsigned regular, unsigned long turn, int64_t run)
{
    char key[100];
    struct ask ask = {"GET", "/v1/p/acme/contact"};
    if (turn % 3 == 1)
        ask = (struct ask){"POST", "/v1/p/acme/contact/evaluate",
                           .body = STR("{\"answers\":{\"name\":\"Ada\",\"age\":36}}")};
    if (turn % 3 == 2) {
        snprintf(key, sizeof key, "Idempotency-Key: regular-%u-%lu-%lld\r\n", regular, turn,
                 (long long)run);
        ask = (struct ask){"POST", "/v1/p/acme/contact/submissions", NULL, key,
                           .body = STR("{\"answers\":{\"name\":\"Ada\",\"age\":36}}")};
    }
    struct answer answer = site_ask_over(wire, &ask);
    unsigned status = answer.status;
    answer_release(&answer);
    return status;
}

static void *visit_regularly(void *user)
{
    struct regular *regular = user;
    const struct regulars_plan *plan = regular->plan;
    unsigned long turns = (unsigned long)plan->per_second * plan->seconds / REGULARS;
    int64_t step_ns = INT64_C(1000000000) * REGULARS / plan->per_second;
    struct wire wire;
    CHECK(wire_open(&wire, plan->port));
    for (unsigned long turn = 0; turn < turns; turn++) {
        int64_t due_ns =
            regular->begun_ns + (int64_t)turn * step_ns + (int64_t)regular->number * step_ns / REGULARS;
        nap_ns(due_ns - now_ns());
        unsigned status = ask_once(&wire, regular->number, turn, regular->begun_ns);
        regular->times_ms[regular->asked++] = (double)(now_ns() - due_ns) / 1e6;
        bool submits = turn % 3 == 2;
        regular->stored += submits && status == 201;
        if (status == (submits ? 201 : 200)) continue;
        if (regular->wrong++ == 0) fprintf(stderr, "a regular client was answered %u\n", status);
        wire_close(&wire);
        if (!wire_open(&wire, plan->port)) break;
    }
    wire_close(&wire);
    return NULL;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

/* Gathers what each has found. */
static void sum_up(struct regular regulars[REGULARS], double *all, struct regulars_found *ret_found)
{
    struct regulars_found found = {0};
    for (unsigned i = 0; i < REGULARS; i++) {
        pthread_join(regulars[i].thread, NULL);
        memcpy(all + found.asked, regulars[i].times_ms, regulars[i].asked * sizeof *all);
        found.asked += regulars[i].asked;
        found.wrong += regulars[i].wrong;
        found.stored += regulars[i].stored;
        free(regulars[i].times_ms);
    }
    if (found.asked) {
        qsort(all, found.asked, sizeof *all, compare);
        found.p50_ms = all[found.asked / 2];
        found.p99_ms = all[found.asked * 99 / 100];
        found.most_ms = all[found.asked - 1];
    }
    *ret_found = found;
}

void regulars_run(const struct regulars_plan *plan, struct regulars_found *ret_found)
{
    size_t turns = (size_t)plan->per_second * plan->seconds / REGULARS;
    struct regular regulars[REGULARS];
    double *all = calloc(turns * REGULARS + 1, sizeof *all);
    int64_t begun_ns = now_ns();
    for (unsigned i = 0; i < REGULARS; i++) {
        regulars[i] = (struct regular){.plan = plan,
                                       .number = i,
                                       .begun_ns = begun_ns,
                                       .times_ms = calloc(turns + 1, sizeof *all)};
        if (!all || !regulars[i].times_ms) abort();
        CHECK(pthread_create(&regulars[i].thread, NULL, visit_regularly, &regulars[i]) == 0);
    }
    sum_up(regulars, all, ret_found);
    free(all);
}
