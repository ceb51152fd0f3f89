/* Unicode's own tests: case folding, normal form C. Files newer than the library may
 * hold code points that it does not know; those are counted, and must be few. */
#include "base/utf8.h"
#include "tests/conformance/corpus.h"
#include "tests/test.h"

static struct arena arena;

/* Hex code points up to a semicolon, '#' or the end → UTF-8. */
static struct str text_of(struct str *line)
{
    char *bytes = arena_alloc(&arena, line->len * 4 + 4);
    size_t len = 0;
    while (line->len && *line->ptr != ';' && *line->ptr != '#') {
        struct str word = {line->ptr, 0};
        while (word.len < line->len && !strchr(" \t;#", line->ptr[word.len])) word.len++;
        if (word.len >= 4) len += utf8_encode((uint32_t)strtoul(word.ptr, NULL, 16), bytes + len);
        size_t step = word.len ? word.len : 1;
        line->ptr += step;
        line->len -= step;
    }
    if (line->len && *line->ptr == ';') line->ptr++, line->len--;
    return (struct str){bytes, len};
}

/* "0041; C; 0061; # …": C and F are the full folding, S the simple one, T is for Turkic languages. */
static void folding_is_as_in_the_table(void)
{
    struct str text = corpus_read("CaseFolding.txt"), left = text, line;
    int cases = 0, wrong = 0;
    while (corpus_line(&left, &line)) {
        if (line.len == 0 || line.ptr[0] == '#') continue;
        struct str from = text_of(&line), folded;
        bool full = line.len > 2 && (line.ptr[1] == 'C' || line.ptr[1] == 'F');
        line.ptr += 3, line.len -= 3;
        struct str want = text_of(&line);
        if (!full) continue;
        CHECK_STATUS(utf8_fold(&arena, from, &folded), ST_OK);
        wrong += !str_eq(folded, want);
        cases++;
        arena_reset(&arena);
    }
    free((char *)text.ptr);
    printf("Case folding: %d cases, %d differ\n", cases, wrong);
    CHECK(cases > 1500 && wrong == 0);
}

/* c1;c2;c3;c4;c5: c2 = NFC(c1) = NFC(c2) = NFC(c3), c4 = NFC(c4) = NFC(c5). */
static int faults_of(struct str columns[5])
{
    static const int want[] = {1, 1, 1, 3, 3};
    int faults = 0;
    for (int i = 0; i < 5; i++) {
        struct str got;
        CHECK_STATUS(utf8_nfc(&arena, columns[i], &got), ST_OK);
        faults += !str_eq(got, columns[want[i]]);
    }
    return faults;
}

static void normal_form_c_is_as_in_the_test(void)
{
    char command[5000];
    snprintf(command, sizeof command, "bzcat '%s/NormalizationTest.txt.bz2'", corpus_folder);
    FILE *pipe = popen(command, "r"); // NOLINT(cert-env33-c): a tool of the system, a name of ours
    char line[4096];
    int cases = 0, wrong = 0;
    while (pipe && fgets(line, sizeof line, pipe)) {
        struct str left = str_of(line), columns[5];
        if (line[0] == '#' || line[0] == '@' || line[0] == '\n') continue;
        for (int i = 0; i < 5; i++) columns[i] = text_of(&left);
        wrong += faults_of(columns) != 0;
        cases++;
        arena_reset(&arena);
    }
    if (pipe) pclose(pipe);
    if (cases == 0) fprintf(stderr, "SKIPPED: there is no bzcat; normal forms are not tested\n");
    printf("Normal form C: %d cases, %d differ\n", cases, wrong);
    CHECK(cases == 0 || (cases > 18000 && wrong == 0));
}

int main(int argc, char **argv)
{
    if (!corpus_open(argc, argv, "conf-unicode")) return CORPUS_ABSENT;
    arena_init(&arena, mem_heap(), 1 << 20);
    folding_is_as_in_the_table();
    normal_form_c_is_as_in_the_test();
    arena_release(&arena);
    return TEST_RESULT();
}
