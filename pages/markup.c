#include "pages/markup.h"

#include "base/word.h"

#include <assert.h>

void markup_open(struct markup *markup, const char *tag)
{
    buf_putc(markup->out, '<');
    buf_puts(markup->out, tag);
}

void markup_body(struct markup *markup)
{
    buf_putc(markup->out, '>');
}

/* Enough for texts and for values in double quotes. No byte below a space is of use in either but the
 * white space; a NUL or an escape in a page is an error of HTML's. */
static struct str escape_of(char c)
{
    switch (c) {
    case '&':
        return STR("&amp;");
    case '<':
        return STR("&lt;");
    case '>':
        return STR("&gt;");
    case '"':
        return STR("&quot;");
    case '\'':
        return STR("&#39;");
    case '\r':
        return STR("&#13;");
    default:
        break;
    }
    bool odd = ((unsigned char)c < 0x20 && c != '\t' && c != '\n') || c == 0x7f;
    return odd ? STR("\xef\xbf\xbd") : STR("");
}

void markup_text(struct markup *markup, struct str text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        struct str escape = escape_of(text.ptr[i]);
        if (!escape.len) continue;
        buf_put(markup->out, (struct str){text.ptr + from, i - from});
        buf_put(markup->out, escape);
        from = i + 1;
    }
    if (from < text.len) buf_put(markup->out, (struct str){text.ptr + from, text.len - from});
}

void markup_attr(struct markup *markup, const char *name, struct str value)
{
    buf_putc(markup->out, ' ');
    buf_puts(markup->out, name);
    buf_puts(markup->out, "=\"");
    markup_text(markup, value);
    buf_putc(markup->out, '"');
}

void markup_flag(struct markup *markup, const char *name, bool set)
{
    if (!set) return;
    buf_putc(markup->out, ' ');
    buf_puts(markup->out, name);
}

void markup_close(struct markup *markup, const char *tag)
{
    buf_puts(markup->out, "</");
    buf_puts(markup->out, tag);
    buf_puts(markup->out, ">\n");
}

void markup_lines(struct markup *markup, struct str text)
{
    size_t from = 0;
    for (size_t i = 0; i <= text.len; i++) {
        if (i < text.len && text.ptr[i] != '\n') continue;
        if (from) buf_puts(markup->out, "<br>");
        markup_text(markup, (struct str){text.ptr + from, i - from});
        from = i + 1;
    }
}

void markup_begin(struct markup *markup, const char *tag, const char *class)
{
    markup_open(markup, tag);
    if (class) markup_attr(markup, "class", str_of(class));
    markup_body(markup);
}

void markup_element(struct markup *markup, const char *tag, const char *class, struct str text)
{
    markup_begin(markup, tag, class);
    markup_text(markup, text);
    markup_close(markup, tag);
}

void markup_hidden(struct markup *markup, struct str name, struct str value)
{
    markup_open(markup, "input");
    markup_attr(markup, "type", STR("hidden"));
    markup_attr(markup, "name", name);
    markup_attr(markup, "value", value);
    markup_body(markup);
    buf_putc(markup->out, '\n');
}

void markup_sheet(struct markup *markup, struct str sheet)
{
    assert(!memchr(sheet.ptr, '<', sheet.len));
    markup_begin(markup, "style", NULL);
    buf_put(markup->out, sheet);
    markup_close(markup, "style");
}

void markup_address(struct buf *out, struct str part)
{
    for (size_t i = 0; i < part.len; i++) {
        char c = part.ptr[i];
        if (word_is_alnum(c) || (c && strchr("-_.~", c))) buf_putc(out, c);
        else buf_printf(out, "%%%02X", (unsigned)(unsigned char)c);
    }
}
