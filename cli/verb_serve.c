/* formwright serve: the HTTP server, until SIGTERM or SIGINT. */
#include "cli/command.h"
#include "cli/notify.h"
#include "cli/setting.h"
#include "cli/site.h"

#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>

/* What was asked for, before it is sorted out. */
struct wishes {
    const char *data, *listen, *threads, *config;
    const char *values[SETTING_COUNT];
    bool quiet, print, json;
};

enum { OWN_OPTIONS = 7 };

static void list_options(struct wishes *wishes, struct option_spec options[OWN_OPTIONS + SETTING_COUNT])
{
    const struct option_spec own[OWN_OPTIONS] = {
        {"data", &wishes->data, NULL, "short for --storage.data"},
        {"listen", &wishes->listen, NULL, "short for --http.listen"},
        {"threads", &wishes->threads, NULL, "short for --http.threads"},
        {"quiet", NULL, &wishes->quiet, "short for --log.level warn --log.access false"},
        {"config", &wishes->config, NULL, "a file with settings; default: $FORMWRIGHT_CONFIG"},
        {"print-config", NULL, &wishes->print, "print every setting and where it comes from, and end"},
        {"json", NULL, &wishes->json, "with --print-config: print a JSON array"},
    };
    for (size_t i = 0; i < OWN_OPTIONS; i++) options[i] = own[i];
    for (size_t i = 0; i < SETTING_COUNT; i++)
        options[OWN_OPTIONS + i] = (struct option_spec){setting_specs[i].name, &wishes->values[i], NULL,
                                                        setting_specs[i].help};
}

/* A short flag is the long one. */
static enum exit_code take_short(const struct command *command, struct wishes *wishes,
                                 struct settings *settings, enum setting setting, const char *text,
                                 const char *flag)
{
    if (!text) return EXIT_OK;
    if (wishes->values[setting])
        return command_fail(command, EXIT_USAGE, "%s and %s are the same setting", flag,
                            setting_specs[setting].flag);
    return settings_put(command, settings, setting, text, ORIGIN_FLAG, flag);
}

static enum exit_code take_flags(const struct command *command, struct wishes *wishes,
                                 struct settings *settings)
{
    const struct {
        enum setting setting;
        const char *text, *flag;
    } shorts[] = {
        {SETTING_STORAGE_DATA, wishes->data, "--data"},
        {SETTING_HTTP_LISTEN, wishes->listen, "--listen"},
        {SETTING_HTTP_THREADS, wishes->threads, "--threads"},
    };
    enum exit_code code = EXIT_OK;
    for (size_t i = 0; i < sizeof shorts / sizeof *shorts && !code; i++)
        code = take_short(command, wishes, settings, shorts[i].setting, shorts[i].text, shorts[i].flag);
    if (!code && wishes->quiet)
        code = settings_put(command, settings, SETTING_LOG_LEVEL, "warn", ORIGIN_FLAG, "--quiet");
    if (!code && wishes->quiet)
        code = settings_put(command, settings, SETTING_LOG_ACCESS, "false", ORIGIN_FLAG, "--quiet");
    for (size_t i = 0; i < SETTING_COUNT && !code; i++)
        if (wishes->values[i])
            code = settings_put(command, settings, (enum setting)i, wishes->values[i], ORIGIN_FLAG,
                                setting_specs[i].flag);
    return code;
}

/* Built in < file < environment < flags. */
static enum exit_code settle(struct command *command, struct wishes *wishes, struct settings *settings)
{
    const char *path = wishes->config ? wishes->config : getenv("FORMWRIGHT_CONFIG");
    enum exit_code file = EXIT_OK;
    settings_init(settings);
    if (path && *path) file = settings_read_file(command, settings, path);
    enum exit_code environment = settings_read_environment(command, settings);
    enum exit_code flags = take_flags(command, wishes, settings);
    return file ? file : environment ? environment : flags;
}

static uint32_t count_of(const struct settings *settings, enum setting setting)
{
    return (uint32_t)settings->values[setting].number; /* every range lies within */
}

static enum log_level level_of(const char *word)
{
    static const char *const words[] = {
        [LOG_DEBUG] = "debug", [LOG_INFO] = "info", [LOG_WARN] = "warn", [LOG_ERROR] = "error"};
    int level = LOG_DEBUG;
    while (level < LOG_ERROR && strcmp(words[level], word) != 0) level++;
    return (enum log_level)level;
}

