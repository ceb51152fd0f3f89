#include "dsl/passage.h"

#include "base/arena.h"
#include "dsl/program.h"
#include "tests/test.h"

static struct buf whole, parts;

static struct program_message message(void)
{
    return (struct program_message){(const unsigned char *)whole.ptr};
}

static void begin(void)
{
    buf_reset(&whole);
    buf_reset(&parts);
}

/* The text whose parts were put. */
static void end_text(void)
{
    passage_put_text(&whole, buf_str(&parts));
    buf_reset(&parts);
}

static void put_literal(struct str text)
{
    passage_put_part(&parts, &(struct program_part){.literal = text, .node = PROGRAM_NONE});
}

static void what_was_put_is_read_back(void)
{
    const struct program_part put[] = {
        {.literal = STR("Hello "), .node = PROGRAM_NONE},
        {.node = 0},
        {.literal = STR(""), .node = PROGRAM_NONE},
        {.node = 9999, .show = SHOW_SHORT},
        {.node = 63, .show = SHOW_MONEY, .currency = "EUR", .digits = 2},
        {.node = 64, .show = SHOW_OR, .rows = true, .base = 300},
        {.node = UINT32_MAX - 1, .show = SHOW_MONEY, .currency = "JPY", .rows = true, .base = 1},
    };
    begin();
    for (size_t i = 0; i < sizeof put / sizeof *put; i++) passage_put_part(&parts, &put[i]);
    end_text();
    struct program_message said = message();
    struct passage text = passage_open(&said, 0);
    struct program_part got;
    for (size_t i = 0; i < sizeof put / sizeof *put; i++) {
        CHECK(passage_next(&text, &got) && str_eq(got.literal, put[i].literal));
        CHECK(got.node == put[i].node && got.show == put[i].show && got.digits == put[i].digits);
        CHECK(got.rows == put[i].rows && got.base == put[i].base);
        CHECK(memcmp(got.currency, put[i].currency, sizeof got.currency) == 0);
    }
    CHECK(!passage_next(&text, &got) && !passage_next(&text, &got));
}

static void a_language_without_a_text_has_the_first(void)
{
    begin();
    put_literal(STR("one"));
    end_text();
    end_text();
    put_literal(STR("trois"));
    end_text();
    struct program_message said = message();
    for (uint32_t language = 0; language < 3; language++) {
        struct passage text = passage_open(&said, language);
        struct program_part part;
        CHECK(text.language == (language == 2 ? 2u : 0u));
        CHECK(passage_next(&text, &part));
        CHECK(str_eq(part.literal, language == 2 ? STR("trois") : STR("one")));
    }
}

static void a_literal_may_be_of_any_length(void)
{
    static char long_text[40000];
    static const size_t lens[] = {0, 1, 63, 64, 127, 128, 8191, 8192, 16383, 16384, 40000};
    memset(long_text, 'y', sizeof long_text);
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        struct program_part part;
        begin();
        put_literal((struct str){long_text, lens[i]});
        put_literal(STR("!"));
        end_text();
        struct program_message said = message();
        struct passage text = passage_open(&said, 0);
        CHECK(passage_next(&text, &part) && part.literal.len == lens[i]);
        CHECK(passage_next(&text, &part) && str_eq(part.literal, STR("!")));
    }
}

static void a_word_takes_its_bytes_and_two(void)
{
    begin();
    put_literal(STR("Street"));
    end_text();
    CHECK(whole.len == 8);
}

static void literals_alone_are_told_from_texts_with_values(void)
{
    struct buf out;
    buf_init(&out, mem_heap(), 100);
    begin();
    put_literal(STR("a"));
    put_literal(STR("b"));
    end_text();
    passage_put_part(&parts, &(struct program_part){.node = 3});
    put_literal(STR("c"));
    end_text();
    struct program_message said = message();
    CHECK(!passage_fills(passage_open(&said, 0)) && passage_fills(passage_open(&said, 1)));
    passage_put_literals(passage_open(&said, 0), &out);
    passage_put_literals(passage_open(&said, 1), &out);
    CHECK(str_eq(buf_str(&out), STR("abc")));
    buf_release(&out);
}

int main(void)
{
    buf_init(&whole, mem_heap(), 1 << 20);
    buf_init(&parts, mem_heap(), 1 << 20);
    what_was_put_is_read_back();
    a_language_without_a_text_has_the_first();
    a_literal_may_be_of_any_length();
    a_word_takes_its_bytes_and_two();
    literals_alone_are_told_from_texts_with_values();
    buf_release(&whole);
    buf_release(&parts);
    return 0;
}
