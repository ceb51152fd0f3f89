#!/bin/sh
# formwright test: what passes passes, each kind of difference is told with its place, and green means that something was asked.
. "$(dirname "$0")/lib.sh"
mkdir -p "$work/forms" "$work/empty"
cat >"$work/forms/visit.form" <<'FORM'
edition 2026

form visit "Visit" {
  name: text "Name" required
  weeks: integer "Weeks" max 52
  other: text "Other" when weeks > 10
  twice: integer = weeks * 2
  half: integer = div(100, weeks)
}
FORM
one() { printf '[%s]' "$1" >"$work/forms/visit.cases.json"; }
# Lines that follow each other.
shows() { tr '\n' '~' <"$work/out" | grep -qF -- "$(printf '%s' "$1" | tr '\n' '~')" || { fail "$what: stdout does not show:"; echo "$1"; cat "$work/out"; }; }
run() { "$formwright" test "$work/forms" "$@"; }
form=$work/forms/visit.form

one '{"case": "all is well", "answers": {"name": "A", "weeks": 4}, "expect": {"valid": true, "errors": [], "values": {"/twice": 8, "/other": null}, "hidden": ["/other"], "shown": ["/weeks"]}},
     {"case": "too many", "answers": {"weeks": 53}, "expect": {"valid": false, "errors": ["/weeks max", "/name required"], "messages": {"/weeks": "Weeks must be 52 or less"}, "params": {"/weeks": {"max": 52}}}},
     {"case": "a fault", "answers": {"name": "A", "weeks": 0}, "expect": {"outcome": "fault", "fault": "8", "at": "/half"}},
     {"case": "cut", "answers": 1, "expect": {"outcome": "malformed"}}'
expect 0 "cases that hold" run
says out "4 passed, 0 failed, 0 skipped"
expect 0 "one form" "$formwright" test "$form"
says out "4 passed"
expect 0 "a filter" run --filter too
says out "1 passed"
expect 1 "a filter that fits nothing" run --filter nothing
says err "no case was run"
expect 0 "in the folder itself" sh -c 'cd "$1" && "$0" test' "$(realpath "$formwright")" "$work/forms"
says out "4 passed"

one '{"case": "wrong", "answers": {"name": "A", "weeks": 53}, "expect": {"valid": true, "errors": ["/weeks min"], "values": {"/name": "B", "/twice": 8}, "hidden": ["/name"], "shown": ["/other"],
      "messages": {"/weeks": "No."}, "params": {"/weeks": {"max": 51}}}}'
expect 1 "cases that do not hold" run
says out "$form: failed: \"wrong\""
says out "    verdict"
shows "    error missing at /weeks
      expected  min
    error not expected at /weeks
      found     max"
shows "    value at /name
      expected  \"B\"
      found     \"A\""
shows "    value at /twice
      expected  8
      found     nothing"
shows "    relevance at /name
      expected  hidden
      found     shown"
shows "    relevance at /other
      expected  shown
      found     hidden"
shows "    message of an error at /weeks
      expected  \"No.\""
