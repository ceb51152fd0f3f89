/* Attack: one file of tests/attacks/, read and written out.
 *
 *     # front end | refused E0131 | half a million parentheses
 *     edition 2026 form f "F" { a: integer = <%500000 (%>1<%500000 )%> }
 *     #? judged
 *     {"a": 1}
 *
 * The head line says the category, the outcomes that are fine (one or several with " or " between them)
 * and what is tried; it begins as a comment of the file's language does. Written out are
 *     <%N text%>    the text N times; in it $ is the number of the time, from 1, and $< the one before
 *     <%x00ff%>     bytes
 * so that what is huge is a small file. Such marks do not nest. What follows a line "#? outcomes" is
 * another part of the attack: answers to the form. */
#ifndef TESTS_ATTACKS_ATTACK_H
#define TESTS_ATTACKS_ATTACK_H

#include "base/buf.h"
#include "base/str.h"
#include "tests/file.h"
#include "tests/test.h"

#include <stdbool.h>

enum { ATTACK_PARTS = 32, ATTACK_BYTES_MAX = 64 << 20 };

struct attack_part {
    struct str outcomes;
    struct str text; /* written out */
};

struct attack {
    const char *path;
    struct str source; /* the file */
    struct str category, aim;
    struct attack_part parts[ATTACK_PARTS]; /* [0] is what follows the head line */
    int part_count;
    struct buf text;
    size_t starts[ATTACK_PARTS + 1];
};

static inline void attack_die(const char *path, const char *why)
{
    fprintf(stderr, "%s: %s\n", path, why);
    exit(EXIT_FAILURE);
}

/* Up to `mark`, which is taken away; the whole rest when there is none. */
static inline struct str attack_cut(struct str *rest, const char *mark)
{
    size_t len = strlen(mark);
    struct str head = *rest;
    for (size_t i = 0; i + len <= rest->len; i++) {
        if (memcmp(rest->ptr + i, mark, len) != 0) continue;
        head.len = i;
        *rest = (struct str){rest->ptr + i + len, rest->len - i - len};
        return head;
    }
    *rest = (struct str){rest->ptr + rest->len, 0};
    return head;
}

static inline void attack_put_bytes(struct attack *attack, struct str hex)
{
    for (size_t i = 1; i + 1 < hex.len; i += 2) {
        char digits[] = {hex.ptr[i], hex.ptr[i + 1], 0};
        char byte = (char)strtoul(digits, NULL, 16);
        buf_put(&attack->text, (struct str){&byte, 1});
    }
}

static inline void attack_put_once(struct attack *attack, struct str text, unsigned long number)
{
    while (text.len > 0) {
        size_t plain = 0;
        while (plain < text.len && text.ptr[plain] != '$') plain++;
        buf_put(&attack->text, (struct str){text.ptr, plain});
        if (plain == text.len) return;
        bool before = plain + 1 < text.len && text.ptr[plain + 1] == '<';
        buf_printf(&attack->text, "%lu", before ? number - 1 : number);
        plain += before ? 2 : 1;
        text = (struct str){text.ptr + plain, text.len - plain};
    }
}

static inline void attack_put_mark(struct attack *attack, struct str mark)
{
    if (mark.len && mark.ptr[0] == 'x') {
        attack_put_bytes(attack, mark);
        return;
    }
    unsigned long times = strtoul(mark.ptr, NULL, 10);
    struct str text = mark;
    (void)attack_cut(&text, " ");
    if (times == 0 || text.len == 0) attack_die(attack->path, "a mark that says nothing");
    for (unsigned long i = 1; i <= times; i++) attack_put_once(attack, text, i);
}

static inline void attack_put(struct attack *attack, struct str text)
{
    while (text.len > 0) {
        struct str plain = attack_cut(&text, "<%");
        buf_put(&attack->text, plain);
        if (text.len > 0) attack_put_mark(attack, attack_cut(&text, "%>"));
    }
}

static inline struct str attack_trim(struct str text)
{
    while (text.len && (text.ptr[0] == ' ' || text.ptr[0] == '#' || text.ptr[0] == '-'))
        text = (struct str){text.ptr + 1, text.len - 1};
    while (text.len && text.ptr[text.len - 1] == ' ') text.len--;
    return text;
}

static inline void attack_read(struct attack *attack, const char *path)
{
    memset(attack, 0, sizeof *attack);
    attack->path = path;
    attack->source = file_read(path);
    buf_init(&attack->text, mem_heap(), ATTACK_BYTES_MAX);
    struct str rest = attack->source, head = attack_cut(&rest, "\n");
    attack->category = attack_trim(attack_cut(&head, "|"));
    struct str outcomes = attack_trim(attack_cut(&head, "|"));
    attack->aim = attack_trim(head);
    if (!attack->category.len || !outcomes.len || !attack->aim.len)
        attack_die(path, "the head line is not: category | outcomes | what is tried");
    while (rest.len > 0) {
        if (attack->part_count == ATTACK_PARTS) attack_die(path, "too many parts");
        attack->starts[attack->part_count] = attack->text.len;
        attack->parts[attack->part_count++].outcomes = outcomes;
        attack_put(attack, attack_cut(&rest, "\n#? "));
        outcomes = attack_trim(attack_cut(&rest, "\n"));
    }
    if (buf_failed(&attack->text)) attack_die(path, "too large");
    attack->starts[attack->part_count] = attack->text.len;
    for (int i = 0; i < attack->part_count; i++) /* now that the text no longer moves */
        attack->parts[i].text = (struct str){attack->text.ptr + attack->starts[i],
                                             attack->starts[i + 1] - attack->starts[i]};
}

static inline void attack_release(struct attack *attack)
{
    buf_release(&attack->text);
    file_free(attack->source);
}

/* Whether `got` is one of those with " or " between them. */
static inline bool attack_allows(struct str outcomes, const char *got)
{
    while (outcomes.len > 0) {
        struct str one = attack_trim(attack_cut(&outcomes, " or "));
        if (str_eq(one, str_of(got))) return true;
    }
    return false;
}

#endif