static struct site_options site_of(const struct settings *settings)
{
    const struct setting_value *values = settings->values;
    const char *admin = values[SETTING_HTTP_ADMIN_LISTEN].text;
    uint32_t per_address = count_of(settings, SETTING_HTTP_CONNECTIONS_PER_ADDRESS_MAX);
    const char *origins = values[SETTING_HTTP_CORS_ORIGINS].text;
    return (struct site_options){
        .server = {.listen = values[SETTING_HTTP_LISTEN].text,
                   .admin_listen = strcmp(admin, "none") == 0 ? NULL : admin,
                   .cors_origins = strcmp(origins, "none") == 0 ? NULL : origins,
                   .directory = values[SETTING_STORAGE_DATA].text,
                   .event_threads = count_of(settings, SETTING_HTTP_THREADS),
                   .crew_threads = count_of(settings, SETTING_HTTP_CREW_THREADS),
                   .judge_threads = count_of(settings, SETTING_HTTP_JUDGE_THREADS),
                   .crew_queue_max = count_of(settings, SETTING_HTTP_CREW_QUEUE_MAX),
                   .writers = count_of(settings, SETTING_STORAGE_WRITERS),
                   .writer_queue_max = count_of(settings, SETTING_STORAGE_QUEUE_MAX),
                   .connections_max = count_of(settings, SETTING_HTTP_CONNECTIONS_MAX),
                   .connections_per_address_max = per_address ? per_address : UINT32_MAX,
                   .disk_free_mib = count_of(settings, SETTING_STORAGE_DISK_FREE_MIB),
                   .rate_bytes = count_of(settings, SETTING_HTTP_RATE_BYTES),
                   .grace_ms = count_of(settings, SETTING_HTTP_GRACE_MS),
                   .idle_seconds = count_of(settings, SETTING_HTTP_IDLE_SECONDS),
                   .header_ms = count_of(settings, SETTING_HTTP_HEADER_MS),
                   .body_ms = count_of(settings, SETTING_HTTP_BODY_MS),
                   .request_ms = count_of(settings, SETTING_HTTP_REQUEST_MS),
                   .drain_ms = count_of(settings, SETTING_HTTP_DRAIN_MS),
                   .address_per_second = count_of(settings, SETTING_LIMITS_ADDRESS_PER_SECOND),
                   .network_per_second = count_of(settings, SETTING_LIMITS_NETWORK_PER_SECOND),
                   .submit_per_minute = count_of(settings, SETTING_LIMITS_SUBMIT_PER_MINUTE),
                   .token_per_minute = count_of(settings, SETTING_LIMITS_TOKEN_PER_MINUTE),
                   .failures_per_minute = count_of(settings, SETTING_LIMITS_FAILURES_PER_MINUTE),
                   .trusted_proxies = values[SETTING_HTTP_TRUSTED_PROXIES].text,
                   .proxy_says_forwarded =
                       strcmp(values[SETTING_HTTP_PROXY_HEADER].text, "forwarded") == 0,
                   .cache_bytes_max = (size_t)values[SETTING_CACHE_BYTES_MAX].number,
                   .metrics_tenants = count_of(settings, SETTING_METRICS_TENANTS)},
        .log_level = level_of(values[SETTING_LOG_LEVEL].text),
        .access_log = values[SETTING_LOG_ACCESS].number != 0,
    };
}

static enum exit_code serve(struct command *command, const struct site_options *options)
{
    struct site *site;
    site_block_signals();
    enum exit_code code = site_start(command, options, &site);
    if (code) return code;
    mem_settle();
    struct str url = site_address(site).url, admin = site_address(site).admin;
    if (admin.len) printf("health and metrics on %.*s\n", STR_ARG(admin));
    printf("listening on %.*s\n", STR_ARG(url));
    fflush(stdout);
    notify_manager("READY=1");
    site_wait(site);
    notify_manager("STOPPING=1");
    site_stop(site);
    return EXIT_OK;
}

enum exit_code verb_serve(struct command *command)
{
    struct wishes wishes = {.data = NULL};
    struct option_spec options[OWN_OPTIONS + SETTING_COUNT];
    struct settings settings;
    bool done;
    int count;
    list_options(&wishes, options);
    enum exit_code code =
        command_options(command, options, OWN_OPTIONS + SETTING_COUNT, NULL, 0, &count, &done);
    if (code || done) return code;
    if (wishes.json && !wishes.print)
        return command_fail(command, EXIT_USAGE, "--json goes with --print-config");
    code = settle(command, &wishes, &settings);
    if (code) return code;
    if (wishes.print) return settings_print(&settings, wishes.json);
    struct site_options site_options = site_of(&settings);
    const char *origins = site_options.server.cors_origins;
    if (origins && !server_origins(origins))
        return command_fail(command, EXIT_USAGE,
                            "http.cors_origins: \"%s\" is not none, nor up to %d origins such as "
                            "https://example.org with blanks between",
                            origins, limit(CORS_ORIGINS));
    return serve(command, &site_options);
}
