/* Two doors: the public finds the API behind one, the operator health, metrics and versions behind the
 * other, and nobody finds the one behind the other. */
#define _GNU_SOURCE
#include "base/limits.h"
#include "server/door.h"
#include "tests/http/site.h"
#include "tests/test.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static unsigned status_at(uint16_t port, const char *path)
{
    struct wire wire;
    unsigned status = 0;
    if (wire_open(&wire, port)) {
        struct answer answer = site_ask_over(&wire, &(struct ask){"GET", path});
        status = answer.status;
        answer_release(&answer);
    }
    wire_close(&wire);
    return status;
}

static void each_door_leads_to_its_own(const struct site *site)
{
    static const struct {
        const char *path;
        unsigned public, admin;
    } rows[] = {{"/livez", 200, 200},           {"/readyz", 200, 200},
                {"/metrics", 404, 200},         {"/version", 404, 200},
                {"/v1/openapi.json", 200, 404}, {"/v1/me", 401, 404},
                {"/nowhere", 404, 404},         {"/", 404, 404}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(status_at(site->port, rows[i].path) == rows[i].public);
        CHECK(status_at(site->admin_port, rows[i].path) == rows[i].admin);
    }
}

static void what_runs_is_told_behind_the_operators_door(const struct site *site)
{
    struct answer answer = site_ask(site, &(struct ask){"GET", "/version"});
    CHECK(answer.status == 200);
    CHECK(strcmp(answer_text(&answer, "/formwright"), "1.2.3") == 0);
    CHECK(strcmp(answer_text(&answer, "/storage/name"), "SQLite") == 0);
    CHECK(strcmp(answer_text(&answer, "/http"), MHD_get_version()) == 0);
    answer_release(&answer);
}

static unsigned status_over_unix(const char *path, const char *target)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct wire wire = {.fd = socket(AF_UNIX, SOCK_STREAM, 0)};
    unsigned status = 0;
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    buf_init(&wire.in, mem_heap(), 1 << 20);
    if (connect(wire.fd, (struct sockaddr *)(void *)&address, sizeof address) == 0) {
        struct answer answer = site_ask_over(&wire, &(struct ask){"GET", target});
        status = answer.status;
        answer_release(&answer);
    }
    wire_close(&wire);
    return status;
}

/* Also one that a killed server left behind is taken. */
static void the_operators_door_may_be_a_socket_in_the_file_system(struct site *site)
{
    static const char path[] = "door-test.socket";
    struct stat info;
    int left = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    unlink(path);
    CHECK(bind(left, (struct sockaddr *)(void *)&address, sizeof address) == 0);
    close(left);
    site->options.admin_listen = "unix:door-test.socket";
    site_restart(site);
    CHECK(site->admin_port == 0);
    CHECK(stat(path, &info) == 0 && S_ISSOCK(info.st_mode) && (info.st_mode & 077) == 0);
    CHECK(status_over_unix(path, "/metrics") == 200);
    CHECK(status_over_unix(path, "/v1/me") == 404);
    struct server *second = NULL;
    struct server_options options = site->options;
    options.directory = "door-of-nobody";
    CHECK_STATUS(server_start(&options, &second), ST_IO); /* it is in use, and stays */
    CHECK(status_over_unix(path, "/livez") == 200);
    options.admin_listen = "unix:";
    CHECK_STATUS(server_start(&options, &second), ST_INPUT);
    CHECK(system("rm -rf door-of-nobody") == 0);
    server_stop(site->server);
    CHECK(stat(path, &info) != 0);
    site->options.admin_listen = NULL;
    CHECK_STATUS(server_start(&site->options, &site->server), ST_OK);
    CHECK(server_admin_port(site->server) == 0);
}

static void the_operators_door_lets_so_many_in_and_no_more(const struct site *site)
{
    enum { MOST = LIMIT_ADMIN_CONNECTIONS };
    struct wire wires[MOST], late;
    for (int i = 0; i < MOST; i++) {
        CHECK(wire_open(&wires[i], site->admin_port));
        struct answer answer = site_ask_over(&wires[i], &(struct ask){"GET", "/livez"});
        CHECK(answer.status == 200);
        answer_release(&answer);
    }
    CHECK(wire_open(&late, site->admin_port) &&
          wire_send(&late, STR("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")));
    CHECK(wire_closes(&late, 300) || wire_quiet(&late, 1));
    CHECK(status_at(site->port, "/livez") == 200); /* the public's is not full */
    wire_close(&late);
    for (int i = 0; i < MOST; i++) wire_close(&wires[i]);
}

int main(void)
{
    struct site site;
    site_start(&site, &(struct server_options){.version = "1.2.3"});
    each_door_leads_to_its_own(&site);
    what_runs_is_told_behind_the_operators_door(&site);
    the_operators_door_lets_so_many_in_and_no_more(&site);
    the_operators_door_may_be_a_socket_in_the_file_system(&site);
    site_stop(&site);
    return TEST_RESULT();
}
