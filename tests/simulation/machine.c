#include "tests/simulation/machine.h"

#include "server/core.h"
#include "tests/simulation/dice.h"
#include "tests/simulation/exchange.h"
#include "tests/simulation/fiber.h"
#include "tests/simulation/memory_disk.h"

#include <brotli/encode.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#define DIRECTORY MEMORY_DISK_ROOT "/data"
#define BEGIN_US INT64_C(1768471200000000) /* 2026-01-15T10:00:00Z */

static struct dice randomness;
static struct server *server;
static char operator_token[200];

/* ---- random numbers of the seed, in the place of the system's */

static const char *implementation_name(void)
{
    return "simulated";
}

static uint32_t random_number(void)
{
    return (uint32_t)(dice_throw(&randomness) >> 32);
}

static void random_bytes(void *const bytes, const size_t len)
{
    for (size_t i = 0; i < len; i++)
        ((unsigned char *)bytes)[i] = (unsigned char)(dice_throw(&randomness) >> 32);
}

static randombytes_implementation implementation = {
    .implementation_name = implementation_name, .random = random_number, .buf = random_bytes};

/* ---- no event threads, so nothing to find hanging */

void __wrap_pulse_enter(struct pulse *pulse);
void __wrap_pulse_enter(struct pulse *pulse)
{
    (void)pulse;
}

void __wrap_pulse_leave(void);
void __wrap_pulse_leave(void)
{
}

/* ---- compressed as little as may be: at its best that is most of the time there is */

BROTLI_BOOL __real_BrotliEncoderCompress(int quality, int window, BrotliEncoderMode mode, size_t len,
                                         const uint8_t *bytes, size_t *to_len, uint8_t *to);
BROTLI_BOOL __wrap_BrotliEncoderCompress(int quality, int window, BrotliEncoderMode mode, size_t len,
                                         const uint8_t *bytes, size_t *to_len, uint8_t *to);
BROTLI_BOOL __wrap_BrotliEncoderCompress(int quality, int window, BrotliEncoderMode mode, size_t len,
                                         const uint8_t *bytes, size_t *to_len, uint8_t *to)
{
    (void)quality;
    return __real_BrotliEncoderCompress(0, window, mode, len, bytes, to_len, to);
}

int __real_deflateInit2_(z_streamp zip, int level, int method, int bits, int memory, int strategy,
                         const char *version, int size);
int __wrap_deflateInit2_(z_streamp zip, int level, int method, int bits, int memory, int strategy,
                         const char *version, int size);
int __wrap_deflateInit2_(z_streamp zip, int level, int method, int bits, int memory, int strategy,
                         const char *version, int size)
{
    (void)level;
    return __real_deflateInit2_(zip, 1, method, bits, memory, strategy, version, size);
}

/* ---- the server */

static enum status start(void)
{
    struct server_options options = {.listen = "127.0.0.1:0",
                                     .directory = DIRECTORY,
                                     .event_threads = 1,
                                     .crew_threads = 3,
                                     .judge_threads = 2,
                                     .writers = 2,
                                     .drain_ms = 2000};
    return server_start(&options, &server);
}

static void start_or_die(void)
{
    enum status st = start();
    if (!st) return;
    (void)fprintf(stderr, "the server does not start: %s\n", status_name(st));
    abort();
}

static void make_operator(void)
{
    struct arena arena;
    struct call call;
    struct token_made made;
    struct token_create wish = {.role = ROLE_OPERATOR, .note = STR(""), .networks = STR("")};
    arena_init(&arena, mem_heap(), 1 << 20);
    call_init(&call, server->engine, &arena, STR("here"));
    call.actor.where = call.actor.why = call.actor.request_id = STR("begin");
    if (engine_token_create(&call, &wish, &made) != ST_OK) abort();
    (void)snprintf(operator_token, sizeof operator_token, "%.*s", STR_ARG(made.text));
    arena_release(&arena);
}

void machine_begin(uint64_t seed)
{
    dice_init(&randomness, seed ^ 0x5eed);
    randombytes_set_implementation(&implementation);
    fiber_begin(seed, BEGIN_US);
    memory_disk_install(seed);
    exchange_seed(seed);
    start_or_die();
    make_operator();
}

const char *machine_operator(void)
{
    return operator_token;
}

void machine_restart(void)
{
    server_stop(server);
    server = NULL;
    if (memory_disk_is_cut()) memory_disk_power_on();
    start_or_die();
}

enum status machine_recover(void)
{
    struct arena arena;
    struct call call;
    arena_init(&arena, mem_heap(), 1 << 20);
    call_init(&call, server->engine, &arena, STR("here"));
    call.actor.where = call.actor.why = call.actor.request_id = STR("recover");
    enum status st = engine_tenant_recover(&call, STR(""));
    arena_release(&arena);
    return st;
}

void machine_end(void)
{
    server_stop(server);
    server = NULL;
    memory_disk_free();
}
