/* File: whole files and sorted folders, for tests.
 *
 *     struct str text = file_read("docs/language.md");       dies when it cannot
 *     file_free(text); */
#ifndef TESTS_FILE_H
#define TESTS_FILE_H

#include "base/str.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline struct str file_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    size_t size = 1 << 16, len = 0, got;
    char *text = malloc(size);
    while (text && (got = fread(text + len, 1, size - len, file)) > 0) {
        len += got;
        if (len == size) text = realloc(text, size *= 2);
    }
    fclose(file);
    if (!text) abort();
    return (struct str){text, len};
}

static inline void file_free(struct str text)
{
    free((void *)(size_t)text.ptr);
}

static inline int file_exists(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file) fclose(file);
    return file != NULL;
}

static inline void file_write(const char *path, struct str text)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(text.ptr, 1, text.len, file) != text.len || fclose(file)) {
        perror(path);
        exit(EXIT_FAILURE);
    }
}

/* "folder/name" for every file of the folder that ends in `ending`, in the order of their names; the
 * count. The paths are the caller's to free. */
static inline int file_name_order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static inline size_t file_list(const char *folder, const char *ending, char *ret_paths[], size_t max)
{
    DIR *dir = opendir(folder);
    size_t count = 0;
    if (!dir) {
        perror(folder);
        exit(EXIT_FAILURE);
    }
    for (struct dirent *entry; count < max && (entry = readdir(dir));) {
        size_t len = strlen(entry->d_name), end = strlen(ending);
        if (len < end || strcmp(entry->d_name + len - end, ending) != 0) continue;
        size_t size = strlen(folder) + len + 2;
        ret_paths[count] = malloc(size);
        if (!ret_paths[count]) abort();
        snprintf(ret_paths[count++], size, "%s/%s", folder, entry->d_name);
    }
    closedir(dir);
    qsort(ret_paths, count, sizeof *ret_paths, file_name_order);
    return count;
}

#endif
