/* formwright: the command line. Finds the verb and hands over; `formwright help` lists them all. */
#include "cli/command.h"

#include "base/limits.h"

#include <string.h>

struct verb {
    const char *name, *usage, *summary;
    enum exit_code (*run)(struct command *command);
};

static const struct verb verbs[] = {
#define VERB(name, usage, summary) {#name, usage, summary, verb_##name},
#include "cli/verb.def"
#undef VERB
};

enum { VERB_COUNT = sizeof verbs / sizeof *verbs };

static void print_verbs(FILE *out)
{
    fprintf(out, "usage: formwright VERB …\n\n");
    for (size_t i = 0; i < VERB_COUNT; i++)
        fprintf(out, "  %-10s %s\n", verbs[i].name, verbs[i].summary);
    fprintf(out, "\n`formwright VERB --help` tells more of each.\n");
}

static int unknown_verb(struct str word)
{
    struct str names[VERB_COUNT];
    for (size_t i = 0; i < VERB_COUNT; i++) names[i] = str_of(verbs[i].name);
    struct str near = nearest_word(word, names, VERB_COUNT);
    fprintf(stderr, "formwright: there is no verb \"%.*s\"", STR_ARG(word));
    if (near.len) fprintf(stderr, "; did you mean \"%.*s\"?", STR_ARG(near));
    fprintf(stderr, "\n");
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_verbs(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0) {
        print_verbs(stdout);
        return EXIT_OK;
    }
    if (strcmp(argv[1], "--version") == 0) argv[1] = (char *)"version";

    for (size_t i = 0; i < VERB_COUNT; i++) {
        if (strcmp(argv[1], verbs[i].name) != 0) continue;
        struct command command = {.verb = verbs[i].name,
                                  .usage = verbs[i].usage,
                                  .summary = verbs[i].summary,
                                  .argv = argv + 2,
                                  .argc = argc - 2};
        arena_init(&command.arena, mem_heap(), limit(COMPILE_ARENA_BYTES));
        enum exit_code code = verbs[i].run(&command);
        arena_release(&command.arena);
        return (int)code;
    }
    return unknown_verb(str_of(argv[1]));
}
