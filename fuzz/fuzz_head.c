/* Any bytes as the head of a request, cut in place by a parser as careless as libmicrohttpd 0.9.75: it
 * takes bare line feeds for line ends, any run of blanks for one, copies the values of folded lines
 * elsewhere and cuts values at a 0. What the guard believes of its pieces is what a strict reader
 * of the very bytes finds there, and whoever else reads them comes to the same request. */
#include "base/limits.h"
#include "fuzz/holds.h"
#include "server/guard.h"

enum { HEADERS = 150, LONGEST = 2000 };

struct head {
    struct str method, target, version;
    struct str names[HEADERS], values[HEADERS];
    int count;
    size_t len; /* of all of it, with the empty line */
};

/* ---- careless, in place: pieces end where a 0 was written */

static char *find_line_end(char *at, const char *end)
{
    while (at < end && *at != '\r' && *at != '\n') at++;
    return at;
}

/* Cuts a line off; NULL when it has no end. */
static char *take_line(char **at, const char *end)
{
    char *line = *at, *stop = find_line_end(line, end);
    if (stop == end) return NULL;
    bool both = *stop == '\r' && stop + 1 < end && stop[1] == '\n';
    *at = stop + 1 + both;
    *stop = '\0';
    return line;
}

static char *skip(char *at)
{
    while (*at == ' ' || *at == '\t') at++;
    return at;
}

static bool cut_request_line(char *line, struct head *head)
{
    char *blank = strchr(line, ' ');
    if (!blank) return false;
    head->method = (struct str){line, (size_t)(blank - line)};
    char *target = skip(blank), *last = strrchr(target, ' ');
    if (!last) return false;
    *blank = '\0';
    head->version = str_of(last + 1);
    while (last > target && last[-1] == ' ') last--;
    *last = '\0';
    head->target = str_of(target);
    return true;
}

/* A value that goes on is copied to fresh room behind what was read. */
static void join_folded(struct head *head, char *line, char **room)
{
    struct str *value = &head->values[head->count - 1];
    const char *more = skip(line);
    size_t more_len = strlen(more);
    memcpy(*room, value->ptr, value->len);
    memcpy(*room + value->len, more, more_len + 1);
    *value = (struct str){*room, value->len + more_len};
    *room += value->len + 1;
}

static bool cut_header(char *line, struct head *head, char **room)
{
    bool folded = (*line == ' ' || *line == '\t') && head->count > 0;
    if (folded) {
        join_folded(head, line, room);
        return true;
    }
    char *colon = strchr(line, ':');
    if (!colon || head->count == HEADERS) return false; /* refused by itself */
    *colon = '\0';
    head->names[head->count] = (struct str){line, (size_t)(colon - line)};
    head->values[head->count++] = str_of(skip(colon + 1));
    return true;
}

static bool cut_carelessly(char *text, size_t size, struct head *head)
{
    char *room = text + size + 1;
    char *at = text, *end = text + size, *line = take_line(&at, end);
    *head = (struct head){.count = 0};
    if (!line || !cut_request_line(line, head)) return false;
    while ((line = take_line(&at, end)) && *line)
        if (!cut_header(line, head, &room)) return false;
    head->len = (size_t)(at - head->method.ptr);
    return line != NULL;
}

/* ---- strictly: METHOD blank target blank version CRLF (name colon blanks value CRLF)* CRLF, and no
 * more */

static bool take_until(struct str *rest, char mark, struct str *ret_piece)
{
    const char *at = rest->len ? memchr(rest->ptr, mark, rest->len) : NULL;
    if (!at) return false;
    *ret_piece = (struct str){rest->ptr, (size_t)(at - rest->ptr)};
    *rest = (struct str){at + 1, rest->len - ret_piece->len - 1};
    return true;
}

static bool is_end_mark(char c)
{
    return c == '\r' || c == '\n' || c == '\0';
}

/* CRLF. Where there are zeros, any two marks: the careless parser writes zeros over each, and what was
 * there before cannot be told. */
