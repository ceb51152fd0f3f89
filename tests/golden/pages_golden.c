/* Golden test of hosted pages: every x.form of a folder, with the answers of x.json, gives page by page
 * what stands in x.html.
 *
 *     pages_golden tests/golden/pages                  UPDATE_GOLDEN=1 writes it anew; read the
 * difference before you keep it */
#include "tests/golden/golden.h"
#include "tests/pages/album.h"

enum { FORMS_MAX = 50 };

static void draw(const char *path)
{
    struct album album;
    struct buf all;
    char beside[4096];
    snprintf(beside, sizeof beside, "%.*s.json", (int)(strlen(path) - strlen(".form")), path);
    struct str source = file_read(path), answers = file_read(beside);
    char *text = mem_zalloc(mem_heap(), source.len + 1),
         *typed = mem_zalloc(mem_heap(), answers.len + 1);
    memcpy(text, source.ptr, source.len);
    memcpy(typed, answers.ptr, answers.len);
    album_open(&album, text);
    buf_init(&all, mem_heap(), 16 << 20);
    for (uint32_t i = 0; i < album.program->language_count; i++) {
        char language[64];
        snprintf(language, sizeof language, "%.*s", STR_ARG(album.program->languages[i]));
        album.language = language;
        for (uint32_t page = 0; page < book_page_count(album.book); page++) {
            buf_puts(&all, album_page(&album, page, typed));
            album.calm = true;
            if (i == 0) buf_puts(&all, album_page(&album, page, "{}"));
            album.calm = false;
        }
        buf_puts(&all, album_check(&album, typed));
    }
    golden_compare(path, ".form", ".html", buf_str(&all));
    buf_release(&all);
    album_close(&album);
    mem_free(mem_heap(), text, source.len + 1);
    mem_free(mem_heap(), typed, answers.len + 1);
    file_free(source);
    file_free(answers);
}

int main(int argc, char **argv)
{
    char *paths[FORMS_MAX];
    CHECK(argc == 2);
    size_t count = file_list(argv[1], ".form", paths, FORMS_MAX);
    CHECK(count > 0);
    for (size_t i = 0; i < count; i++) {
        draw(paths[i]);
        free(paths[i]);
    }
    return TEST_RESULT();
}