shows "    params of an error at /weeks
      expected  {\"max\": 51}
      found     {\"max\":52}"
says out "0 passed, 1 failed, 0 skipped"
expect 1 "as JSON" run --json
says out '"case":"wrong","state":"failed"'
says out '{"what":"value","pointer":"/name","expected":"\"B\"","found":"\"A\""}'
says out '"passed":0,"failed":1,"skipped":0}'
expect 1 "as XML" run --junit "$work/out.xml"
cp "$work/out.xml" "$work/out"
says out '<testsuite name="'
says out 'tests="1" failures="1" skipped="0" errors="0">'
says out 'name="wrong">'
says out '<failure message="verdict">'
says out 'expected &quot;B&quot;'

one '{"case": "a fault", "answers": {"name": "A", "weeks": 0}, "expect": {"valid": true}}'
expect 1 "a fault that was not expected" run
says out 'fault, of the rule in line 8, at "/half"'
one '{"case": "a fault elsewhere", "answers": {"name": "A", "weeks": 0}, "expect": {"outcome": "fault", "fault": "7", "at": "/twice"}}'
expect 1 "a fault in another place" run
says out "line of the fault"
says out "place of the fault"
one '{"case": "without errors", "answers": {"weeks": 53}, "expect": {"valid": true}}'
expect 1 "a verdict without listed errors" run
says out "found     /name required, /weeks max"

# What is wrong with the cases themselves is no pass.
one '{"case": "misspelt", "answers": {}, "expect": {"valid": false, "vallues": {}}}'
expect 1 "a misspelt member" run
says out "a member that no case has"
says out "expected  values"
one '{"case": "no expectation", "answers": {}}'
expect 1 "a case without expect" run
one '{"case": "nothing is said", "answers": {}, "expect": {}}'
expect 1 "a case without valid" run
says out '"valid"'
one '{"case": "no answers", "expect": {"valid": true}}'
expect 1 "a case without answers" run
one '{"case": "a kind", "answers": {}, "expect": {"valid": false, "errors": {}}}'
expect 1 "errors that are no array" run
says out "expected  an array"
one '{"case": "when", "now": "yesterday", "answers": {}, "expect": {"valid": false}}'
expect 1 "a moment that is none" run
one '{"case": "cut"'
expect 1 "a file that is no JSON" run
says out "not JSON"
printf '{}' >"$work/forms/visit.cases.json"
expect 1 "a file that is no array" run
rm "$work/forms/visit.cases.json"
expect 1 "a form without cases" "$formwright" test "$form"
shows "No such file"

# Answers from files, and many rows.
printf '{"list": [{"name": "A", "weeks": 4}]}' >"$work/forms/sent.json"
one '{"case": "of a file", "answers_file": "sent.json", "answers_pointer": "/list/0", "expect": {"valid": true, "values": {"/twice": 8}}}'
expect 0 "answers of a file beside the form" run
one '{"case": "of a file", "answers_file": "forms/sent.json", "answers_pointer": "/list/0", "expect": {"valid": true}}'
expect 0 "answers of a file below the root" run --root "$work"
expect 1 "a file that is not there" run
says out "No such file"
expect 0 "a file that is not there and may be" run --allow-absent
says out "skipped: \"of a file\""
says out "0 passed, 0 failed, 1 skipped"
one '{"case": "of a file", "answers_file": "sent.json", "answers_pointer": "/list/1", "expect": {"valid": true}}'
expect 1 "a pointer to nothing" run
one '{"case": "many", "rows": {"member": "name", "row": {"a": 1}, "times": 3}, "expect": {"valid": false, "errors": ["/name type"]}}'
expect 0 "rows made" run

# A file of cases has its cap.
blanks() { # limit CASES_BYTES
    one '{"case": "all is well", "answers": {"name": "A"}, "expect": {"valid": true}}'; dd if=/dev/zero bs=65536 count=256 2>/dev/null | tr '\0' ' ' | head -c "$(($1 - $(wc -c <"$work/forms/visit.cases.json")))" >>"$work/forms/visit.cases.json"; }
blanks 16777216
expect 0 "a file of 16 MiB" run
blanks 16777217
expect 1 "a file of 16 MiB and a byte" run
shows "File too large"

# As many forms as there may be, and one more.
mkdir "$work/many"
(cd "$work/many" && seq 1000 | sed 's/$/.cases.json/' | xargs touch) # limit CASE_FORMS
expect 4 "1,000 forms, of which the first is not there" "$formwright" test "$work/many"
touch "$work/many/1001.cases.json"
expect 3 "1,001 forms" "$formwright" test "$work/many"
says err "more than 1000 forms"

# Lookup tables beside the form, or in a folder for them.
mkdir "$work/tables" "$work/csv"
cp "$root/tests/language/tables.form" "$work/tables/t.form"
cp "$root/tests/language/tables.cases.json" "$work/tables/t.cases.json"
for csv in "$root"/tests/language/tables.*.csv; do base=${csv##*/tables.}; cp "$csv" "$work/csv/$base"; cp "$csv" "$work/tables/t.$base"; done
expect 0 "tables beside the form" "$formwright" test "$work/tables"
rm "$work"/tables/*.csv
expect 1 "tables that are not there" "$formwright" test "$work/tables"
says out "a lookup table is not here"
expect 0 "tables that may be absent" "$formwright" test "$work/tables" --allow-absent
says out "0 passed, 0 failed, 1 skipped"
expect 0 "tables in a folder" "$formwright" test "$work/tables" --tables "$work/csv"
keeps_quiet out "0 passed"
for csv in "$work"/csv/*; do printf 'a,a\n1\n' >"$csv"; done
expect 1 "files that are no tables" "$formwright" test "$work/tables" --tables "$work/csv"
says out "a lookup table cannot be read"

# Forms that are none, folders without any.
printf '[]' >"$work/forms/visit.cases.json"
expect 1 "no case" run
says err "no case was run"
one '{"case": "x", "answers": {}, "expect": {"valid": true}}'
printf 'edition 2026 form f "F" { a: integer = b }' >"$form"
expect 1 "a form that does not compile" run
says out "the form does not compile"
says out "error[E0203]"
expect 2 "a folder without cases" "$formwright" test "$work/empty"
expect 2 "a file that is no form" "$formwright" test "$work/forms/sent.json"
expect 4 "a file that is not there" "$formwright" test "$work/absent.form"
finish
