/* Turns: a program that is measured beside others. It gets ready, then measures once for each line that
 * it reads, so that whoever writes the lines (bench/harness.cjs) can let the programs take turns.
 *
 *     turns_warm(few, calls);  while (turns_next()) { turns_put("ours", us); turns_end(); }
 * {"ours":3.104} */
#ifndef BENCH_TURNS_H
#define BENCH_TURNS_H

#include <stdbool.h>
#include <stdio.h>

static int turns_told;

/* Waits for the next line; false: there are no more. */
static inline bool turns_next(void)
{
    int c;
    do c = getchar();
    while (c != EOF && c != '\n');
    turns_told = 0;
    return c != EOF;
}

static inline void turns_put(const char *name, double value)
{
    printf("%s\"%s\":%.4f", turns_told++ ? "," : "{", name, value);
}

static inline void turns_end(void)
{
    printf("}\n");
    fflush(stdout);
}

#endif
