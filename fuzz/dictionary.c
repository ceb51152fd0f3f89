/* Prints the words and signs of the form language as a dictionary for libFuzzer, from the tables that
 * the compiler is made from. */
#include <stdio.h>

static void put(const char *word)
{
    putchar('"');
    for (const unsigned char *at = (const unsigned char *)word; *at; at++) {
        if (*at == '"' || *at == '\\') printf("\\%c", *at);
        else if (*at >= 0x20 && *at < 0x80) putchar(*at);
        else printf("\\x%02X", *at);
    }
    puts("\"");
}

int main(void)
{
#define TOKEN(kind, description)
#define KEYWORD(kind, spelling) put(spelling);
#define RESERVED(kind, spelling) put(spelling);
#define SIGN(kind, spelling) put(spelling);
#define FOREIGN(spelling, kind, advice) put(spelling);
#include "dsl/token.def"
#define TYPE_NAME(name, spelling, argument) put(spelling);
#define TYPE_ALIAS(word, hint)
#include "dsl/type_name.def"
#define UNIT(name, one, many) put(one), put(many);
#include "dsl/unit.def"
    put("edition 2026 form f \"F\" {");
    put("a: text \"A\" ");
    put(" choices c { a \"A\" }");
    put("{a.b}");
    put("\\{");
    put("\\u{1F600}");
    put("# \n");
    return 0;
}
