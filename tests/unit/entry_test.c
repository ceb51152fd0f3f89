#include "tests/pages/album.h"

static struct album album;

static bool posts(const char *before, const char *body, const char *after)
{
    const char *got = album_post(&album, before, body);
    if (strcmp(got, after) != 0)
        fprintf(stderr, "%s + %s\n   got  %s\n   want %s\n", before, body, got, after);
    return strcmp(got, after) == 0;
}

static const char form[] =
    "edition 2027\n"
    "form f \"F\" {\n"
    "  languages en, de\n"
    "  timezone \"Europe/Berlin\"\n"
    "  choices colours { red \"Red\" green \"Green\" blue \"Blue\" }\n"
    "  name: text \"Name\"\n"
    "  count: integer \"Count\"\n"
    "  price: money(EUR) \"Price\"\n"
    "  ratio: number \"Ratio\"\n"
    "  yes: boolean \"Yes?\"\n"
    "  born: date \"Born\"\n"
    "  since: partial_date \"Since\"\n"
    "  month: year_month \"Month\"\n"
    "  at: time \"At\"\n"
    "  moment: datetime \"Moment\"\n"
    "  colour: choice(colours) \"Colour\" other \"Another\"\n"
    "  seen: choices(colours) \"Seen\" other \"Others\"\n"
    "  order: ranking(colours) \"Order\"\n"
    "  odd: text \"Odd\" key \"a/b~c\"\n"
    "  secret: text \"Secret\" hidden\n"
    "  twice: integer \"Twice\" = count * 2\n"
    "  group address \"Address\" { street: text \"Street\" }\n"
    "  repeat rows \"Rows\" 0..3 { a: text \"A\"  repeat inner \"Inner\" 0..2 { b: integer \"B\" } }\n"
    "}\n";

static void each_type_is_read_as_people_type_it(void)
{
    CHECK(posts("{}", "name=+Ada+", "{\"name\":\"Ada\"}"));
    CHECK(posts("{\"name\":\"x\"}", "name=", "{\"name\":null}"));
    CHECK(posts("{}", "count=1%2C000", "{\"count\":1000}"));
    CHECK(posts("{}", "count=many", "{\"count\":\"many\"}"));
    CHECK(posts("{}", "price=EUR+12.50", "{\"price\":\"12.50\"}"));
    CHECK(posts("{}", "price=12.50+%E2%82%AC", "{\"price\":\"12.50\"}"));
    CHECK(posts("{}", "ratio=.5", "{\"ratio\":0.5}"));
    CHECK(posts("{}", "yes=on", "{\"yes\":true}"));
    CHECK(posts("{}", "yes=false", "{\"yes\":false}"));
    CHECK(posts("{}", "yes=maybe", "{\"yes\":\"maybe\"}"));
    CHECK(posts("{}", "born%2Fday=5&born%2Fmonth=6&born%2Fyear=1980", "{\"born\":\"1980-06-05\"}"));
    CHECK(posts("{}", "born/day=&born/month=&born/year=", "{\"born\":null}"));
    CHECK(posts("{}", "born=1980-06-05", "{\"born\":\"1980-06-05\"}"));
    CHECK(posts("{}", "since/day=&since/month=&since/year=1980", "{\"since\":\"1980\"}"));
    CHECK(posts("{}", "month/month=6&month/year=1980", "{\"month\":\"1980-06\"}"));
    CHECK(posts("{}", "at=9.30", "{\"at\":\"09:30\"}"));
    CHECK(posts("{}", "moment=2026-01-31T14:30", "{\"moment\":\"2026-01-31T14:30:00Z\"}"));
    CHECK(posts("{}", "moment=soon", "{\"moment\":\"soon\"}"));
    CHECK(posts("{}", "a~1b~0c=x", "{\"a/b~c\":\"x\"}"));
    CHECK(posts("{}", "address/street=High+Street", "{\"address\":{\"street\":\"High Street\"}}"));
    album.language = "de";
    CHECK(posts("{}", "price=1.234,50&count=1.000", "{\"price\":\"1234.50\",\"count\":1000}"));
    album.language = NULL;
}

