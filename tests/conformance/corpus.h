/* Files of the shared corpus, for tests that judge us by other people's vectors.
 *
 *     int main(int argc, char **argv) { if (!corpus_open(argc, argv, "conf-decimal")) return
 * CORPUS_ABSENT; …
 *
 * The corpus lies beside the repository and is no part of it. Where it is absent the test says so and
 * ctest counts it as skipped, not as passed. */
#ifndef TESTS_CORPUS_H
#define TESTS_CORPUS_H

#include "base/str.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CORPUS_ABSENT = 77 };

static char corpus_folder[4096];

/* argv[1] is the folder of the corpus. */
static inline bool corpus_open(int argc, char **argv, const char *part)
{
    snprintf(corpus_folder, sizeof corpus_folder, "%s/%s", argc > 1 ? argv[1] : "../shared/corpus",
             part);
    DIR *dir = opendir(corpus_folder);
    if (dir) {
        closedir(dir);
        return true;
    }
    fprintf(stderr, "SKIPPED: there is no %s; NOTHING WAS TESTED\n", corpus_folder);
    return false;
}

/* A whole file; the caller frees text.ptr. ptr NULL: there is none. A NUL follows the text. */
static inline struct str corpus_read(const char *name)
{
    char path[8192];
    snprintf(path, sizeof path, "%s/%s", corpus_folder, name);
    FILE *file = fopen(path, "rb");
    if (!file) return (struct str){NULL, 0};
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *bytes = calloc(1, size + 1);
    size_t len = fread(bytes, 1, size, file);
    fclose(file);
    return (struct str){bytes, len};
}

/* The next line of *text, without its end; false when there is none. */
static inline bool corpus_line(struct str *text, struct str *ret_line)
{
    if (text->len == 0) return false;
    const char *end = memchr(text->ptr, '\n', text->len);
    size_t len = end ? (size_t)(end - text->ptr) : text->len;
    *ret_line = (struct str){text->ptr, len && text->ptr[len - 1] == '\r' ? len - 1 : len};
    text->ptr += end ? len + 1 : len;
    text->len -= end ? len + 1 : len;
    return true;
}

/* The next word of *line, up to a blank or a tab; len 0 when there is none. */
static inline struct str corpus_word(struct str *line)
{
    while (line->len && (*line->ptr == ' ' || *line->ptr == '\t')) line->ptr++, line->len--;
    struct str word = {line->ptr, 0};
    while (word.len < line->len && line->ptr[word.len] != ' ' && line->ptr[word.len] != '\t')
        word.len++;
    line->ptr += word.len;
    line->len -= word.len;
    return word;
}

/* Calls visit() for every file of the folder, in the order of their names. Returns their number. */
static inline int corpus_each(const char *folder, void (*visit)(const char *path, const char *name))
{
    char path[8192];
    struct dirent **entries;
    snprintf(path, sizeof path, "%s/%s", corpus_folder, folder);
    int found = scandir(path, &entries, NULL, alphasort), count = 0;
    for (int i = 0; i < found; i++) {
        if (entries[i]->d_name[0] != '.') {
            snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
            visit(path, entries[i]->d_name);
            count++;
        }
        free(entries[i]);
    }
    if (found >= 0) free(entries);
    return count;
}

#endif
