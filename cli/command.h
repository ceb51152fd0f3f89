/* Command: what every verb of the command line shares: exit codes, options, reading files, telling
 * failures.
 *
 *     int verb_check(struct command *command)    one per line of verb.def; returns an enum exit_code
 *
 * Options may stand before, between and after the arguments; `--name value` and `--name=value` mean the
 * same; `--` ends them. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdio.h>

#define COMMAND_VERSION "0.1.0"
/* Behind the version of a storage library that has it. */
#define COMMAND_RACE_NOTE                                                                              \
    ", which has the WAL-reset race; one connection a file writes and checkpoints, so it is not met"

enum exit_code {
    EXIT_OK = 0,
    EXIT_FINDINGS = 1, /* form or answers are not valid */
    EXIT_USAGE = 2,
    EXIT_REFUSED = 3,     /* refused or in conflict with what is there */
    EXIT_UNREACHABLE = 4, /* a file, the data directory, the server or memory cannot be had */
};

/* One option a verb takes. `value` NULL: a switch. */
struct option_spec {
    const char *name;   /* "now" for --now */
    const char **value; /* set to the text given */
    bool *given;        /* set for a switch; may be NULL otherwise */
    const char *help;
};

struct command {
    const char *verb, *usage, *summary;
    char **argv; /* what follows the verb */
    int argc;
    struct arena arena; /* for the verb; released by main */
};

/* Sorts argv into options and at most `arguments_max` arguments. EXIT_OK, or EXIT_USAGE after telling
 * why on stderr; `--help` prints the verb's help on stdout and sets *ret_done. */
enum exit_code command_options(struct command *command, const struct option_spec *options,
                               size_t option_count, const char **arguments, int arguments_max,
                               int *ret_count, bool *ret_done);

/* Complains on stderr: "formwright check: …". Returns `code`. */
enum exit_code command_fail(const struct command *command, enum exit_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Says that the command was not written as `usage` wants. EXIT_USAGE. */
enum exit_code command_usage(const struct command *command);

/* A reason for the audit log: EXIT_USAGE, after saying so, when it is `needed` and not there, or not
 * one line of text. */
enum exit_code command_why(const struct command *command, const char *why, bool needed);
/* A tenant's or token's name goes into a URL: EXIT_USAGE, after saying so, when it cannot be one. */
enum exit_code command_name(const struct command *command, const char *name);

/* A whole file, or standard input for "-", at most `bytes_max` (one byte more is ST_LIMIT, said on
 * stderr). Lives in the command's arena. */
enum exit_code command_read(struct command *command, const char *path, size_t bytes_max,
                            struct str *ret_text);

/* The exit code for a status that the world answered with, after telling it. */
enum exit_code command_status(const struct command *command, enum status st, const char *what);

/* Writes it to stdout; false when that fails (a closed pipe). */
bool command_print(struct str text);

/* Diagnostics for people on stderr, or as JSON into `out`. */
void command_diagnostics(const struct diags *diags, const char *path, struct str source);

#define VERB(name, usage, summary) enum exit_code verb_##name(struct command *command);
#include "cli/verb.def"
#undef VERB

#endif
