/* Embed: the files that are served under /assets/ as C, packed in every coding of HTTP while the
 * program is built, so that a server that starts has nothing to compress.
 *
 *     embed formwright.js helpers.js … style.css >assets.inc      in the order of server/asset.def
 *
 * It writes ASSETS_HASH, one hash over all files, and `packed`: of each file and coding the bytes under
 * its plain name ("formwright.js") and under its hashed one ("formwright-0a1b….js"). Under hashed names
 * "./looks.js" is "./looks-0a1b….js": what loads another knows its name by its own. A coding that does
 * not make a file smaller has no bytes. */
#include "base/arena.h"
#include "base/digest.h"
#include "server/packing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES = 1 << 20, ALL_BYTES = 64 << 20, HASH_DIGITS = 16 };

static const struct {
    const char *stem, *extension;
} named[] = {
#define ASSET(NAME, stem, extension, type) {stem, extension},
#include "server/asset.def"
#undef ASSET
};
enum { ASSETS = sizeof named / sizeof named[0] };

static _Noreturn void refuse(const char *why, const char *where)
{
    fprintf(stderr, "embed: %s: %s\n", why, where);
    exit(1);
}

static struct str read_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) refuse("no such file", path);
    char *bytes = arena_alloc(arena, FILE_BYTES);
    if (!bytes) refuse("no memory", path);
    size_t len = fread(bytes, 1, FILE_BYTES, file);
    fclose(file);
    if (len == FILE_BYTES) refuse("too long", path);
    if (strstr(path, ".css") && memchr(bytes, '<', len))
        refuse("pages hold it: no \"<\" may be in it", path);
    return (struct str){bytes, len};
}

static void hash_all(const struct str *files, char ret_hex[DIGEST_HEX_BYTES])
{
    struct digest_stream stream;
    digest_begin(&stream);
    for (int i = 0; i < ASSETS; i++) digest_add(&stream, files[i]);
    struct digest digest = digest_end(&stream);
    digest_hex(&digest, ret_hex);
}

/* The asset whose plain name stands in front of a quotation mark; -1: none. */
static int named_at(struct str rest)
{
    for (int i = 0; i < ASSETS; i++) {
        char plain[64];
        size_t len = (size_t)snprintf(plain, sizeof plain, "%s.%s", named[i].stem, named[i].extension);
        bool quoted = rest.len > len && strchr("\"'`", rest.ptr[len]) != NULL;
        if (quoted && str_starts(rest, str_of(plain))) return i;
    }
    return -1;
}

/* *ret_any: is one of the others named at all? */
static void put_renamed(struct str bytes, const char *hex, struct buf *out, bool *ret_any)
{
    *ret_any = false;
    for (size_t i = 0; i < bytes.len; i++) {
        struct str rest = {bytes.ptr + i, bytes.len - i};
        int other =
            str_starts(rest, STR("./")) ? named_at((struct str){rest.ptr + 2, rest.len - 2}) : -1;
        if (other < 0) {
            buf_putc(out, bytes.ptr[i]);
            continue;
        }
        buf_printf(out, "./%s-%.*s.%s", named[other].stem, HASH_DIGITS, hex, named[other].extension);
        i +=
            strlen("./") + strlen(named[other].stem) + strlen(".") + strlen(named[other].extension) - 1;
        *ret_any = true;
    }
}

static void put_array(int asset, const char *which, enum coding coding, struct str bytes)
{
    printf("static const unsigned char asset_%d_%s_%d[] = {", asset, which, (int)coding);
    for (size_t i = 0; i < bytes.len; i++) printf("%d,", (unsigned char)bytes.ptr[i]);
    puts("};");
}

/* In each coding; ret_there: which. */
static void put_packed(int asset, const char *which, struct str bytes, bool ret_there[CODING_COUNT])
{
    for (int coding = 0; coding < CODING_COUNT; coding++) {
        struct buf packed;
        buf_init(&packed, mem_heap(), 2 * FILE_BYTES);
        if (packing_put((enum coding)coding, bytes, &packed)) refuse("cannot pack", named[asset].stem);
        ret_there[coding] = coding == CODING_IDENTITY || packed.len < bytes.len;
        if (ret_there[coding]) put_array(asset, which, (enum coding)coding, buf_str(&packed));
        buf_release(&packed);
    }
}

static void put_row(int asset, const char *which, const bool there[CODING_COUNT])
{
    printf("{");
    for (int coding = 0; coding < CODING_COUNT; coding++) {
        if (there[coding]) printf("BYTES(asset_%d_%s_%d),", asset, which, coding);
        else printf("{NULL, 0},");
    }
    printf("},");
}

int main(int argc, char **argv)
{
    struct arena arena;
    struct str files[ASSETS];
    bool plain[ASSETS][CODING_COUNT], hashed[ASSETS][CODING_COUNT], renamed[ASSETS];
    char hex[DIGEST_HEX_BYTES];
    if (argc != ASSETS + 1) refuse("give it the files of server/asset.def", "in its order");
    arena_init(&arena, mem_heap(), ALL_BYTES);
    for (int i = 0; i < ASSETS; i++) files[i] = read_file(&arena, argv[i + 1]);
    hash_all(files, hex);
    printf("#define ASSETS_HASH \"%s\"\n", hex);
    for (int i = 0; i < ASSETS; i++) {
        struct buf text;
        buf_init(&text, mem_heap(), 2 * FILE_BYTES);
        put_renamed(files[i], hex, &text, &renamed[i]);
        if (buf_failed(&text)) refuse("no memory", argv[i + 1]);
        put_packed(i, "plain", files[i], plain[i]);
        if (renamed[i]) put_packed(i, "hashed", buf_str(&text), hashed[i]);
        buf_release(&text);
    }
    puts("#define BYTES(array) {(const char *)(array), sizeof(array)}");
    puts("static const struct packed { struct str plain[CODING_COUNT], hashed[CODING_COUNT]; } "
         "packed[ASSET_COUNT] = {");
    for (int i = 0; i < ASSETS; i++) {
        printf("{");
        put_row(i, "plain", plain[i]);
        put_row(i, renamed[i] ? "hashed" : "plain", renamed[i] ? hashed[i] : plain[i]);
        puts("},");
    }
    puts("};\n#undef BYTES");
    arena_release(&arena);
    return fflush(stdout) == 0 ? 0 : 1;
}
