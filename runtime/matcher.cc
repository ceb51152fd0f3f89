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

enum status matcher_new(struct str pattern, struct matcher **ret_matcher)
{
    try {
        RE2::Options options;
        options.set_log_errors(false);
        options.set_never_capture(true);
        struct matcher *made = new matcher(std::string(pattern.ptr, pattern.len), options);
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
