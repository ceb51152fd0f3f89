/* Raw requests, as no client library would send them: each gets one answer at most, what is ambiguous
 * is refused and the connection closed, and nothing that hides in a body or behind it is executed. */
#define _GNU_SOURCE
#include "tests/http/site.h"
#include "tests/test.h"

#include <stdio.h>

#define HOST "Host: a\r\n"
#define HIDDEN "GET /v1/p/acme/contact HTTP/1.1\r\nHost: a\r\n\r\n"
#define POST_HEAD                                                                                      \
    "POST /v1/p/acme/contact/evaluate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
#define SIXTEEN(x) x x x x x x x x x x x x x x x x

/* Shorter than a connection may rest, which would close it, too. */
enum { PATIENCE_MS = 20000 };

/* What must become of the connection. */
enum then { CLOSED, OPEN, EITHER };

struct row {
    const char *name;
    struct str bytes;
    unsigned status;  /* 0: no answer, only the end */
    const char *code; /* "": libmicrohttpd's own answer */
    enum then then;
};

#define ROW(name, bytes, status, code, then)                                                           \
    {                                                                                                  \
        name, {bytes, sizeof(bytes) - 1}, status, code, then                                           \
    }

static const struct row rows[] = {
    /* well-formed: the yardstick */
    ROW("plain", "GET /livez HTTP/1.1\r\n" HOST "\r\n", 200, "", OPEN),
    ROW("1.0", "GET /livez HTTP/1.0\r\n\r\n", 200, "", CLOSED),
    ROW("close", "GET /livez HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", 200, "", CLOSED),
    ROW("body", POST_HEAD "Content-Length: 14\r\n\r\n{\"answers\":{}}", 200, "", OPEN),
    ROW("100-continue", POST_HEAD "Expect: 100-continue\r\nContent-Length: 14\r\n\r\n{\"answers\":{}}",
        200, "", OPEN),

    /* two lengths of one body */
    ROW("cl and te",
        POST_HEAD "Content-Length: 14\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" HIDDEN, 411,
        "length-required", CLOSED),
    ROW("te and cl",
        POST_HEAD "Transfer-Encoding: chunked\r\nContent-Length: 14\r\n\r\n0\r\n\r\n" HIDDEN, 411,
        "length-required", CLOSED),
    ROW("te alone", POST_HEAD "Transfer-Encoding: chunked\r\n\r\ne\r\n{\"answers\":{}}\r\n0\r\n\r\n",
        411, "length-required", CLOSED),
    ROW("te identity",
        POST_HEAD "Transfer-Encoding: identity\r\nContent-Length: 14\r\n\r\n{\"answers\":{}}", 411,
        "length-required", CLOSED),
    ROW("te unknown", POST_HEAD "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" HIDDEN, 411,
        "length-required", CLOSED),
    ROW("te list", POST_HEAD "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 411,
        "length-required", CLOSED),
    ROW("te twice",
        POST_HEAD "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" HIDDEN,
        400, "header-repeated", CLOSED),
    ROW("te with tab", POST_HEAD "Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n" HIDDEN, 411,
        "length-required", CLOSED),
    ROW("te on get",
        "GET /livez HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" HIDDEN, 411,
        "length-required", CLOSED),
    ROW("te in caps", POST_HEAD "TRANSFER-ENCODING: CHUNKED\r\n\r\n0\r\n\r\n" HIDDEN, 411,
        "length-required", CLOSED),
    ROW("two lengths", POST_HEAD "Content-Length: 14\r\nContent-Length: 0\r\n\r\n{\"answers\":{}}", 400,
        "header-repeated", CLOSED),
    ROW("the same length twice",
        POST_HEAD "Content-Length: 14\r\nContent-Length: 14\r\n\r\n{\"answers\":{}}", 400,
        "header-repeated", CLOSED),
    ROW("length list", POST_HEAD "Content-Length: 14, 14\r\n\r\n{\"answers\":{}}", 400, "", CLOSED),
    ROW("length with sign", POST_HEAD "Content-Length: +14\r\n\r\n{\"answers\":{}}", 400, "", CLOSED),
    ROW("negative length", POST_HEAD "Content-Length: -1\r\n\r\n", 400, "", CLOSED),
    ROW("hex length", POST_HEAD "Content-Length: 0xe\r\n\r\n{\"answers\":{}}", 400, "", CLOSED),
    ROW("length with letters", POST_HEAD "Content-Length: 14x\r\n\r\n{\"answers\":{}}", 400, "",
        CLOSED),
    ROW("empty length", POST_HEAD "Content-Length:\r\n\r\n{\"answers\":{}}", 400, "", CLOSED),
    ROW("endless length", POST_HEAD "Content-Length: 99999999999999999999999999\r\n\r\n", 413, "",
        CLOSED),
    ROW("length on get", "GET /livez HTTP/1.1\r\n" HOST "Content-Length: 48\r\n\r\n" HIDDEN, 400,
        "body-unexpected", CLOSED),
    ROW("length 0 on get", "GET /livez HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", 200, "", OPEN),
    ROW("no length on post", POST_HEAD "\r\n", 411, "length-required", EITHER),

    /* hosts */
    ROW("no host", "GET /livez HTTP/1.1\r\n\r\n", 400, "host-missing", CLOSED),
    ROW("two hosts", "GET /livez HTTP/1.1\r\n" HOST "Host: b\r\n\r\n", 400, "host-missing", CLOSED),
    ROW("the same host twice", "GET /livez HTTP/1.1\r\n" HOST HOST "\r\n", 400, "host-missing", CLOSED),
    ROW("empty host", "GET /livez HTTP/1.1\r\nHost:\r\n\r\n", 400, "host-missing", CLOSED),
    ROW("host with path", "GET /livez HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "host-missing", CLOSED),
    ROW("host with user", "GET /livez HTTP/1.1\r\nHost: a@b\r\n\r\n", 400, "host-missing", CLOSED),
    ROW("host with blank", "GET /livez HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "host-missing", CLOSED),

    /* targets */
    ROW("encoded nul", "GET /livez%00 HTTP/1.1\r\n" HOST "\r\n", 400, "target-malformed", CLOSED),
    ROW("encoded slash", "GET /v1%2Fp/acme/contact HTTP/1.1\r\n" HOST "\r\n", 400, "target-malformed",
        CLOSED),
    ROW("encoded dots", "GET /v1/p/%2e%2e/livez HTTP/1.1\r\n" HOST "\r\n", 400, "target-malformed",
        CLOSED),
    ROW("doubly encoded", "GET /v1/p/%252e%252e HTTP/1.1\r\n" HOST "\r\n", 400, "target-malformed",
        CLOSED),
    ROW("overlong dots", "GET /v1/p/\xc0\xae\xc0\xae HTTP/1.1\r\n" HOST "\r\n", 400, "target-malformed",
        CLOSED),
    ROW("plain dots", "GET /v1/p/../p/acme HTTP/1.1\r\n" HOST "\r\n", 404, "not-found", OPEN),
    ROW("backslash", "GET /v1\\p\\acme HTTP/1.1\r\n" HOST "\r\n", 400, "target-malformed", CLOSED),
    ROW("double slash", "GET //livez HTTP/1.1\r\n" HOST "\r\n", 404, "not-found", OPEN),
    ROW("trailing slash", "GET /livez/ HTTP/1.1\r\n" HOST "\r\n", 404, "not-found", OPEN),
    ROW("absolute form", "GET http://a/livez HTTP/1.1\r\n" HOST "\r\n", 400, "target-malformed",
        CLOSED),
    ROW("star", "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 400, "target-malformed", CLOSED),
    ROW("no slash", "GET livez HTTP/1.1\r\n" HOST "\r\n", 400, "target-malformed", CLOSED),
    ROW("space in target", "GET /liv ez HTTP/1.1\r\n" HOST "\r\n", 400, "target-malformed", CLOSED),
    ROW("fragment", "GET /livez#x HTTP/1.1\r\n" HOST "\r\n", 400, "target-malformed", CLOSED),
    ROW("quote", "GET /livez\" HTTP/1.1\r\n" HOST "\r\n", 400, "target-malformed", CLOSED),
    ROW("high byte", "GET /livez\xff HTTP/1.1\r\n" HOST "\r\n", 400, "target-malformed", CLOSED),
    ROW("control byte", "GET /livez\x01 HTTP/1.1\r\n" HOST "\r\n", 400, "target-malformed", CLOSED),
    ROW("half an escape", "GET /livez?a=%4 HTTP/1.1\r\n" HOST "\r\n", 400, "target-malformed", CLOSED),
    ROW("tenant in caps", "GET /v1/p/ACME/contact HTTP/1.1\r\n" HOST "\r\n", 404, "not-found", OPEN),
    ROW("tenant of dots", "GET /v1/p/../contact HTTP/1.1\r\n" HOST "\r\n", 404, "not-found", OPEN),
    ROW("tenant with dash first", "GET /v1/p/-acme/contact HTTP/1.1\r\n" HOST "\r\n", 404, "not-found",
        OPEN),
    ROW("version zero", "GET /v1/p/acme/contact/versions/0 HTTP/1.1\r\n" HOST "\r\n", 404, "not-found",
        OPEN),
    ROW("version with zero first", "GET /v1/p/acme/contact/versions/01 HTTP/1.1\r\n" HOST "\r\n", 404,
        "not-found", OPEN),
    ROW("version too large", "GET /v1/p/acme/contact/versions/99999999999 HTTP/1.1\r\n" HOST "\r\n",
        404, "not-found", OPEN),

    /* request lines */
    ROW("unknown method", "BREW /livez HTTP/1.1\r\n" HOST "\r\n", 501, "method-unknown", CLOSED),
    ROW("small method", "get /livez HTTP/1.1\r\n" HOST "\r\n", 501, "method-unknown", CLOSED),
    ROW("trace", "TRACE /livez HTTP/1.1\r\n" HOST "\r\n", 501, "method-unknown", CLOSED),
    ROW("connect", "CONNECT a:80 HTTP/1.1\r\n" HOST "\r\n", 501, "method-unknown", CLOSED),
    ROW("wrong method", "DELETE /livez HTTP/1.1\r\n" HOST "\r\n", 405, "method-not-allowed", OPEN),
    ROW("method override is not listened to",
        "GET /v1/tenants/acme/forms HTTP/1.1\r\n" HOST "X-HTTP-Method-Override: OPTIONS\r\n\r\n", 401,
        "unauthenticated", OPEN),
    ROW("2.0", "GET /livez HTTP/2.0\r\n" HOST "\r\n", 505, "", CLOSED),
    ROW("1.2", "GET /livez HTTP/1.2\r\n" HOST "\r\n", 505, "version-unsupported", CLOSED),
    ROW("small version", "GET /livez http/1.1\r\n" HOST "\r\n", 400, "", CLOSED),
    ROW("garbage", "\x16\x03\x01\x02\r\n\r\n", 0, "", CLOSED),
    ROW("2.0 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "", CLOSED),
    ROW("an upgrade is not taken",
        "GET /livez HTTP/1.1\r\n" HOST
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n",
        200, "", OPEN),
    ROW("0.9", "GET /livez\r\n\r\n", 400, "", CLOSED),
    ROW("no version", "GET /livez \r\n" HOST "\r\n", 400, "", CLOSED),
    ROW("two blanks before the target", "GET  /livez HTTP/1.1\r\n" HOST "\r\n", 400, "target-malformed",
        CLOSED),
    ROW("two blanks after the target", "GET /livez  HTTP/1.1\r\n" HOST "\r\n", 400, "target-malformed",
        CLOSED),
    ROW("tab after the method", "GET\t/livez HTTP/1.1\r\n" HOST "\r\n", 400, "", CLOSED),
    ROW("tab after the target", "GET /livez\tHTTP/1.1\r\n" HOST "\r\n", 400, "", CLOSED),
    ROW("blank before the method", " GET /livez HTTP/1.1\r\n" HOST "\r\n", 0, "", CLOSED),
    ROW("blank after the version", "GET /livez HTTP/1.1 \r\n" HOST "\r\n", 400, "", CLOSED),
    ROW("empty lines before", "\r\n\r\nGET /livez HTTP/1.1\r\n" HOST "\r\n", 200, "", OPEN),
    ROW("authority form", "GET a:80 HTTP/1.1\r\n" HOST "\r\n", 400, "target-malformed", CLOSED),
    ROW("star for another method", "GET * HTTP/1.1\r\n" HOST "\r\n", 400, "target-malformed", CLOSED),
    ROW("absolute form of another host", "GET http://b/livez HTTP/1.1\r\n" HOST "\r\n", 400,
        "target-malformed", CLOSED),
    ROW("raw nul in the target", "GET /livez\0x HTTP/1.1\r\n" HOST "\r\n", 400, "target-malformed",
        CLOSED),
    ROW("raw nul before the version", "GET /livez \0HTTP/1.1\r\n" HOST "\r\n", 400, "", CLOSED),

    /* lines that do not end as lines do: libmicrohttpd reads them, the guard sees the gaps */
    ROW("bare line feeds", "GET /livez HTTP/1.1\nHost: a\n\n", 400, "", CLOSED),
    ROW("bare line feed after the request line", "GET /livez HTTP/1.1\n" HOST "\r\n", 400, "", CLOSED),
    ROW("bare line feed after a header", "GET /livez HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n", 400,
        "header-malformed", CLOSED),
    ROW("bare line feed at the end", "GET /livez HTTP/1.1\r\nHost: a\r\n\n", 400, "header-malformed",
        CLOSED),
    ROW("bare line feed hides a header", POST_HEAD "X: 1\nContent-Length: 14\r\n\r\n{\"answers\":{}}",
        400, "header-malformed", CLOSED),
    ROW("folded line", "GET /livez HTTP/1.1\r\n" HOST "X: 1\r\n 2\r\n\r\n", 400, "header-malformed",
        CLOSED),
    ROW("folded by a tab", "GET /livez HTTP/1.1\r\n" HOST "X: 1\r\n\t2\r\nY: 3\r\n\r\n", 400,
        "header-malformed", CLOSED),
    ROW("folded length", POST_HEAD "Content-Length: 1\r\n 4\r\n\r\n{\"answers\":{}}", 400, "", CLOSED),
    ROW("folded coding", POST_HEAD "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" HIDDEN, 400, "",
        CLOSED),
    ROW("folded host", "GET /livez HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", 400, "", CLOSED),
    ROW("folded before any header", "GET /livez HTTP/1.1\r\n " HOST "\r\n", 400, "", CLOSED),
    ROW("header without a name", "GET /livez HTTP/1.1\r\n" HOST ": 1\r\n\r\n", 400, "header-malformed",
        CLOSED),
    ROW("header without a colon", "GET /livez HTTP/1.1\r\n" HOST "X\r\n\r\n", 400, "", CLOSED),
    ROW("raw nul in a name", "GET /livez HTTP/1.1\r\n" HOST "X\0Y: 1\r\n\r\n", 400, "", CLOSED),
    ROW("raw nul in a value", "GET /livez HTTP/1.1\r\n" HOST "X: 1\0002\r\n\r\n", 400,
        "header-malformed", CLOSED),
    ROW("nul, a byte and bare line feeds, as long as two line ends",
        "GET /livez HTTP/1.1\r\n" HOST "X: 1\0`\n\n", 400, "header-malformed", CLOSED),
    ROW("length cut at a nul", POST_HEAD "Content-Length: 14\0000\r\n\r\n{\"answers\":{}}", 400, "",
        CLOSED),
    ROW("header without blank after its colon", "GET /livez HTTP/1.1\r\nHost:a\r\n\r\n", 200, "", OPEN),
    ROW("blanks and tabs before a value", "GET /livez HTTP/1.1\r\nHost: \t  a\r\nX:\t\r\n\r\n", 200, "",
        OPEN),
    ROW("blank after a value", "GET /livez HTTP/1.1\r\n" HOST "X: 1 \r\n\r\n", 200, "", OPEN),
    ROW("blank after a length", POST_HEAD "Content-Length: 14 \r\n\r\n{\"answers\":{}}", 400, "",
        CLOSED),
    ROW("two carriage returns", "GET /livez HTTP/1.1\r\n" HOST "X: 1\r\r\n\r\n", 400, "", CLOSED),

    /* chunks, good and bad: none is ever read */
    ROW("chunk with a broken size", POST_HEAD "Transfer-Encoding: chunked\r\n\r\nxyz\r\n" HIDDEN, 411,
        "length-required", CLOSED),
    ROW("chunk with a huge size",
        POST_HEAD "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n" HIDDEN, 411,
        "length-required", CLOSED),
    ROW("chunk with an extension",
        POST_HEAD "Transfer-Encoding: chunked\r\n\r\n0;a=\"\r\n" HIDDEN "\r\n\r\n", 411,
        "length-required", CLOSED),
    ROW("trailer", POST_HEAD "Transfer-Encoding: chunked\r\nTrailer: X\r\n\r\n0\r\nX: 1\r\n\r\n", 411,
        "length-required", CLOSED),

    /* line ends in what is echoed */
    ROW("encoded line end in the path", "GET /v1/p/acme%0d%0aSet-Cookie:%20a HTTP/1.1\r\n" HOST "\r\n",
        400, "target-malformed", CLOSED),
    ROW("encoded line end in the query",
        "GET /v1/p/acme/contact?x=%0d%0aSet-Cookie:%20a HTTP/1.1\r\n" HOST "\r\n", 400,
        "parameter-malformed", OPEN),

    /* headers */
    ROW("blank in a name", "GET /livez HTTP/1.1\r\n" HOST "X Y: 1\r\n\r\n", 400, "header-malformed",
        CLOSED),
    ROW("blank after a name", "GET /livez HTTP/1.1\r\n" HOST "X : 1\r\n\r\n", 400, "header-malformed",
        CLOSED),
    ROW("blank after the host's name", "GET /livez HTTP/1.1\r\nHost : a\r\n\r\n", 400,
        "header-malformed", CLOSED),
    ROW("blank after te", POST_HEAD "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" HIDDEN, 400,
        "header-malformed", CLOSED),
    ROW("control in a name", "GET /livez HTTP/1.1\r\n" HOST "X\x01Y: 1\r\n\r\n", 400,
        "header-malformed", CLOSED),
    ROW("control in a value", "GET /livez HTTP/1.1\r\n" HOST "X: 1\x07\r\n\r\n", 400,
        "header-malformed", CLOSED),
    ROW("delete in a value", "GET /livez HTTP/1.1\r\n" HOST "X: 1\x7f\r\n\r\n", 400, "header-malformed",
        CLOSED),
    ROW("bare cr in a value", "GET /livez HTTP/1.1\r\n" HOST "X: 1\rY: 2\r\n\r\n", 400,
        "header-malformed", CLOSED),
    ROW("bracket in a name", "GET /livez HTTP/1.1\r\n" HOST "X[]: 1\r\n\r\n", 400, "header-malformed",
        CLOSED),
    ROW("two authorizations",
        "GET /v1/me HTTP/1.1\r\n" HOST "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
        400, "header-repeated", CLOSED),
    ROW("two content types",
        POST_HEAD "Content-Type: text/plain\r\nContent-Length: 14\r\n\r\n{\"answers\":{}}", 400,
        "header-repeated", CLOSED),
    ROW("another expectation", POST_HEAD "Expect: 200-ok\r\nContent-Length: 14\r\n\r\n{\"answers\":{}}",
        417, "expectation-failed", CLOSED),
    ROW("a packed body",
        POST_HEAD "Content-Encoding: gzip\r\nContent-Length: 14\r\n\r\n{\"answers\":{}}", 415,
        "type-unsupported", CLOSED),
    ROW("many headers",
        "GET /livez HTTP/1.1\r\n" HOST SIXTEEN("A: 1\r\n") SIXTEEN("A: 1\r\n") SIXTEEN("A: 1\r\n")
            SIXTEEN("A: 1\r\n") "\r\n",
        431, "headers-too-many", CLOSED),

    /* bodies */
    ROW("wrong type",
        "POST /v1/p/acme/contact/evaluate HTTP/1.1\r\n" HOST
        "Content-Type: text/html\r\nContent-Length: 14\r\n\r\n{\"answers\":{}}",
        415, "type-unsupported", CLOSED),
    ROW("type that only begins right",
        "POST /v1/p/acme/contact/evaluate HTTP/1.1\r\n" HOST
        "Content-Type: application/jsonx\r\nContent-Length: 14\r\n\r\n{\"answers\":{}}",
        415, "type-unsupported", CLOSED),
    ROW("no type",
        "POST /v1/p/acme/contact/evaluate HTTP/1.1\r\n" HOST
        "Content-Length: 14\r\n\r\n{\"answers\":{}}",
        415, "type-unsupported", CLOSED),
    ROW("form body",
        "POST /v1/p/acme/contact/submissions HTTP/1.1\r\n" HOST
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=b",
        415, "type-unsupported", CLOSED),
    ROW("body for nowhere", "POST /nowhere HTTP/1.1\r\n" HOST "Content-Length: 48\r\n\r\n" HIDDEN, 404,
        "not-found", CLOSED),
    ROW("body behind a closed door",
        "PUT /v1/tenants/acme/forms/contact/draft HTTP/1.1\r\n" HOST
        "Content-Type: text/plain\r\nContent-Length: 48\r\n\r\n" HIDDEN,
        401, "unauthenticated", CLOSED),
    ROW("empty body where none belongs",
        "POST /v1/tenants/acme/forms/contact/versions HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n",
        401, "unauthenticated", OPEN),
};

/* libmicrohttpd refuses some requests by itself, before anybody else sees them, and 0.9.75 writes the
 * head of its 400 twice. Whatever comes, every status line says the same, and then the connection ends.
 */
static bool check_own_refusal(struct wire *wire, unsigned status)
{
    char line[16];
    int len = snprintf(line, sizeof line, "HTTP/1.1 %u", status);
    while (!wire->ended) {
        if (!wire_more(wire, PATIENCE_MS)) return false;
    }
    unsigned lines = 0, right = 0;
    for (size_t i = 0; i + 7 <= wire->in.len; i++) {
        if (memcmp(wire->in.ptr + i, "HTTP/1.", 7) != 0) continue;
        lines++;
        right += wire->in.len - i >= (size_t)len && memcmp(wire->in.ptr + i, line, (size_t)len) == 0;
    }
    return lines > 0 && lines == right;
}

static bool check_reply(struct wire *wire, const struct row *row, unsigned *ret_status)
{
    struct wire_reply reply;
    char code[80];
    int len = snprintf(code, sizeof code, "\"code\":\"%s\"", row->code);
    if (!wire_receive(wire, false, &reply)) return row->status == 0;
    *ret_status = reply.status;
    bool good = reply.status == row->status && wire_header_count(&reply, "Content-Length") == 1;
    if (row->code[0]) good = good && memmem(reply.body.ptr, reply.body.len, code, (size_t)len);
    wire_reply_release(&reply);
    return good;
}

static bool check_row(const struct site *site, const struct row *row)
{
    struct wire wire;
    unsigned status = 0;
    bool good = wire_open(&wire, site->port) && wire_send(&wire, row->bytes);
    if (good && row->status >= 400 && !row->code[0]) {
        good = check_own_refusal(&wire, row->status);
    } else {
        good = good && check_reply(&wire, row, &status);
        if (row->then == CLOSED && row->status != 0) good = good && wire_closes(&wire, PATIENCE_MS);
        if (row->then == OPEN) good = good && wire_quiet(&wire, 20);
    }
    if (!good)
        fprintf(stderr, "%s: status %u, wanted %u %s\n", row->name, status, row->status, row->code);
    wire_close(&wire);
    return good;
}

static void each_request_gets_the_one_answer_it_deserves(const struct site *site)
{
    size_t count = sizeof rows / sizeof rows[0];
    CHECK(count >= 130);
    for (size_t i = 0; i < count; i++) CHECK(check_row(site, &rows[i]));
}

/* The same bytes in pieces: framing does not depend on how the network cuts them. */
static void a_request_in_single_bytes_is_the_same_request(const struct site *site)
{
    static const char request[] = POST_HEAD "Content-Length: 14\r\n\r\n{\"answers\":{}}";
    struct wire wire;
    struct wire_reply reply;
    CHECK(wire_open(&wire, site->port));
    for (size_t i = 0; i < sizeof request - 1; i++)
        CHECK(wire_send(&wire, (struct str){request + i, 1}));
    bool answered = wire_receive(&wire, false, &reply);
    CHECK(answered && reply.status == 200);
    if (answered) wire_reply_release(&reply);
    CHECK(wire_quiet(&wire, 20));
    wire_close(&wire);
}

static void requests_that_come_together_are_answered_in_order(const struct site *site)
{
    static const char requests[] =
        "GET /livez HTTP/1.1\r\n" HOST "\r\n"
        "GET /nowhere HTTP/1.1\r\n" HOST "\r\n" POST_HEAD "Content-Length: 14\r\n\r\n{\"answers\":{}}"
        "GET /v1/p/acme/contact HTTP/1.1\r\n" HOST "\r\n";
    const unsigned wanted[] = {200, 404, 200, 200};
    struct wire wire;
    struct wire_reply reply;
    CHECK(wire_open(&wire, site->port) && wire_send(&wire, STR(requests)));
    for (size_t i = 0; i < 4; i++) {
        bool answered = wire_receive(&wire, false, &reply);
        CHECK(answered && reply.status == wanted[i]);
        if (answered) wire_reply_release(&reply);
    }
    CHECK(wire_quiet(&wire, 20));
    wire_close(&wire);
}

/* A name is what it is: nothing that a header or a target says about another address is believed. */
static void forwarding_headers_change_nothing(const struct site *site)
{
    struct answer answer = site_ask(
        site, &(struct ask){
                  "GET", "/v1/tenants", NULL,
                  "X-Forwarded-For: 127.0.0.1\r\nX-Real-IP: 127.0.0.1\r\nForwarded: for=127.0.0.1\r\n"
                  "X-Original-URL: /livez\r\nX-Rewrite-URL: /livez\r\n"});
    CHECK(answer.status == 401);
    answer_release(&answer);
}

int main(void)
{
    struct site site;
    char publisher[256];
    site_start(&site, NULL);
    site_tenant(&site, "acme");
    site_token(&site, "acme", "publisher", publisher);
    site_publish(&site, "acme", "contact", publisher, site_contact_form);
    CHECK(site_status(&site, &(struct ask){"GET", "/v1/p/acme/contact"}) == 200);
    each_request_gets_the_one_answer_it_deserves(&site);
    a_request_in_single_bytes_is_the_same_request(&site);
    requests_that_come_together_are_answered_in_order(&site);
    forwarding_headers_change_nothing(&site);
    site_stop(&site);
    return TEST_RESULT();
}
