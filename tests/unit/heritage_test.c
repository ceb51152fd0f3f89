#define _GNU_SOURCE
/* What was typed into one version of a form, in another one. */
#include "tests/pages/album.h"

static const char before[] =
    "edition 2027\n"
    "form f \"F\" {\n"
    "  languages de, en\n"
    "  choices colours { red \"Rot\" green \"Grün\" }\n"
    "  name: text \"Name\"\n"
    "  nick: text \"Spitzname\"\n"
    "  count: integer \"Zahl\"\n"
    "  colour: choice(colours) \"Farbe\"\n"
    "  twice: integer \"Doppelt\"\n"
    "  group home \"Haus\" { street: text \"Straße\"  floor: integer \"Stock\" }\n"
    "  repeat pets \"Tiere\" 0..3 { pet: text \"Tier\"  age: integer \"Alter\" }\n"
    "  repeat gone \"Weg\" 0..3 { x: text \"X\" }\n"
    "  translate en { nick \"Nickname\"  count \"Number\" }\n"
    "}\n";
static const char after[] =
    "edition 2027\n"
    "form f \"F\" {\n"
    "  choices colours { red \"Red\" blue \"Blue\" }\n"
    "  name: text \"Name of {home.street}\"\n"
    "  count: text \"Number\"\n"
    "  colour: choice(colours) \"Colour\"\n"
    "  twice: integer \"Twice\" = 4\n"
    "  secret: text \"Secret\" hidden\n"
    "  group home \"House\" { street: text \"Street\"  town: text \"Town {name}\" }\n"
    "  repeat pets \"Pets\" 0..3 { pet: text \"Pet\"  kind: text }\n"
    "  repeat more \"More\" 0..3 { y: text \"Y\" }\n"
    "}\n";

static struct album old, new;

static struct heritage carry(const char *answers)
{
    struct typed *root = NULL;
    struct heritage heritage = {.root = NULL};
    CHECK_STATUS(typed_read(&old.arena, str_of(answers), &root), ST_OK);
    CHECK(heritage_carry(old.book, new.book, root, 0, &new.arena, &heritage));
    return heritage;
}

static void becomes(const char *answers, const char *wanted, const char *gone)
{
    struct buf text;
    struct heritage heritage = carry(answers);
    buf_init(&text, mem_heap(), 1 << 20);
    typed_write(heritage.root, &text);
    bool good = str_eq(buf_str(&text), str_of(wanted)) && str_eq(heritage.gone, str_of(gone));
    if (!good)
        fprintf(stderr, "%s\n   %.*s\n   %.*s\n", answers, STR_ARG(buf_str(&text)),
                STR_ARG(heritage.gone));
    CHECK(good);
    buf_release(&text);
}

static void what_has_a_place_stays_as_it_was_typed(void)
{
    becomes("{}", "{}", "");
    becomes("{\"pets\":[],\"home\":{}}", "{\"pets\":[],\"home\":{}}", "");
    becomes("{\"name\":\"Ada <b>\",\"colour\":\"green\"}",
            "{\"name\":\"Ada <b>\",\"colour\":\"green\"}", "");
    becomes("{\"name\":[1,{\"a\":null}],\"home\":\"none\"}",
            "{\"name\":[1,{\"a\":null}],\"home\":\"none\"}", "");
    becomes("{\"pets\":[{\"pet\":\"Rex\"},7,{}],\"home\":{\"street\":\"High\"}}",
            "{\"pets\":[{\"pet\":\"Rex\"},{},{}],\"home\":{\"street\":\"High\"}}", "");
}

static void what_has_none_is_told_with_its_label_and_value(void)
{
    becomes("{\"nick\":\"Bo\",\"name\":\"Ada\"}", "{\"name\":\"Ada\"}", "Nickname (Bo)");
    becomes("{\"count\":12,\"twice\":\"many\"}", "{}", "Number (12), Doppelt (many)");
    becomes("{\"nick\":null,\"gone\":[{}]}", "{}", "");
    becomes("{\"home\":{\"floor\":3},\"pets\":[{\"age\":4},{\"age\":5}]}",
            "{\"home\":{},\"pets\":[{},{}]}", "Stock (3), Alter (4), Alter (5)");
    becomes("{\"gone\":[{\"x\":\"y\"}],\"what\":true}", "{}", "Weg ([{\"x\":\"y\"}]), what (true)");
}

static void what_is_new_is_named_but_for_what_nobody_is_asked(void)
{
    struct heritage heritage = carry("{}");
    bool good = str_eq(heritage.added, STR("Number, Town , kind, More"));
    if (!good) fprintf(stderr, "%.*s\n", STR_ARG(heritage.added));
    CHECK(good);
}

static void a_long_list_of_what_is_gone_has_an_end(void)
{
    struct buf text;
    buf_init(&text, mem_heap(), 1 << 20);
    buf_puts(&text, "{\"gone\":[],\"nick\":\"");
    for (int i = 0; i < 6000; i++) buf_putc(&text, 'x');
    buf_puts(&text, "\",\"count\":1}");
    buf_putc(&text, '\0');
    struct heritage heritage = carry(text.ptr);
    CHECK(heritage.gone.len > 6000 && heritage.gone.len < 6100);
    CHECK(memmem(heritage.gone.ptr, heritage.gone.len, " …", 4) &&
          !memmem(heritage.gone.ptr, heritage.gone.len, "Number", 6));
    buf_release(&text);
}

int main(void)
{
    album_open(&old, before);
    album_open(&new, after);
    what_has_a_place_stays_as_it_was_typed();
    what_has_none_is_told_with_its_label_and_value();
    what_is_new_is_named_but_for_what_nobody_is_asked();
    a_long_list_of_what_is_gone_has_an_end();
    album_close(&old);
    album_close(&new);
    return TEST_RESULT();
}
