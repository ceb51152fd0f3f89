#include "server/envelope.h"

#include "base/civil.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/word.h"

struct opening {
    struct json_cursor cur;
    const char *start;
    struct arena *arena;
    struct str detail;
};

static enum problem broken(struct opening *opening, const char *why)
{
    opening->detail = arena_printf(opening->arena, "%s, at byte %zu", why,
                                   (size_t)(opening->cur.at - opening->start));
    return PROBLEM_JSON_MALFORMED;
}

static enum problem misfit(struct opening *opening, const char *why)
{
    opening->detail = str_of(why);
    return PROBLEM_BODY_MISFIT;
}

static enum problem read_answers(struct opening *opening, struct envelope *envelope)
{
    if (json_peek(&opening->cur) != '{') return misfit(opening, "\"answers\" must be an object");
    if (!json_cut(&opening->cur, &envelope->answers))
        return broken(opening, "\"answers\" is not closed");
    if (envelope->answers.len > limit(ANSWERS_BYTES)) return PROBLEM_TOO_LARGE;
    return PROBLEM_NONE;
}

static enum problem read_version(struct opening *opening, struct envelope *envelope)
{
    struct json_number number;
    if (!word_is_digit(json_peek(&opening->cur)))
        return misfit(opening, "\"version\" must be a positive integer");
    enum json_fault fault = json_scan_number(&opening->cur, &number);
    if (fault) return broken(opening, json_fault_text(fault));
    if (!number.integer || number.long_digits || number.digits == 0 || number.digits > 999999999)
        return misfit(opening, "\"version\" must be a positive integer");
    envelope->version = (uint32_t)number.digits;
    return PROBLEM_NONE;
}

static enum problem read_lenient(struct opening *opening, struct envelope *envelope)
{
    envelope->lenient = json_peek(&opening->cur) == 't';
    if (json_peek(&opening->cur) != 't' && json_peek(&opening->cur) != 'f')
        return misfit(opening, "\"lenient\" must be true or false");
    enum json_fault fault =
        json_scan_word(&opening->cur, envelope->lenient ? STR("true") : STR("false"));
    return fault ? broken(opening, json_fault_text(fault)) : PROBLEM_NONE;
}

/* A language tag's characters: it is stored and written into JSON. */
static bool is_locale(struct str text)
{
    return text.len > 0 && text.len <= 35 && word_is_plain(text);
}

static enum problem read_meta_member(struct opening *opening, const struct json_member *member,
                                     struct envelope *envelope)
{
    struct str text;
    int32_t offset_minutes;
    if (str_eq(member->name, STR("locale"))) {
        if (!json_is_str(&member->value, &envelope->locale) || !is_locale(envelope->locale))
            return misfit(opening, "\"meta.locale\" must be a language tag");
        return PROBLEM_NONE;
    }
    if (str_eq(member->name, STR("started_at"))) {
        if (!json_is_str(&member->value, &text) ||
            !civil_parse_datetime(text, &envelope->started_ms, &offset_minutes))
            return misfit(opening, "\"meta.started_at\" must be an RFC 3339 date-time");
        return PROBLEM_NONE;
    }
    if (str_eq(member->name, STR("saved"))) {
        if (!json_is_str(&member->value, &envelope->saved) || envelope->saved.len == 0)
            return misfit(opening, "\"meta.saved\" must be the key of saved answers");
        return PROBLEM_NONE;
    }
    if (str_eq(member->name, STR("invitation"))) {
        if (!json_is_str(&member->value, &envelope->invitation) || envelope->invitation.len == 0 ||
            envelope->invitation.len > (size_t)limit(META_BYTES))
            return misfit(opening, "\"meta.invitation\" must be the code of an invitation");
        return PROBLEM_NONE;
    }
    return misfit(opening, "\"meta\" has an unknown member; there are locale, started_at, saved and "
                           "invitation");
}

static enum problem read_meta(struct opening *opening, struct envelope *envelope)
{
    struct str text;
    struct json_value meta;
    struct json_error error;
    if (json_peek(&opening->cur) != '{') return misfit(opening, "\"meta\" must be an object");
    if (!json_cut(&opening->cur, &text)) return broken(opening, "\"meta\" is not closed");
    enum status st = json_read(opening->arena, text, limit(ANSWERS_DEPTH), &meta, &error);
    if (st == ST_SYNTAX) {
        opening->cur.at = text.ptr + error.offset;
        return broken(opening, json_fault_text(error.fault));
    }
    if (st) return PROBLEM_OVERLOADED;
    for (uint32_t i = 0; i < meta.count; i++) {
        enum problem problem = read_meta_member(opening, &meta.members[i], envelope);
        if (problem) return problem;
    }
    return PROBLEM_NONE;
}

/* ---- what the sender found */

static enum problem read_claim_member(struct opening *opening, const struct json_member *member,
                                      struct str text, struct envelope *envelope)
{
    struct digest digest;
    if (str_eq(member->name, STR("hash"))) {
        if (!json_is_str(&member->value, &envelope->claim_hash) ||
            !digest_of_hex(envelope->claim_hash, &digest))
            return misfit(opening, "\"claim.hash\" must be 64 small hex digits");
        return PROBLEM_NONE;
    }
    bool found = str_eq(member->name, STR("found"));
    if (!found && !str_eq(member->name, STR("verdict")))
        return misfit(opening, "\"claim\" has an unknown member; there are hash, found and verdict");
    struct json_cursor cur = {text.ptr + member->value.offset, text.ptr + text.len};
    if (member->value.kind != JSON_OBJECT ||
        !json_cut(&cur, found ? &envelope->claim_found : &envelope->claim_verdict))
        return misfit(opening, "\"claim.found\" and \"claim.verdict\" must be objects");
    return PROBLEM_NONE;
}

