/* Setting: how `serve` is configured: built in < file < environment < flags. The list is setting.def.
 *
 *     struct settings settings;
 *     settings_init(&settings);
 *     code = settings_read_file(command, &settings, "formwright.toml");      http.listen = "0.0.0.0:80"
 *     code = settings_read_environment(command, &settings);                  FORMWRIGHT_HTTP_LISTEN=…
 *     code = settings_put(command, &settings, SETTING_HTTP_LISTEN, text, ORIGIN_FLAG, "--listen");
 *     settings.values[SETTING_HTTP_LISTEN].text
 *
 * What is unknown, repeated, of the wrong kind or out of its range is told, with file and line, and
 * refused: a misspelt setting never silently does nothing. */
#ifndef CLI_SETTING_H
#define CLI_SETTING_H

#include "cli/command.h"

#include <stdint.h>

enum setting {
#define SETTING(NAME, name, kind, help) SETTING_##NAME,
#include "cli/setting.def"
#undef SETTING
    SETTING_COUNT
};

enum setting_kind { SETTING_IS_TEXT, SETTING_IS_NUMBER, SETTING_IS_SWITCH, SETTING_IS_WORD };

struct setting_spec {
    const char *name;     /* "http.listen" */
    const char *flag;     /* "--http.listen" */
    const char *variable; /* "FORMWRIGHT_HTTP_LISTEN" */
    enum setting_kind kind;
    const char *text;  /* TEXT, WORD: the default */
    const char *words; /* WORD: all there are, with blanks between; TEXT: what it is */
    const char *unit;  /* NUMBER */
    const char *help;
    int64_t number;      /* NUMBER, SWITCH: the default */
    int64_t least, most; /* NUMBER */
};
extern const struct setting_spec setting_specs[SETTING_COUNT];

enum setting_origin { ORIGIN_BUILT_IN, ORIGIN_FILE, ORIGIN_ENVIRONMENT, ORIGIN_FLAG };
const char *setting_origin_name(enum setting_origin origin);

struct setting_value {
    const char *text; /* TEXT, WORD; as long as the command */
    int64_t number;   /* NUMBER, SWITCH */
    enum setting_origin origin;
    const char *from; /* "formwright.toml:3", "FORMWRIGHT_HTTP_LISTEN", "--listen"; "" for built in */
};

struct settings {
    struct setting_value values[SETTING_COUNT];
};

void settings_init(struct settings *settings);
/* Each EXIT_OK, or EXIT_USAGE after telling every fault; a file that cannot be read is
 * EXIT_UNREACHABLE. */
enum exit_code settings_read_file(struct command *command, struct settings *settings, const char *path);
/* FORMWRIGHT_…; FORMWRIGHT_CONFIG is none of its business. */
enum exit_code settings_read_environment(const struct command *command, struct settings *settings);
enum exit_code settings_put(const struct command *command, struct settings *settings,
                            enum setting setting, const char *text, enum setting_origin origin,
                            const char *from);

/* Each as a line that could stand in a file, with its origin behind it; or as a JSON array. */
enum exit_code settings_print(const struct settings *settings, bool json);

/* The data directory of the verbs that have no settings but this one. */
const char *setting_data(void);

#endif