static bool is_line_end(const char *at, bool zeros)
{
    if (!zeros) return at[0] == '\r' && at[1] == '\n';
    return is_end_mark(at[0]) && is_end_mark(at[1]);
}

static bool take_whole_line(struct str *rest, bool zeros, struct str *ret_line)
{
    for (size_t i = 0; i + 2 <= rest->len; i++) {
        if (!is_line_end(rest->ptr + i, zeros)) continue;
        *ret_line = (struct str){rest->ptr, i};
        *rest = (struct str){rest->ptr + i + 2, rest->len - i - 2};
        return true;
    }
    return false;
}

static bool is_one_of(struct str text, const char *set)
{
    for (size_t i = 0; i < text.len; i++)
        if (!text.ptr[i] || !strchr(set, text.ptr[i])) return false;
    return text.len > 0;
}

static bool is_visible(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] <= 0x20 || (unsigned char)text.ptr[i] >= 0x7f) return false;
    return text.len > 0;
}

static bool cut_strictly(struct str rest, bool zeros, struct head *head)
{
    static const char token[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~";
    struct str line, whole = rest;
    *head = (struct head){.count = 0};
    if (!take_whole_line(&rest, zeros, &line) || !take_until(&line, ' ', &head->method) ||
        !take_until(&line, ' ', &head->target))
        return false;
    head->version = line;
    if (!is_one_of(head->method, token) || !is_visible(head->target) || !is_visible(line)) return false;
    while (take_whole_line(&rest, zeros, &line)) {
        if (line.len == 0) {
            head->len = (size_t)(rest.ptr - whole.ptr);
            return true;
        }
        struct str *value = &head->values[head->count];
        if (head->count == HEADERS || !take_until(&line, ':', &head->names[head->count])) return false;
        if (!is_one_of(head->names[head->count], token)) return false;
        *value = line;
        while (value->len && (value->ptr[0] == ' ' || value->ptr[0] == '\t'))
            value->ptr++, value->len--;
        for (size_t i = 0; i < value->len; i++)
            if ((unsigned char)value->ptr[i] < 0x20 && value->ptr[i] != '\t') return false;
        head->count++;
    }
    return false;
}

/* ---- the guard between the two */

static bool guard(const struct head *head, struct guard_facts *facts)
{
    struct guard_request request = {.method = head->method,
                                    .version = head->version,
                                    .target = head->target,
                                    .target_at = head->target.ptr,
                                    .head_len = head->len};
    guard_begin(&request, facts);
    for (int i = 0; i < head->count; i++) guard_header(facts, head->names[i], head->values[i]);
    return guard_end(&request, facts) == PROBLEM_NONE;
}

static void heads_are_alike(const struct head *a, const struct head *b)
{
    HOLDS(str_eq(a->method, b->method) && str_eq(a->target, b->target) &&
          str_eq(a->version, b->version));
    HOLDS(a->count == b->count && a->len == b->len);
    for (int i = 0; i < a->count; i++)
        HOLDS(str_eq(a->names[i], b->names[i]) && str_eq(a->values[i], b->values[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct head careless, strict;
    struct guard_facts facts;
    if (size > LONGEST) return 0;
    char *text = malloc(size + 1 + size * (size + 1)); /* a value may grow with each line */
    HOLDS(text);
    if (size) memcpy(text, data, size);
    text[size] = '\0';
    bool zeros = size && memchr(data, 0, size);
    bool cut = cut_carelessly(text, size, &careless);
    bool well_made = cut_strictly((struct str){(const char *)data, size}, zeros, &strict);
    if (cut && guard(&careless, &facts)) {
        HOLDS(well_made);
        heads_are_alike(&careless, &strict);
    }
    /* Nor is the guard in the way of what is well made. */
    if (well_made && !zeros) {
        HOLDS(cut);
        struct head apart = strict;
        apart.len = 0; /* gaps are not looked at */
        struct guard_facts wanted;
        HOLDS(guard(&careless, &facts) == guard(&apart, &wanted));
    }
    free(text);
    return 0;
}
