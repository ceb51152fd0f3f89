/* Tokens, from what looks like one to what opens the door. Any text, and made tokens with any change,
 * is plausible just when it is written as a token, checksum included, and verified just when it is, to
 * the letter, one that was made; then it is that one, with its role and tenant. An Authorization header
 * gets as far as the storage just when it holds a scheme, a blank and a text.
 *
 * Bytes: which token to begin with, or none; whether to put a right checksum behind it after all;
 * edits, or the text. */
#define _XOPEN_SOURCE 700
#include "base/digest.h"
#include "base/limits.h"
#include "base/word.h"
#include "fuzz/edit.h"
#include "fuzz/holds.h"
#include "server/bearer.h"

#include <ftw.h>
#include <unistd.h>

enum { ROLES = 4, NOW_MS = 1700000000 };

static struct tenants *tenants;
static struct arena keeping;
static struct str tokens[ROLES];
static char folder[] = "fuzz_token_XXXXXX";

/* ---- a data directory with a token of each role */

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info, (void)kind, (void)walk;
    return remove(path);
}

static void end(void)
{
    tenants_close(tenants);
    arena_release(&keeping);
    (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static struct write begin_write(enum write_kind kind)
{
    return (struct write){
        .kind = kind, .arena = &keeping, .actor = {.who = STR("fuzzer"), .at_ms = NOW_MS}};
}

static void begin(void)
{
    arena_init(&keeping, mem_heap(), 16 << 20);
    HOLDS(mkdtemp(folder));
    struct tenants_options options = {.mem = mem_heap(), .directory = folder, .writers = 1};
    HOLDS(tenants_open(&options, &tenants) == ST_OK);
    HOLDS(atexit(end) == 0);
    struct write write = begin_write(WRITE_TENANT_CREATE);
    write.tenant_create = (struct tenant_create){.id = STR("acme"), .name = STR("Acme")};
    HOLDS(write_wait(tenants, &write) == ST_OK);
    for (int role = 0; role < ROLES; role++) {
        write = begin_write(WRITE_TOKEN_CREATE);
        write.token_create = (struct token_create){
            .tenant = role == ROLE_OPERATOR ? STR("") : STR("acme"), .role = (enum token_role)role};
        HOLDS(write_wait(tenants, &write) == ST_OK);
        tokens[role] = write.token_create.ret_text;
    }
}

/* ---- how a token is written: fmd_<role>_<16 characters>_<43 characters>_<8 hex digits of the SHA-256>
 */

static bool is_written_well(struct str text)
{
    static const char *const roles[] = {"operator", "publisher", "reader", "submitter"};
    char hex[DIGEST_HEX_BYTES];
    for (size_t i = 0; i < ROLES; i++) {
        size_t head = strlen("fmd_") + strlen(roles[i]) + 1, body = head + 16 + 1 + 43;
        if (text.len != body + 1 + 8 || memcmp(text.ptr, "fmd_", 4) != 0) continue;
        if (memcmp(text.ptr + 4, roles[i], strlen(roles[i])) != 0) continue;
        if (text.ptr[head - 1] != '_' || text.ptr[head + 16] != '_' || text.ptr[body] != '_') continue;
        struct digest digest = digest_of((struct str){text.ptr, body});
        digest_hex(&digest, hex);
        return memcmp(text.ptr + body + 1, hex, 8) == 0;
    }
    return false;
}

static void token_holds(struct str text)
{
    struct arena arena;
    struct token_record record;
    int made = 0;
    while (made < ROLES && !str_eq(tokens[made], text)) made++;
    HOLDS(token_plausible(text) == is_written_well(text));
    arena_init(&arena, mem_heap(), 1 << 20);
    enum status st = token_verify(tenants, text, NOW_MS + 1, &arena, &record);
    HOLDS(st == (made < ROLES ? ST_OK : ST_UNAUTHENTICATED));
    if (!st) {
        HOLDS(record.role == (enum token_role)made);
        HOLDS(str_eq(record.tenant, made == ROLE_OPERATOR ? STR("") : STR("acme")));
    }
    arena_release(&arena);
}

/* ---- the header */

static void header_holds(struct str header)
{
    struct request *request = calloc(1, sizeof *request);
    HOLDS(request);
    request->match.route = &routes[ROUTE_forms_get];
    request->facts.header[HEADER_AUTHORIZATION] = header;
    bool scheme = header.len > 7 && word_is((struct str){header.ptr, 7}, STR("bearer "));
    HOLDS((bearer_glance(request) == PROBLEM_NONE) == scheme);
    free(request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes bytes = {data, size};
    struct buf text;
    if (!tenants) begin();
    header_holds((struct str){(const char *)data, size});
    unsigned base = (unsigned)bytes_take(&bytes, 1), checksum = (unsigned)bytes_take(&bytes, 1);
    struct str begun =
        base % 5 < ROLES ? tokens[base % 5] : (struct str){(const char *)bytes.at, bytes.left};
    if (base % 5 == ROLES) bytes.left = 0;
    edit_text(begun, &bytes, &text);
    if (checksum % 2 && text.len > 8) {
        char hex[DIGEST_HEX_BYTES];
        struct digest digest = digest_of((struct str){text.ptr, text.len - 9});
        digest_hex(&digest, hex);
        memcpy(text.ptr + text.len - 8, hex, 8);
    }
    token_holds(buf_str(&text));
    buf_release(&text);
    return 0;
}
