/* Guard: decides what of a parsed request is believed, before anything else looks at it.
 *
 *     struct guard_facts facts;
 *     struct guard_request request = {STR("GET"), STR("HTTP/1.1"), target};
 *     guard_begin(&request, &facts);
 *     for each header: guard_header(&facts, name, value);
 *     problem = guard_end(&request, &facts);               PROBLEM_NONE, or answer it and close
 *
 * libmicrohttpd 0.9.75 takes two Content-Lengths, Content-Length with Transfer-Encoding, two Hosts,
 * control characters and encoded slashes without a word. After the guard: one Host, one length in
 * digits or none, no transfer coding at all, tokens as names, no control characters, a target of plain
 * visible characters without any encoding in its path, a body where one belongs.
 *
 * The parser works in place and leaves its pieces where they came. So the guard also sees what the
 * parser swallowed: piece must follow piece at the distance of one blank or one CRLF, from the method
 * to the end of the head. Bare line feeds, folded lines (0.9.75 overwrites the name of one!), headers
 * without a name, values cut at a NUL and blanks in the request line leave gaps of another size or of
 * other bytes, and are refused. One thing is past finding out, as the parser writes zeros over line
 * ends: a NUL for one of the two bytes of a line's end is taken for it, beside a bare CR or LF too.
 *
 * Pure: no libmicrohttpd here, so that it can be fuzzed and tested alone. */
#ifndef SERVER_GUARD_H
#define SERVER_GUARD_H

#include "base/str.h"
#include "server/problem.h"

#include <stdbool.h>
#include <stdint.h>

enum method {
#define METHOD(name, takes_body) METHOD_##name,
#include "server/method.def"
#undef METHOD
    METHOD_COUNT
};
const char *method_name(enum method method);
bool method_takes_body(enum method method);

enum header {
#define HEADER(NAME, name, once) HEADER_##NAME,
#include "server/header.def"
#undef HEADER
    HEADER_COUNT
};

struct guard_request {
    struct str method, version;
    struct str target; /* raw, as in the request line */
    /* Where the target stood, and how long the head was from the method on; 0: not known, then gaps are
     * not looked at. */
    const char *target_at;
    size_t head_len;
};

struct guard_facts {
    enum method method;
    struct str header[HEADER_COUNT]; /* ptr NULL: absent. Borrowed from the caller's bytes */
    uint64_t content_length;         /* 0 when absent */
    uint32_t header_count;
    struct str path, query; /* halves of the target, without the '?' */
    const char *next;       /* where the next header must begin; NULL: gaps are not looked at */
    const char *head;       /* all of it, when they are */
    size_t head_len;
    enum problem problem; /* the first thing that was wrong */
};

void guard_begin(const struct guard_request *request, struct guard_facts *ret_facts);
void guard_header(struct guard_facts *facts, struct str name, struct str value);
enum problem guard_end(const struct guard_request *request, struct guard_facts *facts);

static inline bool guard_has(const struct guard_facts *facts, enum header header)
{
    return facts->header[header].ptr != NULL;
}

/* The trace id of a W3C traceparent header (version 00, or a later one that begins alike); empty: there
 * is none that is valid, and then it is as if no header had been sent. */
struct str guard_trace(struct str traceparent);

/* Small ASCII letters and digits, '-' and (when `underscore`) '_', at most `len_max`, beginning with a
 * letter or digit: the names of tenants and forms, and so the only segments of a path that reach the
 * storage. */
bool guard_name(struct str text, size_t len_max, bool underscore);

#endif
