/* Site: the real server on a port of its own, over a data directory of its own, and a client for it.
 *
 *     struct site site;
 *     site_start(&site, NULL);
 *     struct answer a = site_ask(&site, &(struct ask){.method = "GET", .path = "/livez"});
 *     CHECK(a.status == 200);
 *     answer_release(&a);
 *     site_stop(&site);
 *
 * Each question goes over a connection of its own, to the door that leads to its path.
 * site.operator_token is an operator's. */
#ifndef TESTS_HTTP_SITE_H
#define TESTS_HTTP_SITE_H

#include "base/json_value.h"
#include "engine/engine.h"
#include "server/server.h"
#include "tests/http/wire.h"

struct site {
    char directory[64];
    struct server_options options;
    struct server *server;
    uint16_t port, admin_port;
    char operator_token[256];
};

/* `options` may be NULL; listen, admin_listen and directory are filled in. Ends the program when it
 * cannot. */
void site_start(struct site *site, const struct server_options *options);
/* Stops the server and starts it again over the same data. */
void site_restart(struct site *site);
/* Stops it and removes the data. */
void site_stop(struct site *site);

struct ask {
    const char *method, *path;
    const char *token;   /* NULL: none */
    const char *headers; /* further ones, each with its CRLF; NULL: none */
    const char *type;    /* of the body; NULL: application/json */
    struct str body;     /* ptr NULL: none */
};

struct answer {
    unsigned status; /* 0: there was none */
    struct wire_reply reply;
    struct arena arena;
    struct json_value json; /* of the body, when that is JSON; else kind JSON_BAD */
};

struct answer site_ask(const struct site *site, const struct ask *ask);
/* The number behind a metric's name and labels, "\nformwright_http_connections "; -1: there is none. */
long long site_metric(const struct site *site, const char *line);
/* Over a connection that is there. */
struct answer site_ask_over(struct wire *wire, const struct ask *ask);
void answer_release(struct answer *answer);
/* A text in the body by JSON Pointer; "" when it is not there. NUL-terminated, until answer_release().
 */
const char *answer_text(struct answer *answer, const char *pointer);
int64_t answer_int(const struct answer *answer, const char *pointer);          /* -1: not there */
enum json_token answer_kind(const struct answer *answer, const char *pointer); /* JSON_BAD: not there */
uint32_t answer_count(const struct answer *answer, const char *pointer);       /* of items or members */
const char *answer_header(struct answer *answer, const char *name);            /* "": not there */
struct str answer_body(const struct answer *answer);
/* The problem's code; "" when it is none. */
const char *answer_code(struct answer *answer);

/* Only the status of a question. */
unsigned site_status(const struct site *site, const struct ask *ask);

/* The usual beginnings. Each ends the program when it does not work. */
/* Its requests, submissions and steps a second are so many that no test meets them. */
void site_tenant(const struct site *site, const char *tenant);
/* A JSON object of quotas. */
void site_quota(const struct site *site, const char *tenant, const char *quotas);
/* Into `ret_token`. */
void site_token(const struct site *site, const char *tenant, const char *role, char ret_token[256]);
/* Draft and version. */
void site_publish(const struct site *site, const char *tenant, const char *form, const char *token,
                  const char *source);

/* A form with a required name, an age with bounds, and a check between the two. */
extern const char site_contact_form[];

#endif
