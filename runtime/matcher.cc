#include "runtime/matcher.h"

#include <new>
#include <re2/re2.h>
#include <string>

struct matcher {
    explicit matcher(const std::string &pattern, const RE2::Options &options) : re2(pattern, options)
    {
    }
    RE2 re2;
};

/* I-Regexp is nearly RE2's own syntax, but knows no anchors, and its dot stands for anything but \n and
 * \r. */
static std::string translate(struct str pattern)
{
    std::string out;
    bool in_class = false;
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.ptr[i];
        if (c == '\\' && i + 1 < pattern.len) {
            out += c;
            out += pattern.ptr[++i];
        } else if (in_class) {
            in_class = c != ']';
            out += c;
        } else if (c == '.') {
            out += "[^\\n\\r]";
        } else if (c == '^' || c == '$') {
            out += '\\';
            out += c;
        } else {
            in_class = c == '[';
            out += c;
        }
    }
    return out;
}

enum status matcher_new(struct str pattern, struct matcher **ret_matcher)
{
    try {
        RE2::Options options;
        options.set_log_errors(false);
        options.set_never_capture(true);
        struct matcher *made = new matcher(translate(pattern), options);
        if (!made->re2.ok()) {
            delete made;
            return ST_LIMIT;
        }
        *ret_matcher = made;
        return ST_OK;
    } catch (const std::bad_alloc &) {
        return ST_NOMEM;
    }
}

void matcher_free(struct matcher *matcher)
{
    delete matcher;
}

bool matcher_match(const struct matcher *matcher, struct str text)
{
    return RE2::FullMatch(re2::StringPiece(text.ptr, text.len), matcher->re2);
}
