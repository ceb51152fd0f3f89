/* Scene: one step of the traffic: the request that is asked, what came of it, and what differs from the
 * model. Its words are short because every move is made of them.
 *
 *     ask("GET", "/v1/tenants/t%d", tenant);
 *     with_caller(&caller);
 *     struct verdict want = model_may(&model, tenant, &caller, "tenant.read", here.now_ms);
 *     want = first(want, unless(model.tenants[tenant].used, 404, "not-found"));
 *     if (comes(first(want, FINE(200))) && !here.unsure) same_text("state", text_of("state"),
 * "active");
 *
 * The first difference is told on stderr; those behind it are not. */
#ifndef TESTS_SIMULATION_SCENE_H
#define TESTS_SIMULATION_SCENE_H

#include "base/arena.h"
#include "base/json_value.h"
#include "tests/simulation/dice.h"
#include "tests/simulation/exchange.h"
#include "tests/simulation/model.h"
#include "tests/simulation/traffic.h"

#define DAY_MS INT64_C(86400000)

struct scene {
    uint64_t seed, hash;
    struct dice dice;
    struct traffic_counts counts;
    struct exchange exchange;
    char body[2048];
    struct arena arena;
    struct json_value json;    /* the answer, when it is JSON */
    int64_t now_ms, latest_ms; /* on the wall: now, and at most until now */
    bool armed;                /* the disk may fail */
    bool full;                 /* by having no room, so that what is there can be read */
    bool unsure;               /* whether what was asked for was done */
    char unlike[160];          /* what did not look as the model has it, when it was last looked at */
    bool differs, aloud;
};

extern struct scene here;
extern struct model model, before; /* before: as it was before the present step, while armed */

uint32_t below(uint32_t count);
bool once_in(uint32_t count);

void differ(const char *what, const char *got, const char *wanted);
void same_text(const char *what, struct str got, const char *wanted);
void same_number(const char *what, int64_t got, int64_t wanted);
/* Those of that object: " /n:max /t:too_long". */
void same_errors(const struct json_value *of, const char *wanted);

void ask(const char *method, const char *format, ...) __attribute__((format(printf, 2, 3)));
void with(const char *name, const char *value);
void with_caller(const struct caller *caller);
void with_reason(void);
void with_body(const char *type, const char *format, ...) __attribute__((format(printf, 2, 3)));
void go(void);
/* Sends it. True: it was fine, and the model says so; then what was asked for is done. When the disk
 * has failed meanwhile and the answer is the server's fault nobody knows: then it is taken as done for
 * now. */
bool comes(struct verdict want);

/* For those who ask several at the same time. */
void told(const struct exchange *exchange);
void read_json(const struct exchange *exchange);

/* Members of the answer. */
struct str text_of(const char *member);
int64_t number_of(const char *member);
void keep_text(const char *member, char *text, size_t room);
void keep_cursor(char cursor[512]);

/* The first of these that says something. */
struct verdict first(struct verdict one, struct verdict other);
struct verdict unless(bool condition, unsigned status, const char *code);

void write_moment(int64_t ms, char text[32]);
/* As answers tell it: with thousandths where there are some. */
void write_told(int64_t ms, char text[40]);

#endif
