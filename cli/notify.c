#include "cli/notify.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* The address that `name` means: a path, or "@name" for one without a file. Its length, or 0: no such.
 */
static socklen_t address_of(const char *name, struct sockaddr_un *ret_address)
{
    size_t len = strlen(name);
    bool known = len > 1 && (name[0] == '/' || name[0] == '@');
    *ret_address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (!known || len >= sizeof ret_address->sun_path) return 0;
    memcpy(ret_address->sun_path, name, len);
    if (name[0] == '@') ret_address->sun_path[0] = '\0';
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
}

void notify_manager(const char *state)
{
    struct sockaddr_un address;
    const char *name = getenv("NOTIFY_SOCKET");
    socklen_t len = name ? address_of(name, &address) : 0;
    int fd = len ? socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;
    if (fd < 0) return;
    (void)sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&address, len);
    close(fd);
}
