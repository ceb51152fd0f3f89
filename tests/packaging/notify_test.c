/* The server tells whoever started it when requests are answered and when it stops (sd_notify(3)), and
 * nobody when nobody asked.
 *
 *     notify_test build/dev/formwright */
#include "tests/test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct timeval patience = {.tv_sec = 60};
    memcpy(address.sun_path, path, strlen(path));
    CHECK(bind(fd, (const struct sockaddr *)&address, sizeof address) == 0);
    CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0);
    return fd;
}

static pid_t serve(const char *program, const char *data)
{
    pid_t child = fork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDOUT_FILENO);
        execl(program, program, "serve", "--data", data, "--listen", "127.0.0.1:0",
              "--http.admin_listen", "none", "--quiet", (char *)NULL);
        _exit(127);
    }
    return child;
}

static void hears(int fd, const char *want)
{
    char got[256] = "";
    ssize_t len = recv(fd, got, sizeof got - 1, 0);
    CHECK(len == (ssize_t)strlen(want) && strcmp(got, want) == 0);
}

static void check_told(const char *program, const char *folder)
{
    char socket_path[100], data[100];
    int status;
    snprintf(socket_path, sizeof socket_path, "%s/notify", folder);
    snprintf(data, sizeof data, "%s/data", folder);
    int fd = listen_at(socket_path);
    setenv("NOTIFY_SOCKET", socket_path, 1);
    pid_t server = serve(program, data);
    hears(fd, "READY=1");
    CHECK(kill(server, SIGTERM) == 0);
    hears(fd, "STOPPING=1");
    CHECK(waitpid(server, &status, 0) == server && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close(fd);
}

/* An address that leads nowhere keeps nobody from serving. */
static void check_deaf(const char *program, const char *folder)
{
    char data[100];
    int status;
    snprintf(data, sizeof data, "%s/data", folder);
    setenv("NOTIFY_SOCKET", "relative/and/wrong", 1);
    pid_t server = serve(program, data);
    sleep(1);
    CHECK(waitpid(server, &status, WNOHANG) == 0);
    CHECK(kill(server, SIGTERM) == 0);
    CHECK(waitpid(server, &status, 0) == server && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/notify-XXXXXX", command[64];
    if (argc != 2) return 2;
    CHECK(mkdtemp(folder) != NULL);
    check_told(argv[1], folder);
    check_deaf(argv[1], folder);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    CHECK(system(command) == 0);
    return TEST_RESULT();
}