static enum problem read_claim(struct opening *opening, struct envelope *envelope)
{
    struct str text;
    struct json_value claim;
    struct json_error error;
    if (json_peek(&opening->cur) != '{') return misfit(opening, "\"claim\" must be an object");
    if (!json_cut(&opening->cur, &text)) return broken(opening, "\"claim\" is not closed");
    enum status st = json_read(opening->arena, text, limit(ANSWERS_DEPTH) + 2, &claim, &error);
    if (st == ST_SYNTAX) {
        opening->cur.at = text.ptr + error.offset;
        return broken(opening, json_fault_text(error.fault));
    }
    if (st) return PROBLEM_OVERLOADED;
    for (uint32_t i = 0; i < claim.count; i++) {
        enum problem problem = read_claim_member(opening, &claim.members[i], text, envelope);
        if (problem) return problem;
    }
    return envelope->claim_hash.len ? PROBLEM_NONE : misfit(opening, "\"claim.hash\" is missing");
}

enum member {
    MEMBER_ANSWERS = 1,
    MEMBER_VERSION = 2,
    MEMBER_META = 4,
    MEMBER_LENIENT = 8,
    MEMBER_CLAIM = 16
};

static enum problem read_member(struct opening *opening, bool may_be_lenient, unsigned *seen,
                                struct envelope *envelope)
{
    struct json_string name;
    if (json_peek(&opening->cur) != '"') return broken(opening, "a member's name must come here");
    enum json_fault fault = json_scan_string(&opening->cur, &name);
    if (fault) return broken(opening, json_fault_text(fault));
    json_skip_blanks(&opening->cur);
    if (!json_take(&opening->cur, ':')) return broken(opening, "a colon must come here");
    json_skip_blanks(&opening->cur);
    if (opening->cur.at == opening->cur.end) return broken(opening, "a value must come here");
    static const struct {
        struct str name;
        enum member member;
        enum problem (*read)(struct opening *opening, struct envelope *envelope);
    } members[] = {{{"answers", 7}, MEMBER_ANSWERS, read_answers},
                   {{"version", 7}, MEMBER_VERSION, read_version},
                   {{"meta", 4}, MEMBER_META, read_meta},
                   {{"claim", 5}, MEMBER_CLAIM, read_claim},
                   {{"lenient", 7}, MEMBER_LENIENT, read_lenient}};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        if (!str_eq(name.raw, members[i].name)) continue;
        if (members[i].member == MEMBER_LENIENT && !may_be_lenient) break;
        if (*seen & members[i].member) return broken(opening, "a member stands twice");
        *seen |= members[i].member;
        return members[i].read(opening, envelope);
    }
    return misfit(opening,
                  may_be_lenient
                      ? "an unknown member; there are answers, version, lenient, meta and claim"
                      : "an unknown member; there are answers, version, meta and claim");
}

static enum problem read_all(struct opening *opening, bool may_be_lenient, struct envelope *envelope)
{
    struct json_cursor *cur = &opening->cur;
    unsigned seen = 0;
    json_skip_blanks(cur);
    if (!json_take(cur, '{')) return broken(opening, "the body must be a JSON object");
    json_skip_blanks(cur);
    while (!json_take(cur, '}')) {
        if (seen && !json_take(cur, ',')) return broken(opening, "a comma or } must come here");
        json_skip_blanks(cur);
        enum problem problem = read_member(opening, may_be_lenient, &seen, envelope);
        if (problem) return problem;
        json_skip_blanks(cur);
    }
    json_skip_blanks(cur);
    if (cur->at != cur->end) return broken(opening, "something follows the value");
    return seen & MEMBER_ANSWERS ? PROBLEM_NONE : misfit(opening, "\"answers\" is missing");
}

enum problem envelope_read(struct str body, bool may_be_lenient, struct arena *arena,
                           struct envelope *ret_envelope, struct str *reterr_detail)
{
    struct opening opening = {
        .cur = {body.ptr, body.ptr + body.len}, .start = body.ptr, .arena = arena, .detail = STR("")};
    struct envelope envelope = {.version = 0, .locale = STR("")};
    enum problem problem = read_all(&opening, may_be_lenient, &envelope);
    if (problem) *reterr_detail = opening.detail;
    else *ret_envelope = envelope;
    return problem;
}

enum { KEY_BYTES_MIN = 16 };

enum problem envelope_key(struct str header, struct str *ret_key)
{
    if (!header.ptr || header.len == 0) return PROBLEM_KEY_MISSING;
    bool quoted = header.len >= 2 && header.ptr[0] == '"' && header.ptr[header.len - 1] == '"';
    struct str key = quoted ? (struct str){header.ptr + 1, header.len - 2} : header;
    if (key.len < KEY_BYTES_MIN || key.len > limit(IDEMPOTENCY_KEY_BYTES) || !word_is_plain(key))
        return PROBLEM_KEY_MALFORMED;
    *ret_key = key;
    return PROBLEM_NONE;
}
