/* The runtime's front door: program + answers → verdict.
 *
 *     struct judge *judge;                          one per worker thread
 *     judge_new(mem, &judge);
 *     struct judging j = {.program = p, .answers = body, .now_ms = …, .zone = …, .locale = STR("en"),
 * .steps_max = …}; enum status st = judge_run(judge, &j, &outcome); … verdict_write(judge, &outcome,
 * &buf) …      until the next judge_run()
 *
 * Deterministic: the same program, answers, now, zones and locale give the same verdict bytes and the
 * same steps. Only JUDGE_OVER_TIME hangs on the machine: it is never to be stored. */
#ifndef RUNTIME_RUNTIME_H
#define RUNTIME_RUNTIME_H

#include "base/atlas.h"
#include "base/buf.h"
#include "base/status.h"
#include "base/zone.h"
#include "dsl/program.h"

struct judge; /* the Lua worlds, slots and arena of one thread */

/* How a judging ended. Every outcome but JUDGED and REFUSED stores nothing and answers one documented
 * problem. */
enum judge_state {
    JUDGE_JUDGED,    /* there is a verdict, valid or not */
    JUDGE_MALFORMED, /* the answers are no JSON object, or hold what no JSON of ours may: see
                        `malformed` */
    JUDGE_OVER_STEPS,
    JUDGE_OVER_MEMORY,
    JUDGE_OVER_TIME,
    JUDGE_FAULT, /* a rule faulted: see `fault`; FAULT_NONE: the rules are not what the compiler makes
                  */
};

struct judging {
    const struct program *program; /* outlives the outcome */
    struct str answers;            /* JSON text; outlives the outcome */
    int64_t now_ms;                /* since the epoch, UTC */
    const struct zone *zone;       /* NULL: UTC */
    const struct atlas
        *atlas; /* of a program that is `zoned`: outlives the outcome; NULL: there is UTC only */
    struct str
        locale; /* looked up among the languages of the form (RFC 4647), else its first is taken */
    uint64_t steps_max; /* the tenant's budget for one judging */
    uint32_t ms_max;    /* of the rules, by the wall clock; 0: limit(JUDGE_MS) */
    uint64_t owner;     /* for whom, any number: owners share the room for worlds, never a world */
    bool lenient;       /* drafts: `required` and too_few are not asked */
};

enum fault_kind {
    FAULT_NONE,
    FAULT_OVERFLOW,
    FAULT_DIVISION_BY_ZERO,
    FAULT_NOT_FINITE,
    FAULT_DATE_RANGE
};

struct judge_outcome {
    enum judge_state state;
    bool valid;    /* JUDGED: no errors */
    bool overlong; /* OVER_MEMORY: there is a verdict, but it is too long; judge_run() never says so */
    uint32_t error_count; /* all, also those past limit(ERRORS) */
    uint64_t steps;
    uint32_t malformed_offset;    /* MALFORMED: byte of the answers */
    const char *malformed_reason; /* static */
    enum fault_kind fault;
    uint32_t fault_rule;      /* index into program->rules; PROGRAM_NONE: see JUDGE_FAULT */
    uint32_t fault_row;       /* of the rule's scope, from 1; 0: the form's only one, or not known */
    struct str fault_pointer; /* FAULT, until the next judge_run(): the failing place as a JSON Pointer,
                                 every row around it included; "" is the form itself */
};

MUST_USE enum status judge_new(struct mem *mem, struct judge **ret_judge);
void judge_free(struct judge *judge);

/* Judges. ST_OK whatever the outcome's state; ST_NOMEM when the world is out of memory; ST_LIMIT when a
 * pattern of the program is more than can be matched: it should not have been published. */
MUST_USE enum status judge_run(struct judge *judge, const struct judging *judging,
                               struct judge_outcome *ret_outcome);

/* Frees what was kept for programs that have not been judged since the call before the last,
 * `worlds_max` of them at most; what the last verdict needs stays. False: there are more, call again.
 * Not while judge_run() runs; it may while a verdict is written. */
bool judge_tidy(struct judge *judge, uint32_t worlds_max);

/* Of what is kept for programs. Not while judge_run() runs. */
struct judge_kept {
    uint32_t worlds;
    size_t bytes;
};
struct judge_kept judge_kept(const struct judge *judge);

/* Of the last judge_run() that ended JUDGED, until the next: */
/* These write at most limit(VERDICT_BYTES): past it `out` has failed with ST_LIMIT.
 * {"valid":…,"errors":[{"pointer","code","params","message"}…][,"errors_total":n],"answers":{…},"hidden":[…],"form":{"name","hash"[,"version"]},"evaluated":{"now","zone","locale"},"steps":n}.
 * `version` 0: left out. */
void verdict_write(const struct judge *judge, uint32_t version, struct buf *out);
/* As verdict_write(), and where in `out` the answers stand, as verdict_write_answers() writes them; until the next
 * put. */
void verdict_write_both(const struct judge *judge, uint32_t version, struct buf *out,
                        struct str *ret_answers);
/* The same, with the steps of another judging: for holding it against a verdict of then, from before a compiler
 * learned to take fewer. `ret_answers` NULL: not asked for. */
void verdict_write_again(const struct judge *judge, uint32_t version, uint64_t steps, struct buf *out,
                         struct str *ret_answers);
/* What browser and server must say alike, whatever the clock, the language and the version's number: the verdict without messages, version, "evaluated"
 * and steps. Its SHA-256 is what a submission may claim (docs/module.md). */
void verdict_write_accord(const struct judge *judge, struct buf *out);
/* Only the members: the normalised answers object. */
void verdict_write_answers(const struct judge *judge, struct buf *out);
/* The answers of the fields of such a rule, each on a line; false, and nothing, when one of them is missing: then there is
 * nothing that could be had in common. */
