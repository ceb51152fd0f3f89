/* formwright serve: the HTTP server, until SIGTERM or SIGINT. */
#include "cli/command.h"
#include "cli/site.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

/* Before any thread is made, so that all of them leave the signals to site_wait(). */
static void block_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

enum exit_code verb_serve(struct command *command)
{
    const char *threads = NULL;
    struct site_options site_options = {.data = "data", .listen = "127.0.0.1:8080"};
    bool done;
    int count;
    const struct option_spec options[] = {
        {"data", &site_options.data, NULL, "the data directory; default: data"},
        {"listen", &site_options.listen, NULL, "address and port; default: 127.0.0.1:8080"},
        {"threads", &threads, NULL, "event threads; default: one for each core"},
        {"quiet", NULL, &site_options.quiet, "log warnings and errors only, not each request"},
    };
    enum exit_code code = command_options(command, options, 4, NULL, 0, &count, &done);
    if (code || done) return code;
    if (threads) {
        char *end;
        unsigned long number = strtoul(threads, &end, 10);
        if (*end || number == 0 || number > 256)
            return command_fail(command, EXIT_USAGE, "--threads: 1 to 256");
        site_options.threads = (unsigned)number;
    }
    block_signals();
    struct site *site;
    code = site_start(command, &site_options, &site);
    if (code) return code;
    struct str url = site_address(site).url;
    printf("listening on %.*s\n", STR_ARG(url));
    fflush(stdout);
    site_wait(site);
    site_stop(site);
    return EXIT_OK;
}
