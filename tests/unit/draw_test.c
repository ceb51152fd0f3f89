#include "tests/pages/album.h"

static struct album album;

#define FORM(body) "edition 2027\nform f \"F\" {\n" body "\n}\n"

static bool drawn(const char *answers, const char *text)
{
    const char *html = album_page(&album, 0, answers);
    bool there = strstr(html, text) != NULL;
    if (!there) fprintf(stderr, "not there: %s\n%s\n", text, html);
    return there;
}

/* A list of `count` options, and what stands before and behind it. */
static void open_list(const char *before, int count)
{
    struct buf source;
    buf_init(&source, mem_heap(), 1 << 20);
    buf_printf(&source, "edition 2027\nform f \"F\" {\n%s\nchoices many {\n", before);
    for (int i = 0; i < count; i++) buf_printf(&source, "o%d \"Option %d\"\n", i, i);
    buf_puts(&source, "}\n}\n");
    buf_putc(&source, '\0');
    album_open(&album, source.ptr);
    buf_release(&source);
}

static void a_choice_of_few_is_radio_buttons_and_of_many_a_list(void)
{
    for (int more = 0; more < 2; more++) {
        open_list("c: choice(many) \"C\"", limit(PAGE_RADIOS) + more);
        CHECK(drawn("{}", more ? "<select" : "type=\"radio\""));
        CHECK(album_count(album.html.ptr, "Option ") == (unsigned)(limit(PAGE_RADIOS) + more));
        album_close(&album);
    }
}

static void of_very_many_the_code_is_typed(void)
{
    for (int more = 0; more < 2; more++) {
        open_list("c: choice(many) \"C\"", limit(PAGE_OPTIONS) + more);
        CHECK(drawn("{\"c\":\"o7\"}", more ? "value=\"o7\"" : "<option value=\"o7\" selected>"));
        CHECK(!strstr(album.html.ptr, "<select") == (more == 1));
        album_close(&album);
    }
}

static void a_matrix_of_few_columns_is_a_table(void)
{
    for (int more = 0; more < 2; more++) {
        open_list("matrix m \"M\" of choice(many) { a \"A\" b \"B\" }", limit(PAGE_COLUMNS) + more);
        CHECK(drawn("{}", more ? "<fieldset class=\"fw-question fw-choices\""
                               : "<table class=\"fw-matrix\">"));
        CHECK(!strstr(album.html.ptr, "<table") == (more == 1));
        album_close(&album);
    }
}

static void a_ranking_asks_for_so_many_places(void)
{
    for (int more = 0; more < 2; more++) {
        open_list("r: ranking(many) \"R\"", limit(PAGE_RANKS) + more);
        CHECK(drawn("{}", "name=\"r/0\""));
        CHECK(album_count(album.html.ptr, "<select") == (unsigned)limit(PAGE_RANKS));
        album_close(&album);
    }
}

static void rows_that_must_be_there_are_there_up_to_a_number(void)
{
    for (int more = 0; more < 2; more++) {
        char source[200];
        snprintf(source, sizeof source, FORM("repeat r \"R\" %d..100 { a: text \"A\" }"),
                 limit(PAGE_PADDED_ROWS) + more);
        album_open(&album, source);
        CHECK(drawn("{}", "id=\"f-r-0-a\""));
        CHECK(album_count(album.html.ptr, "class=\"fw-row\"") == (unsigned)limit(PAGE_PADDED_ROWS));
        album_close(&album);
    }
}

/* `count` rows, and how many stand in how many blocks. */
static void see_blocks(int count, unsigned blocks)
{
    char source[200];
    snprintf(source, sizeof source, FORM("repeat r \"R\" %d..100 { a: text \"A\" }"), count);
    album_open(&album, source);
    CHECK(drawn("{}", "id=\"f-r-0-a\""));
    CHECK(album_count(album.html.ptr, "class=\"fw-row\"") == (unsigned)count);
    CHECK(album_count(album.html.ptr, "<div class=\"fw-rows\">") == blocks);
    CHECK(album_count(album.html.ptr, "<div") == album_count(album.html.ptr, "</div>"));
    album_close(&album);
}

static void many_rows_stand_in_blocks(void)
{
    see_blocks(limit(PAGE_BLOCK_ROWS), 0);
    see_blocks(limit(PAGE_BLOCK_ROWS) + 1, 1);
    see_blocks(limit(PAGE_BLOCK_ROWS) * 2, 1);
    see_blocks(limit(PAGE_BLOCK_ROWS) * 2 + 1, 2);
}

int main(void)
{
    many_rows_stand_in_blocks();
    a_choice_of_few_is_radio_buttons_and_of_many_a_list();
    of_very_many_the_code_is_typed();
    a_matrix_of_few_columns_is_a_table();
    a_ranking_asks_for_so_many_places();
    rows_that_must_be_there_are_there_up_to_a_number();
    return TEST_RESULT();
}