bool verdict_write_unique(const struct judge *judge, uint32_t rule, struct buf *out);
/* Every value of an `indexed` field that counts, by field and row, as base/sortkey.h writes it: exact numbers as exact, NUMBER as
 * double, dates, times, months and BOOLEAN as int, TEXT its own, options their codes, each of a set; what is
 * written in where no option fits is left out. `key` is gone when `tell` returns. */
void verdict_tell_indexed(const struct judge *judge, void (*tell)(void *user, uint32_t node, struct str key), void *user);
/* Only the errors array. */
void verdict_write_errors(const struct judge *judge, struct buf *out);
/* {"/members/0/name": {"label": "…", "hint": "…"}, …}: every text with interpolation of a relevant
 * node, filled in. */
void verdict_write_texts(const struct judge *judge, struct buf *out);
/* {"/rent": 1200, …}: what relevant fields with `suggest` would be filled with. */
void verdict_write_suggestions(const struct judge *judge, struct buf *out);
/* {"/rent": {"readonly": true, "length_min": 1, "length_max": 20}, "/members": {"rows_min": 2,
 * "rows_max": 2}}: of relevant nodes, what the answers decide and the render document calls
 * "conditional". */
void verdict_write_now(const struct judge *judge, struct buf *out);
/* {"sizes": ["xl"], …}: by list, the options whose condition does not hold. */
void verdict_write_withheld(const struct judge *judge, struct buf *out);

/* Of a form, whatever was judged: the document of its words in the language that is asked for, as modules in browsers read them (docs/module.md).
 * Failures stay in `out`. */
void texts_write(const struct program *program, struct str locale, struct buf *out);

/* ---- A look at the last judging, place by place, for whoever draws it: a node in row `row`, from 0, of its scope. Of the last judge_run() that
 * ended JUDGED, until the next. Texts are put in the language of the judging, cut at limit(MESSAGE_BYTES). */

bool sight_relevant(const struct judge *judge, uint32_t node, uint32_t row);
/* FIELD, REPEAT: asked for; and FIELD: not to be edited. */
bool sight_required(const struct judge *judge, uint32_t node, uint32_t row);
bool sight_readonly(const struct judge *judge, uint32_t node, uint32_t row);

/* The row of `outer`, which is `scope` or around it, that holds a row of `scope`. */
uint32_t sight_row_around(const struct judge *judge, uint32_t scope, uint32_t row, uint32_t outer);

struct sight_rows {
    uint32_t begin, count; /* among all rows of its own scope */
    int64_t least, most;
};
struct sight_rows sight_rows(const struct judge *judge, uint32_t repeat, uint32_t row);

/* The value of a FIELD for people, or as JSON as verdict_write() has it. False, and nothing: there is none. */
bool sight_put_value(const struct judge *judge, uint32_t field, uint32_t row, struct buf *out);
bool sight_put_json(const struct judge *judge, uint32_t field, uint32_t row, struct buf *out);
/* What a FIELD with `suggest` would be filled with, as JSON. */
bool sight_put_suggestion(const struct judge *judge, uint32_t field, uint32_t row, struct buf *out);
/* Whether nothing keeps the option, from 0, from being chosen but a field's own filter. */
bool sight_offered(const struct judge *judge, const struct program_list *list, uint32_t option);
/* A text of the form as seen from a row of `scope`; the index into program->languages that all of the judging's texts are in. */
void sight_put_text(const struct judge *judge, const struct program_message *text, uint32_t scope, uint32_t row,
                    struct buf *out);
uint32_t sight_language(const struct judge *judge);

/* The errors that are listed, in document order. A REPEAT with its own scope is one of its rows as a whole. */
struct sight_error {
    uint32_t node, scope, row;
    struct str unknown; /* the member that the form does not have; else empty */
    bool malformed;     /* what was typed is no date, no address, …: its message gives an example */
};
uint32_t sight_error_count(const struct judge *judge);
struct sight_error sight_error_at(const struct judge *judge, uint32_t index);
void sight_put_error(const struct judge *judge, uint32_t index, struct buf *out);
/* "/members/2/age", but for what is unknown. */
void sight_put_pointer(const struct judge *judge, const struct sight_error *error, struct buf *out);

/* Of a program of dsl_compile_traced(), with its steps: every rule for every row, in the order in which
 * the rules ran. [{"rule": "when", "of": path, "line", "column"[, "row": pointer], "asked": whether
 * what it is about is relevant and answered[, "result"], "reads": [{"of", "value"[, "why" there is
 * none]} or {"of", "values": [those of the first rows], "rows"}]}…]. */
void verdict_write_trace(const struct judge *judge, const struct program_steps *steps, struct buf *out);

/* Likewise of a traced program: why places are hidden, required, worth what they are, or wrong. `wanted`
 * is a path ("items.price": its place in every row), a JSON Pointer ("/items/0/price"), or empty: every
 * field that is wrong, hidden, computed or required under a condition, and what else is wrong. At most
 * limit(EXPLAINED_PLACES) of them.
 * {"places": [{"path", "pointer", "declared": {"line", "column", "offset", "length"}, "hidden"[,
 * "hidden_by"], "computed", "required", "value"[, "why"], "errors": […], "rules": [as of a trace, and
 * "offset", "length", "text", "missing": [paths]…]}…], "places_total"}. False: there is no such place.
 * `masks`: no value of what is sensitive or of a LET worked out of it (null, "why": "sensitive"), and no errors. */
bool verdict_write_reasons(const struct judge *judge, const struct program_steps *steps,
                           struct str wanted, bool masks, struct buf *out);

#endif
