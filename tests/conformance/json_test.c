/* JSONTestSuite and yyjson's vectors: what must be read is read, what must be refused is refused. */
#include "base/decimal.h"
#include "base/json.h"
#include "base/utf8.h"
#include "tests/conformance/corpus.h"
#include "tests/test.h"

#include <math.h>

static int accepted, refused, either;

static enum status read_text(struct str text)
{
    struct arena arena;
    struct json_value value;
    struct json_error error;
    arena_init(&arena, mem_heap(), 64 << 20);
    enum status st = json_read(&arena, text, limit(JSON_DEPTH), &value, &error);
    CHECK(st == ST_OK ||
          (st == ST_SYNTAX && error.fault != JSON_FAULT_NONE && error.offset <= text.len));
    arena_release(&arena);
    return st;
}

/* RFC 8259 alone, without I-JSON (RFC 7493 §2.3), which forbids what the RFC leaves open: a name twice
 * in an object. */
static enum status read_rfc_8259(struct str text)
{
    struct arena arena;
    struct json_reader reader;
    enum json_token token;
    arena_init(&arena, mem_heap(), 64 << 20);
    json_reader_init(&reader, text, &arena, limit(JSON_DEPTH));
    reader.names_may_repeat = true;
    while ((token = json_next(&reader)) != JSON_END && token != JSON_BAD) continue;
    arena_release(&arena);
    return json_reader_status(&reader);
}

/* In a copy of exactly its size, so that a sanitizer sees a step beyond its end. */
static enum status read_file(const char *path, enum status (*read)(struct str text))
{
    struct str text = corpus_read(path);
    CHECK(text.ptr);
    char *exact = text.len ? malloc(text.len) : NULL;
    if (exact) memcpy(exact, text.ptr, text.len);
    enum status st = read((struct str){exact, text.len});
    free(exact);
    free((char *)text.ptr);
    return st;
}

static void check(const char *path, enum status got, bool may_accept, bool may_refuse)
{
    if (got == ST_OK ? may_accept : may_refuse && got == ST_SYNTAX) return;
    fprintf(stderr, "%s: %s\n", path, status_name(got));
    test_failures++;
}

static void by_the_first_letter(const char *path, const char *name)
{
    accepted += name[0] == 'y';
    refused += name[0] == 'n';
    either += name[0] == 'i';
    check(path, read_file(path, read_rfc_8259), name[0] != 'n', name[0] != 'y');
    bool twice = strncmp(name, "y_object_duplicated_key", 23) == 0;
    check(path, read_file(path, read_text), name[0] != 'n' && !twice, name[0] != 'y' || twice);
}

static void every_y_is_accepted_and_every_n_is_refused(void)
{
    int files = corpus_each("test_parsing", by_the_first_letter);
    printf("JSONTestSuite: %d files, %d accepted, %d refused, %d free to choose\n", files, accepted,
           refused, either);
    CHECK(accepted == 95 && refused == 188 && either == 35);
}

/* Two of json.org's files fail for reasons that RFC 8259 does not know; they are marked. */
static void by_word(const char *path, const char *name)
{
    bool fail = strncmp(name, "fail", 4) == 0 && !strstr(name, "EXCLUDE");
    accepted += !fail;
    refused += fail;
    check(path, read_file(path, read_rfc_8259), !fail, fail);
}

static void what_json_org_says_passes_passes(void)
{
    accepted = refused = 0;
    int files =
        corpus_each("yyjson/test_checker", by_word) + corpus_each("yyjson/test_roundtrip", by_word);
    printf("json.org's checker and roundtrip: %d files, %d accepted, %d refused\n", files, accepted,
           refused);
    CHECK(accepted > 20 && refused > 20);
}

static void by_encoding(const char *path, const char *name)
{
    check(path, read_file(path, read_text), strcmp(name, "utf8.json") == 0,
          strcmp(name, "utf8.json") != 0);
}

static void only_utf8_without_a_mark_is_read(void)
{
    CHECK(corpus_each("yyjson/test_encoding", by_encoding) == 10);
}

/* Every line of the file that is no comment. */
static int each_line(const char *name, void (*visit)(struct str line))
{
    char path[256];
    snprintf(path, sizeof path, "numbers-yyjson/%s", name);
    struct str text = corpus_read(path), left = text, line;
    int count = 0;
    while (corpus_line(&left, &line)) {
        if (line.len == 0 || line.ptr[0] == '#') continue;
        visit(line);
        count++;
    }
    free((char *)text.ptr);
    return count;
}

static void is_read_and_comes_back(struct str line)
{
    double value, back;
    char *copy = strndup(line.ptr, line.len), text[DOUBLE_TEXT_BYTES];
    double want = strtod(copy, NULL);
    CHECK_STATUS(read_text(line), ST_OK);
    CHECK(double_parse(line, &value) == (isfinite(want) != 0));
    if (isfinite(want)) {
        CHECK(value == want);
        CHECK(double_parse((struct str){text, double_format(value, text)}, &back) && back == value);
    }
    free(copy);
}

static void is_read_but_is_no_double(struct str line)
{
    double value;
    CHECK_STATUS(read_text(line), ST_OK);
    CHECK(!double_parse(line, &value));
}

static void is_refused(struct str line)
{
    double value;
    if (!read_text(line)) fprintf(stderr, "%.*s\n", STR_ARG(line));
    CHECK_STATUS(read_text(line), ST_SYNTAX);
    CHECK(!double_parse(line, &value));
}

static void numbers_are_read_to_the_last_bit(void)
{
    static const char *const good[] = {"int.txt",    "int(big).txt", "real_1.txt",
                                       "real_2.txt", "real_5.txt",   "real_6.txt"};
    static const char *const bad[] = {"hex(ext).txt",   "hex(ext)(big).txt", "hex(fail).txt",
                                      "int(ext).txt",   "int(fail).txt",     "literal(ext).txt",
                                      "literal.txt",    "literal(fail).txt", "real(ext).txt",
                                      "real(fail).txt", "real(inf)(ext).txt"};
    int read = 0, infinite = 0, wrong = 0;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        read += each_line(good[i], is_read_and_comes_back);
    infinite += each_line("int(inf).txt", is_read_but_is_no_double);
    infinite += each_line("real(inf).txt", is_read_but_is_no_double);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) wrong += each_line(bad[i], is_refused);
    printf("yyjson's numbers: %d read, %d too large for a double, %d refused\n", read, infinite, wrong);
    CHECK(read > 1000 && infinite > 5 && wrong > 100);
}

int main(int argc, char **argv)
{
    if (!corpus_open(argc, argv, "conf-json-parsing")) return CORPUS_ABSENT;
    every_y_is_accepted_and_every_n_is_refused();
    what_json_org_says_passes_passes();
    only_utf8_without_a_mark_is_read();
    numbers_are_read_to_the_last_bit();
    return TEST_RESULT();
}
