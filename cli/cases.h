/* Cases: what a form's author expects of it, written beside it: X.form with X.cases.json. The format is
 * in docs/testing.md.
 *
 *     cases_run(command, "visit.form", &options, &cases)   →  cases.results[i]: passed, failed, skipped
 *
 * Each case is judged as the server would judge it, twice: the same bytes must come out. */
#ifndef CLI_CASES_H
#define CLI_CASES_H

#include "cli/command.h"

enum case_state { CASE_PASSED, CASE_FAILED, CASE_SKIPPED };

/* One thing that is not as expected. Texts may be empty. */
struct case_failure {
    struct str what;    /* "value", "error missing", … */
    struct str pointer; /* into the answers */
    struct str expected, found;
};

struct case_result {
    struct str name;
    enum case_state state;
    struct case_failure *failures;
    uint32_t failure_count, failure_capacity;
    uint64_t steps; /* that the judging took; 0: it was not judged */
};

struct cases_options {
    const char *root;   /* where the paths of "answers_file" start; NULL: the form's folder */
    const char *tables; /* a folder of lookup tables, NAME.csv; NULL: only those beside the form */
    const char *filter; /* run only cases whose name has this in it; NULL: all */
    bool allow_absent;  /* an "answers_file" that is not there skips its case */
};

struct cases {
    struct arena arena; /* keeps all of it */
    const char *form_path;
    struct case_result *results;
    uint32_t count;
};

/* EXIT_OK when the cases could be run, whatever came of them. What is wrong with the form or with the
 * file of cases is a failed result of its own. *ret_cases is always written: cases_release(). */
enum exit_code cases_run(struct command *command, const char *form_path,
                         const struct cases_options *options, struct cases *ret_cases);
void cases_release(struct cases *cases);

/* "passed" */
const char *case_state_name(enum case_state state);

#endif