static void choices_are_gathered_and_texts_written_in_kept(void)
{
    CHECK(posts("{}", "_asked=colour&colour=red", "{\"colour\":\"red\"}"));
    CHECK(posts("{\"colour\":\"red\"}", "_asked=colour", "{\"colour\":null}"));
    CHECK(posts("{}", "colour=~other~&colour/other=Pink", "{\"colour\":{\"other\":\"Pink\"}}"));
    CHECK(posts("{}", "colour=red&colour/other=Pink", "{\"colour\":\"red\"}"));
    CHECK(posts("{}", "colour/other=Pink", "{\"colour\":{\"other\":\"Pink\"}}"));
    CHECK(posts("{}", "seen=red&seen=blue&_asked=seen", "{\"seen\":[\"red\",\"blue\"]}"));
    CHECK(posts("{\"seen\":[\"red\"]}", "_asked=seen&seen/other=", "{\"seen\":null}"));
    CHECK(posts("{}", "seen=red&seen=~other~&seen/other=Pink",
                "{\"seen\":[\"red\",{\"other\":\"Pink\"}]}"));
    CHECK(posts("{}", "order/0=blue&order/1=&order/2=red", "{\"order\":[\"blue\",\"red\"]}"));
    CHECK(posts("{}", "order=blue&order=red", "{\"order\":[\"blue\",\"red\"]}"));
}

static void what_is_not_named_stays_and_what_is_not_there_is_told_of(void)
{
    CHECK(posts("{\"name\":\"Ada\",\"count\":3}", "count=4", "{\"name\":\"Ada\",\"count\":4}"));
    CHECK(posts("{}", "nobody=x", "{\"nobody\":\"x\"}"));
    CHECK(posts("{}", "_nobody=x&_do=next", "{}"));
    CHECK(posts("{}", "twice=8", "{\"twice\":\"8\"}"));
    CHECK(posts("{}", "name/first=x", "{\"name\":null,\"name/first\":\"x\"}"));
}

static void rows_are_made_where_they_may_be(void)
{
    CHECK(posts("{}", "rows/0/a=x&rows/1/a=y", "{\"rows\":[{\"a\":\"x\"},{\"a\":\"y\"}]}"));
    CHECK(posts("{}", "rows/1/inner/0/b=7", "{\"rows\":[{},{\"inner\":[{\"b\":7}]}]}"));
    CHECK(posts("{}", "rows/3/a=x", "{\"rows\":null,\"rows/3/a\":\"x\"}"));
    CHECK(posts("{}", "rows/x/a=x", "{\"rows\":null,\"rows/x/a\":\"x\"}"));
    CHECK(posts("{}", "rows=x", "{\"rows\":null}"));
}

static const char *json(void)
{
    buf_reset(&album.html);
    typed_write(album.root, &album.html);
    buf_putc(&album.html, '\0');
    return album.html.ptr;
}

static void rows_are_added_and_removed_by_their_names(void)
{
    album_type(&album, "{\"rows\":[{\"a\":\"x\"},{\"a\":\"y\"}]}");
    struct entry entry = album_entry(&album);
    CHECK(entry_add_row(&entry, STR("rows")));
    CHECK(!entry_add_row(&entry, STR("rows"))); /* three are the most */
    CHECK(entry_add_row(&entry, STR("rows/1/inner")));
    CHECK(strcmp(json(), "{\"rows\":[{\"a\":\"x\"},{\"a\":\"y\",\"inner\":[{}]},{}]}") == 0);
    CHECK(entry_remove_row(&entry, STR("rows/0")) && entry_remove_row(&entry, STR("rows/1")));
    CHECK(strcmp(json(), "{\"rows\":[{\"a\":\"y\",\"inner\":[{}]}]}") == 0);
    static const char *const none[] = {"",     "rows",   "rows/",     "rows/1",        "rows/x",
                                       "name", "name/0", "nothing/0", "rows/0/inner/1"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CHECK(!entry_remove_row(&entry, str_of(none[i])));
    CHECK(!entry_add_row(&entry, STR("name")) && !entry_add_row(&entry, STR("rows/0")) &&
          !entry_add_row(&entry, STR("")));
}

static void a_link_fills_hidden_fields_and_no_others(void)
{
    struct pairs pairs;
    album_type(&album, "{}");
    CHECK(pairs_read(STR("secret=a%26b&name=x&lang=de&nothing=1&twice=2"), &album.arena, &pairs) ==
          PAIRS_OK);
    struct entry entry = album_entry(&album);
    CHECK(entry_fill(&entry, &pairs));
    CHECK(strcmp(json(), "{\"secret\":\"a&b\"}") == 0);
}

int main(void)
{
    album_open(&album, form);
    each_type_is_read_as_people_type_it();
    choices_are_gathered_and_texts_written_in_kept();
    what_is_not_named_stays_and_what_is_not_there_is_told_of();
    rows_are_made_where_they_may_be();
    rows_are_added_and_removed_by_their_names();
    a_link_fills_hidden_fields_and_no_others();
    album_close(&album);
    return TEST_RESULT();
}
